/* Alerts as they were loaded before, packed: table alert_block. Asking each row takes most of the time of loading; a
 * block gives back 16,384 of them at once. What is in the blocks is never asked of the rows, so it is used only while
 * the numbers of alerts and the sums of their hashes, in the blocks and in the rows behind them, are those of table
 * truth; else all rows are asked, and the blocks made anew. An import that changes rows or takes some away empties the
 * table, in the same transaction. */
#ifndef TSUMUGI_STORE_BLOCKS_H
#define TSUMUGI_STORE_BLOCKS_H

#include "analyst/model/week.h"
#include "analyst/store/sql.h"

/* So many unpacked rows stay near the processor: a load takes a twelfth less time than with 65,536. */
#define BLOCK_ALERTS 16384
/* A smaller block is not used when it is the last: its rows are asked again, and are one block with those behind them.
 * So there are few blocks however often few alerts come. */
#define BLOCK_LEAST 4096

/* A row of table alert, as far as a mark is made of it. */
struct alert_row {
	int64_t row, at, span;   /* span: until - at */
	uint64_t key;
	int64_t verdict, cast, source, bytes_out;
	float score;
};

struct block {
	int64_t first, last;     /* rows of alerts */
	uint32_t alerts;
	uint64_t sum;            /* of their hashes, as in table truth */
	void *packed;            /* of one that is to be written, else NULL */
	size_t size;
};

/* Listed, or to be written. */
struct blocks {
	struct block *list;
	uint32_t count, room;
	struct block small;      /* the last, where it is not listed because it holds few; or without alerts */
	int64_t after;           /* of those to be written: they replace what speaks of later rows */
};

/* Those that may be used, in order; none where they do not follow each other. Free them with blocks_free. */
int blocks_list(struct blocks **out, struct store *st, struct fault *f);
/* Unpacks one into rows, of which there is room for BLOCK_ALERTS. 1, or 0 when it cannot be used, or -1. */
int block_read(struct alert_row *rows, const struct block *b, struct store *st, struct fault *f);
/* Packs rows, in any order, to be written later. */
void block_add(struct blocks *to, const struct alert_row *rows, uint32_t n, uint64_t sum);

#endif
