/* JSON of columns and rows: the names stand once, the values in arrays.
 *
 *     {"fields": ["_time", "_raw"], "rows": [["..", ".."], ..]}             Splunk, json_rows
 *     {"fields": ["_time", "_raw"], "columns": [["..", ..], ["..", ..]]}    Splunk, json_cols
 *     {"tables": [{"columns": [{"name": ".."}, ..], "rows": [[..], ..]}]}   Log Analytics
 *     {"columns": [{"name": ".."}, ..], "values": [[..], ..]}               Elasticsearch's ES|QL, by row or by column
 *
 * Each row becomes the object it stands for, so that every reader of JSON reads it as one; its place is the row's, or of a
 * table by columns that of its cell in the first one. Such a table is read in whole: it is bounded as a record is. */
#include <stdlib.h>
#include <string.h>

#include "analyst/base/arena.h"
#include "analyst/readers/framing_parts.h"

#define COLUMNS_MOST ((size_t)1024)

struct span {
	size_t at, n;
};

struct json_table {
	struct text names;         /* as written, with their quotes */
	struct span *columns;
	size_t column_count;
	bool by_column;

	struct span *cells;        /* by column: of one column after the other, from the window's first byte */
	size_t cell_count, cell_room, rows, row;
	size_t counted;            /* bytes of the window whose line feeds are told in lines */
	int64_t lines;
	size_t end;                /* behind the bracket that closes the table */
	struct text object;        /* the row given last */
};

void json_table_free(struct json_table *t)
{
	if (t == NULL)
		return;
	text_free(&t->names);
	text_free(&t->object);
	free(t->columns);
	free(t->cells);
	free(t);
}

/* ---- the values of an array ---- */

/* The next value of the array whose bracket is behind: 1 and where it is, 0 at the closing bracket, whose place is in *at;
 * -1 when the bytes end first or are none of an array. */
static int next_cell(const char *s, size_t n, size_t *at, struct span *cell)
{
	struct follow within = { 0, false, false };
	bool closed = true;

	while (*at < n && (json_space(s[*at]) || s[*at] == ','))
		++*at;
	if (*at == n)
		return -1;
	if (s[*at] == ']')
		return 0;
	cell->at = *at;
	if (strchr("{[\"", s[*at]) != NULL)
		cell->n = follow_value(&within, s + *at, n - *at, &closed);
	else
		for (cell->n = 0; *at + cell->n < n && strchr(",]} \t\r\n", s[*at + cell->n]) == NULL; cell->n++)
			;
	*at += cell->n;
	return closed && cell->n > 0 && *at < n ? 1 : -1;
}

/* ---- finding it ---- */

/* The place of the first of the keys that the object at s has an array under; behind its bracket, or 0. */
static size_t find_array(const char *s, size_t n, const char *const *keys)
{
	for (; n > 0 && s[0] == '{' && *keys != NULL; keys++) {
		size_t at = find_key(s, n, *keys, strlen(*keys));

		if (at > 0 && at < n && s[at] == '[')
			return at + 1;
	}
	return 0;
}

/* The name of a column: a string, or an object that has one. False for anything else. */
static bool name_of(const char *s, struct span *cell)
{
	static const char *const keys[] = { "name", "ColumnName", NULL };

	for (const char *const *k = keys; s[cell->at] == '{' && *k != NULL; k++) {
		size_t at = find_key(s + cell->at, cell->n, *k, strlen(*k));
		struct follow word = { 0, false, false };
		bool closed;

		if (at == 0 || s[cell->at + at] != '"')
			continue;
		cell->n = follow_value(&word, s + cell->at + at, cell->n - at, &closed);
		cell->at += at;
		return closed;
	}
	return s[cell->at] == '"';
}

static bool take_names(struct json_table *t, const char *s, size_t n, size_t at)
{
	struct span cell;
	int rc;

	while ((rc = next_cell(s, n, &at, &cell)) > 0) {
		if (t->column_count == COLUMNS_MOST || !name_of(s, &cell))
			return false;
		t->columns = must_grow(t->columns, t->column_count + 1, sizeof(*t->columns));
		t->columns[t->column_count++] = (struct span){ t->names.used, cell.n };
		text_addn(&t->names, s + cell.at, cell.n);
	}
	return rc == 0 && t->column_count > 0;
}

/* Whether the array behind whose bracket s stands holds arrays; how many values are in the first, as far as is seen. */
static bool holds_arrays(const char *s, size_t n, size_t *first)
{
	struct span cell;
	size_t at = 0;

	while (at < n && json_space(s[at]))
		at++;
	*first = 0;
	if (at == n || s[at] != '[')
		return false;
	at++;
	while (next_cell(s, n, &at, &cell) > 0)
		++*first;
	return true;
}

/* The table in the object at s: the bytes up to and with the bracket its rows begin behind, or 0. */
static size_t table_in(struct json_table *t, const char *s, size_t n)
{
	static const char *const names[] = { "fields", "columns", "Columns", NULL };
	static const char *const rows[] = { "rows", "Rows", "values", NULL }, *const columns[] = { "columns", NULL };
	size_t named = find_array(s, n, names), at = find_array(s, n, rows), first;

	if (named == 0)
		return 0;
	if (at == 0) {
		at = find_array(s, n, columns);
		t->by_column = true;
	}
	if (at == 0 || at == named || !holds_arrays(s + at, n - at, &first) || !take_names(t, s, n, named))
		return 0;
	t->by_column = t->by_column || first != t->column_count;
	return at;
}

size_t json_table_find(struct json_table **out, const char *s, size_t n, int *depth)
{
	static const char *const tables[] = { "tables", "Tables", NULL };
	struct json_table *t = must_alloc(sizeof(*t));
	size_t in = find_array(s, n, tables), at;

	while (in > 0 && in < n && json_space(s[in]))
		in++;
	*depth = in > 0 ? 3 : 1;
	if ((at = table_in(t, s + in, n - in)) == 0) {
		json_table_free(t);
		return 0;
	}
	*out = t;
	return in + at;
}

/* ---- rows ---- */

static void begin_object(struct json_table *t)
{
	text_clear(&t->object);
	text_add(&t->object, "{");
}

/* What is not there is left out, as products leave it out of objects. */
static void add_value(struct json_table *t, size_t column, const char *s, struct span cell)
{
	if (cell.n == 4 && memcmp(s + cell.at, "null", 4) == 0)
		return;
	text_add(&t->object, t->object.used > 1 ? "," : "");
	text_addn(&t->object, t->names.bytes + t->columns[column].at, t->columns[column].n);
	text_add(&t->object, ":");
	text_addn(&t->object, s + cell.at, cell.n);
}

static void give_object(struct json_table *t, struct record *out)
{
	text_add(&t->object, "}");
	out->bytes = t->object.bytes;
	out->n = out->room = t->object.used;
}

/* The row of n bytes that begins the window, with its brackets. */
static int give_row(struct framing *fr, struct record *out, size_t n)
{
	struct json_table *t = fr->table;
	const char *s = window_at(&fr->w);
	struct span cell;
	size_t at = 1, column = 0;

	begin_object(t);
	while (next_cell(s, n, &at, &cell) > 0) {
		if (column < t->column_count)
			add_value(t, column, s, cell);
		column++;
	}
	fr->want_comma = true;
	if (column != t->column_count)
		return framing_refuse(fr, out, n, n, "a row of %zu values in a table of %zu columns", column, t->column_count);
	framing_give(fr, out, n, n);
	give_object(t, out);
	return 1;
}

static int next_row(struct framing *fr, struct record *out, struct fault *f)
{
	struct window *w = &fr->w;
	struct follow at = { 0, false, false };
	size_t n = 0;
	bool closed = false;
	char c = window_at(w)[0];

	if (c == ']') {
		window_skip(w, 1);
		fr->shape = SHAPE_AFTER;
		return 2;
	}
	if (c == ',') {
		window_skip(w, 1);
		return 2;
	}
	while (c == '[' && !closed) {
		int rc;

		n += follow_value(&at, window_at(w) + n, window_size(w) - n, &closed);
		if (closed)
			break;
		if (n > fr->rules.limit || (rc = window_more(w, f)) == 0) {
			fr->done = true;
			return framing_refuse(fr, out, 0, 0, "%s", n > fr->rules.limit ? "a row of more than 16 MiB; the rest of the file was not read" :
			                                                                 "the JSON is cut off");
		}
		if (rc < 0)
			return -1;
	}
	if (c == '[')
		return give_row(fr, out, n);
	fr->done = true;
	return framing_refuse(fr, out, 0, 0, "a value among the rows of a table; the rest of the file was not read");
}

/* ---- columns ---- */

static void add_cell(struct json_table *t, struct span cell)
{
	if (t->cell_count == t->cell_room)
		t->cells = must_grow(t->cells, t->cell_room = t->cell_room > 0 ? 2 * t->cell_room : 256, sizeof(*t->cells));
	t->cells[t->cell_count++] = cell;
}

/* All values of the table, whose columns are there in whole. NULL, or what is wrong with it. */
static const char *take_columns(struct json_table *t, const char *s, size_t n)
{
	size_t at = 0, columns = 0;
	struct span column, cell;
	int rc;

	while ((rc = next_cell(s, n, &at, &column)) > 0) {
		size_t before = t->cell_count, in = column.at + 1;

		if (s[column.at] != '[')
			return "a value among the columns of a table";
		while (next_cell(s, column.at + column.n, &in, &cell) > 0)
			add_cell(t, cell);
		if (columns++ == 0)
			t->rows = t->cell_count;
		else if (t->cell_count - before != t->rows)
			return "the columns of a table are of different length";
	}
	t->end = at + 1;
	if (rc < 0)
		return "the JSON is cut off";
	return columns == t->column_count ? NULL : "a table has other columns than it names";
}

static int fetch_columns(struct framing *fr, struct record *out, struct fault *f)
{
	struct window *w = &fr->w;
	struct follow at = { 1, false, false };
	const char *wrong;
	size_t n = 0;
	bool closed = false;

	for (;;) {
		int rc;

		n += follow_value(&at, window_at(w) + n, window_size(w) - n, &closed);
		if (closed || n > fr->rules.limit)
			break;
		if ((rc = window_more(w, f)) < 0)
			return -1;
		if (rc == 0)
			break;
	}
	wrong = n > fr->rules.limit ? "a table by columns of more than 16 MiB" : take_columns(fr->table, window_at(w), n);
	if (wrong == NULL)
		return 2;
	fr->done = true;
	return framing_refuse(fr, out, 0, 0, "%s", wrong);
}

static int next_of_columns(struct framing *fr, struct record *out, struct fault *f)
{
	struct json_table *t = fr->table;
	struct window *w = &fr->w;
	const char *s;
	struct span first;

	if (t->end == 0)
		return fetch_columns(fr, out, f);
	if (t->row == t->rows) {
		window_skip(w, t->end);
		fr->shape = SHAPE_AFTER;
		return 2;
	}
	s = window_at(w);
	begin_object(t);
	for (size_t i = 0; i < t->column_count; i++)
		add_value(t, i, s, t->cells[i * t->rows + t->row]);
	give_object(t, out);
	first = t->cells[t->row++];
	t->lines += count_lines(s + t->counted, first.at - t->counted);
	t->counted = first.at;
	out->at = (struct place){ w->line + t->lines, w->offset + (int64_t)first.at, (int64_t)first.n };
	return 1;
}

int framing_table_next(struct framing *fr, struct record *out, struct fault *f)
{
	int rc;

	if (fr->table->by_column)
		return next_of_columns(fr, out, f);
	if ((rc = json_skip_space(fr, f)) > 0)
		return next_row(fr, out, f);
	if (rc < 0)
		return -1;
	fr->done = true;
	return framing_refuse(fr, out, 0, 0, "the array is not closed: the file is cut off");
}
