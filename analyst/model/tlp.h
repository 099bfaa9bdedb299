/* Traffic Light Protocol 2.0: who may be told. */
#ifndef TSUMUGI_TLP_H
#define TSUMUGI_TLP_H

#include "analyst/model/incident.h"

/* "white", "amber", "TLP:AMBER+STRICT" as the model spells it: "TLP:AMBER"; NULL for other words and of NULL. */
const char *tlp_named(const char *s);
/* Of two labels, in any spelling, the stricter as the model spells it. No label (NULL, other words) asks for nothing. */
const char *tlp_stricter(const char *a, const char *b);

/* The indicator with the strictest label among those met in the incident's alerts, or in all alerts (in NULL): what
 * tells of them may not be laxer. NULL where none is marked. */
const struct indicator *tlp_strictest(const struct analysis *an, const struct incident *in);

#endif
