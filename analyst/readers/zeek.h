/* Zeek's logs (FORMATS 2.2), as tab-separated text or as JSON lines. Two logs are judgements: notice, and intel, where an
 * indicator was seen. The others are telemetry. Both writings name their fields alike, so one table serves. */
#ifndef TSUMUGI_ZEEK_H
#define TSUMUGI_ZEEK_H

#include "analyst/readers/reader.h"

/* The fields that are looked at. Behind these rows are other ways to write some of their names, which only JSON has. */
#define ZEEK_ROWS 41
extern const struct field zeek_fields[];

bool zeek_is_list(size_t row);

/* A record however it was written. values: a text each row, "a, b" for a list, NULL for none; path: the log's name where
 * it stands apart from the record, or NULL. */
int zeek_record(struct reading *rg, const struct record *rec, const char *const *values, const char *path,
                struct fault *f);

#endif
