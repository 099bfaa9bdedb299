#include "analyst/base/intern.h"

#include <stdlib.h>
#include <string.h>

#include "analyst/base/arena.h"

struct entry {
	const char *bytes;
	size_t n;
	uint64_t hash;
};

/* With a part of the hash, so that only the entry that is meant is looked at. */
struct slot {
	uint32_t entry;          /* its number + 1; 0 is free */
	uint32_t hash;
};

struct intern {
	struct arena *arena;
	struct entry *entries;
	uint32_t count, room;
	struct slot *slots;
	uint32_t mask;
};

static inline uint64_t big_endian(uint64_t word)
{
	return __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? __builtin_bswap64(word) : word;
}

/* The n < 8 bytes at p, which end `all` of them, as a number: the first of them weighs most. */
static inline uint64_t last_bytes(const unsigned char *p, size_t n, size_t all)
{
	uint64_t word = 0;

	if (n > 0 && all >= 8) {
		memcpy(&word, p + n - 8, 8);
		return big_endian(word) & ((UINT64_C(1) << 8 * n) - 1);
	}
	for (size_t i = 0; i < n; i++)
		word = word << 8 | p[i];
	return word;
}

/* FNV-1a over 8 bytes at a time with a final mix: short keys, no library. The
 * table doubles at half full, and a flood of chosen collisions costs time only. */
uint64_t intern_hash(const void *bytes, size_t n)
{
	const size_t whole = n;
	const unsigned char *p = bytes;
	uint64_t h = UINT64_C(0xcbf29ce484222325) ^ n, word;

	for (; n >= 8; n -= 8, p += 8) {
		memcpy(&word, p, 8);
		h = (h ^ word) * UINT64_C(0x9e3779b97f4a7c15);
		h ^= h >> 29;
	}
	word = last_bytes(p, n, whole);
	h = (h ^ word) * UINT64_C(0x100000001b3);
	h ^= h >> 32;
	h *= UINT64_C(0xd6e8feb86659fd93);
	return h ^ h >> 32;
}

static void grow_slots(struct intern *in, uint32_t size)
{
	free(in->slots);
	/* Written at once: memory that is read before it is written is handed out twice. */
	in->slots = must_grow(NULL, size, sizeof(*in->slots));
	memset(in->slots, 0, (size_t)size * sizeof(*in->slots));
	in->mask = size - 1;
	for (uint32_t i = 0; i < in->count; i++) {
		uint32_t at = (uint32_t)in->entries[i].hash & in->mask;

		while (in->slots[at].entry != 0)
			at = (at + 1) & in->mask;
		in->slots[at] = (struct slot){ i + 1, (uint32_t)(in->entries[i].hash >> 32) };
	}
}

struct intern *intern_new(void)
{
	struct intern *in = must_alloc(sizeof(*in));

	in->arena = arena_new();
	grow_slots(in, 256);
	return in;
}

void intern_free(struct intern *in)
{
	if (in == NULL)
		return;
	arena_free(in->arena);
	free(in->entries);
	free(in->slots);
	free(in);
}

/* The slot that holds the string, or the free one where it belongs. */
static uint32_t find_slot(const struct intern *in, const void *bytes, size_t n, uint64_t hash)
{
	uint32_t at = (uint32_t)hash & in->mask;

	while (in->slots[at].entry != 0) {
		const struct entry *e = &in->entries[in->slots[at].entry - 1];

		if (in->slots[at].hash == (uint32_t)(hash >> 32) && e->n == n && memcmp(e->bytes, bytes, n) == 0)
			break;
		at = (at + 1) & in->mask;
	}
	return at;
}

void intern_prefetch(const struct intern *in, uint64_t hash, int step)
{
	const struct slot *slot = &in->slots[(uint32_t)hash & in->mask];

	if (step == 0)
		__builtin_prefetch(slot);
	else if (slot->entry != 0 && step == 1)
		__builtin_prefetch(&in->entries[slot->entry - 1]);
	else if (slot->entry != 0)
		__builtin_prefetch(in->entries[slot->entry - 1].bytes);
}

uint32_t intern_find(const struct intern *in, const void *bytes, size_t n)
{
	return intern_find_hashed(in, bytes, n, intern_hash(bytes, n));
}

uint32_t intern_find_hashed(const struct intern *in, const void *bytes, size_t n, uint64_t hash)
{
	uint32_t at = find_slot(in, bytes, n, hash);

	return in->slots[at].entry != 0 ? in->slots[at].entry - 1 : INTERN_NONE;
}

uint32_t intern_put(struct intern *in, const void *bytes, size_t n, bool *fresh)
{
	return intern_put_hashed(in, bytes, n, intern_hash(bytes, n), fresh);
}

uint32_t intern_put_hashed(struct intern *in, const void *bytes, size_t n, uint64_t hash, bool *fresh)
{
	uint32_t at = find_slot(in, bytes, n, hash);

	if (fresh != NULL)
		*fresh = in->slots[at].entry == 0;
	if (in->slots[at].entry != 0)
		return in->slots[at].entry - 1;
	if (in->count == in->room) {
		in->room = in->room > 0 ? in->room * 2 : 256;
		in->entries = must_grow(in->entries, in->room, sizeof(*in->entries));
	}
	in->entries[in->count] = (struct entry){ arena_dupn(in->arena, bytes, n), n, hash };
	in->slots[at] = (struct slot){ ++in->count, (uint32_t)(hash >> 32) };
	if (in->count > in->mask / 2)
		grow_slots(in, (in->mask + 1) * 2);
	return in->count - 1;
}

uint32_t intern_count(const struct intern *in)
{
	return in->count;
}

const char *intern_bytes(const struct intern *in, uint32_t id, size_t *n)
{
	if (n != NULL)
		*n = in->entries[id].n;
	return in->entries[id].bytes;
}
