/* The second step of refang.h: what stands at a place of a line in plain text. */
#include <string.h>
#include <strings.h>

#include "analyst/readers/canon.h"
#include "analyst/readers/refang_parts.h"

/* ---- how far it goes ---- */

static bool any_mark(const struct plain *p, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		if (p->mark[i])
			return true;
	return false;
}

size_t hex_run(const struct plain *p, size_t i)
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
size_t ipv4_run(const struct plain *p, size_t i, size_t end, bool defanged)
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

/* ---- what it is ---- */

void settle(struct found *out, const struct plain *p, size_t start, size_t end, enum indicator_kind kind,
            const char *value)
{
	memset(out, 0, sizeof(*out));
	out->kind = kind;
	out->value = value;
	out->start = start;
	out->end = end;
	out->defanged = any_mark(p, start, end);
}

bool find_cve(struct found *out, const struct plain *p, size_t i, struct arena *arena)
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
bool find_hash(struct found *out, const struct plain *p, size_t i, struct arena *arena)
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

/* "t13d1516h2_8daaf6152771_e5627efa2ab1": protocol, version, counts, ALPN; two cut SHA-256. */
bool find_ja4(struct found *out, const struct plain *p, size_t i, struct arena *arena)
{
	static const char shape[] = "a99i9999xx_hhhhhhhhhhhh_hhhhhhhhhhhh";
	size_t n = sizeof(shape) - 1;

	if (p->n - i < n || (p->n - i > n && (is_word(p->s[i + n]) || p->s[i + n] == '-')))
		return false;
	for (size_t k = 0; k < n; k++) {
		unsigned char c = (unsigned char)p->s[i + k];

		/* Versions are digits, or "s2", "d3". */
		if (!(shape[k] == 'a' ? strchr("tqd", c) != NULL : shape[k] == 'i' ? c == 'd' || c == 'i' : shape[k] == 'x' ? isalnum(c) :
		      shape[k] == 'h' ? isxdigit(c) : shape[k] == '_' ? c == '_' : k == 1 ? isalnum(c) : isdigit(c)))
			return false;
	}
	settle(out, p, i, i + n, INDICATOR_JA3, lower_ascii(arena, p->s + i, n));
	return true;
}

bool find_url(struct found *out, const struct plain *p, size_t i, struct arena *arena)
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

static bool with_tail(struct found *out, const struct plain *p, size_t start, size_t end,
                      enum indicator_kind kind, const char *value, struct arena *arena);

bool find_ipv6(struct found *out, const struct plain *p, size_t i, struct arena *arena)
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
	return with_tail(out, p, i, i + n, INDICATOR_IP, value, arena);
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

bool find_host(struct found *out, const struct plain *p, size_t i, struct arena *arena)
{
	size_t end = name_run(p, i), stop, local = i;
	const char *value, *last, *dash;
	bool defanged;

	while (local < p->n && (is_word(p->s[local]) || strchr(".%+-", p->s[local]) != NULL))
		local++;
	if (local > i && local < p->n && p->s[local] == '@' && find_email(out, p, i, local, arena))
		return true;
	if (end < i + 3 || memchr(p->s + i, '.', end - i) == NULL)
		return false;
	defanged = any_mark(p, i, end);
	dash = memchr(p->s + i, '-', end - i);
	if (dash != NULL && (stop = ipv4_run(p, i, (size_t)(dash - p->s), false)) > 0 && ipv4_run(p, stop + 1, end, false) > 0) {
		settle(out, p, i, stop, INDICATOR_IP, canon_ip(arena, p->s + i, stop - i));      /* split_range() takes the rest */
		return true;
	}
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

/* Larger ranges are a country's, not an attacker's. */
#define RANGE_PARTS 32

static uint32_t number_of(const char *address)
{
	uint32_t v = 0, part = 0;

	for (; *address != '\0'; address++) {
		if (*address != '.') {
			part = part * 10 + (uint32_t)(*address - '0');
			continue;
		}
		v = v << 8 | part;
		part = 0;
	}
	return v << 8 | part;
}

size_t split_range(struct found *out, size_t room, const struct plain *p, size_t i, struct arena *arena)
{
	size_t start = out->start, next = i, end, count = 0;
	const char *one = out->value, *to;
	uint64_t first, last;

	while (next < p->n && p->s[next] == ' ' && next < i + 2)
		next++;
	if (next >= p->n || p->s[next] != '-' || strchr(one, ':') != NULL)
		return 0;
	for (next++; next < p->n && p->s[next] == ' ';)
		next++;
	if (next >= p->n || (end = ipv4_run(p, next, name_run(p, next), false)) == 0 ||
	    (to = canon_ip(arena, p->s + next, end - next)) == NULL || (first = number_of(one)) > (last = number_of(to)))
		return 0;
	while (first <= last) {
		unsigned bits = 32;

		if (count == room || count == RANGE_PARTS) {
			settle(out, p, start, i, INDICATOR_IP, one);
			return 0;
		}
		/* As wide as the first address allows and the last. */
		while (bits > 8 && first % (UINT64_C(1) << (33 - bits)) == 0 && first + (UINT64_C(1) << (33 - bits)) <= last + 1)
			bits--;
		settle(&out[count++], p, start, end, bits == 32 ? INDICATOR_IP : INDICATOR_CIDR,
		       bits == 32 ? arena_printf(arena, "%u.%u.%u.%u", (unsigned)(first >> 24), (unsigned)(first >> 16 & 255),
		                                 (unsigned)(first >> 8 & 255), (unsigned)(first & 255))
		                  : arena_printf(arena, "%u.%u.%u.%u/%u", (unsigned)(first >> 24), (unsigned)(first >> 16 & 255),
		                                 (unsigned)(first >> 8 & 255), (unsigned)(first & 255), bits));
		first += UINT64_C(1) << (32 - bits);
	}
	return count;
}
