/* tsumugi chart: one chart as a file of its own. */
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "render/canvas/canvas.h"
#include "render/cli/commands.h"
#include "render/cli/making.h"
#include "render/cli/output.h"
#include "render/document/pdf.h"

#define PNG_DPI 192.0

static const struct option options[] = {
	{ "-o", "FILE", "writes there; its ending says which form (.svg, .png, .pdf)" },
	{ "--to", "FORM", "svg, png or pdf, when the ending does not say it" },
	{ "--incident", "ID", "which one, by rank or id (default: the first of the queue)" },
	{ "--width", "POINTS", "how wide (default 499, the text width of a report)" },
	{ "--lang", "LANG", "en or ja" },
	{ "--tz", "ZONE", "times in this zone: Asia/Tokyo, +09:00 (default: TZ, else UTC)" },
	{ "--since", "TIME", "the period shown begins here" },
	{ "--until", "TIME", "the period shown ends before" },
	{ "--list", NULL, "lists the charts" },
	{ NULL, NULL, NULL },
};

struct lookup {
	const struct phrases *phrases;
	enum language lang;
};

static const char *look_up(void *ctx, const char *key)
{
	const struct lookup *l = ctx;

	return word(l->phrases, l->lang, key);
}

/* Labels lent to the chart: one a beat of the story, one an incident of the queue. */
static void add_labels(struct chart_input *in, const struct making *m)
{
	const struct casefile *cf = m->cf;
	const char **labels;

	if (in->story != NULL) {
		labels = ARENA_ARRAY(cf->arena, const char *, in->story->beat_count + 1);
		for (size_t i = 0; i < in->story->beat_count; i++) {
			struct sentence s = story_label(cf->phrases, m->lang, &in->story->beats[i], &m->zone, cf->arena);

			labels[i] = sentence_plain(&s, cf->arena);
		}
		in->beat_labels = labels;
	}
	labels = ARENA_ARRAY(cf->arena, const char *, cf->an->queue_count + 1);
	for (uint32_t i = 0; i < cf->an->queue_count; i++)
		labels[i] = story_title(cf->phrases, m->lang, REGISTER_WEEKLY, &cf->narratives[i], &m->zone, cf->arena);
	in->incident_labels = labels;
}

/* What <title> and <desc> say. */
static void add_title(struct scene *sc, const struct chart_input *in, const struct making *m)
{
	const struct casefile *cf = m->cf;
	struct fact facts[] = {
		{ .name = "alerts", .kind = FACT_NUMBER, .value = cf->week->mark_count },
		{ .name = "incidents", .kind = FACT_NUMBER, .value = cf->an->queue_count },
		{ .name = "zone", .kind = FACT_TEXT, .text = m->zone.name },
		{ .name = "id", .kind = FACT_TEXT, .text = in->incident != NULL ? in->incident->id : "" },
	};
	const char *week = word_with(cf->phrases, m->lang, "cli.chart.week", facts, 4, &m->zone, cf->arena);

	if (in->incident == NULL)
		scene_title(sc, week, "");
	else
		scene_title(sc, story_title(cf->phrases, m->lang, REGISTER_WEEKLY, in->story, &m->zone, cf->arena),
		            word_with(cf->phrases, m->lang, "cli.chart.incident", facts, 4, &m->zone, cf->arena));
}

static int write_form(struct text *out, const struct scene *sc, const struct typesetter *ts, const char *form,
                      const struct making *m, struct fault *f)
{
	struct pdf_info info = { .title = scene_claim(sc), .lang = m->lang, .made = m->now };

	if (strcasecmp(form, ".svg") == 0)
		return scene_svg(out, sc, ts, f);
	if (strcasecmp(form, ".png") == 0)
		return scene_png(out, sc, ts, PNG_DPI, f);
	return scene_pdf(out, sc, ts, &info, f);
}

int chart_make(struct text *out, const struct making *m, const struct chart *chart, const char *form,
               double width, struct fault *f)
{
	struct lookup l = { m->cf->phrases, m->lang };
	struct chart_words words = { look_up, &l };
	struct typesetter ts = { NULL, m->lang };
	struct chart_finding found;
	struct measure measure;
	struct chart_input in = { .analysis = m->cf->an, .zone = &m->zone, .measure = &measure, .words = &words,
	                          .arena = m->cf->arena, .width = width,
	                          .since = m->since != INSTANT_NONE ? m->since : 0,
	                          .until = m->until != INSTANT_NONE ? m->until : 0 };
	struct scene *sc;
	int rc;

	if (fonts_load(&ts.fonts, f) < 0)
		return -1;
	measure = typeset_measure(&ts);
	if (chart->of_incident) {
		in.incident = &m->cf->an->incidents[m->incident];
		in.story = &m->cf->narratives[m->incident];
	}
	add_labels(&in, m);
	memset(&found, 0, sizeof(found));
	sc = chart->draw(&in, &found);
	add_title(sc, &in, m);
	rc = write_form(out, sc, &ts, form, m, f);
	fonts_free(ts.fonts);
	return rc;
}

static int list(struct fault *f)
{
	struct text page = {0};
	int rc;

	for (size_t i = 0; chart_list[i] != NULL; i++)
		text_printf(&page, "%-16s %s%s\n", chart_list[i]->name, chart_list[i]->summary,
		            chart_list[i]->of_incident ? " (of one incident)" : "");
	rc = print_text(&page, f);
	text_free(&page);
	return rc < 0 ? -1 : STATUS_DONE;
}

/* ".svg", ".png" or ".pdf" from --to or the ending of the file. */
static int choose_form(const char **out, const struct cli *c, const char *path, struct fault *f)
{
	static const char *const forms[] = { ".svg", ".png", ".pdf", NULL };
	const char *to = cli_option(c, "--to"), *ending = path_ending(path);
	const char *form = to != NULL ? to : ending[0] == '.' ? ending + 1 : "svg";

	for (size_t i = 0; forms[i] != NULL; i++)
		if (strcasecmp(forms[i] + 1, form) == 0) {
			*out = forms[i];
			return 0;
		}
	return fault_set(f, FAULT_USAGE, "charts are written as svg, png or pdf, not as '%.50s'", form);
}

static int make_chart(const struct chart *chart, struct making *m, const char *form, const char *path,
                      const struct cli *c, struct fault *f)
{
	struct text bytes = {0};
	int rc, width;

	if (cli_number(&width, c, "--width", 200, 4000, CHART_WIDTH, f) < 0 || making_incident(m, c, f) < 0)
		return -1;
	if (chart->of_incident && m->incident == NO_INCIDENT) {
		remark("the queue is empty: there is no incident to draw");
		return STATUS_PARTIAL;
	}
	rc = chart_make(&bytes, m, chart, form, width, f) < 0 || output_write(path, &bytes, f) < 0 ? -1 : 0;
	text_free(&bytes);
	if (rc < 0)
		return -1;
	return m->cf->week->mark_count > 0 ? STATUS_DONE : STATUS_PARTIAL;
}

static int run(struct cli *c, struct fault *f)
{
	const char *path = cli_option(c, "-o"), *form = NULL;
	const struct chart *chart;
	struct making m;
	struct casefile cf;
	int rc;

	if (cli_has(c, "--list"))
		return list(f);
	if (c->argument_count == 0)
		return fault_set(f, FAULT_USAGE, "'chart' needs KIND; 'tsumugi chart --list' lists them");
	if ((chart = chart_find(c->arguments[0])) == NULL)
		return fault_set(f, FAULT_USAGE, "there is no chart '%.100s'; 'tsumugi chart --list' lists them",
		                 c->arguments[0]);
	if (path == NULL && isatty(STDOUT_FILENO) == 1)
		return fault_set(f, FAULT_USAGE, "'chart %s' needs -o FILE.svg", chart->name);
	if (path == NULL)
		path = "-";
	if (choose_form(&form, c, path, f) < 0 || making_options(&m, c, f) < 0 || casefile_open(&cf, c, f) < 0)
		return -1;
	m.cf = &cf;
	rc = make_chart(chart, &m, form, path, c, f);
	casefile_close(&cf);
	return rc;
}

const struct command command_chart = {
	.name = "chart", .arguments = "KIND", .summary = "writes one chart as .svg, .png or .pdf", .most = 1,
	.options = options, .run = run,
};
