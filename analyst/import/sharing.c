#include "analyst/import/sharing.h"

#include <stdlib.h>
#include <string.h>

#include "analyst/base/arena.h"
#include "analyst/base/intern.h"

/* Powers of two; about twice of what a parcel of network alerts holds. */
#define ENTITIES_MOST 4096
#define RULES_MOST 512
/* Chosen collisions must not make a look-up long. */
#define PROBES 16

/* The upper half is of the hash, the lower a number; 0 is free. */
typedef uint64_t slot;

struct sharing {
	slot entity_slots[2 * ENTITIES_MOST], rule_slots[2 * RULES_MOST];
	struct entity entities[ENTITIES_MOST];
	struct rule rules[RULES_MOST];
	uint32_t entity_count, rule_count;
};

struct sharing *sharing_new(void)
{
	return must_alloc(sizeof(struct sharing));
}

void sharing_free(struct sharing *s)
{
	free(s);
}

void sharing_clear(struct sharing *s)
{
	if (s->entity_count > 0)
		memset(s->entity_slots, 0, sizeof(s->entity_slots));
	if (s->rule_count > 0)
		memset(s->rule_slots, 0, sizeof(s->rule_slots));
	s->entity_count = s->rule_count = 0;
}

/* What a look-up goes through: the places of a hash one after the other. */
struct search {
	slot *slots;
	size_t mask, at;         /* of places: their count less one, a power of two */
	uint64_t hash;
	slot *free;              /* where it ended, or NULL */
};

/* The next number that may be the one, or 0. */
static inline uint32_t next_of(struct search *look)
{
	while (look->at < PROBES) {
		slot *here = &look->slots[(look->hash + look->at++) & look->mask];

		if (*here == 0) {
			look->free = here;
			look->at = PROBES;
		} else if (*here >> 32 == look->hash >> 32) {
			return (uint32_t)*here;
		}
	}
	return 0;
}

/* The number of what was not found, or 0 when there is no place for it. */
static uint32_t take_number(const struct search *look, uint32_t *count, uint32_t most)
{
	if (look->free == NULL || *count == most)
		return 0;
	*look->free = look->hash >> 32 << 32 | ++*count;
	return *count;
}

/* ---- entities ---- */

static uint64_t hash_entity(const struct entity *e)
{
	return intern_hash(e->value, e->length) + (uint64_t)e->kind * UINT64_C(0x9e3779b97f4a7c15);
}

static bool is_shown_as_is(const struct entity *e)
{
	return e->shown == NULL || e->shown == e->value;
}

static bool same_entity(const struct entity *a, const struct entity *b)
{
	if (a->kind != b->kind || a->length != b->length || memcmp(a->value, b->value, a->length) != 0)
		return false;
	return is_shown_as_is(a) ? is_shown_as_is(b) : !is_shown_as_is(b) && strcmp(a->shown, b->shown) == 0;
}

uint32_t sharing_entity(struct sharing *s, const struct entity *e, bool *fresh)
{
	struct search look = { s->entity_slots, 2 * ENTITIES_MOST - 1, 0, hash_entity(e), NULL };
	uint32_t number;

	*fresh = false;
	while ((number = next_of(&look)) > 0)
		if (same_entity(&s->entities[number - 1], e))
			return number;
	number = take_number(&look, &s->entity_count, ENTITIES_MOST);
	if (number > 0) {
		s->entities[number - 1] = *e;
		*fresh = true;
	}
	return number;
}

void sharing_put_entity(struct sharing *s, uint32_t number, const struct entity *copy)
{
	s->entities[number - 1] = *copy;
	s->entities[number - 1].number = number;
}

const struct entity *sharing_entity_of(const struct sharing *s, uint32_t number)
{
	return &s->entities[number - 1];
}

/* ---- rules ---- */

static uint64_t hash_rule(const struct rule *r)
{
	const char *s = r->id != NULL ? r->id : r->name;

	return intern_hash(s, strlen(s));
}

static bool same_text(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static bool same_rule(const struct rule *a, const struct rule *b)
{
	return same_text(a->id, b->id) && same_text(a->name, b->name) && same_text(a->category, b->category) &&
	       same_text(a->product, b->product) && same_text(a->techniques, b->techniques) && same_text(a->tactics, b->tactics);
}

uint32_t sharing_rule(struct sharing *s, const struct rule *r, bool *fresh)
{
	struct search look = { s->rule_slots, 2 * RULES_MOST - 1, 0, hash_rule(r), NULL };
	uint32_t number;

	*fresh = false;
	while ((number = next_of(&look)) > 0)
		if (same_rule(&s->rules[number - 1], r))
			return number;
	number = take_number(&look, &s->rule_count, RULES_MOST);
	if (number > 0) {
		s->rules[number - 1] = *r;
		*fresh = true;
	}
	return number;
}

void sharing_put_rule(struct sharing *s, uint32_t number, const struct rule *copy)
{
	s->rules[number - 1] = *copy;
}

const struct rule *sharing_rule_of(const struct sharing *s, uint32_t number)
{
	return &s->rules[number - 1];
}
