/* IDEA, the JSON of CESNET's Warden: IDMEF's facts in flat lists. */
#include <stdlib.h>
#include <string.h>

#include "analyst/readers/nested.h"

extern const struct reader reader_idea;

enum { HASH, CONFIDENCE, SOURCE4, SOURCE6, TARGET4, TARGET6 };

static const struct field fields[] = {
	[HASH] = FIELD("Attach[].Hash[]", TAKE_NOTHING),
	[CONFIDENCE] = FIELD("Confidence", TAKE_NOTHING),
	[SOURCE4] = FIELD("Source[].IP4[]", TAKE_NOTHING),
	[SOURCE6] = FIELD("Source[].IP6[]", TAKE_NOTHING),
	[TARGET4] = FIELD("Target[].IP4[]", TAKE_NOTHING),
	[TARGET6] = FIELD("Target[].IP6[]", TAKE_NOTHING),
	FIELD("EventTime", TAKE_AT),
	FIELD("WinStartTime", TAKE_AT),
	FIELD("DetectTime", TAKE_AT),
	FIELD("CreateTime", TAKE_AT),
	FIELD("CeaseTime", TAKE_UNTIL),
	FIELD("WinEndTime", TAKE_UNTIL),
	FIELD("DetectTime", TAKE_REPORTED),
	FIELD("ID", TAKE_NATIVE_ID),
	FIELD("Node[].SW[]", TAKE_PRODUCT),
	FIELD("Category[]", TAKE_RULE_NAME),
	FIELD("Description", TAKE_TITLE),
	FIELD("Description", TAKE_TECHNIQUES),
	FIELD("ConnCount", TAKE_COUNT),
	FIELD("ByteCount", TAKE_BYTES_OUT),
	FIELD_ENTITY("Source[].Hostname[]", ENTITY_DOMAIN, ROLE_SOURCE),
	FIELD_ENTITY("Source[].Port[]", ENTITY_PORT, ROLE_SOURCE),
	FIELD_ENTITY("Source[].MAC[]", ENTITY_MAC, ROLE_SOURCE),
	FIELD_ENTITY("Source[].Email[]", ENTITY_EMAIL, ROLE_SOURCE),
	FIELD_ENTITY("Source[].URL[]", ENTITY_URL, ROLE_SOURCE),
	FIELD_ENTITY("Target[].Hostname[]", ENTITY_DOMAIN, ROLE_DESTINATION),
	FIELD_ENTITY("Target[].Port[]", ENTITY_PORT, ROLE_DESTINATION),
	FIELD_ENTITY("Target[].MAC[]", ENTITY_MAC, ROLE_DESTINATION),
	FIELD_ENTITY("Target[].Email[]", ENTITY_EMAIL, ROLE_DESTINATION),
	FIELD_ENTITY("Target[].URL[]", ENTITY_URL, ROLE_DESTINATION),
	FIELD_ENTITY("Attach[].FileName[]", ENTITY_FILE, ROLE_OBSERVED),
	FIELDS_END
};

/* Every message says which release it is: "IDEA0". */
static const struct clue clues[] = {
	{ "Format", 20 }, { "ID", 10 }, { "DetectTime", 30 }, { "Category", 20 }, { "Source", 10 }, { "Target", 10 }, { NULL, 0 }
};

static int idea_probe(const struct probe *p)
{
	return memmem(p->bytes, p->n, "\"IDEA", 5) != NULL ? reader_score_json(&reader_idea, p) : 0;
}

/* Networks ("93.184.216.0/24") and ranges are written where addresses are, and are no machine. */
static void add_addresses(struct reading *rg, size_t row, enum entity_role role)
{
	for (const struct json_value *v = json_first(rg->json, row); v != NULL; v = json_next(rg->json, v))
		if (v->type == JSON_STRING_TEXT && strpbrk(v->text, "/-") == NULL)
			canon_add(&rg->alert, rg->arena, ENTITY_IP, role, v->text);
}

static int idea_record(struct reading *rg, const struct record *rec, struct fault *f)
{
	const char *confidence = reading_text(rg, CONFIDENCE);
	char *end;
	double v;

	filling_begin(&rg->filling, &rg->alert, rg->arena, rg->options.assumed_offset);
	rg->alert.rule.product = "idea";
	add_addresses(rg, SOURCE4, ROLE_SOURCE);
	add_addresses(rg, SOURCE6, ROLE_SOURCE);
	add_addresses(rg, TARGET4, ROLE_DESTINATION);
	add_addresses(rg, TARGET6, ROLE_DESTINATION);
	reading_fill(rg);
	if (confidence != NULL && (v = strtod(confidence, &end)) >= 0 && v <= 1 && end != confidence)
		rg->alert.confidence = (int)(v * 100 + 0.5);
	/* "sha1:7944...". */
	for (const struct json_value *h = json_first(rg->json, HASH); h != NULL; h = json_next(rg->json, h)) {
		const char *colon = h->type == JSON_STRING_TEXT ? strchr(h->text, ':') : NULL;

		if (colon != NULL)
			canon_add(&rg->alert, rg->arena, ENTITY_HASH, ROLE_OBSERVED, colon + 1);
	}
	return reading_alert(rg, rec, f);
}

const struct reader reader_idea = {
	.name = "idea", .summary = "IDEA of Warden and its clients, JSON", .gives = "alerts", .extensions = ".json .idea",
	.framing = FRAME_JSON, .fields = fields, .clues = clues, .probe = idea_probe, .record = idea_record,
};
