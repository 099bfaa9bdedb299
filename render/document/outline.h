/* A report as what it says instead of where it stands: the blocks given to a flow, kept in
 * their order with their words, so that HTML and Markdown hold the same as the pages.
 *
 *     flow_record(fl);                          before the first block
 *     ... the report's own calls of flow.h ...
 *     for (const struct node *n = flow_nodes(fl); n != NULL; n = n->next)
 *
 * Nodes belong to the flow's arena. */
#ifndef TSUMUGI_OUTLINE_H
#define TSUMUGI_OUTLINE_H

#include "render/document/flow.h"

enum node_kind {
	NODE_TITLE,                      /* text, aside: the kicker; pills */
	NODE_SECTION, NODE_HEADING, NODE_SUBHEADING,     /* text, aside */
	NODE_PARA,                       /* style, runs */
	NODE_LIST,                       /* bullet, items */
	NODE_FACTS,                      /* facts */
	NODE_CALLOUT,                    /* text, aside: below it; ink */
	NODE_FIGURE,                     /* text: the claim, aside: the caption, label, scene */
	NODE_DRAWING,                    /* width, height, draw, ctx */
	NODE_TABLE, NODE_ROW, NODE_TABLE_END,            /* columns; cells */
	NODE_KEEP, NODE_BOX, NODE_BOX_END, NODE_COLUMNS, NODE_COLUMNS_NEXT, NODE_COLUMNS_END, NODE_RULE
};

enum shown { SHOWN_ALWAYS, SHOWN_WIDE, SHOWN_NARROW };       /* see flow_drawn */

struct node {
	enum node_kind kind;
	enum shown shown;
	const char *scope;               /* before evidence numbers, see flow_scope; or NULL */
	const char *const *anchors;      /* where links land, whole names */
	size_t anchor_count;
	const char *text, *aside, *label;
	enum para style;
	const struct run *runs;
	size_t run_count;
	enum bullet bullet;
	const struct item *items;
	const struct fact_row *facts;
	const struct pill *pills;
	const struct column *columns;
	const struct cell *cells;
	size_t count;                    /* of items, facts, pills, columns, cells */
	const double *widths;            /* of columns, points for a drawing in them */
	const struct scene *scene;
	double width, height;
	flow_draw draw;
	void *ctx;
	colour tint, ink;
	struct node *next;
};

void flow_record(struct flow *fl);
const struct node *flow_nodes(const struct flow *fl);
const struct flow_frame *flow_frame_of(const struct flow *fl);
struct arena *flow_arena(const struct flow *fl);
const struct typesetter *flow_typesetter(const struct flow *fl);

/* All words of the outline and its frame, a line a string, drawings and charts too: for
 * searching what may not be in a report. */
void scene_words(struct text *out, const struct scene *sc);
void outline_words(struct text *out, const struct flow *fl);

#endif
