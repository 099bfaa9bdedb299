/* Chainsaw hunts, JSON or JSON lines (FORMATS 2.13). The event of an individual hit is under
 * "document", the events of an aggregate are under "documents": each path has two rows. */
#include <string.h>
#include <strings.h>

#include "analyst/readers/nested.h"
#include "analyst/readers/windows.h"

static const struct band sigma_levels[] = {
	{ "informational", 0, SEVERITY_INFO }, { "info", 0, SEVERITY_INFO }, { "low", 0, SEVERITY_LOW },
	{ "medium", 0, SEVERITY_MEDIUM }, { "high", 0, SEVERITY_HIGH }, { "critical", 0, SEVERITY_CRITICAL }, BANDS_END
};

/* Each stands for its row and the one of aggregates after it. */
enum {
	COMPUTER = 0, HASHES = 2, SUBJECT = 4, TARGET = 6, USER = 8,
	TARGET_FILE = 10, CHANNEL = 12, RECORD_ID = 14, THREAT_PATH = 16, MEMBER = 18, CLEARED = 20, FINDER = 22,
	TAGS = 24, THREAT, DEFENDER_ACTION
};

/* An individual hit's path, and that of an aggregate. */
#define EVENT(key, kind, role) \
	FIELD_ENTITY("document.data.Event.EventData." key, kind, role), \
	FIELD_ENTITY("documents[].data.Event.EventData." key, kind, role)

static const struct field fields[] = {
	[COMPUTER] = FIELD("document.data.Event.System.Computer", TAKE_NOTHING),
	[COMPUTER + 1] = FIELD("documents[].data.Event.System.Computer", TAKE_NOTHING),
	[HASHES] = FIELD("document.data.Event.EventData.Hashes", TAKE_NOTHING),
	[HASHES + 1] = FIELD("documents[].data.Event.EventData.Hashes", TAKE_NOTHING),
	[SUBJECT] = FIELD("document.data.Event.EventData.SubjectUserName", TAKE_NOTHING),
	[SUBJECT + 1] = FIELD("documents[].data.Event.EventData.SubjectUserName", TAKE_NOTHING),
	[TARGET] = FIELD("document.data.Event.EventData.TargetUserName", TAKE_NOTHING),
	[TARGET + 1] = FIELD("documents[].data.Event.EventData.TargetUserName", TAKE_NOTHING),
	[USER] = FIELD("document.data.Event.EventData.User", TAKE_NOTHING),
	[USER + 1] = FIELD("documents[].data.Event.EventData.User", TAKE_NOTHING),
	[TARGET_FILE] = FIELD("document.data.Event.EventData.TargetFilename", TAKE_NOTHING),
	[TARGET_FILE + 1] = FIELD("documents[].data.Event.EventData.TargetFilename", TAKE_NOTHING),
	[CHANNEL] = FIELD("document.data.Event.System.Channel", TAKE_NOTHING),
	[CHANNEL + 1] = FIELD("documents[].data.Event.System.Channel", TAKE_NOTHING),
	[RECORD_ID] = FIELD("document.data.Event.System.EventRecordID", TAKE_NOTHING),
	[RECORD_ID + 1] = FIELD("documents[].data.Event.System.EventRecordID", TAKE_NOTHING),
	[THREAT_PATH] = FIELD("document.data.Event.EventData.Path", TAKE_NOTHING),
	[THREAT_PATH + 1] = FIELD("documents[].data.Event.EventData.Path", TAKE_NOTHING),
	[MEMBER] = FIELD("document.data.Event.EventData.MemberName", TAKE_NOTHING),
	[MEMBER + 1] = FIELD("documents[].data.Event.EventData.MemberName", TAKE_NOTHING),
	[CLEARED] = FIELD("document.data.Event.UserData.LogFileCleared.SubjectUserName", TAKE_NOTHING),
	[CLEARED + 1] = FIELD("documents[].data.Event.UserData.LogFileCleared.SubjectUserName", TAKE_NOTHING),
	[FINDER] = FIELD("document.data.Event.EventData.Detection User", TAKE_NOTHING),
	[FINDER + 1] = FIELD("documents[].data.Event.EventData.Detection User", TAKE_NOTHING),
	[TAGS] = FIELD("tags[]", TAKE_NOTHING),
	[THREAT] = FIELD("document.data.Event.EventData.Threat Name", TAKE_TITLE),
	[DEFENDER_ACTION] = { "document.data.Event.EventData.Action Name", TAKE_ACTION, 0, 0, NULL, defender_actions },

	FIELD("timestamp", TAKE_AT),
	FIELD("id", TAKE_RULE_ID),
	FIELD("name", TAKE_RULE_NAME),
	FIELD("group", TAKE_CATEGORY),
	FIELD_SEVERITY("level", sigma_levels),
	FIELD("tags[]", TAKE_TECHNIQUES),

	EVENT("IpPort", ENTITY_PORT, ROLE_SOURCE),
	WINDOWS_ENTITIES(EVENT),
	EVENT("Application", ENTITY_PROCESS, ROLE_ACTOR),
	EVENT("Process Name", ENTITY_PROCESS, ROLE_ACTOR),
	EVENT("ObjectName", ENTITY_PATH, ROLE_OBSERVED),
	EVENT("RelativeTargetName", ENTITY_PATH, ROLE_OBSERVED),
	FIELDS_END
};

static const struct clue clues[] = {
	{ "document.kind", 40 }, { "documents", 40 }, { "authors", 20 }, { "group", 10 }, { "logsource", 10 }, { "level", 5 },
	{ "falsepositives", 5 }, { NULL, 0 }
};

/* Every value of both rows. */
static void add_all(struct reading *rg, size_t row, enum entity_kind kind, enum entity_role role)
{
	for (size_t k = row; k <= row + 1; k++)
		for (const struct json_value *v = json_first(rg->json, k); v != NULL; v = json_next(rg->json, v)) {
			if (v->type != JSON_STRING_TEXT)
				continue;
			if (kind == ENTITY_USER)
				add_account(&rg->alert, rg->arena, role, v->text);
			else if (kind == ENTITY_HASH)
				add_hash_list(&rg->alert, rg->arena, v->text);
			else if (kind == ENTITY_PATH)
				add_threat_paths(&rg->alert, rg->arena, v->text);
			else if (kind == ENTITY_FILE)
				add_file(&rg->alert, rg->arena, role, v->text, last_component(v->text));
			else
				canon_add(&rg->alert, rg->arena, kind, role, v->text);
		}
}

static int chainsaw_record(struct reading *rg, const struct record *rec, struct fault *f)
{
	const char *id = reading_text(rg, RECORD_ID), *computer = reading_text(rg, COMPUTER);
	const char *channel = reading_text(rg, CHANNEL);
	bool subject = json_has(rg->json, SUBJECT) || json_has(rg->json, SUBJECT + 1);

	filling_begin(&rg->filling, &rg->alert, rg->arena, rg->options.assumed_offset);
	rg->alert.rule.product = "chainsaw";
	add_all(rg, COMPUTER, ENTITY_HOST, ROLE_VICTIM);
	reading_fill(rg);
	for (const struct json_value *v = json_first(rg->json, TAGS); v != NULL; v = json_next(rg->json, v))
		if (v->type == JSON_STRING_TEXT && strncmp(v->text, "attack.", 7) == 0)
			ids_add_tactics(&rg->filling.tactics, v->text + 7);
		else if (v->type == JSON_STRING_TEXT && strncasecmp(v->text, "cve.", 4) == 0 && strlen(v->text) > 9)
			canon_add(&rg->alert, rg->arena, ENTITY_CVE, ROLE_OBSERVED,
			          arena_printf(rg->arena, "CVE-%.4s-%s", v->text + 4, v->text + 9));
	add_all(rg, SUBJECT, ENTITY_USER, ROLE_ACTOR);
	add_all(rg, USER, ENTITY_USER, ROLE_ACTOR);
	add_all(rg, TARGET, ENTITY_USER, subject ? ROLE_TARGET : ROLE_ACTOR);
	add_all(rg, HASHES, ENTITY_HASH, ROLE_OBSERVED);
	add_all(rg, TARGET_FILE, ENTITY_FILE, ROLE_OBSERVED);
	add_all(rg, THREAT_PATH, ENTITY_PATH, ROLE_OBSERVED);
	add_all(rg, MEMBER, ENTITY_USER, ROLE_TARGET);
	add_all(rg, CLEARED, ENTITY_USER, ROLE_ACTOR);
	add_all(rg, FINDER, ENTITY_USER, ROLE_ACTOR);
	if (id != NULL && computer != NULL && rg->alert.rule.name != NULL)
		rg->alert.native_id = arena_printf(rg->arena, "%s/%s/%s/%s", computer, channel != NULL ? channel : "", id,
		                                   rg->alert.rule.name);
	return reading_alert(rg, rec, f);
}

const struct reader reader_chainsaw = {
	.name = "chainsaw", .summary = "Chainsaw hunts, JSON or JSON lines", .gives = "alerts", .extensions = ".json .jsonl",
	.framing = FRAME_JSON, .fields = fields, .clues = clues, .record = chainsaw_record,
};
