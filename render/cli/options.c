/* Options: one table a command, help printed from it. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "analyst/base/nearest.h"
#include "render/cli/cli.h"

const struct option common_options[] = {
	{ "--case", "FILE", "the case file (default: $TSUMUGI_CASE, else tsumugi.db here)" },
	{ "--color", "WHEN", "auto, always or never; NO_COLOR is obeyed" },
	{ "--help", NULL, "prints this page" },
	{ NULL, NULL, NULL },
};

static const struct option none[] = { { NULL, NULL, NULL } };

static const struct option *own_options(const struct cli *c)
{
	return c->command != NULL && c->command->options != NULL ? c->command->options : none;
}

/* The place of an option in given[], or -1. */
static int option_index(const struct cli *c, const char *name, size_t n, const struct option **row)
{
	const struct option *lists[] = { own_options(c), common_options };
	int at = 0;

	for (size_t l = 0; l < 2; l++)
		for (const struct option *o = lists[l]; o->name != NULL; o++, at++)
			if (strlen(o->name) == n && memcmp(o->name, name, n) == 0) {
				*row = o;
				return at;
			}
	return -1;
}

const char *cli_option(const struct cli *c, const char *name)
{
	const struct option *row;
	int at = option_index(c, name, strlen(name), &row);

	return at >= 0 ? c->given[at] : NULL;
}

bool cli_has(const struct cli *c, const char *name)
{
	return cli_option(c, name) != NULL;
}

const char *cli_case(const struct cli *c)
{
	const char *path = cli_option(c, "--case");

	if (path == NULL)
		path = getenv("TSUMUGI_CASE");
	return path != NULL && path[0] != '\0' ? path : "tsumugi.db";
}

/* ---- parsing ---- */

static int usage(struct fault *f, const struct cli *c, const char *what, const char *which, size_t n)
{
	return fault_set(f, FAULT_USAGE, "%s '%.*s'; see 'tsumugi help%s%s'", what, (int)(n > 200 ? 200 : n), which,
	                 c->command != NULL ? " " : "", c->command != NULL ? c->command->name : "");
}

static int unknown_command(struct fault *f, const char *name)
{
	struct nearest near = { .wanted = name };

	for (size_t i = 0; commands[i] != NULL; i++)
		nearest_try(&near, commands[i]->name);
	if (near.name != NULL)
		return fault_set(f, FAULT_USAGE, "unknown command '%.200s'; did you mean '%s'?", name, near.name);
	return fault_set(f, FAULT_USAGE, "unknown command '%.200s'; 'tsumugi help' lists them", name);
}

/* Of a letter or two anything is near. */
#define GUESSED_FROM 5

static int unknown_option(struct fault *f, const struct cli *c, const char *word, size_t n)
{
	const struct option *lists[] = { own_options(c), common_options };
	char wanted[64];
	struct nearest near = { .wanted = wanted };

	snprintf(wanted, sizeof(wanted), "%.*s", (int)(n < sizeof(wanted) ? n : 0), word);
	for (size_t l = 0; l < 2 && n >= GUESSED_FROM; l++)
		for (const struct option *o = lists[l]; o->name != NULL; o++)
			nearest_try(&near, o->name);
	if (near.name != NULL)
		return fault_set(f, FAULT_USAGE, "unknown option '%s'; did you mean '%s'?", wanted, near.name);
	return usage(f, c, "unknown option", word, n);
}

/* Takes the option at argv[*i], and its value. */
static int take_option(struct cli *c, int argc, char **argv, int *i, struct fault *f)
{
	const char *word = argv[*i], *equals = word[1] == '-' ? strchr(word, '=') : NULL;
	size_t n = equals != NULL ? (size_t)(equals - word) : strlen(word);
	const struct option *row;
	int at;

	if (strcmp(word, "-h") == 0) {
		word = "--help";
		n = strlen(word);
	}
	if ((at = option_index(c, word, n, &row)) < 0)
		return unknown_option(f, c, word, n);
	if (row->value == NULL) {
		if (equals != NULL)
			return fault_set(f, FAULT_USAGE, "option '%s' takes no value", row->name);
		c->given[at] = "";
		return 0;
	}
	if (equals == NULL && ++*i >= argc)
		return fault_set(f, FAULT_USAGE, "option '%s' needs a value: %s %s", row->name, row->name, row->value);
	c->given[at] = equals != NULL ? equals + 1 : argv[*i];
	if (c->given[at][0] == '\0')
		return fault_set(f, FAULT_USAGE, "option '%s' needs a value: %s %s", row->name, row->name, row->value);
	return 0;
}

/* Common options before the command are kept until its own options are known. */
static void shift_given(struct cli *c)
{
	const char *early[CLI_OPTIONS];
	size_t own = 0;

	memcpy(early, c->given, sizeof(early));
	memset(c->given, 0, sizeof(c->given));
	while (own_options(c)[own].name != NULL)
		own++;
	for (size_t i = 0; common_options[i].name != NULL; i++)
		c->given[own + i] = early[i];
}

static int check_counts(const struct cli *c, struct fault *f)
{
	const struct command *cmd = c->command;

	if (cli_has(c, "--help"))
		return 0;
	if (c->argument_count < cmd->least)
		return fault_set(f, FAULT_USAGE, "'%s' needs %s; see 'tsumugi help %s'", cmd->name, cmd->arguments,
		                 cmd->name);
	if (cmd->most >= 0 && c->argument_count > cmd->most)
		return usage(f, c, "unexpected argument", c->arguments[cmd->most],
		             strlen(c->arguments[cmd->most]));
	return 0;
}

int cli_parse(struct cli *c, int argc, char **argv, struct fault *f)
{
	bool only_arguments = false;

	c->program = argv[0];
	c->arguments = (const char **)argv;      /* filled from the front: never more than were read */
	for (int i = 1; i < argc; i++) {
		if (!only_arguments && strcmp(argv[i], "--") == 0) {
			only_arguments = true;
		} else if (!only_arguments && c->command == NULL && strcmp(argv[i], "--version") == 0) {
			c->command = command_find("version", strlen("version"));
			shift_given(c);
		} else if (!only_arguments && argv[i][0] == '-' && argv[i][1] != '\0') {
			if (take_option(c, argc, argv, &i, f) < 0)
				return -1;
		} else if (c->command == NULL) {
			if ((c->command = command_find(argv[i], strlen(argv[i]))) == NULL)
				return unknown_command(f, argv[i]);
			shift_given(c);
		} else {
			c->arguments[c->argument_count++] = argv[i];
		}
	}
	if (c->command == NULL)
		return cli_has(c, "--help") ? 0 :
		       fault_set(f, FAULT_USAGE, "no command given; 'tsumugi help' lists them, 'tsumugi run PATH... "
		                 "-o DIR' does all of it");
	return check_counts(c, f);
}

/* ---- options that several commands have ---- */

int cli_language(enum language *out, const struct cli *c, struct fault *f)
{
	const char *lang = cli_option(c, "--lang");

	*out = LANGUAGE_EN;
	if (lang == NULL || strcmp(lang, "en") == 0)
		return 0;
	if (strcmp(lang, "ja") != 0)
		return fault_set(f, FAULT_USAGE, "--lang takes en or ja, not '%.100s'", lang);
	*out = LANGUAGE_JA;
	return 0;
}

int cli_zone(struct zone *out, const struct cli *c, struct fault *f)
{
	const char *asked = cli_option(c, "--tz");

	/* Not the machine's zone: the same case gives the same bytes everywhere. */
	if (zone_load(out, asked != NULL ? asked : "UTC", f) == 0)
		return 0;
	return fault_wrap(f, "--tz");
}

static bool parse_back(instant *out, const char *s, struct fault *f)
{
	char *end;
	long long n = strtoll(s, &end, 10);
	instant now = instant_from_seconds((int64_t)time(NULL));

	if (end == s || n <= 0 || n > 100000 || (strcmp(end, "d") != 0 && strcmp(end, "h") != 0))
		return false;
	if (instant_now(&now, now, f) < 0)
		return false;
	*out = now - n * (*end == 'd' ? DAY : HOUR);
	return true;
}

static int parse_time(instant *out, const struct cli *c, const char *option, const struct zone *z,
                      struct fault *f)
{
	const char *s = cli_option(c, option);

	*out = INSTANT_NONE;
	if (s == NULL || instant_parse_option(out, s, z) || parse_back(out, s, f))
		return 0;
	return fault_set(f, FAULT_USAGE, "%s takes 2021-03-11, 2021-03-11T09:00 or 7d, not '%.100s'", option, s);
}

int cli_period(instant *since, instant *until, const struct cli *c, const struct zone *z, struct fault *f)
{
	if (parse_time(since, c, "--since", z, f) < 0 || parse_time(until, c, "--until", z, f) < 0)
		return -1;
	if (*since != INSTANT_NONE && *until != INSTANT_NONE && *since >= *until)
		return fault_set(f, FAULT_USAGE, "--since must be before --until");
	return 0;
}

int cli_number(int *out, const struct cli *c, const char *option, int least, int most, int fallback,
               struct fault *f)
{
	const char *s = cli_option(c, option);
	char *end;
	long n;

	*out = fallback;
	if (s == NULL)
		return 0;
	errno = 0;
	n = strtol(s, &end, 10);
	if (errno != 0 || *end != '\0' || n < least || n > most)
		return fault_set(f, FAULT_USAGE, "%s takes a number from %d to %d, not '%.100s'", option, least, most, s);
	*out = (int)n;
	return 0;
}

/* ---- help ---- */

#define OPTION_PAGE 76
#define PROSE_PAGE 90

static int at_most(int page, int columns)
{
	return columns < page ? columns : page;
}

static void help_options(struct text *out, const struct option *list, const char *heading, int columns)
{
	if (list == NULL || list->name == NULL)
		return;
	text_printf(out, "\n%s\n", heading);
	for (const struct option *o = list; o->name != NULL; o++) {
		struct text left = {0};

		text_printf(&left, "  %s%s%s ", o->name, o->value != NULL ? " " : "", o->value != NULL ? o->value : "");
		text_add_item(out, text_str(&left), 23, o->help, at_most(OPTION_PAGE, columns));
		text_free(&left);
	}
}

static void help_prose(struct text *out, const char *s, int columns)
{
	text_add_item(out, "", 0, s, at_most(PROSE_PAGE, columns));
}

static void help_program(struct text *out, int columns)
{
	text_add_wrapped(out, "tsumugi reads a week of alerts, joins them to the few incidents that matter and tells them.",
	                 columns, "");
	text_add(out, "\n\nusage: tsumugi [--case FILE] COMMAND [OPTIONS] [ARGUMENTS]\n\n");
	text_add_item(out, "  tsumugi run PATH... -o DIR", 33, "imports, analyses and writes every report",
	              at_most(PROSE_PAGE, columns));
	text_add(out, "\nCommands\n");
	for (size_t i = 0; commands[i] != NULL; i++) {
		struct text left = {0};

		text_printf(&left, "  %s ", commands[i]->name);
		text_add_item(out, text_str(&left), 13, commands[i]->summary, at_most(OPTION_PAGE, columns));
		text_free(&left);
	}
	help_options(out, common_options, "Options of every command", columns);
	text_addc(out, '\n');
	help_prose(out, "Exit status: 0 done, 1 failed, 2 wrong usage, 3 done but records were rejected or what was asked for "
	                "was empty, 130 interrupted. 'tsumugi help COMMAND' tells more.", columns);
	help_prose(out, "Environment: TSUMUGI_CASE, the case file; TSUMUGI_TEMPLATES, the folder of templates; SOURCE_DATE_EPOCH, the "
	                "date of documents (default: that of the last alert); NO_COLOR.", columns);
}

void cli_help(struct text *out, const struct command *command, int columns)
{
	if (command == NULL) {
		help_program(out, columns);
		return;
	}
	struct text usage = {0};

	text_printf(&usage, "usage: tsumugi %s%s%s%s", command->name, command->options != NULL ? " [OPTIONS]" : "",
	            command->arguments != NULL ? " " : "", command->arguments != NULL ? command->arguments : "");
	text_add_wrapped(out, text_str(&usage), at_most(PROSE_PAGE, columns), "  ");
	text_add(out, "\n\n");
	text_free(&usage);
	help_prose(out, command->summary, columns);
	if (command->more != NULL) {
		text_addc(out, '\n');
		help_prose(out, command->more, columns);
	}
	help_options(out, command->options, "Options", columns);
	help_options(out, common_options, "Options of every command", columns);
}
