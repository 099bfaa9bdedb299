#include "analyst/readers/refang.h"

#include <ctype.h>
#include <libpsl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "analyst/base/text.h"
#include "analyst/readers/canon.h"

/* ---- first step: the line with every defanged sign undone ---- */

struct plain {
	char *s;
	size_t n;
	uint32_t *from;       /* where each byte comes from; from[n] is the line's end */
	bool *mark;           /* a byte that stands for a defanged sign */
};

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

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

static void undo(struct plain *p, const char *s, size_t n, struct arena *arena)
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

/* ---- second step: what stands at a place ---- */

bool has_known_suffix(const char *host)
{
	const char *last = strrchr(host, '.');

	last = last != NULL ? last + 1 : host;
	return psl_is_public_suffix2(psl_builtin(), last, PSL_TYPE_ICANN | PSL_TYPE_NO_STAR_RULE) == 1;
}

/* Names that no public registry gives out (FORMATS 3.7, row 9). */
static bool is_special_suffix(const char *last)
{
	static const char *const special[] = { "onion", "local", "internal", "lan", "corp", "arpa", "example", "test",
		"invalid", NULL };

	for (const char *const *s = special; *s != NULL; s++)
		if (strcasecmp(*s, last) == 0)
			return true;
	return false;
}

static bool is_file_ending(const char *last)
{
	static const char *const endings[] = { "exe", "dll", "aspx", "ashx", "asmx", "asp", "php", "jsp", "ps1", "psm1",
		"bat", "cmd", "vbs", "vbe", "js", "jse", "hta", "lnk", "scr", "sys", "zip", "rar", "7z", "cab", "iso", "img",
		"doc", "docx", "docm", "xls", "xlsx", "xlsm", "ppt", "pptx", "pdf", "rtf", "msi", "jar", "tmp", "dat", "log",
		"txt", "xml", "config", "gz", "tar", NULL };

	for (const char *const *e = endings; *e != NULL; e++)
		if (strcasecmp(*e, last) == 0)
			return true;
	return false;
}

static bool any_mark(const struct plain *p, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		if (p->mark[i])
			return true;
	return false;
}

static size_t hex_run(const struct plain *p, size_t i)
{
	size_t n = 0;

	while (i + n < p->n && isxdigit((unsigned char)p->s[i + n]))
		n++;
	return n;
}

static size_t name_run(const struct plain *p, size_t i)
{
	size_t start = i;

	while (i < p->n && (is_word(p->s[i]) || p->s[i] == '-' || p->s[i] == '.'))
		i++;
	while (i > start && strchr(".-_", p->s[i - 1]) != NULL)
		i--;
	return i;
}

/* Where a path ends: at a blank, a quote, a bar, the first character that is not ASCII;
 * and without the punctuation of the sentence around it. */
static size_t path_run(const struct plain *p, size_t i)
{
	size_t start = i;

	while (i < p->n && (unsigned char)p->s[i] > ' ' && (unsigned char)p->s[i] < 0x7F &&
	       strchr("\"'<>|`", p->s[i]) == NULL)
		i++;
	while (i > start) {
		char c = p->s[i - 1];
		const char *open = c == ')' ? "(" : c == ']' ? "[" : c == '}' ? "{" : NULL;

		if (open != NULL && memchr(p->s + start, *open, i - start) != NULL)
			break;
		if (open == NULL && strchr(".,;:!?", c) == NULL)
			break;
		i--;
	}
	return i;
}

/* Four numbers and nothing more; glued text after the last one ("152Hosting") is left
 * off where the dots were defanged, since then this is no version number. */
static size_t ipv4_run(const struct plain *p, size_t i, size_t end, bool defanged)
{
	for (int part = 0; part < 4; part++) {
		size_t digits = 0;
		int value = 0;

		while (i + digits < end && isdigit((unsigned char)p->s[i + digits]) && digits < 4)
			value = value * 10 + (p->s[i + digits++] - '0');
		if (digits == 0 || digits > 3 || value > 255 || (digits > 1 && p->s[i] == '0'))
			return 0;
		i += digits;
		if (part < 3 && (i >= end || p->s[i++] != '.'))
			return 0;
	}
	return i == end || (defanged && isalpha((unsigned char)p->s[i])) ? i : 0;
}

/* "od.lkC2": a known suffix with a word glued on, which begins in another case. */
static size_t unglue(const struct plain *p, size_t start, size_t end)
{
	size_t last = end;
	char label[64];

	while (last > start && p->s[last - 1] != '.')
		last--;
	if (last == start)
		return 0;
	for (size_t stop = end - 1; stop >= last + 2; stop--) {
		size_t n = stop - last;

		if (n >= sizeof(label) || !(isupper((unsigned char)p->s[stop]) || isdigit((unsigned char)p->s[stop])) ||
		    !islower((unsigned char)p->s[stop - 1]))
			continue;
		for (size_t i = 0; i < n; i++)
			label[i] = (char)tolower((unsigned char)p->s[last + i]);
		label[n] = '\0';
		if (has_known_suffix(label))
			return stop;
	}
	return 0;
}

/* ---- what is found ---- */

static void settle(struct found *out, const struct plain *p, size_t start, size_t end, enum indicator_kind kind,
                   const char *value)
{
	memset(out, 0, sizeof(*out));
	out->kind = kind;
	out->value = value;
	out->start = start;
	out->end = end;
	out->defanged = any_mark(p, start, end);
}

static bool find_cve(struct found *out, const struct plain *p, size_t i, struct arena *arena)
{
	const char *s = p->s + i;
	size_t n = 9;
	char *value;

	if (p->n - i < 13 || strncasecmp(s, "CVE-", 4) != 0)
		return false;
	for (size_t d = 4; d < 8; d++)
		if (!isdigit((unsigned char)s[d]))
			return false;
	if (s[8] != '-')
		return false;
	while (i + n < p->n && isdigit((unsigned char)s[n]))
		n++;
	if (n < 13)
		return false;
	value = arena_dupn(arena, s, n);
	for (size_t c = 0; c < 3; c++)
		value[c] = (char)toupper((unsigned char)value[c]);
	settle(out, p, i, i + n, INDICATOR_CVE, value);
	out->why = "a vulnerability, not a trace of an attack";
	return true;
}

/* A hash; one that runs into the next word ("..da06chatcdn[.]net", where "c" is a hex
 * digit too) is cut where a length fits and a defanged name follows. */
static bool find_hash(struct found *out, const struct plain *p, size_t i, struct arena *arena)
{
	static const size_t lengths[] = { 128, 64, 40, 32 };
	size_t run = hex_run(p, i);
	bool glued = i + run < p->n && (is_word(p->s[i + run]) || p->s[i + run] == '-');
	enum indicator_kind kind;
	const char *value;

	if (run < 32)
		return false;
	for (size_t l = 0; l < 4; l++) {
		size_t n = lengths[l], next = name_run(p, i + n);

		if (n > run || (n < run && !glued))
			continue;
		if (glued && !(i == 0 || any_mark(p, i + n, next)))
			continue;
		if (n < run && !any_mark(p, i + n, next))
			continue;
		if ((value = canon_hash(arena, p->s + i, n, &kind)) == NULL)
			continue;
		settle(out, p, i, i + n, kind, value);
		return true;
	}
	return false;
}

static bool is_scheme(const struct plain *p, size_t i, size_t *n)
{
	size_t length = 0;

	while (i + length < p->n && length < 12 && (isalpha((unsigned char)p->s[i + length]) ||
	       (length > 0 && isdigit((unsigned char)p->s[i + length]))))
		length++;
	*n = length + 3;
	return length >= 3 && i + length + 3 < p->n && memcmp(p->s + i + length, "://", 3) == 0;
}

static bool find_url(struct found *out, const struct plain *p, size_t i, struct arena *arena)
{
	size_t scheme, end;
	const char *value;

	if (!is_scheme(p, i, &scheme))
		return false;
	end = path_run(p, i + scheme);
	/* A host that is not ASCII goes on to its suffix. */
	if (end < p->n && (unsigned char)p->s[end] >= 0x80 && memchr(p->s + i + scheme, '/', end - i - scheme) == NULL &&
	    memchr(p->s + i + scheme, '.', end - i - scheme) == NULL)
		while (end < p->n && ((unsigned char)p->s[end] >= 0x80 || (p->s[end] > ' ' && strchr("\"'<>|`()", p->s[end]) == NULL)))
			end++;
	if (end <= i + scheme || (value = canon_url(arena, p->s + i, end - i)) == NULL)
		return false;
	settle(out, p, i, end, INDICATOR_URL, value);
	out->scheme = true;
	return true;
}

static bool find_ipv6(struct found *out, const struct plain *p, size_t i, struct arena *arena)
{
	size_t n = 0, colons = 0;
	const char *value;

	while (i + n < p->n && (isxdigit((unsigned char)p->s[i + n]) || p->s[i + n] == ':' || p->s[i + n] == '.')) {
		colons += p->s[i + n] == ':';
		n++;
	}
	while (n > 0 && (p->s[i + n - 1] == '.' || (p->s[i + n - 1] == ':' && (n < 2 || p->s[i + n - 2] != ':'))))
		n--;
	if (colons < 2 || n < 4 || (i + n < p->n && is_word(p->s[i + n])) ||
	    (value = canon_ip(arena, p->s + i, n)) == NULL || strlen(value) < 4)      /* "8::0", "::1" */
		return false;
	settle(out, p, i, i + n, INDICATOR_IP, value);
	return true;
}

/* ":8080" and "/path" behind a host or an address. */
static size_t port_run(const struct plain *p, size_t i)
{
	size_t n = 1;

	if (i >= p->n || p->s[i] != ':')
		return i;
	while (i + n < p->n && n < 7 && isdigit((unsigned char)p->s[i + n]))
		n++;
	return n > 1 && n < 7 ? i + n : i;
}

static bool with_tail(struct found *out, const struct plain *p, size_t start, size_t end,
                      enum indicator_kind kind, const char *value, struct arena *arena)
{
	size_t port = port_run(p, end), bits = 0, stop;

	if (kind == INDICATOR_IP && end < p->n && p->s[end] == '/') {
		while (bits < 3 && end + 1 + bits < p->n && isdigit((unsigned char)p->s[end + 1 + bits]))
			bits++;
		stop = end + 1 + bits;
		if (bits > 0 && (stop >= p->n || (!is_word(p->s[stop]) && strchr("/.?-", p->s[stop]) == NULL))) {
			const char *cidr = canon_cidr(arena, p->s + start, stop - start);

			if (cidr != NULL) {
				settle(out, p, start, stop, strchr(cidr, '/') != NULL ? INDICATOR_CIDR : INDICATOR_IP, cidr);
				return true;
			}
		}
	}
	if (port < p->n && (p->s[port] == '/' || p->s[port] == '?')) {
		stop = path_run(p, port);
		if (stop > port + 1 && (value = canon_url(arena, p->s + start, stop - start)) != NULL) {
			settle(out, p, start, stop, INDICATOR_URL, value);
			return true;
		}
	}
	settle(out, p, start, port, kind, value);
	return value != NULL;
}

static bool find_email(struct found *out, const struct plain *p, size_t i, size_t at, struct arena *arena)
{
	size_t end = name_run(p, at + 1);
	const char *host = end > at + 1 ? canon_domain(arena, p->s + at + 1, end - at - 1) : NULL;

	if (host == NULL || strchr(host, '.') == NULL || !has_known_suffix(host))
		return false;
	settle(out, p, i, end, INDICATOR_EMAIL,
	       arena_printf(arena, "%s@%s", lower_ascii(arena, p->s + i, at - i), host));
	return true;
}

static bool find_host(struct found *out, const struct plain *p, size_t i, struct arena *arena)
{
	size_t end = name_run(p, i), stop, local = i;
	const char *value, *last;
	bool defanged;

	while (local < p->n && (is_word(p->s[local]) || strchr(".%+-", p->s[local]) != NULL))
		local++;
	if (local > i && local < p->n && p->s[local] == '@' && find_email(out, p, i, local, arena))
		return true;
	if (end < i + 3 || memchr(p->s + i, '.', end - i) == NULL)
		return false;
	defanged = any_mark(p, i, end);
	if ((stop = ipv4_run(p, i, end, defanged)) > 0)
		return with_tail(out, p, i, stop, INDICATOR_IP, canon_ip(arena, p->s + i, stop - i), arena);
	if ((value = canon_domain(arena, p->s + i, end - i)) == NULL)
		return false;
	last = strrchr(value, '.') + 1;
	if (has_known_suffix(value))
		return with_tail(out, p, i, end, INDICATOR_DOMAIN, value, arena);
	if (!defanged && !is_file_ending(last))
		return false;
	if (defanged && (stop = unglue(p, i, end)) > 0)
		return with_tail(out, p, i, stop, INDICATOR_DOMAIN, canon_domain(arena, p->s + i, stop - i), arena);
	if (is_special_suffix(last))
		return with_tail(out, p, i, end, INDICATOR_DOMAIN, value, arena);
	if (!is_file_ending(last))
		return false;
	settle(out, p, i, end, INDICATOR_FILENAME, value);
	return true;
}

/* ---- user agents, paths, keys: only where they begin a row ---- */

static bool is_agent_word(const char *s, size_t n)
{
	static const char *const words[] = { "like", "Gecko", "Mobile", "Safari", "compatible", NULL };

	for (const char *const *w = words; *w != NULL; w++)
		if (strlen(*w) == n && memcmp(*w, s, n) == 0)
			return true;
	return false;
}

/* The end of "product/version" at i, or i. A capitalised word glued on a version of
 * numbers ("14393.2608User") belongs to the text after it: *glued. */
static size_t product_run(const struct plain *p, size_t i, bool *glued)
{
	size_t at = i;
	bool dotted = false;

	while (at < p->n && (is_word(p->s[at]) || strchr("-.+", p->s[at]) != NULL))
		at++;
	if (at == i || at >= p->n || p->s[at] != '/' || at + 1 >= p->n || !isdigit((unsigned char)p->s[at + 1]))
		return i;
	at++;
	while (at < p->n && (isdigit((unsigned char)p->s[at]) || p->s[at] == '.')) {
		dotted = dotted || p->s[at] == '.';
		at++;
	}
	if (dotted && at + 2 < p->n && isupper((unsigned char)p->s[at]) && islower((unsigned char)p->s[at + 1]) &&
	    islower((unsigned char)p->s[at + 2])) {
		*glued = true;
		return at;
	}
	while (at < p->n && (is_word(p->s[at]) || strchr("-.+", p->s[at]) != NULL))
		at++;
	return at;
}

static size_t comment_run(const struct plain *p, size_t i)
{
	size_t depth = 0, at = i;

	for (; at < p->n && (unsigned char)p->s[at] >= ' ' && (unsigned char)p->s[at] < 0x7F; at++) {
		if (p->s[at] == '(')
			depth++;
		else if (p->s[at] == ')' && --depth == 0)
			return at + 1;
	}
	return i;
}

static bool find_agent(struct found *out, const struct plain *p, size_t i, struct arena *arena)
{
	static const char *const known[] = { "Mozilla/", "curl/", "Wget/", "python-requests/", "Python-urllib/",
		"Go-http-client/", "Opera/", "Microsoft-", "ExchangeServicesClient/", "antSword/", "Java/", "okhttp/",
		"WinHTTP", "BITS/", NULL };
	bool glued = false, starts = false;
	size_t end;

	for (const char *const *k = known; *k != NULL && !starts; k++)
		starts = p->n - i > strlen(*k) && strncmp(p->s + i, *k, strlen(*k)) == 0;
	if (!starts || (end = product_run(p, i, &glued)) == i)
		return false;
	while (!glued && end + 1 < p->n && p->s[end] == ' ') {
		size_t next = end + 1, stop = p->s[next] == '(' ? comment_run(p, next) : product_run(p, next, &glued);

		if (stop == next) {
			while (stop < p->n && is_word(p->s[stop]))
				stop++;
			if (!is_agent_word(p->s + next, stop - next))
				break;
		}
		end = stop;
	}
	settle(out, p, i, end, INDICATOR_AGENT, arena_dupn(arena, p->s + i, end - i));
	return true;
}

static bool starts_registry(const char *s, size_t n)
{
	static const char *const hives[] = { "HKLM\\", "HKCU\\", "HKCR\\", "HKU\\", "HKEY_", NULL };

	for (const char *const *h = hives; *h != NULL; h++)
		if (n > strlen(*h) && strncasecmp(s, *h, strlen(*h)) == 0)
			return true;
	return false;
}

static bool starts_path(const char *s, size_t n)
{
	if (n > 3 && isalpha((unsigned char)s[0]) && s[1] == ':' && s[2] == '\\')
		return true;
	if (n > 3 && s[0] == '\\' && (s[1] == '\\' || isalpha((unsigned char)s[1])))
		return true;
	return n > 4 && s[0] == '%' && memchr(s + 1, '%', n - 1) != NULL && memchr(s, '\\', n) != NULL;
}

static bool find_path(struct found *out, const struct plain *p, size_t i, struct arena *arena)
{
	const char *s = p->s + i;
	size_t n = 0;

	if (!starts_registry(s, p->n - i) && !starts_path(s, p->n - i))
		return false;
	while (i + n < p->n && (unsigned char)s[n] >= ' ' && (unsigned char)s[n] < 0x7F && strchr("\"|`<>,;", s[n]) == NULL)
		n++;
	while (n > 0 && (s[n - 1] == ' ' || s[n - 1] == '.'))
		n--;
	settle(out, p, i, i + n, starts_registry(s, n) ? INDICATOR_REGISTRY : INDICATOR_PATH, lower_ascii(arena, s, n));
	return true;
}

/* ---- lines ---- */

/* What can be glued before something: anything that is not itself part of a name. */
static bool is_boundary(const struct plain *p, size_t i)
{
	char before = i > 0 ? p->s[i - 1] : ' ';

	return !is_word(before) && strchr(".-%+@/\\:=~", before) == NULL;
}

static bool find_at(struct found *out, const struct plain *p, size_t i, bool row, struct arena *arena)
{
	if (!isalnum((unsigned char)p->s[i]) && strchr("\\%:", p->s[i]) == NULL)
		return false;
	if (row && (find_agent(out, p, i, arena) || find_path(out, p, i, arena)))
		return true;
	return find_cve(out, p, i, arena) || find_hash(out, p, i, arena) || find_url(out, p, i, arena) ||
	       find_ipv6(out, p, i, arena) || find_host(out, p, i, arena);
}

/* The first byte behind bullets, quotes and the bars of tables. */
static size_t row_start(const struct plain *p)
{
	size_t i = 0;

	for (;;) {
		size_t taken;
		uint32_t rune;

		if (i >= p->n)
			return i;
		rune = utf8_next(p->s + i, p->n - i, &taken);
		if (rune != 0x2022 && rune != 0x30FB && rune != 0x25CF && rune != 0x3000 &&
		    !(rune < 0x80 && strchr(" \t-*|`\"'", (int)rune) != NULL))
			return i;
		i += taken;
	}
}

static bool is_own(const char *value, enum indicator_kind kind)
{
	return kind == INDICATOR_IP && (ip_is_internal(value) || strcmp(value, "0.0.0.0") == 0);
}

size_t refang_line(struct found *out, size_t room, const char *line, size_t n, struct arena *arena)
{
	struct plain p;
	size_t count = 0, i, row;

	undo(&p, line, n, arena);
	row = row_start(&p);
	for (i = row; i < p.n && count < room;) {
		struct found *here = &out[count];
		size_t start, end;

		/* Right behind something found everything begins anew: it was glued. */
		if (!(is_boundary(&p, i) || (count > 0 && i == out[count - 1].end)) || !find_at(here, &p, i, i == row, arena)) {
			i++;
			continue;
		}
		i = here->end;
		count++;
		start = p.from[here->start];
		end = here->end < p.n ? p.from[here->end] : n;
		here->written = arena_dupn(arena, line + start, end - start);
	}
	for (i = 0; i < count; i++) {
		if (out[i].why == NULL && is_own(out[i].value, out[i].kind))
			out[i].why = "an address of inside networks";
		out[i].start = p.from[out[i].start];
		out[i].end = out[i].end < p.n ? p.from[out[i].end] : n;
	}
	return count;
}

/* ---- single values ---- */

static const struct named kind_names[] = {
	{ "ip", INDICATOR_IP }, { "ipv4", INDICATOR_IP }, { "ipv6", INDICATOR_IP }, { "ipaddress", INDICATOR_IP },
	{ "ip address", INDICATOR_IP }, { "ipv4-addr", INDICATOR_IP }, { "ipv6-addr", INDICATOR_IP },
	{ "ip-dst", INDICATOR_IP }, { "ip-src", INDICATOR_IP }, { "IPアドレス", INDICATOR_IP }, { "cidr", INDICATOR_CIDR },
	{ "domain", INDICATOR_DOMAIN }, { "domain-name", INDICATOR_DOMAIN }, { "domain name", INDICATOR_DOMAIN },
	{ "domainname", INDICATOR_DOMAIN },
	{ "hostname", INDICATOR_DOMAIN }, { "fqdn", INDICATOR_DOMAIN }, { "host", INDICATOR_DOMAIN },
	{ "ドメイン", INDICATOR_DOMAIN }, { "url", INDICATOR_URL }, { "uri", INDICATOR_URL }, { "link", INDICATOR_URL },
	{ "email", INDICATOR_EMAIL }, { "email-addr", INDICATOR_EMAIL }, { "email-src", INDICATOR_EMAIL },
	{ "メールアドレス", INDICATOR_EMAIL }, { "md5", INDICATOR_MD5 }, { "sha1", INDICATOR_SHA1 },
	{ "sha-1", INDICATOR_SHA1 }, { "sha256", INDICATOR_SHA256 }, { "sha-256", INDICATOR_SHA256 },
	{ "sha512", INDICATOR_SHA512 }, { "sha-512", INDICATOR_SHA512 }, { "filename", INDICATOR_FILENAME },
	{ "file name", INDICATOR_FILENAME }, { "file-name", INDICATOR_FILENAME }, { "ファイル名", INDICATOR_FILENAME },
	{ "path", INDICATOR_PATH }, { "filepath", INDICATOR_PATH }, { "file path", INDICATOR_PATH },
	{ "directory", INDICATOR_PATH }, { "user-agent", INDICATOR_AGENT }, { "user agent", INDICATOR_AGENT },
	{ "useragent", INDICATOR_AGENT }, { "ua", INDICATOR_AGENT }, { "registry", INDICATOR_REGISTRY },
	{ "regkey", INDICATOR_REGISTRY }, { "registry key", INDICATOR_REGISTRY }, { "mutex", INDICATOR_MUTEX },
	{ "cve", INDICATOR_CVE }, { "vulnerability", INDICATOR_CVE }, { "ja3", INDICATOR_JA3 },
	{ "ja3-fingerprint-md5", INDICATOR_JA3 }, { "command", INDICATOR_COMMAND },
	{ "commandline", INDICATOR_COMMAND }, { "command line", INDICATOR_COMMAND }, { NULL, 0 }
};

enum indicator_kind indicator_kind_named(const char *s)
{
	return s == NULL ? INDICATOR_TEXT : (enum indicator_kind)table_value(kind_names, s, INDICATOR_TEXT);
}

/* Kinds that a value cannot be told from its look. */
static bool take_said(struct found *out, const struct plain *p, size_t start, size_t n, enum indicator_kind said,
                      struct arena *arena)
{
	const char *s = p->s + start;

	switch (said) {
	case INDICATOR_AGENT: case INDICATOR_MUTEX: case INDICATOR_COMMAND:
		settle(out, p, start, start + n, said, arena_dupn(arena, s, n));
		return true;
	case INDICATOR_FILENAME: case INDICATOR_PATH: case INDICATOR_REGISTRY:
		settle(out, p, start, start + n, said, lower_ascii(arena, s, n));
		return true;
	case INDICATOR_JA3:
		settle(out, p, start, start + n, said, lower_ascii(arena, s, n));
		return n == 32 && hex_run(p, start) == 32;
	case INDICATOR_URL:
		settle(out, p, start, start + n, said, canon_url(arena, s, n));
		return out->value != NULL && memchr(s, ' ', n) == NULL;
	case INDICATOR_DOMAIN:
		/* Also under suffixes nobody knows; but an address is one, whatever the column says. */
		settle(out, p, start, start + n, said, canon_domain(arena, s, n));
		return out->value != NULL && strchr(out->value, '.') != NULL && ipv4_run(p, start, start + n, false) == 0;
	default:
		return false;
	}
}

void refang_value(struct found *out, const char *s, size_t n, enum indicator_kind said, struct arena *arena)
{
	struct plain p;
	size_t end;
	const char *begin = trim(s, &n);

	undo(&p, begin, n, arena);
	end = p.n;
	if (p.n == 0 || (!take_said(out, &p, 0, end, said, arena) &&
	                 !(find_at(out, &p, 0, true, arena) && out->end == end))) {
		settle(out, &p, 0, end, INDICATOR_TEXT, arena_dupn(arena, p.s, p.n));
		out->why = "of no kind that can be looked for";
	}
	if (out->why == NULL && is_own(out->value, out->kind))
		out->why = "an address of inside networks";
	out->written = arena_dupn(arena, begin, n);
	out->start = 0;
	out->end = n;
}

/* ---- the other way ---- */

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
