/* Records in which a product says all that its documentation names: tests/cases/every-field/records has what each gives,
 * value by value. UPDATE=1 writes what came out as the expectation: read it before it is committed. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>

#include "tests/unit/collect.h"

#define CASE "tests/cases/every-field"

static void add_said(struct text *out, const char *name, const char *value)
{
	if (value != NULL)
		text_printf(out, " %s=[%s]", name, value);
}

static void add_time(struct text *out, const char *name, instant t)
{
	char when[INSTANT_ROOM];

	if (t == INSTANT_NONE)
		return;
	instant_utc(when, t);
	text_printf(out, " %s=%s", name, when);
}

static int whole_alert(void *ctx, const struct alert *a, const struct place *at, const char *bytes, size_t n, struct fault *f)
{
	struct text *out = ctx;

	(void)bytes, (void)n, (void)f;
	text_printf(out, "%lld %s %s", (long long)at->line, table_name(record_kinds, a->kind), a->rule.product);
	add_said(out, "id", a->rule.id);
	add_said(out, "rule", a->rule.name);
	add_said(out, "category", a->rule.category);
	add_said(out, "techniques", a->rule.techniques);
	add_said(out, "tactics", a->rule.tactics);
	text_add(out, "\n ");
	add_time(out, "at", a->at);
	add_time(out, "until", a->until == a->at ? INSTANT_NONE : a->until);
	add_time(out, "reported", a->reported);
	text_printf(out, " severity=%s", table_name(severities, a->severity));
	add_said(out, "as", a->severity_native);
	text_printf(out, " action=%s", table_name(actions, a->action));
	if (a->confidence >= 0)
		text_printf(out, " confidence=%d", a->confidence);
	if (a->score >= 0)
		text_printf(out, " score=%g", a->score);
	if (a->count != 1)
		text_printf(out, " count=%lld", (long long)a->count);
	if (a->bytes_out >= 0 || a->bytes_in >= 0)
		text_printf(out, " bytes=%lld/%lld", (long long)a->bytes_out, (long long)a->bytes_in);
	add_said(out, "native", a->native_id);
	add_said(out, "tenant", a->tenant);
	add_said(out, "title", a->title);
	text_add(out, "\n");
	for (size_t i = 0; i < a->entity_count; i++)
		text_printf(out, "    %s/%s=%s\n", table_name(entity_kinds, a->entities[i].kind),
		            table_name(entity_roles, a->entities[i].role), a->entities[i].value);
	return 0;
}

static int one_reject(void *ctx, const struct place *at, const char *reason, struct fault *f)
{
	(void)f;
	text_printf(ctx, "%lld rejected: %s\n", (long long)at->line, reason);
	return 0;
}

static int one_blank(void *ctx, const struct place *at, enum blank why, struct fault *f)
{
	(void)f;
	text_printf(ctx, "%lld %s\n", (long long)at->line,
	            why == BLANK_EMPTY ? "empty" : why == BLANK_TELEMETRY ? "telemetry" : "context");
	return 0;
}

static int one_telemetry(void *ctx, const struct telemetry *t, const struct place *at, const char *bytes, size_t n,
                         struct fault *f)
{
	struct collected c = { 0 };

	collect_telemetry(&c, t, at, bytes, n, f);
	text_printf(ctx, "%lld %s\n", (long long)at->line, c.recorded);
	return 0;
}

static void add_file(struct text *out, const char *path, const char *name)
{
	const struct sink sink = { out, whole_alert, NULL, one_reject, one_blank, collect_judge, NULL, one_telemetry };
	struct reader_options options = { .list = name, .written = instant_from_seconds(1615500000),
	                                  .found = instant_from_seconds(1615500000) };
	struct arena *arena = arena_new();
	struct fault f = { FAULT_NONE, "" };
	const struct reader *reader = NULL;
	struct reading *rg = NULL;
	size_t n;
	char *bytes = whole_file(path, &n);
	struct memory_bytes memory = { bytes, n };
	struct probe probe = { bytes, n < PROBE_SIZE ? n : PROBE_SIZE, n < PROBE_SIZE, &options };

	assert_non_null(bytes);
	options.head = bytes;
	options.head_size = probe.n;
	assert_int_equal(maps_load(&options, "templates", NULL, arena, &f), 0);
	/* YARA's plain lines look like anybody's: its users name the format. */
	if (strcmp(name, "yara.txt") == 0)
		reader = reader_named("yara");
	if ((reader != NULL || reader_choose(&reader, &probe, &f) == 0) && reading_new(&rg, reader, &options, &sink, &f) == 0) {
		text_printf(out, "== %s: %s\n", name, reader->name);
		reading_run(rg, memory_source(&memory), &f);
	}
	if (f.kind != FAULT_NONE)
		text_printf(out, "== %s: %s\n", name, f.text);
	reading_free(rg);
	arena_free(arena);
	free(bytes);
}

static int is_input(const struct dirent *e)
{
	return e->d_name[0] != '.' && strchr(e->d_name, '.') != NULL && strncmp(e->d_name, "expected", 8) != 0;
}

static int by_bytes(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static void every_field_of_a_record_is_taken(void **state)
{
	struct text all = { 0 };
	struct dirent **names;
	int count = scandir(CASE, &names, is_input, by_bytes);

	(void)state;
	assert_true(count > 0);
	for (int i = 0; i < count; i++) {
		char path[400];

		snprintf(path, sizeof(path), CASE "/%s", names[i]->d_name);
		add_file(&all, path, names[i]->d_name);
		free(names[i]);
	}
	free(names);
	collect_expect(CASE "/records", text_str(&all));
	text_free(&all);
}

static void cut_and_bent_records_do_no_harm(void **state)
{
	struct dirent **names;
	int count = scandir(CASE, &names, is_input, by_bytes);

	(void)state;
	assert_true(count > 0);
	collect_written = instant_from_seconds(1615500000);
	for (int i = 0; i < count; i++) {
		char path[400];

		snprintf(path, sizeof(path), CASE "/%s", names[i]->d_name);
		collect_cut_and_bent(path, 12);
		free(names[i]);
	}
	free(names);
	collect_written = 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_field_of_a_record_is_taken),
		cmocka_unit_test(cut_and_bent_records_do_no_harm),
	};

	return cmocka_run_group_tests_name("every_field", tests, NULL, NULL);
}
