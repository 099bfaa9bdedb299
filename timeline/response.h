/* The response timeline in two files: response_acts.c gathers what was done, response_timeline.c draws it. */
#ifndef TSUMUGI_RESPONSE_H
#define TSUMUGI_RESPONSE_H

#include "analyst/model/telemetry.h"
#include "timeline/charts.h"
#include "timeline/cut_axis.h"

struct act {
	const char *title, *target, *product;
	const char *shown;                   /* the target as readers see it; a dash where none is known */
	instant at, until;
	const uint32_t *episodes;
	size_t episode_count;
	uint64_t records;
	bool machine;                        /* the target is one of ours */
	int64_t reacted;                     /* since the step before it; -1: there is none */
	const struct beat *step;
};

struct plan {
	const struct chart_input *in;
	struct arena *arena;
	struct scene *sc;
	struct chart_finding *found;
	struct act *acts;
	size_t count, shown;
	instant sign;
	struct cut_axis axis;
	struct week_volume flows;            /* what the machines began */
	const bool *own;                     /* machines of the incident, by entity */
	double x, bottom;                    /* of the plot */
};

/* Fills acts, count, shown and sign from the incident; the rows beyond what fits are counted, not shown. */
void response_collect(struct plan *p);

#endif
