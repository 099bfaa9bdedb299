/* What many alerts say alike is kept once, and comes back with each of them. */
#include "tests/unit/case_file.h"

/* What one alert says; number: its rule's, as alerts handed over together may call it by. */
struct said {
	const char *rule;
	uint32_t number;
	enum record_kind kind;
	enum severity severity;
	enum action action;
	int confidence;
	const char *native;
};

static const struct said said[] = {
	{ "beacon", 1, RECORD_ALERT, SEVERITY_HIGH, ACTION_DETECTED, -1, "2" },
	{ "beacon", 1, RECORD_ALERT, SEVERITY_HIGH, ACTION_DETECTED, -1, "2" },
	{ "beacon", 1, RECORD_ALERT, SEVERITY_HIGH, ACTION_BLOCKED, -1, "2" },
	{ "beacon", 1, RECORD_ALERT, SEVERITY_LOW, ACTION_BLOCKED, -1, "2" },
	{ "beacon", 1, RECORD_RESPONSE, SEVERITY_LOW, ACTION_BLOCKED, -1, "2" },
	{ "beacon", 1, RECORD_RESPONSE, SEVERITY_LOW, ACTION_BLOCKED, 0, "2" },
	{ "beacon", 1, RECORD_RESPONSE, SEVERITY_LOW, ACTION_BLOCKED, 100, "2" },
	{ "beacon", 1, RECORD_RESPONSE, SEVERITY_LOW, ACTION_BLOCKED, 100, "02" },
	{ "beacon", 1, RECORD_RESPONSE, SEVERITY_LOW, ACTION_BLOCKED, 100, "" },
	{ "beacon", 1, RECORD_RESPONSE, SEVERITY_LOW, ACTION_BLOCKED, 100, NULL },
	{ "login", 2, RECORD_RESPONSE, SEVERITY_LOW, ACTION_BLOCKED, 100, NULL },
	{ "beacon", 0, RECORD_ALERT, SEVERITY_HIGH, ACTION_DETECTED, -1, "2" },
	{ "login", 0, RECORD_RESPONSE, SEVERITY_LOW, ACTION_BLOCKED, 100, NULL },
};
#define SAID (sizeof(said) / sizeof(said[0]))
#define VERDICTS 10              /* different ones of them */

static void import_said(struct store *st, const char *sha256, int64_t from)
{
	struct source_file sf = { .name = sha256, .format = "test" };
	struct alert alerts[SAID];
	struct tally old, t;
	struct intake *in;
	int64_t offset, line;

	snprintf(sf.sha256, sizeof(sf.sha256), "%s", sha256);
	assert_int_equal(intake_begin(&in, st, &sf, &old, &offset, &line, NULL), 0);
	for (size_t i = 0; i < SAID; i++) {
		struct alert *a = &alerts[i];
		int64_t n = from + (int64_t)i;

		alert_clear(a);
		a->at = a->until = instant_from_seconds(1615000000 + n);
		a->rule = (struct rule){ .product = "test", .name = said[i].rule };
		a->rule_number = said[i].number;
		a->kind = said[i].kind;
		a->severity = said[i].severity;
		a->action = said[i].action;
		a->confidence = said[i].confidence;
		a->severity_native = said[i].native;
		assert_int_equal(intake_hashed_alert(in, a, &(struct place){ n + 1, n, 1 }, &(struct content){ (uint64_t)n, 1 }, NULL), 0);
	}
	assert_int_equal(intake_finish(in, &t, NULL), 0);
	assert_int_equal(t.imported, SAID);
}

static void assert_said(struct store *st, const struct week *w, uint32_t mark)
{
	const struct said *s = &said[mark % SAID];
	const struct mark *m = &w->marks[mark];
	struct arena *arena = arena_new();
	struct evidence e = {0};

	assert_string_equal(w->rules[m->rule].rule.name, s->rule);
	assert_int_equal(m->kind, s->kind);
	assert_int_equal(m->severity, s->severity);
	assert_int_equal(m->action, s->action);
	assert_int_equal(m->confidence, s->confidence);
	assert_int_equal(store_evidence(&e, st, m->row, arena, NULL), 0);
	if (s->native == NULL)
		assert_null(e.severity_native);
	else
		assert_string_equal(e.severity_native, s->native);
	arena_free(arena);
}

static void what_is_said_alike_is_kept_once(void **state)
{
	struct store *st = must_open(path_of(state), STORE_WRITE);
	struct arena *arena = arena_new();
	struct week *w;

	import_said(st, "aa", 0);
	assert_int_equal(number_in(path_of(state), "SELECT count(*) FROM verdict"), VERDICTS);
	import_said(st, "bb", SAID);
	store_close(st);
	/* Another program that goes on with the file. */
	st = must_open(path_of(state), STORE_WRITE);
	import_said(st, "cc", 2 * SAID);
	assert_int_equal(number_in(path_of(state), "SELECT count(*) FROM verdict"), VERDICTS);
	w = load(st, arena);
	assert_int_equal(w->mark_count, 3 * SAID);
	for (uint32_t i = 0; i < w->mark_count; i++)
		assert_said(st, w, i);
	arena_free(arena);
	store_close(st);
}

static void people_read_what_is_said(void **state)
{
	struct store *st = must_open(path_of(state), STORE_WRITE);

	import_said(st, "aa", 0);
	store_close(st);
	assert_int_equal(number_in(path_of(state), "SELECT count(*) FROM alert_verdict"), SAID);
	assert_int_equal(number_in(path_of(state), "SELECT count(*) FROM alert_verdict WHERE told_as = '0000000000000003' AND utc = '2021-03-06 03:06:43' AND "
	                           "product = 'test' AND name = 'beacon' AND severity = 2 AND severity_native = '2' AND "
	                           "action = 3 AND confidence IS NULL"), 1);
}

/* As somebody else's case file may say. */
static void what_an_alert_lacks_is_damage(void **state)
{
	static const struct { const char *sql, *told; } changes[] = {
		{ "DELETE FROM verdict WHERE id = 2", "a verdict is missing, of no kind or of no rule" },
		{ "DELETE FROM verdict WHERE id = 10", "an alert's verdict or cast is missing" },
		{ "UPDATE verdict SET rule = 7 WHERE id = 1", "a verdict is missing, of no kind or of no rule" },
		{ "UPDATE verdict SET kind = 4 WHERE id = 1", "a verdict is missing, of no kind or of no rule" },
		{ "UPDATE verdict SET severity = 6 WHERE id = 1", "a verdict is missing, of no kind or of no rule" },
		{ "UPDATE verdict SET severity = -1 WHERE id = 1", "a verdict is missing, of no kind or of no rule" },
		{ "UPDATE verdict SET action = 4294967297 WHERE id = 1", "a verdict is missing, of no kind or of no rule" },
		{ "UPDATE verdict SET zone = 4 WHERE id = 1", "a verdict is missing, of no kind or of no rule" },
		{ "UPDATE verdict SET id = 9223372036854775807 WHERE id = 10", "a verdict is missing, of no kind or of no rule" },
		{ "UPDATE alert SET verdict = 0 WHERE id = 1", "an alert's verdict or cast is missing" },
		{ "UPDATE alert SET verdict = 11 WHERE id = 1", "an alert's verdict or cast is missing" },
		{ "UPDATE alert SET verdict = -9223372036854775808 WHERE id = 1", "an alert's verdict or cast is missing" },
		{ "UPDATE alert SET key = x'' WHERE id = 1", "a content hash has another length" },
		{ "UPDATE alert SET key = zeroblob(17) WHERE id = 1", "a content hash has another length" },
	};

	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		struct store *st = must_open(path_of(state), STORE_WRITE);
		struct arena *arena = arena_new();
		struct fault f = {0};
		struct week *w;
		sqlite3 *db;

		import_said(st, "aa", 0);
		store_close(st);
		assert_int_equal(sqlite3_open(path_of(state), &db), SQLITE_OK);
		assert_int_equal(sqlite3_exec(db, changes[i].sql, NULL, NULL, NULL), SQLITE_OK);
		assert_int_equal(sqlite3_total_changes(db), 1);
		sqlite3_close(db);
		st = must_open(path_of(state), STORE_READ);
		assert_int_equal(store_load_week(&w, st, arena, &(struct lore){ .behaviour = no_behaviour }, &f), -1);
		if (strstr(f.text, "is damaged: ") == NULL || strstr(f.text, changes[i].told) == NULL)
			fail_msg("%s: %s", changes[i].sql, f.text);
		store_close(st);
		arena_free(arena);
		unlink(path_of(state));
	}
}

/* New rows get the next numbers, which import knows without asking. */
static void a_file_without_a_next_row_is_damage(void **state)
{
	static const char *const tables[] = { "entity", "cast_list", "rule", "verdict" };

	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		struct store *st = must_open(path_of(state), STORE_WRITE);
		struct file m = MONDAY;
		struct source_file sf = { .name = "x", .format = "test", .sha256 = "ff" };
		struct fault f = {0};
		struct tally old;
		struct intake *in;
		int64_t offset, line;
		char sql[96];
		sqlite3 *db;

		import_said(st, "dd", 0);
		store_close(st);
		import_into(path_of(state), &m);
		assert_int_equal(sqlite3_open(path_of(state), &db), SQLITE_OK);
		snprintf(sql, sizeof(sql), "UPDATE %s SET id = 9223372036854775807 WHERE id = 1", tables[i]);
		assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
		assert_int_equal(sqlite3_total_changes(db), 1);
		sqlite3_close(db);
		st = must_open(path_of(state), STORE_WRITE);
		assert_int_equal(intake_begin(&in, st, &sf, &old, &offset, &line, &f), -1);
		assert_non_null(strstr(f.text, "is damaged: it has rows of impossible numbers"));
		store_close(st);
		unlink(path_of(state));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_is_said_alike_is_kept_once), TEST(people_read_what_is_said), TEST(what_an_alert_lacks_is_damage),
		TEST(a_file_without_a_next_row_is_damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
