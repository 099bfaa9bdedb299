/* Cybereason MalOps (FORMATS 2.16): a list "malops", or a search's answer with one element
 * for each under data.resultIdToElementDataMap. A MalOp is a finding. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "analyst/readers/nested.h"

static const struct band cybereason_severities[] = {
	{ "low", 0, SEVERITY_LOW }, { "medium", 0, SEVERITY_MEDIUM }, { "high", 0, SEVERITY_HIGH }, BANDS_END
};

#define SIMPLE(name) "simpleValues." name ".values[]"
#define ELEMENT(name) "elementValues." name ".elementValues[].name"

enum { MAP, USER, ELEMENT_USER, HASHES, ELEMENT_HASHES, ROOT_TYPE, ROOT_NAME, ELEMENT_ROOT_TYPE, ELEMENT_ROOT_NAME, CLASS };

static const struct field fields[] = {
	[MAP] = FIELD("data.resultIdToElementDataMap", TAKE_NOTHING),
	[USER] = FIELD("users[].displayName", TAKE_NOTHING),
	[ELEMENT_USER] = FIELD(ELEMENT("affectedUsers"), TAKE_NOTHING),
	[HASHES] = FIELD("rootCauseElementHashes[]", TAKE_NOTHING),
	[ELEMENT_HASHES] = FIELD(SIMPLE("rootCauseElementHashes"), TAKE_NOTHING),

	[ROOT_TYPE] = FIELD("rootCauseElementType", TAKE_NOTHING),
	[ROOT_NAME] = FIELD("primaryRootCauseName", TAKE_NOTHING),
	[ELEMENT_ROOT_TYPE] = FIELD("elementValues.primaryRootCauseElements.elementValues[].elementType", TAKE_NOTHING),
	[ELEMENT_ROOT_NAME] = FIELD(ELEMENT("primaryRootCauseElements"), TAKE_NOTHING),
	[CLASS] = FIELD("@class", TAKE_NOTHING),

	FIELD("creationTime", TAKE_AT),
	FIELD(SIMPLE("malopStartTime"), TAKE_AT),
	FIELD(SIMPLE("creationTime"), TAKE_AT),
	FIELD("lastUpdateTime", TAKE_UNTIL),
	FIELD(SIMPLE("malopLastUpdateTime"), TAKE_UNTIL),
	FIELD("guid", TAKE_NATIVE_ID),
	FIELD("guidString", TAKE_NATIVE_ID),
	FIELD("detectionTypes[]", TAKE_RULE_NAME),
	FIELD("malopDetectionType", TAKE_RULE_NAME),
	FIELD(SIMPLE("detectionType"), TAKE_RULE_NAME),
	FIELD("displayName", TAKE_RULE_NAME),
	FIELD("descriptions[]", TAKE_TITLE),
	FIELD("displayName", TAKE_TITLE),
	FIELD(SIMPLE("decisionFeature"), TAKE_TITLE),
	FIELD("malopDetectionType", TAKE_CATEGORY),
	FIELD(SIMPLE("malopActivityTypes"), TAKE_CATEGORY),
	FIELD_SEVERITY("malopSeverity", cybereason_severities),
	FIELD_SEVERITY("severity", cybereason_severities),
	FIELD_SEVERITY("malopPriority", cybereason_severities),

	FIELD("decisionStatuses[]", TAKE_ACTION),

	FIELD_ENTITY("machines[].displayName", ENTITY_HOST, ROLE_VICTIM),
	FIELD_ENTITY("filePaths[]", ENTITY_PATH, ROLE_OBSERVED),
	FIELD_ENTITY("fileHash", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("commandLines[]", ENTITY_COMMAND, ROLE_ACTOR),
	FIELD_ENTITY("decodedCommandLines[]", ENTITY_COMMAND, ROLE_ACTOR),
	FIELD_ENTITY(ELEMENT("affectedMachines"), ENTITY_HOST, ROLE_VICTIM),
	FIELD_ENTITY(SIMPLE("rootCauseElementNames"), ENTITY_FILE, ROLE_OBSERVED),
	FIELD_ENTITY(ELEMENT("filesToRemediate"), ENTITY_FILE, ROLE_OBSERVED),
	FIELD_ENTITY(ELEMENT("suspects"), ENTITY_PROCESS, ROLE_OBSERVED),
	FIELDS_END
};

static const struct clue clues[] = {
	{ "malopDetectionType", 40 }, { "rootCauseElementType", 25 }, { "malopPriority", 20 }, { "malopSeverity", 20 },
	{ "detectionEngines", 10 }, { "primaryRootCauseName", 15 }, { "data.resultIdToElementDataMap", 90 }, { NULL, 0 }
};

struct cybereason_state {
	struct json *element;        /* one of the map, by the reader's own paths */
	struct json *record;         /* the reading's, while an element is looked at */
};

static bool is_said(const char *s)
{
	return s[0] != '\0' && strcasecmp(s, "None") != 0;
}

/* "dom\user"; empties are "" or None. */
static void add_users(struct reading *rg, size_t row)
{
	for (const struct json_value *v = json_first(rg->json, row); v != NULL; v = json_next(rg->json, v))
		if (v->type == JSON_STRING_TEXT && is_said(v->text))
			add_account(&rg->alert, rg->arena, ROLE_ACTOR, last_component(v->text));
}

static void add_hashes(struct reading *rg, size_t row)
{
	for (const struct json_value *v = json_first(rg->json, row); v != NULL; v = json_next(rg->json, v))
		if (v->type == JSON_STRING_TEXT && is_said(v->text))
			add_hash_list(&rg->alert, rg->arena, v->text);
}

/* What it all began with is of the kind that stands beside it; a file where none does. */
static void add_root_cause(struct reading *rg, const char *type, const char *name)
{
	static const struct { const char *type; enum entity_kind kind; enum entity_role role; } kinds[] = {
		{ "Process", ENTITY_PROCESS, ROLE_ACTOR }, { "User", ENTITY_USER, ROLE_ACTOR }, { "Machine", ENTITY_HOST, ROLE_VICTIM },
		{ "IpAddress", ENTITY_IP, ROLE_OBSERVED }, { "DomainName", ENTITY_DOMAIN, ROLE_DESTINATION },
		{ "Connection", ENTITY_KINDS, ROLE_OBSERVED }, { "Service", ENTITY_KINDS, ROLE_OBSERVED },
		{ "LogonSession", ENTITY_KINDS, ROLE_OBSERVED }, { NULL, ENTITY_FILE, ROLE_OBSERVED }
	};
	size_t i = 0;

	if (name == NULL || !is_said(name))
		return;
	while (kinds[i].type != NULL && (type == NULL || strcasecmp(kinds[i].type, type) != 0))
		i++;
	if (kinds[i].kind == ENTITY_USER)
		add_account(&rg->alert, rg->arena, ROLE_ACTOR, last_component(name));
	else if (kinds[i].kind != ENTITY_KINDS)
		canon_add(&rg->alert, rg->arena, kinds[i].kind, kinds[i].role, name);
}

static int one_malop(struct reading *rg, const struct record *rec, const char *guid, struct fault *f)
{
	filling_begin(&rg->filling, &rg->alert, rg->arena, 0);
	rg->alert.rule.product = "cybereason";
	rg->alert.kind = RECORD_FINDING;
	reading_fill(rg);
	if (rg->alert.native_id == NULL)
		rg->alert.native_id = guid;
	add_root_cause(rg, reading_text(rg, ROOT_TYPE), reading_text(rg, ROOT_NAME));
	for (const struct json_value *v = json_first(rg->json, ELEMENT_ROOT_NAME); v != NULL; v = json_next(rg->json, v))
		if (v->type == JSON_STRING_TEXT)
			add_root_cause(rg, text_beside(rg->json, ELEMENT_ROOT_TYPE, v), v->text);
	add_users(rg, USER);
	add_users(rg, ELEMENT_USER);
	add_hashes(rg, HASHES);
	add_hashes(rg, ELEMENT_HASHES);
	return reading_alert(rg, rec, f);
}

/* The end of the string, object or array that begins at s. The JSON was checked before. */
static size_t value_end(const char *s, size_t n)
{
	size_t depth = 0;
	bool text = false;

	for (size_t i = 0; i < n; i++) {
		if (text && s[i] == '\\')
			i++;
		else if (s[i] == '"')
			text = !text;
		else if (!text && (s[i] == '{' || s[i] == '['))
			depth++;
		else if (!text && (s[i] == '}' || s[i] == ']'))
			depth--;
		if (!text && depth == 0 && (s[i] == '"' || s[i] == '}' || s[i] == ']'))
			return i + 1;
	}
	return n;
}

/* Each "guid": {...} of the map. */
static int each_element(struct reading *rg, const struct record *rec, const struct json_value *map, struct fault *f)
{
	struct cybereason_state *st = rg->state;
	const char *s = map->text;
	size_t n = map->length, i = 1, given = 0;

	while (i < n) {
		const char *quote = memchr(s + i, '"', n - i), *open;
		size_t key, from, length;
		struct record at = *rec;
		int rc;

		if (quote == NULL)
			break;
		key = (size_t)(quote - s);
		i = key + value_end(quote, n - key);
		open = i < n ? memchr(s + i, '{', n - i) : NULL;
		if (open == NULL)
			break;
		from = (size_t)(open - s);
		length = value_end(open, n - from);
		at.bytes = open;
		at.n = at.room = length;
		st->record = rg->json;
		rg->json = st->element;
		rc = json_read(rg->json, rg->paths, open, length, length, NULL) < 0 ?
		     reading_reject(rg, &at, "an element that is not a JSON object", f) :
		     one_malop(rg, &at, arena_dupn(rg->arena, quote + 1, i - key - 2), f);
		rg->json = st->record;
		if (rc < 0)
			return -1;
		given++;
		i = from + length;
	}
	return given > 0 ? 0 : reading_blank(rg, rec, BLANK_EMPTY, f);
}

static int cybereason_record(struct reading *rg, const struct record *rec, struct fault *f)
{
	const struct json_value *map = json_first(rg->json, MAP);
	const char *class = reading_text(rg, CLASS);

	/* Machines, users, suspicions: parts of a MalOp that some exports write beside it. */
	if (class != NULL && strcasestr(class, "malop") == NULL && map == NULL)
		return reading_blank(rg, rec, BLANK_CONTEXT, f);
	if (map != NULL)
		return map->type == JSON_OBJECT ? each_element(rg, rec, map, f) : reading_blank(rg, rec, BLANK_EMPTY, f);
	return one_malop(rg, rec, NULL, f);
}

static int cybereason_open(struct reading *rg, struct fault *f)
{
	struct cybereason_state *st = must_alloc(sizeof(*st));

	(void)f;
	st->element = json_new();
	rg->state = st;
	return 0;
}

static void cybereason_close(struct reading *rg)
{
	struct cybereason_state *st = rg->state;

	if (st == NULL)
		return;
	json_free(st->element);
	free(st);
}

static const char *const wrappers[] = { "malops", NULL };

const struct reader reader_cybereason = {
	.name = "cybereason", .summary = "Cybereason MalOps, JSON", .gives = "findings", .extensions = ".json",
	.framing = FRAME_JSON, .wrappers = wrappers, .fields = fields, .clues = clues, .whole = true,
	.open = cybereason_open, .record = cybereason_record, .close = cybereason_close,
};
