/* A time axis with long stretches cut out of it in which nothing is drawn.
 *
 *     struct cut_axis ax;
 *     cut_axis_lay(&ax, moments, n, left, right);
 *     x = cut_axis_x(&ax, t);
 *     cut_axis_draw(&ax, sc, in, top, bottom);
 */
#ifndef TSUMUGI_CUT_AXIS_H
#define TSUMUGI_CUT_AXIS_H

#include "timeline/charts.h"

#define CUT_AXIS_SEGMENTS 8

struct cut_axis {
	struct segment {
		instant from, to;
		double x, width;
	} segments[CUT_AXIS_SEGMENTS];
	size_t count;
	instant from, to;            /* the whole, with a little air */
	double right;
};

/* at: the moments at which something is drawn, n > 0; sorted here. left and right in points. */
void cut_axis_lay(struct cut_axis *ax, instant *at, size_t n, double left, double right);
double cut_axis_x(const struct cut_axis *ax, instant t);     /* what lies in a cut is put into its middle */
/* The ruler at `bottom`, lines from there up to `top`, a sign and a note for each cut. */
void cut_axis_draw(const struct cut_axis *ax, struct scene *sc, const struct chart_input *in, double top, double bottom);

#endif
