#include "analyst/import/sharing.h"

#include <stdlib.h>
#include <string.h>

#include "analyst/base/arena.h"
#include "analyst/base/intern.h"

/* About twice of what a parcel of network alerts holds. */
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

/* The next number under the hash from place *at on, or 0. */
static uint32_t next_of(const slot *slots, size_t room, uint64_t hash, size_t *at)
{
	for (; *at < PROBES; ++*at) {
		slot here = slots[(hash + *at) % room];

		if (here == 0)
			break;
		if (here >> 32 == hash >> 32) {
			++*at;
			return (uint32_t)here;
		}
	}
	return 0;
}

static bool put(slot *slots, size_t room, uint64_t hash, uint32_t number)
{
	for (size_t at = 0; at < PROBES; at++)
		if (slots[(hash + at) % room] == 0) {
			slots[(hash + at) % room] = hash >> 32 << 32 | number;
			return true;
		}
	return false;
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

bool sharing_entity(const struct sharing *s, struct entity *e)
{
	const size_t room = sizeof(s->entity_slots) / sizeof(s->entity_slots[0]);
	uint64_t hash = hash_entity(e);
	size_t at = 0;

	for (uint32_t number; (number = next_of(s->entity_slots, room, hash, &at)) > 0;)
		if (same_entity(&s->entities[number - 1], e)) {
			enum entity_role role = e->role;

			*e = s->entities[number - 1];
			e->role = role;
			return true;
		}
	e->number = 0;
	return false;
}

void sharing_keep_entity(struct sharing *s, struct entity *e)
{
	const size_t room = sizeof(s->entity_slots) / sizeof(s->entity_slots[0]);

	if (s->entity_count == ENTITIES_MOST || !put(s->entity_slots, room, hash_entity(e), s->entity_count + 1))
		return;
	e->number = s->entity_count + 1;
	s->entities[s->entity_count++] = *e;
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

bool sharing_rule(const struct sharing *s, struct rule *r, uint32_t *number)
{
	const size_t room = sizeof(s->rule_slots) / sizeof(s->rule_slots[0]);
	uint64_t hash = hash_rule(r);
	size_t at = 0;

	while ((*number = next_of(s->rule_slots, room, hash, &at)) > 0)
		if (same_rule(&s->rules[*number - 1], r)) {
			*r = s->rules[*number - 1];
			return true;
		}
	return false;
}

void sharing_keep_rule(struct sharing *s, const struct rule *r, uint32_t *number)
{
	const size_t room = sizeof(s->rule_slots) / sizeof(s->rule_slots[0]);

	if (s->rule_count == RULES_MOST || !put(s->rule_slots, room, hash_rule(r), s->rule_count + 1))
		return;
	s->rules[s->rule_count++] = *r;
	*number = s->rule_count;
}
