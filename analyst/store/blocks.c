#include "analyst/store/blocks.h"

#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "analyst/store/pack.h"

/* What is packed of a row, column by column; bits of any type. */
#define COLUMN(field) { offsetof(struct alert_row, field), sizeof(((struct alert_row *)0)->field) }
static const struct packed_column columns[] = {
	COLUMN(row), COLUMN(at), COLUMN(span), COLUMN(key), COLUMN(verdict), COLUMN(cast), COLUMN(score), COLUMN(bytes_out),
	COLUMN(source),
};
#define COLUMNS (sizeof(columns) / sizeof(columns[0]))
#define UNPACKED_MOST (COLUMNS * (PACK_HEAD + 8 * (size_t)BLOCK_ALERTS))

void blocks_free(struct blocks *b)
{
	if (b == NULL)
		return;
	for (uint32_t i = 0; i < b->count; i++)
		free(b->list[i].packed);
	free(b->list);
	free(b);
}

static struct block *room_for_one(struct blocks *b)
{
	if (b->count == b->room)
		b->list = must_grow(b->list, b->room = b->room > 0 ? 2 * b->room : 16, sizeof(*b->list));
	return &b->list[b->count++];
}

/* ---- reading ---- */

static bool follows(const struct block *b, const struct block *before)
{
	return b->first >= 0 && b->last >= b->first && b->alerts > 0 && b->alerts <= BLOCK_ALERTS &&
	       (before == NULL || b->first > before->last);
}

int blocks_list(struct blocks **out, struct store *st, struct fault *f)
{
	sqlite3_stmt *q = store_query(st, QUERY_BLOCKS, f);
	struct blocks *all = must_alloc(sizeof(*all));
	int row;

	*out = all;
	if (q == NULL)
		return -1;
	while ((row = store_row(st, q, f)) > 0) {
		int64_t alerts = sqlite3_column_int64(q, 2);
		struct block *b = room_for_one(all);

		*b = (struct block){ .first = sqlite3_column_int64(q, 0), .last = sqlite3_column_int64(q, 1),
		                     .alerts = alerts > 0 && alerts <= BLOCK_ALERTS ? (uint32_t)alerts : 0,
		                     .sum = (uint64_t)sqlite3_column_int64(q, 3) };
		if (!follows(b, all->count > 1 ? b - 1 : NULL)) {
			sqlite3_reset(q);
			all->count = 0;
			return 0;
		}
	}
	if (all->count > 0 && all->list[all->count - 1].alerts < BLOCK_LEAST)
		all->small = all->list[--all->count];
	return row;
}

static bool unpack(struct alert_row *rows, const struct block *b, const void *packed, size_t size)
{
	unsigned long long most = packed != NULL ? ZSTD_getFrameContentSize(packed, size) : ZSTD_CONTENTSIZE_ERROR;
	char *bytes = NULL;
	const char *from, *end;
	bool good = false;
	size_t n;

	/* The two errors are greater than any size. */
	if (most > UNPACKED_MOST)
		return false;
	bytes = must_alloc((size_t)most + 1);
	n = ZSTD_decompress(bytes, (size_t)most, packed, size);
	from = bytes;
	end = bytes + most;
	if (!ZSTD_isError(n) && n == most)
		good = unpack_rows(rows, sizeof(*rows), b->alerts, columns, COLUMNS, &from, end);
	for (uint32_t i = 0; good && i < b->alerts; i++)
		good = rows[i].row >= b->first && rows[i].row <= b->last;
	free(bytes);
	return good && from == end;
}

int block_read(struct alert_row *rows, const struct block *b, struct store *st, struct fault *f)
{
	sqlite3_stmt *q = store_query(st, QUERY_BLOCK, f);
	int found;

	if (q == NULL)
		return -1;
	bind_int(q, ":last", b->last);
	if ((found = store_row(st, q, f)) > 0) {
		found = unpack(rows, b, sqlite3_column_blob(q, 0), (size_t)sqlite3_column_bytes(q, 0));
		sqlite3_reset(q);
	}
	return found;
}

/* ---- writing ---- */

/* The fastest level: what is left when the planes are split is bytes that no level makes much of. The checksum tells a
 * damaged block from one of other rows. */
static void squeeze(struct block *b, const struct text *bytes)
{
	size_t room = ZSTD_compressBound(bytes->used);
	ZSTD_CCtx *z = ZSTD_createCCtx();

	if (z == NULL)
		out_of_memory();
	ZSTD_CCtx_setParameter(z, ZSTD_c_compressionLevel, 1);
	ZSTD_CCtx_setParameter(z, ZSTD_c_checksumFlag, 1);
	b->packed = must_alloc(room);
	b->size = ZSTD_compress2(z, b->packed, room, bytes->bytes, bytes->used);
	ZSTD_freeCCtx(z);
	if (ZSTD_isError(b->size))
		out_of_memory();
	b->packed = must_grow(b->packed, b->size, 1);
}

void block_add(struct blocks *to, const struct alert_row *rows, uint32_t n, uint64_t sum)
{
	struct block *b = room_for_one(to);
	struct text bytes = {0};

	*b = (struct block){ .first = rows[0].row, .last = rows[0].row, .alerts = n, .sum = sum };
	for (uint32_t i = 1; i < n; i++) {
		b->first = rows[i].row < b->first ? rows[i].row : b->first;
		b->last = rows[i].row > b->last ? rows[i].row : b->last;
	}
	pack_rows(&bytes, rows, sizeof(*rows), n, columns, COLUMNS);
	squeeze(b, &bytes);
	text_free(&bytes);
}

static int write_block(struct store *st, const struct block *b, struct fault *f)
{
	sqlite3_stmt *q = store_query(st, QUERY_BLOCK_NEW, f);

	if (q == NULL)
		return -1;
	bind_int(q, ":first", b->first);
	bind_int(q, ":last", b->last);
	bind_int(q, ":alerts", b->alerts);
	bind_int(q, ":sum", (int64_t)b->sum);
	bind_blob(q, ":packed", b->packed, b->size);
	return store_done(st, q, f);
}

static int write_blocks(struct store *st, const struct blocks *fresh, struct fault *f)
{
	sqlite3_stmt *q = store_query(st, QUERY_BLOCKS_FORGET, f);

	if (q == NULL)
		return -1;
	bind_int(q, ":after", fresh->after);
	if (store_done(st, q, f) < 0)
		return -1;
	for (uint32_t i = 0; i < fresh->count; i++)
		if (write_block(st, &fresh->list[i], f) < 0)
			return -1;
	return 0;
}

int store_keep_week(struct store *st, struct fault *f)
{
	struct blocks *fresh = st->fresh;
	int rc = 0;

	st->fresh = NULL;
	if (fresh != NULL && (store_begin(st, f) < 0 || write_blocks(st, fresh, f) < 0 || store_commit(st, f) < 0)) {
		store_rollback(st);
		rc = -1;
	}
	blocks_free(fresh);
	return rc;
}

void store_ask_rows(struct store *st)
{
	st->ask_rows = true;
}

bool store_kept_differs(const struct store *st)
{
	return st->blocks_differ;
}
