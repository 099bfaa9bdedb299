/* What comes out of Splunk (FORMATS 2.15): REST results, lines of an export, alert
 * webhooks, CSV. Where a result's _raw is a record of another format that is known, that
 * format's reader reads it; a result that a search judged is an alert of its own; other
 * results are telemetry. */
#include <string.h>

#include "analyst/readers/header.h"
#include "analyst/readers/inside.h"

extern const struct reader reader_splunk;

enum {
	RAW, TIME, PREVIEW, SOURCETYPE, RULE, SEARCH, SAVED_SEARCH, SIGNATURE, URGENCY, SEVERITY, RISK_OBJECT,
	RISK_OBJECT_TYPE, TENANT, CUSTOMER, TEAM, LASTROW, MESSAGES, FIRST_TIME, ORIGINAL_TIME, THREAT_OBJECT, THREAT_TYPE,
	ORIGINAL_HOST, REPORTER
};

static const struct field fields[] = {
	[RAW] = FIELD("_raw", TAKE_NOTHING),
	[TIME] = FIELD("_time", TAKE_NOTHING),
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
	/* When it happened, which detections keep; _time of a notable event is when the search found it. */
	[FIRST_TIME] = FIELD("firstTime", TAKE_AT),
	[ORIGINAL_TIME] = FIELD("orig_time", TAKE_AT),
	[THREAT_OBJECT] = FIELD("threat_object[]", TAKE_NOTHING),
	[THREAT_TYPE] = FIELD("threat_object_type[]", TAKE_NOTHING),
	[ORIGINAL_HOST] = FIELD("orig_host[]", TAKE_NOTHING),
	[REPORTER] = FIELD("dvc", TAKE_NOTHING),
	FIELD("_time", TAKE_AT),
	FIELD("lastTime", TAKE_UNTIL),
	FIELD("_time", TAKE_REPORTED),
	FIELD("event_id", TAKE_NATIVE_ID),
	FIELD("sid", TAKE_NATIVE_ID),
	FIELD("rule_title", TAKE_TITLE),
	FIELD("risk_message", TAKE_TITLE),
	FIELD("rule_description", TAKE_TITLE),
	FIELD("savedsearch_description", TAKE_TITLE),
	FIELD("description", TAKE_TITLE),
	FIELD("signature_id", TAKE_RULE_ID),
	FIELD("security_domain", TAKE_CATEGORY),
	FIELD("category", TAKE_CATEGORY),
	FIELD("action", TAKE_ACTION),
	FIELD("risk_score", TAKE_SCORE),
	FIELD("bytes_out", TAKE_BYTES_OUT),
	FIELD("bytes_in", TAKE_BYTES_IN),
	FIELD("annotations\\.mitre_attack[]", TAKE_TECHNIQUES),
	FIELD("annotations\\.mitre_attack\\.mitre_technique_id[]", TAKE_TECHNIQUES),
	FIELD("annotations.mitre_attack[]", TAKE_TECHNIQUES),
	FIELD("annotations", TAKE_TECHNIQUES),
	FIELD("mitre_technique_id[]", TAKE_TECHNIQUES),
	FIELD("annotations\\.mitre_attack\\.mitre_tactic[]", TAKE_TACTICS),
	FIELD("annotations\\.mitre_attack\\.mitre_tactic_id[]", TAKE_TACTICS),
	FIELD("mitre_tactic_id[]", TAKE_TACTICS),
	FIELD("mitre_tactic[]", TAKE_TACTICS),
	FIELD_ENTITY("src[]", ENTITY_IP, ROLE_SOURCE),
	FIELD_ENTITY("src_ip[]", ENTITY_IP, ROLE_SOURCE),
	FIELD_ENTITY("src_port", ENTITY_PORT, ROLE_SOURCE),
	FIELD_ENTITY("src_host[]", ENTITY_HOST, ROLE_SOURCE),
	FIELD_ENTITY("src_dns[]", ENTITY_HOST, ROLE_SOURCE),
	FIELD_ENTITY("src_nt_host[]", ENTITY_HOST, ROLE_SOURCE),
	FIELD_ENTITY("src_mac", ENTITY_MAC, ROLE_SOURCE),
	FIELD_ENTITY("dest[]", ENTITY_IP, ROLE_DESTINATION),
	FIELD_ENTITY("dest_ip[]", ENTITY_IP, ROLE_DESTINATION),
	FIELD_ENTITY("dest_port", ENTITY_PORT, ROLE_DESTINATION),
	FIELD_ENTITY("dest_host[]", ENTITY_HOST, ROLE_DESTINATION),
	FIELD_ENTITY("dest_dns[]", ENTITY_HOST, ROLE_DESTINATION),
	FIELD_ENTITY("dest_nt_host[]", ENTITY_HOST, ROLE_DESTINATION),
	FIELD_ENTITY("dest_mac", ENTITY_MAC, ROLE_DESTINATION),
	FIELD_ENTITY("query[]", ENTITY_DOMAIN, ROLE_DESTINATION),
	FIELD_ENTITY("url_domain[]", ENTITY_DOMAIN, ROLE_DESTINATION),
	FIELD_ENTITY("user[]", ENTITY_USER, ROLE_ACTOR),
	FIELD_ENTITY("src_user[]", ENTITY_USER, ROLE_ACTOR),
	FIELD_ENTITY("dest_user[]", ENTITY_USER, ROLE_TARGET),
	FIELD_ENTITY("url[]", ENTITY_URL, ROLE_DESTINATION),
	FIELD_ENTITY("sender[]", ENTITY_EMAIL, ROLE_ACTOR),
	FIELD_ENTITY("recipient[]", ENTITY_EMAIL, ROLE_TARGET),
	FIELD_ENTITY("process[]", ENTITY_COMMAND, ROLE_OBSERVED),
	FIELD_ENTITY("process_path[]", ENTITY_PROCESS, ROLE_ACTOR),
	FIELD_ENTITY("process_name[]", ENTITY_PROCESS, ROLE_ACTOR),
	FIELD_ENTITY("parent_process[]", ENTITY_COMMAND, ROLE_PARENT),
	FIELD_ENTITY("parent_process_path[]", ENTITY_PROCESS, ROLE_PARENT),
	FIELD_ENTITY("parent_process_name[]", ENTITY_PROCESS, ROLE_PARENT),
	FIELD_ENTITY("file_name[]", ENTITY_FILE, ROLE_OBSERVED),
	FIELD_ENTITY("file_path[]", ENTITY_PATH, ROLE_OBSERVED),
	FIELD_ENTITY("file_hash[]", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("process_hash[]", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("registry_path[]", ENTITY_REGISTRY, ROLE_OBSERVED),
	FIELD_ENTITY("http_user_agent[]", ENTITY_AGENT, ROLE_OBSERVED),
	FIELD_ENTITY("cve[]", ENTITY_CVE, ROLE_OBSERVED),
	FIELDS_END
};

/* What risk rules call the things that threaten. */
static const struct { const char *type; enum entity_kind kind; enum entity_role role; } threat_types[] = {
	{ "ip", ENTITY_IP, ROLE_OBSERVED }, { "ip_address", ENTITY_IP, ROLE_OBSERVED }, { "src", ENTITY_IP, ROLE_SOURCE },
	{ "domain", ENTITY_DOMAIN, ROLE_DESTINATION }, { "url", ENTITY_URL, ROLE_DESTINATION },
	{ "file_name", ENTITY_FILE, ROLE_OBSERVED }, { "file_path", ENTITY_PATH, ROLE_OBSERVED },
	{ "file_hash", ENTITY_HASH, ROLE_OBSERVED }, { "hash", ENTITY_HASH, ROLE_OBSERVED },
	{ "process_name", ENTITY_PROCESS, ROLE_ACTOR }, { "parent_process_name", ENTITY_PROCESS, ROLE_PARENT },
	{ "process", ENTITY_COMMAND, ROLE_OBSERVED }, { "command", ENTITY_COMMAND, ROLE_OBSERVED },
	{ "registry_path", ENTITY_REGISTRY, ROLE_OBSERVED }, { "email_address", ENTITY_EMAIL, ROLE_ACTOR },
	{ "http_user_agent", ENTITY_AGENT, ROLE_OBSERVED }, { NULL, ENTITY_HOST, ROLE_OBSERVED }
};

static const struct clue clues[] = {
	{ "_raw", 50 }, { "_time", 50 }, { "sourcetype", 15 }, { "splunk_server", 20 }, { "preview", 15 }, { "lastrow", 10 },
	{ "offset", 5 }, { "search_name", 25 }, { "sid", 20 }, { "results_link", 35 },
	{ "rule_name", 15 }, { "savedsearch_name", 15 }, { "signature", 10 }, { "urgency", 10 }, { "risk_object", 15 }, { NULL, 0 }
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

/* Several values of one field stand in a cell of a CSV line by line. */
static const char *each_line(struct reading *rg, const char **s)
{
	const char *line = *s;
	size_t n;

	if (line == NULL || *line == '\0')
		return NULL;
	n = strcspn(line, "\r\n");
	*s = line + n + strspn(line + n, "\r\n");
	return arena_dupn(rg->arena, line, n);
}

static void fill_cells(struct reading *rg)
{
	for (size_t i = 0; fields[i].path != NULL; i++) {
		const char *rest = reading_text(rg, i), *line;

		while (fields[i].take != TAKE_NOTHING && (line = each_line(rg, &rest)) != NULL)
			filling_take(&rg->filling, &fields[i], line);
	}
}

static void add_threat(struct reading *rg, const char *type, const char *object)
{
	for (size_t i = 0; type != NULL && threat_types[i].type != NULL; i++)
		if (strcmp(threat_types[i].type, type) == 0)
			canon_add(&rg->alert, rg->arena, threat_types[i].kind, threat_types[i].role, object);
}

/* The objects and their types are lists that go together, or one of each. */
static void add_threats(struct reading *rg)
{
	const char *object, *type;

	if (rg->header != NULL) {
		const char *objects = reading_text(rg, THREAT_OBJECT), *types = reading_text(rg, THREAT_TYPE);

		while ((object = each_line(rg, &objects)) != NULL && (type = each_line(rg, &types)) != NULL)
			add_threat(rg, type, object);
		return;
	}
	for (const struct json_value *o = json_first(rg->json, THREAT_OBJECT), *t = json_first(rg->json, THREAT_TYPE);
	     o != NULL && t != NULL; o = json_next(rg->json, o), t = json_next(rg->json, t))
		if (o->type == JSON_STRING_TEXT && t->type == JSON_STRING_TEXT)
			add_threat(rg, t->text, o->text);
}

/* Who logged it is its machine only when no other is told. */
static void add_reporter(struct reading *rg)
{
	const char *host = reading_text(rg, ORIGINAL_HOST);

	if (alert_entity(&rg->alert, ENTITY_IP, -1) == NULL && alert_entity(&rg->alert, ENTITY_HOST, -1) == NULL)
		canon_add(&rg->alert, rg->arena, ENTITY_HOST, ROLE_VICTIM, host != NULL ? host : reading_text(rg, REPORTER));
}

static int take_result(struct reading *rg, const struct record *rec, struct fault *f)
{
	const char *object = reading_text(rg, RISK_OBJECT), *type = reading_text(rg, RISK_OBJECT_TYPE);

	filling_begin(&rg->filling, &rg->alert, rg->arena, rg->options.assumed_offset);
	rg->alert.rule.product = "splunk";
	if (rg->header != NULL)
		fill_cells(rg);
	else
		reading_fill(rg);
	add_threats(rg);
	if (type != NULL)
		canon_add(&rg->alert, rg->arena, strcmp(type, "user") == 0 ? ENTITY_USER : ENTITY_HOST,
		          strcmp(type, "user") == 0 ? ROLE_ACTOR : ROLE_VICTIM, object);
	add_reporter(rg);
	return reading_alert(rg, rec, f);
}

static int splunk_record(struct reading *rg, const struct record *rec, struct fault *f)
{
	const char *preview = reading_text(rg, PREVIEW), *raw = reading_text(rg, RAW);
	int rc;

	if (preview != NULL && strcmp(preview, "true") == 0)
		return reading_blank(rg, rec, BLANK_CONTEXT, f);
	if (raw != NULL && raw[0] != '\0') {
		struct inner_text text = { .bytes = raw, .n = strlen(raw), .from = "_raw", .kind = reading_text(rg, SOURCETYPE),
		                           .tenant = tenant_of(rg), .found = rg->options.found };

		if ((rc = inside_read(rg->state, rec, &text, f)) != 0)
			return rc < 0 ? -1 : 0;
	}
	if (is_judged(rg))
		return take_result(rg, rec, f);
	/* "messages" and "lastrow" lines frame the results. */
	if (raw == NULL && reading_text(rg, TIME) == NULL && rg->json != NULL &&
	    (json_has(rg->json, LASTROW) || json_has(rg->json, MESSAGES)))
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

/* A CSV is Splunk's by a column _raw, or by _time with what a search found; other readers take "time" for the same. */
static int splunk_probe(const struct probe *p)
{
	static const char *const found[] = { "rule_name", "search_name", "savedsearch_name", "signature", NULL };
	struct memory_bytes head = { p->bytes, p->n };
	struct framing *fr;
	struct record rec;
	bool raw = false, time = false, judged = false;

	if (probe_is_json(p->bytes, p->n))
		return reader_score_json(&reader_splunk, p);
	if (p->n > 0 && p->bytes[0] == '<')
		return 0;
	fr = framing_new(&(struct framing_rules){ .kind = FRAME_CSV }, memory_source(&head));
	if (framing_next(fr, &rec, NULL) > 0 && rec.broken == NULL)
		for (size_t i = 0; i < rec.cell_count; i++) {
			raw = raw || strcmp(rec.cells[i].text, "_raw") == 0;
			time = time || strcmp(rec.cells[i].text, "_time") == 0;
			judged = judged || in_list(found, rec.cells[i].text);
		}
	framing_free(fr);
	return raw && time ? 95 : raw ? 85 : time && judged ? 85 : 0;
}

const struct reader reader_splunk = {
	.name = "splunk", .summary = "Splunk results, JSON or CSV, also with known records in _raw", .gives = "alerts",
	.extensions = ".json .jsonl .csv", .or_csv = true, .probe = splunk_probe, .framing = FRAME_JSON, .wrappers = wrappers, .below = "result", .fields = fields,
	.clues = clues, .open = splunk_open, .record = splunk_record, .wraps = true, .close = splunk_close,
};
