/* YARA's matches (FORMATS 2.17): the JSON of yara-x, an object a file, and the text that
 * both write, "rule [tags] [meta] path", which looks like much else and is read on demand
 * only. No match carries a time: it was found when the file was written. */
#include <ctype.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "analyst/readers/lines.h"
#include "analyst/readers/nested.h"

enum { FILE_PATH, RULE, SCORE, DESCRIPTION, TAGS, RULES, ONE_RULE, ONE_FILE, META, SEVERITY, MITRE,
       ONE_SCORE, ONE_DESCRIPTION, ONE_SEVERITY, ONE_MITRE, ONE_TAGS };

static const struct field fields[] = {
	[FILE_PATH] = FIELD("path", TAKE_NOTHING),
	[RULE] = FIELD("rules[].identifier", TAKE_NOTHING),
	[SCORE] = FIELD("rules[].meta.score", TAKE_NOTHING),
	[DESCRIPTION] = FIELD("rules[].meta.description", TAKE_NOTHING),
	[TAGS] = FIELD("rules[].tags[]", TAKE_NOTHING),
	[RULES] = FIELD("rules", TAKE_NOTHING),
	[ONE_RULE] = FIELD("rule", TAKE_NOTHING),
	[ONE_FILE] = FIELD("file", TAKE_NOTHING),
	[META] = FIELD("rules[].meta", TAKE_NOTHING),
	[SEVERITY] = FIELD("rules[].meta.severity", TAKE_NOTHING),
	[MITRE] = FIELD("rules[].meta.mitre_attack", TAKE_NOTHING),
	/* Of JSON, where each match is an object of its own. */
	[ONE_SCORE] = FIELD("meta.score", TAKE_NOTHING),
	[ONE_DESCRIPTION] = FIELD("meta.description", TAKE_NOTHING),
	[ONE_SEVERITY] = FIELD("meta.severity", TAKE_NOTHING),
	[ONE_MITRE] = FIELD("meta.mitre_attack", TAKE_NOTHING),
	[ONE_TAGS] = FIELD("tags[]", TAKE_NOTHING),
	FIELDS_END
};

/* The meta of a rule is an array of pairs, since a key may come twice: [["score", 75], ["author", "x"]]. */
enum { META_PARTS };
static const struct field meta_fields[] = { [META_PARTS] = FIELD("[][]", TAKE_NOTHING), FIELDS_END };
static const struct field *const inner[] = { meta_fields, NULL };

static const struct clue clues[] = {
	{ "path", 20 }, { "rules[].identifier", 50 }, { "rules[].strings", 10 }, { "rules[].namespace", 10 },
	{ "rule", 25 }, { "file", 25 }, { NULL, 0 }
};

/* One rule that matched one file; all but rule and path may be NULL. */
struct match {
	const char *rule, *path, *score, *severity, *description, *tags, *mitre;
};

/* What authors of rules call what they say of them. */
static const struct {
	const char *key;
	size_t at;                       /* in struct match */
} meta_keys[] = {
	{ "score", offsetof(struct match, score) }, { "description", offsetof(struct match, description) },
	{ "severity", offsetof(struct match, severity) }, { "threat_level", offsetof(struct match, severity) },
	{ "mitre_attack", offsetof(struct match, mitre) }, { "mitre_att", offsetof(struct match, mitre) },
	{ "mitre", offsetof(struct match, mitre) }, { "attack", offsetof(struct match, mitre) },
	{ "technique", offsetof(struct match, mitre) }, { "ttp", offsetof(struct match, mitre) }, { NULL, 0 }
};

static void take_meta(struct match *m, const char *key, const char *value)
{
	for (size_t i = 0; meta_keys[i].key != NULL; i++) {
		const char **to = (const char **)(void *)((char *)m + meta_keys[i].at);

		if (strcasecmp(meta_keys[i].key, key) == 0 && *to == NULL)
			*to = value;
	}
}

/* A tag cannot hold a dot: "T1505_003". */
static const char *with_dots(struct arena *arena, const char *tags)
{
	char *copy = arena_dup(arena, tags);

	for (char *c = copy; c != NULL && *c != '\0'; c++)
		if (*c == '_')
			*c = '.';
	return copy;
}

static int give(struct reading *rg, const struct record *rec, const struct match *m, struct fault *f)
{
	static const struct field score = FIELD("", TAKE_SCORE), tags = FIELD("", TAKE_TECHNIQUES);
	static const struct field severity = FIELD("", TAKE_SEVERITY);
	struct alert *a = &rg->alert;

	filling_begin(&rg->filling, a, rg->arena, rg->options.assumed_offset);
	if (rg->options.found != 0)
		a->at = rg->options.found;
	a->rule.product = "yara";
	a->rule.name = m->rule;
	a->title = m->description;
	a->rule.category = m->tags;
	filling_take(&rg->filling, &score, m->score);
	filling_take(&rg->filling, &severity, m->severity);
	filling_take(&rg->filling, &tags, with_dots(rg->arena, m->tags));
	filling_take(&rg->filling, &tags, m->mitre);
	canon_add(a, rg->arena, ENTITY_PATH, ROLE_OBSERVED, m->path);
	canon_add(a, rg->arena, ENTITY_FILE, ROLE_OBSERVED, m->path);
	return reading_alert(rg, rec, f);
}

/* ---- JSON ---- */

static const char *of_same_rule(const struct reading *rg, size_t row, const struct json_value *v)
{
	for (const struct json_value *o = json_first(rg->json, row); o != NULL; o = json_next(rg->json, o))
		if (o->item == v->item && (o->type == JSON_STRING_TEXT || o->type == JSON_NUMBER))
			return o->text;
	return NULL;
}

#define TAGS_MOST 32

/* "T1505_003,webshell", as the text has them; of all in the row where v is NULL. */
static const char *tags_of(const struct reading *rg, size_t row, const struct json_value *v)
{
	const char *all = NULL;
	size_t count = 0;

	for (const struct json_value *o = json_first(rg->json, row); o != NULL && count < TAGS_MOST; o = json_next(rg->json, o))
		if ((v == NULL || o->item == v->item) && o->type == JSON_STRING_TEXT) {
			all = all != NULL ? arena_printf(rg->arena, "%s,%s", all, o->text) : o->text;
			count++;
		}
	return all;
}

static void take_pairs_of(struct reading *rg, struct match *m, const struct json_value *v)
{
	struct nested *pairs = rg->inner[0];

	for (const struct json_value *o = json_first(rg->json, META); o != NULL; o = json_next(rg->json, o)) {
		if (o->item != v->item || o->type != JSON_ARRAY || !nested_read(pairs, o->text, o->length))
			continue;
		for (const struct json_value *k = nested_first(pairs, META_PARTS); k != NULL; k = nested_next(pairs, k)) {
			const struct json_value *value = nested_next(pairs, k);

			if (value == NULL)
				break;
			if (k->type == JSON_STRING_TEXT && (value->type == JSON_STRING_TEXT || value->type == JSON_NUMBER))
				take_meta(m, k->text, arena_dupn(rg->arena, value->text, value->length));
			k = value;
		}
	}
}

/* What is cited is the rule's element: a file may match several, and each is an alert. */
static struct record element_of(const struct reading *rg, const struct record *rec, const struct json_value *v)
{
	struct record part = *rec;
	size_t from = json_item_offset(rg->json, v->item);

	if (from >= rec->n)
		return part;
	part.bytes += from;
	part.n -= from;
	part.room -= from;
	part.at.offset += (int64_t)from;
	part.at.length -= (int64_t)from;
	return part;
}

#define MATCHES_MOST 4096      /* of one file */

static int json_record(struct reading *rg, const struct record *rec, struct fault *f)
{
	struct match m = { .path = reading_text(rg, FILE_PATH), .rule = reading_text(rg, ONE_RULE) };
	size_t matches = 0;

	if (m.rule != NULL && m.path == NULL && (m.path = reading_text(rg, ONE_FILE)) != NULL) {
		m.score = reading_text(rg, ONE_SCORE);
		m.description = reading_text(rg, ONE_DESCRIPTION);
		m.severity = reading_text(rg, ONE_SEVERITY);
		m.mitre = reading_text(rg, ONE_MITRE);
		m.tags = tags_of(rg, ONE_TAGS, NULL);
		return give(rg, rec, &m, f);
	}
	if (m.path == NULL)
		return reading_reject(rg, rec, "no path of a file", f);
	for (const struct json_value *v = json_first(rg->json, RULE); v != NULL && matches < MATCHES_MOST; v = json_next(rg->json, v)) {
		struct record part = element_of(rg, rec, v);

		if (v->type != JSON_STRING_TEXT)
			continue;
		m.rule = v->text;
		m.score = of_same_rule(rg, SCORE, v);
		m.description = of_same_rule(rg, DESCRIPTION, v);
		m.severity = of_same_rule(rg, SEVERITY, v);
		m.mitre = of_same_rule(rg, MITRE, v);
		m.tags = tags_of(rg, TAGS, v);
		take_pairs_of(rg, &m, v);
		matches++;
		if (give(rg, &part, &m, f) < 0)
			return -1;
	}
	return matches > 0 ? 0 : reading_blank(rg, rec, BLANK_TELEMETRY, f);
}

/* ---- text ---- */

static size_t identifier_at(const char *s)
{
	size_t n = 0;

	while (isalnum((unsigned char)s[n]) || s[n] == '_')
		n++;
	return n > 0 && n <= 128 && !isdigit((unsigned char)s[0]) ? n : 0;
}

/* The bytes of "[...] ", with strings inside; 0 when it is not closed. */
static size_t bracket_at(const char *s)
{
	bool text = false;

	for (size_t i = 1; s[i] != '\0'; i++) {
		if (text && s[i] == '\\' && s[i + 1] != '\0')
			i++;
		else if (s[i] == '"')
			text = !text;
		else if (!text && s[i] == ']')
			return s[i + 1] == ' ' ? i + 2 : 0;
	}
	return 0;
}

/* What stands before the closing quote, without the backslashes of quotes in it. */
static const char *quoted(struct arena *arena, const char *s)
{
	char *out = arena_dup(arena, s), *to = out;

	while (*s != '\0' && *s != '"') {
		if (*s == '\\' && (s[1] == '"' || s[1] == '\\'))
			s++;
		*to++ = *s++;
	}
	*to = '\0';
	return out;
}

/* The value of score=75 or description="..." of the meta between brackets. */
static const char *meta_value(struct arena *arena, const char *meta, const char *key)
{
	size_t length = strlen(key);
	const char *at = strstr(meta, key);

	while (at != NULL && ((at != meta && at[-1] != ',') || at[length] != '='))
		at = strstr(at + 1, key);
	if (at == NULL)
		return NULL;
	at += length + 1;
	return *at == '"' ? quoted(arena, at + 1) : arena_dupn(arena, at, strcspn(at, ","));
}

static bool take_line(struct match *m, struct arena *arena, const char *s)
{
	size_t n = identifier_at(s), bracket;

	memset(m, 0, sizeof(*m));
	if (n > 0 && s[n] == ':') {          /* the name space */
		s += n + 1;
		n = identifier_at(s);
	}
	if (n == 0 || s[n] != ' ')
		return false;
	m->rule = arena_dupn(arena, s, n);
	s += n + 1;
	while (*s == '[' && (bracket = bracket_at(s)) > 0) {
		const char *inside = arena_dupn(arena, s + 1, bracket - 3), *value;

		if (strchr(inside, '=') == NULL && m->tags == NULL && inside[0] != '\0')
			m->tags = inside;
		else if (strchr(inside, '=') != NULL) {
			for (size_t i = 0; meta_keys[i].key != NULL; i++)
				if ((value = meta_value(arena, inside, meta_keys[i].key)) != NULL)
					take_meta(m, meta_keys[i].key, value);
		}
		s += bracket;
	}
	m->path = s;
	return *s != '\0';
}

static int text_record(struct reading *rg, const struct record *rec, struct fault *f)
{
	const char *s = line_text(rg->arena, rec->bytes, rec->n);
	struct match m;

	if (s[0] == '\0')
		return reading_blank(rg, rec, BLANK_EMPTY, f);
	/* Strings that matched, and what went wrong. */
	if (strncmp(s, "0x", 2) == 0 || strncmp(s, "error", 5) == 0 || strncmp(s, "warning", 7) == 0)
		return reading_blank(rg, rec, BLANK_CONTEXT, f);
	if (!take_line(&m, rg->arena, s))
		return reading_reject(rg, rec, "no rule and path", f);
	return give(rg, rec, &m, f);
}

/* "0x1c:$s1: text", or with the length between: "0x1c:22:$s1: text". */
static bool is_string_line(const char *s)
{
	size_t n = 2;

	if (s[0] != '0' || s[1] != 'x')
		return false;
	n += strspn(s + n, "0123456789abcdefABCDEF");
	if (n == 2 || s[n] != ':')
		return false;
	s += n + 1;
	n = strspn(s, "0123456789");
	return n > 0 ? s[n] == ':' && s[n + 1] == '$' : s[0] == '$';
}

#define PROBE_LINES 20
#define PROBE_LINE 8192

/* "word path" is no sign; a rule with the strings that matched below it is one, and so is one with its meta. */
static int text_probe(const struct probe *p)
{
	struct arena *arena = arena_new();
	const char *s = p->bytes, *end = p->bytes + p->n;
	int score = 0, rules = 0;

	for (int i = 0; i < PROBE_LINES && s < end && score == 0; i++) {
		const char *feed = memchr(s, '\n', (size_t)(end - s));
		size_t n = (size_t)((feed != NULL ? feed : end) - s);
		const char *line = n < PROBE_LINE ? line_text(arena, s, n) : "";
		struct match m;

		if (is_string_line(line) && rules > 0)
			score = 95;
		else if (line[0] != '\0' && strncmp(line, "0x", 2) != 0 && take_line(&m, arena, line)) {
			rules++;
			if (m.score != NULL || m.description != NULL || m.severity != NULL || m.mitre != NULL)
				score = PROBE_ENOUGH + 10;
		}
		s = feed != NULL ? feed + 1 : end;
	}
	arena_free(arena);
	return score;
}

static int json_probe(const struct probe *p);

static const char *const wrappers[] = { "matches", NULL };

const struct reader reader_yara = {
	.name = "yara-json", .summary = "matches of YARA-X, JSON and JSON lines", .gives = "alerts", .extensions = ".json .ndjson",
	.framing = FRAME_JSON, .wrappers = wrappers, .fields = fields, .inner = inner, .clues = clues, .probe = json_probe,
	.record = json_record,
};

/* A rule and a file alone are any linter's; YARA-X has them in "matches" beside its "version". */
static int json_probe(const struct probe *p)
{
	int score = reader_score_json(&reader_yara, p);
	size_t n = p->n < 512 ? p->n : 512;

	return score >= 50 && score < PROBE_ENOUGH && memmem(p->bytes, n, "\"version\"", 9) != NULL &&
	       memmem(p->bytes, n, "\"matches\"", 9) != NULL ? PROBE_ENOUGH + 5 : score;
}

const struct reader reader_yara_text = {
	.name = "yara", .summary = "matches of YARA and YARA-X as text; bare ones only with --format", .gives = "alerts", .extensions = ".txt",
	.framing = FRAME_LINES, .probe = text_probe, .record = text_record,
};
