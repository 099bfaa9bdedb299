/* Whom an alert is about, and what is ours. That two names mean one machine is for
 * cluster/machines.c to find out: it needs the whole week and the tenants. */
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

/* An address is a machine of ours when it is named in the part of a host, or is what a
 * product says it watches. */
static bool stands_for_host(const struct week_entity *entities, const struct member *m, uint32_t n,
                            const struct member *address)
{
	if (address->role == ROLE_OBSERVED)
		return false;
	if (address->role == ROLE_VICTIM)
		return true;
	for (uint32_t i = 0; i < n; i++)
		if (m[i].role == address->role && entities[m[i].entity].kind == ENTITY_HOST)
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

static uint32_t choose(const struct week_entity *entities, const struct member *m, uint32_t n)
{
	for (size_t c = 0; c < sizeof(choices) / sizeof(choices[0]); c++)
		for (uint32_t i = 0; i < n; i++) {
			const struct week_entity *e = &entities[m[i].entity];

			if (m[i].role == choices[c].role && e->kind == choices[c].kind &&
			    (e->internal || !choices[c].internal))
				return m[i].entity;
		}
	return NO_ENTITY;
}

void find_hosts(struct week_entity *entities, uint32_t entity_count, const struct member *members,
                struct cast *casts, uint32_t cast_count)
{
	for (uint32_t i = 0; i < entity_count; i++)
		entities[i].internal = internal_by_kind(&entities[i]) ||
		                       (entities[i].kind == ENTITY_IP && entities[i].asset != NULL);
	for (uint32_t c = 0; c < cast_count; c++) {
		const struct member *m = members + casts[c].first;

		for (uint32_t i = 0; i < casts[c].count; i++)
			if (entities[m[i].entity].kind == ENTITY_IP &&
			    stands_for_host(entities, m, casts[c].count, &m[i]))
				entities[m[i].entity].internal = true;
	}
	for (uint32_t c = 0; c < cast_count; c++)
		casts[c].host = choose(entities, members + casts[c].first, casts[c].count);
}
