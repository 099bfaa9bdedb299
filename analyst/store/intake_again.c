/* Files that come again: found by their bytes, gone on with, counted anew, or read otherwise than before.
 *
 * The same bytes are one source, however they are read. Who reads a file again with another zone, encoding or map
 * corrects what was read first, so that goes: else every alert would be in twice, once wrong. Records that other files
 * hold, too, stay and are cited from there. */
#include <stdlib.h>
#include <string.h>

#include "analyst/store/intaking.h"

static int run_on_source(struct intake *in, enum query which, int64_t id, struct fault *f)
{
	sqlite3_stmt *q = store_query(in->st, which, f);

	if (q == NULL)
		return -1;
	bind_int(q, ":id", id);
	return store_done(in->st, q, f);
}

/* ---- found ---- */

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

static char *own_copy(const char *s)
{
	return strcpy(must_alloc(strlen(s) + 1), s);
}

/* Of its row, as it is there now. */
static int row_tally(struct tally *t, struct intake *in, struct fault *f)
{
	sqlite3_stmt *q = store_query(in->st, QUERY_SOURCE_TALLY, f);

	if (q == NULL)
		return -1;
	bind_int(q, ":id", in->source);
	if (store_row(in->st, q, f) <= 0)
		return -1;
	read_tally(t, q, 0);
	sqlite3_reset(q);
	return 0;
}

void source_found_free(struct source_found *was)
{
	free(was->name);
	free(was->format);
	free(was->reading);
}

int intake_find(struct source_found *was, struct intake *in, struct fault *f)
{
	sqlite3_stmt *q = store_query(in->st, QUERY_SOURCE_BY_CONTENT, f);
	int row;

	memset(was, 0, sizeof(*was));
	if (q == NULL)
		return -1;
	bind_text(q, ":sha256", in->file->sha256);
	bind_int(q, ":here", in->source);
	if ((row = store_row(in->st, q, f)) <= 0)
		return row;
	was->id = sqlite3_column_int64(q, 0);
	was->done = sqlite3_column_int(q, 1) != 0;
	was->offset = sqlite3_column_int64(q, 2);
	was->line = sqlite3_column_int64(q, 3);
	read_tally(&was->tally, q, 4);
	was->first = column_int_or(q, 10, INSTANT_NONE);
	was->last = column_int_or(q, 11, INSTANT_NONE);
	was->name = own_copy(column_text(q, 12));
	was->format = own_copy(column_text(q, 13));
	was->reading = own_copy(column_text(q, 14));
	sqlite3_reset(q);
	return 1;
}

/* Lines of "option=value" both. */
static bool has_line(const char *lines, const char *line, size_t n)
{
	for (const char *p = lines; *p != '\0'; p += strcspn(p, "\n"), p += *p == '\n')
		if (strcspn(p, "\n") == n && memcmp(p, line, n) == 0)
			return true;
	return false;
}

bool reading_contradicts(const char *reading, const char *insisted)
{
	size_t n;

	if (insisted == NULL)
		return false;
	for (const char *p = insisted; *p != '\0'; p += n, p += *p == '\n')
		if ((n = strcspn(p, "\n")) > 0 && !has_line(reading, p, n))
			return true;
	return false;
}

/* ---- forgotten ---- */

/* Takes back what the source said of indicators and assets. */
static int forget_claims(struct intake *in, int64_t id, struct fault *f)
{
	sqlite3_stmt *q = store_query(in->st, QUERY_CLAIM_SUMS, f);
	int row;

	if (q == NULL)
		return -1;
	bind_int(q, ":id", id);
	while ((row = store_row(in->st, q, f)) > 0) {
		in->truth.claims--;
		in->truth.claim_sum -= (uint64_t)sqlite3_column_int64(q, 0);
	}
	if (row < 0 || run_on_source(in, QUERY_SOURCE_FORGET_CLAIMS, id, f) < 0)
		return -1;
	return run_on_source(in, QUERY_SOURCE_FORGET_ASSETS, id, f);
}

/* Takes back what of its telemetry is in. */
static int forget_telemetry(struct intake *in, int64_t id, struct fault *f)
{
	sqlite3_stmt *q = store_query(in->st, QUERY_TELEMETRY_SUMS, f);
	int row;

	if (q == NULL || cells_write(in->cells, in->st, in->source, f) < 0)
		return -1;
	bind_int(q, ":id", id);
	while ((row = store_row(in->st, q, f)) > 0) {
		in->truth.telemetry -= sqlite3_column_int64(q, 0);
		in->truth.telemetry_sum -= (uint64_t)sqlite3_column_int64(q, 1);
	}
	return row < 0 ? -1 : run_on_source(in, QUERY_SOURCE_FORGET_TELEMETRY, id, f);
}

/* Its alerts; those that another file holds, too, are that one's from now on. */
static int forget_alerts(struct intake *in, int64_t id, struct fault *f)
{
	sqlite3_stmt *q;
	int row;

	if (run_on_source(in, QUERY_ALERTS_HANDED, id, f) < 0 || run_on_source(in, QUERY_ALERTS_HAND_OVER, id, f) < 0 ||
	    run_on_source(in, QUERY_MENTIONS_OF_OWN, id, f) < 0 || (q = store_query(in->st, QUERY_ALERT_SUMS, f)) == NULL)
		return -1;
	bind_int(q, ":id", id);
	while ((row = store_row(in->st, q, f)) > 0) {
		struct content c;

		if (column_content(&c, in->st, q, 0, f) < 0)
			return -1;
		in->truth.alerts--;
		in->truth.alert_sum -= truth_of_alert(&c);
	}
	return row < 0 ? -1 : run_on_source(in, QUERY_SOURCE_FORGET_ALERTS, id, f);
}

/* Indicators that it named first are those of the next list that does; 0 is nobody's. */
static int hand_over_indicators(struct intake *in, int64_t id, struct fault *f)
{
	if (run_on_source(in, QUERY_INDICATORS_HANDED, id, f) < 0 || run_on_source(in, QUERY_INDICATORS_HAND_OVER, id, f) < 0)
		return -1;
	names_free(in->st->names);
	in->st->names = NULL;
	return names_refresh(in->st, f);
}

static int forget_rest(struct intake *in, int64_t id, struct fault *f)
{
	return forget_claims(in, id, f) < 0 || forget_telemetry(in, id, f) < 0 ||
	       run_on_source(in, QUERY_SOURCE_FORGET_MENTIONS, id, f) < 0 ||
	       run_on_source(in, QUERY_SOURCE_FORGET_REJECTS, id, f) < 0 ?
	       -1 : run_on_source(in, QUERY_SOURCE_FORGET_RAW, id, f);
}

/* ---- read again ---- */

int intake_from_start(struct intake *in, struct fault *f)
{
	if ((!in->open && intake_batch_open(in, f) < 0) || intake_write_run(in, f) < 0)
		return -1;
	if (forget_claims(in, in->source, f) < 0 || forget_telemetry(in, in->source, f) < 0 ||
	    run_on_source(in, QUERY_SOURCE_FORGET_REJECTS, in->source, f) < 0)
		return -1;
	memset(&in->tally, 0, sizeof(in->tally));
	in->offset = in->line = 0;
	in->again = true;
	return 0;
}

/* The sums do not show what records are read as: that they are read otherwise has to show in them all the same, so that
 * what was concluded before is concluded anew. */
static void note_superseded(struct intake *in)
{
	digest_begin(in->hasher);
	digest_add(in->hasher, in->file->sha256);
	digest_add(in->hasher, in->file->format);
	digest_add(in->hasher, in->file->reading);
	in->truth.claim_sum += digest_end(in->hasher).key;
}

int intake_supersede(struct intake *in, int64_t id, struct fault *f)
{
	sqlite3_stmt *q;

	if (forget_alerts(in, id, f) < 0 || hand_over_indicators(in, id, f) < 0 || forget_rest(in, id, f) < 0 ||
	    (q = store_query(in->st, QUERY_SOURCE_READING, f)) == NULL)
		return -1;
	bind_int(q, ":id", id);
	bind_text(q, ":format", in->file->format);
	bind_text(q, ":reading", in->file->reading != NULL ? in->file->reading : "");
	note_superseded(in);
	in->again = in->supersedes = true;
	return store_done(in->st, q, f);
}

int intake_brought_something(const struct intake *in, struct fault *f)
{
	if (!in->supersedes || in->tally.rejected == 0 || in->tally.imported + in->tally.repeated > 0)
		return 0;
	return fault_set(f, FAULT_DATA, "nothing of it can be read with these options (%s); what was read of it before stays",
	                 in->complaint);
}

/* What the records of other sources that are this one's now add to its tally. */
static int with_handed(struct intake *in, int64_t id, struct fault *f)
{
	struct tally before, after;

	if (row_tally(&before, in, f) < 0 || intake_supersede(in, id, f) < 0 || row_tally(&after, in, f) < 0)
		return -1;
	in->tally.imported += after.imported - before.imported;
	in->tally.repeated += after.repeated - before.repeated;
	in->tally.alerts += after.alerts - before.alerts;
	in->tally.indicators += after.indicators - before.indicators;
	return 0;
}

int intake_settle_stream(struct intake *in, struct fault *f)
{
	struct source_found was;
	int row = intake_find(&was, in, f), rc = 0;

	if (row <= 0)
		return row;
	if (was.done && reading_contradicts(was.reading, in->file->insisted) && in->tally.imported + in->tally.repeated > 0)
		rc = with_handed(in, was.id, f) < 0 || run_on_source(in, QUERY_SOURCE_FORGET, was.id, f) < 0 ||
		     intake_rename(in, was.name, in->file->name, f) < 0 ? -1 : 0;
	else if (was.done && in->tally.imported == 0)
		rc = forget_rest(in, in->source, f) < 0 || run_on_source(in, QUERY_SOURCE_FORGET, in->source, f) < 0 ? -1 : 0;
	source_found_free(&was);
	return rc;
}
