/* What is left to do with a parcel that is full: the hashes of its records, the masks, and its records packed for the
 * case file. None of it has to be done in order or by one thread: whichever has to wait for the other takes a parcel. */
#ifndef TSUMUGI_FINISH_H
#define TSUMUGI_FINISH_H

#include "analyst/import/parcel.h"

/* One thread's. */
struct finisher;
struct finisher *finisher_new(void);
void finisher_free(struct finisher *fi);         /* accepts NULL */

void finish_parcel(struct finisher *fi, struct parcel *p);

#endif
