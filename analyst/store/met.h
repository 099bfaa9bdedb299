/* The casts met lately and their row ids: a table of a fixed size in which a look-up touches one line of memory. Casts of network
 * alerts can be nearly as many as the alerts, so their members are not kept: what tells one from another is a hash of 64
 * bits and its place in the table. It is multilinear with random factors (Lemire and Kaser, "Strongly universal string
 * hashing is fast", 2014): whatever the records say, two casts are taken for one with a chance of 2^-64, once in 10^12
 * imports of a million alerts. One that was forgotten and is met again gets a second row, which is joined on loading. */
#ifndef TSUMUGI_MET_H
#define TSUMUGI_MET_H

#include <stddef.h>
#include <stdint.h>

/* The most words a hash is made of. */
#define MET_WORDS 64

struct met;

struct met_key {
	uint64_t tag;
	uint32_t place;
};

struct met *met_new(void);
void met_free(struct met *m);            /* accepts NULL */
struct met_key met_key(const struct met *m, const uint64_t *words, size_t count);
void met_prefetch(const struct met *m, struct met_key key);
/* The row id, good until the next call; 0 when it is not known: to be filled in. */
int64_t *met_row(struct met *m, struct met_key key);

#endif
