#include "analyst/readers/secrets.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* ---- names ---- */

enum {
	SUFFIX = 1,       /* also as the end of a longer name: "proxy-authorization", "AccessToken" */
	LINE = 2,         /* as a header, its value is the rest of the line */
	ASSIGNED = 4,     /* only with "=", as in a link: products use the name for other things, too */
	SWITCH = 8        /* only behind "/" or "-" on a command line */
};

#define WORD(s, flags) { sizeof(s) - 1, s, flags }
static const struct secret {
	size_t n;
	const char *word;
	int flags;
} secrets[] = {
	WORD("payload", 0), WORD("payload_printable", 0), WORD("packet", 0), WORD("http_request_body", 0),
	WORD("http_response_body", 0), WORD("http_request_body_printable", 0), WORD("http_response_body_printable", 0),
	WORD("password", SUFFIX), WORD("passwd", SUFFIX), WORD("passphrase", SUFFIX), WORD("pwd", 0),
	WORD("pass", ASSIGNED), WORD("pass", SWITCH), WORD("pw", SWITCH), WORD("p", SWITCH),
	WORD("authorization", SUFFIX | LINE), WORD("cookie", SUFFIX | LINE), WORD("token", SUFFIX), WORD("secret", SUFFIX),
	WORD("apikey", SUFFIX), WORD("api_key", SUFFIX), WORD("api-key", SUFFIX), WORD("accesskey", SUFFIX),
	WORD("sessionid", SUFFIX | ASSIGNED), WORD("session_id", ASSIGNED), WORD("sessid", SUFFIX | ASSIGNED)
};
#undef WORD
#define LONGEST 40

/* Pairs of letters that the names above, and "name" and "value", end in: most keys of a record are told apart by
 * theirs. Of "p" the first of the pair is what makes it a switch. */
#define PAIR(a, b) ((size_t)((a) & 31) << 5 | (size_t)((b) & 31))
static unsigned char ends[PAIR(31, 31) + 1];

__attribute__((constructor)) static void know_ends(void)
{
	for (size_t i = 0; i < sizeof(secrets) / sizeof(secrets[0]); i++) {
		const char *word = secrets[i].word;
		size_t n = secrets[i].n;

		if (n > 1)
			ends[PAIR(word[n - 2], word[n - 1])] = 1;
		else
			ends[PAIR('/', word[0])] = ends[PAIR('-', word[0])] = 1;
	}
	ends[PAIR('m', 'e')] = ends[PAIR('u', 'e')] = 1;
}

static const struct secret *find(const char *s, size_t n, int unless)
{
	for (size_t i = 0; n > 0 && i < sizeof(secrets) / sizeof(secrets[0]); i++) {
		const struct secret *w = &secrets[i];

		if (n >= w->n && w->word[w->n - 1] == (s[n - 1] | 0x20) && (n == w->n || (w->flags & SUFFIX) != 0) && (w->flags & unless) == 0 &&
		    strncasecmp(s + n - w->n, w->word, w->n) == 0)
			return w;
	}
	return NULL;
}

bool secret_named(const char *name, size_t n)
{
	if (n > 0 && name[n - 1] == ')')
		n--;
	return find(name, n, ASSIGNED | SWITCH) != NULL;
}

/* ---- values ---- */

static void stars(char *from, const char *to)
{
	if (to > from)
		memset(from, '*', (size_t)(to - from));
}

/* The quote that ends the JSON string whose first byte is s, or end. */
static char *string_end(char *s, char *end)
{
	char *quote;

	for (char *from = s; (quote = memchr(from, '"', (size_t)(end - from))) != NULL; from = quote + 1) {
		char *slash = quote;

		while (slash > s && slash[-1] == '\\')
			slash--;
		if ((quote - slash) % 2 == 0)
			return quote;
	}
	return end;
}

/* How long the quote is that opens at s: a quote as it is, inside a JSON string, or inside XML. 0: none does. */
static size_t quote_at(const char *s, const char *end)
{
	size_t n = 0;

	while (s + n < end && s[n] == '\\' && n < 8)
		n++;
	if (s + n < end && (s[n] == '"' || s[n] == '\''))
		return n + 1;
	return end - s >= 6 && (memcmp(s, "&quot;", 6) == 0 || memcmp(s, "&apos;", 6) == 0) ? 6 : 0;
}

/* Up to the same quote. */
static char *mask_quoted(char *s, size_t quote, char *end)
{
	const char *mark = s;
	char *stop;

	s += quote;
	if (quote == 1 && *mark == '"')
		stop = string_end(s, end);
	else if ((stop = memmem(s, (size_t)(end - s), mark, quote)) == NULL)
		stop = end;
	stars(s, stop);
	return stop;
}

/* A word that no quotes hold. A backslash belongs to it unless it begins what ends it inside a JSON string: a quote, a
 * line's end. */
static char *mask_word(char *s, char *end)
{
	char *from = s;

	while (s < end && strchr(" \"'&;,<>\t\r\n)}]", *s) == NULL) {
		if (*s == '\\' && s + 1 < end && strchr("\"rnt", s[1]) != NULL)
			break;
		s += *s == '\\' && s + 1 < end && s[1] == '\\' ? 2 : 1;
	}
	stars(from, s);
	return s;
}

/* A blank that separates stays, so that the words of a header can be told. */
static char *mask_line(char *s, char *end)
{
	for (; s < end && strchr("\r\n\"", *s) == NULL; s++) {
		if (*s == '\\' && s + 1 < end && strchr("\"rn", s[1]) != NULL)
			break;
		if (*s != ' ')
			*s = '*';
	}
	return s;
}

/* ["a", "b"] */
static void mask_array(char *s, char *end)
{
	while (s < end && *s != ']') {
		if (*s == '"')
			s = mask_quoted(s, 1, end);
		s += s < end;
	}
}

static char *skip_blanks(char *s, const char *end)
{
	while (s < end && (*s == ' ' || *s == '\t'))
		s++;
	return s;
}

static void mask_value(char *s, char *end, bool key, bool line)
{
	size_t quote;

	s = skip_blanks(s, end);
	if ((quote = quote_at(s, end)) > 0)
		mask_quoted(s, quote, end);
	else if (s < end && *s == '[' && key)
		mask_array(s, end);
	else if (key)
		for (; s < end && isdigit((unsigned char)*s); s++)
			*s = '*';
	else if (line)
		mask_line(s, end);
	else
		mask_word(s, end);
}

/* ---- where they stand ---- */

/* The name in front of a separator, within quotes or not. */
struct name {
	char *s;
	size_t n;
	bool quoted, flag;      /* flag: "/" or "-" stands before it */
};

static struct name name_before(const char *record, char *at, bool blanks)
{
	struct name name = { NULL, 0, false, false };
	char *end = at, *s;

	while (blanks && end > record && end[-1] == ' ')
		end--;
	for (; end > record && (end[-1] == '"' || end[-1] == '\'' || end[-1] == '\\' || end[-1] == ')') && at - end < 8; end--)
		name.quoted |= end[-1] == '"';
	if (end - record < 2 || ends[PAIR(end[-2], end[-1])] == 0)
		return name;
	for (s = end; s > record && (isalnum((unsigned char)s[-1]) || s[-1] == '_' || s[-1] == '-') && end - s < LONGEST; s--)
		;
	name.flag = s > record && s[-1] == '/';
	while (s < end && *s == '-') {
		name.flag = true;
		s++;
	}
	name.s = s;
	name.n = (size_t)(end - s);
	return name;
}

/* "https://user:password@host", its slashes perhaps escaped. */
static void mask_credentials(char *s, char *end)
{
	char *at = NULL, *colon = NULL;
	int slashes = 0;

	for (; s < end && (*s == '/' || *s == '\\'); s++)
		slashes += *s == '/';
	if (slashes != 2)
		return;
	for (; s < end && strchr("/?#\"'<>\\ \t\r\n", *s) == NULL; s++) {
		if (*s == ':' && colon == NULL)
			colon = s;
		if (*s == '@')
			at = s;
	}
	if (at != NULL && colon != NULL && colon < at)
		stars(colon + 1, at);
}

/* Headers come as {"name": "Cookie", "value": "..."}, too. header: such a name was the last. */
static void mask_pair(const char *record, char *at, char *end, bool *header)
{
	struct name name = name_before(record, at, *at != '>');
	char *value = skip_blanks(at + 1, end);
	const struct secret *w;

	if (*at == ':' && value < end && (*value == '/' || *value == '\\'))
		mask_credentials(value, end);
	if (name.n == 0)
		return;
	if (name.quoted && name.n == 4 && strncasecmp(name.s, "name", 4) == 0 && value < end && *value == '"') {
		*header = secret_named(value + 1, (size_t)(string_end(value + 1, end) - value - 1));
		return;
	}
	if (name.quoted && *header && name.n == 5 && strncasecmp(name.s, "value", 5) == 0 && value < end && *value == '"') {
		mask_quoted(value, 1, end);
		*header = false;
		return;
	}
	/* Behind the end of an XML element comes what is none of its. */
	if (*at == '>' && name.flag)
		return;
	w = find(name.s, name.n, (*at != '=' ? ASSIGNED : 0) | (name.flag && *at != '>' ? 0 : SWITCH));
	/* "contains pass= in cleartext" assigns nothing. */
	if (w == NULL || (*at == '=' && at > record && at[-1] != ' ' && at + 1 < end && at[1] == ' '))
		return;
	if (*at == '>')
		stars(at + 1, value < end && memchr(value, '<', (size_t)(end - value)) != NULL ?
		      memchr(value, '<', (size_t)(end - value)) : end);
	else
		mask_value(at + 1, end, name.quoted && *at == ':', *at == ':' && (w->flags & LINE) != 0);
}

/* "-Password x", "--pw x", "/pwd x": all have a w. */
static void mask_switches(const char *record, char *end)
{
	static const char capital[] = "wW";

	for (int i = 0; i < 2; i++)
		for (char *at = (char *)record; (at = memchr(at, capital[i], (size_t)(end - at))) != NULL; at++) {
			char *after = at + 1, *value;
			struct name name;

			while (after < end && isalpha((unsigned char)*after))
				after++;
			if (after == end || *after != ' ')
				continue;
			name = name_before(record, after, false);
			value = skip_blanks(after, end);
			if (name.n > 0 && name.flag && value < end && *value != '-' && *value != '/' && find(name.s, name.n, ASSIGNED) != NULL)
				mask_value(value, end, false, false);
		}
}

#define BEARER "earer"
#define TOKEN_LEAST 16

/* "Authorization" may have been left behind. Looked for by its blank: memmem prepares for longer than a value is. */
static void mask_bearers(char *s, char *end)
{
	const char *first = s;

	while (end - s > TOKEN_LEAST && (s = memchr(s, ' ', (size_t)(end - s))) != NULL) {
		char *token = ++s;

		if (token - first < (long)sizeof(BEARER) || memcmp(token - sizeof(BEARER), BEARER, sizeof(BEARER) - 1) != 0)
			continue;
		for (; s < end && (isalnum((unsigned char)*s) || strchr("-._~+/=", *s) != NULL) && *s != '\0'; s++)
			;
		if (s - token >= TOKEN_LEAST)
			stars(token, s);
	}
}

/* Whether s holds anything that one of the steps below looks for; most values do not. */
static bool may_hold_secrets(const char *s, size_t n)
{
	static const bool signs[256] = { [' '] = true, [':'] = true, ['='] = true, ['>'] = true, ['w'] = true, ['W'] = true };

	for (size_t i = 0; i < n; i++)
		if (signs[(unsigned char)s[i]])
			return true;
	return false;
}

void secrets_mask(char *s, size_t n)
{
	static const char separators[] = ":=>";
	char *end = s + n;

	if (!may_hold_secrets(s, n))
		return;
	for (const char *c = separators; *c != '\0'; c++) {
		bool header = false;

		for (char *at = s; (at = memchr(at, *c, (size_t)(end - at))) != NULL; at++)
			mask_pair(s, at, end, &header);
	}
	mask_switches(s, end);
	mask_bearers(s, end);
}

/* Shorter ones stand in many places by chance. */
#define VALUE_LEAST 4

static void mask_piece(char *s, char *end, const char *piece, size_t length)
{
	while (length >= VALUE_LEAST && (s = memmem(s, (size_t)(end - s), piece, length)) != NULL) {
		stars(s, s + length);
		s += length;
	}
}

/* A quote within may be written twice, or otherwise, in the record. */
void secrets_mask_value(char *s, size_t n, const char *value)
{
	for (size_t length; *value != '\0'; value += length + (value[length] == '"')) {
		length = strcspn(value, "\"");
		mask_piece(s, s + n, value, length);
	}
}
