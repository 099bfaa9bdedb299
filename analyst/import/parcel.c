#include "analyst/import/parcel.h"

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

#include "analyst/base/arena.h"
#include "analyst/readers/secrets.h"

#define PARCEL_BYTES ((size_t)1 << 20)
#define PARCEL_RECORDS ((size_t)4 << 20)

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

static struct item *add_item(struct parcel *p, enum item_kind kind, const struct place *at)
{
	struct item *item = &p->items[p->count++];

	item->kind = kind;
	item->at = *at;
	item->head = item->texts_size = 0;
	return item;
}

/* ---- records ---- */

/* In front of each is room for either head: what is hashed with it, and what raw blocks have there. */
static size_t room_of_record(size_t head, size_t n)
{
	return (head > RAW_HEAD ? head : RAW_HEAD) + n;
}

static bool has_room_for_record(const struct parcel *p, size_t head, size_t n)
{
	return p->count == 0 || p->records_used + room_of_record(head, n) <= PARCEL_RECORDS;
}

static void add_record(struct parcel *p, struct item *item, const char *tenant, size_t head, const char *bytes, size_t n)
{
	size_t used = p->records_used + room_of_record(head, n);

	if (p->records_room < used)
		p->records = must_grow(p->records, p->records_room = used > PARCEL_RECORDS ? used : PARCEL_RECORDS, 1);
	item->record = used - n;
	item->length = n;
	item->head = head;
	content_head(p->records + item->record - head, p->format, tenant);
	memcpy(p->records + item->record, bytes, n);
	p->records_used = used;
}

/* ---- alerts ---- */

static void mask_own(char *s, size_t n, const struct alert *a)
{
	for (size_t i = 0; i < a->secret_count; i++)
		secrets_mask_value(s, n, a->secrets[i]);
}

/* An alert that says what of it is secret is masked while it says so: its own texts, which nobody shares, and its record,
 * whose hash is made before. */
static void mask_at_once(struct parcel *p, struct item *item, const struct packer *k, const struct alert *a)
{
	char *s = item->texts;

	item->content = hasher_content(p->hasher, p->format, a->tenant, p->records + item->record, item->length);
	item->head = 0;
	if (p->keep_secrets)
		return;
	mask_own(p->records + item->record, item->length, a);
	for (size_t i = 0; i < k->count; s += k->length[i++]) {
		secrets_mask(s, k->length[i] - 1);
		mask_own(s, k->length[i] - 1, a);
	}
	item->texts_size = 0;
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

/* What was not met in this parcel before. */
static void keep_shared(struct sharing *s, struct alert *copy)
{
	if (copy->rule_number == 0)
		sharing_keep_rule(s, &copy->rule, &copy->rule_number);
	for (size_t i = 0; i < copy->entity_count; i++)
		if (copy->entities[i].number == 0)
			sharing_keep_entity(s, &copy->entities[i]);
}

/* The entities are an array at the end of an alert, of which only those there are get
 * copied. */
bool parcel_add_alert(struct parcel *p, const struct alert *a, const struct place *at, const char *bytes, size_t n)
{
	size_t head = offsetof(struct alert, entities), body = a->entity_count * sizeof(a->entities[0]),
	       hashed = content_head(NULL, p->format, a->tenant);
	/* Its own secrets may stand in any of its values. */
	struct sharing *sharing = a->secret_count == 0 ? p->sharing : NULL;
	struct entity entities[ALERT_ENTITIES];
	struct rule rule = a->rule;
	uint32_t rule_number = 0;
	const char *severity_native = a->severity_native, *title = a->title, *native_id = a->native_id,
	           *tenant = a->tenant;
	struct packer k;
	struct item *item;
	struct alert *copy;
	char *to;

	if (!has_room_for_record(p, hashed, n))
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
	item = add_item(p, ITEM_ALERT, at);
	item->alert = copy;
	item->texts = to + head + body;
	item->texts_size = k.bytes;
	add_record(p, item, a->tenant, hashed, bytes, n);
	if (sharing != NULL)
		keep_shared(sharing, copy);
	if (a->secret_count > 0)
		mask_at_once(p, item, &k, a);
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

bool parcel_add_telemetry(struct parcel *p, const struct telemetry *t, const struct place *at, const char *bytes, size_t n)
{
	size_t hashed = content_head(NULL, p->format, t->tenant);
	struct telemetry own = *t;
	struct packer k;
	struct item *item;
	char *to;

	if (!has_room_for_record(p, hashed, n))
		return false;
	k.count = k.bytes = 0;
	pack(&k, &own.tenant);
	pack(&k, &own.from);
	pack(&k, &own.to);
	pack(&k, &own.name);
	if ((to = take_bytes(p, sizeof(own) + k.bytes)) == NULL)
		return false;
	pack_end(&k, to + sizeof(own));
	memcpy(to, &own, sizeof(own));
	item = add_item(p, ITEM_TELEMETRY, at);
	item->telemetry = (const struct telemetry *)(const void *)to;
	add_record(p, item, t->tenant, hashed, bytes, n);
	return true;
}

bool parcel_add_blank(struct parcel *p, const struct place *at, enum blank why)
{
	if (p->count == PARCEL_ITEMS)
		return false;
	add_item(p, ITEM_BLANK, at)->blank = why;
	return true;
}

/* ---- the parcel ---- */

struct parcel *parcel_new(struct hasher *hasher, const char *format, bool keep_raw, bool keep_secrets)
{
	struct parcel *p = must_alloc(sizeof(*p));

	p->hasher = hasher;
	p->format = format;
	p->keep_raw = keep_raw;
	p->keep_secrets = keep_secrets;
	p->items = must_grow(NULL, PARCEL_ITEMS, sizeof(*p->items));
	p->room = PARCEL_BYTES;
	p->bytes = must_grow(NULL, p->room, 1);
	return p;
}

void parcel_begin(struct parcel *p, struct sharing *sharing)
{
	p->next = NULL;
	p->count = p->used = p->records_used = p->raw_size = p->packed_used = 0;
	p->state = PARCEL_FULL;
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
	if (p->records_room > 2 * PARCEL_RECORDS) {
		free(p->records);
		free(p->packed);
		p->records = p->packed = NULL;
		p->records_room = p->packed_room = 0;
	}
}

void parcels_free(struct parcel *p)
{
	while (p != NULL) {
		struct parcel *next = p->next;

		free(p->items);
		free(p->bytes);
		free(p->records);
		free(p->packed);
		free(p);
		p = next;
	}
}
