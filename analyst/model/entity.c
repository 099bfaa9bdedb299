#include "analyst/model/entity.h"

#include <arpa/inet.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

/* Words that products write where they know nothing (FORMATS 1.6). Every value of every
 * alert is asked for here: those of another length are told apart at once. */
#define WORD(s) { sizeof(s) - 1, s }
static const struct { size_t n; const char *word; } empty_words[] = {
	WORD(""), WORD("-"), WORD("none"), WORD("null"), WORD("n/a"), WORD("unknown"), WORD("(null)"),
	WORD("undefined"), WORD("not available"), WORD("localhost"), WORD("localhost.localdomain"),
	WORD("0.0.0.0"), WORD("::"), WORD("127.0.0.1"), WORD("::1"), WORD("255.255.255.255"), WORD("s-1-0-0"),
	WORD("00:00:00:00:00:00"), WORD("ff:ff:ff:ff:ff:ff")
};
#undef WORD

static bool is_empty_word(const char *value, size_t n)
{
	if (n > 21)
		return false;
	for (size_t i = 0; i < sizeof(empty_words) / sizeof(empty_words[0]); i++)
		if (empty_words[i].n == n && strcasecmp(empty_words[i].word, value) == 0)
			return true;
	return false;
}

/* MD5, SHA-1 and SHA-256 of no bytes at all. */
static const char *const empty_hashes[] = {
	"d41d8cd98f00b204e9800998ecf8427e", "da39a3ee5e6b4b0d3255bfef95601890afd80709",
	"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", NULL
};

static bool in_list(const char *const *list, const char *value)
{
	for (; *list != NULL; list++)
		if (strcasecmp(*list, value) == 0)
			return true;
	return false;
}

bool entity_is_placeholder_n(enum entity_kind kind, const char *value, size_t n)
{
	if (is_empty_word(value, n))
		return true;
	if (kind == ENTITY_HASH)
		return in_list(empty_hashes, value) || strspn(value, "0") == strlen(value);
	return false;
}

bool entity_is_placeholder(enum entity_kind kind, const char *value)
{
	return entity_is_placeholder_n(kind, value, strlen(value));
}

bool ip_is_valid(const char *value)
{
	unsigned char bytes[16];

	return inet_pton(AF_INET, value, bytes) == 1 || inet_pton(AF_INET6, value, bytes) == 1;
}

struct network {
	uint32_t base;
	int bits;
};

static bool ipv4_is_internal(const unsigned char b[4])
{
	static const struct network internal[] = {
		{ 0x0A000000, 8 }, { 0xAC100000, 12 }, { 0xC0A80000, 16 },      /* RFC 1918 */
		{ 0x64400000, 10 }, { 0xA9FE0000, 16 }, { 0x7F000000, 8 },      /* 6598, 3927, loopback */
	};
	uint32_t v = (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];

	for (size_t i = 0; i < sizeof(internal) / sizeof(internal[0]); i++)
		if ((v ^ internal[i].base) >> (32 - internal[i].bits) == 0)
			return true;
	return false;
}

bool ip_is_internal(const char *value)
{
	unsigned char b[16];

	if (inet_pton(AF_INET, value, b) == 1)
		return ipv4_is_internal(b);
	if (inet_pton(AF_INET6, value, b) == 1)
		return (b[0] & 0xFE) == 0xFC || (b[0] == 0xFE && (b[1] & 0xC0) == 0x80);
	return false;
}
