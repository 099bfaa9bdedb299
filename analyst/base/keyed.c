#include "analyst/base/keyed.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "analyst/base/arena.h"

#define DIGIT_BITS 11
#define DIGITS (1u << DIGIT_BITS)
#define PASSES ((64 + DIGIT_BITS - 1) / DIGIT_BITS)
/* Below it is quicker to put each in its place one by one than to count digits. */
#define SHORT 96

static void insert_each(struct keyed *list, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		struct keyed k = list[i];
		size_t at = i;

		for (; at > 0 && list[at - 1].key > k.key; at--)
			list[at] = list[at - 1];
		list[at] = k;
	}
}

static uint32_t digit(uint64_t key, int pass)
{
	return (uint32_t)(key >> pass * DIGIT_BITS) & (DIGITS - 1);
}

/* False when all have the same digit, so that nothing moved. */
static bool distribute(const struct keyed *from, struct keyed *to, size_t n, int pass, size_t *begin)
{
	size_t sum = 0;

	if (begin[digit(from[0].key, pass)] == n)
		return false;
	for (uint32_t k = 0; k < DIGITS; k++) {
		size_t count = begin[k];

		begin[k] = sum;
		sum += count;
	}
	for (size_t i = 0; i < n; i++)
		to[begin[digit(from[i].key, pass)]++] = from[i];
	return true;
}

void keyed_sort(struct keyed *list, size_t n)
{
	struct keyed *from = list, *room, *to;
	size_t (*counts)[DIGITS];

	if (n <= SHORT) {
		insert_each(list, n);
		return;
	}
	counts = must_alloc(PASSES * sizeof(*counts));
	to = room = must_grow(NULL, n, sizeof(*room));
	for (size_t i = 0; i < n; i++)
		for (int pass = 0; pass < PASSES; pass++)
			counts[pass][digit(list[i].key, pass)]++;
	for (int pass = 0; pass < PASSES; pass++)
		if (distribute(from, to, n, pass, counts[pass])) {
			struct keyed *swap = from;

			from = to;
			to = swap;
		}
	if (from != list)
		memcpy(list, from, n * sizeof(*list));
	free(room);
	free(counts);
}
