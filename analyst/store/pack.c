#include "analyst/store/pack.h"

#include <string.h>

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
	memset(values, 0, n * sizeof(*values));
	for (size_t p = 0; p < planes; p++, at += n)
		for (uint32_t i = 0; i < n; i++)
			values[i] |= (uint64_t)(unsigned char)at[i] << (8 * p);
	for (uint32_t i = 0; i < n; i++)
		values[i] = value += unfold(values[i]);
	*from = at;
	return true;
}
