/* Telemetry of the case file as a week has it: how much in each hour, which source when, and
 * when machines of the alerts met others that alerts name. One pass over rows that come by
 * hour and ends, so that what two files hold twice stands together and counts once. */
#include <stdlib.h>
#include <string.h>

#include "analyst/base/intern.h"
#include "analyst/base/sums.h"
#include "analyst/store/cell_rows.h"
#include "analyst/store/loading.h"

/* A beacon of a minute for two weeks; what meets more often has no need to be told by its times. */
#define TIMES_MOST 20160

struct meeting {               /* a contact being gathered */
	struct contact contact;
	instant *times;
	uint32_t room;
};

struct seen_source {
	int64_t id;
	uint32_t sensor;
};

struct gathering {
	struct week *w;
	struct store *st;
	struct arena *arena;
	struct fault *f;
	struct intern *values;         /* text of an end -> number in entities */
	uint32_t *entities;
	size_t entity_room;
	instant *known, *folded;       /* by entity: its first record, its first hour with too many ends */
	struct intern *pairs;          /* (from, with) -> number in meetings */
	struct meeting *meetings;
	size_t meeting_room;
	struct week_hour *hours;
	uint32_t hour_count, hour_room;
	struct outflow *outflows;
	size_t outflow_count, outflow_room;
	struct seen_source *sources;
	size_t source_count, source_room;
	struct intern *formats, *sensed;   /* format -> sensor; (sensor, hour) once */
	int64_t *sensor_counts;
	struct reach *reaches;
	size_t reach_count, reach_room;
	size_t sensor_room;
	struct cell_rows rows;         /* the cell at hand */
};

/* ---- ends ---- */

static void note_value(struct gathering *g, const char *value, size_t n, uint32_t entity)
{
	bool fresh;
	uint32_t id = intern_put(g->values, value, n, &fresh);

	if (!fresh)
		return;
	if (id >= g->entity_room)
		g->entities = must_grow(g->entities, g->entity_room = g->entity_room > 0 ? g->entity_room * 2 : 256,
		                        sizeof(*g->entities));
	g->entities[id] = entity;
}

/* Addresses and names; a full host name goes by what the week calls the machine. */
static void note_entities(struct gathering *g)
{
	static const enum entity_kind kinds[] = { ENTITY_HOST, ENTITY_IP, ENTITY_DOMAIN };

	for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++)
		for (uint32_t i = 0; i < g->w->entity_count; i++)
			if (g->w->entities[i].kind == kinds[k])
				note_value(g, g->w->entities[i].value, strlen(g->w->entities[i].value), i);
}

static uint32_t entity_of(const struct gathering *g, const char *value)
{
	size_t n = strlen(value), label = strcspn(value, ".");
	uint32_t id = n > 0 ? intern_find(g->values, value, n) : INTERN_NONE;

	if (id == INTERN_NONE && label < n && !ip_is_valid(value))
		id = intern_find(g->values, value, label);
	return id != INTERN_NONE ? g->entities[id] : NO_ENTITY;
}

/* ---- contacts ---- */

static struct meeting *meeting_of(struct gathering *g, uint32_t from, uint32_t with)
{
	const uint32_t pair[2] = { from, with };
	bool fresh;
	uint32_t id = intern_put(g->pairs, pair, sizeof(pair), &fresh);

	if (id >= g->meeting_room)
		g->meetings = must_grow(g->meetings, g->meeting_room = g->meeting_room > 0 ? g->meeting_room * 2 : 64,
		                        sizeof(*g->meetings));
	if (fresh)
		g->meetings[id] = (struct meeting){ .contact = { .from = from, .with = with, .first = INT64_MAX } };
	return &g->meetings[id];
}

static void add_times(struct meeting *m, int64_t hour, const struct cell_row *r)
{
	m->contact.crowded = m->contact.crowded || r->second_bytes < 0;
	for (int i = 0; i + 1 < r->second_bytes; i += 2) {
		if (m->contact.time_count == TIMES_MOST) {
			m->contact.crowded = true;
			return;
		}
		if (m->contact.time_count == m->room)
			m->times = must_grow(m->times, m->room = m->room > 0 ? m->room * 2 : 8, sizeof(*m->times));
		m->times[m->contact.time_count++] = hour * HOUR + (r->seconds[i] | r->seconds[i + 1] << 8) * SECOND;
	}
}

static void meet(struct gathering *g, uint32_t from, const char *other, const struct cell_row *r)
{
	uint32_t with = entity_of(g, other);
	struct meeting *m;

	if (with == NO_ENTITY || with == from)
		return;
	m = meeting_of(g, from, with);
	if (r->first < m->contact.first)
		m->contact.first = r->first;
	if (!g->w->entities[with].internal)
		add_times(m, g->rows.hour, r);
	m->contact.count = add_up(m->contact.count, r->count);
	m->contact.bytes_out = add_up(m->contact.bytes_out, r->bytes_out);
	m->contact.bytes_in = add_up(m->contact.bytes_in, r->bytes_in);
}

/* ---- hours and sources ---- */

static void count_hour(struct gathering *g, const struct cell_row *r)
{
	struct week_hour *h = g->hour_count > 0 ? &g->hours[g->hour_count - 1] : NULL;

	if (h == NULL || h->hour != g->rows.hour || h->kind != g->rows.kind) {
		if (g->hour_count == g->hour_room)
			g->hours = must_grow(g->hours, g->hour_room = g->hour_room > 0 ? g->hour_room * 2 : 256, sizeof(*g->hours));
		h = &g->hours[g->hour_count++];
		*h = (struct week_hour){ .hour = g->rows.hour, .kind = g->rows.kind };
	}
	h->count = add_up(h->count, r->count);
	h->bytes_out = add_up(h->bytes_out, r->bytes_out);
	h->bytes_in = add_up(h->bytes_in, r->bytes_in);
}

static int load_formats(struct gathering *g)
{
	sqlite3_stmt *q = store_query(g->st, QUERY_SOURCES, g->f);
	int row;

	if (q == NULL)
		return -1;
	while ((row = store_row(g->st, q, g->f)) > 0) {
		const char *format = column_text(q, 2);
		uint32_t sensor = intern_put(g->formats, format, strlen(format) + 1, NULL);

		if (g->source_count == g->source_room)
			g->sources = must_grow(g->sources, g->source_room = g->source_room > 0 ? g->source_room * 2 : 16,
			                       sizeof(*g->sources));
		if (sensor >= g->sensor_room)
			g->sensor_counts = must_grow(g->sensor_counts, g->sensor_room = g->sensor_room > 0 ? g->sensor_room * 2 : 16,
			                             sizeof(*g->sensor_counts));
		g->sensor_counts[sensor] = 0;
		g->sources[g->source_count].id = sqlite3_column_int64(q, 0);
		g->sources[g->source_count++].sensor = sensor;
	}
	return row;
}

/* Sources come by id. */
static int by_id(const void *key, const void *element)
{
	const int64_t *id = key;
	const struct seen_source *s = element;

	return (*id > s->id) - (*id < s->id);
}

static uint32_t sensor_of(const struct gathering *g, int64_t source)
{
	const struct seen_source *s = g->source_count > 0 ? bsearch(&source, g->sources, g->source_count, sizeof(*s), by_id) : NULL;

	return s != NULL ? s->sensor : UINT32_MAX;
}

static void sense(struct gathering *g, int64_t source, int64_t hour, int64_t count)
{
	uint32_t sensor = sensor_of(g, source);
	const int64_t once[2] = { sensor, hour };

	if (sensor == UINT32_MAX)
		return;
	intern_put(g->sensed, once, sizeof(once), NULL);
	g->sensor_counts[sensor] = add_up(g->sensor_counts[sensor], count);
}

/* ---- what machines began ---- */

static bool is_outside(const struct gathering *g, uint32_t entity)
{
	return entity != NO_ENTITY && !g->w->entities[entity].internal;
}

/* Rows come by hour, kind and who began, so what belongs together mostly stands together. */
static void count_outflow(struct gathering *g, uint32_t from, const struct cell_row *r)
{
	const struct cell_rows *c = &g->rows;
	const struct outflow now = { .from = from, .kind = c->kind, .hour = c->hour };
	bool named = strcmp(c->to, CELL_OTHERS) == 0 || is_outside(g, entity_of(g, c->to)) || is_outside(g, entity_of(g, c->name));
	struct outflow *o = g->outflow_count > 0 ? &g->outflows[g->outflow_count - 1] : NULL;

	if (is_outside(g, from) || (now.kind != TELEMETRY_CONNECTION && now.kind != TELEMETRY_WEB))
		return;
	if (o == NULL || o->from != now.from || o->kind != now.kind || o->hour != now.hour) {
		if (g->outflow_count == g->outflow_room)
			g->outflows = must_grow(g->outflows, g->outflow_room = g->outflow_room > 0 ? g->outflow_room * 2 : 256,
			                        sizeof(*g->outflows));
		o = &g->outflows[g->outflow_count++];
		*o = now;
	}
	o->count = add_up(o->count, r->count);
	o->bytes_out = add_up(o->bytes_out, r->bytes_out);
	if (!named)
		o->elsewhere = add_up(o->elsewhere, r->count);
}

static int compare_outflows(const void *pa, const void *pb)
{
	const struct outflow *a = pa, *b = pb;

	if (a->from != b->from)
		return a->from < b->from ? -1 : 1;
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	return (a->hour > b->hour) - (a->hour < b->hour);
}

/* One machine may go by several names, and tenants come apart: each hour once. */
static void finish_outflows(struct gathering *g)
{
	struct outflow *out = ARENA_ARRAY(g->arena, struct outflow, g->outflow_count);
	uint32_t n = 0;

	if (g->outflow_count > 0)
		qsort(g->outflows, g->outflow_count, sizeof(*g->outflows), compare_outflows);
	for (size_t i = 0; i < g->outflow_count; i++) {
		const struct outflow *o = &g->outflows[i];

		if (n == 0 || compare_outflows(&out[n - 1], o) != 0) {
			out[n++] = *o;
			continue;
		}
		out[n - 1].count = add_up(out[n - 1].count, o->count);
		out[n - 1].bytes_out = add_up(out[n - 1].bytes_out, o->bytes_out);
		out[n - 1].elsewhere = add_up(out[n - 1].elsewhere, o->elsewhere);
	}
	g->w->outflows = out;
	g->w->outflow_count = n;
}

/* ---- the rows ---- */

static void add_reach(struct gathering *g, uint32_t host, instant from)
{
	if (g->reach_count == g->reach_room)
		g->reaches = must_grow(g->reaches, g->reach_room = g->reach_room > 0 ? g->reach_room * 2 : 8, sizeof(*g->reaches));
	g->reaches[g->reach_count++] = (struct reach){ host, from };
}

/* A row that other files make superfluous has a count of 0. */
static void take_row(struct gathering *g, const struct cell_row *r)
{
	const struct cell_rows *c = &g->rows;
	uint32_t from = entity_of(g, c->from);

	if (c->kind == TELEMETRY_REACH) {
		if (r->count > 0 && from != NO_ENTITY)
			add_reach(g, from, r->first);
		return;
	}
	sense(g, r->source, c->hour, r->count);
	if (r->count == 0)
		return;
	count_hour(g, r);
	if (from == NO_ENTITY)
		return;
	if (r->first < g->known[from])
		g->known[from] = r->first;
	if (strcmp(c->to, CELL_OTHERS) == 0 && r->first < g->folded[from])
		g->folded[from] = r->first - (r->first % HOUR + HOUR) % HOUR;
	count_outflow(g, from, r);
	meet(g, from, c->to, r);
	meet(g, from, c->name, r);
}

static void take_cell(struct gathering *g)
{
	cell_rows_settle(&g->rows);
	for (size_t i = 0; i < g->rows.count; i++)
		take_row(g, &g->rows.list[i]);
}

/* ---- the week ---- */

static int compare_contacts(const void *pa, const void *pb)
{
	const struct contact *a = &((const struct meeting *)pa)->contact, *b = &((const struct meeting *)pb)->contact;

	if (a->from != b->from)
		return a->from < b->from ? -1 : 1;
	return (a->with > b->with) - (a->with < b->with);
}

static int compare_instants(const void *pa, const void *pb)
{
	const int64_t *a = pa, *b = pb;

	return (*a > *b) - (*a < *b);
}

static void finish_contact(struct gathering *g, struct contact *out, struct meeting *m)
{
	instant *times = ARENA_ARRAY(g->arena, instant, m->contact.time_count);
	uint32_t kept = 0;

	*out = m->contact;
	out->known = g->known[out->from];
	out->folded = g->folded[out->from];
	out->crowded = out->crowded || out->folded != INT64_MAX;
	if (m->contact.time_count > 0)
		qsort(m->times, m->contact.time_count, sizeof(*m->times), compare_instants);
	for (uint32_t i = 0; i < m->contact.time_count; i++)
		if (kept == 0 || times[kept - 1] != m->times[i])
			times[kept++] = m->times[i];
	out->times = times;
	out->time_count = kept;
}

static void finish_contacts(struct gathering *g)
{
	uint32_t n = intern_count(g->pairs);
	struct contact *contacts = ARENA_ARRAY(g->arena, struct contact, n);

	if (n > 0)
		qsort(g->meetings, n, sizeof(*g->meetings), compare_contacts);
	for (uint32_t i = 0; i < n; i++)
		finish_contact(g, &contacts[i], &g->meetings[i]);
	g->w->contacts = contacts;
	g->w->contact_count = n;
}

static int compare_sensors(const void *a, const void *b)
{
	return strcmp(((const struct sensor *)a)->format, ((const struct sensor *)b)->format);
}

/* Those that gave telemetry; alerts alone do not show that a source records steadily. */
static void finish_sensors(struct gathering *g)
{
	uint32_t all = intern_count(g->sensed), kept = 0;
	struct sensor *sensors = ARENA_ARRAY(g->arena, struct sensor, intern_count(g->formats));

	for (uint32_t s = 0; s < intern_count(g->formats); s++) {
		int64_t *hours;
		uint32_t n = 0;

		if (g->sensor_counts[s] == 0)
			continue;
		hours = ARENA_ARRAY(g->arena, int64_t, all);
		for (uint32_t i = 0; i < all; i++) {
			int64_t once[2];

			memcpy(once, intern_bytes(g->sensed, i, NULL), sizeof(once));
			if (once[0] == s)
				hours[n++] = once[1];
		}
		qsort(hours, n, sizeof(*hours), compare_instants);
		sensors[kept++] = (struct sensor){ arena_dup(g->arena, intern_bytes(g->formats, s, NULL)), hours, n,
		                                   g->sensor_counts[s] };
	}
	if (kept > 0)
		qsort(sensors, kept, sizeof(*sensors), compare_sensors);
	g->w->sensors = sensors;
	g->w->sensor_count = kept;
}

static int read_rows(struct gathering *g)
{
	sqlite3_stmt *q = store_query(g->st, QUERY_TELEMETRY, g->f);
	int row;

	if (q == NULL)
		return -1;
	while ((row = store_row(g->st, q, g->f)) > 0)
		if (!cell_rows_take(&g->rows, q)) {
			take_cell(g);
			cell_rows_begin(&g->rows, q);
		}
	take_cell(g);
	if (row < 0 || g->hour_count == 0)
		return row;
	/* A source whose alerts go on is not silent. */
	if ((q = store_query(g->st, QUERY_ALERT_HOURS, g->f)) == NULL)
		return -1;
	while ((row = store_row(g->st, q, g->f)) > 0)
		sense(g, sqlite3_column_int64(q, 0), sqlite3_column_int64(q, 1), 0);
	return row;
}

static void gathering_free(struct gathering *g)
{
	for (uint32_t i = 0; i < intern_count(g->pairs); i++)
		free(g->meetings[i].times);
	intern_free(g->values);
	intern_free(g->pairs);
	intern_free(g->formats);
	intern_free(g->sensed);
	free(g->entities);
	free(g->known);
	free(g->folded);
	free(g->meetings);
	free(g->hours);
	free(g->outflows);
	free(g->sources);
	free(g->sensor_counts);
	free(g->reaches);
	cell_rows_free(&g->rows);
}

int load_telemetry(struct week *w, struct store *st, struct arena *arena, struct fault *f)
{
	struct gathering g = { .w = w, .st = st, .arena = arena, .f = f, .values = intern_new(), .pairs = intern_new(),
	                       .formats = intern_new(), .sensed = intern_new() };
	int rc;

	g.known = must_grow(NULL, (size_t)w->entity_count + 1, sizeof(*g.known));
	g.folded = must_grow(NULL, (size_t)w->entity_count + 1, sizeof(*g.folded));
	for (uint32_t i = 0; i < w->entity_count; i++)
		g.known[i] = g.folded[i] = INT64_MAX;
	note_entities(&g);
	if ((rc = load_formats(&g)) == 0 && (rc = read_rows(&g)) == 0) {
		struct week_hour *hours = ARENA_ARRAY(arena, struct week_hour, g.hour_count);

		if (g.hour_count > 0)
			memcpy(hours, g.hours, g.hour_count * sizeof(*hours));
		w->hours = hours;
		w->hour_count = g.hour_count;
		w->reaches = arena_copy(arena, g.reaches, g.reach_count, sizeof(*g.reaches));
		w->reach_count = (uint32_t)g.reach_count;
		finish_sensors(&g);
		finish_contacts(&g);
		finish_outflows(&g);
	}
	gathering_free(&g);
	return rc;
}
