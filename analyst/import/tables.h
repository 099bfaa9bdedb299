/* A user's table of severities and techniques, as CSV (analyst/model/override.h):
 *
 *     product,rule,native,severity,techniques
 *     wazuh,,10,high,
 *     zeek,Scan::*,,low,T1046
 *     ,ET POLICY *,,informational,none
 *
 * A header names the columns, in any order; `severity` or `techniques` must be there. Lines that begin with "#" and
 * empty ones say nothing. */
#ifndef TSUMUGI_TABLES_H
#define TSUMUGI_TABLES_H

#include "analyst/base/arena.h"
#include "analyst/base/fault.h"
#include "analyst/model/override.h"

struct overrides {
	const struct override *rows;
	size_t count;
};

/* Strings live in the arena. A fault names file and line; then nothing of the table holds. */
int tables_load(struct overrides *out, const char *path, struct arena *arena, struct fault *f);

#endif
