/* Who takes part: casts numbered by their members. There are millions of them, so they are kept in few flat lists and
 * put in order two members at a time. */
#include <stdlib.h>
#include <string.h>

#include "analyst/base/intern.h"
#include "analyst/base/keyed.h"
#include "analyst/store/loading.h"

struct cast_row {
	uint32_t row, tenant;        /* tenant: as met, then as the week numbers it */
	uint32_t first, count;       /* into members */
};

struct casts {
	struct cast_row *rows;
	uint32_t count, room;
	struct member *members;
	size_t used, member_room;
	struct intern *tenants;      /* as met, "" first */
};

/* ---- members ---- */

static uint32_t weight_of(const struct member *m)
{
	return (uint32_t)m->role << 28 | m->entity;
}

/* Few, and often in order already. Two names of one host fold into one member. */
static uint32_t order_members(struct member *list, uint32_t n)
{
	uint32_t kept = 0;

	for (uint32_t i = 1; i < n; i++) {
		struct member m = list[i];
		uint32_t at = i;

		for (; at > 0 && weight_of(&list[at - 1]) > weight_of(&m); at--)
			list[at] = list[at - 1];
		list[at] = m;
	}
	for (uint32_t i = 0; i < n; i++)
		if (kept == 0 || weight_of(&list[i]) != weight_of(&list[kept - 1]))
			list[kept++] = list[i];
	return kept;
}

/* Digits, at most eighteen; -1 where there are none. Leaves *s behind them. */
static int64_t read_number(const char **s)
{
	const char *from = *s;
	int64_t number = 0;

	for (; **s >= '0' && **s <= '9' && *s - from < 18; ++*s)
		number = number * 10 + (**s - '0');
	return *s > from ? number : -1;
}

/* Returns how many, sorted by (role, entity), or -1. */
static int members_parse(struct member *out, uint32_t room, const char *s, const struct numbering *entities)
{
	uint32_t n = 0;
	int64_t number, entity;

	if (*s++ != '[')
		return -1;
	if (*s == ']')
		return 0;
	do {
		if ((number = read_number(&s)) < 0 || number % MEMBER_ROLES >= ROLES || n == room ||
		    (entity = number_of(entities, number / MEMBER_ROLES)) == NO_NUMBER)
			return -1;
		out[n++] = (struct member){ (uint32_t)entity, (enum entity_role)(number % MEMBER_ROLES) };
	} while (*s++ == ',');
	return s[-1] == ']' ? (int)order_members(out, n) : -1;
}

/* ---- reading ---- */

static uint32_t tenant_met(struct casts *c, const char *tenant)
{
	bool fresh;

	return tenant == NULL ? 0 : intern_put(c->tenants, tenant, strlen(tenant), &fresh);
}

static int read_cast(struct casts *c, sqlite3_stmt *q, const struct numbering *entities)
{
	int64_t row = sqlite3_column_int64(q, 0);
	int n;

	if (row < 0 || row >= NO_NUMBER || c->used > NO_NUMBER - ALERT_ENTITIES)
		return -1;
	if (c->count == c->room)
		c->rows = must_grow(c->rows, c->room = c->room > 0 ? c->room * 2 : 256, sizeof(*c->rows));
	if (c->member_room - c->used < ALERT_ENTITIES)
		c->members = must_grow(c->members, c->member_room = 2 * c->member_room + 4096, sizeof(*c->members));
	n = members_parse(c->members + c->used, ALERT_ENTITIES, column_text(q, 2), entities);
	if (n < 0)
		return -1;
	c->rows[c->count++] = (struct cast_row){ (uint32_t)row, tenant_met(c, column_text(q, 1)), (uint32_t)c->used, (uint32_t)n };
	c->used += (size_t)n;
	return 0;
}

static int read_casts(struct casts *c, const struct numbering *entities, struct store *st, struct fault *f)
{
	sqlite3_stmt *q = store_query(st, QUERY_CASTS, f);
	int row;

	if (q == NULL)
		return -1;
	while ((row = store_row(st, q, f)) > 0)
		if (read_cast(c, q, entities) < 0)
			return store_damaged(st, "a cast cannot be read", f);
	if (row == 0 && (c->count >= WEEK_CASTS || intern_count(c->tenants) >= WEEK_TENANTS))
		return loading_too_much(st, "casts or tenants", f);
	return row;
}

/* ---- tenants ---- */

static int compare_strings(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The tenants in use by name, "" first; rows then have their numbers. */
static void number_tenants(struct week *w, const struct casts *c, struct arena *arena)
{
	uint32_t n = intern_count(c->tenants), *number = must_grow(NULL, n, sizeof(*number));
	const char **names = ARENA_ARRAY(arena, const char *, n);

	for (uint32_t i = 0; i < n; i++)
		names[i] = arena_dup(arena, intern_bytes(c->tenants, i, NULL));
	qsort(names, n, sizeof(*names), compare_strings);
	for (uint32_t i = 0; i < n; i++) {
		const char *name = intern_bytes(c->tenants, i, NULL);
		const char **found = bsearch(&name, names, n, sizeof(*names), compare_strings);

		number[i] = (uint32_t)(found - names);
	}
	for (uint32_t i = 0; i < c->count; i++)
		c->rows[i].tenant = number[c->rows[i].tenant];
	w->tenants = names;
	w->tenant_count = n;
	free(number);
}

/* ---- order ---- */

/* Two members at once; one that is not there comes before all. */
static uint64_t key_at(const struct casts *c, const struct cast_row *r, uint32_t depth)
{
	const struct member *m = c->members + r->first + depth;

	_Static_assert(ROLES < 16, "a member's weight and one more fit 32 bits");
	return key_pair(depth < r->count ? weight_of(&m[0]) + 1 : 0, depth + 1 < r->count ? weight_of(&m[1]) + 1 : 0);
}

/* By members from `depth` on, those before being equal; then by tenant; of equals the lowest row first. */
static void order_casts(const struct casts *c, struct keyed *list, size_t n, uint32_t depth)
{
	for (size_t i = 0; i < n; i++)
		list[i].key = key_at(c, &c->rows[list[i].item], depth);
	keyed_sort(list, n);
	for (size_t from = 0, to; from < n; from = to) {
		bool over = (uint32_t)list[from].key == 0;

		for (to = from + 1; to < n && list[to].key == list[from].key; to++)
			;
		if (to - from == 1)
			continue;
		if (!over) {
			order_casts(c, list + from, to - from, depth + 2);
			continue;
		}
		for (size_t i = from; i < to; i++)
			list[i].key = key_pair(c->rows[list[i].item].tenant, c->rows[list[i].item].row);
		keyed_sort(list + from, to - from);
	}
}

static struct keyed *in_order(const struct casts *c)
{
	struct keyed *list = must_grow(NULL, c->count, sizeof(*list));

	for (uint32_t i = 0; i < c->count; i++)
		list[i].item = i;
	order_casts(c, list, c->count, 0);
	return list;
}

static bool same_cast(const struct casts *c, const struct cast_row *a, const struct cast_row *b)
{
	return a->count == b->count && a->tenant == b->tenant &&
	       (a->count == 0 || memcmp(c->members + a->first, c->members + b->first, a->count * sizeof(*c->members)) == 0);
}

/* Casts written twice (see met.h) become one here. */
static void number_casts(struct week *w, struct numbering *n, const struct casts *c, const struct keyed *list, int64_t highest,
                         struct cast *casts, struct member *members)
{
	uint32_t kept = 0, used = 0;

	numbering_start(n, highest, c->count);
	numbering_know_rows(n);
	for (uint32_t i = 0; i < c->count; i++) {
		const struct cast_row *r = &c->rows[list[i].item];
		bool fresh = i == 0 || !same_cast(c, r, &c->rows[list[i - 1].item]);

		if (fresh) {
			casts[kept++] = (struct cast){ used, r->count & 0xff, r->tenant & (WEEK_TENANTS - 1), NO_ENTITY };
			if (r->count > 0)
				memcpy(members + used, c->members + r->first, r->count * sizeof(*members));
			used += r->count;
		}
		numbering_set(n, r->row, kept - 1, fresh);
	}
	n->count = kept;
	w->members = members;
	w->casts = casts;
	w->cast_count = kept;
}

static void casts_free(struct casts *c)
{
	free(c->rows);
	free(c->members);
	intern_free(c->tenants);
	memset(c, 0, sizeof(*c));
}

static void take_casts(struct week *w, struct numbers *numbers, const struct casts *c, struct arena *arena, struct cast *casts,
                       struct member *members)
{
	struct keyed *list;
	int64_t highest = 0;

	number_tenants(w, c, arena);
	list = in_order(c);
	for (uint32_t i = 0; i < c->count; i++)
		highest = c->rows[i].row > highest ? c->rows[i].row : highest;
	number_casts(w, &numbers->casts, c, list, highest, casts, members);
	free(list);
}

int load_casts(struct week *w, struct week_entity *entities, struct numbers *numbers, struct store *st, struct arena *arena,
               struct fault *f)
{
	struct casts c = { .tenants = intern_new() };
	struct cast *casts = NULL;
	struct member *members = NULL;
	bool fresh;
	int rc;

	intern_put(c.tenants, "", 0, &fresh);
	rc = read_casts(&c, &numbers->entities, st, f);
	if (rc == 0) {
		casts = ARENA_ARRAY(arena, struct cast, c.count);
		members = ARENA_ARRAY(arena, struct member, c.used);
		take_casts(w, numbers, &c, arena, casts, members);
	}
	casts_free(&c);
	if (rc == 0) {
		give_assets(entities, w->entity_count, members, casts, w->cast_count, w);
		find_hosts(entities, w->entity_count, members, casts, w->cast_count);
	}
	return rc;
}
