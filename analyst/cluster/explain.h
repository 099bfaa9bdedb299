/* Why two alerts are, or are not, in one incident: what they share and what it weighs.
 *
 *     struct explanation ex;
 *     cluster_explain(&ex, week, mark_a, mark_b, arena);
 *
 * The week is clustered again with everything kept that an analysis leaves out: ties that were too weak, and what
 * made a shared fact too common to tell anything. */
#ifndef TSUMUGI_CLUSTER_EXPLAIN_H
#define TSUMUGI_CLUSTER_EXPLAIN_H

#include "analyst/base/arena.h"
#include "analyst/model/incident.h"

enum obstacle {
	OBSTACLE_NONE,           /* it counts */
	OBSTACLE_KIND,           /* strangers share values of this kind */
	OBSTACLE_MACHINE,        /* it is the machine itself: time decides, not the name */
	OBSTACLE_EVERYWHERE,     /* a file that every machine has, or its hash */
	OBSTACLE_REUSED,         /* one name for several machines at once */
	OBSTACLE_COMMON,         /* many machines or everyday alerts know it */
	OBSTACLE_EVERYDAY,       /* the alerts that share it are everyday ones */
	OBSTACLE_FAR             /* too long apart */
};

struct shared_fact {
	uint32_t entity;
	enum link_reason reason;
	enum obstacle obstacle;
	double weight;               /* of the tie by this fact alone; 0 where it says nothing */
	double kind, rare, near;     /* its factors */
	uint32_t machines;           /* how many name it */
	uint32_t everyday;           /* everyday episodes that name it */
};

struct group_tie {
	enum link_reason reason;
	uint32_t from, to;           /* episodes */
	uint32_t entity;             /* NO_ENTITY where the fact is a rule or the time */
	double weight;
};

struct explained {               /* one of the two */
	uint32_t episode;
	double rarity, known, alarm; /* see struct trait */
	bool kept;                   /* unusual enough to take part in an incident */
};

struct explanation {
	struct explained side[2];
	bool other_tenant, same_machine, twins;
	bool same_group;
	instant apart;               /* from the end of the earlier episode to the other; 0 or less: at the same time */
	const struct shared_fact *facts;         /* the heaviest first */
	uint32_t fact_count;
	const struct group_tie *ties;            /* between their groups, the best of each kind */
	uint32_t tie_count;
	double together, asked;      /* what these ties say together, and what joining takes */
};

void cluster_explain(struct explanation *out, const struct week *w, uint32_t mark_a, uint32_t mark_b, struct arena *a);

/* The strongest way over the links of an incident from one episode to the other, in its order; 0 when none leads
 * there. */
uint32_t link_path(const struct link **out, const struct incident *in, uint32_t from, uint32_t to, struct arena *a);
/* What sharing a value of the kind says when only two know it; 0: nothing. */
double sharing_says(enum entity_kind kind);

#endif
