/* tsumugi chart: one chart as a file of its own. */
#include <stdio.h>
#include <strings.h>
#include <unistd.h>

#include "analyst/model/view.h"
#include "render/canvas/canvas.h"
#include "render/cli/commands.h"
#include "render/cli/making.h"
#include "render/cli/output.h"
#include "render/document/figures.h"
#include "render/document/outline.h"
#include "render/document/pdf.h"

#define PNG_DPI 192.0

static const struct option options[] = {
	{ "-o", "FILE", "writes there; its ending says which form (.svg, .png, .pdf)" },
	{ "--to", "FORM", "svg, png or pdf, when the ending does not say it; trace writes what is drawn as text, for tests" },
	{ "--incident", "ID", "which one, by rank or id (default: the first of the queue)" },
	{ "--width", "POINTS", "how wide (default 499, the text width of a report)" },
	{ "--lang", "LANG", "en or ja" },
	{ "--tz", "ZONE", "times in this zone: Asia/Tokyo, +09:00 (default: UTC)" },
	PERIOD_OPTIONS,
	{ "--list", NULL, "lists the charts" },
	{ "--redact", "PROFILE", "default, or a changed copy of templates/redaction.xml: names of ours become HOST-01 and so on" },
	{ NULL, NULL, NULL },
};

/* What <title> and <desc> say: the finding; how to read it, of which incident, in which zone. */
static void add_title(struct scene *sc, const struct chart_input *in, const struct making *m)
{
	const struct casefile *cf = m->cf;
	struct fact facts[] = {
		{ .name = "alerts", .kind = FACT_NUMBER, .value = view_alerts(cf->an) },
		{ .name = "incidents", .kind = FACT_NUMBER, .value = cf->an->queue_count },
		{ .name = "zone", .kind = FACT_TEXT, .text = m->zone.name },
		{ .name = "id", .kind = FACT_TEXT, .text = in->incident != NULL ? in->incident->id : "" },
	};
	const char *about = word_with(cf->phrases, m->lang, in->incident != NULL ? "cli.chart.incident" : "cli.chart.week",
	                              facts, 4, &m->zone, cf->arena);

	scene_title(sc, scene_claim(sc), arena_printf(cf->arena, "%s %s", scene_description(sc), about));
}

static int write_form(struct text *out, const struct scene *sc, const struct typesetter *ts, const char *form,
                      const struct making *m, struct fault *f)
{
	struct pdf_info info = { .title = scene_claim(sc), .lang = m->lang, .made = m->now };

	if (info.made == INSTANT_NONE)
		info.made = view_last(m->cf->an);
	if (strcasecmp(form, ".svg") == 0)
		return scene_svg(out, sc, ts, f);
	if (strcasecmp(form, ".trace") == 0)
		return scene_trace(out, sc, ts, f);
	if (strcasecmp(form, ".png") == 0)
		return scene_png(out, sc, ts, PNG_DPI, f);
	return scene_pdf(out, sc, ts, &info, f);
}

static int refuse_words(const struct making *m, const struct scene *sc, struct fault *f)
{
	struct text words = {0};
	int rc;

	scene_words(&words, sc);
	rc = redaction_refuse(m->redaction, words.bytes, words.used, f);
	text_free(&words);
	return rc;
}

int chart_make(struct text *out, const struct making *m, const struct chart *chart, const char *form,
               double width, struct fault *f)
{
	const struct casefile *cf = m->cf;
	struct typesetter ts = { NULL, m->lang };
	struct chart_finding found;
	struct chart_input in;
	struct figures fg;
	struct scene *sc;
	int rc;

	if (fonts_load(&ts.fonts, f) < 0)
		return -1;
	figures_init(&fg, cf->phrases, m->lang, &ts, &m->zone, cf->arena);
	in = figures_input(&fg, cf->an, cf->narratives, width);
	in.since = m->since != INSTANT_NONE ? m->since : 0;
	in.until = m->until != INSTANT_NONE ? m->until : 0;
	if (chart->of_incident == CHART_OF_INCIDENT || (chart->of_incident == CHART_OF_EITHER && m->incident_given))
		figures_tell(&fg, &in, &cf->an->incidents[m->incident], cf->narratives);
	sc = figures_draw(&fg, chart, &in, &found);
	add_title(sc, &in, m);
	rc = m->redaction != NULL ? refuse_words(m, sc, f) : 0;
	rc = rc < 0 ? -1 : write_form(out, sc, &ts, form, m, f);
	fonts_free(ts.fonts);
	return rc;
}

static int list(const struct cli *c, struct fault *f)
{
	struct text page = {0}, what = {0};
	struct terminal term;
	int rc;

	if (terminal_ask(&term, c, f) < 0)
		return -1;
	for (size_t i = 0; chart_list[i] != NULL; i++) {
		text_clear(&what);
		text_printf(&what, "%s%s", chart_list[i]->summary,
		            chart_list[i]->of_incident == CHART_OF_INCIDENT ? " (of one incident)" : "");
		text_add_item(&page, chart_list[i]->name, 18, text_str(&what), terminal_page(&term));
	}
	rc = print_text(&page, f);
	text_free(&page);
	text_free(&what);
	return rc < 0 ? -1 : STATUS_DONE;
}

/* ".svg", ".png", ".pdf" or ".trace" from --to or the ending of the file. */
static int choose_form(const char **out, const struct cli *c, const char *path, struct fault *f)
{
	static const char *const forms[] = { ".svg", ".png", ".pdf", ".trace", NULL };
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
	if (chart->of_incident == CHART_OF_INCIDENT && m->incident == NO_INCIDENT) {
		remark("the queue is empty%s: there is no incident to draw", m->cf->an->view != NULL ? " in the period asked for" : "");
		return STATUS_PARTIAL;
	}
	rc = chart_make(&bytes, m, chart, form, width, f) < 0 || output_write(path, &bytes, f) < 0 ? -1 : 0;
	text_free(&bytes);
	return rc < 0 ? -1 : (int)making_status(m);
}

static int run(struct cli *c, struct fault *f)
{
	const char *path = cli_option(c, "-o"), *form = NULL;
	const struct chart *chart;
	struct making m = {0};
	struct casefile cf = {0};
	int rc = -1;

	if (cli_has(c, "--list"))
		return list(c, f);
	if (c->argument_count == 0)
		return fault_set(f, FAULT_USAGE, "'chart' needs KIND; 'tsumugi chart --list' lists them");
	if ((chart = chart_find(c->arguments[0])) == NULL)
		return fault_set(f, FAULT_USAGE, "there is no chart '%.100s'; 'tsumugi chart --list' lists them",
		                 c->arguments[0]);
	if (path == NULL && isatty(STDOUT_FILENO) == 1)
		return fault_set(f, FAULT_USAGE, "'chart %s' needs -o FILE.svg", chart->name);
	if (path == NULL)
		path = "-";
	if (choose_form(&form, c, path, f) == 0 && making_options(&m, c, f) == 0 && casefile_open(&cf, c, f) == 0) {
		m.cf = &cf;
		rc = making_look(&m, &cf, c, f) < 0 ? -1 : make_chart(chart, &m, form, path, c, f);
		casefile_close(&cf);
	}
	zone_free(&m.zone);
	return rc;
}

const struct command command_chart = {
	.name = "chart", .arguments = "KIND", .summary = "writes one chart as .svg, .png or .pdf", .most = 1,
	.options = options, .run = run,
};
