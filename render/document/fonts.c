#include "render/document/fonts.h"

#include <stdlib.h>
#include <string.h>

#include <ft2build.h>
#include FT_FREETYPE_H
#include FT_ADVANCES_H
#include FT_TRUETYPE_TABLES_H

#include "analyst/base/arena.h"

#define LATO "/usr/share/fonts/truetype/lato/"
#define BIZ "/usr/share/fonts/truetype/bizud-gothic/"
#define JETBRAINS "/usr/share/fonts/truetype/jetbrains-mono/"

/* stem: the width of the letter l, which a viewer only needs to imitate a missing font. */
static const struct {
	const char *path, *package, *postscript;
	double stem;
} files[FONTS] = {
	[FONT_REGULAR] = { LATO "Lato-Regular.ttf", "fonts-lato", "Lato-Regular", 84 },
	[FONT_SEMIBOLD] = { LATO "Lato-Semibold.ttf", "fonts-lato", "Lato-Semibold", 108 },
	[FONT_BOLD] = { LATO "Lato-Bold.ttf", "fonts-lato", "Lato-Bold", 128 },
	[FONT_LIGHT] = { LATO "Lato-Light.ttf", "fonts-lato", "Lato-Light", 52 },
	[FONT_JP_REGULAR] = { BIZ "BIZUDGothic-Regular.ttf", "fonts-morisawa-bizud-gothic", "BIZUDGothic-Regular", 80 },
	[FONT_JP_BOLD] = { BIZ "BIZUDGothic-Bold.ttf", "fonts-morisawa-bizud-gothic", "BIZUDGothic-Bold", 130 },
	[FONT_MONO] = { JETBRAINS "JetBrainsMono-Regular.ttf", "fonts-jetbrains-mono", "JetBrainsMono-Regular", 80 },
	[FONT_MONO_BOLD] = { JETBRAINS "JetBrainsMono-Bold.ttf", "fonts-jetbrains-mono", "JetBrainsMono-Bold", 130 },
};

#define RUNES 0x10000
#define NOT_ASKED UINT16_MAX

/* One open face and what was asked of it so far. A report asks for the same few hundred
 * characters again and again, so both answers are kept in flat tables. */
struct open_face {
	FT_Face face;
	double em;
	uint16_t *glyph_of;       /* [RUNES], NOT_ASKED */
	float *advance_of;        /* [glyphs], negative: not asked */
	uint32_t glyphs;
	struct font_facts facts;
};

#define KERNS 4096            /* slots of the pair cache; a page uses some 600 pairs */

struct fonts {
	struct open_face open[FONTS];
	struct { uint64_t pair; float kern; } kerns[KERNS];
};

static void face_describe(struct open_face *o, enum font which)
{
	const TT_OS2 *os2 = FT_Get_Sfnt_Table(o->face, FT_SFNT_OS2);
	double k = 1000.0 / o->em;
	struct font_facts *facts = &o->facts;

	facts->postscript = files[which].postscript;
	facts->path = files[which].path;
	facts->stem = files[which].stem;
	facts->ascent = o->face->ascender * k;
	facts->descent = o->face->descender * k;
	facts->cap_height = os2 != NULL && os2->version >= 2 && os2->sCapHeight > 0 ? os2->sCapHeight * k : 700;
	facts->box[0] = (double)o->face->bbox.xMin * k;
	facts->box[1] = (double)o->face->bbox.yMin * k;
	facts->box[2] = (double)o->face->bbox.xMax * k;
	facts->box[3] = (double)o->face->bbox.yMax * k;
}

/* Opened once and never closed: cairo remembers letters by the address of the face, after all canvases are gone, and
 * would draw those of another font when one takes the address. */
static FT_Library library;
static FT_Face faces[FONTS];

static int face_open(struct fonts *fs, enum font which, struct fault *f)
{
	struct open_face *o = &fs->open[which];

	if (faces[which] == NULL && FT_New_Face(library, files[which].path, 0, &faces[which]) != 0) {
		faces[which] = NULL;
		return fault_set(f, FAULT_IO, "the font '%s' cannot be opened: install the package %s",
		                 files[which].path, files[which].package);
	}
	o->face = faces[which];
	/* The PDF embeds TrueType outlines only, and a size of zero would divide by zero. */
	if (!FT_IS_SCALABLE(o->face) || !FT_IS_SFNT(o->face) || o->face->units_per_EM == 0 ||
	    o->face->num_glyphs <= 0)
		return fault_set(f, FAULT_DATA, "the font '%s' is no TrueType font: reinstall the package %s",
		                 files[which].path, files[which].package);
	o->em = o->face->units_per_EM;
	o->glyphs = (uint32_t)o->face->num_glyphs;
	o->glyph_of = must_alloc(RUNES * sizeof *o->glyph_of);
	memset(o->glyph_of, 0xFF, RUNES * sizeof *o->glyph_of);
	o->advance_of = must_alloc(o->glyphs * sizeof *o->advance_of);
	for (uint32_t i = 0; i < o->glyphs; i++)
		o->advance_of[i] = -1;
	face_describe(o, which);
	return 0;
}

int fonts_load(struct fonts **out, struct fault *f)
{
	struct fonts *fs = must_alloc(sizeof *fs);

	memset(fs, 0, sizeof *fs);
	*out = NULL;
	if (library == NULL && FT_Init_FreeType(&library) != 0) {
		library = NULL;
		free(fs);
		return fault_set(f, FAULT_MEMORY, "the font library cannot be started");
	}
	for (int i = 0; i < FONTS; i++)
		if (face_open(fs, (enum font)i, f) < 0) {
			fonts_free(fs);
			return -1;
		}
	*out = fs;
	return 0;
}

void fonts_free(struct fonts *fs)
{
	if (fs == NULL)
		return;
	for (int i = 0; i < FONTS; i++) {
		free(fs->open[i].glyph_of);
		free(fs->open[i].advance_of);
	}
	free(fs);
}

uint16_t font_glyph(struct fonts *fs, enum font face, uint32_t rune)
{
	struct open_face *o = &fs->open[face];

	if (rune >= RUNES)
		return 0;
	if (o->glyph_of[rune] == NOT_ASKED) {
		FT_UInt gid = FT_Get_Char_Index(o->face, rune);
		o->glyph_of[rune] = gid < o->glyphs && gid < NOT_ASKED ? (uint16_t)gid : 0;
	}
	return o->glyph_of[rune];
}

double font_advance(struct fonts *fs, enum font face, uint16_t gid)
{
	struct open_face *o = &fs->open[face];
	FT_Fixed units = 0;

	if (gid >= o->glyphs)
		return 0;
	if (o->advance_of[gid] < 0) {
		if (FT_Get_Advance(o->face, gid, FT_LOAD_NO_SCALE, &units) != 0)
			units = 0;
		o->advance_of[gid] = (float)((double)units / o->em);
	}
	return o->advance_of[gid];
}

double font_kern(struct fonts *fs, enum font face, uint16_t left, uint16_t right)
{
	struct open_face *o = &fs->open[face];
	uint64_t pair = (UINT64_C(1) << 40) | (uint64_t)face << 32 | (uint64_t)left << 16 | right;
	size_t slot = (size_t)((pair * UINT64_C(0x9E3779B97F4A7C15)) >> 52) % KERNS;
	FT_Vector v = { 0, 0 };

	if (!FT_HAS_KERNING(o->face))
		return 0;
	if (fs->kerns[slot].pair != pair) {
		if (FT_Get_Kerning(o->face, left, right, FT_KERNING_UNSCALED, &v) != 0)
			v.x = 0;
		fs->kerns[slot].pair = pair;
		fs->kerns[slot].kern = (float)((double)v.x / o->em);
	}
	return fs->kerns[slot].kern;
}

const struct font_facts *font_facts(struct fonts *fs, enum font face)
{
	return &fs->open[face].facts;
}

void *font_freetype(struct fonts *fs, enum font face)
{
	return fs->open[face].face;
}
