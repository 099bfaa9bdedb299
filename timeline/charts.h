/* The charts, each one file and one row of chart_list. A chart lays a scene out from the analysis and
 * says in numbers what it found, so that its caption can state the finding and a test can recompute it:
 *
 *     struct chart_finding found;
 *     struct scene *sc = chart_find("attack-timeline")->draw(&in, &found);
 *     scene_title(sc, claim made from found, how to read it);
 *
 * Everything belongs to in->arena. Drawing cannot fail: an empty week is an empty frame that says so. */
#ifndef TSUMUGI_CHARTS_H
#define TSUMUGI_CHARTS_H

#include "analyst/model/incident.h"
#include "analyst/model/narrative.h"
#include "timeline/scene.h"
#include "timeline/words.h"

/* The compact form is a row of cells for a table, the heading the two-letter codes above it. */
enum chart_form { CHART_FULL, CHART_COMPACT, CHART_HEADING };

struct chart_input {
	const struct analysis *analysis;
	const struct incident *incident;       /* of charts with of_incident */
	const struct narrative *story;         /* its story */
	const struct zone *zone;
	const struct measure *measure;
	const struct chart_words *words;
	struct arena *arena;
	double width, height;                  /* points; height 0: as high as the chart needs */
	instant since, until;                  /* the period shown, until exclusive; until 0: that of the week */
	const char *const *beat_labels;        /* one a beat of the story, for notes; or NULL */
	const char *const *incident_labels;    /* one an incident of the queue, by rank; or NULL */
	enum chart_form form;
};

enum chart_side { SIDE_ATTACK, SIDE_RESPONSE, SIDE_ANALYST };

#define NO_BEAT UINT32_MAX

/* One numbered mark of the attack timeline, for the list under it. */
struct chart_event {
	unsigned number;             /* from 1 */
	uint32_t beat;               /* index into the story's beats, or NO_BEAT: */
	const char *label;           /* then the rule that tells of a defender's act the story has no room for */
	enum chart_side side;
	instant at;
};

#define TACTICS 14

struct chart_finding {
	/* attack timeline */
	const struct chart_event *events;
	size_t event_count;          /* shown */
	size_t hidden;               /* left out, printed as +n */
	size_t steps[3];             /* shown and hidden, by enum chart_side */
	size_t unsaid;               /* of steps: defenders' acts that the story does not tell, one a target */
	size_t bars;                 /* acts of defenders that lasted, shown */
	instant first, last;         /* when the first and the last event began */
	instant end;                 /* when the last attacker's step ended */
	/* week overview */
	uint64_t alerts;             /* in the period */
	uint64_t outside;            /* of the week, but outside the period */
	uint64_t by_severity[6];
	int64_t bin;                 /* nanoseconds */
	uint64_t peak;               /* the fullest bin */
	instant peak_at;
	size_t clipped;              /* bars too high for the frame, cut with their number */
	size_t gaps;                 /* stretches without any record, hatched */
	size_t incidents, incidents_hidden;
	/* the ATT&CK strip */
	unsigned tactics;            /* bit t: seen */
	size_t tactic_count, technique_count, observations;
	unsigned per_tactic[TACTICS];
	const char *const *techniques;      /* those of the cells, sorted, each once; techniques_named of them */
	size_t techniques_named;
	/* beacon intervals; calls 0: no pace to draw */
	size_t calls;
	int64_t pause, deviation;    /* median, and median distance from it; nanoseconds */
	const char *called;          /* the outside host, not defanged, or NULL */
};

struct chart {
	const char *name;            /* "attack-timeline" */
	const char *summary;         /* for chart --list */
	int of_incident;             /* 1: needs an incident and its story */
	struct scene *(*draw)(const struct chart_input *in, struct chart_finding *found);
	int (*applies)(const struct narrative *story);   /* whether there is anything to show; NULL: always */
};

extern const struct chart *const chart_list[];           /* NULL at the end */
const struct chart *chart_find(const char *name);        /* or NULL */

extern const struct chart chart_attack_timeline, chart_week_overview, chart_attack_strip, chart_beacon_intervals;

/* Keys of all alerts behind episodes of the analysis, for scene_note. */
const uint64_t *chart_proof(const struct chart_input *in, const uint32_t *episodes, size_t count, size_t *keys);

#endif
