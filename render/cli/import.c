/* tsumugi import: files and folders into the case file. */
#include "render/cli/commands.h"
#include "render/cli/importing.h"

static const struct option options[] = {
	IMPORTING_OPTIONS,
	{ "--ack", NULL, "prints 'ack N' after each commit: N records of this run are durable" },
	{ "--rejects", "FILE", "writes the records that this run rejected there: JSON, one a line" },
	{ "--json", NULL, "one object, for scripts" },
	{ NULL, NULL, NULL },
};

static int run(struct cli *c, struct fault *f)
{
	struct importing im = { .json = cli_has(c, "--json"), .ack = cli_has(c, "--ack"),
	                        .rejects_path = cli_option(c, "--rejects") };
	int rc;

	if (im.json && im.ack)
		return fault_set(f, FAULT_USAGE, "--ack and --json cannot be had together");
	rc = importing_run(&im, c, f) < 0 || importing_totals(&im, f) < 0 ? -1 : (int)importing_status(&im);
	importing_free(&im);
	return rc;
}

const struct command command_import = {
	.name = "import", .arguments = "PATH...", .summary = "reads files and folders into the case file",
	.more = "Alerts and indicators, plain or packed (gz, xz, zstd); the format is told from the content. Reading "
	        "the same file again changes nothing, unless an option says otherwise than before how it is read: then "
	        "what it was read as is replaced. An import that was cut off goes on where it stopped. '-' is "
	        "standard input.",
	.least = 1, .most = -1, .options = options, .run = run,
};
