/* Loads phrases.xml and every words*.xml of the templates folder into one table. */
#include "templates/phrases.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analyst/base/arena.h"
#include "analyst/base/intern.h"
#include "analyst/base/xml.h"

struct phrases {
	struct arena *arena;
	const char *folder;
	struct intern *keys;
	struct phrase *list;
	size_t count, room;
};

const struct phrase *phrase_find(const struct phrases *p, const char *key)
{
	uint32_t id = intern_find(p->keys, key, strlen(key));

	return id == INTERN_NONE ? NULL : &p->list[id];
}

const struct phrase *phrases_list(const struct phrases *p, size_t *count)
{
	*count = p->count;
	return p->list;
}

const char *phrases_folder(const struct phrases *p)
{
	return p->folder;
}

void phrase_change(struct phrases *p, const struct phrase *fresh)
{
	struct phrase *to = &p->list[intern_find(p->keys, fresh->key, strlen(fresh->key))];

	for (int lang = 0; lang < LANGUAGES; lang++) {
		to->pattern[lang] = arena_dup(p->arena, fresh->pattern[lang]);
		to->label[lang] = arena_dup(p->arena, fresh->label[lang]);
	}
}

static const struct slot {
	const char *element;
	enum language language;
	bool label;
} slots[] = {
	{ "en", LANGUAGE_EN, false }, { "ja", LANGUAGE_JA, false },
	{ "label-en", LANGUAGE_EN, true }, { "label-ja", LANGUAGE_JA, true },
};

const char *phrase_squeezed(struct arena *a, const char *s, enum language lang)
{
	char *out = arena_alloc(a, strlen(s) + 1), *to = out;

	for (; *s != '\0'; s++) {
		bool space = strchr(" \t\r\n", *s) != NULL, broken = *s == '\n';

		while (space && s[1] != '\0' && strchr(" \t\r\n", s[1]) != NULL) {
			broken |= s[1] == '\n';
			s++;
		}
		if (!space)
			*to++ = *s;
		else if (to > out && s[1] != '\0' && !(broken && lang == LANGUAGE_JA))
			*to++ = ' ';
	}
	*to = '\0';
	return out;
}

static int read_slots(struct phrases *p, struct phrase *ph, xmlNode *node, const char *path, struct fault *f)
{
	for (xmlNode *c = xmlFirstElementChild(node); c != NULL; c = xmlNextElementSibling(c)) {
		xmlChar *content = xmlNodeGetContent(c);
		size_t i = 0;

		while (i < sizeof(slots) / sizeof(slots[0]) && strcmp(slots[i].element, (const char *)c->name) != 0)
			i++;
		if (i < sizeof(slots) / sizeof(slots[0])) {
			const char **to = slots[i].label ? ph->label : ph->pattern;

			to[slots[i].language] = phrase_squeezed(p->arena, (const char *)content, slots[i].language);
		}
		xmlFree(content);
		if (i == sizeof(slots) / sizeof(slots[0]))
			return fault_set(f, FAULT_DATA, "%s:%ld: '%s' has an element <%s>; en, ja, label-en and label-ja are known",
			                 path, xmlGetLineNo(c), ph->key, (const char *)c->name);
	}
	if (ph->pattern[LANGUAGE_EN] == NULL || ph->pattern[LANGUAGE_JA] == NULL ||
	    (ph->label[LANGUAGE_EN] == NULL) != (ph->label[LANGUAGE_JA] == NULL))
		return fault_set(f, FAULT_DATA, "%s:%ld: '%s' lacks one of its two languages", path, xmlGetLineNo(node), ph->key);
	return 0;
}

static int read_phrase(struct phrases *p, xmlNode *node, const char *path, struct fault *f)
{
	xmlChar *key = xmlGetNoNsProp(node, (const xmlChar *)"key");
	struct phrase ph = { 0 };
	bool fresh;

	if (key == NULL)
		return fault_set(f, FAULT_DATA, "%s:%ld: <%s> without a key", path, xmlGetLineNo(node), (const char *)node->name);
	ph.key = arena_dup(p->arena, (const char *)key);
	xmlFree(key);
	if (read_slots(p, &ph, node, path, f) < 0)
		return -1;
	intern_put(p->keys, ph.key, strlen(ph.key), &fresh);
	if (!fresh)
		return fault_set(f, FAULT_DATA, "%s:%ld: '%s' is there twice", path, xmlGetLineNo(node), ph.key);
	if (p->count == p->room) {
		p->room = p->room > 0 ? p->room * 2 : 256;
		p->list = must_grow(p->list, p->room, sizeof(*p->list));
	}
	p->list[p->count++] = ph;
	return 0;
}

static int read_file(struct phrases *p, const char *path, struct fault *f)
{
	xmlDoc *doc = NULL;
	int rc = 0;

	if (xml_read_file(&doc, path, f) < 0)
		return -1;
	for (xmlNode *c = xmlFirstElementChild(xmlDocGetRootElement(doc)); c != NULL && rc == 0; c = xmlNextElementSibling(c))
		rc = read_phrase(p, c, path, f);
	xmlFreeDoc(doc);
	return rc;
}

static int is_word_file(const struct dirent *d)
{
	size_t n = strlen(d->d_name);

	return n > 4 && strcmp(d->d_name + n - 4, ".xml") == 0 &&
	       (strncmp(d->d_name, "words", 5) == 0 || strcmp(d->d_name, "phrases.xml") == 0);
}

int phrases_load(struct phrases **out, const char *folder, struct fault *f)
{
	struct phrases *p = must_alloc(sizeof(*p));
	struct dirent **names = NULL;
	int n = scandir(folder, &names, is_word_file, alphasort), rc = 0;

	p->arena = arena_new();
	p->folder = arena_dup(p->arena, folder);
	p->keys = intern_new();
	if (n <= 0)
		rc = fault_set(f, FAULT_DATA, "no phrases.xml in '%s'", folder);
	for (int i = 0; i < n; i++) {
		if (rc == 0)
			rc = read_file(p, arena_printf(p->arena, "%s/%s", folder, names[i]->d_name), f);
		free(names[i]);
	}
	free(names);
	if (rc < 0) {
		phrases_free(p);
		return -1;
	}
	*out = p;
	return 0;
}

void phrases_free(struct phrases *p)
{
	if (p == NULL)
		return;
	arena_free(p->arena);
	intern_free(p->keys);
	free(p->list);
	free(p);
}

/* ---- where they are ---- */

static bool has_phrases(const char *folder)
{
	char path[4200];

	snprintf(path, sizeof(path), "%.4000s/phrases.xml", folder);
	return access(path, R_OK) == 0;
}

/* The folder of the running program: argv[0] says how it was called, the link what it is. */
static void program_folder(char *out, size_t room, const char *program_path)
{
	ssize_t n = readlink("/proc/self/exe", out, room - 1);
	char *slash;

	if (n > 0)
		out[n] = '\0';
	else
		snprintf(out, room, "%s", program_path != NULL ? program_path : "");
	slash = strrchr(out, '/');
	snprintf(slash != NULL ? slash : out, slash != NULL ? room - (size_t)(slash - out) : room, "%s", slash != NULL ? "" : ".");
}

int templates_folder(const char **out, const char *program_path, struct fault *f)
{
	/* Beside the program: build/tsumugi and build/san/tsumugi in the checkout, PREFIX/bin/tsumugi installed. */
	static const char *const beside[] = { "/../templates", "/../../templates", "/../share/tsumugi/templates" };
	static char found[4200];
	const char *asked = getenv("TSUMUGI_TEMPLATES");
	char home[4096];

	*out = found;
	if (asked != NULL && asked[0] != '\0') {
		snprintf(found, sizeof(found), "%.4000s", asked);
		return has_phrases(found) ? 0 : fault_set(f, FAULT_IO, "no phrases.xml in '%s' (TSUMUGI_TEMPLATES)", found);
	}
	program_folder(home, sizeof(home), program_path);
	for (size_t i = 0; i < sizeof(beside) / sizeof(beside[0]); i++) {
		snprintf(found, sizeof(found), "%.4000s%s", home, beside[i]);
		if (has_phrases(found))
			return 0;
	}
	snprintf(found, sizeof(found), "%s/templates", TSUMUGI_SHARE);
	if (has_phrases(found))
		return 0;
	return fault_set(f, FAULT_IO, "the templates are neither beside the program nor in %s/templates; set TSUMUGI_TEMPLATES", TSUMUGI_SHARE);
}
