/* Letters that differ only in case or in how they are encoded give the same bytes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "analyst/base/fold.h"

static void same(const char *a, const char *b, bool wanted)
{
	struct text x = { 0 }, y = { 0 };

	text_add_folded(&x, a);
	text_add_folded(&y, b);
	if ((strcmp(text_str(&x), text_str(&y)) == 0) != wanted)
		fail_msg("'%s' and '%s' are folded to '%s' and '%s'", a, b, text_str(&x), text_str(&y));
	text_free(&x);
	text_free(&y);
}

static void case_and_encoding_are_folded_away(void **state)
{
	static const char *const rows[][2] = {
		{ "EXCH01", "exch01" }, { "MÜLLER", "müller" }, { "mu\xCC\x88ller", "MÜLLER" }, { "ＭÜＬＬＥＲ－７", "müller-7" },
		{ "STRASSE", "straße" }, { "ﾃﾞｰﾀ", "データ" }, { "テ\xE3\x82\x99ータ", "データ" }, { "ΟΔΟΣ", "οδος" }, { "ИВАН", "иван" },
		{ "ﬁle", "FILE" }, { "㎆", "mb" }, { "㈱ヤマ", "(株)ヤマ" }, { "\xFC\x80", "\xFC\x80" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		same(rows[i][0], rows[i][1], true);
}

static void other_letters_stay_apart(void **state)
{
	static const char *const rows[][2] = {
		{ "Muller", "Müller" }, { "ハハ", "パパ" }, { "データ", "テータ" }, { "渡辺", "渡邊" }, { "раураl", "paypal" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		same(rows[i][0], rows[i][1], false);
}

/* What is folded stays as it is when it is folded again, also by what is remembered of other letters. */
static void folding_twice_changes_nothing(void **state)
{
	char once[FOLDED_MOST];

	(void)state;
	for (uint32_t rune = 1; rune < 0x20000; rune++) {
		struct text again = { 0 };
		size_t n;

		if (rune >= 0xD800 && rune < 0xE000)
			continue;
		n = rune_fold(once, rune);
		assert_in_range(n, 1, FOLDED_MOST - 1);
		once[n] = '\0';
		assert_true(utf8_valid(once, n));
		text_add_folded(&again, once);
		assert_string_equal(text_str(&again), once);
		text_free(&again);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(case_and_encoding_are_folded_away),
		cmocka_unit_test(other_letters_stay_apart),
		cmocka_unit_test(folding_twice_changes_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
