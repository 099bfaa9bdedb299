#include "analyst/readers/inside.h"

#include <stdlib.h>
#include <string.h>

#define INNER_MOST 16
#define KINDS 16
#define KIND_ROOM 64

struct inside {
	struct reading *outer;
	struct reading *inner[INNER_MOST];       /* one a format that was met */
	size_t count;
	struct {
		char name[KIND_ROOM];
		size_t inner;
	} known[KINDS];                          /* what a kind turned out to be */
	size_t known_count;
	const struct record *rec;                /* the record whose text is being read */
	const char *from;
};

/* ---- what comes out goes on as the outer record ---- */

static int inner_alert(void *ctx, const struct alert *a, const struct place *at, const char *bytes, size_t n,
                       struct fault *f)
{
	struct inside *in = ctx;
	const struct sink *sink = &in->outer->sink;

	(void)at, (void)bytes, (void)n;
	return sink->alert(sink->ctx, a, &in->rec->at, in->rec->bytes, in->rec->n, f);
}

static int inner_indicator(void *ctx, const struct indicator *i, const struct place *at, struct fault *f)
{
	struct inside *in = ctx;

	(void)at;
	return in->outer->sink.indicator(in->outer->sink.ctx, i, &in->rec->at, f);
}

static int inner_reject(void *ctx, const struct place *at, const char *reason, struct fault *f)
{
	struct inside *in = ctx;

	(void)at;
	return reading_reject(in->outer, in->rec, arena_printf(in->outer->arena, "%s: %s", in->from, reason), f);
}

static int inner_blank(void *ctx, const struct place *at, enum blank why, struct fault *f)
{
	struct inside *in = ctx;

	(void)at;
	return reading_blank(in->outer, in->rec, why, f);
}

static const struct judgement *inner_judge(void *ctx, const struct event *e)
{
	const struct inside *in = ctx;

	return in->outer->sink.judge != NULL ? in->outer->sink.judge(in->outer->sink.ctx, e) : NULL;
}

static int inner_telemetry(void *ctx, const struct telemetry *t, const struct place *at, const char *bytes, size_t n,
                           struct fault *f)
{
	struct inside *in = ctx;
	const struct sink *sink = &in->outer->sink;

	(void)at, (void)bytes, (void)n;
	return sink->telemetry != NULL ? sink->telemetry(sink->ctx, t, &in->rec->at, in->rec->bytes, in->rec->n, f) :
	                                 reading_blank(in->outer, in->rec, BLANK_TELEMETRY, f);
}

/* ---- which reader ---- */

/* Formats of one record at a time, that need nothing of the file around it. */
static bool can_be_inside(const struct reader *r)
{
	static const char *const lines[] = { "cef", "leef", "fast-log", "clamav", NULL };
	bool gives = strncmp(r->gives, "alerts", 6) == 0 || strcmp(r->gives, "events") == 0;

	if (r->wraps || r->whole || r->finish != NULL || !gives)
		return false;
	return in_list(lines, r->name) || (r->framing == FRAME_JSON && r->clues != NULL) || r->framing == FRAME_XML;
}

const struct reader *inside_recognise(const struct reader_options *options, const char *s, size_t n)
{
	struct probe p = { s, n, true, options };
	const struct reader *found = NULL;
	int best = PROBE_ENOUGH - 1;

	for (const struct reader *const *r = readers; *r != NULL; r++) {
		int score = can_be_inside(*r) ? reader_score(*r, &p) : 0;

		if (score > best) {
			best = score;
			found = *r;
		}
	}
	return found;
}

static struct reading *inner_of(struct inside *in, const struct reader *reader, const struct inner_text *text, size_t *at,
                                struct fault *f)
{
	struct sink sink = { in, inner_alert, inner_indicator, inner_reject, inner_blank, inner_judge, NULL, inner_telemetry };
	struct reader_options options = in->outer->options;

	for (*at = 0; *at < in->count; ++*at)
		if (in->inner[*at]->reader == reader)
			return in->inner[*at];
	if (in->count == INNER_MOST) {
		fault_set(f, FAULT_DATA, "more than %d formats in one export", INNER_MOST);
		return NULL;
	}
	options.head = text->bytes;
	options.head_size = text->n;
	if (reading_new(&in->inner[in->count], reader, &options, &sink, f) < 0)
		return NULL;
	in->inner[in->count]->options.head = NULL;
	return in->inner[in->count++];
}

/* The product around it names what it took a record for; that is remembered, so that only the first of a kind is
 * looked at. */
static int choose(struct reading **out, struct inside *in, const struct inner_text *text, struct fault *f)
{
	const struct reader *reader;
	size_t at;

	*out = NULL;
	for (size_t i = 0; text->kind != NULL && i < in->known_count; i++)
		if (strcmp(in->known[i].name, text->kind) == 0) {
			*out = in->inner[in->known[i].inner];
			return 0;
		}
	if ((reader = inside_recognise(&in->outer->options, text->bytes, text->n)) == NULL)
		return 0;
	if ((*out = inner_of(in, reader, text, &at, f)) == NULL)
		return -1;
	if (text->kind != NULL && in->known_count < KINDS && strlen(text->kind) < KIND_ROOM) {
		strcpy(in->known[in->known_count].name, text->kind);
		in->known[in->known_count++].inner = at;
	}
	return 0;
}

struct inside *inside_new(struct reading *outer)
{
	struct inside *in = must_alloc(sizeof(*in));

	in->outer = outer;
	return in;
}

void inside_free(struct inside *in)
{
	if (in == NULL)
		return;
	for (size_t i = 0; i < in->count; i++)
		reading_free(in->inner[i]);
	free(in);
}

int inside_read(struct inside *in, const struct record *rec, const struct inner_text *text, struct fault *f)
{
	struct record within = { .bytes = text->bytes, .n = text->n, .room = text->n, .at = rec->at };
	struct reading *inner = NULL;
	int rc;

	if (choose(&inner, in, text, f) < 0)
		return -1;
	if (inner == NULL)
		return 0;
	in->rec = rec;
	in->from = text->from;
	inner->options.tenant = text->tenant;
	inner->options.found = text->found;
	if (text->log != NULL)
		inner->options.list = text->log;
	rc = reading_record(inner, &within, f);
	arena_reset(inner->arena);
	return rc < 0 ? -1 : 1;
}
