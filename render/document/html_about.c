/* Which incidents, machines and severities a block speaks of: what the filters of the page ask. */
#include "render/document/html_parts.h"

#include <ctype.h>
#include <string.h>

const char *html_severity(enum priority p)
{
	static const char *const keys[] = { "low", "medium", "high", "critical" };

	return keys[p];
}

void html_about(struct html *h, const struct incident *in)
{
	html_add(h, " data-incident=\"");
	text_add_xml(h->out, in->id);
	text_printf(h->out, "\" data-severity=\"%s\" data-hosts=\"", html_severity(in->priority));
	for (uint32_t i = 0; i < in->host_count; i++)
		text_printf(h->out, "%s%u", i > 0 ? " " : "", (unsigned)in->hosts[i]);
	html_add(h, "\"");
}

const struct incident *html_incident(const struct html *h, const char *id)
{
	const struct analysis *an = h->rq->an;

	for (uint32_t i = 0; id != NULL && i < an->incident_count; i++)
		if (strcmp(an->incidents[i].id, id) == 0)
			return &an->incidents[i];
	return NULL;
}

bool html_told(const struct html *h, const struct incident *in)
{
	for (const struct node *n = flow_nodes(h->fl); n != NULL; n = n->next)
		if (n->scope != NULL && strcmp(n->scope, in->id) == 0)
			return true;
	return false;
}

static bool holds_word(const char *text, const char *name)
{
	size_t n = strlen(name);

	for (const char *s = strstr(text, name); s != NULL && n > 0; s = strstr(s + 1, name))
		if ((s == text || !isalnum((unsigned char)s[-1])) && !isalnum((unsigned char)s[n]))
			return true;
	return false;
}

/* In a report of one incident: which of its machines a row or card names. None: it is about all. */
void html_named(struct html *h, const char *words)
{
	bool any = false;

	if (h->only == NULL)
		return;
	for (uint32_t i = 0; i < h->only->host_count; i++) {
		const struct week_entity *e = &h->rq->an->week->entities[h->only->hosts[i]];

		if (holds_word(words, e->shown != NULL ? e->shown : e->value)) {
			text_printf(h->out, "%s%u", any ? " " : " data-hosts=\"", (unsigned)h->only->hosts[i]);
			any = true;
		}
	}
	if (any)
		html_add(h, "\"");
}

static void runs_words(struct text *t, const struct run *runs, size_t n)
{
	for (size_t i = 0; i < n; i++)
		text_add(t, runs[i].text);
	text_addc(t, '\n');
}

void html_row_words(struct text *t, const struct node *n)
{
	for (size_t i = 0; i < n->count; i++)
		for (size_t k = 0; k < 3; k++)
			if (n->cells[i].text[k].runs != NULL)
				runs_words(t, n->cells[i].text[k].runs, n->cells[i].text[k].run_count);
}

void html_card_words(struct text *t, const struct node *box)
{
	for (const struct node *n = box->next; n != NULL && n->kind != NODE_BOX_END; n = n->next) {
		text_add(t, n->text != NULL ? n->text : "");
		runs_words(t, n->runs, n->run_count);
		for (size_t i = 0; n->facts != NULL && i < n->count; i++)
			runs_words(t, n->facts[i].runs, n->facts[i].run_count);
	}
}
