/* Loading a week, step by step:
 *
 *   load.c         the whole, and what is known of rules and entities from elsewhere
 *   load_names.c   rules, verdicts and entities
 *   casts.c        who takes part
 *   load_marks.c   the alerts, with blocks.c: those that were loaded before, packed
 *   restated.c     one fact that several products report
 *
 * Rules, entities, casts and marks are read from rows in the order of import and numbered by content. */
#ifndef TSUMUGI_STORE_LOADING_H
#define TSUMUGI_STORE_LOADING_H

#include "analyst/store/sql.h"

#define NO_NUMBER UINT32_MAX

/* Row ids of the case file <-> numbers of the week. A row that is not there is NO_NUMBER. */
struct numbering {
	uint32_t *number;      /* by row */
	int64_t rows;          /* highest row + 1 */
	uint32_t *row;         /* by number: the smallest of its rows; NULL for marks, which know their own */
	uint32_t count;
};

/* A record that tells again of an alert: its row, and the number of the mark that stands for it. */
struct restated {
	uint32_t mark;
	int64_t row;
};

/* What alerts say alike: a row of table verdict. */
struct verdict {
	uint32_t rule;         /* the week's number */
	uint8_t kind, severity, action, zone;
	int8_t confidence;     /* or -1 */
};

struct numbers {
	struct verdict *verdicts;       /* by row - 1: rows are numbered one by one */
	int64_t verdict_count;
	struct numbering rules, entities, casts;
	struct numbering marks;         /* made when a mark is first asked for; see mark_of */
	const struct week *week;        /* whose marks they are */
	struct restated *restated;      /* by (mark, row) */
	uint32_t restated_count;
};

uint32_t number_of(const struct numbering *n, int64_t row);
int64_t row_of(const struct numbering *n, uint32_t number);     /* -1 for NO_NUMBER */
const struct verdict *verdict_of(const struct numbers *n, int64_t row);     /* NULL when it is not there */
/* The mark of an alert's row, also of one that tells again of it. */
uint32_t mark_of(struct numbers *n, int64_t row);

/* numbering.c: room for rows 0 .. highest (not more than a number holds, else the memory is said to be out) and for
 * count numbers; room for the rows of numbers; and one row's number, `first` being the row that stands for it. */
void numbering_start(struct numbering *n, int64_t highest, uint32_t count);
void numbering_know_rows(struct numbering *n);
void numbering_set(struct numbering *n, int64_t row, uint32_t number, bool first);

void numbering_free(struct numbering *n);

struct formats;

/* A week on its way in: what the steps below fill in, in their order. */
struct loading {
	struct store *st;
	struct arena *arena;
	struct week *week;
	struct numbers *numbers;
	struct week_rule *rules;
	struct week_entity *entities;
	struct mark *marks;
	uint8_t *rule_kinds;       /* the lowest record_kind seen of each rule */
	struct formats *formats;
	struct fault *f;
};

int loading_damaged(struct loading *l, const char *what);
int loading_too_much(const struct store *st, const char *what, struct fault *f);

/* load_names.c and load_marks.c */
int load_rules(struct loading *l);
int load_verdicts(struct loading *l);      /* after the rules */
int load_entities(struct loading *l);
int load_marks(struct loading *l);

/* casts.c: casts, their members and tenants, with assets and hosts of the entities. */
int load_casts(struct week *w, struct week_entity *entities, struct numbers *numbers, struct store *st, struct arena *arena,
               struct fault *f);

/* restated.c: which formats speak of which rules, and the marks of which several records tell: of them the first stays,
 * and their rows all go by its number. */
int formats_load(struct formats **out, struct store *st, uint32_t rules, struct fault *f);
void formats_see(struct formats *fo, uint32_t rule, int64_t source, int zone);
void formats_free(struct formats *fo);         /* accepts NULL */
int join_restated(struct week *w, struct mark *marks, const struct formats *formats, struct store *st, struct fault *f);

/* The records that tell again of the alert in the row; n may be NULL. */
const struct restated *restated_of(struct numbers *n, int64_t row, uint32_t *count);

/* indicators.c: the indicators, each once, by (kind, value). */
int load_indicators(struct indicator **out, uint32_t *count, struct store *st, struct arena *arena, struct fault *f);

/* assets.c: the assets, each once, by (kind, value); and, of each entity, its asset and weight. */
int load_assets(struct week *w, struct store *st, struct arena *arena, struct fault *f);
void give_assets(struct week_entity *entities, uint32_t count, const struct member *members, const struct cast *casts,
                 uint32_t cast_count, const struct week *w);

/* telemetry.c: hours, sensors, and contacts between entities that are there. */
int load_telemetry(struct week *w, struct store *st, struct arena *arena, struct fault *f);

/* match.c: which indicator an entity matches that was first seen then, or NULL; then *lapsed may hold one that
 * had expired. */
struct matcher;
struct matcher *matcher_new(const struct indicator *all, uint32_t count);
void matcher_free(struct matcher *m);      /* accepts NULL */
const struct indicator *matcher_find(struct matcher *m, enum entity_kind kind, const char *value, instant seen,
                                     const struct indicator **lapsed);

/* overrides.c: the user's severities and techniques over those of marks and rules. */
int lay_overrides(const struct week *w, struct week_rule *rules, struct mark *marks, struct store *st,
                  struct arena *arena, struct fault *f);

/* hosts.c: which entities are ours, and whom each cast is about. */
void find_hosts(struct week_entity *entities, uint32_t entity_count, const struct member *members,
                struct cast *casts, uint32_t cast_count);

#endif
