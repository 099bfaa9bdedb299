/* Records of other formats as log shippers wrap them: under a key of a JSON object (Filebeat, Logstash, Fluent Bit,
 * Docker, CloudWatch, SNS, Splunk's collector, tables of Sentinel, exports of an index), or behind what syslog and
 * containers put before a line. */
#include <string.h>

#include "analyst/base/text.h"
#include "analyst/readers/header.h"
#include "analyst/readers/inside.h"
#include "analyst/readers/lines.h"

/* In this order: what was shipped stands there as text, or as an object. */
#define CARRIERS(V) \
	V("event.original") V("message") V("Message") V("log") V("msg") V("MESSAGE") V("full_message") V("short_message") \
	V("RawData") V("SyslogMessage") V("Sns.Message") V("body") V("Body") V("textPayload") \
	V("event") V("jsonPayload") V("json") V("_source")
/* The file it was in; what the shipper says of when. */
#define LOGS(V) V("log.file.path") V("log_file") V("source") V("path") V("file") V("filename")
#define TIMES(V) V("@timestamp") V("TimeGenerated") V("time") V("timestamp")

#define ROW(path) FIELD(path, TAKE_NOTHING),
#define ONE(path) + 1
enum { FIRST_LOG = 0 CARRIERS(ONE), FIRST_TIME = FIRST_LOG LOGS(ONE), ROWS = FIRST_TIME TIMES(ONE) };

static const struct field fields[] = { CARRIERS(ROW) LOGS(ROW) TIMES(ROW) FIELDS_END };

/* Text that is no object of JSON, no XML and no line a product marks is prose. */
static bool may_be_record(const struct json_value *v)
{
	return v != NULL && v->length > 8 && (v->type == JSON_OBJECT || v->type == JSON_STRING_TEXT);
}

static const char *first_text(const struct reading *rg, size_t from, size_t to)
{
	const char *s = NULL;

	for (size_t row = from; row < to && s == NULL; row++)
		s = reading_text(rg, row);
	return s;
}

static int wrapped_record(struct reading *rg, const struct record *rec, struct fault *f)
{
	instant found = indicator_time(rg, first_text(rg, FIRST_TIME, ROWS));
	const char *log = first_text(rg, FIRST_LOG, FIRST_TIME);
	int rc = 0;

	for (size_t row = 0; row < FIRST_LOG && rc == 0; row++) {
		const struct json_value *v = json_first(rg->json, row);
		struct inner_text text = { .from = fields[row].path, .tenant = rg->options.tenant,
		                           .log = log != NULL ? last_component(log) : NULL,
		                           .found = found != INSTANT_NONE ? found : rg->options.found };

		if (!may_be_record(v))
			continue;
		text.bytes = v->text;
		text.n = v->length;
		rc = inside_read(rg->state, rec, &text, f);
	}
	if (rc != 0)
		return rc < 0 ? -1 : 0;
	return reading_blank(rg, rec, BLANK_TELEMETRY, f);
}

static int wrapped_open(struct reading *rg, struct fault *f)
{
	(void)f;
	rg->state = inside_new(rg);
	return 0;
}

static void wrapped_close(struct reading *rg)
{
	inside_free(rg->state);
}

static const char *const wrappers[] = { "hits.hits", "logEvents", "Records", "records", "Messages", NULL };

#define PROBE_RECORDS 8

/* Enough, and no more: who knows the whole record goes before. */
static int wrapped_probe(const struct probe *p)
{
	struct memory_bytes head = { p->bytes, p->n };
	const char *paths[FIRST_LOG];
	struct framing *fr;
	struct json_paths *compiled;
	struct json *j;
	struct record rec;
	int seen = 0, score = 0;

	if (!probe_is_json(p->bytes, p->n))
		return 0;
	fr = framing_new(&(struct framing_rules){ .kind = FRAME_JSON, .wrappers = wrappers }, memory_source(&head));
	j = json_new();
	for (size_t row = 0; row < FIRST_LOG; row++)
		paths[row] = fields[row].path;
	compiled = json_paths_new(paths, FIRST_LOG);
	json_paths_below(compiled, "_source");
	while (score == 0 && seen++ < PROBE_RECORDS && framing_next(fr, &rec, NULL) > 0) {
		if (rec.broken != NULL || rec.n == 0 || json_read(j, compiled, rec.bytes, rec.n, rec.room, NULL) < 0)
			continue;
		for (size_t row = 0; row < FIRST_LOG && score == 0; row++) {
			const struct json_value *v = json_first(j, row);

			if (may_be_record(v) && inside_recognise(p->options, v->text, v->length) != NULL)
				score = PROBE_ENOUGH;
		}
	}
	json_paths_free(compiled);
	json_free(j);
	framing_free(fr);
	return score;
}

/* ---- behind a prefix ---- */

#define PREFIX_MOST 256

/* Where the object or event begins that stands behind something in the line; NULL when the line is another. A cell of a
 * table stands behind quotes or commas. */
static const char *behind_prefix(const char *s, size_t n)
{
	size_t i = 0;

	if (n < 8)
		return NULL;
	while (i < n && i < PREFIX_MOST && s[i] != '{' && s[i] != '"' && s[i] != ',' && s[i] != ';' && s[i] != '\t' &&
	       (n - i < 7 || memcmp(s + i, "<Event ", 7) != 0))
		i++;
	if (i == 0 || i == n || i == PREFIX_MOST || (s[i] != '{' && s[i] != '<') || (s[i - 1] != ' ' && s[i - 1] != ':'))
		return NULL;
	return s + i;
}

/* Daemons of syslog cut long lines off. */
static bool is_cut_off(const char *s, size_t n)
{
	size_t end = n;

	while (end > 0 && (s[end - 1] == ' ' || s[end - 1] == '\r'))
		end--;
	return n > 2 && s[0] == '{' && s[1] == '"' && s[end - 1] != '}';
}

static int lines_record(struct reading *rg, const struct record *rec, struct fault *f)
{
	const char *s = behind_prefix(rec->bytes, rec->n), *when;
	struct inner_text text = { .bytes = s, .from = "line", .tenant = rg->options.tenant, .found = rg->options.found };
	instant found;
	int rc;

	if (s == NULL)
		return reading_blank(rg, rec, rec->n > 0 ? BLANK_TELEMETRY : BLANK_EMPTY, f);
	text.n = rec->n - (size_t)(s - rec->bytes);
	if (is_cut_off(s, text.n))
		return reading_reject(rg, rec, "the JSON behind the prefix is cut off", f);
	when = syslog_time(rg->arena, arena_dupn(rg->arena, rec->bytes, (size_t)(s - rec->bytes)), rg->options.written);
	if ((found = indicator_time(rg, when)) != INSTANT_NONE)
		text.found = found;
	if ((rc = inside_read(rg->state, rec, &text, f)) != 0)
		return rc < 0 ? -1 : 0;
	return reading_blank(rg, rec, BLANK_TELEMETRY, f);
}

static int lines_probe(const struct probe *p)
{
	const char *s = p->bytes;
	size_t n = p->n;

	for (int seen = 0; n > 0 && seen < PROBE_RECORDS; seen++) {
		const char *feed = memchr(s, '\n', n), *inner;
		size_t length = feed != NULL ? (size_t)(feed - s) : n;

		if ((inner = behind_prefix(s, length)) != NULL &&
		    inside_recognise(p->options, inner, length - (size_t)(inner - s)) != NULL)
			return PROBE_ENOUGH;
		s += feed != NULL ? length + 1 : length;
		n -= feed != NULL ? length + 1 : length;
	}
	return 0;
}

const struct reader reader_wrapped = {
	.name = "wrapped", .summary = "records of the other formats inside JSON of a log shipper", .gives = "alerts",
	.extensions = ".json .jsonl", .framing = FRAME_JSON, .wrappers = wrappers, .below = "_source", .fields = fields,
	.probe = wrapped_probe, .open = wrapped_open, .record = wrapped_record, .wraps = true, .close = wrapped_close,
};

const struct reader reader_wrapped_lines = {
	.name = "wrapped-lines", .summary = "records of the other formats behind a prefix of syslog or a container",
	.gives = "alerts", .extensions = ".log", .framing = FRAME_LINES, .probe = lines_probe, .open = wrapped_open,
	.record = lines_record, .wraps = true, .close = wrapped_close,
};
