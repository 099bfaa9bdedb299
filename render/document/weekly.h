/* Shared by weekly.c and weekly_pages.c. */
#ifndef TSUMUGI_WEEKLY_H
#define TSUMUGI_WEEKLY_H

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
	uint64_t told_alerts, minor_alerts, lone_alerts;
	size_t by_priority[4], act;              /* act: incidents of the top priority */
	enum priority top;
	double overview;                         /* height of the week overview */
	int tight;                               /* 0: the first page has room for all its rows */
	uint32_t shown;                          /* incidents in the first page's table */
	uint32_t left_rows;                      /* in the table of what was left out */
	struct tally sum;
};

#define LEFT_OUT_ROWS 12              /* fewer where that saves a page; the noisiest are what can be tuned */
#define LEFT_OUT_LEAST 4
#define LEFT_OUT_HEIGHT 16.6          /* of a row */
#define TOTALS_HEIGHT 130.0           /* how every alert adds up: a heading and its table, which stay together */
#define SECTION_GAP 24.0              /* above its heading, see flow_section */

/* The sections of the pages after the first. */
int weekly_incidents(void *wk, struct fault *f);
int weekly_volume(void *wk, struct fault *f);
int weekly_totals(void *wk, struct fault *f);
int weekly_sources(void *wk, struct fault *f);
int weekly_left_out(void *wk, struct fault *f);
int weekly_method(void *wk, struct fault *f);

#endif
