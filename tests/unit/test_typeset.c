/* Glyphs and lines: what is escaped, how wide, where lines break. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "analyst/base/text.h"
#include "render/document/typeset.h"

static struct fonts *fonts;
static struct arena *arena;
static struct typesetter ja = { NULL, LANGUAGE_JA }, en = { NULL, LANGUAGE_EN };

static int set_up(void **state)
{
	struct fault f = { 0 };

	(void)state;
	arena = arena_new();
	if (fonts_load(&fonts, &f) < 0) {
		fprintf(stderr, "%s\n", f.text);
		return -1;
	}
	ja.fonts = en.fonts = fonts;
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	fonts_free(fonts);
	arena_free(arena);
	return 0;
}

/* What the glyphs of a string say when read off. */
static const char *read_off(const struct typesetter *ts, const char *s, enum face face)
{
	size_t n;
	struct glyph *g = typeset_line(ts, arena, s, 10, face, &n);
	struct text t = { 0 };
	const char *out;

	for (size_t i = 0; i < n; i++) {
		assert_true(g[i].gid > 0);
		assert_true(g[i].advance >= 0 && g[i].advance < 40);
		text_add_rune(&t, g[i].rune);
	}
	out = arena_dup(arena, text_str(&t));
	text_free(&t);
	return out;
}

static void what_hides_or_reorders_is_shown(void **state)
{
	static const char *const pairs[][2] = {
		{ "invoice_\xE2\x80\xAEgpj.exe", "invoice_‹U+202E›gpj.exe" }, { "a\x1B[31m", "a‹U+001B›[31m" },
		{ "tab\there", "tab‹U+0009›here" }, { "zero\xE2\x80\x8Bwidth", "zero‹U+200B›width" },
		{ "e\xCC\x81", "e‹U+0301›" }, { "\xF0\x9F\x92\xBB", "‹U+1F4BB›" }, { "\xD7\xA9", "‹U+05E9›" },
		{ "\xF0\xA0\xAE\xB7", "‹U+20BB7›" }, { "soft\xC2\xADhyphen", "soft‹U+00AD›hyphen" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
		assert_string_equal(read_off(&en, pairs[i][0], FACE_REGULAR), pairs[i][1]);
}

static void bytes_that_are_no_utf8_are_shown_and_the_rest_is_kept(void **state)
{
	(void)state;
	assert_string_equal(read_off(&en, "cmd\xFF\xFE.exe", FACE_MONO), "cmd‹xFF›‹xFE›.exe");
	assert_string_equal(read_off(&en, "\xE3" "abc", FACE_REGULAR), "‹xE3›abc");
	assert_string_equal(read_off(&en, "\xEF\xBF\xBD", FACE_REGULAR), read_off(&en, "\xEF\xBF\xBD", FACE_REGULAR));
}

static void a_cyrillic_letter_is_shown_in_identifiers_only(void **state)
{
	(void)state;
	assert_string_equal(read_off(&en, "p\xD0\xB0ypal", FACE_MONO), "p‹U+0430›ypal");
	assert_string_equal(read_off(&en, "p\xD0\xB0ypal", FACE_REGULAR), "p\xD0\xB0ypal");
}

static void every_byte_string_can_be_set(void **state)
{
	uint64_t seed = 1;
	char s[64];

	(void)state;
	for (int i = 0; i < 2000; i++) {
		size_t n = 1 + (size_t)(seed % 60);
		for (size_t k = 0; k < n; k++) {
			seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
			s[k] = (char)(seed >> 56);
			if (s[k] == '\0')
				s[k] = 'x';
		}
		s[n] = '\0';
		assert_true(isfinite(typeset_width(&ja, s, 9, i % 2 ? FACE_MONO : FACE_BOLD)));
		read_off(&ja, s, i % 2 ? FACE_MONO : FACE_BOLD);
	}
}

static void japanese_is_set_smaller_than_latin(void **state)
{
	(void)state;
	assert_float_equal(typeset_width(&ja, "紡", 10, FACE_REGULAR), 9.3, 0.01);
	assert_float_equal(typeset_width(&en, "紡", 10, FACE_REGULAR), 9.0, 0.01);
}

static void digits_are_equally_wide_and_pairs_are_kerned(void **state)
{
	(void)state;
	assert_float_equal(typeset_width(&en, "1111", 8, FACE_REGULAR), typeset_width(&en, "8888", 8, FACE_REGULAR), 0.001);
	assert_true(typeset_width(&en, "AV", 10, FACE_REGULAR) <
	            typeset_width(&en, "A", 10, FACE_REGULAR) + typeset_width(&en, "V", 10, FACE_REGULAR));
}

static struct setting *set(const struct typesetter *ts, const char *s, enum face face, double width)
{
	struct piece *p = arena_alloc(arena, sizeof *p);

	*p = (struct piece){ s, 9.2, face, 0, NULL };
	return typeset_paragraph(ts, arena, p, 1, width, 0);
}

static const char *line_text(const struct setting *s, size_t line)
{
	struct text t = { 0 };
	const char *out;

	for (size_t i = 0; i < s->lines[line].count; i++)
		text_add_rune(&t, s->glyphs[s->lines[line].first + i].rune);
	out = arena_dup(arena, text_str(&t));
	text_free(&t);
	return out;
}

static void no_line_breaks_the_kinsoku_rules(void **state)
{
	static const char *const parts[] = {
		"外部のアドレスから", "「管理者」", "サーバー", "ZIPを装った", "(CVE-2021-26855)", "、", "。", "取得しました", "っきゃっ",
		"々々", "2分27秒後", "メール・ファイル", "（参考）", "ー", "『二重』", "EXCH01", "が", "!?", "ヴァイオリン",
	};
	uint64_t seed = 7;

	(void)state;
	for (int i = 0; i < 400; i++) {
		struct text t = { 0 };
		struct setting *s;
		for (int k = 0; k < 25; k++) {
			seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
			text_add(&t, parts[(seed >> 40) % (sizeof parts / sizeof parts[0])]);
		}
		s = set(&ja, text_str(&t), FACE_REGULAR, 120 + i % 200);
		for (size_t l = 0; l < s->line_count; l++) {
			const struct setting_line *ln = &s->lines[l];
			assert_true(ln->count > 0);
			if (l > 0)
				assert_true(rune_may_begin_line(s->glyphs[ln->first].rune));
			if (l + 1 < s->line_count)
				assert_true(rune_may_end_line(s->glyphs[ln->first + ln->count - 1].rune));
			assert_true(ln->width <= 120 + i % 200 + 9.4);       /* one hanging mark */
		}
		text_free(&t);
	}
}

static void a_number_keeps_its_unit(void **state)
{
	(void)state;
	for (double w = 40; w < 200; w += 3) {
		struct setting *s = set(&en, "It sent 3.1 MB in 5 min 20 s to a host", FACE_REGULAR, w);
		for (size_t l = 0; l < s->line_count; l++) {
			assert_true(strncmp(line_text(s, l), "MB", 2) != 0);
			if (w > 60)
				assert_true(strncmp(line_text(s, l), "20 s", 4) != 0);
		}
	}
}

static void identifiers_break_at_slashes_or_at_the_edge(void **state)
{
	struct setting *s = set(&en, "hxxp://cdn.chatcdn[.]net/hig210305.zip", FACE_MONO, 150);
	struct setting *host = set(&en, "SRV-BKP-2.sample-trading.example", FACE_MONO, 400);

	(void)state;
	assert_string_equal(line_text(s, 0), "hxxp://cdn.chatcdn[.]net/");
	assert_int_equal(host->line_count, 1);
}

/* A reader takes "intranet_" at a line's end for a name of its own. */
static void a_name_is_not_torn_at_an_underscore(void **state)
{
	(void)state;
	for (double w = 90; w < 200; w += 2) {
		struct setting *s = set(&ja, "1月30日、intranet_serverが攻撃された", FACE_REGULAR, w);

		for (size_t l = 0; l < s->line_count; l++) {
			const char *t = line_text(s, l);

			assert_true(strstr(t, "intranet") == NULL || strstr(t, "intranet_server") != NULL);
		}
	}
}

static void a_hash_breaks_in_the_middle(void **state)
{
	struct setting *s = set(&en, "f31d06f55c00c7111e545304d58c7317a4f1b1848ba1396a5454d7367d70da06", FACE_MONO, 200);

	(void)state;
	assert_int_equal(s->line_count, 2);
	assert_int_equal(s->lines[0].count, 32);
}

static void an_escape_is_never_torn(void **state)
{
	(void)state;
	for (double w = 20; w < 90; w += 1) {
		struct setting *s = set(&en, "\xE2\x80\xAE\xE2\x80\xAE\xE2\x80\xAE", FACE_MONO, w);
		for (size_t l = 0; l < s->line_count; l++)
			assert_true(strncmp(line_text(s, l), "‹", strlen("‹")) == 0);
	}
}

static void what_is_cut_ends_with_an_ellipsis_and_fits(void **state)
{
	struct setting *s = set(&en, "Darktrace: Anomalous Connection / Powershell to Rare External", FACE_REGULAR, 100);

	(void)state;
	assert_true(setting_cut(&en, s, 1, 100));
	assert_int_equal(s->line_count, 1);
	assert_true(s->lines[0].width <= 100.01);
	assert_true(s->lines[0].width > 85);
	assert_true(strstr(line_text(s, 0), "…") != NULL);
	assert_false(setting_cut(&en, s, 1, 100));
}

static void nothing_is_one_empty_line(void **state)
{
	struct setting *s = set(&en, "", FACE_REGULAR, 100);

	(void)state;
	assert_int_equal(s->line_count, 1);
	assert_int_equal(s->lines[0].count, 0);
}

/* "|" is where a title may break; no other place between Japanese letters. */
static void japanese_titles_break_between_phrases_only(void **state)
{
	static const char *const titles[] = {
		"EXCH01が|ProxyLogonを|悪用して|侵害され、|約33分にわたり|操作されました",
		"管理者の|権限を|奪われた|可能性があります", "受け取った|添付ファイルを|開き、|乗っ取られた|端末",
		"書き込みと|読み出しを|繰り返した|プロセス", "お知らせとご連絡", "社内の|端末が|外部の|アドレスへ|通信した",
		"メールサーバーから|データを|持ち出した", "新しい|管理者アカウントを|作り、|ほかの|端末へ|移動した",
		"認証情報を|読み取り、|ランサムウェアDearCryを|実行した", "遮断された|「最後の|通信」を|確認",
	};

	(void)state;
	for (size_t t = 0; t < sizeof titles / sizeof titles[0]; t++) {
		uint32_t runes[128];
		bool may[129] = { false };
		size_t n = 0, taken;
		for (const char *s = titles[t]; *s != '\0'; s += taken) {
			uint32_t r = utf8_next(s, strlen(s), &taken);
			if (r == '|')
				may[n] = true;
			else
				runes[n++] = r;
		}
		for (size_t i = 1; i < n; i++)
			if (rune_may_begin_line(runes[i]) && rune_may_end_line(runes[i - 1]) && phrase_begins(runes, n, i) != may[i])
				fail_msg("title %zu: %s at %zu", t, may[i] ? "no break" : "a break", i);
	}
}

static void a_title_has_lines_of_about_one_length(void **state)
{
	const char *title = "3月11日、EXCH01がProxyLogonを悪用して侵害され、約33分にわたり操作されました";
	struct piece p = { title, 20, FACE_BOLD, 0, NULL };
	struct setting *s = typeset_paragraph(&ja, arena, &p, 1, 499, TYPESET_PHRASES | TYPESET_EVEN);

	(void)state;
	assert_int_equal(s->line_count, 2);
	assert_true(s->lines[1].width > 0.7 * s->lines[0].width);
	/* A phrase longer than the line is broken as anything else is. */
	assert_true(typeset_paragraph(&ja, arena, &p, 1, 60, TYPESET_PHRASES | TYPESET_EVEN)->width <= 60 + 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_hides_or_reorders_is_shown),
		cmocka_unit_test(bytes_that_are_no_utf8_are_shown_and_the_rest_is_kept),
		cmocka_unit_test(a_cyrillic_letter_is_shown_in_identifiers_only),
		cmocka_unit_test(every_byte_string_can_be_set),
		cmocka_unit_test(japanese_is_set_smaller_than_latin),
		cmocka_unit_test(digits_are_equally_wide_and_pairs_are_kerned),
		cmocka_unit_test(no_line_breaks_the_kinsoku_rules),
		cmocka_unit_test(a_number_keeps_its_unit),
		cmocka_unit_test(identifiers_break_at_slashes_or_at_the_edge),
		cmocka_unit_test(a_name_is_not_torn_at_an_underscore),
		cmocka_unit_test(a_hash_breaks_in_the_middle),
		cmocka_unit_test(an_escape_is_never_torn),
		cmocka_unit_test(what_is_cut_ends_with_an_ellipsis_and_fits),
		cmocka_unit_test(nothing_is_one_empty_line),
		cmocka_unit_test(japanese_titles_break_between_phrases_only),
		cmocka_unit_test(a_title_has_lines_of_about_one_length),
	};

	return cmocka_run_group_tests_name("typeset", tests, set_up, tear_down);
}
