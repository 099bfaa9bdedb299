/* Equal byte strings get equal numbers, 0, 1, 2 ... in order of first sight. The
 * hash is seeded with a constant: results never depend on it, and the table
 * grows before chains can be made long. */
#ifndef TSUMUGI_INTERN_H
#define TSUMUGI_INTERN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct intern;

#define INTERN_NONE UINT32_MAX

struct intern *intern_new(void);
void intern_free(struct intern *in);               /* accepts NULL */
/* *fresh (may be NULL) tells whether the string was new. */
uint32_t intern_put(struct intern *in, const void *bytes, size_t n, bool *fresh);
uint32_t intern_find(const struct intern *in, const void *bytes, size_t n);   /* or INTERN_NONE */
/* The same with a hash that is made once for several tables. */
uint64_t intern_hash(const void *bytes, size_t n);
uint32_t intern_put_hashed(struct intern *in, const void *bytes, size_t n, uint64_t hash, bool *fresh);
uint32_t intern_find_hashed(const struct intern *in, const void *bytes, size_t n, uint64_t hash);
/* Calls what a look-up will need into the cache, without waiting: step 0, 1 and 2 for many
 * strings in turn, then the look-ups. A large table costs a miss at each step. */
void intern_prefetch(const struct intern *in, uint64_t hash, int step);
uint32_t intern_count(const struct intern *in);
const char *intern_bytes(const struct intern *in, uint32_t id, size_t *n);    /* NUL after it; n may be NULL */

#endif
