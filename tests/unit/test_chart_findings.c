/* The charts of volume, responses, entities, the score and the evidence: what they draw, and that what their
 * captions claim is what the records hold, counted here in another way. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "render/document/figures.h"
#include "tests/unit/chart_checks.h"

/* ---- helpers ---- */

static void week(struct fixture *fx)
{
	fx->in.incident = NULL;      /* of all machines */
	fx->in.since = fixture_at(fx, 8, 0, 0, 0);
	fx->in.until = fixture_at(fx, 15, 0, 0, 0);
}

static void alerts_at(struct fixture *fx, instant at, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		uint32_t m = fx->week.mark_count++;

		fx->marks[m] = (struct mark){ .at = at + (instant)i * SECOND, .until = at + (instant)i * SECOND, .key = 1000 + m,
		                              .severity = SEVERITY_LOW };
		fx->week.last = fx->marks[m].at;
		if (m == 0)
			fx->week.first = fx->marks[m].at;
	}
}

/* `low` alerts every hour of the week, `peak` in one of them. */
static void steady_week(struct fixture *fx, uint32_t low, int burst, uint32_t peak)
{
	week(fx);
	for (int hour = 0; hour < 7 * 24; hour++)
		alerts_at(fx, fx->in.since + hour * HOUR, hour == burst ? peak : low);
}

static struct phrases *words(void)
{
	static struct phrases *p;
	struct fault f = {0};

	if (p == NULL && phrases_load(&p, "templates", &f) < 0)
		fail_msg("phrases");
	return p;
}

/* What the caption says of a finding. */
static const char *claim_of(struct fixture *fx, const struct chart *c, const struct chart_finding *found, enum language lang)
{
	struct figures fg = { .phrases = words(), .lang = lang, .zone = &fx->zone, .arena = fx->arena };
	const char *claim, *caption;

	figures_caption(&fg, c, found, &claim, &caption);
	assert_null(strchr(claim, '{'));
	assert_null(strchr(caption, '{'));
	assert_null(strchr(caption, '['));
	return claim;
}

static void says(const char *claim, const char *part)
{
	if (strstr(claim, part) == NULL)
		fail_msg("'%s' does not say '%s'", claim, part);
}

static size_t notes_with_proof(const struct scene *sc)
{
	const struct shape *s;
	size_t n, found = 0;

	s = scene_shapes(sc, &n);
	for (size_t i = 0; i < n; i++)
		found += s[i].kind == SHAPE_NOTE && s[i].proof_count > 0;
	return found;
}

/* ---- volume ---- */

static void a_burst_leaves_the_range_that_other_days_set(void **state)
{
	struct fixture *fx = fixture_new();
	struct chart_finding found;
	const struct shape *note;
	struct scene *sc;

	(void)state;
	steady_week(fx, 4, 3 * 24 + 9, 60);
	sc = drawn(&chart_volume_anomalies, fx, &found);
	assert_true(found.banded && found.by_days);
	assert_int_equal(found.bursts, 1);
	assert_int_equal(found.peak, 60);
	assert_true(found.peak_at == fixture_at(fx, 11, 9, 0, 0));
	/* always 4: median 4, no deviation, so three times the square root of 4 above it */
	assert_int_equal(found.usual, 4);
	assert_int_equal(found.expected, 10);
	note = note_of(sc, "chart.volume.odd");
	assert_non_null(note);
	assert_int_equal(note->proof_count, 60);
	assert_int_equal(note->proof[0], 1000 + 4 * (3 * 24 + 9));
	says(claim_of(fx, &chart_volume_anomalies, &found, LANGUAGE_EN), "1 hour holds more alerts than expected");
	says(claim_of(fx, &chart_volume_anomalies, &found, LANGUAGE_EN), "with 60 where 4 is usual");
	says(claim_of(fx, &chart_volume_anomalies, &found, LANGUAGE_JA), "60件(通常は4件)");
	fixture_free(fx);
}

/* The same count is usual by day and odd at night. */
static void what_is_usual_depends_on_the_hour(void **state)
{
	struct fixture *fx = fixture_new();
	struct chart_finding found;

	(void)state;
	week(fx);
	for (int day = 0; day < 7; day++)
		for (int hour = 0; hour < 24; hour++)
			alerts_at(fx, fx->in.since + day * DAY + hour * HOUR, hour >= 9 && hour < 17 ? 20 : day == 4 && hour == 3 ? 19 : 1);
	drawn(&chart_volume_anomalies, fx, &found);
	assert_int_equal(found.bursts, 1);
	assert_true(found.peak_at == fixture_at(fx, 12, 3, 0, 0));
	assert_int_equal(found.usual, 1);
	fixture_free(fx);
}

static void an_incident_at_ordinary_volume_is_counted_so(void **state)
{
	struct fixture *fx = fixture_new();
	struct chart_finding found;
	size_t ordinary = 0;

	(void)state;
	steady_week(fx, 4, 3 * 24 + 9, 60);
	fx->analysis.queue_count = 2;
	fx->incidents[0].first = fixture_at(fx, 11, 9, 12, 0);
	fx->incidents[1].first = fixture_at(fx, 9, 2, 0, 0);
	drawn(&chart_volume_anomalies, fx, &found);
	/* counted anew: an hour is odd when it holds more than ten of these alerts */
	for (int i = 0; i < 2; i++) {
		instant hour = fx->incidents[i].first / HOUR * HOUR;
		size_t n = 0;

		for (uint32_t m = 0; m < fx->week.mark_count; m++)
			n += fx->marks[m].at >= hour && fx->marks[m].at < hour + HOUR;
		ordinary += n <= 10;
	}
	assert_int_equal(ordinary, 1);
	assert_int_equal(found.ordinary, ordinary);
	says(claim_of(fx, &chart_volume_anomalies, &found, LANGUAGE_EN), "1 of 2 incidents began at ordinary volume");
	fixture_free(fx);
}

static void marks_of_an_incident_cite_their_alerts(void **state)
{
	struct fixture *fx = fixture_new();
	struct chart_finding found;
	struct scene *sc;

	(void)state;
	week(fx);
	fixture_story(fx);
	sc = drawn(&chart_volume_anomalies, fx, &found);
	/* seven rules of the attack, the analyst's among them; the blocks are no anomalies */
	assert_int_equal(found.marks, 7);
	assert_non_null(note_of(sc, "Exploit"));
	assert_int_equal(note_of(sc, "Masquerade")->proof_count, 3);
	assert_null(note_of(sc, "Block C2"));
	fixture_free(fx);
}

/* The machine's connections by the hour: `low`, and `peak` in one of them. */
static void connections(struct fixture *fx, uint32_t low, int burst, uint32_t peak)
{
	struct outflow *o = ARENA_ARRAY(fx->arena, struct outflow, 168);
	struct week_hour *h = ARENA_ARRAY(fx->arena, struct week_hour, 168);
	int64_t begin = fixture_at(fx, 8, 0, 0, 0) / HOUR;

	for (int i = 0; i < 168; i++) {
		o[i] = (struct outflow){ .from = fx->hosts[0], .kind = TELEMETRY_CONNECTION, .hour = begin + i,
		                         .count = i == burst ? peak : low, .elsewhere = low };
		h[i] = (struct week_hour){ .hour = begin + i, .kind = TELEMETRY_CONNECTION, .count = 1000 };
	}
	fx->week.outflows = o;
	fx->week.outflow_count = 168;
	fx->week.hours = h;
	fx->week.hour_count = 168;
}

static void an_incident_shows_the_connections_of_its_machine(void **state)
{
	struct fixture *fx = fixture_new();
	struct chart_finding found;
	struct scene *sc;

	(void)state;
	fixture_story(fx);
	fx->incidents[0].first = fx->beats[0].at;
	fx->incidents[0].last = fx->beats[0].at;
	connections(fx, 9, 3 * 24 + 9, 400);
	sc = drawn(&chart_volume_anomalies, fx, &found);
	assert_int_equal(found.counted, COUNTS_CONNECTIONS);
	assert_true(found.banded);
	assert_int_equal(found.alerts, 167 * 9 + 400);
	assert_int_equal(found.bursts, 1);
	assert_int_equal(found.peak, 400);
	assert_true(found.peak_at == fixture_at(fx, 11, 9, 0, 0));
	/* Counted, not kept: no alert proves the hour. */
	assert_int_equal(note_of(sc, "chart.volume.odd")->proof_count, 0);
	says(claim_of(fx, &chart_volume_anomalies, &found, LANGUAGE_EN), "1 hour holds more connections than expected");
	says(claim_of(fx, &chart_volume_anomalies, &found, LANGUAGE_JA), "接続数の予測範囲超過は1回");
	/* A zone that is off by half an hour moves no connection into another bin. */
	zone_load(&fx->zone, "+05:30", NULL);
	drawn(&chart_volume_anomalies, fx, &found);
	assert_int_equal(found.peak, 400);
	assert_int_equal(found.bursts, 1);
	/* Telemetry of less than half of the period would draw a silence that there was not. */
	fx->week.hour_count = 60;
	drawn(&chart_volume_anomalies, fx, &found);
	assert_int_equal(found.counted, COUNTS_ALERTS);
	fixture_free(fx);
}

static void what_went_on_is_told_by_telemetry(void **state)
{
	struct fixture *fx = fixture_new();
	struct chart_finding found;
	instant first = INT64_MAX;
	uint64_t kept = 0;

	(void)state;
	fixture_story(fx);
	fx->incidents[0].first = fx->beats[0].at;
	drawn(&chart_response_timeline, fx, &found);
	assert_int_equal(found.counted, COUNTS_ALERTS);
	first = fx->incidents[0].first + found.answered;
	connections(fx, 9, 3 * 24 + 9, 400);
	drawn(&chart_response_timeline, fx, &found);
	assert_int_equal(found.counted, COUNTS_CONNECTIONS);
	/* Whole hours: the one in which the first act lies says nothing of what came after it. */
	for (uint32_t i = 0; i < fx->week.outflow_count; i++)
		if (fx->week.outflows[i].hour * HOUR >= first && fx->week.outflows[i].hour * HOUR < found.last + HOUR + HOUR)
			kept += (uint64_t)fx->week.outflows[i].elsewhere;
	assert_in_range(found.kept, 9, kept);
	assert_int_equal(found.kept % 9, 0);
	fixture_free(fx);
}

static void volume_of_no_week_one_alert_and_a_flood(void **state)
{
	struct fixture *fx = fixture_new();
	struct chart_finding found;

	(void)state;
	week(fx);
	assert_non_null(text_of(drawn(&chart_volume_anomalies, fx, &found), "No alerts"));
	says(claim_of(fx, &chart_volume_anomalies, &found, LANGUAGE_EN), "No alert was recorded");
	alerts_at(fx, fixture_at(fx, 10, 12, 0, 0), 1);
	drawn(&chart_volume_anomalies, fx, &found);
	assert_int_equal(found.bursts, 0);
	fx->week.mark_count = 0;
	for (uint32_t i = 0; i < 10000; i++)
		fx->marks[fx->week.mark_count++] = (struct mark){ .at = fixture_at(fx, 10, 12, 0, 0), .key = i };
	drawn(&chart_volume_anomalies, fx, &found);
	assert_int_equal(found.peak, 10000);
	/* all in one minute: nothing to hold it against */
	fx->in.since = fx->in.until = 0;
	fx->week.first = fx->week.last = fx->marks[0].at;
	drawn(&chart_volume_anomalies, fx, &found);
	assert_false(found.banded);
	says(claim_of(fx, &chart_volume_anomalies, &found, LANGUAGE_EN), "too short");
	fixture_free(fx);
}

/* ---- responses ---- */

static void name_target(struct fixture *fx, uint32_t episode, enum entity_kind kind, const char *name)
{
	struct member *m = arena_alloc(fx->arena, sizeof(*m));

	*m = (struct member){ fixture_entity(fx, kind, name, false), ROLE_DESTINATION };
	fx->episodes[episode].members = m;
	fx->episodes[episode].member_count = 1;
}

static void each_target_has_a_row_and_its_delay(void **state)
{
	struct fixture *fx = fixture_new();
	struct chart_finding found;
	struct scene *sc;

	(void)state;
	fixture_story(fx);
	name_target(fx, 3, ENTITY_DOMAIN, "microsoftsoftwaredownload.com");
	name_target(fx, 5, ENTITY_DOMAIN, "telegra.ph");
	name_target(fx, 7, ENTITY_IP, "198.98.61.152");
	fx->incidents[0].first = fx->beats[0].at;
	sc = drawn(&chart_response_timeline, fx, &found);
	assert_int_equal(found.acts, 4);
	assert_true(found.answered == fx->beats[3].at - fx->beats[0].at);
	/* 11 s after the mining, 8 s after the file, 9 min 7 s after the first call, and EXCH01 last touched by the upload */
	assert_true(found.fastest == 8 * SECOND);
	assert_true(found.slowest == 11 * MINUTE + 57 * SECOND);
	assert_non_null(text_of(sc, "telegra[.]ph  Test"));
	assert_null(note_of(sc, "telegra.ph"));
	assert_int_equal(notes_with_proof(sc), 4);
	says(claim_of(fx, &chart_response_timeline, &found, LANGUAGE_EN), "2 min 42 s after the first sign; 4 targets");
	says(claim_of(fx, &chart_response_timeline, &found, LANGUAGE_JA), "2分42秒後。対処した対象は4件");
	fixture_free(fx);
}

static void what_a_product_says_it_blocked_is_a_response(void **state)
{
	struct fixture *fx = fixture_new();
	struct chart_finding found;
	uint32_t host = fixture_entity(fx, ENTITY_HOST, "WKS1", true), e;

	(void)state;
	e = fixture_episode(fx, "Trojan", 3, NULL, host, fixture_at(fx, 11, 9, 0, 0), 3, SEVERITY_HIGH);
	fx->incidents[0].first = fixture_at(fx, 11, 9, 0, 0);
	assert_int_equal(chart_response_timeline.applies(&fx->in), 0);
	assert_non_null(text_of(drawn(&chart_response_timeline, fx, &found), "chart.response.none"));
	says(claim_of(fx, &chart_response_timeline, &found, LANGUAGE_EN), "No response is recorded");
	fx->marks[fx->episodes[e].alerts[1]].action = ACTION_QUARANTINED;
	drawn(&chart_response_timeline, fx, &found);
	assert_int_equal(found.acts, 1);
	assert_int_equal(chart_response_timeline.applies(&fx->in), 1);
	fixture_free(fx);
}

static void a_long_pause_is_cut_from_the_axis(void **state)
{
	struct fixture *fx = fixture_new();
	struct chart_finding found;
	struct scene *sc;

	(void)state;
	fixture_story(fx);
	name_target(fx, 3, ENTITY_DOMAIN, "a.example");
	for (int i = 0; i < 14; i++) {
		uint32_t e = fixture_episode(fx, "Late block", -1, NULL, 0, fixture_at(fx, 13, 9, i, 0), 1, SEVERITY_LOW);

		fx->behaviours[fx->episodes[e].rule].response = true;
		name_target(fx, e, ENTITY_DOMAIN, arena_printf(fx->arena, "b%d.example", i));
	}
	sc = drawn(&chart_response_timeline, fx, &found);
	assert_non_null(note_of(sc, "chart.response.cut"));
	assert_true(found.hidden > 0);
	fixture_free(fx);
}

/* ---- entities ---- */

static void every_party_of_the_story_is_a_node(void **state)
{
	static const char *const parties[] = { "203.0.113[.]45", "EXCH01", "microsoftsoftwaredownload[.]com", "telegra[.]ph",
	                                       "198.98.61[.]152", "od[.]lk" };
	struct fixture *fx = fixture_new();
	struct chart_finding found;
	struct scene *sc;

	(void)state;
	fixture_story(fx);
	sc = drawn(&chart_entity_graph, fx, &found);
	for (size_t i = 0; i < 6; i++)
		assert_non_null(note_of(sc, parties[i]));
	assert_int_equal(found.machines, 1);
	assert_int_equal(found.outside_parties, 5);
	assert_int_equal(found.between, 0);
	assert_true(text_of(sc, "203.0.113[.]45")->x < text_of(sc, "EXCH01")->x);
	assert_true(text_of(sc, "EXCH01")->x < text_of(sc, "od[.]lk")->x);
	assert_int_equal(note_of(sc, "EXCH01 > od[.]lk")->proof_count, 3);
	says(claim_of(fx, &chart_entity_graph, &found, LANGUAGE_EN), "1 machine of ours is involved, with 5 outside parties");
	says(claim_of(fx, &chart_entity_graph, &found, LANGUAGE_EN), "no step from it to another");
	says(claim_of(fx, &chart_entity_graph, &found, LANGUAGE_JA), "端末1台、外部の相手5件");
	fixture_free(fx);
}

static void at_most_25_nodes_are_drawn_and_the_rest_is_counted(void **state)
{
	struct fixture *fx = fixture_new();
	struct chart_finding found;
	const struct shape *s;
	size_t n, nodes = 0;
	struct scene *sc;

	(void)state;
	for (int i = 0; i < 60; i++)
		fixture_beat(fx, "story.scan", fixture_at(fx, 11, 9, i, 0), 8, arena_printf(fx->arena, "198.51.100.%d", i),
		             arena_printf(fx->arena, "10.0.0.%d", i % 20));
	for (int i = 0; i < 30; i++)
		fixture_beat(fx, "story.c2", fixture_at(fx, 11, 10, i, 0), 11, "10.0.0.1", arena_printf(fx->arena, "host%d.example", i));
	sc = drawn(&chart_entity_graph, fx, &found);
	s = scene_shapes(sc, &n);
	for (size_t i = 0; i < n; i++)
		nodes += s[i].kind == SHAPE_NOTE && strncmp(s[i].string, "node: ", 6) == 0;
	assert_in_range(nodes, 20, 25);
	assert_int_equal(found.machines, 20);
	assert_int_equal(found.outside_parties, 90);
	/* who is not drawn by itself shares a node: three of the nodes */
	assert_int_equal(found.folded, 20 + 90 - (nodes - 3));
	fixture_free(fx);
}

static void a_machine_that_others_act_on_stands_behind_them(void **state)
{
	struct fixture *fx = fixture_new();
	struct chart_finding found;
	struct scene *sc;

	(void)state;
	fixture_beat(fx, "story.lateral", fixture_at(fx, 11, 9, 0, 0), 9, "10.0.0.1", "10.0.0.2");
	fixture_beat(fx, "story.lateral", fixture_at(fx, 11, 9, 1, 0), 9, "10.0.0.1", "10.0.0.3");
	sc = drawn(&chart_entity_graph, fx, &found);
	assert_int_equal(found.machines, 3);
	assert_int_equal(found.between, 2);
	assert_true(text_of(sc, "10.0.0.1")->x < text_of(sc, "10.0.0.3")->x);
	says(claim_of(fx, &chart_entity_graph, &found, LANGUAGE_EN), "2 ties lead from one of them to another");
	fixture_free(fx);
}

static void hostile_and_long_names_stay_in_their_node(void **state)
{
	struct fixture *fx = fixture_new();
	struct chart_finding found;
	struct beat *b;

	(void)state;
	assert_non_null(text_of(drawn(&chart_entity_graph, fx, &found), "chart.graph.none"));
	b = fixture_beat(fx, "story.x", fixture_at(fx, 11, 9, 0, 0), 3,
	                 "ip-10-143-22-201-very-long-autogenerated-name-eu-central-1.compute.internal.corp.example-and-more",
	                 "\xE2\x80\xAEgpj.exe\n\x1B[31m\xFF");
	b->facts[b->fact_count++] = (struct fact){ .name = "file", .kind = FACT_CODE, .text = "http://evil.example/a b<script>" };
	b->facts[b->fact_count++] = (struct fact){ .name = "user", .kind = FACT_CODE, .text = "" };
	fixture_beat(fx, "story.x", fixture_at(fx, 11, 9, 0, 0), 3, "<script>alert(1)</script>", "10.0.0.1");
	fixture_beat(fx, "story.x", 0, -7, NULL, NULL);
	drawn(&chart_entity_graph, fx, &found);
	fixture_free(fx);
}

/* ---- the score ---- */

static void the_parts_of_the_score_end_at_the_score(void **state)
{
	static const struct factor factors[] = {
		{ .key = "volume", .points = 0.8 }, { .key = "severity", .points = 30.5 }, { .key = "response", .points = -4 },
		{ .key = "rarity", .points = 20 }, { .key = "nothing", .points = 0 },
	};
	struct fixture *fx = fixture_new();
	struct incident *in = &fx->incidents[0];
	struct chart_finding found;
	const struct shape *last;
	struct scene *sc;
	double sum = 0;

	(void)state;
	fixture_story(fx);
	in->factors = factors;
	in->factor_count = 5;
	for (uint32_t i = 0; i < in->factor_count; i++)
		sum += in->factors[i].points;
	in->score = sum;
	sc = drawn(&chart_priority_factors, fx, &found);
	assert_int_equal(found.factors, 4);
	assert_int_equal(found.lowering, 1);
	assert_string_equal(found.first_factor, "severity");
	assert_true(text_of(sc, "+30.5")->y < text_of(sc, "+0.8")->y);
	assert_true(text_of(sc, "\xE2\x88\x92" "4.0")->y > text_of(sc, "+0.8")->y);
	assert_null(text_of(sc, "nothing"));
	last = text_of(sc, "47.3");
	assert_non_null(last);
	assert_int_equal(note_of(sc, "= 47.3")->proof_count, in->alert_count);
	says(claim_of(fx, &chart_priority_factors, &found, LANGUAGE_EN), "Score 47.3 of 100: the three strongest reasons make 51.3 of it");
	fixture_free(fx);
}

static void no_score_is_a_sentence(void **state)
{
	struct fixture *fx = fixture_new();
	struct chart_finding found;

	(void)state;
	assert_non_null(text_of(drawn(&chart_priority_factors, fx, &found), "chart.factors.none"));
	says(claim_of(fx, &chart_priority_factors, &found, LANGUAGE_EN), "No part of a score");
	fixture_free(fx);
}

/* ---- cards ---- */

static void a_card_of_each_kind_is_drawn_with_its_numbers(void **state)
{
	static const struct card_row rows[] = { { "Destination", "telegra[.]ph", true }, { "", "a long value that has to be broken into more than a single line of the card", false } };
	static const char *const reasons[] = { "No other machine has contacted it in the 7 days of records." };
	struct fixture *fx = fixture_new();
	struct chart_finding found;
	struct chart_card cards[6];
	struct scene *sc;

	(void)state;
	fixture_story(fx);
	for (uint32_t i = 0; i < 6; i++) {
		struct beat *b = &fx->beats[i];

		cards[i] = (struct chart_card){ .number = arena_printf(fx->arena, "E%u", i + 1), .title = "A step", .time = "11 Mar 09:12",
		                                .heading = "Why", .beat = i, .rows = rows, .row_count = 2, .reasons = reasons,
		                                .reason_count = 1, .numbers = { { "0", "other machines" }, { "7", "days" } }, .number_count = 2 };
		b->evidence = i + 1;
		b->facts[b->fact_count++] = (struct fact){ .name = i == 2 ? "file" : i == 4 ? "site" : "process", .text = "x" };
	}
	fx->in.cards = cards;
	fx->in.card_count = 6;
	sc = drawn(&chart_evidence_cards, fx, &found);
	assert_int_equal(found.cards, 3);
	assert_int_equal(found.cards_hidden, 3);
	assert_int_equal(found.proofs, 6);
	assert_non_null(text_of(sc, "E3"));          /* the file */
	assert_non_null(text_of(sc, "E5"));          /* the connection */
	assert_non_null(text_of(sc, "E1"));          /* the first detection */
	assert_int_equal(note_of(sc, "E3 ")->proof_count, 3);
	says(claim_of(fx, &chart_evidence_cards, &found, LANGUAGE_EN), "3 records prove the finding, with 6 numbers");
	fx->in.card_count = 0;
	assert_non_null(text_of(drawn(&chart_evidence_cards, fx, &found), "chart.cards.none"));
	fixture_free(fx);
}

/* A word that is missing is its own key. */
static void every_chart_has_words_in_both_languages(void **state)
{
	(void)state;
	for (size_t i = 0; chart_list[i] != NULL; i++)
		for (int lang = 0; lang < LANGUAGES; lang++) {
			char claim[80], caption[80];

			snprintf(claim, sizeof(claim), "claim.%s", chart_list[i]->name);
			snprintf(caption, sizeof(caption), "caption.%s", chart_list[i]->name);
			assert_string_not_equal(word(words(), (enum language)lang, claim), claim);
			assert_string_not_equal(word(words(), (enum language)lang, caption), caption);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_chart_has_words_in_both_languages),
		cmocka_unit_test(a_burst_leaves_the_range_that_other_days_set),
		cmocka_unit_test(what_is_usual_depends_on_the_hour),
		cmocka_unit_test(an_incident_at_ordinary_volume_is_counted_so),
		cmocka_unit_test(marks_of_an_incident_cite_their_alerts),
		cmocka_unit_test(an_incident_shows_the_connections_of_its_machine),
		cmocka_unit_test(what_went_on_is_told_by_telemetry),
		cmocka_unit_test(volume_of_no_week_one_alert_and_a_flood),
		cmocka_unit_test(each_target_has_a_row_and_its_delay),
		cmocka_unit_test(what_a_product_says_it_blocked_is_a_response),
		cmocka_unit_test(a_long_pause_is_cut_from_the_axis),
		cmocka_unit_test(every_party_of_the_story_is_a_node),
		cmocka_unit_test(at_most_25_nodes_are_drawn_and_the_rest_is_counted),
		cmocka_unit_test(a_machine_that_others_act_on_stands_behind_them),
		cmocka_unit_test(hostile_and_long_names_stay_in_their_node),
		cmocka_unit_test(the_parts_of_the_score_end_at_the_score),
		cmocka_unit_test(no_score_is_a_sentence),
		cmocka_unit_test(a_card_of_each_kind_is_drawn_with_its_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
