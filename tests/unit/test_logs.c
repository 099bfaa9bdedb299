/* Readers of logs in lines and of records inside records: Zeek, CEF, LEEF, Splunk, ClamAV,
 * YARA. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "analyst/readers/lines.h"
#include "tests/unit/collect.h"
#include "tests/unit/shared.h"

static void gives(const char *format, const char *bytes, const char *expected)
{
	struct collected c;

	collect_bytes(&c, format, bytes, strlen(bytes));
	assert_string_equal(c.refused, "");
	assert_string_equal(text_str(&c.lines), expected);
	text_free(&c.lines);
}

static void is_refused(const char *bytes)
{
	struct collected c;

	collect_bytes(&c, NULL, bytes, strlen(bytes));
	if (strstr(c.refused, "no format that is known") == NULL || strchr(c.refused, '\n') != NULL)
		fail_msg("%s: read as %s (%s)", bytes, c.format != NULL ? c.format : "nothing", c.refused);
	text_free(&c.lines);
}

/* ---- dates in words ---- */

static void dates_in_words_become_iso(void **state)
{
	static const struct { const char *said, *iso; } rows[] = {
		{ "May 11 2022 07:11:59.900 +0000", "2022-05-11T07:11:59.900 +0000" },
		{ "Nov 02 2020 20:06:56 UTC", "2020-11-02T20:06:56 UTC" },
		{ "Sat Nov 21 22:48:00 2020", "2020-11-21T22:48:00" },
		{ "Mar  1 14:05:09", "2021-03-01T14:05:09" },
		{ "Mar 16 14:05:09", "2021-03-16T14:05:09" },
		{ "Mar 17 14:05:09", "2020-03-17T14:05:09" },
		{ "Dec 31 23:59:59", "2020-12-31T23:59:59" },
		{ "Mai 11 2022 07:11:59", NULL },
		{ "May 11", NULL },
		{ "", NULL },
	};
	instant written = instant_from_seconds(1615852800);      /* 2021-03-16T00:00:00Z */
	struct arena *arena = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *iso = date_in_words(arena, rows[i].said, written);

		if (rows[i].iso == NULL)
			assert_null(iso);
		else
			assert_string_equal(iso, rows[i].iso);
	}
	assert_null(date_in_words(arena, "Mar  1 14:05:09", 0));
	arena_free(arena);
}

/* ---- Zeek ---- */

#define ZEEK_HEAD "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n"

static void zeek_notices_are_read_by_their_columns(void **state)
{
	(void)state;
	gives(NULL,
		ZEEK_HEAD "#path\tnotice\n#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tnote\tmsg\tsrc\tp\tactions\tfile_desc\n"
		"1615421678.207000\tC1\t10.0.0.1\t5000\t192.0.2.1\t22\tSSH::Password_Guessing\tguessing \\x09 tab\t10.0.0.9\t23\t"
		"Notice::ACTION_LOG,Notice::ACTION_DROP\thttp://evil.example/a.zip\r\n"
		"1615421679.0\t-\t-\t-\t-\t-\tNew::Note\tm\t10.0.0.9\t23\t(empty)\t-\n1615421679.0\t-\n"
		"XXXX\t-\t-\t-\t-\t-\tNew::Note\tm\t10.0.0.9\t23\t(empty)\t-\n1615421679.0\t-\t-\t-\t-\t-\t-\tm\t-\t-\t-\t-\n#close\t2021\n",
		"7 alert 2021-03-11T00:14:38.207Z zeek||SSH::Password_Guessing|| sev=3 act=3 kind=0 port/destination=22 ip/source=10.0.0.1 "
		"ip/destination=192.0.2.1 ip/source=10.0.0.9 url/observed=http://evil.example/a.zip\n"
		"8 alert 2021-03-11T00:14:39Z zeek||New::Note|| sev=0 act=0 kind=0 port/destination=23 ip/source=10.0.0.9\n"
		"9 reject 2 cells where #fields names 12\n10 reject no time: 'XXXX' is none that is known\n"
		"11 reject a notice without note\n");
}

static void zeek_intel_names_what_was_seen(void **state)
{
	(void)state;
	gives(NULL,
		ZEEK_HEAD "#path\tintel\n#fields\tts\tuid\tid.orig_h\tid.resp_h\tseen.indicator\tseen.indicator_type\tseen.where\tsources\n"
		"1615421678\tC1\t10.0.0.1\t192.0.2.53\tEvil.example\tIntel::DOMAIN\tDNS::IN_REQUEST\ta\\x2cb,c\n",
		"7 alert 2021-03-11T00:14:38Z zeek||Intel::DOMAIN in DNS::IN_REQUEST|| sev=3 act=0 kind=0 ip/source=10.0.0.1 "
		"ip/destination=192.0.2.53 domain/observed=evil.example\n");
}

static void zeek_json_is_told_apart_by_path_or_fields(void **state)
{
	static const char *const json =
		"{\"_path\":\"conn\",\"ts\":1615421678.5,\"uid\":\"C1\",\"id.orig_h\":\"10.0.0.1\"}\n"
		"{\"ts\":\"2021-03-11T00:14:38.500000Z\",\"uid\":\"C1\",\"id.orig_h\":\"10.0.0.1\",\"id.resp_h\":\"192.0.2.1\",\"id.resp_p\":80,"
		"\"note\":\"HTTP::SQL_Injection_Attacker\",\"msg\":\"m\",\"suppress_for\":3600.0}\n"
		"{\"ts\":1615421678500,\"seen.indicator\":\"192.0.2.7\",\"seen.indicator_type\":\"Intel::ADDR\",\"seen.where\":\"Conn::IN_RESP\"}\n"
		"{\"a\":1}\n{\"_path\":\"notice\",\"ts\":1}\n";
	struct collected c;

	(void)state;
	collect_bytes(&c, NULL, json, strlen(json));
	assert_string_equal(c.format, "zeek-json");
	assert_int_equal(c.telemetry, 1);
	assert_string_equal(text_str(&c.lines),
		"2 alert 2021-03-11T00:14:38.500Z zeek||HTTP::SQL_Injection_Attacker|| sev=4 act=0 kind=0 port/destination=80 "
		"ip/source=10.0.0.1 ip/destination=192.0.2.1\n"
		"3 alert 2021-03-11T00:14:38.500Z zeek||Intel::ADDR in Conn::IN_RESP|| sev=3 act=0 kind=0 ip/observed=192.0.2.7\n"
		"4 reject neither _path nor ts\n5 reject a notice without note\n");
	text_free(&c.lines);
}

static void telemetry_of_zeek_is_counted(void **state)
{
	static const char *const logs[] = {
		ZEEK_HEAD "#path\tconn\n#fields\tts\tuid\tid.orig_h\n1615421678\tC1\t10.0.0.1\n",
		"ts\tuid\tid.orig_h\tid.resp_h\tconn_state\n1615421678\tC1\t10.0.0.1\t10.0.0.2\tS0\n",
		"#separator |\n#path|weird\n#fields|ts|uid|name\n1615421678|C1|odd\n",
	};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct collected c;

		collect_bytes(&c, NULL, logs[i], strlen(logs[i]));
		assert_string_equal(c.format, "zeek-tsv");
		assert_int_equal(c.telemetry, 1);
		assert_int_equal(c.alerts + c.rejects, 0);
		text_free(&c.lines);
	}
	is_refused("ts\tname\n1\ta\n");
	is_refused("{\"ts\":1615421678,\"uid\":\"x\"}\n");
}

static void many_columns_are_rejected_with_their_lines(void **state)
{
	struct text log = { 0 };
	struct collected c;

	(void)state;
	text_add(&log, "#separator \\x09\n#path\tnotice\n#fields");
	for (int i = 0; i < 2000; i++)
		text_add(&log, "\tc");
	text_add(&log, "\n1\t2\n");
	collect_bytes(&c, NULL, log.bytes, log.used);
	assert_int_equal(c.rejects, 2);
	text_free(&log);
	text_free(&c.lines);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dates_in_words_become_iso),
		cmocka_unit_test(zeek_notices_are_read_by_their_columns),
		cmocka_unit_test(zeek_intel_names_what_was_seen),
		cmocka_unit_test(zeek_json_is_told_apart_by_path_or_fields),
		cmocka_unit_test(telemetry_of_zeek_is_counted),
		cmocka_unit_test(many_columns_are_rejected_with_their_lines),
	};

	return cmocka_run_group_tests_name("logs", tests, NULL, NULL);
}
