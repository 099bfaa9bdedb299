/* Zeek's logs as tab-separated text that says its columns in "#fields", or in its first line. */
#include <ctype.h>
#include <string.h>

#include "analyst/readers/lines.h"
#include "analyst/readers/zeek.h"

#define ZEEK_COLUMNS 1024
#define WORD_ROOM 64

struct zeek_state {
	char separator, set_separator;
	char unset[WORD_ROOM], empty[WORD_ROOM], path[WORD_ROOM];
	signed char row_of[ZEEK_COLUMNS];    /* -1: none that we look at */
	size_t columns;                      /* 0 until "#fields" was read */
};

static void set_defaults(struct zeek_state *st)
{
	memset(st, 0, sizeof(*st));
	st->separator = '\t';
	st->set_separator = ',';
	strcpy(st->unset, "-");
	strcpy(st->empty, "(empty)");
}

static int tsv_open(struct reading *rg, struct fault *f)
{
	(void)f;
	rg->state = arena_alloc(rg->kept, sizeof(struct zeek_state));
	set_defaults(rg->state);
	return 0;
}

static int hex_value(char c)
{
	return isdigit((unsigned char)c) ? c - '0' : isxdigit((unsigned char)c) ? tolower((unsigned char)c) - 'a' + 10 : -1;
}

/* Undoes "\xHH" in place and tells how many bytes are left. */
static size_t unescape(char *s, size_t n)
{
	size_t to = 0;

	if (memchr(s, '\\', n) == NULL)
		return n;
	for (size_t i = 0; i < n; to++) {
		if (n - i >= 4 && s[i] == '\\' && s[i + 1] == 'x' && hex_value(s[i + 2]) >= 0 && hex_value(s[i + 3]) >= 0) {
			s[to] = (char)(hex_value(s[i + 2]) << 4 | hex_value(s[i + 3]));
			i += 4;
		} else {
			/* A backslash of the text itself is doubled. */
			i += n - i >= 2 && s[i] == '\\' && s[i + 1] == '\\';
			s[to] = s[i++];
		}
	}
	return to;
}

static bool names_row(const char *path, const char *name, size_t n)
{
	for (; *path != '\0' && strcmp(path, "[]") != 0; path++) {
		if (*path == '\\')
			continue;
		if (n == 0 || *path != *name)
			return false;
		name++;
		n--;
	}
	return n == 0;
}

static int row_named(const char *name, size_t n)
{
	for (int i = 0; i < ZEEK_ROWS; i++)
		if (names_row(zeek_fields[i].path, name, n))
			return i;
	return -1;
}

static bool take_columns(struct zeek_state *st, const char *s, size_t n)
{
	st->columns = 0;
	for (;;) {
		const char *end = memchr(s, st->separator, n);
		size_t length = end != NULL ? (size_t)(end - s) : n;

		if (st->columns == ZEEK_COLUMNS)
			return false;
		st->row_of[st->columns++] = (signed char)row_named(s, length);
		if (end == NULL)
			return true;
		s += length + 1;
		n -= length + 1;
	}
}

static void take_word(char *out, const char *s, size_t n)
{
	if (n >= WORD_ROOM)
		n = WORD_ROOM - 1;
	memcpy(out, s, n);
	out[n] = '\0';
	out[unescape(out, n)] = '\0';
}

/* "#fields<separator>ts<separator>uid"; "#separator \x09" has a blank. NULL or what is wrong. */
static const char *take_directive(struct zeek_state *st, const char *s, size_t n)
{
	static const struct { const char *name; size_t n; } names[] = {
		{ "#separator", 10 }, { "#set_separator", 14 }, { "#empty_field", 12 }, { "#unset_field", 12 }, { "#path", 5 },
		{ "#fields", 7 }
	};
	char word[WORD_ROOM];
	size_t i = 0;

	while (i < 6 && (n <= names[i].n || memcmp(s, names[i].name, names[i].n) != 0 ||
	                 (s[names[i].n] != st->separator && s[names[i].n] != ' ')))
		i++;
	if (i == 6)
		return NULL;
	s += names[i].n + 1;
	n -= names[i].n + 1;
	take_word(word, s, n);
	switch (i) {
	case 0:
		set_defaults(st);
		st->separator = word[0] != '\0' ? word[0] : '\t';
		break;
	case 1: st->set_separator = word[0] != '\0' ? word[0] : ','; break;
	case 2: memcpy(st->empty, word, sizeof(word)); break;
	case 3: memcpy(st->unset, word, sizeof(word)); break;
	case 4: memcpy(st->path, word, sizeof(word)); break;
	default: return take_columns(st, s, n) ? NULL : "more than 1024 columns";
	}
	return NULL;
}

/* A cell as text; NULL when it is unset or empty. Sets become "a, b". */
static const char *cell_text(struct reading *rg, const struct zeek_state *st, const char *s, size_t n, bool set)
{
	char *copy, *to;

	if ((n == strlen(st->unset) && memcmp(s, st->unset, n) == 0) || (n == strlen(st->empty) && memcmp(s, st->empty, n) == 0))
		return NULL;
	copy = arena_dupn(rg->arena, s, n);
	if (!set || memchr(s, st->set_separator, n) == NULL)
		return line_text(rg->arena, copy, unescape(copy, n));
	to = arena_alloc(rg->arena, n * 2 + 1);
	n = 0;
	for (const char *c = copy; *c != '\0'; c++) {
		to[n++] = *c;
		if (*c == st->set_separator)
			to[n++] = ' ';
	}
	return line_text(rg->arena, to, unescape(to, n));
}

static size_t cells_in(const char *s, size_t n, char separator)
{
	size_t cells = 1;

	for (const char *c = s; (c = memchr(c, separator, n - (size_t)(c - s))) != NULL; c++)
		cells++;
	return cells;
}

static void take_cells(struct reading *rg, const char *s, size_t n, const char **values)
{
	const struct zeek_state *st = rg->state;

	memset(values, 0, ZEEK_ROWS * sizeof(*values));
	for (size_t i = 0; i < st->columns; i++) {
		const char *end = memchr(s, st->separator, n);
		size_t length = end != NULL ? (size_t)(end - s) : n;
		int row = st->row_of[i];

		if (row >= 0)
			values[row] = cell_text(rg, st, s, length, zeek_is_list((size_t)row));
		if (end == NULL)
			return;
		s += length + 1;
		n -= length + 1;
	}
}

static bool is_one_of(const char *const *list, const char *s, size_t n)
{
	for (; *list != NULL; list++)
		if (strlen(*list) == n && memcmp(*list, s, n) == 0)
			return true;
	return false;
}

/* A log without "#" lines, whole or cut down to some columns: its first line names them. */
static bool is_plain_header(const char *s, size_t n)
{
	static const char *const ties[] = { "ts", "uid", "id.orig_h", NULL };
	static const char *const own[] = {
		"id.resp_h", "fuid", "history", "conn_state", "trans_depth", "status_code", "addl", "note",
		"seen.indicator", "certificate.serial", NULL
	};
	bool tied = false, known = false;

	while (n > 0) {
		const char *end = memchr(s, '\t', n);
		size_t length = end != NULL ? (size_t)(end - s) : n;

		tied = tied || is_one_of(ties, s, length);
		known = known || is_one_of(own, s, length);
		s += end != NULL ? length + 1 : length;
		n -= end != NULL ? length + 1 : length;
	}
	return tied && known;
}

static size_t without_return(const char *s, size_t n)
{
	return n > 0 && s[n - 1] == '\r' ? n - 1 : n;
}

static int tsv_record(struct reading *rg, const struct record *rec, struct fault *f)
{
	struct zeek_state *st = rg->state;
	size_t n = without_return(rec->bytes, rec->n), cells;
	const char *values[ZEEK_ROWS], *why;

	if (n == 0)
		return reading_blank(rg, rec, BLANK_EMPTY, f);
	if (rec->bytes[0] == '#') {
		why = take_directive(st, rec->bytes, n);
		return why != NULL ? reading_reject(rg, rec, why, f) : reading_blank(rg, rec, BLANK_EMPTY, f);
	}
	if (st->columns == 0) {
		if (is_plain_header(rec->bytes, n) && take_columns(st, rec->bytes, n))
			return reading_blank(rg, rec, BLANK_EMPTY, f);
		return reading_reject(rg, rec, "a line before #fields says what its columns are", f);
	}
	if ((cells = cells_in(rec->bytes, n, st->separator)) != st->columns)
		return reading_reject(rg, rec, arena_printf(rg->arena, "%zu cells where #fields names %zu", cells, st->columns), f);
	take_cells(rg, rec->bytes, n, values);
	return zeek_record(rg, rec, values, st->path[0] != '\0' ? st->path : NULL, f);
}

/* "#separator " or a plain header, with nothing but comments before. */
static int tsv_probe(const struct probe *p)
{
	const char *s = p->bytes;
	size_t n = p->n;

	while (n > 0) {
		const char *feed = memchr(s, '\n', n);
		size_t line = feed != NULL ? (size_t)(feed - s) : n, length = without_return(s, line);

		if (length > 11 && memcmp(s, "#separator ", 11) == 0)
			return 100;
		if (length > 8 && memcmp(s, "#fields\t", 8) == 0)
			return 80;
		if (length > 0 && s[0] != '#')
			return is_plain_header(s, length) ? 95 : 0;
		s += feed != NULL ? line + 1 : line;
		n -= feed != NULL ? line + 1 : line;
	}
	return 0;
}

const struct reader reader_zeek_tsv = {
	.name = "zeek-tsv", .summary = "Zeek logs, tab-separated", .gives = "alerts (notice, intel, signatures)", .extensions = ".log",
	.framing = FRAME_LINES, .fields = zeek_fields, .probe = tsv_probe, .open = tsv_open, .record = tsv_record,
};
