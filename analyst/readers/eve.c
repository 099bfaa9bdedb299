/* Suricata EVE: the records of event_type "alert" (FORMATS 2.1). The others are telemetry
 * and are counted. */
#include <string.h>
#include <strings.h>

#include "analyst/readers/fast_log.h"
#include "analyst/readers/packet.h"
#include "analyst/readers/reader.h"

/* Says more than alert.severity (ids_severities). */
static const struct band eve_severity_words[] = {
	{ "Informational", 0, SEVERITY_INFO }, { "Minor", 0, SEVERITY_LOW }, { "Major", 0, SEVERITY_HIGH },
	{ "Critical", 0, SEVERITY_CRITICAL }, BANDS_END
};

enum {
	EVENT_TYPE, SRC_IP, SRC_PORT, DEST_IP, DEST_PORT, FLOW_SRC_IP, FLOW_SRC_PORT, FLOW_DEST_IP, FLOW_DEST_PORT,
	DIRECTION, HOSTNAME, HTTP_PORT, URL, XFF, GID, SID, MEMBER_NAMES, FLOW_ID, FILE_NAME, FLOW_START,
	DNS_TYPE, SIGNATURE, SRC_MAC, DEST_MAC, ANSWERS, ALERT_ANSWERS, MAIL_FROM, MAIL_TO
};

static const struct field fields[] = {
	[EVENT_TYPE] = FIELD("event_type", TAKE_NOTHING),
	[SRC_IP] = FIELD("src_ip", TAKE_NOTHING),
	[SRC_PORT] = FIELD("src_port", TAKE_NOTHING),
	[DEST_IP] = FIELD("dest_ip", TAKE_NOTHING),
	[DEST_PORT] = FIELD("dest_port", TAKE_NOTHING),
	[FLOW_SRC_IP] = FIELD("flow.src_ip", TAKE_NOTHING),
	[FLOW_SRC_PORT] = FIELD("flow.src_port", TAKE_NOTHING),
	[FLOW_DEST_IP] = FIELD("flow.dest_ip", TAKE_NOTHING),
	[FLOW_DEST_PORT] = FIELD("flow.dest_port", TAKE_NOTHING),
	[DIRECTION] = FIELD("direction", TAKE_NOTHING),
	[HOSTNAME] = FIELD("http.hostname", TAKE_NOTHING),
	[HTTP_PORT] = FIELD("http.http_port", TAKE_NOTHING),
	[URL] = FIELD("http.url", TAKE_NOTHING),
	[XFF] = FIELD("http.xff", TAKE_NOTHING),
	[GID] = FIELD("alert.gid", TAKE_NOTHING),
	[SID] = FIELD("alert.signature_id", TAKE_RULE_ID),
	[MEMBER_NAMES] = FIELD("files[].filename", TAKE_NOTHING),
	[FLOW_ID] = FIELD("flow_id", TAKE_NATIVE_ID),
	[FILE_NAME] = FIELD("fileinfo.filename", TAKE_NOTHING),
	[FLOW_START] = FIELD("flow.start", TAKE_NOTHING),
	[DNS_TYPE] = FIELD("dns.type", TAKE_NOTHING),
	[SIGNATURE] = FIELD("alert.signature", TAKE_RULE_NAME),
	[SRC_MAC] = FIELD("ether.src_mac", TAKE_NOTHING),
	[DEST_MAC] = FIELD("ether.dest_mac", TAKE_NOTHING),
	[ANSWERS] = FIELD("dns.answers[].rdata", TAKE_NOTHING),
	[ALERT_ANSWERS] = FIELD("dns.answer.answers[].rdata", TAKE_NOTHING),
	[MAIL_FROM] = FIELD("smtp.mail_from", TAKE_NOTHING),
	[MAIL_TO] = FIELD("smtp.rcpt_to[]", TAKE_NOTHING),
	FIELD("timestamp", TAKE_AT),
	FIELD("@timestamp", TAKE_AT),
	FIELD("flow.start", TAKE_AT),          /* "ts-error" stands for a time that the sensor had not */
	FIELD("alert.category", TAKE_CATEGORY),
	FIELD_SEVERITY("alert.metadata.signature_severity[]", eve_severity_words),
	FIELD_SEVERITY("alert.severity", ids_severities),
	FIELD("alert.action", TAKE_ACTION),
	FIELD("verdict.action", TAKE_ACTION),
	FIELD("alert.metadata.mitre_technique_id[]", TAKE_TECHNIQUES),
	FIELD("alert.metadata.mitre_tactic_id[]", TAKE_TACTICS),
	FIELD("alert.metadata.mitre_tactic_name[]", TAKE_TACTICS),
	FIELD_ENTITY("alert.metadata.cve[]", ENTITY_CVE, ROLE_OBSERVED),
	FIELD_ENTITY("alert.target.ip", ENTITY_IP, ROLE_VICTIM),
	FIELD_ENTITY("alert.xff[]", ENTITY_IP, ROLE_SOURCE),
	FIELD_ENTITY("xff[]", ENTITY_IP, ROLE_SOURCE),
	FIELD("flow.bytes_toserver", TAKE_BYTES_OUT),
	FIELD("flow.bytes_toclient", TAKE_BYTES_IN),
	FIELD_ENTITY("http.hostname", ENTITY_DOMAIN, ROLE_DESTINATION),
	FIELD_ENTITY("http.http_user_agent", ENTITY_AGENT, ROLE_OBSERVED),
	FIELD_ENTITY("tls.sni", ENTITY_DOMAIN, ROLE_DESTINATION),
	FIELD_ENTITY("tls.ja3.hash", ENTITY_JA3, ROLE_OBSERVED),
	FIELD_ENTITY("tls.ja4", ENTITY_JA3, ROLE_OBSERVED),
	FIELD_ENTITY("quic.sni", ENTITY_DOMAIN, ROLE_DESTINATION),
	FIELD_ENTITY("quic.ja3.hash", ENTITY_JA3, ROLE_OBSERVED),
	FIELD_ENTITY("quic.ja4", ENTITY_JA3, ROLE_OBSERVED),
	FIELD_ENTITY("tls.fingerprint", ENTITY_CERTIFICATE, ROLE_OBSERVED),
	FIELD_ENTITY("dns.query[].rrname", ENTITY_DOMAIN, ROLE_DESTINATION),
	FIELD_ENTITY("dns.queries[].rrname", ENTITY_DOMAIN, ROLE_DESTINATION),
	FIELD_ENTITY("dns.rrname", ENTITY_DOMAIN, ROLE_DESTINATION),
	FIELD_ENTITY("dns.answer.rrname", ENTITY_DOMAIN, ROLE_DESTINATION),
	FIELD_ENTITY("http.redirect", ENTITY_URL, ROLE_OBSERVED),
	FIELD_ENTITY("email.attachment[]", ENTITY_FILE, ROLE_OBSERVED),
	FIELD_ENTITY("smb.ntlmssp.user", ENTITY_USER, ROLE_ACTOR),
	FIELD_ENTITY("smb.filename", ENTITY_PATH, ROLE_OBSERVED),
	FIELD_ENTITY("files[].sha256", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("fileinfo.sha256", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("files[].sha1", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("files[].md5", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("fileinfo.sha1", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("fileinfo.md5", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("files[].magic", ENTITY_MAGIC, ROLE_OBSERVED),
	FIELD_ENTITY("fileinfo.magic", ENTITY_MAGIC, ROLE_OBSERVED),
	FIELD_ENTITY("host", ENTITY_HOST, ROLE_OBSERVED),
	FIELDS_END
};

static const struct clue clues[] = {
	{ "event_type", 40 }, { "timestamp", 15 }, { "src_ip", 20 }, { "flow_id", 20 }, { "alert.signature_id", 10 },
	{ "stats.uptime", 30 }, { NULL, 0 }
};

/* A response of DNS (version 3 of the format) comes from the server and says no direction. */
static bool is_dns_reply(const struct reading *rg)
{
	const char *type = reading_text(rg, DNS_TYPE);

	return type != NULL && strcmp(type, "response") == 0;
}

/* src and dest follow the packet; who called whom is in flow, or told by direction. */
static void add_ends(struct reading *rg)
{
	const char *direction = reading_text(rg, DIRECTION);
	bool in_flow = reading_text(rg, FLOW_SRC_IP) != NULL && reading_text(rg, FLOW_DEST_IP) != NULL;
	struct packet p = {
		reading_text(rg, in_flow ? FLOW_SRC_IP : SRC_IP), reading_text(rg, in_flow ? FLOW_SRC_PORT : SRC_PORT),
		reading_text(rg, in_flow ? FLOW_DEST_IP : DEST_IP), reading_text(rg, in_flow ? FLOW_DEST_PORT : DEST_PORT),
		HEADING_TO_SERVER, reading_text(rg, SRC_IP), reading_text(rg, SIGNATURE)
	};

	bool answer;

	if (!in_flow)
		p.heading = direction == NULL && is_dns_reply(rg) ? HEADING_TO_CLIENT : heading_of(direction);
	packet_add(&rg->alert, rg->arena, &p);
	answer = in_flow ? p.sender != NULL && strcmp(p.sender, p.from) != 0 : p.heading == HEADING_TO_CLIENT;
	canon_add(&rg->alert, rg->arena, ENTITY_MAC, answer ? ROLE_DESTINATION : ROLE_SOURCE, reading_text(rg, SRC_MAC));
	canon_add(&rg->alert, rg->arena, ENTITY_MAC, answer ? ROLE_SOURCE : ROLE_DESTINATION, reading_text(rg, DEST_MAC));
}

/* The addresses that a name was said to have; other answers are names and texts. */
static void add_answers(struct reading *rg, size_t row)
{
	for (const struct json_value *v = json_first(rg->json, row); v != NULL; v = json_next(rg->json, v))
		if (v->type == JSON_STRING_TEXT && canon_ip(rg->arena, v->text, v->length) != NULL)
			canon_addn(&rg->alert, rg->arena, ENTITY_IP, ROLE_OBSERVED, v->text, v->length);
}

/* "<a@b.example>", as the protocol writes it. */
static void add_mail(struct reading *rg, size_t row, enum entity_role role)
{
	for (const struct json_value *v = json_first(rg->json, row); v != NULL; v = json_next(rg->json, v)) {
		const char *s = v->type == JSON_STRING_TEXT ? v->text : "";
		const char *open = strchr(s, '<');
		size_t n;

		s = open != NULL ? open + 1 : s;
		n = strcspn(s, "> ");
		if (n > 0)
			canon_addn(&rg->alert, rg->arena, ENTITY_EMAIL, role, s, n);
	}
}

/* Written out: half of all alerts come here. */
static const char *full_url(struct arena *arena, const char *host, const char *port, const char *path)
{
	const char *const parts[] = { "http://", host, port[0] != '\0' ? ":" : "", port, path };
	size_t lengths[5], n = 0;
	char *all, *at;

	for (size_t i = 0; i < 5; i++)
		n += lengths[i] = strlen(parts[i]);
	all = at = arena_alloc(arena, n + 1);
	for (size_t i = 0; i < 5; at += lengths[i++])
		memcpy(at, parts[i], lengths[i]);
	return all;
}

/* http.url is a path; what was asked for is host and path. */
static void add_url(struct reading *rg)
{
	const char *url = reading_text(rg, URL), *host = reading_text(rg, HOSTNAME);
	const char *port = reading_text(rg, HTTP_PORT);
	const struct entity *server;

	if (url == NULL || url[0] == '\0')
		return;
	if (strncasecmp(url, "http://", 7) == 0 || strncasecmp(url, "https://", 8) == 0) {
		canon_add(&rg->alert, rg->arena, ENTITY_URL, ROLE_DESTINATION, url);
		return;
	}
	if (host == NULL && (server = alert_entity(&rg->alert, ENTITY_IP, ROLE_DESTINATION)) != NULL)
		host = server->value;
	if (host == NULL || host[0] == '\0' || url[0] != '/')
		return;
	if (port == NULL && (server = alert_entity(&rg->alert, ENTITY_PORT, ROLE_DESTINATION)) != NULL)
		port = server->value;
	if (port == NULL || strcmp(port, "80") == 0 || strchr(host, ':') != NULL || strlen(port) > 5)
		port = "";
	canon_add(&rg->alert, rg->arena, ENTITY_URL, ROLE_DESTINATION, full_url(rg->arena, host, port, url));
}

/* Suricata names a file by the path it was asked for. */
static void add_files(struct reading *rg, size_t row)
{
	for (const struct json_value *v = json_first(rg->json, row); v != NULL; v = json_next(rg->json, v)) {
		const char *name = v->type == JSON_STRING_TEXT ? last_component(v->text) : "";
		size_t n = strcspn(name, "?#");

		if (n > 0 && strcmp(name, "/") != 0)
			canon_add(&rg->alert, rg->arena, ENTITY_FILE, ROLE_OBSERVED, arena_dupn(rg->arena, name, n));
	}
}

/* Rules 2200000 to 2299999 say that a packet was odd, not that somebody did something. */
static bool is_decoder_rule(const char *sid)
{
	return sid != NULL && strlen(sid) == 7 && strncmp(sid, "22", 2) == 0;
}

/* The engine's own counters speak of no traffic. */
static bool is_of_engine(const char *type)
{
	return strcmp(type, "stats") == 0 || strcmp(type, "engine") == 0;
}

/* Of a flow the timestamp tells when it was given up. */
static int eve_telemetry(struct reading *rg, const struct record *rec, const char *type, struct fault *f)
{
	static const struct field began = FIELD("flow.start", TAKE_AT);
	enum telemetry_kind kind = telemetry_kind_of(type);
	const char *start = reading_text(rg, FLOW_START);

	if (is_of_engine(type))
		return reading_blank(rg, rec, BLANK_TELEMETRY, f);
	filling_begin(&rg->filling, &rg->alert, rg->arena, rg->options.assumed_offset);
	if (kind == TELEMETRY_CONNECTION && start != NULL)
		filling_take(&rg->filling, &began, start);
	add_ends(rg);
	reading_fill_ends(rg);
	return reading_telemetry(rg, rec, kind, f);
}

static int eve_record(struct reading *rg, const struct record *rec, struct fault *f)
{
	const char *type = reading_text(rg, EVENT_TYPE);

	/* Exports of an index leave out what all of their records share. */
	if (type == NULL && reading_text(rg, SIGNATURE) == NULL)
		return reading_reject(rg, rec, "no event_type", f);
	if (type != NULL && strcmp(type, "alert") != 0)
		return eve_telemetry(rg, rec, type, f);
	filling_begin(&rg->filling, &rg->alert, rg->arena, rg->options.assumed_offset);
	rg->alert.rule.product = "suricata";
	add_ends(rg);
	reading_fill(rg);
	if (is_decoder_rule(reading_text(rg, SID)))
		rg->alert.severity = SEVERITY_INFO;
	add_url(rg);
	add_files(rg, MEMBER_NAMES);
	add_files(rg, FILE_NAME);
	add_answers(rg, ANSWERS);
	add_answers(rg, ALERT_ANSWERS);
	add_mail(rg, MAIL_FROM, ROLE_SOURCE);
	add_mail(rg, MAIL_TO, ROLE_TARGET);
	canon_add(&rg->alert, rg->arena, ENTITY_IP, ROLE_SOURCE, reading_text(rg, XFF));
	return reading_alert(rg, rec, f);
}

const struct reader reader_eve = {
	.name = "suricata-eve", .summary = "Suricata EVE, JSON", .gives = "alerts", .extensions = ".json .jsonl",
	.framing = FRAME_JSON, .fields = fields, .clues = clues, .record = eve_record,
};
