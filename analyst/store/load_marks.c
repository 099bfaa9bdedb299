/* The alerts, in order of time: those that were loaded before from their blocks, the others from their rows. */
#include <stdlib.h>
#include <string.h>

#include "analyst/base/keyed.h"
#include "analyst/store/blocks.h"
#include "analyst/store/loading.h"

struct reading {
	struct loading *l;
	struct blocks *known;          /* blocks that are used */
	struct blocks *fresh;          /* made here; NULL when none is wanted */
	struct alert_row *rows;        /* of one block */
	struct alert_row *ordered;     /* the same in order; room for as many */
	struct keyed *order;
	uint32_t *runs;                /* where in the marks each block begins, and one that ends the last */
	uint32_t run_count, count, room;
	uint64_t sum;                  /* of all hashes */
};

/* ---- order ---- */

/* Beyond (at, key) everything compared is content too; only true doubles reach row. */
static int compare_marks(const void *pa, const void *pb)
{
	const struct mark *a = pa, *b = pb;

	if (a->at != b->at)
		return a->at < b->at ? -1 : 1;
	if (a->key != b->key)
		return a->key < b->key ? -1 : 1;
	if (a->rule != b->rule)
		return a->rule < b->rule ? -1 : 1;
	if (a->cast != b->cast)
		return a->cast < b->cast ? -1 : 1;
	return (a->row > b->row) - (a->row < b->row);
}

static bool comes_before(const struct mark *a, const struct mark *b)
{
	return a->at != b->at ? a->at < b->at : a->key < b->key;
}

/* The first of the marks that does not come before m; after: that m comes before. */
static uint32_t place_of(const struct mark *m, const struct mark *marks, uint32_t n, bool after)
{
	uint32_t low = 0, high = n;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (after ? !comes_before(m, &marks[middle]) : comes_before(&marks[middle], m))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Two runs that lie side by side. Days come one after the other: hardly more than their ends has to be moved. */
static void merge(struct mark *left, struct mark *middle, struct mark *right)
{
	struct mark *kept, *a, *end;

	if (left == middle || middle == right)
		return;
	left += place_of(middle, left, (uint32_t)(middle - left), true);
	if (left == middle)
		return;
	right = middle + place_of(middle - 1, middle, (uint32_t)(right - middle), false);
	kept = must_grow(NULL, (size_t)(middle - left), sizeof(*kept));
	memcpy(kept, left, (size_t)(middle - left) * sizeof(*kept));
	for (a = kept, end = kept + (middle - left); a < end;)
		*left++ = middle < right && comes_before(middle, a) ? *middle++ : *a++;
	free(kept);
}

static void merge_runs(struct reading *r, struct mark *marks)
{
	for (uint32_t step = 1; step < r->run_count; step *= 2)
		for (uint32_t i = 0; i + step < r->run_count; i += 2 * step) {
			uint32_t end = i + 2 * step < r->run_count ? i + 2 * step : r->run_count;

			merge(marks + r->runs[i], marks + r->runs[i + step], marks + r->runs[end]);
		}
	/* What a block holds in one order may have another by the numbers of today. */
	for (uint32_t from = 0, to; from < r->count; from = to) {
		for (to = from + 1; to < r->count && !comes_before(&marks[from], &marks[to]); to++)
			;
		if (to - from > 1)
			qsort(marks + from, to - from, sizeof(*marks), compare_marks);
	}
}

/* ---- one block of rows ---- */

/* By time, and of one instant by key. */
static void order_rows(struct reading *r, uint32_t n)
{
	struct alert_row *swap = r->rows;

	for (uint32_t i = 0; i < n; i++)
		r->order[i] = (struct keyed){ key_signed(r->rows[i].at), i };
	keyed_sort(r->order, n);
	for (uint32_t from = 0, to; from < n; from = to) {
		for (to = from + 1; to < n && r->order[to].key == r->order[from].key; to++)
			;
		if (to - from == 1)
			continue;
		for (uint32_t i = from; i < to; i++)
			r->order[i].key = r->rows[r->order[i].item].key;
		keyed_sort(r->order + from, to - from);
	}
	for (uint32_t i = 0; i < n; i++)
		r->ordered[i] = r->rows[r->order[i].item];
	r->rows = r->ordered;
	r->ordered = swap;
}

static void begin_run(struct reading *r)
{
	r->runs = must_grow(r->runs, (size_t)r->run_count + 2, sizeof(*r->runs));
	r->runs[r->run_count++] = r->count;
}

/* What is said in it; NULL when that or its cast is missing. */
static const struct verdict *mark_row(struct mark *m, const struct loading *l, const struct alert_row *row)
{
	const struct verdict *v = verdict_of(l->numbers, row->verdict);
	uint32_t cast = number_of(&l->numbers->casts, row->cast);

	if (v == NULL || cast == NO_NUMBER)
		return NULL;
	*m = (struct mark){
		.at = row->at, .until = (instant)((uint64_t)row->at + (uint64_t)row->span), .key = row->key,
		.bytes_out = row->bytes_out, .score = row->score, .row = (uint32_t)row->row & (WEEK_MARKS - 1),
		.severity = v->severity & 15, .cast = cast & (WEEK_CASTS - 1), .action = v->action & 7, .kind = v->kind & 3,
		.rule = v->rule & (WEEK_RULES - 1), .confidence = v->confidence,
	};
	return v;
}

/* One run more; false when a verdict or cast is missing. */
static bool take_rows(struct reading *r, uint32_t n, bool sorted)
{
	struct loading *l = r->l;

	if (!sorted)
		order_rows(r, n);
	begin_run(r);
	for (uint32_t i = 0; i < n; i++) {
		struct mark *m = &l->marks[r->count++];
		const struct verdict *v = mark_row(m, l, &r->rows[i]);
		uint8_t *kind;

		if (v == NULL)
			return false;
		kind = &l->rule_kinds[m->rule];
		*kind = m->kind < *kind ? (uint8_t)m->kind : *kind;
		formats_see(l->formats, m->rule, r->rows[i].source, v->zone);
	}
	r->runs[r->run_count] = r->count;
	return true;
}

/* ---- blocks ---- */

/* 1, or 0 when one cannot be used. */
static int read_blocks(struct reading *r)
{
	for (uint32_t i = 0; i < r->known->count; i++) {
		const struct block *b = &r->known->list[i];
		int rc = block_read(r->rows, b, r->l->st, r->l->f);

		if (rc <= 0 || !take_rows(r, b->alerts, true))
			return rc < 0 ? -1 : 0;
		r->sum += b->sum;
	}
	return 1;
}

/* Says whether the blocks hold what the marks, read from rows, say. */
static int compare_blocks(struct reading *r, bool *differ)
{
	struct loading *l = r->l;
	struct blocks *all;
	int rc = blocks_list(&all, l->st, l->f);

	*differ = false;
	all->count += all->small.alerts > 0;
	for (uint32_t i = 0; rc >= 0 && !*differ && i < all->count; i++) {
		rc = block_read(r->rows, &all->list[i], l->st, l->f);
		*differ = rc == 0;
		for (uint32_t k = 0; rc > 0 && !*differ && k < all->list[i].alerts; k++) {
			uint32_t number = mark_of(l->numbers, r->rows[k].row);
			struct mark m;

			*differ = number == NO_NUMBER || mark_row(&m, l, &r->rows[k]) == NULL ||
			          memcmp(&m, &l->marks[number], sizeof(m)) != 0;
		}
	}
	blocks_free(all);
	return rc < 0 ? -1 : 0;
}

/* ---- rows ---- */

static int read_row(struct alert_row *row, uint64_t *sum, struct loading *l, sqlite3_stmt *q)
{
	struct content c;

	if (column_content(&c, l->st, q, 2, l->f) < 0)
		return -1;
	*sum += truth_of_alert(&c);
	row->row = sqlite3_column_int64(q, 0);
	row->at = sqlite3_column_int64(q, 1);
	row->key = c.key;
	row->span = (int64_t)((uint64_t)column_int_or(q, 3, row->at) - (uint64_t)row->at);
	row->source = sqlite3_column_int64(q, 4);
	row->verdict = sqlite3_column_int64(q, 5);
	row->cast = sqlite3_column_int64(q, 6);
	row->score = sqlite3_column_type(q, 7) == SQLITE_NULL ? -1 : (float)sqlite3_column_double(q, 7);
	row->bytes_out = column_int_or(q, 8, -1);
	return 0;
}

static int end_block(struct reading *r, uint32_t n, uint64_t sum)
{
	r->sum += sum;
	if (n == 0)
		return 0;
	if (!take_rows(r, n, false))
		return loading_damaged(r->l, "an alert's verdict or cast is missing");
	/* What was too small to be used is made anew only with more. */
	if (r->fresh != NULL && (n != r->known->small.alerts || sum != r->known->small.sum))
		block_add(r->fresh, r->rows, n, sum);
	return 0;
}

static int read_rows(struct reading *r, int64_t after)
{
	struct loading *l = r->l;
	sqlite3_stmt *q = store_query(l->st, QUERY_ALERTS_AFTER, l->f);
	uint64_t sum = 0;
	uint32_t n = 0;
	int row;

	if (q == NULL)
		return -1;
	bind_int(q, ":after", after);
	while ((row = store_row(l->st, q, l->f)) > 0) {
		if (r->count + n == r->room)
			return loading_damaged(l, "more alerts than counted");
		if (read_row(&r->rows[n], &sum, l, q) < 0)
			return -1;
		if (++n < BLOCK_ALERTS)
			continue;
		if (end_block(r, n, sum) < 0)
			return -1;
		n = 0;
		sum = 0;
	}
	return row < 0 ? -1 : end_block(r, n, sum);
}

/* ---- the whole ---- */

static int64_t last_known(const struct blocks *known)
{
	return known->count > 0 ? known->list[known->count - 1].last : -1;
}

/* Room for all; 0 when what is known is not what there is. */
static int make_room(struct reading *r)
{
	struct loading *l = r->l;
	sqlite3_stmt *q = store_query(l->st, QUERY_ALERTS_AFTER_COUNT, l->f);
	int64_t after = last_known(r->known), count = 0, highest = after;

	if (q == NULL)
		return -1;
	bind_int(q, ":after", after);
	if (store_row(l->st, q, l->f) < 0)
		return -1;
	for (uint32_t i = 0; i < r->known->count; i++)
		count += r->known->list[i].alerts;
	count += sqlite3_column_int64(q, 0);
	highest = column_int_or(q, 1, after);
	sqlite3_reset(q);
	if (r->known->count > 0 && count != l->st->loaded.alerts)
		return 0;
	if (count >= WEEK_MARKS || highest >= WEEK_MARKS)
		return loading_too_much(l->st, "alerts", l->f);
	r->room = (uint32_t)count;
	l->marks = ARENA_ARRAY(l->arena, struct mark, (size_t)count);
	return 1;
}

static void forget(struct reading *r)
{
	formats_free(r->l->formats);
	r->l->formats = NULL;
	blocks_free(r->fresh);
	r->fresh = NULL;
	r->run_count = r->count = 0;
	r->sum = 0;
}

/* 0 when the blocks turn out to be of other alerts. */
static int read_all(struct reading *r)
{
	struct loading *l = r->l;
	int rc;

	forget(r);
	l->rule_kinds = memset(ARENA_ARRAY(l->arena, uint8_t, l->week->rule_count), 0xff, l->week->rule_count);
	if (formats_load(&l->formats, l->st, l->week->rule_count, l->f) < 0)
		return -1;
	if (l->st->mode == STORE_WRITE) {
		r->fresh = must_alloc(sizeof(*r->fresh));
		r->fresh->after = last_known(r->known);
	}
	if ((rc = make_room(r)) <= 0 || (rc = read_blocks(r)) <= 0)
		return rc;
	if (read_rows(r, last_known(r->known)) < 0)
		return -1;
	return r->known->count == 0 || r->sum == l->st->loaded.alert_sum;
}

static int read_marks(struct reading *r)
{
	struct loading *l = r->l;
	int rc = blocks_list(&r->known, l->st, l->f);

	if (rc == 0 && !l->st->ask_rows && (rc = read_all(r)) != 0)
		return rc < 0 ? -1 : 0;
	r->known->count = 0;
	r->known->small.alerts = 0;
	return rc < 0 || read_all(r) < 0 ? -1 : 0;
}

static void number_marks(struct reading *r)
{
	struct loading *l = r->l;
	struct week *w = l->week;

	merge_runs(r, l->marks);
	w->marks = l->marks;
	w->mark_count = r->count;
	w->first = w->mark_count > 0 ? w->marks[0].at : INSTANT_NONE;
	w->last = w->mark_count > 0 ? w->marks[w->mark_count - 1].at : INSTANT_NONE;
}

int load_marks(struct loading *l)
{
	struct reading r = { .l = l, .rows = must_grow(NULL, BLOCK_ALERTS, sizeof(*r.rows)),
	                     .ordered = must_grow(NULL, BLOCK_ALERTS, sizeof(*r.ordered)),
	                     .order = must_grow(NULL, BLOCK_ALERTS, sizeof(*r.order)) };
	struct store *st = l->st;
	int rc = read_marks(&r);

	if (rc == 0) {
		number_marks(&r);
		if (st->ask_rows)
			rc = compare_blocks(&r, &st->blocks_differ);
	}
	blocks_free(st->fresh);
	st->fresh = r.fresh;
	blocks_free(r.known);
	free(r.runs);
	free(r.rows);
	free(r.ordered);
	free(r.order);
	return rc < 0 ? -1 : join_restated(l->week, l->marks, l->formats, st, l->f);
}
