/* The pages after the first: each incident told, then what was left out and how it adds up. */
#include <string.h>

#include "analyst/readers/refang.h"
#include "render/document/figures.h"
#include "render/document/weekly.h"
#include "timeline/palette.h"

#define SOURCE_ROWS 60
#define VOLUME_HEIGHT 100.0
#define TIMELINE_HEIGHT 150.0     /* narrow lanes: the customer's report has the large one */
#define TIMELINE_LEAST 3          /* events of the first incident that are worth a chart */

/* How much is told of the first incident and of the others: the customer's report and 'show' have all. The first row
 * that keeps the report to its pages is taken. */
static const struct detail {
	uint32_t told;                    /* incidents; the others stand in the ranked table only */
	size_t first_sentences, other_sentences;
	size_t judgements;                /* sentences of each kind */
	size_t first_evidence, other_evidence;       /* rows: those of the story */
} details[] = {
	{ 8, 5, 3, 2, 5, 3 },
	{ 8, 5, 3, 1, 5, 2 },
	{ 8, 4, 2, 1, 3, 2 },
	{ 7, 4, 2, 1, 3, 2 },
	{ 6, 4, 2, 1, 3, 2 },
	{ 5, 4, 2, 1, 3, 2 },
	{ 4, 4, 2, 1, 3, 2 },
	{ 3, 4, 2, 1, 3, 2 },
};

size_t weekly_details(void)
{
	return sizeof details / sizeof details[0];
}

/* A narrative whose beats have no order of telling is told from its beginning. */
static void story(struct report *r, const struct narrative *n, size_t most)
{
	size_t count;
	const struct sentence *s = story_brief(r->rq->phrases, r->rq->lang, r->reg, n, most, r->rq->zone, r->arena, &count);

	if (count == 0) {
		s = story_sentences(r->rq->phrases, r->rq->lang, r->reg, n, PART_STORY, r->rq->zone, r->arena, &count);
		count = count < most ? count : most;
	}
	if (count > 0)
		flow_sentences(r->flow, PARA_STORY, s, count);
}

/* One paragraph; label runs in at its beginning. */
static void part(struct report *r, const struct narrative *n, enum part which, const char *label, size_t most)
{
	size_t count;
	const struct sentence *s = story_sentences(r->rq->phrases, r->rq->lang, r->reg, n, which, r->rq->zone, r->arena, &count);
	struct sentence *all;
	bool ja = r->rq->lang == LANGUAGE_JA;

	if (count == 0)
		return;
	if (count > most)
		count = most;
	all = ARENA_ARRAY(r->arena, struct sentence, count + 1);
	/* English gets its space between sentences. */
	all[0] = (struct sentence){ report_run(r, arena_printf(r->arena, "%s%s", report_word(r, label), ja ? " " : ""),
	                                       RUN_STRONG), 1, NULL };
	memcpy(all + 1, s, count * sizeof *s);
	flow_sentences(r->flow, PARA_SMALL, all, count + 1);
}

static void incident_actions(struct report *r, const struct narrative *n)
{
	size_t count;
	const struct sentence *s = story_sentences(r->rq->phrases, r->rq->lang, r->reg, n, PART_ACTION, r->rq->zone, r->arena, &count);
	struct item *items = ARENA_ARRAY(r->arena, struct item, count + 1);

	for (size_t i = 0; i < count; i++) {
		items[i].runs = s[i].runs;
		items[i].run_count = s[i].count;
	}
	if (count > 0) {
		flow_subheading(r->flow, report_word(r, "weekly.incident.actions"), NULL);
		flow_list(r->flow, BULLET_BOX, items, count, 1);
	}
}

/* Its caption is made as the customer report's is, so that both say the same. */
static void incident_figure(struct report *r, const struct incident *in)
{
	struct chart_finding found;
	struct figures figures;
	const struct scene *sc;
	const char *claim, *caption;

	memset(&found, 0, sizeof found);
	sc = report_chart(r, "attack-timeline", in, flow_width(r->flow), TIMELINE_HEIGHT, CHART_FULL, &found);
	if (sc == NULL || found.event_count < TIMELINE_LEAST)
		return;
	figures_init(&figures, r->rq->phrases, r->rq->lang, &r->ts, r->rq->zone, r->arena);
	figures_caption(&figures, &chart_attack_timeline, &found, &claim, &caption);
	flow_figure(r->flow, claim, caption, sc);
}

static int add_incident(struct weekly *wk, const struct incident *in, struct fault *f)
{
	struct report *r = &wk->r;
	const struct detail *d = &details[wk->detail];
	const struct narrative *n = report_story(r, in);
	struct fact_row rows[16];
	size_t count = report_facts(r, in, rows);
	bool first = in->rank == 1;
	int rc;

	if (!first)
		flow_gap(r->flow, 2);
	flow_scope(r->flow, in->id);
	flow_keep_begin(r->flow);
	flow_heading(r->flow, arena_printf(r->arena, "%u   %s", (unsigned)in->rank, report_title(r, in)), in->id);
	flow_columns_begin(r->flow, 0.625, 18);
	story(r, n, first ? d->first_sentences : d->other_sentences);
	part(r, n, PART_MEANING, "weekly.incident.meaning", d->judgements);
	part(r, n, PART_BENIGN, "weekly.incident.benign", d->judgements);
	part(r, n, PART_UNKNOWN, "weekly.incident.unknown", d->judgements);
	flow_columns_next(r->flow);
	flow_box_begin(r->flow, TINT, priority_fill(in->priority));
	flow_facts(r->flow, rows, count);
	flow_box_end(r->flow);
	flow_columns_end(r->flow);
	flow_columns_begin(r->flow, 0.46, 20);
	incident_actions(r, n);
	flow_columns_next(r->flow);
	if (in->factor_count > 0) {
		flow_subheading(r->flow, report_word(r, "weekly.incident.why"), NULL);
		report_factors(r, in);
	}
	flow_columns_end(r->flow);
	rc = report_evidence(r, in, first ? d->first_evidence : d->other_evidence, f);
	/* The first one's course is drawn; of the others each has a report of its own. */
	if (first)
		incident_figure(r, in);
	flow_keep_end(r->flow);
	flow_scope(r->flow, NULL);
	return rc;
}

int weekly_incidents(void *report, struct fault *f)
{
	struct weekly *wk = report;
	const struct analysis *an = wk->r.rq->an;
	uint32_t told = details[wk->detail].told;

	flow_section(wk->r.flow, composer_heading(&wk->co, report_word(&wk->r, "weekly.incidents")));
	for (uint32_t i = 0; i < an->queue_count && i < told; i++)
		if (add_incident(wk, &an->incidents[i], f) < 0)
			return -1;
	if (an->queue_count > told)
		flow_text(wk->r.flow, PARA_CAPTION, REPORT_SAY(&wk->r, "weekly.incidents.more", F_NUMBER("n", an->queue_count - told),
		                                               F_NUMBER("told", told)));
	return 0;
}

/* ---- the last page ---- */

static void total_row(struct weekly *wk, const char *key, int64_t groups, int64_t alerts, bool sum)
{
	struct report *r = &wk->r;
	enum run_style style = sum ? RUN_STRONG : RUN_PLAIN;
	struct cell cells[3];

	memset(cells, 0, sizeof cells);
	cells[0] = report_cell(r, report_word(r, key), style, PARA_CAPTION, 0, 1);
	cells[1] = report_cell(r, groups >= 0 ? report_count(r, groups) : "\xE2\x80\x93", style, PARA_CAPTION, 0, 1);
	cells[2] = report_cell(r, report_count(r, alerts), style, PARA_CAPTION, 0, 1);
	flow_row(r->flow, cells, sum ? TINT : NO_COLOUR, NULL);
}

static void totals_table(struct weekly *wk)
{
	struct report *r = &wk->r;
	const struct analysis *an = r->rq->an;
	const struct column columns[] = {
		{ report_word(r, "totals.what"), 0.6, ALIGN_LEFT, NULL },
		{ report_word(r, "totals.groups"), 0.2, ALIGN_RIGHT, NULL },
		{ report_word(r, "totals.alerts"), 0.2, ALIGN_RIGHT, NULL },
	};

	flow_table_begin(r->flow, columns, 3);
	total_row(wk, "totals.told", an->queue_count, (int64_t)wk->told_alerts, false);
	total_row(wk, "totals.minor", an->incident_count - an->queue_count, (int64_t)wk->minor_alerts, false);
	total_row(wk, "totals.lone", -1, (int64_t)wk->lone_alerts, false);
	total_row(wk, "totals.all", -1, (int64_t)wk->alerts, true);
	flow_table_end(r->flow);
}

/* One whose import goes on, or was cut off, says so. */
static const char *source_name(struct report *r, const struct source_row *s)
{
	return s->complete ? s->name : arena_printf(r->arena, "%s (%s)", s->name, report_word(r, "sources.part"));
}

static void source_row(struct weekly *wk, const char *name, const char *format, const struct tally *t, bool sum)
{
	struct report *r = &wk->r;
	enum run_style style = sum ? RUN_STRONG : RUN_PLAIN;
	const int64_t numbers[] = { t->read, t->imported, t->repeated, t->rejected, t->blank };
	struct cell cells[7];

	memset(cells, 0, sizeof cells);
	cells[0] = report_cell(r, name, sum ? RUN_STRONG : RUN_CODE, PARA_CAPTION, 0, 1);
	cells[1] = report_cell(r, format, RUN_PLAIN, PARA_CAPTION, INK_2, 1);
	for (size_t i = 0; i < 5; i++)
		cells[2 + i] = report_cell(r, report_count(r, numbers[i]), style, PARA_CAPTION, 0, 1);
	flow_row(r->flow, cells, sum ? TINT : NO_COLOUR, NULL);
}

int weekly_sources(void *report, struct fault *f)
{
	struct weekly *wk = report;
	struct report *r = &wk->r;
	const struct column columns[] = {
		{ report_word(r, "sources.file"), 0.30, ALIGN_LEFT, NULL },
		{ report_word(r, "sources.format"), 0.17, ALIGN_LEFT, NULL },
		{ report_word(r, "sources.read"), 0.11, ALIGN_RIGHT, NULL },
		{ report_word(r, "sources.imported"), 0.11, ALIGN_RIGHT, NULL },
		{ report_word(r, "sources.repeated"), 0.11, ALIGN_RIGHT, NULL },
		{ report_word(r, "sources.rejected"), 0.10, ALIGN_RIGHT, NULL },
		{ report_word(r, "sources.blank"), 0.10, ALIGN_RIGHT, NULL },
	};

	(void)f;
	flow_heading(r->flow, composer_heading(&wk->co, report_word(r, "sources.head")), report_word(r, weekly_key(wk, "sources.aside")));
	flow_table_begin(r->flow, columns, 7);
	for (size_t i = 0; i < r->rq->source_count && i < SOURCE_ROWS; i++)
		source_row(wk, source_name(r, &r->rq->sources[i]), r->rq->sources[i].format, &r->rq->sources[i].tally, false);
	if (r->rq->source_count > SOURCE_ROWS)
		flow_row(r->flow, (const struct cell[7]){ report_cell(r, REPORT_SAY(r, "sources.more", F_NUMBER("n", r->rq->source_count - SOURCE_ROWS)),
		                                                      RUN_PLAIN, PARA_CAPTION, 0, 1) }, NO_COLOUR, NULL);
	source_row(wk, report_word(r, "sources.sum"), "", &wk->sum, true);
	flow_table_end(r->flow);
	return 0;
}

static void left_row(struct weekly *wk, const struct rule_count *rc)
{
	struct report *r = &wk->r;
	const struct rule *ru = &r->rq->an->week->rules[rc->rule].rule;
	struct cell cells[5];

	memset(cells, 0, sizeof cells);
	cells[0] = report_cell(r, prose_defanged(r->arena, ru->name), RUN_PLAIN, PARA_CAPTION, 0, 1);
	cells[1] = report_cell(r, product_written(ru->product, r->arena), RUN_PLAIN, PARA_CAPTION, INK_2, 1);
	cells[2] = report_cell(r, report_count(r, rc->left), RUN_PLAIN, PARA_CAPTION, 0, 1);
	cells[3] = report_cell(r, report_count(r, rc->episodes), RUN_PLAIN, PARA_CAPTION, 0, 1);
	cells[4] = report_cell(r, report_count(r, rc->told), RUN_PLAIN, PARA_CAPTION, 0, 1);
	flow_row(r->flow, cells, NO_COLOUR, NULL);
}

int weekly_left_out(void *report, struct fault *f)
{
	struct weekly *wk = report;
	struct report *r = &wk->r;
	const struct column columns[] = {
		{ report_word(r, "left.rule"), 0.5, ALIGN_LEFT, NULL },
		{ report_word(r, "left.product"), 0.14, ALIGN_LEFT, NULL },
		{ report_word(r, "left.alerts"), 0.12, ALIGN_RIGHT, NULL },
		{ report_word(r, "left.episodes"), 0.12, ALIGN_RIGHT, NULL },
		{ report_word(r, "left.told"), 0.12, ALIGN_RIGHT, NULL },
	};
	uint32_t n = 0, rules = r->rq->an->week->rule_count, most = wk->left_rows;
	struct cell rest[5];
	uint64_t alerts = 0;

	(void)f;
	while (n < rules && wk->rules[n].left > 0)
		n++;
	flow_heading(r->flow, composer_heading(&wk->co, report_word(r, "left.head")), report_word(r, "left.aside"));
	flow_table_begin(r->flow, columns, 5);
	for (uint32_t i = 0; i < n && i < most; i++)
		left_row(wk, &wk->rules[i]);
	if (n > most) {
		for (uint32_t i = most; i < n; i++)
			alerts += wk->rules[i].left;
		memset(rest, 0, sizeof rest);
		rest[0] = report_cell(r, REPORT_SAY(r, "left.more", F_NUMBER("n", n - most)), RUN_PLAIN, PARA_CAPTION, INK_2, 1);
		rest[2] = report_cell(r, report_count(r, (int64_t)alerts), RUN_PLAIN, PARA_CAPTION, 0, 1);
		flow_row(r->flow, rest, NO_COLOUR, NULL);
	}
	flow_table_end(r->flow);
	return 0;
}

/* Where volume alone was odd, and where incidents lie on it. Without a range to expect it says nothing new. */
int weekly_volume(void *report, struct fault *f)
{
	struct weekly *wk = report;
	struct report *r = &wk->r;
	struct chart_finding found;
	struct figures figures;
	const struct scene *sc;
	const char *claim, *caption;

	(void)f;
	memset(&found, 0, sizeof found);
	sc = report_chart(r, "volume-anomalies", NULL, flow_width(r->flow), VOLUME_HEIGHT, CHART_FULL, &found);
	if (sc == NULL || !found.banded)
		return 0;
	figures_init(&figures, r->rq->phrases, r->rq->lang, &r->ts, r->rq->zone, r->arena);
	figures_caption(&figures, &chart_volume_anomalies, &found, &claim, &caption);
	flow_figure(r->flow, claim, caption, sc);
	return 0;
}

int weekly_totals(void *report, struct fault *f)
{
	struct weekly *wk = report;
	struct report *r = &wk->r;

	(void)f;
	flow_keep_begin(r->flow);
	flow_section(r->flow, composer_heading(&wk->co, REPORT_SAY(r, "totals.head", F_NUMBER("alerts", wk->alerts))));
	totals_table(wk);
	flow_keep_end(r->flow);
	return 0;
}

int weekly_method(void *report, struct fault *f)
{
	struct weekly *wk = report;
	struct report *r = &wk->r;
	const char *between = r->rq->lang == LANGUAGE_JA ? "" : " ";
	/* Why the period is set beside no other. */
	const char *alone = wk->compared.how == COMPARED_NOT ? comparison_said(&wk->compared, r->rq, r->arena) : "";

	(void)f;
	flow_heading(r->flow, composer_heading(&wk->co, report_word(r, "method.head")), NULL);
	flow_text(r->flow, PARA_LIMITS, report_word(r, "method.text"));
	flow_text(r->flow, PARA_LIMITS, arena_printf(r->arena, "%s%s%s%s%s", REPORT_SAY(r, "method.clock", F_TEXT("zone", r->rq->zone->name)),
	                                             between, report_word(r, "method.defang"), *alone != '\0' ? between : "", alone));
	return 0;
}
