/* XML from strangers and from people who change ours. libxml2's own manual advises against giving it untrusted data, so
 * what has ever hurt it is refused before it looks (THREATS 1): document types and with
 * them all entities, encodings off a short list, tags that are long or full of
 * attributes, long text, deep nesting, elements without end. Errors it reports but returns no failure for
 * count as failures. */
#ifndef TSUMUGI_XML_H
#define TSUMUGI_XML_H

#include <libxml/tree.h>
#include <stdbool.h>

#include "analyst/base/arena.h"
#include "analyst/base/fault.h"

#define XML_TAG_LIMIT ((size_t)64 * 1024)
#define XML_ATTRIBUTES 256
#define XML_TEXT_LIMIT ((size_t)1024 * 1024)
#define XML_DEPTH 128
#define XML_NODES 500000           /* elements and attributes; a node takes about 200 bytes of memory */
#define XML_NAMES 65536            /* different ones; libxml2's table of names slows down quadratically */
#define XML_FILE_LIMIT ((size_t)4 * 1024 * 1024)

/* Frees with xmlFreeDoc. */
int xml_read(xmlDoc **out, const char *bytes, size_t n, struct fault *f);
/* A table or template: a file of XML_FILE_LIMIT at the most. The fault names it. */
int xml_read_file(xmlDoc **out, const char *path, struct fault *f);

/* The same without a tree, for files of many small documents: what is in it is told in its order while it is read. What
 * was told of a document that turns out to be broken is for the caller to forget. Names and texts are good during the
 * call. */
struct xml_attributes;
struct xml_listener {
	void (*open)(void *ctx, const char *name, const struct xml_attributes *attributes);
	void (*text)(void *ctx, const char *s, size_t n);      /* in pieces */
	void (*close)(void *ctx);
};
struct xml_walker;
struct xml_walker *xml_walker_new(const struct xml_listener *listener);     /* the listener outlives it */
void xml_walker_free(struct xml_walker *w);                                 /* accepts NULL */
int xml_walk(struct xml_walker *w, void *ctx, const char *bytes, size_t n, struct fault *f);
/* Of an attribute in no namespace; NULL where there is none. */
const char *xml_value_of(const struct xml_attributes *attributes, const char *name, struct arena *arena);

/* Without regard to namespaces: formats are told apart by their root's before. */
bool xml_is(const xmlNode *node, const char *name);
const xmlNode *xml_child(const xmlNode *node, const char *name);     /* the first, or NULL */
size_t xml_count(const xmlNode *node, const char *name);             /* children of that name */
/* All text below, without blanks at both ends; "" of NULL. */
const char *xml_text(const xmlNode *node, struct arena *arena);
const char *xml_attribute(const xmlNode *node, const char *name, struct arena *arena);     /* or NULL */
/* A format's root by its local name: "STIX_Package" in "<stix:STIX_Package ". */
bool xml_begins(const char *bytes, size_t n, const char *name);

#endif
