/* OSSEC's alerts besides Wazuh's JSON (wazuh.c): the text of alerts.log, which Wazuh writes, too; what both send to
 * syslog; and OSSEC's own JSON.
 *
 *     ** Alert 1605098939.724: mail  - syslog,sshd,authentication_failed,
 *     2020 Nov 11 13:48:59 (web01) 10.0.0.5->/var/log/auth.log
 *     Rule: 5710 (level 5) -> 'Attempt to login using a non-existent user'
 *     Src IP: 192.0.2.9
 *     Nov 11 13:48:59 web01 sshd[812]: Failed password for invalid user ada from 192.0.2.9 port 44032 ssh2
 *
 * The first line's number is the time, in UTC; the second line's is the manager's own clock. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyst/base/text.h"
#include "analyst/readers/fast_log.h"
#include "analyst/readers/lines.h"
#include "analyst/readers/nested.h"
#include "analyst/readers/wazuh.h"

#define MARK "** Alert "

struct told {                        /* what the shapes have in common; NULL where one does not say */
	const char *id, *time, *groups, *location, *rule_id, *rule, *level, *log;
	const char *sums;                /* of a file that is watched, where they do not stand in the log */
	const char *from, *to, *to_port, *user;
	bool is_json;
};

/* ---- what it says ---- */

/* Wazuh's rules carry what laws and standards ask for among their groups; OSSEC's do not. */
static const char *product_of(const char *groups)
{
	static const char *const wazuhs[] = { "pci_dss_", "gdpr_", "gpg13_", "hipaa_", "nist_800_53_", "tsc_", NULL };

	for (const char *const *w = wazuhs; groups != NULL && *w != NULL; w++)
		if (strstr(groups, *w) != NULL)
			return "wazuh";
	return "ossec";
}

/* "(web01) 10.0.0.5->/var/log/auth.log", "web01->syscheck", "192.0.2.1->/var/log/remote": whose log it is. */
static void add_machine(struct reading *rg, const struct told *t, enum entity_role role)
{
	const char *s = t->location, *arrow = s != NULL ? strstr(s, "->") : NULL, *close;

	if (s == NULL)
		return;
	if (s[0] == '(' && (close = strchr(s, ')')) != NULL && (arrow == NULL || close < arrow)) {
		canon_addn(&rg->alert, rg->arena, ENTITY_HOST, role, s + 1, (size_t)(close - s - 1));
		for (s = close + 1; *s == ' '; s++)
			;
		if (arrow != NULL && strncmp(s, "any->", 5) != 0)
			canon_addn(&rg->alert, rg->arena, ENTITY_IP, role, s, (size_t)(arrow - s));
		return;
	}
	/* Of OSSEC's JSON the name stands alone. */
	if (arrow == NULL && (!t->is_json || s[0] == '/'))
		return;
	s = arena_dupn(rg->arena, s, arrow != NULL ? (size_t)(arrow - s) : strlen(s));
	canon_add(&rg->alert, rg->arena, canon_ip(rg->arena, s, strlen(s)) != NULL ? ENTITY_IP : ENTITY_HOST, role, s);
}

/* "New md5sum is : '<hex>'": what stands between the first quotes of the line, or NULL; goes on behind it. */
static const char *quoted_in(struct arena *arena, const char **s)
{
	const char *begin = *s + strcspn(*s, "'\n"), *end;

	if (*begin != '\'' || (end = strpbrk(begin + 1, "'\n")) == NULL || *end != '\'')
		return NULL;
	*s = end + 1;
	return arena_dupn(arena, begin + 1, (size_t)(end - begin - 1));
}

/* The first that is a path: of a file's name "New file '/etc/a' added ...", of a sum it is none. */
static const char *path_in(struct arena *arena, const char *s)
{
	const char *found;

	do
		found = quoted_in(arena, &s);
	while (found != NULL && strpbrk(found, "/\\") == NULL);
	return found;
}

/* What the watch over files says: the file in its first line, its sums in those that follow. */
static void add_watched(struct reading *rg, const struct told *t)
{
	static const struct field title = FIELD("", TAKE_TITLE);
	static const char *const sums[] = {
		"New md5sum is", "New sha1sum is", "New sha256sum is", "Old md5sum was", "Old sha1sum was", "Old sha256sum was",
		"Current MD5:", "Current SHA1:", "Previous MD5:", "Previous SHA1:", NULL
	};
	const char *path = t->log != NULL ? path_in(rg->arena, t->log) : NULL, *said = t->sums != NULL ? t->sums : t->log;

	if (t->groups == NULL || strstr(t->groups, "syscheck") == NULL || path == NULL)
		return;
	if (strncasecmp(path, "HKEY_", 5) == 0) {
		canon_add(&rg->alert, rg->arena, ENTITY_REGISTRY, ROLE_OBSERVED, path);
	} else {
		canon_add(&rg->alert, rg->arena, ENTITY_PATH, ROLE_OBSERVED, path);
		if (last_component(path) != path)
			canon_add(&rg->alert, rg->arena, ENTITY_FILE, ROLE_OBSERVED, last_component(path));
	}
	for (const char *const *sum = sums; *sum != NULL; sum++) {
		const char *at = strstr(said, *sum);

		if (at != NULL)
			canon_add(&rg->alert, rg->arena, ENTITY_HASH, ROLE_OBSERVED, quoted_in(rg->arena, &at));
	}
	filling_take(&rg->filling, &title, arena_dupn(rg->arena, t->log, strcspn(t->log, "\r\n")));
}

/* A line of Snort or Suricata that was handed on is what those saw (see wazuh.c). */
static bool take_handed_on(struct reading *rg, const struct told *t)
{
	static const struct field title = FIELD("", TAKE_TITLE);
	struct fast_line line;
	instant then = indicator_time(rg, t->time);
	char when[INSTANT_ROOM];

	if (t->groups == NULL || strstr(t->groups, "ids") == NULL ||
	    !fast_line_read(&line, t->log, then != INSTANT_NONE ? then : rg->options.written, rg->arena))
		return false;
	instant_utc(when, then);
	fast_line_fill(rg, &line, t->location, then != INSTANT_NONE ? arena_dup(rg->arena, when) : NULL);
	filling_take(&rg->filling, &title, t->rule);
	return true;
}

static int told_alert(struct reading *rg, const struct record *rec, const struct told *t, struct fault *f)
{
	static const struct field at = FIELD("", TAKE_AT), id = FIELD("", TAKE_NATIVE_ID), rule_id = FIELD("", TAKE_RULE_ID),
	                          rule = FIELD("", TAKE_RULE_NAME), category = FIELD("", TAKE_CATEGORY),
	                          level = FIELD_SEVERITY("", wazuh_levels);
	bool handed_on;

	filling_begin(&rg->filling, &rg->alert, rg->arena, rg->options.assumed_offset);
	handed_on = take_handed_on(rg, t);
	if (!handed_on)
		rg->alert.rule.product = product_of(t->groups);
	filling_take(&rg->filling, &at, t->time);
	filling_take(&rg->filling, &id, t->id);
	filling_take(&rg->filling, &rule_id, t->rule_id);
	filling_take(&rg->filling, &rule, t->rule);
	filling_take(&rg->filling, &level, t->level);
	if (t->groups != NULL)
		filling_take(&rg->filling, &category, arena_dupn(rg->arena, t->groups, strcspn(t->groups, ", ")));
	/* Who tells both ends of a call saw it pass, and is none of them. */
	add_machine(rg, t, handed_on || (t->from != NULL && t->to != NULL) ? ROLE_OBSERVED : ROLE_VICTIM);
	if (handed_on)
		return reading_alert(rg, rec, f);
	canon_add(&rg->alert, rg->arena, ENTITY_IP, ROLE_SOURCE, t->from);
	canon_add(&rg->alert, rg->arena, ENTITY_IP, ROLE_DESTINATION, t->to);
	canon_add(&rg->alert, rg->arena, ENTITY_PORT, ROLE_DESTINATION, t->to_port);
	add_account(&rg->alert, rg->arena, ROLE_TARGET, t->user);
	add_watched(rg, t);
	return reading_alert(rg, rec, f);
}

static const char *unless_none(const char *s)
{
	return s == NULL || s[0] == '\0' || strcmp(s, "(none)") == 0 || strcmp(s, "None") == 0 ? NULL : s;
}

/* ---- the text ---- */

/* The line at *s as text of its own; goes on behind it. NULL at the end. */
static char *next_line(const char **s, struct arena *arena)
{
	size_t n = strcspn(*s, "\n");
	const char *begin = *s;

	if (*begin == '\0')
		return NULL;
	*s += n + (begin[n] == '\n');
	while (n > 0 && isspace((unsigned char)begin[n - 1]))
		n--;
	return arena_dupn(arena, begin, n);
}

/* "Rule: 5710 (level 5) -> 'Attempt to login'". */
static bool read_rule(struct told *t, const char *s, struct arena *arena)
{
	char id[16], level[8];
	int n = 0;
	size_t length;

	if (sscanf(s, "Rule: %15[0-9] (level %7[0-9]) -> '%n", id, level, &n) != 2 || n == 0)
		return false;
	length = strlen(s + n);
	t->rule_id = arena_dup(arena, id);
	t->level = arena_dup(arena, level);
	t->rule = arena_dupn(arena, s + n, length > 0 && s[n + (int)length - 1] == '\'' ? length - 1 : length);
	return t->rule[0] != '\0';
}

static bool read_text(struct told *t, const char *s, struct arena *arena)
{
	const struct { const char *label; const char **value; } labels[] = {
		{ "Src IP: ", &t->from }, { "Src Port: ", NULL }, { "Dst IP: ", &t->to }, { "Dst Port: ", &t->to_port },
		{ "User: ", &t->user }, { "Src Location: ", NULL }, { "Dst Location: ", NULL }
	};
	const char *head, *dash, *line;
	size_t n;
	bool labelled = true;

	memset(t, 0, sizeof(*t));
	/* Without its last blank the mark alone is no head. */
	if ((head = next_line(&s, arena)) == NULL || strncmp(head, MARK, strlen(MARK)) != 0)
		return false;
	head += strlen(MARK);
	n = strspn(head, "0123456789.");
	t->id = arena_dupn(arena, head, n);
	t->time = arena_dupn(arena, head, strspn(head, "0123456789"));
	/* Blanks around the dash: a group may hold one. */
	if (n < 10 || head[n] != ':')
		return false;
	t->groups = (dash = strstr(head, " - ")) != NULL ? dash + 3 : NULL;
	if ((line = next_line(&s, arena)) == NULL || strlen(line) < 21)
		return false;
	t->location = line + 21;                      /* behind "2020 Nov 11 13:48:59 " */
	if ((line = next_line(&s, arena)) == NULL || !read_rule(t, line, arena))
		return false;
	while (labelled) {
		const char *before = s;

		labelled = false;
		if ((line = next_line(&s, arena)) == NULL)
			break;
		for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]) && !labelled; i++)
			if (strncmp(line, labels[i].label, strlen(labels[i].label)) == 0) {
				labelled = true;
				if (labels[i].value != NULL)
					*labels[i].value = unless_none(line + strlen(labels[i].label));
			}
		if (!labelled)
			t->log = before;
	}
	return true;
}

static int text_record(struct reading *rg, const struct record *rec, struct fault *f)
{
	const char *s = line_text(rg->arena, rec->bytes, rec->n);
	struct told t;

	if (s[0] == '\0')
		return reading_blank(rg, rec, BLANK_EMPTY, f);
	if (strncmp(s, MARK, strlen(MARK)) != 0)
		return reading_reject(rg, rec, "stands before the first alert", f);
	if (!read_text(&t, s, rg->arena))
		return reading_reject(rg, rec, "an alert without a time, a place or a rule", f);
	return told_alert(rg, rec, &t, f);
}

static int text_probe(const struct probe *p)
{
	const char *at = p->n > strlen(MARK) && memcmp(p->bytes, MARK, strlen(MARK)) == 0 ? p->bytes :
	                 memmem(p->bytes, p->n, "\n" MARK, strlen(MARK) + 1);
	size_t n;
	struct arena *arena;
	struct told t;
	int score;

	if (at == NULL)
		return 0;
	at += *at == '\n';
	n = (size_t)(p->bytes + p->n - at);
	arena = arena_new();
	score = read_text(&t, line_text(arena, at, n < 4096 ? n : 4096), arena) ? 95 : 0;
	arena_free(arena);
	return score;
}

/* ---- as syslog carries it: "ossec: Alert Level: 5; Rule: 5710 - Attempt to login; Location: (web01) 10.0.0.5->/var/log/auth.log; ..." ---- */

static const char *part(const char **s, const char *label, const char *end, struct arena *arena)
{
	const char *begin = *s, *stop;

	while (*begin == ' ')
		begin++;
	if (strncmp(begin, label, strlen(label)) != 0 || (stop = strstr(begin, end)) == NULL)
		return NULL;
	begin += strlen(label);
	while (begin < stop && *begin == ' ')
		begin++;
	*s = stop + strlen(end);
	return arena_dupn(arena, begin, (size_t)(stop - begin));
}

static const char *level_in(const char *s)
{
	const char *at = strstr(s, "Alert Level: ");

	return at != NULL && at > s && at[-1] == ' ' && isdigit((unsigned char)at[13]) ? at : NULL;
}

static bool read_carried(struct told *t, const char *line, instant written, struct arena *arena)
{
	const char *s = level_in(line), *value;
	const struct { const char *label; const char **value; } parts[] = {
		{ "classification:", &t->groups }, { "srcip:", &t->from }, { "srccity:", NULL }, { "dstip:", &t->to }, { "dstcity:", NULL },
		{ "user:", &t->user }
	};
	static const char *const watched[] = {
		"Previous MD5:", "Current MD5:", "Previous SHA1:", "Current SHA1:", "Size changed:", "User ownership:", "Group ownership:",
		"Permissions changed:", NULL
	};

	memset(t, 0, sizeof(*t));
	if (s == NULL || (t->time = syslog_time(arena, arena_dupn(arena, line, (size_t)(s - line)), written)) == NULL ||
	    (t->level = part(&s, "Alert Level:", ";", arena)) == NULL || (t->rule_id = part(&s, "Rule:", " - ", arena)) == NULL ||
	    (t->rule = part(&s, "", "; Location:", arena)) == NULL || (t->location = part(&s, "", ";", arena)) == NULL)
		return false;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if ((value = part(&s, parts[i].label, ";", arena)) != NULL && parts[i].value != NULL)
			*parts[i].value = unless_none(value);
	t->sums = s;
	for (const char *const *w = watched; *w != NULL; w++)
		part(&s, *w, ";", arena);
	for (t->log = s; *t->log == ' '; t->log++)
		;
	return t->rule[0] != '\0';
}

static int carried_record(struct reading *rg, const struct record *rec, struct fault *f)
{
	const char *s = line_text(rg->arena, rec->bytes, rec->n);
	struct told t;

	if (s[0] == '\0')
		return reading_blank(rg, rec, BLANK_EMPTY, f);
	if (level_in(s) == NULL)
		return reading_blank(rg, rec, BLANK_TELEMETRY, f);
	if (!read_carried(&t, s, rg->options.written, rg->arena))
		return reading_reject(rg, rec, "an alert without a time, a place or a rule", f);
	return told_alert(rg, rec, &t, f);
}

static bool is_carried(const char *s, instant written, struct arena *arena)
{
	struct told t;

	return read_carried(&t, s, written, arena);
}

static int carried_probe(const struct probe *p)
{
	return probe_lines(p->bytes, p->n, p->options->written, is_carried) ? 95 : 0;
}

/* ---- OSSEC's JSON ---- */

enum { ID, GROUP, GROUPS, LOCATION, HOST, COMMENT, SIDID, LEVEL, FULL_LOG, SRC_IP, SRC_PORT, DST_IP, DST_PORT, DST_USER,
       STAMP, OTHER_STAMP };

static const struct field json_fields[] = {
	[ID] = FIELD("id", TAKE_NOTHING),
	[GROUP] = FIELD("rule.group", TAKE_NOTHING),
	[GROUPS] = FIELD("rule.groups[]", TAKE_NOTHING),
	[LOCATION] = FIELD("location", TAKE_NOTHING),
	[HOST] = FIELD("hostname", TAKE_NOTHING),
	[COMMENT] = FIELD("rule.comment", TAKE_NOTHING),
	[SIDID] = FIELD("rule.sidid", TAKE_NOTHING),
	[LEVEL] = FIELD("rule.level", TAKE_NOTHING),
	[FULL_LOG] = FIELD("full_log", TAKE_NOTHING),
	[SRC_IP] = FIELD("srcip", TAKE_NOTHING),
	[SRC_PORT] = FIELD("srcport", TAKE_NOTHING),
	[DST_IP] = FIELD("dstip", TAKE_NOTHING),
	[DST_PORT] = FIELD("dstport", TAKE_NOTHING),
	[DST_USER] = FIELD("dstuser", TAKE_NOTHING),
	[STAMP] = FIELD("TimeStamp", TAKE_NOTHING),
	[OTHER_STAMP] = FIELD("timestamp", TAKE_NOTHING),
	FIELDS_END
};

static const struct clue json_clues[] = {
	{ "rule.comment", 35 }, { "rule.sidid", 35 }, { "rule.level", 10 }, { "full_log", 5 }, { "TimeStamp", 5 }, { NULL, 0 }
};

/* "2015 Nov 08 23:01:28", of the first releases, as a date that is read: "Nov 08 2015 23:01:28". */
static const char *year_behind(struct arena *arena, const char *s)
{
	char month[4];
	int year, n = 0;
	unsigned day;

	if (s == NULL || sscanf(s, "%4d %3[A-Za-z] %2u %n", &year, month, &day, &n) != 3 || n == 0)
		return s;
	s = arena_printf(arena, "%s %02u %04d %s", month, day, year, s + n);
	return date_in_words(arena, s, 0);
}

static const char *joined(struct reading *rg, size_t row)
{
	const char *all = NULL;
	size_t parts = 0;

	for (const struct json_value *v = json_first(rg->json, row); v != NULL && parts < 16; v = json_next(rg->json, v))
		if (v->type == JSON_STRING_TEXT && ++parts > 0)
			all = all == NULL ? v->text : arena_printf(rg->arena, "%s,%s", all, v->text);
	return all;
}

static int json_record(struct reading *rg, const struct record *rec, struct fault *f)
{
	const char *host = reading_text(rg, HOST), *location = reading_text(rg, LOCATION);
	const char *group = reading_text(rg, GROUP), *stamp = reading_text(rg, STAMP);
	struct told t = {
		.id = reading_text(rg, ID), .groups = group != NULL ? group : joined(rg, GROUPS),
		.time = stamp != NULL ? stamp : year_behind(rg->arena, reading_text(rg, OTHER_STAMP)),
		.location = location != NULL && location[0] == '(' ? location : host, .is_json = true,
		.rule_id = reading_text(rg, SIDID), .rule = reading_text(rg, COMMENT), .level = reading_text(rg, LEVEL),
		.log = reading_text(rg, FULL_LOG), .from = reading_text(rg, SRC_IP), .to = reading_text(rg, DST_IP),
		.to_port = reading_text(rg, DST_PORT), .user = reading_text(rg, DST_USER)
	};

	return told_alert(rg, rec, &t, f);
}

const struct reader reader_ossec_text = {
	.name = "ossec-log", .summary = "alerts.log of OSSEC and Wazuh, text", .gives = "alerts", .extensions = ".log",
	.framing = FRAME_BLOCKS, .mark = MARK, .probe = text_probe, .record = text_record,
};

const struct reader reader_ossec_syslog = {
	.name = "ossec-syslog", .summary = "alerts of OSSEC and Wazuh as syslog carries them", .gives = "alerts",
	.extensions = ".log", .framing = FRAME_LINES, .probe = carried_probe, .record = carried_record,
};

const struct reader reader_ossec_json = {
	.name = "ossec-json", .summary = "OSSEC alerts.json", .gives = "alerts", .extensions = ".json .jsonl",
	.framing = FRAME_JSON, .below = "_source", .fields = json_fields, .clues = json_clues, .record = json_record,
};
