#include "analyst/base/table.h"

#include <strings.h>

int table_value(const struct named *table, const char *name, int missing)
{
	for (; table->name != NULL; table++)
		if (name != NULL && strcasecmp(table->name, name) == 0)
			return table->value;
	return missing;
}

const char *table_name(const struct named *table, int value)
{
	for (; table->name != NULL; table++)
		if (table->value == value)
			return table->name;
	return NULL;
}
