/* What no tie joined although it belongs to a strong incident: a weak group that goes on between machines of one, and a
 * single weak flurry in the hour of one. */
#include <math.h>
#include <stdlib.h>

#include "analyst/base/search.h"
#include "analyst/cluster/groups.h"

/* What is left over beside a strong incident. */
#define STRONG_MASS 4.0
#define NEAR_IN_TIME HOUR        /* before its beginning and after its end */
#define ENCLOSES_LONGEST DAY     /* whatever its servers do falls into what goes on for longer */
#define CORE_MASS 2.0
#define WEAK_MASS 1.5
#define WEAK_ALARM 0.5
#define CORE_LONGEST (6 * HOUR)
#define WELL_KNOWN 0.5
#define CORES_MOST 64            /* when incidents fill the period, the time tells nothing */
#define COINCIDENCE 0.10         /* the usual level of significance for a lead, not a proof */

/* ---- enclosed ---- */

struct party {                /* a machine or address that an incident names */
	uint32_t entity, group;
	uint32_t episode;         /* its most telling one that does */
};

static int by_party(const void *x, const void *y)
{
	const struct party *a = x, *b = y;

	if (a->entity != b->entity)
		return a->entity < b->entity ? -1 : 1;
	if (a->group != b->group)
		return a->group < b->group ? -1 : 1;
	return (a->episode > b->episode) - (a->episode < b->episode);
}

struct strong {               /* an incident that something may belong to although it is weak */
	uint32_t group;
	instant first, last;
	uint32_t hits;            /* of the group that is being looked at */
	const struct party *shared;
};

static bool more_telling(const struct clustering *c, uint32_t a, uint32_t b)
{
	return c->traits[a].alarm * c->traits[a].rarity > c->traits[b].alarm * c->traits[b].rarity;
}

/* By entity, group: each once. */
static uint32_t unique_parties(const struct clustering *c, struct party *s, uint32_t n)
{
	uint32_t kept = 0;

	if (n > 0)
		qsort(s, n, sizeof(*s), by_party);
	for (uint32_t i = 0; i < n; i++)
		if (i == 0 || s[i].entity != s[kept - 1].entity || s[i].group != s[kept - 1].group)
			s[kept++] = s[i];
		else if (more_telling(c, s[i].episode, s[kept - 1].episode))
			s[kept - 1].episode = s[i].episode;
	return kept;
}

static double mass_of(const struct clustering *c, const struct groups *g, uint32_t group)
{
	double mass = 0;

	for (uint32_t i = group; i != UINT32_MAX; i = g->next[i])
		mass += c->flurries[i].mass;
	return mass;
}

/* The strong groups in the order of their number; none where they are more than CORES_MOST. */
static uint32_t list_strong(const struct clustering *c, struct groups *g, struct strong *out)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < c->flurry_count; i++) {
		struct strong *s = &out[n];

		if (group_root(g, i) != i || mass_of(c, g, i) < STRONG_MASS)
			continue;
		*s = (struct strong){.group = i, .first = INT64_MAX, .last = INT64_MIN};
		for (uint32_t m = i; m != UINT32_MAX; m = g->next[m]) {
			s->first = c->flurries[m].first < s->first ? c->flurries[m].first : s->first;
			s->last = c->flurries[m].last > s->last ? c->flurries[m].last : s->last;
		}
		if (s->last - s->first > ENCLOSES_LONGEST)
			continue;
		if (n++ == CORES_MOST)
			return 0;
	}
	return n;
}

static bool is_address(const struct clustering *c, const struct member *m)
{
	enum entity_kind kind = c->week->entities[m->entity].kind;

	return (kind == ENTITY_IP || kind == ENTITY_HOST) && !c->reused[m->entity];
}

/* Whom the strong groups' acts name. Everyday alerts name servers that everybody uses. */
static struct party *list_parties(const struct clustering *c, const struct groups *g, const struct strong *s,
                                  uint32_t n, uint32_t *count)
{
	size_t room = 1;
	struct party *out;

	for (uint32_t i = 0; i < c->episode_count; i++)
		room += c->episodes[i].member_count;
	out = must_alloc(room * sizeof(*out));
	*count = 0;
	for (uint32_t k = 0; k < n; k++)
		for (uint32_t i = s[k].group; i != UINT32_MAX; i = g->next[i])
			for (uint32_t e = 0; e < c->flurries[i].count; e++) {
				const struct episode *ep = &c->episodes[c->flurries[i].episodes[e]];

				for (uint32_t m = 0; c->traits[c->flurries[i].episodes[e]].seed && m < ep->member_count; m++)
					if (is_address(c, &ep->members[m]))
						out[(*count)++] = (struct party){ep->members[m].entity, s[k].group,
						                                 c->flurries[i].episodes[e]};
			}
	*count = unique_parties(c, out, *count);
	return out;
}

static const struct party *party_of(const struct party *p, uint32_t n, uint32_t entity, uint32_t group)
{
	struct party key = {entity, group, 0};
	size_t lo = search_from(&key, p, n, sizeof(*p), by_party);

	return lo < n && p[lo].entity == entity && p[lo].group == group ? &p[lo] : NULL;
}

/* The strong group's own word on the episode's other end, if it names both ends and the time fits. */
static const struct party *both_ends(const struct clustering *c, const struct party *p, uint32_t n,
                                     const struct strong *s, uint32_t episode)
{
	const struct trait *t = &c->traits[episode];
	const struct episode *e = &c->episodes[episode];
	const struct machine *m;

	if (!t->seed || t->peer == NO_ENTITY || t->machine == NO_MACHINE || e->first < s->first - NEAR_IN_TIME ||
	    e->last > s->last + NEAR_IN_TIME)
		return NULL;
	m = &c->machines[t->machine];
	if ((m->host == NO_ENTITY || party_of(p, n, m->host, s->group) == NULL) &&
	    (m->address == NO_ENTITY || party_of(p, n, m->address, s->group) == NULL))
		return NULL;
	return party_of(p, n, t->peer, s->group);
}

/* The only strong group that names both ends of most of the episodes of a weak one, or NULL. */
static struct strong *encloses(const struct clustering *c, const struct groups *g, uint32_t weak, const struct party *p,
                               uint32_t parties, struct strong *s, uint32_t n)
{
	struct strong *hit = NULL;
	uint32_t episodes = 0;

	for (uint32_t k = 0; k < n; k++)
		s[k].hits = 0;
	for (uint32_t i = weak; i != UINT32_MAX; i = g->next[i])
		for (uint32_t e = 0; e < c->flurries[i].count; e++, episodes++)
			for (uint32_t k = 0; k < n; k++) {
				const struct party *shared = both_ends(c, p, parties, &s[k], c->flurries[i].episodes[e]);

				if (shared != NULL && s[k].hits++ == 0)
					s[k].shared = shared;
			}
	for (uint32_t k = 0; k < n; k++) {
		if (2 * s[k].hits < episodes || c->flurries[s[k].group].tenant != c->flurries[weak].tenant)
			continue;
		if (hit != NULL)
			return NULL;
		hit = &s[k];
	}
	return hit != NULL && hit->hits > 0 && !groups_hold_twins(c, g, hit->group, weak) ? hit : NULL;
}

/* There is room: every flurry has one inner link less than episodes, and its group gets one here. */
static void link_by_hand(struct clustering *c, uint32_t x, uint32_t y, enum link_reason reason, double weight,
                         uint32_t entity)
{
	c->inner[c->inner_count++] = (struct link){x < y ? x : y, x < y ? y : x, reason, entity, weight};
}

/* A weak group that goes on between machines which both take part in one strong incident, while
 * that goes on, is part of it: another knock at a door that was knocked at all day. No strong
 * incident is joined to another so. */
void enclose_leftovers(struct clustering *c, struct groups *g)
{
	struct strong *s = must_alloc((CORES_MOST + 1) * sizeof(*s));
	uint32_t n = list_strong(c, g, s), parties;
	struct party *p = list_parties(c, g, s, n, &parties);

	for (uint32_t i = 0; n > 0 && i < c->flurry_count; i++) {
		const struct strong *hit;

		if (group_root(g, i) != i || mass_of(c, g, i) >= STRONG_MASS)
			continue;
		hit = encloses(c, g, i, p, parties, s, n);
		if (hit == NULL)
			continue;
		link_by_hand(c, hit->shared->episode, c->flurries[i].episodes[0], LINK_SAME_ADDRESS, evidence_asked(1),
		             hit->shared->entity);
		groups_join(c, g, c->traits[hit->shared->episode].flurry, i);
	}
	free(p);
	free(s);
}

/* ---- coincidence ---- */

struct core {
	uint32_t group;
	instant first, last;
	double mass;
};

/* Where a strong incident happened: from the first to the last of its weighty flurries. */
static uint32_t list_cores(struct clustering *c, struct groups *g, struct core *out)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < c->flurry_count; i++) {
		struct core k = {i, INT64_MAX, INT64_MIN, 0};

		if (group_root(g, i) != i)
			continue;
		for (uint32_t m = i; m != UINT32_MAX; m = g->next[m]) {
			const struct flurry *f = &c->flurries[m];

			k.mass += f->mass;
			if (f->mass < CORE_MASS)
				continue;
			k.first = f->first < k.first ? f->first : k.first;
			k.last = f->last > k.last ? f->last : k.last;
		}
		if (k.mass >= STRONG_MASS && k.last >= k.first && k.last - k.first <= CORE_LONGEST)
			out[n++] = k;
	}
	return n;
}

/* The chance that the rarest rule of a flurry falls into so long a time by accident. */
static double chance(const struct clustering *c, const struct flurry *f, instant length)
{
	double best = 1;

	for (uint32_t i = 0; i < f->count; i++) {
		double hours = exp((1 - c->traits[f->episodes[i]].rarity) * c->reference);
		double rate = hours / fmax(1, (double)c->hour_count);

		best = fmin(best, 1 - exp(-rate * (double)length / (double)HOUR));
	}
	return best;
}

/* What names a site, an account or a file could have been tied by it; that it was not speaks
 * against it. */
static bool left_over(const struct clustering *c, struct groups *g, uint32_t i)
{
	const struct flurry *f = &c->flurries[i];

	for (uint32_t k = 0; k < f->count; k++)
		if (carries_facts(c, f->episodes[k]))
			return false;
	return group_root(g, i) == i && g->next[i] == UINT32_MAX && f->mass < WEAK_MASS && f->alarm < WEAK_ALARM &&
	       f->known >= WELL_KNOWN;
}

static int by_alarm(const void *x, const void *y)
{
	double a = *(const double *)x, b = *(const double *)y;

	return (a < b) - (a > b);
}

/* How many leftovers at least as alarming fall into so long a time by accident. */
static double expected(const struct clustering *c, const double *alarms, uint32_t n, double alarm, instant length)
{
	uint32_t count = 0;

	while (count < n && alarms[count] >= alarm)
		count++;
	return count * ((double)length / (double)HOUR) / fmax(1, (double)c->hour_count);
}

/* Is a machine of the group at the same site, and none its twin? */
static bool at_home(const struct clustering *c, const struct groups *g, uint32_t group, uint32_t flurry)
{
	uint32_t i = group;

	while (i != UINT32_MAX && !one_site(c, c->flurries[i].machine, c->flurries[flurry].machine))
		i = g->next[i];
	return i != UINT32_MAX && !groups_hold_twins(c, g, group, flurry);
}

/* The only core that the flurry falls into, or NULL. */
static const struct core *only_core(const struct clustering *c, const struct core *cores, uint32_t n,
                                    const struct flurry *f)
{
	const struct core *hit = NULL;

	for (uint32_t k = 0; k < n; k++) {
		if (f->first < cores[k].first || f->first > cores[k].last ||
		    f->tenant != c->flurries[cores[k].group].tenant)
			continue;
		if (hit != NULL)
			return NULL;
		hit = &cores[k];
	}
	return hit;
}

/* A single weak flurry that no fact ties to anything, but which falls into the hour of
 * exactly one strong incident although its rules seldom fire and its like are few,
 * belongs to it with the weakest of reasons: the time. Anything alarming by itself
 * stays by itself. */
void join_coincidences(struct clustering *c, struct groups *g)
{
	struct core *cores = ARENA_ARRAY(c->stage, struct core, c->flurry_count + 1);
	double *alarms = ARENA_ARRAY(c->stage, double, c->flurry_count + 1);
	uint32_t n = list_cores(c, g, cores), weak = 0;

	if (n > CORES_MOST)
		return;
	for (uint32_t i = 0; i < c->flurry_count; i++)
		if (left_over(c, g, i))
			alarms[weak++] = c->flurries[i].alarm;
	if (weak > 0)
		qsort(alarms, weak, sizeof(*alarms), by_alarm);
	for (uint32_t i = 0; i < c->flurry_count; i++) {
		const struct flurry *f = &c->flurries[i];
		const struct core *hit = left_over(c, g, i) ? only_core(c, cores, n, f) : NULL;
		double p;

		if (hit == NULL || expected(c, alarms, weak, f->alarm, hit->last - hit->first) > 1 ||
		    !at_home(c, g, hit->group, i))
			continue;
		p = chance(c, f, hit->last - hit->first);
		if (p >= COINCIDENCE)
			continue;
		link_by_hand(c, c->flurries[hit->group].episodes[0], f->episodes[0], LINK_SAME_TIME,
		             evidence_asked(1) * (1 - p), NO_ENTITY);
		groups_join(c, g, hit->group, i);
	}
}
