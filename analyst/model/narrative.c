#include "analyst/model/narrative.h"

#include <string.h>

const struct fact *beat_fact(const struct beat *b, const char *name)
{
	for (size_t i = 0; b != NULL && i < b->fact_count; i++)
		if (strcmp(b->facts[i].name, name) == 0)
			return &b->facts[i];
	return NULL;
}
