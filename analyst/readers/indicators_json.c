/* Lists of indicators as JSON objects, one an indicator (FORMATS 3.6): Microsoft's feeds,
 * abuse.ch's, and what scripts make of a table. The twin of indicators_csv.c. */
#include <stdlib.h>
#include <string.h>

#include "analyst/readers/listed.h"
#include "analyst/readers/nested.h"
#include "analyst/readers/refang.h"

/* The first row of a group that has a value wins; a group ends where the next begins. Of what is told each is. */
enum { VALUE = 0, KIND = 8, TLP = 13, FIRST = 15, LAST = 20, UNTIL = 23, TOLD = 26, LIST = 39, CONFIDENCE = 42,
       TECHNIQUES = 44, MD5 = 46, SHA1 = 47, KNOWN = 48, END = 59 };

static const struct field fields[] = {
	[VALUE] = FIELD("Indicator", TAKE_NOTHING), FIELD("indicator", TAKE_NOTHING), FIELD("IoC", TAKE_NOTHING),
	FIELD("ioc", TAKE_NOTHING), FIELD("ioc_value", TAKE_NOTHING), FIELD("indicator_value", TAKE_NOTHING),
	FIELD("observable", TAKE_NOTHING), FIELD("value", TAKE_NOTHING),
	[KIND] = FIELD("IndicatorType", TAKE_NOTHING), FIELD("indicator_type", TAKE_NOTHING), FIELD("ioc_type", TAKE_NOTHING),
	FIELD("Type", TAKE_NOTHING), FIELD("type", TAKE_NOTHING),
	[TLP] = FIELD("TLP", TAKE_NOTHING), FIELD("tlp", TAKE_NOTHING),
	[FIRST] = FIELD("FirstSeen", TAKE_NOTHING), FIELD("first_seen", TAKE_NOTHING), FIELD("first_seen_utc", TAKE_NOTHING),
	FIELD("dateadded", TAKE_NOTHING), FIELD("valid_from", TAKE_NOTHING),
	[LAST] = FIELD("LastSeen", TAKE_NOTHING), FIELD("last_seen", TAKE_NOTHING), FIELD("last_seen_utc", TAKE_NOTHING),
	[UNTIL] = FIELD("ValidUntil", TAKE_NOTHING), FIELD("valid_until", TAKE_NOTHING), FIELD("expiration", TAKE_NOTHING),
	[TOLD] = FIELD("malware_printable", TAKE_NOTHING), FIELD("malware", TAKE_NOTHING), FIELD("malware_family", TAKE_NOTHING),
	FIELD("signature", TAKE_NOTHING), FIELD("threat_actor", TAKE_NOTHING), FIELD("actor", TAKE_NOTHING),
	FIELD("Comment", TAKE_NOTHING), FIELD("comment", TAKE_NOTHING), FIELD("Description", TAKE_NOTHING),
	FIELD("description", TAKE_NOTHING), FIELD("threat_type_desc", TAKE_NOTHING), FIELD("ThreatType", TAKE_NOTHING),
	FIELD("threat", TAKE_NOTHING),
	[LIST] = FIELD("source", TAKE_NOTHING), FIELD("campaign", TAKE_NOTHING), FIELD("feed", TAKE_NOTHING),
	[CONFIDENCE] = FIELD("confidence", TAKE_NOTHING), FIELD("confidence_level", TAKE_NOTHING),
	[TECHNIQUES] = FIELD("techniques[]", TAKE_NOTHING), FIELD("technique", TAKE_NOTHING),
	[MD5] = FIELD("AdditionalMetadata.FileMd5", TAKE_NOTHING),
	[SHA1] = FIELD("AdditionalMetadata.FileSha1", TAKE_NOTHING),
	[KNOWN] = FIELD("url", TAKE_NOTHING), FIELD("ip_address", TAKE_NOTHING), FIELD("dst_ip", TAKE_NOTHING), FIELD("ip", TAKE_NOTHING),
	FIELD("domain", TAKE_NOTHING), FIELD("sha256_hash", TAKE_NOTHING), FIELD("sha1_hash", TAKE_NOTHING), FIELD("md5_hash", TAKE_NOTHING),
	FIELD("sha256", TAKE_NOTHING), FIELD("sha1", TAKE_NOTHING), FIELD("md5", TAKE_NOTHING),
	[END] = FIELDS_END
};

/* Of KNOWN, in its order. */
static const enum indicator_kind known[END - KNOWN] = {
	INDICATOR_URL, INDICATOR_IP, INDICATOR_IP, INDICATOR_IP, INDICATOR_DOMAIN, INDICATOR_SHA256, INDICATOR_SHA1, INDICATOR_MD5,
	INDICATOR_SHA256, INDICATOR_SHA1, INDICATOR_MD5
};

/* "value" and "type" alone may be anything: then the user says so with --format. The last rows: what abuse.ch calls the
 * state of a link, of a server, of a sample. */
static const struct clue clues[] = {
	{ "Indicator", 40 }, { "indicator", 45 }, { "IoC", 40 }, { "ioc", 40 }, { "ioc_value", 40 }, { "indicator_value", 40 },
	{ "observable", 15 }, { "value", 15 }, { "IndicatorType", 40 }, { "indicator_type", 40 }, { "ioc_type", 40 }, { "Type", 15 },
	{ "type", 15 }, { "TLP", 5 }, { "tlp", 5 },
	{ "url_status", 50 }, { "urlhaus_reference", 50 }, { "threat", 20 }, { "last_online", 40 }, { "malware", 25 }, { "ip_address", 10 },
	{ "sha256_hash", 30 }, { "sha1_hash", 20 }, { "reporter", 20 }, { NULL, 0 }
};

extern const struct reader reader_indicators_json;

static const char *const wrappers[] = { "data", "indicators", "iocs", "urls", NULL };

/* Of the record itself, or of an object inside it. */
static const char *text_in(const struct reading *rg, const struct nested *in, size_t row)
{
	return in != NULL ? nested_text(in, row) : reading_text(rg, row);
}

static const char *said(const struct reading *rg, const struct nested *in, size_t from, size_t to)
{
	for (size_t row = from; row < to; row++)
		if (listed_says(text_in(rg, in, row)))
			return text_in(rg, in, row);
	return NULL;
}

/* Other hashes of the same file are told, not counted: a CSV twin has no room for them. */
static const char *other_hashes(const struct reading *rg, const struct nested *in)
{
	const char *md5 = text_in(rg, in, MD5), *sha1 = text_in(rg, in, SHA1);

	if (md5 == NULL && sha1 == NULL)
		return NULL;
	return arena_printf(rg->arena, "%s%s%s%s", md5 != NULL ? "MD5 " : "", md5 != NULL ? md5 : "", sha1 != NULL ? " SHA-1 " : "",
	                    sha1 != NULL ? sha1 : "");
}

static const char *techniques_of(const struct reading *rg, const struct nested *in)
{
	struct ids ids = { .count = 0 };

	for (size_t row = TECHNIQUES; row < MD5; row++)
		for (const struct json_value *t = in != NULL ? nested_first(in, row) : json_first(rg->json, row); t != NULL;
		     t = in != NULL ? nested_next(in, t) : json_next(rg->json, t))
			if (t->type == JSON_STRING_TEXT)
				ids_add_techniques(&ids, t->text);
	return ids_text(&ids, rg->arena);
}

/* 1 where something was given, 0 where the object has no value. */
static int give(struct reading *rg, const struct nested *in, const struct record *rec, struct fault *f)
{
	struct listed row;
	int given = 0;

	listed_begin(&row);
	row.value = said(rg, in, VALUE, KIND);
	row.kind = said(rg, in, KIND, TLP);
	row.tlp = said(rg, in, TLP, FIRST);
	row.first = said(rg, in, FIRST, LAST);
	row.last = said(rg, in, LAST, UNTIL);
	row.until = said(rg, in, UNTIL, TOLD);
	for (size_t i = TOLD; i < LIST; i++)
		listed_say(&row, text_in(rg, in, i));
	listed_say(&row, other_hashes(rg, in));
	row.list = said(rg, in, LIST, CONFIDENCE);
	row.confidence = said(rg, in, CONFIDENCE, TECHNIQUES);
	row.techniques = techniques_of(rg, in);
	if (row.value != NULL)
		return listed_give(rg, &row, rec, f) < 0 ? -1 : 1;
	row.kind = NULL;
	for (size_t i = KNOWN; i < END; i++) {
		row.value = text_in(rg, in, i);
		row.known = known[i - KNOWN];
		/* A link, which is KNOWN's first, says more than the host in it. */
		row.why = listed_says(text_in(rg, in, KNOWN)) && (row.known == INDICATOR_IP || row.known == INDICATOR_DOMAIN) ?
		          "the host of the link beside it" : NULL;
		if (!listed_says(row.value))
			continue;
		if (listed_give(rg, &row, rec, f) < 0)
			return -1;
		given = 1;
	}
	return given;
}

/* {"1891291": [{"ioc_value": ...}], "1891290": ...}: by numbers of the list's own. */
static bool is_numbered(const char *s, size_t n)
{
	size_t i = 0, digits = 0;

	while (i < n && strchr("{ \t\r\n", s[i]) != NULL && s[i] != '\0')
		i++;
	if (i == 0 || i == n || s[i] != '"')
		return false;
	for (i++; i < n && s[i] >= '0' && s[i] <= '9'; i++)
		digits++;
	for (i++; i < n && strchr(" \t\r\n:", s[i]) != NULL && s[i] != '\0'; i++)
		continue;
	return digits > 0 && i < n && s[i] == '[';
}

static int give_numbered(struct reading *rg, const struct record *rec, struct fault *f)
{
	const char *list, *each;
	size_t at = 0, length, inside, size;
	int any = 0, given;

	while ((list = nested_member(rec->bytes, rec->n, &at, &length)) != NULL)
		for (inside = 0; list[0] == '[' && (each = nested_element(list, length, &inside, &size)) != NULL;) {
			if (!nested_read(rg->inner[0], each, size))
				continue;
			if ((given = give(rg, rg->inner[0], rec, f)) < 0)
				return -1;
			any |= given;
		}
	return any;
}

static int list_record(struct reading *rg, const struct record *rec, struct fault *f)
{
	int given = is_numbered(rec->bytes, rec->n) ? give_numbered(rg, rec, f) : give(rg, NULL, rec, f);

	if (given < 0)
		return -1;
	return given > 0 ? 0 : reading_reject(rg, rec, "no value of an indicator", f);
}

static int list_probe(const struct probe *p)
{
	static const char *const keys[] = { "\"ioc_value\"", "\"url_status\"", "\"indicator\"", NULL };
	int score = reader_score_json(&reader_indicators_json, p);

	for (const char *const *k = keys; *k != NULL && is_numbered(p->bytes, p->n); k++)
		if (score < 85 && memmem(p->bytes, p->n, *k, strlen(*k)) != NULL)
			score = 85;
	return score;
}

static const struct field *const inner[] = { fields, NULL };

const struct reader reader_indicators_json = {
	.name = "indicators-json", .summary = "indicators as JSON objects, one each", .gives = "indicators",
	.extensions = ".json .jsonl", .framing = FRAME_JSON, .wrappers = wrappers, .fields = fields, .clues = clues,
	.inner = inner, .probe = list_probe, .record = list_record,
};
