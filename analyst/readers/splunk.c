/* What comes out of Splunk (FORMATS 2.15): REST results, lines of an export, alert
 * webhooks. Where a result's _raw is a record of another format that is known, that
 * format's reader reads it; a result that a search judged is an alert of its own; other
 * results are telemetry. */
#include <stdio.h>
#include <string.h>

#include "analyst/readers/reader.h"

enum {
	RAW, TIME, PREVIEW, SOURCETYPE, RULE, SEARCH, SAVED_SEARCH, SIGNATURE, URGENCY, SEVERITY, RISK_OBJECT,
	RISK_OBJECT_TYPE, TENANT, CUSTOMER, TEAM, LASTROW, MESSAGES
};

static const struct field fields[] = {
	[RAW] = FIELD("_raw", TAKE_NOTHING),
	[TIME] = FIELD("_time", TAKE_AT),
	[PREVIEW] = FIELD("preview", TAKE_NOTHING),
	[SOURCETYPE] = FIELD("sourcetype", TAKE_NOTHING),
	[RULE] = FIELD("rule_name", TAKE_RULE_NAME),
	[SEARCH] = FIELD("search_name", TAKE_RULE_NAME),
	[SAVED_SEARCH] = FIELD("savedsearch_name", TAKE_RULE_NAME),
	[SIGNATURE] = FIELD("signature", TAKE_RULE_NAME),
	/* urgency blends the asset's weight in; it is what analysts of the product see. */
	[URGENCY] = FIELD("urgency", TAKE_SEVERITY),
	[SEVERITY] = FIELD("severity", TAKE_SEVERITY),
	[RISK_OBJECT] = FIELD("risk_object", TAKE_NOTHING),
	[RISK_OBJECT_TYPE] = FIELD("risk_object_type", TAKE_NOTHING),
	[TENANT] = FIELD("tenant", TAKE_TENANT),
	[CUSTOMER] = FIELD("customer", TAKE_TENANT),
	[TEAM] = FIELD("team", TAKE_TENANT),
	[LASTROW] = FIELD("lastrow", TAKE_NOTHING),
	[MESSAGES] = FIELD("messages[].text", TAKE_NOTHING),
	FIELD("event_id", TAKE_NATIVE_ID),
	FIELD("sid", TAKE_NATIVE_ID),
	FIELD("rule_title", TAKE_TITLE),
	FIELD("rule_description", TAKE_TITLE),
	FIELD("signature_id", TAKE_RULE_ID),
	FIELD("security_domain", TAKE_CATEGORY),
	FIELD("category", TAKE_CATEGORY),
	FIELD("action", TAKE_ACTION),
	FIELD("risk_score", TAKE_SCORE),
	FIELD("annotations\\.mitre_attack[]", TAKE_TECHNIQUES),
	FIELD("annotations\\.mitre_attack\\.mitre_technique_id[]", TAKE_TECHNIQUES),
	FIELD("annotations.mitre_attack[]", TAKE_TECHNIQUES),
	FIELD("annotations", TAKE_TECHNIQUES),
	FIELD("mitre_technique_id[]", TAKE_TECHNIQUES),
	FIELD("annotations\\.mitre_attack\\.mitre_tactic[]", TAKE_TACTICS),
	FIELD("annotations\\.mitre_attack\\.mitre_tactic_id[]", TAKE_TACTICS),
	FIELD_ENTITY("src[]", ENTITY_IP, ROLE_SOURCE),
	FIELD_ENTITY("src_ip[]", ENTITY_IP, ROLE_SOURCE),
	FIELD_ENTITY("src_mac", ENTITY_MAC, ROLE_SOURCE),
	FIELD_ENTITY("dest[]", ENTITY_IP, ROLE_DESTINATION),
	FIELD_ENTITY("dest_ip[]", ENTITY_IP, ROLE_DESTINATION),
	FIELD_ENTITY("dest_port", ENTITY_PORT, ROLE_DESTINATION),
	FIELD_ENTITY("user[]", ENTITY_USER, ROLE_ACTOR),
	FIELD_ENTITY("src_user[]", ENTITY_USER, ROLE_ACTOR),
	FIELD_ENTITY("url[]", ENTITY_URL, ROLE_DESTINATION),
	FIELD_ENTITY("process", ENTITY_COMMAND, ROLE_OBSERVED),
	FIELD_ENTITY("process_path", ENTITY_PROCESS, ROLE_ACTOR),
	FIELD_ENTITY("parent_process_path", ENTITY_PROCESS, ROLE_PARENT),
	FIELD_ENTITY("file_name[]", ENTITY_FILE, ROLE_OBSERVED),
	FIELD_ENTITY("file_path[]", ENTITY_PATH, ROLE_OBSERVED),
	FIELD_ENTITY("file_hash[]", ENTITY_HASH, ROLE_OBSERVED),
	FIELD_ENTITY("http_user_agent", ENTITY_AGENT, ROLE_OBSERVED),
	FIELD_ENTITY("cve[]", ENTITY_CVE, ROLE_OBSERVED),
	FIELDS_END
};

static const struct clue clues[] = {
	{ "_raw", 50 }, { "_time", 50 }, { "sourcetype", 15 }, { "splunk_server", 20 }, { "preview", 15 }, { "lastrow", 10 },
	{ "offset", 5 }, { "search_name", 25 }, { "sid", 20 }, { "results_link", 35 }, { NULL, 0 }
};

/* ---- records inside ---- */

#define INNER_MOST 16
#define SOURCETYPES 16
#define SOURCETYPE_ROOM 64

struct splunk_state {
	struct reading *inner[INNER_MOST];       /* one a format that was met */
	size_t inner_count;
	struct {
		char name[SOURCETYPE_ROOM];
		size_t inner;
	} known[SOURCETYPES];                    /* what a source type turned out to be */
	size_t known_count;
	struct reading *outer;
	const struct record *rec;                /* the result whose _raw is being read */
};

/* The record that is kept and cited is the result, not what is in it. */
static int inner_alert(void *ctx, const struct alert *a, const struct place *at, const char *bytes, size_t n,
                       struct fault *f)
{
	struct splunk_state *st = ctx;
	const struct sink *sink = &st->outer->sink;

	(void)at, (void)bytes, (void)n;
	return sink->alert(sink->ctx, a, &st->rec->at, st->rec->bytes, st->rec->n, f);
}

static int inner_indicator(void *ctx, const struct indicator *i, const struct place *at, struct fault *f)
{
	struct splunk_state *st = ctx;

	(void)at;
	return st->outer->sink.indicator(st->outer->sink.ctx, i, &st->rec->at, f);
}

static int inner_reject(void *ctx, const struct place *at, const char *reason, struct fault *f)
{
	struct splunk_state *st = ctx;

	(void)at;
	return reading_reject(st->outer, st->rec, arena_printf(st->outer->arena, "_raw: %s", reason), f);
}

static int inner_blank(void *ctx, const struct place *at, enum blank why, struct fault *f)
{
	struct splunk_state *st = ctx;

	(void)at;
	return reading_blank(st->outer, st->rec, why, f);
}

static const struct judgement *inner_judge(void *ctx, const struct event *e)
{
	const struct splunk_state *st = ctx;

	return st->outer->sink.judge != NULL ? st->outer->sink.judge(st->outer->sink.ctx, e) : NULL;
}

static int inner_telemetry(void *ctx, const struct telemetry *t, const struct place *at, const char *bytes, size_t n,
                           struct fault *f)
{
	struct splunk_state *st = ctx;
	const struct sink *sink = &st->outer->sink;

	(void)at, (void)bytes, (void)n;
	return sink->telemetry != NULL ? sink->telemetry(sink->ctx, t, &st->rec->at, st->rec->bytes, st->rec->n, f) :
	                                 reading_blank(st->outer, st->rec, BLANK_TELEMETRY, f);
}

extern const struct reader reader_splunk;

/* Formats of one record at a time, that need nothing of the file around it. */
static bool can_be_inside(const struct reader *r)
{
	bool gives = strncmp(r->gives, "alerts", 6) == 0 || strcmp(r->gives, "events") == 0;

	return r != &reader_splunk && !r->whole && r->finish == NULL && gives &&
	       ((r->framing == FRAME_JSON && r->clues != NULL) || r->framing == FRAME_XML || strcmp(r->name, "cef") == 0 ||
	        strcmp(r->name, "leef") == 0);
}

static const struct reader *recognise(const struct reading *rg, const char *s, size_t n)
{
	struct probe p = { s, n, true, &rg->options };
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

static struct reading *inner_of(struct reading *rg, const struct reader *reader, size_t *at, struct fault *f)
{
	struct splunk_state *st = rg->state;
	struct sink sink = { st, inner_alert, inner_indicator, inner_reject, inner_blank, inner_judge, NULL, inner_telemetry };

	for (*at = 0; *at < st->inner_count; ++*at)
		if (st->inner[*at]->reader == reader)
			return st->inner[*at];
	if (st->inner_count == INNER_MOST) {
		fault_set(f, FAULT_DATA, "more than %d formats in one export", INNER_MOST);
		return NULL;
	}
	if (reading_new(&st->inner[st->inner_count], reader, &rg->options, &sink, f) < 0)
		return NULL;
	return st->inner[st->inner_count++];
}

/* Splunk names what it took a record for; that is remembered, so that only the first of a kind is looked at. */
static int choose_inner(struct reading **out, struct reading *rg, const struct json_value *raw, struct fault *f)
{
	struct splunk_state *st = rg->state;
	const char *sourcetype = reading_text(rg, SOURCETYPE);
	const struct reader *reader;
	size_t at;

	*out = NULL;
	for (size_t i = 0; sourcetype != NULL && i < st->known_count; i++)
		if (strcmp(st->known[i].name, sourcetype) == 0) {
			*out = st->inner[st->known[i].inner];
			return 0;
		}
	if ((reader = recognise(rg, raw->text, raw->length)) == NULL)
		return 0;
	if ((*out = inner_of(rg, reader, &at, f)) == NULL)
		return -1;
	if (sourcetype != NULL && st->known_count < SOURCETYPES && strlen(sourcetype) < SOURCETYPE_ROOM) {
		strcpy(st->known[st->known_count].name, sourcetype);
		st->known[st->known_count++].inner = at;
	}
	return 0;
}

static const char *tenant_of(const struct reading *rg)
{
	static const size_t rows[] = { TENANT, CUSTOMER, TEAM };

	for (size_t i = 0; i < 3; i++) {
		const char *said = reading_text(rg, rows[i]);

		if (said != NULL && said[0] != '\0' && strcmp(said, "-") != 0)
			return said;
	}
	return rg->options.tenant;
}

static int read_inside(struct reading *rg, struct reading *inner, const struct record *rec, const struct json_value *raw,
                       struct fault *f)
{
	struct record within = { .bytes = raw->text, .n = raw->length, .room = raw->length, .at = rec->at };
	struct splunk_state *st = rg->state;
	int rc;

	st->outer = rg;
	st->rec = rec;
	inner->options.tenant = tenant_of(rg);
	rc = reading_record(inner, &within, f);
	arena_reset(inner->arena);
	return rc;
}

/* ---- results themselves ---- */

/* A signature alone is what Windows calls its events; with a severity it is a judgement. */
static bool is_judged(const struct reading *rg)
{
	return reading_text(rg, RULE) != NULL || reading_text(rg, SEARCH) != NULL || reading_text(rg, SAVED_SEARCH) != NULL ||
	       (reading_text(rg, SIGNATURE) != NULL && (reading_text(rg, SEVERITY) != NULL || reading_text(rg, URGENCY) != NULL));
}

static int take_result(struct reading *rg, const struct record *rec, struct fault *f)
{
	const char *object = reading_text(rg, RISK_OBJECT), *type = reading_text(rg, RISK_OBJECT_TYPE);

	filling_begin(&rg->filling, &rg->alert, rg->arena, rg->options.assumed_offset);
	rg->alert.rule.product = "splunk";
	reading_fill(rg);
	if (type != NULL)
		canon_add(&rg->alert, rg->arena, strcmp(type, "user") == 0 ? ENTITY_USER : ENTITY_HOST,
		          strcmp(type, "user") == 0 ? ROLE_ACTOR : ROLE_VICTIM, object);
	return reading_alert(rg, rec, f);
}

static int splunk_record(struct reading *rg, const struct record *rec, struct fault *f)
{
	const char *preview = reading_text(rg, PREVIEW);
	const struct json_value *raw = json_first(rg->json, RAW);
	struct reading *inner = NULL;

	if (preview != NULL && strcmp(preview, "true") == 0)
		return reading_blank(rg, rec, BLANK_CONTEXT, f);
	if (raw != NULL && raw->type == JSON_STRING_TEXT && raw->length > 0) {
		if (choose_inner(&inner, rg, raw, f) < 0)
			return -1;
		if (inner != NULL)
			return read_inside(rg, inner, rec, raw, f);
	}
	if (is_judged(rg))
		return take_result(rg, rec, f);
	/* "messages" and "lastrow" lines frame the results. */
	if (raw == NULL && reading_text(rg, TIME) == NULL && (json_has(rg->json, LASTROW) || json_has(rg->json, MESSAGES)))
		return reading_blank(rg, rec, BLANK_CONTEXT, f);
	if (raw == NULL && reading_text(rg, TIME) == NULL)
		return reading_reject(rg, rec, "neither _raw nor _time", f);
	return reading_blank(rg, rec, BLANK_TELEMETRY, f);
}

static int splunk_open(struct reading *rg, struct fault *f)
{
	(void)f;
	rg->state = arena_alloc(rg->kept, sizeof(struct splunk_state));
	return 0;
}

static void splunk_close(struct reading *rg)
{
	struct splunk_state *st = rg->state;

	for (size_t i = 0; st != NULL && i < st->inner_count; i++)
		reading_free(st->inner[i]);
}

static const char *const wrappers[] = { "results", NULL };

const struct reader reader_splunk = {
	.name = "splunk", .summary = "Splunk results, also with known records in _raw", .gives = "alerts",
	.extensions = ".json .jsonl", .framing = FRAME_JSON, .wrappers = wrappers, .below = "result", .fields = fields,
	.clues = clues, .open = splunk_open, .record = splunk_record, .close = splunk_close,
};
