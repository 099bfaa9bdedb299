/* An incident told: ordered beats without a language. A beat is a phrase key, named
 * facts and the alerts that prove it; templates/ turns it into sentences. */
#ifndef TSUMUGI_NARRATIVE_H
#define TSUMUGI_NARRATIVE_H

#include <stddef.h>
#include <stdint.h>

#include "analyst/base/instant.h"

enum fact_kind {
	FACT_TEXT,        /* printed as it is */
	FACT_HOST,        /* a machine of ours: its shown name */
	FACT_NAME,        /* an outside name or address: defanged for readers, set in mono */
	FACT_CODE,        /* a path, command, user agent, hash: mono; of a command only the links are defanged */
	FACT_NUMBER,      /* value */
	FACT_TIME,        /* value is an instant */
	FACT_SPAN,        /* value is nanoseconds */
	FACT_BYTES,       /* value */
	FACT_LIST,        /* items joined as the language does, each a FACT_NAME or FACT_HOST */
	FACT_PHRASE       /* text is another phrase key, looked up */
};

struct fact {
	const char *name;          /* "host", "object", "after" ... */
	enum fact_kind kind;
	enum fact_kind item_kind;  /* of a list */
	const char *text;
	int64_t value;
	const char *const *items;
	size_t item_count;
};

enum certainty { CERTAINTY_CONFIRMED, CERTAINTY_LIKELY, CERTAINTY_POSSIBLE, CERTAINTY_NOT_SEEN };

/* Which part of the report a beat belongs to. */
enum part {
	PART_TITLE,       /* the finding as one headline */
	PART_STORY,       /* what happened, in order */
	PART_MEANING,     /* what it may mean */
	PART_BENIGN,      /* the innocent reading, weighed */
	PART_UNKNOWN,     /* what was not seen and could not be seen */
	PART_ACTION       /* what to do next */
};

#define LANE_RESPONSE "@response"
#define BEAT_FACTS 40             /* at most */

struct beat {
	enum part part;
	const char *key;               /* phrase key: "story.download" */
	enum certainty certainty;
	instant at, until;             /* of what it tells; INSTANT_NONE where it has no time */
	int tactic;                    /* 0-13 or -1 */
	const char *technique;         /* or NULL */
	/* For the timeline: whose act on what, as shown to readers (not yet defanged), or NULL.
	 * LANE_RESPONSE stands for the products that acted. */
	const char *actor_lane, *object_lane;
	int response;                  /* 1: a defender's act */
	struct fact *facts;
	size_t fact_count;
	const uint32_t *episodes;      /* what proves it, indices into analysis.episodes */
	size_t episode_count;
	uint32_t evidence;             /* its number [E1], 0 for beats without one */
	uint64_t alert_count;
};

const struct fact *beat_fact(const struct beat *b, const char *name);       /* or NULL; of NULL none */

struct narrative {
	const char *incident;          /* its id */
	const struct beat *beats;
	size_t beat_count;
};

#endif
