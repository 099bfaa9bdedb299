/* A last look: what was made holds nothing that was to be hidden. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "analyst/base/text.h"
#include "render/redact/redact_parts.h"
#include "templates/phrases.h"

static int refuse_words(const struct redaction *rd, const char *s, size_t n, struct fault *f)
{
	size_t end;
	const char *said;

	for (size_t i = 0; i < n; i++) {
		const struct value *v = redact_value_at(rd, s, n, i, &end, READ_OUTPUT);

		if (v == NULL)
			v = redact_encoded_at(rd, s, n, i, &end, &said);
		if (v != NULL)
			return fault_set(f, FAULT_DATA, "redaction: what %s stands for is still in the output; nothing was written",
			                 v->pseudonym);
		if (redact_address_at(rd, s, n, i, &said) > 0)
			return fault_set(f, FAULT_DATA, "redaction: an internal address is still in the output; nothing was written");
	}
	return 0;
}

/* ---- HTML and SVG: text, and the attributes that say something ---- */

static const char *skip_to(const char *at, const char *end, const char *mark)
{
	const char *found = memmem(at, (size_t)(end - at), mark, strlen(mark));

	return found != NULL ? found : end;
}

static bool says_something(const char *name, size_t n)
{
	static const char *const saying[] = { "title", "alt", "aria-label", "content", "value", "placeholder", "href", "xlink:href",
		"id", "src", "summary", "label" };

	for (size_t i = 0; i < sizeof saying / sizeof saying[0]; i++)
		if (strlen(saying[i]) == n && memcmp(saying[i], name, n) == 0)
			return true;
	return n > 5 && memcmp(name, "data-", 5) == 0;
}

/* The only one is the template's logo, which the profile keeps. Its digits spell short names by chance. */
static bool is_picture(const char *name, size_t n, const char *value, const char *end)
{
	static const char head[] = "data:image/png;base64,";

	return n == 3 && memcmp(name, "src", 3) == 0 && (size_t)(end - value) >= sizeof head - 1 &&
	       memcmp(value, head, sizeof head - 1) == 0;
}

static const struct { const char *written; char c; } escapes[] = {
	{ "&amp;", '&' }, { "&lt;", '<' }, { "&gt;", '>' }, { "&quot;", '"' }, { "&#39;", '\'' }, { "&apos;", '\'' },
};

static void add_plain(struct text *out, const char *s, const char *end)
{
	while (s < end) {
		size_t k = 0, count = sizeof escapes / sizeof escapes[0];

		while (k < count && !(*s == '&' && (size_t)(end - s) >= strlen(escapes[k].written) &&
		                      memcmp(s, escapes[k].written, strlen(escapes[k].written)) == 0))
			k++;
		text_addc(out, k < count ? escapes[k].c : *s);
		s += k < count ? strlen(escapes[k].written) : 1;
	}
}

/* The tag that begins at "<": its values that say something, one a line. Two elements are two texts. Returns what
 * follows it. */
static const char *add_tag(struct text *out, const char *at, const char *end)
{
	text_addc(out, '\n');
	while (at < end && *at != '>' && !isspace((unsigned char)*at))
		at++;
	while (at < end && *at != '>') {
		const char *name, *value;
		size_t n;

		while (at < end && (isspace((unsigned char)*at) || *at == '/'))
			at++;
		for (name = at; at < end && *at != '=' && *at != '>' && !isspace((unsigned char)*at); at++)
			;
		n = (size_t)(at - name);
		if (at + 1 >= end || *at != '=' || (at[1] != '"' && at[1] != '\''))
			continue;
		value = at + 2;
		at = memchr(value, at[1], (size_t)(end - value));
		at = at != NULL ? at : end;
		if (says_something(name, n) && !is_picture(name, n, value, at)) {
			text_addc(out, '\n');
			add_plain(out, value, at);
			text_addc(out, '\n');
		}
		at += at < end;
	}
	return at < end ? at + 1 : end;
}

static void add_markup(struct text *out, const char *at, const char *end)
{
	while (at < end) {
		const char *tag = memchr(at, '<', (size_t)(end - at));
		size_t left;

		tag = tag != NULL ? tag : end;
		add_plain(out, at, tag);
		left = (size_t)(end - tag);
		if (left >= 6 && memcmp(tag, "<style", 6) == 0)
			at = skip_to(tag, end, "</style>");
		else if (left >= 7 && memcmp(tag, "<script", 7) == 0)
			at = skip_to(tag, end, "</script>");
		else
			at = tag < end ? add_tag(out, tag, end) : end;
	}
}

/* ---- JSON: its values ---- */

/* The string that begins at its quote. Returns what follows it. */
static const char *add_string(struct text *out, const char *at, const char *end)
{
	const char *after, *s;

	for (after = at + 1; after < end && *after != '"'; after++)
		after += *after == '\\';
	after = after < end ? after + 1 : end;
	for (s = after; s < end && isspace((unsigned char)*s); s++)
		;
	if (s < end && *s == ':')
		return s;
	text_addc(out, '\n');
	for (s = at + 1; s + 1 < after; s++) {
		s += *s == '\\' && s + 2 < after && strchr("\"\\/", s[1]) != NULL;
		text_addc(out, *s);
	}
	text_addc(out, '\n');
	return after;
}

static void add_json(struct text *out, const char *at, const char *end)
{
	while (at < end)
		if (*at == '"')
			at = add_string(out, at, end);
		else
			text_addc(out, *at++);
}

int redaction_refuse(const void *ctx, const char *bytes, size_t n, struct fault *f)
{
	struct text words = { 0 };
	int rc;

	if (n == 0 || strchr("<{[", bytes[0]) == NULL)
		return refuse_words(ctx, bytes, n, f);
	if (bytes[0] == '<')
		add_markup(&words, bytes, bytes + n);
	else
		add_json(&words, bytes, bytes + n);
	rc = refuse_words(ctx, text_str(&words), words.used, f);
	text_free(&words);
	return rc;
}
