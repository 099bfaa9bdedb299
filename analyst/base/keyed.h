/* Long lists in the order of a number: a pass for each eleven bits that differ (radix sort, least significant digit
 * first), no comparison. Ten million take as long each as one.
 *
 *     list[i] = (struct keyed){ key_pair(machine, episode), episode };
 *     keyed_sort(list, n);                     equal keys keep their order
 */
#ifndef TSUMUGI_KEYED_H
#define TSUMUGI_KEYED_H

#include <stddef.h>
#include <stdint.h>

struct keyed {
	uint64_t key;
	uint32_t item;       /* whatever the key is of, an index mostly */
};

void keyed_sort(struct keyed *list, size_t n);

/* By the first number, then by the second. */
static inline uint64_t key_pair(uint32_t first, uint32_t second)
{
	return (uint64_t)first << 32 | second;
}

/* Instants and other numbers that may be negative, in their order. */
static inline uint64_t key_signed(int64_t number)
{
	return (uint64_t)number ^ UINT64_C(1) << 63;
}

#endif
