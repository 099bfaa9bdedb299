/* A week of alerts made by hand, for tests of clustering: rules, entities and casts are
 * interned as they come, a base of everyday alerts over seven days lies under each test. */
#ifndef TSUMUGI_TEST_MADE_WEEK_H
#define TSUMUGI_TEST_MADE_WEEK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "analyst/cluster/cluster.h"

#define START (INT64_C(1600000000) / 3600 * 3600 * SECOND)

__attribute__((unused)) static const struct behaviour unknown = {.key = "unknown", .tactic = -1, .weight = 0};
__attribute__((unused)) static const struct behaviour everyday = {.key = "login", .tactic = -1, .weight = 0.1};
__attribute__((unused)) static const struct behaviour scan = {.key = "scan", .tactic = 9, .weight = 0.3};
__attribute__((unused)) static const struct behaviour exploit = {.key = "exploit", .tactic = 2, .weight = 0.8};
__attribute__((unused)) static const struct behaviour shell = {.key = "webshell", .tactic = 4, .weight = 0.95};
__attribute__((unused)) static const struct behaviour dump = {.key = "credential-dump", .tactic = 7, .weight = 0.95};
__attribute__((unused)) static const struct behaviour block = {.key = "response", .tactic = -1, .weight = 0, .response = true};

/* ---- a week by hand ---- */

struct made {
	struct week week;
	struct week_rule *rules;
	struct week_entity *entities;
	struct member *members;
	struct cast *casts;
	struct mark *marks;
	uint32_t member_count;
	struct arena *arena;
	struct analysis an;
};

#define ROOM_RULES 400
#define ROOM_ENTITIES 2000

static inline void begin(struct made *m)
{
	memset(m, 0, sizeof(*m));
	m->arena = arena_new();
	m->rules = must_alloc(ROOM_RULES * sizeof(*m->rules));
	m->entities = must_alloc(ROOM_ENTITIES * sizeof(*m->entities));
}

static inline uint32_t rule_of(struct made *m, const char *name, const char *id, const struct behaviour *b)
{
	for (uint32_t i = 0; i < m->week.rule_count; i++)
		if (strcmp(m->rules[i].rule.name, name) == 0)
			return i;
	assert_true(m->week.rule_count < ROOM_RULES);
	m->rules[m->week.rule_count] =
		(struct week_rule){{.product = "p", .id = id, .name = arena_dup(m->arena, name)}, b};
	return m->week.rule_count++;
}

static inline uint32_t entity_of(struct made *m, enum entity_kind kind, const char *value)
{
	for (uint32_t i = 0; i < m->week.entity_count; i++)
		if (m->entities[i].kind == kind && strcmp(m->entities[i].value, value) == 0)
			return i;
	assert_true(m->week.entity_count < ROOM_ENTITIES);
	m->entities[m->week.entity_count].kind = kind;
	m->entities[m->week.entity_count].value = arena_dup(m->arena, value);
	m->entities[m->week.entity_count].shown = m->entities[m->week.entity_count].value;
	m->entities[m->week.entity_count].internal = kind == ENTITY_HOST || strncmp(value, "10.", 3) == 0;
	return m->week.entity_count++;
}

/* A cast of one machine and up to two others: kinds and roles of what tests need. */
struct others {
	const char *address, *source, *domain, *hash, *user;
	uint32_t tenant;
};

static inline void take(struct made *m, enum entity_kind kind, enum entity_role role, const char *value)
{
	if (value == NULL)
		return;
	if (m->member_count % 1024 == 0)
		m->members = must_grow(m->members, m->member_count + 1024, sizeof(*m->members));
	m->members[m->member_count++] = (struct member){entity_of(m, kind, value), role};
}

static inline uint32_t cast_of(struct made *m, const char *host, const struct others *o)
{
	struct cast c = {.first = m->member_count, .tenant = o->tenant, .host = NO_ENTITY};

	if (host != NULL)
		c.host = entity_of(m, ENTITY_HOST, host);
	else if (o->address != NULL)
		c.host = entity_of(m, ENTITY_IP, o->address);
	take(m, ENTITY_IP, ROLE_SOURCE, o->source);
	take(m, ENTITY_DOMAIN, ROLE_DESTINATION, o->domain);
	take(m, ENTITY_HOST, ROLE_VICTIM, host);
	take(m, ENTITY_IP, ROLE_VICTIM, o->address);
	take(m, ENTITY_USER, ROLE_ACTOR, o->user);
	take(m, ENTITY_HASH, ROLE_OBSERVED, o->hash);
	c.count = m->member_count - c.first;
	if (m->week.cast_count % 1024 == 0)
		m->casts = must_grow(m->casts, m->week.cast_count + 1024, sizeof(*m->casts));
	m->casts[m->week.cast_count] = c;
	return m->week.cast_count++;
}

static inline void mark(struct made *m, double hours, uint32_t rule, uint32_t cast, enum severity severity)
{
	instant at = START + (instant)(hours * (double)HOUR);

	if (m->week.mark_count % 1024 == 0)
		m->marks = must_grow(m->marks, m->week.mark_count + 1024, sizeof(*m->marks));
	m->marks[m->week.mark_count] = (struct mark){.at = at, .until = at, .key = m->week.mark_count, .rule = rule,
	                                             .cast = cast, .severity = (uint8_t)severity,
	                                             .confidence = -1, .score = -1, .bytes_out = -1};
	m->week.mark_count++;
}

static inline void alert(struct made *m, double hours, const char *host, const char *name, const struct behaviour *b,
                  enum severity severity, struct others o)
{
	mark(m, hours, rule_of(m, name, NULL, b), cast_of(m, host, &o), severity);
}

static inline int by_time(const void *x, const void *y)
{
	const struct mark *a = x, *b = y;

	if (a->at != b->at)
		return a->at < b->at ? -1 : 1;
	return (a->key > b->key) - (a->key < b->key);
}

static const struct analysis *analyse(struct made *m)
{
	static const char *const tenants[] = {"", "other"};

	m->week.rules = m->rules;
	m->week.entities = m->entities;
	m->week.members = m->members;
	m->week.casts = m->casts;
	m->week.marks = m->marks;
	m->week.tenants = tenants;
	m->week.tenant_count = 2;
	if (m->week.mark_count > 0) {
		qsort(m->marks, m->week.mark_count, sizeof(*m->marks), by_time);
		m->week.first = m->marks[0].at;
		m->week.last = m->marks[m->week.mark_count - 1].at;
	}
	cluster_week(&m->an, &m->week, m->arena);
	return &m->an;
}

static inline void end(struct made *m)
{
	free(m->rules);
	free(m->entities);
	free(m->members);
	free(m->casts);
	free(m->marks);
	arena_free(m->arena);
}

/* Logons on six machines in every hour of seven days. */
static inline void ordinary_week(struct made *m)
{
	static const char *const hosts[] = {"A", "B", "C", "D", "E", "F"};
	uint32_t logon = rule_of(m, "logon", NULL, &everyday);

	for (int h = 0; h < 6; h++) {
		struct others none = {0};
		uint32_t cast = cast_of(m, hosts[h], &none);

		for (int i = 0; i < 168; i++)
			mark(m, i + h * 0.1, logon, cast, SEVERITY_INFO);
	}
}

#define ALONE ((struct others){0})

/* The incident that holds the first alert of the rule, or NULL. */
static const struct incident *incident_of(const struct made *m, const char *name, const char *host)
{
	for (uint32_t i = 0; i < m->an.episode_count; i++) {
		const struct episode *e = &m->an.episodes[i];

		if (strcmp(m->rules[e->rule].rule.name, name) != 0)
			continue;
		if (host != NULL && (e->host == NO_ENTITY || strcmp(m->entities[e->host].value, host) != 0))
			continue;
		return e->incident == NO_INCIDENT ? NULL : &m->an.incidents[e->incident];
	}
	fail_msg("no episode of '%s'", name);
	return NULL;
}

static inline void intrusion(struct made *m, double hours, const char *host, struct others o)
{
	char name[48];

	snprintf(name, sizeof(name), "exploit on %s", host);
	alert(m, hours, host, name, &exploit, SEVERITY_HIGH, o);
	snprintf(name, sizeof(name), "shell on %s", host);
	alert(m, hours + 0.1, host, name, &shell, SEVERITY_HIGH, o);
}

#endif
