/* The reports. One request, one call, the bytes of a PDF, of HTML or of Markdown; nothing is written to disk here.
 *
 *     struct text pdf = {0};
 *     if (report_weekly(&pdf, &request, f) < 0) ...
 *
 * What a human must add (owner, state, decision) is never invented: it is printed as
 * "to be filled in" or with an en dash. */
#ifndef TSUMUGI_REPORT_H
#define TSUMUGI_REPORT_H

#include "analyst/base/text.h"
#include "analyst/knowledge/attack.h"
#include "analyst/model/incident.h"
#include "analyst/model/narrative.h"
#include "analyst/store/store.h"
#include "templates/story.h"
#include "templates/template.h"

enum report_medium { REPORT_PDF, REPORT_HTML, REPORT_MARKDOWN };

/* Asked of the words of a finished report and of its bytes: a fault when they hold what they may not. */
typedef int (*report_refuse)(const void *ctx, const char *bytes, size_t n, struct fault *f);

struct report_request {
	enum report_medium form;
	report_refuse refuse;                    /* or NULL */
	const char *(*rename)(void *ctx, const char *s);     /* of what is read from the store while writing; or NULL */
	void *refuse_ctx;                        /* of both */
	const struct analysis *an;
	const struct narrative *narratives;      /* one for each incident of an, in its order */
	const struct phrases *phrases;
	const struct attack *attack;             /* names of techniques; NULL: ids only */
	enum language lang;
	const char *tlp;                         /* "TLP:AMBER" or "AMBER"; NULL: TLP:AMBER for the weekly
	                                          * report, TLP:AMBER+STRICT for what leaves the SOC */
	const char *organisation;                /* who reports, for the header; NULL leaves it out */
	const char *customer;                    /* for whom; NULL leaves it out */
	const struct zone *zone;
	instant generated;                       /* the document's date; INSTANT_NONE: the end of the records */
	instant since, until;                    /* the period asked for; INSTANT_NONE: the days the alerts cover */
	const struct source_row *sources;        /* what was read, for the totals */
	size_t source_count;
	struct store *store;                     /* for the place of each piece of evidence; NULL: not printed */
	const struct notes *notes;               /* what people filled in; or NULL */
	const struct template *template;         /* the order of sections, and what is the user's own; NULL: as shipped */
	const struct template_logo *logo;        /* or NULL */
	const char *template_name;               /* its file, for whoever checks the report; or NULL */
	const struct incident *incident;         /* customer report, executive briefing: which one; NULL is the first of the queue */
};

/* The document's date, and whether it is the end of the records: the clock is never asked, so that the same input
 * gives the same bytes. INSTANT_NONE without either. */
instant report_date(const struct report_request *rq, bool *of_records);
/* Midnight of the day of t, so many days on. */
instant report_midnight(const struct zone *z, instant t, int days);
/* The period asked for, else the days the alerts cover; without alerts, the week before the document's date. */
void report_period(const struct report_request *rq, instant *since, instant *until);

/* "began before this period, on 5 March, and goes on after it"; NULL where the period holds all of the incident. */
const char *report_reach(const struct report_request *rq, const struct incident *in, struct arena *a);

int report_weekly(struct text *out, const struct report_request *rq, struct fault *f);
int report_customer(struct text *out, const struct report_request *rq, struct fault *f);
int report_executive(struct text *out, const struct report_request *rq, struct fault *f);

#endif
