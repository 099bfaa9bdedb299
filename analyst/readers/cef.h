/* What a CEF message says, however it came: as text, or as the columns that Sentinel keeps it in. */
#ifndef TSUMUGI_CEF_H
#define TSUMUGI_CEF_H

#include "analyst/readers/lines.h"
#include "analyst/readers/reader.h"

/* The header's fields behind "CEF:"; none is NULL. */
enum { CEF_VERSION, CEF_VENDOR, CEF_PRODUCT, CEF_DEVICE_VERSION, CEF_CLASS_ID, CEF_NAME, CEF_SEVERITY, CEF_HEADER };

/* What vendors call what became of it, in CEF and elsewhere. */
extern const struct named cef_actions[];

/* The alert of a header and an extension, keys as CEF has them; `when` is the time for messages that state none, or
 * NULL. What only logs traffic or access is handed on as telemetry. */
int cef_give(struct reading *rg, const struct record *rec, const char *const header[CEF_HEADER], const struct pairs *p,
             const char *when, struct fault *f);

#endif
