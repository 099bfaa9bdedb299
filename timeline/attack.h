/* The attack timeline's rooms; only attack_events.c, attack_lanes.c and attack_timeline.c include this.
 *
 *   attack_events.c    which beats and acts of defenders get a column
 *   attack_lanes.c     who they are about: lanes, grouped where there are too many
 *   attack_timeline.c  where everything stands, and what is drawn */
#ifndef TSUMUGI_ATTACK_H
#define TSUMUGI_ATTACK_H

#include "timeline/axis.h"
#include "timeline/charts.h"

#define COLUMN_LEAST 31.0            /* "09:12:04" at 6.8 points and a gap */
#define LABEL_LEAST 110.0
#define NO_LANE UINT32_MAX

/* From top to bottom. */
enum party { PARTY_ATTACKER, PARTY_HOST, PARTY_OUTSIDE, PARTY_RESPONSE, PARTY_ANALYST, PARTIES };

struct attack_lane {
	enum party class;
	const char *key;             /* as the beats name it */
	const char *title, *under;
	enum face under_face;
	uint32_t entity;             /* or NO_ENTITY */
	uint32_t order;              /* inside its class */
	uint32_t members;            /* parties it stands for; 1 but for "+n others" */
	uint32_t drawn_as;           /* its place after sorting and grouping */
	double y;                    /* centre */
};

struct attack_event {
	const struct beat *beat;
	uint32_t index;              /* of the beat, or NO_BEAT */
	const char *label;           /* of an event without a beat */
	enum chart_side side;
	bool shown;
	uint32_t actor, object;      /* lanes, or NO_LANE */
	double x;
	colour ink;
};

struct attack {
	const struct chart_input *in;
	struct arena *arena;
	struct scene *sc;
	struct attack_event *all;           /* every story beat that has a time, in time order */
	size_t all_count;
	struct attack_event **shown;
	size_t shown_count;
	struct attack_lane *lanes;          /* as met, then as drawn */
	uint32_t lane_count;
	struct attack_lane *rows;
	uint32_t row_count;
	struct axis ruler;
	double plot_x, column, times_y, tactics_y, top, lane_height, bottom;
	bool many_days;
};

void attack_collect(struct attack *p);
void attack_choose(struct attack *p);
void attack_report(const struct attack *p, struct chart_finding *found);
bool attack_has_end(const struct beat *b);
void attack_find_lanes(struct attack *p);
void attack_group_lanes(struct attack *p, size_t most);

#endif
