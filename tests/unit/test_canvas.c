/* One scene on all canvases; bad numbers reach none of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "render/canvas/canvas_pdf.h"
#include "render/canvas/canvas_web.h"
#include "render/document/pdf.h"
#include "timeline/palette.h"

static struct fonts *fonts;
static struct arena *arena;
static struct typesetter ts = { NULL, LANGUAGE_EN };
static const struct pdf_info info = { .title = "A <chart> & more", .made = 0 };

static int set_up(void **state)
{
	struct fault f = { 0 };

	(void)state;
	arena = arena_new();
	if (fonts_load(&fonts, &f) < 0)
		return -1;
	ts.fonts = fonts;
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	fonts_free(fonts);
	arena_free(arena);
	return 0;
}

static struct scene *small_scene(void)
{
	static const uint64_t proof[] = { 0xAB, 0xCD };
	struct scene *sc = scene_new(arena, 200, 100);

	scene_title(sc, "One <b>burst</b>", "Alerts per two hours & more");
	scene_note(sc, "incident 1", proof, 2);
	scene_rect(sc, 10, 10, 50, 20, 3, 0xC8450A, NO_COLOUR, 0);
	scene_line(sc, 0, 50, 200, 50, 0.5, 0xD6DCE2, DASH_SHORT);
	scene_text(sc, 100, 80, 8, FACE_BOLD, ALIGN_CENTRE, 0x16202A, "EXCH01 侵害");
	return sc;
}

static void the_trace_tells_what_is_drawn(void **state)
{
	struct text t = { 0 };

	(void)state;
	assert_int_equal(scene_trace(&t, small_scene(), &ts, NULL), 0);
	assert_true(strstr(text_str(&t), "scene 200 x 100 \"One <b>burst</b>\"\n") == text_str(&t));
	assert_non_null(strstr(text_str(&t), "note incident 1 [00000000000000ab 00000000000000cd]\n"));
	assert_non_null(strstr(text_str(&t), "path fill #C8450A M "));
	assert_non_null(strstr(text_str(&t), "path stroke #D6DCE2 0.5 short M 0 50 L 200 50\n"));
	assert_non_null(strstr(text_str(&t), " 80 8 bold #16202A \"EXCH01 侵害\"\n"));
	text_free(&t);
}

static void an_svg_has_a_title_and_a_description(void **state)
{
	struct text a = { 0 }, b = { 0 };

	(void)state;
	assert_int_equal(scene_svg(&a, small_scene(), &ts, NULL), 0);
	assert_non_null(strstr(text_str(&a), "<title>One &lt;b&gt;burst&lt;/b&gt;</title>"));
	assert_non_null(strstr(text_str(&a), "<desc>Alerts per two hours &amp; more</desc>"));
	assert_int_equal(scene_svg(&b, small_scene(), &ts, NULL), 0);
	assert_int_equal(a.used, b.used);
	assert_memory_equal(a.bytes, b.bytes, a.used);
	text_free(&a);
	text_free(&b);
}

static void a_png_is_a_png_and_a_huge_one_is_refused(void **state)
{
	struct text t = { 0 };
	struct fault f = { 0 };

	(void)state;
	assert_int_equal(scene_png(&t, small_scene(), &ts, 144, NULL), 0);
	assert_memory_equal(t.bytes, "\x89PNG", 4);
	text_clear(&t);
	assert_int_equal(scene_png(&t, small_scene(), &ts, 1e7, &f), -1);
	assert_non_null(strstr(f.text, "too large"));
	text_free(&t);
}

static void a_chart_is_a_pdf_of_its_own(void **state)
{
	struct text t = { 0 };

	(void)state;
	assert_int_equal(scene_pdf(&t, small_scene(), &ts, &info, NULL), 0);
	assert_memory_equal(t.bytes, "%PDF-1.4", 8);
	text_free(&t);
}

static void a_number_that_is_none_is_an_error_that_sticks(void **state)
{
	static const double bad[] = { NAN, INFINITY, -INFINITY, 1e9, -20000 };

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct pdf *pdf = NULL;
		struct text out = { 0 };
		struct fault f = { 0 };
		struct canvas *cv;
		assert_int_equal(pdf_new(&pdf, fonts, &info, NULL), 0);
		cv = pdf_page(pdf, A4_WIDTH, A4_HEIGHT);
		canvas_rule(cv, 10, 10, bad[i], 10, 1, 0);
		canvas_rule(cv, 10, 10, 20, 10, 1, 0);
		assert_non_null(canvas_status(cv));
		assert_int_equal(pdf_save(pdf, &out, &f), -1);
		assert_int_equal(out.used, 0);
		assert_non_null(strstr(f.text, "coordinate"));
		pdf_free(pdf);
		text_free(&out);
	}
}

static void a_colour_is_said_once(void **state)
{
	struct text content = { 0 };
	struct used_faces used;
	unsigned on_page = 0;
	struct canvas *cv;

	(void)state;
	memset(&used, 0, sizeof used);
	cv = pdf_canvas(&content, &used, &on_page, 100);
	canvas_fill_rect(cv, 0, 0, 1, 1, 0xFF0000);
	canvas_fill_rect(cv, 2, 0, 1, 1, 0xFF0000);
	assert_string_equal(text_str(&content), "1 0 0 rg\n0 100 1 -1 re\nf\n2 100 1 -1 re\nf\n");
	canvas_free(cv);
	used_faces_free(&used);
	text_free(&content);
}

/* In the dark most inks and grounds change places; on middling grounds black or white must step in. */
static void letters_can_be_read_on_what_they_stand_on(void **state)
{
	static const struct { colour ink, ground; char how; } rows[] = {
		{ INK, WHITE, 't' }, { WHITE, NAVY, 't' }, { WHITE, ATTACKER, 't' }, { MEDIUM_FILL, NAVY, 'u' }, { INK, HEAT_3, 'u' },
		{ INK, HEAT_2, 'v' },
	};
	struct web_colours used = { .count = 0 };
	struct text css = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		assert_int_equal(web_ink(&used, 't', rows[i].ink, rows[i].ground)[0], rows[i].how);
	web_colours_css(&css, &used, false);
	assert_non_null(strstr(text_str(&css), ".ue69f00{fill:#e69f00}"));
	text_clear(&css);
	web_colours_css(&css, &used, true);
	assert_non_null(strstr(text_str(&css), ".ue69f00{fill:#000000}"));
	text_free(&css);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(letters_can_be_read_on_what_they_stand_on),
		cmocka_unit_test(the_trace_tells_what_is_drawn),
		cmocka_unit_test(an_svg_has_a_title_and_a_description),
		cmocka_unit_test(a_png_is_a_png_and_a_huge_one_is_refused),
		cmocka_unit_test(a_chart_is_a_pdf_of_its_own),
		cmocka_unit_test(a_number_that_is_none_is_an_error_that_sticks),
		cmocka_unit_test(a_colour_is_said_once),
	};

	return cmocka_run_group_tests_name("canvas", tests, set_up, tear_down);
}
