/* Who did what to whom, in which order: lanes are parties, columns are the story's beats in time order.
 * Columns are equally wide, so that seconds and hours stand side by side; the ruler on top is true time,
 * and a leader joins each column to its moment. */
#include <math.h>
#include <string.h>

#include "timeline/attack.h"
#include "timeline/marks.h"
#include "timeline/palette.h"

#define LABEL_WIDTH 132.0
#define LANE_LEAST 24.0
#define LANE_HEIGHT 26.0
#define LANE_HIGHEST 34.0
#define LANES_MOST 12
#define RULER_Y 14.0
#define GAP_MARK 12.0                /* room for "+n" under the lanes */

/* ---- where everything stands ---- */

static void place(struct attack *p, const struct chart_finding *found)
{
	double width = p->in->width, height, room;

	p->many_days = found->first != INSTANT_NONE &&
	               axis_midnight(found->first, p->in->zone) != axis_midnight(found->last, p->in->zone);
	p->times_y = p->many_days ? 59 : 51;
	p->tactics_y = p->times_y + 23;
	p->top = p->tactics_y + 3;
	p->bottom = found->hidden > 0 ? GAP_MARK : 1;
	room = p->in->height - p->top - p->bottom;
	attack_group_lanes(p, p->in->height > 0 ? (size_t)fmin(fmax(room / LANE_LEAST, PARTIES), 64) : LANES_MOST);
	p->lane_height = LANE_HEIGHT;
	if (p->in->height > 0 && p->row_count > 0)
		p->lane_height = fmin(fmax(room / p->row_count, LANE_LEAST), LANE_HIGHEST);
	p->plot_x = fmax(fmin(LABEL_WIDTH, width - (double)p->shown_count * COLUMN_LEAST), fmin(LABEL_LEAST, width / 3));
	p->column = (width - p->plot_x) / (double)(p->shown_count > 0 ? p->shown_count : 1);
	height = p->top + p->lane_height * (p->row_count > 0 ? p->row_count : 1) + p->bottom;
	p->sc = scene_new(p->arena, width, height);
	for (uint32_t i = 0; i < p->row_count; i++)
		p->rows[i].y = p->top + p->lane_height * (i + 0.5);
	for (size_t i = 0; i < p->shown_count; i++)
		p->shown[i]->x = p->plot_x + p->column * ((double)i + 0.5);
	if (p->shown_count > 0)
		axis_time(&p->ruler, found->first, found->last, p->plot_x, width - p->plot_x, p->in->zone,
		          p->in->words, p->in->measure, p->arena);
}

/* ---- what is drawn ---- */

static const char *fit(const struct attack *p, const char *s, double size, enum face face, double room)
{
	return measure_fit(p->in->measure, p->arena, s, size, face, room);
}

static void draw_rows(const struct attack *p)
{
	double width = scene_width(p->sc), room = p->plot_x - 10;

	for (uint32_t i = 0; i < p->row_count; i++) {
		const struct attack_lane *l = &p->rows[i];
		bool first_host = l->class == PARTY_HOST && (i == 0 || p->rows[i - 1].class != PARTY_HOST);
		bool under = l->under[0] != '\0';
		colour ink = l->class == PARTY_RESPONSE ? RESPONSE : INK;

		scene_note(p->sc, arena_printf(p->arena, "lane: %s %s", l->title, l->under), NULL, 0);
		if (l->class == PARTY_RESPONSE || first_host)
			scene_rect(p->sc, 0, l->y - p->lane_height / 2, width, p->lane_height, 0,
			           l->class == PARTY_RESPONSE ? RESPONSE_TINT : TINT, NO_COLOUR, 0);
		scene_line(p->sc, 0, l->y - p->lane_height / 2, width, l->y - p->lane_height / 2, 0.5, HAIRLINE, DASH_NONE);
		scene_text(p->sc, 4, under ? l->y - 1 : l->y + 3, 8, FACE_SEMIBOLD, ALIGN_LEFT, ink,
		           fit(p, l->title, 8, FACE_SEMIBOLD, room));
		if (under)
			scene_text(p->sc, 4, l->y + 7.6, 6.4, l->under_face, ALIGN_LEFT,
			           l->class == PARTY_RESPONSE ? RESPONSE : INK_2, fit(p, l->under, 6.4, l->under_face, room));
	}
	scene_line(p->sc, 0, p->top + p->lane_height * p->row_count, width, p->top + p->lane_height * p->row_count,
	           0.5, HAIRLINE, DASH_NONE);
}

static void draw_ruler(const struct attack *p)
{
	const struct axis *ax = &p->ruler;
	double end = ax->x + ax->width;
	struct civil c = civil_from(ax->first, p->in->zone);

	scene_note(p->sc, "ruler: true time", NULL, 0);
	scene_text(p->sc, 4, RULER_Y + 2, AXIS_TYPE, FACE_REGULAR, ALIGN_LEFT, MUTE,
	           fit(p, words_fill(p->in->words, p->arena, "chart.truetime", "zone", c.abbreviation, (char *)NULL),
	               AXIS_TYPE, FACE_REGULAR, p->plot_x - 22));
	scene_line(p->sc, ax->x, RULER_Y, end, RULER_Y, 0.7, MUTE, DASH_NONE);
	for (size_t i = 0; i < ax->tick_count; i++) {
		const struct tick *t = &ax->ticks[i];
		bool last = i + 1 == ax->tick_count;

		scene_line(p->sc, t->x, RULER_Y, t->x, RULER_Y + 3.5, 0.7, MUTE, DASH_NONE);
		scene_text(p->sc, last ? end : t->x, RULER_Y - 5, AXIS_TYPE, FACE_REGULAR,
		           last ? ALIGN_RIGHT : ALIGN_CENTRE, INK_2, t->label);
	}
}

/* Dot on the ruler, down, across to the column, down to its time. Both orders are by time, so that
 * leaders never cross. */
static void draw_leader(const struct attack *p, const struct attack_event *e)
{
	double from = axis_x(&p->ruler, e->beat->at), elbow = p->times_y - (p->many_days ? 22 : 14);
	const double xy[] = { from, RULER_Y, from, RULER_Y + 7, e->x, elbow, e->x, elbow + 5 };
	colour thin = e->side == SIDE_ATTACK ? 0xE3A284 : e->side == SIDE_RESPONSE ? 0x7FBCAC : 0x8592A2;

	scene_polyline(p->sc, xy, 4, 0.6, thin, DASH_NONE);
	scene_disc(p->sc, from, RULER_Y, 1.7, e->ink, NO_COLOUR, 0);
}

static void draw_times(const struct attack *p)
{
	instant day = INSTANT_NONE;

	for (size_t i = 0; i < p->shown_count; i++) {
		const struct attack_event *e = p->shown[i];
		instant midnight = axis_midnight(e->beat->at, p->in->zone);

		draw_leader(p, e);
		if (p->many_days && midnight != day)
			scene_text(p->sc, e->x, p->times_y - 8, 6.4, FACE_BOLD, ALIGN_CENTRE, INK_2,
			           words_date(p->in->words, p->arena, e->beat->at, p->in->zone));
		day = midnight;
		scene_text(p->sc, e->x, p->times_y, AXIS_TYPE, FACE_SEMIBOLD, ALIGN_CENTRE, e->ink,
		           words_clock(p->arena, e->beat->at, p->in->zone, true));
	}
}

static bool fits(const struct attack *p, const char *s, double size, double room)
{
	return p->in->measure->width(p->in->measure->ctx, s, size, FACE_SEMIBOLD) <= room;
}

/* A tactic's name over its columns: on one line, on two, or in ever shorter forms. */
static void draw_tactic_name(const struct attack *p, int tactic, double x, double room)
{
	static const struct {
		const char *form;
		double size;
	} tries[] = { { "", 6.4 }, { "short.", 6.4 }, { "short.", 5.8 }, { "tiny.", 6.4 }, { "tiny.", 5.8 } };
	const char *name = words_get(p->in->words, arena_printf(p->arena, "tactic.%d", tactic));
	const char *space = strrchr(name, ' ');
	double y = p->tactics_y - 3;
	size_t i = 0;

	if (!fits(p, name, 6.4, room) && space != NULL && fits(p, space + 1, 6.4, room)) {
		const char *head = arena_dupn(p->arena, name, (size_t)(space - name));

		if (fits(p, head, 6.4, room)) {
			scene_text(p->sc, x, y - 7, 6.4, FACE_SEMIBOLD, ALIGN_LEFT, INK_2, head);
			scene_text(p->sc, x, y, 6.4, FACE_SEMIBOLD, ALIGN_LEFT, INK_2, space + 1);
			return;
		}
	}
	for (; i < 5; i++) {
		name = words_get(p->in->words, arena_printf(p->arena, "tactic.%s%d", tries[i].form, tactic));
		if (fits(p, name, tries[i].size, room))
			break;
	}
	if (i == 5)
		i = 4;
	scene_text(p->sc, x, y, tries[i].size, FACE_SEMIBOLD, ALIGN_LEFT, INK_2,
	           fit(p, name, tries[i].size, FACE_SEMIBOLD, room));
}

static bool tactic_known(const struct attack_event *e)
{
	return e->beat->tactic >= 0 && e->beat->tactic < TACTICS;
}

/* Runs of columns with one tactic. A defender's act belongs to the step it answers. */
static void draw_tactics(const struct attack *p)
{
	for (size_t i = 0; i < p->shown_count;) {
		int tactic = -1;
		size_t end = i;
		double x = p->plot_x + p->column * (double)i + 1.5, right;

		for (; end < p->shown_count; end++) {
			if (!tactic_known(p->shown[end]))
				continue;
			if (tactic >= 0 && p->shown[end]->beat->tactic != tactic)
				break;
			tactic = p->shown[end]->beat->tactic;
		}
		right = p->plot_x + p->column * (double)end - 1.5;
		i = end;
		if (tactic < 0)
			break;
		scene_note(p->sc, arena_printf(p->arena, "tactic %d", tactic), NULL, 0);
		draw_tactic_name(p, tactic, x, right - x);
		scene_line(p->sc, x, p->tactics_y, right, p->tactics_y, 0.7, INK_2, DASH_NONE);
	}
}

/* Where a moment falls between the columns. */
static double column_x(const struct attack *p, instant t)
{
	for (size_t i = 0; i + 1 < p->shown_count; i++) {
		const struct attack_event *a = p->shown[i], *b = p->shown[i + 1];

		if (t < b->beat->at)
			return a->x + (b->x - a->x) * ((double)(t - a->beat->at) / (double)(b->beat->at - a->beat->at));
	}
	return scene_width(p->sc);
}

static bool marks_follow(const struct attack *p, size_t i, uint32_t row)
{
	for (size_t j = i + 1; j < p->shown_count; j++)
		if (p->shown[j]->actor == row || p->shown[j]->object == row)
			return true;
	return false;
}

/* A response lasts as long as its record says: to its end, an arrow when that lies beyond the story,
 * nothing when no end is recorded. */
static void draw_bar(const struct attack *p, size_t i)
{
	const struct attack_event *e = p->shown[i];
	uint32_t row = e->object != NO_LANE ? e->object : e->actor;
	bool beyond = e->beat->until >= p->shown[p->shown_count - 1]->beat->at;
	double x = e->x + (e->object != NO_LANE ? 1.2 : DISC_RADIUS + 2), y = p->rows[row].y, end;

	if (marks_follow(p, i, row))
		y += p->lane_height / 2 - 5;
	if (e->object != NO_LANE)
		scene_line(p->sc, e->x, y - 4.6, e->x, y + 4.6, 1.3, RESPONSE, DASH_NONE);
	if (!attack_has_end(e->beat))
		return;
	end = beyond ? scene_width(p->sc) - 5 : column_x(p, e->beat->until);
	if (end < x + 2)
		end = x + 2;
	scene_rect(p->sc, x, y - 2.2, end - x, 4.4, 0, RESPONSE_BAR, NO_COLOUR, 0);
	if (beyond) {
		const double head[] = { end, y - 4, end + 5, y, end, y + 4 };

		scene_polygon(p->sc, head, 3, RESPONSE_BAR, NO_COLOUR, 0);
	}
}

static void draw_event(const struct attack *p, size_t i)
{
	const struct attack_event *e = p->shown[i];
	double from = p->rows[e->actor].y, to;
	const char *const *labels = p->in->beat_labels;
	const char *label = e->label != NULL ? e->label :
	                    labels != NULL && labels[e->index] != NULL ? labels[e->index] : e->beat->key;
	size_t keys;
	const uint64_t *proof = chart_proof(p->in, e->beat->episodes, e->beat->episode_count, &keys);

	scene_note(p->sc, arena_printf(p->arena, "%zu %s %s", i + 1,
	                               words_clock(p->arena, e->beat->at, p->in->zone, true), label), proof, keys);
	if (e->side == SIDE_RESPONSE)
		draw_bar(p, i);
	if (e->object != NO_LANE) {
		double down;

		to = p->rows[e->object].y;
		down = to > from ? 1 : -1;
		if (e->side == SIDE_RESPONSE) {
			scene_line(p->sc, e->x, from, e->x, to + (marks_follow(p, i, e->object) ? p->lane_height / 2 - 5 : 0)
			           + (down < 0 ? 5 : -5), 1.15, RESPONSE, DASH_SHORT);
		} else {
			scene_disc(p->sc, e->x, to, 2, e->ink, NO_COLOUR, 0);
			mark_arrow(p->sc, e->x, from, to - down * 3.4, e->ink, DASH_NONE);
		}
	}
	mark_number(p->sc, e->x, from, (unsigned)i + 1, e->ink);
}

/* "+n" between the columns where events were left out. */
static void draw_hidden(const struct attack *p)
{
	double y = p->top + p->lane_height * p->row_count;
	size_t column = 0, missing = 0;

	for (size_t i = 0; i < p->all_count; i++) {
		if (!p->all[i].shown) {
			missing++;
			continue;
		}
		if (missing > 0) {
			double x = p->plot_x + p->column * (double)column;

			scene_note(p->sc, arena_printf(p->arena, "%zu events not drawn here", missing), NULL, 0);
			scene_line(p->sc, x, y - 2.5, x, y + 2.5, 0.8, INK_2, DASH_NONE);
			scene_text(p->sc, x, y + 10, AXIS_TYPE, FACE_SEMIBOLD, ALIGN_CENTRE, INK_2,
			           arena_printf(p->arena, "+%zu", missing));
			missing = 0;
		}
		column++;
	}
}

static struct scene *draw(const struct chart_input *in, struct chart_finding *found)
{
	struct attack p = { .in = in, .arena = in->arena };

	attack_collect(&p);
	attack_choose(&p);
	attack_report(&p, found);
	attack_find_lanes(&p);
	place(&p, found);
	if (p.shown_count == 0) {
		scene_text(p.sc, scene_width(p.sc) / 2, scene_height(p.sc) / 2, 8, FACE_REGULAR, ALIGN_CENTRE, MUTE,
		           words_get(in->words, "chart.noevents"));
		return p.sc;
	}
	draw_rows(&p);
	draw_ruler(&p);
	draw_times(&p);
	draw_tactics(&p);
	for (size_t i = 0; i < p.shown_count; i++)
		draw_event(&p, i);
	draw_hidden(&p);
	return p.sc;
}

const struct chart chart_attack_timeline = {
	.name = "attack-timeline",
	.summary = "who did what to whom: one incident's story in lanes, with the true time on top",
	.of_incident = CHART_OF_INCIDENT,
	.draw = draw,
};
