/* Wazuh 3.x and 4.x alerts.json (FORMATS 2.3), also as the indexer exports it, below "_source".
 * The agent's machine is the one the alert is about, but where Wazuh only fetched what a cloud or a collector logged. */
#include <string.h>
#include <strings.h>

#include "analyst/base/text.h"
#include "analyst/readers/fast_log.h"
#include "analyst/readers/guardduty.h"
#include "analyst/readers/nested.h"
#include "analyst/readers/packet.h"
#include "analyst/readers/wazuh.h"

const struct band wazuh_levels[] = {
	{ NULL, 0, SEVERITY_INFO }, { NULL, 4, SEVERITY_LOW }, { NULL, 7, SEVERITY_MEDIUM },
	{ NULL, 12, SEVERITY_HIGH }, { NULL, 15, SEVERITY_CRITICAL }, { NULL, 17, SEVERITY_UNKNOWN }, BANDS_END
};

/* Firewalls', clouds' and content filters' words. */
static const struct named wazuh_actions[] = {
	{ "allowed", ACTION_ALLOWED }, { "allow", ACTION_ALLOWED }, { "pass", ACTION_ALLOWED }, { "accept", ACTION_ALLOWED },
	{ "permit", ACTION_ALLOWED }, { "blocked", ACTION_BLOCKED }, { "block", ACTION_BLOCKED }, { "deny", ACTION_BLOCKED },
	{ "denied", ACTION_BLOCKED }, { "drop", ACTION_BLOCKED }, { "dropped", ACTION_BLOCKED }, { "reject", ACTION_BLOCKED },
	{ "AccessDenied", ACTION_BLOCKED }, { "UnauthorizedOperation", ACTION_BLOCKED },
	{ "Client.UnauthorizedOperation", ACTION_BLOCKED }, { "detected", ACTION_DETECTED }, { "alert", ACTION_DETECTED },
	{ "quarantined", ACTION_QUARANTINED }, { NULL, 0 }
};

enum {
	AGENT_ID, AGENT_NAME, AGENT_IP, PREDECODER_HOST, HASHES, SYSMON_HASH, TARGET_USER,
	SUBJECT_USER, SURICATA_URL, SURICATA_HOST, SYSCHECK_PATH, TARGET_FILE,
	IP_ADDRESS, DEFENDER_PATH, SRC_IP, DEST_IP, DEST_PORT, DIRECTION, EVENT_TYPE, SIGNATURE_ID, SIGNATURE,
	SIGNATURE_CATEGORY, SIGNATURE_SEVERITY, SRC_PORT, FULL_LOG, DECODER, LOCATION, WRITTEN, DESCRIPTION, DECODED_SRC,
	DECODED_DST, DECODED_PORT, COMPUTER, INTEGRATION, AUDIT_FILE, VIRUSTOTAL_FILE, YARA_FILE, ROOTCHECK_FILE, LOADED_IMAGE,
	AWS_SOURCE, AWS_TYPE, AWS_SEVERITY, AWS_ID, AWS_TITLE, AWS_DIRECTION, AWS_REMOTE_IP, AWS_REMOTE_PORT, AWS_LOCAL_PORT,
	DECODED_SRC_PORT, DECODED_URL, PROTOCOL, COMMAND_0
};
#define COMMAND_WORDS 8

static const struct field fields[] = {
	[AGENT_ID] = FIELD("agent.id", TAKE_NOTHING),
	[AGENT_NAME] = FIELD("agent.name", TAKE_NOTHING),
	[AGENT_IP] = FIELD("agent.ip", TAKE_NOTHING),
	[PREDECODER_HOST] = FIELD("predecoder.hostname", TAKE_NOTHING),
	[HASHES] = FIELD("data.win.eventdata.hashes", TAKE_NOTHING),
	[SYSMON_HASH] = FIELD("data.win.eventdata.hash", TAKE_NOTHING),
	[TARGET_USER] = FIELD("data.win.eventdata.targetUserName", TAKE_NOTHING),
	[SUBJECT_USER] = FIELD("data.win.eventdata.subjectUserName", TAKE_NOTHING),
	[SURICATA_URL] = FIELD("data.http.url", TAKE_NOTHING),
	[SURICATA_HOST] = FIELD("data.http.hostname", TAKE_NOTHING),
	[SYSCHECK_PATH] = FIELD("syscheck.path", TAKE_NOTHING),
	[TARGET_FILE] = FIELD_ENTITY("data.win.eventdata.targetFilename", ENTITY_PATH, ROLE_OBSERVED),
	[IP_ADDRESS] = FIELD_ENTITY("data.win.eventdata.ipAddress", ENTITY_IP, ROLE_SOURCE),
	[DEFENDER_PATH] = FIELD("data.win.eventdata.path", TAKE_NOTHING),

	[SRC_IP] = FIELD("data.src_ip", TAKE_NOTHING),
	[DEST_IP] = FIELD("data.dest_ip", TAKE_NOTHING),
	[DEST_PORT] = FIELD("data.dest_port", TAKE_NOTHING),
	[DIRECTION] = FIELD("data.direction", TAKE_NOTHING),
	[EVENT_TYPE] = FIELD("data.event_type", TAKE_NOTHING),
	[SIGNATURE_ID] = FIELD("data.alert.signature_id", TAKE_NOTHING),
	[SIGNATURE] = FIELD("data.alert.signature", TAKE_NOTHING),
	[SIGNATURE_CATEGORY] = FIELD("data.alert.category", TAKE_NOTHING),
	[SIGNATURE_SEVERITY] = FIELD("data.alert.severity", TAKE_NOTHING),
	[SRC_PORT] = FIELD("data.src_port", TAKE_NOTHING),
	[FULL_LOG] = FIELD("full_log", TAKE_NOTHING),
	[DECODER] = FIELD("decoder.name", TAKE_NOTHING),
	[LOCATION] = FIELD("location", TAKE_NOTHING),
	[WRITTEN] = FIELD("timestamp", TAKE_REPORTED),
	[DESCRIPTION] = FIELD("rule.description", TAKE_RULE_NAME),
	[DECODED_SRC] = FIELD("data.srcip", TAKE_NOTHING),
	[DECODED_DST] = FIELD("data.dstip", TAKE_NOTHING),
	[DECODED_PORT] = FIELD("data.dstport", TAKE_NOTHING),
	[COMPUTER] = FIELD("data.win.system.computer", TAKE_NOTHING),
	[INTEGRATION] = FIELD("data.integration", TAKE_NOTHING),
	[AUDIT_FILE] = FIELD("data.audit.file.name", TAKE_NOTHING),
	[VIRUSTOTAL_FILE] = FIELD_ENTITY("data.virustotal.source.file", ENTITY_PATH, ROLE_OBSERVED),
	[YARA_FILE] = FIELD_ENTITY("data.YARA.scanned_file", ENTITY_PATH, ROLE_OBSERVED),
	[ROOTCHECK_FILE] = FIELD_ENTITY("data.file", ENTITY_PATH, ROLE_OBSERVED),
	[LOADED_IMAGE] = FIELD_ENTITY("data.win.eventdata.imageLoaded", ENTITY_PATH, ROLE_OBSERVED),
	[AWS_SOURCE] = FIELD("data.aws.source", TAKE_NOTHING),
	[AWS_TYPE] = FIELD("data.aws.type", TAKE_NOTHING),
	[AWS_SEVERITY] = FIELD("data.aws.severity", TAKE_NOTHING),
	[AWS_ID] = FIELD("data.aws.id", TAKE_NOTHING),
	[AWS_TITLE] = FIELD("data.aws.title", TAKE_NOTHING),
	[AWS_DIRECTION] = FIELD("data.aws.service.action.networkConnectionAction.connectionDirection", TAKE_NOTHING),
	[AWS_REMOTE_IP] = FIELD("data.aws.service.action.networkConnectionAction.remoteIpDetails.ipAddressV4", TAKE_NOTHING),
	[AWS_REMOTE_PORT] = FIELD("data.aws.service.action.networkConnectionAction.remotePortDetails.port", TAKE_NOTHING),
	[AWS_LOCAL_PORT] = FIELD("data.aws.service.action.networkConnectionAction.localPortDetails.port", TAKE_NOTHING),
	[DECODED_SRC_PORT] = FIELD("data.srcport", TAKE_NOTHING),
	[DECODED_URL] = FIELD("data.url", TAKE_NOTHING),
	[PROTOCOL] = FIELD("data.protocol", TAKE_NOTHING),
	[COMMAND_0] = FIELD("data.audit.execve.a0", TAKE_NOTHING),
	[COMMAND_0 + 1] = FIELD("data.audit.execve.a1", TAKE_NOTHING),
	[COMMAND_0 + 2] = FIELD("data.audit.execve.a2", TAKE_NOTHING),
	[COMMAND_0 + 3] = FIELD("data.audit.execve.a3", TAKE_NOTHING),
	[COMMAND_0 + 4] = FIELD("data.audit.execve.a4", TAKE_NOTHING),
	[COMMAND_0 + 5] = FIELD("data.audit.execve.a5", TAKE_NOTHING),
	[COMMAND_0 + 6] = FIELD("data.audit.execve.a6", TAKE_NOTHING),
	[COMMAND_0 + 7] = FIELD("data.audit.execve.a7", TAKE_NOTHING),

	FIELD("data.win.system.systemTime", TAKE_AT_UTC),
	FIELD("data.timestamp", TAKE_AT),
	FIELD("data.aws.service.eventFirstSeen", TAKE_AT_UTC),
	FIELD("data.aws.eventTime", TAKE_AT_UTC),
	FIELD("data.office365.CreationTime", TAKE_AT_UTC),
	FIELD("data.github.@timestamp", TAKE_AT),
	FIELD("data.gcp.timestamp", TAKE_AT),
	FIELD("timestamp", TAKE_AT),
	FIELD("@timestamp", TAKE_AT),
	FIELD("data.aws.service.eventLastSeen", TAKE_UNTIL),
	FIELD("@timestamp", TAKE_REPORTED),
	FIELD("id", TAKE_NATIVE_ID),
	FIELD("rule.id", TAKE_RULE_ID),
	FIELD("rule.groups[]", TAKE_CATEGORY),
	FIELD_SEVERITY("rule.level", wazuh_levels),
	FIELD("rule.mitre.id[]", TAKE_TECHNIQUES),
	FIELD("rule.mitre.tactic[]", TAKE_TACTICS),
	FIELD("rule.mitre.tactics[]", TAKE_TACTICS),
	FIELD("data.alert.metadata.mitre_technique_id[]", TAKE_TECHNIQUES),
	FIELD("data.alert.metadata.mitre_tactic_id[]", TAKE_TACTICS),
	{ "data.action", TAKE_ACTION, 0, 0, NULL, wazuh_actions },
	FIELD("data.alert.action", TAKE_ACTION),
	{ "data.aws.action", TAKE_ACTION, 0, 0, NULL, wazuh_actions },
	{ "data.aws.errorCode", TAKE_ACTION, 0, 0, NULL, wazuh_actions },

	FIELD_ENTITY("data.srcuser", ENTITY_USER, ROLE_ACTOR),
	FIELD_ENTITY("data.dstuser", ENTITY_USER, ROLE_TARGET),
	FIELD_ENTITY("data.command", ENTITY_COMMAND, ROLE_OBSERVED),
	FIELD_ENTITY("data.http.hostname", ENTITY_DOMAIN, ROLE_DESTINATION),
	FIELD_ENTITY("data.http.http_user_agent", ENTITY_AGENT, ROLE_OBSERVED),
	FIELD_ENTITY("data.tls.sni", ENTITY_DOMAIN, ROLE_DESTINATION),
	FIELD_ENTITY("data.tls.ja3.hash", ENTITY_JA3, ROLE_OBSERVED),
	FIELD_ENTITY("data.dns.query[].rrname", ENTITY_DOMAIN, ROLE_DESTINATION),
	FIELD_ENTITY("data.fileinfo.sha256", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("data.audit.exe", ENTITY_PROCESS, ROLE_ACTOR),
	FIELD_ENTITY("data.audit.directory.name", ENTITY_PATH, ROLE_OBSERVED),
	FIELD_ENTITY("data.audit.acct", ENTITY_USER, ROLE_TARGET),
	FIELD_ENTITY("data.virustotal.source.sha1", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("data.virustotal.source.md5", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("data.vulnerability.cve", ENTITY_CVE, ROLE_OBSERVED),
	FIELD("data.vulnerability.title", TAKE_TITLE),
	FIELD("data.title", TAKE_TITLE),
	FIELD("data.YARA.rule_description", TAKE_TITLE),

	/* What a cloud says of who did it and from where. */
	FIELD_ENTITY("data.aws.resource.instanceDetails.instanceId", ENTITY_HOST, ROLE_VICTIM),
	FIELD_ENTITY("data.aws.resource.instanceDetails.networkInterfaces[].privateIpAddress", ENTITY_IP, ROLE_VICTIM),
	FIELD_ENTITY("data.aws.resource.instanceDetails.networkInterfaces[].publicIp", ENTITY_IP, ROLE_VICTIM),
	FIELD_ENTITY("data.aws.resource.accessKeyDetails.userName", ENTITY_USER, ROLE_ACTOR),
	FIELD_ENTITY("data.aws.service.action.awsApiCallAction.remoteIpDetails.ipAddressV4", ENTITY_IP, ROLE_SOURCE),
	FIELD_ENTITY("data.aws.service.action.portProbeAction.portProbeDetails[].remoteIpDetails.ipAddressV4", ENTITY_IP, ROLE_SOURCE),
	FIELD_ENTITY("data.aws.service.action.dnsRequestAction.domain", ENTITY_DOMAIN, ROLE_DESTINATION),
	FIELD("data.aws.service.count", TAKE_COUNT),
	FIELD_ENTITY("data.aws.userIdentity.userName", ENTITY_USER, ROLE_ACTOR),
	FIELD_ENTITY("data.aws.userIdentity.sessionContext.sessionIssuer.userName", ENTITY_USER, ROLE_ACTOR),
	FIELD_ENTITY("data.aws.requestParameters.userName", ENTITY_USER, ROLE_TARGET),
	FIELD_ENTITY("data.aws.sourceIPAddress", ENTITY_IP, ROLE_SOURCE),
	FIELD_ENTITY("data.aws.source_ip_address", ENTITY_IP, ROLE_SOURCE),
	FIELD_ENTITY("data.aws.userAgent", ENTITY_AGENT, ROLE_OBSERVED),
	FIELD_ENTITY("data.aws.srcaddr", ENTITY_IP, ROLE_SOURCE),
	FIELD_ENTITY("data.aws.dstaddr", ENTITY_IP, ROLE_DESTINATION),
	FIELD_ENTITY("data.aws.dstport", ENTITY_PORT, ROLE_DESTINATION),
	FIELD_ENTITY("data.aws.httpRequest.clientIp", ENTITY_IP, ROLE_SOURCE),
	FIELD_ENTITY("data.office365.UserId", ENTITY_USER, ROLE_ACTOR),
	FIELD_ENTITY("data.office365.ClientIP", ENTITY_IP, ROLE_SOURCE),
	FIELD_ENTITY("data.office365.ClientIPAddress", ENTITY_IP, ROLE_SOURCE),
	FIELD_ENTITY("data.office365.ActorIpAddress", ENTITY_IP, ROLE_SOURCE),
	FIELD_ENTITY("data.office365.MailboxOwnerUPN", ENTITY_USER, ROLE_TARGET),
	FIELD_ENTITY("data.office365.TargetUserOrGroupName", ENTITY_USER, ROLE_TARGET),
	FIELD_ENTITY("data.office365.SourceFileName", ENTITY_FILE, ROLE_OBSERVED),
	FIELD_ENTITY("data.office365.UserAgent", ENTITY_AGENT, ROLE_OBSERVED),
	FIELD_ENTITY("data.github.actor", ENTITY_USER, ROLE_ACTOR),
	FIELD_ENTITY("data.github.user", ENTITY_USER, ROLE_TARGET),
	FIELD_ENTITY("data.github.actor_ip", ENTITY_IP, ROLE_SOURCE),
	FIELD_ENTITY("data.github.user_agent", ENTITY_AGENT, ROLE_OBSERVED),
	FIELD_ENTITY("data.gcp.protoPayload.authenticationInfo.principalEmail", ENTITY_USER, ROLE_ACTOR),
	FIELD_ENTITY("data.gcp.protoPayload.requestMetadata.callerIp", ENTITY_IP, ROLE_SOURCE),
	FIELD_ENTITY("data.gcp.protoPayload.requestMetadata.callerSuppliedUserAgent", ENTITY_AGENT, ROLE_OBSERVED),
	FIELD_ENTITY("data.gcp.resource.labels.instance_id", ENTITY_HOST, ROLE_VICTIM),
	FIELD_ENTITY("data.gcp.jsonPayload.vmInstanceName", ENTITY_HOST, ROLE_VICTIM),
	FIELD_ENTITY("data.gcp.jsonPayload.sourceIP", ENTITY_IP, ROLE_SOURCE),
	FIELD_ENTITY("data.gcp.jsonPayload.queryName", ENTITY_DOMAIN, ROLE_DESTINATION),
	FIELD_ENTITY("data.ms-graph.userPrincipalName", ENTITY_USER, ROLE_ACTOR),
	FIELD_ENTITY("data.ms-graph.ipAddress", ENTITY_IP, ROLE_SOURCE),

	FIELD_ENTITY("data.win.eventdata.ipPort", ENTITY_PORT, ROLE_SOURCE),
	FIELD_ENTITY("data.win.eventdata.workstationName", ENTITY_HOST, ROLE_SOURCE),
	FIELD_ENTITY("data.win.eventdata.sourceIp", ENTITY_IP, ROLE_SOURCE),
	FIELD_ENTITY("data.win.eventdata.destinationIp", ENTITY_IP, ROLE_DESTINATION),
	FIELD_ENTITY("data.win.eventdata.destinationHostname", ENTITY_DOMAIN, ROLE_DESTINATION),
	FIELD_ENTITY("data.win.eventdata.destinationPort", ENTITY_PORT, ROLE_DESTINATION),
	FIELD_ENTITY("data.win.eventdata.queryName", ENTITY_DOMAIN, ROLE_DESTINATION),
	FIELD_ENTITY("data.win.eventdata.image", ENTITY_PROCESS, ROLE_ACTOR),
	FIELD_ENTITY("data.win.eventdata.sourceImage", ENTITY_PROCESS, ROLE_ACTOR),
	FIELD_ENTITY("data.win.eventdata.newProcessName", ENTITY_PROCESS, ROLE_ACTOR),
	FIELD_ENTITY("data.win.eventdata.process Name", ENTITY_PROCESS, ROLE_OBSERVED),
	FIELD_ENTITY("data.win.eventdata.targetImage", ENTITY_PROCESS, ROLE_TARGET),
	FIELD_ENTITY("data.win.eventdata.parentImage", ENTITY_PROCESS, ROLE_PARENT),
	FIELD_ENTITY("data.win.eventdata.parentProcessName", ENTITY_PROCESS, ROLE_PARENT),
	FIELD_ENTITY("data.win.eventdata.commandLine", ENTITY_COMMAND, ROLE_ACTOR),
	FIELD_ENTITY("data.win.eventdata.parentCommandLine", ENTITY_COMMAND, ROLE_PARENT),
	FIELD_ENTITY("data.win.eventdata.scriptBlockText", ENTITY_COMMAND, ROLE_OBSERVED),
	FIELD_ENTITY("data.win.eventdata.user", ENTITY_USER, ROLE_ACTOR),
	FIELD_ENTITY("data.win.eventdata.sourceUser", ENTITY_USER, ROLE_ACTOR),
	FIELD_ENTITY("data.win.eventdata.detection User", ENTITY_USER, ROLE_ACTOR),
	FIELD_ENTITY("data.win.eventdata.memberName", ENTITY_USER, ROLE_TARGET),
	FIELD_ENTITY("data.win.eventdata.targetObject", ENTITY_REGISTRY, ROLE_OBSERVED),
	FIELD_ENTITY("data.win.eventdata.shareName", ENTITY_PATH, ROLE_TARGET),
	FIELD_ENTITY("data.win.eventdata.imagePath", ENTITY_PATH, ROLE_OBSERVED),
	FIELD_ENTITY("data.win.eventdata.taskName", ENTITY_PATH, ROLE_OBSERVED),
	FIELD_ENTITY("data.win.eventdata.serviceFileName", ENTITY_PATH, ROLE_OBSERVED),
	FIELD_ENTITY("data.win.eventdata.processName", ENTITY_PROCESS, ROLE_ACTOR),
	FIELD("data.win.eventdata.threat Name", TAKE_TITLE),

	FIELD_ENTITY("syscheck.sha256_after", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("syscheck.sha1_after", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("syscheck.md5_after", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("syscheck.sha256_before", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("syscheck.sha1_before", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("syscheck.md5_before", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("syscheck.uname_after", ENTITY_USER, ROLE_OBSERVED),
	/* Who did it, where the kernel was asked ("whodata"). */
	FIELD_ENTITY("syscheck.audit.login_user.name", ENTITY_USER, ROLE_ACTOR),
	FIELD_ENTITY("syscheck.audit.effective_user.name", ENTITY_USER, ROLE_ACTOR),
	FIELD_ENTITY("syscheck.audit.user.name", ENTITY_USER, ROLE_ACTOR),
	FIELD_ENTITY("syscheck.audit.process.name", ENTITY_PROCESS, ROLE_ACTOR),
	FIELD_ENTITY("syscheck.audit.process.parent_name", ENTITY_PROCESS, ROLE_PARENT),
	FIELDS_END
};

static const struct clue clues[] = {
	{ "rule.level", 40 }, { "rule.id", 5 }, { "rule.description", 10 }, { "agent.id", 15 }, { "agent.name", 15 },
	{ "manager.name", 15 }, { "decoder.name", 15 }, { NULL, 0 }
};

/* What the manager fetched of a service far away: its agent is no machine of the alert. */
static bool is_fetched(const struct reading *rg)
{
	static const char *const services[] = { "aws", "gcp", "azure", "office365", "github", "ms-graph", NULL };

	return in_list(services, reading_text(rg, INTEGRATION));
}

/* Whether two names are of one machine, with its domain or without. */
static bool same_machine(const char *a, const char *b)
{
	size_t n = strcspn(a, ".");

	return n == strcspn(b, ".") && strncasecmp(a, b, n) == 0;
}

/* Agent 000 is the manager itself, which also speaks for machines that only send logs; so does an agent that collects
 * what other Windows machines forward. */
static void add_machine(struct reading *rg)
{
	const char *id = reading_text(rg, AGENT_ID), *name = reading_text(rg, AGENT_NAME);
	const char *sender = reading_text(rg, PREDECODER_HOST), *computer = reading_text(rg, COMPUTER);
	bool is_manager = id != NULL && strcmp(id, "000") == 0;

	if (is_fetched(rg))
		return;
	if (computer != NULL && (name == NULL || !same_machine(computer, name)))
		sender = computer;
	else if (!is_manager)
		sender = NULL;
	canon_add(&rg->alert, rg->arena, ENTITY_HOST, ROLE_VICTIM, sender != NULL ? sender : name);
	if (sender == NULL)
		canon_add(&rg->alert, rg->arena, ENTITY_IP, ROLE_VICTIM, reading_text(rg, AGENT_IP));
}

/* Windows accounts are named with their domain, and machine accounts ("EXCH01$") act for
 * the machine, which is there already. */
static void add_user(struct reading *rg, enum entity_role role, size_t name_row)
{
	const char *name = reading_text(rg, name_row);
	size_t n = name != NULL ? strlen(name) : 0;

	if (n > 0 && name[n - 1] != '$')
		canon_add(&rg->alert, rg->arena, ENTITY_USER, role, name);
}

/* The name of a file that is seen: the same file is written under one path and asked for
 * under another. */
static void add_file_name(struct reading *rg, const char *path)
{
	if (path != NULL && last_component(path) != path)
		canon_add(&rg->alert, rg->arena, ENTITY_FILE, ROLE_OBSERVED, last_component(path));
}

/* A file, or "[x64] HKEY_LOCAL_MACHINE\..." of the registry. The product's sentence is the first line of its log. */
static void add_watched(struct reading *rg)
{
	static const struct field title = FIELD("", TAKE_TITLE);
	const char *path = reading_text(rg, SYSCHECK_PATH), *said = reading_text(rg, FULL_LOG);

	if (path == NULL)
		return;
	if (strncmp(path, "[x32] ", 6) == 0 || strncmp(path, "[x64] ", 6) == 0)
		path += 6;
	if (strncasecmp(path, "HKEY_", 5) == 0) {
		canon_add(&rg->alert, rg->arena, ENTITY_REGISTRY, ROLE_OBSERVED, path);
	} else {
		canon_add(&rg->alert, rg->arena, ENTITY_PATH, ROLE_OBSERVED, path);
		add_file_name(rg, path);
	}
	if (said != NULL)
		filling_take(&rg->filling, &title, arena_dupn(rg->arena, said, strcspn(said, "\r\n")));
}

static int hex_digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* The kernel's audit writes what holds a blank, a quote or a byte beyond ASCII in hexadecimal digits, and nothing else. */
static const char *audit_text(struct arena *arena, const char *s)
{
	size_t n = s != NULL ? strlen(s) : 0;
	bool needed = false;
	char *out;

	if (n < 4 || n % 2 != 0)
		return s;
	out = arena_alloc(arena, n / 2 + 1);
	for (size_t i = 0; i < n; i += 2) {
		int high = hex_digit(s[i]), low = hex_digit(s[i + 1]);

		if (high < 0 || low < 0 || high + low == 0)
			return s;
		out[i / 2] = (char)(high * 16 + low);
		needed = needed || high * 16 + low <= ' ' || high * 16 + low > '~' || high * 16 + low == '"';
	}
	out[n / 2] = '\0';
	return needed && utf8_valid(out, n / 2) ? out : s;
}

/* The words of a command, as auditd has them; eight say what was done. */
static void add_command(struct reading *rg)
{
	const char *all = audit_text(rg->arena, reading_text(rg, COMMAND_0)), *path = audit_text(rg->arena, reading_text(rg, AUDIT_FILE));

	for (size_t i = 1; all != NULL && i < COMMAND_WORDS; i++) {
		const char *word = audit_text(rg->arena, reading_text(rg, COMMAND_0 + i));

		if (word != NULL)
			all = arena_printf(rg->arena, "%s %s", all, word);
	}
	canon_add(&rg->alert, rg->arena, ENTITY_COMMAND, ROLE_ACTOR, all);
	canon_add(&rg->alert, rg->arena, ENTITY_PATH, ROLE_OBSERVED, path);
}

/* "file:_C:\Windows\Temp\a.exe" of Defender. */
static void add_defender_path(struct reading *rg)
{
	const char *path = reading_text(rg, DEFENDER_PATH);

	if (path == NULL)
		return;
	if (strncmp(path, "file:_", 6) == 0)
		path += 6;
	path = arena_dupn(rg->arena, path, strcspn(path, ";"));
	canon_add(&rg->alert, rg->arena, ENTITY_PATH, ROLE_OBSERVED, path);
	add_file_name(rg, path);
}

/* Of a line that was handed on the ends are known; the decoder names them in the packet's order. */
static void add_ends(struct reading *rg)
{
	struct packet p = {
		reading_text(rg, SRC_IP), reading_text(rg, SRC_PORT), reading_text(rg, DEST_IP), reading_text(rg, DEST_PORT),
		heading_of(reading_text(rg, DIRECTION)), reading_text(rg, SRC_IP), reading_text(rg, SIGNATURE)
	};

	if (alert_entity(&rg->alert, ENTITY_IP, ROLE_SOURCE) != NULL)
		return;
	packet_add(&rg->alert, rg->arena, &p);
	canon_add(&rg->alert, rg->arena, ENTITY_IP, ROLE_SOURCE, reading_text(rg, DECODED_SRC));
	canon_add(&rg->alert, rg->arena, ENTITY_PORT, ROLE_SOURCE, reading_text(rg, DECODED_SRC_PORT));
	canon_add(&rg->alert, rg->arena, ENTITY_IP, ROLE_DESTINATION, reading_text(rg, DECODED_DST));
	canon_add(&rg->alert, rg->arena, ENTITY_PORT, ROLE_DESTINATION, reading_text(rg, DECODED_PORT));
}

/* GuardDuty's finding is told by its own product, rule, id and scale, as its reader tells it. */
static void take_guardduty(struct reading *rg)
{
	static const struct field id = FIELD("", TAKE_NATIVE_ID), type = FIELD("", TAKE_RULE_ID), name = FIELD("", TAKE_RULE_NAME),
	                          title = FIELD("", TAKE_TITLE), severity = FIELD_SEVERITY("", guardduty_severities);
	const char *said = reading_text(rg, AWS_TYPE), *direction = reading_text(rg, AWS_DIRECTION);
	bool inbound = direction != NULL && strcasecmp(direction, "INBOUND") == 0;

	rg->alert.rule.product = "guardduty";
	filling_take(&rg->filling, &id, reading_text(rg, AWS_ID));
	filling_take(&rg->filling, &type, said);
	filling_take(&rg->filling, &name, said);
	filling_take(&rg->filling, &title, reading_text(rg, AWS_TITLE));
	filling_take(&rg->filling, &severity, reading_text(rg, AWS_SEVERITY));
	guardduty_purpose(rg, said);
	canon_add(&rg->alert, rg->arena, ENTITY_IP, inbound ? ROLE_SOURCE : ROLE_DESTINATION, reading_text(rg, AWS_REMOTE_IP));
	canon_add(&rg->alert, rg->arena, ENTITY_PORT, ROLE_DESTINATION, reading_text(rg, inbound ? AWS_LOCAL_PORT : AWS_REMOTE_PORT));
}

/* When Wazuh read a line that says no year. */
static instant handed_on_at(const struct reading *rg)
{
	instant then = indicator_time(rg, reading_text(rg, WRITTEN));

	return then != INSTANT_NONE ? then : rg->options.written;
}

/* What Wazuh read in a log of Suricata or Snort and hands on, each line as one alert under rules of its own ("IDS
 * event."), is what those saw: their product, rule and severity, at their time. Wazuh's words for it become the title,
 * and its agent is the sensor, not the machine that it happened to. The same from the sensor's own log is then known
 * for the same (store/restated.c). False for all else. */
static bool take_handed_on(struct reading *rg)
{
	static const struct field sid = FIELD("", TAKE_RULE_ID), name = FIELD("", TAKE_RULE_NAME),
	                          category = FIELD("", TAKE_CATEGORY), title = FIELD("", TAKE_TITLE),
	                          severity = FIELD_SEVERITY("", ids_severities);
	const char *type = reading_text(rg, EVENT_TYPE), *decoder = reading_text(rg, DECODER), *aws = reading_text(rg, AWS_SOURCE);
	struct fast_line line;

	if (aws != NULL && strcmp(aws, "guardduty") == 0 && reading_text(rg, AWS_TYPE) != NULL) {
		take_guardduty(rg);
		return true;
	}
	if (type != NULL && strcmp(type, "alert") == 0 && reading_text(rg, SIGNATURE_ID) != NULL &&
	    reading_text(rg, SIGNATURE) != NULL) {
		rg->alert.rule.product = "suricata";
		filling_take(&rg->filling, &sid, reading_text(rg, SIGNATURE_ID));
		filling_take(&rg->filling, &name, reading_text(rg, SIGNATURE));
		filling_take(&rg->filling, &category, reading_text(rg, SIGNATURE_CATEGORY));
		filling_take(&rg->filling, &severity, reading_text(rg, SIGNATURE_SEVERITY));
	} else if (decoder != NULL && strcmp(decoder, "snort") == 0 && fast_line_read(&line, reading_text(rg, FULL_LOG), handed_on_at(rg), rg->arena)) {
		fast_line_fill(rg, &line, reading_text(rg, LOCATION), reading_text(rg, WRITTEN));
	} else {
		return false;
	}
	filling_take(&rg->filling, &title, reading_text(rg, DESCRIPTION));
	canon_add(&rg->alert, rg->arena, ENTITY_HOST, ROLE_OBSERVED, reading_text(rg, AGENT_NAME));
	return true;
}

/* What was asked for. A web server's own log names the path alone, which is no URL: the product's sentence. */
static void add_url(struct reading *rg)
{
	static const struct field title = FIELD("", TAKE_TITLE);
	const char *url = reading_text(rg, SURICATA_URL), *host = reading_text(rg, SURICATA_HOST), *asked = reading_text(rg, DECODED_URL);
	const char *method = reading_text(rg, PROTOCOL), *name;

	if (url != NULL && url[0] != '/')
		canon_add(&rg->alert, rg->arena, ENTITY_URL, ROLE_DESTINATION, url);
	else if (url != NULL && host != NULL)
		canon_add(&rg->alert, rg->arena, ENTITY_URL, ROLE_DESTINATION, arena_printf(rg->arena, "http://%s%s", host, url));
	if (asked == NULL || asked[0] != '/') {
		canon_add(&rg->alert, rg->arena, ENTITY_URL, ROLE_DESTINATION, asked);
		return;
	}
	filling_take(&rg->filling, &title, method != NULL ? arena_printf(rg->arena, "%s %s", method, asked) : asked);
	name = last_component(arena_dupn(rg->arena, asked, strcspn(asked, "?#")));
	if (strchr(name, '.') != NULL)
		canon_add(&rg->alert, rg->arena, ENTITY_FILE, ROLE_OBSERVED, name);
}

static int wazuh_record(struct reading *rg, const struct record *rec, struct fault *f)
{
	static const size_t file_rows[] = { TARGET_FILE, VIRUSTOTAL_FILE, YARA_FILE, ROOTCHECK_FILE };

	filling_begin(&rg->filling, &rg->alert, rg->arena, rg->options.assumed_offset);
	if (!take_handed_on(rg)) {
		rg->alert.rule.product = "wazuh";
		add_machine(rg);
	}
	add_ends(rg);
	reading_fill(rg);
	add_user(rg, ROLE_ACTOR, SUBJECT_USER);
	add_user(rg, reading_text(rg, SUBJECT_USER) != NULL ? ROLE_TARGET : ROLE_ACTOR, TARGET_USER);
	add_hash_list(&rg->alert, rg->arena, reading_text(rg, HASHES));
	add_hash_list(&rg->alert, rg->arena, reading_text(rg, SYSMON_HASH));
	add_watched(rg);
	for (size_t i = 0; i < sizeof(file_rows) / sizeof(file_rows[0]); i++)
		add_file_name(rg, reading_text(rg, file_rows[i]));
	add_command(rg);
	add_defender_path(rg);
	add_url(rg);
	return reading_alert(rg, rec, f);
}

static const char *const wrappers[] = { "hits.hits", NULL };

const struct reader reader_wazuh = {
	.name = "wazuh", .summary = "Wazuh alerts.json, also below _source", .gives = "alerts",
	.extensions = ".json .jsonl", .framing = FRAME_JSON, .wrappers = wrappers, .below = "_source",
	.fields = fields, .clues = clues, .record = wazuh_record,
};
