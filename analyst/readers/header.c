#include "analyst/readers/header.h"

#include <string.h>

#define COLUMNS_MOST 160

struct header {
	int cell_of[COLUMNS_MOST];       /* by row of the reader's table; -1 is not there */
	size_t count;                    /* of cells; 0 until the header was seen */
	int64_t line;
	const struct record *rec;
};

static int cell_called(const struct record *rec, const char *name, size_t n, const char *suffix)
{
	char whole[80];

	if (n + strlen(suffix) >= sizeof(whole))
		return -1;
	memcpy(whole, name, n);
	strcpy(whole + n, suffix);
	for (size_t i = 0; i < rec->cell_count; i++)
		if (csv_column_is(whole, rec->cells[i].text))
			return (int)i;
	return -1;
}

/* A path's "\\[" is a bracket, its "[]" says nothing of a column. */
static int cell_named(const struct record *rec, const char *path)
{
	static const char *const suffixes[] = { "", "_s", "_d", "_b", "_g", "_t [UTC]", "_t" };
	char name[64];
	size_t n = 0;
	int cell = -1;

	for (; *path != '\0' && n < sizeof(name); path++) {
		if (*path == '\\' && path[1] != '\0')
			name[n++] = *++path;
		else if (*path != '[' && *path != ']')
			name[n++] = *path;
	}
	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]) && cell < 0; i++)
		cell = cell_called(rec, name, n, suffixes[i]);
	return cell;
}

struct header *header_new(struct arena *arena)
{
	return arena_alloc(arena, sizeof(struct header));
}

static void find_columns(struct header *h, const struct field *fields, const struct record *rec)
{
	for (size_t i = 0; fields[i].path != NULL && i < COLUMNS_MOST; i++)
		h->cell_of[i] = cell_named(rec, fields[i].path);
	h->count = rec->cell_count;
	h->line = rec->at.line;
}

int header_row(struct header *h, struct reading *rg, const struct record *rec, struct fault *f)
{
	if (h->count == 0) {
		find_columns(h, rg->reader->fields, rec);
		return 0;
	}
	if (rec->cell_count != h->count)
		return reading_reject(rg, rec, arena_printf(rg->arena, "%zu cells where the header on line %lld has %zu",
		                                            rec->cell_count, (long long)h->line, h->count), f);
	h->rec = rec;
	return 1;
}

const char *header_text(const struct header *h, size_t row)
{
	int i = row < COLUMNS_MOST ? h->cell_of[row] : -1;

	return i >= 0 && h->rec->cells[i].n > 0 ? h->rec->cells[i].text : NULL;
}

int header_score(const struct clue *clues, const struct probe *p)
{
	struct memory_bytes head = { p->bytes, p->n };
	struct framing *fr = framing_new(&(struct framing_rules){ .kind = FRAME_CSV }, memory_source(&head));
	struct record rec;
	int points = 0;

	if (p->n > 0 && strchr("{[<", p->bytes[0]) == NULL && framing_next(fr, &rec, NULL) > 0 && rec.broken == NULL)
		for (size_t i = 0; clues[i].path != NULL; i++)
			if (cell_named(&rec, clues[i].path) >= 0)
				points += clues[i].points;
	framing_free(fr);
	return points > 100 ? 100 : points;
}

bool probe_is_json(const char *head, size_t n)
{
	size_t i = 0;

	while (i < n && head[i] != '\0' && strchr(" \t\r\n\x1e", head[i]) != NULL)
		i++;
	return i < n && (head[i] == '{' || head[i] == '[');
}
