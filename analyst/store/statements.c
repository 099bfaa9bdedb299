#include "analyst/store/statements.h"

#include <stdlib.h>
#include <string.h>

#include "analyst/base/search.h"

static int by_statement(const void *a, const void *b)
{
	const struct version *x = a, *y = b;

	return (x->statement > y->statement) - (x->statement < y->statement);
}

int load_versions(struct version **out, size_t *count, struct store *st, struct arena *arena, struct fault *f)
{
	sqlite3_stmt *q = store_query(st, QUERY_STATEMENTS, f);
	struct version *all = NULL;
	size_t n = 0, room = 0;
	int row;

	if (q == NULL)
		return -1;
	while ((row = store_row(st, q, f)) > 0) {
		if (n == room)
			all = must_grow(all, room = room > 0 ? room * 2 : 64, sizeof(*all));
		all[n++] = (struct version){ sqlite3_column_int64(q, 0), sqlite3_column_int64(q, 1) };
	}
	if (n > 0)
		qsort(all, n, sizeof(*all), by_statement);
	*out = arena_copy(arena, all, n, sizeof(*all));
	*count = n;
	free(all);
	return row;
}

static void end(struct claim *c, instant when)
{
	c->over = true;
	if (c->ended == INSTANT_NONE || when > c->ended)
		c->ended = when;
}

static void end_versions(struct claim *claims, size_t n, const struct version *versions, size_t version_count)
{
	for (size_t i = 0; i < n; i++) {
		struct version key = { claims[i].statement, 0 };
		const struct version *v = !claims[i].numbered || claims[i].said.stated == INSTANT_NONE || version_count == 0 ? NULL :
		                          bsearch(&key, versions, version_count, sizeof(*versions), by_statement);

		if (v != NULL && claims[i].said.stated < v->newest)
			end(&claims[i], v->newest);
	}
}

/* Without a producer or a time last: they change nothing. */
static int by_producer(const void *a, const void *b)
{
	const struct claim *x = a, *y = b;
	bool p = x->said.producer != NULL && x->said.stated != INSTANT_NONE, q = y->said.producer != NULL && y->said.stated != INSTANT_NONE;
	int c;

	if (!p || !q)
		return q - p;
	if ((c = strcmp(x->said.producer, y->said.producer)) != 0)
		return c;
	return (x->source > y->source) - (x->source < y->source);
}

/* What a producer says of the indicator in one file. */
struct stand {
	size_t first, count;
	bool holds;                  /* some claim of it does */
	instant at, until;           /* stated last; how long it holds then */
};

static struct stand stand_of(const struct claim *claims, size_t first, size_t n)
{
	struct stand s = { .first = first, .at = INSTANT_NONE, .until = INSTANT_NONE };

	while (first + s.count < n && by_producer(&claims[first], &claims[first + s.count]) == 0)
		s.count++;
	for (size_t i = first; i < first + s.count; i++)
		s.holds = s.holds || (!claims[i].over && !claims[i].said.withdrawn);
	for (size_t i = first; i < first + s.count; i++) {
		const struct claim *c = &claims[i];

		if (c->over || c->said.withdrawn == s.holds || (s.at != INSTANT_NONE && c->said.stated < s.at))
			continue;
		/* Of several stated at once the longest counts. */
		s.until = s.at == c->said.stated && (s.until == INSTANT_NONE || (c->said.valid_until != INSTANT_NONE && s.until > c->said.valid_until)) ?
		          s.until : c->said.valid_until;
		s.at = c->said.stated;
	}
	return s;
}

/* The last of its stands is the producer's word. */
static void apply(struct claim *claims, size_t first, size_t after, const struct stand *last)
{
	for (size_t i = first; i < after; i++) {
		struct claim *c = &claims[i];

		if (last->at == INSTANT_NONE || c->said.stated >= last->at || (i >= last->first && i < last->first + last->count))
			continue;
		if (!last->holds)
			end(c, last->at);
		else
			c->said.valid_until = last->until;
	}
}

static bool is_known(const struct claim *c)
{
	return c->said.producer != NULL && c->said.stated != INSTANT_NONE;
}

void settle_claims(struct claim *claims, size_t n, const struct version *versions, size_t version_count)
{
	end_versions(claims, n, versions, version_count);
	if (n < 2)
		return;
	qsort(claims, n, sizeof(*claims), by_producer);
	for (size_t i = 0; i < n && is_known(&claims[i]);) {
		struct stand last = stand_of(claims, i, n), next;
		size_t after = i + last.count;

		while (after < n && is_known(&claims[after]) && strcmp(claims[after].said.producer, claims[i].said.producer) == 0) {
			next = stand_of(claims, after, n);
			after += next.count;
			if (next.at != INSTANT_NONE && (last.at == INSTANT_NONE || next.at > last.at || (next.at == last.at && next.holds)))
				last = next;
		}
		apply(claims, i, after, &last);
		i = after;
	}
}
