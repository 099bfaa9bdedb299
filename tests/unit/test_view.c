/* A period of a case file as an analysis of its own: what it holds, what is counted in it, and that periods that
 * follow each other add up. The week is made by hand: twenty days with three incidents and alerts of no incident. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "analyst/base/arena.h"
#include "analyst/model/view.h"

#define START (INT64_C(1600000000) / 86400 * 86400 * SECOND)
#define MARKS 400
#define EPISODES 100

struct by_hand {
	struct arena *arena;
	struct week week;
	struct week_rule rules[3];
	struct week_entity entities[4];
	struct mark marks[MARKS];
	struct episode episodes[EPISODES];
	struct incident incidents[3];
	struct narrative told[3];
	struct analysis an;
};

enum { HOST_A, HOST_B, HOST_C, ADDRESS };

static int by_time(const void *pa, const void *pb)
{
	const struct mark *a = pa, *b = pb;

	return a->at != b->at ? (a->at < b->at ? -1 : 1) : a->key < b->key ? -1 : a->key > b->key;
}

/* row keeps which episode an alert is of until all are in order. */
static void burst(struct by_hand *m, uint32_t host, uint32_t rule, int64_t hour, uint32_t alerts, uint32_t every, uint32_t incident)
{
	struct episode *e = &m->episodes[m->an.episode_count++];

	assert_true(m->an.episode_count <= EPISODES && m->week.mark_count + alerts <= MARKS);
	*e = (struct episode){ .rule = rule, .host = host, .incident = incident, .count = alerts };
	for (uint32_t i = 0; i < alerts; i++) {
		struct mark *k = &m->marks[m->week.mark_count++];

		*k = (struct mark){ .at = START + (hour + i * every) * HOUR, .rule = rule, .key = m->week.mark_count,
		                    .row = m->an.episode_count - 1 };
		k->until = k->at;
	}
	e->first = START + hour * HOUR;
	e->last = e->first + (alerts - 1) * (int64_t)every * HOUR;
}

static void settle(struct by_hand *m)
{
	qsort(m->marks, m->week.mark_count, sizeof(*m->marks), by_time);
	for (uint32_t e = 0; e < m->an.episode_count; e++) {
		uint32_t *list = ARENA_ARRAY(m->arena, uint32_t, m->episodes[e].count), n = 0;

		for (uint32_t i = 0; i < m->week.mark_count; i++)
			if (m->marks[i].row == e)
				list[n++] = i;
		m->episodes[e].alerts = list;
	}
	for (uint32_t k = 0; k < m->an.incident_count; k++) {
		struct incident *in = &m->incidents[k];
		uint32_t *list = ARENA_ARRAY(m->arena, uint32_t, EPISODES);

		in->first = INT64_MAX;
		in->episode_count = in->alert_count = 0;
		for (uint32_t e = 0; e < m->an.episode_count; e++)
			if (m->episodes[e].incident == k) {
				list[in->episode_count++] = e;
				in->alert_count += m->episodes[e].count;
				in->first = m->episodes[e].first < in->first ? m->episodes[e].first : in->first;
				in->last = m->episodes[e].last > in->last ? m->episodes[e].last : in->last;
			}
		in->episodes = list;
	}
}

/* Incident 0: A, days 4 to 12. 1: B, day 10. 2, below the line: C, day 2. One quiet alert every 8 hours throughout.
 * B is known to its incident by an address only. */
static int set_up(void **state)
{
	static const uint32_t hosts[] = { HOST_A, HOST_B, HOST_C };
	struct by_hand *m = must_alloc(sizeof(*m));

	memset(m, 0, sizeof(*m));
	m->arena = arena_new();
	for (int i = 0; i < 3; i++)
		m->rules[i].rule.product = (const char *const[]){ "wazuh", "suricata", "darktrace" }[i];
	m->week.rules = m->rules;
	m->week.rule_count = 3;
	m->week.entities = m->entities;
	m->week.entity_count = 4;
	m->week.marks = m->marks;
	m->an.week = &m->week;
	m->an.episodes = m->episodes;
	m->an.incidents = m->incidents;
	m->an.incident_count = 3;
	m->an.queue_count = 2;
	for (uint32_t i = 0; i < 3; i++) {
		snprintf(m->incidents[i].id, sizeof(m->incidents[i].id), "INC-%u", i);
		m->told[i].incident = m->incidents[i].id;
		m->incidents[i].rank = i < 2 ? i + 1 : 0;
		m->incidents[i].hosts = &hosts[i];
		m->incidents[i].host_count = 1;
	}
	for (int i = 0; i < 9; i++)
		burst(m, HOST_A, 1, (4 + i) * 24 + 5, 4, 2, 0);
	burst(m, ADDRESS, 2, 10 * 24 + 3, 5, 1, 1);
	burst(m, HOST_C, 1, 2 * 24 + 1, 7, 1, 2);
	burst(m, HOST_C, 0, 0, 60, 8, NO_INCIDENT);
	settle(m);
	*state = m;
	return 0;
}

static int tear_down(void **state)
{
	struct by_hand *m = *state;

	arena_free(m->arena);
	free(m);
	return 0;
}

static instant day(int64_t n)
{
	return START + n * DAY;
}

static const struct analysis *look(struct by_hand *m, instant since, instant until, const struct narrative **told)
{
	const struct analysis *an = &m->an;

	*told = m->told;
	view_open(&an, told, since, until, m->arena);
	return an;
}

static void without_bounds_all_stays_as_it_is(void **state)
{
	struct by_hand *m = *state;
	const struct narrative *told;

	assert_ptr_equal(look(m, INSTANT_NONE, INSTANT_NONE, &told), &m->an);
	assert_ptr_equal(told, m->told);
	assert_int_equal(view_alerts(&m->an), m->week.mark_count);
	assert_int_equal(view_alerts_of(&m->an, &m->incidents[0]), 36);
	assert_false(view_from_before(&m->an, &m->incidents[0]));
	assert_int_equal(view_last(&m->an), m->marks[m->week.mark_count - 1].at);
}

static void incidents_without_an_alert_in_it_are_not_told_and_the_others_are_ranked_anew(void **state)
{
	struct by_hand *m = *state;
	const struct narrative *told;
	const struct analysis *an = look(m, day(10) + 2 * HOUR, day(10) + 5 * HOUR, &told);

	/* Incident 0 goes on before and after, but not within these hours. */
	assert_int_equal(an->incident_count, 1);
	assert_int_equal(an->queue_count, 1);
	assert_string_equal(an->incidents[0].id, "INC-1");
	assert_int_equal(an->incidents[0].rank, 1);
	assert_string_equal(told[0].incident, "INC-1");
	assert_int_equal(view_alerts_of(an, &an->incidents[0]), 2);
	assert_int_equal(an->incidents[0].alert_count, 5);
	assert_false(view_from_before(an, &an->incidents[0]));
	assert_true(view_goes_on(an, &an->incidents[0]));
	assert_int_equal(m->incidents[1].rank, 2);
}

static void episodes_know_the_numbers_of_their_incidents_in_view(void **state)
{
	struct by_hand *m = *state;
	const struct narrative *told;
	const struct analysis *an = look(m, day(9), INSTANT_NONE, &told);

	assert_int_equal(an->incident_count, 2);
	for (uint32_t i = 0; i < an->episode_count; i++) {
		uint32_t was = m->episodes[i].incident, is = an->episodes[i].incident;

		if (was == NO_INCIDENT || was == 2)
			assert_int_equal(is, NO_INCIDENT);
		else
			assert_string_equal(an->incidents[is].id, m->incidents[was].id);
	}
	assert_true(view_from_before(an, &an->incidents[0]));
	assert_false(view_goes_on(an, &an->incidents[0]));
}

/* Whatever the cut, also through the middle of an episode. */
static void periods_that_follow_each_other_add_up(void **state)
{
	struct by_hand *m = *state;

	for (int64_t hour = 0; hour < 20 * 24; hour += 5) {
		instant cut = START + hour * HOUR;
		const struct narrative *told;
		const struct analysis *parts[2] = { look(m, INSTANT_NONE, cut, &told), look(m, cut, INSTANT_NONE, &told) };
		uint32_t alerts = 0, of[3] = { 0 };

		for (int p = 0; p < 2; p++) {
			alerts += view_alerts(parts[p]);
			for (uint32_t i = 0; i < parts[p]->incident_count; i++)
				of[atoi(parts[p]->incidents[i].id + 4)] += view_alerts_of(parts[p], &parts[p]->incidents[i]);
			for (uint32_t i = 0; i < m->week.mark_count; i++)
				assert_int_equal(view_holds(parts[p], i), (m->marks[i].at >= cut) == p);
		}
		assert_int_equal(alerts, m->week.mark_count);
		for (int i = 0; i < 3; i++)
			assert_int_equal(of[i], m->incidents[i].alert_count);
	}
}

static void a_period_beside_the_records_holds_nothing(void **state)
{
	struct by_hand *m = *state;
	const struct narrative *told;
	const struct analysis *an = look(m, day(100), day(107), &told);

	assert_int_equal(view_alerts(an), 0);
	assert_int_equal(view_episodes(an), 0);
	assert_int_equal(an->incident_count, 0);
	assert_int_equal(an->queue_count, 0);
	assert_true(view_last(an) == INSTANT_NONE);
	assert_ptr_equal(view_whole(an), &m->an);
}

/* ---- what a period comes to ---- */

static void incidents_are_new_from_before_or_not_seen_again(void **state)
{
	struct by_hand *m = *state;
	struct stretch s;

	stretch_count(&s, &m->an, day(0), day(7), m->arena);
	assert_int_equal(s.incidents, 1);
	assert_int_equal(s.fresh, 1);
	assert_int_equal(s.gone, 0);
	stretch_count(&s, &m->an, day(7), day(14), m->arena);
	assert_int_equal(s.alerts, 24 + 5 + 21);
	assert_int_equal(s.incidents, 2);
	assert_int_equal(s.fresh, 1);
	assert_int_equal(s.hosts, 2);
	stretch_count(&s, &m->an, day(14), day(21), m->arena);
	assert_int_equal(s.incidents, 0);
	assert_int_equal(s.gone, 2);
	assert_int_equal(s.hosts, 0);
}

static void a_machine_counts_by_the_alerts_that_name_it(void **state)
{
	struct by_hand *m = *state;
	static const uint32_t both[] = { HOST_A, HOST_C };
	struct stretch s;

	/* C takes part on day 2 only. */
	m->episodes[10].incident = 0;
	m->incidents[0].hosts = both;
	m->incidents[0].host_count = 2;
	settle(m);
	stretch_count(&s, &m->an, day(2), day(9), m->arena);
	assert_int_equal(s.hosts, 2);
	stretch_count(&s, &m->an, day(5), day(9), m->arena);
	assert_int_equal(s.hosts, 1);
}

static void a_stretch_is_of_the_whole_case_file_whatever_is_in_view(void **state)
{
	struct by_hand *m = *state;
	const struct narrative *told;
	const struct analysis *an = look(m, day(14), day(21), &told);
	struct stretch s, same;

	stretch_count(&s, an, day(7), day(14), m->arena);
	stretch_count(&same, &m->an, day(7), day(14), m->arena);
	assert_int_equal(s.incidents, 2);
	assert_int_equal(s.alerts, same.alerts);
}

static void sources_and_days_are_those_with_records(void **state)
{
	struct by_hand *m = *state;
	static const int64_t hours[] = { START / HOUR + 22 * 24, START / HOUR + 22 * 24 + 30 };
	const struct sensor sensors[] = { { "suricata-eve", hours, 2, 2 }, { "zeek", hours + 1, 1, 1 } };
	const struct week_hour counted[] = { { hours[0], TELEMETRY_CONNECTION, 1, 0, 0 }, { hours[1], TELEMETRY_CONNECTION, 2, 0, 0 } };
	struct stretch s;

	m->week.sensors = sensors;
	m->week.sensor_count = 2;
	m->week.hours = counted;
	m->week.hour_count = 2;
	stretch_count(&s, &m->an, day(7), day(14), m->arena);
	assert_int_equal(s.source_count, 3);
	assert_string_equal(s.sources[0], "darktrace");
	assert_int_equal(s.days, 7);
	assert_int_equal(s.recorded, 7);
	/* No alert, but telemetry on two days; what the product suricata writes goes by its name. */
	stretch_count(&s, &m->an, day(21), day(26), m->arena);
	assert_int_equal(s.source_count, 2);
	assert_string_equal(s.sources[0], "suricata");
	assert_string_equal(s.sources[1], "zeek");
	assert_int_equal(s.days, 5);
	assert_int_equal(s.recorded, 2);
}

static void records_reach_from_the_first_to_the_last_of_any_kind(void **state)
{
	struct by_hand *m = *state;
	const struct week_hour hour = { START / HOUR - 5, TELEMETRY_LOG, 1, 0, 0 };
	const struct week none = { .mark_count = 0 };
	instant first, last;

	m->week.hours = &hour;
	m->week.hour_count = 1;
	assert_true(records_span(&m->week, &first, &last));
	assert_true(first == START - 5 * HOUR);
	assert_true(last == m->marks[m->week.mark_count - 1].at);
	assert_false(records_span(&none, &first, &last));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(without_bounds_all_stays_as_it_is),
		TEST(incidents_without_an_alert_in_it_are_not_told_and_the_others_are_ranked_anew),
		TEST(episodes_know_the_numbers_of_their_incidents_in_view),
		TEST(periods_that_follow_each_other_add_up),
		TEST(a_period_beside_the_records_holds_nothing),
		TEST(incidents_are_new_from_before_or_not_seen_again),
		TEST(a_machine_counts_by_the_alerts_that_name_it),
		TEST(a_stretch_is_of_the_whole_case_file_whatever_is_in_view),
		TEST(sources_and_days_are_those_with_records),
		TEST(records_reach_from_the_first_to_the_last_of_any_kind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
