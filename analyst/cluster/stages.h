/* What the stages of clustering hand to each other; nobody outside this folder
 * includes it. All of it lives in scratch arenas that cluster_week frees. */
#ifndef TSUMUGI_CLUSTER_STAGES_H
#define TSUMUGI_CLUSTER_STAGES_H

#include "analyst/base/arena.h"
#include "analyst/model/incident.h"

#define NO_MACHINE UINT32_MAX
#define NO_FLURRY UINT32_MAX
#define NO_STREAM UINT32_MAX
#define NO_SWEEP UINT32_MAX
/* How much the appearance of a rule of everyday use counts, where it is unusual. */
#define ROUTINE_SHARE 0.3

/* A machine is a host name with its own address, inside one tenant; either may be
 * missing. Two machines of one name but other addresses are two machines. */
struct machine {
	uint32_t tenant, host, address;   /* entities or NO_ENTITY */
};

struct span {
	instant first, last;
};

/* What the stages find out about an episode, beside what the reader of an analysis sees. */
struct trait {
	uint32_t machine;
	uint32_t peer;         /* the other end of the connection, or NO_ENTITY */
	double rarity;         /* 0 routine .. 1 at no other hour of the period */
	double known;          /* how much history there was to judge by, 0 .. 1 */
	double alarm;          /* how bad it would be, 0 .. 1 */
	double said;           /* how much of that holds without any history, 0 .. 1 */
	double value;          /* unusual and alarming together, 0 .. 1 */
	double bytes;          /* sent and not blocked */
	float score;           /* the vendor's own, highest of its alerts, or -1 */
	uint32_t flurry;
	uint32_t stream;       /* the calls at a steady pace that it is part of, or NO_STREAM */
	uint32_t sweep;        /* the round from machine to machine that it is part of, or NO_SWEEP */
	bool scheduled;        /* which comes by the clock */
	bool stopped;          /* every one was blocked or put away */
	bool kept;             /* may take part in an incident */
	bool seed;             /* may start one */
};

/* Calls at a steady pace. */
struct stream {
	instant pace;                 /* from one to the next */
	instant first, last;
	bool begins, ends;            /* while we look on; else the records do */
	uint32_t rule;                /* streams of one rule are the same calls, seen on their way */
};

/* Unusual episodes on one machine with no long pause: the unit that is joined. */
struct flurry {
	uint32_t machine, tenant;
	const uint32_t *episodes;     /* in time order */
	uint32_t count;
	instant first, last;
	double mass;                  /* sum over its rules of the rule's highest value */
	double known, alarm;          /* highest of its episodes */
	int tactic;                   /* furthest, or -1 */
	uint32_t stream;              /* calls at a steady pace, by themselves; or NO_STREAM */
	uint32_t sweep;               /* what one sweep did on the machine, by itself; or NO_SWEEP */
	uint32_t group;               /* the incident it came to */
};

/* A reason to join two flurries, carried by one episode of each. */
struct tie {
	uint32_t a, b;                /* flurries, a < b */
	uint32_t from, to;            /* episodes, from < to */
	enum link_reason reason;
	uint32_t fact;                /* entity, or rule for a burst of one rule */
	double weight;
};

/* What one machine sent outside in an incident. */
struct freight {
	double bytes, usual;          /* usual: of that machine, or to that place, in as long a time */
	const char *shown;            /* the machine */
};

struct clustering {
	const struct week *week;
	struct arena *out, *scratch;
	struct arena *stage;          /* emptied after each stage */
	const struct machine *machines;            /* by (tenant, host, address) */
	const struct machine *machines_by_address;
	uint32_t machine_count;
	const uint32_t *cast_machine;       /* by cast */
	const struct span *spans;           /* by machine: when it was seen */
	const bool *twinned;                /* by machine: its name goes with other addresses, too */
	const bool *reused;                 /* by entity: a name of several machines at once */
	const uint32_t *site;               /* by machine: all 0 unless names are reused throughout */
	const instant *site_first;          /* by machine: where the records of its site begin */
	const uint32_t *kin;                /* by rule: the first rule that is the same in other words */
	struct episode *episodes;
	struct trait *traits;
	uint32_t episode_count;
	const struct stream *streams;
	uint32_t stream_count;
	const uint32_t *sweep_breadth;      /* by sweep: on how many machines */
	uint32_t sweep_count;
	const instant *hours;               /* starts of the hours in which anything happened */
	uint32_t hour_count, day_count;
	double reference;                   /* log of the number of hours */
	struct flurry *flurries;
	uint32_t flurry_count;
	struct tie *ties;
	uint32_t tie_count, tie_room;
	struct link *inner;                 /* links inside flurries */
	uint32_t inner_count;
	uint32_t group_count;
	const struct parcel *parcels;       /* by group; see freight.c */
	const double *sent_by_machine, *sent_to_place;   /* bytes in all; by machine, by entity */
	uint32_t parcel_count;
};

/* All stages but the rank; what they made stays until cluster_end, but for what belongs to the arena. */
void cluster_begin(struct clustering *c, const struct week *w, struct arena *arena);
void cluster_end(struct clustering *c);
void find_kin(struct clustering *c);
void find_machines(struct clustering *c);
/* By entity: the name its machine goes by, see struct analysis. */
const uint32_t *machine_names(const struct clustering *c);
/* The machine a host or address entity stands for in a tenant, or NO_MACHINE where it is
 * none, a name that stands for several, or an address that several names go by and none alone. */
uint32_t machine_of(const struct clustering *c, uint32_t tenant, uint32_t entity);
void find_episodes(struct clustering *c);
void find_acts(struct clustering *c);
void find_sites(struct clustering *c);
void find_sweeps(struct clustering *c);
/* One name at two addresses at the same time: never in one incident. */
bool are_twins(const struct clustering *c, uint32_t x, uint32_t y);
/* May time and rule alone tie the two machines? */
bool one_site(const struct clustering *c, uint32_t x, uint32_t y);
void weigh_routine(struct clustering *c);
/* Weighs an episode anew as part of calls at a steady pace. */
void weigh_pace(struct clustering *c, uint32_t episode);
void find_paces(struct clustering *c);
uint32_t hour_index(const struct clustering *c, instant t);
void find_flurries(struct clustering *c);
void find_ties(struct clustering *c);
/* Keeps the tie between the flurries of two episodes, unless it is too weak, or they may not be tied. */
void add_tie(struct clustering *c, uint32_t from, uint32_t to, enum link_reason reason, uint32_t fact, double weight);
/* Does the episode name anything that it could share with others? */
bool carries_facts(const struct clustering *c, uint32_t episode);
/* What sharing one value says, factor by factor; their product is the weight of the tie. */
struct sharing {
	enum link_reason reason;
	double kind;                  /* of a value of this kind that only two know */
	double rare, relevance, near; /* 0 .. 1 */
};
struct sharing weigh_sharing(const struct clustering *c, uint32_t from, uint32_t to, uint32_t entity, double rare);
/* Is the member something to share, rather than the machine itself? */
bool tells(const struct clustering *c, uint32_t episode, const struct member *m);
double sharing_says(enum entity_kind kind);
/* The episodes that name each fact, in time order: list[begin[entity]..begin[entity + 1]). Lives as long as the stage. */
struct fact_shelf {
	uint32_t *begin, *list;
};
struct fact_shelf shelve_facts(const struct clustering *c);
/* By entity: 1 when at most two machines know it and no routine speaks of it, less the more do. In the background only
 * the machines of routine count: an attacker who goes everywhere is still rare. */
struct rarities {
	double *all, *background;
};
struct rarities weigh_facts(const struct clustering *c, const struct fact_shelf *facts);
const double *rare_facts(const struct clustering *c);      /* the first of them; lives as long as the stage */
/* Thins the shelf out. */
void tie_facts(struct clustering *c, struct fact_shelf *facts, const double *rare);
/* Weaker ties could not join anything even in company. */
#define LEAST_WEIGHT 0.08
void find_groups(struct clustering *c);
/* What two groups need to join, the smaller of which has so many flurries. */
double evidence_asked(uint32_t flurries);
void load_freight(struct clustering *c);
struct freight weigh_freight(const struct clustering *c, const struct incident *in);
/* Lists the machines of an incident that has its episodes. */
void list_hosts(struct clustering *c, struct incident *in);
/* What scores less has neither a clearly alarming rule nor several unusual ones, and stays below the line. */
#define MEDIUM_FROM 30.0
/* Factors, score and priority of an incident that has its episodes and hosts. */
void score_incident(struct clustering *c, struct incident *in);
void rank_groups(struct clustering *c, struct analysis *out);

/* Weight of what lies apart in time: 1 at once, falling with the logarithm. */
double closeness(instant pause, instant scale);

#endif
