/* The period beside the one before: a sentence on the first page, a table behind the totals. */
#include <string.h>

#include "render/document/weekly.h"

#define DASH_TEXT "\xE2\x80\x93"
#define COLUMNS_MOST 5

/* The finding alone; numbers stand in the table. */
int weekly_change(void *report, struct fault *f)
{
	struct weekly *wk = report;

	(void)f;
	flow_text(wk->r.flow, PARA_SMALL, comparison_said(&wk->compared, wk->r.rq, wk->r.arena));
	return 0;
}

static const char *change(const struct report *r, int64_t now, int64_t before)
{
	int64_t by = now - before;

	return arena_printf(r->arena, "%s%s", by > 0 ? "+" : by < 0 ? "\xE2\x88\x92" : "\xC2\xB1", report_count(r, by < 0 ? -by : by));
}

static const char *half(const struct report *r, int64_t twice)
{
	if (twice < 0)
		return DASH_TEXT;
	return arena_printf(r->arena, "%s%s", report_count(r, twice / 2), twice % 2 != 0 ? ".5" : "");
}

static void row(struct weekly *wk, const char *key, const char *const text[COLUMNS_MOST - 1])
{
	struct report *r = &wk->r;
	struct cell cells[COLUMNS_MOST];

	memset(cells, 0, sizeof cells);
	cells[0] = report_cell(r, report_word(r, key), RUN_PLAIN, PARA_CAPTION, 0, 1);
	for (size_t i = 0; i + 1 < COLUMNS_MOST; i++)
		cells[i + 1] = report_cell(r, text[i], RUN_PLAIN, PARA_CAPTION, 0, 2);
	flow_row(r->flow, cells, NO_COLOUR, NULL);
}

static void count_row(struct weekly *wk, const char *key, int64_t now, int64_t before, const char *aside,
                      int64_t median_twice)
{
	struct report *r = &wk->r;
	const char *by = change(r, now, before);

	row(wk, key, (const char *const[]){ report_count(r, now), report_count(r, before),
	                                    aside != NULL ? arena_printf(r->arena, "%s%s", by, aside) : by, half(r, median_twice) });
}

static const char *percent_text(const struct weekly *wk)
{
	int64_t percent;

	if (!comparison_share(&wk->compared, &percent))
		return NULL;
	return arena_printf(wk->r.arena, wk->r.rq->lang == LANGUAGE_JA ? "(%s%lld%%)" : " (%s%lld %%)",
	                    percent > 0 ? "+" : percent < 0 ? "\xE2\x88\x92" : "\xC2\xB1", (long long)(percent < 0 ? -percent : percent));
}

/* Which sources are new, and which fell silent. */
static const char *sources_text(const struct weekly *wk)
{
	const struct comparison *c = &wk->compared;
	struct fact facts[2];
	size_t n = 0;

	if (c->fresh_count > 0)
		facts[n++] = (struct fact)F_LIST("fresh", c->fresh, c->fresh_count);
	if (c->silent_count > 0)
		facts[n++] = (struct fact)F_LIST("silent", c->silent, c->silent_count);
	return n > 0 ? report_say(&wk->r, "compare.sources.change", facts, n) : NULL;
}

static const char *days_text(const struct weekly *wk, const struct stretch *s)
{
	return REPORT_SAY(&wk->r, "compare.days.value", F_NUMBER("recorded", s->recorded), F_NUMBER("days", s->days));
}

static void compared_table(struct weekly *wk)
{
	struct report *r = &wk->r;
	const struct comparison *c = &wk->compared;
	const struct stretch *now = &c->now, *before = &c->before;
	bool median = c->alerts_twice >= 0;
	/* Whether any of the period before had gone by then is only known where there are records of the time before that. */
	bool known = c->from < before->since;
	const struct column columns[] = {
		{ report_word(r, "compare.what"), median ? 0.32 : 0.36, ALIGN_LEFT, NULL },
		{ report_days(r, now->since, now->until), median ? 0.15 : 0.17, ALIGN_RIGHT, NULL },
		{ report_days(r, before->since, before->until), median ? 0.15 : 0.17, ALIGN_RIGHT, NULL },
		{ report_word(r, "compare.change"), median ? 0.24 : 0.30, ALIGN_RIGHT, NULL },
		{ report_word(r, "compare.median"), 0.14, ALIGN_RIGHT, NULL },
	};

	flow_table_begin(r->flow, columns, median ? 5 : 4);
	count_row(wk, "compare.alerts", now->alerts, before->alerts, percent_text(wk), c->alerts_twice);
	count_row(wk, "compare.queue", now->incidents, before->incidents, NULL, c->incidents_twice);
	count_row(wk, "compare.fresh", now->fresh, before->fresh, NULL, -1);
	count_row(wk, "compare.carried", now->incidents - now->fresh, before->incidents - before->fresh, NULL, -1);
	row(wk, "compare.gone", (const char *const[]){ report_count(r, now->gone), known ? report_count(r, before->gone) : DASH_TEXT,
	                                               known ? change(r, now->gone, before->gone) : DASH_TEXT, DASH_TEXT });
	count_row(wk, "compare.hosts", now->hosts, before->hosts, NULL, c->hosts_twice);
	count_row(wk, "compare.sources", (int64_t)now->source_count, (int64_t)before->source_count, sources_text(wk), -1);
	row(wk, "compare.days", (const char *const[]){ days_text(wk, now), days_text(wk, before), DASH_TEXT, DASH_TEXT });
	flow_table_end(r->flow);
}

int weekly_compared(void *report, struct fault *f)
{
	struct weekly *wk = report;
	struct report *r = &wk->r;
	const struct fact before = F_TEXT("before", comparison_before(&wk->compared, r->rq, r->arena));

	(void)f;
	flow_keep_begin(r->flow);
	flow_heading(r->flow, composer_heading(&wk->co, report_say(r, "compare.head", &before, 1)), report_word(r, "compare.aside"));
	compared_table(wk);
	flow_keep_end(r->flow);
	return 0;
}
