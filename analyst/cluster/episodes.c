/* Alerts to episodes: bursts of one rule on one machine, and with one other end
 * where alerts name it, with no long gap. Ten thousand like alerts become one. */
#include <stdlib.h>

#include "analyst/base/keyed.h"
#include "analyst/cluster/stages.h"

/* SAGE (Nadeem et al., 2021) cuts episodes after 150 s of silence; sensors that
 * report by the batch need about twice that. */
#define EPISODE_GAP (5 * MINUTE)
/* A tool that fires many times a second has come to its end when it rests as long as
 * fifty shots took; ten seconds at least, for sensors report by the batch. What a few
 * alerts do tells nothing about their rhythm. */
#define RHYTHM_ALERTS 20
#define RHYTHM_PAUSES 50
#define RHYTHM_LEAST (10 * SECOND)
/* A rule that names more other ends than this on one machine is a flood or a
 * scan: the other end then tells nothing apart. */
#define PEERS_APART 64
/* Room for who takes part in an episode. More are not needed to link it. */
#define EPISODE_MEMBERS 64

struct shot {
	uint32_t rule /* the first of its kin */, machine, peer, mark;
};

static int by_place(const void *x, const void *y)
{
	const struct shot *a = x, *b = y;

	if (a->rule != b->rule)
		return a->rule < b->rule ? -1 : 1;
	if (a->machine != b->machine)
		return a->machine < b->machine ? -1 : 1;
	if (a->peer != b->peer)
		return a->peer < b->peer ? -1 : 1;
	return (a->mark > b->mark) - (a->mark < b->mark);
}

/* The other end of the connection: the first address at either end that is not
 * the machine itself. */
static uint32_t peer_of(const struct clustering *c, uint32_t cast)
{
	const struct week *w = c->week;
	uint32_t machine = c->cast_machine[cast];

	for (uint32_t i = 0; i < w->casts[cast].count; i++) {
		const struct member *m = &w->members[w->casts[cast].first + i];

		if (w->entities[m->entity].kind != ENTITY_IP ||
		    (m->role != ROLE_SOURCE && m->role != ROLE_DESTINATION && m->role != ROLE_TARGET))
			continue;
		if (m->entity == w->casts[cast].host ||
		    (machine != NO_MACHINE && m->entity == c->machines[machine].address))
			continue;
		return m->entity;
	}
	return NO_ENTITY;
}

/* Where one rule on one machine has too many other ends, forgets them. */
static void forget_crowds(struct shot *shots, uint32_t n)
{
	for (uint32_t from = 0, to; from < n; from = to) {
		uint32_t peers = 1;

		for (to = from + 1; to < n && shots[to].rule == shots[from].rule &&
		     shots[to].machine == shots[from].machine; to++)
			peers += shots[to].peer != shots[to - 1].peer;
		if (peers <= PEERS_APART)
			continue;
		for (uint32_t i = from; i < to; i++)
			shots[i].peer = NO_ENTITY;
		qsort(shots + from, to - from, sizeof(*shots), by_place);
	}
}

static uint32_t weight_of(const struct member *m)
{
	return (uint32_t)m->role << 28 | m->entity;
}

/* Both lists by (role, entity), each once; so is what they make together. */
static uint32_t merge(struct member *out, const struct member *a, uint32_t n, const struct member *b, uint32_t m)
{
	uint32_t i = 0, k = 0, kept = 0;

	while (i < n && k < m) {
		uint32_t x = weight_of(&a[i]), y = weight_of(&b[k]);

		out[kept++] = x <= y ? a[i] : b[k];
		i += x <= y;
		k += y <= x;
	}
	while (i < n)
		out[kept++] = a[i++];
	while (k < m)
		out[kept++] = b[k++];
	return kept;
}

/* Where all alerts have one cast, which are most, its members are the episode's. */
static void take_members(const struct week *w, struct episode *e)
{
	const struct cast *cast = &w->casts[e->cast];

	e->members = w->members + cast->first;
	e->member_count = (uint16_t)(cast->count < EPISODE_MEMBERS ? cast->count : EPISODE_MEMBERS);
}

/* Everyone who takes part, those of the earliest alerts first when there is no room. */
static void gather_members(struct clustering *c, struct episode *e)
{
	const struct week *w = c->week;
	struct member room[2][EPISODE_MEMBERS + ALERT_ENTITIES];
	uint32_t n = 0, cast = UINT32_MAX;
	int now = 0;

	for (uint32_t i = 0; i < e->count && n < EPISODE_MEMBERS; i++) {
		const struct cast *k;

		if (w->marks[e->alerts[i]].cast == cast)
			continue;
		cast = w->marks[e->alerts[i]].cast;
		k = &w->casts[cast];
		n = merge(room[!now], room[now], n, w->members + k->first, k->count < ALERT_ENTITIES ? k->count : ALERT_ENTITIES);
		now = !now;
	}
	if (n > EPISODE_MEMBERS)
		n = EPISODE_MEMBERS;
	e->members = arena_copy(c->out, room[now], n, sizeof(*e->members));
	e->member_count = (uint16_t)n;
}

struct draft {
	struct episode episode;
	double bytes;
	uint32_t machine, peer;
	float score;
	bool stopped;
	bool of_one_cast;
};

/* The silence that ends a burst of count alerts between first and last. */
static instant gap_of(uint32_t count, instant first, instant last)
{
	instant gap;

	if (count < RHYTHM_ALERTS)
		return EPISODE_GAP;
	gap = (last - first) / (count - 1);
	if (gap > EPISODE_GAP / RHYTHM_PAUSES)
		return EPISODE_GAP;
	gap *= RHYTHM_PAUSES;
	return gap < RHYTHM_LEAST ? RHYTHM_LEAST : gap;
}

/* Starts a new episode in a run of sorted shots? */
static bool opens(const struct week *w, const struct shot *s, const struct shot *before, instant limit)
{
	return s->rule != before->rule || s->machine != before->machine ||
	       s->peer != before->peer || w->marks[s->mark].at > limit;
}

/* The name the machine goes by, whatever name this alert has for it. */
static uint32_t host_of(const struct clustering *c, uint32_t machine, uint32_t cast)
{
	if (machine == NO_MACHINE)
		return c->week->casts[cast].host;
	return c->machines[machine].host != NO_ENTITY ? c->machines[machine].host : c->machines[machine].address;
}

/* What the marks of an episode say together, read once: they lie all over the memory. */
static void add_mark(struct draft *d, const struct mark *m, instant end)
{
	struct episode *e = &d->episode;

	e->count++;
	e->last = end > e->last ? end : e->last;
	e->severity = m->severity > e->severity ? m->severity : e->severity;
	d->score = m->score > d->score ? m->score : d->score;
	d->of_one_cast &= m->cast == e->cast;
	d->stopped &= m->action == ACTION_BLOCKED || m->action == ACTION_QUARANTINED;
	if (m->bytes_out > 0 && m->action != ACTION_BLOCKED)
		d->bytes += (double)m->bytes_out;
}

/* So many shots ahead a mark is asked for, to be there when its turn comes. */
#define AHEAD 16

static struct draft *cut(const struct clustering *c, const struct shot *shots, uint32_t n, uint32_t *alerts,
                         uint32_t *count)
{
	const struct week *w = c->week;
	struct draft *drafts = NULL, *d = NULL;
	uint32_t room = 0;

	for (uint32_t i = 0; i < n; i++) {
		const struct mark *m = &w->marks[shots[i].mark];
		instant end = m->until > m->at ? m->until : m->at;

		__builtin_prefetch(&w->marks[shots[i + AHEAD < n ? i + AHEAD : i].mark]);
		if (d == NULL || opens(w, &shots[i], &shots[i - 1],
		                       d->episode.last + gap_of(d->episode.count, d->episode.first, d->episode.last))) {
			if (*count == room)
				drafts = must_grow(drafts, room = room > 0 ? 2 * room : 1024, sizeof(*drafts));
			d = &drafts[(*count)++];
			*d = (struct draft){
				.episode = {.rule = m->rule, .cast = m->cast, .host = host_of(c, shots[i].machine, m->cast),
				            .tenant = w->casts[m->cast].tenant, .first = m->at, .last = end,
				            .alerts = alerts + i, .incident = NO_INCIDENT},
				.machine = shots[i].machine, .peer = shots[i].peer, .score = -1, .stopped = true,
				.of_one_cast = true};
		}
		alerts[i] = shots[i].mark;
		add_mark(d, m, end);
	}
	return drafts;
}

/* ---- sorting by place ---- */

static uint32_t key_of(const struct shot *s, int field)
{
	/* none is 0, so that few digits are enough for the rest */
	return field == 0 ? s->peer + 1 : field == 1 ? s->machine + 1 : s->rule;
}

#define DIGIT_BITS 11
#define DIGITS (1u << DIGIT_BITS)

/* One stable pass by one digit of one field; false when all have the same. */
static bool pass(const struct shot *from, struct shot *to, uint32_t n, int field, int shift)
{
	uint32_t begin[DIGITS] = {0}, sum = 0;

	for (uint32_t i = 0; i < n; i++)
		begin[key_of(&from[i], field) >> shift & (DIGITS - 1)]++;
	for (uint32_t k = 0; k < DIGITS; k++) {
		uint32_t count = begin[k];

		if (count == n)
			return false;
		begin[k] = sum;
		sum += count;
	}
	for (uint32_t i = 0; i < n; i++)
		to[begin[key_of(&from[i], field) >> shift & (DIGITS - 1)]++] = from[i];
	return true;
}

/* Shots come in the order of time and keep it within a place. Ten million take as long each
 * as one: no comparison, a pass for each eleven bits that differ. */
static struct shot *sort_by_place(struct shot *shots, struct shot *other, uint32_t n)
{
	for (int field = 0; field < 3; field++)
		for (int shift = 0; shift < 32; shift += DIGIT_BITS)
			if (pass(shots, other, n, field, shift)) {
				struct shot *swap = shots;

				shots = other;
				other = swap;
			}
	return shots;
}

/* By their first alert, then by rule, machine and other end. */
static struct keyed *in_time(const struct draft *drafts, uint32_t n)
{
	struct keyed *order = must_alloc((n + 1) * sizeof(*order));

	for (uint32_t i = 0; i < n; i++)
		order[i] = (struct keyed){drafts[i].peer, i};
	keyed_sort(order, n);
	for (uint32_t i = 0; i < n; i++)
		order[i].key = key_pair(drafts[order[i].item].episode.rule, drafts[order[i].item].machine);
	keyed_sort(order, n);
	for (uint32_t i = 0; i < n; i++)
		order[i].key = key_signed(drafts[order[i].item].episode.first);
	keyed_sort(order, n);
	return order;
}

static void keep(struct clustering *c, const struct draft *drafts)
{
	struct keyed *order = in_time(drafts, c->episode_count);

	c->episodes = ARENA_ARRAY(c->out, struct episode, c->episode_count + 1);
	c->traits = ARENA_ARRAY(c->scratch, struct trait, c->episode_count + 1);
	for (uint32_t i = 0; i < c->episode_count; i++) {
		const struct draft *d = &drafts[order[i].item];

		c->episodes[i] = d->episode;
		c->traits[i] = (struct trait){.machine = d->machine, .peer = d->peer, .score = d->score,
		                              .stopped = d->stopped, .bytes = d->bytes, .flurry = NO_FLURRY,
		                              .stream = NO_STREAM, .sweep = NO_SWEEP};
		if (d->of_one_cast)
			take_members(c->week, &c->episodes[i]);
		else
			gather_members(c, &c->episodes[i]);
	}
	free(order);
}

void find_episodes(struct clustering *c)
{
	const struct week *w = c->week;
	uint32_t n = w->mark_count, *alerts = ARENA_ARRAY(c->out, uint32_t, n + 1);
	uint32_t *peers = ARENA_ARRAY(c->stage, uint32_t, w->cast_count + 1);
	struct shot *shots = must_alloc((n + 1) * sizeof(*shots)), *other = must_alloc((n + 1) * sizeof(*other));
	struct shot *sorted;
	struct draft *drafts;

	for (uint32_t i = 0; i < w->cast_count; i++)
		peers[i] = peer_of(c, i);
	for (uint32_t i = 0; i < n; i++)
		shots[i] = (struct shot){c->kin[w->marks[i].rule], c->cast_machine[w->marks[i].cast],
		                         peers[w->marks[i].cast], i};
	sorted = sort_by_place(shots, other, n);
	free(sorted == shots ? other : shots);
	forget_crowds(sorted, n);
	drafts = cut(c, sorted, n, alerts, &c->episode_count);
	free(sorted);
	keep(c, drafts);
	free(drafts);
}
