#include "analyst/base/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BLOCK_SIZE ((size_t)64 * 1024)
#define ALIGNMENT ((size_t)16)

struct block {
	struct block *next;
	size_t size, used;
	size_t pad;              /* keeps the bytes that follow aligned */
};

struct arena {
	struct block *blocks;    /* the first one is being filled */
	struct arena *parent, *children;
	struct arena *next, *before;     /* of the same parent */
};

void out_of_memory(void)
{
	static const char words[] = "tsumugi: out of memory\n";

	if (write(STDERR_FILENO, words, sizeof(words) - 1) < 0)      /* stdio might want memory */
		_exit(1);
	_exit(1);      /* other threads may be at work: what libraries would tidy away at an exit is theirs */
}

void *must_alloc(size_t size)
{
	void *p = calloc(1, size > 0 ? size : 1);

	if (p == NULL)
		out_of_memory();
	return p;
}

void *must_grow(void *old, size_t n, size_t size)
{
	void *p;

	if (size != 0 && n > SIZE_MAX / size)
		out_of_memory();
	p = realloc(old, n * size > 0 ? n * size : 1);
	if (p == NULL)
		out_of_memory();
	return p;
}

static struct block *block_new(size_t size)
{
	struct block *b = malloc(sizeof(*b) + size);

	if (b == NULL)
		out_of_memory();
	b->next = NULL;
	b->size = size;
	b->used = 0;
	return b;
}

struct arena *arena_new(void)
{
	return must_alloc(sizeof(struct arena));
}

struct arena *arena_under(struct arena *parent)
{
	struct arena *a = arena_new();

	a->parent = parent;
	a->next = parent->children;
	if (a->next != NULL)
		a->next->before = a;
	parent->children = a;
	return a;
}

static void leave_parent(struct arena *a)
{
	if (a->next != NULL)
		a->next->before = a->before;
	if (a->before != NULL)
		a->before->next = a->next;
	else if (a->parent != NULL)
		a->parent->children = a->next;
}

void arena_reset(struct arena *a)
{
	struct block *b = a->blocks;

	while (a->children != NULL)
		arena_free(a->children);
	while (b != NULL && b->next != NULL) {
		struct block *next = b->next;

		free(b);
		b = next;
	}
	if (b != NULL && b->size > BLOCK_SIZE) {       /* a long list, which may have been the only one */
		free(b);
		b = NULL;
	}
	if (b != NULL)
		b->used = 0;
	a->blocks = b;
}

void arena_free(struct arena *a)
{
	if (a == NULL)
		return;
	arena_reset(a);
	leave_parent(a);
	free(a->blocks);
	free(a);
}

/* Texts follow each other without a gap: of millions of short names half would be gaps. */
static void *take(struct arena *a, size_t size, size_t alignment)
{
	struct block *b = a->blocks;
	size_t at = b == NULL ? 0 : (b->used + alignment - 1) & ~(alignment - 1);

	if (size > SIZE_MAX / 2)
		out_of_memory();
	if (b == NULL || at > b->size || b->size - at < size) {
		b = block_new(size > BLOCK_SIZE ? size : BLOCK_SIZE);
		b->next = a->blocks;
		a->blocks = b;
		at = 0;
	}
	b->used = at + size;
	return (char *)(b + 1) + at;
}

void *arena_alloc(struct arena *a, size_t size)
{
	return memset(take(a, size, ALIGNMENT), 0, size);
}

void *arena_alloc_array(struct arena *a, size_t n, size_t size)
{
	if (size != 0 && n > SIZE_MAX / 2 / size)
		out_of_memory();
	return arena_alloc(a, n * size);
}

char *arena_text(struct arena *a, size_t n)
{
	char *room = take(a, n + 1, 1);

	room[n] = '\0';
	return room;
}

void *arena_copy(struct arena *a, const void *items, size_t n, size_t size)
{
	void *copy = arena_alloc_array(a, n, size);

	return n > 0 ? memcpy(copy, items, n * size) : copy;
}

char *arena_dupn(struct arena *a, const char *s, size_t n)
{
	char *copy = arena_text(a, n);

	if (n > 0)
		memcpy(copy, s, n);
	return copy;
}

char *arena_dup(struct arena *a, const char *s)
{
	return s == NULL ? NULL : arena_dupn(a, s, strlen(s));
}

char *arena_printf(struct arena *a, const char *format, ...)
{
	va_list ap;
	int n;
	char *s;

	va_start(ap, format);
	n = vsnprintf(NULL, 0, format, ap);
	va_end(ap);
	if (n < 0)
		out_of_memory();
	s = arena_text(a, (size_t)n);
	va_start(ap, format);
	vsnprintf(s, (size_t)n + 1, format, ap);
	va_end(ap);
	return s;
}
