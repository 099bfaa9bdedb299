/* tsumugi export: machine-readable lists, one row a kind. Values are exact, not defanged. */
#include <inttypes.h>
#include <string.h>

#include "render/cli/casefile.h"
#include "render/cli/commands.h"
#include "render/cli/making.h"
#include "render/cli/output.h"

struct exporting {
	const struct casefile *cf;
	struct output *out;
	struct text row;
	uint64_t rows;
	const char *source;
	struct fault *f;
};

struct export_kind {
	const char *name, *summary;
	int (*write)(struct exporting *ex);
};

static int flush_row(struct exporting *ex)
{
	int rc = output_add(ex->out, text_str(&ex->row), ex->row.used, ex->f);

	text_clear(&ex->row);
	ex->rows++;
	return rc < 0 ? -1 : stop_check(ex->f);
}

static int assignment(void *ctx, const char *source, int64_t line, const char *alert, const char *episode,
                      const char *incident, uint32_t rank)
{
	struct exporting *ex = ctx;

	text_add_csv(&ex->row, source);
	text_printf(&ex->row, ",%" PRId64 ",%s,%s,", line, alert, episode != NULL ? episode : "");
	if (incident != NULL)
		text_printf(&ex->row, "%s,%" PRIu32, incident, rank);
	else
		text_addc(&ex->row, ',');
	text_addc(&ex->row, '\n');
	return flush_row(ex);
}

static int write_assignments(struct exporting *ex)
{
	static const char heading[] = "source,line,alert_id,episode_id,incident_id,rank\n";

	if (output_add(ex->out, heading, sizeof(heading) - 1, ex->f) < 0)
		return -1;
	return store_assignments(ex->cf->store, assignment, ex, ex->f);
}

static int rejected(void *ctx, int64_t line, int64_t offset, const char *reason)
{
	struct exporting *ex = ctx;

	text_add_csv(&ex->row, ex->source);
	text_printf(&ex->row, ",%" PRId64 ",%" PRId64 ",", line, offset);
	text_add_csv(&ex->row, reason);
	text_addc(&ex->row, '\n');
	return flush_row(ex);
}

static int write_rejects(struct exporting *ex)
{
	static const char heading[] = "source,line,offset,reason\n";

	if (output_add(ex->out, heading, sizeof(heading) - 1, ex->f) < 0)
		return -1;
	for (size_t i = 0; i < ex->cf->source_count; i++) {
		ex->source = ex->cf->sources[i].name;
		if (store_rejects(ex->cf->store, ex->cf->sources[i].id, rejected, ex, ex->f) < 0)
			return -1;
	}
	return 0;
}

static const struct export_kind kinds[] = {
	{ "assignments", "CSV, one row an alert: where it was read, its episode, incident and rank",
	  write_assignments },
	{ "rejects", "CSV, one row a record that could not be read: where, and why", write_rejects },
	{ NULL, NULL, NULL },
};

static const struct option options[] = {
	{ "-o", "FILE", "writes there instead of standard output" },
	{ "--list", NULL, "lists what can be exported" },
	{ NULL, NULL, NULL },
};

static int list(struct fault *f)
{
	struct text page = {0};
	int rc;

	for (const struct export_kind *k = kinds; k->name != NULL; k++)
		text_printf(&page, "%-12s %s\n", k->name, k->summary);
	rc = print_text(&page, f);
	text_free(&page);
	return rc < 0 ? -1 : STATUS_DONE;
}

static const struct export_kind *find(const char *name)
{
	for (const struct export_kind *k = kinds; k->name != NULL; k++)
		if (strcmp(k->name, name) == 0)
			return k;
	return NULL;
}

static int export_to(const struct casefile *cf, const struct export_kind *kind, const char *path,
                     struct fault *f)
{
	struct exporting ex = { .cf = cf, .f = f };
	int rc = -1;

	if (output_open(&ex.out, path, f) < 0)
		return -1;
	if (kind->write(&ex) == 0 && output_keep(ex.out, f) == 0)
		rc = ex.rows > 0 ? STATUS_DONE : STATUS_PARTIAL;
	output_close(ex.out);
	text_free(&ex.row);
	return rc;
}

/* For the command run. */
int export_assignments(const struct casefile *cf, const char *path, struct fault *f)
{
	return export_to(cf, &kinds[0], path, f);
}

static int run(struct cli *c, struct fault *f)
{
	const struct export_kind *kind;
	struct casefile cf;
	int rc;

	if (cli_has(c, "--list"))
		return list(f);
	if (c->argument_count == 0)
		return fault_set(f, FAULT_USAGE, "'export' needs WHAT; 'tsumugi export --list' lists it");
	if ((kind = find(c->arguments[0])) == NULL)
		return fault_set(f, FAULT_USAGE, "there is no export '%.100s'; 'tsumugi export --list' lists them",
		                 c->arguments[0]);
	if (casefile_open(&cf, c, f) < 0)
		return -1;
	rc = export_to(&cf, kind, cli_option(c, "-o") != NULL ? cli_option(c, "-o") : "-", f);
	casefile_close(&cf);
	return rc;
}

const struct command command_export = {
	.name = "export", .arguments = "WHAT", .summary = "writes lists for other programs", .most = 1,
	.options = options, .run = run,
};
