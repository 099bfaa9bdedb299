/* Steps of loading a week; see load.c. */
#ifndef TSUMUGI_STORE_LOADING_H
#define TSUMUGI_STORE_LOADING_H

#include "analyst/store/sql.h"

#define NO_NUMBER UINT32_MAX

/* Row ids of the case file <-> numbers of the week. A row that is not there is NO_NUMBER. */
struct numbering {
	uint32_t *number;      /* by row */
	int64_t rows;          /* highest row + 1 */
	int64_t *row;          /* by number: the smallest of its rows */
	uint32_t count;
};

struct numbers {
	struct numbering rules, entities, casts, marks;
};

uint32_t number_of(const struct numbering *n, int64_t row);
int64_t row_of(const struct numbering *n, uint32_t number);     /* -1 for NO_NUMBER */

/* Reads "[[role, entity], ...]" with rows into members of the week, sorted by (role,
 * entity). Returns how many, or -1. */
int members_parse(struct member *out, uint32_t room, const char *s, const struct numbering *entities);

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
