#include "analyst/import/import.h"

#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "analyst/import/ahead.h"
#include "analyst/import/belt.h"
#include "analyst/detect/detect.h"
#include "analyst/import/maps.h"
#include "analyst/import/recode.h"
#include "analyst/import/said.h"
#include "analyst/import/stream.h"
#include "analyst/import/utf16.h"

#define PROGRESS_EVERY 4096
#define FOLDER_DEPTH 64
#define STOPPED_SENTENCE "interrupted; what was read so far is kept, and importing again goes on there"

struct import {
	struct store *st;
	const struct import_options *options;
	const struct import_watch *watch;
	struct import_result *result;
	struct reader_options reading;
	struct detections *detections;   /* NULL: without the folder of what ships */
	struct arena *arena;
};

/* One file on its way. */
struct passage {
	struct import *im;
	struct stream *stream;
	struct utf16 *wide;        /* in between when the file is in UTF-16 */
	struct recode *recode;     /* or in what the user says */
	struct intake *intake;
	struct import_file file;
	int64_t resume;            /* records that start before it are in already */
	int64_t records, durable;
	char *head;                /* the first bytes, which the framing gets again */
	size_t head_size, head_at;
	struct source_file source;
	struct text said, given;   /* how it is read; see said.h */

	/* The thread that reads. */
	const struct reader *reader;
	struct belt *belt;
	struct ahead *ahead;       /* unpacks, or NULL */
	struct parcel *parcel;     /* being filled */
	struct hasher *hasher;
	struct hash_queue *hashes;
	struct fault reading;      /* what went wrong there */
	int read;                  /* its result */
};

static const struct import_watch nobody;

/* ---- the sink: readers -> parcels -> store ---- */

static void tell_durable(struct passage *p, int64_t durable)
{
	const struct import_watch *w = p->im->watch;

	if (durable == p->durable)
		return;
	p->durable = durable;
	if (w->durable != NULL)
		w->durable(w->ctx, p->im->result->durable + durable);
}

static int step(struct passage *p, struct fault *f)
{
	const struct import_watch *w = p->im->watch;

	if (p->im->options->stopped != NULL && p->im->options->stopped(w->ctx))
		return fault_set(f, FAULT_STOPPED, STOPPED_SENTENCE);
	if (p->records++ % PROGRESS_EVERY == 0 && w->progress != NULL)
		w->progress(w->ctx, p->file.path, stream_done(p->stream), stream_size(p->stream));
	tell_durable(p, intake_durable(p->intake));
	return 0;
}

/* Runs on the thread that reads. */
static bool is_in(const struct passage *p, const struct place *at)
{
	return at->offset < p->resume;
}

static void send_parcel(struct passage *p)
{
	hash_queue_settle(p->hashes);
	if (p->parcel != NULL)
		belt_send(p->belt, p->parcel);
	p->parcel = NULL;
}

static int fresh_parcel(struct passage *p, struct fault *f)
{
	send_parcel(p);
	p->parcel = belt_empty(p->belt);
	return p->parcel != NULL ? 0 : fault_set(f, FAULT_STOPPED, "stopped");
}

static int send_alert(void *ctx, const struct alert *a, const struct place *at, const char *bytes, size_t n,
                      struct fault *f)
{
	struct passage *p = ctx;

	if (is_in(p, at))
		return 0;
	while (p->parcel == NULL || !parcel_add_alert(p->parcel, a, at, p->im->options->no_raw ? NULL : bytes, n))
		if (fresh_parcel(p, f) < 0)
			return -1;
	hash_queue_add(p->hashes, p->source.format, a->tenant, bytes, n, parcel_content(p->parcel));
	return 0;
}

static int send_indicator(void *ctx, const struct indicator *i, const struct place *at, struct fault *f)
{
	struct passage *p = ctx;

	if (is_in(p, at))
		return 0;
	while (p->parcel == NULL || !parcel_add_indicator(p->parcel, i, at))
		if (fresh_parcel(p, f) < 0)
			return -1;
	return 0;
}

static int send_asset(void *ctx, const struct asset *a, const struct place *at, struct fault *f)
{
	struct passage *p = ctx;

	if (is_in(p, at))
		return 0;
	while (p->parcel == NULL || !parcel_add_asset(p->parcel, a, at))
		if (fresh_parcel(p, f) < 0)
			return -1;
	return 0;
}

static int send_reject(void *ctx, const struct place *at, const char *reason, struct fault *f)
{
	struct passage *p = ctx;

	if (is_in(p, at))
		return 0;
	while (p->parcel == NULL || !parcel_add_reject(p->parcel, at, reason))
		if (fresh_parcel(p, f) < 0)
			return -1;
	return 0;
}

static int send_blank(void *ctx, const struct place *at, enum blank why, struct fault *f)
{
	struct passage *p = ctx;

	if (is_in(p, at))
		return 0;
	while (p->parcel == NULL || !parcel_add_blank(p->parcel, at, why))
		if (fresh_parcel(p, f) < 0)
			return -1;
	return 0;
}

static int send_telemetry(void *ctx, const struct telemetry *t, const struct place *at, const char *bytes, size_t n,
                          struct fault *f)
{
	struct passage *p = ctx;

	if (is_in(p, at))
		return 0;
	while (p->parcel == NULL || !parcel_add_telemetry(p->parcel, t, at))
		if (fresh_parcel(p, f) < 0)
			return -1;
	hash_queue_add(p->hashes, p->source.format, t->tenant, bytes, n, parcel_content(p->parcel));
	return 0;
}

/* Runs on the thread that writes. */
static int take_item(struct passage *p, const struct item *item, struct fault *f)
{
	const struct import_watch *w = p->im->watch;
	struct telemetry counted;

	if (step(p, f) < 0)
		return -1;
	switch (item->kind) {
	case ITEM_ALERT:
		return intake_hashed_alert(p->intake, item->alert, &item->at, &item->content, f);
	case ITEM_INDICATOR:
		return intake_indicator(p->intake, item->indicator, &item->at, f);
	case ITEM_ASSET:
		return intake_asset(p->intake, item->asset, &item->at, f);
	case ITEM_REJECT:
		if (w->reject != NULL && w->reject(w->ctx, p->file.path, &item->at, item->reason, f) < 0)
			return -1;
		return intake_reject(p->intake, &item->at, item->reason, f);
	case ITEM_TELEMETRY:
		p->file.telemetry++;
		counted = *item->telemetry;
		counted.sum = item->content.key;
		return intake_telemetry(p->intake, &counted, &item->at, f);
	case ITEM_BLANK:
		intake_blank(p->intake);
		p->file.telemetry += item->blank == BLANK_TELEMETRY;
		break;
	}
	return 0;
}

/* The other processor wrote them: a miss each line, unless they are asked for early. */
static void ask_for(const struct item *item)
{
	const char *alert = (const char *)item->alert;

	for (size_t at = 0; item->kind == ITEM_ALERT && at < offsetof(struct alert, entities) + 8 * sizeof(struct entity); at += 64)
		__builtin_prefetch(alert + at);
}

/* A pipe may be silent for long: what came is durable meanwhile, and others may write. */
#define SILENCE_MILLISECONDS 200

static int wait_out(struct passage *p, struct fault *f)
{
	const struct import_options *o = p->im->options;

	if (o->stopped != NULL && o->stopped(p->im->watch->ctx))
		return fault_set(f, FAULT_STOPPED, STOPPED_SENTENCE);
	if (!stream_is_regular(p->stream) && intake_pause(p->intake, f) < 0)
		return -1;
	tell_durable(p, intake_durable(p->intake));
	return 0;
}

static int take_parcels(struct passage *p, struct fault *f)
{
	struct parcel *parcel;
	bool late;
	int rc = 0;

	while (rc == 0) {
		if ((parcel = belt_take(p->belt, SILENCE_MILLISECONDS, &late)) == NULL && !late)
			break;
		if (late) {
			rc = wait_out(p, f);
			continue;
		}
		if (parcel->raw_used > 0)
			rc = intake_raw(p->intake, parcel->raw_begin, (int64_t)parcel->raw_used, parcel->packed,
			                parcel->packed_used, f);
		for (size_t i = 0; rc == 0 && i < parcel->count; i++) {
			if (i + 8 < parcel->count)
				ask_for(&parcel->items[i + 8]);
			rc = take_item(p, &parcel->items[i], f);
		}
		if (rc == 0)
			rc = intake_flush(p->intake, f);
		belt_return(p->belt, parcel);
	}
	return rc;
}

/* On the thread that reads; rules do not change. */
static const struct judgement *judge(void *ctx, const struct event *e)
{
	const struct passage *p = ctx;

	return p->im->detections != NULL ? detections_judge(p->im->detections, e) : NULL;
}

/* ---- the first bytes ---- */

static int fetch(struct passage *p, char *into, size_t room, size_t *got, struct fault *f)
{
	if (p->wide != NULL)
		return utf16_read(p->wide, into, room, got, f);
	if (p->recode != NULL)
		return recode_read(p->recode, into, room, got, f);
	return p->ahead != NULL ? ahead_read(p->ahead, into, room, got, f) : stream_read(p->stream, into, room, got, f);
}

static int fill_head(struct passage *p, struct fault *f)
{
	size_t got;

	do {
		if (fetch(p, p->head + p->head_size, PROBE_SIZE - p->head_size, &got, f) < 0)
			return -1;
		p->head_size += got;
	} while (got > 0 && p->head_size < PROBE_SIZE);
	return 0;
}

static bool is_marked(const char *s, size_t n)
{
	return n >= 3 && memcmp(s, "\xEF\xBB\xBF", 3) == 0;
}

static int read_head(struct passage *p, struct fault *f)
{
	const struct byte_source source = { stream_read, p->stream };
	const char *encoding = p->im->options->encoding;

	p->head = must_alloc(PROBE_SIZE);
	if (fill_head(p, f) < 0)
		return -1;
	if (looks_like_utf16(p->head, p->head_size)) {
		p->wide = utf16_open(source, p->head, p->head_size);
	} else if (encoding != NULL && encoding[0] != '\0' && !is_marked(p->head, p->head_size)) {
		if (recode_open(&p->recode, source, encoding, p->head, p->head_size, f) < 0)
			return -1;
	}
	if (p->wide != NULL || p->recode != NULL) {
		p->head_size = 0;
		if (fill_head(p, f) < 0)
			return -1;
	}
	return p->head_size > 0 ? 0 : fault_set(f, FAULT_DATA, "is empty");
}

/* The head first, then the rest of the stream. */
static int read_again(void *ctx, char *into, size_t room, size_t *got, struct fault *f)
{
	struct passage *p = ctx;

	if (p->head_at == p->head_size) {
		/* A pipe may be silent for long: what came before is not kept waiting. */
		if (!stream_is_regular(p->stream) && p->parcel != NULL && p->parcel->count > 0 && fresh_parcel(p, f) < 0)
			return -1;
		return fetch(p, into, room, got, f);
	}
	*got = p->head_size - p->head_at < room ? p->head_size - p->head_at : room;
	memcpy(into, p->head + p->head_at, *got);
	p->head_at += *got;
	return 0;
}

/* Files that are known for what they are, and are not read. */
static int refuse_foreign(const char *s, size_t n, struct fault *f)
{
	static const struct { const char *magic; size_t n; const char *why; } foreign[] = {
		{ "PK\3\4", 4, "is a zip archive: unpack it first" },
		{ "ElfFile", 8, "is a Windows event log: turn it into text first, with Hayabusa (json-timeline) or evtxexport" },
		{ "%PDF", 4, "is a PDF: paste its text into a file" },
		{ "\x7f" "ELF", 4, "is a program" },
		{ "MZ\x90", 3, "is a program" },
		{ "SQLite format 3", 16, "is a database" },
		{ "\x89PNG", 4, "is a picture" },
		{ NULL, 0, NULL }
	};

	for (size_t i = 0; foreign[i].magic != NULL; i++)
		if (n >= foreign[i].n && memcmp(s, foreign[i].magic, foreign[i].n) == 0)
			return fault_set(f, FAULT_DATA, "%s", foreign[i].why);
	return 0;
}

static struct probe probe_of(struct passage *p)
{
	size_t mark = is_marked(p->head, p->head_size) ? 3 : 0;

	return (struct probe){ p->head + mark, p->head_size - mark, p->head_size < PROBE_SIZE, &p->im->reading };
}

static int choose(const struct reader **out, struct passage *p, struct fault *f)
{
	const struct import_options *o = p->im->options;
	const char *name = o->format != NULL ? o->format : o->map_path != NULL ? "csv" : NULL;
	struct probe probe = probe_of(p);

	if (refuse_foreign(p->head, p->head_size, f) < 0)
		return -1;
	if (name == NULL)
		return reader_choose(out, &probe, f);
	*out = reader_named(name);
	return *out != NULL ? 0 : fault_set(f, FAULT_USAGE, "no format named '%s' ('tsumugi formats' lists them)", name);
}

/* ---- one file ---- */

static const char *list_name(const struct import *im, const char *path)
{
	static const char *const endings[] = { ".gz", ".xz", ".zst", NULL };
	const char *name = last_component(path);

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
	const struct sink sink = { p, send_alert, send_indicator, send_reject, send_blank, judge, send_asset, send_telemetry };
	struct probe probe = probe_of(p);
	struct reader_options options = p->im->reading;
	struct reading *rg = NULL;
	int rc = -1;

	options.list = strcmp(p->file.path, "-") != 0 ? list_name(p->im, p->file.path) : NULL;
	options.found = p->im->options->time != 0 ? p->im->options->time : when_written(p->file.path);
	options.written = p->im->options->year > 0 ? end_of_year(p->im->options->year) : when_written(p->file.path);
	options.head = probe.bytes;
	options.head_size = probe.n;
	if (reading_new(&rg, p->reader, &options, &sink, f) == 0 &&
	    reading_run(rg, (struct byte_source){ read_again, p }, f) == 0)
		rc = 0;
	reading_free(rg);
	return rc;
}

static void *run_reading(void *ctx)
{
	struct passage *p = ctx;

	p->read = run_reader(p, &p->reading);
	send_parcel(p);
	belt_end(p->belt);
	return NULL;
}

/* One thread unpacks, one reads and parses, this one writes. */
static int read_and_write(struct passage *p, struct fault *f)
{
	pthread_t thread;
	int rc;

	if (hash_queue_new(&p->hashes, f) < 0)
		return -1;
	if (stream_packing(p->stream) != NULL && p->wide == NULL && p->recode == NULL &&
	    ahead_open(&p->ahead, (struct byte_source){ stream_read, p->stream }, f) < 0)
		return -1;
	p->belt = belt_new(p->im->options->keep_secrets);
	if ((rc = pthread_create(&thread, NULL, run_reading, p)) != 0)
		return fault_set(f, FAULT_MEMORY, "no thread to be had: %s", strerror(rc));
	rc = take_parcels(p, f);
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
		tell_durable(p, taken);
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
	if (stream_open(&p->stream, p->file.path, p->im->options->ratio, f) < 0)
		return -1;
	stream_stop_when(p->stream, p->im->options->stopped, p->im->watch->ctx);
	p->file.bytes = stream_size(p->stream);
	if (read_head(p, f) < 0 || choose(&p->reader, p, f) < 0 || stream_begin_hash(p->stream, f) < 0)
		return -1;
	p->source.name = strcmp(p->file.path, "-") == 0 ? "standard input" : p->file.path;
	p->source.format = p->file.format = p->reader->name;
	p->source.size = p->file.bytes;
	if (hasher_new(&p->hasher, f) < 0)
		return -1;
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
	hash_queue_free(p.hashes);
	free(p.head);
	if (rc < 0) {
		fault_set(f, own.kind, "%s", own.text);
		fault_wrap(f, "importing '%s'", path);
	}
	return rc;
}

/* ---- folders ---- */

/* Hidden files, and what tells people about a folder, are not what it holds. Other
 * READMEs are read: ESET publishes its lists as README.adoc. */
static int is_visible(const struct dirent *d)
{
	static const char *const about[] = { "README", "README.md", "README.txt", "LICENSE", "LICENSE.txt", "LICENSE.md", NULL };

	for (const char *const *a = about; *a != NULL; a++)
		if (strcmp(d->d_name, *a) == 0)
			return 0;
	return d->d_name[0] != '.';
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

static int import_folder(struct import *im, const char *path, int depth, struct fault *f)
{
	struct dirent **names = NULL;
	int n = scandir(path, &names, is_visible, by_name), rc = 0;

	if (n < 0)
		return fault_set(f, FAULT_IO, "cannot read the folder '%s': %s", path, strerror(errno));
	for (int i = 0; i < n; i++) {
		char *name = NULL;
		struct stat st;

		if (rc == 0 && asprintf(&name, "%s%s%s", path, path[strlen(path) - 1] == '/' ? "" : "/", names[i]->d_name) < 0)
			rc = fault_set(f, FAULT_MEMORY, "out of memory");
		if (rc == 0 && lstat(name, &st) == 0) {
			struct fault own = { FAULT_NONE, "" };
			int got = 0;

			if (S_ISDIR(st.st_mode) && depth < FOLDER_DEPTH)
				got = import_folder(im, name, depth + 1, &own);
			else if (S_ISREG(st.st_mode))
				got = import_file(im, name, &own);
			if (got < 0 && !is_local(&own)) {
				rc = -1;
				fault_set(f, own.kind, "%s", own.text);
			}
		}
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
	detections_free(im->detections);
	arena_free(im->arena);
}

static int prepare(struct import *im, struct fault *f)
{
	im->arena = arena_new();
	im->reading.assumed_offset = im->options->assumed_offset;
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

	if (rc == 0)
		rc = is_folder(path) ? import_folder(&im, path, 0, f) : import_file(&im, path, f);
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
		rc = stream_open(&p.stream, path, options->ratio, f);
	if (rc == 0 && (rc = read_head(&p, &why)) == 0) {
		struct probe probe = probe_of(&p);

		out->packing = stream_packing(p.stream);
		for (size_t i = 0; readers[i] != NULL && i < sizeof(out->scores) / sizeof(out->scores[0]); i++)
			out->scores[i] = reader_score(readers[i], &probe);
		choose(&out->reader, &p, &why);
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
