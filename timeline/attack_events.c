/* Which events of a story the attack timeline has room for, and the acts of defenders that the story leaves out. */
#include <string.h>

#include "timeline/attack.h"
#include "timeline/palette.h"

#include "analyst/readers/refang.h"

#define EVENTS_MOST 14
#define RESPONSES_FIRST 4            /* get a column before the rest of the attack does */
#define RESPONSES_MOST 24            /* taken from the records, one a target */

static enum chart_side side_of(const struct beat *b)
{
	if (b->response)
		return SIDE_RESPONSE;
	return b->key != NULL && strncmp(b->key, "story.analyst", 13) == 0 ? SIDE_ANALYST : SIDE_ATTACK;
}

static void insert(struct attack *p, const struct beat *b, uint32_t index, const char *label)
{
	static const colour inks[] = { ATTACKER, RESPONSE, HUMAN };
	enum chart_side side = side_of(b);
	size_t at = p->all_count++;

	/* Insertion keeps beats of one instant in the order they are told. */
	for (; at > 0 && p->all[at - 1].beat->at > b->at; at--)
		p->all[at] = p->all[at - 1];
	p->all[at] = (struct attack_event){ .beat = b, .index = index, .label = label, .side = side, .actor = NO_LANE,
	                             .object = NO_LANE, .ink = inks[side] };
}

/* What a defender's act was directed at: an outside name before an address, else the machine. */
static const char *response_target(const struct attack *p, const struct episode *e)
{
	const struct week *w = p->in->analysis->week;
	uint32_t found = e->host;

	for (uint32_t i = 0; i < e->member_count; i++) {
		const struct week_entity *en = &w->entities[e->members[i].entity];

		if (en->internal || (en->kind != ENTITY_DOMAIN && en->kind != ENTITY_IP))
			continue;
		found = e->members[i].entity;
		if (en->kind == ENTITY_DOMAIN)
			break;
	}
	return found == NO_ENTITY ? NULL : w->entities[found].shown;
}

static bool target_is_new(const struct attack *p, const char *target)
{
	for (size_t i = 0; i < p->all_count; i++) {
		const struct beat *b = p->all[i].beat;

		if (b->response && (target == NULL || (b->object_lane != NULL && strcmp(b->object_lane, target) == 0)))
			return false;
	}
	return true;
}

static bool is_told(const struct attack *p, uint32_t episode)
{
	for (size_t i = 0; i < p->all_count; i++)
		for (size_t j = 0; j < p->all[i].beat->episode_count; j++)
			if (p->all[i].beat->episodes[j] == episode)
				return true;
	return false;
}

/* A story short of room tells the attack and leaves the defence out; the picture needs both sides. The
 * first act on each target that the story does not tell of is taken from the records themselves. */
static void add_responses(struct attack *p)
{
	const struct incident *in = p->in->incident;
	size_t added = 0;

	for (uint32_t i = 0; in != NULL && i < in->episode_count && added < RESPONSES_MOST; i++) {
		const struct episode *e = &p->in->analysis->episodes[in->episodes[i]];
		const struct week_rule *r = &p->in->analysis->week->rules[e->rule];
		const char *target = r->behaviour->response ? response_target(p, e) : NULL;
		struct beat *b;

		if (!r->behaviour->response || is_told(p, in->episodes[i]) || !target_is_new(p, target))
			continue;
		b = arena_alloc(p->arena, sizeof(*b));
		*b = (struct beat){ .part = PART_STORY, .key = "story.response", .at = e->first, .until = e->last,
		                    .tactic = -1, .actor_lane = LANE_RESPONSE, .object_lane = target, .response = 1,
		                    .episodes = &in->episodes[i], .episode_count = 1, .alert_count = e->count };
		insert(p, b, NO_BEAT, prose_defanged(p->arena, r->rule.name));
		added++;
	}
}

void attack_collect(struct attack *p)
{
	const struct narrative *n = p->in->story;
	size_t beats = n != NULL ? n->beat_count : 0;

	p->all = ARENA_ARRAY(p->arena, struct attack_event, beats + RESPONSES_MOST + 1);
	for (size_t i = 0; i < beats; i++)
		if (n->beats[i].part == PART_STORY && n->beats[i].at != INSTANT_NONE)
			insert(p, &n->beats[i], (uint32_t)i, NULL);
	if (p->all_count > 0)
		add_responses(p);
}

static bool take(struct attack *p, size_t i, size_t most)
{
	if (p->shown_count < most && !p->all[i].shown) {
		p->all[i].shown = true;
		p->shown_count++;
	}
	return p->shown_count < most;
}

static bool tactic_before(const struct attack *p, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (p->all[j].beat->tactic == p->all[i].beat->tactic)
			return true;
	return false;
}

static bool tactic_after(const struct attack *p, size_t i)
{
	for (size_t j = i + 1; j < p->all_count; j++)
		if (p->all[j].beat->tactic == p->all[i].beat->tactic)
			return true;
	return false;
}

/* The ends of the story, then how each tactic began, the answers to it, how it ended, what still fits. */
void attack_choose(struct attack *p)
{
	double room = (p->in->width - LABEL_LEAST) / COLUMN_LEAST;
	size_t most = room < 1 ? 1 : room < EVENTS_MOST ? (size_t)room : EVENTS_MOST, n = 0;

	if (p->all_count > 0) {
		take(p, 0, most);
		take(p, p->all_count - 1, most);
	}
	for (size_t i = 0; i < p->all_count; i++)
		if (p->all[i].beat->tactic >= 0 && !tactic_before(p, i))
			take(p, i, most);
	for (size_t i = 0, answers = 0; i < p->all_count && answers < RESPONSES_FIRST; i++)
		if (p->all[i].side != SIDE_ATTACK) {
			take(p, i, most);
			answers++;
		}
	for (size_t i = 0; i < p->all_count; i++)
		if (p->all[i].beat->tactic >= 0 && !tactic_after(p, i))
			take(p, i, most);
	for (size_t i = 0; i < p->all_count; i++)
		take(p, i, most);
	p->shown = ARENA_ARRAY(p->arena, struct attack_event *, p->shown_count + 1);
	for (size_t i = 0; i < p->all_count; i++)
		if (p->all[i].shown)
			p->shown[n++] = &p->all[i];
}

bool attack_has_end(const struct beat *b)
{
	return b->until != INSTANT_NONE && b->until > b->at;
}

static instant last_moment(const struct beat *b)
{
	return attack_has_end(b) ? b->until : b->at;
}

void attack_report(const struct attack *p, struct chart_finding *found)
{
	struct chart_event *events = ARENA_ARRAY(p->arena, struct chart_event, p->shown_count + 1);

	memset(found, 0, sizeof(*found));
	for (size_t i = 0; i < p->shown_count; i++)
		events[i] = (struct chart_event){ (unsigned)i + 1, p->shown[i]->index, p->shown[i]->label,
		                                  p->shown[i]->side, p->shown[i]->beat->at };
	found->end = INSTANT_NONE;
	for (size_t i = 0; i < p->all_count; i++)
		if (p->all[i].side == SIDE_ATTACK && last_moment(p->all[i].beat) > found->end)
			found->end = last_moment(p->all[i].beat);
	for (size_t i = 0; i < p->all_count; i++) {
		found->steps[p->all[i].side]++;
		found->unsaid += p->all[i].index == NO_BEAT;
	}
	for (size_t i = 0; i < p->shown_count; i++)
		found->bars += p->shown[i]->side == SIDE_RESPONSE && attack_has_end(p->shown[i]->beat);
	found->events = events;
	found->event_count = p->shown_count;
	found->hidden = p->all_count - p->shown_count;
	found->first = p->all_count > 0 ? p->all[0].beat->at : INSTANT_NONE;
	found->last = p->all_count > 0 ? p->all[p->all_count - 1].beat->at : INSTANT_NONE;
}
