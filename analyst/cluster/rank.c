/* Groups to incidents, by score, and how many of them are shown. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "analyst/base/instant.h"
#include "analyst/base/keyed.h"
#include "analyst/cluster/stages.h"

/* Next to one big incident a small one is noise of the same day. */
#define SHARE_OF_FIRST 0.30
/* Where nothing reaches the line the first alone is shown, if there is anything to it. */
#define FIRST_FROM 10.0
#define QUEUE_LONGEST 25

static int by_link(const void *x, const void *y)
{
	const struct link *a = x, *b = y;

	if (a->reason != b->reason)
		return a->reason < b->reason ? -1 : 1;
	if (a->entity != b->entity)
		return a->entity < b->entity ? -1 : 1;
	return (a->weight < b->weight) - (a->weight > b->weight);
}

/* What belongs to a group, gathered by sorting: the group is the key, an episode or a link the item. */

static uint32_t group_of(const struct clustering *c, uint32_t episode)
{
	return c->flurries[c->traits[episode].flurry].group;
}

static bool holds(const struct clustering *c, const struct tie *t)
{
	return c->flurries[t->a].group == c->flurries[t->b].group;
}

/* Those inside flurries, then the ties between them. */
static struct link link_at(const struct clustering *c, uint32_t i)
{
	const struct tie *t;

	if (i < c->inner_count)
		return c->inner[i];
	t = &c->ties[i - c->inner_count];
	return (struct link){t->from, t->to, t->reason, t->reason == LINK_SAME_RULE_BURST ? NO_ENTITY : t->fact, t->weight};
}

/* All links with both ends in one group, by group, then in their own order; *slots tells whose each is. The ties are
 * given up: what comes next needs the room. */
static struct link *gather_links(struct clustering *c, struct keyed **slots, uint32_t *count)
{
	uint32_t all = c->inner_count + c->tie_count, n = 0;
	struct link *sorted;
	struct keyed *s;

	for (uint32_t i = 0; i < all; i++)
		n += i < c->inner_count || holds(c, &c->ties[i - c->inner_count]);
	s = ARENA_ARRAY(c->stage, struct keyed, n + 1);
	n = 0;
	for (uint32_t i = 0; i < all; i++) {
		struct link k = link_at(c, i);

		if (i < c->inner_count || holds(c, &c->ties[i - c->inner_count]))
			s[n++] = (struct keyed){key_pair(k.a, k.b), i};
	}
	keyed_sort(s, n);
	for (uint32_t i = 0; i < n; i++)
		s[i].key = group_of(c, link_at(c, s[i].item).a);
	keyed_sort(s, n);
	sorted = ARENA_ARRAY(c->out, struct link, n + 1);
	for (uint32_t i = 0; i < n; i++)
		sorted[i] = link_at(c, s[i].item);
	free(c->ties);
	c->ties = NULL;
	c->tie_count = c->tie_room = 0;
	for (uint32_t from = 0, to; from < n; from = to) {
		for (to = from + 1; to < n && sorted[to].a == sorted[from].a && sorted[to].b == sorted[from].b; to++)
			;
		if (to - from > 1)
			qsort(sorted + from, to - from, sizeof(*sorted), by_link);
	}
	*slots = s;
	*count = n;
	return sorted;
}

static struct keyed *gather_episodes(const struct clustering *c, uint32_t *count)
{
	struct keyed *slots = ARENA_ARRAY(c->stage, struct keyed, c->episode_count + 1);
	uint32_t n = 0;

	for (uint32_t i = 0; i < c->episode_count; i++)
		if (c->traits[i].flurry != NO_FLURRY)
			slots[n++] = (struct keyed){group_of(c, i), i};
	keyed_sort(slots, n);
	*count = n;
	return slots;
}

static void take_episodes(struct clustering *c, struct incident *in, const struct keyed *s, uint32_t n)
{
	uint32_t *episodes = ARENA_ARRAY(c->out, uint32_t, n + 1);

	in->first = c->episodes[s[0].item].first;
	in->last = in->first;
	for (uint32_t i = 0; i < n; i++) {
		episodes[i] = s[i].item;
		if (c->episodes[s[i].item].last > in->last)
			in->last = c->episodes[s[i].item].last;
	}
	in->episodes = episodes;
	in->episode_count = n;
}

static int by_score(const void *x, const void *y)
{
	const struct incident *a = x, *b = y;

	if (a->score != b->score)
		return a->score > b->score ? -1 : 1;
	return (a->episodes[0] > b->episodes[0]) - (a->episodes[0] < b->episodes[0]);
}

static uint32_t choose_queue(struct incident *list, uint32_t n)
{
	uint32_t count = 0;
	double line = n > 0 ? fmax(MEDIUM_FROM, SHARE_OF_FIRST * list[0].score) : 0;

	while (count < n && count < QUEUE_LONGEST && list[count].score >= line)
		count++;
	if (count == 0 && n > 0 && list[0].score >= FIRST_FROM)
		count = 1;
	for (uint32_t i = 0; i < count; i++)
		list[i].rank = i + 1;
	return count;
}

/* Named by the ISO week in which the period ends, then by place in the list. */
static void name_incidents(const struct week *w, struct incident *list, uint32_t n)
{
	static const struct zone utc = {.name = "UTC"};
	struct civil day;
	int year, number;

	if (n == 0)          /* a case file of rejects only has no last alert */
		return;
	day = civil_from(w->last, &utc);
	year = day.year;
	number = civil_week(&day, &year);
	for (uint32_t i = 0; i < n; i++)
		snprintf(list[i].id, sizeof(list[i].id), "INC-%04dW%02d-%02u", year, number, i + 1);
}

/* Where the group ends that begins at `from`, and whether it has what makes an incident of it. */
static uint32_t group_end(const struct clustering *c, const struct keyed *slots, uint32_t n, uint32_t from, bool *seed)
{
	uint32_t to;

	*seed = false;
	for (to = from; to < n && slots[to].key == slots[from].key; to++)
		*seed |= c->traits[slots[to].item].seed;
	return to;
}

static uint32_t count_incidents(const struct clustering *c, const struct keyed *slots, uint32_t n)
{
	uint32_t count = 0;
	bool seed;

	for (uint32_t from = 0; from < n; count += seed)
		from = group_end(c, slots, n, from, &seed);
	return count;
}

void rank_groups(struct clustering *c, struct analysis *out)
{
	uint32_t n, links, count = 0, at = 0;
	struct keyed *link_slots, *slots;
	struct link *sorted = gather_links(c, &link_slots, &links);
	struct incident *incidents;

	slots = gather_episodes(c, &n);
	incidents = ARENA_ARRAY(c->out, struct incident, count_incidents(c, slots, n));
	for (uint32_t from = 0, to; from < n; from = to) {
		struct incident *in = &incidents[count];
		bool seed;

		to = group_end(c, slots, n, from, &seed);
		if (!seed) {
			for (; at < links && link_slots[at].key == slots[from].key; at++)
				;
			continue;
		}
		count++;
		take_episodes(c, in, slots + from, to - from);
		in->links = sorted + at;
		for (; at < links && link_slots[at].key == slots[from].key; at++)
			in->link_count++;
		list_hosts(c, in);
		score_incident(c, in);
	}
	if (count > 0)
		qsort(incidents, count, sizeof(*incidents), by_score);
	out->queue_count = choose_queue(incidents, count);
	name_incidents(c->week, incidents, count);
	for (uint32_t i = 0; i < count; i++)
		for (uint32_t k = 0; k < incidents[i].episode_count; k++)
			c->episodes[incidents[i].episodes[k]].incident = i;
	out->incidents = incidents;
	out->incident_count = count;
}
