/* A report as one JSON document, from the same request as the PDF: every sentence with its words in both
 * languages, facts and evidence ids, the marks of the attack timeline with theirs, and totals that add up.
 *
 *     {"schema": "tsumugi-report", "schema_version": 1,
 *      "report":    {"kind": "weekly", "lang": "en", "zone": "UTC", ...},   what it was asked to be
 *      "notes":     [{"incident", "field", "lang", "text"}],                what people filled in, if they did
 *      "incidents": [{keys of incidents --json,
 *                     "sentences": [{"part", "key", "en", "ja", "certainty", "facts", "alert_ids", ...}],
 *                     "timeline":  {"chart", "claim", "marks": [{"number", "at", "label", "alert_ids"}]},
 *                     "charts":    [{"chart", "claim", "caption", "marks": [{"what", "alerts", "alert_ids"}]}],
 *                     "evidence":  [{"episode", "rule", "alert_ids", ...}]}],
 *      "charts":    as an incident's, of the whole week; not in a report of one incident
 *      "counts":    {"records", "alerts", "episodes", "incidents"},
 *      "sources":   [{"name", "sha256", "read", ...}]}
 *
 * An executive briefing's is what its page rests on: its incident, as the customer's report tells it.
 * Times are UTC, spans seconds, values exact. Where a sentence or mark rests on more than 1,000 alerts the
 * first are listed with it; "evidence" lists all of them once, by episode. */
#ifndef TSUMUGI_REPORT_JSON_H
#define TSUMUGI_REPORT_JSON_H

#include "render/document/report.h"

#define REPORT_SCHEMA "tsumugi-report"
#define REPORT_SCHEMA_VERSION 1

/* One kind of report; a request with an incident tells that one alone. */
struct report_form {
	const char *kind;
	enum register_ reg;
	bool of_incident;
};
extern const struct report_form report_forms[];          /* ends at a row without a kind */
const struct report_form *report_form_find(const char *kind);      /* or NULL */

int report_json(struct text *out, const struct report_form *form, const struct report_request *rq, struct fault *f);

#endif
