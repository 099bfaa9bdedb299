#include "analyst/model/incident.h"

const struct behaviour *episode_behaviour(const struct week *w, const struct episode *e)
{
	return e->paced && w->pace != NULL ? w->pace : w->rules[e->rule].behaviour;
}

bool episode_answers(const struct week *w, const struct episode *e)
{
	if (w->rules[e->rule].behaviour != NULL && w->rules[e->rule].behaviour->response)
		return true;
	for (uint32_t i = 0; i < e->count; i++) {
		uint8_t action = w->marks[e->alerts[i]].action;

		if (action == ACTION_BLOCKED || action == ACTION_QUARANTINED)
			return true;
	}
	return false;
}

uint32_t incident_answers(const struct analysis *an, const struct incident *in, instant *first)
{
	uint32_t n = 0;

	*first = INSTANT_NONE;
	for (uint32_t i = 0; i < in->episode_count; i++) {
		const struct episode *e = &an->episodes[in->episodes[i]];

		if (!episode_answers(an->week, e))
			continue;
		if (n++ == 0 || e->first < *first)
			*first = e->first;
	}
	return n;
}

uint32_t episodes_rule(const struct analysis *an, const uint32_t *episodes, size_t n)
{
	uint32_t best = 0;
	uint64_t most = 0;

	for (size_t i = 0; i < n; i++) {
		uint32_t rule = an->episodes[episodes[i]].rule;
		uint64_t count = 0;

		for (size_t k = 0; k < n; k++)
			if (an->episodes[episodes[k]].rule == rule)
				count += an->episodes[episodes[k]].count;
		if (count > most) {
			most = count;
			best = rule;
		}
	}
	return best;
}
