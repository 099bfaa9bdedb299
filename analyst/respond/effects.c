#include "analyst/respond/effects.h"

#include <stdlib.h>
#include <string.h>

/* Who takes part in an alert is shared by many alerts, and measures are few: one pass over the casts gives each a set
 * of measures, a bit each. */
typedef uint64_t set;
_Static_assert(PLAN_MEASURES <= 64, "a measure is a bit of a set");
#define BIT(i) ((set)1 << (i))

struct sets {
	set *host, *remote, *port;       /* by entity: of which measures it is that */
	set any_port, inbound, inside, connections;
	set *hit, *met;                  /* by cast: stopped by; other end named, whoever the machine */
};

/* Of an attack from inside every name of the machines it went for. */
static void mark_targets(struct sets *s, const struct effects *fx, const struct plan_measure *m, uint32_t i)
{
	const struct week *w = fx->an->week;

	s->inside |= BIT(i);
	for (uint32_t e = 0; e < w->entity_count; e++) {
		bool machine = (w->entities[e].kind == ENTITY_IP || w->entities[e].kind == ENTITY_HOST) && w->entities[e].internal;
		bool target = m->wide && fx->machine[e] != m->host;

		for (uint32_t k = 0; k < m->target_count; k++)
			target |= fx->machine[e] == m->targets[k];
		if (machine && target)
			s->remote[e] |= BIT(i);
	}
}

static void mark_ends(struct sets *s, const struct effects *fx, const struct plan_measure *m, uint32_t i)
{
	if (!measure_connects(m))
		return;
	s->connections |= BIT(i);
	if (m->port_count == 0)
		s->any_port |= BIT(i);
	if (m->block == BLOCK_INSIDE) {
		mark_targets(s, fx, m, i);
		return;
	}
	s->remote[m->remote] |= BIT(i);
	for (uint32_t k = 0; k < m->address_count && !m->shared; k++)
		s->remote[m->addresses[k]] |= BIT(i);
	if (m->block == BLOCK_INBOUND)
		s->inbound |= BIT(i);
}

static void mark_ports(struct sets *s, const struct week *w, const struct plan_measure *list, uint32_t count, uint32_t entity)
{
	long port = strtol(w->entities[entity].value, NULL, 10);

	for (uint32_t i = 0; i < count; i++)
		for (uint32_t k = 0; k < list[i].port_count; k++)
			if (list[i].ports[k] == port)
				s->port[entity] |= BIT(i);
}

static void look_at_cast(struct sets *s, const struct week *w, uint32_t cast)
{
	const struct cast *c = &w->casts[cast];
	set host = 0, remote = 0, port = s->any_port, source = 0, target = 0;
	bool has_port = false;

	for (uint32_t i = 0; i < c->count; i++) {
		const struct member *m = &w->members[c->first + i];
		set here = s->remote[m->entity];

		/* What is blocked on its way in is still called on the way out. */
		remote |= m->role == ROLE_DESTINATION ? here & ~s->inbound : here;
		host |= s->host[m->entity];
		source |= m->role == ROLE_SOURCE ? s->host[m->entity] : 0;
		target |= m->role == ROLE_SOURCE ? 0 : here;
		if (w->entities[m->entity].kind == ENTITY_PORT) {
			has_port = true;
			port |= s->port[m->entity];
		}
	}
	/* What goes from one machine of ours to another stands only in that direction. */
	host = (host & ~s->inside) | (source & s->inside);
	remote = (remote & ~s->inside) | (target & s->inside);
	s->met[cast] = remote;
	s->hit[cast] = remote & host & (has_port ? port : ~(set)0);
}

static void sets_make(struct sets *s, const struct effects *fx, const struct plan_measure *list, uint32_t count)
{
	const struct week *w = fx->an->week;

	*s = (struct sets){ .host = ARENA_ARRAY(fx->arena, set, w->entity_count + 1),
	                    .remote = ARENA_ARRAY(fx->arena, set, w->entity_count + 1),
	                    .port = ARENA_ARRAY(fx->arena, set, w->entity_count + 1),
	                    .hit = ARENA_ARRAY(fx->arena, set, w->cast_count + 1),
	                    .met = ARENA_ARRAY(fx->arena, set, w->cast_count + 1) };
	for (uint32_t i = 0; i < count; i++)
		mark_ends(s, fx, &list[i], i);
	for (uint32_t e = 0; e < w->entity_count; e++) {
		for (uint32_t i = 0; i < count; i++)
			if (fx->machine[e] == list[i].host)
				s->host[e] |= BIT(i);
		if (w->entities[e].kind == ENTITY_PORT)
			mark_ports(s, w, list, count, e);
	}
	for (uint32_t i = 0; i < w->cast_count; i++)
		look_at_cast(s, w, i);
}

/* ---- who else ---- */

static uint32_t machine_in(const struct effects *fx, uint32_t cast)
{
	uint32_t host = fx->an->week->casts[cast].host;

	return host != NO_ENTITY && fx->an->week->entities[host].internal ? fx->machine[host] : NO_ENTITY;
}

/* Each other machine of ours once, by alerts and by telemetry. */
static uint32_t count_others(const struct effects *fx, const struct sets *s, const struct plan_measure *m, uint32_t i, bool *seen)
{
	const struct week *w = fx->an->week;
	uint32_t n = 0;

	memset(seen, 0, w->entity_count * sizeof(*seen));
	for (uint32_t c = 0; c < w->cast_count; c++) {
		uint32_t other = s->met[c] & BIT(i) ? machine_in(fx, c) : NO_ENTITY;

		if (other != NO_ENTITY && other != m->host && !seen[other]) {
			seen[other] = true;
			n++;
		}
	}
	for (uint32_t c = 0; c < w->contact_count; c++) {
		uint32_t other = fx->machine[w->contacts[c].from];

		if ((s->remote[w->contacts[c].with] & BIT(i)) && w->entities[w->contacts[c].from].internal && other != m->host &&
		    !seen[other]) {
			seen[other] = true;
			n++;
		}
	}
	return n;
}

/* Isolation cuts a machine off from all it speaks to inside. */
static uint32_t count_peers_inside(const struct effects *fx, const struct plan_measure *m, bool *seen)
{
	const struct week *w = fx->an->week;
	uint32_t n = 0;

	memset(seen, 0, w->entity_count * sizeof(*seen));
	for (uint32_t c = 0; c < w->cast_count; c++) {
		const struct member *of = w->members + w->casts[c].first;
		bool takes_part = false;

		for (uint32_t i = 0; i < w->casts[c].count; i++)
			takes_part |= fx->machine[of[i].entity] == m->host;
		for (uint32_t i = 0; takes_part && i < w->casts[c].count; i++) {
			const struct week_entity *e = &w->entities[of[i].entity];
			uint32_t other = fx->machine[of[i].entity];

			if ((e->kind == ENTITY_IP || e->kind == ENTITY_HOST) && e->internal && other != m->host && !seen[other]) {
				seen[other] = true;
				n++;
			}
		}
	}
	return n;
}

/* Its address is reached by other machines under other names: who blocks the address blocks those. */
static bool serves_others(const struct effects *fx, const struct plan_measure *m)
{
	const struct week *w = fx->an->week;

	for (uint32_t c = 0; c < w->cast_count; c++) {
		const struct member *of = w->members + w->casts[c].first;
		bool address = false, other_name = false;

		for (uint32_t i = 0; i < w->casts[c].count; i++) {
			for (uint32_t k = 0; k < m->address_count; k++)
				address |= of[i].entity == m->addresses[k];
			other_name |= w->entities[of[i].entity].kind == ENTITY_DOMAIN && of[i].entity != m->remote;
		}
		if (address && other_name && machine_in(fx, c) != m->host && machine_in(fx, c) != NO_ENTITY)
			return true;
	}
	return false;
}

void effects_others(const struct effects *fx, struct plan_measure *list, uint32_t count)
{
	const struct week *w = fx->an->week;
	bool *seen = ARENA_ARRAY(fx->arena, bool, w->entity_count + 1);
	struct sets s;

	for (uint32_t i = 0; i < count; i++)
		if (list[i].remote != NO_ENTITY && w->entities[list[i].remote].kind == ENTITY_DOMAIN && !list[i].shared)
			list[i].shared = serves_others(fx, &list[i]);
	sets_make(&s, fx, list, count);
	for (uint32_t i = 0; i < count; i++)
		list[i].other_machines = list[i].remote == NO_ENTITY ? count_peers_inside(fx, &list[i], seen)
		                                                     : count_others(fx, &s, &list[i], i, seen);
}

/* ---- what else, what was done, what would have been ---- */

/* Other ends, of any kind, that reach the machine on one of the ports. */
static uint32_t count_port_peers(const struct effects *fx, const struct plan_measure *m, bool *seen)
{
	const struct week *w = fx->an->week;
	uint32_t n = 0;

	memset(seen, 0, w->entity_count * sizeof(*seen));
	for (uint32_t c = 0; c < w->cast_count; c++) {
		const struct member *of = w->members + w->casts[c].first;
		bool here = false, port = false;

		for (uint32_t i = 0; i < w->casts[c].count; i++) {
			const struct week_entity *e = &w->entities[of[i].entity];

			here |= of[i].role == ROLE_DESTINATION && fx->machine[of[i].entity] == m->host;
			for (uint32_t k = 0; of[i].role == ROLE_DESTINATION && e->kind == ENTITY_PORT && k < m->port_count; k++)
				port |= strtol(e->value, NULL, 10) == m->ports[k];
		}
		for (uint32_t i = 0; here && port && i < w->casts[c].count; i++)
			if (of[i].role == ROLE_SOURCE && w->entities[of[i].entity].kind == ENTITY_IP && of[i].entity != m->remote &&
			    !seen[of[i].entity]) {
				seen[of[i].entity] = true;
				n++;
			}
	}
	return n;
}

static void note_done(const struct week *w, struct plan_measure *m, const struct mark *mk)
{
	const char *product = w->rules[mk->rule].rule.product;
	uint32_t i = 0;

	while (i < m->done_count && strcmp(m->done[i].product, product) != 0)
		i++;
	if (i == MEASURE_DONE)
		return;
	if (i == m->done_count)
		m->done[m->done_count++] = (struct measure_done){ .product = product, .at = mk->at, .key = mk->key };
	m->done[i].alerts++;
}

struct replaying {
	const struct effects *fx;
	struct plan *plan;
	struct plan_measure *list;
	uint32_t count;
	struct sets sets;
	const uint32_t *incident;        /* by mark: its incident, or NO_INCIDENT */
	uint32_t own;                    /* the plan's */
	instant begin;                   /* first measure */
	int64_t *sent;                   /* by measure and rule */
	uint32_t *rules;
	uint32_t rule_count;
};

#define RULES 64                 /* more are not added up */

/* Several rules report the same bytes: each is added up for itself, and the one that saw most counts. */
static void add_bytes(struct replaying *r, uint32_t measure, const struct mark *mk)
{
	uint32_t k = 0;

	while (k < r->rule_count && r->rules[k] != mk->rule)
		k++;
	if (k == RULES || mk->bytes_out <= 0)
		return;
	if (k == r->rule_count)
		r->rules[r->rule_count++] = mk->rule;
	if (r->sent[measure * RULES + k] <= INT64_MAX - mk->bytes_out)
		r->sent[measure * RULES + k] += mk->bytes_out;
}

static bool was_refused(const struct mark *mk)
{
	return mk->action == ACTION_BLOCKED || mk->action == ACTION_QUARANTINED;
}

static void replay_mark(struct replaying *r, uint32_t index)
{
	const struct mark *mk = &r->fx->an->week->marks[index];
	set hit = r->sets.hit[mk->cast] & r->sets.connections, stands = 0;
	bool own = r->incident[index] == r->own;

	for (uint32_t i = 0; i < r->count; i++) {
		struct plan_measure *m = &r->list[i];

		if (!(hit & BIT(i)))
			continue;
		if (own && (mk->kind == RECORD_RESPONSE || (was_refused(mk) && mk->kind != RECORD_FINDING)))
			note_done(r->fx->an->week, m, mk);
		if (mk->kind == RECORD_RESPONSE || mk->kind == RECORD_FINDING)
			continue;
		if (!own)
			m->everyday++;
		if (mk->at < m->replay.from)
			continue;
		stands |= BIT(i);
		if (!own)
			m->replay.benign++;
		else if (was_refused(mk))
			m->replay.refused++;
		else {
			m->replay.stopped++;
			add_bytes(r, i, mk);
		}
	}
	if (mk->kind == RECORD_RESPONSE || mk->kind == RECORD_FINDING)
		return;
	if (own && mk->at >= r->begin)
		r->plan->later++;
	if (stands == 0)
		return;
	r->plan->benign += !own;
	r->plan->refused += own && was_refused(mk);
	r->plan->stopped += own && !was_refused(mk);
}

/* What the machine as a whole met: responses that name no other end. */
static void note_isolation(struct replaying *r, struct plan_measure *m)
{
	const struct week *w = r->fx->an->week;

	for (uint32_t k = 0; k < w->mark_count; k++) {
		const struct mark *mk = &w->marks[k];
		bool outside = false;

		if (r->incident[k] != r->own || mk->kind != RECORD_RESPONSE || machine_in(r->fx, mk->cast) != m->host)
			continue;
		for (uint32_t i = 0; i < w->casts[mk->cast].count; i++) {
			const struct week_entity *e = &w->entities[w->members[w->casts[mk->cast].first + i].entity];

			outside |= (e->kind == ENTITY_IP || e->kind == ENTITY_DOMAIN) && !e->internal;
		}
		if (!outside)
			note_done(w, m, mk);
	}
}

/* Records that two ends met from then on. By name and by address they are the same records: the larger counts. */
static int64_t count_connections(const struct replaying *r, const struct plan_measure *m, uint32_t i)
{
	const struct week *w = r->fx->an->week;
	int64_t most = -1;

	for (uint32_t c = 0; c < w->contact_count; c++) {
		const struct contact *ct = &w->contacts[c];
		bool out = m->block != BLOCK_INBOUND && r->fx->machine[ct->from] == m->host && (r->sets.remote[ct->with] & BIT(i));
		bool in = m->block == BLOCK_INBOUND && r->fx->machine[ct->with] == m->host && (r->sets.remote[ct->from] & BIT(i));
		int64_t n = 0;

		if (!out && !in)
			continue;
		for (uint32_t k = 0; k < ct->time_count; k++)
			n += ct->times[k] >= m->replay.from;
		if (n > most)
			most = n;
	}
	return most;
}

static const uint32_t *incidents_of(const struct effects *fx)
{
	const struct week *w = fx->an->week;
	uint32_t *of = ARENA_ARRAY(fx->arena, uint32_t, w->mark_count + 1);

	for (uint32_t i = 0; i < w->mark_count; i++)
		of[i] = NO_INCIDENT;
	for (uint32_t i = 0; i < fx->an->incident_count; i++)
		for (uint32_t k = 0; k < fx->an->incidents[i].episode_count; k++) {
			const struct episode *e = &fx->an->episodes[fx->an->incidents[i].episodes[k]];

			for (uint32_t j = 0; j < e->count; j++)
				of[e->alerts[j]] = i;
		}
	return of;
}

void effects_replay(const struct effects *fx, struct plan *plan, struct plan_measure *list, uint32_t count)
{
	const struct week *w = fx->an->week;
	bool *seen = ARENA_ARRAY(fx->arena, bool, w->entity_count + 1);
	struct replaying r = { .fx = fx, .plan = plan, .list = list, .count = count, .begin = INT64_MAX };

	if (count == 0)
		return;
	r.own = (uint32_t)(plan->incident - fx->an->incidents);
	r.incident = incidents_of(fx);
	r.sent = ARENA_ARRAY(fx->arena, int64_t, count * RULES);
	r.rules = ARENA_ARRAY(fx->arena, uint32_t, RULES);
	sets_make(&r.sets, fx, list, count);
	for (uint32_t i = 0; i < count; i++) {
		list[i].replay.from = list[i].justified + fx->how->delay * SECOND;
		list[i].replay.connections = count_connections(&r, &list[i], i);
		if (list[i].block == BLOCK_INBOUND)
			list[i].port_peers = count_port_peers(fx, &list[i], seen);
		if (list[i].block == BLOCK_ISOLATE)
			note_isolation(&r, &list[i]);
		else if (measure_connects(&list[i]) && list[i].replay.from < r.begin)
			r.begin = list[i].replay.from;
	}
	for (uint32_t i = 0; i < w->mark_count; i++)
		replay_mark(&r, i);
	for (uint32_t i = 0; i < count; i++)
		for (uint32_t k = 0; k < RULES; k++)
			if (r.sent[i * RULES + k] > list[i].replay.bytes)
				list[i].replay.bytes = r.sent[i * RULES + k];
}
