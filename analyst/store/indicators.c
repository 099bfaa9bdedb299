/* What several lists say of one indicator, made into one. */
#include <stdlib.h>
#include <string.h>

#include "analyst/model/tlp.h"
#include "analyst/store/loading.h"

static int compare_text(const char *a, const char *b)
{
	/* What says nothing comes last. */
	if (a == NULL || b == NULL)
		return (a == NULL) - (b == NULL);
	return strcmp(a, b);
}

/* Whether claim a speaks for the indicator rather than b: one that asks for detection
 * first, then by content, never by who was imported first. */
static bool speaks_before(const struct indicator *a, const struct indicator *b)
{
	int c;

	if (a->detect != b->detect)
		return a->detect;
	if ((c = compare_text(a->list, b->list)) != 0 || (c = compare_text(a->context, b->context)) != 0 ||
	    (c = compare_text(a->tlp, b->tlp)) != 0 || (c = compare_text(a->techniques, b->techniques)) != 0)
		return c < 0;
	return compare_text(a->written, b->written) < 0;
}

static instant earlier(instant a, instant b)
{
	if (a == INSTANT_NONE || b == INSTANT_NONE)
		return a == INSTANT_NONE ? b : a;
	return a < b ? a : b;
}

/* Of two lists that ask for detection, the one that sets no end or the later one keeps it alive; what a list
 * says that does not ask for it is no reason to look longer. */
static instant later_end(const struct indicator *a, const struct indicator *b)
{
	if (a->detect != b->detect)
		return a->detect ? a->valid_until : b->valid_until;
	if (a->valid_until == INSTANT_NONE || b->valid_until == INSTANT_NONE)
		return INSTANT_NONE;
	return a->valid_until > b->valid_until ? a->valid_until : b->valid_until;
}

static bool same(const char *a, const char *b)
{
	return compare_text(a, b) == 0;
}

static void add_claim(struct indicator *i, const struct indicator *claim)
{
	struct indicator was = *i;

	if (speaks_before(claim, i))
		*i = *claim;
	/* Whoever speaks, none of them told more than their label allows. */
	i->tlp = tlp_stricter(was.tlp, claim->tlp);
	i->tlp_list = !same(i->tlp, claim->tlp) || (same(i->tlp, was.tlp) && compare_text(was.tlp_list, claim->list) <= 0) ?
	              was.tlp_list : claim->list;
	i->confidence = was.confidence > claim->confidence ? was.confidence : claim->confidence;
	i->first_seen = earlier(was.first_seen, claim->first_seen);
	i->last_seen = was.last_seen > claim->last_seen ? was.last_seen : claim->last_seen;
	i->valid_until = later_end(&was, claim);
}

static void read_claim(struct indicator *i, sqlite3_stmt *q, struct arena *arena)
{
	i->kind = (enum indicator_kind)table_value(indicator_kinds, column_text(q, 1), INDICATOR_TEXT);
	i->value = column_dup(q, 2, arena);
	i->written = column_dup(q, 3, arena);
	i->context = column_dup(q, 4, arena);
	i->list = column_dup(q, 5, arena);
	i->tlp = column_dup(q, 6, arena);
	i->tlp_list = i->tlp != NULL ? i->list : NULL;
	i->techniques = column_dup(q, 7, arena);
	i->confidence = (int)column_int_or(q, 8, -1);
	i->first_seen = column_int_or(q, 9, INSTANT_NONE);
	i->last_seen = column_int_or(q, 10, INSTANT_NONE);
	i->valid_until = column_int_or(q, 11, INSTANT_NONE);
	i->detect = sqlite3_column_int(q, 12) != 0;
	i->why = column_dup(q, 13, arena);
}

static int compare_indicators(const void *pa, const void *pb)
{
	const struct indicator *a = pa, *b = pb;

	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	return strcmp(a->value, b->value);
}

int load_indicators(struct indicator **out, uint32_t *count, struct store *st, struct arena *arena, struct fault *f)
{
	sqlite3_stmt *q = store_query(st, QUERY_CLAIMS, f);
	struct indicator *all = NULL, *kept, claim;
	size_t n = 0, room = 0;
	int64_t last = -1;
	int row;

	if (q == NULL)
		return -1;
	while ((row = store_row(st, q, f)) > 0) {
		read_claim(&claim, q, arena);
		if (sqlite3_column_int64(q, 0) == last) {
			add_claim(&all[n - 1], &claim);
			continue;
		}
		last = sqlite3_column_int64(q, 0);
		if (n == room)
			all = must_grow(all, room = room > 0 ? room * 2 : 64, sizeof(*all));
		all[n++] = claim;
	}
	if (n > 0)
		qsort(all, n, sizeof(*all), compare_indicators);
	kept = arena_copy(arena, all, n, sizeof(*all));
	free(all);
	*out = kept;
	*count = (uint32_t)n;
	return row;
}
