/* What names something of ours by its form alone. */
#include "render/redact/redact_parts.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <string.h>

#define ADDRESS_ROOM 64

bool redact_word_byte(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

char redact_before(const char *s, size_t at)
{
	size_t taken;
	char c;

	if (at == 0)
		return ' ';
	/* "%20alice", and a line end that is still written as two characters. */
	if (at >= 3 && s[at - 3] == '%' && (c = redact_symbol(s + at - 3, 3, &taken), taken == 3))
		return c;
	if (at >= 6 && s[at - 6] == '\\' && (c = redact_symbol(s + at - 6, 6, &taken), taken == 6))
		return c;
	if (at >= 2 && s[at - 2] == '\\' && strchr("nrt", s[at - 1]) != NULL)
		return ' ';
	return s[at - 1];
}

bool redact_after_dot(const char *s, size_t at)
{
	return (at >= 2 && s[at - 1] == '.' && redact_word_byte(s[at - 2])) ||
	       (at >= 4 && memcmp(s + at - 3, "[.]", 3) == 0 && redact_word_byte(s[at - 4]));
}

/* ---- addresses ---- */

/* Symbols from s[at] on that addresses of the family are written with. */
static size_t address_run(char plain[ADDRESS_ROOM], const char *s, size_t n, size_t at, bool six)
{
	size_t i = at, taken, used = 0;

	while (i < n && used + 1 < ADDRESS_ROOM) {
		char c = redact_symbol(s + i, n - i, &taken);

		if (!isdigit((unsigned char)c) && c != '.' && !(six && (c == ':' || isxdigit((unsigned char)c))))
			break;
		plain[used++] = c;
		i += taken;
	}
	plain[used] = '\0';
	/* The full stop or colon of the sentence. */
	while (i > at && used > 0 && (plain[used - 1] == '.' || (plain[used - 1] == ':' && (used < 2 || plain[used - 2] != ':')))) {
		plain[--used] = '\0';
		i -= s[i - 1] == ']' ? 3 : 1;
	}
	return i < n && redact_word_byte(s[i]) ? 0 : i;
}

/* As addresses of the case are written, whatever form this one has. */
static const char *canonical(const struct redaction *rd, const char *plain)
{
	unsigned char bytes[16];
	char out[INET6_ADDRSTRLEN];

	if (inet_pton(AF_INET6, plain, bytes) != 1)
		return arena_dup(rd->arena, plain);
	if (memcmp(bytes, "\0\0\0\0\0\0\0\0\0\0\xFF\xFF", 12) == 0)
		inet_ntop(AF_INET, bytes + 12, out, sizeof out);
	else
		inet_ntop(AF_INET6, bytes, out, sizeof out);
	return arena_dup(rd->arena, out);
}

static bool is_ours(const struct redaction *rd, const char *plain)
{
	const struct value *v = redact_look_up(rd, plain);

	if (strncmp(plain, "127.", 4) == 0 || strcmp(plain, "::1") == 0 || profile_keeps(rd->profile, plain))
		return false;
	return (v != NULL && v->kind == HIDDEN_ADDRESSES) || ip_is_internal(plain);
}

/* An address nobody outside can have, known to the case or not; and one of the case in another spelling. */
size_t redact_address_at(const struct redaction *rd, const char *s, size_t n, size_t at, const char **plain)
{
	char run[ADDRESS_ROOM];
	char before = redact_before(s, at);
	size_t end;
	bool six;

	if (rd->profile->as[HIDDEN_ADDRESSES] == NULL || (!isxdigit((unsigned char)s[at]) && s[at] != ':') ||
	    redact_word_byte(before) || before == ':' || redact_after_dot(s, at))
		return 0;
	six = memchr(s + at, ':', n - at < 6 ? n - at : 6) != NULL;
	end = six ? address_run(run, s, n, at, true) : 0;
	if (end == 0 || strchr(run, ':') == NULL || strchr(strchr(run, ':') + 1, ':') == NULL || !ip_is_valid(run)) {
		if (!isdigit((unsigned char)s[at]))
			return 0;
		end = address_run(run, s, n, at, false);
	}
	if (end == 0 || !ip_is_valid(run))
		return 0;
	*plain = canonical(rd, run);
	return is_ours(rd, *plain) ? end : 0;
}

/* ---- paths ---- */

static bool path_stop(char c)
{
	return (unsigned char)c < 0x20 || (unsigned char)c >= 0x80 || strchr("\"'<>|*?,;()", c) != NULL;
}

/* "C:\Program Files\x y.exe": a space belongs to it when a backslash follows before anything ends it. */
static size_t windows_path(const char *s, size_t n, size_t at)
{
	size_t i;

	if (at > 0 && isalnum((unsigned char)s[at - 1]))
		return 0;
	if (n - at >= 4 && isalpha((unsigned char)s[at]) && s[at + 1] == ':' &&
	    (s[at + 2] == '\\' || (s[at + 2] == '/' && s[at + 3] != '/')))
		i = at + 3;
	else if (n - at >= 5 && s[at] == '\\' && s[at + 1] == '\\' && isalnum((unsigned char)s[at + 2]))
		i = at + 2;
	else
		return 0;
	while (i < n && !path_stop(s[i])) {
		if (s[i] == ' ') {
			size_t k = i + 1;

			while (k < n && k < i + 40 && !path_stop(s[k]) && s[k] != '\\' && s[k] != ':' && s[k] != '/')
				k++;
			if (k >= n || s[k] != '\\' || s[k - 1] == ' ')
				break;
		}
		i++;
	}
	while (i > at && (s[i - 1] == '.' || s[i - 1] == ':'))
		i--;
	return i;
}

/* "/var/www/x.php": two names at least, and no part of a URL or a date. */
static size_t unix_path(const char *s, size_t n, size_t at)
{
	size_t i = at, names = 0;

	if (s[at] != '/' || at + 1 >= n || !isalnum((unsigned char)s[at + 1]) ||
	    (at > 0 && strchr(" \"'=(:,;", s[at - 1]) == NULL))
		return 0;
	while (i < n && !path_stop(s[i]) && s[i] != ' ' && s[i] != ':') {
		names += s[i] == '/';
		i++;
	}
	while (i > at && s[i - 1] == '.')
		i--;
	return names >= 2 ? i : 0;
}

size_t redact_path_at(const char *s, size_t n, size_t at)
{
	size_t end = windows_path(s, n, at);

	return end > 0 ? end : unix_path(s, n, at);
}
