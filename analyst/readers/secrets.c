#include "analyst/readers/secrets.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

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
	WORD("access_key", SUFFIX), WORD("accountkey", SUFFIX), WORD("sig", ASSIGNED),
	WORD("sessionid", SUFFIX | ASSIGNED), WORD("session_id", ASSIGNED), WORD("sessid", SUFFIX | ASSIGNED)
};
#undef WORD
#define LONGEST 40

/* Pairs of letters that the names above, and "name" and "value", end in: most keys of a record are told apart by
 * theirs. Of "p" the first of the pair is what makes it a switch. A bit each of those names, and one for the two others. */
#define PAIR(a, b) ((size_t)((a) & 31) << 5 | (size_t)((b) & 31))
#define PAIRS (PAIR(31, 31) + 1)
#define SECRETS (sizeof(secrets) / sizeof(secrets[0]))
#define PAIRED (UINT32_C(1) << 31)
static uint32_t ends[PAIRS], ends_unassigned[PAIRS];       /* the second: without those that go with "=" only */

_Static_assert(SECRETS < 31, "a bit each");

static void know_end(char a, char b, uint32_t bit, int flags)
{
	ends[PAIR(a, b)] |= bit;
	if ((flags & ASSIGNED) == 0)
		ends_unassigned[PAIR(a, b)] |= bit;
}

__attribute__((constructor)) static void know_ends(void)
{
	for (size_t i = 0; i < SECRETS; i++) {
		const char *word = secrets[i].word;
		size_t n = secrets[i].n;

		if (n > 1)
			know_end(word[n - 2], word[n - 1], UINT32_C(1) << i, secrets[i].flags);
		else
			for (const char *mark = "/-"; *mark != '\0'; mark++)
				know_end(*mark, word[0], UINT32_C(1) << i, secrets[i].flags);
	}
	know_end('m', 'e', PAIRED, 0);
	know_end('u', 'e', PAIRED, 0);
}

static const struct secret *first_of(uint32_t those, const char *s, size_t n, int unless)
{
	for (; those != 0; those &= those - 1) {
		const struct secret *w = &secrets[__builtin_ctz(those)];

		if (n >= w->n && (n == w->n || (w->flags & SUFFIX) != 0) && (w->flags & unless) == 0 &&
		    strncasecmp(s + n - w->n, w->word, w->n) == 0)
			return w;
	}
	return NULL;
}

static const struct secret *find(const char *s, size_t n, int unless)
{
	/* What stands before a name of one letter is not known here. */
	uint32_t those = n > 1 ? ends[PAIR(s[n - 2], s[n - 1])] & ~PAIRED : n == 1 ? (UINT32_C(1) << SECRETS) - 1 : 0;

	return first_of(those, s, n, unless);
}

bool secret_named(const char *name, size_t n)
{
	if (n > 0 && name[n - 1] == ')')
		n--;
	return find(name, n, ASSIGNED | SWITCH) != NULL;
}

/* ---- looking for one letter ---- */

/* The places of a letter, which are many in a record: found for 64 bytes at once. What is overwritten before its turn
 * comes is passed over. */
struct places {
	char *from, *end;
	uint64_t left;           /* a bit each byte of the 64 from `from` on */
	char letter;
};

static inline uint64_t bits_of(const char *s, char letter)
{
	uint64_t bits = 0;

#ifdef __SSE2__
	const __m128i letters = _mm_set1_epi8(letter);

	for (int i = 0; i < 4; i++) {
		__m128i same = _mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)(const void *)(s + 16 * i)), letters);

		bits |= (uint64_t)(uint32_t)_mm_movemask_epi8(same) << 16 * i;
	}
#else
	for (int i = 0; i < 64; i++)
		bits |= (uint64_t)(s[i] == letter) << i;
#endif
	return bits;
}

/* Of fewer than 64 bytes, behind which others may not be looked at. */
static __attribute__((noinline)) uint64_t bits_of_last(const char *s, size_t n, char letter)
{
	char last[64];

	memset(last, ~letter, sizeof(last));
	memcpy(last, s, n);
	return bits_of(last, letter);
}

static inline uint64_t bits_at(const struct places *p)
{
	size_t n = (size_t)(p->end - p->from);

	return n >= 64 ? bits_of(p->from, p->letter) : bits_of_last(p->from, n, p->letter);
}

static struct places places_of(char *s, char *end, char letter)
{
	struct places p = { s, end, 0, letter };

	if (s < end)
		p.left = bits_at(&p);
	return p;
}

/* The next, or NULL. */
static inline char *next_place(struct places *p)
{
	for (;;) {
		while (p->left != 0) {
			char *at = p->from + __builtin_ctzll(p->left);

			p->left &= p->left - 1;
			if (*at == p->letter)
				return at;
		}
		if (p->end - p->from <= 64)
			return NULL;
		p->from += 64;
		p->left = bits_at(p);
	}
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

static inline struct name name_before(const char *record, char *at, bool blanks)
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
	static const bool ends_host[256] = {
		['\0'] = true, ['/'] = true, ['?'] = true, ['#'] = true, ['"'] = true, ['\''] = true, ['<'] = true, ['>'] = true,
		['\\'] = true, [' '] = true, ['\t'] = true, ['\r'] = true, ['\n'] = true
	};
	char *at = NULL, *colon = NULL;
	int slashes = 0;

	for (; s < end && (*s == '/' || *s == '\\'); s++)
		slashes += *s == '/';
	if (slashes != 2)
		return;
	for (; s < end && !ends_host[(unsigned char)*s]; s++) {
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

/* What ends a name within quotes; what behind a separator may begin a link, or stands away from it. */
enum { QUOTE = 1, AFTER = 2 };
static const unsigned char signs_of[256] = {
	['"'] = QUOTE, ['\''] = QUOTE, [')'] = QUOTE, ['\\'] = QUOTE | AFTER, ['/'] = AFTER, [' '] = AFTER, ['\t'] = AFTER
};

/* False for most: neither a name's end stands before the separator, nor a link behind it. What is not plain is true. */
static inline bool may_matter(const char *record, const char *at, const char *end, const uint32_t *known)
{
	const char *last = at - 1;

	if (at - record < 4 || end - at < 2 || (signs_of[(unsigned char)at[1]] & AFTER) != 0 || *last == ' ')
		return true;
	last -= *last == '"';
	return (signs_of[(unsigned char)*last] & QUOTE) != 0 || known[PAIR(last[-1], *last)] != 0;
}

#define BEARER "earer"
#define TOKEN_LEAST 16

static bool is_behind_bearer(const char *first, const char *blank)
{
	return blank - first >= (long)sizeof(BEARER) - 1 && blank[-1] == 'r' &&
	       memcmp(blank - (sizeof(BEARER) - 1), BEARER, sizeof(BEARER) - 1) == 0;
}

/* Whether the word before the blank may be a switch's name, and has the letter. */
static bool is_behind_word_with(char letter, const char *record, const char *blank)
{
	if (blank - record < 2 || ends[PAIR(blank[-2], blank[-1])] == 0)
		return false;
	for (const char *s = blank; s > record && isalpha((unsigned char)s[-1]); s--)
		if (s[-1] == letter)
			return true;
	return false;
}

/* What was seen on the way that others look for. */
enum { CAPITALS = 1, BEARERS = 2 };

/* "-Password x", "--pw x", "/pwd x": all have a w. */
static int mask_switches(char *record, char *end, char w)
{
	struct places places = places_of(record, end, ' ');
	int seen = 0;

	for (char *at; (at = next_place(&places)) != NULL;) {
		struct name name;
		char *value;

		if (is_behind_bearer(record, at))
			seen |= BEARERS;
		if (is_behind_word_with('W', record, at))
			seen |= CAPITALS;
		if (!is_behind_word_with(w, record, at))
			continue;
		name = name_before(record, at, false);
		value = skip_blanks(at, end);
		if (name.n > 0 && name.flag && value < end && *value != '-' && *value != '/' && find(name.s, name.n, ASSIGNED) != NULL)
			mask_value(value, end, false, false);
	}
	return seen;
}

/* "Authorization" may have been left behind. */
static void mask_bearers(char *first, char *end)
{
	struct places places = places_of(first, end, ' ');

	for (char *at; (at = next_place(&places)) != NULL;) {
		char *token = at + 1, *s = token;

		if (!is_behind_bearer(first, at))
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
	int seen;

	if (!may_hold_secrets(s, n))
		return;
	for (const char *c = separators; *c != '\0'; c++) {
		bool header = false;

		const uint32_t *known = *c == '=' ? ends : ends_unassigned;
		struct places places = places_of(s, end, *c);

		for (char *at; (at = next_place(&places)) != NULL;)
			if (may_matter(s, at, end, known))
				mask_pair(s, at, end, &header);
	}
	seen = mask_switches(s, end, 'w');
	if ((seen & CAPITALS) != 0)
		mask_switches(s, end, 'W');
	if ((seen & BEARERS) != 0)
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
