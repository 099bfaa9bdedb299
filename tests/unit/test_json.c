#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>

#include "analyst/readers/json.h"
#include "tests/unit/collect.h"
#include "tests/unit/shared.h"

static const char *const wanted[] = {
	"a", "b.c", "list[]", "of[].name", "of[].deep[].x", "of[].tags[]", "dot\\.ted", "n", "odd[0]"
};
enum { A, BC, LIST, NAME, DEEP, TAGS, DOTTED, N, ODD, COUNT };

static struct json *j;
static struct json_paths *paths;

static int set_up(void **state)
{
	(void)state;
	j = json_new();
	paths = json_paths_new(wanted, COUNT);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	json_free(j);
	json_paths_free(paths);
	return 0;
}

static int read_text(const char *s)
{
	/* A copy of exactly the bytes: reading past them shows under ASan. */
	size_t n = strlen(s);
	char *copy = malloc(n + 1);
	const char *why;
	int rc;

	memcpy(copy, s, n);
	rc = json_read(j, paths, copy, n, n, &why);
	assert_true((rc == 0) == (why == NULL));
	free(copy);
	return rc;
}

static void paths_find_their_values(void **state)
{
	(void)state;
	assert_int_equal(read_text("{\"x\":[1,{\"a\":2}], \"a\":\"one\", \"b\":{\"a\":9,\"c\":true}, \"dot.ted\":\"d\", \"odd[0]\":\"o\"}"), 0);
	assert_string_equal(json_text(j, A), "one");
	assert_string_equal(json_text(j, BC), "true");
	assert_string_equal(json_text(j, DOTTED), "d");
	assert_string_equal(json_text(j, ODD), "o");
	assert_null(json_text(j, N));
	assert_false(json_has(j, N));
}

static void keys_are_case_sensitive(void **state)
{
	(void)state;
	assert_int_equal(read_text("{\"A\":1}"), 0);
	assert_null(json_text(j, A));
}

static void numbers_keep_every_digit(void **state)
{
	(void)state;
	assert_int_equal(read_text("{\"n\":18446744073709551617,\"a\":-0.10e+05}"), 0);
	assert_string_equal(json_text(j, N), "18446744073709551617");
	assert_string_equal(json_text(j, A), "-0.10e+05");
}

static void the_last_of_equal_keys_wins(void **state)
{
	(void)state;
	assert_int_equal(read_text("{\"a\":1,\"a\":2,\"of\":[{\"name\":\"x\",\"name\":\"y\"},{\"name\":\"z\"}]}"), 0);
	assert_string_equal(json_text(j, A), "2");
	assert_string_equal(json_first(j, NAME)->text, "y");
	assert_string_equal(json_next(j, json_first(j, NAME))->text, "z");
	assert_true(json_doubled(j));
	assert_int_equal(read_text("{\"of\":[{\"name\":\"x\"}],\"of\":[{\"name\":\"y\"}]}"), 0);
	assert_string_equal(json_first(j, NAME)->text, "y");
	assert_null(json_next(j, json_first(j, NAME)));
}

static void values_of_one_element_share_its_number(void **state)
{
	const struct json_value *first, *second;

	(void)state;
	assert_int_equal(read_text("{\"of\":[{\"tags\":[\"p\",\"q\"],\"name\":\"x\"},{\"name\":\"y\",\"tags\":\"r\"}]}"), 0);
	first = json_first(j, NAME);
	second = json_next(j, first);
	assert_int_not_equal(first->item, second->item);
	assert_int_equal(json_first(j, TAGS)->item, first->item);
	assert_int_equal(json_next(j, json_next(j, json_first(j, TAGS)))->item, second->item);
	assert_int_equal(json_item_offset(j, second->item), 37);
}

static void a_lone_value_stands_for_a_list_of_one(void **state)
{
	(void)state;
	assert_int_equal(read_text("{\"list\":\"only\"}"), 0);
	assert_string_equal(json_text(j, LIST), "only");
}

static void escapes_are_undone(void **state)
{
	(void)state;
	assert_int_equal(read_text("{\"a\":\"\\u65e5\\n\\ud83d\\ude00\\\"\",\"\\u006e\":7}"), 0);
	assert_string_equal(json_text(j, A), "\u65e5\n\U0001F600\"");
	assert_string_equal(json_text(j, N), "7");
}

static void what_is_no_character_becomes_a_replacement(void **state)
{
	(void)state;
	assert_int_equal(read_text("{\"a\":\"x\\ud800y\\u0000z\"}"), 0);
	assert_string_equal(json_text(j, A), "x\uFFFDy\uFFFDz");
	assert_int_equal(read_text("{\"a\":\"x\xffy\"}"), 0);
	assert_string_equal(json_text(j, A), "x\uFFFDy");
	assert_true(json_repaired(j));
}

static void a_broken_tail_spoils_the_record(void **state)
{
	static const char *const broken[] = {
		"{\"a\":1", "{\"a\":1}}", "{\"a\":1} x", "{\"a\":1,}", "{\"a\" 1}", "{\"a\":01}", "{\"a\":1,\"z\":[1,]}",
		"{\"a\":1,\"z\":\"\\x\"}", "{\"a\":1,\"z\":tru}", "{\"a\":1,\"z\":\"", "{\"a\":1,\"z\":\"\t\"}", "", " ",
		"{\"a\":1,\"z\":1.}", "{\"a\":1,\"z\":{]}", "{\"a\":\"b\"c}", "[\"a\"\"b\"]", "{\"a\":\"\\u12g4\"}", "nul", "-"
	};

	(void)state;
	for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++)
		if (read_text(broken[i]) == 0)
			fail_msg("taken for right: %s", broken[i]);
	assert_null(json_text(j, A));
}

static const char *a_and_bc(const char *record)
{
	static char both[64];

	if (read_text(record) != 0)
		return "refused";
	snprintf(both, sizeof(both), "%s %s", json_text(j, A) != NULL ? json_text(j, A) : "-",
	         json_text(j, BC) != NULL ? json_text(j, BC) : "-");
	return both;
}

/* What is remembered of the keys of one record must show in no other. */
static void keys_come_in_any_order(void **state)
{
	static const struct { const char *record, *gives; } all[] = {
		{ "{\"a\":1,\"b\":{\"c\":2,\"z\":3},\"n\":4}", "1 2" }, { "{\"a\":1,\"b\":{\"c\":2,\"z\":3},\"n\":4}", "1 2" },
		{ "{\"n\":4,\"b\":{\"z\":3,\"c\":2},\"a\":1}", "1 2" }, { "{\"a\" : 1 , \"b\" :{ \"c\": 2}}", "1 2" },
		{ "{\"aa\":1,\"b\":{\"cc\":2}}", "- -" }, { "{\"a\":1,\"b\":{\"a\":5}}", "1 -" }, { "{\"a\":1,\"a\":2,\"b\":{\"c\":3,\"c\":4}}", "2 4" },
		{ "{\"\\u0061\":1,\"\\u0062\":{\"c\":2}}", "1 2" }, { "{\"a\":1,\"b\"}", "refused" }, { "{\"a\"", "refused" },
		{ "{\"a\":1,\"a key that is as long as no product has it, or nearly\":0,\"b\":{\"c\":2}}", "1 2" },
		{ "{\"a\":1,\"b\":{\"c\":2}}", "1 2" }, { "{\"a\":[{\"a\":1}],\"b\":[{\"c\":2}]}", "- -" }, { "{}", "- -" }
	};
	size_t count = sizeof(all) / sizeof(all[0]);

	(void)state;
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < count; k++) {
			assert_string_equal(a_and_bc(all[i].record), all[i].gives);
			assert_string_equal(a_and_bc(all[k].record), all[k].gives);
		}
}

static void more_keys_than_are_remembered(void **state)
{
	char *many = malloc(100000);
	size_t used = 0;

	(void)state;
	for (int turn = 0; turn < 2; turn++) {
		many[0] = '{';
		used = 1;
		for (int i = 0; i < 3000; i++)
			used += (size_t)sprintf(many + used, "\"key %d\":%d,", turn == 0 ? i : 2999 - i, i);
		sprintf(many + used, "\"a\":\"last\"}");
		assert_string_equal(a_and_bc(many), "last -");
	}
	free(many);
	assert_string_equal(a_and_bc("{\"a\":1,\"b\":{\"c\":2}}"), "1 2");
}

/* The same reader, other paths, in memory that may be the old ones'. */
static void other_paths_have_other_keys(void **state)
{
	static const char *const turned[] = { "b.c", "a" };

	(void)state;
	assert_string_equal(a_and_bc("{\"a\":1,\"b\":{\"c\":2}}"), "1 2");
	json_paths_free(paths);
	paths = json_paths_new(turned, 2);
	assert_int_equal(read_text("{\"a\":1,\"b\":{\"c\":2}}"), 0);
	assert_string_equal(json_text(j, 0), "2");
	assert_string_equal(json_text(j, 1), "1");
	json_paths_free(paths);
	paths = json_paths_new(wanted, COUNT);
}

/* Wherever it stands beside the blocks that are searched at once, and in what nobody asked for. */
static void a_wrong_escape_is_found_anywhere(void **state)
{
	static const char *const right[] = { "\\\\", "\\/", "\\u00e9", "\\\"", NULL },
	                  *const wrong[] = { "\\x", "\\u12", "\\u00g0", "\\\\\\x", NULL };
	char record[400];

	(void)state;
	for (int n = 0; n < 150; n++) {
		for (const char *const *e = right; *e != NULL; e++) {
			snprintf(record, sizeof(record), "{\"z\":\"%0*d%s\",\"a\":\"%0*d%s\"}", n + 1, 0, *e, n + 1, 0, *e);
			assert_int_equal(read_text(record), 0);
			assert_int_equal(strlen(json_text(j, A)), n + 1 + (e == right + 2 ? 2 : 1));
		}
		for (const char *const *e = wrong; *e != NULL; e++) {
			snprintf(record, sizeof(record), "{\"z\":\"%0*d%s\"}", n + 1, 0, *e);
			assert_int_equal(read_text(record), -1);
		}
	}
}

static void nesting_has_an_end(void **state)
{
	char deep[1024];

	(void)state;
	for (int depth = 127; depth <= 129; depth++) {
		memset(deep, '[', (size_t)depth);
		memset(deep + depth, ']', (size_t)depth);
		deep[2 * depth] = '\0';
		assert_int_equal(read_text(deep), depth <= JSON_DEPTH ? 0 : -1);
	}
}

static void paths_hold_below_a_key_too(void **state)
{
	struct json_paths *below = json_paths_new(wanted, COUNT);
	const char *why, *s = "{\"_source\":{\"b\":{\"c\":\"in\"}}}";

	(void)state;
	json_paths_below(below, "_source");
	assert_int_equal(json_read(j, below, s, strlen(s), strlen(s), &why), 0);
	assert_string_equal(json_text(j, BC), "in");
	json_paths_free(below);
}

/* Which values came of which path, in a row: "0=x 2=x 1=y ". */
static void note(void *ctx, size_t path, const struct json_value *v)
{
	char *said = ctx;

	sprintf(said + strlen(said), "%zu=%s ", path, v->text);
}

/* Tables name a path twice where it fills two things. */
static void equal_paths_have_the_same_values(void **state)
{
	enum { PATHS = 70 };
	const char *many[PATHS], *why, *s = "{\"n\":1,\"l\":[\"x\",\"y\"],\"n\":2,\"z\":{\"l\":3}}";
	uint64_t all[2] = { UINT64_MAX, UINT64_MAX }, second[2] = { 0, UINT64_C(1) << (67 - 64) };
	struct json_paths *twins;
	char said[200] = "";

	(void)state;
	for (size_t i = 0; i < PATHS; i++)
		many[i] = "no.where";
	many[1] = many[67] = "l[]";
	many[2] = many[3] = "n";
	many[69] = "z.l";
	twins = json_paths_new(many, PATHS);
	assert_int_equal(json_read(j, twins, s, strlen(s), strlen(s), &why), 0);
	json_each(j, all, note, said);
	assert_string_equal(said, "1=x 1=y 2=2 3=2 67=x 67=y 69=3 ");
	said[0] = '\0';
	json_each(j, second, note, said);
	assert_string_equal(said, "67=x 67=y ");
	assert_string_equal(json_text(j, 3), "2");
	assert_string_equal(json_text(j, 67), "y");
	assert_true(json_has(j, 67));
	assert_false(json_has(j, 0) || json_has(j, 68));
	s = "{\"n\":1,\"n\":{}}";
	assert_int_equal(json_read(j, twins, s, strlen(s), strlen(s), &why), 0);
	assert_false(json_has(j, 2) && json_text(j, 2) != NULL);
	assert_true(json_has(j, 2) && json_has(j, 3));
	s = "{\"l\":[\"x\"],\"l\":{}}";
	assert_int_equal(json_read(j, twins, s, strlen(s), strlen(s), &why), 0);
	assert_int_equal(json_has(j, 1), json_has(j, 67));
	json_paths_free(twins);
}

/* JSONTestSuite: n_ must be refused, y_ must not; i_ may be either, without harm. */
static void the_json_test_suite_is_judged_right(void **state)
{
	const char *folder = "data/edge/json-test-suite/test_parsing";
	int judged = 0;
	DIR *d;

	(void)state;
	if (!shared_has(folder))
		return;
	d = opendir(shared_path(folder));
	assert_non_null(d);
	for (struct dirent *e; (e = readdir(d)) != NULL;) {
		char path[1400];
		const char *why;
		size_t n;
		char *bytes;
		int rc;

		if (e->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", shared_path(folder), e->d_name);
		bytes = whole_file(path, &n);
		assert_non_null(bytes);
		rc = json_read(j, paths, bytes, n, n, &why);
		/* Bytes that are not UTF-8 are repaired, which makes those files right. */
		if (e->d_name[0] == 'n' && rc == 0 && !json_repaired(j))
			fail_msg("taken for right: %s", e->d_name);
		if (e->d_name[0] == 'y' && rc < 0)
			fail_msg("refused: %s: %s", e->d_name, why);
		free(bytes);
		judged++;
	}
	closedir(d);
	assert_true(judged > 300);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(paths_find_their_values),
		cmocka_unit_test(keys_are_case_sensitive),
		cmocka_unit_test(numbers_keep_every_digit),
		cmocka_unit_test(the_last_of_equal_keys_wins),
		cmocka_unit_test(values_of_one_element_share_its_number),
		cmocka_unit_test(a_lone_value_stands_for_a_list_of_one),
		cmocka_unit_test(escapes_are_undone),
		cmocka_unit_test(what_is_no_character_becomes_a_replacement),
		cmocka_unit_test(a_broken_tail_spoils_the_record),
		cmocka_unit_test(keys_come_in_any_order),
		cmocka_unit_test(more_keys_than_are_remembered),
		cmocka_unit_test(other_paths_have_other_keys),
		cmocka_unit_test(a_wrong_escape_is_found_anywhere),
		cmocka_unit_test(nesting_has_an_end),
		cmocka_unit_test(paths_hold_below_a_key_too),
		cmocka_unit_test(equal_paths_have_the_same_values),
		cmocka_unit_test(the_json_test_suite_is_judged_right),
	};

	return cmocka_run_group_tests_name("json", tests, set_up, tear_down);
}
