/* Rules, verdicts, entities, casts and indicators by content: their row ids are found in memory,
 * never by a SELECT for each alert. What is new is written inside the open transaction, by
 * names_flush at the latest; after a rollback the whole thing is thrown away and read again.
 * Memory is bounded: of all but indicators the ones met lately are known (known.h, met.h). */
#ifndef TSUMUGI_NAMES_H
#define TSUMUGI_NAMES_H

#include "analyst/store/sql.h"

/* Brings st->names up to what is in the file. To be called inside a write transaction. */
int names_refresh(struct store *st, struct fault *f);
void names_free(struct names *n);      /* accepts NULL */

/* The row id of what is said in the alert (verdicts.h), or -1 with a fault. */
int64_t names_verdict(struct store *st, const struct alert *a, struct fault *f);
/* The casts of up to NAMES_GROUP alerts, which must live until names_flush: tables that do not
 * fit into the cache are looked into for many at once. */
#define NAMES_GROUP 32
int names_casts(int64_t casts[], struct store *st, const struct alert *const alerts[], size_t count, struct fault *f);
/* What alerts call by a number (entity.h) is looked for once, until the numbers are forgotten. */
void names_forget_numbers(struct store *st);
/* Writes the rows of new verdicts, entities and casts. */
int names_flush(struct store *st, struct fault *f);
int64_t names_indicator_count(const struct store *st);
/* *source is the first source that named it, 0 when none does any more; then it can be adopted. */
int64_t names_indicator(struct store *st, enum indicator_kind kind, const char *value, int64_t here,
                        int64_t *source, struct fault *f);
int names_adopt(struct store *st, int64_t indicator, int64_t source, struct fault *f);

#endif
