/* The document that all reports make, its words, cells and charts. */
#include "render/document/report_parts.h"

#include <string.h>

#include "analyst/model/tlp.h"
#include "timeline/palette.h"

/* ---- words and cells ---- */

const char *report_word(const struct report *r, const char *key)
{
	return word(r->rq->phrases, r->rq->lang, key);
}

const char *report_say(const struct report *r, const char *key, const struct fact *facts, size_t n)
{
	return word_with(r->rq->phrases, r->rq->lang, key, facts, n, r->rq->zone, r->arena);
}

const char *report_count(const struct report *r, int64_t n)
{
	return story_count(r->rq->lang, n, r->arena);
}

const char *report_when(const struct report *r, instant t, enum when_form form)
{
	return story_when(r->rq->lang, t, r->rq->zone, form, r->arena);
}

const char *report_capital(const struct report *r, const char *s)
{
	char *out = arena_dup(r->arena, s);

	if (out[0] >= 'a' && out[0] <= 'z')
		out[0] = (char)(out[0] - 'a' + 'A');
	return out;
}

static const char *chart_word(void *ctx, const char *key)
{
	return report_word(ctx, key);
}

const struct run *report_run(const struct report *r, const char *s, enum run_style style)
{
	return flow_run(r->flow, s, style);
}

struct cell report_cell(const struct report *r, const char *s, enum run_style style, enum para para, colour ink, size_t limit)
{
	struct cell c = { 0 };

	c.text[0] = (struct cell_text){ report_run(r, s, style), 1, para, ink, limit };
	return c;
}

/* ---- opening and closing ---- */

static const char *tlp_label(const struct report *r)
{
	const char *asked = r->rq->tlp != NULL ? r->rq->tlp : "TLP:AMBER", *label = tlp_named(asked);

	return label != NULL ? label : "TLP:AMBER+STRICT";       /* a label nobody knows is read as a strict one */
}

static const char *join(const struct report *r, const char *a, const char *b)
{
	if (a == NULL || *a == '\0')
		return b;
	return arena_printf(r->arena, "%s   %s", a, b);
}

int report_open(struct report *r, const struct report_request *rq, const struct report_plan *plan, struct fault *f)
{
	struct flow_frame frame = { 0 };
	struct pdf_info info = { 0 };
	const char *kind, *id;
	bool of_records;

	memset(r, 0, sizeof *r);
	r->rq = rq;
	r->reg = plan->reg;
	r->rule_lines = 2;
	r->arena = arena_new();
	if (fonts_load(&r->fonts, f) < 0)
		goto fail;
	r->ts = (struct typesetter){ r->fonts, rq->lang };
	r->measure = typeset_measure(&r->ts);
	r->words = (struct chart_words){ chart_word, r };
	report_set_period(r);
	kind = report_word(r, plan->kind);
	id = plan->id != NULL ? plan->id : r->undated ? plan->series
	                                 : arena_printf(r->arena, "%s-%s", plan->series, report_week(r));
	info.title = plan->title != NULL ? plan->title : arena_printf(r->arena, "%s %s", kind, r->period);
	info.author = rq->organisation;
	info.subject = rq->customer != NULL ? arena_printf(r->arena, "%s, %s", rq->customer, tlp_label(r)) : tlp_label(r);
	info.lang = rq->lang;
	info.made = report_date(rq, &of_records);
	info.seed = id;
	if (pdf_new(&r->pdf, r->fonts, &info, f) < 0)
		goto fail;
	frame.header = join(r, rq->organisation, join(r, rq->customer, kind));
	frame.footer = r->undated ? id : arena_printf(r->arena, "%s   %s", id, report_dated(rq, r->arena));
	frame.tlp = tlp_label(r);
	frame.figure = rq->lang == LANGUAGE_JA ? "図" : "Figure ";
	frame.continued = report_word(r, "report.continued");
	frame.small_title = plan->small_title;
	frame.logo = report_logo(rq, r->arena);
	frame.record = report_records(rq);
	r->flow = flow_new(r->arena, &r->ts, r->pdf, &frame);
	return 0;
fail:
	fonts_free(r->fonts);
	arena_free(r->arena);
	return -1;
}

int report_close(struct report *r, struct text *out, struct fault *f)
{
	int rc = out != NULL ? report_finish(out, r->flow, r->pdf, r->rq, NULL, f) : 0;

	pdf_free(r->pdf);
	fonts_free(r->fonts);
	arena_free(r->arena);
	return rc;
}

/* ---- marks ---- */

colour priority_fill(enum priority p)
{
	static const colour fills[] = { LOW_FILL, MEDIUM_FILL, HIGH_FILL, CRITICAL_FILL };

	return fills[p];
}

colour priority_line(enum priority p)
{
	return p == PRIORITY_LOW ? LOW_LINE : p == PRIORITY_MEDIUM ? MEDIUM_LINE : NO_COLOUR;
}

void draw_priority(struct canvas *cv, enum priority p, double x, double y, double size)
{
	double h = size / 2;

	switch (p) {
	case PRIORITY_CRITICAL:
		canvas_move(cv, x, y - h * 1.15);
		canvas_line(cv, x + h * 1.15, y);
		canvas_line(cv, x, y + h * 1.15);
		canvas_line(cv, x - h * 1.15, y);
		canvas_close(cv);
		break;
	case PRIORITY_HIGH:
		canvas_move(cv, x, y - h);
		canvas_line(cv, x + h * 1.1, y + h * 0.9);
		canvas_line(cv, x - h * 1.1, y + h * 0.9);
		canvas_close(cv);
		break;
	case PRIORITY_MEDIUM:
		canvas_rect(cv, x - h * 0.9, y - h * 0.9, 1.8 * h, 1.8 * h);
		break;
	case PRIORITY_LOW:
		canvas_disc(cv, x, y, h * 0.95);
		break;
	}
	canvas_paint(cv, priority_fill(p), priority_line(p), 0.7, DASH_NONE, 0);
}

/* ---- charts ---- */

static const char *const *beat_labels(const struct report *r, const struct narrative *n)
{
	const char **labels = ARENA_ARRAY(r->arena, const char *, n->beat_count + 1);

	for (size_t i = 0; i < n->beat_count; i++) {
		struct sentence s = story_label(r->rq->phrases, r->rq->lang, &n->beats[i], r->rq->zone, r->arena);
		labels[i] = sentence_plain(&s, r->arena);
	}
	return labels;
}

static const char *const *incident_labels(const struct report *r)
{
	const struct analysis *an = r->rq->an;
	const char **labels = ARENA_ARRAY(r->arena, const char *, an->queue_count + 1);

	for (uint32_t i = 0; i < an->queue_count; i++)
		labels[i] = report_title(r, &an->incidents[i]);
	return labels;
}

const struct scene *report_chart(const struct report *r, const char *name, const struct incident *in, double width,
                                 double height, enum chart_form form, struct chart_finding *found)
{
	const struct chart *c = chart_find(name);
	struct chart_finding own;
	struct chart_input ci = { 0 };

	memset(&own, 0, sizeof own);
	ci.analysis = r->rq->an;
	ci.incident = in;
	ci.story = in != NULL ? report_story(r, in) : NULL;
	ci.zone = r->rq->zone;
	ci.measure = &r->measure;
	ci.words = &r->words;
	ci.arena = r->arena;
	ci.width = width;
	ci.height = height;
	ci.since = r->since;
	ci.until = r->until;
	ci.form = form;
	ci.beat_labels = ci.story != NULL ? beat_labels(r, ci.story) : NULL;
	ci.incident_labels = in == NULL ? incident_labels(r) : NULL;
	return c != NULL ? c->draw(&ci, found != NULL ? found : &own) : NULL;
}
