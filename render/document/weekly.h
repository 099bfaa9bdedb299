/* Shared by weekly.c and weekly_pages.c. */
#ifndef TSUMUGI_WEEKLY_H
#define TSUMUGI_WEEKLY_H

#include "render/document/report_parts.h"

#define OVERVIEW_LEAST 150.0
#define OVERVIEW_STEP 16.0            /* lower before "do first" loses a row */
#define OVERVIEW_GROWS 60.0

struct rule_count {
	uint32_t rule, told, left, episodes;     /* alerts told in incidents of the queue, and not */
};

struct weekly {
	struct report r;
	struct chart_finding found;              /* of the week overview */
	struct rule_count *rules;                /* the most left out first */
	uint64_t told_alerts, minor_alerts, lone_alerts;
	size_t by_priority[4], act;              /* act: incidents of the top priority */
	enum priority top;
	double overview;                         /* height of the week overview */
	int tight;                               /* 0: the first page has room for all its rows */
	uint32_t shown;                          /* incidents in the first page's table */
	bool one_page;                           /* the first page's blocks fit on it */
	struct tally sum;
};

int weekly_incident(struct weekly *wk, const struct incident *in, struct fault *f);
void weekly_totals(struct weekly *wk);

#endif
