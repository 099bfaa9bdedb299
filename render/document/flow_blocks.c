/* Titles, headings, lists, facts, callouts, figures. */
#include "render/document/flow_parts.h"

#include <math.h>
#include <stdio.h>

#include "timeline/palette.h"

/* ---- title ---- */

struct title {
	struct flow *fl;
	const char *kicker;
	const struct setting *s;
	struct pill *pills;
	size_t pill_count;
	double size, leading;
	double down;                 /* from the block's top to the kicker's */
	bool beside;                 /* the logo stands right of the kicker and the pills, else above them */
};

#define KICKER 22.0           /* from the kicker's top to the title's */
#define KICKER_SIZE 8.6
#define PILL_HEIGHT 13.5
#define PILL_PAD 13.0
#define PILL_GAP 5.0
#define LOGO_GAP 14.0

static double pill_width(const struct title *t, const struct pill *p)
{
	return typeset_width(t->fl->ts, p->text, 7.4, FACE_BOLD) + PILL_PAD;
}

/* Its foot is a little below the kicker's line, where there is room beside it; so it costs less height. */
static void place_logo(struct title *t, const struct flow_logo *logo)
{
	double used = typeset_width(t->fl->ts, t->kicker, KICKER_SIZE, FACE_SEMIBOLD) + LOGO_GAP;

	for (size_t i = 0; i < t->pill_count; i++)
		used += pill_width(t, &t->pills[i]) + PILL_GAP;
	t->beside = used + logo->width <= t->fl->now->width;
	t->down = t->beside ? fmax(0, logo->height - PILL_HEIGHT - 2) : logo->height + 3;
}

/* Returns where the leftmost begins. */
static double draw_pills(const struct title *t, struct canvas *cv, double right, double y)
{
	for (size_t i = t->pill_count; i > 0; i--) {
		const struct pill *p = &t->pills[i - 1];
		double w = pill_width(t, p);
		canvas_round_rect(cv, right - w, y, w, PILL_HEIGHT, 3);
		canvas_paint(cv, p->fill, NO_COLOUR, 0, DASH_NONE, 0);
		canvas_text(cv, t->fl->ts, right - w / 2, y + 9.4, 7.4, FACE_BOLD, ALIGN_CENTRE, p->ink, p->text);
		right -= w + PILL_GAP;
	}
	return right;
}

static void draw_title(void *ctx, struct canvas *cv, double x, double y, double w, double h)
{
	const struct title *t = ctx;
	const struct flow_logo *logo = t->fl->frame.logo;
	struct measure m = typeset_measure(t->fl->ts);
	double right;

	(void)h;
	if (logo != NULL)
		pdf_picture(t->fl->pdf, t->fl->page, x + w - logo->width, y, logo->width, logo->height, logo->picture);
	y += t->down;
	right = draw_pills(t, cv, x + w - (logo != NULL && t->beside ? logo->width + LOGO_GAP : 0), y + 2);
	canvas_text(cv, t->fl->ts, x, y + 11.5, KICKER_SIZE, FACE_SEMIBOLD, ALIGN_LEFT, BLUE,
	            measure_fit(&m, t->fl->arena, t->kicker, KICKER_SIZE, FACE_SEMIBOLD, right - x));
	flow_draw_lines(t->fl, cv, t->s, 0, t->s->line_count, x, y + KICKER + baseline(t->size, t->leading), t->leading);
}

void flow_title(struct flow *fl, const char *kicker, const char *title, const struct pill *pills, size_t pill_count)
{
	/* The larger size that needs no more than two lines; a title that needs more at all sizes keeps the last. */
	static const double sizes[][LANGUAGES] = { { 22, 20.5 }, { 19.5, 18.5 }, { 17, 16 } };
	struct title *t = arena_alloc(flow_pool(fl), sizeof *t);
	struct piece *piece = arena_alloc(flow_pool(fl), sizeof *piece);
	struct block *b;

	t->fl = fl;
	t->kicker = arena_dup(flow_pool(fl), kicker);
	t->pills = ARENA_ARRAY(flow_pool(fl), struct pill, pill_count + 1);
	for (size_t i = 0; i < pill_count; i++) {
		t->pills[i] = pills[i];
		t->pills[i].text = arena_dup(flow_pool(fl), pills[i].text);
	}
	t->pill_count = pill_count;
	for (size_t i = fl->frame.small_title ? 1 : 0; i < 3; i++) {
		t->size = sizes[i][fl->ts->lang];
		t->leading = t->size * (fl->ts->lang == LANGUAGE_JA ? 1.39 : 1.24);
		*piece = (struct piece){ arena_dup(flow_pool(fl), title), t->size, FACE_BOLD, INK, NULL };
		t->s = typeset_paragraph(fl->ts, flow_pool(fl), piece, 1, fl->now->width,
		                         TYPESET_BREAKS | TYPESET_PHRASES | TYPESET_EVEN);
		if (t->s->line_count <= 2)
			break;
	}
	if (fl->frame.logo != NULL)
		place_logo(t, fl->frame.logo);
	outline_title(fl, kicker, title, pills, pill_count);
	flow_mark(fl, title, 0);
	b = flow_add(fl, t->down + KICKER + (double)t->s->line_count * t->leading, 0, draw_title, t);
	b->with_next = true;
}

/* ---- headings ---- */

struct heading {
	struct flow *fl;
	const struct setting *s;
	const char *aside;
	double size, leading, aside_size;
};

static void draw_heading(void *ctx, struct canvas *cv, double x, double y, double w, double h)
{
	const struct heading *hd = ctx;

	(void)h;
	flow_draw_lines(hd->fl, cv, hd->s, 0, hd->s->line_count, x, y + baseline(hd->size, hd->leading), hd->leading);
	if (hd->aside != NULL)
		canvas_text(cv, hd->fl->ts, x + w, y + baseline(hd->size, hd->leading), hd->aside_size, FACE_REGULAR,
		            ALIGN_RIGHT, MUTE, hd->aside);
}

static void add_heading(struct flow *fl, const char *text, const char *aside, double size, double leading,
                        double gap, double below, colour ink)
{
	struct heading *hd = arena_alloc(flow_pool(fl), sizeof *hd);
	struct piece *piece = arena_alloc(flow_pool(fl), sizeof *piece);
	struct measure m = typeset_measure(fl->ts);
	double room = fl->now->width, taken;
	struct block *b;

	hd->fl = fl;
	hd->size = size;
	hd->leading = leading;
	hd->aside_size = 7.2;
	if (aside != NULL) {
		hd->aside = measure_fit(&m, flow_pool(fl), arena_dup(flow_pool(fl), aside), hd->aside_size, FACE_REGULAR, room * 0.6);
		taken = typeset_width(fl->ts, hd->aside, hd->aside_size, FACE_REGULAR) + 12;
		room -= taken;
	}
	*piece = (struct piece){ arena_dup(flow_pool(fl), text), size, FACE_BOLD, ink, NULL };
	hd->s = typeset_paragraph(fl->ts, flow_pool(fl), piece, 1, room, TYPESET_PHRASES | TYPESET_BALANCE);
	b = flow_add(fl, (double)hd->s->line_count * leading + below, gap, draw_heading, hd);
	b->with_next = true;
}

void flow_section(struct flow *fl, const char *text)
{
	bool ja = fl->ts->lang == LANGUAGE_JA;

	outline_add(fl, NODE_SECTION, text, NULL);
	flow_mark(fl, text, 0);
	fl->sections = true;
	add_heading(fl, text, NULL, ja ? 16 : 17, ja ? 22 : 21, 24, 6, INK);
}

void flow_heading(struct flow *fl, const char *text, const char *aside)
{
	outline_add(fl, NODE_HEADING, text, aside);
	flow_mark(fl, text, fl->sections ? 1 : 0);
	add_heading(fl, text, aside, 11.5, 15, 14, 4, NAVY);
}

void flow_bookmark(struct flow *fl, const char *text)
{
	flow_mark(fl, text, fl->sections ? 1 : 0);
}

void flow_subheading(struct flow *fl, const char *text, const char *aside)
{
	outline_add(fl, NODE_SUBHEADING, text, aside);
	add_heading(fl, text, aside, 9.2, 13, 9, 2, INK);
}

/* ---- lists ---- */

struct listed {
	struct flow *fl;
	enum bullet bullet;
	unsigned number;
	const struct setting *s;
	const char *lead, *aside;
	colour ink;
	double indent, leading, baseline;
};

static void draw_bullet(const struct listed *it, struct canvas *cv, double x, double y)
{
	char number[16];
	double middle = y - 2.9;              /* of small letters */

	snprintf(number, sizeof number, "%u", it->number);
	switch (it->bullet) {
	case BULLET_NUMBER:
		canvas_text(cv, it->fl->ts, x + 4, y, 9, FACE_BOLD, ALIGN_LEFT, it->ink, number);
		break;
	case BULLET_BOX:
		canvas_rect(cv, x + 0.5, middle - 4, 8, 8);
		canvas_paint(cv, NO_COLOUR, INK, 0.8, DASH_NONE, 0);
		break;
	case BULLET_DOT:
		canvas_disc(cv, x + 3, middle, 2.1);
		canvas_paint(cv, it->ink, NO_COLOUR, 0, DASH_NONE, 0);
		break;
	case BULLET_RING:
		canvas_disc(cv, x + 3, middle, 1.9);
		canvas_paint(cv, WHITE, it->ink, 1.2, DASH_NONE, 0);
		break;
	case BULLET_DISC:
		canvas_disc(cv, x + 5.6, middle, 5.4);
		canvas_paint(cv, it->ink, NO_COLOUR, 0, DASH_NONE, 0);
		canvas_text(cv, it->fl->ts, x + 5.6, middle + 2.3, 6.4, FACE_BOLD, ALIGN_CENTRE, WHITE, number);
		break;
	}
}

static void draw_listed(void *ctx, struct canvas *cv, double x, double y, double w, double h)
{
	const struct listed *it = ctx;
	double base = y + it->baseline, left = x + (it->bullet == BULLET_DISC ? 15 : 13);

	(void)h;
	draw_bullet(it, cv, x, base);
	if (it->lead != NULL)
		canvas_text(cv, it->fl->ts, left, base, 7.8, FACE_REGULAR, ALIGN_LEFT, it->ink, it->lead);
	flow_draw_lines(it->fl, cv, it->s, 0, it->s->line_count, x + it->indent, base, it->leading);
	if (it->aside != NULL)
		canvas_text(cv, it->fl->ts, x + w, base, 7.6, FACE_SEMIBOLD, ALIGN_RIGHT, ATTACKER, it->aside);
}

static colour bullet_ink(const struct item *it, enum bullet bullet)
{
	if (it->ink != 0)
		return it->ink;
	return bullet == BULLET_DOT ? RESPONSE : bullet == BULLET_RING || bullet == BULLET_DISC ? ATTACKER : BLUE;
}

static void add_items(struct flow *fl, enum bullet bullet, const struct item *items, size_t n, unsigned number,
                      double lead)
{
	static const double indents[] = { 18, 16, 13, 13, 15 };
	double indent = indents[bullet] + (lead > 0 ? lead + 7 : 0);
	bool under_heading = fl->now->last != NULL && fl->now->last->with_next;

	for (size_t i = 0; i < n; i++) {
		struct listed *it = arena_alloc(flow_pool(fl), sizeof *it);
		double aside = items[i].aside != NULL ? typeset_width(fl->ts, items[i].aside, 7.6, FACE_SEMIBOLD) + 12 : 0;
		it->fl = fl;
		it->bullet = bullet;
		it->number = number + (unsigned)i;
		it->lead = arena_dup(flow_pool(fl), items[i].lead);
		it->aside = arena_dup(flow_pool(fl), items[i].aside);
		it->ink = bullet_ink(&items[i], bullet);
		it->indent = indent;
		it->leading = style_leading(fl, PARA_SMALL);
		it->baseline = style_baseline(fl, PARA_SMALL) + 1;
		it->s = flow_set(fl, PARA_SMALL, 0, items[i].runs, items[i].run_count, fl->now->width - indent - aside);
		if (items[i].anchor != NULL)
			flow_anchor(fl, items[i].anchor);
		flow_add(fl, fmax(13, (double)it->s->line_count * it->leading + 1.5), i == 0 ? (under_heading ? 0 : 5) : 3.5, draw_listed, it)
			->stretch = false;
	}
}

static double items_height(struct flow *fl, const struct item *it, double width)
{
	const struct setting *s = flow_set(fl, PARA_SMALL, 0, it->runs, it->run_count, width);

	return fmax(13, (double)s->line_count * style_leading(fl, PARA_SMALL) + 1.5) + 3.5;
}

void flow_list(struct flow *fl, enum bullet bullet, const struct item *items, size_t n, int columns)
{
	double lead = 0, total = 0, sum = 0, column = (fl->now->width - 20) / 2;
	size_t left = 0;

	flow_advance(fl);
	outline_list(fl, bullet, items, n);
	for (size_t i = 0; i < n; i++)
		if (items[i].lead != NULL)
			lead = fmax(lead, typeset_width(fl->ts, items[i].lead, 7.8, FACE_REGULAR));
	if (columns < 2 || n < 2) {
		add_items(fl, bullet, items, n, 1, lead);
		return;
	}
	for (size_t i = 0; i < n; i++)
		total += items_height(fl, &items[i], column - 22 - lead);
	while (left < n && sum < total / 2 - 1)
		sum += items_height(fl, &items[left++], column - 22 - lead);
	outline_quiet(fl, 1);
	flow_columns_begin(fl, 0.5, 20);
	add_items(fl, bullet, items, left, 1, lead);
	flow_columns_next(fl);
	add_items(fl, bullet, items + left, n - left, (unsigned)left + 1, lead);
	flow_columns_end(fl);
	outline_quiet(fl, -1);
	fl->now->last->gap = 8;
	fl->now->last->stretch = false;
}

/* ---- facts ---- */

struct fact_line {
	struct flow *fl;
	const char *label;
	const struct setting *s;
	double indent;
};

static void draw_fact(void *ctx, struct canvas *cv, double x, double y, double w, double h)
{
	const struct fact_line *fa = ctx;
	double base = y + style_baseline(fa->fl, PARA_SMALL);

	(void)w;
	(void)h;
	canvas_text(cv, fa->fl->ts, x, base, 7.4, FACE_REGULAR, ALIGN_LEFT, MUTE, fa->label);
	flow_draw_lines(fa->fl, cv, fa->s, 0, fa->s->line_count, x + fa->indent, base, style_leading(fa->fl, PARA_SMALL));
}

void flow_facts(struct flow *fl, const struct fact_row *rows, size_t n)
{
	struct measure m = typeset_measure(fl->ts);
	double label = 0, most = fl->now->width * 0.42;

	flow_advance(fl);
	outline_facts(fl, rows, n);
	for (size_t i = 0; i < n; i++)
		label = fmax(label, typeset_width(fl->ts, rows[i].label, 7.4, FACE_REGULAR));
	label = fmin(label, most);
	for (size_t i = 0; i < n; i++) {
		struct fact_line *fa = arena_alloc(flow_pool(fl), sizeof *fa);
		fa->fl = fl;
		fa->label = measure_fit(&m, flow_pool(fl), arena_dup(flow_pool(fl), rows[i].label), 7.4, FACE_REGULAR, most);
		fa->indent = label + 11;
		fa->s = flow_set(fl, PARA_SMALL, 0, rows[i].runs, rows[i].run_count, fl->now->width - fa->indent);
		flow_add(fl, (double)fa->s->line_count * style_leading(fl, PARA_SMALL) + 2.6, 0, draw_fact, fa);
	}
}

/* ---- callout ---- */

struct callout {
	struct flow *fl;
	const struct setting *headline, *text;
	double size, leading;
};

static void draw_callout(void *ctx, struct canvas *cv, double x, double y, double w, double h)
{
	const struct callout *c = ctx;

	(void)w;
	(void)h;
	flow_draw_lines(c->fl, cv, c->headline, 0, c->headline->line_count, x, y + baseline(c->size, c->leading),
	                c->leading);
	if (c->text != NULL)
		flow_draw_lines(c->fl, cv, c->text, 0, c->text->line_count, x,
		                y + (double)c->headline->line_count * c->leading + 3 + style_baseline(c->fl, PARA_BODY),
		                style_leading(c->fl, PARA_BODY));
}

void flow_callout(struct flow *fl, const char *headline, const char *text, colour tint, colour ink)
{
	struct callout *c = arena_alloc(flow_pool(fl), sizeof *c);
	struct piece *piece = arena_alloc(flow_pool(fl), sizeof *piece);
	double h;

	outline_colours(outline_add(fl, NODE_CALLOUT, headline, text), tint, ink);
	outline_quiet(fl, 1);
	flow_box_begin(fl, tint, NO_COLOUR);
	c->fl = fl;
	c->size = fl->ts->lang == LANGUAGE_JA ? 12.4 : 13;
	c->leading = 18;
	*piece = (struct piece){ arena_dup(flow_pool(fl), headline), c->size, FACE_BOLD, ink, NULL };
	c->headline = typeset_paragraph(fl->ts, flow_pool(fl), piece, 1, fl->now->width, TYPESET_PHRASES | TYPESET_EVEN);
	h = (double)c->headline->line_count * c->leading;
	if (text != NULL && *text != '\0') {
		struct run r = { arena_dup(flow_pool(fl), text), RUN_PLAIN };
		c->text = flow_set(fl, PARA_BODY, tint == NAVY ? WHITE : INK, &r, 1, fl->now->width);
		h += 3 + (double)c->text->line_count * style_leading(fl, PARA_BODY);
	}
	flow_add(fl, h, 0, draw_callout, c);
	flow_box_end(fl);
	outline_quiet(fl, -1);
}

/* ---- figures ---- */

struct figure {
	struct flow *fl;
	const char *label;
	const struct setting *claim, *caption;
	const struct scene *scene;
	double indent, top;
};

#define CLAIM_LEADING 12.6

static void draw_figure(void *ctx, struct canvas *cv, double x, double y, double w, double h)
{
	const struct figure *fg = ctx;

	(void)w;
	(void)h;
	canvas_text(cv, fg->fl->ts, x, y + baseline(9.2, CLAIM_LEADING), 8.4, FACE_BOLD, ALIGN_LEFT, BLUE, fg->label);
	flow_draw_lines(fg->fl, cv, fg->claim, 0, fg->claim->line_count, x + fg->indent, y + baseline(9.2, CLAIM_LEADING),
	                CLAIM_LEADING);
	if (fg->caption != NULL)
		flow_draw_lines(fg->fl, cv, fg->caption, 0, fg->caption->line_count, x + fg->indent,
		                y + (double)fg->claim->line_count * CLAIM_LEADING + style_baseline(fg->fl, PARA_CAPTION),
		                style_leading(fg->fl, PARA_CAPTION));
	if (fg->scene != NULL)
		scene_replay(fg->scene, cv, fg->fl->ts, x, y + fg->top);
}

unsigned flow_figure(struct flow *fl, const char *claim, const char *caption, const struct scene *sc)
{
	struct figure *fg;
	struct piece *piece;
	bool ja = fl->ts->lang == LANGUAGE_JA;

	flow_advance(fl);
	fg = arena_alloc(flow_pool(fl), sizeof *fg);
	piece = arena_alloc(flow_pool(fl), sizeof *piece);
	fg->fl = fl;
	fg->scene = sc;
	fg->label = arena_printf(fl->arena, "%s%u", fl->frame.figure != NULL ? fl->frame.figure : "", ++fl->figures);
	outline_figure(fl, claim, caption, sc, fg->label);
	fg->indent = typeset_width(fl->ts, fg->label, 8.4, FACE_BOLD) + 7;
	*piece = (struct piece){ arena_dup(flow_pool(fl), claim), ja ? 9 : 9.2, FACE_BOLD, INK, NULL };
	fg->claim = typeset_paragraph(fl->ts, flow_pool(fl), piece, 1, fl->now->width - fg->indent,
	                              TYPESET_PHRASES | TYPESET_BALANCE);
	fg->top = (double)fg->claim->line_count * CLAIM_LEADING;
	if (caption != NULL && *caption != '\0') {
		struct run r = { arena_dup(flow_pool(fl), caption), RUN_PLAIN };
		fg->caption = flow_set(fl, PARA_CAPTION, 0, &r, 1, fl->now->width - fg->indent);
		fg->top += (double)fg->caption->line_count * style_leading(fl, PARA_CAPTION);
	}
	fg->top += sc != NULL ? 6 : 0;
	flow_add(fl, fg->top + (sc != NULL ? scene_height(sc) : 0), 12, draw_figure, fg);
	return fl->figures;
}
