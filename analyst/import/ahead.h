/* Reads ahead on a thread of its own, a megabyte at most: unpacking goes on while records are
 * parsed. What came before a failure is handed out before it is told.
 *
 *     struct ahead *a = ahead_open((struct byte_source){ stream_read, stream });
 *     reading_run(rg, (struct byte_source){ ahead_read, a }, f);
 *     ahead_close(a);        then the source is nobody's but the caller's again
 */
#ifndef TSUMUGI_AHEAD_H
#define TSUMUGI_AHEAD_H

#include "analyst/readers/window.h"

struct ahead;

int ahead_open(struct ahead **out, struct byte_source from, struct fault *f);
void ahead_close(struct ahead *a);       /* accepts NULL */
/* The read function of a byte_source; ctx is the struct ahead. */
int ahead_read(void *ctx, char *into, size_t room, size_t *got, struct fault *f);

#endif
