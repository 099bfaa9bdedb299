#include "templates/template.h"

#include <libxml/tree.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyst/base/nearest.h"
#include "analyst/base/text.h"
#include "analyst/base/xml.h"
#include "templates/pattern.h"
#include "templates/phrases.h"
#include "templates/schema.h"

struct loading {
	const char *path;
	const struct template_model *model;
	struct phrases *phrases;             /* NULL: a shipped template changes none */
	struct arena *arena;
	struct fault *f;
	struct text required;                /* names seen so far, each between two line feeds */
};

static const char *const elements[LANGUAGES] = { "en", "ja" };
static const char *const label_elements[LANGUAGES] = { "label-en", "label-ja" };

static int complain(const struct loading *l, const xmlNode *node, const char *what)
{
	return fault_set(l->f, FAULT_DATA, "%s:%ld: %s", l->path, xmlGetLineNo(node), what);
}

static int unknown(const struct loading *l, const xmlNode *node, const char *what, const struct nearest *near)
{
	return complain(l, node, arena_printf(l->arena, near->name != NULL ? "unknown %s '%.100s'; did you mean '%s'?" :
	                                      "unknown %s '%.100s'", what, near->wanted, near->name));
}

static const xmlNode *next_element(const xmlNode *node)
{
	while (node != NULL && node->type != XML_ELEMENT_NODE)
		node = node->next;
	return node;
}

#define EACH_CHILD(c, node) \
	for (const xmlNode *c = next_element((node) != NULL ? (node)->children : NULL); c != NULL; c = next_element(c->next))

static size_t children(const xmlNode *node)
{
	size_t n = 0;

	EACH_CHILD(c, node)
		n++;
	return n;
}

/* ---- words in both languages ---- */

static bool model_has_fact(const struct template_model *m, const char *name, size_t n)
{
	for (const char *const *fact = m->facts; *fact != NULL; fact++)
		if (strlen(*fact) == n && memcmp(*fact, name, n) == 0)
			return true;
	return false;
}

static bool report_fact(void *ctx, const char *name, size_t n)
{
	return model_has_fact(ctx, name, n);
}

static int wrong_pattern(const struct loading *l, const xmlNode *node, const char *wrong, const char *facts)
{
	return complain(l, node, arena_printf(l->arena, "%s%s%s", wrong, strncmp(wrong, "unknown", 7) == 0 ? "; known here: " : "",
	                                      strncmp(wrong, "unknown", 7) == 0 ? facts : ""));
}

static const char *facts_listed(const struct loading *l)
{
	const char *out = "";

	for (const char *const *fact = l->model->facts; *fact != NULL; fact++)
		out = arena_printf(l->arena, "%s%s%s", out, out[0] != '\0' ? ", " : "", *fact);
	return out;
}

/* Reports spell out characters that reorder or hide text; what people write themselves needs none. */
static int check_text(const struct loading *l, const xmlNode *node, const char *s)
{
	if (s[0] == '\0')
		return complain(l, node, arena_printf(l->arena, "<%s> is empty", (const char *)node->name));
	for (size_t n = strlen(s), taken; n > 0; s += taken, n -= taken) {
		uint32_t rune = utf8_next(s, n, &taken);

		if (rune_is_control(rune) || rune_is_bidi(rune))
			return complain(l, node, arena_printf(l->arena, "<%s> holds the invisible character U+%04X",
			                                      (const char *)node->name, (unsigned)rune));
	}
	return 0;
}

static int lacks(const struct loading *l, const xmlNode *node, const char *element)
{
	return complain(l, node, arena_printf(l->arena, "<%s> lacks <%s>", (const char *)node->name, element));
}

/* Before the schema, which would only say that it expected something: whatever is said in one language is said in
 * the other. */
static int check_languages(const struct loading *l, const xmlNode *node)
{
	bool en = xml_child(node, elements[LANGUAGE_EN]) != NULL, ja = xml_child(node, elements[LANGUAGE_JA]) != NULL;

	if (en != ja)
		return lacks(l, node, elements[en ? LANGUAGE_JA : LANGUAGE_EN]);
	EACH_CHILD(c, node)
		if (check_languages(l, c) < 0)
			return -1;
	return 0;
}


static int read_both(const struct loading *l, const xmlNode *node, const char *out[LANGUAGES])
{
	for (int lang = 0; lang < LANGUAGES; lang++) {
		const xmlNode *c = xml_child(node, elements[lang]);
		const char *wrong;

		if (c == NULL)
			return lacks(l, node, elements[lang]);
		out[lang] = phrase_squeezed(l->arena, xml_text(c, l->arena), (enum language)lang);
		if (check_text(l, c, out[lang]) < 0)
			return -1;
		if ((wrong = pattern_wrong(out[lang], report_fact, (void *)(uintptr_t)l->model, l->arena)) != NULL)
			return wrong_pattern(l, c, wrong, facts_listed(l));
	}
	return 0;
}

/* ---- logo ---- */

#define LOGO_HEIGHT 10               /* mm */
#define LOGO_LEAST 5
#define LOGO_MOST 20

/* A template may come from somebody else: it names files beside it or below. */
static bool stays_below(const char *name)
{
	for (const char *part = name; part != NULL; part = strchr(part, '/'), part += part != NULL)
		if (part[0] == '/' || part[0] == '\0' || strcmp(part, "..") == 0 || strncmp(part, "../", 3) == 0)
			return false;
	return true;
}

static int read_height(const struct loading *l, const xmlNode *node, double *out)
{
	const char *given = xml_attribute(node, "height", l->arena);
	long mm = LOGO_HEIGHT;
	char *end = NULL;

	if (given != NULL && (mm = strtol(given, &end, 10), end == given || *end != '\0' || mm < LOGO_LEAST || mm > LOGO_MOST))
		return complain(l, node, arena_printf(l->arena, "a logo is %d to %d mm high, not '%.50s'", LOGO_LEAST, LOGO_MOST, given));
	*out = (double)mm;
	return 0;
}

static int read_logo(const struct loading *l, const xmlNode *node, const struct template_logo **out)
{
	const char *name = xml_attribute(node, "file", l->arena), *slash = strrchr(l->path, '/');
	struct template_logo *logo = arena_alloc(l->arena, sizeof(*logo));

	if (name == NULL || !stays_below(name))
		return complain(l, node, arena_printf(l->arena, "a logo's file is beside the template or in a folder there, not '%.200s'",
		                                      name != NULL ? name : ""));
	if (read_height(l, node, &logo->height) < 0)
		return -1;
	if (slash != NULL)
		slash = arena_printf(l->arena, "%.*s/%s", (int)(slash - l->path), l->path, name);
	if (l->model->picture(&logo->picture, slash != NULL ? slash : name, l->arena, l->f) < 0)
		return fault_wrap(l->f, "%s:%ld: the logo '%.200s'", l->path, xmlGetLineNo(node), name);
	*out = logo;
	return 0;
}

/* ---- sections ---- */

static int read_section(struct loading *l, const xmlNode *node, struct template_block *out)
{
	struct nearest near = { .wanted = xml_attribute(node, "name", l->arena) };
	const char *name;
	bool required, first;

	out->kind = BLOCK_SECTION;
	if (near.wanted == NULL)
		return complain(l, node, "a section without a name");
	if (strstr(text_str(&l->required), arena_printf(l->arena, "\n%s\n", near.wanted)) != NULL)
		return complain(l, node, arena_printf(l->arena, "the section '%.100s' is there twice", near.wanted));
	for (size_t i = 0; (name = l->model->section(l->model->ctx, i, &required, &first)) != NULL; i++) {
		if (strcmp(name, near.wanted) == 0) {
			if (first && l->required.used > 0)
				return complain(l, node, arena_printf(l->arena, "the section '%s' must be the first", name));
			out->name = name;
			text_printf(&l->required, "\n%s\n", name);
			return 0;
		}
		nearest_try(&near, name);
	}
	return unknown(l, node, arena_printf(l->arena, "section of the %s report", l->model->kind), &near);
}

static int read_own(struct loading *l, const xmlNode *node, struct template_block *out)
{
	struct template_text *texts = ARENA_ARRAY(l->arena, struct template_text, children(node));

	out->kind = BLOCK_OWN;
	out->texts = texts;
	text_add(&l->required, "\n");          /* something stands before whatever must be first */
	EACH_CHILD(c, node) {
		if (xml_is(c, "heading")) {
			if (read_both(l, c, out->heading) < 0)
				return -1;
			continue;
		}
		texts[out->text_count].item = xml_is(c, "item");
		if (read_both(l, c, texts[out->text_count++].pattern) < 0)
			return -1;
	}
	return 0;
}

static int read_blocks(struct loading *l, const xmlNode *node, const struct template_block **out, size_t *count);

static int read_block(struct loading *l, const xmlNode *node, struct template_block *out)
{
	const char *number = xml_attribute(node, "number", l->arena);

	out->numbered = number != NULL && strcmp(number, "yes") == 0;
	if (xml_is(node, "section"))
		return read_section(l, node, out);
	if (xml_is(node, "own"))
		return read_own(l, node, out);
	out->kind = xml_is(node, "page") ? BLOCK_PAGE : BLOCK_COLUMNS;
	return read_blocks(l, node, &out->blocks, &out->block_count);
}

static int read_blocks(struct loading *l, const xmlNode *node, const struct template_block **out, size_t *count)
{
	struct template_block *list = ARENA_ARRAY(l->arena, struct template_block, children(node) + 1);

	EACH_CHILD(c, node)
		if (read_block(l, c, &list[(*count)++]) < 0)
			return -1;
	*out = list;
	return 0;
}

static int check_required(const struct loading *l, const xmlNode *node)
{
	const char *name;
	bool required, first;

	for (size_t i = 0; (name = l->model->section(l->model->ctx, i, &required, &first)) != NULL; i++)
		if (required && strstr(text_str(&l->required), arena_printf(l->arena, "\n%s\n", name)) == NULL)
			return complain(l, node, arena_printf(l->arena, "the section '%s' must not be left out", name));
	return 0;
}

/* ---- phrases ---- */

struct fact_owner {
	const struct phrases *phrases;
	const char *key;
	bool family;                         /* facts of all phrases whose key begins alike */
	const char *wanted;
	size_t n;
	bool found;
};

static bool is_wanted(void *ctx, const char *name, size_t n)
{
	struct fact_owner *o = ctx;

	o->found |= o->n == n && memcmp(o->wanted, name, n) == 0;
	return !o->found;
}

/* What tells a story is filled with whatever is known of an incident; every other phrase with what it asks for. */
static bool takes_all_facts(const char *key)
{
	static const char *const families[] = { "story.", "title.", "meaning.", "benign.", "unknown.", "action." };

	for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++)
		if (strncmp(key, families[i], strlen(families[i])) == 0)
			return true;
	return false;
}

static bool phrase_fact(void *ctx, const char *name, size_t n)
{
	struct fact_owner *o = ctx;
	size_t count, head = strcspn(o->key, ".") + 1;
	const struct phrase *list = phrases_list(o->phrases, &count);

	o->wanted = name;
	o->n = n;
	o->found = false;
	for (size_t i = 0; i < count && !o->found; i++) {
		if (o->family ? strncmp(list[i].key, o->key, head) != 0 : strcmp(list[i].key, o->key) != 0)
			continue;
		for (int lang = 0; lang < LANGUAGES; lang++) {
			pattern_facts(list[i].pattern[lang], is_wanted, o);
			if (list[i].label[lang] != NULL)
				pattern_facts(list[i].label[lang], is_wanted, o);
		}
	}
	return o->found;
}

static int read_words(const struct loading *l, const xmlNode *node, const char *const names[LANGUAGES],
                      struct fact_owner *owner, const char *out[LANGUAGES])
{
	for (int lang = 0; lang < LANGUAGES; lang++) {
		const xmlNode *c = xml_child(node, names[lang]);
		const char *wrong;

		if (c == NULL)
			continue;
		out[lang] = phrase_squeezed(l->arena, xml_text(c, l->arena), (enum language)lang);
		if (check_text(l, c, out[lang]) < 0)
			return -1;
		if ((wrong = pattern_wrong(out[lang], phrase_fact, owner, l->arena)) != NULL)
			return complain(l, c, arena_printf(l->arena, "'%s': %s", owner->key, wrong));
	}
	return 0;
}

static int read_phrase(const struct loading *l, const xmlNode *node)
{
	const char *key = xml_attribute(node, "key", l->arena);
	const struct phrase *old = key != NULL ? phrase_find(l->phrases, key) : NULL;
	struct nearest near = { .wanted = key != NULL ? key : "" };
	struct fact_owner owner = { .phrases = l->phrases, .key = near.wanted, .family = takes_all_facts(near.wanted) };
	struct phrase fresh;
	size_t count;

	if (old == NULL) {
		const struct phrase *list = phrases_list(l->phrases, &count);

		for (size_t i = 0; i < count; i++)
			nearest_try(&near, list[i].key);
		return unknown(l, node, "phrase", &near);
	}
	fresh = *old;
	if (read_words(l, node, elements, &owner, fresh.pattern) < 0 ||
	    read_words(l, node, label_elements, &owner, fresh.label) < 0)
		return -1;
	phrase_change(l->phrases, &fresh);
	return 0;
}

/* ---- the whole ---- */

static int read_part(struct loading *l, const xmlNode *node, struct template *t)
{
	if (xml_is(node, "customer"))
		return read_both(l, node, t->customer);
	if (xml_is(node, "organisation"))
		return read_both(l, node, t->organisation);
	if (xml_is(node, "logo"))
		return read_logo(l, node, &t->logo);
	if (xml_is(node, "sections"))
		return read_blocks(l, node, &t->blocks, &t->block_count) < 0 ? -1 : check_required(l, node);
	if (xml_is(node, "phrases") && l->phrases != NULL)
		EACH_CHILD(c, node)
			if (read_phrase(l, c) < 0)
				return -1;
	return 0;
}

static int read_root(struct loading *l, xmlNode *root, const struct template **out)
{
	struct template *t = arena_alloc(l->arena, sizeof(*t));

	t->kind = xml_attribute(root, "kind", l->arena);
	if (t->kind == NULL || strcmp(t->kind, l->model->kind) != 0)
		return complain(l, root, arena_printf(l->arena, "this is a template of the %s report, not of the %s report",
		                                      t->kind != NULL ? t->kind : "unknown", l->model->kind));
	EACH_CHILD(c, root)
		if (read_part(l, c, t) < 0)
			return -1;
	*out = t;
	return 0;
}

static int load(const struct template **out, const char *path, const char *schema, const struct template_model *model,
                struct phrases *p, struct arena *a, struct fault *f)
{
	struct loading l = { .path = path, .model = model, .phrases = p, .arena = a, .f = f };
	xmlDoc *doc = NULL;
	int rc = -1;

	if (xml_read_file(&doc, path, f) == 0 && check_languages(&l, xmlDocGetRootElement(doc)) == 0 &&
	    (schema == NULL || schema_check(doc, schema, path, f) == 0))
		rc = read_root(&l, xmlDocGetRootElement(doc), out);
	xmlFreeDoc(doc);
	text_free(&l.required);
	return rc;
}

int template_load(const struct template **out, const char *path, const struct template_model *model, struct phrases *p,
                  struct arena *a, struct fault *f)
{
	return load(out, path, arena_printf(a, "%s/schema/template.rng", phrases_folder(p)), model, p, a, f);
}

/* Its shape is a matter of the tests. */
int template_shipped(const struct template **out, const struct template_model *model, const struct phrases *p,
                     struct arena *a, struct fault *f)
{
	return load(out, arena_printf(a, "%s/reports/%s.xml", phrases_folder(p), model->kind), NULL, model, NULL, a, f);
}

int template_kind(const char **out, const char *path, struct arena *a, struct fault *f)
{
	xmlDoc *doc = NULL;

	if (xml_read_file(&doc, path, f) < 0)
		return -1;
	*out = xml_attribute(xmlDocGetRootElement(doc), "kind", a);
	xmlFreeDoc(doc);
	return *out != NULL ? 0 : fault_set(f, FAULT_DATA, "%s: it is no template of a report", path);
}
