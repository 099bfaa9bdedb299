#include "analyst/store/known.h"

#include <stdlib.h>
#include <string.h>

#include "analyst/base/arena.h"
#include "analyst/base/intern.h"

#define BYTES_MOST ((size_t)48 << 20)

struct generation {
	struct intern *contents;
	struct known_row *rows;      /* by number of content */
	size_t room, bytes;
	struct arena *notes;
};

struct known {
	uint32_t most;
	struct generation young, old;
};

static void begin(struct generation *g)
{
	*g = (struct generation){ .contents = intern_new(), .notes = arena_new() };
}

static void end(struct generation *g)
{
	intern_free(g->contents);
	arena_free(g->notes);
	free(g->rows);
}

struct known *known_new(uint32_t most)
{
	struct known *k = must_alloc(sizeof(*k));

	k->most = most;
	begin(&k->young);
	begin(&k->old);
	return k;
}

void known_free(struct known *k)
{
	if (k == NULL)
		return;
	end(&k->young);
	end(&k->old);
	free(k);
}

uint64_t known_hash(const void *bytes, size_t n)
{
	return intern_hash(bytes, n);
}

void known_prefetch(const struct known *k, uint64_t hash, int step)
{
	intern_prefetch(k->young.contents, hash, step);
	if (intern_count(k->old.contents) > 0)
		intern_prefetch(k->old.contents, hash, step);
}

struct known_row *known_put(struct known *k, const void *bytes, size_t n)
{
	return known_put_hashed(k, bytes, n, intern_hash(bytes, n));
}

struct known_row *known_put_hashed(struct known *k, const void *bytes, size_t n, uint64_t hash)
{
	struct generation *g = &k->young;
	uint32_t at, before;
	bool fresh;

	if (intern_count(g->contents) >= k->most || g->bytes > BYTES_MOST) {
		end(&k->old);
		k->old = k->young;
		begin(g);
	}
	at = intern_put_hashed(g->contents, bytes, n, hash, &fresh);
	if (!fresh)
		return &g->rows[at];
	if (at >= g->room) {
		g->room = g->room > 0 ? g->room * 2 : 256;
		g->rows = must_grow(g->rows, g->room, sizeof(*g->rows));
	}
	g->bytes += n;
	g->rows[at] = (struct known_row){ 0, NULL };
	if (intern_count(k->old.contents) > 0 &&
	    (before = intern_find_hashed(k->old.contents, bytes, n, hash)) != INTERN_NONE) {
		g->rows[at].id = k->old.rows[before].id;
		known_note(k, &g->rows[at], k->old.rows[before].note);
	}
	return &g->rows[at];
}

void known_note(struct known *k, struct known_row *row, const char *note)
{
	row->note = arena_dup(k->young.notes, note);
	k->young.bytes += note != NULL ? strlen(note) : 0;
}
