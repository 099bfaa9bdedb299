/* tsumugi export: what other programs take over. Lists of the whole case are written row by row, the forms of
 * render/export/exports.c at once. Values are exact, not defanged. */
#include <inttypes.h>
#include <string.h>

#include "analyst/model/view.h"
#include "render/cli/casefile.h"
#include "render/cli/commands.h"
#include "render/cli/making.h"
#include "render/cli/output.h"
#include "render/export/exports.h"

struct exporting {
	const struct casefile *cf;
	struct output *out;
	struct text row;
	uint64_t rows;
	const uint32_t *ranks;
	const char *source;
	struct fault *f;
};

struct export_kind {
	const char *name, *summary;
	bool ranked;                 /* what it says depends on the period */
	int (*write)(struct exporting *ex);
};

static int flush_row(struct exporting *ex)
{
	int rc = output_add(ex->out, text_str(&ex->row), ex->row.used, ex->f);

	text_clear(&ex->row);
	ex->rows++;
	return rc < 0 ? -1 : stop_check(ex->f);
}

/* All records are listed; the queue is that of the period. By rank in the whole queue the rank in view, 0: none. */
static const uint32_t *ranks_in_view(const struct casefile *cf)
{
	const struct analysis *an = cf->an, *whole = view_whole(an);
	uint32_t *ranks = ARENA_ARRAY(cf->arena, uint32_t, whole->queue_count + 1), n = 0;

	for (uint32_t i = 0; i < whole->queue_count && n < an->queue_count; i++)
		if (strcmp(whole->incidents[i].id, an->incidents[n].id) == 0)
			ranks[i + 1] = ++n;
	return ranks;
}

static int assignment(void *ctx, const char *source, int64_t line, const char *alert, const char *episode,
                      const char *incident, uint32_t rank)
{
	struct exporting *ex = ctx;

	rank = ex->ranks[rank];
	text_add_csv(&ex->row, source);
	text_printf(&ex->row, ",%" PRId64 ",%s,%s,", line, alert, episode != NULL ? episode : "");
	if (rank > 0)
		text_printf(&ex->row, "%s,%" PRIu32, incident, rank);
	else
		text_addc(&ex->row, ',');
	text_addc(&ex->row, '\n');
	return flush_row(ex);
}

static int write_assignments(struct exporting *ex)
{
	static const char heading[] = "source,line,alert_id,episode_id,incident_id,rank\n";

	if (output_add(ex->out, heading, sizeof(heading) - 1, ex->f) < 0)
		return -1;
	ex->ranks = ranks_in_view(ex->cf);
	return store_assignments(ex->cf->store, view_whole(ex->cf->an), assignment, ex, ex->f);
}

static int rejected(void *ctx, int64_t line, int64_t offset, const char *reason)
{
	struct exporting *ex = ctx;

	text_add_csv(&ex->row, ex->source);
	text_printf(&ex->row, ",%" PRId64 ",%" PRId64 ",", line, offset);
	text_add_csv(&ex->row, reason);
	text_addc(&ex->row, '\n');
	return flush_row(ex);
}

static int write_rejects(struct exporting *ex)
{
	static const char heading[] = "source,line,offset,reason\n";

	if (output_add(ex->out, heading, sizeof(heading) - 1, ex->f) < 0)
		return -1;
	for (size_t i = 0; i < ex->cf->source_count; i++) {
		ex->source = ex->cf->sources[i].name;
		if (store_rejects(ex->cf->store, ex->cf->sources[i].id, rejected, ex, ex->f) < 0)
			return -1;
	}
	return 0;
}

static const struct export_kind kinds[] = {
	{ "assignments", "CSV, one row an alert: where it was read, its episode, incident and rank", true,
	  write_assignments },
	{ "rejects", "CSV, one row a record that could not be read: where, and why", false, write_rejects },
	{ NULL, NULL, false, NULL },
};

static const struct option options[] = {
	{ "-o", "FILE", "writes there instead of standard output" },
	{ "--incident", "ID", "of one incident only, by rank or id (default: the queue)" },
	{ "--lang", "LANG", "en or ja: titles and stories" },
	{ "--tz", "ZONE", "timeline: local times in this zone (default: UTC)" },
	{ "--tlp", "LABEL", "RED, AMBER+STRICT, AMBER, GREEN or CLEAR (default: that of the strictest list matched, if AMBER or above)" },
	{ "--redact", "PROFILE", "default: machines, accounts, addresses and paths of ours become HOST-01 and so on" },
	{ "--organisation", "NAME", "who exports" },
	{ "--attack-version", "N", "navigator: 18 for a Navigator that does not know the ids of ATT&CK 19 yet (default: 19)" },
	PERIOD_OPTIONS,
	{ "--list", NULL, "lists what can be exported" },
	{ NULL, NULL, NULL },
};

static int list(const struct cli *c, struct fault *f)
{
	struct text page = {0};
	struct terminal term;
	int rc;

	if (terminal_ask(&term, c, f) < 0)
		return -1;
	for (const struct export_kind *k = kinds; k->name != NULL; k++)
		text_add_item(&page, k->name, 17, k->summary, terminal_page(&term));
	for (const struct export_form *form = export_forms; form->name != NULL; form++)
		text_add_item(&page, form->name, 17, form->summary, terminal_page(&term));
	rc = print_text(&page, f);
	text_free(&page);
	return rc < 0 ? -1 : STATUS_DONE;
}

static const struct export_kind *find(const char *name)
{
	for (const struct export_kind *k = kinds; k->name != NULL; k++)
		if (strcmp(k->name, name) == 0)
			return k;
	return NULL;
}

static int export_to(const struct casefile *cf, const struct export_kind *kind, const char *path,
                     struct fault *f)
{
	struct exporting ex = { .cf = cf, .f = f };
	int rc = -1;

	if (output_open(&ex.out, path, f) < 0)
		return -1;
	if (kind->write(&ex) == 0 && output_keep(ex.out, f) == 0)
		rc = ex.rows > 0 ? STATUS_DONE : STATUS_PARTIAL;
	output_close(ex.out);
	text_free(&ex.row);
	return rc;
}

/* ---- forms ---- */

static const char *rename_one(void *ctx, const char *s)
{
	return redact_text(ctx, s);
}

/* Names of techniques are ATT&CK's. */
static void spare_techniques(struct redaction *rd, const struct export_request *rq)
{
	size_t n;
	const struct technique_count *list = export_techniques(&n, rq, export_first(rq), export_end(rq));

	for (size_t i = 0; i < n; i++)
		redaction_shows(rd, attack_name(rq->attack, list[i].id));
}

int export_make(struct text *out, const struct making *m, const struct export_form *form, const struct cli *c, struct fault *f)
{
	const struct casefile *cf = m->cf;
	struct containment how;
	const char *folder;
	const struct incident *in = m->incident_given ? &cf->an->incidents[m->incident] : NULL;
	const char *label = making_bound(m, in), *asked = cli_option(c, "--attack-version");
	bool before = asked != NULL && strcmp(asked, "18") == 0;
	const struct export_request rq = {
		.attack_version = before ? ATTACK_BEFORE : ATTACK_NOW, .label = label != NULL ? label + strlen("TLP:") : NULL,
		.an = cf->an, .narratives = cf->narratives, .phrases = cf->phrases, .attack = knowledge_attack(cf->knowledge), .how = &how,
		.store = cf->store, .arena = cf->arena, .lang = m->lang, .zone = &m->zone, .tlp = m->tlp != NULL ? m->tlp + strlen("TLP:") : NULL, .organisation = m->organisation,
		.incident = m->incident_given ? m->incident : NO_INCIDENT,
		.made = m->now != INSTANT_NONE ? m->now : view_alerts(cf->an) > 0 ? view_last(cf->an) : 0,
		.rename = m->redaction != NULL ? rename_one : NULL, .rename_ctx = m->redaction,
	};

	if (asked != NULL && !before && strcmp(asked, attack_release(rq.attack)) != 0)
		return fault_set(f, FAULT_USAGE, "--attack-version takes 18 or %s, not '%.20s'", attack_release(rq.attack), asked);
	if (making_allowed(m, in, f) < 0 || templates_folder(&folder, c->program, f) < 0 ||
	    containment_load(&how, arena_printf(cf->arena, "%s/knowledge", folder), cf->arena, f) < 0 ||
	    form->write(out, &rq, f) < 0)
		return -1;
	if (m->redaction == NULL)
		return 0;
	spare_techniques(m->redaction, &rq);
	return redaction_refuse(m->redaction, out->bytes, out->used, f);
}

static int export_form_to(const struct export_form *form, const char *path, struct casefile *cf, const struct cli *c, struct fault *f)
{
	struct making m = {0};
	struct text out = {0};
	int rc = -1;

	if (making_options(&m, c, f) == 0) {
		m.cf = cf;
		if (making_look(&m, cf, c, f) == 0 && making_incident(&m, c, f) == 0 && export_make(&out, &m, form, c, f) == 0 &&
		    stop_check(f) == 0 && output_write(path, &out, f) == 0)
			rc = m.incident_given || cf->an->queue_count > 0 ? STATUS_DONE : STATUS_PARTIAL;
	}
	if (rc == STATUS_PARTIAL)
		remark("the queue is empty%s: there is nothing to export", cf->an->view != NULL ? " in the period asked for" : "");
	text_free(&out);
	zone_free(&m.zone);
	return rc;
}

static int export_kind_to(const struct export_kind *kind, const char *path, struct casefile *cf, const struct cli *c, struct fault *f)
{
	struct making m = {0};
	int rc = making_options(&m, c, f);

	if (rc == 0) {
		casefile_view(cf, m.since, m.until);
		rc = export_to(cf, kind, path, f);
	}
	zone_free(&m.zone);
	return rc;
}

/* For the command run. */
int export_assignments(const struct casefile *cf, const char *path, struct fault *f)
{
	return export_to(cf, &kinds[0], path, f);
}

static int run(struct cli *c, struct fault *f)
{
	const char *path = cli_option(c, "-o") != NULL ? cli_option(c, "-o") : "-";
	const struct export_form *form;
	const struct export_kind *kind;
	struct casefile cf;
	int rc;

	if (cli_has(c, "--list"))
		return list(c, f);
	if (c->argument_count == 0)
		return fault_set(f, FAULT_USAGE, "'export' needs WHAT; 'tsumugi export --list' lists it");
	kind = find(c->arguments[0]);
	form = export_find(c->arguments[0]);
	if (kind == NULL && form == NULL)
		return fault_set(f, FAULT_USAGE, "there is no export '%.100s'; 'tsumugi export --list' lists them",
		                 c->arguments[0]);
	/* Lists of all records name everything; nothing is left out silently. */
	if (kind != NULL && (cli_has(c, "--redact") || cli_has(c, "--incident")))
		return fault_set(f, FAULT_USAGE, "export '%s' is of the whole case file: no --incident, no --redact", kind->name);
	if (kind != NULL && !kind->ranked && (cli_has(c, "--since") || cli_has(c, "--until")))
		return fault_set(f, FAULT_USAGE, "export '%s' knows no time: no --since, no --until", kind->name);
	if (casefile_open(&cf, c, f) < 0)
		return -1;
	rc = kind != NULL ? export_kind_to(kind, path, &cf, c, f) : export_form_to(form, path, &cf, c, f);
	casefile_close(&cf);
	return rc;
}

const struct command command_export = {
	.name = "export", .arguments = "WHAT", .summary = "writes what other programs take over: STIX, MISP, timelines, lists",
	.more = "Values are exact, not defanged: programs read them. Indicators come from the lists that were matched and from the "
	        "connections that 'tsumugi respond' would block.", .most = 1,
	.options = options, .run = run,
};
