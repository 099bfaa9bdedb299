/* What Windows itself only logs, judged by rules that are data: which events are worth an
 * alert. Stands between the readers and the store; knows neither files nor formats.
 *
 *     struct detections *d;
 *     detections_load(&d, "templates/knowledge/detections.xml", f);
 *     sink.judge = detections_judge; ... ctx d
 *     detections_free(d);
 *
 * The file says how a rule is written. Rules are read once and then never changed, so that
 * several threads may ask. */
#ifndef TSUMUGI_DETECT_H
#define TSUMUGI_DETECT_H

#include "analyst/base/fault.h"
#include "analyst/model/event.h"

#define DETECT_PRODUCT "tsumugi"

struct detections;

/* A bad rule is a fault with file and line. */
int detections_load(struct detections **out, const char *path, struct fault *f);
void detections_free(struct detections *d);              /* accepts NULL */

/* The severest rule that matches, of equals the first in the file; NULL when none does.
 * Lent, lives as long as d. */
const struct judgement *detections_judge(const struct detections *d, const struct event *e);

#endif
