#include "render/export/json_tree.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "analyst/base/text.h"

#define TREE_DEPTH 32            /* a report needs 7 */

struct parsing {
	const char *start, *s, *end;
	struct arena *arena;
	struct text word;            /* scratch for strings */
	const char *wrong;           /* what is, once something is */
};

static bool fails(struct parsing *p, const char *why)
{
	if (p->wrong == NULL)
		p->wrong = why;
	return false;
}

static void skip_space(struct parsing *p)
{
	while (p->s < p->end && (*p->s == ' ' || *p->s == '\n' || *p->s == '\t' || *p->s == '\r'))
		p->s++;
}

static bool take(struct parsing *p, char c)
{
	skip_space(p);
	if (p->s == p->end || *p->s != c)
		return false;
	p->s++;
	return true;
}

/* ---- strings ---- */

static bool take_hex(struct parsing *p, uint32_t *out)
{
	*out = 0;
	if (p->end - p->s < 4)
		return false;
	for (int i = 0; i < 4; i++, p->s++) {
		char c = *p->s;
		uint32_t digit = c >= '0' && c <= '9' ? (uint32_t)(c - '0') : (uint32_t)((c | 0x20) - 'a' + 10);

		if (digit > 15 || (c > '9' && (c | 0x20) < 'a'))
			return false;
		*out = *out << 4 | digit;
	}
	return true;
}

static bool take_rune(struct parsing *p)
{
	uint32_t rune, low;

	if (!take_hex(p, &rune))
		return fails(p, "a broken \\u escape");
	if (rune >= 0xD800 && rune < 0xDC00 && p->end - p->s >= 6 && p->s[0] == '\\' && p->s[1] == 'u') {
		p->s += 2;
		if (!take_hex(p, &low) || low < 0xDC00 || low > 0xDFFF)
			return fails(p, "half a surrogate pair");
		rune = 0x10000 + ((rune - 0xD800) << 10) + (low - 0xDC00);
	}
	text_add_rune(&p->word, rune == 0 || (rune >= 0xD800 && rune <= 0xDFFF) ? 0xFFFD : rune);
	return true;
}

static bool take_escape(struct parsing *p)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	const char *at;

	if (p->s == p->end)
		return fails(p, "an unfinished string");
	if (*p->s == 'u') {
		p->s++;
		return take_rune(p);
	}
	at = *p->s != '\0' ? strchr(from, *p->s) : NULL;
	if (at == NULL)
		return fails(p, "an unknown escape");
	p->s++;
	text_addc(&p->word, to[at - from]);
	return true;
}

static bool take_string(struct parsing *p, const char **out)
{
	text_clear(&p->word);
	if (!take(p, '"'))
		return fails(p, "no string where one must be");
	while (p->s < p->end && *p->s != '"') {
		if ((unsigned char)*p->s < 0x20)
			return fails(p, "a control character in a string");
		if (*p->s != '\\')
			text_addc(&p->word, *p->s++);
		else if (p->s++, !take_escape(p))
			return false;
	}
	if (p->s == p->end)
		return fails(p, "an unfinished string");
	p->s++;
	*out = arena_dup(p->arena, text_str(&p->word));
	return true;
}

/* ---- values ---- */

static struct node *take_value(struct parsing *p, int depth);

static bool take_members(struct parsing *p, struct node *n, char close, int depth)
{
	const struct node **tail = &n->first;

	if (take(p, close))
		return true;
	do {
		const char *key = NULL;
		struct node *child;

		if (n->kind == NODE_OBJECT && (!take_string(p, &key) || !(take(p, ':') || fails(p, "no ':' after a key"))))
			return false;
		if ((child = take_value(p, depth + 1)) == NULL)
			return false;
		child->key = key;
		*tail = child;
		tail = &child->next;
	} while (take(p, ','));
	return take(p, close) || fails(p, "an unfinished object or array");
}

/* Numbers, true, false, null: judged by their letters, compared as written. */
static bool take_bare(struct parsing *p, struct node *n)
{
	const char *from = p->s;
	size_t size;

	while (p->s < p->end && strchr("+-.0123456789abcdefghijklmnopqrstuvwxyzE", *p->s) != NULL && *p->s != '\0')
		p->s++;
	size = (size_t)(p->s - from);
	if (size == 0 || size > 64)
		return fails(p, "no value where one must be");
	n->text = arena_dupn(p->arena, from, size);
	n->kind = (*from >= '0' && *from <= '9') || *from == '-' ? NODE_NUMBER : NODE_WORD;
	if (n->kind == NODE_WORD && strcmp(n->text, "null") != 0 && strcmp(n->text, "true") != 0 &&
	    strcmp(n->text, "false") != 0)
		return fails(p, "an unknown word");
	if (n->kind == NODE_NUMBER && strspn(n->text, "+-.0123456789eE") != size)
		return fails(p, "a broken number");
	return true;
}

static struct node *take_value(struct parsing *p, int depth)
{
	struct node *n = arena_alloc(p->arena, sizeof(*n));
	bool good;

	skip_space(p);
	if (depth > TREE_DEPTH)
		good = fails(p, "it is nested too deeply");
	else if (take(p, '{')) {
		n->kind = NODE_OBJECT;
		good = take_members(p, n, '}', depth);
	} else if (take(p, '[')) {
		n->kind = NODE_ARRAY;
		good = take_members(p, n, ']', depth);
	} else if (p->s < p->end && *p->s == '"') {
		n->kind = NODE_STRING;
		good = take_string(p, &n->text);
	} else {
		good = take_bare(p, n);
	}
	return good ? n : NULL;
}

const struct node *json_tree(const char *bytes, size_t n, struct arena *a, struct fault *f)
{
	struct parsing p = { .start = bytes, .s = bytes, .end = bytes + n, .arena = a };
	struct node *root = take_value(&p, 0);
	size_t line = 1;

	skip_space(&p);
	if (root != NULL && p.s < p.end)
		root = fails(&p, "something follows its end") ? root : NULL;
	text_free(&p.word);
	for (const char *s = bytes; s < p.s; s++)
		line += *s == '\n';
	if (root == NULL)
		fault_set(f, FAULT_DATA, "line %zu: this is no JSON: %s", line, p.wrong);
	return root;
}

const struct node *node_at(const struct node *n, ...)
{
	const char *key;
	va_list ap;

	va_start(ap, n);
	while (n != NULL && (key = va_arg(ap, const char *)) != NULL)
		for (n = n->kind == NODE_OBJECT ? n->first : NULL; n != NULL && strcmp(n->key, key) != 0; n = n->next)
			;
	va_end(ap);
	return n;
}

const char *node_text(const struct node *n)
{
	return n != NULL && n->kind == NODE_STRING ? n->text : NULL;
}
