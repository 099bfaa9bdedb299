/* Which acts of defenders an incident holds, what they were directed at, and which step of the attack each answers. */
#include <stdlib.h>
#include <string.h>

#include "analyst/readers/refang.h"
#include "timeline/response.h"

#define ROWS_MOST 9                  /* the rest is counted */

static bool quarantined(const struct week *w, const struct episode *e)
{
	for (uint32_t i = 0; i < e->count; i++)
		if (w->marks[e->alerts[i]].action == ACTION_QUARANTINED)
			return true;
	return false;
}

/* What the act was directed at: an outside name before an address, a file, else the machine. */
static uint32_t target_of(const struct week *w, const struct episode *e)
{
	uint32_t found = e->host;
	int best = 0;

	for (uint32_t i = 0; i < e->member_count; i++) {
		const struct week_entity *en = &w->entities[e->members[i].entity];
		int worth = en->internal ? 0 : en->kind == ENTITY_DOMAIN ? 3 : en->kind == ENTITY_IP ? 2 : en->kind == ENTITY_FILE ? 1 : 0;

		if (worth > best) {
			best = worth;
			found = e->members[i].entity;
		}
	}
	return found;
}

static const char *name_of(const struct week *w, uint32_t entity)
{
	if (entity == NO_ENTITY)
		return NULL;
	return w->entities[entity].shown != NULL ? w->entities[entity].shown : w->entities[entity].value;
}

static const char *shown_of(const struct week *w, uint32_t entity, struct arena *a)
{
	if (entity == NO_ENTITY)
		return "\xE2\x80\x93";
	return w->entities[entity].internal ? name_unlinked(a, name_of(w, entity)) : name_defanged(a, name_of(w, entity));
}

/* Of ours: not the other end of a connection. */
static bool is_machine(const struct week *w, uint32_t entity)
{
	return entity == NO_ENTITY || w->entities[entity].internal ||
	       (w->entities[entity].kind != ENTITY_DOMAIN && w->entities[entity].kind != ENTITY_IP);
}

static bool same(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

struct deed {                        /* an episode of a defender's, before they are put together */
	uint32_t episode, target;
	const char *product;
};

static int by_target(const void *pa, const void *pb)
{
	const struct deed *a = pa, *b = pb;
	int d;

	if (a->target != b->target)
		return a->target < b->target ? -1 : 1;
	d = strcmp(a->product, b->product);
	return d != 0 ? d : a->episode < b->episode ? -1 : a->episode > b->episode;
}

static void add_deed(const struct plan *p, struct act *a, uint32_t episode)
{
	const struct week *w = p->in->analysis->week;
	const struct episode *e = &p->in->analysis->episodes[episode];

	a->records += e->count;
	a->at = a->episode_count == 0 || e->first < a->at ? e->first : a->at;
	a->until = a->episode_count == 0 || e->last > a->until ? e->last : a->until;
	a->episode_count++;
	for (uint32_t i = 0; i < e->count; i++) {
		const struct mark *m = &w->marks[e->alerts[i]];

		a->until = m->until != INSTANT_NONE && m->until > a->until ? m->until : a->until;
	}
}

/* Deeds of one product on one target are one act. */
static void join_deeds(struct plan *p, struct deed *deeds, size_t n)
{
	const struct week *w = p->in->analysis->week;
	uint32_t *episodes = ARENA_ARRAY(p->arena, uint32_t, n + 1);

	qsort(deeds, n, sizeof(*deeds), by_target);
	for (size_t i = 0; i < n; i++) {
		const struct deed *d = &deeds[i];

		episodes[i] = d->episode;
		if (i == 0 || deeds[i - 1].target != d->target || strcmp(deeds[i - 1].product, d->product) != 0)
			p->acts[p->count++] = (struct act){
				.product = d->product, .target = name_of(w, d->target), .shown = shown_of(w, d->target, p->arena),
				.episodes = &episodes[i], .machine = is_machine(w, d->target), .reacted = -1
			};
		add_deed(p, &p->acts[p->count - 1], d->episode);
	}
}

/* The step of the attack it answers: the last before it on the same target, else the last before it. */
static void find_step(struct plan *p, struct act *a)
{
	const struct narrative *n = p->in->story;

	for (int on_target = 1; on_target >= 0 && a->step == NULL; on_target--)
		for (size_t i = 0; n != NULL && i < n->beat_count; i++) {
			const struct beat *b = &n->beats[i];

			if (b->part != PART_STORY || b->response || b->at == INSTANT_NONE || b->at > a->at ||
			    (on_target && !same(b->object_lane, a->target) && !same(b->actor_lane, a->target)))
				continue;
			if (a->step == NULL || b->at >= a->step->at)
				a->step = b;
		}
	if (a->step != NULL)
		a->reacted = a->at - a->step->at;
}

/* What was done, in a reader's words: what the product calls it stands in the tables. */
static void name_act(const struct plan *p, struct act *a)
{
	const struct week *w = p->in->analysis->week;
	const struct episode *e = &p->in->analysis->episodes[a->episodes[0]];

	if (quarantined(w, e))
		a->title = words_get(p->in->words, "chart.response.quarantined");
	else if (!a->machine)
		a->title = words_get(p->in->words, "chart.response.connections");
	else
		a->title = words_get(p->in->words, w->rules[e->rule].behaviour->response ? "chart.response.machine" : "chart.response.blocked");
}

static int by_time(const void *pa, const void *pb)
{
	const struct act *a = pa, *b = pb;

	if (a->at != b->at)
		return a->at < b->at ? -1 : 1;
	if (!same(a->target, b->target))
		return a->target == NULL ? -1 : b->target == NULL ? 1 : strcmp(a->target, b->target);
	return strcmp(a->product, b->product);
}

void response_collect(struct plan *p)
{
	const struct incident *in = p->in->incident;
	const struct week *w = p->in->analysis->week;
	uint32_t n = in != NULL ? in->episode_count : 0;
	struct deed *deeds;
	size_t deed_count = 0;

	p->acts = ARENA_ARRAY(p->arena, struct act, n + 1);
	deeds = ARENA_ARRAY(p->arena, struct deed, n + 1);
	p->sign = in != NULL ? in->first : INSTANT_NONE;
	for (uint32_t i = 0; i < n; i++) {
		const struct episode *e = &p->in->analysis->episodes[in->episodes[i]];

		if (episode_answers(w, e))
			deeds[deed_count++] = (struct deed){ in->episodes[i], target_of(w, e), w->rules[e->rule].rule.product };
	}
	join_deeds(p, deeds, deed_count);
	qsort(p->acts, p->count, sizeof(*p->acts), by_time);
	for (size_t i = 0; i < p->count; i++) {
		find_step(p, &p->acts[i]);
		name_act(p, &p->acts[i]);
	}
	p->shown = p->count <= ROWS_MOST ? p->count : ROWS_MOST - 1;
}
