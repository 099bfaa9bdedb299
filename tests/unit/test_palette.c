/* Colours that readers can tell apart: contrast by WCAG 2.1 (relative luminance), and severities as people see them who
 * lack one kind of cone (Machado, Oliveira, Fernandes 2009, severity 1.0), as a distance in CIE L*a*b* (Delta-E 1976). */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <math.h>
#include <stdint.h>

#include "timeline/palette.h"

#define READABLE 4.5                  /* WCAG AA, text of ordinary size */
#define TOLD_APART 15.0               /* Delta-E */

struct linear { double c[3]; };

static struct linear linear_of(uint32_t rgb)
{
	struct linear out;

	for (int i = 0; i < 3; i++) {
		double v = ((rgb >> (16 - 8 * i)) & 0xFF) / 255.0;

		out.c[i] = v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4);
	}
	return out;
}

static double luminance(uint32_t rgb)
{
	struct linear l = linear_of(rgb);

	return 0.2126 * l.c[0] + 0.7152 * l.c[1] + 0.0722 * l.c[2];
}

static double contrast(uint32_t ink, uint32_t paper)
{
	double a = luminance(ink), b = luminance(paper);

	return (fmax(a, b) + 0.05) / (fmin(a, b) + 0.05);
}

static void text_can_be_read(void **state)
{
	static const struct { const char *name; uint32_t ink, paper; } roles[] = {
		{ "ink", INK, WHITE }, { "second ink", INK_2, WHITE }, { "muted", MUTE, WHITE }, { "navy", NAVY, WHITE },
		{ "link", BLUE, WHITE }, { "attacker", ATTACKER, WHITE }, { "response", RESPONSE, WHITE },
		{ "critical", CRITICAL_FILL, WHITE }, { "medium", MEDIUM_LINE, WHITE },
		{ "ink in a box", INK, TINT }, { "second ink in a box", INK_2, TINT }, { "link in a box", BLUE, TINT },
		{ "muted in a box", MUTE, TINT }, { "response in its lane", RESPONSE, RESPONSE_TINT },
		{ "white on navy", WHITE, NAVY }, { "white on crimson", WHITE, CRITICAL_FILL },
		{ "white on an attacker's disc", WHITE, ATTACKER }, { "white on a response's disc", WHITE, RESPONSE },
		{ "ink on the urgent row", INK, CRITICAL_TINT },
	};

	(void)state;
	for (size_t i = 0; i < sizeof roles / sizeof roles[0]; i++)
		if (contrast(roles[i].ink, roles[i].paper) < READABLE)
			fail_msg("%s: %.2f : 1", roles[i].name, contrast(roles[i].ink, roles[i].paper));
}

/* ---- colour-blind ---- */

static const double sights[][3][3] = {
	{ { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } },
	{ { 0.152286, 1.052583, -0.204868 }, { 0.114503, 0.786281, 0.099216 }, { -0.003882, -0.048116, 1.051998 } },    /* protan */
	{ { 0.367322, 0.860646, -0.227968 }, { 0.280085, 0.672501, 0.047413 }, { -0.011820, 0.042940, 0.968881 } },     /* deutan */
	{ { 1.255528, -0.076749, -0.178779 }, { -0.078411, 0.930809, 0.147602 }, { 0.004733, 0.691367, 0.303900 } },    /* tritan */
};

static double cube_root_of(double t)
{
	return t > 216.0 / 24389 ? cbrt(t) : (24389.0 / 27 * t + 16) / 116;
}

static void lab(double out[3], uint32_t rgb, const double sight[3][3])
{
	static const double to_xyz[3][3] = { { 0.4124564, 0.3575761, 0.1804375 }, { 0.2126729, 0.7151522, 0.0721750 },
	                                     { 0.0193339, 0.1191920, 0.9503041 } };
	static const double white[3] = { 0.95047, 1, 1.08883 };
	struct linear l = linear_of(rgb);
	double seen[3], f[3];

	for (int i = 0; i < 3; i++) {
		seen[i] = 0;
		for (int k = 0; k < 3; k++)
			seen[i] += sight[i][k] * l.c[k];
		seen[i] = fmin(1, fmax(0, seen[i]));
	}
	for (int i = 0; i < 3; i++) {
		double xyz = 0;

		for (int k = 0; k < 3; k++)
			xyz += to_xyz[i][k] * seen[k];
		f[i] = cube_root_of(xyz / white[i]);
	}
	out[0] = 116 * f[1] - 16;
	out[1] = 500 * (f[0] - f[1]);
	out[2] = 200 * (f[1] - f[2]);
}

static double distance(uint32_t a, uint32_t b, const double sight[3][3])
{
	double p[3], q[3];

	lab(p, a, sight);
	lab(q, b, sight);
	return sqrt((p[0] - q[0]) * (p[0] - q[0]) + (p[1] - q[1]) * (p[1] - q[1]) + (p[2] - q[2]) * (p[2] - q[2]));
}

static void all_differ(const uint32_t *list, size_t n)
{
	for (size_t s = 0; s < sizeof sights / sizeof sights[0]; s++)
		for (size_t i = 0; i < n; i++)
			for (size_t k = 0; k < i; k++)
				if (distance(list[i], list[k], sights[s]) < TOLD_APART)
					fail_msg("sight %zu: #%06X and #%06X are %.1f apart", s, list[i], list[k], distance(list[i], list[k], sights[s]));
}

static void severities_and_sides_are_told_apart_by_all(void **state)
{
	static const uint32_t severities[] = { CRITICAL_FILL, HIGH_FILL, MEDIUM_FILL, LOW_FILL }, sides[] = { ATTACKER, RESPONSE, HUMAN };

	(void)state;
	all_differ(severities, 4);
	all_differ(sides, 3);
}

/* Printed without colour, more is darker. */
static void a_heat_strip_darkens(void **state)
{
	static const uint32_t heat[] = { HEAT_0, HEAT_1, HEAT_2, HEAT_3, HEAT_4 };

	(void)state;
	for (size_t i = 1; i < sizeof heat / sizeof heat[0]; i++)
		assert_true(luminance(heat[i]) < luminance(heat[i - 1]));
}

/* Values that others publish: black on white is 21 : 1, and a known pair's distance. */
static void the_measures_are_right(void **state)
{
	(void)state;
	assert_true(fabs(contrast(BLACK, WHITE) - 21) < 0.01);
	assert_true(fabs(contrast(0x767676, WHITE) - 4.54) < 0.01);
	assert_true(fabs(distance(WHITE, BLACK, sights[0]) - 100) < 0.01);
	assert_true(distance(INK, INK, sights[2]) < 1e-9);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_measures_are_right),
		cmocka_unit_test(text_can_be_read),
		cmocka_unit_test(severities_and_sides_are_told_apart_by_all),
		cmocka_unit_test(a_heat_strip_darkens),
	};

	return cmocka_run_group_tests_name("palette", tests, NULL, NULL);
}
