/* Clustering and rank, by small weeks made up here: a base of everyday alerts over
 * seven days, and what each test adds to it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "analyst/cluster/cluster.h"

#define START (INT64_C(1600000000) / 3600 * 3600 * SECOND)

static const struct behaviour unknown = {.key = "unknown", .tactic = -1, .weight = 0};
static const struct behaviour everyday = {.key = "login", .tactic = -1, .weight = 0.1};
static const struct behaviour scan = {.key = "scan", .tactic = 9, .weight = 0.3};
static const struct behaviour exploit = {.key = "exploit", .tactic = 2, .weight = 0.8};
static const struct behaviour shell = {.key = "webshell", .tactic = 4, .weight = 0.95};
static const struct behaviour dump = {.key = "credential-dump", .tactic = 7, .weight = 0.95};
static const struct behaviour block = {.key = "response", .tactic = -1, .weight = 0, .response = true};

/* ---- a week by hand ---- */

struct made {
	struct week week;
	struct week_rule *rules;
	struct week_entity *entities;
	struct member *members;
	struct cast *casts;
	struct mark *marks;
	uint32_t member_count;
	struct arena *arena;
	struct analysis an;
};

#define ROOM_RULES 400
#define ROOM_ENTITIES 2000

static void begin(struct made *m)
{
	memset(m, 0, sizeof(*m));
	m->arena = arena_new();
	m->rules = must_alloc(ROOM_RULES * sizeof(*m->rules));
	m->entities = must_alloc(ROOM_ENTITIES * sizeof(*m->entities));
}

static uint32_t rule_of(struct made *m, const char *name, const char *id, const struct behaviour *b)
{
	for (uint32_t i = 0; i < m->week.rule_count; i++)
		if (strcmp(m->rules[i].rule.name, name) == 0)
			return i;
	assert_true(m->week.rule_count < ROOM_RULES);
	m->rules[m->week.rule_count] =
		(struct week_rule){{.product = "p", .id = id, .name = arena_dup(m->arena, name)}, b};
	return m->week.rule_count++;
}

static uint32_t entity_of(struct made *m, enum entity_kind kind, const char *value)
{
	for (uint32_t i = 0; i < m->week.entity_count; i++)
		if (m->entities[i].kind == kind && strcmp(m->entities[i].value, value) == 0)
			return i;
	assert_true(m->week.entity_count < ROOM_ENTITIES);
	m->entities[m->week.entity_count].kind = kind;
	m->entities[m->week.entity_count].value = arena_dup(m->arena, value);
	m->entities[m->week.entity_count].shown = m->entities[m->week.entity_count].value;
	m->entities[m->week.entity_count].internal = kind == ENTITY_HOST || strncmp(value, "10.", 3) == 0;
	return m->week.entity_count++;
}

/* A cast of one machine and up to two others: kinds and roles of what tests need. */
struct others {
	const char *address, *source, *domain, *hash, *user;
	uint32_t tenant;
};

static void take(struct made *m, enum entity_kind kind, enum entity_role role, const char *value)
{
	if (value == NULL)
		return;
	if (m->member_count % 1024 == 0)
		m->members = must_grow(m->members, m->member_count + 1024, sizeof(*m->members));
	m->members[m->member_count++] = (struct member){entity_of(m, kind, value), role};
}

static uint32_t cast_of(struct made *m, const char *host, const struct others *o)
{
	struct cast c = {.first = m->member_count, .tenant = o->tenant, .host = NO_ENTITY};

	if (host != NULL)
		c.host = entity_of(m, ENTITY_HOST, host);
	else if (o->address != NULL)
		c.host = entity_of(m, ENTITY_IP, o->address);
	take(m, ENTITY_IP, ROLE_SOURCE, o->source);
	take(m, ENTITY_DOMAIN, ROLE_DESTINATION, o->domain);
	take(m, ENTITY_HOST, ROLE_VICTIM, host);
	take(m, ENTITY_IP, ROLE_VICTIM, o->address);
	take(m, ENTITY_USER, ROLE_ACTOR, o->user);
	take(m, ENTITY_HASH, ROLE_OBSERVED, o->hash);
	c.count = m->member_count - c.first;
	if (m->week.cast_count % 1024 == 0)
		m->casts = must_grow(m->casts, m->week.cast_count + 1024, sizeof(*m->casts));
	m->casts[m->week.cast_count] = c;
	return m->week.cast_count++;
}

static void mark(struct made *m, double hours, uint32_t rule, uint32_t cast, enum severity severity)
{
	instant at = START + (instant)(hours * (double)HOUR);

	if (m->week.mark_count % 1024 == 0)
		m->marks = must_grow(m->marks, m->week.mark_count + 1024, sizeof(*m->marks));
	m->marks[m->week.mark_count] = (struct mark){.at = at, .until = at, .key = m->week.mark_count, .rule = rule,
	                                             .cast = cast, .severity = (uint8_t)severity,
	                                             .confidence = -1, .score = -1, .bytes_out = -1};
	m->week.mark_count++;
}

static void alert(struct made *m, double hours, const char *host, const char *name, const struct behaviour *b,
                  enum severity severity, struct others o)
{
	mark(m, hours, rule_of(m, name, NULL, b), cast_of(m, host, &o), severity);
}

static int by_time(const void *x, const void *y)
{
	const struct mark *a = x, *b = y;

	if (a->at != b->at)
		return a->at < b->at ? -1 : 1;
	return (a->key > b->key) - (a->key < b->key);
}

static const struct analysis *analyse(struct made *m)
{
	static const char *const tenants[] = {"", "other"};

	m->week.rules = m->rules;
	m->week.entities = m->entities;
	m->week.members = m->members;
	m->week.casts = m->casts;
	m->week.marks = m->marks;
	m->week.tenants = tenants;
	m->week.tenant_count = 2;
	if (m->week.mark_count > 0) {
		qsort(m->marks, m->week.mark_count, sizeof(*m->marks), by_time);
		m->week.first = m->marks[0].at;
		m->week.last = m->marks[m->week.mark_count - 1].at;
	}
	cluster_week(&m->an, &m->week, m->arena);
	return &m->an;
}

static void end(struct made *m)
{
	free(m->rules);
	free(m->entities);
	free(m->members);
	free(m->casts);
	free(m->marks);
	arena_free(m->arena);
}

/* Logons on six machines in every hour of seven days. */
static void ordinary_week(struct made *m)
{
	static const char *const hosts[] = {"A", "B", "C", "D", "E", "F"};
	uint32_t logon = rule_of(m, "logon", NULL, &everyday);

	for (int h = 0; h < 6; h++) {
		struct others none = {0};
		uint32_t cast = cast_of(m, hosts[h], &none);

		for (int i = 0; i < 168; i++)
			mark(m, i + h * 0.1, logon, cast, SEVERITY_INFO);
	}
}

#define ALONE ((struct others){0})

/* The incident that holds the first alert of the rule, or NULL. */
static const struct incident *incident_of(const struct made *m, const char *name, const char *host)
{
	for (uint32_t i = 0; i < m->an.episode_count; i++) {
		const struct episode *e = &m->an.episodes[i];

		if (strcmp(m->rules[e->rule].rule.name, name) != 0)
			continue;
		if (host != NULL && (e->host == NO_ENTITY || strcmp(m->entities[e->host].value, host) != 0))
			continue;
		return e->incident == NO_INCIDENT ? NULL : &m->an.incidents[e->incident];
	}
	fail_msg("no episode of '%s'", name);
	return NULL;
}

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

static void intrusion(struct made *m, double hours, const char *host, struct others o)
{
	char name[48];

	snprintf(name, sizeof(name), "exploit on %s", host);
	alert(m, hours, host, name, &exploit, SEVERITY_HIGH, o);
	snprintf(name, sizeof(name), "shell on %s", host);
	alert(m, hours + 0.1, host, name, &shell, SEVERITY_HIGH, o);
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
