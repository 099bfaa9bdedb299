/* tsumugi note: what only people know, kept in the case file for the fields that reports leave open. */
#include <string.h>
#include <strings.h>

#include "render/cli/casefile.h"
#include "render/cli/commands.h"

static const struct option options[] = {
	{ "--lang", "LANG", "en or ja: the words for that language (default: for both)" },
	{ "--remove", NULL, "forgets the note on that incident and field" },
	{ "--fields", NULL, "prints the fields there are" },
	{ NULL, NULL, NULL },
};

static int print_fields(struct fault *f)
{
	struct text out = {0};
	int rc;

	for (const struct note_field *field = note_fields; field->name != NULL; field++) {
		text_add_cell(&out, field->name, 18, true);
		text_add_wrapped(&out, field->what, 60, "                  ");
		text_addc(&out, '\n');
	}
	rc = print_text(&out, f);
	text_free(&out);
	return rc;
}

static bool is_incident(const struct casefile *cf, const char *id)
{
	uint32_t number;

	return casefile_incident(&number, cf, id, NULL) == 0;
}

static void list_note(struct text *out, const struct casefile *cf, const struct note *n)
{
	text_add_name(out, n->incident[0] != '\0' ? n->incident : "all");
	if (n->incident[0] != '\0' && !is_incident(cf, n->incident))
		text_add(out, " (no incident now)");
	text_printf(out, "\t%s%s%s\t", n->field, n->lang[0] != '\0' ? "." : "", n->lang);
	text_add_name(out, n->text);
	text_addc(out, '\n');
}

static int list_notes(const struct cli *c, struct fault *f)
{
	struct casefile cf;
	struct text out = {0};
	int rc;

	if (casefile_open(&cf, c, f) < 0)
		return -1;
	for (size_t i = 0; i < cf.notes.count; i++)
		list_note(&out, &cf, &cf.notes.list[i]);
	rc = print_text(&out, f);
	if (rc == 0 && cf.notes.count == 0)
		remark("the case file holds no notes");
	rc = rc < 0 ? -1 : cf.notes.count > 0 ? STATUS_DONE : STATUS_PARTIAL;
	text_free(&out);
	casefile_close(&cf);
	return rc;
}

/* "all", a rank or an id; for forgetting also the id of an incident that is gone. */
static int incident_asked(const char **out, const struct casefile *cf, const char *which, bool gone, struct fault *f)
{
	uint32_t number;

	*out = "";
	if (strcmp(which, "all") == 0)
		return 0;
	*out = which;
	for (size_t i = 0; gone && i < cf->notes.count; i++)
		if (strcmp(cf->notes.list[i].incident, which) == 0)
			return 0;
	if (casefile_incident(&number, cf, which, f) < 0)
		return -1;
	*out = cf->an->incidents[number].id;
	return 0;
}

static int check(const struct cli *c, struct note *n, const struct casefile *cf, struct fault *f)
{
	const char *lang = cli_option(c, "--lang"), *wrong = note_field_wrong(n->field, cf->arena);
	enum language known;

	if (wrong != NULL)
		return fault_set(f, FAULT_USAGE, "%s ('tsumugi note --fields' lists them)", wrong);
	if (cli_language(&known, c, f) < 0)
		return -1;
	n->lang = lang != NULL ? lang : "";
	if (n->text == NULL)
		return 0;
	if (n->text[0] == '\0' || strlen(n->text) > NOTE_BYTES || !utf8_valid(n->text, strlen(n->text)))
		return fault_set(f, FAULT_USAGE, "a note is text in UTF-8 of 1 to %d bytes", NOTE_BYTES);
	return 0;
}

static int keep(const struct cli *c, struct fault *f)
{
	bool forget = cli_has(c, "--remove");
	struct note n = { NULL, c->arguments[1], "", forget ? NULL : c->arguments[2] };
	struct store *st = NULL;
	struct casefile cf;
	int rc = -1;

	if (casefile_open(&cf, c, f) < 0)
		return -1;
	if (check(c, &n, &cf, f) == 0 && incident_asked(&n.incident, &cf, c->arguments[0], forget, f) == 0 &&
	    store_open(&st, cli_case(c), STORE_WRITE, f) == 0)
		rc = store_note(st, &n, f);
	store_close(st);
	casefile_close(&cf);
	return rc;
}

static int run(struct cli *c, struct fault *f)
{
	if (cli_has(c, "--fields"))
		return print_fields(f);
	if (c->argument_count == 0 && !cli_has(c, "--remove"))
		return list_notes(c, f);
	if (c->argument_count != (cli_has(c, "--remove") ? 2 : 3))
		return fault_set(f, FAULT_USAGE, "a note is 'tsumugi note INCIDENT FIELD TEXT', 'tsumugi note --remove INCIDENT FIELD', or "
		                 "'tsumugi note' for all there are");
	return keep(c, f);
}

const struct command command_note = {
	.name = "note", .arguments = "[INCIDENT FIELD [TEXT]]",
	.summary = "keeps what only people know (owner, state, impact) for the reports; without arguments prints it",
	.more = "INCIDENT is a rank, an id, or 'all'. A note stays with the incident's id; where a later analysis has no such "
	        "incident, that is said. Reports mark notes as entered by hand; they are no evidence. A report also takes them "
	        "from a file (--notes FILE): a line [INC-2021W10-01], then lines 'field: text' or 'field.ja: text'; a line "
	        "that goes on is indented; what stands before the first incident is for all.",
	.most = 3, .options = options, .run = run,
};
