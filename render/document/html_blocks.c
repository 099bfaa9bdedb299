/* One block of a recorded report each: titles, lists, facts, tables, boxes. */
#include "render/document/html_parts.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "analyst/base/arena.h"
#include "timeline/palette.h"

#define CELL_PAD 8.4              /* a table cell's two paddings, see flow_table.c */

#define PIXELS (4.0 / 3)          /* of a point */

/* Within the page: it asks no network. */
static void add_logo(struct html *h, const struct flow_logo *logo)
{
	struct text png = { 0 };
	unsigned char *coded;

	picture_png(&png, logo->picture);
	coded = must_alloc(png.used / 3 * 4 + 8);
	EVP_EncodeBlock(coded, (const unsigned char *)png.bytes, (int)png.used);
	text_printf(h->out, "<img class=\"logo\" src=\"data:image/png;base64,%s\" width=\"%.0f\" height=\"%.0f\" alt=\"",
	            (const char *)coded, logo->width * PIXELS, logo->height * PIXELS);
	html_say(h, logo->name != NULL ? logo->name : "");
	html_add(h, "\">");
	free(coded);
	text_free(&png);
}

static void add_title(struct html *h, const struct node *n)
{
	html_add(h, "<p class=\"kicker\"><span>");
	html_say(h, n->aside);
	html_add(h, "</span><span>");
	for (size_t i = 0; i < n->count; i++) {
		const struct pill *p = &n->pills[i];

		text_printf(h->out, "<span class=\"pill %s", web_colour(&h->colours, 'b', p->fill));
		text_printf(h->out, " %s\">", web_ink(&h->colours, 'c', p->ink, p->fill));
		html_say(h, p->text);
		html_add(h, "</span>");
	}
	html_add(h, "</span>");
	if (flow_frame_of(h->fl)->logo != NULL)
		add_logo(h, flow_frame_of(h->fl)->logo);
	html_add(h, "</p>\n<h1>");
	html_say(h, n->text);
	html_add(h, "</h1>\n");
}

static void add_heading(struct html *h, const struct node *n)
{
	bool section = n->kind == NODE_SECTION, sub = n->kind == NODE_SUBHEADING;
	int level = section ? 2 : (h->sections ? 3 : 2) + sub;

	html_anchors(h, n);
	if (!sub)
		text_printf(h->out, "<h%d id=\"h%u\"%s>", level, ++h->headings, level == 2 && !section ? " class=\"block\"" : "");
	else
		text_printf(h->out, "<h%d class=\"sub\">", level);
	html_add(h, "<span>");
	html_say(h, n->text);
	html_add(h, "</span>");
	if (n->aside != NULL && *n->aside != '\0') {
		html_add(h, "<span class=\"aside\">");
		html_say(h, n->aside);
		html_add(h, "</span>");
	}
	text_printf(h->out, "</h%d>\n", level);
	h->heading = n->text;
	h->sections |= section;
}

static void add_para(struct html *h, const struct node *n)
{
	html_anchors(h, n);
	text_printf(h->out, "<p class=\"%s\">", html_para_class(n->style));
	html_runs(h, n, n->runs, n->run_count);
	html_add(h, "</p>\n");
}

static void add_list(struct html *h, const struct node *n)
{
	bool numbered = n->bullet == BULLET_NUMBER || n->bullet == BULLET_DISC;

	html_anchors(h, n);
	if (n->count == 0)
		return;
	html_add(h, numbered ? "<ol class=\"list\">\n" : n->bullet == BULLET_BOX ? "<ul class=\"list box-marks\">\n" : "<ul class=\"list\">\n");
	for (size_t i = 0; i < n->count; i++) {
		const struct item *it = &n->items[i];

		html_add(h, "<li>");
		html_anchor(h, it->anchor);
		if (it->aside != NULL) {
			html_add(h, "<span class=\"tag\">");
			html_say(h, it->aside);
			html_add(h, "</span>");
		}
		if (it->lead != NULL) {
			text_printf(h->out, "<span class=\"when%s%s\">", it->ink != 0 ? " " : "",
			            it->ink != 0 ? web_colour(&h->colours, 'c', it->ink) : "");
			html_say(h, it->lead);
			html_add(h, "</span>");
		}
		html_runs(h, n, it->runs, it->run_count);
		html_add(h, "</li>\n");
	}
	html_add(h, numbered ? "</ol>\n" : "</ul>\n");
}

static void add_facts(struct html *h, const struct node *n)
{
	html_anchors(h, n);
	html_add(h, "<dl>\n");
	for (size_t i = 0; i < n->count; i++) {
		html_add(h, "<dt>");
		html_say(h, n->facts[i].label);
		html_add(h, "</dt><dd>");
		html_runs(h, n, n->facts[i].runs, n->facts[i].run_count);
		html_add(h, "</dd>\n");
	}
	html_add(h, "</dl>\n");
}

static void add_callout(struct html *h, const struct node *n)
{
	html_anchors(h, n);
	text_printf(h->out, "<div class=\"callout %s\">", web_colour(&h->colours, 'b', n->tint));
	text_printf(h->out, "<div class=\"head %s\">", web_colour(&h->colours, 'c', n->ink));
	html_say(h, n->text);
	html_add(h, "</div>");
	if (n->aside != NULL) {
		html_add(h, "<p>");
		html_say(h, n->aside);
		html_add(h, "</p>");
	}
	html_add(h, "</div>\n");
}

static const char *align_class(enum align a)
{
	return a == ALIGN_RIGHT ? " class=\"r\"" : a == ALIGN_CENTRE ? " class=\"m\"" : "";
}

static void add_table(struct html *h, const struct node *n)
{
	double all = 0;

	html_anchors(h, n);
	h->table = n;
	h->head = false;
	for (size_t i = 0; i < n->count; i++)
		h->head |= n->columns[i].head != NULL;
	for (size_t i = 0; i < n->count; i++)
		all += n->columns[i].width;
	h->ranks = h->only == NULL && n->columns[0].head != NULL && strcmp(n->columns[0].head, "#") == 0;
	html_add(h, "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"");
	html_say(h, h->heading);
	text_printf(h->out, "\"><table%s><colgroup>", h->head ? " class=\"sort\"" : "");
	for (size_t i = 0; i < n->count; i++)
		text_printf(h->out, "<col width=\"%.0f%%\">", 100 * n->columns[i].width / all);
	html_add(h, "</colgroup>\n");
	if (h->head) {
		html_add(h, "<thead><tr>");
		for (size_t i = 0; i < n->count; i++) {
			text_printf(h->out, "<th scope=\"col\"%s><span>", align_class(n->columns[i].align));
			html_say(h, n->columns[i].head);
			html_add(h, "</span>");
			if (n->columns[i].under != NULL) {
				const struct scene *sc = n->columns[i].under;

				html_open_svg(h, scene_width(sc), scene_height(sc));
				html_name_drawing(h, n->columns[i].head, NULL);
				html_scene(h, sc);
				html_add(h, "</svg>");
			}
			html_add(h, "</th>");
		}
		html_add(h, "</tr></thead>");
	}
	html_add(h, "<tbody class=\"rows\">\n");
}

static const struct incident *row_incident(const struct html *h, const struct node *n)
{
	const struct cell_text *t = &n->cells[0].text[0];
	unsigned long rank = h->ranks && t->runs != NULL && t->run_count > 0 ? strtoul(t->runs[0].text, NULL, 10) : 0;

	return rank > 0 && rank <= h->rq->an->queue_count ? &h->rq->an->incidents[rank - 1] : NULL;
}

/* A time or a number, which one line holds. */
static bool is_short(const struct cell_text *t)
{
	return t->limit == 1 && t->run_count == 1 && strlen(t->runs[0].text) <= 24;
}

static void add_cell(struct html *h, const struct node *n, size_t i, const struct incident *in)
{
	const struct cell *c = &n->cells[i];
	bool link = in != NULL && i == 0 && html_told(h, in);

	text_printf(h->out, "<td%s", align_class(h->table->columns[i].align));
	if (in != NULL && i == 1)
		text_printf(h->out, " data-sort=\"%.1f\"", in->score);
	html_add(h, ">");
	if (i == 0)
		html_anchors(h, n);
	if (link) {
		html_add(h, "<a href=\"#inc-");
		text_add_xml(h->out, in->id);
		html_add(h, "\">");
	}
	for (size_t k = 0; k < 3; k++) {
		if (c->text[k].runs == NULL)
			continue;
		text_printf(h->out, "<div class=\"%s%s\">", k > 0 ? html_para_class(c->text[k].style) : "",
		            is_short(&c->text[k]) ? " nw" : "");
		html_runs(h, n, c->text[k].runs, c->text[k].run_count);
		html_add(h, "</div>");
	}
	if (link)
		html_add(h, "</a>");
	if (c->draw != NULL)
		html_drawing(h, h->table->widths[i] - CELL_PAD, c->height, c->draw, c->ctx, h->table->columns[i].head);
	html_add(h, "</td>");
}

static void add_row(struct html *h, const struct node *n)
{
	const struct incident *in;
	struct text words = { 0 };

	if (h->table == NULL)
		return;
	in = row_incident(h, n);
	html_add(h, "<tr");
	if (n->tint != NO_COLOUR)
		text_printf(h->out, " class=\"%s\"", web_colour(&h->colours, 'b', n->tint));
	if (in != NULL) {
		html_about(h, in);
	} else {
		html_row_words(&words, n);
		html_named(h, text_str(&words));
		text_free(&words);
	}
	html_add(h, ">");
	for (size_t i = 0; i < n->count; i++)
		add_cell(h, n, i, in);
	html_add(h, "</tr>\n");
}

static void add_box(struct html *h, const struct node *n)
{
	struct text words = { 0 };
	bool card = n->anchor_count > 0;

	html_anchors(h, n);
	text_printf(h->out, "<div class=\"box%s %s", card ? " card" : "", web_colour(&h->colours, 'b', n->tint));
	if (n->ink != NO_COLOUR)
		text_printf(h->out, " %s", web_colour(&h->colours, 'l', n->ink));
	html_add(h, "\"");
	if (card) {
		html_card_words(&words, n);
		html_named(h, text_str(&words));
		text_free(&words);
	}
	html_add(h, ">\n");
	h->depth++;
}

static void close_box(struct html *h)
{
	if (h->depth > 0) {
		html_add(h, "</div>\n");
		h->depth--;
	}
}

/* An incident's section lasts as long as its scope. */
static void follow_scope(struct html *h, const struct node *n)
{
	const struct incident *in = h->only == NULL ? html_incident(h, n->scope) : NULL;

	if (in == h->incident)
		return;
	if (h->incident != NULL)
		html_add(h, "</section>\n");
	h->incident = in;
	if (in == NULL)
		return;
	html_add(h, "<section class=\"incident\" id=\"inc-");
	text_add_xml(h->out, in->id);
	html_add(h, "\"");
	html_about(h, in);
	html_add(h, ">\n");
}

/* A drawing and its words take turns by the width of the screen. */
static void follow_width(struct html *h, const struct node *n)
{
	static const char *const classes[] = { [SHOWN_WIDE] = "wide", [SHOWN_NARROW] = "narrow" };

	if (n->shown == h->shown)
		return;
	if (h->shown != SHOWN_ALWAYS)
		html_add(h, "</div>\n");
	if (n->shown != SHOWN_ALWAYS)
		text_printf(h->out, "<div class=\"%s\">\n", classes[n->shown]);
	h->shown = n->shown;
}

void html_node(struct html *h, const struct node *n)
{
	follow_width(h, n);
	follow_scope(h, n);
	switch (n->kind) {
	case NODE_TITLE: add_title(h, n); break;
	case NODE_SECTION: case NODE_HEADING: case NODE_SUBHEADING: add_heading(h, n); break;
	case NODE_PARA: add_para(h, n); break;
	case NODE_LIST: add_list(h, n); break;
	case NODE_FACTS: add_facts(h, n); break;
	case NODE_CALLOUT: add_callout(h, n); break;
	case NODE_FIGURE: html_figure(h, n); break;
	case NODE_DRAWING:
		html_anchors(h, n);
		html_add(h, "<div class=\"drawing\">");
		html_drawing(h, n->width, n->height, n->draw, n->ctx, h->heading);
		html_add(h, "</div>\n");
		break;
	case NODE_TABLE: add_table(h, n); break;
	case NODE_ROW: add_row(h, n); break;
	case NODE_TABLE_END:
		html_add(h, "</tbody></table></div>\n");
		h->table = NULL;
		break;
	case NODE_KEEP: html_anchors(h, n); break;
	case NODE_BOX: add_box(h, n); break;
	case NODE_BOX_END: close_box(h); break;
	case NODE_COLUMNS:
		html_anchors(h, n);
		text_printf(h->out, "<div class=\"cols g%d\"><div>\n", n->width < 0.53 ? 50 : n->width < 0.57 ? 55 : n->width < 0.61 ? 60 : 65);
		h->depth += 2;
		break;
	case NODE_COLUMNS_NEXT: html_add(h, "</div><div>\n"); break;
	case NODE_COLUMNS_END:
		close_box(h);
		close_box(h);
		break;
	case NODE_RULE: html_add(h, "<hr>\n"); break;
	}
}
