/* Files of rules, which are given along with indicators: they say what to look for and are run by other programs. What is
 * read as indicators out of them, hashes of samples in their comments, would be a part of them at best. */
#ifndef TSUMUGI_RULES_H
#define TSUMUGI_RULES_H

#include <stddef.h>

/* What the file is and what to do with it, or NULL: no rules. By its first bytes. */
const char *rules_in(const char *s, size_t n);

#endif
