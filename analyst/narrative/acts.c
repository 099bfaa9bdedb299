#include "analyst/narrative/acts.h"

#include <stdlib.h>
#include <string.h>

#include "analyst/base/intern.h"
#include "analyst/base/search.h"

/* A pause longer than this makes the same act on the same target a new one: a night between two calls of a
 * web shell is part of the story. */
#define PAUSE (6 * HOUR)
/* The same kind of thing on one machine moments after another is one act: a scan that passes by, a tool rolled out, a worm. So
 * are alike kinds on one machine: a command that ran, and the answer that shows it. */
#define AT_ONCE (2 * MINUTE)
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

/* An act is told as its heaviest kind, with the time of its first: another kind, and not to the same place, is another act
 * unless both came at once. */
static int64_t pause_within(const struct analysis *an, const struct act *act, const struct episode *e, const struct behaviour *b)
{
	uint32_t site = episode_site(an->week, e);

	return strcmp(act->behaviour->key, b->key) == 0 || (site != NO_ENTITY && site == act->site) ? PAUSE : AT_ONCE;
}

static bool joins(const struct analysis *an, const struct act *act, const struct episode *e, uint32_t host)
{
	const struct behaviour *b = episode_behaviour(an->week, e);

	return strcmp(act->behaviour->family, b->family) == 0 && act->host == host &&
	       e->first - act->last <= pause_within(an, act, e, b) && (b->from_source || b->on_target || same_target(an, act, e));
}

/* Doubled whenever the number is a power of two. */
static uint32_t *room_for_one(uint32_t *list, uint32_t count, struct arena *a)
{
	uint32_t *grown;

	if (count > 0 && (count & (count - 1)) != 0)
		return list;
	grown = ARENA_ARRAY(a, uint32_t, count > 0 ? 2 * (size_t)count : 1);
	if (count > 0)
		memcpy(grown, list, count * sizeof(*list));
	return grown;
}

static void add_episode(const struct analysis *an, struct act *act, uint32_t index, struct arena *a)
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
	act->episodes = room_for_one(act->episodes, act->episode_count, a);
	act->episodes[act->episode_count++] = index;
	act->alert_count += e->count;
}

/* What has come to three machines so keeps coming, with rests. */
#define ROLLS 3
#define ROLLS_ON (10 * MINUTE)
/* Waves looked back for, where many go on at once. */
#define WAVES_BACK 64

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

/* Rounds are made of such acts only. */
static bool is_slight(const struct act *act)
{
	return act->behaviour->on_target && act->behaviour->weight < SLIGHT;
}

static bool is_same_round(const struct analysis *an, const struct act *a, const struct act *b)
{
	return is_slight(a) && a->behaviour == b->behaviour &&
	       b->first - a->last <= GOES_ON && a->host != NO_ENTITY && b->host != NO_ENTITY &&
	       source_of(an, a) != NO_ENTITY && source_of(an, a) == source_of(an, b) && !has_met(an, a, b->host);
}

static bool is_same_wave(const struct act *a, const struct act *b)
{
	return b->first - a->latest <= (a->machines >= ROLLS ? ROLLS_ON : AT_ONCE) && strcmp(a->behaviour->family, b->behaviour->family) == 0 && a->behaviour->response == b->behaviour->response &&
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
	into->latest = act->first;
	into->alert_count += act->alert_count;
	into->machines++;
}

/* Expects the acts by time. Only machines that have one act of the kind are counted, so numbers hold. */
static void join_waves(struct acts *acts, const struct analysis *an, struct arena *a)
{
	size_t kept = 0;

	for (size_t i = 0; i < acts->count; i++) {
		instant reach = is_slight(&acts->list[i]) ? PAUSE : AT_ONCE;
		struct act *wave = NULL;

		for (size_t k = kept; k-- > 0 && wave == NULL && (kept - k <= WAVES_BACK || acts->list[i].first - acts->list[k].first <= reach);)
			if (is_same_wave(&acts->list[k], &acts->list[i]) || is_same_round(an, &acts->list[k], &acts->list[i]))
				wave = &acts->list[k];
		if (wave != NULL)
			absorb(wave, &acts->list[i], a);
		else
			acts->list[kept++] = acts->list[i];
	}
	acts->count = kept;
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

/* The told acts of one family on one target, each linked to the one before and the one after it in time. Acts
 * are in the order of time, so are their numbers. */
struct siblings {
	size_t before, after;        /* numbers of acts, or NONE */
};
#define NONE SIZE_MAX

static int by_target(const void *pa, const void *pb)
{
	const struct act *a = *(const struct act *const *)pa, *b = *(const struct act *const *)pb;
	int c;

	if (a->site != b->site)
		return a->site < b->site ? -1 : 1;
	if ((c = strcmp(a->behaviour->family, b->behaviour->family)) != 0)
		return c;
	return a < b ? -1 : a > b;
}

static bool is_same_target(const struct act *a, const struct act *b)
{
	return a->site == b->site && strcmp(a->behaviour->family, b->behaviour->family) == 0;
}

/* told: the acts not folded. */
static struct siblings *link_siblings(const struct acts *acts, const struct act **told, size_t n)
{
	struct siblings *s = must_grow(NULL, acts->count + 1, sizeof(*s));

	qsort(told, n, sizeof(*told), by_target);
	for (size_t i = 0; i < n; i++) {
		struct siblings *own = &s[told[i] - acts->list];

		own->before = i > 0 && is_same_target(told[i - 1], told[i]) ? (size_t)(told[i - 1] - acts->list) : NONE;
		own->after = i + 1 < n && is_same_target(told[i], told[i + 1]) ? (size_t)(told[i + 1] - acts->list) : NONE;
	}
	return s;
}

/* Whether another act of the same family on the same target is told of the same visit. */
static bool repeats(const struct acts *acts, const struct siblings *s, size_t i)
{
	instant first = acts->list[i].first;

	return (s[i].before != NONE && first - acts->list[s[i].before].first < RETURN) ||
	       (s[i].after != NONE && acts->list[s[i].after].first - first < RETURN);
}

static void leave_out(struct acts *acts, struct siblings *s, size_t i)
{
	acts->list[i].folded = true;
	acts->told--;
	if (s[i].before != NONE)
		s[s[i].before].after = s[i].after;
	if (s[i].after != NONE)
		s[s[i].after].before = s[i].before;
}

static int by_alarm(const void *pa, const void *pb)
{
	const struct act *a = *(const struct act *const *)pa, *b = *(const struct act *const *)pb;

	if (a->behaviour->weight != b->behaviour->weight)
		return a->behaviour->weight < b->behaviour->weight ? -1 : 1;
	return a > b ? -1 : a < b;
}

static int by_weight(const void *pa, const void *pb)
{
	const struct act *a = *(const struct act *const *)pa, *b = *(const struct act *const *)pb;

	if (a->weight != b->weight)
		return a->weight < b->weight ? -1 : 1;
	return a > b ? -1 : a < b;
}

/* Leaves out what a story loses least by: repetitions before what is told once, the less alarming first and of
 * equals the later; then by weight. The first act stays, it is where the story begins. An act that repeats
 * nothing never comes to repeat anything, so one pass over each order is enough, however many acts there are. */
static void thin_out(struct acts *acts)
{
	const struct act **told = must_grow(NULL, acts->count + 1, sizeof(*told));
	struct siblings *s;
	size_t n = 0;

	for (size_t i = 0; i < acts->count; i++)
		if (!acts->list[i].folded)
			told[n++] = &acts->list[i];
	s = link_siblings(acts, told, n);
	qsort(told, n, sizeof(*told), by_alarm);
	for (size_t i = 0; i < n && acts->told > STORY_ACTS; i++)
		if (told[i] != acts->list && repeats(acts, s, (size_t)(told[i] - acts->list)))
			leave_out(acts, s, (size_t)(told[i] - acts->list));
	qsort(told, n, sizeof(*told), by_weight);
	for (size_t i = 0; i < n && acts->told > STORY_ACTS; i++)
		if (told[i] != acts->list && !told[i]->folded)
			leave_out(acts, s, (size_t)(told[i] - acts->list));
	free(told);
	free(s);
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
	if (acts->told > STORY_ACTS)
		thin_out(acts);
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

/* The acts of one family and host, the latest first: only they are asked whether an episode joins them. */
struct lanes {
	struct intern *names;        /* host, then family */
	size_t *latest, room;        /* by lane: an act, or NONE */
	size_t *earlier;             /* by act: the one before it in its lane, or NONE */
};

static size_t *lane_of(struct lanes *l, uint32_t host, const char *family)
{
	char key[80];
	bool fresh;
	size_t n = strlen(family) < sizeof(key) - sizeof(host) ? strlen(family) : sizeof(key) - sizeof(host);
	uint32_t lane;

	memcpy(key, &host, sizeof(host));
	memcpy(key + sizeof(host), family, n);
	lane = intern_put(l->names, key, sizeof(host) + n, &fresh);
	if (lane >= l->room) {
		l->room = l->room > 0 ? 2 * l->room : 64;
		l->latest = must_grow(l->latest, l->room, sizeof(*l->latest));
	}
	if (fresh)
		l->latest[lane] = NONE;
	return &l->latest[lane];
}

static struct act *find_act(struct acts *acts, const struct lanes *l, size_t latest, const struct analysis *an,
                            const struct episode *e, uint32_t host)
{
	for (size_t i = latest; i != NONE; i = l->earlier[i])
		if (joins(an, &acts->list[i], e, host))
			return &acts->list[i];
	return NULL;
}

static void gather(struct acts *out, const struct analysis *an, const struct incident *in, struct arena *a)
{
	struct lanes l = { .names = intern_new(), .earlier = must_grow(NULL, in->episode_count + 1, sizeof(*l.earlier)) };

	for (uint32_t i = 0; i < in->episode_count; i++) {
		const struct episode *e = &an->episodes[in->episodes[i]];
		bool from_source;
		uint32_t host = subject_of(an, e, &from_source);
		size_t *latest = lane_of(&l, host, an->week->rules[e->rule].behaviour->family);
		struct act *act = find_act(out, &l, *latest, an, e, host);

		if (act == NULL) {
			l.earlier[out->count] = *latest;
			*latest = out->count;
			act = &out->list[out->count++];
			act->host = host;
			act->from_source = from_source;
			act->site = NO_ENTITY;
		}
		add_episode(an, act, in->episodes[i], a);
	}
	intern_free(l.names);
	free(l.latest);
	free(l.earlier);
}

void acts_of(struct acts *out, const struct analysis *an, const struct incident *in, struct arena *a)
{
	memset(out, 0, sizeof(*out));
	out->list = ARENA_ARRAY(a, struct act, in->episode_count + 1);
	gather(out, an, in, a);
	for (size_t i = 0; i < out->count; i++) {
		out->list[i].machines = 1;
		out->list[i].latest = out->list[i].first;
		out->list[i].widest = out->list[i].alert_count;
	}
	qsort(out->list, out->count, sizeof(*out->list), by_time);
	join_waves(out, an, a);
	for (size_t i = 0; i < out->count; i++) {
		/* Episodes are numbered by time. */
		qsort(out->list[i].episodes, out->list[i].episode_count, sizeof(uint32_t), order_u32);
		out->list[i].weight = telling(an, &out->list[i]);
	}
	fold(out);
	number_by_need(out);
}
