/* tsumugi formats: what can be read, from the array of readers and the column maps that ship; with a name, one record
 * of it and what becomes of its fields. */
#include <string.h>

#include "analyst/import/maps.h"
#include "analyst/readers/reader.h"
#include "render/cli/commands.h"
#include "templates/story.h"

static const struct option options[] = {
	{ "--json", NULL, "one array, for scripts" },
	{ NULL, NULL, NULL },
};

/* example: a record made up; a map has none. */
static void add_json(struct text *out, const char *name, const char *summary, const char *gives, const char *extensions,
                     bool map, const char *example)
{
	text_add(out, out->used == 0 ? "[{\"name\":" : ",\n{\"name\":");
	text_add_json(out, name);
	text_add(out, ",\"summary\":");
	text_add_json(out, summary != NULL ? summary : "");
	text_add(out, ",\"gives\":");
	text_add_json(out, gives != NULL ? gives : "");
	text_add(out, ",\"extensions\":");
	text_add_json(out, extensions != NULL ? extensions : "");
	text_printf(out, ",\"map\":%s,\"example\":", map ? "true" : "false");
	if (example != NULL)
		text_add_json(out, example);
	else
		text_add(out, "null");
	text_addc(out, '}');
}

static void add_reader_json(struct text *out, const struct reader *r)
{
	add_json(out, r->name, r->summary, r->gives, r->extensions, false, reader_example(r));
}

static void add_map_json(struct text *out, const struct csv_map *map)
{
	add_json(out, map->name, map->summary, "alerts", ".csv .json", true, NULL);
}

/* Adds a path as people write it, unless it stands there: some products nest their keys or not, or write them in any case,
 * and each has a row. */
static void add_path(struct text *paths, const char *path)
{
	char plain[200];
	const char *all = paths->used > 0 ? text_str(paths) : "";
	size_t n = 0;

	for (; *path != '\0' && n < sizeof(plain) - 1; path++)
		if (*path != '\\')
			plain[n++] = *path;
	plain[n] = '\0';
	for (const char *at = all; (at = strcasestr(at, plain)) != NULL; at++)
		if ((at == all || at[-1] == ' ') && (at[n] == ',' || at[n] == '\0'))
			return;
	text_printf(paths, "%s%s", paths->used > 0 ? ", " : "", plain);
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
		add_path(&paths, a->path);
		for (b = a + 1; b->path != NULL; b++)
			if ((other = field_name(b, again, sizeof(again))) != NULL && strcmp(name, other) == 0)
				add_path(&paths, b->path);
		text_add_item(out, text_str(&left), 23, text_str(&paths), page);
	}
	text_clear(&paths);
	for (const struct field *a = fields; a->path != NULL; a++)
		if (a->take == TAKE_NOTHING)
			add_path(&paths, a->path);
	if (paths.used > 0)
		text_add_item(out, "  looked at", 23, text_str(&paths), page);
	text_free(&left);
	text_free(&paths);
}

static void add_names(struct text *out, const char *left, const struct named *table, const char *behind, int page)
{
	struct text names = {0};

	for (const struct named *n = table; n->name != NULL; n++)
		text_printf(&names, "%s%s", n > table ? ", " : "", n->name);
	text_add(&names, behind);
	text_add_item(out, left, 23, text_str(&names), page);
	text_free(&names);
}

/* What may stand behind "column." and "constant.". */
static void add_map_names(struct text *out, int page)
{
	add_names(out, "  names in a map ", field_takes, "", page);
	add_names(out, "  parties and things ", entity_kinds, "; each with its part behind a dot, as in ip.source:", page);
	add_names(out, "  their parts ", entity_roles, "", page);
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
	if (r->mapped)
		add_map_names(out, page);
}

/* A map is its own description. */
static void add_map(struct text *out, const struct csv_map *map, int page)
{
	struct text line = {0};

	text_printf(&line, "%s: %s", map->name, map->summary != NULL ? map->summary : "");
	text_add_item(out, "", 0, text_str(&line), page);
	text_free(&line);
	text_add_item(out, "", 0, "gives alerts; a column map, for a CSV or JSON that has the columns or keys of its header", page);
	text_addc(out, '\n');
	text_addn(out, map->text, map->size);
}

static int run_one(struct cli *c, const struct reader_options *maps, struct fault *f)
{
	const char *name = c->arguments[0];
	const struct reader *r = reader_named(name);
	const struct csv_map *map = NULL;
	bool json = cli_has(c, "--json");
	struct terminal term;
	struct text out = {0};
	int rc;

	for (size_t i = 0; r == NULL && map == NULL && i < maps->map_count; i++)
		if (strcmp(maps->maps[i]->name, name) == 0)
			map = maps->maps[i];
	if (r == NULL && map == NULL)
		return fault_set(f, FAULT_USAGE, "no format is named '%.100s'; 'tsumugi formats' lists them", name);
	if (terminal_ask(&term, c, f) < 0)
		return -1;
	if (json && r != NULL)
		add_reader_json(&out, r);
	else if (json)
		add_map_json(&out, map);
	else if (r != NULL)
		add_one(&out, r, terminal_page(&term));
	else
		add_map(&out, map, terminal_page(&term));
	text_add(&out, json ? "]\n" : "");
	rc = print_text(&out, f);
	text_free(&out);
	return rc < 0 ? -1 : STATUS_DONE;
}

static void add_all_json(struct text *out, const struct reader_options *maps)
{
	for (size_t i = 0; readers[i] != NULL; i++)
		add_reader_json(out, readers[i]);
	for (size_t i = 0; i < maps->map_count; i++)
		add_map_json(out, maps->maps[i]);
	text_add(out, "]\n");
}

static void add_all(struct text *out, const struct reader_options *maps, int page)
{
	struct text left = {0};
	int gives = 0, name = 18;

	for (size_t i = 0; readers[i] != NULL; i++)
		if (readers[i]->gives != NULL && (int)strlen(readers[i]->gives) > gives)
			gives = (int)strlen(readers[i]->gives);
	for (size_t i = 0; readers[i] != NULL; i++) {
		const struct reader *r = readers[i];

		text_clear(&left);
		text_printf(&left, "%-*s %-*s  ", name, r->name, gives, r->gives != NULL ? r->gives : "");
		text_add_item(out, text_str(&left), name + 1 + gives + 2, r->summary, page);
	}
	text_add_item(out, "", 0, "Packed with gzip, xz or zstd as well; file names do not matter.", page);
	if (maps->map_count == 0)
		return;
	text_add(out, "\nColumn maps, for CSV and JSON\n");
	for (size_t i = 0; i < maps->map_count; i++)
		if ((int)strlen(maps->maps[i]->name) > name)
			name = (int)strlen(maps->maps[i]->name);
	for (size_t i = 0; i < maps->map_count; i++) {
		const struct csv_map *map = maps->maps[i];

		text_clear(&left);
		text_printf(&left, "%-*s  ", name, map->name);
		text_add_item(out, text_str(&left), name + 2, map->summary != NULL ? map->summary : "", page);
	}
	text_add_item(out, "", 0, "One is taken where its columns or keys are there; your own with --map. 'tsumugi formats NAME' "
	                          "shows a map, to begin from.", page);
	text_free(&left);
}

static int run_all(struct cli *c, const struct reader_options *maps, struct fault *f)
{
	struct text out = {0};
	struct terminal term;
	int rc;

	if (terminal_ask(&term, c, f) < 0)
		return -1;
	if (cli_has(c, "--json"))
		add_all_json(&out, maps);
	else
		add_all(&out, maps, terminal_page(&term));
	rc = print_text(&out, f);
	text_free(&out);
	return rc < 0 ? -1 : STATUS_DONE;
}

static int run(struct cli *c, struct fault *f)
{
	struct reader_options maps = { .map_count = 0 };
	struct arena *arena = arena_new();
	const char *share = NULL;
	int rc = -1;

	if (templates_folder(&share, c->program, f) == 0 && maps_load(&maps, share, NULL, arena, f) == 0)
		rc = c->argument_count > 0 ? run_one(c, &maps, f) : run_all(c, &maps, f);
	arena_free(arena);
	return rc;
}

const struct command command_formats = {
	.name = "formats", .arguments = "[NAME]", .summary = "lists the formats that import reads, or shows one",
	.most = 1, .options = options, .run = run,
};
