/* Records on their way from the thread that reads and parses to the one that writes: in
 * parcels of about a megabyte, a few of which go round, so that memory stays the same
 * however long the file is.
 *
 *     reader                                       writer
 *     p = belt_empty(b);                           while ((p = belt_take(b, 200, &late)) != NULL) {
 *     while (!parcel_add_alert(p, ...)) {                  for (i = 0; i < p->count; i++)
 *             belt_send(b, p);                                     ... p->items[i] ...
 *             p = belt_empty(b);                           belt_return(b, p);
 *     }                                            }
 *     belt_end(b);
 */
#ifndef TSUMUGI_BELT_H
#define TSUMUGI_BELT_H

#include "analyst/import/finish.h"

struct belt;

/* Of what the parcels keep, see parcel_new; finishers: the reader's and the writer's, lent. */
struct belt *belt_new(struct finisher *const finishers[2], struct hasher *hasher, const char *format, bool keep_raw,
                      bool keep_secrets);
void belt_free(struct belt *b);          /* accepts NULL */
struct parcel *belt_empty(struct belt *b);     /* waits for one; NULL when the writer has given up */
void belt_send(struct belt *b, struct parcel *p);
void belt_end(struct belt *b);           /* nothing more will be sent */
/* Waits for a finished one so long; NULL at the end, or, with *late, when none came. */
struct parcel *belt_take(struct belt *b, int milliseconds, bool *late);
void belt_return(struct belt *b, struct parcel *p);
void belt_give_up(struct belt *b);       /* the writer takes no more */

#endif
