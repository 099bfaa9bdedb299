/* tsumugi analyze: episodes, incidents, rank, narrative; whether or not anything changed. */
#include "render/cli/casefile.h"
#include "render/cli/commands.h"

static int run(struct cli *c, struct fault *f)
{
	struct casefile cf;
	struct text line = {0};
	int rc, status;

	if (casefile_analyse(&cf, c, f) < 0)
		return -1;
	text_printf(&line, "%u alerts, %u episodes, %u incidents: %u in the queue, %u below the line\n",
	            cf.week->mark_count, cf.an->episode_count, cf.an->incident_count, cf.an->queue_count,
	            cf.an->incident_count - cf.an->queue_count);
	rc = print_text(&line, f);
	status = cf.week->mark_count > 0 ? STATUS_DONE : STATUS_PARTIAL;
	text_free(&line);
	casefile_close(&cf);
	return rc < 0 ? -1 : status;
}

const struct command command_analyze = {
	.name = "analyze", .summary = "joins alerts to incidents, ranks and tells them",
	.more = "Reports do this by themselves when something was imported since the last time.", .run = run,
};
