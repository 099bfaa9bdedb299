/* SHA-256 and SHA-1 from libcrypto, below its EVP layer. That one asks for memory at each hash, leaves the hash
 * unwritten when it gets none, and its start-up crashes then (OpenSSL 3.0); these need no memory and cannot fail.
 *
 *     SHA256_CTX sum;
 *     unsigned char digest[SHA256_DIGEST_LENGTH];
 *
 *     SHA256_Init(&sum);
 *     SHA256_Update(&sum, bytes, n);
 *     SHA256_Final(digest, &sum);
 *
 * OpenSSL calls them deprecated, for EVP's sake: the Makefile says that we know. */
#ifndef TSUMUGI_SHA_H
#define TSUMUGI_SHA_H

#include <openssl/sha.h>

#endif
