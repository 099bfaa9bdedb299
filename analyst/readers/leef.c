/* IBM's Log Event Extended Format (FORMATS 2.6), bare or behind a syslog prefix:
 *
 *     LEEF:2.0|Vendor|Product|1.0|4711|^|devTime=1615421678000^src=192.0.2.1^sev=7
 *
 * 1.0 parts its pairs by tabs, 2.0 by the character of its sixth field, "^" or "x5E"; some
 * senders write blanks all the same. devTime is as devTimeFormat says, where it says so. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "analyst/readers/cef_vendors.h"
#include "analyst/readers/lines.h"
#include "analyst/readers/reader.h"

static const struct band leef_severities[] = {
	{ NULL, 0, SEVERITY_UNKNOWN }, { NULL, 1, SEVERITY_LOW }, { NULL, 4, SEVERITY_MEDIUM }, { NULL, 7, SEVERITY_HIGH },
	{ NULL, 9, SEVERITY_CRITICAL }, { NULL, 10.5, SEVERITY_UNKNOWN },
	{ "Informational", 0, SEVERITY_INFO }, { "Info", 0, SEVERITY_INFO }, { "Trivial", 0, SEVERITY_INFO },
	{ "Low", 0, SEVERITY_LOW }, { "Minor", 0, SEVERITY_LOW }, { "Medium", 0, SEVERITY_MEDIUM }, { "Moderate", 0, SEVERITY_MEDIUM },
	{ "High", 0, SEVERITY_HIGH }, { "Major", 0, SEVERITY_HIGH }, { "Critical", 0, SEVERITY_CRITICAL }, BANDS_END
};

/* What IBM defines, then what senders add. */
static const struct field fields[] = {
	FIELD("devTime", TAKE_AT),
	FIELD("ReceiveTime", TAKE_AT),
	FIELD("start", TAKE_AT),
	FIELD("end", TAKE_UNTIL),
	FIELD("eventName", TAKE_RULE_NAME),
	FIELD("name", TAKE_RULE_NAME),
	FIELD("signature", TAKE_RULE_NAME),
	FIELD("threatName", TAKE_RULE_NAME),
	FIELD("ruleName", TAKE_RULE_NAME),
	FIELD("EventMessage", TAKE_RULE_NAME),      /* CyberArk's */
	FIELD("msg", TAKE_TITLE),
	FIELD("fullmessage", TAKE_TITLE),
	FIELD("message", TAKE_TITLE),
	FIELD("cat", TAKE_CATEGORY),
	FIELD_SEVERITY("sev", leef_severities),
	FIELD_SEVERITY("alarmSev", leef_severities),
	FIELD_SEVERITY("severity", leef_severities),
	{ "action", TAKE_ACTION, 0, 0, NULL, cef_actions },
	{ "act", TAKE_ACTION, 0, 0, NULL, cef_actions },
	{ "disp", TAKE_ACTION, 0, 0, NULL, cef_actions },      /* WatchGuard's */
	FIELD("action", TAKE_ACTION),                          /* and words of no vendor */
	FIELD("act", TAKE_ACTION),
	FIELD("externalId", TAKE_NATIVE_ID),
	FIELD("alarmID", TAKE_NATIVE_ID),
	FIELD("srcBytes", TAKE_BYTES_OUT),
	FIELD("dstBytes", TAKE_BYTES_IN),
	FIELD_ENTITY("src", ENTITY_IP, ROLE_SOURCE),
	FIELD_ENTITY("srcPort", ENTITY_PORT, ROLE_SOURCE),
	FIELD_ENTITY("srcMAC", ENTITY_MAC, ROLE_SOURCE),
	FIELD_ENTITY("srcHostName", ENTITY_HOST, ROLE_SOURCE),
	FIELD_ENTITY("dst", ENTITY_IP, ROLE_DESTINATION),
	FIELD_ENTITY("dstPort", ENTITY_PORT, ROLE_DESTINATION),
	FIELD_ENTITY("dstMAC", ENTITY_MAC, ROLE_DESTINATION),
	FIELD_ENTITY("dstHostName", ENTITY_DOMAIN, ROLE_DESTINATION),
	FIELD_ENTITY("targetHostname", ENTITY_DOMAIN, ROLE_DESTINATION),
	FIELD_ENTITY("identHostName", ENTITY_HOST, ROLE_VICTIM),
	FIELD_ENTITY("identNetBios", ENTITY_HOST, ROLE_VICTIM),
	FIELD_ENTITY("hostName", ENTITY_HOST, ROLE_VICTIM),
	FIELD_ENTITY("computerName", ENTITY_HOST, ROLE_VICTIM),
	FIELD_ENTITY("identSrc", ENTITY_IP, ROLE_VICTIM),
	FIELD_ENTITY("identMAC", ENTITY_MAC, ROLE_VICTIM),
	FIELD_ENTITY("usrName", ENTITY_USER, ROLE_ACTOR),
	FIELD_ENTITY("sourceUser", ENTITY_USER, ROLE_ACTOR),
	FIELD_ENTITY("accountName", ENTITY_USER, ROLE_TARGET),
	FIELD_ENTITY("targetUser", ENTITY_USER, ROLE_TARGET),
	FIELD_ENTITY("url", ENTITY_URL, ROLE_DESTINATION),
	FIELD_ENTITY("resource", ENTITY_PATH, ROLE_OBSERVED),
	FIELD_ENTITY("fileName", ENTITY_FILE, ROLE_OBSERVED),
	FIELD_ENTITY("filePath", ENTITY_PATH, ROLE_OBSERVED),
	FIELD_ENTITY("fileHash", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("sha256", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("sha1", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("md5", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("processName", ENTITY_PROCESS, ROLE_ACTOR),
	FIELD_ENTITY("commandLine", ENTITY_COMMAND, ROLE_ACTOR),
	FIELD_ENTITY("userAgent", ENTITY_AGENT, ROLE_OBSERVED),
	FIELDS_END
};

enum { VERSION, VENDOR, PRODUCT, PRODUCT_VERSION, EVENT_ID, HEADER };

#define LEEF_MARK "LEEF:", "12"

/* "^", "x5E", "0x5e": the character; 0 when the field is none and the pairs begin here. */
static char delimiter_in(const char *s, size_t n)
{
	if (n == 0)
		return '\t';
	if (n == 1)
		return s[0] != '=' ? s[0] : '\0';
	if (n > 2 && s[0] == '0')
		s++, n--;
	if ((s[0] == 'x' || s[0] == 'X') && n >= 2 && n <= 3 && isxdigit((unsigned char)s[1])) {
		long code = strtol(s + 1, NULL, 16);

		return code > 0 && code < 0x80 ? (char)code : '\t';
	}
	return '\0';
}

/* Daemons of syslog write a tab in words: "\x09", "<009>", "#011". */
static const char *with_tabs(struct arena *arena, const char *s)
{
	static const char *const words[] = { "\\x09", "<009>", "#011", "\\t", NULL };
	size_t w = 0, n;
	char *out, *to;

	while (words[w] != NULL && strstr(s, words[w]) == NULL)
		w++;
	if (words[w] == NULL)
		return s;
	n = strlen(words[w]);
	for (out = to = arena_dup(arena, s); *s != '\0';) {
		bool tab = strncmp(s, words[w], n) == 0;

		*to++ = tab ? '\t' : *s;
		s += tab ? n : 1;
	}
	*to = '\0';
	return out;
}

static bool pairs_after_bars(const char *s)
{
	for (s = strchr(s, '|'); s != NULL; s = strchr(s + 1, '|'))
		if (isalpha((unsigned char)s[1]) && s[1 + strcspn(s + 1, " =|")] == '=')
			return true;
	return false;
}

static void take_extension(struct reading *rg, bool may_say, const char *s)
{
	struct pairs *p = rg->state;
	char delimiter = '\t', said;
	const char *bar;

	if (may_say && (bar = strchr(s, '|')) != NULL && (said = delimiter_in(s, (size_t)(bar - s))) != '\0') {
		delimiter = said;
		s = bar + 1;
	}
	if (delimiter == '\t' && strchr(s, '\t') == NULL)
		s = with_tabs(rg->arena, s);
	/* A template of Palo Alto's parts by bars what it calls 1.0. */
	if (delimiter == '\t' && strchr(s, '\t') == NULL && pairs_after_bars(s))
		delimiter = '|';
	if (strchr(s, delimiter) == NULL)
		pairs_spaced(p, rg->arena, s, NULL, NULL);
	else
		pairs_split(p, rg->arena, s, delimiter);
}

/* devTime by the pattern that the record gives for it. NULL, or why it cannot be read. */
static const char *put_time(struct reading *rg)
{
	struct pairs *p = rg->state;
	const char *pattern = pair_value(p, "devTimeFormat"), *said = pair_value(p, "devTime");
	char iso[DATE_ROOM];

	if (pattern == NULL || said == NULL)
		return NULL;
	if (!date_patterned(iso, said, pattern))
		return arena_printf(rg->arena, "devTime '%.40s' is not as its devTimeFormat '%.40s' says", said, pattern);
	for (size_t i = 0; i < p->count; i++)
		if (p->pairs[i].value == said)
			p->pairs[i].value = arena_dup(rg->arena, iso);
	return NULL;
}

/* "Stealthwatch|7.3|13|0x7C|src=...": what is left where a daemon of syslog took the rest of the head for its own. */
static bool is_headless(const char *s)
{
	const char *bar = s;

	for (int i = 0; i < 3; i++) {
		size_t n = strcspn(bar, "|");

		if (n == 0 || n > 64 || bar[n] == '\0' || memchr(bar, '=', n) != NULL)
			return false;
		bar += n + 1;
	}
	return bar[0] == '0' && (bar[1] | 0x20) == 'x' && isxdigit((unsigned char)bar[2]) && isxdigit((unsigned char)bar[3]) &&
	       bar[4] == '|' && strchr(bar + 5, '=') != NULL;
}

static bool is_number(const char *s)
{
	return s[0] != '\0' && s[strspn(s, "0123456789")] == '\0';
}

/* Of an event told by a number only, the category is a better name. */
static void name_rule(struct reading *rg, const char *id)
{
	struct rule *rule = &rg->alert.rule;

	rule->id = id[0] != '\0' ? id : NULL;
	cef_name_threat(rule, rg->arena, pair_value(rg->state, "ThreatID") != NULL ? pair_value(rg->state, "ThreatID") : id);
	if (rule->name == NULL)
		rule->name = rule->category != NULL && rule->id != NULL && is_number(rule->id) ? rule->category : rule->id;
}

/* As CEF's vendors call theirs: the event where CEF has its class, the category where it has the name. */
static bool is_own_log(const struct reading *rg, char *const header[HEADER])
{
	const char *cat = pair_value(rg->state, "cat");
	const char *const as_cef[CEF_HEADER] = {
		[CEF_VERSION] = "0", [CEF_VENDOR] = header[VENDOR], [CEF_PRODUCT] = header[PRODUCT], [CEF_DEVICE_VERSION] = "",
		[CEF_CLASS_ID] = header[EVENT_ID], [CEF_NAME] = cat != NULL ? cat : "", [CEF_SEVERITY] = ""
	};

	return cef_is_own_log(as_cef, rg->state);
}

static int leef_record(struct reading *rg, const struct record *rec, struct fault *f)
{
	static const struct field at = FIELD("", TAKE_AT);
	struct filling *fi = &rg->filling;
	char *line = line_text(rg->arena, rec->bytes, rec->n), *header[HEADER] = { "2", "", "", "", "" };
	const char *mark = find_mark(line, strlen(line), LEEF_MARK), *extension, *why;

	if (line[0] == '\0')
		return reading_blank(rg, rec, BLANK_EMPTY, f);
	if (mark == NULL && is_headless(line))
		bar_fields(rg->arena, line, header + PRODUCT, HEADER - PRODUCT, &extension);
	else if (mark == NULL)
		return reading_reject(rg, rec, "no LEEF message", f);
	else if (bar_fields(rg->arena, mark + 5, header, HEADER, &extension) < HEADER)
		return reading_reject(rg, rec, "a LEEF header of fewer than five fields", f);
	take_extension(rg, header[VERSION][0] == '2', extension);
	if ((why = put_time(rg)) != NULL)
		return reading_reject(rg, rec, why, f);
	if (is_own_log(rg, header))
		return reading_blank(rg, rec, BLANK_TELEMETRY, f);
	filling_begin(fi, &rg->alert, rg->arena, rg->options.assumed_offset);
	take_pairs(fi, fields, rg->state, rg->options.written);
	if (mark != NULL)
		filling_take(fi, &at, syslog_time(rg->arena, arena_dupn(rg->arena, line, (size_t)(mark - line)), rg->options.written));
	if (rg->options.found != 0 && mark == NULL && rg->alert.at == INSTANT_NONE)
		rg->alert.at = rg->options.found;
	rg->alert.rule.product = product_named(rg->arena, header[VENDOR], header[PRODUCT], "leef");
	name_rule(rg, header[EVENT_ID]);
	return reading_alert(rg, rec, f);
}

static int leef_open(struct reading *rg, struct fault *f)
{
	(void)f;
	rg->state = arena_alloc(rg->kept, sizeof(struct pairs));
	return 0;
}

static int leef_probe(const struct probe *p)
{
	const char *feed = memchr(p->bytes, '\n', p->n);
	size_t n = feed != NULL ? (size_t)(feed - p->bytes) : p->n;
	int score = probe_marks(p->bytes, p->n, p->whole, LEEF_MARK);
	struct arena *arena;

	if (score > 0 || n > 8192)
		return score;
	arena = arena_new();
	score = is_headless(arena_dupn(arena, p->bytes, n)) ? PROBE_ENOUGH + 10 : 0;
	arena_free(arena);
	return score;
}

const struct reader reader_leef = {
	.name = "leef", .summary = "Log Event Extended Format 1.0 and 2.0", .gives = "alerts", .extensions = ".leef .log .txt",
	.framing = FRAME_LINES, .fields = fields, .probe = leef_probe, .open = leef_open, .record = leef_record,
};
