/* What framing.c shares with the framings of JSON and CSV. */
#ifndef TSUMUGI_FRAMING_PARTS_H
#define TSUMUGI_FRAMING_PARTS_H

#include "analyst/base/text.h"
#include "analyst/readers/framing.h"

enum json_shape {
	SHAPE_UNKNOWN, SHAPE_LINES, SHAPE_VALUES, SHAPE_ARRAY, SHAPE_AFTER /* a wrapper's rest */, SHAPE_TABLE
};

struct framing {
	struct framing_rules rules;
	struct window w;
	bool begun, done;
	char reason[160];             /* what a broken record's sentence is written into */

	enum json_shape shape;
	bool line_left;               /* SHAPE_LINES: in the middle of one */
	enum json_shape around;       /* SHAPE_ARRAY: what the array, with its wrapper, lies in */
	int wrapper_depth;            /* objects open around the array */
	enum { OF_WRAPPERS_UNKNOWN, OF_WRAPPERS_NO, OF_WRAPPERS_YES } of_wrappers;   /* what the array holds */
	bool want_comma;              /* SHAPE_ARRAY: an element has just been read */
	bool after_comma;
	size_t indent;                /* of the array's first element, to find a next one by */
	size_t wasted;                /* bytes followed to no end; see WASTE_LIMIT */
	struct json_table *table;     /* SHAPE_TABLE */

	char delimiter;
	struct text cells_text;       /* the cells' bytes, each with its NUL */
	struct cell *cells;
	size_t cell_room;
};

/* Follows brackets and strings over bytes that come in pieces. */
struct follow {
	int64_t depth;
	bool text, escaped;
};

/* How many bytes of s belong to the value that `at` is in: up to and with the bracket
 * that closes it, or n when it goes on. *closed tells which. */
size_t follow_value(struct follow *at, const char *s, size_t n, bool *closed);
/* The bytes up to the value of a key of the object at s, or 0. */
size_t find_key(const char *s, size_t n, const char *key, size_t key_length);
bool json_space(char c);
int json_skip_space(struct framing *fr, struct fault *f);      /* 1, or 0 at the end of the file, or -1 */

struct json_table;
void json_table_free(struct json_table *t);                    /* accepts NULL */
/* The table that the object at s is, names and all: the bytes up to and with the bracket its rows begin behind, `depth`
 * brackets around them; or 0. */
size_t json_table_find(struct json_table **out, const char *s, size_t n, int *depth);

int framing_json_next(struct framing *fr, struct record *out, struct fault *f);
int framing_table_next(struct framing *fr, struct record *out, struct fault *f);
int framing_csv_next(struct framing *fr, struct record *out, struct fault *f);
int framing_xml_next(struct framing *fr, struct record *out, struct fault *f);

/* Fetches what the shape of the file is told from. */
int framing_need_head(struct framing *fr, struct fault *f);
/* The record of the first n bytes, which the window forgets with the `skip` >= n. */
int framing_give(struct framing *fr, struct record *out, size_t n, size_t skip);
/* The same for bytes that are no record. */
int framing_refuse(struct framing *fr, struct record *out, size_t n, size_t skip, const char *format, ...)
	__attribute__((format(printf, 5, 6)));
/* Finds the line feed that ends the first line, fetching as much as is allowed: its
 * place in *n. 1 found, 0 the file ends without one (*n is all), 2 the line is longer
 * than allowed. */
int framing_line(struct framing *fr, size_t *n, struct fault *f);
/* The next line: 1, its n bytes and the `skip` of them with the line feed, if one ends it; 0 at the end of the file; 2 for one
 * that is too long and was refused in `out` as that kind of thing. */
int framing_take_line(struct framing *fr, struct record *out, const char *kind, size_t *n, size_t *skip, struct fault *f);
/* Lets everything up to and with the next line feed go. */
int framing_drop_line(struct framing *fr, int64_t *dropped, struct fault *f);

#endif
