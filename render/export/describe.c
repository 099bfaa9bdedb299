#include "render/export/describe.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyst/knowledge/knowledge.h"
#include "analyst/model/view.h"

static int compare_strings(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void sort_unique(struct names_list *list)
{
	size_t kept = 0;

	if (list->count > 0)
		qsort(list->items, list->count, sizeof(*list->items), compare_strings);
	for (size_t i = 0; i < list->count; i++)
		if (kept == 0 || strcmp(list->items[i], list->items[kept - 1]) != 0)
			list->items[kept++] = list->items[i];
	list->count = kept;
}

static int compare_u32(const void *pa, const void *pb)
{
	uint32_t a = *(const uint32_t *)pa, b = *(const uint32_t *)pb;

	return (a > b) - (a < b);
}

/* Everybody in the incident's episodes, each once. */
static void gather_entities(struct description *d, const struct told *t)
{
	const struct incident *in = d->incident;
	size_t n = 0, kept = 0;

	for (uint32_t i = 0; i < in->episode_count; i++)
		n += t->an->episodes[in->episodes[i]].member_count;
	d->entities = ARENA_ARRAY(t->arena, uint32_t, n);
	n = 0;
	for (uint32_t i = 0; i < in->episode_count; i++) {
		const struct episode *e = &t->an->episodes[in->episodes[i]];

		for (uint32_t k = 0; k < e->member_count; k++)
			d->entities[n++] = e->members[k].entity;
	}
	if (n > 0)
		qsort(d->entities, n, sizeof(*d->entities), compare_u32);
	for (size_t i = 0; i < n; i++)
		if (kept == 0 || d->entities[i] != d->entities[kept - 1])
			d->entities[kept++] = d->entities[i];
	d->entity_count = kept;
}

static int compare_indicators(const void *pa, const void *pb)
{
	const struct indicator *const *a = pa, *const *b = pb;

	return (*a > *b) - (*a < *b);      /* both point into the week's sorted array */
}

static void gather_names(struct description *d, const struct told *t)
{
	const struct week *w = t->an->week;
	size_t kept = 0;

	d->users.items = ARENA_ARRAY(t->arena, const char *, d->entity_count);
	d->indicators = ARENA_ARRAY(t->arena, const struct indicator *, d->entity_count);
	for (size_t i = 0; i < d->entity_count; i++) {
		const struct week_entity *e = &w->entities[d->entities[i]];

		if (e->kind == ENTITY_USER)
			d->users.items[d->users.count++] = e->shown;
		if (e->indicator != NULL)
			d->indicators[d->indicator_count++] = e->indicator;
	}
	sort_unique(&d->users);
	if (d->indicator_count > 0)
		qsort(d->indicators, d->indicator_count, sizeof(*d->indicators), compare_indicators);
	for (size_t i = 0; i < d->indicator_count; i++)
		if (kept == 0 || d->indicators[i] != d->indicators[kept - 1])
			d->indicators[kept++] = d->indicators[i];
	d->indicator_count = kept;
	d->hosts.items = ARENA_ARRAY(t->arena, const char *, d->incident->host_count);
	for (uint32_t i = 0; i < d->incident->host_count; i++)
		d->hosts.items[d->hosts.count++] = w->entities[d->incident->hosts[i]].shown;
}

static size_t count_words(const char *s)
{
	size_t n = 0;

	for (; s != NULL && *s != '\0'; s += strcspn(s, " "), s += strspn(s, " "))
		n++;
	return n;
}

static void add_words(struct names_list *list, const char *s, struct arena *a)
{
	while (s != NULL && *s != '\0') {
		size_t n = strcspn(s, " ");

		list->items[list->count++] = arena_dupn(a, s, n);
		s += n;
		s += strspn(s, " ");
	}
}

/* Tactics and techniques are what the behaviour stands for; a product's own words count
 * where it is not known. */
static void gather_attack(struct description *d, const struct told *t)
{
	const struct incident *in = d->incident;
	bool seen[TACTICS] = {false};
	size_t most = 0;

	for (uint32_t i = 0; i < in->episode_count; i++)
		most += 1 + count_words(t->an->week->rules[t->an->episodes[in->episodes[i]].rule].rule.techniques);
	d->techniques.items = ARENA_ARRAY(t->arena, const char *, most);
	for (uint32_t i = 0; i < in->episode_count; i++) {
		const struct week_rule *r = &t->an->week->rules[t->an->episodes[in->episodes[i]].rule];
		int tactic = r->behaviour->tactic;

		add_words(&d->techniques, r->rule.techniques, t->arena);
		if (r->behaviour->technique != NULL)
			d->techniques.items[d->techniques.count++] = r->behaviour->technique;
		if (tactic >= 0 && tactic < TACTICS)
			seen[tactic] = true;
		for (const char *s = tactic < 0 ? r->rule.tactics : NULL; s != NULL && *s != '\0';
		     s += strcspn(s, " "), s += strspn(s, " ")) {
			char id[16];

			snprintf(id, sizeof(id), "%.*s", (int)strcspn(s, " "), s);
			if ((tactic = tactic_index(id)) >= 0)
				seen[tactic] = true;
		}
	}
	sort_unique(&d->techniques);
	d->tactics.items = ARENA_ARRAY(t->arena, const char *, TACTICS);
	for (int i = 0; i < TACTICS; i++)
		if (seen[i])
			d->tactics.items[d->tactics.count++] = tactics[i];
}

void describe(struct description *out, const struct told *t, uint32_t incident, enum language lang,
              const struct zone *z)
{
	memset(out, 0, sizeof(*out));
	out->incident = &t->an->incidents[incident];
	out->story = &t->narratives[incident];
	out->title = story_title(t->phrases, lang, REGISTER_WEEKLY, out->story, z, t->arena);
	gather_entities(out, t);
	gather_names(out, t);
	gather_attack(out, t);
}

/* ---- JSON ---- */

void json_names(struct text *out, const char *key, const struct names_list *list)
{
	text_printf(out, ",\"%s\":[", key);
	for (size_t i = 0; i < list->count; i++) {
		text_add(out, i > 0 ? "," : "");
		text_add_json(out, list->items[i]);
	}
	text_addc(out, ']');
}

void json_instant(struct text *out, const char *key, instant t)
{
	char when[INSTANT_ROOM];

	text_printf(out, ",\"%s\":", key);
	if (t == INSTANT_NONE) {
		text_add(out, "null");
		return;
	}
	instant_utc(when, t);
	text_add_json(out, when);
}

/* At most two decimals, without zeros at the end; never "nan", which is no JSON. */
static void json_number(struct text *out, double v)
{
	char digits[64];
	size_t n;

	snprintf(digits, sizeof(digits), "%.2f", isfinite(v) ? v : 0.0);
	n = strlen(digits);
	while (digits[n - 1] == '0' && digits[n - 2] != '.')
		n--;
	text_addn(out, digits, n);
}

static void json_factors(struct text *out, const struct description *d, const struct told *t,
                         enum language lang)
{
	text_add(out, ",\"factors\":[");
	for (uint32_t i = 0; i < d->incident->factor_count; i++) {
		const struct factor *fa = &d->incident->factors[i];

		text_add(out, i > 0 ? ",{\"name\":" : "{\"name\":");
		text_add_json(out, fa->key);
		text_add(out, ",\"points\":");
		json_number(out, fa->points);
		text_add(out, ",\"reason\":");
		text_add_json(out, story_factor(t->phrases, lang, fa, t->arena));
		text_addc(out, '}');
	}
	text_addc(out, ']');
}

void describe_json(struct text *out, const struct description *d, const struct told *t,
                   enum language lang)
{
	const struct incident *in = d->incident;

	if (in->rank > 0)
		text_printf(out, "{\"rank\":%u,\"id\":", in->rank);
	else
		text_add(out, "{\"rank\":null,\"id\":");
	text_add_json(out, in->id);
	text_add(out, ",\"title\":");
	text_add_json(out, d->title);
	text_add(out, ",\"priority\":");
	text_add_json(out, table_name(priorities, (int)in->priority));
	text_add(out, ",\"score\":");
	json_number(out, in->score);
	json_instant(out, "first", in->first);
	json_instant(out, "last", in->last);
	text_printf(out, ",\"alerts\":%u,\"episodes\":%u", in->alert_count, in->episode_count);
	if (t->an->view != NULL)
		text_printf(out, ",\"period\":{\"alerts\":%u,\"from_before\":%s,\"goes_on\":%s}", view_alerts_of(t->an, in),
		            view_from_before(t->an, in) ? "true" : "false", view_goes_on(t->an, in) ? "true" : "false");
	json_names(out, "hosts", &d->hosts);
	json_names(out, "users", &d->users);
	json_names(out, "tactics", &d->tactics);
	json_names(out, "techniques", &d->techniques);
	text_add(out, ",\"indicators\":[");
	for (size_t i = 0; i < d->indicator_count; i++) {
		text_add(out, i > 0 ? "," : "");
		text_add_json(out, d->indicators[i]->value);
	}
	text_addc(out, ']');
	json_factors(out, d, t, lang);
}
