/* Techniques of ATT&CK, Enterprise and Mobile, as the release at hand names them (templates/knowledge/attack.xml).
 * Records keep the ids they came with; what is concluded and printed speaks of today's.
 *
 *     struct attack *at;
 *     attack_load(&at, "templates/knowledge", f);
 *     attack_current(at, "T1086");          "T1059.001"
 *     attack_name(at, "T1086");             "PowerShell"
 *     attack_free(at);
 */
#ifndef TSUMUGI_ATTACK_H
#define TSUMUGI_ATTACK_H

#include "analyst/base/arena.h"
#include "analyst/base/fault.h"

struct attack;

int attack_load(struct attack **out, const char *folder, struct fault *f);
void attack_free(struct attack *at);      /* accepts NULL */

const char *attack_release(const struct attack *at);                     /* "19" */
/* The id that replaced a revoked one, else id itself. */
const char *attack_current(const struct attack *at, const char *id);
/* English, as MITRE has it; of a sub-technique its own name only. NULL for an id that the release does not know. */
const char *attack_name(const struct attack *at, const char *id);
/* A list of ids parted by spaces, each brought up to date, sorted, each once; NULL of NULL. */
const char *attack_list(const struct attack *at, const char *ids, struct arena *a);

#endif
