/* Row ids by content, in bounded memory: two generations of a table. When the younger is full
 * the older is forgotten and a new one begun; what is met again moves up into it. What is
 * forgotten and then met is taken for new: its second row is joined with the first on loading. */
#ifndef TSUMUGI_KNOWN_H
#define TSUMUGI_KNOWN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct known;

struct known_row {
	int64_t id;              /* 0 when it is not known yet: to be filled in */
	const char *note;        /* or NULL; known_note sets it */
};

/* A generation holds at most so many contents, and 48 MiB of them. */
struct known *known_new(uint32_t most);
void known_free(struct known *k);        /* accepts NULL */
/* The row of a content, good until the next call. */
struct known_row *known_put(struct known *k, const void *bytes, size_t n);
/* The same for many at once: hash each, prefetch all by steps 0 to 2, put each (intern.h). */
uint64_t known_hash(const void *bytes, size_t n);
void known_prefetch(const struct known *k, uint64_t hash, int step);
struct known_row *known_put_hashed(struct known *k, const void *bytes, size_t n, uint64_t hash);
void known_note(struct known *k, struct known_row *row, const char *note);      /* copies */

#endif
