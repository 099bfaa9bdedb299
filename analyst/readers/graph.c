/* Microsoft Graph security API: alerts_v2, and incidents with or without their alerts
 * (FORMATS 2.9). Evidence is told by @odata.type. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "analyst/readers/nested.h"

static const struct band graph_severities[] = {
	{ "informational", 0, SEVERITY_INFO }, { "low", 0, SEVERITY_LOW }, { "medium", 0, SEVERITY_MEDIUM },
	{ "high", 0, SEVERITY_HIGH }, BANDS_END
};

enum { ALERTS, DISPLAY_NAME, INCIDENT_URL, STATUS, SERVICE };

/* What tells an incident from an alert; an incident's own fields are filled from here. */
static const struct field fields[] = {
	[ALERTS] = FIELD("alerts[]", TAKE_NOTHING),
	[DISPLAY_NAME] = FIELD("displayName", TAKE_RULE_NAME),
	[INCIDENT_URL] = FIELD("incidentWebUrl", TAKE_NOTHING),
	[STATUS] = FIELD("status", TAKE_NOTHING),
	[SERVICE] = FIELD("serviceSource", TAKE_NOTHING),
	FIELD("createdDateTime", TAKE_AT),
	FIELD("lastUpdateDateTime", TAKE_REPORTED),
	FIELD("id", TAKE_NATIVE_ID),
	FIELD("description", TAKE_TITLE),
	FIELD_SEVERITY("severity", graph_severities),
	FIELDS_END
};

static const struct clue clues[] = {
	{ "serviceSource", 35 }, { "detectionSource", 15 }, { "providerAlertId", 15 }, { "firstActivityDateTime", 25 },
	{ "lastActivityDateTime", 5 }, { "createdDateTime", 5 }, { "evidence", 15 }, { "alertWebUrl", 10 },
	{ "incidentWebUrl", 50 }, { "redirectIncidentId", 20 }, { NULL, 0 }
};

enum { A_EVIDENCE, A_PRODUCT, A_SERVICE, A_DETECTOR };
static const struct field alert_fields[] = {
	[A_EVIDENCE] = FIELD("evidence[]", TAKE_NOTHING),
	[A_PRODUCT] = FIELD("productName", TAKE_NOTHING),
	[A_SERVICE] = FIELD("serviceSource", TAKE_NOTHING),
	[A_DETECTOR] = FIELD("detectorId", TAKE_RULE_ID),
	FIELD("firstActivityDateTime", TAKE_AT),
	FIELD("createdDateTime", TAKE_AT),
	FIELD("lastActivityDateTime", TAKE_UNTIL),
	FIELD("createdDateTime", TAKE_REPORTED),
	FIELD("providerAlertId", TAKE_NATIVE_ID),
	FIELD("id", TAKE_NATIVE_ID),
	FIELD("title", TAKE_RULE_NAME),
	FIELD("description", TAKE_TITLE),
	FIELD("category", TAKE_CATEGORY),
	FIELD("category", TAKE_TACTICS),
	FIELD("mitreTechniques[]", TAKE_TECHNIQUES),
	FIELD_SEVERITY("severity", graph_severities),
	FIELDS_END
};

enum {
	E_TYPE, E_TYPE_RENAMED, E_ROLE, E_STATUS, E_HOST, E_IP, E_LAST_IP, E_INTERFACE, E_URL, E_USER, E_UPN, E_FILE_NAME, E_FILE_PATH, E_IMAGE_NAME,
	E_IMAGE_PATH, E_COMMAND, E_PARENT_NAME, E_PARENT_PATH,
	E_PARENT_COMMAND, E_KEY, E_HIVE, E_MAILBOX, E_SENDER, E_SENDER_P1, E_SENDER_IP, E_RECIPIENT, E_LINK, E_DOMAIN, E_DETECTED,
	E_LOGGED_ON, E_FROM, E_TO, E_TO_PORT, E_MAC, E_NIC_IP, E_HASH, E_NAME, E_RESOURCE, E_DELIVERY,
	E_TEAMS_SENDER, E_TEAMS_RECIPIENT, E_TEAMS_IP, E_TEAMS_LINK, E_DEVICE_NAME, E_PRINCIPAL, E_SESSION_USER, E_DNS_ANSWER
};
static const struct field evidence_fields[] = {
	[E_TYPE] = FIELD("@odata\\.type", TAKE_NOTHING),
	[E_TYPE_RENAMED] = FIELD("at_sign_odata_type", TAKE_NOTHING),
	[E_ROLE] = FIELD("roles[]", TAKE_NOTHING),
	[E_STATUS] = FIELD("remediationStatus", TAKE_NOTHING),
	[E_HOST] = FIELD("deviceDnsName", TAKE_NOTHING),
	[E_IP] = FIELD("ipAddress", TAKE_NOTHING),
	[E_LAST_IP] = FIELD("lastIpAddress", TAKE_NOTHING),
	[E_INTERFACE] = FIELD("ipInterfaces[]", TAKE_NOTHING),
	[E_URL] = FIELD("url", TAKE_NOTHING),
	[E_USER] = FIELD("userAccount.accountName", TAKE_NOTHING),
	[E_UPN] = FIELD("userAccount.userPrincipalName", TAKE_NOTHING),
	[E_FILE_NAME] = FIELD("fileDetails.fileName", TAKE_NOTHING),
	[E_FILE_PATH] = FIELD("fileDetails.filePath", TAKE_NOTHING),
	[E_IMAGE_NAME] = FIELD("imageFile.fileName", TAKE_NOTHING),
	[E_IMAGE_PATH] = FIELD("imageFile.filePath", TAKE_NOTHING),
	[E_COMMAND] = FIELD("processCommandLine", TAKE_NOTHING),
	[E_PARENT_NAME] = FIELD("parentProcessImageFile.fileName", TAKE_NOTHING),
	[E_PARENT_PATH] = FIELD("parentProcessImageFile.filePath", TAKE_NOTHING),
	[E_PARENT_COMMAND] = FIELD("parentProcessCommandLine", TAKE_NOTHING),
	[E_KEY] = FIELD("registryKey", TAKE_NOTHING),
	[E_HIVE] = FIELD("registryHive", TAKE_NOTHING),
	[E_MAILBOX] = FIELD("primaryAddress", TAKE_NOTHING),
	[E_SENDER] = FIELD("p2Sender.emailAddress", TAKE_NOTHING),
	[E_SENDER_P1] = FIELD("p1Sender.emailAddress", TAKE_NOTHING),
	[E_SENDER_IP] = FIELD("senderIp", TAKE_NOTHING),
	[E_RECIPIENT] = FIELD("recipientEmailAddress", TAKE_NOTHING),
	[E_LINK] = FIELD("urls[]", TAKE_NOTHING),
	[E_DOMAIN] = FIELD("domainName", TAKE_NOTHING),
	[E_DETECTED] = FIELD("detectionStatus", TAKE_NOTHING),
	[E_LOGGED_ON] = FIELD("loggedOnUsers[].accountName", TAKE_NOTHING),
	[E_FROM] = FIELD("sourceAddress.ipAddress", TAKE_NOTHING),
	[E_TO] = FIELD("destinationAddress.ipAddress", TAKE_NOTHING),
	[E_TO_PORT] = FIELD("destinationPort", TAKE_NOTHING),
	[E_MAC] = FIELD("macAddress", TAKE_NOTHING),
	[E_NIC_IP] = FIELD("ipAddress.ipAddress", TAKE_NOTHING),
	[E_HASH] = FIELD("value", TAKE_NOTHING),
	[E_NAME] = FIELD("name", TAKE_NOTHING),
	[E_RESOURCE] = FIELD("resourceName", TAKE_NOTHING),
	[E_DELIVERY] = FIELD("deliveryAction", TAKE_NOTHING),
	[E_TEAMS_SENDER] = FIELD("senderFromAddress", TAKE_NOTHING),
	[E_TEAMS_RECIPIENT] = FIELD("recipients[]", TAKE_NOTHING),
	[E_TEAMS_IP] = FIELD("senderIP", TAKE_NOTHING),
	[E_TEAMS_LINK] = FIELD("urls[].url", TAKE_NOTHING),
	[E_DEVICE_NAME] = FIELD("deviceName", TAKE_NOTHING),
	[E_PRINCIPAL] = FIELD("servicePrincipalName", TAKE_NOTHING),
	[E_SESSION_USER] = FIELD("account.userAccount.accountName", TAKE_NOTHING),
	[E_DNS_ANSWER] = FIELD("hostIpAddress.ipAddress", TAKE_NOTHING),
	FIELD_ENTITY("fileDetails.sha256", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("fileDetails.sha1", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("fileDetails.md5", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("imageFile.sha256", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("imageFile.sha1", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("imageFile.md5", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("parentProcessImageFile.sha256", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("parentProcessImageFile.sha1", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("files[].fileDetails.sha256", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("files[].fileDetails.sha1", ENTITY_HASH, ROLE_OBSERVED),
	FIELDS_END
};

/* The part that the product says something plays; the first it knows. */
static enum entity_role role_of(const struct nested *ev, enum entity_role otherwise)
{
	static const struct { const char *word; enum entity_role role; } roles[] = {
		{ "source", ROLE_SOURCE }, { "attacker", ROLE_SOURCE }, { "destination", ROLE_DESTINATION },
		{ "commandAndControl", ROLE_DESTINATION }, { "compromised", ROLE_VICTIM }, { "attacked", ROLE_VICTIM },
		{ NULL, ROLE_OBSERVED }
	};

	for (const struct json_value *v = nested_first(ev, E_ROLE); v != NULL; v = nested_next(ev, v))
		for (size_t i = 0; v->type == JSON_STRING_TEXT && roles[i].word != NULL; i++)
			if (strcasecmp(roles[i].word, v->text) == 0)
				return roles[i].role;
	return otherwise;
}

static void take_device(struct reading *rg, const struct nested *ev)
{
	enum entity_role role = role_of(ev, ROLE_VICTIM);

	canon_add(&rg->alert, rg->arena, ENTITY_HOST, role, nested_text(ev, E_HOST));
	canon_add(&rg->alert, rg->arena, ENTITY_IP, role, nested_text(ev, E_LAST_IP));
	for (const struct json_value *v = nested_first(ev, E_INTERFACE); v != NULL; v = nested_next(ev, v))
		if (v->type == JSON_STRING_TEXT)
			canon_add(&rg->alert, rg->arena, ENTITY_IP, role, v->text);
	for (const struct json_value *v = nested_first(ev, E_LOGGED_ON); v != NULL; v = nested_next(ev, v))
		if (v->type == JSON_STRING_TEXT)
			add_account(&rg->alert, rg->arena, ROLE_OBSERVED, v->text);
}

static void take_connection(struct reading *rg, const struct nested *ev)
{
	canon_add(&rg->alert, rg->arena, ENTITY_IP, ROLE_SOURCE, nested_text(ev, E_FROM));
	canon_add(&rg->alert, rg->arena, ENTITY_IP, ROLE_DESTINATION, nested_text(ev, E_TO));
	canon_add(&rg->alert, rg->arena, ENTITY_PORT, ROLE_DESTINATION, nested_text(ev, E_TO_PORT));
}

static void take_interface(struct reading *rg, const struct nested *ev)
{
	canon_add(&rg->alert, rg->arena, ENTITY_MAC, ROLE_VICTIM, nested_text(ev, E_MAC));
	canon_add(&rg->alert, rg->arena, ENTITY_IP, ROLE_VICTIM, nested_text(ev, E_NIC_IP));
}

static void take_hash(struct reading *rg, const struct nested *ev)
{
	canon_add(&rg->alert, rg->arena, ENTITY_HASH, ROLE_OBSERVED, nested_text(ev, E_HASH));
}

/* A virtual machine, a pod: what the alert is about, where clouds have no other name for it. */
static void take_resource(struct reading *rg, const struct nested *ev)
{
	const char *name = nested_text(ev, E_RESOURCE);

	canon_add(&rg->alert, rg->arena, ENTITY_HOST, role_of(ev, ROLE_VICTIM), name != NULL ? name : nested_text(ev, E_NAME));
}

static void take_ip(struct reading *rg, const struct nested *ev)
{
	canon_add(&rg->alert, rg->arena, ENTITY_IP, role_of(ev, ROLE_OBSERVED), nested_text(ev, E_IP));
}

static void take_url(struct reading *rg, const struct nested *ev)
{
	canon_add(&rg->alert, rg->arena, ENTITY_URL, ROLE_DESTINATION, nested_text(ev, E_URL));
}

static void take_domain(struct reading *rg, const struct nested *ev)
{
	canon_add(&rg->alert, rg->arena, ENTITY_DOMAIN, ROLE_DESTINATION, nested_text(ev, E_DOMAIN));
}

static void take_user(struct reading *rg, const struct nested *ev)
{
	enum entity_role role = role_of(ev, ROLE_ACTOR);

	if (role == ROLE_VICTIM || role == ROLE_DESTINATION)
		role = ROLE_TARGET;
	if (role == ROLE_SOURCE)
		role = ROLE_ACTOR;
	add_account(&rg->alert, rg->arena, role, nested_text(ev, E_USER));
	canon_add(&rg->alert, rg->arena, ENTITY_EMAIL, role, nested_text(ev, E_UPN));
}

static void take_file(struct reading *rg, const struct nested *ev)
{
	add_file(&rg->alert, rg->arena, ROLE_OBSERVED, nested_text(ev, E_FILE_PATH), nested_text(ev, E_FILE_NAME));
}

static void take_process(struct reading *rg, const struct nested *ev)
{
	add_process(&rg->alert, rg->arena, ROLE_ACTOR, nested_text(ev, E_IMAGE_PATH), nested_text(ev, E_IMAGE_NAME));
	canon_add(&rg->alert, rg->arena, ENTITY_COMMAND, ROLE_ACTOR, nested_text(ev, E_COMMAND));
	add_process(&rg->alert, rg->arena, ROLE_PARENT, nested_text(ev, E_PARENT_PATH), nested_text(ev, E_PARENT_NAME));
	canon_add(&rg->alert, rg->arena, ENTITY_COMMAND, ROLE_PARENT, nested_text(ev, E_PARENT_COMMAND));
	add_account(&rg->alert, rg->arena, ROLE_ACTOR, nested_text(ev, E_USER));
}

static void take_registry(struct reading *rg, const struct nested *ev)
{
	add_registry(&rg->alert, rg->arena, nested_text(ev, E_HIVE), nested_text(ev, E_KEY));
}

static void take_mail(struct reading *rg, const struct nested *ev)
{
	canon_add(&rg->alert, rg->arena, ENTITY_EMAIL, ROLE_TARGET, nested_text(ev, E_MAILBOX));
	canon_add(&rg->alert, rg->arena, ENTITY_EMAIL, ROLE_TARGET, nested_text(ev, E_RECIPIENT));
	canon_add(&rg->alert, rg->arena, ENTITY_EMAIL, ROLE_ACTOR, nested_text(ev, E_SENDER));
	canon_add(&rg->alert, rg->arena, ENTITY_EMAIL, ROLE_ACTOR, nested_text(ev, E_SENDER_P1));
	for (const struct json_value *v = nested_first(ev, E_LINK); v != NULL; v = nested_next(ev, v))
		if (v->type == JSON_STRING_TEXT)
			canon_add(&rg->alert, rg->arena, ENTITY_URL, ROLE_DESTINATION, v->text);
	microsoft_action(&rg->alert, nested_text(ev, E_DELIVERY));
	canon_add(&rg->alert, rg->arena, ENTITY_IP, ROLE_SOURCE, nested_text(ev, E_SENDER_IP));
}

static void add_texts(struct reading *rg, const struct nested *ev, size_t row, enum entity_kind kind, enum entity_role role)
{
	for (const struct json_value *v = nested_first(ev, row); v != NULL; v = nested_next(ev, v))
		if (v->type == JSON_STRING_TEXT)
			canon_add(&rg->alert, rg->arena, kind, role, v->text);
}

static void take_teams(struct reading *rg, const struct nested *ev)
{
	add_texts(rg, ev, E_TEAMS_SENDER, ENTITY_EMAIL, ROLE_ACTOR);
	add_texts(rg, ev, E_TEAMS_RECIPIENT, ENTITY_EMAIL, ROLE_TARGET);
	add_texts(rg, ev, E_TEAMS_IP, ENTITY_IP, ROLE_SOURCE);
	add_texts(rg, ev, E_TEAMS_LINK, ENTITY_URL, ROLE_DESTINATION);
	microsoft_action(&rg->alert, nested_text(ev, E_DELIVERY));
}

static void take_iot(struct reading *rg, const struct nested *ev)
{
	canon_add(&rg->alert, rg->arena, ENTITY_HOST, role_of(ev, ROLE_VICTIM), nested_text(ev, E_DEVICE_NAME));
	take_interface(rg, ev);
}

/* A program's own account. */
static void take_principal(struct reading *rg, const struct nested *ev)
{
	canon_add(&rg->alert, rg->arena, ENTITY_USER, ROLE_ACTOR, nested_text(ev, E_PRINCIPAL));
}

static void take_session(struct reading *rg, const struct nested *ev)
{
	add_account(&rg->alert, rg->arena, ROLE_ACTOR, nested_text(ev, E_SESSION_USER));
}

static void take_lookup(struct reading *rg, const struct nested *ev)
{
	take_domain(rg, ev);
	canon_add(&rg->alert, rg->arena, ENTITY_IP, ROLE_OBSERVED, nested_text(ev, E_DNS_ANSWER));
}

static const struct {
	const char *type;            /* #microsoft.graph.security.<type>Evidence */
	void (*take)(struct reading *rg, const struct nested *ev);
} evidence_types[] = {
	{ "device", take_device }, { "ip", take_ip }, { "url", take_url }, { "user", take_user }, { "file", take_file },
	{ "process", take_process }, { "registryKey", take_registry }, { "registryValue", take_registry },
	{ "registry", take_registry }, { "mailbox", take_mail }, { "analyzedMessage", take_mail }, { "dns", take_lookup },
	{ "networkConnection", take_connection }, { "nic", take_interface }, { "fileHash", take_hash },
	{ "azureResource", take_resource }, { "amazonResource", take_resource }, { "googleCloudResource", take_resource },
	{ "kubernetesPod", take_resource }, { "submissionMail", take_mail },
	{ "teamsMessage", take_teams }, { "iotDevice", take_iot }, { "servicePrincipal", take_principal },
	{ "hostLogonSession", take_session }, { "cloudLogonSession", take_session },
	{ NULL, NULL }
};

static void take_evidence(struct reading *rg, const struct nested *ev)
{
	const char *type = nested_text(ev, E_TYPE);
	size_t n;

	if (type == NULL)
		type = nested_text(ev, E_TYPE_RENAMED);
	if (type == NULL)
		return;
	type = strrchr(type, '.') != NULL ? strrchr(type, '.') + 1 : type;
	n = strlen(type);
	n = n > 8 && strcasecmp(type + n - 8, "Evidence") == 0 ? n - 8 : n;
	for (size_t i = 0; evidence_types[i].type != NULL; i++)
		if (strlen(evidence_types[i].type) == n && strncasecmp(evidence_types[i].type, type, n) == 0)
			evidence_types[i].take(rg, ev);
	nested_fill(ev, &rg->filling);
	microsoft_action(&rg->alert, nested_text(ev, E_STATUS));
	microsoft_action(&rg->alert, nested_text(ev, E_DETECTED));
}

static const char *product_of(const struct nested *a)
{
	const char *product = microsoft_product(nested_text(a, A_SERVICE));

	if (product == NULL)
		product = microsoft_product(nested_text(a, A_PRODUCT));
	return product != NULL ? product : "microsoft-graph";
}

static int one_alert(struct reading *rg, const struct record *rec, struct fault *f)
{
	struct nested *alert = rg->inner[0], *evidence = rg->inner[1];

	filling_begin(&rg->filling, &rg->alert, rg->arena, 0);
	if (!nested_read(alert, rec->bytes, rec->n))
		return reading_reject(rg, rec, "an alert that is not a JSON object", f);
	nested_fill(alert, &rg->filling);
	rg->alert.rule.product = product_of(alert);
	for (const struct json_value *v = nested_first(alert, A_EVIDENCE); v != NULL; v = nested_next(alert, v))
		if (v->type == JSON_OBJECT && nested_read(evidence, v->text, v->length))
			take_evidence(rg, evidence);
	return reading_alert(rg, rec, f);
}

static int one_incident(struct reading *rg, const struct record *rec, struct fault *f)
{
	const char *status = reading_text(rg, STATUS);

	if (status != NULL && strcasecmp(status, "redirected") == 0)
		return reading_blank(rg, rec, BLANK_CONTEXT, f);
	filling_begin(&rg->filling, &rg->alert, rg->arena, 0);
	rg->alert.rule.product = "defender-xdr";
	rg->alert.kind = RECORD_FINDING;
	reading_fill(rg);
	if (reading_alert(rg, rec, f) < 0)
		return -1;
	return each_member(rg, rec, ALERTS, one_alert, f);
}

static int graph_record(struct reading *rg, const struct record *rec, struct fault *f)
{
	if (reading_text(rg, DISPLAY_NAME) != NULL && reading_text(rg, SERVICE) == NULL &&
	    (json_has(rg->json, INCIDENT_URL) || json_has(rg->json, ALERTS)))
		return one_incident(rg, rec, f);
	return one_alert(rg, rec, f);
}

static const struct field *const inner[] = { alert_fields, evidence_fields, NULL };
static const char *const wrappers[] = { "value", NULL };

const struct reader reader_graph = {
	.name = "graph-alerts", .summary = "Microsoft Graph alerts_v2 and incidents, JSON", .gives = "alerts, findings",
	.extensions = ".json .jsonl", .framing = FRAME_JSON, .wrappers = wrappers, .fields = fields, .clues = clues,
	.inner = inner, .whole = true,
	.record = graph_record,
};
