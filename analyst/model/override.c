#include "analyst/model/override.h"

#include <ctype.h>
#include <string.h>

/* Back to the last star only: linear in the pattern for each letter, never more. */
bool override_matches(const char *pattern, const char *s)
{
	const char *star = NULL, *from = NULL;

	if (pattern == NULL)
		return true;
	for (s = s != NULL ? s : ""; *s != '\0';) {
		if (*pattern == '*') {
			star = pattern++;
			from = s;
		} else if (tolower((unsigned char)*pattern) == tolower((unsigned char)*s)) {
			pattern++;
			s++;
		} else if (star != NULL) {
			pattern = star + 1;
			s = ++from;
		} else {
			return false;
		}
	}
	return pattern[strspn(pattern, "*")] == '\0';
}

bool override_fits(const struct override *o, const struct rule *r)
{
	return override_matches(o->product, r->product) &&
	       (o->rule == NULL || override_matches(o->rule, r->id) || override_matches(o->rule, r->name));
}
