/* Flurries to incidents. Bare connectivity would chain a whole network together, one
 * shared fact after the other. Here two groups are joined when their separate reasons
 * together are convincing, and a reason counts less the further its ends lie from the
 * middle of their groups: an incident has a centre and a bounded reach. */
#include <math.h>
#include <stdlib.h>

#include "analyst/base/keyed.h"
#include "analyst/cluster/groups.h"

/* Reasons that together make it likelier that two groups are strangers than one do
 * not join. Between 0.30 and 0.40 no figure of tests/bench changes. */
#define JOIN_EVIDENCE 0.35
/* Each step away from the middle: after four or five the best single reason fails. */
#define STEP_LOSS 0.85
/* More is asked for with each doubling of the smaller group. */
#define SIZE_DOUBT 0.15
/* One fact alone never makes quite certain. */
#define MOST_BY_ONE 0.95

uint32_t group_root(struct groups *g, uint32_t i)
{
	while (g->parent[i] != i)
		i = g->parent[i] = g->parent[g->parent[i]];
	return i;
}

struct reason {               /* one fact between two groups, as it stands this round */
	uint32_t kind, fact;
	uint32_t tie;
	double weight;
};

static int by_kind(const void *x, const void *y)
{
	const struct reason *a = x, *b = y;

	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	if (a->weight != b->weight)
		return a->weight > b->weight ? -1 : 1;
	if (a->fact != b->fact)
		return a->fact < b->fact ? -1 : 1;
	return (a->tie > b->tie) - (a->tie < b->tie);
}

double evidence_asked(uint32_t flurries)
{
	return JOIN_EVIDENCE * (1 + SIZE_DOUBT * log2(flurries));
}

/* The smaller of two groups measures the opportunities for accidents between them. */
static double needed(const struct groups *g, uint32_t a, uint32_t b)
{
	uint32_t least = g->size[a] < g->size[b] ? g->size[a] : g->size[b];

	return evidence_asked(least);
}

struct proposal {
	uint32_t a, b, tie;       /* tie: the best single reason */
	double evidence;
};

struct joining {
	struct clustering *c;
	struct groups *g;
	uint32_t *open, open_count;          /* ties that do not yet lie within one group */
	uint32_t *grew, round;               /* by root: before which round it did last; at first all, before round 0 */
	struct keyed *ties;                  /* scratch, as long as all ties */
	struct reason *reasons;
	struct proposal *proposals;
};

static int by_evidence(const void *x, const void *y)
{
	const struct proposal *a = x, *b = y;

	if (a->evidence != b->evidence)
		return a->evidence > b->evidence ? -1 : 1;
	if (a->a != b->a)
		return a->a < b->a ? -1 : 1;
	return (a->b > b->b) - (a->b < b->b);
}

/* The ties that a round has to look at: between two groups of which one at least grew in the round before. Any other two have
 * the reasons and the middles they had then, and did not join. */
static uint32_t list_ties(struct joining *j)
{
	uint32_t n = 0, open = 0;

	for (uint32_t i = 0; i < j->open_count; i++) {
		const struct tie *t = &j->c->ties[j->open[i]];
		uint32_t a = group_root(j->g, t->a), b = group_root(j->g, t->b);

		if (a == b)
			continue;
		if (j->grew[a] == j->round || j->grew[b] == j->round)
			j->ties[n++] = (struct keyed){a < b ? key_pair(a, b) : key_pair(b, a), j->open[i]};
		j->open[open++] = j->open[i];
	}
	j->open_count = open;
	keyed_sort(j->ties, n);
	return n;
}

/* What the ties say this round, the best of each kind first. */
static void weigh_reasons(const struct clustering *c, const struct groups *g, const struct keyed *ties, uint32_t n,
                          struct reason *out)
{
	for (uint32_t i = 0; i < n; i++) {
		const struct tie *t = &c->ties[ties[i].item];
		double steps = g->depth[t->a] + g->depth[t->b];

		out[i] = (struct reason){t->reason, t->fact, ties[i].item, t->weight * pow(STEP_LOSS, steps)};
	}
	if (n > 1)
		qsort(out, n, sizeof(*out), by_kind);
}

/* Reasons of different kinds add up as independent witnesses; of one kind the best counts,
 * for the larger two groups are, the more they share of it by accident. */
static uint32_t propose(const struct clustering *c, const struct groups *g, const struct keyed *ties, uint32_t n,
                        struct reason *r, struct proposal *out)
{
	uint32_t count = 0;

	for (uint32_t from = 0, to; from < n; from = to) {
		double doubt = 1, best = -1;
		struct proposal p = {(uint32_t)(ties[from].key >> 32), (uint32_t)ties[from].key, 0, 0};

		for (to = from + 1; to < n && ties[to].key == ties[from].key; to++)
			;
		weigh_reasons(c, g, ties + from, to - from, r);
		for (uint32_t i = 0; i < to - from; i++) {
			if (i > 0 && r[i].kind == r[i - 1].kind)
				continue;
			doubt *= 1 - fmin(MOST_BY_ONE, r[i].weight);
			if (r[i].weight > best) {
				best = r[i].weight;
				p.tie = r[i].tie;
			}
		}
		p.evidence = 1 - doubt;
		if (p.evidence >= needed(g, p.a, p.b))
			out[count++] = p;
	}
	if (count > 0)
		qsort(out, count, sizeof(*out), by_evidence);
	return count;
}

bool groups_hold_twins(const struct clustering *c, const struct groups *g, uint32_t a, uint32_t b)
{
	for (uint32_t i = g->twin[a]; i != UINT32_MAX; i = g->next_twin[i])
		for (uint32_t k = g->twin[b]; k != UINT32_MAX; k = g->next_twin[k])
			if (are_twins(c, c->flurries[i].machine, c->flurries[k].machine))
				return true;
	return false;
}

static void hand_over_twins(const struct clustering *c, struct groups *g, uint32_t from, uint32_t to)
{
	for (uint32_t i = g->twin[from], next; i != UINT32_MAX; i = next) {
		uint32_t k = g->twin[to];

		next = g->next_twin[i];
		while (k != UINT32_MAX && c->flurries[k].machine != c->flurries[i].machine)
			k = g->next_twin[k];
		if (k == UINT32_MAX) {
			g->next_twin[i] = g->twin[to];
			g->twin[to] = i;
		}
	}
}

void groups_join(const struct clustering *c, struct groups *g, uint32_t heavy_end, uint32_t light_end)
{
	uint32_t heavy = group_root(g, heavy_end), light = group_root(g, light_end);
	uint32_t away = g->depth[heavy_end] + 1 + g->depth[light_end];

	for (uint32_t i = light; i != UINT32_MAX; i = g->next[i])
		g->depth[i] += away;
	g->depth[light_end] = g->depth[heavy_end] + 1;
	g->parent[light] = heavy;
	g->size[heavy] += g->size[light];
	hand_over_twins(c, g, light, heavy);
	g->next[g->tail[heavy]] = light;
	g->tail[heavy] = g->tail[light];
}

static bool join_round(struct joining *j)
{
	struct groups *g = j->g;
	uint32_t n = list_ties(j), count = propose(j->c, g, j->ties, n, j->reasons, j->proposals);
	bool joined = false;

	j->round++;
	for (uint32_t i = 0; i < count; i++) {
		const struct proposal *p = &j->proposals[i];
		const struct tie *t = &j->c->ties[p->tie];
		uint32_t a = group_root(g, t->a), b = group_root(g, t->b);
		bool first;

		/* What hangs on another group since this round began is looked at afresh in the next. */
		if (a == b || (a < b ? a : b) != p->a || (a < b ? b : a) != p->b || groups_hold_twins(j->c, g, a, b))
			continue;
		first = g->mass[a] > g->mass[b] || (g->mass[a] == g->mass[b] && a < b);
		groups_join(j->c, g, first ? t->a : t->b, first ? t->b : t->a);
		j->grew[first ? a : b] = j->round;
		joined = true;
	}
	return joined;
}

void find_groups(struct clustering *c)
{
	uint32_t n = c->flurry_count;
	struct groups g = {ARENA_ARRAY(c->stage, uint32_t, n + 1), ARENA_ARRAY(c->stage, uint32_t, n + 1),
	                   ARENA_ARRAY(c->stage, uint32_t, n + 1), ARENA_ARRAY(c->stage, uint32_t, n + 1),
	                   ARENA_ARRAY(c->stage, uint32_t, n + 1), ARENA_ARRAY(c->stage, double, n + 1),
	                   ARENA_ARRAY(c->stage, uint32_t, n + 1), ARENA_ARRAY(c->stage, uint32_t, n + 1)};

	struct joining j = {.c = c, .g = &g, .open_count = c->tie_count,
	                    .open = ARENA_ARRAY(c->stage, uint32_t, c->tie_count + 1), .grew = ARENA_ARRAY(c->stage, uint32_t, n + 1),
	                    .ties = ARENA_ARRAY(c->stage, struct keyed, c->tie_count + 1),
	                    .reasons = ARENA_ARRAY(c->stage, struct reason, c->tie_count + 1),
	                    .proposals = ARENA_ARRAY(c->stage, struct proposal, c->tie_count + 1)};

	for (uint32_t i = 0; i < c->tie_count; i++)
		j.open[i] = i;
	for (uint32_t i = 0; i < n; i++) {
		g.parent[i] = g.tail[i] = i;
		g.next[i] = UINT32_MAX;
		g.size[i] = 1;
		g.mass[i] = c->flurries[i].mass;
		g.twin[i] = c->flurries[i].machine != NO_MACHINE && c->twinned[c->flurries[i].machine] ? i : UINT32_MAX;
		g.next_twin[i] = UINT32_MAX;
	}
	while (join_round(&j))
		;
	enclose_leftovers(c, &g);
	join_coincidences(c, &g);
	for (uint32_t i = 0; i < n; i++)
		c->flurries[i].group = group_root(&g, i);
}
