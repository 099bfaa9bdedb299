/* A recorded report as one HTML file: no network, nothing that runs but one script known by its hash,
 * charts as SVG with text, each with a table of what it shows. And as GitHub-flavoured Markdown. */
#ifndef TSUMUGI_HTML_H
#define TSUMUGI_HTML_H

#include "render/document/outline.h"
#include "render/document/report.h"

void html_write(struct text *out, const struct flow *fl, const struct report_request *rq, const char *title);
void markdown_write(struct text *out, const struct flow *fl, const struct report_request *rq, const char *title);

/* What a person sees of a string: characters that hide, reorder or stack as ‹U+202E›, addresses of the web
 * as hxxp. In an identifier letters that pass for Latin ones are shown so too. */
void text_add_visible(struct text *t, const char *s, bool identifier);

/* The marks of a chart that rest on alerts (all marks when none does). */
struct chart_mark {
	const char *what;
	size_t alerts;
};
const struct chart_mark *scene_marks(const struct scene *sc, struct arena *a, size_t *count);

#endif
