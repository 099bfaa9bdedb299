#include "render/redact/redact_parts.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "analyst/base/text.h"

/* ---- one character ---- */

static int hex_digits(const char *s, size_t digits)
{
	int out = 0;

	for (size_t i = 0; i < digits; i++) {
		if (!isxdigit((unsigned char)s[i]))
			return -1;
		out = out * 16 + (isdigit((unsigned char)s[i]) ? s[i] - '0' : tolower((unsigned char)s[i]) - 'a' + 10);
	}
	return out;
}

char redact_symbol(const char *s, size_t n, size_t *taken)
{
	int code;

	*taken = 1;
	if (n >= 3 && s[0] == '[' && (s[1] == '.' || s[1] == '@') && s[2] == ']') {
		*taken = 3;
		return s[1];
	}
	if (n >= 3 && s[0] == '%' && (code = hex_digits(s + 1, 2)) > 0) {
		*taken = 3;
		return (char)tolower(code);
	}
	if (n >= 6 && s[0] == '\\' && s[1] == 'u' && (code = hex_digits(s + 2, 4)) > 0 && code < 0x80) {
		*taken = 6;
		return (char)tolower(code);
	}
	if (n >= 2 && s[0] == '\\' && s[1] == '\\')
		*taken = 2;
	return (char)tolower((unsigned char)s[0]);
}

/* The bytes of a character of more than one, each as it is or as %C3. */
static size_t gather(char bytes[4], size_t ends[4], const char *s, size_t n)
{
	size_t at = 0, used = 0;

	while (used < 4 && at < n) {
		int code = n - at >= 3 && s[at] == '%' ? hex_digits(s + at + 1, 2) : -1;

		bytes[used] = code >= 0 ? (char)code : s[at];
		at += code >= 0 ? 3 : 1;
		ends[used++] = at;
	}
	return used;
}

/* Two of them make a character beyond the first plane. */
static uint32_t escaped_rune(const char *s, size_t n, size_t *taken)
{
	int high = hex_digits(s + 2, 4), low = -1;

	*taken = 6;
	if (high >= 0xD800 && high < 0xDC00 && n >= 12 && s[6] == '\\' && s[7] == 'u')
		low = hex_digits(s + 8, 4);
	if (low < 0xDC00 || low > 0xDFFF)
		return high >= 0xD800 && high < 0xE000 ? 0xFFFD : (uint32_t)high;
	*taken = 12;
	return 0x10000u + ((uint32_t)(high - 0xD800) << 10) + (uint32_t)(low - 0xDC00);
}

size_t redact_letter(char out[FOLDED_MOST], const char *s, size_t n, size_t *taken)
{
	char bytes[4];
	size_t ends[4], used, length;
	uint32_t rune;

	if (n >= 6 && s[0] == '\\' && s[1] == 'u' && hex_digits(s + 2, 4) >= 0x80)
		return rune_fold(out, escaped_rune(s, n, taken));
	out[0] = redact_symbol(s, n, taken);
	if ((unsigned char)out[0] < 0x80)
		return 1;
	used = gather(bytes, ends, s, n);
	rune = utf8_next(bytes, used, &length);
	if (rune != 0xFFFD) {
		*taken = ends[length - 1];
		return rune_fold(out, rune);
	}
	/* Letters of Latin-1; its other signs are bytes within a character, too. */
	return (unsigned char)bytes[0] >= 0xC0 ? rune_fold(out, (unsigned char)bytes[0]) : 1;
}

const char *redact_fold(struct arena *a, const char *s)
{
	struct text t = { 0 };
	char letter[FOLDED_MOST];
	const char *out;

	for (size_t n = strlen(s), i = 0, taken; i < n; i += taken)
		text_addn(&t, letter, redact_letter(letter, s + i, n - i, &taken));
	out = arena_dup(a, text_str(&t));
	text_free(&t);
	return out;
}

/* ---- the table ---- */

static uint32_t hash(const char *s)
{
	uint32_t h = 2166136261u;

	for (; *s != '\0'; s++)
		h = (h ^ (unsigned char)*s) * 16777619u;
	return h;
}

static void fill_slot(struct redaction *rd, size_t i)
{
	size_t at = hash(rd->list[i].text) & (rd->slot_count - 1);

	while (rd->slots[at] != 0)
		at = (at + 1) & (rd->slot_count - 1);
	rd->slots[at] = (uint32_t)i + 1;
}

static void fill_slots(struct redaction *rd)
{
	size_t n = 64;

	while (n < rd->used * 4 + 64)
		n *= 2;
	rd->slots = ARENA_ARRAY(rd->arena, uint32_t, n);
	memset(rd->slots, 0, n * sizeof *rd->slots);
	rd->slot_count = n;
	for (size_t i = 0; i < rd->used; i++)
		fill_slot(rd, i);
}

void redact_begin(struct redaction *rd)
{
	rd->counters = ARENA_ARRAY(rd->arena, struct counter, HIDDEN_KINDS + 1 + rd->profile->term_count);
	fill_slots(rd);
}

struct value *redact_look_up(const struct redaction *rd, const char *folded)
{
	size_t at = hash(folded) & (rd->slot_count - 1);

	for (; rd->slots[at] != 0; at = (at + 1) & (rd->slot_count - 1))
		if (strcmp(rd->list[rd->slots[at] - 1].text, folded) == 0)
			return &rd->list[rd->slots[at] - 1];
	return NULL;
}

static const char *next_pseudonym(struct redaction *rd, const char *as)
{
	size_t i = 0;

	while (i < rd->counter_count && strcmp(rd->counters[i].as, as) != 0)
		i++;
	if (i == rd->counter_count)
		rd->counters[rd->counter_count++] = (struct counter){ as, 0 };
	return arena_printf(rd->arena, "%s-%02u", as, ++rd->counters[i].used);
}

static void append(struct redaction *rd, const struct value *v)
{
	if (rd->used == rd->room) {
		struct value *more = ARENA_ARRAY(rd->arena, struct value, rd->room * 2 + 64);

		if (rd->used > 0)
			memcpy(more, rd->list, rd->used * sizeof *more);
		rd->list = more;
		rd->room = rd->room * 2 + 64;
	}
	rd->list[rd->used++] = *v;
	if (rd->used * 2 > rd->slot_count)
		fill_slots(rd);
	else
		fill_slot(rd, rd->used - 1);
}

static bool is_kept(const struct redaction *rd, const char *folded)
{
	const char *slash = strrchr(folded, '\\');

	return folded[0] == '\0' || profile_keeps(rd->profile, folded) ||
	       (slash != NULL && slash[1] != '\0' && profile_keeps(rd->profile, slash + 1));
}

static const char *add(struct redaction *rd, const char *written, enum hidden kind, const char *as, const char *pseudonym)
{
	const char *folded = redact_fold(rd->arena, written);
	const struct value *old;

	if (is_kept(rd, folded))
		return NULL;
	if ((old = redact_look_up(rd, folded)) != NULL)
		return old->pseudonym;
	if (pseudonym == NULL)
		pseudonym = next_pseudonym(rd, as);
	append(rd, &(struct value){ .text = folded, .pseudonym = pseudonym, .kind = kind });
	return pseudonym;
}

const char *redact_add(struct redaction *rd, const char *written, enum hidden kind, const char *pseudonym)
{
	return rd->profile->as[kind] != NULL ? add(rd, written, kind, rd->profile->as[kind], pseudonym) : NULL;
}

const char *redact_add_term(struct redaction *rd, const char *written, const char *as)
{
	return add(rd, written, HIDDEN_TERM, as, NULL);
}

static int by_text(const void *a, const void *b)
{
	return strcmp(((const struct value *)a)->text, ((const struct value *)b)->text);
}

void redact_sort(struct redaction *rd)
{
	if (rd->used > 0)
		qsort(rd->list, rd->used, sizeof *rd->list, by_text);
	rd->sorted = rd->used;
	fill_slots(rd);
}
