/* A reader turns the records of one format into alerts, indicators and assets: bytes in,
 * records out through a sink. It opens no files, knows no store and keeps no globals, so that it
 * can run in a process without rights (THREATS 4).
 *
 * To add a format: one file with a table of fields and a `const struct reader` at its
 * foot, one row in readers.c, one example in examples.c; reader_template.c is a start.
 *
 *     struct reading *rg;
 *     if (reading_new(&rg, &reader_eve, &options, &sink, f) < 0 || reading_run(rg, source, f) < 0) ...
 *     reading_free(rg);
 */
#ifndef TSUMUGI_READER_H
#define TSUMUGI_READER_H

#include "analyst/model/asset.h"
#include "analyst/model/event.h"
#include "analyst/model/telemetry.h"
#include "analyst/model/tlp.h"
#include "analyst/readers/csv_map.h"
#include "analyst/readers/fields.h"
#include "analyst/readers/framing.h"
#include "analyst/readers/json.h"

/* Why a record gives neither alert, indicator nor reject. */
enum blank {
	BLANK_EMPTY,          /* an empty line, a comment, text that holds nothing to take */
	BLANK_TELEMETRY,      /* an event that no product judged: flows, look-ups, statistics */
	BLANK_CONTEXT         /* an object that only explains others */
};

/* Where records go: for each record of the file at least one call. Each returns 0, or -1 with
 * a fault, which ends the reading. What is handed over is good during the call. */
struct sink {
	void *ctx;
	int (*alert)(void *ctx, const struct alert *a, const struct place *at, const char *bytes, size_t n,
	             struct fault *f);
	int (*indicator)(void *ctx, const struct indicator *i, const struct place *at, struct fault *f);
	int (*reject)(void *ctx, const struct place *at, const char *reason, struct fault *f);
	int (*blank)(void *ctx, const struct place *at, enum blank why, struct fault *f);
	/* Of an event that no product judged: what it comes to, or NULL when it is telemetry. The
	 * function may be NULL, and then all of them are. */
	const struct judgement *(*judge)(void *ctx, const struct event *e);
	/* NULL only where no reader of assets runs. */
	int (*asset)(void *ctx, const struct asset *a, const struct place *at, struct fault *f);
	/* An event that no product judged, for the counts of telemetry.h; bytes are the record's. May
	 * be NULL: then it is blank, as telemetry without a time is. */
	int (*telemetry)(void *ctx, const struct telemetry *t, const struct place *at, const char *bytes, size_t n,
	                 struct fault *f);
};

/* What a record may be at the most (FORMATS 1.6); 0 is the default. Over it, it is a counted reject. */
struct limits {
	size_t record;                          /* bytes: RECORD_LIMIT; of a file that is one record WHOLE_LIMIT */
	size_t string;                          /* bytes of a JSON string: JSON_STRING */
	int depth, keys;                        /* of JSON: JSON_DEPTH levels, JSON_KEYS keys of one object */
};

struct reader_options {
	int assumed_offset;                     /* seconds east, for times without a zone */
	bool assumes_zone;                      /* the user said so */
	const char *tenant;                     /* or NULL */
	instant written;                        /* when the file was last written; 0 unknown: for times without a year */
	instant found;                          /* the time of records that carry none; 0 unknown */
	enum date_order date_order;             /* of dates such as 03/04/2021 */
	struct limits limits;
	const char *list;                       /* name of a list of indicators that has none itself, or NULL */
	const struct csv_map *map;              /* the user's own, or NULL */
	const struct csv_map *const *maps;      /* those that ship; map_count of them */
	size_t map_count;
	const char *head;                       /* the first bytes of the file, as probed; may be NULL */
	size_t head_size;
};

/* A sign of a format: a path of its records, or a column of its header, and what it is
 * worth. Points add up; 60 decide. */
struct clue {
	const char *path;
	int points;
};

#define PROBE_SIZE ((size_t)64 * 1024)
#define PROBE_ENOUGH 60

struct probe {
	const char *bytes;               /* without a byte order mark */
	size_t n;
	bool whole;                      /* that is all of the file */
	const struct reader_options *options;
};

struct reading;

struct reader {
	const char *name;                /* "suricata-eve" */
	const char *summary;             /* "Suricata EVE, JSON" */
	const char *gives;               /* "alerts", "indicators", "assets" */
	const char *extensions;          /* ".json .jsonl": a hint for people, never used to choose */
	enum framing_kind framing;
	const char *const *wrappers;     /* see framing_rules */
	const char *mark;                /* the same */
	const char *below;               /* records may sit under this key: "_source" */
	const struct field *fields;      /* JSON paths, keys or columns; ends at a row whose path is NULL */
	const struct clue *clues;        /* the same */
	const struct field *const *inner;    /* of objects inside records (nested.h), READER_INNER and NULL; may be NULL */
	bool or_csv;                     /* JSON, or a CSV whose columns are the fields (header.h) */
	bool whole;                      /* records are handed on only when the file has been read: no entry in the middle */
	bool mapped;                     /* by a column map: its fields are the user's to name */
	bool wraps;                      /* its records hold records of other formats (inside.h) */
	int (*probe)(const struct probe *p);                              /* instead of clues */
	int (*open)(struct reading *rg, struct fault *f);                 /* may be NULL */
	int (*record)(struct reading *rg, const struct record *rec, struct fault *f);
	int (*finish)(struct reading *rg, struct fault *f);               /* may be NULL */
	void (*close)(struct reading *rg);                                /* may be NULL */
};

#define READER_INNER 3

/* One file on its way through a reader. */
struct reading {
	const struct reader *reader;
	struct reader_options options;
	struct sink sink;
	struct arena *arena;             /* of the record: forgotten when record() returns */
	struct arena *kept;              /* of the file */
	struct json *json;               /* FRAME_JSON: the record, parsed by the fields' paths */
	struct json_paths *paths;
	uint64_t *taken;                 /* a bit each field that reading_fill fills in */
	struct header *header;           /* of an or_csv reader's CSV, instead of json */
	struct nested *inner[READER_INNER];
	struct framing_rules framing;    /* open() may change it */
	struct alert alert;
	struct filling filling;
	void *state;                     /* the reader's own */
};

int reading_new(struct reading **out, const struct reader *reader, const struct reader_options *options,
                const struct sink *sink, struct fault *f);
int reading_run(struct reading *rg, struct byte_source source, struct fault *f);
/* One record that lies in memory: what reading_run does with each. */
int reading_record(struct reading *rg, const struct record *rec, struct fault *f);
void reading_free(struct reading *rg);        /* accepts NULL */

/* For JSON readers. The value of a row's path or column, by the row's number in the table; and all
 * rows at once into rg->alert. */
const char *reading_text(const struct reading *rg, size_t row);
void reading_fill(struct reading *rg);
/* What a judgement says, into rg->alert. */
void reading_judged(struct reading *rg, const struct judgement *j);
/* Ends the alert in rg->alert: hands it on, or rejects the record that made none. */
int reading_alert(struct reading *rg, const struct record *rec, struct fault *f);
int reading_reject(struct reading *rg, const struct record *rec, const char *reason, struct fault *f);
int reading_blank(struct reading *rg, const struct record *rec, enum blank why, struct fault *f);

/* The same without a rule: rg->alert, filled as for an alert, is telemetry. Its ends are the
 * first address, else host, of each role; its name the destination's domain. */
int reading_telemetry(struct reading *rg, const struct record *rec, enum telemetry_kind kind, struct fault *f);
/* What a JSON record's time, bytes and ends are: as reading_fill, without what telemetry has no use for. */
void reading_fill_ends(struct reading *rg);
/* The kind by what Suricata and Zeek call their logs: "flow", "conn", "dns" ... */
enum telemetry_kind telemetry_kind_of(const char *log);

/* A record made up, for people: enough to be told by its content. */
const char *reader_example(const struct reader *reader);
/* What a reader takes from where, in lines for people, beside its table of fields; NULL where the table says all. */
const char *reader_reads(const struct reader *reader);

/* An indicator with nothing said but what was found. */
struct found;
void indicator_of(struct indicator *out, const struct found *found, const char *list);
/* As lists write times; INSTANT_NONE of NULL and of what is none. */
instant indicator_time(const struct reading *rg, const char *s);

/* Whether a column map for alerts fits the header, however badly. */
bool csv_is_alerts(const struct reader_options *o, const struct cell *cells, size_t count);

/* ---- all of them ---- */

extern const struct reader *const readers[];       /* ends with NULL */
/* What the clues of a JSON reader find: for probes that also look at something else. */
int reader_score_json(const struct reader *reader, const struct probe *p);
const struct reader *reader_named(const char *name);       /* or NULL */
int reader_score(const struct reader *reader, const struct probe *p);
/* The one reader whose score is enough and the best. Otherwise a fault that says what it
 * may be and how to choose. */
int reader_choose(const struct reader **out, const struct probe *p, struct fault *f);

#endif
