#include "analyst/store/hasher.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

struct hasher {
	EVP_MD *sha256;
	EVP_MD_CTX *digest;
};

static uint64_t first_bytes(const unsigned char *p)
{
	uint64_t v = 0;

	for (int i = 0; i < 8; i++)
		v = v << 8 | p[i];
	return v;
}

int hasher_new(struct hasher **out, struct fault *f)
{
	struct hasher *h = must_alloc(sizeof(*h));

	h->sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
	h->digest = EVP_MD_CTX_new();
	if (h->sha256 == NULL || h->digest == NULL) {
		hasher_free(h);
		return fault_set(f, FAULT_MEMORY, "SHA-256 is not to be had from libcrypto");
	}
	*out = h;
	return 0;
}

void hasher_free(struct hasher *h)
{
	if (h == NULL)
		return;
	EVP_MD_CTX_free(h->digest);
	EVP_MD_free(h->sha256);
	free(h);
}

void digest_begin(struct hasher *h)
{
	EVP_DigestInit_ex2(h->digest, h->sha256, NULL);
}

struct content digest_end(struct hasher *h)
{
	unsigned char hash[EVP_MAX_MD_SIZE];

	EVP_DigestFinal_ex(h->digest, hash, NULL);
	return (struct content){ first_bytes(hash), first_bytes(hash + 8) };
}

void digest_add(struct hasher *h, const char *s)
{
	/* With the NUL, which tells the parts apart. */
	if (s != NULL)
		EVP_DigestUpdate(h->digest, s, strlen(s) + 1);
	else
		EVP_DigestUpdate(h->digest, "", 1);
}

struct content hasher_content(struct hasher *h, const char *format, const char *tenant, const char *bytes, size_t n)
{
	digest_begin(h);
	digest_add(h, format);
	digest_add(h, tenant);
	EVP_DigestUpdate(h->digest, bytes, n);
	return digest_end(h);
}

