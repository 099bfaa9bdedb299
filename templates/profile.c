#include "templates/profile.h"

#include <errno.h>
#include <libxml/tree.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analyst/base/fold.h"
#include "analyst/base/xml.h"
#include "templates/schema.h"

static const char *const kinds[HIDDEN_KINDS] = {
	[HIDDEN_HOSTS] = "hosts", [HIDDEN_ACCOUNTS] = "accounts", [HIDDEN_ADDRESSES] = "addresses", [HIDDEN_PATHS] = "paths",
	[HIDDEN_MAIL] = "mail", [HIDDEN_DOMAINS] = "domains", [HIDDEN_ORGANISATIONS] = "organisations",
	[HIDDEN_PEOPLE] = "people",
};

static enum hidden kind_of(const char *name)
{
	for (int k = 0; k < HIDDEN_KINDS; k++)
		if (strcmp(kinds[k], name) == 0)
			return (enum hidden)k;
	return HIDDEN_KINDS;
}

static bool is_prefix(const char *s)
{
	size_t n = strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");

	return n > 0 && n <= 12 && s[n] == '\0' && (s[0] < '0' || s[0] > '9');
}

/* Before the schema, which would only say that an attribute does not fit. */
static int check_attributes(xmlDoc *doc, const char *path, struct arena *a, struct fault *f)
{
	const xmlNode *root = xmlDocGetRootElement(doc);

	for (const xmlNode *c = root != NULL ? root->children : NULL; c != NULL; c = c->next) {
		const char *kind = c->type == XML_ELEMENT_NODE ? xml_attribute(c, "kind", a) : NULL;
		const char *as = c->type == XML_ELEMENT_NODE ? xml_attribute(c, "as", a) : NULL;

		if (kind != NULL && kind_of(kind) == HIDDEN_KINDS)
			return fault_set(f, FAULT_DATA, "%s:%ld: unknown kind '%.50s'; there are hosts, accounts, addresses, paths, mail, "
			                 "domains, organisations and people", path, xmlGetLineNo(c), kind);
		if (as != NULL && !is_prefix(as))
			return fault_set(f, FAULT_DATA, "%s:%ld: '%.50s' is no prefix: up to 12 capital letters and digits, a letter first",
			                 path, xmlGetLineNo(c), as);
	}
	return 0;
}

static int read_document(xmlDoc **out, const char *asked, const char *path, const char *schema, struct arena *a,
                         struct fault *f)
{
	if (access(path, R_OK) < 0)
		return fault_set(f, FAULT_USAGE, "there is no redaction profile '%.200s': it is neither 'default' nor a file (%s)",
		                 asked, strerror(errno));
	return xml_read_file(out, path, f) < 0 || check_attributes(*out, path, a, f) < 0 ? -1 : schema_check(*out, schema, path, f);
}

struct filling {
	struct profile *profile;
	struct profile_term *terms;
	const char **keeps;
	const char *path;
	struct arena *arena;
	struct fault *f;
};

static const char *folded(struct arena *a, const char *s)
{
	struct text t = { 0 };
	const char *out;

	text_add_folded(&t, s);
	out = arena_dup(a, text_str(&t));
	text_free(&t);
	return out;
}

static int take(struct filling *l, const xmlNode *node)
{
	const char *as = xml_attribute(node, "as", l->arena), *text = xml_text(node, l->arena);
	struct profile *p = l->profile;

	if (xml_is(node, "hide")) {
		enum hidden kind = kind_of(xml_attribute(node, "kind", l->arena));

		if (p->as[kind] != NULL)
			return fault_set(l->f, FAULT_DATA, "%s:%ld: '%s' is hidden twice", l->path, xmlGetLineNo(node), kinds[kind]);
		p->as[kind] = as;
		return 0;
	}
	if (xml_is(node, "keep-logo")) {
		p->keeps_logo = true;
		return 0;
	}
	/* A star alone would keep everything, and a term of one letter would hide the language. */
	if (text[strspn(text, "* ")] == '\0' || (xml_is(node, "term") && strlen(text) < 2))
		return fault_set(l->f, FAULT_DATA, "%s:%ld: <%s> needs a longer name than '%s'", l->path, xmlGetLineNo(node),
		                 (const char *)node->name, text);
	if (xml_is(node, "term"))
		l->terms[p->term_count++] = (struct profile_term){ text, as != NULL ? as : "TERM" };
	else
		l->keeps[p->keep_count++] = folded(l->arena, text);
	return 0;
}

static int fill(struct profile *out, const xmlNode *root, const char *path, struct arena *a, struct fault *f)
{
	struct filling l = { .profile = out, .path = path, .arena = a, .f = f };
	size_t n = 0;

	for (const xmlNode *c = root->children; c != NULL; c = c->next)
		n++;
	l.terms = ARENA_ARRAY(a, struct profile_term, n + 1);
	l.keeps = ARENA_ARRAY(a, const char *, n + 1);
	for (const xmlNode *c = root->children; c != NULL; c = c->next)
		if (c->type == XML_ELEMENT_NODE && take(&l, c) < 0)
			return -1;
	out->terms = l.terms;
	out->keeps = l.keeps;
	return 0;
}

int profile_load(const struct profile **out, const char *asked, const struct phrases *p, struct arena *a, struct fault *f)
{
	const char *path = strcmp(asked, "default") == 0 ? arena_printf(a, "%s/redaction.xml", phrases_folder(p)) : asked;
	struct profile *made = arena_alloc(a, sizeof *made);
	xmlDoc *doc = NULL;
	int rc;

	memset(made, 0, sizeof *made);
	rc = read_document(&doc, asked, path, arena_printf(a, "%s/schema/redaction.rng", phrases_folder(p)), a, f);
	rc = rc < 0 ? -1 : fill(made, xmlDocGetRootElement(doc), path, a, f);
	xmlFreeDoc(doc);
	*out = made;
	return rc;
}

static bool matches(const char *pattern, const char *name)
{
	size_t n = strlen(pattern), length = strlen(name);
	bool before = pattern[0] == '*', after = n > 1 && pattern[n - 1] == '*';

	pattern += before;
	n -= (size_t)before + (size_t)after;
	if (n > length || (!before && !after && n != length))
		return false;
	if (before && after)
		return memmem(name, length, pattern, n) != NULL;
	return memcmp(before ? name + length - n : name, pattern, n) == 0;
}

bool profile_keeps(const struct profile *p, const char *name)
{
	struct text folded = { 0 };
	bool keeps = false;

	text_add_folded(&folded, name);
	for (size_t i = 0; i < p->keep_count && !keeps; i++)
		keeps = matches(p->keeps[i], text_str(&folded));
	text_free(&folded);
	return keeps;
}
