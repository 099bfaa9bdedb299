/* Rules, entities, casts and indicators by content: their row ids are found in memory,
 * never by a SELECT for each alert. What is new is written at once, inside the open
 * transaction; after a rollback the whole thing is thrown away and read again. */
#ifndef TSUMUGI_NAMES_H
#define TSUMUGI_NAMES_H

#include "analyst/store/sql.h"

/* Brings st->names up to what is in the file. To be called inside a write transaction. */
int names_refresh(struct store *st, struct fault *f);
void names_free(struct names *n);      /* accepts NULL */

/* Row ids, or -1 with a fault. */
int64_t names_rule(struct store *st, const struct rule *r, struct fault *f);
int64_t names_cast(struct store *st, const struct alert *a, struct fault *f);
int64_t names_indicator_count(const struct store *st);
/* *source is the first source that named it. */
int64_t names_indicator(struct store *st, enum indicator_kind kind, const char *value, int64_t here,
                        int64_t *source, struct fault *f);

#endif
