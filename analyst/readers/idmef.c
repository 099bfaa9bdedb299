/* IDMEF alerts as XML (RFC 4765): of Prelude and others. A message may hold several; each
 * is a record of its own. Heartbeats say only that a sensor lives. */
#include <stdlib.h>
#include <string.h>

#include "analyst/base/xml.h"
#include "analyst/readers/nested.h"

#define MESSAGE_LIMIT ((size_t)4 << 20)

static const struct band impacts[] = {
	{ "info", 0, SEVERITY_INFO }, { "low", 0, SEVERITY_LOW }, { "medium", 0, SEVERITY_MEDIUM }, { "high", 0, SEVERITY_HIGH },
	BANDS_END
};

static const struct named ratings[] = { { "low", 15 }, { "medium", 50 }, { "high", 85 }, { NULL, 0 } };

/* Paths from the alert on; "@" begins an attribute. */
static const struct field alert_fields[] = {
	FIELD("DetectTime", TAKE_AT),
	FIELD("CreateTime", TAKE_AT),
	FIELD("CreateTime", TAKE_REPORTED),
	FIELD("@messageid", TAKE_NATIVE_ID),
	FIELD("Analyzer/@model", TAKE_PRODUCT),
	FIELD("Analyzer/@name", TAKE_PRODUCT),
	FIELD("Classification/@ident", TAKE_RULE_ID),
	FIELD("Classification/@text", TAKE_RULE_NAME),
	FIELD("Classification/Reference/name", TAKE_TECHNIQUES),
	FIELD("CorrelationAlert/name", TAKE_TITLE),
	FIELD("ToolAlert/name", TAKE_TITLE),
	FIELD("Assessment/Impact", TAKE_TITLE),
	FIELD_SEVERITY("Assessment/Impact/@severity", impacts),
	FIELD("Assessment/Impact/@type", TAKE_CATEGORY),
	FIELD_ENTITY("OverflowAlert/program", ENTITY_PROCESS, ROLE_TARGET),
	FIELDS_END
};

/* Paths from a source or target on. */
static const struct field source_fields[] = {
	FIELD_ENTITY("Node/Address/address", ENTITY_IP, ROLE_SOURCE),
	FIELD_ENTITY("Node/name", ENTITY_HOST, ROLE_SOURCE),
	FIELD_ENTITY("User/UserId/name", ENTITY_USER, ROLE_ACTOR),
	FIELD_ENTITY("Service/port", ENTITY_PORT, ROLE_SOURCE),
	FIELD_ENTITY("Service/WebService/url", ENTITY_URL, ROLE_SOURCE),
	FIELDS_END
};

static const struct field target_fields[] = {
	FIELD_ENTITY("Node/Address/address", ENTITY_IP, ROLE_DESTINATION),
	FIELD_ENTITY("Node/name", ENTITY_HOST, ROLE_VICTIM),
	FIELD_ENTITY("User/UserId/name", ENTITY_USER, ROLE_TARGET),
	FIELD_ENTITY("Service/port", ENTITY_PORT, ROLE_DESTINATION),
	FIELD_ENTITY("Service/WebService/url", ENTITY_URL, ROLE_DESTINATION),
	FIELD_ENTITY("File/Checksum/value", ENTITY_HASH, ROLE_OBSERVED),
	FIELDS_END
};

#define HEX (-2)

static const struct named address_kinds[] = {
	{ "ipv4-addr", ENTITY_IP }, { "ipv6-addr", ENTITY_IP }, { "ipv4-addr-hex", HEX }, { "ipv4-net", -1 }, { "ipv4-net-mask", -1 },
	{ "ipv6-addr-hex", -1 }, { "ipv6-net", -1 }, { "ipv6-net-mask", -1 }, { "atm", -1 }, { "sna", -1 }, { "vm", -1 },
	{ "lotus-notes", -1 }, { "mac", ENTITY_MAC }, { "e-mail", ENTITY_EMAIL }, { NULL, 0 }
};

/* ---- fields by path ---- */

/* An account is named in groups and devices too; only those that act or are acted on count. */
static bool is_no_account(const char *type)
{
	return type != NULL && (strstr(type, "group") != NULL || strstr(type, "privs") != NULL);
}

static void take(struct reading *rg, const struct field *field, const xmlNode *node)
{
	struct field as = *field;

	if (field->take == TAKE_ENTITY && field->kind == ENTITY_IP) {
		const char *category = xml_attribute(node->parent, "category", rg->arena);
		int kind = category != NULL ? table_value(address_kinds, category, ENTITY_IP) : ENTITY_IP;

		if (kind == HEX) {
			char *end;
			unsigned long v = strtoul(xml_text(node, rg->arena), &end, 16);

			if (*end == '\0' && v <= 0xFFFFFFFF)
				canon_add(&rg->alert, rg->arena, ENTITY_IP, field->role,
				          arena_printf(rg->arena, "%lu.%lu.%lu.%lu", v >> 24, v >> 16 & 255, v >> 8 & 255, v & 255));
		}
		if (kind < 0)
			return;
		as.kind = (enum entity_kind)kind;
	}
	if (field->take == TAKE_ENTITY && field->kind == ENTITY_USER && is_no_account(xml_attribute(node->parent, "type", rg->arena)))
		return;
	filling_take(&rg->filling, &as, xml_text(node, rg->arena));
}

static void take_path(struct reading *rg, const struct field *field, const char *path, const xmlNode *node)
{
	size_t n = strcspn(path, "/");

	if (path[0] == '@') {
		filling_take(&rg->filling, field, xml_attribute(node, path + 1, rg->arena));
		return;
	}
	for (const xmlNode *c = node->children; c != NULL; c = c->next) {
		if (c->type != XML_ELEMENT_NODE || strlen((const char *)c->name) != n || memcmp(c->name, path, n) != 0)
			continue;
		if (path[n] == '/')
			take_path(rg, field, path + n + 1, c);
		else
			take(rg, field, c);
	}
}

static void take_all(struct reading *rg, const struct field *fields, const xmlNode *node)
{
	for (const struct field *field = fields; field->path != NULL; field++)
		take_path(rg, field, field->path, node);
}

/* ---- what is said in two places ---- */

/* Products write a path with the name at its end or without. */
static const char *folder_of(const char *path, const char *name)
{
	return path[0] != '\0' && strcmp(last_component(path), name) != 0 ? path : NULL;
}

static void take_names(struct reading *rg, const xmlNode *end, enum entity_role role)
{
	for (const xmlNode *c = end->children; c != NULL; c = c->next) {
		const char *name, *path, *folder;

		if (!xml_is(c, "Process") && !xml_is(c, "File"))
			continue;
		name = last_component(xml_text(xml_child(c, "name"), rg->arena));
		path = xml_text(xml_child(c, "path"), rg->arena);
		folder = folder_of(path, name);
		if (folder == NULL && path[0] != '\0')
			name = path;
		if (xml_is(c, "Process"))
			add_process(&rg->alert, rg->arena, role, folder, name);
		else
			add_file(&rg->alert, rg->arena, ROLE_OBSERVED, folder, name);
	}
}

static void take_reference(struct reading *rg, const xmlNode *classification)
{
	for (const xmlNode *c = classification->children; c != NULL; c = c->next) {
		const char *origin = xml_is(c, "Reference") ? xml_attribute(c, "origin", rg->arena) : NULL;

		if (origin != NULL && strcmp(origin, "cve") == 0)
			canon_add(&rg->alert, rg->arena, ENTITY_CVE, ROLE_OBSERVED, xml_text(xml_child(c, "name"), rg->arena));
	}
}

static void take_assessment(struct reading *rg, const xmlNode *assessment)
{
	const xmlNode *confidence = xml_child(assessment, "Confidence");
	const char *rating = xml_attribute(confidence, "rating", rg->arena), *text = xml_text(confidence, rg->arena);
	char *end;
	double v = strtod(text, &end);

	for (const xmlNode *c = assessment->children; c != NULL; c = c->next) {
		const char *what = xml_is(c, "Action") ? xml_attribute(c, "category", rg->arena) : NULL;

		if (what != NULL && strcmp(what, "block-installed") == 0)
			rg->alert.action = ACTION_BLOCKED;
	}
	if (rating != NULL && strcmp(rating, "numeric") == 0 && end != text && v >= 0 && v <= 1)
		rg->alert.confidence = (int)(v * 100 + 0.5);
	else if (rating != NULL)
		rg->alert.confidence = table_value(ratings, rating, -1);
}

static int give_alert(struct reading *rg, const struct record *rec, const xmlNode *node, struct fault *f)
{
	filling_begin(&rg->filling, &rg->alert, rg->arena, rg->options.assumed_offset);
	rg->alert.rule.product = "idmef";
	take_all(rg, alert_fields, node);
	for (const xmlNode *c = node->children; c != NULL; c = c->next) {
		if (xml_is(c, "Source")) {
			take_all(rg, source_fields, c);
			take_names(rg, c, ROLE_ACTOR);
		} else if (xml_is(c, "Target")) {
			take_all(rg, target_fields, c);
			take_names(rg, c, ROLE_TARGET);
		} else if (xml_is(c, "Classification")) {
			take_reference(rg, c);
		} else if (xml_is(c, "Assessment")) {
			take_assessment(rg, c);
		} else if (xml_is(c, "CorrelationAlert")) {
			rg->alert.kind = RECORD_FINDING;
		}
	}
	return reading_alert(rg, rec, f);
}

/* ---- messages ---- */

/* The prefix that the file's elements have, with its colon: told from its first. */
static const char *prefixed(struct reading *rg, const char *head, size_t n, const char *name)
{
	size_t length = strlen(name);
	const char *at = head != NULL ? memmem(head, n, name, length) : NULL;

	/* "<IDMEF-Messages>" is a list around them. */
	while (at != NULL && at + length < head + n && strchr(" \t\r\n/>", at[length]) == NULL)
		at = memmem(at + 1, n - (size_t)(at + 1 - head), name, length);
	if (at == NULL)
		return name;
	for (const char *s = at; s > head && at - s < 64; s--)
		if (s[-1] == '<')
			return arena_dupn(rg->kept, s, (size_t)(at - s) + length);
	return name;
}

static int give_message(struct reading *rg, const struct record *rec, const xmlNode *message, struct fault *f)
{
	const char *prefix = message->ns != NULL && message->ns->prefix != NULL ? (const char *)message->ns->prefix : "";
	struct memory_bytes bytes = { rec->bytes, rec->n };
	struct framing_rules rules = { .kind = FRAME_XML, .limit = MESSAGE_LIMIT,
		.element = arena_printf(rg->arena, "%s%sAlert", prefix, prefix[0] != '\0' ? ":" : "") };
	struct framing *fr = framing_new(&rules, memory_source(&bytes));
	int given = 0, rc = 0;

	for (const xmlNode *c = message->children; c != NULL && rc == 0; c = c->next) {
		struct record part = *rec, own;

		if (!xml_is(c, "Alert"))
			continue;
		if ((rc = framing_next(fr, &own, f)) > 0) {
			part.bytes = own.bytes;
			part.n = own.n;
			part.at.offset += own.at.offset;
			part.at.line += own.at.line - 1;
			part.at.length = own.at.length;
			rc = 0;
		}
		given++;
		if (rc == 0)
			rc = give_alert(rg, &part, c, f);
	}
	framing_free(fr);
	return rc == 0 && given == 0 ? reading_blank(rg, rec, BLANK_TELEMETRY, f) : rc;
}

static int idmef_record(struct reading *rg, const struct record *rec, struct fault *f)
{
	struct fault broken = { FAULT_NONE, "" };
	const xmlNode *root;
	xmlDoc *doc = NULL;
	int rc;

	if (xml_read(&doc, rec->bytes, rec->n, &broken) < 0)
		return broken.kind == FAULT_DATA ? reading_reject(rg, rec, broken.text, f)
		                                 : fault_set(f, broken.kind, "%s", broken.text);
	root = xmlDocGetRootElement(doc);
	rc = give_message(rg, rec, root, f);
	xmlFreeDoc(doc);
	return rc;
}

static int idmef_open(struct reading *rg, struct fault *f)
{
	(void)f;
	rg->framing.element = prefixed(rg, rg->options.head, rg->options.head_size, "IDMEF-Message");
	rg->framing.limit = MESSAGE_LIMIT;
	return 0;
}

static int idmef_probe(const struct probe *p)
{
	return xml_begins(p->bytes, p->n, "IDMEF-Message") || xml_begins(p->bytes, p->n, "IDMEF-Messages") ? 95 : 0;
}

const struct reader reader_idmef = {
	.name = "idmef", .summary = "IDMEF alerts (RFC 4765), XML", .gives = "alerts, findings", .extensions = ".xml",
	.framing = FRAME_XML, .fields = alert_fields, .probe = idmef_probe, .open = idmef_open, .record = idmef_record,
};
