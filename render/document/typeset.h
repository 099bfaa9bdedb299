/* From strings to placed glyphs, and from paragraphs to lines. One source of widths for
 * every canvas.
 *
 *     struct typesetter ts = { fonts, LANGUAGE_JA };
 *     struct measure m = typeset_measure(&ts);            for the charts
 *     struct setting *s = typeset_paragraph(&ts, arena, pieces, n, width, 0);
 *
 * Whatever the string holds can be drawn: control, bidi and zero-width characters,
 * combining marks, what no face has and bytes that are no UTF-8 are shown as small
 * escapes, <U+202E> and <xFF> in single guillemets. In an identifier (mono faces) Greek
 * and Cyrillic letters are shown so too, because they can pass for Latin ones. */
#ifndef TSUMUGI_TYPESET_H
#define TSUMUGI_TYPESET_H

#include <stdbool.h>

#include "render/document/fonts.h"
#include "templates/run.h"
#include "timeline/scene.h"

struct typesetter {
	struct fonts *fonts;
	enum language lang;
};

struct glyph {
	uint32_t rune;       /* what it stands for when text is copied from the page */
	uint16_t gid;
	uint8_t font;        /* enum font */
	uint8_t escape;      /* part of an escape, which is never broken; the last glyph has ESCAPE_END */
	float size;          /* points; Japanese and escapes are set smaller than the text around */
	float advance;       /* points */
	float kern;          /* to add before the next glyph */
};
#define ESCAPE_PART 1
#define ESCAPE_END 2

/* One line of text without breaking it. */
struct glyph *typeset_line(const struct typesetter *ts, struct arena *a, const char *s, double size,
                           enum face face, size_t *count);
double glyphs_width(const struct glyph *g, size_t n);
double typeset_width(const struct typesetter *ts, const char *s, double size, enum face face);
struct measure typeset_measure(const struct typesetter *ts);      /* ts must outlive it */

/* A piece of a paragraph that is set in one way. */
struct piece {
	const char *text;
	double size;
	enum face face;
	colour ink;
	const char *link;    /* the anchor it leads to, or NULL */
};

enum typeset_flags {
	TYPESET_BREAKS = 1,      /* "\n" in the text is a line break of its author (titles); else it is escaped */
	TYPESET_BALANCE = 2,     /* avoid a very short last line when the number of lines allows */
	TYPESET_PHRASES = 4,     /* titles: Japanese only breaks where a reader pauses, if every line holds a phrase */
	TYPESET_EVEN = 8         /* titles: lines about equally long, when the number of lines allows */
};

struct setting_line {
	size_t first, count;     /* glyphs, without the spaces at its end */
	double width;
};

struct setting {             /* a paragraph broken into lines */
	const struct piece *pieces;
	struct glyph *glyphs;
	uint16_t *owner;         /* of every glyph: its piece */
	size_t glyph_count;
	struct setting_line *lines;
	size_t line_count;
	double width;            /* of the longest line */
};

/* Always at least one line. At most 65,535 pieces. */
struct setting *typeset_paragraph(const struct typesetter *ts, struct arena *a, const struct piece *pieces,
                                  size_t n, double width, int flags);
/* Keeps at most `lines` lines; the last one kept then ends with an ellipsis. Returns whether it cut. */
bool setting_cut(const struct typesetter *ts, struct setting *s, size_t lines, double width);

/* For tests: where a line may end, after glyph i; may holds glyph_count. */
void setting_breaks(const struct setting *s, bool *may);
/* The kinsoku table, for tests: may a line begin with, end with this character? */
bool rune_may_begin_line(uint32_t r);
bool rune_may_end_line(uint32_t r);
bool rune_is_japanese(uint32_t r);
/* Of count runes: does a phrase begin at `at`? (phrase.c) */
bool phrase_begins(const uint32_t *runes, size_t count, size_t at);
/* Hides, reorders, stacks or has no look of its own; in an identifier also letters that pass for Latin ones. */
bool rune_needs_escape(uint32_t r, bool identifier);

#endif
