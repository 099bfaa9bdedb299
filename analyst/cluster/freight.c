/* What machines of ours sent outside, and how much of it is usual. Alerts carry the bytes
 * of their connection; two products that see one upload both count it, so of each rule's
 * sum on a machine the largest stands for it. */
#include <math.h>
#include <stdlib.h>

#include "analyst/cluster/stages.h"

struct parcel {               /* an episode that sent something outside */
	uint32_t machine, place, group, rule;
	double bytes;
};

static int by_machine(const void *x, const void *y)
{
	const struct parcel *a = x, *b = y;

	if (a->machine != b->machine)
		return a->machine < b->machine ? -1 : 1;
	if (a->group != b->group)
		return a->group < b->group ? -1 : 1;
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

static double sent(const struct week *w, const struct episode *e)
{
	double bytes = 0;

	for (uint32_t i = 0; i < e->count; i++) {
		const struct mark *m = &w->marks[e->alerts[i]];

		if (m->bytes_out > 0 && m->action != ACTION_BLOCKED)
			bytes += (double)m->bytes_out;
	}
	return bytes;
}

void load_freight(struct clustering *c)
{
	struct parcel *list = ARENA_ARRAY(c->scratch, struct parcel, c->episode_count + 1);
	uint32_t n = 0;

	for (uint32_t i = 0; i < c->episode_count; i++) {
		const struct episode *e = &c->episodes[i];
		const struct trait *t = &c->traits[i];
		double bytes = t->machine != NO_MACHINE ? sent(c->week, e) : 0;
		uint32_t place = bytes > 0 ? place_of(c->week, e) : NO_ENTITY;

		if (place != NO_ENTITY)
			list[n++] = (struct parcel){t->machine, place,
			                            t->flurry != NO_FLURRY ? c->flurries[t->flurry].group : NO_FLURRY,
			                            c->kin[e->rule], bytes};
	}
	if (n > 0)
		qsort(list, n, sizeof(*list), by_machine);
	c->parcels = list;
	c->parcel_count = n;
}

/* The largest sum of one rule in p[from..to), which are one machine's of one group. */
static double largest(const struct parcel *p, uint32_t from, uint32_t to)
{
	double best = 0, sum = 0;

	for (uint32_t i = from; i < to; i++) {
		sum = i > from && p[i].rule == p[i - 1].rule ? sum + p[i].bytes : p[i].bytes;
		best = fmax(best, sum);
	}
	return best;
}

/* What else the machine sent, or others sent to the same place: the more of the two. */
static double elsewhere(const struct clustering *c, const struct parcel *own)
{
	double machine = 0, place = 0;

	for (uint32_t i = 0; i < c->parcel_count; i++) {
		const struct parcel *p = &c->parcels[i];

		if (p->group == own->group)
			continue;
		machine += p->machine == own->machine ? p->bytes : 0;
		place += p->place == own->place ? p->bytes : 0;
	}
	return fmax(machine, place);
}

/* The first parcel of the machine and group. */
static uint32_t seek(const struct clustering *c, uint32_t machine, uint32_t group)
{
	uint32_t lo = 0, hi = c->parcel_count;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		const struct parcel *p = &c->parcels[mid];

		if (p->machine < machine || (p->machine == machine && p->group < group))
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

struct freight weigh_freight(const struct clustering *c, const struct incident *in)
{
	struct freight best = {0, 0, NULL};
	const struct parcel *heaviest = NULL;
	double days = fmax(1, ceil((double)(in->last - in->first) / (double)DAY));

	for (uint32_t i = 0; i < in->episode_count; i++) {
		const struct trait *t = &c->traits[in->episodes[i]];
		uint32_t group = c->flurries[t->flurry].group, from, to;

		if (t->machine == NO_MACHINE)
			continue;
		for (from = to = seek(c, t->machine, group); to < c->parcel_count &&
		     c->parcels[to].machine == t->machine && c->parcels[to].group == group; to++)
			;
		if (largest(c->parcels, from, to) <= best.bytes)
			continue;
		heaviest = &c->parcels[from];
		best.bytes = largest(c->parcels, from, to);
		best.shown = c->week->entities[c->episodes[in->episodes[i]].host].shown;
	}
	if (heaviest != NULL)
		best.usual = elsewhere(c, heaviest) * fmin(1, days / fmax(1, c->day_count));
	return best;
}
