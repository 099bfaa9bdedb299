#include "timeline/axis.h"

#include <string.h>

/* What people read clocks and calendars in. */
static const int64_t steps[] = {
	SECOND, 2 * SECOND, 5 * SECOND, 10 * SECOND, 15 * SECOND, 30 * SECOND,
	MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 30 * MINUTE,
	HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR,
	DAY, 2 * DAY, 7 * DAY, 14 * DAY, 28 * DAY, 91 * DAY, 365 * DAY,
};
#define STEPS (sizeof(steps) / sizeof(steps[0]))
#define TICKS_MAX 400                /* a ruler over two centuries still ends */

int64_t axis_step(int64_t least)
{
	for (size_t i = 0; i < STEPS; i++)
		if (steps[i] >= least)
			return steps[i];
	return steps[STEPS - 1] * (least / steps[STEPS - 1] + 1);
}

instant axis_midnight(instant t, const struct zone *z)
{
	struct civil c = civil_from(t, z);
	instant m = civil_to_instant(c.year, c.month, c.day, 0, 0, 0, z);

	return m <= t && t - m < 2 * DAY ? m : t - (t % DAY + DAY) % DAY;
}

instant axis_next_midnight(instant t, const struct zone *z)
{
	/* Days are 23 to 25 hours long where clocks change. */
	instant next = axis_midnight(axis_midnight(t, z) + 30 * HOUR, z);

	return next > t ? next : t + DAY;
}

instant axis_floor(instant t, int64_t step, const struct zone *z)
{
	instant m = axis_midnight(t, z);

	return step >= DAY ? m : m + (t - m) / step * step;
}

/* The next tick: days follow the calendar, shorter steps start anew at each midnight, so that a ruler
 * shows 00:00 even on the day the clocks change. */
static instant step_on(instant t, int64_t step, const struct zone *z)
{
	instant next;

	if (step >= DAY)
		return axis_midnight(axis_midnight(t, z) + step + 6 * HOUR, z);
	next = axis_next_midnight(t, z);
	return t + step < next ? t + step : next;
}

/* The narrowest form that tells ticks of this step apart. */
static const char *tick_label(instant t, int64_t step, bool days, const struct zone *z,
                              const struct chart_words *w, struct arena *a)
{
	if (step >= 28 * DAY) {
		struct civil c = civil_from(t, z);

		return arena_printf(a, "%04d-%02d", c.year, c.month);
	}
	if (step >= DAY || (days && axis_midnight(t, z) == t))
		return words_date(w, a, t, z);
	return words_clock(a, t, z, step < MINUTE);
}

static double label_room(int64_t step, instant t, const struct zone *z, const struct chart_words *w,
                         const struct measure *m, struct arena *a)
{
	const char *widest = step < MINUTE ? "00:00:00" : "00:00";
	double room = m->width(m->ctx, widest, AXIS_TYPE, FACE_REGULAR);
	double date = m->width(m->ctx, words_date(w, a, t, z), AXIS_TYPE, FACE_REGULAR);

	/* The last label ends at the ruler's end instead of standing over it, half a label nearer to its
	 * neighbour. */
	return (date > room ? date : room) * 1.5 + 4;
}

static int64_t choose_step(instant first, instant last, double width, const struct zone *z,
                           const struct chart_words *w, const struct measure *m, struct arena *a)
{
	int64_t span = last - first;
	size_t i;

	for (i = 0; i + 1 < STEPS; i++) {
		double ticks = (double)span / (double)steps[i] + 2;

		if (ticks <= 11 && ticks * label_room(steps[i], first, z, w, m, a) <= width)
			return steps[i];
	}
	return axis_step(span / 8 > steps[i] ? span / 8 : steps[i]);
}

void axis_time(struct axis *out, instant first, instant last, double x, double width, const struct zone *z,
               const struct chart_words *w, const struct measure *m, struct arena *a)
{
	struct tick *ticks;
	bool days;
	size_t n = 0;
	instant t;

	memset(out, 0, sizeof(*out));
	if (last < first)
		last = first;
	out->x = x;
	out->width = width;
	/* One instant still needs a scale: the minute around it. */
	if (last - first < 4 * SECOND) {
		first -= 30 * SECOND;
		last += 30 * SECOND;
	}
	out->step = choose_step(first, last, width, z, w, m, a);
	out->first = axis_floor(first, out->step, z);
	days = axis_midnight(first, z) != axis_midnight(last, z);
	ticks = ARENA_ARRAY(a, struct tick, TICKS_MAX);
	for (t = out->first; n < TICKS_MAX; t = step_on(t, out->step, z)) {
		ticks[n].at = t;
		ticks[n].label = tick_label(t, out->step, days, z, w, a);
		n++;
		if (t >= last)
			break;
	}
	out->last = ticks[n - 1].at > out->first ? ticks[n - 1].at : out->first + out->step;
	out->ticks = ticks;
	out->tick_count = n;
	for (size_t i = 0; i < n; i++)
		ticks[i].x = axis_x(out, ticks[i].at);
}

double axis_x(const struct axis *ax, instant t)
{
	if (t <= ax->first)
		return ax->x;
	if (t >= ax->last)
		return ax->x + ax->width;
	return ax->x + ax->width * ((double)(t - ax->first) / (double)(ax->last - ax->first));
}

void axis_value(struct value_axis *out, uint64_t max, unsigned most)
{
	static const uint64_t leading[] = { 1, 2, 5 };
	uint64_t power = 1, need;

	if (most == 0)
		most = 1;
	if (max > UINT64_MAX / 8)
		max = UINT64_MAX / 8;
	need = max > 0 ? (max - 1) / most + 1 : 1;
	for (;; power *= 10) {
		for (size_t i = 0; i < sizeof(leading) / sizeof(leading[0]); i++) {
			uint64_t step = leading[i] * power;

			if (step >= need) {
				out->step = step;
				out->top = max > 0 ? ((max - 1) / step + 1) * step : step * most;
				return;
			}
		}
	}
}
