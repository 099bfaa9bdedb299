/* Raw records in the case file: evidence that can be shown after its source is gone. */
#include <zstd.h>

#include "analyst/store/raw.h"

/* The most a block may say that it unpacks to: a record of the longest kind and its head. */
#define BLOCK_MOST (INT64_C(68) << 20)

static size_t put_number(char *to, uint64_t v)
{
	size_t n = 0;

	for (; v >= 0x80; v >>= 7)
		to[n++] = (char)(v | 0x80);
	to[n++] = (char)v;
	return n;
}

static size_t take_number(const char *from, size_t room, uint64_t *v)
{
	*v = 0;
	for (size_t n = 0; n < room && n < 10; n++) {
		*v |= (uint64_t)(from[n] & 0x7F) << (7 * n);
		if ((from[n] & 0x80) == 0)
			return n + 1;
	}
	return 0;
}

size_t raw_head(char *to, int64_t gap, size_t length)
{
	size_t n = put_number(to, (uint64_t)gap);

	return n + put_number(to + n, length);
}

size_t raw_head_read(const char *from, size_t room, int64_t *gap, size_t *length)
{
	uint64_t a, b;
	size_t n = take_number(from, room, &a), m;

	if (n == 0 || (m = take_number(from + n, room - n, &b)) == 0 || b > room - n - m)
		return 0;
	*gap = (int64_t)a;
	*length = (size_t)b;
	return n + m;
}

/* Unpacks the block of the row into the store's scratch, unless it is there already. */
static int unpack(struct store *st, sqlite3_stmt *q, int64_t source, struct fault *f)
{
	struct raw_block *b = &st->block;
	int64_t offset = sqlite3_column_int64(q, 0), size = sqlite3_column_int64(q, 1);
	const void *packed = sqlite3_column_blob(q, 2);
	size_t n;

	if (b->bytes != NULL && b->source == source && b->offset == offset)
		return 0;
	if (packed == NULL || size <= 0 || size > BLOCK_MOST)
		return store_damaged(st, "a block of records", f);
	b->bytes = must_grow(b->bytes, (size_t)size, 1);
	b->source = source;
	b->offset = offset;
	b->size = (size_t)size;
	n = ZSTD_decompress(b->bytes, b->size, packed, (size_t)sqlite3_column_bytes(q, 2));
	if (!ZSTD_isError(n) && n == b->size)
		return 0;
	b->source = -1;
	return store_damaged(st, "a block of records", f);
}

static const char *find_record(const struct raw_block *b, int64_t offset, int64_t length)
{
	int64_t here = b->offset;

	for (size_t at = 0; at < b->size;) {
		int64_t gap;
		size_t n, head = raw_head_read(b->bytes + at, b->size - at, &gap, &n);

		if (head == 0)
			return NULL;
		here = (int64_t)((uint64_t)here + (uint64_t)gap);
		if (here == offset && (int64_t)n >= length)
			return b->bytes + at + head;
		here = (int64_t)((uint64_t)here + n);
		at += head + n;
	}
	return NULL;
}

int raw_record(const char **out, struct store *st, int64_t source, int64_t offset, int64_t length, struct arena *arena,
               struct fault *f)
{
	sqlite3_stmt *q = store_query(st, QUERY_RAW_BLOCKS, f);
	int row = 0;

	*out = NULL;
	if (q == NULL)
		return -1;
	bind_int(q, ":source", source);
	bind_int(q, ":offset", offset);
	/* An import that was cut off leaves blocks that overlap. */
	while (*out == NULL && (row = store_row(st, q, f)) > 0) {
		const char *found;

		if (unpack(st, q, source, f) < 0) {
			row = -1;
			break;
		}
		if ((found = find_record(&st->block, offset, length)) != NULL)
			*out = arena_dupn(arena, found, (size_t)length);
	}
	sqlite3_reset(q);
	return row < 0 ? -1 : 0;
}
