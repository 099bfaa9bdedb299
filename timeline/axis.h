/* Rulers: where round times and round numbers fall.
 *
 *     struct axis ax;
 *     axis_time(&ax, first, last, 130, 360, &zone, words, measure, arena);
 *     x = axis_x(&ax, t);
 *
 * A time axis begins and ends on a tick, so that first and last lie inside it. */
#ifndef TSUMUGI_AXIS_H
#define TSUMUGI_AXIS_H

#include "timeline/scene.h"
#include "timeline/words.h"

struct tick {
	instant at;
	double x;
	const char *label;
};

struct axis {
	instant first, last;
	double x, width;
	int64_t step;                /* nanoseconds between ticks */
	const struct tick *ticks;
	size_t tick_count;
};

#define AXIS_TYPE 6.8                /* points, of every axis label */

void axis_time(struct axis *out, instant first, instant last, double x, double width, const struct zone *z,
               const struct chart_words *w, const struct measure *m, struct arena *a);
double axis_x(const struct axis *ax, instant t);         /* clamped to the axis */

/* The largest round step of at least `least` nanoseconds' worth, from 1 s to a year, and the
 * last multiple of it at or before t, counted from local midnight (steps of days: from the day of t). */
int64_t axis_step(int64_t least);
instant axis_floor(instant t, int64_t step, const struct zone *z);
instant axis_midnight(instant t, const struct zone *z);
instant axis_next_midnight(instant t, const struct zone *z);

/* A value axis from 0: step is 1, 2 or 5 times a power of ten, top a multiple of it that is at least
 * max, with at most `most` steps. */
struct value_axis {
	uint64_t step, top;
};
void axis_value(struct value_axis *out, uint64_t max, unsigned most);

#endif
