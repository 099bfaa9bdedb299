/* The even pace of calls, as a program keeps it and a person does not. */
#ifndef TSUMUGI_PACE_H
#define TSUMUGI_PACE_H

#include <stddef.h>

#include "analyst/base/instant.h"

struct arena;

/* calls 0 when there is none: fewer than 8 calls, a median pause outside 5 s - 6 h, or half of the pauses further than a
 * tenth from it (RITA asks for 23 connections; a story may say it earlier, because the destination is already odd). */
struct steady {
	size_t calls;              /* what comes within 2 s of a call is the same call, reported or recorded twice */
	int64_t pause;             /* median, whole seconds, in nanoseconds */
	const instant *times;      /* calls of them, in the arena */
};
/* times ascend. */
void steady_of(struct steady *out, const instant *times, size_t n, struct arena *arena);

#endif
