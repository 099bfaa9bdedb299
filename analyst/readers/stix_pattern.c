#include "analyst/readers/stix_pattern.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

static const struct named path_kinds[] = {
	{ "ipv4-addr:value", INDICATOR_IP }, { "ipv6-addr:value", INDICATOR_IP },
	{ "network-traffic:dst_ref.value", INDICATOR_IP }, { "network-traffic:src_ref.value", INDICATOR_IP },
	{ "domain-name:value", INDICATOR_DOMAIN }, { "url:value", INDICATOR_URL },
	{ "email-addr:value", INDICATOR_EMAIL }, { "email-message:from_ref.value", INDICATOR_EMAIL },
	{ "email-message:sender_ref.value", INDICATOR_EMAIL }, { "file:hashes.md5", INDICATOR_MD5 },
	{ "file:hashes.sha-1", INDICATOR_SHA1 }, { "file:hashes.sha1", INDICATOR_SHA1 },
	{ "file:hashes.sha-256", INDICATOR_SHA256 }, { "file:hashes.sha256", INDICATOR_SHA256 },
	{ "file:hashes.sha-512", INDICATOR_SHA512 }, { "file:hashes.sha512", INDICATOR_SHA512 },
	{ "file:name", INDICATOR_FILENAME }, { "file:parent_directory_ref.path", INDICATOR_PATH },
	{ "directory:path", INDICATOR_PATH }, { "windows-registry-key:key", INDICATOR_REGISTRY },
	{ "process:name", INDICATOR_FILENAME }, { "process:image_ref.name", INDICATOR_FILENAME },
	{ "process:binary_ref.name", INDICATOR_FILENAME },
	{ "file:path", INDICATOR_PATH }, { "mutex:name", INDICATOR_MUTEX }, { "process:command_line", INDICATOR_COMMAND },
	{ "network-traffic:extensions.http-request-ext.request_header.user-agent", INDICATOR_AGENT },
	{ "x509-certificate:hashes.md5", INDICATOR_CERTIFICATE }, { "x509-certificate:hashes.sha-1", INDICATOR_CERTIFICATE },
	{ "x509-certificate:hashes.sha1", INDICATOR_CERTIFICATE }, { "x509-certificate:hashes.sha-256", INDICATOR_CERTIFICATE },
	{ "x509-certificate:hashes.sha256", INDICATOR_CERTIFICATE },
	{ "vulnerability:name", INDICATOR_CVE }, { NULL, 0 }
};

enum indicator_kind pattern_path_kind(const char *path)
{
	return (enum indicator_kind)table_value(path_kinds, path, INDICATOR_TEXT);
}

struct parser {
	const char *s;
	struct pattern *out;
	struct arena *arena;
	const char *why;         /* nothing can be taken from it */
	const char *odd;         /* of a part that stays text: the first reason */
	int depth;
};

#define PATTERN_DEPTH 64

static bool stop(struct parser *p, const char *why)
{
	if (p->why == NULL)
		p->why = why;
	return false;
}

static void blanks(struct parser *p)
{
	while (isspace((unsigned char)*p->s))
		p->s++;
}

static bool sign(struct parser *p, char c)
{
	blanks(p);
	if (*p->s != c)
		return false;
	p->s++;
	return true;
}

static bool word(struct parser *p, const char *w)
{
	size_t n = strlen(w);

	blanks(p);
	if (strncasecmp(p->s, w, n) != 0 || isalnum((unsigned char)p->s[n]) || p->s[n] == '_')
		return false;
	p->s += n;
	return true;
}

/* To the quote that ends the text, or to its end. What is copied is only that: a pattern may hold many. */
static size_t quoted_length(const char *s)
{
	size_t n = 0;

	while (s[n] != '\'' && s[n] != '\0')
		n += s[n] == '\\' && s[n + 1] != '\0' ? 2 : 1;
	return n;
}

/* 'text' with \' and \\ undone; t'..', h'..', b'..' are taken as they are written. */
static const char *literal(struct parser *p)
{
	char *out;
	size_t n = 0;

	blanks(p);
	if (*p->s != '\0' && strchr("thb", *p->s) != NULL && p->s[1] == '\'')
		p->s++;
	if (*p->s != '\'') {
		const char *start = p->s;

		while (isalnum((unsigned char)*p->s) || *p->s == '.' || *p->s == '-' || *p->s == '+')
			p->s++;
		return p->s > start ? arena_dupn(p->arena, start, (size_t)(p->s - start)) : NULL;
	}
	p->s++;
	out = arena_alloc(p->arena, quoted_length(p->s) + 1);
	while (*p->s != '\'' && *p->s != '\0') {
		if (*p->s == '\\' && p->s[1] != '\0')
			p->s++;
		out[n++] = *p->s++;
	}
	if (*p->s == '\0')
		return NULL;
	p->s++;
	return out;
}

/* file:hashes.'SHA-256' without its quotes. */
static const char *object_path(struct parser *p)
{
	const char *start;
	char *out;
	size_t n = 0, opened = 0;
	bool quoted = false;

	blanks(p);
	for (start = p->s; *p->s != '\0'; p->s++) {
		if (*p->s == '\'') {
			quoted = !quoted;
			continue;
		}
		/* "]" behind no "[" ends the observation. */
		if (!quoted && !isalnum((unsigned char)*p->s) && strchr("-_.:[*", *p->s) == NULL && (*p->s != ']' || opened == 0))
			break;
		opened += !quoted && *p->s == '[';
		opened -= !quoted && *p->s == ']';
	}
	out = arena_text(p->arena, (size_t)(p->s - start));
	for (const char *s = start; s < p->s; s++)
		if (*s != '\'')
			out[n++] = *s;
	out[n] = '\0';
	return n > 0 && memchr(out, ':', n) != NULL ? out : NULL;
}

/* For all that is not taken apart: "=", "!=", ">" and so on, LIKE, MATCHES, IN, ISSUPERSET; then a literal, or several. */
static bool pass_over(struct parser *p)
{
	static const char *const words[] = { "LIKE", "MATCHES", "ISSUBSET", "ISSUPERSET", "IN", NULL };
	bool operator = false;

	blanks(p);
	while (*p->s != '\0' && strchr("=!<>", *p->s) != NULL) {
		operator = true;
		p->s++;
	}
	for (const char *const *w = words; *w != NULL && !operator; w++)
		operator = word(p, *w);
	if (!operator)
		return stop(p, "a pattern that is not STIX patterning");
	if (!sign(p, '('))
		return literal(p) != NULL || stop(p, "a pattern with a broken literal");
	do
		if (literal(p) == NULL)
			return stop(p, "a pattern with a broken literal");
	while (sign(p, ','));
	return sign(p, ')') || stop(p, "a pattern that is not STIX patterning");
}

static bool add(struct parser *p, enum indicator_kind kind, const char *value)
{
	if (value == NULL)
		return stop(p, "a pattern with a broken literal");
	if (p->out->count == PATTERN_VALUES)
		return stop(p, "a pattern of more than 512 values");
	p->out->values[p->out->count++] = (struct pattern_value){ kind, value };
	return true;
}

/* What MISP writes beside an address: its type, which the address shows, and its port and protocol, which its own format loses,
 * too. And where a name led once: the name is what is looked for. */
static bool adds_nothing(const char *path)
{
	static const char ending[] = "_ref.type";
	size_t n = strlen(path);

	return (n > sizeof(ending) && strcmp(path + n - (sizeof(ending) - 1), ending) == 0) ||
	       strcmp(path, "network-traffic:dst_port") == 0 || strcmp(path, "network-traffic:src_port") == 0 ||
	       strncmp(path, "network-traffic:protocols[", 26) == 0 || strcmp(path, "domain-name:resolves_to_refs[*].value") == 0;
}

/* What stands from `start` on stays text; another alternative may be a value all the same. */
static bool keep_text(struct parser *p, const char *start, const char *why)
{
	if (p->odd == NULL)
		p->odd = why;
	while (isspace((unsigned char)*start))
		start++;
	return add(p, INDICATOR_TEXT, arena_dupn(p->arena, start, (size_t)(p->s - start)));
}

/* LIKE '%.evil.example', of a name: it and all below it, as every name is looked for; without a wildcard it is "=". */
static bool like(struct parser *p, const char *start, enum indicator_kind kind)
{
	const char *value = literal(p);

	if (value == NULL)
		return stop(p, "a pattern with a broken literal");
	if (kind == INDICATOR_DOMAIN && value[0] == '%')
		value += value[1] == '.' ? 2 : 1;
	if (strpbrk(value, "%_") != NULL || (kind == INDICATOR_DOMAIN && strchr(value, '.') == NULL))
		return keep_text(p, start, "a pattern with a comparison other than = and IN");
	return add(p, kind, value);
}

static bool comparison(struct parser *p)
{
	const char *path, *start = p->s;
	enum indicator_kind kind;

	if (word(p, "EXISTS"))
		return object_path(p) != NULL ? keep_text(p, start, "a pattern with EXISTS")
		                              : stop(p, "a pattern that is not STIX patterning");
	if ((path = object_path(p)) == NULL)
		return stop(p, "a pattern that is not STIX patterning");
	if (word(p, "NOT"))
		return pass_over(p) && keep_text(p, start, "a pattern with NOT");
	if (adds_nothing(path) && sign(p, '='))
		return literal(p) != NULL || stop(p, "a pattern with a broken literal");
	if ((kind = pattern_path_kind(path)) == INDICATOR_TEXT)
		return pass_over(p) && keep_text(p, start, arena_printf(p->arena, "a pattern on %.60s", path));
	if (sign(p, '='))
		return add(p, kind, literal(p));
	if (kind == INDICATOR_IP && word(p, "ISSUBSET"))
		return add(p, INDICATOR_CIDR, literal(p));
	if (word(p, "LIKE"))
		return like(p, start, kind);
	if (!word(p, "IN"))
		return pass_over(p) && keep_text(p, start, "a pattern with a comparison other than = and IN");
	if (!sign(p, '('))
		return stop(p, "a pattern that is not STIX patterning");
	do {
		if (!add(p, kind, literal(p)))
			return false;
	} while (sign(p, ','));
	return sign(p, ')') || stop(p, "a pattern that is not STIX patterning");
}

static bool alternatives(struct parser *p);

static bool term(struct parser *p)
{
	if (++p->depth > PATTERN_DEPTH)
		return stop(p, "a pattern nested too deep");
	if (sign(p, '(')) {
		if (!alternatives(p) || !sign(p, ')'))
			return stop(p, "a pattern that is not STIX patterning");
	} else if (!comparison(p)) {
		return false;
	}
	p->depth--;
	return true;
}

static bool is_hash(enum indicator_kind kind)
{
	return kind == INDICATOR_MD5 || kind == INDICATOR_SHA1 || kind == INDICATOR_SHA256 || kind == INDICATOR_SHA512;
}

/* Several values of one file at once: whatever its name or size is, its hashes tell it. False when they are of something
 * else. */
static bool keep_hashes(struct pattern *out, size_t from)
{
	size_t kept = from;
	bool hashes = false;

	for (size_t i = from; i < out->count; i++) {
		const struct pattern_value *v = &out->values[i];

		hashes = hashes || is_hash(v->kind);
		if (!is_hash(v->kind) && v->kind != INDICATOR_FILENAME && v->kind != INDICATOR_PATH &&
		    !(v->kind == INDICATOR_TEXT && strncmp(v->value, "file:", 5) == 0))
			return false;
	}
	for (size_t i = from; hashes && i < out->count; i++)
		if (is_hash(out->values[i].kind))
			out->values[kept++] = out->values[i];
	if (hashes)
		out->count = kept;
	return hashes;
}

/* A file's name and its folder: a path. */
static bool join_path(struct parser *p, size_t from)
{
	struct pattern_value *v = &p->out->values[from], *name = v, *folder = v + 1;

	if (p->out->count != from + 2)
		return false;
	if (name->kind == INDICATOR_PATH) {
		name = v + 1;
		folder = v;
	}
	if (name->kind != INDICATOR_FILENAME || folder->kind != INDICATOR_PATH || name->value[0] == '\0' || folder->value[0] == '\0')
		return false;
	*v = (struct pattern_value){ INDICATOR_PATH, arena_printf(p->arena, "%s%s%s", folder->value,
	                             strchr("\\/", folder->value[strlen(folder->value) - 1]) != NULL ? "" :
	                             strchr(folder->value, '/') != NULL ? "/" : "\\", name->value) };
	p->out->count = from + 1;
	return true;
}

/* What is asked for at once. */
static bool conjunction(struct parser *p)
{
	const char *start = p->s, *odd = p->odd;
	size_t from = p->out->count, terms = 0;

	do {
		size_t before = p->out->count;

		if (!term(p))
			return false;
		terms += p->out->count > before;
	} while (word(p, "AND"));
	if (terms == 0)
		return stop(p, "a pattern that asks for no value");
	if (terms == 1)
		return true;
	if (keep_hashes(p->out, from)) {
		p->odd = odd;
		return true;
	}
	if (terms == 2 && join_path(p, from))
		return true;
	p->out->count = from;
	return keep_text(p, start, "a pattern that asks for several values at once");
}

static bool alternatives(struct parser *p)
{
	do
		if (!conjunction(p))
			return false;
	while (word(p, "OR"));
	return true;
}

static void qualifiers(struct parser *p)
{
	static const char *const words[] = { "WITHIN", "REPEATS", "START", "STOP", "SECONDS", "TIMES", NULL };
	bool again = true;

	while (again) {
		again = false;
		for (const char *const *w = words; *w != NULL; w++)
			if (word(p, *w)) {
				p->out->qualified = again = true;
				blanks(p);
				if (*p->s == '\'' || (*p->s == 't' && p->s[1] == '\'') || isdigit((unsigned char)*p->s))
					literal(p);
			}
	}
}

static bool observations(struct parser *p)
{
	for (;;) {
		if (++p->depth > PATTERN_DEPTH)
			return stop(p, "a pattern nested too deep");
		if (sign(p, '[')) {
			if (!alternatives(p) || !sign(p, ']'))
				return stop(p, "a pattern that is not STIX patterning");
		} else if (sign(p, '(')) {
			if (!observations(p) || !sign(p, ')'))
				return stop(p, "a pattern that is not STIX patterning");
		} else {
			return stop(p, "a pattern that is not STIX patterning");
		}
		p->depth--;
		qualifiers(p);
		if (word(p, "AND") || word(p, "FOLLOWEDBY"))
			p->out->joined = true;
		else if (!word(p, "OR"))
			return true;
	}
}

const char *pattern_read(struct pattern *out, const char *s, struct arena *arena)
{
	struct parser p = { s, out, arena, NULL, NULL, 0 };
	bool any = false;

	out->count = 0;
	out->qualified = out->joined = false;
	if (observations(&p)) {
		blanks(&p);
		if (*p.s != '\0')
			stop(&p, "a pattern that is not STIX patterning");
	}
	for (size_t i = 0; i < out->count; i++)
		any = any || out->values[i].kind != INDICATOR_TEXT;
	return p.why != NULL ? p.why : any ? NULL : p.odd;
}
