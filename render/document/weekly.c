/* The weekly triage report. Page 1 says what needs whom and when; then half a page an incident; then
 * what was left out, so that every alert is accounted for. */
#include "render/document/weekly.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "timeline/palette.h"

#include "analyst/readers/refang.h"

#define FIRST_PAGE_ROWS 5         /* incidents in the first page's table; the others follow in a list */
#define NAMED_MOST 3              /* machines in the title */

/* ---- counting ---- */

static void count_rules(struct weekly *wk)
{
	const struct analysis *an = wk->r.rq->an;

	wk->rules = ARENA_ARRAY(wk->r.arena, struct rule_count, an->week->rule_count + 1);
	for (uint32_t i = 0; i < an->week->rule_count; i++)
		wk->rules[i].rule = i;
	for (uint32_t i = 0; i < an->episode_count; i++) {
		const struct episode *e = &an->episodes[i];
		bool minor = e->incident != NO_INCIDENT && e->incident >= an->queue_count;
		struct rule_count *rc = &wk->rules[e->rule];
		if (e->incident != NO_INCIDENT && e->incident < an->queue_count) {
			rc->told += e->count;
			wk->told_alerts += e->count;
			continue;
		}
		rc->left += e->count;
		rc->episodes++;
		wk->minor_alerts += minor ? e->count : 0;
	}
	/* What is in no episode of an incident stands alone; so the three add up whatever happens. */
	wk->lone_alerts = an->week->mark_count - wk->told_alerts - wk->minor_alerts;
}

static int by_left(const void *a, const void *b)
{
	const struct rule_count *x = a, *y = b;

	if (x->left != y->left)
		return x->left < y->left ? 1 : -1;
	return x->rule < y->rule ? -1 : x->rule > y->rule;
}

static void count_week(struct weekly *wk)
{
	const struct analysis *an = wk->r.rq->an;

	count_rules(wk);
	qsort(wk->rules, an->week->rule_count, sizeof *wk->rules, by_left);
	for (uint32_t i = 0; i < an->queue_count; i++)
		wk->by_priority[an->incidents[i].priority]++;
	wk->top = wk->by_priority[PRIORITY_CRITICAL] > 0 ? PRIORITY_CRITICAL : PRIORITY_HIGH;
	wk->act = wk->by_priority[wk->top];
	for (size_t i = 0; i < wk->r.rq->source_count; i++) {
		const struct tally *t = &wk->r.rq->sources[i].tally;
		wk->sum.read += t->read;
		wk->sum.imported += t->imported;
		wk->sum.repeated += t->repeated;
		wk->sum.rejected += t->rejected;
		wk->sum.blank += t->blank;
	}
}

/* ---- title ---- */

/* "one" to "nine" in English; Japanese uses digits. */
static const char *number_word(const struct report *r, int64_t n)
{
	if (n >= 1 && n <= 9)
		return report_word(r, arena_printf(r->arena, "number.%d", (int)n));
	return report_count(r, n);
}

static const char *verdict(const struct weekly *wk, const char *what)
{
	const struct report *r = &wk->r;
	uint32_t queue = r->rq->an->queue_count;
	const char *key = wk->act == 0 ? "weekly.title.none-high" : queue == 1 ? "weekly.title.single" : "weekly.title.act";

	if (r->rq->an->week->mark_count == 0)
		return report_word(r, "weekly.title.empty");
	if (queue == 0)
		return REPORT_SAY(r, "weekly.title.quiet", F_NUMBER("alerts", r->rq->an->week->mark_count));
	return report_capital(r, report_say(r, key, (const struct fact[]){ F_TEXT("act", number_word(r, (int64_t)wk->act)),
	                                                            F_TEXT("all", number_word(r, queue)),
	                                                            F_NUMBER("n", wk->act), F_NUMBER("queue", queue),
	                                                            F_TEXT("need", report_word(r, wk->act == 1 ? "weekly.needs" : "weekly.need")),
	                                                            F_TEXT("what", what) }, 6));
}

/* The machines of the incidents that need somebody, most urgent first: each once, the first of its incident. */
static size_t machines_at_stake(const struct weekly *wk, const char *out[NAMED_MOST])
{
	const struct analysis *an = wk->r.rq->an;
	uint32_t heads = wk->act > 0 ? (uint32_t)wk->act : 1;
	size_t n = 0;

	for (uint32_t i = 0; i < heads && i < an->queue_count && n < NAMED_MOST; i++) {
		const char *host = report_host(&wk->r, &an->incidents[i]);
		size_t at = 0;

		while (at < n && strcmp(out[at], host) != 0)
			at++;
		if (at == n)
			out[n++] = host;
	}
	return n;
}

/* The verdict with the first incident's title where two lines hold both; else the machines' names alone
 * and the title below as a sentence. */
static int add_title(void *report, struct fault *f)
{
	struct weekly *wk = report;
	struct report *r = &wk->r;
	const struct incident *first = r->rq->an->queue_count > 0 ? &r->rq->an->incidents[0] : NULL;
	const char *kicker = arena_printf(r->arena, "%s   %s", report_word(r, "weekly.kicker"), r->period);
	const char *what = first != NULL ? report_title(r, first) : "", *title = verdict(wk, what), *machines[NAMED_MOST];
	double size = r->rq->lang == LANGUAGE_JA ? 18.5 : 19.5;
	struct piece p = { title, size, FACE_BOLD, INK, NULL };
	bool fits = typeset_paragraph(&r->ts, r->arena, &p, 1, flow_width(r->flow), 0)->line_count <= 2;

	(void)f;
	if (first == NULL || fits) {
		flow_title(r->flow, kicker, title, NULL, 0);
		return 0;
	}
	flow_title(r->flow, kicker,
	           verdict(wk, REPORT_SAY(r, "weekly.title.machines", F_LIST("machines", machines, machines_at_stake(wk, machines)))),
	           NULL, 0);
	flow_text(r->flow, PARA_LEAD, REPORT_SAY(r, "weekly.lead", F_TEXT("what", what)));
	return 0;
}

/* ---- funnel ---- */

struct funnel {
	struct report *r;
	struct { const char *number, *label; } step[5];
	size_t steps;
	colour last;
};

#define FUNNEL_HEIGHT 40.0
#define FUNNEL_TIP 6.0

static void draw_funnel(void *ctx, struct canvas *cv, double x, double y, double w, double h)
{
	const struct funnel *fu = ctx;
	double gap = 3, step = (w + gap - FUNNEL_TIP) / (double)fu->steps;

	for (size_t i = 0; i < fu->steps; i++) {
		bool first = i == 0, last = i + 1 == fu->steps;
		double l = x + (double)i * step, right = last ? x + w : l + step - gap;
		canvas_move(cv, l, y);
		canvas_line(cv, right, y);
		if (!last)
			canvas_line(cv, right + FUNNEL_TIP, y + h / 2);
		canvas_line(cv, right, y + h);
		canvas_line(cv, l, y + h);
		if (!first)
			canvas_line(cv, l + FUNNEL_TIP, y + h / 2);
		canvas_close(cv);
		canvas_paint(cv, last ? fu->last : TINT, NO_COLOUR, 0, DASH_NONE, 0);
		canvas_text(cv, &fu->r->ts, l + 13, y + 21, 18, FACE_SEMIBOLD, ALIGN_LEFT, last ? WHITE : NAVY,
		            fu->step[i].number);
		canvas_text(cv, &fu->r->ts, l + 13, y + 32.5, 7.4, FACE_REGULAR, ALIGN_LEFT, last ? WHITE : INK_2,
		            measure_fit(&fu->r->measure, fu->r->arena, fu->step[i].label, 7.4, FACE_REGULAR, step - 20));
	}
}

static void funnel_step(struct funnel *fu, int64_t n, const char *key)
{
	fu->step[fu->steps].number = report_count(fu->r, n);
	fu->step[fu->steps].label = REPORT_SAY(fu->r, key, F_NUMBER("n", n));
	fu->steps++;
}

static int add_funnel(void *report, struct fault *f)
{
	struct weekly *wk = report;
	const struct analysis *an = wk->r.rq->an;
	struct funnel *fu = arena_alloc(wk->r.arena, sizeof *fu);

	(void)f;
	fu->r = &wk->r;
	fu->last = wk->act > 0 ? (wk->top == PRIORITY_CRITICAL ? CRITICAL_FILL : ATTACKER) : an->week->mark_count > 0 ? RESPONSE : INK_2;
	if (wk->r.rq->source_count > 0)
		funnel_step(fu, wk->sum.read, "weekly.funnel.records");
	funnel_step(fu, an->week->mark_count, "weekly.funnel.alerts");
	funnel_step(fu, an->episode_count, "weekly.funnel.episodes");
	funnel_step(fu, an->queue_count, "weekly.funnel.incidents");
	funnel_step(fu, (int64_t)wk->act, wk->top == PRIORITY_CRITICAL && wk->act > 0 ? "weekly.funnel.critical" : "weekly.funnel.high");
	flow_block(wk->r.flow, FUNNEL_HEIGHT, 12, draw_funnel, fu);
	return 0;
}

/* ---- figure 1 ---- */

static int add_overview(void *report, struct fault *f)
{
	struct weekly *wk = report;
	struct report *r = &wk->r;
	/* A lone alert is one labelled mark, which needs no frame. */
	double height = r->rq->an->week->mark_count == 1 ? 0 : wk->overview;
	const struct scene *sc = report_chart(r, "week-overview", NULL, flow_width(r->flow), height, CHART_FULL, &wk->found);
	const char *bin = story_span(r->rq->lang, wk->found.bin, r->arena);
	const char *claim, *caption;

	(void)f;
	if (wk->found.alerts == 0) {
		flow_figure(r->flow, report_word(r, "weekly.figure.empty"), NULL, r->undated ? NULL : sc);
		return 0;
	}
	if (r->rq->an->week->mark_count == 1) {
		flow_figure(r->flow, REPORT_SAY(r, "weekly.figure.single", F_TEXT("at", report_when(r, r->rq->an->week->first, WHEN_WEEKDAY_TIME))),
		            NULL, sc);
		return 0;
	}
	claim = report_say(r, r->rq->an->queue_count == 0 ? "weekly.figure.quiet" : "weekly.figure.claim",
	                   (const struct fact[]){ F_NUMBER("n", r->rq->an->queue_count), F_NUMBER("told", wk->told_alerts),
	                                          F_NUMBER("alerts", r->rq->an->week->mark_count),
	                                          F_NUMBER("peak", wk->found.peak), F_TEXT("bin", bin),
	                                          F_TEXT("at", report_when(r, wk->found.peak_at, WHEN_WEEKDAY_TIME)) }, 6);
	caption = REPORT_SAY(r, "weekly.figure.caption", F_TEXT("bin", bin));
	flow_figure(r->flow, claim, caption, sc);
	return 0;
}

/* ---- the ranked table ---- */

struct score_cell {
	const struct report *r;
	const struct incident *in;
};

static void draw_score(void *ctx, struct canvas *cv, double x, double y, double w, double h)
{
	const struct score_cell *s = ctx;
	double full = fmin(w, 35);

	(void)h;
	draw_priority(cv, s->in->priority, x + 4, y + 6.4, 7.6);
	canvas_text(cv, &s->r->ts, x + 13, y + 9.8, 10, FACE_SEMIBOLD, ALIGN_LEFT, INK,
	            arena_printf(s->r->arena, "%.0f", s->in->score));
	canvas_fill_rect(cv, x, y + 16.5, full, 2.6, HAIRLINE);
	canvas_fill_rect(cv, x, y + 16.5, full * fmax(0, fmin(1, s->in->score / 100)), 2.6, priority_fill(s->in->priority));
}

struct scene_cell {
	const struct report *r;
	const struct scene *sc;
};

static void draw_scene_cell(void *ctx, struct canvas *cv, double x, double y, double w, double h)
{
	const struct scene_cell *s = ctx;

	(void)w;
	(void)h;
	scene_replay(s->sc, cv, &s->r->ts, x, y);
}

static void ranked_row(struct weekly *wk, const struct incident *in, double strip, bool tinted)
{
	struct report *r = &wk->r;
	struct score_cell *score = arena_alloc(r->arena, sizeof *score);
	struct scene_cell *tactics = arena_alloc(r->arena, sizeof *tactics);
	struct cell cells[6];
	const char *state = report_state(r, in);
	const char *who = REPORT_SAY(r, "weekly.row.who", F_TEXT("hosts", report_hosts(r, in, 3)),
	                             F_NUMBER("alerts", in->alert_count));

	memset(cells, 0, sizeof cells);
	*score = (struct score_cell){ r, in };
	*tactics = (struct scene_cell){ r, report_chart(r, "attack-strip", in, strip, 0, CHART_COMPACT, NULL) };
	cells[0] = report_cell(r, arena_printf(r->arena, "%u", (unsigned)in->rank), RUN_STRONG, PARA_BODY, 0, 1);
	cells[1] = (struct cell){ .height = 20, .draw = draw_score, .ctx = score };
	cells[2] = report_cell(r, report_title(r, in), RUN_STRONG, PARA_STRONG, 0, 2);
	cells[2].text[1] = (struct cell_text){ report_run(r, who, RUN_PLAIN), 1, PARA_CODE, 0, 1 };
	if (tactics->sc != NULL)
		cells[3] = (struct cell){ .height = scene_height(tactics->sc), .draw = draw_scene_cell, .ctx = tactics };
	cells[4] = report_cell(r, report_when(r, in->first, WHEN_WEEKDAY_TIME), RUN_PLAIN, PARA_SMALL, 0, 1);
	cells[4].text[1] = (struct cell_text){ report_run(r, in->last > in->first ? story_span(r->rq->lang, in->last - in->first, r->arena) : "\xE2\x80\x93",
	                                                  RUN_PLAIN), 1, PARA_CAPTION, INK_2, 1 };
	cells[5] = report_cell(r, state != NULL ? state : report_word(r, "report.tobefilled"), RUN_PLAIN, PARA_CAPTION,
	                       state != NULL ? INK : MUTE, 2);
	flow_row(r->flow, cells, tinted ? CRITICAL_TINT : NO_COLOUR, NULL);
}

static void ranked_table(struct weekly *wk, uint32_t from, uint32_t to)
{
	static const double widths[] = { 17, 44, 176, 128, 62, 72 };
	struct report *r = &wk->r;
	double strip = widths[3] - 9;
	const struct column columns[] = {
		{ "#", widths[0], ALIGN_LEFT, NULL },
		{ report_word(r, "weekly.col.score"), widths[1], ALIGN_LEFT, NULL },
		{ report_word(r, "weekly.col.incident"), widths[2], ALIGN_LEFT, NULL },
		{ report_word(r, "weekly.col.tactics"), widths[3], ALIGN_LEFT,
		  report_chart(r, "attack-strip", &r->rq->an->incidents[0], strip, 8.5, CHART_HEADING, NULL) },
		{ report_word(r, "weekly.col.started"), widths[4], ALIGN_LEFT, NULL },
		{ report_word(r, "weekly.col.state"), widths[5], ALIGN_LEFT, NULL },
	};

	flow_table_begin(r->flow, columns, 6);
	for (uint32_t i = from; i < to; i++)
		ranked_row(wk, &r->rq->an->incidents[i], strip, i == 0 && wk->top == PRIORITY_CRITICAL && wk->act > 0);
	flow_table_end(r->flow);
}

static int add_ranked(void *report, struct fault *f)
{
	struct weekly *wk = report;
	struct report *r = &wk->r;
	uint32_t n = r->rq->an->queue_count, shown = n < FIRST_PAGE_ROWS ? n : FIRST_PAGE_ROWS;

	(void)f;
	/* Four rows always fit, and a list of those left out follows. */
	if (n > FIRST_PAGE_ROWS - 1)
		shown -= (uint32_t)((wk->tight > 1) + (wk->tight > 3));
	wk->shown = shown;

	if (n == 0) {
		const struct analysis *an = r->rq->an;
		double best = an->incident_count > 0 ? an->incidents[0].score : 0;
		const char *text = an->incident_count > 0
			? report_say(r, "weekly.quiet.text", (const struct fact[]){ F_NUMBER("groups", an->incident_count),
			             F_TEXT("score", arena_printf(r->arena, "%.1f", best)),
			             F_NUMBER("records", wk->sum.read), F_NUMBER("sources", r->rq->source_count) }, 4)
			: REPORT_SAY(r, "weekly.quiet.none", F_NUMBER("records", wk->sum.read), F_NUMBER("sources", r->rq->source_count));
		flow_callout(r->flow, an->week->mark_count == 0 ? report_word(r, "weekly.quiet.empty")
		             : REPORT_SAY(r, "weekly.quiet.head", F_NUMBER("alerts", an->week->mark_count)),
		             text, an->week->mark_count == 0 ? TINT : RESPONSE_TINT, an->week->mark_count == 0 ? INK : RESPONSE);
		return 0;
	}
	flow_heading(r->flow, report_word(r, "weekly.ranked"),
	             n > shown ? REPORT_SAY(r, "weekly.ranked.more", F_NUMBER("n", n - shown)) : report_word(r, "weekly.ranked.aside"));
	ranked_table(wk, 0, shown);
	return 0;
}

#define TIGHT_MOST 6
#define LOWER_OVERVIEW 3

/* ---- do first, noisiest ---- */

#define ACTIONS_MOST 3
#define NOISY_MOST 4
#define BLIND_MOST 2          /* incidents whose unknowns stand on page 1; all are told on their pages */

/* The same thing to do for another incident is one thing to do. */
static struct item *same_action(const struct report *r, struct item *items, size_t n, const struct sentence *s)
{
	const char *words = sentence_plain(s, r->arena);

	for (size_t i = 0; i < n; i++) {
		const struct sentence other = { items[i].runs, items[i].run_count, NULL };

		if (strcmp(sentence_plain(&other, r->arena), words) == 0)
			return &items[i];
	}
	return NULL;
}

/* The first action of the first incidents; where there are few incidents, also their second and third. */
static int add_actions(void *report, struct fault *f)
{
	struct weekly *wk = report;
	struct report *r = &wk->r;
	struct item items[ACTIONS_MOST];
	size_t n = 0, most = (size_t)(ACTIONS_MOST - (wk->tight > 5));

	(void)f;
	memset(items, 0, sizeof items);
	for (size_t turn = 0; turn < most && n < most; turn++)
		for (uint32_t i = 0; i < r->rq->an->queue_count && n < most; i++) {
			const struct incident *in = &r->rq->an->incidents[i];
			size_t count;
			const struct sentence *s = story_sentences(r->rq->phrases, r->rq->lang, r->reg, report_story(r, in),
			                                           PART_ACTION, r->rq->zone, r->arena, &count);
			struct item *same = turn < count ? same_action(r, items, n, &s[turn]) : NULL;

			if (same != NULL)
				same->aside = arena_printf(r->arena, "%s, #%u", same->aside, (unsigned)in->rank);
			if (turn >= count || same != NULL)
				continue;
			items[n].runs = s[turn].runs;
			items[n].run_count = s[turn].count;
			items[n].aside = arena_printf(r->arena, "#%u", (unsigned)in->rank);
			n++;
		}
	flow_heading(r->flow, report_word(r, "weekly.first"), NULL);
	if (n == 0)
		flow_text(r->flow, PARA_SMALL, report_word(r, "weekly.first.none"));
	flow_list(r->flow, BULLET_BOX, items, n, 1);
	return 0;
}

#define SPARK_DAYS 14
#define SPARK_LEAST 3

struct noisy {
	const struct report *r;
	const char *name, *count, *told;
	double count_room, told_room;         /* of the widest row */
	uint32_t day[SPARK_DAYS];
	int days;                             /* 0: too few to show a course */
};

#define NOISY_ROW 17.2
#define SPARK_WIDTH 44.0

static void draw_noisy(void *ctx, struct canvas *cv, double x, double y, double w, double h)
{
	const struct noisy *no = ctx;
	const struct typesetter *ts = &no->r->ts;
	double told = x + w, count = told - no->told_room - 7;
	double spark = count - no->count_room - 8 - (no->days > 0 ? SPARK_WIDTH : 0);
	double bar = no->days > 0 ? SPARK_WIDTH / no->days : 0, base = y + 11.6, top = 1;

	for (int i = 0; i < no->days; i++)
		top = fmax(top, no->day[i]);
	canvas_text(cv, ts, x, base, 8, FACE_REGULAR, ALIGN_LEFT, INK,
	            measure_fit(&no->r->measure, no->r->arena, no->name, 8, FACE_REGULAR, spark - x - 6));
	for (int i = 0; i < no->days; i++) {
		double high = no->day[i] > 0 ? fmax(0.8, 10.5 * no->day[i] / top) : 0.4;
		canvas_fill_rect(cv, spark + bar * i, base + 0.8 - high, bar - 1, high, BAR_DARK);
	}
	canvas_text(cv, ts, count, base, 8.2, FACE_BOLD, ALIGN_RIGHT, INK, no->count);
	canvas_text(cv, ts, told, base, 7.4, FACE_REGULAR, ALIGN_RIGHT, INK_2, no->told);
	canvas_rule(cv, x, y + h, x + w, y + h, 0.5, HAIRLINE);
}

static void fill_days(const struct weekly *wk, struct noisy *no, uint32_t rule)
{
	const struct analysis *an = wk->r.rq->an;

	no->days = (int)((wk->r.until - wk->r.since + DAY / 2) / DAY);
	no->days = no->days < SPARK_LEAST ? 0 : no->days > SPARK_DAYS ? SPARK_DAYS : no->days;
	for (uint32_t i = 0; i < an->week->mark_count; i++) {
		const struct mark *m = &an->week->marks[i];
		int64_t d = (m->at - wk->r.since) / DAY;
		if (m->rule == rule && m->at >= wk->r.since && d < no->days)
			no->day[d]++;
	}
}

static int add_noisiest(void *report, struct fault *f)
{
	struct weekly *wk = report;
	struct report *r = &wk->r;
	const struct week *w = r->rq->an->week;
	struct noisy *rows[NOISY_MOST];
	double count = 0, told = 0;
	size_t n = 0;

	(void)f;
	flow_heading(r->flow, report_word(r, "weekly.noisy"), report_word(r, "weekly.noisy.aside"));
	for (; n < w->rule_count && n < (size_t)(NOISY_MOST - (wk->tight > 0)) && wk->rules[n].left > 0; n++) {
		const struct rule_count *rc = &wk->rules[n];
		rows[n] = arena_alloc(r->arena, sizeof(struct noisy));
		rows[n]->r = r;
		rows[n]->name = prose_defanged(r->arena, w->rules[rc->rule].rule.name);
		rows[n]->count = report_count(r, rc->left);
		rows[n]->told = REPORT_SAY(r, "weekly.noisy.told", F_NUMBER("n", rc->told));
		fill_days(wk, rows[n], rc->rule);
		count = fmax(count, typeset_width(&r->ts, rows[n]->count, 8.2, FACE_BOLD));
		told = fmax(told, typeset_width(&r->ts, rows[n]->told, 7.4, FACE_REGULAR));
	}
	for (size_t i = 0; i < n; i++) {
		rows[i]->count_room = count;
		rows[i]->told_room = told;
		flow_block(r->flow, NOISY_ROW, 0, draw_noisy, rows[i]);
	}
	if (n == 0)
		flow_text(r->flow, PARA_SMALL, report_word(r, "weekly.noisy.none"));
	return 0;
}

/* ---- what we could not see ---- */

static void blind_row(struct weekly *wk, const char *label, const struct run *runs, size_t n)
{
	struct cell cells[2];

	memset(cells, 0, sizeof cells);
	cells[0] = report_cell(&wk->r, label, RUN_STRONG, PARA_SMALL, 0, 1);
	cells[1].text[0] = (struct cell_text){ runs, n, PARA_SMALL, 0, 2 };
	flow_row(wk->r.flow, cells, NO_COLOUR, NULL);
}

static void blind_say(struct weekly *wk, const char *label, const char *text)
{
	blind_row(wk, report_word(&wk->r, label), report_run(&wk->r, text, RUN_PLAIN), 1);
}

#define SILENCES_MOST 64

/* Those that reach into the period. */
static size_t silences_shown(const struct weekly *wk, struct silence *all)
{
	const struct report_request *rq = wk->r.rq;
	size_t n = week_silences(all, SILENCES_MOST, rq->an->week), kept = 0;

	for (size_t i = 0; i < n; i++)
		if ((rq->since == INSTANT_NONE || all[i].end * HOUR > rq->since) &&
		    (rq->until == INSTANT_NONE || all[i].begin * HOUR < rq->until))
			all[kept++] = all[i];
	return kept;
}

/* Hours in which a source that records steadily recorded nothing: the longest, and how many more. */
static bool silent_row(struct weekly *wk)
{
	struct report *r = &wk->r;
	struct silence all[SILENCES_MOST];
	const struct silence *longest = all;
	size_t n = silences_shown(wk, all);

	if (n == 0)
		return false;
	for (size_t i = 1; i < n; i++)
		if (all[i].end - all[i].begin > longest->end - longest->begin)
			longest = &all[i];
#define SILENT_FACTS F_TEXT("source", longest->sensor->format), F_TIME("from", longest->begin * HOUR), \
	F_TIME("until", longest->end * HOUR)
	blind_say(wk, "weekly.blind.silent",
	          n == 1 ? REPORT_SAY(r, "weekly.blind.silent.text", SILENT_FACTS) :
	                   REPORT_SAY(r, "weekly.blind.silent.text", SILENT_FACTS, F_NUMBER("more", n - 1)));
#undef SILENT_FACTS
	return true;
}

static size_t unknown_rows(struct weekly *wk, uint32_t most)
{
	struct report *r = &wk->r;
	size_t rows = 0;

	for (uint32_t i = 0; i < r->rq->an->queue_count && i < most; i++) {
		const struct incident *in = &r->rq->an->incidents[i];
		size_t count;
		const struct sentence *s = story_sentences(r->rq->phrases, r->rq->lang, r->reg, report_story(r, in),
		                                           PART_UNKNOWN, r->rq->zone, r->arena, &count);
		/* The last one is the most particular: "the records begin on ..." */
		if (count == 0)
			continue;
		blind_row(wk, arena_printf(r->arena, "#%u  %s", (unsigned)in->rank, report_host(r, in)), s[count - 1].runs,
		          s[count - 1].count);
		rows++;
	}
	return rows;
}

static int add_blind(void *report, struct fault *f)
{
	struct weekly *wk = report;
	struct report *r = &wk->r;
	const struct column columns[] = { { NULL, 0.3, ALIGN_LEFT, NULL }, { NULL, 0.7, ALIGN_LEFT, NULL } };
	size_t rows;
	bool silent;

	(void)f;
	flow_keep_begin(r->flow);
	flow_heading(r->flow, report_word(r, "weekly.blind"), NULL);
	flow_table_begin(r->flow, columns, 2);
	rows = unknown_rows(wk, (uint32_t)(BLIND_MOST - (wk->tight > 1) - (wk->tight > 3)));
	if (wk->found.gaps > 0)
		blind_say(wk, "weekly.blind.gaps", REPORT_SAY(r, "weekly.blind.gaps.text", F_NUMBER("n", wk->found.gaps)));
	silent = silent_row(wk);
	if (wk->sum.rejected > 0)
		blind_say(wk, "weekly.blind.rejected", REPORT_SAY(r, "weekly.blind.rejected.text", F_NUMBER("n", wk->sum.rejected),
		                                                  F_NUMBER("read", wk->sum.read)));
	if (wk->found.gaps == 0 && !silent && wk->sum.rejected == 0 && r->rq->source_count > 0 && wk->found.alerts > 1)
		blind_say(wk, "weekly.blind.records", REPORT_SAY(r, "weekly.blind.records.text", F_NUMBER("n", wk->sum.read)));
	else if (rows == 0 && wk->found.gaps == 0 && !silent && wk->sum.rejected == 0)
		blind_say(wk, "weekly.blind.records", report_word(r, "weekly.blind.nothing"));
	flow_table_end(r->flow);
	flow_keep_end(r->flow);
	return 0;
}

/* ---- the incidents that the first page has no room for ---- */

static int add_queue(void *report, struct fault *f)
{
	struct weekly *wk = report;

	(void)f;
	flow_section(wk->r.flow, report_word(&wk->r, "weekly.all"));
	ranked_table(wk, wk->shown, wk->r.rq->an->queue_count);
	return 0;
}

/* ---- the sections ---- */

static bool has_queue(const void *report)
{
	return ((const struct weekly *)report)->r.rq->an->queue_count > 0;
}

static bool has_alerts(const void *report)
{
	return ((const struct weekly *)report)->r.rq->an->week->mark_count > 0;
}

static bool has_sources(const void *report)
{
	return ((const struct weekly *)report)->r.rq->source_count > 0;
}

static bool has_left_out(const void *report)
{
	const struct weekly *wk = report;

	return wk->r.rq->an->week->rule_count > 0 && wk->rules[0].left > 0;
}

/* The first page's table holds them all otherwise. */
static bool queue_is_longer(const void *report)
{
	const struct weekly *wk = report;

	return wk->r.rq->an->queue_count > wk->shown;
}

static const struct section sections[] = {
	{ .name = "title", .add = add_title, .required = true, .first = true },
	{ .name = "funnel", .add = add_funnel },
	{ .name = "overview", .add = add_overview },
	{ .name = "ranked", .add = add_ranked },
	{ .name = "actions", .add = add_actions, .applies = has_queue },
	{ .name = "noisiest", .add = add_noisiest, .applies = has_alerts },
	{ .name = "blind", .add = add_blind },
	{ .name = "queue", .add = add_queue, .applies = queue_is_longer },
	{ .name = "incidents", .add = weekly_incidents, .applies = has_queue, .required = true },
	{ .name = "volume", .add = weekly_volume, .applies = has_alerts },
	{ .name = "totals", .add = weekly_totals, .required = true },
	{ .name = "sources", .add = weekly_sources, .applies = has_sources },
	{ .name = "left-out", .add = weekly_left_out, .applies = has_left_out },
	{ .name = "method", .add = weekly_method, .required = true },
	{ .name = NULL },
};

/* ---- pages ---- */

/* Points that the blocks leave free on a page of their own; less than 0 where they need more. */
static double spare_room(struct weekly *wk, const struct template_block *page)
{
	struct flow *real = wk->r.flow;
	unsigned number = wk->co.number;
	double spare;

	wk->r.flow = flow_trial(real);
	compose_blocks(&wk->co, page->blocks, page->block_count, NULL);
	spare = flow_page_height() - flow_height(wk->r.flow);
	wk->r.flow = real;
	wk->co.number = number;
	return spare;
}

static bool holds(const struct template_block *b, const char *name)
{
	if (b->kind == BLOCK_SECTION)
		return strcmp(b->name, name) == 0;
	for (size_t i = 0; i < b->block_count; i++)
		if (holds(&b->blocks[i], name))
			return true;
	return false;
}

/* Leaves rows out, a few at a time, until all parts stand on one page; the overview gets what is left
 * over. Returns whether it fits at last. */
static bool fit_rows(struct weekly *wk, const struct template_block *page)
{
	double spare = -1;

	wk->overview = OVERVIEW_LEAST;
	for (wk->tight = 0; wk->tight <= TIGHT_MOST; wk->tight++) {
		if (wk->tight >= LOWER_OVERVIEW)
			wk->overview = OVERVIEW_LEAST - OVERVIEW_STEP * (wk->tight - LOWER_OVERVIEW + 1);
		spare = spare_room(wk, page);
		if (spare >= 0 || wk->tight == TIGHT_MOST)
			break;
	}
	if (spare > 0)
		wk->overview += fmin(spare * 0.6, OVERVIEW_GROWS);
	return spare >= 0;
}

/* A table of what was left out gives way where that saves a page, and only then. */
static bool fit_left_out(struct weekly *wk, const struct template_block *page)
{
	double room = flow_room(wk->r.flow) - SECTION_GAP, over;

	if (room < TOTALS_HEIGHT)
		room = 0;
	over = flow_page_height() - spare_room(wk, page) - room;
	while (over > flow_page_height())
		over -= flow_page_height();
	if (over > 0 && over < (LEFT_OUT_ROWS - LEFT_OUT_LEAST) * LEFT_OUT_HEIGHT)
		wk->left_rows -= (uint32_t)(over / LEFT_OUT_HEIGHT) + 1;
	return over <= 0 || wk->left_rows < LEFT_OUT_ROWS;
}

static int add_page(void *report, const struct template_block *page, struct fault *f)
{
	struct weekly *wk = report;
	bool fits = holds(page, "left-out") ? fit_left_out(wk, page) : fit_rows(wk, page);

	if (compose_blocks(&wk->co, page->blocks, page->block_count, f) < 0)
		return -1;
	wk->co.page_ends = fits;
	return 0;
}

static const char *const facts[] = { "customer", "organisation", "alerts", "incidents", "date", NULL };

const struct section_set weekly_set = {
	.kind = "weekly", .list = sections, .facts = facts, .reg = REGISTER_WEEKLY, .page = add_page,
};

int report_weekly(struct text *pdf, const struct report_request *rq, struct fault *f)
{
	struct weekly wk;
	const struct report_plan plan = { .reg = REGISTER_WEEKLY, .kind = "weekly.kind", .series = "WTR", .small_title = true };

	memset(&wk, 0, sizeof wk);
	if (report_open(&wk.r, rq, &plan, f) < 0)
		return -1;
	wk.r.rule_lines = 1;
	wk.left_rows = LEFT_OUT_ROWS;
	count_week(&wk);
	wk.co = (struct composer){ .set = &weekly_set, .report = &wk, .rq = rq, .flow = &wk.r.flow, .arena = wk.r.arena };
	if (composer_open(&wk.co, f) < 0 || compose(&wk.co, f) < 0) {
		report_close(&wk.r, NULL, NULL);
		return -1;
	}
	return report_close(&wk.r, pdf, f);
}
