/* The weekly report of a made-up week, looked at with other people's tools: is it valid, can it be read
 * and copied, does it keep its margins, does it say the same each time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <unistd.h>

#include "analyst/base/text.h"
#include "render/document/pdf.h"
#include "tests/unit/made_up.h"

static char path[] = "/tmp/tsumugi-test-XXXXXX";

static int set_up(void **state)
{
	int fd = mkstemp(path);

	(void)state;
	return fd < 0 ? -1 : close(fd);
}

static int tear_down(void **state)
{
	(void)state;
	return unlink(path);
}

static void make(struct made_up *m, struct text *out)
{
	struct fault f = { 0 };
	FILE *file;

	if (report_weekly(out, &m->request, &f) < 0)
		fail_msg("%s", f.text);
	file = fopen(path, "wb");
	assert_non_null(file);
	assert_int_equal(fwrite(out->bytes, 1, out->used, file), out->used);
	assert_int_equal(fclose(file), 0);
}

/* What a command prints about the file; %s in it is the file. Fails when the command does. */
static char *ask(const char *command)
{
	struct text line = { 0 }, answer = { 0 };
	char part[4096];
	const char *at = strstr(command, "%s");
	FILE *p;
	size_t n;
	char *out;

	text_addn(&line, command, (size_t)(at - command));
	text_printf(&line, "%s%s", path, at + 2);
	p = popen(text_str(&line), "r");
	assert_non_null(p);
	/* Fonts lie in the file as bytes; without their zeros the rest can be searched as a string. */
	while ((n = fread(part, 1, sizeof part, p)) > 0)
		for (size_t i = 0; i < n; i++)
			if (part[i] != '\0')
				text_addc(&answer, part[i]);
	if (pclose(p) != 0)
		fail_msg("%s failed: %s", text_str(&line), text_str(&answer));
	out = strdup(text_str(&answer));
	text_free(&line);
	text_free(&answer);
	return out;
}

/* Lines run together, so that a sentence is found where the page broke it. */
static char *all_words(bool spaces)
{
	char *s = ask("pdftotext -raw %s - 2>&1"), *to = s;

	for (char *from = s; *from != '\0'; from++) {
		if (*from != '\n' && *from != '\f')
			*to++ = *from;
		else if (spaces)
			*to++ = ' ';
	}
	*to = '\0';
	return s;
}

static size_t count(const char *s, const char *what)
{
	size_t n = 0;

	for (; (s = strstr(s, what)) != NULL; s += strlen(what))
		n++;
	return n;
}

static void is_valid(void)
{
	char *s = ask("qpdf --check %s 2>&1"), *fonts = ask("pdffonts %s 2>&1"), *line;

	free(s);
	line = strstr(fonts, "TSUMU");
	assert_non_null(line);
	for (; line != NULL; line = strstr(line + 1, "TSUMU"))
		assert_non_null(strstr(line, "yes yes yes"));
	free(fonts);
}

static void every_page_is_labelled_and_numbered(void)
{
	char *info = ask("pdfinfo %s"), *pages = strstr(info, "Pages:");
	int n = atoi(pages + 6);
	char command[200], number[32];

	assert_true(n > 0);
	for (int i = 1; i <= n; i++) {
		char *s;
		snprintf(command, sizeof command, "pdftotext -raw -f %d -l %d %%s -", i, i);
		snprintf(number, sizeof number, "%d / %d\n", i, n);
		s = ask(command);
		assert_int_equal(count(s, "TLP:AMBER"), 2);
		assert_non_null(strstr(s, number));
		free(s);
	}
	free(info);
}

static void text_keeps_the_margins(void)
{
	char *s = ask("pdftotext -bbox %s -"), *at = s;

	while ((at = strstr(at, "<word xMin=\"")) != NULL) {
		double x0, y0, x1, y1;
		assert_int_equal(sscanf(at, "<word xMin=\"%lf\" yMin=\"%lf\" xMax=\"%lf\" yMax=\"%lf\"", &x0, &y0, &x1, &y1), 4);
		assert_true(x0 > 47.5 && x1 < 547.28 + 10.5);
		assert_true(y0 > 26 && y1 < 823);
		at++;
	}
	free(s);
}

static void no_letter_is_below_the_floor(void)
{
	char *s = ask("qpdf --qdf --object-streams=disable %s -"), *at = s;

	while ((at = strstr(at, "\n/F")) != NULL) {
		double size;
		int font;
		if (sscanf(at, "\n/F%d %lf Tf", &font, &size) == 2)
			assert_true(size >= (font == 6 || font == 7 ? 4.7 : 5.19));    /* escapes and Japanese are set smaller */
		at++;
	}
	assert_null(strstr(s, "/SMask"));
	assert_null(strstr(s, "/URI"));
	assert_null(strstr(s, "/JavaScript"));
	free(s);
}

static void check_all(enum language lang, uint32_t incidents, uint32_t noise)
{
	struct made_up m;
	struct text a = { 0 }, b = { 0 };
	char *words;

	assert_int_equal(made_up(&m, lang, incidents, noise), 0);
	make(&m, &b);
	make(&m, &a);
	assert_int_equal(a.used, b.used);
	assert_memory_equal(a.bytes, b.bytes, a.used);
	is_valid();
	every_page_is_labelled_and_numbered();
	text_keeps_the_margins();
	no_letter_is_below_the_floor();
	words = all_words(true);
	/* A key without a word would be printed as itself. */
	assert_null(strstr(words, "weekly."));
	assert_null(strstr(words, "facts."));
	assert_null(strstr(words, "chart."));
	assert_null(strstr(words, "totals."));
	assert_null(strstr(words, "http://"));
	free(words);
	text_free(&a);
	text_free(&b);
	made_up_free(&m);
}

static void an_english_week(void **state)
{
	(void)state;
	check_all(LANGUAGE_EN, 4, 1050);
}

static void a_japanese_week(void **state)
{
	(void)state;
	check_all(LANGUAGE_JA, 4, 1050);
}

static void weeks_with_little_in_them(void **state)
{
	static const uint32_t cases[][2] = { { 0, 0 }, { 0, 1 }, { 0, 300 }, { 1, 0 }, { 3, 5 } };

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		check_all(i % 2 ? LANGUAGE_JA : LANGUAGE_EN, cases[i][0], cases[i][1]);
}

static void what_was_told_can_be_copied_from_the_page(void **state)
{
	struct made_up m;
	struct text out = { 0 };
	char *s;

	(void)state;
	made_up(&m, LANGUAGE_EN, 4, 1050);
	make(&m, &out);
	s = all_words(true);
	assert_non_null(strstr(s, "One of four incidents needs you today"));
	assert_non_null(strstr(s, "4 incidents hold 157 of the 1,207 alerts"));
	assert_non_null(strstr(s, "ET EXPLOIT Microsoft Exchange Server SSRF"));
	assert_non_null(strstr(s, "microsoftsoftwaredownload[.]com"));
	assert_null(strstr(s, "microsoftsoftwaredownload.com"));
	assert_non_null(strstr(s, "All alerts – 1,207"));
	/* The story and its evidence are shortened, the caption is the customer report's. */
	assert_non_null(strstr(s, "steps; the others: show 1 --evidence"));
	assert_non_null(strstr(s, "6 recorded steps"));
	free(s);
	made_up_free(&m);
	text_clear(&out);
	made_up(&m, LANGUAGE_JA, 4, 1050);
	make(&m, &out);
	s = all_words(false);
	assert_non_null(strstr(s, "4件のうち本日対応が必要なのは1件: "));
	assert_non_null(strstr(s, "インシデント4件が、アラート1,207件のうち157件を占める"));
	assert_non_null(strstr(s, "観測できなかった範囲"));
	free(s);
	made_up_free(&m);
	text_free(&out);
}

/* Without a date given, the document's is the end of the records, in words and in the file's description. */
static void the_clock_is_never_asked(void **state)
{
	struct made_up m;
	struct text out = { 0 };
	char *s;

	(void)state;
	for (int lang = 0; lang < LANGUAGES; lang++) {
		made_up(&m, (enum language)lang, 4, 300);
		m.request.generated = INSTANT_NONE;
		make(&m, &out);
		s = all_words(false);
		assert_non_null(strstr(s, lang == LANGUAGE_JA ? "JSTまでの記録" : "Records until 14 Mar 2021"));
		free(s);
		s = ask("pdfinfo -isodates %s");
		assert_non_null(strstr(s, "CreationDate:    2021-03-14T"));
		free(s);
		made_up_free(&m);
		text_clear(&out);
	}
	/* No alert, no period: no date at all rather than an invented one. */
	made_up(&m, LANGUAGE_EN, 0, 0);
	m.request.generated = INSTANT_NONE;
	make(&m, &out);
	is_valid();
	s = all_words(true);
	assert_non_null(strstr(s, "no records"));
	assert_null(strstr(s, "1970"));
	free(s);
	s = ask("pdfinfo %s");
	assert_null(strstr(s, "CreationDate"));
	free(s);
	made_up_free(&m);
	text_free(&out);
}

static void hostile_names_are_shown_as_they_are(void **state)
{
	static const char *const names[] = {
		"invoice_\xE2\x80\xAEgpj.exe", "a\xFF\xFE\x1B[31mb", ") Tj ET (x", "<script>alert(1)</script>",
		"ip-10-143-22-201-very-long-autogenerated-name-of-a-machine.eu-central-1.compute.internal.corp.example",
		"\xF0\x9F\x92\xA5\xD7\xA9\xCC\x81\xE2\x80\x8B",
	};
	struct made_up m;
	struct text out = { 0 };
	struct week_entity *e;
	char *s;

	(void)state;
	made_up(&m, LANGUAGE_JA, 4, 20);
	e = (struct week_entity *)(uintptr_t)m.week.entities;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		e[i].shown = e[i].value = names[i];
	m.request.organisation = names[0];
	m.request.customer = names[1];
	m.source.name = names[4];
	make(&m, &out);
	is_valid();
	text_keeps_the_margins();
	s = all_words(false);
	assert_null(strstr(s, "\xE2\x80\xAE"));
	assert_non_null(strstr(s, "‹U+202E›gpj.exe"));
	free(s);
	text_free(&out);
	made_up_free(&m);
}

static void an_unknown_label_is_read_as_a_strict_one(void **state)
{
	struct made_up m;
	struct text out = { 0 };
	char *s;

	(void)state;
	made_up(&m, LANGUAGE_EN, 1, 3);
	m.request.tlp = "PUCE";
	make(&m, &out);
	s = all_words(true);
	assert_non_null(strstr(s, "TLP:AMBER+STRICT"));
	free(s);
	text_free(&out);
	made_up_free(&m);
}

static void links_lead_to_evidence_and_sections_are_bookmarked(void **state)
{
	struct made_up m;
	struct text out = { 0 };
	char *s;

	(void)state;
	made_up(&m, LANGUAGE_EN, 4, 20);
	make(&m, &out);
	s = ask("qpdf --qdf --object-streams=disable %s -");
	assert_true(count(s, "/Subtype /Link") >= 9);
	assert_true(count(s, "/XYZ") >= 9 + 8);
	assert_non_null(strstr(s, "/Outlines"));
	assert_non_null(strstr(s, "/Lang (en-GB)"));
	free(s);
	text_free(&out);
	made_up_free(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_english_week),
		cmocka_unit_test(a_japanese_week),
		cmocka_unit_test(weeks_with_little_in_them),
		cmocka_unit_test(what_was_told_can_be_copied_from_the_page),
		cmocka_unit_test(the_clock_is_never_asked),
		cmocka_unit_test(hostile_names_are_shown_as_they_are),
		cmocka_unit_test(an_unknown_label_is_read_as_a_strict_one),
		cmocka_unit_test(links_lead_to_evidence_and_sections_are_bookmarked),
	};

	return cmocka_run_group_tests_name("report", tests, set_up, tear_down);
}
