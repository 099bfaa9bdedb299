/* tsumugi formats: what can be read, from the array of readers. */
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

static int run(struct cli *c, struct fault *f)
{
	bool json = cli_has(c, "--json");
	struct text out = {0};
	int rc, gives = 0;

	for (size_t i = 0; readers[i] != NULL; i++)
		if (readers[i]->gives != NULL && (int)strlen(readers[i]->gives) > gives)
			gives = (int)strlen(readers[i]->gives);
	for (size_t i = 0; readers[i] != NULL; i++) {
		const struct reader *r = readers[i];

		if (json)
			add_json(&out, r, i == 0);
		else
			text_printf(&out, "%-18s %-*s  %s\n", r->name, gives, r->gives != NULL ? r->gives : "", r->summary);
	}
	text_add(&out, json ? "]\n" : "Packed with gzip, xz or zstd as well; file names do not matter.\n");
	rc = print_text(&out, f);
	text_free(&out);
	return rc < 0 ? -1 : STATUS_DONE;
}

const struct command command_formats = {
	.name = "formats", .summary = "lists the formats that import reads", .options = options, .run = run,
};
