/* What a reader found in a part of a file, on its way to the store: copied, with secrets masked. */
#ifndef TSUMUGI_PARCEL_H
#define TSUMUGI_PARCEL_H

#include <zstd.h>

#include "analyst/import/sharing.h"
#include "analyst/readers/reader.h"
#include "analyst/store/store.h"

enum item_kind { ITEM_ALERT, ITEM_INDICATOR, ITEM_ASSET, ITEM_REJECT, ITEM_BLANK, ITEM_TELEMETRY };

struct item {
	enum item_kind kind;
	enum blank blank;
	struct place at;
	struct content content;          /* ITEM_ALERT, ITEM_TELEMETRY: left to whoever adds it, see parcel_content */
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
	struct sharing *sharing;         /* while it is being filled */
	bool keep_secrets;               /* else they are masked in what is added; see readers/secrets.h */
	int64_t raw_begin, raw_last, raw_end;    /* offsets of the first record, the last, behind it */
	enum { RAW_AS_READ, RAW_AT_WORK, RAW_PACKED } raw_state;
	struct parcel *next;
};

/* Each copies what it is given. False: the parcel is full. An empty one never is. */
/* raw: the n bytes of the record, or NULL when they are not kept. */
bool parcel_add_alert(struct parcel *p, const struct alert *a, const struct place *at, const char *raw, size_t n);
bool parcel_add_indicator(struct parcel *p, const struct indicator *i, const struct place *at);
bool parcel_add_asset(struct parcel *p, const struct asset *a, const struct place *at);
bool parcel_add_reject(struct parcel *p, const struct place *at, const char *reason);
bool parcel_add_telemetry(struct parcel *p, const struct telemetry *t, const struct place *at);
bool parcel_add_blank(struct parcel *p, const struct place *at, enum blank why);


/* Where the content of what was added last belongs: good until the parcel is emptied. */
struct content *parcel_content(struct parcel *p);

struct parcel *parcel_new(bool keep_secrets);
void parcels_free(struct parcel *p);     /* and those that follow it; accepts NULL */
/* Empties it. What it is filled with next shares rules and entities by these tables, which are cleared. */
void parcel_begin(struct parcel *p, struct sharing *sharing);
/* Gives back what one huge record made it grow to. */
void parcel_trim(struct parcel *p);
/* Masks and packs the records. *packer begins as NULL. */
void parcel_pack(struct parcel *p, ZSTD_CCtx **packer);

#endif
