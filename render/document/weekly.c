/* The weekly triage report. Page 1 says what needs whom and when; then half a page an incident; then
 * what was left out, so that every alert is accounted for. */
#include "render/document/weekly.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "timeline/palette.h"

/* A sentence of ours: what is outside is defanged in it, what is ours stays as it is. */
#define F_TOLD(n, s) { .name = (n), .kind = FACT_HOST, .text = (s) }

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
		uint32_t alerts = view_alerts_of_episode(an, e);

		wk->episodes += alerts > 0;
		if (e->incident != NO_INCIDENT && e->incident < an->queue_count) {
			rc->told += alerts;
			wk->told_alerts += alerts;
			continue;
		}
		rc->left += alerts;
		rc->episodes += alerts > 0;
		wk->minor_alerts += minor ? alerts : 0;
	}
	/* What is in no episode of an incident stands alone; so the three add up whatever happens. */
	wk->alerts = view_alerts(an);
	wk->lone_alerts = wk->alerts - wk->told_alerts - wk->minor_alerts;
}

static int by_left(const void *a, const void *b)
{
	const struct rule_count *x = a, *y = b;

	if (x->left != y->left)
		return x->left < y->left ? 1 : -1;
	return x->rule < y->rule ? -1 : x->rule > y->rule;
}

/* What telemetry says was recorded in hours that begin in the period. */
static uint64_t telemetry_within(const struct weekly *wk)
{
	const struct week *w = wk->r.rq->an->week;
	uint64_t n = 0;

	for (uint32_t i = 0; i < w->hour_count; i++)
		if (w->hours[i].hour * HOUR >= wk->r.since && w->hours[i].hour * HOUR < wk->r.until)
			n += (uint64_t)w->hours[i].count;
	return n;
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
	wk->records = an->view != NULL ? wk->alerts + telemetry_within(wk) : (uint64_t)wk->sum.read;
	comparison_make(&wk->compared, wk->r.rq, wk->r.arena);
}

const char *weekly_key(const struct weekly *wk, const char *key)
{
	return wk->r.rq->an->view != NULL ? arena_printf(wk->r.arena, "%s.period", key) : key;
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

	if (wk->alerts == 0)
		return report_word(r, "weekly.title.empty");
	if (queue == 0)
		return REPORT_SAY(r, "weekly.title.quiet", F_NUMBER("alerts", wk->alerts));
	return report_capital(r, report_say(r, key, (const struct fact[]){ F_TEXT("act", number_word(r, (int64_t)wk->act)),
	                                                            F_TEXT("all", number_word(r, queue)),
	                                                            F_NUMBER("n", wk->act), F_NUMBER("queue", queue),
	                                                            F_TEXT("need", report_word(r, wk->act == 1 ? "weekly.needs" : "weekly.need")),
	                                                            F_TOLD("what", what) }, 6));
}

/* The machines of the incidents that need somebody, most urgent first: each once, the first of its incident. */
static size_t machines_at_stake(const struct weekly *wk, const char *out[NAMED_MOST])
{
	const struct analysis *an = wk->r.rq->an;
	uint32_t heads = wk->act > 0 ? (uint32_t)wk->act : 1;
	size_t n = 0;

	for (uint32_t i = 0; i < heads && i < an->queue_count && n < NAMED_MOST; i++) {
		const char *host = report_subject(&wk->r, &an->incidents[i]);
		size_t at = 0;

		while (at < n && strcmp(out[at], host) != 0)
			at++;
		if (at == n)
			out[n++] = host;
	}
	return n;
}

/* Machines and accounts of ours are never made harmless. */
static struct fact own_names(const char *const *names, size_t n)
{
	return (struct fact){ .name = "machines", .kind = FACT_LIST, .item_kind = FACT_HOST, .items = names, .item_count = n, .value = (int64_t)n };
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
	           verdict(wk, REPORT_SAY(r, "weekly.title.machines", own_names(machines, machines_at_stake(wk, machines)))),
	           NULL, 0);
	flow_text(r->flow, PARA_LEAD, REPORT_SAY(r, "weekly.lead", F_TOLD("what", what)));
	return 0;
}

#define TIGHT_MOST 6
#define LOWER_OVERVIEW 3

/* ---- the sections ---- */

static bool has_queue(const void *report)
{
	return ((const struct weekly *)report)->r.rq->an->queue_count > 0;
}

static bool has_alerts(const void *report)
{
	return ((const struct weekly *)report)->alerts > 0;
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

static bool has_before(const void *report)
{
	return ((const struct weekly *)report)->compared.how != COMPARED_NOT;
}

static const struct section sections[] = {
	{ .name = "title", .add = add_title, .required = true, .first = true },
	{ .name = "funnel", .add = weekly_funnel },
	{ .name = "change", .add = weekly_change, .applies = has_before },
	{ .name = "overview", .add = weekly_overview },
	{ .name = "ranked", .add = weekly_ranked },
	{ .name = "actions", .add = weekly_actions, .applies = has_queue },
	{ .name = "noisiest", .add = weekly_noisiest, .applies = has_alerts },
	{ .name = "blind", .add = weekly_blind },
	{ .name = "queue", .add = weekly_queue, .applies = queue_is_longer },
	{ .name = "incidents", .add = weekly_incidents, .applies = has_queue, .required = true },
	{ .name = "volume", .add = weekly_volume, .applies = has_alerts },
	{ .name = "totals", .add = weekly_totals, .required = true },
	{ .name = "compared", .add = weekly_compared, .applies = has_before },
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

	wk->r.flow = flow_trial(real, wk->r.arena);
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

#define PAGES_MOST 6                  /* REPORTS.md; a ranked table that is longer than a page goes beyond */
#define TRIED_LEAST 4                 /* incidents; fewer always keep to the pages */
#define TRIED_MOST 40                 /* of more the ranked table alone has pages */

/* Tells less of the incidents, a little at a time, until the report keeps to its pages; where nothing helps, all. */
static int fit_pages(struct weekly *wk, struct fault *f)
{
	struct flow *real = wk->r.flow;
	struct arena *kept = wk->r.arena;
	uint32_t queue = wk->r.rq->an->queue_count;
	unsigned pages = 0;
	int rc = 0;

	wk->detail = 0;
	if (queue < TRIED_LEAST || queue > TRIED_MOST)
		return 0;
	for (; wk->detail < weekly_details(); wk->detail++) {
		wk->r.arena = wk->co.arena = arena_new();
		wk->r.flow = flow_trial(real, wk->r.arena);
		wk->left_rows = LEFT_OUT_ROWS;
		if ((rc = compose(&wk->co, f)) == 0)
			pages = flow_pages(wk->r.flow);
		arena_free(wk->r.arena);
		if (rc < 0 || pages <= PAGES_MOST)
			break;
	}
	if (wk->detail == weekly_details())
		wk->detail = 0;
	wk->r.arena = wk->co.arena = kept;
	wk->r.flow = real;
	wk->left_rows = LEFT_OUT_ROWS;
	wk->co.page_ends = false;
	return rc;
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
	if (composer_open(&wk.co, f) < 0 || fit_pages(&wk, f) < 0 || compose(&wk.co, f) < 0) {
		report_close(&wk.r, NULL, NULL);
		return -1;
	}
	return report_close(&wk.r, pdf, f);
}
