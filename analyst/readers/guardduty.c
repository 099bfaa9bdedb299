/* Amazon GuardDuty findings (FORMATS 2.10): as S3 and EventBridge write them, in camelCase and
 * under "detail", and as the command line does, in PascalCase: each path has two rows. */
#include <string.h>
#include <strings.h>

#include "analyst/readers/guardduty.h"
#include "analyst/readers/nested.h"

const struct band guardduty_severities[] = {
	{ NULL, 1, SEVERITY_LOW }, { NULL, 4, SEVERITY_MEDIUM }, { NULL, 7, SEVERITY_HIGH }, { NULL, 9, SEVERITY_CRITICAL },
	{ NULL, 10.01, SEVERITY_UNKNOWN }, BANDS_END
};

/* Each stands for its row and the one in PascalCase after it. */
enum {
	TYPE = 0, DIRECTION = 2, REMOTE_IP = 4, REMOTE_PORT = 6, LOCAL_PORT = 8, BLOCKED = 10,
	DNS_BLOCKED = 12, BUCKET = 14, SEQUENCE_KEY = 16, SEQUENCE_VALUE = 18, DESCRIPTION = 20,
	TITLE = 22, SEQUENCE_IP = 24
};

static const struct field fields[] = {
	[TYPE] = FIELD("type", TAKE_NOTHING),
	[TYPE + 1] = FIELD("Type", TAKE_NOTHING),
	[DIRECTION] = FIELD("service.action.networkConnectionAction.connectionDirection", TAKE_NOTHING),
	[DIRECTION + 1] = FIELD("Service.Action.NetworkConnectionAction.ConnectionDirection", TAKE_NOTHING),
	[REMOTE_IP] = FIELD("service.action.networkConnectionAction.remoteIpDetails.ipAddressV4", TAKE_NOTHING),
	[REMOTE_IP + 1] = FIELD("Service.Action.NetworkConnectionAction.RemoteIpDetails.IpAddressV4", TAKE_NOTHING),
	[REMOTE_PORT] = FIELD("service.action.networkConnectionAction.remotePortDetails.port", TAKE_NOTHING),
	[REMOTE_PORT + 1] = FIELD("Service.Action.NetworkConnectionAction.RemotePortDetails.Port", TAKE_NOTHING),
	[LOCAL_PORT] = FIELD("service.action.networkConnectionAction.localPortDetails.port", TAKE_NOTHING),
	[LOCAL_PORT + 1] = FIELD("Service.Action.NetworkConnectionAction.LocalPortDetails.Port", TAKE_NOTHING),
	[BLOCKED] = FIELD("service.action.networkConnectionAction.blocked", TAKE_NOTHING),
	[BLOCKED + 1] = FIELD("Service.Action.NetworkConnectionAction.Blocked", TAKE_NOTHING),
	[DNS_BLOCKED] = FIELD("service.action.dnsRequestAction.blocked", TAKE_NOTHING),
	[DNS_BLOCKED + 1] = FIELD("Service.Action.DnsRequestAction.Blocked", TAKE_NOTHING),
	[BUCKET] = FIELD("resource.s3BucketDetails[].name", TAKE_NOTHING),
	[BUCKET + 1] = FIELD("Resource.S3BucketDetails[].Name", TAKE_NOTHING),
	[SEQUENCE_KEY] = FIELD("service.detection.sequence.sequenceIndicators[].key", TAKE_NOTHING),
	[SEQUENCE_KEY + 1] = FIELD("Service.Detection.Sequence.SequenceIndicators[].Key", TAKE_NOTHING),
	[SEQUENCE_VALUE] = FIELD("service.detection.sequence.sequenceIndicators[].values[]", TAKE_NOTHING),
	[SEQUENCE_VALUE + 1] = FIELD("Service.Detection.Sequence.SequenceIndicators[].Values[]", TAKE_NOTHING),
	[DESCRIPTION] = FIELD("description", TAKE_NOTHING),
	[DESCRIPTION + 1] = FIELD("Description", TAKE_NOTHING),
	[TITLE] = FIELD("title", TAKE_TITLE),
	[TITLE + 1] = FIELD("Title", TAKE_TITLE),
	[SEQUENCE_IP] = FIELD("service.detection.sequence.endpoints[].ip", TAKE_NOTHING),
	[SEQUENCE_IP + 1] = FIELD("Service.Detection.Sequence.Endpoints[].Ip", TAKE_NOTHING),

	FIELD("service.eventFirstSeen", TAKE_AT_UTC),
	FIELD("Service.EventFirstSeen", TAKE_AT_UTC),
	FIELD("createdAt", TAKE_AT_UTC),
	FIELD("CreatedAt", TAKE_AT_UTC),
	FIELD("service.eventLastSeen", TAKE_UNTIL),
	FIELD("Service.EventLastSeen", TAKE_UNTIL),
	FIELD("updatedAt", TAKE_REPORTED),
	FIELD("UpdatedAt", TAKE_REPORTED),
	FIELD("createdAt", TAKE_REPORTED),
	FIELD("CreatedAt", TAKE_REPORTED),
	FIELD("id", TAKE_NATIVE_ID),
	FIELD("Id", TAKE_NATIVE_ID),
	FIELD("type", TAKE_RULE_ID),
	FIELD("Type", TAKE_RULE_ID),
	FIELD("type", TAKE_RULE_NAME),
	FIELD("Type", TAKE_RULE_NAME),
	FIELD("service.count", TAKE_COUNT),
	FIELD("Service.Count", TAKE_COUNT),
	FIELD_SEVERITY("severity", guardduty_severities),
	FIELD_SEVERITY("Severity", guardduty_severities),
	FIELD_ENTITY("resource.instanceDetails.instanceId", ENTITY_HOST, ROLE_VICTIM),
	FIELD_ENTITY("Resource.InstanceDetails.InstanceId", ENTITY_HOST, ROLE_VICTIM),
	FIELD_ENTITY("resource.instanceDetails.networkInterfaces[].privateIpAddress", ENTITY_IP, ROLE_VICTIM),
	FIELD_ENTITY("Resource.InstanceDetails.NetworkInterfaces[].PrivateIpAddress", ENTITY_IP, ROLE_VICTIM),
	FIELD_ENTITY("resource.instanceDetails.networkInterfaces[].publicIp", ENTITY_IP, ROLE_VICTIM),
	FIELD_ENTITY("Resource.InstanceDetails.NetworkInterfaces[].PublicIp", ENTITY_IP, ROLE_VICTIM),
	FIELD_ENTITY("resource.eksClusterDetails.name", ENTITY_HOST, ROLE_VICTIM),
	FIELD_ENTITY("Resource.EksClusterDetails.Name", ENTITY_HOST, ROLE_VICTIM),
	FIELD_ENTITY("resource.lambdaDetails.functionName", ENTITY_HOST, ROLE_VICTIM),
	FIELD_ENTITY("Resource.LambdaDetails.FunctionName", ENTITY_HOST, ROLE_VICTIM),
	FIELD_ENTITY("resource.rdsDbInstanceDetails.dbInstanceIdentifier", ENTITY_HOST, ROLE_VICTIM),
	FIELD_ENTITY("Resource.RdsDbInstanceDetails.DbInstanceIdentifier", ENTITY_HOST, ROLE_VICTIM),
	FIELD_ENTITY("resource.accessKeyDetails.userName", ENTITY_USER, ROLE_ACTOR),
	FIELD_ENTITY("Resource.AccessKeyDetails.UserName", ENTITY_USER, ROLE_ACTOR),
	FIELD_ENTITY("resource.kubernetesDetails.kubernetesUserDetails.username", ENTITY_USER, ROLE_ACTOR),
	FIELD_ENTITY("Resource.KubernetesDetails.KubernetesUserDetails.Username", ENTITY_USER, ROLE_ACTOR),
	FIELD_ENTITY("service.action.dnsRequestAction.domain", ENTITY_DOMAIN, ROLE_DESTINATION),
	FIELD_ENTITY("Service.Action.DnsRequestAction.Domain", ENTITY_DOMAIN, ROLE_DESTINATION),
	FIELD_ENTITY("service.action.awsApiCallAction.remoteIpDetails.ipAddressV4", ENTITY_IP, ROLE_SOURCE),
	FIELD_ENTITY("Service.Action.AwsApiCallAction.RemoteIpDetails.IpAddressV4", ENTITY_IP, ROLE_SOURCE),
	FIELD_ENTITY("service.action.awsApiCallAction.userAgent", ENTITY_AGENT, ROLE_OBSERVED),
	FIELD_ENTITY("Service.Action.AwsApiCallAction.UserAgent", ENTITY_AGENT, ROLE_OBSERVED),
	FIELD_ENTITY("service.action.kubernetesApiCallAction.remoteIpDetails.ipAddressV4", ENTITY_IP, ROLE_SOURCE),
	FIELD_ENTITY("Service.Action.KubernetesApiCallAction.RemoteIpDetails.IpAddressV4", ENTITY_IP, ROLE_SOURCE),
	FIELD_ENTITY("service.action.rdsLoginAttemptAction.remoteIpDetails.ipAddressV4", ENTITY_IP, ROLE_SOURCE),
	FIELD_ENTITY("Service.Action.RdsLoginAttemptAction.RemoteIpDetails.IpAddressV4", ENTITY_IP, ROLE_SOURCE),
	FIELD_ENTITY("service.action.portProbeAction.portProbeDetails[].remoteIpDetails.ipAddressV4", ENTITY_IP, ROLE_SOURCE),
	FIELD_ENTITY("Service.Action.PortProbeAction.PortProbeDetails[].RemoteIpDetails.IpAddressV4", ENTITY_IP, ROLE_SOURCE),
	FIELD_ENTITY("service.runtimeDetails.process.executablePath", ENTITY_PROCESS, ROLE_ACTOR),
	FIELD_ENTITY("Service.RuntimeDetails.Process.ExecutablePath", ENTITY_PROCESS, ROLE_ACTOR),
	FIELD_ENTITY("service.runtimeDetails.process.executableSha256", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("Service.RuntimeDetails.Process.ExecutableSha256", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("service.ebsVolumeScanDetails.scanDetections.threatDetectedByName.threatNames[].filePaths[].filePath", ENTITY_PATH, ROLE_OBSERVED),
	FIELD_ENTITY("Service.EbsVolumeScanDetails.ScanDetections.ThreatDetectedByName.ThreatNames[].FilePaths[].FilePath", ENTITY_PATH, ROLE_OBSERVED),
	FIELD_ENTITY("service.ebsVolumeScanDetails.scanDetections.threatDetectedByName.threatNames[].filePaths[].hash", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("Service.EbsVolumeScanDetails.ScanDetections.ThreatDetectedByName.ThreatNames[].FilePaths[].Hash", ENTITY_HASH, ROLE_OBSERVED),
	FIELDS_END
};

static const struct clue clues[] = {
	{ "service.detectorId", 60 }, { "service.eventFirstSeen", 15 }, { "resource.resourceType", 15 }, { "schemaVersion", 5 },
	{ "arn", 5 }, { "Service.DetectorId", 60 }, { "Service.EventFirstSeen", 15 }, { "Resource.ResourceType", 15 },
	{ "SchemaVersion", 5 }, { "Arn", 5 }, { NULL, 0 }
};

static const char *text_of(const struct reading *rg, size_t row)
{
	const char *s = reading_text(rg, row);

	return s != NULL ? s : reading_text(rg, row + 1);
}

static void add_connection(struct reading *rg)
{
	const char *direction = text_of(rg, DIRECTION);
	bool inbound = direction != NULL && strcasecmp(direction, "INBOUND") == 0;

	canon_add(&rg->alert, rg->arena, ENTITY_IP, inbound ? ROLE_SOURCE : ROLE_DESTINATION, text_of(rg, REMOTE_IP));
	canon_add(&rg->alert, rg->arena, ENTITY_PORT, ROLE_DESTINATION, text_of(rg, inbound ? LOCAL_PORT : REMOTE_PORT));
}

/* Attack sequences name techniques as indicators, older ones in the description only. */
static void add_sequence(struct reading *rg)
{
	struct filling *fi = &rg->filling;
	const char *type = text_of(rg, TYPE);

	for (size_t k = 0; k < 2; k++)
		for (const struct json_value *v = json_first(rg->json, SEQUENCE_VALUE + k); v != NULL; v = json_next(rg->json, v)) {
			const char *key = text_beside(rg->json, SEQUENCE_KEY + k, v);

			if (key == NULL || v->type != JSON_STRING_TEXT)
				continue;
			if (strcmp(key, "ATTACK_TECHNIQUE") == 0)
				ids_add_techniques(&fi->techniques, v->text);
			else if (strcmp(key, "ATTACK_TACTIC") == 0)
				ids_add_tactics(&fi->tactics, v->text);
			else if (strcmp(key, "SUSPICIOUS_USER_AGENT") == 0)
				canon_add(&rg->alert, rg->arena, ENTITY_AGENT, ROLE_OBSERVED, v->text);
		}
	for (size_t k = 0; k < 2; k++)
		for (const struct json_value *v = json_first(rg->json, SEQUENCE_IP + k); v != NULL; v = json_next(rg->json, v))
			if (v->type == JSON_STRING_TEXT)
				canon_add(&rg->alert, rg->arena, ENTITY_IP, ROLE_SOURCE, v->text);
	if (type != NULL && strncmp(type, "AttackSequence:", 15) == 0) {
		rg->alert.kind = RECORD_FINDING;
		if (fi->techniques.count == 0)
			ids_add_techniques(&fi->techniques, text_of(rg, DESCRIPTION));
	}
}

void guardduty_purpose(struct reading *rg, const char *type)
{
	static const struct field category = FIELD("", TAKE_CATEGORY);
	const char *purpose;

	if (type == NULL || strchr(type, ':') == NULL)
		return;
	purpose = arena_dupn(rg->arena, type, strcspn(type, ":"));
	filling_take(&rg->filling, &category, purpose);
	ids_add_tactics(&rg->filling.tactics, purpose);
}

static void add_buckets(struct reading *rg)
{
	for (size_t k = 0; k < 2; k++)
		for (const struct json_value *v = json_first(rg->json, BUCKET + k); v != NULL; v = json_next(rg->json, v))
			if (v->type == JSON_STRING_TEXT)
				canon_add(&rg->alert, rg->arena, ENTITY_PATH, ROLE_TARGET, arena_printf(rg->arena, "s3://%s", v->text));
}

static int guardduty_record(struct reading *rg, const struct record *rec, struct fault *f)
{
	const char *blocked = text_of(rg, BLOCKED) != NULL ? text_of(rg, BLOCKED) : text_of(rg, DNS_BLOCKED);

	/* What the product makes up to show what it would say. */
	if (text_of(rg, TITLE) != NULL && strncmp(text_of(rg, TITLE), "[SAMPLE]", 8) == 0)
		return reading_blank(rg, rec, BLANK_CONTEXT, f);
	filling_begin(&rg->filling, &rg->alert, rg->arena, 0);
	rg->alert.rule.product = "guardduty";
	reading_fill(rg);
	rg->alert.zone = ZONE_BY_SPEC;
	guardduty_purpose(rg, text_of(rg, TYPE));
	add_connection(rg);
	add_sequence(rg);
	add_buckets(rg);
	if (blocked != NULL)
		rg->alert.action = strcmp(blocked, "true") == 0 ? ACTION_BLOCKED : ACTION_ALLOWED;
	return reading_alert(rg, rec, f);
}

static const char *const wrappers[] = { "Findings", "findings", NULL };

const struct reader reader_guardduty = {
	.name = "guardduty", .summary = "Amazon GuardDuty findings, JSON", .gives = "alerts, findings",
	.extensions = ".json .jsonl", .framing = FRAME_JSON, .wrappers = wrappers, .below = "detail", .fields = fields,
	.clues = clues, .record = guardduty_record,
};
