#include "timeline/cut_axis.h"

#include <stdlib.h>

#include "timeline/axis.h"
#include "timeline/palette.h"

#define CUT_SHARE 0.3                /* of the whole: a longer pause is cut */
#define CUT_LEAST (10 * MINUTE)
#define CUT_WIDTH 20.0

static int by_instant(const void *pa, const void *pb)
{
	instant a = *(const instant *)pa, b = *(const instant *)pb;

	return a < b ? -1 : a > b;
}

/* ---- where it is cut ---- */

static void cut(struct cut_axis *ax, const instant *at, size_t n)
{
	int64_t whole = at[n - 1] - at[0];

	ax->segments[0] = (struct segment){ .from = at[0], .to = at[0] };
	ax->count = 1;
	for (size_t i = 1; i < n; i++) {
		struct segment *s = &ax->segments[ax->count - 1];
		int64_t pause = at[i] - at[i - 1];

		if (pause >= CUT_LEAST && (double)pause > CUT_SHARE * (double)whole && ax->count < CUT_AXIS_SEGMENTS)
			ax->segments[ax->count++] = (struct segment){ .from = at[i], .to = at[i] };
		else
			s->to = at[i];
	}
}

static int64_t drawn(const struct cut_axis *ax)
{
	int64_t sum = 0;

	for (size_t i = 0; i < ax->count; i++)
		sum += ax->segments[i].to - ax->segments[i].from;
	return sum;
}

/* In proportion to what is left, and a little of the whole, for single moments have no length. */
static void give_air(struct cut_axis *ax, int64_t whole)
{
	int64_t pad = (drawn(ax) + (whole / 40 > SECOND ? whole / 40 : SECOND)) / 30;

	pad = pad > SECOND ? pad : SECOND;
	for (size_t i = 0; i < ax->count; i++) {
		ax->segments[i].from -= pad;
		ax->segments[i].to += pad;
	}
}

void cut_axis_lay(struct cut_axis *ax, instant *at, size_t n, double left, double right)
{
	int64_t sum;
	double room;

	qsort(at, n, sizeof(*at), by_instant);
	cut(ax, at, n);
	give_air(ax, at[n - 1] - at[0]);
	sum = drawn(ax);
	room = right - left - CUT_WIDTH * (double)(ax->count - 1);
	for (size_t i = 0; i < ax->count; i++) {
		struct segment *s = &ax->segments[i];

		/* Half by its length, half evenly, so that a short stretch can still be read. */
		s->x = left;
		s->width = (room / (double)ax->count + room * (double)(s->to - s->from) / (double)sum) / 2;
		left += s->width + CUT_WIDTH;
	}
	ax->from = ax->segments[0].from;
	ax->to = ax->segments[ax->count - 1].to;
	ax->right = right;
}

double cut_axis_x(const struct cut_axis *ax, instant t)
{
	const struct segment *s = ax->segments;

	for (size_t i = 0; i < ax->count; i++, s++) {
		if (t < s->from)
			return s->x - (i > 0 ? CUT_WIDTH / 2 : 0);
		if (t <= s->to)
			return s->x + s->width * ((double)(t - s->from) / (double)(s->to - s->from));
	}
	return ax->right;
}

/* ---- what is drawn ---- */

static void draw_segment(const struct segment *s, struct scene *sc, const struct chart_input *in, double top, double bottom)
{
	struct axis ax;
	double label_end = s->x - 10;

	axis_time(&ax, s->from, s->to, s->x, s->width, in->zone, in->words, in->measure, in->arena);
	scene_line(sc, s->x, bottom, s->x + s->width, bottom, 0.7, BAR_DARK, DASH_NONE);
	for (size_t j = 0; j < ax.tick_count; j++) {
		instant at = ax.ticks[j].at;
		double x, half = in->measure->width(in->measure->ctx, ax.ticks[j].label, AXIS_TYPE, FACE_REGULAR) / 2;

		if (at < s->from || at > s->to)
			continue;
		x = s->x + s->width * ((double)(at - s->from) / (double)(s->to - s->from));
		scene_line(sc, x, top, x, bottom, 0.5, HAIRLINE, DASH_NONE);
		if (x - half < label_end + 5 || x - half < s->x - 6 || x + half > s->x + s->width + 6)
			continue;
		label_end = x + half;
		scene_text(sc, x, bottom + 10, AXIS_TYPE, FACE_REGULAR, ALIGN_CENTRE, MUTE, ax.ticks[j].label);
	}
}

static void draw_cut(const struct segment *s, struct scene *sc, const struct chart_input *in, double top, double bottom)
{
	double x = s->x + s->width + CUT_WIDTH / 2;

	scene_note(sc, words_fill(in->words, in->arena, "chart.response.cut", "from",
	                          words_moment(in->words, in->arena, s->to, in->zone), "to",
	                          words_moment(in->words, in->arena, s[1].from, in->zone), (char *)NULL), NULL, 0);
	scene_line(sc, x - 4, bottom + 4, x - 1, bottom - 4, 0.8, INK_2, DASH_NONE);
	scene_line(sc, x + 1, bottom + 4, x + 4, bottom - 4, 0.8, INK_2, DASH_NONE);
	scene_line(sc, x, top, x, bottom - 5, 0.5, BAR_DARK, DASH_DOT);
}

void cut_axis_draw(const struct cut_axis *ax, struct scene *sc, const struct chart_input *in, double top, double bottom)
{
	bool days = axis_midnight(ax->from, in->zone) != axis_midnight(ax->to, in->zone);

	for (size_t i = 0; i < ax->count; i++) {
		const struct segment *s = &ax->segments[i];

		draw_segment(s, sc, in, top, bottom);
		if (days)
			scene_text(sc, s->x + s->width, 8, AXIS_TYPE, FACE_SEMIBOLD, ALIGN_RIGHT, INK_2,
			           words_date(in->words, in->arena, s->to, in->zone));
		if (i + 1 < ax->count)
			draw_cut(s, sc, in, top, bottom);
	}
}
