/* Which sentences an incident calls for beside its story: title, meaning, the innocent
 * reading, what is not known, what to do. The rows are data (templates/knowledge/sayings.xml):
 *
 *     <saying key="meaning.channels" part="meaning" when="download c2 $sites"/>
 *
 * `when` lists what must hold: a behaviour or family that occurs, !one that does not, $a fact that
 * is known, !$one that is not. Of the titles the first that fits is taken, of `one` groups likewise. */
#ifndef TSUMUGI_SAYINGS_H
#define TSUMUGI_SAYINGS_H

#include <stdbool.h>
#include <stddef.h>

#include "analyst/base/arena.h"
#include "analyst/base/fault.h"
#include "analyst/model/narrative.h"

struct saying {
	const char *key;
	enum part part;
	const char *when;
	const char *group;           /* only the first of a group is said; NULL: always */
	enum certainty certainty;
};

struct sayings {
	const struct saying *rows;
	size_t count;
};

int sayings_load(struct sayings *out, const char *folder, struct arena *a, struct fault *f);

/* Whether all conditions of `when` hold; occurs and known are asked for names. */
bool saying_fits(const struct saying *s, bool (*occurs)(void *ctx, const char *name),
                 bool (*known)(void *ctx, const char *fact), void *ctx);

/* Whether `when` asks for this behaviour or family to occur. */
bool saying_names(const struct saying *s, const char *name);

#endif
