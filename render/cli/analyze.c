/* tsumugi analyze: episodes, incidents, rank, narrative; whether or not anything changed. */
#include "render/cli/casefile.h"
#include "render/cli/commands.h"
#include "render/cli/importing.h"

static const struct option options[] = {
	TABLES_OPTION,
	{ NULL, NULL, NULL },
};

static void add_counts(struct text *line, const struct casefile *cf)
{
	const struct fact counts[] = {
		{ .name = "alerts", .kind = FACT_NUMBER, .value = cf->week->mark_count },
		{ .name = "episodes", .kind = FACT_NUMBER, .value = cf->an->episode_count },
		{ .name = "incidents", .kind = FACT_NUMBER, .value = cf->an->incident_count },
		{ .name = "queue", .kind = FACT_NUMBER, .value = cf->an->queue_count },
		{ .name = "below", .kind = FACT_NUMBER, .value = cf->an->incident_count - cf->an->queue_count },
	};

	text_printf(line, "%s\n", word_with(cf->phrases, LANGUAGE_EN, "cli.analyze", counts,
	                                    sizeof(counts) / sizeof(counts[0]), NULL, cf->arena));
}

static int take_tables(const struct cli *c, struct fault *f)
{
	struct store *st = NULL;
	int rc;

	if (!cli_has(c, "--tables"))
		return 0;
	/* To read first: it says what to do where no case file is, and makes none. */
	if (store_open(&st, cli_case(c), STORE_READ, f) < 0)
		return -1;
	store_close(st);
	if (store_open(&st, cli_case(c), STORE_WRITE, f) < 0)
		return -1;
	rc = importing_tables(st, c, f);
	store_close(st);
	return rc;
}

static int run(struct cli *c, struct fault *f)
{
	struct casefile cf;
	struct text line = {0};
	int rc, status;

	if (take_tables(c, f) < 0 || casefile_analyse(&cf, c, f) < 0)
		return -1;
	add_counts(&line, &cf);
	rc = print_text(&line, f);
	status = cf.week->mark_count > 0 ? STATUS_DONE : STATUS_PARTIAL;
	text_free(&line);
	casefile_close(&cf);
	return rc < 0 ? -1 : status;
}

const struct command command_analyze = {
	.name = "analyze", .summary = "joins alerts to incidents, ranks and tells them",
	.more = "Reports do this by themselves when something was imported since the last time.", .options = options, .run = run,
};
