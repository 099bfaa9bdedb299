/* What comes out of Splunk (FORMATS 2.15): REST results, lines of an export, alert
 * webhooks. Where a result's _raw is a record of another format that is known, that
 * format's reader reads it; a result that a search judged is an alert of its own; other
 * results are telemetry. */
#include <string.h>

#include "analyst/readers/inside.h"

enum {
	RAW, TIME, PREVIEW, SOURCETYPE, RULE, SEARCH, SAVED_SEARCH, SIGNATURE, URGENCY, SEVERITY, RISK_OBJECT,
	RISK_OBJECT_TYPE, TENANT, CUSTOMER, TEAM, LASTROW, MESSAGES
};

static const struct field fields[] = {
	[RAW] = FIELD("_raw", TAKE_NOTHING),
	[TIME] = FIELD("_time", TAKE_AT),
	[PREVIEW] = FIELD("preview", TAKE_NOTHING),
	[SOURCETYPE] = FIELD("sourcetype", TAKE_NOTHING),
	[RULE] = FIELD("rule_name", TAKE_RULE_NAME),
	[SEARCH] = FIELD("search_name", TAKE_RULE_NAME),
	[SAVED_SEARCH] = FIELD("savedsearch_name", TAKE_RULE_NAME),
	[SIGNATURE] = FIELD("signature", TAKE_RULE_NAME),
	/* urgency blends the asset's weight in; it is what analysts of the product see. */
	[URGENCY] = FIELD("urgency", TAKE_SEVERITY),
	[SEVERITY] = FIELD("severity", TAKE_SEVERITY),
	[RISK_OBJECT] = FIELD("risk_object", TAKE_NOTHING),
	[RISK_OBJECT_TYPE] = FIELD("risk_object_type", TAKE_NOTHING),
	[TENANT] = FIELD("tenant", TAKE_TENANT),
	[CUSTOMER] = FIELD("customer", TAKE_TENANT),
	[TEAM] = FIELD("team", TAKE_TENANT),
	[LASTROW] = FIELD("lastrow", TAKE_NOTHING),
	[MESSAGES] = FIELD("messages[].text", TAKE_NOTHING),
	FIELD("event_id", TAKE_NATIVE_ID),
	FIELD("sid", TAKE_NATIVE_ID),
	FIELD("rule_title", TAKE_TITLE),
	FIELD("rule_description", TAKE_TITLE),
	FIELD("signature_id", TAKE_RULE_ID),
	FIELD("security_domain", TAKE_CATEGORY),
	FIELD("category", TAKE_CATEGORY),
	FIELD("action", TAKE_ACTION),
	FIELD("risk_score", TAKE_SCORE),
	FIELD("annotations\\.mitre_attack[]", TAKE_TECHNIQUES),
	FIELD("annotations\\.mitre_attack\\.mitre_technique_id[]", TAKE_TECHNIQUES),
	FIELD("annotations.mitre_attack[]", TAKE_TECHNIQUES),
	FIELD("annotations", TAKE_TECHNIQUES),
	FIELD("mitre_technique_id[]", TAKE_TECHNIQUES),
	FIELD("annotations\\.mitre_attack\\.mitre_tactic[]", TAKE_TACTICS),
	FIELD("annotations\\.mitre_attack\\.mitre_tactic_id[]", TAKE_TACTICS),
	FIELD_ENTITY("src[]", ENTITY_IP, ROLE_SOURCE),
	FIELD_ENTITY("src_ip[]", ENTITY_IP, ROLE_SOURCE),
	FIELD_ENTITY("src_mac", ENTITY_MAC, ROLE_SOURCE),
	FIELD_ENTITY("dest[]", ENTITY_IP, ROLE_DESTINATION),
	FIELD_ENTITY("dest_ip[]", ENTITY_IP, ROLE_DESTINATION),
	FIELD_ENTITY("dest_port", ENTITY_PORT, ROLE_DESTINATION),
	FIELD_ENTITY("user[]", ENTITY_USER, ROLE_ACTOR),
	FIELD_ENTITY("src_user[]", ENTITY_USER, ROLE_ACTOR),
	FIELD_ENTITY("url[]", ENTITY_URL, ROLE_DESTINATION),
	FIELD_ENTITY("process", ENTITY_COMMAND, ROLE_OBSERVED),
	FIELD_ENTITY("process_path", ENTITY_PROCESS, ROLE_ACTOR),
	FIELD_ENTITY("parent_process_path", ENTITY_PROCESS, ROLE_PARENT),
	FIELD_ENTITY("file_name[]", ENTITY_FILE, ROLE_OBSERVED),
	FIELD_ENTITY("file_path[]", ENTITY_PATH, ROLE_OBSERVED),
	FIELD_ENTITY("file_hash[]", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("http_user_agent", ENTITY_AGENT, ROLE_OBSERVED),
	FIELD_ENTITY("cve[]", ENTITY_CVE, ROLE_OBSERVED),
	FIELDS_END
};

static const struct clue clues[] = {
	{ "_raw", 50 }, { "_time", 50 }, { "sourcetype", 15 }, { "splunk_server", 20 }, { "preview", 15 }, { "lastrow", 10 },
	{ "offset", 5 }, { "search_name", 25 }, { "sid", 20 }, { "results_link", 35 }, { NULL, 0 }
};

static const char *tenant_of(const struct reading *rg)
{
	static const size_t rows[] = { TENANT, CUSTOMER, TEAM };

	for (size_t i = 0; i < 3; i++) {
		const char *said = reading_text(rg, rows[i]);

		if (said != NULL && said[0] != '\0' && strcmp(said, "-") != 0)
			return said;
	}
	return rg->options.tenant;
}

/* ---- results themselves ---- */

/* A signature alone is what Windows calls its events; with a severity it is a judgement. */
static bool is_judged(const struct reading *rg)
{
	return reading_text(rg, RULE) != NULL || reading_text(rg, SEARCH) != NULL || reading_text(rg, SAVED_SEARCH) != NULL ||
	       (reading_text(rg, SIGNATURE) != NULL && (reading_text(rg, SEVERITY) != NULL || reading_text(rg, URGENCY) != NULL));
}

static int take_result(struct reading *rg, const struct record *rec, struct fault *f)
{
	const char *object = reading_text(rg, RISK_OBJECT), *type = reading_text(rg, RISK_OBJECT_TYPE);

	filling_begin(&rg->filling, &rg->alert, rg->arena, rg->options.assumed_offset);
	rg->alert.rule.product = "splunk";
	reading_fill(rg);
	if (type != NULL)
		canon_add(&rg->alert, rg->arena, strcmp(type, "user") == 0 ? ENTITY_USER : ENTITY_HOST,
		          strcmp(type, "user") == 0 ? ROLE_ACTOR : ROLE_VICTIM, object);
	return reading_alert(rg, rec, f);
}

static int splunk_record(struct reading *rg, const struct record *rec, struct fault *f)
{
	const char *preview = reading_text(rg, PREVIEW);
	const struct json_value *raw = json_first(rg->json, RAW);
	int rc;

	if (preview != NULL && strcmp(preview, "true") == 0)
		return reading_blank(rg, rec, BLANK_CONTEXT, f);
	if (raw != NULL && raw->type == JSON_STRING_TEXT && raw->length > 0) {
		struct inner_text text = { .bytes = raw->text, .n = raw->length, .from = "_raw", .kind = reading_text(rg, SOURCETYPE),
		                           .tenant = tenant_of(rg), .found = rg->options.found };

		if ((rc = inside_read(rg->state, rec, &text, f)) != 0)
			return rc < 0 ? -1 : 0;
	}
	if (is_judged(rg))
		return take_result(rg, rec, f);
	/* "messages" and "lastrow" lines frame the results. */
	if (raw == NULL && reading_text(rg, TIME) == NULL && (json_has(rg->json, LASTROW) || json_has(rg->json, MESSAGES)))
		return reading_blank(rg, rec, BLANK_CONTEXT, f);
	if (raw == NULL && reading_text(rg, TIME) == NULL)
		return reading_reject(rg, rec, "neither _raw nor _time", f);
	return reading_blank(rg, rec, BLANK_TELEMETRY, f);
}

static int splunk_open(struct reading *rg, struct fault *f)
{
	(void)f;
	rg->state = inside_new(rg);
	return 0;
}

static void splunk_close(struct reading *rg)
{
	inside_free(rg->state);
}

static const char *const wrappers[] = { "results", NULL };

const struct reader reader_splunk = {
	.name = "splunk", .summary = "Splunk results, also with known records in _raw", .gives = "alerts",
	.extensions = ".json .jsonl", .framing = FRAME_JSON, .wrappers = wrappers, .below = "result", .fields = fields,
	.clues = clues, .open = splunk_open, .record = splunk_record, .wraps = true, .close = splunk_close,
};
