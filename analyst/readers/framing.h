/* A file cut into records, whatever it is written in:
 *
 *     struct framing *fr = framing_new(&(struct framing_rules){ .kind = FRAME_JSON }, source);
 *     while ((rc = framing_next(fr, &rec, f)) > 0)
 *             ...
 *     framing_free(fr);
 *
 * A record that cannot be cut out clean comes with a sentence in `broken`; the framing
 * then goes on where the next one visibly begins. Memory is bounded by the longest
 * record allowed. What a record points to is good until the next call. */
#ifndef TSUMUGI_FRAMING_H
#define TSUMUGI_FRAMING_H

#include "analyst/model/alert.h"
#include "analyst/readers/window.h"

enum framing_kind {
	FRAME_JSON,     /* objects: one a line, concatenated, in an array, in a wrapper's array */
	FRAME_CSV,      /* RFC 4180, with the liberties spreadsheets take */
	FRAME_LINES,
	FRAME_BLOCKS,   /* lines from one that begins with a mark up to the next such line; other lines are records of their own */
	FRAME_XML,      /* elements of one name, with a root around them or none */
	FRAME_WHOLE     /* the file is the record */
};

#define RECORD_LIMIT ((size_t)16 << 20)       /* FORMATS 1.6 */
#define WHOLE_LIMIT ((size_t)64 << 20)
#define CSV_COLUMNS 1024

struct framing_rules {
	enum framing_kind kind;
	const char *const *wrappers;   /* FRAME_JSON: keys ("hits.hits") whose array holds the records; may be NULL */
	char delimiter;                /* FRAME_CSV: 0 tells it from the first line */
	const char *element;           /* FRAME_XML */
	const char *mark;              /* FRAME_BLOCKS */
	size_t limit;                  /* 0 is RECORD_LIMIT, or WHOLE_LIMIT */
	size_t head;                   /* bytes at the beginning that tell which shape it has; 0 is 64 KiB, the most */
};

struct cell {
	const char *text;              /* UTF-8 with a NUL after it */
	size_t n;
};

struct record {
	const char *bytes;             /* as in the file, but for a byte order mark */
	size_t n, room;                /* room >= n bytes may be looked at */
	struct place at;
	const char *broken;            /* why it is none, else NULL */
	const struct cell *cells;      /* FRAME_CSV */
	size_t cell_count;
};

struct framing;

struct framing *framing_new(const struct framing_rules *rules, struct byte_source source);
void framing_free(struct framing *fr);      /* accepts NULL */
/* 1 with a record, 0 at the end, -1. A blank line is a record of no bytes. */
int framing_next(struct framing *fr, struct record *out, struct fault *f);

/* UTF-16 by its byte order mark or by NUL bytes in the first four; nothing here reads it. */
bool looks_like_utf16(const char *s, size_t n);

#endif
