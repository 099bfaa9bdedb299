/* The bytes of a file, a pipe or standard input, unpacked on the way: gzip, xz and zstd
 * by their first bytes. A failed read and data that is cut off are faults and never the
 * end of the file. */
#ifndef TSUMUGI_STREAM_H
#define TSUMUGI_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyst/base/fault.h"

/* What grows beyond this many times its packed size is a trap (FORMATS 1.6); the first
 * bytes of anything pack well. Real alert files reach 100. */
#define STREAM_RATIO 200
#define STREAM_RATIO_FREE (INT64_C(10) << 20)

struct stream;

/* "-" is standard input; ratio 0 is STREAM_RATIO. What has no size is hashed as it comes. stopped, or NULL, is asked
 * while a pipe gives nothing, on whichever thread reads; true makes the read a FAULT_STOPPED. */
int stream_open(struct stream **out, const char *path, int ratio, bool (*stopped)(void *ctx), void *ctx, struct fault *f);
void stream_close(struct stream *s);            /* accepts NULL */

/* The read function of a byte_source; ctx is the stream. */
int stream_read(void *ctx, char *into, size_t room, size_t *got, struct fault *f);
/* Whether a pipe gives nothing for so long. */
bool stream_is_silent(struct stream *s, int milliseconds);

/* Begins to hash a regular file in whole, on a thread of its own. */
int stream_begin_hash(struct stream *s, struct fault *f);
bool stream_has_hash(const struct stream *s);          /* asking for it will not wait */
/* Of the packed bytes; "" for a stream that has not ended. Waits until the file is hashed.
 * -1 when it could not be read in whole. */
int stream_sha256(char out[65], struct stream *s, struct fault *f);
bool stream_is_regular(const struct stream *s);
/* Reads what the unpacker has left unread and ends the hash. A regular file is read as far as it went when it was
 * opened: a log may grow meanwhile. A fault where what there was has changed. */
int stream_finish(struct stream *s, struct fault *f);
int64_t stream_size(const struct stream *s);           /* packed, -1 unknown */
int64_t stream_done(const struct stream *s);           /* packed bytes read */
const char *stream_packing(const struct stream *s);    /* "gzip" ... or NULL */

#endif
