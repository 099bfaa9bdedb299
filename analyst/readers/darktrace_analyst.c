/* Darktrace Cyber AI Analyst incident events (FORMATS 2.4): what the product itself put
 * together, kept as a finding. */
#include <string.h>
#include <strings.h>

#include "analyst/readers/nested.h"

static const struct band analyst_categories[] = {
	{ "informational", 0, SEVERITY_INFO }, { "compliance", 0, SEVERITY_LOW }, { "suspicious", 0, SEVERITY_MEDIUM },
	{ "critical", 0, SEVERITY_HIGH }, BANDS_END
};

enum {
	PERIOD_START, PERIOD_END, CONTENT_KEY, CONTENT_TYPE, VALUE_TEXT, VALUE_HOST, VALUE_IP, VALUE_ID, TITLE,
	SUMMARISER, SUMMARY, GROUP_SCORE
};

static const struct field fields[] = {
	[PERIOD_START] = FIELD("periods[].start", TAKE_NOTHING),
	[PERIOD_END] = FIELD("periods[].end", TAKE_NOTHING),
	[CONTENT_KEY] = FIELD("details[][].contents[].key", TAKE_NOTHING),
	[CONTENT_TYPE] = FIELD("details[][].contents[].type", TAKE_NOTHING),
	[VALUE_TEXT] = FIELD("details[][].contents[].values[]", TAKE_NOTHING),
	[VALUE_HOST] = FIELD("details[][].contents[].values[].hostname", TAKE_NOTHING),
	[VALUE_IP] = FIELD("details[][].contents[].values[].ip", TAKE_NOTHING),
	[VALUE_ID] = FIELD("details[][].contents[].values[].identifier", TAKE_NOTHING),
	[TITLE] = FIELD("title", TAKE_RULE_NAME),
	[SUMMARISER] = FIELD("summariser", TAKE_RULE_ID),
	[SUMMARY] = FIELD("summary", TAKE_TITLE),
	[GROUP_SCORE] = FIELD("groupScore", TAKE_SCORE),

	FIELD("createdAt", TAKE_REPORTED),
	FIELD("id", TAKE_NATIVE_ID),
	FIELD("category", TAKE_CATEGORY),
	FIELD_SEVERITY("category", analyst_categories),
	FIELD_SEVERITY("groupCategory", analyst_categories),
	FIELD("aiaScore", TAKE_SCORE),
	FIELD("mitreTactics[]", TAKE_TACTICS),
	FIELD_ENTITY("breachDevices[].hostname", ENTITY_HOST, ROLE_VICTIM),
	FIELD_ENTITY("breachDevices[].ip", ENTITY_IP, ROLE_VICTIM),
	FIELD_ENTITY("breachDevices[].mac", ENTITY_MAC, ROLE_VICTIM),
	FIELDS_END
};

static const struct clue clues[] = {
	{ "aiaScore", 45 }, { "attackPhases", 20 }, { "breachDevices", 30 }, { "summariser", 20 }, { "relatedBreaches", 15 },
	{ "groupingIds", 10 }, { NULL, 0 }
};

/* What the key of a detail says its values are; keys that end so. */
static const struct detail {
	const char *key;
	enum entity_kind kind;
	enum entity_role role;
} details[] = {
	{ "user agent", ENTITY_AGENT, ROLE_OBSERVED }, { "hostname", ENTITY_DOMAIN, ROLE_DESTINATION },
	{ "uri", ENTITY_URL, ROLE_DESTINATION }, { "url", ENTITY_URL, ROLE_DESTINATION },
	{ "file name", ENTITY_FILE, ROLE_OBSERVED }, { "filename", ENTITY_FILE, ROLE_OBSERVED },
	{ "file", ENTITY_FILE, ROLE_OBSERVED }, { "hash", ENTITY_HASH, ROLE_OBSERVED },
	{ "sha1", ENTITY_HASH, ROLE_OBSERVED }, { "sha256", ENTITY_HASH, ROLE_OBSERVED },
	{ "username", ENTITY_USER, ROLE_ACTOR }, { "credential", ENTITY_USER, ROLE_ACTOR },
	{ "ja3", ENTITY_JA3, ROLE_OBSERVED }, { "fingerprint", ENTITY_JA3, ROLE_OBSERVED },
	{ "destination port", ENTITY_PORT, ROLE_DESTINATION }, { "port", ENTITY_PORT, ROLE_DESTINATION },
	{ NULL, ENTITY_HOST, ROLE_OBSERVED }
};

static bool ends_with(const char *s, const char *end)
{
	size_t n = strlen(s), m = strlen(end);

	return n >= m && strcasecmp(s + n - m, end) == 0;
}

static void add_texts(struct reading *rg)
{
	for (const struct json_value *v = json_first(rg->json, VALUE_TEXT); v != NULL; v = json_next(rg->json, v)) {
		const char *key = text_beside(rg->json, CONTENT_KEY, v);

		if (key == NULL || (v->type != JSON_STRING_TEXT && v->type != JSON_NUMBER))
			continue;
		for (const struct detail *d = details; d->key != NULL; d++)
			if (ends_with(key, d->key) && !(d->kind == ENTITY_URL && v->text[0] == '/')) {
				canon_add(&rg->alert, rg->arena, d->kind, d->role, v->text);
				break;
			}
	}
}

/* Hosts in details: the breaching device is there as the victim already, others are what
 * it talked to. */
static void add_hosts(struct reading *rg)
{
	static const struct { size_t row; enum entity_kind kind; } rows[] = {
		{ VALUE_HOST, ENTITY_DOMAIN }, { VALUE_IP, ENTITY_IP }
	};

	for (size_t i = 0; i < 2; i++)
		for (const struct json_value *v = json_first(rg->json, rows[i].row); v != NULL; v = json_next(rg->json, v)) {
			const char *id = text_beside(rg->json, VALUE_ID, v);

			if (v->type != JSON_STRING_TEXT)
				continue;
			if (id == NULL)
				canon_add(&rg->alert, rg->arena, rows[i].kind, ROLE_DESTINATION, v->text);
			else if (alert_entity(&rg->alert, ENTITY_HOST, ROLE_VICTIM) == NULL)
				canon_add(&rg->alert, rg->arena, i == 0 ? ENTITY_HOST : ENTITY_IP, ROLE_VICTIM, v->text);
		}
}

static void take_periods(struct reading *rg)
{
	struct alert *a = &rg->alert;

	for (size_t row = PERIOD_START; row <= PERIOD_END; row++)
		for (const struct json_value *v = json_first(rg->json, row); v != NULL; v = json_next(rg->json, v)) {
			instant t;

			if (!instant_parse_epoch(&t, v->text, v->length))
				continue;
			if (a->at == INSTANT_NONE || t < a->at)
				a->at = t;
			if (a->until == INSTANT_NONE || t > a->until)
				a->until = t;
		}
	if (a->at == INSTANT_NONE)
		a->at = a->reported;
	a->zone = ZONE_BY_SPEC;
}

static int analyst_record(struct reading *rg, const struct record *rec, struct fault *f)
{
	filling_begin(&rg->filling, &rg->alert, rg->arena, rg->options.assumed_offset);
	rg->alert.rule.product = "darktrace";
	rg->alert.kind = RECORD_FINDING;
	reading_fill(rg);
	take_periods(rg);
	add_texts(rg);
	add_hosts(rg);
	if (rg->alert.severity == SEVERITY_HIGH && rg->alert.score >= 80)
		rg->alert.severity = SEVERITY_CRITICAL;
	return reading_alert(rg, rec, f);
}

static const char *const wrappers[] = { "incidents", "incidentEvents", "aianalyst", "results", "data", NULL };

const struct reader reader_darktrace_analyst = {
	.name = "darktrace-analyst", .summary = "Darktrace Cyber AI Analyst incident events, JSON",
	.gives = "findings", .extensions = ".json", .framing = FRAME_JSON, .wrappers = wrappers, .fields = fields,
	.clues = clues, .record = analyst_record,
};
