/* Column maps: what the columns of a CSV, or the keys of JSON objects, mean. A map is text:
 *
 *     # AIT alert data set and alike
 *     header = "time,name,ip,host"
 *     column.time = "time"
 *     column.rule = "name"
 *     column.ip.victim = "ip"
 *     constant.severity = "medium"
 *     product.prefix = ": "
 *
 * The left side of column.* and constant.* is a name that 'tsumugi formats csv' lists. Of JSON a column
 * is a path as json.h has them ("threat.hashes[].sha256"), and further lines serve:
 *
 *     records = "alerts|data.items"              keys of an object around the records
 *     only.type = "detection|prevention"         other records are none of ours; "*" is any value
 *     skip.state = "test|duplicate"              nor are these
 *     severity.2 = "low"                         the product's words ...
 *     severity.from.7 = "high"                   ... or numbers from this one on, in rising order
 *     action.PREVENTED = "blocked"
 *
 * The last four are for CSV, too; and of a CSV, where times have a shape or a zone of their own or no row of names stands
 * first:
 *
 *     time.format = "dd.MM.yyyy HH:mm"           as Java's SimpleDateFormat has patterns (dates.h)
 *     time.zone = "Asia/Tokyo"                   of times without one; "+01:00" where clocks change in the year
 *     columns = "when,host,,alert"               what the columns are called, in their order
 *
 A map with a header that is not exact fits JSON objects that
 * have those keys. */
#ifndef TSUMUGI_CSV_MAP_H
#define TSUMUGI_CSV_MAP_H

#include "analyst/readers/fields.h"

#define MAP_COLUMNS 64
#define MAP_HEADER 64
#define MAP_ONLY 8
#define MAP_WORDS 24
#define MAP_RECORDS 8

struct map_column {
	struct field field;        /* .path is the column's names, parted by "|" */
	const char *constant;      /* instead of a column */
};

struct map_only {
	const char *column;        /* its names, parted by "|" */
	const char *values;        /* the same; without regard to case */
	bool skip;                 /* records with one of them are none of ours; else those without */
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
	const char *time_format;   /* NULL: the shapes that are known */
	const char *names[MAP_HEADER];   /* of the columns of a table without a header */
	size_t name_count;
	char split;                /* several values in one cell are parted by it; 0 none */
	const char *product_prefix;      /* a rule name "Product: rest" is parted here */
	const char *rule_strip[8];       /* prefixes that say nothing and go */
	size_t strip_count;
	struct map_only only[MAP_ONLY];
	size_t only_count;
	struct band bands[MAP_WORDS + 1];        /* of columns of severities; none: the common words */
	size_t band_count;
	struct named words[MAP_WORDS + 1];       /* of columns of actions */
	size_t word_count;
	const char *records[MAP_RECORDS + 1];    /* ends with NULL */
	struct map_column columns[MAP_COLUMNS];
	size_t count;
};

/* The text of a map file; all strings live in the arena. A fault names the line. */
int csv_map_parse(struct csv_map **out, const char *name, const char *text, size_t n, struct arena *arena,
                  struct fault *f);

/* Whether a cell of the header is one of a column's names, "a|b", without regard to case,
 * blanks, "_" and "-". */
bool csv_column_is(const char *names, const char *cell);
/* Whether the value is one of "a|b". */
bool map_only_holds(const struct map_only *only, const char *value);

struct reading;
struct record;
/* A record by its map, into the alert that filling_begin emptied: one column's value; and its end, which
 * hands the alert on or rejects the record. */
void map_take(struct reading *rg, const struct csv_map *map, const struct map_column *c, const char *s);
int map_end(struct reading *rg, const struct csv_map *map, const char *product, const struct record *rec, struct fault *f);

#endif
