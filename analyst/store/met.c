#include "analyst/store/met.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "analyst/base/arena.h"

/* Four to a line of memory, the one met last first; 262,144 in all, 4 MiB. */
#define TOGETHER 4
#define PLACES (UINT32_C(1) << 16)

struct entry {
	uint64_t tag;
	int64_t row;             /* 0: free */
};

struct met {
	struct entry (*places)[TOGETHER];
	unsigned __int128 factors[MET_WORDS + 2];
};

/* Without random numbers of the system, which a sandbox may refuse, it still tells casts apart, but not those that
 * somebody made to look alike. */
static void draw(unsigned char *out, size_t n)
{
	uint64_t x = UINT64_C(0x9e3779b97f4a7c15);

	for (size_t i = 0; i < n; i++) {
		x = (x ^ x >> 31) * UINT64_C(0xd6e8feb86659fd93) + i;
		out[i] = (unsigned char)(x >> 56);
	}
	for (size_t did = 0; did < n;) {
		ssize_t got = getrandom(out + did, n - did < 256 ? n - did : 256, GRND_NONBLOCK);

		if (got <= 0)
			break;
		did += (size_t)got;
	}
}

struct met *met_new(void)
{
	const size_t size = sizeof(struct entry[PLACES][TOGETHER]);
	struct met *m = must_alloc(sizeof(*m));

	if ((m->places = aligned_alloc(sizeof(*m->places), size)) == NULL)
		out_of_memory();
	memset(m->places, 0, size);
	draw((unsigned char *)m->factors, sizeof(m->factors));
	return m;
}

void met_free(struct met *m)
{
	if (m == NULL)
		return;
	free(m->places);
	free(m);
}

struct met_key met_key(const struct met *m, const uint64_t *words, size_t count)
{
	unsigned __int128 sum = m->factors[0] + m->factors[1] * count;

	for (size_t i = 0; i < count; i++)
		sum += m->factors[i + 2] * words[i];
	return (struct met_key){ (uint64_t)(sum >> 64), (uint32_t)(sum >> 40) & (PLACES - 1) };
}

void met_prefetch(const struct met *m, struct met_key key)
{
	__builtin_prefetch(m->places[key.place]);
}

int64_t *met_row(struct met *m, struct met_key key)
{
	struct entry *here = m->places[key.place], found = { key.tag, 0 };
	int at = 0;

	while (at < TOGETHER - 1 && here[at].row != 0 && here[at].tag != key.tag)
		at++;
	if (here[at].tag == key.tag)
		found = here[at];
	for (; at > 0; at--)
		here[at] = here[at - 1];
	here[0] = found;
	return &here[0].row;
}
