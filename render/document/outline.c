/* Keeps the blocks of a flow as nodes. */
#include "render/document/outline.h"

#include "render/canvas/canvas_web.h"
#include "render/document/flow_parts.h"
#include "timeline/palette.h"

void flow_record(struct flow *fl)
{
	fl->outline = arena_alloc(fl->arena, sizeof *fl->outline);
}

const struct node *flow_nodes(const struct flow *fl)
{
	return fl->outline != NULL ? fl->outline->first : NULL;
}

const struct flow_frame *flow_frame_of(const struct flow *fl)
{
	return &fl->frame;
}

struct arena *flow_arena(const struct flow *fl)
{
	return fl->arena;
}

const struct typesetter *flow_typesetter(const struct flow *fl)
{
	return fl->ts;
}

/* ---- recording ---- */

static const struct run *copy_runs(struct flow *fl, const struct run *runs, size_t n)
{
	struct run *out = ARENA_ARRAY(fl->arena, struct run, n + 1);

	for (size_t i = 0; i < n; i++)
		out[i] = (struct run){ arena_dup(fl->arena, runs[i].text), runs[i].style };
	return out;
}

/* The anchors that wait for the next block. */
static void take_anchors(struct flow *fl, struct node *n)
{
	const char **list;
	size_t count = 0;

	for (const struct block_mark *m = fl->pending; m != NULL; m = m->next)
		count += m->level < 0;
	list = ARENA_ARRAY(fl->arena, const char *, count + 1);
	for (const struct block_mark *m = fl->pending; m != NULL; m = m->next)
		if (m->level < 0)
			list[n->anchor_count++] = m->name;
	n->anchors = list;
}

struct node *outline_add(struct flow *fl, enum node_kind kind, const char *text, const char *aside)
{
	struct outline *o = fl->outline;
	struct node *n;

	if (o == NULL || o->quiet > 0)
		return NULL;
	n = arena_alloc(fl->arena, sizeof *n);
	n->kind = kind;
	n->shown = o->shown;
	n->scope = fl->scope;
	n->text = arena_dup(fl->arena, text);
	n->aside = arena_dup(fl->arena, aside);
	n->tint = NO_COLOUR;
	take_anchors(fl, n);
	if (o->last != NULL)
		o->last->next = n;
	else
		o->first = n;
	o->last = n;
	return n;
}

void outline_title(struct flow *fl, const char *kicker, const char *title, const struct pill *pills, size_t count)
{
	struct node *n = outline_add(fl, NODE_TITLE, title, kicker);
	struct pill *copy;

	if (n == NULL)
		return;
	copy = ARENA_ARRAY(fl->arena, struct pill, count + 1);
	for (size_t i = 0; i < count; i++) {
		copy[i] = pills[i];
		copy[i].text = arena_dup(fl->arena, pills[i].text);
	}
	n->pills = copy;
	n->count = count;
}

void outline_para(struct flow *fl, enum para style, const struct run *runs, size_t count)
{
	struct node *n = outline_add(fl, NODE_PARA, NULL, NULL);

	if (n == NULL)
		return;
	n->style = style;
	n->runs = copy_runs(fl, runs, count);
	n->run_count = count;
}

void outline_list(struct flow *fl, enum bullet bullet, const struct item *items, size_t count)
{
	struct node *n = outline_add(fl, NODE_LIST, NULL, NULL);
	struct item *copy;

	if (n == NULL)
		return;
	copy = ARENA_ARRAY(fl->arena, struct item, count + 1);
	for (size_t i = 0; i < count; i++) {
		copy[i] = items[i];
		copy[i].runs = copy_runs(fl, items[i].runs, items[i].run_count);
		copy[i].lead = arena_dup(fl->arena, items[i].lead);
		copy[i].aside = arena_dup(fl->arena, items[i].aside);
		copy[i].anchor = flow_name(fl, items[i].anchor);
	}
	n->bullet = bullet;
	n->items = copy;
	n->count = count;
}

void outline_facts(struct flow *fl, const struct fact_row *rows, size_t count)
{
	struct node *n = outline_add(fl, NODE_FACTS, NULL, NULL);
	struct fact_row *copy;

	if (n == NULL)
		return;
	copy = ARENA_ARRAY(fl->arena, struct fact_row, count + 1);
	for (size_t i = 0; i < count; i++)
		copy[i] = (struct fact_row){ arena_dup(fl->arena, rows[i].label), copy_runs(fl, rows[i].runs, rows[i].run_count),
		                             rows[i].run_count };
	n->facts = copy;
	n->count = count;
}

void outline_drawing(struct flow *fl, double height, flow_draw draw, void *ctx)
{
	struct node *n = draw != NULL ? outline_add(fl, NODE_DRAWING, NULL, NULL) : NULL;

	if (n == NULL)
		return;
	n->width = fl->now->width;
	n->height = height;
	n->draw = draw;
	n->ctx = ctx;
}

void outline_table(struct flow *fl, const struct column *columns, const double *widths, size_t count)
{
	struct node *n = outline_add(fl, NODE_TABLE, NULL, NULL);
	struct column *copy;

	if (n == NULL)
		return;
	copy = ARENA_ARRAY(fl->arena, struct column, count + 1);
	for (size_t i = 0; i < count; i++) {
		copy[i] = columns[i];
		copy[i].head = arena_dup(fl->arena, columns[i].head);
	}
	n->columns = copy;
	n->widths = widths;
	n->count = count;
}

void outline_row(struct flow *fl, const struct cell *cells, size_t count, colour tint)
{
	struct node *n = outline_add(fl, NODE_ROW, NULL, NULL);
	struct cell *copy;

	if (n == NULL)
		return;
	copy = ARENA_ARRAY(fl->arena, struct cell, count + 1);
	for (size_t i = 0; i < count; i++) {
		copy[i] = cells[i];
		for (size_t k = 0; k < 3; k++)
			if (cells[i].text[k].runs != NULL)
				copy[i].text[k].runs = copy_runs(fl, cells[i].text[k].runs, cells[i].text[k].run_count);
	}
	n->cells = copy;
	n->count = count;
	n->tint = tint;
}

void outline_figure(struct flow *fl, const char *claim, const char *caption, const struct scene *sc, const char *label)
{
	struct node *n = outline_add(fl, NODE_FIGURE, claim, caption);

	if (n == NULL)
		return;
	n->label = label;
	n->scene = sc;
}

void outline_colours(struct node *n, colour tint, colour ink)
{
	if (n == NULL)
		return;
	n->tint = tint;
	n->ink = ink;
}

void outline_quiet(struct flow *fl, int by)
{
	if (fl->outline != NULL)
		fl->outline->quiet += by;
}

void outline_show(struct flow *fl, enum shown shown)
{
	if (fl->outline != NULL)
		fl->outline->shown = shown;
}

/* ---- all words ---- */

static void word_line(struct text *out, const char *s)
{
	if (s != NULL) {
		text_add(out, s);
		text_addc(out, '\n');
	}
}

static void runs_line(struct text *out, const struct run *runs, size_t n)
{
	for (size_t i = 0; i < n; i++)
		text_add(out, runs[i].text);
	text_addc(out, '\n');
}

static void drawn_line(struct text *out, const struct node *n, flow_draw draw, void *ctx)
{
	struct canvas *cv = canvas_words(out, "\n");

	draw(ctx, cv, 0, 0, n->width, n->height);
	canvas_free(cv);
	text_addc(out, '\n');
}

void scene_words(struct text *out, const struct scene *sc)
{
	size_t n;
	const struct shape *shapes = scene_shapes(sc, &n);

	word_line(out, scene_claim(sc));
	word_line(out, scene_description(sc));
	for (size_t i = 0; i < n; i++)
		if (shapes[i].kind != SHAPE_PATH)
			word_line(out, shapes[i].string);
}

static void node_words(struct text *out, const struct node *n)
{
	word_line(out, n->text);
	word_line(out, n->aside);
	runs_line(out, n->runs, n->run_count);
	if (n->scene != NULL)
		scene_words(out, n->scene);
	if (n->draw != NULL)
		drawn_line(out, n, n->draw, n->ctx);
	for (size_t i = 0; i < n->count; i++) {
		if (n->items != NULL) {
			word_line(out, n->items[i].lead);
			word_line(out, n->items[i].aside);
			runs_line(out, n->items[i].runs, n->items[i].run_count);
		}
		if (n->facts != NULL) {
			word_line(out, n->facts[i].label);
			runs_line(out, n->facts[i].runs, n->facts[i].run_count);
		}
		if (n->pills != NULL)
			word_line(out, n->pills[i].text);
		if (n->columns != NULL)
			word_line(out, n->columns[i].head);
		if (n->columns != NULL && n->columns[i].under != NULL)
			scene_words(out, n->columns[i].under);
		for (size_t k = 0; n->cells != NULL && k < 3; k++)
			if (n->cells[i].text[k].runs != NULL)
				runs_line(out, n->cells[i].text[k].runs, n->cells[i].text[k].run_count);
		if (n->cells != NULL && n->cells[i].draw != NULL)
			drawn_line(out, n, n->cells[i].draw, n->cells[i].ctx);
	}
}

void outline_words(struct text *out, const struct flow *fl)
{
	word_line(out, fl->frame.header);
	word_line(out, fl->frame.footer);
	for (const struct node *n = flow_nodes(fl); n != NULL; n = n->next)
		node_words(out, n);
}
