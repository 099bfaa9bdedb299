/* Files that we write: by a temporary name in the same folder, synced, then renamed. The
 * final name holds the old file or the whole new one, never a part.
 *
 *     struct output *o;
 *     if (output_open(&o, "week.pdf", f) < 0) ...
 *     if (output_add(o, bytes, n, f) == 0 && output_keep(o, f) == 0) ...
 *     output_close(o);       drops what was not kept; accepts NULL
 *
 * "-" is standard output, as is a name that leads there; devices and pipes are written directly. A link is replaced, not
 * followed. */
#ifndef TSUMUGI_OUTPUT_H
#define TSUMUGI_OUTPUT_H

#include "analyst/base/fault.h"
#include "analyst/base/text.h"

struct output;

int output_open(struct output **out, const char *path, struct fault *f);
int output_add(struct output *o, const void *bytes, size_t n, struct fault *f);
int output_keep(struct output *o, struct fault *f);
void output_close(struct output *o);

/* All of it in one call. */
int output_write(const char *path, const struct text *bytes, struct fault *f);
/* Makes the folder unless it is there. */
int output_folder(const char *path, struct fault *f);

#endif
