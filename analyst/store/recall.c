/* Reading back what was concluded, exactly as it was saved. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyst/store/loading.h"
#include "analyst/store/pack.h"

#define EPISODE_MEMBERS 4096     /* more than any episode keeps */

struct recalling {
	struct store *st;
	struct arena *arena;
	const struct week *week;
	struct episode *episodes;
	uint32_t episode_count;
	uint32_t *alerts, used;      /* of all episodes, one behind the other */
	bool *taken;                 /* by mark */
	uint64_t *ids;               /* scratch */
	struct fault *f;
};

static int damaged(struct recalling *r, const char *what)
{
	return fault_set(r->f, FAULT_STORE, "case file '%s' is damaged: %s", r->st->path, what);
}

/* The number of the only column's rows, read into a growing array of numbers. */
static int recall_episode_list(struct recalling *r, sqlite3_stmt *q, const uint32_t **out, uint32_t *count)
{
	uint32_t *list = NULL, n = 0, room = 0, *kept;
	int row;

	while ((row = store_row(r->st, q, r->f)) > 0) {
		int64_t id = sqlite3_column_int64(q, 0);

		if (id < 1 || id > r->episode_count) {
			row = damaged(r, "an episode is missing");
			break;
		}
		if (n == room)
			list = must_grow(list, room = room > 0 ? room * 2 : 16, sizeof(*list));
		list[n++] = (uint32_t)(id - 1);
	}
	kept = arena_copy(r->arena, list, n, sizeof(*list));
	free(list);
	*out = kept;
	*count = n;
	return row;
}

/* ---- episodes ---- */

static uint32_t tenant_number(const struct week *w, const char *tenant)
{
	for (uint32_t i = 1; tenant != NULL && i < w->tenant_count; i++)
		if (strcmp(w->tenants[i], tenant) == 0)
			return i;
	return 0;
}

/* Each alert is of one episode at the most, in which alerts lie in the order of time: that of their numbers. */
static int recall_alerts(struct recalling *r, struct episode *e, sqlite3_stmt *q)
{
	const char *from = sqlite3_column_blob(q, 14);
	int64_t count = sqlite3_column_int64(q, 7);

	if (count < 0 || count > r->week->mark_count - r->used ||
	    !unpack_numbers(r->ids, (uint32_t)count, &from, from + sqlite3_column_bytes(q, 14)))
		return damaged(r, "an episode's alerts cannot be read");
	e->alerts = r->alerts + r->used;
	e->count = (uint32_t)count;
	for (uint32_t i = 0; i < e->count; i++) {
		uint32_t mark = mark_of(r->st->numbers, (int64_t)r->ids[i]);

		if (mark == NO_NUMBER || r->taken[mark] || (i > 0 && mark <= r->alerts[r->used - 1]))
			return damaged(r, "an episode's alert is missing");
		r->taken[mark] = true;
		r->alerts[r->used++] = mark;
	}
	return 0;
}

static int recall_episode(struct recalling *r, struct episode *e, sqlite3_stmt *q)
{
	static struct member parts[EPISODE_MEMBERS];
	const struct numbers *n = r->st->numbers;
	struct member *kept;
	int count;

	e->rule = number_of(&n->rules, sqlite3_column_int64(q, 1));
	e->host = number_of(&n->entities, column_int_or(q, 2, -1));
	e->cast = number_of(&n->casts, sqlite3_column_int64(q, 3));
	e->tenant = tenant_number(r->week, column_text(q, 4));
	e->first = sqlite3_column_int64(q, 5);
	e->last = sqlite3_column_int64(q, 6);
	e->severity = (uint8_t)sqlite3_column_int(q, 8);
	e->unusual = sqlite3_column_double(q, 9);
	e->incident = (uint32_t)column_int_or(q, 10, NO_INCIDENT);
	e->act = (uint32_t)sqlite3_column_int64(q, 12) - 1;
	e->paced = sqlite3_column_int(q, 13) != 0;
	count = members_parse(parts, EPISODE_MEMBERS, column_text(q, 11), &n->entities);
	if (count < 0 || e->rule == NO_NUMBER || e->cast == NO_NUMBER)
		return damaged(r, "an episode names what is not there");
	kept = ARENA_ARRAY(r->arena, struct member, (size_t)count);
	memcpy(kept, parts, (size_t)count * sizeof(*parts));
	e->members = kept;
	e->member_count = (uint32_t)count;
	return recall_alerts(r, e, q);
}

static int recall_episodes(struct recalling *r)
{
	sqlite3_stmt *q = store_query(r->st, QUERY_EPISODES, r->f);
	struct episode *all = NULL;
	uint32_t n = 0, room = 0;
	int row;

	if (q == NULL)
		return -1;
	r->alerts = ARENA_ARRAY(r->arena, uint32_t, r->week->mark_count);
	r->taken = must_alloc((size_t)r->week->mark_count + 1);
	r->ids = must_grow(NULL, (size_t)r->week->mark_count + 1, sizeof(*r->ids));
	while ((row = store_row(r->st, q, r->f)) > 0) {
		if (n == room)
			all = must_grow(all, room = room > 0 ? room * 2 : 256, sizeof(*all));
		memset(&all[n], 0, sizeof(*all));
		if (sqlite3_column_int64(q, 0) != (int64_t)n + 1)
			row = damaged(r, "an episode is missing");
		if (row < 0 || (row = recall_episode(r, &all[n++], q)) < 0)
			break;
	}
	r->episodes = arena_copy(r->arena, all, n, sizeof(*all));
	r->episode_count = n;
	free(all);
	free(r->taken);
	free(r->ids);
	return row;
}

/* ---- incidents ---- */

static int recall_hosts(struct recalling *r, struct incident *in, const char *s)
{
	uint32_t *hosts = ARENA_ARRAY(r->arena, uint32_t, strlen(s) / 2 + 1);
	char *end;

	for (s++; *s != ']' && *s != '\0'; s = *end == ',' ? end + 1 : end) {
		uint32_t host = number_of(&r->st->numbers->entities, strtoll(s, &end, 10));

		if (end == s || host == NO_NUMBER)
			return damaged(r, "a host of an incident is missing");
		hosts[in->host_count++] = host;
	}
	in->hosts = hosts;
	return 0;
}

static int recall_links(struct recalling *r, struct incident *in, uint32_t number)
{
	sqlite3_stmt *q = store_query(r->st, QUERY_LINKS, r->f);
	struct link *all = NULL, *kept;
	uint32_t n = 0, room = 0;
	int row;

	if (q == NULL)
		return -1;
	bind_int(q, ":incident", number);
	while ((row = store_row(r->st, q, r->f)) > 0) {
		if (n == room)
			all = must_grow(all, room = room > 0 ? room * 2 : 64, sizeof(*all));
		all[n].a = (uint32_t)(sqlite3_column_int64(q, 0) - 1);
		all[n].b = (uint32_t)(sqlite3_column_int64(q, 1) - 1);
		all[n].reason = (enum link_reason)table_value(link_reasons, column_text(q, 2), 0);
		all[n].weight = sqlite3_column_double(q, 3);
		all[n].entity = number_of(&r->st->numbers->entities, column_int_or(q, 4, -1));
		if (all[n].a >= r->episode_count || all[n].b >= r->episode_count) {
			row = damaged(r, "a link's episode is missing");
			break;
		}
		n++;
	}
	kept = arena_copy(r->arena, all, n, sizeof(*all));
	free(all);
	in->links = kept;
	in->link_count = n;
	return row;
}

static int recall_factors(struct recalling *r, struct incident *in, uint32_t number)
{
	sqlite3_stmt *q = store_query(r->st, QUERY_FACTORS, r->f);
	struct factor list[FACTORS_MAX];
	int row;

	if (q == NULL)
		return -1;
	bind_int(q, ":incident", number);
	while ((row = store_row(r->st, q, r->f)) > 0) {
		struct factor *fa = &list[in->factor_count];
		int64_t asset;

		if (in->factor_count == FACTORS_MAX)
			return damaged(r, "an incident has too many factors");
		in->factor_count++;
		fa->key = column_dup(q, 0, r->arena);
		fa->points = sqlite3_column_double(q, 1);
		fa->number = sqlite3_column_double(q, 2);
		fa->subject = column_dup(q, 3, r->arena);
		asset = column_int_or(q, 4, -1);
		if (asset >= (int64_t)r->week->asset_count)
			return damaged(r, "a factor names an asset that is not there");
		fa->asset = asset >= 0 ? &r->week->assets[asset] : NULL;
	}
	in->factors = arena_copy(r->arena, list, in->factor_count, sizeof(*list));
	return row;
}

static int recall_incident_row(struct recalling *r, struct incident *in, sqlite3_stmt *q)
{
	memset(in, 0, sizeof(*in));
	snprintf(in->id, sizeof(in->id), "%s", column_text(q, 1));
	in->rank = (uint32_t)sqlite3_column_int64(q, 2);
	in->priority = (enum priority)table_value(priorities, column_text(q, 3), PRIORITY_LOW);
	in->score = sqlite3_column_double(q, 4);
	in->first = sqlite3_column_int64(q, 5);
	in->last = sqlite3_column_int64(q, 6);
	in->alert_count = (uint32_t)sqlite3_column_int64(q, 7);
	return recall_hosts(r, in, column_text(q, 8));
}

static int recall_incidents(struct recalling *r, struct analysis *an)
{
	sqlite3_stmt *q = store_query(r->st, QUERY_INCIDENTS, r->f);
	struct incident *all = NULL, *kept;
	uint32_t n = 0, room = 0;
	int row;

	if (q == NULL)
		return -1;
	while ((row = store_row(r->st, q, r->f)) > 0) {
		if (n == room)
			all = must_grow(all, room = room > 0 ? room * 2 : 16, sizeof(*all));
		if ((row = recall_incident_row(r, &all[n++], q)) < 0)
			break;
	}
	kept = arena_copy(r->arena, all, n, sizeof(*all));
	free(all);
	an->incidents = kept;
	an->incident_count = n;
	while (an->queue_count < n && kept[an->queue_count].rank == an->queue_count + 1)
		an->queue_count++;
	for (uint32_t i = 0; row == 0 && i < n; i++) {
		if (kept[i].rank > 0 && i >= an->queue_count)
			return damaged(r, "the queue is not in order");
		if ((q = store_query(r->st, QUERY_INCIDENT_EPISODES, r->f)) == NULL)
			return -1;
		bind_int(q, ":incident", i);
		if (recall_episode_list(r, q, &kept[i].episodes, &kept[i].episode_count) < 0 ||
		    recall_links(r, &kept[i], i) < 0 || recall_factors(r, &kept[i], i) < 0)
			return -1;
	}
	return row;
}

/* ---- beats ---- */

static void recall_beat_row(struct recalling *r, struct beat *b, sqlite3_stmt *q)
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
}

static int recall_beats(struct recalling *r, uint32_t incident, struct beat **out, size_t *count)
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
		recall_beat_row(r, &all[n++], q);
	}
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
			return damaged(r, "a fact belongs to no beat");
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
	sqlite3_stmt *q;
	size_t n;

	if (recall_beats(r, incident, &beats, &n) < 0 || recall_facts(r, incident, beats, n) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		uint32_t count;

		for (size_t k = 0; k < beats[i].fact_count; k++)
			if (beats[i].facts[k].kind == FACT_LIST &&
			    recall_items(r, incident, i, k, &beats[i].facts[k]) < 0)
				return -1;
		if ((q = store_query(r->st, QUERY_BEAT_EPISODES, r->f)) == NULL)
			return -1;
		bind_int(q, ":incident", incident);
		bind_int(q, ":beat", (int64_t)i);
		if (recall_episode_list(r, q, &beats[i].episodes, &count) < 0)
			return -1;
		if (count == 0)
			beats[i].episodes = in->episodes;
		beats[i].episode_count = count > 0 ? count : in->episode_count;
	}
	*out = (struct narrative){ in->id, beats, n };
	return 0;
}

int store_load_analysis(struct analysis **out, const struct narrative **narratives, struct store *st,
                        const struct week *w, struct arena *arena, struct fault *f)
{
	struct recalling r = { .st = st, .arena = arena, .week = w, .f = f };
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
	if (recall_episodes(&r) < 0)
		return -1;
	an->episodes = r.episodes;
	an->episode_count = r.episode_count;
	if (recall_incidents(&r, an) < 0)
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
