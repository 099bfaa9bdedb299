/* A scene as lines of text, for tests: what is drawn, in order, with two decimals.
 *
 *     scene 499.28 x 158.00 "Two short bursts hold both incidents"
 *     note incident 1: EXCH01 [00ab34cd00ab34cd]
 *     path fill #C4CED7 M 48 51 L 60 51 L 60 70 Z
 *     text 48 40 7.6 regular #46535F "Alerts per two hours"
 */
#include <stdio.h>
#include <string.h>

#include "render/canvas/canvas.h"

static const char *const face_names[] = { "regular", "semibold", "bold", "light", "mono", "mono-bold" };

static void add_point(struct text *t, double x, double y)
{
	text_addc(t, ' ');
	canvas_add_number(t, x);
	text_addc(t, ' ');
	canvas_add_number(t, y);
}

static void add_steps(struct text *t, const struct step *steps, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct step *st = &steps[i];
		text_addc(t, ' ');
		text_addc(t, "MLCZ"[st->kind]);
		if (st->kind == STEP_CURVE) {
			add_point(t, st->x1, st->y1);
			add_point(t, st->x2, st->y2);
		}
		if (st->kind != STEP_CLOSE)
			add_point(t, st->x, st->y);
	}
	text_addc(t, '\n');
}

static void trace_paint(void *ctx, const struct step *steps, size_t n, colour fill, colour stroke, double width,
                        enum dash dash, int round)
{
	struct text *t = ctx;
	static const char *const dashes[] = { "", " dot", " short", " long" };

	text_add(t, "path");
	if (fill != NO_COLOUR)
		text_printf(t, " fill #%06X", (unsigned)fill);
	if (stroke != NO_COLOUR) {
		text_printf(t, " stroke #%06X ", (unsigned)stroke);
		canvas_add_number(t, width);
		text_add(t, dashes[dash]);
		text_add(t, round ? " round" : "");
	}
	add_steps(t, steps, n);
}

static void trace_glyphs(void *ctx, double x, double y, const struct glyph *g, size_t n, colour ink)
{
	text_add(ctx, "glyphs");
	add_point(ctx, x, y);
	text_printf(ctx, " #%06X ", (unsigned)ink);
	for (size_t i = 0; i < n; i++)
		text_add_rune(ctx, g[i].rune);
	text_addc(ctx, '\n');
}

static void trace_text(void *ctx, double x, double y, double size, enum face face, colour ink, const char *s)
{
	struct text *t = ctx;

	text_add(t, "text");
	add_point(t, x, y);
	text_addc(t, ' ');
	canvas_add_number(t, size);
	text_printf(t, " %s #%06X \"", face_names[face], (unsigned)ink);
	text_add_shown(t, s, strlen(s));
	text_add(t, "\"\n");
}

static void trace_note(void *ctx, const char *what, const uint64_t *proof, size_t n)
{
	struct text *t = ctx;

	text_add(t, "note ");
	text_add_shown(t, what, strlen(what));
	for (size_t i = 0; i < n; i++)
		text_printf(t, "%s%016llx", i == 0 ? " [" : " ", (unsigned long long)proof[i]);
	text_add(t, n > 0 ? "]\n" : "\n");
}

static void trace_free(void *ctx)
{
	(void)ctx;
}

static const struct canvas_kind trace_kind = {
	.paint = trace_paint, .glyphs = trace_glyphs, .text = trace_text, .note = trace_note, .free = trace_free,
};

int scene_trace(struct text *out, const struct scene *sc, const struct typesetter *ts, struct fault *f)
{
	struct canvas *cv = canvas_new(&trace_kind, out);
	int rc = 0;

	text_add(out, "scene ");
	canvas_add_number(out, scene_width(sc));
	text_add(out, " x ");
	canvas_add_number(out, scene_height(sc));
	text_add(out, " \"");
	if (scene_claim(sc) != NULL)
		text_add_shown(out, scene_claim(sc), strlen(scene_claim(sc)));
	text_add(out, "\"\n");
	scene_replay(sc, cv, ts, 0, 0);
	if (canvas_status(cv) != NULL)
		rc = fault_set(f, FAULT_DATA, "the chart cannot be drawn: %s", canvas_status(cv));
	canvas_free(cv);
	return rc;
}
