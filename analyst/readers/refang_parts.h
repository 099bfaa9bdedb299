/* What the steps of refang.h share. */
#ifndef TSUMUGI_REFANG_PARTS_H
#define TSUMUGI_REFANG_PARTS_H

#include <ctype.h>
#include <stdint.h>

#include "analyst/readers/refang.h"

/* A line with every defanged sign undone. */
struct plain {
	char *s;
	size_t n;
	uint32_t *from;       /* where each byte comes from; from[n] is the line's end */
	bool *mark;           /* a byte that stands for a defanged sign */
};

/* refang_plain.c */
void plain_undo(struct plain *p, const char *s, size_t n, struct arena *arena);

/* refang_suffix.c */
bool is_special_suffix(const char *last);      /* names that no public registry gives out (FORMATS 3.7, row 9) */
bool is_file_ending(const char *last);

/* refang_find.c: what stands at a place. What they give has neither `written` nor places of the line yet. */
bool find_cve(struct found *out, const struct plain *p, size_t i, struct arena *arena);
bool find_hash(struct found *out, const struct plain *p, size_t i, struct arena *arena);
bool find_url(struct found *out, const struct plain *p, size_t i, struct arena *arena);
bool find_ipv6(struct found *out, const struct plain *p, size_t i, struct arena *arena);
bool find_host(struct found *out, const struct plain *p, size_t i, struct arena *arena);
/* The value from start to end. */
void settle(struct found *out, const struct plain *p, size_t start, size_t end, enum indicator_kind kind,
            const char *value);
/* Where four numbers and nothing more end, or 0. */
size_t ipv4_run(const struct plain *p, size_t i, size_t end, bool defanged);
size_t hex_run(const struct plain *p, size_t i);

/* refang_row.c: what only stands where a row begins. */
bool find_agent(struct found *out, const struct plain *p, size_t i, struct arena *arena);
bool find_path(struct found *out, const struct plain *p, size_t i, struct arena *arena);

static inline bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

#endif
