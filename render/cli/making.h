/* Reports and charts as files, for their own commands and for run. */
#ifndef TSUMUGI_MAKING_H
#define TSUMUGI_MAKING_H

#include "render/cli/casefile.h"
#include "render/document/report.h"
#include "render/redact/redact.h"
#include "timeline/charts.h"

/* What both are made with. */
struct making {
	struct casefile *cf;
	enum language lang;
	struct zone zone;
	instant since, until;
	instant now;                 /* SOURCE_DATE_EPOCH, else INSTANT_NONE: the clock is never asked */
	enum report_medium form;     /* PDF unless said otherwise */
	struct redaction *redaction; /* NULL: all is shown */
	const char *tlp;             /* asked for: "TLP:AMBER", or NULL */
	const char *customer, *organisation;
	const struct template *template;     /* of the user; or NULL */
	struct notes notes;
	const char *template_name;           /* its file's, without folders */
	uint32_t incident;           /* number; NO_INCIDENT where there is none */
	bool incident_given;         /* asked for by name, not the first of the queue */
};

/* From --lang, --tz, --since, --until, --tlp, --customer, --organisation; not the incident. */
int making_options(struct making *m, const struct cli *c, struct fault *f);
/* --incident, else the first of the queue, else NO_INCIDENT. */
int making_incident(struct making *m, const struct cli *c, struct fault *f);

/* --template, after the phrases were read: it may change some. kind: of the report it must be for; NULL: any. */
int making_template(struct making *m, const struct casefile *cf, const struct cli *c, const char *kind, struct fault *f);

/* The period asked for and --redact: cf then holds what is left to tell of, and without the values. */
int making_look(struct making *m, struct casefile *cf, const struct cli *c, struct fault *f);

/* A fault of usage when --tlp is laxer than the label of an indicator that the incident, or any alert (NULL), met. */
int making_allowed(const struct making *m, const struct incident *in, struct fault *f);
/* What was asked, else the label that the lists matched bind us to, AMBER or stricter; else NULL: of machines' files, which
 * have no readers by themselves. */
const char *making_bound(const struct making *m, const struct incident *in);
/* "TLP:AMBER": what was asked, else what suits the readers, strict enough for the indicators told of. */
const char *making_label(const struct making *m, const struct incident *in);

/* What reports need besides the data: period, template and redaction, then --notes before the notes of the case file; says
 * which of these are for incidents that are gone. */
int making_dress(struct making *m, struct casefile *cf, const struct cli *c, const char *kind, struct fault *f);

/* How a command that wrote something ends: when there was nothing to show, in the case file or in the period asked
 * for, that is said and the status is STATUS_PARTIAL. */
enum status making_status(const struct making *m);

/* Of all commands that tell of incidents. */
#define PERIOD_OPTIONS \
	{ "--since", "TIME", "only incidents with an alert from here on: 2021-03-11, 2021-03-11T09:00, 7d; they are told whole, " \
	  "ranks and totals are of the period" }, \
	{ "--until", "TIME", "and before this time" }

/* The options of report and run. */
#define REPORT_OPTIONS \
	{ "--redact", "PROFILE", "default, or a changed copy of templates/redaction.xml: names of ours become HOST-01 and so on" }, \
	{ "--tlp", "LABEL", "RED, AMBER+STRICT, AMBER, GREEN or CLEAR (default: what the readers and the indicators' labels ask)" }, \
	{ "--template", "FILE", "sections and words of your own: a changed copy of templates/reports/KIND.xml" }, \
	{ "--notes", "FILE", "what only people know (owner, state, impact): see 'help note'; before notes in the case file" }, \
	{ "--customer", "NAME", "for whom" }, \
	{ "--organisation", "NAME", "who reports" }, \
	{ "--tz", "ZONE", "times in this zone: Asia/Tokyo, +09:00 (default: UTC)" }, \
	PERIOD_OPTIONS

struct report_request making_request(const struct making *m, bool of_incident);

struct report_kind {
	const char *name, *summary;
	bool of_incident;
	int (*make)(struct text *out, const struct making *m, struct fault *f);
};
extern const struct report_kind report_kinds[];      /* ends at a row without a name */

struct file_form {
	const char *name;            /* also the ending of its files */
	bool usual;                  /* written when nothing was said: to print, and to read on a screen */
	int (*make)(struct text *out, const struct report_kind *kind, const struct making *m, struct fault *f);
};
extern const struct file_form file_forms[];      /* ends at a row without a name; PDF first */

/* The text width of an A4 page: charts look as they do in the reports. */
#define CHART_WIDTH 499

/* form: ".svg", ".png" or ".pdf". */
int chart_make(struct text *out, const struct making *m, const struct chart *chart, const char *form,
               double width, struct fault *f);
/* The ending of a file name, with its dot; "" without one. */
const char *path_ending(const char *path);

/* respond.c: the plan for m's incident; STATUS_PARTIAL when there is nothing to block. */
struct response_form;
int respond_make(struct text *out, const struct making *m, const struct response_form *form, bool replay, int columns,
                 const struct cli *c, struct fault *f);

/* export.c */
struct export_form;
/* One of the forms for other programs; what must not be said (--redact) is refused. */
int export_make(struct text *out, const struct making *m, const struct export_form *form, const struct cli *c, struct fault *f);
int export_assignments(const struct casefile *cf, const char *path, struct fault *f);

#endif
