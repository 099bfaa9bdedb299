/* Blocks onto pages, then onto paper. */
#include "render/document/flow_parts.h"

#include <stdio.h>
#include <string.h>

#include "timeline/palette.h"

#define PAGE_ROOM (PAGE_BOTTOM - PAGE_TOP)
#define GROW_MOST 12.0        /* how much a gap may grow to fill a page */
#define GROW_FROM 0.80        /* an emptier page looks better with its white at the end */
#define FULL_ENOUGH 0.60      /* a page emptier than this is only left so at the end */
#define KEEP_MOST 0.55        /* a group higher than this share of a page is not kept whole */
#define SPLIT_LEAST 130.0     /* of two columns that go on overleaf: what stays on the first page */

static double group_start(const struct stack *st);

static bool sheet_is_empty(const struct flow *fl)
{
	return fl->sheet.used == 0;
}

static void put_spot(struct flow *fl, struct block *b, bool again)
{
	struct sheet *sh = &fl->sheet;

	if (sh->used == sh->room) {
		size_t room = sh->room == 0 ? 64 : sh->room * 2;
		struct spot *list = ARENA_ARRAY(fl->arena, struct spot, room);
		if (sh->used > 0)
			memcpy(list, sh->spots, sh->used * sizeof *list);
		sh->spots = list;
		sh->room = room;
	}
	if (sh->used > 0)
		sh->y += b->gap;
	sh->spots[sh->used++] = (struct spot){ b, sh->y, again };
	sh->y += b->height;
}

unsigned flow_oldest_on_sheet(const struct flow *fl, unsigned age)
{
	for (size_t i = 0; i < fl->sheet.used; i++)
		if (!fl->sheet.spots[i].again && fl->sheet.spots[i].block->age < age)
			age = fl->sheet.spots[i].block->age;
	return age;
}

/* A gap below a heading belongs to it and stays. */
static bool may_grow(const struct sheet *sh, size_t i)
{
	return sh->spots[i].block->stretch && !sh->spots[i - 1].block->with_next;
}

/* The page has height to spare: its larger gaps share it, up to a limit. */
static void share_spare(struct sheet *sh)
{
	size_t wide = 0;
	double spare = PAGE_BOTTOM - sh->y, add, shift = 0;

	for (size_t i = 1; i < sh->used; i++)
		wide += may_grow(sh, i);
	if (wide == 0 || spare <= 0 || spare > (1 - GROW_FROM) * PAGE_ROOM)
		return;
	add = spare / (double)wide < GROW_MOST ? spare / (double)wide : GROW_MOST;
	for (size_t i = 1; i < sh->used; i++) {
		if (may_grow(sh, i))
			shift += add;
		sh->spots[i].y += shift;
	}
}

/* Of a stack, what stands together at its top. */
static double column_start(const struct stack *st)
{
	double h = st->first != NULL ? st->first->height : 0;

	for (const struct block *b = st->first; b != NULL && b->with_next && b->next != NULL; b = b->next)
		h += b->next->gap + b->next->height;
	return h;
}

/* What of a block must stand on the page where it begins: of columns, what cannot be cut at their tops; of a group
 * too high to be kept whole, its beginning. */
static double least_height(const struct block *b)
{
	double h = SPLIT_LEAST;

	if (b->kind == BLOCK_KEEP && b->height > KEEP_MOST * PAGE_ROOM && b->side[0] != NULL)
		return group_start(b->side[0]);
	if (b->kind != BLOCK_COLUMNS)
		return b->height;
	for (int i = 0; i < 2; i++)
		if (column_start(b->side[i]) > h)
			h = column_start(b->side[i]);
	return h < b->height ? h : b->height;
}

/* As column_start, where what follows a heading may itself be cut. */
static double group_start(const struct stack *st)
{
	const struct block *b = st->first;
	double h = 0;

	for (; b != NULL && b->with_next && b->next != NULL; b = b->next)
		h += b->height + b->next->gap;
	return b != NULL ? h + least_height(b) : h;
}

/* Height of a block with all that must follow it on the same page. */
static double chain_height(const struct block *b, bool top)
{
	double h = (top ? 0 : b->gap) + (b->with_next ? b->height : least_height(b));

	while (b->with_next && b->next != NULL && b->next->kind != BLOCK_BREAK) {
		b = b->next;
		h += b->gap + (b->with_next ? b->height : least_height(b));
	}
	return h;
}

/* ---- columns that go on overleaf ---- */

/* Cuts a column so that what stays is at most room high; returns the rest, which may be empty. */
static struct stack *cut_stack(struct flow *fl, struct stack *st, double room)
{
	struct stack *rest = arena_alloc(fl->arena, sizeof *rest);
	struct block *stays = NULL;
	double h = 0;

	rest->width = st->width;
	for (struct block *b = st->first; b != NULL; b = b->next) {
		h += b->height + (b != st->first ? b->gap : 0);
		if (h > room + 0.01)
			break;
		if (!b->with_next || b->next == NULL)
			stays = b;
	}
	rest->first = stays != NULL ? stays->next : st->first;
	rest->last = rest->first != NULL ? st->last : NULL;
	if (stays != NULL)
		stays->next = NULL;
	else
		st->first = NULL;
	st->last = stays;
	st->height = stack_height(st);
	rest->height = stack_height(rest);
	return rest;
}

/* Both columns must begin on this page. What is left over follows as a block of its own. */
static bool split_columns(struct flow *fl, struct block *b, double room)
{
	struct block *rest;

	if (room < least_height(b))
		return false;
	rest = arena_alloc(fl->arena, sizeof *rest);
	*rest = *b;
	rest->marks = NULL;
	rest->gap = 0;
	rest->side[0] = cut_stack(fl, b->side[0], room);
	rest->side[1] = cut_stack(fl, b->side[1], room);
	rest->height = rest->side[0]->height > rest->side[1]->height ? rest->side[0]->height : rest->side[1]->height;
	b->height = b->side[0]->height > b->side[1]->height ? b->side[0]->height : b->side[1]->height;
	b->next = rest;
	return true;
}

/* Puts a group's blocks in its place, because it does not fit as a whole. */
static void splice(struct block *group)
{
	struct block *after = group->next, *last = group;
	struct stack *sides[2] = { group->side[0], group->side[1] };
	struct block_mark *marks = group->marks;
	double gap = group->gap;
	bool head = true;

	for (int i = 0; i < 2; i++) {
		if (sides[i] == NULL || sides[i]->first == NULL)
			continue;
		if (head) {
			struct block *next = sides[i]->first->next;
			bool single = sides[i]->last == sides[i]->first;
			struct block_mark *own = sides[i]->first->marks;
			*group = *sides[i]->first;
			group->gap = gap;
			group->next = next;
			last = single ? group : sides[i]->last;
			if (marks != NULL) {
				struct block_mark *m = marks;
				while (m->next != NULL)
					m = m->next;
				m->next = own;
				group->marks = marks;
			}
			head = false;
		} else {
			last->next = sides[i]->first;
			last = sides[i]->last;
		}
	}
	if (head)
		group->kind = BLOCK_LEAF;
	last->next = after;
}

static bool is_group(const struct block *b)
{
	return b->kind == BLOCK_KEEP || b->kind == BLOCK_BOX || b->kind == BLOCK_COLUMNS;
}

/* ---- drawing ---- */

static void draw_block(struct flow *fl, struct canvas *cv, const struct block *b, double x, double y, double w);

static void draw_stack(struct flow *fl, struct canvas *cv, const struct stack *st, double x, double y)
{
	for (const struct block *b = st->first; b != NULL; b = b->next) {
		if (b != st->first)
			y += b->gap;
		draw_block(fl, cv, b, x, y, st->width);
		y += b->height;
	}
}

static void draw_block(struct flow *fl, struct canvas *cv, const struct block *b, double x, double y, double w)
{
	for (const struct block_mark *m = b->marks; m != NULL; m = m->next) {
		if (m->level < 0)
			pdf_anchor(fl->pdf, m->name, fl->page, y - 4);
		else
			pdf_outline(fl->pdf, m->level, m->name, fl->page, y - 4);
	}
	if (b->kind == BLOCK_BOX) {
		canvas_fill_rect(cv, x, y, w, b->height, b->tint);
		if (b->accent != NO_COLOUR)
			canvas_fill_rect(cv, x, y, 2.4, b->height, b->accent);
		draw_stack(fl, cv, b->side[0], x + b->shift, y + (b->height - b->side[0]->height) / 2);
	} else if (b->kind == BLOCK_KEEP) {
		draw_stack(fl, cv, b->side[0], x, y);
	} else if (b->kind == BLOCK_COLUMNS) {
		draw_stack(fl, cv, b->side[0], x, y);
		draw_stack(fl, cv, b->side[1], x + b->shift, y);
	} else if (b->draw != NULL) {
		b->draw(b->ctx, cv, x, y, w, b->height);
	}
}

static colour tlp_ink(const char *tlp)
{
	static const struct { const char *word; colour ink; } inks[] = {
		{ "RED", 0xFF2B2B }, { "AMBER", 0xFFC000 }, { "GREEN", 0x33FF00 },
	};

	for (size_t i = 0; i < sizeof inks / sizeof inks[0]; i++)
		if (strstr(tlp, inks[i].word) != NULL)
			return inks[i].ink;
	return WHITE;
}

static void draw_tlp(struct flow *fl, struct canvas *cv, double y)
{
	double w = typeset_width(fl->ts, fl->frame.tlp, 12, FACE_BOLD) + 12;

	canvas_fill_rect(cv, PAGE_RIGHT - w, y, w, 18, BLACK);
	canvas_text(cv, fl->ts, PAGE_RIGHT - 6, y + 13.2, 12, FACE_BOLD, ALIGN_RIGHT, tlp_ink(fl->frame.tlp),
	            fl->frame.tlp);
}

/* Drawn last, when the number of pages is known. */
static void draw_frame(struct flow *fl, struct canvas *cv, unsigned page, unsigned pages)
{
	struct measure m = typeset_measure(fl->ts);
	char number[32];

	if (fl->frame.header != NULL)
		canvas_text(cv, fl->ts, PAGE_LEFT, 40, 7.8, FACE_SEMIBOLD, ALIGN_LEFT, INK_2,
		            measure_fit(&m, fl->arena, fl->frame.header, 7.8, FACE_SEMIBOLD, 370));
	canvas_rule(cv, PAGE_LEFT, 51, PAGE_RIGHT, 51, 0.8, NAVY);
	canvas_rule(cv, PAGE_LEFT, 798, PAGE_RIGHT, 798, 0.5, HAIRLINE);
	if (fl->frame.footer != NULL)
		canvas_text(cv, fl->ts, PAGE_LEFT, 812, 7.2, FACE_REGULAR, ALIGN_LEFT, MUTE,
		            measure_fit(&m, fl->arena, fl->frame.footer, 7.2, FACE_REGULAR, 270));
	snprintf(number, sizeof number, "%u / %u", page + 1, pages);
	canvas_text(cv, fl->ts, (PAGE_LEFT + PAGE_RIGHT) / 2 + 40, 812, 7.8, FACE_SEMIBOLD, ALIGN_CENTRE, INK, number);
	if (fl->frame.tlp != NULL) {
		draw_tlp(fl, cv, 29);
		draw_tlp(fl, cv, 802.5);
	}
}

/* The page goes to the PDF, and its place is free for the next one. */
static void draw_sheet(struct flow *fl)
{
	struct sheet *sh = &fl->sheet;
	struct canvas *cv;

	fl->turned++;
	if (fl->trial)
		goto turned;
	fl->page = pdf_page_count(fl->pdf);
	cv = pdf_page(fl->pdf, A4_WIDTH, A4_HEIGHT);
	for (size_t i = 0; i < sh->used; i++) {
		draw_block(fl, cv, sh->spots[i].block, PAGE_LEFT, sh->spots[i].y, fl->root.width);
		if (sh->spots[i].again && fl->frame.continued != NULL)
			canvas_text(cv, fl->ts, PAGE_RIGHT - 4, sh->spots[i].y - 2.5, 6.8, FACE_REGULAR, ALIGN_RIGHT, MUTE,
			            fl->frame.continued);
	}
	pdf_page_pack(fl->pdf, fl->page);
turned:
	sh->used = 0;
	sh->y = PAGE_TOP;
}

/* ---- places ---- */

static void turn_page(struct flow *fl)
{
	share_spare(&fl->sheet);
	draw_sheet(fl);
}

static void place(struct flow *fl, struct block *b)
{
	bool top = sheet_is_empty(fl);
	double need = chain_height(b, top), used = fl->sheet.y - PAGE_TOP, room;

	if (b->kind == BLOCK_KEEP)
		need = b->height + (top ? 0 : b->gap);
	else if (need > PAGE_ROOM)
		need = least_height(b) + (top ? 0 : b->gap);
	if (!top && fl->sheet.y + need > PAGE_BOTTOM + 0.01) {
		if (b->kind == BLOCK_KEEP && (used < FULL_ENOUGH * PAGE_ROOM || b->height > KEEP_MOST * PAGE_ROOM)) {
			splice(b);
			place(fl, b);
			return;
		}
		turn_page(fl);
		if (b->repeat != NULL)
			put_spot(fl, b->repeat, true);
	}
	room = PAGE_BOTTOM - fl->sheet.y - (sheet_is_empty(fl) ? 0 : b->gap);
	if (b->kind == BLOCK_COLUMNS && b->height > room + 0.01 && !split_columns(fl, b, room) && !sheet_is_empty(fl))
		turn_page(fl);
	put_spot(fl, b, false);
}

void flow_place(struct flow *fl, struct block *b)
{
	while (is_group(b) && b->kind != BLOCK_COLUMNS && b->height > PAGE_ROOM)
		splice(b);
	if (b->kind != BLOCK_BREAK)
		place(fl, b);
	else if (!sheet_is_empty(fl) && b->next != NULL)
		turn_page(fl);
}

void flow_end_pages(struct flow *fl)
{
	draw_sheet(fl);
	for (unsigned p = fl->first_page; p < pdf_page_count(fl->pdf); p++) {
		draw_frame(fl, pdf_page_canvas(fl->pdf, p), p, pdf_page_count(fl->pdf));
		pdf_page_pack(fl->pdf, p);
	}
}

/* ---- room ---- */

static struct stack *copy_stack(struct arena *a, const struct stack *st);

/* Laying out cuts groups, so a look ahead needs blocks of its own. */
static struct block *copy_blocks(struct arena *a, const struct block *b)
{
	struct block *first = NULL, **at = &first;

	for (; b != NULL; b = b->next, at = &(*at)->next) {
		*at = arena_alloc(a, sizeof **at);
		**at = *b;
		(*at)->marks = NULL;
		for (int i = 0; i < 2; i++)
			(*at)->side[i] = copy_stack(a, b->side[i]);
	}
	return first;
}

static struct stack *copy_stack(struct arena *a, const struct stack *st)
{
	struct stack *copy;

	if (st == NULL)
		return NULL;
	copy = arena_alloc(a, sizeof *copy);
	*copy = *st;
	copy->first = copy_blocks(a, st->first);
	for (copy->last = copy->first; copy->last != NULL && copy->last->next != NULL; copy->last = copy->last->next)
		;
	return copy;
}

/* Where all that was added so far ends: how far down, after how many full pages. */
static double look_ahead(const struct flow *fl, unsigned *turned)
{
	struct arena *a = arena_under(fl->arena);
	struct flow ahead = *fl;

	ahead.arena = a;
	ahead.trial = true;
	ahead.sheet.spots = ARENA_ARRAY(a, struct spot, fl->sheet.room + 1);
	if (fl->sheet.used > 0)
		memcpy(ahead.sheet.spots, fl->sheet.spots, fl->sheet.used * sizeof *ahead.sheet.spots);
	for (struct block *b = copy_blocks(a, fl->root.first); b != NULL; b = b->next)
		flow_place(&ahead, b);
	*turned = ahead.turned;
	arena_free(a);
	return ahead.sheet.y;
}

unsigned flow_pages(const struct flow *fl)
{
	unsigned turned;

	look_ahead(fl, &turned);
	return turned + 1;
}

double flow_room(const struct flow *fl)
{
	unsigned turned;
	double room = PAGE_BOTTOM - look_ahead(fl, &turned);

	return fl->root.last != NULL && fl->root.last->kind == BLOCK_BREAK ? PAGE_ROOM : room;
}
