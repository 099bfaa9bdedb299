/* One spelling for each thing, so that what two products saw of it joins (entity.h).
 * Results live in the arena. */
#ifndef TSUMUGI_CANON_H
#define TSUMUGI_CANON_H

#include "analyst/base/arena.h"
#include "analyst/model/alert.h"
#include "analyst/model/indicator.h"

/* Adds what s says to the alert, canonical, under the kind it turns out to be: an address
 * in a host field is an address, "10.0.0.1:80" is an address and a port. NULL, blank
 * text and placeholders add nothing. */
void canon_add(struct alert *a, struct arena *arena, enum entity_kind kind, enum entity_role role,
               const char *s);
/* The same of n bytes, which are not NULL. */
void canon_addn(struct alert *a, struct arena *arena, enum entity_kind kind, enum entity_role role,
                const char *s, size_t n);

/* Canonical spellings; NULL when s is none of that kind. */
const char *canon_ip(struct arena *arena, const char *s, size_t n);       /* "[::ffff:1.2.3.4]" is 1.2.3.4 */
const char *canon_cidr(struct arena *arena, const char *s, size_t n);     /* host bits cleared */
const char *canon_domain(struct arena *arena, const char *s, size_t n);   /* A-labels; no port, no final dot */
const char *canon_url(struct arena *arena, const char *s, size_t n);      /* scheme may be missing */
const char *canon_hash(struct arena *arena, const char *s, size_t n, enum indicator_kind *kind);
const char *canon_fingerprint(struct arena *arena, const char *s, size_t n);     /* "AA:BB:.." is "aabb.." */

const char *canon_registry(struct arena *arena, const char *s, size_t n);        /* "HKLM\\X" is "hkey_local_machine\\x"; never NULL */

const char *lower_ascii(struct arena *arena, const char *s, size_t n);
/* The last component of a path of either kind. */
const char *last_component(const char *path);

/* ATT&CK ids out of any text ("attack.t1059.001", "Phishing (T1566)"), gathered and then
 * written sorted, each once, parted by spaces; NULL when there were none. */
#define IDS_MOST 24
struct ids {
	char ids[IDS_MOST][12];
	size_t count;
};
void ids_add_techniques(struct ids *ids, const char *s);
/* Also by name: "lateral-movement", "Lateral_Movement", "LatMov". */
void ids_add_tactics(struct ids *ids, const char *s);
const char *ids_text(struct ids *ids, struct arena *arena);

#endif
