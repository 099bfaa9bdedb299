/* The charts, each one file and one row of chart_list. A chart lays a scene out from the analysis and
 * says in numbers what it found, so that its caption can state the finding and a test can recompute it:
 *
 *     struct chart_finding found;
 *     struct scene *sc = chart_find("attack-timeline")->draw(&in, &found);
 *     scene_title(sc, claim made from found, how to read it);
 *
 * A new one is its file, its declaration below, a row of chart_list, its claim.NAME and caption.NAME in
 * templates/words-charts.xml, and a row of captions[] in render/document/figures.c for the facts that these name.
 *
 * Everything belongs to in->arena. Drawing cannot fail: an empty week is an empty frame that says so. */
#ifndef TSUMUGI_CHARTS_H
#define TSUMUGI_CHARTS_H

#include <stdbool.h>

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
	const char *const *factor_labels;      /* one a factor of the incident's score; or NULL */
	const struct chart_card *cards;        /* of the evidence cards; in the order of the story */
	size_t card_count;
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

/* What a card of evidence says: words and numbers of the report's own card, which is laid out in running text. */
struct card_row {
	const char *label, *value;
	bool code;                   /* set in mono */
};

struct chart_card {
	const char *number, *title, *time;   /* "E5" */
	const char *heading;         /* over the reasons */
	uint32_t beat;
	const struct card_row *rows;
	size_t row_count;
	const char *const *reasons;
	size_t reason_count;
	struct card_number {         /* the two numbers that prove it, the first the stronger */
		const char *value, *what;
	} numbers[2];
	size_t number_count;
	size_t strong;               /* of them, those that say more than how often a rule fired */
};

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
	/* week overview, volume */
	uint64_t alerts;             /* in the period; of volume: what is counted, see counted */
	enum chart_counts {
		COUNTS_ALERTS, COUNTS_CONNECTIONS, COUNTS_REQUESTS
	} counted;                   /* of volume; of kept, too */
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
	/* volume; peak and peak_at are those of the oddest bin */
	bool banded, by_days;        /* there is an expected range; it comes from the same hours of other days */
	size_t bursts;               /* bins above it */
	uint64_t usual, expected;    /* of the oddest bin: the median, and the most within the range */
	size_t ordinary;             /* of incidents: began in a bin within the range */
	size_t marks;                /* detections of incidents, each once */
	/* response; first: the first sign, last: the last act's begin, bars: acts that lasted */
	size_t acts;                 /* what was acted on, by one product */
	uint64_t records;            /* of them */
	int64_t answered;            /* from the first sign to the first act, or -1 */
	int64_t fastest, slowest;    /* from a step of the attack to the act after it; fastest -1: none known */
	uint64_t kept;               /* from the first act on, of the same machines: other alerts, or what telemetry counts
	                              * of connections to ends that no alert names, in whole hours */
	/* graph */
	size_t machines;             /* all, drawn or folded; of volume: whose alerts are counted, 0: all */
	size_t outside_parties, accounts, files;
	size_t edges;                /* pairs with a reason */
	bool edges_cut;              /* there are more */
	size_t between;              /* of them between two machines of ours */
	size_t folded;               /* parties that share a node "and N more" */
	size_t untouched;            /* other machines of ours that the week's records name */
	/* factors */
	double score, points[3];     /* of the three that count most */
	size_t factors, lowering;    /* drawn; of them those that take away */
	const char *first_factor;    /* key of the one that counts most, or NULL */
	/* cards */
	size_t cards, cards_hidden, proofs;      /* proofs: numbers shown */
};

enum chart_of { CHART_OF_WEEK, CHART_OF_INCIDENT, CHART_OF_EITHER /* of an incident where one is given */ };

struct chart {
	const char *name;            /* "attack-timeline" */
	const char *summary;         /* for chart --list */
	enum chart_of of_incident;   /* an incident goes with its story */
	struct scene *(*draw)(const struct chart_input *in, struct chart_finding *found);
	int (*applies)(const struct chart_input *in);        /* whether there is anything to show; NULL: always */
};

extern const struct chart *const chart_list[];           /* NULL at the end */
const struct chart *chart_find(const char *name);        /* or NULL */

extern const struct chart chart_attack_timeline, chart_week_overview, chart_attack_strip, chart_beacon_intervals,
	chart_volume_anomalies, chart_response_timeline, chart_entity_graph, chart_priority_factors, chart_evidence_cards;

/* One an entity of the week: whether it is a machine of the incident. */
const bool *chart_own(const struct chart_input *in);
/* The same and the addresses that go with one of these machines alone: what telemetry knows them by. */
const bool *chart_ends(const struct chart_input *in);
/* Keys of all alerts behind episodes of the analysis, for scene_note. */
const uint64_t *chart_proof(const struct chart_input *in, const uint32_t *episodes, size_t count, size_t *keys);

#endif
