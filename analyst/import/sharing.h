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

/* The number of an equal one, but for its role, or 0 when it finds no place. *fresh: it was none, and is now e, for which
 * the copy that stays must be put in its place before other alerts are asked for. NULL as shown is the value. */
uint32_t sharing_entity(struct sharing *s, const struct entity *e, bool *fresh);
void sharing_put_entity(struct sharing *s, uint32_t number, const struct entity *copy);
/* The one of a number as it is kept, with that number. */
const struct entity *sharing_entity_of(const struct sharing *s, uint32_t number);

/* The same for rules. */
uint32_t sharing_rule(struct sharing *s, const struct rule *r, bool *fresh);
void sharing_put_rule(struct sharing *s, uint32_t number, const struct rule *copy);
const struct rule *sharing_rule_of(const struct sharing *s, uint32_t number);

#endif
