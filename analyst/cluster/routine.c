/* What is usual. A rule that fires in many hours of the period on a machine is
 * routine there, a rule that fires in many hours anywhere is half routine
 * everywhere. The whole period counts, before and after: the analysis looks back.
 * But at its beginning everything looks new, above all to products that learn, so
 * what is unusual weighs only as much as there was history to know it by. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyst/base/keyed.h"
#include "analyst/base/search.h"
#include "analyst/cluster/stages.h"

/* Hours of history after which half is known; two working days make it two thirds. */
#define HALF_KNOWN 24.0
/* With less than a day of hours rarity cannot be told from brevity. */
#define LEAST_HOURS 24.0
/* How much of "usual somewhere" is "usual here": half for a rule of one machine, more
 * for one that goes round many. */
#define WIDE_LEAST 0.5
#define WIDE_MORE 0.3
/* An alarming rule met in other places is an attack in other places as well as a habit. */
#define WIDE_ALARM 0.35
/* A rule that fires on nearly every machine its product knows is a roll-out, an inventory, or the rule itself: from half of
 * them on, where they are enough to tell. */
#define FLEET_LEAST 20
/* A round of many machines, at its hour again, is nearly always a job. */
#define SCHEDULED 0.80
/* A habit needs that many days at the same hour, an hour's drift allowed. */
#define HABIT_DAYS 3
/* What is kept: unusual enough, or alarming enough whatever its habit. */
#define KEEP_RARITY 0.30
#define KEEP_HARMLESS 0.45       /* of what is not alarming at all, falling to the above */
#define KEEP_VALUE 0.50
/* A rule of which nothing is known, neither severity nor kind of act. */
#define ALARM_UNKNOWN 0.10
/* Every attempt was stopped: still somebody's attempt. */
#define STOPPED 0.8
/* Alarming rules are allowed a habit: a beacon that calls every hour stays. */
#define ALARM_EXCUSES 0.7

static const double severity_alarm[] = {
	[SEVERITY_UNKNOWN] = 0, [SEVERITY_INFO] = 0.05, [SEVERITY_LOW] = 0.20,
	[SEVERITY_MEDIUM] = 0.45, [SEVERITY_HIGH] = 0.75, [SEVERITY_CRITICAL] = 0.95,
};

struct sighting {             /* what (a rule, an act) was seen where (a machine, a source) and when */
	uint32_t what, where, hour;
};

static int by_where(const void *x, const void *y)
{
	const struct sighting *a = x, *b = y;

	if (a->what != b->what)
		return a->what < b->what ? -1 : 1;
	if (a->where != b->where)
		return a->where < b->where ? -1 : 1;
	return (a->hour > b->hour) - (a->hour < b->hour);
}

static int by_instant(const void *x, const void *y)
{
	instant a = *(const instant *)x, b = *(const instant *)y;

	return (a > b) - (a < b);
}

/* Hours in which anything happened, rather than hours of the clock: one record with a
 * wrong date, or a sensor that slept, then adds no history. */
static void list_hours(struct clustering *c)
{
	const struct week *w = c->week;
	instant *hours = NULL, before = INSTANT_NONE;
	uint32_t n = 0, room = 0, kept = 0;

	for (uint32_t i = 0; i < w->mark_count; i++) {
		instant hour = w->marks[i].at / HOUR;

		if (hour == before)
			continue;
		if (n == room)
			hours = must_grow(hours, room = room > 0 ? 2 * room : 256, sizeof(*hours));
		hours[n++] = before = hour;
	}
	if (n > 0)
		qsort(hours, n, sizeof(*hours), by_instant);
	for (uint32_t i = 0; i < n; i++)
		if (i == 0 || hours[i] != hours[kept - 1])
			hours[kept++] = hours[i];
	c->hours = arena_copy(c->scratch, hours, kept, sizeof(*hours));
	free(hours);
	c->hour_count = kept;
	c->reference = log(kept > LEAST_HOURS ? (double)kept : LEAST_HOURS);
}

static int by_hour(const void *key, const void *element)
{
	const instant *a = key, *b = element;

	return (*a > *b) - (*a < *b);
}

uint32_t hour_index(const struct clustering *c, instant t)
{
	instant hour = t / HOUR;

	return (uint32_t)search_from(&hour, c->hours, c->hour_count, sizeof(*c->hours), by_hour);
}

/* ---- lists of sightings ---- */

struct sightings {
	struct sighting *list;       /* by (what, where, hour), each once */
	uint32_t count;
};

/* Who acts: the first address of ours at the source's end, or NO_ENTITY. */
static uint32_t actor_of(const struct week *w, const struct episode *e)
{
	for (uint32_t i = 0; i < e->member_count; i++)
		if (e->members[i].role == ROLE_SOURCE && w->entities[e->members[i].entity].kind == ENTITY_IP &&
		    w->entities[e->members[i].entity].internal)
			return e->members[i].entity;
	return NO_ENTITY;
}

/* The first rule with the same behaviour stands for the act. Acts of no tactic are too
 * vague to have habits. */
static uint32_t *number_acts(const struct clustering *c)
{
	const struct week *w = c->week;
	uint32_t *act = ARENA_ARRAY(c->stage, uint32_t, w->rule_count + 1);
	uint32_t *kinds = ARENA_ARRAY(c->stage, uint32_t, w->rule_count + 1), n = 0;

	for (uint32_t i = 0; i < w->rule_count; i++) {
		uint32_t k = 0;

		while (k < n && w->rules[kinds[k]].behaviour != w->rules[i].behaviour)
			k++;
		if (k == n)
			kinds[n++] = i;
		act[i] = kinds[k];
	}
	return act;
}

/* What and where an episode is a sighting of: its rule on its machine, or with acts its
 * act by its actor. False where it is none. */
static bool sighted(const struct clustering *c, const uint32_t *acts, uint32_t episode, struct sighting *out)
{
	const struct episode *e = &c->episodes[episode];

	if (acts == NULL) {
		*out = (struct sighting){c->kin[e->rule], c->traits[episode].machine, 0};
		return true;
	}
	*out = (struct sighting){acts[e->rule], actor_of(c->week, e), 0};
	return out->where != NO_ENTITY && c->week->rules[e->rule].behaviour->tactic >= 0;
}

static uint32_t fill(const struct clustering *c, const uint32_t *acts, struct sighting *out)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < c->episode_count; i++) {
		uint32_t from = hour_index(c, c->episodes[i].first), to = hour_index(c, c->episodes[i].last);
		struct sighting s;

		if (!sighted(c, acts, i, &s))
			continue;
		for (uint32_t h = from; h <= to && h < c->hour_count; h++, n++)
			if (out != NULL)
				out[n] = (struct sighting){s.what, s.where, h};
	}
	return n;
}

static struct sightings list_sightings(const struct clustering *c, const uint32_t *acts)
{
	struct sightings s = {NULL, 0};
	uint32_t n = fill(c, acts, NULL);
	struct sighting *met = ARENA_ARRAY(c->stage, struct sighting, n + 1);
	struct keyed *order = ARENA_ARRAY(c->stage, struct keyed, n + 1);

	fill(c, acts, met);
	for (uint32_t i = 0; i < n; i++)
		order[i] = (struct keyed){met[i].hour, i};
	keyed_sort(order, n);
	for (uint32_t i = 0; i < n; i++)
		order[i].key = key_pair(met[order[i].item].what, met[order[i].item].where);
	keyed_sort(order, n);
	s.list = ARENA_ARRAY(c->stage, struct sighting, n + 1);
	for (uint32_t i = 0; i < n; i++)
		if (i == 0 || by_where(&met[order[i].item], &s.list[s.count - 1]) != 0)
			s.list[s.count++] = met[order[i].item];
	return s;
}

/* The run of sightings of one what and where. */
static const struct sighting *run_of(const struct sightings *s, uint32_t what, uint32_t where, uint32_t *count)
{
	struct sighting key = {what, where, 0};
	uint32_t lo = (uint32_t)search_from(&key, s->list, s->count, sizeof(key), by_where), n = 0;

	while (lo + n < s->count && s->list[lo + n].what == what && s->list[lo + n].where == where)
		n++;
	*count = n;
	return s->list + lo;
}

/* ---- how usual ---- */

struct wide {
	uint32_t hours, machines;
	double fleet;                /* 0, up to 1 where it fired on every machine of its product */
};

/* By rule: in how many hours and on how many machines it fired anywhere. */
static struct wide *count_wide(const struct clustering *c, const struct sightings *s)
{
	struct wide *wide = ARENA_ARRAY(c->stage, struct wide, c->week->rule_count + 1);
	uint32_t *met = ARENA_ARRAY(c->stage, uint32_t, c->hour_count + 1);   /* by hour: the last rule counted, and one */

	for (uint32_t i = 0; i < s->count; i++) {
		const struct sighting *at = &s->list[i];

		wide[at->what].machines += i == 0 || at->what != at[-1].what || at->where != at[-1].where;
		wide[at->what].hours += met[at->hour] != at->what + 1;
		met[at->hour] = at->what + 1;
	}
	return wide;
}

static bool same_product(const struct clustering *c, uint32_t x, uint32_t y)
{
	const char *a = c->week->rules[x].rule.product, *b = c->week->rules[y].rule.product;

	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* Rules are numbered by product first, so the sightings of a product are a run. */
static void measure_fleets(const struct clustering *c, const struct sightings *s, struct wide *wide)
{
	uint32_t *met = ARENA_ARRAY(c->stage, uint32_t, c->machine_count + 1);   /* by machine: the last run, counted from 1 */
	uint32_t run = 0;

	for (uint32_t from = 0, to; from < s->count; from = to) {
		uint32_t machines = 0;

		run++;
		for (to = from; to < s->count && same_product(c, s->list[to].what, s->list[from].what); to++) {
			if (s->list[to].where == NO_MACHINE)
				continue;
			machines += met[s->list[to].where] != run;
			met[s->list[to].where] = run;
		}
		for (uint32_t i = from; i < to; i++) {
			struct wide *w = &wide[s->list[i].what];

			w->fleet = w->machines >= FLEET_LEAST ? fmax(0, 2.0 * w->machines / machines - 1) : 0;
		}
	}
}

static uint32_t count_days(const struct clustering *c)
{
	uint32_t days = 0;

	for (uint32_t i = 0; i < c->hour_count; i++)
		days += i == 0 || c->hours[i] / 24 != c->hours[i - 1] / 24;
	return days;
}

/* On what share of the other days it happened at this hour: nightly scans and daily
 * reports are habits, though they take but one hour in twenty-four. */
static double habit(const struct clustering *c, const struct sighting *run, uint32_t n, uint32_t hour)
{
	uint32_t days = 0;
	instant before = INSTANT_NONE;

	if (hour >= c->hour_count || c->day_count < HABIT_DAYS)
		return 0;
	for (uint32_t i = 0; i < n; i++) {
		/* the day of the sighting as seen from this hour, drift to either side allowed */
		instant apart = c->hours[run[i].hour] - c->hours[hour] + 1, day;

		day = apart >= 0 ? apart / 24 : (apart - 23) / 24;
		if (apart - day * 24 <= 2 && day != before) {
			days++;
			before = day;
		}
	}
	return days >= HABIT_DAYS ? fmin(1, (days - 1.0) / (c->day_count - 1.0)) : 0;
}

static double alarm_of(const struct clustering *c, const struct episode *e, const struct trait *t, double *stated)
{
	const struct week *w = c->week;
	const struct behaviour *b = episode_behaviour(w, e);
	double said = severity_alarm[e->severity < 6 ? e->severity : 5], alarm;
	bool matched = false;

	said = fmax(said, (double)t->score / 100);
	if (said <= 0)
		alarm = b->weight;
	else if (b->weight <= 0)
		alarm = 0.8 * said;
	else
		alarm = 0.6 * fmax(said, b->weight) + 0.4 * fmin(said, b->weight);
	if (e->paced)     /* no product knew of the pace when it judged one call */
		alarm = fmax(alarm, b->weight);
	for (uint32_t i = 0; w->indicator_count > 0 && i < e->member_count; i++)
		matched |= w->entities[e->members[i].entity].indicator != NULL;
	if (matched)      /* half of what was left to doubt */
		alarm = 1 - 0.5 * (1 - alarm);
	if (t->stopped)
		alarm *= STOPPED;
	if (b->response)
		alarm = 0;
	alarm = fmin(1, fmax(alarm, ALARM_UNKNOWN));
	/* What only a rule's name says, the product itself did not call alarming. */
	*stated = said > 0 || matched ? alarm : 0.5 * alarm;
	return alarm;
}

static void weigh(struct clustering *c, uint32_t i, double usual, double hours)
{
	struct episode *e = &c->episodes[i];
	struct trait *t = &c->traits[i];
	const struct behaviour *b = episode_behaviour(c->week, e);

	t->rarity = fmax(0, 1 - usual);
	t->known = hours / (hours + HALF_KNOWN);
	t->value = pow(t->rarity, 1 - ALARM_EXCUSES * t->alarm) * (t->known + (1 - t->known) * t->said);
	t->kept = t->rarity >= fmax(KEEP_RARITY, KEEP_HARMLESS - 0.5 * t->alarm) || t->value >= KEEP_VALUE || b->response;
	t->seed = !b->routine && !b->response;
	e->unusual = t->rarity * t->known;
}

/* That no other machine calls so, and that this one did not before or does not any more, the whole
 * period says. */
void weigh_pace(struct clustering *c, uint32_t episode)
{
	struct trait *t = &c->traits[episode];

	t->alarm = alarm_of(c, &c->episodes[episode], t, &t->said);
	weigh(c, episode, 0, c->hour_count - hour_index(c, c->site_first[t->machine]));
}

void weigh_routine(struct clustering *c)
{
	struct sightings rules, deeds;
	const uint32_t *acts = number_acts(c);
	struct wide *wide;

	list_hours(c);
	c->day_count = count_days(c);
	rules = list_sightings(c, NULL);
	deeds = list_sightings(c, acts);
	wide = count_wide(c, &rules);
	measure_fleets(c, &rules, wide);
	for (uint32_t i = 0; i < c->episode_count; i++) {
		const struct wide *all = &wide[c->kin[c->episodes[i].rule]];
		uint32_t n, hour = hour_index(c, c->episodes[i].first);
		struct sighting s;
		const struct sighting *run;
		double usual, share, hours;

		sighted(c, NULL, i, &s);
		hours = s.where != NO_MACHINE ? (double)hour - hour_index(c, c->site_first[s.where]) : hour;
		run = run_of(&rules, s.what, s.where, &n);
		usual = fmax(log(fmax(1, n)) / c->reference, habit(c, run, n, hour));
		share = WIDE_LEAST + WIDE_MORE * (1 - 1 / fmax(1, all->machines));
		c->traits[i].alarm = alarm_of(c, &c->episodes[i], &c->traits[i], &c->traits[i].said);
		share *= 1 - WIDE_ALARM * c->traits[i].alarm;
		usual = fmax(usual, share * log(fmax(1, all->hours)) / c->reference);
		/* what is alarming enough may well be everywhere */
		usual = fmax(usual, all->fleet * (1 - c->traits[i].alarm * c->traits[i].alarm));
		if (sighted(c, acts, i, &s)) {
			run = run_of(&deeds, s.what, s.where, &n);
			usual = fmax(usual, habit(c, run, n, hour));
		}
		if (c->traits[i].scheduled)
			usual = fmax(usual, SCHEDULED);
		weigh(c, i, usual, hours);
	}
}
