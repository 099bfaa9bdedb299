/* Snort's outputs besides the line (fast_log.c): alert_full of both releases, the CSV of both, and alert_json of the
 * third. Times are the sensor's own and lack the year, but for alert_json's `seconds`.
 *
 *     [**] [1:1000005:2] MALWARE beacon [**]
 *     [Classification: A Network Trojan was Detected] [Priority: 1]
 *     09/04-21:53:15.299702 192.0.2.18:41334 -> 198.51.100.9:443
 *     TCP TTL:64 TOS:0x0 ID:58363 IpLen:20 DgmLen:83
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "analyst/readers/fast_log.h"
#include "analyst/readers/lines.h"

#define MARK "[**] ["

/* What became of the packet; "would_drop" and "cant_drop" say that nothing did. */
static const struct named snort_actions[] = {
	{ "alert", ACTION_DETECTED }, { "allow", ACTION_ALLOWED }, { "pass", ACTION_ALLOWED }, { "log", ACTION_ALLOWED },
	{ "drop", ACTION_BLOCKED }, { "block", ACTION_BLOCKED }, { "reset", ACTION_BLOCKED }, { "reject", ACTION_BLOCKED },
	{ "sdrop", ACTION_BLOCKED }, { "force_drop", ACTION_BLOCKED }, { "force_block", ACTION_BLOCKED },
	{ "force_reset", ACTION_BLOCKED }, { "would_drop", ACTION_ALLOWED }, { "would_block", ACTION_ALLOWED },
	{ "would_reset", ACTION_ALLOWED }, { "cant_drop", ACTION_ALLOWED }, { "cant_block", ACTION_ALLOWED },
	{ "cant_reset", ACTION_ALLOWED }, { NULL, 0 }
};

/* Releases that are told to leave the message out name a rule by its number alone. */
static const char *name_without_message(struct arena *arena, const char *sid)
{
	return sid != NULL ? arena_printf(arena, "Snort rule %s", sid) : NULL;
}

/* ---- alert_full ---- */

/* The ends behind the time; a frame that is no IP has none. */
static bool read_block(struct fast_line *out, const char *s, struct arena *arena)
{
	const char *ids = s + strlen(MARK), *end = strchr(ids, ']'), *close, *line;

	memset(out, 0, sizeof(*out));
	out->snort = true;
	if (end == NULL || (out->sid = fast_rule_id(arena_dupn(arena, ids, (size_t)(end - ids)), arena)) == NULL ||
	    (close = strstr(end, "[**]")) == NULL)
		return false;
	if (!fast_rule_read(out, end + 1, close, arena))
		out->name = name_without_message(arena, out->sid);
	line = close + 4;
	fast_class_read(out, &line, arena);
	for (line = strchr(close, '\n'); line != NULL && out->time == NULL; line = strchr(line, '\n')) {
		const char *at = ++line, *feed = strchr(line, '\n');
		bool snort;

		if (!isdigit((unsigned char)*at) || (out->time = fast_time(&at, &snort, arena)) == NULL)
			continue;
		at += strspn(at, " ");
		at = arena_dupn(arena, at, feed != NULL ? (size_t)(feed - at) : strlen(at));
		/* Of IPv6 only the line behind tells whether the last colon parts a port. */
		fast_ends_read(out, at, feed != NULL && (strncmp(feed + 1, "TCP ", 4) == 0 || strncmp(feed + 1, "UDP ", 4) == 0), arena);
	}
	return out->time != NULL;
}

static int full_record(struct reading *rg, const struct record *rec, struct fault *f)
{
	struct fast_line line;
	const char *s = line_text(rg->arena, rec->bytes, rec->n);

	if (s[0] == '\0')
		return reading_blank(rg, rec, BLANK_EMPTY, f);
	if (strncmp(s, MARK, strlen(MARK)) != 0)
		return reading_reject(rg, rec, "stands before the first alert", f);
	if (!read_block(&line, s, rg->arena))
		return reading_reject(rg, rec, "an alert without a rule's number or a time", f);
	filling_begin(&rg->filling, &rg->alert, rg->arena, rg->options.assumed_offset);
	fast_line_fill(rg, &line, rg->options.list, NULL);
	return reading_alert(rg, rec, f);
}

static int full_probe(const struct probe *p)
{
	struct arena *arena = arena_new();
	size_t n = p->n < 4096 ? p->n : 4096;
	const char *s = line_text(arena, p->bytes, n);
	struct fast_line line;
	int score = strncmp(s, MARK, strlen(MARK)) == 0 && read_block(&line, s, arena) ? 95 : 0;

	arena_free(arena);
	return score;
}

/* ---- CSV, which has no header: Snort 2's ten first columns, pfSense's fifteen, Snort 3's ten ---- */

enum { V2_TIME, V2_GENERATOR, V2_SID, V2_REV, V2_NAME, V2_PROTOCOL, V2_FROM, V2_FROM_PORT, V2_TO, V2_TO_PORT, V2_COLUMNS };
enum { PF_CATEGORY = 11, PF_PRIORITY, PF_ACTION, PF_DISPOSITION, PF_COLUMNS };
enum { V3_TIME, V3_NUMBER, V3_PROTOCOL, V3_ORIGIN, V3_LENGTH, V3_HEADING, V3_FROM, V3_TO, V3_RULE, V3_ACTION, V3_COLUMNS };

static const char *cell_of(struct arena *arena, const struct record *rec, size_t column)
{
	return line_text(arena, rec->cells[column].text, rec->cells[column].n);
}

static bool is_number(const char *s)
{
	return s[0] != '\0' && strspn(s, "0123456789") == strlen(s);
}

static enum heading heading_by(const char *dir)
{
	return dir == NULL ? HEADING_UNTOLD : strcmp(dir, "C2S") == 0 ? HEADING_TO_SERVER :
	       strcmp(dir, "S2C") == 0 ? HEADING_TO_CLIENT : HEADING_UNTOLD;
}

/* "192.0.2.1:80"; 0 stands for no port. */
static void split_end(struct arena *arena, const char *end, const char **address, const char **port)
{
	const char *colon = end != NULL ? strrchr(end, ':') : NULL;

	*address = colon != NULL ? arena_dupn(arena, end, (size_t)(colon - end)) : end;
	*port = colon != NULL && strcmp(colon, ":0") != 0 ? colon + 1 : NULL;
}

static bool read_row(struct fast_line *out, const char **action, const struct record *rec, struct arena *arena)
{
	const char *time;
	bool snort;

	memset(out, 0, sizeof(*out));
	*action = NULL;
	out->snort = true;
	if (rec->cell_count < V2_COLUMNS)
		return false;
	time = cell_of(arena, rec, V2_TIME);
	if (!isdigit((unsigned char)time[0]) || (out->time = fast_time(&time, &snort, arena)) == NULL)
		return false;
	if (rec->cell_count == V3_COLUMNS && strchr(cell_of(arena, rec, V3_RULE), ':') != NULL) {
		split_end(arena, cell_of(arena, rec, V3_FROM), &out->from, &out->from_port);
		split_end(arena, cell_of(arena, rec, V3_TO), &out->to, &out->to_port);
		out->heading = heading_by(cell_of(arena, rec, V3_HEADING));
		*action = cell_of(arena, rec, V3_ACTION);
		out->sid = fast_rule_id(cell_of(arena, rec, V3_RULE), arena);
		out->name = name_without_message(arena, out->sid);
		return out->sid != NULL;
	}
	out->sid = cell_of(arena, rec, V2_SID);
	out->name = cell_of(arena, rec, V2_NAME);
	out->from = cell_of(arena, rec, V2_FROM);
	out->from_port = cell_of(arena, rec, V2_FROM_PORT);
	out->to = cell_of(arena, rec, V2_TO);
	out->to_port = cell_of(arena, rec, V2_TO_PORT);
	if (rec->cell_count == PF_COLUMNS) {
		out->category = cell_of(arena, rec, PF_CATEGORY);
		out->priority = cell_of(arena, rec, PF_PRIORITY);
		*action = cell_of(arena, rec, PF_DISPOSITION);
	}
	return is_number(cell_of(arena, rec, V2_GENERATOR)) && is_number(out->sid) && is_number(cell_of(arena, rec, V2_REV)) &&
	       out->name[0] != '\0';
}

static int csv_record(struct reading *rg, const struct record *rec, struct fault *f)
{
	static const struct field acted = { "", TAKE_ACTION, 0, 0, NULL, snort_actions };
	struct fast_line line;
	const char *action;

	if (rec->n == 0)
		return reading_blank(rg, rec, BLANK_EMPTY, f);
	if (!read_row(&line, &action, rec, rg->arena))
		return reading_reject(rg, rec, "not the columns that Snort writes unless told otherwise", f);
	filling_begin(&rg->filling, &rg->alert, rg->arena, rg->options.assumed_offset);
	fast_line_fill(rg, &line, rg->options.list, NULL);
	filling_take(&rg->filling, &acted, action);
	return reading_alert(rg, rec, f);
}

static int csv_probe(const struct probe *p)
{
	struct memory_bytes head = { p->bytes, p->n };
	struct arena *arena;
	struct framing *fr;
	struct record rec;
	struct fast_line line;
	const char *action;
	int score = 0;

	if (p->n < 20 || !isdigit((unsigned char)p->bytes[0]) || p->bytes[2] != '/')
		return 0;
	arena = arena_new();
	fr = framing_new(&(struct framing_rules){ .kind = FRAME_CSV, .delimiter = ',' }, memory_source(&head));
	if (framing_next(fr, &rec, NULL) > 0 && rec.broken == NULL && read_row(&line, &action, &rec, arena))
		score = 95;
	framing_free(fr);
	arena_free(arena);
	return score;
}

static int csv_open(struct reading *rg, struct fault *f)
{
	(void)f;
	rg->framing.delimiter = ',';
	return 0;
}

/* ---- alert_json ---- */

enum { TIMESTAMP, DIRECTION, SRC_ADDRESS, SRC_PORT, SRC_BOTH, DST_ADDRESS, DST_PORT, DST_BOTH, RULE, SID, MESSAGE, CLASS };

static const struct field json_fields[] = {
	[TIMESTAMP] = FIELD("timestamp", TAKE_NOTHING),
	[DIRECTION] = FIELD("dir", TAKE_NOTHING),
	[SRC_ADDRESS] = FIELD("src_addr", TAKE_NOTHING),
	[SRC_PORT] = FIELD("src_port", TAKE_NOTHING),
	[SRC_BOTH] = FIELD("src_ap", TAKE_NOTHING),
	[DST_ADDRESS] = FIELD("dst_addr", TAKE_NOTHING),
	[DST_PORT] = FIELD("dst_port", TAKE_NOTHING),
	[DST_BOTH] = FIELD("dst_ap", TAKE_NOTHING),
	[RULE] = FIELD("rule", TAKE_NOTHING),
	[SID] = FIELD("sid", TAKE_RULE_ID),
	[MESSAGE] = FIELD("msg", TAKE_RULE_NAME),
	[CLASS] = FIELD("class", TAKE_NOTHING),
	FIELD("seconds", TAKE_AT),
	FIELD_SEVERITY("priority", ids_severities),
	{ "action", TAKE_ACTION, 0, 0, NULL, snort_actions },
	FIELD("client_bytes", TAKE_BYTES_OUT),
	FIELD("server_bytes", TAKE_BYTES_IN),
	FIELDS_END
};

static const struct clue json_clues[] = {
	{ "src_ap", 25 }, { "dst_ap", 25 }, { "rule", 10 }, { "pkt_num", 20 }, { "pkt_gen", 20 }, { "gid", 15 }, { "sid", 15 },
	{ "rev", 10 }, { "msg", 10 }, { "src_addr", 10 }, { "dst_addr", 10 }, { "class", 5 }, { "seconds", 5 }, { NULL, 0 }
};

static int json_record(struct reading *rg, const struct record *rec, struct fault *f)
{
	static const struct field at = FIELD("", TAKE_AT), id = FIELD("", TAKE_RULE_ID), name = FIELD("", TAKE_RULE_NAME),
	                          category = FIELD("", TAKE_CATEGORY);
	struct packet p = { .heading = heading_by(reading_text(rg, DIRECTION)), .rule = reading_text(rg, MESSAGE) };
	const char *time = reading_text(rg, TIMESTAMP), *class = reading_text(rg, CLASS), *sid;
	bool snort;

	split_end(rg->arena, reading_text(rg, SRC_BOTH), &p.from, &p.from_port);
	split_end(rg->arena, reading_text(rg, DST_BOTH), &p.to, &p.to_port);
	if (p.from == NULL)
		p.from = reading_text(rg, SRC_ADDRESS);
	if (p.to == NULL)
		p.to = reading_text(rg, DST_ADDRESS);
	p.from_port = reading_text(rg, SRC_PORT) != NULL ? reading_text(rg, SRC_PORT) : p.from_port;
	p.to_port = reading_text(rg, DST_PORT) != NULL ? reading_text(rg, DST_PORT) : p.to_port;
	p.sender = p.from;

	filling_begin(&rg->filling, &rg->alert, rg->arena, rg->options.assumed_offset);
	rg->alert.rule.product = "snort";
	packet_add(&rg->alert, rg->arena, &p);
	reading_fill(rg);
	if (time != NULL && isdigit((unsigned char)time[0]) && (time = fast_time(&time, &snort, rg->arena)) != NULL)
		take_time_text(&rg->filling, &at, time, rg->options.written);
	sid = reading_text(rg, RULE) != NULL ? fast_rule_id(reading_text(rg, RULE), rg->arena) : reading_text(rg, SID);
	filling_take(&rg->filling, &id, sid);
	filling_take(&rg->filling, &name, name_without_message(rg->arena, sid));
	if (class != NULL && strcmp(class, "none") != 0)
		filling_take(&rg->filling, &category, class);
	return reading_alert(rg, rec, f);
}

const struct reader reader_snort_full = {
	.name = "snort-full", .summary = "Snort's alert_full", .gives = "alerts", .extensions = ".log .ids .txt",
	.framing = FRAME_BLOCKS, .mark = MARK, .probe = full_probe, .record = full_record,
};

const struct reader reader_snort_csv = {
	.name = "snort-csv", .summary = "Snort's CSV, without a header; pfSense's", .gives = "alerts", .extensions = ".csv .log",
	.framing = FRAME_CSV, .probe = csv_probe, .open = csv_open, .record = csv_record,
};

const struct reader reader_snort_json = {
	.name = "snort-json", .summary = "Snort 3 alert_json", .gives = "alerts", .extensions = ".json .txt",
	.framing = FRAME_JSON, .fields = json_fields, .clues = json_clues, .record = json_record,
};
