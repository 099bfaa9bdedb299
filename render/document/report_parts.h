/* What all reports need: the document being made, words and figures in its language, and the
 * small drawings of tables.
 *
 *   report_parts.c        the document, its words, cells, marks and charts
 *   report_period.c       the days it speaks of, its date
 *   report_incident.c     an incident in few words: title, machines, facts, what its rank rests on
 *   report_evidence.c     the table of evidence
 *   report_names.c        names as a short list
 *
 *     struct report r;
 *     if (report_open(&r, rq, &plan, f) < 0) ...
 *     flow_heading(r.flow, report_word(&r, "weekly.ranked"), NULL);
 *     rc = report_close(&r, out, f);
 */
#ifndef TSUMUGI_REPORT_PARTS_H
#define TSUMUGI_REPORT_PARTS_H

#include "render/document/flow.h"
#include "render/document/report.h"
#include "timeline/charts.h"

struct report {
	const struct report_request *rq;
	enum register_ reg;
	struct arena *arena;
	struct fonts *fonts;
	struct typesetter ts;
	struct measure measure;
	struct chart_words words;
	struct pdf *pdf;
	struct flow *flow;
	instant since, until;             /* the period, until exclusive; whole days */
	const char *period;               /* "8–14 March 2021" */
	bool undated;                     /* no alert and no period asked for: since and until mean nothing */
	size_t rule_lines;                /* of an evidence row's rule; 2 */
};

struct report_plan {
	enum register_ reg;
	const char *kind;                 /* word key: "weekly.kind" */
	const char *id;                   /* "INC-2021W10-01"; NULL: series and week, "WTR-2021-W10" */
	const char *series;
	const char *title;                /* of the PDF; NULL: kind and period */
	bool small_title;
};

int report_open(struct report *r, const struct report_request *rq, const struct report_plan *plan, struct fault *f);
int report_close(struct report *r, struct text *out, struct fault *f);    /* lays out, saves, frees */

void report_set_period(struct report *r);                                 /* since, until, period, undated */

/* "Records until 14 Mar 2021 23:44 JST", or "Generated ..." where a date was given. */
const char *report_dated(const struct report_request *rq, struct arena *a);

/* The end of every report: its form, and the search for what it may not hold. */
int report_finish(struct text *out, struct flow *fl, struct pdf *pdf, const struct report_request *rq,
                  const struct incident *incident /* the one it is about, or NULL */, struct fault *f);
/* As large as its template says, and never wider than 60 mm; NULL without one. */
const struct flow_logo *report_logo(const struct report_request *rq, struct arena *a);
const char *report_renamed(const struct report_request *rq, const char *s);
bool report_records(const struct report_request *rq);                     /* its flow has to be recorded */

const char *report_word(const struct report *r, const char *key);
#define REPORT_SAY(r, key, ...) \
	report_say((r), (key), (const struct fact[]){ __VA_ARGS__ }, sizeof((const struct fact[]){ __VA_ARGS__ }) / sizeof(struct fact))
#define F_NUMBER(n, v) { .name = (n), .kind = FACT_NUMBER, .value = (int64_t)(v) }
#define F_TEXT(n, s) { .name = (n), .kind = FACT_TEXT, .text = (s) }
#define F_LIST(n, v, c) { .name = (n), .kind = FACT_LIST, .item_kind = FACT_TEXT, .items = (v), .item_count = (c), .value = (int64_t)(c) }
#define F_TIME(n, t) { .name = (n), .kind = FACT_TIME, .value = (t) }
const char *report_say(const struct report *r, const char *key, const struct fact *facts, size_t n);
const char *report_capital(const struct report *r, const char *s);        /* first letter */
const char *report_count(const struct report *r, int64_t n);
const char *report_when(const struct report *r, instant t, enum when_form form);
/* "11 Mar 09:12:04 – 14 Mar 02:55:10": story_range. */
const char *report_stretch(const struct report *r, instant first, instant last);
/* "8–14 March 2021": story_days. */
const char *report_days(const struct report *r, instant since, instant until);
/* The id of the reporting week: "2021-W10". */
const char *report_week(const struct report *r);

const struct narrative *report_story(const struct report *r, const struct incident *in);
const char *report_title(const struct report *r, const struct incident *in);
/* The main machine; where none is named "account NAME", else an en dash. */
const char *report_subject(const struct report *r, const struct incident *in);
size_t report_user_count(const struct report *r, const struct incident *in);
const char *report_hosts(const struct report *r, const struct incident *in, size_t most);   /* "EXCH01, DC01 +3" */
/* Distinct products of an incident's alerts, as the language lists them. */
const char *report_products(const struct report *r, const struct incident *in);
/* "contained; Sato (entered)" as far as people filled it in, else NULL. */
const char *report_state(const struct report *r, const struct incident *in);
const char *report_users(const struct report *r, const struct incident *in);        /* or NULL */
const char *report_techniques(const struct report *r, const struct incident *in);   /* "T1190 T1496", or NULL */

colour priority_fill(enum priority p);
colour priority_line(enum priority p);       /* outline of its mark, or NO_COLOUR */
/* The mark of a priority, centred: shape and colour both tell it. */
void draw_priority(struct canvas *cv, enum priority p, double x, double y, double size);

/* A chart as a scene; found may be NULL. height 0: as high as it needs. */
const struct scene *report_chart(const struct report *r, const char *name, const struct incident *in, double width,
                                 double height, enum chart_form form, struct chart_finding *found);

/* "Critical   93.4 of 100" and so on, for the facts box. */
size_t report_facts(const struct report *r, const struct incident *in, struct fact_row rows[16]);
/* The evidence table of an incident: number, time, what, rule, alerts, where it was read. Rows are anchors. At most
 * `most` rows, those that tell most, and one that counts the others. */
int report_evidence(struct report *r, const struct incident *in, size_t most, struct fault *f);
/* Why it ranks where it does: the factors with their points. */
void report_factors(struct report *r, const struct incident *in);

const struct run *report_run(const struct report *r, const char *s, enum run_style style);
struct cell report_cell(const struct report *r, const char *s, enum run_style style, enum para para, colour ink, size_t limit);

#endif
