/* ArcSight's Common Event Format (FORMATS 2.5), bare or behind a syslog prefix:
 *
 *     <134>1 2021-03-11T00:00:00Z fw CEF:0|Vendor|Product|1.0|4711|Name|7|src=192.0.2.1 msg=a b
 *
 * Many products write traffic and audit logs the same way; those are counted. Darktrace's
 * own form tells of a device, which is its source. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "analyst/readers/cef_vendors.h"
#include "analyst/readers/darktrace.h"

static const struct band cef_severities[] = {
	{ NULL, 0, SEVERITY_LOW }, { NULL, 4, SEVERITY_MEDIUM }, { NULL, 7, SEVERITY_HIGH }, { NULL, 9, SEVERITY_CRITICAL },
	{ NULL, 10.5, SEVERITY_UNKNOWN }, { "Informational", 0, SEVERITY_INFO }, { "Info", 0, SEVERITY_INFO },
	{ "Low", 0, SEVERITY_LOW }, { "Medium", 0, SEVERITY_MEDIUM }, { "High", 0, SEVERITY_HIGH },
	{ "Very-High", 0, SEVERITY_CRITICAL }, { "Very High", 0, SEVERITY_CRITICAL }, { "Critical", 0, SEVERITY_CRITICAL },
	BANDS_END
};

const struct named cef_actions[] = {
	{ "allow", ACTION_ALLOWED }, { "allowed", ACTION_ALLOWED }, { "accept", ACTION_ALLOWED }, { "permit", ACTION_ALLOWED },
	{ "pass", ACTION_ALLOWED }, { "permitted", ACTION_ALLOWED }, { "not blocked", ACTION_ALLOWED },
	{ "block", ACTION_BLOCKED }, { "blocked", ACTION_BLOCKED }, { "deny", ACTION_BLOCKED }, { "denied", ACTION_BLOCKED },
	{ "drop", ACTION_BLOCKED }, { "dropped", ACTION_BLOCKED }, { "reset", ACTION_BLOCKED }, { "prevented", ACTION_BLOCKED },
	{ "prevent", ACTION_BLOCKED }, { "reset-both", ACTION_BLOCKED }, { "reset-client", ACTION_BLOCKED },
	{ "reset-server", ACTION_BLOCKED }, { "sinkhole", ACTION_BLOCKED },
	{ "reject", ACTION_BLOCKED }, { "terminated", ACTION_BLOCKED }, { "deleted", ACTION_BLOCKED },
	{ "cleaned", ACTION_BLOCKED }, { "quarantine", ACTION_QUARANTINED }, { "quarantined", ACTION_QUARANTINED },
	{ "detect", ACTION_DETECTED }, { "detected", ACTION_DETECTED }, { "alert", ACTION_DETECTED },
	{ "monitor", ACTION_DETECTED }, { "monitored", ACTION_DETECTED }, { "logged", ACTION_DETECTED },
	{ "log", ACTION_DETECTED },
	/* Palo Alto's, Fortinet's, Trend Micro's own words. */
	{ "block-url", ACTION_BLOCKED }, { "block-ip", ACTION_BLOCKED }, { "drop-packet", ACTION_BLOCKED },
	{ "drop-all-packets", ACTION_BLOCKED }, { "drop-icmp", ACTION_BLOCKED }, { "block-continue", ACTION_BLOCKED },
	{ "block-override", ACTION_BLOCKED }, { "override", ACTION_ALLOWED }, { "continue", ACTION_ALLOWED },
	{ "passthrough", ACTION_ALLOWED }, { "clear_session", ACTION_BLOCKED }, { "file cleaned", ACTION_BLOCKED },
	{ "file deleted", ACTION_BLOCKED }, { "file quarantined", ACTION_QUARANTINED }, { "file passed", ACTION_ALLOWED },
	{ "access denied", ACTION_BLOCKED }, { "ids:reset", ACTION_DETECTED }, { "passed", ACTION_ALLOWED },
	{ "alerted", ACTION_DETECTED }, { "notified", ACTION_DETECTED },
	/* Imperva's cloud. */
	{ "REQ_PASSED", ACTION_ALLOWED }, { "REQ_CACHED_FRESH", ACTION_ALLOWED }, { "REQ_CACHED_VALIDATED", ACTION_ALLOWED },
	{ "REQ_BLOCKED_SECURITY", ACTION_BLOCKED }, { "REQ_BLOCKED_ACL", ACTION_BLOCKED }, { "REQ_BLOCKED_SESSION", ACTION_BLOCKED },
	{ "REQ_BLOCKED_VISITOR", ACTION_BLOCKED }, { "REQ_BLOCKED_IP", ACTION_BLOCKED }, { "REQ_BLOCKED_DDOS", ACTION_BLOCKED },
	{ NULL, 0 }
};

static const struct field fields[] = {
	FIELD("start", TAKE_AT),
	FIELD("rt", TAKE_AT),
	FIELD("end", TAKE_AT),
	FIELD("startTime", TAKE_AT),       /* the long names, which the format has for people */
	FIELD("deviceReceiptTime", TAKE_AT),
	FIELD("endTime", TAKE_AT),
	FIELD("end", TAKE_UNTIL),
	FIELD("endTime", TAKE_UNTIL),
	FIELD("rt", TAKE_REPORTED),
	FIELD("msg", TAKE_TITLE),
	FIELD("message", TAKE_TITLE),      /* Darktrace's */
	FIELD("cat", TAKE_CATEGORY),
	FIELD("externalId", TAKE_NATIVE_ID),
	FIELD("cnt", TAKE_COUNT),
	{ "act", TAKE_ACTION, 0, 0, NULL, cef_actions },
	{ "deviceAction", TAKE_ACTION, 0, 0, NULL, cef_actions },
	{ "outcome", TAKE_ACTION, 0, 0, NULL, cef_actions },
	FIELD("threatAttackID", TAKE_TECHNIQUES),
	/* "in" is what flows from source to destination. */
	FIELD("in", TAKE_BYTES_OUT),
	FIELD("bytesIn", TAKE_BYTES_OUT),
	FIELD("out", TAKE_BYTES_IN),
	FIELD("bytesOut", TAKE_BYTES_IN),
	FIELD_ENTITY("dst", ENTITY_IP, ROLE_DESTINATION),
	FIELD_ENTITY("dhost", ENTITY_DOMAIN, ROLE_DESTINATION),
	FIELD_ENTITY("destinationDnsDomain", ENTITY_DOMAIN, ROLE_DESTINATION),
	FIELD_ENTITY("dpt", ENTITY_PORT, ROLE_DESTINATION),
	FIELD_ENTITY("dmac", ENTITY_MAC, ROLE_DESTINATION),
	FIELD_ENTITY("c6a3", ENTITY_IP, ROLE_DESTINATION),
	FIELD_ENTITY("suser", ENTITY_USER, ROLE_ACTOR),
	FIELD_ENTITY("duser", ENTITY_USER, ROLE_TARGET),
	FIELD_ENTITY("sproc", ENTITY_PROCESS, ROLE_ACTOR),
	FIELD_ENTITY("dproc", ENTITY_PROCESS, ROLE_TARGET),
	FIELD_ENTITY("fname", ENTITY_FILE, ROLE_OBSERVED),
	FIELD_ENTITY("filePath", ENTITY_PATH, ROLE_OBSERVED),
	FIELD_ENTITY("fileHash", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("requestClientApplication", ENTITY_AGENT, ROLE_OBSERVED),
	FIELD_ENTITY("destinationAddress", ENTITY_IP, ROLE_DESTINATION),
	FIELD_ENTITY("destinationHostName", ENTITY_DOMAIN, ROLE_DESTINATION),
	FIELD_ENTITY("destinationPort", ENTITY_PORT, ROLE_DESTINATION),
	FIELD_ENTITY("sourceUserName", ENTITY_USER, ROLE_ACTOR),
	FIELD_ENTITY("destinationUserName", ENTITY_USER, ROLE_TARGET),
	FIELD_ENTITY("fileName", ENTITY_FILE, ROLE_OBSERVED),
	FIELDS_END
};

static const struct field source_fields[] = {
	FIELD_ENTITY("src", ENTITY_IP, ROLE_SOURCE),
	FIELD_ENTITY("shost", ENTITY_HOST, ROLE_SOURCE),
	FIELD_ENTITY("smac", ENTITY_MAC, ROLE_SOURCE),
	FIELD_ENTITY("c6a2", ENTITY_IP, ROLE_SOURCE),
	FIELD_ENTITY("sourceAddress", ENTITY_IP, ROLE_SOURCE),
	FIELD_ENTITY("sourceHostName", ENTITY_HOST, ROLE_SOURCE),
	FIELDS_END
};

/* Darktrace's source is the device that the model is about. */
static const struct field device_fields[] = {
	FIELD_ENTITY("src", ENTITY_IP, ROLE_VICTIM),
	FIELD_ENTITY("shost", ENTITY_HOST, ROLE_VICTIM),
	FIELD_ENTITY("smac", ENTITY_MAC, ROLE_VICTIM),
	FIELDS_END
};

/* Who reports is a machine of the alert only when nobody else is. */
static const struct field reporter_fields[] = {
	FIELD_ENTITY("dvchost", ENTITY_HOST, ROLE_VICTIM),
	FIELD_ENTITY("dvc", ENTITY_IP, ROLE_VICTIM),
	FIELDS_END
};

/* What custom strings hold, by their labels; names as csv_column_is compares them. */
static const struct field labels[] = {
	FIELD("mitre|mitre technique|mitre techniques|mitre attack|technique|techniques|technique id|attack technique", TAKE_TECHNIQUES),
	FIELD("mitre tactic|mitre tactics|tactic|tactics", TAKE_TACTICS),
	FIELD("tenant|customer|customer name", TAKE_TENANT),
	FIELD_ENTITY("md5|sha1|sha256|sha-256|hash|file hash|file md5|file sha1|file sha256|process hash|new md5", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("url|malicious url", ENTITY_URL, ROLE_DESTINATION),
	FIELD_ENTITY("domain|domain name|malicious domain|dns query|query", ENTITY_DOMAIN, ROLE_DESTINATION),
	FIELD_ENTITY("user|username|user name|account", ENTITY_USER, ROLE_ACTOR),
	FIELD_ENTITY("command line|command|cmdline|process command line", ENTITY_COMMAND, ROLE_OBSERVED),
	FIELD_ENTITY("file path|path", ENTITY_PATH, ROLE_OBSERVED),
	FIELD_ENTITY("process|process name|image", ENTITY_PROCESS, ROLE_ACTOR),
	FIELD_ENTITY("cve|cve id", ENTITY_CVE, ROLE_OBSERVED),
	FIELDS_END
};

#define TELLING_LABELS "attack group|attack name|attack type|signature name|threat name|virus name|malware name|sname|virus|detectionname|detection name"

/* Keys whose values are sentences, and may hold what looks like another key. */
static const char *const prose[] = {
	"msg", "message", "requestClientApplication", "requestContext", "requestCookies", "rawEvent", NULL
};

static const char *const known_keys[] = {
	"act", "app", "art", "cat", "cnt", "c6a1", "c6a1Label", "c6a2", "c6a2Label", "c6a3", "c6a3Label", "c6a4", "c6a4Label",
	"cfp1", "cfp1Label", "cfp2", "cfp2Label", "cfp3", "cfp3Label", "cfp4", "cfp4Label", "cn1", "cn1Label", "cn2",
	"cn2Label", "cn3", "cn3Label", "cs1", "cs1Label", "cs2", "cs2Label", "cs3", "cs3Label", "cs4", "cs4Label", "cs5",
	"cs5Label", "cs6", "cs6Label", "destinationDnsDomain", "destinationServiceName", "destinationTranslatedAddress",
	"destinationTranslatedPort", "deviceAction", "deviceCustomDate1", "deviceCustomDate1Label", "deviceCustomDate2",
	"deviceCustomDate2Label", "deviceDirection", "deviceDnsDomain", "deviceExternalId", "deviceFacility",
	"deviceInboundInterface", "deviceNtDomain", "deviceOutboundInterface", "devicePayloadId", "deviceProcessName",
	"deviceTranslatedAddress", "deviceTimeZone", "dhost", "dmac", "dntdom", "dpid", "dpriv", "dproc", "dpt", "dst", "dtz", "duid", "duser",
	"dvc", "dvchost", "dvcmac", "dvcpid", "end", "eventId", "externalId", "fileCreateTime", "fileHash", "fileId",
	"fileModificationTime", "filePath", "filePermission", "fileType", "flexDate1", "flexDate1Label", "flexNumber1",
	"flexNumber1Label", "flexNumber2", "flexNumber2Label", "flexString1", "flexString1Label", "flexString2",
	"flexString2Label", "fname", "frameworkName", "fsize", "in", "message", "msg", "oldFileHash", "oldFileName", "oldFilePath", "out", "outcome",
	"proto", "rawEvent", "reason", "request", "requestClientApplication", "requestContext", "requestCookies",
	"requestMethod", "rt", "shost", "smac", "sntdom", "sourceDnsDomain", "sourceServiceName",
	"sourceTranslatedAddress", "sourceTranslatedPort", "spid", "spriv", "sproc", "spt", "src", "start", "suid",
	"suser", "threatActor", "threatAttackID", "type", "darktraceUrl",
	/* Vendors' own keys, which tell themselves by how they begin. */
	"ad.*", "BitdefenderGZ*", "CybereasonCEF*", "ESA*", "FTNTFGT*", "PanOS*", "TMCM*", "TrendMicro*", NULL
};

/* Categories of logs that judge nothing. */
static const char *const quiet[] = {
	"TR", "traffic", "audit", "audit_events", "access", "heartbeat", "system_events", "auditlog", NULL
};

#define CEF_MARK "CEF:", "01"

static bool says_nothing(const char *s)
{
	return s[0] == '\0' || strcmp(s, "-") == 0 || strcasecmp(s, "N/A") == 0;
}

/* Custom strings whose labels are known; *telling is what was found out, if one says it. */
static void take_labelled(struct reading *rg, const struct pairs *p, const char **telling)
{
	for (size_t i = 0; i < p->count; i++) {
		const char *key = p->pairs[i].key, *label = p->pairs[i].value, *value;
		size_t n = strlen(key);

		if (n < 6 || n > 60 || strcasecmp(key + n - 5, "Label") != 0)
			continue;
		if ((value = pair_value(p, arena_dupn(rg->arena, key, n - 5))) == NULL)
			continue;
		if (csv_column_is(TELLING_LABELS, label) && *telling == NULL && !says_nothing(value))
			*telling = value;
		for (const struct field *row = labels; row->path != NULL; row++)
			if (csv_column_is(row->path, label))
				filling_take(&rg->filling, row, value);
	}
}

/* "www.example/a", as proxies and firewalls write what was asked for: not a path's first folder, which is no domain. */
static bool begins_with_domain(struct arena *arena, const char *s)
{
	size_t n = strcspn(s, "/");

	return s[n] == '/' && memchr(s, '.', n) != NULL && canon_domain(arena, s, n) != NULL;
}

static void add_url(struct reading *rg, const struct pairs *p)
{
	const char *request = pair_value(p, "request"), *app = pair_value(p, "app"), *host = pair_value(p, "dhost");

	if (request == NULL || request[0] == '\0')
		return;
	if (host == NULL || strcmp(host, "-") == 0)
		host = pair_value(p, "dst");
	if (strstr(request, "://") != NULL || begins_with_domain(rg->arena, request))
		canon_add(&rg->alert, rg->arena, ENTITY_URL, ROLE_DESTINATION, request);
	else if (request[0] == '/' && host != NULL && strcmp(host, "-") != 0)
		canon_add(&rg->alert, rg->arena, ENTITY_URL, ROLE_DESTINATION,
		          arena_printf(rg->arena, "%s://%s%s",
		                       app != NULL && (strncasecmp(app, "https", 5) == 0 || strncasecmp(app, "TLS", 3) == 0) ? "https" : "http",
		                       host, request));
}

static bool has_machine(const struct alert *a)
{
	return alert_entity(a, ENTITY_IP, -1) != NULL || alert_entity(a, ENTITY_HOST, -1) != NULL;
}

static void name_rule(struct reading *rg, const char *const *header, const char *telling)
{
	struct rule *rule = &rg->alert.rule;

	if (rule->id == NULL && !says_nothing(header[CEF_CLASS_ID]))
		rule->id = header[CEF_CLASS_ID];
	if (rule->name == NULL)
		rule->name = !says_nothing(header[CEF_NAME]) ? header[CEF_NAME] : rule->id;
	/* A name that only repeats the product is none, if a custom string tells more. */
	if (telling != NULL && (rule->name == NULL || strcasecmp(rule->name, header[CEF_PRODUCT]) == 0 ||
	                        (rule->id != NULL && strcmp(rule->id, rule->name) == 0)))
		rule->name = telling;
	if (rg->alert.title == NULL || says_nothing(rg->alert.title))
		rg->alert.title = telling;
	if (rg->alert.title != NULL && rule->name != NULL && strcmp(rg->alert.title, rule->name) == 0)
		rg->alert.title = NULL;
}

int cef_give(struct reading *rg, const struct record *rec, const char *const header[CEF_HEADER], const struct pairs *p,
             const char *when, struct fault *f)
{
	static const struct field at = FIELD("", TAKE_AT);
	const struct cef_vendor *vendor = cef_vendor_of(header);
	const struct field severity = FIELD_SEVERITY("", vendor != NULL && vendor->severities != NULL ? vendor->severities : cef_severities);
	struct filling *fi = &rg->filling;
	const char *telling = NULL;
	instant written = rg->options.written;
	bool darktrace;

	if (in_list(quiet, pair_value(p, "cat")) || in_list(quiet, header[CEF_CLASS_ID]) || in_list(quiet, header[CEF_NAME]) ||
	    cef_is_own_log(header, p))
		return reading_blank(rg, rec, BLANK_TELEMETRY, f);
	filling_begin(fi, &rg->alert, rg->arena, rg->options.assumed_offset);
	rg->alert.rule.product = product_named(rg->arena, header[CEF_VENDOR], header[CEF_PRODUCT], "cef");
	if (vendor != NULL)
		p = cef_renamed(p, vendor->renamed, rg->arena);
	darktrace = strcmp(rg->alert.rule.product, "darktrace") == 0;
	if (vendor != NULL && vendor->packets)
		p = cef_called(p, rg->arena);
	if (vendor != NULL && vendor->fields != NULL)
		take_pairs(fi, vendor->fields, p, written);
	if (vendor != NULL && vendor->threat != NULL)
		cef_name_threat(&rg->alert.rule, rg->arena, pair_value(p, vendor->threat));
	filling_take(fi, &severity, header[CEF_SEVERITY]);
	take_pairs(fi, darktrace ? device_fields : source_fields, p, written);
	take_pairs(fi, fields, p, written);
	take_labelled(rg, p, &telling);
	filling_take(fi, &at, when);
	if (!has_machine(&rg->alert))
		take_pairs(fi, reporter_fields, p, written);
	add_url(rg, p);
	name_rule(rg, header, telling);
	if (vendor != NULL && vendor->session_ids)
		rg->alert.native_id = NULL;
	if (darktrace && rg->alert.rule.name != NULL) {
		rg->alert.rule.name = darktrace_model(rg->arena, rg->alert.rule.name);
		darktrace_response(&rg->alert);
	}
	return reading_alert(rg, rec, f);
}

static char *trimmed(char *s)
{
	size_t n;

	while (*s == ' ')
		s++;
	for (n = strlen(s); n > 0 && s[n - 1] == ' '; n--)
		s[n - 1] = '\0';
	return s;
}

/* Some daemons lose the vendor's place: "CEF:0||Check Point|VPN-1|...", one bar too many. */
static void shift_header(struct arena *arena, char *header[CEF_HEADER], const char **extension)
{
	const char *bar = strchr(*extension, '|'), *equals = strchr(*extension, '=');

	if (header[CEF_VENDOR][0] != '\0' || bar == NULL || (equals != NULL && equals < bar))
		return;
	memmove(&header[CEF_VENDOR], &header[CEF_PRODUCT], (CEF_HEADER - CEF_PRODUCT) * sizeof(*header));
	header[CEF_SEVERITY] = arena_dupn(arena, *extension, (size_t)(bar - *extension));
	*extension = bar + 1;
}

static int cef_record(struct reading *rg, const struct record *rec, struct fault *f)
{
	struct pairs *p = rg->state;
	char *line = line_text(rg->arena, rec->bytes, rec->n), *header[CEF_HEADER];
	const char *mark = find_mark(line, strlen(line), CEF_MARK), *extension;

	if (line[0] == '\0')
		return reading_blank(rg, rec, BLANK_EMPTY, f);
	if (mark == NULL)
		return reading_reject(rg, rec, "no CEF message", f);
	if (bar_fields(rg->arena, mark + 4, header, CEF_HEADER, &extension) < CEF_HEADER)
		return reading_reject(rg, rec, "a CEF header of fewer than seven fields", f);
	shift_header(rg->arena, header, &extension);
	for (size_t i = 0; i < CEF_HEADER; i++)
		header[i] = trimmed(header[i]);
	pairs_spaced(p, rg->arena, extension, prose, known_keys);
	return cef_give(rg, rec, (const char *const *)header, p,
	                syslog_time(rg->arena, arena_dupn(rg->arena, line, (size_t)(mark - line)), rg->options.written), f);
}

static int cef_open(struct reading *rg, struct fault *f)
{
	(void)f;
	rg->state = arena_alloc(rg->kept, sizeof(struct pairs));
	return 0;
}

static int cef_probe(const struct probe *p)
{
	return probe_marks(p->bytes, p->n, p->whole, CEF_MARK);
}

const struct reader reader_cef = {
	.name = "cef", .summary = "Common Event Format, also behind a syslog prefix", .gives = "alerts, responses",
	.extensions = ".cef .log .txt", .framing = FRAME_LINES, .fields = fields, .probe = cef_probe, .open = cef_open, .record = cef_record,
};
