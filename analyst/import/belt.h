/* Records on their way from the thread that reads and parses to the one that writes: in
 * parcels of about a megabyte, a few of which go round, so that memory stays the same
 * however long the file is.
 *
 *     reader                                       writer
 *     p = belt_empty(b);                           while ((p = belt_take(b)) != NULL) {
 *     while (!parcel_add_alert(p, ...)) {                  for (i = 0; i < p->count; i++)
 *             belt_send(b, p);                                     ... p->items[i] ...
 *             p = belt_empty(b);                           belt_return(b, p);
 *     }                                            }
 *     belt_end(b);
 */
#ifndef TSUMUGI_BELT_H
#define TSUMUGI_BELT_H

#include "analyst/readers/reader.h"
#include "analyst/store/store.h"

enum item_kind { ITEM_ALERT, ITEM_INDICATOR, ITEM_ASSET, ITEM_REJECT, ITEM_BLANK, ITEM_TELEMETRY };

struct item {
	enum item_kind kind;
	enum blank blank;
	struct place at;
	struct content content;          /* ITEM_ALERT */
	union {
		/* Cut off behind its last entity. */
		const struct alert *alert;
		const struct indicator *indicator;
		const struct asset *asset;
		const char *reason;
		const struct telemetry *telemetry;
	};
};

struct parcel {
	struct item *items;
	size_t count;
	char *bytes;                     /* what the items point to */
	size_t used, room;
	/* The records of the alerts as they were read, for the case file: see store.h on raw
	 * blocks. Made small by whichever thread has nothing better to do. */
	char *raw, *packed;
	size_t raw_used, raw_room, packed_used, packed_room;
	bool keep_secrets;               /* else they are masked in what is added; see readers/secrets.h */
	int64_t raw_begin, raw_last, raw_end;    /* offsets of the first record, the last, behind it */
	enum { RAW_AS_READ, RAW_AT_WORK, RAW_PACKED } raw_state;
	struct parcel *next;
};

/* Each copies what it is given. False: the parcel is full. An empty one never is. */
/* raw: the n bytes of the record, or NULL when they are not kept. */
bool parcel_add_alert(struct parcel *p, const struct alert *a, const struct place *at, const struct content *content,
                      const char *raw, size_t n);
bool parcel_add_indicator(struct parcel *p, const struct indicator *i, const struct place *at);
bool parcel_add_asset(struct parcel *p, const struct asset *a, const struct place *at);
bool parcel_add_reject(struct parcel *p, const struct place *at, const char *reason);
bool parcel_add_telemetry(struct parcel *p, const struct telemetry *t, const struct place *at);
bool parcel_add_blank(struct parcel *p, const struct place *at, enum blank why);

struct belt;

struct belt *belt_new(bool keep_secrets);
void belt_free(struct belt *b);          /* accepts NULL */
struct parcel *belt_empty(struct belt *b);     /* waits for one; NULL when the writer has given up */
void belt_send(struct belt *b, struct parcel *p);
void belt_end(struct belt *b);           /* nothing more will be sent */
struct parcel *belt_take(struct belt *b);      /* waits for one; NULL at the end */
void belt_return(struct belt *b, struct parcel *p);
void belt_give_up(struct belt *b);       /* the writer takes no more */

#endif
