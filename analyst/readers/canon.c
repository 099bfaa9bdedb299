#include "analyst/readers/canon.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <idn2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "analyst/base/text.h"
#include "analyst/readers/secrets.h"

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return lower_letter(c) >= 'a' && lower_letter(c) <= 'z';
}

const char *lower_ascii(struct arena *arena, const char *s, size_t n)
{
	char *out = arena_dupn(arena, s, n);

	for (size_t i = 0; i < n; i++)
		out[i] = lower_letter(out[i]);
	return out;
}

const char *last_component(const char *path)
{
	const char *last = path;

	for (const char *s = path; *s != '\0'; s++)
		if ((*s == '/' || *s == '\\') && s[1] != '\0')
			last = s + 1;
	return last;
}

/* ---- addresses ---- */

/* As inet_pton has it: four numbers without leading zeros. */
static bool is_ipv4(const char *s, size_t n)
{
	size_t i = 0;

	for (int part = 0; part < 4; part++) {
		int value = 0;
		size_t digits = 0;

		if (part > 0 && (i == n || s[i++] != '.'))
			return false;
		for (; i < n && s[i] >= '0' && s[i] <= '9' && digits < 4; i++, digits++)
			value = value * 10 + (s[i] - '0');
		if (digits == 0 || value > 255 || (digits > 1 && s[i - digits] == '0'))
			return false;
	}
	return i == n;
}

const char *canon_ip(struct arena *arena, const char *s, size_t n)
{
	static const unsigned char mapped[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF };
	char copy[64], out[INET6_ADDRSTRLEN];
	unsigned char bytes[16];
	char *zone;

	if (n >= 2 && s[0] == '[' && s[n - 1] == ']') {
		s++;
		n -= 2;
	}
	if (n < 2 || n >= sizeof(copy))
		return NULL;
	if (is_ipv4(s, n))
		return arena_dupn(arena, s, n);
	if (memchr(s, ':', n) == NULL && memchr(s, '%', n) == NULL)
		return NULL;
	memcpy(copy, s, n);
	copy[n] = '\0';
	if ((zone = strchr(copy, '%')) != NULL)
		*zone = '\0';
	if (inet_pton(AF_INET, copy, bytes) == 1)
		return arena_dup(arena, copy);
	if (inet_pton(AF_INET6, copy, bytes) != 1)
		return NULL;
	if (memcmp(bytes, mapped, 12) == 0)
		inet_ntop(AF_INET, bytes + 12, out, sizeof(out));
	else
		inet_ntop(AF_INET6, bytes, out, sizeof(out));
	return arena_dup(arena, out);
}

const char *canon_cidr(struct arena *arena, const char *s, size_t n)
{
	const char *slash = memchr(s, '/', n);
	unsigned char bytes[16];
	char out[INET6_ADDRSTRLEN];
	const char *address;
	int bits = 0, most, family;
	size_t digits;

	if (slash == NULL || (address = canon_ip(arena, s, (size_t)(slash - s))) == NULL)
		return NULL;
	digits = n - (size_t)(slash - s) - 1;
	if (digits == 0 || digits > 3)
		return NULL;
	for (size_t i = 0; i < digits; i++) {
		if (!isdigit((unsigned char)slash[1 + i]))
			return NULL;
		bits = bits * 10 + (slash[1 + i] - '0');
	}
	family = strchr(address, ':') != NULL ? AF_INET6 : AF_INET;
	most = family == AF_INET6 ? 128 : 32;
	if (bits > most || inet_pton(family, address, bytes) != 1)
		return NULL;
	for (int bit = bits; bit < most; bit++)
		bytes[bit / 8] &= (unsigned char)~(0x80 >> (bit % 8));
	inet_ntop(family, bytes, out, sizeof(out));
	return bits == most ? arena_dup(arena, out) : arena_printf(arena, "%s/%d", out, bits);
}

/* Splits "host:80" and "[::1]:80"; *port is 0 where there is none. */
static size_t without_port(const char *s, size_t n, int *port)
{
	size_t i = n;
	int value = 0;

	*port = 0;
	while (i > 0 && is_digit(s[i - 1]))
		i--;
	if (i == n || n - i > 5 || i == 0 || s[i - 1] != ':')
		return n;
	if (memchr(s, ':', i - 1) != NULL && (i < 2 || s[i - 2] != ']'))
		return n;          /* the last group of an IPv6 address */
	for (size_t j = i; j < n; j++)
		value = value * 10 + (s[j] - '0');
	if (value == 0 || value > 65535)
		return n;
	*port = value;
	return i - 1;
}

/* ---- names ---- */

/* A name of labels and dots in lower case, or NULL; it has no port and no dot at its end. */
static char *lower_name(struct arena *arena, const char *s, size_t n)
{
	static const char lower[256] = {
		['-'] = '-', ['.'] = '.', ['_'] = '_', ['0'] = '0', '1', '2', '3', '4', '5', '6', '7', '8', '9',
		['A'] = 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n', 'o', 'p', 'q', 'r', 's', 't',
		'u', 'v', 'w', 'x', 'y', 'z',
		['a'] = 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n', 'o', 'p', 'q', 'r', 's', 't',
		'u', 'v', 'w', 'x', 'y', 'z'
	};
	char *out;
	size_t label = 0;

	if (n == 0 || n > 253)
		return NULL;
	out = arena_text(arena, n);
	for (size_t i = 0; i < n; i++) {
		char c = lower[(unsigned char)s[i]];

		if (c == '\0' || (c == '.' && label == 0))
			return NULL;
		label = c == '.' ? 0 : label + 1;
		if (label > 63)
			return NULL;
		out[i] = c;
	}
	return label > 0 ? out : NULL;
}

const char *canon_domain(struct arena *arena, const char *s, size_t n)
{
	char *copy, *ace = NULL;
	const char *out;
	bool ascii = true;
	int port;

	/* Most are written as they should be. */
	if ((out = lower_name(arena, s, n)) != NULL)
		return out;
	n = without_port(s, n, &port);
	while (n > 0 && s[n - 1] == '.')
		n--;
	if (n == 0 || n > 253)
		return NULL;
	for (size_t i = 0; i < n; i++)
		ascii = ascii && (unsigned char)s[i] < 0x80;
	if (ascii)
		return lower_name(arena, s, n);
	copy = arena_dupn(arena, s, n);
	if (idn2_to_ascii_8z(copy, &ace, IDN2_NONTRANSITIONAL | IDN2_NFC_INPUT) != IDN2_OK)
		return NULL;
	out = lower_name(arena, ace, strlen(ace));
	idn2_free(ace);
	return out;
}

/* How many bytes the scheme in front of "://" is, 0 without one; SIZE_MAX when what stands there is none. */
static size_t scheme_length(const char *s, size_t n)
{
	const char *colon;
	size_t i = 0;

	while (i < n && (is_letter(s[i]) || is_digit(s[i]) || s[i] == '+' || s[i] == '-' || s[i] == '.'))
		i++;
	if (n - i >= 3 && memcmp(s + i, "://", 3) == 0)
		return i;
	colon = memmem(s, n, "://", 3);
	return colon == NULL || memchr(s, '/', (size_t)(colon - s)) != NULL ? 0 : SIZE_MAX;
}

static bool is_usual_port(const char *scheme, size_t n, int port)
{
	static const struct { const char *scheme; int port; } usual[] = {
		{ "http", 80 }, { "https", 443 }, { "ftp", 21 }, { NULL, 0 }
	};

	for (size_t i = 0; usual[i].scheme != NULL; i++)
		if (usual[i].port == port && strlen(usual[i].scheme) == n && strncasecmp(usual[i].scheme, scheme, n) == 0)
			return true;
	return false;
}

static const char *url_host(struct arena *arena, const char *s, size_t n)
{
	const char *name = canon_ip(arena, s, n);

	if (name != NULL)
		return strchr(name, ':') != NULL ? arena_printf(arena, "[%s]", name) : name;
	name = canon_domain(arena, s, n);
	return name != NULL ? name : lower_ascii(arena, s, n);
}

static char *put(char *to, const char *s, size_t n)
{
	memcpy(to, s, n);
	return to + n;
}

/* ":8080"; how long that is. */
static size_t colon_port(char out[8], int port)
{
	size_t digits = port > 9999 ? 5 : port > 999 ? 4 : port > 99 ? 3 : port > 9 ? 2 : 1;

	out[0] = ':';
	for (size_t i = digits; i > 0; i--, port /= 10)
		out[i] = (char)('0' + port % 10);
	return 1 + digits;
}

const char *canon_url(struct arena *arena, const char *s, size_t n)
{
	size_t scheme = scheme_length(s, n), host_length, path_length, name_length, digits = 0;
	const char *host, *path, *hash, *name, *end = s + n;
	char *all, *at, decimal[8];
	int port;

	if (scheme == SIZE_MAX)
		return NULL;
	host = scheme > 0 ? s + scheme + 3 : s;
	path = host;
	while (path < end && *path != '/' && *path != '?' && *path != '#' && *path != '\0')
		path++;
	host_length = (size_t)(path - host);
	path_length = (size_t)(end - path);
	if ((hash = memchr(path, '#', path_length)) != NULL)
		path_length = (size_t)(hash - path);
	host_length = without_port(host, host_length, &port);
	if (host_length == 0)
		return NULL;
	name = url_host(arena, host, host_length);
	name_length = strlen(name);
	if (port != 0 && !is_usual_port(s, scheme, port))
		digits = colon_port(decimal, port);
	all = at = arena_text(arena, scheme + (scheme > 0 ? 3 : 0) + name_length + digits + path_length);
	/* Some products make what they found harmless: "hxxp://". */
	for (size_t i = 0; i < scheme; i++)
		*at++ = (i == 1 || i == 2) && scheme >= 4 && strncasecmp(s, "hxxp", 4) == 0 ? 't' : lower_letter(s[i]);
	if (scheme > 0)
		at = put(at, "://", 3);
	at = put(at, name, name_length);
	at = put(at, decimal, digits);
	put(at, path, path_length);
	return all;
}

const char *canon_hash(struct arena *arena, const char *s, size_t n, enum indicator_kind *kind)
{
	static const struct { size_t n; enum indicator_kind kind; } lengths[] = {
		{ 32, INDICATOR_MD5 }, { 40, INDICATOR_SHA1 }, { 64, INDICATOR_SHA256 }, { 128, INDICATOR_SHA512 }
	};

	for (size_t i = 0; i < n; i++)
		if (!isxdigit((unsigned char)s[i]))
			return NULL;
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		if (lengths[i].n != n)
			continue;
		if (kind != NULL)
			*kind = lengths[i].kind;
		return lower_ascii(arena, s, n);
	}
	return NULL;
}

const char *canon_fingerprint(struct arena *arena, const char *s, size_t n)
{
	char bare[128];
	size_t used = 0;

	for (size_t i = 0; i < n; i++) {
		if (s[i] == ':' || s[i] == ' ')
			continue;
		if (used == sizeof(bare))
			return NULL;
		bare[used++] = s[i];
	}
	return canon_hash(arena, bare, used, NULL);
}

/* ---- entities ---- */

static bool is_windows_path(const char *s)
{
	return (isalpha((unsigned char)s[0]) && s[1] == ':') || strchr(s, '\\') != NULL;
}

/* Windows forgets the case of its names, so the canonical form does; others keep it. */
static const char *canon_path(struct arena *arena, const char *s, size_t n)
{
	char *copy = arena_dupn(arena, s, n), *to;

	if (!is_windows_path(copy))
		return copy;
	/* Written through two hands that each doubled the backslashes: "c:\\\\temp". A share begins with two. */
	if (n > 2 && copy[1] == ':' && strstr(copy, "\\\\") != NULL) {
		to = copy;
		for (const char *from = copy; *from != '\0'; from++)
			if (from == copy || from[0] != '\\' || from[-1] != '\\')
				*to++ = *from;
		*to = '\0';
	}
	return lower_ascii(arena, copy, strlen(copy));
}

static void add_port(struct alert *a, struct arena *arena, enum entity_role role, int port)
{
	if (port > 0)
		alert_add(a, ENTITY_PORT, role, arena_printf(arena, "%d", port), NULL);
}

/* A machine's addresses in one field, "10.0.0.1,192.168.1.4", as products write them; false when s is no list of such. */
static bool add_addresses(struct alert *a, struct arena *arena, enum entity_role role, const char *s, size_t n)
{
	for (int add = 0; add < 2; add++)
		for (size_t at = 0; at <= n;) {
			const char *comma = memchr(s + at, ',', n - at), *value;
			size_t length = comma != NULL ? (size_t)(comma - s) - at : n - at, bare = length;
			const char *one = trim(s + at, &bare);

			if (bare > 0 && (value = canon_ip(arena, one, bare)) == NULL)
				return false;
			if (bare > 0 && add)
				alert_add(a, ENTITY_IP, role, value, NULL);
			at += length + 1;
		}
	return true;
}

/* Addresses and names stand in each other's fields in every product. */
static void add_machine(struct alert *a, struct arena *arena, enum entity_kind kind, enum entity_role role,
                        const char *s, size_t n)
{
	const char *slash, *value, *shown;
	size_t length, bare;
	int port;

	/* Most are written as they should be. */
	if (is_ipv4(s, n)) {
		alert_addn(a, ENTITY_IP, role, arena_dupn(arena, s, n), n, NULL);
		return;
	}
	if ((value = lower_name(arena, s, n)) != NULL) {
		if (kind == ENTITY_IP || (kind == ENTITY_DOMAIN && memchr(s, '.', n) == NULL))
			kind = ENTITY_HOST;
		alert_addn(a, kind, role, value, n, memcmp(value, s, n) == 0 ? NULL : arena_dupn(arena, s, n));
		return;
	}
	if (memchr(s, ',', n) != NULL && add_addresses(a, arena, role, s, n))
		return;
	if (kind == ENTITY_HOST && memchr(s, '@', n) != NULL && memchr(s, ' ', n) == NULL && memchr(s, ':', n) == NULL) {
		canon_addn(a, arena, ENTITY_EMAIL, role, s, n);
		return;
	}
	slash = memchr(s, '/', n);
	length = slash != NULL ? (size_t)(slash - s) : n;
	if ((value = canon_ip(arena, s, length)) != NULL) {
		alert_add(a, ENTITY_IP, role, value, NULL);
		return;
	}
	bare = without_port(s, length, &port);
	if ((value = canon_ip(arena, s, bare)) != NULL) {
		alert_add(a, ENTITY_IP, role, value, NULL);
		add_port(a, arena, role, port);
		return;
	}
	shown = arena_dupn(arena, s, bare);
	value = canon_domain(arena, s, bare);
	if (kind == ENTITY_IP)
		kind = ENTITY_HOST;
	if (kind == ENTITY_DOMAIN && value != NULL && strchr(value, '.') == NULL)
		kind = ENTITY_HOST;
	if (value == NULL && kind == ENTITY_DOMAIN)
		return;
	alert_add(a, kind, role, value != NULL ? value : lower_ascii(arena, s, bare), shown);
}

static const char *canon_mac(struct arena *arena, const char *s, size_t n)
{
	char out[18];
	size_t digits = 0;

	for (size_t i = 0; i < n; i++) {
		if (s[i] == ':' || s[i] == '-' || s[i] == '.')
			continue;
		if (!isxdigit((unsigned char)s[i]) || digits == 12)
			return NULL;
		out[digits / 2 * 3 + digits % 2] = lower_letter(s[i]);
		digits++;
	}
	if (digits != 12)
		return NULL;
	for (size_t i = 2; i < 17; i += 3)
		out[i] = ':';
	out[17] = '\0';
	return arena_dup(arena, out);
}

/* 1 to 65535; tables that passed a spreadsheet write "443.0". NULL for all else: rules are made of it. */
static const char *canon_port(struct arena *arena, const char *s, size_t n)
{
	long port = 0;

	if (n > 2 && memcmp(s + n - 2, ".0", 2) == 0)
		n -= 2;
	for (size_t i = 0; i < n; i++) {
		if (!is_digit(s[i]) || (port = 10 * port + (s[i] - '0')) > 65535)
			return NULL;
	}
	return port == 0 ? NULL : n < 6 && s[0] != '0' ? arena_dupn(arena, s, n) : arena_printf(arena, "%ld", port);
}

/* "CVE_2021_26855", "cve-2021-26855"; what is written otherwise stays. */
static const char *canon_cve(struct arena *arena, const char *s, size_t n)
{
	char *copy = arena_dupn(arena, s, n);

	if (n < 13 || n > 20 || strncasecmp(s, "cve", 3) != 0)
		return copy;
	for (size_t i = 0; i < n; i++)
		copy[i] = copy[i] == '_' ? '-' : (char)toupper((unsigned char)copy[i]);
	return copy;
}

void canon_add(struct alert *a, struct arena *arena, enum entity_kind kind, enum entity_role role,
               const char *s)
{
	if (s != NULL)
		canon_addn(a, arena, kind, role, s, strlen(s));
}

void canon_addn(struct alert *a, struct arena *arena, enum entity_kind kind, enum entity_role role,
                const char *s, size_t n)
{
	const char *value = NULL;
	size_t length;

	s = trim(s, &n);
	if (n == 0)
		return;
	if (n > 8192)
		n = 8192;
	switch (kind) {
	case ENTITY_IP: case ENTITY_HOST: case ENTITY_DOMAIN:
		add_machine(a, arena, kind, role, s, n);
		return;
	case ENTITY_MAC:
		value = canon_mac(arena, s, n);
		break;
	case ENTITY_PORT:
		alert_add(a, kind, role, canon_port(arena, s, n), NULL);
		return;
	case ENTITY_HASH:
		alert_add(a, kind, role, canon_hash(arena, s, n, NULL), NULL);
		return;
	case ENTITY_URL:
		secrets_tell(a, arena, kind, s, n);
		value = canon_url(arena, s, n);
		break;
	case ENTITY_FILE:
		s = last_component(arena_dupn(arena, s, n));
		n = strlen(s);
		value = lower_ascii(arena, s, n);
		break;
	case ENTITY_CERTIFICATE:
		value = canon_fingerprint(arena, s, n);
		value = value != NULL ? value : lower_ascii(arena, s, n);
		break;
	case ENTITY_REGISTRY:
		value = canon_registry(arena, s, n);
		break;
	case ENTITY_USER: case ENTITY_EMAIL: case ENTITY_JA3:
		value = lower_ascii(arena, s, n);
		break;
	case ENTITY_CVE:
		value = canon_cve(arena, s, n);
		break;
	case ENTITY_PROCESS: case ENTITY_PATH:
		value = canon_path(arena, s, n);
		break;
	case ENTITY_COMMAND:
		secrets_tell(a, arena, kind, s, n);
		/* FALLTHROUGH */
	default:
		alert_addn(a, kind, role, arena_dupn(arena, s, n), n, NULL);
		return;
	}
	if (value == NULL)
		return;
	length = strlen(value);
	alert_addn(a, kind, role, value, length, length == n && memcmp(value, s, n) == 0 ? NULL : arena_dupn(arena, s, n));
}

/* ---- ATT&CK ---- */

static void ids_put(struct ids *ids, const char *s, size_t n)
{
	char id[12];

	if (n >= sizeof(id) || ids->count == IDS_MOST)
		return;
	for (size_t i = 0; i < n; i++)
		id[i] = (char)toupper((unsigned char)s[i]);
	id[n] = '\0';
	for (size_t i = 0; i < ids->count; i++)
		if (strcmp(ids->ids[i], id) == 0)
			return;
	memcpy(ids->ids[ids->count++], id, n + 1);
}

static size_t digits_at(const char *s)
{
	size_t n = 0;

	while (isdigit((unsigned char)s[n]))
		n++;
	return n;
}

void ids_add_techniques(struct ids *ids, const char *s)
{
	for (const char *c = s; c != NULL && *c != '\0'; c++) {
		size_t n;

		if ((*c != 'T' && *c != 't') || (c > s && isalnum((unsigned char)c[-1])) || digits_at(c + 1) != 4)
			continue;
		n = c[5] == '.' && digits_at(c + 6) == 3 ? 9 : 5;
		if (!isalnum((unsigned char)c[n]))
			ids_put(ids, c, n);
		c += n - 1;
	}
}

/* Names without anything but letters. "Defense Evasion" is TA0005, which the release of
 * 2026 calls Stealth. */
static const struct named tactics[] = {
	{ "reconnaissance", 43 }, { "recon", 43 }, { "resourcedevelopment", 42 }, { "resdev", 42 },
	{ "initialaccess", 1 }, { "initaccess", 1 }, { "execution", 2 }, { "exec", 2 }, { "persistence", 3 },
	{ "persis", 3 }, { "privilegeescalation", 4 }, { "privesc", 4 }, { "defenseevasion", 5 },
	{ "defenceevasion", 5 }, { "evas", 5 }, { "stealth", 5 }, { "defenseimpairment", 112 },
	{ "credentialaccess", 6 }, { "credaccess", 6 }, { "discovery", 7 }, { "disc", 7 },
	{ "lateralmovement", 8 }, { "latmov", 8 }, { "collection", 9 }, { "collect", 9 },
	{ "commandandcontrol", 11 }, { "ctwo", 11 }, { "c2", 11 }, { "exfiltration", 10 }, { "exfil", 10 },
	{ "impact", 40 }, { NULL, 0 }
};

void ids_add_tactics(struct ids *ids, const char *s)
{
	char plain[40], id[12];
	size_t n = 0;
	int number;

	if (s == NULL)
		return;
	for (const char *c = s; *c != '\0'; c++)
		if ((c[0] == 'T' || c[0] == 't') && (c[1] == 'A' || c[1] == 'a') && digits_at(c + 2) == 4) {
			ids_put(ids, c, 6);
			return;
		}
	for (const char *c = s; *c != '\0' && n < sizeof(plain) - 1; c++)
		if (isalpha((unsigned char)*c))
			plain[n++] = *c;
	plain[n] = '\0';
	if ((number = table_value(tactics, plain, 0)) != 0) {
		snprintf(id, sizeof(id), "TA%04d", number);
		ids_put(ids, id, 6);
	}
}

static int by_text(const void *a, const void *b)
{
	return strcmp(a, b);
}

const char *ids_text(struct ids *ids, struct arena *arena)
{
	char all[IDS_MOST * 12 + 1];
	size_t used = 0;

	if (ids->count == 0)
		return NULL;
	if (ids->count > 1)
		qsort(ids->ids, ids->count, sizeof(ids->ids[0]), by_text);
	for (size_t i = 0; i < ids->count; i++) {
		size_t n = strlen(ids->ids[i]);

		if (i > 0)
			all[used++] = ' ';
		memcpy(all + used, ids->ids[i], n);
		used += n;
	}
	return arena_dupn(arena, all, used);
}
