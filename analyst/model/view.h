/* A stretch of time of a case file, as an analysis of its own: the incidents that have an alert in it, ranked anew.
 *
 *     const struct analysis *an = ...;
 *     view_open(&an, &narratives, since, until, arena);
 *     printf("%u of %u alerts", view_alerts(an), an->week->mark_count);
 *
 * Stories are not cut: an incident keeps its id, its evidence, its score and all that is told of it. What is counted
 * over incidents is counted by the time of each alert, so that totals of periods that follow each other add up. An
 * alert lies in the period in which it begins. */
#ifndef TSUMUGI_VIEW_H
#define TSUMUGI_VIEW_H

#include "analyst/model/incident.h"
#include "analyst/model/narrative.h"

struct arena;

struct view {
	instant since, until;            /* until exclusive; INSTANT_NONE: no bound */
	uint32_t begin, end;             /* week.marks[begin..end) lie in it */
	/* All that the case file tells of. Redaction leaves this as it is: count in it, print no name of it. */
	const struct analysis *whole;
};

/* Makes both the view, which the arena keeps. Without any bound they stay as they are. */
void view_open(const struct analysis **an, const struct narrative **told, instant since, instant until, struct arena *a);

/* The functions below take any analysis: without a view all of it is meant. */

const struct analysis *view_whole(const struct analysis *an);
bool view_holds(const struct analysis *an, uint32_t mark);
uint32_t view_alerts(const struct analysis *an);
uint32_t view_episodes(const struct analysis *an);                 /* that have an alert in it */
instant view_last(const struct analysis *an);                      /* of its last alert, or INSTANT_NONE */
uint32_t view_alerts_of_episode(const struct analysis *an, const struct episode *e);
uint32_t view_alerts_of(const struct analysis *an, const struct incident *in);
uint32_t view_episodes_of(const struct analysis *an, const struct incident *in);
/* It has alerts from before the view, or from behind its end. */
bool view_from_before(const struct analysis *an, const struct incident *in);
bool view_goes_on(const struct analysis *an, const struct incident *in);

/* ---- what a period comes to, to be held against another ---- */

struct stretch {
	instant since, until;            /* until exclusive */
	uint32_t alerts;
	uint32_t incidents;              /* of the queue, with an alert in it */
	uint32_t fresh;                  /* of them: that begin in it */
	uint32_t gone;                   /* with an alert in the period as long before it, and none in it */
	uint32_t hosts;                  /* machines of these incidents that have a part in their alerts in it */
	uint32_t days, recorded;         /* days of 24 hours from since on, the last perhaps shorter; those with any record */
	const char **sources;            /* products of its alerts and of its telemetry (its format, where no product goes by
	                                  * it), sorted, each once */
	size_t source_count;
};

/* Of the whole case file, whatever view an has. */
void stretch_count(struct stretch *out, const struct analysis *an, instant since, instant until, struct arena *a);

/* The first and the last moment at which the case file holds anything; false where it holds nothing. */
bool records_span(const struct week *w, instant *first, instant *last);

#endif
