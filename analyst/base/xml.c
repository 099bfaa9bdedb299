#include "analyst/base/xml.h"

#include <ctype.h>
#include <errno.h>
#include <libxml/xmlmemory.h>
#include <libxml/parser.h>
#include <libxml/SAX2.h>
#include <libxml/threads.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "analyst/base/text.h"

/* ---- before libxml2 ---- */

/* What the declaration says: "" when it says nothing. */
static void declared_encoding(char given[32], const char *s, size_t n)
{
	const char *end, *name;
	size_t length = 0;

	given[0] = '\0';
	if (n < 5 || memcmp(s, "<?xml", 5) != 0 || (end = memmem(s, n, "?>", 2)) == NULL ||
	    (name = memmem(s, (size_t)(end - s), "encoding", 8)) == NULL)
		return;
	name += 8;
	while (name < end && (isspace((unsigned char)*name) || *name == '=' || *name == '"' || *name == '\''))
		name++;
	while (name < end && *name != '"' && *name != '\'' && length < 31)
		given[length++] = *name++;
	given[length] = '\0';
}

/* What libxml2 is told the encoding is, whatever it would make of the declaration or the first bytes; NULL with a fault.
 * What is UTF-8 may have been made so since it was declared as something else. */
static const char *choose_encoding(const char *s, size_t n, struct fault *f)
{
	static const char *const made[] = { "utf-8", "us-ascii", "ascii", "utf-16", "utf-16le", "utf-16be", "shift_jis",
	                                    "windows-31j", "cp932", "euc-jp", "windows-1252", "gb18030", "gbk", "gb2312",
	                                    "big5", "euc-kr", "cp949", NULL };
	char given[32];

	declared_encoding(given, s, n);
	if (strcasecmp(given, "iso-8859-1") == 0)
		return utf8_valid(s, n) ? "UTF-8" : "ISO-8859-1";
	if (given[0] == '\0' || strcasecmp(given, "utf-8") == 0)
		return "UTF-8";
	for (const char *const *m = made; *m != NULL; m++)
		if (strcasecmp(*m, given) == 0 && utf8_valid(s, n))
			return "UTF-8";
	fault_set(f, FAULT_DATA, "XML in the encoding '%s': say so with --encoding, or save it as UTF-8", given);
	return NULL;
}

/* One tag from its "<" on: its length with the ">", or 0. Attributes are counted by
 * their "=" outside quotes. */
static size_t tag_length(const char *s, size_t n, size_t *attributes)
{
	char quote = '\0';

	*attributes = 0;
	for (size_t i = 1; i < n && i < XML_TAG_LIMIT; i++) {
		if (quote != '\0') {
			if (s[i] == quote)
				quote = '\0';
		} else if (s[i] == '"' || s[i] == '\'') {
			quote = s[i];
		} else if (s[i] == '=') {
			++*attributes;
		} else if (s[i] == '>') {
			return i + 1;
		}
	}
	return 0;
}

static size_t skip_to(const char *s, size_t n, const char *end)
{
	const char *at = memmem(s, n, end, strlen(end));

	return at != NULL ? (size_t)(at - s) + strlen(end) : 0;
}

/* Comments, CDATA and processing instructions, as far as they are whole. */
static size_t other_markup(const char *s, size_t n)
{
	if (n < 2 || (s[1] != '!' && s[1] != '?'))      /* nearly always */
		return 0;
	if (n >= 4 && memcmp(s, "<!--", 4) == 0)
		return skip_to(s, n, "-->");
	if (n >= 9 && memcmp(s, "<![CDATA[", 9) == 0)
		return skip_to(s, n, "]]>");
	return s[1] == '?' ? skip_to(s, n, "?>") : 0;
}

static int too_many(struct fault *f)
{
	return fault_set(f, FAULT_DATA, "XML of more than %d elements and attributes", XML_NODES);
}

static int check(const char *s, size_t n, struct fault *f)
{
	size_t i = 0, depth = 0, nodes = 0;

	while (i < n) {
		const char *open = memchr(s + i, '<', n - i);
		size_t text = open != NULL ? (size_t)(open - (s + i)) : n - i, length, attributes = 0;

		if (text > XML_TEXT_LIMIT)
			return fault_set(f, FAULT_DATA, "XML with a text of more than 1 MiB");
		if (open == NULL)
			break;
		i += text;
		if (n - i > 2 && s[i + 1] == '!' && strncmp(s + i, "<!--", 4) != 0 && strncmp(s + i, "<![CDATA[", 9) != 0)
			return fault_set(f, FAULT_DATA, "XML with a document type, which is refused");
		if ((length = other_markup(s + i, n - i)) > 0) {
			if (length > XML_TEXT_LIMIT)
				return fault_set(f, FAULT_DATA, "XML with a comment of more than 1 MiB");
			if (++nodes > XML_NODES)
				return too_many(f);
			i += length;
			continue;
		}
		if ((length = tag_length(s + i, n - i, &attributes)) == 0)
			return fault_set(f, FAULT_DATA, "XML with a tag that is not closed, or longer than 64 KiB");
		if (attributes > XML_ATTRIBUTES)
			return fault_set(f, FAULT_DATA, "XML with more than 256 attributes on one tag");
		if ((nodes += 1 + attributes) > XML_NODES)
			return too_many(f);
		if (s[i + 1] == '/')
			depth -= depth > 0;
		else if (s[i + length - 2] != '/' && ++depth > XML_DEPTH)
			return fault_set(f, FAULT_DATA, "XML nested deeper than 128 levels");
		i += length;
	}
	return 0;
}

/* ---- libxml2 ---- */

static xmlParserInput *load_nothing(const char *url, const char *id, xmlParserCtxt *ctx)
{
	(void)url;
	(void)id;
	(void)ctx;
	return NULL;
}

static void be_quiet(void *ctx, xmlError *error)
{
	(void)ctx;
	(void)error;
}

static int broken(const xmlParserCtxt *ctx, struct fault *f)
{
	const xmlError *e = &ctx->lastError;
	const char *text = e->message != NULL ? e->message : "not well-formed";
	size_t n = strcspn(text, "\n");

	return fault_set(f, FAULT_DATA, "broken XML on line %d: %.*s", e->line, n > 200 ? 200 : (int)n, text);
}

/* Everything that is asked of bytes before libxml2 sees them. */
static int refuse(const char *bytes, size_t n, struct fault *f)
{
	if (memchr(bytes, '\0', n) != NULL)
		return fault_set(f, FAULT_DATA, "XML with NUL bytes in it");
	return check(bytes, n, f);
}

/* Names that have been met are kept; a context may have met some before. */
static void count_names(xmlParserCtxt *ctx)
{
	if (xmlDictSize(ctx->dict) > XML_NAMES)
		xmlStopParser(ctx);
}

/* The tree, if the context makes one. */
static int parse(xmlParserCtxt *ctx, xmlDoc **out, const char *bytes, size_t n, struct fault *f)
{
	xmlExternalEntityLoader before = xmlGetExternalEntityLoader();
	const char *encoding = NULL;

	*out = NULL;
	/* Of a tag it can only think of UTF-8, and is quicker when it need not be told. */
	if ((n < 2 || bytes[0] != '<' || bytes[1] == '?') && (encoding = choose_encoding(bytes, n, f)) == NULL)
		return -1;
	/* One for the whole process: the program's own templates are files that it must open. */
	xmlSetExternalEntityLoader(load_nothing);
	*out = xmlCtxtReadMemory(ctx, bytes, (int)n, NULL, encoding,
	                         XML_PARSE_NONET | XML_PARSE_NOCDATA | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_IGNORE_ENC);
	xmlSetExternalEntityLoader(before);
	if (xmlDictSize(ctx->dict) > XML_NAMES)
		return fault_set(f, FAULT_DATA, "XML of more than %d different names", XML_NAMES);
	/* Names are looked at without their namespaces: what is wrong with those takes nothing away. */
	return ctx->wellFormed && (ctx->lastError.level < XML_ERR_ERROR || ctx->lastError.domain == XML_FROM_NAMESPACE) ? 0 : broken(ctx, f);
}

static xmlParserCtxt *new_context(void)
{
	xmlParserCtxt *ctx;

	/* Each thread has a state of its own, without which libxml2 crashes. */
	if (xmlGetGlobalState() == NULL || (ctx = xmlNewParserCtxt()) == NULL)
		out_of_memory();
	ctx->sax->serror = be_quiet;
	return ctx;
}

static void open_element(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri, int namespaces,
                         const xmlChar **declared, int count, int defaulted, const xmlChar **attributes)
{
	xmlSAX2StartElementNs(ctx, name, prefix, uri, namespaces, declared, count, defaulted, attributes);
	count_names(ctx);
}

int xml_read(xmlDoc **out, const char *bytes, size_t n, struct fault *f)
{
	xmlParserCtxt *ctx;
	int rc;

	*out = NULL;
	if (refuse(bytes, n, f) < 0)
		return -1;
	ctx = new_context();
	ctx->sax->startElementNs = open_element;
	if ((rc = parse(ctx, out, bytes, n, f)) == 0 && *out == NULL)
		rc = broken(ctx, f);
	if (rc < 0) {
		xmlFreeDoc(*out);
		*out = NULL;
	}
	xmlFreeParserCtxt(ctx);
	return rc;
}

/* ---- without a tree ---- */

/* A context keeps every name it has met. */
#define NAMES_KEPT 4096

struct xml_walker {
	const struct xml_listener *listener;
	xmlParserCtxt *parser;
	void *ctx;
};

struct xml_attributes {
	const xmlChar **five;        /* of each: name, prefix, namespace, value, the value's end */
	int count;
};

static void tell_open(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri, int namespaces,
                      const xmlChar **declared, int count, int defaulted, const xmlChar **attributes)
{
	struct xml_walker *w = ctx;
	const struct xml_attributes given = { attributes, count };

	(void)prefix, (void)uri, (void)namespaces, (void)declared, (void)defaulted;
	w->listener->open(w->ctx, (const char *)name, &given);
	count_names(w->parser);
}

static void tell_close(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
	struct xml_walker *w = ctx;

	(void)name, (void)prefix, (void)uri;
	w->listener->close(w->ctx);
}

static void tell_text(void *ctx, const xmlChar *s, int n)
{
	struct xml_walker *w = ctx;

	w->listener->text(w->ctx, (const char *)s, (size_t)n);
}

static void renew(struct xml_walker *w)
{
	xmlSAXHandler *sax;

	xmlFreeParserCtxt(w->parser);
	w->parser = new_context();
	sax = w->parser->sax;
	memset(sax, 0, sizeof(*sax));
	sax->initialized = XML_SAX2_MAGIC;
	sax->serror = be_quiet;
	sax->startElementNs = tell_open;
	sax->endElementNs = tell_close;
	sax->characters = sax->ignorableWhitespace = tell_text;
	w->parser->userData = w;
}

struct xml_walker *xml_walker_new(const struct xml_listener *listener)
{
	struct xml_walker *w = must_alloc(sizeof(*w));

	w->listener = listener;
	renew(w);
	return w;
}

void xml_walker_free(struct xml_walker *w)
{
	if (w == NULL)
		return;
	xmlFreeParserCtxt(w->parser);
	free(w);
}

int xml_walk(struct xml_walker *w, void *ctx, const char *bytes, size_t n, struct fault *f)
{
	xmlDoc *none;

	if (refuse(bytes, n, f) < 0)
		return -1;
	if (xmlDictSize(w->parser->dict) > NAMES_KEPT)
		renew(w);
	w->ctx = ctx;
	return parse(w->parser, &none, bytes, n, f);
}

/* libxml2 leaves "&#38;" for "&", which makers of trees read once more. */
static const char *unescaped(struct arena *arena, const char *s, size_t n)
{
	char *out = arena_alloc(arena, n + 1);
	size_t used = 0;

	for (size_t i = 0; i < n; i += n - i >= 5 && memcmp(s + i, "&#38;", 5) == 0 ? 5 : 1)
		out[used++] = s[i];
	out[used] = '\0';
	return out;
}

const char *xml_value_of(const struct xml_attributes *attributes, const char *name, struct arena *arena)
{
	for (int i = 0; i < attributes->count; i++) {
		const xmlChar **a = attributes->five + (size_t)i * 5;

		if (a[1] == NULL && strcmp((const char *)a[0], name) == 0)
			return unescaped(arena, (const char *)a[3], (size_t)(a[4] - a[3]));
	}
	return NULL;
}

/* ---- files ---- */

static int read_bytes(struct text *out, const char *path, struct fault *f)
{
	FILE *in = fopen(path, "rb");
	char block[16384];
	size_t n;
	int rc = 0;

	if (in == NULL)
		return fault_set(f, FAULT_IO, "cannot open '%s': %s", path, strerror(errno));
	while (out->used <= XML_FILE_LIMIT && (n = fread(block, 1, sizeof(block), in)) > 0)
		text_addn(out, block, n);
	if (ferror(in))
		rc = fault_set(f, FAULT_IO, "cannot read '%s': %s", path, strerror(errno));
	else if (out->used > XML_FILE_LIMIT)
		rc = fault_set(f, FAULT_DATA, "'%s' is larger than 4 MiB", path);
	fclose(in);
	return rc;
}

int xml_read_file(xmlDoc **out, const char *path, struct fault *f)
{
	struct text bytes = { 0 };
	int rc = read_bytes(&bytes, path, f);

	*out = NULL;
	if (rc == 0 && (rc = xml_read(out, text_str(&bytes), bytes.used, f)) < 0)
		fault_wrap(f, "%s", path);
	text_free(&bytes);
	return rc;
}

bool xml_is(const xmlNode *node, const char *name)
{
	return node->type == XML_ELEMENT_NODE && strcmp((const char *)node->name, name) == 0;
}

const xmlNode *xml_child(const xmlNode *node, const char *name)
{
	for (const xmlNode *c = node->children; c != NULL; c = c->next)
		if (xml_is(c, name))
			return c;
	return NULL;
}

size_t xml_count(const xmlNode *node, const char *name)
{
	size_t n = 0;

	for (const xmlNode *c = node->children; c != NULL; c = c->next)
		n += xml_is(c, name);
	return n;
}

const char *xml_text(const xmlNode *node, struct arena *arena)
{
	xmlChar *value = node != NULL ? xmlNodeGetContent(node) : NULL;
	size_t n = value != NULL ? strlen((const char *)value) : 0;
	const char *s = value != NULL ? trim((const char *)value, &n) : "";
	const char *copy = arena_dupn(arena, s, n);

	xmlFree(value);
	return copy;
}

const char *xml_attribute(const xmlNode *node, const char *name, struct arena *arena)
{
	xmlChar *value = node != NULL ? xmlGetProp(node, (const xmlChar *)name) : NULL;
	const char *copy = value != NULL ? arena_dup(arena, (const char *)value) : NULL;

	xmlFree(value);
	return copy;
}

/* Over declarations, comments and a document type, which the reading then refuses. */
bool xml_begins(const char *bytes, size_t n, const char *name)
{
	size_t i = 0, length = strlen(name);

	while (i < n) {
		size_t markup;

		if (isspace((unsigned char)bytes[i])) {
			i++;
			continue;
		}
		if (bytes[i] != '<')
			return false;
		if ((markup = other_markup(bytes + i, n - i)) == 0 && n - i > 1 && bytes[i + 1] == '!')
			markup = skip_to(bytes + i, n - i, ">");
		if (markup == 0)
			break;
		i += markup;
	}
	for (i++; i < n && i < XML_TAG_LIMIT; i++) {
		if (n - i > length && memcmp(bytes + i, name, length) == 0 && strchr(" \t\r\n/>", bytes[i + length]) != NULL &&
		    (bytes[i - 1] == ':' || bytes[i - 1] == '<'))
			return true;
		if (strchr(" \t\r\n/>", bytes[i]) != NULL)
			return false;
	}
	return false;
}
