/* How the records of a cell (cells.h) are spread over its hour: in parts of equal width, 1, 2, 4 ... seconds, the narrowest
 * of which there are at most PARTS_MOST. Sums tell the same part of two files from different ones, so that what two exports
 * share of an hour counts once, but for the part in which one of them ends. */
#ifndef TSUMUGI_PARTS_H
#define TSUMUGI_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PARTS_MOST 16

struct hour_part {
	uint16_t at;                   /* which part of the hour, from 0 */
	uint32_t sum;                  /* the low half of the records' hashes, added up */
	int64_t count, bytes_out, bytes_in;
};

struct hour_parts {
	struct hour_part *list;             /* ascending; freed with free() */
	uint8_t count, room;
	uint8_t width;                 /* 2^width seconds; 12 is more than an hour */
};

/* Adds what was recorded in the parts of that width from `part->at` on. */
void parts_add(struct hour_parts *p, const struct hour_part *part, unsigned width);
void parts_widen(struct hour_parts *p, unsigned width);      /* to at least that */

/* As the case file has them. */
#define PARTS_PACKED (1 + PARTS_MOST * (3 + 3 * 10 + 4))
size_t parts_pack(unsigned char to[PARTS_PACKED], const struct hour_parts *p);
/* False for bytes that are none, of which nothing is taken. */
bool parts_unpack(struct hour_parts *out, const unsigned char *bytes, size_t n);

#endif
