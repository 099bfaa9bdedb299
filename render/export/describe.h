/* What an incident is made of, gathered for people and for JSON: accounts, tactics,
 * techniques, matched indicators. */
#ifndef TSUMUGI_DESCRIBE_H
#define TSUMUGI_DESCRIBE_H

#include "analyst/base/text.h"
#include "analyst/model/incident.h"
#include "analyst/model/narrative.h"
#include "templates/story.h"

/* What was concluded, as every export is made from it. */
struct told {
	const struct analysis *an;
	const struct narrative *narratives;      /* one for each incident of an */
	const struct phrases *phrases;
	struct arena *arena;
};

struct names_list {
	const char **items;
	size_t count;
};

struct description {
	const struct incident *incident;
	const struct narrative *story;
	const char *title;
	struct names_list hosts;         /* as shown, the most affected first */
	struct names_list users;         /* sorted */
	struct names_list tactics;       /* "TA0001", in the order of the kill chain */
	struct names_list techniques;    /* "T1190", sorted */
	const struct indicator **indicators;     /* by (kind, value) */
	size_t indicator_count;
	uint32_t *entities;              /* all that take part, as the week numbers them */
	size_t entity_count;
};

void describe(struct description *out, const struct told *t, uint32_t incident, enum language lang,
              const struct zone *z);

/* One object with the keys of CLI.md, without the closing brace, so that more can follow. */
void describe_json(struct text *out, const struct description *d, const struct told *t,
                   enum language lang);
void json_names(struct text *out, const char *key, const struct names_list *list);
void json_instant(struct text *out, const char *key, instant t);

#endif
