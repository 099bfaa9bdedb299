/* A card for each of the most telling steps of the story: what was seen, and the numbers that make it stand out.
 * What a card says is made once: the report lays it out as running text, the chart of evidence cards as a scene. */
#include "render/document/customer.h"

#include <stdlib.h>
#include <string.h>

#include "render/document/report_parts.h"
#include "timeline/palette.h"

#include "analyst/readers/refang.h"

#define RULES_SHOWN 3                /* on a card */
#define CARDS_MOST 4
#define MUCH 1000000                 /* bytes that are worth a sentence: more than requests and pages take */
#define REASONS_DRAWN 2              /* on the chart's cards, beside the numbers */

static const char *rule_text(const struct customer *c, const struct week_rule *r)
{
	return arena_printf(c->arena, "%s: %s", customer_product(c, r), prose_defanged(c->arena, r->rule.name));
}

/* ---- cards ---- */

#define CARD_ROWS 18
#define REASONS_MOST 16

struct card {
	const struct customer *c;
	const struct beat *beat;
	const char *number, *title, *time;
	struct fact_row rows[CARD_ROWS];
	size_t count;
	const char *heading;             /* over the reasons */
	struct sentence why[REASONS_MOST];
	size_t why_count;
	struct card_number numbers[2];   /* the strongest of what the reasons count */
	size_t number_count, strong;
};

/* key NULL: a further value of the row above. */
static void add(struct card *card, const char *key, const struct run *runs, size_t n)
{
	if (card->count < CARD_ROWS && n > 0)
		card->rows[card->count++] = (struct fact_row){ key != NULL ? customer_word(card->c, key) : "", runs, n };
}

static void add_plain(struct card *card, const char *key, const char *value)
{
	struct run *run = arena_alloc(card->c->arena, sizeof(*run));

	*run = (struct run){ value, RUN_PLAIN };
	add(card, key, run, 1);
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
	const struct fired *list = customer_rules(card->c, card->beat->episodes, card->beat->episode_count, &n);
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
	const struct fired *own = customer_rules(c, b->episodes, b->episode_count, &n), *rarest = NULL;
	const struct fired *incident = customer_rules(c, c->incident->episodes, c->incident->episode_count, &all);
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
	fill_text(facts, "rule", FACT_TEXT, prose_defanged(c->arena, rarest->rule->rule.name));
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
	{ "why.products", { "witnesses", NULL, NULL }, NULL, 0 },
	{ "why.once", { "once", NULL, NULL }, NULL, 0 },
	{ "why.rare", { "total", NULL, NULL }, "once", 0 },
};

/* The number of a reason as the chart sets it, large: "customer.number.KEY" is the number, ".what" what it counts. */
static void add_number(struct card *card, size_t reason, const struct filler *facts)
{
	const struct customer *c = card->c;
	const char *key = arena_printf(c->arena, "number.%s", reasons[reason].key + strlen("why."));
	const char *what = arena_printf(c->arena, "%s.what", key), *full = arena_printf(c->arena, "customer.%s", key);

	if (card->number_count == 2 || strcmp(word(c->rq->phrases, c->lang, full), full) == 0)
		return;
	card->strong += strcmp(reasons[reason].key, "why.once") != 0 && strcmp(reasons[reason].key, "why.rare") != 0;
	card->numbers[card->number_count++] = (struct card_number){ customer_fill(c, key, facts), customer_fill(c, what, facts) };
}

static bool knows(const struct filler *facts, const char *name)
{
	for (size_t i = 0; i < facts->count; i++)
		if (strcmp(facts->list[i].name, name) == 0)
			return true;
	return false;
}

static size_t reasons_for(const struct customer *c, const struct beat *b, struct sentence *out, struct card *card)
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
		if (!fits)
			continue;
		out[n++] = customer_sentence(c, reasons[i].key, &facts);
		add_number(card, i, &facts);
	}
	/* How often it was seen stands beside a single proof. */
	if (card->number_count < 2 && !b->response)
		card->numbers[card->number_count++] = (struct card_number){ story_count(c->lang, (int64_t)b->alert_count, c->arena),
		                                                            customer_fill(c, "number.alerts", &facts) };
	return n;
}

static const char *card_time(const struct customer *c, const struct beat *b)
{
	/* What was done is told by when it began. */
	return story_range(c->lang, b->at, b->response ? b->at : b->until, c->rq->zone, WHEN_DAY_TIME, c->arena);
}

static void fill_card(struct card *card, const struct customer *c, const struct beat *b)
{
	struct sentence label = story_label(c->rq->phrases, c->lang, b, c->rq->zone, c->arena);

	*card = (struct card){ .c = c, .beat = b };
	card->number = arena_printf(c->arena, "E%u", b->evidence);
	card->title = sentence_plain(&label, c->arena);
	card->time = card_time(c, b);
	card->heading = customer_word(c, b->response ? "card.reaction" : "card.why");
	card_facts(card);
	card->why_count = reasons_for(c, b, card->why, card);
}

static void add_card(const struct customer *c, const struct beat *b)
{
	struct card card;

	fill_card(&card, c, b);
	flow_anchor(c->flow, card.number);
	flow_box_begin(c->flow, TINT, b->response ? RESPONSE : ATTACKER);
	flow_subheading(c->flow, arena_printf(c->arena, "%s   %s", card.number, card.title), card.time);
	flow_scope(c->flow, "proof");
	flow_columns_begin(c->flow, 0.58, 16);
	flow_facts(c->flow, card.rows, card.count);
	flow_columns_next(c->flow);
	if (card.why_count > 0) {
		flow_text(c->flow, PARA_STRONG, card.heading);
		flow_sentences(c->flow, PARA_SMALL, card.why, card.why_count);
	}
	flow_columns_end(c->flow);
	flow_scope(c->flow, "incident");
	flow_box_end(c->flow);
}

/* Whether a step of this kind already has a card that tells more; a second one would say the same again. */
static bool like_a_carded(const struct narrative *n, const bool *given, const struct beat *b)
{
	for (size_t i = 0; i < n->beat_count; i++)
		if (given[i] && strcmp(n->beats[i].key, b->key) == 0)
			return true;
	return false;
}

/* The step to be carded next: the most telling, without an order of telling the first; NO_BEAT when there is none. */
static size_t next_card(const struct narrative *n, const bool *given)
{
	size_t best = NO_BEAT;

	for (size_t i = 0; i < n->beat_count; i++) {
		const struct beat *b = &n->beats[i];
		size_t telling = beat_telling(b), least = best != NO_BEAT ? beat_telling(&n->beats[best]) : 0;

		if (b->part != PART_STORY || b->at == INSTANT_NONE || b->evidence == 0 || like_a_carded(n, given, b))
			continue;
		if (best == NO_BEAT || (telling > 0 && (least == 0 || telling < least)))
			best = i;
	}
	return best;
}

/* A card for each of the most telling steps, one of a kind. */
const bool *customer_carded(const struct customer *c, size_t *steps)
{
	const struct narrative *n = c->story;
	bool *out = ARENA_ARRAY(c->arena, bool, n->beat_count + 1);

	*steps = 0;
	if (c->co != NULL && !composer_has(c->co, "cards"))
		return out;
	for (size_t i = 0; i < n->beat_count; i++)
		*steps += n->beats[i].part == PART_STORY && n->beats[i].at != INSTANT_NONE && n->beats[i].evidence > 0;
	for (size_t given = 0, next; given < CARDS_MOST && (next = next_card(n, out)) != NO_BEAT; given++)
		out[next] = true;
	return out;
}

int customer_cards(void *customer, struct fault *f)
{
	const struct customer *c = customer;
	size_t steps, given = 0;
	const bool *card = customer_carded(c, &steps);

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

/* ---- the same for the chart ---- */

static const char *plain(const struct customer *c, const struct run *runs, size_t n)
{
	const struct sentence s = { runs, n > 1 && runs[n - 1].style == RUN_EVIDENCE ? n - 2 : n, NULL };

	return sentence_plain(&s, c->arena);
}

static void draw_rows(struct chart_card *out, const struct card *card)
{
	struct card_row *rows = ARENA_ARRAY(card->c->arena, struct card_row, card->count + 1);

	for (size_t i = 0; i < card->count; i++)
		rows[i] = (struct card_row){ card->rows[i].label, plain(card->c, card->rows[i].runs, card->rows[i].run_count),
		                             card->rows[i].runs[0].style == RUN_CODE };
	out->rows = rows;
	out->row_count = card->count;
}

static void draw_reasons(struct chart_card *out, const struct card *card)
{
	const char **words = ARENA_ARRAY(card->c->arena, const char *, REASONS_DRAWN);

	for (; out->reason_count < card->why_count && out->reason_count < REASONS_DRAWN; out->reason_count++)
		words[out->reason_count] = plain(card->c, card->why[out->reason_count].runs, card->why[out->reason_count].count);
	out->reasons = words;
}

void customer_chart_cards(const struct figures *fg, struct chart_input *in)
{
	struct report_request *rq = arena_alloc(fg->arena, sizeof(*rq));
	struct customer *c = arena_alloc(fg->arena, sizeof(*c));
	struct chart_card *out = ARENA_ARRAY(fg->arena, struct chart_card, in->story->beat_count + 1);
	const bool *given;
	size_t steps;

	*rq = (struct report_request){ .an = in->analysis, .phrases = fg->phrases, .zone = fg->zone, .lang = fg->lang };
	*c = (struct customer){ .rq = rq, .incident = in->incident, .story = in->story, .week = in->analysis->week,
	                        .arena = fg->arena, .figures = *fg, .lang = fg->lang };
	c->fired = customer_count_rules(c);
	given = customer_carded(c, &steps);
	for (size_t i = 0; i < in->story->beat_count; i++) {
		struct card card;

		if (!given[i])
			continue;
		fill_card(&card, c, &in->story->beats[i]);
		out[in->card_count] = (struct chart_card){ .number = card.number, .title = card.title, .time = card.time, .heading = card.heading,
		                                           .beat = (uint32_t)i, .number_count = card.number_count, .strong = card.strong };
		memcpy(out[in->card_count].numbers, card.numbers, sizeof(card.numbers));
		draw_rows(&out[in->card_count], &card);
		draw_reasons(&out[in->card_count++], &card);
	}
	in->cards = out;
}
