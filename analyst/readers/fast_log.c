#include "analyst/readers/fast_log.h"
#include "analyst/readers/lines.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

const struct band ids_severities[] = {
	{ NULL, 1, SEVERITY_HIGH }, { NULL, 2, SEVERITY_MEDIUM }, { NULL, 3, SEVERITY_LOW },
	{ NULL, 4, SEVERITY_INFO }, { NULL, 256, SEVERITY_UNKNOWN }, BANDS_END
};

/* ---- one line ---- */

/* "03/04/2020-13:55:05.224939"; Snort's with a year of two digits, or without one. As ISO 8601, or in words where there
 * is no year; NULL when it is no such time. */
const char *fast_time(const char **s, bool *snort, struct arena *arena)
{
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	int month, day, year = 0, length = 0;
	const char *clock;
	size_t n;

	/* Nothing else: what sscanf skips before a number may be the end of a line. */
	if ((*s)[strspn(*s, "0123456789/")] != '-')
		return NULL;
	if (sscanf(*s, "%2d/%2d/%4d-%n", &month, &day, &year, &length) != 3 || length == 0) {
		year = 0;
		if (sscanf(*s, "%2d/%2d-%n", &month, &day, &length) != 2 || length == 0)
			return NULL;
	}
	clock = *s + length;
	n = strspn(clock, "0123456789:.");
	if (n < 8 || n > 18 || month < 1 || month > 12)
		return NULL;
	*s = clock + n;
	*snort = year < 100;
	if (year == 0)
		return arena_printf(arena, "%s %02d %.*s", months[month - 1], day, (int)n, clock);
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

const char *fast_rule_id(const char *ids, struct arena *arena)
{
	const char *sid = strchr(ids, ':');
	size_t n = sid != NULL ? strspn(sid + 1, "0123456789") : 0;

	return strspn(ids, "0123456789:") == strlen(ids) && n > 0 ? arena_dupn(arena, sid + 1, n) : NULL;
}

bool fast_rule_read(struct fast_line *out, const char *s, const char *end, struct arena *arena)
{
	const char *iface;

	while (s < end && (*s == ' ' || *s == '"'))
		s++;
	/* "<eth0>", where the sensor was told to say so. */
	if (s < end && *s == '<' && (iface = memchr(s, '>', (size_t)(end - s))) != NULL)
		for (s = iface + 1; s < end && (*s == ' ' || *s == '"'); s++)
			;
	while (end > s && (end[-1] == ' ' || end[-1] == '"'))
		end--;
	out->name = arena_dupn(arena, s, (size_t)(end - s));
	return out->name[0] != '\0';
}

bool fast_is_blocked(const char *s, size_t n)
{
	static const char *const words[] = { "[drop]", "[block]", "[reset]", "[reject]", NULL };
	char lower[64];

	n = n < sizeof(lower) - 1 ? n : sizeof(lower) - 1;
	for (size_t i = 0; i < n; i++)
		lower[i] = (char)tolower((unsigned char)s[i]);
	lower[n] = '\0';
	for (const char *const *w = words; *w != NULL; w++)
		if (strstr(lower, *w) != NULL)
			return true;
	return false;
}

void fast_class_read(struct fast_line *out, const char **s, struct arena *arena)
{
	out->category = between(s, "[Classification: ", "]", arena);
	out->priority = between(s, "[Priority: ", "]", arena);
	if (out->category != NULL && strcmp(out->category, "(null)") == 0)
		out->category = NULL;
}

bool fast_ends_read(struct fast_line *out, const char *s, bool ports, struct arena *arena)
{
	const char *arrow = strstr(s, " -> ");

	if (arrow == NULL)
		return false;
	end_of(&out->from, &out->from_port, s, ports, arena);
	end_of(&out->to, &out->to_port, arrow + 4, ports, arena);
	return out->from[0] != '\0' && out->to[0] != '\0';
}

/* "[Classification: c] [Priority: 3] {TCP} a:1 -> b:2". */
static bool read_rest(struct fast_line *out, const char *s, struct arena *arena)
{
	const char *protocol;

	fast_class_read(out, &s, arena);
	if ((protocol = between(&s, "{", "} ", arena)) == NULL)
		return false;
	return fast_ends_read(out, s, strcmp(protocol, "TCP") == 0 || strcmp(protocol, "UDP") == 0 || strcmp(protocol, "SCTP") == 0, arena);
}

static bool read_marked(struct fast_line *out, const char *s, struct arena *arena)
{
	const char *first, *ids;

	if ((out->time = fast_time(&s, &out->snort, arena)) == NULL || (first = strstr(s, "[**]")) == NULL)
		return false;
	out->blocked = fast_is_blocked(s, (size_t)(first - s));
	s = first + 4;
	if ((ids = between(&s, "[", "]", arena)) == NULL || (out->sid = fast_rule_id(ids, arena)) == NULL ||
	    (first = strstr(s, " [**]")) == NULL || !fast_rule_read(out, s, first, arena))
		return false;
	return read_rest(out, first + 5, arena);
}

/* ---- as syslog carries it ---- */

/* "snort[812]: ", "suricata: ": behind the daemon's name, or NULL. */
static const char *behind_tag(const char *s, bool *snort)
{
	static const struct { const char *name; bool snort; } daemons[] = {
		{ "snort", true }, { "suricata", false }, { "barnyard2", true }, { "barnyard", true }
	};

	for (size_t i = 0; i < sizeof(daemons) / sizeof(daemons[0]); i++)
		for (const char *at = strstr(s, daemons[i].name); at != NULL; at = strstr(at + 1, daemons[i].name)) {
			const char *end = at + strlen(daemons[i].name);

			if (at > s && at[-1] != ' ' && at[-1] != '>')
				continue;
			if (*end == '[')
				end += strspn(end, "[0123456789]");
			if (end[0] == ':' && end[1] == ' ') {
				*snort = daemons[i].snort;
				return end + 2;
			}
		}
	return NULL;
}

static bool read_carried(struct fast_line *out, const char *s, instant written, struct arena *arena)
{
	const char *begin = s, *said, *ids, *end = NULL, *marks[] = { " [Classification: ", " [Priority: ", " {", NULL };

	if ((s = behind_tag(s, &out->snort)) == NULL ||
	    (out->time = syslog_time(arena, arena_dupn(arena, begin, (size_t)(s - begin)), written)) == NULL)
		return false;
	for (said = s; *s == '[' && !isdigit((unsigned char)s[1]); s += *s == ' ')
		s += strcspn(s, "]") + (strchr(s, ']') != NULL);
	out->blocked = fast_is_blocked(said, (size_t)(s - said));
	if (*s != '[' || (ids = between(&s, "[", "]", arena)) == NULL || (out->sid = fast_rule_id(ids, arena)) == NULL)
		return false;
	for (size_t i = 0; marks[i] != NULL && end == NULL; i++)
		end = strstr(s, marks[i]);
	return end != NULL && fast_rule_read(out, s, end, arena) && read_rest(out, end, arena);
}

bool fast_line_read(struct fast_line *out, const char *s, instant written, struct arena *arena)
{
	memset(out, 0, sizeof(*out));
	if (s == NULL)
		return false;
	return isdigit((unsigned char)s[0]) && s[1] != '\0' && s[2] == '/' ? read_marked(out, s, arena) : read_carried(out, s, written, arena);
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

static const char *product_of(const struct fast_line *line, const char *log)
{
	if (log != NULL && strcasestr(log, "suricata") != NULL)
		return "suricata";
	return line->snort || (log != NULL && strcasestr(log, "snort") != NULL) ? "snort" : "suricata";
}

void fast_line_fill(struct reading *rg, const struct fast_line *line, const char *log, const char *written)
{
	static const struct field at = FIELD("", TAKE_AT), sid = FIELD("", TAKE_RULE_ID), name = FIELD("", TAKE_RULE_NAME),
	                          category = FIELD("", TAKE_CATEGORY), severity = FIELD_SEVERITY("", ids_severities);
	const int assumed = rg->filling.assumed_offset;
	instant then = indicator_time(rg, written);
	const char *time = date_in_words(rg->arena, line->time, then != INSTANT_NONE ? then : rg->options.written);

	time = time != NULL ? time : line->time;
	rg->alert.rule.product = product_of(line, log);
	if (written != NULL)
		rg->filling.assumed_offset = offset_by(time, written);
	filling_take(&rg->filling, &at, time);
	rg->filling.assumed_offset = assumed;
	filling_take(&rg->filling, &sid, line->sid);
	filling_take(&rg->filling, &name, line->name);
	filling_take(&rg->filling, &category, line->category);
	filling_take(&rg->filling, &severity, line->priority);
	if (line->blocked)
		rg->alert.action = ACTION_BLOCKED;
	packet_add(&rg->alert, rg->arena, &(struct packet){ line->from, line->from_port, line->to, line->to_port,
	                                                    line->heading, line->from, line->name });
}

/* ---- the reader ---- */

static int fast_record(struct reading *rg, const struct record *rec, struct fault *f)
{
	struct fast_line line;
	const char *s;
	bool snort;
	size_t n = rec->n;

	while (n > 0 && isspace((unsigned char)rec->bytes[n - 1]))
		n--;
	if (n == 0)
		return reading_blank(rg, rec, BLANK_EMPTY, f);
	s = line_text(rg->arena, rec->bytes, n);
	if (!fast_line_read(&line, s, rg->options.written, rg->arena)) {
		/* Syslog carries what others say, too, and what the sensor says of itself. */
		if (strstr(s, "[**]") == NULL && syslog_time(rg->arena, s, rg->options.written) != NULL &&
		    (behind_tag(s, &snort) == NULL || strstr(s, "} ") == NULL))
			return reading_blank(rg, rec, BLANK_TELEMETRY, f);
		return reading_reject(rg, rec, "no line of a fast.log with a time, a rule and two ends", f);
	}
	filling_begin(&rg->filling, &rg->alert, rg->arena, rg->options.assumed_offset);
	fast_line_fill(rg, &line, rg->options.list, NULL);
	return reading_alert(rg, rec, f);
}

static bool is_alert(const char *s, instant written, struct arena *arena)
{
	struct fast_line line;

	return fast_line_read(&line, s, written, arena);
}

static int fast_probe(const struct probe *p)
{
	return probe_lines(p->bytes, p->n, p->options->written, is_alert) ? 95 : 0;
}

const struct reader reader_fast = {
	.name = "fast-log", .summary = "fast.log of Suricata and Snort, also as syslog carries it", .gives = "alerts",
	.extensions = ".log", .framing = FRAME_LINES, .probe = fast_probe, .record = fast_record,
};
