/* What to do about an incident: exactly the connections that its evidence shows to be the attacker's, each with what
 * proves it, what else it would hit, what products have done already, and what it would have stopped. Only figures
 * that the records prove. Nothing is carried out here.
 *
 *     struct plan plan;
 *     plan_make(&plan, &analysis, &analysis.incidents[0], narrative, &containment, arena);
 *
 * plan.c      the incident's alerts -> measures
 * effects.c   measures, held against all alerts and telemetry of the week -> side effects and replay */
#ifndef TSUMUGI_PLAN_H
#define TSUMUGI_PLAN_H

#include "analyst/base/arena.h"
#include "analyst/knowledge/containment.h"
#include "analyst/model/incident.h"
#include "analyst/model/narrative.h"

#define PLAN_MEASURES 64         /* more are left off, the least certain first, and counted: a bit each (effects.c) */
#define MEASURE_ADDRESSES 16
#define MEASURE_PORTS 8
#define MEASURE_BEATS 8
#define MEASURE_DONE 8

/* What a product did about it by its own account. */
struct measure_done {
	const char *product;
	instant at;                  /* the first time */
	uint32_t alerts;
	uint64_t key;                /* of the first */
};

/* Alerts of the incident that come when the block could have stood; alerts of anything else that it would have hit. */
struct measure_replay {
	instant from;                /* first alert that justifies it, and the delay */
	uint32_t stopped;            /* connections that were let through then */
	uint32_t refused;            /* that a product had stopped by itself */
	int64_t bytes;               /* sent out with those let through, by the rule that saw most */
	uint32_t benign;             /* alerts of no incident or of another */
	int64_t connections;         /* of telemetry, which knows no ports; -1 without any of the two ends */
};

struct plan_measure {
	enum block block;
	uint32_t host;               /* the machine of ours, by the name it goes by; of BLOCK_ACCOUNT the account */
	uint32_t host_addresses[MEASURE_ADDRESSES];
	uint32_t host_address_count;
	uint32_t remote;             /* domain or address; NO_ENTITY for what is no connection with outside */
	uint32_t targets[MEASURE_ADDRESSES];         /* inside: the machines of ours it went for */
	uint32_t target_count;
	bool wide;                   /* inside: more than those; all of ours */
	uint32_t addresses[MEASURE_ADDRESSES];       /* of the remote, as the alerts name them; itself when it is one */
	uint32_t address_count;      /* inside: of the targets */
	uint16_t ports[MEASURE_PORTS];               /* of the server's end, ascending; none known: all */
	uint32_t port_count;
	bool shared;                 /* others are reached at its address: by name only */
	const struct behaviour *behaviour;           /* the heaviest that justifies it */
	int confidence, hours;
	bool known;                  /* matches an indicator */
	uint32_t products;
	instant justified;           /* first alert that speaks for it */
	const uint32_t *alerts;      /* marks that speak for it, in time order */
	uint32_t alert_count;
	const struct beat *beats[MEASURE_BEATS];     /* told of them, by evidence number */
	uint32_t beat_count;
	/* What it would break. */
	uint32_t other_machines;     /* of ours that the records show with the same other end; isolation: that it speaks to */
	uint32_t everyday;           /* alerts of no incident between the two, before or after */
	uint32_t port_peers;         /* inbound: other ends that use the same port, which stays open for them */
	struct measure_done done[MEASURE_DONE];
	uint32_t done_count;
	struct measure_replay replay;
};

enum spared { SPARED_LISTED, SPARED_USED };
extern const struct named spareds[];

/* What speaks for a block and is not blocked. */
struct spared_end {
	uint32_t host, remote;
	enum spared why;
	uint32_t other_machines, alerts;
};

struct plan {
	const struct incident *incident;
	const struct narrative *story;
	const struct plan_measure *measures;      /* by the moment they are justified: connections, accounts, isolation */
	uint32_t measure_count;
	uint32_t left_off;
	const struct spared_end *spared;
	uint32_t spared_count;
	int delay;
	/* The replay of all connections together, an alert counted once. */
	uint32_t stopped, refused, benign;
	uint32_t later;              /* alerts of the incident after the first measure could have stood */
};

/* Connections are blocked; else an account is suspended or a machine isolated. */
bool measure_connects(const struct plan_measure *m);

void plan_make(struct plan *out, const struct analysis *an, const struct incident *in, const struct narrative *story,
               const struct containment *how, struct arena *a);

#endif
