#include "analyst/store/cells.h"

#include <stdlib.h>
#include <string.h>

#include "analyst/base/intern.h"

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
	for (uint32_t i = 0; i < intern_count(c->keys); i++)
		free(c->all[i].seconds.at);
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

static int64_t add_up(int64_t a, int64_t b)
{
	return a > INT64_MAX - b ? INT64_MAX : a + b;
}

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

void cells_add(struct cells *c, const struct telemetry *t)
{
	char key[sizeof(struct key) + (size_t)4 * (END_MOST + 1)];
	struct key head = { hour_of(t->at), t->kind };
	size_t n = sizeof(head);
	struct cell *cell;
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
	cell->count++;
	cell->bytes_out = add_up(cell->bytes_out, t->bytes_out > 0 ? t->bytes_out : 0);
	cell->bytes_in = add_up(cell->bytes_in, t->bytes_in > 0 ? t->bytes_in : 0);
	cell->first = t->at < cell->first ? t->at : cell->first;
	cell->sum += t->sum;
	if (t->to != NULL || t->name != NULL)
		add_second(&cell->seconds, (uint16_t)((t->at % HOUR + HOUR) % HOUR / SECOND));
}

/* ---- the case file ---- */

static void bind_key(sqlite3_stmt *q, const char *key, int64_t source)
{
	static const char *const texts[] = { ":tenant", ":from_end", ":to_end", ":name" };
	struct key head;

	memcpy(&head, key, sizeof(head));
	bind_int(q, ":hour", head.hour);
	bind_int(q, ":kind", head.kind);
	bind_int(q, ":source", source);
	key += sizeof(head);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		bind_text(q, texts[i], key);
		key += strlen(key) + 1;
	}
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
	if (cell->seconds.count > 0)
		sqlite3_bind_blob(q, sqlite3_bind_parameter_index(q, ":seconds"), packed, 2 * cell->seconds.count,
		                  SQLITE_TRANSIENT);
	else
		sqlite3_bind_null(q, sqlite3_bind_parameter_index(q, ":seconds"));
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
	packed = sqlite3_column_blob(q, 5);
	n = sqlite3_column_bytes(q, 5);
	if (packed == NULL)
		cell->seconds = (struct seconds){ cell->seconds.at, 0, cell->seconds.room, true };
	for (int i = 0; i + 1 < n; i += 2)
		add_second(&cell->seconds, (uint16_t)(packed[i] | packed[i + 1] << 8));
	sqlite3_reset(q);
	return 0;
}

static int write_cell(struct cell *cell, const char *key, struct store *st, int64_t source, struct fault *f)
{
	sqlite3_stmt *q = store_query(st, QUERY_TELEMETRY_NEW, f);

	if (q == NULL)
		return -1;
	bind_key(q, key, source);
	bind_cell(q, cell);
	if (store_done(st, q, f) < 0)
		return -1;
	if (sqlite3_changes(st->db) > 0)
		return 0;
	if (add_what_is_there(cell, key, st, source, f) < 0 || (q = store_query(st, QUERY_TELEMETRY_MORE, f)) == NULL)
		return -1;
	bind_key(q, key, source);
	bind_cell(q, cell);
	return store_done(st, q, f);
}

int cells_write(struct cells *c, struct store *st, int64_t source, struct fault *f)
{
	int rc = 0;

	for (uint32_t i = 0; rc == 0 && i < intern_count(c->keys); i++)
		rc = write_cell(&c->all[i], intern_bytes(c->keys, i, NULL), st, source, f);
	forget(c);
	c->keys = intern_new();
	return rc;
}
