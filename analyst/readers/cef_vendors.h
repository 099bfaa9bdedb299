/* Where vendors say in CEF something else, or elsewhere, than the format has it. */
#ifndef TSUMUGI_CEF_VENDORS_H
#define TSUMUGI_CEF_VENDORS_H

#include "analyst/readers/cef.h"

/* A key in which a vendor says what the format has another key for; NULL: what it has none for. */
struct cef_renamed {
	const char *from, *to;
};

struct cef_vendor {
	const char *vendor, *product;        /* product NULL: all of the vendor's */
	const struct field *fields;          /* taken before those of the format, and so instead of them; may be NULL */
	const struct band *severities;       /* of the header; NULL: the format's */
	const char *threat;                  /* the key that holds "Name of the threat(4711)", or NULL */
	bool packets;                        /* src and dst are the ends of the judged packet, not of the call */
	bool session_ids;                    /* externalId counts sessions: many alerts have the same */
	const struct cef_renamed *renamed;   /* ends at a row without `from`; may be NULL */
};

/* NULL when nothing is special. */
const struct cef_vendor *cef_vendor_of(const char *const header[CEF_HEADER]);

/* Logs that a product writes of itself or of traffic, and no judgement. */
bool cef_is_own_log(const char *const header[CEF_HEADER], const struct pairs *p);

/* p in the order of the call: itself, or a copy in the arena with its ends exchanged. */
const struct pairs *cef_called(const struct pairs *p, struct arena *arena);

/* p with the format's own keys: itself, or a copy in the arena. */
const struct pairs *cef_renamed(const struct pairs *p, const struct cef_renamed *renamed, struct arena *arena);

/* "Apache Struts Remote Code Execution(34221)" is a name and an id. */
void cef_name_threat(struct rule *rule, struct arena *arena, const char *s);

#endif
