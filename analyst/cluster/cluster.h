/* From a week of alerts to ranked incidents.
 *
 *     struct analysis an;
 *     cluster_week(&an, week, arena);
 *
 * kin.c       which rules are one rule in other words
 * machines.c  which machine an alert is about, however it is named
 * episodes.c  alerts -> bursts of one rule on one machine
 * acts.c      bursts of several rules that begin and end together
 * sites.c     which machines only share a name, and which share no site
 * routine.c   how usual a burst is for its rule, machine and hour, and how alarming
 * flurries.c  unusual bursts on one machine with no long pause
 * links.c     why two flurries belong together
 * sharing.c   what it says that two name the same value (a table), and the ties of that kind
 * grouping.c  flurries -> incidents, each with a middle and a bounded reach
 * leftovers.c what no tie joined, but belongs to a strong incident
 * freight.c   what went outside, against what usually does
 * explain.c   why two alerts came together, or did not (explain.h)
 * affected.c  which machines an incident affects
 * score.c     incident -> factors (a table), score, priority
 * rank.c      groups -> incidents by score, queue
 */
#ifndef TSUMUGI_CLUSTER_H
#define TSUMUGI_CLUSTER_H

#include "analyst/base/arena.h"
#include "analyst/model/incident.h"

/* Everything it makes belongs to the arena. Deterministic in the content of the week. */
void cluster_week(struct analysis *out, const struct week *w, struct arena *arena);
/* Of all that only the machines, for an analysis that was loaded: by entity, see struct analysis. */
const uint32_t *cluster_machines(const struct week *w, struct arena *arena);

#endif
