/* What was concluded, written and read back exactly as it was, step by step:
 *
 *   analysis.c        writing the whole, and the beats of the queue
 *   recall.c          reading both back
 *   kept_episodes.c   episodes, many a row
 *   kept_incidents.c  incidents, a row each, with what holds them together and what their score is made of
 */
#ifndef TSUMUGI_STORE_KEEPING_H
#define TSUMUGI_STORE_KEEPING_H

#include "analyst/model/incident.h"
#include "analyst/store/sql.h"

int save_episodes(struct store *st, const struct analysis *an, struct fault *f);
int save_incidents(struct store *st, const struct analysis *an, struct fault *f);

/* Into an analysis that has its week: the one that was loaded last. First episodes, then incidents. */
int recall_episodes(struct analysis *an, struct store *st, struct arena *arena, struct fault *f);
int recall_incidents(struct analysis *an, struct store *st, struct arena *arena, struct fault *f);

#endif
