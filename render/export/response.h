/* A containment plan (analyst/respond/plan.h) as what people and programs read. All of them say the same measures; none
 * carries anything out.
 *
 *     struct response rs = { .plan = &plan, .an = an, .phrases = p, .zone = &zone, .arena = a, .title = title };
 *     response_find("nftables")->write(&out, &rs);
 */
#ifndef TSUMUGI_RESPONSE_H
#define TSUMUGI_RESPONSE_H

#include "analyst/base/text.h"
#include "analyst/respond/plan.h"
#include "templates/story.h"

struct response {
	const struct plan *plan;
	const struct analysis *an;
	const struct phrases *phrases;
	enum language lang;
	const struct zone *zone;
	struct arena *arena;
	const char *title;           /* the incident's */
	const char *tlp;             /* "AMBER", or NULL */
	bool replay;                 /* text: what it would have stopped, too */
	int columns;                 /* text: of the page */
};

struct response_form {
	const char *name, *summary, *ending;             /* of files that are plainly this form; or NULL */
	void (*write)(struct text *out, const struct response *rs);
};
extern const struct response_form response_forms[];      /* ends at a row without a name; text first */
const struct response_form *response_find(const char *name);         /* in any case; or NULL */
const struct response_form *response_of_ending(const char *ending);  /* ".nft"; text where nothing else fits */

/* For the renderers. The id of a measure: the same for the same incident, machine, other end and direction. */
const char *measure_id(const struct response *rs, const struct plan_measure *m);
const char *entity_value(const struct response *rs, uint32_t entity);
const char *entity_label(const struct response *rs, uint32_t entity);    /* as first written */
/* What a measure's words speak of, with room for more. */
struct measure_words {
	struct fact facts[12];
	size_t count;
};
void measure_words(struct measure_words *out, const struct response *rs, const struct plan_measure *m);
/* "Block EXCH01 to a[.]example, port 443", in the language asked for. */
const char *measure_title(const struct response *rs, const struct plan_measure *m);
const char *measure_until(const struct plan_measure *m);       /* the word of until when it stands */
bool measure_by_address(const struct plan_measure *m);        /* some address may be blocked */

void response_text(struct text *out, const struct response *rs);
void response_json(struct text *out, const struct response *rs);
void response_nftables(struct text *out, const struct response *rs);
void response_suricata(struct text *out, const struct response *rs);
void response_cacao(struct text *out, const struct response *rs);

#endif
