/* Which machines an incident affects, the most affected first. */
#include <stdlib.h>

#include "analyst/cluster/stages.h"

struct host_value {
	uint32_t entity;
	bool entered;               /* somebody tried to break into it */
	double value;
	instant first;
};

static int by_entity(const void *x, const void *y)
{
	const struct host_value *a = x, *b = y;

	if (a->entity != b->entity)
		return a->entity < b->entity ? -1 : 1;
	return (a->first > b->first) - (a->first < b->first);
}

static int most_affected(const void *x, const void *y)
{
	const struct host_value *a = x, *b = y;

	if (a->entered != b->entered)
		return a->entered ? -1 : 1;
	if (a->value != b->value)
		return a->value > b->value ? -1 : 1;
	if (a->first != b->first)
		return a->first < b->first ? -1 : 1;
	return (a->entity > b->entity) - (a->entity < b->entity);
}

static uint32_t name_of(const struct machine *m)
{
	return m->host != NO_ENTITY ? m->host : m->address;
}

/* The machine of ours that the episode is aimed at, or NO_ENTITY. It need not have alerts of its
 * own. */
static uint32_t attacked(const struct clustering *c, uint32_t episode)
{
	const struct episode *e = &c->episodes[episode];

	for (uint32_t i = 0; c->week->rules[e->rule].behaviour->on_target && i < e->member_count; i++) {
		const struct week_entity *end = &c->week->entities[e->members[i].entity];
		uint32_t machine;

		if ((e->members[i].role != ROLE_DESTINATION && e->members[i].role != ROLE_TARGET) || !end->internal ||
		    (end->kind != ENTITY_IP && end->kind != ENTITY_HOST))
			continue;
		machine = machine_of(c, e->tenant, e->members[i].entity);
		return machine != NO_MACHINE ? name_of(&c->machines[machine]) : e->members[i].entity;
	}
	return NO_ENTITY;
}

#define INITIAL_ACCESS 2        /* TA0001 in the order of the kill chain */

/* An attack from one machine of ours on another affects the one it is aimed at. Where somebody
 * tried to break in, the machines he tried come before those he came from. */
void list_hosts(struct clustering *c, struct incident *in)
{
	struct host_value *v = must_alloc((2 * in->episode_count + 1) * sizeof(*v));
	uint32_t n = 0, kept = 0, *hosts;

	for (uint32_t i = 0; i < in->episode_count; i++) {
		const struct trait *t = &c->traits[in->episodes[i]];
		uint32_t target = attacked(c, in->episodes[i]);
		double value = t->value * (0.2 + t->alarm);
		const struct episode *e = &c->episodes[in->episodes[i]];
		uint32_t host = t->machine != NO_MACHINE ? name_of(&c->machines[t->machine]) : NO_ENTITY;
		bool entered = c->week->rules[e->rule].behaviour->tactic == INITIAL_ACCESS;

		if (host != NO_ENTITY && host != target)
			v[n++] = (struct host_value){host, false, target == NO_ENTITY ? value : 0, e->first};
		if (target != NO_ENTITY)
			v[n++] = (struct host_value){target, entered, value, e->first};
	}
	if (n > 0)
		qsort(v, n, sizeof(*v), by_entity);
	for (uint32_t i = 0; i < n; i++)
		if (i > 0 && v[i].entity == v[kept - 1].entity) {
			v[kept - 1].value += v[i].value;
			v[kept - 1].entered |= v[i].entered;
		} else {
			v[kept++] = v[i];
		}
	qsort(v, kept, sizeof(*v), most_affected);
	hosts = ARENA_ARRAY(c->out, uint32_t, kept + 1);
	for (uint32_t i = 0; i < kept; i++)
		hosts[i] = v[i].entity;
	in->hosts = hosts;
	in->host_count = kept;
	free(v);
}
