#include "analyst/readers/refang.h"

#include <string.h>

#include "analyst/base/text.h"
#include "analyst/readers/canon.h"
#include "analyst/readers/refang_parts.h"

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

	plain_undo(&p, line, n, arena);
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
	case INDICATOR_CERTIFICATE:
		settle(out, p, start, start + n, said, canon_fingerprint(arena, s, n));
		return out->value != NULL;
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

	plain_undo(&p, begin, n, arena);
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
