/* Incidents of the Microsoft Defender XDR API, /api/incidents: each a finding, and the
 * alerts inside it (FORMATS 2.9). Bare alerts of the same shape are read too, and those of Defender for Endpoint's own
 * API, /api/alerts, which has other names for the same. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "analyst/readers/nested.h"

static const struct band defender_severities[] = {
	{ "Informational", 0, SEVERITY_INFO }, { "Low", 0, SEVERITY_LOW }, { "Medium", 0, SEVERITY_MEDIUM },
	{ "High", 0, SEVERITY_HIGH }, BANDS_END
};

enum { ALERTS, INCIDENT_NAME, ALERT_ID, FIRST_ACTIVITY, LAST_ACTIVITY, REDIRECT, MACHINE, CREATION };

static const struct field fields[] = {
	[ALERTS] = FIELD("alerts[]", TAKE_NOTHING),
	[INCIDENT_NAME] = FIELD("incidentName", TAKE_RULE_NAME),
	[ALERT_ID] = FIELD("alertId", TAKE_NOTHING),
	[FIRST_ACTIVITY] = FIELD("alerts[].firstActivity", TAKE_NOTHING),
	[LAST_ACTIVITY] = FIELD("alerts[].lastActivity", TAKE_NOTHING),
	[REDIRECT] = FIELD("redirectIncidentId", TAKE_NOTHING),
	[MACHINE] = FIELD_ENTITY("alerts[].devices[].deviceDnsName", ENTITY_HOST, ROLE_VICTIM),
	[CREATION] = FIELD("alertCreationTime", TAKE_NOTHING),
	FIELD("createdTime", TAKE_AT),
	FIELD("createdTime", TAKE_REPORTED),
	FIELD("incidentId", TAKE_NATIVE_ID),
	FIELD("alerts[].mitreTechniques[]", TAKE_TECHNIQUES),
	FIELD("alerts[].category", TAKE_TACTICS),
	FIELD_SEVERITY("severity", defender_severities),
	FIELDS_END
};

static const struct clue clues[] = {
	{ "incidentId", 25 }, { "incidentName", 15 }, { "alerts[].alertId", 40 }, { "alerts[].devices", 10 },
	{ "alertId", 30 }, { "firstActivity", 15 }, { "entities", 10 }, { "devices", 10 }, { "redirectIncidentId", 5 },
	{ "alertCreationTime", 40 }, { "computerDnsName", 20 }, { "lastEventTime", 15 },
	{ NULL, 0 }
};

enum { A_ENTITIES, A_EVIDENCE, A_SERVICE, A_SOURCE, A_HOST };
static const struct field alert_fields[] = {
	[A_ENTITIES] = FIELD("entities[]", TAKE_NOTHING),
	[A_EVIDENCE] = FIELD("evidence[]", TAKE_NOTHING),
	[A_SERVICE] = FIELD("serviceSource", TAKE_NOTHING),
	[A_SOURCE] = FIELD("computerDnsName", TAKE_NOTHING),
	[A_HOST] = FIELD_ENTITY("devices[].deviceDnsName", ENTITY_HOST, ROLE_VICTIM),
	FIELD_ENTITY("computerDnsName", ENTITY_HOST, ROLE_VICTIM),
	FIELD_ENTITY("relatedUser.userName", ENTITY_USER, ROLE_ACTOR),
	FIELD("firstActivity", TAKE_AT),
	FIELD("firstEventTime", TAKE_AT),
	FIELD("creationTime", TAKE_AT),
	FIELD("alertCreationTime", TAKE_AT),
	FIELD("lastActivity", TAKE_UNTIL),
	FIELD("lastEventTime", TAKE_UNTIL),
	FIELD("creationTime", TAKE_REPORTED),
	FIELD("alertCreationTime", TAKE_REPORTED),
	FIELD("providerAlertId", TAKE_NATIVE_ID),
	FIELD("alertId", TAKE_NATIVE_ID),
	FIELD("id", TAKE_NATIVE_ID),
	FIELD("detectorId", TAKE_RULE_ID),
	FIELD("title", TAKE_RULE_NAME),
	FIELD("description", TAKE_TITLE),
	FIELD("category", TAKE_CATEGORY),
	FIELD("category", TAKE_TACTICS),
	FIELD("mitreTechniques[]", TAKE_TECHNIQUES),
	FIELD_SEVERITY("severity", defender_severities),
	FIELDS_END
};

enum {
	E_TYPE, E_FILE_NAME, E_FILE_PATH, E_PARENT_NAME, E_PARENT_PATH, E_USER, E_UPN, E_STATUS, E_KEY, E_HIVE, E_MAILBOX, E_DETECTED,
	E_DELIVERY
};
static const struct field entity_fields[] = {
	[E_TYPE] = FIELD("entityType", TAKE_NOTHING),
	[E_FILE_NAME] = FIELD("fileName", TAKE_NOTHING),
	[E_FILE_PATH] = FIELD("filePath", TAKE_NOTHING),
	[E_PARENT_NAME] = FIELD("parentProcessFileName", TAKE_NOTHING),
	[E_PARENT_PATH] = FIELD("parentProcessFilePath", TAKE_NOTHING),
	[E_USER] = FIELD("accountName", TAKE_NOTHING),
	[E_UPN] = FIELD("userPrincipalName", TAKE_NOTHING),
	[E_STATUS] = FIELD("remediationStatus", TAKE_NOTHING),
	[E_KEY] = FIELD("registryKey", TAKE_NOTHING),
	[E_HIVE] = FIELD("registryHive", TAKE_NOTHING),
	[E_MAILBOX] = FIELD_ENTITY("mailboxAddress", ENTITY_EMAIL, ROLE_TARGET),
	[E_DETECTED] = FIELD("detectionStatus", TAKE_NOTHING),
	[E_DELIVERY] = FIELD("deliveryAction", TAKE_NOTHING),
	FIELD_ENTITY("recipient", ENTITY_EMAIL, ROLE_TARGET),
	FIELD_ENTITY("sha256", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("sha1", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("processCommandLine", ENTITY_COMMAND, ROLE_ACTOR),
	FIELD_ENTITY("parentProcessCommandLine", ENTITY_COMMAND, ROLE_PARENT),
	FIELD_ENTITY("ipAddress", ENTITY_IP, ROLE_OBSERVED),
	FIELD_ENTITY("senderIP", ENTITY_IP, ROLE_SOURCE),
	FIELD_ENTITY("url", ENTITY_URL, ROLE_DESTINATION),
	FIELD_ENTITY("sender", ENTITY_EMAIL, ROLE_ACTOR),
	FIELDS_END
};

static void take_entity(struct reading *rg, const struct nested *e)
{
	const char *type = nested_text(e, E_TYPE);

	if (type != NULL && strcasecmp(type, "Process") == 0)
		add_process(&rg->alert, rg->arena, ROLE_ACTOR, nested_text(e, E_FILE_PATH), nested_text(e, E_FILE_NAME));
	else
		add_file(&rg->alert, rg->arena, ROLE_OBSERVED, nested_text(e, E_FILE_PATH), nested_text(e, E_FILE_NAME));
	add_process(&rg->alert, rg->arena, ROLE_PARENT, nested_text(e, E_PARENT_PATH), nested_text(e, E_PARENT_NAME));
	add_account(&rg->alert, rg->arena, ROLE_ACTOR, nested_text(e, E_USER));
	/* Of mail it is whose mailbox it came to. */
	canon_add(&rg->alert, rg->arena, ENTITY_EMAIL, type != NULL && strncasecmp(type, "Mail", 4) == 0 ? ROLE_TARGET : ROLE_ACTOR,
	          nested_text(e, E_UPN));
	add_registry(&rg->alert, rg->arena, nested_text(e, E_HIVE), nested_text(e, E_KEY));
	nested_fill(e, &rg->filling);
	microsoft_action(&rg->alert, nested_text(e, E_STATUS));
	microsoft_action(&rg->alert, nested_text(e, E_DETECTED));
	microsoft_action(&rg->alert, nested_text(e, E_DELIVERY));
}

static int one_alert(struct reading *rg, const struct record *rec, struct fault *f)
{
	struct nested *alert = rg->inner[0], *entity = rg->inner[1];
	const char *product;

	filling_begin(&rg->filling, &rg->alert, rg->arena, 0);
	if (!nested_read(alert, rec->bytes, rec->n))
		return reading_reject(rg, rec, "an alert that is not a JSON object", f);
	nested_fill(alert, &rg->filling);
	product = microsoft_product(nested_text(alert, A_SERVICE));
	rg->alert.rule.product = product != NULL ? product : nested_text(alert, A_SOURCE) != NULL ? "defender-endpoint" : "defender-xdr";
	for (size_t row = A_ENTITIES; row <= A_EVIDENCE; row++)
		for (const struct json_value *v = nested_first(alert, row); v != NULL; v = nested_next(alert, v))
			if (v->type == JSON_OBJECT && nested_read(entity, v->text, v->length))
				take_entity(rg, entity);
	return reading_alert(rg, rec, f);
}

/* An incident goes from its alerts' first activity to their last. */
static void take_span(struct reading *rg)
{
	struct alert *a = &rg->alert;
	instant t;

	for (const struct json_value *v = json_first(rg->json, FIRST_ACTIVITY); v != NULL; v = json_next(rg->json, v))
		if (v->type == JSON_STRING_TEXT && instant_parse(&t, NULL, v->text, v->length, 0) && (a->at == INSTANT_NONE || t < a->at))
			a->at = t;
	for (const struct json_value *v = json_first(rg->json, LAST_ACTIVITY); v != NULL; v = json_next(rg->json, v))
		if (v->type == JSON_STRING_TEXT && instant_parse(&t, NULL, v->text, v->length, 0) && (a->until == INSTANT_NONE || t > a->until))
			a->until = t;
}

static int defender_record(struct reading *rg, const struct record *rec, struct fault *f)
{
	const char *redirect = reading_text(rg, REDIRECT);

	if (reading_text(rg, ALERT_ID) != NULL || reading_text(rg, CREATION) != NULL)
		return one_alert(rg, rec, f);
	if (redirect != NULL && strcmp(redirect, "0") != 0)
		return reading_blank(rg, rec, BLANK_CONTEXT, f);
	filling_begin(&rg->filling, &rg->alert, rg->arena, 0);
	rg->alert.rule.product = "defender-xdr";
	rg->alert.kind = RECORD_FINDING;
	reading_fill(rg);
	take_span(rg);
	if (reading_alert(rg, rec, f) < 0)
		return -1;
	return each_member(rg, rec, ALERTS, one_alert, f);
}

static const struct field *const inner[] = { alert_fields, entity_fields, NULL };
static const char *const wrappers[] = { "value", NULL };

const struct reader reader_defender = {
	.name = "defender-xdr", .summary = "Microsoft Defender XDR incidents with their alerts, alerts of Defender for Endpoint, JSON",
	.gives = "findings, alerts", .extensions = ".json .jsonl", .framing = FRAME_JSON, .wrappers = wrappers,
	.fields = fields, .clues = clues, .inner = inner, .whole = true,
	.record = defender_record,
};
