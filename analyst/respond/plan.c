#include "analyst/respond/plan.h"

#include <stdlib.h>
#include <string.h>

#include "analyst/base/search.h"
#include "analyst/respond/connection.h"
#include "analyst/respond/effects.h"

const struct named spareds[] = { { "listed", SPARED_LISTED }, { "used", SPARED_USED }, { NULL, 0 } };

/* ---- which names are one machine ---- */

struct naming {
	const struct week *w;
	uint32_t *machine;
	bool *named, *torn;          /* torn: of two machines, so of none */
};

static void call(struct naming *n, uint32_t entity, uint32_t machine)
{
	if (n->named[entity] && n->machine[entity] != machine)
		n->torn[entity] = true;
	n->named[entity] = true;
	n->machine[entity] = machine;
}

/* The alert's own names of the machine: who it is about, and the addresses named in the same part. */
static void call_members(struct naming *n, const struct cast *c, uint32_t machine)
{
	const struct member *m = n->w->members + c->first;
	int role = -1;

	for (uint32_t i = 0; i < c->count; i++)
		if (m[i].entity == c->host)
			role = (int)m[i].role;
	call(n, c->host, machine);
	for (uint32_t i = 0; i < c->count; i++) {
		const struct week_entity *e = &n->w->entities[m[i].entity];

		if ((int)m[i].role == role && m[i].role != ROLE_OBSERVED && e->internal && e->kind == ENTITY_IP)
			call(n, m[i].entity, machine);
	}
}

/* An analysis that was read back has no table of machines; its episodes say which alerts are of one. */
static const uint32_t *machines_of(const struct analysis *an, struct arena *a)
{
	const struct week *w = an->week;
	struct naming n = { w, ARENA_ARRAY(a, uint32_t, w->entity_count + 1), ARENA_ARRAY(a, bool, w->entity_count + 1),
	                    ARENA_ARRAY(a, bool, w->entity_count + 1) };

	for (uint32_t i = 0; i < w->entity_count; i++)
		n.machine[i] = i;
	for (uint32_t i = 0; i < an->episode_count; i++)
		for (uint32_t k = 0; k < an->episodes[i].count; k++) {
			const struct cast *c = &w->casts[w->marks[an->episodes[i].alerts[k]].cast];

			if (c->host != NO_ENTITY && an->episodes[i].host != NO_ENTITY)
				call_members(&n, c, an->episodes[i].host);
		}
	for (uint32_t i = 0; i < w->entity_count; i++)
		if (n.torn[i])
			n.machine[i] = i;
	return n.machine;
}

/* ---- alerts to measures ---- */

struct planning {
	struct effects fx;
	const struct incident *in;
	struct plan_measure *list;
	uint32_t count, room;
};

bool measure_connects(const struct plan_measure *m)
{
	return m->block != BLOCK_ISOLATE && m->block != BLOCK_ACCOUNT;
}

/* The same machine, other end and direction. Without a port an alert speaks for all ports, and for none by itself. */
static struct plan_measure *measure_of(struct planning *p, const struct connection *cn, const struct containment_row *row)
{
	struct plan_measure *m;

	for (uint32_t i = 0; i < p->count; i++) {
		m = &p->list[i];
		if (m->block == cn->block && m->host == cn->host && m->remote == cn->remote)
			return m;
	}
	if (p->count == p->room) {
		struct plan_measure *more = ARENA_ARRAY(p->fx.arena, struct plan_measure, p->room * 2 + 16);

		if (p->count > 0)
			memcpy(more, p->list, p->count * sizeof(*more));
		p->list = more;
		p->room = p->room * 2 + 16;
	}
	m = &p->list[p->count++];
	memset(m, 0, sizeof(*m));
	m->block = cn->block;
	m->host = cn->host;
	m->remote = cn->remote;
	m->confidence = row->confidence;
	m->hours = measure_connects(m) ? row->hours : 0;
	return m;
}

static void add_port(struct plan_measure *m, uint16_t port)
{
	uint32_t at = 0;

	while (at < m->port_count && m->ports[at] < port)
		at++;
	if (m->port_count == MEASURE_PORTS || (at < m->port_count && m->ports[at] == port))
		return;
	memmove(m->ports + at + 1, m->ports + at, (m->port_count - at) * sizeof(*m->ports));
	m->ports[at] = port;
	m->port_count++;
}

static void add_alert(struct planning *p, struct plan_measure *m, uint32_t mark)
{
	uint32_t room = 16;

	while (room < m->alert_count)
		room *= 2;
	if (m->alert_count == 0 || m->alert_count == room) {      /* full: twice as much */
		uint32_t *more = ARENA_ARRAY(p->fx.arena, uint32_t, m->alert_count == 0 ? 16 : room * 2);

		if (m->alert_count > 0)
			memcpy(more, m->alerts, m->alert_count * sizeof(*more));
		m->alerts = more;
	}
	((uint32_t *)(uintptr_t)m->alerts)[m->alert_count++] = mark;
}

static void justify(struct planning *p, const struct connection *cn, const struct containment_row *row,
                    const struct behaviour *b, uint32_t mark)
{
	struct plan_measure *m = measure_of(p, cn, row);

	if (m->behaviour == NULL || b->weight > m->behaviour->weight)
		m->behaviour = b;
	if (row->confidence > m->confidence)
		m->confidence = row->confidence;
	if (measure_connects(m) && row->hours > m->hours)
		m->hours = row->hours;
	for (uint32_t i = 0; i < cn->address_count; i++)
		if (cn->block == BLOCK_INSIDE)
			m->wide |= !ends_add(m->targets, &m->target_count, cn->addresses[i]);
		else
			ends_add(m->addresses, &m->address_count, cn->addresses[i]);
	for (uint32_t i = 0; i < cn->port_count; i++)
		add_port(m, cn->ports[i]);
	add_alert(p, m, mark);
}

/* What goes from machine to machine is stopped at the one it comes from: never at those it befell. */
static uint32_t isolated_host(const struct planning *p, const struct episode *e, const struct behaviour *b, const struct cast *c)
{
	const struct week *w = p->fx.an->week;
	uint32_t source = b->from_source || b->on_target ? connection_source(p->fx.an->week, p->fx.machine, c) : NO_ENTITY;

	if (source != NO_ENTITY)
		return source;
	return b->from_source || b->on_target || e->host == NO_ENTITY || !w->entities[e->host].internal ? NO_ENTITY : e->host;
}

static uint32_t account_in(const struct week *w, const struct cast *c)
{
	for (uint32_t i = 0; i < c->count; i++)
		if (w->entities[w->members[c->first + i].entity].kind == ENTITY_USER)
			return w->members[c->first + i].entity;
	return NO_ENTITY;
}

/* What one alert asks for by a row of the table. */
static void plan_alert(struct planning *p, const struct episode *e, const struct behaviour *b, const struct containment_row *row, uint32_t mark)
{
	const struct week *w = p->fx.an->week;
	const struct cast *c = &w->casts[w->marks[mark].cast];
	uint32_t source = connection_source(p->fx.an->week, p->fx.machine, c);
	struct connection cn, whole = { .remote = NO_ENTITY };

	if (row->block == BLOCK_ACCOUNT || (e->host == NO_ENTITY && row->block != BLOCK_INBOUND)) {
		whole.block = BLOCK_ACCOUNT;
		whole.host = account_in(w, c);
	} else if (row->block == BLOCK_ISOLATE) {
		whole.block = BLOCK_ISOLATE;
		whole.host = isolated_host(p, e, b, c);
	} else if (row->block != BLOCK_INSIDE && connection_of(&cn, w, p->fx.machine, c, row->block)) {
		justify(p, &cn, row, b, mark);
		return;
	} else {
		if (row->block != BLOCK_OUTBOUND && connection_inside(&cn, w, p->fx.machine, c))
			justify(p, &cn, row, b, mark);
		whole.block = BLOCK_ISOLATE;
		whole.host = row->block == BLOCK_OUTBOUND ? NO_ENTITY : source;
	}
	if (whole.host != NO_ENTITY)
		justify(p, &whole, row, b, mark);
}

static void plan_episode(struct planning *p, const struct episode *e)
{
	const struct week *w = p->fx.an->week;
	const struct behaviour *b = episode_behaviour(w, e);
	const struct containment_row *row = containment_row(p->fx.how, b->key);

	if (row == NULL || b->response || b->aside)
		return;
	for (uint32_t i = 0; i < e->count; i++) {
		const struct mark *mk = &w->marks[e->alerts[i]];

		if (mk->kind != RECORD_RESPONSE && mk->kind != RECORD_FINDING)
			plan_alert(p, e, b, row, e->alerts[i]);
	}
}

/* ---- what is known of each ---- */

static bool is_target(const struct plan_measure *m, uint32_t machine)
{
	for (uint32_t i = 0; i < m->target_count; i++)
		if (m->targets[i] == machine)
			return true;
	return false;
}

static void find_own_addresses(const struct planning *p, struct plan_measure *m)
{
	const struct week *w = p->fx.an->week;

	for (uint32_t i = 0; i < w->entity_count; i++) {
		if (w->entities[i].kind != ENTITY_IP || !w->entities[i].internal)
			continue;
		if (p->fx.machine[i] == m->host && m->host_address_count < MEASURE_ADDRESSES)
			m->host_addresses[m->host_address_count++] = i;
		else if (is_target(m, p->fx.machine[i]))
			ends_add(m->addresses, &m->address_count, i);
	}
}

/* Episodes that hold one of the measure's alerts are what its beats are told of. */
static void find_beats(const struct planning *p, struct plan_measure *m, const struct narrative *story)
{
	for (size_t i = 0; i < story->beat_count && m->beat_count < MEASURE_BEATS; i++) {
		const struct beat *b = &story->beats[i];
		bool speaks = false;

		if (b->evidence == 0 || b->response || b->part != PART_STORY)
			continue;
		for (size_t k = 0; k < b->episode_count && !speaks; k++) {
			const struct episode *e = &p->fx.an->episodes[b->episodes[k]];

			for (uint32_t j = 0; j < e->count && !speaks; j++)
				speaks = bsearch(&e->alerts[j], m->alerts, m->alert_count, sizeof(uint32_t), order_u32) != NULL;
		}
		if (speaks)
			m->beats[m->beat_count++] = b;
	}
}

#define MOST_CERTAIN 95          /* records alone prove no more */

static void weigh(const struct planning *p, struct plan_measure *m)
{
	const struct week *w = p->fx.an->week;
	const char *seen[8];

	if (m->remote != NO_ENTITY)
		m->known = w->entities[m->remote].indicator != NULL;
	for (uint32_t i = 0; i < m->address_count; i++)
		m->known |= w->entities[m->addresses[i]].indicator != NULL;
	for (uint32_t i = 0; i < m->alert_count; i++) {
		const char *product = w->rules[w->marks[m->alerts[i]].rule].rule.product;
		uint32_t k = 0;

		while (k < m->products && strcmp(seen[k], product) != 0)
			k++;
		if (k == m->products && k < sizeof(seen) / sizeof(seen[0]))
			seen[m->products++] = product;
	}
	m->confidence += (m->known ? 10 : 0) + 5 * ((int)m->products - 1);
	if (m->confidence > MOST_CERTAIN)
		m->confidence = MOST_CERTAIN;
}

static void finish(const struct planning *p, struct plan_measure *m, const struct narrative *story)
{
	const struct week *w = p->fx.an->week;

	qsort((uint32_t *)(uintptr_t)m->alerts, m->alert_count, sizeof(uint32_t), order_u32);
	if (m->address_count > 0)
		qsort(m->addresses, m->address_count, sizeof(uint32_t), order_u32);
	m->justified = w->marks[m->alerts[0]].at;
	m->shared = m->remote != NO_ENTITY && w->entities[m->remote].kind == ENTITY_DOMAIN &&
	            containment_is_shared(p->fx.how, w->entities[m->remote].value);
	find_own_addresses(p, m);
	find_beats(p, m, story);
	weigh(p, m);
}

static int by_certainty(const void *pa, const void *pb)
{
	const struct plan_measure *a = pa, *b = pb;

	if (measure_connects(a) != measure_connects(b))
		return measure_connects(a) ? 1 : -1;
	if (a->confidence != b->confidence)
		return a->confidence > b->confidence ? -1 : 1;
	if (a->alerts[0] != b->alerts[0])
		return a->alerts[0] < b->alerts[0] ? -1 : 1;
	return a->remote < b->remote ? -1 : a->remote > b->remote;
}

static int by_time(const void *pa, const void *pb)
{
	const struct plan_measure *a = pa, *b = pb;
	enum block block_a = measure_connects(a) ? BLOCK_OUTBOUND : a->block, block_b = measure_connects(b) ? BLOCK_OUTBOUND : b->block;

	if (block_a != block_b)
		return block_a < block_b ? -1 : 1;
	if (a->alerts[0] != b->alerts[0])
		return a->alerts[0] < b->alerts[0] ? -1 : 1;
	if (a->remote != b->remote)
		return a->remote < b->remote ? -1 : 1;
	return a->host < b->host ? -1 : a->host > b->host;
}

/* ---- what is not blocked ---- */

static bool is_spared(const struct planning *p, const struct plan_measure *m, enum spared *why)
{
	const struct week *w = p->fx.an->week;

	if (m->remote == NO_ENTITY)
		return false;
	*why = SPARED_LISTED;
	if (containment_is_spared(p->fx.how, w->entities[m->remote].value))
		return true;
	*why = SPARED_USED;
	return m->block == BLOCK_OUTBOUND && !m->known && m->other_machines >= (uint32_t)p->fx.how->used_by;
}

/* A resolver may also be what a name pointed to: the name is blocked then, and it is not. */
static void drop_spared_addresses(const struct planning *p, struct plan_measure *m)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < m->address_count; i++)
		if (!containment_is_spared(p->fx.how, p->fx.an->week->entities[m->addresses[i]].value))
			m->addresses[kept++] = m->addresses[i];
	m->address_count = kept;
}

static void spare(struct planning *p, struct plan *out)
{
	struct spared_end *spared = ARENA_ARRAY(p->fx.arena, struct spared_end, p->count + 1);
	uint32_t kept = 0;
	enum spared why;

	for (uint32_t i = 0; i < p->count; i++) {
		struct plan_measure *m = &p->list[i];

		if (is_spared(p, m, &why))
			spared[out->spared_count++] = (struct spared_end){ m->host, m->remote, why, m->other_machines, m->alert_count };
		else
			p->list[kept++] = *m;
	}
	p->count = kept;
	for (uint32_t i = 0; i < p->count; i++)
		drop_spared_addresses(p, &p->list[i]);
	out->spared = spared;
}

/* All machines on all ports is no connection: that is what isolation is for. */
static void drop_boundless(struct planning *p)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < p->count; i++)
		if (!p->list[i].wide || p->list[i].port_count > 0)
			p->list[kept++] = p->list[i];
	p->count = kept;
}

void plan_make(struct plan *out, const struct analysis *an, const struct incident *in, const struct narrative *story,
               const struct containment *how, struct arena *a)
{
	struct planning p = { .fx = { an, machines_of(an, a), how, a }, .in = in };

	*out = (struct plan){ .incident = in, .story = story, .delay = how->delay };
	for (uint32_t i = 0; i < in->episode_count; i++)
		plan_episode(&p, &an->episodes[in->episodes[i]]);
	drop_boundless(&p);
	for (uint32_t i = 0; i < p.count; i++)
		finish(&p, &p.list[i], story);
	if (p.count > 0)
		qsort(p.list, p.count, sizeof(*p.list), by_certainty);
	if (p.count > PLAN_MEASURES) {
		out->left_off = p.count - PLAN_MEASURES;
		p.count = PLAN_MEASURES;
	}
	effects_others(&p.fx, p.list, p.count);
	spare(&p, out);
	if (p.count > 0)
		qsort(p.list, p.count, sizeof(*p.list), by_time);
	effects_replay(&p.fx, out, p.list, p.count);
	out->measures = p.list;
	out->measure_count = p.count;
}
