/* A small sorted set of names, for a cell.
 *
 *     struct names n = { 0 };
 *     names_add(&n, "Suricata", NAMES_MOST);
 *     s = names_text(r, &n, ", ", 4);           // frees the set; "Suricata, Wazuh +2", NULL if empty
 */
#ifndef TSUMUGI_REPORT_NAMES_H
#define TSUMUGI_REPORT_NAMES_H

#include "render/document/report_parts.h"

#define NAMES_MOST 64             /* of one kind that are gathered */

struct names {
	const char **list;            /* lent strings */
	size_t used, room;
};

void names_add(struct names *n, const char *s, size_t most);
const char *names_text(const struct report *r, struct names *n, const char *between, size_t most);

#endif
