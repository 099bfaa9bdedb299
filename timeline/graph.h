/* The entity graph's rooms; only graph_*.c and entity_graph.c include this.
 *
 *   graph_parts.c     who takes part, and why: nodes and edges from the story and the ties between alerts
 *   graph_layout.c    columns, rows, what shares a node
 *   entity_graph.c    what is drawn */
#ifndef TSUMUGI_GRAPH_H
#define TSUMUGI_GRAPH_H

#include "timeline/charts.h"

#define NODE_WIDTH 112.0             /* points */
#define NODE_HEIGHT 23.0
#define PITCH 31.0
#define ESTATE 44.0                  /* the machines that took no part: dots and two lines */
#define RETURN 14.0                  /* room for edges within the right column */
#define EDGES_MOST 4000              /* between the same two nodes there is one */

enum column { COLUMN_LEFT, COLUMN_MIDDLE, COLUMN_RIGHT, COLUMNS };

enum part_kind { KIND_ATTACKER, KIND_ACCOUNT, KIND_MACHINE, KIND_OUTSIDE, KIND_FILE, KINDS };

struct graph_node {
	enum part_kind kind;
	const char *key;             /* as the records name it */
	const char *title, *under;
	int64_t telling;             /* the lowest rank of the steps that name it */
	instant at;                  /* the first of them */
	instant stopped;             /* when a defender first acted on it, or INSTANT_NONE */
	enum column column;
	uint32_t node;               /* itself, or the one it is folded into */
	size_t members;
	double row, x, y;            /* y: centre */
	bool hangs;                  /* on an edge */
	bool labelled;
};

struct graph_edge {
	uint32_t from, to;
	const struct beat *beat;     /* the first step that is the reason; or NULL: */
	const struct link *link;
	const char *reason;
	uint32_t *episodes;
	size_t episode_count, episode_room;
	uint64_t alerts;
	size_t reasons;
};

struct graph {
	const struct chart_input *in;
	struct arena *arena;
	struct scene *sc;
	struct chart_finding *found;
	struct graph_node *nodes;
	uint32_t node_count, node_room;
	struct graph_edge *edges;
	size_t edge_count;
	const bool *own;             /* machines of the incident, by entity */
	uint32_t *machine;           /* their node, from 1, by entity; 0: none yet */
	uint32_t *order[COLUMNS];    /* nodes drawn, from the top */
	size_t rows[COLUMNS];
	double x[COLUMNS], height;
};

void graph_collect(struct graph *p);
bool graph_connected(const struct graph *p, uint32_t node);
const char *graph_name(const struct week *w, uint32_t entity);
/* Its name as readers see it: what is outside is made harmless, what is ours stays as it is. */
const char *graph_shown(const struct graph *p, const struct graph_node *n);
void graph_place(struct graph *p);

#endif
