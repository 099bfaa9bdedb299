/* One fact that several products report. Wazuh hands on what Suricata wrote into its logs, Splunk exports it, Sentinel
 * and Graph name one alert of Defender: a record each, of different formats, that is one alert. As in the case file with
 * records that are equal byte by byte, the first stands for all, is counted once and cites the places of the others.
 *
 * Two records of different formats tell of one alert when they name one product and
 *   - the id that the product gave the alert, which has letters: bare numbers count flows and lines; or
 *   - its rule, the very instant, and the same two addresses, either way round: of a log of packets the one knows who
 *     called, the other does not.
 * Records of one format that came the same way never are: a product that says a thing twice saw it twice. Nor are those of
 * two tenants; where one tenant alone has the alert, a record that states none is taken for its.
 *
 * Some products hand out an alert again, whole, as it goes on: with a count that grew, a status that changed. Of those
 * records, told by the product's id, the one that was reported last stands for the others. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyst/base/search.h"
#include "analyst/store/loading.h"

/* Formats are bits of a word, and each twice: where the zone of the time was assumed the record is of a plainer log, which
 * may lie in one file with the other. It comes last, so that what says more stands. */
#define FORMATS_MOST 32
#define NATIVE_LEAST 8

/* ---- formats ---- */

/* Those in which an id names the alert itself, and a later record of it says all that the earlier did. */
static const char *const renewing[] = { "darktrace-analyst", "defender-xdr", "elastic", "graph-alerts", "guardduty", "ocsf",
                                        "security-hub", "sentinel", NULL };

struct formats {
	uint32_t *number;          /* by source */
	bool *renews;              /* the same */
	bool any_renews;
	int64_t sources;
	uint64_t *seen;            /* by rule: a bit a format */
	uint32_t rules, count;
};

void formats_free(struct formats *fo)
{
	if (fo == NULL)
		return;
	free(fo->number);
	free(fo->renews);
	free(fo->seen);
	free(fo);
}

int formats_load(struct formats **out, struct store *st, uint32_t rules, struct fault *f)
{
	sqlite3_stmt *q = store_query(st, QUERY_SOURCE_FORMATS, f);
	struct formats *fo = must_alloc(sizeof(*fo));
	char last[64] = "";
	int row;

	*out = fo;
	if (q == NULL)
		return -1;
	fo->rules = rules;
	fo->seen = must_alloc(((size_t)rules + 1) * sizeof(*fo->seen));
	while ((row = store_row(st, q, f)) > 0) {
		int64_t id = sqlite3_column_int64(q, 0);

		if (strncmp(last, column_text(q, 1), sizeof(last) - 1) != 0) {
			fo->count++;
			snprintf(last, sizeof(last), "%s", column_text(q, 1));
		}
		if (id < 0 || id > INT32_MAX)
			continue;
		if (id >= fo->sources) {
			fo->number = must_grow(fo->number, (size_t)id + 1, sizeof(*fo->number));
			memset(fo->number + fo->sources, 0, (size_t)(id + 1 - fo->sources) * sizeof(*fo->number));
			fo->renews = must_grow(fo->renews, (size_t)id + 1, sizeof(*fo->renews));
			memset(fo->renews + fo->sources, 0, (size_t)(id + 1 - fo->sources) * sizeof(*fo->renews));
			fo->sources = id + 1;
		}
		fo->number[id] = fo->count - 1;
		fo->renews[id] = in_list(renewing, last);
		fo->any_renews |= fo->renews[id];
	}
	return row;
}

static uint32_t format_of(const struct formats *fo, int64_t source, int zone)
{
	uint32_t number = source >= 0 && source < fo->sources ? fo->number[source] : 0;

	return number % FORMATS_MOST + (zone == ZONE_ASSUMED ? FORMATS_MOST : 0);
}

void formats_see(struct formats *fo, uint32_t rule, int64_t source, int zone)
{
	fo->seen[rule] |= UINT64_C(1) << format_of(fo, source, zone);
}

/* By rule, whether several formats speak of its product. Rules are numbered by product. False when none is. */
static bool list_shared(bool *shared, const struct formats *fo, const struct week_rule *rules)
{
	bool any = false;

	for (uint32_t from = 0, to; from < fo->rules; from = to) {
		uint64_t seen = 0;

		for (to = from; to < fo->rules && strcmp(rules[to].rule.product, rules[from].rule.product) == 0; to++)
			seen |= fo->seen[to];
		for (uint32_t i = from; i < to; i++)
			shared[i] = (seen & (seen - 1)) != 0;
		any |= (seen & (seen - 1)) != 0;
	}
	return any;
}

/* ---- what is told ---- */

struct telling {
	struct content same;       /* what it tells */
	uint32_t mark, format, tenant;
	bool renews;               /* by its id: it is the same again, and the last reported says most */
	int64_t reported;
};

struct restating {
	struct week *week;
	struct store *st;
	struct hasher *hasher;
	struct telling *list;
	uint32_t count, room;
	uint32_t *first;           /* by mark: the one that stands for it, or itself */
	const bool *shared;        /* by rule: several formats speak of its product */
	struct fault *f;
};

static int by_telling(const void *x, const void *y)
{
	const struct telling *a = x, *b = y;

	if (a->same.key != b->same.key)
		return a->same.key < b->same.key ? -1 : 1;
	if (a->same.key2 != b->same.key2)
		return a->same.key2 < b->same.key2 ? -1 : 1;
	/* Without a tenant, number 0, last: what states one stands. */
	if (a->tenant != b->tenant)
		return a->tenant - 1 < b->tenant - 1 ? -1 : 1;
	if (a->format != b->format)
		return a->format < b->format ? -1 : 1;
	if (a->renews && b->renews && a->reported != b->reported)
		return a->reported > b->reported ? -1 : 1;
	return (a->mark > b->mark) - (a->mark < b->mark);
}

static bool same(const struct telling *a, const struct telling *b)
{
	return a->same.key == b->same.key && a->same.key2 == b->same.key2;
}

/* Of tellings of one alert and one tenant, or none: the k-th of each format is one with the k-th of the first format that
 * has so many. stands has room for them all. */
static void join_alike(struct restating *r, uint32_t *stands, uint32_t from, uint32_t to)
{
	uint32_t begin = from, most = 0;

	for (uint32_t i = from; i < to; i++) {
		uint32_t mark = r->list[i].mark, stand;

		if (r->list[i].format != r->list[begin].format || r->list[i].tenant != r->list[begin].tenant)
			begin = i;
		if (i > begin && r->list[i].renews && r->list[begin].renews) {
			if (r->first[mark] == mark)
				r->first[mark] = r->list[begin].mark;
			continue;
		}
		stand = i - begin == most ? i : stands[i - begin];
		if (stand == i)
			stands[most++] = i;
		else if (r->first[mark] == mark && r->list[stand].format != r->list[i].format)
			r->first[mark] = r->list[stand].mark;
	}
}

static void join(struct restating *r)
{
	uint32_t *stands = must_grow(NULL, (size_t)r->count + 1, sizeof(*stands));

	if (r->count > 0)
		qsort(r->list, r->count, sizeof(*r->list), by_telling);
	for (uint32_t from = 0, to; from < r->count; from = to) {
		uint32_t tenants = 0;

		for (to = from; to < r->count && same(&r->list[to], &r->list[from]); to++)
			tenants += r->list[to].tenant > 0 && (to == from || r->list[to].tenant != r->list[to - 1].tenant);
		for (uint32_t next; from < to; from = next) {
			for (next = from; next < to && (tenants < 2 || r->list[next].tenant == r->list[from].tenant); next++)
				;
			join_alike(r, stands, from, next);
		}
	}
	r->count = 0;
	free(stands);
}

static uint32_t tenant_of(const struct week *w, const struct mark *m)
{
	return w->casts[m->cast].tenant;
}

static struct telling *add(struct restating *r, const struct content *same, uint32_t mark, uint32_t format)
{
	if (r->count == r->room)
		r->list = must_grow(r->list, r->room = r->room > 0 ? 2 * r->room : 256, sizeof(*r->list));
	r->list[r->count] = (struct telling){ *same, mark, format, tenant_of(r->week, &r->week->marks[mark]), false, 0 };
	return &r->list[r->count++];
}

static bool names_an_alert(const char *native)
{
	bool letters = false;

	for (const char *c = native; c != NULL && *c != '\0'; c++)
		letters |= isalpha((unsigned char)*c) != 0;
	return letters && strlen(native) >= NATIVE_LEAST;
}

static struct telling *add_named(struct restating *r, uint32_t mark, uint32_t format, const char *native)
{
	const struct mark *m = &r->week->marks[mark];
	struct content c = hasher_content(r->hasher, r->week->rules[m->rule].rule.product, NULL, native, strlen(native));

	return add(r, &c, mark, format);
}

/* The two ends, the smaller entity first; false when they are not told. */
static bool ends_of(uint32_t out[2], const struct week *w, const struct cast *cast)
{
	out[0] = out[1] = NO_ENTITY;
	for (uint32_t i = 0; i < cast->count; i++) {
		const struct member *m = &w->members[cast->first + i];
		size_t end = m->role == ROLE_DESTINATION;

		if (w->entities[m->entity].kind == ENTITY_IP && (m->role == ROLE_SOURCE || m->role == ROLE_DESTINATION) &&
		    out[end] == NO_ENTITY)
			out[end] = m->entity;
	}
	if (out[0] > out[1]) {
		uint32_t swap = out[0];

		out[0] = out[1];
		out[1] = swap;
	}
	return out[1] != NO_ENTITY;
}

static void add_seen(struct restating *r, uint32_t mark, uint32_t format)
{
	const struct mark *m = &r->week->marks[mark];
	const struct rule *rule = &r->week->rules[m->rule].rule;
	struct { int64_t at; uint32_t ends[2]; char id[48]; } what;
	struct content c;

	memset(&what, 0, sizeof(what));
	if (rule->id == NULL || strlen(rule->id) >= sizeof(what.id) ||
	    !ends_of(what.ends, r->week, &r->week->casts[m->cast]))
		return;
	what.at = m->at;
	strcpy(what.id, rule->id);
	c = hasher_content(r->hasher, rule->product, NULL, (const char *)&what, sizeof(what));
	add(r, &c, mark, format);
}

/* What the marks of shared products tell, by their ids or by what was seen. */
static int collect(struct restating *r, const struct formats *formats, bool by_id)
{
	sqlite3_stmt *q = store_query(r->st, QUERY_NATIVE_IDS, r->f);
	int row;

	if (q == NULL)
		return -1;
	while ((row = store_row(r->st, q, r->f)) > 0) {
		uint32_t mark = mark_of(r->st->numbers, sqlite3_column_int64(q, 0));
		int64_t source = sqlite3_column_int64(q, 1);
		const struct verdict *v = verdict_of(r->st->numbers, sqlite3_column_int64(q, 3));
		const char *native = column_text(q, 2);
		bool renews = by_id && source >= 0 && source < formats->sources && formats->renews[source];
		struct telling *t;
		uint32_t format;

		if (mark == NO_NUMBER || v == NULL || (!renews && !r->shared[r->week->marks[mark].rule]))
			continue;
		format = format_of(formats, source, v->zone);
		if (!by_id) {
			add_seen(r, mark, format);
		} else if (names_an_alert(native)) {
			t = add_named(r, mark, format, native);
			t->renews = renews;
			t->reported = sqlite3_column_int64(q, 4);
		}
	}
	return row;
}

static int by_mark(const void *x, const void *y)
{
	const struct restated *a = x, *b = y;

	if (a->mark != b->mark)
		return a->mark < b->mark ? -1 : 1;
	return (a->row > b->row) - (a->row < b->row);
}

/* By the numbers that are given out now. */
static void list_restated(struct restating *r, struct numbers *all, const uint32_t *number, uint32_t kept)
{
	uint32_t n = 0;

	all->restated = must_grow(NULL, (size_t)r->week->mark_count - kept + 1, sizeof(*all->restated));
	for (uint32_t i = 0; i < r->week->mark_count; i++)
		if (r->first[i] != i)
			all->restated[n++] = (struct restated){ number[i], r->week->marks[i].row };
	if (n > 0)
		qsort(all->restated, n, sizeof(*all->restated), by_mark);
	all->restated_count = n;
}

/* Closes the gaps; what went goes by the number of what stands for it. */
static void drop(struct restating *r, struct mark *marks, struct numbers *all)
{
	uint32_t kept = 0, *number = must_grow(NULL, (size_t)r->week->mark_count + 1, sizeof(*number));

	for (uint32_t i = 0; i < r->week->mark_count; i++)
		number[i] = r->first[i] == i ? kept++ : NO_NUMBER;
	for (uint32_t i = 0; i < r->week->mark_count; i++) {
		uint32_t stands = r->first[i];

		/* Of three formats the second may have been joined before the third; each step goes to an earlier one. */
		while (r->first[stands] != stands)
			stands = r->first[stands];
		number[i] = number[stands];
	}
	numbering_free(&all->marks);
	list_restated(r, all, number, kept);
	for (uint32_t i = 0; i < r->week->mark_count; i++)
		if (r->first[i] == i)
			marks[number[i]] = marks[i];
	r->week->restated_count = r->week->mark_count - kept;
	r->week->mark_count = kept;
	free(number);
}

int join_restated(struct week *w, struct mark *marks, const struct formats *formats, struct store *st, struct fault *f)
{
	bool *shared = must_alloc((size_t)w->rule_count + 1);
	struct restating r = { .week = w, .st = st, .shared = shared, .f = f };
	int rc = 0;

	if (list_shared(shared, formats, w->rules) || formats->any_renews) {
		r.first = must_grow(NULL, (size_t)w->mark_count + 1, sizeof(*r.first));
		for (uint32_t i = 0; i < w->mark_count; i++)
			r.first[i] = i;
		r.hasher = hasher_new();
		for (int by_id = 1; rc == 0 && by_id >= 0; by_id--)
			if ((rc = collect(&r, formats, by_id != 0)) == 0)
				join(&r);
		if (rc == 0)
			drop(&r, marks, st->numbers);
	}
	hasher_free(r.hasher);
	free(r.first);
	free(r.list);
	free(shared);
	return rc;
}

static int by_its_mark(const void *key, const void *element)
{
	const struct restated *r = element;

	return order_u32(key, &r->mark);
}

const struct restated *restated_of(struct numbers *n, int64_t row, uint32_t *count)
{
	uint32_t mark = n != NULL ? mark_of(n, row) : NO_NUMBER, lo = 0;

	if (mark != NO_NUMBER)
		lo = (uint32_t)search_from(&mark, n->restated, n->restated_count, sizeof(*n->restated), by_its_mark);
	for (*count = 0; mark != NO_NUMBER && lo + *count < n->restated_count && n->restated[lo + *count].mark == mark; ++*count)
		;
	return *count > 0 ? &n->restated[lo] : NULL;
}
