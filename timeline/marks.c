#include "timeline/marks.h"

#include <math.h>
#include <stdio.h>

#include "timeline/palette.h"

struct look {
	colour fill, line, tint;
};

/* By enum priority, which is also the order of the severities low to critical. */
static const struct look looks[] = {
	[PRIORITY_LOW] = { LOW_FILL, LOW_LINE, 0xC5D6E3 },
	[PRIORITY_MEDIUM] = { MEDIUM_FILL, MEDIUM_LINE, 0xF7DFA6 },
	[PRIORITY_HIGH] = { HIGH_FILL, HIGH_FILL, 0xF0C3A3 },
	[PRIORITY_CRITICAL] = { CRITICAL_FILL, CRITICAL_FILL, 0xD6A8B5 },
};

static enum priority as_priority(enum severity s)
{
	switch (s) {
	case SEVERITY_CRITICAL:
		return PRIORITY_CRITICAL;
	case SEVERITY_HIGH:
		return PRIORITY_HIGH;
	case SEVERITY_MEDIUM:
		return PRIORITY_MEDIUM;
	default:
		return PRIORITY_LOW;
	}
}

static const struct look *look_of(enum priority p)
{
	return &looks[p >= PRIORITY_LOW && p <= PRIORITY_CRITICAL ? p : PRIORITY_LOW];
}

colour mark_priority_fill(enum priority p)
{
	return look_of(p)->fill;
}

colour mark_priority_tint(enum priority p)
{
	return look_of(p)->tint;
}

void mark_priority(struct scene *sc, double x, double y, double r, enum priority p)
{
	const struct look *l = look_of(p);

	switch (p) {
	case PRIORITY_CRITICAL: {
		const double xy[] = { x, y - 1.2 * r, x + 1.2 * r, y, x, y + 1.2 * r, x - 1.2 * r, y };

		scene_polygon(sc, xy, 4, l->fill, NO_COLOUR, 0);
		break;
	}
	case PRIORITY_HIGH: {
		const double xy[] = { x, y - r, x + 1.12 * r, y + 0.9 * r, x - 1.12 * r, y + 0.9 * r };

		scene_polygon(sc, xy, 3, l->fill, NO_COLOUR, 0);
		break;
	}
	case PRIORITY_MEDIUM:
		scene_rect(sc, x - 0.9 * r, y - 0.9 * r, 1.8 * r, 1.8 * r, 0, l->fill, l->line, 0.6);
		break;
	default:
		scene_disc(sc, x, y, r, l->fill, l->line, 0.6);
		break;
	}
}

void mark_severity(struct scene *sc, double x, double y, double r, enum severity s)
{
	mark_priority(sc, x, y, r, as_priority(s));
}

void mark_number(struct scene *sc, double x, double y, unsigned number, colour fill)
{
	char digits[16];
	/* Two digits stand in the disc at a size one digit does not need. */
	double size = number < 10 ? 7.4 : 6.6;

	snprintf(digits, sizeof(digits), "%u", number);
	scene_disc(sc, x, y, DISC_RADIUS, fill, WHITE, 0.9);
	scene_text(sc, x, y + size * 0.355, size, FACE_BOLD, ALIGN_CENTRE, WHITE, digits);
}

void mark_arrow(struct scene *sc, double x, double y1, double y2, colour ink, enum dash dash)
{
	double down = y2 >= y1 ? 1 : -1, neck = y2 - down * 5;
	const double head[] = { x - 2.4, neck, x + 2.4, neck, x, y2 };

	if (fabs(y2 - y1) < 6)
		return;
	scene_line(sc, x, y1, x, neck + down * 0.5, 1.15, ink, dash);
	scene_polygon(sc, head, 3, ink, NO_COLOUR, 0);
}
