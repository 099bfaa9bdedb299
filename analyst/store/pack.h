/* A column of whole numbers in few bytes: the first as it is, of the others the step from the one before, byte plane by
 * byte plane, so that the bytes which hardly change lie together and zstd makes nothing of them. Any bits of 64 come
 * back; numbers that go up, or stay, cost least.
 *
 *     pack_numbers(&text, values, n);
 *     unpack_numbers(values, n, &from, end);
 */
#ifndef TSUMUGI_PACK_H
#define TSUMUGI_PACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyst/base/text.h"

#define PACK_HEAD 9              /* bytes of a column beside its planes; a plane has a byte a number, at most eight */

/* Overwrites the values with what was written. */
void pack_numbers(struct text *to, uint64_t *values, uint32_t n);
/* Moves *from behind the column; false when it is not one of n numbers. */
bool unpack_numbers(uint64_t *values, uint32_t n, const char **from, const char *end);

/* Of rows in memory one column after the other: where a row has it, and its 1, 4 or 8 bytes of any type. */
struct packed_column {
	size_t offset, bytes;
};
void pack_rows(struct text *to, const void *rows, size_t row_bytes, uint32_t n, const struct packed_column *columns,
               size_t count);
/* What no column names stays as it is. */
bool unpack_rows(void *rows, size_t row_bytes, uint32_t n, const struct packed_column *columns, size_t count,
                 const char **from, const char *end);

#endif
