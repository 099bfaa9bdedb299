#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <unistd.h>

#include "render/document/figures.h"
#include "tests/unit/made_up.h"

/* What a reader can copy from the pages, by Debian's pdftotext; lines joined. */
static char *words_of(const struct text *pdf)
{
	char path[] = "/tmp/tsumugi-customer-XXXXXX", command[128];
	struct text out = { 0 };
	int fd = mkstemp(path), c;
	FILE *pipe;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, pdf->bytes, pdf->used), (ssize_t)pdf->used);
	close(fd);
	snprintf(command, sizeof(command), "pdftotext -raw %s - 2>&1", path);
	pipe = popen(command, "r");
	assert_non_null(pipe);
	while ((c = fgetc(pipe)) != EOF)
		if (c != '\n' && c != '\f')
			text_addc(&out, (char)c);
	assert_int_equal(pclose(pipe), 0);
	unlink(path);
	text_addc(&out, '\0');
	return out.bytes;
}

static char *report_of(enum language lang, uint32_t incident)
{
	struct made_up m;
	struct text pdf = { 0 };
	struct fault f = { 0 };
	char *words;

	assert_int_equal(made_up(&m, lang, 4, 500), 0);
	m.request.incident = &m.an.incidents[incident];
	if (report_customer(&pdf, &m.request, &f) < 0)
		fail_msg("%s", f.text);
	words = words_of(&pdf);
	text_free(&pdf);
	made_up_free(&m);
	return words;
}

static void has(const char *words, const char *wanted)
{
	if (strstr(words, wanted) == NULL)
		fail_msg("the report does not hold '%s'", wanted);
}

static void lacks(const char *words, const char *unwanted)
{
	const char *at = strstr(words, unwanted);

	if (at != NULL)
		fail_msg("the report holds '%.60s'", at);
}

static void every_incident_is_reported_in_both_languages(void **state)
{
	(void)state;
	for (int lang = 0; lang < LANGUAGES; lang++)
		for (uint32_t i = 0; i < 4; i++) {
			char *words = report_of((enum language)lang, i);

			has(words, "TLP:");
			has(words, lang == LANGUAGE_JA ? "未記入／要確認" : "to be filled in");
			has(words, lang == LANGUAGE_JA ? "影響範囲" : "Scope");
			has(words, "ATT&CK");
			/* A word that is missing prints its key. */
			lacks(words, "customer.");
			lacks(words, "lane.");
			lacks(words, "claim.");
			lacks(words, "chart.");
			/* Nothing a reader could open by accident. */
			lacks(words, "http:");
			lacks(words, "microsoftsoftwaredownload.com");
			free(words);
		}
}

static void who_wrote_it_is_said(void **state)
{
	char *words = report_of(LANGUAGE_EN, 0);

	(void)state;
	has(words, "written by the analysis engine, not yet reviewed");
	has(words, "EXCH01");
	has(words, "Antigena / Network / External Threat Block");
	free(words);
}

static void the_most_telling_steps_have_cards(void **state)
{
	char *words = report_of(LANGUAGE_JA, 0);

	(void)state;
	has(words, "主な段階の根拠");
	has(words, "このほかの5段階は、付録の「根拠ログ」に記載しています。");
	free(words);
}

static void the_same_request_gives_the_same_bytes(void **state)
{
	struct made_up m;
	struct text a = { 0 }, b = { 0 };

	(void)state;
	assert_int_equal(made_up(&m, LANGUAGE_JA, 4, 100), 0);
	assert_int_equal(report_customer(&a, &m.request, NULL), 0);
	assert_int_equal(report_customer(&b, &m.request, NULL), 0);
	assert_int_equal(a.used, b.used);
	assert_memory_equal(a.bytes, b.bytes, a.used);
	text_free(&a);
	text_free(&b);
	made_up_free(&m);
}

static void without_an_incident_there_is_a_sentence(void **state)
{
	struct made_up m;
	struct text pdf = { 0 };
	struct fault f = { 0 };

	(void)state;
	assert_int_equal(made_up(&m, LANGUAGE_EN, 0, 10), 0);
	assert_int_equal(report_customer(&pdf, &m.request, &f), -1);
	assert_string_equal(f.text, "customer report: the queue holds no incident to report on");
	assert_int_equal(pdf.used, 0);
	made_up_free(&m);
}

static void an_incident_with_hardly_anything_known_is_reported(void **state)
{
	struct made_up m;
	struct incident bare;
	struct narrative none[5] = { { .incident = "INC-BARE" } };
	struct analysis an;
	struct text pdf = { 0 };
	struct fault f = { 0 };

	(void)state;
	assert_int_equal(made_up(&m, LANGUAGE_EN, 1, 10), 0);
	bare = m.an.incidents[0];
	bare.host_count = bare.episode_count = 0;
	an = m.an;
	an.incidents = &bare;
	an.incident_count = an.queue_count = 1;
	m.request.an = &an;
	m.request.narratives = none;
	m.request.incident = NULL;
	if (report_customer(&pdf, &m.request, &f) < 0)
		fail_msg("%s", f.text);
	text_free(&pdf);
	made_up_free(&m);
}

/* The numbers of a caption are counted again from the story. */
static void captions_say_what_the_records_say(void **state)
{
	struct made_up m;
	struct typesetter ts = { NULL, LANGUAGE_EN };
	struct figures fg;
	struct chart_input in;
	struct chart_finding found;
	const char *claim, *caption;
	int64_t attack = 0, answers = 0;
	uint64_t alerts = 0;

	(void)state;
	assert_int_equal(made_up(&m, LANGUAGE_EN, 4, 500), 0);
	assert_int_equal(fonts_load(&ts.fonts, NULL), 0);
	figures_init(&fg, m.phrases, LANGUAGE_EN, &ts, &m.zone, m.arena);
	in = figures_input(&fg, &m.an, m.stories, 499.28);
	figures_tell(&fg, &in, &m.an.incidents[0], m.stories);
	chart_attack_timeline.draw(&in, &found);
	figures_caption(&fg, &chart_attack_timeline, &found, &claim, &caption);
	for (size_t i = 0; i < m.stories[0].beat_count; i++) {
		const struct beat *b = &m.stories[0].beats[i];

		attack += b->part == PART_STORY && b->at != INSTANT_NONE && !b->response;
		answers += b->part == PART_STORY && b->at != INSTANT_NONE && b->response;
	}
	has(claim, arena_printf(m.arena, "%d recorded step", (int)attack));
	if (answers > 0)
		has(claim, arena_printf(m.arena, "%d steps of automatic response", (int)answers));
	chart_week_overview.draw(&in, &found);
	figures_caption(&fg, &chart_week_overview, &found, &claim, &caption);
	for (uint32_t i = 0; i < m.week.mark_count; i++)
		alerts += m.week.marks[i].at >= m.week.first;
	has(claim, arena_printf(m.arena, "4 incidents stand out of %s alerts", story_count(LANGUAGE_EN, (int64_t)alerts, m.arena)));
	fonts_free(ts.fonts);
	made_up_free(&m);
}

/* Ten calls 20 s apart: the picture counts them again from the records. */
static void a_pace_is_drawn_from_the_records(void **state)
{
	struct made_up m;
	struct typesetter ts = { NULL, LANGUAGE_EN };
	struct figures fg;
	struct chart_input in;
	struct chart_finding found;
	struct beat *beats;
	const char *claim, *caption;

	(void)state;
	assert_int_equal(made_up(&m, LANGUAGE_EN, 4, 500), 0);
	assert_int_equal(fonts_load(&ts.fonts, NULL), 0);
	figures_init(&fg, m.phrases, LANGUAGE_EN, &ts, &m.zone, m.arena);
	in = figures_input(&fg, &m.an, m.stories, 499.28);
	figures_tell(&fg, &in, &m.an.incidents[0], m.stories);
	chart_beacon_intervals.draw(&in, &found);
	assert_int_equal(found.calls, 0);
	beats = (struct beat *)(uintptr_t)m.stories[0].beats;
	for (size_t i = 0; i < m.stories[0].beat_count; i++)
		if (strcmp(beats[i].key, "story.beacon") == 0)
			beats[i].facts[beats[i].fact_count++] = (struct fact){ .name = "interval", .kind = FACT_SPAN, .value = 20 * SECOND };
	chart_beacon_intervals.draw(&in, &found);
	assert_int_equal(found.calls, 10);
	assert_int_equal(found.pause, 20 * SECOND);
	assert_int_equal(found.deviation, 0);
	figures_caption(&fg, &chart_beacon_intervals, &found, &claim, &caption);
	assert_string_equal(claim, "Calls to microsoftsoftwaredownload[.]com come every 20 s: a machine's pace, not a person's");
	has(caption, "10 calls seen by one sensor");
	fonts_free(ts.fonts);
	made_up_free(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_incident_is_reported_in_both_languages),
		cmocka_unit_test(who_wrote_it_is_said),
		cmocka_unit_test(the_most_telling_steps_have_cards),
		cmocka_unit_test(the_same_request_gives_the_same_bytes),
		cmocka_unit_test(without_an_incident_there_is_a_sentence),
		cmocka_unit_test(an_incident_with_hardly_anything_known_is_reported),
		cmocka_unit_test(a_pace_is_drawn_from_the_records),
		cmocka_unit_test(captions_say_what_the_records_say),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
