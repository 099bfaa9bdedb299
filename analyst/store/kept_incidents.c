/* Incidents as they are kept, table incident. Which episodes one has, its episodes say; its links and factors lie in its row,
 * column by column: there are a hundred thousand of them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyst/store/keeping.h"
#include "analyst/store/loading.h"
#include "analyst/store/pack.h"

struct link_row {
	uint32_t a, b;               /* episodes */
	double weight;
	int64_t entity;              /* its row, or -1 */
	uint8_t reason;
};

/* Behind the rows of factors lie their texts: key, NUL, then a plus and the subject, or nothing, NUL. */
struct factor_row {
	double points, number;
	int64_t asset;               /* in order of (kind, value), or -1 */
};

#define COLUMN(row, field) { offsetof(struct row, field), sizeof(((struct row *)0)->field) }
static const struct packed_column link_columns[] = {
	COLUMN(link_row, a), COLUMN(link_row, b), COLUMN(link_row, reason), COLUMN(link_row, weight), COLUMN(link_row, entity),
};
static const struct packed_column factor_columns[] = {
	COLUMN(factor_row, points), COLUMN(factor_row, number), COLUMN(factor_row, asset),
};
#define LINK_COLUMNS (sizeof(link_columns) / sizeof(link_columns[0]))
#define FACTOR_COLUMNS (sizeof(factor_columns) / sizeof(factor_columns[0]))

/* ---- writing ---- */

struct saving {
	const struct store *st;
	const struct analysis *an;
	struct link_row *links;
	uint32_t link_room;
	struct text list, packed;    /* scratch */
};

static void list_hosts(struct saving *s, const struct incident *in)
{
	text_clear(&s->list);
	text_addc(&s->list, '[');
	for (uint32_t i = 0; i < in->host_count; i++)
		text_printf(&s->list, "%s%lld", i > 0 ? "," : "", (long long)row_of(&s->st->numbers->entities, in->hosts[i]));
	text_addc(&s->list, ']');
}

static void pack_links(struct saving *s, const struct incident *in)
{
	if (in->link_count > s->link_room)
		s->links = must_grow(s->links, s->link_room = 2 * in->link_count, sizeof(*s->links));
	for (uint32_t i = 0; i < in->link_count; i++) {
		const struct link *l = &in->links[i];

		s->links[i] = (struct link_row){ l->a, l->b, l->weight, row_of(&s->st->numbers->entities, l->entity), (uint8_t)l->reason };
	}
	text_clear(&s->packed);
	pack_rows(&s->packed, s->links, sizeof(*s->links), in->link_count, link_columns, LINK_COLUMNS);
}

static void pack_factors(struct saving *s, const struct incident *in)
{
	struct factor_row rows[FACTORS_MAX];

	for (uint32_t i = 0; i < in->factor_count; i++) {
		const struct factor *fa = &in->factors[i];

		rows[i] = (struct factor_row){ fa->points, fa->number, fa->asset != NULL ? fa->asset - s->an->week->assets : -1 };
	}
	text_clear(&s->packed);
	pack_rows(&s->packed, rows, sizeof(*rows), in->factor_count, factor_columns, FACTOR_COLUMNS);
	for (uint32_t i = 0; i < in->factor_count; i++) {
		const struct factor *fa = &in->factors[i];

		text_addn(&s->packed, fa->key, strlen(fa->key) + 1);
		if (fa->subject != NULL)
			text_addc(&s->packed, '+');
		text_addn(&s->packed, fa->subject != NULL ? fa->subject : "", (fa->subject != NULL ? strlen(fa->subject) : 0) + 1);
	}
}

static void text_result(sqlite3_context *out, const char *s)
{
	sqlite3_result_text(out, s, -1, SQLITE_TRANSIENT);
}

static void packed_result(sqlite3_context *out, const struct saving *s)
{
	sqlite3_result_blob64(out, s->packed.bytes, s->packed.used, SQLITE_TRANSIENT);
}

/* Columns in the order of the table (schema/derived.sql). */
static void incident_column(const void *rows, size_t row, int column, sqlite3_context *out)
{
	struct saving *s = *(struct saving *const *)rows;
	const struct incident *in = &s->an->incidents[row];

	switch (column) {
	case 0:
		sqlite3_result_int64(out, (int64_t)row);
		break;
	case 1:
		text_result(out, in->id);
		break;
	case 2:
		sqlite3_result_int64(out, in->rank);
		break;
	case 3:
		text_result(out, table_name(priorities, (int)in->priority));
		break;
	case 4:
		sqlite3_result_double(out, in->score);
		break;
	case 5:
		sqlite3_result_int64(out, in->first);
		break;
	case 6:
		sqlite3_result_int64(out, in->last);
		break;
	case 7:
		sqlite3_result_int64(out, in->alert_count);
		break;
	case 8:
		list_hosts(s, in);
		text_result(out, text_str(&s->list));
		break;
	case 9:
		sqlite3_result_int64(out, in->link_count);
		break;
	case 10:
		pack_links(s, in);
		packed_result(out, s);
		break;
	case 11:
		sqlite3_result_int64(out, in->factor_count);
		break;
	default:
		pack_factors(s, in);
		packed_result(out, s);
	}
}

int save_incidents(struct store *st, const struct analysis *an, struct fault *f)
{
	struct saving *s = &(struct saving){ .st = st, .an = an };
	int rc = store_feed(st, FEED_INCIDENTS, QUERY_INCIDENTS_NEW, (struct feed){ incident_column, &s, an->incident_count, 0 }, f);

	free(s->links);
	text_free(&s->list);
	text_free(&s->packed);
	return rc;
}

/* ---- reading ---- */

struct recalling {
	struct store *st;
	struct arena *arena;
	const struct analysis *an;
	struct incident *list;
	uint32_t count, room;
	struct link_row *links;
	uint32_t link_room;
	struct fault *f;
};

static int read_hosts(struct recalling *r, struct incident *in, const char *s)
{
	uint32_t *hosts;
	char *end;

	if (s == NULL || *s++ != '[')
		return store_damaged(r->st, "the hosts of an incident cannot be read", r->f);
	hosts = ARENA_ARRAY(r->arena, uint32_t, strlen(s) / 2 + 1);
	for (; *s != ']' && *s != '\0'; s = *end == ',' ? end + 1 : end) {
		uint32_t host = number_of(&r->st->numbers->entities, strtoll(s, &end, 10));

		if (end == s || host == NO_NUMBER)
			return store_damaged(r->st, "a host of an incident is missing", r->f);
		hosts[in->host_count++] = host;
	}
	in->hosts = hosts;
	return 0;
}

/* Of many links each takes a byte at least, for no two are the same. */
static int read_links(struct recalling *r, struct incident *in, int64_t n, const char *from, const char *end)
{
	struct link *kept;

	if (n < 0 || from == NULL || n > end - from)
		return store_damaged(r->st, "links cannot be read", r->f);
	if (n > r->link_room)
		r->links = must_grow(r->links, r->link_room = 2 * (uint32_t)n, sizeof(*r->links));
	if (!unpack_rows(r->links, sizeof(*r->links), (uint32_t)n, link_columns, LINK_COLUMNS, &from, end) || from != end)
		return store_damaged(r->st, "links cannot be read", r->f);
	in->links = kept = ARENA_ARRAY(r->arena, struct link, (size_t)n);
	in->link_count = (uint32_t)n;
	for (int64_t i = 0; i < n; i++) {
		const struct link_row *l = &r->links[i];

		kept[i] = (struct link){ .a = l->a, .b = l->b, .reason = (enum link_reason)l->reason, .weight = l->weight,
		                         .entity = number_of(&r->st->numbers->entities, l->entity) };
		if (l->a >= r->an->episode_count || l->b >= r->an->episode_count || l->reason >= LINK_REASONS)
			return store_damaged(r->st, "a link's episode is missing", r->f);
	}
	return 0;
}

/* The text that begins there; moves *from behind it. NULL where none ends before the end. */
static const char *read_text(const char **from, const char *end)
{
	const char *s = *from, *nul = memchr(s, '\0', (size_t)(end - s));

	*from = nul != NULL ? nul + 1 : end;
	return nul != NULL ? s : NULL;
}

static int read_factors(struct recalling *r, struct incident *in, int64_t n, const char *from, const char *end)
{
	struct factor_row rows[FACTORS_MAX];
	struct factor *kept;

	if (n < 0 || n > FACTORS_MAX || from == NULL ||
	    !unpack_rows(rows, sizeof(*rows), (uint32_t)n, factor_columns, FACTOR_COLUMNS, &from, end))
		return store_damaged(r->st, "what a score is made of cannot be read", r->f);
	in->factors = kept = ARENA_ARRAY(r->arena, struct factor, (size_t)n);
	in->factor_count = (uint32_t)n;
	for (int64_t i = 0; i < n; i++) {
		const char *key = read_text(&from, end), *subject = read_text(&from, end);

		if (key == NULL || subject == NULL)
			return store_damaged(r->st, "what a score is made of cannot be read", r->f);
		if (rows[i].asset >= (int64_t)r->an->week->asset_count)
			return store_damaged(r->st, "a factor names an asset that is not there", r->f);
		kept[i] = (struct factor){ .key = arena_dup(r->arena, key), .points = rows[i].points, .number = rows[i].number,
		                           .subject = subject[0] == '+' ? arena_dup(r->arena, subject + 1) : NULL,
		                           .asset = rows[i].asset >= 0 ? &r->an->week->assets[rows[i].asset] : NULL };
	}
	return from == end ? 0 : store_damaged(r->st, "what a score is made of cannot be read", r->f);
}

static const char *blob_end(sqlite3_stmt *q, int column)
{
	return (const char *)sqlite3_column_blob(q, column) + sqlite3_column_bytes(q, column);
}

static int read_incident(struct recalling *r, struct incident *in, sqlite3_stmt *q)
{
	memset(in, 0, sizeof(*in));
	snprintf(in->id, sizeof(in->id), "%s", column_text(q, 1));
	in->rank = (uint32_t)sqlite3_column_int64(q, 2);
	in->priority = (enum priority)table_value(priorities, column_text(q, 3), PRIORITY_LOW);
	in->score = sqlite3_column_double(q, 4);
	in->first = sqlite3_column_int64(q, 5);
	in->last = sqlite3_column_int64(q, 6);
	in->alert_count = (uint32_t)sqlite3_column_int64(q, 7);
	return read_hosts(r, in, column_text(q, 8)) < 0 ||
	       read_links(r, in, sqlite3_column_int64(q, 9), sqlite3_column_blob(q, 10), blob_end(q, 10)) < 0 ||
	       read_factors(r, in, sqlite3_column_int64(q, 11), sqlite3_column_blob(q, 12), blob_end(q, 12)) < 0 ? -1 : 0;
}

/* Episodes come in the order of time, so do those of an incident. */
static int gather_episodes(struct recalling *r, struct incident *list)
{
	uint32_t *all = ARENA_ARRAY(r->arena, uint32_t, r->an->episode_count), used = 0;

	for (uint32_t i = 0; i < r->an->episode_count; i++) {
		uint32_t incident = r->an->episodes[i].incident;

		if (incident == NO_INCIDENT)
			continue;
		if (incident >= r->count)
			return store_damaged(r->st, "an incident is missing", r->f);
		list[incident].episode_count++;
	}
	for (uint32_t i = 0; i < r->count; used += list[i++].episode_count)
		list[i].episodes = all + used;
	for (uint32_t i = 0; i < r->count; i++) {
		if (list[i].episode_count == 0)
			return store_damaged(r->st, "an incident has no episodes", r->f);
		list[i].episode_count = 0;
	}
	for (uint32_t i = 0; i < r->an->episode_count; i++) {
		struct incident *in = &list[r->an->episodes[i].incident];

		if (r->an->episodes[i].incident != NO_INCIDENT)
			all[in->episodes - all + in->episode_count++] = i;
	}
	return 0;
}

static int read_incidents(struct recalling *r, sqlite3_stmt *q)
{
	int row;

	while ((row = store_row(r->st, q, r->f)) > 0) {
		if (sqlite3_column_int64(q, 0) != r->count)
			return store_damaged(r->st, "an incident is missing", r->f);
		if (r->count == r->room)
			r->list = must_grow(r->list, r->room = r->room > 0 ? r->room * 2 : 16, sizeof(*r->list));
		if (read_incident(r, &r->list[r->count++], q) < 0)
			return -1;
	}
	return row;
}

int recall_incidents(struct analysis *an, struct store *st, struct arena *arena, struct fault *f)
{
	struct recalling r = { .st = st, .arena = arena, .an = an, .f = f };
	sqlite3_stmt *q = store_query(st, QUERY_INCIDENTS, f);
	struct incident *list;
	int rc;

	if (q == NULL)
		return -1;
	rc = read_incidents(&r, q);
	sqlite3_reset(q);
	an->incidents = list = arena_copy(arena, r.list, r.count, sizeof(*list));
	an->incident_count = r.count;
	while (an->queue_count < r.count && list[an->queue_count].rank == an->queue_count + 1)
		an->queue_count++;
	for (uint32_t i = an->queue_count; rc == 0 && i < r.count; i++)
		if (list[i].rank > 0)
			rc = store_damaged(st, "the queue is not in order", f);
	if (rc == 0)
		rc = gather_episodes(&r, list);
	free(r.list);
	free(r.links);
	return rc;
}
