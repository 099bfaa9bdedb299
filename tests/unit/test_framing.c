#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "analyst/base/text.h"
#include "analyst/readers/framing.h"

/* Gives `step` bytes at a time, so that every place of a record is once at an edge. */
struct drip {
	const char *bytes;
	size_t n, step;
};

static int drip_read(void *ctx, char *into, size_t room, size_t *got, struct fault *f)
{
	struct drip *d = ctx;

	(void)f;
	*got = d->n < d->step ? d->n : d->step;
	*got = *got < room ? *got : room;
	memcpy(into, d->bytes, *got);
	d->bytes += *got;
	d->n -= *got;
	return 0;
}

/* The records as "line:bytes|", broken ones as "line!reason|"; CSV cells parted by "/". */
static const char *frames(struct framing_rules rules, const char *s, size_t n, size_t step)
{
	static struct text out;
	struct drip drip = { s, n, step };
	struct framing *fr = framing_new(&rules, (struct byte_source){ drip_read, &drip });
	struct record rec;
	struct fault f;
	int rc;

	f.kind = FAULT_NONE;
	text_clear(&out);
	while ((rc = framing_next(fr, &rec, &f)) > 0) {
		if (rec.broken != NULL) {
			text_printf(&out, "%lld!%s|", (long long)rec.at.line, rec.broken);
			continue;
		}
		text_printf(&out, "%lld:", (long long)rec.at.line);
		if (rules.kind != FRAME_CSV)
			text_addn(&out, rec.bytes, rec.n);
		for (size_t i = 0; i < rec.cell_count; i++)
			text_printf(&out, "%s%s", i > 0 ? "/" : "", rec.cells[i].text);
		text_add(&out, "|");
		/* Where it says it is, it is. */
		assert_memory_equal(s + rec.at.offset, rec.bytes, rec.n);
	}
	if (rc < 0)
		text_printf(&out, "fault %s", f.text);
	framing_free(fr);
	return text_str(&out);
}

static void check(struct framing_rules rules, const char *s, const char *expected)
{
	static const size_t steps[] = { 1, 2, 3, 7, 4096 };

	for (size_t i = 0; i < 5; i++)
		assert_string_equal(frames(rules, s, strlen(s), steps[i]), expected);
}

static const char *const wrappers[] = { "records", "hits.hits", NULL };
static const struct framing_rules json = { .kind = FRAME_JSON, .wrappers = wrappers };
static const struct framing_rules csv = { .kind = FRAME_CSV };

static void objects_one_a_line(void **state)
{
	(void)state;
	check(json, "{\"a\":1}\n\n{\"a\":2}\r\n{\"a\":3}", "1:{\"a\":1}|2:|3:{\"a\":2}|4:{\"a\":3}|");
}

static void a_broken_line_costs_that_line(void **state)
{
	(void)state;
	check(json, "{\"a\":1}\n{\"a\":[\n{\"a\":3}\n", "1:{\"a\":1}|2:{\"a\":[|3:{\"a\":3}|");
	check(json, "{\"a\":\n{\"a\":2}\n", "1:{\"a\":|2:{\"a\":2}|");
}

static void arrays_of_any_layout(void **state)
{
	(void)state;
	check(json, "[{\"a\":\"]}\"},\n  {\"b\":[{}]} ]\n", "1:{\"a\":\"]}\"}|2:{\"b\":[{}]}|");
	check(json, "[\n  {\n    \"a\": 1\n  },\n  {}\n]", "2:{\n    \"a\": 1\n  }|5:{}|");
	check(json, "[1, \"x,y\", null]", "1:1|1:\"x,y\"|1:null|");
	check(json, "[]", "");
}

static void objects_one_after_the_other(void **state)
{
	(void)state;
	check(json, "{\n \"a\": 1\n}\n{\n \"a\": 2\n}\n", "1:{\n \"a\": 1\n}|4:{\n \"a\": 2\n}|");
	check(json, "[{\"a\":1}]\n[{\"a\":2}]", "1:{\"a\":1}|2:{\"a\":2}|");
}

static void the_array_of_a_wrapper(void **state)
{
	(void)state;
	check(json, "{\"total\":2, \"records\":[{\"a\":1},{\"a\":2}], \"next\":\"]\"}", "1:{\"a\":1}|1:{\"a\":2}|");
	check(json, "{\"took\":1,\"hits\":{\"total\":1,\"hits\":[{\"_source\":{}}]}}\n", "1:{\"_source\":{}}|");
	/* The key at another depth, or as a value, is none. */
	check(json, "{\"x\":{\"records\":[1]},\"y\":\"records\"}", "1:{\"x\":{\"records\":[1]},\"y\":\"records\"}|");
}

static void what_is_cut_off_is_said(void **state)
{
	(void)state;
	check(json, "[{\"a\":1},", "1:{\"a\":1}|1!the array is not closed: the file is cut off|");
	check(json, "[\n{\"a\":1},\n{\"a\":", "2:{\"a\":1}|3!the JSON is cut off; the rest of the file was not read|");
	check(json, "{\"records\":[{\"a\":1}]", "1:{\"a\":1}|1!the object around the records is not closed: the file is cut off|");
}

static void commas_are_asked_for(void **state)
{
	(void)state;
	check(json, "[{\"a\":1} {\"a\":2}]", "1:{\"a\":1}|1!broken JSON: no comma between elements|1:{\"a\":2}|");
	check(json, "[{\"a\":1},]", "1:{\"a\":1}|1!broken JSON: an element is missing before the bracket|");
	check(json, "[,{}]", "1!broken JSON: an element is missing before the comma|1:{}|");
}

static void commas_at_the_end_of_lines_are_not_missed(void **state)
{
	(void)state;
	check(json, "[\n{\"a\":1}\n{\"a\":2}\n]\n", "2:{\"a\":1}|3:{\"a\":2}|");
	check(json, "[{\"a\":1},\n{\"a\":2},\n{\"a\":3}]\n", "1:{\"a\":1}|2:{\"a\":2}|3:{\"a\":3}|");
	check(json, "{\"a\":1},\n{\"a\":2},\r\n{\"a\":3}\n", "1:{\"a\":1}|2:{\"a\":2}|3:{\"a\":3}|");
	check(json, "{\"a\":1},\n{\"a\":2},\n", "1:{\"a\":1}|2:{\"a\":2}|");
	check(json, "{\"a\":1}\n, {\"a\":2}\n,\n{\"a\":3}\n", "1:{\"a\":1}|2:{\"a\":2}|4:{\"a\":3}|");
	check(json, "{\n\"a\":1\n},\n{\n\"a\":2\n}", "1:{\n\"a\":1\n}|4:{\n\"a\":2\n}|");
	/* Nothing stands before the comma, or no object. */
	check(json, ",{\"a\":1}", "1!text between the records; the rest of the file was not read|");
	check(json, "{\"a\":1},\n{\"a\":,\n{\"a\":3}\n", "1:{\"a\":1}|2:{\"a\":,|3:{\"a\":3}|");
}

static void lines_arrays_and_long_objects_may_follow_each_other(void **state)
{
	(void)state;
	check(json, "{\"a\":1}\n[\n{\"a\":2},\n{\"a\":3}\n]\n{\"a\":4}\n",
	      "1:{\"a\":1}|3:{\"a\":2}|4:{\"a\":3}|6:{\"a\":4}|");
	check(json, "{\n  \"a\": [\n    1\n  ]\n}\n{\"a\":2}\n{\"a\":3}\n",
	      "1:{\n  \"a\": [\n    1\n  ]\n}|6:{\"a\":2}|7:{\"a\":3}|");
	check(json, "{\"a\":1}\n{\"b\": {\n\"c\":1}\n}\n{\"a\":3}\n", "1:{\"a\":1}|2:{\"b\": {\n\"c\":1}\n}|5:{\"a\":3}|");
	/* Lines inside an object that are objects do not make it lines. */
	check(json, "{\"x\":[\n{\"a\":1},\n{\"a\":2}\n]}\n", "1:{\"x\":[\n{\"a\":1},\n{\"a\":2}\n]}|");
}

static void pages_of_an_answer_may_lie_in_one_array(void **state)
{
	(void)state;
	check(json, "[{\"records\":[{\"a\":1},{\"a\":2}],\"next\":1},\n{\"records\":[]},\n{\"records\":[{\"a\":3}]}]\n{\"a\":4}",
	      "1:{\"a\":1}|1:{\"a\":2}|3:{\"a\":3}|4:{\"a\":4}|");
	/* What is a record is none for a key that sounds like a wrapper. */
	check(json, "[{\"a\":1},{\"records\":[{\"a\":2}]}]", "1:{\"a\":1}|1:{\"records\":[{\"a\":2}]}|");
	check(json, "[{\"records\":[{\"a\":1}],", "1:{\"a\":1}|1!the object around the records is not closed: the file is cut off|");
}

static void an_unclosed_element_costs_up_to_the_next(void **state)
{
	(void)state;
	check(json, "[\n  {\"a\": [1,\n  {\"a\": 2}\n]", "2!the JSON is cut off|3:{\"a\": 2}|");
}

static void cells_and_quotes(void **state)
{
	(void)state;
	check(csv, "a,b\n1,\"x, \"\"y\"\"\"\r\n\"two\nlines\",\n", "1:a/b|2:1/x, \"y\"|3:two\nlines/|");
	check(csv, "a;b\n1,5;2\n", "1:a/b|2:1,5/2|");
	check(csv, "sep=|\na|b\n", "2:a/b|");
	check(csv, "\xEF\xBB\xBF" "a,b\n\n1,2", "1:a/b|2:|3:1/2|");
}

static void an_unclosed_quote_costs_its_line_and_is_named(void **state)
{
	(void)state;
	check(csv, "a,b\n1,\"open\n2,x\n3,y\n", "1:a/b|2!the quote opened on line 2 is not closed|3:2/x|4:3/y|");
	check(csv, "a,b\n1,\"open\n2,\"x\"\n", "1:a/b|2!the quote opened on line 2 is followed by text|3:2/x|");
}

static void columns_have_an_end(void **state)
{
	char many[2 * CSV_COLUMNS + 8];

	(void)state;
	memset(many, ',', CSV_COLUMNS);
	strcpy(many + CSV_COLUMNS, "\na,b\n");
	assert_string_equal(frames(csv, many, strlen(many), 4096), "1!more than 1024 columns|2:a/b|");
}

static void blocks_begin_with_their_mark(void **state)
{
	static const struct framing_rules blocks = { .kind = FRAME_BLOCKS, .mark = "** " };
	static const char text[] = "tail\n\n** a\none\r\n\r\n\n** b\n** c\n  two\n*\nthree";

	(void)state;
	/* However the bytes come in, and with blank lines that belong to nobody. */
	for (size_t piece = 1; piece < sizeof(text); piece++)
		assert_string_equal(frames(blocks, text, strlen(text), piece), "1:tail|2:|3:** a\none|7:** b|8:** c\n  two\n*\nthree|");
	assert_string_equal(frames((struct framing_rules){ .kind = FRAME_BLOCKS, .mark = "** ", .limit = 12 }, "** a\n123\n456\n789\n** b\n", 22, 4),
	                    "1!a record of more than 0 MiB|4:789|5:** b|");
}

static void records_have_an_end(void **state)
{
	size_t n = RECORD_LIMIT + 100;
	char *long_one = malloc(n + 64);

	(void)state;
	memset(long_one, 'x', n);
	memcpy(long_one, "{\"a\":\"", 6);
	strcpy(long_one + n, "\n{\"a\":1}\n");
	assert_string_equal(frames((struct framing_rules){ .kind = FRAME_LINES }, long_one, strlen(long_one), 1 << 20),
	                    "1!a line of more than 16 MiB|2:{\"a\":1}|");
	assert_string_equal(frames(json, long_one, strlen(long_one), 1 << 20),
	                    "1!a record of more than 16 MiB, or one that is not closed|2:{\"a\":1}|");
	free(long_one);
}

/* Every line begins a record that never ends: each try costs all the bytes behind it. */
static void beginnings_without_end_do_not_take_for_ever(void **state)
{
	size_t n = 4 << 20;
	char *bytes = malloc(n + 1);

	(void)state;
	for (size_t i = 0; i < n; i++)
		bytes[i] = "{[\n"[i % 3];
	bytes[0] = '[';
	bytes[n] = '\0';
	assert_non_null(strstr(frames(json, bytes, n, 1 << 20), "the rest of the file was not read"));
	free(bytes);
}

static void utf16_is_named(void **state)
{
	(void)state;
	assert_non_null(strstr(frames(json, "\xFF\xFE{\0", 4, 4096), "UTF-16"));
	assert_non_null(strstr(frames(csv, "a\0,\0", 4, 4096), "UTF-16"));
}

static int failing_read(void *ctx, char *into, size_t room, size_t *got, struct fault *f)
{
	int *calls = ctx;

	(void)room;
	if (++*calls > 1)
		return fault_set(f, FAULT_IO, "cannot read it: Input/output error");
	memcpy(into, "{\"a\":1}\n", 8);
	*got = 8;
	return 0;
}

static void a_read_error_is_not_the_end(void **state)
{
	int calls = 0;
	struct framing *fr = framing_new(&json, (struct byte_source){ failing_read, &calls });
	struct record rec;
	struct fault f;
	int rc;

	(void)state;
	f.kind = FAULT_NONE;
	while ((rc = framing_next(fr, &rec, &f)) > 0)
		;
	assert_int_equal(rc, -1);
	assert_int_equal(f.kind, FAULT_IO);
	framing_free(fr);
}

/* The first record of s is given when its last byte has come: behind it a pipe may be silent. head: bytes that the shape
 * is told from. */
static void comes_at_once(struct framing_rules rules, const char *s, size_t head)
{
	struct drip drip = { s, strlen(s), 1 };
	struct framing *fr;
	struct record rec;
	struct fault f = { FAULT_NONE, "" };

	rules.head = head;
	fr = framing_new(&rules, (struct byte_source){ drip_read, &drip });
	do
		assert_int_equal(framing_next(fr, &rec, &f), 1);
	while (rec.n == 0);
	assert_null(rec.broken);
	assert_true((int64_t)(strlen(s) - drip.n) <= rec.at.offset + rec.at.length + 1);       /* with the line feed, if one ends it */
	framing_free(fr);
}

static void nothing_behind_a_record_is_waited_for(void **state)
{
	static const struct framing_rules xml = { .kind = FRAME_XML, .element = "E" };

	(void)state;
	comes_at_once(json, "{\"a\":1}\n{\"a\":2}\n{\"a\":3}\n", 8);
	comes_at_once(json, "[{\"a\":1},{\"a\":2},{\"a\":3}]", 1);
	comes_at_once(json, "{\"records\":[{\"a\":1},{\"a\":2}],\"next\":1}", 12);
	comes_at_once(json, "{\n\"a\":1\n}\n{\n\"a\":2\n}\n", 9);
	comes_at_once(csv, "a,b\nc,d\ne,f\n", 4);
	comes_at_once(xml, "<E/><E/><E/>", 1);
	comes_at_once(xml, "<?xml version='1.0'?>\n<R><!-- > --><E>1</E><E>2</E></R>", 1);
	comes_at_once(xml, "<E><![CDATA[</E>]]></E>\n<E>2</E>", 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(objects_one_a_line),
		cmocka_unit_test(a_broken_line_costs_that_line),
		cmocka_unit_test(arrays_of_any_layout),
		cmocka_unit_test(objects_one_after_the_other),
		cmocka_unit_test(the_array_of_a_wrapper),
		cmocka_unit_test(what_is_cut_off_is_said),
		cmocka_unit_test(commas_are_asked_for),
		cmocka_unit_test(commas_at_the_end_of_lines_are_not_missed),
		cmocka_unit_test(lines_arrays_and_long_objects_may_follow_each_other),
		cmocka_unit_test(pages_of_an_answer_may_lie_in_one_array),
		cmocka_unit_test(an_unclosed_element_costs_up_to_the_next),
		cmocka_unit_test(cells_and_quotes),
		cmocka_unit_test(an_unclosed_quote_costs_its_line_and_is_named),
		cmocka_unit_test(columns_have_an_end),
		cmocka_unit_test(blocks_begin_with_their_mark),
		cmocka_unit_test(records_have_an_end),
		cmocka_unit_test(beginnings_without_end_do_not_take_for_ever),
		cmocka_unit_test(utf16_is_named),
		cmocka_unit_test(a_read_error_is_not_the_end),
		cmocka_unit_test(nothing_behind_a_record_is_waited_for),
	};

	return cmocka_run_group_tests_name("framing", tests, NULL, NULL);
}
