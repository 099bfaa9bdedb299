/* What a report consists of: its sections, which a template names in the order that they are to have.
 *
 *     static const struct section sections[] = { { "title", .add = add_title, .first = true }, ..., { NULL } };
 *     struct composer co = { .set = &set, .report = &wk, .rq = rq, .flow = &wk.r.flow, .arena = arena };
 *     if (composer_open(&co, f) < 0 || compose(&co, f) < 0) ...
 */
#ifndef TSUMUGI_SECTIONS_H
#define TSUMUGI_SECTIONS_H

#include "render/document/flow.h"
#include "render/document/report.h"
#include "templates/template.h"

struct section {
	const char *name;
	int (*add)(void *report, struct fault *f);
	bool (*applies)(const void *report);     /* has it anything to say? NULL: always */
	bool required, first;                    /* a template must have it; as its first */
	bool on_request;                         /* not in the shipped template: for readers who ask */
};

struct section_set {
	const char *kind;
	const struct section *list;              /* ends at a row without a name */
	const char *const *facts;                /* that own sections may use; ends with NULL */
	enum register_ reg;
	/* Lays the blocks of a <page>; NULL: they follow one another. */
	int (*page)(void *report, const struct template_block *page, struct fault *f);
};

extern const struct section_set weekly_set, customer_set, executive_set;
const struct section_set *section_set_find(const char *kind);      /* or NULL */
struct template_model section_model(const struct section_set *set);

#define OWN_FACTS 16

struct composer {
	const struct section_set *set;
	void *report;                            /* given to the sections */
	const struct report_request *rq;
	struct flow **flow;                      /* the report's; a trial may take its place */
	struct arena *arena;
	const struct template *template;
	struct fact facts[OWN_FACTS];            /* for own sections */
	size_t fact_count;
	unsigned number;                         /* of the section last numbered */
	const char *lead;                        /* "3  " until a heading takes it, else "" */
	bool page_ends;                          /* what follows begins a new page */
};

int composer_open(struct composer *co, struct fault *f);           /* finds the template, gathers the facts */
int compose(struct composer *co, struct fault *f);
int compose_blocks(struct composer *co, const struct template_block *blocks, size_t n, struct fault *f);
/* A heading as the section's place among the numbered ones asks for: "3  Scope" once, then as it is. */
const char *composer_heading(struct composer *co, const char *heading);
bool composer_has(const struct composer *co, const char *section);
/* The number that a section gets, as far as is known which others have something to say; 0 without one. */
unsigned composer_number(const struct composer *co, const char *section);

#endif
