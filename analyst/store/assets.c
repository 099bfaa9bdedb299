/* What lists of assets say of the entities of the week. A machine may be listed by its name,
 * by an address, or only through the network its address is in; what is said of itself goes
 * before what is said of the network, and its name before its address. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyst/base/network.h"
#include "analyst/store/loading.h"

/* Each level twice as much as the one below; cluster/score.c says what that is worth. */
static const double weights[] = {
	[CRITICALITY_UNKNOWN] = 1, [CRITICALITY_LOW] = 0.5, [CRITICALITY_MEDIUM] = 1, [CRITICALITY_HIGH] = 2,
	[CRITICALITY_CRITICAL] = 4,
};

static int compare_names(const struct asset *a, const struct asset *b)
{
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	return strcmp(a->value, b->value);
}

static int compare_words(const char *a, const char *b)
{
	/* What says nothing comes last. */
	if (a == NULL || b == NULL)
		return (a == NULL) - (b == NULL);
	return strcmp(a, b);
}

/* Of several lists that name one asset the highest criticality speaks, then the content. */
static int compare_assets(const void *pa, const void *pb)
{
	const struct asset *a = pa, *b = pb;
	int c = compare_names(a, b);

	if (c != 0)
		return c;
	if (a->criticality != b->criticality)
		return a->criticality > b->criticality ? -1 : 1;
	return (c = compare_words(a->role, b->role)) != 0 ? c : compare_words(a->owner, b->owner);
}

int load_assets(struct week *w, struct store *st, struct arena *arena, struct fault *f)
{
	sqlite3_stmt *q = store_query(st, QUERY_ASSETS, f);
	struct asset *all = NULL, *kept;
	size_t n = 0, room = 0, count = 0;
	int row;

	if (q == NULL)
		return -1;
	while ((row = store_row(st, q, f)) > 0) {
		if (n == room)
			all = must_grow(all, room = room > 0 ? room * 2 : 64, sizeof(*all));
		all[n++] = (struct asset){
			(enum asset_kind)table_value(asset_kinds, column_text(q, 0), ASSET_HOST), column_dup(q, 1, arena),
			(enum criticality)table_value(criticalities, column_text(q, 2), CRITICALITY_UNKNOWN),
			column_dup(q, 3, arena), column_dup(q, 4, arena)
		};
	}
	if (n > 0)
		qsort(all, n, sizeof(*all), compare_assets);
	kept = ARENA_ARRAY(arena, struct asset, n);
	for (size_t i = 0; i < n; i++) {
		if (i == 0 || compare_names(&all[i], &all[i - 1]) != 0) {
			kept[count++] = all[i];
			continue;
		}
		if (kept[count - 1].role == NULL)
			kept[count - 1].role = all[i].role;
		if (kept[count - 1].owner == NULL)
			kept[count - 1].owner = all[i].owner;
	}
	free(all);
	w->assets = kept;
	w->asset_count = (uint32_t)count;
	return row;
}

/* ---- finding ---- */

/* Ours before theirs: the nearer what is said is to the entity, the higher. */
enum nearness { NOT_LISTED, OF_ADDRESS_NETWORK, OF_NETWORK, OF_ADDRESS, OF_ITSELF };

struct found {
	const struct asset *asset;
	enum nearness nearness;
};

static bool goes_before(const struct found *a, const struct found *b)
{
	if (a->nearness != b->nearness)
		return a->nearness > b->nearness;
	if (a->asset == NULL || a->asset->criticality == b->asset->criticality)
		return a->asset < b->asset;      /* both are of the week's sorted array */
	return a->asset->criticality > b->asset->criticality;
}

static uint32_t first_from(const struct week *w, enum asset_kind kind, const char *value, size_t n)
{
	uint32_t low = 0, high = w->asset_count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		const struct asset *a = &w->assets[middle];

		if (a->kind < kind || (a->kind == kind && strncmp(a->value, value, n) < 0))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static const struct asset *find(const struct week *w, enum asset_kind kind, const char *value, size_t n)
{
	uint32_t i = first_from(w, kind, value, n);

	/* "a" itself comes before all that begin with it */
	return i < w->asset_count && w->assets[i].kind == kind && strncmp(w->assets[i].value, value, n) == 0 &&
	       w->assets[i].value[n] == '\0' ? &w->assets[i] : NULL;
}

static bool begins_with(const struct week *w, uint32_t i, const char *full)
{
	return i < w->asset_count && w->assets[i].kind == ASSET_HOST && strncmp(w->assets[i].value, full, strlen(full)) == 0;
}

/* By the whole name; else a full name by its first label, and a short one by the only full name
 * that begins with it. */
static const struct asset *find_host(const struct week *w, const char *value)
{
	const struct asset *a = find(w, ASSET_HOST, value, strlen(value));
	size_t label = strcspn(value, ".");
	char full[256];
	uint32_t i;

	if (a != NULL || label == 0 || label + 2 > sizeof(full))
		return a;
	if (value[label] == '.')
		return find(w, ASSET_HOST, value, label);
	snprintf(full, sizeof(full), "%s.", value);
	i = first_from(w, ASSET_HOST, full, strlen(full));
	if (!begins_with(w, i, full) || begins_with(w, i + 1, full))
		return NULL;
	return &w->assets[i];
}

struct listed_network {
	struct network network;
	const struct asset *asset;
};

/* The narrowest listed network that holds the address. */
static const struct asset *find_network(const struct listed_network *networks, size_t count, const char *value)
{
	const struct listed_network *best = NULL;
	struct network address;

	for (size_t i = 0; i < count && network_parse(&address, value); i++)
		if (network_holds(&networks[i].network, &address) &&
		    (best == NULL || networks[i].network.bits > best->network.bits))
			best = &networks[i];
	return best != NULL ? best->asset : NULL;
}

static struct found look_up(const struct week *w, const struct listed_network *networks, size_t count,
                            const struct week_entity *e)
{
	const struct asset *a = NULL;

	if (e->kind == ENTITY_HOST)
		a = find_host(w, e->value);
	else if (e->kind == ENTITY_USER)
		a = find(w, ASSET_ACCOUNT, e->value, strlen(e->value));
	else if (e->kind == ENTITY_IP && (a = find(w, ASSET_ADDRESS, e->value, strlen(e->value))) == NULL &&
	         (a = find_network(networks, count, e->value)) != NULL)
		return (struct found){ a, OF_NETWORK };
	return (struct found){ a, a != NULL ? OF_ITSELF : NOT_LISTED };
}

/* A host named in one part of a cast together with an address is the machine of that address. */
static void lend_addresses(struct found *lent, const struct found *own, const struct week_entity *entities,
                           const struct member *members, const struct cast *c)
{
	const struct member *m = members + c->first;

	for (uint32_t i = 0; i < c->count; i++)
		for (uint32_t k = 0; k < c->count && entities[m[i].entity].kind == ENTITY_HOST; k++) {
			const struct found *address = &own[m[k].entity];
			struct found as = { address->asset, address->nearness == OF_ITSELF ? OF_ADDRESS : OF_ADDRESS_NETWORK };

			if (m[k].role == m[i].role && entities[m[k].entity].kind == ENTITY_IP && address->asset != NULL &&
			    goes_before(&as, &lent[m[i].entity]))
				lent[m[i].entity] = as;
		}
}

void give_assets(struct week_entity *entities, uint32_t count, const struct member *members, const struct cast *casts,
                 uint32_t cast_count, const struct week *w)
{
	struct listed_network *networks = must_grow(NULL, (size_t)w->asset_count + 1, sizeof(*networks));
	struct found *own = must_grow(NULL, (size_t)count + 1, sizeof(*own));
	struct found *lent = must_grow(NULL, (size_t)count + 1, sizeof(*lent));
	size_t network_count = 0;

	for (uint32_t i = 0; i < w->asset_count; i++)
		if (w->assets[i].kind == ASSET_NETWORK && network_parse(&networks[network_count].network, w->assets[i].value))
			networks[network_count++].asset = &w->assets[i];
	for (uint32_t i = 0; i < count; i++)
		lent[i] = own[i] = look_up(w, networks, network_count, &entities[i]);
	for (uint32_t i = 0; i < cast_count && w->asset_count > 0; i++)
		lend_addresses(lent, own, entities, members, &casts[i]);
	for (uint32_t i = 0; i < count; i++) {
		entities[i].asset = lent[i].asset;
		entities[i].weight = lent[i].asset != NULL ? weights[lent[i].asset->criticality] : 1;
	}
	free(networks);
	free(own);
	free(lent);
}
