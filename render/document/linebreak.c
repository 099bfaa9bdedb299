/* Paragraphs into lines. The rules for Japanese follow JIS X 4051: what may not begin a line
 * (closing marks, small kana, the long mark), what may not end one (opening marks), and 、。 that
 * may hang past the margin. Library line breakers were tried: one breaks before small kana, the
 * other brings 31 MB of data. */
#include "render/document/typeset.h"

#include <stdlib.h>
#include <string.h>

#include "analyst/base/text.h"
#include "render/document/setting.h"

#define NO_START "、。，．・：；？！!?,.:;)]}）］｝〕〉》」』】〗〙〟’”»›ー～〜…‥゛゜ヽヾゝゞ々〻%％‰℃°" \
                 "ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶㇰㇱㇲㇳㇴㇵㇶㇷㇸㇹㇺㇻㇼㇽㇾㇿ／/" \
                 "｡｣､･ｧｨｩｪｫｬｭｮｯｰﾞﾟ｠゠‐‒–-|⁄⁞‼‽⁇⁈⁉′″‴¢￠«‹‘‛‟\"'　"
#define NO_END "([{（［｛〔〈《「『【〖〘〝‘“«‹｢｟„‚‛‟›»’¡¿´$＄£￡¥￥¤€№+±\\\"'"
#define OPENERS "([{（［｛〔〈《「『【｢｟〖〘〝“‘„‚‟‛¡¿"      /* a space does not part them from what they hold */
#define CLOSERS ")]},.!?;:…‥”’⁄"
#define PREFIXES "$＄£￡¥￥"        /* and keep the Latin letters before them */
#define PERCENTS "%％‰℃°¢￠"       /* and keep the Latin letters behind them, "%TEMP" */
#define COUNTERS "件分秒時日月年台回名円万億個行人週位段版号歳点度番社種倍つか"    /* a number keeps these */

/* Shortest last line of a balanced paragraph, in ems, and how far the width is reduced to avoid it. */
#define SHORT_LINE 3.2
#define NARROWER 0.965
#define NARROWER_TRIES 6

#define EVEN_TRIES 8           /* halves the doubt each time: to a few points */
#define EMERGENCY_LOOK 16      /* how far back from the edge a better place is looked for */
#define CUT_LOOK 400           /* no line holds more glyphs */

static bool in_string(const char *set, uint32_t r)
{
	char bytes[5] = { 0 };

	if (r == 0 || r > 0xFFFF)
		return false;
	if (r < 0x80)
		return strchr(set, (int)r) != NULL;
	bytes[utf8_put(bytes, r)] = '\0';
	return strstr(set, bytes) != NULL;
}

bool rune_may_begin_line(uint32_t r)
{
	return !in_string(NO_START, r);
}

bool rune_may_end_line(uint32_t r)
{
	return !in_string(NO_END, r);
}

static bool is_katakana(uint32_t r)
{
	return (r >= 0x30A1 && r <= 0x30FA) || r == 0x30FC || (r >= 0x31F0 && r <= 0x31FF);
}

static bool is_digit(uint32_t r)
{
	return r >= '0' && r <= '9';
}

static bool is_letter(uint32_t r)
{
	return (r >= 'a' && r <= 'z') || (r >= 'A' && r <= 'Z') || (r >= 0xC0 && r < 0x370);
}

static bool is_hex(uint32_t r)
{
	return is_digit(r) || (r >= 'a' && r <= 'f') || (r >= 'A' && r <= 'F');
}

static bool is_mono(const struct glyph *g)
{
	return g->font == FONT_MONO || g->font == FONT_MONO_BOLD;
}

static bool is_unit(const char *word)
{
	static const char *const units[] = { "s", "h", "min", "ms", "kB", "KB", "MB", "GB", "TB", "bytes", "day", "days" };

	for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
		if (strcmp(word, units[i]) == 0)
			return true;
	return false;
}

/* A number keeps its unit: "27 s", "3.1 MB" are not torn apart. at is the space. */
static bool before_unit(const struct glyph *g, size_t n, size_t at)
{
	char word[8];
	size_t len = 0;

	if (at == 0 || !is_digit(g[at - 1].rune))
		return false;
	while (at + 1 + len < n && len < sizeof word - 1 && is_letter(g[at + 1 + len].rune) &&
	       g[at + 1 + len].rune < 0x80) {
		word[len] = (char)g[at + 1 + len].rune;
		len++;
	}
	word[len] = '\0';
	return is_unit(word);
}

/* "5 min 20 s": and the smaller unit follows its larger one. */
static bool after_unit(const struct glyph *g, size_t n, size_t at)
{
	char word[8];
	size_t len = 0;

	if (at + 1 >= n || !is_digit(g[at + 1].rune))
		return false;
	while (len < at && len < sizeof word - 1 && is_letter(g[at - 1 - len].rune) && g[at - 1 - len].rune < 0x80)
		len++;
	for (size_t i = 0; i < len; i++)
		word[i] = (char)g[at - len + i].rune;
	word[len] = '\0';
	return len + 1 < at && g[at - len - 1].rune == ' ' && is_digit(g[at - len - 2].rune) && is_unit(word);
}

/* In an identifier only where a reader sees that it goes on. */
static bool break_in_identifier(const struct glyph *g, size_t i)
{
	uint32_t l = g[i].rune, r = g[i + 1].rune;

	/* Not behind a scheme: "hxxp://" alone says nothing, nor may "]" begin a line. */
	if (l == '/' && i >= 2 && g[i - 1].rune == '/' && g[i - 2].rune == ':')
		return false;
	if (l == '/' || l == '\\')
		return r != '/' && r != '\\' && r != ']';
	return l == ';' || l == '?' || l == '&';
}

static bool break_in_latin(const struct glyph *g, size_t i)
{
	uint32_t l = g[i].rune, r = g[i + 1].rune;

	/* In "follow-up", but not in "SRV-BKP-2". */
	if (l == '-' || l == 0x2010)
		return r >= 'a' && r <= 'z' && i > 0 && g[i - 1].rune >= 'a' && g[i - 1].rune <= 'z';
	if (l == 0x2014)
		return r != 0x2014;
	return (l == '/' || l == '\\' || l == '&' || l == '?' || l == '=') && is_letter(r) && i > 0 &&
	       g[i - 1].rune != ' ';
}

/* Two loan words run together: a long vowel, then a word's first vowel, three letters at least on both sides:
 * "ユーザー" and "エージェント". Else a katakana word stays whole. */
static bool joins_loan_words(const struct setting *s, size_t i)
{
	const struct glyph *g = s->glyphs;
	size_t before = 0, after = 0;

	if (g[i].rune != 0x30FC || (g[i + 1].rune != 0x30A2 && g[i + 1].rune != 0x30A4 && g[i + 1].rune != 0x30A6 &&
	                            g[i + 1].rune != 0x30A8 && g[i + 1].rune != 0x30AA))
		return false;
	while (before < 3 && before <= i && is_katakana(g[i - before].rune))
		before++;
	while (after < 3 && i + 1 + after < s->glyph_count && is_katakana(g[i + 1 + after].rune))
		after++;
	return before == 3 && after == 3;
}

/* May a line end after glyph i? */
static bool may_break(const struct setting *s, size_t i)
{
	const struct glyph *g = s->glyphs;
	uint32_t l = g[i].rune, r = g[i + 1].rune;
	bool same_piece = s->owner[i] == s->owner[i + 1];

	if (r == ' ' || g[i].escape == ESCAPE_PART)
		return false;
	if (!same_piece && s->pieces[s->owner[i + 1]].link != NULL)
		return false;                 /* an evidence number stays with what it proves */
	if (l == ' ' && i > 0 && in_string(OPENERS, g[i - 1].rune))
		return false;
	if (l == ' ' && (rune_is_japanese(r) ? !rune_may_begin_line(r) : in_string(CLOSERS, r)))
		return false;
	if (l == ' ')
		return !before_unit(g, s->glyph_count, i) && !after_unit(g, s->glyph_count, i);
	if (l == 0xA0 || r == 0xA0)
		return false;
	if (is_letter(l) && is_letter(r))
		return false;
	if (same_piece && is_mono(&g[i]) && is_mono(&g[i + 1]))
		return g[i].escape == 0 && g[i + 1].escape == 0 && break_in_identifier(g, i);
	if (!rune_may_begin_line(r) || !rune_may_end_line(l))
		return false;
	if ((in_string(PERCENTS, l) && !rune_is_japanese(r)) || (in_string(PREFIXES, r) && !rune_is_japanese(l)))
		return false;
	if (is_katakana(l) && is_katakana(r))
		return joins_loan_words(s, i);
	if (is_digit(l) && in_string(COUNTERS, r))
		return false;
	if (rune_is_japanese(l) || rune_is_japanese(r))
		return true;
	return break_in_latin(g, i);
}

/* A long hash breaks at every 32nd digit. Marks the places in ok[]. */
static void mark_hashes(const struct setting *s, bool *ok)
{
	const struct glyph *g = s->glyphs;

	for (size_t i = 0, end; i < s->glyph_count; i = end + 1) {
		for (end = i; end < s->glyph_count && is_mono(&g[end]) && g[end].escape == 0 && is_hex(g[end].rune); end++)
			;
		if (end - i == 40 || end - i == 64 || end - i == 128)
			for (size_t k = i + 31; k + 1 < end; k += 32)
				ok[k] = true;
	}
}

static void add_line(struct setting *s, size_t first, size_t end)
{
	struct setting_line *line = &s->lines[s->line_count++];

	while (end > first && (s->glyphs[end - 1].rune == ' ' || s->glyphs[end - 1].rune == '\n'))
		end--;
	line->first = first;
	line->count = end - first;
	line->width = glyphs_width(s->glyphs + first, end - first);
	if (line->width > s->width)
		s->width = line->width;
}

/* Nothing breaks before the edge at `at`: cut there, or a little before where the kinsoku rules allow, but
 * never inside an escape. */
static size_t emergency_cut(const struct setting *s, size_t first, size_t at)
{
	const struct glyph *g = s->glyphs;
	size_t end = at;

	for (size_t i = at; i > first + 1 && i + EMERGENCY_LOOK > at; i--)
		if (g[i - 1].escape != ESCAPE_PART && rune_may_begin_line(g[i].rune) && rune_may_end_line(g[i - 1].rune))
			return i;
	while (end > first + 1 && g[end - 1].escape == ESCAPE_PART)
		end--;
	if (end <= first + 1)
		for (end = first + 1; end < s->glyph_count && g[end - 1].escape == ESCAPE_PART; end++)
			;
	return end;
}

/* Where the line that begins at first must end: one past its last glyph. */
static size_t line_end(const struct setting *s, const bool *ok, size_t first, double width)
{
	const struct glyph *g = s->glyphs;
	size_t fit = 0, i;
	double w = 0;

	for (i = first; i < s->glyph_count; i++) {
		bool hangs = g[i].rune == 0x3001 || g[i].rune == 0x3002;
		if (g[i].rune == '\n')
			return i + 1;
		hangs = hangs && w <= width + 0.01;          /* one mark, not a row of them */
		w += (double)g[i].advance;
		if (g[i].rune != ' ' && !hangs && w > width + 0.01 && i > first)
			break;
		if (i + 1 < s->glyph_count && ok[i])
			fit = i + 1;
		w += (double)g[i].kern;
	}
	if (i >= s->glyph_count)
		return s->glyph_count;
	if (fit > first)
		return fit;
	return emergency_cut(s, first, i);
}

/* False when a line could only be cut where nothing may break. */
static bool fill_lines(struct setting *s, const bool *ok, double width)
{
	size_t first = 0;
	bool whole = true;

	s->line_count = 0;
	s->width = 0;
	while (first < s->glyph_count) {
		size_t end = line_end(s, ok, first, width);
		whole = whole && (end == s->glyph_count || ok[end - 1] || s->glyphs[end - 1].rune == '\n');
		add_line(s, first, end);
		for (first = end; first < s->glyph_count && s->glyphs[first].rune == ' '; first++)
			;
	}
	if (s->line_count == 0)
		add_line(s, 0, 0);
	return whole;
}

static void balance(struct setting *s, const bool *ok, double width)
{
	size_t lines = s->line_count;
	double em = s->glyph_count > 0 ? s->glyphs[0].size : 0;

	for (int tries = 0; tries < NARROWER_TRIES && s->line_count > 1; tries++) {
		if (s->lines[s->line_count - 1].width >= SHORT_LINE * em)
			return;
		width *= NARROWER;
		fill_lines(s, ok, width);
		if (s->line_count != lines) {
			fill_lines(s, ok, width / NARROWER);
			return;
		}
	}
}

/* The narrowest width that needs no more lines. */
static void make_even(struct setting *s, const bool *ok, double width)
{
	size_t lines = s->line_count;
	double narrow = s->width / 2, wide = width;

	if (lines < 2)
		return;
	for (int tries = 0; tries < EVEN_TRIES; tries++) {
		double middle = (narrow + wide) / 2;
		if (fill_lines(s, ok, middle) && s->line_count <= lines)
			wide = middle;
		else
			narrow = middle;
	}
	fill_lines(s, ok, wide);
}

/* Keeps of the places to break in Japanese those before a phrase. */
static void keep_phrases(const struct setting *s, bool *ok)
{
	uint32_t *runes = must_alloc((s->glyph_count + 1) * sizeof *runes);

	for (size_t i = 0; i < s->glyph_count; i++)
		runes[i] = s->glyphs[i].rune;
	for (size_t i = 0; i + 1 < s->glyph_count; i++)
		if (ok[i] && (rune_is_japanese(runes[i]) || rune_is_japanese(runes[i + 1])))
			ok[i] = phrase_begins(runes, s->glyph_count, i + 1);
	free(runes);
}

void setting_breaks(const struct setting *s, bool *ok)
{
	for (size_t i = 0; i + 1 < s->glyph_count; i++)
		ok[i] = may_break(s, i);
	mark_hashes(s, ok);
}

/* Lines and places to break are worked out in scratch memory: there may be as many as glyphs, but
 * hardly ever are. */
static void break_lines(struct setting *s, struct arena *a, double width, int flags)
{
	bool *ok = must_alloc((s->glyph_count + 1) * sizeof *ok);
	struct setting_line *lines = must_alloc((s->glyph_count + 1) * sizeof *lines);

	memset(ok, 0, (s->glyph_count + 1) * sizeof *ok);
	s->lines = lines;
	setting_breaks(s, ok);
	if ((flags & TYPESET_PHRASES) != 0)
		keep_phrases(s, ok);
	if (!fill_lines(s, ok, width) && (flags & TYPESET_PHRASES) != 0) {
		setting_breaks(s, ok);          /* a phrase longer than a line */
		fill_lines(s, ok, width);
	}
	if ((flags & TYPESET_EVEN) != 0)
		make_even(s, ok, width);
	else if ((flags & TYPESET_BALANCE) != 0)
		balance(s, ok, width);
	s->lines = ARENA_ARRAY(a, struct setting_line, s->line_count);
	memcpy(s->lines, lines, s->line_count * sizeof *lines);
	free(lines);
	free(ok);
}

struct setting *typeset_paragraph(const struct typesetter *ts, struct arena *a, const struct piece *pieces,
                                  size_t n, double width, int flags)
{
	struct setting *s = arena_alloc(a, sizeof *s);
	struct glyphs v = { 0 };
	size_t *ends = must_alloc((n + 1) * sizeof *ends);

	if (n > UINT16_MAX)
		n = UINT16_MAX;
	s->pieces = pieces;
	for (size_t i = 0; i < n; i++) {
		glyphs_add(&v, ts, pieces[i].text, pieces[i].size, pieces[i].face, (flags & TYPESET_BREAKS) != 0);
		ends[i] = v.used;
	}
	s->glyph_count = v.used;
	s->glyphs = ARENA_ARRAY(a, struct glyph, v.used + 1);
	s->owner = ARENA_ARRAY(a, uint16_t, v.used + 1);
	if (v.used > 0)
		memcpy(s->glyphs, v.list, v.used * sizeof *v.list);
	free(v.list);
	for (size_t i = 0, g = 0; i < n; i++)
		for (; g < ends[i]; g++)
			s->owner[g] = (uint16_t)i;
	free(ends);
	break_lines(s, a, width, flags);
	return s;
}

bool setting_cut(const struct typesetter *ts, struct setting *s, size_t lines, double width)
{
	struct setting_line *last;
	struct glyph *g;
	enum font face;
	uint16_t gid;
	double size, dots;

	if (lines == 0 || s->line_count <= lines)
		return false;
	last = &s->lines[lines - 1];
	s->line_count = lines;
	if (last->count == 0)
		return true;
	face = (enum font)s->glyphs[last->first].font;
	if (face == FONT_JP_REGULAR || face == FONT_JP_BOLD)        /* whose dots hang in the middle of the line */
		face = face == FONT_JP_BOLD ? FONT_BOLD : FONT_REGULAR;
	gid = font_glyph(ts->fonts, face, 0x2026);
	size = s->glyphs[last->first].size;
	dots = font_advance(ts->fonts, face, gid) * size;
	/* As much of the next line as fits, and one glyph less than there is: the ellipsis takes its place. */
	last->count = s->glyph_count - 1 - last->first;
	if (last->count > CUT_LOOK)
		last->count = CUT_LOOK;
	while (last->count > 1 && (glyphs_width(s->glyphs + last->first, last->count) + dots > width ||
	                           s->glyphs[last->first + last->count - 1].rune == ' ' ||
	                           s->glyphs[last->first + last->count - 1].escape == ESCAPE_PART))
		last->count--;
	g = &s->glyphs[last->first + last->count];
	g[-1].kern = 0;
	*g = (struct glyph){ .rune = 0x2026, .gid = gid, .font = (uint8_t)face, .size = (float)size,
	                     .advance = (float)dots };
	s->owner[last->first + last->count] = s->owner[last->first + last->count - 1];
	last->count++;
	last->width = glyphs_width(s->glyphs + last->first, last->count);
	return true;
}
