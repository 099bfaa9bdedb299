/* What all canvases share: the path under construction, the checks, the first error. */
#include "render/canvas/canvas.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyst/base/arena.h"

#define FAR 16384.0
#define ROUND 0.5522847498    /* control points of a quarter circle */

struct canvas {
	const struct canvas_kind *kind;
	void *ctx;
	struct step *steps;
	size_t used, room;
	const char *error;
};

struct canvas *canvas_new(const struct canvas_kind *kind, void *ctx)
{
	struct canvas *cv = must_alloc(sizeof *cv);

	*cv = (struct canvas){ .kind = kind, .ctx = ctx };
	return cv;
}

void canvas_free(struct canvas *cv)
{
	if (cv == NULL)
		return;
	cv->kind->free(cv->ctx);
	free(cv->steps);
	free(cv);
}

void canvas_add_number(struct text *t, double v)
{
	char s[40];
	int n = snprintf(s, sizeof s, "%.2f", v);

	while (n > 0 && s[n - 1] == '0')
		n--;
	if (n > 0 && s[n - 1] == '.')
		n--;
	s[n] = '\0';
	text_add(t, strcmp(s, "-0") == 0 ? "0" : s);
}

const char *canvas_status(const struct canvas *cv)
{
	if (cv->error != NULL)
		return cv->error;
	return cv->kind->status != NULL ? cv->kind->status(cv->ctx) : NULL;
}

static bool usable(struct canvas *cv, double x, double y)
{
	/* Written so that NaN fails. */
	if (x > -FAR && x < FAR && y > -FAR && y < FAR)
		return cv->error == NULL;
	if (cv->error == NULL)
		cv->error = "a coordinate is no number or lies outside any page";
	return false;
}

static void add_step(struct canvas *cv, struct step st)
{
	if (!usable(cv, st.x, st.y) || (st.kind == STEP_CURVE && (!usable(cv, st.x1, st.y1) || !usable(cv, st.x2, st.y2))))
		return;
	if (cv->used == 0 && st.kind != STEP_MOVE) {
		cv->error = "a path does not begin with a move";
		return;
	}
	if (cv->used == cv->room) {
		cv->room = cv->room == 0 ? 64 : cv->room * 2;
		cv->steps = must_grow(cv->steps, cv->room, sizeof *cv->steps);
	}
	cv->steps[cv->used++] = st;
}

void canvas_move(struct canvas *cv, double x, double y)
{
	add_step(cv, (struct step){ .kind = STEP_MOVE, .x = x, .y = y });
}

void canvas_line(struct canvas *cv, double x, double y)
{
	add_step(cv, (struct step){ .kind = STEP_LINE, .x = x, .y = y });
}

void canvas_curve(struct canvas *cv, double x1, double y1, double x2, double y2, double x, double y)
{
	add_step(cv, (struct step){ .kind = STEP_CURVE, .x = x, .y = y, .x1 = x1, .y1 = y1, .x2 = x2, .y2 = y2 });
}

void canvas_close(struct canvas *cv)
{
	if (cv->used > 0)
		add_step(cv, (struct step){ .kind = STEP_CLOSE });
}

void canvas_rect(struct canvas *cv, double x, double y, double w, double h)
{
	canvas_move(cv, x, y);
	canvas_line(cv, x + w, y);
	canvas_line(cv, x + w, y + h);
	canvas_line(cv, x, y + h);
	canvas_close(cv);
}

void canvas_round_rect(struct canvas *cv, double x, double y, double w, double h, double radius)
{
	double r = fmin(radius, fmin(w, h) / 2), k = r * (1 - ROUND);

	if (!(r > 0)) {
		canvas_rect(cv, x, y, w, h);
		return;
	}
	canvas_move(cv, x + r, y);
	canvas_line(cv, x + w - r, y);
	canvas_curve(cv, x + w - k, y, x + w, y + k, x + w, y + r);
	canvas_line(cv, x + w, y + h - r);
	canvas_curve(cv, x + w, y + h - k, x + w - k, y + h, x + w - r, y + h);
	canvas_line(cv, x + r, y + h);
	canvas_curve(cv, x + k, y + h, x, y + h - k, x, y + h - r);
	canvas_line(cv, x, y + r);
	canvas_curve(cv, x, y + k, x + k, y, x + r, y);
	canvas_close(cv);
}

void canvas_disc(struct canvas *cv, double x, double y, double r)
{
	double k = r * ROUND;

	canvas_move(cv, x + r, y);
	canvas_curve(cv, x + r, y + k, x + k, y + r, x, y + r);
	canvas_curve(cv, x - k, y + r, x - r, y + k, x - r, y);
	canvas_curve(cv, x - r, y - k, x - k, y - r, x, y - r);
	canvas_curve(cv, x + k, y - r, x + r, y - k, x + r, y);
	canvas_close(cv);
}

void canvas_paint(struct canvas *cv, colour fill, colour stroke, double width, enum dash dash, int round)
{
	if (!usable(cv, width, 0) || cv->used == 0)
		return;
	if (!(width > 0))
		stroke = NO_COLOUR;
	if (fill != NO_COLOUR || stroke != NO_COLOUR)
		cv->kind->paint(cv->ctx, cv->steps, cv->used, fill, stroke, width, dash, round);
	cv->used = 0;
}

void canvas_glyphs(struct canvas *cv, double x, double y, const struct glyph *g, size_t n, colour ink)
{
	if (n > 0 && ink != NO_COLOUR && usable(cv, x, y))
		cv->kind->glyphs(cv->ctx, x, y, g, n, ink);
}

void canvas_note(struct canvas *cv, const char *what, const uint64_t *proof, size_t n)
{
	if (cv->error == NULL && cv->kind->note != NULL)
		cv->kind->note(cv->ctx, what, proof, n);
}

double canvas_text(struct canvas *cv, const struct typesetter *ts, double x, double y, double size, enum face face,
                   enum align align, colour ink, const char *s)
{
	size_t n = 0;
	struct arena *a = arena_new();
	struct glyph *g = typeset_line(ts, a, s, size, face, &n);
	double w = glyphs_width(g, n);
	double left = align == ALIGN_LEFT ? x : align == ALIGN_RIGHT ? x - w : x - w / 2;

	if (cv->kind->text != NULL) {
		if (usable(cv, left, y))
			cv->kind->text(cv->ctx, left, y, size, face, ink, s);
	} else {
		canvas_glyphs(cv, left, y, g, n, ink);
	}
	arena_free(a);
	return w;
}

void canvas_fill_rect(struct canvas *cv, double x, double y, double w, double h, colour fill)
{
	canvas_rect(cv, x, y, w, h);
	canvas_paint(cv, fill, NO_COLOUR, 0, DASH_NONE, 0);
}

void canvas_rule(struct canvas *cv, double x1, double y1, double x2, double y2, double width, colour ink)
{
	canvas_move(cv, x1, y1);
	canvas_line(cv, x2, y2);
	canvas_paint(cv, NO_COLOUR, ink, width, DASH_NONE, 0);
}

static void replay_path(const struct shape *sh, struct canvas *cv, double x, double y)
{
	for (size_t i = 0; i < sh->step_count; i++) {
		struct step st = sh->steps[i];
		switch (st.kind) {
		case STEP_MOVE: canvas_move(cv, x + st.x, y + st.y); break;
		case STEP_LINE: canvas_line(cv, x + st.x, y + st.y); break;
		case STEP_CURVE:
			canvas_curve(cv, x + st.x1, y + st.y1, x + st.x2, y + st.y2, x + st.x, y + st.y);
			break;
		case STEP_CLOSE: canvas_close(cv); break;
		}
	}
	canvas_paint(cv, sh->fill, sh->stroke, sh->width, sh->dash, sh->round);
}

void scene_replay(const struct scene *sc, struct canvas *cv, const struct typesetter *ts, double x, double y)
{
	size_t n = 0;
	const struct shape *shapes = scene_shapes(sc, &n);

	for (size_t i = 0; i < n; i++) {
		const struct shape *sh = &shapes[i];
		switch (sh->kind) {
		case SHAPE_PATH: replay_path(sh, cv, x, y); break;
		case SHAPE_TEXT:
			canvas_text(cv, ts, x + sh->x, y + sh->y, sh->size, sh->face, sh->align, sh->ink, sh->string);
			break;
		case SHAPE_NOTE: canvas_note(cv, sh->string, sh->proof, sh->proof_count); break;
		}
	}
}
