#include "analyst/store/names.h"

#include <stdlib.h>
#include <string.h>

#include "analyst/base/intern.h"
#include "analyst/base/text.h"
#include "analyst/store/known.h"
#include "analyst/store/met.h"
#include "analyst/store/verdicts.h"

/* How many are known at once, in each of two generations. Every URL is an entity: all that are
 * met would not fit into memory. A row written twice costs its bytes. */
#define ENTITIES_KEPT 200000
/* How many of the casts written last are taken from a case file that is gone on with; of those met in between see met.h. */
#define CASTS_KEPT 100000
/* More tenants than anybody has: casts are then met anew, since tenants are numbered in memory. */
#define TENANTS_KEPT 65536

/* New rows, written together. */
#define PENDING_MOST 1024

struct new_entity {
	const char *kind, *value, *shown;
	size_t length;               /* of value */
};

struct new_cast {
	const char *tenant;
	size_t members, length;      /* in the text of new casts */
};

/* Role and entity in one number, which sorts by role, then entity. */
#define ENTITY_BITS 48
_Static_assert(STORE_ROWS <= INT64_C(1) << ENTITY_BITS, "the row of an entity fits");
#define PLAYED(role, entity) ((uint64_t)(role) << ENTITY_BITS | (uint64_t)(entity))

/* A cast: its tenant, then who takes part, sorted. */
struct played {
	uint64_t words[1 + ALERT_ENTITIES];
	size_t count;
};
_Static_assert(1 + ALERT_ENTITIES <= MET_WORDS, "a hash is made of all of them");

/* A key of known, in the scratch text. */
struct key {
	size_t at, length;
	uint64_t hash;
};

/* Row ids by the numbers that alerts handed over together call equal things by; 0: not asked for yet. */
#define ASKED (-1)       /* its key is made */
struct numbers {
	int64_t *ids;
	size_t room, used;
};

struct names {
	struct verdicts *verdicts;
	struct known *entities;
	struct met *casts;
	struct intern *tenants, *indicators;
	int64_t *sources;            /* of indicators */
	size_t source_room;
	int64_t last_entity, last_cast;
	int64_t version;             /* PRAGMA data_version: changes when somebody else wrote */
	struct text key, members;    /* scratch; members of the new casts */
	struct numbers entity_numbers;
	struct key entity_keys[NAMES_GROUP * ALERT_ENTITIES];
	struct met_key cast_keys[NAMES_GROUP];
	struct played played[NAMES_GROUP];
	struct new_entity new_entities[PENDING_MOST];
	struct new_cast new_casts[PENDING_MOST];
	size_t new_entity_count, new_cast_count;
};

void names_free(struct names *n)
{
	if (n == NULL)
		return;
	verdicts_free(n->verdicts);
	known_free(n->entities);
	met_free(n->casts);
	intern_free(n->tenants);
	intern_free(n->indicators);
	free(n->sources);
	free(n->entity_numbers.ids);
	text_free(&n->key);
	text_free(&n->members);
	free(n);
}

static struct names *names_new(void)
{
	struct names *n = must_alloc(sizeof(*n));

	n->verdicts = verdicts_new();
	n->entities = known_new(ENTITIES_KEPT);
	n->casts = met_new();
	n->tenants = intern_new();
	n->indicators = intern_new();
	n->version = -1;
	return n;
}

static int64_t numbered(const struct numbers *s, uint32_t number)
{
	return number > 0 && number < s->used ? s->ids[number] : 0;
}

static void keep_numbered(struct numbers *s, uint32_t number, int64_t id)
{
	if (number == 0)
		return;
	if (number >= s->room) {
		s->room = (size_t)number + 1024;
		s->ids = must_grow(s->ids, s->room, sizeof(*s->ids));
	}
	for (; s->used <= number; s->used++)
		s->ids[s->used] = 0;
	s->ids[number] = id;
}

void names_forget_numbers(struct store *st)
{
	if (st->names == NULL)
		return;
	verdicts_forget_numbers(st->names->verdicts);
	st->names->entity_numbers.used = 0;
}

/* Appends the key of an entity whose value is n bytes. */
static void add_entity_key(struct text *key, enum entity_kind kind, const char *value, size_t n)
{
	text_addc(key, (char)(kind + 1));
	text_addn(key, value, n);
}

static void forget_casts(struct names *n)
{
	met_free(n->casts);
	intern_free(n->tenants);
	n->casts = met_new();
	n->tenants = intern_new();
}

static uint64_t tenant_number(struct names *n, const char *tenant)
{
	return tenant == NULL ? 0 : (uint64_t)intern_put(n->tenants, tenant, strlen(tenant), NULL) + 1;
}

static void keep_number(int64_t **numbers, size_t *room, uint32_t id, int64_t number)
{
	if (id >= *room) {
		*room = *room > 0 ? *room * 2 : 256;
		*numbers = must_grow(*numbers, *room, sizeof(**numbers));
	}
	(*numbers)[id] = number;
}

/* Ids are given out as 1, 2, 3 ...; a gap means that somebody changed the file by hand. */
static int expect(struct store *st, int64_t id, uint32_t interned, struct fault *f)
{
	if (id == (int64_t)interned + 1)
		return 0;
	return fault_set(f, FAULT_STORE, "case file '%s' is damaged: row %lld is not where it belongs",
	                 st->path, (long long)id);
}

static int refresh_entities(struct store *st, struct names *n, struct fault *f)
{
	sqlite3_stmt *q = store_query(st, QUERY_ENTITIES_AFTER, f);
	int row;

	if (q == NULL)
		return -1;
	bind_int(q, ":id", n->last_entity);
	bind_int(q, ":kept", ENTITIES_KEPT);
	while ((row = store_row(st, q, f)) > 0) {
		const char *value = column_text(q, 2), *shown = column_text(q, 3);
		struct known_row *known;

		text_clear(&n->key);
		add_entity_key(&n->key, (enum entity_kind)table_value(entity_kinds, column_text(q, 1), ENTITY_KINDS), value, strlen(value));
		known = known_put(n->entities, n->key.bytes, n->key.used);
		if (store_last_id(&n->last_entity, st, q, f) < 0)
			return -1;
		known->id = n->last_entity;
		known_note(n->entities, known, shown);
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
	bind_int(q, ":kept", CASTS_KEPT);
	while ((row = store_row(st, q, f)) > 0) {
		struct played p = { { tenant_number(n, column_text(q, 1)) }, 1 };
		const char *s = column_text(q, 2);

		for (s += *s == '['; *s >= '0' && *s <= '9' && p.count <= ALERT_ENTITIES; s += *s == ',') {
			char *end;
			uint64_t number = strtoull(s, &end, 10);

			s = end;
			p.words[p.count++] = PLAYED(number % MEMBER_ROLES, number / MEMBER_ROLES);
		}
		if (store_last_id(&n->last_cast, st, q, f) < 0)
			return -1;
		*met_row(n->casts, met_key(n->casts, p.words, p.count)) = n->last_cast;
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
	if (verdicts_refresh(st->names->verdicts, st, f) < 0 || refresh_entities(st, st->names, f) < 0 ||
	    refresh_indicators(st, st->names, f) < 0 || refresh_casts(st, st->names, f) < 0)
		return -1;
	st->names->version = version;
	return 0;
}

int64_t names_verdict(struct store *st, const struct alert *a, struct fault *f)
{
	return verdicts_find(st->names->verdicts, st, a, f);
}

/* ---- entities and casts ---- */

static void entity_column(const void *rows, size_t row, int column, sqlite3_context *out)
{
	const struct new_entity *e = (const struct new_entity *)rows + row;

	switch (column) {
	case 0: sqlite3_result_text(out, e->kind, -1, SQLITE_STATIC); break;
	case 1: sqlite3_result_text(out, e->value, (int)e->length, SQLITE_STATIC); break;
	default:
		if (e->shown != e->value)
			sqlite3_result_text(out, e->shown, -1, SQLITE_STATIC);
		break;
	}
}

static void cast_column(const void *rows, size_t row, int column, sqlite3_context *out)
{
	const struct names *n = rows;
	const struct new_cast *c = &n->new_casts[row];

	switch (column) {
	case 0: sqlite3_result_text(out, c->tenant, -1, SQLITE_STATIC); break;
	default: sqlite3_result_text(out, n->members.bytes + c->members, (int)c->length, SQLITE_STATIC); break;
	}
}

int names_flush(struct store *st, struct fault *f)
{
	struct names *n = st->names;
	size_t entities = n->new_entity_count, casts = n->new_cast_count;

	n->new_entity_count = n->new_cast_count = 0;
	if (verdicts_flush(n->verdicts, st, f) < 0 ||
	    store_feed_up_to(n->last_entity, st, FEED_ENTITIES, QUERY_ENTITIES_NEW,
	                     (struct feed){ entity_column, n->new_entities, entities, 0 }, f) < 0 ||
	    store_feed_up_to(n->last_cast, st, FEED_CASTS, QUERY_CASTS_NEW, (struct feed){ cast_column, n, casts, 0 }, f) < 0)
		return -1;
	text_clear(&n->members);
	return 0;
}

/* Of several spellings the smallest by byte order is shown, so that the order of
 * import does not matter. */
static int update_shown(struct store *st, struct known_row *known, const char *value, const char *shown, struct fault *f)
{
	sqlite3_stmt *q;

	known_note(st->names->entities, known, shown == value ? NULL : shown);
	if (names_flush(st, f) < 0 || (q = store_query(st, QUERY_ENTITY_SHOWN, f)) == NULL)
		return -1;
	bind_int(q, ":id", known->id);
	bind_text(q, ":shown", shown);
	return store_done(st, q, f);
}

static int64_t find_entity(struct store *st, const struct entity *e, const struct key *key, struct fault *f)
{
	struct names *n = st->names;
	struct known_row *known = known_put_hashed(n->entities, n->key.bytes + key->at, key->length, key->hash);
	const char *shown = e->shown, *old;

	if (shown == NULL || (shown != e->value && strcmp(shown, e->value) == 0))
		shown = e->value;
	if (known->id == 0) {
		if (n->new_entity_count == PENDING_MOST && names_flush(st, f) < 0)
			return -1;
		known->id = ++n->last_entity;
		if (shown != e->value)
			known_note(n->entities, known, shown);
		n->new_entities[n->new_entity_count++] = (struct new_entity){
			table_name(entity_kinds, (int)e->kind), e->value, shown, e->length
		};
		return known->id;
	}
	old = known->note != NULL ? known->note : e->value;
	/* The usual case first: both show the value itself. */
	if ((shown == e->value && known->note == NULL) || strcmp(shown, old) >= 0)
		return known->id;
	return update_shown(st, known, e->value, shown, f) < 0 ? -1 : known->id;
}

static char *put_number(char *to, uint64_t v)
{
	uint64_t above = 10;
	int digits = 1;

	for (; digits < 19 && v >= above; digits++)
		above *= 10;
	for (int i = digits - 1; i >= 0; i--, v /= 10)
		to[i] = (char)('0' + v % 10);
	return to + digits;
}

/* "[172,933]": role 2 of entity 17, role 3 of entity 93. */
static void write_members(struct text *t, const uint64_t *played, size_t count)
{
	char all[ALERT_ENTITIES * 24 + 4], *to = all;

	*to++ = '[';
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			*to++ = ',';
		to = put_number(to, (played[i] & ((UINT64_C(1) << ENTITY_BITS) - 1)) * MEMBER_ROLES + (played[i] >> ENTITY_BITS));
	}
	*to++ = ']';
	text_addn(t, all, (size_t)(to - all));
}

static void end_key(struct names *n, struct key *key, size_t at)
{
	*key = (struct key){ at, n->key.used - at, known_hash(n->key.bytes + at, n->key.used - at) };
}

static void prefetch(const struct known *k, const struct key *keys, size_t count)
{
	for (int step = 0; step < 3; step++)
		for (size_t i = 0; i < count; i++)
			known_prefetch(k, keys[i].hash, step);
}

/* The key of each entity whose row is not known by its number, in order. */
static size_t make_entity_keys(struct names *n, const struct alert *const alerts[], size_t count)
{
	size_t keys = 0;

	for (size_t i = 0; i < count; i++)
		for (const struct entity *e = alerts[i]->entities; e < alerts[i]->entities + alerts[i]->entity_count; e++) {
			size_t at = n->key.used;

			if (numbered(&n->entity_numbers, e->number) != 0)
				continue;
			add_entity_key(&n->key, e->kind, e->value, e->length);
			end_key(n, &n->entity_keys[keys++], at);
			keep_numbered(&n->entity_numbers, e->number, ASKED);
		}
	return keys;
}

/* The cast of an alert. *key is the next of make_entity_keys and goes on. */
static int find_played(struct played *played, struct store *st, const struct alert *a, const struct key **key, struct fault *f)
{
	struct numbers *numbers = &st->names->entity_numbers;

	played->words[0] = tenant_number(st->names, a->tenant);
	for (size_t i = 0; i < a->entity_count; i++) {
		const struct entity *e = &a->entities[i];
		int64_t entity = numbered(numbers, e->number);
		uint64_t *at = &played->words[1 + i], p;

		if (entity == 0 || entity == ASKED) {
			if ((entity = find_entity(st, e, (*key)++, f)) < 0)
				return -1;
			keep_numbered(numbers, e->number, entity);
		}
		p = PLAYED(e->role, entity);
		for (; at > &played->words[1] && at[-1] > p; at--)
			*at = at[-1];
		*at = p;
	}
	played->count = 1 + a->entity_count;
	return 0;
}

static int64_t find_cast(struct store *st, const struct alert *a, const struct played *played, struct met_key key,
                         struct fault *f)
{
	struct names *n = st->names;
	int64_t *row = met_row(n->casts, key);
	struct new_cast *fresh;

	if (*row != 0)
		return *row;
	if (n->new_cast_count == PENDING_MOST && names_flush(st, f) < 0)
		return -1;
	fresh = &n->new_casts[n->new_cast_count++];
	*fresh = (struct new_cast){ a->tenant, n->members.used, 0 };
	write_members(&n->members, played->words + 1, played->count - 1);
	fresh->length = n->members.used - fresh->members;
	return *row = ++n->last_cast;
}

int names_casts(int64_t casts[], struct store *st, const struct alert *const alerts[], size_t count, struct fault *f)
{
	struct names *n = st->names;
	const struct key *key = n->entity_keys;

	if (intern_count(n->tenants) > TENANTS_KEPT)
		forget_casts(n);
	text_clear(&n->key);
	prefetch(n->entities, n->entity_keys, make_entity_keys(n, alerts, count));
	for (size_t i = 0; i < count; i++) {
		struct played *played = &n->played[i];

		if (find_played(played, st, alerts[i], &key, f) < 0)
			return -1;
		n->cast_keys[i] = met_key(n->casts, played->words, played->count);
		met_prefetch(n->casts, n->cast_keys[i]);
	}
	for (size_t i = 0; i < count; i++)
		if ((casts[i] = find_cast(st, alerts[i], &n->played[i], n->cast_keys[i], f)) < 0)
			return -1;
	return 0;
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

int names_adopt(struct store *st, int64_t indicator, int64_t source, struct fault *f)
{
	sqlite3_stmt *q = store_query(st, QUERY_INDICATOR_ADOPT, f);

	if (q == NULL)
		return -1;
	bind_int(q, ":id", indicator);
	bind_int(q, ":source", source);
	st->names->sources[indicator - 1] = source;
	return store_done(st, q, f);
}
