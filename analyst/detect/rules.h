/* Rules as they are matched: what detections.xml says, compiled. */
#ifndef TSUMUGI_RULES_H
#define TSUMUGI_RULES_H

#include "analyst/base/arena.h"
#include "analyst/detect/detect.h"

enum match { MATCH_CONTAINS, MATCH_STARTS, MATCH_ENDS, MATCH_EQUALS, MATCH_BASE64, MATCH_PRESENT, MATCHES };

enum node_kind { NODE_ALL, NODE_ANY, NODE_NOT, NODE_FIELD };

struct needle {
	const char *text;              /* in lower case */
	size_t n;
};

struct node {
	enum node_kind kind;
	const struct node *children;   /* NODE_NOT: none of them */
	size_t count;
	int field;                     /* NODE_FIELD: number of its name */
	enum match match;
	const struct needle *needles;  /* any of them */
	size_t needle_count;
	size_t run;                    /* MATCH_BASE64: so many characters in a row */
};

#define EVENT_ANY (-1)

struct origin {                    /* of which events a rule speaks */
	const char *provider, *channel;
	int id;                        /* or EVENT_ANY */
};

struct detection {
	struct judgement judgement;
	struct node when;              /* NODE_ALL */
	const struct origin *origins;
	size_t origin_count;
};

/* One row for each event number of each rule, by number, then severity, then place. */
struct posting {
	const struct origin *origin;
	const struct detection *rule;
	size_t order;
};

#define FIELD_NAMES 96

struct detections {
	struct arena *arena;
	struct detection *rules;
	size_t count;
	struct posting *postings;
	size_t posting_count;
	const char *names[FIELD_NAMES];
	int name_count;
};

#endif
