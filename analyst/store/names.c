#include "analyst/store/names.h"

#include <stdlib.h>
#include <string.h>

#include "analyst/base/intern.h"
#include "analyst/base/text.h"

/* Casts of network alerts can be nearly as many as the alerts. Beyond this many the
 * table starts anew: a cast written twice costs a row and is joined again on loading. */
#define CASTS_KEPT 200000

struct names {
	struct intern *rules, *entities, *casts, *indicators;
	struct arena *arena;
	const char **shown;          /* of entities */
	size_t shown_room;
	int64_t *cast_ids;           /* of interned casts */
	size_t cast_room;
	int64_t *sources;            /* of indicators */
	size_t source_room;
	int64_t last_cast;
	int64_t version;             /* PRAGMA data_version: changes when somebody else wrote */
	struct text key, members;    /* scratch */
};

void names_free(struct names *n)
{
	if (n == NULL)
		return;
	intern_free(n->rules);
	intern_free(n->entities);
	intern_free(n->casts);
	intern_free(n->indicators);
	arena_free(n->arena);
	free(n->shown);
	free(n->cast_ids);
	free(n->sources);
	text_free(&n->key);
	text_free(&n->members);
	free(n);
}

static struct names *names_new(void)
{
	struct names *n = must_alloc(sizeof(*n));

	n->rules = intern_new();
	n->entities = intern_new();
	n->casts = intern_new();
	n->indicators = intern_new();
	n->arena = arena_new();
	n->version = -1;
	return n;
}

/* NULL and "" are different values: the first has no length byte. */
static void key_add(struct text *key, const char *s)
{
	if (s != NULL) {
		text_addc(key, 1);
		text_add(key, s);
	}
	text_addc(key, '\0');
}

static void rule_key(struct text *key, const struct rule *r)
{
	text_clear(key);
	key_add(key, r->product);
	key_add(key, r->id);
	key_add(key, r->name);
	key_add(key, r->category);
	key_add(key, r->techniques);
	key_add(key, r->tactics);
}

static void entity_key(struct text *key, enum entity_kind kind, const char *value)
{
	text_clear(key);
	text_addc(key, (char)(kind + 1));
	text_add(key, value);
}

static void cast_key(struct text *key, const char *tenant, const char *members)
{
	text_clear(key);
	text_add(key, members);
	key_add(key, tenant);
}

/* NULL is kept where the value itself is shown, which is nearly always. */
static void keep_shown(struct names *n, uint32_t id, const char *shown)
{
	if (id >= n->shown_room) {
		n->shown_room = n->shown_room > 0 ? n->shown_room * 2 : 256;
		n->shown = must_grow(n->shown, n->shown_room, sizeof(*n->shown));
	}
	n->shown[id] = arena_dup(n->arena, shown);
}

static void keep_number(int64_t **numbers, size_t *room, uint32_t id, int64_t number)
{
	if (id >= *room) {
		*room = *room > 0 ? *room * 2 : 256;
		*numbers = must_grow(*numbers, *room, sizeof(**numbers));
	}
	(*numbers)[id] = number;
}

static uint32_t cast_put(struct names *n, bool *fresh)
{
	if (intern_count(n->casts) >= CASTS_KEPT) {
		intern_free(n->casts);
		n->casts = intern_new();
	}
	return intern_put(n->casts, n->key.bytes, n->key.used, fresh);
}

/* Ids are given out as 1, 2, 3 ...; a gap means that somebody changed the file by hand. */
static int expect(struct store *st, int64_t id, uint32_t interned, struct fault *f)
{
	if (id == (int64_t)interned + 1)
		return 0;
	return fault_set(f, FAULT_STORE, "case file '%s' is damaged: row %lld is not where it belongs",
	                 st->path, (long long)id);
}

static int refresh_rules(struct store *st, struct names *n, struct fault *f)
{
	sqlite3_stmt *q = store_query(st, QUERY_RULES_AFTER, f);
	int row;

	if (q == NULL)
		return -1;
	bind_int(q, ":id", intern_count(n->rules));
	while ((row = store_row(st, q, f)) > 0) {
		struct rule r = { column_text(q, 1), column_text(q, 2), column_text(q, 3), column_text(q, 4),
		                  column_text(q, 5), column_text(q, 6) };

		rule_key(&n->key, &r);
		if (expect(st, sqlite3_column_int64(q, 0), intern_put(n->rules, n->key.bytes, n->key.used, NULL),
		           f) < 0)
			return -1;
	}
	return row;
}

static int refresh_entities(struct store *st, struct names *n, struct fault *f)
{
	sqlite3_stmt *q = store_query(st, QUERY_ENTITIES_AFTER, f);
	int row;

	if (q == NULL)
		return -1;
	bind_int(q, ":id", intern_count(n->entities));
	while ((row = store_row(st, q, f)) > 0) {
		uint32_t id;

		entity_key(&n->key, (enum entity_kind)table_value(entity_kinds, column_text(q, 1), ENTITY_KINDS),
		           column_text(q, 2));
		id = intern_put(n->entities, n->key.bytes, n->key.used, NULL);
		if (expect(st, sqlite3_column_int64(q, 0), id, f) < 0)
			return -1;
		keep_shown(n, id, strcmp(column_text(q, 3), column_text(q, 2)) != 0 ? column_text(q, 3) : NULL);
	}
	return row;
}

static int refresh_indicators(struct store *st, struct names *n, struct fault *f)
{
	sqlite3_stmt *q = store_query(st, QUERY_INDICATORS_AFTER, f);
	int row;

	if (q == NULL)
		return -1;
	bind_int(q, ":id", intern_count(n->indicators));
	while ((row = store_row(st, q, f)) > 0) {
		uint32_t id;

		text_clear(&n->key);
		text_addc(&n->key, (char)(table_value(indicator_kinds, column_text(q, 1), INDICATOR_TEXT) + 1));
		text_add(&n->key, column_text(q, 2));
		id = intern_put(n->indicators, n->key.bytes, n->key.used, NULL);
		if (expect(st, sqlite3_column_int64(q, 0), id, f) < 0)
			return -1;
		keep_number(&n->sources, &n->source_room, id, sqlite3_column_int64(q, 3));
	}
	return row;
}

static int refresh_casts(struct store *st, struct names *n, struct fault *f)
{
	sqlite3_stmt *q = store_query(st, QUERY_CASTS_AFTER, f);
	int row;

	if (q == NULL)
		return -1;
	bind_int(q, ":id", n->last_cast);
	while ((row = store_row(st, q, f)) > 0) {
		cast_key(&n->key, column_text(q, 1), column_text(q, 2));
		n->last_cast = sqlite3_column_int64(q, 0);
		keep_number(&n->cast_ids, &n->cast_room, cast_put(n, NULL), n->last_cast);
	}
	return row;
}

int names_refresh(struct store *st, struct fault *f)
{
	sqlite3_stmt *q = store_query(st, QUERY_DATA_VERSION, f);
	int64_t version;

	if (q == NULL || store_row(st, q, f) < 0)
		return -1;
	version = sqlite3_column_int64(q, 0);
	sqlite3_reset(q);
	if (st->names == NULL)
		st->names = names_new();
	if (st->names->version == version)
		return 0;
	if (refresh_rules(st, st->names, f) < 0 || refresh_entities(st, st->names, f) < 0 ||
	    refresh_indicators(st, st->names, f) < 0 || refresh_casts(st, st->names, f) < 0)
		return -1;
	st->names->version = version;
	return 0;
}

int64_t names_rule(struct store *st, const struct rule *r, struct fault *f)
{
	struct names *n = st->names;
	sqlite3_stmt *q;
	uint32_t id;
	bool fresh;

	rule_key(&n->key, r);
	id = intern_put(n->rules, n->key.bytes, n->key.used, &fresh);
	if (!fresh)
		return (int64_t)id + 1;
	if ((q = store_query(st, QUERY_RULE_NEW, f)) == NULL)
		return -1;
	bind_int(q, ":id", (int64_t)id + 1);
	bind_text(q, ":product", r->product);
	bind_text(q, ":native", r->id);
	bind_text(q, ":name", r->name);
	bind_text(q, ":category", r->category);
	bind_text(q, ":techniques", r->techniques);
	bind_text(q, ":tactics", r->tactics);
	return store_done(st, q, f) < 0 ? -1 : (int64_t)id + 1;
}

static int64_t names_entity(struct store *st, const struct entity *e, struct fault *f)
{
	const char *shown = e->shown != NULL ? e->shown : e->value, *old;
	bool same = shown == e->value || strcmp(shown, e->value) == 0;
	struct names *n = st->names;
	sqlite3_stmt *q;
	uint32_t id;
	bool fresh;

	entity_key(&n->key, e->kind, e->value);
	id = intern_put(n->entities, n->key.bytes, n->key.used, &fresh);
	/* Of several spellings the smallest by byte order is shown, so that the order of
	 * import does not matter. */
	if (!fresh && ((old = n->shown[id]) == NULL ? same || strcmp(shown, e->value) > 0 : strcmp(shown, old) >= 0))
		return (int64_t)id + 1;
	keep_shown(n, id, same ? NULL : shown);
	if ((q = store_query(st, fresh ? QUERY_ENTITY_NEW : QUERY_ENTITY_SHOWN, f)) == NULL)
		return -1;
	if (!fresh) {
		bind_int(q, ":id", (int64_t)id + 1);
		bind_text(q, ":shown", shown);
	} else {
		/* By position and without copies: one in three alerts brings a new entity. */
		sqlite3_bind_int64(q, 1, (int64_t)id + 1);
		sqlite3_bind_text(q, 2, table_name(entity_kinds, (int)e->kind), -1, SQLITE_STATIC);
		sqlite3_bind_text(q, 3, e->value, -1, SQLITE_STATIC);
		sqlite3_bind_text(q, 4, shown, -1, SQLITE_STATIC);
	}
	return store_done(st, q, f) < 0 ? -1 : (int64_t)id + 1;
}

struct played {
	unsigned role;
	int64_t entity;
};

static void add_number(struct text *t, uint64_t v)
{
	char digits[24];
	size_t at = sizeof(digits);

	do
		digits[--at] = (char)('0' + v % 10);
	while ((v /= 10) > 0);
	text_addn(t, digits + at, sizeof(digits) - at);
}

/* "[[2,17],[3,93]]", by role, then entity. */
static int write_members(struct store *st, const struct alert *a, struct fault *f)
{
	struct text *t = &st->names->members;
	struct played parts[ALERT_ENTITIES];
	size_t n = 0;

	for (size_t i = 0; i < a->entity_count; i++) {
		struct played p = { (unsigned)a->entities[i].role, names_entity(st, &a->entities[i], f) };
		size_t at = n++;

		if (p.entity < 0)
			return -1;
		for (; at > 0 && (parts[at - 1].role > p.role ||
		                  (parts[at - 1].role == p.role && parts[at - 1].entity > p.entity)); at--)
			parts[at] = parts[at - 1];
		parts[at] = p;
	}
	text_clear(t);
	text_addc(t, '[');
	for (size_t i = 0; i < n; i++) {
		text_add(t, i > 0 ? ",[" : "[");
		add_number(t, parts[i].role);
		text_addc(t, ',');
		add_number(t, (uint64_t)parts[i].entity);
		text_addc(t, ']');
	}
	text_addc(t, ']');
	return 0;
}

int64_t names_cast(struct store *st, const struct alert *a, struct fault *f)
{
	struct names *n = st->names;
	sqlite3_stmt *q;
	uint32_t at;
	bool fresh;

	if (write_members(st, a, f) < 0)
		return -1;
	cast_key(&n->key, a->tenant, text_str(&n->members));
	at = cast_put(n, &fresh);
	if (!fresh)
		return n->cast_ids[at];
	if ((q = store_query(st, QUERY_CAST_NEW, f)) == NULL)
		return -1;
	keep_number(&n->cast_ids, &n->cast_room, at, ++n->last_cast);
	sqlite3_bind_int64(q, 1, n->last_cast);
	sqlite3_bind_text(q, 2, a->tenant, -1, SQLITE_STATIC);
	sqlite3_bind_text(q, 3, text_str(&n->members), (int)n->members.used, SQLITE_STATIC);
	return store_done(st, q, f) < 0 ? -1 : n->last_cast;
}

int64_t names_indicator_count(const struct store *st)
{
	return intern_count(st->names->indicators);
}

int64_t names_indicator(struct store *st, enum indicator_kind kind, const char *value, int64_t here,
                        int64_t *source, struct fault *f)
{
	struct names *n = st->names;
	sqlite3_stmt *q;
	uint32_t id;
	bool fresh;

	text_clear(&n->key);
	text_addc(&n->key, (char)(kind + 1));
	text_add(&n->key, value);
	id = intern_put(n->indicators, n->key.bytes, n->key.used, &fresh);
	if (!fresh) {
		*source = n->sources[id];
		return (int64_t)id + 1;
	}
	keep_number(&n->sources, &n->source_room, id, here);
	*source = here;
	if ((q = store_query(st, QUERY_INDICATOR_NEW, f)) == NULL)
		return -1;
	bind_int(q, ":id", (int64_t)id + 1);
	bind_text(q, ":kind", table_name(indicator_kinds, (int)kind));
	bind_text(q, ":value", value);
	bind_int(q, ":source", here);
	return store_done(st, q, f) < 0 ? -1 : (int64_t)id + 1;
}
