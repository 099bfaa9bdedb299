/* Where a value of JSON ends, by its brackets and quotes. */
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "analyst/readers/framing_parts.h"

/* A bit each of the first sixteen of n bytes that may say something: quotes, backslashes and brackets. Most do not, and all bytes
 * of a file that is one array pass through here. */
static unsigned signs_of(const char *s, size_t n)
{
	char last[16] = { 0 };

	if (n < sizeof(last))
		s = memcpy(last, s, n);
#ifdef __SSE2__
	const __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)s);
	const __m128i curly = _mm_or_si128(bytes, _mm_set1_epi8('{' ^ '['));       /* square brackets, too */
	const __m128i quotes = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')), slashes = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'));
	const __m128i opens = _mm_cmpeq_epi8(curly, _mm_set1_epi8('{')), closes = _mm_cmpeq_epi8(curly, _mm_set1_epi8('}'));

	return (unsigned)_mm_movemask_epi8(_mm_or_si128(_mm_or_si128(quotes, slashes), _mm_or_si128(opens, closes)));
#else
	unsigned signs = 0;

	for (unsigned i = 0; i < sizeof(last); i++)
		signs |= (unsigned)(s[i] == '"' || s[i] == '\\' || s[i] == '{' || s[i] == '}' || s[i] == '[' || s[i] == ']') << i;
	return signs;
#endif
}

size_t follow_value(struct follow *at, const char *s, size_t n, bool *closed)
{
	*closed = false;
	for (size_t from = 0; from < n; from += 16) {
		unsigned signs = signs_of(s + from, n - from);

		if (at->escaped)
			signs &= ~1u;
		at->escaped = false;
		while (signs != 0) {
			unsigned bit = (unsigned)__builtin_ctz(signs);
			size_t i = from + bit;
			char c = s[i];

			signs &= signs - 1;
			if (at->text && c == '\\') {
				signs &= ~(2u << bit);
				at->escaped = bit == 15 || i + 1 == n;
			} else if (c == '"') {
				at->text = !at->text;
				*closed = !at->text && at->depth == 0;
			} else if (!at->text && c != '\\') {
				at->depth += c == '{' || c == '[' ? 1 : -1;
				*closed = at->depth <= 0;
			}
			if (*closed)
				return i + 1;
		}
	}
	return n;
}
