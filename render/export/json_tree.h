/* A JSON document as a tree, to hold one against another.
 *
 *     const struct node *given = json_tree(bytes, n, arena, f);
 *     const char *kind = node_text(node_at(given, "report", "kind", NULL));
 *
 * Strings are decoded; numbers stay as written. Depth is bounded, a broken document is a fault that says where. */
#ifndef TSUMUGI_JSON_TREE_H
#define TSUMUGI_JSON_TREE_H

#include <stddef.h>

#include "analyst/base/arena.h"
#include "analyst/base/fault.h"

enum node_kind { NODE_WORD /* null, true, false */, NODE_NUMBER, NODE_STRING, NODE_ARRAY, NODE_OBJECT };

struct node {
	enum node_kind kind;
	const char *key;             /* inside an object, else NULL */
	const char *text;            /* of a word, number or string */
	const struct node *first, *next;
};

const struct node *json_tree(const char *bytes, size_t n, struct arena *a, struct fault *f);     /* or NULL */
/* Down the keys, which end with NULL; NULL when there is no such value. */
const struct node *node_at(const struct node *n, ...) __attribute__((sentinel));
/* The string; NULL for NULL and for anything else. */
const char *node_text(const struct node *n);

#endif
