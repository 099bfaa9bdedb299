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

/* refang_warned.c: why the value can only be context, or NULL */
const char *why_warned(enum indicator_kind kind, const char *value);

/* refang_suffix.c */
bool is_special_suffix(const char *last);      /* names that no public registry gives out (FORMATS 3.7, row 9) */
bool is_file_ending(const char *last);

/* refang_find.c: what stands at a place. What they give has neither `written` nor places of the line yet. */
bool find_cve(struct found *out, const struct plain *p, size_t i, struct arena *arena);
bool find_ja4(struct found *out, const struct plain *p, size_t i, struct arena *arena);
bool find_hash(struct found *out, const struct plain *p, size_t i, struct arena *arena);
bool find_url(struct found *out, const struct plain *p, size_t i, struct arena *arena);
bool find_ipv6(struct found *out, const struct plain *p, size_t i, struct arena *arena);
bool find_host(struct found *out, const struct plain *p, size_t i, struct arena *arena);
/* The value from start to end. */
void settle(struct found *out, const struct plain *p, size_t start, size_t end, enum indicator_kind kind,
            const char *value);
/* The networks that make up "192.0.2.4-192.0.2.9", whose first address `out` holds and whose "-" is at i: how many of room,
 * each settled over the whole range; 0 when it is none, or needs more. */
size_t split_range(struct found *out, size_t room, const struct plain *p, size_t i, struct arena *arena);
/* Where four numbers and nothing more end, or 0. */
size_t ipv4_run(const struct plain *p, size_t i, size_t end, bool defanged);
size_t hex_run(const struct plain *p, size_t i);

/* refang_row.c: what only stands where a row begins. */
bool find_agent(struct found *out, const struct plain *p, size_t i, struct arena *arena);
/* In lower case, backslashes once. */
const char *canon_path_written(struct arena *arena, const char *s, size_t n);
bool find_path(struct found *out, const struct plain *p, size_t i, struct arena *arena);

static inline bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

#endif
