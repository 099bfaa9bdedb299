/* A logo's file: only PNG of a bounded size is decoded, only its pixels are kept, on white. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cairo.h>
#include <cmocka.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "render/canvas/picture.h"

static struct arena *arena;

static cairo_status_t keep(void *ctx, const unsigned char *bytes, unsigned n)
{
	text_addn(ctx, (const char *)bytes, n);
	return CAIRO_STATUS_SUCCESS;
}

/* Left half red, half transparent; right half nothing. */
static struct text made(int w, int h)
{
	struct text png = { 0 };
	cairo_surface_t *s = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, w, h);
	cairo_t *cr = cairo_create(s);

	cairo_set_source_rgba(cr, 1, 0, 0, 0.5);
	cairo_rectangle(cr, 0, 0, w / 2, h);
	cairo_fill(cr);
	cairo_destroy(cr);
	assert_int_equal(cairo_surface_write_to_png_stream(s, keep, &png), CAIRO_STATUS_SUCCESS);
	cairo_surface_destroy(s);
	return png;
}

static void put_number(char *to, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		to[i] = (char)(v >> (24 - 8 * i));
}

static void add_chunk(struct text *t, const char *name, const char *bytes, size_t n)
{
	char number[4];
	uLong sum = crc32(crc32(0, (const Bytef *)name, 4), (const Bytef *)bytes, (uInt)n);

	put_number(number, (uint32_t)n);
	text_addn(t, number, 4);
	text_addn(t, name, 4);
	text_addn(t, bytes, n);
	put_number(number, (uint32_t)sum);
	text_addn(t, number, 4);
}

static void what_shines_through_is_laid_on_white(void **state)
{
	struct text png = made(20, 10);
	const struct picture *p;
	struct fault f = { 0 };

	(void)state;
	if (picture_read(&p, png.bytes, png.used, arena, &f) < 0)
		fail_msg("%s", f.text);
	assert_int_equal(p->width, 20);
	assert_int_equal(p->height, 10);
	for (unsigned y = 0; y < 10; y++)
		for (unsigned x = 0; x < 20; x++) {
			const unsigned char *c = p->rgb + (y * 20 + x) * 3;

			assert_int_equal(c[0], 255);
			assert_in_range(c[1], x < 10 ? 126 : 255, x < 10 ? 128 : 255);
			assert_int_equal(c[1], c[2]);
		}
	text_free(&png);
}

static void nothing_but_pixels_is_kept(void **state)
{
	struct text png = made(20, 10), with = { 0 }, one = { 0 }, two = { 0 };
	const struct picture *a, *b;

	(void)state;
	text_addn(&with, png.bytes, 8 + 25);
	add_chunk(&with, "tEXt", "Author\0Taro of EXCH01", 21);
	add_chunk(&with, "iCCP", "broken\0\0profile", 15);
	text_addn(&with, png.bytes + 33, png.used - 33);
	text_add(&with, "<script>alert(1)</script>");
	assert_int_equal(picture_read(&a, png.bytes, png.used, arena, NULL), 0);
	assert_int_equal(picture_read(&b, with.bytes, with.used, arena, NULL), 0);
	assert_memory_equal(a->rgb, b->rgb, 20 * 10 * 3);
	picture_png(&one, a);
	picture_png(&two, b);
	assert_int_equal(one.used, two.used);
	assert_memory_equal(one.bytes, two.bytes, one.used);
	assert_null(memmem(two.bytes, two.used, "EXCH01", 6));
	/* What was written is what was read. */
	assert_int_equal(picture_read(&b, one.bytes, one.used, arena, NULL), 0);
	assert_memory_equal(a->rgb, b->rgb, 20 * 10 * 3);
	text_free(&png);
	text_free(&with);
	text_free(&one);
	text_free(&two);
}

static void says(const char *bytes, size_t n, const char *what)
{
	const struct picture *p;
	struct fault f = { 0 };

	assert_int_equal(picture_read(&p, bytes, n, arena, &f), -1);
	assert_null(p);
	if (strstr(f.text, what) == NULL)
		fail_msg("'%s' does not say '%s'", f.text, what);
}

/* Sizes that would take 400 MB are refused by the header alone. */
static void sizes_are_looked_at_before_pixels(void **state)
{
	static const struct { uint32_t w, h; } sizes[] = {
		{ 7, 10 }, { 10, 7 }, { 0, 10 }, { 8193, 10 }, { 10, 8193 }, { 2001, 2000 }, { 0x80000000u, 0x80000000u },
		{ 0xFFFFFFFFu, 10 }, { 0x10000, 0x10000 },
	};
	struct text png = made(20, 10);

	(void)state;
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		put_number(png.bytes + 16, sizes[i].w);
		put_number(png.bytes + 20, sizes[i].h);
		says(png.bytes, png.used, " pixels; a side may have 8 to 8192");
	}
	text_free(&png);
}

static void a_broken_one_is_one_sentence(void **state)
{
	struct text png = made(20, 10);
	const char *pixels;

	(void)state;
	says("", 0, "it is no PNG");
	says("GIF89a\1\0\1\0\0\0\0;", 14, "it is no PNG");
	says("\xFF\xD8\xFF\xE0 a photo of somebody", 24, "it is no PNG");
	for (size_t n = 8; n < png.used; n++)
		says(png.bytes, n, "it is a broken PNG");
	pixels = memmem(png.bytes, png.used, "IDAT", 4);
	assert_non_null(pixels);
	for (size_t i = (size_t)(pixels - png.bytes); i < png.used - 12; i++) {
		png.bytes[i] ^= 0x20;
		says(png.bytes, png.used, "it is a broken PNG");
		png.bytes[i] ^= 0x20;
	}
	text_free(&png);
}

static void only_a_file_of_a_size_is_opened(void **state)
{
	char folder[] = "/tmp/tsumugi-picture-XXXXXX", path[64];
	const struct picture *p;
	struct fault f = { 0 };
	FILE *out;

	(void)state;
	assert_non_null(mkdtemp(folder));
	assert_int_equal(picture_load(&p, folder, arena, &f), -1);
	assert_string_equal(f.text, "it is no file");
	snprintf(path, sizeof path, "%s/pipe", folder);
	assert_int_equal(mkfifo(path, 0600), 0);
	f = (struct fault){ 0 };
	assert_int_equal(picture_load(&p, path, arena, &f), -1);
	assert_string_equal(f.text, "it is no file");
	unlink(path);
	f = (struct fault){ 0 };
	assert_int_equal(picture_load(&p, path, arena, &f), -1);
	assert_non_null(strstr(f.text, "it cannot be opened"));
	assert_non_null(out = fopen(path, "wb"));
	fclose(out);
	assert_int_equal(truncate(path, PICTURE_BYTES + 1), 0);
	f = (struct fault){ 0 };
	assert_int_equal(picture_load(&p, path, arena, &f), -1);
	assert_string_equal(f.text, "it is larger than 1 MiB");
	unlink(path);
	rmdir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_shines_through_is_laid_on_white),
		cmocka_unit_test(nothing_but_pixels_is_kept),
		cmocka_unit_test(sizes_are_looked_at_before_pixels),
		cmocka_unit_test(a_broken_one_is_one_sentence),
		cmocka_unit_test(only_a_file_of_a_size_is_opened),
	};
	int rc;

	arena = arena_new();
	rc = cmocka_run_group_tests(tests, NULL, NULL);
	arena_free(arena);
	return rc;
}
