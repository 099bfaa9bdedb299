/* Shared by typeset.c and linebreak.c only: a growing row of glyphs. */
#ifndef TSUMUGI_SETTING_H
#define TSUMUGI_SETTING_H

#include "render/document/typeset.h"

struct glyphs {
	struct glyph *list;
	size_t used, room;
	size_t start;        /* of the string now added: kerning does not reach before it */
};

/* Appends the glyphs of s; with breaks, "\n" becomes a glyph of no width instead of an escape. */
void glyphs_add(struct glyphs *v, const struct typesetter *ts, const char *s, double size, enum face face,
                bool breaks);

#endif
