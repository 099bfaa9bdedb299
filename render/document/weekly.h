/* Shared by the files weekly*.c. */
#ifndef TSUMUGI_WEEKLY_H
#define TSUMUGI_WEEKLY_H

#include "render/document/comparison.h"
#include "render/document/report_parts.h"
#include "render/document/sections.h"

#define OVERVIEW_LEAST 150.0
#define OVERVIEW_STEP 16.0            /* lower before "do first" loses a row */
#define OVERVIEW_GROWS 60.0

struct rule_count {
	uint32_t rule, told, left, episodes;     /* alerts told in incidents of the queue, and not */
};

struct weekly {
	struct report r;
	struct composer co;
	struct chart_finding found;              /* of the week overview */
	struct rule_count *rules;                /* the most left out first */
	uint64_t alerts, told_alerts, minor_alerts, lone_alerts;     /* of the period */
	uint64_t episodes, records;              /* of the period; records: what was read, with a period what of it lies there */
	size_t by_priority[4], act;              /* act: incidents of the top priority */
	enum priority top;
	double overview;                         /* height of the week overview */
	int tight;                               /* 0: the first page has room for all its rows */
	uint32_t shown;                          /* incidents in the first page's table */
	uint32_t left_rows;                      /* in the table of what was left out */
	size_t detail;                           /* of the incidents told one by one; 0: as much as there is room for half a page */
	struct tally sum;                        /* of all files, whatever the period */
	struct comparison compared;
};

#define LEFT_OUT_ROWS 12              /* fewer where that saves a page; the noisiest are what can be tuned */
#define LEFT_OUT_LEAST 4
#define LEFT_OUT_HEIGHT 16.6          /* of a row */
#define TOTALS_HEIGHT 130.0           /* how every alert adds up: a heading and its table, which stay together */
#define SECTION_GAP 24.0              /* above its heading, see flow_section */

/* With ".period" where a period was asked for, because files are counted whole. */
const char *weekly_key(const struct weekly *wk, const char *key);

/* The sections: of the first page, */
int weekly_change(void *wk, struct fault *f);
int weekly_funnel(void *wk, struct fault *f);
int weekly_overview(void *wk, struct fault *f);
int weekly_ranked(void *wk, struct fault *f);
int weekly_actions(void *wk, struct fault *f);
int weekly_noisiest(void *wk, struct fault *f);
int weekly_blind(void *wk, struct fault *f);
/* and of the pages after it. */
int weekly_queue(void *wk, struct fault *f);
int weekly_incidents(void *wk, struct fault *f);
size_t weekly_details(void);              /* how many degrees of detail there are; each next one is shorter */
int weekly_volume(void *wk, struct fault *f);
int weekly_compared(void *wk, struct fault *f);
int weekly_totals(void *wk, struct fault *f);
int weekly_sources(void *wk, struct fault *f);
int weekly_left_out(void *wk, struct fault *f);
int weekly_method(void *wk, struct fault *f);

#endif
