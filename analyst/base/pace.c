#include "analyst/base/pace.h"

#include <math.h>
#include <stdlib.h>

#include "analyst/base/arena.h"

#define CALLS_LEAST 8
#define ONE_CALL (2 * SECOND)
#define PAUSE_LEAST (5 * SECOND)
#define PAUSE_MOST (6 * HOUR)

static int by_number(const void *pa, const void *pb)
{
	const int64_t *a = pa, *b = pb;

	return (*a > *b) - (*a < *b);
}

double chance_of(size_t on, size_t n, double each)
{
	double share = n > 0 ? (double)on / (double)n : 0, apart;

	if (share <= each)
		return 1;
	apart = share * log(share / each);
	if (share < 1)
		apart += (1 - share) * log((1 - share) / (1 - each));
	return exp(-(double)n * apart);
}

void steady_of(struct steady *out, const instant *times, size_t n, struct arena *arena)
{
	instant *calls = ARENA_ARRAY(arena, instant, n + 1);
	int64_t *pauses = ARENA_ARRAY(arena, int64_t, n + 1), median;
	size_t kept = 0, near = 0;

	*out = (struct steady){ 0 };
	for (size_t i = 0; i < n; i++)
		if (kept == 0 || times[i] - calls[kept - 1] > ONE_CALL)
			calls[kept++] = times[i];
	if (kept < CALLS_LEAST)
		return;
	for (size_t i = 0; i + 1 < kept; i++)
		pauses[i] = calls[i + 1] - calls[i];
	qsort(pauses, kept - 1, sizeof(*pauses), by_number);
	median = pauses[(kept - 1) / 2];
	for (size_t i = 0; i + 1 < kept; i++)
		near += llabs(pauses[i] - median) <= median / 10;
	if (median < PAUSE_LEAST || median > PAUSE_MOST || near * 2 < kept - 1)
		return;
	*out = (struct steady){ .calls = kept, .pause = (median + SECOND / 2) / SECOND * SECOND, .times = calls };
}
