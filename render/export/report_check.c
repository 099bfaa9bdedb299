#include "render/export/report_check.h"

#include <stdlib.h>
#include <string.h>

#include "analyst/store/store.h"

struct checking {
	struct findings *out;
	const struct week *week;
	struct arena *arena;
	uint64_t *keys;              /* of all alerts, sorted */
};

/* What tells the elements of an array apart; the others are told apart by their place. */
static const char *const identities[] = { "id", "part", "key", "evidence", "episode", "number", "name" };

static const char *scalar(const struct node *n)
{
	return n->kind == NODE_ARRAY || n->kind == NODE_OBJECT ? NULL : n->text;
}

static const char *identity(const struct checking *c, const struct node *n)
{
	const char *out = "";

	if (n->kind != NODE_OBJECT)
		return scalar(n) != NULL ? scalar(n) : "";
	for (size_t i = 0; i < sizeof(identities) / sizeof(identities[0]); i++) {
		const struct node *m = node_at(n, identities[i], NULL);

		if (m != NULL && scalar(m) != NULL)
			out = arena_printf(c->arena, "%s%s%s", out, out[0] != '\0' ? " " : "", scalar(m));
	}
	return out;
}

static const char *below(const struct checking *c, const char *path, const char *key)
{
	return arena_printf(c->arena, "%s%s%s", path, path[0] != '\0' ? "." : "", key);
}

/* ---- alert ids ---- */

static int by_key(const void *pa, const void *pb)
{
	uint64_t a = *(const uint64_t *)pa, b = *(const uint64_t *)pb;

	return (a > b) - (a < b);
}

static bool is_alert(const struct checking *c, const char *id)
{
	char *end;
	uint64_t key = strtoull(id, &end, 16);
	char written[ALERT_ID_ROOM];

	alert_id(written, key);
	return strcmp(written, id) == 0 && c->week->mark_count > 0 &&
	       bsearch(&key, c->keys, c->week->mark_count, sizeof(key), by_key) != NULL;
}

/* ---- values ---- */

static void check(struct checking *c, const char *path, const struct node *given, const struct node *held);

/* jq and its like write 12.0 as 12. */
static bool same_scalar(const struct node *a, const struct node *b)
{
	if (a->kind != b->kind)
		return false;
	if (strcmp(a->text, b->text) == 0)
		return true;
	if (a->kind != NODE_NUMBER || (strpbrk(a->text, ".eE") == NULL && strpbrk(b->text, ".eE") == NULL))
		return false;
	return strtod(a->text, NULL) == strtod(b->text, NULL);
}

static void check_object(struct checking *c, const char *path, const struct node *given, const struct node *held)
{
	for (const struct node *h = held->first; h != NULL; h = h->next) {
		const struct node *g = node_at(given, h->key, NULL);

		if (g == NULL)
			finding_add(c->out, "%s: is missing", below(c, path, h->key));
		else
			check(c, below(c, path, h->key), g, h);
	}
	for (const struct node *g = given->first; g != NULL; g = g->next)
		if (node_at(held, g->key, NULL) == NULL || node_at(given, g->key, NULL) != g)
			finding_add(c->out, "%s: the case file supports no such value", below(c, path, g->key));
}

static size_t list_nodes(struct checking *c, const struct node *array, const struct node ***out, const char ***ids)
{
	size_t n = 0, i = 0;

	for (const struct node *e = array->first; e != NULL; e = e->next)
		n++;
	*out = ARENA_ARRAY(c->arena, const struct node *, n + 1);
	*ids = ARENA_ARRAY(c->arena, const char *, n + 1);
	for (const struct node *e = array->first; e != NULL; e = e->next, i++) {
		(*out)[i] = e;
		(*ids)[i] = identity(c, e);
	}
	return n;
}

static void say_extra(struct checking *c, const char *path, const struct node *n, const char *id)
{
	size_t size = strlen(path), end = strlen("alert_ids");

	if (size >= end && strcmp(path + size - end, "alert_ids") == 0)
		finding_add(c->out, "%s: %s is %s", path, id, scalar(n) != NULL && is_alert(c, id)
		            ? "an alert, but no evidence for this" : "no alert of the case file");
	else
		finding_add(c->out, "%s[%s]: is not supported by the case file", path, id);
}

/* Elements of one identity belong together wherever they stand; the search goes on from the last pair, so that
 * lists in order cost no more than their length. */
static void check_array(struct checking *c, const char *path, const struct node *given, const struct node *held)
{
	const struct node **g, **h;
	const char **given_ids, **held_ids;
	size_t n = list_nodes(c, given, &g, &given_ids), m = list_nodes(c, held, &h, &held_ids), from = 0;
	bool *used = ARENA_ARRAY(c->arena, bool, n + 1), moved = false;

	for (size_t i = 0; i < m && c->out->count < FINDINGS_MOST; i++) {
		size_t k = 0;

		while (k < n && (used[(from + k) % n] || strcmp(given_ids[(from + k) % n], held_ids[i]) != 0))
			k++;
		if (k == n) {
			finding_add(c->out, "%s[%s]: is missing", path, held_ids[i]);
			continue;
		}
		k = (from + k) % n;
		moved |= k < from;
		used[k] = true;
		from = k + 1;
		check(c, arena_printf(c->arena, "%s[%s]", path, held_ids[i]), g[k], h[i]);
	}
	for (size_t k = 0; k < n && c->out->count < FINDINGS_MOST; k++)
		if (!used[k])
			say_extra(c, path, g[k], given_ids[k]);
	if (moved)
		finding_add(c->out, "%s: stands in another order than the case file supports", path);
}

static void check(struct checking *c, const char *path, const struct node *given, const struct node *held)
{
	if (c->out->count >= FINDINGS_MOST)
		return;
	if (given->kind == NODE_OBJECT && held->kind == NODE_OBJECT)
		check_object(c, path, given, held);
	else if (given->kind == NODE_ARRAY && held->kind == NODE_ARRAY)
		check_array(c, path, given, held);
	else if (scalar(given) == NULL || scalar(held) == NULL)
		finding_add(c->out, "%s: is of another kind than the case file supports", path);
	else if (!same_scalar(given, held))
		finding_add(c->out, "%s: the report says '%s', the case file supports '%s'", path, given->text, held->text);
}

void report_check(struct findings *out, const struct node *given, const struct node *supported, const struct week *week,
                  struct arena *a)
{
	struct checking c = { out, week, a, ARENA_ARRAY(a, uint64_t, week->mark_count + 1) };

	for (uint32_t i = 0; i < week->mark_count; i++)
		c.keys[i] = week->marks[i].key;
	qsort(c.keys, week->mark_count, sizeof(*c.keys), by_key);
	check(&c, "", given, supported);
}
