/* CSV as RFC 4180 has it, and as it comes: quotes doubled inside quotes, line ends inside
 * quotes, any of , ; tab | between cells, a first line "sep=;" or, of PowerShell, "#TYPE ...". */
#include <string.h>

#include "analyst/base/arena.h"
#include "analyst/readers/framing_parts.h"

/* Behind the comments that a feed begins with; s where there is nothing else. */
static const char *behind_comments(const char *s, size_t n)
{
	const char *at = s;

	while (at < s + n && *at == '#') {
		const char *feed = memchr(at, '\n', (size_t)(s + n - at));

		if (feed == NULL || feed + 1 == s + n)
			return s;
		at = feed + 1;
	}
	return at;
}

/* The delimiter that the first line uses most, outside quotes. */
static char guess_delimiter(const char *s, size_t n)
{
	static const char candidates[] = ",;\t|";
	const char *first = behind_comments(s, n);
	size_t counts[4] = { 0 };
	bool quoted = false;
	int best = 0;

	n -= (size_t)(first - s);
	s = first;
	for (size_t i = 0; i < n && (quoted || s[i] != '\n'); i++) {
		const char *c = s[i] != '\0' ? strchr(candidates, s[i]) : NULL;

		if (s[i] == '"')
			quoted = !quoted;
		else if (c != NULL && !quoted)
			counts[c - candidates]++;
	}
	for (int i = 1; i < 4; i++)
		if (counts[i] > counts[best])
			best = i;
	return candidates[best];
}

static void begin(struct framing *fr)
{
	struct window *w = &fr->w;
	const char *s = window_at(w);
	size_t n = window_size(w);

	fr->delimiter = fr->rules.delimiter;
	if (n >= 6 && memcmp(s, "#TYPE ", 6) == 0) {
		const char *feed = memchr(s, '\n', n);
		size_t skip = feed != NULL ? (size_t)(feed - s) + 1 : n;

		window_skip(w, skip);
		s += skip;
		n -= skip;
	}
	if (n >= 5 && memcmp(s, "sep=", 4) == 0) {
		const char *feed = memchr(s, '\n', n);

		fr->delimiter = s[4];
		window_skip(w, feed != NULL ? (size_t)(feed - s) + 1 : n);
	}
	if (fr->delimiter == '\0')
		fr->delimiter = guess_delimiter(s, n);
}

/* Where the scan of one record stands. It starts over when more bytes had to be fetched,
 * which happens once in 256 KiB. */
enum scan { SCAN_RECORD, SCAN_MORE, SCAN_OPEN, SCAN_BAD_QUOTE, SCAN_MANY };

struct row {
	size_t n, skip;           /* the record, and with its line end */
	size_t count;
	int64_t quote_line;       /* lines from the record's first to the last quote opened */
};

static void add_cell(struct framing *fr, size_t count, size_t start)
{
	if (count >= fr->cell_room) {
		fr->cell_room = fr->cell_room == 0 ? 64 : fr->cell_room * 2;
		fr->cells = must_grow(fr->cells, fr->cell_room, sizeof(*fr->cells));
	}
	/* The text may still move: offsets now, pointers when the record is whole. */
	fr->cells[count].n = start;
}

/* A quoted cell from the quote at s[i]; i moves behind the closing one. */
static enum scan quoted_cell(struct framing *fr, const char *s, size_t n, size_t *at, bool ended)
{
	size_t i = *at + 1;

	for (;;) {
		const char *quote = i < n ? memchr(s + i, '"', n - i) : NULL;
		size_t stop = quote != NULL ? (size_t)(quote - s) : n;

		if (quote == NULL)
			return ended ? SCAN_OPEN : SCAN_MORE;
		text_addn(&fr->cells_text, s + i, stop - i);
		if (stop + 1 >= n && !ended)
			return SCAN_MORE;
		i = stop + 1;
		if (i < n && s[i] == '"') {
			text_addc(&fr->cells_text, '"');
			i++;
			continue;
		}
		*at = i;
		return i >= n || s[i] == fr->delimiter || s[i] == '\n' || s[i] == '\r' ? SCAN_RECORD : SCAN_BAD_QUOTE;
	}
}

/* Some write a blank behind each comma, and the quote then. */
static size_t before_quote(const char *s, size_t n, size_t i)
{
	size_t at = i;

	while (at < n && s[at] == ' ')
		at++;
	return at < n && s[at] == '"' ? at : i;
}

static enum scan scan_row(struct framing *fr, struct row *row)
{
	const char *s = window_at(&fr->w);
	size_t n = window_size(&fr->w), i = 0;
	bool ended = fr->w.ended;
	char delimiter = fr->delimiter;

	text_clear(&fr->cells_text);
	row->count = 0;
	row->quote_line = 0;
	for (;;) {
		size_t start = fr->cells_text.used, from = i;

		if (row->count >= CSV_COLUMNS)
			return SCAN_MANY;
		add_cell(fr, row->count++, start);
		i = before_quote(s, n, i);
		if (i < n && s[i] == '"') {
			size_t opened = i;
			enum scan got = quoted_cell(fr, s, n, &i, ended);

			if (got != SCAN_RECORD) {
				row->quote_line = count_lines(s, opened);
				return got;
			}
		} else {
			while (i < n && s[i] != delimiter && s[i] != '\n')
				i++;
			if (i >= n && !ended)
				return SCAN_MORE;
			text_addn(&fr->cells_text, s + from, i - from);
			if ((i >= n || s[i] == '\n') && i > from && s[i - 1] == '\r')
				fr->cells_text.used--;
		}
		text_addc(&fr->cells_text, '\0');
		if (i < n && s[i] == delimiter) {
			i++;
			continue;
		}
		row->n = i;
		if (i < n && s[i] == '\r')
			i++;
		if (i >= n && !ended)
			return SCAN_MORE;
		row->skip = i < n && s[i] == '\n' ? i + 1 : i;
		return SCAN_RECORD;
	}
}

static size_t first_line(const struct framing *fr)
{
	const char *feed = memchr(window_at(&fr->w), '\n', window_size(&fr->w));

	return feed != NULL ? (size_t)(feed - window_at(&fr->w)) + 1 : window_size(&fr->w);
}

static bool all_ascii(const char *s, size_t n)
{
	unsigned char any = 0;

	for (size_t i = 0; i < n; i++)
		any |= (unsigned char)s[i];
	return any < 0x80;
}

/* Bytes that are not UTF-8 become U+FFFD; NUL does too, as text ends there. Cell starts
 * move with them. */
static void repair_cells(struct framing *fr, size_t count)
{
	struct text clean = { 0 };

	for (size_t c = 0; c < count; c++) {
		size_t start = fr->cells[c].n;
		size_t end = (c + 1 < count ? fr->cells[c + 1].n : fr->cells_text.used) - 1;

		fr->cells[c].n = clean.used;
		for (size_t i = start; i < end;) {
			size_t taken;
			uint32_t rune = utf8_next(fr->cells_text.bytes + i, end - i, &taken);

			text_add_rune(&clean, rune == 0 ? 0xFFFD : rune);
			i += taken;
		}
		text_addc(&clean, '\0');
	}
	text_free(&fr->cells_text);
	fr->cells_text = clean;
}

static int give_row(struct framing *fr, struct record *out, const struct row *row)
{
	struct text *t = &fr->cells_text;

	if (memchr(window_at(&fr->w), '\0', row->n) != NULL ||
	    (!all_ascii(t->bytes, t->used) && !utf8_valid(t->bytes, t->used)))
		repair_cells(fr, row->count);
	for (size_t c = 0; c < row->count; c++) {
		size_t start = fr->cells[c].n;
		size_t end = c + 1 < row->count ? fr->cells[c + 1].n : t->used;

		fr->cells[c].text = t->bytes + start;
		fr->cells[c].n = end - start - 1;
	}
	framing_give(fr, out, row->n, row->skip);
	out->cells = fr->cells;
	out->cell_count = row->n == 0 ? 0 : row->count;
	return 1;
}

int framing_csv_next(struct framing *fr, struct record *out, struct fault *f)
{
	struct window *w = &fr->w;
	struct row row;
	int64_t line, dropped;

	if (fr->delimiter == '\0')
		begin(fr);
	if (window_size(w) == 0) {
		int rc = window_more(w, f);

		if (rc <= 0)
			return rc;
	}
	for (;;) {
		enum scan got = scan_row(fr, &row);

		line = w->line + row.quote_line;
		switch (got) {
		case SCAN_RECORD:
			return give_row(fr, out, &row);
		case SCAN_MORE:
			if (window_size(w) <= fr->rules.limit) {
				if (window_more(w, f) < 0)
					return -1;
				break;
			}
			if (framing_refuse(fr, out, 0, 0, "a record of more than %zu MiB, opened on line %lld",
			                   fr->rules.limit >> 20, (long long)line) < 0 ||
			    framing_drop_line(fr, &dropped, f) < 0)
				return -1;
			out->at.length = dropped;
			return 1;
		case SCAN_OPEN:
			return framing_refuse(fr, out, first_line(fr), first_line(fr),
			                      "the quote opened on line %lld is not closed", (long long)line);
		case SCAN_BAD_QUOTE:
			return framing_refuse(fr, out, first_line(fr), first_line(fr),
			                      "the quote opened on line %lld is followed by text", (long long)line);
		case SCAN_MANY:
			return framing_refuse(fr, out, first_line(fr), first_line(fr), "more than %d columns", CSV_COLUMNS);
		}
	}
}
