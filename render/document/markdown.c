/* The recorded report as Markdown that GitHub and its kin show as it is meant: every character of the data
 * stands for itself, nothing becomes a link, a mention, a heading or an element. Headings are the report's
 * sections, so that two weeks can be compared line by line. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "render/canvas/canvas_web.h"
#include "render/document/html.h"
#include "timeline/palette.h"

#define TABLE_MOST 24             /* rows of a figure's table: what is pasted must be read */

struct markdown {
	struct text *out;
	const struct flow *fl;
	const struct report_request *rq;
	struct arena *arena;
	const struct node *table;
	const bool *told;                /* one a column of the table: it has words */
	bool sections, drawing;          /* drawing: the last line was one, as a list item */
};

/* ":skull:" would become a picture. */
static bool shortcode_at(const char *s)
{
	size_t n = 1;

	while (isalnum((unsigned char)s[n]) || s[n] == '_' || s[n] == '+' || s[n] == '-')
		n++;
	return n > 1 && s[n] == ':' && !isdigit((unsigned char)s[1]);
}

/* Words that would be read as the beginning of a list or an underline of a heading. */
static void guard_start(struct text *t, const char **s)
{
	const char *p = *s;

	while (*p == ' ')
		p++;
	*s = p;
	if (*p == '-' || *p == '+' || *p == '=') {
		text_addc(t, '\\');
		return;
	}
	while (isdigit((unsigned char)*p))
		p++;
	if (p > *s && (*p == '.' || *p == ')')) {
		text_addn(t, *s, (size_t)(p - *s));
		text_addc(t, '\\');
		*s = p;
	}
}

static void add_escaped(struct text *t, const char *visible, bool start)
{
	const char *s = visible;

	if (start)
		guard_start(t, &s);
	for (; *s != '\0'; s++) {
		if (*s == '&')
			text_add(t, "&amp;");
		else if (*s == '@')
			text_add(t, "\\[@\\]");
		else if (strncasecmp(s, "www.", 4) == 0 && (s == visible || !isalnum((unsigned char)s[-1]))) {
			text_addn(t, s, 3);
			text_add(t, "\\[.\\]");
			s += 3;
		} else {
			if (strchr("\\`*_[]<>|~#$", *s) != NULL || (*s == ':' && shortcode_at(s)))
				text_addc(t, '\\');
			text_addc(t, *s);
		}
	}
}

static void say_at(struct markdown *m, const char *s, bool start)
{
	struct text t = { 0 };

	if (s == NULL)
		return;
	text_add_visible(&t, s, false);
	add_escaped(m->out, text_str(&t), start);
	text_free(&t);
}

static void say(struct markdown *m, const char *s)
{
	say_at(m, s, false);
}

static void add(struct markdown *m, const char *s)
{
	text_add(m->out, s);
}

/* Between more backquotes than it holds. */
static void add_code(struct markdown *m, const char *s)
{
	struct text t = { 0 };
	size_t most = 0, now = 0;
	const char *p;

	text_add_visible(&t, s, true);
	for (p = text_str(&t); *p != '\0'; p++) {
		now = *p == '`' ? now + 1 : 0;
		most = now > most ? now : most;
	}
	if (t.used > 0) {
		for (size_t i = 0; i <= most; i++)
			text_addc(m->out, '`');
		add(m, most > 0 ? " " : "");
		/* In a table a bar ends the cell even here. */
		for (p = text_str(&t); *p != '\0'; p++) {
			if (*p == '|' && m->table != NULL)
				text_addc(m->out, '\\');
			text_addc(m->out, *p);
		}
		add(m, most > 0 ? " " : "");
		for (size_t i = 0; i <= most; i++)
			text_addc(m->out, '`');
	}
	text_free(&t);
}

static bool is_strong(const struct run *runs, size_t n, size_t i)
{
	return i < n && runs[i].style == RUN_STRONG && runs[i].text[strspn(runs[i].text, " ")] != '\0';
}

/* How many bytes at the end of a string stay outside the stars, which must touch a letter where a letter follows them:
 * spaces and closing punctuation. */
static size_t outside(const char *s)
{
	static const char *const closing[] = { " ", ".", ",", ";", ":", ")", "\"", "。", "、", "」", "』", ")" };
	size_t n = strlen(s), end = n;

	for (size_t i = 0; i < sizeof closing / sizeof closing[0]; i++) {
		size_t k = strlen(closing[i]);

		if (end > k && memcmp(s + end - k, closing[i], k) == 0) {
			end -= k;
			i = (size_t)-1;
		}
	}
	return n - end;
}

/* Neighbours that are strong, too, share a pair of stars. */
static void add_strong(struct markdown *m, const struct run *runs, size_t n, size_t i)
{
	const char *s = runs[i].text;
	bool last = !is_strong(runs, n, i + 1);
	size_t length = strlen(s), kept = length - (last && i + 1 < n ? outside(s) : last && s[length - 1] == ' ');

	add(m, i > 0 && is_strong(runs, n, i - 1) ? "" : "**");
	say(m, arena_dupn(m->arena, s, kept));
	add(m, last ? "**" : "");
	say(m, s + kept);
}

static void add_runs(struct markdown *m, const struct run *runs, size_t n, bool start)
{
	for (size_t i = 0; i < n; i++) {
		switch (runs[i].style) {
		case RUN_PLAIN:
			say_at(m, runs[i].text, start && i == 0);
			break;
		case RUN_STRONG:
			if (is_strong(runs, n, i))
				add_strong(m, runs, n, i);
			else
				say(m, runs[i].text);
			break;
		case RUN_CODE:
			add_code(m, runs[i].text);
			break;
		case RUN_EVIDENCE:
			add(m, "\\[");
			say(m, runs[i].text);
			add(m, "\\]");
			break;
		}
	}
}

static void add_heading(struct markdown *m, int level, const char *text, const char *aside)
{
	for (int i = 0; i < level; i++)
		text_addc(m->out, '#');
	text_addc(m->out, ' ');
	say(m, text);
	add(m, "\n\n");
	if (aside != NULL && *aside != '\0') {
		say_at(m, aside, true);
		add(m, "\n\n");
	}
}

static void add_para(struct markdown *m, const struct node *n)
{
	bool strong = n->style == PARA_STRONG && n->run_count == 1 && n->runs[0].style == RUN_PLAIN;
	struct run run = { strong ? n->runs[0].text : "", RUN_STRONG };

	add_runs(m, strong ? &run : n->runs, n->run_count, !strong);
	add(m, "\n\n");
}

/* The numbered list of a figure's marks tells what its table would. */
static bool has_legend(const struct node *n)
{
	for (int i = 0; i < 2 && (n = n->next) != NULL; i++)
		if (n->kind == NODE_LIST)
			return n->bullet == BULLET_DISC;
	return false;
}

static int by_size(const void *pa, const void *pb)
{
	size_t a = *(const size_t *)pa, b = *(const size_t *)pb;

	return (a < b) - (a > b);
}

/* The fewest alerts of a mark among the fullest ones that a table holds. */
static size_t worth_telling(struct markdown *m, const struct chart_mark *marks, size_t count)
{
	size_t *sizes = ARENA_ARRAY(m->arena, size_t, count);

	for (size_t i = 0; i < count; i++)
		sizes[i] = marks[i].alerts;
	qsort(sizes, count, sizeof *sizes, by_size);
	return sizes[TABLE_MOST - 1];
}

static void add_figure(struct markdown *m, const struct node *n)
{
	size_t count, told = 0, least;
	const struct chart_mark *marks;

	add(m, "**");
	say(m, n->label);
	add(m, ": ");
	say(m, n->text);
	add(m, "** ");
	say(m, n->aside);
	add(m, "\n\n");
	if (n->scene == NULL || has_legend(n))
		return;
	marks = scene_marks(n->scene, m->arena, &count);
	if (count == 0)
		return;
	add(m, "| ");
	say(m, word(m->rq->phrases, m->rq->lang, "html.twin.mark"));
	add(m, " | ");
	say(m, word(m->rq->phrases, m->rq->lang, "html.twin.alerts"));
	add(m, " |\n| --- | ---: |\n");
	least = count > TABLE_MOST ? worth_telling(m, marks, count) : 0;
	for (size_t i = 0; i < count; i++) {
		if (marks[i].alerts < least || told == TABLE_MOST)
			continue;
		add(m, "| ");
		say(m, marks[i].what);
		text_printf(m->out, " | %zu |\n", marks[i].alerts);
		told++;
	}
	add(m, "\n");
	if (told < count) {
		struct fact more = { .name = "more", .kind = FACT_NUMBER, .value = (int64_t)(count - told) };

		say(m, word_with(m->rq->phrases, m->rq->lang, "markdown.more", &more, 1, m->rq->zone, m->arena));
		add(m, "\n\n");
	}
}

static const char *drawn_words(struct markdown *m, const struct node *n, flow_draw draw, void *ctx)
{
	struct text t = { 0 };
	struct canvas *cv = canvas_words(&t, " \xC2\xB7 ");
	const char *out;

	draw(ctx, cv, 0, 0, n->width > 0 ? n->width : 100, n->height > 0 ? n->height : 20);
	canvas_free(cv);
	out = arena_dup(m->arena, text_str(&t));
	text_free(&t);
	return out;
}

/* A column of drawings without a word would stand empty. */
static bool *find_told(struct markdown *m, const struct node *table)
{
	bool *told = ARENA_ARRAY(m->arena, bool, table->count + 1);

	for (const struct node *n = table->next; n != NULL && n->kind != NODE_TABLE_END; n = n->next)
		for (size_t i = 0; n->kind == NODE_ROW && i < n->count && i < table->count; i++)
			told[i] |= n->cells[i].draw == NULL || *drawn_words(m, n, n->cells[i].draw, n->cells[i].ctx) != '\0';
	return told;
}

static void add_table(struct markdown *m, const struct node *n)
{
	m->table = n;
	m->told = find_told(m, n);
	add(m, "|");
	for (size_t i = 0; i < n->count; i++) {
		if (!m->told[i])
			continue;
		add(m, " ");
		say(m, n->columns[i].head);
		add(m, " |");
	}
	add(m, "\n|");
	for (size_t i = 0; i < n->count; i++)
		if (m->told[i])
			add(m, n->columns[i].align == ALIGN_RIGHT ? " ---: |" : n->columns[i].align == ALIGN_CENTRE ? " :---: |" : " --- |");
	add(m, "\n");
}

static void add_row(struct markdown *m, const struct node *n)
{
	add(m, "|");
	for (size_t i = 0; i < n->count; i++) {
		bool any = false;

		if (i >= m->table->count || !m->told[i])
			continue;
		add(m, " ");
		for (size_t k = 0; k < 3; k++) {
			if (n->cells[i].text[k].runs == NULL)
				continue;
			add(m, any ? " \xC2\xB7 " : "");
			add_runs(m, n->cells[i].text[k].runs, n->cells[i].text[k].run_count, false);
			any = true;
		}
		if (n->cells[i].draw != NULL)
			say(m, drawn_words(m, n, n->cells[i].draw, n->cells[i].ctx));
		add(m, " |");
	}
	add(m, "\n");
}

static void add_list(struct markdown *m, const struct node *n)
{
	bool numbered = n->bullet == BULLET_NUMBER || n->bullet == BULLET_DISC;

	for (size_t i = 0; i < n->count; i++) {
		const struct item *it = &n->items[i];

		if (numbered)
			text_printf(m->out, "%zu. ", i + 1);
		else
			add(m, n->bullet == BULLET_BOX ? "- [ ] " : "- ");
		if (it->lead != NULL) {
			say_at(m, it->lead, true);
			add(m, " ");
		}
		add_runs(m, it->runs, it->run_count, it->lead == NULL);
		if (it->aside != NULL) {
			add(m, " (");
			say(m, it->aside);
			add(m, ")");
		}
		add(m, "\n");
	}
	add(m, "\n");
}

static void add_facts(struct markdown *m, const struct node *n)
{
	for (size_t i = 0; i < n->count; i++) {
		/* A row without a label goes on with the one before. */
		bool more = n->facts[i].label == NULL || n->facts[i].label[strspn(n->facts[i].label, " ")] == '\0';

		add(m, more ? "  - " : "- **");
		if (!more) {
			say(m, n->facts[i].label);
			add(m, "**: ");
		}
		add_runs(m, n->facts[i].runs, n->facts[i].run_count, more);
		add(m, "\n");
	}
	add(m, "\n");
}

static void add_title(struct markdown *m, const struct node *n)
{
	say_at(m, n->aside, true);
	for (size_t i = 0; i < n->count; i++) {
		add(m, " \xC2\xB7 **");
		say(m, n->pills[i].text);
		add(m, "**");
	}
	add(m, "\n\n");
	add_heading(m, 1, n->text, NULL);
}

static void add_node(struct markdown *m, const struct node *n)
{
	if (n->shown == SHOWN_WIDE)
		return;
	if (m->drawing && n->kind != NODE_DRAWING)
		add(m, "\n");
	m->drawing = n->kind == NODE_DRAWING;
	switch (n->kind) {
	case NODE_TITLE: add_title(m, n); break;
	case NODE_SECTION:
		m->sections = true;
		add_heading(m, 2, n->text, n->aside);
		break;
	case NODE_HEADING: add_heading(m, m->sections ? 3 : 2, n->text, n->aside); break;
	case NODE_SUBHEADING: add_heading(m, m->sections ? 4 : 3, n->text, n->aside); break;
	case NODE_PARA:
		add_para(m, n);
		break;
	case NODE_LIST: add_list(m, n); break;
	case NODE_FACTS: add_facts(m, n); break;
	case NODE_CALLOUT:
		add(m, "> **");
		say(m, n->text);
		add(m, "**\n>\n> ");
		say_at(m, n->aside, true);
		add(m, "\n\n");
		break;
	case NODE_FIGURE: add_figure(m, n); break;
	case NODE_DRAWING:
		add(m, "- ");
		say_at(m, drawn_words(m, n, n->draw, n->ctx), true);
		add(m, "\n");
		break;
	case NODE_TABLE: add_table(m, n); break;
	case NODE_ROW: add_row(m, n); break;
	case NODE_TABLE_END:
		add(m, "\n");
		m->table = NULL;
		break;
	case NODE_RULE: add(m, "---\n\n"); break;
	case NODE_KEEP: case NODE_BOX: case NODE_BOX_END: case NODE_COLUMNS: case NODE_COLUMNS_NEXT: case NODE_COLUMNS_END:
		break;
	}
}

static void front_line(struct text *out, const char *key, const char *value)
{
	struct text t = { 0 };

	if (value == NULL)
		return;
	text_add_visible(&t, value, false);
	text_printf(out, "%s: ", key);
	text_add_json(out, text_str(&t));
	text_addc(out, '\n');
	text_free(&t);
}

void markdown_write(struct text *out, const struct flow *fl, const struct report_request *rq, const char *title)
{
	struct markdown m = { .out = out, .fl = fl, .rq = rq, .arena = flow_arena(fl) };
	const struct flow_frame *fr = flow_frame_of(fl);

	add(&m, "---\n");
	front_line(out, "title", title);
	front_line(out, "tlp", fr->tlp);
	front_line(out, "header", fr->header);
	front_line(out, "revision", fr->footer);
	front_line(out, "lang", rq->lang == LANGUAGE_JA ? "ja" : "en");
	add(&m, "---\n\n**");
	say(&m, fr->tlp);
	add(&m, "**\n\n");
	for (const struct node *n = flow_nodes(fl); n != NULL; n = n->next)
		add_node(&m, n);
	if (m.drawing)
		add(&m, "\n");
	add(&m, "**");
	say(&m, fr->tlp);
	add(&m, "**\n");
}
