/* Importing for the commands import and run: the lines they print, the bar, the totals. */
#ifndef TSUMUGI_IMPORTING_H
#define TSUMUGI_IMPORTING_H

#include "analyst/import/import.h"
#include "analyst/import/recode.h"
#include "render/cli/cli.h"
#include "render/cli/output.h"
#include "render/cli/progress.h"

struct importing {
	struct progress progress;
	const char *named;           /* the path of the command line at work */
	struct tally sum;            /* known files count as repeated */
	struct text files;           /* --json: one object a file */
	int64_t file_count, refused, telemetry;
	double seconds;
	bool json, ack;
	const char *rejects_path;    /* --rejects, or NULL */
	struct output *rejects;
	const char *folder;          /* where outputs go, which are not read; or NULL */
	bool failed;                 /* a path that was named could not be read */
	struct fault output;         /* writing standard output failed */
};

/* Imports the paths of the command line into the case file. Prints as it goes; 0 or -1. */
int importing_run(struct importing *im, const struct cli *c, struct fault *f);
int importing_totals(struct importing *im, struct fault *f);      /* the last line */
enum status importing_status(const struct importing *im);
void importing_free(struct importing *im);
/* --tables FILE, when given, into the open case file. */
int importing_tables(struct store *st, const struct cli *c, struct fault *f);
/* From --format, --map, --assume-tz, --tenant. */
int importing_options(struct import_options *out, const struct cli *c, struct fault *f);

#define NOBODY_PIPES "standard input is a terminal: give a file, or pipe something in"
#define NOTHING_TO_READ "there is nothing to read: no file lies in what was named"

/* How files are read; and, for those who keep them, what is kept. */
#define READING_OPTIONS \
	{ "--format", "NAME", "reads every file as this; 'tsumugi formats' lists them" }, \
	{ "--map", "FILE", "what the columns of a CSV mean" }, \
	{ "--assume-tz", "ZONE", "for times that state no zone (default: UTC)" }, \
	{ "--year", "YEAR", "of dates that state none (default: nearest to the file's own time; needed on standard input)" }, \
	{ "--date-order", "ORDER", "of dates as 03/04/2021: dmy or mdy; without it they are rejected" }, \
	{ "--time", "TIME", "of records that carry none, as ClamAV's and YARA's (default: the file's own)" }, \
	{ "--encoding", "NAME", "of text that is not UTF-8 or UTF-16: " ENCODINGS }, \
	{ "--max-record", "MIB", "longest record, 1 to 64 (default: 16); over a limit a record is rejected" }, \
	{ "--max-string", "MIB", "longest JSON string, 1 to 64 (default: 8)" }, \
	{ "--max-depth", "N", "deepest nesting of JSON, 8 to 1024 (default: 128)" }, \
	{ "--max-keys", "N", "most keys of a JSON object, 10 to 1000000 (default: 10000)" }, \
	{ "--max-ratio", "N", "times its size that packed data may grow to, 10 to 100000 (default: 200)" }

#define TABLES_OPTION \
	{ "--tables", "FILE", "severities and techniques of your own, as CSV: product, rule, native, severity, techniques; " \
	  "kept in the case file until another or 'none' is given" }

#define IMPORTING_OPTIONS \
	READING_OPTIONS, \
	TABLES_OPTION, \
	{ "--no-raw", NULL, "keeps where each record is, not the record itself: smaller and faster" }, \
	{ "--keep-secrets", NULL, "keeps records as they are; else payloads, passwords, cookies are masked" }, \
	{ "--tenant", "NAME", "the customer or site these records belong to; never joined with others" }

#endif
