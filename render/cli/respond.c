/* tsumugi respond: what to block for one incident, and what that would have stopped. */
#include <string.h>

#include "render/cli/commands.h"
#include "render/cli/making.h"
#include "render/cli/output.h"
#include "render/export/response.h"

static const struct option options[] = {
	{ "--to", "FORM", "text, json, nftables, suricata or cacao (default: what FILE ends in, .json, .nft or .rules; else text)" },
	{ "--replay", NULL, "says what each measure would have stopped, from the records (json always does)" },
	{ "-o", "FILE", "writes there instead of standard output" },
	{ "--lang", "LANG", "en or ja" },
	{ "--tz", "ZONE", "times in this zone: Asia/Tokyo, +09:00 (default: UTC)" },
	{ "--tlp", "LABEL", "RED, AMBER+STRICT, AMBER, GREEN or CLEAR (default: that of the strictest list matched, if AMBER or above)" },
	{ "--since", "TIME", "INCIDENT is a rank among those with an alert from here on; the plan rests on all records" },
	{ "--until", "TIME", "and before this time" },
	{ NULL, NULL, NULL },
};

int respond_make(struct text *out, const struct making *m, const struct response_form *form, bool replay, int columns,
                 const struct cli *c, struct fault *f)
{
	const struct casefile *cf = m->cf;
	const struct incident *in = &cf->an->incidents[m->incident];
	const char *folder, *label = making_bound(m, in);
	struct containment how;
	struct plan plan;

	if (making_allowed(m, in, f) < 0 || templates_folder(&folder, c->program, f) < 0 ||
	    containment_load(&how, arena_printf(cf->arena, "%s/knowledge", folder), cf->arena, f) < 0)
		return -1;
	plan_make(&plan, cf->an, in, &cf->narratives[m->incident], &how, cf->arena);
	form->write(out, &(struct response){
		.plan = &plan, .an = cf->an, .phrases = cf->phrases, .lang = m->lang, .zone = &m->zone, .arena = cf->arena,
		.title = story_title(cf->phrases, m->lang, REGISTER_WEEKLY, &cf->narratives[m->incident], &m->zone, cf->arena),
		.tlp = label != NULL ? label + strlen("TLP:") : NULL, .replay = replay, .columns = columns });
	return plan.measure_count > 0 ? STATUS_DONE : STATUS_PARTIAL;
}

static int respond(const struct cli *c, const struct making *m, const struct response_form *form, const char *path,
                   struct fault *f)
{
	struct terminal term;
	struct text out = {0};
	int rc = terminal_ask(&term, c, f) < 0 ? -1 : respond_make(&out, m, form, cli_has(c, "--replay"), term.columns - 1, c, f);

	if (rc >= 0 && (stop_check(f) < 0 || output_write(path, &out, f) < 0))
		rc = -1;
	text_free(&out);
	return rc;
}

static int run(struct cli *c, struct fault *f)
{
	const char *to = cli_option(c, "--to"), *path = cli_option(c, "-o");
	const struct response_form *form = to != NULL ? response_find(to) : response_of_ending(path != NULL ? path_ending(path) : "");
	struct making m = {0};
	struct casefile cf = {0};
	int rc = -1;

	if (form == NULL)
		return fault_set(f, FAULT_USAGE, "plans are written as text, json, nftables, suricata or cacao, not as '%.50s'", to);
	if (making_options(&m, c, f) == 0 && casefile_open(&cf, c, f) == 0) {
		m.cf = &cf;
		casefile_view(&cf, m.since, m.until);
		if (casefile_incident(&m.incident, &cf, c->arguments[0], f) == 0) {
			casefile_tell(&cf, m.incident);
			rc = respond(c, &m, form, path != NULL ? path : "-", f);
		}
		casefile_close(&cf);
	}
	zone_free(&m.zone);
	return rc;
}

const struct command command_respond = {
	.name = "respond", .arguments = "INCIDENT",
	.summary = "plans containment: which connections to block, why, what that breaks, what it would have stopped",
	.more = "INCIDENT is a rank in the queue (1) or an id (INC-2021W10-01). Nothing is carried out. What is blocked for which "
	        "behaviour, and what never, is data: templates/knowledge/containment.xml.",
	.least = 1, .most = 1, .options = options, .run = run,
};
