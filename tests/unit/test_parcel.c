#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyst/import/parcel.h"

struct held {
	struct parcel *parcel;
	struct sharing *sharing;
};

static int begin(void **state)
{
	struct held *h = calloc(1, sizeof(*h));

	h->parcel = parcel_new(false);
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
	free(h);
	return 0;
}

static const struct alert *hand(struct held *h, const struct alert *a)
{
	static int64_t line;

	line++;
	assert_true(parcel_add_alert(h->parcel, a, &(struct place){ line, line * 100, 99 }, NULL, 0));
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

static void test_what_secrets_are_masked_in_is_masked_each_time(void **state)
{
	struct held *h = *state;

	for (int i = 0; i < 2; i++) {
		const struct alert *a = add(h, "Run with password=Hunter2!", "net use /pwd:Hunter2!", NULL, NULL);

		assert_string_equal(a->rule.name, "Run with password=********");
		assert_string_equal(a->entities[0].value, "net use /pwd:********");
	}
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
		cmocka_unit_test_setup_teardown(test_what_secrets_are_masked_in_is_masked_each_time, begin, end),
		cmocka_unit_test_setup_teardown(test_an_alerts_own_secrets_are_masked_in_what_others_share, begin, end),
		cmocka_unit_test_setup_teardown(test_more_values_than_are_shared, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
