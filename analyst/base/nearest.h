/* The name somebody probably meant. */
#ifndef TSUMUGI_NEAREST_H
#define TSUMUGI_NEAREST_H

#include <stddef.h>

/* Letters that must be added, dropped or changed to make one of the other; 99 where one is longer than 60. */
size_t letters_apart(const char *a, const char *b);

/* Fed one name after the other, remembers the nearest to `wanted` that is at most a third of its letters off.
 *
 *     struct nearest near = { .wanted = "tilte" };
 *     nearest_try(&near, "title");
 *     if (near.name != NULL) ...                          lent: as long as the names fed */
struct nearest {
	const char *wanted, *name;
	size_t apart;
};
void nearest_try(struct nearest *near, const char *name);

#endif
