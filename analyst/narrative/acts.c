#include "analyst/narrative/acts.h"

#include <stdlib.h>
#include <string.h>

/* A pause longer than this makes the same act on the same target a new one: a night between two calls of a
 * web shell is part of the story. */
#define PAUSE (6 * HOUR)
#define TACTIC_SLOTS 16              /* -1 and the tactics of the matrix */

static bool is_site(const struct week *w, const struct member *m)
{
	const struct week_entity *e = &w->entities[m->entity];

	if (e->kind == ENTITY_DOMAIN)
		return !e->internal;
	return e->kind == ENTITY_IP && !e->internal && m->role != ROLE_VICTIM;
}

uint32_t episode_site(const struct week *w, const struct episode *e)
{
	uint32_t address = NO_ENTITY;

	for (uint32_t i = 0; i < e->member_count; i++) {
		if (!is_site(w, &e->members[i]))
			continue;
		if (w->entities[e->members[i].entity].kind == ENTITY_DOMAIN)
			return e->members[i].entity;
		if (address == NO_ENTITY)
			address = e->members[i].entity;
	}
	return address;
}

static bool mentions(const struct episode *e, uint32_t entity)
{
	for (uint32_t i = 0; i < e->member_count; i++)
		if (e->members[i].entity == entity)
			return true;
	return false;
}

/* Two reports of one act need not name the same things: a sensor knows the address, another the domain. */
static bool same_target(const struct analysis *an, const struct act *act, const struct episode *e)
{
	uint32_t site = episode_site(an->week, e);

	if (act->site == NO_ENTITY || site == NO_ENTITY || act->site == site)
		return true;
	if (mentions(e, act->site))
		return true;
	for (uint32_t i = 0; i < act->episode_count; i++)
		if (mentions(&an->episodes[act->episodes[i]], site))
			return true;
	return false;
}

static uint32_t machine_in_role(const struct analysis *an, const struct episode *e, enum entity_role role)
{
	for (uint32_t i = 0; i < e->member_count; i++) {
		const struct week_entity *m = &an->week->entities[e->members[i].entity];

		if (e->members[i].role == role && m->internal && (m->kind == ENTITY_IP || m->kind == ENTITY_HOST))
			return an->machine[e->members[i].entity];
	}
	return NO_ENTITY;
}

/* Whose act it is: the machine the alert is about, or for acts that go from machine to machine the end that the
 * behaviour is told of. */
static uint32_t subject_of(const struct analysis *an, const struct episode *e, bool *from_source)
{
	const struct behaviour *b = episode_behaviour(an->week, e);
	uint32_t host = NO_ENTITY;

	if (b->from_source)
		host = machine_in_role(an, e, ROLE_SOURCE);
	*from_source = host != NO_ENTITY;
	if (b->on_target)
		host = machine_in_role(an, e, ROLE_DESTINATION);
	return host != NO_ENTITY ? host : e->host;
}

static bool joins(const struct analysis *an, const struct act *act, const struct episode *e, uint32_t host)
{
	const struct behaviour *b = episode_behaviour(an->week, e);

	return strcmp(act->behaviour->family, b->family) == 0 && act->host == host &&
	       e->first - act->last <= PAUSE && (b->from_source || b->on_target || same_target(an, act, e));
}

static void add_episode(const struct analysis *an, struct act *act, uint32_t index)
{
	const struct episode *e = &an->episodes[index];
	const struct behaviour *b = episode_behaviour(an->week, e);
	uint32_t site = episode_site(an->week, e);

	if (act->behaviour == NULL || b->weight > act->behaviour->weight)
		act->behaviour = b;
	if (act->site == NO_ENTITY ||
	    (site != NO_ENTITY && an->week->entities[act->site].kind == ENTITY_IP &&
	     an->week->entities[site].kind == ENTITY_DOMAIN))
		act->site = site;
	if (e->first < act->first || act->episode_count == 0)
		act->first = e->first;
	if (e->last > act->last || act->episode_count == 0)
		act->last = e->last;
	act->episodes[act->episode_count++] = index;
	act->alert_count += e->count;
}

/* The same kind of thing on several machines within moments is one act: a scan that passes by, a tool rolled out. */
#define AT_ONCE (2 * MINUTE)

/* Slight acts of one source against one machine of ours after another are one act too while they go on. */
#define GOES_ON HOUR
#define SLIGHT 0.5

static uint32_t source_of(const struct analysis *an, const struct act *act)
{
	const struct episode *e = &an->episodes[act->episodes[0]];

	for (uint32_t i = 0; i < e->member_count; i++)
		if (e->members[i].role == ROLE_SOURCE && (an->week->entities[e->members[i].entity].kind == ENTITY_IP ||
		                                          an->week->entities[e->members[i].entity].kind == ENTITY_HOST))
			return an->machine[e->members[i].entity];
	return NO_ENTITY;
}

static bool has_met(const struct analysis *an, const struct act *act, uint32_t host)
{
	bool from_source;

	for (uint32_t i = 0; i < act->episode_count; i++)
		if (subject_of(an, &an->episodes[act->episodes[i]], &from_source) == host)
			return true;
	return false;
}

static bool is_same_round(const struct analysis *an, const struct act *a, const struct act *b)
{
	return a->behaviour->on_target && a->behaviour->weight < SLIGHT && a->behaviour == b->behaviour &&
	       b->first - a->last <= GOES_ON && a->host != NO_ENTITY && b->host != NO_ENTITY &&
	       source_of(an, a) != NO_ENTITY && source_of(an, a) == source_of(an, b) && !has_met(an, a, b->host);
}

static bool is_same_wave(const struct act *a, const struct act *b)
{
	return b->first - a->first <= AT_ONCE && strcmp(a->behaviour->family, b->behaviour->family) == 0 && a->behaviour->response == b->behaviour->response &&
	       a->host != b->host && a->host != NO_ENTITY && b->host != NO_ENTITY && a->site == b->site;
}

static void absorb(struct act *into, const struct act *act, struct arena *a)
{
	uint32_t *episodes = ARENA_ARRAY(a, uint32_t, into->episode_count + act->episode_count);

	memcpy(episodes, into->episodes, into->episode_count * sizeof(*episodes));
	memcpy(episodes + into->episode_count, act->episodes, act->episode_count * sizeof(*episodes));
	into->episodes = episodes;
	into->episode_count += act->episode_count;
	if (act->behaviour->weight > into->behaviour->weight)
		into->behaviour = act->behaviour;
	if (act->alert_count > into->widest) {
		into->widest = act->alert_count;
		into->host = act->host;
	}
	if (act->last > into->last)
		into->last = act->last;
	into->alert_count += act->alert_count;
	into->machines++;
}

/* Expects the acts by time. Only machines that have one act of the kind are counted, so numbers hold. */
static void join_waves(struct acts *acts, const struct analysis *an, struct arena *a)
{
	size_t kept = 0;

	for (size_t i = 0; i < acts->count; i++) {
		struct act *wave = NULL;

		for (size_t k = kept; k-- > 0 && wave == NULL && acts->list[i].first - acts->list[k].first <= PAUSE;)
			if (is_same_wave(&acts->list[k], &acts->list[i]) || is_same_round(an, &acts->list[k], &acts->list[i]))
				wave = &acts->list[k];
		if (wave != NULL)
			absorb(wave, &acts->list[i], a);
		else
			acts->list[kept++] = acts->list[i];
	}
	acts->count = kept;
}

static int by_number(const void *pa, const void *pb)
{
	uint32_t a = *(const uint32_t *)pa, b = *(const uint32_t *)pb;

	return a < b ? -1 : a > b;
}

static bool is_known_bad(const struct analysis *an, const struct act *act)
{
	for (uint32_t i = 0; i < act->episode_count; i++) {
		const struct episode *e = &an->episodes[act->episodes[i]];

		for (uint32_t j = 0; j < e->member_count; j++)
			if (an->week->entities[e->members[j].entity].indicator != NULL)
				return true;
	}
	return false;
}

/* Acts that only restate or keep house are folded; so is the least telling part of a crowd. */
static double telling(const struct analysis *an, const struct act *act)
{
	double unusual = 0;
	uint8_t severity = 0;

	for (uint32_t i = 0; i < act->episode_count; i++) {
		const struct episode *e = &an->episodes[act->episodes[i]];

		if (e->unusual > unusual)
			unusual = e->unusual;
		if (e->severity > severity)
			severity = e->severity;
	}
	return act->behaviour->weight + 0.2 * unusual + 0.04 * severity + (act->behaviour->response ? 0.5 : 0) +
	       (is_known_bad(an, act) ? 0.15 : 0);
}

static int by_time(const void *pa, const void *pb)
{
	const struct act *a = pa, *b = pb;

	if (a->first != b->first)
		return a->first < b->first ? -1 : 1;
	if (a->behaviour->stage != b->behaviour->stage)
		return a->behaviour->stage < b->behaviour->stage ? -1 : 1;
	return a->episodes[0] < b->episodes[0] ? -1 : 1;
}

/* A return after half a day is news, not a repetition. */
#define RETURN (12 * HOUR)

/* Whether another act of the same family on the same target is told of the same visit. */
static bool has_sibling(const struct acts *acts, const struct act *act)
{
	for (size_t i = 0; i < acts->count; i++)
		if (&acts->list[i] != act && !acts->list[i].folded && acts->list[i].site == act->site &&
		    llabs(acts->list[i].first - act->first) < RETURN &&
		    strcmp(acts->list[i].behaviour->family, act->behaviour->family) == 0)
			return true;
	return false;
}

/* The act that a story loses least by leaving out: repetitions before what is told once, then by weight. The
 * first act stays, it is where the story begins. */
static struct act *least_telling(struct acts *acts)
{
	struct act *least = NULL;
	bool least_repeats = false;

	for (size_t i = acts->count; i-- > 1;) {
		struct act *act = &acts->list[i];
		bool repeats;

		if (act->folded)
			continue;
		repeats = has_sibling(acts, act);
		/* Of repetitions the later goes first, unless it is the more alarming act. */
		if (least == NULL || repeats > least_repeats ||
		    (repeats == least_repeats && (repeats ? act->behaviour->weight < least->behaviour->weight
		                                          : act->weight < least->weight))) {
			least = act;
			least_repeats = repeats;
		}
	}
	return least;
}

static void fold(struct acts *acts)
{
	double heaviest = 0;
	bool steps = false;

	for (size_t i = 0; i < acts->count; i++) {
		steps |= !acts->list[i].behaviour->aside;
		if (!acts->list[i].behaviour->aside && acts->list[i].weight > heaviest)
			heaviest = acts->list[i].weight;
	}
	acts->told = 0;
	for (size_t i = 0; i < acts->count; i++) {
		struct act *act = &acts->list[i];
		bool slight = (act->behaviour->routine || act->behaviour->weight < 0.15) && !act->behaviour->response &&
		              act->weight < heaviest;

		act->folded = act->behaviour->aside ? steps : slight;
		acts->told += !act->folded;
	}
	for (; acts->told > STORY_ACTS; acts->told--)
		least_telling(acts)->folded = true;
}

/* Numbers the told acts by how much a reader who sees only a few of them needs each: the beginning, then the
 * heaviest, where a second act of one tactic tells less than the first of another. */
#define SAME_TACTIC 0.3

static void number_by_need(struct acts *acts)
{
	uint32_t of_tactic[TACTIC_SLOTS] = { 0 };

	for (uint32_t number = 1; number <= acts->told; number++) {
		struct act *next = NULL;
		double best = 0;

		for (size_t i = 0; i < acts->count; i++) {
			struct act *act = &acts->list[i];
			double need = act->weight - SAME_TACTIC * of_tactic[act->behaviour->tactic + 1];

			if (act->folded || act->telling > 0)
				continue;
			if (next == NULL || (number > 1 && need > best)) {
				next = act;
				best = need;
			}
		}
		next->telling = number;
		of_tactic[next->behaviour->tactic + 1]++;
	}
}

void acts_of(struct acts *out, const struct analysis *an, const struct incident *in, struct arena *a)
{
	memset(out, 0, sizeof(*out));
	out->list = ARENA_ARRAY(a, struct act, in->episode_count + 1);
	for (uint32_t i = 0; i < in->episode_count; i++) {
		const struct episode *e = &an->episodes[in->episodes[i]];
		bool from_source;
		uint32_t host = subject_of(an, e, &from_source);
		struct act *act = NULL;

		for (size_t j = out->count; j-- > 0 && act == NULL;)
			if (joins(an, &out->list[j], e, host))
				act = &out->list[j];
		if (act == NULL) {
			act = &out->list[out->count++];
			act->host = host;
			act->from_source = from_source;
			act->site = NO_ENTITY;
			act->episodes = ARENA_ARRAY(a, uint32_t, in->episode_count - i);
		}
		add_episode(an, act, in->episodes[i]);
	}
	for (size_t i = 0; i < out->count; i++) {
		out->list[i].machines = 1;
		out->list[i].widest = out->list[i].alert_count;
	}
	qsort(out->list, out->count, sizeof(*out->list), by_time);
	join_waves(out, an, a);
	for (size_t i = 0; i < out->count; i++) {
		/* Episodes are numbered by time. */
		qsort(out->list[i].episodes, out->list[i].episode_count, sizeof(uint32_t), by_number);
		out->list[i].weight = telling(an, &out->list[i]);
	}
	fold(out);
	number_by_need(out);
}
