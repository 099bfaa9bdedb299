/* The faces reports are set in, from the fixed places where Debian installs them. No
 * other font is ever opened: font parsers are no place for a customer's file.
 *
 *     struct fonts *fonts = NULL;
 *     if (fonts_load(&fonts, f) < 0) ...        "the font Lato-Regular.ttf is missing: install the package fonts-lato"
 *     fonts_free(fonts);
 *
 * All metrics are in the font's own units (never hinted, never rounded), so that every
 * canvas sets a text equally wide. */
#ifndef TSUMUGI_FONTS_H
#define TSUMUGI_FONTS_H

#include <stddef.h>
#include <stdint.h>

#include "analyst/base/fault.h"

enum font {
	FONT_REGULAR, FONT_SEMIBOLD, FONT_BOLD, FONT_LIGHT,      /* Lato */
	FONT_JP_REGULAR, FONT_JP_BOLD,                            /* BIZ UDGothic */
	FONT_MONO, FONT_MONO_BOLD,                                /* JetBrains Mono */
	FONTS
};

struct fonts;

int fonts_load(struct fonts **out, struct fault *f);
void fonts_free(struct fonts *fs);                /* accepts NULL */

/* 0 when the face has no glyph for the character. */
uint16_t font_glyph(struct fonts *fs, enum font face, uint32_t rune);
/* In units of the em: 1.0 is the font size. */
double font_advance(struct fonts *fs, enum font face, uint16_t gid);
double font_kern(struct fonts *fs, enum font face, uint16_t left, uint16_t right);

/* For the PDF's font descriptor; in thousandths of the em. */
struct font_facts {
	const char *postscript;      /* "Lato-Regular" */
	const char *path;
	double ascent, descent, cap_height, italic_angle, stem;
	double box[4];
};
const struct font_facts *font_facts(struct fonts *fs, enum font face);

/* The FT_Face, for the cairo canvas only. */
void *font_freetype(struct fonts *fs, enum font face);

#endif
