/* Telemetry as the case file has it, a cell (cells.h) at a time: the rows of all files that say something of it.
 *
 *     while (store_row(st, q, f) > 0)                  QUERY_TELEMETRY
 *             if (!cell_rows_take(&c, q)) {
 *                     cell_rows_settle(&c);
 *                     ...                              the rows of the cell before
 *                     cell_rows_begin(&c, q);
 *             }
 */
#ifndef TSUMUGI_CELL_ROWS_H
#define TSUMUGI_CELL_ROWS_H

#include "analyst/store/cells.h"
#include "analyst/store/parts.h"

/* What one file says. */
struct cell_row {
	int64_t source, count, bytes_out, bytes_in;
	instant first;
	int second_bytes;                        /* -1: too many seconds to be kept */
	size_t part_bytes;
	unsigned char seconds[2 * CELL_SECONDS], parts[PARTS_PACKED];
	uint64_t sum;
};

struct cell_rows {
	int64_t hour;
	enum telemetry_kind kind;
	const char *from, *to, *name;
	struct cell_row *list;
	size_t count, room;
	char *key;                               /* hour, kind and texts; this cell's, and room for the next one's */
	size_t key_size, key_room;
};

/* False when the row is of another cell, and is not taken. */
bool cell_rows_take(struct cell_rows *c, sqlite3_stmt *q);
/* Forgets the cell and begins the one of this row. */
void cell_rows_begin(struct cell_rows *c, sqlite3_stmt *q);
/* What several rows have is left to the first of them: the whole row (its count is 0 then), or the parts of the hour that they
 * share. The sums of all rows do not depend on their order. */
void cell_rows_settle(struct cell_rows *c);
void cell_rows_free(struct cell_rows *c);

#endif
