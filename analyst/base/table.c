#include "analyst/base/table.h"

int table_value(const struct named *table, const char *name, int missing)
{
	for (; table->name != NULL; table++)
		if (name != NULL && same_word(table->name, name))
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

bool in_list(const char *const *list, const char *s)
{
	for (; s != NULL && *list != NULL; list++)
		if (same_word(*list, s))
			return true;
	return false;
}
