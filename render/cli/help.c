/* tsumugi help: pages printed from the tables that the program runs on. */
#include <string.h>

#include "render/cli/commands.h"

static int run(struct cli *c, struct fault *f)
{
	const struct command *about = NULL;
	struct text page = {0};
	struct terminal term;
	int rc;

	if (c->argument_count > 0) {
		about = command_find(c->arguments[0], strlen(c->arguments[0]));
		if (about == NULL)
			return fault_set(f, FAULT_USAGE, "unknown command '%.200s'; 'tsumugi help' lists them", c->arguments[0]);
	}
	if (terminal_ask(&term, c, f) < 0)
		return -1;
	cli_help(&page, about, terminal_page(&term));
	rc = print_text(&page, f);
	text_free(&page);
	return rc < 0 ? -1 : STATUS_DONE;
}

const struct command command_help = {
	.name = "help", .arguments = "[COMMAND]", .summary = "lists the commands, or tells about one", .most = 1,
	.run = run,
};
