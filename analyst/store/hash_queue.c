/* SHA-256 of one message is a chain: each step waits for the one before. Of many messages at once the processor's
 * vector units do as many steps side by side (Intel's multi-buffer library): 3.3 GB/s beside libcrypto's 1.6 where
 * the processor has instructions for SHA-256, and more where it has none. */
#include <stdlib.h>
#include <string.h>

#include "analyst/base/arena.h"
#include "analyst/store/store.h"

#if defined(__has_include)
#if __has_include(<intel-ipsec-mb.h>)
#include <intel-ipsec-mb.h>
#define TOGETHER
#endif
#endif

#define WAITING_MOST 64
#define ROOM ((size_t)128 * 1024)
#define HASH_SIZE 32

struct hash_queue {
	struct hasher *hasher;           /* of what is too long to wait, or where there is no library */
#ifdef TOGETHER
	IMB_MGR *manager;
#endif
	unsigned char hashes[WAITING_MOST][HASH_SIZE];
	struct content *out[WAITING_MOST];
	size_t at[WAITING_MOST + 1];     /* where its bytes begin; the last is how many there are of all */
	size_t count;
	char bytes[ROOM];
};

struct hash_queue *hash_queue_new(void)
{
	struct hash_queue *q = must_alloc(sizeof(*q));

	q->hasher = hasher_new();
#ifdef TOGETHER
	if ((q->manager = alloc_mb_mgr(0)) != NULL)
		init_mb_mgr_auto(q->manager, NULL);
#endif
	return q;
}

void hash_queue_free(struct hash_queue *q)
{
	if (q == NULL)
		return;
	hasher_free(q->hasher);
#ifdef TOGETHER
	if (q->manager != NULL)
		free_mb_mgr(q->manager);
#endif
	free(q);
}

#ifdef TOGETHER

static char *put(char *to, const char *s, size_t n)
{
	memcpy(to, s, n);
	return to + n;
}

/* As hasher_content has it. */
static bool is_queued(struct hash_queue *q, const char *format, const char *tenant, const char *bytes, size_t n,
                      struct content *out)
{
	size_t format_size = strlen(format) + 1, tenant_size = tenant != NULL ? strlen(tenant) + 1 : 1;
	size_t size = format_size + tenant_size + n;

	if (q->manager == NULL || size > ROOM / 8)
		return false;
	if (q->count == WAITING_MOST || ROOM - q->at[q->count] < size)
		hash_queue_settle(q);
	put(put(put(q->bytes + q->at[q->count], format, format_size), tenant != NULL ? tenant : "", tenant_size), bytes, n);
	q->at[q->count + 1] = q->at[q->count] + size;
	q->out[q->count++] = out;
	return true;
}

static void submit(struct hash_queue *q, size_t i)
{
	IMB_JOB *job = IMB_GET_NEXT_JOB(q->manager);

	memset(job, 0, sizeof(*job));
	job->cipher_mode = IMB_CIPHER_NULL;
	job->cipher_direction = IMB_DIR_ENCRYPT;
	job->chain_order = IMB_ORDER_HASH_CIPHER;
	job->hash_alg = IMB_AUTH_SHA_256;
	job->src = (const uint8_t *)q->bytes + q->at[i];
	job->msg_len_to_hash_in_bytes = q->at[i + 1] - q->at[i];
	job->auth_tag_output = q->hashes[i];
	job->auth_tag_output_len_in_bytes = HASH_SIZE;
	IMB_SUBMIT_JOB(q->manager);
}

static uint64_t number_at(const unsigned char *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof(v));
	return __builtin_bswap64(v);
}

void hash_queue_settle(struct hash_queue *q)
{
	for (size_t i = 0; i < q->count; i++)
		submit(q, i);
	while (q->count > 0 && IMB_FLUSH_JOB(q->manager) != NULL)
		;
	for (size_t i = 0; i < q->count; i++)
		*q->out[i] = (struct content){ number_at(q->hashes[i]), number_at(q->hashes[i] + 8) };
	q->count = 0;
}

#else

static bool is_queued(struct hash_queue *q, const char *format, const char *tenant, const char *bytes, size_t n,
                      struct content *out)
{
	(void)q, (void)format, (void)tenant, (void)bytes, (void)n, (void)out;
	return false;
}

void hash_queue_settle(struct hash_queue *q)
{
	(void)q;
}

#endif

void hash_queue_add(struct hash_queue *q, const char *format, const char *tenant, const char *bytes, size_t n,
                    struct content *out)
{
	if (!is_queued(q, format, tenant, bytes, n, out))
		*out = hasher_content(q->hasher, format, tenant, bytes, n);
}
