/* Unusual episodes on one machine with no long pause make a flurry, the unit that is
 * then joined over machines and days. Routine stays out even at the same moment. */
#include <math.h>
#include <stdlib.h>

#include "analyst/base/keyed.h"
#include "analyst/cluster/stages.h"

/* An intruder at work pauses for minutes; half an hour is the usual session time-out. */
#define FLURRY_PAUSE (30 * MINUTE)

struct spot {
	uint32_t machine, stream, sweep, episode;
};

double closeness(instant pause, instant scale)
{
	double steps = log2(1 + (pause > 0 ? (double)pause / (double)scale : 0));

	return 1 / (1 + steps / 6);
}

/* An alert that names no machine has no neighbours. Calls at a steady pace go on for days, beside
 * whatever else happens; they are a flurry of their own, and so is what a sweep does in passing. */
static bool joins(const struct clustering *c, const struct spot *p, const struct spot *before, instant last)
{
	if (before != NULL && (p->stream != NO_STREAM || before->stream != NO_STREAM))
		return p->stream == before->stream;
	return before != NULL && p->machine == before->machine && p->machine != NO_MACHINE && p->sweep == before->sweep &&
	       c->episodes[p->episode].first <= last + FLURRY_PAUSE;
}

struct rule_value {
	uint32_t rule;
	double value;
};

static int by_rule(const void *x, const void *y)
{
	const struct rule_value *a = x, *b = y;

	if (a->rule != b->rule)
		return a->rule < b->rule ? -1 : 1;
	return (a->value < b->value) - (a->value > b->value);
}

/* Each rule counts once, at its best: a noisy rule gains nothing by repetition. */
static void weigh(const struct clustering *c, struct flurry *f)
{
	struct rule_value *v = must_alloc((f->count + 1) * sizeof(*v));

	f->tactic = -1;
	for (uint32_t i = 0; i < f->count; i++) {
		const struct trait *t = &c->traits[f->episodes[i]];
		const struct behaviour *b = episode_behaviour(c->week, &c->episodes[f->episodes[i]]);

		v[i] = (struct rule_value){c->kin[c->episodes[f->episodes[i]].rule],
		                           t->seed ? t->value : ROUTINE_SHARE * t->value};
		f->known = fmax(f->known, t->known);
		f->alarm = fmax(f->alarm, t->alarm);
		if (!b->response && b->tactic > f->tactic)
			f->tactic = b->tactic;
	}
	qsort(v, f->count, sizeof(*v), by_rule);
	for (uint32_t i = 0; i < f->count; i++)
		if (i == 0 || v[i].rule != v[i - 1].rule)
			f->mass += v[i].value;
	free(v);
}

static int by_time(const void *x, const void *y)
{
	const struct flurry *a = x, *b = y;

	if (a->first != b->first)
		return a->first < b->first ? -1 : 1;
	return (a->episodes[0] > b->episodes[0]) - (a->episodes[0] < b->episodes[0]);
}

/* Housekeeping belongs to what happens in the same minute, if to anything. */
#define ROUTINE_NEAR (1 * MINUTE)

/* Moves the routine that no other act is near behind the rest of the run p[from..to), unless
 * the run is routine altogether, and returns where it begins. What it touches elsewhere
 * decides about it. */
static uint32_t part_routine(const struct clustering *c, struct spot *p, uint32_t from, uint32_t to)
{
	struct spot *apart = must_alloc((to - from) * sizeof(*apart));
	uint32_t kept = from, rest = 0, ahead = from;
	instant before = INSTANT_NONE;

	for (uint32_t i = from; i < to; i++) {
		const struct episode *e = &c->episodes[p[i].episode];
		bool near = !episode_behaviour(c->week, e)->routine;

		/* p[ahead] is the next seed; what was kept stands before i, so none is lost */
		for (ahead = ahead > i ? ahead : i; ahead < to && !c->traits[p[ahead].episode].seed; ahead++)
			;
		near |= before != INSTANT_NONE && e->first <= before + ROUTINE_NEAR;
		near |= ahead < to && c->episodes[p[ahead].episode].first <= e->last + ROUTINE_NEAR;
		if (c->traits[p[i].episode].seed && (before == INSTANT_NONE || e->last > before))
			before = e->last;
		if (near)
			p[kept++] = p[i];
		else
			apart[rest++] = p[i];
	}
	for (uint32_t i = 0; i < rest; i++)
		p[kept + i] = apart[i];
	free(apart);
	return kept > from ? kept : to;
}

/* Makes a flurry of p[from..to). */
static void take(struct clustering *c, uint32_t *members, const struct spot *p, uint32_t from, uint32_t to)
{
	struct flurry *f = &c->flurries[c->flurry_count++];
	const struct episode *first = &c->episodes[p[from].episode];

	*f = (struct flurry){.machine = p[from].machine, .tenant = first->tenant, .episodes = members + from,
	                     .count = to - from, .first = first->first, .last = first->last,
	                     .stream = p[from].stream, .sweep = p[from].sweep};
	for (uint32_t i = from; i < to; i++) {
		members[i] = p[i].episode;
		if (c->episodes[p[i].episode].last > f->last)
			f->last = c->episodes[p[i].episode].last;
	}
	weigh(c, f);
}

static void take_run(struct clustering *c, uint32_t *members, struct spot *p, uint32_t from, uint32_t to)
{
	uint32_t rest = part_routine(c, p, from, to);

	take(c, members, p, from, rest);
	if (rest < to)
		take(c, members, p, rest, to);
}

static void link_neighbours(struct clustering *c)
{
	for (uint32_t i = 0; i < c->flurry_count; i++) {
		const struct flurry *f = &c->flurries[i];
		instant last = c->episodes[f->episodes[0]].last;

		for (uint32_t k = 0; k < f->count; k++) {
			const struct episode *e = &c->episodes[f->episodes[k]];

			c->traits[f->episodes[k]].flurry = i;
			if (k > 0)
				c->inner[c->inner_count++] = (struct link){
					f->episodes[k - 1], f->episodes[k], LINK_SAME_HOST,
					e->host, closeness(e->first - last, HOUR)};
			last = e->last > last ? e->last : last;
		}
	}
}

/* What may take part in an incident, by machine, stream and sweep, then in time order. */
static struct spot *list_spots(const struct clustering *c, uint32_t *count)
{
	struct keyed *order = ARENA_ARRAY(c->stage, struct keyed, c->episode_count + 1);
	struct spot *p;
	uint32_t n = 0;

	for (uint32_t i = 0; i < c->episode_count; i++)
		if (c->traits[i].kept)
			order[n++] = (struct keyed){c->traits[i].sweep, i};
	keyed_sort(order, n);
	for (uint32_t i = 0; i < n; i++)
		order[i].key = key_pair(c->traits[order[i].item].machine, c->traits[order[i].item].stream);
	keyed_sort(order, n);
	p = ARENA_ARRAY(c->stage, struct spot, n + 1);
	for (uint32_t i = 0; i < n; i++)
		p[i] = (struct spot){c->traits[order[i].item].machine, c->traits[order[i].item].stream,
		                     c->traits[order[i].item].sweep, order[i].item};
	*count = n;
	return p;
}

void find_flurries(struct clustering *c)
{
	uint32_t n, from = 0, *members;
	struct spot *p = list_spots(c, &n);
	struct flurry *room;
	instant last = 0;

	members = ARENA_ARRAY(c->scratch, uint32_t, n + 1);
	c->flurries = room = ARENA_ARRAY(c->stage, struct flurry, n + 1);
	c->inner = ARENA_ARRAY(c->scratch, struct link, n + 1);
	for (uint32_t i = 0; i < n; i++) {
		if (i > 0 && !joins(c, &p[i], &p[i - 1], last)) {
			take_run(c, members, p, from, i);
			from = i;
			last = c->episodes[p[i].episode].last;
		}
		if (i == from || c->episodes[p[i].episode].last > last)
			last = c->episodes[p[i].episode].last;
	}
	if (n > 0)
		take_run(c, members, p, from, n);
	c->flurries = arena_copy(c->scratch, room, c->flurry_count, sizeof(*room));
	if (c->flurry_count > 0)
		qsort(c->flurries, c->flurry_count, sizeof(*c->flurries), by_time);
	link_neighbours(c);
}
