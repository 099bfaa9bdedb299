/* Lists in order: the order of plain numbers, and where a value lies, or would lie. bsearch() of the C library says only
 * whether it is there, and of equal ones not which. */
#ifndef TSUMUGI_SEARCH_H
#define TSUMUGI_SEARCH_H

#include <stddef.h>
#include <stdint.h>

/* Of uint32_t, for qsort(), bsearch() and search_from(). */
static inline int order_u32(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* The first element that does not come before key; n if all do. order(key, element) is less than, equal to or greater
 * than 0 as for bsearch(). Inline, so that short comparisons cost no call. */
static inline size_t search_from(const void *key, const void *list, size_t n, size_t size,
                                 int (*order)(const void *key, const void *element))
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (order(key, (const char *)list + middle * size) > 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

#endif
