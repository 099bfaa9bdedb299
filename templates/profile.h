/* What a redacted report hides, and under which names: templates/redaction.xml, or a changed copy of a user's.
 *
 *     const struct profile *p;
 *     if (profile_load(&p, "default", phrases, arena, f) < 0) ...       "ours.xml:7: ..."
 *     profile_keeps(p, "system");                                       true
 */
#ifndef TSUMUGI_PROFILE_H
#define TSUMUGI_PROFILE_H

#include <stdbool.h>
#include <stddef.h>

#include "analyst/base/arena.h"
#include "analyst/base/fault.h"
#include "templates/phrases.h"

enum hidden {
	HIDDEN_HOSTS,            /* machines of ours */
	HIDDEN_ACCOUNTS,
	HIDDEN_ADDRESSES,        /* ours, and all that nobody outside can have */
	HIDDEN_PATHS,
	HIDDEN_MAIL,             /* mail addresses of ours; one that is an account's goes by the account's name */
	HIDDEN_DOMAINS,          /* ours, of DNS and of Windows */
	HIDDEN_ORGANISATIONS,    /* tenants */
	HIDDEN_PEOPLE,           /* owners, and who the notes name */
	HIDDEN_KINDS
};

struct profile_term {
	const char *text, *as;           /* as: "ORG"; "TERM" when the file does not say */
};

struct profile {
	const char *as[HIDDEN_KINDS];    /* "HOST"; NULL: shown */
	const struct profile_term *terms;
	size_t term_count;
	const char *const *keeps;        /* folded */
	size_t keep_count;
	bool keeps_logo;                 /* of a template */
};

/* asked: "default", or a file. A file that does not exist is a fault of usage; one that is wrong names its line. */
int profile_load(const struct profile **out, const char *asked, const struct phrases *p, struct arena *a, struct fault *f);
/* Whether the name is on the list of what is kept. Case does not matter. */
bool profile_keeps(const struct profile *p, const char *name);

#endif
