#include "analyst/model/view.h"

#include <stdlib.h>
#include <string.h>

#include "analyst/base/arena.h"
#include "analyst/base/search.h"

static int by_time(const void *key, const void *element)
{
	const instant *t = key;
	const struct mark *m = element;

	return (*t > m->at) - (*t < m->at);
}

/* The first mark that is not before t; marks are in order of time. */
static uint32_t mark_from(const struct week *w, instant t)
{
	return (uint32_t)search_from(&t, w->marks, w->mark_count, sizeof(*w->marks), by_time);
}

/* How many of an episode's alerts come before the mark; they are in its order. */
static uint32_t alerts_before(const struct episode *e, uint32_t mark)
{
	return (uint32_t)search_from(&mark, e->alerts, e->count, sizeof(*e->alerts), order_u32);
}

static uint32_t alerts_within(const struct episode *e, uint32_t begin, uint32_t end)
{
	return begin < end ? alerts_before(e, end) - alerts_before(e, begin) : 0;
}

static uint32_t incident_within(const struct analysis *an, const struct incident *in, uint32_t begin, uint32_t end)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < in->episode_count; i++)
		n += alerts_within(&an->episodes[in->episodes[i]], begin, end);
	return n;
}

/* ---- the view ---- */

/* Episodes keep their numbers, because evidence is cited by them; only the numbers of their incidents change. */
static const struct episode *renumbered(const struct analysis *an, const uint32_t *number, struct arena *a)
{
	struct episode *out = ARENA_ARRAY(a, struct episode, an->episode_count + 1);

	for (uint32_t i = 0; i < an->episode_count; i++) {
		out[i] = an->episodes[i];
		if (out[i].incident != NO_INCIDENT)
			out[i].incident = number[out[i].incident];
	}
	return out;
}

void view_open(const struct analysis **an, const struct narrative **told, instant since, instant until, struct arena *a)
{
	const struct analysis *whole = *an;
	const struct week *w = whole->week;
	struct analysis *out = arena_alloc(a, sizeof(*out));
	struct view *win = arena_alloc(a, sizeof(*win));
	struct incident *incidents = ARENA_ARRAY(a, struct incident, whole->incident_count + 1);
	struct narrative *narratives = ARENA_ARRAY(a, struct narrative, whole->incident_count + 1);
	uint32_t *number = ARENA_ARRAY(a, uint32_t, whole->incident_count + 1);

	if (since == INSTANT_NONE && until == INSTANT_NONE)
		return;
	*win = (struct view){ since, until, since != INSTANT_NONE ? mark_from(w, since) : 0,
	                        until != INSTANT_NONE ? mark_from(w, until) : w->mark_count, whole };
	*out = *whole;
	out->view = win;
	out->incident_count = out->queue_count = 0;
	for (uint32_t i = 0; i < whole->incident_count; i++) {
		struct incident *in = &incidents[out->incident_count];

		number[i] = NO_INCIDENT;
		if (incident_within(whole, &whole->incidents[i], win->begin, win->end) == 0)
			continue;
		*in = whole->incidents[i];
		if (in->rank > 0)
			in->rank = ++out->queue_count;
		narratives[out->incident_count] = (*told)[i];
		number[i] = out->incident_count++;
	}
	out->incidents = incidents;
	out->episodes = renumbered(whole, number, a);
	*an = out;
	*told = narratives;
}

const struct analysis *view_whole(const struct analysis *an)
{
	return an->view != NULL ? an->view->whole : an;
}

static uint32_t begin_of(const struct analysis *an)
{
	return an->view != NULL ? an->view->begin : 0;
}

static uint32_t end_of(const struct analysis *an)
{
	return an->view != NULL ? an->view->end : an->week->mark_count;
}

bool view_holds(const struct analysis *an, uint32_t mark)
{
	return mark >= begin_of(an) && mark < end_of(an);
}

uint32_t view_alerts(const struct analysis *an)
{
	return begin_of(an) < end_of(an) ? end_of(an) - begin_of(an) : 0;
}

instant view_last(const struct analysis *an)
{
	return view_alerts(an) > 0 ? an->week->marks[end_of(an) - 1].at : INSTANT_NONE;
}

uint32_t view_alerts_of_episode(const struct analysis *an, const struct episode *e)
{
	return an->view != NULL ? alerts_within(e, begin_of(an), end_of(an)) : e->count;
}

uint32_t view_episodes(const struct analysis *an)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < an->episode_count; i++)
		n += view_alerts_of_episode(an, &an->episodes[i]) > 0;
	return n;
}

uint32_t view_alerts_of(const struct analysis *an, const struct incident *in)
{
	return an->view != NULL ? incident_within(an, in, begin_of(an), end_of(an)) : in->alert_count;
}

uint32_t view_episodes_of(const struct analysis *an, const struct incident *in)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < in->episode_count; i++)
		n += view_alerts_of_episode(an, &an->episodes[in->episodes[i]]) > 0;
	return n;
}

bool view_from_before(const struct analysis *an, const struct incident *in)
{
	return an->view != NULL && incident_within(an, in, 0, begin_of(an)) > 0;
}

bool view_goes_on(const struct analysis *an, const struct incident *in)
{
	return an->view != NULL && incident_within(an, in, end_of(an), an->week->mark_count) > 0;
}

/* ---- what a period comes to ---- */

/* A machine counts by the alerts that name it; one that none of the incident's names, because they know it by an
 * address only, with its incident. */
static void mark_hosts(bool *seen, const struct analysis *an, const struct incident *in, uint32_t begin, uint32_t end)
{
	for (uint32_t h = 0; h < in->host_count; h++) {
		uint32_t host = in->hosts[h];
		bool named = false, within = false;

		for (uint32_t i = 0; i < in->episode_count && !within; i++) {
			const struct episode *e = &an->episodes[in->episodes[i]];
			bool here = e->host == host;

			for (uint32_t m = 0; m < e->member_count && !here; m++)
				here = e->members[m].entity == host;
			named |= here;
			within = here && alerts_within(e, begin, end) > 0;
		}
		seen[host] |= within || !named;
	}
}

static void count_incidents(struct stretch *out, const struct analysis *an, uint32_t before, uint32_t begin,
                            uint32_t end, struct arena *a)
{
	bool *seen = ARENA_ARRAY(a, bool, an->week->entity_count + 1);

	for (uint32_t i = 0; i < an->incident_count; i++) {
		const struct incident *in = &an->incidents[i];

		if (in->rank == 0)
			continue;
		if (incident_within(an, in, begin, end) == 0) {
			out->gone += incident_within(an, in, before, begin) > 0;
			continue;
		}
		out->incidents++;
		out->fresh += incident_within(an, in, 0, begin) == 0;
		mark_hosts(seen, an, in, begin, end);
	}
	for (uint32_t i = 0; i < an->week->entity_count; i++)
		out->hosts += seen[i];
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool sensor_records(const struct sensor *s, instant since, instant until)
{
	for (uint32_t i = 0; i < s->hour_count; i++)
		if ((s->hours[i] + 1) * HOUR > since && s->hours[i] * HOUR < until)
			return true;
	return false;
}

/* "suricata-eve" is what the product suricata writes, whether it raised alerts in the period or not. */
static const char *product_of(const struct week *w, const char *format)
{
	for (uint32_t i = 0; i < w->rule_count; i++) {
		const char *product = w->rules[i].rule.product;
		size_t n = product != NULL ? strlen(product) : 0;

		if (n > 0 && strncmp(format, product, n) == 0 && (format[n] == '\0' || format[n] == '-'))
			return product;
	}
	return format;
}

static void list_sources(struct stretch *out, const struct week *w, uint32_t begin, uint32_t end, struct arena *a)
{
	bool *fired = ARENA_ARRAY(a, bool, w->rule_count + 1);
	size_t n = 0;

	out->sources = ARENA_ARRAY(a, const char *, (size_t)w->rule_count + w->sensor_count + 1);
	for (uint32_t i = begin; i < end; i++)
		fired[w->marks[i].rule] = true;
	for (uint32_t i = 0; i < w->rule_count; i++)
		if (fired[i] && w->rules[i].rule.product != NULL)
			out->sources[n++] = w->rules[i].rule.product;
	for (uint32_t i = 0; i < w->sensor_count; i++)
		if (sensor_records(&w->sensors[i], out->since, out->until))
			out->sources[n++] = product_of(w, w->sensors[i].format);
	if (n > 0)
		qsort(out->sources, n, sizeof(*out->sources), by_name);
	for (size_t i = 0; i < n; i++)
		if (out->source_count == 0 || strcmp(out->sources[i], out->sources[out->source_count - 1]) != 0)
			out->sources[out->source_count++] = out->sources[i];
}

static void count_days(struct stretch *out, const struct week *w, uint32_t begin, uint32_t end, struct arena *a)
{
	bool *day;

	out->days = (uint32_t)((out->until - out->since + DAY - 1) / DAY);
	day = ARENA_ARRAY(a, bool, out->days + 1);
	for (uint32_t i = begin; i < end; i++)
		day[(w->marks[i].at - out->since) / DAY] = true;
	for (uint32_t i = 0; i < w->hour_count; i++) {
		instant at = w->hours[i].hour * HOUR;

		if (at + HOUR > out->since && at < out->until)
			day[at > out->since ? (at - out->since) / DAY : 0] = true;
	}
	for (uint32_t i = 0; i < out->days; i++)
		out->recorded += day[i];
}

void stretch_count(struct stretch *out, const struct analysis *an, instant since, instant until, struct arena *a)
{
	const struct analysis *whole = view_whole(an);
	const struct week *w = whole->week;
	uint32_t begin = mark_from(w, since), end = mark_from(w, until);
	instant length = until - since, before = since < INT64_MIN + length ? INT64_MIN : since - length;

	*out = (struct stretch){ .since = since, .until = until, .alerts = end - begin };
	count_incidents(out, whole, mark_from(w, before), begin, end, a);
	/* The names of products are those of the view, which may be redacted; rules have the same numbers in both. */
	list_sources(out, an->week, begin, end, a);
	count_days(out, w, begin, end, a);
}

bool records_span(const struct week *w, instant *first, instant *last)
{
	bool any = w->mark_count > 0;

	*first = any ? w->marks[0].at : INSTANT_NONE;
	*last = any ? w->marks[w->mark_count - 1].at : INSTANT_NONE;
	for (uint32_t i = 0; i < w->hour_count; i++) {
		instant at = w->hours[i].hour * HOUR;

		if (!any || at < *first)
			*first = at;
		if (!any || at + HOUR - 1 > *last)
			*last = at + HOUR - 1;
		any = true;
	}
	return any;
}
