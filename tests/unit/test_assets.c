/* Lists of assets: how they are read, and what they say of the entities of a week. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "analyst/base/network.h"
#include "analyst/store/store.h"
#include "tests/unit/collect.h"

static void reads(const char *csv, const char *lines)
{
	struct collected c;

	collect_bytes(&c, NULL, csv, strlen(csv));
	assert_string_equal(c.refused, "");
	assert_string_equal(c.format, "assets-csv");
	assert_string_equal(text_str(&c.lines), lines);
	text_free(&c.lines);
}

static void columns_go_by_many_names(void **state)
{
	(void)state;
	reads("Host Name;IP Address;Function;Business Owner;Criticality\nMAIL1;10.0.0.5;mail server;Ops;1 - most critical\n",
	      "2 host mail1 critical [mail server] [Ops]\n2 ip 10.0.0.5 critical [mail server] [Ops]\n");
	reads("ホスト名,IPアドレス,役割,管理者,重要度\nfs01,10.0.0.6,ファイルサーバ,情報システム部,高\n",
	      "2 host fs01 high [ファイルサーバ] [情報システム部]\n2 ip 10.0.0.6 high [ファイルサーバ] [情報システム部]\n");
	reads("cidr,owner\n10.0.9.7/8,Ops\n", "2 network 10.0.0.0/8 unknown [] [Ops]\n");
	reads("cidr,owner\n10.0.9.7/32,Ops\n", "2 ip 10.0.9.7 unknown [] [Ops]\n");
	reads("account\timportance\nCORP\\Jane Doe\tTier 0\n", "2 account corp\\jane doe critical [] []\n");
}

static void a_cell_may_name_several(void **state)
{
	(void)state;
	reads("name,ip,criticality\nweb1,\"192.0.2.1; 192.0.2.2\",low\n10.0.0.9,,high\n,10.1.0.0/24,medium\n",
	      "2 host web1 low [] []\n2 ip 192.0.2.1 low [] []\n2 ip 192.0.2.2 low [] []\n3 ip 10.0.0.9 high [] []\n"
	      "4 network 10.1.0.0/24 medium [] []\n");
}

static void what_cannot_be_taken_is_rejected_with_its_reason(void **state)
{
	(void)state;
	reads("host,network,criticality\nA,,3\n,0.0.0.0/0,low\n,,high\nB\n",
	      "2 reject criticality '3' is none of critical, high, medium, low\n"
	      "3 reject '0.0.0.0/0' is no host, address, network or account\n"
	      "4 reject names no host, address, network or account\n"
	      "5 reject 1 cells where the header on line 1 has 3\n");
}

static void alerts_with_owners_and_priorities_are_no_assets(void **state)
{
	struct collected c;
	const char *csv = "time,rule,host,ip,priority,owner\n2021-03-11T00:00:00Z,Scan,A,10.0.0.5,high,Ops\n";

	(void)state;
	collect_bytes(&c, NULL, csv, strlen(csv));
	assert_true(c.format == NULL || strcmp(c.format, "assets-csv") != 0);
	text_free(&c.lines);
}

static void a_network_holds_what_is_in_it(void **state)
{
	static const struct { const char *net, *address; bool holds; } rows[] = {
		{ "10.0.0.0/9", "10.127.255.255", true }, { "10.0.0.0/9", "10.128.0.0", false },
		{ "192.0.2.7/32", "192.0.2.7", true }, { "0.0.0.0/0", "192.0.2.7", true }, { "0.0.0.0/0", "::1", false },
		{ "2001:db8::/33", "2001:db8:7fff::1", true }, { "2001:db8::/33", "2001:db8:8000::1", false },
		{ "10.0.0.0/8", "10.0.0.0/7", false },
	};
	struct network net, address;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_true(network_parse(&net, rows[i].net) && network_parse(&address, rows[i].address));
		assert_int_equal(network_holds(&net, &address), rows[i].holds);
	}
	assert_false(network_parse(&net, "10.0.0.0/33") || network_parse(&net, "10.0.0.0/") || network_parse(&net, "x/8") ||
	             network_parse(&net, "10.0.0.0/8x"));
}

/* ---- in a week ---- */

static const struct behaviour dull = { .key = "unknown", .family = "unknown", .tactic = -1 };

static const struct behaviour *no_behaviour(void *ctx, const struct rule *r, enum record_kind kind)
{
	(void)ctx, (void)r, (void)kind;
	return &dull;
}

static struct intake *begin(struct store *st, const struct source_file *file)
{
	struct intake *in = NULL;
	struct tally old;
	int64_t offset, line;

	assert_int_equal(intake_begin(&in, st, file, &old, &offset, &line, NULL), 0);
	return in;
}

static void list(struct store *st, const char *name, const struct asset *assets, size_t n)
{
	struct source_file sf = { .name = name, .format = "assets-csv" };
	struct intake *in;
	struct tally t;

	snprintf(sf.sha256, sizeof(sf.sha256), "%s", name);
	in = begin(st, &sf);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(intake_asset(in, &assets[i], &(struct place){ (int64_t)i + 2, (int64_t)i * 10, 9 }, NULL), 0);
	assert_int_equal(intake_finish(in, &t, NULL), 0);
	assert_int_equal(t.imported, n);
}

static void seen(struct store *st)
{
	struct source_file sf = { .name = "alerts", .format = "test", .sha256 = "aa" };
	struct intake *in = begin(st, &sf);
	struct tally t;
	struct alert a;

	alert_clear(&a);
	a.at = SECOND;
	a.rule.product = a.rule.name = "r";
	alert_add(&a, ENTITY_HOST, ROLE_VICTIM, "mail1.corp.example", NULL);
	alert_add(&a, ENTITY_HOST, ROLE_SOURCE, "pc7", NULL);
	alert_add(&a, ENTITY_IP, ROLE_SOURCE, "10.0.0.7", NULL);
	alert_add(&a, ENTITY_IP, ROLE_DESTINATION, "203.0.113.5", NULL);
	alert_add(&a, ENTITY_IP, ROLE_OBSERVED, "203.0.113.77", NULL);
	alert_add(&a, ENTITY_HOST, ROLE_TARGET, "db", NULL);
	alert_add(&a, ENTITY_USER, ROLE_ACTOR, "jane", NULL);
	assert_int_equal(intake_alert(in, &a, &(struct place){ 1, 0, 1 }, "x", 1, NULL), 0);
	assert_int_equal(intake_finish(in, &t, NULL), 0);
}

static const struct asset first_list[] = {
	{ ASSET_HOST, "mail1", CRITICALITY_HIGH, "mail", NULL },
	{ ASSET_ADDRESS, "10.0.0.7", CRITICALITY_CRITICAL, NULL, "Ann" },
	{ ASSET_NETWORK, "10.0.0.0/8", CRITICALITY_LOW, "office", NULL },
	{ ASSET_ACCOUNT, "jane", CRITICALITY_MEDIUM, NULL, NULL },
	{ ASSET_HOST, "db.a.example", CRITICALITY_LOW, NULL, NULL },
};
static const struct asset second_list[] = {
	{ ASSET_NETWORK, "203.0.113.0/26", CRITICALITY_UNKNOWN, "dmz", NULL },
	{ ASSET_NETWORK, "203.0.113.0/24", CRITICALITY_HIGH, "outer", NULL },
	{ ASSET_HOST, "mail1", CRITICALITY_CRITICAL, NULL, "Bob" },
	{ ASSET_HOST, "db.b.example", CRITICALITY_HIGH, NULL, NULL },
};

static void says(const struct week *w, const char *value, double weight, bool internal, const char *role, const char *owner)
{
	for (uint32_t i = 0; i < w->entity_count; i++) {
		const struct week_entity *e = &w->entities[i];

		if (strcmp(e->value, value) != 0)
			continue;
		assert_true(e->weight == weight);
		assert_int_equal(e->internal, internal);
		assert_string_equal(e->asset != NULL && e->asset->role != NULL ? e->asset->role : "", role);
		assert_string_equal(e->asset != NULL && e->asset->owner != NULL ? e->asset->owner : "", owner);
		return;
	}
	fail_msg("no %s in the week", value);
}

/* All in one file, lists in either order, before or after the alerts. */
static void lists_are_truth_in_any_order(void **state)
{
	(void)state;
	for (int order = 0; order < 4; order++) {
		char path[64];
		struct store *st = NULL;
		struct arena *arena = arena_new();
		struct week *w;

		snprintf(path, sizeof(path), "/tmp/tsumugi-assets-%d-%d.db", (int)getpid(), order);
		assert_int_equal(store_open(&st, path, STORE_WRITE, NULL), 0);
		if (order < 2)
			seen(st);
		if (order % 2 == 0)
			list(st, "one", first_list, 5);
		list(st, "two", second_list, 4);
		if (order % 2 == 1)
			list(st, "one", first_list, 5);
		if (order >= 2)
			seen(st);
		assert_int_equal(store_load_week(&w, st, arena, &(struct lore){ .behaviour = no_behaviour }, NULL), 0);
		assert_int_equal(w->asset_count, 8);
		says(w, "mail1.corp.example", 4, true, "mail", "Bob");      /* the highest of both lists */
		says(w, "10.0.0.7", 4, true, "", "Ann");                   /* before its network */
		says(w, "pc7", 4, true, "", "Ann");                        /* by its address */
		says(w, "203.0.113.5", 1, true, "dmz", "");                /* the narrowest network */
		says(w, "203.0.113.77", 2, true, "outer", "");
		says(w, "jane", 1, true, "", "");
		says(w, "db", 1, true, "", "");                            /* two machines of that name are listed */
		arena_free(arena);
		store_close(st);
		unlink(path);
	}
}

static void a_list_makes_the_analysis_stale(void **state)
{
	const struct analysis an = { 0 };
	struct arena *arena = arena_new();
	struct analysis made = an;
	struct store *st = NULL;
	struct week *w;
	char path[64];
	bool current;

	(void)state;
	snprintf(path, sizeof(path), "/tmp/tsumugi-assets-%d.db", (int)getpid());
	assert_int_equal(store_open(&st, path, STORE_WRITE, NULL), 0);
	seen(st);
	assert_int_equal(store_load_week(&w, st, arena, &(struct lore){ .behaviour = no_behaviour }, NULL), 0);
	made.week = w;
	assert_int_equal(store_save_analysis(st, &made, NULL, "me", NULL), 0);
	assert_int_equal(store_is_analysed(&current, NULL, st, "me", NULL), 0);
	assert_true(current);
	list(st, "one", first_list, 1);
	assert_int_equal(store_is_analysed(&current, NULL, st, "me", NULL), 0);
	assert_false(current);
	arena_free(arena);
	store_close(st);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(columns_go_by_many_names),
		cmocka_unit_test(a_cell_may_name_several),
		cmocka_unit_test(what_cannot_be_taken_is_rejected_with_its_reason),
		cmocka_unit_test(alerts_with_owners_and_priorities_are_no_assets),
		cmocka_unit_test(a_network_holds_what_is_in_it),
		cmocka_unit_test(lists_are_truth_in_any_order),
		cmocka_unit_test(a_list_makes_the_analysis_stale),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
