/* Which days a report speaks of, and how it dates itself. The clock is never asked. */
#include "render/document/report_parts.h"

#define DASH_TEXT "\xE2\x80\x93"

instant report_date(const struct report_request *rq, bool *of_records)
{
	*of_records = rq->generated == INSTANT_NONE;
	if (!*of_records)
		return rq->generated;
	if (rq->an->week->mark_count > 0)
		return rq->an->week->last;
	return rq->until != INSTANT_NONE ? rq->until : rq->since;
}

static instant midnight(const struct zone *z, instant t, int days)
{
	struct civil c = civil_from(t, z);
	instant noon = civil_to_instant(c.year, c.month, c.day, 12, 0, 0, z) + days * DAY;

	c = civil_from(noon, z);
	return civil_to_instant(c.year, c.month, c.day, 0, 0, 0, z);
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

/* ---- as words ---- */

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

void report_set_period(struct report *r)
{
	bool of_records;

	r->undated = report_date(r->rq, &of_records) == INSTANT_NONE;
	report_period(r->rq, &r->since, &r->until);
	r->period = r->undated ? report_word(r, "report.undated") : period_text(r);
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

const char *report_dated(const struct report_request *rq, struct arena *a)
{
	bool of_records;
	struct fact when = { .name = "when", .kind = FACT_TIME, .value = report_date(rq, &of_records) };

	if (when.value == INSTANT_NONE)
		return word(rq->phrases, rq->lang, "report.undated");
	return word_with(rq->phrases, rq->lang, of_records ? "report.records" : "report.generated", &when, 1, rq->zone, a);
}
