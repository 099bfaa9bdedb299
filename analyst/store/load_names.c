/* Rules, verdicts and entities, numbered by what they say. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "analyst/base/keyed.h"
#include "analyst/store/loading.h"

/* ---- rules ---- */

/* What is not stated comes first. */
static int compare_text(const char *a, const char *b)
{
	if (a == NULL || b == NULL)
		return (a != NULL) - (b != NULL);
	return strcmp(a, b);
}

struct rule_row {
	struct rule rule;
	int64_t row;
};

static int compare_rules(const struct rule *a, const struct rule *b)
{
	int c;

	if ((c = compare_text(a->product, b->product)) != 0 || (c = compare_text(a->id, b->id)) != 0 ||
	    (c = compare_text(a->name, b->name)) != 0 || (c = compare_text(a->category, b->category)) != 0 ||
	    (c = compare_text(a->techniques, b->techniques)) != 0)
		return c;
	return compare_text(a->tactics, b->tactics);
}

static int compare_rule_rows(const void *pa, const void *pb)
{
	const struct rule_row *a = pa, *b = pb;
	int c = compare_rules(&a->rule, &b->rule);

	return c != 0 ? c : (a->row > b->row) - (a->row < b->row);
}

int load_rules(struct loading *l)
{
	sqlite3_stmt *q = store_query(l->st, QUERY_RULES, l->f);
	struct rule_row *rows = NULL;
	uint32_t n = 0, room = 0, kept = 0;
	int64_t highest = 0;
	int row;

	if (q == NULL)
		return -1;
	while ((row = store_row(l->st, q, l->f)) > 0) {
		struct rule_row *r;

		if (n == room)
			rows = must_grow(rows, room = room > 0 ? room * 2 : 64, sizeof(*rows));
		r = &rows[n++];
		r->row = sqlite3_column_int64(q, 0);
		r->rule = (struct rule){ column_dup(q, 1, l->arena), column_dup(q, 2, l->arena),
		                         column_dup(q, 3, l->arena), column_dup(q, 4, l->arena),
		                         column_dup(q, 5, l->arena), column_dup(q, 6, l->arena) };
		highest = r->row > highest ? r->row : highest;
	}
	if (n >= WEEK_RULES) {
		free(rows);
		return loading_too_much(l->st, "rules", l->f);
	}
	if (n > 0)
		qsort(rows, n, sizeof(*rows), compare_rule_rows);
	l->rules = ARENA_ARRAY(l->arena, struct week_rule, n);
	numbering_start(&l->numbers->rules, highest, n);
	numbering_know_rows(&l->numbers->rules);
	/* Import may have written one twice: see known.h. */
	for (uint32_t i = 0; i < n; i++) {
		bool first = i == 0 || compare_rules(&rows[i].rule, &rows[i - 1].rule) != 0;

		if (first)
			l->rules[kept++].rule = rows[i].rule;
		numbering_set(&l->numbers->rules, rows[i].row, kept - 1, first);
	}
	free(rows);
	l->numbers->rules.count = kept;
	l->week->rules = l->rules;
	l->week->rule_count = kept;
	return row;
}

/* ---- verdicts ---- */

static bool is_within(sqlite3_stmt *q, int column, int most)
{
	int64_t n = sqlite3_column_int64(q, column);

	return n >= 0 && n <= most;
}

/* What else a damaged case file has would be shown, counted and kept as something that there is not. */
static bool read_verdict(struct verdict *v, const struct numbering *rules, sqlite3_stmt *q)
{
	if (!is_within(q, 2, RECORD_RESPONSE) || !is_within(q, 3, SEVERITY_CRITICAL) || !is_within(q, 4, ACTION_QUARANTINED) ||
	    !is_within(q, 6, ZONE_BY_SPEC))
		return false;
	*v = (struct verdict){
		.rule = number_of(rules, sqlite3_column_int64(q, 1)), .kind = (uint8_t)sqlite3_column_int(q, 2),
		.severity = (uint8_t)sqlite3_column_int(q, 3), .action = (uint8_t)sqlite3_column_int(q, 4),
		.zone = (uint8_t)sqlite3_column_int(q, 6), .confidence = (int8_t)column_int_or(q, 5, -1),
	};
	return v->rule != NO_NUMBER;
}

int load_verdicts(struct loading *l)
{
	sqlite3_stmt *q = store_query(l->st, QUERY_VERDICTS, l->f);
	struct numbers *n = l->numbers;
	int64_t room = 0;
	int row;

	if (q == NULL)
		return -1;
	while ((row = store_row(l->st, q, l->f)) > 0) {
		if (n->verdict_count == room)
			n->verdicts = must_grow(n->verdicts, (size_t)(room = room > 0 ? room * 2 : 64), sizeof(*n->verdicts));
		if (sqlite3_column_int64(q, 0) != ++n->verdict_count || !read_verdict(&n->verdicts[n->verdict_count - 1], &n->rules, q)) {
			sqlite3_reset(q);
			return loading_damaged(l, "a verdict is missing, of no kind or of no rule");
		}
	}
	return row;
}

/* ---- entities ---- */

struct entity_row {
	struct week_entity entity;
	int64_t row;
};

struct twin {
	int64_t row, first;
};

/* Kind and seven letters, then eight letters more each time: goes up as kind and value do. Values that are equal so far have
 * as many letters, unless the last byte is 0. */
static uint64_t start_of(const struct week_entity *e, uint32_t depth)
{
	uint64_t start = depth == 0 ? (uint64_t)e->kind : 0;
	const char *c = depth == 0 ? e->value : e->value + 8 * (size_t)depth - 1;

	for (int i = depth == 0; i < 8; i++)
		start = start << 8 | (unsigned char)(*c != '\0' ? *c++ : 0);
	return start;
}

static int by_value(const void *pa, const void *pb, void *ctx)
{
	const struct entity_row *rows = ctx;
	const struct entity_row *a = &rows[((const struct keyed *)pa)->item], *b = &rows[((const struct keyed *)pb)->item];
	int c = strcmp(a->entity.value, b->entity.value);

	return c != 0 ? c : (a->row > b->row) - (a->row < b->row);
}

/* What is still equal after so many letters is compared. */
#define DEEP 4

/* By kind and value, of equals the lowest row first. */
static void order_entities(struct entity_row *rows, struct keyed *list, size_t n, uint32_t depth)
{
	for (size_t i = 0; i < n; i++)
		list[i].key = start_of(&rows[list[i].item].entity, depth);
	keyed_sort(list, n);
	for (size_t from = 0, to; from < n; from = to) {
		for (to = from + 1; to < n && list[to].key == list[from].key; to++)
			;
		if (to - from == 1)
			continue;
		if ((list[from].key & 0xff) != 0 && depth < DEEP)
			order_entities(rows, list + from, to - from, depth + 1);
		else
			qsort_r(list + from, to - from, sizeof(*list), by_value, rows);
	}
}

/* Takes the rows, and gives them in order. */
static struct entity_row *in_order(struct entity_row *rows, uint32_t n)
{
	struct entity_row *out = must_grow(NULL, (size_t)n + 1, sizeof(*out));
	struct keyed *list = must_grow(NULL, (size_t)n + 1, sizeof(*list));

	for (uint32_t i = 0; i < n; i++)
		list[i].item = i;
	order_entities(rows, list, n, 0);
	for (uint32_t i = 0; i < n; i++)
		out[i] = rows[list[i].item];
	free(list);
	free(rows);
	return out;
}

/* Kinds are few: the last one of the same first letter is tried before all. */
static enum entity_kind kind_of(const char *name, const struct named *last[256])
{
	const struct named **likely = &last[(unsigned char)(name != NULL ? name[0] : 0)], *kind = entity_kinds;

	if (name == NULL || (*likely != NULL && strcmp((*likely)->name, name) == 0))
		return name != NULL ? (enum entity_kind)(*likely)->value : ENTITY_KINDS;
	while (kind->name != NULL && strcasecmp(kind->name, name) != 0)
		kind++;
	if (kind->name == NULL)
		return ENTITY_KINDS;
	*likely = kind;
	return (enum entity_kind)kind->value;
}

/* Import may have written an entity twice (known.h): the first row stands for all of them, with the smallest of their
 * spellings. Returns how many are left, in order; twins gets the rows that are not, with the first in place of a number. */
static uint32_t join_twins(struct entity_row *rows, uint32_t n, struct twin **twins, uint32_t *twin_count)
{
	uint32_t kept = 0, room = 0;

	*twins = NULL;
	*twin_count = 0;
	for (uint32_t i = 0; i < n; i++) {
		struct entity_row *last = kept > 0 ? &rows[kept - 1] : NULL;

		if (last == NULL || last->entity.kind != rows[i].entity.kind ||
		    strcmp(last->entity.value, rows[i].entity.value) != 0) {
			rows[kept++] = rows[i];
			continue;
		}
		if (strcmp(rows[i].entity.shown, last->entity.shown) < 0)
			last->entity.shown = rows[i].entity.shown;
		if (*twin_count == room)
			*twins = must_grow(*twins, room = room > 0 ? room * 2 : 256, sizeof(**twins));
		(*twins)[(*twin_count)++] = (struct twin){ rows[i].row, last->row };
	}
	return kept;
}

/* The row of the short name that a full host name stands for: the first label, when a host of that name is known
 * and no other full name begins with it. One product says exch01.sample-trading.example, another EXCH01. */
static uint32_t short_name(const struct entity_row *rows, uint32_t n, uint32_t i)
{
	const char *value = rows[i].entity.value;
	uint32_t low = 0, high = n, found = i;
	size_t label;

	if (rows[i].entity.kind != ENTITY_HOST)
		return i;
	label = strcspn(value, ".");
	if (value[label] == '\0' || ip_is_valid(value))
		return i;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		const struct week_entity *e = &rows[middle].entity;

		if (e->kind < ENTITY_HOST || (e->kind == ENTITY_HOST && strncmp(e->value, value, label) < 0))
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < n && rows[low].entity.kind == ENTITY_HOST && strncmp(rows[low].entity.value, value, label) == 0; low++) {
		char after = rows[low].entity.value[label];

		if (after == '\0')
			found = low;
		else if (after == '.' && low != i)
			return i;
	}
	return found;
}

/* A full name whose first label no other host has is shown by that label. */
static const char *shown_name(struct loading *l, const struct entity_row *rows, uint32_t n, uint32_t i)
{
	const struct week_entity *e = &rows[i].entity;
	size_t label = e->kind == ENTITY_HOST ? strcspn(e->value, ".") : 0;

	if (label == 0 || e->value[label] == '\0' || ip_is_valid(e->value))
		return e->shown;
	for (uint32_t k = i > 0 ? i - 1 : 0; k < n && k <= i + 1; k++)
		if (k != i && rows[k].entity.kind == ENTITY_HOST && strncmp(rows[k].entity.value, e->value, label + 1) == 0)
			return e->shown;
	return arena_dupn(l->arena, e->shown, strcspn(e->shown, "."));
}

int load_entities(struct loading *l)
{
	sqlite3_stmt *q = store_query(l->st, QUERY_ENTITIES, l->f);
	struct entity_row *rows = NULL;
	const struct named *kinds[256] = { NULL };
	struct twin *twins;
	uint32_t n = 0, room = 0, twin_count;
	int64_t highest = 0;
	int row;

	if (q == NULL)
		return -1;
	while ((row = store_row(l->st, q, l->f)) > 0) {
		struct entity_row *e;

		if (n == WEEK_ENTITIES) {
			free(rows);
			return loading_too_much(l->st, "names", l->f);
		}
		if (n == room)
			rows = must_grow(rows, room = room > 0 ? room * 2 : 256, sizeof(*rows));
		e = &rows[n++];
		memset(e, 0, sizeof(*e));
		e->row = sqlite3_column_int64(q, 0);
		e->entity.kind = kind_of(column_text(q, 1), kinds);
		if (e->entity.kind == ENTITY_KINDS) {
			sqlite3_reset(q);
			free(rows);
			return loading_damaged(l, "an entity is of no kind");
		}
		e->entity.value = column_dup(q, 2, l->arena);
		e->entity.shown = column_text(q, 3) == NULL ? e->entity.value : column_dup(q, 3, l->arena);
		highest = e->row > highest ? e->row : highest;
	}
	rows = in_order(rows, n);
	n = join_twins(rows, n, &twins, &twin_count);
	l->entities = ARENA_ARRAY(l->arena, struct week_entity, n);
	numbering_start(&l->numbers->entities, highest, n);
	numbering_know_rows(&l->numbers->entities);
	/* A short name sorts before the full names that begin with it, so its number is known when they come. */
	uint32_t *number = must_grow(NULL, (size_t)n + 1, sizeof(*number)), kept = 0;

	for (uint32_t i = 0; i < n; i++) {
		uint32_t same = short_name(rows, n, i);

		number[i] = same == i ? kept : number[same];
		if (same == i) {
			l->entities[kept] = rows[i].entity;
			l->entities[kept++].shown = shown_name(l, rows, n, i);
		}
		numbering_set(&l->numbers->entities, rows[i].row, number[i], same == i);
	}
	for (uint32_t i = 0; i < twin_count; i++)
		numbering_set(&l->numbers->entities, twins[i].row, number_of(&l->numbers->entities, twins[i].first), false);
	free(twins);
	free(number);
	free(rows);
	l->numbers->entities.count = kept;
	l->week->entities = l->entities;
	l->week->entity_count = kept;
	return row;
}
