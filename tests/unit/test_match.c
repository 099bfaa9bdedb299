/* Indicators, techniques and severities as they are loaded: what matches what, and whose word counts. */
#include "tests/unit/case_file.h"

static struct intake *begin(struct store *st, const struct source_file *sf)
{
	struct intake *in;
	struct tally old;
	int64_t offset, line;

	assert_int_equal(intake_begin(&in, st, sf, &old, &offset, &line, NULL), 0);
	return in;
}

static struct tally finish(struct intake *in)
{
	struct tally t;

	assert_int_equal(intake_finish(in, &t, NULL), 0);
	return t;
}

static struct tally claim_as(struct store *st, const char *sha256, const struct indicator *i)
{
	struct source_file sf = { .name = "list", .format = "list" };
	struct place at = { 1, 0, 10 };
	struct intake *in;

	strcpy(sf.sha256, sha256);
	in = begin(st, &sf);
	assert_int_equal(intake_indicator(in, i, &at, NULL), 0);
	return finish(in);
}

#define CLAIM(of, what) .kind = (of), .value = (what), .written = (what), .confidence = -1, .first_seen = INSTANT_NONE, \
                        .last_seen = INSTANT_NONE

static struct tally claim(struct store *st, const char *sha256, enum indicator_kind kind, const char *value, const char *context)
{
	return claim_as(st, sha256, &(struct indicator){ CLAIM(kind, value), .context = context, .valid_until = INSTANT_NONE,
	                                                 .detect = true });
}

static void claim_until(struct store *st, const char *sha256, enum indicator_kind kind, const char *value, instant until,
                        bool detect)
{
	claim_as(st, sha256, &(struct indicator){ CLAIM(kind, value), .valid_until = until, .detect = detect });
}

/* ---- records ---- */

static const struct source_file records = { .name = "x", .format = "test", .sha256 = "ee" };

static void begin_alert(struct alert *a, instant at)
{
	alert_clear(a);
	a->rule.product = a->rule.name = "r";
	a->at = at;
}

static void an_indicator_of_two_lists_is_one(void **state)
{
	struct store *st = must_open(path_of(state), STORE_WRITE);
	struct arena *arena = arena_new();
	struct tally t = claim(st, "l1", INDICATOR_DOMAIN, "evil.example", "second by content");
	struct week *w;

	assert_int_equal(t.imported, 1);
	t = claim(st, "l2", INDICATOR_DOMAIN, "evil.example", "by content first");
	assert_int_equal(t.imported, 0);
	assert_int_equal(t.repeated, 1);
	w = load(st, arena);
	assert_int_equal(w->indicator_count, 1);
	assert_string_equal(w->indicators[0].context, "by content first");
	arena_free(arena);
	store_close(st);
}

static const char *to_today(void *ctx, const char *ids, struct arena *a)
{
	(void)ctx;
	return ids != NULL ? arena_printf(a, "today's of %s", ids) : NULL;
}

static void techniques_are_kept_as_received_and_loaded_as_of_today(void **state)
{
	struct store *st = must_open(path_of(state), STORE_WRITE);
	const struct lore lore = { .behaviour = no_behaviour, .techniques = to_today };
	struct arena *arena = arena_new();
	struct place at = { 1, 0, 1 };
	struct alert a;
	struct intake *in;
	struct week *w;

	begin_alert(&a, SECOND);
	a.rule.techniques = "T1086";
	in = begin(st, &records);
	assert_int_equal(intake_alert(in, &a, &at, "x", 1, NULL), 0);
	finish(in);
	assert_int_equal(store_load_week(&w, st, arena, &lore, NULL), 0);
	assert_string_equal(w->rules[0].rule.techniques, "today's of T1086");
	assert_string_equal(load(st, arena)->rules[0].rule.techniques, "T1086");
	arena_free(arena);
	store_close(st);
}

static void patterns_of_a_table_fit_whole_names(void **state)
{
	static const struct { const char *pattern, *s; bool fits; } rows[] = {
		{ NULL, NULL, true }, { "*", NULL, true }, { "10", NULL, false }, { "10", "10", true }, { "1", "10", false },
		{ "et policy *", "ET POLICY Curl", true }, { "*scan*", "Port Scan", true }, { "*a*b", "aab", true },
		{ "*a*b", "aba", false }, { "Scan::*", "Scan", false }, { "[x]?", "[x]?", true }, { "[x]?", "xy", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (override_matches(rows[i].pattern, rows[i].s) != rows[i].fits)
			fail_msg("row %zu", i);
}

/* The first row that fits and states a severity decides, be it of all alerts of a rule or of some. */
static void a_users_severity_goes_by_the_alerts_own(void **state)
{
	static const struct override rows[] = {
		{ "p", "7", "10", SEVERITY_CRITICAL, NULL }, { "p", NULL, NULL, SEVERITY_KEPT, "T1046" },
		{ "P", "seven*", NULL, SEVERITY_INFO, NULL }, { "p", "7", "5", SEVERITY_HIGH, NULL },
		{ "other", NULL, NULL, SEVERITY_LOW, NULL },
	};
	static const struct { const char *native; int severity; } alerts[] = {
		{ "10", SEVERITY_CRITICAL }, { "5", SEVERITY_INFO }, { NULL, SEVERITY_INFO },
	};
	struct store *st = must_open(path_of(state), STORE_WRITE);
	struct arena *arena = arena_new();
	struct place at = { 1, 0, 1 };
	struct alert a;
	struct intake *in;
	struct week *w;

	in = begin(st, &records);
	for (size_t i = 0; i < 3; i++) {
		alert_clear(&a);
		a.rule.product = "p";
		a.rule.id = "7";
		a.rule.name = "Seven it is";
		a.severity = SEVERITY_MEDIUM;
		a.severity_native = alerts[i].native;
		a.at = (int64_t)(i + 1) * SECOND;
		at.line = at.offset = (int64_t)i + 1;
		assert_int_equal(intake_alert(in, &a, &at, "abc" + i, 1, NULL), 0);
	}
	finish(in);
	assert_int_equal(store_set_overrides(st, rows, sizeof(rows) / sizeof(rows[0]), NULL), 0);
	w = load(st, arena);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(w->marks[i].severity, alerts[i].severity);
	assert_string_equal(w->rules[0].rule.techniques, "T1046");
	assert_int_equal(store_set_overrides(st, NULL, 0, NULL), 0);
	w = load(st, arena);
	assert_int_equal(w->marks[0].severity, SEVERITY_MEDIUM);
	assert_null(w->rules[0].rule.techniques);
	arena_free(arena);
	store_close(st);
}

static void an_indicator_that_had_expired_before_it_was_seen_does_not_match(void **state)
{
	static const char *const seen[] = { "expired.example", "ends.later.example", "kept.example", "withdrawn.example",
	                                    "still.valid.example" };
	struct store *st = must_open(path_of(state), STORE_WRITE);
	struct arena *arena = arena_new();
	struct place at = { 1, 0, 1 };
	struct intake *in;
	struct alert a;
	struct week *w;

	claim_until(st, "l1", INDICATOR_DOMAIN, "expired.example", 9 * SECOND, true);
	claim_until(st, "l1b", INDICATOR_IP, "203.0.113.7", 9 * SECOND, true);
	claim_until(st, "l1c", INDICATOR_CIDR, "203.0.113.0/24", 11 * SECOND, true);
	claim_until(st, "l2", INDICATOR_DOMAIN, "ends.later.example", 10 * SECOND, true);
	claim_until(st, "l3", INDICATOR_DOMAIN, "kept.example", 9 * SECOND, true);
	claim_until(st, "l4", INDICATOR_DOMAIN, "kept.example", INSTANT_NONE, true);
	claim_until(st, "l5", INDICATOR_DOMAIN, "withdrawn.example", 9 * SECOND, true);
	claim_until(st, "l6", INDICATOR_DOMAIN, "withdrawn.example", INSTANT_NONE, false);
	claim_until(st, "l7", INDICATOR_DOMAIN, "still.valid.example", 9 * SECOND, true);
	in = begin(st, &records);
	begin_alert(&a, 10 * SECOND);
	for (size_t i = 0; i < 5; i++)
		alert_add(&a, ENTITY_DOMAIN, ROLE_OBSERVED, seen[i], NULL);
	alert_add(&a, ENTITY_IP, ROLE_OBSERVED, "203.0.113.7", NULL);
	assert_int_equal(intake_alert(in, &a, &at, "x", 1, NULL), 0);
	/* Once seen while it was valid, it stays what it was. */
	begin_alert(&a, 8 * SECOND);
	alert_add(&a, ENTITY_DOMAIN, ROLE_OBSERVED, "still.valid.example", NULL);
	at.line = at.offset = 2;
	assert_int_equal(intake_alert(in, &a, &at, "y", 1, NULL), 0);
	finish(in);
	w = load(st, arena);
	assert_null(entity_of(w, "expired.example")->indicator);
	assert_string_equal(entity_of(w, "expired.example")->lapsed->value, "expired.example");
	assert_string_equal(entity_of(w, "203.0.113.7")->indicator->value, "203.0.113.0/24");
	assert_null(entity_of(w, "203.0.113.7")->lapsed);
	assert_non_null(entity_of(w, "ends.later.example")->indicator);
	assert_non_null(entity_of(w, "kept.example")->indicator);
	assert_null(entity_of(w, "kept.example")->lapsed);
	assert_null(entity_of(w, "withdrawn.example")->indicator);
	assert_non_null(entity_of(w, "still.valid.example")->indicator);
	arena_free(arena);
	store_close(st);
}

/* ---- a producer's later word ---- */

/* A claim of a file; days are of the month in which the alert is the 20th. */
struct word {
	const char *file, *producer, *statement, *value;
	int stated, until;           /* 0: not said */
	bool withdrawn;
};

static void say(struct store *st, const char *file, const struct word *words, size_t n)
{
	struct source_file sf = { .name = "list", .format = "list" };
	struct intake *in;

	strcpy(sf.sha256, file);
	in = begin(st, &sf);
	for (size_t i = 0; i < n; i++) {
		const struct word *w = &words[i];
		struct place at = { (int64_t)i + 1, (int64_t)i, 1 };

		if (strcmp(w->file, file) != 0)
			continue;
		assert_int_equal(intake_indicator(in, &(struct indicator){ CLAIM(INDICATOR_DOMAIN, w->value), .producer = w->producer,
			.statement = w->statement, .stated = w->stated > 0 ? w->stated * DAY : INSTANT_NONE,
			.valid_until = w->until > 0 ? w->until * DAY : INSTANT_NONE, .withdrawn = w->withdrawn, .detect = !w->withdrawn },
			&at, NULL), 0);
	}
	finish(in);
}

/* What an alert of the 20th on a.example comes to: '+' a match, 'w' withdrawn, 'e' expired, '-' nothing. */
static char said_of(const char *path, const struct word *words, size_t n, const char *const *order)
{
	struct store *st = must_open(path, STORE_WRITE);
	struct arena *arena = arena_new();
	struct place at = { 1, 0, 1 };
	const struct week_entity *e;
	struct intake *in;
	struct alert a;
	char said;

	for (; *order != NULL; order++)
		say(st, *order, words, n);
	in = begin(st, &records);
	begin_alert(&a, 20 * DAY);
	alert_add(&a, ENTITY_DOMAIN, ROLE_OBSERVED, "a.example", NULL);
	assert_int_equal(intake_alert(in, &a, &at, "x", 1, NULL), 0);
	finish(in);
	e = entity_of(load(st, arena), "a.example");
	said = e->indicator != NULL ? '+' : e->lapsed == NULL ? '-' : e->lapsed->withdrawn ? 'w' : 'e';
	if (said == 'w')
		assert_true(e->lapsed->stated > DAY);
	arena_free(arena);
	store_close(st);
	assert_int_equal(remove(path), 0);
	return said;
}

static void what_a_producer_said_last_holds_in_whatever_order_it_was_read(void **state)
{
	static const char *const orders[][4] = { { "f1", "f2", "f3", NULL }, { "f3", "f2", "f1", NULL }, { "f2", "f3", "f1", NULL } };
	static const struct { const char *what; struct word words[3]; char said; } rows[] = {
		{ "a version revoked later", { { "f1", "p", "x", "a.example", 1, 0, false }, { "f2", "p", "x", "a.example", 9, 0, true } }, 'w' },
		{ "revoked, then stated anew", { { "f1", "p", "x", "a.example", 9, 0, false }, { "f2", "p", "x", "a.example", 1, 0, true } }, '+' },
		{ "a version that ends it", { { "f1", "p", "x", "a.example", 1, 0, false }, { "f2", "p", "x", "a.example", 9, 10, false } }, 'e' },
		{ "a version that lets it live longer", { { "f1", "p", "x", "a.example", 1, 10, false }, { "f2", "p", "x", "a.example", 9, 30, false } }, '+' },
		{ "a version of another value", { { "f1", "p", "x", "a.example", 1, 0, false }, { "f2", "p", "x", "b.example", 9, 0, false } }, 'w' },
		{ "under another id", { { "f1", "p", "x", "a.example", 1, 0, false }, { "f2", "p", "y", "a.example", 9, 0, true } }, 'w' },
		{ "under another id, which ends it", { { "f1", "p", "x", "a.example", 1, 0, false }, { "f2", "p", "y", "a.example", 9, 10, false } }, 'e' },
		{ "one of two of one file", { { "f1", "p", "x", "a.example", 1, 0, false }, { "f1", "p", "y", "a.example", 9, 0, true } }, '+' },
		{ "an id that another producer takes", { { "f1", "p", "x", "a.example", 1, 0, false }, { "f2", "q", "x", "b.example", 9, 0, true } }, '+' },
		{ "two files of one day, one with more", { { "f1", "p", "x", "a.example", 1, 0, false }, { "f1", "p", "y", "a.example", 9, 10, false },
		  { "f2", "p", "z", "a.example", 9, 10, false } }, '+' },
		{ "withdrawn and stated on one day", { { "f1", "p", "x", "a.example", 1, 0, false }, { "f2", "p", "y", "a.example", 9, 0, true },
		  { "f3", "p", "z", "a.example", 9, 0, false } }, '+' },
		{ "another producer's holds", { { "f1", "p", "x", "a.example", 1, 0, false }, { "f2", "q", "y", "a.example", 9, 0, true } }, '+' },
		{ "nobody says when", { { "f1", "p", "x", "a.example", 0, 0, false }, { "f2", "p", "y", "a.example", 0, 0, true } }, '+' },
		{ "nobody says who", { { "f1", NULL, NULL, "a.example", 1, 0, false }, { "f2", NULL, NULL, "a.example", 9, 0, true } }, '+' },
		{ "withdrawn and again", { { "f1", "p", "x", "a.example", 1, 0, false }, { "f2", "p", "y", "a.example", 9, 0, true },
		  { "f3", "p", "z", "a.example", 12, 0, false } }, '+' },
		{ "again and withdrawn", { { "f1", "p", "x", "a.example", 9, 0, false }, { "f2", "p", "y", "a.example", 1, 0, true },
		  { "f3", "p", "z", "a.example", 12, 0, true } }, 'w' },
		{ "a plain list has it, too", { { "f1", "p", "x", "a.example", 1, 0, false }, { "f2", "p", "x", "a.example", 9, 0, true },
		  { "f3", NULL, NULL, "a.example", 0, 0, false } }, '+' },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		for (size_t k = 0; k < sizeof(orders) / sizeof(orders[0]); k++) {
			size_t n = rows[i].words[2].file != NULL ? 3 : 2;
			char said = said_of(path_of(state), rows[i].words, n, orders[k]);

			if (said != rows[i].said)
				fail_msg("%s, order %zu: %c instead of %c", rows[i].what, k, said, rows[i].said);
		}
}

static void entities_match_indicators(void **state)
{
	static const struct { enum entity_kind kind; const char *value; const char *indicator; } rows[] = {
		{ ENTITY_DOMAIN, "a.b.evil.example", "evil.example" },
		{ ENTITY_DOMAIN, "notevil.example", NULL },
		{ ENTITY_IP, "198.51.100.77", "198.51.100.64/26" },
		{ ENTITY_IP, "198.51.100.1", NULL },
		{ ENTITY_URL, "https://files.test/x.zip?id=1", "http://files.test/x.zip" },
		{ ENTITY_URL, "http://files.test/y.zip", NULL },
		{ ENTITY_URL, "http://cdn.evil.example/y", "evil.example" },
		{ ENTITY_PATH, "C:\\Windows\\Temp\\C103W-a.zip", "c103w-a.zip" },
		{ ENTITY_FILE, "index.php", NULL },
		{ ENTITY_PATH, "c:\\users\\bob\\appdata\\local\\temp\\xx.bat", "%temp%\\xx.bat" },
		{ ENTITY_PROCESS, "c:\\windows\\temp\\xx.bat", "%temp%\\xx.bat" },
		{ ENTITY_PROCESS, "d:\\tools\\x.exe", "d:\\tools\\x.exe" },
		{ ENTITY_PATH, "c:\\temp\\xx.bat", NULL },
		{ ENTITY_REGISTRY, "hkey_users\\s-1-5-21-1-2-3-1001\\software\\evil\\start", "hkey_current_user\\software\\evil" },
		{ ENTITY_REGISTRY, "hkey_current_user\\software\\evil2", NULL },
		{ ENTITY_REGISTRY, "hkey_local_machine\\software\\microsoft\\windows\\currentversion\\run\\onedrive", NULL },
		{ ENTITY_EMAIL, "boss@mail.evil.example", "evil.example" },
		{ ENTITY_HOST, "srv.evil.example", "evil.example" },
		{ ENTITY_CERTIFICATE, "00112233445566778899aabbccddeeff00112233", "00112233445566778899aabbccddeeff00112233" },
	};
	struct store *st = must_open(path_of(state), STORE_WRITE);
	struct arena *arena = arena_new();
	struct place at = { 1, 0, 1 };
	struct alert a;
	struct intake *in;
	struct week *w;

	claim(st, "l1", INDICATOR_DOMAIN, "evil.example", NULL);
	claim(st, "l2", INDICATOR_CIDR, "198.51.100.64/26", NULL);
	claim(st, "l3", INDICATOR_URL, "http://files.test/x.zip", NULL);
	claim(st, "l4", INDICATOR_FILENAME, "c103w-a.zip", NULL);
	claim(st, "l5", INDICATOR_FILENAME, "index.php", NULL);
	claim(st, "l6", INDICATOR_PATH, "%temp%\\xx.bat", NULL);
	claim(st, "l7", INDICATOR_PATH, "d:\\tools\\x.exe", NULL);
	claim(st, "l8", INDICATOR_REGISTRY, "hkey_current_user\\software\\evil", NULL);
	claim(st, "l9", INDICATOR_REGISTRY, "hkey_local_machine\\software\\microsoft\\windows\\currentversion\\run", NULL);
	claim(st, "m1", INDICATOR_CERTIFICATE, "00112233445566778899aabbccddeeff00112233", NULL);
	begin_alert(&a, SECOND);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		alert_add(&a, rows[i].kind, ROLE_OBSERVED, rows[i].value, NULL);
	in = begin(st, &records);
	assert_int_equal(intake_alert(in, &a, &at, "x", 1, NULL), 0);
	finish(in);
	w = load(st, arena);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct indicator *found = entity_of(w, rows[i].value)->indicator;

		if (rows[i].indicator == NULL && found != NULL)
			fail_msg("%s matched %s", rows[i].value, found->value);
		if (rows[i].indicator != NULL && (found == NULL || strcmp(found->value, rows[i].indicator) != 0))
			fail_msg("%s did not match %s", rows[i].value, rows[i].indicator);
	}
	arena_free(arena);
	store_close(st);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_indicator_of_two_lists_is_one), TEST(techniques_are_kept_as_received_and_loaded_as_of_today),
		TEST(patterns_of_a_table_fit_whole_names), TEST(a_users_severity_goes_by_the_alerts_own),
		TEST(an_indicator_that_had_expired_before_it_was_seen_does_not_match), TEST(entities_match_indicators),
		TEST(what_a_producer_said_last_holds_in_whatever_order_it_was_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
