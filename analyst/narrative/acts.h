/* An act: what one machine did, or what was done to it, in one stretch, however many rules and products
 * reported it. */
#ifndef TSUMUGI_ACTS_H
#define TSUMUGI_ACTS_H

#include "analyst/base/arena.h"
#include "analyst/model/incident.h"

struct facts;

struct act {
	const struct behaviour *behaviour;   /* the heaviest of its rules' */
	uint32_t host;                       /* entity or NO_ENTITY; of several, the one with most alerts */
	bool from_source;                    /* the host is where it came from, not whom it befell */
	uint32_t machines;                   /* on how many at once */
	uint32_t site;                       /* the outside domain or address, or NO_ENTITY */
	instant first, last;
	instant latest;                      /* when it came to the last of its machines */
	uint32_t *episodes;                  /* indices into analysis.episodes, by time */
	uint32_t episode_count;
	uint64_t alert_count, widest;        /* in all, and of the host alone */
	bool folded;                         /* not telling enough for a sentence of its own */
	double weight;
	uint32_t telling;                    /* 1 is the act that tells most; 0 when folded */
	const struct facts *facts;           /* of facts_of_act, once asked for */
};

struct acts {
	struct act *list;                    /* by first, then stage */
	size_t count, told;                  /* told: not folded */
};

/* How many acts get a sentence and a number in the timeline (REPORTS 7). */
#define STORY_ACTS 20

void acts_of(struct acts *out, const struct analysis *an, const struct incident *in, struct arena *a);

/* The outside party of an episode, a domain before an address; NO_ENTITY when there is none. */
uint32_t episode_site(const struct week *w, const struct episode *e);

#endif
