#include "analyst/import/import.h"

#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "analyst/import/maps.h"
#include "analyst/import/passage.h"
#include "analyst/import/said.h"

#define FOLDER_DEPTH 64

static const struct import_watch nobody;

/* ---- one file ---- */

/* Names that say nothing without their folder's: "turla/README.adoc", "2021-03-02 ProxyLogon/indicators.csv". */
static const char *telling_name(const char *path)
{
	static const char *const vague[] = { "readme.", "index.", "indicators.", "indicator.", "iocs.", "ioc.", "samples.", "hashes.", "domains.",
		"ips.", "urls.", "files.", "stix.", "stix2.", "misp.", "openioc.", NULL };
	const char *name = last_component(path), *folder = name;

	while (folder > path && folder[-1] == '/')
		folder--;
	while (folder > path && folder[-1] != '/')
		folder--;
	for (const char *const *v = vague; *v != NULL; v++)
		if (strncasecmp(name, *v, strlen(*v)) == 0 && folder < name && folder[0] != '.' && folder[0] != '/')
			return folder;
	return name;
}

static const char *list_name(const struct import *im, const char *path)
{
	static const char *const endings[] = { ".gz", ".xz", ".zst", NULL };
	const char *name = telling_name(path);

	for (const char *const *e = endings; *e != NULL; e++) {
		size_t n = strlen(name), m = strlen(*e);

		if (n > m && strcmp(name + n - m, *e) == 0)
			return arena_dupn(im->arena, name, n - m);
	}
	return name;
}

static instant when_written(const char *path)
{
	struct stat st;

	if (strcmp(path, "-") == 0 || stat(path, &st) < 0 || !S_ISREG(st.st_mode))
		return 0;
	return instant_from_seconds(st.st_mtim.tv_sec);
}

/* For dates without a year: none of that year lies behind it, see nearest_year in lines.c. */
static instant end_of_year(int year)
{
	static const struct zone utc = { .name = "UTC" };

	return civil_to_instant(year + 1, 1, 1, 0, 0, 0, &utc) - DAY - 1;
}

static int run_reader(struct passage *p, struct fault *f)
{
	const struct sink sink = hand_over_sink(p);
	struct probe probe = head_probe(p);
	struct reader_options options = p->im->reading;
	struct reading *rg = NULL;
	int rc = -1;

	options.list = strcmp(p->file.path, "-") != 0 ? list_name(p->im, p->file.path) : NULL;
	options.found = p->im->options->time != 0 ? p->im->options->time : when_written(p->file.path);
	options.written = p->im->options->year > 0 ? end_of_year(p->im->options->year) : when_written(p->file.path);
	options.head = probe.bytes;
	options.head_size = probe.n;
	if (reading_new(&rg, p->reader, &options, &sink, f) == 0 &&
	    reading_run(rg, (struct byte_source){ head_read_again, p }, f) == 0)
		rc = 0;
	reading_free(rg);
	return rc;
}

static void *run_reading(void *ctx)
{
	struct passage *p = ctx;

	p->read = run_reader(p, &p->reading);
	hand_over_rest(p);
	belt_end(p->belt);
	return NULL;
}

/* One thread unpacks, one reads and parses, this one writes. */
static int read_and_write(struct passage *p, struct fault *f)
{
	pthread_t thread;
	int rc;

	if (stream_packing(p->stream) != NULL && p->wide == NULL && p->recode == NULL &&
	    ahead_open(&p->ahead, (struct byte_source){ stream_read, p->stream }, f) < 0)
		return -1;
	p->belt = belt_new(p->im->finishers, p->hasher, p->source.format, !p->im->options->no_raw, p->im->options->keep_secrets);
	if ((rc = pthread_create(&thread, NULL, run_reading, p)) != 0)
		return fault_set(f, FAULT_MEMORY, "no thread to be had: %s", strerror(rc));
	rc = hand_over_take(p, f);
	belt_give_up(p->belt);
	pthread_join(thread, NULL);
	ahead_close(p->ahead);
	p->ahead = NULL;
	if (rc == 0 && p->read < 0)
		rc = fault_set(f, p->reading.kind, "%s", p->reading.text);
	return rc;
}

/* Whether the user allows more than usual: what was rejected for being too much is worth another try. */
static bool allows_more(const struct import_options *o)
{
	return o->limits.record != 0 || o->limits.string != 0 || o->limits.depth != 0 || o->limits.keys != 0;
}

static int fill_in(struct passage *p, struct fault *f)
{
	int64_t line, taken;
	int rc;

	p->source.retry = allows_more(p->im->options);
	rc = intake_begin(&p->intake, p->im->st, &p->source, &p->file.tally, &p->resume, &line, f);

	if (rc < 0)
		return -1;
	if (rc > 0) {
		/* What it brought then, it brings again now. */
		p->file.known = true;
		p->file.tally.repeated += p->file.tally.imported;
		p->file.tally.imported = p->file.tally.alerts = p->file.tally.indicators = 0;
		return 0;
	}
	p->file.reread = intake_supersedes(p->intake);
	p->file.resumed = p->resume > 0 && !p->source.retry;
	if (p->resume > 0 && (p->reader->whole || p->source.retry)) {
		p->resume = 0;
		if (intake_from_start(p->intake, f) < 0)
			return -1;
	}
	if (read_and_write(p, f) < 0 || stream_finish(p->stream, f) < 0 ||
	    stream_sha256(p->source.sha256, p->stream, f) < 0)
		return -1;
	p->source.size = p->file.bytes = stream_done(p->stream);
	taken = intake_taken(p->intake);
	rc = intake_finish(p->intake, &p->file.tally, f);
	p->intake = NULL;
	if (rc == 0)
		hand_over_tell_durable(p, taken);
	return rc;
}

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static int settle(void *ctx, bool wait, struct fault *f)
{
	struct passage *p = ctx;

	if (!wait && !stream_has_hash(p->stream))
		return 0;
	return stream_sha256(p->source.sha256, p->stream, f) < 0 ? -1 : 1;
}

static int pass(struct passage *p, struct fault *f)
{
	if (stream_open(&p->stream, p->file.path, p->im->options->ratio, p->im->options->stopped, p->im->watch->ctx, f) < 0)
		return -1;
	p->file.bytes = stream_size(p->stream);
	if (head_read(p, f) < 0 || head_choose(&p->reader, p, f) < 0 || stream_begin_hash(p->stream, f) < 0)
		return -1;
	p->source.name = strcmp(p->file.path, "-") == 0 ? "standard input" : p->file.path;
	p->source.format = p->file.format = p->reader->name;
	p->source.size = p->file.bytes;
	p->hasher = hasher_new();
	said_lines(&p->said, &p->given, p->im->options, p->reader->name, p->im->reading.map, p->hasher);
	p->source.reading = text_str(&p->said);
	p->source.insisted = text_str(&p->given);
	if (stream_is_regular(p->stream)) {
		p->source.settle = settle;
		p->source.ctx = p;
	}
	return fill_in(p, f);
}

static void add_tally(struct tally *sum, const struct tally *t)
{
	sum->read += t->read;
	sum->imported += t->imported;
	sum->repeated += t->repeated;
	sum->rejected += t->rejected;
	sum->blank += t->blank;
	sum->alerts += t->alerts;
	sum->indicators += t->indicators;
}

static void report(struct passage *p, const struct fault *fault, int rc, double began)
{
	struct import_result *r = p->im->result;
	const struct import_watch *w = p->im->watch;

	p->file.seconds = now() - began;
	p->file.refused = rc < 0 ? fault->text : NULL;
	r->files++;
	r->known += p->file.known;
	r->refused += rc < 0;
	if (rc == 0) {
		add_tally(&r->tally, &p->file.tally);
		r->telemetry += p->file.telemetry;
	}
	r->durable += p->durable;
	if (w->progress != NULL)
		w->progress(w->ctx, p->file.path, p->file.bytes, p->file.bytes);
	if (w->file != NULL)
		w->file(w->ctx, &p->file);
}

static int import_file(struct import *im, const char *path, struct fault *f)
{
	struct passage p = { .im = im, .file = { .path = path, .bytes = -1 } };
	struct fault own = { FAULT_NONE, "" };
	double began = now();
	int rc = pass(&p, &own);

	intake_abandon(p.intake);
	report(&p, &own, rc, began);
	ahead_close(p.ahead);
	utf16_close(p.wide);
	recode_close(p.recode);
	stream_close(p.stream);
	belt_free(p.belt);
	hasher_free(p.hasher);
	text_free(&p.said);
	text_free(&p.given);
	free(p.head);
	if (rc == 0 || p.file.empty)
		return 0;
	fault_set(f, own.kind, "%s", own.text);
	return fault_wrap(f, "importing '%s'", path);
}

/* ---- folders ---- */

/* Hidden files, and what tells people about a folder, are not what it holds. Other
 * READMEs are read: ESET publishes its lists as README.adoc. */
bool import_takes(const char *name)
{
	static const char *const about[] = { "README", "README.md", "README.txt", "LICENSE", "LICENSE.txt", "LICENSE.md", NULL };

	for (const char *const *a = about; *a != NULL; a++)
		if (strcmp(name, *a) == 0)
			return false;
	return name[0] != '.';
}

static int is_taken(const struct dirent *d)
{
	return import_takes(d->d_name);
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

/* A fault that is of one file alone lets the others go on. */
static bool is_local(const struct fault *f)
{
	return f->kind == FAULT_DATA || f->kind == FAULT_IO;
}

static int import_folder(struct import *im, const char *path, int depth, struct fault *f);

/* What a folder holds and cannot be read is told as files are that cannot. */
static void leave_out(struct import *im, const char *path, const char *why)
{
	const struct import_file file = { .path = path, .bytes = -1, .refused = why };

	im->result->refused++;
	if (im->watch->file != NULL)
		im->watch->file(im->watch->ctx, &file);
}

static bool is_own(const struct import *im, const struct stat *st)
{
	for (size_t i = 0; i < im->own_count; i++)
		if (im->own[i].dev == st->st_dev && im->own[i].ino == st->st_ino)
			return true;
	return false;
}

/* Only what concerns more than this entry is a fault. */
static int import_entry(struct import *im, const char *path, int depth, struct fault *f)
{
	struct fault own = { FAULT_NONE, "" };
	bool folder = false;
	struct stat st;
	int rc = 0;

	if (lstat(path, &st) < 0)
		leave_out(im, path, strerror(errno));
	else if (is_own(im, &st))
		return 0;
	else if ((folder = S_ISDIR(st.st_mode)) && depth == FOLDER_DEPTH)
		leave_out(im, path, "lies too deep in folders");
	else if (folder)
		rc = import_folder(im, path, depth + 1, &own);
	else if (S_ISREG(st.st_mode))
		rc = import_file(im, path, &own);
	else
		leave_out(im, path, S_ISLNK(st.st_mode) ? "is a link, which is followed only when it is named" : "is no file");
	if (rc == 0)
		return 0;
	if (!is_local(&own))
		return fault_set(f, own.kind, "%s", own.text);
	if (folder)
		leave_out(im, path, own.text);
	return 0;
}

static int import_folder(struct import *im, const char *path, int depth, struct fault *f)
{
	struct dirent **names = NULL;
	int n = scandir(path, &names, is_taken, by_name), rc = 0;

	if (n < 0)
		return fault_set(f, FAULT_IO, "cannot read the folder: %s", strerror(errno));
	for (int i = 0; i < n; i++) {
		char *name = NULL;

		if (rc == 0 && asprintf(&name, "%s%s%s", path, path[strlen(path) - 1] == '/' ? "" : "/", names[i]->d_name) < 0)
			rc = fault_set(f, FAULT_MEMORY, "out of memory");
		if (rc == 0)
			rc = import_entry(im, name, depth, f);
		free(name);
		free(names[i]);
	}
	free(names);
	return rc;
}

static bool is_folder(const char *path)
{
	struct stat st;

	return strcmp(path, "-") != 0 && stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* Like the maps: a folder without the file is one without rules. */
static int load_detections(struct import *im, struct fault *f)
{
	const char *path = im->options->share != NULL ?
	                   arena_printf(im->arena, "%s/knowledge/detections.xml", im->options->share) : NULL;

	return path == NULL || access(path, F_OK) < 0 ? 0 : detections_load(&im->detections, path, f);
}

static void discard(struct import *im)
{
	finisher_free(im->finishers[0]);
	finisher_free(im->finishers[1]);
	detections_free(im->detections);
	arena_free(im->arena);
}

/* What is not there yet cannot be met. */
static void look_up_own(struct import *im)
{
	const char *const *path = im->options->own;
	struct stat st;

	for (; path != NULL && *path != NULL && im->own_count < OWN_MOST; path++)
		if (stat(*path, &st) == 0) {
			im->own[im->own_count].dev = st.st_dev;
			im->own[im->own_count++].ino = st.st_ino;
		}
}

static int prepare(struct import *im, struct fault *f)
{
	look_up_own(im);
	im->arena = arena_new();
	im->reading.assumed_offset = im->options->assumed_offset;
	im->reading.assumes_zone = im->options->assumes_zone;
	im->reading.tenant = im->options->tenant;
	im->reading.date_order = im->options->date_order;
	im->reading.limits = im->options->limits;
	return load_detections(im, f) < 0 ? -1 :
	       maps_load(&im->reading, im->options->share, im->options->map_path, im->arena, f);
}

int import_path(struct store *st, const char *path, const struct import_options *options,
                const struct import_watch *watch, struct import_result *result, struct fault *f)
{
	struct import im = { .st = st, .options = options, .watch = watch != NULL ? watch : &nobody, .result = result };
	int rc = prepare(&im, f);

	im.finishers[0] = finisher_new();
	im.finishers[1] = finisher_new();
	if (rc == 0)
		rc = !is_folder(path) ? import_file(&im, path, f) :
		     import_folder(&im, path, 0, f) < 0 ? fault_wrap(f, "importing '%s'", path) : 0;
	discard(&im);
	return rc;
}

int import_sniff(struct sniffed *out, const char *path, const struct import_options *options, struct fault *f)
{
	struct import im = { .options = options, .watch = &nobody };
	struct passage p = { .im = &im, .file = { .path = path } };
	struct fault why = { FAULT_NONE, "" };
	int rc = prepare(&im, f);

	memset(out, 0, sizeof(*out));
	if (rc == 0)
		rc = stream_open(&p.stream, path, options->ratio, options->stopped, NULL, f);
	if (rc == 0 && (rc = head_read(&p, &why)) == 0) {
		struct probe probe = head_probe(&p);

		out->packing = stream_packing(p.stream);
		for (size_t i = 0; readers[i] != NULL && i < sizeof(out->scores) / sizeof(out->scores[0]); i++)
			out->scores[i] = reader_score(readers[i], &probe);
		head_choose(&out->reader, &p, &why);
	}
	snprintf(out->why, sizeof(out->why), "%s", why.text);
	if (rc < 0 && why.kind != FAULT_NONE)
		rc = why.kind == FAULT_DATA ? 0 : fault_set(f, why.kind, "%s", why.text);
	if (rc < 0)
		fault_wrap(f, "looking at '%s'", path);
	utf16_close(p.wide);
	recode_close(p.recode);
	stream_close(p.stream);
	free(p.head);
	discard(&im);
	return rc;
}
