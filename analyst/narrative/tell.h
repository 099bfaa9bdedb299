/* From incidents to beats: what happened in order, what it may mean, what else it could be, what is not
 * known, what to do. No language here: phrase keys and facts.
 *
 *     struct narrative *told = tell_nothing(&analysis, arena);
 *     tell(told, &analysis, 0, analysis.queue_count, knowledge, &sayings, arena);
 *
 * acts.c    episodes of an incident -> acts (one family on one target), the most telling ones
 * facts.c, facts_incident.c, acquaintance.c   what is known of an act, and of the whole incident, as named facts
 * tell.c    acts and facts -> beats */
#ifndef TSUMUGI_TELL_H
#define TSUMUGI_TELL_H

#include "analyst/base/arena.h"
#include "analyst/knowledge/knowledge.h"
#include "analyst/knowledge/sayings.h"
#include "analyst/model/incident.h"
#include "analyst/model/narrative.h"

/* One narrative an incident, in the analysis' order, without beats. */
struct narrative *tell_nothing(const struct analysis *an, struct arena *a);
/* Tells incidents first..end of an analysis that knows its machines. Those below the queue's line get a title only: there
 * may be tens of thousands of them, so nobody tells them before they are asked for. Everything belongs to the arena but
 * what names the incident: its id and the list of its episodes. */
void tell(struct narrative *told, const struct analysis *an, uint32_t first, uint32_t end, const struct knowledge *k,
          const struct sayings *s, struct arena *a);

#endif
