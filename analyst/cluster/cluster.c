/* The stages in their order; see cluster.h. */
#include <stdlib.h>

#include "analyst/cluster/cluster.h"
#include "analyst/cluster/stages.h"

void cluster_week(struct analysis *out, const struct week *w, struct arena *arena)
{
	struct clustering c = {.week = w, .out = arena, .scratch = arena_new()};

	find_kin(&c);
	find_machines(&c);
	find_episodes(&c);
	weigh_routine(&c);
	find_flurries(&c);
	find_ties(&c);
	find_groups(&c);
	*out = (struct analysis){.week = w, .episodes = c.episodes, .episode_count = c.episode_count};
	rank_groups(&c, out);
	free(c.ties);
	arena_free(c.scratch);
}
