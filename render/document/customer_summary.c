/* Page one: the story in a few sentences beside a box of facts, over the timeline; and the story in full, where page
 * one has no room for it. */
#include "render/document/customer.h"
#include "render/document/noted.h"

#include <string.h>

#include "timeline/palette.h"

#define SUMMARY_STEPS 6              /* sentences of the story on page one */
#define SUMMARY_LEAST 2
#define SUMMARY_SHARE 0.63           /* of the page's width; the box has the rest */
#define PARAGRAPH 4                  /* sentences of the full story between two breaths */

/* ---- the text ---- */

static bool is_step(const struct beat *b)
{
	return b->part == PART_STORY && b->at != INSTANT_NONE;
}

/* How often a defender's product acted, when that is more than the story tells; else 0. */
static uint32_t untold_responses(const struct customer *c, instant *first)
{
	uint32_t n = incident_answers(c->rq->an, c->incident, first), told = 0;

	for (size_t i = 0; i < c->story->beat_count; i++)
		told += is_step(&c->story->beats[i]) && c->story->beats[i].response;
	return n > told ? n : 0;
}

/* The first page's text: sentences that stand alone, each with its own time. */
struct summary {
	const struct sentence *list;
	size_t count;
	bool whole;                          /* no step is left out */
};

static struct summary summary_of(const struct customer *c, size_t most)
{
	struct summary out = { .count = 0 };
	size_t steps = 0, all = 0;

	for (size_t i = 0; i < c->story->beat_count; i++) {
		all += c->story->beats[i].part == PART_STORY;
		steps += is_step(&c->story->beats[i]);
	}
	out.list = story_brief(c->rq->phrases, c->lang, REGISTER_CUSTOMER, c->story, most, c->rq->zone, c->arena, &out.count);
	out.whole = out.count == all;
	/* With every step told, what has no time of its own (the rest, counted) completes the story; and a story
	 * whose beats have no order of telling is told from its beginning. */
	if (out.count == 0 || (!out.whole && steps <= most && all <= most + 1)) {
		out.list = customer_sentences(c, c->story, PART_STORY, &out.count);
		out.whole = out.count <= most + 1;
		out.count = out.whole ? out.count : most;
	}
	return out;
}

struct byline {
	const struct customer *c;
	const char *label, *who;
};

static void draw_byline(void *ctx, struct canvas *cv, double x, double y, double w, double h)
{
	const struct byline *by = ctx;
	double used = canvas_text(cv, by->c->ts, x, y + h - 3, 7.6, FACE_BOLD, ALIGN_LEFT, BLUE, by->label);

	(void)w;
	canvas_text(cv, by->c->ts, x + used + 8, y + h - 3, 7.6, FACE_SEMIBOLD, ALIGN_LEFT, ATTACKER, by->who);
}

/* One sentence for all responses when the story has no room for them. */
static void add_answer(const struct customer *c)
{
	struct filler facts = { .count = 0 };
	struct sentence s;
	instant first;
	uint32_t n = untold_responses(c, &first);

	if (n == 0)
		return;
	fill_number(&facts, "count", n);
	fill_value(&facts, "time", FACT_TIME, first);
	fill_value(&facts, "after", FACT_SPAN, first - c->incident->first);
	customer_fill_section(c, &facts, "response");
	s = customer_sentence(c, "answer", &facts);
	flow_sentences(c->flow, PARA_BODY, &s, 1);
}

static const char *reviewed(const struct customer *c)
{
	const char *who = noted(c->rq, c->incident, "review", c->arena);
	struct filler facts = { .count = 0 };

	if (who == NULL)
		return customer_word(c, "unreviewed");
	fill_text(&facts, "review", FACT_TEXT, who);
	return customer_fill(c, "reviewed", &facts);
}

static void add_summary(const struct customer *c, const struct summary *summary)
{
	struct byline *by = arena_alloc(c->arena, sizeof(*by));
	const struct sentence *s;
	size_t n;

	*by = (struct byline){ c, composer_heading(c->co, customer_word(c, "summary")), reviewed(c) };
	flow_drawn(c->flow, false);
	flow_bookmark(c->flow, by->label);
	flow_custom(c->flow, 11, draw_byline, by);
	flow_told(c->flow);
	flow_heading(c->flow, by->label, NULL);
	flow_runs(c->flow, PARA_CAPTION, flow_run(c->flow, by->who, RUN_STRONG), 1);
	flow_both(c->flow);
	s = summary->list;
	n = summary->count;
	flow_sentences(c->flow, PARA_BODY, s, (n + 1) / 2);
	if (n > 1)
		flow_sentences(c->flow, PARA_BODY, s + (n + 1) / 2, n - (n + 1) / 2);
	add_answer(c);
	s = customer_sentences(c, c->story, PART_MEANING, &n);
	if (n > 0)
		flow_sentences(c->flow, PARA_BODY, s, 1);
	s = customer_sentences(c, c->story, PART_UNKNOWN, &n);
	if (n > 0)
		flow_sentences(c->flow, PARA_BODY, s, 1);
}

/* ---- the box ---- */

static const char *response_text(const struct customer *c)
{
	instant at = customer_first_response(c);
	struct filler facts = { .count = 0 };

	if (at == INSTANT_NONE)
		return customer_word(c, "box.noresponse");
	fill_value(&facts, "time", FACT_TIME, at);
	if (at - c->incident->first >= SECOND)
		fill_value(&facts, "after", FACT_SPAN, at - c->incident->first);
	return customer_fill(c, "box.responded", &facts);
}

/* How sure the steps are, counted. */
static const char *confidence_text(const struct customer *c)
{
	static const char *const names[] = { "confirmed", "likely", "possible" };
	struct filler facts = { .count = 0 };
	int64_t counts[4] = { 0 };

	for (size_t i = 0; i < c->story->beat_count; i++)
		if (is_step(&c->story->beats[i]) && !c->story->beats[i].response && c->story->beats[i].certainty <= CERTAINTY_NOT_SEEN)
			counts[c->story->beats[i].certainty]++;
	for (size_t i = 0; i < 3; i++)
		if (counts[i] > 0)
			fill_number(&facts, names[i], counts[i]);
	return customer_fill(c, "box.confidence.value", &facts);
}

static const char *data_text(const struct customer *c)
{
	for (size_t i = 0; i < c->story->beat_count; i++) {
		const struct beat *b = &c->story->beats[i];
		const struct fact *fa = beat_fact(b, "bytes");

		if (b->part != PART_STORY && fa != NULL) {
			struct filler facts = { .count = 0 };

			fill_value(&facts, "bytes", FACT_BYTES, fa->value);
			return customer_fill(c, "box.data.value", &facts);
		}
	}
	return customer_word(c, "box.data.none");
}

static void add_box(const struct customer *c)
{
	static const char *const priorities_[] = { "low", "medium", "high", "critical" };
	const struct incident *in = c->incident;
	struct filler score = { .count = 0 }, hosts = { .count = 0 };
	const char *reach = report_reach(c->rq, in, c->arena);
	struct customer_rows r = { .count = 0 };
	size_t asked, named, accounts;
	bool of_accounts;

	fill_text(&score, "priority", FACT_TEXT,
	          customer_word(c, arena_printf(c->arena, "priority.%s", priorities_[in->priority])));
	fill_text(&score, "score", FACT_TEXT, arena_printf(c->arena, "%.0f", in->score));
	customer_accounts(c, &named, &accounts);
	of_accounts = in->host_count == 0 && accounts > 0;
	fill_number(&hosts, of_accounts ? "accounts" : "hosts", of_accounts ? (int64_t)accounts : in->host_count);
	customer_sentences(c, c->story, PART_ACTION, &asked);
	customer_row(c, &r, "box.severity", customer_fill(c, "box.severity.value", &score), RUN_STRONG);
	customer_row(c, &r, "box.first", customer_when(c, in->first, WHEN_FULL), RUN_PLAIN);
	customer_row(c, &r, "box.last", customer_when(c, in->last, WHEN_FULL), RUN_PLAIN);
	if (reach != NULL)
		customer_row(c, &r, "box.reach", reach, RUN_PLAIN);
	customer_row(c, &r, "box.response", response_text(c), RUN_PLAIN);
	customer_row(c, &r, of_accounts ? "box.accounts" : "box.hosts",
	             customer_fill(c, of_accounts ? "box.accounts.value" : "box.hosts.value", &hosts), RUN_PLAIN);
	customer_row(c, &r, "box.data", data_text(c), RUN_PLAIN);
	customer_row(c, &r, "box.confidence", confidence_text(c), RUN_PLAIN);
	customer_open_row(c, &r, "box.state", "state");
	if (asked > 0) {
		struct filler n = { .count = 0 };

		fill_number(&n, "actions", (int64_t)asked);
		customer_fill_section(c, &n, "actions");
		customer_row(c, &r, "box.actions", customer_fill(c, "box.actions.value", &n), RUN_STRONG);
	}
	flow_box_begin(c->flow, TINT, NO_COLOUR);
	flow_facts(c->flow, r.list, r.count);
	flow_box_end(c->flow);
}

/* ---- the figure and the page ---- */

static bool same_day(const struct customer *c, instant a, instant b)
{
	return strcmp(customer_when(c, a, WHEN_DATE), customer_when(c, b, WHEN_DATE)) == 0;
}

/* Where it is another day than that of the line above; events of one day go without. */
static const char *new_day(const struct customer *c, const struct chart_finding *found, size_t i)
{
	const struct chart_event *e = found->events;
	bool days = !same_day(c, e[0].at, e[found->event_count - 1].at);

	return days && (i == 0 || !same_day(c, e[i].at, e[i - 1].at)) ? customer_when(c, e[i].at, WHEN_DAY) : NULL;
}

/* The numbered marks of the figure as words. */
void customer_legend(const struct customer *c, const struct chart_finding *found)
{
	static const colour inks[] = { ATTACKER, RESPONSE, HUMAN };
	struct item *items = ARENA_ARRAY(c->arena, struct item, found->event_count + 1);

	for (size_t i = 0; i < found->event_count; i++) {
		const struct chart_event *e = &found->events[i];
		struct sentence s = { flow_run(c->flow, e->label != NULL ? e->label : "", RUN_PLAIN), 1, NULL };

		if (e->beat != NO_BEAT)
			s = story_label(c->rq->phrases, c->lang, &c->story->beats[e->beat], c->rq->zone, c->arena);
		items[i] = (struct item){ .runs = s.runs, .run_count = s.count, .ink = inks[e->side],
		                          .lead = customer_when(c, e->at, WHEN_TIME), .aside = new_day(c, found, i) };
	}
	if (found->event_count > 0)
		flow_list(c->flow, BULLET_DISC, items, found->event_count, 2);
}

static void lay_page_one(const struct customer *c, const struct summary *summary, const struct scene *figure)
{
	static const colour fills[] = { LOW_LINE, MEDIUM_LINE, ATTACKER, CRITICAL_FILL };
	static const char *const names[] = { "low", "medium", "high", "critical" };
	enum priority p = c->incident->priority;
	const char *title = story_title(c->rq->phrases, c->lang, REGISTER_CUSTOMER, c->story, c->rq->zone, c->arena);
	const char *series = noted(c->rq, c->incident, "number", c->arena);
	const char *const head[] = { customer_word(c, "kicker"), series, c->incident->id };
	struct pill pill = { customer_word(c, arena_printf(c->arena, "pill.%s", names[p])), fills[p], WHITE };

	flow_title(c->flow, customer_apart(c, head, 3), title, &pill, 1);
	flow_gap(c->flow, 6);
	flow_columns_begin(c->flow, SUMMARY_SHARE, 18);
	add_summary(c, summary);
	flow_columns_next(c->flow);
	add_box(c);
	flow_columns_end(c->flow);
	flow_rule(c->flow);
	flow_figure(c->flow, scene_claim(figure), scene_description(figure), figure);
}

/* As many steps as leave the figure its place. Where the summary tells the whole story, the figure's legend stands
 * under it. */
int customer_page_one(void *customer, struct fault *f)
{
	struct customer *c = customer, trial = *c;
	struct chart_input in = customer_chart_input(c);
	struct scene *figure = figures_draw(&c->figures, &chart_attack_timeline, &in, &c->found);
	struct summary summary = { .count = 0 };
	const char *lead = c->co->lead;

	(void)f;
	for (size_t steps = SUMMARY_STEPS; steps >= SUMMARY_LEAST; steps--) {
		summary = summary_of(c, steps);
		c->whole = summary.whole;            /* whether a section of its own follows, and numbers with it */
		trial.flow = flow_trial(c->flow, c->arena);
		lay_page_one(&trial, &summary, figure);
		c->co->lead = lead;
		if (flow_height(trial.flow) <= flow_page_height())
			break;
	}
	lay_page_one(c, &summary, figure);
	if (c->whole)
		customer_legend(c, &c->found);
	return 0;
}

bool customer_story_is_longer(const void *customer)
{
	return !((const struct customer *)customer)->whole;
}

/* ---- the story in full ---- */

int customer_story(void *customer, struct fault *f)
{
	const struct customer *c = customer;
	size_t n;
	const struct sentence *s = customer_sentences(c, c->story, PART_STORY, &n);

	(void)f;
	customer_heading(c, "section.events");
	customer_legend(c, &c->found);
	flow_gap(c->flow, 6);
	for (size_t i = 0; i < n;) {
		size_t take = n - i < PARAGRAPH + 2 ? n - i : PARAGRAPH;

		flow_sentences(c->flow, PARA_BODY, s + i, take);
		i += take;
	}
	return 0;
}
