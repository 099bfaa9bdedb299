/* SHA-256 of one message is a chain: each step waits for the one before. Of many messages at once the processor's
 * vector units do as many steps side by side (Intel's multi-buffer library): 3 GB/s beside libcrypto's 1.6 where
 * the processor has instructions for SHA-256, and more where it has none. */
#include <stdlib.h>
#include <string.h>

#include "analyst/base/arena.h"
#include "analyst/base/sha.h"
#include "analyst/store/hasher.h"

#if defined(__has_include)
#if __has_include(<intel-ipsec-mb.h>)
#include <intel-ipsec-mb.h>
#define SIDE_BY_SIDE
#endif
#endif

/* As many as go through together; the last of them run with lanes empty. */
#define GROUP 256
/* Longer ones would keep the others waiting. */
#define LONGEST ((size_t)16 * 1024)

struct many_hasher {
	struct hasher *hasher;           /* of what is too long, or where there is no library */
#ifdef SIDE_BY_SIDE
	IMB_MGR *manager;
	unsigned char hashes[GROUP][SHA256_DIGEST_LENGTH];
#endif
};

struct many_hasher *many_hasher_new(void)
{
	struct many_hasher *m = must_alloc(sizeof(*m));

	m->hasher = hasher_new();
#ifdef SIDE_BY_SIDE
	if ((m->manager = alloc_mb_mgr(0)) != NULL)
		init_mb_mgr_auto(m->manager, NULL);
#endif
	return m;
}

void many_hasher_free(struct many_hasher *m)
{
	if (m == NULL)
		return;
	hasher_free(m->hasher);
#ifdef SIDE_BY_SIDE
	if (m->manager != NULL)
		free_mb_mgr(m->manager);
#endif
	free(m);
}

#ifdef SIDE_BY_SIDE

static bool goes_along(const struct many_hasher *m, const struct to_hash *t)
{
	return m->manager != NULL && t->n <= LONGEST;
}

/* The lanes read from sixteen places at once, which the processor does not foresee. */
static void ask_for(const struct to_hash *t)
{
	for (size_t at = 0; at < t->n && at <= LONGEST; at += 64)
		__builtin_prefetch(t->bytes + at);
}

static void submit(struct many_hasher *m, const struct to_hash *t, size_t i)
{
	IMB_JOB *job = IMB_GET_NEXT_JOB(m->manager);

	memset(job, 0, sizeof(*job));
	job->cipher_mode = IMB_CIPHER_NULL;
	job->cipher_direction = IMB_DIR_ENCRYPT;
	job->chain_order = IMB_ORDER_HASH_CIPHER;
	job->hash_alg = IMB_AUTH_SHA_256;
	job->src = (const uint8_t *)t->bytes;
	job->msg_len_to_hash_in_bytes = t->n;
	job->auth_tag_output = m->hashes[i];
	job->auth_tag_output_len_in_bytes = SHA256_DIGEST_LENGTH;
	IMB_SUBMIT_JOB(m->manager);
}

#define AHEAD 8

static void hash_group(struct many_hasher *m, const struct to_hash *all, size_t count)
{
	for (size_t i = 0; i < count && i < AHEAD; i++)
		ask_for(&all[i]);
	for (size_t i = 0; i < count; i++) {
		if (i + AHEAD < count)
			ask_for(&all[i + AHEAD]);
		if (goes_along(m, &all[i]))
			submit(m, &all[i], i);
		else
			*all[i].out = hasher_headed(m->hasher, all[i].bytes, all[i].n);
	}
	while (m->manager != NULL && IMB_FLUSH_JOB(m->manager) != NULL)
		;
	for (size_t i = 0; i < count; i++)
		if (goes_along(m, &all[i]))
			*all[i].out = content_of(m->hashes[i]);
}

#else

static void hash_group(struct many_hasher *m, const struct to_hash *all, size_t count)
{
	for (size_t i = 0; i < count; i++)
		*all[i].out = hasher_headed(m->hasher, all[i].bytes, all[i].n);
}

#endif

void hash_many(struct many_hasher *m, const struct to_hash *all, size_t count)
{
	for (size_t i = 0; i < count; i += GROUP)
		hash_group(m, all + i, count - i < GROUP ? count - i : GROUP);
}
