/* Reading back what was concluded, exactly as it was saved. */
#include <stdlib.h>
#include <string.h>

#include "analyst/store/keeping.h"
#include "analyst/store/loading.h"
#include "analyst/store/pack.h"

struct recalling {
	struct store *st;
	struct arena *arena;
	const struct analysis *an;
	struct fault *f;
};

/* ---- beats ---- */

static int recall_cited(struct recalling *r, struct beat *b, const struct incident *in, int64_t n, const char *from, int size)
{
	static const struct packed_column column = { 0, sizeof(*b->episodes) };
	const char *end = from + size;
	uint32_t *episodes;

	if (n < 0 || n > r->an->episode_count || from == NULL)
		return store_damaged(r->st, "the episodes of a sentence cannot be read", r->f);
	episodes = ARENA_ARRAY(r->arena, uint32_t, (size_t)n);
	if (!unpack_rows(episodes, sizeof(*episodes), (uint32_t)n, &column, 1, &from, end) || from != end)
		return store_damaged(r->st, "the episodes of a sentence cannot be read", r->f);
	for (int64_t i = 0; i < n; i++)
		if (episodes[i] >= r->an->episode_count)
			return store_damaged(r->st, "an episode is missing", r->f);
	b->episodes = n > 0 ? episodes : in->episodes;
	b->episode_count = n > 0 ? (size_t)n : in->episode_count;
	return 0;
}

static int recall_beat_row(struct recalling *r, struct beat *b, const struct incident *in, sqlite3_stmt *q)
{
	memset(b, 0, sizeof(*b));
	b->part = (enum part)sqlite3_column_int(q, 0);
	b->key = column_dup(q, 1, r->arena);
	b->certainty = (enum certainty)sqlite3_column_int(q, 2);
	b->at = column_int_or(q, 3, INSTANT_NONE);
	b->until = column_int_or(q, 4, INSTANT_NONE);
	b->tactic = sqlite3_column_int(q, 5);
	b->technique = column_dup(q, 6, r->arena);
	b->actor_lane = column_dup(q, 7, r->arena);
	b->object_lane = column_dup(q, 8, r->arena);
	b->response = sqlite3_column_int(q, 9);
	b->evidence = (uint32_t)sqlite3_column_int64(q, 10);
	b->alert_count = (uint64_t)sqlite3_column_int64(q, 11);
	return recall_cited(r, b, in, sqlite3_column_int64(q, 12), sqlite3_column_blob(q, 13), sqlite3_column_bytes(q, 13));
}

static int recall_beats(struct recalling *r, uint32_t incident, const struct incident *in, struct beat **out, size_t *count)
{
	sqlite3_stmt *q = store_query(r->st, QUERY_BEATS, r->f);
	struct beat *all = NULL, *kept;
	size_t n = 0, room = 0;
	int row;

	if (q == NULL)
		return -1;
	bind_int(q, ":incident", incident);
	while ((row = store_row(r->st, q, r->f)) > 0) {
		if (n == room)
			all = must_grow(all, room = room > 0 ? room * 2 : 16, sizeof(*all));
		if ((row = recall_beat_row(r, &all[n++], in, q)) < 0)
			break;
	}
	sqlite3_reset(q);
	kept = arena_copy(r->arena, all, n, sizeof(*all));
	free(all);
	*out = kept;
	*count = n;
	return row;
}

static void keep_facts(struct recalling *r, struct beat *b, const struct fact *facts, size_t n)
{
	b->facts = arena_copy(r->arena, facts, n, sizeof(*facts));
	b->fact_count = n;
}

static bool is_fact_kind(int kind)
{
	return kind >= 0 && kind <= FACT_PHRASE;
}

static bool has_text(int kind)
{
	return kind <= FACT_CODE || kind == FACT_PHRASE;
}

/* They come beat by beat. */
static int recall_facts(struct recalling *r, uint32_t incident, struct beat *beats, size_t n)
{
	sqlite3_stmt *q = store_query(r->st, QUERY_BEAT_FACTS, r->f);
	struct fact facts[BEAT_FACTS];
	size_t count = 0;
	int64_t beat = -1;
	int row;

	if (q == NULL)
		return -1;
	bind_int(q, ":incident", incident);
	while ((row = store_row(r->st, q, r->f)) > 0) {
		int64_t at = sqlite3_column_int64(q, 0);

		if (at != beat && count > 0)
			keep_facts(r, &beats[beat], facts, count);
		count = at != beat ? 0 : count;
		beat = at;
		if (at < 0 || (size_t)at >= n || count == BEAT_FACTS)
			return store_damaged(r->st, "a fact belongs to no beat", r->f);
		if (!is_fact_kind(sqlite3_column_int(q, 2)) || !is_fact_kind(sqlite3_column_int(q, 3)) ||
		    (has_text(sqlite3_column_int(q, 2)) && sqlite3_column_type(q, 4) == SQLITE_NULL))
			return store_damaged(r->st, "a fact is of no kind", r->f);
		facts[count++] = (struct fact){
			.name = column_dup(q, 1, r->arena), .kind = (enum fact_kind)sqlite3_column_int(q, 2),
			.item_kind = (enum fact_kind)sqlite3_column_int(q, 3), .text = column_dup(q, 4, r->arena),
			.value = sqlite3_column_int64(q, 5),
		};
	}
	if (count > 0)
		keep_facts(r, &beats[beat], facts, count);
	return row;
}

static int recall_items(struct recalling *r, uint32_t incident, size_t beat, size_t number, struct fact *fact)
{
	sqlite3_stmt *q = store_query(r->st, QUERY_BEAT_ITEMS, r->f);
	const char **items = NULL, **kept;
	size_t n = 0, room = 0;
	int row;

	if (q == NULL)
		return -1;
	bind_int(q, ":incident", incident);
	bind_int(q, ":beat", (int64_t)beat);
	bind_int(q, ":fact", (int64_t)number);
	while ((row = store_row(r->st, q, r->f)) > 0) {
		if (n == room)
			items = must_grow(items, room = room > 0 ? room * 2 : 8, sizeof(*items));
		items[n++] = column_dup(q, 0, r->arena);
	}
	kept = ARENA_ARRAY(r->arena, const char *, n);
	if (n > 0)
		memcpy(kept, items, n * sizeof(*items));
	free(items);
	fact->items = kept;
	fact->item_count = n;
	return row;
}

static int recall_narrative(struct recalling *r, uint32_t incident, const struct incident *in, struct narrative *out)
{
	struct beat *beats;
	size_t n;

	if (recall_beats(r, incident, in, &beats, &n) < 0 || recall_facts(r, incident, beats, n) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < beats[i].fact_count; k++)
			if (beats[i].facts[k].kind == FACT_LIST &&
			    recall_items(r, incident, i, k, &beats[i].facts[k]) < 0)
				return -1;
	*out = (struct narrative){ in->id, beats, n };
	return 0;
}

int store_load_analysis(struct analysis **out, const struct narrative **narratives, struct store *st,
                        const struct week *w, struct arena *arena, struct fault *f)
{
	struct recalling r = { .st = st, .arena = arena, .f = f };
	struct narrative *told;
	struct analysis *an;
	struct truth now, of;
	int found;

	if ((found = store_analysed_truth(&of, st, f)) < 0 || store_truth(&now, st, f) < 0)
		return -1;
	if (found == 0 || st->numbers == NULL || !truth_equal(&now, &st->loaded) || !truth_equal(&now, &of))
		return fault_set(f, FAULT_STORE, "case file '%s' changed meanwhile; repeat the command", st->path);
	an = arena_alloc(arena, sizeof(*an));
	an->week = w;
	r.an = an;
	if (recall_episodes(an, st, arena, f) < 0 || recall_incidents(an, st, arena, f) < 0)
		return -1;
	told = ARENA_ARRAY(arena, struct narrative, an->incident_count + 1);
	for (uint32_t i = 0; i < an->incident_count; i++)
		told[i].incident = an->incidents[i].id;
	for (uint32_t i = 0; i < an->queue_count; i++)
		if (recall_narrative(&r, i, &an->incidents[i], &told[i]) < 0)
			return -1;
	*out = an;
	*narratives = told;
	return 0;
}
