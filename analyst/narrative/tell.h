/* From incidents to beats: what happened in order, what it may mean, what else it could be, what is not
 * known, what to do. No language here: phrase keys and facts.
 *
 *     const struct narrative *n = tell_all(&analysis, knowledge, &sayings, arena);
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

/* One narrative an incident, in the analysis' order. Incidents below the queue's line get a title only.
 * Everything belongs to the arena but what names the incident: its id and the list of its episodes. */
const struct narrative *tell_all(const struct analysis *an, const struct knowledge *k, const struct sayings *s,
                                 struct arena *a);

#endif
