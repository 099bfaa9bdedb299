/* A stream of XML elements of one name: inside a root, or one after the other as
 * "wevtutil qe /f:xml" writes them. Which bytes are one element is told by its tags alone;
 * whether they are right says xml.c, which reads each by itself. */
#include <string.h>

#include "analyst/readers/framing_parts.h"

/* A file made of beginnings that never end is followed that far (framing_json.c). */
#define WASTE_LIMIT (16 * RECORD_LIMIT)

static bool ends_name(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '>' || c == '/';
}

/* Whether "<name" or "</name" stands at s; the name ends within n. */
static bool is_tag(const char *s, size_t n, const char *name, bool closing)
{
	size_t skip = closing ? 2 : 1, length;

	if (n <= skip || s[skip] != name[0])      /* nearly always */
		return false;
	length = strlen(name);
	return n > skip + length && (!closing || s[1] == '/') && memcmp(s + skip, name, length) == 0 &&
	       ends_name(s[skip + length]);
}

/* How many bytes the markup at s takes: to its ">" or, of comments and CDATA, to their
 * own ends. 0 when it does not end in n bytes. */
static size_t markup_length(const char *s, size_t n)
{
	static const struct { const char *from, *to; } kinds[] = {
		{ "<!--", "-->" }, { "<![CDATA[", "]]>" }, { "<?", "?>" }, { NULL, NULL }
	};
	char quote = '\0';

	for (size_t i = 0; n > 1 && (s[1] == '!' || s[1] == '?') && kinds[i].from != NULL; i++) {
		size_t from = strlen(kinds[i].from);

		if (n >= from && memcmp(s, kinds[i].from, from) == 0) {
			const char *end = memmem(s + from, n - from, kinds[i].to, strlen(kinds[i].to));

			return end != NULL ? (size_t)(end - s) + strlen(kinds[i].to) : 0;
		}
	}
	for (size_t i = 1; i < n; i++) {
		if (quote != '\0')
			quote = s[i] == quote ? '\0' : quote;
		else if (s[i] == '"' || s[i] == '\'')
			quote = s[i];
		else if (s[i] == '>')
			return i + 1;
	}
	return 0;
}

/* Both are known before the markup ends that begins the window. */
static bool is_ours(const struct framing *fr)
{
	return is_tag(window_at(&fr->w), window_size(&fr->w), fr->rules.element, false);
}

static bool is_doctype(const struct framing *fr)
{
	return window_size(&fr->w) >= 9 && memcmp(window_at(&fr->w), "<!DOCTYPE", 9) == 0;
}

/* Goes to the next element's "<". 1 there, 0 at the end, 2 when too much of what was followed ends nowhere, -1. */
static int find_first(struct framing *fr, struct fault *f)
{
	struct window *w = &fr->w;
	int rc = 1;

	for (;;) {
		size_t size = window_size(w), length = 0;
		const char *s = window_at(w), *open = size > 0 ? memchr(s, '<', size) : NULL;

		if (open == NULL) {
			window_skip(w, size);
			if (rc == 0 || (rc = window_more(w, f)) < 0)
				return rc;
			continue;
		}
		window_skip(w, (size_t)(open - s));
		while (!is_ours(fr) && !is_doctype(fr) && (length = markup_length(window_at(w), window_size(w))) == 0 &&
		       window_size(w) < fr->rules.limit && (rc = window_more(w, f)) > 0)
			;
		if (rc < 0)
			return -1;
		if (is_ours(fr))
			return 1;
		if (is_doctype(fr))
			return fault_set(f, FAULT_DATA, "XML with a document type, which is refused");
		if (length == 0 && (fr->wasted += window_size(w)) > WASTE_LIMIT)
			return 2;
		window_skip(w, length > 0 ? length : 1);
		rc = 1;
	}
}

/* From the element's "<" on: bytes up to and with its end in *n. 1, 0 when the file ends
 * or the limit is reached before it does, -1. */
static int find_end(struct framing *fr, size_t *n, struct fault *f)
{
	struct window *w = &fr->w;
	size_t at = 0, depth = 0;

	for (;;) {
		const char *s = window_at(w);
		size_t size = window_size(w), length = 0;
		const char *open = size > at ? memchr(s + at, '<', size - at) : NULL;
		int rc = 1;

		if (open != NULL) {
			at = (size_t)(open - s);
			length = markup_length(open, size - at);
		} else {
			at = size;
		}
		if (length > 0) {
			bool alone = s[at + length - 2] == '/';

			if (is_tag(open, length, fr->rules.element, true))
				depth -= depth > 0;
			else if (is_tag(open, length, fr->rules.element, false) && !alone)
				depth++;
			at += length;
			if (depth == 0) {
				*n = at;
				return 1;
			}
			continue;
		}
		*n = size;
		if (size > fr->rules.limit || (rc = window_more(w, f)) < 0)
			return rc < 0 ? -1 : 0;
		if (rc == 0 && (open == NULL || markup_length(window_at(w) + at, window_size(w) - at) == 0))
			return 0;
	}
}

static int give_up(struct framing *fr, struct record *out, const char *what)
{
	fr->done = true;
	return framing_refuse(fr, out, 0, window_size(&fr->w), "%s that is not closed; the rest of the file was not read", what);
}

int framing_xml_next(struct framing *fr, struct record *out, struct fault *f)
{
	size_t n;
	int rc = fr->done ? 0 : find_first(fr, f);

	if (rc == 2)
		return give_up(fr, out, "markup");
	if (rc <= 0 || (rc = find_end(fr, &n, f)) < 0)
		return rc;
	if (rc > 0)
		return n > fr->rules.limit ? framing_refuse(fr, out, 0, n, "an element of more than %zu MiB", fr->rules.limit >> 20)
		                           : framing_give(fr, out, n, n);
	fr->wasted += n;
	if (fr->wasted > WASTE_LIMIT)
		return give_up(fr, out, "an element");
	return framing_refuse(fr, out, 0, 1, "an element that is not closed, or of more than %zu MiB", fr->rules.limit >> 20);
}
