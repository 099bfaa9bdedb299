/* What was concluded comes back as it was saved, and small. */
#include "tests/unit/case_file.h"

#include "analyst/store/pack.h"

static void an_analysis_comes_back_as_it_was_saved(void **state)
{
	struct file m = MONDAY, t = TUESDAY;
	struct store *st = must_open(path_of(state), STORE_WRITE);
	struct arena *arena = arena_new();
	uint32_t all[] = { 0, 1, 2, 3 }, episodes[] = { 0 }, below[] = { 1 }, hosts[] = { 0 };
	const char *const items[] = { "a.example", "b \"quoted\"" };
	const struct narrative *told;
	struct analysis *back;
	struct member members[2];
	struct tally tally;
	bool done;

	import(st, &m, &tally, NULL);
	struct week *w = load(st, arena);
	memcpy(members, w->members, sizeof(members));
	struct episode first = { .rule = 1, .host = w->casts[0].host, .cast = 0, .first = w->first, .last = w->last,
	                     .alerts = all, .count = 4, .members = members, .member_count = 2, .severity = 4,
	                     .unusual = 1.0 / 3, .incident = 0 };
	struct link links[] = { { 0, 0, LINK_SAME_DOMAIN, 1, 0.1 }, { 0, 0, LINK_PROGRESS, NO_ENTITY, 2.5 } };
	const struct factor factors[] = { { "severity", 12.5, 4, NULL, NULL }, { "rarity", 0.1, 1, "x", NULL } };
	struct incident in[] = {
		{ .id = "INC-2021W10-01", .rank = 1, .priority = PRIORITY_HIGH, .score = 71.3,
		  .factors = factors, .factor_count = 2, .episodes = episodes, .episode_count = 1, .links = links,
		  .link_count = 2, .first = w->first, .last = w->last, .alert_count = 4, .hosts = hosts, .host_count = 1 },
		{ .id = "INC-2021W10-02", .episodes = below, .episode_count = 1 },
	};
	struct episode e[] = { first, { .rule = 1, .host = NO_ENTITY, .first = w->last, .last = w->last, .incident = 1, .act = 0,
	                                .members = w->members + w->casts[0].first, .member_count = (uint16_t)w->casts[0].count } };
	struct analysis an = { .week = w, .episodes = e, .episode_count = 2, .incidents = in, .incident_count = 2,
	                       .queue_count = 1 };
	struct fact facts[] = { { .name = "n", .kind = FACT_NUMBER, .value = 7 },
	                        { .name = "l", .kind = FACT_LIST, .item_kind = FACT_NAME, .items = items, .item_count = 2 } };
	struct beat beat = { .part = PART_STORY, .key = "story.test", .certainty = CERTAINTY_LIKELY,
	                     .at = w->first, .until = INSTANT_NONE, .tactic = -1, .fact_count = 2,
	                     .facts = facts,
	                     .episodes = episodes, .episode_count = 1, .evidence = 1, .alert_count = 4 };
	struct narrative n[] = { { in[0].id, &beat, 1 }, { in[1].id, &beat, 1 } };

	assert_int_equal(store_is_analysed(&done, NULL, st, "me", NULL), 0);
	assert_false(done);
	assert_int_equal(store_save_analysis(st, &an, n, "me", NULL), 0);
	assert_int_equal(store_is_analysed(&done, NULL, st, "me", NULL), 0);
	assert_true(done);
	store_close(st);

	st = must_open(path_of(state), STORE_READ);
	w = load(st, arena);
	assert_int_equal(store_load_analysis(&back, &told, st, w, arena, NULL), 0);
	assert_int_equal(back->episode_count, 2);
	assert_int_equal(back->incident_count, 2);
	assert_int_equal(back->queue_count, 1);
	assert_memory_equal(back->episodes[0].alerts, all, sizeof(all));
	assert_memory_equal(back->episodes[0].members, members, sizeof(members));
	assert_true(back->episodes[0].unusual == first.unusual);
	assert_int_equal(back->episodes[0].host, first.host);
	assert_int_equal(back->episodes[1].host, NO_ENTITY);
	assert_int_equal(back->episodes[1].act, 0);
	assert_ptr_equal(back->episodes[1].members, w->members + w->casts[0].first);
	assert_true(back->incidents[0].score == in[0].score);
	assert_true(back->incidents[0].links[0].weight == links[0].weight);
	assert_int_equal(back->incidents[0].links[0].entity, links[0].entity);
	assert_int_equal(back->incidents[1].episode_count, 1);
	assert_int_equal(back->incidents[1].episodes[0], 1);
	assert_int_equal(back->incidents[0].links[1].entity, NO_ENTITY);
	assert_string_equal(back->incidents[0].factors[1].subject, "x");
	assert_int_equal(told[0].beat_count, 1);
	assert_string_equal(told[1].incident, in[1].id);
	assert_int_equal(told[1].beat_count, 0);         /* below the line: told when it is asked for */
	assert_true(told[0].beats[0].until == INSTANT_NONE);
	assert_string_equal(told[0].beats[0].facts[1].items[1], "b \"quoted\"");
	store_close(st);

	import_into(path_of(state), &t);
	st = must_open(path_of(state), STORE_READ);
	assert_int_equal(store_is_analysed(&done, NULL, st, "me", NULL), 0);
	assert_false(done);
	store_close(st);
	arena_free(arena);
}

/* More than a row of the case file holds. */
static void many_episodes_come_back(void **state)
{
	struct file m = MONDAY;
	struct store *st = must_open(path_of(state), STORE_WRITE);
	struct arena *arena = arena_new();
	const uint32_t count = 40000;
	struct episode *all = must_grow(NULL, count, sizeof(*all));
	const struct narrative *told;
	struct analysis *back;
	struct tally tally;

	import(st, &m, &tally, NULL);
	struct week *w = load(st, arena);
	struct member members[2] = { w->members[0], { w->members[1].entity, (enum entity_role)(ROLES - 1) } };
	struct analysis an = { .week = w, .episodes = all, .episode_count = count };

	for (uint32_t i = 0; i < count; i++)
		all[i] = (struct episode){ .rule = i % w->rule_count, .host = i % 3 == 0 ? NO_ENTITY : i % w->entity_count,
		                           .cast = i % w->cast_count, .first = INT64_C(-7000000) * i, .last = i, .act = i / 2,
		                           .members = members, .member_count = (uint16_t)(1 + i % 2), .incident = NO_INCIDENT,
		                           .severity = i % 5, .paced = i % 7 == 0, .unusual = 1.0 / (i + 1) };
	assert_int_equal(store_save_analysis(st, &an, NULL, "me", NULL), 0);
	assert_int_equal(store_load_analysis(&back, &told, st, w, arena, NULL), 0);
	assert_int_equal(back->episode_count, count);
	for (uint32_t i = 0; i < count; i++) {
		const struct episode *a = &all[i], *b = &back->episodes[i];

		assert_true(a->rule == b->rule && a->host == b->host && a->cast == b->cast && a->first == b->first &&
		            a->last == b->last && a->act == b->act && a->incident == b->incident && a->unusual == b->unusual &&
		            a->severity == b->severity && a->paced == b->paced && a->member_count == b->member_count);
		assert_memory_equal(a->members, b->members, a->member_count * sizeof(*a->members));
	}
	free(all);
	arena_free(arena);
	store_close(st);
}

static void packed_rows_come_back(void **state)
{
	struct row { double real; int32_t four; char one, none; } rows[100], back[100];
	static const struct packed_column columns[] = {
		{ offsetof(struct row, one), 1 }, { offsetof(struct row, real), 8 }, { offsetof(struct row, four), 4 },
	};

	(void)state;
	memset(rows, 0, sizeof(rows));
	memset(back, 0, sizeof(back));
	for (int i = 0; i < 100; i++)
		rows[i] = (struct row){ 1.0 / (i - 50.5), i * (i % 2 ? -90000 : 7), (char)(i * 3), 0 };
	for (uint32_t n = 0; n <= 100; n += n < 2 ? 1 : 49) {
		struct text packed = {0};
		const char *from, *end;

		pack_rows(&packed, rows, sizeof(*rows), n, columns, 3);
		from = packed.bytes;
		end = from + packed.used;
		assert_true(unpack_rows(back, sizeof(*back), n, columns, 3, &from, end));
		assert_ptr_equal(from, end);
		for (uint32_t i = 0; i < n; i++)
			assert_true(rows[i].real == back[i].real && rows[i].four == back[i].four && rows[i].one == back[i].one);
		from = packed.bytes;
		assert_false(unpack_rows(back, sizeof(*back), n, columns, 3, &from, end - 1));
		text_free(&packed);
	}
}

static void packed_numbers_come_back(void **state)
{
	static const uint64_t rows[][4] = {
		{ 7, 7, 7, 7 }, { 1, 2, 3, 4 }, { 0, UINT64_MAX, 0, UINT64_MAX }, { 1u << 31, 5, INT64_MAX, (uint64_t)INT64_MIN },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		for (uint32_t n = 0; n <= 4; n++) {
			struct text packed = {0};
			uint64_t values[4];
			const char *from, *end;

			memcpy(values, rows[i], sizeof(values));
			pack_numbers(&packed, values, n);
			from = packed.bytes;
			end = from + packed.used;
			assert_true(unpack_numbers(values, n, &from, end));
			assert_ptr_equal(from, end);
			assert_memory_equal(values, rows[i], n * sizeof(*values));
			/* Cut off anywhere, or of more numbers than there are bytes for. */
			for (const char *cut = packed.bytes; cut < end; cut++) {
				from = packed.bytes;
				assert_false(unpack_numbers(values, n, &from, cut));
			}
			text_free(&packed);
		}
}

static void columns_that_stay_take_nine_bytes(void **state)
{
	uint64_t values[1000];
	struct text packed = {0};

	(void)state;
	for (size_t i = 0; i < 1000; i++)
		values[i] = UINT64_MAX;
	pack_numbers(&packed, values, 1000);
	assert_int_equal(packed.used, PACK_HEAD);
	text_free(&packed);
}

static void an_alert_is_about_the_host_else_our_address(void **state)
{
	struct source_file sf = { .name = "x", .format = "test", .sha256 = "ee" };
	struct store *st = must_open(path_of(state), STORE_WRITE);
	struct arena *arena = arena_new();
	struct tally t, old;
	struct intake *in;
	int64_t offset, line;
	struct week *w;
	struct alert a;

	assert_int_equal(intake_begin(&in, st, &sf, &old, &offset, &line, NULL), 0);
	for (int i = 0; i < 2; i++) {
		struct place at = { i + 1, i * 2, 2 };

		alert_clear(&a);
		a.at = SECOND + i;
		a.rule.product = a.rule.name = "r";
		alert_add(&a, ENTITY_IP, i == 0 ? ROLE_VICTIM : ROLE_SOURCE, "203.0.113.9", NULL);
		if (i == 0)
			alert_add(&a, ENTITY_HOST, ROLE_VICTIM, "exch01", "EXCH01");
		else
			alert_add(&a, ENTITY_IP, ROLE_DESTINATION, "198.51.100.1", NULL);
		assert_int_equal(intake_alert(in, &a, &at, i == 0 ? "a" : "b", 1, NULL), 0);
	}
	assert_int_equal(intake_finish(in, &t, NULL), 0);
	w = load(st, arena);
	assert_int_equal(w->cast_count, 2);
	assert_string_equal(w->entities[w->casts[w->marks[0].cast].host].value, "exch01");
	assert_string_equal(w->entities[w->casts[w->marks[1].cast].host].value, "203.0.113.9");
	assert_true(entity_of(w, "203.0.113.9")->internal);
	assert_false(entity_of(w, "198.51.100.1")->internal);
	arena_free(arena);
	store_close(st);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_analysis_comes_back_as_it_was_saved), TEST(many_episodes_come_back), TEST(packed_numbers_come_back),
		TEST(packed_rows_come_back), TEST(columns_that_stay_take_nine_bytes),
		TEST(an_alert_is_about_the_host_else_our_address),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
