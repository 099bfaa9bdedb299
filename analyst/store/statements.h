/* Which of the claims of one indicator still hold. A claim is over
 *
 *     1. when its statement (a STIX object, an attribute of MISP) has a newer version of the same producer, in whatever
 *        file: else any feed could end what another states; or
 *     2. when its producer withdrew the indicator later in another file, which does not hold it otherwise.
 *
 * Of claims of one producer that hold, the file that states it last says how long. Later is what is stated to be later: the
 * order of import shows nowhere, and claims that do not say when or by whom they were stated stand as they are. */
#ifndef TSUMUGI_STATEMENTS_H
#define TSUMUGI_STATEMENTS_H

#include "analyst/store/loading.h"

struct claim {
	struct indicator said;
	int64_t source;
	bool numbered;               /* it has a statement */
	int64_t statement;
	bool over;
	instant ended;               /* when what ended it was stated; INSTANT_NONE before */
};

/* The statements of which there are several versions, in order. */
struct version {
	int64_t statement;
	instant newest;
};

int load_versions(struct version **out, size_t *count, struct store *st, struct arena *arena, struct fault *f);
/* Puts those of a producer and a file beside each other, too. */
void settle_claims(struct claim *claims, size_t n, const struct version *versions, size_t version_count);

#endif
