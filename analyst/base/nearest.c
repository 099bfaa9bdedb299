#include "analyst/base/nearest.h"

#include <string.h>

#define LONGEST 60

size_t letters_apart(const char *a, const char *b)
{
	size_t row[LONGEST + 1], n = strlen(b);

	if (strlen(a) > LONGEST || n > LONGEST)
		return 99;
	for (size_t k = 0; k <= n; k++)
		row[k] = k;
	for (size_t i = 0; a[i] != '\0'; i++) {
		size_t before = row[0];

		row[0] = i + 1;
		for (size_t k = 0; k < n; k++) {
			size_t best = before + (a[i] != b[k]);

			before = row[k + 1];
			best = before + 1 < best ? before + 1 : best;
			row[k + 1] = row[k] + 1 < best ? row[k] + 1 : best;
		}
	}
	return row[n];
}

void nearest_try(struct nearest *near, const char *name)
{
	size_t apart = letters_apart(near->wanted, name), most = strlen(near->wanted) / 3;

	if (apart > (most > 2 ? most : 2) || (near->name != NULL && apart >= near->apart))
		return;
	near->name = name;
	near->apart = apart;
}
