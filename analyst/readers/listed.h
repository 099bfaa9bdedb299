/* One row of a list of indicators, as CSV, JSON and pulses have it, handed on: composites ("filename|sha256") taken apart,
 * several hashes in one cell, words that stand for nothing ("None", "n/a") left out. */
#ifndef TSUMUGI_LISTED_H
#define TSUMUGI_LISTED_H

#include "analyst/readers/reader.h"

#define LISTED_SAID 8

struct listed {
	const char *value;
	const char *kind;                /* as the list calls it, or NULL */
	enum indicator_kind known;       /* its kind where the column says it; INDICATOR_TEXT */
	const char *why;                 /* why it can only be context, or NULL */
	const char *list, *tlp, *confidence, *techniques;
	const char *first, *last, *until;        /* as written */
	const char *detect;              /* "0", "false": not for detection */
	const char *said[LISTED_SAID];   /* malware, actor, comment ...: the context, in this order */
	size_t said_count;
	const char *producer, *statement;        /* see struct indicator */
	instant stated;                  /* or INSTANT_NONE */
	bool withdrawn;
};

void listed_begin(struct listed *row);
/* NULL and what stands for nothing add nothing; so do words that were said. */
void listed_say(struct listed *row, const char *s);
int listed_give(struct reading *rg, const struct listed *row, const struct record *rec, struct fault *f);

/* False for NULL, "", "-", "None", "n/a" and the like. */
bool listed_says(const char *s);

#endif
