/* The period at a glance: stacked bars of alerts by severity, the incidents of the queue above them at
 * their time, and hatching where nothing at all was recorded for so long that it cannot be chance. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "timeline/axis.h"
#include "timeline/charts.h"
#include "timeline/lanes.h"
#include "timeline/marks.h"
#include "timeline/palette.h"

#define BINS_MOST 100                /* a week in 2-hour bins is 84 */
#define BINS_ROOM 512
#define LEFT 27.0                    /* room for the value labels */
#define ROW 14.0                     /* an incident's row */
#define ROWS_OWN 6                   /* up to here each incident has a row of its own */
#define ROWS_MOST 8
#define PLOT_LEAST 84.0
#define PLOT_LOW 58.0                /* where the page asks for a height */
#define HEIGHT_LEAST 150.0
#define FOOT 17.0                    /* day labels */
#define HEAD 13.0                    /* unit label, above the plot */
#define LABEL_SIZE 7.6
/* Empty bins in a row are a gap when chance would bring them less than once in a thousand. */
#define GAP_CHANCE 0.001
#define GAP_LEAST 3
/* A burst this many times above the 90th percentile would press all other bars flat: it is cut. */
#define CLIP_FACTOR 8

enum { LAYER_LOW, LAYER_MEDIUM, LAYER_HIGH, LAYER_CRITICAL, LAYERS };

struct bin {
	uint64_t total, layer[LAYERS];
	uint32_t first, count;           /* of week.marks */
};

struct plan {
	const struct chart_input *in;
	struct arena *arena;
	struct scene *sc;
	struct chart_finding *found;
	const struct week *week;
	instant since, until;
	int64_t step;
	struct bin *bins;
	size_t bin_count;
	uint64_t *keys;                  /* of all marks, so that a bin's proof is a stretch of them */
	struct value_axis values;
	double right, top, base;         /* of the plot */
	struct interval *rows;           /* one an incident */
	int row_count;
	bool *gap;                       /* one a bin */
};

/* ---- numbers ---- */

/* Without a period asked for: whole days when the week spans more than two, else round steps. */
static void choose_period(struct plan *p)
{
	const struct zone *z = p->in->zone;
	bool empty = p->week == NULL || p->week->mark_count == 0;

	p->since = p->in->since;
	p->until = p->in->until;
	if (p->until <= p->since) {
		p->since = empty ? 0 : p->week->first;
		p->until = empty ? 7 * DAY : p->week->last + SECOND;
		if (!empty && p->until - p->since > 2 * DAY) {
			p->since = axis_midnight(p->since, z);
			p->until = axis_next_midnight(p->until - 1, z);
		}
	}
	p->step = axis_step((p->until - p->since) / BINS_MOST > MINUTE ? (p->until - p->since) / BINS_MOST : MINUTE);
	if (p->step < DAY)
		p->since = axis_floor(p->since, p->step, z);
	p->bin_count = (size_t)((p->until - p->since + p->step - 1) / p->step);
	if (p->bin_count == 0)
		p->bin_count = 1;
	if (p->bin_count > BINS_ROOM)
		p->bin_count = BINS_ROOM;
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

static void fill_bins(struct plan *p)
{
	uint32_t marks = p->week != NULL ? p->week->mark_count : 0;

	p->bins = ARENA_ARRAY(p->arena, struct bin, p->bin_count);
	p->keys = ARENA_ARRAY(p->arena, uint64_t, marks + 1);
	for (uint32_t i = 0; i < marks; i++) {
		const struct mark *m = &p->week->marks[i];
		struct bin *b;

		p->keys[i] = m->key;
		if (m->at < p->since || m->at >= p->until) {
			p->found->outside++;
			continue;
		}
		b = &p->bins[(m->at - p->since) / p->step];
		if (b->total++ == 0)
			b->first = i;
		b->count = i - b->first + 1;
		b->layer[layer_of(m->severity)]++;
		p->found->alerts++;
		p->found->by_severity[m->severity < 6 ? m->severity : 0]++;
	}
	p->found->bin = p->step;
	p->found->peak_at = INSTANT_NONE;
	for (size_t i = 0; i < p->bin_count; i++)
		if (p->bins[i].total > p->found->peak) {
			p->found->peak = p->bins[i].total;
			p->found->peak_at = p->since + (int64_t)i * p->step;
		}
}

static int by_size(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static void choose_values(struct plan *p)
{
	uint64_t sizes[BINS_ROOM], typical, max = p->found->peak;
	size_t n = 0;

	for (size_t i = 0; i < p->bin_count; i++)
		if (p->bins[i].total > 0)
			sizes[n++] = p->bins[i].total;
	qsort(sizes, n, sizeof(sizes[0]), by_size);
	typical = n > 0 ? sizes[(n - 1) * 9 / 10] : 0;
	if (n >= 8 && max > CLIP_FACTOR * typical)
		max = 2 * typical;
	axis_value(&p->values, max > 4 ? max : 4, 4);
}

/* Bins with an alert, or with telemetry: hours without alerts are none without records. */
static bool *find_recorded(const struct plan *p)
{
	const struct week *w = p->week;
	bool *recorded = ARENA_ARRAY(p->arena, bool, p->bin_count + 1);

	for (size_t i = 0; i < p->bin_count; i++)
		recorded[i] = p->bins[i].total > 0;
	for (uint32_t i = 0; w != NULL && i < w->hour_count; i++) {
		instant from = w->hours[i].hour * HOUR, until = from + HOUR;

		if (until <= p->since || from >= p->until)
			continue;
		for (int64_t b = from > p->since ? (from - p->since) / p->step : 0;
		     b < (int64_t)p->bin_count && p->since + b * p->step < until; b++)
			recorded[b] = true;
	}
	return recorded;
}

/* The share of bins that hold anything tells how likely a run of empty ones is. */
static void find_gaps(struct plan *p)
{
	const bool *recorded = find_recorded(p);
	size_t filled = 0, run = 0;
	double empty_share, chance = 1;

	p->gap = ARENA_ARRAY(p->arena, bool, p->bin_count + 1);
	for (size_t i = 0; i < p->bin_count; i++)
		filled += recorded[i];
	if (filled < 2)
		return;
	for (size_t i = 0; i <= p->bin_count; i++) {
		if (i < p->bin_count && !recorded[i]) {
			run++;
			continue;
		}
		if (run >= GAP_LEAST) {
			double others = (double)(p->bin_count - run);

			empty_share = fmax((others - (double)filled) / others, 0.01);
			chance = pow(empty_share, (double)run);
			if (chance < GAP_CHANCE) {
				p->found->gaps++;
				for (size_t j = i - run; j < i; j++)
					p->gap[j] = true;
			}
		}
		run = 0;
	}
}

/* ---- places ---- */

static double x_of(const struct plan *p, instant t)
{
	if (t < p->since)
		t = p->since;
	if (t > p->until)
		t = p->until;
	return LEFT + (p->right - LEFT) * ((double)(t - p->since) / (double)(p->until - p->since));
}

static const char *incident_label(const struct plan *p, uint32_t i)
{
	const char *const *labels = p->in->incident_labels;

	return labels != NULL && labels[i] != NULL ? labels[i] : p->in->analysis->incidents[i].id;
}

static bool in_period(const struct plan *p, const struct incident *in)
{
	return in->first < p->until && in->last >= p->since;
}

static void place_incidents(struct plan *p)
{
	uint32_t queue = p->in->analysis->queue_count, n = 0;

	p->rows = ARENA_ARRAY(p->arena, struct interval, queue + 1);
	for (uint32_t i = 0; i < queue; i++) {
		const struct incident *in = &p->in->analysis->incidents[i];
		double from = x_of(p, in->first), label = 150;

		p->rows[i].row = -1;
		if (!in_period(p, in))
			continue;
		p->found->incidents++;
		/* Beside the bar, on whichever side has room. */
		p->rows[i].from = from > p->right - label ? from - label : from;
		p->rows[i].to = fmax(x_of(p, in->last), p->rows[i].from + label);
		if (++n <= ROWS_OWN)
			p->rows[i].row = (int)n - 1;
	}
	p->row_count = n <= ROWS_OWN ? (int)n : lanes_pack(p->rows, queue, 6, ROWS_MOST);
	for (uint32_t i = 0; i < queue; i++)
		if (p->rows[i].row < 0 && in_period(p, &p->in->analysis->incidents[i]))
			p->found->incidents_hidden++;
}

static void place(struct plan *p)
{
	double rows, height;

	p->right = fmax(p->in->width, LEFT + 40);
	place_incidents(p);
	rows = p->row_count * ROW + (p->found->incidents_hidden > 0 ? ROW - 3 : 0);
	height = p->in->height > 0 ? fmax(p->in->height, rows + HEAD + PLOT_LOW + FOOT)
	                           : fmax(HEIGHT_LEAST, rows + HEAD + PLOT_LEAST + FOOT);
	p->sc = scene_new(p->arena, p->right, height);
	p->top = rows + HEAD;
	p->base = height - FOOT;
}

/* ---- marks ---- */

static double y_of(const struct plan *p, uint64_t n)
{
	double share = (double)n / (double)p->values.top;

	return p->base - (p->base - p->top) * fmin(share, 1);
}

static const char *unit_label(const struct plan *p)
{
	static const struct {
		int64_t span;
		const char *key;
	} units[] = {
		{ DAY, "chart.perdays" }, { HOUR, "chart.perhours" }, { MINUTE, "chart.perminutes" }
	};
	size_t i = 0;

	while (i < 2 && p->step % units[i].span != 0)
		i++;
	return words_fill(p->in->words, p->arena, units[i].key,
	                  "n", words_number(p->arena, (uint64_t)(p->step / units[i].span)), (char *)NULL);
}

static double unit_width(const struct plan *p)
{
	return p->in->measure->width(p->in->measure->ctx, unit_label(p), AXIS_TYPE, FACE_REGULAR);
}

static void draw_values(const struct plan *p)
{
	for (uint64_t v = 0; v <= p->values.top; v += p->values.step) {
		double y = y_of(p, v);

		scene_line(p->sc, LEFT, y, p->right, y, v == 0 ? 0.8 : 0.5, v == 0 ? BAR : HAIRLINE, DASH_NONE);
		scene_text(p->sc, LEFT - 5, y + 2.4, AXIS_TYPE, FACE_REGULAR, ALIGN_RIGHT, MUTE, words_number(p->arena, v));
	}
	scene_rect(p->sc, 0, p->top - 13, unit_width(p) + 2, 7.5, 0, WHITE, NO_COLOUR, 0);
	scene_text(p->sc, 0, p->top - 7.5, AXIS_TYPE, FACE_REGULAR, ALIGN_LEFT, MUTE, unit_label(p));
}

/* Days are separated by lines and named in their middle. */
static void draw_days(const struct plan *p)
{
	double day = (p->right - LEFT) * (double)DAY / (double)(p->until - p->since);
	double widest = p->in->measure->width(p->in->measure->ctx, words_day(p->in->words, p->arena, p->since, p->in->zone),
	                                      AXIS_TYPE, FACE_REGULAR);
	int every = (int)ceil((widest + 8) / day), n = 0;

	for (instant t = p->since, next; t < p->until; t = next, n++) {
		double x1 = x_of(p, t), x2;

		next = axis_next_midnight(t, p->in->zone);
		x2 = x_of(p, next);
		if (n > 0)
			scene_line(p->sc, x1, 2, x1, p->base + 3, 0.5, HAIRLINE, DASH_NONE);
		if (n % every == 0 && x2 - x1 >= fmin(widest, day * 0.9))
			scene_text(p->sc, (x1 + x2) / 2, p->base + 11, AXIS_TYPE, FACE_REGULAR, ALIGN_CENTRE, MUTE,
			           words_day(p->in->words, p->arena, t, p->in->zone));
	}
}

/* Hours, or months: ticks of a ruler, those inside the period. */
static void draw_ticks(const struct plan *p)
{
	struct axis ax;

	axis_time(&ax, p->since, p->until, LEFT, p->right - LEFT, p->in->zone, p->in->words, p->in->measure, p->arena);
	for (size_t i = 0; i < ax.tick_count; i++) {
		double x = x_of(p, ax.ticks[i].at);

		if (ax.ticks[i].at < p->since || ax.ticks[i].at > p->until)
			continue;
		scene_line(p->sc, x, p->base, x, p->base + 3, 0.6, BAR_DARK, DASH_NONE);
		scene_text(p->sc, x > p->right - 14 ? p->right : x, p->base + 11, AXIS_TYPE, FACE_REGULAR,
		           x > p->right - 14 ? ALIGN_RIGHT : ALIGN_CENTRE, MUTE, ax.ticks[i].label);
	}
}

/* Lines x + y = c, cut to the box. */
static void hatch(const struct plan *p, double x1, double x2)
{
	for (double c = x1 + p->top + 6; c < x2 + p->base; c += 6) {
		double xa = fmax(x1, c - p->base), xb = fmin(x2, c - p->top);

		scene_line(p->sc, xa, c - xa, xb, c - xb, 0.5, BAR, DASH_NONE);
	}
}

static void name_gap(const struct plan *p, double x1, double x2, const char *words)
{
	double w = p->in->measure->width(p->in->measure->ctx, words, AXIS_TYPE, FACE_REGULAR) + 4;

	if (w > x2 - x1)
		return;
	scene_rect(p->sc, (x1 + x2 - w) / 2, p->top + 8, w, 11, 0, WHITE, NO_COLOUR, 0);
	scene_text(p->sc, (x1 + x2) / 2, p->top + 16, AXIS_TYPE, FACE_REGULAR, ALIGN_CENTRE, INK_2, words);
}

static void draw_gaps(const struct plan *p)
{
	const char *words = words_get(p->in->words, "chart.norecords");

	for (size_t i = 0; i < p->bin_count; i++) {
		size_t end = i;
		double x1, x2;

		while (p->gap[end])
			end++;
		if (end == i)
			continue;
		x1 = x_of(p, p->since + (int64_t)i * p->step);
		x2 = x_of(p, p->since + (int64_t)end * p->step);
		scene_note(p->sc, arena_printf(p->arena, "%s: %s - %s", words,
		                               words_moment(p->in->words, p->arena, p->since + (int64_t)i * p->step, p->in->zone),
		                               words_moment(p->in->words, p->arena, p->since + (int64_t)end * p->step, p->in->zone)),
		           NULL, 0);
		hatch(p, x1, x2);
		name_gap(p, x1, x2, words);
		i = end;
	}
}

/* A bar that leaves the frame is broken by a white zigzag, and its number stands on top. */
static void draw_clip(struct plan *p, const struct bin *b, double x, double w, double *label_end)
{
	double y = p->top + 9;
	const double zig[] = { x - 1, y + 1, x + w / 3, y - 2, x + 2 * w / 3, y + 2, x + w + 1, y - 1 };
	const char *number = words_number(p->arena, b->total);
	double half = p->in->measure->width(p->in->measure->ctx, number, AXIS_TYPE, FACE_BOLD) / 2;
	double centre = fmin(fmax(x + w / 2, LEFT + half), p->right - half);

	p->found->clipped++;
	scene_polyline(p->sc, zig, 4, 1.8, WHITE, DASH_NONE);
	if (centre - half < *label_end + 3)
		return;
	*label_end = centre + half;
	scene_rect(p->sc, centre - half - 1.5, p->top - 9, 2 * half + 3, 8.4, 0, WHITE, NO_COLOUR, 0);
	scene_text(p->sc, centre, p->top - 2.4, AXIS_TYPE, FACE_BOLD, ALIGN_CENTRE, INK, number);
}

static void draw_bars(struct plan *p)
{
	static const colour fills[LAYERS] = { BAR, MEDIUM_FILL, HIGH_FILL, CRITICAL_FILL };
	double pitch = (p->right - LEFT) / (double)p->bin_count, gap = fmin(0.6, pitch * 0.15);
	/* numbers of cut bars keep clear of the unit label at the left */
	double label_end = unit_width(p);

	for (size_t i = 0; i < p->bin_count; i++) {
		const struct bin *b = &p->bins[i];
		double x = LEFT + pitch * (double)i + gap / 2, w = pitch - gap, full, y = p->base;

		if (b->total == 0)
			continue;
		scene_note(p->sc, arena_printf(p->arena, "%s: %s", words_moment(p->in->words, p->arena,
		                               p->since + (int64_t)i * p->step, p->in->zone),
		                               words_counted(p->in->words, p->arena, "alerts", b->total)),
		           p->keys + b->first, b->count);
		/* A cut bar keeps the shares of its layers. Every bar is tall enough to be seen. */
		full = fmax(p->base - y_of(p, b->total), 0.8);
		for (int layer = 0; layer < LAYERS; layer++) {
			double h = full * (double)b->layer[layer] / (double)b->total;

			if (b->layer[layer] == 0)
				continue;
			scene_rect(p->sc, x, y - h, w, h, 0, fills[layer], NO_COLOUR, 0);
			y -= h;
		}
		if (b->total > p->values.top)
			draw_clip(p, b, x, w, &label_end);
	}
}

static double row_y(int row)
{
	return 7 + row * ROW;
}

static void draw_drops(const struct plan *p)
{
	for (uint32_t i = 0; i < p->in->analysis->queue_count; i++) {
		const struct incident *in = &p->in->analysis->incidents[i];
		double x = x_of(p, in->first) + 2;

		if (p->rows[i].row >= 0)
			scene_line(p->sc, x, row_y(p->rows[i].row), x, p->base, 0.7, mark_priority_tint(in->priority), DASH_NONE);
	}
}

static void draw_incident(const struct plan *p, uint32_t i)
{
	const struct incident *in = &p->in->analysis->incidents[i];
	const struct measure *m = p->in->measure;
	double x1 = x_of(p, in->first), x2 = fmax(x_of(p, in->last), x1 + 4.4), y = row_y(p->rows[i].row);
	const char *label = arena_printf(p->arena, "%u  %s", in->rank, incident_label(p, i));
	double w = m->width(m->ctx, label, LABEL_SIZE, FACE_SEMIBOLD), right = p->right - x2 - 12, left = x1 - LEFT - 12;
	/* With rows of their own labels may use the page; where rows are shared they keep to their place. */
	double room = fmax(fmax(right, left), 60);
	bool to_right = w <= right || right >= left;
	size_t keys;
	const uint64_t *proof = chart_proof(p->in, in->episodes, in->episode_count, &keys);

	if (p->found->incidents > ROWS_OWN)
		room = fmin(room, 138);
	if (w > room) {
		label = measure_fit(m, p->arena, label, LABEL_SIZE, FACE_SEMIBOLD, room);
		w = m->width(m->ctx, label, LABEL_SIZE, FACE_SEMIBOLD);
	}
	if (x2 > p->right) {
		x1 -= x2 - p->right;
		x2 = p->right;
	}
	scene_note(p->sc, arena_printf(p->arena, "incident %s", label), proof, keys);
	/* the white ground keeps day lines and the drop lines of others out of the words */
	scene_rect(p->sc, to_right ? x2 + 3 : x1 - 9 - w, y - 5.5, w + 6, 11, 0, WHITE, NO_COLOUR, 0);
	scene_rect(p->sc, x1, y - 3.6, x2 - x1, 7.2, 2.2, mark_priority_fill(in->priority), NO_COLOUR, 0);
	scene_text(p->sc, to_right ? x2 + 6 : x1 - 6, y + 2.7, LABEL_SIZE, FACE_SEMIBOLD, to_right ? ALIGN_LEFT : ALIGN_RIGHT,
	           INK, label);
}

static void draw_incidents(const struct plan *p)
{
	for (uint32_t i = 0; i < p->in->analysis->queue_count; i++)
		if (p->rows[i].row >= 0)
			draw_incident(p, i);
	if (p->found->incidents_hidden > 0)
		scene_text(p->sc, p->right, p->row_count * ROW + 7, AXIS_TYPE, FACE_REGULAR, ALIGN_RIGHT, INK_2,
		           words_counted(p->in->words, p->arena, "moreincidents", p->found->incidents_hidden));
}

/* One alert is one mark with its own words; a scale from 0 to 4 would say nothing. */
static void draw_single(const struct plan *p)
{
	const struct mark *m = NULL;
	const struct week_rule *r;
	double x;
	bool to_right;

	for (size_t i = 0; i < p->bin_count && m == NULL; i++)
		if (p->bins[i].total == 1)
			m = &p->week->marks[p->bins[i].first];
	if (m == NULL)
		return;
	r = &p->week->rules[m->rule];
	x = x_of(p, m->at);
	to_right = x < (LEFT + p->right) / 2;
	scene_note(p->sc, "the only alert", &m->key, 1);
	scene_line(p->sc, LEFT, p->base, p->right, p->base, 0.8, BAR, DASH_NONE);
	scene_line(p->sc, x, p->base - 18, x, p->base, 0.7, BAR_DARK, DASH_NONE);
	mark_severity(p->sc, x, p->base - 18, 4, (enum severity)m->severity);
	scene_text(p->sc, x + (to_right ? 9 : -9), p->base - 20, 8, FACE_BOLD, to_right ? ALIGN_LEFT : ALIGN_RIGHT, INK,
	           words_moment(p->in->words, p->arena, m->at, p->in->zone));
	scene_text(p->sc, x + (to_right ? 9 : -9), p->base - 10, 7.4, FACE_REGULAR, to_right ? ALIGN_LEFT : ALIGN_RIGHT,
	           INK_2, measure_fit(p->in->measure, p->arena, r->rule.name, 7.4, FACE_REGULAR, p->right / 2 - 20));
}

static struct scene *draw(const struct chart_input *in, struct chart_finding *found)
{
	struct plan p = { .in = in, .arena = in->arena, .found = found, .week = in->analysis->week };

	memset(found, 0, sizeof(*found));
	choose_period(&p);
	fill_bins(&p);
	choose_values(&p);
	find_gaps(&p);
	place(&p);
	if (p.step <= 12 * HOUR && p.until - p.since > 2 * DAY)
		draw_days(&p);
	else
		draw_ticks(&p);
	if (found->alerts == 1) {
		draw_single(&p);
	} else {
		draw_drops(&p);
		draw_values(&p);
		draw_gaps(&p);
		draw_bars(&p);
	}
	if (found->alerts == 0)
		scene_text(p.sc, (LEFT + p.right) / 2, (p.top + p.base) / 2, 8, FACE_REGULAR, ALIGN_CENTRE, INK_2,
		           words_get(in->words, "chart.noalerts"));
	draw_incidents(&p);
	return p.sc;
}

const struct chart chart_week_overview = {
	.name = "week-overview",
	.summary = "alerts of the period by severity, with the queue's incidents at their time",
	.draw = draw,
};
