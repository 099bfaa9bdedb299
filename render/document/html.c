#include "render/document/html.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <openssl/evp.h>
#include <openssl/sha.h>

#include "render/canvas/canvas_web.h"
#include "render/document/report_parts.h"
#include "timeline/palette.h"

#define CELL_PAD 8.4              /* a table cell's two paddings, see flow_table.c */
#define PIXELS (4.0 / 3)          /* of a point */

static const char style_text[] =
#include "render/document/html.css.h"
	;
static const char script_text[] =
#include "render/document/html.js.h"
	;

struct html {
	struct text *out;
	const struct flow *fl;
	const struct report_request *rq;
	struct arena *arena;
	struct web_colours colours;
	const char **anchors;            /* sorted */
	bool *placed;
	size_t anchor_count;
	const struct incident *incident; /* whose section is open */
	const struct incident *only;     /* the report is of this one */
	bool sections, ranks;            /* ranks: the open table's first column holds ranks */
	unsigned headings, figures, depth;
	const char *heading;             /* the last one, names tables */
	const struct node *table;
	bool head;                       /* the open table has one */
};

/* ---- strings ---- */

static bool scheme_at(const char *s, size_t *length)
{
	static const char *const schemes[] = { "http://", "https://", "ftp://" };

	for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
		*length = strlen(schemes[i]);
		if (strncasecmp(s, schemes[i], *length) == 0)
			return true;
	}
	return false;
}

static void add_scheme(struct text *t, const char *s, size_t n)
{
	if (tolower((unsigned char)s[0]) == 'f')
		text_add(t, "fxp://");
	else
		text_add(t, n == 8 ? "hxxps://" : "hxxp://");
}

/* Letters written from right to left would turn the words beside them around. */
static bool runs_left(uint32_t r)
{
	return (r >= 0x0590 && r <= 0x08FF) || (r >= 0xFB1D && r <= 0xFDFF) || (r >= 0xFE70 && r <= 0xFEFC) ||
	       (r >= 0x10800 && r <= 0x10FFF) || (r >= 0x1E800 && r <= 0x1EFFF);
}

void text_add_visible(struct text *t, const char *s, bool identifier)
{
	size_t n = strlen(s), taken = 1, scheme;

	for (size_t i = 0; i < n; i += taken) {
		uint32_t r = utf8_next(s + i, n - i, &taken);

		if (r == 0xFFFD && !(taken == 3 && memcmp(s + i, "\xEF\xBF\xBD", 3) == 0)) {
			for (size_t k = 0; k < taken; k++)
				text_printf(t, "\xE2\x80\xB9x%02X\xE2\x80\xBA", (unsigned)(unsigned char)s[i + k]);
		} else if (rune_needs_escape(r, identifier) || runs_left(r)) {
			text_printf(t, "\xE2\x80\xB9U+%04X\xE2\x80\xBA", (unsigned)r);
		} else if (scheme_at(s + i, &scheme)) {
			add_scheme(t, s + i, scheme);
			taken = scheme;
		} else {
			text_addn(t, s + i, taken);
		}
	}
}

static void add_shown(struct text *out, const char *s, bool identifier)
{
	struct text t = { 0 };

	if (s == NULL)
		return;
	text_add_visible(&t, s, identifier);
	text_add_xml(out, text_str(&t));
	text_free(&t);
}

static void add(struct html *h, const char *s)
{
	text_add(h->out, s);
}

static void say(struct html *h, const char *s)
{
	add_shown(h->out, s, false);
}

static const char *term(const struct html *h, const char *key)
{
	return word(h->rq->phrases, h->rq->lang, key);
}

/* ---- anchors ---- */

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static size_t find_anchor(const struct html *h, const char *name)
{
	const char **at = h->anchor_count > 0
		? bsearch(&name, h->anchors, h->anchor_count, sizeof *h->anchors, by_text) : NULL;

	return at != NULL ? (size_t)(at - h->anchors) : SIZE_MAX;
}

static void gather_anchors(struct html *h)
{
	size_t n = 0, kept = 0;

	for (const struct node *k = flow_nodes(h->fl); k != NULL; k = k->next) {
		n += k->anchor_count;
		for (size_t i = 0; k->items != NULL && i < k->count; i++)
			n += k->items[i].anchor != NULL;
	}
	h->anchors = ARENA_ARRAY(h->arena, const char *, n + 1);
	h->placed = ARENA_ARRAY(h->arena, bool, n + 1);
	n = 0;
	for (const struct node *k = flow_nodes(h->fl); k != NULL; k = k->next) {
		for (size_t i = 0; i < k->anchor_count; i++)
			h->anchors[n++] = k->anchors[i];
		for (size_t i = 0; k->items != NULL && i < k->count; i++)
			if (k->items[i].anchor != NULL)
				h->anchors[n++] = k->items[i].anchor;
	}
	qsort(h->anchors, n, sizeof *h->anchors, by_text);
	for (size_t i = 0; i < n; i++)
		if (kept == 0 || strcmp(h->anchors[kept - 1], h->anchors[i]) != 0)
			h->anchors[kept++] = h->anchors[i];
	h->anchor_count = kept;
}

/* The first one of a name is where links lead. */
static void place_anchor(struct html *h, const char *name)
{
	size_t at = name != NULL ? find_anchor(h, name) : SIZE_MAX;

	if (at == SIZE_MAX || h->placed[at])
		return;
	h->placed[at] = true;
	add(h, "<span class=\"at\" id=\"");
	text_add_xml(h->out, name);
	add(h, "\"></span>");
}

static void place_anchors(struct html *h, const struct node *n)
{
	for (size_t i = 0; i < n->anchor_count; i++)
		place_anchor(h, n->anchors[i]);
}

/* ---- runs ---- */

static void add_evidence(struct html *h, const struct node *n, const char *mark)
{
	const char *name = n->scope != NULL ? arena_printf(h->arena, "%s/%s", n->scope, mark) : mark;
	bool link = find_anchor(h, name) != SIZE_MAX;

	add(h, link ? "<a class=\"ev\" href=\"#" : "<span class=\"ev\">[");
	if (link) {
		text_add_xml(h->out, name);
		add(h, "\">[");
	}
	say(h, mark);
	add(h, link ? "]</a>" : "]</span>");
}

static void add_runs(struct html *h, const struct node *n, const struct run *runs, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct run *r = &runs[i];

		switch (r->style) {
		case RUN_PLAIN:
			say(h, r->text);
			break;
		case RUN_STRONG:
			add(h, "<strong>");
			say(h, r->text);
			add(h, "</strong>");
			break;
		case RUN_CODE:
			add(h, "<code>");
			add_shown(h->out, r->text, true);
			add(h, "</code>");
			break;
		case RUN_EVIDENCE:
			add_evidence(h, n, r->text);
			break;
		}
	}
}

static const char *para_class(enum para style)
{
	static const char *const names[PARAS] = {
		[PARA_BODY] = "body", [PARA_STORY] = "story", [PARA_LEAD] = "lead", [PARA_SMALL] = "small",
		[PARA_CAPTION] = "caption", [PARA_LABEL] = "label", [PARA_CODE] = "code", [PARA_STRONG] = "strong",
		[PARA_LIMITS] = "limits",
	};

	return names[style];
}

/* ---- drawings ---- */

static void open_svg(struct html *h, double width, double height)
{
	text_printf(h->out, "<svg viewBox=\"0 0 %.2f %.2f\" width=\"%.0f\" height=\"%.0f\" role=\"img\"", width, height,
	            width * PIXELS, height * PIXELS);
}

const struct chart_mark *scene_marks(const struct scene *sc, struct arena *a, size_t *count)
{
	size_t n, proofs = 0;
	const struct shape *shapes = scene_shapes(sc, &n);
	struct chart_mark *marks = ARENA_ARRAY(a, struct chart_mark, n + 1);

	*count = 0;
	for (size_t i = 0; i < n; i++)
		proofs += shapes[i].kind == SHAPE_NOTE && shapes[i].proof_count > 0;
	for (size_t i = 0; i < n; i++)
		if (shapes[i].kind == SHAPE_NOTE && (proofs == 0 || shapes[i].proof_count > 0))
			marks[(*count)++] = (struct chart_mark){
				strncmp(shapes[i].string, "incident ", 9) == 0 ? shapes[i].string + 9 : shapes[i].string,
				shapes[i].proof_count };
	return marks;
}

/* What a drawing says to those who do not see it: its texts, else its marks. */
static void name_drawing(struct html *h, const char *words, const char *other)
{
	add(h, "><title>");
	say(h, words != NULL && *words != '\0' ? words : other != NULL && *other != '\0' ? other : "\xE2\x80\x93");
	add(h, "</title>\n");
}

static void add_scene(struct html *h, const struct scene *sc)
{
	struct canvas *cv = canvas_web(h->out, &h->colours);

	scene_replay(sc, cv, flow_typesetter(h->fl), 0, 0);
	canvas_free(cv);
}

static void add_drawing(struct html *h, double width, double height, flow_draw draw, void *ctx, const char *other)
{
	struct text words = { 0 };
	struct canvas *cv = canvas_words(&words, ", ");

	draw(ctx, cv, 0, 0, width, height);
	canvas_free(cv);
	open_svg(h, width, height);
	name_drawing(h, text_str(&words), other);
	cv = canvas_web(h->out, &h->colours);
	draw(ctx, cv, 0, 0, width, height);
	canvas_free(cv);
	add(h, "</svg>\n");
	text_free(&words);
}

static void add_twin(struct html *h, const struct node *n)
{
	size_t count;
	const struct chart_mark *marks = scene_marks(n->scene, h->arena, &count);
	struct fact figure = { .name = "figure", .kind = FACT_TEXT, .text = n->label };

	add(h, "<details class=\"twin\"><summary>");
	say(h, word_with(h->rq->phrases, h->rq->lang, "html.twin", &figure, 1, h->rq->zone, h->arena));
	add(h, "</summary><table class=\"sort\"><thead><tr><th scope=\"col\"><span>");
	say(h, term(h, "html.twin.mark"));
	add(h, "</span></th><th scope=\"col\" class=\"r\"><span>");
	say(h, term(h, "html.twin.alerts"));
	add(h, "</span></th></tr></thead><tbody>\n");
	for (size_t i = 0; i < count; i++) {
		add(h, "<tr><td>");
		say(h, marks[i].what);
		text_printf(h->out, "</td><td class=\"r\">%zu</td></tr>\n", marks[i].alerts);
	}
	add(h, "</tbody></table></details>\n");
}

static void add_figure(struct html *h, const struct node *n)
{
	unsigned id = ++h->figures;

	place_anchors(h, n);
	add(h, "<figure><figcaption><span class=\"label\">");
	say(h, n->label);
	add(h, "</span><strong>");
	say(h, n->text);
	add(h, "</strong>");
	if (n->aside != NULL && *n->aside != '\0') {
		add(h, " <span class=\"caption\">");
		say(h, n->aside);
		add(h, "</span>");
	}
	add(h, "</figcaption>\n");
	if (n->scene != NULL) {
		add(h, "<div class=\"scroll chart\" tabindex=\"0\" role=\"group\" aria-label=\"");
		say(h, n->label);
		add(h, "\">");
		open_svg(h, scene_width(n->scene), scene_height(n->scene));
		text_printf(h->out, " aria-labelledby=\"f%ut f%ud\"><title id=\"f%ut\">", id, id, id);
		say(h, n->text);
		text_printf(h->out, "</title><desc id=\"f%ud\">", id);
		say(h, n->aside != NULL && *n->aside != '\0' ? n->aside : n->text);
		add(h, "</desc>\n");
		add_scene(h, n->scene);
		add(h, "</svg></div>\n");
		add_twin(h, n);
	}
	add(h, "</figure>\n");
}

/* ---- who a block is about ---- */

static const char *severity_key(enum priority p)
{
	static const char *const keys[] = { "low", "medium", "high", "critical" };

	return keys[p];
}

static void add_about(struct html *h, const struct incident *in)
{
	add(h, " data-incident=\"");
	text_add_xml(h->out, in->id);
	text_printf(h->out, "\" data-severity=\"%s\" data-hosts=\"", severity_key(in->priority));
	for (uint32_t i = 0; i < in->host_count; i++)
		text_printf(h->out, "%s%u", i > 0 ? " " : "", (unsigned)in->hosts[i]);
	add(h, "\"");
}

static const struct incident *find_incident(const struct html *h, const char *id)
{
	const struct analysis *an = h->rq->an;

	for (uint32_t i = 0; id != NULL && i < an->incident_count; i++)
		if (strcmp(an->incidents[i].id, id) == 0)
			return &an->incidents[i];
	return NULL;
}

static bool told(const struct html *h, const struct incident *in)
{
	for (const struct node *n = flow_nodes(h->fl); n != NULL; n = n->next)
		if (n->scope != NULL && strcmp(n->scope, in->id) == 0)
			return true;
	return false;
}

static bool holds_word(const char *text, const char *name)
{
	size_t n = strlen(name);

	for (const char *s = strstr(text, name); s != NULL && n > 0; s = strstr(s + 1, name))
		if ((s == text || !isalnum((unsigned char)s[-1])) && !isalnum((unsigned char)s[n]))
			return true;
	return false;
}

/* In a report of one incident: which of its machines a row or card names. None: it is about all. */
static void add_named(struct html *h, const char *words)
{
	bool any = false;

	if (h->only == NULL)
		return;
	for (uint32_t i = 0; i < h->only->host_count; i++) {
		const struct week_entity *e = &h->rq->an->week->entities[h->only->hosts[i]];

		if (holds_word(words, e->shown != NULL ? e->shown : e->value)) {
			text_printf(h->out, "%s%u", any ? " " : " data-hosts=\"", (unsigned)h->only->hosts[i]);
			any = true;
		}
	}
	if (any)
		add(h, "\"");
}

static void runs_words(struct text *t, const struct run *runs, size_t n)
{
	for (size_t i = 0; i < n; i++)
		text_add(t, runs[i].text);
	text_addc(t, '\n');
}

static void row_words(struct text *t, const struct node *n)
{
	for (size_t i = 0; i < n->count; i++)
		for (size_t k = 0; k < 3; k++)
			if (n->cells[i].text[k].runs != NULL)
				runs_words(t, n->cells[i].text[k].runs, n->cells[i].text[k].run_count);
}

static void card_words(struct text *t, const struct node *box)
{
	for (const struct node *n = box->next; n != NULL && n->kind != NODE_BOX_END; n = n->next) {
		text_add(t, n->text != NULL ? n->text : "");
		runs_words(t, n->runs, n->run_count);
		for (size_t i = 0; n->facts != NULL && i < n->count; i++)
			runs_words(t, n->facts[i].runs, n->facts[i].run_count);
	}
}

/* ---- blocks ---- */

static void add_title(struct html *h, const struct node *n)
{
	add(h, "<p class=\"kicker\"><span>");
	say(h, n->aside);
	add(h, "</span><span>");
	for (size_t i = 0; i < n->count; i++) {
		const struct pill *p = &n->pills[i];

		text_printf(h->out, "<span class=\"pill %s", web_colour(&h->colours, 'b', p->fill));
		text_printf(h->out, " %s\">", web_colour(&h->colours, 'c', p->ink));
		say(h, p->text);
		add(h, "</span>");
	}
	add(h, "</span></p>\n<h1>");
	say(h, n->text);
	add(h, "</h1>\n");
}

static void add_heading(struct html *h, const struct node *n)
{
	bool section = n->kind == NODE_SECTION, sub = n->kind == NODE_SUBHEADING;
	int level = section ? 2 : sub ? 4 : h->sections ? 3 : 2;

	place_anchors(h, n);
	if (!sub)
		text_printf(h->out, "<h%d id=\"h%u\"%s>", level, ++h->headings, level == 2 && !section ? " class=\"block\"" : "");
	else
		add(h, "<h4>");
	add(h, "<span>");
	say(h, n->text);
	add(h, "</span>");
	if (n->aside != NULL && *n->aside != '\0') {
		add(h, "<span class=\"aside\">");
		say(h, n->aside);
		add(h, "</span>");
	}
	text_printf(h->out, "</h%d>\n", level);
	h->heading = n->text;
	h->sections |= section;
}

static void add_para(struct html *h, const struct node *n)
{
	place_anchors(h, n);
	text_printf(h->out, "<p class=\"%s\">", para_class(n->style));
	add_runs(h, n, n->runs, n->run_count);
	add(h, "</p>\n");
}

static void add_list(struct html *h, const struct node *n)
{
	bool numbered = n->bullet == BULLET_NUMBER || n->bullet == BULLET_DISC;

	place_anchors(h, n);
	if (n->count == 0)
		return;
	add(h, numbered ? "<ol class=\"list\">\n" : n->bullet == BULLET_BOX ? "<ul class=\"list box-marks\">\n" : "<ul class=\"list\">\n");
	for (size_t i = 0; i < n->count; i++) {
		const struct item *it = &n->items[i];

		add(h, "<li>");
		place_anchor(h, it->anchor);
		if (it->aside != NULL) {
			add(h, "<span class=\"tag\">");
			say(h, it->aside);
			add(h, "</span>");
		}
		if (it->lead != NULL) {
			text_printf(h->out, "<span class=\"when%s%s\">", it->ink != 0 ? " " : "",
			            it->ink != 0 ? web_colour(&h->colours, 'c', it->ink) : "");
			say(h, it->lead);
			add(h, "</span>");
		}
		add_runs(h, n, it->runs, it->run_count);
		add(h, "</li>\n");
	}
	add(h, numbered ? "</ol>\n" : "</ul>\n");
}

static void add_facts(struct html *h, const struct node *n)
{
	place_anchors(h, n);
	add(h, "<dl>\n");
	for (size_t i = 0; i < n->count; i++) {
		add(h, "<dt>");
		say(h, n->facts[i].label);
		add(h, "</dt><dd>");
		add_runs(h, n, n->facts[i].runs, n->facts[i].run_count);
		add(h, "</dd>\n");
	}
	add(h, "</dl>\n");
}

static void add_callout(struct html *h, const struct node *n)
{
	place_anchors(h, n);
	text_printf(h->out, "<div class=\"callout %s\">", web_colour(&h->colours, 'b', n->tint));
	text_printf(h->out, "<div class=\"head %s\">", web_colour(&h->colours, 'c', n->ink));
	say(h, n->text);
	add(h, "</div>");
	if (n->aside != NULL) {
		add(h, "<p>");
		say(h, n->aside);
		add(h, "</p>");
	}
	add(h, "</div>\n");
}

static const char *align_class(enum align a)
{
	return a == ALIGN_RIGHT ? " class=\"r\"" : a == ALIGN_CENTRE ? " class=\"m\"" : "";
}

static void add_table(struct html *h, const struct node *n)
{
	place_anchors(h, n);
	h->table = n;
	h->head = false;
	for (size_t i = 0; i < n->count; i++)
		h->head |= n->columns[i].head != NULL;
	h->ranks = h->only == NULL && n->columns[0].head != NULL && strcmp(n->columns[0].head, "#") == 0;
	add(h, "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"");
	say(h, h->heading);
	text_printf(h->out, "\"><table%s>", h->head ? " class=\"sort\"" : "");
	if (h->head) {
		add(h, "<thead><tr>");
		for (size_t i = 0; i < n->count; i++) {
			text_printf(h->out, "<th scope=\"col\"%s><span>", align_class(n->columns[i].align));
			say(h, n->columns[i].head);
			add(h, "</span>");
			if (n->columns[i].under != NULL) {
				const struct scene *sc = n->columns[i].under;

				open_svg(h, scene_width(sc), scene_height(sc));
				name_drawing(h, n->columns[i].head, NULL);
				add_scene(h, sc);
				add(h, "</svg>");
			}
			add(h, "</th>");
		}
		add(h, "</tr></thead>");
	}
	add(h, "<tbody class=\"rows\">\n");
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
	bool link = in != NULL && i == 0 && told(h, in);

	text_printf(h->out, "<td%s", align_class(h->table->columns[i].align));
	if (in != NULL && i == 1)
		text_printf(h->out, " data-sort=\"%.1f\"", in->score);
	add(h, ">");
	if (i == 0)
		place_anchors(h, n);
	if (link) {
		add(h, "<a href=\"#inc-");
		text_add_xml(h->out, in->id);
		add(h, "\">");
	}
	for (size_t k = 0; k < 3; k++) {
		if (c->text[k].runs == NULL)
			continue;
		text_printf(h->out, "<div class=\"%s%s\">", k > 0 ? para_class(c->text[k].style) : "",
		            is_short(&c->text[k]) ? " nw" : "");
		add_runs(h, n, c->text[k].runs, c->text[k].run_count);
		add(h, "</div>");
	}
	if (link)
		add(h, "</a>");
	if (c->draw != NULL)
		add_drawing(h, h->table->widths[i] - CELL_PAD, c->height, c->draw, c->ctx, h->table->columns[i].head);
	add(h, "</td>");
}

static void add_row(struct html *h, const struct node *n)
{
	const struct incident *in;
	struct text words = { 0 };

	if (h->table == NULL)
		return;
	in = row_incident(h, n);
	add(h, "<tr");
	if (n->tint != NO_COLOUR)
		text_printf(h->out, " class=\"%s\"", web_colour(&h->colours, 'b', n->tint));
	if (in != NULL) {
		add_about(h, in);
	} else {
		row_words(&words, n);
		add_named(h, text_str(&words));
		text_free(&words);
	}
	add(h, ">");
	for (size_t i = 0; i < n->count; i++)
		add_cell(h, n, i, in);
	add(h, "</tr>\n");
}

static void add_box(struct html *h, const struct node *n)
{
	struct text words = { 0 };
	bool card = n->anchor_count > 0;

	place_anchors(h, n);
	text_printf(h->out, "<div class=\"box%s %s", card ? " card" : "", web_colour(&h->colours, 'b', n->tint));
	if (n->ink != NO_COLOUR)
		text_printf(h->out, " %s", web_colour(&h->colours, 'l', n->ink));
	add(h, "\"");
	if (card) {
		card_words(&words, n);
		add_named(h, text_str(&words));
		text_free(&words);
	}
	add(h, ">\n");
	h->depth++;
}

static void close_box(struct html *h)
{
	if (h->depth > 0) {
		add(h, "</div>\n");
		h->depth--;
	}
}

/* An incident's section lasts as long as its scope. */
static void follow_scope(struct html *h, const struct node *n)
{
	const struct incident *in = h->only == NULL ? find_incident(h, n->scope) : NULL;

	if (in == h->incident)
		return;
	if (h->incident != NULL)
		add(h, "</section>\n");
	h->incident = in;
	if (in == NULL)
		return;
	add(h, "<section class=\"incident\" id=\"inc-");
	text_add_xml(h->out, in->id);
	add(h, "\"");
	add_about(h, in);
	add(h, ">\n");
}

static void add_node(struct html *h, const struct node *n)
{
	follow_scope(h, n);
	switch (n->kind) {
	case NODE_TITLE: add_title(h, n); break;
	case NODE_SECTION: case NODE_HEADING: case NODE_SUBHEADING: add_heading(h, n); break;
	case NODE_PARA: add_para(h, n); break;
	case NODE_LIST: add_list(h, n); break;
	case NODE_FACTS: add_facts(h, n); break;
	case NODE_CALLOUT: add_callout(h, n); break;
	case NODE_FIGURE: add_figure(h, n); break;
	case NODE_DRAWING:
		place_anchors(h, n);
		add(h, "<div class=\"drawing\">");
		add_drawing(h, n->width, n->height, n->draw, n->ctx, h->heading);
		add(h, "</div>\n");
		break;
	case NODE_TABLE: add_table(h, n); break;
	case NODE_ROW: add_row(h, n); break;
	case NODE_TABLE_END:
		add(h, "</tbody></table></div>\n");
		h->table = NULL;
		break;
	case NODE_KEEP: place_anchors(h, n); break;
	case NODE_BOX: add_box(h, n); break;
	case NODE_BOX_END: close_box(h); break;
	case NODE_COLUMNS:
		place_anchors(h, n);
		text_printf(h->out, "<div class=\"cols g%d\"><div>\n", n->width < 0.53 ? 50 : n->width < 0.57 ? 55 : n->width < 0.61 ? 60 : 65);
		h->depth += 2;
		break;
	case NODE_COLUMNS_NEXT: add(h, "</div><div>\n"); break;
	case NODE_COLUMNS_END:
		close_box(h);
		close_box(h);
		break;
	case NODE_RULE: add(h, "<hr>\n"); break;
	}
}

/* ---- the page around it ---- */

static const char *tlp_class(const char *label)
{
	return strstr(label, "RED") != NULL ? "tlp-red" : strstr(label, "AMBER") != NULL ? "tlp-amber" :
	       strstr(label, "GREEN") != NULL ? "tlp-green" : "tlp-clear";
}

static void add_bar(struct html *h, const char *element, const char *text)
{
	const char *tlp = flow_frame_of(h->fl)->tlp;

	text_printf(h->out, "<%s class=\"bar\"><span>", element);
	say(h, text);
	text_printf(h->out, "</span><span class=\"tlp %s\">", tlp_class(tlp));
	say(h, tlp);
	text_printf(h->out, "</span></%s>\n", element);
}

static void add_contents(struct html *h)
{
	unsigned id = 0;

	add(h, "<nav><details><summary>");
	say(h, term(h, "html.contents"));
	add(h, "</summary><ol>\n");
	for (const struct node *n = flow_nodes(h->fl); n != NULL; n = n->next) {
		if (n->kind != NODE_SECTION && n->kind != NODE_HEADING)
			continue;
		text_printf(h->out, "<li><a href=\"#h%u\">", ++id);
		say(h, n->text);
		add(h, "</a></li>\n");
	}
	add(h, "</ol></details></nav>\n");
}

static void open_select(struct html *h, const char *name)
{
	add(h, "<label>");
	say(h, term(h, arena_printf(h->arena, "html.%s", name)));
	text_printf(h->out, "<select name=\"%s\"><option value=\"\">", name);
	say(h, term(h, "html.all"));
	add(h, "</option>\n");
}

static void close_select(struct html *h)
{
	add(h, "</select></label>\n");
}

static void add_incident_filter(struct html *h)
{
	const struct analysis *an = h->rq->an;

	open_select(h, "incident");
	for (uint32_t i = 0; i < an->queue_count; i++) {
		add(h, "<option value=\"");
		text_add_xml(h->out, an->incidents[i].id);
		text_printf(h->out, "\">%u  ", (unsigned)an->incidents[i].rank);
		say(h, an->incidents[i].id);
		add(h, "</option>\n");
	}
	close_select(h);
	open_select(h, "severity");
	for (int p = PRIORITY_CRITICAL; p >= PRIORITY_LOW; p--) {
		text_printf(h->out, "<option value=\"%s\">", severity_key((enum priority)p));
		say(h, term(h, arena_printf(h->arena, "priority.%s", severity_key((enum priority)p))));
		add(h, "</option>\n");
	}
	close_select(h);
}

static int by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

static void add_host_filter(struct html *h)
{
	const struct analysis *an = h->rq->an;
	const struct incident *first = h->only != NULL ? h->only : an->incidents;
	uint32_t incidents = h->only != NULL ? 1 : an->queue_count;
	size_t n = 0, kept = 0;
	uint32_t *hosts;

	for (uint32_t i = 0; i < incidents; i++)
		n += first[i].host_count;
	hosts = ARENA_ARRAY(h->arena, uint32_t, n + 1);
	n = 0;
	for (uint32_t i = 0; i < incidents; i++)
		for (uint32_t k = 0; k < first[i].host_count; k++)
			hosts[n++] = first[i].hosts[k];
	qsort(hosts, n, sizeof *hosts, by_number);
	for (size_t i = 0; i < n; i++)
		if (kept == 0 || hosts[kept - 1] != hosts[i])
			hosts[kept++] = hosts[i];
	if (kept < 2)
		return;
	open_select(h, "host");
	for (size_t i = 0; i < kept; i++) {
		const struct week_entity *e = &an->week->entities[hosts[i]];

		text_printf(h->out, "<option value=\"%u\">", (unsigned)hosts[i]);
		add_shown(h->out, e->shown != NULL ? e->shown : e->value, true);
		add(h, "</option>\n");
	}
	close_select(h);
}

static void add_filters(struct html *h)
{
	add(h, "<form class=\"filters\" id=\"filters\" hidden role=\"search\" aria-label=\"");
	say(h, term(h, "html.filters"));
	add(h, "\">\n");
	if (h->only == NULL && h->rq->an->queue_count > 1)
		add_incident_filter(h);
	add_host_filter(h);
	add(h, "<label>");
	say(h, term(h, "html.find"));
	add(h, "<input type=\"search\" name=\"find\" autocomplete=\"off\"></label>\n<button type=\"reset\">");
	say(h, term(h, "html.reset"));
	add(h, "</button>\n<output id=\"said\" aria-live=\"polite\" data-said=\"");
	say(h, term(h, "html.said"));
	add(h, "\"></output>\n</form>\n");
}

static void add_hash(struct text *out, const char *s)
{
	unsigned char digest[SHA256_DIGEST_LENGTH], coded[64];

	SHA256((const unsigned char *)s, strlen(s), digest);
	EVP_EncodeBlock(coded, digest, sizeof digest);
	text_printf(out, "'sha256-%s'", (const char *)coded);
}

static void add_style(struct text *css, const struct html *h)
{
	text_add(css, style_text);
	web_colours_css(css, &h->colours, false);
	text_add(css, "@media screen and (prefers-color-scheme:dark){\n");
	web_colours_css(css, &h->colours, true);
	/* The label is one of five words of ours. */
	text_printf(css, "}\n@page{size:A4;margin:18mm 15mm;@top-right{content:\"%s\"}@bottom-right{content:\"%s  \" counter(page)}}\n",
	            flow_frame_of(h->fl)->tlp, flow_frame_of(h->fl)->tlp);
}

static void add_head(struct text *out, const struct html *h, const char *title, const char *css)
{
	text_printf(out, "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n"
	                 "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src ",
	            h->rq->lang == LANGUAGE_JA ? "ja" : "en");
	add_hash(out, css);
	text_add(out, "; script-src ");
	add_hash(out, script_text);
	text_add(out, "; base-uri 'none'; form-action 'none'\">\n"
	              "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	              "<meta name=\"referrer\" content=\"no-referrer\">\n<meta name=\"robots\" content=\"noindex\">\n"
	              "<meta name=\"format-detection\" content=\"telephone=no,email=no,address=no\">\n<meta name=\"tlp\" content=\"");
	add_shown(out, flow_frame_of(h->fl)->tlp, false);
	text_add(out, "\">\n<title>");
	add_shown(out, title, false);
	text_printf(out, "</title>\n<style>%s</style>\n</head>\n", css);
}

void html_own_text(const char *out[2])
{
	out[0] = style_text;
	out[1] = script_text;
}

void html_write(struct text *out, const struct flow *fl, const struct report_request *rq, const char *title)
{
	struct text body = { 0 }, css = { 0 };
	struct html h = { .out = &body, .fl = fl, .rq = rq, .arena = flow_arena(fl), .only = rq->incident, .heading = title };

	gather_anchors(&h);
	add(&h, "<body>\n<a class=\"skip\" href=\"#main\">");
	say(&h, term(&h, "html.skip"));
	add(&h, "</a>\n");
	add_bar(&h, "header", flow_frame_of(fl)->header);
	add_contents(&h);
	add_filters(&h);
	add(&h, "<main id=\"main\">\n");
	for (const struct node *n = flow_nodes(fl); n != NULL; n = n->next)
		add_node(&h, n);
	if (h.incident != NULL)
		add(&h, "</section>\n");
	add(&h, "</main>\n");
	add_bar(&h, "footer", flow_frame_of(fl)->footer);
	text_printf(&body, "<script>%s</script>\n</body>\n</html>\n", script_text);
	add_style(&css, &h);
	add_head(out, &h, title, text_str(&css));
	text_addn(out, body.bytes, body.used);
	text_free(&body);
	text_free(&css);
}
