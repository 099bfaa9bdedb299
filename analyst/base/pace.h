/* The even pace of calls, as a program keeps it and a person does not. */
#ifndef TSUMUGI_PACE_H
#define TSUMUGI_PACE_H

#include <stddef.h>

#include "analyst/base/instant.h"

struct arena;

/* At most the probability that `on` or more of `n` come by chance, each with probability `each` of (0, 1): Chernoff's
 * bound of the binomial's tail, exp(-n D(on/n | each)); 1 where no more came than are to be expected. */
double chance_of(size_t on, size_t n, double each);

/* calls 0 when there is none: fewer than 8 calls, a median pause outside 5 s - 6 h, or half of the pauses further than a
 * tenth from it. Of calls at random (a Poisson process) eight or nine pass once in a hundred times, more hardly ever: enough for
 * a destination that is odd already; RITA, which has nothing else to go by, asks for 23 connections. */
struct steady {
	size_t calls;              /* what comes within 2 s of a call is the same call, reported or recorded twice */
	int64_t pause;             /* median, whole seconds, in nanoseconds */
	const instant *times;      /* calls of them, in the arena */
};
/* times ascend. */
void steady_of(struct steady *out, const instant *times, size_t n, struct arena *arena);

#endif
