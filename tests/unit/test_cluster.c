/* Clustering and rank, by small weeks made up here: a base of everyday alerts over
 * seven days, and what each test adds to it. */
#include "tests/unit/made_week.h"

/* ---- episodes ---- */

static void an_empty_week_has_no_incident(void **state)
{
	struct made m;

	(void)state;
	begin(&m);
	analyse(&m);
	assert_int_equal(m.an.episode_count, 0);
	assert_int_equal(m.an.incident_count, 0);
	assert_int_equal(m.an.queue_count, 0);
	end(&m);
}

static void ten_thousand_like_alerts_are_one_episode(void **state)
{
	struct made m;
	uint32_t rule, cast;

	(void)state;
	begin(&m);
	rule = rule_of(&m, "web 400", NULL, &scan);
	cast = cast_of(&m, "A", &ALONE);
	for (int i = 0; i < 10000; i++)
		mark(&m, i / 36000.0, rule, cast, SEVERITY_LOW);
	analyse(&m);
	assert_int_equal(m.an.episode_count, 1);
	assert_int_equal(m.an.episodes[0].count, 10000);
	end(&m);
}

static void silence_ends_an_episode(void **state)
{
	struct made m;

	(void)state;
	begin(&m);
	alert(&m, 0, "A", "x", &unknown, SEVERITY_LOW, ALONE);
	alert(&m, 4 / 60.0, "A", "x", &unknown, SEVERITY_LOW, ALONE);
	alert(&m, 10 / 60.0, "A", "x", &unknown, SEVERITY_LOW, ALONE);
	analyse(&m);
	assert_int_equal(m.an.episode_count, 2);
	assert_int_equal(m.an.episodes[0].count, 2);
	end(&m);
}

static void every_alert_is_in_exactly_one_episode(void **state)
{
	struct made m;
	unsigned char *seen;

	(void)state;
	begin(&m);
	ordinary_week(&m);
	alert(&m, 100, "A", "shell", &shell, SEVERITY_HIGH, ALONE);
	analyse(&m);
	seen = must_alloc(m.week.mark_count);
	for (uint32_t i = 0; i < m.an.episode_count; i++)
		for (uint32_t k = 0; k < m.an.episodes[i].count; k++)
			seen[m.an.episodes[i].alerts[k]]++;
	for (uint32_t i = 0; i < m.week.mark_count; i++)
		assert_int_equal(seen[i], 1);
	free(seen);
	end(&m);
}

static void one_rule_in_sixty_wordings_counts_once(void **state)
{
	struct made m;
	char name[64];

	(void)state;
	begin(&m);
	ordinary_week(&m);
	for (int i = 0; i < 60; i++) {
		snprintf(name, sizeof(name), "share accessed: S%02d", i);
		mark(&m, 100 + i / 60.0, rule_of(&m, name, "5140", &scan), cast_of(&m, "A", &ALONE), SEVERITY_MEDIUM);
	}
	analyse(&m);
	for (uint32_t i = 0; i < m.an.incidents[0].factor_count; i++)
		if (strcmp(m.an.incidents[0].factors[i].key, "rarity") == 0)
			assert_int_equal((int)m.an.incidents[0].factors[i].number, 1);
	assert_int_equal(m.an.incidents[0].alert_count, 60);
	end(&m);
}

/* ---- routine ---- */

static void routine_at_the_same_moment_stays_out(void **state)
{
	struct made m;

	(void)state;
	begin(&m);
	ordinary_week(&m);
	alert(&m, 100.001, "A", "shell", &shell, SEVERITY_HIGH, ALONE);
	alert(&m, 100.01, "A", "dump", &dump, SEVERITY_HIGH, ALONE);
	analyse(&m);
	assert_int_equal(m.an.queue_count, 1);
	assert_int_equal(m.an.incidents[0].alert_count, 2);
	assert_null(incident_of(&m, "logon", "A"));
	end(&m);
}

static void a_nightly_scan_is_a_habit(void **state)
{
	struct made m;

	(void)state;
	begin(&m);
	ordinary_week(&m);
	for (int day = 0; day < 7; day++)
		alert(&m, day * 24 + 3.1, "SCANNER", "exploit try", &exploit, SEVERITY_HIGH, ALONE);
	analyse(&m);
	assert_int_equal(m.an.queue_count, 0);
	end(&m);
}

static void what_is_new_in_the_first_hour_weighs_less(void **state)
{
	struct made m;
	char early[16], late[16];

	(void)state;
	begin(&m);
	ordinary_week(&m);
	for (int i = 0; i < 6; i++) {
		snprintf(early, sizeof(early), "n%d", i);
		snprintf(late, sizeof(late), "l%d", i);
		alert(&m, 0.2 + i * 0.01, "A", early, &unknown, SEVERITY_UNKNOWN, ALONE);
		alert(&m, 120.2 + i * 0.01, "B", late, &unknown, SEVERITY_UNKNOWN, ALONE);
	}
	analyse(&m);
	assert_true(incident_of(&m, "l0", NULL) == &m.an.incidents[0]);
	assert_true(incident_of(&m, "l0", NULL)->score > 2 * incident_of(&m, "n1", NULL)->score);
	end(&m);
}

static void a_response_never_starts_an_incident(void **state)
{
	struct made m;

	(void)state;
	begin(&m);
	ordinary_week(&m);
	alert(&m, 50, "B", "blocked", &block, SEVERITY_CRITICAL, ALONE);
	alert(&m, 100, "A", "shell", &shell, SEVERITY_HIGH, ALONE);
	alert(&m, 100.1, "A", "blocked", &block, SEVERITY_CRITICAL, ALONE);
	analyse(&m);
	assert_null(incident_of(&m, "blocked", "B"));
	assert_ptr_equal(incident_of(&m, "blocked", "A"), incident_of(&m, "shell", "A"));
	end(&m);
}

/* ---- joining ---- */

static void a_pause_of_ten_hours_does_not_part_an_attack(void **state)
{
	struct made m;
	char name[16];

	(void)state;
	begin(&m);
	ordinary_week(&m);
	for (int i = 0; i < 6; i++) {
		snprintf(name, sizeof(name), "first %d", i);
		alert(&m, 100 + i * 0.01, "A", name, &exploit, SEVERITY_UNKNOWN, ALONE);
		snprintf(name, sizeof(name), "then %d", i);
		alert(&m, 110 + i * 0.01, "A", name, &dump, SEVERITY_UNKNOWN, ALONE);
	}
	analyse(&m);
	assert_ptr_equal(incident_of(&m, "first 0", NULL), incident_of(&m, "then 5", NULL));
	assert_int_equal(m.an.queue_count, 1);
	end(&m);
}

static void a_scan_over_six_hosts_in_seconds_is_one(void **state)
{
	static const char *const hosts[] = {"A", "B", "C", "D", "E", "F"};
	struct made m;

	(void)state;
	begin(&m);
	ordinary_week(&m);
	for (int i = 0; i < 6; i++)
		alert(&m, 100 + i * 2 / 3600.0, hosts[i], "nmap", &scan, SEVERITY_UNKNOWN, ALONE);
	analyse(&m);
	for (int i = 1; i < 6; i++)
		assert_ptr_equal(incident_of(&m, "nmap", "A"), incident_of(&m, "nmap", hosts[i]));
	assert_int_equal(m.an.incidents[0].host_count, 6);
	end(&m);
}

static void a_rare_hash_joins_two_hosts(void **state)
{
	struct made m;

	(void)state;
	begin(&m);
	ordinary_week(&m);
	intrusion(&m, 100, "A", (struct others){.hash = "abad1dea"});
	intrusion(&m, 130, "B", (struct others){.hash = "abad1dea"});
	intrusion(&m, 130, "C", (struct others){.hash = "0ddba11"});
	analyse(&m);
	assert_ptr_equal(incident_of(&m, "shell on A", NULL), incident_of(&m, "shell on B", NULL));
	assert_ptr_not_equal(incident_of(&m, "shell on A", NULL), incident_of(&m, "shell on C", NULL));
	end(&m);
}

static void what_everybody_shares_joins_nobody(void **state)
{
	struct others shared = {.source = "10.9.9.9", .domain = "proxy.example", .user = "system"};
	struct made m;
	char host[16];

	(void)state;
	begin(&m);
	ordinary_week(&m);
	for (int i = 0; i < 20; i++) {
		snprintf(host, sizeof(host), "S%02d", i);
		intrusion(&m, 30 + i * 6, host, shared);
	}
	analyse(&m);
	assert_int_equal(m.an.incident_count, 20);
	end(&m);
}

static void tenants_are_never_joined(void **state)
{
	struct made m;

	(void)state;
	begin(&m);
	ordinary_week(&m);
	intrusion(&m, 100, "A", (struct others){.hash = "abad1dea"});
	intrusion(&m, 100.5, "A2", (struct others){.hash = "abad1dea", .tenant = 1});
	analyse(&m);
	assert_ptr_not_equal(incident_of(&m, "shell on A", NULL), incident_of(&m, "shell on A2", NULL));
	end(&m);
}

static void a_chain_of_three_hundred_hosts_is_not_one(void **state)
{
	struct made m;
	char host[16], left[16], right[16];

	(void)state;
	begin(&m);
	for (int i = 0; i < 300; i++) {
		snprintf(host, sizeof(host), "N%03d", i);
		snprintf(left, sizeof(left), "user%d", i);
		snprintf(right, sizeof(right), "user%d", i + 1);
		alert(&m, i * 0.5, host, "shell", &shell, SEVERITY_HIGH, (struct others){.user = left});
		alert(&m, i * 0.5 + 0.1, host, "dump", &dump, SEVERITY_HIGH, (struct others){.user = right});
	}
	analyse(&m);
	for (uint32_t i = 0; i < m.an.incident_count; i++)
		assert_true(m.an.incidents[i].host_count <= 30);
	end(&m);
}

static void a_name_and_its_address_are_one_machine(void **state)
{
	struct made m;

	(void)state;
	begin(&m);
	ordinary_week(&m);
	alert(&m, 10, "MAIL", "logon", &everyday, SEVERITY_INFO, (struct others){.address = "10.0.0.5"});
	alert(&m, 100, NULL, "exploit", &exploit, SEVERITY_HIGH, (struct others){.address = "10.0.0.5"});
	alert(&m, 100.1, "MAIL", "shell", &shell, SEVERITY_HIGH, ALONE);
	analyse(&m);
	assert_ptr_equal(incident_of(&m, "exploit", NULL), incident_of(&m, "shell", NULL));
	assert_int_equal(incident_of(&m, "shell", NULL)->host_count, 1);
	end(&m);
}

static void links_name_their_reason(void **state)
{
	struct made m;
	const struct incident *in;
	bool hash = false;

	(void)state;
	begin(&m);
	ordinary_week(&m);
	intrusion(&m, 100, "A", (struct others){.hash = "abad1dea"});
	intrusion(&m, 130, "B", (struct others){.hash = "abad1dea"});
	in = (analyse(&m), incident_of(&m, "shell on A", NULL));
	for (uint32_t i = 0; i < in->link_count; i++) {
		assert_true(in->links[i].a < in->links[i].b);
		if (in->links[i].reason == LINK_SAME_HASH) {
			hash = true;
			assert_string_equal(m.entities[in->links[i].entity].value, "abad1dea");
		}
	}
	assert_true(hash);
	end(&m);
}

/* ---- rank ---- */

static void the_parts_add_up_to_the_score(void **state)
{
	struct made m;

	(void)state;
	begin(&m);
	ordinary_week(&m);
	intrusion(&m, 100, "A", ALONE);
	intrusion(&m, 60, "B", (struct others){.domain = "c2.example"});
	analyse(&m);
	for (uint32_t i = 0; i < m.an.incident_count; i++) {
		double sum = 0;

		for (uint32_t k = 0; k < m.an.incidents[i].factor_count; k++)
			sum += m.an.incidents[i].factors[k].points;
		assert_true(sum - m.an.incidents[i].score < 0.05 && m.an.incidents[i].score - sum < 0.05);
		assert_true(m.an.incidents[i].score <= 100);
	}
	end(&m);
}

static void a_flood_buries_nothing(void **state)
{
	struct made m;
	uint32_t rule, casts[40];
	char host[16];

	(void)state;
	begin(&m);
	ordinary_week(&m);
	intrusion(&m, 100, "A", ALONE);
	alert(&m, 100.3, "A", "dump", &dump, SEVERITY_HIGH, ALONE);
	rule = rule_of(&m, "decoy", NULL, &exploit);
	for (int i = 0; i < 40; i++) {
		snprintf(host, sizeof(host), "X%02d", i);
		casts[i] = cast_of(&m, host, &ALONE);
	}
	for (int i = 0; i < 100000; i++)
		mark(&m, 99.5 + i / 60000.0, rule, casts[i % 40], SEVERITY_HIGH);
	analyse(&m);
	assert_ptr_equal(incident_of(&m, "dump", NULL), &m.an.incidents[0]);
	end(&m);
}

static void a_single_alarming_alert_is_shown(void **state)
{
	struct made m;

	(void)state;
	begin(&m);
	alert(&m, 0, "A", "shell", &shell, SEVERITY_CRITICAL, ALONE);
	analyse(&m);
	assert_int_equal(m.an.queue_count, 1);
	assert_int_equal(m.an.incidents[0].rank, 1);
	assert_int_equal(m.an.incidents[0].alert_count, 1);
	end(&m);
}

static void the_break_in_comes_before_the_scan(void **state)
{
	struct made m;
	char host[16];

	(void)state;
	begin(&m);
	for (int i = 0; i < 30; i++) {
		snprintf(host, sizeof(host), "T%02d", i);
		alert(&m, 0.1 + i / 600.0, host, "nmap", &scan, SEVERITY_LOW, (struct others){.source = "10.0.9.1"});
	}
	intrusion(&m, 0.7, "Z", (struct others){.source = "10.0.9.2"});
	analyse(&m);
	assert_ptr_equal(incident_of(&m, "shell on Z", NULL), &m.an.incidents[0]);
	assert_ptr_not_equal(incident_of(&m, "nmap", NULL), &m.an.incidents[0]);
	end(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_week_has_no_incident),
		cmocka_unit_test(ten_thousand_like_alerts_are_one_episode),
		cmocka_unit_test(silence_ends_an_episode),
		cmocka_unit_test(every_alert_is_in_exactly_one_episode),
		cmocka_unit_test(one_rule_in_sixty_wordings_counts_once),
		cmocka_unit_test(routine_at_the_same_moment_stays_out),
		cmocka_unit_test(a_nightly_scan_is_a_habit),
		cmocka_unit_test(what_is_new_in_the_first_hour_weighs_less),
		cmocka_unit_test(a_response_never_starts_an_incident),
		cmocka_unit_test(a_pause_of_ten_hours_does_not_part_an_attack),
		cmocka_unit_test(a_scan_over_six_hosts_in_seconds_is_one),
		cmocka_unit_test(a_rare_hash_joins_two_hosts),
		cmocka_unit_test(what_everybody_shares_joins_nobody),
		cmocka_unit_test(tenants_are_never_joined),
		cmocka_unit_test(a_chain_of_three_hundred_hosts_is_not_one),
		cmocka_unit_test(a_name_and_its_address_are_one_machine),
		cmocka_unit_test(links_name_their_reason),
		cmocka_unit_test(the_parts_add_up_to_the_score),
		cmocka_unit_test(a_flood_buries_nothing),
		cmocka_unit_test(a_single_alarming_alert_is_shown),
		cmocka_unit_test(the_break_in_comes_before_the_scan),
	};

	return cmocka_run_group_tests_name("cluster", tests, NULL, NULL);
}
