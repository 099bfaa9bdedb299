/* The part of a file that is in memory: a window that slides forward over bytes that
 * come in pieces. Framings look at it; nobody else does. */
#ifndef TSUMUGI_WINDOW_H
#define TSUMUGI_WINDOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyst/base/fault.h"

/* Where bytes come from. read puts at most room bytes into `into` and says how many;
 * none is the end of the file, which a failed read never is. */
struct byte_source {
	int (*read)(void *ctx, char *into, size_t room, size_t *got, struct fault *f);
	void *ctx;
};

#define WINDOW_PIECE ((size_t)256 * 1024)   /* asked for at a time */
#define WINDOW_PADDING 64                   /* readable bytes after the last one */

struct window {
	struct byte_source source;
	char *bytes;
	size_t begin, end, room;   /* bytes[begin, end) is what has not been framed */
	int64_t offset;            /* of bytes[begin] in the file */
	int64_t line;              /* of bytes[begin], from 1 */
	bool ended;                /* no more will come */
};

void window_open(struct window *w, struct byte_source source);
void window_close(struct window *w);
/* One more piece; moves bytes, so that only offsets from `begin` stay good. 1 when some
 * came, 0 at the end. */
int window_more(struct window *w, struct fault *f);
/* Forgets the first n bytes and counts their lines. */
void window_skip(struct window *w, size_t n);
/* The same for n bytes that are known to be one line, with its line feed. */
void window_skip_line(struct window *w, size_t n);
/* n bytes from the first on, or as many as there are. */
int window_need(struct window *w, size_t n, struct fault *f);

static inline const char *window_at(const struct window *w) { return w->bytes + w->begin; }
static inline size_t window_size(const struct window *w) { return w->end - w->begin; }

/* Bytes that are in memory already: what probes read. */
struct memory_bytes {
	const char *bytes;
	size_t n;
};
struct byte_source memory_source(struct memory_bytes *m);

int64_t count_lines(const char *s, size_t n);    /* line feeds in n bytes */

#endif
