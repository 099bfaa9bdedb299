/* Prose as readers may see it: refang.h the other way. */
#include <string.h>

#include "analyst/base/text.h"
#include "analyst/readers/refang_parts.h"

#define PROSE_FOUND 64

/* "c103w-a.zip" is far more often a file than a host under .zip. */
static bool is_file_name(const struct found *found)
{
	const char *dot = strchr(found->value, '.');

	return found->kind == INDICATOR_DOMAIN && dot != NULL && dot == strrchr(found->value, '.') && is_file_ending(dot + 1);
}

/* What no name was found in may still hold a scheme. */
static void add_between(struct text *out, const char *s, size_t n, struct arena *arena)
{
	const char *part = arena_dupn(arena, s, n);

	if (strstr(part, "://") != NULL)
		text_add_defanged(out, part);
	else
		text_add(out, part);
}

const char *name_defanged(struct arena *arena, const char *s)
{
	struct text out = { 0 };
	const char *result;

	text_add_defanged(&out, s);
	result = arena_dup(arena, text_str(&out));
	text_free(&out);
	return result;
}

const char *name_unlinked(struct arena *arena, const char *s)
{
	return s != NULL && strstr(s, "://") != NULL ? name_defanged(arena, s) : s;
}

const char *prose_defanged(struct arena *arena, const char *s)
{
	struct found found[PROSE_FOUND];
	struct text out = { 0 };
	size_t n, at = 0;
	const char *result;

	if (s == NULL || (strchr(s, '.') == NULL && strstr(s, "://") == NULL))
		return s;
	n = refang_line(found, PROSE_FOUND, s, strlen(s), arena);
	for (size_t i = 0; i < n; i++) {
		enum indicator_kind k = found[i].kind;

		if (is_file_name(&found[i]) || found[i].start < at || (k != INDICATOR_URL && k != INDICATOR_DOMAIN && k != INDICATOR_IP && k != INDICATOR_EMAIL))
			continue;
		add_between(&out, s + at, found[i].start - at, arena);
		text_add_defanged(&out, arena_dupn(arena, s + found[i].start, found[i].end - found[i].start));
		at = found[i].end;
	}
	add_between(&out, s + at, strlen(s + at), arena);
	result = strcmp(text_str(&out), s) == 0 ? s : arena_dup(arena, text_str(&out));
	text_free(&out);
	return result;
}
