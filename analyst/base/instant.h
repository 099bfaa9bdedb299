/* Moments in time: nanoseconds since 1970-01-01 UTC, and zones to show them in. */
#ifndef TSUMUGI_INSTANT_H
#define TSUMUGI_INSTANT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyst/base/fault.h"

typedef int64_t instant;

#define INSTANT_NONE INT64_MIN
#define SECOND INT64_C(1000000000)
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

/* How the zone of a parsed time was known (FORMATS 1.1). */
enum zone_origin { ZONE_NONE, ZONE_GIVEN, ZONE_ASSUMED, ZONE_BY_SPEC };

/* Parses ISO 8601 and its relatives in n bytes: "T" or space, 0-9 fraction digits,
 * Z, UTC, GMT, JST, +09:00, +0900 or no zone, for which assumed_offset (seconds east)
 * is taken. Returns false when it is no time; range 1970-2200. */
bool instant_parse(instant *out, enum zone_origin *origin, const char *s, size_t n,
                   int assumed_offset);
/* Digits with an optional fraction, as seconds, milliseconds, microseconds or
 * nanoseconds told by magnitude, which is exact for 1990-2200. */
bool instant_parse_epoch(instant *out, const char *s, size_t n);
instant instant_from_seconds(int64_t seconds);

/* "2021-03-11T00:12:04Z", with milliseconds only where they are not zero. out has
 * room for INSTANT_ROOM bytes. */
#define INSTANT_ROOM 40
void instant_utc(char out[INSTANT_ROOM], instant t);

/* A zone for readers: "UTC", "Asia/Tokyo", "+09:00". Needs the system's zone
 * files for names; JST and UTC are always known. */
struct zone {
	char name[64];
	int fixed;               /* seconds east, when no zone file is used */
	struct zone_rules *rules;  /* NULL for a fixed offset */
};

int zone_load(struct zone *out, const char *name, struct fault *f);
void zone_free(struct zone *z);

struct civil {
	int year, month, day;    /* month and day from 1 */
	int hour, minute, second, nanosecond;
	int weekday;             /* 0 is Sunday */
	int offset;              /* seconds east of UTC */
	char abbreviation[12];   /* "JST", "UTC", "+09" */
};

struct civil civil_from(instant t, const struct zone *z);
instant civil_to_instant(int year, int month, int day, int hour, int minute, int second,
                         const struct zone *z);
/* ISO 8601 week of the civil date: year in *year, week 1-53 returned. */
int civil_week(const struct civil *c, int *year);
/* Parses what --since and --until take: an ISO time, or a date (midnight in the zone). */
bool instant_parse_option(instant *out, const char *s, const struct zone *z);

/* The document date and "now": SOURCE_DATE_EPOCH when set, else fallback. A bad
 * value is a fault. */
int instant_now(instant *out, instant fallback, struct fault *f);
/* Nanoseconds of a clock that is never set, to measure how long something takes. */
int64_t clock_monotonic(void);

#endif
