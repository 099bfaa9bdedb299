/* From a week of alerts to ranked incidents.
 *
 *     struct analysis an;
 *     cluster_week(&an, week, arena);
 *
 * episodes.c  alerts -> bursts of one rule on one cast
 * routine.c   how usual a burst is for its rule, host and hour
 * links.c     why two unusual bursts belong together (a table of link rules)
 * grouping.c  links -> incidents
 * rank.c      incidents -> score, priority, queue (a table of factors)
 */
#ifndef TSUMUGI_CLUSTER_H
#define TSUMUGI_CLUSTER_H

#include "analyst/base/arena.h"
#include "analyst/model/incident.h"

/* Everything it makes belongs to the arena. Deterministic in the content of the week. */
void cluster_week(struct analysis *out, const struct week *w, struct arena *arena);

#endif
