/* What STIX 2.1 bundles have in common: the head of an object, its marking, the bundle. */
#ifndef TSUMUGI_STIX_H
#define TSUMUGI_STIX_H

#include "render/export/exports.h"

struct stix {
	struct text *out;
	const struct export_request *rq;
	const char *label;           /* TLP, or NULL */
	const char *identity;
	bool any;
};

void stix_begin(struct stix *s, const char *key, instant made);
void stix_end(struct stix *s);
/* {"type":...,"id":...[,"created":...,"modified":...] and the marking; the caller adds fields and closes with '}'.
 * created INSTANT_NONE: an observable, which has neither times nor creator. */
void stix_object(struct stix *s, const char *type, const char *id, instant created, instant modified);

#endif
