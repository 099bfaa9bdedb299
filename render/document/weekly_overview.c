/* The course of the week: how records came down to incidents, and figure 1. */
#include "analyst/model/view.h"
#include "render/document/weekly.h"
#include "timeline/palette.h"

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

int weekly_funnel(void *report, struct fault *f)
{
	struct weekly *wk = report;
	const struct analysis *an = wk->r.rq->an;
	struct funnel *fu = arena_alloc(wk->r.arena, sizeof *fu);

	(void)f;
	fu->r = &wk->r;
	fu->last = wk->act > 0 ? (wk->top == PRIORITY_CRITICAL ? CRITICAL_FILL : ATTACKER) : wk->alerts > 0 ? RESPONSE : INK_2;
	if (wk->records > wk->alerts || an->view == NULL)
		funnel_step(fu, (int64_t)wk->records, an->view != NULL ? "weekly.funnel.recorded" : "weekly.funnel.records");
	funnel_step(fu, (int64_t)wk->alerts, "weekly.funnel.alerts");
	funnel_step(fu, (int64_t)wk->episodes, "weekly.funnel.episodes");
	funnel_step(fu, an->queue_count, an->queue_count == 1 ? "weekly.funnel.incident" : "weekly.funnel.incidents");
	funnel_step(fu, (int64_t)wk->act, wk->top == PRIORITY_CRITICAL && wk->act > 0 ? "weekly.funnel.critical" : "weekly.funnel.high");
	flow_block(wk->r.flow, FUNNEL_HEIGHT, 12, draw_funnel, fu);
	return 0;
}

/* ---- figure 1 ---- */

int weekly_overview(void *report, struct fault *f)
{
	struct weekly *wk = report;
	struct report *r = &wk->r;
	/* A lone alert is one labelled mark, which needs no frame. */
	double height = wk->alerts == 1 ? 0 : wk->overview;
	const struct scene *sc = report_chart(r, "week-overview", NULL, flow_width(r->flow), height, CHART_FULL, &wk->found);
	const char *bin = story_span(r->rq->lang, wk->found.bin, r->arena);
	const char *claim, *caption;

	(void)f;
	if (wk->found.alerts == 0) {
		flow_figure(r->flow, report_word(r, "weekly.figure.empty"), NULL, r->undated ? NULL : sc);
		return 0;
	}
	if (wk->alerts == 1) {
		flow_figure(r->flow, REPORT_SAY(r, "weekly.figure.single", F_TEXT("at", report_when(r, view_last(r->rq->an), WHEN_WEEKDAY_TIME))),
		            NULL, sc);
		return 0;
	}
	claim = report_say(r, r->rq->an->queue_count == 0 ? "weekly.figure.quiet" : "weekly.figure.claim",
	                   (const struct fact[]){ F_NUMBER("n", r->rq->an->queue_count), F_NUMBER("told", wk->told_alerts),
	                                          F_NUMBER("alerts", wk->alerts),
	                                          F_NUMBER("peak", wk->found.peak), F_TEXT("bin", bin),
	                                          F_TEXT("at", report_when(r, wk->found.peak_at, WHEN_WEEKDAY_TIME)) }, 6);
	caption = REPORT_SAY(r, "weekly.figure.caption", F_TEXT("bin", bin));
	flow_figure(r->flow, claim, caption, sc);
	return 0;
}
