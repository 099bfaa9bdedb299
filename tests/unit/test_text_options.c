/* What only the user can say of a file: its encoding, the order of day and month. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "analyst/base/instant.h"
#include "analyst/import/recode.h"
#include "analyst/readers/dates.h"

/* ---- encodings ---- */

struct drip {
	const char *bytes;
	size_t n, step;
};

static int drip_read(void *ctx, char *into, size_t room, size_t *got, struct fault *f)
{
	struct drip *d = ctx;
	size_t n = d->n < d->step ? d->n : d->step;

	(void)f;
	n = n < room ? n : room;
	memcpy(into, d->bytes, n);
	d->bytes += n;
	d->n -= n;
	*got = n;
	return 0;
}

/* All of it, read `room` bytes at a time from a source that gives `step` at a time. */
static char *recoded(const char *encoding, const char *bytes, size_t n, size_t first, size_t step, size_t room)
{
	struct drip drip = { bytes + first, n - first, step };
	char *out = calloc(1, 3 * n + 64);
	struct recode *r;
	size_t used = 0, got;

	assert_int_equal(recode_open(&r, (struct byte_source){ drip_read, &drip }, encoding, bytes, first, NULL), 0);
	do {
		assert_int_equal(recode_read(r, out + used, room, &got, NULL), 0);
		used += got;
	} while (got > 0);
	recode_close(r);
	return out;
}

static void text_comes_out_whole_however_it_is_cut(void **state)
{
	static const struct { const char *encoding, *bytes, *utf8; } rows[] = {
		{ "Shift_JIS", "\x94\xAD\x90\xB6\x93\xFA\x8E\x9E,\x83\x5C", "発生日時,ソ" },
		{ "cp932", "\x87\x40\xB1", "①ｱ" },                         /* what JIS lacks and Windows has */
		{ "euc-jp", "\xC8\xAF\xC0\xB8", "発生" },
		{ "ISO-2022-JP", "\x1B$BH/@8\x1B(B,a", "発生,a" },
		{ "windows-1252", "caf\xE9 \x80", "café €" },
		{ "gb18030", "\xB8\xE6\xBE\xAF", "告警" },
		{ "sjis", "a\xFF" "b\x94", "a\xEF\xBF\xBD" "b\xEF\xBF\xBD" },     /* no character; and one cut off */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		for (size_t step = 1; step < 12; step += 3)
			for (size_t room = 1; room < 40; room += 5)
				for (size_t first = 0; first <= 3; first++) {
					char *out = recoded(encoding_known(rows[i].encoding), rows[i].bytes, strlen(rows[i].bytes),
					                    first < strlen(rows[i].bytes) ? first : 0, step, room);

					assert_string_equal(out, rows[i].utf8);
					free(out);
				}
}

static void only_encodings_of_the_list_are_known(void **state)
{
	(void)state;
	assert_string_equal(encoding_known("UTF-8"), "");
	assert_null(encoding_known("utf-7"));
	assert_null(encoding_known("UTF-8//IGNORE"));
	assert_null(encoding_known(""));
}

/* ---- dates ---- */

static void dates_that_begin_with_day_or_month_are_put_in_order(void **state)
{
	static const struct { const char *s; enum date_order order; const char *utc; } rows[] = {
		{ "03/04/2021 2:05 PM", DATE_ORDER_MONTH, "2021-03-04T14:05:00Z" },
		{ "03/04/2021 2:05 PM", DATE_ORDER_DAY, "2021-04-03T14:05:00Z" },
		{ "3/4/2021", DATE_ORDER_DAY, "2021-04-03T00:00:00Z" },
		{ "22-02-2022 22:00:00.123 +02:00", DATE_ORDER_DAY, "2022-02-22T20:00:00.123Z" },
		{ "02-22-2022 12:00:00.123 AM -06:00", DATE_ORDER_MONTH, "2022-02-22T06:00:00.123Z" },
		{ "02-22-2022 12:30 pm", DATE_ORDER_MONTH, "2022-02-22T12:30:00Z" },
		{ "22.02.2022, 07:08:09", DATE_ORDER_DAY, "2022-02-22T07:08:09Z" },
		{ "22/02/2022 7:08", DATE_ORDER_MONTH, NULL },            /* there is no month 22 */
		{ "02-22-2022 13:00 PM", DATE_ORDER_MONTH, NULL },
		{ "2021/03/04 10:00", DATE_ORDER_DAY, "2021-03-04T10:00:00Z" },      /* has its order already */
		{ "10.0.0.2021", DATE_ORDER_DAY, NULL }, { "1/2/3", DATE_ORDER_DAY, NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char out[DATE_ROOM] = "", utc[INSTANT_ROOM] = "";
		bool found = date_ordered(out, rows[i].s, strlen(rows[i].s), rows[i].order);
		const char *s = found ? out : rows[i].s;
		instant t;

		if (instant_parse(&t, NULL, s, strlen(s), 0))
			instant_utc(utc, t);
		assert_string_equal(utc, rows[i].utc != NULL ? rows[i].utc : "");
	}
	assert_true(date_ordered(NULL, "03/04/2021 10:00", 16, DATE_ORDER_UNKNOWN));
	assert_true(date_lacks_year("Mar 11 14:05:09.123 JST"));
	assert_false(date_lacks_year("Mar 11 2021 14:05:09"));
}

static void dates_by_a_pattern(void **state)
{
	static const struct { const char *s, *pattern, *iso; } rows[] = {
		{ "11/03/2021 00:14:38.123 +0900", "dd/MM/yyyy HH:mm:ss.SSS Z", "2021-03-11T00:14:38.123 +0900" },
		{ "Mar 11 2021 02:09:39 GMT", "MMM dd yyyy HH:mm:ss z", "2021-03-11T02:09:39 GMT" },
		{ "Thursday 11 March 21 2:09 PM", "EEEE d MMMM yy h:mm a", "2021-03-11T14:09:00" },
		{ "2021-03-11T00:14:38Z", "yyyy-MM-dd'T'HH:mm:ss'Z'", "2021-03-11T00:14:38" },
		{ "2021å¹´" "3æ" "11æ¥ 9æ", "yyyyå¹´Mæ" "dæ¥ Hæ", "2021-03-11T09:00:00" },
		{ "11 o'clock 2021", "HH 'o''clock' yyyy", "2021-01-01T11:00:00" },
		{ "20210311001438", "yyyyMMddHHmmss", "2021-03-11T00:14:38" },
		{ "20210311 0914", "yyyyMMdd HHmm", "2021-03-11T09:14:00" },
		{ "11/03/2021", "yyyy-MM-dd", NULL },
		{ "2021-03-11 13:00 PM", "yyyy-MM-dd hh:mm a", NULL },
		{ "2021-03-11 more", "yyyy-MM-dd", NULL },
		{ "2021-03-11", "yyyy-MM-dd w", NULL },
		{ "", "yyyy", NULL },
		{ "x", "'x", NULL },
	};
	char out[DATE_ROOM];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		bool read = date_patterned(out, rows[i].s, rows[i].pattern);

		assert_int_equal(read, rows[i].iso != NULL);
		if (read)
			assert_string_equal(out, rows[i].iso);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_comes_out_whole_however_it_is_cut),
		cmocka_unit_test(only_encodings_of_the_list_are_known),
		cmocka_unit_test(dates_by_a_pattern),
		cmocka_unit_test(dates_that_begin_with_day_or_month_are_put_in_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
