/* The case file: one SQLite database that holds what was read (truth) and what was
 * concluded from it (derived, can be dropped and rebuilt).
 *
 *     struct store *st;
 *     if (store_open(&st, "week.db", STORE_WRITE, f) < 0) ...
 *     store_close(st);
 *
 * Only this folder includes sqlite3.h. */
#ifndef TSUMUGI_STORE_H
#define TSUMUGI_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "analyst/base/arena.h"
#include "analyst/base/fault.h"
#include "analyst/model/asset.h"
#include "analyst/model/incident.h"
#include "analyst/model/narrative.h"
#include "analyst/model/note.h"
#include "analyst/model/telemetry.h"
#include "analyst/model/override.h"

struct store;

enum store_mode { STORE_READ, STORE_WRITE /* creates it when missing */ };

/* A store opened with STORE_READ sees one state of the file until it is closed.
 * Refuses, unchanged, a file that is not a case file or is newer than the program.
 * STORE_READ on a missing file is a fault that says to import first. */
int store_open(struct store **out, const char *path, enum store_mode mode, struct fault *f);
void store_close(struct store *st);      /* accepts NULL; unfinished batches are rolled back */

/* ---- truth: written by import ---- */

struct source_file {
	const char *name;        /* as the user gave it, last component only is printed */
	const char *format;      /* the reader's name */
	char sha256[65];         /* of the bytes on disk: filled in before intake_begin for a regular
	                          * file, before intake_finish for a stream; "" until then */
	int64_t size;            /* likewise */
	/* How it is read, where the user may say so: one "option=value" a line, all of them. And those lines of it that the
	 * user did say: where one of them is not what the file was read with, it is read otherwise, and what the same bytes
	 * were read as before is forgotten. NULL: none. */
	const char *reading, *insisted;
	bool retry;              /* when it is in, but records of it were rejected, it is read once more: they may be readable now */
	/* For a regular file whose hash is still being made: fills in sha256 and returns 1, or
	 * returns 0 when it is not ready and wait is false; -1. Else NULL. Nothing is committed
	 * before the hash is known, and a file of a known size is not begun before. */
	int (*settle)(void *ctx, bool wait, struct fault *f);
	void *ctx;
};

/* What makes a record the same record wherever it is read: 128 bits over its bytes, format
 * and tenant. Making it takes as long as parsing: it can be done on another thread, with a
 * hasher each. */
struct content {
	uint64_t key, key2;
};

struct hasher;
struct hasher *hasher_new(void);
void hasher_free(struct hasher *h);      /* accepts NULL */
struct content hasher_content(struct hasher *h, const char *format, const char *tenant, const char *bytes, size_t n);

/* The same of many records, made side by side, which takes half as long. What is hashed is the head and behind it the
 * record. */
struct to_hash {
	const char *bytes;
	size_t n;
	struct content *out;
};
size_t content_head(char *to, const char *format, const char *tenant);       /* how long it is; to may be NULL */
struct many_hasher;
struct many_hasher *many_hasher_new(void);
void many_hasher_free(struct many_hasher *m);        /* accepts NULL */
void hash_many(struct many_hasher *m, const struct to_hash *all, size_t count);

struct tally {               /* read = imported + repeated + rejected + blank */
	int64_t read, imported, repeated, rejected, blank;
	int64_t alerts, indicators;     /* how many of the imported are which */
};

/* One file's way in. Rows are committed in batches together with the progress made, so
 * that an import that was killed goes on where it stopped. intake_begin returns 1 when
 * the file (by SHA-256) is already in whole: nothing to do, *old gets its
 * tally, *out is NULL. Else 0, and *resume_offset is the first byte behind the last record
 * that is durable, *resume_line the line that record started on; both 0 for a new file.
 * file must live until intake_finish. One intake at a time for a store.
 *
 * A record may be handed over in several pieces (the indicators of one bundle) as long as
 * their places start at the same offset: a batch never ends between them. */
struct intake;
int intake_begin(struct intake **out, struct store *st, const struct source_file *file,
                 struct tally *old, int64_t *resume_offset, int64_t *resume_line, struct fault *f);
/* Whether what the same bytes were read as before is forgotten for this. */
bool intake_supersedes(const struct intake *in);
/* For a format that cannot be entered in the middle: before the first record, when
 * *resume_offset is not 0. The file is read from its beginning and counted anew. */
int intake_from_start(struct intake *in, struct fault *f);
/* The alert's identity is its bytes (with the format and tenant): the same bytes from another
 * file are "repeated" and only mentioned; equal records within one file are all kept. */
int intake_alert(struct intake *in, const struct alert *a, const struct place *at,
                 const char *bytes, size_t n, struct fault *f);
/* The same with the hash made elsewhere. It is written together with others: the alert must
 * live until the next intake_flush, and so long its numbers of rules and entities mean the same. */
int intake_hashed_alert(struct intake *in, const struct alert *a, const struct place *at,
                        const struct content *content, struct fault *f);
int intake_flush(struct intake *in, struct fault *f);
/* A raw block: records as they were read, one behind the other, each behind its head, packed
 * with zstd. It comes before the alerts whose records it holds; size is unpacked. */
int intake_raw(struct intake *in, int64_t offset, int64_t size, const void *packed, size_t n, struct fault *f);
#define RAW_HEAD 20              /* most bytes of a head */
/* A head: how far the record is behind the end of the one before it, and its length. Both
 * give the bytes of the head; reading gives 0 where none is. */
size_t raw_head(char *to, int64_t gap, size_t length);
size_t raw_head_read(const char *from, size_t room, int64_t *gap, size_t *length);

/* For a stream, when nothing more comes for now: what came is durable, and others may write. */
int intake_pause(struct intake *in, struct fault *f);

int intake_indicator(struct intake *in, const struct indicator *i, const struct place *at, struct fault *f);
int intake_asset(struct intake *in, const struct asset *a, const struct place *at, struct fault *f);
/* A record that no product judged: added to the counts of its hour, and blank in the tally. */
int intake_telemetry(struct intake *in, const struct telemetry *t, const struct place *at, struct fault *f);
int intake_reject(struct intake *in, const struct place *at, const char *reason, struct fault *f);
void intake_blank(struct intake *in);
/* How many records of this run (imported, repeated, rejected) are committed: what --ack prints. */
int64_t intake_durable(const struct intake *in);
/* How many were handed over; all of them are durable when intake_finish succeeds. */
int64_t intake_taken(const struct intake *in);
int intake_finish(struct intake *in, struct tally *tally, struct fault *f);   /* frees it */
void intake_abandon(struct intake *in);   /* rolls the open batch back; accepts NULL */

/* The user's own severities and techniques, in place of those that were there; none takes them away. They count as
 * truth: what was concluded without them is concluded anew. */
int store_set_overrides(struct store *st, const struct override *rows, size_t count, struct fault *f);
int store_overrides(const struct override **out, size_t *count, struct store *st, struct arena *arena, struct fault *f);

/* ---- reading ---- */

/* What the field knows, asked while a week is loaded; see analyst/knowledge/knowledge.h. */
struct lore {
	void *ctx;
	const struct behaviour *(*behaviour)(void *ctx, const struct rule *r, enum record_kind kind);
	/* A list of techniques by the ids of today; the case file holds what was received. NULL: kept so. */
	const char *(*techniques)(void *ctx, const char *ids, struct arena *a);
};
int store_load_week(struct week **out, struct store *st, struct arena *arena, const struct lore *lore,
                    struct fault *f);
/* Keeps what loading made of the alerts that were new to it, in a transaction of its own: weeks loaded later, by anybody,
 * ask only the rows behind them. For a store that is open to write; afterwards it reads no snapshot. */
int store_keep_week(struct store *st, struct fault *f);
/* From now on weeks are loaded from the alerts' own rows; then store_kept_differs says whether what was kept of them for
 * faster loading is something else. */
void store_ask_rows(struct store *st);
bool store_kept_differs(const struct store *st);

struct source_row {
	int64_t id;
	const char *name, *format, *sha256;      /* name: its last component */
	int64_t size;
	struct tally tally;
	instant first, last;      /* of its alerts, INSTANT_NONE without any */
	bool complete;            /* false: its import was interrupted */
};
int store_sources(const struct source_row **out, size_t *count, struct store *st, struct arena *arena,
                  struct fault *f);      /* by (name, sha256) */

/* One call per rejected record of a source, in file order; stops when it returns not 0. */
typedef int (*reject_fn)(void *ctx, int64_t line, int64_t offset, const char *reason);
int store_rejects(struct store *st, int64_t source, reject_fn each, void *ctx, struct fault *f);

/* The place and words of one alert, for evidence tables. Of several places the first by
 * (source name, sha256) is given. */
struct cited {
	const char *source, *sha256;
	int64_t line;
};

struct evidence {
	const char *source, *sha256;
	int64_t line, offset, length;
	const char *title, *severity_native, *native_id;
	uint32_t mentions;        /* other files that hold the same record */
	/* Records that tell of the same alert, of other formats or again (restated.c), by (source, line); of the week loaded last. */
	const struct cited *also;
	uint32_t also_count;
	const char *raw;          /* the record, secrets masked; NULL when it was not kept */
	size_t raw_size;
};
int store_evidence(struct evidence *out, struct store *st, int64_t row, struct arena *arena, struct fault *f);

/* ---- derived: written by analyze, in one transaction ---- */

/* What is concluded, counted. */
struct concluded {
	uint32_t alerts, episodes, incidents, queue;
};

/* True when what is stored was derived from exactly the truth now in the file, by this text: who concludes, see
 * render/cli/provenance.h. counts may be NULL. */
int store_is_analysed(bool *out, struct concluded *counts, struct store *st, const char *by, struct fault *f);
/* an must be of the week that was loaded last from this store. What is told is kept of the queue only: of incidents below
 * the line nothing comes back, they are told anew when they are asked for. Afterwards the store reads one
 * snapshot: ask store_is_analysed again, somebody may have imported in between. */
int store_save_analysis(struct store *st, const struct analysis *an,
                        const struct narrative *narratives /* one per incident */, const char *by, struct fault *f);
int store_load_analysis(struct analysis **out, const struct narrative **narratives, struct store *st,
                        const struct week *w, struct arena *arena, struct fault *f);

/* ---- notes: written by people ---- */

int store_notes(struct notes *out, struct store *st, struct arena *arena, struct fault *f);      /* by incident, field */
/* In the place of the one there was; without a text that one is forgotten. */
int store_note(struct store *st, const struct note *n, struct fault *f);

/* The id an alert is printed with: 16 hex digits of its key. */
#define ALERT_ID_ROOM 17
void alert_id(char out[ALERT_ID_ROOM], uint64_t key);

/* One call per imported alert record of the week loaded last, which an is of, in (source name, sha256, line) order. episode and incident
 * are NULL and rank 0 where there is none. */
typedef int (*assignment_fn)(void *ctx, const char *source, int64_t line, const char *alert,
                             const char *episode, const char *incident, uint32_t rank);
int store_assignments(struct store *st, const struct analysis *an, assignment_fn each, void *ctx, struct fault *f);

#endif
