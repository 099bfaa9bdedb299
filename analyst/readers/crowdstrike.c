/* CrowdStrike Falcon: alerts of API v2, the older detects with their behaviors, and its event stream, bare or below
 * "event" (FORMATS 2.11), whose summaries are alerts and findings, whose audits are none. Events of the data replicator
 * are telemetry. */
#include <string.h>
#include <strings.h>

#include "analyst/readers/nested.h"

/* Words first: numbers are of two scales. */
static const struct band falcon_severities[] = {
	{ "Informational", 0, SEVERITY_INFO }, { "Low", 0, SEVERITY_LOW }, { "Medium", 0, SEVERITY_MEDIUM },
	{ "High", 0, SEVERITY_HIGH }, { "Critical", 0, SEVERITY_CRITICAL }, { "Info", 0, SEVERITY_INFO },
	{ NULL, 1, SEVERITY_INFO }, { NULL, 20, SEVERITY_LOW }, { NULL, 40, SEVERITY_MEDIUM }, { NULL, 60, SEVERITY_HIGH },
	{ NULL, 80, SEVERITY_CRITICAL }, { NULL, 100.01, SEVERITY_UNKNOWN }, BANDS_END
};

/* The stream's number is of one to five, or of a hundred, where nothing is below ten. */
static const struct band stream_severities[] = {
	{ NULL, 1, SEVERITY_INFO }, { NULL, 2, SEVERITY_LOW }, { NULL, 3, SEVERITY_MEDIUM }, { NULL, 4, SEVERITY_HIGH },
	{ NULL, 5, SEVERITY_CRITICAL }, { NULL, 6, SEVERITY_INFO }, { NULL, 20, SEVERITY_LOW }, { NULL, 40, SEVERITY_MEDIUM },
	{ NULL, 60, SEVERITY_HIGH }, { NULL, 80, SEVERITY_CRITICAL }, { NULL, 100.01, SEVERITY_UNKNOWN }, BANDS_END
};

enum {
	TACTIC_ID, TACTIC_IDS, TACTIC, TACTICS, TACTIC_STREAM, FILE_NAME, FILE_PATH, BEHAVIOR_NAME, BEHAVIOR_PATH, STREAM_NAME,
	STREAM_PATH, PARENT_NAME, PARENT_PATH, GRANDPARENT_NAME, GRANDPARENT_PATH, STREAM_PARENT, STREAM_GRANDPARENT, DISPOSITION,
	DISPOSITION_WORDS, STREAM_WORDS, IOC_TYPE, IOC_VALUE, CONTEXT_TYPE, CONTEXT_VALUE, BEHAVIOR_IOC_TYPE, BEHAVIOR_IOC_VALUE,
	STREAM_IOC_TYPE, STREAM_IOC_VALUE, USER, BEHAVIOR_USER, STREAM_USER, SOURCE_USER, TARGET_USER,
	STREAM_SOURCE_USER, STREAM_TARGET_USER, EVENT_TYPE, VERTEX, SENSOR_EVENT, PREVENTED, HASHES, LOCAL, REMOTE, LOCAL_6, REMOTE_6,
	INBOUND,
	FIRST_QUARANTINE, FIRST_BLOCK = FIRST_QUARANTINE + 6, AFTER_BLOCKS = FIRST_BLOCK + 24
};

/* Each in an alert, in a behavior and in the stream. */
#define DISPOSITION_ROWS(name, stream) \
	FIELD("pattern_disposition_details." name, TAKE_NOTHING), \
	FIELD("behaviors[].pattern_disposition_details." name, TAKE_NOTHING), \
	FIELD("PatternDispositionFlags." stream, TAKE_NOTHING)

static const struct field fields[] = {
	[TACTIC_ID] = FIELD("tactic_id", TAKE_NOTHING),
	[TACTIC_IDS] = FIELD("mitre_attack[].tactic_id", TAKE_NOTHING),
	[TACTIC] = FIELD("tactic", TAKE_CATEGORY),
	[TACTICS] = FIELD("behaviors[].tactic", TAKE_CATEGORY),
	[TACTIC_STREAM] = FIELD("Tactic", TAKE_CATEGORY),
	[FILE_NAME] = FIELD("filename", TAKE_NOTHING),
	[FILE_PATH] = FIELD("filepath", TAKE_NOTHING),
	[BEHAVIOR_NAME] = FIELD("behaviors[].filename", TAKE_NOTHING),
	[BEHAVIOR_PATH] = FIELD("behaviors[].filepath", TAKE_NOTHING),
	[STREAM_NAME] = FIELD("FileName", TAKE_NOTHING),
	[STREAM_PATH] = FIELD("FilePath", TAKE_NOTHING),
	[PARENT_NAME] = FIELD("parent_details.filename", TAKE_NOTHING),
	[PARENT_PATH] = FIELD("parent_details.filepath", TAKE_NOTHING),
	[GRANDPARENT_NAME] = FIELD("grandparent_details.filename", TAKE_NOTHING),
	[GRANDPARENT_PATH] = FIELD("grandparent_details.filepath", TAKE_NOTHING),
	[STREAM_PARENT] = FIELD("ParentImageFileName", TAKE_NOTHING),
	[STREAM_GRANDPARENT] = FIELD("GrandParentImageFileName", TAKE_NOTHING),
	[DISPOSITION] = FIELD("pattern_disposition", TAKE_NOTHING),
	[DISPOSITION_WORDS] = FIELD("pattern_disposition_description", TAKE_NOTHING),
	[STREAM_WORDS] = FIELD("PatternDispositionDescription", TAKE_NOTHING),
	[IOC_TYPE] = FIELD("ioc_type", TAKE_NOTHING),
	[IOC_VALUE] = FIELD("ioc_value", TAKE_NOTHING),
	[CONTEXT_TYPE] = FIELD("ioc_context[].ioc_type", TAKE_NOTHING),
	[CONTEXT_VALUE] = FIELD("ioc_context[].ioc_value", TAKE_NOTHING),
	[BEHAVIOR_IOC_TYPE] = FIELD("behaviors[].ioc_type", TAKE_NOTHING),
	[BEHAVIOR_IOC_VALUE] = FIELD("behaviors[].ioc_value", TAKE_NOTHING),
	[USER] = FIELD("user_name", TAKE_NOTHING),
	[BEHAVIOR_USER] = FIELD("behaviors[].user_name", TAKE_NOTHING),
	[STREAM_USER] = FIELD("UserName", TAKE_NOTHING),
	[STREAM_IOC_TYPE] = FIELD("IOCType", TAKE_NOTHING),
	[STREAM_IOC_VALUE] = FIELD("IOCValue", TAKE_NOTHING),
	[SOURCE_USER] = FIELD("source_account_name", TAKE_NOTHING),
	[TARGET_USER] = FIELD("target_account_name", TAKE_NOTHING),
	[STREAM_SOURCE_USER] = FIELD("SourceAccountName", TAKE_NOTHING),
	[STREAM_TARGET_USER] = FIELD("TargetAccountName", TAKE_NOTHING),
	[EVENT_TYPE] = FIELD("metadata.eventType", TAKE_NOTHING),
	[VERTEX] = FIELD("vertex_type", TAKE_NOTHING),
	[SENSOR_EVENT] = FIELD("event_simpleName", TAKE_NOTHING),
	[PREVENTED] = FIELD("NetworkDetectionType", TAKE_NOTHING),
	[HASHES] = FIELD("SHA256Hashes", TAKE_NOTHING),
	[LOCAL] = FIELD("LocalAddressIP4", TAKE_NOTHING),
	[REMOTE] = FIELD("RemoteAddressIP4", TAKE_NOTHING),
	[LOCAL_6] = FIELD("LocalAddressIP6", TAKE_NOTHING),
	[REMOTE_6] = FIELD("RemoteAddressIP6", TAKE_NOTHING),
	[INBOUND] = FIELD("ConnectionDirection", TAKE_NOTHING),
	[FIRST_QUARANTINE] = DISPOSITION_ROWS("quarantine_file", "QuarantineFile"),
	DISPOSITION_ROWS("quarantine_machine", "QuarantineMachine"),
	[FIRST_BLOCK] = DISPOSITION_ROWS("process_blocked", "ProcessBlocked"),
	DISPOSITION_ROWS("kill_process", "KillProcess"),
	DISPOSITION_ROWS("kill_subprocess", "KillSubProcess"),
	DISPOSITION_ROWS("kill_parent", "KillParent"),
	DISPOSITION_ROWS("operation_blocked", "OperationBlocked"),
	DISPOSITION_ROWS("registry_operation_blocked", "RegistryOperationBlocked"),
	DISPOSITION_ROWS("fs_operation_blocked", "FsOperationBlocked"),
	DISPOSITION_ROWS("suspend_process", "SuspendProcess"),

	FIELD("first_behavior", TAKE_AT_UTC),
	FIELD("ProcessStartTime", TAKE_AT_UTC),
	FIELD("StartTime", TAKE_AT_UTC),
	FIELD("StartTimeEpoch", TAKE_AT_UTC),
	FIELD("IncidentStartTime", TAKE_AT_UTC),
	FIELD("SignalStartTimestamp", TAKE_AT_UTC),
	FIELD("ContextTimeStamp", TAKE_AT_UTC),
	FIELD("UTCTimestamp", TAKE_AT_UTC),
	FIELD("timestamp", TAKE_AT_UTC),
	FIELD("start_time", TAKE_AT_UTC),
	FIELD("created_timestamp", TAKE_AT_UTC),
	FIELD("metadata.eventCreationTime", TAKE_AT_UTC),
	FIELD("last_behavior", TAKE_UNTIL),
	FIELD("end_time", TAKE_UNTIL),
	FIELD("ProcessEndTime", TAKE_UNTIL),
	FIELD("EndTime", TAKE_UNTIL),
	FIELD("EndTimeEpoch", TAKE_UNTIL),
	FIELD("IncidentEndTime", TAKE_UNTIL),
	FIELD("SignalEndTimestamp", TAKE_UNTIL),
	FIELD("created_timestamp", TAKE_REPORTED),
	FIELD("UTCTimestamp", TAKE_REPORTED),
	FIELD("metadata.eventCreationTime", TAKE_REPORTED),
	FIELD("composite_id", TAKE_NATIVE_ID),
	FIELD("CompositeId", TAKE_NATIVE_ID),
	FIELD("detection_id", TAKE_NATIVE_ID),
	FIELD("DetectId", TAKE_NATIVE_ID),
	FIELD("IdentityProtectionIncidentId", TAKE_NATIVE_ID),
	FIELD("IncidentID", TAKE_NATIVE_ID),
	FIELD("pattern_id", TAKE_RULE_ID),
	FIELD("PatternId", TAKE_RULE_ID),
	FIELD("MitreAttack[].PatternID", TAKE_RULE_ID),
	FIELD("behaviors[].pattern_id", TAKE_RULE_ID),
	FIELD("display_name", TAKE_RULE_NAME),
	FIELD("name", TAKE_RULE_NAME),
	FIELD("Name", TAKE_RULE_NAME),
	FIELD("DetectName", TAKE_RULE_NAME),
	FIELD("behaviors[].display_name", TAKE_RULE_NAME),
	FIELD("behaviors[].scenario", TAKE_RULE_NAME),
	FIELD("scenario", TAKE_RULE_NAME),
	FIELD("IncidentType", TAKE_RULE_NAME),
	FIELD("description", TAKE_TITLE),
	FIELD("Description", TAKE_TITLE),
	FIELD("DetectDescription", TAKE_TITLE),
	FIELD("IncidentDescription", TAKE_TITLE),
	FIELD("behaviors[].description", TAKE_TITLE),
	FIELD("technique_id", TAKE_TECHNIQUES),
	FIELD("mitre_attack[].technique_id", TAKE_TECHNIQUES),
	FIELD("behaviors[].technique_id", TAKE_TECHNIQUES),
	FIELD("MitreAttack[].TechniqueID", TAKE_TECHNIQUES),
	FIELD("Technique", TAKE_TECHNIQUES),
	FIELD("TechniqueIds", TAKE_TECHNIQUES),
	FIELD("Tactics", TAKE_TACTICS),
	FIELD("tactic", TAKE_TACTICS),
	FIELD("behaviors[].tactic", TAKE_TACTICS),
	FIELD("mitre_attack[].tactic", TAKE_TACTICS),
	FIELD("MitreAttack[].Tactic", TAKE_TACTICS),
	FIELD("Tactic", TAKE_TACTICS),
	FIELD("confidence", TAKE_CONFIDENCE),
	FIELD("max_confidence", TAKE_CONFIDENCE),
	FIELD_SEVERITY("severity_name", falcon_severities),
	FIELD_SEVERITY("SeverityName", falcon_severities),
	FIELD_SEVERITY("max_severity_displayname", falcon_severities),
	FIELD_SEVERITY("severity", falcon_severities),
	FIELD_SEVERITY("max_severity", falcon_severities),
	FIELD_SEVERITY("Severity", stream_severities),
	FIELD("Score", TAKE_SCORE),

	FIELD_ENTITY("device.hostname", ENTITY_HOST, ROLE_VICTIM),
	FIELD_ENTITY("Hostname", ENTITY_HOST, ROLE_VICTIM),
	FIELD_ENTITY("ComputerName", ENTITY_HOST, ROLE_VICTIM),
	FIELD_ENTITY("device.local_ip", ENTITY_IP, ROLE_VICTIM),
	FIELD_ENTITY("LocalIP", ENTITY_IP, ROLE_VICTIM),
	FIELD_ENTITY("device.mac_address", ENTITY_MAC, ROLE_VICTIM),
	FIELD_ENTITY("MACAddress", ENTITY_MAC, ROLE_VICTIM),
	FIELD_ENTITY("source_endpoint_host_name", ENTITY_HOST, ROLE_SOURCE),
	FIELD_ENTITY("source_endpoint_address_ip4", ENTITY_IP, ROLE_SOURCE),
	FIELD_ENTITY("source_endpoint_ip_address", ENTITY_IP, ROLE_SOURCE),
	FIELD_ENTITY("target_endpoint_host_name", ENTITY_HOST, ROLE_DESTINATION),
	FIELD_ENTITY("target_endpoint_address_ip4", ENTITY_IP, ROLE_DESTINATION),
	FIELD_ENTITY("host_names[]", ENTITY_HOST, ROLE_VICTIM),
	FIELD_ENTITY("SourceEndpointHostName", ENTITY_HOST, ROLE_SOURCE),
	FIELD_ENTITY("SourceEndpointIpAddress", ENTITY_IP, ROLE_SOURCE),
	FIELD_ENTITY("SourceEndpointAddressIP4", ENTITY_IP, ROLE_SOURCE),
	FIELD_ENTITY("TargetEndpointHostName", ENTITY_HOST, ROLE_DESTINATION),
	FIELD_ENTITY("TargetEndpointAddressIP4", ENTITY_IP, ROLE_DESTINATION),
	FIELD_ENTITY("EndpointName", ENTITY_HOST, ROLE_SOURCE),
	FIELD_ENTITY("EndpointIp", ENTITY_IP, ROLE_SOURCE),
	FIELD_ENTITY("HostNames", ENTITY_HOST, ROLE_VICTIM),
	FIELD_ENTITY("IPV4Addresses", ENTITY_IP, ROLE_OBSERVED),
	FIELD_ENTITY("ThreatgraphIndicators[].Hostname", ENTITY_HOST, ROLE_VICTIM),
	FIELD_ENTITY("MobileNetworkConnections[].RemoteAddress", ENTITY_IP, ROLE_DESTINATION),
	FIELD_ENTITY("MobileNetworkConnections[].RemotePort", ENTITY_PORT, ROLE_DESTINATION),
	FIELD_ENTITY("MobileNetworkConnections[].Url", ENTITY_URL, ROLE_DESTINATION),
	FIELD_ENTITY("MobileDnsRequests[].DomainName", ENTITY_DOMAIN, ROLE_DESTINATION),
	FIELD_ENTITY("MobileAppsDetails[].ImageFileName", ENTITY_PATH, ROLE_OBSERVED),
	FIELD_ENTITY("DomainName", ENTITY_DOMAIN, ROLE_DESTINATION),
	FIELD_ENTITY("cmdline", ENTITY_COMMAND, ROLE_ACTOR),
	FIELD_ENTITY("CommandLine", ENTITY_COMMAND, ROLE_ACTOR),
	FIELD_ENTITY("behaviors[].cmdline", ENTITY_COMMAND, ROLE_ACTOR),
	FIELD_ENTITY("parent_details.cmdline", ENTITY_COMMAND, ROLE_PARENT),
	FIELD_ENTITY("behaviors[].parent_details.parent_cmdline", ENTITY_COMMAND, ROLE_PARENT),
	FIELD_ENTITY("ParentCommandLine", ENTITY_COMMAND, ROLE_PARENT),
	FIELD_ENTITY("grandparent_details.cmdline", ENTITY_COMMAND, ROLE_PARENT),
	FIELD_ENTITY("GrandParentCommandLine", ENTITY_COMMAND, ROLE_PARENT),
	FIELD_ENTITY("sha256", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("sha1", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("md5", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("SHA256String", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("SHA1String", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("MD5String", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("behaviors[].sha256", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("behaviors[].md5", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("behaviors[].sha1", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("quarantined_files[].sha256", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("QuarantineFiles[].SHA256HashData", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("quarantined_files[].filename", ENTITY_PATH, ROLE_OBSERVED),
	FIELD_ENTITY("QuarantineFiles[].ImageFileName", ENTITY_PATH, ROLE_OBSERVED),
	FIELD_ENTITY("files_written[].filename", ENTITY_FILE, ROLE_OBSERVED),
	FIELD_ENTITY("ExecutablesWritten[].FileName", ENTITY_FILE, ROLE_OBSERVED),
	FIELD_ENTITY("network_accesses[].remote_address", ENTITY_IP, ROLE_DESTINATION),
	FIELD_ENTITY("network_accesses[].remote_port", ENTITY_PORT, ROLE_DESTINATION),
	FIELD_ENTITY("NetworkAccesses[].RemoteAddress", ENTITY_IP, ROLE_DESTINATION),
	FIELD_ENTITY("NetworkAccesses[].RemotePort", ENTITY_PORT, ROLE_DESTINATION),
	FIELD_ENTITY("dns_requests[].domain_name", ENTITY_DOMAIN, ROLE_DESTINATION),
	FIELD_ENTITY("DnsRequests[].DomainName", ENTITY_DOMAIN, ROLE_DESTINATION),
	FIELDS_END
};

static const struct clue clues[] = {
	{ "composite_id", 60 }, { "aggregate_id", 10 }, { "falcon_host_link", 20 }, { "detection_id", 30 },
	{ "behaviors", 35 }, { "max_severity_displayname", 20 }, { "CompositeId", 30 }, { "FalconHostLink", 35 },
	{ "PatternDispositionValue", 15 }, { "DetectId", 30 }, { "metadata.eventType", 25 }, { "SensorId", 10 }, { "metadata.customerIDString", 40 },
	{ "vertex_type", 35 }, { "event_simpleName", 45 }, { "aid", 10 }, { "cid", 10 }, { NULL, 0 }
};

/* One of the rows is true, somewhere. */
static bool is_true(const struct reading *rg, size_t from, size_t to)
{
	for (size_t row = from; row < to; row++)
		for (const struct json_value *v = json_first(rg->json, row); v != NULL; v = json_next(rg->json, v))
			if ((v->type == JSON_BOOL || v->type == JSON_STRING_TEXT) && strcasecmp(v->text, "true") == 0)
				return true;
	return false;
}

static void judge(struct reading *rg)
{
	const char *words = reading_text(rg, DISPOSITION_WORDS), *number = reading_text(rg, DISPOSITION);
	const char *prevented = reading_text(rg, PREVENTED);
	struct alert *a = &rg->alert;

	if (words == NULL)
		words = reading_text(rg, STREAM_WORDS);
	if (is_true(rg, FIRST_QUARANTINE, FIRST_BLOCK))
		a->action = ACTION_QUARANTINED;
	else if (is_true(rg, FIRST_BLOCK, AFTER_BLOCKS) || (words != NULL && strncasecmp(words, "Prevention", 10) == 0) ||
	         (prevented != NULL && strcasecmp(prevented, "prevented") == 0))
		a->action = ACTION_BLOCKED;
	else if ((words != NULL && strncasecmp(words, "Detection", 9) == 0) || (number != NULL && strcmp(number, "0") == 0))
		a->action = ACTION_DETECTED;
}

/* Ids of CrowdStrike's own, "CSTA0004", are no ATT&CK. */
static void add_tactics(struct reading *rg)
{
	for (size_t row = TACTIC_ID; row <= TACTIC_IDS; row++)
		for (const struct json_value *v = json_first(rg->json, row); v != NULL; v = json_next(rg->json, v))
			if (v->type == JSON_STRING_TEXT && strncasecmp(v->text, "TA", 2) == 0)
				ids_add_tactics(&rg->filling.tactics, v->text);
}

static void add_indicator(struct reading *rg, size_t type_row, size_t value_row)
{
	static const struct { const char *type; enum entity_kind kind; enum entity_role role; } kinds[] = {
		{ "domain", ENTITY_DOMAIN, ROLE_DESTINATION }, { "ip", ENTITY_IP, ROLE_DESTINATION },
		{ "ipv4", ENTITY_IP, ROLE_DESTINATION }, { "ipv6", ENTITY_IP, ROLE_DESTINATION },
		{ "hash_sha256", ENTITY_HASH, ROLE_OBSERVED }, { "sha256", ENTITY_HASH, ROLE_OBSERVED },
		{ "hash_md5", ENTITY_HASH, ROLE_OBSERVED }, { "md5", ENTITY_HASH, ROLE_OBSERVED },
		{ "registry_key", ENTITY_REGISTRY, ROLE_OBSERVED }, { NULL, 0, 0 }
	};

	for (const struct json_value *v = json_first(rg->json, value_row); v != NULL; v = json_next(rg->json, v)) {
		const char *type = text_beside(rg->json, type_row, v);

		for (size_t i = 0; type != NULL && v->type == JSON_STRING_TEXT && kinds[i].type != NULL; i++)
			if (strcasecmp(kinds[i].type, type) == 0)
				canon_add(&rg->alert, rg->arena, kinds[i].kind, kinds[i].role, v->text);
	}
}

/* What ran: paths begin "\Device\HarddiskVolume3\", which no other product writes, so its
 * name goes with it. */
static void add_image(struct reading *rg, const char *folder, const char *name)
{
	add_process(&rg->alert, rg->arena, ROLE_ACTOR, folder, name);
	if (name != NULL)
		add_file(&rg->alert, rg->arena, ROLE_OBSERVED, folder, name);
}

static void add_images(struct reading *rg)
{
	const char *parent = reading_text(rg, PARENT_NAME);

	add_image(rg, reading_text(rg, FILE_PATH), reading_text(rg, FILE_NAME));
	add_image(rg, reading_text(rg, STREAM_PATH), reading_text(rg, STREAM_NAME));
	for (const struct json_value *v = json_first(rg->json, BEHAVIOR_NAME); v != NULL; v = json_next(rg->json, v))
		if (v->type == JSON_STRING_TEXT)
			add_image(rg, text_beside(rg->json, BEHAVIOR_PATH, v), v->text);
	add_process(&rg->alert, rg->arena, ROLE_PARENT, reading_text(rg, PARENT_PATH), parent);
	add_process(&rg->alert, rg->arena, ROLE_PARENT, NULL, reading_text(rg, STREAM_PARENT));
	add_process(&rg->alert, rg->arena, ROLE_PARENT, reading_text(rg, GRANDPARENT_PATH), reading_text(rg, GRANDPARENT_NAME));
	add_process(&rg->alert, rg->arena, ROLE_PARENT, NULL, reading_text(rg, STREAM_GRANDPARENT));
}

/* What of the stream is judged; the names of the rest end otherwise, and it is telemetry. Where a name is of one case, as a
 * machine and an hour, it is the title, and the rule is what the product does. */
static const struct stream_event {
	const char *type;
	enum record_kind kind;
	const char *rule;            /* or NULL: the event says it */
} stream_events[] = {
	{ "IncidentSummaryEvent", RECORD_FINDING, "Incident" }, { "AutomatedLeadSummaryEvent", RECORD_FINDING, "Automated lead" },
	{ "XdrDetectionSummaryEvent", RECORD_FINDING, "XDR detection" }, { "IdentityProtectionEvent", RECORD_ALERT, NULL },
	{ "DetectionSummaryEvent", RECORD_ALERT, NULL }, { "ReconNotificationSummaryEvent", RECORD_ALERT, NULL },
	{ "CSPMIOAStreamingEvent", RECORD_ALERT, NULL }, { "CustomerIOCEvent", RECORD_ALERT, NULL }, { NULL, 0, NULL }
};

static const struct stream_event *stream_event_of(const char *type)
{
	size_t n = strlen(type);

	for (const struct stream_event *e = stream_events; e->type != NULL; e++) {
		size_t tail = strlen(e->type);

		/* "EppDetectionSummaryEvent", "MobileDetectionSummaryEvent" and more to come. */
		if (n >= tail && strcmp(type + n - tail, e->type) == 0)
			return e;
	}
	return NULL;
}

static void take_stream_event(struct reading *rg, const struct stream_event *e)
{
	struct alert *a = &rg->alert;

	a->kind = e->kind;
	if (e->rule == NULL)
		return;
	if (a->title == NULL && a->rule.name != NULL && strspn(a->rule.name, "0123456789") < strlen(a->rule.name))
		a->title = a->rule.name;     /* a number is a kind */
	a->rule.name = e->rule;
	a->rule.id = NULL;
}

static void add_hashes(struct reading *rg)
{
	const char *s = reading_text(rg, HASHES);

	for (size_t n; s != NULL && *s != '\0'; s += n + strspn(s + n, ", ")) {
		n = strcspn(s, ", ");
		canon_addn(&rg->alert, rg->arena, ENTITY_HASH, ROLE_OBSERVED, s, n);
	}
}

/* What the sensor saw, as the data replicator writes it. */
static int take_sensor_event(struct reading *rg, const struct record *rec, const char *name, struct fault *f)
{
	const char *direction = reading_text(rg, INBOUND);
	bool inbound = strncmp(name, "NetworkReceive", 14) == 0 || (direction != NULL && strcmp(direction, "1") == 0);
	enum entity_role from = inbound ? ROLE_DESTINATION : ROLE_SOURCE, to = inbound ? ROLE_SOURCE : ROLE_DESTINATION;

	filling_begin(&rg->filling, &rg->alert, rg->arena, 0);
	reading_fill_ends(rg);
	canon_add(&rg->alert, rg->arena, ENTITY_IP, from, reading_text(rg, LOCAL));
	canon_add(&rg->alert, rg->arena, ENTITY_IP, from, reading_text(rg, LOCAL_6));
	canon_add(&rg->alert, rg->arena, ENTITY_IP, to, reading_text(rg, REMOTE));
	canon_add(&rg->alert, rg->arena, ENTITY_IP, to, reading_text(rg, REMOTE_6));
	return reading_telemetry(rg, rec, strncmp(name, "Network", 7) == 0 ? TELEMETRY_CONNECTION :
	                                  strncmp(name, "Dns", 3) == 0 ? TELEMETRY_LOOKUP : TELEMETRY_OTHER, f);
}

static int crowdstrike_record(struct reading *rg, const struct record *rec, struct fault *f)
{
	const char *type = reading_text(rg, EVENT_TYPE), *sensor = reading_text(rg, SENSOR_EVENT);
	const struct stream_event *streamed = type != NULL ? stream_event_of(type) : NULL;

	if (sensor != NULL)
		return take_sensor_event(rg, rec, sensor, f);
	if (type != NULL && streamed == NULL)
		return reading_blank(rg, rec, reading_text(rg, VERTEX) != NULL ? BLANK_CONTEXT : BLANK_TELEMETRY, f);
	filling_begin(&rg->filling, &rg->alert, rg->arena, 0);
	rg->alert.rule.product = "crowdstrike";
	reading_fill(rg);
	rg->alert.zone = ZONE_BY_SPEC;
	add_tactics(rg);
	add_account(&rg->alert, rg->arena, ROLE_ACTOR, reading_text(rg, USER));
	add_account(&rg->alert, rg->arena, ROLE_ACTOR, reading_text(rg, STREAM_USER));
	add_account(&rg->alert, rg->arena, ROLE_ACTOR, reading_text(rg, SOURCE_USER));
	add_account(&rg->alert, rg->arena, ROLE_TARGET, reading_text(rg, TARGET_USER));
	add_account(&rg->alert, rg->arena, ROLE_ACTOR, reading_text(rg, STREAM_SOURCE_USER));
	add_account(&rg->alert, rg->arena, ROLE_TARGET, reading_text(rg, STREAM_TARGET_USER));
	for (const struct json_value *v = json_first(rg->json, BEHAVIOR_USER); v != NULL; v = json_next(rg->json, v))
		if (v->type == JSON_STRING_TEXT)
			add_account(&rg->alert, rg->arena, ROLE_ACTOR, v->text);
	add_images(rg);
	add_indicator(rg, IOC_TYPE, IOC_VALUE);
	add_indicator(rg, CONTEXT_TYPE, CONTEXT_VALUE);
	add_indicator(rg, BEHAVIOR_IOC_TYPE, BEHAVIOR_IOC_VALUE);
	add_indicator(rg, STREAM_IOC_TYPE, STREAM_IOC_VALUE);
	add_hashes(rg);
	judge(rg);
	if (streamed != NULL)
		take_stream_event(rg, streamed);
	return reading_alert(rg, rec, f);
}

static const char *const wrappers[] = { "resources", NULL };

const struct reader reader_crowdstrike = {
	.name = "crowdstrike", .summary = "CrowdStrike Falcon alerts, detects and detection summaries, JSON", .gives = "alerts, findings",
	.extensions = ".json .jsonl", .framing = FRAME_JSON, .wrappers = wrappers, .below = "event", .fields = fields,
	.clues = clues, .record = crowdstrike_record,
};
