/* Is a pattern (see phrases.h) well formed, and does it name only facts that are known? */
#ifndef TSUMUGI_PATTERN_H
#define TSUMUGI_PATTERN_H

#include <stdbool.h>

#include "analyst/base/arena.h"

/* name is not ended: n letters. */
typedef bool (*pattern_fact)(void *ctx, const char *name, size_t n);

/* NULL when it is; else what is wrong, for behind a file and line: "unknown fact 'hots'". */
const char *pattern_wrong(const char *pattern, pattern_fact known, void *ctx, struct arena *a);

/* Each fact the pattern names, until `each` returns false. */
void pattern_facts(const char *pattern, pattern_fact each, void *ctx);

#endif
