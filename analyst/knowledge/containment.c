#include "analyst/knowledge/containment.h"

#include <stdlib.h>
#include <string.h>

#include "analyst/base/xml.h"

const struct named blocks[] = {
	{ "outbound", BLOCK_OUTBOUND }, { "inbound", BLOCK_INBOUND }, { "inside", BLOCK_INSIDE },
	{ "account", BLOCK_ACCOUNT }, { "isolate", BLOCK_ISOLATE }, { NULL, 0 }
};

/* Whole numbers only; -1 where it is none or out of range. */
static int number(xmlNode *node, const char *name, int least, int most, struct arena *a)
{
	const char *s = xml_attribute(node, name, a);
	char *end;
	long n = s != NULL ? strtol(s, &end, 10) : -1;

	return s == NULL || end == s || *end != '\0' || n < least || n > most ? -1 : (int)n;
}

static int load_row(struct containment_row *row, xmlNode *node, const char *path, struct arena *a, struct fault *f)
{
	int block = table_value(blocks, xml_attribute(node, "block", a), -1);

	row->behaviour = xml_attribute(node, "behaviour", a);
	row->block = (enum block)block;
	row->confidence = number(node, "confidence", 1, 100, a);
	row->hours = number(node, "hours", 0, 8760, a);
	if (row->behaviour == NULL || block < 0 || row->confidence < 0 || row->hours < 0)
		return fault_set(f, FAULT_DATA, "%s:%ld: a measure needs a behaviour, block (outbound, inbound, inside, account or isolate), "
		                 "confidence (1-100) and hours (0-8760)", path, xmlGetLineNo(node));
	return 0;
}

static const char *content(xmlNode *node, struct arena *a)
{
	xmlChar *s = xmlNodeGetContent(node);
	const char *copy = arena_dup(a, (const char *)s);

	xmlFree(s);
	return copy;
}

static int load_rows(struct containment *out, xmlNode *root, const char *path, struct arena *a, struct fault *f)
{
	struct containment_row *rows = ARENA_ARRAY(a, struct containment_row, xml_count(root, "measure") + 1);
	const char **shared = ARENA_ARRAY(a, const char *, xml_count(root, "shared") + 1);
	const char **spare = ARENA_ARRAY(a, const char *, xml_count(root, "spare") + 1);

	out->rows = rows;
	out->shared = shared;
	out->spare = spare;
	out->delay = number(root, "delay", 0, 86400, a);
	out->used_by = number(root, "used-by", 1, 1000000, a);
	if (out->delay < 0 || out->used_by < 0)
		return fault_set(f, FAULT_DATA, "%s:%ld: needs delay (seconds) and used-by (machines)", path, xmlGetLineNo(root));
	for (xmlNode *c = xmlFirstElementChild(root); c != NULL; c = xmlNextElementSibling(c)) {
		if (xml_is(c, "shared"))
			shared[out->shared_count++] = content(c, a);
		else if (xml_is(c, "spare"))
			spare[out->spare_count++] = content(c, a);
		else if (!xml_is(c, "measure"))
			return fault_set(f, FAULT_DATA, "%s:%ld: no <measure>, <shared> or <spare>", path, xmlGetLineNo(c));
		else if (load_row(&rows[out->count++], c, path, a, f) < 0)
			return -1;
	}
	return 0;
}

int containment_load(struct containment *out, const char *folder, struct arena *a, struct fault *f)
{
	const char *path = arena_printf(a, "%s/containment.xml", folder);
	xmlDoc *doc = NULL;
	int rc = -1;

	memset(out, 0, sizeof(*out));
	if (xml_read_file(&doc, path, f) == 0)
		rc = load_rows(out, xmlDocGetRootElement(doc), path, a, f);
	xmlFreeDoc(doc);
	return rc;
}

const struct containment_row *containment_row(const struct containment *c, const char *behaviour)
{
	for (size_t i = 0; i < c->count; i++)
		if (strcmp(c->rows[i].behaviour, behaviour) == 0)
			return &c->rows[i];
	return NULL;
}

bool containment_is_shared(const struct containment *c, const char *domain)
{
	size_t n = strlen(domain);

	for (size_t i = 0; i < c->shared_count; i++) {
		size_t tail = strlen(c->shared[i]);

		if (tail <= n && strcmp(domain + n - tail, c->shared[i]) == 0 && (tail == n || domain[n - tail - 1] == '.'))
			return true;
	}
	return false;
}

bool containment_is_spared(const struct containment *c, const char *value)
{
	for (size_t i = 0; i < c->spare_count; i++)
		if (strcmp(value, c->spare[i]) == 0)
			return true;
	return false;
}
