/* What is met on many machines: sweeps, jobs, roll-outs, files that everybody has; and how an intruder goes on from one
 * machine to the next. */
#include "tests/unit/made_week.h"

static const struct behaviour probe = {.key = "probe", .tactic = 8, .weight = 0.6, .stage = 3};
static const struct behaviour web = {.key = "web-attack", .tactic = 2, .weight = 0.45, .stage = 9};
static const struct behaviour lateral = {.key = "lateral", .tactic = 9, .weight = 0.7, .stage = 48};
static const struct behaviour persistence = {.key = "persistence", .tactic = 4, .weight = 0.6, .stage = 35};
static const struct behaviour ransom = {.key = "ransomware", .tactic = 13, .weight = 1, .stage = 80};

static const char *name_of(char room[16], int i)
{
	snprintf(room, 16, "S%02d", i);
	return room;
}

/* ---- sweeps ---- */

/* One address knocks at `machines` doors, one after the other within an hour. */
static void knock(struct made *m, double hours, int machines, const char *from, const char *rule, const struct behaviour *b)
{
	char room[16];

	for (int i = 0; i < machines; i++)
		alert(m, hours + i / 100.0, name_of(room, i), rule, b, SEVERITY_HIGH, (struct others){.source = from});
}

static void under_a_mass_scan_a_break_in_stays_by_itself(void **state)
{
	struct made m;

	(void)state;
	begin(&m);
	ordinary_week(&m);
	knock(&m, 100, 30, "192.0.2.1", "union select", &web);
	knock(&m, 100.2, 30, "192.0.2.1", "etc passwd", &web);
	alert(&m, 100.1, "S10", "code execution", &exploit, SEVERITY_HIGH, (struct others){.source = "192.0.2.9"});
	alert(&m, 100.3, "S10", "shell on S10", &shell, SEVERITY_HIGH, ALONE);
	analyse(&m);
	assert_non_null(incident_of(&m, "shell on S10", "S10"));
	assert_ptr_equal(incident_of(&m, "shell on S10", "S10"), incident_of(&m, "code execution", "S10"));
	assert_ptr_not_equal(incident_of(&m, "shell on S10", "S10"), incident_of(&m, "union select", "S10"));
	assert_int_equal(incident_of(&m, "shell on S10", "S10")->rank, 1);
	end(&m);
}

/* He scanned everything, and came in at one of the doors. */
static void who_scans_and_then_breaks_in_is_one(void **state)
{
	struct made m;

	(void)state;
	begin(&m);
	ordinary_week(&m);
	knock(&m, 100, 30, "192.0.2.1", "union select", &web);
	alert(&m, 101, "S10", "code execution", &exploit, SEVERITY_HIGH, (struct others){.source = "192.0.2.1"});
	alert(&m, 101.1, "S10", "shell on S10", &shell, SEVERITY_HIGH, (struct others){.source = "192.0.2.1"});
	analyse(&m);
	assert_ptr_equal(incident_of(&m, "shell on S10", "S10"), incident_of(&m, "union select", "S10"));
	end(&m);
}

/* Who is inside and starts services everywhere is the reason for what those machines do next. */
static void what_an_intruder_does_everywhere_stays_with_its_outcome(void **state)
{
	struct made m;
	char room[16];

	(void)state;
	begin(&m);
	ordinary_week(&m);
	knock(&m, 100, 8, "10.0.0.1", "remote service", &lateral);
	for (int i = 0; i < 8; i++)
		alert(&m, 100.4 + i / 100.0, name_of(room, i), "files encrypted", &ransom, SEVERITY_HIGH, ALONE);
	analyse(&m);
	for (int i = 0; i < 8; i++)
		assert_ptr_equal(incident_of(&m, "files encrypted", name_of(room, i)), incident_of(&m, "remote service", "S00"));
	end(&m);
}

static const struct incident *scanned(struct made *m, const double *hours, int rounds)
{
	begin(m);
	ordinary_week(m);
	for (int i = 0; i < rounds; i++)
		knock(m, hours[i], 8, "10.0.9.9", "exploit probe", &probe);
	analyse(m);
	return incident_of(m, "exploit probe", "S00");
}

static void a_sweep_that_comes_again_at_its_hour_is_a_job(void **state)
{
	static const double twice[] = {50.1, 98.4}, once[] = {98.4}, other_hour[] = {50.1, 103.4};
	struct made m;

	(void)state;
	assert_null(scanned(&m, twice, 2));
	end(&m);
	assert_non_null(scanned(&m, once, 1));
	end(&m);
	assert_non_null(scanned(&m, other_hour, 2));
	end(&m);
}

/* ---- the same on every machine ---- */

/* Forty machines with their logons, and `touched` of them with the rule within an hour. */
static double best_of_fleet(int touched, const struct behaviour *b, enum severity severity)
{
	struct made m;
	char room[16];
	double best = 0;

	begin(&m);
	for (int i = 0; i < 40; i++)
		for (int h = i % 7; h < 168; h += 7)
			alert(&m, h, name_of(room, i), "logon", &everyday, SEVERITY_INFO, ALONE);
	for (int i = 0; i < touched; i++)
		alert(&m, 100 + i / 50.0, name_of(room, i), "task created", b, severity, ALONE);
	analyse(&m);
	for (uint32_t i = 0; i < m.an.incident_count; i++)
		best = m.an.incidents[i].score > best ? m.an.incidents[i].score : best;
	end(&m);
	return best;
}

static void what_comes_to_the_whole_fleet_is_a_roll_out(void **state)
{
	(void)state;
	assert_true(best_of_fleet(40, &persistence, SEVERITY_MEDIUM) < 5);
	assert_true(best_of_fleet(15, &persistence, SEVERITY_MEDIUM) > 8);
	assert_true(best_of_fleet(40, &ransom, SEVERITY_CRITICAL) > 25);
}

/* ---- files that every machine has ---- */

static void run(struct made *m, double hours, const char *host, const char *rule, const char *process, const char *hash)
{
	uint32_t r = rule_of(m, rule, NULL, &exploit), cast;

	/* by role, then entity, as the store gives them */
	uint32_t first = m->member_count;

	take(m, ENTITY_HOST, ROLE_VICTIM, host);
	take(m, ENTITY_PROCESS, ROLE_ACTOR, process);
	take(m, ENTITY_HASH, ROLE_OBSERVED, hash);
	cast = cast_of(m, host, &ALONE);
	m->casts[cast].first = first;
	m->casts[cast].count = 3;
	mark(m, hours, r, cast, SEVERITY_MEDIUM);
}

static bool joined_by(const char *process)
{
	struct made m;
	bool joined;

	begin(&m);
	ordinary_week(&m);
	run(&m, 100, "A", "script 1", process, "aa11");
	run(&m, 103, "B", "script 2", process, "aa11");
	analyse(&m);
	joined = incident_of(&m, "script 1", "A") == incident_of(&m, "script 2", "B");
	end(&m);
	return joined;
}

static void a_program_of_the_system_joins_nobody(void **state)
{
	(void)state;
	assert_true(joined_by("lock64.exe"));
	assert_false(joined_by("powershell.exe"));
	assert_false(joined_by("C:\\Windows\\System32\\rundll32.exe"));
	assert_true(joined_by("C:\\Users\\Public\\svchost.exe"));
}

/* ---- from one machine to the next ---- */

static void a_machine_that_was_broken_into_reaches_for_the_next_after_hours(void **state)
{
	struct made m;

	(void)state;
	begin(&m);
	ordinary_week(&m);
	alert(&m, 100, "A", "attachment", &exploit, SEVERITY_HIGH, (struct others){.address = "10.0.0.1"});
	alert(&m, 100.3, "A", "memory read", &dump, SEVERITY_HIGH, (struct others){.address = "10.0.0.1"});
	alert(&m, 107, "B", "remote service", &lateral, SEVERITY_HIGH, (struct others){.source = "10.0.0.1"});
	alert(&m, 107, "C", "other service", &lateral, SEVERITY_HIGH, (struct others){.source = "10.0.0.7"});
	analyse(&m);
	assert_ptr_equal(incident_of(&m, "remote service", "B"), incident_of(&m, "memory read", "A"));
	assert_ptr_not_equal(incident_of(&m, "other service", "C"), incident_of(&m, "memory read", "A"));
	end(&m);
}

/* Where no machine is named, the account is what alerts are about: half a day does not part them. */
static void what_an_account_does_is_one_though_no_machine_is_named(void **state)
{
	struct made m;

	(void)state;
	begin(&m);
	ordinary_week(&m);
	alert(&m, 100, NULL, "odd sign-in", &exploit, SEVERITY_MEDIUM, (struct others){.user = "u1"});
	alert(&m, 110, NULL, "bucket read", &dump, SEVERITY_HIGH, (struct others){.user = "u1"});
	alert(&m, 110, NULL, "other bucket", &dump, SEVERITY_HIGH, (struct others){.user = "u2"});
	analyse(&m);
	assert_ptr_equal(incident_of(&m, "odd sign-in", NULL), incident_of(&m, "bucket read", NULL));
	assert_ptr_not_equal(incident_of(&m, "other bucket", NULL), incident_of(&m, "bucket read", NULL));
	end(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(under_a_mass_scan_a_break_in_stays_by_itself),
		cmocka_unit_test(who_scans_and_then_breaks_in_is_one),
		cmocka_unit_test(what_an_intruder_does_everywhere_stays_with_its_outcome),
		cmocka_unit_test(a_sweep_that_comes_again_at_its_hour_is_a_job),
		cmocka_unit_test(what_comes_to_the_whole_fleet_is_a_roll_out),
		cmocka_unit_test(a_program_of_the_system_joins_nobody),
		cmocka_unit_test(what_an_account_does_is_one_though_no_machine_is_named),
		cmocka_unit_test(a_machine_that_was_broken_into_reaches_for_the_next_after_hours),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
