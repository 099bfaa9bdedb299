#include "analyst/store/hasher.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "analyst/base/arena.h"
#include "analyst/base/sha.h"

struct hasher {
	SHA256_CTX digest;
};

static uint64_t first_bytes(const unsigned char *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof(v));
	return be64toh(v);
}

struct content content_of(const unsigned char *sha256)
{
	return (struct content){ first_bytes(sha256), first_bytes(sha256 + 8) };
}

void content_bytes(unsigned char *to, const struct content *c)
{
	const uint64_t both[] = { htobe64(c->key), htobe64(c->key2) };

	_Static_assert(sizeof(both) == CONTENT_BYTES, "they are all of it");
	memcpy(to, both, sizeof(both));
}

struct hasher *hasher_new(void)
{
	return must_alloc(sizeof(struct hasher));
}

void hasher_free(struct hasher *h)
{
	free(h);
}

void digest_begin(struct hasher *h)
{
	SHA256_Init(&h->digest);
}

struct content digest_end(struct hasher *h)
{
	unsigned char hash[SHA256_DIGEST_LENGTH];

	SHA256_Final(hash, &h->digest);
	return content_of(hash);
}

void digest_add(struct hasher *h, const char *s)
{
	/* With the NUL, which tells the parts apart. */
	if (s != NULL)
		SHA256_Update(&h->digest, s, strlen(s) + 1);
	else
		SHA256_Update(&h->digest, "", 1);
}

struct content hasher_content(struct hasher *h, const char *format, const char *tenant, const char *bytes, size_t n)
{
	digest_begin(h);
	digest_add(h, format);
	digest_add(h, tenant);
	SHA256_Update(&h->digest, bytes, n);
	return digest_end(h);
}

size_t content_head(char *to, const char *format, const char *tenant)
{
	size_t format_size = strlen(format) + 1, tenant_size = tenant != NULL ? strlen(tenant) + 1 : 1;

	if (to != NULL) {
		memcpy(to, format, format_size);
		memcpy(to + format_size, tenant != NULL ? tenant : "", tenant_size);
	}
	return format_size + tenant_size;
}

struct content hasher_headed(struct hasher *h, const char *bytes, size_t n)
{
	digest_begin(h);
	SHA256_Update(&h->digest, bytes, n);
	return digest_end(h);
}
