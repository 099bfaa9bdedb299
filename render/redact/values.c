#include "render/redact/redact_parts.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

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

const char *redact_fold(struct arena *a, const char *s)
{
	size_t n = strlen(s), taken, used = 0;
	char *out = arena_alloc(a, n + 1);

	for (size_t i = 0; i < n; i += taken)
		out[used++] = redact_symbol(s + i, n - i, &taken);
	out[used] = '\0';
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
