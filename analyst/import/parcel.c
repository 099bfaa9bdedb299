#include "analyst/import/parcel.h"

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "analyst/base/arena.h"
#include "analyst/readers/secrets.h"

#define PARCEL_BYTES ((size_t)1 << 20)
#define PARCEL_ITEMS 4096
#define PARCEL_RAW ((size_t)4 << 20)
/* Of zstd. Level 3 takes twice as long for 2 % less, level -1 a tenth less for a third more. Records of one kind repeat what the
 * last few said: a table of 16 kB instead of 64 finds nearly all of it and stays in the processor's nearest memory
 * (tests/bench/README.md). */
#define RAW_LEVEL 1
#define RAW_HASH_LOG 12

/* Copies strings behind a structure. The lengths are taken once. */
struct packer {
	const char **from[2 * ALERT_ENTITIES + 16];
	size_t length[2 * ALERT_ENTITIES + 16];
	size_t count, bytes;
};

static void pack_n(struct packer *k, const char **s, size_t n)
{
	k->from[k->count] = s;
	k->length[k->count] = n + 1;
	k->bytes += k->length[k->count++];
}

static void pack(struct packer *k, const char **s)
{
	if (*s != NULL)
		pack_n(k, s, strlen(*s));
}

static void pack_end(struct packer *k, char *to)
{
	for (size_t i = 0; i < k->count; i++) {
		memcpy(to, *k->from[i], k->length[i]);
		*k->from[i] = to;
		to += k->length[i];
	}
}

/* n bytes of the parcel, or NULL when it is full. */
static void *take_bytes(struct parcel *p, size_t n)
{
	const size_t align = alignof(max_align_t);
	void *taken;

	n = (n + align - 1) / align * align;
	if (p->count == PARCEL_ITEMS || (p->room - p->used < n && p->count > 0))
		return NULL;
	if (p->room - p->used < n) {
		p->room = p->used + n;
		p->bytes = must_grow(p->bytes, p->room, 1);
	}
	taken = p->bytes + p->used;
	p->used += n;
	return taken;
}

static void mask(char *s, size_t n, const struct alert *a)
{
	for (size_t i = 0; i < a->secret_count; i++)
		secrets_mask_value(s, n, a->secrets[i]);
}

/* What readers took from the record, after it was copied. */
static void mask_values(char *s, const struct packer *k, const struct alert *a)
{
	for (size_t i = 0; i < k->count; s += k->length[i++]) {
		secrets_mask(s, k->length[i] - 1);
		mask(s, k->length[i] - 1, a);
	}
}

static struct item *add_item(struct parcel *p, enum item_kind kind, const struct place *at)
{
	struct item *item = &p->items[p->count++];

	item->kind = kind;
	item->at = *at;
	return item;
}

static void add_raw(struct parcel *p, const struct alert *a, const struct place *at, const char *raw, size_t n)
{
	/* One record may give several alerts. */
	if (p->raw_used > 0 && at->offset == p->raw_last)
		return;
	p->raw_last = at->offset;
	if (p->raw_room - p->raw_used < n + RAW_HEAD) {
		p->raw_room = p->raw_used + n + RAW_HEAD > PARCEL_RAW ? p->raw_used + n + RAW_HEAD : PARCEL_RAW;
		p->raw = must_grow(p->raw, p->raw_room, 1);
	}
	if (p->raw_used == 0)
		p->raw_begin = p->raw_end = at->offset;
	p->raw_used += raw_head(p->raw + p->raw_used, at->offset - p->raw_end, n);
	memcpy(p->raw + p->raw_used, raw, n);
	if (!p->keep_secrets)
		mask(p->raw + p->raw_used, n, a);      /* the others later, see mask_records */
	p->raw_used += n;
	p->raw_end = at->offset + (int64_t)n;
}

static void pack_rule(struct packer *k, struct rule *r)
{
	pack(k, &r->product);
	pack(k, &r->id);
	pack(k, &r->name);
	pack(k, &r->category);
	pack(k, &r->techniques);
	pack(k, &r->tactics);
}

/* Those that are not shared, as the number of those that are is not 0. */
static void pack_entities(struct packer *k, struct entity *entities, size_t count, const struct sharing *sharing)
{
	for (struct entity *e = entities; e < entities + count; e++) {
		if (e->shown == e->value)
			e->shown = NULL;
		if (sharing != NULL && sharing_entity(sharing, e))
			continue;
		pack_n(k, &e->value, e->length);
		pack(k, &e->shown);
	}
}

static bool same_text(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* Only what nothing was masked in is shared: it is looked for as it was read. */
static void keep_shared(struct sharing *s, struct alert *copy, const struct alert *a)
{
	const struct rule *now = &copy->rule, *before = &a->rule;

	if (copy->rule_number == 0 && same_text(now->id, before->id) && same_text(now->name, before->name) &&
	    same_text(now->category, before->category) && same_text(now->product, before->product) &&
	    same_text(now->techniques, before->techniques) && same_text(now->tactics, before->tactics))
		sharing_keep_rule(s, now, &copy->rule_number);
	for (size_t i = 0; i < a->entity_count; i++) {
		struct entity *e = &copy->entities[i];
		const struct entity *was = &a->entities[i];

		if (e->number == 0 && memcmp(e->value, was->value, e->length) == 0 &&
		    (e->shown == e->value || strcmp(e->shown, was->shown) == 0))
			sharing_keep_entity(s, e);
	}
}

/* The entities are an array at the end of an alert, of which only those there are get
 * copied. */
bool parcel_add_alert(struct parcel *p, const struct alert *a, const struct place *at, const char *raw, size_t n)
{
	size_t head = offsetof(struct alert, entities), body = a->entity_count * sizeof(a->entities[0]);
	/* Its own secrets may stand in any of its values. */
	struct sharing *sharing = a->secret_count == 0 ? p->sharing : NULL;
	struct entity entities[ALERT_ENTITIES];
	struct rule rule = a->rule;
	uint32_t rule_number = 0;
	const char *severity_native = a->severity_native, *title = a->title, *native_id = a->native_id,
	           *tenant = a->tenant;
	struct packer k;
	struct alert *copy;
	char *to;

	if (raw != NULL && p->count > 0 && p->raw_used + n + RAW_HEAD > PARCEL_RAW)
		return false;
	k.count = k.bytes = 0;
	if (sharing == NULL || !sharing_rule(sharing, &rule, &rule_number))
		pack_rule(&k, &rule);
	pack(&k, &severity_native);
	pack(&k, &title);
	pack(&k, &native_id);
	pack(&k, &tenant);
	memcpy(entities, a->entities, body);
	pack_entities(&k, entities, a->entity_count, sharing);
	if ((to = take_bytes(p, head + body + k.bytes)) == NULL)
		return false;
	pack_end(&k, to + head + body);
	if (!p->keep_secrets)
		mask_values(to + head + body, &k, a);
	for (size_t i = 0; i < a->entity_count; i++)
		if (entities[i].shown == NULL)
			entities[i].shown = entities[i].value;
	copy = (struct alert *)(void *)to;
	memcpy(copy, a, head);
	memcpy(to + head, entities, body);
	copy->entity_count = a->entity_count;
	copy->secret_count = 0;
	copy->rule = rule;
	copy->rule_number = rule_number;
	copy->severity_native = severity_native;
	copy->title = title;
	copy->native_id = native_id;
	copy->tenant = tenant;
	if (sharing != NULL)
		keep_shared(sharing, copy, a);
	add_item(p, ITEM_ALERT, at)->alert = copy;
	if (raw != NULL)
		add_raw(p, a, at, raw, n);
	return true;
}

bool parcel_add_indicator(struct parcel *p, const struct indicator *i, const struct place *at)
{
	struct indicator own = *i;
	struct packer k;
	char *to;

	k.count = k.bytes = 0;
	pack(&k, &own.value);
	pack(&k, &own.written);
	pack(&k, &own.context);
	pack(&k, &own.list);
	pack(&k, &own.tlp);
	pack(&k, &own.techniques);
	pack(&k, &own.why);
	if ((to = take_bytes(p, sizeof(own) + k.bytes)) == NULL)
		return false;
	pack_end(&k, to + sizeof(own));
	memcpy(to, &own, sizeof(own));
	add_item(p, ITEM_INDICATOR, at)->indicator = (const struct indicator *)(const void *)to;
	return true;
}

bool parcel_add_asset(struct parcel *p, const struct asset *a, const struct place *at)
{
	struct asset own = *a;
	struct packer k;
	char *to;

	k.count = k.bytes = 0;
	pack(&k, &own.value);
	pack(&k, &own.role);
	pack(&k, &own.owner);
	if ((to = take_bytes(p, sizeof(own) + k.bytes)) == NULL)
		return false;
	pack_end(&k, to + sizeof(own));
	memcpy(to, &own, sizeof(own));
	add_item(p, ITEM_ASSET, at)->asset = (const struct asset *)(const void *)to;
	return true;
}

bool parcel_add_reject(struct parcel *p, const struct place *at, const char *reason)
{
	size_t n = strlen(reason) + 1;
	char *to = take_bytes(p, n);

	if (to == NULL)
		return false;
	memcpy(to, reason, n);
	if (!p->keep_secrets)
		secrets_mask(to, n - 1);
	add_item(p, ITEM_REJECT, at)->reason = to;
	return true;
}

bool parcel_add_telemetry(struct parcel *p, const struct telemetry *t, const struct place *at)
{
	struct telemetry own = *t;
	struct packer k;
	char *to;

	k.count = k.bytes = 0;
	pack(&k, &own.tenant);
	pack(&k, &own.from);
	pack(&k, &own.to);
	pack(&k, &own.name);
	if ((to = take_bytes(p, sizeof(own) + k.bytes)) == NULL)
		return false;
	pack_end(&k, to + sizeof(own));
	memcpy(to, &own, sizeof(own));
	add_item(p, ITEM_TELEMETRY, at)->telemetry = (const struct telemetry *)(const void *)to;
	return true;
}

bool parcel_add_blank(struct parcel *p, const struct place *at, enum blank why)
{
	if (p->count == PARCEL_ITEMS)
		return false;
	add_item(p, ITEM_BLANK, at)->blank = why;
	return true;
}

struct content *parcel_content(struct parcel *p)
{
	return &p->items[p->count - 1].content;
}

/* ---- the parcel ---- */

struct parcel *parcel_new(bool keep_secrets)
{
	struct parcel *p = must_alloc(sizeof(*p));

	p->keep_secrets = keep_secrets;
	p->items = must_grow(NULL, PARCEL_ITEMS, sizeof(*p->items));
	p->room = PARCEL_BYTES;
	p->bytes = must_grow(NULL, p->room, 1);
	return p;
}

static void mask_records(struct parcel *p)
{
	size_t at = 0;

	while (at < p->raw_used) {
		int64_t gap;
		size_t n, head = raw_head_read(p->raw + at, p->raw_used - at, &gap, &n);

		secrets_mask(p->raw + at + head, n);
		at += head + n;
	}
}

static ZSTD_CCtx *packer_new(void)
{
	ZSTD_CCtx *packer = ZSTD_createCCtx();

	if (packer == NULL)
		must_grow(NULL, SIZE_MAX, 2);      /* says that there is no memory */
	ZSTD_CCtx_setParameter(packer, ZSTD_c_compressionLevel, RAW_LEVEL);
	ZSTD_CCtx_setParameter(packer, ZSTD_c_hashLog, RAW_HASH_LOG);
	return packer;
}

void parcel_pack(struct parcel *p, ZSTD_CCtx **packer)
{
	size_t most = ZSTD_compressBound(p->raw_used), n;

	if (!p->keep_secrets)
		mask_records(p);
	if (*packer == NULL)
		*packer = packer_new();
	if (p->packed_room < most)
		p->packed = must_grow(p->packed, p->packed_room = most, 1);
	n = ZSTD_compress2(*packer, p->packed, most, p->raw, p->raw_used);
	p->packed_used = ZSTD_isError(n) ? 0 : n;
}

void parcel_begin(struct parcel *p, struct sharing *sharing)
{
	p->next = NULL;
	p->count = p->used = p->raw_used = p->packed_used = 0;
	p->sharing = sharing;
	sharing_clear(sharing);
}

void parcel_trim(struct parcel *p)
{
	if (p->room > 4 * PARCEL_BYTES) {
		free(p->bytes);
		p->room = PARCEL_BYTES;
		p->bytes = must_grow(NULL, p->room, 1);
	}
	if (p->raw_room > 2 * PARCEL_RAW) {
		free(p->raw);
		free(p->packed);
		p->raw = p->packed = NULL;
		p->raw_room = p->packed_room = 0;
	}
}

void parcels_free(struct parcel *p)
{
	while (p != NULL) {
		struct parcel *next = p->next;

		free(p->items);
		free(p->bytes);
		free(p->raw);
		free(p->packed);
		free(p);
		p = next;
	}
}
