#include "render/export/report_json.h"

#include <inttypes.h>
#include <string.h>

#include "analyst/model/view.h"
#include "render/document/comparison.h"
#include "render/document/figures.h"
#include "render/export/sentences.h"

const struct report_form report_forms[] = {
	{ "weekly", REGISTER_WEEKLY, false },
	{ "customer", REGISTER_CUSTOMER, true },
	{ "executive", REGISTER_CUSTOMER, true },
	{ NULL, REGISTER_WEEKLY, false },
};

const struct report_form *report_form_find(const char *kind)
{
	for (const struct report_form *form = report_forms; form->kind != NULL; form++)
		if (strcmp(form->kind, kind) == 0)
			return form;
	return NULL;
}

#define WIDTH 499                    /* points; how wide the charts are whose marks are listed */

struct writing {
	struct text *out;
	const struct report_form *form;
	const struct report_request *rq;
	struct told told;
	struct typesetter ts;
	struct figures figures;
};

static void add_key(struct writing *w, const char *key, const char *value)
{
	text_printf(w->out, ",\"%s\":", key);
	if (value != NULL)
		text_add_json(w->out, value);
	else
		text_add(w->out, "null");
}

/* What the report was asked to be: with it and the case file it can be made again. */
static void add_request(struct writing *w)
{
	const struct report_request *rq = w->rq;

	text_add(w->out, "\"report\":{\"kind\":");
	text_add_json(w->out, w->form->kind);
	add_key(w, "incident", w->form->of_incident && rq->incident != NULL ? rq->incident->id : NULL);
	add_key(w, "lang", rq->lang == LANGUAGE_JA ? "ja" : "en");
	add_key(w, "zone", rq->zone->name);
	add_key(w, "tlp", rq->tlp);
	add_key(w, "customer", rq->customer);
	add_key(w, "organisation", rq->organisation);
	if (rq->template_name != NULL)
		add_key(w, "template", rq->template_name);
	json_instant(w->out, "since", rq->since);
	json_instant(w->out, "until", rq->until);
	json_instant(w->out, "generated", rq->generated);
	text_addc(w->out, '}');
}

/* What people filled in, as they wrote it; of another customer's incident nothing. */
static void add_notes(struct writing *w)
{
	const struct report_request *rq = w->rq;
	bool first = true;

	for (size_t i = 0; rq->notes != NULL && i < rq->notes->count; i++) {
		const struct note *n = &rq->notes->list[i];

		if (w->form->of_incident && n->incident[0] != '\0' && (rq->incident == NULL || strcmp(n->incident, rq->incident->id) != 0))
			continue;
		text_add(w->out, first ? ",\n\"notes\":[\n{\"incident\":" : ",\n{\"incident\":");
		text_add_json(w->out, n->incident);
		add_key(w, "field", n->field);
		add_key(w, "lang", n->lang);
		add_key(w, "text", n->text);
		text_addc(w->out, '}');
		first = false;
	}
	text_add(w->out, first ? "" : "]");
}

/* ---- the attack timeline ---- */

static void add_event(struct writing *w, const struct chart_input *in, const struct chart_event *e)
{
	static const struct named sides[] = {
		{ "attack", SIDE_ATTACK }, { "response", SIDE_RESPONSE }, { "analyst", SIDE_ANALYST }, { NULL, 0 }
	};

	text_printf(w->out, "{\"number\":%u,\"side\":\"%s\"", e->number, table_name(sides, (int)e->side));
	json_instant(w->out, "at", e->at);
	add_key(w, "label", e->beat != NO_BEAT ? in->beat_labels[e->beat] : e->label);
}

/* A numbered mark is a note with proof; the finding lists them in the same order. */
static void add_marks(struct writing *w, const struct chart_input *in, const struct scene *sc,
                      const struct chart_finding *found)
{
	size_t n, event = 0;
	const struct shape *shapes = scene_shapes(sc, &n);

	for (size_t i = 0; i < n && event < found->event_count; i++) {
		if (shapes[i].kind != SHAPE_NOTE || shapes[i].proof_count == 0)
			continue;
		text_add(w->out, event > 0 ? ",\n" : "\n");
		add_event(w, in, &found->events[event++]);
		text_printf(w->out, ",\"alerts\":%zu,\"alert_ids\":", shapes[i].proof_count);
		json_keys(w->out, shapes[i].proof,
		          shapes[i].proof_count < JSON_ALERTS ? shapes[i].proof_count : JSON_ALERTS);
		text_addc(w->out, '}');
	}
}

static void add_timeline(struct writing *w, const struct incident *in)
{
	const struct chart *chart = &chart_attack_timeline;
	struct chart_finding found;
	struct chart_input input = figures_input(&w->figures, w->told.an, w->told.narratives, WIDTH);
	const char *claim, *caption;
	struct scene *sc;

	figures_tell(&w->figures, &input, in, w->told.narratives);
	sc = figures_draw(&w->figures, chart, &input, &found);
	claim = scene_claim(sc);
	caption = scene_description(sc);
	text_add(w->out, ",\n\"timeline\":{\"chart\":");
	text_add_json(w->out, chart->name);
	add_key(w, "claim", claim);
	add_key(w, "caption", caption);
	text_printf(w->out, ",\"shown\":%zu,\"hidden\":%zu,\"marks\":[", found.event_count, found.hidden);
	add_marks(w, &input, sc, &found);
	text_add(w->out, "]}");
}

/* ---- the other charts ---- */

static void add_shape_notes(struct writing *w, const struct scene *sc)
{
	size_t n, marks = 0;
	const struct shape *shapes = scene_shapes(sc, &n);

	for (size_t i = 0; i < n; i++) {
		if (shapes[i].kind != SHAPE_NOTE || shapes[i].proof_count == 0)
			continue;
		text_add(w->out, marks++ > 0 ? ",\n{\"what\":" : "\n{\"what\":");
		text_add_json(w->out, shapes[i].string);
		text_printf(w->out, ",\"alerts\":%zu,\"alert_ids\":", shapes[i].proof_count);
		json_keys(w->out, shapes[i].proof,
		          shapes[i].proof_count < JSON_ALERTS ? shapes[i].proof_count : JSON_ALERTS);
		text_addc(w->out, '}');
	}
}

static void add_drawings(struct writing *w, const struct chart *const *charts, const struct chart_input *input)
{
	bool first = true;

	text_add(w->out, ",\n\"charts\":[");
	for (; *charts != NULL; charts++) {
		struct chart_finding found;
		struct scene *sc;

		if ((*charts)->applies != NULL && !(*charts)->applies(input))
			continue;
		sc = figures_draw(&w->figures, *charts, input, &found);
		text_add(w->out, first ? "\n{\"chart\":" : ",\n{\"chart\":");
		first = false;
		text_add_json(w->out, (*charts)->name);
		add_key(w, "claim", scene_claim(sc));
		add_key(w, "caption", scene_description(sc));
		text_add(w->out, ",\"marks\":[");
		add_shape_notes(w, sc);
		text_add(w->out, "]}");
	}
	text_addc(w->out, ']');
}

static void add_charts(struct writing *w, const struct incident *in)
{
	static const struct chart *const charts[] = {
		&chart_response_timeline, &chart_entity_graph, &chart_beacon_intervals, &chart_evidence_cards,
		&chart_volume_anomalies, &chart_attack_strip, &chart_priority_factors, NULL
	};
	struct chart_input input = figures_input(&w->figures, w->told.an, w->told.narratives, WIDTH);

	figures_tell(&w->figures, &input, in, w->told.narratives);
	add_drawings(w, charts, &input);
}

/* Of the whole week, where a report is not about one incident. */
static void add_week_charts(struct writing *w)
{
	static const struct chart *const charts[] = { &chart_week_overview, &chart_volume_anomalies, NULL };
	struct chart_input input = figures_input(&w->figures, w->told.an, w->told.narratives, WIDTH);

	if (w->form->of_incident)
		return;
	report_period(w->rq, &input.since, &input.until);
	add_drawings(w, charts, &input);
}

/* ---- evidence ---- */

static void add_episode(struct writing *w, uint32_t number)
{
	const struct week *week = w->told.an->week;
	const struct episode *e = &w->told.an->episodes[number];
	uint64_t *keys = ARENA_ARRAY(w->told.arena, uint64_t, e->count + 1);

	for (uint32_t i = 0; i < e->count; i++)
		keys[i] = week->marks[e->alerts[i]].key;
	text_printf(w->out, "{\"episode\":\"EP-%06" PRIu32 "\"", number + 1);
	add_key(w, "product", week->rules[e->rule].rule.product);
	add_key(w, "rule", week->rules[e->rule].rule.name);
	add_key(w, "severity", table_name(severities, e->severity));
	add_key(w, "host", e->host != NO_ENTITY ? week->entities[e->host].shown : NULL);
	json_instant(w->out, "first", e->first);
	json_instant(w->out, "last", e->last);
	text_printf(w->out, ",\"alerts\":%" PRIu32 ",\"alert_ids\":", e->count);
	json_keys(w->out, keys, e->count);
	text_addc(w->out, '}');
}

static void add_incident(struct writing *w, uint32_t number)
{
	const struct incident *in = &w->told.an->incidents[number];
	struct description d;

	describe(&d, &w->told, number, w->rq->lang, w->rq->zone);
	describe_json(w->out, &d, &w->told, w->rq->lang);
	text_add(w->out, ",\n\"sentences\":");
	json_sentences(w->out, &w->told, d.story, w->form->reg, w->rq->zone);
	add_timeline(w, in);
	add_charts(w, in);
	text_add(w->out, ",\n\"evidence\":[");
	for (uint32_t i = 0; i < in->episode_count; i++) {
		text_add(w->out, i > 0 ? ",\n" : "\n");
		add_episode(w, in->episodes[i]);
	}
	text_add(w->out, "]}");
}

/* The customer learns of one incident, the SOC of the whole queue. */
static void add_incidents(struct writing *w)
{
	const struct analysis *an = w->told.an;
	bool first = true;

	text_add(w->out, ",\n\"incidents\":[");
	for (uint32_t i = 0; i < an->incident_count; i++) {
		const struct incident *in = &an->incidents[i];

		if (w->form->of_incident ? in != w->rq->incident : in->rank == 0)
			continue;
		text_add(w->out, first ? "\n" : ",\n");
		first = false;
		add_incident(w, i);
	}
	text_addc(w->out, ']');
}

/* ---- totals ---- */

static void add_tally(struct writing *w, const struct tally *t)
{
	text_printf(w->out, "\"read\":%" PRId64 ",\"imported\":%" PRId64 ",\"repeated\":%" PRId64 ",\"rejected\":%" PRId64
	            ",\"blank\":%" PRId64 ",\"alerts\":%" PRId64 ",\"indicators\":%" PRId64,
	            t->read, t->imported, t->repeated, t->rejected, t->blank, t->alerts, t->indicators);
}

static void add_shares(struct writing *w, const char *what, uint64_t all, uint64_t queue, uint64_t below)
{
	text_printf(w->out, ",\"%s\":{\"all\":%" PRIu64 ",\"queue\":%" PRIu64 ",\"below\":%" PRIu64 ",\"single\":%" PRIu64
	            "}", what, all, queue, below, all - queue - below);
}

/* read = imported + repeated + rejected + blank; all = queue + below + single. */
static void add_counts(struct writing *w)
{
	const struct analysis *an = w->told.an;
	uint64_t alerts[2] = {0}, episodes[2] = {0};
	struct tally sum = {0};

	for (size_t i = 0; i < w->rq->source_count; i++) {
		const struct tally *t = &w->rq->sources[i].tally;

		sum.read += t->read;
		sum.imported += t->imported;
		sum.repeated += t->repeated;
		sum.rejected += t->rejected;
		sum.blank += t->blank;
		sum.alerts += t->alerts;
		sum.indicators += t->indicators;
	}
	for (uint32_t i = 0; i < an->incident_count; i++) {
		alerts[an->incidents[i].rank == 0] += view_alerts_of(an, &an->incidents[i]);
		episodes[an->incidents[i].rank == 0] += view_episodes_of(an, &an->incidents[i]);
	}
	text_add(w->out, ",\n\"counts\":{\"records\":{");
	add_tally(w, &sum);
	text_addc(w->out, '}');
	add_shares(w, "alerts", view_alerts(an), alerts[0], alerts[1]);
	add_shares(w, "episodes", view_episodes(an), episodes[0], episodes[1]);
	text_printf(w->out, ",\"incidents\":{\"all\":%u,\"queue\":%u,\"below\":%u}}", an->incident_count, an->queue_count,
	            an->incident_count - an->queue_count);
}

static void add_stretch(struct writing *w, const char *key, const struct stretch *s)
{
	text_printf(w->out, ",\n\"%s\":{\"alerts\":%u", key, s->alerts);
	json_instant(w->out, "since", s->since);
	json_instant(w->out, "until", s->until);
	text_printf(w->out, ",\"incidents\":%u,\"new\":%u,\"from_before\":%u,\"not_seen_again\":%u,\"hosts\":%u,"
	            "\"sources\":%zu,\"days\":%u,\"days_recorded\":%u}", s->incidents, s->fresh, s->incidents - s->fresh,
	            s->gone, s->hosts, s->source_count, s->days, s->recorded);
}

/* The period beside the one before it; how it is "none" where the case file holds nothing of that. */
static void add_comparison(struct writing *w)
{
	static const char *const how[] = { "none", "partly", "fully" };
	struct comparison c;

	if (w->form->of_incident)
		return;
	comparison_make(&c, w->rq, w->told.arena);
	text_printf(w->out, ",\n\"comparison\":{\"held\":\"%s\",\"said\":", how[c.how]);
	text_add_json(w->out, comparison_said(&c, w->rq, w->told.arena));
	if (c.how != COMPARED_NOT) {
		const struct names_list fresh = { c.fresh, c.fresh_count }, silent = { c.silent, c.silent_count };

		add_stretch(w, "now", &c.now);
		add_stretch(w, "before", &c.before);
		json_names(w->out, "new_sources", &fresh);
		json_names(w->out, "silent_sources", &silent);
	}
	text_addc(w->out, '}');
}

static void add_sources(struct writing *w)
{
	text_add(w->out, ",\n\"sources\":[");
	for (size_t i = 0; i < w->rq->source_count; i++) {
		const struct source_row *s = &w->rq->sources[i];

		text_add(w->out, i > 0 ? ",\n{\"name\":" : "\n{\"name\":");
		text_add_json(w->out, s->name);
		add_key(w, "format", s->format);
		add_key(w, "sha256", s->sha256);
		text_printf(w->out, ",\"size\":%" PRId64 ",\"complete\":%s,", s->size, s->complete ? "true" : "false");
		add_tally(w, &s->tally);
		json_instant(w->out, "first", s->first);
		json_instant(w->out, "last", s->last);
		text_addc(w->out, '}');
	}
	text_addc(w->out, ']');
}

int report_json(struct text *out, const struct report_form *form, const struct report_request *rq, struct fault *f)
{
	struct writing w = { .out = out, .form = form, .rq = rq, .ts = { NULL, rq->lang } };

	if (fonts_load(&w.ts.fonts, f) < 0)
		return -1;
	w.told = (struct told){ rq->an, rq->narratives, rq->phrases, arena_new() };
	figures_init(&w.figures, rq->phrases, rq->lang, &w.ts, rq->zone, w.told.arena);
	text_printf(out, "{\"schema\":\"%s\",\"schema_version\":%d,\n", REPORT_SCHEMA, REPORT_SCHEMA_VERSION);
	add_request(&w);
	add_notes(&w);
	add_incidents(&w);
	add_week_charts(&w);
	add_counts(&w);
	add_comparison(&w);
	add_sources(&w);
	text_add(out, "}\n");
	arena_free(w.told.arena);
	fonts_free(w.ts.fonts);
	return 0;
}
