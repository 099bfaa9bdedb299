/* Where lines break, beside ICU (UAX 14, Japanese, strict): ours breaks nowhere that ICU does not, but for the places
 * listed here. ICU is looked for when the test runs; Debian's libxml2 brings it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#include "analyst/base/text.h"
#include "render/document/typeset.h"
#include "tests/unit/shared.h"

#define LINE_BREAKER 2         /* UBRK_LINE */
#define TEXT_MOST 4000

static struct {
	void *library;
	void *(*open)(int type, const char *locale, const uint16_t *text, int32_t n, int *status);
	int32_t (*next)(void *breaker);
	void (*close)(void *breaker);
} icu;

static struct fonts *fonts;
static struct typesetter ja = { NULL, LANGUAGE_JA };

/* The names of ICU's functions end with its version. */
static bool find_function(void *out, const char *name, int version)
{
	char full[40];
	void *at;

	snprintf(full, sizeof full, "%s_%d", name, version);
	at = dlsym(icu.library, full);
	memcpy(out, &at, sizeof at);
	return at != NULL;
}

static bool find_icu(void)
{
	char name[40];

	for (int version = 60; version < 100; version++) {
		snprintf(name, sizeof name, "libicuuc.so.%d", version);
		if ((icu.library = dlopen(name, RTLD_NOW)) != NULL)
			return find_function(&icu.open, "ubrk_open", version) && find_function(&icu.next, "ubrk_next", version) &&
			       find_function(&icu.close, "ubrk_close", version);
	}
	return false;
}

static int set_up(void **state)
{
	struct fault f = { 0 };

	(void)state;
	if (fonts_load(&fonts, &f) < 0)
		return -1;
	ja.fonts = fonts;
	if (!find_icu())
		printf("icu: skipped, no libicuuc\n");
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	fonts_free(fonts);
	return 0;
}

static bool is_letter(uint32_t r)
{
	return (r >= 'a' && r <= 'z') || (r >= 'A' && r <= 'Z') || (r >= 0xC0 && r < 0x530);
}

/* Paths and addresses stand in prose too, and ICU would let them run over the margin: REPORTS.md section 4. */
static bool breaks_in_paths(uint32_t l, uint32_t r)
{
	return (l == '\\' || l == '&' || l == '=' || l == '_' || l == '/' || l == '?') && is_letter(r);
}

/* "、¥1,200": a reader pauses there, and UAX 14 thinks of "),$" only. */
static bool breaks_after_pause(uint32_t l)
{
	return l == 0x3001 || l == 0x3002;
}

/* "see /etc/passwd", "“x” (y)": UAX 14 looks over spaces for marks that are no part of what follows. */
static bool breaks_at_space(uint32_t l, uint32_t r)
{
	return l == ' ' && (r == '/' || r == 0x201C || r == '(' || r == '{' || r == 0xFF08 || r == 0x300C || r == 0x300E);
}

/* Fails at a break that ICU would not make. */
static void compare(const char *text)
{
	struct arena *a = arena_new();
	struct piece piece = { text, 9, FACE_REGULAR, 0, NULL };
	struct setting *s = typeset_paragraph(&ja, a, &piece, 1, 400, 0);
	size_t n = s->glyph_count < TEXT_MOST ? s->glyph_count : TEXT_MOST;
	bool ours[TEXT_MOST + 1] = { false }, theirs[TEXT_MOST + 1] = { false };
	uint16_t units[TEXT_MOST + 1];
	int status = 0;
	int32_t at;
	void *breaker;

	if (n == s->glyph_count)
		setting_breaks(s, ours);
	for (size_t i = 0; i < n; i++)
		units[i] = (uint16_t)s->glyphs[i].rune;
	breaker = icu.open(LINE_BREAKER, "ja@lb=strict", units, (int32_t)n, &status);
	assert_true(status <= 0);
	while ((at = icu.next(breaker)) >= 0)
		theirs[at] = true;
	icu.close(breaker);
	for (size_t i = 0; i + 1 < n; i++) {
		uint32_t l = units[i], r = units[i + 1];

		if (!ours[i] || theirs[i + 1] || s->glyphs[i].escape || s->glyphs[i + 1].escape || breaks_in_paths(l, r) ||
		    breaks_after_pause(l) || breaks_at_space(l, r))
			continue;
		fail_msg("a break between U+%04X and U+%04X that ICU does not make: %.300s", (unsigned)l, (unsigned)r, text);
	}
	arena_free(a);
}

static unsigned roll(uint64_t *seed, unsigned sides)
{
	*seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned)(*seed >> 33) % sides;
}

static void a_thousand_mixed_sentences(void **state)
{
	static const char *const parts[] = {
		"外部のアドレスから", "「管理者」", "サーバー", "ZIPを装った", "(CVE-2021-26855)", "、", "。", "取得しました", "っきゃっ",
		"々々", "2分27秒後", "メール・ファイル", "（参考）", "ー", "『二重』", "EXCH01", "が", "!?", "ヴァイオリン", " ", "　",
		"the mail server", "follow-up", "3.1 MB", "https://example.test/a/b?c=d&e=f#g", "C:\\Windows\\Temp\\x.exe",
		"100%", "¥1,200", "$5", "±3", "№7", "10.1.2.3", "a—b", "\"quoted\"", "“curly”", "…", "‥", "5–7", "ｱｲｳ", "＋", "％", "〜",
		"\xE2\x80\xAE", "\xFF", "\t", "10:15:30", "2021-03-11T09:12:04Z", "user@example.test", "[E1]", "{x}", "→", "①", "㈱", "℃",
	};
	uint64_t seed = 11;

	(void)state;
	if (icu.close == NULL)
		skip();
	for (int i = 0; i < 1000; i++) {
		struct text t = { 0 };

		for (unsigned k = 0; k < 30; k++)
			text_add(&t, parts[roll(&seed, sizeof parts / sizeof parts[0])]);
		compare(text_str(&t));
		text_free(&t);
	}
}

static void every_pair_of_characters(void **state)
{
	static const struct { uint32_t first, last; } blocks[] = {
		{ 0x20, 0x7E }, { 0xA1, 0xFF }, { 0x2010, 0x2027 }, { 0x2030, 0x205E }, { 0x3000, 0x3030 }, { 0x3041, 0x304A },
		{ 0x3095, 0x30A4 }, { 0x30F0, 0x30FF }, { 0x4E00, 0x4E03 }, { 0xFF01, 0xFF20 }, { 0xFF5B, 0xFF66 }, { 0xFFE0, 0xFFE6 },
	};
	uint32_t all[600];
	size_t n = 0;

	(void)state;
	if (icu.close == NULL)
		skip();
	for (size_t b = 0; b < sizeof blocks / sizeof blocks[0]; b++)
		for (uint32_t r = blocks[b].first; r <= blocks[b].last; r++)
			all[n++] = r;
	for (size_t i = 0; i < n; i++) {
		struct text t = { 0 };

		for (size_t k = 0; k < n; k++) {
			text_add_rune(&t, 0x5B57);
			text_add_rune(&t, all[i]);
			text_add_rune(&t, all[k]);
		}
		compare(text_str(&t));
		text_free(&t);
	}
}

static void strings_that_break_programs(void **state)
{
	char line[4096];
	FILE *in;

	(void)state;
	if (icu.close == NULL || !shared_has("data/edge/blns/blns.txt"))
		skip();
	in = fopen(shared_path("data/edge/blns/blns.txt"), "r");
	assert_non_null(in);
	while (fgets(line, sizeof line, in) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		compare(line);
	}
	fclose(in);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_thousand_mixed_sentences),
		cmocka_unit_test(every_pair_of_characters),
		cmocka_unit_test(strings_that_break_programs),
	};

	return cmocka_run_group_tests_name("icu", tests, set_up, tear_down);
}
