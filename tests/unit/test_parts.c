#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "analyst/store/parts.h"

/* One record in each of n seconds, a stride apart, in an order given by a step. */
static void fill(struct hour_parts *p, int n, int stride, int step)
{
	*p = (struct hour_parts){ 0 };
	for (int i = 0; i < n; i++) {
		uint16_t at = (uint16_t)(i * step % n * stride);

		parts_add(p, &(struct hour_part){ at, at * 2654435761u, 1, at, 2 * at }, 0);
	}
}

static void same(const struct hour_parts *a, const struct hour_parts *b)
{
	assert_int_equal(a->width, b->width);
	assert_int_equal(a->count, b->count);
	for (int i = 0; i < a->count; i++) {
		assert_int_equal(a->list[i].at, b->list[i].at);
		assert_int_equal(a->list[i].sum, b->list[i].sum);
		assert_int_equal(a->list[i].count, b->list[i].count);
		assert_int_equal(a->list[i].bytes_out, b->list[i].bytes_out);
		assert_int_equal(a->list[i].bytes_in, b->list[i].bytes_in);
	}
}

static void parts_are_as_narrow_as_their_number_allows_in_any_order(void **state)
{
	struct hour_parts forth, back;

	(void)state;
	fill(&forth, PARTS_MOST, 100, 1);
	assert_int_equal(forth.width, 0);
	free(forth.list);
	fill(&forth, 3600, 1, 1);
	fill(&back, 3600, 1, 1801);
	same(&forth, &back);
	assert_int_equal(forth.width, 8);
	assert_int_equal(forth.list[0].count, 256);
	free(forth.list);
	free(back.list);
}

static void what_is_packed_comes_back(void **state)
{
	static const int strides[] = { 1, 7, 240 };

	(void)state;
	for (int i = 0; i < 3; i++) {
		struct hour_parts p, again = { 0 };
		unsigned char packed[PARTS_PACKED];
		size_t n;

		fill(&p, 15, strides[i], 4);
		n = parts_pack(packed, &p);
		assert_true(parts_unpack(&again, packed, n));
		same(&p, &again);
		for (size_t less = 0; less < n; less++)      /* cut off anywhere it is none, or of fewer */
			assert_true(!parts_unpack(&again, packed, less) || again.count < p.count);
		free(p.list);
		free(again.list);
	}
}

static void other_bytes_are_none(void **state)
{
	static const struct { size_t n; const char *bytes; } none[] = {
		{ 0, "" }, { 1, "\0" }, { 9, "\15\0\1\0\0abcd" },      /* wider than an hour */
		{ 17, "\0\5\1\0\0abcd\0\1\0\0abcd" },                   /* the same second again */
		{ 10, "\0\221\34\1\0\0abcd" },                          /* behind the hour */
		{ 19, "\0\1\377\377\377\377\377\377\377\377\377\377\1\0\0abcd" },
	};
	struct hour_parts p = { 0 };

	(void)state;
	assert_false(parts_unpack(&p, NULL, 0));      /* a row without */
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		assert_false(parts_unpack(&p, (const unsigned char *)none[i].bytes, none[i].n));
		assert_int_equal(p.count, 0);
	}
	free(p.list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parts_are_as_narrow_as_their_number_allows_in_any_order),
		cmocka_unit_test(what_is_packed_comes_back),
		cmocka_unit_test(other_bytes_are_none),
	};

	return cmocka_run_group_tests_name("parts", tests, NULL, NULL);
}
