/* The import side of the case file: batches committed with their progress, begin and end. */
#include <stdlib.h>
#include <string.h>

#include "analyst/store/intaking.h"

/* A batch starts small, so that a short file or a slow stream is durable soon, and doubles
 * up to where a commit costs nothing beside its rows (PERFORMANCE.md 8.5). */
#define BATCH_FIRST 1000
#define BATCH_LAST 65536
/* How far a batch may grow while the hash of its file is being made. */
#define BATCH_MOST (1 << 20)
/* A stream that trickles must not keep other writers waiting. */
#define BATCH_NANOSECONDS INT64_C(1000000000)

/* ---- batches ---- */

int intake_batch_open(struct intake *in, struct fault *f)
{
	if (store_begin(in->st, f) < 0)
		return -1;
	in->open = true;
	in->in_batch = 0;
	in->began = clock_monotonic();
	return names_refresh(in->st, f) < 0 || store_truth(&in->truth, in->st, f) < 0 ? -1 : 0;
}

static int write_progress(struct intake *in, bool done, struct fault *f)
{
	sqlite3_stmt *q = store_query(in->st, QUERY_SOURCE_PROGRESS, f);

	if (q == NULL)
		return -1;
	bind_int(q, ":id", in->source);
	bind_text(q, ":sha256", in->file->sha256);
	bind_int(q, ":size", in->file->size);
	bind_int(q, ":done", done);
	bind_int(q, ":offset", in->offset);
	bind_int(q, ":line", in->line);
	bind_int(q, ":imported", in->tally.imported);
	bind_int(q, ":repeated", in->tally.repeated);
	bind_int(q, ":rejected", in->tally.rejected);
	bind_int(q, ":blank", in->tally.blank);
	bind_int(q, ":alerts", in->tally.alerts);
	bind_int(q, ":indicators", in->tally.indicators);
	bind_int_or_null(q, ":first", in->first, INSTANT_NONE);
	bind_int_or_null(q, ":last", in->last, INSTANT_NONE);
	return store_done(in->st, q, f);
}

static int write_truth(struct intake *in, struct fault *f)
{
	sqlite3_stmt *q = store_query(in->st, QUERY_TRUTH_SET, f);

	if (q == NULL)
		return -1;
	bind_int(q, ":alerts", in->truth.alerts);
	bind_int(q, ":alert_sum", (int64_t)in->truth.alert_sum);
	bind_int(q, ":claims", in->truth.claims);
	bind_int(q, ":claim_sum", (int64_t)in->truth.claim_sum);
	bind_int(q, ":telemetry", in->truth.telemetry);
	bind_int(q, ":telemetry_sum", (int64_t)in->truth.telemetry_sum);
	return store_done(in->st, q, f);
}

static int forget_copies(struct intake *in, struct fault *f)
{
	sqlite3_stmt *q;

	if (!in->corrected)
		return 0;
	return (q = store_query(in->st, QUERY_BLOCKS_EMPTY, f)) == NULL ? -1 : store_done(in->st, q, f);
}

static int batch_commit(struct intake *in, bool done, struct fault *f)
{
	if (intake_write_run(in, f) < 0 || intake_brought_something(in, f) < 0 ||
	    cells_write(in->cells, in->st, in->source, f) < 0 || write_progress(in, done, f) < 0 ||
	    forget_copies(in, f) < 0 || write_truth(in, f) < 0 || store_commit(in->st, f) < 0)
		return -1;
	in->open = in->corrected = false;
	in->durable = in->counted;
	in->batch = in->batch * 2 < BATCH_LAST ? in->batch * 2 : BATCH_LAST;
	return 0;
}

/* The clock is asked now and then only. */
static bool batch_is_full(const struct intake *in)
{
	return in->in_batch >= in->batch || (in->in_batch % 32 == 0 && clock_monotonic() - in->began > BATCH_NANOSECONDS);
}

/* 1: the batch may be committed, since it is known what file it belongs to; 0: not yet. */
static int settle(struct intake *in, bool wait, struct fault *f)
{
	const struct source_file *file = in->file;

	if (file->settle == NULL || file->sha256[0] != '\0')
		return 1;
	return file->settle(file->ctx, wait, f);
}

int intake_pause(struct intake *in, struct fault *f)
{
	return in->open && in->in_batch > 0 ? batch_commit(in, false, f) : 0;
}

int intake_record_begins(struct intake *in, const struct place *at, struct fault *f)
{
	if (in->open && in->in_batch > 0 && at->offset != in->start && batch_is_full(in)) {
		int rc = settle(in, in->in_batch >= BATCH_MOST, f);

		if (rc < 0 || (rc > 0 && batch_commit(in, false, f) < 0))
			return -1;
	}
	if (!in->open && intake_batch_open(in, f) < 0)
		return -1;
	in->tally.blank += in->blanks;
	in->blanks = 0;
	in->start = at->offset;
	in->offset = at->offset + at->length;
	in->line = at->line;
	in->in_batch++;
	in->counted++;
	return 0;
}

/* ---- begin and end ---- */

static const char *reading_of(const struct source_file *file)
{
	return file->reading != NULL ? file->reading : "";
}

static int new_source(struct intake *in, struct fault *f)
{
	sqlite3_stmt *q = store_query(in->st, QUERY_SOURCE_NEW, f);

	if (q == NULL)
		return -1;
	bind_text(q, ":name", in->file->name);
	bind_text(q, ":format", in->file->format);
	bind_text(q, ":sha256", in->file->sha256);
	bind_int(q, ":size", in->file->size);
	bind_text(q, ":reading", reading_of(in->file));
	if (store_done(in->st, q, f) < 0)
		return -1;
	in->source = sqlite3_last_insert_rowid(in->st->db);
	return 0;
}

int intake_rename(struct intake *in, const char *name, const char *old, struct fault *f)
{
	sqlite3_stmt *q;

	if (strcmp(name, old) >= 0)
		return 0;
	if ((q = store_query(in->st, QUERY_SOURCE_RENAME, f)) == NULL)
		return -1;
	bind_text(q, ":name", name);
	bind_int(q, ":id", in->source);
	return store_done(in->st, q, f);
}

/* A file of a size that none has is a new one, whatever its hash will be. */
static int is_new_by_size(struct intake *in, struct fault *f)
{
	sqlite3_stmt *q = store_query(in->st, QUERY_SOURCE_OF_SIZE, f);
	int row;

	if (q == NULL)
		return -1;
	bind_int(q, ":size", in->file->size);
	row = store_row(in->st, q, f);
	sqlite3_reset(q);
	return row < 0 ? -1 : row == 0;
}

/* Whether the file is to be read as it was not before: one that is in whole when what the user says now is not what it
 * was read with, one that is in part when it would not go on as it began. */
static bool is_read_otherwise(const struct intake *in, const struct source_found *was)
{
	return was->done ? reading_contradicts(was->reading, in->file->insisted) :
	       strcmp(was->reading, reading_of(in->file)) != 0 || strcmp(was->format, in->file->format) != 0;
}

/* 1: the file is in whole; 0: a new or unfinished one, or one to be read otherwise; in->source is set. */
static int find_source(struct intake *in, struct fault *f)
{
	struct source_found was;
	int row;

	if (in->file->settle != NULL && in->file->sha256[0] == '\0') {
		if ((row = is_new_by_size(in, f)) != 0)
			return row < 0 ? -1 : new_source(in, f);
		if (settle(in, true, f) < 0)
			return -1;
	}
	if ((row = intake_find(&was, in, f)) <= 0)
		return row < 0 ? -1 : new_source(in, f);
	in->source = was.id;
	if (intake_rename(in, in->file->name, was.name, f) < 0) {
		row = -1;
	} else if (is_read_otherwise(in, &was)) {
		row = intake_supersede(in, was.id, f);
	} else {
		in->offset = was.offset;
		in->line = was.line;
		in->tally = was.tally;
		in->first = was.first;
		in->last = was.last;
		row = was.done && !(in->file->retry && in->tally.rejected > 0);
	}
	source_found_free(&was);
	return row;
}

static void intake_free(struct intake *in)
{
	sqlite3_update_hook(in->st->db, NULL, NULL);
	hasher_free(in->hasher);
	intern_free(in->repeats);
	cells_free(in->cells);
	free(in->met);
	free(in);
}

void intake_abandon(struct intake *in)
{
	if (in == NULL)
		return;
	if (in->open) {
		store_rollback(in->st);
		/* Row ids given out in the batch are void. */
		names_free(in->st->names);
		in->st->names = NULL;
	}
	intake_free(in);
}

int intake_begin(struct intake **out, struct store *st, const struct source_file *file,
                 struct tally *old, int64_t *resume_offset, int64_t *resume_line, struct fault *f)
{
	struct intake *in = must_alloc(sizeof(*in));
	int known = 0;

	*out = NULL;
	in->st = st;
	in->file = file;
	in->start = -1;
	in->batch = BATCH_FIRST;
	in->first = in->last = INSTANT_NONE;
	in->repeats = intern_new();
	in->cells = cells_new();
	sqlite3_update_hook(st->db, intake_row_written, in);
	in->hasher = hasher_new();
	if (intake_batch_open(in, f) < 0 || (known = find_source(in, f)) < 0) {
		intake_abandon(in);
		return -1;
	}
	/* The first record of a stream may be long in coming: do not hold the lock until then. */
	if ((known || (file->sha256[0] == '\0' && file->settle == NULL)) && in->open) {
		if (store_commit(st, f) < 0) {
			intake_abandon(in);
			return -1;
		}
		in->open = false;
	}
	*resume_offset = in->offset;
	*resume_line = in->line;
	if (known) {
		*old = in->tally;
		intake_free(in);
		return 1;
	}
	*out = in;
	return 0;
}

int intake_finish(struct intake *in, struct tally *tally, struct fault *f)
{
	int forgotten;

	in->tally.blank += in->blanks;
	in->blanks = 0;
	if (intake_write_run(in, f) < 0 || settle(in, true, f) < 0 || (!in->open && intake_batch_open(in, f) < 0) || (forgotten = intake_settle_stream(in, f)) < 0 ||
	    batch_commit(in, true, f) < 0) {
		intake_abandon(in);
		return -1;
	}
	*tally = in->tally;
	tally->read = tally->imported + tally->repeated + tally->rejected + tally->blank;
	intake_free(in);
	return 0;
}

bool intake_supersedes(const struct intake *in)
{
	return in->supersedes;
}

int64_t intake_durable(const struct intake *in)
{
	return in->durable;
}

int64_t intake_taken(const struct intake *in)
{
	return in->counted;
}
