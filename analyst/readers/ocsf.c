/* OCSF findings as JSON (FORMATS 2.8): security finding 2001, detection finding 2004,
 * incident finding 2005. Other classes are counted only. */
#include <string.h>

#include "analyst/readers/nested.h"

static const struct band ocsf_severities[] = {
	{ NULL, 1, SEVERITY_INFO }, { NULL, 2, SEVERITY_LOW }, { NULL, 3, SEVERITY_MEDIUM }, { NULL, 4, SEVERITY_HIGH },
	{ NULL, 5, SEVERITY_CRITICAL }, { NULL, 7, SEVERITY_UNKNOWN }, BANDS_END
};

static const struct named dispositions[] = {
	{ "1", ACTION_ALLOWED }, { "2", ACTION_BLOCKED }, { "3", ACTION_QUARANTINED }, { "15", ACTION_DETECTED }, { NULL, 0 }
};

enum { CLASS, OBSERVABLE_TYPE, OBSERVABLE_VALUE };

static const struct field fields[] = {
	[CLASS] = FIELD("class_uid", TAKE_NOTHING),
	[OBSERVABLE_TYPE] = FIELD("observables[].type_id", TAKE_NOTHING),
	[OBSERVABLE_VALUE] = FIELD("observables[].value", TAKE_NOTHING),

	FIELD("start_time", TAKE_AT_UTC),
	FIELD("finding_info.first_seen_time", TAKE_AT_UTC),
	FIELD("finding.first_seen_time", TAKE_AT_UTC),
	FIELD("finding_info_list[].first_seen_time", TAKE_AT_UTC),
	FIELD("start_time_dt", TAKE_AT_UTC),
	FIELD("finding_info.first_seen_time_dt", TAKE_AT_UTC),
	FIELD("time", TAKE_AT_UTC),
	FIELD("time_dt", TAKE_AT_UTC),
	FIELD("end_time", TAKE_UNTIL),
	FIELD("finding_info.last_seen_time", TAKE_UNTIL),
	FIELD("finding.last_seen_time", TAKE_UNTIL),
	FIELD("time", TAKE_REPORTED),
	FIELD("finding_info.uid", TAKE_NATIVE_ID),
	FIELD("finding.uid", TAKE_NATIVE_ID),
	FIELD("metadata.uid", TAKE_NATIVE_ID),
	FIELD("finding_info.analytic.uid", TAKE_RULE_ID),
	FIELD("analytic.uid", TAKE_RULE_ID),
	FIELD("finding_info.types[]", TAKE_CATEGORY),
	FIELD("finding.types[]", TAKE_CATEGORY),
	FIELD("finding_info.analytic.name", TAKE_RULE_NAME),
	FIELD("analytic.name", TAKE_RULE_NAME),
	FIELD("finding_info.title", TAKE_RULE_NAME),
	FIELD("finding.title", TAKE_RULE_NAME),
	FIELD("finding_info_list[].title", TAKE_RULE_NAME),
	FIELD("message", TAKE_RULE_NAME),
	FIELD("desc", TAKE_RULE_NAME),
	FIELD("finding_info.desc", TAKE_TITLE),
	FIELD("finding.desc", TAKE_TITLE),
	FIELD("desc", TAKE_TITLE),
	FIELD("message", TAKE_TITLE),
	FIELD("metadata.product.name", TAKE_PRODUCT),
	FIELD("confidence_score", TAKE_CONFIDENCE),
	FIELD("risk_score", TAKE_SCORE),
	FIELD("count", TAKE_COUNT),
	FIELD("finding_info.attacks[].technique.uid", TAKE_TECHNIQUES),
	FIELD("finding_info.attacks[].sub_technique.uid", TAKE_TECHNIQUES),
	FIELD("finding_info.attacks[].tactic.uid", TAKE_TACTICS),
	FIELD("finding_info.attacks[].tactics[].uid", TAKE_TACTICS),
	FIELD("attacks[].technique.uid", TAKE_TECHNIQUES),
	FIELD("attacks[].sub_technique.uid", TAKE_TECHNIQUES),
	FIELD("attacks[].tactic.uid", TAKE_TACTICS),
	FIELD("attacks[].tactics[].uid", TAKE_TACTICS),
	FIELD("finding_info_list[].attacks[].technique.uid", TAKE_TECHNIQUES),
	FIELD("finding_info_list[].attacks[].sub_technique.uid", TAKE_TECHNIQUES),
	FIELD("finding_info_list[].attacks[].tactic.uid", TAKE_TACTICS),
	FIELD("finding_info_list[].attacks[].tactics[].uid", TAKE_TACTICS),
	FIELD_SEVERITY("severity_id", ocsf_severities),
	{ "disposition_id", TAKE_ACTION, 0, 0, NULL, dispositions },
	{ "evidences[].disposition_id", TAKE_ACTION, 0, 0, NULL, dispositions },

	FIELD_ENTITY("device.hostname", ENTITY_HOST, ROLE_VICTIM),
	FIELD_ENTITY("device.name", ENTITY_HOST, ROLE_VICTIM),
	FIELD_ENTITY("device.ip", ENTITY_IP, ROLE_VICTIM),
	FIELD_ENTITY("evidences[].device.hostname", ENTITY_HOST, ROLE_VICTIM),
	FIELD_ENTITY("evidences[].device.ip", ENTITY_IP, ROLE_VICTIM),
	FIELD_ENTITY("evidences[].src_endpoint.ip", ENTITY_IP, ROLE_SOURCE),
	FIELD_ENTITY("evidences[].src_endpoint.hostname", ENTITY_HOST, ROLE_SOURCE),
	FIELD_ENTITY("evidences[].dst_endpoint.ip", ENTITY_IP, ROLE_DESTINATION),
	FIELD_ENTITY("evidences[].dst_endpoint.hostname", ENTITY_DOMAIN, ROLE_DESTINATION),
	FIELD_ENTITY("evidences[].dst_endpoint.domain", ENTITY_DOMAIN, ROLE_DESTINATION),
	FIELD_ENTITY("evidences[].dst_endpoint.port", ENTITY_PORT, ROLE_DESTINATION),
	FIELD_ENTITY("evidences[].query.hostname", ENTITY_DOMAIN, ROLE_DESTINATION),
	FIELD_ENTITY("evidences[].url.url_string", ENTITY_URL, ROLE_DESTINATION),
	FIELD_ENTITY("evidences[].http_request.url.url_string", ENTITY_URL, ROLE_DESTINATION),
	FIELD_ENTITY("evidences[].http_request.user_agent", ENTITY_AGENT, ROLE_OBSERVED),
	FIELD_ENTITY("evidences[].process.file.path", ENTITY_PROCESS, ROLE_ACTOR),
	FIELD_ENTITY("evidences[].process.cmd_line", ENTITY_COMMAND, ROLE_ACTOR),
	FIELD_ENTITY("evidences[].process.parent_process.file.path", ENTITY_PROCESS, ROLE_PARENT),
	FIELD_ENTITY("evidences[].process.parent_process.cmd_line", ENTITY_COMMAND, ROLE_PARENT),
	FIELD_ENTITY("evidences[].actor.process.file.path", ENTITY_PROCESS, ROLE_ACTOR),
	FIELD_ENTITY("evidences[].actor.process.cmd_line", ENTITY_COMMAND, ROLE_ACTOR),
	FIELD_ENTITY("evidences[].process.user.name", ENTITY_USER, ROLE_ACTOR),
	FIELD_ENTITY("evidences[].actor.user.name", ENTITY_USER, ROLE_ACTOR),
	FIELD_ENTITY("evidences[].user.name", ENTITY_USER, ROLE_TARGET),
	FIELD_ENTITY("evidences[].file.path", ENTITY_PATH, ROLE_OBSERVED),
	FIELD_ENTITY("evidences[].file.name", ENTITY_FILE, ROLE_OBSERVED),
	FIELD_ENTITY("evidences[].file.hashes[].value", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("evidences[].process.file.hashes[].value", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("evidences[].email.from", ENTITY_EMAIL, ROLE_ACTOR),
	FIELD_ENTITY("evidences[].email.to[]", ENTITY_EMAIL, ROLE_TARGET),
	FIELD_ENTITY("process.file.path", ENTITY_PROCESS, ROLE_ACTOR),
	FIELD_ENTITY("process.cmd_line", ENTITY_COMMAND, ROLE_ACTOR),
	FIELD_ENTITY("malware[].cves[].uid", ENTITY_CVE, ROLE_OBSERVED),
	FIELD_ENTITY("vulnerabilities[].cve.uid", ENTITY_CVE, ROLE_OBSERVED),
	FIELDS_END
};

static const struct clue clues[] = {
	{ "class_uid", 35 }, { "metadata.version", 15 }, { "metadata.product", 10 }, { "category_uid", 10 }, { "type_uid", 5 },
	{ "severity_id", 5 }, { "finding_info", 10 }, { "finding", 10 }, { "finding_info_list", 10 }, { NULL, 0 }
};

/* observables[].type_id */
static const struct { const char *id; enum entity_kind kind; } observable_kinds[] = {
	{ "1", ENTITY_DOMAIN }, { "2", ENTITY_IP }, { "3", ENTITY_MAC }, { "4", ENTITY_USER }, { "5", ENTITY_EMAIL },
	{ "6", ENTITY_URL }, { "7", ENTITY_FILE }, { "8", ENTITY_HASH }, { "9", ENTITY_PROCESS }, { "13", ENTITY_COMMAND },
	{ "16", ENTITY_AGENT }, { "28", ENTITY_REGISTRY }, { NULL, ENTITY_HOST }
};

/* Observables repeat what other fields say with a role; those that do are left out. */
static void add_observables(struct reading *rg)
{
	struct alert *a = &rg->alert;
	size_t known = a->entity_count;

	for (const struct json_value *v = json_first(rg->json, OBSERVABLE_VALUE); v != NULL; v = json_next(rg->json, v)) {
		const char *type = text_beside(rg->json, OBSERVABLE_TYPE, v);
		size_t before = a->entity_count;

		if (type == NULL || v->type != JSON_STRING_TEXT)
			continue;
		for (size_t i = 0; observable_kinds[i].id != NULL; i++)
			if (strcmp(observable_kinds[i].id, type) == 0)
				canon_add(a, rg->arena, observable_kinds[i].kind, ROLE_OBSERVED, v->text);
		for (size_t i = 0; i < known && a->entity_count == before + 1; i++)
			if (strcmp(a->entities[i].value, a->entities[before].value) == 0)
				a->entity_count = before;
	}
}

static int ocsf_record(struct reading *rg, const struct record *rec, struct fault *f)
{
	const char *class = reading_text(rg, CLASS);

	if (class == NULL)
		return reading_reject(rg, rec, "no class_uid", f);
	if (strcmp(class, "2001") != 0 && strcmp(class, "2004") != 0 && strcmp(class, "2005") != 0)
		return reading_blank(rg, rec, BLANK_TELEMETRY, f);
	filling_begin(&rg->filling, &rg->alert, rg->arena, 0);
	reading_fill(rg);
	if (rg->alert.rule.product == NULL)
		rg->alert.rule.product = "ocsf";
	if (strcmp(class, "2005") == 0)
		rg->alert.kind = RECORD_FINDING;
	add_observables(rg);
	return reading_alert(rg, rec, f);
}

const struct reader reader_ocsf = {
	.name = "ocsf", .summary = "OCSF findings of classes 2001, 2004 and 2005, JSON", .gives = "alerts, findings",
	.extensions = ".json .jsonl", .framing = FRAME_JSON, .fields = fields, .clues = clues, .record = ocsf_record,
};
