/* Everyday calls at a machine's steady pace, and what is left over between two ends of one
 * incident. */
#include "tests/unit/made_week.h"

static const struct behaviour policy = {.key = "policy", .tactic = -1, .weight = 0.08, .routine = true, .calls = true};
static const struct behaviour job = {.key = "update", .tactic = -1, .weight = 0.02, .routine = true};
static const struct behaviour service = {.key = "service-change", .tactic = -1, .weight = 0.2};
static const struct behaviour pace = {.key = "steady-calls", .tactic = 11, .weight = 0.75, .calls = true};

#define MINUTES (1.0 / 60)

struct calling {
	const char *host, *name;
	const struct behaviour *behaviour;
	double from, to, every;      /* hours */
	double jitter, lost;         /* shares of a step, of the calls */
	uint32_t seed;
};

static double chance(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return (*seed >> 8) / (double)(1u << 24);
}

static void call(struct made *m, struct calling k)
{
	uint32_t rule = rule_of(m, k.name, NULL, k.behaviour), cast = cast_of(m, k.host, &ALONE), seed = k.seed;

	for (double at = k.from; at < k.to; at += k.every) {
		double late = k.jitter * k.every * chance(&seed), lost = chance(&seed);

		if (lost >= k.lost)
			mark(m, at + late, rule, cast, SEVERITY_INFO);
	}
}

static bool is_paced(const struct made *m, const char *name, const char *host)
{
	for (uint32_t i = 0; i < m->an.episode_count; i++) {
		const struct episode *e = &m->an.episodes[i];

		if (e->paced && strcmp(m->rules[e->rule].rule.name, name) == 0 &&
		    strcmp(m->entities[e->host].value, host) == 0)
			return true;
	}
	return false;
}

static void start(struct made *m)
{
	begin(m);
	m->week.pace = &pace;
	ordinary_week(m);
}

static void steady_calls_that_end_are_news(void **state)
{
	const struct incident *in;
	struct made m;

	(void)state;
	start(&m);
	call(&m, (struct calling){"A", "odd name", &policy, 0, 60, MINUTES, 0.15, 0, 1});
	alert(&m, 30, "A", "middle", &service, SEVERITY_UNKNOWN, ALONE);
	alert(&m, 60 + MINUTES, "A", "stopped", &service, SEVERITY_UNKNOWN, ALONE);
	alert(&m, 60 + MINUTES, "B", "elsewhere", &service, SEVERITY_UNKNOWN, ALONE);
	analyse(&m);
	assert_true(is_paced(&m, "odd name", "A"));
	in = incident_of(&m, "odd name", "A");
	assert_non_null(in);
	/* what ended them belongs to them; what happens while they go on, or elsewhere, does not */
	assert_ptr_equal(in, incident_of(&m, "stopped", NULL));
	assert_ptr_not_equal(in, incident_of(&m, "middle", NULL));
	assert_ptr_not_equal(in, incident_of(&m, "elsewhere", NULL));
	assert_true(in->rank == 1);
	end(&m);
}

static void steady_calls_that_begin_are_news_though_some_get_lost(void **state)
{
	struct made m;

	(void)state;
	start(&m);
	alert(&m, 100, "A", "started", &service, SEVERITY_UNKNOWN, ALONE);
	call(&m, (struct calling){"A", "odd name", &policy, 100, 168, 5 * MINUTES, 0.15, 0.2, 2});
	analyse(&m);
	assert_true(is_paced(&m, "odd name", "A"));
	assert_ptr_equal(incident_of(&m, "odd name", NULL), incident_of(&m, "started", NULL));
	end(&m);
}

static void one_call_that_passes_two_sensors_is_one_act(void **state)
{
	struct made m;

	(void)state;
	start(&m);
	call(&m, (struct calling){"A", "odd name", &policy, 0, 60, MINUTES / 4, 0.15, 0, 3});
	call(&m, (struct calling){"F", "odd name", &policy, 0.015, 60.015, MINUTES / 4, 0.15, 0, 3});     /* a clock 54 s ahead */
	analyse(&m);
	assert_non_null(incident_of(&m, "odd name", "A"));
	assert_ptr_equal(incident_of(&m, "odd name", "A"), incident_of(&m, "odd name", "F"));
	end(&m);
}

/* Fourteen calls are more even than chance makes one series, but not more than the best of eighty. */
static void the_more_is_tried_the_more_calls_it_takes(void **state)
{
	for (int others = 0; others <= 80; others += 80) {
		struct made m;

		(void)state;
		start(&m);
		call(&m, (struct calling){"A", "odd name", &policy, 50, 56.3, 0.48, 0.05, 0, 10});
		for (int i = 0; i < others; i++) {
			char host[8];

			snprintf(host, sizeof(host), "H%d", i);
			call(&m, (struct calling){arena_dup(m.arena, host), "other name", &policy, 0, 168, 40, 0.3, 0, 11});
		}
		analyse(&m);
		assert_int_equal(is_paced(&m, "odd name", "A"), others == 0);
		end(&m);
	}
}

static void a_slow_pace_takes_no_more_calls(void **state)
{
	struct made m;

	(void)state;
	start(&m);
	call(&m, (struct calling){"A", "odd name", &policy, 50, 64, 0.45, 0.15, 0.1, 13});
	analyse(&m);
	assert_true(is_paced(&m, "odd name", "A"));
	end(&m);
}

/* Each differs from the first test in one thing. */
static void other_calls_stay_everyday(void **state)
{
	static const struct {
		const char *why;
		struct calling calls;
		bool all;
	} everyday_calls[] = {
		{"no pace", {"A", "odd name", &policy, 0, 60, MINUTES, 3, 0, 4}, false},
		{"all week", {"A", "odd name", &policy, 0, 168, MINUTES, 0.15, 0, 5}, false},
		{"a nightly job", {"A", "odd name", &policy, 140, 165, MINUTES, 0.15, 0.995, 6}, false},
		{"too short", {"A", "odd name", &policy, 50, 55, MINUTES, 0.15, 0, 7}, false},
		{"no call", {"A", "odd name", &job, 0, 60, MINUTES, 0.15, 0, 8}, false},
		{"from every machine", {"A", "odd name", &policy, 0, 60, MINUTES, 0.15, 0, 9}, true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(everyday_calls) / sizeof(everyday_calls[0]); i++) {
		static const char *const hosts[] = {"B", "C", "D"};
		struct calling k = everyday_calls[i].calls;
		struct made m;

		start(&m);
		call(&m, k);
		for (int h = 0; h < 3 && everyday_calls[i].all; h++) {
			k.host = hosts[h];
			k.from += 0.4;
			k.to += 7;
			call(&m, k);
		}
		analyse(&m);
		if (is_paced(&m, "odd name", "A"))
			fail_msg("%s", everyday_calls[i].why);
		end(&m);
	}
}

/* ---- both ends ---- */

/* Four machines are broken into from a fifth of ours. */
static void break_in(struct made *m)
{
	static const char *const hosts[] = {"A", "B", "C", "D"};
	static const char *const acts[] = {"exploit", "shell", "dump", "loader"};

	for (int h = 0; h < 4; h++)
		for (int k = 0; k < 4; k++)
			alert(m, 100 + h * 0.1 + k * 0.01, hosts[h], acts[k], k == 0 ? &exploit : &shell, SEVERITY_HIGH,
			      (struct others){.source = "10.9.9.9"});
}

static void what_goes_on_between_two_ends_of_an_incident_is_part_of_it(void **state)
{
	static const struct behaviour chore = {.key = "update", .tactic = -1, .weight = 0.3, .routine = true};
	const struct incident *in;
	struct made m;

	(void)state;
	begin(&m);
	ordinary_week(&m);
	break_in(&m);
	alert(&m, 108, "C", "loader", &shell, SEVERITY_HIGH, (struct others){.source = "10.9.9.9"});
	alert(&m, 105, "D", "knock", &scan, SEVERITY_LOW, (struct others){.source = "10.9.9.9"});
	alert(&m, 105.7, "F", "tap", &scan, SEVERITY_LOW, (struct others){.source = "10.9.9.8"});
	alert(&m, 104, "E", "rap", &scan, SEVERITY_LOW, (struct others){.source = "10.9.9.9"});
	alert(&m, 106, "B", "chore", &chore, SEVERITY_LOW, (struct others){.source = "10.9.9.9"});
	alert(&m, 60, "A", "before", &scan, SEVERITY_LOW, (struct others){.source = "10.9.9.9"});
	analyse(&m);
	in = incident_of(&m, "exploit", "A");
	assert_non_null(in);
	assert_ptr_equal(in, incident_of(&m, "exploit", "D"));
	assert_ptr_equal(in, incident_of(&m, "knock", "D"));
	assert_ptr_not_equal(in, incident_of(&m, "tap", NULL));     /* neither end */
	assert_ptr_not_equal(in, incident_of(&m, "rap", NULL));      /* one end */
	assert_ptr_not_equal(in, incident_of(&m, "chore", NULL));    /* everyday */
	assert_ptr_not_equal(in, incident_of(&m, "before", NULL));   /* another time */
	end(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(steady_calls_that_end_are_news),
		cmocka_unit_test(steady_calls_that_begin_are_news_though_some_get_lost),
		cmocka_unit_test(one_call_that_passes_two_sensors_is_one_act),
		cmocka_unit_test(the_more_is_tried_the_more_calls_it_takes),
		cmocka_unit_test(a_slow_pace_takes_no_more_calls),
		cmocka_unit_test(other_calls_stay_everyday),
		cmocka_unit_test(what_goes_on_between_two_ends_of_an_incident_is_part_of_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
