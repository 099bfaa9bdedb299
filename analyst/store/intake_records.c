/* Indicators, assets, telemetry, rejects and raw blocks on their way in. */
#include <stdio.h>

#include "analyst/store/intaking.h"

static uint64_t claim_hash(struct intake *in, const struct indicator *i)
{
	struct hasher *h = in->hasher;
	char numbers[200];

	snprintf(numbers, sizeof(numbers), "%d %d %lld %lld %lld %d %lld %d", (int)i->kind, i->confidence,
	         (long long)i->first_seen, (long long)i->last_seen, (long long)i->valid_until, i->detect, (long long)i->stated,
	         i->withdrawn);
	digest_begin(h);
	digest_add(h, numbers);
	digest_add(h, i->value);
	digest_add(h, i->written);
	digest_add(h, i->context);
	digest_add(h, i->list);
	digest_add(h, i->tlp);
	digest_add(h, i->techniques);
	digest_add(h, i->why);
	digest_add(h, i->producer);
	digest_add(h, i->statement);
	return digest_end(h).key;
}

static uint64_t statement_hash(struct intake *in, const struct indicator *i)
{
	digest_begin(in->hasher);
	digest_add(in->hasher, i->producer);
	digest_add(in->hasher, i->statement);
	return digest_end(in->hasher).key;
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
	bind_text(q, ":producer", i->producer);
	if (i->statement != NULL)
		bind_int(q, ":statement", (int64_t)statement_hash(in, i));
	else
		bind_text(q, ":statement", NULL);
	bind_int_or_null(q, ":stated", i->stated, INSTANT_NONE);
	bind_int(q, ":withdrawn", i->withdrawn);
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

	if (intake_record_begins(in, at, f) < 0)
		return -1;
	known = names_indicator_count(in->st);
	if ((indicator = names_indicator(in->st, i->kind, i->value, in->source, &source, f)) < 0)
		return -1;
	if (indicator > known || source == 0)
		before = 0;
	else if (in->again && source == in->source && (before = claimed_here(in, indicator, f)) < 0)
		return -1;
	if (source == 0 && names_adopt(in->st, indicator, in->source, f) < 0)
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

	if (intake_record_begins(in, at, f) < 0 || (q = store_query(in->st, QUERY_ASSET_NEW, f)) == NULL)
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
	if ((!in->open && intake_batch_open(in, f) < 0) || (q = store_query(in->st, QUERY_RAW_NEW, f)) == NULL)
		return -1;
	bind_int(q, ":source", in->source);
	bind_int(q, ":offset", offset);
	bind_int(q, ":size", size);
	sqlite3_bind_blob64(q, sqlite3_bind_parameter_index(q, ":packed"), packed, n, SQLITE_STATIC);
	return store_done(in->st, q, f);
}

int intake_telemetry(struct intake *in, const struct telemetry *t, const struct place *at, struct fault *f)
{
	if (intake_record_begins(in, at, f) < 0)
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

	if (intake_record_begins(in, at, f) < 0 || (q = store_query(in->st, QUERY_REJECT_NEW, f)) == NULL)
		return -1;
	bind_int(q, ":source", in->source);
	bind_int(q, ":line", at->line);
	bind_int(q, ":offset", at->offset);
	bind_text(q, ":reason", reason);
	if (in->supersedes && in->tally.rejected == 0)
		snprintf(in->complaint, sizeof(in->complaint), "line %lld: %s", (long long)at->line, reason);
	in->tally.rejected++;
	return store_done(in->st, q, f);
}

void intake_blank(struct intake *in)
{
	in->blanks++;
}
