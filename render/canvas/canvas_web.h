/* Two canvases for documents that are read on a screen: SVG whose text is text, and the words alone.
 *
 *     struct web_colours used = {0};
 *     struct canvas *cv = canvas_web(&svg, &used);
 *     scene_replay(scene, cv, ts, 0, 0);
 *     canvas_free(cv);
 *     web_colours_css(&css, &used);          classes for all colours used, light and dark
 *
 * Texts are as wide as they were laid out, whatever font the reader has. No style attributes are
 * written, so a page may forbid them. */
#ifndef TSUMUGI_CANVAS_WEB_H
#define TSUMUGI_CANVAS_WEB_H

#include "render/canvas/canvas.h"

struct web_colours {
	colour list[96];
	size_t count;
};

/* Shapes and <text>, without the <svg> around them. Canvas and text are the caller's. */
struct canvas *canvas_web(struct text *out, struct web_colours *used);
/* A class name for a fill ("f16202a") or a stroke ("s16202a"); noted in used. Lent until the next call. */
const char *web_colour(struct web_colours *used, char how, colour c);
/* Letters, which must be read: how is 't' in drawings, 'c' elsewhere; ground is what they stand on. */
const char *web_ink(struct web_colours *used, char how, colour ink, colour ground);
void web_colours_css(struct text *css, const struct web_colours *used, bool dark);

/* What is written, in drawing order: texts above each other are joined by a space, others by `between`. */
struct canvas *canvas_words(struct text *out, const char *between);

#endif
