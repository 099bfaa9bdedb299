/* The rooms of the customer incident report; only customer*.c and figures.c include this.
 *
 *   customer.c            the order of the sections, page one, assessment, response, next steps
 *   customer_cards.c      a card for each of the most telling steps
 *   customer_evidence.c   the table of evidence, detections that fired
 *   customer_scope.c      machines, accounts, indicators of compromise */
#ifndef TSUMUGI_CUSTOMER_H
#define TSUMUGI_CUSTOMER_H

#include "render/document/figures.h"
#include "render/document/flow.h"
#include "render/document/report.h"
#include "render/document/sections.h"

struct customer {
	const struct report_request *rq;
	const struct incident *incident;
	const struct narrative *story;
	const struct week *week;
	struct flow *flow;
	struct composer *co;
	struct chart_finding found;          /* of the timeline on page one */
	bool whole;                          /* page one told the whole story */
	struct arena *arena;
	const struct typesetter *ts;
	struct figures figures;
	const uint64_t *fired;               /* alerts of each rule of the week */
	enum language lang;
};

/* Named facts for a pattern of templates/words-customer.xml. */
struct filler {
	struct fact list[BEAT_FACTS];
	size_t count;
};
void fill_text(struct filler *fl, const char *name, enum fact_kind kind, const char *text);
void fill_number(struct filler *fl, const char *name, int64_t value);
void fill_value(struct filler *fl, const char *name, enum fact_kind kind, int64_t value);
void fill_beat(struct filler *fl, const struct beat *b);         /* all facts of the beat */

/* The word "customer.KEY"; with facts; as a sentence that keeps its styles. */
const char *customer_word(const struct customer *c, const char *key);
const char *customer_fill(const struct customer *c, const char *key, const struct filler *facts);
struct sentence customer_sentence(const struct customer *c, const char *key, const struct filler *facts);
const char *customer_when(const struct customer *c, instant t, enum when_form form);
/* "11 Mar 2021 09:12:04 JST to 09:14:52": what both ends share is said once. */
const char *customer_period(const struct customer *c, instant first, instant last);
/* What a note says of the field, else "to be filled in". */
const char *customer_open(const struct customer *c, const char *field);

const char *customer_entity(const struct customer *c, uint32_t entity);
const struct week_rule *customer_rule(const struct customer *c, uint32_t episode);

const char *customer_product(const struct customer *c, const struct week_rule *r);   /* "Suricata" */

struct cell customer_cell(const struct customer *c, const char *s, enum run_style style);
struct cell customer_cell_runs(const struct run *runs, size_t n);

struct fired {
	const struct week_rule *rule;
	uint64_t count;                      /* of its alerts */
};
/* Different rules of some episodes, the most frequent first. */
const struct fired *customer_rules(const struct customer *c, const uint32_t *episodes, size_t n, size_t *count);
const uint64_t *customer_count_rules(const struct customer *c);          /* alerts of each rule of the week */

/* One a beat: whether it has a card. steps: how many could have one. */
const bool *customer_carded(const struct customer *c, size_t *steps);
/* The same cards for the chart of them; in knows the incident. */
void customer_chart_cards(const struct figures *fg, struct chart_input *in);

/* The word "customer.KEY" as a heading, numbered where the template says so; its aside is "KEY.aside", if there is one. */
void customer_heading(const struct customer *c, const char *key);

/* Sections; see sections.h. */
int customer_cards(void *customer, struct fault *f);
int customer_detections(void *customer, struct fault *f);
int customer_evidence(void *customer, struct fault *f);
int customer_scope(void *customer, struct fault *f);
int customer_acts(void *customer, struct fault *f);
bool customer_acted(const void *customer);               /* there is an act of a defender */
int customer_indicators(void *customer, struct fault *f);

#endif
