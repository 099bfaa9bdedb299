/* OCSF findings as JSON (FORMATS 2.8): security finding 2001, detection finding 2004,
 * incident finding 2005. Other classes are counted only. */
#include <string.h>

#include "analyst/readers/cloud.h"
#include "analyst/readers/guardduty.h"
#include "analyst/readers/nested.h"

static const struct band ocsf_severities[] = {
	{ NULL, 1, SEVERITY_INFO }, { NULL, 2, SEVERITY_LOW }, { NULL, 3, SEVERITY_MEDIUM }, { NULL, 4, SEVERITY_HIGH },
	{ NULL, 5, SEVERITY_CRITICAL }, { NULL, 7, SEVERITY_UNKNOWN },
	{ "informational", 0, SEVERITY_INFO }, { "low", 0, SEVERITY_LOW }, { "medium", 0, SEVERITY_MEDIUM },
	{ "high", 0, SEVERITY_HIGH }, { "critical", 0, SEVERITY_CRITICAL }, { "fatal", 0, SEVERITY_CRITICAL }, BANDS_END
};

/* The number, which may stand without its word, and the word, which may stand without its number. */
static const struct named dispositions[] = {
	{ "1", ACTION_ALLOWED }, { "2", ACTION_BLOCKED }, { "3", ACTION_QUARANTINED }, { "4", ACTION_QUARANTINED },
	{ "5", ACTION_QUARANTINED }, { "6", ACTION_BLOCKED }, { "8", ACTION_ALLOWED }, { "9", ACTION_ALLOWED },
	{ "10", ACTION_ALLOWED }, { "11", ACTION_QUARANTINED }, { "12", ACTION_DETECTED }, { "13", ACTION_ALLOWED },
	{ "15", ACTION_DETECTED }, { "16", ACTION_DETECTED }, { "17", ACTION_DETECTED }, { "18", ACTION_DETECTED },
	{ "19", ACTION_DETECTED }, { "20", ACTION_DETECTED }, { "21", ACTION_BLOCKED }, { "22", ACTION_BLOCKED },
	{ "23", ACTION_BLOCKED }, { "24", ACTION_BLOCKED }, { "25", ACTION_BLOCKED }, { "26", ACTION_BLOCKED },
	{ "allowed", ACTION_ALLOWED }, { "blocked", ACTION_BLOCKED }, { "quarantined", ACTION_QUARANTINED },
	{ "isolated", ACTION_QUARANTINED }, { "deleted", ACTION_QUARANTINED }, { "dropped", ACTION_BLOCKED },
	{ "approved", ACTION_ALLOWED }, { "restored", ACTION_ALLOWED }, { "exonerated", ACTION_ALLOWED },
	{ "corrected", ACTION_QUARANTINED }, { "partially corrected", ACTION_DETECTED }, { "uncorrected", ACTION_ALLOWED },
	{ "detected", ACTION_DETECTED }, { "no action", ACTION_DETECTED }, { "logged", ACTION_DETECTED },
	{ "tagged", ACTION_DETECTED }, { "alert", ACTION_DETECTED }, { "count", ACTION_DETECTED }, { "reset", ACTION_BLOCKED },
	{ "captcha", ACTION_BLOCKED }, { "challenge", ACTION_BLOCKED }, { "access revoked", ACTION_BLOCKED },
	{ "rejected", ACTION_BLOCKED }, { "unauthorized", ACTION_BLOCKED }, { NULL, 0 }
};

static const struct named ocsf_actions[] = {
	{ "1", ACTION_ALLOWED }, { "2", ACTION_BLOCKED }, { "3", ACTION_DETECTED }, { "allowed", ACTION_ALLOWED },
	{ "denied", ACTION_BLOCKED }, { "observed", ACTION_DETECTED }, { NULL, 0 }
};

/* The words' middle values of STIX's scale, as elsewhere. */
static const struct named confidences[] = { { "1", 15 }, { "2", 50 }, { "3", 85 }, { NULL, 0 } };

enum {
	CLASS, OBSERVABLE_TYPE, OBSERVABLE_VALUE, RESOURCE_TYPE, RESOURCE_NAME, RESOURCE_UID, PROCESS_PATH, PROCESS_NAME,
	ACTOR_PATH, ACTOR_NAME, PARENT_PATH, PARENT_NAME, TYPES, RESOURCE_DATA
};

static const struct field fields[] = {
	[CLASS] = FIELD("class_uid", TAKE_NOTHING),
	[OBSERVABLE_TYPE] = FIELD("observables[].type_id", TAKE_NOTHING),
	[OBSERVABLE_VALUE] = FIELD("observables[].value", TAKE_NOTHING),
	[RESOURCE_TYPE] = FIELD("resources[].type", TAKE_NOTHING),
	[RESOURCE_NAME] = FIELD("resources[].name", TAKE_NOTHING),
	[RESOURCE_UID] = FIELD("resources[].uid", TAKE_NOTHING),
	[PROCESS_PATH] = FIELD("evidences[].process.file.path", TAKE_NOTHING),
	[PROCESS_NAME] = FIELD("evidences[].process.name", TAKE_NOTHING),
	[ACTOR_PATH] = FIELD("evidences[].actor.process.file.path", TAKE_NOTHING),
	[ACTOR_NAME] = FIELD("evidences[].actor.process.name", TAKE_NOTHING),
	[PARENT_PATH] = FIELD("evidences[].process.parent_process.file.path", TAKE_NOTHING),
	[PARENT_NAME] = FIELD("evidences[].process.parent_process.name", TAKE_NOTHING),
	[TYPES] = FIELD("finding_info.types[]", TAKE_CATEGORY),
	[RESOURCE_DATA] = FIELD("resources[].data", TAKE_NOTHING),

	FIELD("start_time", TAKE_AT_UTC),
	FIELD("finding_info.first_seen_time", TAKE_AT_UTC),
	FIELD("finding.first_seen_time", TAKE_AT_UTC),
	FIELD("finding_info_list[].first_seen_time", TAKE_AT_UTC),
	FIELD("start_time_dt", TAKE_AT_UTC),
	FIELD("finding_info.first_seen_time_dt", TAKE_AT_UTC),
	FIELD("finding.first_seen_time_dt", TAKE_AT_UTC),
	FIELD("time", TAKE_AT_UTC),
	FIELD("time_dt", TAKE_AT_UTC),
	FIELD("end_time", TAKE_UNTIL),
	FIELD("finding_info.last_seen_time", TAKE_UNTIL),
	FIELD("finding.last_seen_time", TAKE_UNTIL),
	FIELD("finding_info_list[].last_seen_time", TAKE_UNTIL),
	FIELD("end_time_dt", TAKE_UNTIL),
	FIELD("finding_info.last_seen_time_dt", TAKE_UNTIL),
	FIELD("finding.last_seen_time_dt", TAKE_UNTIL),
	FIELD("time", TAKE_REPORTED),
	FIELD("time_dt", TAKE_REPORTED),
	FIELD("finding_info.uid", TAKE_NATIVE_ID),
	FIELD("finding.uid", TAKE_NATIVE_ID),
	FIELD("metadata.uid", TAKE_NATIVE_ID),
	FIELD("finding_info_list[].uid", TAKE_NATIVE_ID),
	FIELD("finding_info.analytic.uid", TAKE_RULE_ID),
	FIELD("analytic.uid", TAKE_RULE_ID),
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
	FIELD("metadata.product.vendor_name", TAKE_PRODUCT),
	FIELD("confidence_score", TAKE_CONFIDENCE),
	{ "confidence_id", TAKE_CONFIDENCE, 0, 0, NULL, confidences },
	FIELD("risk_score", TAKE_SCORE),
	FIELD("count", TAKE_COUNT),
	FIELD("finding_info.attacks[].technique.uid", TAKE_TECHNIQUES),
	FIELD("finding_info.attacks[].sub_technique.uid", TAKE_TECHNIQUES),
	FIELD("finding_info.attacks[].tactic.uid", TAKE_TACTICS),
	FIELD("finding_info.attacks[].tactics[].uid", TAKE_TACTICS),
	FIELD("finding_info.attacks[].tactic.name", TAKE_TACTICS),
	FIELD("finding_info.attacks[].tactics[].name", TAKE_TACTICS),
	FIELD("attacks[].technique.uid", TAKE_TECHNIQUES),
	FIELD("attacks[].sub_technique.uid", TAKE_TECHNIQUES),
	FIELD("attacks[].tactic.uid", TAKE_TACTICS),
	FIELD("attacks[].tactics[].uid", TAKE_TACTICS),
	FIELD("attacks[].tactic.name", TAKE_TACTICS),
	FIELD("attacks[].tactics[].name", TAKE_TACTICS),
	FIELD("finding_info_list[].attacks[].technique.uid", TAKE_TECHNIQUES),
	FIELD("finding_info_list[].attacks[].sub_technique.uid", TAKE_TECHNIQUES),
	FIELD("finding_info_list[].attacks[].tactic.uid", TAKE_TACTICS),
	FIELD("finding_info_list[].attacks[].tactics[].uid", TAKE_TACTICS),
	FIELD("finding_info_list[].attacks[].tactic.name", TAKE_TACTICS),
	FIELD("finding_info_list[].attacks[].tactics[].name", TAKE_TACTICS),
	FIELD_SEVERITY("severity_id", ocsf_severities),
	FIELD_SEVERITY("severity", ocsf_severities),
	{ "disposition_id", TAKE_ACTION, 0, 0, NULL, dispositions },
	{ "disposition", TAKE_ACTION, 0, 0, NULL, dispositions },
	{ "evidences[].disposition_id", TAKE_ACTION, 0, 0, NULL, dispositions },
	{ "action_id", TAKE_ACTION, 0, 0, NULL, ocsf_actions },
	{ "action", TAKE_ACTION, 0, 0, NULL, ocsf_actions },

	FIELD_ENTITY("device.hostname", ENTITY_HOST, ROLE_VICTIM),
	FIELD_ENTITY("device.name", ENTITY_HOST, ROLE_VICTIM),
	FIELD_ENTITY("device.ip", ENTITY_IP, ROLE_VICTIM),
	FIELD_ENTITY("device.mac", ENTITY_MAC, ROLE_VICTIM),
	FIELD_ENTITY("evidences[].device.hostname", ENTITY_HOST, ROLE_VICTIM),
	FIELD_ENTITY("evidences[].device.name", ENTITY_HOST, ROLE_VICTIM),
	FIELD_ENTITY("evidences[].device.ip", ENTITY_IP, ROLE_VICTIM),
	FIELD_ENTITY("evidences[].device.mac", ENTITY_MAC, ROLE_VICTIM),
	FIELD_ENTITY("resources[].hostname", ENTITY_HOST, ROLE_VICTIM),
	FIELD_ENTITY("resources[].ip", ENTITY_IP, ROLE_VICTIM),
	FIELD_ENTITY("evidences[].src_endpoint.ip", ENTITY_IP, ROLE_SOURCE),
	FIELD_ENTITY("evidences[].src_endpoint.hostname", ENTITY_HOST, ROLE_SOURCE),
	FIELD_ENTITY("evidences[].src_endpoint.name", ENTITY_HOST, ROLE_SOURCE),
	FIELD_ENTITY("evidences[].src_endpoint.domain", ENTITY_DOMAIN, ROLE_SOURCE),
	FIELD_ENTITY("evidences[].src_endpoint.mac", ENTITY_MAC, ROLE_SOURCE),
	FIELD_ENTITY("evidences[].dst_endpoint.ip", ENTITY_IP, ROLE_DESTINATION),
	FIELD_ENTITY("evidences[].dst_endpoint.hostname", ENTITY_DOMAIN, ROLE_DESTINATION),
	FIELD_ENTITY("evidences[].dst_endpoint.name", ENTITY_HOST, ROLE_DESTINATION),
	FIELD_ENTITY("evidences[].dst_endpoint.domain", ENTITY_DOMAIN, ROLE_DESTINATION),
	FIELD_ENTITY("evidences[].dst_endpoint.port", ENTITY_PORT, ROLE_DESTINATION),
	FIELD_ENTITY("evidences[].dst_endpoint.mac", ENTITY_MAC, ROLE_DESTINATION),
	FIELD_ENTITY("evidences[].process.file.path", ENTITY_PROCESS, ROLE_ACTOR),
	FIELD_ENTITY("evidences[].process.cmd_line", ENTITY_COMMAND, ROLE_ACTOR),
	FIELD_ENTITY("evidences[].process.parent_process.file.path", ENTITY_PROCESS, ROLE_PARENT),
	FIELD_ENTITY("evidences[].process.parent_process.cmd_line", ENTITY_COMMAND, ROLE_PARENT),
	FIELD_ENTITY("evidences[].actor.process.file.path", ENTITY_PROCESS, ROLE_ACTOR),
	FIELD_ENTITY("evidences[].actor.process.cmd_line", ENTITY_COMMAND, ROLE_ACTOR),
	FIELD_ENTITY("evidences[].process.user.name", ENTITY_USER, ROLE_ACTOR),
	FIELD_ENTITY("evidences[].actor.user.name", ENTITY_USER, ROLE_ACTOR),
	FIELD_ENTITY("evidences[].process.file.hashes[].value", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("evidences[].actor.process.file.hashes[].value", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("src_endpoint.ip", ENTITY_IP, ROLE_SOURCE),
	FIELD_ENTITY("src_endpoint.hostname", ENTITY_HOST, ROLE_SOURCE),
	FIELD_ENTITY("src_endpoint.name", ENTITY_HOST, ROLE_SOURCE),
	FIELD_ENTITY("src_endpoint.domain", ENTITY_DOMAIN, ROLE_SOURCE),
	FIELD_ENTITY("src_endpoint.mac", ENTITY_MAC, ROLE_SOURCE),
	FIELD_ENTITY("dst_endpoint.ip", ENTITY_IP, ROLE_DESTINATION),
	FIELD_ENTITY("dst_endpoint.hostname", ENTITY_DOMAIN, ROLE_DESTINATION),
	FIELD_ENTITY("dst_endpoint.name", ENTITY_HOST, ROLE_DESTINATION),
	FIELD_ENTITY("dst_endpoint.domain", ENTITY_DOMAIN, ROLE_DESTINATION),
	FIELD_ENTITY("dst_endpoint.port", ENTITY_PORT, ROLE_DESTINATION),
	FIELD_ENTITY("dst_endpoint.mac", ENTITY_MAC, ROLE_DESTINATION),
	FIELD_ENTITY("process.file.path", ENTITY_PROCESS, ROLE_ACTOR),
	FIELD_ENTITY("process.cmd_line", ENTITY_COMMAND, ROLE_ACTOR),
	FIELD_ENTITY("process.parent_process.file.path", ENTITY_PROCESS, ROLE_PARENT),
	FIELD_ENTITY("process.parent_process.cmd_line", ENTITY_COMMAND, ROLE_PARENT),
	FIELD_ENTITY("actor.process.file.path", ENTITY_PROCESS, ROLE_ACTOR),
	FIELD_ENTITY("actor.process.cmd_line", ENTITY_COMMAND, ROLE_ACTOR),
	FIELD_ENTITY("process.user.name", ENTITY_USER, ROLE_ACTOR),
	FIELD_ENTITY("actor.user.name", ENTITY_USER, ROLE_ACTOR),
	FIELD_ENTITY("process.file.hashes[].value", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("actor.process.file.hashes[].value", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("evidences[].user.name", ENTITY_USER, ROLE_TARGET),
	FIELD_ENTITY("evidences[].query.hostname", ENTITY_DOMAIN, ROLE_DESTINATION),
	FIELD_ENTITY("evidences[].url.url_string", ENTITY_URL, ROLE_DESTINATION),
	FIELD_ENTITY("evidences[].url.hostname", ENTITY_DOMAIN, ROLE_DESTINATION),
	FIELD_ENTITY("evidences[].http_request.url.url_string", ENTITY_URL, ROLE_DESTINATION),
	FIELD_ENTITY("evidences[].http_request.url.hostname", ENTITY_DOMAIN, ROLE_DESTINATION),
	FIELD_ENTITY("evidences[].http_request.user_agent", ENTITY_AGENT, ROLE_OBSERVED),
	FIELD_ENTITY("evidences[].tls.sni", ENTITY_DOMAIN, ROLE_DESTINATION),
	FIELD_ENTITY("evidences[].tls.ja3_hash.value", ENTITY_JA3, ROLE_OBSERVED),
	FIELD_ENTITY("evidences[].ja4_fingerprint_list[].value", ENTITY_JA3, ROLE_OBSERVED),
	FIELD_ENTITY("evidences[].file.path", ENTITY_PATH, ROLE_OBSERVED),
	FIELD_ENTITY("evidences[].file.name", ENTITY_FILE, ROLE_OBSERVED),
	FIELD_ENTITY("evidences[].file.hashes[].value", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("evidences[].email.from", ENTITY_EMAIL, ROLE_ACTOR),
	FIELD_ENTITY("evidences[].email.to[]", ENTITY_EMAIL, ROLE_TARGET),
	FIELD_ENTITY("evidences[].reg_key.path", ENTITY_REGISTRY, ROLE_OBSERVED),
	FIELD_ENTITY("evidences[].reg_value.path", ENTITY_REGISTRY, ROLE_OBSERVED),
	FIELD_ENTITY("evidences[].script.script_content.value", ENTITY_COMMAND, ROLE_OBSERVED),
	FIELD_ENTITY("evidences[].job.cmd_line", ENTITY_COMMAND, ROLE_OBSERVED),
	FIELD_ENTITY("malware[].path", ENTITY_PATH, ROLE_OBSERVED),
	FIELD_ENTITY("malware[].files[].path", ENTITY_PATH, ROLE_OBSERVED),
	FIELD_ENTITY("malware[].files[].hashes[].value", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("malware[].cves[].uid", ENTITY_CVE, ROLE_OBSERVED),
	FIELD_ENTITY("vulnerabilities[].cve.uid", ENTITY_CVE, ROLE_OBSERVED),
	FIELDS_END
};

static const struct field data_fields[] = {
	FIELD_ENTITY("AwsIamAccessKey.PrincipalName", ENTITY_USER, ROLE_ACTOR),
	FIELD_ENTITY("AwsIamAccessKey.UserName", ENTITY_USER, ROLE_ACTOR),
	FIELD_ENTITY("AwsEc2Instance.IpV4Addresses[]", ENTITY_IP, ROLE_VICTIM),
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
	{ "16", ENTITY_AGENT }, { "18", ENTITY_CVE }, { "28", ENTITY_REGISTRY }, { "36", ENTITY_COMMAND }, { "45", ENTITY_PATH },
	{ NULL, ENTITY_HOST }
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

static void add_resources(struct reading *rg)
{
	const struct json *j = rg->json;

	for (const struct json_value *v = json_first(j, RESOURCE_NAME); v != NULL; v = json_next(j, v))
		if (v->type == JSON_STRING_TEXT)
			cloud_resource(rg, text_beside(j, RESOURCE_TYPE, v), v->text, false);
	for (const struct json_value *v = json_first(j, RESOURCE_UID); v != NULL; v = json_next(j, v))
		if (v->type == JSON_STRING_TEXT && text_beside(j, RESOURCE_NAME, v) == NULL)
			cloud_resource(rg, text_beside(j, RESOURCE_TYPE, v), v->text, false);
}

/* A name says less than a path, which ends in it. */
static void add_names(struct reading *rg)
{
	static const struct { size_t path, name; enum entity_role role; } rows[] = {
		{ PROCESS_PATH, PROCESS_NAME, ROLE_ACTOR }, { ACTOR_PATH, ACTOR_NAME, ROLE_ACTOR },
		{ PARENT_PATH, PARENT_NAME, ROLE_PARENT }
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		for (const struct json_value *v = json_first(rg->json, rows[i].name); v != NULL; v = json_next(rg->json, v))
			if (v->type == JSON_STRING_TEXT && text_beside(rg->json, rows[i].path, v) == NULL)
				canon_add(&rg->alert, rg->arena, ENTITY_PROCESS, rows[i].role, v->text);
}

/* Security Hub hands on what GuardDuty found, under a title that names the machine. */
static void take_guardduty(struct reading *rg)
{
	struct alert *a = &rg->alert;
	const char *type = reading_text(rg, TYPES);

	if (a->rule.product == NULL || strcmp(a->rule.product, "guardduty") != 0)
		return;
	if (a->native_id != NULL)
		a->native_id = guardduty_id(a->native_id);
	if (type != NULL && (type = guardduty_type(rg->arena, type)) != NULL)
		a->rule.id = a->rule.name = type;
}

/* "TTPs/Defense Evasion/..": what Security Hub files a finding under is a tactic. */
static void add_tactics(struct reading *rg)
{
	for (const struct json_value *v = json_first(rg->json, TYPES); v != NULL; v = json_next(rg->json, v))
		if (v->type == JSON_STRING_TEXT && strncmp(v->text, "TTPs/", 5) == 0)
			ids_add_tactics(&rg->filling.tactics, arena_dupn(rg->arena, v->text + 5, strcspn(v->text + 5, "/")));
}

/* Who holds the key that was used, as JSON inside text. */
static void add_principals(struct reading *rg)
{
	for (const struct json_value *v = json_first(rg->json, RESOURCE_DATA); v != NULL; v = json_next(rg->json, v))
		if (v->type == JSON_STRING_TEXT && nested_read(rg->inner[0], v->text, v->length))
			nested_fill(rg->inner[0], &rg->filling);
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
	take_guardduty(rg);
	add_tactics(rg);
	add_principals(rg);
	add_resources(rg);
	add_names(rg);
	add_observables(rg);
	return reading_alert(rg, rec, f);
}

static const struct field *const inner[] = { data_fields, NULL };
static const char *const wrappers[] = { "findings", "Findings", "detail.findings", NULL };

const struct reader reader_ocsf = {
	.name = "ocsf", .summary = "OCSF findings of classes 2001, 2004 and 2005, JSON", .gives = "alerts, findings",
	.extensions = ".json .jsonl", .framing = FRAME_JSON, .wrappers = wrappers, .fields = fields, .clues = clues,
	.inner = inner, .record = ocsf_record,
};
