/* Shared by executive.c (what is said) and executive_page.c (how it stands on the page). */
#ifndef TSUMUGI_EXECUTIVE_H
#define TSUMUGI_EXECUTIVE_H

#include "render/document/report_parts.h"

#define NUMERALS 4
#define POINTS_MOST 6

struct numeral {
	const char *number, *unit, *label;       /* "2.3", "MB", "sent outside, content unknown" */
	colour ink;
};

struct point {                               /* of the story line */
	instant at;
	const char *time, *text;
	colour ink;
};

/* All drawings are blocks of the flow; strings must live as long as the report. */
void executive_numerals(struct report *r, const struct numeral list[NUMERALS]);
/* Before which point the line is broken, because nothing was recorded for most of the time; n: nowhere. */
size_t executive_break(const struct point *points, size_t n);
/* How far below the line the leader of mark i to its label runs level: at heights of their own, so that leaders of
 * marks which stand close never touch. Both lists ascend; points. */
double executive_leader(const double *marks, const double *labels, size_t n, size_t i);
/* The line between the first and the last attacker's point is coloured and labelled with span. */
void executive_line(struct report *r, const struct point *points, size_t n, const char *span);
/* An empty scale of four steps, "to be filled in", and what to ask. */
void executive_impact(struct report *r, const char *label, const char *blank, const char *ask);
void executive_decisions(struct report *r, const char *head, const struct sentence *list, size_t n,
                         const char *const *due);

#endif
