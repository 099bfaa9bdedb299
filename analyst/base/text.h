/* Growing text, and UTF-8 at the border.
 *
 *     struct text t = {0};
 *     text_printf(&t, "%zu alerts", n);
 *     puts(text_str(&t));
 *     text_free(&t);
 */
#ifndef TSUMUGI_TEXT_H
#define TSUMUGI_TEXT_H

#include <ctype.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct text {
	char *bytes;       /* NUL after the last one; NULL while empty */
	size_t used, room;
};

void text_add(struct text *t, const char *s);
void text_addn(struct text *t, const char *s, size_t n);
void text_addc(struct text *t, char c);
void text_add_rune(struct text *t, uint32_t rune);
void text_printf(struct text *t, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void text_clear(struct text *t);
void text_free(struct text *t);
const char *text_str(const struct text *t);      /* "" when empty; lent until the next change */

/* Decodes one character of n > 0 bytes and says how many bytes it took (at
 * least 1). A byte that is not UTF-8 gives U+FFFD and takes as many bytes as
 * the WHATWG decoder would, so that the text after it is kept. */
uint32_t utf8_next(const char *s, size_t n, size_t *taken);
size_t utf8_put(char out[4], uint32_t rune);     /* bytes written */
bool utf8_valid(const char *s, size_t n);
size_t utf8_cut(const char *s, size_t n, size_t most);    /* how many of n bytes to keep, at most so many: whole characters */
bool rune_is_control(uint32_t r);                /* C0, DEL, C1 */
bool rune_is_bidi(uint32_t r);                   /* what reorders, hides or breaks text without being seen */

/* What a person may safely be shown: control and bidi characters as <U+202E>,
 * bytes that are no UTF-8 as <xFF>. */
void text_add_shown(struct text *t, const char *s, size_t n);

/* Host names, addresses, URLs and e-mail addresses made harmless for readers:
 * microsoftsoftwaredownload[.]com, hxxp://198.98.61[.]152/x. Idempotent. */
void text_add_defanged(struct text *t, const char *s);

/* Without blanks at both ends. */
static inline const char *trim(const char *s, size_t *n)
{
	/* Nothing above a blank is one. */
	if (*n > 0 && (unsigned char)s[0] > ' ' && (unsigned char)s[*n - 1] > ' ')
		return s;
	while (*n > 0 && isspace((unsigned char)*s)) {
		s++;
		--*n;
	}
	while (*n > 0 && isspace((unsigned char)s[*n - 1]))
		--*n;
	return s;
}

/* One JSON string with its quotes. */
void text_add_json(struct text *t, const char *s);
/* One CSV field, quoted when RFC 4180 asks for it. */
void text_add_csv(struct text *t, const char *s);
/* Character data or an attribute's value of XML and HTML; characters XML 1.0
 * cannot hold become U+FFFD. */
void text_add_xml(struct text *t, const char *s);

#endif
