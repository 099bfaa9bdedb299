#include "analyst/import/utf16.h"

#include <stdlib.h>
#include <string.h>

#include "analyst/base/arena.h"
#include "analyst/base/text.h"

#define PIECE ((size_t)64 * 1024)     /* at least what a probe reads */

struct utf16 {
	struct byte_source source;
	bool big, ended;
	char in[PIECE];
	size_t in_at, in_end;
	char out[4];                 /* of a character that found no room */
	size_t out_at, out_end;
};

struct utf16 *utf16_open(struct byte_source source, const char *first, size_t n)
{
	struct utf16 *u = must_alloc(sizeof(*u));
	bool marked = n >= 2 && (memcmp(first, "\xFF\xFE", 2) == 0 || memcmp(first, "\xFE\xFF", 2) == 0);

	u->source = source;
	u->big = n >= 2 && (marked ? first[0] == '\xFE' : first[0] == '\0');
	u->in_end = n < PIECE ? n : PIECE;
	memcpy(u->in, first, u->in_end);
	u->in_at = marked ? 2 : 0;
	return u;
}

void utf16_close(struct utf16 *u)
{
	free(u);
}

/* At least n bytes, unless the file ends before. */
static int fetch(struct utf16 *u, size_t n, struct fault *f)
{
	while (u->in_end - u->in_at < n && !u->ended) {
		size_t got = 0;

		memmove(u->in, u->in + u->in_at, u->in_end - u->in_at);
		u->in_end -= u->in_at;
		u->in_at = 0;
		if (u->source.read(u->source.ctx, u->in + u->in_end, PIECE - u->in_end, &got, f) < 0)
			return -1;
		u->in_end += got;
		u->ended = got == 0;
	}
	return 0;
}

static uint32_t unit_at(const struct utf16 *u, size_t at)
{
	const unsigned char *s = (const unsigned char *)u->in + at;

	return u->big ? (uint32_t)(s[0] << 8 | s[1]) : (uint32_t)(s[1] << 8 | s[0]);
}

/* The character at the front, of which at least one byte is there. */
static uint32_t next_rune(struct utf16 *u)
{
	size_t have = u->in_end - u->in_at;
	uint32_t high, low;

	if (have < 2) {
		u->in_at++;
		return 0xFFFD;
	}
	high = unit_at(u, u->in_at);
	u->in_at += 2;
	if (high < 0xD800 || high > 0xDFFF)
		return high;
	if (high > 0xDBFF || have < 4)
		return 0xFFFD;
	low = unit_at(u, u->in_at);
	if (low < 0xDC00 || low > 0xDFFF)
		return 0xFFFD;
	u->in_at += 2;
	return 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
}

int utf16_read(void *ctx, char *into, size_t room, size_t *got, struct fault *f)
{
	struct utf16 *u = ctx;

	*got = 0;
	while (*got < room) {
		if (u->out_at < u->out_end) {
			into[(*got)++] = u->out[u->out_at++];
			continue;
		}
		/* What there is goes on its way before more is waited for. */
		if (u->in_end - u->in_at < 4 && *got > 0 && !u->ended)
			break;
		if (fetch(u, 4, f) < 0)
			return -1;
		if (u->in_at == u->in_end)
			break;
		u->out_at = 0;
		u->out_end = utf8_put(u->out, next_rune(u));
	}
	return 0;
}
