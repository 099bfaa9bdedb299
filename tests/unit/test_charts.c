#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>

#include "tests/unit/chart_fixture.h"

/* ---- what must hold for every picture ---- */

struct box {
	double x1, y1, x2, y2;
};

static struct box box_of(const struct shape *s)
{
	double w = fixture_width(NULL, s->string, s->size, s->face);
	double x = s->align == ALIGN_LEFT ? s->x : s->align == ALIGN_CENTRE ? s->x - w / 2 : s->x - w;

	return (struct box){ x, s->y - 0.72 * s->size, x + w, s->y + 0.2 * s->size };
}

static void no_text_overlaps(const struct scene *sc)
{
	const struct shape *s;
	size_t n;

	s = scene_shapes(sc, &n);
	for (size_t i = 0; i < n; i++)
		for (size_t j = i + 1; j < n && s[i].kind == SHAPE_TEXT; j++) {
			struct box a, b;

			if (s[j].kind != SHAPE_TEXT)
				continue;
			a = box_of(&s[i]);
			b = box_of(&s[j]);
			if (fmin(a.x2, b.x2) - fmax(a.x1, b.x1) > 1 && fmin(a.y2, b.y2) - fmax(a.y1, b.y1) > 1)
				fail_msg("'%s' and '%s' overlap", s[i].string, s[j].string);
		}
}

static void all_is_inside(const struct scene *sc)
{
	double w = scene_width(sc), h = scene_height(sc);
	const struct shape *s;
	size_t n;

	s = scene_shapes(sc, &n);
	for (size_t i = 0; i < n; i++) {
		struct box b;

		for (size_t j = 0; j < s[i].step_count; j++)
			if (s[i].steps[j].kind != STEP_CLOSE &&
			    (s[i].steps[j].x < -2 || s[i].steps[j].x > w + 2 || s[i].steps[j].y < -2 || s[i].steps[j].y > h + 2))
				fail_msg("a shape at %.1f %.1f leaves %.1f x %.1f", s[i].steps[j].x, s[i].steps[j].y, w, h);
		if (s[i].kind != SHAPE_TEXT)
			continue;
		b = box_of(&s[i]);
		if (b.x1 < -10 || b.x2 > w + 10 || b.y1 < -2 || b.y2 > h + 2)
			fail_msg("'%s' leaves the picture", s[i].string);
		assert_true(utf8_valid(s[i].string, strlen(s[i].string)));
		assert_true(s[i].size >= 5.8);
	}
}

static struct scene *drawn(const struct chart *c, struct fixture *fx, struct chart_finding *found)
{
	struct scene *sc = c->draw(&fx->in, found);

	no_text_overlaps(sc);
	all_is_inside(sc);
	return sc;
}

static const struct shape *text_of(const struct scene *sc, const char *string)
{
	const struct shape *s;
	size_t n;

	s = scene_shapes(sc, &n);
	for (size_t i = 0; i < n; i++)
		if (s[i].kind == SHAPE_TEXT && strcmp(s[i].string, string) == 0)
			return &s[i];
	return NULL;
}

static const struct shape *note_of(const struct scene *sc, const char *part)
{
	const struct shape *s;
	size_t n;

	s = scene_shapes(sc, &n);
	for (size_t i = 0; i < n; i++)
		if (s[i].kind == SHAPE_NOTE && strstr(s[i].string, part) != NULL)
			return &s[i];
	return NULL;
}

/* ---- attack timeline ---- */

static void the_story_of_the_sample_is_numbered_in_lanes(void **state)
{
	static const char *const order[] = { "External attacker", "EXCH01", "Download site", "C2 channel", "Mining pool",
	                                     "Cloud storage", "Automatic response", "Analyst" };
	struct fixture *fx = fixture_new();
	struct chart_finding found;
	struct scene *sc;
	double y = 0;

	(void)state;
	fixture_story(fx);
	sc = drawn(&chart_attack_timeline, fx, &found);
	assert_int_equal(found.event_count, 11);
	assert_int_equal(found.hidden, 0);
	assert_int_equal(found.steps[SIDE_ATTACK], 6);
	assert_int_equal(found.steps[SIDE_RESPONSE], 4);
	assert_int_equal(found.steps[SIDE_ANALYST], 1);
	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		const struct shape *t = text_of(sc, order[i]);

		assert_non_null(t);
		assert_true(t->y > y);
		y = t->y;
	}
	assert_non_null(text_of(sc, "microsoftsoftwaredownload[.]com"));
	assert_non_null(text_of(sc, "09:14:38"));
	assert_non_null(text_of(sc, "09:10"));
	assert_non_null(text_of(sc, "10:10"));
	assert_null(note_of(sc, "microsoftsoftwaredownload.com"));
	fixture_free(fx);
}

static void every_event_carries_its_alerts(void **state)
{
	struct fixture *fx = fixture_new();
	struct chart_finding found;
	struct scene *sc;

	(void)state;
	fixture_story(fx);
	sc = drawn(&chart_attack_timeline, fx, &found);
	for (size_t i = 0; i < found.event_count; i++) {
		const struct beat *b = &fx->beats[found.events[i].beat];
		const struct shape *note = note_of(sc, arena_printf(fx->arena, "%zu 09:", i + 1));

		if (i == 10)
			note = note_of(sc, "11 10:06:00");
		assert_non_null(note);
		assert_int_equal(note->proof_count, fx->episodes[b->episodes[0]].count);
		assert_int_equal(note->proof[0], fx->marks[fx->episodes[b->episodes[0]].alerts[0]].key);
	}
	fixture_free(fx);
}

static void one_event_is_a_picture(void **state)
{
	struct fixture *fx = fixture_new();
	struct chart_finding found;

	(void)state;
	fixture_beat(fx, "story.exploit", fixture_at(fx, 11, 9, 12, 4), 2, "203.0.113.45", "EXCH01");
	drawn(&chart_attack_timeline, fx, &found);
	assert_int_equal(found.event_count, 1);
	fixture_free(fx);
}

static void no_event_is_a_sentence(void **state)
{
	struct fixture *fx = fixture_new();
	struct chart_finding found;

	(void)state;
	assert_non_null(text_of(drawn(&chart_attack_timeline, fx, &found), "No events"));
	assert_int_equal(found.event_count, 0);
	fixture_free(fx);
}

static void too_many_events_keep_the_ends_of_each_tactic(void **state)
{
	struct fixture *fx = fixture_new();
	struct chart_finding found;
	bool tactic[4] = { false };
	size_t last = 0;

	(void)state;
	for (int i = 0; i < 60; i++)
		fixture_beat(fx, "story.x", fixture_at(fx, 8 + i / 10, 9, i, 0), i / 15,
		             arena_printf(fx->arena, "198.51.100.%d", i), arena_printf(fx->arena, "10.0.0.%d", i));
	drawn(&chart_attack_timeline, fx, &found);
	assert_int_equal(found.event_count + found.hidden, 60);
	assert_in_range(found.event_count, 11, 14);
	for (size_t i = 0; i < found.event_count; i++) {
		tactic[fx->beats[found.events[i].beat].tactic] = true;
		assert_true(i == 0 || found.events[i].beat > last);
		last = found.events[i].beat;
	}
	assert_true(tactic[0] && tactic[1] && tactic[2] && tactic[3]);
	assert_int_equal(found.events[0].beat, 0);
	assert_int_equal(last, 59);
	fixture_free(fx);
}

static void long_and_hostile_names_stay_in_their_lane(void **state)
{
	struct fixture *fx = fixture_new();
	struct chart_finding found;

	(void)state;
	fixture_beat(fx, "story.x", fixture_at(fx, 11, 9, 0, 0), 3,
	             "ip-10-143-22-201-very-long-autogenerated-name-eu-central-1.compute.internal.corp.example-and-more",
	             "\xE2\x80\xAEgpj.exe\n\x1B[31m\xFF");
	fixture_beat(fx, "story.x", fixture_at(fx, 11, 9, 0, 0), 3, "<script>alert(1)</script>", ") Tj ET (");
	fixture_beat(fx, "story.x", civil_to_instant(2199, 12, 31, 0, 0, 0, &fx->zone), 99, "", "");
	fixture_beat(fx, "story.x", 0, -7, NULL, NULL);
	drawn(&chart_attack_timeline, fx, &found);
	assert_int_equal(found.event_count, 4);
	fixture_free(fx);
}

static void beats_of_one_instant_stay_apart(void **state)
{
	struct fixture *fx = fixture_new();
	struct chart_finding found;

	(void)state;
	for (int i = 0; i < 14; i++)
		fixture_beat(fx, "story.x", fixture_at(fx, 11, 9, 12, 4), 3, "EXCH01", "telegra.ph");
	drawn(&chart_attack_timeline, fx, &found);
	assert_int_equal(found.events[5].beat, 5);
	fixture_free(fx);
}

static void a_response_without_a_sentence_is_still_drawn(void **state)
{
	struct fixture *fx = fixture_new();
	struct chart_finding found;
	struct scene *sc;

	(void)state;
	fixture_story(fx);
	for (size_t i = 0; i < fx->story.beat_count; i++)
		if (fx->beats[i].response)
			fx->beats[i].part = PART_UNKNOWN;
	sc = drawn(&chart_attack_timeline, fx, &found);
	/* four acts on one machine are one target */
	assert_int_equal(found.unsaid, 1);
	assert_int_equal(found.steps[SIDE_RESPONSE], 1);
	assert_int_equal(found.event_count, 8);
	assert_non_null(text_of(sc, "Automatic response"));
	for (size_t i = 0; i < found.event_count; i++)
		if (found.events[i].beat == NO_BEAT)
			assert_string_equal(found.events[i].label, "Block");
	fixture_free(fx);
}

/* ---- week overview ---- */

static void week(struct fixture *fx)
{
	fx->in.since = fixture_at(fx, 8, 0, 0, 0);
	fx->in.until = fixture_at(fx, 15, 0, 0, 0);
}

static void every_alert_is_in_a_bar(void **state)
{
	struct fixture *fx = fixture_new();
	struct chart_finding found;
	struct scene *sc;

	(void)state;
	week(fx);
	fixture_story(fx);
	fixture_episode(fx, "later", -1, NULL, 0, fixture_at(fx, 16, 0, 0, 0), 5, SEVERITY_LOW);
	sc = drawn(&chart_week_overview, fx, &found);
	assert_int_equal(found.alerts, fx->week.mark_count - 5);
	assert_int_equal(found.outside, 5);
	assert_int_equal(found.by_severity[SEVERITY_CRITICAL] + found.by_severity[SEVERITY_HIGH], found.alerts);
	assert_int_equal(found.bin, 2 * HOUR);
	assert_int_equal(found.incidents, 1);
	assert_non_null(text_of(sc, "Thu 11"));
	assert_non_null(note_of(sc, "Thu 11 Mar 08:00"));
	assert_int_equal(note_of(sc, "Thu 11 Mar 08:00")->proof_count, found.peak);
	fixture_free(fx);
}

static void an_empty_week_says_so(void **state)
{
	struct fixture *fx = fixture_new();
	struct chart_finding found;

	(void)state;
	week(fx);
	assert_non_null(text_of(drawn(&chart_week_overview, fx, &found), "No alerts"));
	assert_int_equal(found.alerts, 0);
	fixture_free(fx);
}

static void one_alert_is_one_labelled_mark(void **state)
{
	struct fixture *fx = fixture_new();
	struct chart_finding found;
	struct scene *sc;

	(void)state;
	week(fx);
	fixture_episode(fx, "New user agent", -1, NULL, 0, fixture_at(fx, 10, 23, 51, 0), 1, SEVERITY_MEDIUM);
	sc = drawn(&chart_week_overview, fx, &found);
	assert_non_null(text_of(sc, "Wed 10 Mar 23:51"));
	assert_non_null(text_of(sc, "New user agent"));
	assert_null(text_of(sc, "alerts / 2 h"));
	fixture_free(fx);
}

static void ten_thousand_alerts_of_one_instant_fit(void **state)
{
	struct fixture *fx = fixture_new();
	struct chart_finding found;

	(void)state;
	for (uint32_t i = 0; i < 10000; i++)
		fx->marks[i] = (struct mark){ .at = fixture_at(fx, 10, 12, 0, 0), .key = i, .severity = i % 6 };
	fx->week.mark_count = 10000;
	fx->week.first = fx->week.last = fx->marks[0].at;
	drawn(&chart_week_overview, fx, &found);
	assert_int_equal(found.alerts, 10000);
	assert_int_equal(found.peak, 10000);
	week(fx);
	drawn(&chart_week_overview, fx, &found);
	assert_int_equal(found.peak, 10000);
	fixture_free(fx);
}

static void a_flood_does_not_press_the_week_flat(void **state)
{
	struct fixture *fx = fixture_new();
	struct chart_finding found;
	struct scene *sc;

	(void)state;
	week(fx);
	for (int i = 0; i < 84; i++) {
		uint32_t n = i == 40 ? 2000 : 9;

		for (uint32_t j = 0; j < n; j++)
			fx->marks[fx->week.mark_count++] =
				(struct mark){ .at = fx->in.since + i * 2 * HOUR + j * SECOND, .severity = SEVERITY_LOW };
	}
	sc = drawn(&chart_week_overview, fx, &found);
	assert_int_equal(found.clipped, 1);
	assert_non_null(text_of(sc, "2,000"));
	assert_non_null(text_of(sc, "20"));
	fixture_free(fx);
}

static void silence_is_hatched_only_when_it_cannot_be_chance(void **state)
{
	struct fixture *fx = fixture_new();
	struct chart_finding found;
	struct scene *sc;

	(void)state;
	week(fx);
	for (int i = 0; i < 84; i++)
		if (i < 30 || i >= 36)
			fx->marks[fx->week.mark_count++] = (struct mark){ .at = fx->in.since + i * 2 * HOUR };
	sc = drawn(&chart_week_overview, fx, &found);
	assert_int_equal(found.gaps, 1);
	assert_non_null(note_of(sc, "no records: Wed 10 Mar 12:00 - Thu 11 Mar 00:00"));
	/* A quiet site with an alert a day is not a broken sensor. */
	fx->week.mark_count = 0;
	for (int i = 0; i < 7; i++)
		fx->marks[fx->week.mark_count++] = (struct mark){ .at = fx->in.since + i * DAY + 9 * HOUR };
	drawn(&chart_week_overview, fx, &found);
	assert_int_equal(found.gaps, 0);
	fixture_free(fx);
}

static void bins_suit_the_period(void **state)
{
	static const struct {
		int64_t period, bin;
	} rows[] = { { HOUR, MINUTE }, { DAY, 15 * MINUTE }, { 7 * DAY, 2 * HOUR }, { 31 * DAY, 12 * HOUR }, { 90 * DAY, DAY },
	             { 3650 * DAY, 91 * DAY } };
	struct fixture *fx = fixture_new();

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct chart_finding found;

		fx->in.since = fixture_at(fx, 8, 0, 0, 0);
		fx->in.until = fx->in.since + rows[i].period;
		drawn(&chart_week_overview, fx, &found);
		assert_int_equal(found.bin, rows[i].bin);
	}
	fixture_free(fx);
}

static void forty_incidents_share_rows_and_the_rest_is_counted(void **state)
{
	struct fixture *fx = fixture_new();
	struct chart_finding found;

	(void)state;
	week(fx);
	fixture_story(fx);
	for (uint32_t i = 0; i < 40; i++) {
		struct incident *in = &fx->incidents[i];

		in->rank = i + 1;
		in->priority = (enum priority)(i % 4);
		in->first = fx->in.since + i * 3 * HOUR;
		in->last = in->first + HOUR;
		snprintf(in->id, sizeof(in->id), "INC-%u", i);
	}
	fx->analysis.queue_count = 40;
	drawn(&chart_week_overview, fx, &found);
	assert_int_equal(found.incidents, 40);
	assert_true(found.incidents_hidden > 0 && found.incidents_hidden < 40);
	fixture_free(fx);
}

/* ---- the strip ---- */

static void the_strip_counts_different_detections(void **state)
{
	struct fixture *fx = fixture_new();
	struct chart_finding found;
	struct scene *sc;

	(void)state;
	fixture_story(fx);
	sc = drawn(&chart_attack_strip, fx, &found);
	assert_int_equal(found.tactic_count, 5);
	assert_int_equal(found.observations, 6);
	assert_int_equal(found.per_tactic[3], 2);
	assert_int_equal(found.technique_count, 6);
	assert_non_null(text_of(sc, "T1059.001"));
	assert_int_equal(note_of(sc, "Execution: 2")->proof_count, 2 + 3);
	fx->in.form = CHART_COMPACT;
	fx->in.width = 110;
	drawn(&chart_attack_strip, fx, &found);
	assert_int_equal(found.tactic_count, 5);
	fixture_free(fx);
}

static void every_chart_is_listed_once_and_found(void **state)
{
	(void)state;
	for (size_t i = 0; chart_list[i] != NULL; i++)
		assert_ptr_equal(chart_find(chart_list[i]->name), chart_list[i]);
	assert_null(chart_find("pie"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_story_of_the_sample_is_numbered_in_lanes),
		cmocka_unit_test(every_event_carries_its_alerts),
		cmocka_unit_test(one_event_is_a_picture),
		cmocka_unit_test(no_event_is_a_sentence),
		cmocka_unit_test(too_many_events_keep_the_ends_of_each_tactic),
		cmocka_unit_test(long_and_hostile_names_stay_in_their_lane),
		cmocka_unit_test(beats_of_one_instant_stay_apart),
		cmocka_unit_test(a_response_without_a_sentence_is_still_drawn),
		cmocka_unit_test(every_alert_is_in_a_bar),
		cmocka_unit_test(an_empty_week_says_so),
		cmocka_unit_test(one_alert_is_one_labelled_mark),
		cmocka_unit_test(ten_thousand_alerts_of_one_instant_fit),
		cmocka_unit_test(a_flood_does_not_press_the_week_flat),
		cmocka_unit_test(silence_is_hatched_only_when_it_cannot_be_chance),
		cmocka_unit_test(bins_suit_the_period),
		cmocka_unit_test(forty_incidents_share_rows_and_the_rest_is_counted),
		cmocka_unit_test(the_strip_counts_different_detections),
		cmocka_unit_test(every_chart_is_listed_once_and_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
