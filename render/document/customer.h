/* The rooms of the customer incident report; only customer*.c and figures.c include this.
 *
 *   customer.c            the order of the sections, the document as a whole
 *   customer_summary.c    page one; the story in full where page one has no room for it
 *   customer_cards.c      a card for each of the most telling steps
 *   customer_charts.c     sections that are a chart: pace, volume, graph, ATT&CK, factors
 *   customer_scope.c      machines and accounts
 *   customer_response.c   assessment, what was done, what is to be done
 *   customer_indicators.c indicators of compromise
 *   customer_evidence.c   the table of evidence, detections that fired
 *   customer_control.c    terms, document control, limits, the form of a notification
 *   customer_words.c      words, facts, cells and rows for all of them */
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
/* Parts of a line set apart by three spaces, as page heads are; empty parts are left out. */
const char *customer_apart(const struct customer *c, const char *const *parts, size_t n);
/* What a note says of the field, else "to be filled in". */
const char *customer_open(const struct customer *c, const char *field);

const struct sentence *customer_sentences(const struct customer *c, const struct narrative *n, enum part part,
                                          size_t *count);

const char *customer_entity(const struct customer *c, uint32_t entity);
const char *customer_printed(const struct customer *c, uint32_t entity);         /* defanged, if others could follow it */
const struct week_rule *customer_rule(const struct customer *c, uint32_t episode);

const char *customer_product(const struct customer *c, const struct week_rule *r);   /* "Suricata" */

struct cell customer_cell(const struct customer *c, const char *s, enum run_style style);
struct cell customer_cell_runs(const struct run *runs, size_t n);

struct customer_rows {               /* label and value, for flow_facts */
	struct fact_row list[24];
	size_t count;
};
void customer_row(const struct customer *c, struct customer_rows *r, const char *key, const char *value, enum run_style style);
/* A field that only people can fill in; what is missing stands out. */
void customer_open_row(const struct customer *c, struct customer_rows *r, const char *key, const char *field);

/* The number of a section as the fact "section"; where the template leaves it out, nothing. */
void customer_fill_section(const struct customer *c, struct filler *facts, const char *section);

/* Whether an episode tells of the attacker: neither routine nor a defender's act. */
bool customer_counts(const struct customer *c, uint32_t episode);
/* Accounts that the records of the incident name, as shown: as many as a line holds, and how many there are. */
const char *const *customer_accounts(const struct customer *c, size_t *count, size_t *all);
/* The first recorded act of a defender: of all episodes, told or not. INSTANT_NONE without one. */
instant customer_first_response(const struct customer *c);

/* The story is the input of each chart. */
struct chart_input customer_chart_input(const struct customer *c);
/* A chart where it has something to show. */
void customer_chart(const struct customer *c, const struct chart *chart);

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

/* Sections, in the order they are shipped; see sections.h. */
int customer_page_one(void *customer, struct fault *f);
int customer_story(void *customer, struct fault *f);
bool customer_story_is_longer(const void *customer);     /* than page one told */
int customer_cards(void *customer, struct fault *f);
int customer_pace(void *customer, struct fault *f);
int customer_volume(void *customer, struct fault *f);
int customer_scope(void *customer, struct fault *f);
int customer_graph(void *customer, struct fault *f);
int customer_cause(void *customer, struct fault *f);
int customer_response(void *customer, struct fault *f);
int customer_actions(void *customer, struct fault *f);
int customer_next(void *customer, struct fault *f);
int customer_indicators(void *customer, struct fault *f);
int customer_strip(void *customer, struct fault *f);
int customer_factors(void *customer, struct fault *f);
int customer_acts(void *customer, struct fault *f);
bool customer_acted(const void *customer);               /* there is an act of a defender */
int customer_evidence(void *customer, struct fault *f);
int customer_detections(void *customer, struct fault *f);
int customer_terms(void *customer, struct fault *f);
int customer_control(void *customer, struct fault *f);
int customer_notification(void *customer, struct fault *f);
int customer_limits(void *customer, struct fault *f);

#endif
