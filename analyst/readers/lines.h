/* What readers of text lines share: their bytes as clean text, dates that products write
 * with the month's name, the prefix a syslog daemon puts before a message, and tables of
 * fields whose paths are plain keys. Results live in the arena. */
#ifndef TSUMUGI_LINES_H
#define TSUMUGI_LINES_H

#include "analyst/readers/fields.h"

/* n bytes as UTF-8 with a NUL after them; bytes that are none, and NUL, become U+FFFD. The
 * line's end and blanks around it are gone. */
char *line_text(struct arena *arena, const char *s, size_t n);

/* "Mar 11 2021 14:05:09.123 UTC", "Mar 11 14:05:09" and "Thu Mar 11 14:05:09 2021" as ISO
 * 8601. A year that is missing is the one that brings the date nearest to `written` and at
 * most a day past it. NULL when s is no such date, or when its year cannot be told. */
const char *date_in_words(struct arena *arena, const char *s, instant written);

/* The time in what stands before a message: "<134>1 2021-03-11T00:00:00Z host ...",
 * "Mar 11 14:05:09 host ...". NULL when there is none. */
const char *syslog_time(struct arena *arena, const char *prefix, instant written);

/* A time field of any shape: words become ISO 8601, the rest stays as it is. */
void take_time_text(struct filling *fi, const struct field *field, const char *s, instant written);

/* The rows of the table whose path is this key, regardless of case. */
void take_key(struct filling *fi, const struct field *fields, const char *key, const char *value, instant written);

#endif
