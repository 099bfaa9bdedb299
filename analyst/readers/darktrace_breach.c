/* Darktrace model breaches (FORMATS 2.4): the device, and what the model's filters show. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "analyst/readers/darktrace.h"
#include "analyst/readers/nested.h"

/* Releases before 5.2 have no category: the priority that an analyst gave the model, 0 to 5. */
static const struct band darktrace_priorities[] = {
	{ NULL, 0, SEVERITY_INFO }, { NULL, 2, SEVERITY_LOW }, { NULL, 3, SEVERITY_MEDIUM }, { NULL, 4, SEVERITY_HIGH },
	{ NULL, 6, SEVERITY_UNKNOWN }, BANDS_END
};

enum {
	NAME, NAME_NOW, NAME_THEN, FILTER_TYPE, FILTER_COMPARATOR, FILTER_VALUE, SCORE, DEVICE_ID, DESCRIPTION,
	DESCRIPTION_THEN, DESCRIPTION_NOW, METRIC, SIZE
};

static const struct field fields[] = {
	[NAME] = FIELD("model.name", TAKE_NOTHING),
	[NAME_NOW] = FIELD("model.now.name", TAKE_NOTHING),
	[NAME_THEN] = FIELD("model.then.name", TAKE_NOTHING),
	[FILTER_TYPE] = FIELD("triggeredComponents[].triggeredFilters[].filterType", TAKE_NOTHING),
	[FILTER_COMPARATOR] = FIELD("triggeredComponents[].triggeredFilters[].comparatorType", TAKE_NOTHING),
	[FILTER_VALUE] = FIELD("triggeredComponents[].triggeredFilters[].trigger.value", TAKE_NOTHING),
	[SCORE] = FIELD("score", TAKE_SCORE_OF_ONE),
	[DEVICE_ID] = FIELD("device.did", TAKE_NOTHING),
	[DESCRIPTION] = FIELD("model.description", TAKE_NOTHING),
	[DESCRIPTION_THEN] = FIELD("model.then.description", TAKE_NOTHING),
	[DESCRIPTION_NOW] = FIELD("model.now.description", TAKE_NOTHING),
	[METRIC] = FIELD("triggeredComponents[].metric.name", TAKE_NOTHING),
	[SIZE] = FIELD("triggeredComponents[].size", TAKE_NOTHING),

	FIELD("time", TAKE_AT),
	FIELD("creationTime", TAKE_AT),
	FIELD("creationTime", TAKE_REPORTED),
	FIELD("pbid", TAKE_NATIVE_ID),
	FIELD("model.pid", TAKE_RULE_ID),
	FIELD("model.then.pid", TAKE_RULE_ID),
	FIELD("model.now.pid", TAKE_RULE_ID),
	FIELD("model.category", TAKE_CATEGORY),
	FIELD("model.then.category", TAKE_CATEGORY),
	FIELD("model.now.category", TAKE_CATEGORY),
	FIELD_SEVERITY("model.category", darktrace_categories),
	FIELD_SEVERITY("model.then.category", darktrace_categories),
	FIELD_SEVERITY("model.now.category", darktrace_categories),
	FIELD_SEVERITY("model.priority", darktrace_priorities),
	FIELD_SEVERITY("model.then.priority", darktrace_priorities),
	FIELD_SEVERITY("model.now.priority", darktrace_priorities),
	FIELD("mitreTechniques[].techniqueID", TAKE_TECHNIQUES),

	FIELD_ENTITY("device.hostname", ENTITY_HOST, ROLE_VICTIM),
	FIELD_ENTITY("device.ip", ENTITY_IP, ROLE_VICTIM),
	FIELD_ENTITY("device.ips[].ip", ENTITY_IP, ROLE_VICTIM),
	FIELD_ENTITY("device.macaddress", ENTITY_MAC, ROLE_VICTIM),
	FIELD_ENTITY("device.credentials[]", ENTITY_USER, ROLE_ACTOR),
	FIELDS_END
};

static const struct clue clues[] = {
	{ "pbid", 50 }, { "triggeredComponents", 25 }, { "model", 10 }, { "breachUrl", 10 }, { "device", 10 },
	{ "score", 5 }, { NULL, 0 }
};

/* What a displayed filter shows. */
static const struct shown_filter {
	const char *type;
	enum entity_kind kind;
	enum entity_role role;
} shown_filters[] = {
	{ "Destination IP", ENTITY_IP, ROLE_DESTINATION },
	{ "Source IP", ENTITY_IP, ROLE_SOURCE },
	{ "Connection hostname", ENTITY_DOMAIN, ROLE_DESTINATION },
	{ "DNS host lookup", ENTITY_DOMAIN, ROLE_DESTINATION },
	{ "DNS hostname", ENTITY_DOMAIN, ROLE_DESTINATION },
	{ "Destination port", ENTITY_PORT, ROLE_DESTINATION },
	{ "Internal destination device name", ENTITY_HOST, ROLE_DESTINATION },
	{ "Internal source device name", ENTITY_HOST, ROLE_SOURCE },
	{ "User agent", ENTITY_AGENT, ROLE_OBSERVED },
	{ "JA3 hash", ENTITY_JA3, ROLE_OBSERVED },
	{ "Username", ENTITY_USER, ROLE_ACTOR },
	{ "User credential", ENTITY_USER, ROLE_ACTOR },
	{ "Filename", ENTITY_FILE, ROLE_OBSERVED },
	{ "SHA1 file hash", ENTITY_HASH, ROLE_OBSERVED },
	{ "SHA256 file hash", ENTITY_HASH, ROLE_OBSERVED },
	{ "File hash", ENTITY_HASH, ROLE_OBSERVED },
	{ "MIME type", ENTITY_MAGIC, ROLE_OBSERVED },
	{ NULL, ENTITY_HOST, ROLE_OBSERVED }
};

static void add_filters(struct reading *rg)
{
	static const struct field title = FIELD("", TAKE_TITLE);
	const char *host = NULL, *uri = NULL, *port = NULL;
	bool tls;

	for (const struct json_value *v = json_first(rg->json, FILTER_TYPE); v != NULL; v = json_next(rg->json, v)) {
		const char *comparator = text_beside(rg->json, FILTER_COMPARATOR, v);
		const char *value = text_beside(rg->json, FILTER_VALUE, v);

		if (v->type != JSON_STRING_TEXT || value == NULL || value[0] == '\0' || comparator == NULL || strcmp(comparator, "display") != 0)
			continue;
		for (const struct shown_filter *s = shown_filters; s->type != NULL; s++)
			if (strcasecmp(s->type, v->text) == 0)
				canon_add(&rg->alert, rg->arena, s->kind, s->role, value);
		if (strcasecmp(v->text, "URI") == 0)
			uri = value;
		else if (strcasecmp(v->text, "Connection hostname") == 0)
			host = value;
		else if (strcasecmp(v->text, "Destination IP") == 0 && host == NULL)
			host = value;
		else if (strcasecmp(v->text, "Destination port") == 0)
			port = value;
		else if (strcasecmp(v->text, "Event details") == 0)
			filling_take(&rg->filling, &title, value);
	}
	if (uri == NULL || host == NULL || uri[0] != '/')
		return;
	tls = port != NULL && strcmp(port, "443") == 0;
	if (port == NULL || strcmp(port, "80") == 0 || tls)
		port = "";
	canon_add(&rg->alert, rg->arena, ENTITY_URL, ROLE_DESTINATION,
	          arena_printf(rg->arena, "http%s://%s%s%s%s", tls ? "s" : "", host, port[0] != '\0' ? ":" : "", port, uri));
	if (strchr(last_component(uri), '.') != NULL)
		canon_add(&rg->alert, rg->arena, ENTITY_FILE, ROLE_OBSERVED,
		          arena_dupn(rg->arena, last_component(uri), strcspn(last_component(uri), "?#")));
}

/* A component that measures data sent outside gives its size in bytes. */
static void add_bytes(struct reading *rg)
{
	for (const struct json_value *v = json_first(rg->json, METRIC); v != NULL; v = json_next(rg->json, v)) {
		const char *size = text_beside(rg->json, SIZE, v);

		if (v->type == JSON_STRING_TEXT && strcasestr(v->text, "externaldata") != NULL && size != NULL)
			rg->alert.bytes_out = strtoll(size, NULL, 10);
	}
}

/* What the model looks for; behind a line break, written as "\\n", it says what to do about it. */
static void add_description(struct reading *rg)
{
	static const struct field title = FIELD("", TAKE_TITLE);
	const char *said = reading_text(rg, DESCRIPTION), *end;

	if (said == NULL)
		said = reading_text(rg, DESCRIPTION_THEN);
	if (said == NULL && (said = reading_text(rg, DESCRIPTION_NOW)) == NULL)
		return;
	end = strstr(said, "\\n");
	filling_take(&rg->filling, &title, end != NULL ? arena_dupn(rg->arena, said, (size_t)(end - said)) : said);
}

static int breach_record(struct reading *rg, const struct record *rec, struct fault *f)
{
	const char *name = reading_text(rg, NAME), *device = reading_text(rg, DEVICE_ID);

	filling_begin(&rg->filling, &rg->alert, rg->arena, rg->options.assumed_offset);
	rg->alert.rule.product = "darktrace";
	reading_fill(rg);
	if (name == NULL)
		name = reading_text(rg, NAME_THEN);
	if (name == NULL)
		name = reading_text(rg, NAME_NOW);
	if (name == NULL)
		return reading_reject(rg, rec, "no model name", f);
	rg->alert.rule.name = name;
	/* Device -1 is the system: its addresses are Darktrace's own. */
	if (device != NULL && strcmp(device, "-1") == 0)
		rg->alert.entity_count = 0;
	add_filters(rg);
	add_description(rg);
	add_bytes(rg);
	darktrace_accounts(&rg->alert, rg->arena);
	darktrace_response(&rg->alert);
	darktrace_weigh(&rg->alert);
	return reading_alert(rg, rec, f);
}

static const char *const wrappers[] = { "modelbreaches", "modelBreaches", "breaches", "results", "data", NULL };

const struct reader reader_darktrace_breach = {
	.name = "darktrace-breach", .summary = "Darktrace model breaches, JSON", .gives = "alerts, responses",
	.extensions = ".json", .framing = FRAME_JSON, .wrappers = wrappers, .fields = fields, .clues = clues,
	.record = breach_record,
};
