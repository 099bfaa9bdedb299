/* Where things were read: the files, the place of one alert, and the list of all alerts
 * with what became of them. An alert that several files hold is cited from the one that
 * comes first by name, then content, whatever the order of import. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyst/store/loading.h"
#include "analyst/store/raw.h"

void alert_id(char out[ALERT_ID_ROOM], uint64_t key)
{
	snprintf(out, ALERT_ID_ROOM, "%016" PRIx64, key);
}

static int compare_sources(const void *pa, const void *pb)
{
	const struct source_row *a = pa, *b = pb;
	int c;

	if ((c = strcmp(a->name, b->name)) != 0 || (c = strcmp(a->sha256, b->sha256)) != 0 ||
	    (c = strcmp(a->format, b->format)) != 0)
		return c;
	return (a->id > b->id) - (a->id < b->id);
}

static void read_source(struct source_row *s, sqlite3_stmt *q, struct arena *arena)
{
	s->id = sqlite3_column_int64(q, 0);
	s->name = arena_dup(arena, base_name(column_text(q, 1)));
	s->format = column_dup(q, 2, arena);
	s->sha256 = column_dup(q, 3, arena);
	s->size = sqlite3_column_int64(q, 4);
	s->tally.imported = sqlite3_column_int64(q, 5);
	s->tally.repeated = sqlite3_column_int64(q, 6);
	s->tally.rejected = sqlite3_column_int64(q, 7);
	s->tally.blank = sqlite3_column_int64(q, 8);
	s->tally.alerts = sqlite3_column_int64(q, 9);
	s->tally.indicators = sqlite3_column_int64(q, 10);
	s->tally.read = s->tally.imported + s->tally.repeated + s->tally.rejected + s->tally.blank;
	s->first = column_int_or(q, 11, INSTANT_NONE);
	s->last = column_int_or(q, 12, INSTANT_NONE);
	s->complete = sqlite3_column_int(q, 13) != 0;
}

static uint32_t source_position(const struct source_row *sources, size_t n, int64_t id)
{
	for (size_t i = 0; i < n; i++)
		if (sources[i].id == id)
			return (uint32_t)i;
	return UINT32_MAX;
}

/* Moves one record from the source that was imported first to the one that comes first. */
static void move_record(struct source_row *all, size_t n, uint32_t from, uint32_t to, bool alert)
{
	if (from == to || from >= n || to >= n)
		return;
	all[from].tally.imported--;
	all[from].tally.repeated++;
	all[to].tally.imported++;
	all[to].tally.repeated--;
	all[from].tally.alerts -= alert;
	all[to].tally.alerts += alert;
	all[from].tally.indicators -= !alert;
	all[to].tally.indicators += !alert;
}

/* A record that several files hold counts as imported for the first of them by name, so
 * that what a report says of its sources does not depend on the order of import. */
static int settle_shared(struct source_row *all, size_t n, enum query which, struct store *st, struct fault *f)
{
	sqlite3_stmt *q = store_query(st, which, f);
	uint32_t owner = UINT32_MAX, best = UINT32_MAX;
	int64_t last = -1;
	int row;

	if (q == NULL)
		return -1;
	while ((row = store_row(st, q, f)) > 0) {
		uint32_t here = source_position(all, n, sqlite3_column_int64(q, 2));

		if (sqlite3_column_int64(q, 0) != last) {
			move_record(all, n, owner, best, which == QUERY_SHARED_ALERTS);
			last = sqlite3_column_int64(q, 0);
			owner = best = source_position(all, n, sqlite3_column_int64(q, 1));
		}
		if (here < best)
			best = here;
	}
	move_record(all, n, owner, best, which == QUERY_SHARED_ALERTS);
	return row;
}

int store_sources(const struct source_row **out, size_t *count, struct store *st, struct arena *arena,
                  struct fault *f)
{
	sqlite3_stmt *q = store_query(st, QUERY_SOURCES, f);
	struct source_row *all = NULL, *kept;
	size_t n = 0, room = 0;
	int row;

	if (q == NULL)
		return -1;
	while ((row = store_row(st, q, f)) > 0) {
		if (n == room)
			all = must_grow(all, room = room > 0 ? room * 2 : 16, sizeof(*all));
		read_source(&all[n++], q, arena);
	}
	if (n > 0)
		qsort(all, n, sizeof(*all), compare_sources);
	if (row == 0)
		row = settle_shared(all, n, QUERY_SHARED_ALERTS, st, f) < 0 ||
		      settle_shared(all, n, QUERY_SHARED_INDICATORS, st, f) < 0 ? -1 : 0;
	kept = arena_copy(arena, all, n, sizeof(*all));
	free(all);
	*out = kept;
	*count = n;
	return row;
}

int store_rejects(struct store *st, int64_t source, reject_fn each, void *ctx, struct fault *f)
{
	sqlite3_stmt *q = store_query(st, QUERY_REJECTS, f);
	int row;

	if (q == NULL)
		return -1;
	bind_int(q, ":source", source);
	while ((row = store_row(st, q, f)) > 0)
		if (each(ctx, sqlite3_column_int64(q, 0), sqlite3_column_int64(q, 1), column_text(q, 2)) != 0) {
			sqlite3_reset(q);
			return -1;
		}
	return row;
}

/* ---- one alert ---- */

static int load_sources_once(struct store *st, struct fault *f)
{
	if (st->cited != NULL)
		return 0;
	st->cited = arena_new();
	return store_sources(&st->sources, &st->source_count, st, st->cited, f);
}

/* The record where it is cited from; and, where that file was read without keeping it, from
 * the file that brought the alert first. */
static int find_raw(struct evidence *out, uint32_t best, struct store *st, int64_t row, struct arena *arena,
                    struct fault *f)
{
	int64_t source, offset, length;
	sqlite3_stmt *q;

	if (best >= st->source_count)
		return 0;
	if (raw_record(&out->raw, st, st->sources[best].id, out->offset, out->length, arena, f) < 0)
		return -1;
	out->raw_size = (size_t)out->length;
	if (out->raw != NULL || out->mentions == 0)
		return 0;
	if ((q = store_query(st, QUERY_EVIDENCE, f)) == NULL)
		return -1;
	bind_int(q, ":id", row);
	if (store_row(st, q, f) <= 0)
		return -1;
	source = sqlite3_column_int64(q, 0);
	offset = sqlite3_column_int64(q, 2);
	length = sqlite3_column_int64(q, 3);
	sqlite3_reset(q);
	out->raw_size = (size_t)length;
	return raw_record(&out->raw, st, source, offset, length, arena, f);
}

static int by_citation(const void *x, const void *y)
{
	const struct cited *a = x, *b = y;
	int c = strcmp(a->source, b->source);

	return c != 0 ? c : (a->line > b->line) - (a->line < b->line);
}

static int cite_restated(struct evidence *out, struct store *st, int64_t row, struct arena *arena, struct fault *f)
{
	const struct restated *list = restated_of(st->numbers, row, &out->also_count);
	struct cited *also = out->also_count > 0 ? ARENA_ARRAY(arena, struct cited, out->also_count) : NULL;

	for (uint32_t i = 0; i < out->also_count; i++) {
		sqlite3_stmt *q = store_query(st, QUERY_EVIDENCE, f);
		uint32_t source;

		if (q == NULL)
			return -1;
		bind_int(q, ":id", list[i].row);
		if (store_row(st, q, f) <= 0)
			return -1;
		source = source_position(st->sources, st->source_count, sqlite3_column_int64(q, 0));
		also[i] = (struct cited){ source < st->source_count ? arena_dup(arena, st->sources[source].name) : "?",
		                          source < st->source_count ? arena_dup(arena, st->sources[source].sha256) : "",
		                          sqlite3_column_int64(q, 1) };
		sqlite3_reset(q);
	}
	if (also != NULL)
		qsort(also, out->also_count, sizeof(*also), by_citation);
	out->also = also;
	return 0;
}

int store_evidence(struct evidence *out, struct store *st, int64_t row, struct arena *arena, struct fault *f)
{
	sqlite3_stmt *q;
	uint32_t best;
	int found;

	if (load_sources_once(st, f) < 0 || (q = store_query(st, QUERY_EVIDENCE, f)) == NULL)
		return -1;
	bind_int(q, ":id", row);
	if ((found = store_row(st, q, f)) <= 0)
		return found < 0 ? -1 : fault_set(f, FAULT_STORE, "case file '%s' has no alert in row %lld",
		                                  st->path, (long long)row);
	best = source_position(st->sources, st->source_count, sqlite3_column_int64(q, 0));
	*out = (struct evidence){ .line = sqlite3_column_int64(q, 1), .offset = sqlite3_column_int64(q, 2),
	                          .length = sqlite3_column_int64(q, 3), .title = column_dup(q, 4, arena),
	                          .severity_native = column_dup(q, 5, arena),
	                          .native_id = column_dup(q, 6, arena) };
	sqlite3_reset(q);
	if ((q = store_query(st, QUERY_MENTIONS_OF, f)) == NULL)
		return -1;
	bind_int(q, ":alert", row);
	while ((found = store_row(st, q, f)) > 0) {
		uint32_t other = source_position(st->sources, st->source_count, sqlite3_column_int64(q, 0));

		out->mentions++;
		if (other >= best)
			continue;
		best = other;
		out->line = sqlite3_column_int64(q, 1);
		out->offset = sqlite3_column_int64(q, 2);
		out->length = sqlite3_column_int64(q, 3);
	}
	if (found < 0 || find_raw(out, best, st, row, arena, f) < 0 || cite_restated(out, st, row, arena, f) < 0)
		return -1;
	out->source = best < st->source_count ? arena_dup(arena, st->sources[best].name) : "?";
	out->sha256 = best < st->source_count ? arena_dup(arena, st->sources[best].sha256) : "";
	return 0;
}

/* ---- all alerts ---- */

struct spot {
	int64_t line, offset;
	uint64_t key;
	uint32_t source, episode;      /* source: position in the sorted list; episode: number or 0 */
};

struct spots {
	struct spot *all;
	uint32_t *of_row;              /* alert row -> spot + 1 */
	int64_t rows;
	size_t count;
};

static int compare_spots(const void *pa, const void *pb)
{
	const struct spot *a = pa, *b = pb;

	if (a->source != b->source)
		return a->source < b->source ? -1 : 1;
	if (a->line != b->line)
		return a->line < b->line ? -1 : 1;
	if (a->offset != b->offset)
		return a->offset < b->offset ? -1 : 1;
	return (a->key > b->key) - (a->key < b->key);
}

static int read_spots(struct spots *s, struct store *st, struct fault *f)
{
	sqlite3_stmt *q = store_query(st, QUERY_ALERT_COUNT, f);
	size_t room;
	int row;

	if (q == NULL || store_row(st, q, f) < 0)
		return -1;
	room = (size_t)sqlite3_column_int64(q, 0);
	s->rows = sqlite3_column_int64(q, 1) + 1;
	sqlite3_reset(q);
	s->all = must_grow(NULL, room, sizeof(*s->all));
	s->of_row = must_alloc((size_t)s->rows * sizeof(*s->of_row));
	if ((q = store_query(st, QUERY_PLACES, f)) == NULL)
		return -1;
	while ((row = store_row(st, q, f)) > 0 && s->count < room) {
		struct content c;

		if (column_content(&c, st, q, 1, f) < 0)
			return -1;
		s->all[s->count] = (struct spot){
			.line = sqlite3_column_int64(q, 3), .offset = sqlite3_column_int64(q, 4),
			.key = c.key,
			.source = source_position(st->sources, st->source_count, sqlite3_column_int64(q, 2)),
		};
		s->of_row[sqlite3_column_int64(q, 0)] = (uint32_t)++s->count;
	}
	return row < 0 ? -1 : 0;
}

static int move_to_first_mention(struct spots *s, struct store *st, struct fault *f)
{
	sqlite3_stmt *q = store_query(st, QUERY_MENTIONS, f);
	int row;

	if (q == NULL)
		return -1;
	while ((row = store_row(st, q, f)) > 0) {
		uint32_t source = source_position(st->sources, st->source_count, sqlite3_column_int64(q, 1));
		int64_t alert = sqlite3_column_int64(q, 0);
		struct spot *spot;

		if (alert < 0 || alert >= s->rows || s->of_row[alert] == 0)
			continue;
		spot = &s->all[s->of_row[alert] - 1];
		if (source >= spot->source)
			continue;
		spot->source = source;
		spot->line = sqlite3_column_int64(q, 2);
		spot->offset = sqlite3_column_int64(q, 3);
	}
	return row;
}

/* By mark, so that a record that tells again of an alert goes with it; from 1 on, 0 is none. */
static uint32_t *number_episodes(const struct analysis *an)
{
	uint32_t *of = must_alloc(((size_t)an->week->mark_count + 1) * sizeof(*of));

	for (uint32_t i = 0; i < an->episode_count; i++)
		for (uint32_t k = 0; k < an->episodes[i].count; k++)
			of[an->episodes[i].alerts[k]] = i + 1;
	return of;
}

static int tell(const struct spot *s, const struct analysis *an, struct store *st, assignment_fn each, void *ctx)
{
	const struct episode *e = s->episode > 0 ? &an->episodes[s->episode - 1] : NULL;
	const struct incident *in = e != NULL && e->incident < an->queue_count ? &an->incidents[e->incident] : NULL;
	char id[ALERT_ID_ROOM], episode[24];

	alert_id(id, s->key);
	/* What several rules saw of one act goes by its first episode. */
	snprintf(episode, sizeof(episode), "EP-%06" PRIu32, e != NULL ? e->act + 1 : 0);
	return each(ctx, s->source < st->source_count ? st->sources[s->source].name : "?", s->line, id,
	            e != NULL ? episode : NULL, in != NULL ? in->id : NULL, in != NULL ? in->rank : 0);
}

int store_assignments(struct store *st, const struct analysis *an, assignment_fn each, void *ctx, struct fault *f)
{
	struct spots s = {0};
	uint32_t *episode_of;
	int rc = -1;

	if (st->numbers == NULL)
		return fault_set(f, FAULT_STORE, "no week was loaded from case file '%s'", st->path);
	episode_of = number_episodes(an);
	if (load_sources_once(st, f) < 0 || read_spots(&s, st, f) < 0 || move_to_first_mention(&s, st, f) < 0)
		goto out;
	for (int64_t row = 0; row < s.rows; row++) {
		uint32_t mark = mark_of(st->numbers, row);

		if (s.of_row[row] > 0 && mark != NO_NUMBER)
			s.all[s.of_row[row] - 1].episode = episode_of[mark];
	}
	qsort(s.all, s.count, sizeof(*s.all), compare_spots);
	rc = 0;
	for (size_t i = 0; rc == 0 && i < s.count; i++)
		rc = tell(&s.all[i], an, st, each, ctx) != 0 ? -1 : 0;
out:
	free(s.all);
	free(s.of_row);
	free(episode_of);
	return rc;
}
