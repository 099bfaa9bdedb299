/* Writing what was concluded. Everything is replaced in one transaction: a reader sees
 * the old conclusions or the new ones. */
#include <stdlib.h>
#include <string.h>

#include "analyst/base/text.h"
#include "analyst/store/loading.h"
#include "analyst/store/pack.h"

struct saving {
	struct store *st;
	const struct analysis *an;
	const char *by;
	struct text list;        /* scratch for JSON arrays */
	struct text packed;      /* and for the alerts of an episode */
	uint64_t *ids;
	size_t id_room;
	struct fault *f;
};

static const char *const derived[] = {
	"beat_episode", "beat_item", "beat_fact", "beat", "factor", "link", "incident_episode", "incident",
	"episode", "analysis"
};

static int empty_derived(struct saving *s)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < sizeof(derived) / sizeof(derived[0]); i++) {
		text_clear(&s->list);
		text_printf(&s->list, "DELETE FROM %s", derived[i]);
		rc = store_exec(s->st, text_str(&s->list), s->f);
	}
	return rc;
}

static void bind_entity(struct saving *s, sqlite3_stmt *q, const char *name, uint32_t entity)
{
	bind_int_or_null(q, name, row_of(&s->st->numbers->entities, entity), -1);
}

/* ---- episodes ---- */

static void add_digits(struct text *out, uint64_t number)
{
	char digits[20];
	size_t n = sizeof(digits);

	do
		digits[--n] = (char)('0' + number % 10);
	while ((number /= 10) > 0);
	text_addn(out, digits + n, sizeof(digits) - n);
}

static void list_members(struct saving *s, const struct episode *e)
{
	text_clear(&s->list);
	text_addc(&s->list, '[');
	for (uint32_t i = 0; i < e->member_count; i++) {
		text_add(&s->list, i > 0 ? ",[" : "[");
		add_digits(&s->list, e->members[i].role);
		text_addc(&s->list, ',');
		add_digits(&s->list, (uint64_t)row_of(&s->st->numbers->entities, e->members[i].entity));
		text_addc(&s->list, ']');
	}
	text_addc(&s->list, ']');
}

static void list_alerts(struct saving *s, const struct episode *e)
{
	if (e->count > s->id_room)
		s->ids = must_grow(s->ids, s->id_room = 2 * (size_t)e->count, sizeof(*s->ids));
	for (uint32_t i = 0; i < e->count; i++)
		s->ids[i] = (uint64_t)s->an->week->marks[e->alerts[i]].row;
	text_clear(&s->packed);
	pack_numbers(&s->packed, s->ids, e->count);
}

static void text_result(sqlite3_context *out, const char *s)
{
	if (s != NULL)
		sqlite3_result_text(out, s, -1, SQLITE_TRANSIENT);
}

/* Columns in the order of the table (schema/derived.sql). */
static void episode_column(const void *rows, size_t row, int column, sqlite3_context *out)
{
	struct saving *s = *(struct saving *const *)rows;
	const struct episode *e = &s->an->episodes[row];
	const struct numbers *n = s->st->numbers;

	switch (column) {
	case 0:
		sqlite3_result_int64(out, (int64_t)row + 1);
		break;
	case 1:
		sqlite3_result_int64(out, row_of(&n->rules, e->rule));
		break;
	case 2:
		if (e->host != NO_ENTITY)
			sqlite3_result_int64(out, row_of(&n->entities, e->host));
		break;
	case 3:
		sqlite3_result_int64(out, row_of(&n->casts, e->cast));
		break;
	case 4:
		text_result(out, e->tenant > 0 && e->tenant < s->an->week->tenant_count ? s->an->week->tenants[e->tenant] : NULL);
		break;
	case 5:
		sqlite3_result_int64(out, e->first);
		break;
	case 6:
		sqlite3_result_int64(out, e->last);
		break;
	case 7:
		sqlite3_result_int64(out, e->count);
		break;
	case 8:
		sqlite3_result_int(out, e->severity);
		break;
	case 9:
		sqlite3_result_double(out, e->unusual);
		break;
	case 10:
		if (e->incident != NO_INCIDENT)
			sqlite3_result_int64(out, e->incident);
		break;
	case 11:
		list_members(s, e);
		text_result(out, text_str(&s->list));
		break;
	case 12:
		sqlite3_result_int64(out, (int64_t)e->act + 1);
		break;
	case 13:
		sqlite3_result_int(out, e->paced);
		break;
	default:
		list_alerts(s, e);
		sqlite3_result_blob64(out, s->packed.bytes, s->packed.used, SQLITE_TRANSIENT);
	}
}

static int save_episodes(struct saving *s)
{
	return store_feed(s->st, FEED_EPISODES, QUERY_EPISODES_NEW, (struct feed){ episode_column, &s, s->an->episode_count, 0 }, s->f);
}

/* ---- incidents ---- */

static int save_incident_row(struct saving *s, uint32_t number, const struct incident *in)
{
	sqlite3_stmt *q = store_query(s->st, QUERY_INCIDENT_NEW, s->f);

	if (q == NULL)
		return -1;
	text_clear(&s->list);
	text_addc(&s->list, '[');
	for (uint32_t i = 0; i < in->host_count; i++)
		text_printf(&s->list, "%s%lld", i > 0 ? "," : "",
		            (long long)row_of(&s->st->numbers->entities, in->hosts[i]));
	text_addc(&s->list, ']');
	bind_int(q, ":number", number);
	bind_text(q, ":id", in->id);
	bind_int(q, ":rank", in->rank);
	bind_text(q, ":priority", table_name(priorities, (int)in->priority));
	bind_real(q, ":score", in->score);
	bind_int(q, ":first", in->first);
	bind_int(q, ":last", in->last);
	bind_int(q, ":alerts", in->alert_count);
	bind_text(q, ":hosts", text_str(&s->list));
	return store_done(s->st, q, s->f);
}

static int save_parts(struct saving *s, uint32_t number, const struct incident *in)
{
	sqlite3_stmt *q;

	for (uint32_t i = 0; i < in->episode_count; i++) {
		if ((q = store_query(s->st, QUERY_INCIDENT_EPISODE_NEW, s->f)) == NULL)
			return -1;
		bind_int(q, ":incident", number);
		bind_int(q, ":position", i);
		bind_int(q, ":episode", (int64_t)in->episodes[i] + 1);
		if (store_done(s->st, q, s->f) < 0)
			return -1;
	}
	for (uint32_t i = 0; i < in->link_count; i++) {
		if ((q = store_query(s->st, QUERY_LINK_NEW, s->f)) == NULL)
			return -1;
		bind_int(q, ":incident", number);
		bind_int(q, ":position", i);
		bind_int(q, ":a", (int64_t)in->links[i].a + 1);
		bind_int(q, ":b", (int64_t)in->links[i].b + 1);
		bind_text(q, ":reason", table_name(link_reasons, (int)in->links[i].reason));
		bind_real(q, ":weight", in->links[i].weight);
		bind_entity(s, q, ":entity", in->links[i].entity);
		if (store_done(s->st, q, s->f) < 0)
			return -1;
	}
	for (uint32_t i = 0; i < in->factor_count; i++) {
		if ((q = store_query(s->st, QUERY_FACTOR_NEW, s->f)) == NULL)
			return -1;
		bind_int(q, ":incident", number);
		bind_int(q, ":position", i);
		bind_text(q, ":key", in->factors[i].key);
		bind_real(q, ":points", in->factors[i].points);
		bind_real(q, ":number", in->factors[i].number);
		bind_text(q, ":subject", in->factors[i].subject);
		bind_int_or_null(q, ":asset", in->factors[i].asset != NULL ? in->factors[i].asset - s->an->week->assets : -1, -1);
		if (store_done(s->st, q, s->f) < 0)
			return -1;
	}
	return 0;
}

/* ---- beats ---- */

static int save_beat_row(struct saving *s, uint32_t incident, size_t number, const struct beat *b)
{
	sqlite3_stmt *q = store_query(s->st, QUERY_BEAT_NEW, s->f);

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
	return store_done(s->st, q, s->f);
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

/* Titles, and all that is said of the incident as a whole. */
static bool cites_all(const struct incident *in, const struct beat *b)
{
	return b->episode_count == in->episode_count &&
	       memcmp(b->episodes, in->episodes, b->episode_count * sizeof(*b->episodes)) == 0;
}

static int save_beat(struct saving *s, uint32_t incident, size_t number, const struct beat *b)
{
	sqlite3_stmt *q;

	if (save_beat_row(s, incident, number, b) < 0)
		return -1;
	for (size_t i = 0; i < b->fact_count; i++)
		if (save_fact(s, incident, number, i, &b->facts[i]) < 0)
			return -1;
	if (cites_all(&s->an->incidents[incident], b))
		return 0;
	for (size_t i = 0; i < b->episode_count; i++) {
		if ((q = store_query(s->st, QUERY_BEAT_EPISODE_NEW, s->f)) == NULL)
			return -1;
		bind_int(q, ":incident", incident);
		bind_int(q, ":beat", (int64_t)number);
		bind_int(q, ":position", (int64_t)i);
		bind_int(q, ":episode", (int64_t)b->episodes[i] + 1);
		if (store_done(s->st, q, s->f) < 0)
			return -1;
	}
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
	if (empty_derived(s) < 0 || save_origin(s) < 0)
		return -1;
	if (save_episodes(s) < 0)
		return -1;
	for (uint32_t i = 0; i < s->an->incident_count; i++) {
		if (save_incident_row(s, i, &s->an->incidents[i]) < 0 ||
		    save_parts(s, i, &s->an->incidents[i]) < 0)
			return -1;
		for (size_t k = 0; i < s->an->queue_count && k < narratives[i].beat_count; k++)
			if (save_beat(s, i, k, &narratives[i].beats[k]) < 0)
				return -1;
	}
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
	text_free(&s.list);
	text_free(&s.packed);
	free(s.ids);
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
