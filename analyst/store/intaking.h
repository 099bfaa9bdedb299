/* One file's way in, as its parts share it: batches (intake.c), alerts (intake_alerts.c), all other
 * records (intake_records.c). */
#ifndef TSUMUGI_INTAKING_H
#define TSUMUGI_INTAKING_H

#include "analyst/base/intern.h"
#include "analyst/store/cells.h"
#include "analyst/store/hasher.h"
#include "analyst/store/names.h"

/* Alerts that go into the table together. */
#define RUN_MOST 1024

struct incoming {
	const struct alert *a;
	struct place at;
	struct content first, key;   /* key: with its number, where it is a repeat */
	int64_t number;
	unsigned char bytes[CONTENT_BYTES];     /* of key */
	int64_t verdict, cast;
	bool written;
};

struct intake {
	struct store *st;
	const struct source_file *file;
	int64_t source;              /* its row */
	struct tally tally;          /* up to the last record; read is left to the end */
	int64_t blanks;              /* lines since then */
	int64_t offset, line;        /* end and line of the last record */
	int64_t start;               /* where it starts */
	instant first, last;
	struct truth truth;
	bool open;                   /* a batch is */
	bool again;                  /* read from the start although a part is in */
	bool supersedes;             /* what the same bytes were read as before */
	char complaint[160];         /* the first reject then */
	bool corrected;              /* in this batch rows of alerts were changed or went: the copies in alert_block must go, too */
	int64_t in_batch, batch, began;
	int64_t counted, durable;    /* records of this run */
	struct hasher *hasher;
	struct intern *repeats;      /* content and time -> how often they were met in this file */
	int64_t *met;
	struct cells *cells;         /* telemetry of the open batch */
	size_t met_room;
	struct incoming run[RUN_MOST];
	size_t run_count;
	struct incoming *firsts[RUN_MOST], *others[RUN_MOST];      /* of the run: what is equal to one before is no first */
	struct incoming **writing;   /* the rows of the statement that runs, or NULL */
};

/* Every record that is kept passes here first. A batch ends between two records, never between the
 * pieces of one, so that going on behind it loses nothing. */
int intake_record_begins(struct intake *in, const struct place *at, struct fault *f);
int intake_batch_open(struct intake *in, struct fault *f);
/* Of several names of one content the smallest is kept, whatever the order: from old to name, if that is smaller. */
int intake_rename(struct intake *in, const char *name, const char *old, struct fault *f);

/* Another source with the bytes of this file. */
struct source_found {
	int64_t id, offset, line;
	bool done;
	struct tally tally;
	instant first, last;
	char *name, *format, *reading;       /* freed by source_found_free */
};
/* 1, or 0 when there is none; 1 alone leaves something to free. */
int intake_find(struct source_found *was, struct intake *in, struct fault *f);
void source_found_free(struct source_found *was);
/* Whether a line of what the user insists on is none of the reading; NULL insists on nothing. */
bool reading_contradicts(const char *reading, const char *insisted);
/* Source id, which has the same bytes, was read wrongly: what it brought is forgotten. */
int intake_supersede(struct intake *in, int64_t id, struct fault *f);
/* A fault when a file is read otherwise than before and nothing of it is understood: nothing is forgotten for that. */
int intake_brought_something(const struct intake *in, struct fault *f);
/* When a stream turns out to be a file that is in: of the two one stays. */
int intake_settle_stream(struct intake *in, struct fault *f);

/* The alerts handed over so far, into the table. */
int intake_write_run(struct intake *in, struct fault *f);
/* For sqlite3_update_hook, with the intake: SQLite tells which rows of a run went in; those that were there
 * already it passes over. */
void intake_row_written(void *in, int what, const char *database, const char *table, sqlite3_int64 row);

#endif
