/* Episodes as they are kept, table episode_block: so many of them a row, column by column. A row an episode took twenty
 * times as long to write, and ten times as long to read. */
#include <stdlib.h>
#include <string.h>

#include "analyst/store/keeping.h"
#include "analyst/store/loading.h"
#include "analyst/store/pack.h"

#define BLOCK_EPISODES 16384
#define MEMBERS_MOST 4096        /* more than any episode keeps */

/* Numbers of rows, not of the week: they stay when names come that no alert has. */
struct episode_row {
	int64_t first, lasts;        /* lasts: last - first */
	double unusual;
	int64_t rule, host, cast;
	uint32_t alerts, members;    /* how many; no members: those of the cast */
	uint32_t incident;           /* its number + 1; 0: none */
	uint32_t act;                /* how many episodes before it */
	uint8_t severity, paced;
};

#define COLUMN(field) { offsetof(struct episode_row, field), sizeof(((struct episode_row *)0)->field) }
static const struct packed_column columns[] = {
	COLUMN(first), COLUMN(lasts), COLUMN(unusual), COLUMN(rule), COLUMN(host), COLUMN(cast), COLUMN(alerts), COLUMN(members),
	COLUMN(incident), COLUMN(act), COLUMN(severity), COLUMN(paced),
};
#define COLUMNS (sizeof(columns) / sizeof(columns[0]))

/* One block: its rows, and behind them who takes part in each (row of the entity, and role), and its alerts' rows. */
struct block {
	struct episode_row rows[BLOCK_EPISODES];
	uint64_t *values;
	size_t room;
	struct text packed;
};

static uint64_t *values_for(struct block *b, size_t n)
{
	if (n > b->room)
		b->values = must_grow(b->values, b->room = 2 * n, sizeof(*b->values));
	return b->values;
}

static void block_free(struct block *b)
{
	free(b->values);
	text_free(&b->packed);
	free(b);
}

/* ---- writing ---- */

/* Where all alerts have one cast, which are most, it says who takes part. */
static uint32_t own_members(const struct week *w, const struct episode *e)
{
	const struct cast *cast = &w->casts[e->cast];
	bool same = e->member_count == cast->count &&
	            (cast->count == 0 || memcmp(e->members, w->members + cast->first, cast->count * sizeof(*e->members)) == 0);

	return same ? 0 : e->member_count;
}

static void fill_row(struct episode_row *row, const struct numbers *n, const struct episode *e, uint32_t number)
{
	*row = (struct episode_row){
		.first = e->first, .lasts = e->last - e->first, .unusual = e->unusual, .rule = row_of(&n->rules, e->rule),
		.host = row_of(&n->entities, e->host), .cast = row_of(&n->casts, e->cast), .alerts = e->count,
		.members = own_members(n->week, e), .incident = e->incident + 1, .act = number - e->act, .severity = e->severity,
		.paced = e->paced };
}

static void pack_members(struct block *b, const struct numbers *n, const struct episode *list, uint32_t count)
{
	uint32_t used = 0;

	for (uint32_t i = 0; i < count; i++) {
		uint32_t own = b->rows[i].members;
		uint64_t *to = values_for(b, used + own) + used;

		for (uint32_t k = 0; k < own; k++)
			to[k] = (uint64_t)row_of(&n->entities, list[i].members[k].entity) << 4 | list[i].members[k].role;
		used += own;
	}
	pack_numbers(&b->packed, b->values, used);
}

static void pack_alerts(struct block *b, const struct week *w, const struct episode *list, uint32_t count)
{
	uint32_t used = 0;

	for (uint32_t i = 0; i < count; i++) {
		uint64_t *to = values_for(b, used + list[i].count) + used;

		for (uint32_t k = 0; k < list[i].count; k++)
			to[k] = w->marks[list[i].alerts[k]].row;
		used += list[i].count;
	}
	pack_numbers(&b->packed, b->values, used);
}

static int save_block(struct store *st, struct block *b, const struct analysis *an, uint32_t from, uint32_t count,
                      struct fault *f)
{
	sqlite3_stmt *q = store_query(st, QUERY_EPISODES_NEW, f);

	if (q == NULL)
		return -1;
	for (uint32_t i = 0; i < count; i++)
		fill_row(&b->rows[i], st->numbers, &an->episodes[from + i], from + i);
	text_clear(&b->packed);
	pack_rows(&b->packed, b->rows, sizeof(*b->rows), count, columns, COLUMNS);
	pack_members(b, st->numbers, an->episodes + from, count);
	pack_alerts(b, an->week, an->episodes + from, count);
	bind_int(q, ":first", (int64_t)from + 1);
	bind_int(q, ":count", count);
	bind_blob(q, ":packed", b->packed.bytes, b->packed.used);
	return store_done(st, q, f);
}

int save_episodes(struct store *st, const struct analysis *an, struct fault *f)
{
	struct block *b = must_alloc(sizeof(*b));
	int rc = 0;

	for (uint32_t from = 0; rc == 0 && from < an->episode_count; from += BLOCK_EPISODES) {
		uint32_t left = an->episode_count - from;

		rc = save_block(st, b, an, from, left < BLOCK_EPISODES ? left : BLOCK_EPISODES, f);
	}
	block_free(b);
	return rc;
}

/* ---- reading ---- */

struct recalling {
	struct store *st;
	const struct week *week;
	struct arena *arena;
	struct block *block;
	struct episode *list;
	uint32_t count, room;
	uint32_t *alerts, used;      /* of all episodes, one behind the other */
	bool *taken;                 /* by mark */
	struct fault *f;
};

static int read_row(struct recalling *r, struct episode *e, const struct episode_row *row)
{
	const struct numbers *n = r->st->numbers;
	uint32_t number = r->count - 1;

	*e = (struct episode){
		.rule = number_of(&n->rules, row->rule), .host = number_of(&n->entities, row->host),
		.cast = number_of(&n->casts, row->cast), .first = row->first, .last = (instant)((uint64_t)row->first + (uint64_t)row->lasts),
		.unusual = row->unusual, .count = row->alerts, .incident = row->incident - 1, .act = number - row->act,
		.severity = row->severity, .paced = row->paced != 0 };
	if (e->rule == NO_NUMBER || e->cast == NO_NUMBER || (e->host == NO_NUMBER && row->host != -1) ||
	    row->act > number || row->members > MEMBERS_MOST || e->severity > SEVERITY_CRITICAL)
		return store_damaged(r->st, "an episode names what is not there", r->f);
	e->tenant = r->week->casts[e->cast].tenant;
	return 0;
}

static uint32_t weight_of(const struct member *m)
{
	return (uint32_t)m->role << 28 | m->entity;
}

/* In order, each once. */
static int read_members(struct recalling *r, struct episode *e, uint32_t own, const uint64_t *values)
{
	const struct cast *cast = &r->week->casts[e->cast];
	struct member *kept;

	if (own == 0) {
		e->members = r->week->members + cast->first;
		e->member_count = (uint16_t)cast->count;
		return 0;
	}
	e->members = kept = ARENA_ARRAY(r->arena, struct member, own);
	e->member_count = (uint16_t)own;
	for (uint32_t i = 0; i < own; i++) {
		uint32_t entity = number_of(&r->st->numbers->entities, (int64_t)(values[i] >> 4));

		if (entity == NO_NUMBER || (values[i] & 15) >= ROLES)
			return store_damaged(r->st, "an episode names who is not there", r->f);
		kept[i] = (struct member){ entity, (enum entity_role)(values[i] & 15) };
		if (i > 0 && weight_of(&kept[i - 1]) >= weight_of(&kept[i]))
			return store_damaged(r->st, "an episode names who is not there", r->f);
	}
	return 0;
}

/* Each alert is of one episode at the most, in which alerts lie in the order of time: that of their numbers. */
static int read_alerts(struct recalling *r, struct episode *e, const uint64_t *values)
{
	e->alerts = r->alerts + r->used;
	for (uint32_t i = 0; i < e->count; i++) {
		uint32_t mark = mark_of(r->st->numbers, (int64_t)values[i]);

		if (mark == NO_NUMBER || r->taken[mark] || (i > 0 && mark <= r->alerts[r->used - 1]))
			return store_damaged(r->st, "an episode's alert is missing", r->f);
		r->taken[mark] = true;
		r->alerts[r->used++] = mark;
	}
	return 0;
}

/* Of equal numbers a column may hold any count in no bytes: no more members are believed than there is room for. */
static int read_block(struct recalling *r, struct episode *list, uint32_t n, const char *from, const char *end)
{
	struct block *b = r->block;
	uint64_t members = 0, alerts = 0, *values;

	if (!unpack_rows(b->rows, sizeof(*b->rows), n, columns, COLUMNS, &from, end))
		return store_damaged(r->st, "episodes cannot be read", r->f);
	for (uint32_t i = 0; i < n; i++) {
		r->count++;
		if (read_row(r, &list[i], &b->rows[i]) < 0)
			return -1;
		members += b->rows[i].members;
		alerts += b->rows[i].alerts;
	}
	if (alerts > r->week->mark_count - r->used || members > (size_t)(end - from) + n)
		return store_damaged(r->st, "episodes cannot be read", r->f);
	values = values_for(b, members);
	if (!unpack_numbers(values, (uint32_t)members, &from, end))
		return store_damaged(r->st, "who takes part in episodes cannot be read", r->f);
	for (uint32_t i = 0; i < n; values += b->rows[i++].members)
		if (read_members(r, &list[i], b->rows[i].members, values) < 0)
			return -1;
	values = values_for(b, alerts);
	if (!unpack_numbers(values, (uint32_t)alerts, &from, end) || from != end)
		return store_damaged(r->st, "an episode's alerts cannot be read", r->f);
	for (uint32_t i = 0; i < n; values += list[i++].count)
		if (read_alerts(r, &list[i], values) < 0)
			return -1;
	return 0;
}

static int read_blocks(struct recalling *r, sqlite3_stmt *q)
{
	int row;

	while ((row = store_row(r->st, q, r->f)) > 0) {
		int64_t first = sqlite3_column_int64(q, 0), n = sqlite3_column_int64(q, 1);
		const char *from = sqlite3_column_blob(q, 2);

		if (first != (int64_t)r->count + 1 || n < 1 || n > BLOCK_EPISODES || from == NULL)
			return store_damaged(r->st, "an episode is missing", r->f);
		if (r->room - r->count < n)
			r->list = must_grow(r->list, r->room = 2 * r->room + BLOCK_EPISODES, sizeof(*r->list));
		if (read_block(r, r->list + r->count, (uint32_t)n, from, from + sqlite3_column_bytes(q, 2)) < 0)
			return -1;
	}
	return row;
}

int recall_episodes(struct analysis *an, struct store *st, struct arena *arena, struct fault *f)
{
	struct recalling r = { .st = st, .week = an->week, .arena = arena, .f = f };
	sqlite3_stmt *q = store_query(st, QUERY_EPISODES, f);
	int rc;

	if (q == NULL)
		return -1;
	r.alerts = ARENA_ARRAY(arena, uint32_t, an->week->mark_count);
	r.taken = must_alloc((size_t)an->week->mark_count + 1);
	r.block = must_alloc(sizeof(*r.block));
	rc = read_blocks(&r, q);
	sqlite3_reset(q);
	an->episodes = arena_copy(arena, r.list, r.count, sizeof(*r.list));
	an->episode_count = r.count;
	free(r.list);
	free(r.taken);
	block_free(r.block);
	return rc;
}
