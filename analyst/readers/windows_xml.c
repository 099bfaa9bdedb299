/* Windows events as XML (FORMATS 2.14): of Event Viewer inside <Events>, of "wevtutil qe"
 * one after the other. Each event is read by itself (xml.h). */
#include <string.h>

#include "analyst/base/text.h"
#include "analyst/base/xml.h"
#include "analyst/readers/windows.h"

#define EVENT_LIMIT ((size_t)4 << 20)     /* an event log's own limit is 64 KiB */
#define LEAVES_MOST 256

/* What nearly every value is: one piece of text. Else NULL. */
static const char *plain_text(struct reading *rg, const xmlNode *children)
{
	if (children == NULL || children->next != NULL || children->type != XML_TEXT_NODE)
		return NULL;
	return arena_dup(rg->arena, (const char *)children->content);
}

static const char *content(struct reading *rg, const xmlNode *node)
{
	const char *plain = node != NULL ? plain_text(rg, node->children) : NULL;
	xmlChar *value = node != NULL && plain == NULL ? xmlNodeGetContent(node) : NULL;
	const char *copy = plain != NULL ? plain : value != NULL ? arena_dup(rg->arena, (const char *)value) : NULL;

	xmlFree(value);
	return copy;
}

static const char *attribute(struct reading *rg, const xmlNode *node, const char *name)
{
	const xmlAttr *first = node != NULL && node->type == XML_ELEMENT_NODE ? node->properties : NULL;
	const char *plain = first != NULL && first->ns == NULL && strcmp((const char *)first->name, name) == 0 ?
	                    plain_text(rg, first->children) : NULL;
	xmlChar *value = node != NULL && plain == NULL ? xmlGetNoNsProp(node, (const xmlChar *)name) : NULL;
	const char *copy = plain != NULL ? plain : value != NULL ? arena_dup(rg->arena, (const char *)value) : NULL;

	xmlFree(value);
	return copy;
}

static void put(struct windows *w, const char *name, const char *value)
{
	for (size_t i = WINDOWS_UTC_TIME; name != NULL && i < WINDOWS_VALUES; i++)
		if (windows_names[i][0] == name[0] && strcmp(windows_names[i], name) == 0) {
			if (w->values[i] == NULL)
				w->values[i] = value;
			return;
		}
}

static void read_system(struct reading *rg, struct windows *w, const xmlNode *system)
{
	w->values[WINDOWS_ID] = content(rg, xml_child(system, "EventID"));
	w->values[WINDOWS_CHANNEL] = content(rg, xml_child(system, "Channel"));
	w->values[WINDOWS_COMPUTER] = content(rg, xml_child(system, "Computer"));
	w->values[WINDOWS_RECORD_ID] = content(rg, xml_child(system, "EventRecordID"));
	w->values[WINDOWS_PROVIDER] = attribute(rg, xml_child(system, "Provider"), "Name");
	w->values[WINDOWS_CREATED] = attribute(rg, xml_child(system, "TimeCreated"), "SystemTime");
}

/* Named values; those of the classic sources have no names and are kept together, in
 * their order. */
static void read_data(struct reading *rg, struct windows *w, const xmlNode *data)
{
	struct text unnamed = { 0 };

	for (const xmlNode *c = data->children; c != NULL; c = c->next) {
		const char *name;

		if (!xml_is(c, "Data"))
			continue;
		if ((name = attribute(rg, c, "Name")) != NULL) {
			put(w, name, content(rg, c));
		} else {
			const char *value = content(rg, c);

			text_add(&unnamed, unnamed.used > 0 ? " " : "");
			text_add(&unnamed, value != NULL ? value : "");
		}
	}
	if (unnamed.used > 0 && w->values[WINDOWS_MESSAGE] == NULL)
		w->values[WINDOWS_MESSAGE] = arena_dup(rg->arena, text_str(&unnamed));
	text_free(&unnamed);
}

/* UserData holds one element of any name with a value in each of its own. */
static void read_user_data(struct reading *rg, struct windows *w, const xmlNode *data)
{
	int leaves = 0;

	for (const xmlNode *c = data->children; c != NULL; c = c->next)
		for (const xmlNode *v = c->type == XML_ELEMENT_NODE ? c->children : NULL; v != NULL && leaves < LEAVES_MOST;
		     v = v->next)
			if (v->type == XML_ELEMENT_NODE) {
				put(w, (const char *)v->name, content(rg, v));
				leaves++;
			}
}

static int windows_xml_record(struct reading *rg, const struct record *rec, struct fault *f)
{
	struct windows w = { { NULL } };
	struct fault broken = { FAULT_NONE, "" };
	const xmlNode *root, *system;
	xmlDoc *doc = NULL;

	if (xml_read(&doc, rec->bytes, rec->n, &broken) < 0)
		return broken.kind == FAULT_DATA ? reading_reject(rg, rec, broken.text, f)
		                                 : fault_set(f, broken.kind, "%s", broken.text);
	root = xmlDocGetRootElement(doc);
	if (root == NULL || !xml_is(root, "Event") || (system = xml_child(root, "System")) == NULL) {
		xmlFreeDoc(doc);
		return reading_reject(rg, rec, "an event without its System part", f);
	}
	read_system(rg, &w, system);
	for (const xmlNode *c = root->children; c != NULL; c = c->next) {
		if (xml_is(c, "EventData"))
			read_data(rg, &w, c);
		else if (xml_is(c, "UserData"))
			read_user_data(rg, &w, c);
		else if (xml_is(c, "RenderingInfo") && xml_child(c, "Message") != NULL)
			w.values[WINDOWS_MESSAGE] = content(rg, xml_child(c, "Message"));
	}
	xmlFreeDoc(doc);
	return windows_give(rg, rec, &w, f);
}

static int windows_xml_open(struct reading *rg, struct fault *f)
{
	(void)f;
	rg->framing.element = "Event";
	rg->framing.limit = EVENT_LIMIT;
	return 0;
}

static int windows_xml_probe(const struct probe *p)
{
	bool named = memmem(p->bytes, p->n, "http://schemas.microsoft.com/win/2004/08/events/event", 53) != NULL;
	bool system = memmem(p->bytes, p->n, "<System", 7) != NULL && memmem(p->bytes, p->n, "<EventID", 8) != NULL;
	size_t i = 0;

	while (i < p->n && strchr(" \t\r\n", p->bytes[i]) != NULL && p->bytes[i] != '\0')
		i++;
	if (i == p->n || p->bytes[i] != '<' || memmem(p->bytes, p->n, "<Event", 6) == NULL)
		return 0;
	return named && system ? 95 : system ? 70 : named ? 60 : 0;
}

const struct reader reader_windows_xml = {
	.name = "windows-xml", .summary = "Windows events as XML, Sysmon and others, with a root or without",
	.gives = "events", .extensions = ".xml", .framing = FRAME_XML, .probe = windows_xml_probe,
	.open = windows_xml_open, .record = windows_xml_record,
};
