/* What the files of this folder share: the open case file, its prepared queries, and
 * small helpers that bind by name and turn SQLite's errors into sentences. */
#ifndef TSUMUGI_SQL_H
#define TSUMUGI_SQL_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#include "analyst/store/feed.h"
#include "analyst/store/store.h"

/* "TsuM": tells our files from other SQLite databases. */
#define STORE_APPLICATION_ID 0x5473754D
/* One more with every change of the tables, be it a word of a comment inside a statement: files of another version are
 * refused. tests/unit/test_store.c knows the tables of each. */
#define STORE_VERSION 9

enum query {
#define Q(name, sql) QUERY_##name,
#include "analyst/store/queries.h"
#undef Q
	QUERIES
};

/* More rows than any table has. */
#define STORE_ROWS (INT64_C(1) << 48)

/* How members are written: entity * MEMBER_ROLES + role. */
#define MEMBER_ROLES 10
_Static_assert(ROLES <= MEMBER_ROLES, "a role is one digit");

/* Rows on their way in, as tables new_alert, new_verdict, new_entity, new_cast and new_incident. */
enum feed_name { FEED_ALERTS, FEED_VERDICTS, FEED_ENTITIES, FEED_CASTS, FEED_INCIDENTS, FEEDS };
#define ALERT_COLUMNS 15

/* Counts and sums over the truth that do not depend on the order of import. */
struct truth {
	int64_t alerts, claims, telemetry;
	uint64_t alert_sum, claim_sum, telemetry_sum;
};

/* A block of raw records, unpacked: the next one asked for is often in the same. */
struct raw_block {
	int64_t source, offset;
	char *bytes;
	size_t size;
};

struct names;    /* interned rules, entities and casts; names.h */
struct numbers;  /* row ids of the week's numbers; loading.h */
struct blocks;   /* alerts as they were loaded before; blocks.h */

struct store {
	sqlite3 *db;
	char *path;
	enum store_mode mode;
	sqlite3_stmt *ready[QUERIES];
	struct feed feeds[FEEDS];
	struct names *names;      /* while importing, else NULL */
	struct numbers *numbers;  /* of the week loaded last, or NULL */
	struct truth loaded;      /* the truth that week was made of */
	struct arena *cited;      /* holds sources, for evidence; NULL until asked for */
	const struct source_row *sources;
	size_t source_count;
	struct raw_block block;   /* unpacked last */
	struct blocks *fresh;     /* made by loading, to be kept by store_keep_week; or NULL */
	bool ask_rows;            /* weeks are loaded from the alerts' own rows only */
	bool blocks_differ;       /* then: what is packed is not what the rows say */
	bool snapshot;            /* a read transaction is open and stays so */
	bool unused;              /* the file is of this handle's making, and nothing was committed to it */
};

/* Sets the fault to what SQLite just complained of, in words. Returns -1. */
int store_fault(struct store *st, struct fault *f);
/* Says what of the file cannot be read, or is missing. Returns -1. */
int store_damaged(const struct store *st, const char *what, struct fault *f);

/* The query, prepared once and reset; NULL with a fault when it cannot be. */
sqlite3_stmt *store_query(struct store *st, enum query q, struct fault *f);
/* Runs statements that return nothing. */
int store_exec(struct store *st, const char *sql, struct fault *f);
/* Steps a statement that returns no rows and resets it. */
int store_done(struct store *st, sqlite3_stmt *q, struct fault *f);
/* Runs the query, which reads this feed; nothing for one without rows. */
int store_feed(struct store *st, enum feed_name which, enum query query, struct feed feed, struct fault *f);
/* The same where SQLite gives out the ids: a fault unless they go up to `last`. */
int store_feed_up_to(int64_t last, struct store *st, enum feed_name which, enum query query, struct feed feed, struct fault *f);
/* 1 a row, 0 the end, -1 a fault. */
int store_row(struct store *st, sqlite3_stmt *q, struct fault *f);

/* Bind by name. A name that the query lacks ends the program in tests: it is our mistake. */
void bind_int(sqlite3_stmt *q, const char *name, int64_t value);
void bind_int_or_null(sqlite3_stmt *q, const char *name, int64_t value, int64_t null);
void bind_blob(sqlite3_stmt *q, const char *name, const void *bytes, size_t n);     /* lent until the next step */
void bind_text(sqlite3_stmt *q, const char *name, const char *value);   /* NULL binds NULL */

/* A content hash, as alerts keep it; a fault when it is not of CONTENT_BYTES. */
int column_content(struct content *out, struct store *st, sqlite3_stmt *q, int column, struct fault *f);

int64_t column_int_or(sqlite3_stmt *q, int column, int64_t null);
/* Lent until the next step, or NULL. */
const char *column_text(sqlite3_stmt *q, int column);
char *column_dup(sqlite3_stmt *q, int column, struct arena *arena);     /* NULL stays NULL */

/* The id of the row that was read, its first column, behind which rows go on; a fault where no number is left. */
int store_last_id(int64_t *last, struct store *st, sqlite3_stmt *q, struct fault *f);

/* From here on everything read belongs to one state of the file, until the next write or
 * the next snapshot. A handle opened to read has one snapshot for its whole life. */
int store_snapshot(struct store *st, struct fault *f);
/* A transaction that writes; ends a snapshot. Rollback accepts that none is open. */
int store_begin(struct store *st, struct fault *f);
int store_commit(struct store *st, struct fault *f);
void store_rollback(struct store *st);

/* What an alert adds to alert_sum. */
static inline uint64_t truth_of_alert(const struct content *c)
{
	return c->key ^ c->key2 << 1;
}
int store_truth(struct truth *out, struct store *st, struct fault *f);
bool truth_equal(const struct truth *a, const struct truth *b);
/* The truth that the analysis which is kept was made of. 1, or 0 when none is kept; -1. */
int store_analysed_truth(struct truth *out, struct store *st, struct fault *f);

/* schema.c */
int schema_create(sqlite3 *db);                    /* an SQLite result */
/* 1 when the tables are exactly ours, 0 when not, -1 when they cannot be read. */
int schema_matches(sqlite3 *db);

void numbers_free(struct numbers *n);              /* accepts NULL */
void blocks_free(struct blocks *b);                /* accepts NULL */

/* The last component of a file's name: what readers of a report may see of it. */
const char *base_name(const char *path);

#endif
