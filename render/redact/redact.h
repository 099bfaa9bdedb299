/* Redaction: what names the customer's own machines, accounts, addresses and folders is replaced in the data,
 * before anything is drawn, by HOST-01, USER-01, ADDR-01, PATH-01, DOMAIN-01. One value has one pseudonym in
 * texts, charts, tables, bookmarks and metadata, because all of them are made from the same data.
 *
 *     struct redaction *rd = NULL;
 *     redact_analysis(&rd, &an, &narratives, &sources, source_count, phrases, "default", arena, f);
 *     request.refuse = redaction_refuse, request.refuse_ctx = rd;
 *
 * Numbers follow the queue: the first incident's machine is HOST-01. Accounts every system has (SYSTEM, root)
 * keep their names. */
#ifndef TSUMUGI_REDACT_H
#define TSUMUGI_REDACT_H

#include "analyst/model/incident.h"
#include "analyst/model/narrative.h"
#include "analyst/store/store.h"
#include "templates/story.h"

struct redaction;

/* Replaces the three by copies without the values. The arena keeps everything. */
int redact_analysis(struct redaction **out, const struct analysis **an, const struct narrative **narratives,
                    const struct source_row **sources, size_t source_count, const struct phrases *p,
                    const char *profile, struct arena *a, struct fault *f);

/* A string as a redacted report has it. NULL gives NULL; without a redaction the string itself. */
const char *redact_text(struct redaction *rd, const char *s);

/* A fault when the bytes hold a value that was redacted; ctx is the redaction. Values that are words of the
 * reports themselves ("operator") are not looked for: they were replaced where they stood as names. */
int redaction_refuse(const void *ctx, const char *bytes, size_t n, struct fault *f);

#endif
