#include "analyst/store/cell_rows.h"

#include <stdlib.h>
#include <string.h>

#include "analyst/base/intern.h"

/* Columns of QUERY_TELEMETRY. */
enum { HOUR_OF, KIND, TENANT, FROM, TO, NAME, SOURCE, COUNT, BYTES_OUT, BYTES_IN, FIRST, SECONDS, SUM, PARTS };

/* ---- the key ---- */

static void read_key(struct cell_rows *c)
{
	int64_t head[2];

	memcpy(head, c->key, sizeof(head));
	c->hour = head[0];
	c->kind = (enum telemetry_kind)head[1];
	c->from = c->key + sizeof(head) + strlen(c->key + sizeof(head)) + 1;
	c->to = c->from + strlen(c->from) + 1;
	c->name = c->to + strlen(c->to) + 1;
}

/* Writes the key of a row behind that of the cell at hand, and says how long it is. */
static size_t put_key(struct cell_rows *c, sqlite3_stmt *q)
{
	const int64_t head[2] = { sqlite3_column_int64(q, HOUR_OF), sqlite3_column_int64(q, KIND) };
	size_t n = sizeof(head), room = n;

	for (int i = TENANT; i <= NAME; i++)
		room += (size_t)sqlite3_column_bytes(q, i) + 1;
	if (c->key_size + room > c->key_room) {
		c->key = must_grow(c->key, c->key_room = (c->key_size + room) * 2, 1);
		if (c->key_size > 0)
			read_key(c);           /* it lies elsewhere now */
	}
	char *now = c->key + c->key_size;

	memcpy(now, head, sizeof(head));
	for (int i = TENANT; i <= NAME; i++) {
		size_t length = (size_t)sqlite3_column_bytes(q, i) + 1;

		memcpy(now + n, column_text(q, i), length);
		n += length;
	}
	return n;
}

/* ---- rows ---- */

/* Longer ones are none of ours: as if there were none. */
static int copy_blob(unsigned char *to, size_t room, sqlite3_stmt *q, int column)
{
	const void *bytes = sqlite3_column_blob(q, column);
	int n = sqlite3_column_bytes(q, column);

	if (bytes == NULL || (size_t)n > room)
		return -1;
	memcpy(to, bytes, (size_t)n);
	return n;
}

static void add_row(struct cell_rows *c, sqlite3_stmt *q)
{
	struct cell_row *r;
	int n;

	if (c->count == c->room)
		c->list = must_grow(c->list, c->room = c->room > 0 ? c->room * 2 : 4, sizeof(*c->list));
	r = &c->list[c->count++];
	r->source = sqlite3_column_int64(q, SOURCE);
	r->count = sqlite3_column_int64(q, COUNT);
	r->bytes_out = sqlite3_column_int64(q, BYTES_OUT);
	r->bytes_in = sqlite3_column_int64(q, BYTES_IN);
	r->first = sqlite3_column_int64(q, FIRST);
	r->sum = (uint64_t)sqlite3_column_int64(q, SUM);
	r->second_bytes = copy_blob(r->seconds, sizeof(r->seconds), q, SECONDS);
	n = copy_blob(r->parts, sizeof(r->parts), q, PARTS);
	r->part_bytes = n > 0 ? (size_t)n : 0;
}

bool cell_rows_take(struct cell_rows *c, sqlite3_stmt *q)
{
	size_t n = put_key(c, q);

	if (n != c->key_size || memcmp(c->key, c->key + c->key_size, n) != 0)
		return false;
	add_row(c, q);
	return true;
}

void cell_rows_begin(struct cell_rows *c, sqlite3_stmt *q)
{
	size_t n = put_key(c, q);

	memmove(c->key, c->key + c->key_size, n);
	c->key_size = n;
	c->count = 0;
	read_key(c);
	add_row(c, q);
}

void cell_rows_free(struct cell_rows *c)
{
	free(c->list);
	free(c->key);
}

/* ---- what several files hold ---- */

/* Whether the parts are those of the row; in a damaged case file they need not be. */
static bool make_up(const struct hour_parts *p, const struct cell_row *r)
{
	struct hour_part all = { 0 };

	for (uint8_t i = 0; i < p->count; i++) {
		if (p->list[i].count > r->count - all.count || p->list[i].bytes_out > r->bytes_out - all.bytes_out ||
		    p->list[i].bytes_in > r->bytes_in - all.bytes_in)
			return false;
		all.count += p->list[i].count;
		all.bytes_out += p->list[i].bytes_out;
		all.bytes_in += p->list[i].bytes_in;
		all.sum += p->list[i].sum;
	}
	return all.count == r->count && all.bytes_out == r->bytes_out && all.bytes_in == r->bytes_in && all.sum == (uint32_t)r->sum;
}

/* Without parts all of it lies in one second. */
static void read_parts(struct hour_parts *out, const struct cell_row *r)
{
	struct hour_part whole = { (uint16_t)((r->first % HOUR + HOUR) % HOUR / SECOND), (uint32_t)r->sum, r->count, r->bytes_out,
	                           r->bytes_in };

	*out = (struct hour_parts){ 0 };
	if (r->part_bytes > 0 && parts_unpack(out, r->parts, r->part_bytes) && make_up(out, r))
		return;
	out->count = out->width = 0;
	parts_add(out, &whole, 0);
}

static void leave_out_known(struct cell_row *r, const struct hour_parts *p, struct intern *known)
{
	for (uint8_t i = 0; i < p->count; i++) {
		const struct hour_part *part = &p->list[i];
		const int64_t key[5] = { part->at, part->sum, part->count, part->bytes_out, part->bytes_in };
		bool fresh;

		intern_put(known, key, sizeof(key), &fresh);
		if (fresh)
			continue;
		r->count -= part->count;
		r->bytes_out -= part->bytes_out;
		r->bytes_in -= part->bytes_in;
	}
}

/* All are held against each other in parts as wide as the widest, so that it does not matter which comes first. */
void cell_rows_settle(struct cell_rows *c)
{
	struct hour_parts *parts;
	struct intern *known;
	unsigned width = 0;

	if (c->count < 2)
		return;
	parts = must_grow(NULL, c->count, sizeof(*parts));
	known = intern_new();
	for (size_t i = 0; i < c->count; i++) {
		read_parts(&parts[i], &c->list[i]);
		width = parts[i].width > width ? parts[i].width : width;
	}
	for (size_t i = 0; i < c->count; i++) {
		parts_widen(&parts[i], width);
		leave_out_known(&c->list[i], &parts[i], known);
		free(parts[i].list);
	}
	intern_free(known);
	free(parts);
}
