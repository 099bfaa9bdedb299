/* Who and what an incident is made of, and why each part belongs to it: on the left who acts (outside addresses,
 * accounts), in the middle machines of ours, on the right what they reached (outside parties, machines, files).
 * An edge is a reason: a step of the story that names both ends, or what joins two machines' alerts. The layout
 * follows from the records alone: columns by part, rows by the machines that things hang on and by time; nothing
 * is left to chance. What finds no room shares the last node of its column. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyst/base/table.h"
#include "analyst/base/text.h"
#include "timeline/axis.h"
#include "timeline/charts.h"
#include "timeline/palette.h"

#define NODE_WIDTH 112.0
#define NODE_HEIGHT 23.0
#define PITCH 31.0
#define TOP 6.0
#define ESTATE 44.0                  /* the machines that took no part: dots and two lines */
#define ESTATE_DOTS 60
#define RETURN 14.0                  /* room for edges within the right column */
#define LABEL 6.3
#define SWING 0.3                    /* of the way between two columns */
#define EDGES_MOST 4000              /* between the same two nodes there is one */
#define SWEPT 500                    /* ranks */

enum column { COLUMN_LEFT, COLUMN_MIDDLE, COLUMN_RIGHT, COLUMNS };
static const size_t column_most[COLUMNS] = { 7, 7, 11 };     /* 25 nodes */

enum part_kind { KIND_ATTACKER, KIND_ACCOUNT, KIND_MACHINE, KIND_OUTSIDE, KIND_FILE, KINDS };

struct node {
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

struct edge {
	uint32_t from, to;
	const struct beat *beat;     /* the first step that is the reason; or NULL: */
	const struct link *link;
	const char *reason;
	uint32_t *episodes;
	size_t episode_count, episode_room;
	uint64_t alerts;
	size_t reasons;
};

struct plan {
	const struct chart_input *in;
	struct arena *arena;
	struct scene *sc;
	struct chart_finding *found;
	struct node *nodes;
	uint32_t node_count, node_room;
	struct edge *edges;
	size_t edge_count;
	const bool *own;             /* machines of the incident, by entity */
	uint32_t *machine;           /* their node, from 1, by entity; 0: none yet */
	uint32_t *order[COLUMNS];    /* nodes drawn, from the top */
	size_t rows[COLUMNS];
	double x[COLUMNS], height;
};

/* ---- nodes ---- */

static uint32_t find_entity(const struct week *w, const char *key)
{
	for (uint32_t i = 0; i < w->entity_count; i++)
		if ((w->entities[i].shown != NULL && strcmp(w->entities[i].shown, key) == 0) || strcmp(w->entities[i].value, key) == 0)
			return i;
	return NO_ENTITY;
}

static const char *name_of(const struct week *w, uint32_t entity)
{
	return w->entities[entity].shown != NULL ? w->entities[entity].shown : w->entities[entity].value;
}

static bool is_machine(const struct plan *p, const char *key)
{
	uint32_t e = find_entity(p->in->analysis->week, key);

	return ip_is_internal(key) || (e != NO_ENTITY && (p->own[e] || p->in->analysis->week->entities[e].internal));
}

static int64_t telling_of(const struct beat *b)
{
	const struct fact *fa = b != NULL ? beat_fact(b, "telling") : NULL;

	return fa != NULL && fa->value > 0 ? fa->value : 1000;
}

static uint32_t node_of(struct plan *p, enum part_kind kind, const char *key, const struct beat *b)
{
	struct node *n;

	for (uint32_t i = 0; i < p->node_count; i++) {
		bool outside = kind == KIND_ATTACKER || kind == KIND_OUTSIDE;

		n = &p->nodes[i];
		if ((n->kind != kind && !(outside && (n->kind == KIND_ATTACKER || n->kind == KIND_OUTSIDE))) || strcmp(n->key, key) != 0)
			continue;
		if (telling_of(b) < n->telling)
			n->telling = telling_of(b);
		return i;
	}
	if (p->node_count == p->node_room) {
		struct node *old = p->nodes;

		p->node_room = p->node_room > 0 ? p->node_room * 2 : 64;
		p->nodes = ARENA_ARRAY(p->arena, struct node, p->node_room);
		if (p->node_count > 0)
			memcpy(p->nodes, old, p->node_count * sizeof(*old));
	}
	p->nodes[p->node_count] = (struct node){ .kind = kind, .key = key, .telling = telling_of(b), .at = b != NULL ? b->at : INSTANT_NONE,
	                                         .stopped = INSTANT_NONE, .node = p->node_count, .members = 1 };
	return p->node_count++;
}

/* ---- edges ---- */

static const char *reason_of(const struct plan *p, const struct beat *b)
{
	const char *word = words_find(p->in->words, p->arena, "graph.", b->key);

	return word != NULL ? word : words_get(p->in->words, "graph.story.other");
}

/* A step's episodes are its own, so that one met twice was met last. */
static void add_episode(const struct plan *p, struct edge *e, uint32_t episode)
{
	if (e->episode_count > 0 && e->episodes[e->episode_count - 1] == episode)
		return;
	if (e->episode_count == e->episode_room) {
		const uint32_t *old = e->episodes;

		e->episode_room = e->episode_room > 0 ? e->episode_room * 2 : 4;
		e->episodes = ARENA_ARRAY(p->arena, uint32_t, e->episode_room);
		if (e->episode_count > 0)
			memcpy(e->episodes, old, e->episode_count * sizeof(*old));
	}
	e->episodes[e->episode_count++] = episode;
	e->alerts += p->in->analysis->episodes[episode].count;
}

static void join(struct plan *p, uint32_t from, uint32_t to, const struct beat *b, const struct link *l, const char *reason,
                 const uint32_t *episodes, size_t n)
{
	struct edge *e = p->edges;

	if (from == to)
		return;
	while (e < p->edges + p->edge_count && !(e->from == from && e->to == to))
		e++;
	if (e == p->edges + p->edge_count) {
		if (p->edge_count == EDGES_MOST)
			return;
		*e = (struct edge){ .from = from, .to = to, .beat = b, .link = l, .reason = reason };
		p->edge_count++;
	}
	for (size_t i = 0; i < n; i++)
		add_episode(p, e, episodes[i]);
	e->reasons++;
}

static uint32_t machine_node(struct plan *p, uint32_t entity, const struct beat *b)
{
	if (p->machine[entity] == 0)
		p->machine[entity] = 1 + node_of(p, KIND_MACHINE, name_of(p->in->analysis->week, entity), b);
	else if (telling_of(b) < p->nodes[p->machine[entity] - 1].telling)
		p->nodes[p->machine[entity] - 1].telling = telling_of(b);
	return p->machine[entity] - 1;
}

/* The machines that the step's alerts are about, when the story sums up several. */
static void join_machines(struct plan *p, uint32_t actor, const struct beat *b)
{
	const struct analysis *an = p->in->analysis;

	for (size_t i = 0; i < b->episode_count; i++) {
		uint32_t host = an->episodes[b->episodes[i]].host, node;

		if (host == NO_ENTITY || !(p->own[host] || an->week->entities[host].internal))
			continue;
		node = machine_node(p, host, b);
		if (actor != NO_ENTITY)
			join(p, actor, node, b, NULL, reason_of(p, b), &b->episodes[i], 1);
	}
}

/* The incident's other machines that the step's alerts were aimed at. */
static void join_targets(struct plan *p, uint32_t source, const struct beat *b)
{
	const struct analysis *an = p->in->analysis;

	for (size_t i = 0; i < b->episode_count; i++) {
		const struct episode *e = &an->episodes[b->episodes[i]];

		for (uint32_t j = 0; j < e->member_count; j++)
			if ((e->members[j].role == ROLE_DESTINATION || e->members[j].role == ROLE_TARGET) && p->own[e->members[j].entity]) {
				uint32_t known = p->node_count, to = machine_node(p, e->members[j].entity, b);

				/* One of many that a sweep met tells less than one that a step names. */
				if (to == known)
					p->nodes[to].telling += SWEPT;
				join(p, source, to, b, NULL, reason_of(p, b), &b->episodes[i], 1);
			}
	}
}

static void add_step(struct plan *p, const struct beat *b)
{
	const char *actor = b->actor_lane, *object = b->object_lane, *user = NULL, *file = NULL;
	const struct fact *fa;
	uint32_t a = NO_ENTITY, o = NO_ENTITY, machine = NO_ENTITY;

	if (actor != NULL)
		a = node_of(p, is_machine(p, actor) ? KIND_MACHINE : KIND_ATTACKER, actor, b);
	if (object != NULL)
		o = node_of(p, is_machine(p, object) ? KIND_MACHINE : KIND_OUTSIDE, object, b);
	if (beat_fact(b, "machines") != NULL)
		join_machines(p, a, b);
	else if (a != NO_ENTITY && o != NO_ENTITY)
		join(p, a, o, b, NULL, reason_of(p, b), b->episodes, b->episode_count);
	if (o != NO_ENTITY && p->nodes[o].kind == KIND_MACHINE)
		machine = o;
	else if (a != NO_ENTITY && p->nodes[a].kind == KIND_MACHINE)
		machine = a;
	if (a != NO_ENTITY && p->nodes[a].kind == KIND_MACHINE)
		join_targets(p, a, b);
	if (machine == NO_ENTITY)
		return;
	if ((fa = beat_fact(b, "user")) != NULL && fa->text != NULL)
		user = fa->text;
	if ((fa = beat_fact(b, "file")) != NULL && fa->text != NULL)
		file = fa->text;
	if (user != NULL)
		join(p, node_of(p, KIND_ACCOUNT, user, b), machine, b, NULL, reason_of(p, b), b->episodes, b->episode_count);
	if (file != NULL)
		join(p, machine, node_of(p, KIND_FILE, file, b), b, NULL, reason_of(p, b), b->episodes, b->episode_count);
}

static bool connected(const struct plan *p, uint32_t node)
{
	for (size_t i = 0; i < p->edge_count; i++)
		if (p->edges[i].from == node || p->edges[i].to == node)
			return true;
	return false;
}

/* By entity: the strongest tie of each machine to another one. */
static const struct link **best_ties(const struct plan *p)
{
	const struct analysis *an = p->in->analysis;
	const struct incident *in = p->in->incident;
	const struct link **best = ARENA_ARRAY(p->arena, const struct link *, an->week->entity_count + 1);

	for (uint32_t i = 0; i < in->link_count; i++) {
		const struct link *l = &in->links[i];
		uint32_t ends[2] = { an->episodes[l->a].host, an->episodes[l->b].host };

		if (ends[0] == ends[1] || ends[0] == NO_ENTITY || ends[1] == NO_ENTITY || !p->own[ends[0]] || !p->own[ends[1]])
			continue;
		for (int k = 0; k < 2; k++)
			if (best[ends[k]] == NULL || l->weight > best[ends[k]]->weight)
				best[ends[k]] = l;
	}
	return best;
}

/* Machines that no step names hang on what joined their alerts to another's. */
static void add_tied(struct plan *p)
{
	const struct analysis *an = p->in->analysis;
	const struct incident *in = p->in->incident;
	const struct link **ties = best_ties(p);

	for (uint32_t h = 0; h < in->host_count; h++) {
		uint32_t node = machine_node(p, in->hosts[h], NULL), far;
		const struct link *l = ties[in->hosts[h]];
		const char *key;

		if (l == NULL || connected(p, node))
			continue;
		far = an->episodes[l->a].host == in->hosts[h] ? an->episodes[l->b].host : an->episodes[l->a].host;
		key = arena_printf(p->arena, "graph.link.%s", table_name(link_reasons, (int)l->reason));
		join(p, machine_node(p, far, NULL), node, NULL, l, words_get(p->in->words, key), (const uint32_t[]){ l->a, l->b }, 2);
	}
}

static void add_stops(struct plan *p)
{
	const struct narrative *n = p->in->story;

	for (size_t i = 0; n != NULL && i < n->beat_count; i++)
		for (uint32_t j = 0; n->beats[i].response && n->beats[i].object_lane != NULL && j < p->node_count; j++)
			if (p->nodes[j].kind != KIND_MACHINE && strcmp(p->nodes[j].key, n->beats[i].object_lane) == 0 && p->nodes[j].stopped == INSTANT_NONE)
				p->nodes[j].stopped = n->beats[i].at;
}

static void collect(struct plan *p)
{
	const struct narrative *n = p->in->story;

	p->edges = ARENA_ARRAY(p->arena, struct edge, EDGES_MOST + 1);
	p->own = chart_own(p->in);
	p->machine = ARENA_ARRAY(p->arena, uint32_t, p->in->analysis->week->entity_count + 1);
	for (size_t i = 0; n != NULL && p->in->incident != NULL && i < n->beat_count; i++)
		if (n->beats[i].part == PART_STORY && !n->beats[i].response && n->beats[i].at != INSTANT_NONE)
			add_step(p, &n->beats[i]);
	if (p->in->incident != NULL)
		add_tied(p);
	add_stops(p);
}

/* ---- columns and rows ---- */

/* A machine that other machines act on more than it acts on them was reached. */
static bool was_reached(const struct plan *p, uint32_t node)
{
	uint64_t in = 0, out = 0;

	for (size_t i = 0; i < p->edge_count; i++) {
		const struct edge *e = &p->edges[i];
		uint64_t weight = e->link != NULL ? 1 : 1 + e->alerts;

		if (p->nodes[e->from].kind != KIND_MACHINE || p->nodes[e->to].kind != KIND_MACHINE)
			continue;
		in += e->to == node ? weight : 0;
		out += e->from == node ? weight : 0;
	}
	return in > out;
}

static enum column column_of(const struct plan *p, uint32_t i)
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
static void settle_outside(struct plan *p)
{
	for (uint32_t i = 0; i < p->node_count; i++) {
		struct node *n = &p->nodes[i];
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
	const struct node *const *a = pa, *const *b = pb;

	if ((*a)->hangs != (*b)->hangs)
		return (*a)->hangs ? -1 : 1;
	if ((*a)->telling != (*b)->telling)
		return (*a)->telling < (*b)->telling ? -1 : 1;
	if ((*a)->at != (*b)->at)
		return (*a)->at < (*b)->at ? -1 : 1;
	return strcmp((*a)->key, (*b)->key);
}

/* The most telling nodes of a column are drawn; the others share the last place. */
static void fold(struct plan *p, enum column column)
{
	uint32_t *order = p->order[column] = ARENA_ARRAY(p->arena, uint32_t, p->node_count + 1);
	const struct node **sorted = ARENA_ARRAY(p->arena, const struct node *, p->node_count + 1);
	size_t n = 0, most = column_most[column];

	for (uint32_t i = 0; i < p->node_count; i++)
		if (p->nodes[i].column == column)
			sorted[n++] = &p->nodes[i];
	qsort(sorted, n, sizeof(*sorted), by_weight);
	for (size_t i = 0; i < n; i++)
		order[i] = (uint32_t)(sorted[i] - p->nodes);
	for (size_t i = most; i < n; i++) {
		struct node *last = &p->nodes[order[most - 1]];

		p->nodes[order[i]].node = order[most - 1];
		last->members++;
	}
	p->found->folded += n > most ? n - most + 1 : 0;
	p->rows[column] = n < most ? n : most;
}

static void sort_rows(struct plan *p, enum column column)
{
	uint32_t *order = p->order[column];
	size_t n = p->rows[column];

	for (size_t i = 1; i < n; i++) {
		uint32_t node = order[i];
		size_t at = i;

		for (; at > 0; at--) {
			const struct node *a = &p->nodes[node], *b = &p->nodes[order[at - 1]];
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
static void pull(struct plan *p, enum column column)
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

static size_t others_of_ours(const struct plan *p)
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
			if (p->nodes[j].kind == KIND_MACHINE && strcmp(p->nodes[j].key, name_of(an->week, host)) == 0) {
				n--;
				break;
			}
	}
	return n;
}

static const char *defanged(struct arena *a, const char *s)
{
	struct text t = {0};
	const char *out;

	text_add_defanged(&t, s);
	out = arena_dup(a, text_str(&t));
	text_free(&t);
	return out;
}

/* "90 alerts" */
static const char *alerts_about(const struct plan *p, const char *machine)
{
	const struct analysis *an = p->in->analysis;
	uint64_t n = 0;

	for (uint32_t i = 0; i < p->in->incident->episode_count; i++) {
		const struct episode *e = &an->episodes[p->in->incident->episodes[i]];

		if (e->host != NO_ENTITY && strcmp(name_of(an->week, e->host), machine) == 0)
			n += e->count;
	}
	return n > 0 ? words_counted(p->in->words, p->arena, "alerts", n) : "";
}

static void name_nodes(struct plan *p)
{
	static const char *const more[] = { "chart.graph.more.attackers", "chart.graph.more.accounts", "chart.graph.more.machines",
	                                    "chart.graph.more.outside", "chart.graph.more.files" };

	for (uint32_t i = 0; i < p->node_count; i++) {
		struct node *n = &p->nodes[i];
		const char *role = NULL;

		for (size_t j = 0; j < p->edge_count && role == NULL && n->kind == KIND_OUTSIDE; j++)
			if (p->edges[j].to == i && p->edges[j].beat != NULL)
				role = words_find(p->in->words, p->arena, "lane.role.", p->edges[j].beat->key);
		n->under = n->kind == KIND_MACHINE ? alerts_about(p, n->key) :
		           n->kind == KIND_FILE && strstr(n->key, "://") == NULL ? n->key : defanged(p->arena, n->key);
		n->title = n->kind == KIND_MACHINE ? n->key :
		           n->kind == KIND_ACCOUNT ? n->key :
		           n->kind == KIND_FILE ? words_get(p->in->words, "chart.graph.file") :
		           n->kind == KIND_ATTACKER ? words_get(p->in->words, "lane.attacker") :
		           role != NULL ? role : words_get(p->in->words, "lane.outside");
		if (n->kind == KIND_ACCOUNT) {
			n->title = words_get(p->in->words, "chart.graph.account");
			n->under = n->key;
		}
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

static void place(struct plan *p)
{
	size_t most = 1;
	double width = p->in->width, middle;

	settle_outside(p);
	for (uint32_t i = 0; i < p->node_count; i++) {
		p->nodes[i].column = column_of(p, i);
		p->nodes[i].hangs = connected(p, i);
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

static void report(struct plan *p)
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

/* ---- what is drawn ---- */

static const struct node *end_of(const struct plan *p, uint32_t i)
{
	return &p->nodes[p->nodes[i].node];
}

/* Edges of one side of a machine in the middle leave it side by side, in the order of their other ends; at an outer
 * node they meet. */
static double port(const struct plan *p, const struct node *n, const struct node *other)
{
	double above = 0, all = 0;

	if (n->column != COLUMN_MIDDLE)
		return n->y;
	for (size_t i = 0; i < p->rows[COLUMN_LEFT] + p->rows[COLUMN_RIGHT]; i++) {
		bool left = i < p->rows[COLUMN_LEFT];
		const struct node *o = &p->nodes[left ? p->order[COLUMN_LEFT][i] : p->order[COLUMN_RIGHT][i - p->rows[COLUMN_LEFT]]];
		bool joined = false;

		if ((o->x > n->x) != (other->x > n->x))
			continue;
		for (size_t j = 0; j < p->edge_count && !joined; j++) {
			const struct node *a = end_of(p, p->edges[j].from), *b = end_of(p, p->edges[j].to);

			joined = (a == n && b == o) || (a == o && b == n);
		}
		all += joined;
		above += joined && (o->y < other->y || (o->y == other->y && o->x < other->x));
	}
	return all > 1 ? n->y + ((above + 0.5) / all - 0.5) * (NODE_HEIGHT - 7) : n->y;
}

/* A cubic as short lines: a path of a scene is filled or closed, a polyline is neither. */
static void curve(const struct plan *p, double x1, double y1, double cx1, double cx2, double x2, double y2, double width, colour ink,
                  enum dash dash)
{
	double xy[2 * 25];

	for (int i = 0; i < 25; i++) {
		double t = i / 24.0, u = 1 - t;

		xy[2 * i] = u * u * u * x1 + 3 * u * u * t * cx1 + 3 * u * t * t * cx2 + t * t * t * x2;
		xy[2 * i + 1] = (u * u * u + 3 * u * u * t) * y1 + (3 * u * t * t + t * t * t) * y2;
	}
	scene_polyline(p->sc, xy, 25, width, ink, dash);
}

static void arrow_head(const struct plan *p, double x, double y, double dir, double size, colour ink)
{
	const double xy[] = { x, y, x - dir * 2 * size, y - size, x - dir * 2 * size, y + size };

	scene_polygon(p->sc, xy, 3, ink, NO_COLOUR, 0);
}

/* A reason in one line or two beside the outer end of its edge; above it in the upper half, below it in the lower. */
static void draw_reason(const struct plan *p, const char *s, double x, double y, double room, enum align align, bool above)
{
	const char *lines[2];
	size_t n = measure_lines(p->in->measure, p->arena, s, LABEL, FACE_REGULAR, room, lines, 2);

	for (size_t i = 0; i < n; i++)
		scene_text(p->sc, x, above ? y - 3.2 - 7 * (double)(n - 1 - i) : y + 7.8 + 7 * (double)i, LABEL, FACE_REGULAR, align, INK_2, lines[i]);
}

static size_t reasons_between(const struct plan *p, const struct node *a, const struct node *b)
{
	size_t n = 0;

	for (size_t i = 0; i < p->edge_count; i++)
		if ((end_of(p, p->edges[i].from) == a && end_of(p, p->edges[i].to) == b) ||
		    (end_of(p, p->edges[i].from) == b && end_of(p, p->edges[i].to) == a))
			n += p->edges[i].reasons;
	return n;
}

/* The swing is near the middle column, so that the way to the outer node is level and has room for words. */
static void draw_swing(const struct plan *p, double x1, double y1, double x2, double y2, bool from_outer, double width, colour ink,
                       enum dash dash)
{
	double swing = (x2 - x1) * SWING, bend = from_outer ? x2 - swing : x1 + swing;

	if (from_outer) {
		scene_line(p->sc, x1, y1, bend, y1, width, ink, dash);
		curve(p, bend, y1, bend + swing / 2, bend + swing / 2, x2, y2, width, ink, dash);
	} else {
		curve(p, x1, y1, x1 + swing / 2, x1 + swing / 2, bend, y2, width, ink, dash);
		scene_line(p->sc, bend, y2, x2, y2, width, ink, dash);
	}
}

/* Of edges whose ends share nodes the first is drawn, the others are only told. */
static bool was_drawn(const struct plan *p, const struct edge *e)
{
	for (const struct edge *o = p->edges; o < e; o++)
		if (end_of(p, o->from) == end_of(p, e->from) && end_of(p, o->to) == end_of(p, e->to))
			return true;
	return false;
}

static void draw_edge(struct plan *p, const struct edge *e)
{
	struct node *a = &p->nodes[p->nodes[e->from].node], *b = &p->nodes[p->nodes[e->to].node], *outer;
	double width = fmin(3, 0.8 + 0.45 * log10((double)(e->alerts > 0 ? e->alerts : 1))), gap, y;
	bool account = a->kind == KIND_ACCOUNT || b->kind == KIND_ACCOUNT || e->link != NULL;
	colour ink = account ? BAR_DARK : ATTACKER;
	size_t keys, reasons;
	const uint64_t *proof = chart_proof(p->in, e->episodes, e->episode_count, &keys);

	scene_note(p->sc, arena_printf(p->arena, "%s > %s: %s%s", defanged(p->arena, p->nodes[e->from].key), defanged(p->arena, p->nodes[e->to].key),
	                               e->reason, e->reasons > 1 ? arena_printf(p->arena, " +%zu", e->reasons - 1) : ""), proof, keys);
	if (a == b || was_drawn(p, e))
		return;
	if (a->column == b->column) {
		bool right = a->column == COLUMN_RIGHT;
		double x = right ? a->x + NODE_WIDTH : a->x, out = right ? RETURN : -RETURN;

		curve(p, x, a->y + 4, x + out * 1.2, x + out * 1.2, x, b->y - 4, width, ink, DASH_NONE);
		arrow_head(p, x, b->y - 4, right ? -1 : 1, 2 + width * 0.4, ink);
		return;
	}
	outer = a->column == COLUMN_MIDDLE ? b : b->column == COLUMN_MIDDLE ? a : a->column < b->column ? b : a;
	{
		double dir = b->x > a->x ? 1 : -1, head = account && e->link == NULL ? 0 : 2 * (2 + width * 0.4);
		double x1 = dir > 0 ? a->x + NODE_WIDTH : a->x, x2 = dir > 0 ? b->x : b->x + NODE_WIDTH;
		double y1 = port(p, a, b), y2 = port(p, b, a);

		gap = fabs(x2 - x1);
		draw_swing(p, x1, y1, x2 - dir * head * 0.8, y2, outer == a, width, ink, e->link != NULL ? DASH_SHORT : DASH_NONE);
		if (head > 0)
			arrow_head(p, x2, y2, dir, head / 2, ink);
		y = outer == a ? y1 : y2;
	}
	if (outer->labelled)
		return;
	outer->labelled = true;
	reasons = reasons_between(p, a, b);
	draw_reason(p, account && e->link == NULL ? words_counted(p->in->words, p->arena, "graph.steps", reasons) : reasons > 1 ? arena_printf(p->arena, "%s +%zu", e->reason, reasons - 1) : e->reason,
	            outer->column == COLUMN_RIGHT ? outer->x - 9 : outer->x + NODE_WIDTH + 4, y, fmin(gap * (1 - SWING), 120) - 6,
	            outer->column == COLUMN_RIGHT ? ALIGN_RIGHT : ALIGN_LEFT, y <= p->height / 2);
}

static void draw_node(const struct plan *p, const struct node *n)
{
	static const colour lines[] = { ATTACKER, BAR_DARK, NAVY, ATTACKER, BAR_DARK };
	const struct measure *m = p->in->measure;
	bool dark = n->kind == KIND_MACHINE && n->members == 1, two = n->under[0] != '\0';
	double top = n->y - NODE_HEIGHT / 2, room = NODE_WIDTH - 12;

	scene_note(p->sc, arena_printf(p->arena, "node: %s %s", n->title, n->under), NULL, 0);
	scene_rect(p->sc, n->x, top, NODE_WIDTH, NODE_HEIGHT, n->kind == KIND_FILE ? 0 : 2.5, dark ? NAVY : WHITE, lines[n->kind],
	           n->members > 1 ? 0.6 : 1);
	if (n->stopped != INSTANT_NONE && n->members == 1)
		scene_text(p->sc, n->x + NODE_WIDTH, top + NODE_HEIGHT + 6.4, 6, FACE_SEMIBOLD, ALIGN_RIGHT, RESPONSE,
		           words_fill(p->in->words, p->arena, "chart.graph.stopped", "time", words_clock(p->arena, n->stopped, p->in->zone, false), (char *)NULL));
	scene_text(p->sc, n->x + 6, two ? top + 9.6 : n->y + 2.7, 7.4, FACE_SEMIBOLD, ALIGN_LEFT, dark ? WHITE : INK,
	           measure_fit(m, p->arena, n->title, 7.4, FACE_SEMIBOLD, room));
	if (n->under[0] != '\0')
		scene_text(p->sc, n->x + 6, top + 18.2, 6, dark ? FACE_REGULAR : FACE_MONO, ALIGN_LEFT, dark ? WHITE : INK_2,
		           measure_fit(m, p->arena, n->under, 6, dark ? FACE_REGULAR : FACE_MONO, room));
}

/* The machines that took no part, as dots. */
static void draw_estate(const struct plan *p)
{
	size_t dots = p->found->untouched < ESTATE_DOTS ? p->found->untouched : ESTATE_DOTS, across = 20;
	double x = p->x[COLUMN_MIDDLE], y = p->height / 2 + ((double)p->rows[COLUMN_MIDDLE] * PITCH + ESTATE) / 2 - ESTATE + 4;
	double step = NODE_WIDTH / (double)across;

	if (dots == 0)
		return;
	scene_note(p->sc, "other machines", NULL, 0);
	for (size_t i = 0; i < dots; i++)
		scene_disc(p->sc, x + step * ((double)(i % across) + 0.5 + (dots < across ? (double)(across - dots) / 2 : 0)), y + 5.5 * (double)(i / across), 1.3, BAR, NO_COLOUR, 0);
	y += 5.5 * (double)((dots - 1) / across) + 10;
	scene_text(p->sc, x + NODE_WIDTH / 2, y, 6.6, FACE_REGULAR, ALIGN_CENTRE, INK_2, words_counted(p->in->words, p->arena, "graph.others", p->found->untouched));
	scene_text(p->sc, x + NODE_WIDTH / 2, y + 8.4, 6.6, FACE_SEMIBOLD, ALIGN_CENTRE, RESPONSE, words_get(p->in->words, "chart.graph.nopart"));
}

static struct scene *draw(const struct chart_input *in, struct chart_finding *found)
{
	struct plan p = { .in = in, .arena = in->arena, .found = found };

	memset(found, 0, sizeof(*found));
	collect(&p);
	if (p.node_count == 0) {
		p.sc = scene_new(in->arena, in->width, 24);
		scene_text(p.sc, 0, 14, 7.6, FACE_REGULAR, ALIGN_LEFT, INK_2, words_get(in->words, "chart.graph.none"));
		return p.sc;
	}
	place(&p);
	report(&p);
	p.sc = scene_new(in->arena, in->width, p.height);
	for (size_t i = 0; i < p.edge_count; i++)
		draw_edge(&p, &p.edges[i]);
	for (uint32_t i = 0; i < p.node_count; i++)
		if (p.nodes[i].node == i)
			draw_node(&p, &p.nodes[i]);
	draw_estate(&p);
	return p.sc;
}

static int applies(const struct chart_input *in)
{
	for (size_t i = 0; in->story != NULL && i < in->story->beat_count; i++)
		if (in->story->beats[i].part == PART_STORY && in->story->beats[i].at != INSTANT_NONE)
			return 1;
	return 0;
}

const struct chart chart_entity_graph = {
	.name = "entity-graph",
	.summary = "machines, accounts, files and outside parties of an incident, and why each belongs to it",
	.of_incident = CHART_OF_INCIDENT,
	.applies = applies, .draw = draw,
};
