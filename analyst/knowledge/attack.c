#include "analyst/knowledge/attack.h"

#include <stdlib.h>
#include <string.h>

#include "analyst/base/text.h"
#include "analyst/base/xml.h"

struct technique {
	const char *id;
	const char *name;          /* NULL: revoked */
	const char *by;            /* its replacement, which is not revoked; or NULL */
};

struct attack {
	struct arena *arena;
	const char *release;
	struct technique *rows;    /* sorted by id */
	size_t count;
};

static int by_id(const void *a, const void *b)
{
	return strcmp(((const struct technique *)a)->id, ((const struct technique *)b)->id);
}

static const struct technique *find(const struct attack *at, const char *id)
{
	const struct technique key = { .id = id };

	return bsearch(&key, at->rows, at->count, sizeof(*at->rows), by_id);
}

const char *attack_release(const struct attack *at)
{
	return at->release;
}

const char *attack_current(const struct attack *at, const char *id)
{
	const struct technique *t = find(at, id);

	return t != NULL && t->by != NULL ? t->by : id;
}

const char *attack_name(const struct attack *at, const char *id)
{
	const struct technique *t = find(at, attack_current(at, id));

	return t != NULL ? t->name : NULL;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

const char *attack_list(const struct attack *at, const char *ids, struct arena *a)
{
	const char **list;
	char *rest, *word;
	struct text t = { 0 };
	const char *out;
	size_t n = 0;

	if (ids == NULL)
		return NULL;
	list = ARENA_ARRAY(a, const char *, strlen(ids) / 2 + 1);
	rest = arena_dup(a, ids);
	while ((word = strsep(&rest, " ")) != NULL)
		if (word[0] != '\0')
			list[n++] = attack_current(at, word);
	qsort(list, n, sizeof(*list), by_text);
	for (size_t i = 0; i < n; i++)
		if (i == 0 || strcmp(list[i], list[i - 1]) != 0)
			text_printf(&t, "%s%s", t.used > 0 ? " " : "", list[i]);
	out = arena_dup(a, text_str(&t));
	text_free(&t);
	return out;
}

/* ---- loading ---- */

/* "T1059", "T1059.001" */
static bool is_id(const char *s)
{
	size_t n = s != NULL && s[0] == 'T' ? strspn(s + 1, "0123456789") : 0;

	return n == 4 && (s[5] == '\0' || (s[5] == '.' && strspn(s + 6, "0123456789") == 3 && s[9] == '\0'));
}

static int load_row(struct attack *at, xmlNode *node, const char *path, struct fault *f)
{
	struct technique *t = &at->rows[at->count++];
	bool revoked = xml_is(node, "revoked");

	if (!revoked && !xml_is(node, "technique"))
		return fault_set(f, FAULT_DATA, "%s:%ld: <%.50s> is neither a technique nor a revoked one", path, xmlGetLineNo(node),
		                 (const char *)node->name);
	t->id = xml_attribute(node, "id", at->arena);
	t->name = revoked ? NULL : xml_attribute(node, "name", at->arena);
	t->by = revoked ? xml_attribute(node, "by", at->arena) : NULL;
	if (!is_id(t->id) || (revoked ? !is_id(t->by) : t->name == NULL || t->name[0] == '\0'))
		return fault_set(f, FAULT_DATA, "%s:%ld: a technique needs an id like T1059.001 and a name, a revoked one an id and by",
		                 path, xmlGetLineNo(node));
	return 0;
}

static int check_rows(const struct attack *at, const char *path, struct fault *f)
{
	for (size_t i = 1; i < at->count; i++)
		if (strcmp(at->rows[i].id, at->rows[i - 1].id) == 0)
			return fault_set(f, FAULT_DATA, "%s: '%s' is there twice", path, at->rows[i].id);
	for (size_t i = 0; i < at->count; i++) {
		const struct technique *to = at->rows[i].by != NULL ? find(at, at->rows[i].by) : NULL;

		if (at->rows[i].by != NULL && (to == NULL || to->by != NULL))
			return fault_set(f, FAULT_DATA, "%s: '%s' is replaced by '%s', which is no technique of the release", path,
			                 at->rows[i].id, at->rows[i].by);
	}
	return 0;
}

int attack_load(struct attack **out, const char *folder, struct fault *f)
{
	struct attack *at = must_alloc(sizeof(*at));
	xmlNode *root;
	const char *path;
	xmlDoc *doc = NULL;
	int rc = 0;

	at->arena = arena_new();
	path = arena_printf(at->arena, "%s/attack.xml", folder);
	if (xml_read_file(&doc, path, f) < 0) {
		attack_free(at);
		return -1;
	}
	root = xmlDocGetRootElement(doc);
	at->release = xml_attribute(root, "release", at->arena);
	at->rows = ARENA_ARRAY(at->arena, struct technique, xmlChildElementCount(root) + 1);
	if (at->release == NULL)
		rc = fault_set(f, FAULT_DATA, "%s: does not say of which release it is", path);
	for (xmlNode *c = xmlFirstElementChild(root); c != NULL && rc == 0; c = xmlNextElementSibling(c))
		rc = load_row(at, c, path, f);
	xmlFreeDoc(doc);
	if (rc == 0) {
		qsort(at->rows, at->count, sizeof(*at->rows), by_id);
		rc = check_rows(at, path, f);
	}
	if (rc < 0) {
		attack_free(at);
		return -1;
	}
	*out = at;
	return 0;
}

void attack_free(struct attack *at)
{
	if (at == NULL)
		return;
	arena_free(at->arena);
	free(at);
}
