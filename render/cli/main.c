/* tsumugi: parses the command line, runs one command, prints its fault, chooses the exit
 * status. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "render/cli/cli.h"
#include "render/cli/confine.h"

static enum status status_of(const struct fault *f)
{
	switch (f->kind) {
	case FAULT_USAGE:
		return STATUS_USAGE;
	case FAULT_STOPPED:
		return STATUS_INTERRUPTED;
	default:
		return STATUS_FAILED;
	}
}

static int print_help(const struct cli *c, struct fault *f)
{
	struct text page = {0};
	struct terminal term;
	int rc;

	if (terminal_ask(&term, c, f) < 0)
		return -1;
	cli_help(&page, c->command, terminal_page(&term));
	rc = print_text(&page, f);
	text_free(&page);
	return rc;
}

/* Started with one of the three closed, the next file to be opened would take its place, and what is printed would go
 * into it. Here they fail as a closed one does: what must be read can only be written, and the other way round. */
static void hold_standard_files(void)
{
	for (int fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY) < 0)
			return;
}

int main(int argc, char **argv)
{
	struct fault f = { .kind = FAULT_NONE };
	struct cli c = { .program = argv[0] };
	struct terminal t;
	int status = -1;

	hold_standard_files();
	confine();
	stop_prepare();
	/* The terminal is asked so that a wrong --color is one for every command. */
	if (cli_parse(&c, argc, argv, &f) == 0 && terminal_ask(&t, &c, &f) == 0)
		status = cli_has(&c, "--help") ? print_help(&c, &f) : c.command->run(&c, &f);
	if (status >= 0)
		return status;
	/* Who reads our output through a pipe and has seen enough needs no explanation. */
	if (strstr(f.text, strerror(EPIPE)) == NULL)
		remark("%s", f.text);
	return status_of(&f);
}
