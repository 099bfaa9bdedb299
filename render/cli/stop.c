/* Signals. A stop is asked for and granted between two records; a second one does not
 * wait. Closed pipes and file size limits are errors of the write that meets them. */
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "render/cli/cli.h"

static volatile sig_atomic_t wanted;

static void on_stop(int signal_number)
{
	(void)signal_number;
	if (wanted)
		_exit(STATUS_INTERRUPTED);
	wanted = 1;
}

void stop_prepare(void)
{
	struct sigaction stop, ignore;

	memset(&stop, 0, sizeof(stop));
	sigemptyset(&stop.sa_mask);
	ignore = stop;
	stop.sa_handler = on_stop;
	ignore.sa_handler = SIG_IGN;
	sigaction(SIGINT, &stop, NULL);
	sigaction(SIGTERM, &stop, NULL);
	sigaction(SIGPIPE, &ignore, NULL);
	sigaction(SIGXFSZ, &ignore, NULL);
}

bool stop_wanted(void)
{
	return wanted != 0;
}

int stop_check(struct fault *f)
{
	return wanted ? fault_set(f, FAULT_STOPPED, "interrupted") : 0;
}
