#include "render/cli/importing.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "analyst/import/tables.h"
#include "templates/story.h"

/* ---- options ---- */

/* One offset for all times: a zone that changes its clocks would need the date first. */
static int assumed_offset(int *out, bool *said, const struct cli *c, struct fault *f)
{
	const char *name = cli_option(c, "--assume-tz");
	struct zone z;
	int january, july;

	*out = 0;
	*said = false;
	if (name == NULL)
		return 0;
	if (zone_load(&z, name, f) < 0)
		return fault_wrap(f, "--assume-tz");
	january = civil_from(instant_from_seconds(1610000000), &z).offset;
	july = civil_from(instant_from_seconds(1625000000), &z).offset;
	zone_free(&z);
	if (january != july)
		return fault_set(f, FAULT_USAGE, "--assume-tz: the clocks of '%.60s' change in the year; give an offset "
		                 "such as +01:00", name);
	*out = january;
	*said = true;
	return 0;
}

static bool stopped(void *ctx)
{
	(void)ctx;
	return stop_wanted();
}

static int limit_options(struct import_options *out, const struct cli *c, struct fault *f)
{
	int record, string;

	if (cli_number(&record, c, "--max-record", 1, 64, 0, f) < 0 || cli_number(&string, c, "--max-string", 1, 64, 0, f) < 0 ||
	    cli_number(&out->limits.depth, c, "--max-depth", 8, 1024, 0, f) < 0 ||
	    cli_number(&out->limits.keys, c, "--max-keys", 10, 1000000, 0, f) < 0 ||
	    cli_number(&out->ratio, c, "--max-ratio", 10, 100000, 0, f) < 0)
		return -1;
	out->limits.record = (size_t)record << 20;
	out->limits.string = (size_t)string << 20;
	return 0;
}

/* What a file does not say itself, and of which the user knows better. */
static int text_options(struct import_options *out, const struct cli *c, struct fault *f)
{
	const char *order = cli_option(c, "--date-order"), *encoding = cli_option(c, "--encoding");
	const char *when = cli_option(c, "--time");
	static const struct zone utc = { .name = "UTC" };

	if (order != NULL && strcmp(order, "dmy") != 0 && strcmp(order, "mdy") != 0)
		return fault_set(f, FAULT_USAGE, "--date-order takes dmy or mdy, not '%.100s'", order);
	if (order != NULL)
		out->date_order = order[0] == 'd' ? DATE_ORDER_DAY : DATE_ORDER_MONTH;
	if (encoding != NULL && (out->encoding = encoding_known(encoding)) == NULL)
		return fault_set(f, FAULT_USAGE, "--encoding takes one of " ENCODINGS ", not '%.100s'", encoding);
	if (when != NULL && !instant_parse_option(&out->time, when, &utc))
		return fault_set(f, FAULT_USAGE, "--time takes 2021-03-11 or 2021-03-11T09:00:00Z, not '%.100s'", when);
	return cli_number(&out->year, c, "--year", 1970, 2199, 0, f);
}

int importing_options(struct import_options *out, const struct cli *c, struct fault *f)
{
	memset(out, 0, sizeof(*out));
	out->format = cli_option(c, "--format");
	out->map_path = cli_option(c, "--map");
	out->tenant = cli_option(c, "--tenant");
	out->no_raw = cli_has(c, "--no-raw");
	out->keep_secrets = cli_has(c, "--keep-secrets");
	out->stopped = stopped;
	if (out->format != NULL && reader_named(out->format) == NULL)
		return fault_set(f, FAULT_USAGE, "no format is named '%.100s'; 'tsumugi formats' lists them", out->format);
	if (text_options(out, c, f) < 0 || limit_options(out, c, f) < 0)
		return -1;
	return templates_folder(&out->share, c->program, f) < 0 || assumed_offset(&out->assumed_offset, &out->assumes_zone, c, f) < 0 ?
	       -1 : 0;
}

int importing_tables(struct store *st, const struct cli *c, struct fault *f)
{
	const char *path = cli_option(c, "--tables");
	struct arena *arena;
	struct overrides table = { NULL, 0 };
	int rc;

	if (path == NULL)
		return 0;
	arena = arena_new();
	rc = (strcmp(path, "none") != 0 && tables_load(&table, path, arena, f) < 0) ||
	     store_set_overrides(st, table.rows, table.count, f) < 0 ? -1 : 0;
	arena_free(arena);
	return rc;
}

/* ---- what is printed ---- */

static void put(struct importing *im, const struct text *line)
{
	print_text(line, &im->output);
}

static void on_progress(void *ctx, const char *path, int64_t done, int64_t total)
{
	struct importing *im = ctx;
	const char *slash = strrchr(path, '/');

	if (im->progress.what[0] == '\0')
		progress_begin(&im->progress, slash != NULL ? slash + 1 : path, total > 0 ? total : 0);
	progress_at(&im->progress, done);
}

static void on_durable(void *ctx, int64_t n)
{
	struct importing *im = ctx;
	struct text line = {0};

	text_printf(&line, "ack %" PRId64 "\n", n);
	put(im, &line);
	text_free(&line);
}

/* One JSON object a line. */
static int on_reject(void *ctx, const char *path, const struct place *at, const char *reason, struct fault *f)
{
	struct importing *im = ctx;
	struct text line = {0};
	int rc;

	text_add(&line, "{\"path\":");
	text_add_json(&line, path);
	text_printf(&line, ",\"line\":%" PRId64 ",\"offset\":%" PRId64 ",\"reason\":", at->line, at->offset);
	text_add_json(&line, reason);
	text_add(&line, "}\n");
	rc = output_add(im->rejects, text_str(&line), line.used, f);
	text_free(&line);
	return rc;
}

static double rate(const struct import_file *file)
{
	return file->bytes > 0 && file->seconds > 0 ? (double)file->bytes / 1e6 / file->seconds : 0;
}

static void file_json(struct importing *im, const struct import_file *file, const struct tally *t)
{
	struct text *o = &im->files;

	text_add(o, im->file_count > 1 ? ",\n{\"path\":" : "\n{\"path\":");
	text_add_json(o, file->path);
	text_add(o, ",\"format\":");
	if (file->format != NULL)
		text_add_json(o, file->format);
	else
		text_add(o, "null");
	text_printf(o, ",\"known\":%s,\"reread\":%s,\"resumed\":%s,\"read\":%" PRId64 ",\"imported\":%" PRId64 ",\"repeated\":%" PRId64
	            ",\"rejected\":%" PRId64 ",\"blank\":%" PRId64 ",\"alerts\":%" PRId64 ",\"indicators\":%" PRId64
	            ",\"telemetry\":%" PRId64 ",\"bytes\":%" PRId64 ",\"seconds\":%.3f", file->known ? "true" : "false",
	            file->reread ? "true" : "false", file->resumed ? "true" : "false", t->read, t->imported, t->repeated, t->rejected, t->blank, t->alerts,
	            t->indicators, file->telemetry, file->bytes, file->seconds);
	if (file->refused != NULL) {
		text_add(o, ",\"refused\":");
		text_add_json(o, file->refused);
	}
	text_addc(o, '}');
}

static void file_line(struct importing *im, const struct import_file *file, const struct tally *t)
{
	struct text line = {0};

	text_add_shown(&line, file->path, strlen(file->path));
	text_printf(&line, ": %s, %" PRId64 " records, %" PRId64 " new, %" PRId64 " known, %" PRId64 " rejected",
	            file->format, t->read, t->imported, t->repeated, t->rejected);
	if (t->imported > 0 && t->indicators > 0)
		text_printf(&line, " (%" PRId64 " indicators)", t->indicators);
	text_printf(&line, ", %.2f s, %.1f MB/s%s%s%s\n", file->seconds, rate(file),
	            file->known ? ", imported before" : "", file->reread ? ", read anew: was imported with other options" : "",
	            file->resumed ? ", went on where it was cut off" : "");
	put(im, &line);
	text_free(&line);
}

static void on_file(void *ctx, const struct import_file *file)
{
	struct importing *im = ctx;
	struct tally t = file->tally;

	progress_end(&im->progress);
	memset(&im->progress, 0, sizeof(im->progress));
	im->file_count++;
	im->seconds += file->seconds;
	if (file->known) {
		t.repeated += t.imported;
		t.imported = t.alerts = t.indicators = 0;
	}
	if (file->refused == NULL) {
		im->sum.read += t.read;
		im->sum.imported += t.imported;
		im->sum.repeated += t.repeated;
		im->sum.rejected += t.rejected;
		im->sum.blank += t.blank;
		im->sum.alerts += t.alerts;
		im->sum.indicators += t.indicators;
		im->telemetry += file->telemetry;
	}
	if (im->json)
		file_json(im, file, &t);
	else if (file->refused == NULL)
		file_line(im, file, &t);
	/* A path that was named comes back as a fault; what a folder holds is told here. */
	if (file->refused != NULL && (file->empty || strcmp(file->path, im->named) != 0))
		remark("left out '%s': %s", file->path, file->refused);
}

/* ---- the whole ---- */

/* A file that cannot be read is told at once and the next path is tried; what concerns
 * the case file or the user's wish to stop ends it. */
static int import_one(struct importing *im, struct store *st, const char *path, const struct import_options *options,
                      struct import_result *result, struct fault *f)
{
	const struct import_watch watch = { .ctx = im, .progress = on_progress, .file = on_file,
	                                    .durable = im->ack ? on_durable : NULL,
	                                    .reject = im->rejects != NULL ? on_reject : NULL };
	struct fault own = {0};

	im->named = path;
	if (import_path(st, path, options, &watch, result, &own) == 0)
		return 0;
	progress_end(&im->progress);
	if (own.kind != FAULT_DATA && own.kind != FAULT_IO)
		return fault_set(f, own.kind, "%s", own.text);
	remark("%s", own.text);
	im->failed = true;
	return 0;
}

int importing_run(struct importing *im, const struct cli *c, struct fault *f)
{
	struct import_options options;
	struct import_result result = {0};
	struct store *st = NULL;
	char wal[PATH_MAX], shm[PATH_MAX];
	const char *const own[] = { cli_case(c), wal, shm, im->folder, NULL };
	int rc = -1;

	/* The case file is in the way of 'import .' as little as its two companions. */
	snprintf(wal, sizeof(wal), "%s-wal", cli_case(c));
	snprintf(shm, sizeof(shm), "%s-shm", cli_case(c));
	if (importing_options(&options, c, f) < 0)
		return -1;
	options.own = own;
	if ((im->rejects_path != NULL && output_open(&im->rejects, im->rejects_path, f) < 0) ||
	    store_open(&st, cli_case(c), STORE_WRITE, f) < 0)
		return -1;
	if (importing_tables(st, c, f) < 0)
		goto out;
	for (int i = 0; i < c->argument_count; i++) {
		if (strcmp(c->arguments[i], "-") == 0 && isatty(STDIN_FILENO) == 1) {
			fault_set(f, FAULT_USAGE, NOBODY_PIPES);
			goto out;
		}
		if (import_one(im, st, c->arguments[i], &options, &result, f) < 0)
			goto out;
		if (im->output.kind != FAULT_NONE) {
			fault_set(f, im->output.kind, "%s", im->output.text);
			goto out;
		}
	}
	im->refused = result.refused;
	if (im->rejects != NULL && output_keep(im->rejects, f) < 0)
		goto out;
	rc = 0;
out:
	store_close(st);
	return rc;
}

int importing_totals(struct importing *im, struct fault *f)
{
	const struct tally *t = &im->sum;
	struct text line = {0};
	int rc;

	if (im->json)
		text_printf(&line, "{\"files\":[%s%s],\"read\":%" PRId64 ",\"imported\":%" PRId64 ",\"repeated\":%" PRId64
		            ",\"rejected\":%" PRId64 ",\"blank\":%" PRId64 ",\"alerts\":%" PRId64 ",\"indicators\":%" PRId64
		            ",\"telemetry\":%" PRId64 ",\"refused\":%" PRId64 ",\"seconds\":%.3f}\n", text_str(&im->files),
		            im->file_count > 0 ? "\n" : "", t->read, t->imported, t->repeated, t->rejected, t->blank,
		            t->alerts, t->indicators, im->telemetry, im->refused, im->seconds);
	else
		text_printf(&line, "read %" PRId64 " = imported %" PRId64 " + repeated %" PRId64 " + rejected %" PRId64
		            " + blank %" PRId64 "\n", t->read, t->imported, t->repeated, t->rejected, t->blank);
	rc = print_text(&line, f);
	text_free(&line);
	if (im->file_count == 0 && !im->failed)
		remark(NOTHING_TO_READ);
	if (t->rejected > 0 && !im->json)
		remark("%" PRId64 " records were rejected; 'tsumugi export rejects' lists them", t->rejected);
	return rc;
}

enum status importing_status(const struct importing *im)
{
	if (im->failed)
		return STATUS_FAILED;
	return im->sum.rejected > 0 || im->refused > 0 || im->sum.read == 0 ? STATUS_PARTIAL : STATUS_DONE;
}

void importing_free(struct importing *im)
{
	text_free(&im->files);
	output_close(im->rejects);
}
