/* Calls at a steady pace. What reports everyday traffic tells nothing by itself: somebody asks for
 * a name that policy frowns at. But thousands of such calls in even steps over hours, from one
 * machine and no other, that begin or end while we look on, are a program's, and not one that
 * belongs to the place: tunnels and beacons look so (MITRE ATT&CK T1071, T1048; Hubballi and
 * Goyal 2013 find beacons by their even pauses). Agents of a product call at a steady pace too,
 * but from many machines, and never stop; those stay everyday. */
#include <math.h>
#include <stdlib.h>

#include "analyst/base/pace.h"
#include "analyst/cluster/stages.h"

/* No limit here was fitted to a data set; each follows from what it is there for. */

/* Clocks tick in seconds. A pause is on the beat when it is within a fifth of a whole number of steps; a tick is
 * no more than that from five seconds on, faster steps are even by rounding. Slower than a flurry's longest pause
 * they make no flurry. */
#define OFF_BEAT 0.2
#define PACE_SHORTEST (5 * SECOND)
#define PACE_LONGEST (30 * MINUTE)
/* Calls get lost: while less than half of them do, the median pause is one step, 15 of 16 pauses are four steps at
 * the most, and twenty in a row are lost once in a million times. So a longer rest is the end, and what leaves more
 * than a tenth of its pauses off the beat is not that pace alone. */
#define STEPS_MOST 4
#define ON_BEAT_SHARE 0.9
#define STEPS_OVER 20
/* The windows take this share of any step, so of pauses without a pace no more are on the beat (0.26 of a Poisson
 * process). How many calls it takes follows: of all series of a case none may be so even by chance, in 999 cases
 * of 1,000 (each has its part of that, after Bonferroni). Of 100 series that takes 19 pauses, of 10,000 28. */
#define BY_CHANCE (2 * OFF_BEAT)
#define FALSE_ALARM 0.001
/* Nobody sits longer without a break (Directive 2003/88/EC, article 4; Japan's Labour Standards Act, article 34):
 * what goes on without rest is no session of a person, but a program left to itself. */
#define LASTS_LEAST (6 * HOUR)
/* One call that two sensors saw. */
#define ONE_CALL (2 * SECOND)
/* It changed when a whole round of day and night, in hours with any alerts, lies before or after it: machines that
 * are switched off at night call again in the morning. */
#define HOURS_QUIET 24
/* The machine itself was seen after the end, or before the beginning; else it came or went. */
#define STILL_THERE HOUR

struct call {
	uint32_t rule /* the first of its kin */, machine, peer, episode;
};

struct run {                   /* calls[from..to) keep one pace */
	uint32_t from, to;
	struct stream stream;
};

static int by_stream(const void *x, const void *y)
{
	const struct call *a = x, *b = y;

	if (a->rule != b->rule)
		return a->rule < b->rule ? -1 : 1;
	if (a->machine != b->machine)
		return a->machine < b->machine ? -1 : 1;
	if (a->peer != b->peer)
		return a->peer < b->peer ? -1 : 1;
	return (a->episode > b->episode) - (a->episode < b->episode);
}

static int by_length(const void *x, const void *y)
{
	instant a = *(const instant *)x, b = *(const instant *)y;

	return (a > b) - (a < b);
}

/* The pauses between calls, one between the last of an episode and the first of the next included. */
static uint32_t list_pauses(const struct clustering *c, const struct call *s, uint32_t n, instant *out)
{
	instant before = INSTANT_NONE;
	uint32_t count = 0;

	for (uint32_t i = 0; i < n; i++) {
		const struct episode *e = &c->episodes[s[i].episode];

		for (uint32_t k = 0; k < e->count; k++) {
			instant at = c->week->marks[e->alerts[k]].at;

			if (before != INSTANT_NONE && at - before <= ONE_CALL)
				continue;
			if (before != INSTANT_NONE)
				out[count++] = at - before;
			before = at;
		}
	}
	return count;
}

/* The pace of calls with these pauses, which are put in order, or 0 where chance gives one with a probability of more than
 * `allowed`. The median itself is no witness: it is on the beat of any pauses. */
static instant pace_of(instant *pauses, uint32_t n, double allowed)
{
	uint32_t on = 0;
	instant pace;

	if (n < 2)
		return 0;
	qsort(pauses, n, sizeof(*pauses), by_length);
	pace = pauses[n / 2];
	if (pace < PACE_SHORTEST || pace > PACE_LONGEST)
		return 0;
	for (uint32_t i = 0; i < n; i++) {
		double steps = (double)pauses[i] / (double)pace, whole = round(steps);

		on += whole >= 1 && whole <= STEPS_MOST && fabs(steps - whole) <= OFF_BEAT;
	}
	return on >= ON_BEAT_SHARE * n && chance_of(on - 1, n - 1, BY_CHANCE) <= allowed ? pace : 0;
}

static uint32_t alerts_of(const struct clustering *c, const struct call *s, uint32_t n)
{
	uint32_t sum = 0;

	for (uint32_t i = 0; i < n; i++)
		sum += c->episodes[s[i].episode].count;
	return sum;
}

/* Leaves of the series r its longest stretch without a long rest; false where it keeps no pace. */
static bool find_run(const struct clustering *c, const struct call *s, struct run *r, double allowed)
{
	uint32_t from = r->from, to = r->to, alerts = alerts_of(c, s + from, to - from);
	instant first = c->episodes[s[from].episode].first, last = c->episodes[s[to - 1].episode].last, *pauses, pace;

	if (last - first < LASTS_LEAST)
		return false;
	pauses = must_alloc(alerts * sizeof(*pauses));
	pace = pace_of(pauses, list_pauses(c, s + from, to - from, pauses), allowed);
	free(pauses);
	*r = (struct run){from, from, {.pace = pace}};
	for (uint32_t i = from, k; pace > 0 && i < to; i = k) {
		instant end = c->episodes[s[i].episode].last;

		for (k = i + 1; k < to && c->episodes[s[k].episode].first - end <= STEPS_OVER * pace; k++)
			end = c->episodes[s[k].episode].last;
		if (end - c->episodes[s[i].episode].first > r->stream.last - r->stream.first)
			*r = (struct run){i, k, {.pace = pace, .first = c->episodes[s[i].episode].first, .last = end}};
	}
	return r->stream.last - r->stream.first >= LASTS_LEAST;
}

/* One call on its way passes several sensors, whose clocks are a little apart. */
#define SENSORS_APART MINUTE

static bool same_calls(const struct stream *a, const struct stream *b)
{
	instant near = 2 * a->pace + SENSORS_APART;

	return llabs(a->pace - b->pace) <= a->pace / 10 && llabs(a->first - b->first) <= near &&
	       llabs(a->last - b->last) <= near;
}

/* Does no other machine make such calls? The runs are all of one rule, so those that are alone are the
 * same calls. */
static bool is_alone(const struct run *runs, uint32_t n, const struct stream *s)
{
	for (uint32_t i = 0; i < n; i++)
		if (!same_calls(&runs[i].stream, s))
			return false;
	return true;
}

/* Notes whether the calls began or ended while we look on; false where they went on throughout. */
static bool is_news(const struct clustering *c, struct stream *s, uint32_t machine)
{
	const struct span *seen = &c->spans[machine];

	s->begins = hour_index(c, s->first) >= HOURS_QUIET && seen->first <= s->first - STILL_THERE;
	s->ends = hour_index(c, s->last) + HOURS_QUIET < c->hour_count && seen->last >= s->last + STILL_THERE;
	return s->begins || s->ends;
}

static void mark(struct clustering *c, const struct call *s, uint32_t n, uint32_t number)
{
	for (uint32_t i = 0; i < n; i++) {
		c->episodes[s[i].episode].paced = true;
		c->traits[s[i].episode].stream = number;
		weigh_pace(c, s[i].episode);
	}
}

/* runs[0..n) are of one rule; those that are news become the next streams. */
static void take_news(struct clustering *c, const struct call *s, struct run *runs, uint32_t n, struct stream *streams)
{
	for (uint32_t i = 0; i < n; i++) {
		struct run *r = &runs[i];

		if (!is_news(c, &r->stream, s[r->from].machine) || !is_alone(runs, n, &r->stream))
			continue;
		mark(c, s + r->from, r->to - r->from, c->stream_count);
		r->stream.rule = s[r->from].rule;
		streams[c->stream_count++] = r->stream;
	}
}

static bool tells_by_pace(const struct clustering *c, uint32_t episode)
{
	const struct behaviour *b = c->week->rules[c->episodes[episode].rule].behaviour;

	return b->calls && b->weight < c->week->pace->weight && c->traits[episode].machine != NO_MACHINE;
}

/* The calls of one rule on one machine to one peer, in runs of s[0..n). */
static uint32_t list_series(const struct call *s, uint32_t n, struct run *runs)
{
	uint32_t count = 0;

	for (uint32_t from = 0, to; from < n; from = to) {
		for (to = from + 1; to < n && s[to].rule == s[from].rule && s[to].machine == s[from].machine &&
		     s[to].peer == s[from].peer; to++)
			;
		runs[count++] = (struct run){.from = from, .to = to};
	}
	return count;
}

void find_paces(struct clustering *c)
{
	struct call *s = ARENA_ARRAY(c->stage, struct call, c->episode_count + 1);
	struct run *runs = ARENA_ARRAY(c->stage, struct run, c->episode_count + 1);
	uint32_t n = 0, count = 0, series;
	struct stream *streams;

	for (uint32_t i = 0; c->week->pace != NULL && i < c->episode_count; i++)
		if (tells_by_pace(c, i))
			s[n++] = (struct call){c->kin[c->episodes[i].rule], c->traits[i].machine, c->traits[i].peer, i};
	if (n > 0)
		qsort(s, n, sizeof(*s), by_stream);
	series = list_series(s, n, runs);
	for (uint32_t i = 0; i < series; i++)
		if (find_run(c, s, &runs[i], FALSE_ALARM / series))
			runs[count++] = runs[i];
	c->streams = streams = ARENA_ARRAY(c->scratch, struct stream, count + 1);
	for (uint32_t from = 0, to; from < count; from = to) {
		for (to = from + 1; to < count && s[runs[to].from].rule == s[runs[from].from].rule; to++)
			;
		take_news(c, s, runs + from, to - from, streams);
	}
}
