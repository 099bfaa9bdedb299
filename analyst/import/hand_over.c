/* Readers -> parcels -> store: the thread that reads fills parcels, the one that writes empties them. */
#include <stddef.h>

#include "analyst/import/passage.h"

#define PROGRESS_EVERY 4096
#define STOPPED_SENTENCE "interrupted; what was read so far is kept, and importing again goes on there"

void hand_over_tell_durable(struct passage *p, int64_t durable)
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
	hand_over_tell_durable(p, intake_durable(p->intake));
	return 0;
}

/* Runs on the thread that reads. */
static bool is_in(const struct passage *p, const struct place *at)
{
	return at->offset < p->resume;
}

void hand_over_rest(struct passage *p)
{
	if (p->parcel != NULL)
		belt_send(p->belt, p->parcel);
	p->parcel = NULL;
}

int hand_over_fresh(struct passage *p, struct fault *f)
{
	hand_over_rest(p);
	p->parcel = belt_empty(p->belt);
	return p->parcel != NULL ? 0 : fault_set(f, FAULT_STOPPED, "stopped");
}

static int send_alert(void *ctx, const struct alert *a, const struct place *at, const char *bytes, size_t n,
                      struct fault *f)
{
	struct passage *p = ctx;

	if (is_in(p, at))
		return 0;
	while (p->parcel == NULL || !parcel_add_alert(p->parcel, a, at, bytes, n))
		if (hand_over_fresh(p, f) < 0)
			return -1;
	return 0;
}

static int send_indicator(void *ctx, const struct indicator *i, const struct place *at, struct fault *f)
{
	struct passage *p = ctx;

	if (is_in(p, at))
		return 0;
	while (p->parcel == NULL || !parcel_add_indicator(p->parcel, i, at))
		if (hand_over_fresh(p, f) < 0)
			return -1;
	return 0;
}

static int send_asset(void *ctx, const struct asset *a, const struct place *at, struct fault *f)
{
	struct passage *p = ctx;

	if (is_in(p, at))
		return 0;
	while (p->parcel == NULL || !parcel_add_asset(p->parcel, a, at))
		if (hand_over_fresh(p, f) < 0)
			return -1;
	return 0;
}

static int send_reject(void *ctx, const struct place *at, const char *reason, struct fault *f)
{
	struct passage *p = ctx;

	if (is_in(p, at))
		return 0;
	while (p->parcel == NULL || !parcel_add_reject(p->parcel, at, reason))
		if (hand_over_fresh(p, f) < 0)
			return -1;
	return 0;
}

static int send_blank(void *ctx, const struct place *at, enum blank why, struct fault *f)
{
	struct passage *p = ctx;

	if (is_in(p, at))
		return 0;
	while (p->parcel == NULL || !parcel_add_blank(p->parcel, at, why))
		if (hand_over_fresh(p, f) < 0)
			return -1;
	return 0;
}

static int send_telemetry(void *ctx, const struct telemetry *t, const struct place *at, const char *bytes, size_t n,
                          struct fault *f)
{
	struct passage *p = ctx;

	if (is_in(p, at))
		return 0;
	while (p->parcel == NULL || !parcel_add_telemetry(p->parcel, t, at, bytes, n))
		if (hand_over_fresh(p, f) < 0)
			return -1;
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
	hand_over_tell_durable(p, intake_durable(p->intake));
	return 0;
}

int hand_over_take(struct passage *p, struct fault *f)
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
		if (parcel->raw_size > 0)
			rc = intake_raw(p->intake, parcel->raw_begin, (int64_t)parcel->raw_size, parcel->packed,
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

struct sink hand_over_sink(struct passage *p)
{
	return (struct sink){ p, send_alert, send_indicator, send_reject, send_blank, judge, send_asset, send_telemetry };
}
