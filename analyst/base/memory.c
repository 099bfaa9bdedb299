/* malloc, calloc and realloc of the whole process, libraries too: who gets no memory ends the program, as must_alloc
 * does. Of the libraries used some crash then (GLib before main begins, pixman), others go on with what they have
 * (HarfBuzz leaves glyphs out of a font, libxml2 a text) and a report would lack them without a word.
 *
 * Each calls the function that would have been called without this file: libc's, or that of a library loaded before
 * it. Sanitizers bring their own and are left to it. */
#include "analyst/base/arena.h"
#include "analyst/base/sanitized.h"

#if !SANITIZED

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

static void *(*next_malloc)(size_t size);
static void *(*next_calloc)(size_t n, size_t size);
static void *(*next_realloc)(void *old, size_t size);

/* The first call of all comes before main, of one thread. ISO C has no cast from an object to a function. */
static void find_next(void)
{
	const struct { const char *name; void *into; } wanted[] = {
		{ "malloc", &next_malloc }, { "calloc", &next_calloc }, { "realloc", &next_realloc },
	};
	static int finding;

	if (finding++ > 0)
		out_of_memory();      /* dlsym itself asks: it does so only to word an error */
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		void *found = dlsym(RTLD_NEXT, wanted[i].name);

		if (found == NULL)
			abort();
		memcpy(wanted[i].into, &found, sizeof(found));
	}
}

static void *given(void *p, size_t size)
{
	if (p == NULL && size > 0)
		out_of_memory();
	return p;
}

void *malloc(size_t size)
{
	if (next_malloc == NULL)
		find_next();
	return given(next_malloc(size), size);
}

void *calloc(size_t n, size_t size)
{
	if (next_calloc == NULL)
		find_next();
	return given(next_calloc(n, size), n > 0 ? size : 0);
}

/* Of size 0 it frees. */
void *realloc(void *old, size_t size)
{
	if (next_realloc == NULL)
		find_next();
	return given(next_realloc(old, size), size);
}

#endif
