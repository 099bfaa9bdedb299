/* IODEF 1 and 2, XML (FORMATS 3.5). Version 1 has no indicators: the machines an incident
 * came from stand for them. Version 2 says what its indicators are. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "analyst/base/text.h"
#include "analyst/base/xml.h"
#include "analyst/readers/reader.h"
#include "analyst/readers/refang.h"

#define IODEF_LIMIT ((size_t)16 << 20)
#define CONTEXT_BYTES 300

/* Categories of addresses and types of bulk observables; what is missing here is text. */
static const struct named kinds[] = {
	{ "ipv4-addr", INDICATOR_IP }, { "ipv6-addr", INDICATOR_IP }, { "ipv4-net", INDICATOR_CIDR },
	{ "ipv6-net", INDICATOR_CIDR }, { "e-mail", INDICATOR_EMAIL }, { "site-uri", INDICATOR_URL },
	{ "domain-name", INDICATOR_DOMAIN }, { "fqdn", INDICATOR_DOMAIN }, { "http-request-uri", INDICATOR_URL },
	{ "http-user-agent", INDICATOR_AGENT }, { "windows-reg-key", INDICATOR_REGISTRY }, { "mutex", INDICATOR_MUTEX },
	{ "file-path", INDICATOR_PATH }, { "ipv4-port", INDICATOR_IP }, { "ipv6-port", INDICATOR_IP }, { NULL, 0 }
};

/* Elements whose text is one value, inside an indicator's observable. */
static const struct named elements[] = {
	{ "NodeName", INDICATOR_DOMAIN }, { "FileName", INDICATOR_FILENAME }, { "KeyName", INDICATOR_REGISTRY },
	{ "EmailFrom", INDICATOR_EMAIL }, { "EmailTo", INDICATOR_EMAIL }, { "URL", INDICATOR_URL },
	{ "UserAgent", INDICATOR_AGENT }, { NULL, 0 }
};

static const struct named ratings[] = { { "low", 15 }, { "medium", 50 }, { "high", 85 }, { NULL, 0 } };

/* Whose systems are the attack's. */
static const char *const hostile[] = { "source", "watch-source", "intermediate", "infrastructure", NULL };

struct state {
	struct reading *rg;
	const struct record *rec;
	struct fault *f;
	const char *tlp;
	size_t given;
};

struct scope {
	const char *context, *list, *why;
	bool together;
	int confidence;
	instant from, until;
};

static const char *cut(const struct state *st, const char *s)
{
	return arena_dupn(st->rg->arena, s, utf8_cut(s, strlen(s), CONTEXT_BYTES));
}

static int give(struct state *st, const struct scope *s, const xmlNode *node, const char *value, size_t n,
                enum indicator_kind kind)
{
	struct place at = { xmlGetLineNo(node), st->rec->at.offset, st->rec->at.length };
	struct found found;
	struct indicator ind;

	if (n == 0)
		return 0;
	refang_value(&found, value, n, kind, st->rg->arena);
	if (s->why != NULL)
		found.why = s->why;
	else if (s->together && found.why == NULL && !(found.kind >= INDICATOR_MD5 && found.kind <= INDICATOR_SHA512))
		found.why = "only together with others";
	indicator_of(&ind, &found, s->list[0] != '\0' ? s->list : st->rg->options.list);
	ind.context = s->context[0] != '\0' ? s->context : NULL;
	ind.tlp = st->tlp;
	ind.confidence = s->confidence;
	ind.first_seen = s->from;
	ind.valid_until = s->until;
	st->given++;
	return st->rg->sink.indicator(st->rg->sink.ctx, &ind, &at, st->f);
}

static int give_text(struct state *st, const struct scope *s, const xmlNode *node, enum indicator_kind kind)
{
	const char *value = xml_text(node, st->rg->arena);

	return give(st, s, node, value, strlen(value), kind);
}

/* ---- hashes: base64 of the raw bytes, by the schema; in hexadecimal, by many ---- */

static int base64_of(char c)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *at = c != '\0' ? strchr(digits, c) : NULL;

	return at != NULL ? (int)(at - digits) : -1;
}

static const char *hash_of(struct arena *arena, const char *s)
{
	static const char hex[] = "0123456789abcdef";
	char out[2 * 64 + 1];
	size_t used = 0, n = strlen(s);
	unsigned bits = 0, have = 0;

	if (canon_hash(arena, s, n, NULL) != NULL)
		return s;
	for (size_t i = 0; i < n; i++) {
		int digit = base64_of(s[i]);

		if (digit < 0) {
			if (s[i] == '=' || strchr(" \t\r\n", s[i]) != NULL)
				continue;
			return s;
		}
		bits = (bits << 6 | (unsigned)digit) & 0xFFFFFF;
		have += 6;
		if (have < 8)
			continue;
		have -= 8;
		if (used + 2 >= sizeof(out))
			return s;
		out[used++] = hex[bits >> (have + 4) & 15];
		out[used++] = hex[bits >> have & 15];
	}
	return arena_dupn(arena, out, used);
}

/* ---- observables ---- */

static enum indicator_kind kind_said(const char *type)
{
	return type != NULL ? (enum indicator_kind)table_value(kinds, type, INDICATOR_TEXT) : INDICATOR_IP;
}

static int give_bulk(struct state *st, const struct scope *s, const xmlNode *bulk)
{
	const char *type = xml_attribute(bulk, "type", st->rg->arena);
	const xmlNode *list = xml_child(bulk, "BulkObservableList");
	const char *line = xml_text(list, st->rg->arena);

	while (*line != '\0') {
		size_t n = strcspn(line, "\r\n"), length = n;
		const char *value = trim(line, &length);
		enum indicator_kind kind = kind_said(type);

		/* "file-path" is all there is for a name, too. */
		if (kind == INDICATOR_PATH && memchr(value, '\\', length) == NULL && memchr(value, '/', length) == NULL)
			kind = INDICATOR_FILENAME;
		if (give(st, s, list, value, length, kind) < 0)
			return -1;
		line += n + strspn(line + n, "\r\n");
	}
	return 0;
}

static int walk(struct state *st, struct scope s, const xmlNode *node);

static int walk_children(struct state *st, const struct scope *s, const xmlNode *node)
{
	for (const xmlNode *c = node->children; c != NULL; c = c->next)
		if (c->type == XML_ELEMENT_NODE && walk(st, *s, c) < 0)
			return -1;
	return 0;
}

/* What an observable or a hostile system holds. */
static int walk(struct state *st, struct scope s, const xmlNode *node)
{
	struct arena *arena = st->rg->arena;
	int kind;

	if (xml_is(node, "Address"))
		return give_text(st, &s, node, kind_said(xml_attribute(node, "category", arena)));
	if (xml_is(node, "Name") && node->parent != NULL && xml_is(node->parent, "DomainData"))
		return give_text(st, &s, node, INDICATOR_DOMAIN);
	if (xml_is(node, "DigestValue")) {
		const char *hash = hash_of(arena, xml_text(node, arena));

		return give(st, &s, node, hash, strlen(hash), INDICATOR_TEXT);
	}
	if (xml_is(node, "BulkObservable"))
		return give_bulk(st, &s, node);
	if ((kind = table_value(elements, (const char *)node->name, -1)) >= 0)
		return give_text(st, &s, node, (enum indicator_kind)kind);
	/* People, and what others wrote about it. */
	if (xml_is(node, "AdditionalData") || xml_is(node, "Contact") || xml_is(node, "Reference") || xml_is(node, "Counter") || xml_is(node, "Expectation"))
		return 0;
	if (xml_is(node, "IndicatorExpression")) {
		const char *operator = xml_attribute(node, "operator", arena);
		size_t members = 0;

		for (const xmlNode *c = node->children; c != NULL && members < 2; c = c->next)
			members += c->type == XML_ELEMENT_NODE;
		if (operator != NULL && strcasecmp(operator, "not") == 0)
			s.why = "it is what must not be there";
		/* "and" is what the schema takes for granted. */
		if (members > 1 && (operator == NULL || strcasecmp(operator, "or") != 0))
			s.together = true;
	}
	return walk_children(st, &s, node);
}

static instant time_of(const struct state *st, const xmlNode *node)
{
	const char *s = xml_text(node, st->rg->arena);
	instant t;

	return instant_parse(&t, NULL, s, strlen(s), st->rg->options.assumed_offset) ? t : INSTANT_NONE;
}

/* Restrictions that are TLP's; "ext-value" says its word beside. */
static const char *tlp_of(const struct state *st, const xmlNode *node)
{
	const char *restriction = xml_attribute(node, "restriction", st->rg->arena);

	if (restriction != NULL && strcmp(restriction, "ext-value") == 0)
		restriction = xml_attribute(node, "ext-restriction", st->rg->arena);
	return tlp_named(restriction);
}

/* As a number, in Confidence or as an extension; or -1. */
static int confidence_said(const struct state *st, const xmlNode *node)
{
	const char *said = xml_text(xml_child(node, "Confidence"), st->rg->arena), *name;
	char *end;
	long n;

	for (const xmlNode *c = node->children; c != NULL; c = c->next)
		if (xml_is(c, "AdditionalData") && (name = xml_attribute(c, "name", st->rg->arena)) != NULL &&
		    strcmp(name, "confidence") == 0)
			said = xml_text(c, st->rg->arena);
	n = strtol(said, &end, 10);
	return end != said && n >= 0 && n <= 100 ? (int)n : -1;
}

static int give_indicator(struct state *st, struct scope s, const xmlNode *node)
{
	const char *description = xml_text(xml_child(node, "Description"), st->rg->arena);
	const char *rating = xml_attribute(xml_child(node, "Confidence"), "rating", st->rg->arena), *outer = st->tlp;
	int rc;

	if (description[0] != '\0')
		s.context = cut(st, description);
	s.confidence = rating != NULL ? table_value(ratings, rating, -1) : -1;
	if (s.confidence < 0)
		s.confidence = confidence_said(st, node);
	if (tlp_of(st, node) != NULL)
		st->tlp = tlp_of(st, node);
	s.from = time_of(st, xml_child(node, "StartTime"));
	s.until = time_of(st, xml_child(node, "EndTime"));
	rc = walk_children(st, &s, node);
	st->tlp = outer;
	return rc;
}

/* ---- incidents ---- */

/* Down to systems and indicators, wherever a version keeps them. */
static int walk_incident(struct state *st, const struct scope *s, const xmlNode *node)
{
	for (const xmlNode *c = node->children; c != NULL; c = c->next) {
		int rc = 0;

		if (c->type != XML_ELEMENT_NODE)
			continue;
		if (xml_is(c, "Indicator"))
			rc = give_indicator(st, *s, c);
		else if (xml_is(c, "System")) {
			struct scope own = *s;
			const char *description = xml_text(xml_child(c, "Description"), st->rg->arena);

			if (!in_list(hostile, xml_attribute(c, "category", st->rg->arena)))
				continue;
			if (description[0] != '\0')
				own.context = cut(st, arena_printf(st->rg->arena, "%s%s%s", s->context, s->context[0] != '\0' ? ": " : "",
				                                   description));
			rc = walk(st, own, c);
		} else if (xml_is(c, "EventData") || xml_is(c, "Flow") || xml_is(c, "IndicatorData")) {
			rc = walk_incident(st, s, c);
		}
		if (rc < 0)
			return rc;
	}
	return 0;
}

static int give_incident(struct state *st, const xmlNode *node)
{
	struct arena *arena = st->rg->arena;
	const xmlNode *id = xml_child(node, "IncidentID");
	const char *name = xml_attribute(id, "name", arena), *number = xml_text(id, arena);
	struct scope s = { .confidence = -1, .from = INSTANT_NONE, .until = INSTANT_NONE };

	s.list = cut(st, arena_printf(arena, "%s%s%s", name != NULL ? name : "", name != NULL && number[0] != '\0' ? " " : "", number));
	s.context = cut(st, xml_text(xml_child(node, "Description"), arena));
	st->tlp = tlp_of(st, node);
	st->given = 0;
	if (walk_incident(st, &s, node) < 0)
		return -1;
	return st->given > 0 ? 0 : reading_blank(st->rg, st->rec, BLANK_CONTEXT, st->f);
}

static int iodef_record(struct reading *rg, const struct record *rec, struct fault *f)
{
	struct state st = { .rg = rg, .rec = rec, .f = f };
	const xmlNode *root;
	xmlDoc *doc;
	size_t incidents = 0;
	int rc = 0;

	if (xml_read(&doc, rec->bytes, rec->n, f) < 0)
		return -1;
	root = xmlDocGetRootElement(doc);
	if (root == NULL || !xml_is(root, "IODEF-Document")) {
		xmlFreeDoc(doc);
		return fault_set(f, FAULT_DATA, "XML that is no IODEF document");
	}
	for (const xmlNode *c = root->children; c != NULL && rc == 0; c = c->next)
		if (xml_is(c, "Incident")) {
			incidents++;
			rc = give_incident(&st, c);
		}
	if (rc == 0 && incidents == 0)
		rc = reading_blank(rg, rec, BLANK_EMPTY, f);
	xmlFreeDoc(doc);
	return rc;
}

static int iodef_open(struct reading *rg, struct fault *f)
{
	(void)f;
	rg->framing.limit = IODEF_LIMIT;
	return 0;
}

static int iodef_probe(const struct probe *p)
{
	return xml_begins(p->bytes, p->n, "IODEF-Document") ? 95 : 0;
}

const struct reader reader_iodef = {
	.name = "iodef", .summary = "IODEF 1 and 2 incident documents, XML", .gives = "indicators", .extensions = ".xml",
	.framing = FRAME_WHOLE, .whole = true, .probe = iodef_probe, .open = iodef_open, .record = iodef_record,
};
