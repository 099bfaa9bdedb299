/* The XML files that hold the knowledge: opened the same way, a bad one is a fault with file and line. */
#ifndef TSUMUGI_KNOWLEDGE_XML_H
#define TSUMUGI_KNOWLEDGE_XML_H

#include <libxml/tree.h>
#include <stdbool.h>

#include "analyst/base/arena.h"
#include "analyst/base/fault.h"

/* No document types, no network. Freed with xmlFreeDoc; NULL with a fault. */
xmlDoc *knowledge_xml(const char *path, struct fault *f);
const char *knowledge_attribute(xmlNode *node, const char *name, struct arena *a);      /* or NULL */
bool knowledge_is(const xmlNode *node, const char *name);
size_t knowledge_count(const xmlNode *node, const char *name);                          /* children of that name */

#endif
