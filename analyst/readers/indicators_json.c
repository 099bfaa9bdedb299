/* Lists of indicators as JSON objects, one an indicator (FORMATS 3.6): Microsoft's feeds,
 * abuse.ch's, and what scripts make of a table. The twin of indicators_csv.c. */
#include <stdlib.h>
#include <string.h>

#include "analyst/readers/reader.h"
#include "analyst/readers/refang.h"

/* The first row of a group that has a value wins; a group ends where the next begins. */
enum { VALUE = 0, KIND = 7, TLP = 12, FIRST = 14, LAST = 18, UNTIL = 20, COMMENT = 22, LIST = 28, CONFIDENCE = 32,
       TECHNIQUES = 34, MD5 = 36, SHA1 = 37, END = 38 };

static const struct field fields[] = {
	[VALUE] = FIELD("Indicator", TAKE_NOTHING), FIELD("indicator", TAKE_NOTHING), FIELD("IoC", TAKE_NOTHING),
	FIELD("ioc", TAKE_NOTHING), FIELD("indicator_value", TAKE_NOTHING), FIELD("observable", TAKE_NOTHING),
	FIELD("value", TAKE_NOTHING),
	[KIND] = FIELD("IndicatorType", TAKE_NOTHING), FIELD("indicator_type", TAKE_NOTHING), FIELD("ioc_type", TAKE_NOTHING),
	FIELD("Type", TAKE_NOTHING), FIELD("type", TAKE_NOTHING),
	[TLP] = FIELD("TLP", TAKE_NOTHING), FIELD("tlp", TAKE_NOTHING),
	[FIRST] = FIELD("FirstSeen", TAKE_NOTHING), FIELD("first_seen", TAKE_NOTHING), FIELD("first_seen_utc", TAKE_NOTHING),
	FIELD("valid_from", TAKE_NOTHING),
	[LAST] = FIELD("LastSeen", TAKE_NOTHING), FIELD("last_seen", TAKE_NOTHING),
	[UNTIL] = FIELD("ValidUntil", TAKE_NOTHING), FIELD("valid_until", TAKE_NOTHING),
	[COMMENT] = FIELD("Comment", TAKE_NOTHING), FIELD("comment", TAKE_NOTHING), FIELD("Description", TAKE_NOTHING),
	FIELD("description", TAKE_NOTHING), FIELD("threat_type_desc", TAKE_NOTHING), FIELD("ThreatType", TAKE_NOTHING),
	[LIST] = FIELD("source", TAKE_NOTHING), FIELD("campaign", TAKE_NOTHING), FIELD("malware_printable", TAKE_NOTHING),
	FIELD("feed", TAKE_NOTHING),
	[CONFIDENCE] = FIELD("confidence", TAKE_NOTHING), FIELD("confidence_level", TAKE_NOTHING),
	[TECHNIQUES] = FIELD("techniques[]", TAKE_NOTHING), FIELD("technique", TAKE_NOTHING),
	[MD5] = FIELD("AdditionalMetadata.FileMd5", TAKE_NOTHING),
	[SHA1] = FIELD("AdditionalMetadata.FileSha1", TAKE_NOTHING),
	[END] = FIELDS_END
};

/* "value" and "type" alone may be anything: then the user says so with --format. */
static const struct clue clues[] = {
	{ "Indicator", 40 }, { "indicator", 40 }, { "IoC", 40 }, { "ioc", 40 }, { "indicator_value", 40 }, { "observable", 15 },
	{ "value", 15 }, { "IndicatorType", 40 }, { "indicator_type", 40 }, { "ioc_type", 40 }, { "Type", 15 }, { "type", 15 },
	{ "TLP", 5 }, { "tlp", 5 }, { NULL, 0 }
};

static const char *const wrappers[] = { "data", "indicators", "iocs", NULL };

static const char *said(const struct reading *rg, size_t from, size_t to)
{
	for (size_t row = from; row < to; row++) {
		const char *s = reading_text(rg, row);

		if (s != NULL && s[0] != '\0')
			return s;
	}
	return NULL;
}

/* Other hashes of the same file are told, not counted: a CSV twin has no room for them. */
static const char *context_of(const struct reading *rg)
{
	const char *comment = said(rg, COMMENT, LIST), *md5 = reading_text(rg, MD5), *sha1 = reading_text(rg, SHA1);

	if (md5 == NULL && sha1 == NULL)
		return comment;
	return arena_printf(rg->arena, "%s%s%s%s%s%s", comment != NULL ? comment : "", comment != NULL ? "; " : "",
	                    md5 != NULL ? "MD5 " : "", md5 != NULL ? md5 : "", sha1 != NULL ? " SHA-1 " : "", sha1 != NULL ? sha1 : "");
}

static int list_record(struct reading *rg, const struct record *rec, struct fault *f)
{
	const char *value = said(rg, VALUE, KIND), *list = said(rg, LIST, CONFIDENCE), *confidence = said(rg, CONFIDENCE, TECHNIQUES);
	struct ids techniques = { .count = 0 };
	struct found found;
	struct indicator ind;
	char *end;
	double v;

	if (value == NULL)
		return reading_reject(rg, rec, "no value of an indicator", f);
	refang_value(&found, value, strlen(value), indicator_kind_named(said(rg, KIND, TLP)), rg->arena);
	indicator_of(&ind, &found, list != NULL ? list : rg->options.list);
	ind.context = context_of(rg);
	ind.tlp = tlp_named(said(rg, TLP, FIRST));
	ind.first_seen = indicator_time(rg, said(rg, FIRST, LAST));
	ind.last_seen = indicator_time(rg, said(rg, LAST, UNTIL));
	ind.valid_until = indicator_time(rg, said(rg, UNTIL, COMMENT));
	for (size_t row = TECHNIQUES; row < MD5; row++)
		for (const struct json_value *t = json_first(rg->json, row); t != NULL; t = json_next(rg->json, t))
			if (t->type == JSON_STRING_TEXT)
				ids_add_techniques(&techniques, t->text);
	ind.techniques = ids_text(&techniques, rg->arena);
	if (confidence != NULL && (v = strtod(confidence, &end)) >= 0 && v <= 100 && end != confidence && *end == '\0')
		ind.confidence = (int)v;
	return rg->sink.indicator(rg->sink.ctx, &ind, &rec->at, f);
}

const struct reader reader_indicators_json = {
	.name = "indicators-json", .summary = "indicators as JSON objects, one each", .gives = "indicators",
	.extensions = ".json .jsonl", .framing = FRAME_JSON, .wrappers = wrappers, .fields = fields, .clues = clues,
	.record = list_record,
};
