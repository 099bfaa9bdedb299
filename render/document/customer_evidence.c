/* The evidence: a card for each step of the story, with the numbers that make it stand out; the detections
 * behind it; and where each record was read, so that anybody can look it up. */
#include "render/document/customer.h"

#include <stdlib.h>
#include <string.h>

#include "render/document/report_parts.h"
#include "timeline/palette.h"

#define RULES_SHOWN 3                /* on a card */
#define CARDS_MOST 8
#define DETECTIONS_SHOWN 24
#define MUCH 1000000                 /* bytes that are worth a sentence: more than requests and pages take */
#define LOOKUPS_MOST 2000            /* records of one step whose place is looked up */
#define RANGES_SHOWN 6
#define SHA_SHOWN 12

/* ---- rules ---- */

struct fired {
	const struct week_rule *rule;
	uint64_t count;
};

static int by_count(const void *pa, const void *pb)
{
	const struct fired *a = pa, *b = pb;

	if (a->count != b->count)
		return a->count > b->count ? -1 : 1;
	return a->rule < b->rule ? -1 : a->rule > b->rule;
}

/* Different rules of some episodes with their alerts, the most frequent first. An episode may hold alerts of
 * kindred rules, so the alerts are asked, not the episode. */
static struct fired *rules_of(const struct customer *c, const uint32_t *episodes, size_t n, size_t *count)
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

static const char *rule_text(const struct customer *c, const struct week_rule *r)
{
	return arena_printf(c->arena, "%s: %s", customer_product(c, r), r->rule.name);
}

int customer_detections(void *customer, struct fault *f)
{
	const struct customer *c = customer;
	const struct column columns[] = {
		{ customer_word(c, "detections.product"), 0.14, ALIGN_LEFT, NULL },
		{ customer_word(c, "detections.rule"), 0.76, ALIGN_LEFT, NULL }, { customer_word(c, "detections.count"), 0.1, ALIGN_RIGHT, NULL },
	};
	size_t n, shown;
	const struct fired *list = rules_of(c, c->incident->episodes, c->incident->episode_count, &n);

	(void)f;
	customer_heading(c, "section.detections");
	flow_table_begin(c->flow, columns, 3);
	shown = n <= DETECTIONS_SHOWN ? n : DETECTIONS_SHOWN;
	for (size_t i = 0; i < shown; i++) {
		const struct cell cells[] = {
			customer_cell(c, customer_product(c, list[i].rule), RUN_PLAIN),
			customer_cell(c, list[i].rule->rule.name, RUN_PLAIN),
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

/* ---- cards ---- */

#define CARD_ROWS 18

struct card {
	const struct customer *c;
	const struct beat *beat;
	struct fact_row rows[CARD_ROWS];
	size_t count;
};

/* key NULL: a further value of the row above. */
static void add(struct card *card, const char *key, const struct run *runs, size_t n)
{
	if (card->count < CARD_ROWS && n > 0)
		card->rows[card->count++] = (struct fact_row){ key != NULL ? customer_word(card->c, key) : "", runs, n };
}

static void add_plain(struct card *card, const char *key, const char *value)
{
	add(card, key, flow_run(card->c->flow, value, RUN_PLAIN), 1);
}

/* A fact of the beat, set as the phrases set it: names defanged, identifiers in mono. */
static void add_fact(struct card *card, const char *key, const char *name)
{
	struct filler one = { .count = 0 };
	const struct fact *fa = beat_fact(card->beat, name);
	struct sentence s;

	if (fa == NULL)
		return;
	one.list[one.count] = *fa;
	one.list[one.count++].name = "value";
	s = customer_sentence(card->c, "value", &one);
	add(card, key, s.runs, s.count);
}

static void add_rules(struct card *card)
{
	size_t n;
	const struct fired *list = rules_of(card->c, card->beat->episodes, card->beat->episode_count, &n);
	size_t shown = n <= RULES_SHOWN ? n : RULES_SHOWN - 1;

	for (size_t i = 0; i < shown; i++)
		add_plain(card, i == 0 ? "card.detection" : NULL, rule_text(card->c, list[i].rule));
	if (shown < n) {
		struct filler more = { .count = 0 };

		fill_number(&more, "more", (int64_t)(n - shown));
		add_plain(card, NULL, customer_fill(card->c, "card.more", &more));
	}
}

/* The machine is said on the card only where the incident has several. */
static void card_facts(struct card *card)
{
	static const char *const certainties[] = { "confirmed", "likely", "possible", "notseen" };
	const struct customer *c = card->c;
	const struct beat *b = card->beat;
	struct run *alerts = ARENA_ARRAY(c->arena, struct run, 3);

	if (c->incident->host_count > 1)
		add_fact(card, "card.host", "host");
	add_fact(card, "card.attacker", "attacker");
	add_fact(card, "card.site", "site");
	add_fact(card, "card.address", "address");
	if (beat_fact(b, "site") != NULL)
		add_fact(card, "card.port", "port");
	add_fact(card, "card.file", "file");
	add_fact(card, "card.real", "real");
	add_fact(card, "card.user", "user");
	if (beat_fact(b, "command") == NULL)
		add_fact(card, "card.process", "process");
	add_fact(card, "card.command", "command");
	/* Whose user agent it is matters where the machine itself called out. */
	if (beat_fact(b, "attacker") == NULL)
		add_fact(card, "card.agent", "agent");
	add_rules(card);
	alerts[0] = (struct run){ story_count(c->lang, (int64_t)b->alert_count, c->arena), RUN_PLAIN };
	alerts[1] = (struct run){ " ", RUN_PLAIN };
	alerts[2] = (struct run){ arena_printf(c->arena, "E%u", b->evidence), RUN_EVIDENCE };
	add(card, "card.alerts", alerts, 3);
	if (!b->response)
		add_plain(card, "card.certainty", customer_word(c, arena_printf(c->arena, "certainty.%s", certainties[b->certainty])));
}

/* ---- why it stood out ---- */

/* How rare the rarest of the step's rules is: what share of all its alerts belongs to this incident. */
static void fill_rarity(const struct customer *c, const struct beat *b, struct filler *facts)
{
	size_t n, all;
	const struct fired *own = rules_of(c, b->episodes, b->episode_count, &n), *rarest = NULL;
	const struct fired *incident = rules_of(c, c->incident->episodes, c->incident->episode_count, &all);
	uint64_t least = 0, here = 0;

	for (size_t i = 0; i < n; i++) {
		uint64_t total = c->fired[own[i].rule - c->week->rules];

		if (rarest == NULL || total < least) {
			rarest = &own[i];
			least = total;
		}
	}
	if (rarest == NULL)
		return;
	for (size_t i = 0; i < all; i++)
		if (incident[i].rule == rarest->rule)
			here = incident[i].count;
	fill_text(facts, "rule", FACT_TEXT, rarest->rule->rule.name);
	if (least == 1)
		fill_number(facts, "once", 1);
	fill_number(facts, "total", (int64_t)least);
	fill_number(facts, here == least ? "every" : "here", (int64_t)here);
}

static const struct beat *step_before(const struct customer *c, const struct beat *b)
{
	const struct beat *best = NULL;

	for (size_t i = 0; i < c->story->beat_count; i++) {
		const struct beat *o = &c->story->beats[i];

		if (o->part == PART_STORY && !o->response && o->at != INSTANT_NONE && o->at <= b->at &&
		    (best == NULL || o->at >= best->at))
			best = o;
	}
	return best;
}

static void fill_reaction(const struct customer *c, const struct beat *b, struct filler *facts)
{
	const struct beat *before = step_before(c, b);

	if (before == NULL)
		return;
	fill_text(facts, "step", FACT_TEXT, arena_printf(c->arena, "E%u", before->evidence));
	fill_value(facts, "reacted", FACT_SPAN, b->at - before->at);
}

/* Each line is said when the facts it needs are known; all numbers come from the records. */
static const struct reason {
	const char *key, *needs[3];
	const char *unless;              /* said only when this is not known */
	int response;
} reasons[] = {
	{ "why.reacted", { "step", "reacted", NULL }, NULL, 1 },
	{ "why.real", { "real", NULL, NULL }, NULL, 0 },
	/* Of a request that came in, the name is our own. */
	{ "why.alone", { "alone", "days", "site" }, "attacker", 0 },
	{ "why.interval", { "interval", "calls", "site" }, NULL, 0 },
	{ "why.bytes", { "much", "bytes", NULL }, NULL, 0 },
	{ "why.targets", { "targets", NULL, NULL }, NULL, 0 },
	{ "why.users", { "users", NULL, NULL }, NULL, 0 },
	{ "why.matched", { "matched", NULL, NULL }, NULL, 0 },
	{ "why.products", { "products", NULL, NULL }, NULL, 0 },
	{ "why.once", { "once", NULL, NULL }, NULL, 0 },
	{ "why.rare", { "total", NULL, NULL }, "once", 0 },
};

static bool knows(const struct filler *facts, const char *name)
{
	for (size_t i = 0; i < facts->count; i++)
		if (strcmp(facts->list[i].name, name) == 0)
			return true;
	return false;
}

static size_t reasons_for(const struct customer *c, const struct beat *b, struct sentence *out)
{
	struct filler facts = { .count = 0 };
	size_t n = 0;

	/* The facts of our own first: a beat may have as many as there is room for. */
	if (b->response)
		fill_reaction(c, b, &facts);
	else
		fill_rarity(c, b, &facts);
	if (!b->response && beat_fact(b, "bytes") != NULL && beat_fact(b, "bytes")->value >= MUCH)
		fill_number(&facts, "much", 1);
	fill_beat(&facts, b);
	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
		bool fits = reasons[i].response == b->response &&
		            (reasons[i].unless == NULL || !knows(&facts, reasons[i].unless));

		for (size_t j = 0; j < 3 && fits && reasons[i].needs[j] != NULL; j++)
			fits = knows(&facts, reasons[i].needs[j]);
		if (fits)
			out[n++] = customer_sentence(c, reasons[i].key, &facts);
	}
	return n;
}

static const char *card_time(const struct customer *c, const struct beat *b)
{
	const char *from = customer_when(c, b->at, WHEN_DAY_TIME), *to;
	bool one_day = strcmp(customer_when(c, b->at, WHEN_DATE), customer_when(c, b->until, WHEN_DATE)) == 0;

	if (b->response || b->until == INSTANT_NONE || b->until - b->at < SECOND)
		return from;
	to = customer_when(c, b->until, one_day ? WHEN_TIME : WHEN_DAY_TIME);
	return arena_printf(c->arena, "%s\xE2\x80\x93%s", from, to);
}

static void add_card(const struct customer *c, const struct beat *b)
{
	struct card card = { .c = c, .beat = b };
	struct sentence label = story_label(c->rq->phrases, c->lang, b, c->rq->zone, c->arena), why[16];
	const char *number = arena_printf(c->arena, "E%u", b->evidence);
	size_t reasons_known = reasons_for(c, b, why);

	card_facts(&card);
	flow_anchor(c->flow, number);
	flow_box_begin(c->flow, TINT, b->response ? RESPONSE : ATTACKER);
	flow_subheading(c->flow, arena_printf(c->arena, "%s   %s", number, sentence_plain(&label, c->arena)), card_time(c, b));
	flow_scope(c->flow, "proof");
	flow_columns_begin(c->flow, 0.58, 16);
	flow_facts(c->flow, card.rows, card.count);
	flow_columns_next(c->flow);
	if (reasons_known > 0) {
		flow_text(c->flow, PARA_STRONG, customer_word(c, b->response ? "card.reaction" : "card.why"));
		flow_sentences(c->flow, PARA_SMALL, why, reasons_known);
	}
	flow_columns_end(c->flow);
	flow_scope(c->flow, "incident");
	flow_box_end(c->flow);
}

/* A card for each of the most telling steps; without an order of telling, for the first ones. */
static bool *carded(const struct customer *c, size_t *steps)
{
	const struct narrative *n = c->story;
	bool *out = ARENA_ARRAY(c->arena, bool, n->beat_count + 1), ranked = false;
	size_t given = 0;

	*steps = 0;
	if (!composer_has(c->co, "cards"))
		return out;
	for (size_t i = 0; i < n->beat_count; i++)
		ranked |= n->beats[i].part == PART_STORY && beat_telling(&n->beats[i]) > 0;
	for (size_t i = 0; i < n->beat_count; i++) {
		const struct beat *b = &n->beats[i];
		size_t telling = beat_telling(b);

		if (b->part != PART_STORY || b->at == INSTANT_NONE || b->evidence == 0)
			continue;
		out[i] = ranked ? telling > 0 && telling <= CARDS_MOST : given < CARDS_MOST;
		given += out[i];
		(*steps)++;
	}
	return out;
}

int customer_cards(void *customer, struct fault *f)
{
	const struct customer *c = customer;
	size_t steps, given = 0;
	const bool *card = carded(c, &steps);

	(void)f;
	for (size_t i = 0; i < c->story->beat_count; i++)
		given += card[i];
	/* The heading stays with the first card. */
	flow_keep_begin(c->flow);
	customer_heading(c, "section.evidence");
	if (given < steps) {
		struct filler more = { .count = 0 };

		fill_number(&more, "more", (int64_t)(steps - given));
		flow_text(c->flow, PARA_CAPTION, customer_fill(c, "more.cards", &more));
	}
	for (size_t i = 0, shown = 0; i < c->story->beat_count; i++) {
		if (!card[i])
			continue;
		add_card(c, &c->story->beats[i]);
		if (shown++ == 0)
			flow_keep_end(c->flow);
	}
	if (given == 0)
		flow_keep_end(c->flow);
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
	const bool *card = carded(c, &steps);

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
