/* Redaction: what names the customer's own machines, accounts, addresses and folders is replaced in the data,
 * before anything is drawn, by HOST-01, USER-01, ADDR-01, PATH-01, DOMAIN-01. One value has one pseudonym in
 * texts, charts, tables, bookmarks and metadata, because all of them are made from the same data.
 *
 *     struct redaction *rd = NULL;
 *     redact_analysis(&rd, &an, &narratives, &sources, source_count, phrases, "default", arena, f);
 *     redaction_shows(rd, "Contoso Ltd.");
 *     request.refuse = redaction_refuse, request.refuse_ctx = rd;
 *
 * What is hidden and what is kept says a profile (templates/profile.h). Numbers follow the queue: the first
 * incident's machine is HOST-01. A value is found in any case and width (analyst/base/fold.h), inside paths, URLs,
 * commands and longer names, with broken dots, percent signs or \u before its letters, and in runs of base64 or
 * hexadecimal digits that can be read. */
#ifndef TSUMUGI_REDACT_H
#define TSUMUGI_REDACT_H

#include "analyst/model/incident.h"
#include "analyst/model/narrative.h"
#include "analyst/store/store.h"
#include "templates/story.h"

struct redaction;

/* Replaces the three by copies without the values. profile: "default" or a file. The arena keeps everything. */
int redact_analysis(struct redaction **out, const struct analysis **an, const struct narrative **narratives,
                    const struct source_row **sources, size_t source_count, const struct phrases *p,
                    const char *profile, struct arena *a, struct fault *f);

/* Words that stand in the report on purpose: who it is for, who sends it. They are replaced in data all the same.
 * NULL is no word. */
void redaction_shows(struct redaction *rd, const char *words);

/* Whether a logo stays: it is a name, too. True without a redaction. */
bool redaction_keeps_logo(const struct redaction *rd);

/* A string as a redacted report has it. NULL gives NULL; without a redaction the string itself. */
const char *redact_text(struct redaction *rd, const char *s);

/* A fault when the bytes hold a value that was redacted; ctx is the redaction. HTML, SVG and JSON are searched in what
 * they say, not in their element names and keys. Values that are words of the reports themselves ("operator") are
 * not looked for: they were replaced where they stood as names. */
int redaction_refuse(const void *ctx, const char *bytes, size_t n, struct fault *f);

#endif
