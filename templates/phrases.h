/* The table of phrases behind story.h: loaded from phrases.xml and words*.xml.
 *
 * A pattern is text with
 *   {name}            a fact; {name:form} with form one of time day clock weekday date full (times), rough (spans)
 *   {count:one|many}  a number with its English noun
 *   [ ... ]           left out when a fact in it is missing; may be nested
 *   [name? ... ]      said only if the fact is known; [name! ... ] only if it is not
 *   〈a|b〉            a in the weekly register, b in the customer's
 *   *word*            strong */
#ifndef TSUMUGI_PHRASES_H
#define TSUMUGI_PHRASES_H

#include "templates/story.h"

struct phrase {
	const char *key;
	const char *pattern[LANGUAGES];
	const char *label[LANGUAGES];     /* for charts; NULL where the phrase has none */
};

const struct phrase *phrase_find(const struct phrases *p, const char *key);    /* or NULL */
const struct phrase *phrases_list(const struct phrases *p, size_t *count);     /* for tests */

/* White space of a file's layout is not part of the text: runs of it become one space, and none where a line of
 * Japanese is only broken. */
const char *phrase_squeezed(struct arena *a, const char *s, enum language lang);
/* Puts it in the place of the phrase with its key, which there must be. Its strings are copied. */
void phrase_change(struct phrases *p, const struct phrase *fresh);
const char *phrases_folder(const struct phrases *p);     /* that they were loaded from */

#endif
