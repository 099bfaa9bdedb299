/* Name <-> value, for enums that are written to files and read back; lists of words. */
#ifndef TSUMUGI_TABLE_H
#define TSUMUGI_TABLE_H

#include <stdbool.h>
#include <stddef.h>

struct named {
	const char *name;
	int value;
};

/* Both end at a row whose name is NULL. table_value ignores case and returns
 * missing for an unknown name; table_name returns NULL for an unknown value. */
int table_value(const struct named *table, const char *name, int missing);
const char *table_name(const struct named *table, int value);

static inline char lower_letter(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

/* Equal but for the case of ASCII's letters. For words that most often differ in one of the first: no call, no locale. */
static inline bool same_word(const char *a, const char *b)
{
	while (lower_letter(*a) == lower_letter(*b) && *a != '\0') {
		a++;
		b++;
	}
	return *a == *b && *a == '\0';
}

/* Whether s is one of the words, in any case, before the NULL at the end; NULL is none. */
bool in_list(const char *const *list, const char *s);

#endif
