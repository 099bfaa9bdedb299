/* Episodes, the links between them, and the incidents they make. */
#ifndef TSUMUGI_INCIDENT_H
#define TSUMUGI_INCIDENT_H

#include "analyst/model/week.h"

/* A burst: alerts of one rule on one set of entities with no long gap. Its alerts are
 * week.marks[alerts[0..count)], in time order. */
struct episode {
	uint32_t rule, host;         /* host: entity or NO_ENTITY */
	uint32_t cast;               /* of the first alert; alerts of an episode may differ in minor members */
	uint32_t tenant;
	instant first, last;
	const uint32_t *alerts;
	const struct member *members;    /* union over its alerts, sorted by (role, entity), capped */
	double unusual;              /* 0 routine .. 1 never seen before, weighed by how much was known */
	uint32_t count;              /* of alerts */
	uint32_t incident;           /* index, or NO_INCIDENT */
	uint32_t act;                /* first episode of the one act that several rules saw; else itself */
	uint16_t member_count;
	uint8_t severity;            /* highest */
	bool paced;                  /* part of calls at a steady pace that no other machine makes */
};

#define NO_INCIDENT UINT32_MAX

enum link_reason {               /* names in link_reasons[]; weights in cluster/links.c and sharing.c */
	LINK_SAME_HOST, LINK_SAME_USER, LINK_SAME_FILE, LINK_SAME_HASH, LINK_SAME_DOMAIN,
	LINK_SAME_ADDRESS, LINK_SAME_PROCESS, LINK_SAME_INDICATOR, LINK_SAME_RULE_BURST,
	LINK_PROGRESS, LINK_TARGET_ACTS, LINK_CALLS_ACTOR, LINK_SAME_TIME, LINK_REASONS
};
extern const struct named link_reasons[];

struct link {
	uint32_t a, b;               /* episodes, a earlier than b */
	enum link_reason reason;
	uint32_t entity;             /* the shared fact, or NO_ENTITY */
	double weight;
};

enum priority { PRIORITY_LOW, PRIORITY_MEDIUM, PRIORITY_HIGH, PRIORITY_CRITICAL };
extern const struct named priorities[];

/* One part of the score. key names the factor in templates/phrases.xml (factor.<key>);
 * subject, number
 * and asset are the facts its reason is told with. */
struct factor {
	const char *key;
	double points;
	double number;
	const char *subject;         /* or NULL */
	const struct asset *asset;   /* of the week, or NULL */
};

#define FACTORS_MAX 12

struct incident {
	char id[32];                 /* "INC-2021W10-01" */
	uint32_t rank;               /* 1 is first; 0: below the line, counted but not in the queue */
	enum priority priority;
	double score;                /* 0-100, one decimal */
	const struct factor *factors;
	uint32_t factor_count;       /* FACTORS_MAX at most */
	const uint32_t *episodes;    /* indices, in time order */
	uint32_t episode_count;
	const struct link *links;    /* that hold it together, by (a, b, reason) */
	uint32_t link_count;
	instant first, last;
	uint32_t alert_count;
	const uint32_t *hosts;       /* entities, the most affected first */
	uint32_t host_count;
};

struct view;

struct analysis {
	const struct week *week;
	/* The name each entity's machine goes by: an address that is one machine's, the machine; else itself.
	 * NULL when the analysis was loaded instead of made. */
	const uint32_t *machine;
	const struct episode *episodes;
	uint32_t episode_count;
	const struct incident *incidents;    /* the queue by rank, then those below the line by score */
	uint32_t incident_count;
	uint32_t queue_count;
	const struct view *view;             /* only a part of the time is told of, see view.h; NULL: all of it */
};

/* What kind of act the episode is: its rule's, unless its pace says more. */
const struct behaviour *episode_behaviour(const struct week *w, const struct episode *e);
/* A defender's act: of a rule that is one, or with records that a product says it blocked or quarantined. */
bool episode_answers(const struct week *w, const struct episode *e);
/* How many of the incident's episodes are a defender's acts; *first is when the first began, or INSTANT_NONE. */
uint32_t incident_answers(const struct analysis *an, const struct incident *in, instant *first);

/* The rule that most of these episodes' alerts are of; of equals the first. */
uint32_t episodes_rule(const struct analysis *an, const uint32_t *episodes, size_t n);

#endif
