/* Queries by name, and SQLite's errors in words. */
#include "analyst/store/hasher.h"
#include "analyst/store/sql.h"

#include <assert.h>
#include <string.h>

static const char *const queries[] = {
#define Q(name, sql) [QUERY_##name] = sql,
#include "analyst/store/queries.h"
#undef Q
};

/* What the operating system said about the last failed read or write. */
static const char *system_reason(struct store *st)
{
	int saved = sqlite3_system_errno(st->db);

	return saved != 0 ? strerror(saved) : sqlite3_errmsg(st->db);
}

/* SQLite does not always know what the system said: a limit on file sizes shows as a
 * failed write and nothing else. */
static int io_fault(struct store *st, struct fault *f)
{
	int saved = sqlite3_system_errno(st->db);
	const char *act = sqlite3_extended_errcode(st->db) == SQLITE_IOERR_READ ? "read" : "written";

	if (saved != 0)
		return fault_set(f, FAULT_STORE, "case file '%s' cannot be %s: %s; what was committed is kept", st->path,
		                 act, strerror(saved));
	return fault_set(f, FAULT_STORE, "case file '%s' cannot be %s: the disk may be full, or file sizes limited; "
	                 "what was committed is kept", st->path, act);
}

int store_fault(struct store *st, struct fault *f)
{
	const char *p = st->path;

	switch (sqlite3_errcode(st->db) & 0xff) {
	case SQLITE_FULL:
		return fault_set(f, FAULT_STORE, "the disk of case file '%s' is full; what was read so far is "
		                 "kept, repeat the command when there is room", p);
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return fault_set(f, FAULT_BUSY, "case file '%s' is being written by another program; "
		                 "repeat the command when it is done", p);
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return store_damaged(st, sqlite3_errmsg(st->db), f);
	case SQLITE_READONLY:
	case SQLITE_PERM:
		return fault_set(f, FAULT_STORE, "case file '%s' may not be written", p);
	case SQLITE_CANTOPEN:
		return fault_set(f, FAULT_STORE, "cannot open case file '%s': %s", p, system_reason(st));
	case SQLITE_IOERR:
		return io_fault(st, f);
	case SQLITE_NOMEM:
		return fault_set(f, FAULT_MEMORY, "out of memory");
	default:
		return fault_set(f, FAULT_STORE, "case file '%s': %s", p, sqlite3_errmsg(st->db));
	}
}

int store_damaged(const struct store *st, const char *what, struct fault *f)
{
	return fault_set(f, FAULT_STORE, "case file '%s' is damaged: %s", st->path, what);
}

sqlite3_stmt *store_query(struct store *st, enum query q, struct fault *f)
{
	if (st->ready[q] == NULL &&
	    sqlite3_prepare_v3(st->db, queries[q], -1, SQLITE_PREPARE_PERSISTENT, &st->ready[q], NULL)
	    != SQLITE_OK) {
		store_fault(st, f);
		return NULL;
	}
	sqlite3_reset(st->ready[q]);
	return st->ready[q];
}

int store_exec(struct store *st, const char *sql, struct fault *f)
{
	return sqlite3_exec(st->db, sql, NULL, NULL, NULL) == SQLITE_OK ? 0 : store_fault(st, f);
}

int store_row(struct store *st, sqlite3_stmt *q, struct fault *f)
{
	switch (sqlite3_step(q)) {
	case SQLITE_ROW:
		return 1;
	case SQLITE_DONE:
		sqlite3_reset(q);
		return 0;
	default:
		store_fault(st, f);
		sqlite3_reset(q);
		return -1;
	}
}

int store_done(struct store *st, sqlite3_stmt *q, struct fault *f)
{
	int rc = store_row(st, q, f);

	if (rc > 0)
		sqlite3_reset(q);
	return rc < 0 ? -1 : 0;
}

static int position(sqlite3_stmt *q, const char *name)
{
	int at = sqlite3_bind_parameter_index(q, name);

	assert(at > 0);
	return at;
}

void bind_int(sqlite3_stmt *q, const char *name, int64_t value)
{
	sqlite3_bind_int64(q, position(q, name), value);
}

void bind_int_or_null(sqlite3_stmt *q, const char *name, int64_t value, int64_t null)
{
	if (value == null)
		sqlite3_bind_null(q, position(q, name));
	else
		sqlite3_bind_int64(q, position(q, name), value);
}

void bind_text(sqlite3_stmt *q, const char *name, const char *value)
{
	sqlite3_bind_text(q, position(q, name), value, -1, SQLITE_TRANSIENT);
}

void bind_blob(sqlite3_stmt *q, const char *name, const void *bytes, size_t n)
{
	sqlite3_bind_blob64(q, position(q, name), bytes, n, SQLITE_STATIC);
}

int column_content(struct content *out, struct store *st, sqlite3_stmt *q, int column, struct fault *f)
{
	const unsigned char *bytes = sqlite3_column_blob(q, column);

	if (bytes != NULL && sqlite3_column_bytes(q, column) == CONTENT_BYTES) {
		*out = content_of(bytes);
		return 0;
	}
	sqlite3_reset(q);
	return store_damaged(st, "a content hash has another length", f);
}

int64_t column_int_or(sqlite3_stmt *q, int column, int64_t null)
{
	return sqlite3_column_type(q, column) == SQLITE_NULL ? null : sqlite3_column_int64(q, column);
}

const char *column_text(sqlite3_stmt *q, int column)
{
	return (const char *)sqlite3_column_text(q, column);
}

char *column_dup(sqlite3_stmt *q, int column, struct arena *arena)
{
	return arena_dup(arena, column_text(q, column));
}

int store_feed(struct store *st, enum feed_name which, enum query query, struct feed feed, struct fault *f)
{
	sqlite3_stmt *q;

	if (feed.count == 0)
		return 0;
	st->feeds[which] = feed;
	return (q = store_query(st, query, f)) == NULL ? -1 : store_done(st, q, f);
}

int store_feed_up_to(int64_t last, struct store *st, enum feed_name which, enum query query, struct feed feed, struct fault *f)
{
	if (store_feed(st, which, query, feed, f) < 0)
		return -1;
	return feed.count == 0 || sqlite3_last_insert_rowid(st->db) == last ? 0 : store_damaged(st, "rows are not numbered one by one", f);
}

int store_last_id(int64_t *last, struct store *st, sqlite3_stmt *q, struct fault *f)
{
	if ((*last = sqlite3_column_int64(q, 0)) < STORE_ROWS)
		return 0;
	sqlite3_reset(q);
	return store_damaged(st, "it has rows of impossible numbers", f);
}

int store_snapshot(struct store *st, struct fault *f)
{
	if (st->mode == STORE_READ && st->snapshot)
		return 0;
	store_rollback(st);
	if (store_exec(st, "BEGIN", f) < 0)
		return -1;
	st->snapshot = true;
	return 0;
}

/* What is written into a file without a name is lost, and nobody would be told. */
static bool was_taken_away(struct store *st, struct fault *f)
{
	int moved = 0;

	if (sqlite3_file_control(st->db, "main", SQLITE_FCNTL_HAS_MOVED, &moved) != SQLITE_OK || moved == 0)
		return false;
	store_rollback(st);
	fault_set(f, FAULT_STORE, "case file '%s' was removed or replaced while it was open; repeat the command", st->path);
	return true;
}

int store_begin(struct store *st, struct fault *f)
{
	store_rollback(st);
	arena_free(st->cited);       /* the list of sources is about to change */
	st->cited = NULL;
	return store_exec(st, "BEGIN IMMEDIATE", f) < 0 || was_taken_away(st, f) ? -1 : 0;
}

int store_commit(struct store *st, struct fault *f)
{
	if (store_exec(st, "COMMIT", f) < 0)
		return -1;
	st->unused = false;
	return 0;
}

void store_rollback(struct store *st)
{
	if (sqlite3_get_autocommit(st->db) == 0)
		sqlite3_exec(st->db, "ROLLBACK", NULL, NULL, NULL);
	st->snapshot = false;
}

int store_truth(struct truth *out, struct store *st, struct fault *f)
{
	sqlite3_stmt *q = store_query(st, QUERY_TRUTH, f);
	int row;

	if (q == NULL || (row = store_row(st, q, f)) < 0)
		return -1;
	if (row == 0)
		return store_damaged(st, "its totals are missing", f);
	out->alerts = sqlite3_column_int64(q, 0);
	out->alert_sum = (uint64_t)sqlite3_column_int64(q, 1);
	out->claims = sqlite3_column_int64(q, 2);
	out->claim_sum = (uint64_t)sqlite3_column_int64(q, 3);
	out->telemetry = sqlite3_column_int64(q, 4);
	out->telemetry_sum = (uint64_t)sqlite3_column_int64(q, 5);
	sqlite3_reset(q);
	return 0;
}

bool truth_equal(const struct truth *a, const struct truth *b)
{
	return a->alerts == b->alerts && a->alert_sum == b->alert_sum && a->claims == b->claims &&
	       a->claim_sum == b->claim_sum && a->telemetry == b->telemetry && a->telemetry_sum == b->telemetry_sum;
}

const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL && slash[1] != '\0' ? slash + 1 : path;
}
