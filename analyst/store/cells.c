#include "analyst/store/cells.h"

#include <stdlib.h>
#include <string.h>

#include "analyst/base/intern.h"
#include "analyst/base/sums.h"
#include "analyst/store/parts.h"

#define CELLS_MOST 65536
/* Longer than any domain name; what is longer is none. */
#define END_MOST 255

struct seconds {
	uint16_t *at;            /* ascending */
	uint8_t count, room;
	bool crowded;            /* more than CELL_SECONDS; at is empty */
};

struct cell {
	int64_t count, bytes_out, bytes_in;
	instant first;
	uint64_t sum;
	struct seconds seconds;
	struct hour_parts parts;
};

/* What tells cells apart, as it lies in the table of keys; the texts follow, each with its NUL. */
struct key {
	int64_t hour;
	int64_t kind;
};

struct cells {
	struct intern *keys;
	struct cell *all;        /* by the number of the key */
	size_t room;
};

struct cells *cells_new(void)
{
	struct cells *c = must_alloc(sizeof(*c));

	c->keys = intern_new();
	return c;
}

static void forget(struct cells *c)
{
	for (uint32_t i = 0; i < intern_count(c->keys); i++) {
		free(c->all[i].seconds.at);
		free(c->all[i].parts.list);
	}
	intern_free(c->keys);
}

void cells_free(struct cells *c)
{
	if (c == NULL)
		return;
	forget(c);
	free(c->all);
	free(c);
}

bool cells_full(const struct cells *c)
{
	return intern_count(c->keys) >= CELLS_MOST;
}

/* ---- one cell ---- */

static void add_second(struct seconds *s, uint16_t at)
{
	uint8_t i = s->count;

	while (i > 0 && s->at[i - 1] > at)
		i--;
	if (s->crowded || (i > 0 && s->at[i - 1] == at))
		return;
	if (s->count == CELL_SECONDS) {
		s->crowded = true;
		s->count = 0;
		return;
	}
	if (s->count == s->room) {
		s->room = s->room == 0 ? 2 : s->room > CELL_SECONDS / 2 ? CELL_SECONDS : (uint8_t)(s->room * 2);
		s->at = must_grow(s->at, s->room, sizeof(*s->at));
	}
	memmove(s->at + i + 1, s->at + i, (size_t)(s->count - i) * sizeof(*s->at));
	s->at[i] = at;
	s->count++;
}

static size_t put_text(char *to, const char *s)
{
	size_t n = s != NULL ? strnlen(s, END_MOST + 1) : 0;

	if (n > END_MOST)
		n = 0;
	memcpy(to, s != NULL ? s : "", n);
	to[n] = '\0';
	return n + 1;
}

static int64_t hour_of(instant at)
{
	return at / HOUR - (at % HOUR < 0);
}

static uint16_t second_of(instant at)
{
	return (uint16_t)((at % HOUR + HOUR) % HOUR / SECOND);
}

void cells_add(struct cells *c, const struct telemetry *t)
{
	char key[sizeof(struct key) + (size_t)4 * (END_MOST + 1)];
	struct key head = { hour_of(t->at), t->kind };
	size_t n = sizeof(head);
	struct cell *cell;
	struct hour_part one;
	uint32_t id;
	bool fresh;

	memcpy(key, &head, sizeof(head));
	n += put_text(key + n, t->tenant);
	n += put_text(key + n, t->from);
	n += put_text(key + n, t->to);
	n += put_text(key + n, t->name);
	id = intern_put(c->keys, key, n, &fresh);
	if (id >= c->room)
		c->all = must_grow(c->all, c->room = c->room > 0 ? c->room * 2 : 256, sizeof(*c->all));
	cell = &c->all[id];
	if (fresh)
		*cell = (struct cell){ .first = t->at };
	one = (struct hour_part){ second_of(t->at), (uint32_t)t->sum, 1, t->bytes_out > 0 ? t->bytes_out : 0,
	                     t->bytes_in > 0 ? t->bytes_in : 0 };
	cell->count++;
	cell->bytes_out = add_up(cell->bytes_out, one.bytes_out);
	cell->bytes_in = add_up(cell->bytes_in, one.bytes_in);
	cell->first = t->at < cell->first ? t->at : cell->first;
	cell->sum += t->sum;
	parts_add(&cell->parts, &one, 0);
	if (t->to != NULL || t->name != NULL)
		add_second(&cell->seconds, one.at);
}

/* ---- the case file ---- */

/* Returns the rest of the key: the ends. */
static const char *bind_host(sqlite3_stmt *q, const char *key, int64_t source)
{
	struct key head;

	memcpy(&head, key, sizeof(head));
	bind_int(q, ":hour", head.hour);
	bind_int(q, ":kind", head.kind);
	bind_int(q, ":source", source);
	key += sizeof(head);
	bind_text(q, ":tenant", key);
	key += strlen(key) + 1;
	bind_text(q, ":from_end", key);
	return key + strlen(key) + 1;
}

static void bind_key(sqlite3_stmt *q, const char *key, int64_t source)
{
	key = bind_host(q, key, source);
	bind_text(q, ":to_end", key);
	bind_text(q, ":name", key + strlen(key) + 1);
}

/* Not those of a single second, which `first` tells. */
static void bind_parts(sqlite3_stmt *q, const struct hour_parts *p)
{
	int index = sqlite3_bind_parameter_index(q, ":parts");
	unsigned char packed[PARTS_PACKED];

	if (p->count > 1 || p->width > 0)
		sqlite3_bind_blob(q, index, packed, (int)parts_pack(packed, p), SQLITE_TRANSIENT);
	else
		sqlite3_bind_null(q, index);
}

static void bind_cell(sqlite3_stmt *q, const struct cell *cell)
{
	unsigned char packed[2 * CELL_SECONDS];

	for (uint8_t i = 0; i < cell->seconds.count; i++) {
		packed[2 * i] = (unsigned char)(cell->seconds.at[i] & 0xff);
		packed[2 * i + 1] = (unsigned char)(cell->seconds.at[i] >> 8);
	}
	bind_int(q, ":count", cell->count);
	bind_int(q, ":bytes_out", cell->bytes_out);
	bind_int(q, ":bytes_in", cell->bytes_in);
	bind_int(q, ":first", cell->first);
	bind_int(q, ":sum", (int64_t)cell->sum);
	bind_parts(q, &cell->parts);
	if (cell->seconds.count > 0)
		sqlite3_bind_blob(q, sqlite3_bind_parameter_index(q, ":seconds"), packed, 2 * cell->seconds.count,
		                  SQLITE_TRANSIENT);
	else
		sqlite3_bind_null(q, sqlite3_bind_parameter_index(q, ":seconds"));
}

/* What a row of the case file has of its hour: columns count, bytes_out, bytes_in, first, sum and, the last, parts. */
static void add_parts(struct hour_parts *to, sqlite3_stmt *q)
{
	const struct hour_part whole = { second_of(sqlite3_column_int64(q, 3)), (uint32_t)sqlite3_column_int64(q, 4),
	                            sqlite3_column_int64(q, 0), sqlite3_column_int64(q, 1), sqlite3_column_int64(q, 2) };
	struct hour_parts there = { 0 };

	if (parts_unpack(&there, sqlite3_column_blob(q, 6), (size_t)sqlite3_column_bytes(q, 6)))
		for (uint8_t i = 0; i < there.count; i++)
			parts_add(to, &there.list[i], there.width);
	else
		parts_add(to, &whole, 0);
	free(there.list);
}

/* An earlier batch of the same file wrote this cell: what it has is added. */
static int add_what_is_there(struct cell *cell, const char *key, struct store *st, int64_t source, struct fault *f)
{
	sqlite3_stmt *q = store_query(st, QUERY_TELEMETRY_CELL, f);
	const unsigned char *packed;
	int n;

	if (q == NULL)
		return -1;
	bind_key(q, key, source);
	if ((n = store_row(st, q, f)) <= 0)
		return n;
	cell->count = add_up(cell->count, sqlite3_column_int64(q, 0));
	cell->bytes_out = add_up(cell->bytes_out, sqlite3_column_int64(q, 1));
	cell->bytes_in = add_up(cell->bytes_in, sqlite3_column_int64(q, 2));
	cell->first = sqlite3_column_int64(q, 3) < cell->first ? sqlite3_column_int64(q, 3) : cell->first;
	cell->sum += (uint64_t)sqlite3_column_int64(q, 4);
	add_parts(&cell->parts, q);
	packed = sqlite3_column_blob(q, 5);
	n = sqlite3_column_bytes(q, 5);
	if (packed == NULL)
		cell->seconds = (struct seconds){ cell->seconds.at, 0, cell->seconds.room, true };
	for (int i = 0; i + 1 < n; i += 2)
		add_second(&cell->seconds, (uint16_t)(packed[i] | packed[i + 1] << 8));
	sqlite3_reset(q);
	return 0;
}

/* fresh, which may be NULL, is set when there was no such row. */
static int write_cell(struct cell *cell, const char *key, struct store *st, int64_t source, bool *fresh, struct fault *f)
{
	sqlite3_stmt *q = store_query(st, QUERY_TELEMETRY_NEW, f);

	if (q == NULL)
		return -1;
	bind_key(q, key, source);
	bind_cell(q, cell);
	if (store_done(st, q, f) < 0)
		return -1;
	if (sqlite3_changes(st->db) > 0) {
		if (fresh != NULL)
			*fresh = true;
		return 0;
	}
	if (add_what_is_there(cell, key, st, source, f) < 0 || (q = store_query(st, QUERY_TELEMETRY_MORE, f)) == NULL)
		return -1;
	bind_key(q, key, source);
	bind_cell(q, cell);
	return store_done(st, q, f);
}

/* ---- hosts with too many ends ---- */

struct end {
	uint64_t hash;
	const char *text;            /* to_end and name, each with its NUL */
};

struct crowd {
	char key[sizeof(struct key) + (size_t)4 * (END_MOST + 1)];
	size_t host;                 /* bytes of the key that tell the host: up to the ends */
	struct intern *ends;
	struct end *list;
	size_t count;
};

/* The key up to the ends: hour, kind, tenant and who began. */
static size_t host_length(const char *key)
{
	size_t n = sizeof(struct key);

	n += strlen(key + n) + 1;
	return n + strlen(key + n) + 1;
}

/* FNV-1a, and the finish of MurmurHash3, which spreads what differs in the last bytes. */
static uint64_t hash_of(const char *bytes, size_t n)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < n; i++)
		h = (h ^ (unsigned char)bytes[i]) * UINT64_C(0x100000001b3);
	h = (h ^ h >> 33) * UINT64_C(0xff51afd7ed558ccd);
	h = (h ^ h >> 33) * UINT64_C(0xc4ceb9fe1a85ec53);
	return h ^ h >> 33;
}

static int by_hash(const void *pa, const void *pb)
{
	const struct end *a = pa, *b = pb;

	return (a->hash > b->hash) - (a->hash < b->hash);
}

static size_t put_ends(char *to, const char *to_end, const char *name)
{
	size_t n = put_text(to, to_end);

	return n + put_text(to + n, name);
}

static int read_ends(struct crowd *c, struct store *st, int64_t source, struct fault *f)
{
	sqlite3_stmt *q = store_query(st, QUERY_TELEMETRY_ENDS, f);
	char ends[2 * (END_MOST + 1)];
	int row;

	if (q == NULL)
		return -1;
	bind_host(q, c->key, source);
	while ((row = store_row(st, q, f)) > 0)
		if (strcmp(column_text(q, 0), CELL_OTHERS) != 0)
			intern_put(c->ends, ends, put_ends(ends, column_text(q, 0), column_text(q, 1)), NULL);
	c->count = intern_count(c->ends);
	c->list = must_grow(NULL, c->count + 1, sizeof(*c->list));
	for (uint32_t i = 0; i < c->count; i++) {
		size_t n;
		const char *text = intern_bytes(c->ends, i, &n);

		c->list[i] = (struct end){ hash_of(text, n), text };
	}
	return row;
}

/* Takes the row of one end out and adds it to `others`. */
static int move_end(struct crowd *c, const struct end *e, struct cell *others, struct store *st, int64_t source, struct fault *f)
{
	sqlite3_stmt *q;

	put_ends(c->key + c->host, e->text, e->text + strlen(e->text) + 1);
	if (add_what_is_there(others, c->key, st, source, f) < 0 || (q = store_query(st, QUERY_TELEMETRY_FORGET, f)) == NULL)
		return -1;
	bind_key(q, c->key, source);
	return store_done(st, q, f);
}

static int fold(struct crowd *c, struct store *st, int64_t source, struct fault *f)
{
	struct cell others = { .first = INT64_MAX, .seconds.crowded = true };
	int rc = 0;

	if (read_ends(c, st, source, f) < 0)
		return -1;
	if (c->count <= CELL_ENDS)
		return 0;
	qsort(c->list, c->count, sizeof(*c->list), by_hash);
	for (size_t i = CELL_ENDS; i < c->count && rc == 0; i++)
		rc = move_end(c, &c->list[i], &others, st, source, f);
	put_ends(c->key + c->host, CELL_OTHERS, "");
	if (rc == 0)
		rc = write_cell(&others, c->key, st, source, NULL, f);
	free(others.parts.list);
	return rc;
}

/* host: the key of one of its cells, of which as much as tells the host counts. */
static int fold_host(const char *host, size_t length, struct store *st, int64_t source, struct fault *f)
{
	struct crowd c = { .host = length };
	sqlite3_stmt *q = store_query(st, QUERY_TELEMETRY_ENDS_COUNT, f);
	int rc;

	if (q == NULL)
		return -1;
	memcpy(c.key, host, length);
	bind_host(q, c.key, source);
	if (store_row(st, q, f) < 0)
		return -1;
	rc = sqlite3_column_int64(q, 0) > CELL_ENDS;
	sqlite3_reset(q);
	if (rc == 0)
		return 0;
	c.ends = intern_new();
	rc = fold(&c, st, source, f);
	free(c.list);
	intern_free(c.ends);
	return rc;
}

int cells_write(struct cells *c, struct store *st, int64_t source, struct fault *f)
{
	struct intern *grown = intern_new();         /* hosts that met an end for the first time */
	int rc = 0;

	for (uint32_t i = 0; rc == 0 && i < intern_count(c->keys); i++) {
		const char *key = intern_bytes(c->keys, i, NULL);
		bool fresh = false;

		rc = write_cell(&c->all[i], key, st, source, &fresh, f);
		if (fresh)
			intern_put(grown, key, host_length(key), NULL);
	}
	for (uint32_t i = 0; rc == 0 && i < intern_count(grown); i++) {
		size_t n;
		const char *host = intern_bytes(grown, i, &n);

		rc = fold_host(host, n, st, source, f);
	}
	intern_free(grown);
	forget(c);
	c->keys = intern_new();
	return rc;
}
