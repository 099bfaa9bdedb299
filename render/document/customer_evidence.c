/* The evidence: the detections behind the story, and where each record was read, so that anybody can look it up. */
#include "render/document/customer.h"

#include <stdlib.h>
#include <string.h>

#include "render/document/report_parts.h"
#include "timeline/palette.h"

#include "analyst/readers/refang.h"

#define DETECTIONS_SHOWN 24
#define LOOKUPS_MOST 2000            /* records of one step whose place is looked up */
#define RANGES_SHOWN 6
#define SHA_SHOWN 12

/* ---- rules ---- */

static int by_count(const void *pa, const void *pb)
{
	const struct fired *a = pa, *b = pb;

	if (a->count != b->count)
		return a->count > b->count ? -1 : 1;
	return a->rule < b->rule ? -1 : a->rule > b->rule;
}

/* Different rules of some episodes with their alerts, the most frequent first. An episode may hold alerts of
 * kindred rules, so the alerts are asked, not the episode. */
const struct fired *customer_rules(const struct customer *c, const uint32_t *episodes, size_t n, size_t *count)
{
	uint64_t *alerts = ARENA_ARRAY(c->arena, uint64_t, c->week->rule_count + 1);
	struct fired *out;

	*count = 0;
	for (size_t i = 0; i < n; i++) {
		const struct episode *e = &c->rq->an->episodes[episodes[i]];

		for (uint32_t j = 0; j < e->count; j++)
			*count += alerts[c->week->marks[e->alerts[j]].rule]++ == 0;
	}
	out = ARENA_ARRAY(c->arena, struct fired, *count + 1);
	*count = 0;
	for (uint32_t i = 0; i < c->week->rule_count; i++)
		if (alerts[i] > 0)
			out[(*count)++] = (struct fired){ &c->week->rules[i], alerts[i] };
	qsort(out, *count, sizeof(*out), by_count);
	return out;
}

int customer_detections(void *customer, struct fault *f)
{
	const struct customer *c = customer;
	const struct column columns[] = {
		{ customer_word(c, "detections.product"), 0.14, ALIGN_LEFT, NULL },
		{ customer_word(c, "detections.rule"), 0.76, ALIGN_LEFT, NULL }, { customer_word(c, "detections.count"), 0.1, ALIGN_RIGHT, NULL },
	};
	size_t n, shown;
	const struct fired *list = customer_rules(c, c->incident->episodes, c->incident->episode_count, &n);

	(void)f;
	customer_heading(c, "section.detections");
	flow_table_begin(c->flow, columns, 3);
	shown = n <= DETECTIONS_SHOWN ? n : DETECTIONS_SHOWN;
	for (size_t i = 0; i < shown; i++) {
		const struct cell cells[] = {
			customer_cell(c, customer_product(c, list[i].rule), RUN_PLAIN),
			customer_cell(c, prose_defanged(c->arena, list[i].rule->rule.name), RUN_PLAIN),
			customer_cell(c, story_count(c->lang, (int64_t)list[i].count, c->arena), RUN_STRONG),
		};

		flow_row(c->flow, cells, NO_COLOUR, NULL);
	}
	flow_table_end(c->flow);
	if (shown < n) {
		struct filler more = { .count = 0 };

		fill_number(&more, "more", (int64_t)(n - shown));
		flow_text(c->flow, PARA_CAPTION, customer_fill(c, "more.rules", &more));
	}
	return 0;
}

/* ---- where it was read ---- */

struct record {
	const char *source, *sha256;
	int64_t line;
};

static int by_place(const void *pa, const void *pb)
{
	const struct record *a = pa, *b = pb;
	int d = strcmp(a->source, b->source);

	if (d == 0)
		d = strcmp(a->sha256, b->sha256);
	return d != 0 ? d : a->line < b->line ? -1 : a->line > b->line;
}

/* "12, 15-18, 40 and 31 more" */
static const char *lines_text(const struct customer *c, const struct record *r, size_t n)
{
	struct text t = { 0 };
	const char *out;
	size_t ranges = 0, i = 0;

	while (i < n && ranges < RANGES_SHOWN) {
		size_t end = i;

		while (end + 1 < n && r[end + 1].line - r[end].line <= 1)
			end++;
		text_printf(&t, ranges > 0 ? ", %lld" : "%lld", (long long)r[i].line);
		if (r[end].line > r[i].line)
			text_printf(&t, "\xE2\x80\x93%lld", (long long)r[end].line);
		ranges++;
		i = end + 1;
	}
	if (i < n) {
		struct filler more = { .count = 0 };

		fill_number(&more, "more", (int64_t)(n - i));
		text_printf(&t, " %s", customer_fill(c, "card.more", &more));
	}
	out = arena_dup(c->arena, text_str(&t));
	text_free(&t);
	return out;
}

static int gather(const struct customer *c, const struct beat *b, struct record **out, size_t *count, struct fault *f)
{
	struct record *list = ARENA_ARRAY(c->arena, struct record, LOOKUPS_MOST + 1);
	size_t n = 0;

	for (size_t i = 0; i < b->episode_count && c->rq->store != NULL; i++) {
		const struct episode *e = &c->rq->an->episodes[b->episodes[i]];

		for (uint32_t j = 0; j < e->count && n < LOOKUPS_MOST; j++) {
			struct evidence ev;

			if (store_evidence(&ev, c->rq->store, c->week->marks[e->alerts[j]].row, c->arena, f) < 0)
				return -1;
			list[n++] = (struct record){ ev.source != NULL ? report_renamed(c->rq, ev.source) : "", ev.sha256 != NULL ? ev.sha256 : "",
			                             ev.line };
			for (uint32_t k = 0; k < ev.also_count && n < LOOKUPS_MOST; k++)
				list[n++] = (struct record){ report_renamed(c->rq, ev.also[k].source), ev.also[k].sha256, ev.also[k].line };
		}
	}
	qsort(list, n, sizeof(*list), by_place);
	*out = list;
	*count = n;
	return 0;
}

static void evidence_row(const struct customer *c, const struct beat *b, bool first, const struct record *r, size_t n)
{
	const char *number = arena_printf(c->arena, "E%u", b->evidence);
	const char *dash = "\xE2\x80\x93";
	uint64_t alerts = n > 0 ? n : b->alert_count;
	const struct cell cells[] = {
		customer_cell(c, first ? number : "", RUN_STRONG),
		customer_cell(c, story_count(c->lang, (int64_t)alerts, c->arena), RUN_PLAIN),
		customer_cell(c, n > 0 ? r->source : dash, RUN_CODE),
		customer_cell(c, n > 0 ? lines_text(c, r, n) : dash, RUN_PLAIN),
		customer_cell(c, n > 0 ? arena_dupn(c->arena, r->sha256, strnlen(r->sha256, SHA_SHOWN)) : dash, RUN_CODE),
	};

	flow_row(c->flow, cells, NO_COLOUR, first ? number : NULL);
}

static int evidence_rows(const struct customer *c, const struct beat *b, struct fault *f)
{
	struct record *list;
	size_t n, i = 0;

	if (gather(c, b, &list, &n, f) < 0)
		return -1;
	if (n == 0)
		evidence_row(c, b, true, NULL, 0);
	while (i < n) {
		size_t end = i;

		while (end < n && strcmp(list[end].source, list[i].source) == 0 && strcmp(list[end].sha256, list[i].sha256) == 0)
			end++;
		evidence_row(c, b, i == 0, list + i, end - i);
		i = end;
	}
	return 0;
}

int customer_evidence(void *customer, struct fault *f)
{
	const struct customer *c = customer;
	const struct column columns[] = {
		{ customer_word(c, "evidence.number"), 0.07, ALIGN_LEFT, NULL }, { customer_word(c, "evidence.alerts"), 0.1, ALIGN_RIGHT, NULL },
		{ customer_word(c, "evidence.source"), 0.33, ALIGN_LEFT, NULL }, { customer_word(c, "evidence.lines"), 0.32, ALIGN_LEFT, NULL },
		{ customer_word(c, "evidence.sha256"), 0.18, ALIGN_LEFT, NULL },
	};
	size_t steps;
	const bool *card = customer_carded(c, &steps);

	customer_heading(c, "section.proof");
	/* Steps without a card are led to here. */
	for (size_t i = 0; i < c->story->beat_count; i++)
		if (c->story->beats[i].part == PART_STORY && !card[i] && c->story->beats[i].evidence > 0)
			flow_anchor(c->flow, arena_printf(c->arena, "E%u", c->story->beats[i].evidence));
	flow_scope(c->flow, "proof");
	flow_table_begin(c->flow, columns, 5);
	for (size_t i = 0; i < c->story->beat_count; i++)
		if (c->story->beats[i].part == PART_STORY && c->story->beats[i].evidence > 0 &&
		    evidence_rows(c, &c->story->beats[i], f) < 0)
			return -1;
	flow_table_end(c->flow);
	flow_scope(c->flow, "incident");
	return 0;
}
