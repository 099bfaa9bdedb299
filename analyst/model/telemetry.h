/* What sensors and logs recorded and no product judged: flows, look-ups, requests, events of
 * a machine. The case file keeps no record of it but counts, by hour and by who with whom
 * (store/schema/telemetry.sql); a week holds what charts and stories ask for:
 *
 *   how much was recorded in each hour                       week.hours
 *   which source recorded in which hours, so which was silent week.sensors
 *   whom a machine of the alerts spoke to, since when, when   week.contacts
 *   how much a machine of the alerts began in each hour       week.outflows
 */
#ifndef TSUMUGI_TELEMETRY_H
#define TSUMUGI_TELEMETRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyst/base/instant.h"
#include "analyst/base/pace.h"
#include "analyst/base/table.h"

/* The numbers are in case files. */
enum telemetry_kind {
	TELEMETRY_CONNECTION,      /* one connection: Zeek conn, EVE flow, Sysmon 3 */
	TELEMETRY_LOOKUP,          /* a name was asked for */
	TELEMETRY_WEB,             /* a request, as the network or the server saw it */
	TELEMETRY_TLS, TELEMETRY_FILE,
	TELEMETRY_ODDITY,          /* weird, anomaly */
	TELEMETRY_LOG,             /* an event of a machine's own log */
	TELEMETRY_OTHER,
	TELEMETRY_REACH,           /* no event: since when somebody could search the logs of `from`; see struct reach */
	TELEMETRY_KINDS
};
extern const struct named telemetry_kinds[];      /* "connection" ... */

/* One record, as a reader gives it. Texts are canonical (canon.h), or NULL. */
struct telemetry {
	enum telemetry_kind kind;
	instant at;
	const char *tenant;
	const char *from;          /* who began: an address, or the machine whose log it is */
	const char *to;            /* with whom: an address, a server */
	const char *name;          /* the domain asked for, or NULL */
	int64_t bytes_out, bytes_in;      /* seen from `from`; -1 unknown */
	uint64_t sum;              /* of the record's bytes: tells equal hours of two files from different ones */
};

/* ---- of a week ---- */

struct week_hour {
	int64_t hour;              /* since 1970, UTC */
	enum telemetry_kind kind;
	int64_t count, bytes_out, bytes_in;
};

/* All files of one format. */
struct sensor {
	const char *format;
	const int64_t *hours;      /* in which it recorded anything, ascending */
	uint32_t hour_count;
	int64_t count;             /* records */
};

/* How far back the logs of a machine go that somebody searched: before, nothing could be found in them. */
struct reach {
	uint32_t host;             /* entity of the week */
	instant from;
};

/* Whom one of the machines in alerts spoke to, of those that alerts name. */
struct contact {
	uint32_t from, with;       /* entities of the week */
	instant first;
	instant known;             /* the first record of `from` at all */
	instant folded;            /* the first hour in which `from` met more than are kept by name, or INT64_MAX */
	int64_t count, bytes_out, bytes_in;
	const instant *times;      /* whole seconds, ascending, each once; of addresses and names outside only */
	uint32_t time_count;
	bool crowded;              /* more times than are kept: those there are do not tell its rhythm */
};

/* What one of the machines in alerts began in an hour: connections and requests only. */
struct outflow {
	uint32_t from;             /* entity of the week */
	enum telemetry_kind kind;
	int64_t hour;              /* since 1970, UTC */
	int64_t count, bytes_out;
	int64_t elsewhere;         /* of the count: to none of the outside ends that alerts name */
};

struct week;

/* The earliest reach of the machine, or INSTANT_NONE. */
instant week_reach(const struct week *w, const uint32_t *machine, uint32_t host);
struct arena;

/* NULL when no telemetry says that they met. */
const struct contact *week_contact(const struct week *w, uint32_t from, uint32_t with);
/* How long the records of a machine reach back before it first met the other end: by whatever names they call it,
 * machine[entity] being the one it goes by (incident.h). -1 when no telemetry says that they met, an alert says that
 * they had met before, or the machine met more than are kept by name in an hour before. */
int64_t week_unmet(const struct week *w, const uint32_t *machine, uint32_t from, uint32_t with);

/* The even pace at which telemetry has two ends meet, by whatever names they go: of the contact with most of the times
 * that are known. */
void week_steady(struct steady *out, const struct week *w, const uint32_t *machine, uint32_t from, uint32_t with, struct arena *arena);

/* Records by hour, for a chart: of the kind that tells most of traffic, connections before
 * requests before all else. counts[i] belongs to hour begin + i; NULL and 0 without telemetry. */
struct week_volume {
	enum telemetry_kind kind;
	int64_t begin;             /* hours since 1970, UTC */
	uint32_t count;
	const int64_t *counts, *bytes;       /* bytes: both ways; of machines: out */
	const int64_t *elsewhere;            /* of machines only, see struct outflow */
};
void week_volume(struct week_volume *out, const struct week *w, struct arena *arena);
/* What the entities of own, one a week's entity, began: connections, where there are none requests. */
void week_volume_of(struct week_volume *out, const struct week *w, const bool *own, struct arena *arena);

/* A stretch of whole hours in which a source that records steadily recorded nothing. */
struct silence {
	const struct sensor *sensor;
	int64_t begin, end;        /* hours since 1970; end is the first with records again */
};
/* Longer than chance explains; by sensor, then time. Returns how many, at most `room`. */
size_t week_silences(struct silence *out, size_t room, const struct week *w);

#endif
