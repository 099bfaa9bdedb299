/* Where a picture lands: paths and glyphs, in points, origin top left, y down. The same
 * calls make an SVG, a PNG, a PDF page or a trace for tests.
 *
 *     canvas_move(cv, 48, 51);
 *     canvas_line(cv, 547, 51);
 *     canvas_paint(cv, NO_COLOUR, INK, 0.8, DASH_NONE, 0);
 *     if (canvas_status(cv) != NULL) ...         asked for once, at the end
 *
 * A path is collected and painted whole. The first error sticks and everything after it
 * is ignored. A coordinate that is no number or lies beyond 16,384 points is an error
 * here: scenes and page flow clamp before. */
#ifndef TSUMUGI_CANVAS_H
#define TSUMUGI_CANVAS_H

#include "analyst/base/text.h"
#include "render/document/typeset.h"
#include "timeline/scene.h"

struct canvas;

void canvas_move(struct canvas *cv, double x, double y);
void canvas_line(struct canvas *cv, double x, double y);
void canvas_curve(struct canvas *cv, double x1, double y1, double x2, double y2, double x, double y);
void canvas_close(struct canvas *cv);
void canvas_rect(struct canvas *cv, double x, double y, double w, double h);
void canvas_round_rect(struct canvas *cv, double x, double y, double w, double h, double radius);
void canvas_disc(struct canvas *cv, double x, double y, double r);
/* Fills and strokes the collected path and forgets it. NO_COLOUR leaves one of them out. */
void canvas_paint(struct canvas *cv, colour fill, colour stroke, double width, enum dash dash, int round);
void canvas_glyphs(struct canvas *cv, double x, double y, const struct glyph *g, size_t n, colour ink);
void canvas_note(struct canvas *cv, const char *what, const uint64_t *proof, size_t n);

/* Shorthands. canvas_text returns the width it set. */
double canvas_text(struct canvas *cv, const struct typesetter *ts, double x, double y, double size, enum face face,
                   enum align align, colour ink, const char *s);
void canvas_fill_rect(struct canvas *cv, double x, double y, double w, double h, colour fill);
void canvas_rule(struct canvas *cv, double x1, double y1, double x2, double y2, double width, colour ink);

const char *canvas_status(const struct canvas *cv);   /* NULL, or what went wrong first */
void canvas_free(struct canvas *cv);                  /* accepts NULL */

/* Draws a scene with its top left corner at x, y. */
void scene_replay(const struct scene *sc, struct canvas *cv, const struct typesetter *ts, double x, double y);

/* A scene as a file of its own, appended to out. The SVG holds <title> and <desc>; the PNG is drawn at dpi. */
int scene_svg(struct text *out, const struct scene *sc, const struct typesetter *ts, struct fault *f);
int scene_png(struct text *out, const struct scene *sc, const struct typesetter *ts, double dpi, struct fault *f);
int scene_trace(struct text *out, const struct scene *sc, const struct typesetter *ts, struct fault *f);
/* scene_pdf is in render/document/pdf.h. */

/* ---- for the canvases themselves ---- */

struct canvas_kind {
	void (*paint)(void *ctx, const struct step *steps, size_t n, colour fill, colour stroke, double width,
	              enum dash dash, int round);
	void (*glyphs)(void *ctx, double x, double y, const struct glyph *g, size_t n, colour ink);
	void (*text)(void *ctx, double x, double y, double size, enum face face, colour ink, const char *s); /* or NULL:
	                                                   * told of a whole string before its glyphs */
	void (*note)(void *ctx, const char *what, const uint64_t *proof, size_t n);    /* or NULL */
	const char *(*status)(void *ctx);                                             /* or NULL */
	void (*free)(void *ctx);
};
struct canvas *canvas_new(const struct canvas_kind *kind, void *ctx);
/* At most two decimals, without zeros at the end. */
void canvas_add_number(struct text *t, double v);

#endif
