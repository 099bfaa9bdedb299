/* What was kept, number by number, against what the same week gives when it is concluded anew. */
#include <inttypes.h>
#include <string.h>

#include "analyst/proof/proof.h"

static bool same_text(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static bool same_numbers(const uint32_t *a, const uint32_t *b, size_t n)
{
	return n == 0 || memcmp(a, b, n * sizeof(*a)) == 0;
}

/* ---- episodes ---- */

static bool same_members(const struct episode *a, const struct episode *b)
{
	if (a->member_count != b->member_count)
		return false;
	for (uint32_t i = 0; i < a->member_count; i++)
		if (a->members[i].entity != b->members[i].entity || a->members[i].role != b->members[i].role)
			return false;
	return true;
}

static const char *episode_differs(const struct episode *a, const struct episode *b)
{
	if (a->count != b->count || !same_numbers(a->alerts, b->alerts, a->count))
		return "its alerts";
	if (a->first != b->first || a->last != b->last)
		return "its time";
	if (a->rule != b->rule)
		return "its rule";
	if (a->host != b->host)
		return "its machine";
	if (!same_members(a, b))
		return "who takes part";
	if (a->paced != b->paced)
		return "its pace";
	if (a->severity != b->severity || a->unusual != b->unusual)
		return "its severity or how unusual it is";
	return a->incident != b->incident ? "its incident" : NULL;
}

static void compare_episodes(struct findings *out, const struct analysis *kept, const struct analysis *anew)
{
	if (kept->episode_count != anew->episode_count)
		finding_add(out, "kept are %u episodes, the alerts make %u", kept->episode_count, anew->episode_count);
	for (uint32_t i = 0; i < kept->episode_count && i < anew->episode_count; i++) {
		const char *what = episode_differs(&kept->episodes[i], &anew->episodes[i]);

		if (what != NULL)
			finding_add(out, "EP-%06u: what is kept is not what the alerts give: %s", i + 1, what);
	}
}

/* ---- incidents ---- */

static bool same_links(const struct incident *a, const struct incident *b)
{
	if (a->link_count != b->link_count)
		return false;
	for (uint32_t i = 0; i < a->link_count; i++) {
		const struct link *x = &a->links[i], *y = &b->links[i];

		if (x->a != y->a || x->b != y->b || x->reason != y->reason || x->weight != y->weight || x->entity != y->entity)
			return false;
	}
	return true;
}

static bool same_factors(const struct incident *a, const struct incident *b)
{
	if (a->factor_count != b->factor_count)
		return false;
	for (uint32_t i = 0; i < a->factor_count; i++) {
		const struct factor *x = &a->factors[i], *y = &b->factors[i];

		if (strcmp(x->key, y->key) != 0 || x->points != y->points || x->number != y->number ||
		    !same_text(x->subject, y->subject) || x->asset != y->asset)
			return false;
	}
	return true;
}

static const char *incident_differs(const struct incident *a, const struct incident *b)
{
	if (strcmp(a->id, b->id) != 0)
		return "its id";
	if (a->rank != b->rank || a->priority != b->priority || a->score != b->score)
		return "its rank, priority or score";
	if (a->first != b->first || a->last != b->last)
		return "its time";
	if (a->alert_count != b->alert_count)
		return "its number of alerts";
	if (a->episode_count != b->episode_count || !same_numbers(a->episodes, b->episodes, a->episode_count))
		return "its episodes";
	if (a->host_count != b->host_count || !same_numbers(a->hosts, b->hosts, a->host_count))
		return "its machines";
	if (!same_links(a, b))
		return "why it belongs together";
	return same_factors(a, b) ? NULL : "why it ranks there";
}

/* ---- beats ---- */

static bool same_fact(const struct fact *a, const struct fact *b)
{
	if (strcmp(a->name, b->name) != 0 || a->kind != b->kind || a->item_kind != b->item_kind ||
	    !same_text(a->text, b->text) || a->value != b->value || a->item_count != b->item_count)
		return false;
	for (size_t i = 0; i < a->item_count; i++)
		if (strcmp(a->items[i], b->items[i]) != 0)
			return false;
	return true;
}

static const char *beat_differs(const struct beat *a, const struct beat *b)
{
	if (a->part != b->part || strcmp(a->key, b->key) != 0)
		return "what it says";
	if (a->certainty != b->certainty)
		return "how certain it is";
	if (a->at != b->at || a->until != b->until)
		return "its time";
	if (a->tactic != b->tactic || !same_text(a->technique, b->technique))
		return "its tactic or technique";
	if (!same_text(a->actor_lane, b->actor_lane) || !same_text(a->object_lane, b->object_lane) ||
	    a->response != b->response)
		return "who acts on what";
	if (a->evidence != b->evidence || a->alert_count != b->alert_count || a->episode_count != b->episode_count ||
	    !same_numbers(a->episodes, b->episodes, a->episode_count))
		return "what it cites";
	return a->fact_count != b->fact_count ? "its number of facts" : NULL;
}

static void compare_told(struct findings *out, const char *id, const struct narrative *kept, const struct narrative *anew)
{
	if (kept->beat_count != anew->beat_count)
		finding_add(out, "%s: kept are %zu sentences, the alerts give %zu", id, kept->beat_count, anew->beat_count);
	for (size_t i = 0; i < kept->beat_count && i < anew->beat_count; i++) {
		const struct beat *a = &kept->beats[i], *b = &anew->beats[i];
		const char *what = beat_differs(a, b);

		if (what != NULL)
			finding_add(out, "%s, %s: what is kept is not what the alerts give: %s", id, a->key, what);
		/* Of two different sentences the facts are different too. */
		for (size_t k = 0; strcmp(a->key, b->key) == 0 && k < a->fact_count && k < b->fact_count; k++)
			if (!same_fact(&a->facts[k], &b->facts[k]))
				finding_add(out, "%s, %s: what is kept is not what the alerts give: fact '%s'", id, a->key,
				            a->facts[k].name);
	}
}

void prove_same(struct findings *out, const struct analysis *kept, const struct narrative *kept_told,
                const struct analysis *anew, const struct narrative *anew_told)
{
	compare_episodes(out, kept, anew);
	if (kept->incident_count != anew->incident_count || kept->queue_count != anew->queue_count)
		finding_add(out, "kept are %u incidents, %u in the queue; the alerts make %u, %u in the queue",
		            kept->incident_count, kept->queue_count, anew->incident_count, anew->queue_count);
	for (uint32_t i = 0; i < kept->incident_count && i < anew->incident_count; i++) {
		const char *what = incident_differs(&kept->incidents[i], &anew->incidents[i]);

		if (what != NULL)
			finding_add(out, "%s: what is kept is not what the alerts give: %s", kept->incidents[i].id, what);
		compare_told(out, kept->incidents[i].id, &kept_told[i], &anew_told[i]);
	}
}
