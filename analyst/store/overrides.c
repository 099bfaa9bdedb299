/* The user's tables of severities and techniques: kept in the case file, laid over what was read whenever a week is
 * loaded. What was read stays as it is, so that taking a table away brings everything back. */
#include <stdlib.h>
#include <string.h>

#include "analyst/base/text.h"
#include "analyst/store/loading.h"

static uint64_t sum_of(struct hasher *h, size_t position, const struct override *o)
{
	struct text t = { 0 };
	uint64_t sum;

	text_printf(&t, "%zu\t%s\t%s\t%s\t%d\t%s%s", position, o->product != NULL ? o->product : "",
	            o->rule != NULL ? o->rule : "", o->native != NULL ? o->native : "", o->severity,
	            o->techniques != NULL ? "=" : "", o->techniques != NULL ? o->techniques : "");
	sum = hasher_content(h, "override", NULL, t.bytes, t.used).key;
	text_free(&t);
	return sum;
}

static int forget(struct truth *truth, struct store *st, struct fault *f)
{
	sqlite3_stmt *q = store_query(st, QUERY_OVERRIDE_SUMS, f);
	int row;

	if (q == NULL)
		return -1;
	while ((row = store_row(st, q, f)) > 0)
		truth->claim_sum -= (uint64_t)sqlite3_column_int64(q, 0);
	return row < 0 ? -1 : store_exec(st, "DELETE FROM override", f);
}

static int write(struct store *st, struct hasher *h, size_t position, const struct override *o, struct truth *truth,
                 struct fault *f)
{
	sqlite3_stmt *q = store_query(st, QUERY_OVERRIDE_NEW, f);
	uint64_t sum = sum_of(h, position, o);

	if (q == NULL)
		return -1;
	bind_int(q, ":position", (int64_t)position);
	bind_text(q, ":product", o->product);
	bind_text(q, ":rule", o->rule);
	bind_text(q, ":native", o->native);
	bind_text(q, ":severity", o->severity != SEVERITY_KEPT ? table_name(severities, o->severity) : NULL);
	bind_text(q, ":techniques", o->techniques);
	bind_int(q, ":sum", (int64_t)sum);
	truth->claim_sum += sum;
	return store_done(st, q, f);
}

static int set_truth(struct store *st, const struct truth *truth, struct fault *f)
{
	sqlite3_stmt *q = store_query(st, QUERY_TRUTH_CLAIM_SUM, f);

	if (q == NULL)
		return -1;
	bind_int(q, ":claim_sum", (int64_t)truth->claim_sum);
	return store_done(st, q, f);
}

int store_set_overrides(struct store *st, const struct override *rows, size_t count, struct fault *f)
{
	struct hasher *h = hasher_new();
	struct truth truth;
	int rc = -1;

	if (store_begin(st, f) == 0 && store_truth(&truth, st, f) == 0 && forget(&truth, st, f) == 0) {
		rc = 0;
		for (size_t i = 0; rc == 0 && i < count; i++)
			rc = write(st, h, i, &rows[i], &truth, f);
		if (rc == 0 && (set_truth(st, &truth, f) < 0 || store_commit(st, f) < 0))
			rc = -1;
	}
	if (rc < 0)
		store_rollback(st);
	hasher_free(h);
	return rc;
}

int store_overrides(const struct override **out, size_t *count, struct store *st, struct arena *arena, struct fault *f)
{
	sqlite3_stmt *q = store_query(st, QUERY_OVERRIDES, f);
	struct override *all = NULL;
	size_t n = 0, room = 0;
	int row;

	if (q == NULL)
		return -1;
	while ((row = store_row(st, q, f)) > 0) {
		const char *severity = column_text(q, 3);

		if (n == room)
			all = must_grow(all, room = room > 0 ? room * 2 : 16, sizeof(*all));
		all[n++] = (struct override){
			column_dup(q, 0, arena), column_dup(q, 1, arena), column_dup(q, 2, arena),
			severity != NULL ? table_value(severities, severity, SEVERITY_KEPT) : SEVERITY_KEPT, column_dup(q, 4, arena)
		};
	}
	*out = n > 0 ? memcpy(ARENA_ARRAY(arena, struct override, n), all, n * sizeof(*all)) : NULL;
	*count = n;
	free(all);
	return row;
}

/* ---- laid over a week ---- */

struct laying {
	const struct override *rows;
	size_t count;
	bool *by_native;             /* by rule: a row that asks for a native severity may decide */
};

/* Of the rows that state a severity the first that fits; by_native: one that also asks for a native one may
 * come first, so the alert itself must be looked at. */
static int severity_of_rule(const struct laying *l, const struct rule *r, bool *by_native)
{
	*by_native = false;
	for (size_t i = 0; i < l->count; i++) {
		if (l->rows[i].severity == SEVERITY_KEPT || !override_fits(&l->rows[i], r))
			continue;
		if (l->rows[i].native == NULL)
			return l->rows[i].severity;
		*by_native = true;
	}
	return SEVERITY_KEPT;
}

static int severity_of_alert(const struct laying *l, const struct rule *r, const char *native)
{
	for (size_t i = 0; i < l->count; i++)
		if (l->rows[i].severity != SEVERITY_KEPT && override_fits(&l->rows[i], r) &&
		    (l->rows[i].native == NULL || override_matches(l->rows[i].native, native)))
			return l->rows[i].severity;
	return SEVERITY_KEPT;
}

static int lay_by_native(const struct laying *l, const struct week *w, struct mark *marks, struct store *st,
                         struct fault *f)
{
	sqlite3_stmt *q = store_query(st, QUERY_NATIVE_SEVERITIES, f);
	int row;

	if (q == NULL)
		return -1;
	while ((row = store_row(st, q, f)) > 0) {
		int64_t alert = sqlite3_column_int64(q, 0);
		uint32_t n = mark_of(st->numbers, alert);
		int severity;

		/* Of several records of one alert the first speaks. */
		if (n == NO_NUMBER || marks[n].row != alert || !l->by_native[marks[n].rule])
			continue;
		severity = severity_of_alert(l, &w->rules[marks[n].rule].rule, column_text(q, 1));
		if (severity != SEVERITY_KEPT)
			marks[n].severity = (uint8_t)severity;
	}
	return row;
}

static void lay_techniques(const struct laying *l, struct week_rule *r)
{
	for (size_t i = 0; i < l->count; i++)
		if (l->rows[i].techniques != NULL && override_fits(&l->rows[i], &r->rule)) {
			r->rule.techniques = l->rows[i].techniques[0] != '\0' ? l->rows[i].techniques : NULL;
			return;
		}
}

int lay_overrides(const struct week *w, struct week_rule *rules, struct mark *marks, struct store *st,
                  struct arena *arena, struct fault *f)
{
	struct laying l = { NULL, 0, NULL };
	bool any_native = false;
	int *severity;
	int rc = 0;

	if (store_overrides(&l.rows, &l.count, st, arena, f) < 0)
		return -1;
	if (l.count == 0)
		return 0;
	l.by_native = must_grow(NULL, (size_t)w->rule_count + 1, sizeof(*l.by_native));
	severity = must_grow(NULL, (size_t)w->rule_count + 1, sizeof(*severity));
	for (uint32_t i = 0; i < w->rule_count; i++) {
		severity[i] = severity_of_rule(&l, &rules[i].rule, &l.by_native[i]);
		any_native |= l.by_native[i];
		lay_techniques(&l, &rules[i]);
	}
	for (uint32_t i = 0; i < w->mark_count; i++)
		if (severity[marks[i].rule] != SEVERITY_KEPT)
			marks[i].severity = (uint8_t)severity[marks[i].rule];
	if (any_native)
		rc = lay_by_native(&l, w, marks, st, f);
	free(severity);
	free(l.by_native);
	return rc;
}
