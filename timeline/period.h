/* The period of a chart in equal bins: how many alerts each holds, where nothing at all was recorded, and the
 * days or hours under the plot.
 *
 *     struct period p;
 *     period_choose(&p, in, 0);
 *     period_fill(&p, NULL);
 *     period_scale(&p, p.peak);
 *     p.left = 27; p.right = 499; p.top = 20; p.base = 140;
 *     period_ruler(&p, sc);
 *     period_draw_gaps(&p, sc);
 *
 * Everything belongs to in->arena. */
#ifndef TSUMUGI_PERIOD_H
#define TSUMUGI_PERIOD_H

#include <stdbool.h>

#include "analyst/model/telemetry.h"
#include "timeline/axis.h"
#include "timeline/charts.h"

#define PERIOD_BINS 1024                     /* at the most */

enum { LAYER_LOW, LAYER_MEDIUM, LAYER_HIGH, LAYER_CRITICAL, LAYERS };

struct bin {
	uint64_t total, layer[LAYERS];
	uint32_t first, count;               /* of the marks counted, see keys */
};

struct period {
	const struct chart_input *in;
	instant since, until;                /* until exclusive; a whole number of steps */
	int64_t step;                        /* nanoseconds */
	struct bin *bins;
	size_t bin_count;
	const uint64_t *keys;                /* of the marks counted, in time order: a bin's proof is a stretch of them */
	bool *gap;                           /* one a bin: nothing recorded for so long that it cannot be chance */
	size_t gaps;                         /* stretches of them */
	uint64_t alerts, outside;            /* counted in the period, and not */
	uint64_t by_severity[6];
	uint64_t peak;                       /* the fullest bin */
	instant peak_at;                     /* or INSTANT_NONE */
	struct value_axis values;            /* see period_scale */
	double left, right, top, base;       /* of the plot, in points; the chart sets them */
	enum chart_counts counted;           /* what the bins count */
};

/* The period asked for, else the week's whole days. step 0: about a hundred bins of a round length. */
void period_choose(struct period *p, const struct chart_input *in, int64_t step);
/* wanted: one a mark of the week, or NULL for all. Gaps are those of all marks: a machine may well be silent. */
void period_fill(struct period *p, const bool *wanted);

/* Whether telemetry of the kind covers the period well enough to be drawn: in half of its bins. */
bool period_covered(const struct period *p, enum telemetry_kind kind);
/* After period_fill: the bins count connections or requests instead, whose hours begin where bins do (period_to_hours
 * before); first and count of a bin still tell its alerts. Gaps are hours in which no machine has any. */
void period_count(struct period *p, const struct week_volume *v);
/* Begin and end on whole hours UTC, which zones of half hours do not have; steps are of hours. */
void period_to_hours(struct period *p);

double period_x(const struct period *p, instant t);          /* clamped to the plot */
double period_y(const struct period *p, uint64_t n);         /* cut at the top of the scale */
void period_ruler(const struct period *p, struct scene *sc);
void period_draw_gaps(const struct period *p, struct scene *sc);
/* Above a bar or line that leaves the frame: a white break and its number, unless that would touch the one before.
 * label_end: where that one ends; begin with the left end. */
#define CLIP_NUMBER 9.0               /* how far its number reaches above the frame */
void period_draw_clip(const struct period *p, struct scene *sc, uint64_t total, double x, double w, double *label_end);
void period_scale(struct period *p, uint64_t top);           /* values from 0 to at least top */
void period_draw_values(const struct period *p, struct scene *sc);
double period_unit_width(const struct period *p);            /* of "alerts / 2 h", above the plot at the left */
/* A scale for the values: bursts far above the usual are left out of it, they are cut. */
uint64_t period_scale_to(const struct period *p, double factor);

#endif
