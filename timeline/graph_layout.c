/* Columns by part, rows by the machines that things hang on and by time. It follows from the records alone: nothing is
 * left to chance. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyst/readers/refang.h"
#include "timeline/graph.h"

#define TOP 6.0
static const size_t column_most[COLUMNS] = { 7, 7, 11 };     /* 25 nodes */

/* A machine that other machines act on more than it acts on them was reached. */
static bool was_reached(const struct graph *p, uint32_t node)
{
	uint64_t in = 0, out = 0;

	for (size_t i = 0; i < p->edge_count; i++) {
		const struct graph_edge *e = &p->edges[i];
		uint64_t weight = e->link != NULL ? 1 : 1 + e->alerts;

		if (p->nodes[e->from].kind != KIND_MACHINE || p->nodes[e->to].kind != KIND_MACHINE)
			continue;
		in += e->to == node ? weight : 0;
		out += e->from == node ? weight : 0;
	}
	return in > out;
}

static enum column column_of(const struct graph *p, uint32_t i)
{
	switch (p->nodes[i].kind) {
	case KIND_ATTACKER:
	case KIND_ACCOUNT:
		return COLUMN_LEFT;
	case KIND_MACHINE:
		return was_reached(p, i) ? COLUMN_RIGHT : COLUMN_MIDDLE;
	default:
		return COLUMN_RIGHT;
	}
}

/* A party that machines call first and that answers later was reached, it did not come. */
static void settle_outside(struct graph *p)
{
	for (uint32_t i = 0; i < p->node_count; i++) {
		struct graph_node *n = &p->nodes[i];
		bool comes = false;

		if (n->kind != KIND_ATTACKER && n->kind != KIND_OUTSIDE)
			continue;
		for (size_t j = 0; j < p->edge_count; j++)
			if (p->edges[j].from == i || p->edges[j].to == i) {
				comes = p->edges[j].from == i;
				break;
			}
		n->kind = comes ? KIND_ATTACKER : KIND_OUTSIDE;
	}
}

static int by_weight(const void *pa, const void *pb)
{
	const struct graph_node *const *a = pa, *const *b = pb;

	if ((*a)->hangs != (*b)->hangs)
		return (*a)->hangs ? -1 : 1;
	if ((*a)->telling != (*b)->telling)
		return (*a)->telling < (*b)->telling ? -1 : 1;
	if ((*a)->at != (*b)->at)
		return (*a)->at < (*b)->at ? -1 : 1;
	return strcmp((*a)->key, (*b)->key);
}

/* The most telling nodes of a column are drawn; the others share the last place. */
static void fold(struct graph *p, enum column column)
{
	uint32_t *order = p->order[column] = ARENA_ARRAY(p->arena, uint32_t, p->node_count + 1);
	const struct graph_node **sorted = ARENA_ARRAY(p->arena, const struct graph_node *, p->node_count + 1);
	size_t n = 0, most = column_most[column];

	for (uint32_t i = 0; i < p->node_count; i++)
		if (p->nodes[i].column == column)
			sorted[n++] = &p->nodes[i];
	qsort(sorted, n, sizeof(*sorted), by_weight);
	for (size_t i = 0; i < n; i++)
		order[i] = (uint32_t)(sorted[i] - p->nodes);
	for (size_t i = most; i < n; i++) {
		struct graph_node *last = &p->nodes[order[most - 1]];

		p->nodes[order[i]].node = order[most - 1];
		last->members++;
	}
	p->found->folded += n > most ? n - most + 1 : 0;
	p->rows[column] = n < most ? n : most;
}

static void sort_rows(struct graph *p, enum column column)
{
	uint32_t *order = p->order[column];
	size_t n = p->rows[column];

	for (size_t i = 1; i < n; i++) {
		uint32_t node = order[i];
		size_t at = i;

		for (; at > 0; at--) {
			const struct graph_node *a = &p->nodes[node], *b = &p->nodes[order[at - 1]];
			bool folded_a = a->members > 1, folded_b = b->members > 1;

			if (folded_a != folded_b ? folded_a : a->row != b->row ? a->row > b->row : a->kind != b->kind ? a->kind > b->kind :
			    a->at != b->at ? a->at > b->at : strcmp(a->key, b->key) > 0)
				break;
			order[at] = order[at - 1];
		}
		order[at] = node;
	}
	for (size_t i = 0; i < n; i++)
		p->nodes[order[i]].row = (double)i - ((double)n - 1) / 2;
}

/* Beside the machines it hangs on. */
static void pull(struct graph *p, enum column column)
{
	for (size_t i = 0; i < p->rows[column]; i++) {
		uint32_t node = p->order[column][i];
		double sum = 0;
		size_t n = 0;

		for (size_t j = 0; j < p->edge_count; j++) {
			uint32_t from = p->nodes[p->edges[j].from].node, to = p->nodes[p->edges[j].to].node;
			uint32_t other = from == node ? to : to == node ? from : NO_ENTITY;

			if (other == NO_ENTITY || p->nodes[other].column != COLUMN_MIDDLE)
				continue;
			sum += p->nodes[other].row;
			n++;
		}
		p->nodes[node].row = n > 0 ? sum / (double)n : 0;
	}
	sort_rows(p, column);
}

static size_t others_of_ours(const struct graph *p)
{
	const struct analysis *an = p->in->analysis;
	bool *seen = ARENA_ARRAY(p->arena, bool, an->week->entity_count + 1);
	size_t n = 0;

	for (uint32_t i = 0; i < an->episode_count; i++) {
		uint32_t host = an->episodes[i].host;

		if (host == NO_ENTITY || seen[host])
			continue;
		seen[host] = true;
		if (an->week->entities[host].kind != ENTITY_HOST && !ip_is_internal(an->week->entities[host].value))
			continue;
		n++;
		for (uint32_t j = 0; j < p->node_count; j++)
			if (p->nodes[j].kind == KIND_MACHINE && strcmp(p->nodes[j].key, graph_name(an->week, host)) == 0) {
				n--;
				break;
			}
	}
	return n;
}

const char *graph_shown(const struct graph *p, const struct graph_node *n)
{
	bool ours = n->kind == KIND_MACHINE || n->kind == KIND_ACCOUNT || n->kind == KIND_FILE;

	return ours ? name_unlinked(p->arena, n->key) : name_defanged(p->arena, n->key);
}

/* "90 alerts" */
static const char *alerts_about(const struct graph *p, const char *machine)
{
	const struct analysis *an = p->in->analysis;
	uint64_t n = 0;

	for (uint32_t i = 0; i < p->in->incident->episode_count; i++) {
		const struct episode *e = &an->episodes[p->in->incident->episodes[i]];

		if (e->host != NO_ENTITY && strcmp(graph_name(an->week, e->host), machine) == 0)
			n += e->count;
	}
	return n > 0 ? words_counted(p->in->words, p->arena, "alerts", n) : "";
}

static void name_nodes(struct graph *p)
{
	static const char *const more[] = { "chart.graph.more.attackers", "chart.graph.more.accounts", "chart.graph.more.machines",
	                                    "chart.graph.more.outside", "chart.graph.more.files" };

	for (uint32_t i = 0; i < p->node_count; i++) {
		struct graph_node *n = &p->nodes[i];
		const char *role = NULL;

		for (size_t j = 0; j < p->edge_count && role == NULL && n->kind == KIND_OUTSIDE; j++)
			if (p->edges[j].to == i && p->edges[j].beat != NULL)
				role = words_find(p->in->words, p->arena, "lane.role.", p->edges[j].beat->key);
		n->under = n->kind == KIND_MACHINE ? alerts_about(p, n->key) : graph_shown(p, n);
		n->title = n->kind == KIND_MACHINE ? graph_shown(p, n) :
		           n->kind == KIND_ACCOUNT ? words_get(p->in->words, "chart.graph.account") :
		           n->kind == KIND_FILE ? words_get(p->in->words, "chart.graph.file") :
		           n->kind == KIND_ATTACKER ? words_get(p->in->words, "lane.attacker") :
		           role != NULL ? role : words_get(p->in->words, "lane.outside");
		if (n->members > 1) {
			enum part_kind kind = n->column == COLUMN_MIDDLE ? KIND_MACHINE : n->kind;
			bool mixed = false;

			for (uint32_t j = 0; j < p->node_count; j++)
				mixed |= p->nodes[j].node == i && p->nodes[j].kind != kind;
			n->title = words_fill(p->in->words, p->arena, mixed ? "chart.graph.more.parties" : more[kind], "count",
			                      words_number(p->arena, n->members), (char *)NULL);
			n->under = "";
		}
	}
}

static void report(struct graph *p)
{
	struct chart_finding *found = p->found;

	for (uint32_t i = 0; i < p->node_count; i++) {
		found->machines += p->nodes[i].kind == KIND_MACHINE;
		found->accounts += p->nodes[i].kind == KIND_ACCOUNT;
		found->files += p->nodes[i].kind == KIND_FILE;
		found->outside_parties += p->nodes[i].kind == KIND_ATTACKER || p->nodes[i].kind == KIND_OUTSIDE;
	}
	found->edges = p->edge_count;
	found->edges_cut = p->edge_count == EDGES_MOST;
	for (size_t i = 0; i < p->edge_count; i++)
		found->between += p->nodes[p->edges[i].from].kind == KIND_MACHINE && p->nodes[p->edges[i].to].kind == KIND_MACHINE;
}

void graph_place(struct graph *p)
{
	size_t most = 1;
	double width = p->in->width, middle;

	settle_outside(p);
	report(p);
	for (uint32_t i = 0; i < p->node_count; i++) {
		p->nodes[i].column = column_of(p, i);
		p->nodes[i].hangs = graph_connected(p, i);
	}
	for (int c = 0; c < COLUMNS; c++)
		fold(p, (enum column)c);
	/* A graph of machines that only reach others has its sources in the middle; without any, all move there. */
	for (size_t i = 0; i < p->rows[COLUMN_MIDDLE]; i++)
		p->nodes[p->order[COLUMN_MIDDLE][i]].row = 0;
	sort_rows(p, COLUMN_MIDDLE);
	pull(p, COLUMN_LEFT);
	pull(p, COLUMN_RIGHT);
	name_nodes(p);
	p->found->untouched = others_of_ours(p);
	middle = (double)p->rows[COLUMN_MIDDLE] * PITCH + (p->found->untouched > 0 ? ESTATE : 0);
	for (int c = 0; c < COLUMNS; c++)
		most = p->rows[c] > most ? p->rows[c] : most;
	p->height = fmax((double)most * PITCH, middle) + 2 * TOP;
	p->x[COLUMN_LEFT] = 0;
	p->x[COLUMN_RIGHT] = width - NODE_WIDTH - RETURN;
	p->x[COLUMN_MIDDLE] = p->rows[COLUMN_LEFT] > 0 ? (p->x[COLUMN_RIGHT]) / 2 : RETURN;
	for (int c = 0; c < COLUMNS; c++) {
		double used = c == COLUMN_MIDDLE ? middle : (double)p->rows[c] * PITCH;
		double y = (p->height - used) / 2 + PITCH / 2;

		for (size_t i = 0; i < p->rows[c]; i++, y += PITCH) {
			p->nodes[p->order[c][i]].x = p->x[c];
			p->nodes[p->order[c][i]].y = y;
		}
	}
}
