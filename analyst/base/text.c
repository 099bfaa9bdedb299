#include "analyst/base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyst/base/arena.h"

#define REPLACEMENT 0xFFFD

static void text_room(struct text *t, size_t more)
{
	size_t room = t->room > 0 ? t->room : 64;

	while (room - t->used < more + 1)
		room *= 2;
	if (room != t->room) {
		t->bytes = must_grow(t->bytes, room, 1);
		t->room = room;
	}
}

void text_addn(struct text *t, const char *s, size_t n)
{
	text_room(t, n);
	if (n > 0)
		memcpy(t->bytes + t->used, s, n);
	t->used += n;
	t->bytes[t->used] = '\0';
}

void text_add(struct text *t, const char *s)
{
	text_addn(t, s, strlen(s));
}

void text_addc(struct text *t, char c)
{
	text_addn(t, &c, 1);
}

void text_printf(struct text *t, const char *format, ...)
{
	va_list ap;
	int n;

	va_start(ap, format);
	n = vsnprintf(NULL, 0, format, ap);
	va_end(ap);
	if (n <= 0)
		return;
	text_room(t, (size_t)n);
	va_start(ap, format);
	vsnprintf(t->bytes + t->used, (size_t)n + 1, format, ap);
	va_end(ap);
	t->used += (size_t)n;
}

void text_clear(struct text *t)
{
	t->used = 0;
	if (t->bytes != NULL)
		t->bytes[0] = '\0';
}

void text_free(struct text *t)
{
	free(t->bytes);
	memset(t, 0, sizeof(*t));
}

const char *text_str(const struct text *t)
{
	return t->bytes != NULL ? t->bytes : "";
}

/* Continuation bytes are taken only while they can still belong to a character:
 * the bounds of the second byte exclude overlong forms, surrogates and anything
 * above U+10FFFF (Unicode 15, table 3-7). */
uint32_t utf8_next(const char *s, size_t n, size_t *taken)
{
	const unsigned char *p = (const unsigned char *)s;
	unsigned low = 0x80, high = 0xBF;
	size_t need, i;
	uint32_t rune;

	*taken = 1;
	if (p[0] < 0x80)
		return p[0];
	if (p[0] >= 0xC2 && p[0] <= 0xDF) {
		need = 1;
		rune = p[0] & 0x1F;
	} else if (p[0] >= 0xE0 && p[0] <= 0xEF) {
		need = 2;
		rune = p[0] & 0x0F;
		low = p[0] == 0xE0 ? 0xA0 : 0x80;
		high = p[0] == 0xED ? 0x9F : 0xBF;
	} else if (p[0] >= 0xF0 && p[0] <= 0xF4) {
		need = 3;
		rune = p[0] & 0x07;
		low = p[0] == 0xF0 ? 0x90 : 0x80;
		high = p[0] == 0xF4 ? 0x8F : 0xBF;
	} else {
		return REPLACEMENT;
	}
	for (i = 1; i <= need; i++) {
		if (i >= n || p[i] < low || p[i] > high) {
			*taken = i;
			return REPLACEMENT;
		}
		rune = rune << 6 | (p[i] & 0x3F);
		low = 0x80;
		high = 0xBF;
	}
	*taken = need + 1;
	return rune;
}

size_t utf8_put(char out[4], uint32_t r)
{
	if (r > 0x10FFFF || (r >= 0xD800 && r <= 0xDFFF))
		r = REPLACEMENT;
	if (r < 0x80) {
		out[0] = (char)r;
		return 1;
	}
	if (r < 0x800) {
		out[0] = (char)(0xC0 | r >> 6);
		out[1] = (char)(0x80 | (r & 0x3F));
		return 2;
	}
	if (r < 0x10000) {
		out[0] = (char)(0xE0 | r >> 12);
		out[1] = (char)(0x80 | (r >> 6 & 0x3F));
		out[2] = (char)(0x80 | (r & 0x3F));
		return 3;
	}
	out[0] = (char)(0xF0 | r >> 18);
	out[1] = (char)(0x80 | (r >> 12 & 0x3F));
	out[2] = (char)(0x80 | (r >> 6 & 0x3F));
	out[3] = (char)(0x80 | (r & 0x3F));
	return 4;
}

void text_add_rune(struct text *t, uint32_t rune)
{
	char bytes[4];

	text_addn(t, bytes, utf8_put(bytes, rune));
}

static bool is_bad_byte(const char *s, uint32_t rune, size_t taken)
{
	/* A replacement character that was really written takes its three bytes. */
	return rune == REPLACEMENT && !(taken == 3 && memcmp(s, "\xEF\xBF\xBD", 3) == 0);
}

static bool is_ascii8(const char *s)
{
	uint64_t word;

	memcpy(&word, s, sizeof(word));
	return (word & UINT64_C(0x8080808080808080)) == 0;
}

bool utf8_valid(const char *s, size_t n)
{
	size_t i, taken;

	for (i = 0; i < n; i += taken) {
		uint32_t r;

		if (n - i >= 8 && is_ascii8(s + i)) {
			taken = 8;
			continue;
		}
		r = utf8_next(s + i, n - i, &taken);
		if (is_bad_byte(s + i, r, taken))
			return false;
	}
	return true;
}

size_t utf8_cut(const char *s, size_t n, size_t most)
{
	if (n <= most)
		return n;
	for (n = most; n > 0 && ((unsigned char)s[n] & 0xC0) == 0x80; n--)
		;
	return n;
}

bool rune_is_control(uint32_t r)
{
	return r < 0x20 || (r >= 0x7F && r <= 0x9F);
}

bool rune_is_bidi(uint32_t r)
{
	return r == 0x061C || (r >= 0x200B && r <= 0x200F) || (r >= 0x2028 && r <= 0x202E) ||
	       (r >= 0x2060 && r <= 0x206F) || r == 0xFEFF || r == 0x00AD ||
	       (r >= 0xFFF9 && r <= 0xFFFB) || (r >= 0xE0000 && r <= 0xE007F);
}

void text_add_shown(struct text *t, const char *s, size_t n)
{
	size_t i, taken;

	for (i = 0; i < n; i += taken) {
		uint32_t r = utf8_next(s + i, n - i, &taken);

		if (is_bad_byte(s + i, r, taken))
			for (size_t k = 0; k < taken; k++)
				text_printf(t, "<x%02X>", (unsigned char)s[i + k]);
		else if (rune_is_control(r) || rune_is_bidi(r))
			text_printf(t, "<U+%04X>", (unsigned)r);
		else
			text_addn(t, s + i, taken);
	}
}

static bool is_host_char(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       c == '-' || c == '_' || (unsigned char)c >= 0x80;
}

/* A dot between two characters of a host name could be made a link by a mail or
 * chat program, so the last one is broken; the rest of a URL stays readable. Returns
 * where the host ended: at one of `ends`, or before another "://". */
static const char *add_broken_host(struct text *t, const char *host, const char *ends)
{
	const char *end, *last = NULL;

	for (end = host; *end != '\0' && strchr(ends, *end) == NULL; end++)
		if (*end == '.' && end > host && is_host_char(end[-1]) && is_host_char(end[1]))
			last = end;
		else if (strncmp(end, "[.]", 3) == 0)
			last = NULL;
	if (end > host && strncmp(end - 1, "://", 3) == 0)
		end--;
	if (last != NULL) {
		text_addn(t, host, (size_t)(last - host));
		text_add(t, "[.]");
		host = last + 1;
	}
	text_addn(t, host, (size_t)(end - host));
	return end;
}

/* What an attacker defanged in part is finished: nothing of it is taken on trust. Every scheme is
 * broken with the host behind it, also in a query and in a command line. */
void text_add_defanged(struct text *t, const char *s)
{
	const char *at = s, *mark = strstr(s, "://");
	size_t before = mark != NULL ? (size_t)(mark - s) : 0;

	if (mark == NULL || (strcspn(s, "/?#") <= before && memchr(s, ' ', before) == NULL))
		at = add_broken_host(t, s, "/?#");
	else if (((before == 4 || (before == 5 && s[4] == 's')) && strncmp(s, "http", 4) == 0) ||
	         strncmp(s, "hxxp://", 7) == 0 || strncmp(s, "hxxps://", 8) == 0) {
		text_printf(t, "hxxp%s://", before == 5 ? "s" : "");
		at = add_broken_host(t, mark + 3, "/?#");
	}
	for (; (mark = strstr(at, "://")) != NULL; at = add_broken_host(t, at, "/?# \t\"'<>")) {
		bool broken = mark > s && mark[-1] == '[';

		text_addn(t, at, (size_t)(mark - at));
		text_add(t, broken ? "://" : "[://]");
		at = mark + 3;
		if (broken && *at == ']')
			text_addc(t, *at++);
	}
	text_add(t, at);
}

void text_add_json(struct text *t, const char *s)
{
	size_t n = strlen(s), i, taken;

	text_addc(t, '"');
	for (i = 0; i < n; i += taken) {
		uint32_t r = utf8_next(s + i, n - i, &taken);

		if (r == '"' || r == '\\')
			text_printf(t, "\\%c", (char)r);
		else if (r == '\n')
			text_add(t, "\\n");
		else if (r == '\t')
			text_add(t, "\\t");
		else if (rune_is_control(r) || rune_is_bidi(r)) {
			if (r > 0xFFFF)
				text_printf(t, "\\u%04x\\u%04x", (unsigned)(0xD7C0 + (r >> 10)),
				            (unsigned)(0xDC00 | (r & 0x3FF)));
			else
				text_printf(t, "\\u%04x", (unsigned)r);
		} else
			text_add_rune(t, r);
	}
	text_addc(t, '"');
}

void text_add_csv(struct text *t, const char *s)
{
	if (strpbrk(s, ",\"\r\n") == NULL) {
		text_add(t, s);
		return;
	}
	text_addc(t, '"');
	for (; *s != '\0'; s++) {
		if (*s == '"')
			text_addc(t, '"');
		text_addc(t, *s);
	}
	text_addc(t, '"');
}

void text_add_xml(struct text *t, const char *s)
{
	size_t n = strlen(s), i, taken;

	for (i = 0; i < n; i += taken) {
		uint32_t r = utf8_next(s + i, n - i, &taken);

		if (r == '&')
			text_add(t, "&amp;");
		else if (r == '<')
			text_add(t, "&lt;");
		else if (r == '>')
			text_add(t, "&gt;");
		else if (r == '"')
			text_add(t, "&quot;");
		else if (r == '\'')
			text_add(t, "&#39;");
		else if ((rune_is_control(r) && r != '\t' && r != '\n') || r == 0xFFFE || r == 0xFFFF)
			text_add_rune(t, REPLACEMENT);
		else
			text_add_rune(t, r);
	}
}
