#include "analyst/readers/framing.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyst/base/arena.h"
#include "analyst/readers/framing_parts.h"

#define HEAD_SIZE ((size_t)64 * 1024)

struct framing *framing_new(const struct framing_rules *rules, struct byte_source source)
{
	struct framing *fr = must_alloc(sizeof(*fr));

	fr->rules = *rules;
	if (fr->rules.limit == 0)
		fr->rules.limit = rules->kind == FRAME_WHOLE ? WHOLE_LIMIT : RECORD_LIMIT;
	window_open(&fr->w, source);
	return fr;
}

void framing_free(struct framing *fr)
{
	if (fr == NULL)
		return;
	window_close(&fr->w);
	text_free(&fr->cells_text);
	free(fr->cells);
	json_table_free(fr->table);
	free(fr);
}

bool looks_like_utf16(const char *s, size_t n)
{
	if (n >= 2 && ((s[0] == '\xFF' && s[1] == '\xFE') || (s[0] == '\xFE' && s[1] == '\xFF')))
		return true;
	return n >= 4 && ((s[0] == '\0' && s[2] == '\0' && s[1] != '\0' && s[3] != '\0') ||
	                  (s[1] == '\0' && s[3] == '\0' && s[0] != '\0' && s[2] != '\0'));
}

int framing_give(struct framing *fr, struct record *out, size_t n, size_t skip)
{
	struct window *w = &fr->w;

	out->bytes = window_at(w);
	out->n = n;
	out->room = window_size(w) + WINDOW_PADDING;
	out->at = (struct place){ w->line, w->offset, (int64_t)n };
	window_skip(w, skip);
	return 1;
}

int framing_refuse(struct framing *fr, struct record *out, size_t n, size_t skip, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	vsnprintf(fr->reason, sizeof(fr->reason), format, ap);
	va_end(ap);
	framing_give(fr, out, n, skip);
	out->broken = fr->reason;
	return 1;
}

int framing_line(struct framing *fr, size_t *n, struct fault *f)
{
	struct window *w = &fr->w;
	size_t seen = 0;

	for (;;) {
		size_t size = window_size(w);
		const char *feed = size > seen ? memchr(window_at(w) + seen, '\n', size - seen) : NULL;
		int rc;

		if (feed != NULL) {
			*n = (size_t)(feed - window_at(w));
			return *n > fr->rules.limit ? 2 : 1;
		}
		seen = size;
		*n = size;
		if (size > fr->rules.limit)
			return 2;
		if ((rc = window_more(w, f)) < 0)
			return -1;
		if (rc == 0)
			return 0;
	}
}

int framing_drop_line(struct framing *fr, int64_t *dropped, struct fault *f)
{
	struct window *w = &fr->w;

	*dropped = 0;
	for (;;) {
		size_t size = window_size(w);
		const char *feed = size > 0 ? memchr(window_at(w), '\n', size) : NULL;
		int rc;

		if (feed != NULL) {
			size_t n = (size_t)(feed - window_at(w)) + 1;

			*dropped += (int64_t)n;
			window_skip(w, n);
			return 0;
		}
		*dropped += (int64_t)size;
		window_skip(w, size);
		if ((rc = window_more(w, f)) <= 0)
			return rc;
	}
}

int framing_take_line(struct framing *fr, struct record *out, const char *kind, size_t *n, size_t *skip, struct fault *f)
{
	struct window *w = &fr->w;
	int rc = framing_line(fr, n, f);

	if (rc < 0)
		return -1;
	if (rc == 2) {
		struct place at = { w->line, w->offset, 0 };

		if (framing_drop_line(fr, &at.length, f) < 0)
			return -1;
		framing_refuse(fr, out, 0, 0, "%s of more than %zu MiB", kind, fr->rules.limit >> 20);
		out->at = at;
		return 2;
	}
	*skip = rc == 1 ? *n + 1 : *n;
	return *skip > 0;
}

static int next_line(struct framing *fr, struct record *out, struct fault *f)
{
	size_t n, skip;
	int rc = framing_take_line(fr, out, "a line", &n, &skip, f);

	if (rc != 1)
		return rc == 2 ? 1 : rc;
	while (n > 0 && window_at(&fr->w)[n - 1] == '\r')
		n--;
	return framing_give(fr, out, n, skip);
}

/* Where the line that begins at `from` of the window ends: its feed, or the end of the file. 1, 0 when nothing is left
 * there, -1. *n is bytes of the window; a line of more than the limit ends at it. */
static int line_end(struct framing *fr, size_t from, size_t *n, struct fault *f)
{
	struct window *w = &fr->w;

	for (size_t seen = from;;) {
		size_t size = window_size(w);
		const char *feed = size > seen ? memchr(window_at(w) + seen, '\n', size - seen) : NULL;
		int rc;

		if (feed != NULL || size - from > fr->rules.limit) {
			*n = feed != NULL ? (size_t)(feed - window_at(w)) : size;
			return 1;
		}
		seen = size;
		if ((rc = window_more(w, f)) < 0)
			return -1;
		if (rc == 0) {
			*n = size;
			return size > from;
		}
	}
}

static bool begins_block(struct framing *fr, size_t from, size_t end)
{
	size_t n = strlen(fr->rules.mark);

	return end - from >= n && memcmp(window_at(&fr->w) + from, fr->rules.mark, n) == 0;
}

/* Blank lines at its end part it from the next and belong to neither. */
static int next_block(struct framing *fr, struct record *out, struct fault *f)
{
	struct window *w = &fr->w;
	size_t end = 0, n = 0, skip = 0;
	int rc;

	while ((rc = line_end(fr, skip, &end, f)) > 0) {
		if (skip > 0 && (begins_block(fr, skip, end) || !begins_block(fr, 0, n)))
			break;
		n = end;
		skip = end < window_size(w) && window_at(w)[end] == '\n' ? end + 1 : end;
		if (skip > fr->rules.limit)
			return framing_refuse(fr, out, n, skip, "a record of more than %zu MiB", fr->rules.limit >> 20);
	}
	if (rc < 0 || skip == 0)
		return rc < 0 ? -1 : 0;
	while (n > 0 && (window_at(w)[n - 1] == '\r' || window_at(w)[n - 1] == '\n'))
		n--;
	return framing_give(fr, out, n, skip);
}

static int whole_file(struct framing *fr, struct record *out, struct fault *f)
{
	struct window *w = &fr->w;

	if (fr->done)
		return 0;
	fr->done = true;
	if (window_need(w, fr->rules.limit + 1, f) < 0)
		return -1;
	if (window_size(w) > fr->rules.limit)
		return fault_set(f, FAULT_DATA, "longer than the %zu MiB that are read of such a document",
		                 fr->rules.limit >> 20);
	return framing_give(fr, out, window_size(w), window_size(w));
}

int framing_need_head(struct framing *fr, struct fault *f)
{
	size_t gone = (size_t)fr->w.offset, head = fr->rules.head;

	if (head == 0 || head >= HEAD_SIZE)
		return window_need(&fr->w, HEAD_SIZE, f);
	return window_need(&fr->w, head > gone ? head - gone : 0, f);
}

/* A byte order mark says only that this is UTF-8, which everything here is. */
static int begin(struct framing *fr, struct fault *f)
{
	fr->begun = true;
	if (framing_need_head(fr, f) < 0)
		return -1;
	if (window_size(&fr->w) >= 3 && memcmp(window_at(&fr->w), "\xEF\xBB\xBF", 3) == 0)
		window_skip(&fr->w, 3);
	if (looks_like_utf16(window_at(&fr->w), window_size(&fr->w)))
		return fault_set(f, FAULT_DATA, "written in UTF-16, which is not read: save it as UTF-8");
	return 0;
}

int framing_next(struct framing *fr, struct record *out, struct fault *f)
{
	memset(out, 0, sizeof(*out));
	if (!fr->begun && begin(fr, f) < 0)
		return -1;
	switch (fr->rules.kind) {
	case FRAME_JSON:
		return framing_json_next(fr, out, f);
	case FRAME_CSV:
		return framing_csv_next(fr, out, f);
	case FRAME_XML:
		return framing_xml_next(fr, out, f);
	case FRAME_WHOLE:
		return whole_file(fr, out, f);
	case FRAME_BLOCKS:
		return next_block(fr, out, f);
	case FRAME_LINES:
		break;
	}
	return next_line(fr, out, f);
}
