#include "analyst/knowledge/sayings.h"

#include <string.h>

#include "analyst/base/table.h"
#include "analyst/base/xml.h"

static const struct named parts[] = {
	{ "title", PART_TITLE }, { "meaning", PART_MEANING }, { "benign", PART_BENIGN },
	{ "unknown", PART_UNKNOWN }, { "action", PART_ACTION }, { NULL, 0 }
};

static const struct named certainties[] = {
	{ "confirmed", CERTAINTY_CONFIRMED }, { "likely", CERTAINTY_LIKELY },
	{ "possible", CERTAINTY_POSSIBLE }, { "not-seen", CERTAINTY_NOT_SEEN }, { NULL, 0 }
};

static int load_saying(struct saying *s, xmlNode *node, const char *path, struct arena *a, struct fault *f)
{
	const char *part = xml_attribute(node, "part", a), *certainty = xml_attribute(node, "certainty", a);
	int sure = certainty != NULL ? table_value(certainties, certainty, -1) : CERTAINTY_POSSIBLE;

	s->key = xml_attribute(node, "key", a);
	s->when = xml_attribute(node, "when", a);
	s->group = xml_attribute(node, "one", a);
	s->certainty = (enum certainty)sure;
	s->part = (enum part)table_value(parts, part, -1);
	if (sure < 0)
		return fault_set(f, FAULT_DATA, "%s:%ld: a certainty is confirmed, likely, possible or not-seen, not '%.50s'", path,
		                 xmlGetLineNo(node), certainty);
	if (s->key == NULL || (int)s->part < 0)
		return fault_set(f, FAULT_DATA, "%s:%ld: a saying needs a key and a part", path, xmlGetLineNo(node));
	return 0;
}

int sayings_load(struct sayings *out, const char *folder, struct arena *a, struct fault *f)
{
	const char *path = arena_printf(a, "%s/sayings.xml", folder);
	xmlDoc *doc = NULL;
	xmlNode *root;
	struct saying *rows;
	int rc = 0;

	if (xml_read_file(&doc, path, f) < 0)
		return -1;
	root = xmlDocGetRootElement(doc);
	rows = ARENA_ARRAY(a, struct saying, xmlChildElementCount(root) + 1);
	out->rows = rows;
	out->count = 0;
	for (xmlNode *c = xmlFirstElementChild(root); c != NULL && rc == 0; c = xmlNextElementSibling(c))
		rc = load_saying(&rows[out->count++], c, path, a, f);
	xmlFreeDoc(doc);
	return rc;
}

bool saying_fits(const struct saying *s, bool (*occurs)(void *, const char *),
                 bool (*known)(void *, const char *), void *ctx)
{
	const char *at = s->when;

	while (at != NULL && *at != '\0') {
		size_t n = strcspn(at, " ");
		char name[64];
		bool not = at[0] == '!', fact, holds;

		at += not;
		n -= not;
		fact = at[0] == '$';
		if (n - fact < sizeof(name)) {
			memcpy(name, at + fact, n - fact);
			name[n - fact] = '\0';
			holds = fact ? known(ctx, name) : occurs(ctx, name);
			if (n > 0 && holds == not)
				return false;
		}
		at += n;
		at += strspn(at, " ");
	}
	return true;
}

bool saying_names(const struct saying *s, const char *name)
{
	const char *at = s->when;
	size_t n = strlen(name);

	while (at != NULL && *at != '\0') {
		size_t token = strcspn(at, " ");

		if (token == n && memcmp(at, name, n) == 0)
			return true;
		at += token;
		at += strspn(at, " ");
	}
	return false;
}
