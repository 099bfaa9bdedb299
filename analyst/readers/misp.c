/* MISP (FORMATS 3.3): an event, a feed's file, or what a search for events or attributes returned. An attribute is for
 * detection when it says so, is not deleted, on no warning list of its source and was not sighted as false mostly. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "analyst/readers/header.h"
#include "analyst/readers/nested.h"
#include "analyst/readers/refang.h"

#define EITHER(name) FIELD("Event." name, TAKE_NOTHING), FIELD(name, TAKE_NOTHING)

/* Each stands for its row and the one without "Event" after it. */
enum {
	INFO = 0, UUID = 2, TAG = 4, CLUSTER_TAG = 6, CLUSTER_ID = 8, ATTRIBUTE = 10, OBJECT_ATTRIBUTE = 12, ORGANISATION = 14,
	TO_IDS = 16                  /* only an attribute's */
};

static const struct field fields[] = {
	EITHER("info"),
	EITHER("uuid"),
	EITHER("Tag[].name"),
	EITHER("Galaxy[].GalaxyCluster[].tag_name"),
	EITHER("Galaxy[].GalaxyCluster[].meta.external_id[]"),
	EITHER("Attribute[]"),
	EITHER("Object[].Attribute[]"),
	EITHER("Orgc.name"),
	[TO_IDS] = FIELD("to_ids", TAKE_NOTHING),
	FIELDS_END
};

enum {
	A_TYPE, A_VALUE, A_TO_IDS, A_DELETED, A_COMMENT, A_FIRST, A_LAST, A_TAG, A_CLUSTER_TAG, A_CLUSTER_ID, A_SIGHTING,
	A_SIGHTED, A_RELATION, A_WARNING, A_UUID, A_STATED
};
static const struct field attribute_fields[] = {
	[A_TYPE] = FIELD("type", TAKE_NOTHING),
	[A_VALUE] = FIELD("value", TAKE_NOTHING),
	[A_TO_IDS] = FIELD("to_ids", TAKE_NOTHING),
	[A_DELETED] = FIELD("deleted", TAKE_NOTHING),
	[A_COMMENT] = FIELD("comment", TAKE_NOTHING),
	[A_FIRST] = FIELD("first_seen", TAKE_NOTHING),
	[A_LAST] = FIELD("last_seen", TAKE_NOTHING),
	[A_TAG] = FIELD("Tag[].name", TAKE_NOTHING),
	[A_CLUSTER_TAG] = FIELD("Galaxy[].GalaxyCluster[].tag_name", TAKE_NOTHING),
	[A_CLUSTER_ID] = FIELD("Galaxy[].GalaxyCluster[].meta.external_id[]", TAKE_NOTHING),
	[A_SIGHTING] = FIELD("Sighting[].type", TAKE_NOTHING),
	[A_SIGHTED] = FIELD("Sighting[].date_sighting", TAKE_NOTHING),
	[A_RELATION] = FIELD("object_relation", TAKE_NOTHING),
	[A_WARNING] = FIELD("warnings[].warninglist_name", TAKE_NOTHING),
	[A_UUID] = FIELD("uuid", TAKE_NOTHING),
	[A_STATED] = FIELD("timestamp", TAKE_NOTHING),
	FIELDS_END
};

/* Types that mean something to look for; composites "a|b" are two of them. */
static const struct { const char *type; enum indicator_kind kind; } types[] = {
	{ "ip-src", INDICATOR_IP }, { "ip-dst", INDICATOR_IP }, { "ip", INDICATOR_IP }, { "domain", INDICATOR_DOMAIN },
	{ "hostname", INDICATOR_DOMAIN }, { "url", INDICATOR_URL }, { "uri", INDICATOR_URL }, { "link", INDICATOR_URL },
	{ "email", INDICATOR_EMAIL }, { "email-src", INDICATOR_EMAIL }, { "email-dst", INDICATOR_EMAIL },
	{ "email-reply-to", INDICATOR_EMAIL }, { "md5", INDICATOR_MD5 }, { "sha1", INDICATOR_SHA1 },
	{ "sha256", INDICATOR_SHA256 }, { "sha512", INDICATOR_SHA512 }, { "filename", INDICATOR_FILENAME },
	{ "email-attachment", INDICATOR_FILENAME }, { "attachment", INDICATOR_FILENAME }, { "regkey", INDICATOR_REGISTRY },
	{ "mutex", INDICATOR_MUTEX }, { "user-agent", INDICATOR_AGENT }, { "http-user-agent", INDICATOR_AGENT },
	{ "vulnerability", INDICATOR_CVE }, { "ja3-fingerprint-md5", INDICATOR_JA3 },
	{ "x509-fingerprint-md5", INDICATOR_CERTIFICATE }, { "x509-fingerprint-sha1", INDICATOR_CERTIFICATE },
	{ "x509-fingerprint-sha256", INDICATOR_CERTIFICATE }, { NULL, INDICATOR_TEXT }
};

/* Galaxies whose clusters say what an indicator is a trace of; others tell of victims, sectors, countries. */
static const char *const telling[] = {
	"threat-actor", "mitre-intrusion-set", "mitre-enterprise-attack-intrusion-set", "microsoft-activity-group", "mitre-malware",
	"mitre-enterprise-attack-malware", "mitre-tool", "mitre-enterprise-attack-tool", "malpedia", "tool", "ransomware", "rat",
	"backdoor", "botnet", "banker", "stealer", "cryptominers", "exploit-kit", "android", "mitre-campaign", "campaign", NULL
};

#define NAMES 6

/* What tags say. */
struct tagged {
	const char *tlp;
	struct ids techniques;
	const char *names[NAMES];        /* of malware and who uses it */
	size_t name_count;
};

struct misp_state {
	/* of the event being given */
	const struct record *rec;
	struct part part;
	const char *list, *organisation;
	struct tagged tagged;
};

static const char *text_of(const struct reading *rg, size_t row)
{
	const char *s = reading_text(rg, row);

	return s != NULL ? s : reading_text(rg, row + 1);
}

static bool is_yes(const char *s)
{
	return s != NULL && (strcasecmp(s, "true") == 0 || strcmp(s, "1") == 0);
}

static bool kind_of(enum indicator_kind *out, const char *type, size_t n)
{
	for (size_t i = 0; types[i].type != NULL; i++)
		if (strlen(types[i].type) == n && strncasecmp(types[i].type, type, n) == 0) {
			*out = types[i].kind;
			return true;
		}
	*out = INDICATOR_TEXT;
	return false;
}

/* "misp-galaxy:mitre-intrusion-set=\"Sofacy - G0007\"": the name, without the id. */
static void take_name(const char *tag, struct tagged *out, struct arena *arena)
{
	const char *galaxy = tag + strlen("misp-galaxy:"), *name = strstr(galaxy, "=\"");
	size_t n = name != NULL ? strcspn(name + 2, "\"") : 0;

	if (n == 0 || out->name_count == NAMES || !in_list(telling, arena_dupn(arena, galaxy, (size_t)(name - galaxy))))
		return;
	name = arena_dupn(arena, name + 2, n);
	if (n > 8 && memcmp(name + n - 8, " - ", 3) == 0 && strchr("GSC", name[n - 5]) != NULL && strspn(name + n - 4, "0123456789") == 4)
		name = arena_dupn(arena, name, n - 8);
	for (size_t i = 0; i < out->name_count; i++)
		if (strcasecmp(out->names[i], name) == 0)
			return;
	out->names[out->name_count++] = name;
}

/* "tlp:amber", "misp-galaxy:mitre-attack-pattern=\"Phishing - T1566\"". */
static void take_tag(const char *tag, struct tagged *out, struct arena *arena)
{
	if (strncasecmp(tag, "tlp:", 4) == 0)
		out->tlp = tlp_stricter(out->tlp, tlp_named(tag));
	else if (strncasecmp(tag, "misp-galaxy:mitre", 17) == 0 && strstr(tag, "attack-pattern") != NULL)
		ids_add_techniques(&out->techniques, tag);
	else if (strncasecmp(tag, "misp-galaxy:", 12) == 0)
		take_name(tag, out, arena);
}

/* The attribute's comment, else what it is; and what tags name. */
static const char *context_of(struct reading *rg, const struct nested *a, const struct tagged *t)
{
	const char *comment = nested_text(a, A_COMMENT), *relation = nested_text(a, A_RELATION), *out;

	out = comment != NULL && comment[0] != '\0' ? comment : relation != NULL ? relation : nested_text(a, A_TYPE);
	for (size_t i = 0; i < t->name_count; i++)
		if (strcasestr(out, t->names[i]) == NULL)
			out = arena_printf(rg->arena, "%s; %s", out, t->names[i]);
	return out;
}

/* More sightings that say "false positive" than say "seen". */
static bool is_refuted(const struct nested *a)
{
	size_t seen = 0, refuted = 0;

	for (const struct json_value *v = nested_first(a, A_SIGHTING); v != NULL; v = nested_next(a, v)) {
		seen += v->text != NULL && (strcmp(v->text, "0") == 0 || strcmp(v->text, "3") == 0);
		refuted += v->text != NULL && strcmp(v->text, "1") == 0;
	}
	return refuted > seen;
}

static const char *why_not(const struct nested *a)
{
	if (is_yes(nested_text(a, A_DELETED)))
		return "deleted by its source";
	if (nested_text(a, A_TO_IDS) == NULL || !is_yes(nested_text(a, A_TO_IDS)))
		return "not for detection, says its source";
	if (is_refuted(a))
		return "sighted as a false positive";
	return nested_text(a, A_WARNING) != NULL ? "on a warning list of its source" : NULL;
}

/* When a sighting of this type was, the last of several; INSTANT_NONE. 0 is "seen", 2 "expires". */
static instant sighted(const struct nested *a, const char *type)
{
	instant last = INSTANT_NONE, t;

	for (const struct json_value *v = nested_first(a, A_SIGHTING); v != NULL; v = nested_next(a, v)) {
		if (v->text == NULL || strcmp(v->text, type) != 0)
			continue;
		for (const struct json_value *d = nested_first(a, A_SIGHTED); d != NULL; d = nested_next(a, d))
			if (d->item == v->item && d->text != NULL && instant_parse_epoch(&t, d->text, d->length) && (last == INSTANT_NONE || t > last))
				last = t;
	}
	return last;
}

static instant time_of(const struct nested *a, size_t row)
{
	const char *s = nested_text(a, row);
	instant t;

	if (s == NULL)
		return INSTANT_NONE;
	return instant_parse(&t, NULL, s, strlen(s), 0) || instant_parse_epoch(&t, s, strlen(s)) ? t : INSTANT_NONE;
}

static int give(struct reading *rg, const struct record *at, const char *value, size_t n, enum indicator_kind kind,
                const char *why, struct fault *f)
{
	struct misp_state *st = rg->state;
	const struct nested *a = rg->inner[0];
	struct tagged tagged = st->tagged;
	struct indicator ind;
	struct found found;

	refang_value(&found, value, n, kind, rg->arena);
	indicator_of(&ind, &found, st->list != NULL ? st->list : rg->options.list);
	/* What no kind is said of is not guessed at: an import hash looks like any other. */
	if (kind == INDICATOR_TEXT) {
		ind.kind = INDICATOR_TEXT;
		ind.value = ind.written;
		ind.detect = false;
	}
	tagged.tlp = NULL;
	for (size_t row = A_TAG; row <= A_CLUSTER_TAG; row++)
		for (const struct json_value *v = nested_first(a, row); v != NULL; v = nested_next(a, v))
			if (v->type == JSON_STRING_TEXT)
				take_tag(v->text, &tagged, rg->arena);
	for (const struct json_value *v = nested_first(a, A_CLUSTER_ID); v != NULL; v = nested_next(a, v))
		if (v->type == JSON_STRING_TEXT)
			ids_add_techniques(&tagged.techniques, v->text);
	/* Its own label is meant for it; the event's is for the rest. */
	ind.tlp = tagged.tlp != NULL ? tagged.tlp : st->tagged.tlp;
	ind.techniques = ids_text(&tagged.techniques, rg->arena);
	ind.context = context_of(rg, a, &tagged);
	ind.first_seen = time_of(a, A_FIRST);
	ind.last_seen = time_of(a, A_LAST) != INSTANT_NONE ? time_of(a, A_LAST) : sighted(a, "0");
	ind.valid_until = sighted(a, "2");
	ind.producer = st->organisation;
	ind.statement = nested_text(a, A_UUID);
	ind.stated = time_of(a, A_STATED);
	ind.withdrawn = ind.detect && is_yes(nested_text(a, A_DELETED)) && is_yes(nested_text(a, A_TO_IDS));
	if (why != NULL) {
		ind.why = why;
		ind.detect = false;
	}
	return rg->sink.indicator(rg->sink.ctx, &ind, &at->at, f);
}

/* "filename|sha256", "domain|ip"; a port says nothing by itself. */
static int give_composite(struct reading *rg, const struct record *at, const char *type, const char *value, const char *why,
                          struct fault *f)
{
	const char *mark = strchr(type, '|'), *bar = strchr(value, '|');
	enum indicator_kind kind;

	if (bar == NULL)
		return give(rg, at, value, strlen(value), INDICATOR_TEXT, why, f);
	kind_of(&kind, type, (size_t)(mark - type));
	if (strcasecmp(type, "malware-sample") == 0)
		kind = INDICATOR_FILENAME;
	/* Half of a pair of name and hash says less than both: the name alone is context. */
	if (give(rg, at, value, (size_t)(bar - value), kind,
	         why == NULL && kind == INDICATOR_FILENAME ? "the name of a file known by its hash" : why, f) < 0)
		return -1;
	if (strcasecmp(mark + 1, "port") == 0)
		return 0;
	if (!kind_of(&kind, mark + 1, strlen(mark + 1)) && why == NULL)
		why = "of no kind that can be looked for";
	return give(rg, at, bar + 1, strlen(bar + 1), kind, why, f);
}

static int give_attribute(struct reading *rg, const struct record *at, struct fault *f)
{
	struct nested *attribute = rg->inner[0];
	const char *type, *value, *why;
	enum indicator_kind kind;

	if (!nested_read(attribute, at->bytes, at->n))
		return reading_reject(rg, at, "an attribute that is not a JSON object", f);
	type = nested_text(attribute, A_TYPE);
	value = nested_text(attribute, A_VALUE);
	if (type == NULL || value == NULL || value[0] == '\0')
		return reading_reject(rg, at, type == NULL ? "an attribute without a type" : "an attribute without a value", f);
	why = why_not(attribute);
	if (strcasecmp(type, "malware-sample") == 0)
		return give_composite(rg, at, "filename|md5", value, why, f);
	if (strchr(type, '|') != NULL)
		return give_composite(rg, at, type, value, why, f);
	kind_of(&kind, type, strlen(type));
	if (why == NULL && strcasecmp(type, "link") == 0)
		why = "a link to what others wrote";
	if (kind == INDICATOR_TEXT && why == NULL)
		why = "of no kind that can be looked for";
	return give(rg, at, value, strlen(value), kind, why, f);
}

static int give_attributes(struct reading *rg, size_t row, size_t *given, struct fault *f)
{
	struct misp_state *st = rg->state;

	for (const struct json_value *v = json_first(rg->json, row); v != NULL; v = json_next(rg->json, v)) {
		struct record at;

		if (v->type != JSON_OBJECT)
			continue;
		++*given;
		at = record_part(rg, st->rec, v, &st->part);
		if (give_attribute(rg, &at, f) < 0)
			return -1;
	}
	return 0;
}

static bool holds(const char *s, size_t n, const char *key)
{
	return memmem(s, n, key, strlen(key)) != NULL;
}

/* A feed's table of contents: what its events say of themselves, by their ids. */
static bool is_manifest(const char *s, size_t n)
{
	return holds(s, n, "\"Orgc\"") && holds(s, n, "\"threat_level_id\"") && holds(s, n, "\"analysis\"") &&
	       !holds(s, n, "\"Attribute\"");
}

static int misp_record(struct reading *rg, const struct record *rec, struct fault *f)
{
	struct misp_state *st = rg->state;
	size_t given = 0;

	if (text_of(rg, INFO) == NULL && text_of(rg, UUID) == NULL)
		return is_manifest(rec->bytes, rec->n) ? reading_blank(rg, rec, BLANK_CONTEXT, f)
		                                       : reading_reject(rg, rec, "no MISP event: it has neither 'info' nor 'uuid'", f);
	st->rec = rec;
	st->list = text_of(rg, INFO);
	st->organisation = text_of(rg, ORGANISATION);
	st->tagged = (struct tagged){ .tlp = NULL };
	if (reading_text(rg, TO_IDS) != NULL)
		return give_attribute(rg, rec, f);
	for (size_t row = TAG; row < CLUSTER_ID; row++)
		for (const struct json_value *v = json_first(rg->json, row); v != NULL; v = json_next(rg->json, v))
			if (v->type == JSON_STRING_TEXT)
				take_tag(v->text, &st->tagged, rg->arena);
	for (size_t row = CLUSTER_ID; row < ATTRIBUTE; row++)
		for (const struct json_value *v = json_first(rg->json, row); v != NULL; v = json_next(rg->json, v))
			if (v->type == JSON_STRING_TEXT)
				ids_add_techniques(&st->tagged.techniques, v->text);
	for (size_t row = ATTRIBUTE; row < ORGANISATION; row++) {
		st->part = (struct part){ 0, 0 };
		if (give_attributes(rg, row, &given, f) < 0)
			return -1;
	}
	return given > 0 ? 0 : reading_blank(rg, rec, BLANK_CONTEXT, f);
}

static int misp_open(struct reading *rg, struct fault *f)
{
	(void)f;
	rg->state = arena_alloc(rg->kept, sizeof(struct misp_state));
	return 0;
}

static bool has(const struct probe *p, const char *key)
{
	return holds(p->bytes, p->n, key);
}

/* By what is written, not by whether it is right JSON: a broken event is to be refused as
 * one, with the line that breaks it. */
static int misp_probe(const struct probe *p)
{
	int score = 0;

	if (!probe_is_json(p->bytes, p->n))
		return 0;
	score += has(p, "\"Event\"") ? 20 : 0;
	score += has(p, "\"info\"") && has(p, "\"threat_level_id\"") ? 40 : 0;
	score += has(p, "\"Attribute\"") ? 20 : 0;
	score += has(p, "\"to_ids\"") ? 25 : 0;
	score += score < 60 && is_manifest(p->bytes, p->n) ? 25 : 0;
	return score > 100 ? 100 : score;
}

static const struct field *const inner[] = { attribute_fields, NULL };
static const char *const wrappers[] = { "response", "response.Attribute", NULL };

const struct reader reader_misp = {
	.name = "misp", .summary = "MISP events and feeds, JSON", .gives = "indicators", .extensions = ".json",
	.framing = FRAME_JSON, .wrappers = wrappers, .fields = fields, .whole = true, .probe = misp_probe,
	.inner = inner, .open = misp_open, .record = misp_record,
};
