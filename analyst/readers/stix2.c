/* STIX 2.0 and 2.1 (FORMATS 3.1): bundles, what a TAXII server answers, or bare objects one after the other. Objects refer
 * to others that may come later, so what matters of each is kept (stix_objects.h) and everything is handed on at the end,
 * in the order of the file. */
#include <stdlib.h>
#include <string.h>

#include "analyst/readers/header.h"
#include "analyst/readers/nested.h"
#include "analyst/readers/reader.h"
#include "analyst/readers/refang.h"
#include "analyst/readers/stix_objects.h"

enum {
	TYPE, ID, CREATOR, PATTERN, PATTERN_TYPE, VALID_FROM, VALID_UNTIL, CONFIDENCE, NAME, DESCRIPTION, CONTENT, REVOKED, MODIFIED,
	LABEL, INDICATOR_TYPE, MARKING_REF, PART_MARKING, EXTERNAL_SOURCE, EXTERNAL_ID, SOURCE_REF, TARGET_REF, RELATION,
	OBJECT_REF, SIGHTED, OBSERVED_REF, FIRST_SEEN, LAST_SEEN, FIRST_OBSERVED, LAST_OBSERVED, OBJECTS, TLP_NAME, VALUE,
	HASH_MD5, HASH_SHA1, HASH_SHA256, HASH_SHA512, HASH_SSDEEP, HASH_TLSH, KEY, PATH, SERIAL, LOGIN, NUMBER, COMMAND
};

static const struct field fields[] = {
	[TYPE] = FIELD("type", TAKE_NOTHING),
	[ID] = FIELD("id", TAKE_NOTHING),
	[CREATOR] = FIELD("created_by_ref", TAKE_NOTHING),
	[PATTERN] = FIELD("pattern", TAKE_NOTHING),
	[PATTERN_TYPE] = FIELD("pattern_type", TAKE_NOTHING),
	[VALID_FROM] = FIELD("valid_from", TAKE_NOTHING),
	[VALID_UNTIL] = FIELD("valid_until", TAKE_NOTHING),
	[CONFIDENCE] = FIELD("confidence", TAKE_NOTHING),
	[NAME] = FIELD("name", TAKE_NOTHING),
	[DESCRIPTION] = FIELD("description", TAKE_NOTHING),
	[CONTENT] = FIELD("content", TAKE_NOTHING),
	[REVOKED] = FIELD("revoked", TAKE_NOTHING),
	[MODIFIED] = FIELD("modified", TAKE_NOTHING),
	[LABEL] = FIELD("labels[]", TAKE_NOTHING),
	[INDICATOR_TYPE] = FIELD("indicator_types[]", TAKE_NOTHING),
	[MARKING_REF] = FIELD("object_marking_refs[]", TAKE_NOTHING),
	[PART_MARKING] = FIELD("granular_markings[].marking_ref", TAKE_NOTHING),
	[EXTERNAL_SOURCE] = FIELD("external_references[].source_name", TAKE_NOTHING),
	[EXTERNAL_ID] = FIELD("external_references[].external_id", TAKE_NOTHING),
	[SOURCE_REF] = FIELD("source_ref", TAKE_NOTHING),
	[TARGET_REF] = FIELD("target_ref", TAKE_NOTHING),
	[RELATION] = FIELD("relationship_type", TAKE_NOTHING),
	[OBJECT_REF] = FIELD("object_refs[]", TAKE_NOTHING),
	[SIGHTED] = FIELD("sighting_of_ref", TAKE_NOTHING),
	[OBSERVED_REF] = FIELD("observed_data_refs[]", TAKE_NOTHING),
	[FIRST_SEEN] = FIELD("first_seen", TAKE_NOTHING),
	[LAST_SEEN] = FIELD("last_seen", TAKE_NOTHING),
	[FIRST_OBSERVED] = FIELD("first_observed", TAKE_NOTHING),
	[LAST_OBSERVED] = FIELD("last_observed", TAKE_NOTHING),
	[OBJECTS] = FIELD("objects", TAKE_NOTHING),
	[TLP_NAME] = FIELD("definition.tlp", TAKE_NOTHING),
	[VALUE] = FIELD("value", TAKE_NOTHING),
	[HASH_MD5] = FIELD("hashes.MD5", TAKE_NOTHING),
	[HASH_SHA1] = FIELD("hashes.SHA-1", TAKE_NOTHING),
	[HASH_SHA256] = FIELD("hashes.SHA-256", TAKE_NOTHING),
	[HASH_SHA512] = FIELD("hashes.SHA-512", TAKE_NOTHING),
	[HASH_SSDEEP] = FIELD("hashes.SSDEEP", TAKE_NOTHING),
	[HASH_TLSH] = FIELD("hashes.TLSH", TAKE_NOTHING),
	[KEY] = FIELD("key", TAKE_NOTHING),
	[PATH] = FIELD("path", TAKE_NOTHING),
	[SERIAL] = FIELD("serial_number", TAKE_NOTHING),
	[LOGIN] = FIELD("account_login", TAKE_NOTHING),
	[NUMBER] = FIELD("number", TAKE_NOTHING),
	[COMMAND] = FIELD("command_line", TAKE_NOTHING),
	FIELDS_END
};

/* Observables: they explain unless an indicator or a sighting names them. */
static const struct { const char *type; size_t row; enum indicator_kind kind; } observables[] = {
	{ "ipv4-addr", VALUE, INDICATOR_IP }, { "ipv6-addr", VALUE, INDICATOR_IP },
	{ "domain-name", VALUE, INDICATOR_DOMAIN }, { "url", VALUE, INDICATOR_URL },
	{ "email-addr", VALUE, INDICATOR_EMAIL }, { "file", HASH_MD5, INDICATOR_MD5 },
	{ "file", HASH_SHA1, INDICATOR_SHA1 }, { "file", HASH_SHA256, INDICATOR_SHA256 },
	{ "file", HASH_SHA512, INDICATOR_SHA512 }, { "file", HASH_SSDEEP, INDICATOR_TEXT },
	{ "file", HASH_TLSH, INDICATOR_TEXT }, { "file", NAME, INDICATOR_FILENAME },
	{ "mutex", NAME, INDICATOR_MUTEX }, { "windows-registry-key", KEY, INDICATOR_REGISTRY },
	{ "directory", PATH, INDICATOR_PATH }, { "process", COMMAND, INDICATOR_COMMAND },
	{ "x509-certificate", HASH_MD5, INDICATOR_CERTIFICATE }, { "x509-certificate", HASH_SHA1, INDICATOR_CERTIFICATE },
	{ "x509-certificate", HASH_SHA256, INDICATOR_CERTIFICATE }, { "x509-certificate", SERIAL, INDICATOR_TEXT },
	{ "user-account", LOGIN, INDICATOR_TEXT }, { "autonomous-system", NUMBER, INDICATOR_TEXT },
	{ NULL, 0, INDICATOR_TEXT }
};

struct stix_state {
	struct stix_objects *objects;
	struct pattern pattern;
};

static const char *keep(struct reading *rg, size_t row)
{
	return arena_dup(rg->kept, reading_text(rg, row));
}

static instant time_at(struct reading *rg, size_t row)
{
	const char *s = reading_text(rg, row);
	instant t;

	return s != NULL && instant_parse(&t, NULL, s, strlen(s), 0) ? t : INSTANT_NONE;
}

/* ---- what is kept of an object ---- */

static size_t count_texts(const struct reading *rg, size_t row)
{
	size_t n = 0;

	for (const struct json_value *v = json_first(rg->json, row); v != NULL; v = json_next(rg->json, v))
		n += v->type == JSON_STRING_TEXT;
	return n;
}

static void keep_markings(struct reading *rg, struct stix_object *o)
{
	o->markings = ARENA_ARRAY(rg->kept, const char *, count_texts(rg, MARKING_REF) + count_texts(rg, PART_MARKING) + 1);
	for (size_t row = MARKING_REF; row <= PART_MARKING; row++)
		for (const struct json_value *v = json_first(rg->json, row); v != NULL; v = json_next(rg->json, v))
			if (v->type == JSON_STRING_TEXT)
				o->markings[o->marking_count++] = arena_dup(rg->kept, v->text);
}

/* Its ATT&CK ids: MITRE's bundles name other catalogues beside it. */
static void keep_techniques(struct reading *rg, struct stix_object *o)
{
	struct ids ids = { .count = 0 };

	for (const struct json_value *v = json_first(rg->json, EXTERNAL_SOURCE); v != NULL; v = json_next(rg->json, v)) {
		if (v->type != JSON_STRING_TEXT || strncmp(v->text, "mitre", 5) != 0)
			continue;
		for (const struct json_value *e = json_first(rg->json, EXTERNAL_ID); e != NULL; e = json_next(rg->json, e))
			if (e->item == v->item && e->type == JSON_STRING_TEXT)
				ids_add_techniques(&ids, e->text);
	}
	o->techniques = ids_text(&ids, rg->kept);
}

static bool says(const struct reading *rg, size_t row, const char *word)
{
	for (const struct json_value *v = json_first(rg->json, row); v != NULL; v = json_next(rg->json, v))
		if (v->type == JSON_STRING_TEXT && strcmp(v->text, word) == 0)
			return true;
	return false;
}

static void keep_indicator(struct reading *rg, struct stix_object *o)
{
	const char *confidence = reading_text(rg, CONFIDENCE);

	o->pattern = keep(rg, PATTERN);
	o->pattern_type = keep(rg, PATTERN_TYPE);
	o->from = time_at(rg, VALID_FROM);
	o->until = time_at(rg, VALID_UNTIL);
	o->benign = says(rg, INDICATOR_TYPE, "benign") || says(rg, LABEL, "benign");
	if (confidence != NULL && strlen(confidence) <= 3 && atoi(confidence) <= 100)
		o->confidence = atoi(confidence);
	if (o->pattern == NULL)
		o->reason = "an indicator without a pattern";
}

/* Of the record itself, or of an object inside it. */
static const char *text_in(const struct reading *rg, const struct nested *in, size_t row)
{
	return in != NULL ? nested_text(in, row) : reading_text(rg, row);
}

/* `most` is as many as there is room for. */
static void keep_values(struct reading *rg, struct stix_object *o, const struct nested *in, size_t most)
{
	const char *type = text_in(rg, in, TYPE);
	size_t first = o->value_count;

	for (size_t i = 0; observables[i].type != NULL && type != NULL; i++) {
		const char *value = strcmp(observables[i].type, type) == 0 ? text_in(rg, in, observables[i].row) : NULL;

		if (value == NULL || o->value_count == most)
			continue;
		o->values[o->value_count] = (struct stix_value){
			{ observables[i].kind, arena_dup(rg->kept, value) }, observables[i].row == NAME && o->value_count > first
		};
		o->value_count++;
	}
}

static void keep_observable(struct reading *rg, struct stix_object *o)
{
	struct stix_value room[sizeof(observables) / sizeof(observables[0])];

	o->values = room;
	keep_values(rg, o, NULL, sizeof(room) / sizeof(room[0]));
	o->values = arena_copy(rg->kept, room, o->value_count, sizeof(*room));
}

/* STIX 2.0 has no observables that stand alone: {"0": {"type": "ipv4-addr", ...}, "1": ...}. */
static void keep_embedded(struct reading *rg, struct stix_object *o)
{
	static const size_t room = 4096;
	const struct json_value *objects = json_first(rg->json, OBJECTS);
	struct stix_value *values;
	const char *value;
	size_t at = 0, n;

	o->from = time_at(rg, FIRST_OBSERVED);
	o->seen = time_at(rg, LAST_OBSERVED);
	if (objects == NULL || objects->type != JSON_OBJECT)
		return;
	o->values = values = must_grow(NULL, room, sizeof(*values));
	while ((value = nested_member(objects->text, objects->length, &at, &n)) != NULL)
		if (nested_read(rg->inner[0], value, n))
			keep_values(rg, o, rg->inner[0], room);
	o->values = arena_copy(rg->kept, values, o->value_count, sizeof(*values));
	free(values);
}

static void tie_each(struct reading *rg, size_t row, enum stix_tie tie, const char *to)
{
	const struct stix_state *st = rg->state;

	for (const struct json_value *v = json_first(rg->json, row); v != NULL; v = json_next(rg->json, v))
		if (v->type == JSON_STRING_TEXT)
			stix_objects_tie(st->objects, arena_dup(rg->kept, v->text), tie, to);
}

static void keep_relationship(struct reading *rg, const struct stix_object *o)
{
	const struct stix_state *st = rg->state;
	const char *from = keep(rg, SOURCE_REF), *to = keep(rg, TARGET_REF);

	if (o->revoked)
		return;
	if (says(rg, RELATION, "based-on"))
		stix_objects_tie(st->objects, to, TIE_NAMED, from);
	else
		stix_objects_tie(st->objects, from, TIE_RELATED, to);
}

static void keep_sighting(struct reading *rg, struct stix_object *o)
{
	const struct stix_state *st = rg->state;

	o->sighted = keep(rg, SIGHTED);
	o->from = time_at(rg, FIRST_SEEN);
	o->seen = time_at(rg, LAST_SEEN);
	stix_objects_tie(st->objects, o->sighted, TIE_SIGHTED, o->id);
	tie_each(rg, OBSERVED_REF, TIE_SIGHTED, o->id);
}

static int stix_record(struct reading *rg, const struct record *rec, struct fault *f)
{
	struct stix_state *st = rg->state;
	struct stix_object *o = stix_objects_add(st->objects);

	(void)f;
	o->at = rec->at;
	if ((o->type = keep(rg, TYPE)) == NULL) {
		o->reason = "an object without a type";
		return 0;
	}
	o->id = keep(rg, ID);
	o->creator = keep(rg, CREATOR);
	o->name = keep(rg, NAME);
	o->description = keep(rg, DESCRIPTION);
	o->modified = time_at(rg, MODIFIED);
	o->revoked = reading_text(rg, REVOKED) != NULL && strcmp(reading_text(rg, REVOKED), "true") == 0;
	keep_markings(rg, o);
	keep_techniques(rg, o);
	if (strcmp(o->type, "indicator") == 0)
		keep_indicator(rg, o);
	else if (strcmp(o->type, "relationship") == 0)
		keep_relationship(rg, o);
	else if (strcmp(o->type, "sighting") == 0)
		keep_sighting(rg, o);
	else if (strcmp(o->type, "observed-data") == 0) {
		tie_each(rg, OBJECT_REF, TIE_OBSERVED, o->id);
		keep_embedded(rg, o);
	} else if (strcmp(o->type, "report") == 0 || strcmp(o->type, "grouping") == 0)
		tie_each(rg, OBJECT_REF, TIE_REPORTED, o->id);
	else if (strcmp(o->type, "marking-definition") == 0)
		o->tlp = tlp_named(reading_text(rg, TLP_NAME) != NULL ? reading_text(rg, TLP_NAME) : o->name);
	else if (strcmp(o->type, "note") == 0) {
		o->description = keep(rg, CONTENT);
		tie_each(rg, OBJECT_REF, TIE_NOTED, o->id);
	} else {
		keep_observable(rg, o);
	}
	stix_objects_know(st->objects, o);
	return 0;
}

/* ---- at the end ---- */

/* A value that o states; what is said of it stands with `about`, which may be another object. */
static int give(struct reading *rg, const struct stix_object *o, const struct stix_object *about, const struct pattern_value *v,
                const char *why, struct fault *f)
{
	const struct stix_state *st = rg->state;
	const char *list = stix_list(st->objects, about);
	struct indicator ind;
	struct found found;

	refang_value(&found, v->value, strlen(v->value), v->kind, rg->arena);
	if (v->kind == INDICATOR_TEXT) {
		found.kind = INDICATOR_TEXT;
		found.value = found.written;
		found.why = "of no kind that can be looked for";
	}
	indicator_of(&ind, &found, list != NULL ? list : rg->options.list);
	ind.context = stix_context(st->objects, about, rg->arena);
	ind.tlp = tlp_stricter(stix_tlp(st->objects, o), stix_tlp(st->objects, about));
	ind.techniques = stix_techniques(st->objects, about, rg->arena);
	ind.confidence = about->confidence;
	stix_seen(st->objects, about, &ind.first_seen, &ind.last_seen);
	ind.valid_until = about->until;
	ind.producer = about->creator;
	ind.statement = about->id;
	ind.stated = about->modified;
	ind.withdrawn = about->revoked && ind.detect;
	if (why != NULL) {
		ind.why = why;
		ind.detect = false;
	}
	return rg->sink.indicator(rg->sink.ctx, &ind, &o->at, f);
}

static int give_indicator(struct reading *rg, const struct stix_object *o, struct fault *f)
{
	struct stix_state *st = rg->state;
	const char *why = NULL;
	bool stix = o->pattern_type == NULL || strcmp(o->pattern_type, "stix") == 0;
	const char *opaque = stix ? pattern_read(&st->pattern, o->pattern, rg->arena) : "a rule in another language";

	if (stix_is_replaced(st->objects, o))
		why = "replaced by a newer version of itself";
	else if (o->revoked)
		why = "revoked by its source";
	else if (o->benign)
		why = "benign, says its source";
	else if (opaque == NULL && st->pattern.joined)
		why = "one part of a pattern that asks for several";
	if (opaque != NULL)
		return give(rg, o, o, &(struct pattern_value){ INDICATOR_TEXT, o->pattern }, why != NULL ? why : opaque, f);
	for (size_t i = 0; i < st->pattern.count; i++)
		if (give(rg, o, o, &st->pattern.values[i], why, f) < 0)
			return -1;
	return 0;
}

static int give_object(struct reading *rg, const struct stix_object *o, struct fault *f)
{
	const struct stix_state *st = rg->state;
	const struct stix_object *trace;

	if (o->reason != NULL)
		return rg->sink.reject(rg->sink.ctx, &o->at, o->reason, f);
	if (o->pattern != NULL)
		return give_indicator(rg, o, f);
	if (o->value_count == 0)
		return rg->sink.blank(rg->sink.ctx, &o->at, BLANK_CONTEXT, f);
	trace = stix_trace_of(st->objects, o);
	for (size_t i = 0; i < o->value_count; i++) {
		const char *why = trace == NULL ? "an observable, not an indicator" :
		                  o->values[i].beside_hash ? "the name of a file known by its hash" : NULL;

		if (give(rg, o, trace != NULL ? trace : o, &o->values[i].held, why, f) < 0)
			return -1;
	}
	return 0;
}

static int stix_finish(struct reading *rg, struct fault *f)
{
	struct stix_state *st = rg->state;

	stix_objects_settle(st->objects);
	for (size_t i = 0; i < stix_objects_count(st->objects); i++) {
		if (give_object(rg, stix_objects_at(st->objects, i), f) < 0)
			return -1;
		arena_reset(rg->arena);
	}
	return 0;
}

static int stix_open(struct reading *rg, struct fault *f)
{
	struct stix_state *st = must_alloc(sizeof(*st));

	(void)f;
	st->objects = stix_objects_new();
	rg->state = st;
	return 0;
}

static void stix_close(struct reading *rg)
{
	struct stix_state *st = rg->state;

	if (st == NULL)
		return;
	stix_objects_free(st->objects);
	free(st);
}

static bool holds(const struct probe *p, const char *s)
{
	return memmem(p->bytes, p->n, s, strlen(s)) != NULL;
}

/* By ids, which no other format has: those of bundles; of an envelope's or a lone object, beside its version. */
static int stix_probe(const struct probe *p)
{
	static const char *const types[] = {
		"\"indicator--", "\"relationship--", "\"malware--", "\"observed-data--", "\"report--", "\"identity--",
		"\"marking-definition--", "\"attack-pattern--", NULL
	};

	if (!probe_is_json(p->bytes, p->n))
		return 0;
	if (holds(p, "\"bundle--") && holds(p, "\"objects\""))
		return 95;
	for (const char *const *t = types; *t != NULL; t++)
		if (holds(p, *t) && holds(p, "\"spec_version\""))
			return 90;
	return 0;
}

static const struct field *const inner[] = { fields, NULL };
static const char *const wrappers[] = { "objects", NULL };

const struct reader reader_stix2 = {
	.name = "stix2", .summary = "STIX 2.0 and 2.1: bundles, TAXII answers, single objects, JSON", .gives = "indicators",
	.extensions = ".json",
	.framing = FRAME_JSON, .wrappers = wrappers, .fields = fields, .whole = true, .probe = stix_probe,
	.inner = inner, .open = stix_open, .record = stix_record, .finish = stix_finish, .close = stix_close,
};
