/* Elastic Security alerts (FORMATS 2.7): kibana.alert.* of release 8, signal.* of release 7,
 * bare, under _source, or under fields. Keys are nested, flat, or both in one document, so
 * that each path has two rows. */
#include <stdlib.h>
#include <string.h>

#include "analyst/readers/ecs.h"

static const struct band elastic_severities[] = {
	{ "low", 0, SEVERITY_LOW }, { "medium", 0, SEVERITY_MEDIUM }, { "high", 0, SEVERITY_HIGH },
	{ "critical", 0, SEVERITY_CRITICAL }, BANDS_END
};

/* Each stands for its nested row and the flat one after it. */
enum { BLOCK_TYPE = ECS_SUBJECT_ROWS, BLOCK_TYPE_7 = BLOCK_TYPE + 2, SUPPRESSED = BLOCK_TYPE_7 + 2 };

static const struct field fields[] = {
	ECS_SUBJECTS
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
	FIELD("_id", TAKE_NATIVE_ID),
	FIELD_SEVERITY("kibana.alert.severity[]", elastic_severities),
	FIELD_SEVERITY("kibana\\.alert\\.severity[]", elastic_severities),
	FIELD_SEVERITY("kibana.alert.rule.severity[]", elastic_severities),
	FIELD_SEVERITY("kibana\\.alert\\.rule\\.severity[]", elastic_severities),
	FIELD_SEVERITY("signal.rule.severity[]", elastic_severities),
	FIELD_SEVERITY("signal\\.rule\\.severity[]", elastic_severities),

	{ "kibana.alert.original_event.type[]", TAKE_ACTION, 0, 0, NULL, ecs_actions },
	{ "kibana\\.alert\\.original_event\\.type[]", TAKE_ACTION, 0, 0, NULL, ecs_actions },
	{ "signal.original_event.type[]", TAKE_ACTION, 0, 0, NULL, ecs_actions },
	{ "signal\\.original_event\\.type[]", TAKE_ACTION, 0, 0, NULL, ecs_actions },

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
	ECS_ROWS
	FIELDS_END
};

static const struct clue clues[] = {
	{ "kibana.alert.rule.name", 70 }, { "kibana\\.alert\\.rule\\.name", 70 }, { "kibana.alert.uuid", 20 },
	{ "kibana\\.alert\\.uuid", 20 }, { "signal.rule.name", 75 }, { "signal\\.rule\\.name", 75 },
	{ "fields.kibana\\.alert\\.rule\\.name", 75 }, { "fields.signal\\.rule\\.name", 75 }, { NULL, 0 }
};

static int elastic_record(struct reading *rg, const struct record *rec, struct fault *f)
{
	const char *block = ecs_text(rg, BLOCK_TYPE), *suppressed = ecs_text(rg, SUPPRESSED);

	/* Building blocks are parts of other alerts. */
	if ((block != NULL && block[0] != '\0') || ecs_text(rg, BLOCK_TYPE_7) != NULL)
		return reading_blank(rg, rec, BLANK_CONTEXT, f);
	filling_begin(&rg->filling, &rg->alert, rg->arena, rg->options.assumed_offset);
	rg->alert.rule.product = "elastic";
	reading_fill(rg);
	ecs_subjects(rg);
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
