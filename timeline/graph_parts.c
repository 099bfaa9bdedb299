/* Who and what an incident is made of, and why each part belongs to it: a step of the story that names both ends, or
 * what joins two machines' alerts. */
#include <string.h>

#include "analyst/base/table.h"
#include "timeline/graph.h"

#define SWEPT 500                    /* ranks */

/* ---- nodes ---- */

static uint32_t find_entity(const struct week *w, const char *key)
{
	for (uint32_t i = 0; i < w->entity_count; i++)
		if ((w->entities[i].shown != NULL && strcmp(w->entities[i].shown, key) == 0) || strcmp(w->entities[i].value, key) == 0)
			return i;
	return NO_ENTITY;
}

const char *graph_name(const struct week *w, uint32_t entity)
{
	return w->entities[entity].shown != NULL ? w->entities[entity].shown : w->entities[entity].value;
}

static bool is_machine(const struct graph *p, const char *key)
{
	uint32_t e = find_entity(p->in->analysis->week, key);

	return ip_is_internal(key) || (e != NO_ENTITY && (p->own[e] || p->in->analysis->week->entities[e].internal));
}

/* An account is drawn as one where machines are drawn; where none is named it stands in their place. */
static bool is_beside(const struct graph *p, const char *key)
{
	uint32_t e = find_entity(p->in->analysis->week, key);

	return e != NO_ENTITY && p->in->analysis->week->entities[e].kind == ENTITY_USER && p->in->incident->host_count > 0;
}

static int64_t telling_of(const struct beat *b)
{
	const struct fact *fa = b != NULL ? beat_fact(b, "telling") : NULL;

	return fa != NULL && fa->value > 0 ? fa->value : 1000;
}

static uint32_t node_of(struct graph *p, enum part_kind kind, const char *key, const struct beat *b)
{
	struct graph_node *n;

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
		struct graph_node *old = p->nodes;

		p->node_room = p->node_room > 0 ? p->node_room * 2 : 64;
		p->nodes = ARENA_ARRAY(p->arena, struct graph_node, p->node_room);
		if (p->node_count > 0)
			memcpy(p->nodes, old, p->node_count * sizeof(*old));
	}
	p->nodes[p->node_count] = (struct graph_node){ .kind = kind, .key = key, .telling = telling_of(b), .at = b != NULL ? b->at : INSTANT_NONE,
	                                         .stopped = INSTANT_NONE, .node = p->node_count, .members = 1 };
	return p->node_count++;
}

/* ---- edges ---- */

static const char *reason_of(const struct graph *p, const struct beat *b)
{
	const char *word = words_find(p->in->words, p->arena, "graph.", b->key);

	return word != NULL ? word : words_get(p->in->words, "graph.story.other");
}

/* A step's episodes are its own, so that one met twice was met last. */
static void add_episode(const struct graph *p, struct graph_edge *e, uint32_t episode)
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

static void join(struct graph *p, uint32_t from, uint32_t to, const struct beat *b, const struct link *l, const char *reason,
                 const uint32_t *episodes, size_t n)
{
	struct graph_edge *e = p->edges;

	if (from == to)
		return;
	while (e < p->edges + p->edge_count && !(e->from == from && e->to == to))
		e++;
	if (e == p->edges + p->edge_count) {
		if (p->edge_count == EDGES_MOST)
			return;
		*e = (struct graph_edge){ .from = from, .to = to, .beat = b, .link = l, .reason = reason };
		p->edge_count++;
	}
	for (size_t i = 0; i < n; i++)
		add_episode(p, e, episodes[i]);
	e->reasons++;
}

static uint32_t machine_node(struct graph *p, uint32_t entity, const struct beat *b)
{
	if (p->machine[entity] == 0)
		p->machine[entity] = 1 + node_of(p, KIND_MACHINE, graph_name(p->in->analysis->week, entity), b);
	else if (telling_of(b) < p->nodes[p->machine[entity] - 1].telling)
		p->nodes[p->machine[entity] - 1].telling = telling_of(b);
	return p->machine[entity] - 1;
}

/* The machines that the step's alerts are about, when the story sums up several. */
static void join_machines(struct graph *p, uint32_t actor, const struct beat *b)
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
static void join_targets(struct graph *p, uint32_t source, const struct beat *b)
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

static void add_step(struct graph *p, const struct beat *b)
{
	const char *actor = b->actor_lane, *object = b->object_lane, *user = NULL, *file = NULL;
	const struct fact *fa;
	uint32_t a = NO_ENTITY, o = NO_ENTITY, machine = NO_ENTITY;

	if (actor != NULL && !is_beside(p, actor))
		a = node_of(p, is_machine(p, actor) ? KIND_MACHINE : KIND_ATTACKER, actor, b);
	if (object != NULL && !is_beside(p, object))
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
	if (user != NULL && strcmp(user, p->nodes[machine].key) != 0)          /* where no machine is named it is the account */
		join(p, node_of(p, KIND_ACCOUNT, user, b), machine, b, NULL, reason_of(p, b), b->episodes, b->episode_count);
	if (file != NULL)
		join(p, machine, node_of(p, KIND_FILE, file, b), b, NULL, reason_of(p, b), b->episodes, b->episode_count);
}

bool graph_connected(const struct graph *p, uint32_t node)
{
	for (size_t i = 0; i < p->edge_count; i++)
		if (p->edges[i].from == node || p->edges[i].to == node)
			return true;
	return false;
}

/* By entity: the strongest tie of each machine to another one. */
static const struct link **best_ties(const struct graph *p)
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
static void add_tied(struct graph *p)
{
	const struct analysis *an = p->in->analysis;
	const struct incident *in = p->in->incident;
	const struct link **ties = best_ties(p);

	for (uint32_t h = 0; h < in->host_count; h++) {
		uint32_t node = machine_node(p, in->hosts[h], NULL), far;
		const struct link *l = ties[in->hosts[h]];
		const char *key;

		if (l == NULL || graph_connected(p, node))
			continue;
		far = an->episodes[l->a].host == in->hosts[h] ? an->episodes[l->b].host : an->episodes[l->a].host;
		key = arena_printf(p->arena, "graph.link.%s", table_name(link_reasons, (int)l->reason));
		join(p, machine_node(p, far, NULL), node, NULL, l, words_get(p->in->words, key), (const uint32_t[]){ l->a, l->b }, 2);
	}
}

static void add_stops(struct graph *p)
{
	const struct narrative *n = p->in->story;

	for (size_t i = 0; n != NULL && i < n->beat_count; i++)
		for (uint32_t j = 0; n->beats[i].response && n->beats[i].object_lane != NULL && j < p->node_count; j++)
			if (p->nodes[j].kind != KIND_MACHINE && strcmp(p->nodes[j].key, n->beats[i].object_lane) == 0 && p->nodes[j].stopped == INSTANT_NONE)
				p->nodes[j].stopped = n->beats[i].at;
}

void graph_collect(struct graph *p)
{
	const struct narrative *n = p->in->story;

	p->edges = ARENA_ARRAY(p->arena, struct graph_edge, EDGES_MOST + 1);
	p->own = chart_own(p->in);
	p->machine = ARENA_ARRAY(p->arena, uint32_t, p->in->analysis->week->entity_count + 1);
	for (size_t i = 0; n != NULL && p->in->incident != NULL && i < n->beat_count; i++)
		if (n->beats[i].part == PART_STORY && !n->beats[i].response && n->beats[i].at != INSTANT_NONE)
			add_step(p, &n->beats[i]);
	if (p->in->incident != NULL)
		add_tied(p);
	add_stops(p);
}
