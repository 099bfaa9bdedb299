/* Who and what takes part in an alert: (kind, role, canonical value).
 *
 * Values are canonical before they become entities: addresses and domains in
 * lower case without a final dot, hashes in lower case, IPv4-mapped addresses as
 * IPv4, host names in lower case without the domain that all hosts of a site share
 * kept as given. Names for display keep the first spelling seen (`shown`). */
#ifndef TSUMUGI_ENTITY_H
#define TSUMUGI_ENTITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyst/base/table.h"

enum entity_kind {
	ENTITY_HOST, ENTITY_IP, ENTITY_MAC, ENTITY_USER, ENTITY_PROCESS, ENTITY_COMMAND,
	ENTITY_FILE, ENTITY_PATH, ENTITY_MAGIC, ENTITY_HASH, ENTITY_DOMAIN, ENTITY_URL,
	ENTITY_EMAIL, ENTITY_AGENT, ENTITY_REGISTRY, ENTITY_JA3, ENTITY_CERTIFICATE,
	ENTITY_PORT, ENTITY_CVE, ENTITY_KINDS
};

/* The part an entity plays. SOURCE and DESTINATION are a connection's ends as the
 * product names them; VICTIM is the machine the product watches or that the alert
 * is about; ACTOR the account or process that acts; PARENT the process that
 * started it; OBSERVED anything else that was seen. */
enum entity_role {
	ROLE_OBSERVED, ROLE_SOURCE, ROLE_DESTINATION, ROLE_VICTIM, ROLE_ACTOR, ROLE_PARENT,
	ROLE_TARGET, ROLES
};

struct entity {
	enum entity_kind kind;
	enum entity_role role;
	uint32_t length;       /* of value; in the entities of an alert */
	uint32_t number;       /* on the way to the store: equal ones handed over together carry it; 0: none */
	const char *value;     /* canonical */
	const char *shown;     /* as first written; may equal value */
};

extern const struct named entity_kinds[];    /* "host", "ip" ... */
extern const struct named entity_roles[];

/* True for values that stand for "nothing known" (FORMATS 1.6): "-", "n/a", 0.0.0.0,
 * hashes of nothing, localhost ... Such an entity is never stored. */
bool entity_is_placeholder(enum entity_kind kind, const char *value);
bool entity_is_placeholder_n(enum entity_kind kind, const char *value, size_t n);     /* strlen(value) is n */
/* True for addresses no outsider can have: RFC 1918, 6598, 3927, loopback, ULA,
 * link-local. */
bool ip_is_internal(const char *value);
bool ip_is_valid(const char *value);         /* IPv4 dotted quad or IPv6 */
/* True for the name, without a folder, of a file that every machine or every web root has: cmd.exe, index.html. */
bool file_is_everywhere(const char *name);
/* True for such a file by its name alone, or in a folder where it belongs: "C:\Windows\System32\cmd.exe". */
bool file_is_at_home(const char *path);

#endif
