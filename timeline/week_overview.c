/* The period at a glance: stacked bars of alerts by severity, the incidents of the queue above them at
 * their time, and hatching where nothing at all was recorded for so long that it cannot be chance. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyst/model/view.h"
#include "timeline/axis.h"
#include "timeline/charts.h"
#include "timeline/lanes.h"
#include "timeline/marks.h"
#include "timeline/palette.h"
#include "timeline/period.h"

#include "analyst/readers/refang.h"

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
#define LABEL_LEAST 100.0         /* with less room beside a bar its label stands in it, if that is wider */
/* A burst this many times above the 90th percentile would press all other bars flat: it is cut. */
#define CLIP_FACTOR 8

struct plan {
	const struct chart_input *in;
	struct arena *arena;
	struct scene *sc;
	struct chart_finding *found;
	const struct week *week;
	struct period t;                 /* what time it shows, and the plot */
	struct interval *rows;           /* one an incident */
	int row_count;
};

/* ---- numbers ---- */

static void report(struct plan *p)
{
	p->found->alerts = p->t.alerts;
	p->found->outside = p->t.outside;
	memcpy(p->found->by_severity, p->t.by_severity, sizeof(p->t.by_severity));
	p->found->bin = p->t.step;
	p->found->peak = p->t.peak;
	p->found->peak_at = p->t.peak_at;
	p->found->gaps = p->t.gaps;
}

/* ---- places ---- */

static const char *incident_label(const struct plan *p, uint32_t i)
{
	const char *const *labels = p->in->incident_labels;

	return labels != NULL && labels[i] != NULL ? labels[i] : p->in->analysis->incidents[i].id;
}

static bool in_period(const struct plan *p, const struct incident *in)
{
	return in->first < p->t.until && in->last >= p->t.since;
}

static void place_incidents(struct plan *p)
{
	uint32_t queue = p->in->analysis->queue_count, n = 0;

	p->rows = ARENA_ARRAY(p->arena, struct interval, queue + 1);
	for (uint32_t i = 0; i < queue; i++) {
		const struct incident *in = &p->in->analysis->incidents[i];
		double from = period_x(&p->t, in->first), label = 150;

		p->rows[i].row = -1;
		if (!in_period(p, in))
			continue;
		p->found->incidents++;
		/* Beside the bar, on whichever side has room. */
		p->rows[i].from = from > p->t.right - label ? from - label : from;
		p->rows[i].to = fmax(period_x(&p->t, in->last), p->rows[i].from + label);
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

	p->t.left = LEFT;
	p->t.right = fmax(p->in->width, LEFT + 40);
	place_incidents(p);
	rows = p->row_count * ROW + (p->found->incidents_hidden > 0 ? ROW - 3 : 0);
	height = p->in->height > 0 ? fmax(p->in->height, rows + HEAD + PLOT_LOW + FOOT)
	                           : fmax(HEIGHT_LEAST, rows + HEAD + PLOT_LEAST + FOOT);
	p->sc = scene_new(p->arena, p->t.right, height);
	p->t.top = rows + HEAD;
	p->t.base = height - FOOT;
}

/* ---- marks ---- */

static void draw_bars(struct plan *p)
{
	static const colour fills[LAYERS] = { BAR, MEDIUM_FILL, HIGH_FILL, CRITICAL_FILL };
	double pitch = (p->t.right - LEFT) / (double)p->t.bin_count, gap = fmin(0.6, pitch * 0.15);
	/* numbers of cut bars keep clear of the unit label at the left */
	double label_end = period_unit_width(&p->t);

	for (size_t i = 0; i < p->t.bin_count; i++) {
		const struct bin *b = &p->t.bins[i];
		double x = LEFT + pitch * (double)i + gap / 2, w = pitch - gap, full, y = p->t.base;

		if (b->total == 0)
			continue;
		scene_note(p->sc, arena_printf(p->arena, "%s: %s", words_moment(p->in->words, p->arena,
		                               p->t.since + (int64_t)i * p->t.step, p->in->zone),
		                               words_counted(p->in->words, p->arena, "alerts", b->total)),
		           p->t.keys + b->first, b->count);
		/* A cut bar keeps the shares of its layers. Every bar is tall enough to be seen. */
		full = fmax(p->t.base - period_y(&p->t, b->total), 0.8);
		for (int layer = 0; layer < LAYERS; layer++) {
			double h = full * (double)b->layer[layer] / (double)b->total;

			if (b->layer[layer] == 0)
				continue;
			scene_rect(p->sc, x, y - h, w, h, 0, fills[layer], NO_COLOUR, 0);
			y -= h;
		}
		if (b->total > p->t.values.top) {
			p->found->clipped++;
			period_draw_clip(&p->t, p->sc, b->total, x, w, &label_end);
		}
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
		double x = period_x(&p->t, in->first) + 2;

		/* What began before has no beginning to point at. */
		if (p->rows[i].row >= 0 && in->first >= p->t.since)
			scene_line(p->sc, x, row_y(p->rows[i].row), x, p->t.base, 0.7, mark_priority_tint(in->priority), DASH_NONE);
	}
}

/* A white notch at the end that is not its own: the incident began before the period, or goes on after it. */
static void draw_reach(const struct plan *p, const struct incident *in, double x1, double x2, double y)
{
	const double left[] = { x1, y - 3.6, x1 + 2.6, y, x1, y + 3.6 }, right[] = { x2, y - 3.6, x2 - 2.6, y, x2, y + 3.6 };

	if (in->first < p->t.since)
		scene_polygon(p->sc, left, 3, WHITE, NO_COLOUR, 0);
	if (in->last >= p->t.until)
		scene_polygon(p->sc, right, 3, WHITE, NO_COLOUR, 0);
}

static void draw_incident(const struct plan *p, uint32_t i)
{
	const struct incident *in = &p->in->analysis->incidents[i];
	const struct measure *m = p->in->measure;
	double x1 = period_x(&p->t, in->first), x2 = fmax(period_x(&p->t, in->last), x1 + 4.4), y = row_y(p->rows[i].row);
	const char *label = arena_printf(p->arena, "%u  %s", in->rank, incident_label(p, i));
	double w = m->width(m->ctx, label, LABEL_SIZE, FACE_SEMIBOLD), right = p->t.right - x2 - 12, left = x1 - LEFT - 12;
	/* With rows of their own labels may use the page; where rows are shared they keep to their place. */
	double room = fmax(fmax(right, left), 60), within = x2 - x1 - 24, at;
	bool to_right = w <= right || right >= left, inside = w > room && room < LABEL_LEAST && within > room;
	size_t keys;
	const uint64_t *proof = chart_proof(p->in, in->episodes, in->episode_count, &keys);

	if (p->found->incidents > ROWS_OWN)
		room = fmin(room, 138);
	if (inside)
		room = within;
	if (w > room) {
		label = measure_fit(m, p->arena, label, LABEL_SIZE, FACE_SEMIBOLD, room);
		w = m->width(m->ctx, label, LABEL_SIZE, FACE_SEMIBOLD);
	}
	if (x2 > p->t.right) {
		x1 -= x2 - p->t.right;
		x2 = p->t.right;
	}
	scene_note(p->sc, arena_printf(p->arena, "incident %s", label), proof, keys);
	at = inside ? x1 + 12 : to_right ? x2 + 6 : x1 - 6 - w;
	scene_rect(p->sc, x1, y - 3.6, x2 - x1, 7.2, 2.2, mark_priority_fill(in->priority), NO_COLOUR, 0);
	draw_reach(p, in, x1, x2, y);
	/* the white ground keeps day lines and the drop lines of others out of the words; inside it parts the bar */
	scene_rect(p->sc, at - 3, y - 5.5, w + 6, 11, 0, WHITE, NO_COLOUR, 0);
	scene_text(p->sc, at, y + 2.7, LABEL_SIZE, FACE_SEMIBOLD, ALIGN_LEFT, INK, label);
}

static void draw_incidents(const struct plan *p)
{
	for (uint32_t i = 0; i < p->in->analysis->queue_count; i++)
		if (p->rows[i].row >= 0)
			draw_incident(p, i);
	if (p->found->incidents_hidden > 0)
		scene_text(p->sc, p->t.right, p->row_count * ROW + 7, AXIS_TYPE, FACE_REGULAR, ALIGN_RIGHT, INK_2,
		           words_counted(p->in->words, p->arena, "moreincidents", p->found->incidents_hidden));
}

/* One alert is one mark with its own words; a scale from 0 to 4 would say nothing. */
static void draw_single(const struct plan *p)
{
	const struct mark *m = NULL;
	const struct week_rule *r;
	double x;
	bool to_right;

	for (uint32_t i = 0; i < p->week->mark_count && m == NULL; i++)
		if (view_holds(p->in->analysis, i) && p->week->marks[i].at >= p->t.since && p->week->marks[i].at < p->t.until)
			m = &p->week->marks[i];
	if (m == NULL)
		return;
	r = &p->week->rules[m->rule];
	x = period_x(&p->t, m->at);
	to_right = x < (LEFT + p->t.right) / 2;
	scene_note(p->sc, "the only alert", &m->key, 1);
	scene_line(p->sc, LEFT, p->t.base, p->t.right, p->t.base, 0.8, BAR, DASH_NONE);
	scene_line(p->sc, x, p->t.base - 18, x, p->t.base, 0.7, BAR_DARK, DASH_NONE);
	mark_severity(p->sc, x, p->t.base - 18, 4, (enum severity)m->severity);
	scene_text(p->sc, x + (to_right ? 9 : -9), p->t.base - 20, 8, FACE_BOLD, to_right ? ALIGN_LEFT : ALIGN_RIGHT, INK,
	           words_moment(p->in->words, p->arena, m->at, p->in->zone));
	scene_text(p->sc, x + (to_right ? 9 : -9), p->t.base - 10, 7.4, FACE_REGULAR, to_right ? ALIGN_LEFT : ALIGN_RIGHT,
	           INK_2, measure_fit(p->in->measure, p->arena, prose_defanged(p->arena, r->rule.name), 7.4, FACE_REGULAR, p->t.right / 2 - 20));
}

static struct scene *draw(const struct chart_input *in, struct chart_finding *found)
{
	struct plan p = { .in = in, .arena = in->arena, .found = found, .week = in->analysis->week };

	memset(found, 0, sizeof(*found));
	period_choose(&p.t, in, 0);
	period_fill(&p.t, NULL);
	period_scale(&p.t, period_scale_to(&p.t, CLIP_FACTOR));
	report(&p);
	place(&p);
	period_ruler(&p.t, p.sc);
	if (found->alerts == 1) {
		draw_single(&p);
	} else {
		draw_drops(&p);
		period_draw_values(&p.t, p.sc);
		period_draw_gaps(&p.t, p.sc);
		draw_bars(&p);
	}
	if (found->alerts == 0)
		scene_text(p.sc, (LEFT + p.t.right) / 2, (p.t.top + p.t.base) / 2, 8, FACE_REGULAR, ALIGN_CENTRE, INK_2,
		           words_get(in->words, "chart.noalerts"));
	draw_incidents(&p);
	return p.sc;
}

const struct chart chart_week_overview = {
	.name = "week-overview",
	.summary = "alerts of the period by severity, with the queue's incidents at their time",
	.draw = draw,
};
