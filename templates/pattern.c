#include <stdbool.h>
#include <string.h>

#include "templates/pattern.h"

#define NAME_LETTERS "abcdefghijklmnopqrstuvwxyz-"
#define REGISTER_OPEN "\xE3\x80\x88"     /* 〈 */
#define REGISTER_CLOSE "\xE3\x80\x89"    /* 〉 */
#define NESTING 6                        /* as deep as story.c follows */

/* What may stand behind the colon of a fact that is no number with its noun. */
static const char *const forms[] = { "full", "day", "time", "clock", "date", "weekday", "day-time", "zone", "rough", "whole" };

static bool known_form(const char *s, size_t n)
{
	if (memchr(s, '|', n) != NULL)
		return true;
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		if (strlen(forms[i]) == n && memcmp(forms[i], s, n) == 0)
			return true;
	return false;
}

/* The fact named at s: behind a brace, or at the beginning of a group as its condition. 0: none is. */
static size_t fact_at(const char *s)
{
	size_t n = strspn(s + 1, NAME_LETTERS);

	if (*s == '{')
		return n;
	return *s == '[' && n > 0 && (s[1 + n] == '?' || s[1 + n] == '!') ? n : 0;
}

void pattern_facts(const char *pattern, pattern_fact each, void *ctx)
{
	for (const char *s = pattern; *s != '\0'; s++) {
		size_t n = *s == '{' || *s == '[' ? fact_at(s) : 0;

		if (n > 0 && !each(ctx, s + 1, n))
			return;
	}
}

static const char *wrong_fact(const char *s, size_t *length, struct arena *a)
{
	const char *close = strchr(s, '}');
	size_t n = fact_at(s);

	if (close == NULL)
		return "a '{' is not closed";
	*length = (size_t)(close - s) + 1;
	if (n == 0 || (s[1 + n] != '}' && s[1 + n] != ':'))
		return arena_printf(a, "'%.*s' names no fact", (int)(*length > 60 ? 60 : *length), s);
	if (s[1 + n] == ':' && !known_form(s + n + 2, (size_t)(close - s) - n - 2))
		return arena_printf(a, "'%.*s' asks for an unknown form", (int)(*length > 60 ? 60 : *length), s);
	return NULL;
}

static const char *wrong_register(const char *s, size_t *length)
{
	const char *close = strstr(s, REGISTER_CLOSE);

	if (close == NULL || memchr(s, '|', (size_t)(close - s)) == NULL)
		return "'" REGISTER_OPEN "' needs '|' and '" REGISTER_CLOSE "' behind it";
	*length = strlen(REGISTER_OPEN);
	return NULL;
}

static const char *wrong_form(const char *pattern, struct arena *a)
{
	int depth = 0;
	bool strong = false;

	for (const char *s = pattern; *s != '\0';) {
		size_t length = 1;
		const char *wrong = NULL;

		if (*s == '{')
			wrong = wrong_fact(s, &length, a);
		else if (strncmp(s, REGISTER_OPEN, 3) == 0)
			wrong = wrong_register(s, &length);
		depth += (*s == '[') - (*s == ']');
		strong ^= *s == '*';
		if (wrong != NULL)
			return wrong;
		if (depth < 0 || depth > NESTING)
			return depth < 0 ? "a ']' closes nothing" : "groups are nested too deep";
		s += length;
	}
	return depth > 0 ? "a '[' is not closed" : strong ? "a '*' is not closed" : NULL;
}

struct looking {
	pattern_fact known;
	void *ctx;
	const char *name;            /* the first that is not known */
	size_t n;
};

static bool look(void *ctx, const char *name, size_t n)
{
	struct looking *l = ctx;

	if (l->known(l->ctx, name, n))
		return true;
	l->name = name;
	l->n = n;
	return false;
}

const char *pattern_wrong(const char *pattern, pattern_fact known, void *ctx, struct arena *a)
{
	const char *wrong = wrong_form(pattern, a);
	struct looking l = { known, ctx, NULL, 0 };

	if (wrong != NULL)
		return wrong;
	pattern_facts(pattern, look, &l);
	return l.name != NULL ? arena_printf(a, "unknown fact '%.*s'", (int)(l.n > 60 ? 60 : l.n), l.name) : NULL;
}
