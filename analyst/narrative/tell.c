#include "analyst/narrative/tell.h"

#include <stdlib.h>
#include <string.h>

#include "analyst/base/search.h"
#include "analyst/narrative/acts.h"
#include "analyst/narrative/facts.h"

/* Two alerts a second or two apart have no order that a reader could use. */
#define AT_ONCE (2 * SECOND)
/* Beyond half a day "13 h later" is harder to read than a date. */
#define LATER (12 * HOUR)

struct telling {                 /* one incident being told */
	const struct teller *t;
	const struct incident *incident;
	struct acts acts;
	struct facts facts;          /* of the incident */
	struct beat *beats;          /* of one incident after the other, in the same room */
	size_t count, room;
	uint32_t evidence;           /* the last number given */
};

/* ---- conditions of sayings ---- */

static bool occurs(void *ctx, const char *name)
{
	const struct telling *tl = ctx;

	for (size_t i = 0; i < tl->acts.count; i++)
		if (strcmp(tl->acts.list[i].behaviour->key, name) == 0 ||
		    strcmp(tl->acts.list[i].behaviour->family, name) == 0)
			return true;
	return false;
}

static bool known(void *ctx, const char *fact)
{
	const struct telling *tl = ctx;

	return fact_named(&tl->facts, fact) != NULL;
}

/* ---- beats ---- */

static struct beat *beat_new(struct telling *tl, enum part part, const char *key)
{
	struct beat *b;

	if (tl->count == tl->room) {
		tl->room *= 2;
		tl->beats = must_grow(tl->beats, tl->room, sizeof(*tl->beats));
	}
	b = &tl->beats[tl->count++];
	memset(b, 0, sizeof(*b));
	b->part = part;
	b->key = key;
	b->at = b->until = INSTANT_NONE;
	b->tactic = -1;
	b->certainty = CERTAINTY_POSSIBLE;
	return b;
}

static void beat_facts(struct beat *b, const struct facts *fs, struct arena *a)
{
	b->facts = arena_copy(a, fs->list, fs->count, sizeof(fs->list[0]));
	b->fact_count = fs->count;
}

/* How the sentence hangs together with the one before: the opening phrase and its facts. Spans and clock
 * times take turns, so that a long story does not open every sentence alike. */
static void add_opening(struct facts *fs, const struct act *act, const struct act *before, size_t index)
{
	int64_t after = before != NULL ? act->first - before->first : 0;
	const char *key = "opening.first";

	fact_number(fs, "time", FACT_TIME, act->first);
	if (before != NULL && after < AT_ONCE)
		key = "opening.at-once";
	else if (before != NULL && after >= LATER)
		key = "opening.day";
	else if (before != NULL)
		key = index % 2 == 1 ? "opening.after" : "opening.at";
	if (before != NULL && after >= AT_ONCE && after < LATER)
		fact_number(fs, "after", FACT_SPAN, after);
	fact_text(fs, "opening", FACT_PHRASE, key);
}

static uint32_t indicator_hits(const struct telling *tl, const struct act *act)
{
	uint32_t hits = 0;

	for (uint32_t i = 0; i < act->episode_count; i++) {
		const struct episode *e = &tl->t->an->episodes[act->episodes[i]];

		for (uint32_t j = 0; j < e->member_count; j++)
			hits += tl->t->an->week->entities[e->members[j].entity].indicator != NULL;
	}
	return hits;
}

/* Confirmed takes more than a rule's name: two products that saw it on their own, or a match with a known
 * indicator, and an act that is alarming in itself. */
static enum certainty act_certainty(const struct telling *tl, const struct act *act, const struct facts *fs)
{
	bool two = fact_named(fs, "witnesses") != NULL, known_bad = indicator_hits(tl, act) > 0;

	if (act->behaviour->weight >= 0.7 && two && known_bad)
		return CERTAINTY_CONFIRMED;
	if (act->behaviour->weight >= 0.7 || two || known_bad)
		return CERTAINTY_LIKELY;
	return CERTAINTY_POSSIBLE;
}

/* Who acts on what, for the timeline: acts that come in from outside point at the machine. */
static void set_lanes(struct beat *b, const struct facts *fs, const struct behaviour *behaviour)
{
	const struct fact *host = fact_named(fs, fact_named(fs, "lead") != NULL ? "lead" : "host"), *site = fact_named(fs, "site");
	const struct fact *attacker = fact_named(fs, "attacker");

	if (host == NULL)                /* who is acted on where no machine is named */
		host = fact_named(fs, "user");
	b->object_lane = host != NULL ? host->text : NULL;
	if (behaviour->response) {
		b->actor_lane = LANE_RESPONSE;
		if (site != NULL)
			b->object_lane = site->text;
	} else if (attacker != NULL) {
		b->actor_lane = attacker->text;
	} else {
		b->actor_lane = b->object_lane;
		b->object_lane = site != NULL ? site->text : NULL;
	}
}

/* After "A sent B a request" nobody knows whether "it" is A or B. */
static bool same_subject(const struct act *act, const struct act *before)
{
	return before != NULL && before->host == act->host && before->machines == 1 && act->host != NO_ENTITY &&
	       !before->behaviour->of_account && !before->behaviour->on_target;
}

/* That nobody else met a site is said once. */
static bool is_new_site(const struct telling *tl, const struct act *act)
{
	for (size_t i = 0; i < tl->acts.count && &tl->acts.list[i] != act; i++)
		if (!tl->acts.list[i].folded && tl->acts.list[i].site == act->site)
			return false;
	return true;
}

/* The same kind of act was told of this machine before. */
static bool is_return(const struct telling *tl, const struct act *act)
{
	for (const struct act *b = tl->acts.list; b < act; b++)
		if (!b->folded && b->host == act->host && b->host != NO_ENTITY && strcmp(b->behaviour->key, act->behaviour->key) == 0)
			return true;
	return false;
}

static void tell_act(struct telling *tl, struct act *act, const struct act *before, size_t index)
{
	struct facts fs = *facts_of_act(tl->t, act);
	struct beat *b = beat_new(tl, PART_STORY, arena_printf(tl->t->arena, "story.%s", act->behaviour->key));

	if (!is_new_site(tl, act))
		fact_drop(&fs, "alone");
	add_opening(&fs, act, before, index);
	/* Every third sentence names the machine again, so that nobody has to look back. */
	if (act->machines > 1)
		fact_text(&fs, "subject", FACT_PHRASE, "ref.machines");
	else if (same_subject(act, before) && index % 3 != 0)
		fact_text(&fs, "subject", FACT_PHRASE, "ref.same");
	else if (act->host != NO_ENTITY)
		fact_text(&fs, "subject", FACT_HOST, entity_shown(tl->t->an->week, act->host));
	else if (fact_named(&fs, "user") != NULL)
		fact_text(&fs, "subject", FACT_PHRASE, "ref.account");
	if (is_return(tl, act))
		fact_number(&fs, "before", FACT_NUMBER, 1);
	fact_number(&fs, "telling", FACT_NUMBER, act->telling);
	if (indicator_hits(tl, act) > 0)
		fact_number(&fs, "matched", FACT_NUMBER, indicator_hits(tl, act));
	beat_facts(b, &fs, tl->t->arena);
	b->certainty = act_certainty(tl, act, &fs);
	b->at = act->first;
	b->until = act->last;
	b->tactic = act->behaviour->tactic;
	b->technique = act->behaviour->technique;
	b->response = act->behaviour->response;
	b->episodes = act->episodes;
	b->episode_count = act->episode_count;
	b->alert_count = act->alert_count;
	b->evidence = ++tl->evidence;
	set_lanes(b, &fs, act->behaviour);
}

/* What got no sentence of its own is still counted and cited. */
static void tell_rest(struct telling *tl)
{
	uint32_t *episodes = ARENA_ARRAY(tl->t->arena, uint32_t, tl->incident->episode_count + 1);
	struct facts fs = { 0 };
	size_t n = 0;
	uint64_t alerts = 0;
	struct beat *b;

	for (size_t i = 0; i < tl->acts.count; i++) {
		const struct act *act = &tl->acts.list[i];

		if (!act->folded)
			continue;
		memcpy(episodes + n, act->episodes, act->episode_count * sizeof(*episodes));
		n += act->episode_count;
		alerts += act->alert_count;
	}
	if (n == 0)
		return;
	fact_number(&fs, "count", FACT_NUMBER, (int64_t)alerts);
	b = beat_new(tl, PART_STORY, "story.rest");
	beat_facts(b, &fs, tl->t->arena);
	b->episodes = episodes;
	b->episode_count = n;
	b->alert_count = alerts;
	b->evidence = ++tl->evidence;
}

static void tell_story(struct telling *tl)
{
	const struct act *before = NULL;
	size_t index = 0;

	for (size_t i = 0; i < tl->acts.count; i++) {
		if (tl->acts.list[i].folded)
			continue;
		tell_act(tl, &tl->acts.list[i], before, index++);
		before = &tl->acts.list[i];
	}
	tell_rest(tl);
}

/* Advice names the machine and says since when: the first episode, and the first of the main machine. */
static size_t add_anchors(const struct telling *tl, uint32_t *episodes)
{
	const struct incident *in = tl->incident;
	const struct analysis *an = tl->t->an;
	size_t n = 0;

	episodes[n++] = in->episodes[0];
	for (uint32_t i = 0; i < in->episode_count && in->host_count > 0; i++) {
		uint32_t host = an->episodes[in->episodes[i]].host;

		if (host != NO_ENTITY && (host == in->hosts[0] || an->machine[host] == an->machine[in->hosts[0]])) {
			episodes[n++] = in->episodes[i];
			break;
		}
	}
	return n;
}

/* What a saying rests on: the acts of the kinds it asks for, else the incident as a whole. A title sums all of it
 * up. */
static void prove(const struct telling *tl, const struct saying *s, struct beat *b)
{
	uint32_t *episodes = ARENA_ARRAY(tl->t->arena, uint32_t, tl->incident->episode_count + 3);
	size_t n = 0, kept = 0;

	for (size_t i = 0; s->part != PART_TITLE && i < tl->acts.count; i++) {
		const struct act *act = &tl->acts.list[i];

		if (!saying_names(s, act->behaviour->key) && !saying_names(s, act->behaviour->family))
			continue;
		memcpy(episodes + n, act->episodes, act->episode_count * sizeof(*episodes));
		n += act->episode_count;
	}
	if (n > 0 && s->part == PART_ACTION)
		n += add_anchors(tl, episodes + n);
	qsort(episodes, n, sizeof(*episodes), order_u32);
	for (size_t i = 0; i < n; i++)
		if (i == 0 || episodes[i] != episodes[i - 1]) {
			b->alert_count += tl->t->an->episodes[episodes[i]].count;
			episodes[kept++] = episodes[i];
		}
	b->episodes = n > 0 ? episodes : tl->incident->episodes;
	b->episode_count = n > 0 ? kept : tl->incident->episode_count;
	if (n == 0)
		b->alert_count = tl->incident->alert_count;
}

static bool group_is_done(const struct saying *rows, const struct saying *s, const bool *said)
{
	for (const struct saying *r = rows; s->group != NULL && r < s; r++)
		if (said[r - rows] && r->group != NULL && strcmp(r->group, s->group) == 0)
			return true;
	return false;
}

static bool is_on(const struct telling *tl, const struct act *act, uint32_t host)
{
	const struct analysis *an = tl->t->an;
	bool on = act->host != NO_ENTITY && an->machine[act->host] == an->machine[host];

	for (uint32_t i = 0; i < act->episode_count && !on; i++) {
		uint32_t other = an->episodes[act->episodes[i]].host;

		on = other != NO_ENTITY && an->machine[other] == an->machine[host];
	}
	return on;
}

/* As much later is another day, on which it was done again. */
#define ANOTHER_DAY (20 * HOUR)

/* What is said of some acts is said of their day and of their machine: the incident's first, unless none of them is on
 * that. */
static void name_acts(const struct telling *tl, const struct saying *s, struct facts *fs)
{
	const struct incident *in = tl->incident;
	uint32_t host = NO_ENTITY;
	bool on_first = in->host_count == 0;
	instant when = INSTANT_NONE, until = INSTANT_NONE;
	const struct fact *said = fact_named(fs, "host");

	for (size_t i = 0; i < tl->acts.count; i++) {
		const struct act *act = &tl->acts.list[i];

		if (!saying_names(s, act->behaviour->key) && !saying_names(s, act->behaviour->family))
			continue;
		on_first = on_first || is_on(tl, act, in->hosts[0]);
		host = host == NO_ENTITY ? act->host : host;
		when = when == INSTANT_NONE || act->first < when ? act->first : when;
		until = until == INSTANT_NONE || act->first > until ? act->first : until;
	}
	if (!on_first && host != NO_ENTITY && said != NULL)
		fs->list[said - fs->list].text = entity_shown(tl->t->an->week, host);
	fact_number(fs, "when", FACT_TIME, when != INSTANT_NONE ? when : in->first);
	if (when != INSTANT_NONE && until - when >= ANOTHER_DAY)
		fact_number(fs, "until", FACT_TIME, until);
}

static void tell_sayings(struct telling *tl, const struct sayings *sayings, enum part part)
{
	bool *said = ARENA_ARRAY(tl->t->arena, bool, sayings->count + 1);

	for (size_t i = 0; i < sayings->count; i++) {
		const struct saying *s = &sayings->rows[i];
		struct facts fs;
		struct beat *b;

		if (s->part != part || group_is_done(sayings->rows, s, said) || !saying_fits(s, occurs, known, tl))
			continue;
		said[i] = true;
		b = beat_new(tl, part, s->key);
		b->certainty = s->certainty;
		fs = tl->facts;
		name_acts(tl, s, &fs);
		beat_facts(b, &fs, tl->t->arena);
		prove(tl, s, b);
	}
}

/* ---- what is kept of the telling ---- */

static void keep_fact(struct fact *fa, struct arena *a)
{
	const char **items;

	fa->text = arena_dup(a, fa->text);
	if (fa->item_count == 0)
		return;
	items = ARENA_ARRAY(a, const char *, fa->item_count);
	for (size_t i = 0; i < fa->item_count; i++)
		items[i] = arena_dup(a, fa->items[i]);
	fa->items = items;
}

static void keep_beat(struct beat *b, const struct incident *in, struct arena *a)
{
	b->key = arena_dup(a, b->key);
	b->actor_lane = arena_dup(a, b->actor_lane);
	b->object_lane = arena_dup(a, b->object_lane);
	b->facts = arena_copy(a, b->facts, b->fact_count, sizeof(*b->facts));
	for (size_t i = 0; i < b->fact_count; i++)
		keep_fact(&b->facts[i], a);
	if (b->episodes != in->episodes)
		b->episodes = arena_copy(a, b->episodes, b->episode_count, sizeof(*b->episodes));
}

/* Everything is told on scratch paper, which holds each act's facts: many times what the sentences need. */
static struct narrative keep(const struct telling *tl, struct arena *a)
{
	struct beat *beats = arena_copy(a, tl->beats, tl->count, sizeof(*beats));

	for (size_t i = 0; i < tl->count; i++)
		keep_beat(&beats[i], tl->incident, a);
	return (struct narrative){ tl->incident->id, beats, tl->count };
}

/* ---- the whole ---- */

static void tell_incident(struct telling *tl, const struct sayings *sayings, const struct incident *in)
{
	const struct teller *t = tl->t;

	tl->incident = in;
	tl->count = 0;
	tl->evidence = 0;
	acts_of(&tl->acts, t->an, in, t->arena);
	facts_of_incident(&tl->facts, t, in, &tl->acts);
	/* Without a process or a command of the first machine its own records are missing from the case. */
	if (!acquaintance_processes(t->known, in->host_count > 0 ? in->hosts[0] : NO_ENTITY))
		fact_number(&tl->facts, "blind", FACT_NUMBER, 1);
	tell_sayings(tl, sayings, PART_TITLE);
	if (in->rank > 0) {
		tell_story(tl);
		tell_sayings(tl, sayings, PART_MEANING);
		tell_sayings(tl, sayings, PART_BENIGN);
		tell_sayings(tl, sayings, PART_UNKNOWN);
		tell_sayings(tl, sayings, PART_ACTION);
	}
}

struct narrative *tell_nothing(const struct analysis *an, struct arena *a)
{
	struct narrative *told = ARENA_ARRAY(a, struct narrative, an->incident_count + 1);

	for (uint32_t i = 0; i < an->incident_count; i++)
		told[i].incident = an->incidents[i].id;
	return told;
}

void tell(struct narrative *told, const struct analysis *an, uint32_t first, uint32_t end, const struct knowledge *k,
          const struct sayings *s, struct arena *a)
{
	struct arena *known = arena_new(), *scratch = arena_new();
	const struct teller t = { an, k, acquaintance_new(an, known), threats_new(an->week, k, known), scratch };
	struct telling tl = { .t = &t, .room = 32, .beats = must_grow(NULL, 32, sizeof(*tl.beats)) };

	for (uint32_t i = first; i < end; i++) {
		tell_incident(&tl, s, &an->incidents[i]);
		told[i] = keep(&tl, a);
		arena_reset(scratch);
	}
	free(tl.beats);
	arena_free(scratch);
	arena_free(known);
}
