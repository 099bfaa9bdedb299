#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "analyst/import/finish.h"

struct held {
	struct hasher *hasher;
	struct finisher *finisher;
	struct parcel *parcel;
	struct sharing *sharing;
};

static int begin(void **state)
{
	struct held *h = calloc(1, sizeof(*h));

	h->hasher = hasher_new();
	h->finisher = finisher_new();
	h->parcel = parcel_new(h->hasher, "test", false, false);
	h->sharing = sharing_new();
	parcel_begin(h->parcel, h->sharing);
	*state = h;
	return 0;
}

static int end(void **state)
{
	struct held *h = *state;

	parcels_free(h->parcel);
	sharing_free(h->sharing);
	finisher_free(h->finisher);
	hasher_free(h->hasher);
	free(h);
	return 0;
}

static const struct alert *hand(struct held *h, const struct alert *a)
{
	static int64_t line;

	line++;
	assert_true(parcel_add_alert(h->parcel, a, &(struct place){ line, line * 100, 6 }, "record", 6));
	return h->parcel->items[h->parcel->count - 1].alert;
}

/* Written anew for each alert, as a reader's memory is. */
static const struct alert *add(struct held *h, const char *rule, const char *command, const char *shown, const char *secret)
{
	char texts[4][300];
	const char *const from[] = { rule, command, shown, secret };
	const struct alert *kept;
	struct alert a;

	for (size_t i = 0; i < 4; i++)
		snprintf(texts[i], sizeof(texts[i]), "%s", from[i] != NULL ? from[i] : "");
	alert_clear(&a);
	a.rule = (struct rule){ .product = "test", .id = "7", .name = texts[0] };
	alert_add(&a, ENTITY_COMMAND, ROLE_OBSERVED, texts[1], shown != NULL ? texts[2] : NULL);
	if (secret != NULL)
		alert_secret(&a, texts[3]);
	kept = hand(h, &a);
	memset(texts, 'x', sizeof(texts));
	return kept;
}

static void test_equal_rules_and_entities_are_kept_once(void **state)
{
	struct held *h = *state;
	const struct alert *a = add(h, "Beacon", "whoami", NULL, NULL), *b = add(h, "Beacon", "whoami", NULL, NULL),
	                   *c = add(h, "Login", "whoami /all", NULL, NULL), *d = add(h, "Beacon", "whoami", "WhoAmI", NULL);

	assert_ptr_equal(a->rule.name, b->rule.name);
	assert_ptr_equal(a->entities[0].value, b->entities[0].value);
	assert_int_not_equal(a->rule_number, 0);
	assert_int_not_equal(a->entities[0].number, 0);
	assert_int_equal(a->rule_number, b->rule_number);
	assert_int_equal(a->entities[0].number, b->entities[0].number);
	assert_string_equal(b->rule.name, "Beacon");
	assert_string_equal(b->entities[0].value, "whoami");

	assert_int_not_equal(a->rule_number, c->rule_number);
	assert_string_equal(c->rule.name, "Login");
	assert_int_not_equal(a->entities[0].number, c->entities[0].number);
	assert_string_equal(c->entities[0].value, "whoami /all");

	/* Spelled otherwise, it is another: which spelling is shown is the store's to choose. */
	assert_int_not_equal(a->entities[0].number, d->entities[0].number);
	assert_string_equal(d->entities[0].shown, "WhoAmI");
}

static void test_numbers_begin_anew_with_a_parcel(void **state)
{
	struct held *h = *state;
	uint32_t number = add(h, "Beacon", "whoami", NULL, NULL)->entities[0].number;

	parcel_begin(h->parcel, h->sharing);
	assert_int_equal(add(h, "Login", "hostname", NULL, NULL)->entities[0].number, number);
	assert_string_equal(h->parcel->items[0].alert->rule.name, "Login");
	assert_string_equal(h->parcel->items[0].alert->entities[0].value, "hostname");
}

static void test_what_secrets_are_masked_in_is_masked_for_all_who_share_it(void **state)
{
	struct held *h = *state;
	const struct alert *all[3];

	for (int i = 0; i < 3; i++)
		all[i] = add(h, "Run with password=Hunter2!", "net use /pwd:Hunter2!", NULL, NULL);
	finish_parcel(h->finisher, h->parcel);
	assert_ptr_equal(all[0]->entities[0].value, all[2]->entities[0].value);
	for (int i = 0; i < 3; i++) {
		assert_string_equal(all[i]->rule.name, "Run with password=********");
		assert_string_equal(all[i]->entities[0].value, "net use /pwd:********");
	}
}

static void test_an_own_secret_is_masked_in_the_record_but_not_in_its_hash(void **state)
{
	static const char record[] = "{\"user\":\"swordfish\",\"password\":\"Hunter2!\"}";
	struct held *h = *state;
	struct parcel *p = parcel_new(h->hasher, "test", true, false);
	struct content content = hasher_content(h->hasher, "test", "north", record, sizeof(record) - 1);
	char unpacked[200];
	struct alert a;

	alert_clear(&a);
	a.rule = (struct rule){ .product = "test", .name = "Login" };
	a.tenant = "north";
	parcel_begin(p, h->sharing);
	for (int i = 0; i < 3; i++) {
		/* The last two are of one record. */
		if (i == 1)
			alert_secret(&a, "swordfish");
		assert_true(parcel_add_alert(p, &a, &(struct place){ 1 + i / 2, i / 2 * 100, 0 }, record, sizeof(record) - 1));
	}
	finish_parcel(h->finisher, p);
	for (int i = 0; i < 3; i++)
		assert_memory_equal(&p->items[i].content, &content, sizeof(content));
	assert_int_equal(p->raw_begin, 0);
	assert_int_equal(p->raw_size, 2 * sizeof(record) + 2);
	assert_int_equal(ZSTD_decompress(unpacked, sizeof(unpacked), p->packed, p->packed_used), p->raw_size);
	assert_memory_equal(unpacked, "\0\x2a{\"user\":\"swordfish\",\"password\":\"********\"}"
	                              "\x3a\x2a{\"user\":\"*********\",\"password\":\"********\"}", p->raw_size);
	parcels_free(p);
}

static void test_an_alerts_own_secrets_are_masked_in_what_others_share(void **state)
{
	struct held *h = *state;
	const struct alert *a = add(h, "Run", "logon swordfish", NULL, NULL), *b = add(h, "Run", "logon swordfish", NULL, "swordfish"),
	                   *c = add(h, "Run", "logon swordfish", NULL, NULL);

	assert_string_equal(a->entities[0].value, "logon swordfish");
	assert_string_equal(b->entities[0].value, "logon *********");
	assert_string_equal(c->entities[0].value, "logon swordfish");
	assert_int_equal(b->entities[0].number, 0);
}

/* More than the tables have room for: all is there, and a number means one thing. */
static void test_more_values_than_are_shared(void **state)
{
	struct held *h = *state;
	const char *named[5000] = { NULL };
	size_t shared = 0;

	for (int i = 0; i < 1000; i++) {
		char values[5][32], rule[32];
		const struct alert *kept;
		struct alert a;

		alert_clear(&a);
		snprintf(rule, sizeof(rule), "rule %d", i % 700);
		a.rule = (struct rule){ .product = "test", .name = rule };
		for (int k = 0; k < 5; k++) {
			snprintf(values[k], sizeof(values[k]), "run %d", i % 950 * 5 + k);
			alert_add(&a, ENTITY_COMMAND, ROLE_OBSERVED, values[k], NULL);
		}
		kept = hand(h, &a);
		assert_string_equal(kept->rule.name, rule);
		for (int k = 0; k < 5; k++) {
			const struct entity *e = &kept->entities[k];

			assert_string_equal(e->value, values[k]);
			if (e->number == 0)
				continue;
			assert_in_range(e->number, 1, 4999);
			if (named[e->number] != NULL)
				assert_string_equal(e->value, named[e->number]);
			shared += named[e->number] != NULL;
			named[e->number] = e->value;
		}
	}
	assert_in_range(shared, 200, 250);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_equal_rules_and_entities_are_kept_once, begin, end),
		cmocka_unit_test_setup_teardown(test_numbers_begin_anew_with_a_parcel, begin, end),
		cmocka_unit_test_setup_teardown(test_what_secrets_are_masked_in_is_masked_for_all_who_share_it, begin, end),
		cmocka_unit_test_setup_teardown(test_an_own_secret_is_masked_in_the_record_but_not_in_its_hash, begin, end),
		cmocka_unit_test_setup_teardown(test_an_alerts_own_secrets_are_masked_in_what_others_share, begin, end),
		cmocka_unit_test_setup_teardown(test_more_values_than_are_shared, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
