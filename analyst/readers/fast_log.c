#include "analyst/readers/fast_log.h"
#include "analyst/readers/lines.h"
#include "analyst/readers/packet.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

const struct band ids_severities[] = {
	{ NULL, 1, SEVERITY_HIGH }, { NULL, 2, SEVERITY_MEDIUM }, { NULL, 3, SEVERITY_LOW },
	{ NULL, 4, SEVERITY_INFO }, { NULL, 256, SEVERITY_UNKNOWN }, BANDS_END
};

/* ---- one line ---- */

/* "03/04/2020-13:55:05.224939", Snort's with a year of two digits; as ISO 8601, or NULL. */
static const char *time_of(const char **s, bool *short_year, struct arena *arena)
{
	int month, day, year, length = 0;
	const char *clock;
	size_t n;

	if (sscanf(*s, "%2d/%2d/%4d-%n", &month, &day, &year, &length) != 3 || length == 0)
		return NULL;
	clock = *s + length;
	n = strspn(clock, "0123456789:.");
	if (n < 8 || n > 18)
		return NULL;
	*s = clock + n;
	*short_year = year < 100;
	return arena_printf(arena, "%04d-%02d-%02dT%.*s", year < 100 ? 2000 + year : year, month, day, (int)n, clock);
}

/* What stands between the marks, or NULL; goes on behind it. */
static const char *between(const char **s, const char *open, const char *close, struct arena *arena)
{
	const char *begin = strstr(*s, open), *end = begin != NULL ? strstr(begin + strlen(open), close) : NULL;

	if (end == NULL)
		return NULL;
	begin += strlen(open);
	*s = end + strlen(close);
	return arena_dupn(arena, begin, (size_t)(end - begin));
}

/* "192.0.2.1:80", "2001:db8::1:80" (the last colon parts the port), or without a port where the protocol has none. */
static void end_of(const char **address, const char **port, const char *s, bool has_port, struct arena *arena)
{
	size_t n = strcspn(s, " \t\r\n");
	const char *colon = memrchr(s, ':', n);

	*address = arena_dupn(arena, s, has_port && colon != NULL ? (size_t)(colon - s) : n);
	*port = has_port && colon != NULL ? arena_dupn(arena, colon + 1, n - (size_t)(colon - s) - 1) : NULL;
}

bool fast_line_read(struct fast_line *out, const char *s, struct arena *arena)
{
	const char *ids, *first, *arrow, *protocol;
	bool ports;

	memset(out, 0, sizeof(*out));
	if (s == NULL || (out->time = time_of(&s, &out->short_year, arena)) == NULL || (first = strstr(s, "[**]")) == NULL)
		return false;
	out->blocked = memmem(s, (size_t)(first - s), "[Drop]", 6) != NULL;
	s = first + 4;
	if ((ids = between(&s, "[", "] ", arena)) == NULL || strchr(ids, ':') == NULL ||
	    (first = strstr(s, " [**]")) == NULL)
		return false;
	ids = strchr(ids, ':') + 1;
	out->sid = arena_dupn(arena, ids, strcspn(ids, ":"));
	out->name = arena_dupn(arena, s, (size_t)(first - s));
	s = first + 5;
	out->category = between(&s, "[Classification: ", "]", arena);
	out->priority = between(&s, "[Priority: ", "]", arena);
	if ((protocol = between(&s, "{", "} ", arena)) == NULL || (arrow = strstr(s, " -> ")) == NULL)
		return false;
	ports = strcmp(protocol, "TCP") == 0 || strcmp(protocol, "UDP") == 0 || strcmp(protocol, "SCTP") == 0;
	end_of(&out->from, &out->from_port, s, ports, arena);
	end_of(&out->to, &out->to_port, arrow + 4, ports, arena);
	return out->sid[0] != '\0' && out->name[0] != '\0';
}

/* ---- its alert ---- */

#define ZONE_STEP (15 * MINUTE)
#define ZONE_MOST (14 * HOUR)

/* The zone of the sensor's clock, in seconds: whole quarters of an hour. */
static int offset_by(const char *time, const char *written)
{
	enum zone_origin origin;
	instant local, then, apart;

	if (written == NULL || !instant_parse(&then, &origin, written, strlen(written), 0) || origin != ZONE_GIVEN ||
	    !instant_parse(&local, &origin, time, strlen(time), 0))
		return 0;
	apart = local - then;
	apart = (apart + (apart < 0 ? -ZONE_STEP : ZONE_STEP) / 2) / ZONE_STEP * ZONE_STEP;
	return apart > ZONE_MOST || apart < -ZONE_MOST ? 0 : (int)(apart / SECOND);
}

/* Snort writes no year, or two digits of it. */
static const char *product_of(const struct fast_line *line, const char *log)
{
	if (log != NULL && strcasestr(log, "suricata") != NULL)
		return "suricata";
	return line->short_year || (log != NULL && strcasestr(log, "snort") != NULL) ? "snort" : "suricata";
}

void fast_line_fill(struct reading *rg, const struct fast_line *line, const char *log, const char *written)
{
	static const struct field at = FIELD("", TAKE_AT), sid = FIELD("", TAKE_RULE_ID), name = FIELD("", TAKE_RULE_NAME),
	                          category = FIELD("", TAKE_CATEGORY), severity = FIELD_SEVERITY("", ids_severities);
	const int assumed = rg->filling.assumed_offset;

	rg->alert.rule.product = product_of(line, log);
	if (written != NULL)
		rg->filling.assumed_offset = offset_by(line->time, written);
	filling_take(&rg->filling, &at, line->time);
	rg->filling.assumed_offset = assumed;
	filling_take(&rg->filling, &sid, line->sid);
	filling_take(&rg->filling, &name, line->name);
	filling_take(&rg->filling, &category, line->category);
	filling_take(&rg->filling, &severity, line->priority);
	if (line->blocked)
		rg->alert.action = ACTION_BLOCKED;
	packet_add(&rg->alert, rg->arena, &(struct packet){ line->from, line->from_port, line->to, line->to_port,
	                                                    HEADING_UNTOLD, line->from, line->name });
}

/* ---- the reader ---- */

static int fast_record(struct reading *rg, const struct record *rec, struct fault *f)
{
	struct fast_line line;
	size_t n = rec->n;

	while (n > 0 && isspace((unsigned char)rec->bytes[n - 1]))
		n--;
	if (n == 0)
		return reading_blank(rg, rec, BLANK_EMPTY, f);
	if (!fast_line_read(&line, line_text(rg->arena, rec->bytes, n), rg->arena))
		return reading_reject(rg, rec, "no line of a fast.log with a time, a rule and two ends", f);
	filling_begin(&rg->filling, &rg->alert, rg->arena, rg->options.assumed_offset);
	fast_line_fill(rg, &line, rg->options.list, NULL);
	return reading_alert(rg, rec, f);
}

static int fast_probe(const struct probe *p)
{
	size_t n = strnlen(p->bytes, p->n < 600 ? p->n : 600);
	const char *feed = memchr(p->bytes, '\n', n), *mark;

	n = feed != NULL ? (size_t)(feed - p->bytes) : n;
	mark = memmem(p->bytes, n, "[**] [", 6);
	return mark != NULL && mark - p->bytes < 60 && isdigit((unsigned char)p->bytes[0]) && p->bytes[2] == '/' &&
	       memmem(mark + 6, n - (size_t)(mark + 6 - p->bytes), " [**]", 5) != NULL ? 95 : 0;
}

const struct reader reader_fast = {
	.name = "fast-log", .summary = "fast.log of Suricata and Snort", .gives = "alerts", .extensions = ".log",
	.framing = FRAME_LINES, .probe = fast_probe, .record = fast_record,
};
