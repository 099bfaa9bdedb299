/* What stands between the tokens of a JSON record: numbers, and strings with their escapes. Looks at up to JSON_PADDING bytes
 * behind what it is asked about, and copies write as many too many. For json.cc. */
#ifndef TSUMUGI_JSON_BYTES_H
#define TSUMUGI_JSON_BYTES_H

#include <cstddef>
#include <cstdint>
#include <cstring>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace json_bytes {

inline bool is_space(char c)
{
	return (unsigned char)c <= ' ' && (c == ' ' || c == '\n' || c == '\t' || c == '\r');
}
inline bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* The number grammar of RFC 8259, which is stricter than strtod. */
bool is_number(const char *s, size_t n);

constexpr size_t no_text = SIZE_MAX;

/* Undoes the escapes of n bytes into out. Returns the length, or no_text for an escape JSON does not have. */
size_t unescape(char *out, const char *s, size_t n);

/* Where in n bytes the first escape is that JSON does not have, or n. Each backslash belongs to a string. */
size_t broken_escape(const char *s, size_t n);

/* Sixteen bytes: a bit each of those that are the letter, a bit each of those that are no digit. */
#ifdef __SSE2__
inline __m128i load16(const char *s) { return _mm_loadu_si128(reinterpret_cast<const __m128i *>(s)); }
inline uint32_t those(__m128i same) { return (uint32_t)_mm_movemask_epi8(same); }
inline uint32_t equal16(const char *s, char c) { return those(_mm_cmpeq_epi8(load16(s), _mm_set1_epi8(c))); }
inline uint32_t others16(const char *s)
{
	const __m128i nine = _mm_set1_epi8(9), off = _mm_sub_epi8(load16(s), _mm_set1_epi8('0'));

	return ~those(_mm_cmpeq_epi8(_mm_max_epu8(off, nine), nine)) & 0xFFFF;
}
inline uint32_t same16(const char *a, const char *b) { return those(_mm_cmpeq_epi8(load16(a), load16(b))); }
#else
inline uint32_t same16(const char *a, const char *b)
{
	uint32_t bits = 0;

	for (int i = 0; i < 16; i++)
		bits |= (uint32_t)(a[i] == b[i]) << i;
	return bits;
}
inline uint32_t equal16(const char *s, char c)
{
	uint32_t bits = 0;

	for (int i = 0; i < 16; i++)
		bits |= (uint32_t)(s[i] == c) << i;
	return bits;
}
inline uint32_t others16(const char *s)
{
	uint32_t bits = 0;

	for (int i = 0; i < 16; i++)
		bits |= (uint32_t)!is_digit(s[i]) << i;
	return bits;
}
#endif

/* Whether those of 32 bytes are equal that have a bit in the mask. */
inline bool equal32(const char *a, const char *b, uint32_t mask)
{
	return (same16(a, b) & mask) == (mask & 0xFFFF) && (mask <= 0xFFFF || (same16(a + 16, b + 16) & mask >> 16) == mask >> 16);
}

/* Most numbers are a few digits. */
inline bool is_plain_number(const char *s, size_t n)
{
	return n > 0 && n < 16 && (others16(s) & ((UINT32_C(1) << n) - 1)) == 0 && (s[0] != '0' || n == 1);
}

inline bool has_backslash(const char *s, size_t n)
{
	if (n <= 16)
		return (equal16(s, '\\') & ((UINT32_C(1) << n) - 1)) != 0;
	return memchr(s, '\\', n) != nullptr;
}

/* Copies up to the first backslash; how many bytes that are. */
inline size_t copy_plain(char *out, const char *s, size_t n)
{
	for (size_t i = 0; i < n; i += 16) {
		uint32_t slashes = equal16(s + i, '\\');

		memcpy(out + i, s + i, 16);
		if (slashes != 0) {
			size_t at = i + (size_t)__builtin_ctz(slashes);

			return at < n ? at : n;
		}
	}
	return n;
}

}  // namespace json_bytes

#endif
