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

#include "analyst/base/arena.h"
#include "analyst/base/fault.h"
#include "analyst/model/incident.h"
#include "analyst/model/narrative.h"

struct store;

enum store_mode { STORE_READ, STORE_WRITE /* creates it when missing */ };

/* Refuses, unchanged, a file that is not a case file or is newer than the program.
 * STORE_READ on a missing file is a fault that says to import first. */
int store_open(struct store **out, const char *path, enum store_mode mode, struct fault *f);
void store_close(struct store *st);      /* accepts NULL; unfinished batches are rolled back */

/* ---- truth: written by import ---- */

struct source_file {
	const char *name;        /* as the user gave it, last component only is printed */
	const char *format;      /* the reader's name */
	char sha256[65];         /* of the bytes on disk, filled in at the end */
	int64_t size;
};

struct tally {               /* read = imported + repeated + rejected + blank */
	int64_t read, imported, repeated, rejected, blank;
	int64_t alerts, indicators;     /* how many of the imported are which */
};

/* One file's way in. Rows are committed in batches together with the progress made, so
 * that an import that was killed goes on where it stopped. source_begin returns 1 when
 * the file (by SHA-256) is already in whole: nothing to do, *old gets its tally. */
struct intake;
int intake_begin(struct intake **out, struct store *st, const struct source_file *file,
                 struct tally *old, int64_t *resume_offset, int64_t *resume_line, struct fault *f);
int intake_alert(struct intake *in, const struct alert *a, const struct place *at,
                 const char *bytes, size_t n, struct fault *f);
int intake_indicator(struct intake *in, const struct indicator *i, const struct place *at, struct fault *f);
int intake_reject(struct intake *in, const struct place *at, const char *reason, struct fault *f);
void intake_blank(struct intake *in);
int intake_finish(struct intake *in, struct tally *tally, struct fault *f);   /* frees it */
void intake_abandon(struct intake *in);   /* rolls the open batch back; accepts NULL */

/* ---- reading ---- */

/* behaviour_of names the behaviour of a rule; see analyst/knowledge/knowledge.h. */
typedef const struct behaviour *(*behaviour_fn)(void *ctx, const struct rule *r, enum record_kind kind);
int store_load_week(struct week **out, struct store *st, struct arena *arena,
                    behaviour_fn behaviour_of, void *ctx, struct fault *f);

struct source_row {
	int64_t id;
	const char *name, *format, *sha256;
	int64_t size;
	struct tally tally;
	instant first, last;      /* of its alerts, INSTANT_NONE without any */
};
int store_sources(const struct source_row **out, size_t *count, struct store *st, struct arena *arena,
                  struct fault *f);      /* by (name, sha256) */

/* The place and words of one alert, for evidence tables. */
struct evidence {
	const char *source, *sha256;
	int64_t line, offset, length;
	const char *title, *severity_native, *native_id;
};
int store_evidence(struct evidence *out, struct store *st, int64_t row, struct arena *arena, struct fault *f);

/* ---- derived: written by analyze, in one transaction ---- */

/* True when what is stored was derived from exactly the truth now in the file by this
 * version of the program. */
int store_is_analysed(bool *out, struct store *st, struct fault *f);
int store_save_analysis(struct store *st, const struct analysis *an,
                        const struct narrative *narratives /* one per incident */, struct fault *f);
int store_load_analysis(struct analysis **out, const struct narrative **narratives, struct store *st,
                        const struct week *w, struct arena *arena, struct fault *f);

/* The id an alert is printed with: 16 hex digits of its key. */
#define ALERT_ID_ROOM 17
void alert_id(char out[ALERT_ID_ROOM], uint64_t key);

/* One call per imported alert record, in (source name, sha256, line) order. episode and incident are NULL
 * and rank 0 where there is none. */
typedef int (*assignment_fn)(void *ctx, const char *source, int64_t line, const char *alert,
                             const char *episode, const char *incident, uint32_t rank);
int store_assignments(struct store *st, assignment_fn each, void *ctx, struct fault *f);

#endif
