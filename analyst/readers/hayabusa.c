/* Timelines of Hayabusa: JSON (objects one after the other), JSON lines and CSV (FORMATS
 * 2.12). Details are an object, or one text "Key: value ¦ Key: value". */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "analyst/base/text.h"
#include "analyst/readers/nested.h"
#include "analyst/readers/windows.h"

static const struct band hayabusa_levels[] = {
	{ "info", 0, SEVERITY_INFO }, { "informational", 0, SEVERITY_INFO }, { "low", 0, SEVERITY_LOW },
	{ "med", 0, SEVERITY_MEDIUM }, { "medium", 0, SEVERITY_MEDIUM }, { "high", 0, SEVERITY_HIGH },
	{ "crit", 0, SEVERITY_CRITICAL }, { "critical", 0, SEVERITY_CRITICAL }, { "emer", 0, SEVERITY_CRITICAL },
	{ "emergency", 0, SEVERITY_CRITICAL }, BANDS_END
};

enum { COMPUTER, DETAILS, EXTRA, ALL, CHANNEL, RECORD_ID, RULE_ID, TACTICS, OTHER_TAGS };

#define DETAIL(key, kind, role) FIELD_ENTITY("Details." key "[]", kind, role)
/* What the event calls it, where Details do not say it. */
#define EVENT(key, kind, role) \
	FIELD_ENTITY("ExtraFieldInfo." key "[]", kind, role), FIELD_ENTITY("AllFieldInfo." key "[]", kind, role)

/* A path is a column of the CSV, too; a detail also a key of its text. */
static const struct field fields[] = {
	[COMPUTER] = FIELD("Computer", TAKE_NOTHING),
	[DETAILS] = FIELD("Details", TAKE_NOTHING),
	[EXTRA] = FIELD("ExtraFieldInfo", TAKE_NOTHING),
	[ALL] = FIELD("AllFieldInfo", TAKE_NOTHING),
	[CHANNEL] = FIELD("Channel", TAKE_CATEGORY),
	[RECORD_ID] = FIELD("RecordID", TAKE_NOTHING),
	[RULE_ID] = FIELD("RuleID", TAKE_RULE_ID),
	[TACTICS] = FIELD("MitreTactics[]", TAKE_NOTHING),
	[OTHER_TAGS] = FIELD("OtherTags[]", TAKE_NOTHING),

	FIELD("Timestamp", TAKE_AT),
	FIELD("datetime", TAKE_AT),
	FIELD("RuleTitle", TAKE_RULE_NAME),
	FIELD("message", TAKE_RULE_NAME),
	FIELD_SEVERITY("Level", hayabusa_levels),
	FIELD("MitreTags[]", TAKE_TECHNIQUES),

	DETAIL("Cmdline", ENTITY_COMMAND, ROLE_ACTOR),
	DETAIL("CmdLine", ENTITY_COMMAND, ROLE_ACTOR),
	DETAIL("Cmd", ENTITY_COMMAND, ROLE_ACTOR),
	DETAIL("ParentCmdline", ENTITY_COMMAND, ROLE_PARENT),
	DETAIL("ParentCmd", ENTITY_COMMAND, ROLE_PARENT),
	DETAIL("Payload", ENTITY_COMMAND, ROLE_OBSERVED),
	DETAIL("ParentProc", ENTITY_PROCESS, ROLE_PARENT),
	DETAIL("ScriptBlock", ENTITY_COMMAND, ROLE_OBSERVED),
	DETAIL("Proc", ENTITY_PROCESS, ROLE_ACTOR),
	DETAIL("SrcProc", ENTITY_PROCESS, ROLE_ACTOR),
	DETAIL("TgtProc", ENTITY_PROCESS, ROLE_TARGET),
	DETAIL("User", ENTITY_USER, ROLE_ACTOR),
	DETAIL("SrcUser", ENTITY_USER, ROLE_ACTOR),
	DETAIL("TgtUser", ENTITY_USER, ROLE_TARGET),
	DETAIL("OldTgtUser", ENTITY_USER, ROLE_TARGET),
	DETAIL("NewTgtUser", ENTITY_USER, ROLE_TARGET),
	DETAIL("JobOwner", ENTITY_USER, ROLE_ACTOR),
	DETAIL("SrcComp", ENTITY_HOST, ROLE_SOURCE),
	DETAIL("SrcHost", ENTITY_HOST, ROLE_SOURCE),
	DETAIL("TgtComp", ENTITY_HOST, ROLE_DESTINATION),
	DETAIL("TgtSvr", ENTITY_HOST, ROLE_DESTINATION),
	DETAIL("SrcIP", ENTITY_IP, ROLE_SOURCE),
	DETAIL("TgtIP", ENTITY_IP, ROLE_DESTINATION),
	DETAIL("TgtHost", ENTITY_HOST, ROLE_DESTINATION),
	DETAIL("TgtPort", ENTITY_PORT, ROLE_DESTINATION),
	DETAIL("Query", ENTITY_DOMAIN, ROLE_DESTINATION),
	DETAIL("URL", ENTITY_URL, ROLE_DESTINATION),
	DETAIL("Path", ENTITY_PATH, ROLE_OBSERVED),
	DETAIL("Image", ENTITY_PATH, ROLE_OBSERVED),
	DETAIL("TgtFile", ENTITY_PATH, ROLE_OBSERVED),
	DETAIL("DLL", ENTITY_PATH, ROLE_OBSERVED),
	DETAIL("ShareName", ENTITY_PATH, ROLE_TARGET),
	DETAIL("SharePath", ENTITY_PATH, ROLE_TARGET),
	DETAIL("TgtObj", ENTITY_REGISTRY, ROLE_OBSERVED),
	DETAIL("Hashes", ENTITY_HASH, ROLE_OBSERVED),
	DETAIL("Hash", ENTITY_HASH, ROLE_OBSERVED),

	WINDOWS_ENTITIES(EVENT),
	EVENT("User", ENTITY_USER, ROLE_ACTOR),
	EVENT("SubjectUserName", ENTITY_USER, ROLE_ACTOR),
	EVENT("TargetUserName", ENTITY_USER, ROLE_TARGET),
	EVENT("TargetFilename", ENTITY_PATH, ROLE_OBSERVED),
	EVENT("Hashes", ENTITY_HASH, ROLE_OBSERVED),
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

/* Where the next part begins: behind "\xC2\xA6", and where there is none behind a tab or the end of a line with a key after
 * it, as options of the program have it. */
static const char *next_part(const char *s, bool bars, size_t *length)
{
	const char *bar = bars ? strstr(s, "\xC2\xA6") : NULL;

	if (bar != NULL || bars) {
		*length = bar != NULL ? (size_t)(bar - s) : strlen(s);
		return bar != NULL ? bar + 2 : s + *length;
	}
	for (const char *c = s; *c != '\0'; c++) {
		size_t key;

		if (*c != '\t' && *c != '\n')
			continue;
		key = strspn(c + 1, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");
		if (key > 0 && c[1 + key] == ':' && c[2 + key] == ' ') {
			*length = (size_t)(c - s);
			return c + 1;
		}
	}
	*length = strlen(s);
	return s + *length;
}

/* Calls take for each of the parts of s, with the column that holds them. */
static void each_part(struct reading *rg, size_t column, void (*take)(struct reading *rg, const char *column, const char *part))
{
	const char *s = text_of(rg, column);
	bool bars = s != NULL && strstr(s, "\xC2\xA6") != NULL;

	while (s != NULL && *s != '\0') {
		size_t length;
		const char *next = next_part(s, bars, &length), *begin = trim(s, &length);

		if (length > 0)
			take(rg, fields[column].path, arena_dupn(rg->arena, begin, length));
		s = next;
	}
}

/* Machine accounts act for their machine, which is there already. */
static void take_value(struct reading *rg, const struct field *field, const char *value)
{
	if (strcasecmp(value, "n/a") == 0 || strcmp(value, "-") == 0 || strcmp(value, "DUP") == 0)
		return;
	if (field->take != TAKE_ENTITY)
		filling_take(&rg->filling, field, value);
	else if (field->kind == ENTITY_USER)
		add_account(&rg->alert, rg->arena, field->role, value);
	else if (field->kind == ENTITY_PROCESS && strcspn(value, "\\/.") == strlen(value))
		return;               /* a number or a name that is none */
	else if (field->kind == ENTITY_HASH)
		add_hash_list(&rg->alert, rg->arena, value);
	else if (field->kind == ENTITY_PATH && field->role == ROLE_OBSERVED)
		add_threat_paths(&rg->alert, rg->arena, value);
	else
		filling_take(&rg->filling, field, value);
}

static bool is_detail(const struct field *field)
{
	return field->take == TAKE_ENTITY && strchr(field->path, '.') != NULL;
}

static void take_detail(struct reading *rg, const char *column, const char *part)
{
	const char *colon = strstr(part, ": ");
	size_t n, begin = strlen(column) + 1;

	if (colon == NULL)
		return;
	n = (size_t)(colon - part);
	for (size_t i = 0; fields[i].path != NULL; i++)
		if (is_detail(&fields[i]) && strncmp(fields[i].path, column, begin - 1) == 0 && fields[i].path[begin - 1] == '.' &&
		    strncmp(fields[i].path + begin, part, n) == 0 && strcmp(fields[i].path + begin + n, "[]") == 0)
			take_value(rg, &fields[i], colon + 2);
}

/* "cve.2021-26855", "cve.2021.26855" */
static void take_tag(struct reading *rg, const char *s)
{
	for (const char *at = s != NULL ? s : ""; (at = strcasestr(at, "cve.")) != NULL; at += 4)
		if (strspn(at + 4, "0123456789") == 4 && (at[8] == '-' || at[8] == '.'))
			canon_add(&rg->alert, rg->arena, ENTITY_CVE, ROLE_OBSERVED,
			          arena_printf(rg->arena, "CVE-%.4s-%.*s", at + 4, (int)strspn(at + 9, "0123456789"), at + 9));
}

static void take_computer(struct reading *rg, const char *column, const char *part)
{
	(void)column;
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
	each_part(rg, COMPUTER, take_computer);
	take_rows(rg);
	for (size_t row = DETAILS; row <= ALL; row++)
		each_part(rg, row, take_detail);
	take_tag(rg, text_of(rg, OTHER_TAGS));
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
