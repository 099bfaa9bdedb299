/* What is kept of a STIX bundle's objects until all of them are there, and what they say of each other: which malware an
 * indicator points to, which report names it, under which label. Objects refer to others that may come later.
 *
 * Strings belong to whoever kept them and live as long. */
#ifndef TSUMUGI_STIX_OBJECTS_H
#define TSUMUGI_STIX_OBJECTS_H

#include "analyst/base/arena.h"
#include "analyst/base/instant.h"
#include "analyst/model/alert.h"
#include "analyst/readers/stix_pattern.h"

/* What an observable holds. */
struct stix_value {
	struct pattern_value held;
	bool beside_hash;            /* a file's name, where its hash says more */
};

struct stix_object {
	struct place at;
	const char *id, *creator;    /* created_by_ref */
	const char *type;
	const char *name, *description;
	const char *pattern, *pattern_type;      /* of an indicator */
	const char *techniques;      /* ATT&CK ids of its own references, or NULL */
	const char *tlp;             /* of a marking-definition: its label */
	const char *sighted;         /* of a sighting: the id of what was seen */
	const char *reason;          /* a record that cannot be read */
	const char **markings;       /* marking_count ids, its own and those of its parts */
	size_t marking_count;
	instant from, until, seen, modified;     /* valid_from or first_seen, valid_until, last_seen; or INSTANT_NONE */
	int confidence;
	bool revoked, benign;
	struct stix_value *values;               /* of an observable, or of those an observed-data of 2.0 embeds */
	size_t value_count;
};

/* Why one object is told with another. */
enum stix_tie {
	TIE_RELATED,             /* a relationship: indicator -> malware, attack-pattern ... */
	TIE_NAMED,               /* observable -> the indicator based on it */
	TIE_OBSERVED,            /* observable -> observed-data */
	TIE_SIGHTED,             /* indicator, observed-data -> sighting */
	TIE_REPORTED,            /* object -> report or grouping */
	TIE_NOTED                /* object -> note */
};

struct stix_objects;

struct stix_objects *stix_objects_new(void);
void stix_objects_free(struct stix_objects *so);         /* accepts NULL */
/* Good until the next is added. */
struct stix_object *stix_objects_add(struct stix_objects *so);
/* After its id and modified are set. */
void stix_objects_know(struct stix_objects *so, const struct stix_object *o);
void stix_objects_tie(struct stix_objects *so, const char *from, enum stix_tie tie, const char *to);      /* NULL ids tie nothing */

size_t stix_objects_count(const struct stix_objects *so);
/* Once all ties are known, before anything below is asked. */
void stix_objects_settle(struct stix_objects *so);
const struct stix_object *stix_objects_at(const struct stix_objects *so, size_t i);
const struct stix_object *stix_objects_find(const struct stix_objects *so, const char *id);      /* the newest, or NULL */

/* A version modified later has taken its place. */
bool stix_is_replaced(const struct stix_objects *so, const struct stix_object *o);
/* The strictest label of its markings; of an object without one that of the reports that name it. Or NULL. */
const char *stix_tlp(const struct stix_objects *so, const struct stix_object *o);
/* The first report that names it, else the first of all, else whoever states it; or NULL. */
const char *stix_list(const struct stix_objects *so, const struct stix_object *o);
/* Its own techniques and those it is related to; or NULL. */
const char *stix_techniques(const struct stix_objects *so, const struct stix_object *o, struct arena *arena);
/* What is said of it: its description or name, the malware and actors it is related to, notes. Or NULL. */
const char *stix_context(const struct stix_objects *so, const struct stix_object *o, struct arena *arena);
/* From its first sighting on, and its last; INSTANT_NONE where nobody says. */
void stix_seen(const struct stix_objects *so, const struct stix_object *o, instant *first, instant *last);
/* Of an observable: what it is a trace of, says a relationship or a sighting; NULL: it is context. */
const struct stix_object *stix_trace_of(const struct stix_objects *so, const struct stix_object *o);

#endif
