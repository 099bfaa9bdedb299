/* The rooms of the HTML report; only html*.c include this.
 *
 *   html.c            the page: head, contents, filters, the blocks in order
 *   html_blocks.c     one block each: titles, lists, tables, boxes
 *   html_figures.c    drawings as SVG, each with a table of what it shows
 *   html_text.c       strings made harmless, runs, places links lead to
 *   html_about.c      which incidents and machines a block speaks of, for the filters */
#ifndef TSUMUGI_HTML_PARTS_H
#define TSUMUGI_HTML_PARTS_H

#include "render/canvas/canvas_web.h"
#include "render/document/html.h"

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
	enum shown shown;                /* of the blocks being written */
	const char *heading;             /* the last one, names tables */
	const struct node *table;
	bool head;                       /* the open table has one */
};

/* ---- text ---- */

/* add: as it is, only for words of our own; say: what a person sees of a string, escaped. */
void html_add(struct html *h, const char *s);
void html_say(struct html *h, const char *s);
void html_shown(struct text *out, const char *s, bool identifier);
const char *html_term(const struct html *h, const char *key);
void html_runs(struct html *h, const struct node *n, const struct run *runs, size_t count);
const char *html_para_class(enum para style);

/* Gathered once, before anything is written; only names that some block bears can be led to. */
void html_gather_anchors(struct html *h);
void html_anchor(struct html *h, const char *name);
void html_anchors(struct html *h, const struct node *n);

/* ---- figures ---- */

void html_open_svg(struct html *h, double width, double height);
void html_name_drawing(struct html *h, const char *words, const char *other);
void html_scene(struct html *h, const struct scene *sc);
/* other: what it is called where it holds no words. */
void html_drawing(struct html *h, double width, double height, flow_draw draw, void *ctx, const char *other);
void html_figure(struct html *h, const struct node *n);

/* ---- who a block is about ---- */

const char *html_severity(enum priority p);
const struct incident *html_incident(const struct html *h, const char *id);
/* Whether a section of the report is its own. */
bool html_told(const struct html *h, const struct incident *in);
/* Attributes for the filters: of an incident; of those that words name. */
void html_about(struct html *h, const struct incident *in);
void html_named(struct html *h, const char *words);
void html_row_words(struct text *t, const struct node *n);
void html_card_words(struct text *t, const struct node *box);

/* ---- blocks ---- */

void html_node(struct html *h, const struct node *n);

#endif
