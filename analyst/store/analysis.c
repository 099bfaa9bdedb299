/* Writing what was concluded. Everything is replaced in one transaction: a reader sees
 * the old conclusions or the new ones. */
#include <string.h>

#include "analyst/base/text.h"
#include "analyst/store/keeping.h"
#include "analyst/store/loading.h"
#include "analyst/store/pack.h"

struct saving {
	struct store *st;
	const struct analysis *an;
	const char *by;
	struct fault *f;
};

static const char *const derived[] = {
	"beat_item", "beat_fact", "beat", "incident", "episode_block", "analysis"
};

static int empty_derived(struct saving *s)
{
	struct text sql = {0};
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < sizeof(derived) / sizeof(derived[0]); i++) {
		text_clear(&sql);
		text_printf(&sql, "DELETE FROM %s", derived[i]);
		rc = store_exec(s->st, text_str(&sql), s->f);
	}
	text_free(&sql);
	return rc;
}

/* ---- beats ---- */

/* Titles, and all that is said of the incident as a whole. */
static bool cites_all(const struct incident *in, const struct beat *b)
{
	return b->episode_count == in->episode_count &&
	       memcmp(b->episodes, in->episodes, b->episode_count * sizeof(*b->episodes)) == 0;
}

static uint32_t pack_cited(struct text *to, const struct incident *in, const struct beat *b)
{
	static const struct packed_column column = { 0, sizeof(*b->episodes) };
	uint32_t n = cites_all(in, b) ? 0 : (uint32_t)b->episode_count;

	pack_rows(to, b->episodes, sizeof(*b->episodes), n, &column, 1);
	return n;
}

static int save_beat_row(struct saving *s, uint32_t incident, size_t number, const struct beat *b)
{
	sqlite3_stmt *q = store_query(s->st, QUERY_BEAT_NEW, s->f);
	struct text episodes = {0};
	int rc;

	if (q == NULL)
		return -1;
	bind_int(q, ":incident", incident);
	bind_int(q, ":position", (int64_t)number);
	bind_int(q, ":part", b->part);
	bind_text(q, ":key", b->key);
	bind_int(q, ":certainty", b->certainty);
	bind_int_or_null(q, ":at", b->at, INSTANT_NONE);
	bind_int_or_null(q, ":until", b->until, INSTANT_NONE);
	bind_int(q, ":tactic", b->tactic);
	bind_text(q, ":technique", b->technique);
	bind_text(q, ":actor_lane", b->actor_lane);
	bind_text(q, ":object_lane", b->object_lane);
	bind_int(q, ":response", b->response);
	bind_int(q, ":evidence", b->evidence);
	bind_int(q, ":alerts", (int64_t)b->alert_count);
	bind_int(q, ":cited", pack_cited(&episodes, &s->an->incidents[incident], b));
	bind_blob(q, ":episodes", episodes.bytes, episodes.used);
	rc = store_done(s->st, q, s->f);
	text_free(&episodes);
	return rc;
}

static int save_fact(struct saving *s, uint32_t incident, size_t beat, size_t number, const struct fact *fact)
{
	sqlite3_stmt *q = store_query(s->st, QUERY_BEAT_FACT_NEW, s->f);

	if (q == NULL)
		return -1;
	bind_int(q, ":incident", incident);
	bind_int(q, ":beat", (int64_t)beat);
	bind_int(q, ":position", (int64_t)number);
	bind_text(q, ":name", fact->name);
	bind_int(q, ":kind", fact->kind);
	bind_int(q, ":item_kind", fact->item_kind);
	bind_text(q, ":text", fact->text);
	bind_int(q, ":value", fact->value);
	if (store_done(s->st, q, s->f) < 0)
		return -1;
	for (size_t i = 0; i < fact->item_count; i++) {
		if ((q = store_query(s->st, QUERY_BEAT_ITEM_NEW, s->f)) == NULL)
			return -1;
		bind_int(q, ":incident", incident);
		bind_int(q, ":beat", (int64_t)beat);
		bind_int(q, ":fact", (int64_t)number);
		bind_int(q, ":position", (int64_t)i);
		bind_text(q, ":text", fact->items[i]);
		if (store_done(s->st, q, s->f) < 0)
			return -1;
	}
	return 0;
}

static int save_beat(struct saving *s, uint32_t incident, size_t number, const struct beat *b)
{
	if (save_beat_row(s, incident, number, b) < 0)
		return -1;
	for (size_t i = 0; i < b->fact_count; i++)
		if (save_fact(s, incident, number, i, &b->facts[i]) < 0)
			return -1;
	return 0;
}

/* ---- the whole ---- */

static int save_origin(struct saving *s)
{
	sqlite3_stmt *q = store_query(s->st, QUERY_ANALYSIS_NEW, s->f);

	if (q == NULL)
		return -1;
	bind_text(q, ":drawn_by", s->by);
	bind_int(q, ":alerts", s->st->loaded.alerts);
	bind_int(q, ":alert_sum", (int64_t)s->st->loaded.alert_sum);
	bind_int(q, ":claims", s->st->loaded.claims);
	bind_int(q, ":claim_sum", (int64_t)s->st->loaded.claim_sum);
	bind_int(q, ":telemetry", s->st->loaded.telemetry);
	bind_int(q, ":telemetry_sum", (int64_t)s->st->loaded.telemetry_sum);
	bind_int(q, ":counted", s->an->week->mark_count);
	bind_int(q, ":episodes", s->an->episode_count);
	bind_int(q, ":incidents", s->an->incident_count);
	bind_int(q, ":queue", s->an->queue_count);
	return store_done(s->st, q, s->f);
}

static int save_all(struct saving *s, const struct narrative *narratives)
{
	if (empty_derived(s) < 0 || save_origin(s) < 0 || save_episodes(s->st, s->an, s->f) < 0 ||
	    save_incidents(s->st, s->an, s->f) < 0)
		return -1;
	for (uint32_t i = 0; i < s->an->queue_count; i++)
		for (size_t k = 0; k < narratives[i].beat_count; k++)
			if (save_beat(s, i, k, &narratives[i].beats[k]) < 0)
				return -1;
	return 0;
}

int store_save_analysis(struct store *st, const struct analysis *an, const struct narrative *narratives,
                        const char *by, struct fault *f)
{
	struct saving s = { .st = st, .an = an, .by = by, .f = f };
	int rc = -1;

	if (st->numbers == NULL)
		return fault_set(f, FAULT_STORE, "no week was loaded from case file '%s'", st->path);
	if (store_begin(st, f) == 0 && save_all(&s, narratives) == 0 && store_commit(st, f) == 0)
		rc = store_snapshot(st, f);
	if (rc < 0)
		store_rollback(st);
	return rc;
}

/* ---- what is kept ---- */

/* Stays at the row of the analysis. */
static int find_analysis(struct truth *of, sqlite3_stmt **out, struct store *st, struct fault *f)
{
	sqlite3_stmt *q = *out = store_query(st, QUERY_ANALYSIS, f);
	int row;

	*of = (struct truth){0};
	if (q == NULL || (row = store_row(st, q, f)) <= 0)
		return q == NULL ? -1 : row;
	of->alerts = sqlite3_column_int64(q, 1);
	of->alert_sum = (uint64_t)sqlite3_column_int64(q, 2);
	of->claims = sqlite3_column_int64(q, 3);
	of->claim_sum = (uint64_t)sqlite3_column_int64(q, 4);
	of->telemetry = sqlite3_column_int64(q, 5);
	of->telemetry_sum = (uint64_t)sqlite3_column_int64(q, 6);
	return 1;
}

int store_analysed_truth(struct truth *out, struct store *st, struct fault *f)
{
	sqlite3_stmt *q;
	int found = find_analysis(out, &q, st, f);

	sqlite3_reset(q);
	return found;
}

int store_is_analysed(bool *out, struct concluded *counts, struct store *st, const char *by, struct fault *f)
{
	struct truth now, then;
	sqlite3_stmt *q;
	int found;

	*out = false;
	if (store_truth(&now, st, f) < 0 || (found = find_analysis(&then, &q, st, f)) < 0)
		return -1;
	if (found == 0)
		return 0;
	*out = strcmp(column_text(q, 0), by) == 0 && truth_equal(&now, &then);
	if (counts != NULL)
		*counts = (struct concluded){ (uint32_t)sqlite3_column_int64(q, 7), (uint32_t)sqlite3_column_int64(q, 8),
		                              (uint32_t)sqlite3_column_int64(q, 9), (uint32_t)sqlite3_column_int64(q, 10) };
	sqlite3_reset(q);
	return 0;
}
