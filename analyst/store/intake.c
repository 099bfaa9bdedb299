/* The import side of the case file: records in, batches committed with their progress. */
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyst/base/intern.h"
#include "analyst/store/cells.h"
#include "analyst/store/names.h"

/* A batch starts small, so that a short file or a slow stream is durable soon, and doubles
 * up to where a commit costs nothing beside its rows (PERFORMANCE.md 8.5). */
#define BATCH_FIRST 1000
#define BATCH_LAST 65536
/* How far a batch may grow while the hash of its file is being made. */
#define BATCH_MOST (1 << 20)
/* A stream that trickles must not keep other writers waiting. */
#define BATCH_NANOSECONDS INT64_C(1000000000)
/* Contents met more than once in this file. Beyond this many the table starts anew, and
 * the next free number of a content is found by asking the case file again. */
#define REPEATS_KEPT 250000

/* Alerts that go into the table together. */
#define RUN_MOST 1024

struct incoming {
	const struct alert *a;
	struct place at;
	struct content first, key;   /* key: with its number, where it is a repeat */
	int64_t rule, cast;
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
	int64_t in_batch, batch, began;
	int64_t counted, durable;    /* records of this run */
	struct hasher *hasher;
	struct intern *repeats;      /* content -> how often it was met in this file */
	int64_t *met;
	struct cells *cells;         /* telemetry of the open batch */
	size_t met_room;
	struct incoming run[RUN_MOST];
	size_t run_count;
	struct incoming *writing;    /* the rows of the statement that runs, or NULL */
};

struct hasher {
	EVP_MD *sha256;
	EVP_MD_CTX *digest;
};

/* ---- batches ---- */

static int batch_open(struct intake *in, struct fault *f)
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

static int batch_commit(struct intake *in, bool done, struct fault *f)
{
	if (intake_flush(in, f) < 0 || cells_write(in->cells, in->st, in->source, f) < 0 || write_progress(in, done, f) < 0 ||
	    write_truth(in, f) < 0 || store_commit(in->st, f) < 0)
		return -1;
	in->open = false;
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

/* Every record that is kept passes here first. A batch ends between two records, never between the
 * pieces of one, so that going on behind it loses nothing. */
static int record_begins(struct intake *in, const struct place *at, struct fault *f)
{
	if (in->open && in->in_batch > 0 && at->offset != in->start && batch_is_full(in)) {
		int rc = settle(in, in->in_batch >= BATCH_MOST, f);

		if (rc < 0 || (rc > 0 && batch_commit(in, false, f) < 0))
			return -1;
	}
	if (!in->open && batch_open(in, f) < 0)
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

static void read_tally(struct tally *t, sqlite3_stmt *q, int column)
{
	t->imported = sqlite3_column_int64(q, column);
	t->repeated = sqlite3_column_int64(q, column + 1);
	t->rejected = sqlite3_column_int64(q, column + 2);
	t->blank = sqlite3_column_int64(q, column + 3);
	t->alerts = sqlite3_column_int64(q, column + 4);
	t->indicators = sqlite3_column_int64(q, column + 5);
	t->read = t->imported + t->repeated + t->rejected + t->blank;
}

static int run_on_source(struct intake *in, enum query which, struct fault *f)
{
	sqlite3_stmt *q = store_query(in->st, which, f);

	if (q == NULL)
		return -1;
	bind_int(q, ":id", in->source);
	return store_done(in->st, q, f);
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
	if (store_done(in->st, q, f) < 0)
		return -1;
	in->source = sqlite3_last_insert_rowid(in->st->db);
	return 0;
}

/* Of several names of one content the smallest is kept, whatever the order. */
static int keep_name(struct intake *in, const char *old, struct fault *f)
{
	sqlite3_stmt *q;

	if (strcmp(in->file->name, old) >= 0)
		return 0;
	if ((q = store_query(in->st, QUERY_SOURCE_RENAME, f)) == NULL)
		return -1;
	bind_text(q, ":name", in->file->name);
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

/* 1: the file is in whole; 0: a new or unfinished one, in->source is set. */
static int find_source(struct intake *in, struct fault *f)
{
	sqlite3_stmt *q;
	char *old;
	int row, done;

	if (in->file->settle != NULL && in->file->sha256[0] == '\0') {
		if ((row = is_new_by_size(in, f)) != 0)
			return row < 0 ? -1 : new_source(in, f);
		if (settle(in, true, f) < 0)
			return -1;
	}
	if ((q = store_query(in->st, QUERY_SOURCE_BY_CONTENT, f)) == NULL)
		return -1;
	bind_text(q, ":sha256", in->file->sha256);
	bind_text(q, ":format", in->file->format);
	if ((row = store_row(in->st, q, f)) <= 0)
		return row < 0 ? -1 : new_source(in, f);
	in->source = sqlite3_column_int64(q, 0);
	done = sqlite3_column_int(q, 1) != 0;
	in->offset = sqlite3_column_int64(q, 2);
	in->line = sqlite3_column_int64(q, 3);
	read_tally(&in->tally, q, 4);
	in->first = column_int_or(q, 10, INSTANT_NONE);
	in->last = column_int_or(q, 11, INSTANT_NONE);
	old = strdup(column_text(q, 12));
	sqlite3_reset(q);
	row = old != NULL ? keep_name(in, old, f) : fault_set(f, FAULT_MEMORY, "out of memory");
	free(old);
	return row < 0 ? -1 : done && !(in->file->retry && in->tally.rejected > 0);
}

/* SQLite tells which rows of a run went in: those that were there already it passes over. */
static void row_written(void *ctx, int what, const char *database, const char *table, sqlite3_int64 row)
{
	struct intake *in = ctx;

	(void)database, (void)row;
	if (what == SQLITE_INSERT && in->writing != NULL && strcmp(table, "alert") == 0)
		in->writing[in->st->feeds[FEED_ALERTS].current].written = true;
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
	sqlite3_update_hook(st->db, row_written, in);
	if (hasher_new(&in->hasher, f) < 0 || batch_open(in, f) < 0 || (known = find_source(in, f)) < 0) {
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

/* Takes back what the source said of indicators and assets. */
static int forget_claims(struct intake *in, struct fault *f)
{
	sqlite3_stmt *q = store_query(in->st, QUERY_CLAIM_SUMS, f);
	int row;

	if (q == NULL)
		return -1;
	bind_int(q, ":id", in->source);
	while ((row = store_row(in->st, q, f)) > 0) {
		in->truth.claims--;
		in->truth.claim_sum -= (uint64_t)sqlite3_column_int64(q, 0);
	}
	if (row < 0 || run_on_source(in, QUERY_SOURCE_FORGET_CLAIMS, f) < 0)
		return -1;
	return run_on_source(in, QUERY_SOURCE_FORGET_ASSETS, f);
}

/* Takes back what of its telemetry is in. */
static int forget_telemetry(struct intake *in, struct fault *f)
{
	sqlite3_stmt *q = store_query(in->st, QUERY_TELEMETRY_SUMS, f);
	int row;

	if (q == NULL || cells_write(in->cells, in->st, in->source, f) < 0)
		return -1;
	bind_int(q, ":id", in->source);
	while ((row = store_row(in->st, q, f)) > 0) {
		in->truth.telemetry -= sqlite3_column_int64(q, 0);
		in->truth.telemetry_sum -= (uint64_t)sqlite3_column_int64(q, 1);
	}
	return row < 0 ? -1 : run_on_source(in, QUERY_SOURCE_FORGET_TELEMETRY, f);
}

int intake_from_start(struct intake *in, struct fault *f)
{
	if ((!in->open && batch_open(in, f) < 0) || intake_flush(in, f) < 0)
		return -1;
	if (forget_claims(in, f) < 0 || forget_telemetry(in, f) < 0 ||
	    run_on_source(in, QUERY_SOURCE_FORGET_REJECTS, f) < 0)
		return -1;
	memset(&in->tally, 0, sizeof(in->tally));
	in->offset = in->line = 0;
	in->again = true;
	return 0;
}

/* A stream turns out to be a file that is in already: leave no trace of it. 1 when so. */
static int forget_repetition(struct intake *in, struct fault *f)
{
	sqlite3_stmt *q = store_query(in->st, QUERY_SOURCE_BY_CONTENT, f);
	int row;
	int64_t id;
	bool done;

	if (q == NULL)
		return -1;
	bind_text(q, ":sha256", in->file->sha256);
	bind_text(q, ":format", in->file->format);
	if ((row = store_row(in->st, q, f)) <= 0)
		return row;
	id = sqlite3_column_int64(q, 0);
	done = sqlite3_column_int(q, 1) != 0;
	sqlite3_reset(q);
	if (id == in->source || !done || in->tally.imported > 0)
		return 0;
	if (forget_claims(in, f) < 0 || forget_telemetry(in, f) < 0 ||
	    run_on_source(in, QUERY_SOURCE_FORGET_MENTIONS, f) < 0 ||
	    run_on_source(in, QUERY_SOURCE_FORGET_REJECTS, f) < 0 ||
	    run_on_source(in, QUERY_SOURCE_FORGET_RAW, f) < 0 || run_on_source(in, QUERY_SOURCE_FORGET, f) < 0)
		return -1;
	return 1;
}

int intake_finish(struct intake *in, struct tally *tally, struct fault *f)
{
	int forgotten;

	in->tally.blank += in->blanks;
	in->blanks = 0;
	if (intake_flush(in, f) < 0 || settle(in, true, f) < 0 || (!in->open && batch_open(in, f) < 0) || (forgotten = forget_repetition(in, f)) < 0 ||
	    batch_commit(in, true, f) < 0) {
		intake_abandon(in);
		return -1;
	}
	*tally = in->tally;
	tally->read = tally->imported + tally->repeated + tally->rejected + tally->blank;
	intake_free(in);
	return 0;
}

int64_t intake_durable(const struct intake *in)
{
	return in->durable;
}

int64_t intake_taken(const struct intake *in)
{
	return in->counted;
}

/* ---- records ---- */

static uint64_t first_bytes(const unsigned char *p)
{
	uint64_t v = 0;

	for (int i = 0; i < 8; i++)
		v = v << 8 | p[i];
	return v;
}

int hasher_new(struct hasher **out, struct fault *f)
{
	struct hasher *h = must_alloc(sizeof(*h));

	h->sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
	h->digest = EVP_MD_CTX_new();
	if (h->sha256 == NULL || h->digest == NULL) {
		hasher_free(h);
		return fault_set(f, FAULT_MEMORY, "SHA-256 is not to be had from libcrypto");
	}
	*out = h;
	return 0;
}

void hasher_free(struct hasher *h)
{
	if (h == NULL)
		return;
	EVP_MD_CTX_free(h->digest);
	EVP_MD_free(h->sha256);
	free(h);
}

static void digest_begin(struct hasher *h)
{
	EVP_DigestInit_ex2(h->digest, h->sha256, NULL);
}

static struct content digest_end(struct hasher *h)
{
	unsigned char hash[EVP_MAX_MD_SIZE];

	EVP_DigestFinal_ex(h->digest, hash, NULL);
	return (struct content){ first_bytes(hash), first_bytes(hash + 8) };
}

static void digest_add(struct hasher *h, const char *s)
{
	/* With the NUL, which tells the parts apart. */
	if (s != NULL)
		EVP_DigestUpdate(h->digest, s, strlen(s) + 1);
	else
		EVP_DigestUpdate(h->digest, "", 1);
}

struct content hasher_content(struct hasher *h, const char *format, const char *tenant, const char *bytes, size_t n)
{
	digest_begin(h);
	digest_add(h, format);
	digest_add(h, tenant);
	EVP_DigestUpdate(h->digest, bytes, n);
	return digest_end(h);
}

/* The same content met for the (k + 1)th time in one file: logs whose clock ticks in whole
 * seconds hold hundreds of equal lines, and each is an alert. */
static struct content content_again(struct intake *in, const struct content *first, int64_t k)
{
	char number[64];

	if (k == 0)
		return *first;
	snprintf(number, sizeof(number), "%016llx%016llx %lld", (unsigned long long)first->key,
	         (unsigned long long)first->key2, (long long)k);
	digest_begin(in->hasher);
	digest_add(in->hasher, number);
	return digest_end(in->hasher);
}

static int64_t times_met(const struct intake *in, const struct content *c)
{
	uint32_t id = intern_find(in->repeats, c, sizeof(*c));

	return id == INTERN_NONE ? 0 : in->met[id];
}

static void set_times_met(struct intake *in, const struct content *c, int64_t times)
{
	uint32_t id;

	if (intern_count(in->repeats) >= REPEATS_KEPT) {
		intern_free(in->repeats);
		in->repeats = intern_new();
	}
	id = intern_put(in->repeats, c, sizeof(*c), NULL);
	if (id >= in->met_room) {
		in->met_room = in->met_room > 0 ? in->met_room * 2 : 256;
		in->met = must_grow(in->met, in->met_room, sizeof(*in->met));
	}
	in->met[id] = times;
}

static void give_int(sqlite3_context *out, int64_t v, int64_t null)
{
	if (v != null)
		sqlite3_result_int64(out, v);
}

static void give_text(sqlite3_context *out, const char *s)
{
	if (s != NULL)
		sqlite3_result_text(out, s, -1, SQLITE_STATIC);
}

/* In the order of QUERY_ALERTS_NEW. */
static void alert_column(const void *rows, size_t row, int column, sqlite3_context *out)
{
	const struct intake *in = rows;
	const struct incoming *r = &in->writing[row];
	const struct alert *a = r->a;

	switch (column) {
	case 0: sqlite3_result_int64(out, a->at); break;
	case 1: sqlite3_result_int64(out, (int64_t)r->key.key); break;
	case 2: sqlite3_result_int64(out, (int64_t)r->key.key2); break;
	case 3: give_int(out, a->until > a->at ? a->until : a->at, a->at); break;
	case 4: sqlite3_result_int64(out, in->source); break;
	case 5: sqlite3_result_int64(out, r->at.line); break;
	case 6: sqlite3_result_int64(out, r->at.offset); break;
	case 7: sqlite3_result_int64(out, r->at.length); break;
	case 8: sqlite3_result_int64(out, r->rule); break;
	case 9: sqlite3_result_int64(out, r->cast); break;
	case 10: sqlite3_result_int(out, a->kind); break;
	case 11: sqlite3_result_int(out, (int)a->severity); break;
	case 12: sqlite3_result_int(out, (int)a->action); break;
	case 13: give_int(out, a->confidence, -1); break;
	case 14:
		if (a->score >= 0)
			sqlite3_result_double(out, a->score);
		break;
	case 15: give_int(out, a->bytes_out, -1); break;
	case 16: give_int(out, a->bytes_in, -1); break;
	case 17: give_int(out, a->count, 1); break;
	case 18: give_int(out, a->reported, INSTANT_NONE); break;
	case 19: sqlite3_result_int(out, (int)a->zone); break;
	case 20: give_text(out, a->severity_native); break;
	case 21: give_text(out, a->native_id); break;
	default: give_text(out, a->title); break;
	}
}

static int write_alerts(struct intake *in, struct incoming *rows, size_t count, struct fault *f)
{
	sqlite3_stmt *q = store_query(in->st, QUERY_ALERTS_NEW, f);
	int rc;

	if (q == NULL)
		return -1;
	in->writing = rows;
	in->st->feeds[FEED_ALERTS] = (struct feed){ alert_column, in, count, 0 };
	rc = store_done(in->st, q, f);
	in->writing = NULL;
	return rc;
}

enum outcome { OUTCOME_NEW, OUTCOME_REPEATED, OUTCOME_SAME_PLACE, OUTCOME_TAKEN };

/* The alert is there with this very key: in another file, at this very place, or as an
 * earlier equal record of this file. Returns an outcome or -1. */
static int meet(struct intake *in, const struct alert *a, const struct content *key,
                const struct place *at, struct fault *f)
{
	sqlite3_stmt *q = store_query(in->st, QUERY_ALERT_BY_KEY, f);
	int64_t alert, source, offset;

	if (q == NULL)
		return -1;
	bind_int(q, ":at", a->at);
	bind_int(q, ":key", (int64_t)key->key);
	bind_int(q, ":key2", (int64_t)key->key2);
	if (store_row(in->st, q, f) <= 0)
		return -1;
	alert = sqlite3_column_int64(q, 0);
	source = sqlite3_column_int64(q, 1);
	offset = sqlite3_column_int64(q, 2);
	sqlite3_reset(q);
	if (source == in->source)
		return offset == at->offset ? OUTCOME_SAME_PLACE : OUTCOME_TAKEN;

	if ((q = store_query(in->st, QUERY_MENTION_NEW, f)) == NULL)
		return -1;
	bind_int(q, ":alert", alert);
	bind_int(q, ":source", in->source);
	bind_int(q, ":line", at->line);
	bind_int(q, ":offset", at->offset);
	bind_int(q, ":length", at->length);
	if (store_done(in->st, q, f) < 0)
		return -1;
	if (sqlite3_changes(in->st->db) > 0)
		return OUTCOME_REPEATED;
	if ((q = store_query(in->st, QUERY_MENTION_OFFSET, f)) == NULL)
		return -1;
	bind_int(q, ":alert", alert);
	bind_int(q, ":source", in->source);
	if (store_row(in->st, q, f) <= 0)
		return -1;
	offset = sqlite3_column_int64(q, 0);
	sqlite3_reset(q);
	return offset == at->offset ? OUTCOME_REPEATED : OUTCOME_TAKEN;
}

/* The content was there. Finds the first number of it that the file has not used yet, and
 * writes the alert under it unless another file did. */
static int put_again(struct intake *in, struct incoming *r, struct fault *f)
{
	int64_t k = times_met(in, &r->first);
	int outcome;

	for (;; k++) {
		r->key = content_again(in, &r->first, k);
		r->written = false;
		/* The first number was just tried for all of the run. */
		if (k > 0 && write_alerts(in, r, 1, f) < 0)
			return -1;
		outcome = r->written ? OUTCOME_NEW : meet(in, r->a, &r->key, &r->at, f);
		if (outcome != OUTCOME_TAKEN)
			break;
	}
	if (outcome >= 0)
		set_times_met(in, &r->first, k + 1);
	return outcome;
}

static int settle_row(struct intake *in, struct incoming *r, struct fault *f)
{
	int outcome = r->written ? OUTCOME_NEW : put_again(in, r, f);

	if (outcome < 0)
		return -1;
	if (outcome == OUTCOME_NEW) {
		in->truth.alerts++;
		in->truth.alert_sum += r->key.key ^ r->key.key2 << 1;
	}
	if (outcome == OUTCOME_NEW || (outcome == OUTCOME_SAME_PLACE && in->again)) {
		in->tally.imported++;
		in->tally.alerts++;
	} else {
		in->tally.repeated++;
	}
	return 0;
}

static int name_run(struct intake *in, size_t count, struct fault *f)
{
	for (size_t from = 0; from < count; from += NAMES_GROUP) {
		size_t n = count - from < NAMES_GROUP ? count - from : NAMES_GROUP;
		struct incoming *rows = in->run + from;
		const struct alert *alerts[NAMES_GROUP];
		int64_t casts[NAMES_GROUP];

		for (size_t i = 0; i < n; i++)
			if ((rows[i].rule = names_rule(in->st, &(alerts[i] = rows[i].a)->rule, f)) < 0)
				return -1;
		if (names_casts(casts, in->st, alerts, n, f) < 0)
			return -1;
		for (size_t i = 0; i < n; i++)
			rows[i].cast = casts[i];
	}
	return 0;
}

int intake_flush(struct intake *in, struct fault *f)
{
	size_t count = in->run_count;

	in->run_count = 0;
	if (count == 0)
		return 0;
	if (name_run(in, count, f) < 0 || names_flush(in->st, f) < 0 || write_alerts(in, in->run, count, f) < 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		if (settle_row(in, &in->run[i], f) < 0)
			return -1;
	return 0;
}

int intake_alert(struct intake *in, const struct alert *a, const struct place *at,
                 const char *bytes, size_t n, struct fault *f)
{
	struct content content = hasher_content(in->hasher, in->file->format, a->tenant, bytes, n);

	return intake_hashed_alert(in, a, at, &content, f) < 0 ? -1 : intake_flush(in, f);
}

int intake_hashed_alert(struct intake *in, const struct alert *a, const struct place *at,
                        const struct content *content, struct fault *f)
{
	if (a->at == INSTANT_NONE)
		return intake_reject(in, at, "the record states no time", f);
	if ((in->run_count == RUN_MOST && intake_flush(in, f) < 0) || record_begins(in, at, f) < 0)
		return -1;
	in->run[in->run_count++] = (struct incoming){ .a = a, .at = *at, .first = *content, .key = *content };
	if (in->first == INSTANT_NONE || a->at < in->first)
		in->first = a->at;
	if (in->last == INSTANT_NONE || a->at > in->last)
		in->last = a->at;
	return 0;
}

static uint64_t claim_hash(struct intake *in, const struct indicator *i)
{
	struct hasher *h = in->hasher;
	char numbers[160];

	snprintf(numbers, sizeof(numbers), "%d %d %lld %lld %lld %d", (int)i->kind, i->confidence,
	         (long long)i->first_seen, (long long)i->last_seen, (long long)i->valid_until, i->detect);
	digest_begin(h);
	digest_add(h, numbers);
	digest_add(h, i->value);
	digest_add(h, i->written);
	digest_add(h, i->context);
	digest_add(h, i->list);
	digest_add(h, i->tlp);
	digest_add(h, i->techniques);
	digest_add(h, i->why);
	return digest_end(h).key;
}

static int write_claim(struct intake *in, const struct indicator *i, int64_t indicator,
                       const struct place *at, struct fault *f)
{
	sqlite3_stmt *q = store_query(in->st, QUERY_CLAIM_NEW, f);
	uint64_t hash = claim_hash(in, i);

	if (q == NULL)
		return -1;
	bind_int(q, ":indicator", indicator);
	bind_int(q, ":source", in->source);
	bind_int(q, ":line", at->line);
	bind_int(q, ":offset", at->offset);
	bind_text(q, ":written", i->written);
	bind_text(q, ":context", i->context);
	bind_text(q, ":list", i->list);
	bind_text(q, ":tlp", i->tlp);
	bind_text(q, ":techniques", i->techniques);
	bind_int_or_null(q, ":confidence", i->confidence, -1);
	bind_int_or_null(q, ":first_seen", i->first_seen, INSTANT_NONE);
	bind_int_or_null(q, ":last_seen", i->last_seen, INSTANT_NONE);
	bind_int_or_null(q, ":valid_until", i->valid_until, INSTANT_NONE);
	bind_int(q, ":detect", i->detect);
	bind_text(q, ":why", i->why);
	bind_int(q, ":sum", (int64_t)hash);
	in->truth.claims++;
	in->truth.claim_sum += hash;
	return store_done(in->st, q, f);
}

/* 1 when this file has named the indicator before, in this run. */
static int claimed_here(struct intake *in, int64_t indicator, struct fault *f)
{
	sqlite3_stmt *q = store_query(in->st, QUERY_CLAIM_HERE, f);
	int row;

	if (q == NULL)
		return -1;
	bind_int(q, ":indicator", indicator);
	bind_int(q, ":source", in->source);
	row = store_row(in->st, q, f);
	sqlite3_reset(q);
	return row;
}

int intake_indicator(struct intake *in, const struct indicator *i, const struct place *at, struct fault *f)
{
	int64_t indicator, known, source = 0;
	int before = 1;

	if (record_begins(in, at, f) < 0)
		return -1;
	known = names_indicator_count(in->st);
	if ((indicator = names_indicator(in->st, i->kind, i->value, in->source, &source, f)) < 0)
		return -1;
	if (indicator > known)
		before = 0;
	else if (in->again && source == in->source && (before = claimed_here(in, indicator, f)) < 0)
		return -1;
	if (before == 0) {
		in->tally.imported++;
		in->tally.indicators++;
	} else {
		in->tally.repeated++;
	}
	return write_claim(in, i, indicator, at, f);
}

int intake_asset(struct intake *in, const struct asset *a, const struct place *at, struct fault *f)
{
	sqlite3_stmt *q;
	char numbers[40];
	uint64_t hash;

	if (record_begins(in, at, f) < 0 || (q = store_query(in->st, QUERY_ASSET_NEW, f)) == NULL)
		return -1;
	snprintf(numbers, sizeof(numbers), "asset %d %d", (int)a->kind, (int)a->criticality);
	digest_begin(in->hasher);
	digest_add(in->hasher, numbers);
	digest_add(in->hasher, a->value);
	digest_add(in->hasher, a->role);
	digest_add(in->hasher, a->owner);
	hash = digest_end(in->hasher).key;
	bind_int(q, ":source", in->source);
	bind_int(q, ":line", at->line);
	bind_int(q, ":offset", at->offset);
	bind_text(q, ":kind", table_name(asset_kinds, (int)a->kind));
	bind_text(q, ":value", a->value);
	bind_text(q, ":criticality", table_name(criticalities, (int)a->criticality));
	bind_text(q, ":role", a->role);
	bind_text(q, ":owner", a->owner);
	bind_int(q, ":sum", (int64_t)hash);
	in->truth.claims++;
	in->truth.claim_sum += hash;
	in->tally.imported++;
	return store_done(in->st, q, f);
}

int intake_raw(struct intake *in, int64_t offset, int64_t size, const void *packed, size_t n, struct fault *f)
{
	sqlite3_stmt *q;

	if (n == 0)
		return fault_set(f, FAULT_MEMORY, "the records cannot be packed");
	if ((!in->open && batch_open(in, f) < 0) || (q = store_query(in->st, QUERY_RAW_NEW, f)) == NULL)
		return -1;
	bind_int(q, ":source", in->source);
	bind_int(q, ":offset", offset);
	bind_int(q, ":size", size);
	sqlite3_bind_blob64(q, sqlite3_bind_parameter_index(q, ":packed"), packed, n, SQLITE_STATIC);
	return store_done(in->st, q, f);
}

int intake_telemetry(struct intake *in, const struct telemetry *t, const struct place *at, struct fault *f)
{
	if (record_begins(in, at, f) < 0)
		return -1;
	in->counted--;               /* nothing of it is kept that could be acknowledged */
	in->tally.blank++;
	in->truth.telemetry++;
	in->truth.telemetry_sum += t->sum;
	cells_add(in->cells, t);
	return cells_full(in->cells) ? cells_write(in->cells, in->st, in->source, f) : 0;
}

int intake_reject(struct intake *in, const struct place *at, const char *reason, struct fault *f)
{
	sqlite3_stmt *q;

	if (record_begins(in, at, f) < 0 || (q = store_query(in->st, QUERY_REJECT_NEW, f)) == NULL)
		return -1;
	bind_int(q, ":source", in->source);
	bind_int(q, ":line", at->line);
	bind_int(q, ":offset", at->offset);
	bind_text(q, ":reason", reason);
	in->tally.rejected++;
	return store_done(in->st, q, f);
}

void intake_blank(struct intake *in)
{
	in->blanks++;
}
