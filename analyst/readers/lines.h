/* What readers of text lines share: their bytes as clean text, dates that products write
 * with the month's name, the prefix a syslog daemon puts before a message, and pairs of
 * key and value. Results live in the arena. */
#ifndef TSUMUGI_LINES_H
#define TSUMUGI_LINES_H

#include "analyst/readers/fields.h"

/* n bytes as UTF-8 with a NUL after them; bytes that are none, and NUL, become U+FFFD. The
 * line's end and blanks around it are gone. */
char *line_text(struct arena *arena, const char *s, size_t n);

/* "Mar 11 2021 14:05:09.123 UTC", "Mar 11 14:05:09", "Thu Mar 11 14:05:09 2021", "Thu, 11 Mar 2021 14:05:09 +0000",
 * "11/Mar/2021:14:05:09 +0000", "Mar 11, 2021 @ 14:05:09.123" and "Mar 11, 2021, 2:05:09 PM" as ISO 8601. A year that is missing is the one that brings the date nearest to `written` and at
 * most a day past it. NULL when s is no such date, or when its year cannot be told. */
const char *date_in_words(struct arena *arena, const char *s, instant written);

/* The time in what stands before a message: "<134>1 2021-03-11T00:00:00Z host ...",
 * "Mar 11 14:05:09 host ...". NULL when there is none; a date whose year cannot be told
 * comes as it is written. */
const char *syslog_time(struct arena *arena, const char *prefix, instant written);

/* A time field of any shape: words become ISO 8601, the rest stays as it is. */
void take_time_text(struct filling *fi, const struct field *field, const char *s, instant written);

/* Where a message "CEF:0|..." begins in a line: the mark, blanks, one of the versions. NULL
 * when it does not within 512 bytes, or stands behind quotes and braces: text that only
 * holds such a message is another format. */
const char *find_mark(const char *s, size_t n, const char *mark, const char *versions);
/* What the first lines of a file are worth to a reader of such messages. */
int probe_marks(const char *s, size_t n, bool whole, const char *mark, const char *versions);

/* Whether one of a file's first twenty lines, which may say other things, is of a format. JSON is none, and neither are lines
 * of 8 KiB and more. */
bool probe_lines(const char *s, size_t n, instant written, bool (*is_one)(const char *line, instant written, struct arena *arena));

/* Fields parted by "|", where "\\|" and "\\\\" are characters: at most `most`, each as text of
 * its own. Tells how many there were; *rest is what follows the bar after the last. */
size_t bar_fields(struct arena *arena, const char *s, char **out, size_t most, const char **rest);

/* "barracudanetworks waas"; a product that is named by its vendor is named once, and what
 * other readers call by one word keeps it. */
const char *product_named(struct arena *arena, const char *vendor, const char *product, const char *otherwise);

/* "key=value" pairs of a line. Keys are letters, digits and "_.[],-". */
#define PAIRS_MOST 512
struct pair {
	const char *key, *value;
};
struct pairs {
	struct pair pairs[PAIRS_MOST];
	size_t count;             /* what is more is left out */
};

/* Pairs parted by one character, which values cannot hold. */
void pairs_split(struct pairs *out, struct arena *arena, const char *s, char delimiter);
/* Pairs parted by blanks, which values hold too: a value ends where " key=" begins. In the
 * value of a key of `prose` only a key of `known` ends it, where "Vendor*" is all keys that begin so. Both may be NULL. */
void pairs_spaced(struct pairs *out, struct arena *arena, const char *s, const char *const *prose,
                  const char *const *known);
const char *pair_value(const struct pairs *p, const char *key);      /* or NULL */

/* Fills by a table whose paths are keys, row by row. */
void take_pairs(struct filling *fi, const struct field *fields, const struct pairs *p, instant written);

#endif
