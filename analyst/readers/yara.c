/* YARA's matches (FORMATS 2.17): the JSON of yara-x, an object a file, and the text that
 * both write, "rule [tags] [meta] path", which looks like much else and is read on demand
 * only. No match carries a time: it was found when the file was written. */
#include <ctype.h>
#include <string.h>

#include "analyst/readers/lines.h"
#include "analyst/readers/reader.h"

enum { FILE_PATH, RULE, SCORE, DESCRIPTION, TAGS, RULES, ONE_RULE, ONE_FILE };

static const struct field fields[] = {
	[FILE_PATH] = FIELD("path", TAKE_NOTHING),
	[RULE] = FIELD("rules[].identifier", TAKE_NOTHING),
	[SCORE] = FIELD("rules[].meta.score", TAKE_NOTHING),
	[DESCRIPTION] = FIELD("rules[].meta.description", TAKE_NOTHING),
	[TAGS] = FIELD("rules[].tags[]", TAKE_NOTHING),
	[RULES] = FIELD("rules", TAKE_NOTHING),
	[ONE_RULE] = FIELD("rule", TAKE_NOTHING),
	[ONE_FILE] = FIELD("file", TAKE_NOTHING),
	FIELDS_END
};

static const struct clue clues[] = {
	{ "path", 20 }, { "rules[].identifier", 50 }, { "rules[].strings", 10 }, { "rules[].namespace", 10 },
	{ "rule", 25 }, { "file", 25 }, { NULL, 0 }
};

/* One rule that matched one file; score, description and tags may be NULL. */
struct match {
	const char *rule, *path, *score, *description, *tags;
};

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
	struct alert *a = &rg->alert;

	filling_begin(&rg->filling, a, rg->arena, rg->options.assumed_offset);
	if (rg->options.found != 0)
		a->at = rg->options.found;
	a->rule.product = "yara";
	a->rule.name = m->rule;
	a->title = m->description;
	a->rule.category = m->tags;
	filling_take(&rg->filling, &score, m->score);
	filling_take(&rg->filling, &tags, with_dots(rg->arena, m->tags));
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

	if (m.rule != NULL && m.path == NULL && (m.path = reading_text(rg, ONE_FILE)) != NULL)
		return give(rg, rec, &m, f);
	if (m.path == NULL)
		return reading_reject(rg, rec, "no path of a file", f);
	for (const struct json_value *v = json_first(rg->json, RULE); v != NULL && matches < MATCHES_MOST; v = json_next(rg->json, v)) {
		struct record part = element_of(rg, rec, v);

		if (v->type != JSON_STRING_TEXT)
			continue;
		m.rule = v->text;
		m.score = of_same_rule(rg, SCORE, v);
		m.description = of_same_rule(rg, DESCRIPTION, v);
		m.tags = of_same_rule(rg, TAGS, v);
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

/* score=75 or description="..." of the meta between brackets. */
static const char *meta_value(struct arena *arena, const char *meta, const char *key)
{
	const char *at = strstr(meta, key);
	size_t n;

	if (at == NULL || (at != meta && at[-1] != ','))
		return NULL;
	at += strlen(key);
	if (*at == '"') {
		at++;
		n = strcspn(at, "\"");
	} else {
		n = strcspn(at, ",");
	}
	return arena_dupn(arena, at, n);
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
		const char *inside = arena_dupn(arena, s + 1, bracket - 3);

		if (strchr(inside, '=') == NULL && m->tags == NULL && inside[0] != '\0')
			m->tags = inside;
		else if (strchr(inside, '=') != NULL) {
			m->score = meta_value(arena, inside, "score=");
			m->description = meta_value(arena, inside, "description=");
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

static int text_probe(const struct probe *p)
{
	(void)p;
	return 0;
}

static const char *const wrappers[] = { "matches", NULL };

const struct reader reader_yara = {
	.name = "yara-json", .summary = "matches of YARA-X, JSON and JSON lines", .gives = "alerts", .extensions = ".json .ndjson",
	.framing = FRAME_JSON, .wrappers = wrappers, .fields = fields, .clues = clues, .record = json_record,
};

const struct reader reader_yara_text = {
	.name = "yara", .summary = "matches of YARA as text, only with --format", .gives = "alerts", .extensions = ".txt",
	.framing = FRAME_LINES, .probe = text_probe, .record = text_record,
};
