/* IBM's Log Event Extended Format (FORMATS 2.6), bare or behind a syslog prefix:
 *
 *     LEEF:2.0|Vendor|Product|1.0|4711|^|devTime=1615421678000^src=192.0.2.1^sev=7
 *
 * 1.0 parts its pairs by tabs, 2.0 by the character of its sixth field, "^" or "x5E"; some
 * senders write blanks all the same. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "analyst/readers/lines.h"
#include "analyst/readers/reader.h"

static const struct band leef_severities[] = {
	{ NULL, 0, SEVERITY_UNKNOWN }, { NULL, 1, SEVERITY_LOW }, { NULL, 4, SEVERITY_MEDIUM }, { NULL, 7, SEVERITY_HIGH },
	{ NULL, 9, SEVERITY_CRITICAL }, { NULL, 10.5, SEVERITY_UNKNOWN }, BANDS_END
};

static const struct field fields[] = {
	FIELD("devTime", TAKE_AT),
	FIELD("eventName", TAKE_RULE_NAME),
	FIELD("name", TAKE_RULE_NAME),
	FIELD("signature", TAKE_RULE_NAME),
	FIELD("ruleName", TAKE_RULE_NAME),
	FIELD("threatName", TAKE_RULE_NAME),
	FIELD("msg", TAKE_TITLE),
	FIELD("message", TAKE_TITLE),
	FIELD("cat", TAKE_CATEGORY),
	FIELD_SEVERITY("sev", leef_severities),
	FIELD("action", TAKE_ACTION),
	FIELD("externalId", TAKE_NATIVE_ID),
	FIELD("srcBytes", TAKE_BYTES_OUT),
	FIELD("dstBytes", TAKE_BYTES_IN),
	FIELD_ENTITY("src", ENTITY_IP, ROLE_SOURCE),
	FIELD_ENTITY("srcMAC", ENTITY_MAC, ROLE_SOURCE),
	FIELD_ENTITY("dst", ENTITY_IP, ROLE_DESTINATION),
	FIELD_ENTITY("dstPort", ENTITY_PORT, ROLE_DESTINATION),
	FIELD_ENTITY("dstMAC", ENTITY_MAC, ROLE_DESTINATION),
	FIELD_ENTITY("identHostName", ENTITY_HOST, ROLE_VICTIM),
	FIELD_ENTITY("identSrc", ENTITY_IP, ROLE_VICTIM),
	FIELD_ENTITY("usrName", ENTITY_USER, ROLE_ACTOR),
	FIELD_ENTITY("accountName", ENTITY_USER, ROLE_TARGET),
	FIELD_ENTITY("url", ENTITY_URL, ROLE_DESTINATION),
	FIELD_ENTITY("resource", ENTITY_PATH, ROLE_OBSERVED),
	FIELD_ENTITY("fileName", ENTITY_FILE, ROLE_OBSERVED),
	FIELD_ENTITY("filePath", ENTITY_PATH, ROLE_OBSERVED),
	FIELD_ENTITY("fileHash", ENTITY_HASH, ROLE_OBSERVED),
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

static void take_extension(struct reading *rg, char version, const char *s)
{
	struct pairs *p = rg->state;
	char delimiter = '\t', said;
	const char *bar;

	if (version == '2' && (bar = strchr(s, '|')) != NULL && (said = delimiter_in(s, (size_t)(bar - s))) != '\0') {
		delimiter = said;
		s = bar + 1;
	}
	if (strchr(s, delimiter) == NULL)
		pairs_spaced(p, rg->arena, s, NULL, NULL);
	else
		pairs_split(p, rg->arena, s, delimiter);
}

static int leef_record(struct reading *rg, const struct record *rec, struct fault *f)
{
	static const struct field at = FIELD("", TAKE_AT);
	struct filling *fi = &rg->filling;
	struct rule *rule = &rg->alert.rule;
	char *line = line_text(rg->arena, rec->bytes, rec->n), *header[HEADER];
	const char *mark = find_mark(line, strlen(line), LEEF_MARK), *extension;

	if (line[0] == '\0')
		return reading_blank(rg, rec, BLANK_EMPTY, f);
	if (mark == NULL)
		return reading_reject(rg, rec, "no LEEF message", f);
	if (bar_fields(rg->arena, mark + 5, header, HEADER, &extension) < HEADER)
		return reading_reject(rg, rec, "a LEEF header of fewer than five fields", f);
	take_extension(rg, header[VERSION][0], extension);
	filling_begin(fi, &rg->alert, rg->arena, rg->options.assumed_offset);
	take_pairs(fi, fields, rg->state, rg->options.written);
	filling_take(fi, &at, syslog_time(rg->arena, arena_dupn(rg->arena, line, (size_t)(mark - line)), rg->options.written));
	rule->product = product_named(rg->arena, header[VENDOR], header[PRODUCT], "leef");
	rule->id = header[EVENT_ID][0] != '\0' ? header[EVENT_ID] : NULL;
	if (rule->name == NULL)
		rule->name = rule->id;
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
	return probe_marks(p->bytes, p->n, p->whole, LEEF_MARK);
}

const struct reader reader_leef = {
	.name = "leef", .summary = "Log Event Extended Format 1.0 and 2.0", .gives = "alerts", .extensions = ".leef .log .txt",
	.framing = FRAME_LINES, .fields = fields, .probe = leef_probe, .open = leef_open, .record = leef_record,
};
