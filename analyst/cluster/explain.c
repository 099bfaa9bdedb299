#include "analyst/cluster/explain.h"

#include <math.h>
#include <stdlib.h>

#include "analyst/base/search.h"
#include "analyst/cluster/stages.h"

/* ---- what two episodes share ---- */

static uint32_t episode_of(const struct clustering *c, uint32_t mark)
{
	for (uint32_t i = 0; i < c->episode_count; i++)
		for (uint32_t k = 0; k < c->episodes[i].count; k++)
			if (c->episodes[i].alerts[k] == mark)
				return i;
	return 0;
}

static const struct member *member_of(const struct episode *e, uint32_t entity)
{
	for (uint32_t i = 0; i < e->member_count; i++)
		if (e->members[i].entity == entity)
			return &e->members[i];
	return NULL;
}

/* How many machines name the fact, and in how many everyday episodes. */
static void count_sharers(const struct clustering *c, struct shared_fact *f)
{
	uint32_t *machines = ARENA_ARRAY(c->stage, uint32_t, c->episode_count + 1), n = 0;

	for (uint32_t i = 0; i < c->episode_count; i++) {
		if (member_of(&c->episodes[i], f->entity) == NULL)
			continue;
		machines[n++] = c->traits[i].machine;
		f->everyday += !c->traits[i].kept;
	}
	qsort(machines, n, sizeof(*machines), order_u32);
	for (uint32_t i = 0; i < n; i++)
		f->machines += i == 0 || machines[i] != machines[i - 1];
}

/* What takes most of its weight away, where too little is left. */
static enum obstacle obstacle_of(const struct clustering *c, const struct sharing *s, uint32_t entity, bool tells_both)
{
	enum entity_kind kind = c->week->entities[entity].kind;

	if (sharing_says(kind) <= 0)
		return OBSTACLE_KIND;
	if (c->reused[entity])
		return OBSTACLE_REUSED;
	if (!tells_both)
		return kind == ENTITY_HOST || kind == ENTITY_IP ? OBSTACLE_MACHINE : OBSTACLE_EVERYWHERE;
	if (s->kind * s->rare * s->relevance * s->near >= LEAST_WEIGHT)
		return OBSTACLE_NONE;
	if (s->rare <= s->relevance && s->rare <= s->near)
		return OBSTACLE_COMMON;
	return s->relevance <= s->near ? OBSTACLE_EVERYDAY : OBSTACLE_FAR;
}

static int by_weight(const void *pa, const void *pb)
{
	const struct shared_fact *a = pa, *b = pb;

	if (a->weight != b->weight)
		return a->weight > b->weight ? -1 : 1;
	return (a->entity > b->entity) - (a->entity < b->entity);
}

static void list_facts(struct explanation *out, const struct clustering *c, uint32_t x, uint32_t y, struct arena *a)
{
	const struct episode *ex = &c->episodes[x], *ey = &c->episodes[y];
	struct shared_fact *facts = ARENA_ARRAY(a, struct shared_fact, ex->member_count + 1);
	const double *rare = rare_facts(c);

	for (uint32_t i = 0; i < ex->member_count; i++) {
		uint32_t entity = ex->members[i].entity;
		const struct member *other = member_of(ey, entity);
		struct shared_fact *f = &facts[out->fact_count];
		struct sharing s;

		if (other == NULL || &ex->members[i] != member_of(ex, entity))
			continue;
		s = weigh_sharing(c, x < y ? x : y, x < y ? y : x, entity, rare[entity]);
		*f = (struct shared_fact){.entity = entity, .reason = s.reason, .kind = s.kind, .rare = s.rare, .near = s.near};
		f->obstacle = obstacle_of(c, &s, entity, tells(c, x, &ex->members[i]) && tells(c, y, other));
		if (f->obstacle == OBSTACLE_NONE || f->obstacle >= OBSTACLE_COMMON)
			f->weight = s.kind * s.rare * s.relevance * s.near;
		count_sharers(c, f);
		out->fact_count++;
	}
	qsort(facts, out->fact_count, sizeof(*facts), by_weight);
	out->facts = facts;
}

/* ---- what ties their groups ---- */

static uint32_t flurries_in(const struct clustering *c, uint32_t group)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < c->flurry_count; i++)
		n += c->flurries[i].group == group;
	return n;
}

/* The best of each kind, as grouping.c counts them, before they lose with the way to the middle of the groups. */
static void list_ties(struct explanation *out, const struct clustering *c, uint32_t x, uint32_t y, struct arena *a)
{
	struct group_tie *ties = ARENA_ARRAY(a, struct group_tie, LINK_REASONS + 1), best[LINK_REASONS] = {{0}};
	double doubt = 1;

	for (uint32_t i = 0; i < c->tie_count; i++) {
		const struct tie *t = &c->ties[i];
		uint32_t g = c->flurries[t->a].group, h = c->flurries[t->b].group;

		if (!((g == x && h == y) || (g == y && h == x)) || t->weight <= best[t->reason].weight)
			continue;
		best[t->reason] = (struct group_tie){t->reason, t->from, t->to,
		                                     t->reason == LINK_SAME_RULE_BURST ? NO_ENTITY : t->fact, t->weight};
	}
	for (int r = 0; r < LINK_REASONS; r++)
		if (best[r].weight > 0) {
			ties[out->tie_count++] = best[r];
			doubt *= 1 - fmin(0.95, best[r].weight);
		}
	out->ties = ties;
	out->together = 1 - doubt;
}

static void compare_groups(struct explanation *out, const struct clustering *c, uint32_t x, uint32_t y, struct arena *a)
{
	uint32_t fx = c->traits[x].flurry, fy = c->traits[y].flurry, n, m;

	if (fx == NO_FLURRY || fy == NO_FLURRY)
		return;
	out->same_group = c->flurries[fx].group == c->flurries[fy].group;
	if (out->same_group)
		return;
	list_ties(out, c, c->flurries[fx].group, c->flurries[fy].group, a);
	n = flurries_in(c, c->flurries[fx].group);
	m = flurries_in(c, c->flurries[fy].group);
	out->asked = evidence_asked(n < m ? n : m);
}

void cluster_explain(struct explanation *out, const struct week *w, uint32_t mark_a, uint32_t mark_b, struct arena *a)
{
	struct clustering c;
	uint32_t x, y;

	*out = (struct explanation){.fact_count = 0};
	cluster_begin(&c, w, a);
	x = episode_of(&c, mark_a);
	y = episode_of(&c, mark_b);
	for (int i = 0; i < 2; i++) {
		const struct trait *t = &c.traits[i == 0 ? x : y];

		out->side[i] = (struct explained){i == 0 ? x : y, t->rarity, t->known, t->alarm, t->kept};
	}
	out->other_tenant = c.episodes[x].tenant != c.episodes[y].tenant;
	out->same_machine = c.traits[x].machine == c.traits[y].machine && c.traits[x].machine != NO_MACHINE;
	out->twins = c.traits[x].machine != NO_MACHINE && c.traits[y].machine != NO_MACHINE &&
	             are_twins(&c, c.traits[x].machine, c.traits[y].machine);
	out->apart = c.episodes[x].first <= c.episodes[y].first ? c.episodes[y].first - c.episodes[x].last
	                                                        : c.episodes[x].first - c.episodes[y].last;
	list_facts(out, &c, x, y, a);
	compare_groups(out, &c, x, y, a);
	cluster_end(&c);
}

/* ---- the way over the links of an incident ---- */

struct walk {
	double *cost;                /* by episode of the incident */
	const struct link **by;      /* the link that leads there */
	uint32_t *from;
};

static uint32_t place_of(const struct incident *in, uint32_t episode)
{
	uint32_t at = (uint32_t)search_from(&episode, in->episodes, in->episode_count, sizeof(*in->episodes), order_u32);

	return at < in->episode_count && in->episodes[at] == episode ? at : UINT32_MAX;
}

/* A weak link costs more than a strong one, and every step a little. */
static double cost_of(const struct link *l)
{
	return 0.1 - log(fmax(0.001, fmin(1, l->weight)));
}

/* Few incidents have so many links that passes over all of them would be felt (Bellman-Ford). */
static bool relax(struct walk *w, const struct incident *in, const struct link *l, uint32_t a, uint32_t b)
{
	uint32_t x = place_of(in, a), y = place_of(in, b);

	if (x == UINT32_MAX || y == UINT32_MAX || w->cost[x] + cost_of(l) >= w->cost[y])
		return false;
	w->cost[y] = w->cost[x] + cost_of(l);
	w->by[y] = l;
	w->from[y] = x;
	return true;
}

uint32_t link_path(const struct link **out, const struct incident *in, uint32_t from, uint32_t to, struct arena *a)
{
	struct walk w = {ARENA_ARRAY(a, double, in->episode_count + 1),
	                 ARENA_ARRAY(a, const struct link *, in->episode_count + 1),
	                 ARENA_ARRAY(a, uint32_t, in->episode_count + 1)};
	uint32_t start = place_of(in, from), end = place_of(in, to), n = 0;
	struct link *path;
	bool moved = true;

	if (start == UINT32_MAX || end == UINT32_MAX)
		return 0;
	for (uint32_t i = 0; i < in->episode_count; i++)
		w.cost[i] = i == start ? 0 : INFINITY;
	while (moved) {
		moved = false;
		for (uint32_t i = 0; i < in->link_count; i++) {
			const struct link *l = &in->links[i];

			moved |= relax(&w, in, l, l->a, l->b);
			moved |= relax(&w, in, l, l->b, l->a);
		}
	}
	for (uint32_t i = end; i != start && w.by[i] != NULL; i = w.from[i])
		n++;
	path = ARENA_ARRAY(a, struct link, n + 1);
	if (end == start || w.by[end] == NULL)
		return 0;
	for (uint32_t i = end, k = n; k-- > 0; i = w.from[i]) {
		path[k] = *w.by[i];
		path[k].a = in->episodes[w.from[i]];
		path[k].b = in->episodes[i];
	}
	*out = path;
	return n;
}
