/* Wazuh 4.x alerts.json (FORMATS 2.3), also as the indexer exports it, below "_source".
 * The agent's machine is the one the alert is about. */
#include <string.h>

#include "analyst/readers/fast_log.h"
#include "analyst/readers/packet.h"
#include "analyst/readers/reader.h"

static const struct band wazuh_levels[] = {
	{ NULL, 0, SEVERITY_INFO }, { NULL, 4, SEVERITY_LOW }, { NULL, 7, SEVERITY_MEDIUM },
	{ NULL, 12, SEVERITY_HIGH }, { NULL, 15, SEVERITY_CRITICAL }, { NULL, 17, SEVERITY_UNKNOWN }, BANDS_END
};

enum {
	AGENT_ID, AGENT_NAME, AGENT_IP, PREDECODER_HOST, HASHES, SYSMON_HASH, SYSCHECK_EVENT, TARGET_USER,
	SUBJECT_USER, TARGET_DOMAIN, SUBJECT_DOMAIN, SURICATA_URL, SURICATA_HOST, SYSCHECK_PATH, TARGET_FILE,
	IP_ADDRESS, DEFENDER_PATH, SRC_IP, DEST_IP, DEST_PORT, DIRECTION, EVENT_TYPE, SIGNATURE_ID, SIGNATURE,
	SIGNATURE_CATEGORY, SIGNATURE_SEVERITY, SRC_PORT, FULL_LOG, DECODER, LOCATION, WRITTEN, DESCRIPTION, DECODED_SRC,
	DECODED_DST, DECODED_PORT
};

static const struct field fields[] = {
	[AGENT_ID] = FIELD("agent.id", TAKE_NOTHING),
	[AGENT_NAME] = FIELD("agent.name", TAKE_NOTHING),
	[AGENT_IP] = FIELD("agent.ip", TAKE_NOTHING),
	[PREDECODER_HOST] = FIELD("predecoder.hostname", TAKE_NOTHING),
	[HASHES] = FIELD("data.win.eventdata.hashes", TAKE_NOTHING),
	[SYSMON_HASH] = FIELD("data.win.eventdata.hash", TAKE_NOTHING),
	[SYSCHECK_EVENT] = FIELD("syscheck.event", TAKE_NOTHING),
	[TARGET_USER] = FIELD("data.win.eventdata.targetUserName", TAKE_NOTHING),
	[SUBJECT_USER] = FIELD("data.win.eventdata.subjectUserName", TAKE_NOTHING),
	[TARGET_DOMAIN] = FIELD("data.win.eventdata.targetDomainName", TAKE_NOTHING),
	[SUBJECT_DOMAIN] = FIELD("data.win.eventdata.subjectDomainName", TAKE_NOTHING),
	[SURICATA_URL] = FIELD("data.http.url", TAKE_NOTHING),
	[SURICATA_HOST] = FIELD("data.http.hostname", TAKE_NOTHING),
	[SYSCHECK_PATH] = FIELD_ENTITY("syscheck.path", ENTITY_PATH, ROLE_OBSERVED),
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

	FIELD("data.win.system.systemTime", TAKE_AT_UTC),
	FIELD("data.timestamp", TAKE_AT),
	FIELD("timestamp", TAKE_AT),
	FIELD("id", TAKE_NATIVE_ID),
	FIELD("rule.id", TAKE_RULE_ID),
	FIELD("rule.groups[]", TAKE_CATEGORY),
	FIELD_SEVERITY("rule.level", wazuh_levels),
	FIELD("rule.mitre.id[]", TAKE_TECHNIQUES),
	FIELD("rule.mitre.tactic[]", TAKE_TACTICS),
	FIELD("data.action", TAKE_ACTION),
	FIELD("data.alert.action", TAKE_ACTION),

	FIELD_ENTITY("data.srcuser", ENTITY_USER, ROLE_ACTOR),
	FIELD_ENTITY("data.dstuser", ENTITY_USER, ROLE_TARGET),
	FIELD_ENTITY("data.url", ENTITY_URL, ROLE_DESTINATION),
	FIELD_ENTITY("data.command", ENTITY_COMMAND, ROLE_OBSERVED),
	FIELD_ENTITY("data.http.hostname", ENTITY_DOMAIN, ROLE_DESTINATION),
	FIELD_ENTITY("data.http.http_user_agent", ENTITY_AGENT, ROLE_OBSERVED),
	FIELD_ENTITY("data.tls.sni", ENTITY_DOMAIN, ROLE_DESTINATION),
	FIELD_ENTITY("data.dns.query[].rrname", ENTITY_DOMAIN, ROLE_DESTINATION),
	FIELD_ENTITY("data.audit.exe", ENTITY_PROCESS, ROLE_ACTOR),
	FIELD_ENTITY("data.virustotal.source.sha1", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("data.virustotal.source.file", ENTITY_PATH, ROLE_OBSERVED),
	FIELD_ENTITY("data.vulnerability.cve", ENTITY_CVE, ROLE_OBSERVED),

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
	FIELD("data.win.eventdata.threat Name", TAKE_TITLE),

	FIELD_ENTITY("syscheck.sha256_after", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("syscheck.sha1_after", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("syscheck.md5_after", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("syscheck.uname_after", ENTITY_USER, ROLE_OBSERVED),
	FIELDS_END
};

static const struct clue clues[] = {
	{ "rule.level", 40 }, { "rule.id", 5 }, { "rule.description", 10 }, { "agent.id", 15 }, { "agent.name", 5 },
	{ "manager.name", 15 }, { "decoder.name", 15 }, { NULL, 0 }
};

/* "SHA1=AB..,MD5=..,IMPHASH=.." of Sysmon; the import hash is none of a file. */
static void add_hashes(struct reading *rg, const char *s)
{
	while (s != NULL && *s != '\0') {
		size_t n = strcspn(s, ",");
		const char *equals = memchr(s, '=', n);

		if (equals != NULL && strncmp(s, "IMPHASH", 7) != 0)
			canon_add(&rg->alert, rg->arena, ENTITY_HASH, ROLE_OBSERVED,
			          arena_dupn(rg->arena, equals + 1, n - (size_t)(equals - s) - 1));
		s += n;
		if (*s == ',')
			s++;
	}
}

/* Agent 000 is the manager itself, which also speaks for machines that only send logs. */
static void add_machine(struct reading *rg)
{
	const char *id = reading_text(rg, AGENT_ID), *sender = reading_text(rg, PREDECODER_HOST);
	bool is_manager = id != NULL && strcmp(id, "000") == 0;

	if (is_manager && sender != NULL) {
		canon_add(&rg->alert, rg->arena, ENTITY_HOST, ROLE_VICTIM, sender);
		return;
	}
	canon_add(&rg->alert, rg->arena, ENTITY_HOST, ROLE_VICTIM, reading_text(rg, AGENT_NAME));
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
static void add_file_name(struct reading *rg, size_t row)
{
	const char *path = reading_text(rg, row);

	if (path != NULL && last_component(path) != path)
		canon_add(&rg->alert, rg->arena, ENTITY_FILE, ROLE_OBSERVED, last_component(path));
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
	if (last_component(path) != path)
		canon_add(&rg->alert, rg->arena, ENTITY_FILE, ROLE_OBSERVED, last_component(path));
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
	canon_add(&rg->alert, rg->arena, ENTITY_IP, ROLE_DESTINATION, reading_text(rg, DECODED_DST));
	canon_add(&rg->alert, rg->arena, ENTITY_PORT, ROLE_DESTINATION, reading_text(rg, DECODED_PORT));
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
	const char *type = reading_text(rg, EVENT_TYPE), *decoder = reading_text(rg, DECODER);
	struct fast_line line;

	if (type != NULL && strcmp(type, "alert") == 0 && reading_text(rg, SIGNATURE_ID) != NULL &&
	    reading_text(rg, SIGNATURE) != NULL) {
		rg->alert.rule.product = "suricata";
		filling_take(&rg->filling, &sid, reading_text(rg, SIGNATURE_ID));
		filling_take(&rg->filling, &name, reading_text(rg, SIGNATURE));
		filling_take(&rg->filling, &category, reading_text(rg, SIGNATURE_CATEGORY));
		filling_take(&rg->filling, &severity, reading_text(rg, SIGNATURE_SEVERITY));
	} else if (decoder != NULL && strcmp(decoder, "snort") == 0 && fast_line_read(&line, reading_text(rg, FULL_LOG), rg->arena)) {
		fast_line_fill(rg, &line, reading_text(rg, LOCATION), reading_text(rg, WRITTEN));
	} else {
		return false;
	}
	filling_take(&rg->filling, &title, reading_text(rg, DESCRIPTION));
	canon_add(&rg->alert, rg->arena, ENTITY_HOST, ROLE_OBSERVED, reading_text(rg, AGENT_NAME));
	return true;
}

static int wazuh_record(struct reading *rg, const struct record *rec, struct fault *f)
{
	const char *url = reading_text(rg, SURICATA_URL), *host = reading_text(rg, SURICATA_HOST);

	filling_begin(&rg->filling, &rg->alert, rg->arena, rg->options.assumed_offset);
	if (!take_handed_on(rg)) {
		rg->alert.rule.product = "wazuh";
		add_machine(rg);
	}
	add_ends(rg);
	reading_fill(rg);
	add_user(rg, ROLE_ACTOR, SUBJECT_USER);
	add_user(rg, reading_text(rg, SUBJECT_USER) != NULL ? ROLE_TARGET : ROLE_ACTOR, TARGET_USER);
	add_hashes(rg, reading_text(rg, HASHES));
	add_hashes(rg, reading_text(rg, SYSMON_HASH));
	add_file_name(rg, SYSCHECK_PATH);
	add_file_name(rg, TARGET_FILE);
	add_defender_path(rg);
	if (url != NULL && host != NULL && url[0] == '/')
		canon_add(&rg->alert, rg->arena, ENTITY_URL, ROLE_DESTINATION,
		          arena_printf(rg->arena, "http://%s%s", host, url));
	return reading_alert(rg, rec, f);
}

static const char *const wrappers[] = { "hits.hits", NULL };

const struct reader reader_wazuh = {
	.name = "wazuh", .summary = "Wazuh alerts.json, also below _source", .gives = "alerts",
	.extensions = ".json .jsonl", .framing = FRAME_JSON, .wrappers = wrappers, .below = "_source",
	.fields = fields, .clues = clues, .record = wazuh_record,
};
