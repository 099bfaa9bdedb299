/* Which days a report speaks of, and how it dates itself. The clock is never asked. */
#include "render/document/report_parts.h"

#include "analyst/model/view.h"

instant report_date(const struct report_request *rq, bool *of_records)
{
	*of_records = rq->generated == INSTANT_NONE;
	if (!*of_records)
		return rq->generated;
	/* What is told of an incident rests on all records. */
	if (rq->incident != NULL && rq->an->week->mark_count > 0)
		return rq->an->week->last;
	if (view_alerts(rq->an) > 0)
		return view_last(rq->an);
	/* Of a period behind the records their end is told, not its own. */
	if (rq->an->week->mark_count > 0 && (rq->until == INSTANT_NONE || rq->an->week->last < rq->until))
		return rq->an->week->last;
	return rq->until != INSTANT_NONE ? rq->until : rq->since;
}

instant report_midnight(const struct zone *z, instant t, int days)
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
		*since = empty ? report_midnight(rq->zone, date, -7) : report_midnight(rq->zone, w->first, 0);
	if (*until == INSTANT_NONE)
		*until = empty ? report_midnight(rq->zone, date, 0) : report_midnight(rq->zone, w->last, 1);
	/* Asked for on one side only, and there all records are on the other. */
	if (*until <= *since && rq->until != INSTANT_NONE)
		*since = report_midnight(rq->zone, *until, -7);
	if (*until <= *since)
		*until = report_midnight(rq->zone, *since, 1);
}

/* ---- as words ---- */

const char *report_days(const struct report *r, instant since, instant until)
{
	return story_days(r->rq->lang, since, until, r->rq->zone, r->arena);
}

void report_set_period(struct report *r)
{
	bool of_records;

	r->undated = report_date(r->rq, &of_records) == INSTANT_NONE;
	report_period(r->rq, &r->since, &r->until);
	r->period = r->undated ? report_word(r, "report.undated") : report_days(r, r->since, r->until);
}

const char *report_week(const struct report *r)
{
	struct civil c = civil_from(r->since, r->rq->zone);
	int year = c.year, week = civil_week(&c, &year);

	return arena_printf(r->arena, "%d-W%02d", year, week);
}

const char *report_stretch(const struct report *r, instant first, instant last)
{
	return story_range(r->rq->lang, first, last, r->rq->zone, WHEN_DAY_TIME, r->arena);
}

const char *report_reach(const struct report_request *rq, const struct incident *in, struct arena *a)
{
	bool before = view_from_before(rq->an, in), after = view_goes_on(rq->an, in);
	const struct fact first = F_TIME("first", in->first);

	if (!before && !after)
		return NULL;
	return word_with(rq->phrases, rq->lang, !after ? "reach.before" : !before ? "reach.after" : "reach.both", &first, 1, rq->zone, a);
}

const char *report_dated(const struct report_request *rq, struct arena *a)
{
	bool of_records;
	struct fact when = { .name = "when", .kind = FACT_TIME, .value = report_date(rq, &of_records) };

	if (when.value == INSTANT_NONE)
		return word(rq->phrases, rq->lang, "report.undated");
	return word_with(rq->phrases, rq->lang, of_records ? "report.records" : "report.generated", &when, 1, rq->zone, a);
}
