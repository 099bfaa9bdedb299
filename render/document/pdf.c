#include "render/document/pdf.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyst/base/arena.h"
#include "analyst/base/sha.h"
#include "render/document/pdf_parts.h"

#define SCENE_MARGIN 12.0

struct page {
	HPDF_Page page;
	struct canvas *canvas;       /* NULL while the page is packed */
	const char *error;           /* of a canvas that is gone */
	struct text content;         /* drawn since */
	struct packed packed;
	unsigned fonts;              /* bit n: enum font n is used */
	bool pictures;
	double height;
};

struct place {                       /* a bookmark, an anchor or a link */
	char *name;
	unsigned page;
	int level;
	double x, y, w, h;
};

struct places {
	struct place *list;
	size_t used, room;
};

struct pictures {
	const struct picture **list;
	size_t used, room;
};

struct pdf {
	HPDF_Doc doc;
	struct fonts *fonts;
	struct arena *arena;
	struct pdf_info info;
	struct packer *packer;
	struct page **pages;         /* each by itself: canvases hold their addresses */
	size_t page_count, page_room;
	struct places outline, anchors, links;
	struct pictures pictures;
	struct used_faces used;
	unsigned long error, detail; /* libharu's first one */
};

static void on_error(HPDF_STATUS error, HPDF_STATUS detail, void *user)
{
	struct pdf *pdf = user;

	if (pdf->error == 0) {
		pdf->error = error;
		pdf->detail = detail;
	}
}

/* Metadata goes to readers we do not know: what cannot be shown is spelled out. */
static const char *shown(struct arena *a, const char *s)
{
	struct text t = { 0 };
	char *out = NULL;

	if (s != NULL) {
		text_add_shown(&t, s, strlen(s));
		out = arena_dup(a, text_str(&t));
		text_free(&t);
	}
	return out;
}

int pdf_new(struct pdf **out, struct fonts *fonts, const struct pdf_info *info, struct fault *f)
{
	struct pdf *pdf = must_alloc(sizeof *pdf);

	memset(pdf, 0, sizeof *pdf);
	*out = NULL;
	pdf->arena = arena_new();
	pdf->fonts = fonts;
	pdf->info = *info;
	pdf->info.title = shown(pdf->arena, info->title);
	pdf->info.author = shown(pdf->arena, info->author);
	pdf->info.subject = shown(pdf->arena, info->subject);
	pdf->info.seed = shown(pdf->arena, info->seed);
	pdf->doc = HPDF_New(on_error, pdf);
	pdf->packer = packer_new();
	if (pdf->doc == NULL || pdf->packer == NULL) {
		pdf_free(pdf);
		return fault_set(f, FAULT_MEMORY, "the PDF library cannot be started");
	}
	HPDF_SetCompressionMode(pdf->doc, HPDF_COMP_ALL);
	*out = pdf;
	return 0;
}

const char *pdf_title(const struct pdf *pdf)
{
	return pdf->info.title != NULL ? pdf->info.title : "";
}

void pdf_free(struct pdf *pdf)
{
	if (pdf == NULL)
		return;
	for (size_t i = 0; i < pdf->page_count; i++) {
		canvas_free(pdf->pages[i]->canvas);
		text_free(&pdf->pages[i]->content);
		text_free(&pdf->pages[i]->packed.bytes);
		free(pdf->pages[i]);
	}
	free(pdf->pages);
	free(pdf->outline.list);
	free(pdf->anchors.list);
	free(pdf->links.list);
	free(pdf->pictures.list);
	used_faces_free(&pdf->used);
	packer_free(pdf->packer);
	if (pdf->doc != NULL)
		HPDF_Free(pdf->doc);
	arena_free(pdf->arena);
	free(pdf);
}

struct canvas *pdf_page(struct pdf *pdf, double width, double height)
{
	struct page *p = must_alloc(sizeof *p);

	memset(p, 0, sizeof *p);
	p->height = height;
	p->page = HPDF_AddPage(pdf->doc);
	if (p->page != NULL) {
		HPDF_Page_SetWidth(p->page, (HPDF_REAL)width);
		HPDF_Page_SetHeight(p->page, (HPDF_REAL)height);
	}
	p->canvas = pdf_canvas(&p->content, &pdf->used, &p->fonts, height);
	if (pdf->page_count == pdf->page_room) {
		pdf->page_room = pdf->page_room == 0 ? 16 : pdf->page_room * 2;
		pdf->pages = must_grow(pdf->pages, pdf->page_room, sizeof(struct page *));
	}
	pdf->pages[pdf->page_count++] = p;
	return p->canvas;
}

unsigned pdf_page_count(const struct pdf *pdf)
{
	return (unsigned)pdf->page_count;
}

struct canvas *pdf_page_canvas(struct pdf *pdf, unsigned page)
{
	struct page *p = pdf->pages[page];

	if (p->canvas == NULL)
		p->canvas = pdf_canvas(&p->content, &pdf->used, &p->fonts, p->height);
	return p->canvas;
}

static void pack(struct pdf *pdf, struct page *p, bool last)
{
	if (p->canvas != NULL && p->error == NULL)
		p->error = canvas_status(p->canvas);
	canvas_free(p->canvas);
	p->canvas = NULL;
	packer_add(pdf->packer, &p->packed, &p->content, last);
	text_free(&p->content);
}

void pdf_page_pack(struct pdf *pdf, unsigned page)
{
	pack(pdf, pdf->pages[page], false);
}

static void add_place(struct pdf *pdf, struct places *list, const char *name, struct place at)
{
	if (list->used == list->room) {
		list->room = list->room == 0 ? 16 : list->room * 2;
		list->list = must_grow(list->list, list->room, sizeof *list->list);
	}
	at.name = arena_dup(pdf->arena, name);
	list->list[list->used++] = at;
}

void pdf_outline(struct pdf *pdf, int level, const char *title, unsigned page, double y)
{
	add_place(pdf, &pdf->outline, shown(pdf->arena, title), (struct place){ .level = level, .page = page, .y = y });
}

void pdf_anchor(struct pdf *pdf, const char *name, unsigned page, double y)
{
	add_place(pdf, &pdf->anchors, name, (struct place){ .page = page, .y = y });
}

void pdf_link(struct pdf *pdf, unsigned page, double x, double y, double w, double h, const char *anchor)
{
	add_place(pdf, &pdf->links, anchor, (struct place){ .page = page, .x = x, .y = y, .w = w, .h = h });
}

static size_t picture_number(struct pictures *ps, const struct picture *picture)
{
	size_t i = 0;

	while (i < ps->used && ps->list[i] != picture)
		i++;
	if (i == ps->room) {
		ps->room = ps->room * 2 + 4;
		ps->list = must_grow(ps->list, ps->room, sizeof *ps->list);
	}
	if (i == ps->used)
		ps->list[ps->used++] = picture;
	return i;
}

void pdf_picture(struct pdf *pdf, unsigned page, double x, double y, double w, double h, const struct picture *picture)
{
	struct page *p = pdf->pages[page];
	const double matrix[] = { w, 0, 0, h, x, p->height - y - h };

	text_add(&p->content, "q ");
	for (size_t i = 0; i < sizeof matrix / sizeof matrix[0]; i++) {
		canvas_add_number(&p->content, matrix[i]);
		text_addc(&p->content, ' ');
	}
	text_printf(&p->content, "cm /P%zu Do Q\n", picture_number(&pdf->pictures, picture));
	p->pictures = true;
}

/* "[page /XYZ left top null]". Made by hand: libharu's own cannot keep the reader's zoom. */
static HPDF_Array destination(struct pdf *pdf, unsigned page, double y)
{
	HPDF_Array d = HPDF_Array_New(pdf->doc->mmgr);
	const struct page *p;
	double top;

	if (page >= pdf->page_count || d == NULL)
		return d;
	p = pdf->pages[page];
	top = p->height - y;
	HPDF_Array_Add(d, p->page);
	HPDF_Array_AddName(d, "XYZ");
	HPDF_Array_AddNumber(d, 0);
	HPDF_Array_AddReal(d, (HPDF_REAL)(top > p->height ? p->height : top));
	HPDF_Array_Add(d, HPDF_Null_New(pdf->doc->mmgr));
	return d;
}

static void write_outline(struct pdf *pdf)
{
	HPDF_Outline parent = NULL;

	for (size_t i = 0; i < pdf->outline.used && pdf->error == 0; i++) {
		const struct place *at = &pdf->outline.list[i];
		HPDF_Outline o = HPDF_CreateOutline(pdf->doc, at->level > 0 ? parent : NULL, "-", NULL);
		if (o == NULL)
			return;
		HPDF_Dict_Add(o, "Title", pdf_text_string(pdf->doc, at->name));
		HPDF_Dict_Add(o, "Dest", destination(pdf, at->page, at->y));
		if (at->level == 0)
			parent = o;
	}
	if (pdf->outline.used > 0)
		HPDF_SetPageMode(pdf->doc, HPDF_PAGE_MODE_USE_OUTLINE);
}

static int by_name(const void *a, const void *b)
{
	const struct place *x = a, *y = b;
	int c = strcmp(x->name, y->name);

	if (c != 0)
		return c;
	return x->page != y->page ? (x->page < y->page ? -1 : 1) : (x->y > y->y) - (x->y < y->y);
}

static int name_is(const void *key, const void *element)
{
	return strcmp(key, ((const struct place *)element)->name);
}

static void write_links(struct pdf *pdf)
{
	if (pdf->anchors.used > 0)
		qsort(pdf->anchors.list, pdf->anchors.used, sizeof *pdf->anchors.list, by_name);
	for (size_t i = 0; i < pdf->links.used && pdf->error == 0 && pdf->anchors.used > 0; i++) {
		const struct place *ln = &pdf->links.list[i];
		const struct page *p = pdf->pages[ln->page];
		const struct place *to = bsearch(ln->name, pdf->anchors.list, pdf->anchors.used,
		                                 sizeof *pdf->anchors.list, name_is);
		HPDF_Rect r = { (HPDF_REAL)ln->x, (HPDF_REAL)(p->height - ln->y - ln->h), (HPDF_REAL)(ln->x + ln->w),
		                (HPDF_REAL)(p->height - ln->y) };
		HPDF_Annotation note;

		if (to == NULL)
			continue;
		/* Only this kind can be made without a destination that libharu checks; its address is
		 * removed at once. */
		if ((note = HPDF_Page_CreateURILinkAnnot(p->page, r, "-")) == NULL)
			return;
		HPDF_Dict_RemoveElement(note, "A");
		HPDF_Dict_Add(note, "Dest", destination(pdf, to->page, to->y));
		HPDF_Dict_AddNumber(note, "F", 4);
		HPDF_LinkAnnot_SetBorderStyle(note, 0, 0, 0);
	}
}

static int write_fonts(struct pdf *pdf, HPDF_Dict faces[FONTS], struct fault *f)
{
	for (int i = 0; i < FONTS; i++) {
		faces[i] = NULL;
		if (pdf->used.face[i].count > 0 &&
		    (faces[i] = pdf_embed_face(pdf->doc, pdf->fonts, (enum font)i, &pdf->used.face[i], f)) == NULL)
			return -1;
	}
	return 0;
}

/* NULL without pictures; one dictionary for all pages that hold some. */
static HPDF_Dict write_pictures(struct pdf *pdf)
{
	HPDF_Dict all = pdf->pictures.used > 0 ? HPDF_Dict_New(pdf->doc->mmgr) : NULL;
	char key[24];

	if (all != NULL)
		HPDF_Xref_Add(pdf->doc->xref, all);
	for (size_t i = 0; i < pdf->pictures.used && all != NULL && pdf->error == 0; i++) {
		const struct picture *p = pdf->pictures.list[i];

		snprintf(key, sizeof key, "P%zu", i);
		HPDF_Dict_Add(all, key, HPDF_LoadRawImageFromMem(pdf->doc, p->rgb, p->width, p->height, HPDF_CS_DEVICE_RGB, 8));
	}
	return all;
}

/* libharu would compress what is compressed; its own list of filters is empty then. */
static HPDF_STATUS name_filter(HPDF_Dict dict, HPDF_Stream out)
{
	(void)dict;
	return HPDF_Stream_WriteStr(out, "/Filter /FlateDecode\012");
}

static int write_content(struct page *p, struct fault *f)
{
	HPDF_PageAttr attr = p->page->attr;

	if (p->error != NULL)
		return fault_set(f, FAULT_DATA, "a page of the PDF cannot be drawn: %s", p->error);
	attr->contents->filter = HPDF_STREAM_FILTER_NONE;
	attr->contents->write_fn = name_filter;
	for (size_t at = 0; at < p->packed.bytes.used; at += 0x8000) {
		size_t n = p->packed.bytes.used - at < 0x8000 ? p->packed.bytes.used - at : 0x8000;
		HPDF_Stream_Write(attr->stream, (const HPDF_BYTE *)p->packed.bytes.bytes + at, (HPDF_UINT)n);
	}
	text_free(&p->packed.bytes);
	return 0;
}

static int write_page(struct pdf *pdf, struct page *p, HPDF_Dict faces[FONTS], HPDF_Dict pictures, struct fault *f)
{
	HPDF_Dict resources, fonts;
	char key[8];

	if (p->page == NULL || (resources = HPDF_Dict_GetItem(p->page, "Resources", HPDF_OCLASS_DICT)) == NULL ||
	    (fonts = HPDF_Dict_New(pdf->doc->mmgr)) == NULL)
		return 0;                                   /* pdf->error tells */
	HPDF_Dict_Add(resources, "Font", fonts);
	for (int i = 0; i < FONTS; i++)
		if ((p->fonts >> i & 1U) != 0) {
			snprintf(key, sizeof key, "F%d", i);
			HPDF_Dict_Add(fonts, key, faces[i]);
		}
	if (p->pictures && pictures != NULL)
		HPDF_Dict_Add(resources, "XObject", pictures);
	return write_content(p, f);
}

/* The file's identity is what it shows. */
static void make_id(const struct pdf *pdf, unsigned char id[16])
{
	const char *words[] = { pdf->info.seed, pdf->info.title, pdf->info.author, pdf->info.subject };
	unsigned char digest[SHA256_DIGEST_LENGTH];
	SHA256_CTX sum;
	struct text t = { 0 };

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		text_add(&t, words[i] != NULL ? words[i] : "");
		text_addc(&t, '\0');
	}
	text_printf(&t, "%lld", (long long)pdf->info.made);
	SHA256_Init(&sum);
	SHA256_Update(&sum, t.bytes, t.used);
	for (size_t i = 0; i < pdf->page_count; i++)
		SHA256_Update(&sum, text_str(&pdf->pages[i]->packed.bytes), pdf->pages[i]->packed.bytes.used);
	for (size_t i = 0; i < pdf->pictures.used; i++)
		SHA256_Update(&sum, pdf->pictures.list[i]->rgb,
		                 (size_t)pdf->pictures.list[i]->width * pdf->pictures.list[i]->height * 3);
	SHA256_Final(digest, &sum);
	memcpy(id, digest, 16);
	text_free(&t);
}

static int take_bytes(struct pdf *pdf, struct text *out, struct fault *f)
{
	static const HPDF_UINT32 part = 0x10000;
	HPDF_BYTE *buffer;
	HPDF_UINT32 n;

	if (pdf->error == 0)
		HPDF_SaveToStream(pdf->doc);
	if (pdf->error != 0)
		return fault_set(f, FAULT_DATA, "the PDF cannot be made (libharu error 0x%lX, %lu)", pdf->error,
		                 pdf->detail);
	buffer = must_alloc(part);
	HPDF_ResetStream(pdf->doc);
	do {
		n = part;
		HPDF_ReadFromStream(pdf->doc, buffer, &n);
		text_addn(out, (const char *)buffer, n);
	} while (n == part);
	free(buffer);
	return 0;
}

int pdf_save(struct pdf *pdf, struct text *out, struct fault *f)
{
	HPDF_Dict faces[FONTS], pictures;
	unsigned char id[16];

	if (pdf->page_count == 0)
		pdf_page(pdf, A4_WIDTH, A4_HEIGHT);
	for (size_t i = 0; i < pdf->page_count; i++)
		pack(pdf, pdf->pages[i], true);
	make_id(pdf, id);
	if (write_fonts(pdf, faces, f) < 0)
		return -1;
	pictures = write_pictures(pdf);
	for (size_t i = 0; i < pdf->page_count; i++)
		if (write_page(pdf, pdf->pages[i], faces, pictures, f) < 0)
			return -1;
	write_outline(pdf);
	write_links(pdf);
	if (pdf_describe(pdf->doc, &pdf->info, id, f) < 0)
		return -1;
	return take_bytes(pdf, out, f);
}

int scene_pdf(struct text *out, const struct scene *sc, const struct typesetter *ts, const struct pdf_info *info,
              struct fault *f)
{
	struct pdf *pdf = NULL;
	struct canvas *cv;
	int rc;

	if (pdf_new(&pdf, ts->fonts, info, f) < 0)
		return -1;
	/* Whole points, so that a picture of the page has whole pixels. */
	cv = pdf_page(pdf, ceil(scene_width(sc) + 2 * SCENE_MARGIN), ceil(scene_height(sc) + 2 * SCENE_MARGIN));
	scene_replay(sc, cv, ts, SCENE_MARGIN, SCENE_MARGIN);
	rc = pdf_save(pdf, out, f);
	pdf_free(pdf);
	return rc;
}
