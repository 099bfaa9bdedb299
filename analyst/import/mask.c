#include "analyst/import/mask.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#define WORD(s) { sizeof(s) - 1, s }
static const struct { size_t n; const char *word; } secrets[] = {
	WORD("payload"), WORD("payload_printable"), WORD("packet"), WORD("password"), WORD("passwd"), WORD("pwd"),
	WORD("authorization"), WORD("proxy-authorization"), WORD("proxy_authorization"), WORD("cookie"),
	WORD("set-cookie"), WORD("set_cookie"), WORD("http_request_body"), WORD("http_response_body"),
	WORD("http_request_body_printable"), WORD("http_response_body_printable")
};
#undef WORD
#define LONGEST 28

static bool is_secret(const char *s, size_t n)
{
	for (size_t i = 0; i < sizeof(secrets) / sizeof(secrets[0]); i++)
		if (secrets[i].n == n && strncasecmp(secrets[i].word, s, n) == 0)
			return true;
	return false;
}

/* The quote that ends the JSON string whose first byte is s, or end. */
static char *string_end(char *s, char *end)
{
	char *quote;

	for (char *from = s; (quote = memchr(from, '"', (size_t)(end - from))) != NULL; from = quote + 1) {
		char *slash = quote;

		while (slash > s && slash[-1] == '\\')
			slash--;
		if ((quote - slash) % 2 == 0)
			return quote;
	}
	return end;
}

static char *mask_string(char *s, char *end)
{
	char *stop = string_end(s, end);

	memset(s, '*', (size_t)(stop - s));
	return stop;
}

/* What follows "-Password " or "/p:" up to the next blank or quote. */
static void mask_word(char *s, char *end)
{
	while (s < end && strchr(" =:'\\\"", *s) != NULL && *s != '\0')
		s++;
	while (s < end && strchr(" \"'\\&;,<>\t", *s) == NULL)
		*s++ = '*';
}

/* Behind the colon of a key: its value, as far as it is a secret. Headers come as
 * {"name": "Cookie", "value": "..."}. */
static void mask_value(char *record, char *colon, char *end, bool *header)
{
	char *close = colon - 1, *open, *value = colon + 1;
	size_t n = 0;

	while (close > record && close - n - 1 >= record && n < LONGEST && close[-1 - (long)n] != '"')
		n++;
	open = close - n;
	while (value < end && (*value == ' ' || *value == '\t'))
		value++;
	if (n == 0 || n == LONGEST || value == end)
		return;
	if (n == 4 && strncasecmp(open, "name", 4) == 0 && *value == '"') {
		char *stop = string_end(value + 1, end);

		*header = is_secret(value + 1, (size_t)(stop - value - 1));
	} else if (*header && n == 5 && strncasecmp(open, "value", 5) == 0 && *value == '"') {
		mask_string(value + 1, end);
		*header = false;
	} else if (is_secret(open, n)) {
		if (*value == '"')
			mask_string(value + 1, end);
		else
			for (; value < end && isdigit((unsigned char)*value); value++)
				*value = '*';
	}
}

static void mask_json_values(char *record, char *end)
{
	bool header = false;

	for (char *at = record; (at = memchr(at, ':', (size_t)(end - at))) != NULL; at++) {
		if (at - record < 3)
			continue;
		if (at[-1] == '"') {
			/* Secrets' names end in one of few letters. */
			if (strchr("dytnem", at[-2] | 0x20) != NULL)
				mask_value(record, at, end, &header);
		} else if ((at[-1] | 0x20) == 'p' && at[-2] == '/' && (at[-3] == ' ' || at[-3] == '\\')) {
			mask_word(at + 1, end);
		}
	}
}

static void mask_after_words(char *record, char *end)
{
	static const char capital[] = "wW";

	for (int i = 0; i < 2; i++)
		for (char *at = record; (at = memchr(at, capital[i], (size_t)(end - at))) != NULL; at++)
			if (at - record > 5 && end - at > 5 && strncasecmp(at - 4, "passw", 5) == 0 &&
			    (strncasecmp(at + 1, "ord", 3) == 0) && strchr(" =:", at[4]) != NULL)
				mask_word(at + 4, end);
}

/* "Cookie: ..." and "Authorization: ..." as text, to the end of the line. */
static void mask_header_lines(char *record, char *end)
{
	static const struct { char rare; size_t before, n; const char *word; } words[] = {
		{ 'z', 7, 14, "authorization:" }, { 'k', 3, 7, "cookie:" }
	};

	for (size_t i = 0; i < 2; i++)
		for (char *at = record; (at = memchr(at, words[i].rare, (size_t)(end - at))) != NULL; at++) {
			char *from = at - words[i].before;

			if (at - record < (long)words[i].before || (size_t)(end - from) < words[i].n ||
			    strncasecmp(from, words[i].word, words[i].n) != 0)
				continue;
			for (from += words[i].n; from < end && strchr("\r\n\"\\", *from) == NULL; from++)
				if (*from != ' ')
					*from = '*';
		}
}

void mask_secrets(char *record, size_t n)
{
	char *end = record + n;

	mask_json_values(record, end);
	mask_after_words(record, end);
	mask_header_lines(record, end);
}
