#include "render/export/exports.h"

#include <stdlib.h>
#include <string.h>

#include "render/export/uuid.h"

const struct export_form export_forms[] = {
	{ "timeline", "CSV for people: one row an alert of the queue's incidents; cells that a spreadsheet would run begin with '",
	  "csv", export_timeline },
	{ "timesketch", "CSV as Timesketch imports it", "csv", export_timesketch },
	{ "timesketch-jsonl", "the same as JSON lines", "jsonl", export_timesketch_lines },
	{ "iocs", "CSV, indicators that were matched, and those that the records show; exact, not defanged", "csv", export_iocs },
	{ "stix", "STIX 2.1 bundle: incidents, indicators, sightings, techniques", "json", export_stix },
	{ "misp", "MISP events, unpublished, for your organisation only", "json", export_misp },
	{ "iris", "CSV as DFIR-IRIS imports it into a case's timeline", "csv", export_iris },
	{ "iodef", "IODEF 2 (RFC 7970): incidents and indicators, for CSIRTs", "xml", export_iodef },
	{ "navigator", "ATT&CK Navigator layer 4.5", "json", export_navigator },
	{ "attack-flow", "Attack Flow: one incident's steps in their order in time (default: the first of the queue)", "json", export_attack_flow },
	{ "ocsf", "OCSF Incident Finding (2005), one line an incident", "jsonl", export_ocsf },
	{ NULL, NULL, NULL, NULL }
};

const struct export_form *export_find(const char *name)
{
	for (const struct export_form *form = export_forms; form->name != NULL; form++)
		if (strcmp(form->name, name) == 0)
			return form;
	return NULL;
}

uint32_t export_first(const struct export_request *rq)
{
	return rq->incident != NO_INCIDENT ? rq->incident : 0;
}

uint32_t export_end(const struct export_request *rq)
{
	return rq->incident != NO_INCIDENT ? rq->incident + 1 : rq->an->queue_count;
}

const char *export_title(const struct export_request *rq, uint32_t incident)
{
	return story_title(rq->phrases, rq->lang, REGISTER_WEEKLY, &rq->narratives[incident], rq->zone, rq->arena);
}

const char *export_story(const struct export_request *rq, uint32_t incident)
{
	size_t n;
	const struct sentence *told = story_sentences(rq->phrases, rq->lang, REGISTER_WEEKLY, &rq->narratives[incident], PART_STORY,
	                                              rq->zone, rq->arena, &n);
	struct text all = {0};
	const char *kept;

	for (size_t i = 0; i < n; i++)
		text_printf(&all, "%s%s", i > 0 ? "\n" : "", sentence_plain(&told[i], rq->arena));
	kept = arena_dup(rq->arena, text_str(&all));
	text_free(&all);
	return kept;
}

const char *export_id(const struct export_request *rq, const char *type, const char *name)
{
	char id[UUID_ROOM];

	uuid5(id, UUID_TSUMUGI, arena_printf(rq->arena, "%s %s", type, name));
	return arena_printf(rq->arena, "%s--%s", type, id);
}

const char *export_time(const struct export_request *rq, instant t)
{
	char whole[INSTANT_ROOM];
	instant ms = t / (SECOND / 1000);

	instant_utc(whole, ms / 1000 * SECOND);
	whole[strcspn(whole, "Z")] = '\0';
	return arena_printf(rq->arena, "%s.%03dZ", whole, (int)(ms % 1000));
}

void export_field(struct text *out, const char *key, const char *value)
{
	if (value == NULL)
		return;
	text_printf(out, ",\"%s\":", key);
	text_add_json(out, value);
}

void export_cell(struct text *out, const char *s)
{
	struct text safe = {0};

	text_add(&safe, *s != '\0' && strchr("=+-@\t\r", *s) != NULL ? "'" : "");
	text_add_shown(&safe, s, strlen(s));
	text_add_csv(out, text_str(&safe));
	text_free(&safe);
}

const char *export_producer(const struct export_request *rq)
{
	return rq->organisation != NULL ? rq->organisation : "Tsumugi";
}

/* ---- techniques ---- */

struct gathered {
	const char *id;              /* so many bytes of it */
	size_t n;
	uint32_t incident, alerts;
};

static int by_id(const void *pa, const void *pb)
{
	const struct gathered *a = pa, *b = pb;
	int c = memcmp(a->id, b->id, a->n < b->n ? a->n : b->n);

	if (c == 0)
		c = a->n < b->n ? -1 : a->n > b->n;
	return c != 0 ? c : a->incident < b->incident ? -1 : a->incident > b->incident;
}

/* What the alert's kind of act stands for, and what its product says. */
static size_t gather_rule(struct gathered *to, const struct week_rule *r, const struct episode *e, uint32_t incident)
{
	size_t count = 0;
	const char *own = r->behaviour->technique;

	if (own != NULL)
		to[count++] = (struct gathered){ own, strlen(own), incident, e->count };
	for (const char *s = r->rule.techniques; s != NULL && *s != '\0'; s += strspn(s, " ")) {
		size_t n = strcspn(s, " ");

		if (own == NULL || strlen(own) != n || memcmp(own, s, n) != 0)
			to[count++] = (struct gathered){ s, n, incident, e->count };
		s += n;
	}
	return count;
}

static size_t most_techniques(const struct export_request *rq, uint32_t first, uint32_t end)
{
	size_t n = 0;

	for (uint32_t i = first; i < end; i++)
		for (uint32_t k = 0; k < rq->an->incidents[i].episode_count; k++) {
			const char *s = rq->an->week->rules[rq->an->episodes[rq->an->incidents[i].episodes[k]].rule].rule.techniques;

			n += 2 + (s != NULL ? strlen(s) / 5 : 0);
		}
	return n;
}

const struct technique_count *export_techniques(size_t *count, const struct export_request *rq, uint32_t first, uint32_t end)
{
	size_t room = most_techniques(rq, first, end) + 1, n = 0;
	struct gathered *all = ARENA_ARRAY(rq->arena, struct gathered, room);
	struct technique_count *out = ARENA_ARRAY(rq->arena, struct technique_count, room), *last = NULL;

	for (uint32_t i = first; i < end; i++)
		for (uint32_t k = 0; k < rq->an->incidents[i].episode_count; k++) {
			const struct episode *e = &rq->an->episodes[rq->an->incidents[i].episodes[k]];

			n += gather_rule(all + n, &rq->an->week->rules[e->rule], e, i);
		}
	if (n > 0)
		qsort(all, n, sizeof(*all), by_id);
	*count = 0;
	for (size_t i = 0; i < n; i++) {
		bool same = last != NULL && strlen(last->id) == all[i].n && memcmp(last->id, all[i].id, all[i].n) == 0;

		if (!same) {
			last = &out[(*count)++];
			*last = (struct technique_count){ .id = arena_dupn(rq->arena, all[i].id, all[i].n) };
		}
		if (!same || all[i].incident != all[i - 1].incident) {
			last->where = last->where == NULL ? rq->an->incidents[all[i].incident].id
			              : arena_printf(rq->arena, "%s, %s", last->where, rq->an->incidents[all[i].incident].id);
			last->incidents++;
		}
		last->alerts += all[i].alerts;
	}
	return out;
}
