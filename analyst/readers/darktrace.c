#include "analyst/readers/darktrace.h"

#include <string.h>
#include <strings.h>

const struct band darktrace_categories[] = {
	{ "Informational", 0, SEVERITY_INFO }, { "Compliance", 0, SEVERITY_LOW }, { "Suspicious", 0, SEVERITY_MEDIUM },
	{ "Critical", 0, SEVERITY_HIGH }, BANDS_END
};

const char *darktrace_model(struct arena *arena, const char *name)
{
	char *copy = arena_dup(arena, name), *to = copy;

	for (const char *s = name; *s != '\0'; to++) {
		if (strncmp(s, " / ", 3) == 0) {
			*to++ = ':';
			*to = ':';
			s += 3;
		} else {
			*to = *s++;
		}
	}
	*to = '\0';
	return copy;
}

void darktrace_response(struct alert *a)
{
	if (strncasecmp(a->rule.name, "Antigena", 8) != 0 && strncasecmp(a->rule.name, "RESPOND", 7) != 0)
		return;
	a->kind = RECORD_RESPONSE;
	a->action = strcasestr(a->rule.name, "block") != NULL ? ACTION_BLOCKED :
	            strcasestr(a->rule.name, "quarantine") != NULL ? ACTION_QUARANTINED : ACTION_UNKNOWN;
}

void darktrace_accounts(struct alert *a, struct arena *arena)
{
	const char *names[ALERT_ENTITIES];
	size_t count = 0, kept = 0;

	for (size_t i = 0; i < a->entity_count; i++) {
		const struct entity *e = &a->entities[i];
		const char *name = strncasecmp(e->value, "saas::", 6) == 0 ? strstr(e->value, ": ") : NULL;

		if (name != NULL && e->kind == ENTITY_HOST)
			names[count++] = name + 2;
		else
			a->entities[kept++] = *e;
	}
	a->entity_count = kept;
	for (size_t i = 0; i < count; i++)
		canon_add(a, arena, ENTITY_USER, ROLE_ACTOR, names[i]);
}

void darktrace_weigh(struct alert *a)
{
	if (a->severity == SEVERITY_HIGH && a->score >= 80)
		a->severity = SEVERITY_CRITICAL;
}
