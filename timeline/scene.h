/* A scene is a chart already laid out: shapes in points, origin top left, y down, in
 * drawing order. Build it once, replay it on any canvas. Strings belong to the arena
 * given to scene_new and live exactly as long as it does. Every coordinate is checked:
 * one that is not finite or is beyond 16,384 points is clamped, so that no canvas ever
 * meets it. */
#ifndef TSUMUGI_SCENE_H
#define TSUMUGI_SCENE_H

#include <stddef.h>
#include <stdint.h>

#include "analyst/base/arena.h"

typedef uint32_t colour;         /* 0xRRGGBB; see palette.h for the names */
#define NO_COLOUR UINT32_MAX

enum face { FACE_REGULAR, FACE_SEMIBOLD, FACE_BOLD, FACE_LIGHT, FACE_MONO, FACE_MONO_BOLD };
enum align { ALIGN_LEFT, ALIGN_CENTRE, ALIGN_RIGHT };
enum dash { DASH_NONE, DASH_DOT /* 1 2 */, DASH_SHORT /* 3 2 */, DASH_LONG /* 5 3 */ };

enum shape_kind { SHAPE_PATH, SHAPE_TEXT, SHAPE_NOTE };
enum step_kind { STEP_MOVE, STEP_LINE, STEP_CURVE, STEP_CLOSE };

struct step {
	enum step_kind kind;
	double x, y, x1, y1, x2, y2;     /* the end point, then a curve's two control points */
};

struct shape {
	enum shape_kind kind;
	/* a path */
	const struct step *steps;
	size_t step_count;
	colour fill, stroke;             /* NO_COLOUR leaves it out */
	double width;
	enum dash dash;
	int round;                       /* round caps and joins */
	/* a text: x, y of the baseline */
	double x, y, size;
	enum face face;
	enum align align;
	colour ink;
	const char *string;              /* UTF-8; of a note: what the next shapes show, for the trace
	                                  * canvas, <title> of SVG groups and tests */
	const uint64_t *proof;           /* keys of the alerts a note's mark rests on */
	size_t proof_count;
};

struct scene;

struct scene *scene_new(struct arena *a, double width, double height);
void scene_title(struct scene *sc, const char *claim, const char *description);
double scene_width(const struct scene *sc);
double scene_height(const struct scene *sc);
const char *scene_claim(const struct scene *sc);
const char *scene_description(const struct scene *sc);
const struct shape *scene_shapes(const struct scene *sc, size_t *count);

void scene_note(struct scene *sc, const char *what, const uint64_t *proof, size_t n);
void scene_text(struct scene *sc, double x, double y, double size, enum face face, enum align align,
                colour ink, const char *string);
void scene_line(struct scene *sc, double x1, double y1, double x2, double y2, double width,
                colour ink, enum dash dash);
void scene_rect(struct scene *sc, double x, double y, double w, double h, double radius,
                colour fill, colour stroke, double width);
void scene_disc(struct scene *sc, double x, double y, double r, colour fill, colour stroke, double width);
void scene_polygon(struct scene *sc, const double *xy, size_t points, colour fill, colour stroke, double width);
void scene_polyline(struct scene *sc, const double *xy, size_t points, double width, colour ink, enum dash dash);

/* Width of a string in points as the canvases will set it. Layout asks for it, render
 * provides it, so that the timeline folder knows no font. */
struct measure {
	double (*width)(void *ctx, const char *s, double size, enum face face);
	void *ctx;
	/* Breaks a string into at most `most` lines as its language asks; the last one ends with an ellipsis where
	 * something is left out. Returns how many. NULL: lines are broken at spaces. */
	size_t (*lines)(void *ctx, struct arena *a, const char *s, double size, enum face face, double room,
	                const char **out, size_t most);
};
/* Cuts a string to fit, with a middle ellipsis that keeps at least 12 characters of the tail. */
const char *measure_fit(const struct measure *m, struct arena *a, const char *s, double size,
                        enum face face, double room);
/* Lines no wider than room; at least one. */
size_t measure_lines(const struct measure *m, struct arena *a, const char *s, double size, enum face face, double room,
                     const char **out, size_t most);

#endif
