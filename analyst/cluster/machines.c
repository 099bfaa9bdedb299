/* Which machine an alert is about. Products name the same machine differently: one
 * by host name, one by address, one by both. An address that goes with one name only
 * is that name; a name that goes with one address only is that address. A name met
 * with several addresses is several machines: sites reuse names, and joining two
 * sites is worse than leaving one machine in two parts. */
#include <stdlib.h>

#include "analyst/base/intern.h"
#include "analyst/base/search.h"
#include "analyst/cluster/stages.h"

static int by_host(const void *x, const void *y)
{
	const struct machine *a = x, *b = y;
	int order = order_u32(&a->tenant, &b->tenant);

	if (order == 0)
		order = order_u32(&a->host, &b->host);
	return order != 0 ? order : order_u32(&a->address, &b->address);
}

static int by_address(const void *x, const void *y)
{
	const struct machine *a = x, *b = y;
	int order = order_u32(&a->tenant, &b->tenant);

	if (order == 0)
		order = order_u32(&a->address, &b->address);
	return order != 0 ? order : order_u32(&a->host, &b->host);
}

typedef int (*order_fn)(const void *, const void *);

static uint32_t sort_unique(struct machine *list, uint32_t n, order_fn order)
{
	uint32_t kept = 0;

	if (n > 0)
		qsort(list, n, sizeof(*list), order);
	for (uint32_t i = 0; i < n; i++)
		if (i == 0 || order(&list[i], &list[kept - 1]) != 0)
			list[kept++] = list[i];
	return kept;
}

static uint32_t lower(const struct machine *list, uint32_t n, const struct machine *key, order_fn order)
{
	return (uint32_t)search_from(key, list, n, sizeof(*list), order);
}

/* As the cast itself says: its host, and the one address that plays the same role. */
static struct machine as_stated(const struct week *w, const struct cast *cast)
{
	struct machine m = {cast->tenant, NO_ENTITY, NO_ENTITY};
	uint32_t addresses = 0;
	enum entity_role role = ROLE_VICTIM;

	if (cast->host == NO_ENTITY)
		return m;
	if (w->entities[cast->host].kind != ENTITY_HOST) {
		m.address = cast->host;
		return m;
	}
	m.host = cast->host;
	for (uint32_t i = 0; i < cast->count; i++)
		if (w->members[cast->first + i].entity == cast->host)
			role = w->members[cast->first + i].role;
	for (uint32_t i = 0; i < cast->count; i++) {
		const struct member *member = &w->members[cast->first + i];

		if (member->role == role && w->entities[member->entity].kind == ENTITY_IP) {
			m.address = member->entity;
			addresses++;
		}
	}
	if (addresses != 1)
		m.address = NO_ENTITY;
	return m;
}

struct pairs {
	struct machine *host_first, *address_first;
	uint32_t count;
};

/* Fills in the missing half where it is unambiguous. */
static struct machine resolved(const struct pairs *p, struct machine m)
{
	if (m.host != NO_ENTITY && m.address == NO_ENTITY) {
		struct machine key = {m.tenant, m.host, 0};
		uint32_t i = lower(p->host_first, p->count, &key, by_host);
		const struct machine *row = &p->host_first[i];

		if (i < p->count && row->tenant == m.tenant && row->host == m.host &&
		    (i + 1 == p->count || row[1].tenant != m.tenant || row[1].host != m.host))
			m.address = row->address;
	} else if (m.host == NO_ENTITY && m.address != NO_ENTITY) {
		struct machine key = {m.tenant, 0, m.address};
		uint32_t i = lower(p->address_first, p->count, &key, by_address);
		const struct machine *row = &p->address_first[i];

		if (i < p->count && row->tenant == m.tenant && row->address == m.address &&
		    (i + 1 == p->count || row[1].tenant != m.tenant || row[1].address != m.address))
			m.host = row->host;
	}
	return m;
}

/* Machines as casts state them, each once: there are a thousand times as many casts. */
struct statements {
	struct intern *seen;
	struct machine *list;
	uint32_t count, room;
};

static uint32_t state(struct statements *s, struct machine m)
{
	bool fresh;
	uint32_t number = intern_put(s->seen, &m, sizeof(m), &fresh);

	if (!fresh)
		return number;
	if (s->count == s->room)
		s->list = must_grow(s->list, s->room = s->room > 0 ? 2 * s->room : 256, sizeof(*s->list));
	s->list[s->count++] = m;
	return number;
}

static void pair_up(struct pairs *p, const struct statements *s, struct arena *a)
{
	uint32_t whole = 0;

	p->host_first = ARENA_ARRAY(a, struct machine, s->count + 1);
	for (uint32_t i = 0; i < s->count; i++)
		if (s->list[i].host != NO_ENTITY && s->list[i].address != NO_ENTITY)
			p->host_first[whole++] = s->list[i];
	p->count = sort_unique(p->host_first, whole, by_host);
	p->address_first = arena_copy(a, p->host_first, p->count, sizeof(*p->host_first));
	p->count = sort_unique(p->address_first, p->count, by_address);
}

void find_machines(struct clustering *c)
{
	const struct week *w = c->week;
	uint32_t *of = ARENA_ARRAY(c->scratch, uint32_t, w->cast_count + 1), *number, count;
	struct statements s = {.seen = intern_new()};
	struct machine *list, *turned;
	struct pairs p;

	for (uint32_t i = 0; i < w->cast_count; i++)
		of[i] = state(&s, as_stated(w, &w->casts[i]));
	pair_up(&p, &s, c->stage);
	for (uint32_t i = 0; i < s.count; i++)
		s.list[i] = resolved(&p, s.list[i]);
	list = arena_copy(c->stage, s.list, s.count, sizeof(*list));
	count = sort_unique(list, s.count, by_host);
	number = ARENA_ARRAY(c->stage, uint32_t, s.count + 1);
	for (uint32_t i = 0; i < s.count; i++)
		number[i] = lower(list, count, &s.list[i], by_host);
	for (uint32_t i = 0; i < w->cast_count; i++)
		of[i] = w->casts[i].host == NO_ENTITY ? NO_MACHINE : number[of[i]];
	intern_free(s.seen);
	free(s.list);
	c->machines = arena_copy(c->scratch, list, count, sizeof(*list));
	c->machine_count = count;
	c->cast_machine = of;

	/* by address, for machine_of */
	turned = arena_copy(c->scratch, list, count, sizeof(*list));
	c->machines_by_address = turned;
	sort_unique(turned, count, by_address);
}

/* The row of machines that is m, or NO_MACHINE. */
static uint32_t place_of(const struct clustering *c, struct machine m)
{
	uint32_t i = lower(c->machines, c->machine_count, &m, by_host);

	return i < c->machine_count && by_host(&c->machines[i], &m) == 0 ? i : NO_MACHINE;
}

static uint32_t machine_by_name(const struct clustering *c, uint32_t tenant, uint32_t host)
{
	struct machine key = {tenant, host, 0};
	uint32_t i = lower(c->machines, c->machine_count, &key, by_host);
	const struct machine *row = &c->machines[i];

	if (i == c->machine_count || row->tenant != tenant || row->host != host)
		return NO_MACHINE;
	return i + 1 < c->machine_count && row[1].tenant == tenant && row[1].host == host ? NO_MACHINE : i;
}

/* Of an address that several names go by nobody can say which of them it was: it is itself. */
static uint32_t machine_by_address(const struct clustering *c, uint32_t tenant, uint32_t address)
{
	struct machine key = {tenant, 0, address};
	uint32_t i = lower(c->machines_by_address, c->machine_count, &key, by_address);
	const struct machine *row = &c->machines_by_address[i];

	if (i == c->machine_count || row->tenant != tenant || row->address != address)
		return NO_MACHINE;
	if (i + 1 < c->machine_count && row[1].tenant == tenant && row[1].address == address)
		return place_of(c, (struct machine){tenant, NO_ENTITY, address});
	return place_of(c, *row);
}

uint32_t machine_of(const struct clustering *c, uint32_t tenant, uint32_t entity)
{
	return c->week->entities[entity].kind == ENTITY_HOST ? machine_by_name(c, tenant, entity)
	                                                     : machine_by_address(c, tenant, entity);
}

const uint32_t *machine_names(const struct clustering *c)
{
	uint32_t *name = ARENA_ARRAY(c->out, uint32_t, c->week->entity_count + 1);

	for (uint32_t i = 0; i < c->week->entity_count; i++)
		name[i] = i;
	for (uint32_t i = 0; i < c->machine_count; i++) {
		const struct machine *m = &c->machines[i];
		uint32_t *of = m->address != NO_ENTITY ? &name[m->address] : NULL;

		/* An address that two names go by, with tenants apart, stays itself. */
		if (of != NULL && m->host != NO_ENTITY)
			*of = *of == m->address ? m->host : *of == m->host ? m->host : m->address;
	}
	return name;
}
