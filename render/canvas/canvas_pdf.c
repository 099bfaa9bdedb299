#include "render/canvas/canvas_pdf.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyst/base/arena.h"

/* What the viewer has been told; told again only when it changes. */
struct pen {
	colour fill, stroke;
	double width;
	int dash, round;              /* -1: not told */
	int font;                     /* enum font; -1: not told */
	double size;
};

struct pdf_page {
	struct text *out;
	struct used_faces *used;
	unsigned *on_page;
	double height;
	struct pen pen;
};

void used_faces_free(struct used_faces *u)
{
	for (int i = 0; i < FONTS; i++) {
		free(u->face[i].number_of);
		free(u->face[i].letters);
	}
}

/* A number of at most `decimals` decimals, without zeros at its end. printf would ask the locale
 * and take most of the time a page needs. */
static void put(struct text *t, double v, int decimals)
{
	static const double powers[] = { 1, 10, 100, 1000 };
	long long n = llround(v * powers[decimals]);
	char s[32];
	int at = sizeof s;
	bool minus = n < 0, some = false;

	if (minus)
		n = -n;
	s[--at] = ' ';
	for (int i = 0; i < decimals; i++, n /= 10)
		if (some || n % 10 != 0) {
			s[--at] = (char)('0' + n % 10);
			some = true;
		}
	if (some)
		s[--at] = '.';
	do {
		s[--at] = (char)('0' + n % 10);
		n /= 10;
	} while (n > 0);
	if (minus)
		s[--at] = '-';
	text_addn(t, s + at, sizeof s - (size_t)at);
}

static void put_colour(struct text *t, colour c, const char *operator)
{
	for (int shift = 16; shift >= 0; shift -= 8)
		put(t, ((c >> shift) & 0xFF) / 255.0, 3);
	text_add(t, operator);
}

/* Bars and backgrounds: four corners, the second beside the first. */
static bool is_rectangle(const struct step *s, size_t n)
{
	return n == 5 && s[0].kind == STEP_MOVE && s[1].kind == STEP_LINE && s[2].kind == STEP_LINE &&
	       s[3].kind == STEP_LINE && s[4].kind == STEP_CLOSE && s[0].y == s[1].y && s[1].x == s[2].x &&
	       s[2].y == s[3].y && s[3].x == s[0].x;
}

static void put_path(struct pdf_page *p, const struct step *steps, size_t n)
{
	if (is_rectangle(steps, n)) {
		put(p->out, steps[0].x, 2);
		put(p->out, p->height - steps[0].y, 2);
		put(p->out, steps[1].x - steps[0].x, 2);
		put(p->out, steps[0].y - steps[2].y, 2);
		text_add(p->out, "re\n");
		return;
	}
	for (size_t i = 0; i < n; i++) {
		const struct step *st = &steps[i];
		if (st->kind == STEP_CLOSE) {
			text_add(p->out, "h\n");
			continue;
		}
		if (st->kind == STEP_CURVE) {
			put(p->out, st->x1, 2);
			put(p->out, p->height - st->y1, 2);
			put(p->out, st->x2, 2);
			put(p->out, p->height - st->y2, 2);
		}
		put(p->out, st->x, 2);
		put(p->out, p->height - st->y, 2);
		text_add(p->out, st->kind == STEP_MOVE ? "m\n" : st->kind == STEP_LINE ? "l\n" : "c\n");
	}
}

static void set_fill(struct pdf_page *p, colour c)
{
	if (p->pen.fill != c)
		put_colour(p->out, c, "rg\n");
	p->pen.fill = c;
}

static void set_stroke(struct pdf_page *p, colour c, double width, enum dash dash, int round)
{
	static const char *const dashes[] = { "[] 0 d\n", "[1 2] 0 d\n", "[3 2] 0 d\n", "[5 3] 0 d\n" };

	if (p->pen.stroke != c)
		put_colour(p->out, c, "RG\n");
	if (fabs(p->pen.width - width) > 0.0005) {
		put(p->out, width, 3);
		text_add(p->out, "w\n");
	}
	if (p->pen.dash != (int)dash)
		text_add(p->out, dashes[dash]);
	if (p->pen.round != round)
		text_add(p->out, round ? "1 J 1 j\n" : "0 J 0 j\n");
	p->pen.stroke = c;
	p->pen.width = width;
	p->pen.dash = (int)dash;
	p->pen.round = round;
}

static void pdf_paint(void *ctx, const struct step *steps, size_t n, colour fill, colour stroke, double width,
                      enum dash dash, int round)
{
	struct pdf_page *p = ctx;

	if (fill != NO_COLOUR)
		set_fill(p, fill);
	if (stroke != NO_COLOUR)
		set_stroke(p, stroke, width, dash, round != 0);
	put_path(p, steps, n);
	text_add(p->out, fill == NO_COLOUR ? "S\n" : stroke == NO_COLOUR ? "f\n" : "B\n");
}

static unsigned number_of(struct used_face *uf, uint32_t rune, uint16_t gid)
{
	/* Copied text should hold a plain space, whatever kind kept a line together. */
	if (rune == 0xA0)
		rune = ' ';
	if (rune > 0xFFFF)
		return 0;
	if (uf->number_of == NULL) {
		uf->number_of = must_alloc(0x10000 * sizeof *uf->number_of);
		memset(uf->number_of, 0, 0x10000 * sizeof *uf->number_of);
	}
	if (uf->number_of[rune] == 0) {
		if (uf->count == uf->room) {
			uf->room = uf->room == 0 ? 64 : uf->room * 2;
			uf->letters = must_grow(uf->letters, uf->room, sizeof *uf->letters);
		}
		uf->letters[uf->count++] = (struct used_letter){ rune, gid };
		uf->number_of[rune] = (uint16_t)uf->count;
	}
	return uf->number_of[rune];
}

static void put_letter(struct text *t, unsigned n)
{
	static const char hex[] = "0123456789ABCDEF";
	char s[4] = { hex[n >> 12 & 15], hex[n >> 8 & 15], hex[n >> 4 & 15], hex[n & 15] };

	text_addn(t, s, sizeof s);
}

static void set_font(struct pdf_page *p, const struct glyph *g)
{
	if (p->pen.font != g->font || fabs(p->pen.size - (double)g->size) > 0.0005) {
		text_addn(p->out, "/F", 2);
		put(p->out, g->font, 0);
		put(p->out, (double)g->size, 3);
		text_addn(p->out, "Tf\n", 3);
	}
	p->pen.font = g->font;
	p->pen.size = (double)g->size;
}

/* One run of one face and size, x and y from where the run before it began. Returns its width. */
static double show(struct pdf_page *p, double x, double y, const struct glyph *g, size_t n)
{
	double w = 0;

	set_font(p, g);
	put(p->out, x, 2);
	put(p->out, y, 2);
	text_add(p->out, "Td\n[<");
	for (size_t i = 0; i < n; i++) {
		double kern = (double)g[i].kern;
		put_letter(p->out, number_of(&p->used->face[g->font], g[i].rune, g[i].gid));
		w += (double)g[i].advance + kern;
		if (i + 1 < n && fabs(kern) > 0.0005) {
			text_addc(p->out, '>');
			put(p->out, -kern * 1000 / (double)g->size, 1);
			text_addc(p->out, '<');
		}
	}
	text_add(p->out, ">]TJ\n");
	*p->on_page |= 1U << g->font;
	return w;
}

static bool alike(const struct glyph *a, const struct glyph *b)
{
	return a->font == b->font && fabsf(a->size - b->size) < 0.0005f;
}

static void pdf_glyphs(void *ctx, double x, double y, const struct glyph *g, size_t n, colour ink)
{
	struct pdf_page *p = ctx;
	double up = p->height - y;
	size_t first = 0;

	set_fill(p, ink);
	text_add(p->out, "BT\n");
	for (size_t i = 1; i <= n; i++)
		if (i == n || !alike(&g[i], &g[first])) {
			x = show(p, x, up, &g[first], i - first);
			up = 0;
			first = i;
		}
	text_add(p->out, "ET\n");
}

static void pdf_page_free(void *ctx)
{
	free(ctx);
}

static const struct canvas_kind pdf_kind = {
	.paint = pdf_paint, 
	.glyphs = pdf_glyphs, .free = pdf_page_free,
};

struct canvas *pdf_canvas(struct text *content, struct used_faces *u, unsigned *on_page, double height)
{
	struct pdf_page *p = must_alloc(sizeof *p);

	memset(p, 0, sizeof *p);
	p->out = content;
	p->used = u;
	p->on_page = on_page;
	p->height = height;
	p->pen = (struct pen){ NO_COLOUR, NO_COLOUR, -1, -1, -1, -1, 0 };
	return canvas_new(&pdf_kind, p);
}
