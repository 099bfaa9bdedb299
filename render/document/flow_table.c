/* Tables: rows are blocks, the head is repeated on every page. */
#include "render/document/flow_parts.h"

#include <math.h>

#include "timeline/palette.h"

#define PAD_X 4.2
#define PAD_Y 3.2
#define HEAD_SIZE 7.3
#define HEAD_HEIGHT 15.0
#define ROW_MOST (0.25 * (PAGE_BOTTOM - PAGE_TOP))

struct table {
	struct flow *fl;
	size_t columns;
	const char **heads;
	double *x, *w;
	enum align *align;
	const struct scene **under;
	struct block *head, *last, *before;
	struct block again;           /* the head, for the pages after its own */
	size_t rows;
};

struct row {
	struct table *t;
	struct set_cell {
		const struct setting *s[3];
		double leading[3], base[3];
		size_t count;
		flow_draw draw;
		void *ctx;
	} *cells;
	colour tint;
};

static void draw_head(void *ctx, struct canvas *cv, double x, double y, double w, double h)
{
	const struct table *t = ctx;
	struct measure m = typeset_measure(t->fl->ts);

	(void)h;
	canvas_fill_rect(cv, x, y, w, HEAD_HEIGHT, TINT);
	for (size_t i = 0; i < t->columns; i++) {
		double left = x + t->x[i] + PAD_X, room = t->w[i] - 2 * PAD_X;
		double at = t->align[i] == ALIGN_RIGHT ? left + room : t->align[i] == ALIGN_CENTRE ? left + room / 2 : left;
		if (t->heads[i] != NULL)
			canvas_text(cv, t->fl->ts, at, y + baseline(HEAD_SIZE, HEAD_HEIGHT), HEAD_SIZE, FACE_SEMIBOLD, t->align[i], INK_2,
			            measure_fit(&m, flow_pool(t->fl), t->heads[i], HEAD_SIZE, FACE_SEMIBOLD, room));
		if (t->under[i] != NULL)
			scene_replay(t->under[i], cv, t->fl->ts, left, y + HEAD_HEIGHT + 2);
	}
}

static void draw_cell(const struct row *r, const struct set_cell *c, struct canvas *cv, size_t column, double x,
                      double y, double h)
{
	struct table *t = r->t;
	double left = x + t->x[column] + PAD_X, room = t->w[column] - 2 * PAD_X;

	y += PAD_Y;
	for (size_t i = 0; i < c->count; i++)
		for (size_t k = 0; k < c->s[i]->line_count; k++) {
			double w = c->s[i]->lines[k].width;
			double at = t->align[column] == ALIGN_RIGHT    ? left + room - w
			            : t->align[column] == ALIGN_CENTRE ? left + (room - w) / 2
			                                               : left;
			flow_draw_lines(t->fl, cv, c->s[i], k, 1, at, y + c->base[i], 0);
			y += c->leading[i];
		}
	if (c->draw != NULL)
		c->draw(c->ctx, cv, left, y, room, h - 2 * PAD_Y);
}

static void draw_row(void *ctx, struct canvas *cv, double x, double y, double w, double h)
{
	const struct row *r = ctx;

	if (r->tint != NO_COLOUR)
		canvas_fill_rect(cv, x, y, w, h, r->tint);
	for (size_t i = 0; i < r->t->columns; i++)
		draw_cell(r, &r->cells[i], cv, i, x, y, h);
	canvas_rule(cv, x, y + h, x + w, y + h, 0.5, HAIRLINE);
}

void flow_table_begin(struct flow *fl, const struct column *columns, size_t n)
{
	struct table *t = arena_alloc(fl->arena, sizeof *t);
	double sum = 0, x = 0, under = 0;
	bool head = false;

	t->fl = fl;
	t->columns = n;
	t->heads = ARENA_ARRAY(fl->arena, const char *, n + 1);
	t->x = ARENA_ARRAY(fl->arena, double, n + 1);
	t->w = ARENA_ARRAY(fl->arena, double, n + 1);
	t->align = ARENA_ARRAY(fl->arena, enum align, n + 1);
	t->under = ARENA_ARRAY(fl->arena, const struct scene *, n + 1);
	for (size_t i = 0; i < n; i++)
		sum += columns[i].width;
	for (size_t i = 0; i < n; i++) {
		t->heads[i] = arena_dup(fl->arena, columns[i].head);
		t->align[i] = columns[i].align;
		t->x[i] = x;
		t->w[i] = sum > 0 ? columns[i].width / sum * fl->now->width : 0;
		x += t->w[i];
		head = head || columns[i].head != NULL;
		t->under[i] = columns[i].under;
		if (columns[i].under != NULL)
			under = fmax(under, scene_height(columns[i].under) + 2);
	}
	outline_table(fl, columns, t->w, n);
	if (head) {
		t->head = flow_add(fl, HEAD_HEIGHT + under, 2, draw_head, t);
		t->head->with_next = true;
		t->head->stretch = false;
		t->again = *t->head;
		t->again.marks = NULL;
	}
	fl->table = t;
}

/* Cuts the texts of a cell so that it is not higher than a quarter of a page. */
static double fit_cell(struct flow *fl, struct set_cell *c, const struct cell *from, double width)
{
	double h = 0;

	for (size_t i = 0; i < 3; i++) {
		const struct cell_text *ct = &from->text[i];
		struct setting *s;
		size_t lines, k = c->count;
		if (ct->runs == NULL)
			continue;
		c->leading[k] = style_leading(fl, ct->style);
		c->base[k] = style_baseline(fl, ct->style);
		lines = (size_t)fmax(1, (ROW_MOST - h) / c->leading[k]);
		if (ct->limit > 0 && ct->limit < lines)
			lines = ct->limit;
		s = flow_set(fl, ct->style, ct->ink, ct->runs, ct->run_count, width);
		setting_cut(fl->ts, s, lines, width);
		c->s[k] = s;
		c->count++;
		h += (double)s->line_count * c->leading[k];
	}
	c->draw = from->draw;
	c->ctx = from->ctx;
	return h + (from->draw != NULL ? from->height : 0);
}

void flow_row(struct flow *fl, const struct cell *cells, colour tint, const char *anchor)
{
	struct table *t = fl->table;
	struct row *r;
	double h = 0;
	struct block *b;

	if (t == NULL)
		return;
	flow_advance(fl);
	r = arena_alloc(flow_pool(fl), sizeof *r);
	r->t = t;
	r->tint = tint;
	r->cells = ARENA_ARRAY(flow_pool(fl), struct set_cell, t->columns + 1);
	for (size_t i = 0; i < t->columns; i++)
		h = fmax(h, fit_cell(fl, &r->cells[i], &cells[i], t->w[i] - 2 * PAD_X));
	if (anchor != NULL)
		flow_anchor(fl, anchor);
	outline_row(fl, cells, t->columns, tint);
	b = flow_add(fl, h + 2 * PAD_Y, 0, draw_row, r);
	b->repeat = t->head != NULL ? &t->again : NULL;
	/* Two rows stay with the head, and two at the end: see flow_table_end. */
	b->with_next = t->rows == 0;
	t->rows++;
	t->before = t->last;
	t->last = b;
}

void flow_table_end(struct flow *fl)
{
	struct table *t = fl->table;

	if (t == NULL)
		return;
	outline_add(fl, NODE_TABLE_END, NULL, NULL);
	if (t->before != NULL)
		t->before->with_next = true;
	if (t->last != NULL)
		t->last->with_next = false;
	else if (t->head != NULL)
		t->head->with_next = false;
	fl->table = NULL;
}
