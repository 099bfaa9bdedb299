#include "timeline/scene.h"

#include <math.h>
#include <string.h>

#include "analyst/base/text.h"

/* cairo aborts or runs for seconds on coordinates like NaN and 1e300, and libharu writes a broken page
 * (THREATS.md, facts 5 and 6); a page is 842 points, so nothing real is ever this far out. */
#define FARTHEST 16384.0
/* Four Bezier curves with this handle length are a circle within 0.03 %. */
#define ROUND 0.5522847498
/* Past the middle ellipsis a name keeps what tells it from its neighbours. */
#define TAIL_LEAST 12

struct scene {
	struct arena *arena;
	double width, height;
	const char *claim, *description;
	struct shape *shapes;
	size_t count, room;
};

static double sane(double v)
{
	if (!isfinite(v))
		return 0;
	return v > FARTHEST ? FARTHEST : v < -FARTHEST ? -FARTHEST : v;
}

/* What can be drawn: control characters, bidi marks and broken UTF-8 as visible escapes. */
static const char *shown(struct arena *a, const char *s)
{
	struct text t = {0};
	const char *copy;

	text_add_shown(&t, s, strlen(s));
	copy = arena_dup(a, text_str(&t));
	text_free(&t);
	return copy;
}

struct scene *scene_new(struct arena *a, double width, double height)
{
	struct scene *sc = arena_alloc(a, sizeof(*sc));

	sc->arena = a;
	sc->width = fmax(sane(width), 1);
	sc->height = fmax(sane(height), 1);
	sc->claim = sc->description = "";
	return sc;
}

void scene_title(struct scene *sc, const char *claim, const char *description)
{
	sc->claim = shown(sc->arena, claim != NULL ? claim : "");
	sc->description = shown(sc->arena, description != NULL ? description : "");
}

double scene_width(const struct scene *sc)
{
	return sc->width;
}

double scene_height(const struct scene *sc)
{
	return sc->height;
}

const char *scene_claim(const struct scene *sc)
{
	return sc->claim;
}

const char *scene_description(const struct scene *sc)
{
	return sc->description;
}

const struct shape *scene_shapes(const struct scene *sc, size_t *count)
{
	*count = sc->count;
	return sc->shapes;
}

static struct shape *add(struct scene *sc, enum shape_kind kind)
{
	struct shape *sh;

	if (sc->count == sc->room) {
		size_t room = sc->room > 0 ? sc->room * 2 : 64;
		struct shape *more = ARENA_ARRAY(sc->arena, struct shape, room);

		if (sc->count > 0)
			memcpy(more, sc->shapes, sc->count * sizeof(*more));
		sc->shapes = more;
		sc->room = room;
	}
	sh = &sc->shapes[sc->count++];
	memset(sh, 0, sizeof(*sh));
	sh->kind = kind;
	sh->fill = sh->stroke = sh->ink = NO_COLOUR;
	return sh;
}

void scene_note(struct scene *sc, const char *what, const uint64_t *proof, size_t n)
{
	struct shape *sh = add(sc, SHAPE_NOTE);

	sh->string = shown(sc->arena, what != NULL ? what : "");
	sh->proof = n > 0 ? proof : NULL;
	sh->proof_count = proof != NULL ? n : 0;
}

void scene_text(struct scene *sc, double x, double y, double size, enum face face, enum align align,
                colour ink, const char *string)
{
	struct shape *sh;

	if (string == NULL || string[0] == '\0')
		return;
	sh = add(sc, SHAPE_TEXT);
	sh->x = sane(x);
	sh->y = sane(y);
	sh->size = fmin(fmax(sane(size), 1), 300);
	sh->face = face;
	sh->align = align;
	sh->ink = ink;
	sh->string = shown(sc->arena, string);
}

static struct shape *path(struct scene *sc, struct step *steps, size_t count, colour fill, colour stroke,
                          double width)
{
	struct shape *sh = add(sc, SHAPE_PATH);

	sh->steps = steps;
	sh->step_count = count;
	sh->fill = fill;
	sh->stroke = stroke;
	sh->width = fmax(sane(width), 0);
	return sh;
}

static struct step at(enum step_kind kind, double x, double y)
{
	return (struct step){ .kind = kind, .x = sane(x), .y = sane(y) };
}

static struct step bend(double x1, double y1, double x2, double y2, double x, double y)
{
	return (struct step){ STEP_CURVE, sane(x), sane(y), sane(x1), sane(y1), sane(x2), sane(y2) };
}

void scene_polyline(struct scene *sc, const double *xy, size_t points, double width, colour ink, enum dash dash)
{
	struct step *steps;
	struct shape *sh;

	if (points < 2)
		return;
	steps = ARENA_ARRAY(sc->arena, struct step, points);
	for (size_t i = 0; i < points; i++)
		steps[i] = at(i == 0 ? STEP_MOVE : STEP_LINE, xy[2 * i], xy[2 * i + 1]);
	sh = path(sc, steps, points, NO_COLOUR, ink, width);
	sh->dash = dash;
}

void scene_line(struct scene *sc, double x1, double y1, double x2, double y2, double width, colour ink,
                enum dash dash)
{
	const double xy[] = { x1, y1, x2, y2 };

	scene_polyline(sc, xy, 2, width, ink, dash);
}

void scene_polygon(struct scene *sc, const double *xy, size_t points, colour fill, colour stroke, double width)
{
	struct step *steps;

	if (points < 3)
		return;
	steps = ARENA_ARRAY(sc->arena, struct step, points + 1);
	for (size_t i = 0; i < points; i++)
		steps[i] = at(i == 0 ? STEP_MOVE : STEP_LINE, xy[2 * i], xy[2 * i + 1]);
	steps[points].kind = STEP_CLOSE;
	path(sc, steps, points + 1, fill, stroke, width);
}

void scene_disc(struct scene *sc, double x, double y, double r, colour fill, colour stroke, double width)
{
	struct step *s = ARENA_ARRAY(sc->arena, struct step, 6);
	double k;

	x = sane(x);
	y = sane(y);
	r = fmax(sane(r), 0);
	k = r * ROUND;
	s[0] = at(STEP_MOVE, x + r, y);
	s[1] = bend(x + r, y + k, x + k, y + r, x, y + r);
	s[2] = bend(x - k, y + r, x - r, y + k, x - r, y);
	s[3] = bend(x - r, y - k, x - k, y - r, x, y - r);
	s[4] = bend(x + k, y - r, x + r, y - k, x + r, y);
	s[5].kind = STEP_CLOSE;
	path(sc, s, 6, fill, stroke, width);
}

void scene_rect(struct scene *sc, double x, double y, double w, double h, double radius, colour fill,
                colour stroke, double width)
{
	struct step *s = ARENA_ARRAY(sc->arena, struct step, 9);
	double r, k, x2, y2;

	x = sane(x);
	y = sane(y);
	w = fmax(sane(w), 0);
	h = fmax(sane(h), 0);
	r = fmin(fmax(sane(radius), 0), fmin(w, h) / 2);
	if (r <= 0) {
		const double xy[] = { x, y, x + w, y, x + w, y + h, x, y + h };

		scene_polygon(sc, xy, 4, fill, stroke, width);
		return;
	}
	k = r * (1 - ROUND);
	x2 = x + w;
	y2 = y + h;
	s[0] = at(STEP_MOVE, x + r, y);
	s[1] = at(STEP_LINE, x2 - r, y);
	s[2] = bend(x2 - k, y, x2, y + k, x2, y + r);
	s[3] = at(STEP_LINE, x2, y2 - r);
	s[4] = bend(x2, y2 - k, x2 - k, y2, x2 - r, y2);
	s[5] = at(STEP_LINE, x + r, y2);
	s[6] = bend(x + k, y2, x, y2 - k, x, y2 - r);
	s[7] = at(STEP_LINE, x, y + r);
	s[8] = bend(x, y + k, x + k, y, x + r, y);
	path(sc, s, 9, fill, stroke, width);
}

/* ---- strings that must fit ---- */

/* The first `head` and the last `tail` characters of s with an ellipsis between. */
static const char *cut(struct arena *a, const char *s, const size_t *starts, size_t runes, size_t head,
                       size_t tail)
{
	return arena_printf(a, "%.*s\xE2\x80\xA6%s", (int)starts[head], s, s + starts[runes - tail]);
}

static double width_of(const struct measure *m, const char *s, double size, enum face face)
{
	return m->width(m->ctx, s, size, face);
}

/* Half of what is kept is tail, more when half is below the least. Where there is room for a handful of
 * characters only, beginning and end count alike. */
static size_t tail_of(size_t kept)
{
	size_t half = kept / 2;

	return half >= TAIL_LEAST || kept < TAIL_LEAST + 4 ? half : TAIL_LEAST;
}

const char *measure_fit(const struct measure *m, struct arena *a, const char *s, double size, enum face face,
                        double room)
{
	const char *whole = shown(a, s);
	size_t n = strlen(whole), runes = 0, low = 0, high, used = 0;
	size_t *starts;

	/* No line of a page holds so much; a hostile megabyte must not be measured rune by rune. */
	if (n <= 4096 && width_of(m, whole, size, face) <= room)
		return whole;
	starts = ARENA_ARRAY(a, size_t, n + 1);
	while (used < n) {
		size_t taken;

		utf8_next(whole + used, n - used, &taken);
		starts[runes++] = used;
		used += taken;
	}
	starts[runes] = n;
	/* The most characters that fit; low always fits (at worst the ellipsis alone). */
	high = runes > 1024 ? 1024 : runes > 0 ? runes - 1 : 0;
	while (low < high) {
		size_t kept = (low + high + 1) / 2, tail = tail_of(kept);

		if (width_of(m, cut(a, whole, starts, runes, kept - tail, tail), size, face) <= room)
			low = kept;
		else
			high = kept - 1;
	}
	return cut(a, whole, starts, runes, low - tail_of(low), tail_of(low));
}

size_t measure_lines(const struct measure *m, struct arena *a, const char *s, double size, enum face face, double room,
                     const char **out, size_t most)
{
	size_t n = 0;

	if (m->lines != NULL)
		return m->lines(m->ctx, a, s, size, face, room, out, most);
	while (n + 1 < most) {
		size_t end = 0;

		for (size_t i = 1; s[i - 1] != '\0'; i++)
			if ((s[i] == ' ' || s[i] == '\0') && width_of(m, arena_dupn(a, s, i), size, face) <= room)
				end = i;
		if (end == 0 || s[end] == '\0')
			break;
		out[n++] = arena_dupn(a, s, end);
		s += end + 1;
	}
	out[n++] = measure_fit(m, a, s, size, face, room);
	return n;
}
