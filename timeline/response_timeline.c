/* What was done against the attack, and how fast: a row for each thing defenders acted on, a bar from the first
 * record of the act to the last, the first sign of the attack as a dashed line, and below what else the machines
 * went on reporting. An act is an episode of a rule that is a defender's, or one with records that a product says
 * it blocked or quarantined. Long stretches in which nothing was done are cut out of the time axis. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyst/base/text.h"
#include "timeline/palette.h"
#include "timeline/response.h"

#define ROW 25.0
#define LABELS 158.0                 /* points, of the rows' names */
#define HEAD 22.0
#define FOOT 16.0
#define BAR_HEIGHT 8.6
#define KEPT_BINS 40

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
	bool outside;

	if (x + w > right && x1 - w - 5 > p->x)
		x = x1 - w - 5;
	outside = x < x1 || x > x2;
	if (outside)
		scene_rect(p->sc, x - 1.5, y - 4.4, w + 3, 8.8, 0, WHITE, NO_COLOUR, 0);
	scene_text(p->sc, x, y + 2.5, 7, FACE_SEMIBOLD, ALIGN_LEFT, outside ? RESPONSE : INK, s);
	*end = x + w;
}

static void draw_act(const struct plan *p, const struct act *a, double top)
{
	double x1 = x_of(p, a->at), x2 = fmax(x_of(p, a->until), x1 + 2.6), y = top + ROW / 2, end;
	const char *who = arena_printf(p->arena, "%s  %s", a->shown, product_written(a->product, p->arena));
	size_t keys;
	const uint64_t *proof = chart_proof(p->in, a->episodes, a->episode_count, &keys);

	draw_label(p, top, a->title, who, FACE_MONO, INK);
	scene_note(p->sc, arena_printf(p->arena, "%s %s %s", words_moment(p->in->words, p->arena, a->at, p->in->zone), a->title, a->shown), proof, keys);
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
			scene_text(p->sc, x2 - 4, y + 2.5, 7, FACE_REGULAR, ALIGN_RIGHT, INK, lasted);
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

/* Whole hours from the first act on: one that it lies in says nothing of what came after it. */
static bool is_after(const struct plan *p, int64_t hour)
{
	return hour * HOUR >= p->acts[0].at && hour * HOUR < p->axis.to + HOUR;
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

/* Of telemetry: what the machines began to ends that no alert names. */
static uint64_t count_flows(struct plan *p)
{
	uint64_t all = 0;

	week_volume_of(&p->flows, p->in->analysis->week, chart_ends(p->in), p->arena);
	for (uint32_t i = 0; i < p->flows.count; i++)
		if (is_after(p, p->flows.begin + i))
			all += (uint64_t)p->flows.elsewhere[i];
	return all;
}

static void draw_kept_label(const struct plan *p, double top, const char *under)
{
	draw_label(p, top, words_get(p->in->words, "chart.response.kept"), under, FACE_REGULAR, INK_2);
}

static void draw_flows(struct plan *p, double top)
{
	int64_t most = 1, last = 0;

	for (uint32_t i = 0; i < p->flows.count; i++)
		if (is_after(p, p->flows.begin + i) && p->flows.elsewhere[i] > most)
			most = p->flows.elsewhere[i];
	for (uint32_t i = 0; i < p->flows.count; i++) {
		int64_t hour = p->flows.begin + i, n = p->flows.elsewhere[i];
		double h = (ROW - 8) * (double)n / (double)most, x;

		if (!is_after(p, hour) || n == 0)
			continue;
		last = (hour + 1) * HOUR;
		if (hour * HOUR >= p->axis.to)
			continue;
		x = x_of(p, hour * HOUR);
		scene_rect(p->sc, x + 0.5, top + ROW - 3 - fmax(2, h), fmax(1, x_of(p, (hour + 1) * HOUR) - x - 1), fmax(2, h), 0,
		           BAR_DARK, NO_COLOUR, 0);
	}
	draw_kept_label(p, top, words_fill(p->in->words, p->arena, p->found->counted == COUNTS_REQUESTS ?
	                                   "chart.response.kept.requests" : "chart.response.kept.connections",
	                                   "count", words_number(p->arena, p->found->kept),
	                                   "time", words_clock(p->arena, last, p->in->zone, false), (char *)NULL));
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
	draw_kept_label(p, top, p->in->incident->host_count == 1 ?
	                words_fill(p->in->words, p->arena, "chart.response.kept.host", "host", name, (char *)NULL) :
	                words_get(p->in->words, "chart.response.kept.hosts"));
	scene_note(p->sc, words_counted(p->in->words, p->arena, "alerts", p->found->kept), keys, key_count);
	for (size_t i = 0; i < KEPT_BINS; i++)
		if (bins[i] > 0) {
			double h = fmax(2, (ROW - 8) * (double)bins[i] / (double)most);

			scene_rect(p->sc, p->x + pitch * (double)i + 0.5, top + ROW - 3 - h, pitch - 1, h, 0, BAR_DARK, NO_COLOUR, 0);
		}
}

/* Telemetry tells more of what went on than alerts do. */
static void find_kept(struct plan *p)
{
	if (p->in->incident->host_count == 0)
		return;
	if ((p->found->kept = count_flows(p)) > 0)
		p->found->counted = p->flows.kind == TELEMETRY_WEB ? COUNTS_REQUESTS : COUNTS_CONNECTIONS;
	else
		p->found->kept = count_kept(p, NULL, 0, NULL, NULL);
}

static struct scene *draw(const struct chart_input *in, struct chart_finding *found)
{
	struct plan p = { .in = in, .arena = in->arena, .found = found };
	double y = HEAD;
	size_t rows;

	response_collect(&p);
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
	find_kept(&p);
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
		found->counted != COUNTS_ALERTS ? draw_flows(&p, y) : draw_kept(&p, y);
	return p.sc;
}

static int applies(const struct chart_input *in)
{
	const struct week *w = in->analysis->week;

	for (uint32_t i = 0; in->incident != NULL && i < in->incident->episode_count; i++) {
		const struct episode *e = &in->analysis->episodes[in->incident->episodes[i]];

		if (episode_answers(w, e))
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
