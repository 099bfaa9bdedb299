/* Darktrace Cyber AI Analyst incident events, and the groups it makes of them (FORMATS 2.4): what the product itself put
 * together, kept as findings. */
#include <string.h>
#include <strings.h>

#include "analyst/readers/darktrace.h"
#include "analyst/readers/nested.h"

enum {
	PERIOD_START, PERIOD_END, CONTENT_KEY, CONTENT_TYPE, VALUE_TEXT, VALUE_HOST, VALUE_IP, VALUE_ID, TITLE,
	SUMMARISER, SUMMARY, GROUP_SCORE, BREACH_DEVICE, VALUE_DEVICE, MEMBERS, MEMBER_TITLE, MEMBER_START, START, END
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
	[GROUP_SCORE] = FIELD("groupScore", TAKE_NOTHING),
	[BREACH_DEVICE] = FIELD("breachDevices[].did", TAKE_NOTHING),
	[VALUE_DEVICE] = FIELD("details[][].contents[].values[].did", TAKE_NOTHING),
	[MEMBERS] = FIELD("incidentEvents", TAKE_NOTHING),
	[MEMBER_TITLE] = FIELD("incidentEvents[].title", TAKE_NOTHING),
	[MEMBER_START] = FIELD("incidentEvents[].start", TAKE_NOTHING),
	[START] = FIELD("start", TAKE_NOTHING),
	[END] = FIELD("end", TAKE_NOTHING),

	FIELD("createdAt", TAKE_REPORTED),
	FIELD("id", TAKE_NATIVE_ID),
	FIELD("category", TAKE_CATEGORY),
	FIELD_SEVERITY("category", darktrace_categories),
	FIELD_SEVERITY("groupCategory", darktrace_categories),
	FIELD("aiaScore", TAKE_SCORE),
	FIELD("groupScore", TAKE_SCORE),
	FIELD("mitreTactics[]", TAKE_TACTICS),
	FIELD_ENTITY("breachDevices[].hostname", ENTITY_HOST, ROLE_VICTIM),
	FIELD_ENTITY("breachDevices[].ip", ENTITY_IP, ROLE_VICTIM),
	FIELD_ENTITY("breachDevices[].mac", ENTITY_MAC, ROLE_VICTIM),
	FIELDS_END
};

static const struct clue clues[] = {
	{ "aiaScore", 45 }, { "attackPhases", 20 }, { "breachDevices", 30 }, { "summariser", 20 }, { "relatedBreaches", 15 },
	{ "groupingIds", 10 }, { "incidentEvents", 40 }, { "initialDevices", 15 }, { "groupScore", 15 }, { NULL, 0 }
};

/* What the key of a detail says its values are; keys that end so. */
static const struct detail {
	const char *key;
	enum entity_kind kind;
	enum entity_role role;
} details[] = {
	{ "source of username", ENTITY_KINDS, ROLE_OBSERVED },     /* how it is known, no name */
	{ "username observed prior to activity", ENTITY_USER, ROLE_ACTOR },
	{ "user agent", ENTITY_AGENT, ROLE_OBSERVED }, { "hostname", ENTITY_DOMAIN, ROLE_DESTINATION },
	{ "uri", ENTITY_URL, ROLE_DESTINATION }, { "url", ENTITY_URL, ROLE_DESTINATION },
	{ "file name", ENTITY_FILE, ROLE_OBSERVED }, { "filename", ENTITY_FILE, ROLE_OBSERVED },
	{ "file", ENTITY_FILE, ROLE_OBSERVED }, { "hash", ENTITY_HASH, ROLE_OBSERVED },
	{ "md5", ENTITY_HASH, ROLE_OBSERVED },
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
			if (ends_with(key, d->key)) {
				if (d->kind != ENTITY_KINDS && !(d->kind == ENTITY_URL && v->text[0] == '/'))
					canon_add(&rg->alert, rg->arena, d->kind, d->role, v->text);
				break;
			}
	}
}

/* Whether what is told is the breaching device itself, which is there as the victim already. */
static bool is_breaching(const struct reading *rg, const struct json_value *v)
{
	const char *did = text_beside(rg->json, VALUE_DEVICE, v);

	for (const struct json_value *d = json_first(rg->json, BREACH_DEVICE); did != NULL && d != NULL; d = json_next(rg->json, d))
		if (d->type == JSON_NUMBER && strcmp(d->text, did) == 0)
			return true;
	return false;
}

/* "Source IP", "Source external hosts": where it came from, as of the users of a service. The value lies in an array of its
 * own, behind the key of the detail it is in. */
static bool is_source(const struct reading *rg, const struct json_value *v)
{
	size_t at = json_item_offset(rg->json, v->item);
	const char *key = NULL;

	for (const struct json_value *k = json_first(rg->json, CONTENT_KEY); k != NULL && json_item_offset(rg->json, k->item) <= at;
	     k = json_next(rg->json, k))
		key = k->type == JSON_STRING_TEXT ? k->text : NULL;
	return key != NULL && strncasecmp(key, "source", 6) == 0;
}

/* Hosts in details: what the device talked to. One that Darktrace knows by a name of its own, where no device is told to
 * breach, is it. */
static void add_hosts(struct reading *rg)
{
	static const struct { size_t row; enum entity_kind kind; } rows[] = {
		{ VALUE_HOST, ENTITY_DOMAIN }, { VALUE_IP, ENTITY_IP }
	};
	const bool told = alert_entity(&rg->alert, ENTITY_HOST, ROLE_VICTIM) != NULL;

	for (size_t i = 0; i < 2; i++)
		for (const struct json_value *v = json_first(rg->json, rows[i].row); v != NULL; v = json_next(rg->json, v)) {
			bool named = text_beside(rg->json, VALUE_ID, v) != NULL;

			if (v->type != JSON_STRING_TEXT || is_breaching(rg, v))
				continue;
			if (!named)
				canon_add(&rg->alert, rg->arena, rows[i].kind, is_source(rg, v) ? ROLE_SOURCE : ROLE_DESTINATION, v->text);
			else if (!told)
				canon_add(&rg->alert, rg->arena, i == 0 ? ENTITY_HOST : ENTITY_IP, ROLE_VICTIM, v->text);
			else
				canon_add(&rg->alert, rg->arena, i == 0 ? ENTITY_HOST : ENTITY_IP, ROLE_DESTINATION, v->text);
		}
}

static void take_periods(struct reading *rg)
{
	static const size_t rows[] = { PERIOD_START, PERIOD_END, START, END, MEMBER_START };
	struct alert *a = &rg->alert;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		for (const struct json_value *v = json_first(rg->json, rows[i]); v != NULL; v = json_next(rg->json, v)) {
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

/* A group has no name of its own: what it holds is told by the titles of its events. */
static void name_group(struct reading *rg)
{
	static const struct field name = FIELD("", TAKE_RULE_NAME), title = FIELD("", TAKE_TITLE);
	const char *all = NULL;

	if (!json_has(rg->json, MEMBERS))
		return;
	for (const struct json_value *v = json_first(rg->json, MEMBER_TITLE); v != NULL; v = json_next(rg->json, v))
		if (v->type == JSON_STRING_TEXT && (all == NULL || strstr(all, v->text) == NULL))
			all = all == NULL ? v->text : arena_printf(rg->arena, "%s; %s", all, v->text);
	filling_take(&rg->filling, &title, all);
	filling_take(&rg->filling, &name, "AI Analyst incident");
}

static int analyst_record(struct reading *rg, const struct record *rec, struct fault *f)
{
	filling_begin(&rg->filling, &rg->alert, rg->arena, rg->options.assumed_offset);
	rg->alert.rule.product = "darktrace";
	rg->alert.kind = RECORD_FINDING;
	reading_fill(rg);
	take_periods(rg);
	name_group(rg);
	add_texts(rg);
	add_hosts(rg);
	darktrace_accounts(&rg->alert, rg->arena);
	darktrace_weigh(&rg->alert);
	return reading_alert(rg, rec, f);
}

static const char *const wrappers[] = { "incidents", "groups", "aianalyst", "results", "data", NULL };

const struct reader reader_darktrace_analyst = {
	.name = "darktrace-analyst", .summary = "Darktrace Cyber AI Analyst incident events and groups, JSON",
	.gives = "findings", .extensions = ".json", .framing = FRAME_JSON, .wrappers = wrappers, .fields = fields,
	.clues = clues, .record = analyst_record,
};
