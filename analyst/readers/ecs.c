/* Documents in the Elastic Common Schema that carry an alert: those of Elastic Defend, and of what Elastic Agent's
 * integrations made of other products' alerts. Where a document keeps the original, that is read; otherwise its own fields
 * are, and for what the schema has no field, those of the integration. Documents without an alert are telemetry. */
#include "analyst/readers/ecs.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "analyst/readers/fast_log.h"
#include "analyst/readers/guardduty.h"
#include "analyst/readers/inside.h"
#include "analyst/readers/nested.h"

const struct named ecs_actions[] = {
	{ "denied", ACTION_BLOCKED }, { "allowed", ACTION_ALLOWED }, { "quarantine", ACTION_QUARANTINED },
	{ "quarantined", ACTION_QUARANTINED }, { "blocked", ACTION_BLOCKED }, { "block", ACTION_BLOCKED },
	{ "drop", ACTION_BLOCKED }, { "dropped", ACTION_BLOCKED }, { "deny", ACTION_BLOCKED }, { NULL, 0 }
};

const struct named ecs_quarantined[] = { { "true", ACTION_QUARANTINED }, { NULL, 0 } };

const char *ecs_text(const struct reading *rg, size_t row)
{
	const char *s = reading_text(rg, row);

	return s != NULL ? s : reading_text(rg, row + 1);
}

void ecs_addresses(struct reading *rg, size_t row)
{
	for (const struct json_value *v = json_first(rg->json, row); v != NULL; v = json_next(rg->json, v))
		if (v->type == JSON_STRING_TEXT && strncasecmp(v->text, "fe80:", 5) != 0 && strncmp(v->text, "127.", 4) != 0 &&
		    strcmp(v->text, "::1") != 0)
			canon_add(&rg->alert, rg->arena, ENTITY_IP, ROLE_VICTIM, v->text);
}

static void add_processes(struct reading *rg)
{
	const char *image = ecs_text(rg, ECS_PROCESS), *parent = ecs_text(rg, ECS_PARENT);

	add_process(&rg->alert, rg->arena, ROLE_ACTOR, NULL, image != NULL ? image : ecs_text(rg, ECS_PROCESS_NAME));
	add_process(&rg->alert, rg->arena, ROLE_PARENT, NULL, parent != NULL ? parent : ecs_text(rg, ECS_PARENT_NAME));
}

void ecs_subjects(struct reading *rg)
{
	const char *path = ecs_text(rg, ECS_FILE_PATH), *name = ecs_text(rg, ECS_FILE_NAME);

	ecs_addresses(rg, ECS_HOST_IP);
	ecs_addresses(rg, ECS_HOST_IP + 1);
	add_account(&rg->alert, rg->arena, ROLE_ACTOR, ecs_text(rg, ECS_USER));
	add_account(&rg->alert, rg->arena, ROLE_TARGET, ecs_text(rg, ECS_TARGET_USER));
	add_processes(rg);
	add_file(&rg->alert, rg->arena, ROLE_OBSERVED, path, name != NULL || path == NULL ? name : last_component(path));
}

/* ---- documents of integrations ---- */

/* Integrations give what their products call severe one of four numbers; other numbers are of the product's own scale. */
static const struct band ecs_severities[] = {
	{ "informational", 0, SEVERITY_INFO }, { "low", 0, SEVERITY_LOW }, { "medium", 0, SEVERITY_MEDIUM }, { "high", 0, SEVERITY_HIGH },
	{ "critical", 0, SEVERITY_CRITICAL }, { "suspicious", 0, SEVERITY_MEDIUM }, { "malicious", 0, SEVERITY_HIGH },
	{ "21", 0, SEVERITY_LOW }, { "47", 0, SEVERITY_MEDIUM }, { "73", 0, SEVERITY_HIGH }, { "99", 0, SEVERITY_CRITICAL }, BANDS_END
};

static const struct band ten_severities[] = {
	{ NULL, 1, SEVERITY_LOW }, { NULL, 4, SEVERITY_MEDIUM }, { NULL, 7, SEVERITY_HIGH }, { NULL, 9, SEVERITY_CRITICAL },
	{ NULL, 10.01, SEVERITY_UNKNOWN }, BANDS_END
};

static const struct named blocks[] = { { "true", ACTION_BLOCKED }, { NULL, 0 } };
static const struct named mitigations[] = { { "mitigated", ACTION_BLOCKED }, { "not_mitigated", ACTION_DETECTED }, { NULL, 0 } };

/* Data streams by the beginning of their name: what we call the product, and the scale of a number in event.severity. */
static const struct {
	const char *stream, *product;
	const struct band *scale;
} streams[] = {
	{ "aws.guardduty", "guardduty", guardduty_severities }, { "suricata", "suricata", ids_severities },
	{ "carbon_black_cloud", "carbon-black", ten_severities }, { "m365_defender", "defender-xdr", NULL },
	{ "microsoft_defender_endpoint", "defender-endpoint", NULL }, { "sentinel_one", "sentinelone", NULL },
	{ "trend_micro_vision_one", "trend-vision-one", NULL }, { "crowdstrike", "crowdstrike", NULL },
	{ "endpoint", "elastic-defend", NULL }, { NULL, NULL, NULL }
};

/* Each stands for its nested row and the flat one after it. */
enum {
	ORIGINAL = ECS_SUBJECT_ROWS, KIND = ORIGINAL + 2, STREAM = KIND + 2, DATASET = STREAM + 2, MODULE = DATASET + 2,
	SEVERITY = MODULE + 2, SOURCE = SEVERITY + 2, AT = SOURCE + 2, CATEGORY = AT + 2, VENDOR = CATEGORY + 2, GUARDDUTY = VENDOR + 2, SERVICE
};

static const struct field fields[] = {
	ECS_SUBJECTS
	[ORIGINAL] = FIELD("event.original[]", TAKE_NOTHING), FIELD("event\\.original[]", TAKE_NOTHING),
	[KIND] = FIELD("event.kind[]", TAKE_NOTHING), FIELD("event\\.kind[]", TAKE_NOTHING),
	[STREAM] = FIELD("data_stream.dataset[]", TAKE_NOTHING), FIELD("data_stream\\.dataset[]", TAKE_NOTHING),
	[DATASET] = FIELD("event.dataset[]", TAKE_NOTHING), FIELD("event\\.dataset[]", TAKE_NOTHING),
	[MODULE] = FIELD("event.module[]", TAKE_NOTHING), FIELD("event\\.module[]", TAKE_NOTHING),
	[SEVERITY] = FIELD("event.severity[]", TAKE_NOTHING), FIELD("event\\.severity[]", TAKE_NOTHING),
	[SOURCE] = FIELD("source.ip[]", TAKE_NOTHING), FIELD("source\\.ip[]", TAKE_NOTHING),
	[AT] = FIELD("@timestamp[]", TAKE_NOTHING), FIELD("@timestamp[]", TAKE_NOTHING),
	[CATEGORY] = FIELD("event.category[]", TAKE_NOTHING), FIELD("event\\.category[]", TAKE_NOTHING),
	[VENDOR] = FIELD("observer.vendor[]", TAKE_NOTHING), FIELD("observer\\.vendor[]", TAKE_NOTHING),
	[GUARDDUTY] = FIELD("aws.guardduty.type", TAKE_RULE_ID),
	[SERVICE] = FIELD("m365_defender.alert.service_source", TAKE_NOTHING),
	FIELD("aws.guardduty.id", TAKE_NATIVE_ID),

	FIELD("event.start[]", TAKE_AT), FIELD("event\\.start[]", TAKE_AT),
	FIELD("@timestamp[]", TAKE_AT),
	FIELD("event.created[]", TAKE_AT), FIELD("event\\.created[]", TAKE_AT),
	FIELD("event.end[]", TAKE_UNTIL), FIELD("event\\.end[]", TAKE_UNTIL),
	FIELD("event.created[]", TAKE_REPORTED), FIELD("event\\.created[]", TAKE_REPORTED),
	FIELD("crowdstrike.alert.composite_id", TAKE_NATIVE_ID),
	FIELD("m365_defender.alert.provider_alert_id", TAKE_NATIVE_ID),
	FIELD("event.id[]", TAKE_NATIVE_ID), FIELD("event\\.id[]", TAKE_NATIVE_ID),
	FIELD("rule.id[]", TAKE_RULE_ID), FIELD("rule\\.id[]", TAKE_RULE_ID),
	FIELD("rule.uuid[]", TAKE_RULE_ID), FIELD("rule\\.uuid[]", TAKE_RULE_ID),
	FIELD("m365_defender.alert.detector_id", TAKE_RULE_ID),
	FIELD("crowdstrike.alert.pattern_id", TAKE_RULE_ID),
	FIELD("rule.name[]", TAKE_RULE_NAME), FIELD("rule\\.name[]", TAKE_RULE_NAME),
	FIELD("aws.guardduty.type", TAKE_RULE_NAME),
	FIELD("m365_defender.alert.title", TAKE_RULE_NAME),
	FIELD("crowdstrike.alert.display_name", TAKE_RULE_NAME),
	FIELD("crowdstrike.alert.name", TAKE_RULE_NAME),
	FIELD("sentinel_one.threat.name", TAKE_RULE_NAME),
	FIELD("carbon_black_cloud.alert.report.name", TAKE_RULE_NAME),
	FIELD("trend_micro_vision_one.alert.model", TAKE_RULE_NAME),
	FIELD("darktrace.model_breach_alert.model.name", TAKE_RULE_NAME),
	FIELD("darktrace.ai_analyst_alert.title", TAKE_RULE_NAME),
	/* What else a document has for a name is a sentence, the same for each alert of a kind where it is not a name itself. */
	FIELD("message[]", TAKE_RULE_NAME),
	FIELD("event.reason[]", TAKE_RULE_NAME), FIELD("event\\.reason[]", TAKE_RULE_NAME),
	FIELD("event.action[]", TAKE_RULE_NAME), FIELD("event\\.action[]", TAKE_RULE_NAME),
	FIELD("event.module[]", TAKE_RULE_NAME), FIELD("event\\.module[]", TAKE_RULE_NAME),
	FIELD("event.reason[]", TAKE_TITLE), FIELD("event\\.reason[]", TAKE_TITLE),
	FIELD("rule.description[]", TAKE_TITLE), FIELD("rule\\.description[]", TAKE_TITLE),
	FIELD("crowdstrike.alert.description", TAKE_TITLE),
	FIELD("message[]", TAKE_TITLE),
	FIELD("rule.category[]", TAKE_CATEGORY), FIELD("rule\\.category[]", TAKE_CATEGORY),
	FIELD("m365_defender.alert.category", TAKE_CATEGORY),
	FIELD("m365_defender.alert.category", TAKE_TACTICS),
	FIELD("m365_defender.alert.mitre_techniques[]", TAKE_TECHNIQUES),
	FIELD("crowdstrike.alert.technique_id[]", TAKE_TECHNIQUES),
	FIELD("crowdstrike.alert.tactic[]", TAKE_TACTICS),
	FIELD("threat.tactic.name[]", TAKE_TACTICS), FIELD("threat\\.tactic\\.name[]", TAKE_TACTICS),
	FIELD_SEVERITY("m365_defender.alert.severity", ecs_severities),
	FIELD_SEVERITY("crowdstrike.alert.severity_name", ecs_severities),
	FIELD_SEVERITY("trend_micro_vision_one.alert.severity", ecs_severities),
	FIELD_SEVERITY("sentinel_one.threat.confidence_level", ecs_severities),
	FIELD_SEVERITY("event.severity[]", ecs_severities), FIELD_SEVERITY("event\\.severity[]", ecs_severities),
	FIELD_SEVERITY("log.level[]", ecs_severities), FIELD_SEVERITY("log\\.level[]", ecs_severities),
	{ "crowdstrike.alert.pattern_disposition_details.quarantine_file", TAKE_ACTION, 0, 0, NULL, ecs_quarantined },
	{ "crowdstrike.alert.pattern_disposition_details.process_blocked", TAKE_ACTION, 0, 0, NULL, blocks },
	{ "crowdstrike.alert.pattern_disposition_details.operation_blocked", TAKE_ACTION, 0, 0, NULL, blocks },
	{ "crowdstrike.alert.pattern_disposition_details.kill_process", TAKE_ACTION, 0, 0, NULL, blocks },
	{ "sentinel_one.threat.mitigation.status", TAKE_ACTION, 0, 0, NULL, mitigations },
	ECS_ROWS
	/* What integrations leave where the product had it. */
	FIELD_ENTITY("crowdstrike.alert.device.hostname", ENTITY_HOST, ROLE_VICTIM),
	FIELD_ENTITY("crowdstrike.alert.device.local_ip", ENTITY_IP, ROLE_VICTIM),
	FIELD_ENTITY("crowdstrike.alert.user_name", ENTITY_USER, ROLE_ACTOR),
	FIELD_ENTITY("crowdstrike.alert.cmdline", ENTITY_COMMAND, ROLE_ACTOR),
	FIELD_ENTITY("crowdstrike.alert.filepath", ENTITY_PROCESS, ROLE_ACTOR),
	FIELD_ENTITY("crowdstrike.alert.sha256", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("crowdstrike.alert.parent_details.cmdline", ENTITY_COMMAND, ROLE_PARENT),
	FIELD_ENTITY("crowdstrike.alert.parent_details.filepath", ENTITY_PROCESS, ROLE_PARENT),
	FIELD_ENTITY("m365_defender.alert.evidence[].device_dns_name", ENTITY_HOST, ROLE_VICTIM),
	FIELD_ENTITY("m365_defender.alert.evidence[].ip_interfaces[]", ENTITY_IP, ROLE_VICTIM),
	FIELD_ENTITY("m365_defender.alert.evidence[].user_account.account_name", ENTITY_USER, ROLE_ACTOR),
	FIELD_ENTITY("m365_defender.alert.evidence[].user_account.user_principal_name", ENTITY_EMAIL, ROLE_ACTOR),
	FIELD_ENTITY("m365_defender.alert.evidence[].ip_address", ENTITY_IP, ROLE_OBSERVED),
	FIELD_ENTITY("m365_defender.alert.evidence[].url", ENTITY_URL, ROLE_DESTINATION),
	FIELD_ENTITY("m365_defender.alert.evidence[].process.command_line", ENTITY_COMMAND, ROLE_ACTOR),
	FIELD_ENTITY("m365_defender.alert.evidence[].image_file.name", ENTITY_PROCESS, ROLE_ACTOR),
	FIELD_ENTITY("m365_defender.alert.evidence[].image_file.sha256", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("m365_defender.alert.evidence[].parent_process.image_file.name", ENTITY_PROCESS, ROLE_PARENT),
	FIELD_ENTITY("m365_defender.alert.evidence[].file_details.name", ENTITY_FILE, ROLE_OBSERVED),
	FIELD_ENTITY("m365_defender.alert.evidence[].file_details.sha256", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("carbon_black_cloud.alert.device.internal_ip", ENTITY_IP, ROLE_VICTIM),
	FIELD_ENTITY("darktrace.model_breach_alert.device.ip", ENTITY_IP, ROLE_VICTIM),
	FIELD_ENTITY("darktrace.model_breach_alert.device.hostname", ENTITY_HOST, ROLE_VICTIM),
	FIELD_ENTITY("aws.guardduty.resource.instance_details.instance.id", ENTITY_HOST, ROLE_VICTIM),
	FIELD_ENTITY("aws.guardduty.resource.eks_cluster_details.name", ENTITY_HOST, ROLE_VICTIM),
	FIELD_ENTITY("sentinel_one.threat.process_user", ENTITY_USER, ROLE_ACTOR),
	FIELDS_END
};

static const struct clue clues[] = {
	{ "@timestamp", 10 }, { "ecs.version", 25 }, { "ecs\\.version", 25 }, { "data_stream.dataset", 10 }, { "data_stream\\.dataset", 10 },
	{ "event.dataset", 10 }, { "event\\.dataset", 10 }, { "event.kind", 25 }, { "event\\.kind", 25 },
	{ "fields.ecs\\.version", 35 }, { "fields.event\\.kind", 25 }, { NULL, 0 }
};

/* Whether one of the values of the nested row, or of the flat one, is this word. */
static bool has_word(const struct reading *rg, size_t first, const char *word)
{
	for (size_t row = first; row <= first + 1; row++)
		for (const struct json_value *v = json_first(rg->json, row); v != NULL; v = json_next(rg->json, v))
			if (v->type == JSON_STRING_TEXT && strcmp(v->text, word) == 0)
				return true;
	return false;
}

static bool is_alert(const struct reading *rg)
{
	/* Earlier releases of GuardDuty's integration called these events. */
	return has_word(rg, KIND, "alert") || reading_text(rg, GUARDDUTY) != NULL;
}

static bool is_network(const struct reading *rg)
{
	return has_word(rg, CATEGORY, "network");
}

/* "suricata.eve". A data set of one word is anybody's: then whose product it is, and what part of it. */
static const char *stream_of(const struct reading *rg)
{
	static const size_t rows[] = { STREAM, DATASET, VENDOR, MODULE, STREAM, DATASET };
	const char *stream = NULL;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]) && stream == NULL; i++) {
		stream = ecs_text(rg, rows[i]);
		if (i < 2 && stream != NULL && strchr(stream, '.') == NULL)
			stream = NULL;
	}
	return stream;
}

static void take_product(struct reading *rg)
{
	const char *stream = stream_of(rg), *service = microsoft_product(reading_text(rg, SERVICE));
	struct alert *a = &rg->alert;
	char *name;

	a->rule.product = "elastic";
	if (stream == NULL)
		return;
	name = arena_dupn(rg->arena, stream, strcspn(stream, "."));
	for (char *c = name; *c != '\0'; c++)
		*c = *c == '_' ? '-' : *c >= 'A' && *c <= 'Z' ? (char)(*c | 0x20) : *c;
	a->rule.product = name;
	for (size_t i = 0; streams[i].stream != NULL; i++)
		if (strncmp(streams[i].stream, stream, strlen(streams[i].stream)) == 0) {
			a->rule.product = streams[i].product;
			if (streams[i].scale != NULL && ecs_text(rg, SEVERITY) != NULL && a->severity == SEVERITY_UNKNOWN)
				a->severity = severity_of(streams[i].scale, a->severity_native = ecs_text(rg, SEVERITY));
		}
	if (service != NULL)
		a->rule.product = service;
}

static int take_telemetry(struct reading *rg, const struct record *rec, struct fault *f)
{
	const char *stream = stream_of(rg), *log = stream != NULL ? strrchr(stream, '.') : NULL;
	enum telemetry_kind kind = log != NULL ? telemetry_kind_of(log + 1) : TELEMETRY_OTHER;

	if (kind == TELEMETRY_OTHER && is_network(rg))
		kind = TELEMETRY_CONNECTION;
	filling_begin(&rg->filling, &rg->alert, rg->arena, rg->options.assumed_offset);
	reading_fill_ends(rg);
	return reading_telemetry(rg, rec, kind, f);
}

static int ecs_record(struct reading *rg, const struct record *rec, struct fault *f)
{
	const char *original = ecs_text(rg, ORIGINAL);
	instant t;
	int rc;

	if (original != NULL && original[0] != '\0') {
		struct inner_text text = { .bytes = original, .n = strlen(original), .from = "event.original",
		                           .tenant = rg->options.tenant, .found = rg->options.found };

		if ((rc = inside_read(rg->state, rec, &text, f)) != 0)
			return rc < 0 ? -1 : 0;
	}
	if (!is_alert(rg))
		return take_telemetry(rg, rec, f);
	filling_begin(&rg->filling, &rg->alert, rg->arena, rg->options.assumed_offset);
	reading_fill(rg);
	/* Of a connection the start is no time of what was seen in it. */
	if (ecs_text(rg, SOURCE) != NULL && is_network(rg) && (t = indicator_time(rg, ecs_text(rg, AT))) != INSTANT_NONE)
		rg->alert.at = t;
	take_product(rg);
	if (strcmp(rg->alert.rule.product, "guardduty") == 0)
		guardduty_purpose(rg, reading_text(rg, GUARDDUTY));
	ecs_subjects(rg);
	return reading_alert(rg, rec, f);
}

static int ecs_open(struct reading *rg, struct fault *f)
{
	(void)f;
	json_paths_below(rg->paths, "fields");
	rg->state = inside_new(rg);
	return 0;
}

static void ecs_close(struct reading *rg)
{
	inside_free(rg->state);
}

static const char *const wrappers[] = { "hits.hits", NULL };

const struct reader reader_ecs;

/* Enough, and no more: who knows the document by more than its schema goes before. */
static int ecs_probe(const struct probe *p)
{
	return reader_score_json(&reader_ecs, p) >= PROBE_ENOUGH ? PROBE_ENOUGH : 0;
}

const struct reader reader_ecs = {
	.name = "ecs", .summary = "documents in the Elastic Common Schema: Elastic Defend, integrations of Elastic Agent, JSON", .gives = "alerts",
	.extensions = ".json .ndjson", .framing = FRAME_JSON, .wrappers = wrappers, .below = "_source", .fields = fields, .clues = clues,
	.probe = ecs_probe, .open = ecs_open, .record = ecs_record, .wraps = true, .close = ecs_close,
};
