/* The first step of refang.h: every defanged sign of a line undone. */
#include <string.h>
#include <strings.h>

#include "analyst/base/text.h"
#include "analyst/readers/refang_parts.h"

/* What may stand between brackets, and for what. */
static const struct { const char *word, *means; } bracketed[] = {
	{ "://", "://" }, { ":", ":" }, { "/", "/" }, { ".", "." }, { ",", "." }, { "dot", "." }, { "punto", "." },
	{ "punkt", "." }, { "@", "@" }, { "at", "@" }, { "et", "@" }, { "arroba", "@" }, { NULL, NULL }
};

/* The length of a bracketed sign at s, with at most one blank at each side inside. */
static size_t match_bracketed(const char *s, size_t n, const char **means)
{
	static const char open[] = "[({<", close[] = "])}>";
	const char *kind = n > 0 && s[0] != '\0' ? strchr(open, s[0]) : NULL;
	size_t i = 1;

	if (kind == NULL)
		return 0;
	if (i < n && s[i] == ' ')
		i++;
	for (size_t w = 0; bracketed[w].word != NULL; w++) {
		size_t length = strlen(bracketed[w].word), j = i + length;

		if (j > n || strncasecmp(s + i, bracketed[w].word, length) != 0)
			continue;
		if (j < n && s[j] == ' ')
			j++;
		if (j < n && s[j] == close[kind - open]) {
			*means = bracketed[w].means;
			return j + 1;
		}
	}
	return 0;
}

/* "hxxp", "hXXps", "h**p", "fxp" before "://" in any of its disguises. */
static size_t match_scheme(const char *s, size_t n, const char **means)
{
	static const char *const after[] = { "://", "[://]", "[:]//", "[:]", ":\\\\", ":__", "(://)", NULL };
	size_t i = 0;
	bool secure;

	if (n >= 6 && tolower((unsigned char)s[0]) == 'h' && tolower((unsigned char)s[3]) == 'p' &&
	    strchr("xXtT*", s[1]) != NULL && strchr("xXtT*", s[2]) != NULL)
		i = 4;
	else if (n >= 5 && strncasecmp(s, "fxp", 3) == 0)
		i = 3;
	if (i == 0)
		return 0;
	secure = i == 4 && tolower((unsigned char)s[4]) == 's';
	i += secure;
	for (const char *const *a = after; *a != NULL; a++) {
		size_t length = strlen(*a);

		if (i + length > n || memcmp(s + i, *a, length) != 0)
			continue;
		/* A live scheme before a live "://" is nothing to undo. */
		if (a == after && (strncasecmp(s, "http", 4) == 0 || strncasecmp(s, "ftp", 3) == 0))
			return 0;
		i += length;
		if (strcmp(*a, "[:]") == 0)
			while (i < n && s[i] == '/')
				i++;
		*means = s[0] == 'f' || s[0] == 'F' ? "ftp://" : secure ? "https://" : "http://";
		return i;
	}
	return 0;
}

/* Full-width letters, digits and signs, where ASCII ones stand beside them. */
static size_t match_wide(const char *s, size_t n, size_t at, char *means)
{
	size_t taken;
	uint32_t rune = utf8_next(s + at, n - at, &taken);
	bool beside = (at > 0 && is_word(s[at - 1])) || (at + taken < n && is_word(s[at + taken])) ||
	              (at > 2 && s[at - 3] == '\xEF');

	if (rune < 0xFF01 || rune > 0xFF5E || !beside)
		return 0;
	*means = (char)(rune - 0xFEE0);
	return isalnum((unsigned char)*means) || strchr(".:/@-_", *means) != NULL ? taken : 0;
}

/* "evil\.com", "evil[.com", "evil.]com": a dot with one sign too many, between words and
 * in no path. */
static size_t match_odd_dot(const char *s, size_t n, size_t at)
{
	size_t back = at;

	if (at == 0 || at + 2 >= n || !is_word(s[at - 1]) || !is_word(s[at + 2]))
		return 0;
	if (!(s[at] == '[' && s[at + 1] == '.') && !(s[at] == '.' && s[at + 1] == ']') &&
	    !((s[at] == '\\' || s[at] == '^') && s[at + 1] == '.'))
		return 0;
	if (s[at] != '\\')
		return 2;
	while (back > 0 && at - back < 64 && !isspace((unsigned char)s[back - 1])) {
		back--;
		if (s[back] == '\\' && s[back + 1] != '.')
			return 0;
	}
	return 2;
}

/* " DOT " between two words without a dot, the second a suffix. */
static size_t match_spoken_dot(const char *s, size_t n, size_t at)
{
	char suffix[32];
	size_t length = 0, back = at;

	if (at == 0 || at + 5 >= n || memcmp(s + at, " DOT ", 5) != 0 || !is_word(s[at - 1]))
		return 0;
	while (back > 0 && (is_word(s[back - 1]) || s[back - 1] == '-'))
		back--;
	if (back > 0 && s[back - 1] == '.')
		return 0;
	while (at + 5 + length < n && is_word(s[at + 5 + length]) && length < sizeof(suffix) - 1) {
		suffix[length] = (char)tolower((unsigned char)s[at + 5 + length]);
		length++;
	}
	suffix[length] = '\0';
	return length >= 2 && has_known_suffix(suffix) ? 5 : 0;
}

static void put(struct plain *p, const char *s, size_t n, size_t from, bool mark)
{
	for (size_t i = 0; i < n; i++) {
		p->s[p->n] = s[i];
		p->from[p->n] = (uint32_t)from;
		p->mark[p->n++] = mark;
	}
}

static bool may_join(const char *s, size_t n, size_t at, size_t taken, const char *means)
{
	/* Inside one token: a word on both sides, or a slash after "://" and "/". */
	bool before = at > 0 && (is_word(s[at - 1]) || strchr("/:.]-", s[at - 1]) != NULL || (unsigned char)s[at - 1] >= 0x80);
	bool after = at + taken < n && !isspace((unsigned char)s[at + taken]);

	if (strcmp(means, ".") == 0)
		after = at + taken < n && (is_word(s[at + taken]) || (unsigned char)s[at + taken] >= 0x80);
	return before && after;
}

void plain_undo(struct plain *p, const char *s, size_t n, struct arena *arena)
{
	/* Nothing grows but "fxp:", by two. */
	size_t room = n + n / 2 + 16, i = 0;

	p->s = arena_alloc(arena, room + 1);
	p->from = ARENA_ARRAY(arena, uint32_t, room + 1);
	p->mark = ARENA_ARRAY(arena, bool, room + 1);
	p->n = 0;
	while (i < n) {
		const char *means = NULL;
		size_t taken = 0;
		char wide;
		bool word_start = i == 0 || !is_word(s[i - 1]);

		if (word_start && (taken = match_scheme(s + i, n - i, &means)) > 0) {
			put(p, means, strlen(means), i, true);
		} else if ((taken = match_bracketed(s + i, n - i, &means)) > 0 && may_join(s, n, i, taken, means)) {
			put(p, means, strlen(means), i, true);
		} else if ((taken = match_odd_dot(s, n, i)) > 0 || (taken = match_spoken_dot(s, n, i)) > 0) {
			put(p, ".", 1, i, true);
		} else if ((unsigned char)s[i] >= 0x80 && (taken = match_wide(s, n, i, &wide)) > 0) {
			put(p, &wide, 1, i, false);
		} else {
			put(p, s + i, taken = 1, i, false);
		}
		i += taken;
	}
	p->from[p->n] = (uint32_t)n;
}
