/* Does what is told hold? Every statement is held against the alerts it cites, without the code that made it.
 *
 *     struct findings found = {0};
 *     prove_told(&found, analysis, machine, narratives, arena);
 *     fputs(text_str(&found.lines), stdout);          one line for each statement without support
 *     findings_free(&found);
 *
 * told.c    counts, times, spans, bytes, names of beats and incidents, from their alerts
 * same.c    two analyses of one week, number by number */
#ifndef TSUMUGI_PROOF_H
#define TSUMUGI_PROOF_H

#include "analyst/base/arena.h"
#include "analyst/base/text.h"
#include "analyst/model/incident.h"
#include "analyst/model/narrative.h"

/* Who finds so many looks at something else altogether. */
#define FINDINGS_MOST 1000

struct findings {
	struct text lines;
	size_t count;
	size_t statements;       /* sentences that were checked */
	size_t facts;            /* and the facts in them */
};

/* One finding; control characters in it are spelled out. */
void finding_add(struct findings *out, const char *format, ...) __attribute__((format(printf, 2, 3)));
void findings_free(struct findings *found);

/* machine: by entity, the name its machine goes by (struct analysis). said: whether the words of a sentence have room
 * for the fact. One that is told of the incident without being said is held against the whole incident; NULL: all
 * are said. */
typedef bool (*said_fn)(void *ctx, const struct beat *b, const char *fact);
void prove_told(struct findings *out, const struct analysis *an, const uint32_t *machine,
                const struct narrative *narratives, said_fn said, void *ctx, struct arena *a);

/* What was kept against what is concluded anew from the same week. */
void prove_same(struct findings *out, const struct analysis *kept, const struct narrative *kept_told,
                const struct analysis *anew, const struct narrative *anew_told);

#endif
