/* The evidence: the detections behind the story, and where each record was read, so that anybody can look it up. */
#include "render/document/customer.h"

#include <stdlib.h>
#include <string.h>

#include "render/document/report_parts.h"
#include "timeline/palette.h"

#include "analyst/readers/refang.h"

#define DETECTIONS_SHOWN 12
#define LOOKUPS_MOST 2000            /* records of one step whose place is looked up */
#define RANGES_SHOWN 6
#define SHA_SHOWN 8                  /* digits that tell files of one name apart */

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
		{ customer_word(c, "detections.product"), 0.28, ALIGN_LEFT, NULL },
		{ customer_word(c, "detections.rule"), 0.62, ALIGN_LEFT, NULL }, { customer_word(c, "detections.count"), 0.1, ALIGN_RIGHT, NULL },
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

/* The files that the report cites, each once. */
struct source {
	const char *name, *sha256;
	uint64_t records;
};

struct sources {
	struct source *list;
	size_t used, room;
};

static void cite(const struct customer *c, struct sources *all, const struct record *r, size_t n)
{
	size_t at = 0;

	while (at < all->used && (strcmp(all->list[at].name, r->source) != 0 || strcmp(all->list[at].sha256, r->sha256) != 0))
		at++;
	if (at == all->room) {
		size_t room = all->room == 0 ? 16 : all->room * 2;
		struct source *list = ARENA_ARRAY(c->arena, struct source, room);

		if (all->used > 0)
			memcpy(list, all->list, all->used * sizeof(*list));
		all->list = list;
		all->room = room;
	}
	if (at == all->used)
		all->list[all->used++] = (struct source){ r->source, r->sha256, 0 };
	all->list[at].records += n;
}

/* Two files of one name are told apart by their hash. */
static const char *source_name(const struct customer *c, const struct sources *all, const struct record *r)
{
	for (size_t i = 0; i < all->used; i++)
		if (strcmp(all->list[i].name, r->source) == 0 && strcmp(all->list[i].sha256, r->sha256) != 0)
			return arena_printf(c->arena, "%s (%.*s)", r->source, SHA_SHOWN, r->sha256);
	return r->source;
}

struct whereabouts {                       /* where the records of one step were read */
	const struct beat *beat;
	const struct record *records;
	size_t count;
};

/* "suricata-eve.json 298, 300, 302; wazuh-alerts.json 241, 245" */
static struct cell place_cell(const struct customer *c, const struct sources *all, const struct whereabouts *p)
{
	struct run *runs = ARENA_ARRAY(c->arena, struct run, 2 * p->count + 2);
	struct filler more = { .count = 0 };
	size_t n = 0;

	if (p->count == 0)
		return customer_cell(c, "\xE2\x80\x93", RUN_PLAIN);
	for (size_t i = 0, end; i < p->count; i = end) {
		const struct record *r = &p->records[i];

		for (end = i; end < p->count && strcmp(p->records[end].source, r->source) == 0 && strcmp(p->records[end].sha256, r->sha256) == 0;)
			end++;
		runs[n++] = (struct run){ source_name(c, all, r), RUN_CODE };
		runs[n++] = (struct run){ arena_printf(c->arena, " %s%s", lines_text(c, r, end - i), end < p->count ? "; " : ""), RUN_PLAIN };
	}
	if (p->beat->alert_count > LOOKUPS_MOST) {
		fill_number(&more, "more", (int64_t)(p->beat->alert_count - LOOKUPS_MOST));
		runs[n++] = (struct run){ arena_printf(c->arena, "; %s", customer_fill(c, "card.more", &more)), RUN_PLAIN };
	}
	return customer_cell_runs(runs, n);
}

static void evidence_row(const struct customer *c, const struct sources *all, const struct whereabouts *p)
{
	const char *number = arena_printf(c->arena, "E%u", p->beat->evidence);
	const struct cell cells[] = {
		customer_cell(c, number, RUN_STRONG),
		customer_cell(c, story_count(c->lang, (int64_t)p->beat->alert_count, c->arena), RUN_PLAIN),
		place_cell(c, all, p),
	};

	flow_row(c->flow, cells, NO_COLOUR, number);
}

static void source_table(const struct customer *c, const struct sources *all)
{
	const struct column columns[] = {
		{ customer_word(c, "evidence.source"), 0.29, ALIGN_LEFT, NULL }, { customer_word(c, "evidence.records"), 0.09, ALIGN_RIGHT, NULL },
		{ customer_word(c, "evidence.sha256"), 0.62, ALIGN_LEFT, NULL },
	};

	if (all->used == 0)
		return;
	flow_gap(c->flow, 5);
	flow_table_begin(c->flow, columns, 3);
	for (size_t i = 0; i < all->used; i++) {
		struct cell cells[] = {
			customer_cell(c, all->list[i].name, RUN_CODE),
			customer_cell(c, story_count(c->lang, (int64_t)all->list[i].records, c->arena), RUN_PLAIN),
			customer_cell(c, all->list[i].sha256, RUN_CODE),
		};

		cells[2].text[0].style = PARA_CODE;          /* on one line */
		flow_row(c->flow, cells, NO_COLOUR, NULL);
	}
	flow_table_end(c->flow);
}

static int find_places(const struct customer *c, struct whereabouts *places, size_t *count, struct sources *all, struct fault *f)
{
	for (size_t i = 0; i < c->story->beat_count; i++) {
		const struct beat *b = &c->story->beats[i];
		struct record *list;
		size_t n;

		if (b->part != PART_STORY || b->evidence == 0)
			continue;
		if (gather(c, b, &list, &n, f) < 0)
			return -1;
		for (size_t k = 0; k < n; k++)
			cite(c, all, &list[k], 1);
		places[(*count)++] = (struct whereabouts){ b, list, n };
	}
	return 0;
}

int customer_evidence(void *customer, struct fault *f)
{
	const struct customer *c = customer;
	const struct column columns[] = {
		{ customer_word(c, "evidence.number"), 0.07, ALIGN_LEFT, NULL }, { customer_word(c, "evidence.alerts"), 0.1, ALIGN_RIGHT, NULL },
		{ customer_word(c, "evidence.lines"), 0.83, ALIGN_LEFT, NULL },
	};
	struct whereabouts *places = ARENA_ARRAY(c->arena, struct whereabouts, c->story->beat_count + 1);
	struct sources all = { .used = 0 };
	size_t steps, count = 0;
	const bool *card = customer_carded(c, &steps);

	if (find_places(c, places, &count, &all, f) < 0)
		return -1;
	customer_heading(c, "section.proof");
	/* Steps without a card are led to here. */
	for (size_t i = 0; i < c->story->beat_count; i++)
		if (c->story->beats[i].part == PART_STORY && !card[i] && c->story->beats[i].evidence > 0)
			flow_anchor(c->flow, arena_printf(c->arena, "E%u", c->story->beats[i].evidence));
	flow_scope(c->flow, "proof");
	flow_table_begin(c->flow, columns, 3);
	for (size_t i = 0; i < count; i++)
		evidence_row(c, &all, &places[i]);
	flow_table_end(c->flow);
	flow_scope(c->flow, "incident");
	source_table(c, &all);
	return 0;
}
