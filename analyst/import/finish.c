#include "analyst/import/finish.h"

#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "analyst/base/arena.h"
#include "analyst/readers/secrets.h"

/* Of zstd. Level 3 takes twice as long for 2 % less, level -1 a tenth less for a third more. Records of one kind repeat what the
 * last few said: a table of 16 kB instead of 64 finds nearly all of it and stays in the processor's nearest memory
 * (tests/bench/README.md). */
#define RAW_LEVEL 1
#define RAW_HASH_LOG 12

struct finisher {
	struct many_hasher *hasher;
	ZSTD_CCtx *packer;               /* made when there is something to pack */
	struct to_hash records[PARCEL_ITEMS];
};

struct finisher *finisher_new(void)
{
	struct finisher *fi = must_alloc(sizeof(*fi));

	fi->hasher = many_hasher_new();
	return fi;
}

void finisher_free(struct finisher *fi)
{
	if (fi == NULL)
		return;
	many_hasher_free(fi->hasher);
	ZSTD_freeCCtx(fi->packer);
	free(fi);
}

static void hash_records(struct finisher *fi, struct parcel *p)
{
	size_t count = 0;

	for (struct item *item = p->items; item < p->items + p->count; item++)
		if (item->head > 0)
			fi->records[count++] = (struct to_hash){ p->records + item->record - item->head, item->head + item->length,
			                                         &item->content };
	hash_many(fi->hasher, fi->records, count);
}

/* What readers took from the records. */
static void mask_texts(struct parcel *p)
{
	for (struct item *item = p->items; item < p->items + p->count; item++)
		for (size_t at = 0, n; at < item->texts_size; at += n + 1) {
			n = strlen(item->texts + at);
			secrets_mask(item->texts + at, n);
		}
}

/* The records of the alerts, one behind the other, each behind the head that raw blocks have: there is room for it where the
 * other head was. */
static void line_up_records(struct parcel *p)
{
	int64_t last = -1, end = 0;
	size_t used = 0;

	for (const struct item *item = p->items; item < p->items + p->count; item++) {
		/* One record may give several alerts. */
		if (item->kind != ITEM_ALERT || item->at.offset == last)
			continue;
		if (used == 0)
			p->raw_begin = end = item->at.offset;
		used += raw_head(p->records + used, item->at.offset - end, item->length);
		memmove(p->records + used, p->records + item->record, item->length);
		if (!p->keep_secrets)
			secrets_mask(p->records + used, item->length);
		used += item->length;
		last = item->at.offset;
		end = last + (int64_t)item->length;
	}
	p->raw_size = used;
}

static ZSTD_CCtx *packer_new(void)
{
	ZSTD_CCtx *packer = ZSTD_createCCtx();

	if (packer == NULL)
		out_of_memory();
	ZSTD_CCtx_setParameter(packer, ZSTD_c_compressionLevel, RAW_LEVEL);
	ZSTD_CCtx_setParameter(packer, ZSTD_c_hashLog, RAW_HASH_LOG);
	return packer;
}

static void pack_records(struct finisher *fi, struct parcel *p)
{
	size_t most = ZSTD_compressBound(p->raw_size), n;

	if (p->raw_size == 0)
		return;
	if (fi->packer == NULL)
		fi->packer = packer_new();
	if (p->packed_room < most)
		p->packed = must_grow(p->packed, p->packed_room = most, 1);
	n = ZSTD_compress2(fi->packer, p->packed, most, p->records, p->raw_size);
	p->packed_used = ZSTD_isError(n) ? 0 : n;
}

void finish_parcel(struct finisher *fi, struct parcel *p)
{
	hash_records(fi, p);
	if (!p->keep_secrets)
		mask_texts(p);
	if (p->keep_raw) {
		line_up_records(p);
		pack_records(fi, p);
	}
}
