#include "timeline/period.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyst/model/view.h"
#include "timeline/axis.h"
#include "timeline/palette.h"

#define BINS_MOST 100                /* of a length chosen here: a week in 2-hour bins is 84 */
/* Empty bins in a row are a gap when chance would bring them less than once in a thousand. */
#define GAP_CHANCE 0.001
#define GAP_LEAST 3

/* ---- numbers ---- */

/* Without a period asked for: whole days when the week spans more than two, else round steps. */
void period_choose(struct period *p, const struct chart_input *in, int64_t step)
{
	const struct week *w = in->analysis->week;
	const struct zone *z = in->zone;
	bool empty = w == NULL || w->mark_count == 0;
	int64_t share;

	memset(p, 0, sizeof(*p));
	p->in = in;
	p->peak_at = INSTANT_NONE;
	p->since = in->since;
	p->until = in->until;
	if (p->until <= p->since) {
		p->since = empty ? 0 : w->first;
		p->until = empty ? 7 * DAY : w->last + SECOND;
		if (!empty && p->until - p->since > 2 * DAY) {
			p->since = axis_midnight(p->since, z);
			p->until = axis_next_midnight(p->until - 1, z);
		}
	}
	share = (p->until - p->since) / BINS_MOST;
	p->step = step > 0 ? step : axis_step(share > MINUTE ? share : MINUTE);
	if (p->step < DAY)
		p->since = axis_floor(p->since, p->step, z);
	p->bin_count = (size_t)((p->until - p->since + p->step - 1) / p->step);
	if (p->bin_count == 0)
		p->bin_count = 1;
	if (p->bin_count > PERIOD_BINS)
		p->bin_count = PERIOD_BINS;
	p->until = p->since + (int64_t)p->bin_count * p->step;
}

static int layer_of(uint8_t severity)
{
	switch (severity) {
	case SEVERITY_CRITICAL:
		return LAYER_CRITICAL;
	case SEVERITY_HIGH:
		return LAYER_HIGH;
	case SEVERITY_MEDIUM:
		return LAYER_MEDIUM;
	default:
		return LAYER_LOW;
	}
}

/* The share of bins that hold anything tells how likely a run of empty ones is. */
static void find_gaps(struct period *p, const bool *filled)
{
	size_t full = 0, run = 0;

	p->gap = ARENA_ARRAY(p->in->arena, bool, p->bin_count + 1);
	for (size_t i = 0; i < p->bin_count; i++)
		full += filled[i];
	if (full < 2)
		return;
	for (size_t i = 0; i <= p->bin_count; i++) {
		double others, empty_share;

		if (i < p->bin_count && !filled[i]) {
			run++;
			continue;
		}
		others = (double)(p->bin_count - run);
		empty_share = fmax((others - (double)full) / others, 0.01);
		if (run >= GAP_LEAST && pow(empty_share, (double)run) < GAP_CHANCE) {
			p->gaps++;
			for (size_t j = i - run; j < i; j++)
				p->gap[j] = true;
		}
		run = 0;
	}
}

/* Hours without alerts are none without records where there was telemetry, of the kind or of any (TELEMETRY_KINDS). */
static void fill_telemetry(const struct period *p, bool *filled, enum telemetry_kind kind)
{
	const struct week *w = p->in->analysis->week;

	for (uint32_t i = 0; w != NULL && i < w->hour_count; i++) {
		instant from = w->hours[i].hour * HOUR, until = from + HOUR;

		if (until <= p->since || from >= p->until || (kind != TELEMETRY_KINDS && w->hours[i].kind != kind))
			continue;
		for (int64_t b = from > p->since ? (from - p->since) / p->step : 0;
		     b < (int64_t)p->bin_count && p->since + b * p->step < until; b++)
			filled[b] = true;
	}
}

static void find_peak(struct period *p)
{
	for (size_t i = 0; i < p->bin_count; i++)
		if (p->bins[i].total > p->peak) {
			p->peak = p->bins[i].total;
			p->peak_at = p->since + (int64_t)i * p->step;
		}
}

void period_fill(struct period *p, const bool *wanted)
{
	const struct week *w = p->in->analysis->week;
	uint32_t marks = w != NULL ? w->mark_count : 0, used = 0;
	uint64_t *keys = ARENA_ARRAY(p->in->arena, uint64_t, marks + 1);
	bool *filled = ARENA_ARRAY(p->in->arena, bool, p->bin_count);

	p->bins = ARENA_ARRAY(p->in->arena, struct bin, p->bin_count);
	p->keys = keys;
	for (uint32_t i = 0; i < marks; i++) {
		const struct mark *m = &w->marks[i];
		bool inside = m->at >= p->since && m->at < p->until;
		struct bin *b;

		if (inside) /* also behind the view's end: its last bin may reach beyond it */
			filled[(m->at - p->since) / p->step] = true;
		if ((wanted != NULL && !wanted[i]) || !view_holds(p->in->analysis, i))
			continue;
		if (!inside) {
			p->outside++;
			continue;
		}
		b = &p->bins[(m->at - p->since) / p->step];
		if (b->total++ == 0)
			b->first = used;
		keys[used++] = m->key;
		b->count = used - b->first;
		b->layer[layer_of(m->severity)]++;
		p->alerts++;
		p->by_severity[m->severity < 6 ? m->severity : 0]++;
	}
	fill_telemetry(p, filled, TELEMETRY_KINDS);
	find_peak(p);
	find_gaps(p, filled);
}

/* ---- telemetry instead of alerts ---- */

bool period_covered(const struct period *p, enum telemetry_kind kind)
{
	bool *filled = ARENA_ARRAY(p->in->arena, bool, p->bin_count);
	size_t full = 0;

	fill_telemetry(p, filled, kind);
	for (size_t i = 0; i < p->bin_count; i++)
		full += filled[i];
	return 2 * full >= p->bin_count;
}

void period_to_hours(struct period *p)
{
	int64_t off = (p->since % HOUR + HOUR) % HOUR;

	p->since -= off;
	p->until -= off;
	if (off > 0 && p->bin_count < PERIOD_BINS) {
		p->bin_count++;
		p->until += p->step;
	}
}

void period_count(struct period *p, const struct week_volume *v)
{
	bool *filled = ARENA_ARRAY(p->in->arena, bool, p->bin_count);

	for (size_t i = 0; i < p->bin_count; i++)
		p->bins[i] = (struct bin){ .first = p->bins[i].first, .count = p->bins[i].count };
	memset(p->by_severity, 0, sizeof(p->by_severity));
	p->counted = v->kind == TELEMETRY_WEB ? COUNTS_REQUESTS : COUNTS_CONNECTIONS;
	p->alerts = p->outside = p->peak = p->gaps = 0;
	p->peak_at = INSTANT_NONE;
	for (uint32_t i = 0; i < v->count; i++) {
		instant at = (v->begin + i) * HOUR;

		if (at < p->since || at >= p->until) {
			p->outside += (uint64_t)v->counts[i];
			continue;
		}
		p->bins[(at - p->since) / p->step].total += (uint64_t)v->counts[i];
		p->alerts += (uint64_t)v->counts[i];
	}
	fill_telemetry(p, filled, v->kind);
	find_peak(p);
	find_gaps(p, filled);
}

static int by_size(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

uint64_t period_scale_to(const struct period *p, double factor)
{
	uint64_t sizes[PERIOD_BINS], typical;
	size_t n = 0;

	for (size_t i = 0; i < p->bin_count; i++)
		if (p->bins[i].total > 0)
			sizes[n++] = p->bins[i].total;
	qsort(sizes, n, sizeof(sizes[0]), by_size);
	typical = n > 0 ? sizes[(n - 1) * 9 / 10] : 0;
	if (n >= 8 && (double)p->peak > factor * (double)typical)
		return (uint64_t)(factor / 4 * (double)typical);
	return p->peak > 4 ? p->peak : 4;
}

void period_scale(struct period *p, uint64_t top)
{
	axis_value(&p->values, top, 4);
}

/* ---- the ruler ---- */

double period_x(const struct period *p, instant t)
{
	if (t < p->since)
		t = p->since;
	if (t > p->until)
		t = p->until;
	return p->left + (p->right - p->left) * ((double)(t - p->since) / (double)(p->until - p->since));
}

/* Days are separated by lines and named in their middle. */
static void draw_days(const struct period *p, struct scene *sc)
{
	double day = (p->right - p->left) * (double)DAY / (double)(p->until - p->since);
	double widest = p->in->measure->width(p->in->measure->ctx, words_day(p->in->words, p->in->arena, p->since, p->in->zone),
	                                      AXIS_TYPE, FACE_REGULAR);
	int every = (int)ceil((widest + 8) / day), n = 0;

	for (instant t = p->since, next; t < p->until; t = next, n++) {
		double x1 = period_x(p, t), x2;

		next = axis_next_midnight(t, p->in->zone);
		x2 = period_x(p, next);
		if (n > 0)
			scene_line(sc, x1, 2, x1, p->base + 3, 0.5, HAIRLINE, DASH_NONE);
		if (n % every == 0 && x2 - x1 >= fmin(widest, day * 0.9))
			scene_text(sc, (x1 + x2) / 2, p->base + 11, AXIS_TYPE, FACE_REGULAR, ALIGN_CENTRE, MUTE,
			           words_day(p->in->words, p->in->arena, t, p->in->zone));
	}
}

/* Hours, or months: ticks of a ruler, those inside the period. */
static void draw_ticks(const struct period *p, struct scene *sc)
{
	struct axis ax;

	axis_time(&ax, p->since, p->until, p->left, p->right - p->left, p->in->zone, p->in->words, p->in->measure, p->in->arena);
	for (size_t i = 0; i < ax.tick_count; i++) {
		double x = period_x(p, ax.ticks[i].at);

		if (ax.ticks[i].at < p->since || ax.ticks[i].at > p->until)
			continue;
		scene_line(sc, x, p->base, x, p->base + 3, 0.6, BAR_DARK, DASH_NONE);
		scene_text(sc, x > p->right - 14 ? p->right : x, p->base + 11, AXIS_TYPE, FACE_REGULAR,
		           x > p->right - 14 ? ALIGN_RIGHT : ALIGN_CENTRE, MUTE, ax.ticks[i].label);
	}
}

void period_ruler(const struct period *p, struct scene *sc)
{
	if (p->step <= 12 * HOUR && p->until - p->since > 2 * DAY)
		draw_days(p, sc);
	else
		draw_ticks(p, sc);
}

/* ---- values ---- */

double period_y(const struct period *p, uint64_t n)
{
	double share = (double)n / (double)p->values.top;

	return p->base - (p->base - p->top) * fmin(share, 1);
}

static const char *unit_label(const struct period *p)
{
	static const struct {
		int64_t span;
		const char *key;
	} units[] = {
		{ DAY, "chart.perdays" }, { HOUR, "chart.perhours" }, { MINUTE, "chart.perminutes" }
	};
	static const char *const counted[] = { "", ".connections", ".requests" };
	size_t i = 0;

	while (i < 2 && p->step % units[i].span != 0)
		i++;
	return words_fill(p->in->words, p->in->arena, arena_printf(p->in->arena, "%s%s", units[i].key, counted[p->counted]),
	                  "n", words_number(p->in->arena, (uint64_t)(p->step / units[i].span)), (char *)NULL);
}

double period_unit_width(const struct period *p)
{
	return p->in->measure->width(p->in->measure->ctx, unit_label(p), AXIS_TYPE, FACE_REGULAR);
}

void period_draw_values(const struct period *p, struct scene *sc)
{
	for (uint64_t v = 0; v <= p->values.top; v += p->values.step) {
		double y = period_y(p, v);

		scene_line(sc, p->left, y, p->right, y, v == 0 ? 0.8 : 0.5, v == 0 ? BAR : HAIRLINE, DASH_NONE);
		scene_text(sc, p->left - 5, y + 2.4, AXIS_TYPE, FACE_REGULAR, ALIGN_RIGHT, MUTE, words_number(p->in->arena, v));
	}
	scene_rect(sc, 0, p->top - 13, period_unit_width(p) + 2, 7.5, 0, WHITE, NO_COLOUR, 0);
	scene_text(sc, 0, p->top - 7.5, AXIS_TYPE, FACE_REGULAR, ALIGN_LEFT, MUTE, unit_label(p));
}

/* ---- what is missing, what is too much ---- */

/* Lines x + y = c, cut to the box. */
static void hatch(const struct period *p, struct scene *sc, double x1, double x2)
{
	for (double c = x1 + p->top + 6; c < x2 + p->base; c += 6) {
		double xa = fmax(x1, c - p->base), xb = fmin(x2, c - p->top);

		scene_line(sc, xa, c - xa, xb, c - xb, 0.5, BAR, DASH_NONE);
	}
}

static void name_gap(const struct period *p, struct scene *sc, double x1, double x2, const char *words)
{
	double w = p->in->measure->width(p->in->measure->ctx, words, AXIS_TYPE, FACE_REGULAR) + 4;

	if (w > x2 - x1)
		return;
	scene_rect(sc, (x1 + x2 - w) / 2, p->top + 8, w, 11, 0, WHITE, NO_COLOUR, 0);
	scene_text(sc, (x1 + x2) / 2, p->top + 16, AXIS_TYPE, FACE_REGULAR, ALIGN_CENTRE, INK_2, words);
}

void period_draw_gaps(const struct period *p, struct scene *sc)
{
	const char *words = words_get(p->in->words, "chart.norecords");

	for (size_t i = 0; i < p->bin_count; i++) {
		size_t end = i;
		double x1, x2;

		while (p->gap[end])
			end++;
		if (end == i)
			continue;
		x1 = period_x(p, p->since + (int64_t)i * p->step);
		x2 = period_x(p, p->since + (int64_t)end * p->step);
		scene_note(sc, arena_printf(p->in->arena, "%s: %s - %s", words,
		                               words_moment(p->in->words, p->in->arena, p->since + (int64_t)i * p->step, p->in->zone),
		                               words_moment(p->in->words, p->in->arena, p->since + (int64_t)end * p->step, p->in->zone)),
		           NULL, 0);
		hatch(p, sc, x1, x2);
		name_gap(p, sc, x1, x2, words);
		i = end;
	}
}

/* A bar that leaves the frame is broken by a white zigzag, and its number stands on top. */
void period_draw_clip(const struct period *p, struct scene *sc, uint64_t total, double x, double w, double *label_end)
{
	double y = p->top + 9;
	const double zig[] = { x - 1, y + 1, x + w / 3, y - 2, x + 2 * w / 3, y + 2, x + w + 1, y - 1 };
	const char *number = words_number(p->in->arena, total);
	double half = p->in->measure->width(p->in->measure->ctx, number, AXIS_TYPE, FACE_BOLD) / 2;
	double centre = fmin(fmax(x + w / 2, p->left + half), p->right - half);

	scene_polyline(sc, zig, 4, 1.8, WHITE, DASH_NONE);
	if (centre - half < *label_end + 3)
		return;
	*label_end = centre + half;
	scene_rect(sc, centre - half - 1.5, p->top - CLIP_NUMBER, 2 * half + 3, CLIP_NUMBER - 0.6, 0, WHITE, NO_COLOUR, 0);
	scene_text(sc, centre, p->top - 2.4, AXIS_TYPE, FACE_BOLD, ALIGN_CENTRE, INK, number);
}
