/* An analysed case file in memory: what every command that reports starts from.
 *
 *     struct casefile cf;
 *     if (casefile_open(&cf, c, f) < 0) ...
 *     casefile_close(&cf);
 *
 * When the truth in the file changed since the last analysis, or another program or other tables of knowledge made it,
 * the analysis is done first and kept. */
#ifndef TSUMUGI_CASEFILE_H
#define TSUMUGI_CASEFILE_H

#include "analyst/knowledge/knowledge.h"
#include "analyst/knowledge/sayings.h"
#include "analyst/store/store.h"
#include "render/cli/cli.h"
#include "render/export/describe.h"
#include "templates/story.h"

struct casefile {
	struct store *store;             /* reads one snapshot */
	struct arena *arena;
	struct week *week;
	const struct analysis *an;
	const struct narrative *narratives;      /* of incidents below the line none, until casefile_tell */
	bool told_all;
	struct knowledge *knowledge;
	struct sayings sayings;
	struct phrases *phrases;
	const struct source_row *sources;
	size_t source_count;
	struct notes notes;              /* of people; in the case file */
	const char *by;                  /* who concludes; provenance.h */
	bool analysed_now;
};

int casefile_open(struct casefile *out, const struct cli *c, struct fault *f);
/* Concludes what is not concluded yet, or with anew all of it, from the alerts' own rows. Of what is
 * kept nothing is loaded: only phrases and sources can be asked for afterwards. */
int casefile_analyse(struct casefile *out, struct concluded *counts, const struct cli *c, bool anew, struct fault *f);
/* Concludes anew in memory, whatever is kept; *kept and *kept_told are what is, or NULL, and then *why says what is
 * wrong with it (FAULT_NONE: nothing could be kept). */
int casefile_rederive(struct casefile *out, const struct analysis **kept, const struct narrative **kept_told,
                      struct fault *why, const struct cli *c, struct fault *f);
void casefile_close(struct casefile *cf);        /* accepts one that was never opened, if zeroed */

struct told casefile_told(const struct casefile *cf);

/* From here on the incidents of a period only, see view.h; INSTANT_NONE is no bound. */
void casefile_view(struct casefile *cf, instant since, instant until);

/* By rank ("1") or id ("INC-2021W10-01"), of those in view; a fault of usage names what there is. */
int casefile_incident(uint32_t *out, const struct casefile *cf, const char *which, struct fault *f);
/* Makes the title of an incident that may lie below the line, or of all of them. */
void casefile_tell(struct casefile *cf, uint32_t incident);
void casefile_tell_all(struct casefile *cf);

#endif
