/* Groups of flurries while they are joined: grouping.c and leftovers.c. */
#ifndef TSUMUGI_CLUSTER_GROUPS_H
#define TSUMUGI_CLUSTER_GROUPS_H

#include "analyst/cluster/stages.h"

/* By flurry. */
struct groups {
	uint32_t *parent;
	uint32_t *depth;      /* steps from the middle of the group */
	uint32_t *size;       /* of a root: flurries in the group */
	uint32_t *next, *tail;   /* members as a list, root first */
	double *mass;         /* heaviest flurry of the group: its middle */
	uint32_t *twin, *next_twin;   /* one flurry for each machine that has twins, or UINT32_MAX */
};

uint32_t group_root(struct groups *g, uint32_t flurry);
/* Would the two make one of machines that only share a name? */
bool groups_hold_twins(const struct clustering *c, const struct groups *g, uint32_t a, uint32_t b);
/* The lighter group is hung onto the heavier one at the ends of the tie. */
void groups_join(const struct clustering *c, struct groups *g, uint32_t heavy_end, uint32_t light_end);

/* leftovers.c */
void enclose_leftovers(struct clustering *c, struct groups *g);
void join_coincidences(struct clustering *c, struct groups *g);

#endif
