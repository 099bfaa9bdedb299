/* Shared by executive.c (what is said) and executive_page.c (how it stands on the page). */
#ifndef TSUMUGI_EXECUTIVE_H
#define TSUMUGI_EXECUTIVE_H

#include "render/document/report_parts.h"

#define NUMERALS 4
#define POINTS_MOST 6

struct numeral {
	const char *number, *unit, *label;       /* "2.3", "MB", "sent outside, content unknown" */
	const char *whole;                       /* "2.3 MB" */
	colour ink;
};

struct point {                               /* of the story line */
	instant at;
	const char *time, *text;
	colour ink;
};

struct impact {
	const char *label, *blank, *ask;         /* blank NULL: it was filled in, and ask is what with */
};

/* All are blocks of the flow, drawn for the page and told for what has none; strings must live as long as the report. */
void executive_numerals(struct report *r, const struct numeral list[NUMERALS]);
/* How far below the line the leader of mark i to its label runs level: at heights of their own, so that leaders of
 * marks which stand close never touch. Both lists ascend; points. */
double executive_leader(const double *marks, const double *labels, size_t n, size_t i);
/* Under its heading: the line between the first and the last attacker's point, coloured and labelled with span. */
void executive_line(struct report *r, const char *head, const struct point *points, size_t n, const char *span);
/* An empty scale of four steps for each, "to be filled in", and what to ask. */
void executive_impacts(struct report *r, const struct impact *list, size_t n);
void executive_decisions(struct report *r, const char *head, const struct sentence *list, size_t n,
                         const char *const *due);

#endif
