/* The stages in their order; see cluster.h. */
#include <stdlib.h>

#include "analyst/cluster/cluster.h"
#include "analyst/cluster/stages.h"

static void (*const stages[])(struct clustering *) = {
	find_kin, find_machines, find_episodes, find_acts, find_sites, find_sweeps, weigh_routine,
	find_paces, find_flurries, find_ties, find_groups, load_freight,
};

static void open_arenas(struct clustering *c, const struct week *w, struct arena *arena)
{
	*c = (struct clustering){.week = w, .out = arena, .scratch = arena_new(), .stage = arena_new()};
}

void cluster_begin(struct clustering *c, const struct week *w, struct arena *arena)
{
	open_arenas(c, w, arena);
	for (size_t i = 0; i < sizeof(stages) / sizeof(stages[0]); i++) {
		stages[i](c);
		arena_reset(c->stage);
	}
}

void cluster_end(struct clustering *c)
{
	free(c->ties);
	arena_free(c->stage);
	arena_free(c->scratch);
}

void cluster_week(struct analysis *out, const struct week *w, struct arena *arena)
{
	struct clustering c;

	cluster_begin(&c, w, arena);
	*out = (struct analysis){.week = w, .episodes = c.episodes, .episode_count = c.episode_count,
	                         .machine = machine_names(&c)};
	rank_groups(&c, out);
	cluster_end(&c);
}

const uint32_t *cluster_machines(const struct week *w, struct arena *arena)
{
	struct clustering c;
	const uint32_t *names;

	open_arenas(&c, w, arena);
	find_machines(&c);
	names = machine_names(&c);
	cluster_end(&c);
	return names;
}
