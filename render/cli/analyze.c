/* tsumugi analyze: episodes, incidents, rank, narrative. */
#include "render/cli/casefile.h"
#include "render/cli/commands.h"
#include "render/cli/importing.h"

static const struct option options[] = {
	{ "--anew", NULL, "concludes all again from every alert, although nothing changed" },
	TABLES_OPTION,
	{ NULL, NULL, NULL },
};

static void add_counts(struct text *line, const struct casefile *cf, const struct concluded *n)
{
	const struct fact counts[] = {
		{ .name = "alerts", .kind = FACT_NUMBER, .value = n->alerts },
		{ .name = "episodes", .kind = FACT_NUMBER, .value = n->episodes },
		{ .name = "incidents", .kind = FACT_NUMBER, .value = n->incidents },
		{ .name = "queue", .kind = FACT_NUMBER, .value = n->queue },
		{ .name = "below", .kind = FACT_NUMBER, .value = n->incidents - n->queue },
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
	struct concluded counts;
	struct casefile cf;
	struct text line = {0};
	int rc, status;

	if (take_tables(c, f) < 0 || casefile_analyse(&cf, &counts, c, cli_has(c, "--anew"), f) < 0)
		return -1;
	add_counts(&line, &cf, &counts);
	rc = print_text(&line, f);
	status = counts.alerts > 0 ? STATUS_DONE : STATUS_PARTIAL;
	text_free(&line);
	casefile_close(&cf);
	return rc < 0 ? -1 : status;
}

const struct command command_analyze = {
	.name = "analyze", .summary = "joins alerts to incidents, ranks and tells them",
	.more = "Reports do this by themselves when something was imported since the last time. Where nothing changed, "
	        "nothing is done; after an import only what is new is read.", .options = options, .run = run,
};
