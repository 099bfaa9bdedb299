#include "analyst/knowledge/knowledge_xml.h"

#include <libxml/parser.h>
#include <string.h>

static void keep_quiet(void *ctx, xmlErrorPtr error)
{
	(void)ctx;
	(void)error;
}

xmlDoc *knowledge_xml(const char *path, struct fault *f)
{
	xmlDoc *doc;
	const xmlError *error;

	xmlSetStructuredErrorFunc(NULL, keep_quiet);
	doc = xmlReadFile(path, NULL, XML_PARSE_NONET);
	if (doc != NULL && xmlDocGetRootElement(doc) != NULL && doc->intSubset == NULL)
		return doc;
	error = xmlGetLastError();
	fault_set(f, FAULT_DATA, "%s:%d: %.200s", path, error != NULL ? error->line : 0,
	          error != NULL && error->message != NULL ? error->message : "cannot be read");
	xmlFreeDoc(doc);
	return NULL;
}

const char *knowledge_attribute(xmlNode *node, const char *name, struct arena *a)
{
	xmlChar *value = xmlGetNoNsProp(node, (const xmlChar *)name);
	const char *copy = value != NULL ? arena_dup(a, (const char *)value) : NULL;

	xmlFree(value);
	return copy;
}

bool knowledge_is(const xmlNode *node, const char *name)
{
	return node->type == XML_ELEMENT_NODE && strcmp((const char *)node->name, name) == 0;
}

size_t knowledge_count(const xmlNode *node, const char *name)
{
	size_t n = 0;

	for (const xmlNode *c = node->children; c != NULL; c = c->next)
		n += knowledge_is(c, name);
	return n;
}
