#include "render/document/comparison.h"

#include <stdlib.h>
#include <string.h>

#include "render/document/report_parts.h"

#define DAYS 7
#define SHARE_LEAST 5                 /* fewer alerts before are no ground for per cents */

static int by_size(const void *pa, const void *pb)
{
	int64_t a = *(const int64_t *)pa, b = *(const int64_t *)pb;

	return (a > b) - (a < b);
}

static int64_t median_twice(int64_t v[EARLIER_MOST])
{
	qsort(v, EARLIER_MOST, sizeof(*v), by_size);
	return v[EARLIER_MOST / 2 - 1] + v[EARLIER_MOST / 2];
}

static void add_medians(struct comparison *c, const struct analysis *an, struct arena *a)
{
	int64_t alerts[EARLIER_MOST], incidents[EARLIER_MOST], hosts[EARLIER_MOST];
	instant length = c->now.until - c->now.since;

	c->alerts_twice = c->incidents_twice = c->hosts_twice = -1;
	/* Instants reach some 290 years to either side of 1970. */
	if (c->how != COMPARED_FULLY || length > INT64_MAX / (2 * EARLIER_MOST) || c->now.since - EARLIER_MOST * length < c->from - DAY)
		return;
	for (int i = 0; i < EARLIER_MOST; i++) {
		struct stretch s;

		stretch_count(&s, an, c->now.since - (i + 1) * length, c->now.since - i * length, a);
		alerts[i] = s.alerts;
		incidents[i] = s.incidents;
		hosts[i] = s.hosts;
	}
	c->alerts_twice = median_twice(alerts);
	c->incidents_twice = median_twice(incidents);
	c->hosts_twice = median_twice(hosts);
}

static bool has_source(const struct stretch *s, const char *name)
{
	for (size_t i = 0; i < s->source_count; i++)
		if (strcmp(s->sources[i], name) == 0)
			return true;
	return false;
}

static const char **only_in(const struct stretch *s, const struct stretch *other, size_t *n, struct arena *a)
{
	const char **out = ARENA_ARRAY(a, const char *, s->source_count + 1);

	for (size_t i = 0; i < s->source_count; i++)
		if (!has_source(other, s->sources[i]))
			out[(*n)++] = product_written(s->sources[i], a);
	return out;
}

void comparison_make(struct comparison *out, const struct report_request *rq, struct arena *a)
{
	instant since, until;

	*out = (struct comparison){ .alerts_twice = -1, .incidents_twice = -1, .hosts_twice = -1 };
	report_period(rq, &since, &until);
	if (!records_span(rq->an->week, &out->from, &out->to))
		return;
	/* A week of records may touch eight days of another zone. */
	out->last_days = rq->an->view == NULL && out->to - out->from >= (DAYS + 1) * DAY;
	if (out->last_days)
		since = report_midnight(rq->zone, until, -DAYS);
	stretch_count(&out->now, rq->an, since, until, a);
	stretch_count(&out->before, rq->an, since - (until - since), since, a);
	if (out->before.recorded == 0)
		return;
	out->begins_within = out->from >= out->before.since + DAY;
	out->ends_within = out->to < until - DAY;
	out->how = out->begins_within || out->ends_within ? COMPARED_PARTLY : COMPARED_FULLY;
	out->fresh = only_in(&out->now, &out->before, &out->fresh_count, a);
	out->silent = only_in(&out->before, &out->now, &out->silent_count, a);
	add_medians(out, rq->an, a);
}

bool comparison_share(const struct comparison *c, int64_t *percent)
{
	int64_t now = c->now.alerts, before = c->before.alerts, twice;

	if (c->how != COMPARED_FULLY || now < SHARE_LEAST || before < SHARE_LEAST)
		return false;
	/* To the nearest, halves away from nothing. */
	twice = 200 * (now - before) / before;
	*percent = (twice + (twice < 0 ? -1 : 1)) / 2;
	return true;
}

/* A day on which the clocks change has an hour more or less. */
static bool lasts(const struct comparison *c, int64_t days)
{
	instant length = c->now.until - c->now.since;

	return length > days * DAY - 2 * HOUR && length < days * DAY + 2 * HOUR;
}

const char *comparison_before(const struct comparison *c, const struct report_request *rq, struct arena *a)
{
	const struct fact span = { .name = "span", .kind = FACT_TEXT, .text = story_span(rq->lang, c->now.until - c->now.since, a) };

	if (lasts(c, DAYS) || lasts(c, 1))
		return word(rq->phrases, rq->lang, lasts(c, 1) ? "compare.day" : "compare.week");
	return word_with(rq->phrases, rq->lang, "compare.span", &span, 1, rq->zone, a);
}

#define FACTS 16

struct saying {
	const struct comparison *c;
	const struct report_request *rq;
	struct arena *a;
	struct fact facts[FACTS];
	size_t count;
};

static void add(struct saying *s, const char *name, enum fact_kind kind, int64_t value, const char *text)
{
	s->facts[s->count++] = (struct fact){ .name = name, .kind = kind, .value = value, .text = text };
}

static void gather(struct saying *s)
{
	const struct comparison *c = s->c;
	int64_t change = (int64_t)c->now.alerts - c->before.alerts, percent;

	add(s, "before", FACT_TEXT, 0, comparison_before(c, s->rq, s->a));
	add(s, "then", FACT_TEXT, 0, lasts(c, DAYS) || lasts(c, 1) ? comparison_before(c, s->rq, s->a) : word(s->rq->phrases, s->rq->lang, "compare.then"));
	add(s, "alerts", FACT_NUMBER, c->now.alerts, NULL);
	add(s, "was", FACT_NUMBER, c->before.alerts, NULL);
	add(s, "incidents", FACT_NUMBER, c->now.incidents, NULL);
	add(s, "incidents-was", FACT_NUMBER, c->before.incidents, NULL);
	add(s, "fresh", FACT_NUMBER, c->now.fresh, NULL);
	add(s, "carried", FACT_NUMBER, c->now.incidents - c->now.fresh, NULL);
	add(s, "from", FACT_TIME, c->from, NULL);
	add(s, "to", FACT_TIME, c->to, NULL);
	add(s, "change", FACT_NUMBER, change < 0 ? -change : change, NULL);
	if (comparison_share(c, &percent))
		add(s, "percent", FACT_TEXT, 0, arena_printf(s->a, "%s%lld", percent > 0 ? "+" : percent < 0 ? "\xE2\x88\x92" : "\xC2\xB1",
		                                             (long long)(percent < 0 ? -percent : percent)));
	if (c->now.gone > 0)
		add(s, "gone", FACT_NUMBER, c->now.gone, NULL);
	if (c->last_days)
		add(s, "since", FACT_TIME, c->now.since, NULL);
}

static const char *say(const struct saying *s, const char *key)
{
	return word_with(s->rq->phrases, s->rq->lang, key, s->facts, s->count, s->rq->zone, s->a);
}

const char *comparison_said(const struct comparison *c, const struct report_request *rq, struct arena *a)
{
	struct saying s = { .c = c, .rq = rq, .a = a };
	const char *alerts = c->now.alerts > c->before.alerts ? "compare.more" : c->now.alerts < c->before.alerts ? "compare.fewer" : "compare.same";
	const char *between = rq->lang == LANGUAGE_JA ? "" : " ";

	gather(&s);
	if (c->from == INSTANT_NONE)
		return word(rq->phrases, rq->lang, "compare.empty");
	if (c->how == COMPARED_NOT)
		return say(&s, "compare.not");
	return arena_printf(a, "%s%s%s%s%s%s%s", say(&s, alerts), between, say(&s, "compare.incidents"),
	                    c->begins_within ? between : "", c->begins_within ? say(&s, "compare.begins") : "",
	                    c->ends_within ? between : "", c->ends_within ? say(&s, "compare.ends") : "");
}

const char *comparison_short(const struct comparison *c, const struct report_request *rq, struct arena *a)
{
	struct saying s = { .c = c, .rq = rq, .a = a };

	gather(&s);
	return say(&s, c->how == COMPARED_PARTLY ? "exec.compare.partly" : "exec.compare");
}
