#include "analyst/readers/json_bytes.h"

extern "C" {
#include "analyst/base/text.h"
}

namespace json_bytes {

static size_t skip_digits(const char *s, size_t i, size_t n)
{
	while (i < n && is_digit(s[i]))
		i++;
	return i;
}

bool is_number(const char *s, size_t n)
{
	size_t i = n > 0 && s[0] == '-', from = i;

	if ((i = skip_digits(s, i, n)) == from || (s[from] == '0' && i - from > 1))
		return false;
	if (i < n && s[i] == '.') {
		from = i + 1;
		if ((i = skip_digits(s, from, n)) == from)
			return false;
	}
	if (i < n && (s[i] == 'e' || s[i] == 'E')) {
		from = i + 1;
		if (from < n && (s[from] == '+' || s[from] == '-'))
			from++;
		if ((i = skip_digits(s, from, n)) == from)
			return false;
	}
	return i == n;
}

static int hex4(const char *s)
{
	int v = 0;

	for (int i = 0; i < 4; i++) {
		char c = s[i];
		int d = is_digit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;

		if (d < 0)
			return -1;
		v = v * 16 + d;
	}
	return v;
}

/* What the letter behind a backslash stands for; 0 for none, and for 'u'. */
static const struct meanings {
	char of[256] = {};

	constexpr meanings()
	{
		of['"'] = '"';
		of['\\'] = '\\';
		of['/'] = '/';
		of['b'] = '\b';
		of['f'] = '\f';
		of['n'] = '\n';
		of['r'] = '\r';
		of['t'] = '\t';
	}
} meanings;

static inline char meaning(char c) { return meanings.of[(unsigned char)c]; }

/* How long the escape is that begins n bytes: 2, 6, or 0 when JSON does not have it. */
static size_t escape_length(const char *s, size_t n)
{
	if (n >= 2 && meaning(s[1]) != 0)
		return 2;
	return n >= 6 && s[1] == 'u' && hex4(s + 2) >= 0 ? 6 : 0;
}

/* The rune of the "\u" escape at s, and of the one behind it when both are a surrogate pair. */
static uint32_t rune_at(const char *s, size_t n, size_t *taken)
{
	uint32_t unit = (uint32_t)hex4(s + 2);

	*taken = 6;
	if (unit >= 0xD800 && unit < 0xDC00 && n >= 12 && s[6] == '\\' && s[7] == 'u') {
		int low = hex4(s + 8);

		if (low >= 0xDC00 && low < 0xE000) {
			*taken = 12;
			return 0x10000 + ((unit - 0xD800) << 10) + ((uint32_t)low - 0xDC00);
		}
	}
	return (unit >= 0xD800 && unit < 0xE000) || unit == 0 ? 0xFFFD : unit;
}

size_t unescape(char *out, const char *s, size_t n)
{
	size_t used = 0, i = 0;

	for (;;) {
		size_t plain = copy_plain(out + used, s + i, n - i), taken;

		used += plain;
		i += plain;
		if (i == n)
			return used;
		taken = escape_length(s + i, n - i);
		if (taken == 0)
			return no_text;
		if (taken == 2)
			out[used++] = meaning(s[i + 1]);
		else
			used += utf8_put(out + used, rune_at(s + i, n - i, &taken));
		i += taken;
	}
}

/* Most records have none in most of their bytes. */
static uint64_t backslashes(const char *s)
{
#ifdef __SSE2__
	const __m128i slash = _mm_set1_epi8('\\');
	const __m128i a = _mm_cmpeq_epi8(load16(s), slash), b = _mm_cmpeq_epi8(load16(s + 16), slash),
	              c = _mm_cmpeq_epi8(load16(s + 32), slash), d = _mm_cmpeq_epi8(load16(s + 48), slash);

	if (those(_mm_or_si128(_mm_or_si128(a, b), _mm_or_si128(c, d))) == 0)
		return 0;
	return (uint64_t)those(a) | (uint64_t)those(b) << 16 | (uint64_t)those(c) << 32 | (uint64_t)those(d) << 48;
#else
	return (uint64_t)equal16(s, '\\') | (uint64_t)equal16(s + 16, '\\') << 16 | (uint64_t)equal16(s + 32, '\\') << 32 |
	       (uint64_t)equal16(s + 48, '\\') << 48;
#endif
}

size_t broken_escape(const char *s, size_t n)
{
	size_t next = 0;        /* what is before it belongs to an escape that was looked at */

	for (size_t from = 0; from < n; from += 64) {
		for (uint64_t slashes = backslashes(s + from); slashes != 0; slashes &= slashes - 1) {
			size_t at = from + (size_t)__builtin_ctzll(slashes), taken;

			if (at >= n)
				return n;
			if (at < next)
				continue;
			if ((taken = escape_length(s + at, n - at)) == 0)
				return at;
			next = at + taken;
		}
	}
	return n;
}

}  // namespace json_bytes
