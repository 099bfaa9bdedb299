/* What several lists say of one indicator, made into one. */
#include <stdlib.h>
#include <string.h>

#include "analyst/model/tlp.h"
#include "analyst/store/statements.h"

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
	    (c = compare_text(a->tlp, b->tlp)) != 0 || (c = compare_text(a->techniques, b->techniques)) != 0 ||
	    (c = compare_text(a->why, b->why)) != 0)
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

/* Whoever speaks, none of them told more than their label allows. */
static void add_label(struct indicator *i, const struct indicator *claim)
{
	const char *was = i->tlp;

	i->tlp = tlp_stricter(was, claim->tlp);
	i->tlp_list = !same(i->tlp, claim->tlp) || (same(i->tlp, was) && compare_text(i->tlp_list, claim->list) <= 0) ?
	              i->tlp_list : claim->list;
}

static void add_claim(struct indicator *i, const struct indicator *claim)
{
	struct indicator was = *i;

	if (speaks_before(claim, i)) {
		*i = *claim;
		i->tlp = was.tlp;
		i->tlp_list = was.tlp_list;
	}
	add_label(i, claim);
	i->confidence = was.confidence > claim->confidence ? was.confidence : claim->confidence;
	i->first_seen = earlier(was.first_seen, claim->first_seen);
	i->last_seen = was.last_seen > claim->last_seen ? was.last_seen : claim->last_seen;
	i->valid_until = later_end(&was, claim);
}

static void read_claim(struct claim *c, sqlite3_stmt *q, struct arena *arena)
{
	struct indicator *i = &c->said;

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
	i->producer = column_dup(q, 14, arena);
	i->statement = NULL;             /* kept as its hash */
	c->numbered = sqlite3_column_type(q, 15) != SQLITE_NULL;
	c->statement = sqlite3_column_int64(q, 15);
	i->stated = column_int_or(q, 16, INSTANT_NONE);
	i->withdrawn = sqlite3_column_int(q, 17) != 0;
	c->source = sqlite3_column_int64(q, 18);
	c->over = false;
	c->ended = INSTANT_NONE;
}

/* Those that hold speak for it; of those that do not, only the label still binds. Without one that holds it was withdrawn:
 * matched by nothing, and told as such. */
static struct indicator join_claims(struct claim *claims, size_t n, const struct version *versions, size_t version_count)
{
	struct indicator joined = claims[0].said;
	instant ended = INSTANT_NONE;
	bool any = false, withdrawn = false;

	settle_claims(claims, n, versions, version_count);
	for (size_t i = 0; i < n; i++) {
		instant when = claims[i].said.withdrawn ? claims[i].said.stated : claims[i].ended;

		withdrawn = withdrawn || (claims[i].over && claims[i].said.detect) || claims[i].said.withdrawn;
		if (claims[i].over || claims[i].said.withdrawn) {
			ended = when != INSTANT_NONE && (ended == INSTANT_NONE || when > ended) ? when : ended;
			continue;
		}
		if (any)
			add_claim(&joined, &claims[i].said);
		else
			joined = claims[i].said;
		any = true;
	}
	for (size_t i = 0; i < n; i++) {
		if (!claims[i].over && !claims[i].said.withdrawn)
			continue;
		if (any) {
			add_label(&joined, &claims[i].said);
			continue;
		}
		if (i > 0)
			add_claim(&joined, &claims[i].said);
		else
			joined = claims[i].said;
	}
	joined.detect = joined.detect && any;
	joined.withdrawn = withdrawn && !joined.detect;
	joined.stated = joined.withdrawn ? ended : INSTANT_NONE;
	return joined;
}

static int compare_indicators(const void *pa, const void *pb)
{
	const struct indicator *a = pa, *b = pb;

	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	return strcmp(a->value, b->value);
}

struct gathering {
	struct claim *claims;            /* of the indicator being read */
	size_t count, room;
	struct indicator *all;
	size_t all_count, all_room;
};

static void end_indicator(struct gathering *g, const struct version *versions, size_t version_count)
{
	if (g->count == 0)
		return;
	if (g->all_count == g->all_room)
		g->all = must_grow(g->all, g->all_room = g->all_room > 0 ? g->all_room * 2 : 64, sizeof(*g->all));
	g->all[g->all_count++] = join_claims(g->claims, g->count, versions, version_count);
	g->count = 0;
}

int load_indicators(struct indicator **out, uint32_t *count, struct store *st, struct arena *arena, struct fault *f)
{
	struct version *versions;
	size_t version_count;
	struct gathering g = { 0 };
	sqlite3_stmt *q;
	int64_t last = -1;
	int row;

	if (load_versions(&versions, &version_count, st, arena, f) < 0 || (q = store_query(st, QUERY_CLAIMS, f)) == NULL)
		return -1;
	while ((row = store_row(st, q, f)) > 0) {
		if (sqlite3_column_int64(q, 0) != last)
			end_indicator(&g, versions, version_count);
		last = sqlite3_column_int64(q, 0);
		if (g.count == g.room)
			g.claims = must_grow(g.claims, g.room = g.room > 0 ? g.room * 2 : 16, sizeof(*g.claims));
		read_claim(&g.claims[g.count++], q, arena);
	}
	end_indicator(&g, versions, version_count);
	if (g.all_count > 0)
		qsort(g.all, g.all_count, sizeof(*g.all), compare_indicators);
	*out = arena_copy(arena, g.all, g.all_count, sizeof(*g.all));
	*count = (uint32_t)g.all_count;
	free(g.claims);
	free(g.all);
	return row;
}
