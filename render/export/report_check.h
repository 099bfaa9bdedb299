/* A report in JSON against the one that the case file gives today: what is not supported, one line each. */
#ifndef TSUMUGI_REPORT_CHECK_H
#define TSUMUGI_REPORT_CHECK_H

#include "analyst/proof/proof.h"
#include "render/export/json_tree.h"

/* given: the report as it came; supported: the same report made anew; week: whose alerts may be cited. */
void report_check(struct findings *out, const struct node *given, const struct node *supported, const struct week *week,
                  struct arena *a);

#endif
