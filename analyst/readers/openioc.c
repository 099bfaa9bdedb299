/* OpenIOC 1.0 and 1.1 (FORMATS 3.4). An item that alone means the attack is an
 * indicator; one that counts only together with others is context, told with the others. */
#include <string.h>

#include "analyst/base/text.h"
#include "analyst/base/xml.h"
#include "analyst/readers/reader.h"
#include "analyst/readers/refang.h"

#define OPENIOC_LIMIT ((size_t)16 << 20)
#define LOGIC_BYTES 500

static const struct named searches[] = {
	{ "FileItem/Md5sum", INDICATOR_MD5 }, { "FileItem/Sha1sum", INDICATOR_SHA1 },
	{ "FileItem/Sha256sum", INDICATOR_SHA256 }, { "ProcessItem/Md5sum", INDICATOR_MD5 },
	{ "TaskItem/md5sum", INDICATOR_MD5 }, { "FileItem/FileName", INDICATOR_FILENAME },
	{ "ProcessItem/name", INDICATOR_FILENAME }, { "FileItem/FullPath", INDICATOR_PATH },
	{ "ProcessItem/path", INDICATOR_PATH }, { "DnsEntryItem/RecordName", INDICATOR_DOMAIN },
	{ "DnsEntryItem/Host", INDICATOR_DOMAIN }, { "Network/DNS", INDICATOR_DOMAIN },
	{ "UrlHistoryItem/HostName", INDICATOR_DOMAIN }, { "PortItem/remoteIP", INDICATOR_IP },
	{ "RouteEntryItem/Destination", INDICATOR_IP }, { "Network/URI", INDICATOR_URL },
	{ "UrlHistoryItem/URL", INDICATOR_URL }, { "Network/UserAgent", INDICATOR_AGENT },
	{ "RegistryItem/Path", INDICATOR_REGISTRY }, { "RegistryItem/KeyPath", INDICATOR_REGISTRY },
	{ "ProcessItem/HandleList/Handle/Name", INDICATOR_MUTEX }, { "Email/From", INDICATOR_EMAIL },
	{ "Email/ReplyTo", INDICATOR_EMAIL }, { "Email/Attachment/Name", INDICATOR_FILENAME }, { "Email/SourceIP", INDICATOR_IP },
	{ "FileItem/FilePath", INDICATOR_PATH }, { "FileItem/Sha512sum", INDICATOR_SHA512 }, { "ProcessItem/Sha1sum", INDICATOR_SHA1 },
	{ "ProcessItem/Sha256sum", INDICATOR_SHA256 }, { "ProcessItem/arguments", INDICATOR_COMMAND },
	{ "DriverItem/Md5sum", INDICATOR_MD5 }, { "DriverItem/Sha1sum", INDICATOR_SHA1 }, { "DriverItem/Sha256sum", INDICATOR_SHA256 },
	{ "ModuleItem/ModulePath", INDICATOR_PATH }, { "ServiceItem/path", INDICATOR_PATH }, { "ServiceItem/pathmd5sum", INDICATOR_MD5 },
	{ "ServiceItem/serviceDLL", INDICATOR_PATH }, { "ServiceItem/serviceDLLmd5sum", INDICATOR_MD5 },
	{ "TaskItem/ActionList/Action/ExecProgramPath", INDICATOR_PATH }, { "TaskItem/ExecProgramMd5sum", INDICATOR_MD5 },
	{ "FileDownloadHistoryItem/SourceURL", INDICATOR_URL }, { "CookieHistoryItem/HostName", INDICATOR_DOMAIN },
	{ "Network/HTTP_Referr", INDICATOR_URL },
	{ NULL, 0 }
};

struct walk {
	struct reading *rg;
	const struct record *rec;
	const char *title;
	struct fault *f;
};

static bool is_all(const struct walk *w, const xmlNode *indicator)
{
	const char *operator = xml_attribute(indicator, "operator", w->rg->arena);

	return operator != NULL && strcmp(operator, "AND") == 0;
}

/* OpenIOC 1.1. */
static bool is_negated(const struct walk *w, const xmlNode *item)
{
	const char *negate = xml_attribute(item, "negate", w->rg->arena);

	return negate != NULL && strcmp(negate, "true") == 0;
}

/* ---- the logic, as a person would write it ---- */

static void tell(const struct walk *w, struct text *t, const xmlNode *node)
{
	const char *join = is_all(w, node) ? " AND " : " OR ";
	bool first = true;

	for (const xmlNode *c = node->children; c != NULL && t->used < LOGIC_BYTES; c = c->next) {
		if (!xml_is(c, "Indicator") && !xml_is(c, "IndicatorItem"))
			continue;
		text_add(t, first ? "" : join);
		first = false;
		if (xml_is(c, "Indicator")) {
			text_add(t, "(");
			tell(w, t, c);
			text_add(t, ")");
		} else {
			const xmlNode *context = xml_child(c, "Context");
			const char *search = context != NULL ? xml_attribute(context, "search", w->rg->arena) : NULL;
			const char *condition = xml_attribute(c, "condition", w->rg->arena);

			text_printf(t, "%s %s%s '%s'", search != NULL ? search : "?", is_negated(w, c) ? "not " : "",
			            condition != NULL ? condition : "is",
			            xml_text(xml_child(c, "Content"), w->rg->arena));
		}
	}
}

static const char *logic_of(const struct walk *w, const xmlNode *group)
{
	struct text t = { 0 };
	const char *copy;
	size_t n;

	tell(w, &t, group);
	n = utf8_cut(text_str(&t), t.used, LOGIC_BYTES);
	copy = arena_printf(w->rg->arena, "%s%s%.*s%s", w->title, w->title[0] != '\0' ? ": " : "", (int)n,
	                    text_str(&t), n < t.used ? " …" : "");
	text_free(&t);
	return copy;
}

/* ---- items ---- */

static int give_item(const struct walk *w, const xmlNode *item, const xmlNode *all)
{
	const xmlNode *context = xml_child(item, "Context");
	const char *search = context != NULL ? xml_attribute(context, "search", w->rg->arena) : NULL;
	const char *condition = xml_attribute(item, "condition", w->rg->arena);
	const char *value = xml_text(xml_child(item, "Content"), w->rg->arena);
	struct place at = { xmlGetLineNo(item), w->rec->at.offset, w->rec->at.length };
	enum indicator_kind kind = search != NULL ? (enum indicator_kind)table_value(searches, search, INDICATOR_TEXT) : INDICATOR_TEXT;
	struct found found;
	struct indicator ind;
	bool hash;

	if (value[0] == '\0' || search == NULL)
		return w->rg->sink.reject(w->rg->sink.ctx, &at, "an item without a search or a content", w->f);
	refang_value(&found, value, strlen(value), kind, w->rg->arena);
	if (kind == INDICATOR_TEXT) {
		found.kind = INDICATOR_TEXT;
		found.value = found.written;
		found.why = arena_printf(w->rg->arena, "%.80s is of no kind that can be looked for", search);
	}
	hash = found.kind >= INDICATOR_MD5 && found.kind <= INDICATOR_SHA512;
	if (condition == NULL || is_negated(w, item) ||
	    (strcmp(condition, "is") != 0 && !(strcmp(condition, "contains") == 0 && kind_stands_alone(found.kind))))
		found.why = arena_printf(w->rg->arena, "its condition is '%.20s%.20s', not 'is'",
		                         is_negated(w, item) ? "not " : "",
		                         condition != NULL ? condition : "");
	else if (all != NULL && !hash && found.why == NULL)
		found.why = "only together with others";
	indicator_of(&ind, &found, w->title[0] != '\0' ? w->title : w->rg->options.list);
	ind.context = all != NULL ? logic_of(w, all) : w->title[0] != '\0' ? w->title : NULL;
	return w->rg->sink.indicator(w->rg->sink.ctx, &ind, &at, w->f);
}

/* `all` is the outermost group around that asks for everything in it, or NULL. */
static int give_group(const struct walk *w, const xmlNode *group, const xmlNode *all, size_t *given)
{
	size_t members = 0;

	for (const xmlNode *c = group->children; c != NULL; c = c->next)
		members += xml_is(c, "Indicator") || xml_is(c, "IndicatorItem");
	if (all == NULL && members > 1 && is_all(w, group))
		all = group;
	for (const xmlNode *c = group->children; c != NULL; c = c->next) {
		if (xml_is(c, "Indicator") && give_group(w, c, all, given) < 0)
			return -1;
		if (!xml_is(c, "IndicatorItem"))
			continue;
		++*given;
		if (give_item(w, c, all) < 0)
			return -1;
	}
	return 0;
}

static int openioc_record(struct reading *rg, const struct record *rec, struct fault *f)
{
	struct walk w = { rg, rec, "", f };
	const xmlNode *root, *body, *head;
	xmlDoc *doc;
	size_t given = 0;
	int rc = 0;

	if (xml_read(&doc, rec->bytes, rec->n, f) < 0)
		return -1;
	root = xmlDocGetRootElement(doc);
	if (root == NULL || (!xml_is(root, "ioc") && !xml_is(root, "OpenIOC"))) {
		xmlFreeDoc(doc);
		return fault_set(f, FAULT_DATA, "XML that is no OpenIOC");
	}
	head = xml_is(root, "OpenIOC") ? xml_child(root, "metadata") : root;
	body = xml_child(root, xml_is(root, "OpenIOC") ? "criteria" : "definition");
	if (head != NULL)
		w.title = xml_text(xml_child(head, "short_description"), rg->arena);
	for (const xmlNode *c = body != NULL ? body->children : NULL; rc == 0 && c != NULL; c = c->next)
		if (xml_is(c, "Indicator"))
			rc = give_group(&w, c, NULL, &given);
	if (rc == 0 && given == 0)
		rc = reading_blank(rg, rec, BLANK_EMPTY, f);
	xmlFreeDoc(doc);
	return rc;
}

static int openioc_open(struct reading *rg, struct fault *f)
{
	(void)f;
	rg->framing.limit = OPENIOC_LIMIT;
	return 0;
}

static int openioc_probe(const struct probe *p)
{
	bool named = memmem(p->bytes, p->n, "http://schemas.mandiant.com/2010/ioc", 36) != NULL ||
	             memmem(p->bytes, p->n, "http://openioc.org/schemas/OpenIOC_1.1", 38) != NULL;
	bool rooted = memmem(p->bytes, p->n, "<ioc", 4) != NULL || memmem(p->bytes, p->n, "<OpenIOC", 8) != NULL;

	if (memmem(p->bytes, p->n, "<stix:", 6) != NULL)
		return 0;
	return named && rooted ? 95 : rooted ? 50 : 0;
}

const struct reader reader_openioc = {
	.name = "openioc", .summary = "OpenIOC 1.0 and 1.1, XML", .gives = "indicators", .extensions = ".ioc .xml",
	.framing = FRAME_WHOLE, .whole = true, .probe = openioc_probe, .open = openioc_open, .record = openioc_record,
};
