/* Elastic Security alerts (FORMATS 2.7): kibana.alert.* of release 8, signal.* of release 7,
 * bare, under _source, or under fields. Keys are nested, flat, or both in one document, so
 * that each path has two rows. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "analyst/readers/nested.h"

static const struct band elastic_severities[] = {
	{ "low", 0, SEVERITY_LOW }, { "medium", 0, SEVERITY_MEDIUM }, { "high", 0, SEVERITY_HIGH },
	{ "critical", 0, SEVERITY_CRITICAL }, BANDS_END
};

/* event.type of an event that its source stopped, or let go on; event.action of firewalls. */
static const struct named elastic_actions[] = {
	{ "denied", ACTION_BLOCKED }, { "allowed", ACTION_ALLOWED }, { "quarantine", ACTION_QUARANTINED },
	{ "quarantined", ACTION_QUARANTINED }, { "blocked", ACTION_BLOCKED }, { "block", ACTION_BLOCKED },
	{ "drop", ACTION_BLOCKED }, { "dropped", ACTION_BLOCKED }, { "deny", ACTION_BLOCKED }, { NULL, 0 }
};

static const struct named quarantine_results[] = { { "true", ACTION_QUARANTINED }, { NULL, 0 } };

/* Each stands for its nested row and the flat one after it. */
enum {
	HOST_IP = 0, USER = 2, TARGET_USER = 4, PROCESS = 6, PROCESS_NAME = 8, PARENT = 10,
	PARENT_NAME = 12, FILE_PATH = 14, FILE_NAME = 16, BLOCK_TYPE = 18, BLOCK_TYPE_7 = 20, SUPPRESSED = 22
};

static const struct field fields[] = {
	[HOST_IP] = FIELD("host.ip[]", TAKE_NOTHING),
	[HOST_IP + 1] = FIELD("host\\.ip[]", TAKE_NOTHING),
	[USER] = FIELD("user.name[]", TAKE_NOTHING),
	[USER + 1] = FIELD("user\\.name[]", TAKE_NOTHING),
	[TARGET_USER] = FIELD("user.target.name[]", TAKE_NOTHING),
	[TARGET_USER + 1] = FIELD("user\\.target\\.name[]", TAKE_NOTHING),
	[PROCESS] = FIELD("process.executable[]", TAKE_NOTHING),
	[PROCESS + 1] = FIELD("process\\.executable[]", TAKE_NOTHING),
	[PROCESS_NAME] = FIELD("process.name[]", TAKE_NOTHING),
	[PROCESS_NAME + 1] = FIELD("process\\.name[]", TAKE_NOTHING),
	[PARENT] = FIELD("process.parent.executable[]", TAKE_NOTHING),
	[PARENT + 1] = FIELD("process\\.parent\\.executable[]", TAKE_NOTHING),
	[PARENT_NAME] = FIELD("process.parent.name[]", TAKE_NOTHING),
	[PARENT_NAME + 1] = FIELD("process\\.parent\\.name[]", TAKE_NOTHING),
	[FILE_PATH] = FIELD("file.path[]", TAKE_NOTHING),
	[FILE_PATH + 1] = FIELD("file\\.path[]", TAKE_NOTHING),
	[FILE_NAME] = FIELD("file.name[]", TAKE_NOTHING),
	[FILE_NAME + 1] = FIELD("file\\.name[]", TAKE_NOTHING),
	[BLOCK_TYPE] = FIELD("kibana.alert.building_block_type[]", TAKE_NOTHING),
	[BLOCK_TYPE + 1] = FIELD("kibana\\.alert\\.building_block_type[]", TAKE_NOTHING),
	[BLOCK_TYPE_7] = FIELD("signal.rule.building_block_type[]", TAKE_NOTHING),
	[BLOCK_TYPE_7 + 1] = FIELD("signal\\.rule\\.building_block_type[]", TAKE_NOTHING),
	[SUPPRESSED] = FIELD("kibana.alert.suppression.docs_count[]", TAKE_NOTHING),
	[SUPPRESSED + 1] = FIELD("kibana\\.alert\\.suppression\\.docs_count[]", TAKE_NOTHING),

	FIELD("kibana.alert.original_time[]", TAKE_AT),
	FIELD("kibana\\.alert\\.original_time[]", TAKE_AT),
	FIELD("signal.original_time[]", TAKE_AT),
	FIELD("signal\\.original_time[]", TAKE_AT),
	FIELD("kibana.alert.original_event.created[]", TAKE_AT),
	FIELD("kibana\\.alert\\.original_event\\.created[]", TAKE_AT),
	FIELD("kibana.alert.start[]", TAKE_AT),
	FIELD("kibana\\.alert\\.start[]", TAKE_AT),
	FIELD("@timestamp[]", TAKE_AT),
	FIELD("kibana.alert.suppression.end[]", TAKE_UNTIL),
	FIELD("kibana\\.alert\\.suppression\\.end[]", TAKE_UNTIL),
	FIELD("@timestamp[]", TAKE_REPORTED),
	FIELD("kibana.alert.uuid[]", TAKE_NATIVE_ID),
	FIELD("kibana\\.alert\\.uuid[]", TAKE_NATIVE_ID),
	FIELD("kibana.alert.rule.rule_id[]", TAKE_RULE_ID),
	FIELD("kibana\\.alert\\.rule\\.rule_id[]", TAKE_RULE_ID),
	FIELD("kibana.alert.rule.uuid[]", TAKE_RULE_ID),
	FIELD("kibana\\.alert\\.rule\\.uuid[]", TAKE_RULE_ID),
	FIELD("signal.rule.rule_id[]", TAKE_RULE_ID),
	FIELD("signal\\.rule\\.rule_id[]", TAKE_RULE_ID),
	FIELD("signal.rule.id[]", TAKE_RULE_ID),
	FIELD("signal\\.rule\\.id[]", TAKE_RULE_ID),
	FIELD("kibana.alert.rule.name[]", TAKE_RULE_NAME),
	FIELD("kibana\\.alert\\.rule\\.name[]", TAKE_RULE_NAME),
	FIELD("signal.rule.name[]", TAKE_RULE_NAME),
	FIELD("signal\\.rule\\.name[]", TAKE_RULE_NAME),
	FIELD("kibana.alert.reason[]", TAKE_TITLE),
	FIELD("kibana\\.alert\\.reason[]", TAKE_TITLE),
	FIELD("signal.reason[]", TAKE_TITLE),
	FIELD("signal\\.reason[]", TAKE_TITLE),
	FIELD("kibana.alert.rule.description[]", TAKE_TITLE),
	FIELD("kibana\\.alert\\.rule\\.description[]", TAKE_TITLE),
	FIELD("signal.rule.description[]", TAKE_TITLE),
	FIELD("signal\\.rule\\.description[]", TAKE_TITLE),
	FIELD("event.category[]", TAKE_CATEGORY),
	FIELD("event\\.category[]", TAKE_CATEGORY),
	FIELD("kibana.alert.risk_score[]", TAKE_SCORE),
	FIELD("kibana\\.alert\\.risk_score[]", TAKE_SCORE),
	FIELD("kibana.alert.rule.risk_score[]", TAKE_SCORE),
	FIELD("kibana\\.alert\\.rule\\.risk_score[]", TAKE_SCORE),
	FIELD("signal.rule.risk_score[]", TAKE_SCORE),
	FIELD("signal\\.rule\\.risk_score[]", TAKE_SCORE),
	FIELD("kibana.alert.threshold_result.count[]", TAKE_COUNT),
	FIELD("kibana\\.alert\\.threshold_result\\.count[]", TAKE_COUNT),
	FIELD("signal.threshold_result.count[]", TAKE_COUNT),
	FIELD("signal\\.threshold_result\\.count[]", TAKE_COUNT),
	FIELD("source.bytes[]", TAKE_BYTES_OUT),
	FIELD("source\\.bytes[]", TAKE_BYTES_OUT),
	FIELD("destination.bytes[]", TAKE_BYTES_IN),
	FIELD("destination\\.bytes[]", TAKE_BYTES_IN),
	FIELD("_id", TAKE_NATIVE_ID),
	FIELD_SEVERITY("kibana.alert.severity[]", elastic_severities),
	FIELD_SEVERITY("kibana\\.alert\\.severity[]", elastic_severities),
	FIELD_SEVERITY("kibana.alert.rule.severity[]", elastic_severities),
	FIELD_SEVERITY("kibana\\.alert\\.rule\\.severity[]", elastic_severities),
	FIELD_SEVERITY("signal.rule.severity[]", elastic_severities),
	FIELD_SEVERITY("signal\\.rule\\.severity[]", elastic_severities),

	{ "file.Ext.quarantine_result[]", TAKE_ACTION, 0, 0, NULL, quarantine_results },
	{ "file\\.Ext\\.quarantine_result[]", TAKE_ACTION, 0, 0, NULL, quarantine_results },
	{ "event.type[]", TAKE_ACTION, 0, 0, NULL, elastic_actions },
	{ "event\\.type[]", TAKE_ACTION, 0, 0, NULL, elastic_actions },
	{ "kibana.alert.original_event.type[]", TAKE_ACTION, 0, 0, NULL, elastic_actions },
	{ "kibana\\.alert\\.original_event\\.type[]", TAKE_ACTION, 0, 0, NULL, elastic_actions },
	{ "signal.original_event.type[]", TAKE_ACTION, 0, 0, NULL, elastic_actions },
	{ "signal\\.original_event\\.type[]", TAKE_ACTION, 0, 0, NULL, elastic_actions },
	{ "event.action[]", TAKE_ACTION, 0, 0, NULL, elastic_actions },
	{ "event\\.action[]", TAKE_ACTION, 0, 0, NULL, elastic_actions },

	FIELD("kibana.alert.rule.threat[].technique[].id[]", TAKE_TECHNIQUES),
	FIELD("kibana\\.alert\\.rule\\.threat[].technique[].id[]", TAKE_TECHNIQUES),
	FIELD("kibana\\.alert\\.rule\\.threat\\.technique\\.id[]", TAKE_TECHNIQUES),
	FIELD("kibana.alert.rule.threat[].technique[].subtechnique[].id[]", TAKE_TECHNIQUES),
	FIELD("kibana\\.alert\\.rule\\.threat[].technique[].subtechnique[].id[]", TAKE_TECHNIQUES),
	FIELD("kibana\\.alert\\.rule\\.threat\\.technique\\.subtechnique\\.id[]", TAKE_TECHNIQUES),
	FIELD("kibana.alert.rule.threat[].tactic.id[]", TAKE_TACTICS),
	FIELD("kibana\\.alert\\.rule\\.threat[].tactic.id[]", TAKE_TACTICS),
	FIELD("kibana\\.alert\\.rule\\.threat\\.tactic\\.id[]", TAKE_TACTICS),
	FIELD("signal.rule.threat[].technique[].id[]", TAKE_TECHNIQUES),
	FIELD("signal\\.rule\\.threat[].technique[].id[]", TAKE_TECHNIQUES),
	FIELD("signal\\.rule\\.threat\\.technique\\.id[]", TAKE_TECHNIQUES),
	FIELD("signal.rule.threat[].technique[].subtechnique[].id[]", TAKE_TECHNIQUES),
	FIELD("signal\\.rule\\.threat[].technique[].subtechnique[].id[]", TAKE_TECHNIQUES),
	FIELD("signal\\.rule\\.threat\\.technique\\.subtechnique\\.id[]", TAKE_TECHNIQUES),
	FIELD("signal.rule.threat[].tactic.id[]", TAKE_TACTICS),
	FIELD("signal\\.rule\\.threat[].tactic.id[]", TAKE_TACTICS),
	FIELD("signal\\.rule\\.threat\\.tactic\\.id[]", TAKE_TACTICS),
	FIELD("threat[].technique[].id[]", TAKE_TECHNIQUES),
	FIELD("threat\\.technique\\.id[]", TAKE_TECHNIQUES),
	FIELD("threat[].technique[].subtechnique[].id[]", TAKE_TECHNIQUES),
	FIELD("threat\\.technique\\.subtechnique\\.id[]", TAKE_TECHNIQUES),
	FIELD("threat[].tactic.id[]", TAKE_TACTICS),
	FIELD("threat\\.tactic\\.id[]", TAKE_TACTICS),

	FIELD_ENTITY("host.name[]", ENTITY_HOST, ROLE_VICTIM),
	FIELD_ENTITY("host\\.name[]", ENTITY_HOST, ROLE_VICTIM),
	FIELD_ENTITY("host.hostname[]", ENTITY_HOST, ROLE_VICTIM),
	FIELD_ENTITY("host\\.hostname[]", ENTITY_HOST, ROLE_VICTIM),
	FIELD_ENTITY("source.ip[]", ENTITY_IP, ROLE_SOURCE),
	FIELD_ENTITY("source\\.ip[]", ENTITY_IP, ROLE_SOURCE),
	FIELD_ENTITY("source.domain[]", ENTITY_DOMAIN, ROLE_SOURCE),
	FIELD_ENTITY("source\\.domain[]", ENTITY_DOMAIN, ROLE_SOURCE),
	FIELD_ENTITY("destination.ip[]", ENTITY_IP, ROLE_DESTINATION),
	FIELD_ENTITY("destination\\.ip[]", ENTITY_IP, ROLE_DESTINATION),
	FIELD_ENTITY("destination.port[]", ENTITY_PORT, ROLE_DESTINATION),
	FIELD_ENTITY("destination\\.port[]", ENTITY_PORT, ROLE_DESTINATION),
	FIELD_ENTITY("destination.domain[]", ENTITY_DOMAIN, ROLE_DESTINATION),
	FIELD_ENTITY("destination\\.domain[]", ENTITY_DOMAIN, ROLE_DESTINATION),
	FIELD_ENTITY("process.command_line[]", ENTITY_COMMAND, ROLE_ACTOR),
	FIELD_ENTITY("process\\.command_line[]", ENTITY_COMMAND, ROLE_ACTOR),
	FIELD_ENTITY("process.hash.sha256[]", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("process\\.hash\\.sha256[]", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("process.hash.sha1[]", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("process\\.hash\\.sha1[]", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("process.hash.md5[]", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("process\\.hash\\.md5[]", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("process.parent.command_line[]", ENTITY_COMMAND, ROLE_PARENT),
	FIELD_ENTITY("process\\.parent\\.command_line[]", ENTITY_COMMAND, ROLE_PARENT),
	FIELD_ENTITY("file.hash.sha256[]", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("file\\.hash\\.sha256[]", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("file.hash.sha1[]", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("file\\.hash\\.sha1[]", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("file.hash.md5[]", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("file\\.hash\\.md5[]", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("dll.path[]", ENTITY_PATH, ROLE_OBSERVED),
	FIELD_ENTITY("dll\\.path[]", ENTITY_PATH, ROLE_OBSERVED),
	FIELD_ENTITY("dns.question.name[]", ENTITY_DOMAIN, ROLE_DESTINATION),
	FIELD_ENTITY("dns\\.question\\.name[]", ENTITY_DOMAIN, ROLE_DESTINATION),
	FIELD_ENTITY("url.full[]", ENTITY_URL, ROLE_DESTINATION),
	FIELD_ENTITY("url\\.full[]", ENTITY_URL, ROLE_DESTINATION),
	FIELD_ENTITY("url.domain[]", ENTITY_DOMAIN, ROLE_DESTINATION),
	FIELD_ENTITY("url\\.domain[]", ENTITY_DOMAIN, ROLE_DESTINATION),
	FIELD_ENTITY("user_agent.original[]", ENTITY_AGENT, ROLE_OBSERVED),
	FIELD_ENTITY("user_agent\\.original[]", ENTITY_AGENT, ROLE_OBSERVED),
	FIELD_ENTITY("registry.path[]", ENTITY_REGISTRY, ROLE_OBSERVED),
	FIELD_ENTITY("registry\\.path[]", ENTITY_REGISTRY, ROLE_OBSERVED),
	FIELD_ENTITY("tls.client.ja3[]", ENTITY_JA3, ROLE_OBSERVED),
	FIELD_ENTITY("tls\\.client\\.ja3[]", ENTITY_JA3, ROLE_OBSERVED),
	FIELD_ENTITY("tls.client.server_name[]", ENTITY_DOMAIN, ROLE_DESTINATION),
	FIELD_ENTITY("tls\\.client\\.server_name[]", ENTITY_DOMAIN, ROLE_DESTINATION),
	FIELD_ENTITY("email.from.address[]", ENTITY_EMAIL, ROLE_ACTOR),
	FIELD_ENTITY("email\\.from\\.address[]", ENTITY_EMAIL, ROLE_ACTOR),
	FIELD_ENTITY("email.to.address[]", ENTITY_EMAIL, ROLE_TARGET),
	FIELD_ENTITY("email\\.to\\.address[]", ENTITY_EMAIL, ROLE_TARGET),
	FIELD_ENTITY("threat.enrichments[].indicator.ip[]", ENTITY_IP, ROLE_OBSERVED),
	FIELD_ENTITY("threat.enrichments[].indicator.file.hash.sha256[]", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("threat.enrichments[].indicator.file.hash.sha1[]", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("threat.enrichments[].indicator.file.hash.md5[]", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("threat.enrichments[].indicator.url.domain[]", ENTITY_DOMAIN, ROLE_OBSERVED),
	FIELD_ENTITY("threat.enrichments[].indicator.url.full[]", ENTITY_URL, ROLE_OBSERVED),
	FIELD_ENTITY("threat.enrichments[].indicator.url.original[]", ENTITY_URL, ROLE_OBSERVED),
	FIELD_ENTITY("threat.enrichments[].indicator.email.address[]", ENTITY_EMAIL, ROLE_OBSERVED),
	FIELD_ENTITY("threat.enrichments[].indicator.registry.path[]", ENTITY_REGISTRY, ROLE_OBSERVED),
	FIELD_ENTITY("threat.enrichments[].indicator.domain[]", ENTITY_DOMAIN, ROLE_OBSERVED),
	FIELD_ENTITY("threat\\.enrichments[].indicator.ip[]", ENTITY_IP, ROLE_OBSERVED),
	FIELD_ENTITY("threat\\.enrichments[].indicator.file.hash.sha256[]", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("threat\\.enrichments[].indicator.file.hash.sha1[]", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("threat\\.enrichments[].indicator.file.hash.md5[]", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("threat\\.enrichments[].indicator.url.domain[]", ENTITY_DOMAIN, ROLE_OBSERVED),
	FIELD_ENTITY("threat\\.enrichments[].indicator.url.full[]", ENTITY_URL, ROLE_OBSERVED),
	FIELD_ENTITY("threat\\.enrichments[].indicator.url.original[]", ENTITY_URL, ROLE_OBSERVED),
	FIELD_ENTITY("threat\\.enrichments[].indicator.email.address[]", ENTITY_EMAIL, ROLE_OBSERVED),
	FIELD_ENTITY("threat\\.enrichments[].indicator.registry.path[]", ENTITY_REGISTRY, ROLE_OBSERVED),
	FIELD_ENTITY("threat\\.enrichments[].indicator.domain[]", ENTITY_DOMAIN, ROLE_OBSERVED),
	FIELD_ENTITY("threat\\.enrichments[].indicator\\.ip[]", ENTITY_IP, ROLE_OBSERVED),
	FIELD_ENTITY("threat\\.enrichments[].indicator\\.file\\.hash\\.sha256[]", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("threat\\.enrichments[].indicator\\.file\\.hash\\.sha1[]", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("threat\\.enrichments[].indicator\\.file\\.hash\\.md5[]", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("threat\\.enrichments[].indicator\\.url\\.domain[]", ENTITY_DOMAIN, ROLE_OBSERVED),
	FIELD_ENTITY("threat\\.enrichments[].indicator\\.url\\.full[]", ENTITY_URL, ROLE_OBSERVED),
	FIELD_ENTITY("threat\\.enrichments[].indicator\\.url\\.original[]", ENTITY_URL, ROLE_OBSERVED),
	FIELD_ENTITY("threat\\.enrichments[].indicator\\.email\\.address[]", ENTITY_EMAIL, ROLE_OBSERVED),
	FIELD_ENTITY("threat\\.enrichments[].indicator\\.registry\\.path[]", ENTITY_REGISTRY, ROLE_OBSERVED),
	FIELD_ENTITY("threat\\.enrichments[].indicator\\.domain[]", ENTITY_DOMAIN, ROLE_OBSERVED),
	FIELD_ENTITY("threat.indicator[].ip[]", ENTITY_IP, ROLE_OBSERVED),
	FIELD_ENTITY("threat\\.indicator\\.ip[]", ENTITY_IP, ROLE_OBSERVED),
	FIELD_ENTITY("threat.indicator[].file.hash.sha256[]", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("threat\\.indicator\\.file\\.hash\\.sha256[]", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("threat.indicator[].file.hash.sha1[]", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("threat\\.indicator\\.file\\.hash\\.sha1[]", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("threat.indicator[].file.hash.md5[]", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("threat\\.indicator\\.file\\.hash\\.md5[]", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("threat.indicator[].url.domain[]", ENTITY_DOMAIN, ROLE_OBSERVED),
	FIELD_ENTITY("threat\\.indicator\\.url\\.domain[]", ENTITY_DOMAIN, ROLE_OBSERVED),
	FIELD_ENTITY("threat.indicator[].url.full[]", ENTITY_URL, ROLE_OBSERVED),
	FIELD_ENTITY("threat\\.indicator\\.url\\.full[]", ENTITY_URL, ROLE_OBSERVED),
	FIELD_ENTITY("threat.indicator[].url.original[]", ENTITY_URL, ROLE_OBSERVED),
	FIELD_ENTITY("threat\\.indicator\\.url\\.original[]", ENTITY_URL, ROLE_OBSERVED),
	FIELD_ENTITY("threat.indicator[].email.address[]", ENTITY_EMAIL, ROLE_OBSERVED),
	FIELD_ENTITY("threat\\.indicator\\.email\\.address[]", ENTITY_EMAIL, ROLE_OBSERVED),
	FIELD_ENTITY("threat.indicator[].registry.path[]", ENTITY_REGISTRY, ROLE_OBSERVED),
	FIELD_ENTITY("threat\\.indicator\\.registry\\.path[]", ENTITY_REGISTRY, ROLE_OBSERVED),
	FIELD_ENTITY("threat.indicator[].domain[]", ENTITY_DOMAIN, ROLE_OBSERVED),
	FIELD_ENTITY("threat\\.indicator\\.domain[]", ENTITY_DOMAIN, ROLE_OBSERVED),
	FIELD_ENTITY("client.ip[]", ENTITY_IP, ROLE_SOURCE),
	FIELD_ENTITY("client\\.ip[]", ENTITY_IP, ROLE_SOURCE),
	FIELD_ENTITY("server.ip[]", ENTITY_IP, ROLE_DESTINATION),
	FIELD_ENTITY("server\\.ip[]", ENTITY_IP, ROLE_DESTINATION),
	FIELD_ENTITY("server.port[]", ENTITY_PORT, ROLE_DESTINATION),
	FIELD_ENTITY("server\\.port[]", ENTITY_PORT, ROLE_DESTINATION),
	FIELD_ENTITY("process.parent.hash.sha256[]", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("process\\.parent\\.hash\\.sha256[]", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("dll.hash.sha256[]", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("dll\\.hash\\.sha256[]", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("url.original[]", ENTITY_URL, ROLE_DESTINATION),
	FIELD_ENTITY("url\\.original[]", ENTITY_URL, ROLE_DESTINATION),
	FIELD_ENTITY("destination.user.name[]", ENTITY_USER, ROLE_TARGET),
	FIELD_ENTITY("destination\\.user\\.name[]", ENTITY_USER, ROLE_TARGET),
	FIELD_ENTITY("source.user.name[]", ENTITY_USER, ROLE_ACTOR),
	FIELD_ENTITY("source\\.user\\.name[]", ENTITY_USER, ROLE_ACTOR),
	FIELD_ENTITY("user.email[]", ENTITY_EMAIL, ROLE_ACTOR),
	FIELD_ENTITY("user\\.email[]", ENTITY_EMAIL, ROLE_ACTOR),
	FIELD_ENTITY("dns.resolved_ip[]", ENTITY_IP, ROLE_OBSERVED),
	FIELD_ENTITY("dns\\.resolved_ip[]", ENTITY_IP, ROLE_OBSERVED),
	FIELD_ENTITY("tls.client.ja4[]", ENTITY_JA3, ROLE_OBSERVED),
	FIELD_ENTITY("tls\\.client\\.ja4[]", ENTITY_JA3, ROLE_OBSERVED),
	FIELD_ENTITY("tls.server.hash.sha1[]", ENTITY_CERTIFICATE, ROLE_OBSERVED),
	FIELD_ENTITY("tls\\.server\\.hash\\.sha1[]", ENTITY_CERTIFICATE, ROLE_OBSERVED),
	FIELD_ENTITY("vulnerability.id[]", ENTITY_CVE, ROLE_OBSERVED),
	FIELD_ENTITY("vulnerability\\.id[]", ENTITY_CVE, ROLE_OBSERVED),
	FIELD_ENTITY("powershell.file.script_block_text[]", ENTITY_COMMAND, ROLE_OBSERVED),
	FIELD_ENTITY("powershell\\.file\\.script_block_text[]", ENTITY_COMMAND, ROLE_OBSERVED),
	FIELDS_END
};

static const struct clue clues[] = {
	{ "kibana.alert.rule.name", 70 }, { "kibana\\.alert\\.rule\\.name", 70 }, { "kibana.alert.uuid", 20 },
	{ "kibana\\.alert\\.uuid", 20 }, { "signal.rule.name", 75 }, { "signal\\.rule\\.name", 75 },
	{ "fields.kibana\\.alert\\.rule\\.name", 75 }, { "fields.signal\\.rule\\.name", 75 }, { NULL, 0 }
};

static const char *text_of(const struct reading *rg, size_t row)
{
	const char *s = reading_text(rg, row);

	return s != NULL ? s : reading_text(rg, row + 1);
}

/* A host lists all its addresses; those of no network tell nothing. */
static void add_addresses(struct reading *rg)
{
	for (size_t row = HOST_IP; row <= HOST_IP + 1; row++)
		for (const struct json_value *v = json_first(rg->json, row); v != NULL; v = json_next(rg->json, v))
			if (v->type == JSON_STRING_TEXT && strncasecmp(v->text, "fe80:", 5) != 0 && strncmp(v->text, "127.", 4) != 0 &&
			    strcmp(v->text, "::1") != 0)
				canon_add(&rg->alert, rg->arena, ENTITY_IP, ROLE_VICTIM, v->text);
}

static void add_processes(struct reading *rg)
{
	const char *image = text_of(rg, PROCESS), *parent = text_of(rg, PARENT);

	add_process(&rg->alert, rg->arena, ROLE_ACTOR, NULL, image != NULL ? image : text_of(rg, PROCESS_NAME));
	add_process(&rg->alert, rg->arena, ROLE_PARENT, NULL, parent != NULL ? parent : text_of(rg, PARENT_NAME));
}

static int elastic_record(struct reading *rg, const struct record *rec, struct fault *f)
{
	const char *block = text_of(rg, BLOCK_TYPE), *path = text_of(rg, FILE_PATH), *name = text_of(rg, FILE_NAME);
	const char *suppressed = text_of(rg, SUPPRESSED);

	/* Building blocks are parts of other alerts. */
	if ((block != NULL && block[0] != '\0') || text_of(rg, BLOCK_TYPE_7) != NULL)
		return reading_blank(rg, rec, BLANK_CONTEXT, f);
	filling_begin(&rg->filling, &rg->alert, rg->arena, rg->options.assumed_offset);
	rg->alert.rule.product = "elastic";
	reading_fill(rg);
	add_addresses(rg);
	add_account(&rg->alert, rg->arena, ROLE_ACTOR, text_of(rg, USER));
	add_account(&rg->alert, rg->arena, ROLE_TARGET, text_of(rg, TARGET_USER));
	add_processes(rg);
	add_file(&rg->alert, rg->arena, ROLE_OBSERVED, path, name != NULL || path == NULL ? name : last_component(path));
	if (suppressed != NULL && strlen(suppressed) < 10 && atol(suppressed) > 0)
		rg->alert.count = atol(suppressed) + 1;
	return reading_alert(rg, rec, f);
}

static int elastic_open(struct reading *rg, struct fault *f)
{
	(void)f;
	json_paths_below(rg->paths, "fields");
	return 0;
}

static const char *const wrappers[] = { "hits.hits", NULL };

const struct reader reader_elastic = {
	.name = "elastic", .summary = "Elastic Security alerts of releases 7 to 9, JSON", .gives = "alerts",
	.extensions = ".json .ndjson", .framing = FRAME_JSON, .wrappers = wrappers, .below = "_source", .fields = fields,
	.clues = clues, .open = elastic_open, .record = elastic_record,
};
