/* Indicators in lists and in prose. In prose only what was written harmless on purpose
 * counts, and hashes: a live name may be a vendor's. In a list every row counts. */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "analyst/base/text.h"
#include "analyst/readers/reader.h"
#include "analyst/readers/refang.h"

#define LINE_LIMIT ((size_t)1 << 20)
#define CONTEXT_BYTES 300
#define RANGE_ROOM 32            /* "a-b" may be as many networks */

struct text_state {
	bool list;               /* most lines are rows of a list */
	const char *tlp;         /* the last label seen */
	const char *title;       /* the heading that the text begins with, or NULL */
	const char *heading;     /* the last one, without its signs; or NULL */
	bool cleared;            /* it says that the rows below, up to the next paragraph, are none of the attacker's */
	bool begun;              /* some line said something */
	bool defangs;            /* it makes names harmless: what can be followed is meant to be */
	bool parted;             /* it has sections: what stands above the first introduces it */
};

static bool is_comment(const char *s, size_t n)
{
	return n > 0 && (s[0] == '#' || s[0] == ';' || (n > 1 && s[0] == '/' && s[1] == '/'));
}

/* Whether what follows a row's value is nothing, or a comment set off from it. */
static bool row_ends(const char *s, size_t n)
{
	while (n > 0 && strchr("\"'`)]", *s) != NULL && *s != '\0') {
		s++;
		n--;
	}
	if (n == 0 || strchr("\t,;|#^", *s) != NULL || (unsigned char)*s >= 0x80)
		return true;
	while (n > 0 && *s == ' ') {
		s++;
		n--;
	}
	return n == 0 || strchr("#|-", *s) != NULL || (n > 2 && memcmp(s, "\xE2\x80", 2) == 0);
}

/* Behind the address that a hosts file sends a bad name to; other lines as they are. */
static const char *behind_sink(const char *line, size_t *n)
{
	static const char *const sinks[] = { "0.0.0.0", "127.0.0.1", "::1", "::", NULL };

	for (const char *const *s = sinks; *s != NULL; s++) {
		size_t length = strlen(*s), rest = *n > length ? *n - length : 0;

		if (rest < 2 || memcmp(line, *s, length) != 0 || (line[length] != ' ' && line[length] != '\t'))
			continue;
		*n = rest;
		return trim(line + length, n);
	}
	return line;
}

/* "md5,UUID": the table of contents of a MISP feed. Those are hashes of its values, not of files. */
static bool is_feed_index(const char *s, size_t n)
{
	static const size_t dashes[] = { 8, 13, 18, 23 };

	s = trim(s, &n);
	if (n != 37 || s[0] != ',')
		return false;
	for (size_t i = 0; i < 36; i++) {
		bool dash = false;

		for (size_t d = 0; d < 4; d++)
			dash = dash || i == dashes[d];
		if (dash ? s[i + 1] != '-' : !isxdigit((unsigned char)s[i + 1]))
			return false;
	}
	return true;
}

static bool begins_row(const char *line, const struct found *found)
{
	for (size_t i = 0; i < found->start; i++)
		if ((unsigned char)line[i] < 0x80 && isalnum((unsigned char)line[i]))
			return false;
	return true;
}

static bool counts(const struct found *found, const char *line, size_t n, bool list)
{
	bool row = begins_row(line, found) && row_ends(line + found->end, n - found->end);
	bool alone = row && found->end + 2 >= n;

	if (found->kind == INDICATOR_MD5 && row && is_feed_index(line + found->end, n - found->end))
		return false;
	if (found->defanged)
		return true;
	switch (found->kind) {
	case INDICATOR_MD5: case INDICATOR_SHA1: case INDICATOR_SHA256: case INDICATOR_SHA512: case INDICATOR_CVE:
	case INDICATOR_AGENT:
		return true;
	case INDICATOR_IP: case INDICATOR_CIDR:
		return row && (list || alone);
	case INDICATOR_FILENAME:
		return false;
	default:
		return row && list;
	}
}

/* ---- probing: what kind of text it is ---- */

struct look {
	size_t lines, rows, found, logged, prose, bytes, defanged;
};

static bool looks_logged(const char *s, size_t n)
{
	size_t most = n < 48 ? n : 48;

	if (memmem(s, n, "CEF:0|", 6) != NULL || memmem(s, n, "LEEF:", 5) != NULL || (n > 2 && s[0] == '<' && isdigit((unsigned char)s[1])))
		return true;
	for (size_t i = 0; i + 8 <= most; i++)
		if (isdigit((unsigned char)s[i]) && isdigit((unsigned char)s[i + 1]) && s[i + 2] == ':' &&
		    isdigit((unsigned char)s[i + 3]) && isdigit((unsigned char)s[i + 4]) && s[i + 5] == ':')
			return true;
	return false;
}

static bool looks_prose(const char *s, size_t n)
{
	size_t letters = 0, blanks = 0;

	for (size_t i = 0; i < n; i++) {
		letters += isalpha((unsigned char)s[i]) || (unsigned char)s[i] >= 0x80;
		blanks += s[i] == ' ';
	}
	return n >= 30 && (letters + blanks) * 100 >= n * 85;
}

static void look_at(struct look *look, const char *s, size_t n, struct arena *arena)
{
	struct found found[64];
	size_t count;
	const char *line = trim(s, &n);

	if (n == 0 || is_comment(line, n))
		return;
	line = behind_sink(line, &n);
	look->lines++;
	look->bytes += n;
	look->logged += looks_logged(line, n);
	look->prose += looks_prose(line, n) ? n : 0;
	count = refang_line(found, sizeof(found) / sizeof(found[0]), line, n, arena);
	if (count > 0 && begins_row(line, &found[0]) && row_ends(line + found[0].end, n - found[0].end) &&
	    !is_feed_index(line + found[0].end, n - found[0].end))
		look->rows++;
	for (size_t i = 0; i < count; i++) {
		look->found += counts(&found[i], line, n, false) && found[i].why == NULL;
		look->defanged += found[i].defanged;
	}
}

static struct look look(const char *s, size_t n, bool whole)
{
	struct look look = { 0 };
	struct arena *arena = arena_new();

	while (n > 0) {
		const char *feed = memchr(s, '\n', n);
		size_t length = feed != NULL ? (size_t)(feed - s) : n;

		/* The head may end inside a line. */
		if (feed == NULL && !whole && look.lines > 0)
			break;
		look_at(&look, s, length < 8192 ? length : 8192, arena);
		arena_reset(arena);
		s += feed != NULL ? length + 1 : length;
		n -= feed != NULL ? length + 1 : length;
	}
	arena_free(arena);
	return look;
}

static bool is_list(const struct look *l)
{
	return l->rows * 2 >= l->lines && l->rows > 0;
}

/* A header of several columns belongs to a table that has a reader of its own, or none. */
static bool is_table(const char *s, size_t n)
{
	const char *feed = memchr(s, '\n', n);
	size_t length = feed != NULL ? (size_t)(feed - s) : n, commas = 0;

	for (size_t i = 0; i < length; i++)
		commas += s[i] == ',' || s[i] == '\t' || s[i] == ';';
	return feed != NULL && commas >= 3;
}

static int text_probe(const struct probe *p)
{
	struct look l;
	size_t i = 0;

	while (i < p->n && isspace((unsigned char)p->bytes[i]))
		i++;
	if (i == p->n || memchr(p->bytes, '\0', p->n) != NULL || strchr("{[<", p->bytes[i]) != NULL ||
	    (p->whole && !utf8_valid(p->bytes, p->n)))
		return 0;
	l = look(p->bytes, p->n, p->whole);
	/* No log makes names harmless: with them it is a report's time line. */
	if (l.lines == 0 || (l.logged * 10 >= l.lines * 3 && l.defanged * 10 < l.lines))
		return 0;
	if (is_list(&l))
		return 78;
	if (is_table(p->bytes, p->n))
		return 0;
	if (l.found > 0)
		return 62;
	/* Of prose that goes on, more may hold some; a licence that has been seen whole does not. */
	return l.prose * 10 < l.bytes * 6 || l.lines < 3 ? 0 : p->whole ? 40 : 60;
}

/* ---- reading ---- */

static int text_open(struct reading *rg, struct fault *f)
{
	struct text_state *st = arena_alloc(rg->kept, sizeof(*st));
	struct look l = look(rg->options.head != NULL ? rg->options.head : "", rg->options.head_size, false);

	(void)f;
	st->list = is_list(&l);
	st->defangs = l.defanged > 0;
	st->parted = rg->options.head != NULL && (memmem(rg->options.head, rg->options.head_size, "\n== ", 4) != NULL ||
	                                          memmem(rg->options.head, rg->options.head_size, "\n## ", 4) != NULL);
	rg->state = st;
	rg->framing.limit = LINE_LIMIT;
	return 0;
}

/* What a label says holds for the lines under it. */
static void see_tlp(struct reading *rg, const char *line, size_t n)
{
	struct text_state *st = rg->state;
	const char *at = memmem(line, n, "TLP:", 4);
	size_t length = 4;

	if (at == NULL)
		return;
	while (at + length < line + n && (isupper((unsigned char)at[length]) || at[length] == '+'))
		length++;
	if (tlp_named(arena_dupn(rg->arena, at, length)) != NULL)
		st->tlp = tlp_named(arena_dupn(rg->arena, at, length));
}

static bool is_edge(const char *s, size_t n, size_t *taken)
{
	static const char *const wide[] = { "\xE2\x80\x93", "\xE2\x80\x94", "\xE3\x80\x80", "\xE2\x80\xA2", NULL };

	*taken = 1;
	if (strchr(" \t\r,;|#\"'`-=:>)^", *s) != NULL)
		return true;
	for (const char *const *w = wide; *w != NULL; w++)
		if (n >= 3 && memcmp(s, *w, 3) == 0) {
			*taken = 3;
			return true;
		}
	return false;
}

/* The comment of a row, or the sentence around a name in prose. */
static const char *context_of(struct reading *rg, const char *s, size_t n)
{
	size_t taken;

	/* What a Markdown link leads to: "[5f2c...](https://...)". */
	if (n > 2 && s[0] == ']' && s[1] == '(' && memchr(s, ')', n) != NULL) {
		taken = (size_t)((const char *)memchr(s, ')', n) - s) + 1;
		s += taken;
		n -= taken;
	}
	while (n > 0 && is_edge(s, n, &taken)) {
		s += taken;
		n -= taken;
	}
	while (n > 0 && strchr(" \t\r|`\",;", s[n - 1]) != NULL)
		n--;
	n = utf8_cut(s, n, CONTEXT_BYTES);
	return n > 0 ? arena_dupn(rg->arena, s, n) : NULL;
}

/* The sentence around a name in prose. */
static const char *sentence_of(struct reading *rg, const char *line, size_t n, const struct found *found)
{
	static const char stop[] = "\xE3\x80\x82";      /* the ideographic full stop */
	size_t start = found->start, end = found->end;

	while (start > 0 && !(start >= 3 && memcmp(line + start - 3, stop, 3) == 0) &&
	       !(start >= 2 && line[start - 2] == '.' && line[start - 1] == ' '))
		start--;
	while (end < n && !(end + 3 <= n && memcmp(line + end, stop, 3) == 0) &&
	       !(line[end] == '.' && (end + 1 == n || line[end + 1] == ' ')))
		end++;
	return context_of(rg, line + start, end - start);
}

/* NUL and bytes that are not UTF-8 become U+FFFD. */
static const char *clean(struct reading *rg, const char *s, size_t *n)
{
	struct text t = { 0 };
	const char *copy;

	if (memchr(s, '\0', *n) == NULL && utf8_valid(s, *n))
		return s;
	for (size_t i = 0; i < *n;) {
		size_t taken;
		uint32_t rune = utf8_next(s + i, *n - i, &taken);

		text_add_rune(&t, rune == 0 ? 0xFFFD : rune);
		i += taken;
	}
	copy = arena_dupn(rg->arena, text_str(&t), t.used);
	*n = t.used;
	text_free(&t);
	return copy;
}

/* ---- headings: "== C&C servers", "## Hashes", "# Emotet", "ASSOCIATED MALWARE:" ---- */

#define HEADING_BYTES 120

/* The words of a heading, or NULL. */
static const char *heading_of(const char *line, size_t *n)
{
	size_t signs = 0;

	while (signs < *n && signs < 6 && line[signs] == line[0] && strchr("#=", line[0]) != NULL)
		signs++;
	*n -= signs;
	line = trim(line + signs, n);
	while (*n > 0 && strchr("#=:", line[*n - 1]) != NULL)
		line = trim(line, (--*n, n));
	return *n >= 3 && *n <= HEADING_BYTES && isalnum((unsigned char)line[0]) && memmem(line, *n, "://", 3) == NULL ? line : NULL;
}

static bool is_heading(const char *line, size_t n)
{
	return n > 2 && (line[0] == '#' || (line[0] == '=' && strchr("= ", line[1]) != NULL) || line[n - 1] == ':');
}

/* What lists begin with and what says nothing of their rows. */
static bool is_notice(const char *words, size_t n)
{
	static const char *const notices[] = { "tlp:", "copyright", "license", "updated", "generated", "see ", "date", NULL };

	for (const char *const *o = notices; *o != NULL; o++)
		for (size_t i = 0; i + strlen(*o) <= n; i++)
			if (strncasecmp(words + i, *o, strlen(*o)) == 0)
				return true;
	return false;
}

/* A link that is there to be followed: where others are written so that nobody can, in an introduction, or with its own text
 * behind it as AsciiDoc has it. */
static bool is_reference(const struct text_state *st, const struct found *found)
{
	return found->scheme && !found->defanged &&
	       (st->defangs || strchr(found->written, '[') != NULL ||
	        (st->parted && st->title != NULL && (st->heading == NULL || st->heading == st->title)));
}

/* Only what stands over a row is one of it; a sentence says for itself what it is about. */
static void see_heading(struct reading *rg, const char *line, size_t n)
{
	struct text_state *st = rg->state;
	const bool first = !st->begun;
	const char *words;
	size_t length = n;

	/* AsciiDoc begins with ":toc:", Markdown with "---". */
	st->begun = st->begun || (n > 0 && strchr(":-", line[0]) == NULL);
	if (!is_heading(line, n)) {
		st->cleared = st->cleared && (n == 0 || strchr("-*|`", line[0]) != NULL);
		return;
	}
	words = heading_of(line, &length);
	if (words != NULL && is_notice(words, length))
		return;
	st->heading = words != NULL ? arena_dupn(rg->kept, words, length) : NULL;
	st->cleared = comment_clears(st->heading);
	/* A text is called what its first line says, where that is a heading of several words. */
	if (first && words != NULL && line[n - 1] != ':' && memchr(words, ' ', length) != NULL)
		st->title = st->heading;
}

static int text_record(struct reading *rg, const struct record *rec, struct fault *f)
{
	struct text_state *st = rg->state;
	struct found *found;
	size_t n = rec->n, count, room, kept = 0;
	const char *line = clean(rg, rec->bytes, &n);

	line = trim(line, &n);
	see_tlp(rg, line, n);
	see_heading(rg, line, n);
	if (n == 0 || is_comment(line, n))
		return reading_blank(rg, rec, BLANK_EMPTY, f);
	line = behind_sink(line, &n);
	/* The shortest, "a.io,", takes five bytes. */
	room = n / 5 + 1 + RANGE_ROOM;
	found = ARENA_ARRAY(rg->arena, struct found, room);
	count = refang_line(found, room, line, n, rg->arena);
	for (size_t i = 0; i < count; i++) {
		struct indicator ind;
		bool row = begins_row(line, &found[i]);

		if (!counts(&found[i], line, n, st->list))
			continue;
		indicator_of(&ind, &found[i], st->title != NULL ? st->title : rg->options.list);
		ind.context = row ? context_of(rg, line + found[i].end, n - found[i].end) : sentence_of(rg, line, n, &found[i]);
		if (ind.why == NULL && is_reference(st, &found[i])) {
			ind.why = "a link to what others wrote";
			ind.detect = false;
		}
		if (ind.why == NULL && (comment_clears(ind.context) || (row && st->cleared))) {
			ind.why = "legitimate, says its source";
			ind.detect = false;
		}
		if (ind.context == NULL)
			ind.context = st->heading;
		ind.tlp = st->tlp;
		if (rg->sink.indicator(rg->sink.ctx, &ind, &rec->at, f) < 0)
			return -1;
		kept++;
	}
	return kept > 0 ? 0 : reading_blank(rg, rec, BLANK_EMPTY, f);
}

const struct reader reader_indicators_text = {
	.name = "indicators-text", .summary = "indicators in lists and prose, defanged or not", .gives = "indicators",
	.extensions = ".txt .md .adoc", .framing = FRAME_LINES, .probe = text_probe, .open = text_open,
	.record = text_record,
};
