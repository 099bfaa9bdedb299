/* Embeds what was used of a face: a Type 0 font over a TrueType subset. */
#include "render/document/pdf_parts.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <hb-subset.h>
#include <hb.h>

#include "analyst/base/arena.h"

struct subset {
	struct text bytes;
	uint16_t *gid_of;          /* of letter number k + 1: the glyph in the subset */
};

/* Tables a PDF reader never looks at: ISO 32000-1, 9.9 lists what an embedded CIDFontType2 needs. The glyph of a
 * number comes from the CIDToGIDMap, not from cmap. */
static const char *const dropped[] = {
	"GSUB", "GPOS", "GDEF", "BASE", "kern", "DSIG", "name", "post", "vhea", "vmtx", "VORG", "gasp", "hdmx",
	"STAT", "LTSH", "VDMX", "JSTF", "meta", "cmap", "OS/2",
};

/* Those it needs. */
static const char *const kept[] = { "glyf", "head", "hhea", "hmtx", "loca", "maxp" };

/* Without memory HarfBuzz 6 crashes in some places and in others goes on with less: letters or whole tables would be
 * missing. So it is asked for beforehand: more than a subset of the largest font was seen to take. */
#define SUBSET_MEMORY ((size_t)32 << 20)

static void reserve_memory(void)
{
	free(must_alloc(SUBSET_MEMORY));
}

static bool is_whole(hb_face_t *small, const hb_map_t *glyphs, const struct used_face *used, const uint16_t *gid_of)
{
	bool whole = hb_face_get_glyph_count(small) == hb_map_get_population(glyphs);

	for (size_t i = 0; i < used->count; i++)
		whole = whole && gid_of[i] < hb_face_get_glyph_count(small) && (gid_of[i] != 0 || used->letters[i].gid == 0);
	for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++) {
		hb_blob_t *table = hb_face_reference_table(small, hb_tag_from_string(kept[i], 4));

		whole = whole && hb_blob_get_length(table) > 0;
		hb_blob_destroy(table);
	}
	return whole;
}

static hb_face_t *subset_face(hb_face_t *face, const struct used_face *used, uint16_t *gid_of)
{
	hb_subset_input_t *in = hb_subset_input_create_or_fail();
	hb_subset_plan_t *plan = NULL;
	hb_face_t *out = NULL;

	if (in == NULL)
		return NULL;
	hb_subset_input_set_flags(in, HB_SUBSET_FLAGS_NO_HINTING | HB_SUBSET_FLAGS_NOTDEF_OUTLINE);
	for (size_t i = 0; i < sizeof dropped / sizeof dropped[0]; i++)
		hb_set_add(hb_subset_input_set(in, HB_SUBSET_SETS_DROP_TABLE_TAG),
		           hb_tag_from_string(dropped[i], 4));
	for (size_t i = 0; i < used->count; i++) {
		hb_set_add(hb_subset_input_unicode_set(in), used->letters[i].rune);
		hb_set_add(hb_subset_input_glyph_set(in), used->letters[i].gid);
	}
	if ((plan = hb_subset_plan_create_or_fail(face, in)) != NULL) {
		const hb_map_t *map = hb_subset_plan_old_to_new_glyph_mapping(plan);
		for (size_t i = 0; i < used->count; i++) {
			hb_codepoint_t gid = hb_map_get(map, used->letters[i].gid);
			gid_of[i] = gid == HB_MAP_VALUE_INVALID ? 0 : (uint16_t)gid;
		}
		out = hb_subset_plan_execute_or_fail(plan);
		if (out != NULL && !is_whole(out, map, used, gid_of)) {
			hb_face_destroy(out);
			out = NULL;
		}
		hb_subset_plan_destroy(plan);
	}
	hb_subset_input_destroy(in);
	return out;
}

static int make_subset(struct subset *out, const struct font_facts *facts, const struct used_face *used,
                       struct fault *f)
{
	hb_blob_t *file = hb_blob_create_from_file_or_fail(facts->path), *blob = NULL;
	hb_face_t *face = NULL, *small = NULL;
	unsigned n = 0;
	const char *bytes;
	int rc = -1;

	if (file == NULL)
		return fault_set(f, FAULT_IO, "the font '%s' cannot be read", facts->path);
	reserve_memory();
	out->gid_of = must_alloc((used->count + 1) * sizeof *out->gid_of);
	face = hb_face_create(file, 0);
	small = subset_face(face, used, out->gid_of);
	if (small == NULL) {
		fault_set(f, FAULT_DATA, "the font '%s' cannot be cut down to the letters used", facts->path);
		goto out;
	}
	blob = hb_face_reference_blob(small);
	bytes = hb_blob_get_data(blob, &n);
	text_addn(&out->bytes, bytes, n);
	rc = n > 0 ? 0 : fault_set(f, FAULT_MEMORY, "no memory for a font of the PDF");
out:
	hb_blob_destroy(blob);
	hb_face_destroy(small);
	hb_face_destroy(face);
	hb_blob_destroy(file);
	return rc;
}

HPDF_Dict pdf_stream(HPDF_Doc doc, const void *bytes, size_t n, bool compressed)
{
	HPDF_Dict d = HPDF_DictStream_New(doc->mmgr, doc->xref);
	const unsigned char *from = bytes;

	if (d == NULL)
		return NULL;
	if (compressed)
		d->filter = HPDF_STREAM_FILTER_FLATE_DECODE;
	while (n > 0) {
		HPDF_UINT part = n > 0x10000 ? 0x10000 : (HPDF_UINT)n;
		if (HPDF_Stream_Write(d->stream, from, part) != HPDF_OK)
			return NULL;
		from += part;
		n -= part;
	}
	return d;
}

/* Number -> glyph of the subset, two bytes each; number 0 is never used. */
static HPDF_Dict number_map(HPDF_Doc doc, const struct subset *sub, size_t count)
{
	struct text t = { 0 };
	HPDF_Dict d;

	text_addn(&t, "\0\0", 2);
	for (size_t i = 0; i < count; i++) {
		text_addc(&t, (char)(sub->gid_of[i] >> 8));
		text_addc(&t, (char)(sub->gid_of[i] & 0xFF));
	}
	d = pdf_stream(doc, t.bytes, t.used, true);
	text_free(&t);
	return d;
}

/* PDF/A-1 wants a bit for every number the font can show, the first bit for 0. */
static HPDF_Dict number_set(HPDF_Doc doc, size_t count)
{
	size_t n = (count + 1 + 7) / 8;
	unsigned char *bits = must_alloc(n);
	HPDF_Dict d;

	memset(bits, 0, n);
	for (size_t i = 0; i <= count; i++)
		bits[i / 8] = (unsigned char)(bits[i / 8] | 0x80 >> i % 8);
	d = pdf_stream(doc, bits, n, true);
	free(bits);
	return d;
}

/* Number -> character, so that text can be searched and copied. */
static HPDF_Dict to_unicode(HPDF_Doc doc, const struct used_face *used)
{
	struct text t = { 0 };
	HPDF_Dict d;

	text_add(&t, "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
	             "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
	             "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
	             "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n");
	for (size_t i = 0; i < used->count; i += 100) {
		size_t n = used->count - i < 100 ? used->count - i : 100;
		text_printf(&t, "%zu beginbfchar\n", n);
		for (size_t k = i; k < i + n; k++)
			text_printf(&t, "<%04zX> <%04X>\n", k + 1, (unsigned)used->letters[k].rune);
		text_add(&t, "endbfchar\n");
	}
	text_add(&t, "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n");
	d = pdf_stream(doc, t.bytes, t.used, true);
	text_free(&t);
	return d;
}

#define USUAL_WIDTH 1000      /* of most Japanese letters: said once instead of for each */

/* "[first [w w w] first [w]]": the widths of numbers that are not of the usual width. */
static HPDF_Array widths(HPDF_Doc doc, struct fonts *fonts, enum font face, const struct used_face *used)
{
	HPDF_Array w = HPDF_Array_New(doc->mmgr), list = NULL;

	for (size_t i = 0; w != NULL && i < used->count; i++) {
		double width = font_advance(fonts, face, used->letters[i].gid) * 1000;
		if (fabs(width - USUAL_WIDTH) < 0.005) {
			list = NULL;
			continue;
		}
		if (list == NULL) {
			HPDF_Array_AddNumber(w, (HPDF_INT32)i + 1);
			if ((list = HPDF_Array_New(doc->mmgr)) == NULL)
				return NULL;
			HPDF_Array_Add(w, list);
		}
		HPDF_Array_AddReal(list, (HPDF_REAL)width);
	}
	return w;
}

static HPDF_Dict descriptor(HPDF_Doc doc, const struct font_facts *facts, const char *name,
                            const struct subset *sub, size_t count)
{
	HPDF_Dict d = HPDF_Dict_New(doc->mmgr), file = pdf_stream(doc, sub->bytes.bytes, sub->bytes.used, true);
	HPDF_Array box = HPDF_Array_New(doc->mmgr);

	if (d == NULL || file == NULL || box == NULL || HPDF_Xref_Add(doc->xref, d) != HPDF_OK)
		return NULL;
	HPDF_Dict_AddNumber(file, "Length1", (HPDF_INT32)sub->bytes.used);
	HPDF_Dict_AddName(d, "Type", "FontDescriptor");
	HPDF_Dict_AddName(d, "FontName", name);
	HPDF_Dict_AddNumber(d, "Flags", 4);
	for (int i = 0; i < 4; i++)
		HPDF_Array_AddReal(box, (HPDF_REAL)facts->box[i]);
	HPDF_Dict_Add(d, "FontBBox", box);
	HPDF_Dict_AddReal(d, "ItalicAngle", (HPDF_REAL)facts->italic_angle);
	HPDF_Dict_AddReal(d, "Ascent", (HPDF_REAL)facts->ascent);
	HPDF_Dict_AddReal(d, "Descent", (HPDF_REAL)facts->descent);
	HPDF_Dict_AddReal(d, "CapHeight", (HPDF_REAL)facts->cap_height);
	HPDF_Dict_AddReal(d, "StemV", (HPDF_REAL)facts->stem);
	HPDF_Dict_Add(d, "FontFile2", file);
	HPDF_Dict_Add(d, "CIDSet", number_set(doc, count));
	return d;
}

static HPDF_Dict cid_font(HPDF_Doc doc, struct fonts *fonts, enum font face, const char *name,
                          const struct used_face *used, const struct subset *sub)
{
	HPDF_Dict d = HPDF_Dict_New(doc->mmgr), system = HPDF_Dict_New(doc->mmgr);

	if (d == NULL || system == NULL || HPDF_Xref_Add(doc->xref, d) != HPDF_OK)
		return NULL;
	HPDF_Dict_AddName(d, "Type", "Font");
	HPDF_Dict_AddName(d, "Subtype", "CIDFontType2");
	HPDF_Dict_AddName(d, "BaseFont", name);
	HPDF_Dict_Add(system, "Registry", HPDF_String_New(doc->mmgr, "Adobe", NULL));
	HPDF_Dict_Add(system, "Ordering", HPDF_String_New(doc->mmgr, "Identity", NULL));
	HPDF_Dict_AddNumber(system, "Supplement", 0);
	HPDF_Dict_Add(d, "CIDSystemInfo", system);
	HPDF_Dict_Add(d, "FontDescriptor", descriptor(doc, font_facts(fonts, face), name, sub, used->count));
	HPDF_Dict_AddNumber(d, "DW", USUAL_WIDTH);
	HPDF_Dict_Add(d, "W", widths(doc, fonts, face, used));
	HPDF_Dict_Add(d, "CIDToGIDMap", number_map(doc, sub, used->count));
	return d;
}

HPDF_Dict pdf_embed_face(HPDF_Doc doc, struct fonts *fonts, enum font face, const struct used_face *used,
                         struct fault *f)
{
	const struct font_facts *facts = font_facts(fonts, face);
	struct subset sub = { { NULL, 0, 0 }, NULL };
	HPDF_Dict d = NULL;
	HPDF_Array below;
	char name[80];

	/* libharu's arrays end at 8,191 entries; no report uses so many different letters of one face. */
	if (used->count >= 8000) {
		fault_set(f, FAULT_DATA, "the report uses more than 8,000 different letters of one font");
		return NULL;
	}
	if (make_subset(&sub, facts, used, f) < 0)
		goto out;
	snprintf(name, sizeof name, "TSUMU%c+%s", 'A' + (int)face, facts->postscript);
	d = HPDF_Dict_New(doc->mmgr);
	below = HPDF_Array_New(doc->mmgr);
	if (d == NULL || below == NULL || HPDF_Xref_Add(doc->xref, d) != HPDF_OK) {
		fault_set(f, FAULT_MEMORY, "no memory for a font of the PDF");
		d = NULL;
		goto out;
	}
	HPDF_Dict_AddName(d, "Type", "Font");
	HPDF_Dict_AddName(d, "Subtype", "Type0");
	HPDF_Dict_AddName(d, "BaseFont", name);
	HPDF_Dict_AddName(d, "Encoding", "Identity-H");
	HPDF_Array_Add(below, cid_font(doc, fonts, face, name, used, &sub));
	HPDF_Dict_Add(d, "DescendantFonts", below);
	HPDF_Dict_Add(d, "ToUnicode", to_unicode(doc, used));
out:
	text_free(&sub.bytes);
	free(sub.gid_of);
	return d;
}
