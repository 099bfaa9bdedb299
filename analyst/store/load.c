/* The case file as a week: every row is numbered by its content, so that the numbers,
 * and all that is concluded from them, do not depend on the order of import. */
#include <stdlib.h>
#include <string.h>

#include "analyst/store/loading.h"

int loading_damaged(struct loading *l, const char *what)
{
	return store_damaged(l->st, what, l->f);
}

int loading_too_much(const struct store *st, const char *what, struct fault *f)
{
	return fault_set(f, FAULT_STORE, "case file '%s' holds more %s than can be analysed at once", st->path, what);
}

/* When each entity was first seen; NULL when no indicator ever ends. Marks come in order of time. */
static instant *first_sightings(const struct week *w)
{
	instant *seen;
	bool ends = false;

	for (uint32_t i = 0; i < w->indicator_count; i++)
		ends |= w->indicators[i].valid_until != INSTANT_NONE;
	if (!ends)
		return NULL;
	seen = must_grow(NULL, (size_t)w->entity_count + 1, sizeof(*seen));
	for (uint32_t i = 0; i < w->entity_count; i++)
		seen[i] = INSTANT_NONE;
	for (uint32_t i = 0; i < w->mark_count; i++) {
		const struct cast *c = &w->casts[w->marks[i].cast];

		for (uint32_t k = 0; k < c->count; k++)
			if (seen[w->members[c->first + k].entity] == INSTANT_NONE)
				seen[w->members[c->first + k].entity] = w->marks[i].at;
	}
	return seen;
}

static void match_entities(struct loading *l)
{
	struct matcher *m = matcher_new(l->week->indicators, l->week->indicator_count);
	instant *seen = first_sightings(l->week);

	for (uint32_t i = 0; i < l->week->entity_count; i++)
		l->entities[i].indicator = matcher_find(m, l->entities[i].kind, l->entities[i].value,
		                                        seen != NULL ? seen[i] : INSTANT_NONE, &l->entities[i].lapsed);
	free(seen);
	matcher_free(m);
}

/* After the numbering: two records of one rule that name a technique by its old and its new id stay apart. */
static void update_techniques(struct loading *l, struct indicator *indicators, const struct lore *lore)
{
	if (lore->techniques == NULL)
		return;
	for (uint32_t i = 0; i < l->week->rule_count; i++)
		l->rules[i].rule.techniques = lore->techniques(lore->ctx, l->rules[i].rule.techniques, l->arena);
	for (uint32_t i = 0; i < l->week->indicator_count; i++)
		indicators[i].techniques = lore->techniques(lore->ctx, indicators[i].techniques, l->arena);
}

static void name_behaviours(struct loading *l, const struct lore *lore)
{
	static const struct rule steady = { .product = "tsumugi", .name = "steady pace" };
	const struct behaviour *pace = lore->behaviour(lore->ctx, &steady, RECORD_ALERT);

	for (uint32_t i = 0; i < l->week->rule_count; i++) {
		uint8_t kind = l->rule_kinds[i] <= RECORD_RESPONSE ? l->rule_kinds[i] : RECORD_ALERT;

		l->rules[i].behaviour = lore->behaviour(lore->ctx, &l->rules[i].rule, (enum record_kind)kind);
	}
	l->week->pace = pace != NULL && pace->calls ? pace : NULL;
}

int store_load_week(struct week **out, struct store *st, struct arena *arena, const struct lore *lore,
                    struct fault *f)
{
	struct loading l = { .st = st, .arena = arena, .f = f };
	struct indicator *indicators;
	int rc;

	numbers_free(st->numbers);
	l.numbers = st->numbers = must_alloc(sizeof(*l.numbers));
	l.numbers->week = l.week = arena_alloc(arena, sizeof(*l.week));
	rc = store_snapshot(st, f) < 0 || store_truth(&st->loaded, st, f) < 0 || load_rules(&l) < 0 || load_verdicts(&l) < 0 ||
	     load_entities(&l) < 0 || load_assets(l.week, st, arena, f) < 0 ||
	     load_casts(l.week, l.entities, l.numbers, st, arena, f) < 0 || load_marks(&l) < 0 ||
	     load_indicators(&indicators, &l.week->indicator_count, st, arena, f) < 0 ||
	     lay_overrides(l.week, l.rules, l.marks, st, arena, f) < 0;
	formats_free(l.formats);
	if (rc != 0)
		return -1;
	l.week->indicators = indicators;
	update_techniques(&l, indicators, lore);
	match_entities(&l);
	if (load_telemetry(l.week, st, arena, f) < 0)
		return -1;
	sqlite3_db_release_memory(st->db);       /* the pages that were read: none is asked for again */
	name_behaviours(&l, lore);
	*out = l.week;
	return 0;
}
