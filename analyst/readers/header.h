/* A CSV whose header names what a reader's JSON holds: the columns of a reader that is `or_csv`. A column belongs to a
 * field when it has the name of its path, also with the suffix that Log Analytics gives it ("title_s", "timestamp_t
 * [UTC]"). reader.h uses it; readers ask reading_text. */
#ifndef TSUMUGI_HEADER_H
#define TSUMUGI_HEADER_H

#include "analyst/readers/reader.h"

struct header;

struct header *header_new(struct arena *arena);
/* 1 where the record is a row, which header_text then speaks of; 0 where it was the header or is rejected; -1. */
int header_row(struct header *h, struct reading *rg, const struct record *rec, struct fault *f);
const char *header_text(const struct header *h, size_t row);      /* NULL where nothing stands */

int header_score(const struct clue *clues, const struct probe *p);
bool probe_is_json(const char *head, size_t n);

#endif
