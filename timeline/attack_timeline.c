/* Who did what to whom, in which order: lanes are parties, columns are the story's beats in time order.
 * Columns are equally wide, so that seconds and hours stand side by side; the ruler on top is true time,
 * and a leader joins each column to its moment. */
#include <math.h>
#include <string.h>

#include "analyst/base/text.h"
#include "timeline/axis.h"
#include "timeline/charts.h"
#include "timeline/lanes.h"
#include "timeline/marks.h"
#include "timeline/palette.h"

#define EVENTS_MOST 14
#define RESPONSES_FIRST 4            /* get a column before the rest of the attack does */
#define RESPONSES_MOST 24            /* taken from the records, one a target */
#define COLUMN_LEAST 31.0            /* "09:12:04" at 6.8 points and a gap */
#define LABEL_WIDTH 132.0
#define LABEL_LEAST 110.0
#define LANE_LEAST 24.0
#define LANE_HEIGHT 26.0
#define LANE_HIGHEST 34.0
#define LANES_MOST 12
#define RULER_Y 14.0
#define GAP_MARK 12.0                /* room for "+n" under the lanes */
#define NO_LANE UINT32_MAX

/* From top to bottom. */
enum party { PARTY_ATTACKER, PARTY_HOST, PARTY_OUTSIDE, PARTY_RESPONSE, PARTY_ANALYST, PARTIES };

struct lane {
	enum party class;
	const char *key;             /* as the beats name it */
	const char *title, *under;
	enum face under_face;
	uint32_t entity;             /* or NO_ENTITY */
	uint32_t order;              /* inside its class */
	uint32_t members;            /* parties it stands for; 1 but for "+n others" */
	uint32_t drawn_as;           /* its place after sorting and grouping */
	double y;                    /* centre */
};

struct event {
	const struct beat *beat;
	uint32_t index;              /* of the beat, or NO_BEAT */
	const char *label;           /* of an event without a beat */
	enum chart_side side;
	bool shown;
	uint32_t actor, object;      /* lanes, or NO_LANE */
	double x;
	colour ink;
};

struct plan {
	const struct chart_input *in;
	struct arena *arena;
	struct scene *sc;
	struct event *all;           /* every story beat that has a time, in time order */
	size_t all_count;
	struct event **shown;
	size_t shown_count;
	struct lane *lanes;          /* as met, then as drawn */
	uint32_t lane_count;
	struct lane *rows;
	uint32_t row_count;
	struct axis ruler;
	double plot_x, column, times_y, tactics_y, top, lane_height, bottom;
	bool many_days;
};

/* ---- which events ---- */

static enum chart_side side_of(const struct beat *b)
{
	if (b->response)
		return SIDE_RESPONSE;
	return b->key != NULL && strncmp(b->key, "story.analyst", 13) == 0 ? SIDE_ANALYST : SIDE_ATTACK;
}

static void insert(struct plan *p, const struct beat *b, uint32_t index, const char *label)
{
	static const colour inks[] = { ATTACKER, RESPONSE, HUMAN };
	enum chart_side side = side_of(b);
	size_t at = p->all_count++;

	/* Insertion keeps beats of one instant in the order they are told. */
	for (; at > 0 && p->all[at - 1].beat->at > b->at; at--)
		p->all[at] = p->all[at - 1];
	p->all[at] = (struct event){ .beat = b, .index = index, .label = label, .side = side, .actor = NO_LANE,
	                             .object = NO_LANE, .ink = inks[side] };
}

/* What a defender's act was directed at: an outside name before an address, else the machine. */
static const char *response_target(const struct plan *p, const struct episode *e)
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

static bool target_is_new(const struct plan *p, const char *target)
{
	for (size_t i = 0; i < p->all_count; i++) {
		const struct beat *b = p->all[i].beat;

		if (b->response && (target == NULL || (b->object_lane != NULL && strcmp(b->object_lane, target) == 0)))
			return false;
	}
	return true;
}

static bool is_told(const struct plan *p, uint32_t episode)
{
	for (size_t i = 0; i < p->all_count; i++)
		for (size_t j = 0; j < p->all[i].beat->episode_count; j++)
			if (p->all[i].beat->episodes[j] == episode)
				return true;
	return false;
}

/* A story short of room tells the attack and leaves the defence out; the picture needs both sides. The
 * first act on each target that the story does not tell of is taken from the records themselves. */
static void add_responses(struct plan *p)
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
		insert(p, b, NO_BEAT, r->rule.name);
		added++;
	}
}

static void collect(struct plan *p)
{
	const struct narrative *n = p->in->story;
	size_t beats = n != NULL ? n->beat_count : 0;

	p->all = ARENA_ARRAY(p->arena, struct event, beats + RESPONSES_MOST + 1);
	for (size_t i = 0; i < beats; i++)
		if (n->beats[i].part == PART_STORY && n->beats[i].at != INSTANT_NONE)
			insert(p, &n->beats[i], (uint32_t)i, NULL);
	if (p->all_count > 0)
		add_responses(p);
}

static bool take(struct plan *p, size_t i, size_t most)
{
	if (p->shown_count < most && !p->all[i].shown) {
		p->all[i].shown = true;
		p->shown_count++;
	}
	return p->shown_count < most;
}

static bool tactic_before(const struct plan *p, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (p->all[j].beat->tactic == p->all[i].beat->tactic)
			return true;
	return false;
}

static bool tactic_after(const struct plan *p, size_t i)
{
	for (size_t j = i + 1; j < p->all_count; j++)
		if (p->all[j].beat->tactic == p->all[i].beat->tactic)
			return true;
	return false;
}

/* The ends of the story, then how each tactic began, the answers to it, how it ended, what still fits. */
static void choose(struct plan *p)
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
	p->shown = ARENA_ARRAY(p->arena, struct event *, p->shown_count + 1);
	for (size_t i = 0; i < p->all_count; i++)
		if (p->all[i].shown)
			p->shown[n++] = &p->all[i];
}

static bool has_end(const struct beat *b)
{
	return b->until != INSTANT_NONE && b->until > b->at;
}

static instant last_moment(const struct beat *b)
{
	return has_end(b) ? b->until : b->at;
}

static void report(const struct plan *p, struct chart_finding *found)
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
		found->bars += p->shown[i]->side == SIDE_RESPONSE && has_end(p->shown[i]->beat);
	found->events = events;
	found->event_count = p->shown_count;
	found->hidden = p->all_count - p->shown_count;
	found->first = p->all_count > 0 ? p->all[0].beat->at : INSTANT_NONE;
	found->last = p->all_count > 0 ? p->all[p->all_count - 1].beat->at : INSTANT_NONE;
}

/* ---- which lanes ---- */

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

static const char *defanged(struct arena *a, const char *s)
{
	struct text t = {0};
	const char *out;

	text_add_defanged(&t, s);
	out = arena_dup(a, text_str(&t));
	text_free(&t);
	return out;
}

static uint64_t alerts_about(const struct plan *p, uint32_t entity)
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
static const char *role_in_records(const struct plan *p, uint32_t entity)
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

static void name_lane(struct plan *p, struct lane *l, const struct event *e, bool acts)
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
		l->title = l->key;
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
	l->under = defanged(p->arena, l->key);
}

static uint32_t lane_of(struct plan *p, const char *key, const struct event *e, bool acts)
{
	struct lane *l;

	for (uint32_t i = 0; i < p->lane_count; i++)
		if (strcmp(p->lanes[i].key, key) == 0)
			return i;
	l = &p->lanes[p->lane_count];
	*l = (struct lane){ .key = key, .under = "", .order = p->lane_count, .members = 1,
	                    .entity = find_entity(p->in->analysis->week, key) };
	name_lane(p, l, e, acts);
	return p->lane_count++;
}

/* All defenders' acts share one lane, named by what acted when the story says so. */
static uint32_t special_lane(struct plan *p, enum party class, const char *key, const char *who)
{
	struct lane *l;

	for (uint32_t i = 0; i < p->lane_count; i++)
		if (p->lanes[i].class == class)
			return i;
	l = &p->lanes[p->lane_count];
	*l = (struct lane){ .class = class, .key = key, .title = words_get(p->in->words, key), .members = 1,
	                    .under = who != NULL ? who : "", .under_face = FACE_REGULAR, .entity = NO_ENTITY };
	return p->lane_count++;
}

static const char *named(const char *actor)
{
	return actor != NULL && strcmp(actor, LANE_RESPONSE) != 0 ? actor : NULL;
}

/* Where a beat that names nobody is drawn: on the machine the incident is about. */
static const char *main_host(const struct plan *p)
{
	const struct incident *in = p->in->incident;
	const struct week_entity *e;

	if (in == NULL || in->host_count == 0)
		return words_get(p->in->words, "lane.unknown");
	e = &p->in->analysis->week->entities[in->hosts[0]];
	return e->shown != NULL ? e->shown : e->value;
}

static void find_lanes(struct plan *p)
{
	p->lanes = ARENA_ARRAY(p->arena, struct lane, 2 * p->shown_count + 2);
	for (size_t i = 0; i < p->shown_count; i++) {
		struct event *e = p->shown[i];
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

static bool lane_before(const struct lane *a, const struct lane *b)
{
	return a->class != b->class ? a->class < b->class : a->order < b->order;
}

static const char *others(const struct plan *p, enum party class, uint32_t n)
{
	static const char *const keys[] = { "chart.others.attackers", "chart.others.hosts", "chart.others.outside" };

	return words_fill(p->in->words, p->arena, class <= PARTY_OUTSIDE ? keys[class] : "chart.others.outside",
	                  "count", words_number(p->arena, n), (char *)NULL);
}

/* Sorted lanes become rows; the tail of a class that has too many shares its last row. */
static void group_lanes(struct plan *p, size_t most)
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
	p->rows = ARENA_ARRAY(p->arena, struct lane, p->lane_count + 1);
	for (uint32_t i = 0; i < p->lane_count; i++) {
		struct lane *l = &p->lanes[sorted[i]], *row;

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
		struct event *e = p->shown[i];

		e->actor = p->lanes[e->actor].drawn_as;
		e->object = e->object != NO_LANE ? p->lanes[e->object].drawn_as : NO_LANE;
		if (e->object == e->actor)
			e->object = NO_LANE;
	}
}

/* ---- where everything stands ---- */

static void place(struct plan *p, const struct chart_finding *found)
{
	double width = p->in->width, height, room;

	p->many_days = found->first != INSTANT_NONE &&
	               axis_midnight(found->first, p->in->zone) != axis_midnight(found->last, p->in->zone);
	p->times_y = p->many_days ? 59 : 51;
	p->tactics_y = p->times_y + 23;
	p->top = p->tactics_y + 3;
	p->bottom = found->hidden > 0 ? GAP_MARK : 1;
	room = p->in->height - p->top - p->bottom;
	group_lanes(p, p->in->height > 0 ? (size_t)fmin(fmax(room / LANE_LEAST, PARTIES), 64) : LANES_MOST);
	p->lane_height = LANE_HEIGHT;
	if (p->in->height > 0 && p->row_count > 0)
		p->lane_height = fmin(fmax(room / p->row_count, LANE_LEAST), LANE_HIGHEST);
	p->plot_x = fmax(fmin(LABEL_WIDTH, width - (double)p->shown_count * COLUMN_LEAST), fmin(LABEL_LEAST, width / 3));
	p->column = (width - p->plot_x) / (double)(p->shown_count > 0 ? p->shown_count : 1);
	height = p->top + p->lane_height * (p->row_count > 0 ? p->row_count : 1) + p->bottom;
	p->sc = scene_new(p->arena, width, height);
	for (uint32_t i = 0; i < p->row_count; i++)
		p->rows[i].y = p->top + p->lane_height * (i + 0.5);
	for (size_t i = 0; i < p->shown_count; i++)
		p->shown[i]->x = p->plot_x + p->column * ((double)i + 0.5);
	if (p->shown_count > 0)
		axis_time(&p->ruler, found->first, found->last, p->plot_x, width - p->plot_x, p->in->zone,
		          p->in->words, p->in->measure, p->arena);
}

/* ---- what is drawn ---- */

static const char *fit(const struct plan *p, const char *s, double size, enum face face, double room)
{
	return measure_fit(p->in->measure, p->arena, s, size, face, room);
}

static void draw_rows(const struct plan *p)
{
	double width = scene_width(p->sc), room = p->plot_x - 10;

	for (uint32_t i = 0; i < p->row_count; i++) {
		const struct lane *l = &p->rows[i];
		bool first_host = l->class == PARTY_HOST && (i == 0 || p->rows[i - 1].class != PARTY_HOST);
		bool under = l->under[0] != '\0';
		colour ink = l->class == PARTY_RESPONSE ? RESPONSE : INK;

		scene_note(p->sc, arena_printf(p->arena, "lane: %s %s", l->title, l->under), NULL, 0);
		if (l->class == PARTY_RESPONSE || first_host)
			scene_rect(p->sc, 0, l->y - p->lane_height / 2, width, p->lane_height, 0,
			           l->class == PARTY_RESPONSE ? RESPONSE_TINT : TINT, NO_COLOUR, 0);
		scene_line(p->sc, 0, l->y - p->lane_height / 2, width, l->y - p->lane_height / 2, 0.5, HAIRLINE, DASH_NONE);
		scene_text(p->sc, 4, under ? l->y - 1 : l->y + 3, 8, FACE_SEMIBOLD, ALIGN_LEFT, ink,
		           fit(p, l->title, 8, FACE_SEMIBOLD, room));
		if (under)
			scene_text(p->sc, 4, l->y + 7.6, 6.4, l->under_face, ALIGN_LEFT,
			           l->class == PARTY_RESPONSE ? RESPONSE : INK_2, fit(p, l->under, 6.4, l->under_face, room));
	}
	scene_line(p->sc, 0, p->top + p->lane_height * p->row_count, width, p->top + p->lane_height * p->row_count,
	           0.5, HAIRLINE, DASH_NONE);
}

static void draw_ruler(const struct plan *p)
{
	const struct axis *ax = &p->ruler;
	double end = ax->x + ax->width;
	struct civil c = civil_from(ax->first, p->in->zone);

	scene_note(p->sc, "ruler: true time", NULL, 0);
	scene_text(p->sc, 4, RULER_Y + 2, AXIS_TYPE, FACE_REGULAR, ALIGN_LEFT, MUTE,
	           fit(p, words_fill(p->in->words, p->arena, "chart.truetime", "zone", c.abbreviation, (char *)NULL),
	               AXIS_TYPE, FACE_REGULAR, p->plot_x - 22));
	scene_line(p->sc, ax->x, RULER_Y, end, RULER_Y, 0.7, MUTE, DASH_NONE);
	for (size_t i = 0; i < ax->tick_count; i++) {
		const struct tick *t = &ax->ticks[i];
		bool last = i + 1 == ax->tick_count;

		scene_line(p->sc, t->x, RULER_Y, t->x, RULER_Y + 3.5, 0.7, MUTE, DASH_NONE);
		scene_text(p->sc, last ? end : t->x, RULER_Y - 5, AXIS_TYPE, FACE_REGULAR,
		           last ? ALIGN_RIGHT : ALIGN_CENTRE, INK_2, t->label);
	}
}

/* Dot on the ruler, down, across to the column, down to its time. Both orders are by time, so that
 * leaders never cross. */
static void draw_leader(const struct plan *p, const struct event *e)
{
	double from = axis_x(&p->ruler, e->beat->at), elbow = p->times_y - (p->many_days ? 22 : 14);
	const double xy[] = { from, RULER_Y, from, RULER_Y + 7, e->x, elbow, e->x, elbow + 5 };
	colour thin = e->side == SIDE_ATTACK ? 0xE3A284 : e->side == SIDE_RESPONSE ? 0x7FBCAC : 0x8592A2;

	scene_polyline(p->sc, xy, 4, 0.6, thin, DASH_NONE);
	scene_disc(p->sc, from, RULER_Y, 1.7, e->ink, NO_COLOUR, 0);
}

static void draw_times(const struct plan *p)
{
	instant day = INSTANT_NONE;

	for (size_t i = 0; i < p->shown_count; i++) {
		const struct event *e = p->shown[i];
		instant midnight = axis_midnight(e->beat->at, p->in->zone);

		draw_leader(p, e);
		if (p->many_days && midnight != day)
			scene_text(p->sc, e->x, p->times_y - 8, 6.4, FACE_BOLD, ALIGN_CENTRE, INK_2,
			           words_date(p->in->words, p->arena, e->beat->at, p->in->zone));
		day = midnight;
		scene_text(p->sc, e->x, p->times_y, AXIS_TYPE, FACE_SEMIBOLD, ALIGN_CENTRE, e->ink,
		           words_clock(p->arena, e->beat->at, p->in->zone, true));
	}
}

static bool fits(const struct plan *p, const char *s, double size, double room)
{
	return p->in->measure->width(p->in->measure->ctx, s, size, FACE_SEMIBOLD) <= room;
}

/* A tactic's name over its columns: on one line, on two, or in ever shorter forms. */
static void draw_tactic_name(const struct plan *p, int tactic, double x, double room)
{
	static const struct {
		const char *form;
		double size;
	} tries[] = { { "", 6.4 }, { "short.", 6.4 }, { "short.", 5.8 }, { "tiny.", 6.4 }, { "tiny.", 5.8 } };
	const char *name = words_get(p->in->words, arena_printf(p->arena, "tactic.%d", tactic));
	const char *space = strrchr(name, ' ');
	double y = p->tactics_y - 3;
	size_t i = 0;

	if (!fits(p, name, 6.4, room) && space != NULL && fits(p, space + 1, 6.4, room)) {
		const char *head = arena_dupn(p->arena, name, (size_t)(space - name));

		if (fits(p, head, 6.4, room)) {
			scene_text(p->sc, x, y - 7, 6.4, FACE_SEMIBOLD, ALIGN_LEFT, INK_2, head);
			scene_text(p->sc, x, y, 6.4, FACE_SEMIBOLD, ALIGN_LEFT, INK_2, space + 1);
			return;
		}
	}
	for (; i < 5; i++) {
		name = words_get(p->in->words, arena_printf(p->arena, "tactic.%s%d", tries[i].form, tactic));
		if (fits(p, name, tries[i].size, room))
			break;
	}
	if (i == 5)
		i = 4;
	scene_text(p->sc, x, y, tries[i].size, FACE_SEMIBOLD, ALIGN_LEFT, INK_2,
	           fit(p, name, tries[i].size, FACE_SEMIBOLD, room));
}

static bool tactic_known(const struct event *e)
{
	return e->beat->tactic >= 0 && e->beat->tactic < TACTICS;
}

/* Runs of columns with one tactic. A defender's act belongs to the step it answers. */
static void draw_tactics(const struct plan *p)
{
	for (size_t i = 0; i < p->shown_count;) {
		int tactic = -1;
		size_t end = i;
		double x = p->plot_x + p->column * (double)i + 1.5, right;

		for (; end < p->shown_count; end++) {
			if (!tactic_known(p->shown[end]))
				continue;
			if (tactic >= 0 && p->shown[end]->beat->tactic != tactic)
				break;
			tactic = p->shown[end]->beat->tactic;
		}
		right = p->plot_x + p->column * (double)end - 1.5;
		i = end;
		if (tactic < 0)
			break;
		scene_note(p->sc, arena_printf(p->arena, "tactic %d", tactic), NULL, 0);
		draw_tactic_name(p, tactic, x, right - x);
		scene_line(p->sc, x, p->tactics_y, right, p->tactics_y, 0.7, INK_2, DASH_NONE);
	}
}

/* Where a moment falls between the columns. */
static double column_x(const struct plan *p, instant t)
{
	for (size_t i = 0; i + 1 < p->shown_count; i++) {
		const struct event *a = p->shown[i], *b = p->shown[i + 1];

		if (t < b->beat->at)
			return a->x + (b->x - a->x) * ((double)(t - a->beat->at) / (double)(b->beat->at - a->beat->at));
	}
	return scene_width(p->sc);
}

static bool marks_follow(const struct plan *p, size_t i, uint32_t row)
{
	for (size_t j = i + 1; j < p->shown_count; j++)
		if (p->shown[j]->actor == row || p->shown[j]->object == row)
			return true;
	return false;
}

/* A response lasts as long as its record says: to its end, an arrow when that lies beyond the story,
 * nothing when no end is recorded. */
static void draw_bar(const struct plan *p, size_t i)
{
	const struct event *e = p->shown[i];
	uint32_t row = e->object != NO_LANE ? e->object : e->actor;
	bool beyond = e->beat->until >= p->shown[p->shown_count - 1]->beat->at;
	double x = e->x + (e->object != NO_LANE ? 1.2 : DISC_RADIUS + 2), y = p->rows[row].y, end;

	if (marks_follow(p, i, row))
		y += p->lane_height / 2 - 5;
	if (e->object != NO_LANE)
		scene_line(p->sc, e->x, y - 4.6, e->x, y + 4.6, 1.3, RESPONSE, DASH_NONE);
	if (!has_end(e->beat))
		return;
	end = beyond ? scene_width(p->sc) - 5 : column_x(p, e->beat->until);
	if (end < x + 2)
		end = x + 2;
	scene_rect(p->sc, x, y - 2.2, end - x, 4.4, 0, RESPONSE_BAR, NO_COLOUR, 0);
	if (beyond) {
		const double head[] = { end, y - 4, end + 5, y, end, y + 4 };

		scene_polygon(p->sc, head, 3, RESPONSE_BAR, NO_COLOUR, 0);
	}
}

static void draw_event(const struct plan *p, size_t i)
{
	const struct event *e = p->shown[i];
	double from = p->rows[e->actor].y, to;
	const char *const *labels = p->in->beat_labels;
	const char *label = e->label != NULL ? e->label :
	                    labels != NULL && labels[e->index] != NULL ? labels[e->index] : e->beat->key;
	size_t keys;
	const uint64_t *proof = chart_proof(p->in, e->beat->episodes, e->beat->episode_count, &keys);

	scene_note(p->sc, arena_printf(p->arena, "%zu %s %s", i + 1,
	                               words_clock(p->arena, e->beat->at, p->in->zone, true), label), proof, keys);
	if (e->side == SIDE_RESPONSE)
		draw_bar(p, i);
	if (e->object != NO_LANE) {
		double down;

		to = p->rows[e->object].y;
		down = to > from ? 1 : -1;
		if (e->side == SIDE_RESPONSE) {
			scene_line(p->sc, e->x, from, e->x, to + (marks_follow(p, i, e->object) ? p->lane_height / 2 - 5 : 0)
			           + (down < 0 ? 5 : -5), 1.15, RESPONSE, DASH_SHORT);
		} else {
			scene_disc(p->sc, e->x, to, 2, e->ink, NO_COLOUR, 0);
			mark_arrow(p->sc, e->x, from, to - down * 3.4, e->ink, DASH_NONE);
		}
	}
	mark_number(p->sc, e->x, from, (unsigned)i + 1, e->ink);
}

/* "+n" between the columns where events were left out. */
static void draw_hidden(const struct plan *p)
{
	double y = p->top + p->lane_height * p->row_count;
	size_t column = 0, missing = 0;

	for (size_t i = 0; i < p->all_count; i++) {
		if (!p->all[i].shown) {
			missing++;
			continue;
		}
		if (missing > 0) {
			double x = p->plot_x + p->column * (double)column;

			scene_note(p->sc, arena_printf(p->arena, "%zu events not drawn here", missing), NULL, 0);
			scene_line(p->sc, x, y - 2.5, x, y + 2.5, 0.8, INK_2, DASH_NONE);
			scene_text(p->sc, x, y + 10, AXIS_TYPE, FACE_SEMIBOLD, ALIGN_CENTRE, INK_2,
			           arena_printf(p->arena, "+%zu", missing));
			missing = 0;
		}
		column++;
	}
}

static struct scene *draw(const struct chart_input *in, struct chart_finding *found)
{
	struct plan p = { .in = in, .arena = in->arena };

	collect(&p);
	choose(&p);
	report(&p, found);
	find_lanes(&p);
	place(&p, found);
	if (p.shown_count == 0) {
		scene_text(p.sc, scene_width(p.sc) / 2, scene_height(p.sc) / 2, 8, FACE_REGULAR, ALIGN_CENTRE, MUTE,
		           words_get(in->words, "chart.noevents"));
		return p.sc;
	}
	draw_rows(&p);
	draw_ruler(&p);
	draw_times(&p);
	draw_tactics(&p);
	for (size_t i = 0; i < p.shown_count; i++)
		draw_event(&p, i);
	draw_hidden(&p);
	return p.sc;
}

const struct chart chart_attack_timeline = {
	.name = "attack-timeline",
	.summary = "who did what to whom: one incident's story in lanes, with the true time on top",
	.of_incident = CHART_OF_INCIDENT,
	.draw = draw,
};
