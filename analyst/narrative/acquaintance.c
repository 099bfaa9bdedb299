/* What is known beyond one act: who met whom first, and the threats that names speak of. */
#include "analyst/narrative/facts.h"

/* ---- acquaintance ---- */

#define SEVERAL (UINT32_MAX - 1)

struct acquaintance {
	uint32_t *host;              /* the only machine that met it, SEVERAL, or NO_ENTITY */
	bool *processes;             /* by host, last of none: alerts about it name processes */
	uint32_t none;
};

static void meet_processes(struct acquaintance *k, const struct week *w, struct arena *a)
{
	bool *is_process = ARENA_ARRAY(a, bool, w->entity_count + 1);

	k->processes = ARENA_ARRAY(a, bool, w->entity_count + 1);
	k->none = w->entity_count;
	for (uint32_t i = 0; i < w->entity_count; i++)
		is_process[i] = w->entities[i].kind == ENTITY_PROCESS || w->entities[i].kind == ENTITY_COMMAND;
	for (uint32_t i = 0; i < w->cast_count; i++)
		for (uint32_t j = 0; j < w->casts[i].count; j++)
			if (is_process[w->members[w->casts[i].first + j].entity])
				k->processes[w->casts[i].host != NO_ENTITY ? w->casts[i].host : k->none] = true;
}

bool acquaintance_processes(const struct acquaintance *k, uint32_t host)
{
	return k->processes[host != NO_ENTITY ? host : k->none];
}

uint32_t acquaintance_only(const struct acquaintance *k, uint32_t entity)
{
	return k->host[entity];
}

struct acquaintance *acquaintance_new(const struct analysis *an, struct arena *a)
{
	struct acquaintance *k = arena_alloc(a, sizeof(*k));
	const struct week *w = an->week;

	bool *met = ARENA_ARRAY(a, bool, w->cast_count + 1);       /* casts of alerts that only tell again meet nobody */

	for (uint32_t i = 0; i < w->mark_count; i++)
		met[w->marks[i].cast] = true;
	meet_processes(k, w, a);
	k->host = ARENA_ARRAY(a, uint32_t, w->entity_count + 1);
	for (uint32_t i = 0; i < w->entity_count; i++)
		k->host[i] = NO_ENTITY;
	for (uint32_t i = 0; i < w->cast_count; i++) {
		const struct cast *c = &w->casts[i];
		uint32_t host = c->host != NO_ENTITY ? an->machine[c->host] : NO_ENTITY;

		for (uint32_t j = 0; met[i] && j < c->count; j++) {
			uint32_t e = w->members[c->first + j].entity;

			if (k->host[e] == NO_ENTITY)
				k->host[e] = host;
			else if (host != NO_ENTITY && k->host[e] != host)
				k->host[e] = SEVERAL;
		}
	}
	return k;
}

/* ---- threats ---- */

struct threats {
	const struct knowledge *knowledge;
	const struct week *week;
	const struct threat **of_rule, **of_entity;
	bool *asked_rule, *asked_entity;
};

struct threats *threats_new(const struct week *w, const struct knowledge *k, struct arena *a)
{
	struct threats *t = arena_alloc(a, sizeof(*t));

	*t = (struct threats){
		.knowledge = k, .week = w,
		.of_rule = ARENA_ARRAY(a, const struct threat *, w->rule_count),
		.of_entity = ARENA_ARRAY(a, const struct threat *, w->entity_count),
		.asked_rule = ARENA_ARRAY(a, bool, w->rule_count),
		.asked_entity = ARENA_ARRAY(a, bool, w->entity_count),
	};
	return t;
}

static const struct threat *rule_threat(struct threats *t, uint32_t rule)
{
	if (!t->asked_rule[rule])
		t->of_rule[rule] = knowledge_threat(t->knowledge, t->week->rules[rule].rule.name);
	t->asked_rule[rule] = true;
	return t->of_rule[rule];
}

static const struct threat *entity_threat(struct threats *t, uint32_t entity)
{
	if (!t->asked_entity[entity])
		t->of_entity[entity] = knowledge_threat(t->knowledge, t->week->entities[entity].value);
	t->asked_entity[entity] = true;
	return t->of_entity[entity];
}

const struct threat *act_threat(const struct teller *t, const struct act *act)
{
	for (uint32_t i = 0; i < act->episode_count; i++) {
		const struct episode *e = &t->an->episodes[act->episodes[i]];
		const struct threat *th = rule_threat(t->threats, e->rule);

		for (uint32_t j = 0; th == NULL && j < e->member_count; j++)
			th = entity_threat(t->threats, e->members[j].entity);
		if (th != NULL)
			return th;
	}
	return NULL;
}
