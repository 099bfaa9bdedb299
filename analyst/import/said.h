/* How a file is read, as far as the user may say so: what the case file keeps to tell a file that is known from one that
 * is to be read otherwise (store.h). */
#ifndef TSUMUGI_SAID_H
#define TSUMUGI_SAID_H

#include "analyst/base/text.h"
#include "analyst/import/import.h"

/* Appends a line "option=value" for every option, and for those that the user gave. map: the user's, or NULL. */
void said_lines(struct text *all, struct text *given, const struct import_options *options, const char *format,
                const struct csv_map *map, struct hasher *h);

#endif
