#include "timeline/lanes.h"

#include <stdbool.h>
#include <stdint.h>

static bool free_of(const struct interval *list, size_t n, const struct interval *iv, int row, double gap)
{
	for (size_t i = 0; i < n; i++)
		if (list[i].row == row && iv->from < list[i].to + gap && list[i].from < iv->to + gap)
			return false;
	return true;
}

int lanes_pack(struct interval *list, size_t n, double gap, int most_rows)
{
	int rows = 0;

	for (size_t i = 0; i < n; i++) {
		int row = 0;

		while (row < most_rows && !free_of(list, i, &list[i], row, gap))
			row++;
		list[i].row = row < most_rows ? row : -1;
		if (row < most_rows && row + 1 > rows)
			rows = row + 1;
	}
	return rows;
}

void lanes_limit(const size_t *counts, size_t *give, size_t classes, size_t total)
{
	size_t used = 0;

	for (size_t i = 0; i < classes; i++)
		used += give[i] = counts[i];
	while (used > total) {
		size_t widest = SIZE_MAX;

		for (size_t i = 0; i < classes; i++)
			if (give[i] > 1 && (widest == SIZE_MAX || give[i] > give[widest]))
				widest = i;
		if (widest == SIZE_MAX)
			return;
		give[widest]--;
		used--;
	}
}
