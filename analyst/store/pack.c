#include "analyst/store/pack.h"

#include <stdlib.h>
#include <string.h>

#include "analyst/base/arena.h"

/* Small steps down are small numbers, too. */
static uint64_t fold(uint64_t step)
{
	return step << 1 ^ (step >> 63 != 0 ? UINT64_MAX : 0);
}

static uint64_t unfold(uint64_t folded)
{
	return folded >> 1 ^ ((folded & 1) != 0 ? UINT64_MAX : 0);
}

void pack_numbers(struct text *to, uint64_t *values, uint32_t n)
{
	uint64_t before = n > 0 ? values[0] : 0, all = 0;
	char plane[4096];
	int planes = 0;

	for (int b = 0; b < 8; b++)
		text_addc(to, (char)(before >> (8 * b)));
	for (uint32_t i = 0; i < n; i++) {
		uint64_t value = values[i];

		all |= values[i] = fold(value - before);
		before = value;
	}
	for (; planes < 8 && all >> (8 * planes) != 0; planes++)
		;
	text_addc(to, (char)planes);
	for (int p = 0; p < planes; p++)
		for (uint32_t from = 0; from < n; from += sizeof(plane)) {
			uint32_t part = n - from < sizeof(plane) ? n - from : (uint32_t)sizeof(plane);

			for (uint32_t i = 0; i < part; i++)
				plane[i] = (char)(values[from + i] >> (8 * p));
			text_addn(to, plane, part);
		}
}

bool unpack_numbers(uint64_t *values, uint32_t n, const char **from, const char *end)
{
	const char *at = *from;
	uint64_t value = 0;
	size_t planes;

	if (end - at < PACK_HEAD)
		return false;
	for (int b = 0; b < 8; b++)
		value |= (uint64_t)(unsigned char)at[b] << (8 * b);
	planes = (unsigned char)at[8];
	at += PACK_HEAD;
	if (planes > 8 || planes * n > (size_t)(end - at))
		return false;
	if (n > 0)      /* of none there may be no array */
		memset(values, 0, n * sizeof(*values));
	for (size_t p = 0; p < planes; p++, at += n)
		for (uint32_t i = 0; i < n; i++)
			values[i] |= (uint64_t)(unsigned char)at[i] << (8 * p);
	for (uint32_t i = 0; i < n; i++)
		values[i] = value += unfold(values[i]);
	*from = at;
	return true;
}

/* ---- rows ---- */

static void get_column(uint64_t *values, const char *at, size_t row_bytes, uint32_t n, size_t bytes)
{
	for (uint32_t i = 0; i < n; i++, at += row_bytes) {
		uint32_t four;

		if (bytes == 8) {
			memcpy(&values[i], at, 8);
		} else if (bytes == 4) {
			memcpy(&four, at, 4);
			values[i] = four;
		} else {
			values[i] = (unsigned char)*at;
		}
	}
}

static void set_column(char *at, size_t row_bytes, uint32_t n, size_t bytes, const uint64_t *values)
{
	for (uint32_t i = 0; i < n; i++, at += row_bytes) {
		uint64_t v = values[i];

		if (bytes == 8)
			memcpy(at, &v, 8);
		else if (bytes == 4)
			memcpy(at, &(uint32_t){ (uint32_t)v }, 4);
		else
			*at = (char)v;
	}
}

/* Values of one column; most lists are short. */
#define FEW 64

void pack_rows(struct text *to, const void *rows, size_t row_bytes, uint32_t n, const struct packed_column *columns,
               size_t count)
{
	uint64_t few[FEW], *values = n > FEW ? must_grow(NULL, n, sizeof(*values)) : few;

	for (size_t c = 0; c < count; c++) {
		get_column(values, (const char *)rows + columns[c].offset, row_bytes, n, columns[c].bytes);
		pack_numbers(to, values, n);
	}
	if (values != few)
		free(values);
}

bool unpack_rows(void *rows, size_t row_bytes, uint32_t n, const struct packed_column *columns, size_t count,
                 const char **from, const char *end)
{
	uint64_t few[FEW], *values = n > FEW ? must_grow(NULL, n, sizeof(*values)) : few;
	bool good = true;

	for (size_t c = 0; good && c < count; c++)
		if ((good = unpack_numbers(values, n, from, end)))
			set_column((char *)rows + columns[c].offset, row_bytes, n, columns[c].bytes, values);
	if (values != few)
		free(values);
	return good;
}
