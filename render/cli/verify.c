/* tsumugi verify: is everything that is told supported by the alerts in the case file? */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "analyst/proof/proof.h"
#include "render/cli/casefile.h"
#include "render/cli/commands.h"
#include "render/cli/making.h"
#include "render/export/report_check.h"
#include "render/export/report_json.h"

struct verifying {
	struct casefile cf;
	const struct analysis *kept;         /* or NULL */
	const struct narrative *kept_told;
	struct fault why;
	struct findings found;
};

/* ---- the case file ---- */

static int count_reject(void *ctx, int64_t line, int64_t offset, const char *reason)
{
	(void)line;
	(void)offset;
	(void)reason;
	++*(int64_t *)ctx;
	return 0;
}

/* Nothing of what was read may be missing. */
static int check_sources(struct verifying *v, struct fault *f)
{
	int64_t alerts = 0, held;

	for (size_t i = 0; i < v->cf.source_count; i++) {
		const struct source_row *s = &v->cf.sources[i];
		int64_t rejects = 0;

		alerts += s->tally.alerts;
		if (store_rejects(v->cf.store, s->id, count_reject, &rejects, f) < 0)
			return -1;
		if (rejects != s->tally.rejected)
			finding_add(&v->found, "%s: %" PRId64 " rejected records are counted, %" PRId64 " are listed", s->name,
			            s->tally.rejected, rejects);
	}
	held = (int64_t)v->cf.week->mark_count + v->cf.week->restated_count;
	if (alerts != held)
		finding_add(&v->found, "%" PRId64 " alerts were imported, the case file holds %" PRId64, alerts, held);
	return 0;
}

/* "{gap}" or "{gap:rough}" stands in the pattern of one of the languages. */
static bool is_said(void *ctx, const struct beat *b, const char *fact)
{
	const struct verifying *v = ctx;
	size_t n = strlen(fact);

	for (int lang = 0; lang < LANGUAGES; lang++)
		for (const char *s = word(v->cf.phrases, (enum language)lang, b->key); (s = strchr(s, '{')) != NULL;)
			if (strncmp(++s, fact, n) == 0 && (s[n] == '}' || s[n] == ':'))
				return true;
	return false;
}

static int check_case(struct verifying *v, struct fault *f)
{
	const struct analysis *an = v->kept != NULL ? v->kept : v->cf.an;

	if (check_sources(v, f) < 0)
		return -1;
	if (v->why.kind != FAULT_NONE)
		finding_add(&v->found, "what was concluded cannot be read back: %s", v->why.text);
	prove_told(&v->found, an, v->cf.an->machine, v->kept != NULL ? v->kept_told : v->cf.narratives,
	           is_said, v, v->cf.arena);
	if (v->kept != NULL)
		prove_same(&v->found, v->kept, v->kept_told, v->cf.an, v->cf.narratives);
	if (store_kept_differs(v->cf.store))
		finding_add(&v->found, "what was kept of the alerts, to load them faster, is not what their rows say");
	return 0;
}

/* ---- a report ---- */

static int read_file(struct text *out, const char *path, struct fault *f)
{
	bool piped = strcmp(path, "-") == 0;
	FILE *in = piped ? stdin : fopen(path, "rb");
	char part[65536];
	size_t n;
	int rc = 0;

	if (in == NULL)
		return fault_set(f, FAULT_IO, "cannot open '%s': %s", path, strerror(errno));
	while ((n = fread(part, 1, sizeof(part), in)) > 0)
		text_addn(out, part, n);
	if (ferror(in))
		rc = fault_set(f, FAULT_IO, "reading '%s': %s", path, strerror(errno));
	if (!piped)
		fclose(in);
	return rc;
}

/* A time of the report's head; none where it is null. */
static int head_instant(instant *out, const struct node *head, const char *key, struct fault *f)
{
	const char *s = node_text(node_at(head, key, NULL));
	enum zone_origin origin;

	*out = INSTANT_NONE;
	if (s != NULL && !instant_parse(out, &origin, s, strlen(s), 0))
		return fault_set(f, FAULT_DATA, "its '%s' is no time: '%.60s'", key, s);
	return 0;
}

/* What people wrote is theirs: no evidence is asked for, but it must be a field that they fill in. */
static int head_notes(struct notes *out, struct arena *arena, const struct node *root, struct fault *f)
{
	const struct node *array = node_at(root, "notes", NULL);
	struct note *list;
	size_t n = 0;

	for (const struct node *e = array != NULL ? array->first : NULL; e != NULL; e = e->next)
		n++;
	list = ARENA_ARRAY(arena, struct note, n + 1);
	*out = (struct notes){ list, 0 };
	for (const struct node *e = array != NULL ? array->first : NULL; e != NULL; e = e->next) {
		struct note note = { node_text(node_at(e, "incident", NULL)), node_text(node_at(e, "field", NULL)),
		                     node_text(node_at(e, "lang", NULL)), node_text(node_at(e, "text", NULL)) };

		if (note.incident == NULL || note.field == NULL || note.lang == NULL || note.text == NULL ||
		    note_field_wrong(note.field, arena) != NULL)
			return fault_set(f, FAULT_DATA, "it holds a note that nobody can have written");
		list[out->count++] = note;
	}
	return 0;
}

/* The report made anew, as its own head says that it was made. */
static int request_from(struct making *m, const struct report_form **form, struct casefile *cf,
                        const struct node *root, const struct cli *c, struct fault *f)
{
	const struct node *head = node_at(root, "report", NULL);
	const char *schema = node_text(node_at(root, "schema", NULL)), *kind = node_text(node_at(head, "kind", NULL));
	const char *zone = node_text(node_at(head, "zone", NULL)), *lang = node_text(node_at(head, "lang", NULL));
	const char *incident = node_text(node_at(head, "incident", NULL)), *template = node_text(node_at(head, "template", NULL));

	memset(m, 0, sizeof(*m));
	m->cf = cf;
	m->incident = NO_INCIDENT;
	if (schema == NULL || strcmp(schema, REPORT_SCHEMA) != 0)
		return fault_set(f, FAULT_DATA, "it is no report of tsumugi");
	if (kind == NULL || (*form = report_form_find(kind)) == NULL)
		return fault_set(f, FAULT_DATA, "it does not say which kind of report it is");
	m->lang = lang != NULL && strcmp(lang, "ja") == 0 ? LANGUAGE_JA : LANGUAGE_EN;
	m->tlp = node_text(node_at(head, "tlp", NULL));
	m->customer = node_text(node_at(head, "customer", NULL));
	m->organisation = node_text(node_at(head, "organisation", NULL));
	if (zone_load(&m->zone, zone != NULL ? zone : "UTC", f) < 0 || head_instant(&m->since, head, "since", f) < 0 ||
	    head_instant(&m->until, head, "until", f) < 0 || head_instant(&m->now, head, "generated", f) < 0)
		return -1;
	casefile_view(cf, m->since, m->until);
	if (head_notes(&m->notes, cf->arena, root, f) < 0)
		return -1;
	if (template != NULL && !cli_has(c, "--template"))
		return fault_set(f, FAULT_DATA, "its words come from the template '%.100s': give it with --template", template);
	if (making_template(m, cf, c, kind, f) < 0)
		return -1;
	return incident != NULL ? casefile_incident(&m->incident, cf, incident, f) : 0;
}

static int check_text(struct verifying *v, const struct text *bytes, const struct cli *c, struct fault *f)
{
	const struct node *given = json_tree(text_str(bytes), bytes->used, v->cf.arena, f), *anew;
	const struct report_form *form = NULL;
	struct report_request rq;
	struct casefile seen = v->cf;
	struct text made = {0};
	struct making m = {0};
	int rc = -1;

	if (given == NULL || request_from(&m, &form, &seen, given, c, f) < 0)
		goto out;
	rq = making_request(&m, form->of_incident);
	if (report_json(&made, form, &rq, f) < 0 ||
	    (anew = json_tree(text_str(&made), made.used, v->cf.arena, f)) == NULL)
		goto out;
	report_check(&v->found, given, anew, v->cf.week, v->cf.arena);
	rc = 0;
out:
	zone_free(&m.zone);
	text_free(&made);
	return rc;
}

/* A report that cannot even be made anew is not supported: one finding more, no failure. */
static int check_report(struct verifying *v, const char *path, const struct cli *c, struct fault *f)
{
	struct text bytes = {0};
	struct fault why = {0};
	int rc = read_file(&bytes, path, f);

	if (rc == 0 && check_text(v, &bytes, c, &why) < 0) {
		if (why.kind == FAULT_DATA || why.kind == FAULT_USAGE)
			finding_add(&v->found, "%s: %s", path, why.text);
		else
			rc = fault_set(f, why.kind, "%s", why.text);
	}
	text_free(&bytes);
	return rc;
}

/* ---- */

static int run(struct cli *c, struct fault *f)
{
	struct verifying v = {0};
	int rc = -1;

	if (casefile_rederive(&v.cf, &v.kept, &v.kept_told, &v.why, c, f) < 0)
		return -1;
	if (check_case(&v, f) == 0 && (c->argument_count == 0 || check_report(&v, c->arguments[0], c, f) == 0))
		rc = print_text(&v.found.lines, f);
	if (rc == 0 && v.found.count == 0)
		remark("%zu sentences with %zu facts rest on the %u alerts of the case file", v.found.statements,
		       v.found.facts, v.cf.week->mark_count);
	else if (rc == 0)
		remark("%s%zu statement%s not supported", v.found.count >= FINDINGS_MOST ? "at least " : "",
		       v.found.count, v.found.count == 1 ? " is" : "s are");
	if (rc == 0)
		rc = v.found.count > 0 ? STATUS_FAILED : v.cf.week->mark_count > 0 ? STATUS_DONE : STATUS_PARTIAL;
	findings_free(&v.found);
	casefile_close(&v.cf);
	return rc;
}

static const struct option options[] = {
	{ "--template", "FILE", "the template that the report was made with" },
	{ NULL, NULL, NULL },
};

const struct command command_verify = {
	.name = "verify", .arguments = "[REPORT.json]",
	.summary = "checks that every statement is supported by the alerts; prints what is not",
	.more = "Everything is concluded and told anew and compared with what is kept; counts, times, names and bytes "
	        "are looked up in the alerts that a sentence cites. With a report (report ... --to json) all that it "
	        "says is checked as well. Exit status 1 when anything is not supported.",
	.most = 1, .options = options, .run = run,
};
