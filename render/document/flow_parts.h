/* Shared by the flow_*.c files: blocks, and how they are set. */
#ifndef TSUMUGI_FLOW_PARTS_H
#define TSUMUGI_FLOW_PARTS_H

#include "render/document/outline.h"

#define PAGE_LEFT 48.0
#define PAGE_RIGHT 547.28
#define PAGE_TOP 63.0
#define PAGE_BOTTOM 790.0

enum block_kind { BLOCK_LEAF, BLOCK_KEEP, BLOCK_BOX, BLOCK_COLUMNS, BLOCK_BREAK };

struct block_mark {              /* an anchor (level -1) or a bookmark */
	const char *name;
	int level;
	struct block_mark *next;
};

struct block {
	enum block_kind kind;
	double height;
	double gap;                  /* above it; left out at the top of a page */
	bool stretch;                /* the gap may grow when a page has height to spare */
	bool with_next;              /* never the last on a page */
	flow_draw draw;
	void *ctx;
	struct block_mark *marks;
	struct block *repeat;        /* of a table's row: the head to draw again on a new page */
	struct stack *side[2];       /* of groups */
	double shift;                /* of columns: where the right one begins */
	unsigned age;                /* the flow's pool it lies in */
	colour tint, accent;         /* of a box */
	struct block *next;
};

struct stack {                   /* blocks under each other */
	struct block *first, *last;
	double width, height;
	struct stack *outer;         /* while it is being filled */
	struct block *group;         /* which it belongs to; NULL: the root, or what is only told */
};

struct outline {                 /* see outline.h */
	struct node *first, *last;
	int quiet;                   /* > 0: inside a block that is a node already, or one that only pages show */
	enum shown shown;            /* of what comes */
};

/* Memory of blocks, from one round of laying out to the next; free once all of them are drawn. */
struct pool {
	struct arena *arena;
	unsigned age;
	struct pool *next;
};

struct spot {                    /* a block on a page */
	struct block *block;
	double y;
	bool again;                  /* a table head repeated */
};

struct sheet {                   /* the page that is being filled */
	struct spot *spots;
	size_t used, room;
	double y;
};

struct flow {
	struct arena *arena;         /* lives as long as the report: names, tables */
	struct pool *oldest, *pool;  /* blocks and their words; pool: the newest */
	struct sheet sheet;
	size_t waiting;              /* blocks added since pages were last laid out */
	unsigned first_page;         /* of the document: where this flow begins */
	bool trial;                  /* nothing of it is ever drawn */
	unsigned turned;             /* pages of a trial that are full */
	struct outline *outline;     /* NULL: only pages are made */
	const struct typesetter *ts;
	struct pdf *pdf;
	struct flow_frame frame;
	struct stack root, *now;
	struct block_mark *pending;
	const char *scope;
	unsigned figures, page;      /* page: now being drawn */
	bool sections;               /* headings are bookmarked below a section */
	bool pages_only;             /* what is being drawn, see flow_drawn */
	struct table *table;
	struct fault fault;          /* the first one */
};

/* How a kind of text is set; [language]. */
struct para_style {
	double size[LANGUAGES], leading[LANGUAGES];
	enum face face;
	colour ink;
	double gap;
};
extern const struct para_style para_styles[PARAS];

/* Where blocks and what they draw are allocated: it may be gone after the next flow_advance. */
struct arena *flow_pool(struct flow *fl);
/* Before a block is made: lays out and draws the pages that are complete, when it is time, and frees their blocks. */
void flow_advance(struct flow *fl);
struct block *flow_add(struct flow *fl, double height, double gap, flow_draw draw, void *ctx);
struct block *flow_add_group(struct flow *fl, enum block_kind kind, double gap);
void flow_mark(struct flow *fl, const char *name, int level);
const char *flow_name(struct flow *fl, const char *anchor);        /* with the scope before it */
double stack_height(const struct stack *st);

/* Runs set in a style. size_change is added to the style's size. */
struct setting *flow_set(struct flow *fl, enum para style, colour ink, const struct run *runs, size_t n, double width);
/* Draws lines first ... first + count - 1 with the baseline of the first one at y. */
void flow_draw_lines(struct flow *fl, struct canvas *cv, const struct setting *s, size_t first, size_t count,
                     double x, double y, double leading);
/* From the top of a line to its baseline. */
double baseline(double size, double leading);
double style_leading(const struct flow *fl, enum para style);
double style_baseline(const struct flow *fl, enum para style);

/* outline.c: what a block says, kept when the flow is recorded. outline_add may return NULL. */
struct node *outline_add(struct flow *fl, enum node_kind kind, const char *text, const char *aside);
void outline_colours(struct node *n, colour tint, colour ink);
void outline_title(struct flow *fl, const char *kicker, const char *title, const struct pill *pills, size_t count);
void outline_para(struct flow *fl, enum para style, const struct run *runs, size_t count);
void outline_list(struct flow *fl, enum bullet bullet, const struct item *items, size_t count);
void outline_facts(struct flow *fl, const struct fact_row *rows, size_t count);
void outline_figure(struct flow *fl, const char *claim, const char *caption, const struct scene *sc, const char *label);
void outline_drawing(struct flow *fl, double height, flow_draw draw, void *ctx);
void outline_table(struct flow *fl, const struct column *columns, const double *widths, size_t count);
void outline_row(struct flow *fl, const struct cell *cells, size_t count, colour tint);
void outline_quiet(struct flow *fl, int by);
void outline_show(struct flow *fl, enum shown shown);

/* flow_pages.c: gives a block of the root its place, and draws the page before it when that is full. What follows the
 * block must be known. */
void flow_place(struct flow *fl, struct block *b);
void flow_end_pages(struct flow *fl);                              /* draws the last page, and the frames of all */
unsigned flow_oldest_on_sheet(const struct flow *fl, unsigned age);       /* age, or that of an older block there */

#endif
