/* The part of STIX patterning that names single values (FORMATS 3.1): observations in
 * brackets joined by OR, AND, FOLLOWEDBY; inside, "=" and IN joined by OR, or one
 * comparison; ISSUBSET for networks. Anything else is kept as text, never matched; where it is one alternative of several,
 * the others are values all the same. */
#ifndef TSUMUGI_STIX_PATTERN_H
#define TSUMUGI_STIX_PATTERN_H

#include "analyst/base/arena.h"
#include "analyst/model/indicator.h"

#define PATTERN_VALUES 512

struct pattern_value {
	enum indicator_kind kind;    /* what its object path says; INDICATOR_TEXT: a part that is no single value */
	const char *value;
};

struct pattern {
	struct pattern_value values[PATTERN_VALUES];
	size_t count;
	bool qualified;              /* a WITHIN, REPEATS or START was passed over */
	bool joined;                 /* AND or FOLLOWEDBY: one value alone is not the whole of it */
};

/* NULL, or why the pattern cannot be taken apart into values. */
const char *pattern_read(struct pattern *out, const char *s, struct arena *arena);

/* The kind an object path speaks of, INDICATOR_TEXT for none we match. */
enum indicator_kind pattern_path_kind(const char *path);

#endif
