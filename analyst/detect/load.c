/* detections.xml -> rules. */
#include <stdlib.h>
#include <string.h>

#include "analyst/base/xml.h"
#include "analyst/detect/rules.h"
#include "analyst/readers/canon.h"

#define NODE_DEPTH 12
#define ORIGINS_MOST 64

static const struct named matches[] = {
	{ "contains", MATCH_CONTAINS }, { "starts", MATCH_STARTS }, { "ends", MATCH_ENDS }, { "equals", MATCH_EQUALS },
	{ "base64", MATCH_BASE64 }, { "present", MATCH_PRESENT }, { NULL, 0 }
};

static const struct named levels[] = {
	{ "informational", SEVERITY_INFO }, { "low", SEVERITY_LOW }, { "medium", SEVERITY_MEDIUM },
	{ "high", SEVERITY_HIGH }, { "critical", SEVERITY_CRITICAL }, { NULL, 0 }
};

struct loading {
	struct detections *d;
	const char *path;
	const xmlNode *sources;        /* the root, whose <source> children name groups of events */
	struct fault *f;
};

static int complain(const struct loading *l, const xmlNode *node, const char *what, const char *which)
{
	return fault_set(l->f, FAULT_DATA, "%s:%ld: %s%s%.100s%s", l->path, xmlGetLineNo(node), what,
	                 which != NULL ? " '" : "", which != NULL ? which : "", which != NULL ? "'" : "");
}

static const char *attribute(const struct loading *l, const xmlNode *node, const char *name)
{
	return xml_attribute(node, name, l->d->arena);
}

static const char *child_text(const struct loading *l, const xmlNode *node, const char *name)
{
	const xmlNode *child = xml_child(node, name);
	xmlChar *value = child != NULL ? xmlNodeGetContent(child) : NULL;
	const char *copy = value != NULL ? arena_dup(l->d->arena, (const char *)value) : NULL;

	xmlFree(value);
	return copy;
}

/* ---- conditions ---- */

static int field_number(struct detections *d, const char *name)
{
	for (int i = 0; i < d->name_count; i++)
		if (strcmp(d->names[i], name) == 0)
			return i;
	if (d->name_count == FIELD_NAMES)
		return -1;
	d->names[d->name_count] = name;
	return d->name_count++;
}

/* "\cmd.exe|\powershell.exe": any of them. */
static int split_needles(const struct loading *l, const xmlNode *node, struct node *out, const char *list)
{
	size_t most = 1;
	struct needle *needles;

	for (const char *c = list; *c != '\0'; c++)
		most += *c == '|';
	needles = ARENA_ARRAY(l->d->arena, struct needle, most);
	for (const char *s = list;; s++) {
		size_t n = strcspn(s, "|");

		if (n == 0)
			return complain(l, node, "an empty text to look for", NULL);
		needles[out->needle_count++] = (struct needle){ lower_ascii(l->d->arena, s, n), n };
		s += n;
		if (*s == '\0')
			break;
	}
	out->needles = needles;
	return 0;
}

static int load_field(const struct loading *l, const xmlNode *node, struct node *out)
{
	const char *name = attribute(l, node, "name"), *list = NULL;
	size_t given = 0;

	out->kind = NODE_FIELD;
	if (name == NULL)
		return complain(l, node, "a field without a name", NULL);
	if ((out->field = field_number(l->d, name)) < 0)
		return complain(l, node, "too many different fields", NULL);
	for (const struct named *m = matches; m->name != NULL; m++) {
		const char *value = attribute(l, node, m->name);

		if (value == NULL)
			continue;
		given++;
		list = value;
		out->match = (enum match)m->value;
	}
	if (given != 1)
		return complain(l, node, "a field is asked for one of contains, starts, ends, equals, base64, present, not for this:",
		                name);
	if (out->match == MATCH_PRESENT)
		return 0;
	if (out->match == MATCH_BASE64) {
		long run = strtol(list, NULL, 10);

		out->run = run > 0 ? (size_t)run : 1;
		return run >= 8 ? 0 : complain(l, node, "base64 takes a number of characters from 8 on, not", list);
	}
	return split_needles(l, node, out, list);
}

static int load_node(const struct loading *l, const xmlNode *node, struct node *out, int depth);

static bool is_condition(const xmlNode *c)
{
	return xml_is(c, "all") || xml_is(c, "any") || xml_is(c, "not") || xml_is(c, "field");
}

static int load_group(const struct loading *l, const xmlNode *node, struct node *out, int depth)
{
	size_t n = 0;
	struct node *children;

	if (depth > NODE_DEPTH)
		return complain(l, node, "conditions nested too deep", NULL);
	for (const xmlNode *c = node->children; c != NULL; c = c->next)
		n += is_condition(c);
	if (n == 0)
		return complain(l, node, "a group without a condition", NULL);
	children = ARENA_ARRAY(l->d->arena, struct node, n);
	for (const xmlNode *c = node->children; c != NULL; c = c->next)
		if (is_condition(c) && load_node(l, c, &children[out->count++], depth + 1) < 0)
			return -1;
	out->children = children;
	return 0;
}

static int load_node(const struct loading *l, const xmlNode *node, struct node *out, int depth)
{
	if (xml_is(node, "field"))
		return load_field(l, node, out);
	out->kind = xml_is(node, "any") ? NODE_ANY : xml_is(node, "not") ? NODE_NOT : NODE_ALL;
	return load_group(l, node, out, depth);
}

/* ---- which events ---- */

static const xmlNode *source_named(const struct loading *l, const char *key)
{
	for (const xmlNode *c = l->sources->children; c != NULL; c = c->next)
		if (xml_is(c, "source")) {
			const char *own = attribute(l, c, "key");

			if (own != NULL && strcmp(own, key) == 0)
				return c;
		}
	return NULL;
}

static int load_origins(const struct loading *l, const xmlNode *rule, struct detection *out)
{
	const char *on = attribute(l, rule, "on");
	const xmlNode *source = on != NULL ? source_named(l, on) : NULL;
	struct origin *origins = ARENA_ARRAY(l->d->arena, struct origin, ORIGINS_MOST);

	if (source == NULL)
		return complain(l, rule, "no source of events", on != NULL ? on : "");
	for (const xmlNode *c = source->children; c != NULL; c = c->next) {
		const char *ids = xml_is(c, "event") ? attribute(l, c, "ids") : NULL;
		char *end = NULL;

		if (ids != NULL && strcmp(ids, "any") == 0 && out->origin_count < ORIGINS_MOST) {
			origins[out->origin_count++] = (struct origin){ attribute(l, c, "provider"), attribute(l, c, "channel"), EVENT_ANY };
			continue;
		}
		while (ids != NULL && *ids != '\0') {
			long id = strtol(ids, &end, 10);

			if (end == ids || id < 0 || id > 65535 || out->origin_count == ORIGINS_MOST)
				return complain(l, c, "event numbers parted by spaces are wanted, not", ids);
			origins[out->origin_count++] = (struct origin){ attribute(l, c, "provider"), attribute(l, c, "channel"), (int)id };
			ids = end + strspn(end, " ");
		}
	}
	out->origins = origins;
	return out->origin_count > 0 ? 0 : complain(l, source, "a source without events", NULL);
}

/* ---- rules ---- */

static int load_rule(const struct loading *l, const xmlNode *node, struct detection *out)
{
	struct judgement *j = &out->judgement;
	struct ids techniques = { .count = 0 };
	const char *named = attribute(l, node, "techniques");
	int level;

	j->rule.product = DETECT_PRODUCT;
	j->rule.id = attribute(l, node, "id");
	j->rule.name = child_text(l, node, "title");
	j->level = attribute(l, node, "level");
	if (j->rule.id == NULL || j->rule.name == NULL || j->rule.name[0] == '\0')
		return complain(l, node, "a rule needs an id and a title", NULL);
	for (const struct detection *r = l->d->rules; r < out; r++)
		if (strcmp(r->judgement.rule.id, j->rule.id) == 0)
			return complain(l, node, "a second rule with the id", j->rule.id);
	level = j->level != NULL ? table_value(levels, j->level, -1) : -1;
	if (level < 0)
		return complain(l, node, "a level is informational, low, medium, high or critical, not", j->level != NULL ? j->level : "");
	j->severity = (enum severity)level;
	if (named != NULL) {
		ids_add_techniques(&techniques, named);
		j->rule.techniques = ids_text(&techniques, l->d->arena);
	}
	out->when.kind = NODE_ALL;
	return load_origins(l, node, out) < 0 ? -1 : load_group(l, node, &out->when, 0);
}

static int by_event(const void *a, const void *b)
{
	const struct posting *x = a, *y = b;

	if (x->origin->id != y->origin->id)
		return x->origin->id < y->origin->id ? -1 : 1;
	if (x->rule->judgement.severity != y->rule->judgement.severity)
		return x->rule->judgement.severity > y->rule->judgement.severity ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

static void post(struct detections *d)
{
	size_t n = 0;

	for (size_t i = 0; i < d->count; i++)
		n += d->rules[i].origin_count;
	d->postings = ARENA_ARRAY(d->arena, struct posting, n + 1);
	for (size_t i = 0; i < d->count; i++)
		for (size_t j = 0; j < d->rules[i].origin_count; j++, d->posting_count++)
			d->postings[d->posting_count] = (struct posting){ &d->rules[i].origins[j], &d->rules[i], d->posting_count };
	if (n > 0)
		qsort(d->postings, n, sizeof(*d->postings), by_event);
}

static int load_rules(struct loading *l, const xmlNode *root)
{
	size_t n = 0;

	if (root == NULL || !xml_is(root, "detections"))
		return fault_set(l->f, FAULT_DATA, "%s: no table of detections", l->path);
	l->sources = root;
	for (const xmlNode *c = root->children; c != NULL; c = c->next)
		n += xml_is(c, "rule");
	l->d->rules = ARENA_ARRAY(l->d->arena, struct detection, n + 1);
	for (const xmlNode *c = root->children; c != NULL; c = c->next)
		if (xml_is(c, "rule")) {
			if (load_rule(l, c, &l->d->rules[l->d->count]) < 0)
				return -1;
			l->d->count++;
		}
	post(l->d);
	return 0;
}

int detections_load(struct detections **out, const char *path, struct fault *f)
{
	struct detections *d = must_alloc(sizeof(*d));
	struct loading l = { d, path, NULL, f };
	xmlDoc *doc = NULL;
	int rc = -1;

	d->arena = arena_new();
	if (xml_read_file(&doc, path, f) == 0)
		rc = load_rules(&l, xmlDocGetRootElement(doc));
	xmlFreeDoc(doc);
	if (rc < 0)
		detections_free(d);
	else
		*out = d;
	return rc;
}

void detections_free(struct detections *d)
{
	if (d == NULL)
		return;
	arena_free(d->arena);
	free(d);
}
