/* What clustering must never do: mix sites, be glued together by what everybody shares,
 * be buried by a flood, or depend on the order in which things are numbered. */
#include "tests/unit/made_week.h"

/* ---- sites ---- */

static const char *const roles[] = {"mail", "vpn", "files", "web", "share"};

/* Five machines of the same names at every site, in the site's own network. */
static void site(struct made *m, int number)
{
	uint32_t logon = rule_of(m, "logon", NULL, &everyday);
	char address[32];

	for (int i = 0; i < 5; i++) {
		uint32_t cast;

		snprintf(address, sizeof(address), "10.%d.0.%d", number, i + 1);
		cast = cast_of(m, roles[i], &(struct others){.address = address});
		for (int h = 0; h < 168; h++)
			mark(m, h + i * 0.1, logon, cast, SEVERITY_INFO);
	}
}

static void attack(struct made *m, double hours, const char *host, const char *address, int number)
{
	struct others o = {.address = address};
	char name[32];

	snprintf(name, sizeof(name), "shell %d", number);
	alert(m, hours, host, "exploit", &exploit, SEVERITY_HIGH, o);
	alert(m, hours + 0.01, host, name, &shell, SEVERITY_HIGH, o);
}

static bool holds_both(const struct made *m, const struct incident *in)
{
	bool site[3] = {false, false, false};

	for (uint32_t i = 0; i < in->episode_count; i++) {
		const struct episode *e = &m->an.episodes[in->episodes[i]];

		for (uint32_t k = 0; k < e->member_count; k++) {
			site[1] |= strncmp(m->entities[e->members[k].entity].value, "10.1.", 5) == 0;
			site[2] |= strncmp(m->entities[e->members[k].entity].value, "10.2.", 5) == 0;
		}
	}
	return site[1] && site[2];
}

static void two_sites_of_the_same_names_are_never_mixed(void **state)
{
	struct made m;

	(void)state;
	begin(&m);
	site(&m, 1);
	site(&m, 2);
	attack(&m, 100, "mail", "10.1.0.1", 1);
	attack(&m, 100.001, "web", "10.1.0.4", 1);
	attack(&m, 100.002, "mail", "10.2.0.1", 2);
	attack(&m, 100.003, "vpn", "10.2.0.2", 2);
	analyse(&m);
	for (uint32_t i = 0; i < m.an.incident_count; i++)
		assert_false(holds_both(&m, &m.an.incidents[i]));
	assert_ptr_equal(incident_of(&m, "shell 1", "mail"), incident_of(&m, "shell 1", "web"));
	assert_ptr_equal(incident_of(&m, "shell 2", "mail"), incident_of(&m, "shell 2", "vpn"));
	end(&m);
}

static void a_machine_that_moved_is_still_one_site(void **state)
{
	struct made m;

	(void)state;
	begin(&m);
	ordinary_week(&m);
	alert(&m, 20, "NB", "logon", &everyday, SEVERITY_INFO, (struct others){.address = "10.0.0.7"});
	alert(&m, 90, "NB", "logon", &everyday, SEVERITY_INFO, (struct others){.address = "10.0.9.7"});
	attack(&m, 100, "NB", "10.0.9.7", 1);
	alert(&m, 100.002, "A", "exploit", &exploit, SEVERITY_HIGH, ALONE);
	analyse(&m);
	assert_ptr_equal(incident_of(&m, "exploit", "NB"), incident_of(&m, "exploit", "A"));
	end(&m);
}

/* ---- what everybody shares ---- */

static void dns_nat_proxy_and_system_glue_nothing(void **state)
{
	static const struct others everybody[] = {
		{.source = "10.0.0.53"}, {.source = "198.51.100.1"}, {.domain = "proxy.example"}, {.user = "system"},
	};
	struct made m;
	char host[16];

	(void)state;
	begin(&m);
	ordinary_week(&m);
	for (int i = 0; i < 168; i++)
		for (int k = 0; k < 4; k++) {
			snprintf(host, sizeof(host), "D%02d", (i + k) % 40);
			alert(&m, i + 0.3, host, "look-up", &everyday, SEVERITY_INFO, everybody[k]);
		}
	for (int i = 0; i < 20; i++) {
		snprintf(host, sizeof(host), "S%02d", i);
		intrusion(&m, 30 + i * 2, host, everybody[i % 4]);
	}
	analyse(&m);
	for (int i = 0; i < 20; i++)
		for (int k = 0; k < i; k++) {
			char one[32], other[32];

			snprintf(one, sizeof(one), "shell on S%02d", i);
			snprintf(other, sizeof(other), "shell on S%02d", k);
			assert_ptr_not_equal(incident_of(&m, one, NULL), incident_of(&m, other, NULL));
		}
	end(&m);
}

static void placeholders_never_come_so_far(void **state)
{
	static const struct {
		enum entity_kind kind;
		const char *value;
	} nothing[] = {{ENTITY_USER, "-"}, {ENTITY_HOST, "n/a"}, {ENTITY_IP, "0.0.0.0"}, {ENTITY_HOST, "localhost"},
	               {ENTITY_HASH, "d41d8cd98f00b204e9800998ecf8427e"}, {ENTITY_USER, "unknown"}};
	struct alert a;

	(void)state;
	alert_clear(&a);
	for (size_t i = 0; i < sizeof(nothing) / sizeof(nothing[0]); i++)
		alert_add(&a, nothing[i].kind, ROLE_OBSERVED, nothing[i].value, NULL);
	assert_int_equal(a.entity_count, 0);
}

/* ---- floods ---- */

#define DECOYS 1000000

/* A million alerts of one rule on three hundred machines: all at once, or all the week. */
static void decoys(struct made *m, uint32_t rule, double from, double hours)
{
	uint32_t casts[300];
	char host[16];

	for (int i = 0; i < 300; i++) {
		snprintf(host, sizeof(host), "X%03d", i);
		casts[i] = cast_of(m, host, &ALONE);
	}
	for (int i = 0; i < DECOYS; i++)
		mark(m, from + hours * i / DECOYS, rule, casts[i % 300], SEVERITY_HIGH);
}

static void bury(const char *name, const struct behaviour *b, double from, double hours)
{
	struct made m;

	begin(&m);
	ordinary_week(&m);
	intrusion(&m, 100, "A", ALONE);
	alert(&m, 100.3, "A", "dump", &dump, SEVERITY_HIGH, ALONE);
	decoys(&m, rule_of(&m, name, NULL, b), from, hours);
	analyse(&m);
	assert_non_null(incident_of(&m, "dump", NULL));
	assert_in_range(incident_of(&m, "dump", NULL)->rank, 1, 4);
	end(&m);
}

static void a_million_decoys_bury_nothing(void **state)
{
	(void)state;
	bury("decoy", &unknown, 99.9, 1);
	bury("decoy", &exploit, 0, 168);
	bury("decoy", &shell, 99.9, 1);
	bury("dump", &dump, 101, 40);
}

/* ---- numbering ---- */

/* The same content, built from the last to the first: other numbers throughout. */
static void build(struct made *m, bool backwards)
{
	begin(m);
	for (int step = 0; step < 180; step++) {
		int i = backwards ? 179 - step : step;
		char host[16], user[16];

		snprintf(host, sizeof(host), "H%d", i % 7);
		snprintf(user, sizeof(user), "u%d", i % 5);
		alert(m, i * 0.9, host, i % 3 ? "logon" : "share", &everyday, SEVERITY_INFO,
		      (struct others){.user = user});
		if (i % 23 == 0)
			intrusion(m, i * 0.9 + 0.05, host, (struct others){.user = user, .domain = i % 2 ? "c2.example" : NULL});
	}
	for (uint32_t i = 0; i < m->week.mark_count; i++) {
		const struct cast *c = &m->casts[m->marks[i].cast];
		uint64_t key = (uint64_t)m->marks[i].at;

		for (const char *p = m->rules[m->marks[i].rule].rule.name; *p != '\0'; p++)
			key = (key ^ (unsigned char)*p) * UINT64_C(0x100000001b3);
		for (const char *p = m->entities[c->host].value; *p != '\0'; p++)
			key = (key ^ (unsigned char)*p) * UINT64_C(0x100000001b3);
		m->marks[i].key = key;
	}
	analyse(m);
}

static uint64_t alerts_of(const struct made *m, const struct incident *in)
{
	uint64_t sum = 0;

	for (uint32_t i = 0; i < in->episode_count; i++)
		for (uint32_t k = 0; k < m->an.episodes[in->episodes[i]].count; k++)
			sum += m->marks[m->an.episodes[in->episodes[i]].alerts[k]].key;
	return sum;
}

static void other_numbers_change_nothing(void **state)
{
	struct made a, b;

	(void)state;
	build(&a, false);
	build(&b, true);
	assert_int_equal(a.week.mark_count, b.week.mark_count);
	assert_true(a.an.incident_count > 3);
	assert_int_equal(a.an.incident_count, b.an.incident_count);
	assert_int_equal(a.an.queue_count, b.an.queue_count);
	for (uint32_t i = 0; i < a.an.incident_count; i++) {
		const struct incident *x = &a.an.incidents[i], *y = &b.an.incidents[i];

		assert_string_equal(x->id, y->id);
		assert_true(x->score == y->score);
		assert_int_equal(x->first, y->first);
		assert_int_equal(alerts_of(&a, x), alerts_of(&b, y));
		assert_string_equal(a.entities[x->hosts[0]].value, b.entities[y->hosts[0]].value);
	}
	end(&a);
	end(&b);
}

/* ---- acts ---- */

static void what_begins_and_ends_together_is_one_act(void **state)
{
	struct made m;
	uint32_t cast, tool, counter, other;

	(void)state;
	begin(&m);
	cast = cast_of(&m, "A", &ALONE);
	tool = rule_of(&m, "error 400", NULL, &scan);
	counter = rule_of(&m, "many errors", NULL, &scan);
	other = rule_of(&m, "su", NULL, &unknown);
	for (int i = 0; i <= 40; i++)
		mark(&m, i / 3600.0, tool, cast, SEVERITY_LOW);
	for (int i = 0; i <= 40; i += 20)
		mark(&m, i / 3600.0, counter, cast, SEVERITY_LOW);
	mark(&m, 20 / 3600.0, other, cast, SEVERITY_LOW);
	analyse(&m);
	assert_int_equal(m.an.episode_count, 3);
	for (uint32_t i = 0; i < 3; i++)
		assert_int_equal(m.an.episodes[i].act, m.an.episodes[i].rule == other ? i : 0);
	end(&m);
}

/* ---- factors ---- */

static double points_of(const struct incident *in, const char *key)
{
	for (uint32_t i = 0; i < in->factor_count; i++)
		if (strcmp(in->factors[i].key, key) == 0)
			return in->factors[i].points;
	return 0;
}

static void upload(struct made *m, double hours, const char *host, const char *name, const struct behaviour *b,
                   int64_t bytes)
{
	alert(m, hours, host, name, b, SEVERITY_LOW, (struct others){.domain = "store.example"});
	m->marks[m->week.mark_count - 1].bytes_out = bytes;
}

static void what_was_sent_outside_counts_beyond_the_usual(void **state)
{
	struct made m;

	(void)state;
	begin(&m);
	ordinary_week(&m);
	upload(&m, 100, "A", "upload", &exploit, INT64_C(2400000000));
	analyse(&m);
	assert_true(points_of(incident_of(&m, "upload", "A"), "sent") > 6);
	end(&m);
	begin(&m);
	ordinary_week(&m);
	for (int i = 0; i < 168; i++)
		upload(&m, i, i % 2 ? "B" : "C", "backup", &everyday, INT64_C(300000000));
	upload(&m, 100, "A", "upload", &exploit, INT64_C(2400000000));
	analyse(&m);
	assert_true(points_of(incident_of(&m, "upload", "A"), "sent") == 0);
	end(&m);
}

static double score_with(double weight)
{
	struct made m;
	double score;

	begin(&m);
	ordinary_week(&m);
	intrusion(&m, 100, "A", ALONE);
	m.entities[entity_of(&m, ENTITY_HOST, "A")].weight = weight;
	score = (analyse(&m), incident_of(&m, "shell on A", NULL)->score);
	assert_true((points_of(incident_of(&m, "shell on A", NULL), "asset") > 0) == (weight > 1));
	end(&m);
	return score;
}

static void an_asset_of_weight_ranks_higher(void **state)
{
	(void)state;
	assert_true(score_with(2) > score_with(1));
	assert_true(score_with(1) == score_with(0));
	assert_true(score_with(0.5) < score_with(1));
	assert_true(score_with(1000) <= 100);
}

static void only_a_response_that_held_lowers(void **state)
{
	struct made m;

	(void)state;
	begin(&m);
	ordinary_week(&m);
	intrusion(&m, 100, "A", ALONE);
	alert(&m, 100.2, "A", "blocked", &block, SEVERITY_INFO, ALONE);
	intrusion(&m, 130, "B", ALONE);
	alert(&m, 130.2, "B", "blocked", &block, SEVERITY_INFO, ALONE);
	alert(&m, 130.3, "B", "dump", &dump, SEVERITY_HIGH, ALONE);
	analyse(&m);
	assert_true(points_of(incident_of(&m, "shell on A", NULL), "response") < 0);
	assert_true(points_of(incident_of(&m, "shell on B", NULL), "response") == 0);
	end(&m);
}

/* 10.9.9.9 probes, and then attacks 10.0.0.1, which the first so many laptops went by. */
static const struct incident *attack_on_an_address(struct made *m, int names)
{
	static const char *const laptops[] = {"LAPTOP1", "LAPTOP2"};
	static const struct behaviour aimed = {.key = "exploit", .tactic = 2, .weight = 0.8, .on_target = true};
	struct cast c = {.count = 2};

	begin(m);
	ordinary_week(m);
	for (int i = 0; i < names; i++)
		alert(m, 3 + 57 * i, laptops[i], "logon", &everyday, SEVERITY_INFO, (struct others){.address = "10.0.0.1"});
	for (int i = 0; i < 5; i++)
		alert(m, 100 + i * 0.1, NULL, "probe", &scan, SEVERITY_MEDIUM, (struct others){.address = "10.9.9.9"});
	mark(m, 100.2, rule_of(m, "exploit", NULL, &aimed), cast_of(m, NULL, &(struct others){.address = "10.9.9.9"}),
	     SEVERITY_HIGH);
	c.first = m->member_count;
	c.host = entity_of(m, ENTITY_IP, "10.9.9.9");
	take(m, ENTITY_IP, ROLE_SOURCE, "10.9.9.9");
	take(m, ENTITY_IP, ROLE_DESTINATION, "10.0.0.1");
	m->casts[m->week.cast_count - 1] = c;
	analyse(m);
	return incident_of(m, "exploit", NULL);
}

static void the_attacked_machine_comes_before_the_attacker(void **state)
{
	struct made m;
	const struct incident *in = attack_on_an_address(&m, 0);

	(void)state;
	assert_int_equal(in->host_count, 2);
	assert_string_equal(m.entities[in->hosts[0]].value, "10.0.0.1");
	assert_string_equal(m.entities[in->hosts[1]].value, "10.9.9.9");
	end(&m);
}

static void an_address_is_the_machine_of_its_only_name(void **state)
{
	struct made m;
	const struct incident *in = attack_on_an_address(&m, 1);

	(void)state;
	assert_string_equal(m.entities[in->hosts[0]].value, "LAPTOP1");
	end(&m);
}

static void of_an_address_of_several_names_none_is_told(void **state)
{
	struct made m;
	const struct incident *in = attack_on_an_address(&m, 2);

	(void)state;
	assert_int_equal(in->host_count, 2);
	assert_string_equal(m.entities[in->hosts[0]].value, "10.0.0.1");
	end(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_sites_of_the_same_names_are_never_mixed),
		cmocka_unit_test(a_machine_that_moved_is_still_one_site),
		cmocka_unit_test(dns_nat_proxy_and_system_glue_nothing),
		cmocka_unit_test(placeholders_never_come_so_far),
		cmocka_unit_test(a_million_decoys_bury_nothing),
		cmocka_unit_test(other_numbers_change_nothing),
		cmocka_unit_test(what_begins_and_ends_together_is_one_act),
		cmocka_unit_test(what_was_sent_outside_counts_beyond_the_usual),
		cmocka_unit_test(an_asset_of_weight_ranks_higher),
		cmocka_unit_test(only_a_response_that_held_lowers),
		cmocka_unit_test(the_attacked_machine_comes_before_the_attacker),
		cmocka_unit_test(an_address_is_the_machine_of_its_only_name),
		cmocka_unit_test(of_an_address_of_several_names_none_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
