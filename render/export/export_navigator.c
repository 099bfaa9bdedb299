/* ATT&CK Navigator layer 4.5 of the techniques seen, and OCSF's Incident Finding. */
#include <inttypes.h>
#include <string.h>

#include "render/export/describe.h"
#include "render/export/exports.h"

/* What release 19 split and moved (attack.xml, <revoked>): a Navigator on 18 knows only the ids before. Of several that became
 * one the one of the same name. */
static const struct { const char *now, *before; } moved[] = {
	{ "T1684.001", "T1656" }, { "T1684.002", "T1672" }, { "T1685", "T1562.001" }, { "T1685.001", "T1562.002" },
	{ "T1685.002", "T1562.008" }, { "T1685.003", "T1562.011" }, { "T1685.004", "T1562.012" }, { "T1685.005", "T1070.001" },
	{ "T1685.006", "T1070.002" }, { "T1686", "T1562.004" }, { "T1686.001", "T1562.007" }, { "T1686.002", "T1562.013" },
	{ "T1688", "T1562.009" }, { "T1689", "T1562.010" }, { "T1690", "T1562.003" },
};

static const char *id_there(const struct export_request *rq, const char *id)
{
	for (size_t i = 0; rq->attack_version == ATTACK_BEFORE && i < sizeof(moved) / sizeof(moved[0]); i++)
		if (strcmp(moved[i].now, id) == 0)
			return moved[i].before;
	return id;
}

int export_navigator(struct text *out, const struct export_request *rq, struct fault *f)
{
	uint32_t first = export_first(rq), end = export_end(rq);
	size_t n;
	const struct technique_count *list = export_techniques(&n, rq, first, end);

	(void)f;
	text_add(out, "{\"name\":");
	text_add_json(out, end - first == 1 ? arena_printf(rq->arena, "Tsumugi %s", rq->an->incidents[first].id)
	                                    : arena_printf(rq->arena, "Tsumugi: %" PRIu32 " incidents", end - first));
	text_printf(out, ",\"domain\":\"enterprise-attack\",\"versions\":{\"attack\":\"%s\",\"navigator\":\"5.1.0\",\"layer\":\"4.5\"}",
	            rq->attack_version == ATTACK_BEFORE ? "18" : attack_release(rq->attack));
	text_add(out, ",\"description\":\"Score: alerts, at most 100. Comment: incidents.\",\"sorting\":3,"
	              "\"layout\":{\"layout\":\"side\",\"showID\":true,\"showName\":true,\"expandedSubtechniques\":\"annotated\"},"
	              "\"hideDisabled\":false,\"techniques\":[");
	for (size_t i = 0; i < n; i++) {
		const char *id = id_there(rq, list[i].id);

		text_printf(out, "%s{\"techniqueID\":\"%s\",\"score\":%" PRIu32 ",\"enabled\":true,\"showSubtechniques\":%s", i > 0 ? ",\n" : "\n",
		            id, list[i].alerts < 100 ? list[i].alerts : 100, strchr(id, '.') != NULL ? "false" : "true");
		export_field(out, "comment", list[i].where);
		text_printf(out, ",\"metadata\":[{\"name\":\"alerts\",\"value\":\"%" PRIu32 "\"}]}", list[i].alerts);
	}
	text_add(out, "],\n\"gradient\":{\"colors\":[\"#fff3c4\",\"#d9480f\"],\"minValue\":0,\"maxValue\":100},\"legendItems\":[],\"metadata\":[");
	if (rq->label != NULL)
		text_printf(out, "{\"name\":\"TLP\",\"value\":\"TLP:%s\"}", rq->label);
	text_add(out, "]}\n");
	return 0;
}

/* ---- OCSF ---- */

struct ocsf_level {
	int severity, priority;      /* severity_id, priority_id */
};

static const struct ocsf_level levels[] = {
	[PRIORITY_LOW] = { 2, 1 }, [PRIORITY_MEDIUM] = { 3, 2 }, [PRIORITY_HIGH] = { 4, 3 }, [PRIORITY_CRITICAL] = { 5, 4 },
};

static void add_finding(struct text *out, const struct export_request *rq, uint32_t i)
{
	const struct incident *in = &rq->an->incidents[i];
	size_t n;
	const struct technique_count *list = export_techniques(&n, rq, i, i + 1);

	text_printf(out, "{\"activity_id\":1,\"category_uid\":2,\"class_uid\":2005,\"type_uid\":200501,\"severity_id\":%d,\"priority_id\":%d,"
	            "\"status_id\":1,\"time\":%" PRId64 ",\"start_time\":%" PRId64 ",\"end_time\":%" PRId64, levels[in->priority].severity,
	            levels[in->priority].priority, rq->made / 1000000, in->first / 1000000, in->last / 1000000);
	text_printf(out, ",\"metadata\":{\"version\":\"1.5.0\",\"profiles\":[\"incident\"],\"uid\":\"%s\",\"product\":{\"name\":\"Tsumugi\",\"vendor_name\":\"Tsumugi\"}", in->id);
	if (rq->label != NULL)
		text_printf(out, ",\"labels\":[\"TLP:%s\"]", rq->label);
	text_add(out, "},\"assignee_group\":{\"name\":\"SOC\"},\"desc\":");
	text_add_json(out, export_story(rq, i));
	text_printf(out, ",\"finding_info_list\":[{\"uid\":\"%s\",\"title\":", in->id);
	text_add_json(out, export_title(rq, i));
	text_printf(out, ",\"first_seen_time\":%" PRId64 ",\"last_seen_time\":%" PRId64 "}],\"attacks\":[", in->first / 1000000,
	            in->last / 1000000);
	for (size_t k = 0; k < n; k++) {
		const char *name = attack_name(rq->attack, list[k].id);

		text_printf(out, "%s{\"version\":\"%s\",\"technique\":{\"uid\":\"%s\"", k > 0 ? "," : "", attack_release(rq->attack), list[k].id);
		export_field(out, "name", name);
		text_add(out, "}}");
	}
	text_add(out, "]}\n");
}

int export_ocsf(struct text *out, const struct export_request *rq, struct fault *f)
{
	(void)f;
	for (uint32_t i = export_first(rq); i < export_end(rq); i++)
		add_finding(out, rq, i);
	return 0;
}
