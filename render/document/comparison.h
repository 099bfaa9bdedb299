/* The period of a report beside the one before it, as far as the case file has that: a period asked for beside as many
 * days before it; without one, where the case file spans more than a week, its last seven days beside the seven before.
 * Alerts and machines are counted by the time of each alert, incidents of the queue by whether they have an alert in
 * the period (view.h). An incident that is not seen again is called no more than that: silence closes nothing. */
#ifndef TSUMUGI_COMPARISON_H
#define TSUMUGI_COMPARISON_H

#include "analyst/model/view.h"
#include "render/document/report.h"

#define EARLIER_MOST 4                /* periods whose median is told, see CONVENTIONS 2.4 */

enum compared {
	COMPARED_NOT,                 /* the case file holds nothing of the time before */
	COMPARED_PARTLY,              /* its records begin or end within what is compared */
	COMPARED_FULLY
};

struct comparison {
	enum compared how;
	bool last_days;               /* the last seven days of a longer case file */
	struct stretch now, before;
	instant from, to;             /* the records of the case file; INSTANT_NONE without any */
	bool begins_within, ends_within;      /* the records do, by a day or more */
	/* Medians of the four periods before, twice, so that halves are whole numbers; -1 unless all four are held. */
	int64_t alerts_twice, incidents_twice, hosts_twice;
	const char **fresh, **silent;         /* sources that only now, or only before, recorded anything; as they are written */
	size_t fresh_count, silent_count;
};

void comparison_make(struct comparison *out, const struct report_request *rq, struct arena *a);
/* What it comes to, in one to four sentences: for the weekly report; short: one for people who decide. */
const char *comparison_said(const struct comparison *c, const struct report_request *rq, struct arena *a);
const char *comparison_short(const struct comparison *c, const struct report_request *rq, struct arena *a);
/* "the week before", "the 3 days before". */
const char *comparison_before(const struct comparison *c, const struct report_request *rq, struct arena *a);
/* The change in alerts as a whole number of per cent; false where few or partly known alerts allow none. */
bool comparison_share(const struct comparison *c, int64_t *percent);

#endif
