#include "render/canvas/canvas_web.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "analyst/base/arena.h"

/* ---- colours ---- */

#define READABLE 4.5                  /* WCAG AA */

const char *web_colour(struct web_colours *used, char how, colour c)
{
	static char name[16];
	size_t i = 0;

	while (i < used->count && used->list[i] != c)
		i++;
	if (i == used->count && i < sizeof used->list / sizeof used->list[0])
		used->list[used->count++] = c;
	snprintf(name, sizeof name, "%c%06x", how, (unsigned)(c & 0xFFFFFF));
	return name;
}

static double channel(double low, double high, double h)
{
	h = h < 0 ? h + 6 : h >= 6 ? h - 6 : h;
	if (h < 1)
		return low + (high - low) * h;
	if (h < 3)
		return high;
	return h < 4 ? low + (high - low) * (4 - h) : low;
}

/* On a dark page light and dark change places and the hue stays, so that what stood apart on paper stands
 * apart here. White becomes the page's #12181f. */
static colour in_the_dark(colour c)
{
	double r = (c >> 16 & 255) / 255.0, g = (c >> 8 & 255) / 255.0, b = (c & 255) / 255.0;
	double high = fmax(r, fmax(g, b)), low = fmin(r, fmin(g, b)), l = (high + low) / 2, d = high - low;
	double s = d > 0 ? d / (1 - fabs(2 * l - 1)) : 0.27, h = 3.55, light = 0.095 + 0.86 * (1 - l), top, bottom;

	if (d > 0)
		h = high == r ? (g - b) / d : high == g ? 2 + (b - r) / d : 4 + (r - g) / d;
	s = fmin(s, 0.85);
	top = light + s * fmin(light, 1 - light);
	bottom = 2 * light - top;
	r = channel(bottom, top, h < 0 ? h + 8 : h + 2);
	g = channel(bottom, top, h < 0 ? h + 6 : h);
	b = channel(bottom, top, h - 2);
	return (colour)lround(r * 255) << 16 | (colour)lround(g * 255) << 8 | (colour)lround(b * 255);
}

static double linear(unsigned c)
{
	double v = c / 255.0;

	return v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4);
}

/* Of WCAG 2.1. */
static double luminance(colour c)
{
	return 0.2126 * linear(c >> 16 & 255) + 0.7152 * linear(c >> 8 & 255) + 0.0722 * linear(c & 255);
}

static double contrast(colour a, colour b)
{
	double x = luminance(a), y = luminance(b);

	return (fmax(x, y) + 0.05) / (fmin(x, y) + 0.05);
}

/* What stands on the page changes with it. On a shape of middling brightness, which stays one, only black or white
 * may be read: the classes after the usual one. */
const char *web_ink(struct web_colours *used, char how, colour ink, colour ground)
{
	colour below = in_the_dark(ground);
	bool black = contrast(0, below) > contrast(0xFFFFFF, below);

	return web_colour(used, contrast(in_the_dark(ink), below) >= READABLE ? how : (char)(how + (black ? 1 : 2)), ink);
}

void web_colours_css(struct text *css, const struct web_colours *used, bool dark)
{
	for (size_t i = 0; i < used->count; i++) {
		unsigned c = (unsigned)(used->list[i] & 0xFFFFFF);
		unsigned now = dark ? (unsigned)in_the_dark(used->list[i]) : c;
		unsigned black = dark ? 0 : c, white = dark ? 0xFFFFFF : c;

		text_printf(css, ".f%06x,.t%06x{fill:#%06x}.u%06x{fill:#%06x}.v%06x{fill:#%06x}.s%06x{stroke:#%06x}"
		                 ".b%06x{background:#%06x}.c%06x{color:#%06x}.d%06x{color:#%06x}.e%06x{color:#%06x}"
		                 ".l%06x{border-color:#%06x}\n",
		            c, c, now, c, black, c, white, c, now, c, now, c, now, c, black, c, white, c, now);
	}
}

/* ---- shapes ---- */

struct filled {                      /* the box around a shape, and its colour */
	double left, top, right, bottom;
	colour fill;
};

struct web {
	struct text *out;
	struct web_colours *used;
	struct filled *shapes;           /* in the order they were drawn */
	size_t count, room;
};

static void keep_shape(struct web *w, const struct step *steps, size_t n, colour fill)
{
	struct filled s = { INFINITY, INFINITY, -INFINITY, -INFINITY, fill };

	for (size_t i = 0; i < n; i++) {
		if (steps[i].kind == STEP_CLOSE)
			continue;
		s.left = fmin(s.left, steps[i].x);
		s.right = fmax(s.right, steps[i].x);
		s.top = fmin(s.top, steps[i].y);
		s.bottom = fmax(s.bottom, steps[i].y);
	}
	if (w->count == w->room) {
		w->room = w->room == 0 ? 64 : w->room * 2;
		w->shapes = must_grow(w->shapes, w->room, sizeof *w->shapes);
	}
	w->shapes[w->count++] = s;
}

/* What lies below a point: the last shape around it, else paper. */
static colour ground_at(const struct web *w, double x, double y)
{
	for (size_t i = w->count; i-- > 0;) {
		const struct filled *s = &w->shapes[i];

		if (x >= s->left && x <= s->right && y >= s->top && y <= s->bottom)
			return s->fill;
	}
	return 0xFFFFFF;
}

static void add_pair(struct text *t, double x, double y)
{
	canvas_add_number(t, x);
	text_addc(t, ' ');
	canvas_add_number(t, y);
}

static void add_path(struct text *t, const struct step *steps, size_t n)
{
	text_add(t, " d=\"");
	for (size_t i = 0; i < n; i++) {
		const struct step *st = &steps[i];

		text_addc(t, "MLCZ"[st->kind]);
		if (st->kind == STEP_CURVE) {
			add_pair(t, st->x1, st->y1);
			text_addc(t, ' ');
			add_pair(t, st->x2, st->y2);
			text_addc(t, ' ');
		}
		if (st->kind != STEP_CLOSE)
			add_pair(t, st->x, st->y);
	}
	text_addc(t, '"');
}

static void web_paint(void *ctx, const struct step *steps, size_t n, colour fill, colour stroke, double width,
                      enum dash dash, int round)
{
	static const char *const dashes[] = { "", " stroke-dasharray=\"1 2\"", " stroke-dasharray=\"3 2\"",
	                                      " stroke-dasharray=\"5 3\"" };
	struct web *w = ctx;

	if (fill != NO_COLOUR)
		keep_shape(w, steps, n, fill);
	text_add(w->out, "<path class=\"");
	text_add(w->out, fill == NO_COLOUR ? "no" : web_colour(w->used, 'f', fill));
	if (stroke != NO_COLOUR)
		text_printf(w->out, " %s", web_colour(w->used, 's', stroke));
	text_addc(w->out, '"');
	if (stroke != NO_COLOUR) {
		text_add(w->out, " stroke-width=\"");
		canvas_add_number(w->out, width);
		text_printf(w->out, "\"%s%s", dashes[dash],
		            round ? " stroke-linecap=\"round\" stroke-linejoin=\"round\"" : "");
	}
	add_path(w->out, steps, n);
	text_add(w->out, "/>\n");
}

static bool is_mono(const struct glyph *g)
{
	return g->font == FONT_MONO || g->font == FONT_MONO_BOLD;
}

static const char *weight(const struct glyph *g)
{
	switch (g->font) {
	case FONT_SEMIBOLD: return " w6";
	case FONT_BOLD: case FONT_JP_BOLD: case FONT_MONO_BOLD: return " w7";
	case FONT_LIGHT: return " w3";
	default: return "";
	}
}

static void web_glyphs(void *ctx, double x, double y, const struct glyph *g, size_t n, colour ink)
{
	struct web *w = ctx;
	struct text s = { 0 };
	double size = 0;
	colour ground;

	for (size_t i = 0; i < n; i++) {
		text_add_rune(&s, g[i].rune == 0xA0 ? ' ' : g[i].rune);
		size = fmax(size, (double)g[i].size);
	}
	text_add(w->out, "<text x=\"");
	canvas_add_number(w->out, x);
	text_add(w->out, "\" y=\"");
	canvas_add_number(w->out, y);
	text_add(w->out, "\" font-size=\"");
	canvas_add_number(w->out, size);
	/* The middle of the letters. */
	ground = ground_at(w, x + (double)glyphs_width(g, n) / 2, y - size * 0.35);
	text_printf(w->out, "\" class=\"%s%s%s\"", web_ink(w->used, 't', ink, ground), is_mono(g) ? " mono" : "", weight(g));
	if (n > 1) {
		text_add(w->out, " textLength=\"");
		canvas_add_number(w->out, glyphs_width(g, n));
		text_add(w->out, "\" lengthAdjust=\"spacingAndGlyphs\"");
	}
	text_addc(w->out, '>');
	text_add_xml(w->out, text_str(&s));
	text_add(w->out, "</text>\n");
	text_free(&s);
}

static void web_free(void *ctx)
{
	free(((struct web *)ctx)->shapes);
	free(ctx);
}

static const struct canvas_kind web_kind = {
	.paint = web_paint, .glyphs = web_glyphs, .free = web_free,
};

struct canvas *canvas_web(struct text *out, struct web_colours *used)
{
	struct web *w = must_alloc(sizeof *w);

	*w = (struct web){ .out = out, .used = used };
	return canvas_new(&web_kind, w);
}

/* ---- words ---- */

struct words {
	struct text *out;
	const char *between;
	double x;
	bool any;
};

static void words_paint(void *ctx, const struct step *steps, size_t n, colour fill, colour stroke, double width,
                        enum dash dash, int round)
{
	(void)ctx;
	(void)steps;
	(void)n;
	(void)fill;
	(void)stroke;
	(void)width;
	(void)dash;
	(void)round;
}

static void words_glyphs(void *ctx, double x, double y, const struct glyph *g, size_t n, colour ink)
{
	struct words *w = ctx;

	(void)y;
	(void)ink;
	if (w->any)
		text_add(w->out, fabs(x - w->x) < 0.5 ? " " : w->between);
	for (size_t i = 0; i < n; i++)
		text_add_rune(w->out, g[i].rune);
	w->x = x;
	w->any = true;
}

static const struct canvas_kind words_kind = {
	.paint = words_paint, .glyphs = words_glyphs,
	.free = free,
};

struct canvas *canvas_words(struct text *out, const char *between)
{
	struct words *w = must_alloc(sizeof *w);

	*w = (struct words){ .out = out, .between = between };
	return canvas_new(&words_kind, w);
}
