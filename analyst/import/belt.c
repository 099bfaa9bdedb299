#include "analyst/import/belt.h"

#include <pthread.h>
#include <stdalign.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "analyst/base/arena.h"
#include "analyst/readers/secrets.h"

#define PARCELS 8
#define PARCEL_BYTES ((size_t)1 << 20)
#define PARCEL_ITEMS 4096
#define PARCEL_RAW ((size_t)4 << 20)
/* Level 3 takes twice as long for 2 % less; below 1 nothing gets faster (PERFORMANCE.md 3). */
#define RAW_LEVEL 1

/* ---- parcels ---- */

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

/* The entities are an array at the end of an alert, of which only those there are get
 * copied. */
bool parcel_add_alert(struct parcel *p, const struct alert *a, const struct place *at, const struct content *content,
                      const char *raw, size_t n)
{
	size_t head = offsetof(struct alert, entities), body = a->entity_count * sizeof(a->entities[0]);
	struct entity entities[ALERT_ENTITIES];
	struct rule rule = a->rule;
	const char *severity_native = a->severity_native, *title = a->title, *native_id = a->native_id,
	           *tenant = a->tenant;
	struct packer k;
	struct item *item;
	struct alert *copy;
	char *to;

	if (raw != NULL && p->count > 0 && p->raw_used + n + RAW_HEAD > PARCEL_RAW)
		return false;
	k.count = k.bytes = 0;
	pack(&k, &rule.product);
	pack(&k, &rule.id);
	pack(&k, &rule.name);
	pack(&k, &rule.category);
	pack(&k, &rule.techniques);
	pack(&k, &rule.tactics);
	pack(&k, &severity_native);
	pack(&k, &title);
	pack(&k, &native_id);
	pack(&k, &tenant);
	memcpy(entities, a->entities, body);
	for (size_t i = 0; i < a->entity_count; i++) {
		if (entities[i].shown == entities[i].value)
			entities[i].shown = NULL;
		pack_n(&k, &entities[i].value, entities[i].length);
		pack(&k, &entities[i].shown);
	}
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
	copy->severity_native = severity_native;
	copy->title = title;
	copy->native_id = native_id;
	copy->tenant = tenant;
	item = add_item(p, ITEM_ALERT, at);
	item->alert = copy;
	item->content = *content;
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

/* ---- the belt ---- */

struct belt {
	pthread_mutex_t lock;
	pthread_cond_t came, went;
	struct parcel *empty;            /* a stack */
	struct parcel *first, *last;     /* what is sent, in order */
	int made;
	bool ended, given_up, keep_secrets;
	ZSTD_CCtx *packers[2];           /* the reader's and the writer's */
};

struct belt *belt_new(bool keep_secrets)
{
	struct belt *b = must_alloc(sizeof(*b));

	b->keep_secrets = keep_secrets;

	pthread_mutex_init(&b->lock, NULL);
	pthread_cond_init(&b->came, NULL);
	pthread_cond_init(&b->went, NULL);
	return b;
}

static void free_parcels(struct parcel *p)
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

void belt_free(struct belt *b)
{
	if (b == NULL)
		return;
	free_parcels(b->empty);
	free_parcels(b->first);
	ZSTD_freeCCtx(b->packers[0]);
	ZSTD_freeCCtx(b->packers[1]);
	pthread_mutex_destroy(&b->lock);
	pthread_cond_destroy(&b->came);
	pthread_cond_destroy(&b->went);
	free(b);
}

static struct parcel *parcel_new(bool keep_secrets)
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

static void pack_raw(struct parcel *p, ZSTD_CCtx **packer)
{
	size_t most = ZSTD_compressBound(p->raw_used), n;

	if (!p->keep_secrets)
		mask_records(p);
	if (*packer == NULL && (*packer = ZSTD_createCCtx()) == NULL)
		must_grow(NULL, SIZE_MAX, 2);      /* says that there is no memory */
	if (p->packed_room < most)
		p->packed = must_grow(p->packed, p->packed_room = most, 1);
	n = ZSTD_compressCCtx(*packer, p->packed, most, p->raw, p->raw_used, RAW_LEVEL);
	p->packed_used = ZSTD_isError(n) ? 0 : n;
}

/* Packs the first parcel on the belt that nobody has packed. False: there is none. The
 * lock is held, but for the work itself. */
static bool pack_one(struct belt *b, int who)
{
	struct parcel *p = b->first;

	while (p != NULL && p->raw_state != RAW_AS_READ)
		p = p->next;
	if (p == NULL)
		return false;
	p->raw_state = RAW_AT_WORK;
	pthread_mutex_unlock(&b->lock);
	pack_raw(p, &b->packers[who]);
	pthread_mutex_lock(&b->lock);
	p->raw_state = RAW_PACKED;
	pthread_cond_signal(&b->came);
	return true;
}

struct parcel *belt_empty(struct belt *b)
{
	struct parcel *p = NULL;
	bool make;

	pthread_mutex_lock(&b->lock);
	while (b->empty == NULL && b->made == PARCELS && !b->given_up)
		if (!pack_one(b, 0))
			pthread_cond_wait(&b->went, &b->lock);
	make = !b->given_up && b->empty == NULL;
	if (make) {
		b->made++;
	} else if (!b->given_up) {
		p = b->empty;
		b->empty = p->next;
	}
	pthread_mutex_unlock(&b->lock);
	if (make)
		p = parcel_new(b->keep_secrets);
	if (p != NULL) {
		p->next = NULL;
		p->count = p->used = p->raw_used = p->packed_used = 0;
	}
	return p;
}

void belt_send(struct belt *b, struct parcel *p)
{
	p->raw_state = p->raw_used > 0 ? RAW_AS_READ : RAW_PACKED;
	pthread_mutex_lock(&b->lock);
	if (b->last != NULL)
		b->last->next = p;
	else
		b->first = p;
	b->last = p;
	pthread_cond_signal(&b->came);
	pthread_mutex_unlock(&b->lock);
}

void belt_end(struct belt *b)
{
	pthread_mutex_lock(&b->lock);
	b->ended = true;
	pthread_cond_signal(&b->came);
	pthread_mutex_unlock(&b->lock);
}

struct parcel *belt_take(struct belt *b)
{
	struct parcel *p;

	pthread_mutex_lock(&b->lock);
	while ((b->first == NULL && !b->ended) || (b->first != NULL && b->first->raw_state != RAW_PACKED))
		if (!pack_one(b, 1))
			pthread_cond_wait(&b->came, &b->lock);
	if ((p = b->first) != NULL) {
		b->first = p->next;
		if (b->first == NULL)
			b->last = NULL;
	}
	pthread_mutex_unlock(&b->lock);
	return p;
}

void belt_return(struct belt *b, struct parcel *p)
{
	/* What one huge record made it grow to is not kept. */
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
	pthread_mutex_lock(&b->lock);
	p->next = b->empty;
	b->empty = p;
	pthread_cond_signal(&b->went);
	pthread_mutex_unlock(&b->lock);
}

void belt_give_up(struct belt *b)
{
	pthread_mutex_lock(&b->lock);
	b->given_up = true;
	pthread_cond_signal(&b->went);
	pthread_mutex_unlock(&b->lock);
}
