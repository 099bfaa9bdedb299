/* Text measured in a terminal's columns, and broken to lines of so many. */
#ifndef TSUMUGI_COLUMNS_H
#define TSUMUGI_COLUMNS_H

#include "analyst/base/text.h"

int rune_columns(uint32_t r);                /* 2 for East Asian wide, 0 for combining, else 1 */
int text_columns(const char *s);

/* Broken at spaces, between wide characters, and within a word that is longer than a line; the lines after
 * the first begin with indent, which is not counted in columns. */
void text_add_wrapped(struct text *t, const char *s, int columns, const char *indent);
/* A line of a list, "name    what": the name padded to so many columns, what it is wrapped beside it, or below
 * it where there is little room, so that no line is longer than page. */
void text_add_item(struct text *t, const char *name, int padded, const char *what, int page);

#endif
