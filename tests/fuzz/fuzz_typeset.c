/* A paragraph of any bytes broken into lines: everything drawn has a shape and a width, nothing is set twice or
 * out of order, and no line is wider than its column but by what cannot be parted. */
#include "tests/fuzz/fuzz.h"

#include <math.h>

#include "render/document/typeset.h"

static struct fonts *fonts;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	struct fault f = { FAULT_NONE, "" };

	(void)argc, (void)argv;
	if (fonts == NULL && fonts_load(&fonts, &f) < 0) {
		fprintf(stderr, "%s\n", f.text);
		exit(1);
	}
	return 0;
}

static void sound(const struct setting *s)
{
	size_t next = 0;

	HOLDS(s->line_count >= 1);
	for (size_t i = 0; i < s->line_count; i++) {
		HOLDS(s->lines[i].first >= next && s->lines[i].first + s->lines[i].count <= s->glyph_count);
		HOLDS(isfinite(s->lines[i].width) && s->lines[i].width >= 0);
		next = s->lines[i].first + s->lines[i].count;
	}
	for (size_t i = 0; i < s->glyph_count; i++)
		HOLDS(isfinite(s->glyphs[i].advance) && isfinite(s->glyphs[i].kern) && s->owner[i] < 2);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a;
	struct typesetter ts = { fonts, LANGUAGE_EN };
	struct setting *s;
	struct piece pieces[2];
	double width;
	char *first, *second;

	if (size < 4 || size > 16384)
		return 0;
	a = arena_new();
	ts.lang = (enum language)(data[0] % LANGUAGES);
	width = data[1] * 3.0;
	first = fuzz_string(data + 3, (size - 3) / 2);
	second = fuzz_string(data + 3 + (size - 3) / 2, size - 3 - (size - 3) / 2);
	pieces[0] = (struct piece){ first, 9.2, (enum face)(data[2] % (FACE_MONO_BOLD + 1)), 0, NULL };
	pieces[1] = (struct piece){ second, 8, (enum face)(data[2] / 8 % (FACE_MONO_BOLD + 1)), 0, "a" };
	s = typeset_paragraph(&ts, a, pieces, 2, width, data[0] / 2 % 4);
	sound(s);
	setting_cut(&ts, s, 1 + data[0] / 8 % 4, width);
	HOLDS(s->line_count <= (size_t)(1 + data[0] / 8 % 4));
	sound(s);
	free(first);
	free(second);
	arena_free(a);
	return 0;
}
