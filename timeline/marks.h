/* The marks every chart shares: severity by shape and colour, numbered discs, arrows. */
#ifndef TSUMUGI_MARKS_H
#define TSUMUGI_MARKS_H

#include "analyst/model/alert.h"
#include "analyst/model/incident.h"
#include "timeline/scene.h"

/* Diamond, triangle, square, circle: told apart without colour. r is half the height. */
void mark_severity(struct scene *sc, double x, double y, double r, enum severity severity);
void mark_priority(struct scene *sc, double x, double y, double r, enum priority priority);
colour mark_priority_fill(enum priority priority);
colour mark_priority_tint(enum priority priority);       /* mixed with white, for lines that only lead the eye */

#define DISC_RADIUS 6.0
void mark_number(struct scene *sc, double x, double y, unsigned number, colour fill);
/* A vertical arrow from y1 to y2 with its head at y2. */
void mark_arrow(struct scene *sc, double x, double y1, double y2, colour ink, enum dash dash);

#endif
