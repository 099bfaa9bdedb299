/* What machines of ours sent outside, and how much of it is usual. Alerts carry the bytes
 * of their connection; two products that see one upload both count it, so of each rule's
 * sum on a machine the largest stands for it. */
#include <math.h>
#include <stdlib.h>

#include "analyst/base/search.h"
#include "analyst/cluster/stages.h"

struct parcel {               /* an episode that sent something outside */
	uint32_t group, machine, rule, place;
	double bytes;
};

static int by_group(const void *x, const void *y)
{
	const struct parcel *a = x, *b = y;

	if (a->group != b->group)
		return a->group < b->group ? -1 : 1;
	if (a->machine != b->machine)
		return a->machine < b->machine ? -1 : 1;
	if (a->rule != b->rule)
		return a->rule < b->rule ? -1 : 1;
	if (a->place != b->place)
		return a->place < b->place ? -1 : 1;
	return (a->bytes > b->bytes) - (a->bytes < b->bytes);
}

/* Where outside the episode's connection went, by name if it has one; NO_ENTITY when it came
 * from outside, or stayed inside. */
static uint32_t place_of(const struct week *w, const struct episode *e)
{
	uint32_t place = NO_ENTITY;

	for (uint32_t i = 0; i < e->member_count; i++) {
		const struct member *m = &e->members[i];
		enum entity_kind kind = w->entities[m->entity].kind;

		if (w->entities[m->entity].internal || (kind != ENTITY_IP && kind != ENTITY_DOMAIN))
			continue;
		if (m->role == ROLE_SOURCE)
			return NO_ENTITY;
		if (m->role != ROLE_DESTINATION && m->role != ROLE_TARGET)
			continue;
		if (place == NO_ENTITY || (kind == ENTITY_DOMAIN && w->entities[place].kind == ENTITY_IP))
			place = m->entity;
	}
	return place;
}

void load_freight(struct clustering *c)
{
	struct parcel *list = ARENA_ARRAY(c->stage, struct parcel, c->episode_count + 1);
	double *by_machine = ARENA_ARRAY(c->scratch, double, c->machine_count + 1);
	double *by_place = ARENA_ARRAY(c->scratch, double, c->week->entity_count + 1);
	uint32_t n = 0;

	for (uint32_t i = 0; i < c->episode_count; i++) {
		const struct episode *e = &c->episodes[i];
		const struct trait *t = &c->traits[i];
		double bytes = t->machine != NO_MACHINE ? t->bytes : 0;
		uint32_t place = bytes > 0 ? place_of(c->week, e) : NO_ENTITY;

		if (place == NO_ENTITY)
			continue;
		list[n++] = (struct parcel){t->flurry != NO_FLURRY ? c->flurries[t->flurry].group : NO_FLURRY,
		                            t->machine, c->kin[e->rule], place, bytes};
		by_machine[t->machine] += bytes;
		by_place[place] += bytes;
	}
	if (n > 0)
		qsort(list, n, sizeof(*list), by_group);
	c->parcels = arena_copy(c->scratch, list, n, sizeof(*list));
	c->parcel_count = n;
	c->sent_by_machine = by_machine;
	c->sent_to_place = by_place;
}

static int by_its_group(const void *key, const void *element)
{
	const struct parcel *p = element;

	return order_u32(key, &p->group);
}

static uint32_t first_of(const struct clustering *c, uint32_t group)
{
	return (uint32_t)search_from(&group, c->parcels, c->parcel_count, sizeof(*c->parcels), by_its_group);
}

/* What else the machine sent, or others sent to the same place: the more of the two.
 * p[0..n) are all of the incident. */
static double elsewhere(const struct clustering *c, const struct parcel *p, uint32_t n, const struct parcel *own)
{
	double machine = c->sent_by_machine[own->machine], place = c->sent_to_place[own->place];

	for (uint32_t i = 0; i < n; i++) {
		machine -= p[i].machine == own->machine ? p[i].bytes : 0;
		place -= p[i].place == own->place ? p[i].bytes : 0;
	}
	return fmax(0, fmax(machine, place));
}

struct freight weigh_freight(const struct clustering *c, const struct incident *in)
{
	uint32_t group = c->flurries[c->traits[in->episodes[0]].flurry].group, n = 0;
	const struct parcel *p = c->parcels + first_of(c, group), *heaviest = NULL;
	double days = fmax(1, ceil((double)(in->last - in->first) / (double)DAY)), sum = 0;
	struct freight best = {0, 0, NULL};

	for (; p + n < c->parcels + c->parcel_count && p[n].group == group; n++) {
		bool on = n > 0 && p[n].machine == p[n - 1].machine && p[n].rule == p[n - 1].rule;

		sum = on ? sum + p[n].bytes : p[n].bytes;
		if (sum <= best.bytes)
			continue;
		best.bytes = sum;
		heaviest = &p[n];
	}
	if (heaviest != NULL) {
		const struct machine *m = &c->machines[heaviest->machine];

		best.usual = elsewhere(c, p, n, heaviest) * fmin(1, days / fmax(1, c->day_count));
		best.shown = c->week->entities[m->host != NO_ENTITY ? m->host : m->address].shown;
	}
	return best;
}
