/* Signals. A stop is asked for and granted between two records; a second one does not
 * wait. Closed pipes and file size limits are errors of the write that meets them. */
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "render/cli/cli.h"

static volatile sig_atomic_t wanted;
static struct timespec first;

/* Some senders signal a program and its whole group: two within the blink of an eye are
 * one wish. */
#define ONE_WISH_NANOSECONDS 300000000L

static void on_stop(int signal_number)
{
	struct timespec now;

	(void)signal_number;
	clock_gettime(CLOCK_MONOTONIC, &now);
	if (!wanted) {
		first = now;
		wanted = 1;
	} else if ((now.tv_sec - first.tv_sec) * 1000000000L + now.tv_nsec - first.tv_nsec > ONE_WISH_NANOSECONDS) {
		_exit(STATUS_INTERRUPTED);
	}
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
