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
	return find_cve(out, p, i, arena) || find_ja4(out, p, i, arena) || find_hash(out, p, i, arena) || find_url(out, p, i, arena) ||
	       find_ipv6(out, p, i, arena) || find_host(out, p, i, arena);
}

/* How many bytes stand before a name and mean "and all below it": "*.evil.com", ".evil.com". */
static size_t all_below(const char *s, size_t n)
{
	size_t i = n > 0 && s[0] == '*' ? 1 : 0;

	return n > i + 3 && s[i] == '.' && is_word(s[i + 1]) && memchr(s + i + 1, '.', n - i - 1) != NULL ? i + 1 : 0;
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
		if ((taken = all_below(p->s + i, p->n - i)) > 0)
			return i + taken;
		rune = utf8_next(p->s + i, p->n - i, &taken);
		if (rune != 0x2022 && rune != 0x30FB && rune != 0x25CF && rune != 0x3000 &&
		    !(rune < 0x80 && strchr(" \t-*|`\"'", (int)rune) != NULL))
			return i;
		i += taken;
	}
}

size_t refang_line(struct found *out, size_t room, const char *line, size_t n, struct arena *arena)
{
	struct plain p;
	size_t count = 0, i, row, parts;

	plain_undo(&p, line, n, arena);
	row = row_start(&p);
	for (i = row; i < p.n && count < room;) {
		struct found *here = &out[count];
		size_t start, end;

		/* Right behind something found everything begins anew: it was glued. */
		if (!(is_boundary(&p, i) || i == row || (count > 0 && i == out[count - 1].end)) ||
		    !find_at(here, &p, i, i == row, arena)) {
			i++;
			continue;
		}
		parts = here->kind == INDICATOR_IP ? split_range(here, room - count, &p, here->end, arena) : 0;
		i = here->end;
		count += parts > 0 ? parts : 1;
		start = p.from[here->start];
		end = here->end < p.n ? p.from[here->end] : n;
		for (struct found *each = here; each < out + count; each++)
			each->written = arena_dupn(arena, line + start, end - start);
	}
	for (i = 0; i < count; i++) {
		if (out[i].why == NULL)
			out[i].why = why_warned(out[i].kind, out[i].value);
		out[i].start = p.from[out[i].start];
		out[i].end = out[i].end < p.n ? p.from[out[i].end] : n;
	}
	return count;
}

/* ---- single values ---- */

/* Without blanks, "-", "_", ":" and "." between the words. INDICATOR_KINDS: something we do not look for, whatever it looks like. */
static const struct named kind_names[] = {
	{ "ip", INDICATOR_IP }, { "ipv4", INDICATOR_IP }, { "ipv6", INDICATOR_IP }, { "ipaddress", INDICATOR_IP },
	{ "ipv4addr", INDICATOR_IP }, { "ipv6addr", INDICATOR_IP }, { "ipaddr", INDICATOR_IP }, { "ipv4address", INDICATOR_IP },
	{ "ipv6address", INDICATOR_IP }, { "ipdst", INDICATOR_IP }, { "ipsrc", INDICATOR_IP }, { "ipport", INDICATOR_IP },
	{ "ipv4port", INDICATOR_IP }, { "IPアドレス", INDICATOR_IP },
	{ "cidr", INDICATOR_CIDR }, { "netblock", INDICATOR_CIDR }, { "ipv4net", INDICATOR_CIDR }, { "ipv6net", INDICATOR_CIDR },
	{ "domain", INDICATOR_DOMAIN }, { "domainname", INDICATOR_DOMAIN }, { "hostname", INDICATOR_DOMAIN }, { "fqdn", INDICATOR_DOMAIN },
	{ "host", INDICATOR_DOMAIN }, { "ドメイン", INDICATOR_DOMAIN }, { "ドメイン名", INDICATOR_DOMAIN },
	{ "url", INDICATOR_URL }, { "uri", INDICATOR_URL }, { "link", INDICATOR_URL },
	{ "email", INDICATOR_EMAIL }, { "emailaddr", INDICATOR_EMAIL }, { "emailaddress", INDICATOR_EMAIL }, { "emailsrc", INDICATOR_EMAIL },
	{ "mail", INDICATOR_EMAIL }, { "メールアドレス", INDICATOR_EMAIL },
	{ "md5", INDICATOR_MD5 }, { "filehashmd5", INDICATOR_MD5 }, { "md5hash", INDICATOR_MD5 },
	{ "sha1", INDICATOR_SHA1 }, { "filehashsha1", INDICATOR_SHA1 }, { "sha1hash", INDICATOR_SHA1 },
	{ "sha256", INDICATOR_SHA256 }, { "filehashsha256", INDICATOR_SHA256 }, { "sha256hash", INDICATOR_SHA256 },
	{ "sha512", INDICATOR_SHA512 }, { "filehashsha512", INDICATOR_SHA512 }, { "sha512hash", INDICATOR_SHA512 },
	{ "filename", INDICATOR_FILENAME }, { "ファイル名", INDICATOR_FILENAME },
	{ "path", INDICATOR_PATH }, { "filepath", INDICATOR_PATH }, { "directory", INDICATOR_PATH }, { "ファイルパス", INDICATOR_PATH },
	{ "useragent", INDICATOR_AGENT }, { "ua", INDICATOR_AGENT }, { "ユーザーエージェント", INDICATOR_AGENT },
	{ "registry", INDICATOR_REGISTRY }, { "regkey", INDICATOR_REGISTRY }, { "registrykey", INDICATOR_REGISTRY },
	{ "windowsregistrykey", INDICATOR_REGISTRY }, { "レジストリ", INDICATOR_REGISTRY },
	{ "mutex", INDICATOR_MUTEX }, { "cve", INDICATOR_CVE }, { "vulnerability", INDICATOR_CVE },
	{ "ja3", INDICATOR_JA3 }, { "ja3fingerprintmd5", INDICATOR_JA3 }, { "ja3fingerprint", INDICATOR_JA3 }, { "ja4", INDICATOR_JA3 },
	{ "command", INDICATOR_COMMAND }, { "commandline", INDICATOR_COMMAND },
	{ "certificate", INDICATOR_CERTIFICATE }, { "certhash", INDICATOR_CERTIFICATE }, { "sslcertfingerprint", INDICATOR_CERTIFICATE },
	{ "x509fingerprintmd5", INDICATOR_CERTIFICATE }, { "x509fingerprintsha1", INDICATOR_CERTIFICATE },
	{ "x509fingerprintsha256", INDICATOR_CERTIFICATE },
	{ "imphash", INDICATOR_KINDS }, { "filehashimphash", INDICATOR_KINDS }, { "pehash", INDICATOR_KINDS },
	{ "filehashpehash", INDICATOR_KINDS }, { "authentihash", INDICATOR_KINDS }, { "richhash", INDICATOR_KINDS },
	{ "telfhash", INDICATOR_KINDS }, { "ssdeep", INDICATOR_KINDS }, { "tlsh", INDICATOR_KINDS }, { "sha224", INDICATOR_KINDS },
	{ "sha384", INDICATOR_KINDS }, { "hassh", INDICATOR_KINDS }, { "ja3s", INDICATOR_KINDS }, { "yara", INDICATOR_KINDS },
	{ "bitcoin", INDICATOR_KINDS }, { "btc", INDICATOR_KINDS }, { NULL, 0 }
};

enum indicator_kind indicator_kind_named(const char *s)
{
	char bare[64];
	size_t n = 0;

	for (; s != NULL && *s != '\0' && n + 1 < sizeof(bare); s++)
		if (strchr(" -_:.", *s) == NULL)
			bare[n++] = *s;
	bare[n] = '\0';
	return (enum indicator_kind)table_value(kind_names, bare, INDICATOR_TEXT);
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
	case INDICATOR_FILENAME: case INDICATOR_PATH:
		/* Many call a whole path the file's name. */
		if (memchr(s, '\\', n) != NULL)
			said = INDICATOR_PATH;
		settle(out, p, start, start + n, said, said == INDICATOR_PATH ? canon_path_written(arena, s, n) : lower_ascii(arena, s, n));
		return true;
	case INDICATOR_REGISTRY:
		settle(out, p, start, start + n, said, canon_registry(arena, s, n));
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

/* Blanks that tables bring along: no-break, ideographic, of no width, byte order mark. */
static const char *trim_wide(const char *s, size_t *n)
{
	static const char *const blanks[] = { "\xC2\xA0", "\xE3\x80\x80", "\xE2\x80\x8B", "\xEF\xBB\xBF", NULL };

	s = trim(s, n);
	for (const char *const *b = blanks; *b != NULL; b++) {
		size_t m = strlen(*b);

		while (*n >= m && memcmp(s, *b, m) == 0) {
			*n -= m;
			s = trim(s + m, n);
		}
		while (*n >= m && memcmp(s + *n - m, *b, m) == 0) {
			*n -= m;
			s = trim(s, n);
		}
	}
	return s;
}

/* "SHA256: 5f2c...": what stands behind the name of a kind, whose kind *said becomes; s where none stands before it. */
static const char *behind_label(const char *s, size_t *n, enum indicator_kind *said)
{
	const char *colon = memchr(s, ':', *n < 24 ? *n : 24);
	size_t length = colon != NULL ? (size_t)(colon - s) : 0, rest;
	char label[24];
	enum indicator_kind kind;

	if (length == 0 || length + 1 >= *n || (colon[1] != ' ' && colon[1] != '\t'))
		return s;
	memcpy(label, s, length);
	label[length] = '\0';
	if ((kind = indicator_kind_named(label)) == INDICATOR_TEXT || kind == INDICATOR_KINDS)
		return s;
	rest = *n - length - 1;
	s = trim(colon + 1, &rest);
	*n = rest;
	*said = kind;
	return s;
}

static bool is_hash(enum indicator_kind kind)
{
	return kind >= INDICATOR_MD5 && kind <= INDICATOR_SHA512;
}

bool kind_stands_alone(enum indicator_kind kind)
{
	switch (kind) {
	case INDICATOR_IP: case INDICATOR_CIDR: case INDICATOR_DOMAIN: case INDICATOR_URL: case INDICATOR_EMAIL:
	case INDICATOR_MD5: case INDICATOR_SHA1: case INDICATOR_SHA256: case INDICATOR_SHA512: case INDICATOR_CVE:
		return true;
	default:
		return false;
	}
}

void refang_value(struct found *out, const char *s, size_t n, enum indicator_kind said, struct arena *arena)
{
	struct plain p;
	size_t end, start = 0;
	const char *begin = trim_wide(s, &n);

	if (said == INDICATOR_TEXT || is_hash(said))
		begin = behind_label(begin, &n, &said);
	/* A name that a browser's line was copied for. */
	if (said == INDICATOR_DOMAIN && n > 1 && begin[n - 1] == '/' && memchr(begin, '/', n - 1) == NULL)
		n--;
	plain_undo(&p, begin, n, arena);
	end = p.n;
	if (said == INDICATOR_TEXT || said == INDICATOR_DOMAIN)
		start = all_below(p.s, p.n);
	if (p.n == 0 || said == INDICATOR_KINDS || 
	    (!take_said(out, &p, start, end - start, said, arena) && !(find_at(out, &p, start, true, arena) && out->end == end))) {
		settle(out, &p, 0, end, INDICATOR_TEXT, arena_dupn(arena, p.s, p.n));
		out->why = is_hash(said) && p.n > 0 && hex_run(&p, 0) == p.n ? "a hash of a wrong length" : "of no kind that can be looked for";
	}
	if (out->why == NULL)
		out->why = why_warned(out->kind, out->value);
	out->written = arena_dupn(arena, begin, n);
	out->start = 0;
	out->end = n;
}
