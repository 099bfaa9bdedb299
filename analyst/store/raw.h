/* Looks up raw records; blocks are written by intake.c. */
#ifndef TSUMUGI_RAW_H
#define TSUMUGI_RAW_H

#include "analyst/store/sql.h"

/* The length bytes of the record at an offset of a source, or NULL in *out: it was not kept. */
int raw_record(const char **out, struct store *st, int64_t source, int64_t offset, int64_t length, struct arena *arena,
               struct fault *f);

#endif
