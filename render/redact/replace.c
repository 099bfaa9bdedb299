#include "render/redact/redact_parts.h"

#include <string.h>

#include "analyst/base/text.h"

/* Of what is known only by its form. */
static const char *late(struct redaction *rd, const char *s, size_t n, enum hidden kind)
{
	const char *name = arena_dupn(rd->arena, s, n), *pseudonym = redact_add(rd, name, kind, NULL);

	return pseudonym != NULL ? pseudonym : name;
}

static size_t replace_path(struct redaction *rd, struct text *out, const char *s, size_t n, size_t at, enum looking how)
{
	size_t end = rd->profile->as[HIDDEN_PATHS] != NULL ? redact_path_at(s, n, at) : 0, known = 0;
	const struct value *v;

	if (end == 0)
		return 0;
	v = redact_value_at(rd, s, n, at, &known, how);
	if (v != NULL && v->kind == HIDDEN_PATHS && known >= end) {
		text_add(out, v->pseudonym);
		return known;
	}
	text_add(out, late(rd, s + at, end - at, HIDDEN_PATHS));
	return end;
}

/* Where what was replaced at s[at] ends, 0 when nothing was. */
static size_t replace_at(struct redaction *rd, struct text *out, const char *s, size_t n, size_t at, enum looking how)
{
	size_t end = replace_path(rd, out, s, n, at, how);
	const struct value *v;
	const char *plain;

	if (end > 0)
		return end;
	if ((v = redact_value_at(rd, s, n, at, &end, how)) != NULL)
		text_add(out, v->pseudonym);
	else if ((end = redact_address_at(rd, s, n, at, &plain)) > 0)
		text_add(out, late(rd, plain, strlen(plain), HIDDEN_ADDRESSES));
	else if ((v = redact_encoded_at(rd, s, n, at, &end, &plain)) != NULL)
		text_printf(out, "%s:%s", plain, v->pseudonym);
	else
		end = 0;
	return end;
}

const char *redact_words(struct redaction *rd, const char *s, enum looking how)
{
	struct text out = { 0 };
	const struct value *whole;
	const char *result;
	size_t n, end;

	if (rd == NULL || s == NULL || *s == '\0')
		return s;
	if ((whole = redact_look_up(rd, redact_fold(rd->arena, s))) != NULL)
		return whole->pseudonym;
	n = strlen(s);
	for (size_t i = 0; i < n; i = end)
		if ((end = replace_at(rd, &out, s, n, i, how)) == 0) {
			text_addc(&out, s[i]);
			end = i + 1;
		}
	result = strcmp(text_str(&out), s) == 0 ? s : arena_dup(rd->arena, text_str(&out));
	text_free(&out);
	return result;
}

const char *redact_text(struct redaction *rd, const char *s)
{
	return redact_words(rd, s, READ_DATA);
}
