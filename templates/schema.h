/* RELAX NG, by libxml2: does a document have the shape its schema asks for? */
#ifndef TSUMUGI_SCHEMA_H
#define TSUMUGI_SCHEMA_H

#include <libxml/tree.h>

#include "analyst/base/fault.h"

/* schema: the file. path: of the document, for the fault, which names the first line that does not fit. */
int schema_check(xmlDoc *doc, const char *schema, const char *path, struct fault *f);

#endif
