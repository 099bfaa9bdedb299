/* Strings a person can read and no browser can obey; runs of text; places that links lead to. */
#include "render/document/html_parts.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "render/document/report_parts.h"

/* ---- strings ---- */

static bool scheme_at(const char *s, size_t *length)
{
	static const char *const schemes[] = { "http://", "https://", "ftp://" };

	for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
		*length = strlen(schemes[i]);
		if (strncasecmp(s, schemes[i], *length) == 0)
			return true;
	}
	return false;
}

static void add_scheme(struct text *t, const char *s, size_t n)
{
	if (tolower((unsigned char)s[0]) == 'f')
		text_add(t, "fxp://");
	else
		text_add(t, n == 8 ? "hxxps://" : "hxxp://");
}

/* Letters written from right to left would turn the words beside them around. */
static bool runs_left(uint32_t r)
{
	return (r >= 0x0590 && r <= 0x08FF) || (r >= 0xFB1D && r <= 0xFDFF) || (r >= 0xFE70 && r <= 0xFEFC) ||
	       (r >= 0x10800 && r <= 0x10FFF) || (r >= 0x1E800 && r <= 0x1EFFF);
}

void text_add_visible(struct text *t, const char *s, bool identifier)
{
	size_t n = strlen(s), taken = 1, scheme;

	for (size_t i = 0; i < n; i += taken) {
		uint32_t r = utf8_next(s + i, n - i, &taken);

		if (r == 0xFFFD && !(taken == 3 && memcmp(s + i, "\xEF\xBF\xBD", 3) == 0)) {
			for (size_t k = 0; k < taken; k++)
				text_printf(t, "\xE2\x80\xB9x%02X\xE2\x80\xBA", (unsigned)(unsigned char)s[i + k]);
		} else if (rune_needs_escape(r, identifier) || runs_left(r)) {
			text_printf(t, "\xE2\x80\xB9U+%04X\xE2\x80\xBA", (unsigned)r);
		} else if (scheme_at(s + i, &scheme)) {
			add_scheme(t, s + i, scheme);
			taken = scheme;
		} else {
			text_addn(t, s + i, taken);
		}
	}
}

void html_shown(struct text *out, const char *s, bool identifier)
{
	struct text t = { 0 };

	if (s == NULL)
		return;
	text_add_visible(&t, s, identifier);
	text_add_xml(out, text_str(&t));
	text_free(&t);
}

void html_add(struct html *h, const char *s)
{
	text_add(h->out, s);
}

void html_say(struct html *h, const char *s)
{
	html_shown(h->out, s, false);
}

const char *html_term(const struct html *h, const char *key)
{
	return word(h->rq->phrases, h->rq->lang, key);
}

/* ---- anchors ---- */

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static size_t find_anchor(const struct html *h, const char *name)
{
	const char **at = h->anchor_count > 0
		? bsearch(&name, h->anchors, h->anchor_count, sizeof *h->anchors, by_text) : NULL;

	return at != NULL ? (size_t)(at - h->anchors) : SIZE_MAX;
}

void html_gather_anchors(struct html *h)
{
	size_t n = 0, kept = 0;

	for (const struct node *k = flow_nodes(h->fl); k != NULL; k = k->next) {
		n += k->anchor_count;
		for (size_t i = 0; k->items != NULL && i < k->count; i++)
			n += k->items[i].anchor != NULL;
	}
	h->anchors = ARENA_ARRAY(h->arena, const char *, n + 1);
	h->placed = ARENA_ARRAY(h->arena, bool, n + 1);
	n = 0;
	for (const struct node *k = flow_nodes(h->fl); k != NULL; k = k->next) {
		for (size_t i = 0; i < k->anchor_count; i++)
			h->anchors[n++] = k->anchors[i];
		for (size_t i = 0; k->items != NULL && i < k->count; i++)
			if (k->items[i].anchor != NULL)
				h->anchors[n++] = k->items[i].anchor;
	}
	qsort(h->anchors, n, sizeof *h->anchors, by_text);
	for (size_t i = 0; i < n; i++)
		if (kept == 0 || strcmp(h->anchors[kept - 1], h->anchors[i]) != 0)
			h->anchors[kept++] = h->anchors[i];
	h->anchor_count = kept;
}

/* The first one of a name is where links lead. */
void html_anchor(struct html *h, const char *name)
{
	size_t at = name != NULL ? find_anchor(h, name) : SIZE_MAX;

	if (at == SIZE_MAX || h->placed[at])
		return;
	h->placed[at] = true;
	html_add(h, "<span class=\"at\" id=\"");
	text_add_xml(h->out, name);
	html_add(h, "\"></span>");
}

void html_anchors(struct html *h, const struct node *n)
{
	for (size_t i = 0; i < n->anchor_count; i++)
		html_anchor(h, n->anchors[i]);
}

/* ---- runs ---- */

static void add_evidence(struct html *h, const struct node *n, const char *mark)
{
	const char *name = n->scope != NULL ? arena_printf(h->arena, "%s/%s", n->scope, mark) : mark;
	bool link = find_anchor(h, name) != SIZE_MAX;

	html_add(h, link ? "<a class=\"ev\" href=\"#" : "<span class=\"ev\">[");
	if (link) {
		text_add_xml(h->out, name);
		html_add(h, "\">[");
	}
	html_say(h, mark);
	html_add(h, link ? "]</a>" : "]</span>");
}

void html_runs(struct html *h, const struct node *n, const struct run *runs, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct run *r = &runs[i];

		switch (r->style) {
		case RUN_PLAIN:
			html_say(h, r->text);
			break;
		case RUN_STRONG:
			html_add(h, "<strong>");
			html_say(h, r->text);
			html_add(h, "</strong>");
			break;
		case RUN_CODE:
			html_add(h, "<code>");
			html_shown(h->out, r->text, true);
			html_add(h, "</code>");
			break;
		case RUN_EVIDENCE:
			add_evidence(h, n, r->text);
			break;
		}
	}
}

const char *html_para_class(enum para style)
{
	static const char *const names[PARAS] = {
		[PARA_BODY] = "body", [PARA_STORY] = "story", [PARA_LEAD] = "lead", [PARA_SMALL] = "small",
		[PARA_CAPTION] = "caption", [PARA_LABEL] = "label", [PARA_CODE] = "code", [PARA_STRONG] = "strong",
		[PARA_LIMITS] = "limits",
	};

	return names[style];
}
