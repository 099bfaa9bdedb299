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
uint32_t intern_count(const struct intern *in);
const char *intern_bytes(const struct intern *in, uint32_t id, size_t *n);    /* NUL after it; n may be NULL */

#endif
