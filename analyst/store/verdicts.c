#include "analyst/store/verdicts.h"

#include <stdlib.h>
#include <string.h>

#include "analyst/base/text.h"
#include "analyst/store/known.h"

/* How many of each are known at once, in each of two generations. */
#define KEPT 50000
/* New rows, written together. */
#define PENDING_MOST 1024

struct said {
	int64_t rule;
	enum record_kind kind;
	enum severity severity;
	enum action action;
	enum zone_origin zone;
	int confidence;              /* or -1 */
	const char *native;          /* or NULL */
};

/* What the last alert of a rule said, which is mostly what the next one says. */
struct lately {
	int64_t rule, verdict;       /* 0: not asked for yet */
	struct said said;
};

struct verdicts {
	struct known *rules, *verdicts;
	int64_t last_rule, last_verdict;
	struct text key;             /* scratch */
	struct lately *lately;       /* by number of rule */
	size_t room, used;
	struct said fresh[PENDING_MOST];
	size_t fresh_count;
};

struct verdicts *verdicts_new(void)
{
	struct verdicts *v = must_alloc(sizeof(*v));

	v->rules = known_new(KEPT);
	v->verdicts = known_new(KEPT);
	return v;
}

void verdicts_free(struct verdicts *v)
{
	if (v == NULL)
		return;
	known_free(v->rules);
	known_free(v->verdicts);
	text_free(&v->key);
	free(v->lately);
	free(v);
}

/* ---- rules ---- */

/* NULL and "" are different values: the first has no length byte. */
static void key_add(struct text *key, const char *s)
{
	if (s != NULL) {
		text_addc(key, 1);
		text_add(key, s);
	}
	text_addc(key, '\0');
}

static struct known_row *put_rule(struct verdicts *v, const struct rule *r)
{
	struct text *key = &v->key;

	text_clear(key);
	key_add(key, r->product);
	key_add(key, r->id);
	key_add(key, r->name);
	key_add(key, r->category);
	key_add(key, r->techniques);
	key_add(key, r->tactics);
	return known_put(v->rules, key->bytes, key->used);
}

static int64_t find_rule(struct verdicts *v, struct store *st, const struct rule *r, struct fault *f)
{
	struct known_row *known = put_rule(v, r);
	sqlite3_stmt *q;

	if (known->id != 0)
		return known->id;
	if ((q = store_query(st, QUERY_RULE_NEW, f)) == NULL)
		return -1;
	known->id = ++v->last_rule;
	bind_int(q, ":id", known->id);
	bind_text(q, ":product", r->product);
	bind_text(q, ":native", r->id);
	bind_text(q, ":name", r->name);
	bind_text(q, ":category", r->category);
	bind_text(q, ":techniques", r->techniques);
	bind_text(q, ":tactics", r->tactics);
	return store_done(st, q, f) < 0 ? -1 : known->id;
}

/* ---- verdicts ---- */

static struct known_row *put_said(struct verdicts *v, const struct said *s)
{
	const int64_t numbers[] = { s->rule, (int64_t)s->kind, (int64_t)s->severity, (int64_t)s->action, (int64_t)s->zone, s->confidence };

	text_clear(&v->key);
	text_addn(&v->key, (const char *)numbers, sizeof(numbers));
	key_add(&v->key, s->native);
	return known_put(v->verdicts, v->key.bytes, v->key.used);
}

static bool same_text(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static bool says(const struct alert *a, const struct said *s)
{
	return a->kind == s->kind && a->severity == s->severity && a->action == s->action && a->zone == s->zone &&
	       a->confidence == s->confidence && same_text(a->severity_native, s->native);
}

static int64_t find_verdict(struct verdicts *v, struct store *st, const struct said *s, struct fault *f)
{
	struct known_row *known = put_said(v, s);

	if (known->id != 0)
		return known->id;
	if (v->fresh_count == PENDING_MOST && verdicts_flush(v, st, f) < 0)
		return -1;
	v->fresh[v->fresh_count++] = *s;
	return known->id = ++v->last_verdict;
}

/* Lent until the next call; what has no number starts anew each time. */
static struct lately *lately_of(struct verdicts *v, uint32_t number)
{
	if (number >= v->room) {
		v->room = (size_t)number + 256;
		v->lately = must_grow(v->lately, v->room, sizeof(*v->lately));
	}
	for (; v->used <= number; v->used++)
		v->lately[v->used] = (struct lately){0};
	if (number == 0)
		v->lately[0] = (struct lately){0};
	return &v->lately[number];
}

int64_t verdicts_find(struct verdicts *v, struct store *st, const struct alert *a, struct fault *f)
{
	struct lately *l = lately_of(v, a->rule_number);

	if (l->verdict != 0 && says(a, &l->said))
		return l->verdict;
	if (l->rule == 0 && (l->rule = find_rule(v, st, &a->rule, f)) < 0)
		return -1;
	l->said = (struct said){ l->rule, a->kind, a->severity, a->action, a->zone, a->confidence, a->severity_native };
	return l->verdict = find_verdict(v, st, &l->said, f);
}

void verdicts_forget_numbers(struct verdicts *v)
{
	v->used = 0;
}

/* ---- the file ---- */

static int refresh_rules(struct verdicts *v, struct store *st, struct fault *f)
{
	sqlite3_stmt *q = store_query(st, QUERY_RULES_AFTER, f);
	int row;

	if (q == NULL)
		return -1;
	bind_int(q, ":id", v->last_rule);
	bind_int(q, ":kept", KEPT);
	while ((row = store_row(st, q, f)) > 0) {
		struct rule r = { column_text(q, 1), column_text(q, 2), column_text(q, 3), column_text(q, 4),
		                  column_text(q, 5), column_text(q, 6) };

		if (store_last_id(&v->last_rule, st, q, f) < 0)
			return -1;
		put_rule(v, &r)->id = v->last_rule;
	}
	return row;
}

int verdicts_refresh(struct verdicts *v, struct store *st, struct fault *f)
{
	sqlite3_stmt *q;
	int row;

	if (refresh_rules(v, st, f) < 0 || (q = store_query(st, QUERY_VERDICTS_AFTER, f)) == NULL)
		return -1;
	bind_int(q, ":id", v->last_verdict);
	bind_int(q, ":kept", KEPT);
	while ((row = store_row(st, q, f)) > 0) {
		struct said s = {
			sqlite3_column_int64(q, 1), (enum record_kind)sqlite3_column_int(q, 2), (enum severity)sqlite3_column_int(q, 3),
			(enum action)sqlite3_column_int(q, 4), (enum zone_origin)sqlite3_column_int(q, 6), (int)column_int_or(q, 5, -1),
			column_text(q, 7)
		};

		if (store_last_id(&v->last_verdict, st, q, f) < 0)
			return -1;
		put_said(v, &s)->id = v->last_verdict;
	}
	return row;
}

static void verdict_column(const void *rows, size_t row, int column, sqlite3_context *out)
{
	const struct said *s = (const struct said *)rows + row;

	switch (column) {
	case 0: sqlite3_result_int64(out, s->rule); break;
	case 1: sqlite3_result_int(out, (int)s->kind); break;
	case 2: sqlite3_result_int(out, (int)s->severity); break;
	case 3: sqlite3_result_int(out, (int)s->action); break;
	case 4:
		if (s->confidence != -1)
			sqlite3_result_int(out, s->confidence);
		break;
	case 5: sqlite3_result_int(out, (int)s->zone); break;
	default:
		if (s->native != NULL)
			sqlite3_result_text(out, s->native, -1, SQLITE_STATIC);
		break;
	}
}

int verdicts_flush(struct verdicts *v, struct store *st, struct fault *f)
{
	size_t count = v->fresh_count;

	v->fresh_count = 0;
	return store_feed_up_to(v->last_verdict, st, FEED_VERDICTS, QUERY_VERDICTS_NEW,
	                        (struct feed){ verdict_column, v->fresh, count, 0 }, f);
}
