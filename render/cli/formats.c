/* tsumugi formats: what can be read, from the array of readers; with a name, one record of
 * it and what becomes of its fields. */
#include <string.h>

#include "analyst/readers/reader.h"
#include "render/cli/commands.h"

static const struct option options[] = {
	{ "--json", NULL, "one array, for scripts" },
	{ NULL, NULL, NULL },
};

static void add_json(struct text *out, const struct reader *r, bool first)
{
	text_add(out, first ? "[{\"name\":" : ",\n{\"name\":");
	text_add_json(out, r->name);
	text_add(out, ",\"summary\":");
	text_add_json(out, r->summary);
	text_add(out, ",\"gives\":");
	text_add_json(out, r->gives != NULL ? r->gives : "");
	text_add(out, ",\"extensions\":");
	text_add_json(out, r->extensions != NULL ? r->extensions : "");
	text_addc(out, '}');
}

/* "time            timestamp, @timestamp": what a thing is filled from, the first that has a
 * value winning; then what the reader looks at with code of its own. */
static void add_fields(struct text *out, const struct field *fields, int page)
{
	struct text left = {0}, paths = {0};
	char room[64], again[64];

	for (const struct field *a = fields; a->path != NULL; a++) {
		const char *name = field_name(a, room, sizeof(room)), *other = NULL;
		const struct field *b = fields;

		for (; b < a && name != NULL; b++)
			if ((other = field_name(b, again, sizeof(again))) != NULL && strcmp(name, other) == 0)
				break;
		if (name == NULL || b < a)
			continue;
		text_clear(&left);
		text_clear(&paths);
		text_printf(&left, "  %s ", name);
		text_add(&paths, a->path);
		for (b = a + 1; b->path != NULL; b++)
			if ((other = field_name(b, again, sizeof(again))) != NULL && strcmp(name, other) == 0)
				text_printf(&paths, ", %s", b->path);
		text_add_item(out, text_str(&left), 23, text_str(&paths), page);
	}
	for (const struct field *a = fields; a->path != NULL; a++)
		if (a->take == TAKE_NOTHING)
			text_add_item(out, "  looked at", 23, a->path, page);
	text_free(&left);
	text_free(&paths);
}

static void add_one(struct text *out, const struct reader *r, int page)
{
	const char *example = reader_example(r), *reads = reader_reads(r);
	struct text line = {0};

	text_printf(&line, "%s: %s", r->name, r->summary);
	text_add_item(out, "", 0, text_str(&line), page);
	text_clear(&line);
	text_printf(&line, "gives %s; often named *%s", r->gives, r->extensions);
	text_add_item(out, "", 0, text_str(&line), page);
	text_free(&line);
	if (example != NULL)
		text_printf(out, "\nExample\n%s", example);
	if (r->fields != NULL || reads != NULL)
		text_add(out, "\nFields\n");
	if (r->fields != NULL)
		add_fields(out, r->fields, page);
	text_add(out, reads != NULL ? reads : "");
}

static int run_one(struct cli *c, const char *name, struct fault *f)
{
	const struct reader *r = reader_named(name);
	struct terminal term;
	struct text out = {0};
	int rc;

	if (r == NULL)
		return fault_set(f, FAULT_USAGE, "no format is named '%.100s'; 'tsumugi formats' lists them", name);
	if (terminal_ask(&term, c, f) < 0)
		return -1;
	if (cli_has(c, "--json"))
		add_json(&out, r, true);
	else
		add_one(&out, r, terminal_page(&term));
	text_add(&out, cli_has(c, "--json") ? "]\n" : "");
	rc = print_text(&out, f);
	text_free(&out);
	return rc < 0 ? -1 : STATUS_DONE;
}

static int run(struct cli *c, struct fault *f)
{
	bool json = cli_has(c, "--json");
	struct text out = {0}, left = {0};
	struct terminal term;
	int rc, gives = 0;

	if (c->argument_count > 0)
		return run_one(c, c->arguments[0], f);
	if (terminal_ask(&term, c, f) < 0)
		return -1;
	for (size_t i = 0; readers[i] != NULL; i++)
		if (readers[i]->gives != NULL && (int)strlen(readers[i]->gives) > gives)
			gives = (int)strlen(readers[i]->gives);
	for (size_t i = 0; readers[i] != NULL; i++) {
		const struct reader *r = readers[i];

		if (json) {
			add_json(&out, r, i == 0);
			continue;
		}
		text_clear(&left);
		text_printf(&left, "%-18s %-*s  ", r->name, gives, r->gives != NULL ? r->gives : "");
		text_add_item(&out, text_str(&left), 18 + 1 + gives + 2, r->summary, terminal_page(&term));
	}
	text_free(&left);
	if (json)
		text_add(&out, "]\n");
	else
		text_add_item(&out, "", 0, "Packed with gzip, xz or zstd as well; file names do not matter.", terminal_page(&term));
	rc = print_text(&out, f);
	text_free(&out);
	return rc < 0 ? -1 : STATUS_DONE;
}

const struct command command_formats = {
	.name = "formats", .arguments = "[NAME]", .summary = "lists the formats that import reads, or shows one",
	.most = 1, .options = options, .run = run,
};
