/* Records that are equal byte by byte: in one file each is an alert of its own, which has the same number however the file came
 * in. */
#include "tests/unit/case_file.h"

#define RECORDS 6000

/* Alike: so many different ones. Two of them each are the same bytes, but tell another time. */
struct equal {
	const char *sha256;
	int64_t records, alike;
	int64_t stop;            /* behind so many the program ends; 0: never */
	bool singly;             /* each is handed over and written by itself */
	bool again;              /* a part that is in is read from its start */
};

static struct tally import_equal(const char *path, const struct equal *e)
{
	struct source_file sf = { .name = e->sha256, .format = "test" };
	struct store *st = must_open(path, STORE_WRITE);
	struct alert *alerts = must_alloc((size_t)e->alike * sizeof(*alerts));
	struct tally t = {0}, old;
	struct intake *in;
	int64_t offset, line;

	snprintf(sf.sha256, sizeof(sf.sha256), "%s", e->sha256);
	assert_int_equal(intake_begin(&in, st, &sf, &old, &offset, &line, NULL), 0);
	if (e->again) {
		assert_int_equal(intake_from_start(in, NULL), 0);
		offset = 0;
	}
	for (int64_t i = 0; i < e->alike; i++) {
		alert_clear(&alerts[i]);
		alerts[i].at = alerts[i].until = instant_from_seconds(1615000000 + i);
		alerts[i].rule = (struct rule){ .product = "test", .name = "login" };
	}
	for (int64_t i = offset; i < (e->stop > 0 ? e->stop : e->records); i++) {
		/* Some come in a row, some far apart, some only once. */
		int64_t which = i % 3 == 0 ? i / 100 % e->alike : i * i % e->alike;
		struct content content = { (uint64_t)which / 2 * UINT64_C(0x9e3779b97f4a7c15), (uint64_t)which / 2 };

		assert_int_equal(intake_hashed_alert(in, &alerts[which], &(struct place){ i + 1, i, 1 }, &content, NULL), 0);
		if (e->singly)
			assert_int_equal(intake_flush(in, NULL), 0);
	}
	if (e->stop > 0)
		intake_abandon(in);
	else
		assert_int_equal(intake_finish(in, &t, NULL), 0);
	store_close(st);
	free(alerts);
	return t;
}

/* Which record has which number. */
static int64_t numbers_given(const char *path)
{
	return number_in(path, "SELECT sum(line * n) FROM (SELECT line, row_number() OVER (ORDER BY at, key) AS n FROM alert)");
}

static void numbers_do_not_tell_how_a_file_came_in(void **state)
{
	static const int64_t stops[] = { 1001, 1024, 1500, 3333, 5999 };
	struct equal whole = { "aa", RECORDS, 700, 0, false, false }, one = whole;
	int64_t expected;

	one.singly = true;
	assert_int_equal(import_equal(path_of(state), &one).imported, RECORDS);
	expected = numbers_given(path_of(state));
	unlink(path_of(state));
	assert_int_equal(import_equal(path_of(state), &whole).imported, RECORDS);
	assert_true(numbers_given(path_of(state)) == expected);
	for (size_t i = 0; i < sizeof(stops) / sizeof(stops[0]); i++) {
		struct equal part = whole;

		unlink(path_of(state));
		part.stop = stops[i];
		import_equal(path_of(state), &part);
		assert_int_equal(import_equal(path_of(state), &whole).imported, RECORDS);
		assert_true(numbers_given(path_of(state)) == expected);
		/* The part that was in is met at its place. */
		unlink(path_of(state));
		import_equal(path_of(state), &part);
		whole.again = true;
		assert_int_equal(import_equal(path_of(state), &whole).imported, RECORDS);
		whole.again = false;
		assert_true(numbers_given(path_of(state)) == expected);
	}
}

/* Of equal records in two files there are as many alerts as in the one with more. */
static void files_share_as_many_as_both_hold(void **state)
{
	struct equal few = { "aa", 1500, 300, 0, false, false }, many = { "bb", RECORDS, 300, 0, false, false };
	struct tally t;

	import_equal(path_of(state), &few);
	t = import_equal(path_of(state), &many);
	assert_int_equal(t.imported, RECORDS - 1500);
	assert_int_equal(t.repeated, 1500);
	assert_int_equal(number_in(path_of(state), "SELECT count(*) FROM mention"), 1500);
	unlink(path_of(state));
	import_equal(path_of(state), &many);
	t = import_equal(path_of(state), &few);
	assert_int_equal(t.imported, 0);
	assert_int_equal(t.repeated, 1500);
	assert_int_equal(number_in(path_of(state), "SELECT count(*) FROM alert"), RECORDS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(numbers_do_not_tell_how_a_file_came_in), TEST(files_share_as_many_as_both_hold),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
