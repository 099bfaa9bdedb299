/* What products say, by content: rules, and verdicts, which hold what many alerts of a rule say alike. A part of names.h, which
 * tells how long ids are good. */
#ifndef TSUMUGI_VERDICTS_H
#define TSUMUGI_VERDICTS_H

#include "analyst/store/sql.h"

struct verdicts;

struct verdicts *verdicts_new(void);
void verdicts_free(struct verdicts *v);      /* accepts NULL */
/* Brings it up to what is in the file. */
int verdicts_refresh(struct verdicts *v, struct store *st, struct fault *f);
/* The row id of what the alert says, or -1 with a fault. Its strings must live until verdicts_flush and, where its rule has a
 * number, until verdicts_forget_numbers. */
int64_t verdicts_find(struct verdicts *v, struct store *st, const struct alert *a, struct fault *f);
void verdicts_forget_numbers(struct verdicts *v);
/* Writes the rows of new verdicts; those of rules are written at once. */
int verdicts_flush(struct verdicts *v, struct store *st, struct fault *f);

#endif
