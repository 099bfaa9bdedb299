/* What products document of their records, and the ways in which they are shipped: each file of
 * tests/unit/fields is written after the maker's documentation or a published sample, and `records` there says
 * all that is kept of it. Telemetry is a line, too. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>

#include "tests/unit/collect.h"

#define CASE "tests/unit/fields"

static int is_input(const struct dirent *e)
{
	return e->d_name[0] != '.' && strcmp(e->d_name, "records") != 0 && strcmp(e->d_name, "README.md") != 0;
}

static int by_bytes(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

/* UPDATE=1 writes what came out as the expectation. */
static void each_field_is_kept_where_it_belongs(void **state)
{
	struct dirent **list = NULL;
	struct text all = { 0 };
	char *expected;
	size_t n;
	int count = scandir(CASE, &list, is_input, by_bytes);

	(void)state;
	assert_true(count > 0);
	collect_whole = true;
	collect_written = INT64_C(1615422000) * SECOND;
	for (int i = 0; i < count; i++) {
		struct collected c;
		char path[400];

		snprintf(path, sizeof(path), CASE "/%s", list[i]->d_name);
		collect_file(&c, strcmp(list[i]->d_name, "yara.txt") == 0 ? "yara" : NULL, path);
		text_printf(&all, "== %s: %s%s%s\n%s", list[i]->d_name, c.format != NULL ? c.format : c.refused,
		            c.recorded[0] != '\0' ? ", last " : "", c.recorded, text_str(&c.lines));
		text_free(&c.lines);
		free(list[i]);
	}
	free(list);
	if (getenv("UPDATE") != NULL) {
		FILE *out = fopen(CASE "/records", "w");

		assert_non_null(out);
		fputs(text_str(&all), out);
		fclose(out);
	}
	expected = whole_file(CASE "/records", &n);
	assert_non_null(expected);
	expected[n] = '\0';
	assert_string_equal(text_str(&all), expected);
	free(expected);
	text_free(&all);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(each_field_is_kept_where_it_belongs) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
