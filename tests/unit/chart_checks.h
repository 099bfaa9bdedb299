/* What must hold for every picture: texts do not overlap, nothing leaves the frame, no type is too small. */
#ifndef TSUMUGI_CHART_CHECKS_H
#define TSUMUGI_CHART_CHECKS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>

#include "tests/unit/chart_fixture.h"

struct box {
	double x1, y1, x2, y2;
};

static inline struct box box_of(const struct shape *s)
{
	double w = fixture_width(NULL, s->string, s->size, s->face);
	double x = s->align == ALIGN_LEFT ? s->x : s->align == ALIGN_CENTRE ? s->x - w / 2 : s->x - w;

	return (struct box){ x, s->y - 0.72 * s->size, x + w, s->y + 0.2 * s->size };
}

static inline void no_text_overlaps(const struct scene *sc)
{
	const struct shape *s;
	size_t n;

	s = scene_shapes(sc, &n);
	for (size_t i = 0; i < n; i++)
		for (size_t j = i + 1; j < n && s[i].kind == SHAPE_TEXT; j++) {
			struct box a, b;

			if (s[j].kind != SHAPE_TEXT)
				continue;
			a = box_of(&s[i]);
			b = box_of(&s[j]);
			if (fmin(a.x2, b.x2) - fmax(a.x1, b.x1) > 1 && fmin(a.y2, b.y2) - fmax(a.y1, b.y1) > 1)
				fail_msg("'%s' and '%s' overlap", s[i].string, s[j].string);
		}
}

static inline struct box box_of_path(const struct shape *s)
{
	struct box b = { INFINITY, INFINITY, -INFINITY, -INFINITY };

	for (size_t i = 0; i < s->step_count; i++)
		if (s->steps[i].kind != STEP_CLOSE)
			b = (struct box){ fmin(b.x1, s->steps[i].x), fmin(b.y1, s->steps[i].y), fmax(b.x2, s->steps[i].x), fmax(b.y2, s->steps[i].y) };
	return b;
}

/* A shape drawn after a text would hide it. */
static inline void no_text_is_covered(const struct scene *sc)
{
	size_t n;
	const struct shape *s = scene_shapes(sc, &n);

	for (size_t i = 0; i < n; i++)
		for (size_t j = i + 1; j < n && s[i].kind == SHAPE_TEXT; j++) {
			struct box a, b;

			if (s[j].kind != SHAPE_PATH || s[j].fill == NO_COLOUR)
				continue;
			a = box_of(&s[i]);
			b = box_of_path(&s[j]);
			if (fmin(a.x2, b.x2) - fmax(a.x1, b.x1) > 1 && fmin(a.y2, b.y2) - fmax(a.y1, b.y1) > 1)
				fail_msg("a shape at %.1f %.1f covers '%s'", b.x1, b.y1, s[i].string);
		}
}

static inline void all_is_inside(const struct scene *sc)
{
	double w = scene_width(sc), h = scene_height(sc);
	const struct shape *s;
	size_t n;

	s = scene_shapes(sc, &n);
	for (size_t i = 0; i < n; i++) {
		struct box b;

		for (size_t j = 0; j < s[i].step_count; j++)
			if (s[i].steps[j].kind != STEP_CLOSE &&
			    (s[i].steps[j].x < -2 || s[i].steps[j].x > w + 2 || s[i].steps[j].y < -2 || s[i].steps[j].y > h + 2))
				fail_msg("a shape at %.1f %.1f leaves %.1f x %.1f", s[i].steps[j].x, s[i].steps[j].y, w, h);
		if (s[i].kind != SHAPE_TEXT)
			continue;
		b = box_of(&s[i]);
		if (b.x1 < -10 || b.x2 > w + 10 || b.y1 < -2 || b.y2 > h + 2)
			fail_msg("'%s' leaves the picture", s[i].string);
		assert_true(utf8_valid(s[i].string, strlen(s[i].string)));
		assert_true(s[i].size >= 5.8);
	}
}

static inline struct scene *drawn(const struct chart *c, struct fixture *fx, struct chart_finding *found)
{
	struct scene *sc = c->draw(&fx->in, found);

	no_text_overlaps(sc);
	no_text_is_covered(sc);
	all_is_inside(sc);
	return sc;
}

static inline const struct shape *text_of(const struct scene *sc, const char *string)
{
	const struct shape *s;
	size_t n;

	s = scene_shapes(sc, &n);
	for (size_t i = 0; i < n; i++)
		if (s[i].kind == SHAPE_TEXT && strcmp(s[i].string, string) == 0)
			return &s[i];
	return NULL;
}

static inline const struct shape *note_of(const struct scene *sc, const char *part)
{
	const struct shape *s;
	size_t n;

	s = scene_shapes(sc, &n);
	for (size_t i = 0; i < n; i++)
		if (s[i].kind == SHAPE_NOTE && strstr(s[i].string, part) != NULL)
			return &s[i];
	return NULL;
}

#endif
