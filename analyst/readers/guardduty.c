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
	TYPE = 0, DIRECTION = 2, REMOTE_IP = 4, REMOTE_IP6 = 6, REMOTE_PORT = 8, LOCAL_IP = 10, LOCAL_IP6 = 12,
	LOCAL_PORT = 14, OUR_IP = 16, ROLE = 18, BLOCKED = 20, DNS_BLOCKED = 22, PROBE_BLOCKED = 24, BUCKET = 26,
	SEQUENCE_KEY = 28, SEQUENCE_VALUE = 30, SEQUENCE_RESOURCE = 32, SEQUENCE_KIND = 34, DESCRIPTION = 36, TITLE =
	38, ARN = 40, ID = 42
};

static const struct field fields[] = {
	[TYPE] = FIELD("type", TAKE_NOTHING),
	[TYPE + 1] = FIELD("Type", TAKE_NOTHING),
	[DIRECTION] = FIELD("service.action.networkConnectionAction.connectionDirection", TAKE_NOTHING),
	[DIRECTION + 1] = FIELD("Service.Action.NetworkConnectionAction.ConnectionDirection", TAKE_NOTHING),
	[REMOTE_IP] = FIELD("service.action.networkConnectionAction.remoteIpDetails.ipAddressV4", TAKE_NOTHING),
	[REMOTE_IP + 1] = FIELD("Service.Action.NetworkConnectionAction.RemoteIpDetails.IpAddressV4", TAKE_NOTHING),
	[REMOTE_IP6] = FIELD("service.action.networkConnectionAction.remoteIpDetails.ipAddressV6", TAKE_NOTHING),
	[REMOTE_IP6 + 1] = FIELD("Service.Action.NetworkConnectionAction.RemoteIpDetails.IpAddressV6", TAKE_NOTHING),
	[REMOTE_PORT] = FIELD("service.action.networkConnectionAction.remotePortDetails.port", TAKE_NOTHING),
	[REMOTE_PORT + 1] = FIELD("Service.Action.NetworkConnectionAction.RemotePortDetails.Port", TAKE_NOTHING),
	[LOCAL_IP] = FIELD("service.action.networkConnectionAction.localIpDetails.ipAddressV4", TAKE_NOTHING),
	[LOCAL_IP + 1] = FIELD("Service.Action.NetworkConnectionAction.LocalIpDetails.IpAddressV4", TAKE_NOTHING),
	[LOCAL_IP6] = FIELD("service.action.networkConnectionAction.localIpDetails.ipAddressV6", TAKE_NOTHING),
	[LOCAL_IP6 + 1] = FIELD("Service.Action.NetworkConnectionAction.LocalIpDetails.IpAddressV6", TAKE_NOTHING),
	[LOCAL_PORT] = FIELD("service.action.networkConnectionAction.localPortDetails.port", TAKE_NOTHING),
	[LOCAL_PORT + 1] = FIELD("Service.Action.NetworkConnectionAction.LocalPortDetails.Port", TAKE_NOTHING),
	[OUR_IP] = FIELD_ENTITY("resource.instanceDetails.networkInterfaces[].privateIpAddress", ENTITY_IP, ROLE_VICTIM),
	[OUR_IP + 1] = FIELD_ENTITY("Resource.InstanceDetails.NetworkInterfaces[].PrivateIpAddress", ENTITY_IP, ROLE_VICTIM),
	[ROLE] = FIELD("service.resourceRole", TAKE_NOTHING),
	[ROLE + 1] = FIELD("Service.ResourceRole", TAKE_NOTHING),
	[BLOCKED] = FIELD("service.action.networkConnectionAction.blocked", TAKE_NOTHING),
	[BLOCKED + 1] = FIELD("Service.Action.NetworkConnectionAction.Blocked", TAKE_NOTHING),
	[DNS_BLOCKED] = FIELD("service.action.dnsRequestAction.blocked", TAKE_NOTHING),
	[DNS_BLOCKED + 1] = FIELD("Service.Action.DnsRequestAction.Blocked", TAKE_NOTHING),
	[PROBE_BLOCKED] = FIELD("service.action.portProbeAction.blocked", TAKE_NOTHING),
	[PROBE_BLOCKED + 1] = FIELD("Service.Action.PortProbeAction.Blocked", TAKE_NOTHING),
	[BUCKET] = FIELD("resource.s3BucketDetails[].name", TAKE_NOTHING),
	[BUCKET + 1] = FIELD("Resource.S3BucketDetails[].Name", TAKE_NOTHING),
	[SEQUENCE_KEY] = FIELD("service.detection.sequence.sequenceIndicators[].key", TAKE_NOTHING),
	[SEQUENCE_KEY + 1] = FIELD("Service.Detection.Sequence.SequenceIndicators[].Key", TAKE_NOTHING),
	[SEQUENCE_VALUE] = FIELD("service.detection.sequence.sequenceIndicators[].values[]", TAKE_NOTHING),
	[SEQUENCE_VALUE + 1] = FIELD("Service.Detection.Sequence.SequenceIndicators[].Values[]", TAKE_NOTHING),
	[SEQUENCE_RESOURCE] = FIELD("service.detection.sequence.resources[].name", TAKE_NOTHING),
	[SEQUENCE_RESOURCE + 1] = FIELD("Service.Detection.Sequence.Resources[].Name", TAKE_NOTHING),
	[SEQUENCE_KIND] = FIELD("service.detection.sequence.resources[].resourceType", TAKE_NOTHING),
	[SEQUENCE_KIND + 1] = FIELD("Service.Detection.Sequence.Resources[].ResourceType", TAKE_NOTHING),
	[DESCRIPTION] = FIELD("description", TAKE_NOTHING),
	[DESCRIPTION + 1] = FIELD("Description", TAKE_NOTHING),
	[TITLE] = FIELD("title", TAKE_TITLE),
	[TITLE + 1] = FIELD("Title", TAKE_TITLE),
	[ARN] = FIELD("arn", TAKE_NOTHING),
	[ARN + 1] = FIELD("Arn", TAKE_NOTHING),
	[ID] = FIELD("id", TAKE_NOTHING),
	[ID + 1] = FIELD("Id", TAKE_NOTHING),

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
	FIELD_ENTITY("resource.instanceDetails.networkInterfaces[].publicIp", ENTITY_IP, ROLE_VICTIM),
	FIELD_ENTITY("Resource.InstanceDetails.NetworkInterfaces[].PublicIp", ENTITY_IP, ROLE_VICTIM),
	FIELD_ENTITY("resource.instanceDetails.networkInterfaces[].ipv6Addresses[]", ENTITY_IP, ROLE_VICTIM),
	FIELD_ENTITY("Resource.InstanceDetails.NetworkInterfaces[].Ipv6Addresses[]", ENTITY_IP, ROLE_VICTIM),
	FIELD_ENTITY("resource.eksClusterDetails.name", ENTITY_HOST, ROLE_VICTIM),
	FIELD_ENTITY("Resource.EksClusterDetails.Name", ENTITY_HOST, ROLE_VICTIM),
	FIELD_ENTITY("resource.ecsClusterDetails.name", ENTITY_HOST, ROLE_VICTIM),
	FIELD_ENTITY("Resource.EcsClusterDetails.Name", ENTITY_HOST, ROLE_VICTIM),
	FIELD_ENTITY("resource.containerDetails.name", ENTITY_HOST, ROLE_VICTIM),
	FIELD_ENTITY("Resource.ContainerDetails.Name", ENTITY_HOST, ROLE_VICTIM),
	FIELD_ENTITY("resource.kubernetesDetails.kubernetesWorkloadDetails.name", ENTITY_HOST, ROLE_VICTIM),
	FIELD_ENTITY("Resource.KubernetesDetails.KubernetesWorkloadDetails.Name", ENTITY_HOST, ROLE_VICTIM),
	FIELD_ENTITY("resource.lambdaDetails.functionName", ENTITY_HOST, ROLE_VICTIM),
	FIELD_ENTITY("Resource.LambdaDetails.FunctionName", ENTITY_HOST, ROLE_VICTIM),
	FIELD_ENTITY("resource.rdsDbInstanceDetails.dbInstanceIdentifier", ENTITY_HOST, ROLE_VICTIM),
	FIELD_ENTITY("Resource.RdsDbInstanceDetails.DbInstanceIdentifier", ENTITY_HOST, ROLE_VICTIM),
	FIELD_ENTITY("resource.rdsLimitlessDbDetails.dbShardGroupIdentifier", ENTITY_HOST, ROLE_VICTIM),
	FIELD_ENTITY("Resource.RdsLimitlessDbDetails.DbShardGroupIdentifier", ENTITY_HOST, ROLE_VICTIM),
	FIELD_ENTITY("resource.accessKeyDetails.userName", ENTITY_USER, ROLE_ACTOR),
	FIELD_ENTITY("Resource.AccessKeyDetails.UserName", ENTITY_USER, ROLE_ACTOR),
	FIELD_ENTITY("resource.kubernetesDetails.kubernetesUserDetails.username", ENTITY_USER, ROLE_ACTOR),
	FIELD_ENTITY("Resource.KubernetesDetails.KubernetesUserDetails.Username", ENTITY_USER, ROLE_ACTOR),
	FIELD_ENTITY("resource.rdsDbUserDetails.user", ENTITY_USER, ROLE_ACTOR),
	FIELD_ENTITY("Resource.RdsDbUserDetails.User", ENTITY_USER, ROLE_ACTOR),
	FIELD_ENTITY("resource.s3BucketDetails[].s3ObjectDetails[].hash", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("Resource.S3BucketDetails[].S3ObjectDetails[].Hash", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("resource.s3BucketDetails[].s3ObjectDetails[].key", ENTITY_PATH, ROLE_OBSERVED),
	FIELD_ENTITY("Resource.S3BucketDetails[].S3ObjectDetails[].Key", ENTITY_PATH, ROLE_OBSERVED),
	FIELD_ENTITY("service.action.dnsRequestAction.domain", ENTITY_DOMAIN, ROLE_DESTINATION),
	FIELD_ENTITY("Service.Action.DnsRequestAction.Domain", ENTITY_DOMAIN, ROLE_DESTINATION),
	FIELD_ENTITY("service.action.awsApiCallAction.remoteIpDetails.ipAddressV4", ENTITY_IP, ROLE_SOURCE),
	FIELD_ENTITY("Service.Action.AwsApiCallAction.RemoteIpDetails.IpAddressV4", ENTITY_IP, ROLE_SOURCE),
	FIELD_ENTITY("service.action.awsApiCallAction.remoteIpDetails.ipAddressV6", ENTITY_IP, ROLE_SOURCE),
	FIELD_ENTITY("Service.Action.AwsApiCallAction.RemoteIpDetails.IpAddressV6", ENTITY_IP, ROLE_SOURCE),
	FIELD_ENTITY("service.action.awsApiCallAction.domainDetails.domain", ENTITY_DOMAIN, ROLE_SOURCE),
	FIELD_ENTITY("Service.Action.AwsApiCallAction.DomainDetails.Domain", ENTITY_DOMAIN, ROLE_SOURCE),
	FIELD_ENTITY("service.action.awsApiCallAction.userAgent", ENTITY_AGENT, ROLE_OBSERVED),
	FIELD_ENTITY("Service.Action.AwsApiCallAction.UserAgent", ENTITY_AGENT, ROLE_OBSERVED),
	FIELD_ENTITY("service.action.kubernetesApiCallAction.remoteIpDetails.ipAddressV4", ENTITY_IP, ROLE_SOURCE),
	FIELD_ENTITY("Service.Action.KubernetesApiCallAction.RemoteIpDetails.IpAddressV4", ENTITY_IP, ROLE_SOURCE),
	FIELD_ENTITY("service.action.kubernetesApiCallAction.remoteIpDetails.ipAddressV6", ENTITY_IP, ROLE_SOURCE),
	FIELD_ENTITY("Service.Action.KubernetesApiCallAction.RemoteIpDetails.IpAddressV6", ENTITY_IP, ROLE_SOURCE),
	FIELD_ENTITY("service.action.kubernetesApiCallAction.sourceIPs[]", ENTITY_IP, ROLE_SOURCE),
	FIELD_ENTITY("Service.Action.KubernetesApiCallAction.SourceIPs[]", ENTITY_IP, ROLE_SOURCE),
	FIELD_ENTITY("service.action.kubernetesApiCallAction.sourceIps[]", ENTITY_IP, ROLE_SOURCE),
	FIELD_ENTITY("Service.Action.KubernetesApiCallAction.SourceIps[]", ENTITY_IP, ROLE_SOURCE),
	FIELD_ENTITY("service.action.kubernetesApiCallAction.userAgent", ENTITY_AGENT, ROLE_OBSERVED),
	FIELD_ENTITY("Service.Action.KubernetesApiCallAction.UserAgent", ENTITY_AGENT, ROLE_OBSERVED),
	FIELD_ENTITY("service.action.rdsLoginAttemptAction.remoteIpDetails.ipAddressV4", ENTITY_IP, ROLE_SOURCE),
	FIELD_ENTITY("Service.Action.RdsLoginAttemptAction.RemoteIpDetails.IpAddressV4", ENTITY_IP, ROLE_SOURCE),
	FIELD_ENTITY("service.action.rdsLoginAttemptAction.remoteIpDetails.ipAddressV6", ENTITY_IP, ROLE_SOURCE),
	FIELD_ENTITY("Service.Action.RdsLoginAttemptAction.RemoteIpDetails.IpAddressV6", ENTITY_IP, ROLE_SOURCE),
	FIELD_ENTITY("service.action.rdsLoginAttemptAction.loginAttributes[].user", ENTITY_USER, ROLE_ACTOR),
	FIELD_ENTITY("Service.Action.RdsLoginAttemptAction.LoginAttributes[].User", ENTITY_USER, ROLE_ACTOR),
	FIELD_ENTITY("service.action.portProbeAction.portProbeDetails[].remoteIpDetails.ipAddressV4", ENTITY_IP, ROLE_SOURCE),
	FIELD_ENTITY("Service.Action.PortProbeAction.PortProbeDetails[].RemoteIpDetails.IpAddressV4", ENTITY_IP, ROLE_SOURCE),
	FIELD_ENTITY("service.action.portProbeAction.portProbeDetails[].remoteIpDetails.ipAddressV6", ENTITY_IP, ROLE_SOURCE),
	FIELD_ENTITY("Service.Action.PortProbeAction.PortProbeDetails[].RemoteIpDetails.IpAddressV6", ENTITY_IP, ROLE_SOURCE),
	FIELD_ENTITY("service.action.portProbeAction.portProbeDetails[].localIpDetails.ipAddressV4", ENTITY_IP, ROLE_DESTINATION),
	FIELD_ENTITY("Service.Action.PortProbeAction.PortProbeDetails[].LocalIpDetails.IpAddressV4", ENTITY_IP, ROLE_DESTINATION),
	FIELD_ENTITY("service.action.portProbeAction.portProbeDetails[].localPortDetails.port", ENTITY_PORT, ROLE_DESTINATION),
	FIELD_ENTITY("Service.Action.PortProbeAction.PortProbeDetails[].LocalPortDetails.Port", ENTITY_PORT, ROLE_DESTINATION),
	FIELD_ENTITY("service.runtimeDetails.process.executablePath", ENTITY_PROCESS, ROLE_ACTOR),
	FIELD_ENTITY("Service.RuntimeDetails.Process.ExecutablePath", ENTITY_PROCESS, ROLE_ACTOR),
	FIELD_ENTITY("service.runtimeDetails.process.executableSha256", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("Service.RuntimeDetails.Process.ExecutableSha256", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("service.runtimeDetails.process.user", ENTITY_USER, ROLE_ACTOR),
	FIELD_ENTITY("Service.RuntimeDetails.Process.User", ENTITY_USER, ROLE_ACTOR),
	FIELD_ENTITY("service.runtimeDetails.process.scriptPath", ENTITY_PATH, ROLE_OBSERVED),
	FIELD_ENTITY("Service.RuntimeDetails.Process.ScriptPath", ENTITY_PATH, ROLE_OBSERVED),
	FIELD_ENTITY("service.runtimeDetails.process.lineage[].executablePath", ENTITY_PROCESS, ROLE_PARENT),
	FIELD_ENTITY("Service.RuntimeDetails.Process.Lineage[].ExecutablePath", ENTITY_PROCESS, ROLE_PARENT),
	FIELD_ENTITY("service.runtimeDetails.context.commandLineExample", ENTITY_COMMAND, ROLE_ACTOR),
	FIELD_ENTITY("Service.RuntimeDetails.Context.CommandLineExample", ENTITY_COMMAND, ROLE_ACTOR),
	FIELD_ENTITY("service.runtimeDetails.context.targetProcess.executablePath", ENTITY_PROCESS, ROLE_TARGET),
	FIELD_ENTITY("Service.RuntimeDetails.Context.TargetProcess.ExecutablePath", ENTITY_PROCESS, ROLE_TARGET),
	FIELD_ENTITY("service.runtimeDetails.context.scriptPath", ENTITY_PATH, ROLE_OBSERVED),
	FIELD_ENTITY("Service.RuntimeDetails.Context.ScriptPath", ENTITY_PATH, ROLE_OBSERVED),
	FIELD_ENTITY("service.runtimeDetails.context.libraryPath", ENTITY_PATH, ROLE_OBSERVED),
	FIELD_ENTITY("Service.RuntimeDetails.Context.LibraryPath", ENTITY_PATH, ROLE_OBSERVED),
	FIELD_ENTITY("service.runtimeDetails.context.moduleFilePath", ENTITY_PATH, ROLE_OBSERVED),
	FIELD_ENTITY("Service.RuntimeDetails.Context.ModuleFilePath", ENTITY_PATH, ROLE_OBSERVED),
	FIELD_ENTITY("service.runtimeDetails.context.moduleSha256", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("Service.RuntimeDetails.Context.ModuleSha256", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("service.runtimeDetails.context.threatFilePath", ENTITY_PATH, ROLE_OBSERVED),
	FIELD_ENTITY("Service.RuntimeDetails.Context.ThreatFilePath", ENTITY_PATH, ROLE_OBSERVED),
	FIELD_ENTITY("service.runtimeDetails.context.shellHistoryFilePath", ENTITY_PATH, ROLE_OBSERVED),
	FIELD_ENTITY("Service.RuntimeDetails.Context.ShellHistoryFilePath", ENTITY_PATH, ROLE_OBSERVED),
	FIELD_ENTITY("service.ebsVolumeScanDetails.scanDetections.threatDetectedByName.threatNames[].filePaths[].filePath", ENTITY_PATH, ROLE_OBSERVED),
	FIELD_ENTITY("Service.EbsVolumeScanDetails.ScanDetections.ThreatDetectedByName.ThreatNames[].FilePaths[].FilePath", ENTITY_PATH, ROLE_OBSERVED),
	FIELD_ENTITY("service.ebsVolumeScanDetails.scanDetections.threatDetectedByName.threatNames[].filePaths[].hash", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("Service.EbsVolumeScanDetails.ScanDetections.ThreatDetectedByName.ThreatNames[].FilePaths[].Hash", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("service.malwareScanDetails.threats[].itemPaths[].nestedItemPath", ENTITY_PATH, ROLE_OBSERVED),
	FIELD_ENTITY("Service.MalwareScanDetails.Threats[].ItemPaths[].NestedItemPath", ENTITY_PATH, ROLE_OBSERVED),
	FIELD_ENTITY("service.malwareScanDetails.threats[].itemPaths[].hash", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("Service.MalwareScanDetails.Threats[].ItemPaths[].Hash", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("service.evidence.threatIntelligenceDetails[].threatFileSha256", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("Service.Evidence.ThreatIntelligenceDetails[].ThreatFileSha256", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("service.detection.sequence.endpoints[].ip", ENTITY_IP, ROLE_SOURCE),
	FIELD_ENTITY("Service.Detection.Sequence.Endpoints[].Ip", ENTITY_IP, ROLE_SOURCE),
	FIELD_ENTITY("service.detection.sequence.endpoints[].domain", ENTITY_DOMAIN, ROLE_DESTINATION),
	FIELD_ENTITY("Service.Detection.Sequence.Endpoints[].Domain", ENTITY_DOMAIN, ROLE_DESTINATION),
	FIELD_ENTITY("service.detection.sequence.actors[].user.name", ENTITY_USER, ROLE_ACTOR),
	FIELD_ENTITY("Service.Detection.Sequence.Actors[].User.Name", ENTITY_USER, ROLE_ACTOR),
	FIELD_ENTITY("service.detection.sequence.actors[].process.path", ENTITY_PROCESS, ROLE_ACTOR),
	FIELD_ENTITY("Service.Detection.Sequence.Actors[].Process.Path", ENTITY_PROCESS, ROLE_ACTOR),
	FIELD_ENTITY("service.detection.sequence.actors[].process.sha256", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("Service.Detection.Sequence.Actors[].Process.Sha256", ENTITY_HASH, ROLE_OBSERVED),
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

/* Whether what was done came to our resource: its role says so, too, where a direction is unknown. */
static bool is_target(const struct reading *rg)
{
	const char *direction = text_of(rg, DIRECTION), *role = text_of(rg, ROLE);

	if (direction != NULL && strcasecmp(direction, "INBOUND") == 0)
		return true;
	if (direction != NULL && strcasecmp(direction, "OUTBOUND") == 0)
		return false;
	return role != NULL && strcasecmp(role, "TARGET") == 0;
}

/* The ends of a connection. Without one, a resource that acts is where it began, by its address. */
static void add_ends(struct reading *rg)
{
	static const size_t remotes[] = { REMOTE_IP, REMOTE_IP6 }, locals[] = { LOCAL_IP, LOCAL_IP6 };
	const char *role = text_of(rg, ROLE), *ours = text_of(rg, OUR_IP);
	bool target = is_target(rg), acts = role != NULL && strcasecmp(role, "ACTOR") == 0, connects = false;
	bool local = text_of(rg, LOCAL_IP) != NULL || text_of(rg, LOCAL_IP6) != NULL;

	for (size_t i = 0; i < 2; i++) {
		connects = connects || text_of(rg, remotes[i]) != NULL;
		canon_add(&rg->alert, rg->arena, ENTITY_IP, target ? ROLE_SOURCE : ROLE_DESTINATION, text_of(rg, remotes[i]));
		canon_add(&rg->alert, rg->arena, ENTITY_IP, target ? ROLE_DESTINATION : ROLE_SOURCE, text_of(rg, locals[i]));
	}
	if (!local && (connects || acts))
		canon_add(&rg->alert, rg->arena, ENTITY_IP, target ? ROLE_DESTINATION : ROLE_SOURCE, ours);
	canon_add(&rg->alert, rg->arena, ENTITY_PORT, ROLE_DESTINATION, text_of(rg, target ? LOCAL_PORT : REMOTE_PORT));
}

static const char *bucket_path(struct reading *rg, const char *name)
{
	return arena_printf(rg->arena, "s3://%s", name);
}

static void add_resources(struct reading *rg)
{
	static const struct { const char *kind; bool bucket; } kinds[] = {
		{ "EC2_INSTANCE", false }, { "EKS_CLUSTER", false }, { "ECS_CLUSTER", false }, { "CONTAINER", false },
		{ "S3_BUCKET", true }, { NULL, false }
	};

	for (size_t k = 0; k < 2; k++)
		for (const struct json_value *v = json_first(rg->json, SEQUENCE_RESOURCE + k); v != NULL; v = json_next(rg->json, v)) {
			const char *kind = text_beside(rg->json, SEQUENCE_KIND + k, v);

			for (size_t i = 0; kind != NULL && v->type == JSON_STRING_TEXT && kinds[i].kind != NULL; i++)
				if (strcmp(kinds[i].kind, kind) == 0)
					canon_add(&rg->alert, rg->arena, kinds[i].bucket ? ENTITY_PATH : ENTITY_HOST,
					          kinds[i].bucket ? ROLE_TARGET : ROLE_VICTIM,
					          kinds[i].bucket ? bucket_path(rg, v->text) : v->text);
		}
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
	add_resources(rg);
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

const char *guardduty_type(struct arena *arena, const char *type)
{
	const char *last = strrchr(type, '/'), *purpose = type, *dash;
	char *own;
	size_t n = 0;

	last = last != NULL ? last + 1 : type;
	if ((dash = strchr(strchr(last, ':') != NULL ? strchr(last, ':') : last, '-')) == NULL)
		return NULL;
	own = arena_alloc(arena, strlen(type) + 2);
	/* "TTPs/Defense Evasion/IAMUser-AnomalousBehavior": the purpose stands before. */
	if (strchr(last, ':') == NULL && last > type) {
		for (const char *s = type; s + 1 < last; s++)
			purpose = *s == '/' ? s + 1 : purpose;
		for (; purpose + 1 < last; purpose++)
			if (*purpose != ' ')
				own[n++] = *purpose;
		own[n++] = ':';
	}
	strcpy(own + n, last);
	own[n + (size_t)(dash - last)] = '/';
	return own;
}

const char *guardduty_id(const char *arn)
{
	const char *finding = strncmp(arn, "arn:", 4) == 0 && strstr(arn, ":guardduty:") != NULL ? strstr(arn, "/finding/") : NULL;

	return finding != NULL ? finding + 9 : arn;
}

static void add_buckets(struct reading *rg)
{
	for (size_t k = 0; k < 2; k++)
		for (const struct json_value *v = json_first(rg->json, BUCKET + k); v != NULL; v = json_next(rg->json, v))
			if (v->type == JSON_STRING_TEXT)
				canon_add(&rg->alert, rg->arena, ENTITY_PATH, ROLE_TARGET, bucket_path(rg, v->text));
}

/* The name ends in the finding's id; "id" is also the event's that brings it. */
static const char *id_of(const struct reading *rg)
{
	const char *arn = text_of(rg, ARN), *slash = arn != NULL ? strrchr(arn, '/') : NULL;

	return slash != NULL && slash[1] != '\0' ? slash + 1 : text_of(rg, ID);
}

static int guardduty_record(struct reading *rg, const struct record *rec, struct fault *f)
{
	static const size_t blocks[] = { BLOCKED, DNS_BLOCKED, PROBE_BLOCKED };
	const char *blocked = NULL;

	/* What the product makes up to show what it would say. */
	if (text_of(rg, TITLE) != NULL && strncmp(text_of(rg, TITLE), "[SAMPLE]", 8) == 0)
		return reading_blank(rg, rec, BLANK_CONTEXT, f);
	filling_begin(&rg->filling, &rg->alert, rg->arena, 0);
	rg->alert.rule.product = "guardduty";
	reading_fill(rg);
	rg->alert.zone = ZONE_BY_SPEC;
	rg->alert.native_id = id_of(rg);
	guardduty_purpose(rg, text_of(rg, TYPE));
	add_ends(rg);
	add_sequence(rg);
	add_buckets(rg);
	for (size_t i = 0; i < 3 && blocked == NULL; i++)
		blocked = text_of(rg, blocks[i]);
	if (blocked != NULL)
		rg->alert.action = strcasecmp(blocked, "true") == 0 ? ACTION_BLOCKED : ACTION_ALLOWED;
	return reading_alert(rg, rec, f);
}

static const char *const wrappers[] = { "Findings", "findings", NULL };

const struct reader reader_guardduty = {
	.name = "guardduty", .summary = "Amazon GuardDuty findings, JSON", .gives = "alerts, findings",
	.extensions = ".json .jsonl", .framing = FRAME_JSON, .wrappers = wrappers, .below = "detail", .fields = fields,
	.clues = clues, .record = guardduty_record,
};
