/* The case file as a week: every row is numbered by its content, so that the numbers,
 * and all that is concluded from them, do not depend on the order of import. */
#include <stdlib.h>
#include <string.h>

#include "analyst/store/loading.h"

struct loading {
	struct store *st;
	struct arena *arena;
	struct week *week;
	struct numbers *numbers;
	struct week_rule *rules;
	struct week_entity *entities;
	struct mark *marks;
	uint8_t *rule_kinds;       /* the lowest record_kind seen of each rule */
	struct formats *formats;
	struct fault *f;
};

static int compare_text(const char *a, const char *b)
{
	if (a == NULL || b == NULL)
		return (a != NULL) - (b != NULL);
	return strcmp(a, b);
}

static int damaged(struct loading *l, const char *what)
{
	return fault_set(l->f, FAULT_STORE, "case file '%s' is damaged: %s", l->st->path, what);
}

/* ---- rules and entities ---- */

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

static int load_rules(struct loading *l)
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

struct entity_row {
	struct week_entity entity;
	int64_t row;
};

struct twin {
	int64_t row, first;
};

static int compare_entities(const void *pa, const void *pb)
{
	const struct entity_row *a = pa, *b = pb;
	int c;

	if (a->entity.kind != b->entity.kind)
		return a->entity.kind < b->entity.kind ? -1 : 1;
	c = strcmp(a->entity.value, b->entity.value);
	return c != 0 ? c : (a->row > b->row) - (a->row < b->row);
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
	size_t label = strcspn(value, ".");
	uint32_t low = 0, high = n, found = i;

	if (rows[i].entity.kind != ENTITY_HOST || value[label] == '\0' || ip_is_valid(value))
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
	size_t label = strcspn(e->value, ".");

	if (e->kind != ENTITY_HOST || label == 0 || e->value[label] == '\0' || ip_is_valid(e->value))
		return e->shown;
	for (uint32_t k = i > 0 ? i - 1 : 0; k < n && k <= i + 1; k++)
		if (k != i && rows[k].entity.kind == ENTITY_HOST && strncmp(rows[k].entity.value, e->value, label + 1) == 0)
			return e->shown;
	return arena_dupn(l->arena, e->shown, strcspn(e->shown, "."));
}

static int load_entities(struct loading *l)
{
	sqlite3_stmt *q = store_query(l->st, QUERY_ENTITIES, l->f);
	struct entity_row *rows = NULL;
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
			return fault_set(l->f, FAULT_STORE, "case file '%s' holds more names than can be analysed at once",
			                 l->st->path);
		}
		if (n == room)
			rows = must_grow(rows, room = room > 0 ? room * 2 : 256, sizeof(*rows));
		e = &rows[n++];
		memset(e, 0, sizeof(*e));
		e->row = sqlite3_column_int64(q, 0);
		e->entity.kind = (enum entity_kind)table_value(entity_kinds, column_text(q, 1), ENTITY_KINDS);
		e->entity.value = column_dup(q, 2, l->arena);
		/* Most are written as they are compared. */
		e->entity.shown = strcmp(column_text(q, 3), e->entity.value) == 0 ? e->entity.value : column_dup(q, 3, l->arena);
		highest = e->row > highest ? e->row : highest;
	}
	if (n > 0)
		qsort(rows, n, sizeof(*rows), compare_entities);
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

/* ---- alerts ---- */

/* Beyond (at, key) everything compared is content too; only true doubles reach row. */
static int compare_marks(const void *pa, const void *pb)
{
	const struct mark *a = pa, *b = pb;

	if (a->at != b->at)
		return a->at < b->at ? -1 : 1;
	if (a->key != b->key)
		return a->key < b->key ? -1 : 1;
	if (a->rule != b->rule)
		return a->rule < b->rule ? -1 : 1;
	if (a->cast != b->cast)
		return a->cast < b->cast ? -1 : 1;
	return (a->row > b->row) - (a->row < b->row);
}

static int read_mark(struct loading *l, struct mark *m, sqlite3_stmt *q)
{
	uint8_t *kind;

	m->row = sqlite3_column_int64(q, 0);
	m->at = sqlite3_column_int64(q, 1);
	m->key = (uint64_t)sqlite3_column_int64(q, 2);
	m->until = column_int_or(q, 3, m->at);
	m->rule = number_of(&l->numbers->rules, sqlite3_column_int64(q, 4));
	m->cast = number_of(&l->numbers->casts, sqlite3_column_int64(q, 5));
	m->kind = (uint8_t)sqlite3_column_int(q, 6);
	m->severity = (uint8_t)sqlite3_column_int(q, 7);
	m->action = (uint8_t)sqlite3_column_int(q, 8);
	m->confidence = (int8_t)column_int_or(q, 9, -1);
	m->score = sqlite3_column_type(q, 10) == SQLITE_NULL ? -1 : (float)sqlite3_column_double(q, 10);
	m->bytes_out = column_int_or(q, 11, -1);
	if (m->rule == NO_NUMBER || m->cast == NO_NUMBER)
		return damaged(l, "an alert's rule or cast is missing");
	kind = &l->rule_kinds[m->rule];
	*kind = m->kind < *kind ? m->kind : *kind;
	formats_see(l->formats, m->rule, sqlite3_column_int64(q, 12), sqlite3_column_int(q, 13));
	return 0;
}

static int read_marks(struct loading *l, uint32_t room, uint32_t *count)
{
	sqlite3_stmt *q = store_query(l->st, QUERY_ALERTS, l->f);
	bool sorted = true;
	uint32_t n = 0;
	int row;

	if (q == NULL)
		return -1;
	while ((row = store_row(l->st, q, l->f)) > 0) {
		if (n == room || read_mark(l, &l->marks[n], q) < 0)
			return n == room ? damaged(l, "more alerts than counted") : -1;
		if (n > 0 && compare_marks(&l->marks[n - 1], &l->marks[n]) > 0)
			sorted = false;
		n++;
	}
	if (!sorted)
		qsort(l->marks, n, sizeof(*l->marks), compare_marks);
	*count = n;
	return row;
}

static int load_marks(struct loading *l)
{
	sqlite3_stmt *q = store_query(l->st, QUERY_ALERT_COUNT, l->f);
	struct week *w = l->week;
	int64_t count, highest;

	if (q == NULL || store_row(l->st, q, l->f) < 0)
		return -1;
	count = sqlite3_column_int64(q, 0);
	highest = sqlite3_column_int64(q, 1);
	sqlite3_reset(q);
	if (count >= NO_NUMBER)
		return fault_set(l->f, FAULT_STORE, "case file '%s' holds more alerts than can be analysed at once",
		                 l->st->path);
	l->marks = ARENA_ARRAY(l->arena, struct mark, (size_t)count);
	l->rule_kinds = memset(ARENA_ARRAY(l->arena, uint8_t, w->rule_count), 0xff, w->rule_count);
	if (formats_load(&l->formats, l->st, w->rule_count, l->f) < 0 || read_marks(l, (uint32_t)count, &w->mark_count) < 0)
		return -1;
	w->marks = l->marks;
	numbering_start(&l->numbers->marks, highest, w->mark_count);
	for (uint32_t i = 0; i < w->mark_count; i++)
		numbering_set(&l->numbers->marks, w->marks[i].row, i, false);
	/* Marks lie in order of time. */
	w->first = w->mark_count > 0 ? w->marks[0].at : INSTANT_NONE;
	w->last = w->mark_count > 0 ? w->marks[w->mark_count - 1].at : INSTANT_NONE;
	return join_restated(w, l->marks, l->formats, l->st, l->f);
}

/* ---- the whole ---- */

/* When each entity was first seen; NULL when no indicator ever ends. Marks come in order of time. */
static instant *first_sightings(const struct week *w)
{
	instant *seen;
	bool ends = false;

	for (uint32_t i = 0; i < w->indicator_count; i++)
		ends |= w->indicators[i].valid_until != INSTANT_NONE;
	if (!ends)
		return NULL;
	seen = must_grow(NULL, (size_t)w->entity_count + 1, sizeof(*seen));
	for (uint32_t i = 0; i < w->entity_count; i++)
		seen[i] = INSTANT_NONE;
	for (uint32_t i = 0; i < w->mark_count; i++) {
		const struct cast *c = &w->casts[w->marks[i].cast];

		for (uint32_t k = 0; k < c->count; k++)
			if (seen[w->members[c->first + k].entity] == INSTANT_NONE)
				seen[w->members[c->first + k].entity] = w->marks[i].at;
	}
	return seen;
}

static void match_entities(struct loading *l)
{
	struct matcher *m = matcher_new(l->week->indicators, l->week->indicator_count);
	instant *seen = first_sightings(l->week);

	for (uint32_t i = 0; i < l->week->entity_count; i++)
		l->entities[i].indicator = matcher_find(m, l->entities[i].kind, l->entities[i].value,
		                                        seen != NULL ? seen[i] : INSTANT_NONE, &l->entities[i].lapsed);
	free(seen);
	matcher_free(m);
}

/* After the numbering: two records of one rule that name a technique by its old and its new id stay apart. */
static void update_techniques(struct loading *l, struct indicator *indicators, const struct lore *lore)
{
	if (lore->techniques == NULL)
		return;
	for (uint32_t i = 0; i < l->week->rule_count; i++)
		l->rules[i].rule.techniques = lore->techniques(lore->ctx, l->rules[i].rule.techniques, l->arena);
	for (uint32_t i = 0; i < l->week->indicator_count; i++)
		indicators[i].techniques = lore->techniques(lore->ctx, indicators[i].techniques, l->arena);
}

static void name_behaviours(struct loading *l, const struct lore *lore)
{
	static const struct rule steady = { .product = "tsumugi", .name = "steady pace" };
	const struct behaviour *pace = lore->behaviour(lore->ctx, &steady, RECORD_ALERT);

	for (uint32_t i = 0; i < l->week->rule_count; i++) {
		uint8_t kind = l->rule_kinds[i] <= RECORD_RESPONSE ? l->rule_kinds[i] : RECORD_ALERT;

		l->rules[i].behaviour = lore->behaviour(lore->ctx, &l->rules[i].rule, (enum record_kind)kind);
	}
	l->week->pace = pace != NULL && pace->calls ? pace : NULL;
}

int store_load_week(struct week **out, struct store *st, struct arena *arena, const struct lore *lore,
                    struct fault *f)
{
	struct loading l = { .st = st, .arena = arena, .f = f };
	struct indicator *indicators;
	int rc;

	numbers_free(st->numbers);
	l.numbers = st->numbers = must_alloc(sizeof(*l.numbers));
	l.week = arena_alloc(arena, sizeof(*l.week));
	rc = store_snapshot(st, f) < 0 || store_truth(&st->loaded, st, f) < 0 || load_rules(&l) < 0 ||
	     load_entities(&l) < 0 || load_assets(l.week, st, arena, f) < 0 ||
	     load_casts(l.week, l.entities, l.numbers, st, arena, f) < 0 || load_marks(&l) < 0 ||
	     load_indicators(&indicators, &l.week->indicator_count, st, arena, f) < 0 ||
	     lay_overrides(l.week, l.rules, l.marks, st, arena, f) < 0;
	formats_free(l.formats);
	if (rc != 0)
		return -1;
	l.week->indicators = indicators;
	update_techniques(&l, indicators, lore);
	match_entities(&l);
	if (load_telemetry(l.week, st, arena, f) < 0)
		return -1;
	sqlite3_db_release_memory(st->db);       /* the pages that were read: none is asked for again */
	name_behaviours(&l, lore);
	*out = l.week;
	return 0;
}
