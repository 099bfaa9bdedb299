/* tsumugi run: what a newcomer types first. Imports, analyses, and writes every report and
 * chart, what to block, and what other programs take over into one folder. */
#include <string.h>
#include <sys/stat.h>

#include "analyst/model/view.h"
#include "render/cli/bundle.h"
#include "render/cli/commands.h"
#include "render/cli/importing.h"
#include "render/cli/making.h"
#include "render/cli/output.h"
#include "render/export/exports.h"
#include "render/export/response.h"

static const struct option options[] = {
	{ "-o", "DIR", "writes there; made when missing; not read where it lies in a PATH" },
	IMPORTING_OPTIONS,
	{ "--lang", "LANG", "en or ja (default: both)" },
	REPORT_OPTIONS,
	{ NULL, NULL, NULL },
};

#define PLAN_COLUMNS 100

struct running {
	struct casefile cf;
	struct making m;
	struct bundle files;
};

/* Whether the chart has anything to show; of one incident: of the first in the queue. */
static bool has_chart(const struct running *r, const struct chart *chart)
{
	struct chart_input in = { .analysis = r->cf.an };

	if (chart->of_incident == CHART_OF_INCIDENT && r->m.incident == NO_INCIDENT)
		return false;
	if (chart->of_incident == CHART_OF_INCIDENT) {
		in.incident = &r->cf.an->incidents[r->m.incident];
		in.story = &r->cf.narratives[r->m.incident];
	}
	return chart->applies == NULL || chart->applies(&in);
}

static int write_charts(struct running *r, struct fault *f)
{
	for (size_t i = 0; chart_list[i] != NULL; i++) {
		const struct chart *chart = chart_list[i];

		if (!has_chart(r, chart))
			continue;
		if (chart_make(&r->files.bytes, &r->m, chart, ".svg", CHART_WIDTH, f) < 0 ||
		    bundle_keep(&r->files, arena_printf(r->cf.arena, "%s.%s.svg", chart->name, language_name(r->m.lang)), f) < 0)
			return -1;
	}
	return 0;
}

static int write_lists(struct running *r, struct fault *f)
{
	const struct analysis *an = r->cf.an;
	struct told told = casefile_told(&r->cf);

	text_addc(&r->files.bytes, '[');
	for (uint32_t i = 0; i < an->queue_count; i++) {
		struct description d;

		describe(&d, &told, i, LANGUAGE_EN, &r->m.zone);
		text_add(&r->files.bytes, i > 0 ? ",\n" : "");
		describe_json(&r->files.bytes, &d, &told, LANGUAGE_EN);
		text_addc(&r->files.bytes, '}');
	}
	text_add(&r->files.bytes, "]\n");
	if (bundle_keep(&r->files, "incidents.json", f) < 0)
		return -1;
	if (export_assignments(&r->cf, bundle_path(&r->files, "assignments.csv"), f) < 0)
		return -1;
	text_add(&r->files.said, "  assignments.csv\n");
	return 0;
}

/* The containment plan of the incident that the reports are of. */
static int write_plan(struct running *r, const struct cli *c, struct fault *f)
{
	if (r->m.incident == NO_INCIDENT)
		return 0;
	if (respond_make(&r->files.bytes, &r->m, response_find("text"), true, PLAN_COLUMNS, c, f) < 0)
		return -1;
	return bundle_keep(&r->files, arena_printf(r->cf.arena, "containment.%s.txt", language_name(r->m.lang)), f);
}

/* What most teams hand on at once; 'export' has the rest. */
static int write_exports(struct running *r, const struct cli *c, struct fault *f)
{
	static const char *const names[] = { "iocs", "stix", "navigator" };

	r->m.lang = LANGUAGE_EN;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]) && r->m.incident != NO_INCIDENT; i++) {
		const struct export_form *form = export_find(names[i]);

		if (export_make(&r->files.bytes, &r->m, form, c, f) < 0 ||
		    bundle_keep(&r->files, arena_printf(r->cf.arena, "%s.%s", form->name, form->ending), f) < 0)
			return -1;
	}
	return 0;
}

static int write_all(struct running *r, const struct cli *c, struct fault *f)
{
	if (making_incident(&r->m, c, f) < 0 || making_allowed(&r->m, NULL, f) < 0)
		return -1;
	for (int lang = 0; lang < LANGUAGES; lang++) {
		if (!bundle_wants(c, (enum language)lang))
			continue;
		r->m.lang = (enum language)lang;
		if (bundle_reports(&r->files, NULL, f) < 0 || write_charts(r, f) < 0 || write_plan(r, c, f) < 0)
			return -1;
	}
	return write_lists(r, f) < 0 ? -1 : write_exports(r, c, f);
}

/* What was concluded, in a few lines, and where to look. */
static int tell(struct running *r, const struct cli *c, struct fault *f)
{
	const struct analysis *an = r->cf.an;
	const struct fact counts[] = {
		{ .name = "alerts", .kind = FACT_NUMBER, .value = view_alerts(an) },
		{ .name = "queue", .kind = FACT_NUMBER, .value = an->queue_count },
	};
	struct text out = {0};
	int rc;

	text_printf(&out, "%s\n", word_with(r->cf.phrases, LANGUAGE_EN, "cli.run", counts, 2, &r->m.zone, r->cf.arena));
	for (uint32_t i = 0; i < an->queue_count && i < 10; i++) {
		const char *title = story_title(r->cf.phrases, LANGUAGE_EN, REGISTER_WEEKLY, &r->cf.narratives[i],
		                                &r->m.zone, r->cf.arena);

		text_printf(&out, "%3u  %-8s %5.1f  ", an->incidents[i].rank,
		            table_name(priorities, (int)an->incidents[i].priority), an->incidents[i].score);
		text_add_shown(&out, title, strlen(title));
		text_addc(&out, '\n');
	}
	text_add(&out, "Written to ");
	text_add_shown(&out, r->files.folder, strlen(r->files.folder));
	text_printf(&out, ":\n%s", text_str(&r->files.said));
	if (an->queue_count > 1) {
		text_add(&out, "Another incident: tsumugi --case ");
		text_add_shown(&out, cli_case(c), strlen(cli_case(c)));
		text_add(&out, " report customer --incident 2 -o FILE.pdf\n");
	}
	rc = print_text(&out, f);
	text_free(&out);
	return rc;
}

/* What it writes is no input of the next run: the lists of indicators would find themselves again. */
static int keep_apart(const char *folder, const struct cli *c, struct fault *f)
{
	struct stat out, in;

	for (int i = 0; i < c->argument_count && stat(folder, &out) == 0; i++)
		if (strcmp(c->arguments[i], "-") != 0 && stat(c->arguments[i], &in) == 0 && in.st_dev == out.st_dev &&
		    in.st_ino == out.st_ino)
			return fault_set(f, FAULT_USAGE, "'%.200s' would be read and written: give -o another folder, which may lie in it",
			                 c->arguments[i]);
	return 0;
}

static int run(struct cli *c, struct fault *f)
{
	struct running r = { .files = { .folder = cli_option(c, "-o") } };
	struct importing im = { .folder = r.files.folder };
	int rc = -1;

	if (r.files.folder == NULL)
		return fault_set(f, FAULT_USAGE, "'run' needs -o DIR: the folder for its reports");
	if (making_options(&r.m, c, f) == 0 && keep_apart(r.files.folder, c, f) == 0 && output_folder(r.files.folder, f) == 0 &&
	    importing_run(&im, c, f) == 0 && importing_totals(&im, f) == 0) {
		if (im.failed)
			rc = STATUS_FAILED;
		else if (casefile_open(&r.cf, c, f) == 0) {
			r.m.cf = &r.cf;
			r.files.m = &r.m;
			if (making_dress(&r.m, &r.cf, c, NULL, f) == 0 && write_all(&r, c, f) == 0 && tell(&r, c, f) == 0)
				rc = making_status(&r.m) == STATUS_DONE ? (int)importing_status(&im) : STATUS_PARTIAL;
			casefile_close(&r.cf);
		}
	}
	importing_free(&im);
	zone_free(&r.m.zone);
	bundle_free(&r.files);
	return rc;
}

const struct command command_run = {
	.name = "run", .arguments = "PATH...", .summary = "imports, analyses, and writes reports, charts, the containment plan and indicators into a folder",
	.more = "Reports, charts and the containment plan of one incident are those of the first in the queue.",
	.least = 1, .most = -1, .options = options, .run = run,
};
