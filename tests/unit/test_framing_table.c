/* JSON of columns and rows, cut into the objects that its rows stand for. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/unit/collect.h"

static int drip_read(void *ctx, char *into, size_t room, size_t *got, struct fault *f)
{
	struct memory_bytes *m = ctx;

	(void)f, (void)room;
	*got = m->n > 0;
	if (m->n == 0)
		return 0;
	*into = *m->bytes++;
	m->n--;
	return 0;
}

/* "line@what stands there: object|" or "line!reason|", the same whether the bytes come at once or one by one. */
static const char *rows(const char *s)
{
	static struct text out[2];

	for (int drip = 0; drip < 2; drip++) {
		struct memory_bytes m = { s, strlen(s) };
		struct byte_source source = { drip_read, &m };
		struct framing *fr = framing_new(&(struct framing_rules){ .kind = FRAME_JSON }, drip ? source : memory_source(&m));
		struct record rec;

		text_clear(&out[drip]);
		while (framing_next(fr, &rec, NULL) > 0)
			if (rec.broken != NULL)
				text_printf(&out[drip], "%lld!%s|", (long long)rec.at.line, rec.broken);
			else
				text_printf(&out[drip], "%lld@%.*s: %.*s|", (long long)rec.at.line, (int)rec.at.length,
				            s + rec.at.offset, (int)rec.n, rec.bytes);
		framing_free(fr);
	}
	assert_string_equal(text_str(&out[0]), text_str(&out[1]));
	return text_str(&out[0]);
}

static void rows_under_the_names_of_fields(void **state)
{
	(void)state;
	assert_string_equal(rows("{\"preview\":false,\"fields\":[\"_time\",\"a.b\"],\n\"rows\":[\n [\"x\",[\"1\",\"2\"]],\n [\"y\", null]\n]}"),
	                    "3@[\"x\",[\"1\",\"2\"]]: {\"_time\":\"x\",\"a.b\":[\"1\",\"2\"]}|4@[\"y\", null]: {\"_time\":\"y\"}|");
	assert_string_equal(rows("{\"fields\":[{\"name\":\"n\",\"rank\":\"0\"}],\"rows\":[[\"x\"]]}"), "1@[\"x\"]: {\"n\":\"x\"}|");
}

static void values_under_the_names_of_columns(void **state)
{
	(void)state;
	assert_string_equal(rows("{\"took\":3,\"columns\":[{\"name\":\"a\",\"type\":\"long\"},{\"name\":\"b\"}],\"values\":[[1,\"]\"],[2,{\"c\":3}]]}"),
	                    "1@[1,\"]\"]: {\"a\":1,\"b\":\"]\"}|1@[2,{\"c\":3}]: {\"a\":2,\"b\":{\"c\":3}}|");
	assert_string_equal(rows("{\"columns\":[{\"name\":\"a\"},{\"name\":\"b\"}],\"values\":[[1,2,3],[4,null,6]]}"),
	                    "1@1: {\"a\":1,\"b\":4}|1@2: {\"a\":2}|1@3: {\"a\":3,\"b\":6}|");
}

static void a_table_of_an_answer_with_tables(void **state)
{
	(void)state;
	assert_string_equal(rows("{\"tables\": [ {\"name\":\"P\",\"columns\":[{\"name\":\"a\",\"type\":\"int\"}],\"rows\":[[1],[2]]} ]}"),
	                    "1@[1]: {\"a\":1}|1@[2]: {\"a\":2}|");
	assert_string_equal(rows("{\"Tables\":[{\"TableName\":\"T\",\"Columns\":[{\"ColumnName\":\"a\"}],\"Rows\":[[1]]}]}"), "1@[1]: {\"a\":1}|");
}

static void columns_become_rows_in_the_line_of_the_first(void **state)
{
	(void)state;
	assert_string_equal(rows("{\"fields\":[\"a\",\"b\"],\"columns\":[[\"1\",\n\"2\",\n\n\"5\"],[\"3\",\"4\",\"6\"]]}"),
	                    "1@\"1\": {\"a\":\"1\",\"b\":\"3\"}|2@\"2\": {\"a\":\"2\",\"b\":\"4\"}|4@\"5\": {\"a\":\"5\",\"b\":\"6\"}|");
}

static void what_follows_a_table_is_read(void **state)
{
	(void)state;
	assert_string_equal(rows("{\"fields\":[\"a\"],\"rows\":[[1]],\"more\":[{}]}\n{\"fields\":[\"b\"],\"columns\":[[2]]}\n{\"c\":3}"),
	                    "1@[1]: {\"a\":1}|2@2: {\"b\":2}|3@{\"c\":3}: {\"c\":3}|");
}

static void rows_of_another_length_are_refused_alone(void **state)
{
	(void)state;
	assert_string_equal(rows("{\"fields\":[\"a\",\"b\"],\"rows\":[[1,2],[3],[4,5,6],[7,8]]}"),
	                    "1@[1,2]: {\"a\":1,\"b\":2}|1!a row of 1 values in a table of 2 columns|1!a row of 3 values in a table of 2 columns|"
	                    "1@[7,8]: {\"a\":7,\"b\":8}|");
	assert_string_equal(rows("{\"fields\":[\"a\",\"b\"],\"columns\":[[1,2],[3]]}"), "1!the columns of a table are of different length|");
	assert_string_equal(rows("{\"fields\":[\"a\",\"b\"],\"columns\":[[1,2]]}"), "1!a table has other columns than it names|");
}

static void cut_off_tables_are_told(void **state)
{
	(void)state;
	assert_string_equal(rows("{\"fields\":[\"a\"],\"rows\":[[1],[2"), "1@[1]: {\"a\":1}|1!the JSON is cut off|");
	assert_string_equal(rows("{\"fields\":[\"a\"],\"rows\":[[1]"), "1@[1]: {\"a\":1}|1!the array is not closed: the file is cut off|");
	assert_string_equal(rows("{\"fields\":[\"a\"],\"rows\":[[1]]"),
	                    "1@[1]: {\"a\":1}|1!the object around the records is not closed: the file is cut off|");
	assert_string_equal(rows("{\"fields\":[\"a\"],\"columns\":[[1,2"), "1!the JSON is cut off|");
	assert_string_equal(rows("{\"fields\":[\"a\"],\"rows\":[[1],2,[3]]}"),
	                    "1@[1]: {\"a\":1}|1!a value among the rows of a table; the rest of the file was not read|");
}

/* Lists that only look like it. */
static void other_objects_stay_themselves(void **state)
{
	static const char *const others[] = { "{\"fields\":[\"a\"],\"rows\":[]}", "{\"fields\":[\"a\"],\"rows\":[1,2]}",
	                                      "{\"fields\":[1],\"rows\":[[1]]}", "{\"columns\":[[1]],\"rows\":[[1]]}",
	                                      "{\"fields\":[],\"rows\":[[]]}", "{\"fields\":{\"name\":\"a\"},\"rows\":[[1]]}",
	                                      "{\"rows\":[[1]]}", "{\"columns\":[\"a\"]}" };

	(void)state;
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++) {
		char itself[200];

		snprintf(itself, sizeof(itself), "1@%s: %s|", others[i], others[i]);
		assert_string_equal(rows(others[i]), itself);
	}
}

static void readers_know_the_rows_by_their_names(void **state)
{
	static const struct { const char *format, *bytes; } tables[] = {
		{ "splunk", "{\"init_offset\":0,\"fields\":[\"_time\",\"search_name\",\"src\"],\"columns\":[[\"2021-03-11T00:14:38Z\",\"2021-03-11T00:15:38Z\"],[\"Rule A\",\"Rule B\"],[\"192.0.2.7\",null]]}" },
		{ "splunk", "{\"fields\":[\"_time\",\"search_name\"],\"rows\":[[\"2021-03-11T00:14:38Z\",\"Rule A\"],[\"2021-03-11T00:15:38Z\",\"Rule B\"]]}" },
		{ "sentinel", "{\"tables\":[{\"columns\":[{\"name\":\"TimeGenerated\"},{\"name\":\"SystemAlertId\"},{\"name\":\"AlertSeverity\"},{\"name\":\"AlertName\"}],"
		              "\"rows\":[[\"2021-03-11T00:14:38Z\",\"i1\",\"High\",\"Rule A\"],[\"2021-03-11T00:15:38Z\",\"i2\",\"Low\",\"Rule B\"]]}]}" },
		{ "elastic", "{\"columns\":[{\"name\":\"@timestamp\"},{\"name\":\"kibana.alert.rule.name\"}],\"values\":[[\"2021-03-11T00:14:38Z\",\"Rule A\"],[\"2021-03-11T00:15:38Z\",\"Rule B\"]]}" }
	};

	(void)state;
	for (size_t i = 0; i < sizeof(tables) / sizeof(*tables); i++) {
		struct collected c;

		collect_bytes(&c, NULL, tables[i].bytes, strlen(tables[i].bytes));
		assert_string_equal(c.refused, "");
		assert_string_equal(c.format, tables[i].format);
		assert_int_equal(c.alerts, 2);
		assert_int_equal(c.rejects, 0);
		assert_non_null(strstr(text_str(&c.lines), "|Rule A|"));
		assert_non_null(strstr(text_str(&c.lines), "|Rule B|"));
		text_free(&c.lines);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_under_the_names_of_fields),
		cmocka_unit_test(values_under_the_names_of_columns),
		cmocka_unit_test(a_table_of_an_answer_with_tables),
		cmocka_unit_test(columns_become_rows_in_the_line_of_the_first),
		cmocka_unit_test(what_follows_a_table_is_read),
		cmocka_unit_test(rows_of_another_length_are_refused_alone),
		cmocka_unit_test(cut_off_tables_are_told),
		cmocka_unit_test(other_objects_stay_themselves),
		cmocka_unit_test(readers_know_the_rows_by_their_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
