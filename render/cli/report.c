/* tsumugi report: the weekly triage report, the customer's incident report, the executive briefing. */
#include "render/document/report.h"

#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "render/cli/bundle.h"
#include "render/cli/commands.h"
#include "render/cli/making.h"
#include "render/cli/output.h"
#include "render/export/report_json.h"

static const struct option options[] = {
	{ "-o", "FILE", "writes there; its ending says which form (.pdf, .html, .md, .json); all: a folder" },
	{ "--to", "FORM", "pdf, html, md or json: the form when the ending does not say it" },
	{ "--incident", "ID", "customer, executive: which one, by rank or id (default: the first of the queue)" },
	{ "--lang", "LANG", "en or ja" },
	REPORT_OPTIONS,
	{ NULL, NULL, NULL },
};

static const char *rename_one(void *ctx, const char *s)
{
	return redact_text(ctx, s);
}

/* What the command line does not say, a template may. */
static const char *named(const char *asked, const char *const both[LANGUAGES], enum language lang)
{
	return asked != NULL || both == NULL ? asked : both[lang];
}

struct report_request making_request(const struct making *m, bool of_incident)
{
	const struct template *t = m->template;
	const struct incident *in = of_incident && m->incident != NO_INCIDENT ? &m->cf->an->incidents[m->incident] : NULL;

	return (struct report_request){
		.form = m->form, .refuse = m->redaction != NULL ? redaction_refuse : NULL,
		.rename = m->redaction != NULL ? rename_one : NULL, .refuse_ctx = m->redaction, .an = m->cf->an,
		.narratives = m->cf->narratives, .phrases = m->cf->phrases,
		.attack = knowledge_attack(m->cf->knowledge), .lang = m->lang,
		.tlp = making_label(m, in), .organisation = named(m->organisation, t != NULL ? t->organisation : NULL, m->lang),
		.customer = named(m->customer, t != NULL ? t->customer : NULL, m->lang), .template = t, .notes = &m->notes,
		.logo = t != NULL && redaction_keeps_logo(m->redaction) ? t->logo : NULL,
		.template_name = m->template_name, .zone = &m->zone,
		.generated = m->now, .since = m->since, .until = m->until, .sources = m->cf->sources,
		.source_count = m->cf->source_count, .store = m->cf->store,
		.incident = in,
	};
}

static int make_weekly(struct text *out, const struct making *m, struct fault *f)
{
	struct report_request rq = making_request(m, false);

	return report_weekly(out, &rq, f);
}

static int make_customer(struct text *out, const struct making *m, struct fault *f)
{
	struct report_request rq = making_request(m, true);

	return report_customer(out, &rq, f);
}

static int make_executive(struct text *out, const struct making *m, struct fault *f)
{
	struct report_request rq = making_request(m, true);

	return report_executive(out, &rq, f);
}

const struct report_kind report_kinds[] = {
	{ "weekly", "weekly triage report: what needs work, by rank", false, make_weekly },
	{ "customer", "customer incident report: what happened, how we know, what to do", true, make_customer },
	{ "executive", "executive briefing: one page for people who decide", true, make_executive },
	{ NULL, NULL, false, NULL },
};

static const struct report_kind *find(const char *name)
{
	for (const struct report_kind *k = report_kinds; k->name != NULL; k++)
		if (strcmp(k->name, name) == 0)
			return k;
	return NULL;
}

/* ---- forms ---- */

static int make_pdf(struct text *out, const struct report_kind *kind, const struct making *m, struct fault *f)
{
	return kind->make(out, m, f);
}

static int make_json(struct text *out, const struct report_kind *kind, const struct making *m, struct fault *f)
{
	struct report_request rq = making_request(m, kind->of_incident);

	if (report_json(out, report_form_find(kind->name), &rq, f) < 0)
		return -1;
	return rq.refuse != NULL ? rq.refuse(rq.refuse_ctx, out->bytes, out->used, f) : 0;
}

static int make_html(struct text *out, const struct report_kind *kind, const struct making *m, struct fault *f)
{
	struct making own = *m;

	own.form = REPORT_HTML;
	return kind->make(out, &own, f);
}

static int make_markdown(struct text *out, const struct report_kind *kind, const struct making *m, struct fault *f)
{
	struct making own = *m;

	own.form = REPORT_MARKDOWN;
	return kind->make(out, &own, f);
}

const struct file_form file_forms[] = {
	{ "pdf", true, make_pdf }, { "html", true, make_html }, { "md", false, make_markdown }, { "json", false, make_json },
	{ NULL, false, NULL }
};

/* By --to, else by the ending of the file; on standard output PDF. What is not written is said before work
 * begins. */
static int choose_form(const struct file_form **out, const struct cli *c, const char *path, struct fault *f)
{
	const char *to = cli_option(c, "--to"), *name = to != NULL ? to : path_ending(path);

	if (name[0] == '.')
		name++;
	*out = &file_forms[0];
	if (to == NULL && (name[0] == '\0' || strcmp(path, "-") == 0))
		return 0;
	for (const struct file_form *form = file_forms; form->name != NULL; form++)
		if (strcasecmp(form->name, name) == 0) {
			*out = form;
			return 0;
		}
	return fault_set(f, FAULT_USAGE, "reports are written as pdf, html, md or json, not as '%.50s'", name);
}

static int make_report(const struct report_kind *kind, const struct file_form *form, struct making *m, const char *path,
                       const struct cli *c, struct fault *f)
{
	struct text bytes = {0};
	int rc;

	if (making_incident(m, c, f) < 0)
		return -1;
	if (kind->of_incident && m->incident == NO_INCIDENT) {
		remark("the queue is empty%s: there is no incident to report", m->cf->an->view != NULL ? " in the period asked for" : "");
		return STATUS_PARTIAL;
	}
	if (making_allowed(m, kind->of_incident ? &m->cf->an->incidents[m->incident] : NULL, f) < 0)
		return -1;
	rc = form->make(&bytes, kind, m, f) < 0 || stop_check(f) < 0 || output_write(path, &bytes, f) < 0 ? -1 : 0;
	text_free(&bytes);
	return rc < 0 ? -1 : (int)making_status(m);
}

/* Weekly, customer and executive from one look into the case file. */
static int make_all(struct making *m, const struct file_form *only, const char *folder, const struct cli *c,
                    struct fault *f)
{
	struct bundle files = { .m = m, .folder = folder };
	int rc = making_incident(m, c, f) < 0 ? -1 : making_allowed(m, NULL, f);

	for (int lang = 0; lang < LANGUAGES && rc == 0; lang++)
		if (bundle_wants(c, (enum language)lang)) {
			m->lang = (enum language)lang;
			rc = bundle_reports(&files, only, f);
		}
	bundle_free(&files);
	return rc < 0 ? -1 : (int)making_status(m);
}

static int run_all(struct cli *c, struct fault *f)
{
	const char *folder = cli_option(c, "-o");
	const struct file_form *only = NULL;
	struct making m = {0};
	struct casefile cf = {0};
	int rc = -1;

	if (folder == NULL)
		return fault_set(f, FAULT_USAGE, "'report all' needs -o DIR: the folder for its files");
	if (making_options(&m, c, f) == 0 && (!cli_has(c, "--to") || choose_form(&only, c, "", f) == 0) &&
	    output_folder(folder, f) == 0 && casefile_open(&cf, c, f) == 0) {
		m.cf = &cf;
		rc = making_dress(&m, &cf, c, NULL, f) < 0 ? -1 : make_all(&m, only, folder, c, f);
		casefile_close(&cf);
	}
	zone_free(&m.zone);
	return rc;
}

static int run(struct cli *c, struct fault *f)
{
	const struct report_kind *kind = find(c->arguments[0]);
	const char *path = cli_option(c, "-o");
	const struct file_form *form = NULL;
	struct making m = {0};
	struct casefile cf = {0};
	int rc = -1;

	if (strcmp(c->arguments[0], "all") == 0)
		return run_all(c, f);
	if (kind == NULL)
		return fault_set(f, FAULT_USAGE, "there is no report '%.100s'; there are 'weekly', 'customer', 'executive' and 'all'",
		                 c->arguments[0]);
	if (path == NULL && !cli_has(c, "--to") && isatty(STDOUT_FILENO) == 1)
		return fault_set(f, FAULT_USAGE, "'report %s' needs -o FILE.pdf", kind->name);
	if (path == NULL)
		path = "-";
	if (making_options(&m, c, f) == 0 && choose_form(&form, c, path, f) == 0 && casefile_open(&cf, c, f) == 0) {
		m.cf = &cf;
		rc = making_dress(&m, &cf, c, kind->name, f) < 0 ? -1 : make_report(kind, form, &m, path, c, f);
		casefile_close(&cf);
	}
	zone_free(&m.zone);
	return rc;
}

const struct command command_report = {
	.name = "report", .arguments = "weekly|customer|executive|all",
	.summary = "writes a report as PDF, HTML, Markdown or JSON: weekly (triage, for the SOC), customer (one incident), executive (one page)",
	.more = "'all' writes the three into a folder, in both languages, as PDF and HTML, unless --lang and --to say otherwise. "
	        "Nothing that a human must add is invented: owner, state and decision stay open until 'tsumugi note' or "
	        "--notes fills them in. "
	        "JSON holds each sentence with its facts and the ids of its evidence; 'tsumugi verify' checks it.",
	.least = 1, .most = 1, .options = options, .run = run,
};
