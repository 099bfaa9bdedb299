/* From beats to sentences. The phrases live in templates/phrases.xml, English and
 * Japanese side by side; a phrase without one of the two is an error at load.
 *
 *     struct phrases *p;
 *     phrases_load(&p, "templates", f);
 *     const struct sentence *s = story_sentences(p, LANGUAGE_JA, REGISTER_WEEKLY, n, PART_STORY, &zone, arena, &count);
 */
#ifndef TSUMUGI_STORY_H
#define TSUMUGI_STORY_H

#include "analyst/base/arena.h"
#include "analyst/base/fault.h"
#include "analyst/base/instant.h"
#include "analyst/model/incident.h"
#include "analyst/model/narrative.h"
#include "templates/run.h"

struct phrases;

/* Whom the text is for. In Japanese the weekly register is de-aru, the customer's desu-masu. */
enum register_ { REGISTER_WEEKLY, REGISTER_CUSTOMER };

int phrases_load(struct phrases **out, const char *folder, struct fault *f);
void phrases_free(struct phrases *p);
/* Where the templates are: $TSUMUGI_TEMPLATES, else beside the program as installed, else
 * the checkout's. Lent until the next call. A fault when there are none. */
int templates_folder(const char **out, const char *program_path, struct fault *f);

/* One sentence a beat, in the narrative's order, for one part of it. */
const struct sentence *story_sentences(const struct phrases *p, enum language lang, enum register_ reg,
                                       const struct narrative *n, enum part part, const struct zone *z,
                                       struct arena *a, size_t *count);
/* The story in at most `most` sentences, the most telling ones in their order, each with its own time instead of
 * "2 min later". */
const struct sentence *story_brief(const struct phrases *p, enum language lang, enum register_ reg,
                                   const struct narrative *n, size_t most, const struct zone *z, struct arena *a,
                                   size_t *count);
/* Its rank among the story's beats, 1 for the one that tells most; 0 for a beat without one. */
size_t beat_telling(const struct beat *b);
/* A beat as a short label for a chart's numbered list ("PowerShell contacts a site new to this network"). */
struct sentence story_label(const struct phrases *p, enum language lang, const struct beat *b,
                            const struct zone *z, struct arena *a);
/* The same as one plain string; code runs lose their styling. */
const char *sentence_plain(const struct sentence *s, struct arena *a);
const char *story_title(const struct phrases *p, enum language lang, enum register_ reg, const struct narrative *n,
                        const struct zone *z, struct arena *a);
/* "critical", "high-value" ... */
const char *story_criticality(const struct phrases *p, enum language lang, enum criticality c, struct arena *a);
/* Why the incident ranks where it does: one plain line a factor. */
const char *story_factor(const struct phrases *p, enum language lang, const struct factor *fa, struct arena *a);

/* What would take points away from that factor again; NULL where nothing is known to. */
const char *story_factor_lower(const struct phrases *p, enum language lang, const struct factor *fa, struct arena *a);

/* A fixed word or heading of a report: word(p, LANGUAGE_EN, "weekly.ranked"). An unknown key gives the
 * key itself; a test looks every key up. With facts filled in: word_with. */
const char *word(const struct phrases *p, enum language lang, const char *key);
const char *word_with(const struct phrases *p, enum language lang, const char *key, const struct fact *facts,
                      size_t count, const struct zone *z, struct arena *a);

/* A pattern that is no phrase, as one sentence that keeps its styles. */
struct sentence pattern_filled(const struct phrases *p, enum language lang, enum register_ reg, const char *pattern,
                               const struct fact *facts, size_t count, const struct zone *z, struct arena *a);

/* Numbers as the language writes them: 1,284 and 1,284; JA uses 万 above 10,000. */
const char *story_count(enum language lang, int64_t n, struct arena *a);
/* "2 min 27 s", "2分27秒"; two units at the most. */
const char *story_span(enum language lang, int64_t nanoseconds, struct arena *a);
/* "11 Mar 2021 09:12:04 JST", "2021年3月11日 09:12:04 JST" by parts. */
enum when_form { WHEN_FULL, WHEN_DAY, WHEN_DAY_TIME, WHEN_TIME, WHEN_TIME_SHORT, WHEN_DATE, WHEN_WEEKDAY_TIME };
const char *story_when(enum language lang, instant t, const struct zone *z, enum when_form form, struct arena *a);
/* From first to last, both in it, what both share said once: "11 Mar 09:12:04 – 09:52:10", "3月11日 09:12:04〜09:52:10";
 * WHEN_FULL says the zone at the end. Only the first where the two read alike. */
const char *story_range(enum language lang, instant first, instant last, const struct zone *z, enum when_form form, struct arena *a);
/* Whole days, as short as they can be said: "8–14 March 2021", "2021年3月8日〜14日"; until exclusive. */
const char *story_days(enum language lang, instant since, instant until, const struct zone *z, struct arena *a);
const char *story_bytes(enum language lang, int64_t n, struct arena *a);

#endif
