/* What a reader found in a part of a file, on its way to the store: copied, and shared where alerts say the same. What is
 * known of a record by its bytes alone comes later, see finish.h. */
#ifndef TSUMUGI_PARCEL_H
#define TSUMUGI_PARCEL_H

#include "analyst/import/sharing.h"
#include "analyst/readers/reader.h"
#include "analyst/store/store.h"

enum item_kind { ITEM_ALERT, ITEM_INDICATOR, ITEM_ASSET, ITEM_REJECT, ITEM_BLANK, ITEM_TELEMETRY };

struct item {
	enum item_kind kind;
	enum blank blank;
	struct place at;
	/* ITEM_ALERT, ITEM_TELEMETRY: the bytes in `records`, and in front of them what is hashed with them; none when the
	 * content is known already. */
	size_t record, length, head;
	struct content content;          /* of a finished parcel */
	/* Texts of it alone, each with its NUL, that may hold secrets. */
	char *texts;
	size_t texts_size;
	union {
		/* Cut off behind its last entity. */
		const struct alert *alert;
		const struct indicator *indicator;
		const struct asset *asset;
		const char *reason;
		const struct telemetry *telemetry;
	};
};

#define PARCEL_ITEMS 4096

struct parcel {
	struct item *items;
	size_t count;
	char *bytes;                     /* what the items point to */
	size_t used, room;
	char *records;                   /* as they were read */
	size_t records_used, records_room;
	struct sharing *sharing;         /* while it is being filled */
	struct hasher *hasher;           /* lent: for the few records that are hashed at once */
	const char *format;              /* of the records */
	bool keep_raw;                   /* the records are for the case file, too: see store.h on raw blocks */
	bool keep_secrets;               /* else they are masked in what is added; see readers/secrets.h */
	int64_t raw_begin;               /* of a finished one that keeps them: where the first record is, how long all are */
	size_t raw_size;
	char *packed;                    /* and small */
	size_t packed_used, packed_room;
	enum { PARCEL_FULL, PARCEL_AT_WORK, PARCEL_FINISHED } state;
	struct parcel *next;
};

/* Each copies what it is given. False: the parcel is full. An empty one never is. */
/* bytes: the n bytes of the record. */
bool parcel_add_alert(struct parcel *p, const struct alert *a, const struct place *at, const char *bytes, size_t n);
bool parcel_add_telemetry(struct parcel *p, const struct telemetry *t, const struct place *at, const char *bytes, size_t n);
bool parcel_add_indicator(struct parcel *p, const struct indicator *i, const struct place *at);
bool parcel_add_asset(struct parcel *p, const struct asset *a, const struct place *at);
bool parcel_add_reject(struct parcel *p, const struct place *at, const char *reason);
bool parcel_add_blank(struct parcel *p, const struct place *at, enum blank why);

/* How what it is filled with is kept. hasher and format are lent. */
struct parcel *parcel_new(struct hasher *hasher, const char *format, bool keep_raw, bool keep_secrets);
void parcels_free(struct parcel *p);     /* and those that follow it; accepts NULL */
/* Empties it. What it is filled with next shares rules and entities by these tables, which are cleared. */
void parcel_begin(struct parcel *p, struct sharing *sharing);
/* Gives back what one huge record made it grow to. */
void parcel_trim(struct parcel *p);

#endif
