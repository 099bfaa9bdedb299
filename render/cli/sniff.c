/* tsumugi sniff: what each file would be read as, and how sure that is. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "render/cli/commands.h"
#include "render/cli/importing.h"

#define DEPTH 64

static const struct option options[] = {
	READING_OPTIONS,
	{ "--json", NULL, "one array, for scripts" },
	{ NULL, NULL, NULL },
};

struct sniffing {
	struct import_options options;
	bool json;
	struct text out;
	unsigned files, unknown;
};

static void add_json(struct sniffing *s, const char *path, const struct sniffed *found)
{
	bool first = true;

	text_add(&s->out, s->files > 1 ? ",\n{\"path\":" : "[{\"path\":");
	text_add_json(&s->out, path);
	text_add(&s->out, ",\"format\":");
	if (found->reader != NULL)
		text_add_json(&s->out, found->reader->name);
	else
		text_add(&s->out, "null");
	text_add(&s->out, ",\"scores\":{");
	for (size_t i = 0; readers[i] != NULL; i++) {
		if (found->scores[i] <= 0)
			continue;
		text_printf(&s->out, "%s\"%s\":%d", first ? "" : ",", readers[i]->name, found->scores[i]);
		first = false;
	}
	text_addc(&s->out, '}');
	if (found->reader == NULL) {
		text_add(&s->out, ",\"why\":");
		text_add_json(&s->out, found->why);
	}
	text_addc(&s->out, '}');
}

static void add_line(struct sniffing *s, const char *path, const struct sniffed *found)
{
	bool first = true;

	text_add_shown(&s->out, path, strlen(path));
	text_printf(&s->out, ": %s%s%s", found->reader != NULL ? found->reader->name : "unknown",
	            found->packing != NULL ? ", packed with " : "", found->packing != NULL ? found->packing : "");
	for (size_t i = 0; readers[i] != NULL; i++) {
		if (found->scores[i] <= 0)
			continue;
		text_printf(&s->out, "%s%s %d", first ? " (" : ", ", readers[i]->name, found->scores[i]);
		first = false;
	}
	text_add(&s->out, first ? "" : ")");
	if (found->reader == NULL) {
		text_add(&s->out, ": ");
		text_add_shown(&s->out, found->why, strlen(found->why));
	}
	text_addc(&s->out, '\n');
}

static int sniff_file(struct sniffing *s, const char *path, struct fault *f)
{
	struct sniffed found;

	if (import_sniff(&found, path, &s->options, f) < 0)
		return -1;
	s->files++;
	s->unknown += found.reader == NULL;
	if (s->json)
		add_json(s, path, &found);
	else
		add_line(s, path, &found);
	return stop_check(f);
}

static int is_taken(const struct dirent *d)
{
	return import_takes(d->d_name);
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

/* Folders as import walks them: sorted, hidden files and links left out. */
static int sniff_path(struct sniffing *s, const char *path, int depth, struct fault *f)
{
	struct dirent **names = NULL;
	struct stat sb;
	int n, rc = 0;

	if (strcmp(path, "-") == 0 && isatty(STDIN_FILENO) == 1)
		return fault_set(f, FAULT_USAGE, NOBODY_PIPES);
	if (strcmp(path, "-") == 0 || stat(path, &sb) < 0 || !S_ISDIR(sb.st_mode))
		return sniff_file(s, path, f);
	if (depth == DEPTH)
		return 0;
	if ((n = scandir(path, &names, is_taken, by_name)) < 0)
		return fault_set(f, FAULT_IO, "cannot read the folder '%s': %s", path, strerror(errno));
	for (int i = 0; i < n; i++) {
		struct text name = {0};

		text_printf(&name, "%s%s%s", path, path[strlen(path) - 1] == '/' ? "" : "/", names[i]->d_name);
		if (rc == 0 && lstat(text_str(&name), &sb) == 0 && (S_ISDIR(sb.st_mode) || S_ISREG(sb.st_mode)))
			rc = sniff_path(s, text_str(&name), depth + 1, f);
		text_free(&name);
		free(names[i]);
	}
	free(names);
	return rc;
}

static int run(struct cli *c, struct fault *f)
{
	struct sniffing s = { .json = cli_has(c, "--json") };
	int rc = importing_options(&s.options, c, f);

	for (int i = 0; rc == 0 && i < c->argument_count; i++)
		rc = sniff_path(&s, c->arguments[i], 0, f);
	if (rc == 0 && s.json)
		text_add(&s.out, s.files > 0 ? "]\n" : "[]\n");
	if (rc == 0)
		rc = print_text(&s.out, f);
	text_free(&s.out);
	if (rc == 0 && s.files == 0)
		remark(NOTHING_TO_READ);
	return rc < 0 ? -1 : s.unknown > 0 || s.files == 0 ? STATUS_PARTIAL : STATUS_DONE;
}

const struct command command_sniff = {
	.name = "sniff", .arguments = "PATH...", .summary = "says which format each file would be read as, with scores",
	.more = "A score of 60 is enough; nothing is imported.", .least = 1, .most = -1, .options = options, .run = run,
};
