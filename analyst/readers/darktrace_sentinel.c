/* What Darktrace sends to Microsoft Sentinel, the table darktrace_model_alerts_CL, as it is
 * sent (JSON) or as the portal exports it (CSV, columns with the suffix of their type). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "analyst/readers/nested.h"

static const struct band darktrace_categories[] = {
	{ "Informational", 0, SEVERITY_INFO }, { "Compliance", 0, SEVERITY_LOW }, { "Suspicious", 0, SEVERITY_MEDIUM },
	{ "Critical", 0, SEVERITY_HIGH }, BANDS_END
};

enum { PRODUCT, START, END, STAMP, RECIPIENTS, LINK_HOSTS, ACTIONS, ANTIGENA, BLOCKED, SUBJECT, FROM, MODEL };

static const struct field fields[] = {
	[PRODUCT] = FIELD("dtProduct", TAKE_NOTHING),
	[START] = FIELD("startTime", TAKE_NOTHING),
	[END] = FIELD("endTime", TAKE_NOTHING),
	[STAMP] = FIELD("timestamp", TAKE_NOTHING),
	[RECIPIENTS] = FIELD("recipients[]", TAKE_NOTHING),
	[LINK_HOSTS] = FIELD("link_hosts[]", TAKE_NOTHING),
	[ACTIONS] = FIELD("actions[]", TAKE_NOTHING),
	[ANTIGENA] = FIELD("antigena", TAKE_NOTHING),
	[BLOCKED] = FIELD("blocked", TAKE_NOTHING),
	[SUBJECT] = FIELD("subject", TAKE_TITLE),
	[FROM] = FIELD_ENTITY("from", ENTITY_EMAIL, ROLE_ACTOR),
	[MODEL] = FIELD("modelName", TAKE_RULE_NAME),

	FIELD("breachTime", TAKE_AT_UTC),
	FIELD("timestamp", TAKE_AT_UTC),
	FIELD("title", TAKE_RULE_NAME),
	FIELD("summary", TAKE_TITLE),
	FIELD("message", TAKE_TITLE),
	FIELD("threatID", TAKE_NATIVE_ID),
	FIELD("externalId", TAKE_NATIVE_ID),
	FIELD("uuid", TAKE_NATIVE_ID),
	FIELD("pid", TAKE_RULE_ID),
	FIELD("category", TAKE_CATEGORY),
	FIELD("groupCategory", TAKE_CATEGORY),
	FIELD_SEVERITY("category", darktrace_categories),
	FIELD_SEVERITY("groupCategory", darktrace_categories),
	FIELD("score", TAKE_SCORE),
	FIELD("anomaly_score", TAKE_SCORE),
	FIELD("mitreTechniques[]", TAKE_TECHNIQUES),
	FIELD("mitreTechniques[].techniqueID", TAKE_TECHNIQUES),
	FIELD_ENTITY("hostname", ENTITY_HOST, ROLE_VICTIM),
	FIELD_ENTITY("deviceIP", ENTITY_IP, ROLE_VICTIM),
	FIELD_ENTITY("mac", ENTITY_MAC, ROLE_VICTIM),
	FIELD_ENTITY("sourceIP", ENTITY_IP, ROLE_VICTIM),
	FIELD_ENTITY("sourceMac", ENTITY_MAC, ROLE_VICTIM),
	FIELD_ENTITY("destIP", ENTITY_IP, ROLE_DESTINATION),
	FIELD_ENTITY("destHost", ENTITY_DOMAIN, ROLE_DESTINATION),
	FIELD_ENTITY("destPort", ENTITY_PORT, ROLE_DESTINATION),
	FIELD_ENTITY("attachment_sha1s", ENTITY_HASH, ROLE_OBSERVED),
	FIELDS_END
};

#define ROWS (sizeof(fields) / sizeof(fields[0]) - 1)

static const struct clue clues[] = {
	{ "dtProduct", 70 }, { "breachUrl", 10 }, { "modelName", 10 }, { "groupCategory", 10 }, { NULL, 0 }
};

struct sentinel_state {
	int cell_of[ROWS];
	size_t columns;              /* of the header; 0 until it was seen */
	int64_t header_line;
	const struct record *rec;
};

/* "title" is the column "title_s", of a time "timestamp_t [UTC]". */
static int find_column(const struct cell *cells, size_t count, const char *path)
{
	char names[160];
	int n = (int)strcspn(path, "[");

	snprintf(names, sizeof(names), "%.*s|%.*s_s|%.*s_d|%.*s_b|%.*s_g|%.*s_t [UTC]|%.*s_t", n, path, n, path, n, path, n, path,
	         n, path, n, path, n, path);
	for (size_t i = 0; i < count; i++)
		if (csv_column_is(names, cells[i].text))
			return (int)i;
	return -1;
}

static const char *text_of(const struct reading *rg, size_t row)
{
	const struct sentinel_state *st = rg->state;
	int i;

	if (rg->json != NULL)
		return reading_text(rg, row);
	i = st->cell_of[row];
	return i >= 0 && (size_t)i < st->rec->cell_count && st->rec->cells[i].n > 0 ? st->rec->cells[i].text : NULL;
}

/* A list is an array, or in a cell the text of one. */
static void add_list(struct reading *rg, size_t row, enum entity_kind kind, enum entity_role role)
{
	const char *s = text_of(rg, row);

	if (rg->json != NULL) {
		for (const struct json_value *v = json_first(rg->json, row); v != NULL; v = json_next(rg->json, v))
			if (v->type == JSON_STRING_TEXT)
				canon_add(&rg->alert, rg->arena, kind, role, v->text);
		return;
	}
	while (s != NULL && *s != '\0') {
		size_t n = strcspn(s, "[]\",\r\n ");

		if (n > 0)
			canon_add(&rg->alert, rg->arena, kind, role, arena_dupn(rg->arena, s, n));
		s += n;
		if (*s != '\0')
			s++;
	}
}

static void take_times(struct reading *rg)
{
	instant t;

	if (american_time(&t, text_of(rg, START)) || american_time(&t, text_of(rg, STAMP)))
		rg->alert.at = t;
	if (american_time(&t, text_of(rg, END)))
		rg->alert.until = t;
	rg->alert.zone = ZONE_BY_SPEC;
}

static void take_rows(struct reading *rg)
{
	if (rg->json != NULL) {
		reading_fill(rg);
		return;
	}
	for (size_t i = 0; i < ROWS; i++)
		filling_take(&rg->filling, &fields[i], text_of(rg, i));
}

static bool is_yes(const char *s)
{
	return s != NULL && strcasecmp(s, "true") == 0;
}

static int one_row(struct reading *rg, const struct record *rec, struct fault *f)
{
	const char *product = text_of(rg, PRODUCT);
	bool mail;

	if (product == NULL)
		return reading_reject(rg, rec, "no dtProduct", f);
	/* How the appliance itself is. */
	if (strcasecmp(product, "System Alert") == 0)
		return reading_blank(rg, rec, BLANK_TELEMETRY, f);
	filling_begin(&rg->filling, &rg->alert, rg->arena, 0);
	rg->alert.rule.product = "darktrace";
	take_rows(rg);
	take_times(rg);
	if (rg->alert.severity == SEVERITY_HIGH && rg->alert.score >= 80)
		rg->alert.severity = SEVERITY_CRITICAL;
	mail = strcasecmp(product, "Antigena Email") == 0;
	if (strcasecmp(product, "AI Analyst") == 0)
		rg->alert.kind = RECORD_FINDING;
	if (mail && rg->alert.rule.name == NULL)
		rg->alert.rule.name = "Antigena Email";
	if (mail || is_yes(text_of(rg, ANTIGENA)) ||
	    (rg->alert.rule.name != NULL && strncasecmp(rg->alert.rule.name, "Antigena", 8) == 0)) {
		rg->alert.kind = RECORD_RESPONSE;
		rg->alert.action = is_yes(text_of(rg, BLOCKED)) || (mail && text_of(rg, ACTIONS) != NULL) ? ACTION_BLOCKED : ACTION_UNKNOWN;
	}
	add_list(rg, RECIPIENTS, ENTITY_EMAIL, ROLE_TARGET);
	add_list(rg, LINK_HOSTS, ENTITY_DOMAIN, ROLE_DESTINATION);
	return reading_alert(rg, rec, f);
}

static int sentinel_record(struct reading *rg, const struct record *rec, struct fault *f)
{
	struct sentinel_state *st = rg->state;

	if (rg->json == NULL && st->columns == 0) {
		for (size_t i = 0; i < ROWS; i++)
			st->cell_of[i] = find_column(rec->cells, rec->cell_count, fields[i].path);
		st->columns = rec->cell_count;
		st->header_line = rec->at.line;
		return 0;
	}
	if (rg->json == NULL && rec->cell_count != st->columns)
		return reading_reject(rg, rec, arena_printf(rg->arena, "%zu cells where the header on line %lld has %zu",
		                                            rec->cell_count, (long long)st->header_line, st->columns), f);
	st->rec = rec;
	return one_row(rg, rec, f);
}

static int sentinel_open(struct reading *rg, struct fault *f)
{
	(void)f;
	rg->state = arena_alloc(rg->kept, sizeof(struct sentinel_state));
	if (rg->options.head != NULL && !probe_is_json(rg->options.head, rg->options.head_size)) {
		rg->framing.kind = FRAME_CSV;
		json_free(rg->json);
		rg->json = NULL;
	}
	return 0;
}

extern const struct reader reader_darktrace_sentinel;

static int sentinel_probe(const struct probe *p)
{
	static const struct clue columns[] = { { "dtProduct_s", 95 }, { NULL, 0 } };

	return probe_is_json(p->bytes, p->n) ? reader_score_json(&reader_darktrace_sentinel, p) : columns_score(columns, p);
}

const struct reader reader_darktrace_sentinel = {
	.name = "darktrace-sentinel", .summary = "Darktrace as it arrives in Microsoft Sentinel, JSON or CSV",
	.gives = "alerts, findings, responses", .extensions = ".json .csv", .framing = FRAME_JSON, .fields = fields,
	.clues = clues, .probe = sentinel_probe, .open = sentinel_open, .record = sentinel_record,
};
