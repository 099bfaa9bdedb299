/* Who cannot be one machine, and who cannot be one site. Sites are cast in one mould:
 * each has a MAIL, a VPN, a FILE01. When the alerts of two of them lie in one case and
 * no tenant tells them apart, a name met at two addresses at once is two machines, and
 * an incident that held both would mix two sites. A name that left one address before
 * it came to another has merely moved. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyst/cluster/stages.h"

/* One name at two addresses may be a server with two cards, or a notebook on the cable
 * and in the air. Three such names that are a quarter of all are two sites. */
#define TWINS_LEAST 3
#define TWINS_SHARE 4
#define NO_SITE UINT32_MAX

/* ---- one name, two machines ---- */

static struct span *measure_spans(const struct clustering *c)
{
	struct span *s = ARENA_ARRAY(c->scratch, struct span, c->machine_count + 1);

	for (uint32_t i = 0; i < c->machine_count; i++)
		s[i] = (struct span){INT64_MAX, INT64_MIN};
	for (uint32_t i = 0; i < c->episode_count; i++) {
		const struct episode *e = &c->episodes[i];
		uint32_t m = c->traits[i].machine;

		if (m == NO_MACHINE)
			continue;
		s[m].first = e->first < s[m].first ? e->first : s[m].first;
		s[m].last = e->last > s[m].last ? e->last : s[m].last;
	}
	return s;
}

/* A name may well have an address of the new kind beside one of the old. */
static bool old_style(const struct clustering *c, uint32_t address)
{
	return strchr(c->week->entities[address].value, ':') == NULL;
}

bool are_twins(const struct clustering *c, uint32_t x, uint32_t y)
{
	const struct machine *a, *b;

	if (x == y || x == NO_MACHINE || y == NO_MACHINE || !c->twinned[x] || !c->twinned[y])
		return false;
	a = &c->machines[x];
	b = &c->machines[y];
	return a->tenant == b->tenant && a->host == b->host &&
	       old_style(c, a->address) == old_style(c, b->address) &&
	       c->spans[x].first <= c->spans[y].last && c->spans[y].first <= c->spans[x].last;
}

struct census {
	uint32_t names, twins;
};

struct sojourn {
	struct span span;
	uint32_t machine;
};

static int by_beginning(const void *x, const void *y)
{
	const struct sojourn *a = x, *b = y;

	if (a->span.first != b->span.first)
		return a->span.first < b->span.first ? -1 : 1;
	return (a->machine > b->machine) - (a->machine < b->machine);
}

/* Were two of the machines [from..to), all of one name, there at the same time? */
static bool any_twins(const struct clustering *c, struct sojourn *s, uint32_t from, uint32_t to)
{
	for (uint32_t i = from; i < to; i++)
		s[i - from] = (struct sojourn){c->spans[i], i};
	qsort(s, to - from, sizeof(*s), by_beginning);
	for (uint32_t i = 1; i < to - from; i++)
		if (are_twins(c, s[i - 1].machine, s[i].machine))
			return true;
	return false;
}

/* Machines are numbered by (tenant, host, address), so those of one name are neighbours. */
static struct census *find_twins(struct clustering *c)
{
	struct census *by_tenant = ARENA_ARRAY(c->stage, struct census, c->week->tenant_count + 1);
	struct sojourn *room = ARENA_ARRAY(c->stage, struct sojourn, c->machine_count + 1);
	bool *twinned = ARENA_ARRAY(c->scratch, bool, c->machine_count + 1);
	bool *reused = ARENA_ARRAY(c->scratch, bool, c->week->entity_count + 1);

	c->twinned = twinned;
	c->reused = reused;
	for (uint32_t from = 0, to; from < c->machine_count; from = to) {
		const struct machine *m = &c->machines[from];

		for (to = from; to < c->machine_count && c->machines[to].tenant == m->tenant &&
		     c->machines[to].host == m->host; to++)
			twinned[to] = m->host != NO_ENTITY && c->machines[to].address != NO_ENTITY;
		if (m->host == NO_ENTITY || m->address == NO_ENTITY)
			continue;
		by_tenant[m->tenant].names++;
		if (to - from > 1 && any_twins(c, room, from, twinned[to - 1] ? to : to - 1)) {
			by_tenant[m->tenant].twins++;
			reused[m->host] = true;
		} else if (to - from == 1) {
			twinned[from] = false;
		}
	}
	return by_tenant;
}

/* ---- networks that make a site ---- */

struct address {
	uint64_t network;
	uint32_t entity;
};

static int by_network(const void *x, const void *y)
{
	const struct address *a = x, *b = y;

	if (a->network != b->network)
		return a->network < b->network ? -1 : 1;
	return (a->entity > b->entity) - (a->entity < b->entity);
}

/* The network a site usually has for its own: 16 bits of 10/8 and 172.16/12, 24 bits of
 * 192.168/16, and the 48 bits that RFC 6177 gives to an end site. */
static uint64_t network_of(const char *address)
{
	unsigned a, b, d;
	uint64_t key = 0;
	int colons = 0;

	if (sscanf(address, "%u.%u.%u.", &a, &b, &d) == 3)
		return (uint64_t)a << 16 | (uint64_t)b << 8 | (a == 192 && b == 168 ? d : 0);
	for (const char *p = address; *p != '\0' && (colons += *p == ':') < 3; p++)
		key = key * UINT64_C(0x100000001b3) ^ (unsigned char)*p;
	return key | UINT64_C(1) << 63;
}

static uint32_t root(uint32_t *parent, uint32_t i)
{
	while (parent[i] != i)
		i = parent[i] = parent[parent[i]];
	return i;
}

static void unite(uint32_t *parent, uint32_t a, uint32_t b)
{
	a = root(parent, a);
	b = root(parent, b);
	parent[a > b ? a : b] = a < b ? a : b;
}

static bool inside(const struct week_entity *e)
{
	return e->kind == ENTITY_IP && e->internal;
}

/* Addresses of one network are one site, and so are two networks seen talking. */
static uint32_t *join_networks(const struct clustering *c)
{
	const struct week *w = c->week;
	uint32_t *parent = ARENA_ARRAY(c->stage, uint32_t, w->entity_count + 1), n = 0;
	struct address *p = ARENA_ARRAY(c->stage, struct address, w->entity_count + 1);

	for (uint32_t i = 0; i < w->entity_count; i++) {
		parent[i] = i;
		if (inside(&w->entities[i]))
			p[n++] = (struct address){network_of(w->entities[i].value), i};
	}
	if (n > 0)
		qsort(p, n, sizeof(*p), by_network);
	for (uint32_t i = 1; i < n; i++)
		if (p[i].network == p[i - 1].network)
			unite(parent, p[i].entity, p[i - 1].entity);
	for (uint32_t i = 0; i < w->cast_count; i++) {
		uint32_t one = NO_ENTITY;

		for (uint32_t m = 0; m < w->casts[i].count; m++) {
			uint32_t entity = w->members[w->casts[i].first + m].entity;

			if (!inside(&w->entities[entity]))
				continue;
			if (one != NO_ENTITY)
				unite(parent, one, entity);
			one = entity;
		}
	}
	return parent;
}

/* When the records of each machine's site begin: the history that others brought into the
 * case says nothing about it. */
static instant *find_beginnings(const struct clustering *c)
{
	instant *first = ARENA_ARRAY(c->scratch, instant, c->machine_count + 1);
	instant *by_site = ARENA_ARRAY(c->stage, instant, c->week->entity_count + 2);

	for (uint32_t i = 0; i < c->week->entity_count + 2; i++)
		by_site[i] = INT64_MAX;
	by_site[0] = c->week->first;
	for (uint32_t i = 0; i < c->machine_count; i++)
		if (c->site[i] != NO_SITE && c->spans[i].first < by_site[c->site[i]])
			by_site[c->site[i]] = c->spans[i].first;
	for (uint32_t i = 0; i < c->machine_count; i++)
		first[i] = c->site[i] != NO_SITE ? by_site[c->site[i]] : c->spans[i].first;
	return first;
}

void find_sites(struct clustering *c)
{
	struct census *by_tenant;
	uint32_t *parent = NULL, *site = ARENA_ARRAY(c->scratch, uint32_t, c->machine_count + 1);

	c->spans = measure_spans(c);
	by_tenant = find_twins(c);
	for (uint32_t i = 0; i < c->machine_count; i++) {
		const struct machine *m = &c->machines[i];
		const struct census *s = &by_tenant[m->tenant];

		site[i] = 0;
		if (s->twins < TWINS_LEAST || s->twins * TWINS_SHARE < s->names)
			continue;
		if (parent == NULL)
			parent = join_networks(c);
		site[i] = m->address != NO_ENTITY ? 1 + root(parent, m->address) : NO_SITE;
	}
	c->site = site;
	c->site_first = find_beginnings(c);
}

bool one_site(const struct clustering *c, uint32_t x, uint32_t y)
{
	if (x == y)
		return true;
	return x != NO_MACHINE && y != NO_MACHINE && c->site[x] != NO_SITE && c->site[x] == c->site[y];
}
