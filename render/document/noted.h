/* The fields that people fill in: what a note says, marked as theirs, or that it is still to be filled in. */
#ifndef TSUMUGI_NOTED_H
#define TSUMUGI_NOTED_H

#include "render/document/report.h"

/* The note's words as readers may see them: on one line, defanged; NULL without a note. in: NULL for the whole
 * report. */
const char *noted_plain(const struct report_request *rq, const struct incident *in, const char *field, struct arena *a);
/* "contained (entered)" */
const char *noted_mark(const struct report_request *rq, const char *s, struct arena *a);
/* Both: the note with its mark, or NULL. */
const char *noted(const struct report_request *rq, const struct incident *in, const char *field, struct arena *a);

#endif
