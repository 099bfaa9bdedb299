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

static bool is_known(const struct claim *c)
{
	return c->said.producer != NULL && c->said.stated != INSTANT_NONE;
}

/* Without a producer or a time last: they change nothing. */
static int by_producer(const void *a, const void *b)
{
	const struct claim *x = a, *y = b;
	bool p = is_known(x), q = is_known(y);
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

static bool outlasts(instant a, instant b)
{
	return b != INSTANT_NONE && (a == INSTANT_NONE || a > b);
}

static struct stand stand_of(const struct claim *claims, size_t first, size_t n)
{
	struct stand s = { .first = first, .at = INSTANT_NONE, .until = INSTANT_NONE };

	while (first + s.count < n && by_producer(&claims[first], &claims[first + s.count]) == 0)
		s.count++;
	for (size_t i = first; i < first + s.count; i++)
		s.holds = s.holds || (!claims[i].over && !claims[i].said.withdrawn);
	for (size_t i = first; i < first + s.count; i++) {
		const struct claim *c = &claims[i];

		if (c->over || c->said.withdrawn == s.holds || c->said.stated < s.at)
			continue;
		/* Of several stated at once the longest counts. */
		if (c->said.stated > s.at || outlasts(c->said.valid_until, s.until))
			s.until = c->said.valid_until;
		s.at = c->said.stated;
	}
	return s;
}

/* Which of two files has the producer's last word; of those stated at once the one that keeps it alive longest. */
static bool is_later(const struct stand *a, const struct stand *b)
{
	if (a->at != b->at)
		return a->at > b->at;
	return a->holds != b->holds ? a->holds : outlasts(a->until, b->until);
}

static void apply(struct claim *claims, const struct stand *to, const struct stand *last)
{
	if (to->at == last->at && to->holds == last->holds)
		return;      /* it says the same, as late */
	for (struct claim *c = claims + to->first; c < claims + to->first + to->count; c++) {
		if (c->said.stated >= last->at)
			continue;
		if (!last->holds)
			end(c, last->at);
		else
			c->said.valid_until = last->until;
	}
}

/* The claims of one producer, from first to before `after`. */
static void settle_producer(struct claim *claims, size_t first, size_t after)
{
	struct stand last = stand_of(claims, first, after), s;

	for (size_t i = first; i < after; i += s.count) {
		s = stand_of(claims, i, after);
		if (is_later(&s, &last))
			last = s;
	}
	for (size_t i = first; i < after && last.at != INSTANT_NONE; i += s.count) {
		s = stand_of(claims, i, after);
		apply(claims, &s, &last);
	}
}

void settle_claims(struct claim *claims, size_t n, const struct version *versions, size_t version_count)
{
	size_t after;

	end_versions(claims, n, versions, version_count);
	if (n < 2)
		return;
	qsort(claims, n, sizeof(*claims), by_producer);
	for (size_t i = 0; i < n && is_known(&claims[i]); i = after) {
		for (after = i + 1; after < n && is_known(&claims[after]) && strcmp(claims[after].said.producer, claims[i].said.producer) == 0;)
			after++;
		settle_producer(claims, i, after);
	}
}
