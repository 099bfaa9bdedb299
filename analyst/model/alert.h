/* One observation by one product, normalised: what every alert reader fills. */
#ifndef TSUMUGI_ALERT_H
#define TSUMUGI_ALERT_H

#include <stddef.h>
#include <stdint.h>

#include "analyst/base/arena.h"
#include "analyst/base/fault.h"
#include "analyst/base/instant.h"
#include "analyst/model/entity.h"

enum severity {        /* OCSF severity_id without Fatal (FORMATS 1.3) */
	SEVERITY_UNKNOWN, SEVERITY_INFO, SEVERITY_LOW, SEVERITY_MEDIUM, SEVERITY_HIGH,
	SEVERITY_CRITICAL
};
extern const struct named severities[];

enum action { ACTION_UNKNOWN, ACTION_DETECTED, ACTION_ALLOWED, ACTION_BLOCKED, ACTION_QUARANTINED };
extern const struct named actions[];

enum record_kind {
	RECORD_ALERT,      /* a product judged it */
	RECORD_EVENT,      /* telemetry */
	RECORD_FINDING,    /* a product's own cluster: an AI Analyst event, a MalOp */
	RECORD_RESPONSE    /* a product acted: an Antigena model, a quarantine */
};
extern const struct named record_kinds[];

/* What fired. Rules are shared by many alerts and interned by the store: two rules
 * are the same when all fields are equal. */
struct rule {
	const char *product;      /* "suricata", "wazuh", "darktrace" ... */
	const char *id;           /* the product's own id, or NULL */
	const char *name;         /* never NULL */
	const char *category;     /* the product's own class or folder, or NULL */
	const char *techniques;   /* "T1059.001 T1190", sorted, upper case, or NULL */
	const char *tactics;      /* "TA0001 TA0002", or NULL */
};

#define ALERT_ENTITIES 48      /* more are dropped, which is counted */
#define ALERT_SECRETS 8

struct alert {
	instant at, until;        /* first and last activity; equal when there is one time */
	instant reported;         /* when the product raised it, or INSTANT_NONE */
	enum zone_origin zone;
	enum record_kind kind;
	struct rule rule;
	uint32_t rule_number;     /* as entity.h has it for entities */
	enum severity severity;
	const char *severity_native;
	int confidence;           /* 0-100, or -1 when the source states none */
	double score;             /* the vendor's own 0-100, or -1 */
	enum action action;
	const char *title;        /* the product's sentence when it says more than the rule, or NULL */
	const char *native_id;    /* or NULL */
	const char *tenant;       /* customer or site told apart on purpose, or NULL */
	int64_t bytes_out, bytes_in;   /* of the connection, seen from the source; -1 unknown */
	int64_t count;            /* how many occurrences the record itself stands for; 1 */
	size_t secret_count;
	const char *secrets[ALERT_SECRETS];            /* on the way to the store only; see alert_secret */
	size_t entity_count;
	struct entity entities[ALERT_ENTITIES];        /* last: copies end behind those there are */
};

/* Where a record was read. line counts from 1, the first line of the file; for a file
 * that is no lines it is the record's ordinal. */
struct place {
	int64_t line;
	int64_t offset, length;   /* bytes in the file as read, after decompression */
};

void alert_clear(struct alert *a);     /* all fields to "not stated" */
/* Adds the entity unless it is a placeholder, a repeat or one too many; canonicalises
 * nothing. Strings must live as long as the alert. */
void alert_add(struct alert *a, enum entity_kind kind, enum entity_role role, const char *value,
               const char *shown);
/* The same of a value that is n bytes and not NULL. */
void alert_addn(struct alert *a, enum entity_kind kind, enum entity_role role, const char *value, size_t n,
                const char *shown);
/* A value of the record that is a secret by its column's name, as it stands there: masked in all that is kept of the
 * alert, see readers/secrets.h. */
void alert_secret(struct alert *a, const char *value);
/* Products are keys in lower case; in prose they are written as their makers do: "Suricata", "AMiner". */
const char *product_written(const char *key, struct arena *a);
const struct entity *alert_entity(const struct alert *a, enum entity_kind kind, int role /* -1 any */);

#endif
