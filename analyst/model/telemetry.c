#include "analyst/model/telemetry.h"

#include <math.h>
#include <stdlib.h>

#include "analyst/base/arena.h"
#include "analyst/base/search.h"
#include "analyst/base/sums.h"
#include "analyst/model/week.h"

const struct named telemetry_kinds[] = {
	{ "connection", TELEMETRY_CONNECTION }, { "lookup", TELEMETRY_LOOKUP }, { "web", TELEMETRY_WEB },
	{ "tls", TELEMETRY_TLS }, { "file", TELEMETRY_FILE }, { "oddity", TELEMETRY_ODDITY },
	{ "log", TELEMETRY_LOG }, { "other", TELEMETRY_OTHER }, { "reach", TELEMETRY_REACH }, { NULL, 0 }
};

static int by_ends(const void *key, const void *element)
{
	const struct contact *a = key, *b = element;
	int order = order_u32(&a->from, &b->from);

	return order != 0 ? order : order_u32(&a->with, &b->with);
}

const struct contact *week_contact(const struct week *w, uint32_t from, uint32_t with)
{
	struct contact key = { .from = from, .with = with };

	return w->contact_count > 0 ? bsearch(&key, w->contacts, w->contact_count, sizeof(*w->contacts), by_ends) : NULL;
}

instant week_reach(const struct week *w, const uint32_t *machine, uint32_t host)
{
	instant from = INSTANT_NONE;

	for (uint32_t i = 0; i < w->reach_count; i++)
		if (machine[w->reaches[i].host] == machine[host] && (from == INSTANT_NONE || w->reaches[i].from < from))
			from = w->reaches[i].from;
	return from;
}

static bool takes_part(const struct week *w, const uint32_t *machine, const struct mark *m, uint32_t entity)
{
	const struct cast *c = &w->casts[m->cast];

	for (uint32_t i = 0; i < c->count; i++)
		if (machine[w->members[c->first + i].entity] == machine[entity])
			return true;
	return false;
}

int64_t week_unmet(const struct week *w, const uint32_t *machine, uint32_t from, uint32_t with)
{
	instant first = INT64_MAX, known = INT64_MAX, folded = INT64_MAX;

	for (uint32_t i = 0; i < w->contact_count; i++) {
		const struct contact *c = &w->contacts[i];

		if (machine[c->from] != machine[from])
			continue;
		known = c->known < known ? c->known : known;
		folded = c->folded < folded ? c->folded : folded;
		if (machine[c->with] == machine[with] && c->first < first)
			first = c->first;
	}
	if (first == INT64_MAX || folded < first)
		return -1;
	for (uint32_t i = 0; i < w->mark_count && w->marks[i].at < first; i++)
		if (takes_part(w, machine, &w->marks[i], with) && takes_part(w, machine, &w->marks[i], from))
			return -1;
	return first - known;
}

/* ---- how evenly ---- */

void week_steady(struct steady *out, const struct week *w, const uint32_t *machine, uint32_t from, uint32_t with, struct arena *arena)
{
	const struct contact *best = NULL;

	*out = (struct steady){ 0 };
	for (uint32_t i = 0; i < w->contact_count; i++) {
		const struct contact *c = &w->contacts[i];

		if (machine[c->from] == machine[from] && machine[c->with] == machine[with] && !c->crowded &&
		    (best == NULL || c->time_count > best->time_count))
			best = c;
	}
	if (best != NULL)
		steady_of(out, best->times, best->time_count, arena);
}

/* ---- how much ---- */

/* A chart of traffic counts connections where they are recorded; a server's log or a proxy
 * counts requests. */
static const enum telemetry_kind of_traffic[] = {
	TELEMETRY_CONNECTION, TELEMETRY_WEB, TELEMETRY_TLS, TELEMETRY_LOOKUP, TELEMETRY_LOG, TELEMETRY_OTHER,
	TELEMETRY_FILE, TELEMETRY_ODDITY
};

/* A record with a wrong clock must not stretch the series: nothing a week means is longer. */
#define VOLUME_HOURS (24 * 366)

static bool has_kind(const struct week *w, enum telemetry_kind kind)
{
	for (uint32_t i = 0; i < w->hour_count; i++)
		if (w->hours[i].kind == kind)
			return true;
	return false;
}

void week_volume(struct week_volume *out, const struct week *w, struct arena *arena)
{
	const size_t kinds = sizeof(of_traffic) / sizeof(of_traffic[0]);
	size_t k = 0;
	int64_t first = INT64_MAX, last = INT64_MIN, *counts, *bytes;

	*out = (struct week_volume){ .kind = TELEMETRY_OTHER };
	while (k < kinds && !has_kind(w, of_traffic[k]))
		k++;
	if (k == kinds)
		return;
	out->kind = of_traffic[k];
	for (uint32_t i = 0; i < w->hour_count; i++)
		if (w->hours[i].kind == out->kind) {
			first = w->hours[i].hour < first ? w->hours[i].hour : first;
			last = w->hours[i].hour;
		}
	if (last - first >= VOLUME_HOURS)
		first = last - VOLUME_HOURS + 1;
	out->begin = first;
	out->count = (uint32_t)(last - first + 1);
	out->counts = counts = ARENA_ARRAY(arena, int64_t, out->count);
	out->bytes = bytes = ARENA_ARRAY(arena, int64_t, out->count);
	for (uint32_t i = 0; i < w->hour_count; i++)
		if (w->hours[i].kind == out->kind && w->hours[i].hour >= first) {
			const struct week_hour *h = &w->hours[i];

			counts[h->hour - first] = h->count;
			bytes[h->hour - first] = add_up(h->bytes_out, h->bytes_in);
		}
}

static bool is_of(const struct outflow *o, const bool *own, enum telemetry_kind kind)
{
	return o->kind == kind && own[o->from];
}

void week_volume_of(struct week_volume *out, const struct week *w, const bool *own, struct arena *arena)
{
	int64_t first = INT64_MAX, last = INT64_MIN, *counts, *bytes, *elsewhere;

	*out = (struct week_volume){ .kind = TELEMETRY_CONNECTION };
	for (int turn = 0; turn < 2 && last < first; turn++) {
		out->kind = turn == 0 ? TELEMETRY_CONNECTION : TELEMETRY_WEB;
		for (uint32_t i = 0; i < w->outflow_count; i++)
			if (is_of(&w->outflows[i], own, out->kind)) {
				first = w->outflows[i].hour < first ? w->outflows[i].hour : first;
				last = w->outflows[i].hour > last ? w->outflows[i].hour : last;
			}
	}
	if (last < first)
		return;
	if (last - first >= VOLUME_HOURS)
		first = last - VOLUME_HOURS + 1;
	out->begin = first;
	out->count = (uint32_t)(last - first + 1);
	out->counts = counts = ARENA_ARRAY(arena, int64_t, out->count);
	out->bytes = bytes = ARENA_ARRAY(arena, int64_t, out->count);
	out->elsewhere = elsewhere = ARENA_ARRAY(arena, int64_t, out->count);
	for (uint32_t i = 0; i < w->outflow_count; i++) {
		const struct outflow *o = &w->outflows[i];

		if (!is_of(o, own, out->kind) || o->hour < first)
			continue;
		counts[o->hour - first] = add_up(counts[o->hour - first], o->count);
		bytes[o->hour - first] = add_up(bytes[o->hour - first], o->bytes_out);
		elsewhere[o->hour - first] = add_up(elsewhere[o->hour - first], o->elsewhere);
	}
}

/* ---- silences ---- */

/* A source that records in a share p of its hours is silent for k hours in a row somewhere
 * within n with a chance of at most n * (1 - p)^k; below this one it is told. */
#define SILENCE_CHANCE 0.001
/* Less says too little of how steadily a source records. */
#define SILENCE_HOURS 12

size_t week_silences(struct silence *out, size_t room, const struct week *w)
{
	size_t n = 0;

	for (uint32_t s = 0; s < w->sensor_count; s++) {
		const struct sensor *sensor = &w->sensors[s];
		double span, quiet;

		if (sensor->hour_count < SILENCE_HOURS)
			continue;
		span = (double)(sensor->hours[sensor->hour_count - 1] - sensor->hours[0] + 1);
		/* The ends are records by their choice. */
		quiet = (span - sensor->hour_count + 1) / (span + 1);
		for (uint32_t i = 1; i < sensor->hour_count && n < room; i++) {
			double k = (double)(sensor->hours[i] - sensor->hours[i - 1] - 1);

			if (k >= 1 && span * pow(quiet, k) < SILENCE_CHANCE)
				out[n++] = (struct silence){ sensor, sensor->hours[i - 1] + 1, sensor->hours[i] };
		}
	}
	return n;
}
