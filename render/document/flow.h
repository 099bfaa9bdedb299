/* Page flow: a report is a list of blocks, laid on pages when all are known.
 *
 *     struct flow *fl = flow_new(arena, &ts, pdf, &frame);
 *     flow_title(fl, "Incident report   INC-2021W10-01", "EXCH01 was taken over", NULL, 0);
 *     flow_heading(fl, "Indicators of compromise", "Defanged: replace [.] with . before use");
 *     flow_text(fl, PARA_BODY, "...");
 *     flow_figure(fl, "Six steps met four blocks", "Columns are in order.", scene);
 *     if (flow_finish(fl, f) < 0) ...
 *
 * Blocks are broken between pages as a reader expects: a heading stays with what follows,
 * a table repeats its head ("continued") and never splits a row, a kept group stays whole
 * when a page can hold it. Spare height of a page is shared between its blocks. Strings
 * are copied; scenes and draw contexts must live as long as the arena. */
#ifndef TSUMUGI_FLOW_H
#define TSUMUGI_FLOW_H

#include "render/document/pdf.h"

struct flow;

/* Right of the title's kicker; whoever does not see it is told its name. */
struct flow_logo {
	const struct picture *picture;
	double width, height;        /* points */
	const char *name;
};

/* What every page carries. */
struct flow_frame {
	const char *header;          /* "Example SOC   Weekly triage" */
	const char *footer;          /* "WTR-2021-W10   Generated 15 Mar 2021 09:00 JST" */
	const char *tlp;             /* "TLP:AMBER" */
	const char *figure;          /* the word before a figure's number: "Figure ", "図" */
	const char *continued;       /* beside a repeated table head: "continued", "続き" */
	const struct flow_logo *logo;       /* of the first page; or NULL */
	bool record;                 /* what is said is kept too, see outline.h; a trial never does */
	bool small_title;            /* 19.5 points instead of 22: pages that must hold much */
};

struct flow *flow_new(struct arena *a, const struct typesetter *ts, struct pdf *pdf, const struct flow_frame *frame);
int flow_finish(struct flow *fl, struct fault *f);      /* lays out and draws; once */
double flow_width(const struct flow *fl);               /* of the column blocks now go into */
/* For trying how high blocks become: an empty flow of the same kind, in an arena of its own or the other's, never finished. */
struct flow *flow_trial(const struct flow *fl, struct arena *a);
/* How many pages all that was added so far takes, the last one perhaps not full; of a trial only. */
unsigned flow_pages(const struct flow *fl);
double flow_height(const struct flow *fl);              /* of all blocks so far, as if one page held them */
double flow_page_height(void);
/* What the page has left below all blocks so far; a whole page after a page break. Not within a group. */
double flow_room(const struct flow *fl);

enum para {
	PARA_BODY,       /* 9.7 / 9.2 */
	PARA_STORY,      /* 9.2: stories where many stand on a page */
	PARA_LEAD,       /* a summary's first words, 11 */
	PARA_SMALL,      /* lists and tables, 8.2 */
	PARA_CAPTION,    /* 7.6, grey */
	PARA_LABEL,      /* 7.6, blue: "Summary   written by ..." */
	PARA_CODE,       /* mono, 7.2 */
	PARA_STRONG,     /* 8.2 bold */
	PARA_LIMITS,     /* 8, grey: limits, method */
	PARAS
};

/* ---- running text ---- */

struct pill {                    /* "CRITICAL" on crimson, right of the kicker */
	const char *text;
	colour fill, ink;
};

void flow_title(struct flow *fl, const char *kicker, const char *title, const struct pill *pills, size_t pill_count);
void flow_section(struct flow *fl, const char *text);    /* 17 bold, mostly at the top of a page; bookmarked */
void flow_heading(struct flow *fl, const char *text, const char *aside /* right, grey; or NULL */);   /* 11.5 bold,
                                                          * bookmarked below the section, if there is one */
void flow_subheading(struct flow *fl, const char *text, const char *aside);     /* 9.2 bold, not bookmarked */
void flow_text(struct flow *fl, enum para style, const char *s);
void flow_runs(struct flow *fl, enum para style, const struct run *runs, size_t n);
/* Sentences run together as one paragraph, with a space between them in English. */
void flow_sentences(struct flow *fl, enum para style, const struct sentence *s, size_t n);
void flow_gap(struct flow *fl, double points);
void flow_rule(struct flow *fl);
void flow_page_break(struct flow *fl);
void flow_anchor(struct flow *fl, const char *name);    /* where links to "E2" land: before the next block */
/* Evidence numbers count per incident: with a scope "INC-1", [E2] in text leads to the anchor "INC-1/E2", and
 * anchors given to rows and items get the same prefix. NULL ends it. */
void flow_scope(struct flow *fl, const char *scope);

/* ---- lists ---- */

enum bullet { BULLET_NUMBER, BULLET_BOX, BULLET_DOT, BULLET_RING, BULLET_DISC /* numbered, filled */ };

struct item {
	const struct run *runs;
	size_t run_count;
	const char *lead;            /* before the text in the bullet's colour ("09:12:04"), or NULL */
	const char *aside;           /* right, or NULL */
	colour ink;                  /* of bullet and lead; 0 is the default */
	const char *anchor;          /* where links to it land, or NULL */
};
/* In 1 or 2 columns; two columns are filled downwards and stay together. */
void flow_list(struct flow *fl, enum bullet bullet, const struct item *items, size_t n, int columns);

/* ---- facts, callouts, figures ---- */

struct fact_row {
	const char *label;
	const struct run *runs;
	size_t run_count;
};
void flow_facts(struct flow *fl, const struct fact_row *rows, size_t n);        /* label left, value right */
void flow_callout(struct flow *fl, const char *headline, const char *text, colour tint, colour ink);
/* scene may be NULL: then the claim and caption stand alone. Returns the figure's number. */
unsigned flow_figure(struct flow *fl, const char *claim, const char *caption, const struct scene *sc);
/* Anything else: height points high; draw gets the top left corner, the width and this height. */
typedef void (*flow_draw)(void *ctx, struct canvas *cv, double x, double y, double w, double h);
void flow_custom(struct flow *fl, double height, flow_draw draw, void *ctx);

/* ---- tables ---- */

struct column {
	const char *head;            /* NULL in all columns: a table without a head */
	double width;                /* a share of the table's width; they need not add up to 1 */
	enum align align;
	const struct scene *under;   /* drawn below the head ("Re Rd Ia ..." above tactic strips), or NULL */
};

struct cell_text {
	const struct run *runs;
	size_t run_count;
	enum para style;
	colour ink;                  /* 0: the style's */
	size_t limit;                /* lines, 0: any; what is longer ends with an ellipsis */
};

struct cell {                    /* texts under each other, each broken to fit, or a drawing */
	struct cell_text text[3];
	double height;               /* of draw */
	flow_draw draw;
	void *ctx;
};

void flow_table_begin(struct flow *fl, const struct column *columns, size_t n);
void flow_row(struct flow *fl, const struct cell *cells, colour tint /* NO_COLOUR */, const char *anchor /* or NULL */);
void flow_table_end(struct flow *fl);

/* ---- groups ---- */

void flow_keep_begin(struct flow *fl);                   /* stays on one page when it can */
void flow_keep_end(struct flow *fl);
void flow_box_begin(struct flow *fl, colour tint, colour accent /* bar on the left, or NO_COLOUR */);
void flow_box_end(struct flow *fl);
/* Two columns side by side: begin, blocks of the left one, next, blocks of the right one, end. */
void flow_columns_begin(struct flow *fl, double left /* its share, 0.5 */, double gutter);
void flow_columns_next(struct flow *fl);
void flow_columns_end(struct flow *fl);

/* For drawings of one's own: runs set in a style, drawn with the first baseline at y. flow_block is flow_custom
 * with the gap above chosen. */
const struct setting *flow_setting(struct flow *fl, enum para style, colour ink /* 0: the style's */,
                                   const struct run *runs, size_t n, double width);
void flow_draw_setting(struct flow *fl, struct canvas *cv, const struct setting *s, double x, double y, enum para style);
void flow_block(struct flow *fl, double height, double gap, flow_draw draw, void *ctx);

/* A drawing made for a page of this width, and its words for where there is no such page: Markdown, narrow screens.
 *
 *     flow_drawn(fl, true);             what follows is for pages, and for screens as wide
 *     flow_block(fl, ...);
 *     flow_told(fl);                    what follows is for the others
 *     flow_facts(fl, ...);
 *     flow_both(fl);
 *
 * With wide false the drawing is for pages only, and no screen goes without the words. */
void flow_drawn(struct flow *fl, bool wide);
void flow_told(struct flow *fl);
void flow_both(struct flow *fl);
/* As a heading, but only in the bookmarks: the next block is where it leads. */
void flow_bookmark(struct flow *fl, const char *text);

/* One run of text in the flow's arena, for the places that take runs. */
const struct run *flow_run(struct flow *fl, const char *s, enum run_style style);

#endif
