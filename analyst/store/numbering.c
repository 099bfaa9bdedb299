/* Row ids of the case file <-> numbers of the week. */
#include <stdlib.h>
#include <string.h>

#include "analyst/store/loading.h"

uint32_t number_of(const struct numbering *n, int64_t row)
{
	return row >= 0 && row < n->rows ? n->number[row] : NO_NUMBER;
}

int64_t row_of(const struct numbering *n, uint32_t number)
{
	return number < n->count ? (int64_t)n->row[number] : -1;
}

const struct verdict *verdict_of(const struct numbers *n, int64_t row)
{
	return row > 0 && row <= n->verdict_count ? &n->verdicts[row - 1] : NULL;
}

void numbering_start(struct numbering *n, int64_t highest, uint32_t count)
{
	if (highest >= NO_NUMBER)
		out_of_memory();
	n->rows = highest + 1;
	n->number = must_grow(NULL, (size_t)n->rows, sizeof(*n->number));
	memset(n->number, 0xff, (size_t)n->rows * sizeof(*n->number));
	n->count = count;
}

void numbering_know_rows(struct numbering *n)
{
	n->row = must_grow(NULL, n->count, sizeof(*n->row));
}

void numbering_set(struct numbering *n, int64_t row, uint32_t number, bool first)
{
	n->number[row] = number;
	if (first)
		n->row[number] = (uint32_t)row;
}

/* A new analysis asks for none of them: ten million would take 40 MB. */
static void number_rows(struct numbers *n)
{
	const struct week *w = n->week;
	int64_t highest = 0;

	for (uint32_t i = 0; i < w->mark_count; i++)
		highest = w->marks[i].row > highest ? w->marks[i].row : highest;
	for (uint32_t i = 0; i < n->restated_count; i++)
		highest = n->restated[i].row > highest ? n->restated[i].row : highest;
	numbering_start(&n->marks, highest, w->mark_count);
	for (uint32_t i = 0; i < w->mark_count; i++)
		numbering_set(&n->marks, w->marks[i].row, i, false);
	for (uint32_t i = 0; i < n->restated_count; i++)
		numbering_set(&n->marks, n->restated[i].row, n->restated[i].mark, false);
}

uint32_t mark_of(struct numbers *n, int64_t row)
{
	if (n->marks.number == NULL)
		number_rows(n);
	return number_of(&n->marks, row);
}

void numbering_free(struct numbering *n)
{
	free(n->number);
	free(n->row);
	*n = (struct numbering){0};
}

void numbers_free(struct numbers *n)
{
	if (n == NULL)
		return;
	free(n->verdicts);
	numbering_free(&n->rules);
	numbering_free(&n->entities);
	numbering_free(&n->casts);
	numbering_free(&n->marks);
	free(n->restated);
	free(n);
}
