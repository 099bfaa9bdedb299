/* What a user says better than we: which severity, or which techniques, a product's rule has at his place. Rows are
 * asked in their order; the first that fits and states the thing asked for decides. */
#ifndef TSUMUGI_OVERRIDE_H
#define TSUMUGI_OVERRIDE_H

#include <stddef.h>

#include "analyst/model/alert.h"

#define SEVERITY_KEPT (-1)

struct override {
	const char *product;       /* its key, "wazuh"; NULL: any. These three without regard to case; "*" stands for any letters */
	const char *rule;          /* its id or its name; NULL: any */
	const char *native;        /* the product's own word or number for the severity; NULL: any */
	int severity;              /* enum severity, or SEVERITY_KEPT */
	const char *techniques;    /* "T1059.001 T1190"; "" takes the product's away; NULL: kept */
};

/* Whether the row speaks of the rule, whatever its native severity. */
bool override_fits(const struct override *o, const struct rule *r);
/* Whether one of its patterns fits; NULL fits all, and nothing but NULL and "*" fits no text. */
bool override_matches(const char *pattern, const char *s);

#endif
