/* Lanes: which row a thing goes on.
 *
 * lanes_pack puts intervals on as few rows as possible without overlap, in the given order (first fit),
 * which is the order of importance. lanes_limit says how many lanes of each class may be drawn. */
#ifndef TSUMUGI_LANES_H
#define TSUMUGI_LANES_H

#include <stddef.h>

struct interval {
	double from, to;
	int row;             /* out: 0 is the top; -1: no row left */
};

/* Returns the number of rows used, at most most_rows. */
int lanes_pack(struct interval *list, size_t n, double gap, int most_rows);

/* counts[i] lanes wanted by class i; give[i] gets how many rows it has, of `total` at the most. A class
 * that must give up lanes keeps one row for "+n others", so it never has less than one row while it wants
 * one. Classes give way in proportion to what they ask for, the largest first. */
void lanes_limit(const size_t *counts, size_t *give, size_t classes, size_t total);

#endif
