/* Tables of field paths: what a format says, without code. A row names a path and what
 * it fills. Of rows that fill the same thing, the first whose value says something wins (a
 * severity that is on the scale, a time that is one); entities are all taken, in the order
 * of the table.
 *
 *     static const struct field fields[] = {
 *             FIELD("timestamp", TAKE_AT),
 *             FIELD("alert.signature", TAKE_RULE_NAME),
 *             FIELD_SEVERITY("alert.severity", eve_severities),
 *             FIELD_ENTITY("src_ip", ENTITY_IP, ROLE_SOURCE),
 *             FIELDS_END
 *     };
 */
#ifndef TSUMUGI_FIELDS_H
#define TSUMUGI_FIELDS_H

#include "analyst/readers/canon.h"
#include "analyst/readers/dates.h"

enum take {
	TAKE_NOTHING,          /* the reader's own code looks at it */
	TAKE_AT,               /* first activity, any of the shapes of FORMATS 1.2 */
	TAKE_AT_UTC,           /* the same, and without a zone it is UTC by the format's rule */
	TAKE_UNTIL, TAKE_REPORTED, TAKE_NATIVE_ID, TAKE_TITLE, TAKE_PRODUCT, TAKE_RULE_ID,
	TAKE_RULE_NAME, TAKE_CATEGORY, TAKE_TECHNIQUES, TAKE_TACTICS, TAKE_SEVERITY, TAKE_CONFIDENCE,
	TAKE_SCORE,            /* 0-100 */
	TAKE_SCORE_OF_ONE,     /* 0-1, kept as 0-100 */
	TAKE_ACTION, TAKE_BYTES_OUT, TAKE_BYTES_IN, TAKE_COUNT, TAKE_TENANT, TAKE_ENTITY
};

/* A severity scale: words, or numbers from `from` on up to the next row's. */
struct band {
	const char *word;      /* NULL in a row of numbers */
	double from;
	enum severity severity;
};
#define BANDS_END { NULL, 0, (enum severity)-1 }

struct field {
	const char *path;
	enum take take;
	enum entity_kind kind;
	enum entity_role role;
	const struct band *bands;       /* TAKE_SEVERITY */
	const struct named *words;      /* TAKE_ACTION, TAKE_CONFIDENCE */
};

#define FIELD(path, take) { path, take, 0, 0, NULL, NULL }
#define FIELD_ENTITY(path, kind, role) { path, TAKE_ENTITY, kind, role, NULL, NULL }
#define FIELD_SEVERITY(path, bands) { path, TAKE_SEVERITY, 0, 0, bands, NULL }
#define FIELDS_END { NULL, TAKE_NOTHING, 0, 0, NULL, NULL }

/* The names of takes and of entity kinds and roles, as a column map spells them:
 * "time", "rule-name", "ip.source". */
bool field_named(struct field *out, const char *name);
extern const struct named field_takes[];
/* The other way: "ip.source", or NULL for TAKE_NOTHING. */
const char *field_name(const struct field *field, char *out, size_t room);

struct filling {               /* one alert being filled */
	struct alert *alert;
	struct arena *arena;
	struct ids techniques, tactics;
	uint32_t taken;            /* a bit each take that has its value */
	int assumed_offset;
	const char *bad_time;      /* a time that could not be read, or NULL */
	enum date_order date_order;      /* of the file; filling_begin leaves it */
	bool assumes_zone;               /* the user said assumed_offset; the same */
};

void filling_begin(struct filling *fi, struct alert *a, struct arena *arena, int assumed_offset);
void filling_take(struct filling *fi, const struct field *field, const char *s);     /* or NULL */
void filling_take_n(struct filling *fi, const struct field *field, const char *s, size_t n);   /* strlen(s) is n */
/* Defaults and lists. Returns NULL, or why this is no alert: it has no time, no rule. */
const char *filling_end(struct filling *fi);

enum severity severity_of(const struct band *bands, const char *s);

#endif
