/* What other programs take over from a case: timelines, indicators, STIX, MISP and so on, one row a form. Values are
 * exact, not defanged: programs read them. The same case and options give the same bytes; ids are made from what they
 * name (uuid.h), and the clock is never asked.
 *
 *     struct export_request rq = { .an = an, ..., .incident = NO_INCIDENT };
 *     export_find("stix")->write(&out, &rq, f);
 */
#ifndef TSUMUGI_EXPORTS_H
#define TSUMUGI_EXPORTS_H

#include "analyst/base/text.h"
#include "analyst/knowledge/attack.h"
#include "analyst/knowledge/containment.h"
#include "analyst/model/incident.h"
#include "analyst/model/narrative.h"
#include "analyst/store/store.h"
#include "templates/story.h"

struct export_request {
	const struct analysis *an;
	const struct narrative *narratives;
	const struct phrases *phrases;
	const struct attack *attack;
	const struct containment *how;
	struct store *store;
	struct arena *arena;
	enum language lang;          /* of titles and stories */
	const struct zone *zone;
	const char *tlp;             /* asked for: "AMBER+STRICT" ..., or NULL */
	const char *label;           /* the same, else what the lists matched bind us to; or NULL */
	const char *organisation;    /* who exports, or NULL */
	enum { ATTACK_NOW, ATTACK_BEFORE } attack_version;   /* navigator: the release at hand, or 18, whose ids 19 moved */
	uint32_t incident;           /* number, or NO_INCIDENT: the whole queue */
	instant made;                /* SOURCE_DATE_EPOCH, else the last alert */
	/* --redact: what is read anew from the store goes through it. Or NULL. */
	const char *(*rename)(void *ctx, const char *s);
	void *rename_ctx;
};

struct export_form {
	const char *name, *summary, *ending;
	int (*write)(struct text *out, const struct export_request *rq, struct fault *f);
};
extern const struct export_form export_forms[];          /* ends at a row without a name */
const struct export_form *export_find(const char *name);             /* or NULL */

int export_timeline(struct text *out, const struct export_request *rq, struct fault *f);
int export_timesketch(struct text *out, const struct export_request *rq, struct fault *f);
int export_timesketch_lines(struct text *out, const struct export_request *rq, struct fault *f);
int export_iocs(struct text *out, const struct export_request *rq, struct fault *f);
int export_stix(struct text *out, const struct export_request *rq, struct fault *f);
int export_attack_flow(struct text *out, const struct export_request *rq, struct fault *f);
int export_navigator(struct text *out, const struct export_request *rq, struct fault *f);
int export_misp(struct text *out, const struct export_request *rq, struct fault *f);
int export_iodef(struct text *out, const struct export_request *rq, struct fault *f);
int export_iris(struct text *out, const struct export_request *rq, struct fault *f);
int export_ocsf(struct text *out, const struct export_request *rq, struct fault *f);

/* ---- for the forms ---- */

/* Incidents asked for: first to end - 1. */
uint32_t export_first(const struct export_request *rq);
uint32_t export_end(const struct export_request *rq);
const char *export_title(const struct export_request *rq, uint32_t incident);
const char *export_story(const struct export_request *rq, uint32_t incident);
/* "type--uuid" of a thing that has this name in the case. */
const char *export_id(const struct export_request *rq, const char *type, const char *name);
/* "2021-03-11T00:12:04.118Z": always with milliseconds. */
const char *export_time(const struct export_request *rq, instant t);
/* ,"key":"value" */
void export_field(struct text *out, const char *key, const char *value);
/* A CSV field that people read: what begins like a formula, which spreadsheets run, gets a quote before it;
 * control and bidi characters are spelled out. */
void export_cell(struct text *out, const char *s);
const char *export_producer(const struct export_request *rq);

/* Techniques of an incident's alerts and of how many; by id. */
struct technique_count {
	const char *id;
	uint32_t alerts;
	uint32_t incidents;          /* a bit would do for 32; only whether there are several is asked */
	const char *where;           /* "INC-..., INC-..." */
};
const struct technique_count *export_techniques(size_t *count, const struct export_request *rq, uint32_t first, uint32_t end);

#endif
