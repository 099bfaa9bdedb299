/* Who goes from door to door. An address that sets off one rule on machine after machine sweeps the network; what it does
 * so on each of them says little about any, and must not draw in what happens there meanwhile: under a mass scan that
 * would be everything. A sweep by a machine of ours that comes again at its hour, as broad as before, is somebody's job:
 * a vulnerability scanner, an inventory. */
#include <stdlib.h>

#include "analyst/base/keyed.h"
#include "analyst/cluster/stages.h"

/* Three servers that a client talks to are its work; four with the same alert are a round. */
#define SWEEP_DOORS 4
/* A round that begins after half a day without one is another round. */
#define ROUND_PAUSE (12 * HOUR)
/* Schedulers spread their jobs, and the queue before them differs. */
#define SAME_HOUR HOUR

/* Who visits whom: a visitor is an entity, a door the alert's machine or, where that is itself the visitor, an entity
 * that it goes to, counted on behind the machines. */
struct visits {
	const struct clustering *c;
	uint32_t *visitor;            /* by episode, or NO_ENTITY */
	struct keyed *list;           /* episodes by tenant, visitor and rule, then in time order */
	uint32_t count;
	uint32_t *met, run;           /* by door: the last run, or round, that it was counted for */
};

static bool is_source(const struct episode *e, uint32_t entity)
{
	for (uint32_t i = 0; entity != NO_ENTITY && i < e->member_count; i++)
		if (e->members[i].role == ROLE_SOURCE && e->members[i].entity == entity)
			return true;
	return false;
}

/* The other end where that is the source, else the machine itself where it goes somewhere. */
static uint32_t visitor_of(const struct clustering *c, uint32_t episode)
{
	const struct episode *e = &c->episodes[episode];
	const struct trait *t = &c->traits[episode];
	const struct machine *m;

	if (t->machine == NO_MACHINE)
		return NO_ENTITY;
	m = &c->machines[t->machine];
	if (is_source(e, t->peer))
		return t->peer;
	if (t->peer == NO_ENTITY && !is_source(e, m->address) && !is_source(e, m->host))
		return NO_ENTITY;
	return m->address != NO_ENTITY ? m->address : m->host;
}

static bool comes_in(const struct visits *v, uint32_t episode)
{
	return v->visitor[episode] == v->c->traits[episode].peer;
}

static struct visits list_visits(const struct clustering *c)
{
	struct visits v = {c, ARENA_ARRAY(c->stage, uint32_t, c->episode_count + 1),
	                   ARENA_ARRAY(c->stage, struct keyed, c->episode_count + 1), 0,
	                   ARENA_ARRAY(c->stage, uint32_t, (size_t)c->machine_count + c->week->entity_count + 1), 0};

	for (uint32_t i = 0; i < c->episode_count; i++) {
		v.visitor[i] = visitor_of(c, i);
		if (v.visitor[i] != NO_ENTITY)
			v.list[v.count++] = (struct keyed){key_pair(v.visitor[i], c->kin[c->episodes[i].rule]), i};
	}
	keyed_sort(v.list, v.count);
	for (uint32_t i = 0; i < v.count; i++)
		v.list[i].key = c->episodes[v.list[i].item].tenant;
	keyed_sort(v.list, v.count);
	return v;
}

static bool same_visitor(const struct visits *v, uint32_t x, uint32_t y)
{
	uint32_t a = v->list[x].item, b = v->list[y].item;

	return v->visitor[a] == v->visitor[b] && v->c->episodes[a].tenant == v->c->episodes[b].tenant;
}

static bool same_rule(const struct visits *v, uint32_t x, uint32_t y)
{
	const struct clustering *c = v->c;

	return same_visitor(v, x, y) && c->kin[c->episodes[v->list[x].item].rule] == c->kin[c->episodes[v->list[y].item].rule];
}

/* Doors of the episode that were not counted in this run yet. */
static uint32_t count_doors(struct visits *v, uint32_t episode)
{
	const struct episode *e = &v->c->episodes[episode];
	uint32_t fresh = 0, door = v->c->traits[episode].machine;

	if (comes_in(v, episode)) {
		fresh = v->met[door] != v->run;
		v->met[door] = v->run;
		return fresh;
	}
	for (uint32_t i = 0; i < e->member_count; i++) {
		if ((e->members[i].role != ROLE_DESTINATION && e->members[i].role != ROLE_TARGET) ||
		    v->c->week->entities[e->members[i].entity].kind != ENTITY_IP)
			continue;
		door = v->c->machine_count + e->members[i].entity;
		fresh += v->met[door] != v->run;
		v->met[door] = v->run;
	}
	return fresh;
}

/* ---- rounds ---- */

struct round {
	instant first, last;
	uint32_t doors;
};

/* How far from the hour of the first round, either way. */
static instant off_hour(const struct round *first, const struct round *r)
{
	instant off = (r->first - first->first) % DAY;

	return off > DAY / 2 ? DAY - off : off;
}

/* Do the visits [from, to) of one rule come in rounds at the same hour of different days, each to most of the doors? */
static bool is_scheduled(struct visits *v, uint32_t from, uint32_t to, uint32_t doors)
{
	struct round first = {0, 0, 0}, now = first;
	uint32_t rounds = 0;

	for (uint32_t i = from; i < to; i++) {
		const struct episode *e = &v->c->episodes[v->list[i].item];

		if (i == from || e->first - now.last > ROUND_PAUSE) {
			if (rounds > 0 && (off_hour(&first, &now) > SAME_HOUR || 2 * now.doors < doors))
				return false;
			now = (struct round){e->first, e->last, 0};
			first = rounds++ == 0 ? now : first;
			v->run++;
		}
		now.last = e->last > now.last ? e->last : now.last;
		now.doors += count_doors(v, v->list[i].item);
	}
	return rounds > 1 && off_hour(&first, &now) <= SAME_HOUR && 2 * now.doors >= doors;
}

/* ---- sweeps ---- */

/* Where in the course of an intrusion somebody still knocks (templates/knowledge/behaviours.xml). */
#define KNOCKS 10

/* Who is inside does things to one machine after another, too, but what happens there is then his doing. Acts of no tactic
 * may be part of either. */
static bool may_pass(const struct behaviour *b)
{
	return b->tactic < 0 || b->stage <= KNOCKS;
}

/* Marks the visits [from, to) of one rule as part of a sweep, if they are one. What a machine of ours does to others is
 * its own act; only those it visits have it in passing. */
static bool mark_run(struct clustering *c, struct visits *v, uint32_t from, uint32_t to)
{
	const struct behaviour *b = c->week->rules[c->episodes[v->list[from].item].rule].behaviour;
	uint32_t doors = 0;
	bool scheduled, passing = false;

	v->run++;
	for (uint32_t i = from; i < to; i++)
		doors += count_doors(v, v->list[i].item);
	if (doors < SWEEP_DOORS)
		return false;
	scheduled = c->week->entities[v->visitor[v->list[from].item]].internal && is_scheduled(v, from, to, doors);
	for (uint32_t i = from; i < to; i++) {
		struct trait *t = &c->traits[v->list[i].item];

		t->scheduled = scheduled;
		if (may_pass(b) && comes_in(v, v->list[i].item))
			t->sweep = c->sweep_count;
		passing |= t->sweep == c->sweep_count;
	}
	return passing;
}

void find_sweeps(struct clustering *c)
{
	struct visits v = list_visits(c);
	uint32_t *breadth = ARENA_ARRAY(c->scratch, uint32_t, v.count + 1);

	for (uint32_t from = 0, to = 0; from < v.count; from = to) {
		bool sweeps = false;

		for (uint32_t run = from; run < v.count && same_visitor(&v, from, run); run = to) {
			for (to = run + 1; to < v.count && same_rule(&v, run, to); to++)
				;
			sweeps |= mark_run(c, &v, run, to);
		}
		v.run++;
		for (uint32_t i = from; sweeps && i < to; i++)
			if (c->traits[v.list[i].item].sweep == c->sweep_count)
				breadth[c->sweep_count] += count_doors(&v, v.list[i].item);
		c->sweep_count += sweeps;
	}
	c->sweep_breadth = breadth;
}
