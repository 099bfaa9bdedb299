#include "analyst/readers/stix_objects.h"

#include <stdlib.h>
#include <string.h>

#include "analyst/base/intern.h"
#include "analyst/base/search.h"
#include "analyst/base/text.h"
#include "analyst/model/tlp.h"
#include "analyst/readers/canon.h"

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

/* Whose names say what an indicator is a trace of. */
static const char *const telling[] = {
	"malware", "tool", "threat-actor", "intrusion-set", "campaign", "infrastructure", NULL
};

struct tie {
	const char *from, *to;
	enum stix_tie kind;
	size_t order;
};

struct stix_objects {
	struct stix_object *objects;
	size_t count, room;
	struct tie *ties;
	size_t tie_count, tie_room;
	struct intern *ids;          /* object id -> */
	size_t *newest;              /* -> the object that counts, by intern number */
	size_t newest_room;
	const char *first_report;
};

struct stix_objects *stix_objects_new(void)
{
	struct stix_objects *so = must_alloc(sizeof(*so));

	so->ids = intern_new();
	return so;
}

void stix_objects_free(struct stix_objects *so)
{
	if (so == NULL)
		return;
	intern_free(so->ids);
	free(so->objects);
	free(so->ties);
	free(so->newest);
	free(so);
}

struct stix_object *stix_objects_add(struct stix_objects *so)
{
	struct stix_object *o;

	if (so->count == so->room) {
		so->room = so->room == 0 ? 256 : so->room * 2;
		so->objects = must_grow(so->objects, so->room, sizeof(*so->objects));
	}
	o = &so->objects[so->count++];
	memset(o, 0, sizeof(*o));
	o->confidence = -1;
	o->from = o->until = o->seen = o->modified = INSTANT_NONE;
	return o;
}

void stix_objects_know(struct stix_objects *so, const struct stix_object *o)
{
	bool fresh;
	uint32_t number;

	if (o->id == NULL)
		return;
	number = intern_put(so->ids, o->id, strlen(o->id), &fresh);
	if (number >= so->newest_room) {
		so->newest_room = (number + 1) * 2;
		so->newest = must_grow(so->newest, so->newest_room, sizeof(*so->newest));
	}
	if (fresh || so->objects[so->newest[number]].modified <= o->modified)
		so->newest[number] = (size_t)(o - so->objects);
}

void stix_objects_tie(struct stix_objects *so, const char *from, enum stix_tie tie, const char *to)
{
	if (from == NULL || to == NULL)
		return;
	if (so->tie_count == so->tie_room) {
		so->tie_room = so->tie_room == 0 ? 256 : so->tie_room * 2;
		so->ties = must_grow(so->ties, so->tie_room, sizeof(*so->ties));
	}
	so->ties[so->tie_count] = (struct tie){ from, to, tie, so->tie_count };
	so->tie_count++;
}

/* By their first end, to be searched; then as the file has them. */
static int by_from(const void *a, const void *b)
{
	const struct tie *x = a, *y = b;
	int c = strcmp(x->from, y->from);

	return c != 0 ? c : (x->order > y->order) - (x->order < y->order);
}

static bool is_report(const struct stix_object *o)
{
	return strcmp(o->type, "report") == 0 || strcmp(o->type, "grouping") == 0;
}

void stix_objects_settle(struct stix_objects *so)
{
	if (so->tie_count > 0)
		qsort(so->ties, so->tie_count, sizeof(*so->ties), by_from);
	for (size_t i = 0; i < so->count && so->first_report == NULL; i++)
		if (so->objects[i].type != NULL && is_report(&so->objects[i]))
			so->first_report = so->objects[i].name;
}

size_t stix_objects_count(const struct stix_objects *so)
{
	return so->count;
}

const struct stix_object *stix_objects_at(const struct stix_objects *so, size_t i)
{
	return &so->objects[i];
}

const struct stix_object *stix_objects_find(const struct stix_objects *so, const char *id)
{
	uint32_t number = id != NULL ? intern_find(so->ids, id, strlen(id)) : INTERN_NONE;

	return number == INTERN_NONE ? NULL : &so->objects[so->newest[number]];
}

/* ---- ties ---- */

/* The first of an object, or NULL; the others follow. */
static const struct tie *first_tie(const struct stix_objects *so, const struct stix_object *o)
{
	struct tie first = { o->id, "", TIE_RELATED, 0 };
	size_t i;

	if (o->id == NULL)
		return NULL;
	i = search_from(&first, so->ties, so->tie_count, sizeof(*so->ties), by_from);
	return i < so->tie_count && strcmp(so->ties[i].from, o->id) == 0 ? &so->ties[i] : NULL;
}

static const struct tie *next_tie(const struct stix_objects *so, const struct tie *t)
{
	const struct tie *next = t + 1;

	return next < so->ties + so->tie_count && strcmp(next->from, t->from) == 0 ? next : NULL;
}

/* What the tie leads to, when it is of that kind and not withdrawn. */
static const struct stix_object *end_of(const struct stix_objects *so, const struct tie *t, enum stix_tie kind)
{
	const struct stix_object *to = t->kind == kind ? stix_objects_find(so, t->to) : NULL;

	return to != NULL && !to->revoked ? to : NULL;
}

bool stix_is_replaced(const struct stix_objects *so, const struct stix_object *o)
{
	const struct stix_object *newest = stix_objects_find(so, o->id);

	/* Two that were modified at one time are no versions: somebody copied the id. */
	return newest != NULL && newest != o && newest->modified > o->modified;
}

static const char *label_of(const struct stix_objects *so, const struct stix_object *o)
{
	const char *strictest = NULL;

	for (size_t i = 0; i < o->marking_count; i++) {
		const struct stix_object *marking = stix_objects_find(so, o->markings[i]);

		for (size_t k = 0; known_markings[k].id != NULL; k++)
			if (strcmp(known_markings[k].id, o->markings[i]) == 0)
				strictest = tlp_stricter(strictest, known_markings[k].tlp);
		if (marking != NULL)
			strictest = tlp_stricter(strictest, marking->tlp);
	}
	return strictest;
}

const char *stix_tlp(const struct stix_objects *so, const struct stix_object *o)
{
	const char *label = label_of(so, o);

	if (label != NULL)
		return label;
	for (const struct tie *t = first_tie(so, o); t != NULL; t = next_tie(so, t)) {
		const struct stix_object *report = end_of(so, t, TIE_REPORTED);

		if (report != NULL)
			label = tlp_stricter(label, label_of(so, report));
	}
	return label;
}

const char *stix_list(const struct stix_objects *so, const struct stix_object *o)
{
	const struct stix_object *producer;

	for (const struct tie *t = first_tie(so, o); t != NULL; t = next_tie(so, t)) {
		const struct stix_object *report = end_of(so, t, TIE_REPORTED);

		if (report != NULL && report->name != NULL)
			return report->name;
	}
	if (so->first_report != NULL)
		return so->first_report;
	producer = stix_objects_find(so, o->creator);
	return producer != NULL && strcmp(producer->type, "identity") == 0 ? producer->name : NULL;
}

const char *stix_techniques(const struct stix_objects *so, const struct stix_object *o, struct arena *arena)
{
	struct ids ids = { .count = 0 };

	ids_add_techniques(&ids, o->techniques);
	for (const struct tie *t = first_tie(so, o); t != NULL; t = next_tie(so, t)) {
		const struct stix_object *to = end_of(so, t, TIE_RELATED);

		if (to != NULL && strcmp(to->type, "attack-pattern") == 0)
			ids_add_techniques(&ids, to->techniques);
	}
	return ids_text(&ids, arena);
}

#define SAID_BYTES 300

/* Each thing once, and no more of it than a cell of a table holds. */
static void say(struct text *t, const char *s)
{
	size_t n = s != NULL ? strlen(s) : 0;

	if (n == 0 || strstr(text_str(t), s) != NULL)
		return;
	text_add(t, t->used > 0 ? "; " : "");
	text_addn(t, s, utf8_cut(s, n, SAID_BYTES));
}

const char *stix_context(const struct stix_objects *so, const struct stix_object *o, struct arena *arena)
{
	struct text t = { 0 };
	const char *all;

	if (o->description != NULL || o->name != NULL)
		text_add(&t, o->description != NULL ? o->description : o->name);
	for (const struct tie *tie = first_tie(so, o); tie != NULL; tie = next_tie(so, tie)) {
		const struct stix_object *to = end_of(so, tie, TIE_RELATED), *note = end_of(so, tie, TIE_NOTED);

		if (to != NULL && in_list(telling, to->type))
			say(&t, to->name);
		if (note != NULL)
			say(&t, note->description);
	}
	all = t.used > 0 ? arena_dup(arena, text_str(&t)) : NULL;
	text_free(&t);
	return all;
}

void stix_seen(const struct stix_objects *so, const struct stix_object *o, instant *first, instant *last)
{
	*first = o->from;
	*last = o->seen;
	for (const struct tie *t = first_tie(so, o); t != NULL; t = next_tie(so, t)) {
		const struct stix_object *sighting = end_of(so, t, TIE_SIGHTED);

		if (sighting == NULL)
			continue;
		if (sighting->from != INSTANT_NONE && (*first == INSTANT_NONE || sighting->from < *first))
			*first = sighting->from;
		if (sighting->seen != INSTANT_NONE && (*last == INSTANT_NONE || sighting->seen > *last))
			*last = sighting->seen;
	}
}

/* The indicator that a thing is given as the ground of, or that it was seen as. */
static const struct stix_object *trace_of_one(const struct stix_objects *so, const struct stix_object *o)
{
	for (const struct tie *t = first_tie(so, o); t != NULL; t = next_tie(so, t)) {
		const struct stix_object *to = end_of(so, t, TIE_NAMED), *sighting = end_of(so, t, TIE_SIGHTED);

		if (sighting != NULL)
			to = stix_objects_find(so, sighting->sighted);
		if (to != NULL && !to->revoked && !to->benign && (strcmp(to->type, "indicator") == 0 || in_list(telling, to->type)))
			return to;
	}
	return NULL;
}

const struct stix_object *stix_trace_of(const struct stix_objects *so, const struct stix_object *o)
{
	const struct stix_object *of = trace_of_one(so, o);

	for (const struct tie *t = first_tie(so, o); t != NULL && of == NULL; t = next_tie(so, t)) {
		const struct stix_object *observed = end_of(so, t, TIE_OBSERVED);

		if (observed != NULL)
			of = trace_of_one(so, observed);
	}
	return of;
}
