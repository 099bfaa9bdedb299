/* Page flow: a long report is laid out and drawn while it is written, and looks as if it had been laid out whole. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "analyst/base/arena.h"
#include "render/document/outline.h"
#include "timeline/palette.h"

static struct fonts *fonts;
static struct typesetter ts = { NULL, LANGUAGE_EN };

static int set_up(void **state)
{
	struct fault f = { 0 };

	(void)state;
	if (fonts_load(&fonts, &f) < 0)
		return -1;
	ts.fonts = fonts;
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	fonts_free(fonts);
	return 0;
}

struct paper {
	struct arena *arena;
	struct pdf *pdf;
	struct flow *flow;
};

static struct paper paper_new(bool record)
{
	struct pdf_info info = { .title = "Flow", .lang = LANGUAGE_EN, .made = INSTANT_NONE };
	struct flow_frame frame = { .header = "Header", .footer = "Footer", .tlp = "TLP:CLEAR", .continued = "continued",
		                    .record = record };
	struct paper p = { .arena = arena_new() };
	struct fault f = { 0 };

	assert_int_equal(pdf_new(&p.pdf, fonts, &info, &f), 0);
	p.flow = flow_new(p.arena, &ts, p.pdf, &frame);
	return p;
}

static void paper_free(struct paper *p)
{
	pdf_free(p->pdf);
	arena_free(p->arena);
}

static unsigned roll(uint64_t *seed, unsigned sides)
{
	*seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned)(*seed >> 33) % sides;
}

static void add_words(struct paper *p, uint64_t *seed)
{
	const struct run runs[] = {
		{ "An outside address kept calling the mail server until a sensor cut it off. ", RUN_PLAIN },
		{ "E1", RUN_EVIDENCE }, { "The account then signed in elsewhere: ", RUN_STRONG }, { "SRV-BKP-2", RUN_CODE },
		{ ", and nothing else was seen of it in the week that was looked at.", RUN_PLAIN },
	};

	flow_runs(p->flow, roll(seed, 2) ? PARA_BODY : PARA_SMALL, runs, 1 + roll(seed, 5));
}

static void add_table(struct paper *p, unsigned rows)
{
	static const struct column columns[] = { { "No.", 1, ALIGN_RIGHT, NULL }, { "What", 5, ALIGN_LEFT, NULL } };

	flow_table_begin(p->flow, columns, 2);
	for (unsigned i = 0; i < rows; i++) {
		const struct run number = { arena_printf(p->arena, "row%u.", i), RUN_PLAIN };
		const struct run what = { "A row of some words", i % 7 == 0 ? RUN_CODE : RUN_PLAIN };
		struct cell cells[2] = { { .text = { { .runs = &number, .run_count = 1, .style = PARA_SMALL } } },
			                 { .text = { { .runs = &what, .run_count = 1, .style = PARA_SMALL } } } };

		flow_row(p->flow, cells, NO_COLOUR, i % 10 == 0 ? arena_printf(p->arena, "E%u", i) : NULL);
	}
	flow_table_end(p->flow);
}

static void add_list(struct paper *p, uint64_t *seed)
{
	const struct run words = { "Change the passwords of all accounts that signed in", RUN_PLAIN };
	const struct item items[4] = { { .runs = &words, .run_count = 1, .lead = "09:00" }, { .runs = &words, .run_count = 1 },
		                       { .runs = &words, .run_count = 1, .aside = "open" }, { .runs = &words, .run_count = 1 } };

	flow_list(p->flow, BULLET_NUMBER, items, 2 + roll(seed, 3), 1 + (int)roll(seed, 2));
}

static void draw_bar(void *ctx, struct canvas *cv, double x, double y, double w, double h)
{
	(void)ctx;
	canvas_fill_rect(cv, x, y, w, h, HAIRLINE);
}

static void add_group(struct paper *p, uint64_t *seed)
{
	unsigned kind = roll(seed, 3);

	if (kind == 0)
		flow_keep_begin(p->flow);
	else if (kind == 1)
		flow_box_begin(p->flow, TINT, BLUE);
	else
		flow_columns_begin(p->flow, 0.5, 20);
	for (unsigned i = roll(seed, 6); i < 6; i++)
		add_words(p, seed);
	if (kind == 2)
		flow_columns_next(p->flow);
	flow_custom(p->flow, 20 + roll(seed, 200), draw_bar, NULL);
	if (kind == 0)
		flow_keep_end(p->flow);
	else if (kind == 1)
		flow_box_end(p->flow);
	else
		flow_columns_end(p->flow);
}

static void add_anything(struct paper *p, uint64_t *seed)
{
	switch (roll(seed, 8)) {
	case 0: flow_heading(p->flow, "A heading", "beside it"); break;
	case 1: add_table(p, roll(seed, 120)); break;
	case 2: add_list(p, seed); break;
	case 3: add_group(p, seed); break;
	case 4: flow_subheading(p->flow, "A smaller heading", NULL); break;
	case 5: roll(seed, 3) == 0 ? flow_page_break(p->flow) : flow_rule(p->flow); break;
	case 6: flow_callout(p->flow, "Nothing is needed", "It is said why.", TINT, INK); break;
	default: add_words(p, seed); break;
	}
}

/* A recorded flow keeps all its blocks until the end. */
static void pages_drawn_early_are_the_same(void **state)
{
	(void)state;
	for (uint64_t round = 1; round <= 12; round++) {
		struct text bytes[2] = { { 0 }, { 0 } };

		for (int late = 0; late < 2; late++) {
			struct paper p = paper_new(late);
			struct fault f = { 0 };
			uint64_t seed = round;

			flow_section(p.flow, "A section");
			for (int i = 0; i < 150; i++)
				add_anything(&p, &seed);
			assert_true(late ? pdf_page_count(p.pdf) == 0 : pdf_page_count(p.pdf) > 5);
			assert_int_equal(flow_finish(p.flow, &f), 0);
			assert_int_equal(pdf_save(p.pdf, &bytes[late], &f), 0);
			paper_free(&p);
		}
		assert_int_equal(bytes[0].used, bytes[1].used);
		assert_memory_equal(bytes[0].bytes, bytes[1].bytes, bytes[0].used);
		text_free(&bytes[0]);
		text_free(&bytes[1]);
	}
}

static void a_table_of_ten_thousand_rows_never_waits_whole(void **state)
{
	struct paper p = paper_new(false);
	struct fault f = { 0 };
	unsigned early;

	(void)state;
	add_table(&p, 10000);
	early = pdf_page_count(p.pdf);
	assert_int_equal(flow_finish(p.flow, &f), 0);
	assert_true(early > 200);
	assert_in_range(pdf_page_count(p.pdf) - early, 1, 6);
	paper_free(&p);
}

static void a_trial_draws_nothing(void **state)
{
	struct paper p = paper_new(false), trial = p;

	(void)state;
	trial.flow = flow_trial(p.flow, p.arena);
	add_table(&trial, 1000);
	assert_int_equal(pdf_page_count(p.pdf), 0);
	assert_true(flow_height(trial.flow) > 10 * flow_page_height());
	paper_free(&p);
}

static void a_flow_nobody_finishes_is_freed_with_its_arena(void **state)
{
	struct paper p = paper_new(false);

	(void)state;
	add_table(&p, 500);
	paper_free(&p);
}

static unsigned pages_with(double more, uint64_t seed, bool *room_is_for_it)
{
	struct paper p = paper_new(false);
	struct fault f = { 0 };
	unsigned before, after;
	double room;

	for (int i = 0; i < 40; i++)
		add_anything(&p, &seed);
	flow_text(p.flow, PARA_BODY, "The last words.");
	before = pdf_page_count(p.pdf);
	room = flow_room(p.flow);
	assert_true(before == pdf_page_count(p.pdf));           /* a look ahead draws nothing */
	*room_is_for_it = room > 40;
	flow_block(p.flow, room + more, 0, draw_bar, NULL);
	assert_int_equal(flow_finish(p.flow, &f), 0);
	after = pdf_page_count(p.pdf);
	paper_free(&p);
	return after;
}

static void what_the_page_has_left_is_known(void **state)
{
	bool known;

	(void)state;
	for (uint64_t seed = 100; seed < 120; seed++) {
		unsigned fits = pages_with(-0.1, seed, &known);
		if (known)
			assert_int_equal(pages_with(1, seed, &known), fits + 1);
	}
}

/* Points: 300 stand on the page, the group has 520; together with its heading it does not fit, and 200 more follow. */
static void a_high_group_begins_on_the_page_of_its_heading(void **state)
{
	struct paper p = paper_new(false);
	struct fault f = { 0 };

	(void)state;
	flow_custom(p.flow, 300, draw_bar, NULL);
	flow_section(p.flow, "A section");
	flow_keep_begin(p.flow);
	flow_heading(p.flow, "A heading", NULL);
	flow_custom(p.flow, 200, draw_bar, NULL);
	flow_custom(p.flow, 300, draw_bar, NULL);
	flow_keep_end(p.flow);
	flow_custom(p.flow, 200, draw_bar, NULL);
	assert_int_equal(flow_finish(p.flow, &f), 0);
	assert_int_equal(pdf_page_count(p.pdf), 2);
	paper_free(&p);
}

static unsigned sheets(struct paper *p)
{
	struct fault f = { 0 };

	if (flow_finish(p->flow, &f) < 0)
		fail_msg("%s", f.text);
	return pdf_page_count(p->pdf);
}

/* REPORTS 9.17: a table of ten thousand rows, each of them on one page, in 40 rows or more a page. */
static void ten_thousand_rows_are_a_table(void **state)
{
	struct paper p = paper_new(false);
	struct text out = { 0 };
	unsigned pages;

	(void)state;
	add_table(&p, 10000);
	pages = sheets(&p);
	assert_in_range(pages, 10000 / 60, 10000 / 40);
	assert_int_equal(pdf_save(p.pdf, &out, NULL), 0);
	assert_true(out.used < pages * 4000);
	text_free(&out);
	paper_free(&p);
}

/* What a drawing says is told where there is no page, and takes none. */
static void what_is_told_is_not_drawn(void **state)
{
	static const enum shown shown[2][5] = {
		{ SHOWN_ALWAYS, SHOWN_WIDE, SHOWN_NARROW, SHOWN_NARROW, SHOWN_ALWAYS },
		{ SHOWN_ALWAYS, SHOWN_ALWAYS, SHOWN_ALWAYS, SHOWN_ALWAYS },
	};
	const struct run value = { "33 min", RUN_STRONG };
	const struct fact_row row = { "Control", &value, 1 };

	(void)state;
	for (int wide = 0; wide < 2; wide++) {
		struct paper p = paper_new(true);
		const struct node *n;
		double drawn;
		size_t i = 0;

		flow_text(p.flow, PARA_BODY, "Before.");
		flow_drawn(p.flow, wide);
		flow_custom(p.flow, 100, draw_bar, NULL);
		drawn = flow_height(p.flow);
		flow_told(p.flow);
		flow_heading(p.flow, "In words", NULL);
		flow_facts(p.flow, &row, 1);
		flow_both(p.flow);
		assert_true(flow_height(p.flow) == drawn);
		flow_text(p.flow, PARA_BODY, "After.");
		assert_true(flow_height(p.flow) > drawn);
		for (n = flow_nodes(p.flow); n != NULL; n = n->next, i++) {
			assert_int_equal(n->shown, shown[!wide][i]);
			assert_int_equal(n->kind == NODE_DRAWING, wide && i == 1);
		}
		assert_int_equal(i, wide ? 5 : 4);
		assert_int_equal(sheets(&p), 1);
		paper_free(&p);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ten_thousand_rows_are_a_table),
		cmocka_unit_test(what_is_told_is_not_drawn),
		cmocka_unit_test(pages_drawn_early_are_the_same),
		cmocka_unit_test(a_table_of_ten_thousand_rows_never_waits_whole),
		cmocka_unit_test(what_the_page_has_left_is_known),
		cmocka_unit_test(a_high_group_begins_on_the_page_of_its_heading),
		cmocka_unit_test(a_trial_draws_nothing),
		cmocka_unit_test(a_flow_nobody_finishes_is_freed_with_its_arena),
	};

	return cmocka_run_group_tests_name("flow", tests, set_up, tear_down);
}
