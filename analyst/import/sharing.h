/* Rules and entities that alerts of one parcel share: copied and masked once, and numbered, so that
 * the store, too, looks for each only once (entity.h, alert.h: number). Alerts come in bursts; of a
 * thousand of them four in five entities have been met before.
 *
 * What is kept must stay where it is until sharing_clear. The tables have a fixed size; what finds no
 * place is not shared, which costs time only. */
#ifndef TSUMUGI_SHARING_H
#define TSUMUGI_SHARING_H

#include <stdbool.h>

#include "analyst/model/alert.h"

struct sharing;

struct sharing *sharing_new(void);
void sharing_free(struct sharing *s);            /* accepts NULL */
void sharing_clear(struct sharing *s);

/* Whether an equal one is kept: then *e is the kept one, but for its role; else its number is 0. NULL as shown is the
 * value. */
bool sharing_entity(const struct sharing *s, struct entity *e);
/* Keeps e, which has just not been found, and numbers it. */
void sharing_keep_entity(struct sharing *s, struct entity *e);

/* The same for rules. *number becomes the rule's, or 0. */
bool sharing_rule(const struct sharing *s, struct rule *r, uint32_t *number);
void sharing_keep_rule(struct sharing *s, const struct rule *r, uint32_t *number);

#endif
