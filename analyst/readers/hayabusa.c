/* Timelines of Hayabusa: JSON (objects one after the other), JSON lines and CSV (FORMATS
 * 2.12). Details are an object, or one text "Key: value ¦ Key: value". */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "analyst/base/text.h"
#include "analyst/readers/nested.h"

static const struct band hayabusa_levels[] = {
	{ "info", 0, SEVERITY_INFO }, { "informational", 0, SEVERITY_INFO }, { "low", 0, SEVERITY_LOW },
	{ "med", 0, SEVERITY_MEDIUM }, { "medium", 0, SEVERITY_MEDIUM }, { "high", 0, SEVERITY_HIGH },
	{ "crit", 0, SEVERITY_CRITICAL }, { "critical", 0, SEVERITY_CRITICAL }, { "emer", 0, SEVERITY_CRITICAL },
	{ "emergency", 0, SEVERITY_CRITICAL }, BANDS_END
};

enum { COMPUTER, DETAILS, CHANNEL, RECORD_ID, RULE_ID, TACTICS, HASHES, TARGET_PATH };

#define DETAIL(key, kind, role) FIELD_ENTITY("Details." key "[]", kind, role)

/* A path is a column of the CSV, too; a detail also a key of its text. */
static const struct field fields[] = {
	[COMPUTER] = FIELD("Computer", TAKE_NOTHING),
	[DETAILS] = FIELD("Details", TAKE_NOTHING),
	[CHANNEL] = FIELD("Channel", TAKE_CATEGORY),
	[RECORD_ID] = FIELD("RecordID", TAKE_NOTHING),
	[RULE_ID] = FIELD("RuleID", TAKE_RULE_ID),
	[TACTICS] = FIELD("MitreTactics[]", TAKE_NOTHING),
	[HASHES] = FIELD("Details.Hashes[]", TAKE_NOTHING),
	[TARGET_PATH] = FIELD("Details.TgtFile[]", TAKE_NOTHING),

	FIELD("Timestamp", TAKE_AT),
	FIELD("datetime", TAKE_AT),
	FIELD("RuleTitle", TAKE_RULE_NAME),
	FIELD("message", TAKE_RULE_NAME),
	FIELD_SEVERITY("Level", hayabusa_levels),
	FIELD("MitreTags[]", TAKE_TECHNIQUES),

	DETAIL("Cmdline", ENTITY_COMMAND, ROLE_ACTOR),
	DETAIL("ParentCmdline", ENTITY_COMMAND, ROLE_PARENT),
	DETAIL("ScriptBlock", ENTITY_COMMAND, ROLE_OBSERVED),
	DETAIL("Proc", ENTITY_PROCESS, ROLE_ACTOR),
	DETAIL("SrcProc", ENTITY_PROCESS, ROLE_ACTOR),
	DETAIL("TgtProc", ENTITY_PROCESS, ROLE_TARGET),
	DETAIL("User", ENTITY_USER, ROLE_ACTOR),
	DETAIL("SrcUser", ENTITY_USER, ROLE_ACTOR),
	DETAIL("TgtUser", ENTITY_USER, ROLE_TARGET),
	DETAIL("SrcComp", ENTITY_HOST, ROLE_SOURCE),
	DETAIL("SrcIP", ENTITY_IP, ROLE_SOURCE),
	DETAIL("TgtIP", ENTITY_IP, ROLE_DESTINATION),
	DETAIL("TgtHost", ENTITY_HOST, ROLE_DESTINATION),
	DETAIL("TgtPort", ENTITY_PORT, ROLE_DESTINATION),
	DETAIL("Query", ENTITY_DOMAIN, ROLE_DESTINATION),
	DETAIL("URL", ENTITY_URL, ROLE_DESTINATION),
	DETAIL("Path", ENTITY_PATH, ROLE_OBSERVED),
	DETAIL("Image", ENTITY_PATH, ROLE_OBSERVED),
	DETAIL("TgtObj", ENTITY_REGISTRY, ROLE_OBSERVED),
	FIELDS_END
};

static const struct clue clues[] = {
	{ "RuleTitle", 35 }, { "Level", 10 }, { "Computer", 15 }, { "Channel", 10 }, { "EventID", 5 }, { "RecordID", 5 },
	{ "RuleID", 5 }, { "RuleFile", 10 }, { "EvtxFile", 10 }, { NULL, 0 }
};

static const char *text_of(const struct reading *rg, size_t row)
{
	const char *s = reading_text(rg, row);

	return s == NULL || s[0] == '\0' || strcmp(s, "-") == 0 || strcasecmp(s, "n/a") == 0 ? NULL : s;
}

/* Calls take for each of the parts between "¦". */
static void each_part(struct reading *rg, const char *s, void (*take)(struct reading *rg, const char *part))
{
	while (s != NULL && *s != '\0') {
		const char *bar = strstr(s, "\xC2\xA6");
		size_t length = bar != NULL ? (size_t)(bar - s) : strlen(s);
		const char *next = bar != NULL ? bar + 2 : s + length, *begin = trim(s, &length);

		if (length > 0)
			take(rg, arena_dupn(rg->arena, begin, length));
		s = next;
	}
}

/* Machine accounts act for their machine, which is there already. */
static void take_value(struct reading *rg, const struct field *field, const char *value)
{
	if (strcasecmp(value, "n/a") == 0 || strcmp(value, "-") == 0 || strcmp(value, "DUP") == 0)
		return;
	if (field->take == TAKE_ENTITY && field->kind == ENTITY_USER)
		add_account(&rg->alert, rg->arena, field->role, value);
	else if (field->take == TAKE_ENTITY && field->kind == ENTITY_PROCESS && strcspn(value, "\\/.") == strlen(value))
		return;               /* a number or a name that is none */
	else
		filling_take(&rg->filling, field, value);
	if (field->take == TAKE_ENTITY && field->kind == ENTITY_PATH && last_component(value) != value)
		canon_add(&rg->alert, rg->arena, ENTITY_FILE, ROLE_OBSERVED, last_component(value));
	if (field == &fields[HASHES])
		add_hash_list(&rg->alert, rg->arena, value);
	if (field == &fields[TARGET_PATH])
		add_file(&rg->alert, rg->arena, ROLE_OBSERVED, value, last_component(value));
}

static bool is_detail(const struct field *field)
{
	return strncmp(field->path, "Details.", 8) == 0;
}

static void take_detail(struct reading *rg, const char *part)
{
	const char *colon = strstr(part, ": ");
	size_t n;

	if (colon == NULL)
		return;
	n = (size_t)(colon - part);
	for (size_t i = 0; fields[i].path != NULL; i++)
		if (is_detail(&fields[i]) && strncmp(fields[i].path + 8, part, n) == 0 && strcmp(fields[i].path + 8 + n, "[]") == 0)
			take_value(rg, &fields[i], colon + 2);
}

static void take_computer(struct reading *rg, const char *part)
{
	canon_add(&rg->alert, rg->arena, ENTITY_HOST, ROLE_VICTIM, part);
}

static void take_rows(struct reading *rg)
{
	for (size_t i = 0; fields[i].path != NULL; i++) {
		if (rg->json == NULL) {
			if (!is_detail(&fields[i]) && text_of(rg, i) != NULL)
				filling_take(&rg->filling, &fields[i], text_of(rg, i));
			continue;
		}
		for (const struct json_value *v = json_first(rg->json, i); v != NULL; v = json_next(rg->json, v))
			if (v->type == JSON_STRING_TEXT || v->type == JSON_NUMBER)
				take_value(rg, &fields[i], v->text);
	}
}

static void take_tactics(struct reading *rg)
{
	if (rg->json == NULL) {
		add_tactic_list(&rg->filling.tactics, rg->arena, text_of(rg, TACTICS));
		return;
	}
	for (const struct json_value *v = json_first(rg->json, TACTICS); v != NULL; v = json_next(rg->json, v))
		if (v->type == JSON_STRING_TEXT)
			add_tactic_list(&rg->filling.tactics, rg->arena, v->text);
}

static int hayabusa_record(struct reading *rg, const struct record *rec, struct fault *f)
{
	filling_begin(&rg->filling, &rg->alert, rg->arena, rg->options.assumed_offset);
	rg->alert.rule.product = "hayabusa";
	each_part(rg, text_of(rg, COMPUTER), take_computer);
	take_rows(rg);
	each_part(rg, text_of(rg, DETAILS), take_detail);
	rg->alert.title = text_of(rg, DETAILS);
	take_tactics(rg);
	if (text_of(rg, RECORD_ID) != NULL && text_of(rg, COMPUTER) != NULL)
		rg->alert.native_id = arena_printf(rg->arena, "%s/%s/%s/%s", text_of(rg, COMPUTER),
		                                   text_of(rg, CHANNEL) != NULL ? text_of(rg, CHANNEL) : "", text_of(rg, RECORD_ID),
		                                   text_of(rg, RULE_ID) != NULL ? text_of(rg, RULE_ID) : "");
	return reading_alert(rg, rec, f);
}

const struct reader reader_hayabusa = {
	.name = "hayabusa", .summary = "Hayabusa timelines, JSON, JSON lines or CSV", .gives = "alerts",
	.extensions = ".json .jsonl .csv", .framing = FRAME_JSON, .fields = fields, .clues = clues, .or_csv = true,
	.record = hayabusa_record,
};
