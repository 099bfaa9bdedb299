/* Pulses of AlienVault OTX: what a subscription or a search returns, or one pulse (OTX DirectConnect API). A pulse says whose
 * work its indicators are and of which malware; an indicator may be taken back or end by itself. */
#include <stdlib.h>
#include <string.h>

#include "analyst/readers/header.h"
#include "analyst/readers/listed.h"
#include "analyst/readers/nested.h"

enum { ID, NAME, AUTHOR, TLP, TLP_TOO, ADVERSARY, FAMILY, FAMILY_NAME, ATTACK, ATTACK_ID, MODIFIED, INDICATOR };

static const struct field fields[] = {
	[ID] = FIELD("id", TAKE_NOTHING), [NAME] = FIELD("name", TAKE_NOTHING), [AUTHOR] = FIELD("author_name", TAKE_NOTHING),
	[TLP] = FIELD("tlp", TAKE_NOTHING), [TLP_TOO] = FIELD("TLP", TAKE_NOTHING), [ADVERSARY] = FIELD("adversary", TAKE_NOTHING),
	[FAMILY] = FIELD("malware_families[]", TAKE_NOTHING), [FAMILY_NAME] = FIELD("malware_families[].display_name", TAKE_NOTHING),
	[ATTACK] = FIELD("attack_ids[]", TAKE_NOTHING), [ATTACK_ID] = FIELD("attack_ids[].id", TAKE_NOTHING),
	[MODIFIED] = FIELD("modified", TAKE_NOTHING), [INDICATOR] = FIELD("indicators[]", TAKE_NOTHING),
	FIELDS_END
};

enum { VALUE, TYPE, TITLE, DESCRIPTION, CREATED, EXPIRATION, ACTIVE };

static const struct field indicator_fields[] = {
	[VALUE] = FIELD("indicator", TAKE_NOTHING), [TYPE] = FIELD("type", TAKE_NOTHING), [TITLE] = FIELD("title", TAKE_NOTHING),
	[DESCRIPTION] = FIELD("description", TAKE_NOTHING), [CREATED] = FIELD("created", TAKE_NOTHING),
	[EXPIRATION] = FIELD("expiration", TAKE_NOTHING), [ACTIVE] = FIELD("is_active", TAKE_NOTHING),
	FIELDS_END
};

static void say_each(struct reading *rg, struct listed *row, size_t field)
{
	for (const struct json_value *v = json_first(rg->json, field); v != NULL; v = json_next(rg->json, v))
		if (v->type == JSON_STRING_TEXT)
			listed_say(row, v->text);
}

static const char *techniques_of(struct reading *rg)
{
	struct ids ids = { .count = 0 };

	for (size_t row = ATTACK; row <= ATTACK_ID; row++)
		for (const struct json_value *v = json_first(rg->json, row); v != NULL; v = json_next(rg->json, v))
			if (v->type == JSON_STRING_TEXT)
				ids_add_techniques(&ids, v->text);
	return ids_text(&ids, rg->arena);
}

static bool is_inactive(const char *s)
{
	return s != NULL && (strcmp(s, "0") == 0 || strcmp(s, "false") == 0);
}

static int give(struct reading *rg, const struct listed *pulse, const struct record *at, struct fault *f)
{
	const struct nested *in = rg->inner[0];
	struct listed row = *pulse;

	row.value = nested_text(in, VALUE);
	row.kind = nested_text(in, TYPE);
	if (!listed_says(row.value))
		return reading_reject(rg, at, "no value of an indicator", f);
	listed_say(&row, nested_text(in, TITLE));
	listed_say(&row, nested_text(in, DESCRIPTION));
	row.until = nested_text(in, EXPIRATION);
	row.first = nested_text(in, CREATED);
	row.withdrawn = is_inactive(nested_text(in, ACTIVE));
	row.statement = pulse->statement != NULL ? arena_printf(rg->arena, "%s/%s/%s", pulse->statement, row.kind != NULL ? row.kind : "",
	                                                        row.value) : NULL;
	return listed_give(rg, &row, at, f);
}

static int otx_record(struct reading *rg, const struct record *rec, struct fault *f)
{
	const char *tlp = reading_text(rg, TLP) != NULL ? reading_text(rg, TLP) : reading_text(rg, TLP_TOO);
	struct part part = { 0, 0 };
	struct listed pulse;
	size_t given = 0;

	listed_begin(&pulse);
	pulse.list = reading_text(rg, NAME);
	pulse.tlp = tlp;
	pulse.producer = reading_text(rg, AUTHOR);
	pulse.statement = reading_text(rg, ID);
	pulse.stated = indicator_time(rg, reading_text(rg, MODIFIED));
	pulse.techniques = techniques_of(rg);
	listed_say(&pulse, reading_text(rg, ADVERSARY));
	say_each(rg, &pulse, FAMILY);
	say_each(rg, &pulse, FAMILY_NAME);
	for (const struct json_value *v = json_first(rg->json, INDICATOR); v != NULL; v = json_next(rg->json, v)) {
		struct record at;

		if (v->type != JSON_OBJECT)
			continue;
		given++;
		at = record_part(rg, rec, v, &part);
		if (!nested_read(rg->inner[0], at.bytes, at.n) ? reading_reject(rg, &at, "an indicator that is not a JSON object", f) < 0
		                                               : give(rg, &pulse, &at, f) < 0)
			return -1;
	}
	return given > 0 ? 0 : reading_blank(rg, rec, BLANK_CONTEXT, f);
}

static bool has(const struct probe *p, const char *key)
{
	return memmem(p->bytes, p->n, key, strlen(key)) != NULL;
}

/* By the keys that only pulses have together. */
static int otx_probe(const struct probe *p)
{
	int score = 0;

	if (!probe_is_json(p->bytes, p->n) || !has(p, "\"indicators\"") || !has(p, "\"indicator\""))
		return 0;
	score += has(p, "\"adversary\"") ? 30 : 0;
	score += has(p, "\"author_name\"") || has(p, "\"author\"") ? 20 : 0;
	score += has(p, "\"attack_ids\"") || has(p, "\"targeted_countries\"") || has(p, "\"malware_families\"") ? 30 : 0;
	score += has(p, "\"is_active\"") || has(p, "\"FileHash-") || has(p, "\"pulse_key\"") ? 15 : 0;
	return score;
}

static const struct field *const inner[] = { indicator_fields, NULL };
static const char *const wrappers[] = { "results", NULL };

const struct reader reader_otx = {
	.name = "otx", .summary = "pulses of AlienVault OTX, JSON", .gives = "indicators", .extensions = ".json",
	.framing = FRAME_JSON, .wrappers = wrappers, .fields = fields, .inner = inner, .probe = otx_probe, .record = otx_record,
};
