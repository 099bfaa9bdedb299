/* The whole period under analysis as plain arrays: what clustering, ranking and
 * narrative read. The store fills it once (store_load_week); nothing in it is
 * changed afterwards. Everything is numbered by content, so that the same records
 * give the same numbers whatever the order they were imported in:
 *
 *   rules     by (product, id, name, category, techniques, tactics)
 *   entities  by (kind, value)
 *   casts     by their members
 *   marks     by (at, key)
 */
#ifndef TSUMUGI_WEEK_H
#define TSUMUGI_WEEK_H

#include <stdint.h>

#include "analyst/model/alert.h"
#include "analyst/model/asset.h"
#include "analyst/model/indicator.h"
#include "analyst/model/telemetry.h"

/* Behaviour is what kind of act a rule speaks of. It comes from a knowledge table
 * (templates/knowledge/behaviours.xml), never from a rule's name in the code. */
struct behaviour {
	const char *key;           /* "webshell", "beacon", "scan" ... or "unknown" */
	const char *family;        /* acts of one family on one target are told as one beat */
	int tactic;                /* 0-13 in the order of the kill chain, or -1 */
	const char *technique;     /* "T1505.003", or NULL */
	double weight;             /* how alarming by itself, 0-1 */
	int stage;                 /* causal order inside a story, 0-99; see behaviours.xml */
	bool routine;              /* housekeeping: never starts an incident by itself */
	bool response;             /* a defender's act, not an attacker's */
	bool aside;                /* a product's own summary of other alerts: not a step of the story */
	bool from_source;          /* told of the machine of ours it comes from */
	bool on_target;            /* told of the machine of ours it is aimed at */
	bool of_account;           /* told of an account, not of a machine */
	bool calls;                /* fires on traffic that goes out: its pace tells something */
};

struct week_rule {
	struct rule rule;
	const struct behaviour *behaviour;   /* never NULL */
};

struct week_entity {
	enum entity_kind kind;
	bool internal;                       /* a machine, account or address of ours */
	const char *value, *shown;
	const struct indicator *indicator;   /* the one it matches, or NULL */
	const struct asset *asset;           /* what a list of assets says of it, or NULL */
	const struct indicator *lapsed;      /* one that it would match, but which was withdrawn or had expired before it was first seen; or NULL */
	double weight;                       /* how much it matters here; 1 is usual, 0 is not stated, too */
};

/* Four bytes: ten million alerts have forty million of them, and each is read many times. */
struct member {
	uint32_t entity : 28;
	enum entity_role role : 4;
};
#define WEEK_ENTITIES (UINT32_C(1) << 28)    /* a week holds fewer */
_Static_assert(ROLES <= 16, "a role has four bits");

struct cast {                /* who takes part, shared by alike alerts */
	uint32_t first;          /* into week.members, sorted by (role, entity) */
	uint32_t count : 8;      /* ALERT_ENTITIES at most */
	uint32_t tenant : 24;    /* into week.tenants; 0 is "none stated" */
	uint32_t host;           /* the entity the alert is about (host, else its address), or NO_ENTITY */
};
#define WEEK_TENANTS (UINT32_C(1) << 24)     /* a week holds fewer */
_Static_assert(ALERT_ENTITIES < 1 << 8, "how many take part has eight bits");

#define NO_ENTITY UINT32_MAX

/* One alert, as small as it can be: ten million of them are a third of what an analysis needs. */
struct mark {
	instant at, until;
	uint64_t key;            /* content identity; alert ids are printed from it */
	int64_t bytes_out;       /* or -1 */
	float score;             /* 0-100 or -1 */
	uint32_t row : 28;       /* its row in the case file */
	uint32_t severity : 4;
	uint32_t cast : 27;
	uint32_t action : 3;
	uint32_t kind : 2;
	uint32_t rule : 24;
	int32_t confidence : 8;  /* 0-100 or -1 */
};
/* A week holds fewer, and fewer rows. */
#define WEEK_MARKS (UINT32_C(1) << 28)
#define WEEK_CASTS (UINT32_C(1) << 27)
#define WEEK_RULES (UINT32_C(1) << 24)
_Static_assert(sizeof(struct mark) == 48, "nothing lies between the parts of a mark");
_Static_assert(SEVERITY_CRITICAL < 16 && ACTION_QUARANTINED < 8 && RECORD_RESPONSE < 4, "they have four, three and two bits");

struct week {
	const struct week_rule *rules;
	uint32_t rule_count;
	const struct week_entity *entities;
	uint32_t entity_count;
	const struct member *members;
	const struct cast *casts;
	uint32_t cast_count;
	const char *const *tenants;
	uint32_t tenant_count;
	const struct mark *marks;
	uint32_t mark_count;
	uint32_t restated_count;             /* records more, which tell again of alerts that are here */
	const struct indicator *indicators;
	uint32_t indicator_count;
	const struct asset *assets;          /* by (kind, value), each once */
	uint32_t asset_count;
	const struct week_hour *hours;       /* by (hour, kind); see telemetry.h */
	uint32_t hour_count;
	const struct sensor *sensors;        /* by format */
	uint32_t sensor_count;
	const struct contact *contacts;      /* by (from, with) */
	uint32_t contact_count;
	const struct outflow *outflows;      /* by (from, kind, hour) */
	uint32_t outflow_count;
	const struct reach *reaches;         /* see telemetry.h */
	uint32_t reach_count;
	instant first, last;
	const struct behaviour *pace;   /* what everyday calls become at a machine's pace, or NULL */
};

#endif
