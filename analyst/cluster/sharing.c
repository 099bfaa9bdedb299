/* What two episodes say that name the same value: how much a value of its kind tells, how few know it, how far both are
 * more than everyday. DNS servers, proxies, NAT addresses and service accounts are shared by all and tell nothing. */
#include <math.h>
#include <stdlib.h>

#include "analyst/cluster/stages.h"

/* How much sharing a value of each kind says when only two machines know it. Names of
 * ports, magic numbers and vulnerabilities are shared by strangers (MISP#2141, #8773)
 * and say nothing. */
static const struct shared {
	enum link_reason reason;
	double weight;
} shared[ENTITY_KINDS] = {
	[ENTITY_MAC] = {LINK_SAME_ADDRESS, 0.40},      [ENTITY_IP] = {LINK_SAME_ADDRESS, 0.75},
	[ENTITY_USER] = {LINK_SAME_USER, 0.60},        [ENTITY_PROCESS] = {LINK_SAME_PROCESS, 0.30},
	[ENTITY_COMMAND] = {LINK_SAME_PROCESS, 0.60},  [ENTITY_FILE] = {LINK_SAME_FILE, 0.60},
	[ENTITY_PATH] = {LINK_SAME_FILE, 0.50},        [ENTITY_HASH] = {LINK_SAME_HASH, 0.95},
	[ENTITY_DOMAIN] = {LINK_SAME_DOMAIN, 0.85},    [ENTITY_URL] = {LINK_SAME_DOMAIN, 0.85},
	[ENTITY_EMAIL] = {LINK_SAME_USER, 0.70},       [ENTITY_AGENT] = {LINK_SAME_PROCESS, 0.40},
	[ENTITY_REGISTRY] = {LINK_SAME_PROCESS, 0.40}, [ENTITY_JA3] = {LINK_SAME_PROCESS, 0.50},
	[ENTITY_CERTIFICATE] = {LINK_SAME_DOMAIN, 0.70}, [ENTITY_HOST] = {LINK_SAME_ADDRESS, 0.30},
};

#define INDICATOR_WEIGHT 0.95    /* a shared value that is a known indicator */
#define ACCOUNT_WEIGHT 0.90      /* an account that both are about, where neither names a machine */
#define INTERNAL_SHARE 0.5       /* an address of ours is shared by habit, an outsider's is not */
/* Neighbours tried of each fact. Twice as many change no figure of tests/bench. */
#define NEXT_WITH_FACT 4

static bool is_file(enum entity_kind kind)
{
	return kind == ENTITY_FILE || kind == ENTITY_PATH || kind == ENTITY_PROCESS;
}

/* A program of the system is on every machine, whether alerts of the week say so or not. */
static bool is_everywhere(const struct week_entity *e)
{
	return is_file(e->kind) && file_is_at_home(e->value);
}

/* The hash of a file that every machine has: none but such files are named beside it. */
static bool is_hash_of_everywhere(const struct clustering *c, const struct episode *e)
{
	bool named = false;

	for (uint32_t i = 0; i < e->member_count; i++) {
		const struct week_entity *file = &c->week->entities[e->members[i].entity];

		if (e->members[i].role == ROLE_PARENT || !is_file(file->kind))
			continue;
		if (!file_is_at_home(file->value))
			return false;
		named = true;
	}
	return named;
}

/* Is the member something to share, rather than the machine itself? */
bool tells(const struct clustering *c, uint32_t episode, const struct member *m)
{
	uint32_t machine = c->traits[episode].machine;
	const struct week_entity *e = &c->week->entities[m->entity];

	if (shared[e->kind].weight <= 0 || c->reused[m->entity])
		return false;
	if (e->indicator == NULL && (is_everywhere(e) ||
	                             (e->kind == ENTITY_HASH && is_hash_of_everywhere(c, &c->episodes[episode]))))
		return false;
	return machine == NO_MACHINE || (m->entity != c->machines[machine].host &&
	                                 m->entity != c->machines[machine].address);
}

double sharing_says(enum entity_kind kind)
{
	return shared[kind].weight;
}

bool carries_facts(const struct clustering *c, uint32_t episode)
{
	const struct episode *e = &c->episodes[episode];

	for (uint32_t m = 0; m < e->member_count; m++)
		if (tells(c, episode, &e->members[m]))
			return true;
	return false;
}

/* ---- who names what ---- */

/* Does it at all, on whatever machine? Asked of every member of every episode, so it lies close together. */
static bool *list_telling(const struct clustering *c)
{
	bool *telling = ARENA_ARRAY(c->stage, bool, c->week->entity_count + 1);

	for (uint32_t i = 0; i < c->week->entity_count; i++)
		telling[i] = shared[c->week->entities[i].kind].weight > 0 && !c->reused[i] &&
		             (c->week->entities[i].indicator != NULL || !is_everywhere(&c->week->entities[i]));
	return telling;
}

struct fact_shelf shelve_facts(const struct clustering *c)
{
	uint32_t facts = c->week->entity_count;
	struct fact_shelf s = {ARENA_ARRAY(c->stage, uint32_t, (size_t)facts + 1), NULL};
	const bool *telling = list_telling(c);

	for (uint32_t i = 0; i < c->episode_count; i++)
		for (uint32_t m = 0; m < c->episodes[i].member_count; m++)
			if (telling[c->episodes[i].members[m].entity] && tells(c, i, &c->episodes[i].members[m]))
				s.begin[c->episodes[i].members[m].entity]++;
	for (uint32_t i = 1; i <= facts; i++)
		s.begin[i] += s.begin[i - 1];
	s.list = ARENA_ARRAY(c->stage, uint32_t, (size_t)s.begin[facts] + 1);
	/* begin is still where each ends; filled from there, it comes to the beginning */
	for (uint32_t i = c->episode_count; i-- > 0;)
		for (uint32_t m = 0; m < c->episodes[i].member_count; m++)
			if (telling[c->episodes[i].members[m].entity] && tells(c, i, &c->episodes[i].members[m]))
				s.list[--s.begin[c->episodes[i].members[m].entity]] = i;
	return s;
}

/* ---- how few know it ---- */

/* What is asked of an episode for each fact it names. */
struct stub {
	uint32_t machine;            /* NO_MACHINE is one, too: their count */
	uint32_t hour : 31, kept : 1;
};

static const struct stub *list_stubs(const struct clustering *c)
{
	struct stub *s = ARENA_ARRAY(c->stage, struct stub, c->episode_count + 1);

	for (uint32_t i = 0; i < c->episode_count; i++)
		s[i] = (struct stub){c->traits[i].machine != NO_MACHINE ? c->traits[i].machine : c->machine_count,
		                     hour_index(c, c->episodes[i].first), c->traits[i].kept};
	return s;
}

/* 1 when at most two machines know it, less the more do. */
static double few(uint32_t machines)
{
	return machines > 0 ? 1 / (1 + log(fmax(1, machines - 1.0))) : 1;
}

/* 1 when no routine speaks of it. */
static double fresh(const struct clustering *c, uint32_t hours)
{
	return hours > 0 ? fmax(0, 1 - log(1.0 + hours) / c->reference) : 1;
}

struct rarities weigh_facts(const struct clustering *c, const struct fact_shelf *facts)
{
	uint32_t n = c->week->entity_count;
	struct rarities r = {ARENA_ARRAY(c->stage, double, (size_t)n + 1), ARENA_ARRAY(c->stage, double, (size_t)n + 1)};
	const struct stub *stubs = list_stubs(c);
	/* The last fact that each machine was counted for, and for its routine alone; 0 is none. */
	uint32_t *met = ARENA_ARRAY(c->stage, uint32_t, c->machine_count + 1);
	uint32_t *met_in_routine = ARENA_ARRAY(c->stage, uint32_t, c->machine_count + 1);

	for (uint32_t i = 0; i < n; i++) {
		uint32_t machines = 0, routine = 0, hours = 0, before = UINT32_MAX;
		double rest;

		for (uint32_t k = facts->begin[i]; k < facts->begin[i + 1]; k++) {
			const struct stub *s = &stubs[facts->list[k]];

			machines += met[s->machine] != i + 1;
			met[s->machine] = i + 1;
			if (s->kept)
				continue;
			routine += met_in_routine[s->machine] != i + 1;
			met_in_routine[s->machine] = i + 1;
			hours += s->hour != before;       /* episodes come in time order */
			before = s->hour;
		}
		rest = fresh(c, hours);
		r.all[i] = few(machines) * rest;
		r.background[i] = few(routine) * rest;
	}
	return r;
}

const double *rare_facts(const struct clustering *c)
{
	struct fact_shelf facts = shelve_facts(c);

	return weigh_facts(c, &facts).all;
}

/* ---- ties ---- */

/* How far two episodes carry a shared fact: what two everyday alerts share is everyday. */
static double relevance(const struct trait *a, const struct trait *b)
{
	return fmin(1, 0.3 + fmax(a->alarm * a->rarity, b->alarm * b->rarity));
}

/* By their flurries, where they have some. */
static bool starts_first(const struct clustering *c, uint32_t from, uint32_t to)
{
	uint32_t a = c->traits[from].flurry, b = c->traits[to].flurry;

	if (a == NO_FLURRY || b == NO_FLURRY)
		return c->episodes[from].first <= c->episodes[to].first;
	return c->flurries[a].first <= c->flurries[b].first;
}

struct sharing weigh_sharing(const struct clustering *c, uint32_t from, uint32_t to, uint32_t entity, double rare)
{
	const struct week_entity *e = &c->week->entities[entity];
	const struct episode *a = &c->episodes[from], *b = &c->episodes[to];
	struct sharing s = {shared[e->kind].reason, shared[e->kind].weight, rare,
	                    relevance(&c->traits[from], &c->traits[to]), 0};

	if (e->indicator != NULL) {
		s.kind = INDICATOR_WEIGHT;
		s.reason = LINK_SAME_INDICATOR;
	} else if ((e->kind == ENTITY_USER || e->kind == ENTITY_EMAIL) && c->traits[from].machine == NO_MACHINE &&
	           c->traits[to].machine == NO_MACHINE) {
		s.kind = ACCOUNT_WEIGHT;
	} else if (e->internal && (e->kind == ENTITY_IP || e->kind == ENTITY_MAC)) {
		s.kind *= INTERNAL_SHARE;
	}
	s.near = closeness(starts_first(c, from, to) ? b->first - a->last : a->first - b->last, 6 * HOUR);
	return s;
}

static void tie_fact(struct clustering *c, uint32_t from, uint32_t to, uint32_t entity, double rare)
{
	struct sharing s;

	if (c->traits[from].flurry == c->traits[to].flurry)
		return;
	s = weigh_sharing(c, from, to, entity, rare);
	add_tie(c, from, to, s.reason, entity, s.kind * s.relevance * s.rare * s.near);
}

/* Of the episodes that name one fact, one for each stretch inside one flurry: the most telling. */
static uint32_t thin(const struct clustering *c, uint32_t *list, uint32_t n)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < n; i++) {
		const struct trait *t = &c->traits[list[i]];
		const struct trait *before = kept > 0 ? &c->traits[list[kept - 1]] : NULL;

		if (t->flurry == NO_FLURRY)
			continue;
		if (before == NULL || before->flurry != t->flurry)
			list[kept++] = list[i];
		else if (t->alarm * t->rarity > before->alarm * before->rarity)
			list[kept - 1] = list[i];
	}
	return kept;
}

void tie_facts(struct clustering *c, struct fact_shelf *facts, const double *rare)
{
	for (uint32_t fact = 0; fact < c->week->entity_count; fact++) {
		uint32_t *list = facts->list + facts->begin[fact];
		uint32_t count = facts->begin[fact + 1] - facts->begin[fact], n;

		/* The other factors are 1 at most. */
		if (count < 2 || rare[fact] < LEAST_WEIGHT)
			continue;
		n = thin(c, list, count);
		for (uint32_t i = 0; i < n; i++)
			for (uint32_t k = i + 1; k < n && k <= i + NEXT_WITH_FACT; k++)
				tie_fact(c, list[i], list[k], fact, rare[fact]);
	}
}
