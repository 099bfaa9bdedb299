#include "timeline/charts.h"

#include <string.h>

const struct chart *const chart_list[] = {
	&chart_attack_timeline,
	&chart_week_overview,
	&chart_attack_strip,
	&chart_evidence_cards,
	&chart_beacon_intervals,
	&chart_volume_anomalies,
	&chart_response_timeline,
	&chart_entity_graph,
	&chart_priority_factors,
	NULL
};

const struct chart *chart_find(const char *name)
{
	for (size_t i = 0; chart_list[i] != NULL; i++)
		if (strcmp(chart_list[i]->name, name) == 0)
			return chart_list[i];
	return NULL;
}

const bool *chart_own(const struct chart_input *in)
{
	bool *own = ARENA_ARRAY(in->arena, bool, in->analysis->week->entity_count + 1);

	for (uint32_t i = 0; in->incident != NULL && i < in->incident->host_count; i++)
		own[in->incident->hosts[i]] = true;
	return own;
}

/* The one address that plays the part of the cast's host in it, or NO_ENTITY. */
static uint32_t address_of(const struct week *w, const struct cast *c)
{
	const struct member *m = w->members + c->first;
	uint32_t found = NO_ENTITY, role = ROLE_VICTIM;

	for (uint32_t i = 0; i < c->count; i++)
		if (m[i].entity == c->host)
			role = m[i].role;
	for (uint32_t i = 0; i < c->count; i++) {
		if (m[i].role != role || w->entities[m[i].entity].kind != ENTITY_IP)
			continue;
		if (found != NO_ENTITY)
			return NO_ENTITY;
		found = m[i].entity;
	}
	return found;
}

const bool *chart_ends(const struct chart_input *in)
{
	const struct week *w = in->analysis->week;
	const bool *own = chart_own(in);
	bool *ends = ARENA_ARRAY(in->arena, bool, w->entity_count + 1);
	bool *others = ARENA_ARRAY(in->arena, bool, w->entity_count + 1);

	memcpy(ends, own, w->entity_count * sizeof(*ends));
	for (uint32_t i = 0; i < w->cast_count; i++) {
		const struct cast *c = &w->casts[i];
		uint32_t address = c->host != NO_ENTITY && w->entities[c->host].kind == ENTITY_HOST ? address_of(w, c) : NO_ENTITY;

		if (address != NO_ENTITY)
			*(own[c->host] ? &ends[address] : &others[address]) = true;
	}
	for (uint32_t i = 0; i < w->entity_count; i++)
		ends[i] = own[i] || (ends[i] && !others[i]);
	return ends;
}

const uint64_t *chart_proof(const struct chart_input *in, const uint32_t *episodes, size_t count, size_t *keys)
{
	const struct analysis *an = in->analysis;
	size_t total = 0, used = 0;
	uint64_t *out;

	for (size_t i = 0; i < count; i++)
		if (episodes[i] < an->episode_count)
			total += an->episodes[episodes[i]].count;
	out = ARENA_ARRAY(in->arena, uint64_t, total > 0 ? total : 1);
	for (size_t i = 0; i < count; i++) {
		const struct episode *ep;

		if (episodes[i] >= an->episode_count)
			continue;
		ep = &an->episodes[episodes[i]];
		for (uint32_t j = 0; j < ep->count; j++)
			out[used++] = an->week->marks[ep->alerts[j]].key;
	}
	*keys = used;
	return out;
}
