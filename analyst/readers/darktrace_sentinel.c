/* What Darktrace sends to Microsoft Sentinel, the table darktrace_model_alerts_CL, as it is
 * sent (JSON) or as the portal exports it (CSV, columns with the suffix of their type). */
#include <string.h>
#include <strings.h>

#include "analyst/readers/darktrace.h"
#include "analyst/readers/nested.h"

enum { PRODUCT, START, END, STAMP, RECIPIENTS, LINK_HOSTS, ACTIONS, ANTIGENA, BLOCKED, SUBJECT, FROM, MODEL };

static const struct field fields[] = {
	[PRODUCT] = FIELD("dtProduct", TAKE_NOTHING),
	[START] = FIELD("startTime", TAKE_NOTHING),
	[END] = FIELD("endTime", TAKE_NOTHING),
	[STAMP] = FIELD("timestamp", TAKE_NOTHING),
	[RECIPIENTS] = FIELD("recipients[]", TAKE_NOTHING),
	[LINK_HOSTS] = FIELD("link_hosts[]", TAKE_NOTHING),
	[ACTIONS] = FIELD("actions[]", TAKE_NOTHING),
	[ANTIGENA] = FIELD("antigena", TAKE_NOTHING),
	[BLOCKED] = FIELD("blocked", TAKE_NOTHING),
	[SUBJECT] = FIELD("subject", TAKE_TITLE),
	[FROM] = FIELD_ENTITY("from", ENTITY_EMAIL, ROLE_ACTOR),
	[MODEL] = FIELD("modelName", TAKE_RULE_NAME),

	FIELD("breachTime", TAKE_AT_UTC),
	FIELD("timestamp", TAKE_AT_UTC),
	FIELD("title", TAKE_RULE_NAME),
	FIELD("summary", TAKE_TITLE),
	FIELD("message", TAKE_TITLE),
	FIELD("threatID", TAKE_NATIVE_ID),
	FIELD("externalId", TAKE_NATIVE_ID),
	FIELD("uuid", TAKE_NATIVE_ID),
	FIELD("pid", TAKE_RULE_ID),
	FIELD("category", TAKE_CATEGORY),
	FIELD("groupCategory", TAKE_CATEGORY),
	FIELD_SEVERITY("category", darktrace_categories),
	FIELD_SEVERITY("groupCategory", darktrace_categories),
	FIELD("score", TAKE_SCORE),
	FIELD("anomaly_score", TAKE_SCORE),
	FIELD("mitreTechniques[]", TAKE_TECHNIQUES),
	FIELD("mitreTechniques[].techniqueID", TAKE_TECHNIQUES),
	FIELD_ENTITY("hostname", ENTITY_HOST, ROLE_VICTIM),
	FIELD_ENTITY("deviceIP", ENTITY_IP, ROLE_VICTIM),
	FIELD_ENTITY("mac", ENTITY_MAC, ROLE_VICTIM),
	FIELD_ENTITY("sourceIP", ENTITY_IP, ROLE_VICTIM),
	FIELD_ENTITY("sourceMac", ENTITY_MAC, ROLE_VICTIM),
	FIELD_ENTITY("destIP", ENTITY_IP, ROLE_DESTINATION),
	FIELD_ENTITY("destHost", ENTITY_DOMAIN, ROLE_DESTINATION),
	FIELD_ENTITY("destPort", ENTITY_PORT, ROLE_DESTINATION),
	FIELD_ENTITY("attachment_sha1s", ENTITY_HASH, ROLE_OBSERVED),
	FIELDS_END
};

static const struct clue clues[] = {
	{ "dtProduct", 90 }, { "breachUrl", 10 }, { "modelName", 10 }, { "groupCategory", 10 }, { NULL, 0 }
};

/* A list is an array, or in a cell the text of one. */
static void add_list(struct reading *rg, size_t row, enum entity_kind kind, enum entity_role role)
{
	const char *s = reading_text(rg, row);

	if (rg->json != NULL) {
		for (const struct json_value *v = json_first(rg->json, row); v != NULL; v = json_next(rg->json, v))
			if (v->type == JSON_STRING_TEXT)
				canon_add(&rg->alert, rg->arena, kind, role, v->text);
		return;
	}
	while (s != NULL && *s != '\0') {
		size_t n = strcspn(s, "[]\",\r\n ");

		if (n > 0)
			canon_add(&rg->alert, rg->arena, kind, role, arena_dupn(rg->arena, s, n));
		s += n;
		if (*s != '\0')
			s++;
	}
}

static void take_times(struct reading *rg)
{
	instant t;

	if (american_time(&t, reading_text(rg, START)) || american_time(&t, reading_text(rg, STAMP)))
		rg->alert.at = t;
	if (american_time(&t, reading_text(rg, END)))
		rg->alert.until = t;
	rg->alert.zone = ZONE_BY_SPEC;
}

static bool is_yes(const char *s)
{
	return s != NULL && strcasecmp(s, "true") == 0;
}

static int sentinel_record(struct reading *rg, const struct record *rec, struct fault *f)
{
	const char *product = reading_text(rg, PRODUCT);
	bool mail;

	if (product == NULL)
		return reading_reject(rg, rec, "no dtProduct", f);
	/* How the appliance itself is. */
	if (strcasecmp(product, "System Alert") == 0)
		return reading_blank(rg, rec, BLANK_TELEMETRY, f);
	filling_begin(&rg->filling, &rg->alert, rg->arena, 0);
	rg->alert.rule.product = "darktrace";
	reading_fill(rg);
	take_times(rg);
	if (rg->alert.severity == SEVERITY_HIGH && rg->alert.score >= 80)
		rg->alert.severity = SEVERITY_CRITICAL;
	mail = strcasecmp(product, "Antigena Email") == 0;
	if (strcasecmp(product, "AI Analyst") == 0)
		rg->alert.kind = RECORD_FINDING;
	if (mail && rg->alert.rule.name == NULL)
		rg->alert.rule.name = "Antigena Email";
	if (mail || is_yes(reading_text(rg, ANTIGENA)) ||
	    (rg->alert.rule.name != NULL && strncasecmp(rg->alert.rule.name, "Antigena", 8) == 0)) {
		rg->alert.kind = RECORD_RESPONSE;
		rg->alert.action = is_yes(reading_text(rg, BLOCKED)) || (mail && reading_text(rg, ACTIONS) != NULL) ? ACTION_BLOCKED : ACTION_UNKNOWN;
	}
	add_list(rg, RECIPIENTS, ENTITY_EMAIL, ROLE_TARGET);
	add_list(rg, LINK_HOSTS, ENTITY_DOMAIN, ROLE_DESTINATION);
	return reading_alert(rg, rec, f);
}

const struct reader reader_darktrace_sentinel = {
	.name = "darktrace-sentinel", .summary = "Darktrace as it arrives in Microsoft Sentinel, JSON or CSV",
	.gives = "alerts, findings, responses", .extensions = ".json .csv", .framing = FRAME_JSON, .fields = fields,
	.clues = clues, .or_csv = true, .record = sentinel_record,
};
