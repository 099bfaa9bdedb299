/* What an import leaves in the case file: each alert once, whatever the order, whatever interrupts it. */
#include "tests/unit/case_file.h"

#include <malloc.h>

#include "analyst/store/known.h"
#include "analyst/store/met.h"

/* ---- importing ---- */

static void a_tally_adds_up(void **state)
{
	struct file m = MONDAY;
	struct tally t = import_into(path_of(state), &m);

	assert_int_equal(t.read, 6);
	assert_int_equal(t.imported, 4);
	assert_int_equal(t.rejected, 1);
	assert_int_equal(t.blank, 1);
	assert_int_equal(t.alerts, 4);
}

static void the_same_file_again_changes_nothing(void **state)
{
	struct file m = MONDAY, copy = { "a-copy.log", "aa", monday, 0, NULL, NULL };
	struct tally first = import_into(path_of(state), &m), again;
	struct store *st = must_open(path_of(state), STORE_WRITE);
	struct arena *arena = arena_new();
	const struct source_row *sources;
	size_t n;

	assert_int_equal(import(st, &copy, &again, NULL), 1);
	assert_memory_equal(&first, &again, sizeof(first));
	assert_int_equal(load(st, arena)->mark_count, 4);
	assert_int_equal(store_sources(&sources, &n, st, arena, NULL), 0);
	assert_int_equal(n, 1);
	assert_string_equal(sources[0].name, "a-copy.log");
	arena_free(arena);
	store_close(st);
}

static void a_stream_of_a_known_file_leaves_no_trace(void **state)
{
	struct file m = MONDAY;
	struct store *st = must_open(path_of(state), STORE_WRITE);
	struct source_file sf = { .name = "-", .format = "test" };
	struct arena *arena = arena_new();
	const struct source_row *sources;
	struct tally t, old;
	struct intake *in;
	int64_t o, l;
	size_t n;

	import(st, &m, &t, NULL);
	assert_int_equal(intake_begin(&in, st, &sf, &old, &o, &l, NULL), 0);
	for (int64_t i = 0, at = 0; monday[i] != NULL; i++) {
		struct place place = { i + 1, at, (int64_t)strlen(monday[i]) + 1 };
		char parts[4][64];
		struct alert a;

		at += place.length;
		if (monday[i][0] == '\0' || monday[i][0] == '!')
			continue;
		make_alert(&a, monday[i], parts);
		assert_int_equal(intake_alert(in, &a, &place, monday[i], strlen(monday[i]), NULL), 0);
	}
	strcpy(sf.sha256, "aa");
	assert_int_equal(intake_finish(in, &t, NULL), 0);
	assert_int_equal(t.repeated, 4);
	assert_int_equal(store_sources(&sources, &n, st, arena, NULL), 0);
	assert_int_equal(n, 1);
	arena_free(arena);
	store_close(st);
}

static void equal_lines_of_one_file_are_all_alerts(void **state)
{
	struct file t = TUESDAY;

	assert_int_equal(import_into(path_of(state), &t).imported, 4);
}

static void equal_lines_of_two_files_are_one_alert_cited_twice(void **state)
{
	struct file m = MONDAY, t = TUESDAY;
	struct arena *arena = arena_new();
	struct evidence e = {0};
	struct store *st;
	struct tally tally;
	uint32_t cited_twice = 0;
	struct week *w;

	import_into(path_of(state), &t);
	tally = import_into(path_of(state), &m);
	assert_int_equal(tally.imported, 2);
	assert_int_equal(tally.repeated, 2);
	st = must_open(path_of(state), STORE_READ);
	w = load(st, arena);
	assert_int_equal(w->mark_count, 6);
	for (uint32_t i = 0; i < w->mark_count; i++) {
		assert_int_equal(store_evidence(&e, st, w->marks[i].row, arena, NULL), 0);
		if (e.mentions == 1) {
			cited_twice++;
			assert_string_equal(e.source, "monday.log");
		}
	}
	assert_int_equal(cited_twice, 2);
	arena_free(arena);
	store_close(st);
}

static void the_same_line_of_two_tenants_is_two_alerts(void **state)
{
	struct file a = { "a.log", "aa", tuesday, 0, "north", NULL }, b = { "b.log", "bb", tuesday, 0, "south", NULL };

	import_into(path_of(state), &a);
	assert_int_equal(import_into(path_of(state), &b).imported, 4);
}

/* ---- numbering by content ---- */

static void print_week(FILE *out, const struct week *w)
{
	for (uint32_t i = 0; i < w->rule_count; i++)
		fprintf(out, "rule %s\n", w->rules[i].rule.name);
	for (uint32_t i = 0; i < w->entity_count; i++)
		fprintf(out, "entity %d %s %s %d\n", (int)w->entities[i].kind, w->entities[i].value,
		        w->entities[i].shown, w->entities[i].internal);
	for (uint32_t i = 0; i < w->cast_count; i++) {
		fprintf(out, "cast %u %u", w->casts[i].tenant, w->casts[i].host);
		for (uint32_t k = 0; k < w->casts[i].count; k++)
			fprintf(out, " %d:%u", (int)w->members[w->casts[i].first + k].role,
			        w->members[w->casts[i].first + k].entity);
		fprintf(out, "\n");
	}
	for (uint32_t i = 0; i < w->mark_count; i++)
		fprintf(out, "mark %lld %016llx %u %u\n", (long long)w->marks[i].at,
		        (unsigned long long)w->marks[i].key, w->marks[i].rule, w->marks[i].cast);
}

static int print_assignment(void *ctx, const char *source, int64_t line, const char *alert,
                            const char *episode, const char *incident, uint32_t rank)
{
	fprintf(ctx, "%s,%lld,%s,%s,%s,%u\n", source, (long long)line, alert, episode != NULL ? episode : "",
	        incident != NULL ? incident : "", rank);
	return 0;
}

static char *printed(const char *path)
{
	struct store *st = must_open(path, STORE_READ);
	struct arena *arena = arena_new();
	char *text = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);
	struct analysis none = { .week = load(st, arena) };

	print_week(out, none.week);
	assert_int_equal(store_assignments(st, &none, print_assignment, out, NULL), 0);
	fclose(out);
	arena_free(arena);
	store_close(st);
	return text;
}

static void the_order_of_import_does_not_matter(void **state)
{
	struct file m = MONDAY, t = TUESDAY;
	char *one, *other;

	import_into(path_of(state), &m);
	import_into(path_of(state), &t);
	one = printed(path_of(state));
	unlink(path_of(state));
	import_into(path_of(state), &t);
	import_into(path_of(state), &m);
	other = printed(path_of(state));
	assert_string_equal(one, other);
	assert_non_null(strstr(one, "entity 0 exch01 EXCH01 1"));
	free(one);
	free(other);
}

/* Also where they begin alike for long, are in part of one another, or hold bytes beyond ASCII. */
static void entities_are_in_order(void **state)
{
	static const char more[] =
		"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300) "
		"INSERT INTO entity SELECT CASE WHEN i % 3 = 0 THEN 'url' ELSE 'file' END, "
		"substr('https://example.test/of/which/many/names/begin/alike/', 1, i % 53) || char(0x80 + i % 5) || (i % 7), 'x', "
		"(SELECT max(id) FROM entity) + 301 - i FROM n";
	struct file m = MONDAY;
	struct arena *arena = arena_new();
	struct store *st;
	sqlite3 *db;

	import_into(path_of(state), &m);
	assert_int_equal(sqlite3_open(path_of(state), &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, more, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
	st = must_open(path_of(state), STORE_READ);
	struct week *w = load(st, arena);
	assert_true(w->entity_count > 250);
	for (uint32_t i = 1; i < w->entity_count; i++) {
		const struct week_entity *a = &w->entities[i - 1], *b = &w->entities[i];

		assert_true(a->kind < b->kind || (a->kind == b->kind && strcmp(a->value, b->value) < 0));
	}
	arena_free(arena);
	store_close(st);
}

/* As a stranger's case file may say. */
static void an_entity_of_no_kind_is_damage(void **state)
{
	struct arena *arena = arena_new();
	struct file m = MONDAY;
	struct fault f = {0};
	struct week *w;
	struct store *st;
	sqlite3 *db;

	import_into(path_of(state), &m);
	assert_int_equal(sqlite3_open(path_of(state), &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "UPDATE entity SET kind = -5 WHERE id = 1", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
	st = must_open(path_of(state), STORE_READ);
	assert_int_equal(store_load_week(&w, st, arena, &(struct lore){ .behaviour = no_behaviour }, &f), -1);
	assert_non_null(strstr(f.text, "is damaged: an entity is of no kind"));
	store_close(st);
	arena_free(arena);
}

/* Import forgets names when there are very many, and writes them again. */
static void names_written_twice_are_one(void **state)
{
	static const char twice[] =
		"INSERT INTO entity SELECT kind, value, 'a' || shown, NULL FROM entity WHERE value = 'exch01';"
		"INSERT INTO rule SELECT (SELECT max(id) + 1 FROM rule), product, native, name, category, techniques, tactics "
		"  FROM rule WHERE name = 'beacon';"
		"INSERT INTO verdict SELECT (SELECT max(id) FROM rule), kind, severity, action, confidence, zone, severity_native, NULL "
		"  FROM verdict WHERE id = (SELECT verdict FROM alert WHERE id = 2);"
		"INSERT INTO cast_list SELECT tenant, (SELECT json_group_array(value % 10 + 10 * "
		"  CASE value / 10 WHEN 1 THEN (SELECT max(id) FROM entity) ELSE value / 10 END) FROM json_each(members)), NULL FROM cast_list WHERE id = 1;"
		"UPDATE alert SET verdict = (SELECT max(id) FROM verdict), cast_list = (SELECT max(id) FROM cast_list) WHERE id = 2;";
	struct file m = MONDAY;
	char *once, *again;
	sqlite3 *db;

	import_into(path_of(state), &m);
	once = printed(path_of(state));
	assert_non_null(strstr(once, "entity 0 exch01 EXCH01 1"));
	assert_int_equal(sqlite3_open(path_of(state), &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, twice, NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_total_changes(db), 5);
	sqlite3_close(db);
	again = printed(path_of(state));
	assert_string_equal(once, again);
	free(once);
	free(again);
}

static void of_very_many_names_the_last_met_are_known(void **state)
{
	struct known *k = known_new(100);
	struct known_row *row;

	(void)state;
	for (int i = 0; i < 1000; i++) {
		char name[16];

		row = known_put(k, "often", 5);
		if (i == 0) {
			row->id = 1000;
			known_note(k, row, "Often");
		}
		assert_int_equal(row->id, 1000);
		assert_string_equal(row->note, "Often");
		snprintf(name, sizeof(name), "n%d", i);
		row = known_put(k, name, strlen(name));
		assert_int_equal(row->id, 0);
		row->id = i + 1;
	}
	assert_int_equal(known_put(k, "n950", 4)->id, 951);
	assert_int_equal(known_put(k, "n7", 2)->id, 0);
	known_free(k);
}

static void of_very_many_casts_the_last_met_are_known(void **state)
{
	static const uint64_t often[] = { 0, 172, 933 }, turned[] = { 0, 933, 172 }, shorter[] = { 0, 172 };
	struct met *m = met_new();
	int64_t *row;

	(void)state;
	for (int64_t i = 1; i <= 1000000; i++) {
		uint64_t words[] = { 0, (uint64_t)i, (uint64_t)i * 3 };

		row = met_row(m, met_key(m, words, 3));
		assert_int_equal(*row, 0);
		*row = i;
		/* Met again and again it stays, whatever else comes. */
		row = met_row(m, met_key(m, often, 3));
		assert_int_equal(*row, i == 1 ? 0 : 5000000);
		*row = 5000000;
	}
	assert_int_equal(*met_row(m, met_key(m, turned, 3)), 0);
	assert_int_equal(*met_row(m, met_key(m, shorter, 2)), 0);
	for (int64_t i = 999900; i <= 1000000; i++) {
		uint64_t words[] = { 0, (uint64_t)i, (uint64_t)i * 3 };

		assert_int_equal(*met_row(m, met_key(m, words, 3)), i);
	}
	met_free(m);
}

/* The same members of two tenants are two casts, also when an import goes on with a case file. */
static void casts_are_known_by_tenant_and_members(void **state)
{
	static const char *const one[] = { "0 EXCH01 probe evil.example", NULL }, *const two[] = { "5 EXCH01 probe evil.example", NULL };
	struct file files[] = { { "a", "aa", one, 0, "north", NULL }, { "b", "bb", two, 0, "north", NULL },
	                        { "c", "cc", one, 0, "south", NULL }, { "d", "dd", one, 0, NULL, NULL }, { "e", "ee", two, 0, NULL, NULL } };

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		import_into(path_of(state), &files[i]);
	assert_int_equal(number_in(path_of(state), "SELECT count(*) FROM cast_list"), 3);
	assert_int_equal(number_in(path_of(state), "SELECT count(*) FROM alert"), 5);
}

static void people_read_who_takes_part(void **state)
{
	struct file m = MONDAY;

	import_into(path_of(state), &m);
	/* role 3 is the victim, 2 the destination; one is shown as it was written, the other as it is compared. */
	assert_int_equal(number_in(path_of(state), "SELECT count(*) FROM alert_member WHERE alert = 1"), 2);
	assert_int_equal(number_in(path_of(state), "SELECT count(*) FROM alert_member WHERE alert = 1 AND role = 3 AND kind = 'host' "
	                           "AND value = 'exch01' AND shown = 'EXCH01'"), 1);
	assert_int_equal(number_in(path_of(state), "SELECT count(*) FROM alert_member WHERE alert = 1 AND role = 2 AND kind = 'domain' "
	                           "AND value = shown"), 1);
	assert_int_equal(number_in(path_of(state), "SELECT count(*) FROM entity WHERE shown = value"), 0);
}

/* Native ids that are numbers are kept as such, and told as they were written. */
static void native_ids_come_back_as_written(void **state)
{
	static const struct { const char *id; bool number; } rows[] = {
		{ "2022569817938158", true }, { "0", true }, { "999999999999999999", true }, { "1000000000000000000", false },
		{ "18446744073709551615", false }, { "007", false }, { "-5", false }, { "+5", false }, { "12.5", false }, { "1e3", false },
		{ " 7", false }, { "7 ", false }, { "0x10", false }, { "", false }, { "a1", false },
	};
	struct source_file sf = { .name = "ids.log", .format = "test", .sha256 = "ab" };
	struct store *st = must_open(path_of(state), STORE_WRITE);
	struct arena *arena = arena_new();
	struct intake *in;
	struct tally t, old;
	int64_t offset, line;
	size_t n = sizeof(rows) / sizeof(rows[0]);

	assert_int_equal(intake_begin(&in, st, &sf, &old, &offset, &line, NULL), 0);
	for (size_t i = 0; i < n; i++) {
		char words[64], parts[4][64];
		struct place place = { (int64_t)i + 1, (int64_t)i * 64, 64 };
		struct alert a;

		snprintf(words, sizeof(words), "%zu EXCH01 probe evil.example", i);
		make_alert(&a, words, parts);
		a.native_id = rows[i].id;
		assert_int_equal(intake_alert(in, &a, &place, words, strlen(words), NULL), 0);
	}
	assert_int_equal(intake_finish(in, &t, NULL), 0);
	for (size_t i = 0; i < n; i++) {
		struct evidence e = {0};
		char sql[96];

		assert_int_equal(store_evidence(&e, st, (int64_t)i + 1, arena, NULL), 0);
		assert_string_equal(e.native_id, rows[i].id);
		snprintf(sql, sizeof(sql), "SELECT typeof(native_id) = 'integer' FROM alert WHERE id = %zu", i + 1);
		assert_int_equal(number_in(path_of(state), sql), rows[i].number);
	}
	arena_free(arena);
	store_close(st);
}

/* ---- rows by the thousand ---- */

static int statement_journals;
static const sqlite3_vfs *plain_vfs;

static int open_counted(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out)
{
	statement_journals += (flags & SQLITE_OPEN_SUBJOURNAL) != 0;
	return plain_vfs->xOpen(vfs, name, file, flags, out);
}

/* SQLite would write each page that a run of alerts changes into a temporary file first, to undo the run alone. */
static void a_run_of_alerts_is_undone_with_its_batch_only(void **state)
{
	enum { RUNS = 8, RUN = 1000 };
	static char parts[RUN][4][64];
	struct alert *alerts = calloc(RUN, sizeof(*alerts));
	sqlite3_vfs *plain = sqlite3_vfs_find(NULL), counting = *plain;
	struct source_file sf = { .name = "many.log", .format = "test" };
	struct intake *in = NULL;
	struct tally tally, old;
	struct fault f = {0};
	struct store *st;
	int64_t offset, line;

	plain_vfs = plain;
	counting.zName = "counting";
	counting.xOpen = open_counted;
	statement_journals = 0;
	sqlite3_vfs_register(&counting, 1);
	st = must_open(path_of(state), STORE_WRITE);
	snprintf(sf.sha256, sizeof(sf.sha256), "ee");
	assert_int_equal(intake_begin(&in, st, &sf, &old, &offset, &line, &f), 0);
	for (int run = 0; run < RUNS; run++) {
		for (int i = 0; i < RUN; i++) {
			int64_t number = run * RUN + i;
			struct content content = { (uint64_t)number + 1, 1 };
			char text[64];

			/* Each run comes between the alerts of those before it, so that it changes many pages. */
			snprintf(text, sizeof(text), "%d H%d rule%d d%d.example", i * RUNS + run, i % 50, i % 11, i % 300);
			make_alert(&alerts[i], text, parts[i]);
			assert_int_equal(intake_hashed_alert(in, &alerts[i], &(struct place){ number + 1, number * 64, 64 }, &content, &f), 0);
		}
		assert_int_equal(intake_flush(in, &f), 0);
	}
	assert_int_equal(intake_finish(in, &tally, &f), 0);
	store_close(st);
	sqlite3_vfs_register(plain, 1);
	sqlite3_vfs_unregister(&counting);
	assert_int_equal(tally.alerts, RUNS * RUN);
	assert_int_equal(statement_journals, 0);
	free(alerts);
}

/* ---- interruption ---- */

#define MANY 5000

static const char **many_lines(char (*room)[64])
{
	const char **lines = calloc(MANY + 1, sizeof(*lines));

	/* Every seventh line is like the one seven before it. */
	for (int i = 0; i < MANY; i++) {
		snprintf(room[i], sizeof(room[i]), "%d H%d rule%d d%d.example", i % 7 == 0 ? 0 : i, i % 7 == 0 ? 0 : i % 50,
		         i % 7 == 0 ? 0 : i % 11, i % 7 == 0 ? 0 : i % 300);
		lines[i] = room[i];
	}
	return lines;
}

static void an_abandoned_import_goes_on_where_it_was_durable(void **state)
{
	static char room[MANY][64], other_room[MANY][64];
	const char **lines = many_lines(room), **unlike = many_lines(other_room);
	struct file whole = { "many.log", "cc", lines, 0, NULL, NULL }, part = whole;
	struct file before = { "unlike.log", "dd", unlike, 0, NULL, NULL };
	char *expected;
	struct store *st;
	struct tally t, plain;
	int64_t resumed;

	/* Another file holds the first 3,000 lines, so that repeats cross the break too. */
	unlike[3000] = NULL;
	import_into(path_of(state), &before);
	plain = import_into(path_of(state), &whole);
	expected = printed(path_of(state));
	unlink(path_of(state));

	import_into(path_of(state), &before);
	part.stop_after = 4321;
	st = must_open(path_of(state), STORE_WRITE);
	assert_int_equal(import(st, &part, &t, NULL), 2);
	store_close(st);
	st = must_open(path_of(state), STORE_WRITE);
	assert_int_equal(import(st, &whole, &t, &resumed), 0);
	store_close(st);
	assert_true(resumed >= 1000 && resumed <= 4321);
	assert_memory_equal(&t, &plain, sizeof(t));
	char *actual = printed(path_of(state));
	assert_string_equal(actual, expected);
	free(actual);
	free(expected);
	free(lines);
	free(unlike);
}

static void a_killed_import_leaves_whole_batches(void **state)
{
	static char room[MANY][64];
	const char **lines = many_lines(room);
	struct file whole = { "many.log", "cc", lines, 0, NULL, NULL };
	struct tally plain = import_into(path_of(state), &whole), t;
	char *expected = printed(path_of(state)), *actual;
	struct store *st;

	unlink(path_of(state));
	pid_t child = fork();
	if (child == 0) {
		struct file part = whole;

		part.stop_after = 2500;
		st = must_open(path_of(state), STORE_WRITE);
		import(st, &part, &t, NULL);
		_exit(0);      /* nothing closed: as after kill -9 */
	}
	waitpid(child, NULL, 0);
	t = import_into(path_of(state), &whole);
	assert_memory_equal(&t, &plain, sizeof(t));
	actual = printed(path_of(state));
	assert_string_equal(actual, expected);
	free(actual);
	free(expected);
	free(lines);
}

static int64_t alerts_in(const char *path)
{
	return number_in(path, "SELECT count(*) FROM alert");
}

static void what_was_read_stays_until_another_reading_is_durable(void **state)
{
	struct file m = MONDAY;
	struct tally t;
	struct store *st;
	int64_t before, resumed;

	m.said = "zone=1\n";
	import_into(path_of(state), &m);
	before = alerts_in(path_of(state));
	assert_true(before > 1);
	m.said = "zone=2\n";
	m.stop_after = 1;
	st = must_open(path_of(state), STORE_WRITE);
	assert_int_equal(import(st, &m, &t, &resumed), 2);
	assert_int_equal(resumed, 0);
	store_close(st);
	assert_int_equal(alerts_in(path_of(state)), before);
	/* It is still what it was: who says nothing, or the same, finds it known. */
	m.stop_after = 0;
	m.said = NULL;
	st = must_open(path_of(state), STORE_WRITE);
	assert_int_equal(import(st, &m, &t, NULL), 1);
	m.said = "zone=1\n";
	assert_int_equal(import(st, &m, &t, NULL), 1);
	m.said = "zone=2\n";
	assert_int_equal(import(st, &m, &t, NULL), 0);
	assert_int_equal(import(st, &m, &t, NULL), 1);
	store_close(st);
	assert_int_equal(alerts_in(path_of(state)), before);
}

static void from_start_counts_anew(void **state)
{
	static char room[MANY][64];
	const char **lines = many_lines(room);
	struct file part = { "many.log", "cc", lines, 2000, NULL, NULL };
	struct source_file sf = { .name = "many.log", .format = "test", .sha256 = "cc" };
	struct store *st = must_open(path_of(state), STORE_WRITE);
	struct tally t, old;
	struct intake *in;
	int64_t offset, line;

	import(st, &part, &t, NULL);
	assert_int_equal(intake_begin(&in, st, &sf, &old, &offset, &line, NULL), 0);
	assert_true(line > 0);
	assert_int_equal(intake_from_start(in, NULL), 0);
	for (int64_t i = 0, at = 0; i < MANY; i++) {
		struct place place = { i + 1, at, (int64_t)strlen(lines[i]) + 1 };
		char parts[4][64];
		struct alert a;

		at += place.length;
		make_alert(&a, lines[i], parts);
		assert_int_equal(intake_alert(in, &a, &place, lines[i], strlen(lines[i]), NULL), 0);
	}
	assert_int_equal(intake_finish(in, &t, NULL), 0);
	assert_int_equal(t.imported, MANY);
	assert_int_equal(t.repeated, 0);
	store_close(st);
	free(lines);
}

/* ---- hashes ---- */

/* What needs memory can fail, and a hash that failed would be another one. */
static void a_hash_needs_no_memory(void **state)
{
	struct hasher *h = hasher_new();
	size_t before = mallinfo2().uordblks;
	struct content first, second;

	(void)state;
	first = hasher_content(h, "format", "tenant", "bytes", 5);
	assert_int_equal(mallinfo2().uordblks, before);
	second = hasher_content(h, "format", "tenant", "bytes", 5);
	assert_memory_equal(&first, &second, sizeof(first));
	hasher_free(h);
}

/* Every length around the blocks of the hash, and those that are too long to go along. */
static void hashes_made_together_are_those_made_alone(void **state)
{
	enum { MOST = 600 };
	static const char *const tenants[] = { NULL, "", "a tenant" };
	static struct content together[MOST], alone[MOST];
	static struct to_hash all[MOST];
	size_t room = 200000;
	char *bytes = malloc(room), *copies[MOST];
	struct hasher *h = hasher_new();
	struct many_hasher *m = many_hasher_new();

	(void)state;
	for (size_t i = 0; i < room; i++)
		bytes[i] = (char)(i * 7 + i / 251);
	for (size_t i = 0; i < MOST; i++) {
		size_t n = i < 400 ? i : i < 500 ? 16000 + i : i * 300, head = content_head(NULL, "format", tenants[i % 3]);

		copies[i] = malloc(head + n);
		assert_int_equal(content_head(copies[i], "format", tenants[i % 3]), head);
		memcpy(copies[i] + head, bytes + i, n);
		all[i] = (struct to_hash){ copies[i], head + n, &together[i] };
		alone[i] = hasher_content(h, "format", tenants[i % 3], bytes + i, n);
	}
	hash_many(m, NULL, 0);
	for (size_t count = MOST; count > 0; count /= 7) {
		hash_many(m, all, count);
		assert_memory_equal(together, alone, count * sizeof(together[0]));
		memset(together, 0, sizeof(together));
	}
	for (size_t i = 0; i < MOST; i++)
		free(copies[i]);
	many_hasher_free(m);
	hasher_free(h);
	free(bytes);
}

/* Numbers of entities mean the same until what was handed over is flushed, and then nothing. */
static void numbered_entities_are_told_apart(void **state)
{
	static const char *const values[] = { "a.example", "b.example", "a.example", "c.example", "b.example", "c.example" };
	static const uint32_t numbers[] = { 1, 2, 1, 0, 1, 2 };
	struct store *st = must_open(path_of(state), STORE_WRITE);
	struct source_file sf = { .name = "x", .format = "test", .sha256 = "ee" };
	struct arena *arena = arena_new();
	struct alert alerts[6];
	struct tally old, t;
	struct intake *in;
	int64_t offset, line;
	struct week *w;

	assert_int_equal(intake_begin(&in, st, &sf, &old, &offset, &line, NULL), 0);
	for (int i = 0; i < 6; i++) {
		struct alert *a = &alerts[i];

		alert_clear(a);
		a->at = (i + 1) * SECOND;
		a->rule = (struct rule){ .product = "test", .name = i < 4 ? "Beacon" : "Login" };
		a->rule_number = 1;
		alert_add(a, ENTITY_DOMAIN, ROLE_DESTINATION, values[i], NULL);
		a->entities[0].number = numbers[i];
		assert_int_equal(intake_hashed_alert(in, a, &(struct place){ i + 1, i, 1 }, &(struct content){ (uint64_t)i, 1 }, NULL), 0);
		if (i == 3)
			assert_int_equal(intake_flush(in, NULL), 0);
	}
	assert_int_equal(intake_finish(in, &t, NULL), 0);
	assert_int_equal(t.imported, 6);
	w = load(st, arena);
	assert_int_equal(w->mark_count, 6);
	for (uint32_t i = 0; i < 6; i++) {
		const struct cast *cast = &w->casts[w->marks[i].cast];

		assert_int_equal(cast->count, 1);
		assert_string_equal(w->entities[w->members[cast->first].entity].value, values[i]);
		assert_string_equal(w->rules[w->marks[i].rule].rule.name, i < 4 ? "Beacon" : "Login");
	}
	arena_free(arena);
	store_close(st);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_tally_adds_up), TEST(the_same_file_again_changes_nothing), TEST(a_stream_of_a_known_file_leaves_no_trace),
		TEST(equal_lines_of_one_file_are_all_alerts), TEST(equal_lines_of_two_files_are_one_alert_cited_twice),
		TEST(the_same_line_of_two_tenants_is_two_alerts), TEST(the_order_of_import_does_not_matter),
		TEST(names_written_twice_are_one), TEST(a_run_of_alerts_is_undone_with_its_batch_only),
		TEST(of_very_many_names_the_last_met_are_known), TEST(of_very_many_casts_the_last_met_are_known),
		TEST(casts_are_known_by_tenant_and_members), TEST(people_read_who_takes_part),
		TEST(native_ids_come_back_as_written), TEST(an_abandoned_import_goes_on_where_it_was_durable),
		TEST(a_killed_import_leaves_whole_batches), TEST(from_start_counts_anew),
		TEST(what_was_read_stays_until_another_reading_is_durable), TEST(an_entity_of_no_kind_is_damage),
		TEST(a_hash_needs_no_memory), TEST(hashes_made_together_are_those_made_alone),
		TEST(numbered_entities_are_told_apart), TEST(entities_are_in_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
