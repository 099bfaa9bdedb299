/* Why an incident ranks where it does: the parts of its score, each bar beginning where the one before ended, so
 * that the last end is the score. What takes points away goes back, in the colour of a response. Parts are drawn
 * in the order of their weight, those that take away last. */
#include <math.h>
#include <string.h>

#include "timeline/axis.h"
#include "timeline/charts.h"
#include "timeline/marks.h"
#include "timeline/palette.h"

#define ROW 19.0
#define HEAD 14.0
#define FOOT 4.0
#define LABELS 0.5                   /* of the width */
#define NUMBERS 34.0                 /* points, behind the bars */
#define BAR_HEIGHT 9.0
#define LEAST 0.05                   /* points that are not nothing */
#define FULL 100.0                   /* the maxima of all parts */

struct plan {
	const struct chart_input *in;
	struct scene *sc;
	struct chart_finding *found;
	uint32_t order[FACTORS_MAX];
	size_t count;
	double x, width;                     /* of 0 to 100 */
	const uint64_t *proof;
	size_t keys;
};

static double points(const struct plan *p, uint32_t i)
{
	return p->in->incident->factors[i].points;
}

static void sort(struct plan *p)
{
	const struct incident *in = p->in->incident;

	for (uint32_t i = 0; in != NULL && i < in->factor_count && i < FACTORS_MAX; i++) {
		size_t at = p->count;

		if (fabs(points(p, i)) < LEAST)
			continue;
		for (; at > 0 && points(p, p->order[at - 1]) < points(p, i); at--)
			p->order[at] = p->order[at - 1];
		p->order[at] = i;
		p->count++;
	}
}

static void report(struct plan *p)
{
	struct chart_finding *found = p->found;

	memset(found, 0, sizeof(*found));
	if (p->in->incident == NULL)
		return;
	found->score = p->in->incident->score;
	found->factors = p->count;
	for (size_t i = 0; i < p->count; i++) {
		if (i < 3 && points(p, p->order[i]) > 0)
			found->points[i] = points(p, p->order[i]);
		found->lowering += points(p, p->order[i]) < 0;
	}
	if (p->count > 0)
		found->first_factor = p->in->incident->factors[p->order[0]].key;
}

static double x_of(const struct plan *p, double score)
{
	return p->x + p->width * fmin(fmax(score, 0), FULL) / FULL;
}

static void draw_grid(const struct plan *p)
{
	double bottom = scene_height(p->sc) - FOOT;

	for (int v = 0; v <= 100; v += 25) {
		scene_line(p->sc, x_of(p, v), HEAD - 2, x_of(p, v), bottom, 0.5, v == 0 ? BAR_DARK : HAIRLINE, DASH_NONE);
		scene_text(p->sc, x_of(p, v), HEAD - 5, AXIS_TYPE, FACE_REGULAR, ALIGN_CENTRE, MUTE, words_number(p->in->arena, (uint64_t)v));
	}
}

static void draw_part(const struct plan *p, uint32_t i, double y, double from)
{
	const struct factor *f = &p->in->incident->factors[i];
	const char *label = p->in->factor_labels != NULL && p->in->factor_labels[i] != NULL ? p->in->factor_labels[i] : f->key;
	const char *number = arena_printf(p->in->arena, "%s%.1f", f->points < 0 ? "\xE2\x88\x92" : "+", fabs(f->points));
	double x1 = x_of(p, fmin(from, from + f->points)), x2 = fmax(x_of(p, fmax(from, from + f->points)), x1 + 0.8);
	colour ink = f->points < 0 ? RESPONSE_BAR : VOLUME;

	scene_note(p->sc, arena_printf(p->in->arena, "%s %s", number, label), p->proof, p->keys);
	scene_text(p->sc, 0, y + 2.7, 7.6, FACE_REGULAR, ALIGN_LEFT, INK,
	           measure_fit(p->in->measure, p->in->arena, label, 7.6, FACE_REGULAR, p->x - 12));
	if (from > 0)
		scene_line(p->sc, x_of(p, from), y - ROW + BAR_HEIGHT / 2, x_of(p, from), y - BAR_HEIGHT / 2, 0.6, BAR_DARK, DASH_NONE);
	scene_rect(p->sc, x1, y - BAR_HEIGHT / 2, x2 - x1, BAR_HEIGHT, 0, ink, f->points < 0 ? RESPONSE : NO_COLOUR, 0.6);
	scene_text(p->sc, x2 + 4, y + 2.6, 7.2, FACE_SEMIBOLD, ALIGN_LEFT, f->points < 0 ? RESPONSE : INK, number);
}

static void draw_sum(const struct plan *p, double y)
{
	static const char *const names[] = { "chart.priority.low", "chart.priority.medium", "chart.priority.high", "chart.priority.critical" };
	const struct incident *in = p->in->incident;
	const char *number = arena_printf(p->in->arena, "%.1f", in->score);

	scene_note(p->sc, arena_printf(p->in->arena, "= %s", number), p->proof, p->keys);
	scene_line(p->sc, 0, y - ROW / 2, scene_width(p->sc), y - ROW / 2, 0.6, BAR_DARK, DASH_NONE);
	mark_priority(p->sc, 4, y, 3.4, in->priority);
	scene_text(p->sc, 13, y + 2.8, 7.8, FACE_BOLD, ALIGN_LEFT, INK,
	           words_get(p->in->words, names[in->priority <= PRIORITY_CRITICAL ? in->priority : 0]));
	scene_rect(p->sc, p->x, y - BAR_HEIGHT / 2, x_of(p, in->score) - p->x, BAR_HEIGHT, 0, NAVY, NO_COLOUR, 0);
	scene_text(p->sc, x_of(p, in->score) + 4, y + 2.8, 7.8, FACE_BOLD, ALIGN_LEFT, INK, number);
}

static struct scene *draw(const struct chart_input *in, struct chart_finding *found)
{
	struct plan p = { .in = in, .found = found };
	double y = HEAD + ROW / 2, score = 0;

	sort(&p);
	report(&p);
	if (p.count == 0) {
		p.sc = scene_new(in->arena, in->width, 24);
		scene_text(p.sc, 0, 14, 7.6, FACE_REGULAR, ALIGN_LEFT, INK_2, words_get(in->words, "chart.factors.none"));
		return p.sc;
	}
	p.proof = chart_proof(in, in->incident->episodes, in->incident->episode_count, &p.keys);
	p.sc = scene_new(in->arena, in->width, HEAD + ROW * (double)(p.count + 1) + FOOT);
	p.x = in->width * LABELS;
	p.width = in->width - p.x - NUMBERS;
	draw_grid(&p);
	for (size_t i = 0; i < p.count; i++, y += ROW) {
		draw_part(&p, p.order[i], y, score);
		score += points(&p, p.order[i]);
	}
	draw_sum(&p, y);
	return p.sc;
}

static int applies(const struct chart_input *in)
{
	return in->incident != NULL && in->incident->factor_count > 0;
}

const struct chart chart_priority_factors = {
	.name = "priority-factors",
	.summary = "why an incident ranks where it does: the parts of its score, with their reasons",
	.of_incident = CHART_OF_INCIDENT,
	.applies = applies, .draw = draw,
};
