/* Wazuh 5: findings (wazuh-findings-v5-*) are the event that a Sigma rule matched, in the Elastic Common Schema, with the
 * rule under wazuh.rule and the machine under wazuh.agent; events (wazuh-events-v5-*) are the same without a rule, and
 * telemetry. Written from the templates of its indexer, which are of a pre-release. */
#include <stdlib.h>
#include <string.h>

#include "analyst/readers/ecs.h"
#include "analyst/readers/nested.h"

static const struct band sigma_levels[] = {
	{ "informational", 0, SEVERITY_INFO }, { "low", 0, SEVERITY_LOW }, { "medium", 0, SEVERITY_MEDIUM },
	{ "high", 0, SEVERITY_HIGH }, { "critical", 0, SEVERITY_CRITICAL }, BANDS_END
};

enum { TITLE = ECS_SUBJECT_ROWS, RULE_ID, INTEGRATION, HOST, HOST_NAME, AGENT, AGENT_HOST, AGENT_ADDRESS };

static const struct field fields[] = {
	ECS_SUBJECTS
	[TITLE] = FIELD("wazuh.rule.title", TAKE_RULE_NAME),
	[RULE_ID] = FIELD("wazuh.rule.id", TAKE_RULE_ID),
	[INTEGRATION] = FIELD("wazuh.integration.name", TAKE_NOTHING),
	[HOST] = FIELD("host.hostname", TAKE_NOTHING),
	[HOST_NAME] = FIELD("host.name", TAKE_NOTHING),
	[AGENT] = FIELD("wazuh.agent.name", TAKE_NOTHING),
	[AGENT_HOST] = FIELD("wazuh.agent.host.hostname", TAKE_NOTHING),
	[AGENT_ADDRESS] = FIELD("wazuh.agent.host.ip[]", TAKE_NOTHING),
	FIELD("wazuh.rule.name", TAKE_RULE_NAME),
	FIELD("wazuh.rule.description", TAKE_TITLE),
	FIELD_SEVERITY("wazuh.rule.level", sigma_levels),
	FIELD("wazuh.integration.name", TAKE_CATEGORY),
	FIELD("wazuh.integration.category", TAKE_CATEGORY),
	FIELD("wazuh.rule.mitre.technique.id[]", TAKE_TECHNIQUES),
	FIELD("wazuh.rule.mitre.subtechnique.id[]", TAKE_TECHNIQUES),
	FIELD("wazuh.rule.mitre.tactic.id[]", TAKE_TACTICS),
	FIELD("wazuh.rule.tags[]", TAKE_TECHNIQUES),
	FIELD("wazuh.rule.tags[]", TAKE_TACTICS),
	FIELD("event.start", TAKE_AT),
	FIELD("@timestamp", TAKE_AT),
	FIELD("@timestamp", TAKE_REPORTED),
	FIELD("event.doc_id", TAKE_NATIVE_ID),
	FIELD("wazuh.event.id", TAKE_NATIVE_ID),
	ECS_ROWS
	FIELDS_END
};

static const struct clue clues[] = {
	{ "wazuh.rule.id", 30 }, { "wazuh.rule.title", 40 }, { "wazuh.integration.name", 25 }, { "wazuh.integration.category", 25 },
	{ "wazuh.schema.version", 15 }, { "wazuh.agent.id", 25 }, { "wazuh.protocol.queue", 15 }, { "@timestamp", 5 }, { NULL, 0 }
};

/* The event's own host, where its log names one; otherwise the machine the agent runs on. */
static void add_agent(struct reading *rg)
{
	const char *host = reading_text(rg, AGENT_HOST);

	if (reading_text(rg, HOST) != NULL || reading_text(rg, HOST_NAME) != NULL)
		return;
	canon_add(&rg->alert, rg->arena, ENTITY_HOST, ROLE_VICTIM, host != NULL ? host : reading_text(rg, AGENT));
	ecs_addresses(rg, AGENT_ADDRESS);
}

static int wazuh5_record(struct reading *rg, const struct record *rec, struct fault *f)
{
	const char *log = reading_text(rg, INTEGRATION);

	filling_begin(&rg->filling, &rg->alert, rg->arena, rg->options.assumed_offset);
	if (reading_text(rg, TITLE) == NULL && reading_text(rg, RULE_ID) == NULL) {
		reading_fill_ends(rg);
		return reading_telemetry(rg, rec, log != NULL ? telemetry_kind_of(log) : TELEMETRY_OTHER, f);
	}
	rg->alert.rule.product = "wazuh";
	reading_fill(rg);
	add_agent(rg);
	ecs_subjects(rg);
	return reading_alert(rg, rec, f);
}

static const char *const wrappers[] = { "hits.hits", NULL };

const struct reader reader_wazuh5 = {
	.name = "wazuh-5", .summary = "Wazuh 5 findings and events, as its indexer holds them", .gives = "alerts",
	.extensions = ".json .jsonl", .framing = FRAME_JSON, .wrappers = wrappers, .below = "_source", .fields = fields,
	.clues = clues, .record = wazuh5_record,
};
