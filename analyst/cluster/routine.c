/* What is usual. A rule that fires in many hours of the period on a machine is
 * routine there, a rule that fires in many hours anywhere is half routine
 * everywhere. The whole period counts, before and after: the analysis looks back.
 * But at its beginning everything looks new, above all to products that learn, so
 * what is unusual weighs only as much as there was history to know it by. */
#include <math.h>
#include <stdlib.h>

#include "analyst/cluster/stages.h"

/* Hours of history after which half is known; two working days make it two thirds. */
#define HALF_KNOWN 24.0
/* With less than a day of hours rarity cannot be told from brevity. */
#define LEAST_HOURS 24.0
#define WIDE_SHARE 0.5          /* how much of "usual somewhere" is "usual here" */
/* What is kept: unusual enough, or alarming enough whatever its habit. */
#define KEEP_RARITY 0.30
#define KEEP_VALUE 0.50
/* A rule of which nothing is known, neither severity nor kind of act. */
#define ALARM_UNKNOWN 0.10
/* Alarming rules are allowed a habit: a beacon that calls every hour stays. */
#define ALARM_EXCUSES 0.7

static const double severity_alarm[] = {
	[SEVERITY_UNKNOWN] = 0, [SEVERITY_INFO] = 0.05, [SEVERITY_LOW] = 0.20,
	[SEVERITY_MEDIUM] = 0.45, [SEVERITY_HIGH] = 0.75, [SEVERITY_CRITICAL] = 0.95,
};

struct sighting {
	uint32_t rule, machine, hour;
};

static int by_machine(const void *x, const void *y)
{
	const struct sighting *a = x, *b = y;

	if (a->rule != b->rule)
		return a->rule < b->rule ? -1 : 1;
	if (a->machine != b->machine)
		return a->machine < b->machine ? -1 : 1;
	return (a->hour > b->hour) - (a->hour < b->hour);
}

static int by_hour(const void *x, const void *y)
{
	const struct sighting *a = x, *b = y;

	if (a->rule != b->rule)
		return a->rule < b->rule ? -1 : 1;
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
	instant *hours = ARENA_ARRAY(c->scratch, instant, w->mark_count + 1), before = INSTANT_NONE;
	uint32_t n = 0, kept = 0;

	for (uint32_t i = 0; i < w->mark_count; i++) {
		instant hour = w->marks[i].at / HOUR;

		if (hour != before)
			hours[n++] = before = hour;
	}
	if (n > 0)
		qsort(hours, n, sizeof(*hours), by_instant);
	for (uint32_t i = 0; i < n; i++)
		if (i == 0 || hours[i] != hours[kept - 1])
			hours[kept++] = hours[i];
	c->hours = hours;
	c->hour_count = kept;
	c->reference = log(kept > LEAST_HOURS ? (double)kept : LEAST_HOURS);
}

uint32_t hour_index(const struct clustering *c, instant t)
{
	uint32_t lo = 0, hi = c->hour_count;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;

		if (c->hours[mid] < t / HOUR)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static uint32_t list_sightings(const struct clustering *c, struct sighting *out)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < c->episode_count; i++) {
		uint32_t from = hour_index(c, c->episodes[i].first), to = hour_index(c, c->episodes[i].last);

		for (uint32_t h = from; h <= to && h < c->hour_count; h++, n++)
			if (out != NULL)
				out[n] = (struct sighting){c->episodes[i].rule, c->traits[i].machine, h};
	}
	return n;
}

/* wide[rule]: hours in which the rule fired anywhere. Leaves the list by machine, each once. */
static uint32_t *count_wide(const struct clustering *c, struct sighting *s, uint32_t *count)
{
	uint32_t *wide = ARENA_ARRAY(c->scratch, uint32_t, c->week->rule_count + 1);
	uint32_t n = *count, kept = 0;

	if (n > 0)
		qsort(s, n, sizeof(*s), by_hour);
	for (uint32_t i = 0; i < n; i++)
		if (i == 0 || by_hour(&s[i], &s[i - 1]) != 0)
			wide[s[i].rule]++;
	if (n > 0)
		qsort(s, n, sizeof(*s), by_machine);
	for (uint32_t i = 0; i < n; i++)
		if (i == 0 || by_machine(&s[i], &s[kept - 1]) != 0)
			s[kept++] = s[i];
	*count = kept;
	return wide;
}

/* Hours in which the rule fired on the machine. */
static uint32_t count_local(const struct sighting *s, uint32_t n, uint32_t rule, uint32_t machine)
{
	struct sighting key = {rule, machine, 0};
	uint32_t lo = 0, hi = n, count = 0;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;

		if (by_machine(&s[mid], &key) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	while (lo + count < n && s[lo + count].rule == rule && s[lo + count].machine == machine)
		count++;
	return count;
}

static double alarm_of(const struct clustering *c, const struct episode *e)
{
	const struct week *w = c->week;
	const struct behaviour *b = w->rules[e->rule].behaviour;
	double said = severity_alarm[e->severity < 6 ? e->severity : 5], alarm;
	bool matched = false;

	for (uint32_t i = 0; i < e->count; i++)
		if (w->marks[e->alerts[i]].score / 100 > said)
			said = (double)w->marks[e->alerts[i]].score / 100;
	if (said <= 0)
		alarm = b->weight;
	else if (b->weight <= 0)
		alarm = 0.8 * said;
	else
		alarm = 0.6 * fmax(said, b->weight) + 0.4 * fmin(said, b->weight);
	for (uint32_t i = 0; i < e->member_count; i++)
		matched |= w->entities[e->members[i].entity].indicator != NULL;
	if (matched)      /* half of what was left to doubt */
		alarm = 1 - 0.5 * (1 - alarm);
	if (b->response)
		alarm = 0;
	return fmin(1, fmax(alarm, ALARM_UNKNOWN));
}

void weigh_routine(struct clustering *c)
{
	struct sighting *s;
	uint32_t n, *wide;

	list_hours(c);
	n = list_sightings(c, NULL);
	s = ARENA_ARRAY(c->scratch, struct sighting, n + 1);
	list_sightings(c, s);
	wide = count_wide(c, s, &n);
	for (uint32_t i = 0; i < c->episode_count; i++) {
		struct episode *e = &c->episodes[i];
		struct trait *t = &c->traits[i];
		const struct behaviour *b = c->week->rules[e->rule].behaviour;
		double hours = hour_index(c, e->first), here, anywhere;

		here = log(fmax(1, count_local(s, n, e->rule, t->machine))) / c->reference;
		anywhere = WIDE_SHARE * log(fmax(1, wide[e->rule])) / c->reference;
		t->rarity = fmax(0, 1 - fmax(here, anywhere));
		t->known = hours / (hours + HALF_KNOWN);
		t->alarm = alarm_of(c, e);
		t->value = pow(t->rarity, 1 - ALARM_EXCUSES * t->alarm) *
		           (t->known + (1 - t->known) * t->alarm);
		t->kept = t->rarity >= KEEP_RARITY || t->value >= KEEP_VALUE || b->response;
		t->seed = !b->routine && !b->response;
		e->unusual = t->rarity * t->known;
	}
}
