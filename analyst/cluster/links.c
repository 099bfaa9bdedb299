/* Why two flurries belong together. Each reason is found by its own pass over sorted
 * lists and is limited in number, so the cost is near linear; weights are 0 to 1, the
 * chance that sharing this is no accident, and shrink with how many share it. */
#include <math.h>
#include <stdlib.h>

#include "analyst/base/keyed.h"
#include "analyst/cluster/stages.h"

#define HOST_WEIGHT 0.90
#define PROGRESS_WEIGHT 0.30     /* beside the same host: later and further in the kill chain */
#define BURST_WEIGHT 0.90
#define TARGET_WEIGHT 0.60
/* A machine that something happened to reaches for another: the way intruders go on. */
#define SOURCE_WEIGHT 0.90
/* He reads and thinks for hours before he does. */
#define SOURCE_PAUSE (6 * HOUR)
/* A scan walks a network within seconds; a minute allows for sensors' drift. */
#define BURST_SECONDS 60.0
/* From one and the same other end it may take its time. */
#define BURST_OF_ONE_SECONDS 3600.0
#define PEER_KNOWN 0.5
#define TARGET_WINDOW DAY
/* What begins or ends calls: the next one is due within a step, and may be late. */
#define EDGE_STEPS 2
#define EDGE_WEIGHT 0.80
/* Neighbours tried in each list. Twice as many change no figure of tests/bench. */
#define NEXT_ON_HOST 3
#define NEXT_IN_BURST 8
#define NEXT_OF_SWEEP 8

void add_tie(struct clustering *c, uint32_t from, uint32_t to, enum link_reason reason, uint32_t fact,
             double weight)
{
	uint32_t a = c->traits[from].flurry, b = c->traits[to].flurry;

	if (a == b || a == NO_FLURRY || b == NO_FLURRY || weight < LEAST_WEIGHT)
		return;
	if (c->flurries[a].tenant != c->flurries[b].tenant ||
	    are_twins(c, c->flurries[a].machine, c->flurries[b].machine))
		return;
	if (c->tie_count == c->tie_room) {
		c->tie_room = c->tie_room > 0 ? 2 * c->tie_room : 1024;
		c->ties = must_grow(c->ties, c->tie_room, sizeof(*c->ties));
	}
	c->ties[c->tie_count++] = (struct tie){
		a < b ? a : b, a < b ? b : a, from < to ? from : to, from < to ? to : from, reason, fact, weight};
}

/* ---- the same machine, later ---- */

struct stay {
	uint32_t machine, flurry;
};

static int by_stay(const void *x, const void *y)
{
	const struct stay *a = x, *b = y;

	if (a->machine != b->machine)
		return a->machine < b->machine ? -1 : 1;
	return (a->flurry > b->flurry) - (a->flurry < b->flurry);
}

/* How many flurries of this size the machine has: where they are common, two of them
 * are no surprise. Smaller ones count by the square of their share. */
static double alike(const struct clustering *c, const struct stay *s, uint32_t n, double mass)
{
	double count = 0;

	for (uint32_t i = 0; i < n; i++)
		count += pow(fmin(1, c->flurries[s[i].flurry].mass / mass), 2);
	return fmax(2, count);
}

/* Three unusual rules, or one that is alarming, are something; one unusual rule is not yet. */
static double substance(const struct flurry *f)
{
	return fmin(1, fmax(f->mass / 3, 1.2 * f->alarm * fmin(1, f->mass)));
}

/* What a sweep does on a machine in passing is hardly a reason for what else happens there: less, the more it visits. */
static double in_passing(const struct clustering *c, const struct flurry *a, const struct flurry *b)
{
	double shared = 1;

	if (a->sweep == b->sweep)
		return 1;
	if (a->sweep != NO_SWEEP)
		shared /= 1 + log(c->sweep_breadth[a->sweep]);
	if (b->sweep != NO_SWEEP)
		shared /= 1 + log(c->sweep_breadth[b->sweep]);
	return shared;
}

static void tie_stays(struct clustering *c, const struct stay *s, uint32_t n, uint32_t i, uint32_t k)
{
	const struct flurry *a = &c->flurries[s[i].flurry], *b = &c->flurries[s[k].flurry];
	double near = closeness(b->first - a->last, HOUR), mass = fmin(a->mass, b->mass);
	double sure = 0.3 + 0.7 * fmax(a->known, a->alarm), weight;
	uint32_t from = a->episodes[a->count - 1], to = b->episodes[0];
	uint32_t host = c->episodes[from].host;
	double both = in_passing(c, a, b);

	if (mass <= 0)
		return;
	weight = HOST_WEIGHT * both * near * fmin(substance(a), substance(b)) * sure;
	/* Only what is enough so far is held against all the others of the machine. */
	if (weight >= LEAST_WEIGHT)
		add_tie(c, from, to, LINK_SAME_HOST, host, weight / (1 + log(alike(c, s, n, mass) / 2)));
	if (a->tactic >= 0 && b->tactic > a->tactic)
		add_tie(c, from, to, LINK_PROGRESS, host, PROGRESS_WEIGHT * both * near * fmin(a->alarm, b->alarm));
}

static void tie_hosts(struct clustering *c)
{
	struct stay *s = ARENA_ARRAY(c->stage, struct stay, c->flurry_count + 1);
	uint32_t n = 0;

	for (uint32_t i = 0; i < c->flurry_count; i++)
		if (c->flurries[i].stream == NO_STREAM)
			s[n++] = (struct stay){c->flurries[i].machine, i};
	if (n > 0)
		qsort(s, n, sizeof(*s), by_stay);
	for (uint32_t from = 0, to; from < n; from = to) {
		uint32_t heaviest = from;

		for (to = from; to < n && s[to].machine == s[from].machine; to++)
			if (c->flurries[s[to].flurry].mass > c->flurries[s[heaviest].flurry].mass)
				heaviest = to;
		if (s[from].machine == NO_MACHINE)
			continue;
		for (uint32_t i = from; i < to; i++) {
			for (uint32_t k = i + 1; k < to && k <= i + NEXT_ON_HOST; k++)
				tie_stays(c, s + from, to - from, i - from, k - from);
			if (heaviest > i + NEXT_ON_HOST)
				tie_stays(c, s + from, to - from, i - from, heaviest - from);
			if (i > heaviest + NEXT_ON_HOST)
				tie_stays(c, s + from, to - from, heaviest - from, i - from);
		}
	}
}

/* ---- one rule over several machines within seconds ---- */

struct firing {
	uint32_t tenant, rule, peer, episode;
};

/* By tenant, rule and other end, then in time order; free them. */
static struct firing *list_firings(const struct clustering *c, bool by_peer, uint32_t *count)
{
	struct keyed *order = must_grow(NULL, (size_t)c->episode_count + 1, sizeof(*order));
	struct firing *out;
	uint32_t n = 0;

	for (uint32_t i = 0; i < c->episode_count; i++)
		if (c->traits[i].flurry != NO_FLURRY && c->traits[i].machine != NO_MACHINE &&
		    (!by_peer || c->traits[i].peer != NO_ENTITY))
			order[n++] = (struct keyed){key_pair(c->kin[c->episodes[i].rule], by_peer ? c->traits[i].peer : NO_ENTITY), i};
	keyed_sort(order, n);
	for (uint32_t i = 0; i < n; i++)
		order[i].key = c->episodes[order[i].item].tenant;
	keyed_sort(order, n);
	out = must_grow(NULL, (size_t)n + 1, sizeof(*out));
	for (uint32_t i = 0; i < n; i++) {
		uint32_t e = order[i].item;

		out[i] = (struct firing){c->episodes[e].tenant, c->kin[c->episodes[e].rule],
		                         by_peer ? c->traits[e].peer : NO_ENTITY, e};
	}
	free(order);
	*count = n;
	return out;
}

static void tie_pair_of_burst(struct clustering *c, uint32_t from, uint32_t to, uint32_t rule,
                              const double *known)
{
	const struct trait *a = &c->traits[from], *b = &c->traits[to];
	double seconds = (double)(c->episodes[to].first - c->episodes[from].first) / (double)SECOND;
	double weight = fmin(a->value, b->value), scale = BURST_SECONDS;

	if (a->machine == b->machine)
		return;
	/* From one and the same other end it is one act, however short the history, unless
	 * everyday traffic comes from there too. */
	if (a->peer != NO_ENTITY && a->peer == b->peer && known[a->peer] >= PEER_KNOWN) {
		weight = fmin(a->rarity, b->rarity);
		scale = BURST_OF_ONE_SECONDS;
	} else if (!one_site(c, a->machine, b->machine)) {
		return;
	} else if (a->peer != b->peer && a->peer != NO_ENTITY && b->peer != NO_ENTITY) {
		weight /= 2;
	}
	if (seconds > scale)
		return;
	add_tie(c, from, to, LINK_SAME_RULE_BURST, rule, BURST_WEIGHT * weight * exp(-seconds / scale));
}

static bool within_burst(const struct clustering *c, const struct firing *a, const struct firing *b)
{
	double seconds = (double)(c->episodes[b->episode].first - c->episodes[a->episode].first) / (double)SECOND;

	return a->tenant == b->tenant && a->rule == b->rule && a->peer == b->peer &&
	       seconds <= BURST_OF_ONE_SECONDS;
}

/* Each with the next few, and with the first of its burst: a sweep then hangs on its
 * beginning rather than on a chain. Once over all other ends, once for each by itself. */
static void tie_bursts(struct clustering *c, bool by_peer, const double *known)
{
	uint32_t n;
	struct firing *s = list_firings(c, by_peer, &n);

	for (uint32_t i = 0, anchor = 0; i < n; i++) {
		if (!within_burst(c, &s[anchor], &s[i]))
			anchor = i;
		if (i > anchor + NEXT_IN_BURST)
			tie_pair_of_burst(c, s[anchor].episode, s[i].episode, s[i].rule, known);
		for (uint32_t k = i + 1; k < n && k <= i + NEXT_IN_BURST && within_burst(c, &s[i], &s[k]); k++)
			tie_pair_of_burst(c, s[i].episode, s[k].episode, s[i].rule, known);
	}
	free(s);
}

/* ---- who was attacked acts later ---- */

/* Flurries by machine, in time order: list[begin[m]..begin[m + 1]). */
struct shelf {
	uint32_t *begin, *list;
};

static struct shelf shelve(const struct clustering *c)
{
	struct shelf s = {ARENA_ARRAY(c->stage, uint32_t, c->machine_count + 2),
	                  ARENA_ARRAY(c->stage, uint32_t, c->flurry_count + 1)};
	uint32_t *next = ARENA_ARRAY(c->stage, uint32_t, c->machine_count + 1);

	for (uint32_t i = 0; i < c->flurry_count; i++)
		if (c->flurries[i].machine != NO_MACHINE)
			s.begin[c->flurries[i].machine + 1]++;
	for (uint32_t i = 0; i < c->machine_count; i++) {
		s.begin[i + 1] += s.begin[i];
		next[i] = s.begin[i];
	}
	for (uint32_t i = 0; i < c->flurry_count; i++)
		if (c->flurries[i].machine != NO_MACHINE)
			s.list[next[c->flurries[i].machine]++] = i;
	return s;
}

/* The first flurry of the machine that goes on after the episode began, or NULL. */
static const struct flurry *acts_after(const struct clustering *c, const struct shelf *s, uint32_t machine,
                                       const struct episode *e)
{
	for (uint32_t i = s->begin[machine]; i < s->begin[machine + 1]; i++) {
		const struct flurry *f = &c->flurries[s->list[i]];

		if (f->last >= e->first)
			return f->first <= e->last + TARGET_WINDOW ? f : NULL;
	}
	return NULL;
}

/* The last flurry of the machine that was over when the episode began, or NULL. */
static const struct flurry *acted_before(const struct clustering *c, const struct shelf *s, uint32_t machine,
                                         const struct episode *e)
{
	for (uint32_t i = s->begin[machine + 1]; i > s->begin[machine]; i--) {
		const struct flurry *f = &c->flurries[s->list[i - 1]];

		if (f->last < e->first)
			return f->last >= e->first - TARGET_WINDOW ? f : NULL;
	}
	return NULL;
}

/* A machine that an episode names and that has a flurry: how much of the weight is left. */
static double named(const struct trait *t, const struct flurry *f, double rare, instant pause, instant scale)
{
	return rare * fmin(1, 0.3 + t->alarm * t->rarity) * sqrt(substance(f)) * closeness(pause, scale);
}

static void tie_target(struct clustering *c, const struct shelf *s, uint32_t episode, const struct member *m,
                       const double *known)
{
	const struct episode *e = &c->episodes[episode];
	const struct trait *t = &c->traits[episode];
	const struct flurry *f;
	uint32_t machine;
	double rare;

	if (m->role != ROLE_DESTINATION && m->role != ROLE_TARGET && m->role != ROLE_SOURCE)
		return;
	rare = known[m->entity];
	if (rare < LEAST_WEIGHT)      /* all other factors are 1 at most */
		return;
	machine = machine_of(c, e->tenant, m->entity);
	if (machine == NO_MACHINE || machine == t->machine)
		return;
	f = acts_after(c, s, machine, e);
	if (f != NULL)
		add_tie(c, episode, f->episodes[0], LINK_TARGET_ACTS, m->entity,
		        TARGET_WEIGHT * named(t, f, rare, f->first - e->last, HOUR));
	f = m->role != ROLE_TARGET ? acted_before(c, s, machine, e) : NULL;
	if (f != NULL && m->role == ROLE_DESTINATION)
		add_tie(c, f->episodes[f->count - 1], episode, LINK_CALLS_ACTOR, m->entity,
		        TARGET_WEIGHT * named(t, f, rare, e->first - f->last, HOUR));
	else if (f != NULL)
		add_tie(c, f->episodes[f->count - 1], episode, LINK_TARGET_ACTS, m->entity,
		        SOURCE_WEIGHT * named(t, f, rare, e->first - f->last, SOURCE_PAUSE));
}

static void tie_targets(struct clustering *c, const double *rare)
{
	struct shelf s = shelve(c);

	for (uint32_t i = 0; i < c->episode_count; i++)
		for (uint32_t m = 0; c->traits[i].flurry != NO_FLURRY && m < c->episodes[i].member_count; m++)
			tie_target(c, &s, i, &c->episodes[i].members[m], rare);
}

/* ---- what begins or ends calls at a steady pace ---- */

static void tie_edge(struct clustering *c, const struct flurry *o, uint32_t call, instant edge, instant near,
                     double sure)
{
	for (uint32_t i = 0; i < o->count; i++)
		if (c->traits[o->episodes[i]].seed && llabs(c->episodes[o->episodes[i]].first - edge) <= near)
			add_tie(c, call, o->episodes[i], LINK_SAME_TIME, NO_ENTITY, EDGE_WEIGHT * sure);
}

/* A program is started, and stopped, by something: what is unusual on its machine within a step or two of
 * its first or last call, unless the machine is never quiet. While the calls go on, time tells nothing. */
static void tie_edges(struct clustering *c)
{
	struct shelf s = shelve(c);

	for (uint32_t i = 0; i < c->flurry_count; i++) {
		const struct flurry *f = &c->flurries[i];
		const struct stream *calls = f->stream != NO_STREAM ? &c->streams[f->stream] : NULL;
		uint32_t from = calls != NULL ? s.begin[f->machine] : 0, to = calls != NULL ? s.begin[f->machine + 1] : 0;
		instant near = calls != NULL ? EDGE_STEPS * calls->pace : 0;
		double by_chance = 2.0 * (to - from) * (double)near / (double)HOUR / fmax(1, c->hour_count);

		for (uint32_t k = from; k < to; k++) {
			const struct flurry *o = &c->flurries[s.list[k]];

			if (o->stream == NO_STREAM && calls->begins)
				tie_edge(c, o, f->episodes[0], calls->first, near, exp(-by_chance));
			if (o->stream == NO_STREAM && calls->ends)
				tie_edge(c, o, f->episodes[f->count - 1], calls->last, near, exp(-by_chance));
		}
	}
}

/* Who sweeps, and does one thing more to a machine than to the others, is the same visitor: that everybody knows him
 * by now takes nothing from it. Only the nearest stays are looked at. */
static void tie_visitor(struct clustering *c, const struct flurry *f, const struct flurry *o, const double *rare)
{
	uint32_t visit = f->episodes[0], peer = c->traits[visit].peer;

	for (uint32_t i = 0; i < o->count; i++)
		for (uint32_t k = 0; k < c->episodes[o->episodes[i]].member_count; k++)
			if (c->episodes[o->episodes[i]].members[k].entity == peer) {
				struct sharing s = weigh_sharing(c, visit, o->episodes[i], peer, rare[peer]);

				add_tie(c, visit, o->episodes[i], s.reason, peer, s.kind * s.relevance * s.rare * s.near);
				return;
			}
}

static void tie_sweeps(struct clustering *c, const double *rare)
{
	struct shelf s = shelve(c);

	for (uint32_t m = 0; m < c->machine_count; m++)
		for (uint32_t i = s.begin[m]; i < s.begin[m + 1]; i++)
			for (uint32_t k = i + 1; k < s.begin[m + 1] && k <= i + NEXT_OF_SWEEP; k++) {
				const struct flurry *a = &c->flurries[s.list[i]], *b = &c->flurries[s.list[k]];

				if (a->sweep != NO_SWEEP && b->sweep == NO_SWEEP)
					tie_visitor(c, a, b, rare);
				else if (a->sweep == NO_SWEEP && b->sweep != NO_SWEEP)
					tie_visitor(c, b, a, rare);
			}
}

/* Every sensor with the first. */
static void tie_streams(struct clustering *c)
{
	uint32_t *call = ARENA_ARRAY(c->stage, uint32_t, c->stream_count + 1);

	for (uint32_t i = 0; i < c->flurry_count; i++)
		if (c->flurries[i].stream != NO_STREAM)
			call[c->flurries[i].stream] = c->flurries[i].episodes[0];
	for (uint32_t i = 1, first = 0; i < c->stream_count; i++) {
		if (c->streams[i].rule != c->streams[first].rule)
			first = i;
		else if (one_site(c, c->traits[call[first]].machine, c->traits[call[i]].machine))
			add_tie(c, call[first], call[i], LINK_SAME_RULE_BURST, c->streams[i].rule, BURST_WEIGHT);
	}
}

void find_ties(struct clustering *c)
{
	struct fact_shelf facts = shelve_facts(c);
	struct rarities r = weigh_facts(c, &facts);

	tie_hosts(c);
	tie_sweeps(c, r.background);
	tie_edges(c);
	tie_streams(c);
	tie_bursts(c, false, r.background);
	tie_bursts(c, true, r.background);
	tie_facts(c, &facts, r.all);
	tie_targets(c, r.background);
}
