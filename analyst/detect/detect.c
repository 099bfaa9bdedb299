#include "analyst/detect/detect.h"

#include <string.h>
#include <strings.h>

#include "analyst/detect/rules.h"

/* What an attack says it says early: of a value no more is looked at. A script block of
 * PowerShell is at most 32 KiB. */
#define LOOKED_AT ((size_t)64 * 1024)

struct looking {
	const struct detections *d;
	const struct event *e;
	const char *values[FIELD_NAMES];      /* by the field's number; NULL is not there */
	size_t lengths[FIELD_NAMES];
	bool known[FIELD_NAMES];
};

/* ---- one value ---- */

static unsigned char low(char c)
{
	return (unsigned char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
}

static bool same(const char *s, const struct needle *needle)
{
	for (size_t i = 0; i < needle->n; i++)
		if (low(s[i]) != (unsigned char)needle->text[i])
			return false;
	return true;
}

static bool contains(const char *s, size_t n, const struct needle *needle)
{
	for (size_t i = 0; i + needle->n <= n; i++)
		if (low(s[i]) == (unsigned char)needle->text[0] && same(s + i, needle))
			return true;
	return false;
}

static bool has_base64(const char *s, size_t n, size_t run)
{
	size_t seen = 0;

	for (size_t i = 0; i < n; i++) {
		char c = low(s[i]);

		seen = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '/' || c == '=' ? seen + 1 : 0;
		if (seen >= run)
			return true;
	}
	return false;
}

static bool fits(const struct node *node, const char *s, size_t n, const struct needle *needle)
{
	if (needle->n > n)
		return false;
	switch (node->match) {
	case MATCH_CONTAINS: return contains(s, n, needle);
	case MATCH_STARTS: return same(s, needle);
	case MATCH_ENDS: return same(s + n - needle->n, needle);
	case MATCH_EQUALS: return n == needle->n && same(s, needle);
	default: return false;
	}
}

static const char *value_of(struct looking *at, int field)
{
	if (!at->known[field]) {
		at->known[field] = true;
		for (size_t i = 0; i < at->e->count; i++)
			if (strcmp(at->e->values[i].name, at->d->names[field]) == 0) {
				at->values[field] = at->e->values[i].value;
				at->lengths[field] = strnlen(at->e->values[i].value, LOOKED_AT);
				break;
			}
	}
	return at->values[field];
}

static bool field_holds(struct looking *at, const struct node *node)
{
	const char *s = value_of(at, node->field);
	size_t n = at->lengths[node->field];

	if (s == NULL)
		return false;
	if (node->match == MATCH_PRESENT)
		return true;
	if (node->match == MATCH_BASE64)
		return has_base64(s, n, node->run);
	for (size_t i = 0; i < node->needle_count; i++)
		if (fits(node, s, n, &node->needles[i]))
			return true;
	return false;
}

/* ---- a rule ---- */

/* The depth is bounded when rules are loaded. */
static bool holds(struct looking *at, const struct node *node)
{
	bool any = node->kind == NODE_ANY;

	if (node->kind == NODE_FIELD)
		return field_holds(at, node);
	for (size_t i = 0; i < node->count; i++) {
		bool one = holds(at, &node->children[i]);

		if (node->kind == NODE_NOT ? one : one == any)
			return node->kind == NODE_NOT ? false : any;
	}
	return !any;
}

/* The channel decides where an export left the provider out. */
static bool is_from(const struct event *e, const struct origin *o)
{
	if (e->provider != NULL && o->provider != NULL)
		return strcasecmp(e->provider, o->provider) == 0;
	return e->channel != NULL && o->channel != NULL && strcasecmp(e->channel, o->channel) == 0;
}

static size_t first_posting(const struct detections *d, int id)
{
	size_t from = 0, to = d->posting_count;

	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (d->postings[middle].origin->id < id)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

/* The first rule about events of this number that matches; the severest stand first. */
static const struct judgement *judge_as(struct looking *at, int id)
{
	const struct detections *d = at->d;

	for (size_t i = first_posting(d, id); i < d->posting_count && d->postings[i].origin->id == id; i++)
		if (is_from(at->e, d->postings[i].origin) && holds(at, &d->postings[i].rule->when))
			return &d->postings[i].rule->judgement;
	return NULL;
}

const struct judgement *detections_judge(const struct detections *d, const struct event *e)
{
	struct looking at;
	const struct judgement *own, *any;

	at.d = d;
	at.e = e;
	memset(at.known, 0, sizeof(at.known));
	memset(at.values, 0, sizeof(at.values));
	own = judge_as(&at, e->id);
	any = judge_as(&at, EVENT_ANY);
	return own == NULL || (any != NULL && any->severity > own->severity) ? any : own;
}
