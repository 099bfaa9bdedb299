/* What was done against the attack, and how fast: a row for each thing defenders acted on, a bar from the first
 * record of the act to the last, the first sign of the attack as a dashed line, and below what else the machines
 * went on reporting. An act is an episode of a rule that is a defender's, or one with records that a product says
 * it blocked or quarantined. Long stretches in which nothing was done are cut out of the time axis. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyst/base/text.h"
#include "timeline/charts.h"
#include "timeline/cut_axis.h"
#include "timeline/palette.h"

#define ROWS_MOST 9                  /* the rest is counted */
#define ROW 25.0
#define LABELS 158.0                 /* points, of the rows' names */
#define HEAD 22.0
#define FOOT 16.0
#define BAR_HEIGHT 8.6
#define KEPT_BINS 40

struct act {
	const char *title, *target, *product;
	instant at, until;
	const uint32_t *episodes;
	size_t episode_count;
	uint64_t records;
	bool machine;                        /* the target is one of ours */
	int64_t reacted;                     /* since the step before it; -1: there is none */
	const struct beat *step;
};

struct plan {
	const struct chart_input *in;
	struct arena *arena;
	struct scene *sc;
	struct chart_finding *found;
	struct act *acts;
	size_t count, shown;
	instant sign;
	struct cut_axis axis;
	const bool *own;                     /* machines of the incident, by entity */
	double x, bottom;                    /* of the plot */
};

/* ---- what was done ---- */

static bool stopped(const struct week *w, const struct episode *e)
{
	for (uint32_t i = 0; i < e->count; i++) {
		uint8_t action = w->marks[e->alerts[i]].action;

		if (action == ACTION_BLOCKED || action == ACTION_QUARANTINED)
			return true;
	}
	return false;
}

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
			p->acts[p->count++] = (struct act){ .product = d->product, .target = name_of(w, d->target), .episodes = &episodes[i],
			                                    .machine = is_machine(w, d->target), .reacted = -1 };
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

/* What was done: connections stopped, a thing put away, or what the product calls it; of "A::B::C" the last part. */
static void name_act(const struct plan *p, struct act *a)
{
	const struct week *w = p->in->analysis->week;
	const struct episode *e = &p->in->analysis->episodes[a->episodes[0]];
	const struct week_rule *r = &w->rules[e->rule];
	const char *part;

	if (quarantined(w, e)) {
		a->title = words_get(p->in->words, "chart.response.quarantined");
	} else if (!a->machine) {
		a->title = words_get(p->in->words, "chart.response.connections");
	} else if (!r->behaviour->response) {
		a->title = words_get(p->in->words, "chart.response.blocked");
	} else {
		a->title = r->rule.name;
		if ((part = strrchr(a->title, ':')) != NULL && part[1] != '\0')
			a->title = part + 1;
	}
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

static void collect(struct plan *p)
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

		if (w->rules[e->rule].behaviour->response || stopped(w, e))
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

static void report(struct plan *p)
{
	struct chart_finding *found = p->found;
	const struct incident *in = p->in->incident;

	memset(found, 0, sizeof(*found));
	found->acts = p->count;
	found->hidden = p->count - p->shown;
	found->first = p->sign;
	found->last = found->end = INSTANT_NONE;
	found->answered = -1;
	found->fastest = -1;
	for (size_t i = 0; i < p->count; i++) {
		const struct act *a = &p->acts[i];

		found->records += a->records;
		if (a->until > a->at)
			found->bars++;
		if (a->reacted >= 0 && (found->fastest < 0 || a->reacted < found->fastest))
			found->fastest = a->reacted;
		found->slowest = a->reacted > found->slowest ? a->reacted : found->slowest;
	}
	if (p->count > 0) {
		found->answered = p->acts[0].at - p->sign;
		found->last = p->acts[p->count - 1].at;
	}
	for (uint32_t i = 0; in != NULL && i < in->episode_count; i++) {
		const struct episode *e = &p->in->analysis->episodes[in->episodes[i]];

		if (!p->in->analysis->week->rules[e->rule].behaviour->response && e->last > found->end)
			found->end = e->last;
	}
}

static void lay_axis(struct plan *p)
{
	instant *at = ARENA_ARRAY(p->arena, instant, 2 * p->shown + 2);
	size_t n = 0;

	at[n++] = p->sign;
	for (size_t i = 0; i < p->shown; i++) {
		at[n++] = p->acts[i].at;
		at[n++] = p->acts[i].until;
	}
	cut_axis_lay(&p->axis, at, n, p->x, scene_width(p->sc) - 4);
}

static double x_of(const struct plan *p, instant t)
{
	return cut_axis_x(&p->axis, t);
}

/* ---- what is drawn ---- */

static const char *defanged(struct arena *a, const char *s)
{
	struct text t = {0};
	const char *out;

	text_add_defanged(&t, s != NULL ? s : "\xE2\x80\x93");
	out = arena_dup(a, text_str(&t));
	text_free(&t);
	return out;
}

/* "8 s", "9 min", "2 h": one unit, rounded to it. */
static const char *span(const struct plan *p, int64_t ns)
{
	static const struct {
		int64_t unit;
		const char *key;
	} units[] = { { DAY, "chart.span.d" }, { HOUR, "chart.span.h" }, { MINUTE, "chart.span.min" }, { SECOND, "chart.span.s" } };
	size_t i = 0;

	while (i < 3 && ns < 2 * units[i].unit)
		i++;
	return words_fill(p->in->words, p->arena, units[i].key, "n",
	                  words_number(p->arena, (uint64_t)((ns + units[i].unit / 2) / units[i].unit)), (char *)NULL);
}

static void draw_label(const struct plan *p, double y, const char *title, const char *under, enum face face, colour ink)
{
	double room = LABELS - 10;

	scene_text(p->sc, 0, y + 9.6, 7.6, FACE_SEMIBOLD, ALIGN_LEFT, ink, measure_fit(p->in->measure, p->arena, title, 7.6, FACE_SEMIBOLD, room));
	scene_text(p->sc, 0, y + 18.6, 6.4, face, ALIGN_LEFT, INK_2, measure_fit(p->in->measure, p->arena, under, 6.4, face, room));
}

/* Where the words on a bar go: inside, else behind it, else before it. */
static void draw_words(const struct plan *p, const char *s, double x1, double x2, double y, double *end)
{
	double w = p->in->measure->width(p->in->measure->ctx, s, 7, FACE_SEMIBOLD), right = scene_width(p->sc);
	double x = w + 8 <= x2 - x1 ? x1 + 5 : x2 + 4;
	bool before = x + w > right && x1 - w - 5 > p->x;

	if (before)
		x = x1 - w - 5;
	if (x < x1 || x > x2)
		scene_rect(p->sc, x - 1.5, y - 4.4, w + 3, 8.8, 0, WHITE, NO_COLOUR, 0);
	scene_text(p->sc, x, y + 2.5, 7, FACE_SEMIBOLD, ALIGN_LEFT, RESPONSE, s);
	*end = x + w;
}

static void draw_act(const struct plan *p, const struct act *a, double top)
{
	double x1 = x_of(p, a->at), x2 = fmax(x_of(p, a->until), x1 + 2.6), y = top + ROW / 2, end;
	const char *who = arena_printf(p->arena, "%s  %s", defanged(p->arena, a->target), product_written(a->product, p->arena));
	size_t keys;
	const uint64_t *proof = chart_proof(p->in, a->episodes, a->episode_count, &keys);

	draw_label(p, top, a->title, who, FACE_MONO, INK);
	scene_note(p->sc, arena_printf(p->arena, "%s %s %s", words_moment(p->in->words, p->arena, a->at, p->in->zone), a->title,
	                               defanged(p->arena, a->target)), proof, keys);
	scene_rect(p->sc, x1, y - BAR_HEIGHT / 2, x2 - x1, BAR_HEIGHT, 0, RESPONSE_BAR, NO_COLOUR, 0);
	scene_rect(p->sc, x1, y - BAR_HEIGHT / 2 - 1, 2.2, BAR_HEIGHT + 2, 0, RESPONSE, NO_COLOUR, 0);
	end = x2;
	if (a->reacted >= 0)
		draw_words(p, a->reacted < SECOND ? words_get(p->in->words, "chart.response.atonce") :
		           words_fill(p->in->words, p->arena, "chart.response.reacted", "span", span(p, a->reacted), (char *)NULL),
		           x1, x2, y, &end);
	if (a->until - a->at >= MINUTE) {
		const char *lasted = span(p, a->until - a->at);
		double w = p->in->measure->width(p->in->measure->ctx, lasted, 7, FACE_REGULAR);

		if (end < x2 - w - 8)
			scene_text(p->sc, x2 - 4, y + 2.5, 7, FACE_REGULAR, ALIGN_RIGHT, RESPONSE, lasted);
	}
}

/* The line at which the attack was first seen. */
static void draw_sign(const struct plan *p)
{
	double x = x_of(p, p->sign);

	scene_note(p->sc, "first sign", NULL, 0);
	scene_line(p->sc, x, 11, x, p->bottom, 1, ATTACKER, DASH_SHORT);
	scene_text(p->sc, x + 4, 17, 7, FACE_SEMIBOLD, ALIGN_LEFT, ATTACKER,
	           words_fill(p->in->words, p->arena, "chart.response.sign", "time", words_clock(p->arena, p->sign, p->in->zone, true), (char *)NULL));
}

/* Records of the same machines that are not the attack's: what still ran, as far as alerts show it. */
static uint64_t count_kept(struct plan *p, uint64_t *bins, size_t n, uint64_t *keys, size_t *key_count)
{
	const struct analysis *an = p->in->analysis;
	uint32_t number = (uint32_t)(p->in->incident - an->incidents);
	uint64_t all = 0;

	for (uint32_t i = 0; i < an->episode_count; i++) {
		const struct episode *e = &an->episodes[i];

		if (e->host == NO_ENTITY || !p->own[e->host] || e->last < p->axis.from || e->first > p->axis.to || e->incident == number || an->week->rules[e->rule].behaviour->response)
			continue;
		for (uint32_t j = 0; j < e->count; j++) {
			const struct mark *m = &an->week->marks[e->alerts[j]];
			double share;

			if (m->at < p->acts[0].at || m->at > p->axis.to)
				continue;
			share = (x_of(p, m->at) - p->x) / (scene_width(p->sc) - p->x);
			if (bins != NULL) {
				bins[share >= 1 ? n - 1 : share < 0 ? 0 : (size_t)(share * (double)n)]++;
				keys[(*key_count)++] = m->key;
			}
			all++;
		}
	}
	return all;
}

static void draw_kept(struct plan *p, double top)
{
	uint64_t bins[KEPT_BINS] = { 0 }, most = 1, *keys;
	size_t key_count = 0;
	double pitch = (scene_width(p->sc) - p->x) / KEPT_BINS;
	const struct week_entity *host = &p->in->analysis->week->entities[p->in->incident->hosts[0]];
	const char *name = host->shown != NULL ? host->shown : host->value;

	keys = ARENA_ARRAY(p->arena, uint64_t, p->found->kept + 1);
	count_kept(p, bins, KEPT_BINS, keys, &key_count);
	for (size_t i = 0; i < KEPT_BINS; i++)
		most = bins[i] > most ? bins[i] : most;
	draw_label(p, top, words_get(p->in->words, "chart.response.kept"),
	           p->in->incident->host_count == 1 ? words_fill(p->in->words, p->arena, "chart.response.kept.host", "host", name, (char *)NULL)
	           : words_get(p->in->words, "chart.response.kept.hosts"), FACE_REGULAR, INK_2);
	scene_note(p->sc, words_counted(p->in->words, p->arena, "alerts", p->found->kept), keys, key_count);
	for (size_t i = 0; i < KEPT_BINS; i++)
		if (bins[i] > 0) {
			double h = fmax(2, (ROW - 8) * (double)bins[i] / (double)most);

			scene_rect(p->sc, p->x + pitch * (double)i + 0.5, top + ROW - 3 - h, pitch - 1, h, 0, BAR_DARK, NO_COLOUR, 0);
		}
}

static struct scene *draw(const struct chart_input *in, struct chart_finding *found)
{
	struct plan p = { .in = in, .arena = in->arena, .found = found };
	double y = HEAD;
	size_t rows;

	collect(&p);
	report(&p);
	if (p.count == 0) {
		p.sc = scene_new(in->arena, in->width, 24);
		scene_text(p.sc, 0, 14, 7.6, FACE_REGULAR, ALIGN_LEFT, INK_2, words_get(in->words, "chart.response.none"));
		return p.sc;
	}
	rows = p.shown + (found->hidden > 0);
	p.x = fmin(LABELS, in->width / 2);
	p.sc = scene_new(in->arena, in->width, HEAD + ROW * (double)(rows + 1) + FOOT);
	lay_axis(&p);
	p.own = chart_own(in);
	found->kept = in->incident->host_count > 0 ? count_kept(&p, NULL, 0, NULL, NULL) : 0;
	if (found->kept == 0)
		p.sc = scene_new(in->arena, in->width, HEAD + ROW * (double)rows + FOOT);
	p.bottom = scene_height(p.sc) - FOOT;
	cut_axis_draw(&p.axis, p.sc, in, HEAD, p.bottom);
	for (size_t i = 0; i <= rows + (found->kept > 0); i++)
		scene_line(p.sc, 0, HEAD + ROW * (double)i, in->width, HEAD + ROW * (double)i, 0.5, HAIRLINE, DASH_NONE);
	draw_sign(&p);
	for (size_t i = 0; i < p.shown; i++, y += ROW)
		draw_act(&p, &p.acts[i], y);
	if (found->hidden > 0) {
		scene_text(p.sc, 0, y + 14, 7.2, FACE_REGULAR, ALIGN_LEFT, INK_2,
		           words_counted(in->words, in->arena, "response.more", found->hidden));
		y += ROW;
	}
	if (found->kept > 0)
		draw_kept(&p, y);
	return p.sc;
}

static int applies(const struct chart_input *in)
{
	const struct week *w = in->analysis->week;

	for (uint32_t i = 0; in->incident != NULL && i < in->incident->episode_count; i++) {
		const struct episode *e = &in->analysis->episodes[in->incident->episodes[i]];

		if (w->rules[e->rule].behaviour->response || stopped(w, e))
			return 1;
	}
	return 0;
}

const struct chart chart_response_timeline = {
	.name = "response-timeline",
	.summary = "what was done against the attack, how fast, and what went on",
	.of_incident = CHART_OF_INCIDENT,
	.applies = applies, .draw = draw,
};
