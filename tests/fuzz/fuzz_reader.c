/* Every reader on any bytes: "reader-cef" runs the reader cef, "reader-any" the one the program would choose. The
 * bytes go through twice, at once and in small pieces, and must give the same records both times. Each alert is packed
 * for its way to the store as well, once with the others and once alone, which must not differ either. */
#include "tests/fuzz/fuzz.h"

#include "analyst/detect/detect.h"
#include "analyst/import/maps.h"
#include "analyst/import/finish.h"
#include "analyst/readers/reader.h"

static const struct reader *chosen;      /* NULL: by the bytes */
static struct reader_options options;    /* with the maps that ship */
static struct detections *rules;
static struct parcel *together, *alone;
static struct sharing *sharing, *unused;
static struct hasher *hasher;
static struct finisher *finisher;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	const char *name = fuzz_name(*argv);
	static struct arena *arena;
	struct fault f = { FAULT_NONE, "" };

	(void)argc;
	if (strncmp(name, "reader-", 7) != 0 ||
	    ((chosen = reader_named(name + 7)) == NULL && strcmp(name + 7, "any") != 0)) {
		fprintf(stderr, "'%s' is no reader-NAME\n", name);
		exit(1);
	}
	if (arena != NULL)
		return 0;
	arena = arena_new();
	if (maps_load(&options, "templates", NULL, arena, &f) < 0 ||
	    detections_load(&rules, "templates/knowledge/detections.xml", &f) < 0) {
		fprintf(stderr, "%s\n", f.text);
		exit(1);
	}
	hasher = hasher_new();
	finisher = finisher_new();
	together = parcel_new(hasher, "fuzz", true, false);
	alone = parcel_new(hasher, "fuzz", true, false);
	sharing = sharing_new();
	unused = sharing_new();
	return 0;
}

/* ---- a sink that looks at everything ---- */

struct seen {
	uint64_t sum;              /* of all that came, in its order */
	size_t size, calls;
};

static void see(struct seen *s, const void *bytes, size_t n)
{
	const unsigned char *p = bytes;

	for (size_t i = 0; i < n; i++)
		s->sum = (s->sum ^ p[i]) * UINT64_C(1099511628211);
}

static void see_number(struct seen *s, int64_t n)
{
	see(s, &n, sizeof(n));
}

static void see_text(struct seen *s, const char *text)
{
	if (text != NULL) {
		HOLDS(utf8_valid(text, strlen(text)));
		see(s, text, strlen(text) + 1);
	}
	see_number(s, text != NULL);
}

static void see_place(struct seen *s, const struct place *at)
{
	s->calls++;
	HOLDS(at->line >= 1 && at->offset >= 0 && at->length >= 0);
	HOLDS((uint64_t)at->offset + (uint64_t)at->length <= s->size);
	see_number(s, at->line);
	see_number(s, at->offset);
	see_number(s, at->length);
}

static bool same_text(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static bool same_alert(const struct alert *a, const struct alert *b)
{
	bool same = same_text(a->rule.product, b->rule.product) && same_text(a->rule.id, b->rule.id) &&
	            same_text(a->rule.name, b->rule.name) && same_text(a->rule.category, b->rule.category) &&
	            same_text(a->rule.techniques, b->rule.techniques) && same_text(a->rule.tactics, b->rule.tactics) &&
	            same_text(a->severity_native, b->severity_native) && same_text(a->title, b->title) &&
	            same_text(a->native_id, b->native_id) && same_text(a->tenant, b->tenant) &&
	            a->at == b->at && a->entity_count == b->entity_count;

	for (size_t i = 0; same && i < a->entity_count; i++) {
		const struct entity *x = &a->entities[i], *y = &b->entities[i];

		same = x->kind == y->kind && x->role == y->role && x->length == y->length && same_text(x->value, y->value) &&
		       same_text(x->shown, y->shown);
	}
	return same;
}

static const struct alert *last_of(const struct parcel *p)
{
	return p->items[p->count - 1].alert;
}

static void see_packed(const struct alert *a, const struct place *at, const char *bytes, size_t n)
{
	parcel_begin(alone, unused);
	alone->sharing = NULL;
	HOLDS(parcel_add_alert(alone, a, at, bytes, n));
	if (!parcel_add_alert(together, a, at, bytes, n)) {
		parcel_begin(together, sharing);
		HOLDS(parcel_add_alert(together, a, at, bytes, n));
	}
	HOLDS(same_alert(last_of(together), last_of(alone)));
	finish_parcel(finisher, alone);
}

static int see_alert(void *ctx, const struct alert *a, const struct place *at, const char *bytes, size_t n,
                     struct fault *f)
{
	struct seen *s = ctx;

	(void)f;
	see_place(s, at);
	see(s, bytes, n);
	HOLDS(a->rule.name != NULL && a->rule.product != NULL && a->entity_count <= ALERT_ENTITIES);
	HOLDS(a->at != INSTANT_NONE && a->until >= a->at);
	HOLDS(a->severity <= SEVERITY_CRITICAL && a->confidence >= -1 && a->confidence <= 100);
	HOLDS(a->score >= -1 && a->score <= 100 && a->count >= 1 && a->bytes_in >= -1 && a->bytes_out >= -1);
	see_number(s, a->at);
	see_number(s, a->until);
	see_number(s, a->reported);
	see_number(s, a->kind);
	see_number(s, a->severity);
	see_number(s, a->confidence);
	see_number(s, a->action);
	see_number(s, a->bytes_in);
	see_number(s, a->bytes_out);
	see_number(s, a->count);
	see_text(s, a->rule.product);
	see_text(s, a->rule.id);
	see_text(s, a->rule.name);
	see_text(s, a->rule.category);
	see_text(s, a->rule.techniques);
	see_text(s, a->rule.tactics);
	see_text(s, a->severity_native);
	see_text(s, a->title);
	see_text(s, a->native_id);
	see_text(s, a->tenant);
	for (size_t i = 0; i < a->entity_count; i++) {
		const struct entity *e = &a->entities[i];

		HOLDS(e->kind < ENTITY_KINDS && e->role < ROLES && e->value != NULL && e->value[0] != '\0');
		HOLDS(!entity_is_placeholder(e->kind, e->value));
		HOLDS(e->length == strlen(e->value));
		see_text(s, e->value);
		see_text(s, e->shown);
	}
	see_packed(a, at, bytes, n);
	return 0;
}

static int see_indicator(void *ctx, const struct indicator *i, const struct place *at, struct fault *f)
{
	struct seen *s = ctx;

	(void)f;
	see_place(s, at);
	HOLDS(i->value != NULL && i->written != NULL && i->confidence >= -1 && i->confidence <= 100);
	HOLDS(i->detect == (i->why == NULL && i->kind != INDICATOR_TEXT) || !i->detect);
	see_text(s, i->value);
	see_text(s, i->written);
	see_text(s, i->context);
	see_text(s, i->list);
	see_text(s, i->tlp);
	see_text(s, i->techniques);
	see_text(s, i->why);
	see_number(s, i->kind);
	see_number(s, i->first_seen);
	see_number(s, i->last_seen);
	see_number(s, i->valid_until);
	return 0;
}

static int see_asset(void *ctx, const struct asset *a, const struct place *at, struct fault *f)
{
	(void)f;
	see_place(ctx, at);
	HOLDS(a->value != NULL && a->value[0] != '\0');
	see_text(ctx, a->value);
	see_text(ctx, a->role);
	see_text(ctx, a->owner);
	see_number(ctx, a->kind);
	see_number(ctx, a->criticality);
	return 0;
}

static int see_reject(void *ctx, const struct place *at, const char *reason, struct fault *f)
{
	(void)f;
	see_place(ctx, at);
	HOLDS(reason != NULL && reason[0] != '\0');
	see(ctx, reason, strlen(reason));
	return 0;
}

static int see_blank(void *ctx, const struct place *at, enum blank why, struct fault *f)
{
	(void)f;
	see_place(ctx, at);
	see_number(ctx, why);
	return 0;
}

static int see_telemetry(void *ctx, const struct telemetry *t, const struct place *at, const char *bytes, size_t n,
                         struct fault *f)
{
	const char *const texts[] = { t->tenant, t->from, t->to, t->name };

	(void)f;
	see_place(ctx, at);
	see(ctx, bytes, n);
	see_number(ctx, t->kind);
	see_number(ctx, t->at);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (texts[i] != NULL)
			see(ctx, texts[i], strlen(texts[i]));
	HOLDS(t->at != INSTANT_NONE && t->kind >= 0 && t->kind < TELEMETRY_KINDS);
	return 0;
}

static const struct judgement *see_event(void *ctx, const struct event *e)
{
	for (size_t i = 0; i < e->count; i++) {
		see(ctx, e->values[i].name, strlen(e->values[i].name));
		see(ctx, e->values[i].value, strlen(e->values[i].value));
	}
	return detections_judge(rules, e);
}

/* ---- the run ---- */

struct pieces {
	struct memory_bytes left;
	size_t piece;
};

static int read_piece(void *ctx, char *into, size_t room, size_t *got, struct fault *f)
{
	struct pieces *p = ctx;

	(void)f;
	*got = p->left.n < room ? p->left.n : room;
	if (*got > p->piece)
		*got = p->piece;
	if (*got > 0)
		memcpy(into, p->left.bytes, *got);
	p->left.bytes += *got;
	p->left.n -= *got;
	return 0;
}

static uint64_t run(const struct reader *reader, const struct reader_options *o, const char *bytes, size_t n,
                    size_t piece)
{
	struct seen seen = { .size = n };
	const struct sink sink = { &seen, see_alert, see_indicator, see_reject, see_blank, see_event, see_asset, see_telemetry };
	struct pieces p = { { bytes, n }, piece };
	struct reading *rg = NULL;
	struct fault f = { FAULT_NONE, "" };

	parcel_begin(together, sharing);
	if (reading_new(&rg, reader, o, &sink, &f) < 0 ||
	    reading_run(rg, (struct byte_source){ read_piece, &p }, &f) < 0)
		HOLDS(f.kind != FAULT_NONE && f.text[0] != '\0');
	see(&seen, f.text, strlen(f.text));
	reading_free(rg);
	return seen.sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *bytes = (const char *)data;
	struct reader_options o = options;
	struct probe probe = { bytes, size < PROBE_SIZE ? size : PROBE_SIZE, size < PROBE_SIZE, &o };
	const struct reader *reader = chosen;
	struct fault f = { FAULT_NONE, "" };

	o.head = bytes;
	o.head_size = probe.n;
	o.written = o.found = INT64_C(1616000000) * SECOND;
	o.date_order = DATE_ORDER_MONTH;
	if (reader == NULL && reader_choose(&reader, &probe, &f) < 0) {
		HOLDS(f.text[0] != '\0');
		return 0;
	}
	reader_score(reader, &probe);
	HOLDS(run(reader, &o, bytes, size, SIZE_MAX) == run(reader, &o, bytes, size, 1 + size % 61));
	return 0;
}
