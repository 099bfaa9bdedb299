/* Telemetry on its way into the case file: counts by hour and ends, added up in memory and
 * written with the batch they belong to. */
#ifndef TSUMUGI_CELLS_H
#define TSUMUGI_CELLS_H

#include "analyst/model/telemetry.h"
#include "analyst/store/sql.h"

/* Beyond so many different seconds in an hour no rhythm shows, and they are not kept. */
#define CELL_SECONDS 120

/* Whom one host met in an hour, of one kind and file: with more ends than these it scans, or serves. Those whose hashes
 * are smallest are kept, which is the same whatever came first; the others are counted together, met with CELL_OTHERS. */
#define CELL_ENDS 4096
#define CELL_OTHERS "*"

struct cells;

struct cells *cells_new(void);
void cells_free(struct cells *c);        /* accepts NULL */
void cells_add(struct cells *c, const struct telemetry *t);
/* So many that they should be written; a batch may be longer. */
bool cells_full(const struct cells *c);
/* Adds them to what the case file has of this source, and forgets them. */
int cells_write(struct cells *c, struct store *st, int64_t source, struct fault *f);

#endif
