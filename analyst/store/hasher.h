/* What records, claims and assets are known by: 128 bits of a SHA-256 over their parts. */
#ifndef TSUMUGI_HASHER_H
#define TSUMUGI_HASHER_H

#include "analyst/store/store.h"

void digest_begin(struct hasher *h);
void digest_add(struct hasher *h, const char *s);        /* or NULL; told apart from what follows */
struct content digest_end(struct hasher *h);
struct content content_of(const unsigned char *sha256);   /* its first CONTENT_BYTES */
#define CONTENT_BYTES 16
void content_bytes(unsigned char *to, const struct content *c);     /* the same bytes again */
struct content hasher_headed(struct hasher *h, const char *bytes, size_t n);     /* content_head, the record */

#endif
