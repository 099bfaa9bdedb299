/* Whom the events are about: a lane a party, from the attacker down to the analyst. */
#include <string.h>

#include "analyst/readers/refang.h"
#include "timeline/attack.h"
#include "timeline/lanes.h"

static uint32_t find_entity(const struct week *w, const char *key)
{
	for (uint32_t i = 0; w != NULL && i < w->entity_count; i++) {
		const struct week_entity *e = &w->entities[i];

		if ((e->value != NULL && strcmp(e->value, key) == 0) || (e->shown != NULL && strcmp(e->shown, key) == 0))
			return i;
	}
	return NO_ENTITY;
}

static uint32_t host_order(const struct incident *in, uint32_t entity)
{
	for (uint32_t i = 0; in != NULL && i < in->host_count; i++)
		if (in->hosts[i] == entity)
			return i;
	return NO_ENTITY;
}

static uint64_t alerts_about(const struct attack *p, uint32_t entity)
{
	const struct incident *in = p->in->incident;
	uint64_t n = 0;

	for (uint32_t i = 0; in != NULL && i < in->episode_count; i++) {
		const struct episode *ep = &p->in->analysis->episodes[in->episodes[i]];

		if (ep->host == entity)
			n += ep->count;
	}
	return n;
}

/* What an outside party is to the incident: the most alarming act that names it, when the chart's words
 * know a role for that. */
static const char *role_in_records(const struct attack *p, uint32_t entity)
{
	const struct incident *in = p->in->incident;
	const struct behaviour *best = NULL;

	for (uint32_t i = 0; in != NULL && i < in->episode_count && entity != NO_ENTITY; i++) {
		const struct episode *e = &p->in->analysis->episodes[in->episodes[i]];
		const struct behaviour *b = p->in->analysis->week->rules[e->rule].behaviour;

		if (b->response || (best != NULL && b->weight <= best->weight))
			continue;
		for (uint32_t j = 0; j < e->member_count; j++)
			if (e->members[j].entity == entity)
				best = b;
	}
	return best == NULL ? NULL : words_find(p->in->words, p->arena, "lane.role.story.", best->key);
}

static void name_lane(struct attack *p, struct attack_lane *l, const struct attack_event *e, bool acts)
{
	const struct chart_words *w = p->in->words;
	const struct week *week = p->in->analysis->week;
	bool known = l->entity != NO_ENTITY;
	uint32_t order = known ? host_order(p->in->incident, l->entity) : NO_ENTITY;
	const char *role = acts ? NULL : words_find(w, p->arena, "lane.role.", e->beat->key);
	uint64_t alerts = 0;

	if (role == NULL && !acts)
		role = role_in_records(p, l->entity);
	l->under_face = FACE_MONO;
	if (order != NO_ENTITY || (known && week->entities[l->entity].internal) || ip_is_internal(l->key)) {
		l->class = PARTY_HOST;
		l->title = name_unlinked(p->arena, l->key);
		l->under_face = FACE_REGULAR;
		if (known && (alerts = alerts_about(p, l->entity)) > 0)
			l->under = words_counted(w, p->arena, "alerts", alerts);
		if (order != NO_ENTITY)
			l->order = order;
		else
			l->order += 1000;        /* machines that are no victims come after them */
		return;
	}
	l->class = acts ? PARTY_ATTACKER : PARTY_OUTSIDE;
	l->title = role != NULL ? role : words_get(w, acts ? "lane.attacker" : "lane.outside");
	l->under = name_defanged(p->arena, l->key);
}

static uint32_t lane_of(struct attack *p, const char *key, const struct attack_event *e, bool acts)
{
	struct attack_lane *l;

	for (uint32_t i = 0; i < p->lane_count; i++)
		if (strcmp(p->lanes[i].key, key) == 0)
			return i;
	l = &p->lanes[p->lane_count];
	*l = (struct attack_lane){ .key = key, .under = "", .order = p->lane_count, .members = 1,
	                    .entity = find_entity(p->in->analysis->week, key) };
	name_lane(p, l, e, acts);
	return p->lane_count++;
}

/* All defenders' acts share one lane, named by what acted when the story says so. */
static uint32_t special_lane(struct attack *p, enum party class, const char *key, const char *who)
{
	struct attack_lane *l;

	for (uint32_t i = 0; i < p->lane_count; i++)
		if (p->lanes[i].class == class)
			return i;
	l = &p->lanes[p->lane_count];
	*l = (struct attack_lane){ .class = class, .key = key, .title = words_get(p->in->words, key), .members = 1,
	                    .under = who != NULL ? who : "", .under_face = FACE_REGULAR, .entity = NO_ENTITY };
	return p->lane_count++;
}

static const char *named(const char *actor)
{
	return actor != NULL && strcmp(actor, LANE_RESPONSE) != 0 ? actor : NULL;
}

/* Where a beat that names nobody is drawn: on the machine the incident is about. */
static const char *main_host(const struct attack *p)
{
	const struct incident *in = p->in->incident;
	const struct week_entity *e;

	if (in == NULL || in->host_count == 0)
		return words_get(p->in->words, "lane.unknown");
	e = &p->in->analysis->week->entities[in->hosts[0]];
	return e->shown != NULL ? e->shown : e->value;
}

void attack_find_lanes(struct attack *p)
{
	p->lanes = ARENA_ARRAY(p->arena, struct attack_lane, 2 * p->shown_count + 2);
	for (size_t i = 0; i < p->shown_count; i++) {
		struct attack_event *e = p->shown[i];
		const char *actor = e->beat->actor_lane, *object = e->beat->object_lane;

		if (e->side == SIDE_RESPONSE)
			e->actor = special_lane(p, PARTY_RESPONSE, "lane.response", named(actor));
		else if (e->side == SIDE_ANALYST)
			e->actor = special_lane(p, PARTY_ANALYST, "lane.analyst", named(actor));
		else if (actor != NULL)
			e->actor = lane_of(p, actor, e, true);
		if (object != NULL && (actor == NULL || e->side != SIDE_ATTACK || strcmp(actor, object) != 0))
			e->object = lane_of(p, object, e, false);
		if (e->actor == NO_LANE) {
			e->actor = e->object != NO_LANE ? e->object : lane_of(p, main_host(p), e, false);
			e->object = NO_LANE;
		}
	}
}

static bool lane_before(const struct attack_lane *a, const struct attack_lane *b)
{
	return a->class != b->class ? a->class < b->class : a->order < b->order;
}

static const char *others(const struct attack *p, enum party class, uint32_t n)
{
	static const char *const keys[] = { "chart.others.attackers", "chart.others.hosts", "chart.others.outside" };

	return words_fill(p->in->words, p->arena, class <= PARTY_OUTSIDE ? keys[class] : "chart.others.outside",
	                  "count", words_number(p->arena, n), (char *)NULL);
}

/* Sorted lanes become rows; the tail of a class that has too many shares its last row. */
void attack_group_lanes(struct attack *p, size_t most)
{
	size_t counts[PARTIES] = {0}, give[PARTIES], used[PARTIES] = {0};
	uint32_t *sorted = ARENA_ARRAY(p->arena, uint32_t, p->lane_count + 1);

	for (uint32_t i = 0; i < p->lane_count; i++) {
		uint32_t at = i;

		counts[p->lanes[i].class]++;
		for (; at > 0 && lane_before(&p->lanes[i], &p->lanes[sorted[at - 1]]); at--)
			sorted[at] = sorted[at - 1];
		sorted[at] = i;
	}
	lanes_limit(counts, give, PARTIES, most);
	p->rows = ARENA_ARRAY(p->arena, struct attack_lane, p->lane_count + 1);
	for (uint32_t i = 0; i < p->lane_count; i++) {
		struct attack_lane *l = &p->lanes[sorted[i]], *row;

		if (used[l->class] < give[l->class]) {
			l->drawn_as = p->row_count;
			p->rows[p->row_count++] = *l;
			used[l->class]++;
			continue;
		}
		row = &p->rows[p->row_count - 1];
		l->drawn_as = p->row_count - 1;
		row->members++;
		row->title = others(p, l->class, row->members);
		row->under = "";
	}
	for (size_t i = 0; i < p->shown_count; i++) {
		struct attack_event *e = p->shown[i];

		e->actor = p->lanes[e->actor].drawn_as;
		e->object = e->object != NO_LANE ? p->lanes[e->object].drawn_as : NO_LANE;
		if (e->object == e->actor)
			e->object = NO_LANE;
	}
}
