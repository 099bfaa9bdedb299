/* Alerts on their way in: a run of them is named, written together, and what was there already met. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyst/store/intaking.h"

/* Contents met more than once in this file. Beyond this many the table starts anew, and
 * the next free number of a content is found by asking the case file again. */
#define REPEATS_KEPT 250000

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

/* What records that are told apart by their number have in common. The same bytes may tell another time further down, where a
 * log names no year. */
struct alike {
	struct content content;
	instant at;
};

static struct alike alike_of(const struct incoming *r)
{
	return (struct alike){ r->first, r->a->at };
}

static int64_t times_met(const struct intake *in, const struct incoming *r)
{
	struct alike key = alike_of(r);
	uint32_t id = intern_count(in->repeats) == 0 ? INTERN_NONE : intern_find(in->repeats, &key, sizeof(key));

	return id == INTERN_NONE ? 0 : in->met[id];
}

/* Between two runs only: within one, numbers follow each other. */
static void bound_repeats(struct intake *in)
{
	if (intern_count(in->repeats) < REPEATS_KEPT)
		return;
	intern_free(in->repeats);
	in->repeats = intern_new();
}

/* At least so often. */
static void set_times_met(struct intake *in, const struct incoming *r, int64_t times)
{
	struct alike key = alike_of(r);
	bool fresh;
	uint32_t id = intern_put(in->repeats, &key, sizeof(key), &fresh);

	if (id >= in->met_room) {
		in->met_room = in->met_room > 0 ? in->met_room * 2 : 256;
		in->met = must_grow(in->met, in->met_room, sizeof(*in->met));
	}
	if (fresh || times > in->met[id])
		in->met[id] = times;
}

static void set_number(struct intake *in, struct incoming *r, int64_t number)
{
	r->number = number;
	r->key = content_again(in, &r->first, number);
	content_bytes(r->bytes, &r->key);
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

/* Half of the bytes for most ids. Only what comes back as the same text: no sign, no zero in front, no more digits than fit. */
static void give_id(sqlite3_context *out, const char *s)
{
	int64_t number = 0;
	size_t n = 0;

	for (; s != NULL && s[n] >= '0' && s[n] <= '9' && n < 18; n++)
		number = number * 10 + (s[n] - '0');
	if (n > 0 && s[n] == '\0' && (s[0] != '0' || n == 1))
		sqlite3_result_int64(out, number);
	else
		give_text(out, s);
}

/* In the order of QUERY_ALERTS_NEW. */
static void alert_column(const void *rows, size_t row, int column, sqlite3_context *out)
{
	const struct intake *in = rows;
	const struct incoming *r = in->writing[row];
	const struct alert *a = r->a;

	switch (column) {
	case 0: sqlite3_result_int64(out, a->at); break;
	case 1: sqlite3_result_blob(out, r->bytes, CONTENT_BYTES, SQLITE_STATIC); break;
	case 2: give_int(out, a->until > a->at ? a->until : a->at, a->at); break;
	case 3: sqlite3_result_int64(out, r->at.line); break;
	case 4: sqlite3_result_int64(out, r->at.offset); break;
	case 5: sqlite3_result_int64(out, r->at.length); break;
	case 6: sqlite3_result_int64(out, r->verdict); break;
	case 7: sqlite3_result_int64(out, r->cast); break;
	case 8:
		if (a->score >= 0)
			sqlite3_result_double(out, a->score);
		break;
	case 9: give_int(out, a->bytes_out, -1); break;
	case 10: give_int(out, a->bytes_in, -1); break;
	case 11: give_int(out, a->count, 1); break;
	case 12: give_int(out, a->reported, INSTANT_NONE); break;
	case 13: give_id(out, a->native_id); break;
	default: give_text(out, a->title); break;
	}
}

/* A stream shows only at its end that it corrects what was read before. */
static bool overrides_others(const struct intake *in)
{
	return in->file->settle == NULL && in->file->sha256[0] == '\0' && in->file->insisted != NULL && in->file->insisted[0] != '\0';
}

/* What QUERY_ALERTS_NEW_PLAIN leaves out. */
static bool is_plain(const struct alert *a)
{
	return a->until <= a->at && a->score < 0 && a->count == 1 && a->reported == INSTANT_NONE && a->title == NULL;
}

static enum query way_in(const struct intake *in, struct incoming *const *rows, size_t count)
{
	if (in->again || overrides_others(in))
		return QUERY_ALERTS_AGAIN;
	for (size_t i = 0; i < count; i++)
		if (!is_plain(rows[i]->a))
			return QUERY_ALERTS_NEW;
	return QUERY_ALERTS_NEW_PLAIN;
}

static int write_alerts(struct intake *in, struct incoming **rows, size_t count, struct fault *f)
{
	sqlite3_stmt *q;
	int rc;

	if (count == 0)
		return 0;
	if ((q = store_query(in->st, way_in(in, rows, count), f)) == NULL)
		return -1;
	bind_int(q, ":source", in->source);
	in->writing = rows;
	in->st->feeds[FEED_ALERTS] = (struct feed){ alert_column, in, count, 0 };
	rc = store_done(in->st, q, f);
	in->writing = NULL;
	return rc;
}

void intake_row_written(void *ctx, int what, const char *database, const char *table, sqlite3_int64 row)
{
	struct intake *in = ctx;

	(void)database, (void)row;
	if (strcmp(table, "alert") != 0)
		return;
	if (what != SQLITE_INSERT)
		in->corrected = true;
	else if (in->writing != NULL)
		in->writing[in->st->feeds[FEED_ALERTS].current]->written = true;
}

enum outcome { OUTCOME_NEW, OUTCOME_REPEATED, OUTCOME_SAME_PLACE, OUTCOME_TAKEN };

/* The alert is there with this very key: in another file, at this very place, or as an
 * earlier equal record of this file. Returns an outcome or -1. */
static int meet(struct intake *in, const struct incoming *r, struct fault *f)
{
	const struct place *at = &r->at;
	sqlite3_stmt *q = store_query(in->st, QUERY_ALERT_BY_KEY, f);
	int64_t alert, source, offset;

	if (q == NULL)
		return -1;
	bind_int(q, ":at", r->a->at);
	bind_blob(q, ":key", r->bytes, CONTENT_BYTES);
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

/* The content was there with this number. Finds the first one from there on that the file has not used yet, and writes the
 * alert under it unless another file did. */
static int put_again(struct intake *in, struct incoming *r, struct fault *f)
{
	int outcome;

	while ((outcome = r->written ? OUTCOME_NEW : meet(in, r, f)) == OUTCOME_TAKEN) {
		set_number(in, r, r->number + 1);
		if (write_alerts(in, &r, 1, f) < 0)
			return -1;
	}
	return outcome;
}

static int settle_row(struct intake *in, struct incoming *r, struct fault *f)
{
	bool first = r->written && r->number == 0;
	int outcome = r->written ? OUTCOME_NEW : put_again(in, r, f);

	if (outcome < 0)
		return -1;
	if (!first)
		set_times_met(in, r, r->number + 1);
	if (outcome == OUTCOME_NEW) {
		in->truth.alerts++;
		in->truth.alert_sum += truth_of_alert(&r->key);
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
			if ((rows[i].verdict = names_verdict(in->st, alerts[i] = rows[i].a, f)) < 0)
				return -1;
		if (names_casts(casts, in->st, alerts, n, f) < 0)
			return -1;
		for (size_t i = 0; i < n; i++)
			rows[i].cast = casts[i];
	}
	return 0;
}

/* ---- a run of them ---- */

/* Places for the contents of a run, by their first bits; 0 is free. */
#define SLOTS (4 * RUN_MOST)

static bool are_alike(const struct incoming *a, const struct incoming *b)
{
	return memcmp(&a->first, &b->first, sizeof(a->first)) == 0 && a->a->at == b->a->at;
}

/* Tells those that are the first of their kind in the run from the others. Returns how many are first. */
static size_t split_run(struct intake *in, size_t count)
{
	uint16_t slots[SLOTS] = {0};
	size_t firsts = 0, others = 0;

	for (size_t i = 0; i < count; i++) {
		struct incoming *r = &in->run[i];
		size_t at = r->first.key % SLOTS;

		while (slots[at] != 0 && !are_alike(&in->run[slots[at] - 1], r))
			at = (at + 1) % SLOTS;
		if (slots[at] != 0) {
			in->others[others++] = r;
			continue;
		}
		slots[at] = (uint16_t)(i + 1);
		in->firsts[firsts++] = r;
	}
	return firsts;
}

static int write_rows(struct intake *in, struct incoming **rows, size_t count, struct fault *f)
{
	if (write_alerts(in, rows, count, f) < 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		if (settle_row(in, rows[i], f) < 0)
			return -1;
	return 0;
}

/* Those that have an equal one before them in the run: that has its number by now, and theirs follow. */
static int write_others(struct intake *in, size_t count, struct fault *f)
{
	for (size_t i = 0; i < count; i++) {
		struct incoming *r = in->others[i];
		int64_t before = times_met(in, r);

		set_number(in, r, before > 0 ? before : 1);
		set_times_met(in, r, r->number + 1);
	}
	return write_rows(in, in->others, count, f);
}

int intake_write_run(struct intake *in, struct fault *f)
{
	size_t count = in->run_count, firsts;

	in->run_count = 0;
	if (count == 0)
		return 0;
	if (name_run(in, count, f) < 0 || names_flush(in->st, f) < 0)
		return -1;
	bound_repeats(in);
	firsts = split_run(in, count);
	for (size_t i = 0; i < firsts; i++)
		set_number(in, in->firsts[i], times_met(in, in->firsts[i]));
	return write_rows(in, in->firsts, firsts, f) < 0 || write_others(in, count - firsts, f) < 0 ? -1 : 0;
}

int intake_flush(struct intake *in, struct fault *f)
{
	if (intake_write_run(in, f) < 0)
		return -1;
	names_forget_numbers(in->st);
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
	if ((in->run_count == RUN_MOST && intake_write_run(in, f) < 0) || intake_record_begins(in, at, f) < 0)
		return -1;
	in->run[in->run_count++] = (struct incoming){ .a = a, .at = *at, .first = *content };
	if (in->first == INSTANT_NONE || a->at < in->first)
		in->first = a->at;
	if (in->last == INSTANT_NONE || a->at > in->last)
		in->last = a->at;
	return 0;
}
