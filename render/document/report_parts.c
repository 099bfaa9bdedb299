#include "render/document/report_parts.h"
#include "render/document/noted.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "analyst/model/tlp.h"
#include "analyst/readers/refang.h"
#include "timeline/palette.h"

#define DASH_TEXT "\xE2\x80\x93"

/* ---- words ---- */

const char *report_word(const struct report *r, const char *key)
{
	return word(r->rq->phrases, r->rq->lang, key);
}

const char *report_say(const struct report *r, const char *key, const struct fact *facts, size_t n)
{
	return word_with(r->rq->phrases, r->rq->lang, key, facts, n, r->rq->zone, r->arena);
}

const char *report_count(const struct report *r, int64_t n)
{
	return story_count(r->rq->lang, n, r->arena);
}

const char *report_when(const struct report *r, instant t, enum when_form form)
{
	return story_when(r->rq->lang, t, r->rq->zone, form, r->arena);
}

const char *report_capital(const struct report *r, const char *s)
{
	char *out = arena_dup(r->arena, s);

	if (out[0] >= 'a' && out[0] <= 'z')
		out[0] = (char)(out[0] - 'a' + 'A');
	return out;
}

static const char *chart_word(void *ctx, const char *key)
{
	return report_word(ctx, key);
}

const struct run *report_run(const struct report *r, const char *s, enum run_style style)
{
	return flow_run(r->flow, s, style);
}

struct cell report_cell(const struct report *r, const char *s, enum run_style style, enum para para, colour ink, size_t limit)
{
	struct cell c = { 0 };

	c.text[0] = (struct cell_text){ report_run(r, s, style), 1, para, ink, limit };
	return c;
}

/* ---- the period ---- */

static instant midnight(const struct zone *z, instant t, int days)
{
	struct civil c = civil_from(t, z);
	instant noon = civil_to_instant(c.year, c.month, c.day, 12, 0, 0, z) + days * DAY;

	c = civil_from(noon, z);
	return civil_to_instant(c.year, c.month, c.day, 0, 0, 0, z);
}

instant report_date(const struct report_request *rq, bool *of_records)
{
	*of_records = rq->generated == INSTANT_NONE;
	if (!*of_records)
		return rq->generated;
	if (rq->an->week->mark_count > 0)
		return rq->an->week->last;
	return rq->until != INSTANT_NONE ? rq->until : rq->since;
}

void report_period(const struct report_request *rq, instant *since, instant *until)
{
	const struct week *w = rq->an->week;
	bool empty = w->mark_count == 0, of_records;
	instant date = report_date(rq, &of_records);

	if (date == INSTANT_NONE)
		date = 7 * DAY;
	*since = rq->since;
	*until = rq->until;
	if (*since == INSTANT_NONE)
		*since = empty ? midnight(rq->zone, date, -7) : midnight(rq->zone, w->first, 0);
	if (*until == INSTANT_NONE)
		*until = empty ? midnight(rq->zone, date, 0) : midnight(rq->zone, w->last, 1);
	if (*until <= *since)
		*until = midnight(rq->zone, *since, 1);
}

static void choose_period(struct report *r)
{
	bool of_records;

	r->undated = report_date(r->rq, &of_records) == INSTANT_NONE;
	report_period(r->rq, &r->since, &r->until);
}

static const char *month_name(const struct report *r, int month)
{
	return report_word(r, arena_printf(r->arena, "month.%d", month));
}

static const char *period_text(const struct report *r)
{
	struct civil a = civil_from(r->since, r->rq->zone), b = civil_from(r->until - 1, r->rq->zone);

	if (r->rq->lang == LANGUAGE_JA) {
		if (a.year != b.year)
			return arena_printf(r->arena, "%d年%d月%d日" DASH_TEXT "%d年%d月%d日", a.year, a.month, a.day, b.year, b.month, b.day);
		if (a.month != b.month)
			return arena_printf(r->arena, "%d年%d月%d日" DASH_TEXT "%d月%d日", a.year, a.month, a.day, b.month, b.day);
		if (a.day != b.day)
			return arena_printf(r->arena, "%d年%d月%d日" DASH_TEXT "%d日", a.year, a.month, a.day, b.day);
		return arena_printf(r->arena, "%d年%d月%d日", a.year, a.month, a.day);
	}
	if (a.year != b.year)
		return arena_printf(r->arena, "%d %s %d " DASH_TEXT " %d %s %d", a.day, month_name(r, a.month), a.year, b.day,
		                    month_name(r, b.month), b.year);
	if (a.month != b.month)
		return arena_printf(r->arena, "%d %s " DASH_TEXT " %d %s %d", a.day, month_name(r, a.month), b.day,
		                    month_name(r, b.month), b.year);
	if (a.day != b.day)
		return arena_printf(r->arena, "%d" DASH_TEXT "%d %s %d", a.day, b.day, month_name(r, a.month), a.year);
	return arena_printf(r->arena, "%d %s %d", a.day, month_name(r, a.month), a.year);
}

const char *report_week(const struct report *r)
{
	struct civil c = civil_from(r->since, r->rq->zone);
	int year = c.year, week = civil_week(&c, &year);

	return arena_printf(r->arena, "%d-W%02d", year, week);
}

const char *report_stretch(const struct report *r, instant first, instant last)
{
	struct civil a = civil_from(first, r->rq->zone), b = civil_from(last, r->rq->zone);
	bool same = a.year == b.year && a.month == b.month && a.day == b.day;
	const char *from = report_when(r, first, WHEN_DAY_TIME);

	if (first == last)
		return from;
	return arena_printf(r->arena, "%s " DASH_TEXT " %s", from, report_when(r, last, same ? WHEN_TIME : WHEN_DAY_TIME));
}

/* ---- opening and closing ---- */

const char *report_dated(const struct report_request *rq, struct arena *a)
{
	bool of_records;
	struct fact when = { .name = "when", .kind = FACT_TIME, .value = report_date(rq, &of_records) };

	if (when.value == INSTANT_NONE)
		return word(rq->phrases, rq->lang, "report.undated");
	return word_with(rq->phrases, rq->lang, of_records ? "report.records" : "report.generated", &when, 1, rq->zone, a);
}

static const char *tlp_label(const struct report *r)
{
	const char *asked = r->rq->tlp != NULL ? r->rq->tlp : "TLP:AMBER", *label = tlp_named(asked);

	return label != NULL ? label : "TLP:AMBER+STRICT";       /* a label nobody knows is read as a strict one */
}

static const char *join(const struct report *r, const char *a, const char *b)
{
	if (a == NULL || *a == '\0')
		return b;
	return arena_printf(r->arena, "%s   %s", a, b);
}

int report_open(struct report *r, const struct report_request *rq, const struct report_plan *plan, struct fault *f)
{
	struct flow_frame frame = { 0 };
	struct pdf_info info = { 0 };
	const char *kind, *id;
	bool of_records;

	memset(r, 0, sizeof *r);
	r->rq = rq;
	r->reg = plan->reg;
	r->rule_lines = 2;
	r->arena = arena_new();
	if (fonts_load(&r->fonts, f) < 0)
		goto fail;
	r->ts = (struct typesetter){ r->fonts, rq->lang };
	r->measure = typeset_measure(&r->ts);
	r->words = (struct chart_words){ chart_word, r };
	choose_period(r);
	r->period = r->undated ? report_word(r, "report.undated") : period_text(r);
	kind = report_word(r, plan->kind);
	id = plan->id != NULL ? plan->id : r->undated ? plan->series
	                                 : arena_printf(r->arena, "%s-%s", plan->series, report_week(r));
	info.title = plan->title != NULL ? plan->title : arena_printf(r->arena, "%s %s", kind, r->period);
	info.author = rq->organisation;
	info.subject = rq->customer != NULL ? arena_printf(r->arena, "%s, %s", rq->customer, tlp_label(r)) : tlp_label(r);
	info.lang = rq->lang;
	info.made = report_date(rq, &of_records);
	info.seed = id;
	if (pdf_new(&r->pdf, r->fonts, &info, f) < 0)
		goto fail;
	frame.header = join(r, rq->organisation, join(r, rq->customer, kind));
	frame.footer = r->undated ? id : arena_printf(r->arena, "%s   %s", id, report_dated(rq, r->arena));
	frame.tlp = tlp_label(r);
	frame.figure = rq->lang == LANGUAGE_JA ? "図" : "Figure ";
	frame.continued = report_word(r, "report.continued");
	frame.small_title = plan->small_title;
	frame.record = report_records(rq);
	r->flow = flow_new(r->arena, &r->ts, r->pdf, &frame);
	return 0;
fail:
	fonts_free(r->fonts);
	arena_free(r->arena);
	return -1;
}

int report_close(struct report *r, struct text *out, struct fault *f)
{
	int rc = out != NULL ? report_finish(out, r->flow, r->pdf, r->rq, NULL, f) : 0;

	pdf_free(r->pdf);
	fonts_free(r->fonts);
	arena_free(r->arena);
	return rc;
}

/* ---- incidents ---- */

const struct narrative *report_story(const struct report *r, const struct incident *in)
{
	return &r->rq->narratives[in - r->rq->an->incidents];
}

const char *report_title(const struct report *r, const struct incident *in)
{
	return story_title(r->rq->phrases, r->rq->lang, r->reg, report_story(r, in), r->rq->zone, r->arena);
}

static const char *shown(const struct report *r, uint32_t entity)
{
	return entity < r->rq->an->week->entity_count ? r->rq->an->week->entities[entity].shown : DASH_TEXT;
}

const char *report_host(const struct report *r, const struct incident *in)
{
	return in->host_count > 0 ? shown(r, in->hosts[0]) : DASH_TEXT;
}

const char *report_hosts(const struct report *r, const struct incident *in, size_t most)
{
	struct text t = { 0 };
	const char *out;

	for (uint32_t i = 0; i < in->host_count && i < most; i++)
		text_printf(&t, "%s%s", i > 0 ? ", " : "", shown(r, in->hosts[i]));
	if (in->host_count > most)
		text_printf(&t, " +%u", (unsigned)(in->host_count - most));
	out = in->host_count > 0 ? arena_dup(r->arena, text_str(&t)) : DASH_TEXT;
	text_free(&t);
	return out;
}

#define NAMES_MOST 64             /* of one kind that are gathered */

struct names {                   /* a small sorted set of strings */
	const char **list;
	size_t used, room;
};

static void names_add(struct names *n, const char *s, size_t most)
{
	size_t at = 0;

	while (at < n->used && strcmp(n->list[at], s) < 0)
		at++;
	if ((at < n->used && strcmp(n->list[at], s) == 0) || n->used >= most)
		return;
	if (n->used == n->room) {
		n->room = n->room == 0 ? 16 : n->room * 2;
		n->list = must_grow(n->list, n->room, sizeof *n->list);
	}
	memmove(n->list + at + 1, n->list + at, (n->used - at) * sizeof *n->list);
	n->list[at] = s;
	n->used++;
}

/* Up to `most` of them, then "+2". */
static const char *names_text(const struct report *r, struct names *n, const char *between, size_t most)
{
	struct text t = { 0 };
	const char *out = NULL;

	for (size_t i = 0; i < n->used && i < most; i++)
		text_printf(&t, "%s%s", i > 0 ? between : "", n->list[i]);
	if (n->used > most)
		text_printf(&t, " +%zu", n->used - most);
	if (n->used > 0)
		out = arena_dup(r->arena, text_str(&t));
	text_free(&t);
	free(n->list);
	return out;
}

static const struct episode *episode_at(const struct report *r, const struct incident *in, uint32_t i)
{
	return &r->rq->an->episodes[in->episodes[i]];
}

const char *report_products(const struct report *r, const struct incident *in)
{
	struct names n = { 0 };
	const char *out;

	for (uint32_t i = 0; i < in->episode_count; i++)
		names_add(&n, product_written(r->rq->an->week->rules[episode_at(r, in, i)->rule].rule.product, r->arena), 8);
	out = names_text(r, &n, r->rq->lang == LANGUAGE_JA ? "、" : ", ", n.used);
	return out != NULL ? out : DASH_TEXT;
}

const char *report_state(const struct report *r, const struct incident *in)
{
	const char *state = noted_plain(r->rq, in, "state", r->arena), *owner = noted_plain(r->rq, in, "owner", r->arena);

	if (state == NULL && owner == NULL)
		return NULL;
	return noted_mark(r->rq, arena_printf(r->arena, "%s%s%s", state != NULL ? state : "", state != NULL && owner != NULL ? "; " : "",
	                                      owner != NULL ? owner : ""), r->arena);
}

const char *report_users(const struct report *r, const struct incident *in)
{
	struct names n = { 0 };
	const struct week *w = r->rq->an->week;

	for (uint32_t i = 0; i < in->episode_count; i++) {
		const struct episode *e = episode_at(r, in, i);
		for (uint32_t m = 0; m < e->member_count; m++)
			if (w->entities[e->members[m].entity].kind == ENTITY_USER)
				names_add(&n, w->entities[e->members[m].entity].shown, NAMES_MOST);
	}
	return names_text(r, &n, ", ", 4);
}

const char *report_techniques(const struct report *r, const struct incident *in)
{
	struct names n = { 0 };
	const struct week *w = r->rq->an->week;

	for (uint32_t i = 0; i < in->episode_count; i++) {
		const struct week_rule *wr = &w->rules[episode_at(r, in, i)->rule];
		if (wr->behaviour != NULL && wr->behaviour->technique != NULL)
			names_add(&n, wr->behaviour->technique, NAMES_MOST);
	}
	return names_text(r, &n, " ", 6);
}

/* ---- marks ---- */

colour priority_fill(enum priority p)
{
	static const colour fills[] = { LOW_FILL, MEDIUM_FILL, HIGH_FILL, CRITICAL_FILL };

	return fills[p];
}

colour priority_line(enum priority p)
{
	return p == PRIORITY_LOW ? LOW_LINE : p == PRIORITY_MEDIUM ? MEDIUM_LINE : NO_COLOUR;
}

void draw_priority(struct canvas *cv, enum priority p, double x, double y, double size)
{
	double h = size / 2;

	switch (p) {
	case PRIORITY_CRITICAL:
		canvas_move(cv, x, y - h * 1.15);
		canvas_line(cv, x + h * 1.15, y);
		canvas_line(cv, x, y + h * 1.15);
		canvas_line(cv, x - h * 1.15, y);
		canvas_close(cv);
		break;
	case PRIORITY_HIGH:
		canvas_move(cv, x, y - h);
		canvas_line(cv, x + h * 1.1, y + h * 0.9);
		canvas_line(cv, x - h * 1.1, y + h * 0.9);
		canvas_close(cv);
		break;
	case PRIORITY_MEDIUM:
		canvas_rect(cv, x - h * 0.9, y - h * 0.9, 1.8 * h, 1.8 * h);
		break;
	case PRIORITY_LOW:
		canvas_disc(cv, x, y, h * 0.95);
		break;
	}
	canvas_paint(cv, priority_fill(p), priority_line(p), 0.7, DASH_NONE, 0);
}

/* ---- charts ---- */

static const char *const *beat_labels(const struct report *r, const struct narrative *n)
{
	const char **labels = ARENA_ARRAY(r->arena, const char *, n->beat_count + 1);

	for (size_t i = 0; i < n->beat_count; i++) {
		struct sentence s = story_label(r->rq->phrases, r->rq->lang, &n->beats[i], r->rq->zone, r->arena);
		labels[i] = sentence_plain(&s, r->arena);
	}
	return labels;
}

static const char *const *incident_labels(const struct report *r)
{
	const struct analysis *an = r->rq->an;
	const char **labels = ARENA_ARRAY(r->arena, const char *, an->queue_count + 1);

	for (uint32_t i = 0; i < an->queue_count; i++)
		labels[i] = report_title(r, &an->incidents[i]);
	return labels;
}

const struct scene *report_chart(const struct report *r, const char *name, const struct incident *in, double width,
                                 double height, enum chart_form form, struct chart_finding *found)
{
	const struct chart *c = chart_find(name);
	struct chart_finding own;
	struct chart_input ci = { 0 };

	memset(&own, 0, sizeof own);
	ci.analysis = r->rq->an;
	ci.incident = in;
	ci.story = in != NULL ? report_story(r, in) : NULL;
	ci.zone = r->rq->zone;
	ci.measure = &r->measure;
	ci.words = &r->words;
	ci.arena = r->arena;
	ci.width = width;
	ci.height = height;
	ci.since = r->since;
	ci.until = r->until;
	ci.form = form;
	ci.beat_labels = ci.story != NULL ? beat_labels(r, ci.story) : NULL;
	ci.incident_labels = in == NULL ? incident_labels(r) : NULL;
	return c != NULL ? c->draw(&ci, found != NULL ? found : &own) : NULL;
}

/* ---- facts, factors, evidence ---- */

static struct fact_row fact_row(const struct report *r, const char *key, const char *value, enum run_style style)
{
	return (struct fact_row){ report_word(r, key), report_run(r, value, style), 1 };
}

size_t report_facts(const struct report *r, const struct incident *in, struct fact_row rows[16])
{
	static const char *const keys[] = { "priority.low", "priority.medium", "priority.high", "priority.critical" };
	size_t n = 0;
	struct run *both = ARENA_ARRAY(r->arena, struct run, 2);
	const char *s;

	both[0] = (struct run){ report_word(r, keys[in->priority]), RUN_STRONG };
	both[1] = (struct run){ REPORT_SAY(r, "facts.score", F_TEXT("score", arena_printf(r->arena, "%.1f", in->score))),
	                        RUN_PLAIN };
	rows[n++] = (struct fact_row){ report_word(r, "facts.priority"), both, 2 };
	rows[n++] = fact_row(r, "facts.period", report_stretch(r, in->first, in->last), RUN_PLAIN);
	rows[n++] = fact_row(r, "facts.hosts", report_hosts(r, in, 4), RUN_PLAIN);
	if ((s = report_users(r, in)) != NULL)
		rows[n++] = fact_row(r, "facts.users", s, RUN_PLAIN);
	rows[n++] = fact_row(r, "facts.alerts",
	                     REPORT_SAY(r, "facts.alerts.value", F_NUMBER("alerts", in->alert_count),
	                                F_NUMBER("episodes", in->episode_count)), RUN_PLAIN);
	rows[n++] = fact_row(r, "facts.products", report_products(r, in), RUN_PLAIN);
	if ((s = report_techniques(r, in)) != NULL)
		rows[n++] = fact_row(r, "facts.techniques", s, RUN_CODE);
	s = report_state(r, in);
	rows[n++] = fact_row(r, "facts.state", s != NULL ? s : report_word(r, "report.tobefilled"), RUN_PLAIN);
	return n;
}

struct factor_bar {
	const struct report *r;
	const struct setting *s;
	double points, most;
	const char *number;
};

#define BAR_ROOM 62.0

static void draw_factor(void *ctx, struct canvas *cv, double x, double y, double w, double h)
{
	const struct factor_bar *b = ctx;
	double base = y + 8.6, full = BAR_ROOM - 26, left = x + w - BAR_ROOM + 4;
	colour ink = b->points < 0 ? RESPONSE : BAR_DARK;

	(void)h;
	flow_draw_setting(b->r->flow, cv, b->s, x, base, PARA_CAPTION);
	canvas_fill_rect(cv, left, base - 5.4, full, 5.6, TINT);
	if (b->most > 0)
		canvas_fill_rect(cv, left, base - 5.4, full * fmin(1, fabs(b->points) / b->most), 5.6, ink);
	canvas_text(cv, &b->r->ts, x + w, base, 7.2, FACE_SEMIBOLD, ALIGN_RIGHT, INK, b->number);
}

static int by_points(const void *pa, const void *pb)
{
	const struct factor *a = pa, *b = pb;

	return a->points > b->points ? -1 : a->points < b->points ? 1 : strcmp(a->key, b->key);
}

void report_factors(struct report *r, const struct incident *in)
{
	struct factor *list = ARENA_ARRAY(r->arena, struct factor, in->factor_count + 1);
	double most = 0;

	memcpy(list, in->factors, in->factor_count * sizeof *list);
	qsort(list, in->factor_count, sizeof *list, by_points);
	for (uint32_t i = 0; i < in->factor_count; i++)
		most = fmax(most, fabs(list[i].points));
	for (uint32_t i = 0; i < in->factor_count; i++) {
		struct factor_bar *b = arena_alloc(r->arena, sizeof *b);
		struct run run = { report_capital(r, story_factor(r->rq->phrases, r->rq->lang, &list[i], r->arena)), RUN_PLAIN };
		if (fabs(list[i].points) < 0.05)
			continue;
		b->r = r;
		b->points = list[i].points;
		b->most = most;
		b->number = arena_printf(r->arena, "%s%.1f", b->points < 0 ? "\xE2\x88\x92" : "+", fabs(b->points));
		b->s = flow_setting(r->flow, PARA_CAPTION, 0, &run, 1, flow_width(r->flow) - BAR_ROOM - 4);
		flow_block(r->flow, fmax(11.5, (double)b->s->line_count * 10.4 + 1.5), 1, draw_factor, b);
	}
}

static const char *beat_rules(const struct report *r, const struct beat *b)
{
	const struct week *w = r->rq->an->week;
	struct names n = { 0 };
	const char *out;

	for (size_t i = 0; i < b->episode_count; i++) {
		const struct rule *ru = &w->rules[r->rq->an->episodes[b->episodes[i]].rule].rule;
		names_add(&n, arena_printf(r->arena, "%s: %s", product_written(ru->product, r->arena), prose_defanged(r->arena, ru->name)), 64);
	}
	if (n.used > 2) {
		out = arena_printf(r->arena, "%s; +%zu", n.list[0], n.used - 1);
		free(n.list);
		return out;
	}
	out = names_text(r, &n, "; ", n.used);
	return out != NULL ? out : DASH_TEXT;
}

#define PLACE_SHARE 0.20
#define PLACE_SIZE 6.8
#define COUNT_LEAST 0.065
#define COUNT_SIZE 7.6                /* PARA_CAPTION */
#define COUNT_PADS 9.0                /* of a cell, both sides */

/* "suricata-eve.json:1204", the first of a beat's alerts. */
static int beat_place(const struct report *r, const struct beat *b, const char **out, struct fault *f)
{
	const struct analysis *an = r->rq->an;
	const struct episode *e;
	struct evidence ev = { 0 };

	*out = DASH_TEXT;
	if (r->rq->store == NULL || b->episode_count == 0)
		return 0;
	e = &an->episodes[b->episodes[0]];
	if (e->count == 0)
		return 0;
	if (store_evidence(&ev, r->rq->store, an->week->marks[e->alerts[0]].row, r->arena, f) < 0)
		return -1;
	*out = arena_printf(r->arena, "%s:%lld", ev.source != NULL ? report_renamed(r->rq, ev.source) : "?", (long long)ev.line);
	for (uint32_t i = 0; i < ev.also_count; i++)
		*out = arena_printf(r->arena, "%s, %s:%lld", *out, report_renamed(r->rq, ev.also[i].source), (long long)ev.also[i].line);
	*out = measure_fit(&r->measure, r->arena, *out, PLACE_SIZE, FACE_MONO, flow_width(r->flow) * PLACE_SHARE - 9);
	return 0;
}

/* What sums up the rest of an incident has no time of its own. */
static instant beat_began(const struct report *r, const struct beat *b)
{
	instant first = b->at;

	for (size_t i = 0; b->at == INSTANT_NONE && i < b->episode_count; i++) {
		instant t = r->rq->an->episodes[b->episodes[i]].first;

		if (first == INSTANT_NONE || t < first)
			first = t;
	}
	return first;
}

static int evidence_row(struct report *r, const struct beat *b, struct fault *f)
{
	const char *number = arena_printf(r->arena, "E%u", b->evidence), *place;
	struct sentence label = story_label(r->rq->phrases, r->rq->lang, b, r->rq->zone, r->arena);
	struct cell cells[6];

	if (beat_place(r, b, &place, f) < 0)
		return -1;
	memset(cells, 0, sizeof cells);
	cells[0] = report_cell(r, number, RUN_STRONG, PARA_CAPTION, BLUE, 1);
	cells[1] = report_cell(r, report_when(r, beat_began(r, b), WHEN_DAY_TIME), RUN_PLAIN, PARA_CAPTION, 0, 1);
	cells[2].text[0] = (struct cell_text){ label.runs, label.count, PARA_CAPTION, INK, 2 };
	cells[3] = report_cell(r, beat_rules(r, b), RUN_PLAIN, PARA_CAPTION, 0, r->rule_lines);
	cells[4] = report_cell(r, report_count(r, (int64_t)b->alert_count), RUN_PLAIN, PARA_CAPTION, INK, 1);
	cells[5] = report_cell(r, place, RUN_CODE, PARA_CAPTION, 0, 1);
	flow_row(r->flow, cells, NO_COLOUR, number);
	return 0;
}

static size_t evidence_count(const struct narrative *n, bool ranked)
{
	size_t count = 0;

	for (size_t i = 0; i < n->beat_count; i++)
		count += n->beats[i].evidence > 0 && (!ranked || beat_telling(&n->beats[i]) > 0);
	return count;
}

/* Which rows stand in a table of at most so many: the most telling; without an order the first. */
static bool *evidence_choice(const struct report *r, const struct narrative *n, size_t most)
{
	bool *chosen = ARENA_ARRAY(r->arena, bool, n->beat_count + 1), ranked = evidence_count(n, true) > 0;
	size_t all = evidence_count(n, false), told = 0;

	for (size_t i = 0; i < n->beat_count; i++) {
		const struct beat *b = &n->beats[i];
		size_t telling = beat_telling(b);

		if (b->evidence == 0)
			continue;
		chosen[i] = all <= most || (ranked ? telling > 0 && telling <= most : told < most);
		told += chosen[i];
	}
	return chosen;
}

/* The share of the table that its numbers need: a number is never cut off. */
static double count_share(const struct report *r, const struct narrative *n, const bool *chosen)
{
	double widest = COUNT_LEAST * flow_width(r->flow);

	for (size_t i = 0; i < n->beat_count; i++) {
		const char *s = report_count(r, (int64_t)n->beats[i].alert_count);

		if (chosen[i])
			widest = fmax(widest, typeset_width(&r->ts, s, COUNT_SIZE, FACE_REGULAR) + COUNT_PADS);
	}
	return widest / flow_width(r->flow);
}

int report_evidence(struct report *r, const struct incident *in, size_t most, struct fault *f)
{
	const struct narrative *n = report_story(r, in);
	const bool *chosen = evidence_choice(r, n, most);
	double count = count_share(r, n, chosen);
	bool ja = r->rq->lang == LANGUAGE_JA, places = r->rq->store != NULL;
	const struct column columns[] = {
		{ "", 0.05, ALIGN_LEFT, NULL },
		{ report_word(r, "evidence.time"), ja ? 0.15 : 0.135, ALIGN_LEFT, NULL },
		{ report_word(r, "evidence.what"), places ? 0.29 : 0.34, ALIGN_LEFT, NULL },
		{ report_word(r, "evidence.rule"), (places ? 0.325 : 0.465) - count, ALIGN_LEFT, NULL },
		{ report_word(r, "evidence.alerts"), count, ALIGN_RIGHT, NULL },
		{ report_word(r, "evidence.place"), PLACE_SHARE, ALIGN_LEFT, NULL },
	};
	size_t shown = 0, all = 0;
	int rc = 0;

	for (size_t i = 0; i < n->beat_count; i++) {
		all += n->beats[i].evidence > 0;
		shown += chosen[i];
	}
	flow_subheading(r->flow, report_word(r, "evidence.head"),
	                shown == all ? report_word(r, "evidence.aside") :
	                REPORT_SAY(r, "evidence.more", F_NUMBER("shown", shown), F_NUMBER("all", all),
	                           F_TEXT("incident", arena_printf(r->arena, "%u", (unsigned)in->rank))));
	flow_table_begin(r->flow, columns, places ? 6 : 5);
	for (size_t i = 0; i < n->beat_count && rc == 0; i++)
		if (chosen[i])
			rc = evidence_row(r, &n->beats[i], f);
	flow_table_end(r->flow);
	return rc;
}
