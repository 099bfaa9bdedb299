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

/* What of an alert is kept elsewhere, and what is kept with it for others. */
struct shares {
	uint32_t rule, entities[ALERT_ENTITIES];       /* numbers, 0 for its own alone */
	uint64_t fresh;                  /* a bit each entity that was not met before */
	bool fresh_rule;
};

_Static_assert(ALERT_ENTITIES <= 64, "a bit each");

static void find_shares(struct shares *out, struct sharing *sharing, const struct alert *a)
{
	out->rule = sharing_rule(sharing, &a->rule, &out->fresh_rule);
	out->fresh = 0;
	for (size_t i = 0; i < a->entity_count; i++) {
		bool fresh;

		out->entities[i] = sharing_entity(sharing, &a->entities[i], &fresh);
		out->fresh |= (uint64_t)fresh << i;
	}
}

static bool is_fresh(const struct shares *sh, size_t i)
{
	return (sh->fresh >> i & 1) != 0;
}

/* Puts what the alert brought where others find it, and what others brought into the alert. */
static void share(struct alert *copy, const struct shares *sh, struct sharing *sharing)
{
	if (sh->fresh_rule)
		sharing_put_rule(sharing, sh->rule, &copy->rule);
	else if (sh->rule > 0)
		copy->rule = *sharing_rule_of(sharing, sh->rule);
	copy->rule_number = sh->rule;
	/* One may be there twice, in two roles. */
	for (uint64_t left = sh->fresh; left != 0; left &= left - 1) {
		size_t i = (size_t)__builtin_ctzll(left);

		sharing_put_entity(sharing, sh->entities[i], &copy->entities[i]);
		copy->entities[i].number = sh->entities[i];
	}
	for (size_t i = 0; i < copy->entity_count; i++) {
		enum entity_role role = copy->entities[i].role;

		if (sh->entities[i] == 0 || is_fresh(sh, i))
			continue;
		copy->entities[i] = *sharing_entity_of(sharing, sh->entities[i]);
		copy->entities[i].role = role;
	}
}

/* The entities are an array at the end of an alert, of which only those there are get
 * copied. */
bool parcel_add_alert(struct parcel *p, const struct alert *a, const struct place *at, const char *bytes, size_t n)
{
	size_t size = offsetof(struct alert, entities) + a->entity_count * sizeof(a->entities[0]),
	       hashed = content_head(NULL, p->format, a->tenant);
	/* Its own secrets may stand in any of its values. */
	struct sharing *sharing = a->secret_count == 0 ? p->sharing : NULL;
	struct shares shares = { .rule = 0 };
	struct packer k;
	struct item *item;
	struct alert own, *copy;

	if (!has_room_for_record(p, hashed, n))
		return false;
	if (sharing != NULL)
		find_shares(&shares, sharing, a);
	memcpy(&own, a, size);
	own.secret_count = 0;
	own.rule_number = 0;
	k.count = k.bytes = 0;
	if (shares.rule == 0 || shares.fresh_rule)
		pack_rule(&k, &own.rule);
	pack(&k, &own.severity_native);
	pack(&k, &own.title);
	pack(&k, &own.native_id);
	pack(&k, &own.tenant);
	for (size_t i = 0; i < own.entity_count; i++) {
		struct entity *e = &own.entities[i];

		e->number = 0;
		if (shares.entities[i] != 0 && !is_fresh(&shares, i))
			continue;
		if (e->shown == e->value)
			e->shown = NULL;
		pack_n(&k, &e->value, e->length);
		pack(&k, &e->shown);
	}
	if ((copy = take_bytes(p, size + k.bytes)) == NULL)
		return false;
	pack_end(&k, (char *)copy + size);
	for (size_t i = 0; i < own.entity_count; i++)
		if (own.entities[i].shown == NULL)
			own.entities[i].shown = own.entities[i].value;
	memcpy(copy, &own, size);
	if (sharing != NULL)
		share(copy, &shares, sharing);
	item = add_item(p, ITEM_ALERT, at);
	item->alert = copy;
	item->texts = (char *)copy + size;
	item->texts_size = k.bytes;
	add_record(p, item, a->tenant, hashed, bytes, n);
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
	pack(&k, &own.producer);
	pack(&k, &own.statement);
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
