/* What a PDF/A-1b file says about itself. */
#include "render/document/pdf_parts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#ifndef TSUMUGI_VERSION
#define TSUMUGI_VERSION "0"
#endif

#define PRODUCER "Tsumugi " TSUMUGI_VERSION ", libharu " HPDF_VERSION_TEXT

HPDF_Binary pdf_text_string(HPDF_Doc doc, const char *s)
{
	struct text t = { 0 };
	HPDF_Binary b;
	size_t n = strlen(s), taken = 0;

	text_addn(&t, "\xFE\xFF", 2);
	/* A string of a PDF may have 65,535 bytes; no title needs a tenth of that. */
	for (size_t i = 0; i < n && t.used < 4000; i += taken) {
		uint32_t r = utf8_next(s + i, n - i, &taken);
		if (r > 0xFFFF) {
			unsigned high = 0xD800 + ((r - 0x10000) >> 10);
			text_addc(&t, (char)(high >> 8));
			text_addc(&t, (char)(high & 0xFF));
			r = 0xDC00 + ((r - 0x10000) & 0x3FF);
		}
		text_addc(&t, (char)(r >> 8));
		text_addc(&t, (char)(r & 0xFF));
	}
	b = HPDF_Binary_New(doc->mmgr, (HPDF_BYTE *)t.bytes, (HPDF_UINT)t.used);
	text_free(&t);
	return b;
}

/* ---- the sRGB profile ---- */

static void put16(struct text *t, unsigned v)
{
	text_addc(t, (char)(v >> 8 & 0xFF));
	text_addc(t, (char)(v & 0xFF));
}

static void put32(struct text *t, uint32_t v)
{
	put16(t, v >> 16);
	put16(t, v & 0xFFFF);
}

static void put_fixed(struct text *t, double v)      /* s15Fixed16 */
{
	put32(t, (uint32_t)(int32_t)lround(v * 65536));
}

static void tag_xyz(struct text *t, double x, double y, double z)
{
	text_add(t, "XYZ ");
	put32(t, 0);
	put_fixed(t, x);
	put_fixed(t, y);
	put_fixed(t, z);
}

static void tag_description(struct text *t)
{
	static const char words[] = "sRGB IEC61966-2.1";

	text_add(t, "desc");
	put32(t, 0);
	put32(t, sizeof words);
	text_addn(t, words, sizeof words);
	for (int i = 0; i < 4 + 4 + 2 + 1 + 67; i++)       /* no Unicode, no Macintosh description */
		text_addc(t, '\0');
}

static void tag_curve(struct text *t)
{
	enum { POINTS = 1024 };

	text_add(t, "curv");
	put32(t, 0);
	put32(t, POINTS);
	for (int i = 0; i < POINTS; i++) {
		double v = i / (double)(POINTS - 1);
		double linear = v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4);
		put16(t, (unsigned)lround(linear * 65535));
	}
}

static void profile_header(struct text *t, size_t size)
{
	put32(t, (uint32_t)size);
	put32(t, 0);
	put32(t, 0x02100000);
	text_add(t, "mntrRGB XYZ ");
	put16(t, 2021);                                    /* any fixed date: same input, same bytes */
	put16(t, 1);
	put16(t, 1);
	for (int i = 0; i < 3; i++)
		put16(t, 0);
	text_add(t, "acsp");
	for (int i = 0; i < 7; i++)
		put32(t, 0);
	put_fixed(t, 0.9642);
	put_fixed(t, 1.0);
	put_fixed(t, 0.8249);
	for (int i = 0; i < 12; i++)
		put32(t, 0);
}

/* sRGB as ICC version 2: primaries adapted to D50, the curve of IEC 61966-2-1. */
static void make_profile(struct text *out)
{
	static const char *const names[] = { "desc", "cprt", "wtpt", "rXYZ", "gXYZ", "bXYZ", "rTRC", "gTRC", "bTRC" };
	enum { TAGS = 9, CURVE = 6 };
	struct text data = { 0 };
	size_t at[TAGS + 1], base = 128 + 4 + TAGS * 12;

	for (int i = 0; i < TAGS; i++) {
		while (data.used % 4 != 0)
			text_addc(&data, '\0');
		at[i] = data.used;
		switch (i) {
		case 0: tag_description(&data); break;
		case 1: text_addn(&data, "text\0\0\0\0No copyright, use freely\0", 33); break;
		case 2: tag_xyz(&data, 0.95045, 1.0, 1.08905); break;
		case 3: tag_xyz(&data, 0.43607, 0.22249, 0.01392); break;
		case 4: tag_xyz(&data, 0.38515, 0.71687, 0.09708); break;
		case 5: tag_xyz(&data, 0.14307, 0.06061, 0.71410); break;
		case CURVE: tag_curve(&data); break;
		default: break;                            /* the three curves are one */
		}
	}
	at[TAGS] = data.used;
	profile_header(out, base + data.used);
	put32(out, TAGS);
	for (int i = 0; i < TAGS; i++) {
		int k = i < CURVE ? i : CURVE;
		text_add(out, names[i]);
		put32(out, (uint32_t)(base + at[k]));
		put32(out, (uint32_t)((k == CURVE ? at[TAGS] : at[k + 1]) - at[k]));
	}
	text_addn(out, data.bytes, data.used);
	text_free(&data);
}

/* ---- metadata ---- */

static void xmp_item(struct text *t, const char *before, const char *s, const char *after)
{
	if (s == NULL)
		return;
	text_add(t, before);
	text_add_xml(t, s);
	text_add(t, after);
}

static void make_xmp(struct text *t, const struct pdf_info *info, const char *when)
{
	text_add(t, "<?xpacket begin=\"\xEF\xBB\xBF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n"
	            "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n"
	            "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n"
	            "<rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\n"
	            "<dc:format>application/pdf</dc:format>\n");
	xmp_item(t, "<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">", info->title, "</rdf:li></rdf:Alt></dc:title>\n");
	xmp_item(t, "<dc:creator><rdf:Seq><rdf:li>", info->author, "</rdf:li></rdf:Seq></dc:creator>\n");
	xmp_item(t, "<dc:description><rdf:Alt><rdf:li xml:lang=\"x-default\">", info->subject,
	         "</rdf:li></rdf:Alt></dc:description>\n");
	text_printf(t, "</rdf:Description>\n"
	               "<rdf:Description rdf:about=\"\" xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\">\n"
	               "<xmp:CreatorTool>Tsumugi " TSUMUGI_VERSION "</xmp:CreatorTool>\n");
	if (when[0] != '\0')
		text_printf(t, "<xmp:CreateDate>%s</xmp:CreateDate>\n<xmp:ModifyDate>%s</xmp:ModifyDate>\n", when, when);
	text_printf(t, "</rdf:Description>\n"
	               "<rdf:Description rdf:about=\"\" xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\">\n"
	               "<pdf:Producer>" PRODUCER "</pdf:Producer>\n</rdf:Description>\n"
	               "<rdf:Description rdf:about=\"\" xmlns:pdfaid=\"http://www.aiim.org/pdfa/ns/id/\">\n"
	               "<pdfaid:part>1</pdfaid:part>\n<pdfaid:conformance>B</pdfaid:conformance>\n"
	               "</rdf:Description>\n</rdf:RDF>\n</x:xmpmeta>\n<?xpacket end=\"w\"?>\n");
}

static void add_text(HPDF_Doc doc, HPDF_Dict d, const char *key, const char *s)
{
	if (s != NULL)
		HPDF_Dict_Add(d, key, pdf_text_string(doc, s));
}

static int fill_info(HPDF_Doc doc, const struct pdf_info *info, const char *when)
{
	HPDF_Date date = { 0 };

	memset(&date, 0, sizeof date);
	if (when[0] != '\0') {
		sscanf(when, "%d-%d-%dT%d:%d:%d", &date.year, &date.month, &date.day, &date.hour, &date.minutes, &date.seconds);
		/* An offset, not "Z": PDFBox reads the two spellings of UTC in Info and XMP as different times. */
		date.ind = '+';
		HPDF_SetInfoDateAttr(doc, HPDF_INFO_CREATION_DATE, date);
		HPDF_SetInfoDateAttr(doc, HPDF_INFO_MOD_DATE, date);
	}
	HPDF_SetInfoAttr(doc, HPDF_INFO_PRODUCER, PRODUCER);
	if (doc->info == NULL)
		return -1;
	add_text(doc, doc->info, "Title", info->title);
	add_text(doc, doc->info, "Author", info->author);
	add_text(doc, doc->info, "Subject", info->subject);
	add_text(doc, doc->info, "Creator", "Tsumugi " TSUMUGI_VERSION);
	add_text(doc, doc->info, "Producer", PRODUCER);
	return 0;
}

static void add_intent(HPDF_Doc doc)
{
	struct text profile = { 0 };
	HPDF_Dict intent = HPDF_Dict_New(doc->mmgr), stream;
	HPDF_Array intents = HPDF_Array_New(doc->mmgr);

	make_profile(&profile);
	stream = pdf_stream(doc, profile.bytes, profile.used, true);
	text_free(&profile);
	if (intent == NULL || intents == NULL || stream == NULL || HPDF_Xref_Add(doc->xref, intent) != HPDF_OK)
		return;
	HPDF_Dict_AddNumber(stream, "N", 3);
	HPDF_Dict_AddName(intent, "Type", "OutputIntent");
	HPDF_Dict_AddName(intent, "S", "GTS_PDFA1");
	HPDF_Dict_Add(intent, "OutputConditionIdentifier", HPDF_String_New(doc->mmgr, "sRGB IEC61966-2.1", NULL));
	HPDF_Dict_Add(intent, "Info", HPDF_String_New(doc->mmgr, "sRGB IEC61966-2.1", NULL));
	HPDF_Dict_Add(intent, "DestOutputProfile", stream);
	HPDF_Array_Add(intents, intent);
	HPDF_Dict_Add(doc->catalog, "OutputIntents", intents);
}

static void add_id(HPDF_Doc doc, const unsigned char id[16])
{
	HPDF_Array ids = HPDF_Array_New(doc->mmgr);

	if (ids == NULL)
		return;
	for (int i = 0; i < 2; i++) {
		unsigned char copy[16];
		memcpy(copy, id, sizeof copy);
		HPDF_Array_Add(ids, HPDF_Binary_New(doc->mmgr, copy, sizeof copy));
	}
	HPDF_Dict_Add(doc->trailer, "ID", ids);
}

int pdf_describe(HPDF_Doc doc, const struct pdf_info *info, const unsigned char id[16], struct fault *f)
{
	struct text xmp = { 0 };
	HPDF_Dict stream, view = HPDF_Dict_New(doc->mmgr);
	char when[INSTANT_ROOM] = "";

	if (info->made != INSTANT_NONE) {
		instant_utc(when, info->made - info->made % SECOND);
		when[strcspn(when, "Z")] = '\0';
		strcat(when, "+00:00");
	}
	make_xmp(&xmp, info, when);
	stream = pdf_stream(doc, xmp.bytes, xmp.used, false);
	text_free(&xmp);
	if (fill_info(doc, info, when) < 0 || stream == NULL || view == NULL)
		return fault_set(f, FAULT_MEMORY, "no memory for the description of the PDF");
	HPDF_Dict_AddName(stream, "Type", "Metadata");
	HPDF_Dict_AddName(stream, "Subtype", "XML");
	HPDF_Dict_Add(doc->catalog, "Metadata", stream);
	HPDF_Dict_Add(doc->catalog, "Lang",
	              HPDF_String_New(doc->mmgr, info->lang == LANGUAGE_JA ? "ja-JP" : "en-GB", NULL));
	HPDF_Dict_AddBoolean(view, "DisplayDocTitle", HPDF_TRUE);
	HPDF_Dict_Add(doc->catalog, "ViewerPreferences", view);
	add_intent(doc);
	add_id(doc, id);
	doc->pdf_version = HPDF_VER_14;
	return 0;
}
