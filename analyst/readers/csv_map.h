/* Column maps: what the columns of a CSV mean. A map is text:
 *
 *     # AIT alert data set and alike
 *     header = "time,name,ip,host"
 *     column.time = "time"
 *     column.rule = "name"
 *     column.ip.victim = "ip"
 *     constant.severity = "medium"
 *     product.prefix = ": "
 *
 * The left side of column.* and constant.* is a name of field_named() in fields.h. */
#ifndef TSUMUGI_CSV_MAP_H
#define TSUMUGI_CSV_MAP_H

#include "analyst/readers/fields.h"

#define MAP_COLUMNS 64
#define MAP_HEADER 64

struct map_column {
	struct field field;        /* .path is the column's names, parted by "|" */
	const char *constant;      /* instead of a column */
};

struct csv_map {
	const char *name;
	const char *summary;
	const char *text;          /* it was made of, size bytes; the caller's */
	size_t size;
	const char *header[MAP_HEADER];  /* columns that must be there, all of them and no other when exact */
	size_t header_count;
	bool exact;
	char delimiter;            /* 0: told from the file */
	int zone_offset;           /* seconds east of times without a zone */
	bool has_zone;
	char split;                /* several values in one cell are parted by it; 0 none */
	const char *product_prefix;      /* a rule name "Product: rest" is parted here */
	const char *rule_strip[8];       /* prefixes that say nothing and go */
	size_t strip_count;
	struct map_column columns[MAP_COLUMNS];
	size_t count;
};

/* The text of a map file; all strings live in the arena. A fault names the line. */
int csv_map_parse(struct csv_map **out, const char *name, const char *text, size_t n, struct arena *arena,
                  struct fault *f);

/* Whether a cell of the header is one of a column's names, "a|b", without regard to case,
 * blanks, "_" and "-". */
bool csv_column_is(const char *names, const char *cell);

#endif
