/* What charts need from the rest of the house: words in the reader's language, text widths, labels of
 * beats and incidents; and their captions, made from what each chart found.
 *
 *     struct figures fg;
 *     figures_init(&fg, phrases, lang, &ts, zone, arena);
 *     struct chart_input in = figures_input(&fg, analysis, 499);
 *     figures_tell(&fg, &in, incident, narratives);
 *     sc = chart->draw(&in, &found);
 *     figures_caption(&fg, chart, &found, &claim, &caption);
 *     scene_title(sc, claim, caption); */
#ifndef TSUMUGI_FIGURES_H
#define TSUMUGI_FIGURES_H

#include "render/document/typeset.h"
#include "templates/story.h"
#include "timeline/charts.h"

struct figures {
	const struct phrases *phrases;
	enum language lang;
	const struct zone *zone;
	struct arena *arena;
	struct measure measure;
	struct chart_words words;
};

void figures_init(struct figures *fg, const struct phrases *p, enum language lang, const struct typesetter *ts,
                  const struct zone *z, struct arena *a);     /* fg must outlive the inputs made from it */
/* A chart of the whole analysis; incidents are labelled by their machine and finding. */
struct chart_input figures_input(const struct figures *fg, const struct analysis *an,
                                 const struct narrative *narratives, double width);
/* Makes it a chart of one incident. */
void figures_tell(const struct figures *fg, struct chart_input *in, const struct incident *incident,
                  const struct narrative *narratives);
void figures_caption(const struct figures *fg, const struct chart *c, const struct chart_finding *found,
                     const char **claim, const char **caption);
/* Draws, titles, returns. */
struct scene *figures_draw(const struct figures *fg, const struct chart *c, const struct chart_input *in,
                           struct chart_finding *found);

#endif
