/* Zeek's logs (FORMATS 2.2), as tab-separated text that says its columns in "#fields", or
 * as JSON lines. Two logs are judgements: notice, and intel, where an indicator was seen.
 * The others are telemetry. Both writings name their fields alike, so one table serves. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "analyst/readers/lines.h"
#include "analyst/readers/reader.h"

enum {
	PATH, TS, NOTE, MSG, ACTIONS, SEEN, SEEN_TYPE, SEEN_WHERE, SOURCES, FILE_DESC, UID, CONNECTION_PORT,
	NOTICE_PORT, QUERY, HOST, SERVER_NAME, ORIG_BYTES, RESP_BYTES, BODY_OUT, BODY_IN, SUB, SRC, DROPPED, MATCHED, TX, RX,
	IS_ORIG, SEVERITY_NAME, ORIG_IP, RESP_IP, DST,
	ROWS = DST + 5
};

static const struct field fields[] = {
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
	FIELD_ENTITY("file_mime_type", ENTITY_MAGIC, ROLE_OBSERVED),
	FIELD("confidence[]", TAKE_CONFIDENCE),
	FIELD("cif\\.confidence", TAKE_CONFIDENCE),
	FIELD_ENTITY("orig_l2_addr", ENTITY_MAC, ROLE_SOURCE),

	/* How others write the names with dots: as objects, with underscores; in JSON only. */
#define FIRST_OTHER ROWS
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

/* Rows of lists. */
static bool is_list(size_t row)
{
	return row == ACTIONS || row == SOURCES || row == MATCHED || row == TX || row == RX;
}

static const struct clue clues[] = {
	{ "_path", 45 }, { "ts", 15 }, { "uid", 15 }, { "id\\.orig_h", 40 }, { "seen\\.indicator", 50 },
	{ "note", 10 }, { "msg", 5 }, { "suppress_for", 30 }, { "actions", 10 }, { "fuid", 30 }, { "seen_bytes", 20 },
	{ "certificate\\.serial", 50 }, { "id.orig_h", 40 }, { "id_orig_h", 40 }, { "seen.indicator", 50 }, { "seen_indicator", 50 },
	{ "@path", 45 }, { NULL, 0 }
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
	{ "Heartbleed::SSL_Heartbeat_Attack_Success", 0, SEVERITY_HIGH },
	{ "TeamCymruMalwareHashRegistry::Match", 0, SEVERITY_HIGH }, { "Intel::Notice", 0, SEVERITY_MEDIUM },
	{ "Software::Vulnerable_Version", 0, SEVERITY_LOW }, { "Software::Software_Version_Change", 0, SEVERITY_INFO },
	{ "SSL::Invalid_Server_Cert", 0, SEVERITY_INFO }, { "SSL::Certificate_Expired", 0, SEVERITY_INFO },
	{ "SSL::Certificate_Expires_Soon", 0, SEVERITY_INFO }, { "SSL::Certificate_Not_Valid_Yet", 0, SEVERITY_INFO },
	{ "SSL::Weak_Key", 0, SEVERITY_INFO }, { "SSL::Old_Version", 0, SEVERITY_INFO },
	{ "ProtocolDetector::Protocol_Found", 0, SEVERITY_INFO }, { "ProtocolDetector::Server_Found", 0, SEVERITY_INFO },
	{ "DNS::External_Name", 0, SEVERITY_INFO }, { "CaptureLoss::Too_Much_Loss", 0, SEVERITY_INFO },
	{ "CaptureLoss::Too_Little_Traffic", 0, SEVERITY_INFO }, { "PacketFilter::Install_Failure", 0, SEVERITY_INFO },
	{ "PacketFilter::Dropped_Packets", 0, SEVERITY_INFO }, { "Weird::Activity", 0, SEVERITY_INFO }, BANDS_END
};

/* Where src, told without dst, is no end of a call but the machine that the notice is about. */
static bool is_about_source(const char *note)
{
	static const char *const notes[] = { "HTTP::SQL_Injection_Victim", NULL };

	for (const char *const *n = notes; *n != NULL; n++)
		if (strcmp(*n, note) == 0)
			return true;
	return strncmp(note, "Software::", 10) == 0;
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
	if (path != NULL && path[0] != '\0')
		return path;
	if (values[NOTE] != NULL && values[MSG] != NULL)
		return "notice";
	if (values[SEEN] != NULL)
		return "intel";
	return rg->options.list != NULL ? rg->options.list : "";
}

static const char *with_sub(struct arena *arena, const char *msg, const char *sub)
{
	size_t n = msg != NULL ? strlen(msg) : 0;

	if (n == 0)
		return sub;
	return arena_printf(arena, "%s%s %s", msg, strchr(".!?:", msg[n - 1]) != NULL ? "" : ":", sub);
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
	    (values[DROPPED] != NULL && (values[DROPPED][0] == 'T' || values[DROPPED][0] == 't')))
		a->action = ACTION_BLOCKED;
	canon_add(a, rg->arena, ENTITY_IP, values[DST] == NULL && is_about_source(note) ? ROLE_VICTIM : ROLE_SOURCE, values[SRC]);
	/* What was found, where msg only says that: a subject of a certificate, a report's address. */
	if (values[SUB] != NULL && (a->title == NULL || strstr(a->title, values[SUB]) == NULL))
		a->title = with_sub(rg->arena, a->title, values[SUB]);
}

/* A name that was asked for is an end of the call; others were seen in passing: in a mail, in a certificate. */
static enum entity_role seen_role(int kind, const char *where)
{
	static const char *const asked[] = {
		"DNS::IN_REQUEST", "HTTP::IN_HOST_HEADER", "HTTP::IN_URL", "SSL::IN_SERVER_NAME", NULL
	};

	if (kind != ENTITY_DOMAIN && kind != ENTITY_URL)
		return ROLE_OBSERVED;
	for (const char *const *a = asked; where != NULL && *a != NULL; a++)
		if (strcmp(*a, where) == 0)
			return ROLE_DESTINATION;
	return ROLE_OBSERVED;
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
	bool caller_sends = values[IS_ORIG][0] == 'T' || values[IS_ORIG][0] == 't';
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
	for (size_t i = 0; i < ROWS; i++)
		if (fields[i].take == TAKE_AT || fields[i].take == TAKE_BYTES_OUT || fields[i].take == TAKE_BYTES_IN ||
		    (fields[i].take == TAKE_ENTITY && fields[i].kind == ENTITY_IP))
			filling_take(&rg->filling, &fields[i], values[i]);
	if (kind == TELEMETRY_FILE && values[IS_ORIG] != NULL)
		add_file_ends(rg, values);
	canon_add(&rg->alert, rg->arena, ENTITY_DOMAIN, ROLE_DESTINATION, name_in(values, kind));
	return reading_telemetry(rg, rec, kind, f);
}

static int zeek_record(struct reading *rg, const struct record *rec, const char *const *values, const char *path,
                       struct fault *f)
{
	const char *log = log_of(rg, values, path);
	bool notice = is_log(log, "notice"), seen = is_log(log, "intel");

	if (!notice && !seen)
		return zeek_telemetry(rg, rec, values, log, f);
	filling_begin(&rg->filling, &rg->alert, rg->arena, rg->options.assumed_offset);
	rg->alert.rule.product = "zeek";
	for (size_t i = 0; i < ROWS; i++)
		if (i != NOTICE_PORT || values[CONNECTION_PORT] == NULL)
			filling_take(&rg->filling, &fields[i], values[i]);
	if (notice)
		judge_notice(rg, values);
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
	const char *values[ROWS];

	for (size_t i = 0; i < ROWS; i++)
		values[i] = is_list(i) ? joined(rg, i) : reading_text(rg, i);
	for (size_t i = 0; i < OTHERS; i++)
		if (values[others[i]] == NULL)
			values[others[i]] = reading_text(rg, FIRST_OTHER + i);
	if (values[PATH] == NULL && values[TS] == NULL)
		return reading_reject(rg, rec, "neither _path nor ts", f);
	return zeek_record(rg, rec, values, values[PATH], f);
}

/* ---- columns ---- */

#define ZEEK_COLUMNS 1024
#define WORD_ROOM 64

struct zeek_state {
	char separator, set_separator;
	char unset[WORD_ROOM], empty[WORD_ROOM], path[WORD_ROOM];
	signed char row_of[ZEEK_COLUMNS];    /* -1: none that we look at */
	size_t columns;                      /* 0 until "#fields" was read */
};

static void set_defaults(struct zeek_state *st)
{
	memset(st, 0, sizeof(*st));
	st->separator = '\t';
	st->set_separator = ',';
	strcpy(st->unset, "-");
	strcpy(st->empty, "(empty)");
}

static int tsv_open(struct reading *rg, struct fault *f)
{
	(void)f;
	rg->state = arena_alloc(rg->kept, sizeof(struct zeek_state));
	set_defaults(rg->state);
	return 0;
}

static int hex_value(char c)
{
	return isdigit((unsigned char)c) ? c - '0' : isxdigit((unsigned char)c) ? tolower((unsigned char)c) - 'a' + 10 : -1;
}

/* Undoes "\xHH" in place and tells how many bytes are left. */
static size_t unescape(char *s, size_t n)
{
	size_t to = 0;

	for (size_t i = 0; i < n; to++) {
		if (n - i >= 4 && s[i] == '\\' && s[i + 1] == 'x' && hex_value(s[i + 2]) >= 0 && hex_value(s[i + 3]) >= 0) {
			s[to] = (char)(hex_value(s[i + 2]) << 4 | hex_value(s[i + 3]));
			i += 4;
		} else {
			s[to] = s[i++];
		}
	}
	return to;
}

static bool names_row(const char *path, const char *name, size_t n)
{
	for (; *path != '\0' && strcmp(path, "[]") != 0; path++) {
		if (*path == '\\')
			continue;
		if (n == 0 || *path != *name)
			return false;
		name++;
		n--;
	}
	return n == 0;
}

static int row_named(const char *name, size_t n)
{
	for (int i = 0; i < ROWS; i++)
		if (names_row(fields[i].path, name, n))
			return i;
	return -1;
}

static bool take_columns(struct zeek_state *st, const char *s, size_t n)
{
	st->columns = 0;
	for (;;) {
		const char *end = memchr(s, st->separator, n);
		size_t length = end != NULL ? (size_t)(end - s) : n;

		if (st->columns == ZEEK_COLUMNS)
			return false;
		st->row_of[st->columns++] = (signed char)row_named(s, length);
		if (end == NULL)
			return true;
		s += length + 1;
		n -= length + 1;
	}
}

static void take_word(char *out, const char *s, size_t n)
{
	if (n >= WORD_ROOM)
		n = WORD_ROOM - 1;
	memcpy(out, s, n);
	out[n] = '\0';
	out[unescape(out, n)] = '\0';
}

/* "#fields<separator>ts<separator>uid"; "#separator \x09" has a blank. NULL or what is wrong. */
static const char *take_directive(struct zeek_state *st, const char *s, size_t n)
{
	static const struct { const char *name; size_t n; } names[] = {
		{ "#separator", 10 }, { "#set_separator", 14 }, { "#empty_field", 12 }, { "#unset_field", 12 }, { "#path", 5 },
		{ "#fields", 7 }
	};
	char word[WORD_ROOM];
	size_t i = 0;

	while (i < 6 && (n <= names[i].n || memcmp(s, names[i].name, names[i].n) != 0 ||
	                 (s[names[i].n] != st->separator && s[names[i].n] != ' ')))
		i++;
	if (i == 6)
		return NULL;
	s += names[i].n + 1;
	n -= names[i].n + 1;
	take_word(word, s, n);
	switch (i) {
	case 0:
		set_defaults(st);
		st->separator = word[0] != '\0' ? word[0] : '\t';
		break;
	case 1: st->set_separator = word[0] != '\0' ? word[0] : ','; break;
	case 2: memcpy(st->empty, word, sizeof(word)); break;
	case 3: memcpy(st->unset, word, sizeof(word)); break;
	case 4: memcpy(st->path, word, sizeof(word)); break;
	default: return take_columns(st, s, n) ? NULL : "more than 1024 columns";
	}
	return NULL;
}

/* A cell as text; NULL when it is unset or empty. Sets become "a, b". */
static const char *cell_text(struct reading *rg, const struct zeek_state *st, const char *s, size_t n, bool set)
{
	char *copy, *to;

	if ((n == strlen(st->unset) && memcmp(s, st->unset, n) == 0) || (n == strlen(st->empty) && memcmp(s, st->empty, n) == 0))
		return NULL;
	copy = arena_dupn(rg->arena, s, n);
	if (!set || memchr(s, st->set_separator, n) == NULL)
		return line_text(rg->arena, copy, unescape(copy, n));
	to = arena_alloc(rg->arena, n * 2 + 1);
	n = 0;
	for (const char *c = copy; *c != '\0'; c++) {
		to[n++] = *c;
		if (*c == st->set_separator)
			to[n++] = ' ';
	}
	return line_text(rg->arena, to, unescape(to, n));
}

static size_t cells_in(const char *s, size_t n, char separator)
{
	size_t cells = 1;

	for (const char *c = s; (c = memchr(c, separator, n - (size_t)(c - s))) != NULL; c++)
		cells++;
	return cells;
}

static void take_cells(struct reading *rg, const char *s, size_t n, const char **values)
{
	const struct zeek_state *st = rg->state;

	memset(values, 0, ROWS * sizeof(*values));
	for (size_t i = 0; i < st->columns; i++) {
		const char *end = memchr(s, st->separator, n);
		size_t length = end != NULL ? (size_t)(end - s) : n;
		int row = st->row_of[i];

		if (row >= 0)
			values[row] = cell_text(rg, st, s, length, is_list((size_t)row));
		if (end == NULL)
			return;
		s += length + 1;
		n -= length + 1;
	}
}

static bool is_one_of(const char *const *list, const char *s, size_t n)
{
	for (; *list != NULL; list++)
		if (strlen(*list) == n && memcmp(*list, s, n) == 0)
			return true;
	return false;
}

/* A log without "#" lines, whole or cut down to some columns: its first line names them. */
static bool is_plain_header(const char *s, size_t n)
{
	static const char *const ties[] = { "ts", "uid", "id.orig_h", NULL };
	static const char *const own[] = {
		"id.resp_h", "fuid", "history", "conn_state", "trans_depth", "status_code", "addl", "note",
		"seen.indicator", "certificate.serial", NULL
	};
	bool tied = false, known = false;

	while (n > 0) {
		const char *end = memchr(s, '\t', n);
		size_t length = end != NULL ? (size_t)(end - s) : n;

		tied = tied || is_one_of(ties, s, length);
		known = known || is_one_of(own, s, length);
		s += end != NULL ? length + 1 : length;
		n -= end != NULL ? length + 1 : length;
	}
	return tied && known;
}

static size_t without_return(const char *s, size_t n)
{
	return n > 0 && s[n - 1] == '\r' ? n - 1 : n;
}

static int tsv_record(struct reading *rg, const struct record *rec, struct fault *f)
{
	struct zeek_state *st = rg->state;
	size_t n = without_return(rec->bytes, rec->n), cells;
	const char *values[ROWS], *why;

	if (n == 0)
		return reading_blank(rg, rec, BLANK_EMPTY, f);
	if (rec->bytes[0] == '#') {
		why = take_directive(st, rec->bytes, n);
		return why != NULL ? reading_reject(rg, rec, why, f) : reading_blank(rg, rec, BLANK_EMPTY, f);
	}
	if (st->columns == 0) {
		if (is_plain_header(rec->bytes, n) && take_columns(st, rec->bytes, n))
			return reading_blank(rg, rec, BLANK_EMPTY, f);
		return reading_reject(rg, rec, "a line before #fields says what its columns are", f);
	}
	if ((cells = cells_in(rec->bytes, n, st->separator)) != st->columns)
		return reading_reject(rg, rec, arena_printf(rg->arena, "%zu cells where #fields names %zu", cells, st->columns), f);
	take_cells(rg, rec->bytes, n, values);
	return zeek_record(rg, rec, values, st->path[0] != '\0' ? st->path : values[PATH], f);
}

/* "#separator " or a plain header, with nothing but comments before. */
static int tsv_probe(const struct probe *p)
{
	const char *s = p->bytes;
	size_t n = p->n;

	while (n > 0) {
		const char *feed = memchr(s, '\n', n);
		size_t line = feed != NULL ? (size_t)(feed - s) : n, length = without_return(s, line);

		if (length > 11 && memcmp(s, "#separator ", 11) == 0)
			return 100;
		if (length > 8 && memcmp(s, "#fields\t", 8) == 0)
			return 80;
		if (length > 0 && s[0] != '#')
			return is_plain_header(s, length) ? 95 : 0;
		s += feed != NULL ? line + 1 : line;
		n -= feed != NULL ? line + 1 : line;
	}
	return 0;
}

const struct reader reader_zeek_tsv = {
	.name = "zeek-tsv", .summary = "Zeek logs, tab-separated", .gives = "alerts (notice, intel)", .extensions = ".log",
	.framing = FRAME_LINES, .fields = fields, .probe = tsv_probe, .open = tsv_open, .record = tsv_record,
};

const struct reader reader_zeek_json = {
	.name = "zeek-json", .summary = "Zeek logs, JSON lines", .gives = "alerts (notice, intel)",
	.extensions = ".log .json", .framing = FRAME_JSON, .fields = fields, .clues = clues, .record = json_record,
};
