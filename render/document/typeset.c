/* Glyphs of a string. Lines are broken in linebreak.c. */
#include "render/document/typeset.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyst/base/text.h"
#include "render/document/setting.h"

/* Japanese type looks larger than Latin of the same size. It is set smaller so that both look
 * alike; a little smaller still where it is the guest in an English text. */
#define JAPANESE_IN_JA 0.93
#define JAPANESE_IN_EN 0.90
#define ESCAPE_SIZE 0.82

static const struct {
	enum font latin, japanese;
	bool identifier;
} faces[] = {
	[FACE_REGULAR] = { FONT_REGULAR, FONT_JP_REGULAR, false },
	[FACE_SEMIBOLD] = { FONT_SEMIBOLD, FONT_JP_BOLD, false },
	[FACE_BOLD] = { FONT_BOLD, FONT_JP_BOLD, false },
	[FACE_LIGHT] = { FONT_LIGHT, FONT_JP_REGULAR, false },
	[FACE_MONO] = { FONT_MONO, FONT_JP_REGULAR, true },
	[FACE_MONO_BOLD] = { FONT_MONO_BOLD, FONT_JP_BOLD, true },
};

struct range { uint32_t first, last; };

static bool in_ranges(uint32_t r, const struct range *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (r >= list[i].first && r <= list[i].last)
			return true;
	return false;
}

bool rune_is_japanese(uint32_t r)
{
	static const struct range blocks[] = {
		{ 0x3000, 0x30FF }, { 0x31F0, 0x31FF }, { 0x3400, 0x4DBF }, { 0x4E00, 0x9FFF },
		{ 0xF900, 0xFAFF }, { 0xFF01, 0xFFEE },
	};
	return in_ranges(r, blocks, sizeof blocks / sizeof blocks[0]);
}

/* Characters that hide, reorder, stack or have no look of their own. */
static bool always_escaped(uint32_t r)
{
	static const struct range ranges[] = {
		{ 0x0000, 0x001F }, { 0x007F, 0x009F }, { 0x00AD, 0x00AD }, { 0x0300, 0x036F }, { 0x0483, 0x0489 },
		{ 0x061C, 0x061C }, { 0x115F, 0x1160 }, { 0x17B4, 0x17B5 }, { 0x180B, 0x180F }, { 0x1AB0, 0x1AFF },
		{ 0x1DC0, 0x1DFF }, { 0x200B, 0x200F }, { 0x2028, 0x202E }, { 0x2060, 0x206F }, { 0x20D0, 0x20FF },
		{ 0x3099, 0x309A }, { 0x3164, 0x3164 }, { 0xD800, 0xF8FF }, { 0xFE00, 0xFE0F }, { 0xFE20, 0xFE2F },
		{ 0xFEFF, 0xFEFF }, { 0xFFA0, 0xFFA0 }, { 0xFFF0, 0xFFFB }, { 0xFFFE, UINT32_MAX },
	};
	return in_ranges(r, ranges, sizeof ranges / sizeof ranges[0]);
}

/* Letters that look like Latin ones: a host must not be able to pass for another. */
static bool looks_latin(uint32_t r)
{
	static const struct range ranges[] = {
		{ 0x0370, 0x052F }, { 0x0530, 0x058F }, { 0x13A0, 0x13FF }, { 0x1C80, 0x1C8F }, { 0x1F00, 0x1FFF },
		{ 0x2DE0, 0x2DFF }, { 0xA640, 0xA69F },
	};
	return in_ranges(r, ranges, sizeof ranges / sizeof ranges[0]);
}

bool rune_needs_escape(uint32_t r, bool identifier)
{
	return always_escaped(r) || (identifier && looks_latin(r));
}

static struct glyph *one_more(struct glyphs *v)
{
	if (v->used == v->room) {
		v->room = v->room == 0 ? 128 : v->room * 2;
		v->list = must_grow(v->list, v->room, sizeof *v->list);
	}
	memset(&v->list[v->used], 0, sizeof *v->list);
	return &v->list[v->used++];
}

static void place(struct glyphs *v, struct fonts *fs, enum font font, uint32_t rune, uint16_t gid, double size,
                  uint8_t escape)
{
	struct glyph *before = v->used > v->start ? &v->list[v->used - 1] : NULL;
	struct glyph *g;

	if (before != NULL && before->font == font && before->escape == 0 && escape == 0)
		before->kern = (float)(font_kern(fs, font, before->gid, gid) * size);
	g = one_more(v);
	g->rune = rune;
	g->gid = gid;
	g->font = (uint8_t)font;
	g->escape = escape;
	g->size = (float)size;
	g->advance = (float)(font_advance(fs, font, gid) * size);
}

static void place_escape(struct glyphs *v, struct fonts *fs, const char *digits, double size)
{
	char s[16];
	int n = snprintf(s, sizeof s, "<%s>", digits);

	for (int i = 0; i < n; i++) {
		uint32_t r = s[i] == '<' ? 0x2039 : s[i] == '>' ? 0x203A : (unsigned char)s[i];
		place(v, fs, FONT_MONO, r, font_glyph(fs, FONT_MONO, r), size * ESCAPE_SIZE,
		      i == n - 1 ? ESCAPE_END : ESCAPE_PART);
	}
}

static void place_rune(struct glyphs *v, const struct typesetter *ts, uint32_t r, double size, enum face face)
{
	double japanese = size * (ts->lang == LANGUAGE_JA ? JAPANESE_IN_JA : JAPANESE_IN_EN);
	uint32_t drawn = r == 0xA0 ? ' ' : r;        /* a space that does not break looks like any other */
	char digits[12];
	uint16_t gid;

	if (rune_needs_escape(r, faces[face].identifier)) {
		snprintf(digits, sizeof digits, "U+%04X", (unsigned)r);
		place_escape(v, ts->fonts, digits, size);
		return;
	}
	if (!rune_is_japanese(r) && (gid = font_glyph(ts->fonts, faces[face].latin, drawn)) != 0) {
		place(v, ts->fonts, faces[face].latin, r, gid, size, 0);
		return;
	}
	if ((gid = font_glyph(ts->fonts, faces[face].japanese, drawn)) != 0) {
		place(v, ts->fonts, faces[face].japanese, r, gid, japanese, 0);
		return;
	}
	snprintf(digits, sizeof digits, "U+%04X", (unsigned)r);
	place_escape(v, ts->fonts, digits, size);
}

void glyphs_add(struct glyphs *v, const struct typesetter *ts, const char *s, double size, enum face face,
                bool breaks)
{
	size_t n = strlen(s), taken = 0;
	char digits[12];

	v->start = v->used;
	for (size_t i = 0; i < n; i += taken) {
		uint32_t r = utf8_next(s + i, n - i, &taken);
		if (r == 0xFFFD && !(taken == 3 && memcmp(s + i, "\xEF\xBF\xBD", 3) == 0)) {
			for (size_t j = 0; j < taken; j++) {
				snprintf(digits, sizeof digits, "x%02X", (unsigned)(unsigned char)s[i + j]);
				place_escape(v, ts->fonts, digits, size);
			}
		} else if (r == '\n' && breaks) {
			struct glyph *g = one_more(v);
			g->rune = '\n';
			g->font = (uint8_t)faces[face].latin;
			g->gid = font_glyph(ts->fonts, faces[face].latin, ' ');
			g->size = (float)size;
		} else {
			place_rune(v, ts, r, size, face);
		}
	}
}

struct glyph *typeset_line(const struct typesetter *ts, struct arena *a, const char *s, double size,
                           enum face face, size_t *count)
{
	struct glyphs v = { 0 };
	struct glyph *out;

	glyphs_add(&v, ts, s, size, face, false);
	out = ARENA_ARRAY(a, struct glyph, v.used + 1);
	if (v.used > 0)
		memcpy(out, v.list, v.used * sizeof *out);
	*count = v.used;
	free(v.list);
	return out;
}

double glyphs_width(const struct glyph *g, size_t n)
{
	double w = 0;

	for (size_t i = 0; i < n; i++)
		w += g[i].advance + (i + 1 < n ? g[i].kern : 0);
	return w;
}

double typeset_width(const struct typesetter *ts, const char *s, double size, enum face face)
{
	struct glyphs v = { 0 };
	double w;

	glyphs_add(&v, ts, s, size, face, false);
	w = glyphs_width(v.list, v.used);
	free(v.list);
	return w;
}

static double measure_width(void *ctx, const char *s, double size, enum face face)
{
	return typeset_width(ctx, s, size, face);
}

/* The words of a line again, without the space at its end. */
static const char *line_words(const struct setting *s, const struct setting_line *l, struct arena *a)
{
	char *out = arena_alloc(a, 4 * l->count + 1);
	size_t used = 0;

	for (size_t i = l->first; i < l->first + l->count; i++)
		used += utf8_put(out + used, s->glyphs[i].rune);
	out[used] = '\0';
	return out;
}

static size_t measure_broken(void *ctx, struct arena *a, const char *s, double size, enum face face, double room,
                             const char **out, size_t most)
{
	struct piece *piece = arena_alloc(a, sizeof(*piece));
	struct setting *set;

	*piece = (struct piece){ .text = s, .size = size, .face = face };
	set = typeset_paragraph(ctx, a, piece, 1, room, 0);
	setting_cut(ctx, set, most, room);
	for (size_t i = 0; i < set->line_count; i++)
		out[i] = line_words(set, &set->lines[i], a);
	return set->line_count;
}

struct measure typeset_measure(const struct typesetter *ts)
{
	/* struct measure has one untyped pointer for any measurer; this one only reads through it. */
	struct measure m = { measure_width, (void *)(uintptr_t)ts, measure_broken };

	return m;
}
