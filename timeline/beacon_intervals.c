/* The pace of calls to one outside host: the time since the call before, one dot a call. A program's dots lie in
 * a narrow band, a person's do not. The calls are those of one sensor, the rule that fired most, and reports
 * within two seconds are one call, as the story counts them; or, where the story does, what telemetry counts. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyst/model/telemetry.h"
#include "timeline/axis.h"
#include "timeline/charts.h"
#include "timeline/palette.h"

#define PAUSES_LEAST 6               /* fewer are told as well by the list of times */
#define HEIGHT 132.0
#define LEFT 27.0
#define HEAD 12.0
#define FOOT 16.0
#define MARGIN 96.0                  /* the distribution and its label */
#define BINS 24
#define DOT 2.3
#define ONE_CALL (2 * SECOND)
#define MINUTES_FROM 600             /* seconds, from which the axis counts minutes */

struct pace {
	const struct chart_input *in;
	const struct beat *beat;
	const instant *calls;
	uint64_t *keys;
	size_t count;
	int64_t median, deviation;
};

/* What the story names as called, or what goes with it in the step's alerts. */
static bool is_site(const struct pace *p, uint32_t entity)
{
	const struct analysis *an = p->in->analysis;

	for (size_t i = 0; i < p->beat->episode_count; i++) {
		const struct episode *e = &an->episodes[p->beat->episodes[i]];

		for (uint32_t j = 0; j < e->member_count; j++)
			if (e->members[j].entity == entity)
				return true;
	}
	return false;
}

/* The first step of the story that has a pace. */
static const struct beat *paced(const struct narrative *n)
{
	for (size_t i = 0; n != NULL && i < n->beat_count; i++)
		if (n->beats[i].part == PART_STORY && !n->beats[i].response && beat_fact(&n->beats[i], "interval") != NULL)
			return &n->beats[i];
	return NULL;
}

static int by_time(const void *pa, const void *pb)
{
	const struct mark *const *a = pa, *const *b = pb;

	if ((*a)->at != (*b)->at)
		return (*a)->at < (*b)->at ? -1 : 1;
	return (*a)->key < (*b)->key ? -1 : (*a)->key > (*b)->key;
}

static int by_number(const void *pa, const void *pb)
{
	int64_t a = *(const int64_t *)pa, b = *(const int64_t *)pb;

	return (a > b) - (a < b);
}

static int64_t median_of(int64_t *list, size_t n)
{
	qsort(list, n, sizeof *list, by_number);
	return list[n / 2];
}

/* The times of telemetry, where the story tells its pace by them. */
static bool gather_contacts(struct pace *p)
{
	const struct week *w = p->in->analysis->week;
	const struct fact *contacts = beat_fact(p->beat, "contacts"), *interval = beat_fact(p->beat, "interval");
	const bool *ends = chart_ends(p->in);

	for (uint32_t i = 0; contacts != NULL && i < w->contact_count; i++) {
		const struct contact *c = &w->contacts[i];
		struct steady s;

		if (c->crowded || !ends[c->from] || w->entities[c->with].internal || !is_site(p, c->with))
			continue;
		steady_of(&s, c->times, c->time_count, p->in->arena);
		if ((int64_t)s.calls != contacts->value || s.pause != interval->value)
			continue;
		p->calls = s.times;
		p->count = s.calls;
		return true;
	}
	return false;
}

static void gather(struct pace *p)
{
	const struct analysis *an = p->in->analysis;
	const struct beat *b = p->beat;
	uint32_t rule = episodes_rule(an, b->episodes, b->episode_count);
	const struct mark **list;
	instant *calls;
	size_t all = 0, n = 0;

	for (size_t i = 0; i < b->episode_count; i++)
		all += an->episodes[b->episodes[i]].count;
	list = ARENA_ARRAY(p->in->arena, const struct mark *, all + 1);
	for (size_t i = 0; i < b->episode_count; i++) {
		const struct episode *e = &an->episodes[b->episodes[i]];

		for (uint32_t j = 0; e->rule == rule && j < e->count; j++)
			list[n++] = &an->week->marks[e->alerts[j]];
	}
	qsort(list, n, sizeof *list, by_time);
	p->calls = calls = ARENA_ARRAY(p->in->arena, instant, n + 1);
	p->keys = ARENA_ARRAY(p->in->arena, uint64_t, n + 1);
	for (size_t i = 0; i < n; i++) {
		if (p->count > 0 && list[i]->at - calls[p->count - 1] <= ONE_CALL)
			continue;
		p->keys[p->count] = list[i]->key;
		calls[p->count++] = list[i]->at;
	}
}

static void measure_pace(struct pace *p)
{
	size_t n = p->count > 0 ? p->count - 1 : 0;
	int64_t *pauses = ARENA_ARRAY(p->in->arena, int64_t, n + 1);

	if (n < PAUSES_LEAST)
		return;
	for (size_t i = 0; i < n; i++)
		pauses[i] = p->calls[i + 1] - p->calls[i];
	p->median = median_of(pauses, n);
	for (size_t i = 0; i < n; i++)
		pauses[i] = llabs(p->calls[i + 1] - p->calls[i] - p->median);
	p->deviation = median_of(pauses, n);
}

/* ---- drawing ---- */

struct frame {
	struct scene *sc;
	double right, base, height;
	uint64_t top, unit;              /* of the axis; nanoseconds a unit */
};

static double y_of(const struct frame *fr, int64_t pause)
{
	double share = (double)pause / (double)fr->unit / (double)fr->top;

	return fr->base - fmin(1, share) * fr->height;
}

static void draw_grid(struct frame *fr, const struct pace *p)
{
	struct value_axis va;
	bool minutes = p->median >= MINUTES_FROM * SECOND;
	double high, low;

	fr->unit = (uint64_t)(minutes ? MINUTE : SECOND);
	axis_value(&va, 2 * (uint64_t)p->median / fr->unit + 1, 4);
	fr->top = va.top;
	high = y_of(fr, p->median + 2 * p->deviation);
	low = y_of(fr, p->median > 2 * p->deviation ? p->median - 2 * p->deviation : 0);
	scene_rect(fr->sc, LEFT, high, fr->right - LEFT, fmax(1, low - high), 0, EXPECTED, NO_COLOUR, 0);
	for (uint64_t v = 0; v <= va.top; v += va.step) {
		double y = fr->base - fr->height * (double)v / (double)va.top;

		scene_line(fr->sc, LEFT, y, fr->right, y, v == 0 ? 0.7 : 0.4, v == 0 ? BAR_DARK : HAIRLINE, DASH_NONE);
		scene_text(fr->sc, LEFT - 4, y + 2.4, AXIS_TYPE, FACE_REGULAR, ALIGN_RIGHT, MUTE, words_number(p->in->arena, v));
	}
	scene_text(fr->sc, 0, 6.8, AXIS_TYPE, FACE_REGULAR, ALIGN_LEFT, MUTE,
	           words_get(p->in->words, minutes ? "chart.pause.minutes" : "chart.pause.seconds"));
}

static void draw_dots(const struct frame *fr, const struct pace *p)
{
	struct axis ax;

	axis_time(&ax, p->calls[0], p->calls[p->count - 1], LEFT, fr->right - LEFT - 6, p->in->zone, p->in->words,
	          p->in->measure, p->in->arena);
	for (size_t i = 0; i < ax.tick_count; i++)
		scene_text(fr->sc, ax.ticks[i].x, fr->base + 10, AXIS_TYPE, FACE_REGULAR, ALIGN_CENTRE, MUTE, ax.ticks[i].label);
	for (size_t i = 1; i < p->count; i++) {
		scene_note(fr->sc, words_clock(p->in->arena, p->calls[i], p->in->zone, true),
		           p->keys != NULL ? &p->keys[i] : NULL, p->keys != NULL);
		scene_disc(fr->sc, axis_x(&ax, p->calls[i]), y_of(fr, p->calls[i] - p->calls[i - 1]), DOT, ATTACKER, WHITE, 0.6);
	}
}

static const char *spread_of(const struct pace *p, const char **unit)
{
	double seconds = (double)p->deviation / SECOND;
	int digits = p->deviation % SECOND == 0 ? 0 : seconds >= 0.095 ? 1 : 3;

	*unit = words_get(p->in->words, "chart.pause.s");
	return arena_printf(p->in->arena, "\xC2\xB1 %.*f", digits, seconds);
}

/* The median and how far off the pauses are: in the axis's unit, but what is less than a minute in seconds, on a
 * line of its own. */
static void draw_typical(const struct frame *fr, const struct pace *p, double x)
{
	bool minutes = fr->unit == (uint64_t)MINUTE, apart = minutes && p->deviation < MINUTE;
	const char *unit = words_get(p->in->words, minutes ? "chart.pause.min" : "chart.pause.s"), *second = unit;
	const char *spread = minutes && !apart
		? arena_printf(p->in->arena, "\xC2\xB1 %.1f", (double)p->deviation / MINUTE) : spread_of(p, &second);
	double median = (double)p->median / (double)fr->unit, y = y_of(fr, p->median);
	int digits = minutes && fabs(median - round(median)) >= 0.05;

	if (!apart) {
		scene_text(fr->sc, x, y + 2.6, 7.6, FACE_BOLD, ALIGN_LEFT, ATTACKER,
		           arena_printf(p->in->arena, "%.*f %s %s", digits, median, spread, unit));
		return;
	}
	scene_text(fr->sc, x, y - 2, 7.6, FACE_BOLD, ALIGN_LEFT, ATTACKER,
	           arena_printf(p->in->arena, "%.*f %s", digits, median, unit));
	scene_text(fr->sc, x, y + 7.6, 7.6, FACE_BOLD, ALIGN_LEFT, ATTACKER, arena_printf(p->in->arena, "%s %s", spread, second));
}

/* How often each pause: bars to the right, on the same scale. */
static void draw_margin(const struct frame *fr, const struct pace *p)
{
	unsigned count[BINS] = { 0 }, most = 1;
	double x = fr->right + 10, step = fr->height / BINS, unit = (double)fr->unit;

	for (size_t i = 1; i < p->count; i++) {
		double share = (double)(p->calls[i] - p->calls[i - 1]) / unit / (double)fr->top;
		unsigned bin = share >= 1 ? BINS - 1 : (unsigned)(share * BINS);

		count[bin]++;
		most = count[bin] > most ? count[bin] : most;
	}
	scene_line(fr->sc, x, fr->base - fr->height, x, fr->base, 0.6, BAR_DARK, DASH_NONE);
	for (unsigned b = 0; b < BINS; b++)
		if (count[b] > 0)
			scene_rect(fr->sc, x, fr->base - step * (b + 1) + 0.4, 26.0 * count[b] / most, step - 0.8, 0, ATTACKER, NO_COLOUR, 0);
	draw_typical(fr, p, x + 31);
}

static struct scene *draw(const struct chart_input *in, struct chart_finding *found)
{
	struct pace p = { .in = in, .beat = paced(in->story) };
	struct frame fr = { NULL, in->width - MARGIN, 0, 0, 1, 1 };
	double height = in->height > 0 ? in->height : HEIGHT;

	memset(found, 0, sizeof *found);
	if (p.beat != NULL) {
		if (!gather_contacts(&p))
			gather(&p);
		measure_pace(&p);
	}
	if (p.median <= 0) {
		fr.sc = scene_new(in->arena, in->width, 24);
		scene_text(fr.sc, 0, 14, 7.6, FACE_REGULAR, ALIGN_LEFT, MUTE, words_get(in->words, "chart.pause.none"));
		return fr.sc;
	}
	found->calls = p.count;
	found->counted = p.keys != NULL ? COUNTS_ALERTS : COUNTS_CONNECTIONS;
	found->pause = p.median;
	found->deviation = p.deviation;
	found->called = beat_fact(p.beat, "site") != NULL ? beat_fact(p.beat, "site")->text : NULL;
	fr.sc = scene_new(in->arena, in->width, height);
	fr.base = height - FOOT;
	fr.height = fr.base - HEAD;
	draw_grid(&fr, &p);
	draw_dots(&fr, &p);
	draw_margin(&fr, &p);
	return fr.sc;
}

static int applies(const struct chart_input *in)
{
	return paced(in->story) != NULL;
}

const struct chart chart_beacon_intervals = {
	.name = "beacon-intervals",
	.summary = "the pace of calls to an outside host: the time between one call and the next",
	.of_incident = CHART_OF_INCIDENT,
	.applies = applies, .draw = draw,
};
