/* The data without what is hidden: copies, all in the redaction's arena. */
#include "render/redact/redact_parts.h"

#include <string.h>

static const char *name_of(struct redaction *rd, const char *s)
{
	return redact_words(rd, s, READ_DATA);
}

static const char *prose(struct redaction *rd, const char *s)
{
	return redact_words(rd, s, READ_PROSE);
}

static const struct asset *copy_assets(struct redaction *rd, const struct week *w)
{
	struct asset *out = ARENA_ARRAY(rd->arena, struct asset, w->asset_count + 1);

	for (uint32_t i = 0; i < w->asset_count; i++) {
		out[i] = w->assets[i];
		out[i].value = name_of(rd, out[i].value);
		out[i].role = prose(rd, out[i].role);
		out[i].owner = name_of(rd, out[i].owner);
	}
	return out;
}

static const struct indicator *copy_indicators(struct redaction *rd, const struct week *w)
{
	struct indicator *out = ARENA_ARRAY(rd->arena, struct indicator, w->indicator_count + 1);

	for (uint32_t i = 0; i < w->indicator_count; i++) {
		out[i] = w->indicators[i];
		out[i].value = name_of(rd, out[i].value);
		out[i].written = name_of(rd, out[i].written);
		out[i].context = prose(rd, out[i].context);
		out[i].list = prose(rd, out[i].list);
		out[i].tlp_list = prose(rd, out[i].tlp_list);
		out[i].why = prose(rd, out[i].why);
	}
	return out;
}

/* Products' words, and digits that cannot name anything of ours. */
static bool is_prose(enum entity_kind kind)
{
	return kind == ENTITY_AGENT || kind == ENTITY_MAGIC || kind == ENTITY_PORT || kind == ENTITY_CVE || kind == ENTITY_JA3;
}

static const struct week_entity *copy_entities(struct redaction *rd, const struct week *w, const struct week *own)
{
	struct week_entity *out = ARENA_ARRAY(rd->arena, struct week_entity, w->entity_count + 1);

	for (uint32_t i = 0; i < w->entity_count; i++) {
		struct week_entity *e = &out[i];

		*e = w->entities[i];
		if (e->kind != ENTITY_HASH) {
			e->value = redact_words(rd, e->value, is_prose(e->kind) ? READ_PROSE : READ_DATA);
			e->shown = redact_words(rd, e->shown, is_prose(e->kind) ? READ_PROSE : READ_DATA);
		}
		if (e->asset != NULL)
			e->asset = &own->assets[e->asset - w->assets];
		if (e->indicator != NULL)
			e->indicator = &own->indicators[e->indicator - w->indicators];
		if (e->lapsed != NULL)
			e->lapsed = &own->indicators[e->lapsed - w->indicators];
	}
	return out;
}

static const struct week_rule *copy_rules(struct redaction *rd, const struct week *w)
{
	struct week_rule *out = ARENA_ARRAY(rd->arena, struct week_rule, w->rule_count + 1);

	for (uint32_t i = 0; i < w->rule_count; i++) {
		out[i] = w->rules[i];
		out[i].rule.product = prose(rd, out[i].rule.product);
		out[i].rule.id = prose(rd, out[i].rule.id);
		out[i].rule.name = prose(rd, out[i].rule.name);
		out[i].rule.category = prose(rd, out[i].rule.category);
	}
	return out;
}

static const char *const *copy_tenants(struct redaction *rd, const struct week *w)
{
	const char **out = ARENA_ARRAY(rd->arena, const char *, w->tenant_count + 1);

	for (uint32_t i = 0; i < w->tenant_count; i++)
		out[i] = name_of(rd, w->tenants[i]);
	return out;
}

static const struct week *copy_week(struct redaction *rd, const struct week *w)
{
	struct week *out = arena_alloc(rd->arena, sizeof *out);

	*out = *w;
	out->assets = copy_assets(rd, w);
	out->indicators = copy_indicators(rd, w);
	out->entities = copy_entities(rd, w, out);
	out->rules = copy_rules(rd, w);
	out->tenants = copy_tenants(rd, w);
	return out;
}

const struct analysis *redact_copy_analysis(struct redaction *rd, const struct analysis *an)
{
	struct analysis *out = arena_alloc(rd->arena, sizeof *out);
	struct incident *incidents = ARENA_ARRAY(rd->arena, struct incident, an->incident_count + 1);

	*out = *an;
	out->week = copy_week(rd, an->week);
	for (uint32_t i = 0; i < an->incident_count; i++) {
		struct factor *factors = arena_copy(rd->arena, an->incidents[i].factors, an->incidents[i].factor_count, sizeof *factors);

		incidents[i] = an->incidents[i];
		for (uint32_t k = 0; k < incidents[i].factor_count; k++) {
			factors[k].subject = prose(rd, factors[k].subject);
			if (factors[k].asset != NULL)
				factors[k].asset = &out->week->assets[factors[k].asset - an->week->assets];
		}
		incidents[i].factors = factors;
	}
	out->incidents = incidents;
	return out;
}

static void redact_fact(struct redaction *rd, struct fact *fa)
{
	enum looking how = fa->kind == FACT_TEXT ? READ_PROSE : READ_DATA;
	const char **items;

	if (fa->kind != FACT_PHRASE)
		fa->text = redact_words(rd, fa->text, how);
	if (fa->item_count == 0)
		return;
	items = ARENA_ARRAY(rd->arena, const char *, fa->item_count);
	for (size_t i = 0; i < fa->item_count; i++)
		items[i] = redact_words(rd, fa->items[i], how);
	fa->items = items;
}

static const char *lane(struct redaction *rd, const char *name)
{
	return name == NULL || strcmp(name, LANE_RESPONSE) == 0 ? name : name_of(rd, name);
}

const struct narrative *redact_copy_narratives(struct redaction *rd, const struct narrative *n, size_t count)
{
	struct narrative *out = ARENA_ARRAY(rd->arena, struct narrative, count + 1);

	for (size_t i = 0; i < count; i++) {
		struct beat *beats = ARENA_ARRAY(rd->arena, struct beat, n[i].beat_count + 1);

		out[i] = n[i];
		for (size_t k = 0; k < n[i].beat_count; k++) {
			beats[k] = n[i].beats[k];
			beats[k].facts = arena_copy(rd->arena, beats[k].facts, beats[k].fact_count, sizeof(*beats[k].facts));
			for (size_t j = 0; j < beats[k].fact_count; j++)
				redact_fact(rd, &beats[k].facts[j]);
			beats[k].actor_lane = lane(rd, beats[k].actor_lane);
			beats[k].object_lane = lane(rd, beats[k].object_lane);
		}
		out[i].beats = beats;
	}
	return out;
}
