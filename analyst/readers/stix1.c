/* STIX 1.0 to 1.2.1, XML with CybOX objects (FORMATS 3.2). Names are looked at without
 * their namespaces: each release has others. What an object says is in its leaves, so a
 * leaf is known by its name and the type of the object around it. */
#include <stdlib.h>
#include <string.h>

#include "analyst/base/text.h"
#include "analyst/base/xml.h"
#include "analyst/readers/reader.h"
#include "analyst/readers/refang.h"

#define STIX1_LIMIT ((size_t)16 << 20)
#define LOGIC_BYTES 500
#define TITLE_BYTES 300

/* The first row that fits: type is a part of the object type's name, NULL any. */
static const struct leaf {
	const char *name, *type;
	enum indicator_kind kind;
} leaves[] = {
	{ "Address_Value", NULL, INDICATOR_IP }, { "Hostname_Value", NULL, INDICATOR_DOMAIN },
	{ "Value", "DomainName", INDICATOR_DOMAIN }, { "Value", "URI", INDICATOR_URL }, { "Value", "Link", INDICATOR_URL },
	{ "Simple_Hash_Value", NULL, INDICATOR_TEXT }, { "Fuzzy_Hash_Value", NULL, INDICATOR_TEXT },
	{ "File_Name", NULL, INDICATOR_FILENAME }, { "Full_Path", NULL, INDICATOR_PATH },
	{ "File_Path", NULL, INDICATOR_PATH }, { "Device_Path", NULL, INDICATOR_PATH },
	{ "Key", "RegistryKey", INDICATOR_REGISTRY }, { "Name", "Mutex", INDICATOR_MUTEX },
	{ "Name", "WindowsHandle", INDICATOR_MUTEX }, { "Name", "ProcessObject", INDICATOR_FILENAME },
	{ "Service_DLL", NULL, INDICATOR_PATH }, { "Path", "Process", INDICATOR_PATH }, { "Command_Line", NULL, INDICATOR_COMMAND },
	{ "User_Agent", NULL, INDICATOR_AGENT }, { "CVE_ID", NULL, INDICATOR_CVE }, { NULL, NULL, 0 }
};

static const struct named address_kinds[] = {
	{ "ipv4-addr", INDICATOR_IP }, { "ipv6-addr", INDICATOR_IP }, { "cidr", INDICATOR_CIDR },
	{ "ipv4-net", INDICATOR_CIDR }, { "ipv6-net", INDICATOR_CIDR }, { "e-mail", INDICATOR_EMAIL },
	{ "mac", INDICATOR_TEXT }, { "asn", INDICATOR_TEXT }, { "atm", INDICATOR_TEXT }, { NULL, 0 }
};

static const struct named confidences[] = { { "High", 85 }, { "Medium", 50 }, { "Low", 15 }, { NULL, 0 } };

struct state {
	struct reading *rg;
	const struct record *rec;
	struct fault *f;
	const char **together;            /* ids that an AND somewhere asks for, sorted */
	size_t together_count, together_room;
	const xmlNode *told;              /* whose logic is in `logic` */
	const char *logic;
	size_t given;
};

/* What holds for a part of the tree. */
struct scope {
	const char *title, *tlp, *why;
	const char *list;                 /* the incident's title, else the package's; or "" */
	const char *statement;            /* the indicator's id, or NULL */
	instant stated;
	const char *type;                 /* of the object around, or "" */
	const xmlNode *all;               /* the outermost AND, or NULL */
	bool object, several;             /* inside one, that states more than one fact */
	int confidence;
	instant until;
};

static bool is_true(const char *s)
{
	return s != NULL && (strcmp(s, "true") == 0 || strcmp(s, "1") == 0);
}

static const struct leaf *leaf_of(const xmlNode *node, const char *type)
{
	for (const struct leaf *l = leaves; l->name != NULL; l++)
		if (xml_is(node, l->name) && (l->type == NULL || strstr(type, l->type) != NULL))
			return l;
	return NULL;
}

/* Of the elements beside it: a parent may have any number of children, which nobody
 * should look through for each of them. */
#define NEAR 16

static const xmlNode *beside(const xmlNode *node, const char *name)
{
	const xmlNode *before = node->prev, *after = node->next;

	for (int i = 0; i < NEAR && (before != NULL || after != NULL); i++) {
		if (before != NULL && xml_is(before, name))
			return before;
		if (after != NULL && xml_is(after, name))
			return after;
		before = before != NULL ? before->prev : NULL;
		after = after != NULL ? after->next : NULL;
	}
	return NULL;
}

static bool has_elements(const xmlNode *node)
{
	for (const xmlNode *c = node->children; c != NULL; c = c->next)
		if (c->type == XML_ELEMENT_NODE)
			return true;
	return false;
}

static const char *type_of(const struct state *st, const xmlNode *node, const char *around)
{
	const char *type = xml_attribute(node, "type", st->rg->arena), *colon;

	if (type == NULL || strstr(type, "ObjectType") == NULL)
		return around;
	colon = strchr(type, ':');
	return colon != NULL ? colon + 1 : type;
}

static bool is_composition(const xmlNode *node)
{
	return xml_is(node, "Observable_Composition") || xml_is(node, "Composite_Indicator_Expression");
}

static bool is_and(const struct state *st, const xmlNode *node)
{
	const char *operator = xml_attribute(node, "operator", st->rg->arena);
	size_t members = 0;

	for (const xmlNode *c = node->children; c != NULL && members < 2; c = c->next)
		members += c->type == XML_ELEMENT_NODE;
	return members > 1 && operator != NULL && strcmp(operator, "AND") == 0;
}

/* ---- the logic, as a person would write it ---- */

static void tell(const struct state *st, struct text *t, const xmlNode *node, const char *type, const char *join, bool *first)
{
	type = type_of(st, node, type);
	if (is_composition(node)) {
		bool inner = true;

		text_printf(t, "%s(", *first ? "" : join);
		for (const xmlNode *c = node->children; c != NULL && t->used < LOGIC_BYTES; c = c->next)
			if (c->type == XML_ELEMENT_NODE)
				tell(st, t, c, type, is_and(st, node) ? " AND " : " OR ", &inner);
		text_add(t, ")");
		*first = false;
		return;
	}
	if (!has_elements(node)) {
		const char *condition = xml_attribute(node, "condition", st->rg->arena);

		if (condition == NULL && leaf_of(node, type) == NULL)
			return;
		text_printf(t, "%s%s %s '%s'", *first ? "" : join, (const char *)node->name, condition != NULL ? condition : "is",
		            xml_text(node, st->rg->arena));
		*first = false;
		return;
	}
	for (const xmlNode *c = node->children; c != NULL && t->used < LOGIC_BYTES; c = c->next)
		if (c->type == XML_ELEMENT_NODE)
			tell(st, t, c, type, join, first);
}

/* Told once for all that stands in it. */
static const char *logic_of(struct state *st, const struct scope *s)
{
	struct text t = { 0 };
	bool first = true;
	size_t n;

	if (st->told == s->all)
		return st->logic;
	tell(st, &t, s->all, s->type, " AND ", &first);
	n = utf8_cut(text_str(&t), t.used, LOGIC_BYTES);
	st->told = s->all;
	st->logic = arena_printf(st->rg->arena, "%s%s%.*s%s", s->title, s->title[0] != '\0' ? ": " : "", (int)n, text_str(&t),
	                         n < t.used ? " …" : "");
	text_free(&t);
	return st->logic;
}

/* ---- leaves ---- */

static enum indicator_kind kind_of(const struct state *st, const xmlNode *node, const struct leaf *leaf)
{
	const xmlNode *object = node->parent;
	const char *said;

	if (leaf->kind == INDICATOR_IP && (said = xml_attribute(object, "category", st->rg->arena)) != NULL)
		return (enum indicator_kind)table_value(address_kinds, said, INDICATOR_TEXT);
	if (leaf->kind == INDICATOR_URL && (said = xml_attribute(object, "type", st->rg->arena)) != NULL &&
	    strcmp(said, "Domain Name") == 0)
		return INDICATOR_DOMAIN;
	if (xml_is(node, "Simple_Hash_Value"))
		return indicator_kind_named(xml_text(beside(node, "Type"), st->rg->arena));
	return leaf->kind;
}

/* How many facts an object states: they hold together. */
static size_t facts_of(const struct state *st, const xmlNode *node, const char *type)
{
	size_t n = 0;

	type = type_of(st, node, type);
	if (!has_elements(node))
		return leaf_of(node, type) != NULL || xmlHasProp(node, (const xmlChar *)"condition") != NULL;
	for (const xmlNode *c = node->children; c != NULL && n < 2; c = c->next)
		if (c->type == XML_ELEMENT_NODE && !xml_is(c, "Hive"))
			n += facts_of(st, c, type);
	return n;
}

static int give_value(struct state *st, const struct scope *s, const xmlNode *node, const struct leaf *leaf,
                      const char *value, size_t n, bool any)
{
	struct arena *arena = st->rg->arena;
	const char *condition = xml_attribute(node, "condition", arena);
	enum indicator_kind kind = leaf != NULL ? kind_of(st, node, leaf) : INDICATOR_TEXT;
	bool hash = leaf != NULL && xml_is(node, "Simple_Hash_Value");
	struct place at = { xmlGetLineNo(node), st->rec->at.offset, st->rec->at.length };
	struct found found;
	struct indicator ind;

	refang_value(&found, value, n, kind, arena);
	if (kind == INDICATOR_TEXT && !hash) {
		found.kind = INDICATOR_TEXT;
		found.value = found.written;
		found.why = arena_printf(arena, "%.40s/%.40s is of no kind that can be looked for", s->type, (const char *)node->name);
	}
	hash = found.kind >= INDICATOR_MD5 && found.kind <= INDICATOR_SHA512;
	if (s->why != NULL)
		found.why = s->why;
	else if (condition != NULL && strcmp(condition, "Equals") != 0 && !(strcmp(condition, "Contains") == 0 && kind_stands_alone(found.kind)))
		found.why = arena_printf(arena, "its condition is '%.20s', not 'Equals'", condition);
	else if (found.why == NULL && !hash && (s->all != NULL || !any ||
	         (!kind_stands_alone(found.kind) && s->several)))
		found.why = "only together with others";
	indicator_of(&ind, &found, s->list[0] != '\0' ? s->list : st->rg->options.list);
	ind.context = s->all != NULL ? logic_of(st, s) : s->title[0] != '\0' ? s->title : NULL;
	ind.tlp = s->tlp;
	ind.confidence = s->confidence;
	ind.valid_until = s->until;
	ind.statement = s->statement;
	ind.stated = s->stated;
	st->given++;
	return st->rg->sink.indicator(st->rg->sink.ctx, &ind, &at, st->f);
}

/* One element may list several values, of which any, all or none is meant. */
static int give_leaf(struct state *st, const struct scope *s, const xmlNode *node, const struct leaf *leaf)
{
	struct arena *arena = st->rg->arena;
	const char *value = xml_text(node, arena), *apply = xml_attribute(node, "apply_condition", arena);
	const char *delimiter = xml_attribute(node, "delimiter", arena);
	bool any = apply == NULL || strcmp(apply, "ANY") == 0;

	if (delimiter == NULL || delimiter[0] == '\0')
		delimiter = "##comma##";
	if (leaf != NULL && leaf->kind == INDICATOR_REGISTRY) {
		const char *hive = xml_text(beside(node, "Hive"), arena);

		if (hive[0] != '\0' && strncmp(value, "HK", 2) != 0)
			value = arena_printf(arena, "%s\\%s", hive, value[0] == '\\' ? value + 1 : value);
	}
	while (value[0] != '\0') {
		const char *end = strstr(value, delimiter);
		size_t n = end != NULL ? (size_t)(end - value) : strlen(value);

		if (n > 0 && give_value(st, s, node, leaf, value, n, any || (end == NULL && value[n] == '\0')) < 0)
			return -1;
		value += n + (end != NULL ? strlen(delimiter) : 0);
	}
	return 0;
}

/* ---- the tree ---- */

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The ids of observables that an AND elsewhere refers to. */
static void find_together(struct state *st, const xmlNode *node, bool all)
{
	const char *id = all && (xml_is(node, "Observable") || xml_is(node, "Indicator"))
	                     ? xml_attribute(node, "idref", st->rg->arena) : NULL;

	if (id != NULL) {
		if (st->together_count == st->together_room) {
			size_t room = st->together_room * 2 + 64;
			const char **more = ARENA_ARRAY(st->rg->arena, const char *, room);

			if (st->together_count > 0)
				memcpy(more, st->together, st->together_count * sizeof(*more));
			st->together = more;
			st->together_room = room;
		}
		st->together[st->together_count++] = id;
	}
	all = all || (is_composition(node) && is_and(st, node));
	for (const xmlNode *c = node->children; c != NULL; c = c->next)
		if (c->type == XML_ELEMENT_NODE)
			find_together(st, c, all);
}

static const char *colour_of(const struct state *st, const xmlNode *node)
{
	const char *found = NULL;

	if (xml_is(node, "Marking_Structure"))
		return tlp_named(xml_attribute(node, "color", st->rg->arena));
	for (const xmlNode *c = node->children; c != NULL && found == NULL; c = c->next)
		if (c->type == XML_ELEMENT_NODE)
			found = colour_of(st, c);
	return found;
}

static void see_indicator(const struct state *st, struct scope *s, const xmlNode *node)
{
	struct arena *arena = st->rg->arena;
	const xmlNode *confidence = xml_child(node, "Confidence"), *handling = xml_child(node, "Handling");
	const xmlNode *valid = xml_child(node, "Valid_Time_Position");
	const char *title = xml_text(xml_child(node, "Title"), arena), *tlp = handling != NULL ? colour_of(st, handling) : NULL;
	const char *stated = xml_attribute(node, "timestamp", arena);
	const char *end = valid != NULL ? xml_text(xml_child(valid, "End_Time"), arena) : "";

	s->statement = xml_attribute(node, "id", arena);
	if (stated == NULL || !instant_parse(&s->stated, NULL, stated, strlen(stated), st->rg->options.assumed_offset))
		s->stated = INSTANT_NONE;
	if (title[0] == '\0')
		title = xml_text(xml_child(node, "Description"), arena);
	if (title[0] != '\0')
		s->title = arena_dupn(arena, title, utf8_cut(title, strlen(title), TITLE_BYTES));
	if (tlp != NULL)
		s->tlp = tlp;
	if (confidence != NULL)
		s->confidence = table_value(confidences, xml_text(xml_child(confidence, "Value"), arena), -1);
	if (end[0] != '\0' && !instant_parse(&s->until, NULL, end, strlen(end), st->rg->options.assumed_offset))
		s->until = INSTANT_NONE;
}

static const char of_a_story[] = "of an incident's story, not given as an indicator";

/* What an incident only tells is no indicator; those that it refers to are. */
static void see_incident(const struct state *st, struct scope *s, const xmlNode *node)
{
	const char *title = xml_text(xml_child(node, "Title"), st->rg->arena);

	if (title[0] != '\0')
		s->list = arena_dupn(st->rg->arena, title, utf8_cut(title, strlen(title), TITLE_BYTES));
	s->why = of_a_story;
}

static int walk(struct state *st, struct scope s, const xmlNode *node)
{
	const char *id;

	if (xml_is(node, "Incident"))
		see_incident(st, &s, node);
	if (xml_is(node, "Indicator")) {
		if (s.why == of_a_story)
			s.why = NULL;
		see_indicator(st, &s, node);
	}
	if ((xml_is(node, "Indicator") || xml_is(node, "Observable")) &&
	    is_true(xml_attribute(node, "negate", st->rg->arena)))
		s.why = "it is what must not be there";
	if (is_composition(node) && s.all == NULL && is_and(st, node))
		s.all = node;
	if (s.all == NULL && st->together_count > 0 && (xml_is(node, "Observable") || xml_is(node, "Indicator")) &&
	    (id = xml_attribute(node, "id", st->rg->arena)) != NULL &&
	    bsearch(&id, st->together, st->together_count, sizeof(*st->together), by_text) != NULL)
		s.all = node;
	if (xml_is(node, "Properties")) {
		s.object = true;
		s.several = facts_of(st, node, "") > 1;
	}
	s.type = type_of(st, node, s.type);
	if (!has_elements(node)) {
		const struct leaf *leaf = s.object ? leaf_of(node, s.type) : NULL;

		/* The hive is said with its key, a hash's type with the hash. */
		if (leaf == NULL && (!s.object || xmlHasProp(node, (const xmlChar *)"condition") == NULL ||
		                     (xml_is(node, "Hive") && beside(node, "Key") != NULL) ||
		                     (xml_is(node, "Type") && beside(node, "Simple_Hash_Value") != NULL)))
			return 0;
		return give_leaf(st, &s, node, leaf);
	}
	for (const xmlNode *c = node->children; c != NULL; c = c->next)
		if (c->type == XML_ELEMENT_NODE && walk(st, s, c) < 0)
			return -1;
	return 0;
}

static int stix1_record(struct reading *rg, const struct record *rec, struct fault *f)
{
	struct state st = { .rg = rg, .rec = rec, .f = f };
	struct scope s = { .title = "", .list = "", .type = "", .confidence = -1, .until = INSTANT_NONE, .stated = INSTANT_NONE };
	const xmlNode *root, *header;
	xmlDoc *doc;
	int rc;

	if (xml_read(&doc, rec->bytes, rec->n, f) < 0)
		return -1;
	root = xmlDocGetRootElement(doc);
	if (root == NULL || !xml_is(root, "STIX_Package")) {
		xmlFreeDoc(doc);
		return fault_set(f, FAULT_DATA, "XML that is no STIX package");
	}
	if ((header = xml_child(root, "STIX_Header")) != NULL) {
		s.list = s.title = xml_text(xml_child(header, "Title"), rg->arena);
		s.tlp = colour_of(&st, header);
	}
	find_together(&st, root, false);
	if (st.together_count > 0)
		qsort(st.together, st.together_count, sizeof(*st.together), by_text);
	rc = walk(&st, s, root);
	if (rc == 0 && st.given == 0)
		rc = reading_blank(rg, rec, BLANK_EMPTY, f);
	xmlFreeDoc(doc);
	return rc;
}

static int stix1_open(struct reading *rg, struct fault *f)
{
	(void)f;
	rg->framing.limit = STIX1_LIMIT;
	return 0;
}

static int stix1_probe(const struct probe *p)
{
	return xml_begins(p->bytes, p->n, "STIX_Package") ? 95 : 0;
}

const struct reader reader_stix1 = {
	.name = "stix1", .summary = "STIX 1.0 to 1.2 packages with CybOX objects, XML", .gives = "indicators", .extensions = ".xml",
	.framing = FRAME_WHOLE, .whole = true, .probe = stix1_probe, .open = stix1_open, .record = stix1_record,
};
