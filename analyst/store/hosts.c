/* Whom an alert is about, and what is ours. That two names mean one machine is for
 * cluster/machines.c to find out: it needs the whole week and the tenants. */
#include <stdlib.h>

#include "analyst/store/loading.h"

/* What counts as internal without looking at roles. Accounts are named by products that
 * watch our directory, a list of assets names what is ours; a file, a domain or a certificate may be anybody's. */
static bool internal_by_kind(const struct week_entity *e)
{
	switch (e->kind) {
	case ENTITY_HOST:
	case ENTITY_USER:
	case ENTITY_MAC:
		return true;
	case ENTITY_IP:
		return ip_is_internal(e->value);
	default:
		return false;
	}
}

/* What is asked of each entity millions of times, in a byte: a whole one lies too far from the next. */
enum { ADDRESS = 1, NAMED = 2, OURS = 4, ACCOUNT = 8, TRAITS = 16 };

/* An address is a machine of ours when it is named in the part of a host, or is what a
 * product says it watches. */
static bool stands_for_host(const uint8_t *traits, const struct member *m, uint32_t n, const struct member *address)
{
	if (address->role == ROLE_OBSERVED)
		return false;
	if (address->role == ROLE_VICTIM)
		return true;
	for (uint32_t i = 0; i < n; i++)
		if (m[i].role == address->role && (traits[m[i].entity] & NAMED) != 0)
			return true;
	return false;
}

/* In which order the members of a cast are asked whether the alert is about them. */
struct choice {
	enum entity_kind kind;
	enum entity_role role;
	bool internal;             /* only one of ours */
};

static const struct choice choices[] = {
	{ ENTITY_HOST, ROLE_VICTIM, true },
	{ ENTITY_IP, ROLE_VICTIM, true },
	{ ENTITY_HOST, ROLE_SOURCE, true },
	{ ENTITY_IP, ROLE_SOURCE, true },
	{ ENTITY_HOST, ROLE_DESTINATION, true },
	{ ENTITY_IP, ROLE_DESTINATION, true },
	{ ENTITY_HOST, ROLE_TARGET, true },
	{ ENTITY_IP, ROLE_TARGET, true },
	{ ENTITY_HOST, ROLE_OBSERVED, true },
	{ ENTITY_IP, ROLE_OBSERVED, true },
	{ ENTITY_IP, ROLE_DESTINATION, false },
	{ ENTITY_IP, ROLE_SOURCE, false },
};

/* For each role and traits the first of the choices that fits; CHOICES where none does. */
#define CHOICES (sizeof(choices) / sizeof(choices[0]))

struct choosing {
	uint8_t first[ROLES][TRAITS];
};

static void list_choices(struct choosing *ch)
{
	for (int role = 0; role < ROLES; role++)
		for (int traits = 0; traits < TRAITS; traits++) {
			size_t c = 0;

			while (c < CHOICES && ((int)choices[c].role != role || (traits & (choices[c].kind == ENTITY_IP ? ADDRESS : NAMED)) == 0 ||
			                       (choices[c].internal && (traits & OURS) == 0)))
				c++;
			ch->first[role][traits] = (uint8_t)c;
		}
}

/* An alert that names an account is about that rather than about the outsider who used it. */
static uint32_t choose(const struct choosing *ch, const uint8_t *traits, const struct member *m, uint32_t n)
{
	uint32_t chosen = NO_ENTITY;
	uint8_t best = CHOICES;
	bool account = false;

	for (uint32_t i = 0; i < n; i++) {
		uint8_t c = ch->first[m[i].role][traits[m[i].entity]];

		if (c < best) {
			best = c;
			chosen = m[i].entity;
		}
		account |= (traits[m[i].entity] & ACCOUNT) != 0 && (m[i].role == ROLE_ACTOR || m[i].role == ROLE_TARGET);
	}
	return account && chosen != NO_ENTITY && (traits[chosen] & OURS) == 0 ? NO_ENTITY : chosen;
}

static uint8_t traits_of(const struct week_entity *e)
{
	uint8_t traits = e->kind == ENTITY_IP ? ADDRESS : e->kind == ENTITY_HOST ? NAMED : e->kind == ENTITY_USER ? ACCOUNT : 0;

	return internal_by_kind(e) || (e->kind == ENTITY_IP && e->asset != NULL) ? traits | OURS : traits;
}

void find_hosts(struct week_entity *entities, uint32_t entity_count, const struct member *members,
                struct cast *casts, uint32_t cast_count)
{
	uint8_t *traits = must_alloc(entity_count);
	struct choosing ch;

	list_choices(&ch);
	for (uint32_t i = 0; i < entity_count; i++)
		traits[i] = traits_of(&entities[i]);
	for (uint32_t c = 0; c < cast_count; c++) {
		const struct member *m = members + casts[c].first;

		for (uint32_t i = 0; i < casts[c].count; i++)
			if ((traits[m[i].entity] & ADDRESS) != 0 && stands_for_host(traits, m, casts[c].count, &m[i]))
				traits[m[i].entity] |= OURS;
	}
	for (uint32_t c = 0; c < cast_count; c++)
		casts[c].host = choose(&ch, traits, members + casts[c].first, casts[c].count);
	for (uint32_t i = 0; i < entity_count; i++)
		entities[i].internal = (traits[i] & OURS) != 0;
	free(traits);
}
