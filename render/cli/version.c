/* tsumugi version. */
#include "render/cli/commands.h"

static int run(struct cli *c, struct fault *f)
{
	struct text line = {0};
	int rc;

	(void)c;
	text_add(&line, "tsumugi " TSUMUGI_VERSION "\n");
	rc = print_text(&line, f);
	text_free(&line);
	return rc < 0 ? -1 : STATUS_DONE;
}

const struct command command_version = {
	.name = "version", .summary = "prints the version", .run = run,
};
