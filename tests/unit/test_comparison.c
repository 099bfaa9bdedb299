/* A period beside the one before it: what is compared, when it is said to be known in part, and that the sentences say
 * what the counts are. The case files are made by hand: so many alerts a week. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "analyst/base/arena.h"
#include "render/document/comparison.h"

#define MARKS 1000

struct by_hand {
	struct arena *arena;
	struct phrases *phrases;
	struct zone zone;
	struct week_rule rules[2];
	struct week_entity entity;
	struct mark marks[MARKS];
	struct week week;
	struct analysis an;
	struct report_request rq;
};

static struct by_hand made;

static int set_up(void **state)
{
	struct fault f = { 0 };

	(void)state;
	memset(&made, 0, sizeof made);
	made.arena = arena_new();
	made.rules[0].rule.product = "suricata";
	made.rules[1].rule.product = "wazuh";
	made.week = (struct week){ .rules = made.rules, .rule_count = 2, .entities = &made.entity, .entity_count = 1, .marks = made.marks };
	made.an.week = &made.week;
	if (zone_load(&made.zone, "UTC", &f) < 0 || phrases_load(&made.phrases, "templates", &f) < 0)
		fail_msg("%s", f.text);
	made.rq = (struct report_request){ .an = &made.an, .phrases = made.phrases, .zone = &made.zone, .generated = INSTANT_NONE,
	                                   .since = INSTANT_NONE, .until = INSTANT_NONE };
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	phrases_free(made.phrases);
	zone_free(&made.zone);
	arena_free(made.arena);
	return 0;
}

/* Monday, 1 February 2021. */
static instant day(int64_t n)
{
	return civil_to_instant(2021, 2, 1, 0, 0, 0, &made.zone) + n * DAY;
}

/* Spread over the seven days from there on. */
static void alerts(instant from, uint32_t n, uint32_t rule)
{
	for (uint32_t i = 0; i < n; i++) {
		struct mark *m = &made.marks[made.week.mark_count++];

		assert_true(made.week.mark_count < MARKS);
		*m = (struct mark){ .at = from + (int64_t)i * 7 * DAY / n, .rule = rule };
		m->until = m->at;
	}
	made.week.first = made.marks[0].at;
	made.week.last = made.marks[made.week.mark_count - 1].at;
}

static void ask(instant since, instant until)
{
	const struct analysis *an = &made.an;
	const struct narrative *told = NULL;

	made.rq.since = since;
	made.rq.until = until;
	view_open(&an, &told, since, until, made.arena);
	made.rq.an = an;
}

static const char *said(enum language lang, struct comparison *c)
{
	made.rq.lang = lang;
	comparison_make(c, &made.rq, made.arena);
	return comparison_said(c, &made.rq, made.arena);
}

static void more_fewer_and_as_many_are_told_apart(void **state)
{
	struct comparison c;

	(void)state;
	alerts(day(0), 40, 0);
	alerts(day(7), 50, 0);
	alerts(day(14), 30, 0);
	alerts(day(21), 30, 0);
	ask(day(7), day(14));
	assert_non_null(strstr(said(LANGUAGE_EN, &c), "50 alerts, 10 more than in the week before (+25 %)."));
	assert_non_null(strstr(said(LANGUAGE_JA, &c), "アラート50件で、前週より10件増(+25%)。"));
	ask(day(14), day(21));
	assert_non_null(strstr(said(LANGUAGE_EN, &c), "30 alerts, 20 fewer than in the week before (\xE2\x88\x92""40 %)."));
	ask(day(21), day(28));
	assert_non_null(strstr(said(LANGUAGE_EN, &c), "30 alerts, as many as in the week before."));
	assert_non_null(strstr(said(LANGUAGE_JA, &c), "アラート30件で、前週と同数。"));
}

static void few_alerts_give_no_per_cent(void **state)
{
	struct comparison c;
	int64_t percent;

	(void)state;
	alerts(day(0), 4, 0);
	alerts(day(7), 70, 0);
	alerts(day(14), 4, 0);
	ask(day(7), day(14));
	assert_null(strstr(said(LANGUAGE_EN, &c), "%"));
	assert_false(comparison_share(&c, &percent));
	ask(day(14), day(21));
	assert_null(strstr(said(LANGUAGE_EN, &c), "%"));
}

static void per_cents_are_rounded_to_the_nearest(void **state)
{
	static const struct { uint32_t before, now; int64_t percent; } rows[] = {
		{ 8, 9, 13 }, { 8, 7, -13 }, { 300, 301, 0 }, { 300, 302, 1 }, { 6, 12, 100 }, { 7, 7, 0 },
	};
	struct comparison c = { .how = COMPARED_FULLY };
	int64_t percent;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		c.before.alerts = rows[i].before;
		c.now.alerts = rows[i].now;
		assert_true(comparison_share(&c, &percent));
		assert_int_equal(percent, rows[i].percent);
	}
}

static void what_the_records_hold_in_part_is_called_so_and_gets_no_per_cent(void **state)
{
	struct comparison c;

	(void)state;
	alerts(day(3), 40, 0);
	alerts(day(10), 40, 0);
	ask(day(7), day(14));
	assert_non_null(strstr(said(LANGUAGE_EN, &c), "The records begin on 4 Feb 2021, so the week before is known only in part."));
	assert_int_equal(c.how, COMPARED_PARTLY);
	assert_null(strstr(said(LANGUAGE_EN, &c), "%"));
	ask(day(14), day(21));
	assert_non_null(strstr(said(LANGUAGE_JA, &c), "対象期間は途中"));
	assert_int_equal(c.how, COMPARED_PARTLY);
}

static void a_week_alone_is_set_beside_nothing(void **state)
{
	struct comparison c;

	(void)state;
	said(LANGUAGE_EN, &c);
	assert_int_equal(c.how, COMPARED_NOT);
	alerts(day(0), 40, 0);
	assert_string_equal(said(LANGUAGE_EN, &c), "The case file holds no records of the week before to set this period beside.");
	assert_int_equal(c.how, COMPARED_NOT);
}

/* Without a period asked for, the last seven days; a week that touches eight days of the zone is still one week. */
static void of_a_longer_case_file_the_last_seven_days_are_compared(void **state)
{
	struct comparison c;

	(void)state;
	alerts(day(0) + 15 * HOUR, 40, 0);
	said(LANGUAGE_EN, &c);
	assert_false(c.last_days);
	alerts(day(7) + 15 * HOUR, 50, 0);
	assert_non_null(strstr(said(LANGUAGE_EN, &c), "Of the last seven days, from 9 February on: "));
	assert_true(c.last_days);
	assert_true(c.now.until - c.now.since == 7 * DAY);
	assert_true(c.before.until == c.now.since);
}

static void odd_lengths_are_set_beside_as_much_time(void **state)
{
	struct comparison c;

	(void)state;
	alerts(day(0), 70, 0);
	alerts(day(7), 70, 0);
	ask(day(7), day(10));
	assert_non_null(strstr(said(LANGUAGE_EN, &c), "as many as in the 3 days before"));
	assert_non_null(strstr(said(LANGUAGE_JA, &c), "直前の3日間と同数"));
	assert_true(c.before.since == day(4));
	ask(day(8), day(9));
	assert_non_null(strstr(said(LANGUAGE_EN, &c), "as many as in the day before"));
	assert_non_null(strstr(said(LANGUAGE_JA, &c), "前日と同数"));
}

static void new_and_silent_sources_are_named(void **state)
{
	struct comparison c;

	(void)state;
	alerts(day(0), 40, 0);
	alerts(day(7), 40, 1);
	ask(day(7), day(14));
	said(LANGUAGE_EN, &c);
	assert_int_equal(c.fresh_count, 1);
	assert_string_equal(c.fresh[0], "Wazuh");
	assert_int_equal(c.silent_count, 1);
	assert_string_equal(c.silent[0], "Suricata");
}

static void the_median_needs_four_periods_before(void **state)
{
	static const uint32_t weeks[] = { 10, 40, 21, 30, 99 };
	struct comparison c;

	(void)state;
	for (int i = 0; i < 5; i++)
		alerts(day(7 * i), weeks[i], 0);
	ask(day(28), day(35));
	said(LANGUAGE_EN, &c);
	assert_int_equal(c.alerts_twice, 21 + 30);
	ask(day(21), day(28));
	said(LANGUAGE_EN, &c);
	assert_int_equal(c.alerts_twice, -1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(more_fewer_and_as_many_are_told_apart),
		TEST(few_alerts_give_no_per_cent),
		TEST(per_cents_are_rounded_to_the_nearest),
		TEST(what_the_records_hold_in_part_is_called_so_and_gets_no_per_cent),
		TEST(a_week_alone_is_set_beside_nothing),
		TEST(of_a_longer_case_file_the_last_seven_days_are_compared),
		TEST(odd_lengths_are_set_beside_as_much_time),
		TEST(new_and_silent_sources_are_named),
		TEST(the_median_needs_four_periods_before),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
