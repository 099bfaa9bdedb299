/* Who concludes: the version of the program, a hash of the sources that conclude, and one of the tables of knowledge.
 * Conclusions that another drew are drawn anew. */
#ifndef TSUMUGI_PROVENANCE_H
#define TSUMUGI_PROVENANCE_H

#include "analyst/base/arena.h"
#include "analyst/base/fault.h"

/* The same text for the same program and tables, on any machine; knowledge is the folder of the tables. */
int provenance(const char **out, const char *knowledge, struct arena *arena, struct fault *f);

#endif
