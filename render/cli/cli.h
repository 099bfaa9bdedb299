/* The command line: one file a command, one row a command in commands.c. Only this folder
 * prints and chooses exit codes.
 *
 *     const struct command command_sniff = {
 *         .name = "sniff", .arguments = "PATH...", .summary = "...", .options = sniff_options, .run = sniff_run,
 *     };
 *
 * A command returns an exit status, or -1 with a fault that main prints as one sentence. */
#ifndef TSUMUGI_CLI_H
#define TSUMUGI_CLI_H

#include <stdbool.h>
#include <stdio.h>

#include "analyst/base/columns.h"
#include "analyst/base/fault.h"
#include "analyst/base/instant.h"
#include "analyst/base/text.h"
#include "templates/run.h"

enum status {
	STATUS_DONE = 0,
	STATUS_FAILED = 1,
	STATUS_USAGE = 2,
	STATUS_PARTIAL = 3,          /* some records were rejected, or what was asked for was empty */
	STATUS_INTERRUPTED = 130
};

struct option {
	const char *name;            /* "--json", "-o" */
	const char *value;           /* what it takes, for help: "FILE"; NULL for a switch */
	const char *help;
};

struct cli;

struct command {
	const char *name, *arguments, *summary;
	const char *more;            /* a paragraph for its help page, or NULL */
	int least, most;             /* arguments; most -1: any number */
	const struct option *options;            /* ends at a row without a name; may be NULL */
	int (*run)(struct cli *c, struct fault *f);
};

extern const struct command *const commands[];       /* ends with NULL */
extern const struct option common_options[];         /* every command takes them */
const struct command *command_find(const char *name, size_t n);

#define CLI_OPTIONS 64

struct cli {
	const char *program;         /* argv[0] */
	const struct command *command;
	const char *given[CLI_OPTIONS];          /* one a row of the command's options, then the common ones */
	const char **arguments;
	int argument_count;
};

/* options.c */
int cli_parse(struct cli *c, int argc, char **argv, struct fault *f);
/* The value given, "" for a switch, NULL when not given. */
const char *cli_option(const struct cli *c, const char *name);
bool cli_has(const struct cli *c, const char *name);
const char *cli_case(const struct cli *c);
/* 0, or a fault of usage. A language that is not given is English. */
int cli_language(enum language *out, const struct cli *c, struct fault *f);
/* --tz, else UTC. */
int cli_zone(struct zone *out, const struct cli *c, struct fault *f);
/* --since and --until: a time, a date, or "36h", "7d" before now; INSTANT_NONE when not given. */
int cli_period(instant *since, instant *until, const struct cli *c, const struct zone *z, struct fault *f);
int cli_number(int *out, const struct cli *c, const char *option, int least, int most, int fallback,
               struct fault *f);
void cli_help(struct text *out, const struct command *command, int columns);    /* NULL: of the program */

/* terminal.c */
struct terminal {
	bool interactive;            /* standard output is a terminal */
	bool bounded;                /* tables must fit the columns; in a pipe nothing is cut */
	bool colour;
	int columns;
};
int terminal_ask(struct terminal *out, const struct cli *c, struct fault *f);
/* How wide a list may be: in a pipe an item stays one line, for grep. */
int terminal_page(const struct terminal *t);
/* At most so many columns, with an ellipsis where it was cut, padded when `pad`. */
void text_add_cell(struct text *t, const char *s, int columns, bool pad);
/* Data as a person may see it: defanged, control and bidi characters spelled out. */
void text_add_name(struct text *t, const char *s);
const char *paint(const struct terminal *t, const char *code);      /* "" without colour */
#define PAINT_BOLD "\033[1m"
#define PAINT_DIM "\033[2m"
#define PAINT_OFF "\033[0m"
const char *paint_priority(const struct terminal *t, int priority);

/* stop.c: SIGINT and SIGTERM ask to stop at the next good moment, a second one at once. */
void stop_prepare(void);
bool stop_wanted(void);
int stop_check(struct fault *f);             /* -1 with FAULT_STOPPED when wanted */

/* Standard output: collected, written at once; a full disk or a closed pipe is a fault. */
int print_text(const struct text *t, struct fault *f);
/* A remark for the user on standard error. */
void remark(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
