#include "analyst/import/belt.h"

#include <pthread.h>
#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

#include "analyst/base/arena.h"

#define PARCELS 8
#define PARCEL_BYTES ((size_t)1 << 20)
#define PARCEL_ITEMS 4096

/* ---- parcels ---- */

/* Copies strings behind a structure. The lengths are taken once. */
struct packer {
	const char **from[2 * ALERT_ENTITIES + 16];
	size_t length[2 * ALERT_ENTITIES + 16];
	size_t count, bytes;
};

static void pack(struct packer *k, const char **s)
{
	if (*s == NULL)
		return;
	k->from[k->count] = s;
	k->length[k->count] = strlen(*s) + 1;
	k->bytes += k->length[k->count++];
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
	return item;
}

/* The entities are an array at the end of an alert, of which only those there are get
 * copied. */
bool parcel_add_alert(struct parcel *p, const struct alert *a, const struct place *at, const struct content *content)
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
		pack(&k, &entities[i].value);
		pack(&k, &entities[i].shown);
	}
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
	copy->rule = rule;
	copy->severity_native = severity_native;
	copy->title = title;
	copy->native_id = native_id;
	copy->tenant = tenant;
	item = add_item(p, ITEM_ALERT, at);
	item->alert = copy;
	item->content = *content;
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

bool parcel_add_reject(struct parcel *p, const struct place *at, const char *reason)
{
	size_t n = strlen(reason) + 1;
	char *to = take_bytes(p, n);

	if (to == NULL)
		return false;
	add_item(p, ITEM_REJECT, at)->reason = memcpy(to, reason, n);
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
	bool ended, given_up;
};

struct belt *belt_new(void)
{
	struct belt *b = must_alloc(sizeof(*b));

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
	pthread_mutex_destroy(&b->lock);
	pthread_cond_destroy(&b->came);
	pthread_cond_destroy(&b->went);
	free(b);
}

static struct parcel *parcel_new(void)
{
	struct parcel *p = must_alloc(sizeof(*p));

	p->items = must_grow(NULL, PARCEL_ITEMS, sizeof(*p->items));
	p->room = PARCEL_BYTES;
	p->bytes = must_grow(NULL, p->room, 1);
	return p;
}

struct parcel *belt_empty(struct belt *b)
{
	struct parcel *p = NULL;
	bool make;

	pthread_mutex_lock(&b->lock);
	while (b->empty == NULL && b->made == PARCELS && !b->given_up)
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
		p = parcel_new();
	if (p != NULL) {
		p->next = NULL;
		p->count = p->used = 0;
	}
	return p;
}

void belt_send(struct belt *b, struct parcel *p)
{
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
	while (b->first == NULL && !b->ended)
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
