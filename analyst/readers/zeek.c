/* What a record of Zeek's logs says; and those written as JSON lines. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "analyst/readers/refang.h"
#include "analyst/readers/zeek.h"

enum {
	PATH, TS, NOTE, MSG, ACTIONS, SEEN, SEEN_TYPE, SEEN_WHERE, SOURCES, FILE_DESC, UID, CONNECTION_PORT,
	NOTICE_PORT, QUERY, HOST, SERVER_NAME, ORIG_BYTES, RESP_BYTES, BODY_OUT, BODY_IN, SUB, SRC, DROPPED, MATCHED, TX, RX,
	IS_ORIG, SEVERITY_NAME, ORIG_IP, RESP_IP, DST, SIG_ID, SIG_MSG, SIG_SUB
};

_Static_assert(ZEEK_ROWS == SIG_SUB + 8, "seven more, which no code here asks for");

const struct field zeek_fields[] = {
	[PATH] = FIELD("_path", TAKE_NOTHING),
	[TS] = FIELD("ts", TAKE_AT),
	[NOTE] = FIELD("note", TAKE_NOTHING),
	[MSG] = FIELD("msg", TAKE_TITLE),
	[ACTIONS] = FIELD("actions[]", TAKE_NOTHING),
	[SEEN] = FIELD("seen\\.indicator", TAKE_NOTHING),
	[SEEN_TYPE] = FIELD("seen\\.indicator_type", TAKE_NOTHING),
	[SEEN_WHERE] = FIELD("seen\\.where", TAKE_NOTHING),
	[SOURCES] = FIELD("sources[]", TAKE_NOTHING),
	[FILE_DESC] = FIELD("file_desc", TAKE_NOTHING),
	[UID] = FIELD("uid", TAKE_NATIVE_ID),
	[CONNECTION_PORT] = FIELD_ENTITY("id\\.resp_p", ENTITY_PORT, ROLE_DESTINATION),
	[NOTICE_PORT] = FIELD_ENTITY("p", ENTITY_PORT, ROLE_DESTINATION),
	[QUERY] = FIELD("query", TAKE_NOTHING),
	[HOST] = FIELD("host", TAKE_NOTHING),
	[SERVER_NAME] = FIELD("server_name", TAKE_NOTHING),
	[ORIG_BYTES] = FIELD("orig_bytes", TAKE_BYTES_OUT),
	[RESP_BYTES] = FIELD("resp_bytes", TAKE_BYTES_IN),
	[BODY_OUT] = FIELD("request_body_len", TAKE_BYTES_OUT),
	[BODY_IN] = FIELD("response_body_len", TAKE_BYTES_IN),
	[SUB] = FIELD("sub", TAKE_NOTHING),
	[SRC] = FIELD("src", TAKE_NOTHING),
	[DROPPED] = FIELD("dropped", TAKE_NOTHING),
	[MATCHED] = FIELD("matched[]", TAKE_NOTHING),
	[TX] = FIELD("tx_hosts[]", TAKE_NOTHING),
	[RX] = FIELD("rx_hosts[]", TAKE_NOTHING),
	[IS_ORIG] = FIELD("is_orig", TAKE_NOTHING),
	[SEVERITY_NAME] = FIELD("severity\\.name", TAKE_NOTHING),
	[ORIG_IP] = FIELD_ENTITY("id\\.orig_h", ENTITY_IP, ROLE_SOURCE),
	[RESP_IP] = FIELD_ENTITY("id\\.resp_h", ENTITY_IP, ROLE_DESTINATION),
	[DST] = FIELD_ENTITY("dst", ENTITY_IP, ROLE_DESTINATION),
	[SIG_ID] = FIELD("sig_id", TAKE_NOTHING),
	[SIG_MSG] = FIELD("event_msg", TAKE_TITLE),
	[SIG_SUB] = FIELD("sub_msg", TAKE_NOTHING),
	FIELD_ENTITY("src_addr", ENTITY_IP, ROLE_SOURCE),
	FIELD_ENTITY("dst_addr", ENTITY_IP, ROLE_DESTINATION),
	FIELD_ENTITY("dst_port", ENTITY_PORT, ROLE_DESTINATION),
	FIELD_ENTITY("file_mime_type", ENTITY_MAGIC, ROLE_OBSERVED),
	FIELD("confidence[]", TAKE_CONFIDENCE),
	FIELD("cif\\.confidence", TAKE_CONFIDENCE),
	FIELD_ENTITY("orig_l2_addr", ENTITY_MAC, ROLE_SOURCE),

	/* How others write the names with dots: as objects, with underscores; in JSON only. */
#define FIRST_OTHER ZEEK_ROWS
	FIELD("id.orig_h", TAKE_NOTHING), FIELD("id_orig_h", TAKE_NOTHING),
	FIELD("id.resp_h", TAKE_NOTHING), FIELD("id_resp_h", TAKE_NOTHING),
	FIELD("id.resp_p", TAKE_NOTHING), FIELD("id_resp_p", TAKE_NOTHING),
	FIELD("seen.indicator", TAKE_NOTHING), FIELD("seen_indicator", TAKE_NOTHING),
	FIELD("seen.indicator_type", TAKE_NOTHING), FIELD("seen_indicator_type", TAKE_NOTHING),
	FIELD("seen.where", TAKE_NOTHING), FIELD("seen_where", TAKE_NOTHING),
	FIELD("@timestamp", TAKE_NOTHING), FIELD("@path", TAKE_NOTHING),
	FIELDS_END
};

/* The rows that those stand for, in their order. */
static const size_t others[] = {
	ORIG_IP, ORIG_IP, RESP_IP, RESP_IP, CONNECTION_PORT, CONNECTION_PORT, SEEN, SEEN, SEEN_TYPE, SEEN_TYPE, SEEN_WHERE,
	SEEN_WHERE, TS, PATH
};
#define OTHERS (sizeof(others) / sizeof(others[0]))

bool zeek_is_list(size_t row)
{
	return row == ACTIONS || row == SOURCES || row == MATCHED || row == TX || row == RX;
}

static const struct clue clues[] = {
	{ "_path", 45 }, { "ts", 15 }, { "uid", 15 }, { "id\\.orig_h", 40 }, { "seen\\.indicator", 50 },
	{ "note", 10 }, { "msg", 5 }, { "suppress_for", 30 }, { "actions", 10 }, { "fuid", 30 }, { "seen_bytes", 20 },
	{ "certificate\\.serial", 50 }, { "id.orig_h", 40 }, { "id_orig_h", 40 }, { "seen.indicator", 50 }, { "seen_indicator", 50 },
	{ "@path", 45 }, { "sig_id", 20 }, { "event_msg", 20 }, { NULL, 0 }
};

/* Zeek states no severity. These are ours, for the notices that its own scripts raise. */
static const struct band note_severities[] = {
	{ "Scan::Port_Scan", 0, SEVERITY_LOW }, { "Scan::Address_Scan", 0, SEVERITY_LOW },
	{ "Scan::Random_Scan", 0, SEVERITY_LOW }, { "Traceroute::Detected", 0, SEVERITY_INFO },
	{ "SSH::Password_Guessing", 0, SEVERITY_MEDIUM }, { "SSH::Login_By_Password_Guesser", 0, SEVERITY_HIGH },
	{ "SSH::Watched_Country_Login", 0, SEVERITY_MEDIUM }, { "SSH::Interesting_Hostname_Login", 0, SEVERITY_MEDIUM },
	{ "FTP::Bruteforcing", 0, SEVERITY_MEDIUM }, { "FTP::Site_Exec_Success", 0, SEVERITY_HIGH },
	{ "HTTP::SQL_Injection_Attacker", 0, SEVERITY_HIGH }, { "HTTP::SQL_Injection_Victim", 0, SEVERITY_HIGH },
	{ "Heartbleed::SSL_Heartbeat_Attack", 0, SEVERITY_MEDIUM },
	{ "Heartbleed::SSL_Heartbeat_Odd_Length", 0, SEVERITY_LOW }, { "Heartbleed::SSL_Heartbeat_Many_Requests", 0, SEVERITY_LOW },
	{ "Heartbleed::SSL_Heartbeat_Attack_Success", 0, SEVERITY_HIGH },
	{ "TeamCymruMalwareHashRegistry::Match", 0, SEVERITY_HIGH }, { "Intel::Notice", 0, SEVERITY_MEDIUM },
	{ "Software::Vulnerable_Version", 0, SEVERITY_LOW }, { "Software::Software_Version_Change", 0, SEVERITY_INFO },
	{ "SSL::Invalid_Server_Cert", 0, SEVERITY_INFO }, { "SSL::Certificate_Expired", 0, SEVERITY_INFO },
	{ "SSL::Certificate_Expires_Soon", 0, SEVERITY_INFO }, { "SSL::Certificate_Not_Valid_Yet", 0, SEVERITY_INFO },
	{ "SSL::Weak_Key", 0, SEVERITY_INFO }, { "SSL::Old_Version", 0, SEVERITY_INFO },
	{ "ProtocolDetector::Protocol_Found", 0, SEVERITY_INFO }, { "ProtocolDetector::Server_Found", 0, SEVERITY_INFO },
	{ "DNS::External_Name", 0, SEVERITY_INFO }, { "CaptureLoss::Too_Much_Loss", 0, SEVERITY_INFO },
	{ "CaptureLoss::Too_Little_Traffic", 0, SEVERITY_INFO }, { "PacketFilter::Install_Failure", 0, SEVERITY_INFO },
	{ "PacketFilter::Dropped_Packets", 0, SEVERITY_INFO }, { "PacketFilter::Compile_Failure", 0, SEVERITY_INFO },
	{ "PacketFilter::Too_Long_To_Compile_Filter", 0, SEVERITY_INFO }, { "Weird::Activity", 0, SEVERITY_INFO },
	{ "Signatures::Sensitive_Signature", 0, SEVERITY_MEDIUM }, { "Signatures::Multiple_Signatures", 0, SEVERITY_MEDIUM },
	{ "Signatures::Multiple_Sig_Responders", 0, SEVERITY_MEDIUM }, { "Signatures::Count_Signature", 0, SEVERITY_LOW },
	{ "Signatures::Signature_Summary", 0, SEVERITY_INFO }, { "SSL::Weak_Cipher", 0, SEVERITY_INFO },
	{ "SSL::Invalid_Ocsp_Response", 0, SEVERITY_INFO }, { "SMTP::Suspicious_Origination", 0, SEVERITY_LOW },
	{ "SMTP::Blocklist_Error_Message", 0, SEVERITY_INFO }, { "SMTP::Blocklist_Blocked_Host", 0, SEVERITY_INFO },
	{ "Conn::Content_Gap", 0, SEVERITY_INFO }, { "Conn::Retransmission_Inconsistency", 0, SEVERITY_INFO }, BANDS_END
};

/* Where src, told without dst, is no end of a call but the machine that the notice is about. */
static bool is_about_source(const char *note)
{
	return strcmp(note, "HTTP::SQL_Injection_Victim") == 0 || strncmp(note, "Software::", 10) == 0;
}

/* What packages of others say in words. */
static const struct band severity_names[] = {
	{ "emergency", 0, SEVERITY_CRITICAL }, { "alert", 0, SEVERITY_CRITICAL }, { "critical", 0, SEVERITY_CRITICAL },
	{ "error", 0, SEVERITY_HIGH }, { "high", 0, SEVERITY_HIGH }, { "warning", 0, SEVERITY_MEDIUM },
	{ "medium", 0, SEVERITY_MEDIUM }, { "notice", 0, SEVERITY_LOW }, { "low", 0, SEVERITY_LOW },
	{ "informational", 0, SEVERITY_INFO }, { "info", 0, SEVERITY_INFO }, { "debug", 0, SEVERITY_INFO }, BANDS_END
};

static const struct named seen_types[] = {
	{ "Intel::ADDR", ENTITY_IP }, { "Intel::JA3", ENTITY_JA3 }, { "Intel::JA4", ENTITY_JA3 }, { "Intel::DOMAIN", ENTITY_DOMAIN }, { "Intel::URL", ENTITY_URL },
	{ "Intel::EMAIL", ENTITY_EMAIL }, { "Intel::USER_NAME", ENTITY_USER }, { "Intel::FILE_NAME", ENTITY_FILE },
	{ "Intel::FILE_HASH", ENTITY_HASH }, { "Intel::CERT_HASH", ENTITY_CERTIFICATE }, { "Intel::SOFTWARE", ENTITY_AGENT },
	{ NULL, 0 }
};

/* ---- one record, however it was written ---- */

static bool is_log(const char *path, const char *log)
{
	size_t n = strlen(log);

	return path != NULL && strncasecmp(path, log, n) == 0 && !isalnum((unsigned char)path[n]);
}

/* What the record says of itself, then what only a notice or an intel hit has, then the
 * file's name: "notice.2021-03-11-00-00-00.log". */
static const char *log_of(const struct reading *rg, const char *const *values, const char *path)
{
	if (path == NULL)
		path = values[PATH];
	if (path != NULL && path[0] != '\0')
		return path;
	if (values[NOTE] != NULL && values[MSG] != NULL)
		return "notice";
	if (values[SEEN] != NULL)
		return "intel";
	if (values[SIG_ID] != NULL && values[SIG_MSG] != NULL)
		return "signatures";
	return rg->options.list != NULL ? rg->options.list : "";
}

/* "T" in columns, "true" in JSON. */
static bool is_true(const char *s)
{
	return s != NULL && (s[0] == 'T' || s[0] == 't');
}

static const char *with_sub(struct arena *arena, const char *msg, const char *sub)
{
	size_t n = msg != NULL ? strlen(msg) : 0;

	if (n == 0)
		return sub;
	return arena_printf(arena, "%s%s %s", msg, strchr(".!?:", msg[n - 1]) != NULL ? "" : ":", sub);
}

/* What a notice of Zeek's intelligence says it met, without saying of what kind: mostly there is no call beside it. */
static void add_met(struct reading *rg, const char *met)
{
	static const struct { enum indicator_kind is; enum entity_kind kind; } kinds[] = {
		{ INDICATOR_IP, ENTITY_IP }, { INDICATOR_DOMAIN, ENTITY_DOMAIN }, { INDICATOR_URL, ENTITY_URL },
		{ INDICATOR_EMAIL, ENTITY_EMAIL }, { INDICATOR_MD5, ENTITY_HASH }, { INDICATOR_SHA1, ENTITY_HASH },
		{ INDICATOR_SHA256, ENTITY_HASH }
	};
	struct found found;

	refang_value(&found, met, strlen(met), INDICATOR_TEXT, rg->arena);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (found.kind == kinds[i].is)
			canon_add(&rg->alert, rg->arena, kinds[i].kind, ROLE_OBSERVED, met);
}

static void judge_notice(struct reading *rg, const char *const *values)
{
	struct alert *a = &rg->alert;
	const char *note = values[NOTE], *colon = note != NULL ? strstr(note, "::") : NULL;

	a->rule.name = note;
	if (note == NULL)
		return;
	if (colon != NULL)
		a->rule.category = arena_dupn(rg->arena, note, (size_t)(colon - note));
	a->severity = severity_of(note_severities, note);
	if (a->severity == SEVERITY_UNKNOWN && values[SEVERITY_NAME] != NULL) {
		a->severity = severity_of(severity_names, values[SEVERITY_NAME]);
		a->severity_native = values[SEVERITY_NAME];
	}
	if ((values[ACTIONS] != NULL && strstr(values[ACTIONS], "ACTION_DROP") != NULL) ||
	    is_true(values[DROPPED]))
		a->action = ACTION_BLOCKED;
	canon_add(a, rg->arena, ENTITY_IP, values[DST] == NULL && is_about_source(note) ? ROLE_VICTIM : ROLE_SOURCE, values[SRC]);
	if (strcmp(note, "Intel::Notice") == 0 && values[SUB] != NULL)
		add_met(rg, values[SUB]);
	/* What was found, where msg only says that: a subject of a certificate, a report's address. */
	if (values[SUB] != NULL && (a->title == NULL || strstr(a->title, values[SUB]) == NULL))
		a->title = with_sub(rg->arena, a->title, values[SUB]);
}

/* Rules for bytes, which a site brings itself. The same match is mostly a notice, too: named as that is, so that they are
 * one rule. */
static void judge_signature(struct reading *rg, const char *const *values)
{
	struct alert *a = &rg->alert;

	a->rule.name = values[NOTE] != NULL ? values[NOTE] : "Signatures::Sensitive_Signature";
	a->rule.category = "Signatures";
	a->severity = severity_of(note_severities, a->rule.name);
	a->title = arena_printf(rg->arena, "%s (signature %s)", a->title != NULL ? a->title : a->rule.name,
	                        values[SIG_ID] != NULL ? values[SIG_ID] : "without a name");
	if (values[SIG_SUB] != NULL && values[SIG_SUB][0] != '\0')
		a->title = with_sub(rg->arena, a->title, values[SIG_SUB]);
}

/* A name that was asked for is an end of the call; others were seen in passing: in a mail, in a certificate. */
static enum entity_role seen_role(int kind, const char *where)
{
	static const char *const asked[] = {
		"DNS::IN_REQUEST", "HTTP::IN_HOST_HEADER", "HTTP::IN_URL", "SSL::IN_SERVER_NAME", NULL
	};

	return (kind == ENTITY_DOMAIN || kind == ENTITY_URL) && in_list(asked, where) ? ROLE_DESTINATION : ROLE_OBSERVED;
}

static void judge_seen(struct reading *rg, const char *const *values)
{
	struct alert *a = &rg->alert;
	const char *type = values[SEEN_TYPE] != NULL ? values[SEEN_TYPE] : "Intel";
	int kind = table_value(seen_types, type, -1);

	if (values[SEEN] == NULL)
		return;
	a->rule.name = values[SEEN_WHERE] != NULL ? arena_printf(rg->arena, "%s in %s", type, values[SEEN_WHERE]) : type;
	a->rule.category = "Intel";
	a->title = values[SOURCES] != NULL ? arena_printf(rg->arena, "%s, listed by %s", values[SEEN], values[SOURCES]) :
	                                     values[SEEN];
	a->severity = severity_of(note_severities, "Intel::Notice");
	if (kind >= 0)
		canon_add(a, rg->arena, (enum entity_kind)kind, seen_role(kind, values[SEEN_WHERE]), values[SEEN]);
	else if (values[SEEN_TYPE] != NULL && strcmp(values[SEEN_TYPE], "Intel::SUBNET") == 0)
		canon_add(a, rg->arena, ENTITY_IP, ROLE_OBSERVED, values[SEEN]);
}

/* A file is described by its name, its address or its place in a mail. */
static void add_file(struct reading *rg, const char *desc)
{
	if (desc == NULL || strpbrk(desc, " \t") != NULL)
		return;
	canon_add(&rg->alert, rg->arena, strstr(desc, "://") != NULL ? ENTITY_URL : ENTITY_FILE, ROLE_OBSERVED, desc);
}

/* Whom a look-up, a request or a handshake names; other logs have other things there. */
static const char *name_in(const char *const *values, enum telemetry_kind kind)
{
	switch (kind) {
	case TELEMETRY_LOOKUP: return values[QUERY];
	case TELEMETRY_WEB: return values[HOST];
	case TELEMETRY_TLS: return values[SERVER_NAME];
	default: return NULL;
	}
}

/* Until release 5.0 files tell who sent and who received; the one that called sends where is_orig. */
static void add_file_ends(struct reading *rg, const char *const *values)
{
	bool caller_sends = is_true(values[IS_ORIG]);
	const char *const ends[2] = { values[caller_sends ? TX : RX], values[caller_sends ? RX : TX] };

	for (size_t i = 0; i < 2; i++)
		if (ends[i] != NULL)
			canon_add(&rg->alert, rg->arena, ENTITY_IP, i == 0 ? ROLE_SOURCE : ROLE_DESTINATION,
			          arena_dupn(rg->arena, ends[i], strcspn(ends[i], ", ")));
}

static int zeek_telemetry(struct reading *rg, const struct record *rec, const char *const *values, const char *log,
                          struct fault *f)
{
	enum telemetry_kind kind = telemetry_kind_of(log);

	filling_begin(&rg->filling, &rg->alert, rg->arena, rg->options.assumed_offset);
	for (size_t i = 0; i < ZEEK_ROWS; i++)
		if (zeek_fields[i].take == TAKE_AT || zeek_fields[i].take == TAKE_BYTES_OUT || zeek_fields[i].take == TAKE_BYTES_IN ||
		    (zeek_fields[i].take == TAKE_ENTITY && zeek_fields[i].kind == ENTITY_IP))
			filling_take(&rg->filling, &zeek_fields[i], values[i]);
	if (kind == TELEMETRY_FILE && values[IS_ORIG] != NULL)
		add_file_ends(rg, values);
	canon_add(&rg->alert, rg->arena, ENTITY_DOMAIN, ROLE_DESTINATION, name_in(values, kind));
	return reading_telemetry(rg, rec, kind, f);
}

int zeek_record(struct reading *rg, const struct record *rec, const char *const *values, const char *path,
                struct fault *f)
{
	const char *log = log_of(rg, values, path);
	bool notice = is_log(log, "notice"), seen = is_log(log, "intel"), matched = is_log(log, "signatures");

	if (!notice && !seen && !matched)
		return zeek_telemetry(rg, rec, values, log, f);
	filling_begin(&rg->filling, &rg->alert, rg->arena, rg->options.assumed_offset);
	rg->alert.rule.product = "zeek";
	for (size_t i = 0; i < ZEEK_ROWS; i++)
		if (i != NOTICE_PORT || values[CONNECTION_PORT] == NULL)
			filling_take(&rg->filling, &zeek_fields[i], values[i]);
	if (notice)
		judge_notice(rg, values);
	else if (matched)
		judge_signature(rg, values);
	else
		judge_seen(rg, values);
	add_file(rg, values[FILE_DESC]);
	if (rg->alert.rule.name == NULL)
		return reading_reject(rg, rec, notice ? "a notice without note" : "an intel hit without seen.indicator", f);
	return reading_alert(rg, rec, f);
}

/* ---- JSON ---- */

static const char *joined(struct reading *rg, size_t row)
{
	const char *all = NULL;
	size_t parts = 0;

	for (const struct json_value *v = json_first(rg->json, row); v != NULL && parts < 16; v = json_next(rg->json, v))
		if (v->type == JSON_STRING_TEXT && ++parts > 0)
			all = all == NULL ? v->text : arena_printf(rg->arena, "%s, %s", all, v->text);
	return all;
}

static int json_record(struct reading *rg, const struct record *rec, struct fault *f)
{
	const char *values[ZEEK_ROWS];

	for (size_t i = 0; i < ZEEK_ROWS; i++)
		values[i] = zeek_is_list(i) ? joined(rg, i) : reading_text(rg, i);
	for (size_t i = 0; i < OTHERS; i++)
		if (values[others[i]] == NULL)
			values[others[i]] = reading_text(rg, FIRST_OTHER + i);
	if (values[PATH] == NULL && values[TS] == NULL)
		return reading_reject(rg, rec, "neither _path nor ts", f);
	return zeek_record(rg, rec, values, NULL, f);
}

const struct reader reader_zeek_json = {
	.name = "zeek-json", .summary = "Zeek logs, JSON lines", .gives = "alerts (notice, intel, signatures)",
	.extensions = ".log .json", .framing = FRAME_JSON, .fields = zeek_fields, .clues = clues, .record = json_record,
};
