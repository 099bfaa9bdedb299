/* Counts that are added up: they stay at the most there is, and below 0, which only a damaged case file has them, they are none. */
#ifndef TSUMUGI_SUMS_H
#define TSUMUGI_SUMS_H

#include <stdint.h>

static inline int64_t add_up(int64_t a, int64_t b)
{
	return b < 0 ? a : a > INT64_MAX - b ? INT64_MAX : a + b;
}

#endif
