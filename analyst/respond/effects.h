/* Measures held against what was recorded, in two steps. Inside analyst/respond only. */
#ifndef TSUMUGI_EFFECTS_H
#define TSUMUGI_EFFECTS_H

#include "analyst/respond/plan.h"

struct effects {
	const struct analysis *an;
	const uint32_t *machine;     /* machine[entity]: the name its machine goes by (plan.c) */
	const struct containment *how;
	struct arena *arena;
};

/* Who else meets the other end: other_machines and shared. */
void effects_others(const struct effects *fx, struct plan_measure *list, uint32_t count);
/* What else it hits, what was done, what it would have stopped; and the plan's totals. */
void effects_replay(const struct effects *fx, struct plan *plan, struct plan_measure *list, uint32_t count);

#endif
