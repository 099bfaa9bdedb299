/* STIX 2.0 and 2.1 bundles (FORMATS 3.1). Objects refer to others that may come later, so
 * what matters of each is kept and everything is handed on at the end, in the order of
 * the file. */
#include <stdlib.h>
#include <string.h>

#include "analyst/base/intern.h"
#include "analyst/base/search.h"
#include "analyst/readers/reader.h"
#include "analyst/readers/refang.h"
#include "analyst/readers/stix_pattern.h"

enum {
	TYPE, ID, PATTERN, PATTERN_TYPE, VALID_FROM, VALID_UNTIL, CONFIDENCE, NAME, DESCRIPTION, REVOKED, MODIFIED,
	MARKING_REF, EXTERNAL_SOURCE, EXTERNAL_ID, SOURCE_REF, TARGET_REF, TLP_NAME, VALUE,
	HASH_MD5, HASH_SHA1, HASH_SHA256, HASH_SHA512, KEY, PATH
};

static const struct field fields[] = {
	[TYPE] = FIELD("type", TAKE_NOTHING),
	[ID] = FIELD("id", TAKE_NOTHING),
	[PATTERN] = FIELD("pattern", TAKE_NOTHING),
	[PATTERN_TYPE] = FIELD("pattern_type", TAKE_NOTHING),
	[VALID_FROM] = FIELD("valid_from", TAKE_NOTHING),
	[VALID_UNTIL] = FIELD("valid_until", TAKE_NOTHING),
	[CONFIDENCE] = FIELD("confidence", TAKE_NOTHING),
	[NAME] = FIELD("name", TAKE_NOTHING),
	[DESCRIPTION] = FIELD("description", TAKE_NOTHING),
	[REVOKED] = FIELD("revoked", TAKE_NOTHING),
	[MODIFIED] = FIELD("modified", TAKE_NOTHING),
	[MARKING_REF] = FIELD("object_marking_refs[]", TAKE_NOTHING),
	[EXTERNAL_SOURCE] = FIELD("external_references[].source_name", TAKE_NOTHING),
	[EXTERNAL_ID] = FIELD("external_references[].external_id", TAKE_NOTHING),
	[SOURCE_REF] = FIELD("source_ref", TAKE_NOTHING),
	[TARGET_REF] = FIELD("target_ref", TAKE_NOTHING),
	[TLP_NAME] = FIELD("definition.tlp", TAKE_NOTHING),
	[VALUE] = FIELD("value", TAKE_NOTHING),
	[HASH_MD5] = FIELD("hashes.MD5", TAKE_NOTHING),
	[HASH_SHA1] = FIELD("hashes.SHA-1", TAKE_NOTHING),
	[HASH_SHA256] = FIELD("hashes.SHA-256", TAKE_NOTHING),
	[HASH_SHA512] = FIELD("hashes.SHA-512", TAKE_NOTHING),
	[KEY] = FIELD("key", TAKE_NOTHING),
	[PATH] = FIELD("path", TAKE_NOTHING),
	FIELDS_END
};

/* Marking ids every producer uses (FORMATS 4.1): bundles often leave the objects out. */
static const struct { const char *id, *tlp; } known_markings[] = {
	{ "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1", "TLP:RED" },
	{ "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed", "TLP:RED" },
	{ "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003", "TLP:AMBER+STRICT" },
	{ "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421", "TLP:AMBER" },
	{ "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82", "TLP:AMBER" },
	{ "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb", "TLP:GREEN" },
	{ "marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da", "TLP:GREEN" },
	{ "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487", "TLP:CLEAR" },
	{ "marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9", "TLP:CLEAR" },
	{ NULL, NULL }
};

/* Observables: they explain unless an indicator's pattern names them. */
static const struct { const char *type; size_t row; enum indicator_kind kind; } observables[] = {
	{ "ipv4-addr", VALUE, INDICATOR_IP }, { "ipv6-addr", VALUE, INDICATOR_IP },
	{ "domain-name", VALUE, INDICATOR_DOMAIN }, { "url", VALUE, INDICATOR_URL },
	{ "email-addr", VALUE, INDICATOR_EMAIL }, { "file", HASH_MD5, INDICATOR_MD5 },
	{ "file", HASH_SHA1, INDICATOR_SHA1 }, { "file", HASH_SHA256, INDICATOR_SHA256 },
	{ "file", HASH_SHA512, INDICATOR_SHA512 }, { "file", NAME, INDICATOR_FILENAME },
	{ "mutex", NAME, INDICATOR_MUTEX }, { "windows-registry-key", KEY, INDICATOR_REGISTRY },
	{ "directory", PATH, INDICATOR_PATH }, { NULL, 0, INDICATOR_TEXT }
};

#define OBSERVED_VALUES 6

struct object {                  /* what is kept of one */
	struct place at;
	const char *id;
	const char *pattern, *pattern_type, *name, *description;
	const char *external;        /* its ATT&CK id, of an attack-pattern */
	const char *tlp_name;        /* of a marking-definition */
	const char *reason;          /* a record that cannot be read */
	instant from, until, modified;
	int confidence;
	bool indicator, revoked;
	struct pattern_value observed[OBSERVED_VALUES];
	size_t observed_count;
	const char *markings[4];
	size_t marking_count;
};

struct link_of {
	const char *from, *to;
};

struct stix_state {
	struct object *objects;
	size_t count, room;
	struct link_of *links;
	size_t link_count, link_room;
	struct intern *ids;          /* object id -> */
	size_t *newest;              /* -> the object that counts, by intern number */
	size_t newest_room;
	const char *report;
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

static struct object *new_object(struct stix_state *st, const struct place *at)
{
	if (st->count == st->room) {
		st->room = st->room == 0 ? 256 : st->room * 2;
		st->objects = must_grow(st->objects, st->room, sizeof(*st->objects));
	}
	memset(&st->objects[st->count], 0, sizeof(st->objects[0]));
	st->objects[st->count].at = *at;
	st->objects[st->count].confidence = -1;
	st->objects[st->count].from = st->objects[st->count].until = st->objects[st->count].modified = INSTANT_NONE;
	return &st->objects[st->count++];
}

/* Of objects with one id the one modified last counts. */
static void remember(struct stix_state *st, struct object *o)
{
	bool fresh;
	uint32_t number;

	if (o->id == NULL)
		return;
	number = intern_put(st->ids, o->id, strlen(o->id), &fresh);
	if (number >= st->newest_room) {
		st->newest_room = (number + 1) * 2;
		st->newest = must_grow(st->newest, st->newest_room, sizeof(*st->newest));
	}
	if (fresh || st->objects[st->newest[number]].modified <= o->modified)
		st->newest[number] = (size_t)(o - st->objects);
}

static const struct object *lookup(const struct stix_state *st, const char *id)
{
	uint32_t number = id != NULL ? intern_find(st->ids, id, strlen(id)) : INTERN_NONE;

	return number == INTERN_NONE ? NULL : &st->objects[st->newest[number]];
}

static void keep_indicator(struct reading *rg, struct object *o)
{
	const char *confidence = reading_text(rg, CONFIDENCE), *revoked = reading_text(rg, REVOKED);

	o->indicator = true;
	o->pattern = keep(rg, PATTERN);
	o->pattern_type = keep(rg, PATTERN_TYPE);
	o->name = keep(rg, NAME);
	o->description = keep(rg, DESCRIPTION);
	o->from = time_at(rg, VALID_FROM);
	o->until = time_at(rg, VALID_UNTIL);
	o->revoked = revoked != NULL && strcmp(revoked, "true") == 0;
	if (confidence != NULL && strlen(confidence) <= 3 && atoi(confidence) <= 100)
		o->confidence = atoi(confidence);
}

static const char *attack_id(struct reading *rg)
{
	for (const struct json_value *v = json_first(rg->json, EXTERNAL_SOURCE); v != NULL; v = json_next(rg->json, v)) {
		if (v->type != JSON_STRING_TEXT || strncmp(v->text, "mitre", 5) != 0)
			continue;
		for (const struct json_value *e = json_first(rg->json, EXTERNAL_ID); e != NULL; e = json_next(rg->json, e))
			if (e->item == v->item && e->type == JSON_STRING_TEXT)
				return arena_dup(rg->kept, e->text);
	}
	return NULL;
}

static void keep_observable(struct reading *rg, struct object *o, const char *type)
{
	for (size_t i = 0; observables[i].type != NULL; i++)
		if (strcmp(observables[i].type, type) == 0 && reading_text(rg, observables[i].row) != NULL &&
		    o->observed_count < OBSERVED_VALUES)
			o->observed[o->observed_count++] =
				(struct pattern_value){ observables[i].kind, keep(rg, observables[i].row) };
}

static void keep_link(struct reading *rg, struct stix_state *st)
{
	const char *from = keep(rg, SOURCE_REF), *to = keep(rg, TARGET_REF);

	if (from == NULL || to == NULL)
		return;
	if (st->link_count == st->link_room) {
		st->link_room = st->link_room == 0 ? 256 : st->link_room * 2;
		st->links = must_grow(st->links, st->link_room, sizeof(*st->links));
	}
	st->links[st->link_count++] = (struct link_of){ from, to };
}

static int stix_record(struct reading *rg, const struct record *rec, struct fault *f)
{
	struct stix_state *st = rg->state;
	const char *type = reading_text(rg, TYPE);
	struct object *o = new_object(st, &rec->at);

	(void)f;
	if (type == NULL) {
		o->reason = "an object without a type";
		return 0;
	}
	o->id = keep(rg, ID);
	o->modified = time_at(rg, MODIFIED);
	for (const struct json_value *v = json_first(rg->json, MARKING_REF); v != NULL; v = json_next(rg->json, v))
		if (v->type == JSON_STRING_TEXT && o->marking_count < 4)
			o->markings[o->marking_count++] = arena_dup(rg->kept, v->text);
	if (strcmp(type, "indicator") == 0)
		keep_indicator(rg, o);
	else if (strcmp(type, "attack-pattern") == 0)
		o->external = attack_id(rg);
	else if (strcmp(type, "relationship") == 0)
		keep_link(rg, st);
	else if (strcmp(type, "marking-definition") == 0)
		o->tlp_name = tlp_named(reading_text(rg, TLP_NAME) != NULL ? reading_text(rg, TLP_NAME) : reading_text(rg, NAME));
	else if (strcmp(type, "report") == 0 && st->report == NULL)
		st->report = keep(rg, NAME);
	else
		keep_observable(rg, o, type);
	if (o->indicator && o->pattern == NULL)
		o->reason = "an indicator without a pattern";
	remember(st, o);
	return 0;
}

/* ---- at the end ---- */

/* Links by their first end, to be searched. */
static int by_from(const void *a, const void *b)
{
	const struct link_of *x = a, *y = b;
	int c = strcmp(x->from, y->from);

	return c != 0 ? c : strcmp(x->to, y->to);
}

static const char *techniques_of(const struct stix_state *st, const struct object *o, struct arena *arena)
{
	struct ids ids = { .count = 0 };
	struct link_of first = { o->id, "" };

	if (o->id == NULL)
		return NULL;
	for (size_t i = search_from(&first, st->links, st->link_count, sizeof(*st->links), by_from);
	     i < st->link_count && strcmp(st->links[i].from, o->id) == 0; i++) {
		const struct object *to = lookup(st, st->links[i].to);

		if (to != NULL && to->external != NULL)
			ids_add_techniques(&ids, to->external);
	}
	return ids_text(&ids, arena);
}

static const char *tlp_of(const struct stix_state *st, const struct object *o)
{
	for (size_t i = 0; i < o->marking_count; i++) {
		const struct object *marking = lookup(st, o->markings[i]);

		for (size_t k = 0; known_markings[k].id != NULL; k++)
			if (strcmp(known_markings[k].id, o->markings[i]) == 0)
				return known_markings[k].tlp;
		if (marking != NULL && marking->tlp_name != NULL)
			return marking->tlp_name;
	}
	return NULL;
}

static int give(struct reading *rg, const struct object *o, const struct pattern_value *v, const char *why,
                struct fault *f)
{
	struct stix_state *st = rg->state;
	struct indicator ind;
	struct found found;

	refang_value(&found, v->value, strlen(v->value), v->kind, rg->arena);
	indicator_of(&ind, &found, st->report != NULL ? st->report : rg->options.list);
	ind.context = o->description != NULL ? o->description : o->name;
	ind.tlp = tlp_of(st, o);
	ind.techniques = techniques_of(st, o, rg->arena);
	ind.confidence = o->confidence;
	ind.first_seen = o->from;
	ind.valid_until = o->until;
	if (why != NULL) {
		ind.why = why;
		ind.detect = false;
	}
	return rg->sink.indicator(rg->sink.ctx, &ind, &o->at, f);
}

static int give_indicator(struct reading *rg, const struct object *o, struct fault *f)
{
	struct stix_state *st = rg->state;
	const char *why = NULL;
	bool stix = o->pattern_type == NULL || strcmp(o->pattern_type, "stix") == 0;
	const char *opaque = stix ? pattern_read(&st->pattern, o->pattern, rg->arena) : "a rule in another language";

	if (lookup(st, o->id) != o && o->id != NULL)
		why = "replaced by a newer version of itself";
	else if (o->revoked)
		why = "revoked by its source";
	else if (st->pattern.joined && opaque == NULL)
		why = "one part of a pattern that asks for several";
	if (opaque != NULL)
		return give(rg, o, &(struct pattern_value){ INDICATOR_TEXT, o->pattern }, why != NULL ? why : opaque, f);
	for (size_t i = 0; i < st->pattern.count; i++)
		if (give(rg, o, &st->pattern.values[i], why, f) < 0)
			return -1;
	return 0;
}

static int give_object(struct reading *rg, const struct object *o, struct fault *f)
{
	if (o->reason != NULL)
		return rg->sink.reject(rg->sink.ctx, &o->at, o->reason, f);
	if (o->indicator)
		return give_indicator(rg, o, f);
	for (size_t i = 0; i < o->observed_count; i++)
		if (give(rg, o, &o->observed[i], "an observable, not an indicator", f) < 0)
			return -1;
	return o->observed_count > 0 ? 0 : rg->sink.blank(rg->sink.ctx, &o->at, BLANK_CONTEXT, f);
}

static int stix_finish(struct reading *rg, struct fault *f)
{
	struct stix_state *st = rg->state;

	if (st->link_count > 0)
		qsort(st->links, st->link_count, sizeof(*st->links), by_from);
	for (size_t i = 0; i < st->count; i++) {
		if (give_object(rg, &st->objects[i], f) < 0)
			return -1;
		arena_reset(rg->arena);
	}
	return 0;
}

static int stix_open(struct reading *rg, struct fault *f)
{
	struct stix_state *st = must_alloc(sizeof(*st));

	(void)f;
	st->ids = intern_new();
	rg->state = st;
	return 0;
}

static void stix_close(struct reading *rg)
{
	struct stix_state *st = rg->state;

	if (st == NULL)
		return;
	intern_free(st->ids);
	free(st->objects);
	free(st->links);
	free(st->newest);
	free(st);
}

static int stix_probe(const struct probe *p)
{
	size_t i = 0;

	while (i < p->n && p->bytes[i] != '\0' && strchr(" \t\r\n", p->bytes[i]) != NULL)
		i++;
	if (i == p->n || p->bytes[i] != '{')
		return 0;
	return memmem(p->bytes, p->n, "\"bundle--", 9) != NULL && memmem(p->bytes, p->n, "\"objects\"", 9) != NULL ? 95 : 0;
}

static const char *const wrappers[] = { "objects", NULL };

const struct reader reader_stix2 = {
	.name = "stix2", .summary = "STIX 2.0 and 2.1 bundles, JSON", .gives = "indicators", .extensions = ".json",
	.framing = FRAME_JSON, .wrappers = wrappers, .fields = fields, .whole = true, .probe = stix_probe,
	.open = stix_open, .record = stix_record, .finish = stix_finish, .close = stix_close,
};
