/* Rows of Microsoft Sentinel's tables SecurityAlert and SecurityIncident, as JSON or as CSV (FORMATS 2.9), and incidents as its
 * API and tools write them. What an alert is about stands in the column Entities, as JSON inside text. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "analyst/readers/nested.h"

static const struct band sentinel_severities[] = {
	{ "Informational", 0, SEVERITY_INFO }, { "Low", 0, SEVERITY_LOW }, { "Medium", 0, SEVERITY_MEDIUM },
	{ "High", 0, SEVERITY_HIGH }, BANDS_END
};

enum {
	ENTITIES, TACTICS, TECHNIQUES, SUB_TECHNIQUES, COMPROMISED, CONFIDENCE, PRODUCT, PROVIDER, IS_INCIDENT,
	START_PORTAL, GENERATED_PORTAL, END_PORTAL, FIRST_PORTAL, LAST_PORTAL, MODIFIED_PORTAL, PROPERTIES, ADDITIONAL, FIRST_NUMBER, LAST_NUMBER = FIRST_NUMBER + 3, FIRST_FILLED = LAST_NUMBER + 36
};

/* A path is a column of the CSV, too. */
static const struct field fields[] = {
	[ENTITIES] = FIELD("Entities", TAKE_NOTHING),
	[TACTICS] = FIELD("Tactics", TAKE_NOTHING),
	[TECHNIQUES] = FIELD("Techniques", TAKE_TECHNIQUES),
	[SUB_TECHNIQUES] = FIELD("SubTechniques", TAKE_TECHNIQUES),
	[COMPROMISED] = FIELD("CompromisedEntity", TAKE_NOTHING),
	[CONFIDENCE] = FIELD("ConfidenceScore", TAKE_NOTHING),
	[PRODUCT] = FIELD("ProductName", TAKE_NOTHING),
	[PROVIDER] = FIELD("ProviderName", TAKE_NOTHING),
	[IS_INCIDENT] = FIELD("IsIncident", TAKE_NOTHING),
	[START_PORTAL] = FIELD("StartTime \\[UTC\\]", TAKE_NOTHING),
	[GENERATED_PORTAL] = FIELD("TimeGenerated \\[UTC\\]", TAKE_NOTHING),
	[END_PORTAL] = FIELD("EndTime \\[UTC\\]", TAKE_NOTHING),
	[FIRST_PORTAL] = FIELD("FirstActivityTime \\[UTC\\]", TAKE_NOTHING),
	[LAST_PORTAL] = FIELD("LastActivityTime \\[UTC\\]", TAKE_NOTHING),
	[MODIFIED_PORTAL] = FIELD("LastModifiedTime \\[UTC\\]", TAKE_NOTHING),

	[PROPERTIES] = FIELD("ExtendedProperties", TAKE_NOTHING),
	[ADDITIONAL] = FIELD("AdditionalData", TAKE_NOTHING),
	/* Of an incident: as a row, and as the API, the command line and the library for Python spell it. */
	[FIRST_NUMBER] = FIELD("IncidentNumber", TAKE_NOTHING),
	FIELD("properties.incidentNumber", TAKE_NOTHING),
	FIELD("incidentNumber", TAKE_NOTHING),
	[LAST_NUMBER] = FIELD("incident_number", TAKE_NOTHING),
	FIELD("FirstActivityTime", TAKE_AT_UTC),
	FIELD("properties.firstActivityTimeUtc", TAKE_AT_UTC),
	FIELD("firstActivityTimeUtc", TAKE_AT_UTC),
	FIELD("first_activity_time_utc", TAKE_AT_UTC),
	FIELD("LastActivityTime", TAKE_AT_UTC),
	FIELD("properties.lastActivityTimeUtc", TAKE_AT_UTC),
	FIELD("lastActivityTimeUtc", TAKE_AT_UTC),
	FIELD("last_activity_time_utc", TAKE_AT_UTC),
	FIELD("CreatedTime", TAKE_AT_UTC),
	FIELD("properties.createdTimeUtc", TAKE_AT_UTC),
	FIELD("createdTimeUtc", TAKE_AT_UTC),
	FIELD("created_time_utc", TAKE_AT_UTC),
	FIELD("LastActivityTime", TAKE_UNTIL),
	FIELD("properties.lastActivityTimeUtc", TAKE_UNTIL),
	FIELD("lastActivityTimeUtc", TAKE_UNTIL),
	FIELD("last_activity_time_utc", TAKE_UNTIL),
	FIELD("LastModifiedTime", TAKE_REPORTED),
	FIELD("properties.lastModifiedTimeUtc", TAKE_REPORTED),
	FIELD("lastModifiedTimeUtc", TAKE_REPORTED),
	FIELD("last_modified_time_utc", TAKE_REPORTED),
	FIELD("IncidentName", TAKE_NATIVE_ID),
	FIELD("name", TAKE_NATIVE_ID),
	FIELD("Title", TAKE_RULE_NAME),
	FIELD("properties.title", TAKE_RULE_NAME),
	FIELD("title", TAKE_RULE_NAME),
	FIELD("properties.description", TAKE_TITLE),
	FIELD("description", TAKE_TITLE),
	FIELD_SEVERITY("properties.severity", sentinel_severities),
	FIELD_SEVERITY("severity", sentinel_severities),
	FIELD("properties.additionalData.tactics[]", TAKE_TACTICS),
	FIELD("additionalData.tactics[]", TAKE_TACTICS),
	FIELD("additional_data.tactics[]", TAKE_TACTICS),
	FIELD("properties.additionalData.techniques[]", TAKE_TECHNIQUES),
	FIELD("additionalData.techniques[]", TAKE_TECHNIQUES),
	FIELD("additional_data.techniques[]", TAKE_TECHNIQUES),

	[FIRST_FILLED] = FIELD("StartTime", TAKE_AT_UTC),
	FIELD("StartTimeUtc", TAKE_AT_UTC),
	FIELD("TimeGenerated", TAKE_AT_UTC),
	FIELD("EndTime", TAKE_UNTIL),
	FIELD("EndTimeUtc", TAKE_UNTIL),
	FIELD("TimeGenerated", TAKE_REPORTED),
	FIELD("VendorOriginalId", TAKE_NATIVE_ID),
	FIELD("ProviderAlertId", TAKE_NATIVE_ID),
	FIELD("SystemAlertId", TAKE_NATIVE_ID),
	FIELD("AlertType", TAKE_RULE_ID),
	FIELD("DisplayName", TAKE_RULE_NAME),
	FIELD("AlertDisplayName", TAKE_RULE_NAME),
	FIELD("AlertName", TAKE_RULE_NAME),
	FIELD("Description", TAKE_TITLE),
	FIELD("Tactics", TAKE_CATEGORY),
	FIELD_SEVERITY("AlertSeverity", sentinel_severities),
	FIELD_SEVERITY("Severity", sentinel_severities),
	FIELDS_END
};

static const struct clue clues[] = {
	{ "SystemAlertId", 40 }, { "ProviderName", 15 }, { "AlertSeverity", 20 }, { "AlertName", 15 }, { "VendorName", 10 },
	{ "VendorOriginalId", 10 }, { "AlertType", 10 }, { "CompromisedEntity", 10 }, { "Entities", 10 },
	{ "IncidentNumber", 30 }, { "IncidentUrl", 20 }, { "AlertIds", 15 }, { "RelatedAnalyticRuleIds", 15 },
	{ "properties.incidentNumber", 45 }, { "properties.incidentUrl", 20 }, { "incidentNumber", 35 }, { "incidentUrl", 20 },
	{ "relatedAnalyticRuleIds", 15 }, { "incident_number", 35 }, { "incident_url", 20 }, { "related_analytic_rule_ids", 15 }, { NULL, 0 }
};

/* ---- entities ---- */

enum { E_LIST };
static const struct field list_fields[] = { [E_LIST] = FIELD("[]", TAKE_NOTHING), FIELDS_END };

enum {
	E_ID, E_TYPE, E_ADDRESS, E_HOST, E_NETBIOS, E_DNS_DOMAIN, E_NAME, E_DIRECTORY, E_HASH, E_COMMAND, E_IMAGE_REF,
	E_IMAGE_NAME, E_IMAGE_DIRECTORY, E_URL, E_DOMAIN, E_MAILBOX, E_SENDER, E_KEY, E_HIVE, E_PARENT_NAME, E_PARENT_DIRECTORY,
	E_PARENT_COMMAND, E_ACCOUNT_NAME, E_UPN_SUFFIX, E_FILE_NAME, E_FILE_HASH, E_PARENT_REF, E_SENDER_IP, E_RECIPIENT, E_LINK
};
static const struct field entity_fields[] = {
	[E_ID] = FIELD("$id", TAKE_NOTHING),
	[E_TYPE] = FIELD("Type", TAKE_NOTHING),
	[E_ADDRESS] = FIELD("Address", TAKE_NOTHING),
	[E_HOST] = FIELD("HostName", TAKE_NOTHING),
	[E_NETBIOS] = FIELD("NetBiosName", TAKE_NOTHING),
	[E_DNS_DOMAIN] = FIELD("DnsDomain", TAKE_NOTHING),
	[E_NAME] = FIELD("Name", TAKE_NOTHING),
	[E_DIRECTORY] = FIELD("Directory", TAKE_NOTHING),
	[E_HASH] = FIELD("Value", TAKE_NOTHING),
	[E_COMMAND] = FIELD("CommandLine", TAKE_NOTHING),
	[E_IMAGE_REF] = FIELD("ImageFile.$ref", TAKE_NOTHING),
	[E_IMAGE_NAME] = FIELD("ImageFile.Name", TAKE_NOTHING),
	[E_IMAGE_DIRECTORY] = FIELD("ImageFile.Directory", TAKE_NOTHING),
	[E_URL] = FIELD("Url", TAKE_NOTHING),
	[E_DOMAIN] = FIELD("DomainName", TAKE_NOTHING),
	[E_MAILBOX] = FIELD("MailboxPrimaryAddress", TAKE_NOTHING),
	[E_SENDER] = FIELD("Sender", TAKE_NOTHING),
	[E_KEY] = FIELD("Key", TAKE_NOTHING),
	[E_HIVE] = FIELD("Hive", TAKE_NOTHING),
	[E_PARENT_NAME] = FIELD("ParentProcess.ImageFile.Name", TAKE_NOTHING),
	[E_PARENT_DIRECTORY] = FIELD("ParentProcess.ImageFile.Directory", TAKE_NOTHING),
	[E_PARENT_COMMAND] = FIELD("ParentProcess.CommandLine", TAKE_NOTHING),
	[E_ACCOUNT_NAME] = FIELD("Account.Name", TAKE_NOTHING),
	[E_UPN_SUFFIX] = FIELD("UPNSuffix", TAKE_NOTHING),
	[E_FILE_NAME] = FIELD("File.Name", TAKE_NOTHING),
	[E_FILE_HASH] = FIELD("FileHashes[].Value", TAKE_NOTHING),
	[E_PARENT_REF] = FIELD("ParentProcess.$ref", TAKE_NOTHING),
	[E_SENDER_IP] = FIELD("SenderIP", TAKE_NOTHING),
	[E_RECIPIENT] = FIELD("Recipient", TAKE_NOTHING),
	[E_LINK] = FIELD("Urls[]", TAKE_NOTHING),
	FIELDS_END
};

/* What an alert's own detector says of it, in words that differ by detector. */
static const struct field property_fields[] = {
	FIELD_ENTITY("Attacker IP", ENTITY_IP, ROLE_SOURCE),
	FIELD_ENTITY("Attacker source IP", ENTITY_IP, ROLE_SOURCE),
	FIELD_ENTITY("Client IP Address", ENTITY_IP, ROLE_SOURCE),
	FIELD_ENTITY("Client IP address", ENTITY_IP, ROLE_SOURCE),
	FIELD_ENTITY("Victim IP", ENTITY_IP, ROLE_VICTIM),
	FIELD_ENTITY("Machine IP", ENTITY_IP, ROLE_VICTIM),
	FIELD_ENTITY("Victim Port", ENTITY_PORT, ROLE_DESTINATION),
	FIELD_ENTITY("User Account", ENTITY_USER, ROLE_ACTOR),
	FIELD("tactics[]", TAKE_TACTICS),
	FIELD("techniques[]", TAKE_TECHNIQUES),
	FIELD("ActionTaken", TAKE_ACTION),
	FIELD("Action taken", TAKE_ACTION),
	FIELD("Action Taken", TAKE_ACTION),
	FIELDS_END
};

#define FILES_KEPT 128          /* of one alert, that its processes may point to; and as many processes */

struct sentinel_state {
	struct { const char *id, *folder, *name; } files[FILES_KEPT];
	const char *parents[FILES_KEPT];         /* ids of processes that others call their parent */
	size_t file_count, parent_count;
};

static const char *e_text(const struct reading *rg, size_t row)
{
	const char *s = nested_text(rg->inner[1], row);

	return s != NULL && s[0] != '\0' ? s : NULL;
}

static void keep_file(struct reading *rg)
{
	struct sentinel_state *st = rg->state;
	const char *id = e_text(rg, E_ID), *name = e_text(rg, E_NAME);

	if (id == NULL || name == NULL || st->file_count == FILES_KEPT)
		return;
	st->files[st->file_count].id = arena_dup(rg->arena, id);
	st->files[st->file_count].folder = arena_dup(rg->arena, e_text(rg, E_DIRECTORY));
	st->files[st->file_count++].name = arena_dup(rg->arena, name);
}

static void keep_parent(struct reading *rg)
{
	struct sentinel_state *st = rg->state;

	if (e_text(rg, E_PARENT_REF) != NULL && st->parent_count < FILES_KEPT)
		st->parents[st->parent_count++] = arena_dup(rg->arena, e_text(rg, E_PARENT_REF));
}

static enum entity_role role_of_process(const struct reading *rg)
{
	const struct sentinel_state *st = rg->state;
	const char *id = e_text(rg, E_ID);

	for (size_t i = 0; id != NULL && i < st->parent_count; i++)
		if (strcmp(st->parents[i], id) == 0)
			return ROLE_PARENT;
	return ROLE_ACTOR;
}

static void take_process(struct reading *rg)
{
	enum entity_role role = role_of_process(rg);
	struct sentinel_state *st = rg->state;
	const char *ref = e_text(rg, E_IMAGE_REF), *folder = e_text(rg, E_IMAGE_DIRECTORY), *name = e_text(rg, E_IMAGE_NAME);

	for (size_t i = 0; name == NULL && ref != NULL && i < st->file_count; i++)
		if (strcmp(st->files[i].id, ref) == 0) {
			folder = st->files[i].folder;
			name = st->files[i].name;
		}
	add_process(&rg->alert, rg->arena, role, folder, name);
	canon_add(&rg->alert, rg->arena, ENTITY_COMMAND, role, e_text(rg, E_COMMAND));
	add_process(&rg->alert, rg->arena, ROLE_PARENT, e_text(rg, E_PARENT_DIRECTORY), e_text(rg, E_PARENT_NAME));
	canon_add(&rg->alert, rg->arena, ENTITY_COMMAND, ROLE_PARENT, e_text(rg, E_PARENT_COMMAND));
	add_account(&rg->alert, rg->arena, ROLE_ACTOR, e_text(rg, E_ACCOUNT_NAME));
}

static void take_registry(struct reading *rg)
{
	add_registry(&rg->alert, rg->arena, e_text(rg, E_HIVE), e_text(rg, E_KEY));
}

static void take_host(struct reading *rg)
{
	const char *name = e_text(rg, E_HOST) != NULL ? e_text(rg, E_HOST) : e_text(rg, E_NETBIOS);
	const char *domain = e_text(rg, E_DNS_DOMAIN);

	if (name != NULL && domain != NULL && strchr(name, '.') == NULL)
		name = arena_printf(rg->arena, "%s.%s", name, domain);
	canon_add(&rg->alert, rg->arena, ENTITY_HOST, ROLE_VICTIM, name);
}

static void take_user(struct reading *rg)
{
	const char *name = e_text(rg, E_NAME), *suffix = e_text(rg, E_UPN_SUFFIX);

	if (name != NULL && suffix != NULL && strchr(name, '@') == NULL)
		name = arena_printf(rg->arena, "%s@%s", name, suffix);
	add_account(&rg->alert, rg->arena, ROLE_ACTOR, name);
}

static void take_file(struct reading *rg)
{
	add_file(&rg->alert, rg->arena, ROLE_OBSERVED, e_text(rg, E_DIRECTORY), e_text(rg, E_NAME));
	for (const struct json_value *v = nested_first(rg->inner[1], E_FILE_HASH); v != NULL; v = nested_next(rg->inner[1], v))
		if (v->type == JSON_STRING_TEXT)
			canon_add(&rg->alert, rg->arena, ENTITY_HASH, ROLE_OBSERVED, v->text);
}

static void take_mailbox(struct reading *rg)
{
	canon_add(&rg->alert, rg->arena, ENTITY_EMAIL, ROLE_TARGET, e_text(rg, E_MAILBOX));
	canon_add(&rg->alert, rg->arena, ENTITY_EMAIL, ROLE_TARGET, e_text(rg, E_RECIPIENT));
	canon_add(&rg->alert, rg->arena, ENTITY_EMAIL, ROLE_ACTOR, e_text(rg, E_SENDER));
	canon_add(&rg->alert, rg->arena, ENTITY_IP, ROLE_SOURCE, e_text(rg, E_SENDER_IP));
	for (const struct json_value *v = nested_first(rg->inner[1], E_LINK); v != NULL; v = nested_next(rg->inner[1], v))
		if (v->type == JSON_STRING_TEXT)
			canon_add(&rg->alert, rg->arena, ENTITY_URL, ROLE_DESTINATION, v->text);
}

/* Types that need more than one value to its kind and role. */
static const struct {
	const char *type;
	size_t row;
	enum entity_kind kind;
	enum entity_role role;
	void (*take)(struct reading *rg);
} entity_types[] = {
	{ "host", 0, 0, 0, take_host }, { "account", 0, 0, 0, take_user }, { "process", 0, 0, 0, take_process },
	{ "file", 0, 0, 0, take_file }, { "registry-key", 0, 0, 0, take_registry }, { "registrykey", 0, 0, 0, take_registry },
	{ "mailbox", 0, 0, 0, take_mailbox }, { "mailmessage", 0, 0, 0, take_mailbox },
	{ "ip", E_ADDRESS, ENTITY_IP, ROLE_OBSERVED, NULL }, { "url", E_URL, ENTITY_URL, ROLE_DESTINATION, NULL },
	{ "filehash", E_HASH, ENTITY_HASH, ROLE_OBSERVED, NULL }, { "dns", E_DOMAIN, ENTITY_DOMAIN, ROLE_DESTINATION, NULL },
	{ NULL, 0, 0, 0, NULL }
};

static void take_entity(struct reading *rg)
{
	const char *type = e_text(rg, E_TYPE);

	for (size_t i = 0; type != NULL && entity_types[i].type != NULL; i++) {
		if (strcasecmp(entity_types[i].type, type) != 0)
			continue;
		if (entity_types[i].take != NULL)
			entity_types[i].take(rg);
		else
			canon_add(&rg->alert, rg->arena, entity_types[i].kind, entity_types[i].role, e_text(rg, entity_types[i].row));
	}
}

static void take_entities(struct reading *rg, const char *bytes)
{
	struct sentinel_state *st = rg->state;
	struct nested *list = rg->inner[0], *entity = rg->inner[1];

	st->file_count = st->parent_count = 0;
	if (bytes == NULL || !nested_read(list, bytes, strlen(bytes)))
		return;
	/* Files and parents first: a process points to its image, and to who began it. */
	for (int first = 1; first >= 0; first--)
		for (const struct json_value *v = nested_first(list, E_LIST); v != NULL; v = nested_next(list, v)) {
			if (v->type != JSON_OBJECT || !nested_read(entity, v->text, v->length))
				continue;
			if (!first) {
				take_entity(rg);
				continue;
			}
			keep_file(rg);
			keep_parent(rg);
		}
}

/* ---- rows ---- */

/* NULL for what Python writes for nothing. */
static const char *said(const char *s)
{
	return s == NULL || s[0] == '\0' || strcmp(s, "None") == 0 || strcmp(s, "nan") == 0 ? NULL : s;
}

static const char *text_of(const struct reading *rg, size_t row)
{
	return said(reading_text(rg, row));
}

static void take_row(struct reading *rg, size_t row)
{
	if (rg->json == NULL)
		filling_take(&rg->filling, &fields[row], text_of(rg, row));
	else
		for (const struct json_value *v = json_first(rg->json, row); v != NULL; v = json_next(rg->json, v))
			if (v->type == JSON_STRING_TEXT || v->type == JSON_NUMBER)
				filling_take(&rg->filling, &fields[row], said(v->text));
}

static void take_compromised(struct reading *rg)
{
	const char *s = text_of(rg, COMPROMISED);

	if (s == NULL)
		return;
	if (strchr(s, '@') != NULL)
		canon_add(&rg->alert, rg->arena, ENTITY_USER, ROLE_TARGET, s);
	else
		canon_add(&rg->alert, rg->arena, ENTITY_HOST, ROLE_VICTIM, last_component(s));
}

static const char *product_of(const struct reading *rg)
{
	const char *product = microsoft_product(text_of(rg, PRODUCT));

	if (product == NULL)
		product = microsoft_product(text_of(rg, PROVIDER));
	return product != NULL ? product : "sentinel";
}

/* As the portal writes them into a CSV; the ends of an incident are those of its activity. */
static void take_portal_times(struct reading *rg)
{
	static const struct field generated = FIELD("", TAKE_AT_UTC);
	struct alert *a = &rg->alert;
	instant t;

	if (american_time(&t, text_of(rg, GENERATED_PORTAL)))
		a->at = a->reported = t;
	else
		filling_take(&rg->filling, &generated, text_of(rg, GENERATED_PORTAL));      /* --date-order may know it */
	if (american_time(&t, text_of(rg, START_PORTAL)) || american_time(&t, text_of(rg, FIRST_PORTAL)))
		a->at = t;
	if (american_time(&t, text_of(rg, END_PORTAL)) || american_time(&t, text_of(rg, LAST_PORTAL)))
		a->until = t;
	if (american_time(&t, text_of(rg, MODIFIED_PORTAL)))
		a->reported = t;
}

static int sentinel_record(struct reading *rg, const struct record *rec, struct fault *f)
{
	const char *s;

	filling_begin(&rg->filling, &rg->alert, rg->arena, 0);
	take_portal_times(rg);
	for (size_t i = 0; fields[i].path != NULL; i++)
		if (fields[i].take != TAKE_NOTHING)
			take_row(rg, i);
	rg->alert.zone = ZONE_BY_SPEC;
	rg->alert.rule.product = product_of(rg);
	add_tactic_list(&rg->filling.tactics, rg->arena, text_of(rg, TACTICS));
	if ((s = text_of(rg, CONFIDENCE)) != NULL && strtod(s, NULL) > 0 && strtod(s, NULL) <= 1)
		rg->alert.confidence = (int)(strtod(s, NULL) * 100 + 0.5);
	if ((s = text_of(rg, IS_INCIDENT)) != NULL && strcasecmp(s, "true") == 0)
		rg->alert.kind = RECORD_FINDING;
	take_compromised(rg);
	take_entities(rg, text_of(rg, ENTITIES));
	for (size_t row = FIRST_NUMBER; row <= LAST_NUMBER; row++)
		if (text_of(rg, row) != NULL)
			rg->alert.kind = RECORD_FINDING;
	if ((s = text_of(rg, ADDITIONAL)) != NULL && nested_read(rg->inner[2], s, strlen(s)))
		nested_fill(rg->inner[2], &rg->filling);
	if ((s = text_of(rg, PROPERTIES)) != NULL && nested_read(rg->inner[2], s, strlen(s)))
		nested_fill(rg->inner[2], &rg->filling);
	return reading_alert(rg, rec, f);
}

static int sentinel_open(struct reading *rg, struct fault *f)
{
	(void)f;
	rg->state = arena_alloc(rg->kept, sizeof(struct sentinel_state));
	return 0;
}

static const struct field *const inner[] = { list_fields, entity_fields, property_fields, NULL };
static const char *const wrappers[] = { "value", "results", "records", NULL };

const struct reader reader_sentinel = {
	.name = "sentinel", .summary = "Microsoft Sentinel SecurityAlert and SecurityIncident, JSON or CSV", .gives = "alerts, findings",
	.extensions = ".json .csv", .framing = FRAME_JSON, .wrappers = wrappers, .fields = fields, .clues = clues,
	.inner = inner, .or_csv = true, .open = sentinel_open, .record = sentinel_record,
};
