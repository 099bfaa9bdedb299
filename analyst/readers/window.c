#include "analyst/readers/window.h"

#include <stdlib.h>
#include <string.h>

#include "analyst/base/arena.h"

void window_open(struct window *w, struct byte_source source)
{
	memset(w, 0, sizeof(*w));
	w->source = source;
	w->line = 1;
}

void window_close(struct window *w)
{
	free(w->bytes);
	memset(w, 0, sizeof(*w));
}

int window_more(struct window *w, struct fault *f)
{
	size_t got = 0;

	if (w->ended)
		return 0;
	if (w->begin > 0 && (w->room - w->end < WINDOW_PIECE + WINDOW_PADDING || w->begin == w->end)) {
		memmove(w->bytes, w->bytes + w->begin, w->end - w->begin);
		w->end -= w->begin;
		w->begin = 0;
	}
	if (w->room - w->end < WINDOW_PIECE + WINDOW_PADDING) {
		w->room = (w->room + WINDOW_PIECE) * 2 + WINDOW_PADDING;
		w->bytes = must_grow(w->bytes, w->room, 1);
	}
	if (w->source.read(w->source.ctx, w->bytes + w->end, WINDOW_PIECE, &got, f) < 0)
		return -1;
	w->end += got;
	memset(w->bytes + w->end, 0, WINDOW_PADDING);
	if (got == 0)
		w->ended = true;
	return got > 0;
}

int64_t count_lines(const char *s, size_t n)
{
	const char *end = s + n;
	int64_t lines = 0;

	while (s < end && (s = memchr(s, '\n', (size_t)(end - s))) != NULL) {
		lines++;
		s++;
	}
	return lines;
}

void window_skip(struct window *w, size_t n)
{
	if (n == 0)
		return;
	w->line += count_lines(window_at(w), n);
	w->begin += n;
	w->offset += (int64_t)n;
}

void window_skip_line(struct window *w, size_t n)
{
	w->line++;
	w->begin += n;
	w->offset += (int64_t)n;
}

int window_need(struct window *w, size_t n, struct fault *f)
{
	while (window_size(w) < n) {
		int rc = window_more(w, f);

		if (rc <= 0)
			return rc;
	}
	return 0;
}

static int memory_read(void *ctx, char *into, size_t room, size_t *got, struct fault *f)
{
	struct memory_bytes *m = ctx;

	(void)f;
	*got = m->n < room ? m->n : room;
	if (*got > 0)
		memcpy(into, m->bytes, *got);
	m->bytes += *got;
	m->n -= *got;
	return 0;
}

struct byte_source memory_source(struct memory_bytes *m)
{
	return (struct byte_source){ memory_read, m };
}
