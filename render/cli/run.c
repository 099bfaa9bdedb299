/* tsumugi run: what a newcomer types first. Imports, analyses, and writes every report and
 * chart into one folder. */
#include <string.h>

#include "render/cli/commands.h"
#include "render/cli/importing.h"
#include "render/cli/making.h"
#include "render/cli/output.h"

static const struct option options[] = {
	{ "-o", "DIR", "writes there; made when missing" },
	IMPORTING_OPTIONS,
	{ "--lang", "LANG", "en or ja (default: both)" },
	REPORT_OPTIONS,
	{ NULL, NULL, NULL },
};

struct running {
	struct casefile cf;
	struct making m;
	const char *folder;
	struct text bytes, said;     /* scratch; the closing lines */
	unsigned written;
};

static const char *name_in(struct running *r, const char *name)
{
	size_t n = strlen(r->folder);

	return arena_printf(r->cf.arena, "%s%s%s", r->folder, n > 0 && r->folder[n - 1] == '/' ? "" : "/", name);
}

static int keep(struct running *r, const char *name, struct fault *f)
{
	int rc = 0;

	/* PDFs are packed and were searched before. */
	if (r->m.redaction != NULL && strcmp(path_ending(name), ".pdf") != 0)
		rc = redaction_refuse(r->m.redaction, r->bytes.bytes, r->bytes.used, f);
	rc = rc < 0 ? -1 : output_write(name_in(r, name), &r->bytes, f);

	text_clear(&r->bytes);
	if (rc == 0) {
		r->written++;
		text_printf(&r->said, "  %s\n", name);
	}
	return rc < 0 ? -1 : stop_check(f);
}

static const char *language_name(enum language lang)
{
	return lang == LANGUAGE_JA ? "ja" : "en";
}

/* To print and to read on a screen. */
static const struct {
	enum report_medium medium;
	const char *ending;
} forms[] = { { REPORT_PDF, "pdf" }, { REPORT_HTML, "html" } };

static int write_report(struct running *r, const struct report_kind *k, struct fault *f)
{
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		r->m.form = forms[i].medium;
		if (k->make(&r->bytes, &r->m, f) < 0 ||
		    keep(r, arena_printf(r->cf.arena, "%s.%s.%s", k->name, language_name(r->m.lang), forms[i].ending), f) < 0)
			return -1;
	}
	return 0;
}

static int write_reports(struct running *r, struct fault *f)
{
	for (const struct report_kind *k = report_kinds; k->name != NULL; k++)
		if (!(k->of_incident && r->m.incident == NO_INCIDENT) && write_report(r, k, f) < 0)
			return -1;
	return 0;
}

static int write_charts(struct running *r, struct fault *f)
{
	for (size_t i = 0; chart_list[i] != NULL; i++) {
		const struct chart *chart = chart_list[i];

		if (chart->of_incident && r->m.incident == NO_INCIDENT)
			continue;
		if (chart->applies != NULL && !chart->applies(&r->cf.narratives[r->m.incident]))
			continue;
		if (chart_make(&r->bytes, &r->m, chart, ".svg", CHART_WIDTH, f) < 0 ||
		    keep(r, arena_printf(r->cf.arena, "%s.%s.svg", chart->name, language_name(r->m.lang)), f) < 0)
			return -1;
	}
	return 0;
}

static int write_lists(struct running *r, struct fault *f)
{
	const struct analysis *an = r->cf.an;
	struct told told = casefile_told(&r->cf);

	text_addc(&r->bytes, '[');
	for (uint32_t i = 0; i < an->queue_count; i++) {
		struct description d;

		describe(&d, &told, i, LANGUAGE_EN, &r->m.zone);
		text_add(&r->bytes, i > 0 ? ",\n" : "");
		describe_json(&r->bytes, &d, &told, LANGUAGE_EN);
		text_addc(&r->bytes, '}');
	}
	text_add(&r->bytes, "]\n");
	if (keep(r, "incidents.json", f) < 0)
		return -1;
	if (export_assignments(&r->cf, name_in(r, "assignments.csv"), f) < 0)
		return -1;
	r->written++;
	text_add(&r->said, "  assignments.csv\n");
	return 0;
}

static int write_all(struct running *r, const struct cli *c, struct fault *f)
{
	if (making_incident(&r->m, c, f) < 0)
		return -1;
	for (int lang = 0; lang < LANGUAGES; lang++) {
		if (cli_has(c, "--lang") && strcmp(cli_option(c, "--lang"), language_name((enum language)lang)) != 0)
			continue;
		r->m.lang = (enum language)lang;
		if (write_reports(r, f) < 0 || write_charts(r, f) < 0)
			return -1;
	}
	return write_lists(r, f);
}

/* What was concluded, in a few lines, and where to look. */
static int tell(struct running *r, const struct cli *c, struct fault *f)
{
	const struct analysis *an = r->cf.an;
	const struct fact counts[] = {
		{ .name = "alerts", .kind = FACT_NUMBER, .value = an->week->mark_count },
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
	text_add_shown(&out, r->folder, strlen(r->folder));
	text_printf(&out, ":\n%s", text_str(&r->said));
	if (an->queue_count > 1) {
		text_add(&out, "Another incident: tsumugi --case ");
		text_add_shown(&out, cli_case(c), strlen(cli_case(c)));
		text_add(&out, " report customer --incident 2 -o FILE.pdf\n");
	}
	rc = print_text(&out, f);
	text_free(&out);
	return rc;
}

static int run(struct cli *c, struct fault *f)
{
	struct running r = { .folder = cli_option(c, "-o") };
	struct importing im = {0};
	int rc = -1;

	if (r.folder == NULL)
		return fault_set(f, FAULT_USAGE, "'run' needs -o DIR: the folder for its reports");
	if (making_options(&r.m, c, f) == 0 && output_folder(r.folder, f) == 0 &&
	    importing_run(&im, c, f) == 0 && importing_totals(&im, f) == 0) {
		if (im.failed)
			rc = STATUS_FAILED;
		else if (casefile_open(&r.cf, c, f) == 0) {
			r.m.cf = &r.cf;
			if (making_template(&r.m, &r.cf, c, NULL, f) == 0 && making_redact(&r.m, &r.cf, c, f) == 0 && write_all(&r, c, f) == 0 && tell(&r, c, f) == 0)
				rc = making_status(&r.m) == STATUS_DONE ? (int)importing_status(&im) : STATUS_PARTIAL;
			casefile_close(&r.cf);
		}
	}
	importing_free(&im);
	zone_free(&r.m.zone);
	text_free(&r.bytes);
	text_free(&r.said);
	return rc;
}

const struct command command_run = {
	.name = "run", .arguments = "PATH...", .summary = "imports, analyses, and writes every report and chart into a folder",
	.more = "Reports and charts of one incident are those of the first in the queue.",
	.least = 1, .most = -1, .options = options, .run = run,
};
