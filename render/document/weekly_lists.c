/* The lists at the foot of the first page: what to do first, which rules are loudest, what could not be seen. */
#include <math.h>
#include <string.h>

#include "analyst/model/view.h"
#include "analyst/readers/refang.h"
#include "render/document/weekly.h"
#include "timeline/palette.h"

#define ACTIONS_MOST 3
#define NOISY_MOST 4
#define BLIND_MOST 2          /* incidents whose unknowns stand on page 1; all are told on their pages */

/* The same thing to do for another incident is one thing to do. */
static struct item *same_action(const struct report *r, struct item *items, size_t n, const struct sentence *s)
{
	const char *words = sentence_plain(s, r->arena);

	for (size_t i = 0; i < n; i++) {
		const struct sentence other = { items[i].runs, items[i].run_count, NULL };

		if (strcmp(sentence_plain(&other, r->arena), words) == 0)
			return &items[i];
	}
	return NULL;
}

/* The first action of the first incidents; where there are few incidents, also their second and third. */
int weekly_actions(void *report, struct fault *f)
{
	struct weekly *wk = report;
	struct report *r = &wk->r;
	struct item items[ACTIONS_MOST];
	size_t n = 0, most = (size_t)(ACTIONS_MOST - (wk->tight > 5));

	(void)f;
	memset(items, 0, sizeof items);
	for (size_t turn = 0; turn < most && n < most; turn++)
		for (uint32_t i = 0; i < r->rq->an->queue_count && n < most; i++) {
			const struct incident *in = &r->rq->an->incidents[i];
			size_t count;
			const struct sentence *s = story_sentences(r->rq->phrases, r->rq->lang, r->reg, report_story(r, in),
			                                           PART_ACTION, r->rq->zone, r->arena, &count);
			struct item *same = turn < count ? same_action(r, items, n, &s[turn]) : NULL;

			if (same != NULL)
				same->aside = arena_printf(r->arena, "%s, #%u", same->aside, (unsigned)in->rank);
			if (turn >= count || same != NULL)
				continue;
			items[n].runs = s[turn].runs;
			items[n].run_count = s[turn].count;
			items[n].aside = arena_printf(r->arena, "#%u", (unsigned)in->rank);
			n++;
		}
	flow_heading(r->flow, report_word(r, "weekly.first"), NULL);
	if (n == 0)
		flow_text(r->flow, PARA_SMALL, report_word(r, "weekly.first.none"));
	flow_list(r->flow, BULLET_BOX, items, n, 1);
	return 0;
}

#define SPARK_DAYS 14
#define SPARK_LEAST 3

struct noisy {
	const struct report *r;
	const char *name, *count, *told;
	double count_room, told_room;         /* of the widest row */
	uint32_t day[SPARK_DAYS];
	int days;                             /* 0: too few to show a course */
};

#define NOISY_ROW 17.2
#define SPARK_WIDTH 44.0

static void draw_noisy(void *ctx, struct canvas *cv, double x, double y, double w, double h)
{
	const struct noisy *no = ctx;
	const struct typesetter *ts = &no->r->ts;
	double told = x + w, count = told - no->told_room - 7;
	double spark = count - no->count_room - 8 - (no->days > 0 ? SPARK_WIDTH : 0);
	double bar = no->days > 0 ? SPARK_WIDTH / no->days : 0, base = y + 11.6, top = 1;

	for (int i = 0; i < no->days; i++)
		top = fmax(top, no->day[i]);
	canvas_text(cv, ts, x, base, 8, FACE_REGULAR, ALIGN_LEFT, INK,
	            measure_fit(&no->r->measure, no->r->arena, no->name, 8, FACE_REGULAR, spark - x - 6));
	for (int i = 0; i < no->days; i++) {
		double high = no->day[i] > 0 ? fmax(0.8, 10.5 * no->day[i] / top) : 0.4;
		canvas_fill_rect(cv, spark + bar * i, base + 0.8 - high, bar - 1, high, BAR_DARK);
	}
	canvas_text(cv, ts, count, base, 8.2, FACE_BOLD, ALIGN_RIGHT, INK, no->count);
	canvas_text(cv, ts, told, base, 7.4, FACE_REGULAR, ALIGN_RIGHT, INK_2, no->told);
	canvas_rule(cv, x, y + h, x + w, y + h, 0.5, HAIRLINE);
}

static void fill_days(const struct weekly *wk, struct noisy *no, uint32_t rule)
{
	const struct analysis *an = wk->r.rq->an;

	no->days = (int)((wk->r.until - wk->r.since + DAY / 2) / DAY);
	no->days = no->days < SPARK_LEAST ? 0 : no->days > SPARK_DAYS ? SPARK_DAYS : no->days;
	for (uint32_t i = 0; i < an->week->mark_count; i++) {
		const struct mark *m = &an->week->marks[i];
		int64_t d = (m->at - wk->r.since) / DAY;
		if (m->rule == rule && view_holds(an, i) && m->at >= wk->r.since && d < no->days)
			no->day[d]++;
	}
}

int weekly_noisiest(void *report, struct fault *f)
{
	struct weekly *wk = report;
	struct report *r = &wk->r;
	const struct week *w = r->rq->an->week;
	struct noisy *rows[NOISY_MOST];
	double count = 0, told = 0;
	size_t n = 0;

	(void)f;
	flow_heading(r->flow, report_word(r, "weekly.noisy"), report_word(r, "weekly.noisy.aside"));
	for (; n < w->rule_count && n < (size_t)(NOISY_MOST - (wk->tight > 0)) && wk->rules[n].left > 0; n++) {
		const struct rule_count *rc = &wk->rules[n];
		rows[n] = arena_alloc(r->arena, sizeof(struct noisy));
		rows[n]->r = r;
		rows[n]->name = prose_defanged(r->arena, w->rules[rc->rule].rule.name);
		rows[n]->count = report_count(r, rc->left);
		rows[n]->told = REPORT_SAY(r, "weekly.noisy.told", F_NUMBER("n", rc->told));
		fill_days(wk, rows[n], rc->rule);
		count = fmax(count, typeset_width(&r->ts, rows[n]->count, 8.2, FACE_BOLD));
		told = fmax(told, typeset_width(&r->ts, rows[n]->told, 7.4, FACE_REGULAR));
	}
	for (size_t i = 0; i < n; i++) {
		rows[i]->count_room = count;
		rows[i]->told_room = told;
		flow_block(r->flow, NOISY_ROW, 0, draw_noisy, rows[i]);
	}
	if (n == 0)
		flow_text(r->flow, PARA_SMALL, report_word(r, "weekly.noisy.none"));
	return 0;
}

/* ---- what we could not see ---- */

static void blind_row(struct weekly *wk, const char *label, const struct run *runs, size_t n)
{
	struct cell cells[2];

	memset(cells, 0, sizeof cells);
	cells[0] = report_cell(&wk->r, label, RUN_STRONG, PARA_SMALL, 0, 1);
	cells[1].text[0] = (struct cell_text){ runs, n, PARA_SMALL, 0, 2 };
	flow_row(wk->r.flow, cells, NO_COLOUR, NULL);
}

static void blind_say(struct weekly *wk, const char *label, const char *text)
{
	blind_row(wk, report_word(&wk->r, label), report_run(&wk->r, text, RUN_PLAIN), 1);
}

#define SILENCES_MOST 64

/* Those that reach into the period. */
static size_t silences_shown(const struct weekly *wk, struct silence *all)
{
	const struct report_request *rq = wk->r.rq;
	size_t n = week_silences(all, SILENCES_MOST, rq->an->week), kept = 0;

	for (size_t i = 0; i < n; i++)
		if ((rq->since == INSTANT_NONE || all[i].end * HOUR > rq->since) &&
		    (rq->until == INSTANT_NONE || all[i].begin * HOUR < rq->until))
			all[kept++] = all[i];
	return kept;
}

/* Hours in which a source that records steadily recorded nothing: the longest, and how many more. */
static bool silent_row(struct weekly *wk)
{
	struct report *r = &wk->r;
	struct silence all[SILENCES_MOST];
	const struct silence *longest = all;
	size_t n = silences_shown(wk, all);

	if (n == 0)
		return false;
	for (size_t i = 1; i < n; i++)
		if (all[i].end - all[i].begin > longest->end - longest->begin)
			longest = &all[i];
#define SILENT_FACTS F_TEXT("source", longest->sensor->format), F_TIME("from", longest->begin * HOUR), \
	F_TIME("until", longest->end * HOUR)
	blind_say(wk, "weekly.blind.silent",
	          n == 1 ? REPORT_SAY(r, "weekly.blind.silent.text", SILENT_FACTS) :
	                   REPORT_SAY(r, "weekly.blind.silent.text", SILENT_FACTS, F_NUMBER("more", n - 1)));
#undef SILENT_FACTS
	return true;
}

static size_t unknown_rows(struct weekly *wk, uint32_t most)
{
	struct report *r = &wk->r;
	size_t rows = 0;

	for (uint32_t i = 0; i < r->rq->an->queue_count && i < most; i++) {
		const struct incident *in = &r->rq->an->incidents[i];
		size_t count;
		const struct sentence *s = story_sentences(r->rq->phrases, r->rq->lang, r->reg, report_story(r, in),
		                                           PART_UNKNOWN, r->rq->zone, r->arena, &count);
		/* The last one is the most particular: "the records begin on ..." */
		if (count == 0)
			continue;
		blind_row(wk, arena_printf(r->arena, "#%u  %s", (unsigned)in->rank, report_subject(r, in)), s[count - 1].runs,
		          s[count - 1].count);
		rows++;
	}
	return rows;
}

int weekly_blind(void *report, struct fault *f)
{
	struct weekly *wk = report;
	struct report *r = &wk->r;
	const struct column columns[] = { { NULL, 0.3, ALIGN_LEFT, NULL }, { NULL, 0.7, ALIGN_LEFT, NULL } };
	size_t rows;
	bool silent, none;

	(void)f;
	flow_keep_begin(r->flow);
	flow_heading(r->flow, report_word(r, "weekly.blind"), NULL);
	flow_table_begin(r->flow, columns, 2);
	rows = unknown_rows(wk, (uint32_t)(BLIND_MOST - (wk->tight > 1) - (wk->tight > 3)));
	if (wk->found.gaps > 0)
		blind_say(wk, "weekly.blind.gaps", REPORT_SAY(r, "weekly.blind.gaps.text", F_NUMBER("n", wk->found.gaps)));
	silent = silent_row(wk);
	none = r->rq->an->view != NULL && wk->records == 0;
	if (none)
		blind_say(wk, "weekly.blind.records", report_word(r, "weekly.blind.none"));
	if (wk->sum.rejected > 0)
		blind_say(wk, "weekly.blind.rejected", REPORT_SAY(r, weekly_key(wk, "weekly.blind.rejected.text"), F_NUMBER("n", wk->sum.rejected),
		                                                  F_NUMBER("read", wk->sum.read)));
	if (wk->found.gaps == 0 && !silent && wk->sum.rejected == 0 && r->rq->source_count > 0 && wk->found.alerts > 1)
		blind_say(wk, "weekly.blind.records", REPORT_SAY(r, weekly_key(wk, "weekly.blind.records.text"), F_NUMBER("n", wk->sum.read)));
	else if (!none && rows == 0 && wk->found.gaps == 0 && !silent && wk->sum.rejected == 0)
		blind_say(wk, "weekly.blind.records", report_word(r, "weekly.blind.nothing"));
	flow_table_end(r->flow);
	flow_keep_end(r->flow);
	return 0;
}
