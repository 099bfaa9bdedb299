/* What verify looks up in the cited alerts: four alerts, two machines, one story; then one thing is changed in what
 * is told, and it is found. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "analyst/proof/proof.h"
#include "render/export/report_check.h"

#define AT(s) ((instant)1600000000 * SECOND + (s) * SECOND)

static const struct behaviour dull = { .key = "unknown", .family = "unknown", .tactic = -1 };
static const struct week_rule rules[] = {
	{ { .product = "sensor", .name = "exploit" }, &dull }, { { .product = "agent", .name = "upload" }, &dull },
};
#define ENTITY(k, v, s, ours) { .kind = (k), .value = (v), .shown = (s), .internal = (ours) }
static const struct week_entity entities[] = {
	ENTITY(ENTITY_HOST, "exch01", "EXCH01", true), ENTITY(ENTITY_HOST, "wks7", "WKS7", true),
	ENTITY(ENTITY_IP, "203.0.113.9", "203.0.113.9", false), ENTITY(ENTITY_DOMAIN, "evil.example", "evil.example", false),
};
static const struct member members[] = {
	{ 2, ROLE_SOURCE }, { 0, ROLE_VICTIM }, { 3, ROLE_DESTINATION }, { 0, ROLE_VICTIM }, { 1, ROLE_VICTIM },
};
static const struct cast casts[] = { { 0, 2, 0, 0 }, { 2, 2, 0, 0 }, { 4, 1, 0, 1 } };
static const uint32_t machine[] = { 0, 1, 2, 3 };
static const uint32_t alerts[] = { 0, 1, 2, 3 };
static const uint32_t both[] = { 0, 1 };

/* Everything that a test may change. */
struct told {
	struct mark marks[4];
	struct week week;
	struct episode episodes[3];
	struct incident incident;
	struct analysis an;
	struct beat beats[3];
	struct narrative narrative;
	struct arena *arena;
};

static struct mark alert_at(int second, uint32_t rule, uint32_t cast, int64_t bytes)
{
	return (struct mark){ .at = AT(second), .until = AT(second), .key = (uint64_t)second + 1, .rule = rule, .cast = cast,
	                      .severity = SEVERITY_HIGH, .bytes_out = bytes };
}

static struct episode episode_of(uint32_t rule, uint32_t host, int first, int last, uint32_t from, uint32_t count,
                                 uint32_t incident)
{
	return (struct episode){ .rule = rule, .host = host, .first = AT(first), .last = AT(last), .alerts = alerts + from,
	                         .count = count, .severity = SEVERITY_HIGH, .incident = incident };
}

static void add_fact(struct beat *b, const char *name, enum fact_kind kind, const char *text, int64_t value)
{
	b->facts[b->fact_count++] = (struct fact){ .name = name, .kind = kind, .text = text, .value = value };
}

static struct beat beat_of(enum part part, const char *key, const uint32_t *episodes, size_t n, uint64_t count,
                           struct arena *a)
{
	return (struct beat){ .part = part, .key = key, .at = INSTANT_NONE, .until = INSTANT_NONE, .tactic = -1,
	                      .facts = ARENA_ARRAY(a, struct fact, BEAT_FACTS), .episodes = episodes, .episode_count = n, .alert_count = count };
}

static void tell(struct told *t)
{
	memset(t, 0, sizeof(*t));
	t->arena = arena_new();
	t->marks[0] = alert_at(0, 0, 0, -1);
	t->marks[1] = alert_at(90, 0, 0, -1);
	t->marks[2] = alert_at(300, 1, 1, 5000);
	t->marks[3] = alert_at(400, 0, 2, -1);
	t->week = (struct week){ .rules = rules, .rule_count = 2, .entities = entities, .entity_count = 4,
	                         .members = members, .casts = casts, .cast_count = 3, .marks = t->marks, .mark_count = 4,
	                         .first = AT(0), .last = AT(400) };
	t->episodes[0] = episode_of(0, 0, 0, 90, 0, 2, 0);
	t->episodes[1] = episode_of(1, 0, 300, 300, 2, 1, 0);
	t->episodes[2] = episode_of(0, 1, 400, 400, 3, 1, NO_INCIDENT);
	t->incident = (struct incident){ .id = "INC-1", .rank = 1, .episodes = both, .episode_count = 2, .first = AT(0),
	                                 .last = AT(300), .alert_count = 3, .hosts = machine, .host_count = 1 };
	t->an = (struct analysis){ .week = &t->week, .machine = machine, .episodes = t->episodes, .episode_count = 3,
	                           .incidents = &t->incident, .incident_count = 1, .queue_count = 1 };
	t->beats[0] = beat_of(PART_TITLE, "title.takeover", both, 2, 3, t->arena);
	add_fact(&t->beats[0], "host", FACT_HOST, "EXCH01", 0);
	add_fact(&t->beats[0], "records", FACT_NUMBER, NULL, 4);
	t->beats[1] = beat_of(PART_STORY, "story.exploit", both, 1, 2, t->arena);
	t->beats[1].at = AT(0);
	t->beats[1].until = AT(90);
	add_fact(&t->beats[1], "host", FACT_HOST, "EXCH01", 0);
	add_fact(&t->beats[1], "attacker", FACT_NAME, "203.0.113.9", 0);
	add_fact(&t->beats[1], "count", FACT_NUMBER, NULL, 2);
	add_fact(&t->beats[1], "time", FACT_TIME, NULL, AT(0));
	add_fact(&t->beats[1], "span", FACT_SPAN, NULL, 90 * SECOND);
	t->beats[2] = beat_of(PART_STORY, "story.exfiltration", both + 1, 1, 1, t->arena);
	t->beats[2].at = t->beats[2].until = AT(300);
	add_fact(&t->beats[2], "site", FACT_NAME, "evil.example", 0);
	add_fact(&t->beats[2], "bytes", FACT_BYTES, NULL, 5000);
	add_fact(&t->beats[2], "after", FACT_SPAN, NULL, 300 * SECOND);
	t->narrative = (struct narrative){ "INC-1", t->beats, 3 };
}

/* Finds what `words` says, or nothing for NULL. */
static void expect(struct told *t, const char *words)
{
	struct findings found = { .count = 0 };

	prove_told(&found, &t->an, machine, &t->narrative, NULL, NULL, t->arena);
	if (words == NULL && found.count > 0)
		fail_msg("found: %s", text_str(&found.lines));
	if (words != NULL && (found.count == 0 || strstr(text_str(&found.lines), words) == NULL))
		fail_msg("expected '%s' in: %s", words, text_str(&found.lines));
	findings_free(&found);
	arena_free(t->arena);
}

static void what_holds_is_not_complained_of(void **state)
{
	struct told t;

	(void)state;
	tell(&t);
	expect(&t, NULL);
}

static void a_first_meeting_is_proved_by_contacts(void **state)
{
	const struct contact met = { .from = 0, .with = 3, .first = AT(300), .known = AT(300) - 2 * DAY, .folded = INT64_MAX, .count = 1 };

	(void)state;
	for (int lie = 0; lie < 3; lie++) {
		struct told t;

		tell(&t);
		t.week.contacts = &met;
		t.week.contact_count = lie == 2 ? 0 : 1;
		add_fact(&t.beats[0], "newcomer", FACT_NAME, "evil.example", 0);
		add_fact(&t.beats[0], "unmet", FACT_SPAN, NULL, (lie == 1 ? 3 : 2) * DAY);
		expect(&t, lie > 0 ? "is not how long any of those cited had not met" : NULL);
	}
}

static void a_pace_of_telemetry_is_proved_by_contacts(void **state)
{
	instant times[20];
	struct contact met = { .from = 0, .with = 3, .first = AT(300), .known = AT(300), .folded = INT64_MAX, .count = 20,
	                       .times = times, .time_count = 20 };

	(void)state;
	for (int i = 0; i < 20; i++)
		times[i] = AT(300 + 7200 * i + i % 3);
	for (int lie = 0; lie < 5; lie++) {
		struct told t;

		tell(&t);
		met.crowded = lie == 3;
		t.week.contacts = &met;
		t.week.contact_count = lie == 4 ? 0 : 1;
		add_fact(&t.beats[0], "newcomer", FACT_NAME, "evil.example", 0);
		add_fact(&t.beats[0], "interval", FACT_SPAN, NULL, (lie == 1 ? 7300 : 7201) * SECOND);
		add_fact(&t.beats[0], "contacts", FACT_NUMBER, NULL, lie == 2 ? 21 : 20);
		expect(&t, lie == 0 ? NULL : lie == 2 ? "is not how often telemetry has those cited meet" : "and no pace of telemetry");
	}
}

static void a_wrong_count_is_found(void **state)
{
	struct told t;

	(void)state;
	tell(&t);
	t.beats[1].facts[2].value = 3;
	expect(&t, "fact 'count' (3) is not how many alerts are cited");
}

static void a_wrong_time_is_found(void **state)
{
	struct told t;

	(void)state;
	tell(&t);
	t.beats[1].facts[3].value += SECOND;
	expect(&t, "fact 'time' (2020-09-13T12:26:41Z) is not when the first");
	tell(&t);
	t.beats[1].until = AT(91);
	expect(&t, "its time is not that of the cited alerts");
	tell(&t);
	t.beats[2].facts[2].value = 290 * SECOND;
	expect(&t, "fact 'after' (290.000 s) is not the time since the sentence before");
}

static void swapped_machines_are_found(void **state)
{
	struct told t;

	(void)state;
	tell(&t);
	t.beats[1].facts[0].text = "WKS7";
	expect(&t, "story.exploit: fact 'host' (WKS7) does not occur in the cited alerts");
	tell(&t);
	t.incident.hosts = machine + 1;
	expect(&t, "machine 'WKS7' occurs in none of its alerts");
}

static void wrong_bytes_and_names_are_found(void **state)
{
	struct told t;

	(void)state;
	tell(&t);
	t.beats[2].facts[1].value = 50000;
	expect(&t, "fact 'bytes' (50000) is not the sum of bytes");
	tell(&t);
	t.beats[2].facts[0].text = "good.example";
	expect(&t, "fact 'site' (good.example) does not occur");
}

static void a_deleted_alert_is_found(void **state)
{
	struct told t;

	(void)state;
	tell(&t);
	t.episodes[0].count = 1;
	expect(&t, "says it rests on 2 alerts, but cites 1");
	tell(&t);
	t.week.mark_count = 3;
	t.an.episode_count = 2;
	expect(&t, "fact 'records' (4) is not how many alerts the case holds");
}

static void evidence_of_another_incident_is_found(void **state)
{
	static const uint32_t other[] = { 2 };
	struct told t;

	(void)state;
	tell(&t);
	t.beats[1].episodes = other;
	expect(&t, "cites EP-000003, which is not of this incident");
}

/* ---- a report, value by value ---- */

static void check_reports(const char *given, const char *supported, const char *words)
{
	static const struct week empty;
	struct arena *a = arena_new();
	struct findings found = { .count = 0 };
	struct fault f = {0};
	const struct node *g = json_tree(given, strlen(given), a, &f), *s = json_tree(supported, strlen(supported), a, &f);

	if (g == NULL || s == NULL)
		fail_msg("%s", f.text);
	report_check(&found, g, s, &empty, a);
	assert_string_equal(text_str(&found.lines), words);
	findings_free(&found);
	arena_free(a);
}

static void reports_are_compared_by_value(void **state)
{
	(void)state;
	check_reports("{\"a\": 2.50, \"b\":\"\\u00e9\\ud83d\\ude00\"}", "{\"b\":\"\xC3\xA9\xF0\x9F\x98\x80\",\"a\":2.5}", "");
	check_reports("{\"a\":1}", "{\"a\":2}", "a: the report says '1', the case file supports '2'\n");
	check_reports("{\"a\":9007199254740993}", "{\"a\":9007199254740992}",
	              "a: the report says '9007199254740993', the case file supports '9007199254740992'\n");
	check_reports("{\"a\":1,\"a\":1}", "{\"a\":1}", "a: the case file supports no such value\n");
	check_reports("{\"a\":null}", "{\"a\":\"null\"}", "a: the report says 'null', the case file supports 'null'\n");
	check_reports("[{\"id\":\"x\"},{\"id\":\"y\"}]", "[{\"id\":\"y\"},{\"id\":\"x\"}]",
	              ": stands in another order than the case file supports\n");
	check_reports("[]", "[{\"id\":\"y\"}]", "[y]: is missing\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_holds_is_not_complained_of),
		cmocka_unit_test(a_first_meeting_is_proved_by_contacts),
		cmocka_unit_test(a_pace_of_telemetry_is_proved_by_contacts),
		cmocka_unit_test(a_wrong_count_is_found),
		cmocka_unit_test(a_wrong_time_is_found),
		cmocka_unit_test(swapped_machines_are_found),
		cmocka_unit_test(wrong_bytes_and_names_are_found),
		cmocka_unit_test(a_deleted_alert_is_found),
		cmocka_unit_test(evidence_of_another_incident_is_found),
		cmocka_unit_test(reports_are_compared_by_value),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
