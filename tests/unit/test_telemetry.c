/* Telemetry in the case file: what is counted of it, once whatever the order of import and
 * however often, and what a week tells by it. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <sqlite3.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analyst/import/import.h"
#include "analyst/model/week.h"
#include "analyst/store/sql.h"

struct room {                  /* a folder with files */
	char folder[64];
	int stop_after;
};

struct loaded {                /* a week out of it */
	struct store *st;
	struct arena *arena;
	struct week *week;
};

static const char *in_room(const struct room *r, const char *name)
{
	static char path[4][256];
	static int turn;

	turn = (turn + 1) % 4;
	snprintf(path[turn], sizeof(path[turn]), "%s/%s", r->folder, name);
	return path[turn];
}

static int set_up(void **state)
{
	struct room *r = calloc(1, sizeof(*r));

	snprintf(r->folder, sizeof(r->folder), "/tmp/tsumugi-telemetry-XXXXXX");
	*state = r;
	return mkdtemp(r->folder) != NULL ? 0 : -1;
}

static int tear_down(void **state)
{
	struct room *r = *state;
	char command[128];

	snprintf(command, sizeof(command), "rm -rf '%s'", r->folder);
	free(r);
	return system(command);
}

static bool stop_soon(void *ctx)
{
	struct room *r = ctx;

	return r->stop_after > 0 && --r->stop_after == 0;
}

static int import(struct room *r, struct store *st, const char *name)
{
	struct import_options options = { .share = "templates", .stopped = stop_soon };
	struct import_watch watch = { .ctx = r };
	struct import_result sum;
	struct fault f = { FAULT_NONE, "" };

	memset(&sum, 0, sizeof(sum));
	return import_path(st, in_room(r, name), &options, &watch, &sum, &f);
}

static const struct behaviour *any(void *ctx, const struct rule *rule, enum record_kind kind)
{
	static const struct behaviour one = { .key = "unknown", .tactic = -1 };

	(void)ctx, (void)rule, (void)kind;
	return &one;
}

static void load(struct loaded *l, struct room *r, const char *name)
{
	struct fault f = { FAULT_NONE, "" };

	l->arena = arena_new();
	assert_int_equal(store_open(&l->st, in_room(r, name), STORE_WRITE, &f), 0);
	assert_int_equal(store_load_week(&l->week, l->st, l->arena, &(struct lore){ .behaviour = any }, &f), 0);
}

/* The named files into a new case file, in this order, and the week of it. */
static void load_all(struct loaded *l, struct room *r, const char *name, const char *const *files)
{
	struct store *st;
	struct fault f = { FAULT_NONE, "" };

	assert_int_equal(store_open(&st, in_room(r, name), STORE_WRITE, &f), 0);
	for (; *files != NULL; files++)
		assert_int_equal(import(r, st, *files), 0);
	store_close(st);
	load(l, r, name);
}

static void unload(struct loaded *l)
{
	store_close(l->st);
	arena_free(l->arena);
}

/* ---- files ---- */

#define T0 INT64_C(1615420800)      /* 2021-03-11 00:00 UTC */

static void put_flow(FILE *out, int64_t at, const char *from, const char *to, int64_t sent, int64_t got)
{
	fprintf(out, "{\"_path\":\"conn\",\"ts\":%lld,\"uid\":\"C%lld\",\"id.orig_h\":\"%s\",\"id.resp_h\":\"%s\",\"orig_bytes\":%lld,"
	        "\"resp_bytes\":%lld}\n", (long long)at, (long long)at, from, to, (long long)sent, (long long)got);
}

/* An alert that names both ends, so that the week knows them. */
static void put_notice(FILE *out, int64_t at, const char *from, const char *to)
{
	fprintf(out, "{\"_path\":\"notice\",\"ts\":%lld,\"uid\":\"N\",\"note\":\"A::B\",\"msg\":\"m\",\"src\":\"%s\",\"dst\":\"%s\"}\n",
	        (long long)at, from, to);
}

static FILE *new_file(struct room *r, const char *name)
{
	FILE *out = fopen(in_room(r, name), "wb");

	assert_non_null(out);
	return out;
}

static uint32_t entity_named(const struct week *w, const char *value)
{
	for (uint32_t i = 0; i < w->entity_count; i++)
		if (strcmp(w->entities[i].value, value) == 0)
			return i;
	fail_msg("no entity '%s'", value);
	return NO_ENTITY;
}

static int64_t records(const struct week *w)
{
	int64_t n = 0;

	for (uint32_t i = 0; i < w->hour_count; i++)
		n += w->hours[i].count;
	return n;
}

/* Each entity is a machine of its own. */
static int64_t unmet(const struct week *w, const struct contact *c)
{
	uint32_t *machine = malloc(w->entity_count * sizeof(*machine));
	int64_t span;

	for (uint32_t i = 0; i < w->entity_count; i++)
		machine[i] = i;
	span = week_unmet(w, machine, c->from, c->with);
	free(machine);
	return span;
}

/* ---- tests ---- */

static void an_hour_is_counted_with_its_bytes(void **state)
{
	struct room *r = *state;
	struct loaded l;
	struct week_volume v;
	FILE *out = new_file(r, "conn.json");

	put_flow(out, T0, "10.0.0.1", "192.0.2.1", 5, 7);
	put_flow(out, T0 + 3599, "10.0.0.2", "192.0.2.1", 10, 20);
	put_flow(out, T0 + 2 * 3600, "10.0.0.1", "192.0.2.1", 1, 1);
	fclose(out);
	load_all(&l, r, "a.db", (const char *const[]){ "conn.json", NULL });
	assert_int_equal(l.week->hour_count, 2);
	assert_int_equal(l.week->hours[0].hour, T0 / 3600);
	assert_int_equal(l.week->hours[0].count, 2);
	assert_int_equal(l.week->hours[0].bytes_out, 15);
	assert_int_equal(l.week->hours[0].bytes_in, 27);
	week_volume(&v, l.week, l.arena);
	assert_int_equal(v.kind, TELEMETRY_CONNECTION);
	assert_int_equal(v.begin, T0 / 3600);
	assert_int_equal(v.count, 3);
	assert_int_equal(v.counts[0], 2);
	assert_int_equal(v.counts[1], 0);
	assert_int_equal(v.bytes[2], 2);
	unload(&l);
}

/* Who the alerts' machines called outside apart from those that alerts name. */
static void what_a_machine_began_is_counted_by_hour(void **state)
{
	struct room *r = *state;
	struct loaded l;
	struct week_volume v;
	bool *own;
	FILE *out = new_file(r, "conn.json");

	put_flow(out, T0, "10.0.0.1", "192.0.2.1", 5, 7);
	put_flow(out, T0 + 1, "10.0.0.1", "198.51.100.9", 6, 7);
	put_flow(out, T0 + 2, "10.0.0.1", "198.51.100.10", 7, 7);
	put_flow(out, T0 + 2, "10.0.0.77", "198.51.100.10", 7, 7);
	put_flow(out, T0 + 7200, "10.0.0.1", "192.0.2.1", 1, 1);
	put_notice(out, T0, "10.0.0.1", "192.0.2.1");
	fclose(out);
	load_all(&l, r, "a.db", (const char *const[]){ "conn.json", NULL });
	own = ARENA_ARRAY(l.arena, bool, l.week->entity_count);
	week_volume_of(&v, l.week, own, l.arena);
	assert_null(v.counts);
	own[entity_named(l.week, "10.0.0.1")] = true;
	week_volume_of(&v, l.week, own, l.arena);
	assert_int_equal(v.kind, TELEMETRY_CONNECTION);
	assert_int_equal(v.begin, T0 / 3600);
	assert_int_equal(v.count, 3);
	assert_int_equal(v.counts[0], 3);
	assert_int_equal(v.bytes[0], 18);
	assert_int_equal(v.elsewhere[0], 2);
	assert_int_equal(v.counts[1], 0);
	assert_int_equal(v.counts[2], 1);
	assert_int_equal(v.elsewhere[2], 0);
	unload(&l);
}

static void a_contact_has_its_first_and_its_times(void **state)
{
	struct room *r = *state;
	struct loaded l;
	const struct contact *c;
	FILE *out = new_file(r, "conn.json");

	put_flow(out, T0, "10.0.0.1", "198.51.100.9", 1, 1);
	for (int i = 0; i < 100; i++)
		put_flow(out, T0 + 2 * 86400 + 300 * i, "10.0.0.1", "192.0.2.1", 10, 20);
	put_notice(out, T0 + 2 * 86400 + 900, "10.0.0.1", "192.0.2.1");
	fclose(out);
	load_all(&l, r, "a.db", (const char *const[]){ "conn.json", NULL });
	c = week_contact(l.week, entity_named(l.week, "10.0.0.1"), entity_named(l.week, "192.0.2.1"));
	assert_non_null(c);
	assert_int_equal(c->count, 100);
	assert_int_equal(c->first, (T0 + 2 * 86400) * SECOND);
	assert_int_equal(c->known, T0 * SECOND);
	assert_int_equal(unmet(l.week, c), 2 * DAY);
	assert_int_equal(c->time_count, 100);
	assert_false(c->crowded);
	for (uint32_t i = 0; i < 100; i++)
		assert_int_equal(c->times[i], (T0 + 2 * 86400 + 300 * i) * SECOND);
	/* No alert names this one. */
	assert_int_equal(l.week->contact_count, 1);
	unload(&l);
}

static void who_was_not_recorded_before_met_nobody_for_the_first_time(void **state)
{
	struct room *r = *state;
	struct loaded l;
	const struct contact *c;
	FILE *out = new_file(r, "conn.json");

	put_flow(out, T0, "10.0.0.2", "192.0.2.1", 1, 1);
	put_flow(out, T0 + 3 * 86400, "10.0.0.1", "192.0.2.1", 1, 1);
	put_notice(out, T0 + 3 * 86400, "10.0.0.1", "192.0.2.1");
	fclose(out);
	load_all(&l, r, "a.db", (const char *const[]){ "conn.json", NULL });
	c = week_contact(l.week, entity_named(l.week, "10.0.0.1"), entity_named(l.week, "192.0.2.1"));
	assert_non_null(c);
	assert_int_equal(unmet(l.week, c), 0);
	unload(&l);
}

static void an_alert_of_an_earlier_meeting_counts(void **state)
{
	struct room *r = *state;
	struct loaded l;
	FILE *out = new_file(r, "conn.json");

	put_flow(out, T0, "10.0.0.1", "198.51.100.9", 1, 1);
	put_flow(out, T0 + 2 * 86400, "10.0.0.1", "192.0.2.1", 1, 1);
	put_notice(out, T0 + 86400, "10.0.0.1", "192.0.2.1");
	fclose(out);
	load_all(&l, r, "a.db", (const char *const[]){ "conn.json", NULL });
	assert_int_equal(unmet(l.week, &l.week->contacts[0]), -1);
	unload(&l);
}

static void meetings_too_many_for_an_hour_lose_their_times(void **state)
{
	struct room *r = *state;
	struct loaded l;
	const struct contact *c;
	FILE *out = new_file(r, "conn.json");

	for (int i = 0; i < 1000; i++)
		put_flow(out, T0 + i, "10.0.0.1", "192.0.2.1", 1, 1);
	put_notice(out, T0, "10.0.0.1", "192.0.2.1");
	fclose(out);
	load_all(&l, r, "a.db", (const char *const[]){ "conn.json", NULL });
	c = week_contact(l.week, entity_named(l.week, "10.0.0.1"), entity_named(l.week, "192.0.2.1"));
	assert_int_equal(c->count, 1000);
	assert_true(c->crowded);
	assert_int_equal(c->time_count, 0);
	unload(&l);
}

/* Three files: two days, and the export of both. */
static void write_overlap(struct room *r)
{
	static const char *const names[] = { "one.json", "two.json", "both.json" };

	for (int file = 0; file < 3; file++) {
		FILE *out = new_file(r, names[file]);

		for (int i = 0; i < 2000; i++)
			if (file == 2 || i / 1000 == file)
				put_flow(out, T0 + 86400 * (i / 1000) + i % 1000 * 80, i % 3 == 0 ? "10.0.0.1" : "10.0.0.2",
				         i % 5 == 0 ? "192.0.2.1" : "192.0.2.2", i, 2 * i);
		put_notice(out, T0 + 86400 + file, "10.0.0.1", "192.0.2.1");
		fclose(out);
	}
}

static void same_contact(const struct contact *a, const struct contact *b)
{
	assert_int_equal(a->count, b->count);
	assert_int_equal(a->bytes_in, b->bytes_in);
	assert_int_equal(a->first, b->first);
	assert_int_equal(a->time_count, b->time_count);
	assert_memory_equal(a->times, b->times, a->time_count * sizeof(*a->times));
}

static void the_same_records_in_two_files_count_once_in_any_order(void **state)
{
	struct room *r = *state;
	struct loaded once, forth, back;
	uint32_t from, with;

	write_overlap(r);
	load_all(&once, r, "a.db", (const char *const[]){ "both.json", NULL });
	load_all(&forth, r, "b.db", (const char *const[]){ "one.json", "two.json", "both.json", "both.json", NULL });
	load_all(&back, r, "c.db", (const char *const[]){ "both.json", "two.json", "one.json", "one.json", NULL });
	assert_int_equal(records(once.week), 2000);
	assert_int_equal(records(forth.week), 2000);
	assert_int_equal(forth.week->hour_count, back.week->hour_count);
	assert_memory_equal(forth.week->hours, back.week->hours, forth.week->hour_count * sizeof(*back.week->hours));
	from = entity_named(once.week, "10.0.0.1");
	with = entity_named(once.week, "192.0.2.1");
	same_contact(week_contact(once.week, from, with), week_contact(forth.week, from, with));
	same_contact(week_contact(back.week, from, with), week_contact(forth.week, from, with));
	unload(&once);
	unload(&forth);
	unload(&back);
}

/* Flows of one pair, one a step of seconds, from a second of the hour up to another. */
static void write_piece(struct room *r, const char *name, int from, int to, int step)
{
	FILE *out = new_file(r, name);

	for (int i = from; i < to; i += step)
		put_flow(out, T0 + i, "10.0.0.1", "192.0.2.1", i, 2 * i);
	put_notice(out, T0 + from, "10.0.0.1", "192.0.2.1");
	fclose(out);
}

static int64_t pieces_met(struct room *r, const char *base, const char *const *names)
{
	struct loaded l;
	const struct contact *c;
	int64_t count;

	load_all(&l, r, base, names);
	c = week_contact(l.week, entity_named(l.week, "10.0.0.1"), entity_named(l.week, "192.0.2.1"));
	count = c->count;
	assert_int_equal(records(l.week), count);
	unload(&l);
	return count;
}

/* Three exports that overlap within the hour. Of few records each counts once; of many all but those of the part of the hour
 * in which an export begins or ends. */
static void the_records_that_two_exports_of_an_hour_share_count_once(void **state)
{
	static const char *const forth[] = { "a.json", "b.json", "c.json", NULL }, *const back[] = { "c.json", "b.json", "a.json", NULL };
	static const char *const sideways[] = { "b.json", "c.json", "a.json", "b.json", NULL };
	struct room *r = *state;
	int64_t once;

	write_piece(r, "a.json", 0, 2400, 400);
	write_piece(r, "b.json", 1200, 3600, 400);
	write_piece(r, "c.json", 2000, 2800, 400);
	assert_int_equal(pieces_met(r, "a.db", forth), 9);
	assert_int_equal(pieces_met(r, "b.db", back), 9);
	write_piece(r, "a.json", 0, 2400, 1);
	write_piece(r, "b.json", 1200, 3600, 1);
	write_piece(r, "c.json", 2000, 2800, 1);
	once = pieces_met(r, "c.db", forth);
	assert_in_range(once, 3600, 3600 + 4 * 256);
	assert_int_equal(pieces_met(r, "d.db", back), once);
	assert_int_equal(pieces_met(r, "e.db", sideways), once);
}

/* More cells than are held in memory, more records than a batch has. */
static void write_many(struct room *r)
{
	FILE *out = new_file(r, "many.json");
	char to[32];

	for (int i = 0; i < 150000; i++) {
		snprintf(to, sizeof(to), "100.%d.%d.%d", 64 + i % 70000 / 4096, i % 70000 / 64 % 64, i % 64 + 1);
		put_flow(out, T0 + 2 * i, "10.0.0.1", to, i, 1);
	}
	put_notice(out, T0, "10.0.0.1", "100.64.0.1");
	fclose(out);
}

/* A scan: one machine, an hour, 9,000 ends, each met twice, in an order given by a step. The alerts name one end that it
 * met a day before and after. */
static void write_scan(struct room *r, const char *name, int step)
{
	FILE *out = new_file(r, name);

	put_notice(out, T0, "10.0.0.1", "192.0.2.1");
	put_notice(out, T0, "10.0.0.2", "192.0.2.1");
	for (int twice = 0; twice < 2; twice++)
		for (int i = 0, k = 7; i < 9000; i++, k = (k + step) % 9000) {
			char to[32];

			snprintf(to, sizeof(to), "198.18.%d.%d", k / 250, k % 250);
			put_flow(out, T0 + k % 3600, "10.0.0.1", to, 3, 1);
		}
	put_flow(out, T0 + 50 * 3600, "10.0.0.1", "192.0.2.1", 1, 1);
	put_flow(out, T0, "10.0.0.2", "192.0.2.99", 1, 1);
	put_flow(out, T0 + 50 * 3600, "10.0.0.2", "192.0.2.1", 1, 1);
	fclose(out);
}

static int64_t asked(struct loaded *l, const char *sql)
{
	sqlite3_stmt *q;
	int64_t n;

	assert_int_equal(sqlite3_prepare_v2(l->st->db, sql, -1, &q, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(q), SQLITE_ROW);
	n = sqlite3_column_int64(q, 0);
	sqlite3_finalize(q);
	return n;
}

static void a_scan_has_a_bound_whatever_its_order(void **state)
{
	static const char *const sums[] = {
		"SELECT count(*) FROM telemetry", "SELECT sum(count) FROM telemetry", "SELECT sum(bytes_out) FROM telemetry",
		"SELECT count FROM telemetry WHERE to_end = '*'", "SELECT sum FROM telemetry WHERE to_end = '*'",
		"SELECT first FROM telemetry WHERE to_end = '*'",
		"SELECT sum(length(to_end) * (unicode(substr(to_end, -1)) + unicode(substr(to_end, -2)))) FROM telemetry",
	};
	struct room *r = *state;
	struct loaded a, b;
	const struct contact *c;
	bool *own;
	struct week_volume v;

	write_scan(r, "a.json", 1);
	write_scan(r, "b.json", 7);
	load_all(&a, r, "a.db", (const char *const[]){ "a.json", NULL });
	load_all(&b, r, "b.db", (const char *const[]){ "b.json", NULL });
	assert_int_equal(asked(&a, sums[0]), 4096 + 1 + 3);
	assert_int_equal(asked(&a, sums[1]), 18003);
	assert_int_equal(asked(&a, sums[3]), 2 * (9000 - 4096));
	for (size_t i = 0; i < sizeof(sums) / sizeof(sums[0]); i++)
		assert_int_equal(asked(&a, sums[i]), asked(&b, sums[i]));
	/* Whom it met that night is not known, so nobody is met for the first time later; of another machine it is. */
	c = week_contact(a.week, entity_named(a.week, "10.0.0.1"), entity_named(a.week, "192.0.2.1"));
	assert_true(c->folded == T0 * SECOND && c->crowded);
	assert_int_equal(unmet(a.week, c), -1);
	c = week_contact(a.week, entity_named(a.week, "10.0.0.2"), entity_named(a.week, "192.0.2.1"));
	assert_true(c->folded == INT64_MAX && !c->crowded);
	own = ARENA_ARRAY(a.arena, bool, a.week->entity_count);
	own[entity_named(a.week, "10.0.0.1")] = true;
	week_volume_of(&v, a.week, own, a.arena);
	assert_int_equal(v.counts[0], 18000);
	assert_int_equal(v.elsewhere[0], 2 * 4096);
	unload(&a);
	unload(&b);
}

static void an_interrupted_import_goes_on(void **state)
{
	struct room *r = *state;
	struct loaded whole, cut;
	struct store *st;
	struct fault f = { FAULT_NONE, "" };

	write_many(r);
	load_all(&whole, r, "a.db", (const char *const[]){ "many.json", NULL });
	assert_int_equal(store_open(&st, in_room(r, "b.db"), STORE_WRITE, &f), 0);
	r->stop_after = 40000;
	assert_int_equal(import(r, st, "many.json"), -1);
	r->stop_after = 60000;
	assert_int_equal(import(r, st, "many.json"), -1);
	r->stop_after = 0;
	assert_int_equal(import(r, st, "many.json"), 0);
	store_close(st);
	load(&cut, r, "b.db");
	assert_int_equal(records(whole.week), 150000);
	assert_int_equal(cut.week->hour_count, whole.week->hour_count);
	assert_memory_equal(cut.week->hours, whole.week->hours, cut.week->hour_count * sizeof(*cut.week->hours));
	assert_int_equal(cut.week->contact_count, 1);
	assert_int_equal(whole.week->contact_count, 1);
	same_contact(&cut.week->contacts[0], &whole.week->contacts[0]);
	unload(&whole);
	unload(&cut);
}

/* Two minutes apart, but for the hours from..to. */
static void write_steady(struct room *r, int from, int to)
{
	FILE *out = new_file(r, "conn.json");

	for (int i = 0; i < 7 * 24 * 30; i++)
		if (i / 30 < from || i / 30 >= to)
			put_flow(out, T0 + i * 120, "10.0.0.1", "192.0.2.1", 1, 1);
	fclose(out);
}

static void a_steady_source_that_stops_is_silent(void **state)
{
	struct room *r = *state;
	struct loaded l;
	struct silence s[4];

	write_steady(r, 50, 57);
	load_all(&l, r, "a.db", (const char *const[]){ "conn.json", NULL });
	assert_int_equal(week_silences(s, 4, l.week), 1);
	assert_string_equal(s[0].sensor->format, "zeek-json");
	assert_int_equal(s[0].begin, T0 / 3600 + 50);
	assert_int_equal(s[0].end, T0 / 3600 + 57);
	unload(&l);
}

static void a_source_with_alerts_is_not_silent(void **state)
{
	struct room *r = *state;
	struct loaded l;
	struct silence s[4];
	FILE *out;

	write_steady(r, 50, 57);
	out = new_file(r, "notice.json");
	for (int h = 50; h < 57; h++)
		put_notice(out, T0 + h * 3600 + 5, "10.0.0.1", "192.0.2.1");
	fclose(out);
	load_all(&l, r, "a.db", (const char *const[]){ "conn.json", "notice.json", NULL });
	assert_int_equal(week_silences(s, 4, l.week), 0);
	unload(&l);
}

static void a_source_that_records_now_and_then_is_not_silent(void **state)
{
	struct room *r = *state;
	struct loaded l;
	struct silence s[4];
	FILE *out = new_file(r, "conn.json");

	for (int h = 0; h < 168; h += 1 + h % 7)
		put_flow(out, T0 + h * 3600, "10.0.0.1", "192.0.2.1", 1, 1);
	fclose(out);
	load_all(&l, r, "a.db", (const char *const[]){ "conn.json", NULL });
	assert_int_equal(l.week->sensor_count, 1);
	assert_int_equal(week_silences(s, 4, l.week), 0);
	unload(&l);
}

static void without_telemetry_there_is_nothing(void **state)
{
	struct room *r = *state;
	struct loaded l;
	struct week_volume v;
	FILE *out = new_file(r, "notice.json");

	put_notice(out, T0, "10.0.0.1", "192.0.2.1");
	fclose(out);
	load_all(&l, r, "a.db", (const char *const[]){ "notice.json", NULL });
	week_volume(&v, l.week, l.arena);
	assert_int_equal(v.count + l.week->hour_count + l.week->sensor_count + l.week->contact_count, 0);
	assert_null(week_contact(l.week, 0, 1));
	unload(&l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(an_hour_is_counted_with_its_bytes, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_a_machine_began_is_counted_by_hour, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_contact_has_its_first_and_its_times, set_up, tear_down),
		cmocka_unit_test_setup_teardown(who_was_not_recorded_before_met_nobody_for_the_first_time, set_up, tear_down),
		cmocka_unit_test_setup_teardown(an_alert_of_an_earlier_meeting_counts, set_up, tear_down),
		cmocka_unit_test_setup_teardown(meetings_too_many_for_an_hour_lose_their_times, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_same_records_in_two_files_count_once_in_any_order, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_records_that_two_exports_of_an_hour_share_count_once, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_scan_has_a_bound_whatever_its_order, set_up, tear_down),
		cmocka_unit_test_setup_teardown(an_interrupted_import_goes_on, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_steady_source_that_stops_is_silent, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_source_with_alerts_is_not_silent, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_source_that_records_now_and_then_is_not_silent, set_up, tear_down),
		cmocka_unit_test_setup_teardown(without_telemetry_there_is_nothing, set_up, tear_down),
	};

	return cmocka_run_group_tests_name("telemetry", tests, NULL, NULL);
}
