/* Charts and small drawings as inline SVG; each chart has a table of what it shows. */
#include "render/document/html_parts.h"

#include <string.h>

#include "render/document/report_parts.h"

#define PIXELS (4.0 / 3)          /* of a point */

void html_open_svg(struct html *h, double width, double height)
{
	text_printf(h->out, "<svg viewBox=\"0 0 %.2f %.2f\" width=\"%.0f\" height=\"%.0f\" role=\"img\"", width, height,
	            width * PIXELS, height * PIXELS);
}

const struct chart_mark *scene_marks(const struct scene *sc, struct arena *a, size_t *count)
{
	size_t n, proofs = 0;
	const struct shape *shapes = scene_shapes(sc, &n);
	struct chart_mark *marks = ARENA_ARRAY(a, struct chart_mark, n + 1);

	*count = 0;
	for (size_t i = 0; i < n; i++)
		proofs += shapes[i].kind == SHAPE_NOTE && shapes[i].proof_count > 0;
	for (size_t i = 0; i < n; i++)
		if (shapes[i].kind == SHAPE_NOTE && (proofs == 0 || shapes[i].proof_count > 0))
			marks[(*count)++] = (struct chart_mark){
				strncmp(shapes[i].string, "incident ", 9) == 0 ? shapes[i].string + 9 : shapes[i].string,
				shapes[i].proof_count };
	return marks;
}

/* What a drawing says to those who do not see it: its texts, else its marks. */
void html_name_drawing(struct html *h, const char *words, const char *other)
{
	html_add(h, "><title>");
	html_say(h, words != NULL && *words != '\0' ? words : other != NULL && *other != '\0' ? other : "\xE2\x80\x93");
	html_add(h, "</title>\n");
}

void html_scene(struct html *h, const struct scene *sc)
{
	struct canvas *cv = canvas_web(h->out, &h->colours);

	scene_replay(sc, cv, flow_typesetter(h->fl), 0, 0);
	canvas_free(cv);
}

void html_drawing(struct html *h, double width, double height, flow_draw draw, void *ctx, const char *other)
{
	struct text words = { 0 };
	struct canvas *cv = canvas_words(&words, ", ");

	draw(ctx, cv, 0, 0, width, height);
	canvas_free(cv);
	html_open_svg(h, width, height);
	html_name_drawing(h, text_str(&words), other);
	cv = canvas_web(h->out, &h->colours);
	draw(ctx, cv, 0, 0, width, height);
	canvas_free(cv);
	html_add(h, "</svg>\n");
	text_free(&words);
}

static void add_twin(struct html *h, const struct node *n)
{
	size_t count;
	const struct chart_mark *marks = scene_marks(n->scene, h->arena, &count);
	struct fact figure = { .name = "figure", .kind = FACT_TEXT, .text = n->label };

	html_add(h, "<details class=\"twin\"><summary>");
	html_say(h, word_with(h->rq->phrases, h->rq->lang, "html.twin", &figure, 1, h->rq->zone, h->arena));
	html_add(h, "</summary><table class=\"sort\"><thead><tr><th scope=\"col\"><span>");
	html_say(h, html_term(h, "html.twin.mark"));
	html_add(h, "</span></th><th scope=\"col\" class=\"r\"><span>");
	html_say(h, html_term(h, "html.twin.alerts"));
	html_add(h, "</span></th></tr></thead><tbody>\n");
	for (size_t i = 0; i < count; i++) {
		html_add(h, "<tr><td>");
		html_say(h, marks[i].what);
		text_printf(h->out, "</td><td class=\"r\">%zu</td></tr>\n", marks[i].alerts);
	}
	html_add(h, "</tbody></table></details>\n");
}

void html_figure(struct html *h, const struct node *n)
{
	unsigned id = ++h->figures;

	html_anchors(h, n);
	html_add(h, "<figure><figcaption><span class=\"label\">");
	html_say(h, n->label);
	html_add(h, "</span><strong>");
	html_say(h, n->text);
	html_add(h, "</strong>");
	if (n->aside != NULL && *n->aside != '\0') {
		html_add(h, " <span class=\"caption\">");
		html_say(h, n->aside);
		html_add(h, "</span>");
	}
	html_add(h, "</figcaption>\n");
	if (n->scene != NULL) {
		html_add(h, "<div class=\"scroll chart\" tabindex=\"0\" role=\"group\" aria-label=\"");
		html_say(h, n->label);
		html_add(h, "\">");
		html_open_svg(h, scene_width(n->scene), scene_height(n->scene));
		text_printf(h->out, " aria-labelledby=\"f%ut f%ud\"><title id=\"f%ut\">", id, id, id);
		html_say(h, n->text);
		text_printf(h->out, "</title><desc id=\"f%ud\">", id);
		html_say(h, n->aside != NULL && *n->aside != '\0' ? n->aside : n->text);
		html_add(h, "</desc>\n");
		html_scene(h, n->scene);
		html_add(h, "</svg></div>\n");
		add_twin(h, n);
	}
	html_add(h, "</figure>\n");
}
