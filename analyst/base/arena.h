/* Memory of one stage, freed at once. Blocks are zeroed. Running out of memory
 * ends the program with one sentence: no stage can go on without it, and the
 * case file only ever holds whole batches, so nothing is lost. */
#ifndef TSUMUGI_ARENA_H
#define TSUMUGI_ARENA_H

#include <stddef.h>

struct arena;

struct arena *arena_new(void);
struct arena *arena_under(struct arena *parent);     /* freed with its parent, if not before */
void arena_free(struct arena *a);            /* accepts NULL */
void arena_reset(struct arena *a);           /* forgets all, keeps a small block for reuse */

void *arena_alloc(struct arena *a, size_t size);              /* 16-byte aligned; texts are not */
char *arena_dup(struct arena *a, const char *s);              /* NULL gives NULL */
char *arena_dupn(struct arena *a, const char *s, size_t n);   /* adds the final NUL */
char *arena_text(struct arena *a, size_t n);                  /* room for n bytes, not zeroed, and the final NUL */
char *arena_printf(struct arena *a, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#define ARENA_ARRAY(arena, type, n) ((type *)arena_alloc_array((arena), (n), sizeof(type)))
void *arena_alloc_array(struct arena *a, size_t n, size_t size);   /* checks n * size */
/* The first n of a list whose length was not known before; items may be NULL when n is 0. */
void *arena_copy(struct arena *a, const void *items, size_t n, size_t size);

/* Says so and ends the program. */
void out_of_memory(void) __attribute__((noreturn));
/* malloc, realloc that never return NULL; free with free(). */
void *must_alloc(size_t size);
void *must_grow(void *old, size_t n, size_t size);

#endif
