/* The list of blocks: adding to it, groups, running text. */
#include "render/document/flow_parts.h"

#include <string.h>

#include "timeline/palette.h"

const struct para_style para_styles[PARAS] = {
	[PARA_BODY] = { { 9.7, 9.2 }, { 14, 15.6 }, FACE_REGULAR, INK, 7 },
	[PARA_STORY] = { { 9.2, 9.2 }, { 12.8, 14.4 }, FACE_REGULAR, INK, 6 },
	[PARA_LEAD] = { { 11, 10.4 }, { 15.5, 16.4 }, FACE_REGULAR, INK_2, 6 },
	[PARA_SMALL] = { { 8.2, 8 }, { 11.2, 12 }, FACE_REGULAR, INK, 4 },
	[PARA_CAPTION] = { { 7.6, 7.4 }, { 10.4, 11.2 }, FACE_REGULAR, INK_2, 3 },
	[PARA_LABEL] = { { 7.8, 7.6 }, { 11, 11.6 }, FACE_SEMIBOLD, BLUE, 6 },
	[PARA_CODE] = { { 7.2, 7.2 }, { 9.8, 10.4 }, FACE_MONO, INK_2, 3 },
	[PARA_STRONG] = { { 8.4, 8.2 }, { 11.2, 12 }, FACE_BOLD, INK, 4 },
	[PARA_LIMITS] = { { 7.9, 7.6 }, { 11.4, 12 }, FACE_REGULAR, INK_2, 6 },
};

static void new_pool(struct flow *fl)
{
	struct pool *p = arena_alloc(fl->arena, sizeof *p);

	p->arena = arena_under(fl->arena);
	p->age = fl->pool != NULL ? fl->pool->age + 1 : 0;
	if (fl->pool != NULL)
		fl->pool->next = p;
	else
		fl->oldest = p;
	fl->pool = p;
}

struct flow *flow_new(struct arena *a, const struct typesetter *ts, struct pdf *pdf, const struct flow_frame *frame)
{
	struct flow *fl = arena_alloc(a, sizeof *fl);

	fl->arena = a;
	fl->ts = ts;
	fl->pdf = pdf;
	fl->frame = *frame;
	fl->frame.header = arena_dup(a, frame->header);
	fl->frame.footer = arena_dup(a, frame->footer);
	fl->frame.tlp = arena_dup(a, frame->tlp);
	fl->frame.figure = arena_dup(a, frame->figure);
	fl->frame.continued = arena_dup(a, frame->continued);
	fl->root.width = PAGE_RIGHT - PAGE_LEFT;
	fl->first_page = pdf_page_count(pdf);
	fl->sheet.y = PAGE_TOP;
	new_pool(fl);
	fl->now = &fl->root;
	if (frame->record)
		flow_record(fl);
	return fl;
}

struct flow *flow_trial(const struct flow *fl, struct arena *a)
{
	struct flow_frame frame = fl->frame;
	struct flow *trial;

	frame.record = false;
	trial = flow_new(a, fl->ts, fl->pdf, &frame);
	trial->trial = true;
	return trial;
}

double flow_height(const struct flow *fl)
{
	return stack_height(&fl->root);
}

double flow_page_height(void)
{
	return PAGE_BOTTOM - PAGE_TOP;
}

double flow_width(const struct flow *fl)
{
	return fl->now->width;
}

double baseline(double size, double leading)
{
	return leading / 2 + size * 0.35;
}

double style_leading(const struct flow *fl, enum para style)
{
	return para_styles[style].leading[fl->ts->lang];
}

double style_baseline(const struct flow *fl, enum para style)
{
	return baseline(para_styles[style].size[fl->ts->lang], style_leading(fl, style));
}

/* ---- blocks ---- */

struct arena *flow_pool(struct flow *fl)
{
	return fl->pool->arena;
}

static struct block *append(struct flow *fl, enum block_kind kind)
{
	struct block *b = arena_alloc(flow_pool(fl), sizeof *b);

	b->kind = kind;
	b->age = fl->pool->age;
	fl->waiting++;
	b->tint = b->accent = NO_COLOUR;
	b->marks = fl->pending;
	fl->pending = NULL;
	if (fl->now->last != NULL)
		fl->now->last->next = b;
	else
		fl->now->first = b;
	fl->now->last = b;
	return b;
}

struct block *flow_add(struct flow *fl, double height, double gap, flow_draw draw, void *ctx)
{
	struct block *b = append(fl, BLOCK_LEAF);

	b->height = height;
	b->gap = gap;
	b->stretch = gap >= 9;
	b->draw = draw;
	b->ctx = ctx;
	return b;
}

static struct stack *open_side(struct flow *fl, struct block *group, int side, double width)
{
	struct stack *st = arena_alloc(flow_pool(fl), sizeof *st);

	st->width = width;
	st->group = group;
	st->outer = side == 0 ? fl->now : fl->now->outer;
	group->side[side] = st;
	fl->now = st;
	return st;
}

struct block *flow_add_group(struct flow *fl, enum block_kind kind, double gap)
{
	struct block *b = append(fl, kind);

	b->gap = gap;
	b->stretch = gap >= 9;
	return b;
}

double stack_height(const struct stack *st)
{
	double h = 0;

	for (const struct block *b = st->first; b != NULL; b = b->next)
		h += b->height + (b != st->first ? b->gap : 0);
	return h;
}

static struct block *close_side(struct flow *fl)
{
	struct stack *st = fl->now;

	st->height = stack_height(st);
	fl->now = st->outer;
	return st->group;
}

void flow_keep_begin(struct flow *fl)
{
	struct block *b;

	flow_advance(fl);
	outline_add(fl, NODE_KEEP, NULL, NULL);
	b = flow_add_group(fl, BLOCK_KEEP, 0);
	open_side(fl, b, 0, fl->now->width);
}

void flow_keep_end(struct flow *fl)
{
	struct block *b = close_side(fl);

	b->height = b->side[0]->height;
	if (b->side[0]->first != NULL) {
		b->gap = b->side[0]->first->gap;
		b->stretch = b->side[0]->first->stretch;
	}
}

#define BOX_X 11.0
#define BOX_Y 9.0

void flow_box_begin(struct flow *fl, colour tint, colour accent)
{
	struct block *b;

	outline_colours(outline_add(fl, NODE_BOX, NULL, NULL), tint, accent);
	b = flow_add_group(fl, BLOCK_BOX, 10);
	b->tint = tint;
	b->accent = accent;
	b->shift = BOX_X;
	open_side(fl, b, 0, fl->now->width - 2 * BOX_X);
}

void flow_box_end(struct flow *fl)
{
	struct block *b = close_side(fl);

	outline_add(fl, NODE_BOX_END, NULL, NULL);
	b->height = b->side[0]->height + 2 * BOX_Y;
}

void flow_columns_begin(struct flow *fl, double left, double gutter)
{
	bool under_heading = fl->now->last != NULL && fl->now->last->with_next;
	struct block *b;
	double width = fl->now->width, w = (width - gutter) * left;
	struct node *n = outline_add(fl, NODE_COLUMNS, NULL, NULL);

	if (n != NULL)
		n->width = left;
	b = flow_add_group(fl, BLOCK_COLUMNS, under_heading ? 3 : 10);
	b->shift = w + gutter;
	open_side(fl, b, 0, w);
}

void flow_columns_next(struct flow *fl)
{
	struct stack *left = fl->now;

	if (left->group == NULL || left->group->kind != BLOCK_COLUMNS || left->group->side[1] != NULL)
		return;
	outline_add(fl, NODE_COLUMNS_NEXT, NULL, NULL);
	left->height = stack_height(left);
	open_side(fl, left->group, 1, left->outer->width - left->group->shift);
}

void flow_columns_end(struct flow *fl)
{
	struct block *b;
	double right;

	if (fl->now->group != NULL && fl->now->group->side[1] == NULL)
		flow_columns_next(fl);
	outline_add(fl, NODE_COLUMNS_END, NULL, NULL);
	b = close_side(fl);
	right = b->side[1]->height;
	b->height = b->side[0]->height > right ? b->side[0]->height : right;
}

void flow_page_break(struct flow *fl)
{
	append(fl, BLOCK_BREAK);
}

void flow_custom(struct flow *fl, double height, flow_draw draw, void *ctx)
{
	flow_advance(fl);
	outline_drawing(fl, height, draw, ctx);
	flow_add(fl, height, 12, draw, ctx);
}

void flow_block(struct flow *fl, double height, double gap, flow_draw draw, void *ctx)
{
	flow_advance(fl);
	outline_drawing(fl, height, draw, ctx);
	flow_add(fl, height, gap, draw, ctx);
}

void flow_gap(struct flow *fl, double points)
{
	flow_add(fl, points, 0, NULL, NULL);
}

static void draw_rule(void *ctx, struct canvas *cv, double x, double y, double w, double h)
{
	(void)ctx;
	canvas_rule(cv, x, y + h / 2, x + w, y + h / 2, 0.6, HAIRLINE);
}

void flow_rule(struct flow *fl)
{
	outline_add(fl, NODE_RULE, NULL, NULL);
	flow_add(fl, 1, 10, draw_rule, NULL);
}

/* ---- drawn and told ---- */

void flow_drawn(struct flow *fl, bool wide)
{
	fl->pages_only = !wide;
	if (wide)
		outline_show(fl, SHOWN_WIDE);
	else
		outline_quiet(fl, 1);
}

/* What is told goes to a stack of its own that no page ever draws. */
void flow_told(struct flow *fl)
{
	struct stack *aside = arena_alloc(flow_pool(fl), sizeof *aside);

	aside->width = fl->now->width;
	aside->outer = fl->now;
	fl->now = aside;
	if (fl->pages_only)
		outline_quiet(fl, -1);
	else
		outline_show(fl, SHOWN_NARROW);
}

void flow_both(struct flow *fl)
{
	fl->now = fl->now->outer;
	fl->pages_only = false;
	outline_show(fl, SHOWN_ALWAYS);
}

/* ---- anchors ---- */

void flow_mark(struct flow *fl, const char *name, int level)
{
	struct block_mark *m = arena_alloc(fl->arena, sizeof *m);

	m->name = arena_dup(fl->arena, name);
	m->level = level;
	m->next = fl->pending;
	fl->pending = m;
}

void flow_scope(struct flow *fl, const char *scope)
{
	fl->scope = arena_dup(fl->arena, scope);
}

const char *flow_name(struct flow *fl, const char *anchor)
{
	if (anchor == NULL || fl->scope == NULL)
		return arena_dup(fl->arena, anchor);
	return arena_printf(fl->arena, "%s/%s", fl->scope, anchor);
}

void flow_anchor(struct flow *fl, const char *name)
{
	flow_mark(fl, flow_name(fl, name), -1);
}

const struct run *flow_run(struct flow *fl, const char *s, enum run_style style)
{
	struct run *r = arena_alloc(fl->arena, sizeof *r);

	r->text = arena_dup(fl->arena, s);
	r->style = style;
	return r;
}

/* ---- text ---- */

/* Identifiers look larger than the words around them: one point less, but never below the floor. */
#define CODE_SMALLER 1.0
#define SIZE_FLOOR 5.8

static struct piece piece_of(struct flow *fl, struct arena *a, const struct run *r, double size, enum face face, colour ink)
{
	struct piece p = { r->text, size, face, ink, NULL };

	switch (r->style) {
	case RUN_PLAIN: break;
	case RUN_STRONG:
		p.face = face == FACE_MONO ? FACE_MONO_BOLD : FACE_BOLD;
		break;
	case RUN_CODE:
		if (face != FACE_MONO) {
			p.face = face == FACE_BOLD || face == FACE_SEMIBOLD ? FACE_MONO_BOLD : FACE_MONO;
			p.size = size - CODE_SMALLER * (size / 9.2);
		}
		break;
	case RUN_EVIDENCE:
		p.text = arena_printf(a, "[%s]", r->text);
		p.size = size * 0.86;
		p.face = FACE_REGULAR;
		p.ink = BLUE;
		p.link = flow_name(fl, r->text);
		break;
	}
	if (p.size < SIZE_FLOOR)
		p.size = SIZE_FLOOR;
	return p;
}

static struct setting *set_in(struct flow *fl, struct arena *a, enum para style, colour ink, const struct run *runs,
                              size_t n, double width)
{
	const struct para_style *ps = &para_styles[style];
	struct piece *pieces = ARENA_ARRAY(a, struct piece, n + 1);

	for (size_t i = 0; i < n; i++)
		pieces[i] = piece_of(fl, a, &runs[i], ps->size[fl->ts->lang], ps->face, ink != 0 ? ink : ps->ink);
	return typeset_paragraph(fl->ts, a, pieces, n, width, TYPESET_BALANCE);
}

struct setting *flow_set(struct flow *fl, enum para style, colour ink, const struct run *runs, size_t n, double width)
{
	return set_in(fl, flow_pool(fl), style, ink, runs, n, width);
}

static void draw_line(struct flow *fl, struct canvas *cv, const struct setting *s, const struct setting_line *ln,
                      double x, double y)
{
	size_t end = ln->first + ln->count;

	for (size_t i = ln->first, j; i < end; i = j) {
		const struct piece *p = &s->pieces[s->owner[i]];
		double w;
		for (j = i + 1; j < end && s->owner[j] == s->owner[i]; j++)
			;
		w = glyphs_width(s->glyphs + i, j - i) + (j < end ? (double)s->glyphs[j - 1].kern : 0);
		canvas_glyphs(cv, x, y, s->glyphs + i, j - i, p->ink);
		if (p->link != NULL)
			pdf_link(fl->pdf, fl->page, x, y - p->size, w, p->size * 1.3, p->link);
		x += w;
	}
}

void flow_draw_lines(struct flow *fl, struct canvas *cv, const struct setting *s, size_t first, size_t count,
                     double x, double y, double leading)
{
	for (size_t i = first; i < first + count && i < s->line_count; i++, y += leading)
		draw_line(fl, cv, s, &s->lines[i], x, y);
}

const struct setting *flow_setting(struct flow *fl, enum para style, colour ink, const struct run *runs, size_t n,
                                   double width)
{
	return set_in(fl, fl->arena, style, ink, runs, n, width);
}

void flow_draw_setting(struct flow *fl, struct canvas *cv, const struct setting *s, double x, double y, enum para style)
{
	flow_draw_lines(fl, cv, s, 0, s->line_count, x, y, style_leading(fl, style));
}

struct text_line {
	struct flow *fl;
	const struct setting *s;
	size_t line;
	double baseline;
};

static void draw_text_line(void *ctx, struct canvas *cv, double x, double y, double w, double h)
{
	const struct text_line *t = ctx;

	(void)w;
	(void)h;
	flow_draw_lines(t->fl, cv, t->s, t->line, 1, x, y + t->baseline, 0);
}

/* Every line is a block of its own, so that a page may end between them; the first two and the last
 * two lines stay together. */
void flow_runs(struct flow *fl, enum para style, const struct run *runs, size_t n)
{
	double leading = style_leading(fl, style);
	struct setting *s;

	flow_advance(fl);
	s = flow_set(fl, style, 0, runs, n, fl->now->width);
	outline_para(fl, style, runs, n);
	for (size_t i = 0; i < s->line_count; i++) {
		struct text_line *t = arena_alloc(flow_pool(fl), sizeof *t);
		struct block *b;
		*t = (struct text_line){ fl, s, i, style_baseline(fl, style) };
		b = flow_add(fl, leading, i == 0 ? para_styles[style].gap : 0, draw_text_line, t);
		b->stretch = false;
		b->with_next = s->line_count > 1 && (i == 0 || i + 2 == s->line_count);
	}
}

void flow_text(struct flow *fl, enum para style, const char *s)
{
	struct run r = { s, RUN_PLAIN };

	flow_runs(fl, style, &r, 1);
}

void flow_sentences(struct flow *fl, enum para style, const struct sentence *s, size_t n)
{
	struct run *all;
	size_t count = 0, used = 0;

	flow_advance(fl);
	for (size_t i = 0; i < n; i++)
		count += s[i].count + 1;
	all = ARENA_ARRAY(flow_pool(fl), struct run, count + 1);
	for (size_t i = 0; i < n; i++) {
		if (used > 0 && fl->ts->lang == LANGUAGE_EN)
			all[used++] = (struct run){ " ", RUN_PLAIN };
		if (s[i].count > 0)
			memcpy(all + used, s[i].runs, s[i].count * sizeof *all);
		used += s[i].count;
	}
	if (used > 0)
		flow_runs(fl, style, all, used);
}

/* ---- pages, as they fill ---- */

/* Blocks that must stand behind a block before it gets its place: what is added may still change the two before it
 * (see flow_table_end), and the last one is changed by its author. */
#define AHEAD 3
#define ROUND 128             /* blocks between two rounds: a few pages */

/* Is all known that decides where this block stands? */
static bool is_settled(const struct block *b)
{
	while (b->with_next && b->next != NULL)
		b = b->next;
	for (int i = 0; i < AHEAD && b != NULL; i++)
		b = b->next;
	return b != NULL;
}

void flow_advance(struct flow *fl)
{
	struct block *b = fl->root.first;
	unsigned needed;

	if (fl->trial || fl->outline != NULL || fl->now != &fl->root || fl->pending != NULL || fl->waiting < ROUND)
		return;
	fl->waiting = 0;
	for (; b != NULL && is_settled(b); b = b->next)
		flow_place(fl, b);
	fl->root.first = b;
	needed = flow_oldest_on_sheet(fl, b != NULL ? b->age : fl->pool->age);
	new_pool(fl);
	for (; fl->oldest->age < needed; fl->oldest = fl->oldest->next)
		arena_free(fl->oldest->arena);
}

int flow_finish(struct flow *fl, struct fault *f)
{
	while (fl->now->outer != NULL)          /* a group its author forgot to end */
		close_side(fl);
	for (struct block *b = fl->root.first; b != NULL; b = b->next)
		flow_place(fl, b);
	flow_end_pages(fl);
	if (fl->fault.kind != FAULT_NONE && f != NULL && f->kind == FAULT_NONE)
		*f = fl->fault;
	return fl->fault.kind == FAULT_NONE ? 0 : -1;
}
