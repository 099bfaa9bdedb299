/* Findings of AWS Security Hub in its own format, ASFF: of GuardDuty, Macie and what else reports to it. Findings of how
 * things are set up are counted only. */
#include <string.h>
#include <strings.h>

#include "analyst/readers/cloud.h"
#include "analyst/readers/guardduty.h"
#include "analyst/readers/nested.h"

static const struct band hub_severities[] = {
	{ "INFORMATIONAL", 0, SEVERITY_INFO }, { "LOW", 0, SEVERITY_LOW }, { "MEDIUM", 0, SEVERITY_MEDIUM },
	{ "HIGH", 0, SEVERITY_HIGH }, { "CRITICAL", 0, SEVERITY_CRITICAL },
	{ NULL, 0, SEVERITY_INFO }, { NULL, 1, SEVERITY_LOW }, { NULL, 40, SEVERITY_MEDIUM }, { NULL, 70, SEVERITY_HIGH },
	{ NULL, 90, SEVERITY_CRITICAL }, { NULL, 100.01, SEVERITY_UNKNOWN }, BANDS_END
};

/* What GuardDuty says of an action stands in ProductFields, by paths with slashes. */
#define ACTION "ProductFields.aws/guardduty/service/action/"
#define CONNECTION ACTION "networkConnectionAction/"

/* Pairs of the format's own row and GuardDuty's. */
enum {
	TYPES, ID, ARN, RESOURCE_TYPE, RESOURCE_ID, RESOURCE_ROLE, DIRECTION, REMOTE = DIRECTION + 2, REMOTE_PORT = REMOTE + 2,
	LOCAL = REMOTE_PORT + 2, LOCAL_PORT = LOCAL + 2, BLOCKED = LOCAL_PORT + 2, THREAT_TYPE = BLOCKED + 2, THREAT_VALUE, COMPLIANCE
};

static const struct field fields[] = {
	[TYPES] = FIELD("Types[]", TAKE_NOTHING),
	[ID] = FIELD("Id", TAKE_NATIVE_ID),
	[ARN] = FIELD("ProductArn", TAKE_NOTHING),
	[RESOURCE_TYPE] = FIELD("Resources[].Type", TAKE_NOTHING),
	[RESOURCE_ID] = FIELD("Resources[].Id", TAKE_NOTHING),
	[RESOURCE_ROLE] = FIELD("Resources[].ResourceRole", TAKE_NOTHING),
	[DIRECTION] = FIELD("Action.NetworkConnectionAction.ConnectionDirection", TAKE_NOTHING),
	FIELD(CONNECTION "connectionDirection", TAKE_NOTHING),
	[REMOTE] = FIELD("Action.NetworkConnectionAction.RemoteIpDetails.IpAddressV4", TAKE_NOTHING),
	FIELD(CONNECTION "remoteIpDetails/ipAddressV4", TAKE_NOTHING),
	[REMOTE_PORT] = FIELD("Action.NetworkConnectionAction.RemotePortDetails.Port", TAKE_NOTHING),
	FIELD(CONNECTION "remotePortDetails/port", TAKE_NOTHING),
	[LOCAL] = FIELD("Action.NetworkConnectionAction.LocalIpDetails.IpAddressV4", TAKE_NOTHING),
	FIELD(CONNECTION "localIpDetails/ipAddressV4", TAKE_NOTHING),
	[LOCAL_PORT] = FIELD("Action.NetworkConnectionAction.LocalPortDetails.Port", TAKE_NOTHING),
	FIELD(CONNECTION "localPortDetails/port", TAKE_NOTHING),
	[BLOCKED] = FIELD("Action.NetworkConnectionAction.Blocked", TAKE_NOTHING),
	FIELD(CONNECTION "blocked", TAKE_NOTHING),
	[THREAT_TYPE] = FIELD("ThreatIntelIndicators[].Type", TAKE_NOTHING),
	[THREAT_VALUE] = FIELD("ThreatIntelIndicators[].Value", TAKE_NOTHING),
	[COMPLIANCE] = FIELD("Compliance.Status", TAKE_NOTHING),

	FIELD("FirstObservedAt", TAKE_AT_UTC),
	FIELD("CreatedAt", TAKE_AT_UTC),
	FIELD("LastObservedAt", TAKE_UNTIL),
	FIELD("UpdatedAt", TAKE_REPORTED),
	FIELD("ProductName", TAKE_PRODUCT),
	FIELD("Title", TAKE_RULE_NAME),
	FIELD("Title", TAKE_TITLE),
	FIELD("Confidence", TAKE_CONFIDENCE),
	FIELD_SEVERITY("Severity.Label", hub_severities),
	FIELD_SEVERITY("FindingProviderFields.Severity.Label", hub_severities),
	FIELD_SEVERITY("Severity.Normalized", hub_severities),
	FIELD("ProductFields.aws/guardduty/service/count", TAKE_COUNT),

	FIELD_ENTITY("Resources[].Details.AwsEc2Instance.IpV4Addresses[]", ENTITY_IP, ROLE_VICTIM),
	FIELD_ENTITY("Resources[].Details.AwsIamAccessKey.PrincipalName", ENTITY_USER, ROLE_ACTOR),
	FIELD_ENTITY("Resources[].Details.AwsIamAccessKey.UserName", ENTITY_USER, ROLE_ACTOR),
	FIELD_ENTITY("Resources[].Details.AwsIamAccessKey.SessionContext.SessionIssuer.UserName", ENTITY_USER, ROLE_ACTOR),
	FIELD_ENTITY("Action.AwsApiCallAction.RemoteIpDetails.IpAddressV4", ENTITY_IP, ROLE_SOURCE),
	FIELD_ENTITY(ACTION "awsApiCallAction/remoteIpDetails/ipAddressV4", ENTITY_IP, ROLE_SOURCE),
	FIELD_ENTITY(ACTION "awsApiCallAction/domainDetails/domain", ENTITY_DOMAIN, ROLE_SOURCE),
	FIELD_ENTITY(ACTION "awsApiCallAction/userAgent", ENTITY_AGENT, ROLE_OBSERVED),
	FIELD_ENTITY(ACTION "kubernetesApiCallAction/remoteIpDetails/ipAddressV4", ENTITY_IP, ROLE_SOURCE),
	FIELD_ENTITY(ACTION "rdsLoginAttemptAction/remoteIpDetails/ipAddressV4", ENTITY_IP, ROLE_SOURCE),
	FIELD_ENTITY("Action.PortProbeAction.PortProbeDetails[].RemoteIpDetails.IpAddressV4", ENTITY_IP, ROLE_SOURCE),
	FIELD_ENTITY("Action.PortProbeAction.PortProbeDetails[].LocalPortDetails.Port", ENTITY_PORT, ROLE_DESTINATION),
	FIELD_ENTITY(ACTION "portProbeAction/portProbeDetails.0_/remoteIpDetails/ipAddressV4", ENTITY_IP, ROLE_SOURCE),
	FIELD_ENTITY(ACTION "portProbeAction/portProbeDetails.0_/localPortDetails/port", ENTITY_PORT, ROLE_DESTINATION),
	FIELD_ENTITY("Action.DnsRequestAction.Domain", ENTITY_DOMAIN, ROLE_DESTINATION),
	FIELD_ENTITY(ACTION "dnsRequestAction/domain", ENTITY_DOMAIN, ROLE_DESTINATION),
	FIELD_ENTITY("Network.SourceIpV4", ENTITY_IP, ROLE_SOURCE),
	FIELD_ENTITY("Network.SourceIpV6", ENTITY_IP, ROLE_SOURCE),
	FIELD_ENTITY("Network.SourceDomain", ENTITY_DOMAIN, ROLE_SOURCE),
	FIELD_ENTITY("Network.SourceMac", ENTITY_MAC, ROLE_SOURCE),
	FIELD_ENTITY("Network.DestinationIpV4", ENTITY_IP, ROLE_DESTINATION),
	FIELD_ENTITY("Network.DestinationIpV6", ENTITY_IP, ROLE_DESTINATION),
	FIELD_ENTITY("Network.DestinationDomain", ENTITY_DOMAIN, ROLE_DESTINATION),
	FIELD_ENTITY("Network.DestinationPort", ENTITY_PORT, ROLE_DESTINATION),
	FIELD_ENTITY("Process.Path", ENTITY_PROCESS, ROLE_ACTOR),
	FIELD_ENTITY("Malware[].Path", ENTITY_PATH, ROLE_OBSERVED),
	FIELD_ENTITY("Vulnerabilities[].Id", ENTITY_CVE, ROLE_OBSERVED),
	FIELDS_END
};

static const struct clue clues[] = {
	{ "ProductArn", 35 }, { "GeneratorId", 15 }, { "AwsAccountId", 15 }, { "SchemaVersion", 5 }, { "Resources", 10 },
	{ "FindingProviderFields", 15 }, { "RecordState", 5 }, { "Severity.Normalized", 10 }, { NULL, 0 }
};

static const char *either(const struct reading *rg, size_t row)
{
	const char *s = reading_text(rg, row);

	return s != NULL ? s : reading_text(rg, row + 1);
}

/* What happened, by the classes of the format; a check of how things are set up has another, or a compliance. */
static bool is_posture(const struct reading *rg)
{
	static const char *const happened[] = { "TTPs", "Effects", "Unusual Behaviors", "Sensitive Data Identifications", NULL };
	bool any = json_has(rg->json, COMPLIANCE);

	for (const struct json_value *v = json_first(rg->json, TYPES); v != NULL; v = json_next(rg->json, v)) {
		any = true;
		for (size_t i = 0; v->type == JSON_STRING_TEXT && happened[i] != NULL; i++)
			if (strncmp(v->text, happened[i], strlen(happened[i])) == 0)
				return false;
	}
	return any;
}

/* "TTPs/Defense Evasion/Stealth:IAMUser-CloudTrailLoggingDisabled": a class, what for, and by GuardDuty its own type. */
static void take_types(struct reading *rg)
{
	static const struct field category = FIELD("", TAKE_CATEGORY);
	const char *type;

	for (const struct json_value *v = json_first(rg->json, TYPES); v != NULL; v = json_next(rg->json, v)) {
		const char *slash;

		if (v->type != JSON_STRING_TEXT)
			continue;
		filling_take(&rg->filling, &category, v->text);
		slash = strchr(v->text, '/');
		if (slash != NULL)
			ids_add_tactics(&rg->filling.tactics, arena_dupn(rg->arena, slash + 1, strcspn(slash + 1, "/")));
		if (strcmp(rg->alert.rule.product, "guardduty") == 0 && (type = guardduty_type(rg->arena, v->text)) != NULL)
			rg->alert.rule.id = rg->alert.rule.name = type;
	}
}

static void add_ends(struct reading *rg)
{
	const char *direction = either(rg, DIRECTION), *blocked = either(rg, BLOCKED);
	bool target = direction != NULL && strcasecmp(direction, "INBOUND") == 0;
	enum entity_role there = target ? ROLE_SOURCE : ROLE_DESTINATION, here = target ? ROLE_DESTINATION : ROLE_SOURCE;

	canon_add(&rg->alert, rg->arena, ENTITY_IP, there, either(rg, REMOTE));
	canon_add(&rg->alert, rg->arena, ENTITY_IP, here, either(rg, LOCAL));
	canon_add(&rg->alert, rg->arena, ENTITY_PORT, ROLE_DESTINATION, either(rg, target ? LOCAL_PORT : REMOTE_PORT));
	if (blocked != NULL)
		rg->alert.action = strcasecmp(blocked, "true") == 0 ? ACTION_BLOCKED : ACTION_ALLOWED;
}

static void add_resources(struct reading *rg)
{
	for (const struct json_value *v = json_first(rg->json, RESOURCE_ID); v != NULL; v = json_next(rg->json, v)) {
		const char *type = text_beside(rg->json, RESOURCE_TYPE, v), *role = text_beside(rg->json, RESOURCE_ROLE, v);

		/* A key names nobody: who holds it stands in its details. */
		if (v->type != JSON_STRING_TEXT || type == NULL || strcasestr(type, "accesskey") != NULL ||
		    strcasecmp(type, "AwsAccount") == 0)
			continue;
		if (strcasestr(type, "bucket") != NULL)
			canon_add(&rg->alert, rg->arena, ENTITY_PATH, ROLE_TARGET, arena_printf(rg->arena, "s3://%s", cloud_name(v->text)));
		else
			cloud_resource(rg, type, v->text, role != NULL && strcasecmp(role, "Actor") == 0);
	}
}

static void add_threats(struct reading *rg)
{
	static const struct { const char *type; enum entity_kind kind; } kinds[] = {
		{ "DOMAIN", ENTITY_DOMAIN }, { "EMAIL_ADDRESS", ENTITY_EMAIL }, { "HASH_MD5", ENTITY_HASH }, { "HASH_SHA1", ENTITY_HASH },
		{ "HASH_SHA256", ENTITY_HASH }, { "IPV4_ADDRESS", ENTITY_IP }, { "IPV6_ADDRESS", ENTITY_IP }, { "URL", ENTITY_URL },
		{ NULL, 0 }
	};

	for (const struct json_value *v = json_first(rg->json, THREAT_VALUE); v != NULL; v = json_next(rg->json, v)) {
		const char *type = text_beside(rg->json, THREAT_TYPE, v);

		for (size_t i = 0; type != NULL && v->type == JSON_STRING_TEXT && kinds[i].type != NULL; i++)
			if (strcmp(kinds[i].type, type) == 0)
				canon_add(&rg->alert, rg->arena, kinds[i].kind, ROLE_OBSERVED, v->text);
	}
}

static int hub_record(struct reading *rg, const struct record *rec, struct fault *f)
{
	static const struct field product = FIELD("", TAKE_PRODUCT);

	if (is_posture(rg))
		return reading_blank(rg, rec, BLANK_TELEMETRY, f);
	filling_begin(&rg->filling, &rg->alert, rg->arena, 0);
	reading_fill(rg);
	rg->alert.zone = ZONE_BY_SPEC;
	/* "arn:aws:securityhub:us-east-1::product/aws/guardduty" */
	if (rg->alert.rule.product == NULL && reading_text(rg, ARN) != NULL)
		filling_take(&rg->filling, &product, cloud_name(reading_text(rg, ARN)));
	if (rg->alert.rule.product == NULL)
		rg->alert.rule.product = "security-hub";
	if (rg->alert.native_id != NULL)
		rg->alert.native_id = guardduty_id(rg->alert.native_id);
	take_types(rg);
	add_ends(rg);
	add_resources(rg);
	add_threats(rg);
	return reading_alert(rg, rec, f);
}

static const char *const wrappers[] = { "Findings", "findings", "detail.findings", NULL };

const struct reader reader_security_hub = {
	.name = "security-hub", .summary = "AWS Security Hub findings (ASFF), JSON", .gives = "alerts",
	.extensions = ".json .jsonl", .framing = FRAME_JSON, .wrappers = wrappers, .fields = fields, .clues = clues,
	.record = hub_record,
};
