/* SVG and PNG by cairo. Letters are drawn as outlines: cairo 1.16 would move glyphs to whole
 * pixels, and an SVG must look alike where the fonts are not installed. */
#include <cairo-ft.h>
#include <cairo-svg.h>
#include <cairo.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyst/base/arena.h"
#include "render/canvas/canvas.h"

struct cairo_page {
	cairo_t *cr;
	struct fonts *fonts;
	cairo_font_face_t *faces[FONTS];
	cairo_font_options_t *options;
	bool outlines;
};

static void set_ink(cairo_t *cr, colour c)
{
	cairo_set_source_rgb(cr, ((c >> 16) & 0xFF) / 255.0, ((c >> 8) & 0xFF) / 255.0, (c & 0xFF) / 255.0);
}

static void set_path(cairo_t *cr, const struct step *steps, size_t n)
{
	cairo_new_path(cr);
	for (size_t i = 0; i < n; i++) {
		const struct step *st = &steps[i];
		switch (st->kind) {
		case STEP_MOVE: cairo_move_to(cr, st->x, st->y); break;
		case STEP_LINE: cairo_line_to(cr, st->x, st->y); break;
		case STEP_CURVE: cairo_curve_to(cr, st->x1, st->y1, st->x2, st->y2, st->x, st->y); break;
		case STEP_CLOSE: cairo_close_path(cr); break;
		}
	}
}

static void cairo_page_paint(void *ctx, const struct step *steps, size_t n, colour fill, colour stroke, double width,
                             enum dash dash, int round)
{
	static const double dashes[][2] = { { 0, 0 }, { 1, 2 }, { 3, 2 }, { 5, 3 } };
	struct cairo_page *p = ctx;

	set_path(p->cr, steps, n);
	if (fill != NO_COLOUR) {
		set_ink(p->cr, fill);
		cairo_fill_preserve(p->cr);
	}
	if (stroke != NO_COLOUR) {
		set_ink(p->cr, stroke);
		cairo_set_line_width(p->cr, width);
		cairo_set_line_cap(p->cr, round ? CAIRO_LINE_CAP_ROUND : CAIRO_LINE_CAP_BUTT);
		cairo_set_line_join(p->cr, round ? CAIRO_LINE_JOIN_ROUND : CAIRO_LINE_JOIN_MITER);
		cairo_set_dash(p->cr, dashes[dash], dash == DASH_NONE ? 0 : 2, 0);
		cairo_stroke_preserve(p->cr);
	}
	cairo_new_path(p->cr);
}

static void show(struct cairo_page *p, const struct glyph *g, const cairo_glyph_t *list, size_t n)
{
	enum font font = (enum font)g->font;

	if (n == 0)
		return;
	if (p->faces[font] == NULL)
		p->faces[font] = cairo_ft_font_face_create_for_ft_face(font_freetype(p->fonts, font), 0);
	cairo_set_font_face(p->cr, p->faces[font]);
	cairo_set_font_options(p->cr, p->options);
	cairo_set_font_size(p->cr, (double)g->size);
	if (!p->outlines) {
		cairo_show_glyphs(p->cr, list, (int)n);
		return;
	}
	cairo_new_path(p->cr);
	cairo_glyph_path(p->cr, list, (int)n);
	cairo_fill(p->cr);
}

static void cairo_page_glyphs(void *ctx, double x, double y, const struct glyph *g, size_t n, colour ink)
{
	struct cairo_page *p = ctx;
	cairo_glyph_t list[64];
	size_t used = 0, first = 0;

	set_ink(p->cr, ink);
	for (size_t i = 0; i < n; i++) {
		bool turn = g[i].font != g[first].font || g[i].size < g[first].size || g[i].size > g[first].size;
		if (turn || used == sizeof list / sizeof list[0]) {
			show(p, &g[first], list, used);
			used = 0;
			first = i;
		}
		list[used++] = (cairo_glyph_t){ g[i].gid, x, y };
		x += (double)g[i].advance + (double)g[i].kern;
	}
	show(p, &g[first], list, used);
}

static const char *cairo_page_status(void *ctx)
{
	struct cairo_page *p = ctx;
	cairo_status_t st = cairo_status(p->cr);

	return st == CAIRO_STATUS_SUCCESS ? NULL : cairo_status_to_string(st);
}

static void cairo_page_free(void *ctx)
{
	struct cairo_page *p = ctx;

	for (int i = 0; i < FONTS; i++)
		if (p->faces[i] != NULL)
			cairo_font_face_destroy(p->faces[i]);
	cairo_font_options_destroy(p->options);
	cairo_destroy(p->cr);
	free(p);
}

static const struct canvas_kind cairo_kind = {
	.paint = cairo_page_paint, .glyphs = cairo_page_glyphs, .status = cairo_page_status, .free = cairo_page_free,
};

static struct canvas *cairo_canvas(cairo_surface_t *surface, struct fonts *fonts, double scale, bool outlines)
{
	struct cairo_page *p = must_alloc(sizeof *p);

	memset(p, 0, sizeof *p);
	p->cr = cairo_create(surface);
	p->fonts = fonts;
	p->outlines = outlines;
	p->options = cairo_font_options_create();
	cairo_font_options_set_hint_style(p->options, CAIRO_HINT_STYLE_NONE);
	cairo_font_options_set_hint_metrics(p->options, CAIRO_HINT_METRICS_OFF);
	cairo_scale(p->cr, scale, scale);
	return canvas_new(&cairo_kind, p);
}

static cairo_status_t keep_bytes(void *ctx, const unsigned char *bytes, unsigned int n)
{
	text_addn(ctx, (const char *)bytes, n);
	return CAIRO_STATUS_SUCCESS;
}

static int draw(const struct scene *sc, const struct typesetter *ts, cairo_surface_t *surface, double scale,
                bool outlines, struct fault *f)
{
	struct canvas *cv = cairo_canvas(surface, ts->fonts, scale, outlines);
	const char *error;

	/* A pixel more than the scene: its edge may lie inside the last one. */
	canvas_fill_rect(cv, 0, 0, scene_width(sc) + 1, scene_height(sc) + 1, 0xFFFFFF);
	scene_replay(sc, cv, ts, 0, 0);
	error = canvas_status(cv);
	if (error != NULL)
		fault_set(f, FAULT_DATA, "the chart cannot be drawn: %s", error);
	canvas_free(cv);
	return error == NULL ? 0 : -1;
}

/* cairo knows no titles, and numbers its surface by how many there were before in this run. */
static void finish_svg(struct text *out, const struct text *svg, const struct scene *sc, const struct typesetter *ts)
{
	const char *s = text_str(svg), *tag = strstr(s, "<svg "), *end = tag != NULL ? strchr(tag, '>') : NULL;
	const char *id;

	if (end == NULL) {
		text_addn(out, s, svg->used);
		return;
	}
	text_addn(out, s, (size_t)(tag - s) + 5);
	text_printf(out, "role=\"img\" lang=\"%s\" ", ts->lang == LANGUAGE_JA ? "ja" : "en");
	text_addn(out, tag + 5, (size_t)(end - tag) - 4);
	text_add(out, "\n<title>");
	text_add_xml(out, scene_claim(sc) != NULL ? scene_claim(sc) : "");
	text_add(out, "</title>\n<desc>");
	text_add_xml(out, scene_description(sc) != NULL ? scene_description(sc) : "");
	text_add(out, "</desc>");
	end++;
	if ((id = strstr(end, "<g id=\"surface")) != NULL) {
		text_addn(out, end, (size_t)(id - end));
		text_add(out, "<g id=\"chart");
		for (end = id + strlen("<g id=\"surface"); *end >= '0' && *end <= '9'; end++)
			;
	}
	text_add(out, end);
}

int scene_svg(struct text *out, const struct scene *sc, const struct typesetter *ts, struct fault *f)
{
	struct text svg = { 0 };
	cairo_surface_t *surface = cairo_svg_surface_create_for_stream(keep_bytes, &svg, scene_width(sc),
	                                                               scene_height(sc));
	int rc = draw(sc, ts, surface, 1, false, f);

	cairo_surface_finish(surface);
	if (rc == 0 && cairo_surface_status(surface) != CAIRO_STATUS_SUCCESS)
		rc = fault_set(f, FAULT_DATA, "the SVG cannot be written: %s",
		               cairo_status_to_string(cairo_surface_status(surface)));
	if (rc == 0)
		finish_svg(out, &svg, sc, ts);
	cairo_surface_destroy(surface);
	text_free(&svg);
	return rc;
}

int scene_png(struct text *out, const struct scene *sc, const struct typesetter *ts, double dpi, struct fault *f)
{
	double scale = dpi / 72;
	double w = ceil(scene_width(sc) * scale), h = ceil(scene_height(sc) * scale);
	cairo_surface_t *surface;
	cairo_status_t st;
	int rc;

	if (!(w >= 1 && w <= 20000 && h >= 1 && h <= 20000))
		return fault_set(f, FAULT_DATA, "a picture of %.0f x %.0f pixels is too large", w, h);
	surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)w, (int)h);
	rc = draw(sc, ts, surface, scale, true, f);
	if (rc == 0 && (st = cairo_surface_write_to_png_stream(surface, keep_bytes, out)) != CAIRO_STATUS_SUCCESS)
		rc = fault_set(f, FAULT_DATA, "the PNG cannot be written: %s", cairo_status_to_string(st));
	cairo_surface_destroy(surface);
	return rc;
}
