/* The table of evidence of an incident: a row a beat, which rules saw it, and where the first record was read. */
#include "render/document/report_names.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyst/readers/refang.h"
#include "timeline/palette.h"

#define PLACE_SHARE 0.20
#define PLACE_SIZE 6.8
#define COUNT_LEAST 0.065
#define COUNT_SIZE 7.6                /* PARA_CAPTION */
#define COUNT_PADS 9.0                /* of a cell, both sides */

#define DASH_TEXT "\xE2\x80\x93"

static const char *beat_rules(const struct report *r, const struct beat *b)
{
	const struct week *w = r->rq->an->week;
	struct names n = { 0 };
	const char *out;

	for (size_t i = 0; i < b->episode_count; i++) {
		const struct rule *ru = &w->rules[r->rq->an->episodes[b->episodes[i]].rule].rule;
		names_add(&n, arena_printf(r->arena, "%s: %s", product_written(ru->product, r->arena), prose_defanged(r->arena, ru->name)), 64);
	}
	if (n.used > 2) {
		out = arena_printf(r->arena, "%s; +%zu", n.list[0], n.used - 1);
		free(n.list);
		return out;
	}
	out = names_text(r, &n, "; ", n.used);
	return out != NULL ? out : DASH_TEXT;
}

/* "suricata-eve.json:1204", the first of a beat's alerts. */
static int beat_place(const struct report *r, const struct beat *b, const char **out, struct fault *f)
{
	const struct analysis *an = r->rq->an;
	const struct episode *e;
	struct evidence ev = { 0 };

	*out = DASH_TEXT;
	if (r->rq->store == NULL || b->episode_count == 0)
		return 0;
	e = &an->episodes[b->episodes[0]];
	if (e->count == 0)
		return 0;
	if (store_evidence(&ev, r->rq->store, an->week->marks[e->alerts[0]].row, r->arena, f) < 0)
		return -1;
	*out = arena_printf(r->arena, "%s:%lld", ev.source != NULL ? report_renamed(r->rq, ev.source) : "?", (long long)ev.line);
	for (uint32_t i = 0; i < ev.also_count; i++)
		*out = arena_printf(r->arena, "%s, %s:%lld", *out, report_renamed(r->rq, ev.also[i].source), (long long)ev.also[i].line);
	*out = measure_fit(&r->measure, r->arena, *out, PLACE_SIZE, FACE_MONO, flow_width(r->flow) * PLACE_SHARE - 9);
	return 0;
}

/* What sums up the rest of an incident has no time of its own. */
static instant beat_began(const struct report *r, const struct beat *b)
{
	instant first = b->at;

	for (size_t i = 0; b->at == INSTANT_NONE && i < b->episode_count; i++) {
		instant t = r->rq->an->episodes[b->episodes[i]].first;

		if (first == INSTANT_NONE || t < first)
			first = t;
	}
	return first;
}

static int evidence_row(struct report *r, const struct beat *b, struct fault *f)
{
	const char *number = arena_printf(r->arena, "E%u", b->evidence), *place;
	struct sentence label = story_label(r->rq->phrases, r->rq->lang, b, r->rq->zone, r->arena);
	struct cell cells[6];

	if (beat_place(r, b, &place, f) < 0)
		return -1;
	memset(cells, 0, sizeof cells);
	cells[0] = report_cell(r, number, RUN_STRONG, PARA_CAPTION, BLUE, 1);
	cells[1] = report_cell(r, report_when(r, beat_began(r, b), WHEN_DAY_TIME), RUN_PLAIN, PARA_CAPTION, 0, 1);
	cells[2].text[0] = (struct cell_text){ label.runs, label.count, PARA_CAPTION, INK, 2 };
	cells[3] = report_cell(r, beat_rules(r, b), RUN_PLAIN, PARA_CAPTION, 0, r->rule_lines);
	cells[4] = report_cell(r, report_count(r, (int64_t)b->alert_count), RUN_PLAIN, PARA_CAPTION, INK, 1);
	cells[5] = report_cell(r, place, RUN_CODE, PARA_CAPTION, 0, 1);
	flow_row(r->flow, cells, NO_COLOUR, number);
	return 0;
}

static size_t evidence_count(const struct narrative *n, bool ranked)
{
	size_t count = 0;

	for (size_t i = 0; i < n->beat_count; i++)
		count += n->beats[i].evidence > 0 && (!ranked || beat_telling(&n->beats[i]) > 0);
	return count;
}

/* Which rows stand in a table of at most so many: the most telling; without an order the first. */
static bool *evidence_choice(const struct report *r, const struct narrative *n, size_t most)
{
	bool *chosen = ARENA_ARRAY(r->arena, bool, n->beat_count + 1), ranked = evidence_count(n, true) > 0;
	size_t all = evidence_count(n, false), told = 0;

	for (size_t i = 0; i < n->beat_count; i++) {
		const struct beat *b = &n->beats[i];
		size_t telling = beat_telling(b);

		if (b->evidence == 0)
			continue;
		chosen[i] = all <= most || (ranked ? telling > 0 && telling <= most : told < most);
		told += chosen[i];
	}
	return chosen;
}

/* The share of the table that its numbers need: a number is never cut off. */
static double count_share(const struct report *r, const struct narrative *n, const bool *chosen)
{
	double widest = COUNT_LEAST * flow_width(r->flow);

	for (size_t i = 0; i < n->beat_count; i++) {
		const char *s = report_count(r, (int64_t)n->beats[i].alert_count);

		if (chosen[i])
			widest = fmax(widest, typeset_width(&r->ts, s, COUNT_SIZE, FACE_REGULAR) + COUNT_PADS);
	}
	return widest / flow_width(r->flow);
}

int report_evidence(struct report *r, const struct incident *in, size_t most, struct fault *f)
{
	const struct narrative *n = report_story(r, in);
	const bool *chosen = evidence_choice(r, n, most);
	double count = count_share(r, n, chosen);
	bool ja = r->rq->lang == LANGUAGE_JA, places = r->rq->store != NULL;
	const struct column columns[] = {
		{ "", 0.05, ALIGN_LEFT, NULL },
		{ report_word(r, "evidence.time"), ja ? 0.15 : 0.135, ALIGN_LEFT, NULL },
		{ report_word(r, "evidence.what"), places ? 0.29 : 0.34, ALIGN_LEFT, NULL },
		{ report_word(r, "evidence.rule"), (places ? 0.325 : 0.465) - count, ALIGN_LEFT, NULL },
		{ report_word(r, "evidence.alerts"), count, ALIGN_RIGHT, NULL },
		{ report_word(r, "evidence.place"), PLACE_SHARE, ALIGN_LEFT, NULL },
	};
	size_t shown = 0, all = 0;
	int rc = 0;

	for (size_t i = 0; i < n->beat_count; i++) {
		all += n->beats[i].evidence > 0;
		shown += chosen[i];
	}
	flow_subheading(r->flow, report_word(r, "evidence.head"),
	                shown == all ? report_word(r, "evidence.aside") :
	                REPORT_SAY(r, "evidence.more", F_NUMBER("shown", shown), F_NUMBER("all", all),
	                           F_TEXT("incident", arena_printf(r->arena, "%u", (unsigned)in->rank))));
	flow_table_begin(r->flow, columns, places ? 6 : 5);
	for (size_t i = 0; i < n->beat_count && rc == 0; i++)
		if (chosen[i])
			rc = evidence_row(r, &n->beats[i], f);
	flow_table_end(r->flow);
	return rc;
}
