/* The value that begins at a place of a text: the longest one, at the borders of words. */
#include "render/redact/redact_parts.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "analyst/base/text.h"

/* From this length on a value is found inside "backup_alice", too. */
#define LONG_NAME 5
/* What is found in decoded bytes must be no chance. 10,000 names of 6 letters meet random bytes at one place of
 * 400 million; shorter ones count only in bytes that are readable throughout. */
#define LEAST_READABLE 4
#define LEAST_ANYWHERE 6
#define LEAST_RUN 8
#define RUN_LIMIT 65536

/* No name outside ends so. */
static bool is_no_domain(const char *s, size_t n)
{
	static const char *const endings[] = { "evtx", "evt", "etl", "json", "jsonl", "ndjson", "csv", "tsv", "log", "txt", "xml",
		"gz", "zip", "7z", "rar", "tar", "tgz", "cab", "iso", "vhd", "vhdx", "vmdk", "ova", "pst", "ost", "edb", "eml", "msg",
		"pcap", "pcapng", "db", "sqlite", "mdb", "bak", "old", "tmp", "dat", "bin", "ini", "cfg", "conf", "config", "yml",
		"yaml", "exe", "dll", "sys", "msi", "bat", "cmd", "ps1", "vbs", "js", "hta", "lnk", "asp", "aspx", "ashx", "php", "jsp",
		"htm", "html", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "pdf", "rtf", "png", "jpg", "jpeg", "svg", "key", "pem",
		"pfx", "crt", "cer", "rdp", "dmp", "mem", "raw", "local", "lan", "internal", "corp", "home", NULL };

	for (const char *const *e = endings; *e != NULL; e++)
		if (strlen(*e) == n && strncasecmp(*e, s, n) == 0)
			return true;
	return false;
}

/* Of the dotted name that goes on at s[at]: its last label. "EXCH01.evtx" is a file of ours, "mail.evil.example" is
 * somebody else's machine even where one of ours is called mail. Names no outsider can have end as ours do. */
static bool goes_on_as_ours(const char *s, size_t n, size_t at)
{
	char label[64];
	size_t used = 0, taken;
	bool plain = true;

	for (size_t i = at; i < n; i += taken) {
		char c = redact_symbol(s + i, n - i, &taken);

		if (c == '.' && i + taken < n && redact_word_byte(s[i + taken])) {
			used = 0;
			plain = true;
		} else if (redact_word_byte(c) || c == '-') {
			plain &= used < sizeof label;
			if (plain)
				label[used++] = c;
		} else {
			break;
		}
	}
	return plain && is_no_domain(label, used);
}

static bool inside_name(const char *s, size_t n, size_t at)
{
	size_t taken;

	return at < n && redact_symbol(s + at, n - at, &taken) == '.' && at + taken < n && redact_word_byte(s[at + taken]);
}

static const struct value *longest_at(const struct redaction *rd, const char *s, size_t n, size_t at, size_t *end,
                                      enum looking how);

/* May a value end here? A name without a dot is not the first label of somebody else's. */
static bool ends(const struct redaction *rd, const struct value *v, size_t length, const char *s, size_t n, size_t at)
{
	size_t taken, end;
	const struct value *domain;
	char c = ' ';

	if (at < n)
		c = redact_symbol(s + at, n - at, &taken);
	if (redact_word_byte(c) && redact_word_byte(v->text[length - 1]) && !(c == '_' && length >= LONG_NAME))
		return false;
	if (v->kind == HIDDEN_PATHS || v->kind == HIDDEN_TERM || !inside_name(s, n, at))
		return true;
	domain = longest_at(rd, s, n, at + taken, &end, READ_DATA);
	return (domain != NULL && domain->kind == HIDDEN_DOMAINS) || goes_on_as_ours(s, n, at + taken);
}

/* A value of one or two letters is one only where a name must stand. */
static bool short_fits(size_t length, char before, const char *s, size_t n, size_t end, enum looking how)
{
	char after = end < n ? s[end] : ' ';

	if (length >= SHORTEST)
		return true;
	if (how != READ_DATA)
		return false;
	return length == 2 || before == '\\' || before == '=' || before == ':' || after == '@';
}

static bool fits(const struct redaction *rd, const struct value *v, size_t length, const char *s, size_t n, size_t at,
                 size_t end, enum looking how)
{
	char before = redact_before(s, at);

	if (v->common && how != READ_DATA)
		return false;
	if (redact_word_byte(before) && redact_word_byte(v->text[0]) && !(before == '_' && length >= LONG_NAME))
		return false;
	return short_fits(length, before, s, n, end, how) && ends(rd, v, length, s, n, end);
}

/* The list is sorted: of those from low to high the ones whose byte at depth is c. No value holds a NUL. */
static void narrow(const struct redaction *rd, size_t *low, size_t *high, size_t depth, unsigned char c)
{
	if (c == '\0')
		*high = *low;
	for (int above = 0; above < 2; above++) {
		size_t a = *low, b = *high;

		while (a < b) {
			size_t mid = a + (b - a) / 2;

			if ((unsigned char)rd->list[mid].text[depth] < c + above)
				a = mid + 1;
			else
				b = mid;
		}
		*(above ? high : low) = a;
	}
}

/* A value ends where a character does: "mus" is not in "mu\u00DF", which is folded to "muss". */
static const struct value *longest_at(const struct redaction *rd, const char *s, size_t n, size_t at, size_t *end,
                                      enum looking how)
{
	size_t low = 0, high = rd->sorted, depth = 0, taken;
	const struct value *best = NULL;
	char letter[FOLDED_MOST];

	for (size_t i = at; i < n && low < high; i += taken) {
		size_t length = redact_letter(letter, s + i, n - i, &taken);

		for (size_t k = 0; k < length && low < high; k++)
			narrow(rd, &low, &high, depth++, (unsigned char)letter[k]);
		if (low < high && rd->list[low].text[depth] == '\0' &&
		    fits(rd, &rd->list[low], depth, s, n, at, i + taken, how)) {
			best = &rd->list[low];
			*end = i + taken;
		}
	}
	return best;
}

/* A label after a dot is somebody else's, unless the whole name is a file's or ends as no name outside does. */
static bool belongs_to_others(const char *s, size_t n, size_t at, const struct value *v)
{
	return redact_after_dot(s, at) && v->kind != HIDDEN_DOMAINS && v->kind != HIDDEN_TERM && !goes_on_as_ours(s, n, at);
}

const struct value *redact_value_at(const struct redaction *rd, const char *s, size_t n, size_t at, size_t *end,
                                    enum looking how)
{
	const struct value *v = longest_at(rd, s, n, at, end, how);

	return v != NULL && belongs_to_others(s, n, at, v) ? NULL : v;
}

/* ---- what is written as digits ---- */

/* The hyphen and the underscore of base64url part words as well, so what they part is decoded piece by piece. */
static int base64_digit(char c)
{
	if (isupper((unsigned char)c))
		return c - 'A';
	if (islower((unsigned char)c))
		return c - 'a' + 26;
	if (isdigit((unsigned char)c))
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

static int hex_digit(char c)
{
	return !isxdigit((unsigned char)c) ? -1 : isdigit((unsigned char)c) ? c - '0' : tolower((unsigned char)c) - 'a' + 10;
}

static const struct {
	const char *name;
	int (*digit)(char c);
	unsigned bits;                    /* of a digit */
	unsigned starts;                  /* places of a run where a byte may begin */
} forms[] = {
	{ "hex", hex_digit, 4, 2 }, { "base64", base64_digit, 6, 4 },
};

static void decode(struct text *out, size_t form, const char *s, size_t n)
{
	uint32_t bits = 0;
	unsigned have = 0;

	text_clear(out);
	for (size_t i = 0; i < n; i++) {
		bits = (bits << forms[form].bits | (uint32_t)forms[form].digit(s[i])) & 0xFFFF;
		have += forms[form].bits;
		if (have >= 8) {
			have -= 8;
			text_addc(out, (char)(bits >> have & 0xFF));
		}
	}
}

/* Latin text in UTF-16 is text with NULs between. True when nearly all can be read, as no hash can. */
static bool read_bytes(struct text *out, const struct text *from)
{
	size_t odd = 0;

	text_clear(out);
	for (size_t i = 0; i < from->used; i++) {
		unsigned char c = (unsigned char)from->bytes[i];

		odd += (c < 0x20 && c != 0 && strchr("\t\r\n", c) == NULL) || c >= 0x7F;
		if (c != 0)
			text_addc(out, (char)c);
	}
	return odd * 10 <= out->used;
}

/* Latin, kana and ideographs: of all there are a third, so that chance does not write three of four in them. */
static bool is_usual(uint32_t unit)
{
	return (unit >= 0x20 && unit < 0x250 && unit != 0x7F) || (unit >= 0x3000 && unit < 0x3100) ||
	       (unit >= 0x4E00 && unit < 0xA000) || (unit >= 0xFF01 && unit < 0xFFA0);
}

/* UTF-16 of other letters, as in PowerShell's -enc: low byte first. True when most is usual. */
static bool read_wide(struct text *out, const struct text *from, size_t begin)
{
	size_t usual = 0, units = 0;

	text_clear(out);
	for (size_t i = begin; i + 1 < from->used; i += 2, units++) {
		uint32_t unit = (uint32_t)(unsigned char)from->bytes[i] | (uint32_t)(unsigned char)from->bytes[i + 1] << 8;

		usual += is_usual(unit);
		text_add_rune(out, unit == 0 || (unit >= 0xD800 && unit < 0xE000) ? 0xFFFD : unit);
	}
	return usual * 4 >= units * 3;
}

static const struct value *any_in(const struct redaction *rd, const char *s, size_t n, size_t least)
{
	size_t end;

	for (size_t i = 0; i < n; i++) {
		const struct value *v = longest_at(rd, s, n, i, &end, READ_DATA);

		if (v != NULL && strlen(v->text) >= least)
			return v;
	}
	return NULL;
}

static const struct value *decoded(const struct redaction *rd, const struct text *bytes, struct text *plain)
{
	bool readable = read_bytes(plain, bytes);
	const struct value *v = any_in(rd, text_str(plain), plain->used, readable ? LEAST_READABLE : LEAST_ANYWHERE);

	for (size_t begin = 0; begin < 2 && v == NULL; begin++)
		if (read_wide(plain, bytes, begin))
			v = any_in(rd, text_str(plain), plain->used, LEAST_READABLE);
	return v;
}

const struct value *redact_encoded_at(const struct redaction *rd, const char *s, size_t n, size_t at, size_t *end,
                                      const char **form)
{
	struct text bytes = { 0 }, plain = { 0 };
	const struct value *v = NULL;

	for (size_t k = 0; k < sizeof forms / sizeof forms[0] && v == NULL; k++) {
		size_t run = 0;

		if (at > 0 && forms[k].digit(s[at - 1]) >= 0)
			continue;
		while (at + run < n && run < RUN_LIMIT && forms[k].digit(s[at + run]) >= 0)
			run++;
		for (size_t skip = 0; run >= LEAST_RUN && skip < forms[k].starts && v == NULL; skip++) {
			decode(&bytes, k, s + at + skip, run - skip);
			v = decoded(rd, &bytes, &plain);
		}
		*end = at + run;
		*form = forms[k].name;
	}
	text_free(&bytes);
	text_free(&plain);
	return v;
}
