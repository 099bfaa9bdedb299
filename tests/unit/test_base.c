/* fault, text, intern, instant: the ground everything else stands on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "analyst/base/arena.h"
#include "analyst/base/fault.h"
#include "analyst/base/instant.h"
#include "analyst/base/intern.h"
#include "analyst/base/keyed.h"
#include "analyst/base/search.h"
#include "analyst/base/table.h"
#include "analyst/base/text.h"
#include "analyst/model/entity.h"

static void a_fault_keeps_the_first_cause_and_says_where(void **state)
{
	struct fault f = { 0 };

	(void)state;
	fault_set(&f, FAULT_DATA, "no column named '%s'", "value");
	fault_set(&f, FAULT_IO, "something later");
	fault_wrap(&f, "importing '%s'", "iocs.csv");
	assert_string_equal(f.text, "importing 'iocs.csv': no column named 'value'");
	assert_int_equal(f.kind, FAULT_DATA);
}

static void a_bad_byte_does_not_swallow_the_text_after_it(void **state)
{
	struct text t = { 0 };

	(void)state;
	text_add_shown(&t, "\xE3" "abc\x1b[31m", 9);
	assert_string_equal(text_str(&t), "<xE3>abc<U+001B>[31m");
	text_clear(&t);
	text_add_shown(&t, "a\xE2\x80\xAEz", 5);
	assert_string_equal(text_str(&t), "a<U+202E>z");
	assert_false(utf8_valid("\xED\xA0\x80", 3));
	assert_true(utf8_valid("\xEF\xBF\xBD", 3));
	text_free(&t);
}

static void a_bad_byte_is_found_anywhere(void **state)
{
	char s[40];

	(void)state;
	for (size_t n = 0; n <= sizeof(s); n++) {
		memset(s, 'a', sizeof(s));
		assert_true(utf8_valid(s, n));
		for (size_t at = 0; at < n; at++) {
			s[at] = '\xFF';
			assert_false(utf8_valid(s, n));
			s[at] = 'a';
		}
		for (size_t at = 0; at + 3 <= n; at++) {
			memcpy(s + at, "\xE2\x80\xAE", 3);
			assert_true(utf8_valid(s, n));
			assert_false(utf8_valid(s, at + 2));
			memset(s + at, 'a', 3);
		}
	}
}

static void words_are_listed_in_any_case(void **state)
{
	static const char *const list[] = { "onion", "local", NULL };

	(void)state;
	assert_true(in_list(list, "Local"));
	assert_true(same_word("@[`{\xC3\xA4", "@[`{\xC3\xA4"));
	assert_false(same_word("@", "`") || same_word("[", "{") || same_word("\xC3\xA4", "\xC3\x84"));
	assert_true(same_word("", ""));
	assert_false(same_word("", "a") || same_word(" ", "") || same_word("", " "));
	assert_false(in_list(list, "loca"));
	assert_false(in_list(list, "locals"));
	assert_false(in_list(list, ""));
	assert_false(in_list(list, NULL));
}

static void defanging_breaks_the_link_once(void **state)
{
	static const char *const pairs[][2] = {
		{ "198.98.61.152", "198.98.61[.]152" },
		{ "http://od.lk/a.b", "hxxp://od[.]lk/a.b" },
		{ "hxxp://od[.]lk/a.b", "hxxp://od[.]lk/a.b" },
		{ "microsoftsoftwaredownload.com:8080/c103w-a.zip", "microsoftsoftwaredownload[.]com:8080/c103w-a.zip" },
		{ "EXCH01", "EXCH01" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		struct text t = { 0 };

		text_add_defanged(&t, pairs[i][0]);
		assert_string_equal(text_str(&t), pairs[i][1]);
		text_free(&t);
	}
}

static void json_strings_are_closed_whatever_is_in_them(void **state)
{
	struct text t = { 0 };

	(void)state;
	text_add_json(&t, "a\"b\\c\n\x01\xE2\x80\xAE");
	assert_string_equal(text_str(&t), "\"a\\\"b\\\\c\\n\\u0001\\u202e\"");
	text_free(&t);
}

static void equal_strings_get_equal_numbers(void **state)
{
	struct intern *in = intern_new();
	bool fresh;
	char name[16];

	(void)state;
	for (int i = 0; i < 5000; i++) {
		snprintf(name, sizeof(name), "host-%d", i);
		assert_int_equal(intern_put(in, name, strlen(name), &fresh), i);
		assert_true(fresh);
	}
	assert_int_equal(intern_put(in, "host-17", 7, &fresh), 17);
	assert_false(fresh);
	assert_int_equal(intern_find(in, "host-5000", 9), INTERN_NONE);
	assert_string_equal(intern_bytes(in, 4999, NULL), "host-4999");
	intern_free(in);
}

/* Short lists and long ones go different ways; both against the plain definition. */
static void keys_are_in_order_and_equal_ones_stay_as_they_were(void **state)
{
	static const size_t lengths[] = { 0, 1, 2, 96, 97, 5000 };
	uint64_t random = 1;

	(void)state;
	for (size_t k = 0; k < sizeof(lengths) / sizeof(lengths[0]); k++) {
		size_t n = lengths[k];
		struct keyed *list = must_alloc((n + 1) * sizeof(*list));

		for (size_t i = 0; i < n; i++) {
			random = random * UINT64_C(6364136223846793005) + 1;
			/* high, low and middle digits, many of them equal */
			list[i] = (struct keyed){ random >> 58 << (random >> 40 & 3) * 19, (uint32_t)i };
		}
		keyed_sort(list, n);
		for (size_t i = 1; i < n; i++)
			assert_true(list[i - 1].key < list[i].key ||
			            (list[i - 1].key == list[i].key && list[i - 1].item < list[i].item));
		free(list);
	}
	assert_true(key_signed(-5) < key_signed(-4) && key_signed(-1) < key_signed(0) && key_signed(0) < key_signed(INT64_MAX));
	assert_true(key_pair(1, UINT32_MAX) < key_pair(2, 0));
}

static void a_value_is_found_where_the_first_of_its_equals_lies(void **state)
{
	static const uint32_t list[] = { 3, 5, 5, 5, UINT32_MAX };
	static const struct { uint32_t value; size_t at; } places[] = {
		{ 0, 0 }, { 3, 0 }, { 4, 1 }, { 5, 1 }, { 6, 4 }, { UINT32_MAX, 4 }
	};

	(void)state;
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++)
		assert_int_equal(search_from(&places[i].value, list, 5, sizeof(*list), order_u32), places[i].at);
	assert_int_equal(search_from(&list[4], list, 4, sizeof(*list), order_u32), 4);
	assert_int_equal(search_from(&list[0], NULL, 0, sizeof(*list), order_u32), 0);
}

static void times_of_many_products_are_one_instant(void **state)
{
	static const char *const same[] = {
		"2021-03-11T00:12:04Z", "2021-03-11T09:12:04+0900", "2021-03-11 09:12:04 +09:00",
		"2021-03-11T09:12:04.000000+0900", "2021-03-11 09:12:04 JST", "2021-03-11 09:12:04 GMT+09:00", "2021/03/11 00:12:04",
	};
	instant t;
	char shown[INSTANT_ROOM];

	(void)state;
	for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
		assert_true(instant_parse(&t, NULL, same[i], strlen(same[i]), 0));
		instant_utc(shown, t);
		assert_string_equal(shown, "2021-03-11T00:12:04Z");
	}
	assert_true(instant_parse(&t, NULL, "2021/3/3 4:20:31", 16, 0));
	assert_true(t == instant_from_seconds(1614745231));
	assert_true(instant_parse(&t, NULL, "2021/3/3", 8, 0));
	assert_false(instant_parse(&t, NULL, "2021-3-3T04:20:31", 17, 0));
	assert_false(instant_parse(&t, NULL, "2021-03-03T4:20:31", 18, 0));
	assert_false(instant_parse(&t, NULL, "2021-02-29T00:00:00Z", 20, 0));
	assert_true(instant_parse(&t, NULL, "2200-12-31T23:59:59Z", 20, 0));
	assert_false(instant_parse(&t, NULL, "2200-12-31T23:59:59-01", 22, 0));
	assert_true(instant_parse(&t, NULL, "2200-12-31T23:59:59+01", 22, 0));
	assert_false(instant_parse(&t, NULL, "1970-01-01T00:00:00+01", 22, 0));
	assert_false(instant_parse(&t, NULL, "2021-03-11T00:12.04Z", 20, 0));
	assert_false(instant_parse(&t, NULL, "2021.03-11T00:12:04Z", 20, 0));
	assert_false(instant_parse(&t, NULL, "2021-03-11T00:12:04 CEST", 24, 0));
	assert_true(instant_parse_epoch(&t, "1615421524", 10));
	instant_utc(shown, t);
	assert_string_equal(shown, "2021-03-11T00:12:04Z");
	assert_true(instant_parse_epoch(&t, "1615421524250", 13));
	instant_utc(shown, t);
	assert_string_equal(shown, "2021-03-11T00:12:04.250Z");
	assert_false(instant_parse_epoch(&t, "99999999999999999999", 20));
	assert_false(instant_parse_epoch(&t, "12", 2));
}

static void zones_and_weeks(void **state)
{
	struct zone tokyo, berlin;
	struct fault f = { 0 };
	struct civil c;
	instant t = INT64_C(1615421524) * SECOND;
	int year;

	(void)state;
	assert_int_equal(zone_load(&tokyo, "Asia/Tokyo", &f), 0);
	c = civil_from(t, &tokyo);
	assert_int_equal(c.hour, 9);
	assert_int_equal(c.weekday, 4);
	assert_string_equal(c.abbreviation, "JST");
	assert_int_equal(civil_week(&c, &year), 10);
	assert_int_equal(year, 2021);
	assert_int_equal(civil_to_instant(2021, 3, 11, 9, 12, 4, &tokyo), t);
	assert_int_equal(zone_load(&berlin, "Europe/Berlin", &f), 0);
	assert_int_equal(civil_from(t, &berlin).hour, 1);
	assert_int_equal(civil_from(t + 60 * DAY, &berlin).hour, 2);
	zone_free(&tokyo);
	zone_free(&berlin);
	assert_int_equal(zone_load(&berlin, "../../etc/passwd", &f), -1);
}

static void placeholders_and_internal_addresses(void **state)
{
	(void)state;
	assert_true(entity_is_placeholder(ENTITY_HOST, "N/A"));
	assert_true(entity_is_placeholder(ENTITY_HASH, "0000000000000000000000000000000000000000"));
	assert_false(entity_is_placeholder(ENTITY_HOST, "exch01"));
	assert_true(ip_is_internal("172.31.255.1"));
	assert_false(ip_is_internal("172.32.0.1"));
	assert_false(ip_is_internal("198.98.61.152"));
	assert_true(ip_is_internal("fd00::1"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_fault_keeps_the_first_cause_and_says_where),
		cmocka_unit_test(a_bad_byte_does_not_swallow_the_text_after_it),
		cmocka_unit_test(a_bad_byte_is_found_anywhere),
		cmocka_unit_test(words_are_listed_in_any_case),
		cmocka_unit_test(defanging_breaks_the_link_once),
		cmocka_unit_test(json_strings_are_closed_whatever_is_in_them),
		cmocka_unit_test(equal_strings_get_equal_numbers),
		cmocka_unit_test(keys_are_in_order_and_equal_ones_stay_as_they_were),
		cmocka_unit_test(a_value_is_found_where_the_first_of_its_equals_lies),
		cmocka_unit_test(times_of_many_products_are_one_instant),
		cmocka_unit_test(zones_and_weeks),
		cmocka_unit_test(placeholders_and_internal_addresses),
	};

	return cmocka_run_group_tests_name("base", tests, NULL, NULL);
}
