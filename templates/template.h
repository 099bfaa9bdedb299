/* A report's template: which sections it has and in which order, and what the people who send it add: customer, logo,
 * sections and words of their own. The shipped ones are templates/reports/KIND.xml; templates/README.md tells
 * how a copy is changed. PDF, HTML and Markdown are all made from it.
 *
 *     const struct template *t;
 *     if (template_load(&t, "ours.xml", &model, phrases, arena, f) < 0) ...     "ours.xml:12: unknown section ..."
 *
 * A user's file is hostile until it has been read: XML's dangerous parts are refused, schema/template.rng says what
 * may stand where, and every section, phrase key and fact it names must be known. */
#ifndef TSUMUGI_TEMPLATE_H
#define TSUMUGI_TEMPLATE_H

#include "templates/story.h"

enum block_kind {
	BLOCK_SECTION,     /* one of the report's, by name */
	BLOCK_OWN,         /* the user's: heading and texts */
	BLOCK_PAGE,        /* blocks that are to stand on one page */
	BLOCK_COLUMNS      /* two blocks side by side */
};

struct template_text {
	bool item;                            /* of a list; else a paragraph */
	const char *pattern[LANGUAGES];       /* as in phrases.h, with the facts of the model */
};

struct template_block {
	enum block_kind kind;
	const char *name;                     /* of a section */
	bool numbered;                        /* its heading begins with the next number */
	const char *heading[LANGUAGES];       /* of an own section */
	const struct template_text *texts;
	size_t text_count;
	const struct template_block *blocks;  /* of a page, of columns */
	size_t block_count;
};

struct picture;                              /* render/canvas/picture.h */

struct template_logo {
	const struct picture *picture;
	double height;                        /* mm */
};

struct template {
	const char *kind;                     /* "customer" */
	const char *customer[LANGUAGES], *organisation[LANGUAGES];      /* or NULL */
	const struct template_logo *logo;     /* or NULL */
	const struct template_block *blocks;
	size_t block_count;
};

/* What a template of one kind may name. */
struct template_model {
	const char *kind;
	/* The names of its sections, from 0; NULL after the last. *required: a template must have it; *first: as its
	 * first. */
	const char *(*section)(const void *ctx, size_t i, bool *required, bool *first);
	const void *ctx;
	const char *const *facts;             /* of own sections; ends with NULL */
	/* Reads a logo's file; the fault says what is wrong with it. */
	int (*picture)(const struct picture **out, const char *path, struct arena *a, struct fault *f);
};

/* A user's file. Words it changes are changed in p. */
int template_load(const struct template **out, const char *path, const struct template_model *model, struct phrases *p,
                  struct arena *a, struct fault *f);
/* The one that came with the phrases. */
int template_shipped(const struct template **out, const struct template_model *model, const struct phrases *p,
                     struct arena *a, struct fault *f);
/* What kind of report the file is for, without reading the rest of it. */
int template_kind(const char **out, const char *path, struct arena *a, struct fault *f);

#endif
