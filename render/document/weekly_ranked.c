/* The ranked table: on the first page as many as it has room for, the others after it. */
#include <math.h>
#include <string.h>

#include "render/document/weekly.h"
#include "timeline/palette.h"

#define FIRST_PAGE_ROWS 5         /* incidents in the first page's table; the others follow in a list */

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

/* How many alerts, of a period how many of them lie in it, and on which machines. */
static const char *ranked_who(const struct report *r, const struct incident *in)
{
	const struct analysis *an = r->rq->an;
	uint32_t within = view_alerts_of(an, in);
	struct fact facts[3] = { F_TEXT("hosts", report_hosts(r, in, 3)), F_NUMBER("alerts", in->alert_count) };
	size_t n = 2;

	if (within < in->alert_count)
		facts[n++] = (struct fact)F_NUMBER("within", within);
	return report_say(r, "weekly.row.who", facts, n);
}

/* How long it lasted; of one that the period holds only in part, which end is outside. */
static const char *ranked_length(const struct report *r, const struct incident *in)
{
	const struct analysis *an = r->rq->an;
	bool before = view_from_before(an, in), after = view_goes_on(an, in);

	if (before || after)
		return report_word(r, !after ? "weekly.row.before" : !before ? "weekly.row.after" : "weekly.row.both");
	return in->last > in->first ? story_span(r->rq->lang, in->last - in->first, r->arena) : "\xE2\x80\x93";
}

static void ranked_row(struct weekly *wk, const struct incident *in, double strip, bool tinted)
{
	struct report *r = &wk->r;
	struct score_cell *score = arena_alloc(r->arena, sizeof *score);
	struct scene_cell *tactics = arena_alloc(r->arena, sizeof *tactics);
	struct cell cells[6];
	const char *state = report_state(r, in);
	const char *who = ranked_who(r, in);
	bool before = view_from_before(r->rq->an, in);

	memset(cells, 0, sizeof cells);
	*score = (struct score_cell){ r, in };
	*tactics = (struct scene_cell){ r, report_chart(r, "attack-strip", in, strip, 0, CHART_COMPACT, NULL) };
	cells[0] = report_cell(r, arena_printf(r->arena, "%u", (unsigned)in->rank), RUN_STRONG, PARA_BODY, 0, 1);
	cells[1] = (struct cell){ .height = 20, .draw = draw_score, .ctx = score };
	cells[2] = report_cell(r, report_title(r, in), RUN_STRONG, PARA_STRONG, 0, 3);
	cells[2].text[1] = (struct cell_text){ report_run(r, who, RUN_PLAIN), 1, PARA_CODE, 0, 1 };
	if (tactics->sc != NULL)
		cells[3] = (struct cell){ .height = scene_height(tactics->sc), .draw = draw_scene_cell, .ctx = tactics };
	cells[4] = report_cell(r, report_when(r, in->first, before ? WHEN_DAY : WHEN_WEEKDAY_TIME), RUN_PLAIN, PARA_SMALL, 0, 1);
	cells[4].text[1] = (struct cell_text){ report_run(r, ranked_length(r, in), RUN_PLAIN), 1, PARA_CAPTION, INK_2, 2 };
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

/* What shows that somebody watched. */
static const char *quiet_text(const struct weekly *wk)
{
	const struct report *r = &wk->r;
	const struct analysis *an = r->rq->an;
	double best = an->incident_count > 0 ? an->incidents[0].score : 0;
	const char *key = an->incident_count > 0 ? "weekly.quiet.text" : "weekly.quiet.none";

	if (an->view != NULL && wk->alerts == 0 && wk->records == 0 && wk->compared.from != INSTANT_NONE)
		return REPORT_SAY(r, "weekly.quiet.outside", F_NUMBER("alerts", an->week->mark_count),
		                  F_TIME("from", wk->compared.from), F_TIME("to", wk->compared.to));
	return REPORT_SAY(r, weekly_key(wk, key), F_NUMBER("groups", an->incident_count),
	                  F_TEXT("score", arena_printf(r->arena, "%.1f", best)), F_NUMBER("records", wk->records),
	                  F_NUMBER("sources", r->rq->source_count));
}

int weekly_ranked(void *report, struct fault *f)
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
		flow_callout(r->flow, wk->alerts == 0 ? report_word(r, "weekly.quiet.empty")
		             : REPORT_SAY(r, "weekly.quiet.head", F_NUMBER("alerts", wk->alerts)),
		             quiet_text(wk), wk->alerts == 0 ? TINT : RESPONSE_TINT, wk->alerts == 0 ? INK : RESPONSE);
		return 0;
	}
	flow_heading(r->flow, report_word(r, "weekly.ranked"),
	             n > shown ? REPORT_SAY(r, "weekly.ranked.more", F_NUMBER("n", n - shown)) : report_word(r, "weekly.ranked.aside"));
	ranked_table(wk, 0, shown);
	return 0;
}

/* The incidents that the first page has no room for. */
int weekly_queue(void *report, struct fault *f)
{
	struct weekly *wk = report;

	(void)f;
	flow_section(wk->r.flow, report_word(&wk->r, "weekly.all"));
	ranked_table(wk, wk->shown, wk->r.rq->an->queue_count);
	return 0;
}
