/* One file on its way in, as its parts share it: from the first bytes to the reader (head.c), from there to the
 * store (hand_over.c), and all of it (import.c). */
#ifndef TSUMUGI_PASSAGE_H
#define TSUMUGI_PASSAGE_H

#include <sys/types.h>

#include "analyst/base/text.h"
#include "analyst/detect/detect.h"
#include "analyst/import/ahead.h"
#include "analyst/import/belt.h"
#include "analyst/import/import.h"
#include "analyst/import/recode.h"
#include "analyst/import/stream.h"
#include "analyst/import/utf16.h"

#define OWN_MOST 8

struct import {
	struct store *st;
	const struct import_options *options;
	const struct import_watch *watch;
	struct import_result *result;
	struct reader_options reading;
	struct detections *detections;   /* NULL: without the folder of what ships */
	struct arena *arena;
	struct {
		dev_t dev;
		ino_t ino;
	} own[OWN_MOST];                 /* of options->own */
	size_t own_count;
	struct finisher *finishers[2];   /* of the thread that reads, of the one that writes */
};

/* One file on its way. */
struct passage {
	struct import *im;
	struct stream *stream;
	struct utf16 *wide;        /* in between when the file is in UTF-16 */
	struct recode *recode;     /* or in what the user says */
	struct intake *intake;
	struct import_file file;
	int64_t resume;            /* records that start before it are in already */
	int64_t records, durable;
	char *head;                /* the first bytes, which the framing gets again */
	size_t head_size, head_at;
	bool head_ended;           /* there are no more */
	struct source_file source;
	struct text said, given;   /* how it is read; see said.h */

	/* The thread that reads. */
	const struct reader *reader;
	struct belt *belt;
	struct ahead *ahead;       /* unpacks, or NULL */
	struct parcel *parcel;     /* being filled */
	struct hasher *hasher;     /* for what is said of it, and few records */
	struct fault reading;      /* what went wrong there */
	int read;                  /* its result */
};

/* ---- head.c ---- */

int head_read(struct passage *p, struct fault *f);
struct probe head_probe(struct passage *p);
/* The reader of the file, unless it is of a kind that is known and not read. */
int head_choose(const struct reader **out, struct passage *p, struct fault *f);
/* A byte source: the head first, then the rest of the stream. */
int head_read_again(void *passage, char *into, size_t room, size_t *got, struct fault *f);

/* ---- hand_over.c ---- */

/* On the thread that reads: where readers send records, and the end of a parcel. */
struct sink hand_over_sink(struct passage *p);
int hand_over_fresh(struct passage *p, struct fault *f);
void hand_over_rest(struct passage *p);
/* On the thread that writes: all parcels into the store. */
int hand_over_take(struct passage *p, struct fault *f);
void hand_over_tell_durable(struct passage *p, int64_t durable);

#endif
