/* The report a customer gets about one incident: what happened, how we know, what it may mean, what it
 * touches, what was done, what to do next, and everything needed to check it. Headings follow Japanese
 * practice (CONVENTIONS 2.3) in both languages. What only people know is marked as missing. */
#include "render/document/customer.h"
#include "render/document/noted.h"
#include "render/document/report_parts.h"

#include <string.h>

#include "analyst/model/tlp.h"
#include "templates/phrases.h"
#include "timeline/palette.h"

#define SUMMARY_STEPS 6              /* sentences of the story on page one */
#define SUMMARY_LEAST 2
#define SUMMARY_SHARE 0.63           /* of the page's width; the box has the rest */
#define PARAGRAPH 4                  /* sentences of the full story between two breaths */

/* ---- words and facts ---- */

static struct fact *filler_room(struct filler *fl, const char *name)
{
	if (fl->count == BEAT_FACTS)
		return NULL;
	fl->list[fl->count] = (struct fact){ .name = name };
	return &fl->list[fl->count++];
}

void fill_text(struct filler *fl, const char *name, enum fact_kind kind, const char *text)
{
	struct fact *fa = text != NULL && text[0] != '\0' ? filler_room(fl, name) : NULL;

	if (fa != NULL) {
		fa->kind = kind;
		fa->text = text;
	}
}

void fill_value(struct filler *fl, const char *name, enum fact_kind kind, int64_t value)
{
	struct fact *fa = filler_room(fl, name);

	if (fa != NULL) {
		fa->kind = kind;
		fa->value = value;
	}
}

void fill_number(struct filler *fl, const char *name, int64_t value)
{
	fill_value(fl, name, FACT_NUMBER, value);
}

void fill_beat(struct filler *fl, const struct beat *b)
{
	for (size_t i = 0; i < b->fact_count && fl->count < BEAT_FACTS; i++)
		fl->list[fl->count++] = b->facts[i];
}

const char *customer_word(const struct customer *c, const char *key)
{
	return word(c->rq->phrases, c->lang, arena_printf(c->arena, "customer.%s", key));
}

const char *customer_fill(const struct customer *c, const char *key, const struct filler *facts)
{
	return word_with(c->rq->phrases, c->lang, arena_printf(c->arena, "customer.%s", key), facts->list, facts->count,
	                 c->rq->zone, c->arena);
}

struct sentence customer_sentence(const struct customer *c, const char *key, const struct filler *facts)
{
	struct beat *b = arena_alloc(c->arena, sizeof(*b));
	struct narrative n = { .incident = c->incident->id, .beats = b, .beat_count = 1 };
	const struct sentence *s;
	size_t count;

	b->part = PART_MEANING;
	b->key = arena_printf(c->arena, "customer.%s", key);
	b->facts = arena_copy(c->arena, facts->list, facts->count, sizeof(facts->list[0]));
	b->fact_count = facts->count;
	s = story_sentences(c->rq->phrases, c->lang, REGISTER_CUSTOMER, &n, PART_MEANING, c->rq->zone, c->arena, &count);
	return count > 0 ? s[0] : (struct sentence){ NULL, 0, b };
}

const char *customer_when(const struct customer *c, instant t, enum when_form form)
{
	return story_when(c->lang, t, c->rq->zone, form, c->arena);
}

const char *customer_period(const struct customer *c, instant first, instant last)
{
	const char *from = customer_when(c, first, WHEN_FULL);
	bool one_day = strcmp(customer_when(c, first, WHEN_DATE), customer_when(c, last, WHEN_DATE)) == 0;
	const char *to = customer_when(c, last, one_day ? WHEN_TIME : WHEN_DAY_TIME);

	if (last == INSTANT_NONE || last - first < SECOND)
		return from;
	return arena_printf(c->arena, c->lang == LANGUAGE_JA ? "%s〜%s" : "%s to %s", from, to);
}

const char *customer_open(const struct customer *c, const char *field)
{
	const char *s = noted(c->rq, c->incident, field, c->arena);

	return s != NULL ? s : customer_word(c, "blank");
}

const char *customer_entity(const struct customer *c, uint32_t entity)
{
	const struct week_entity *e = &c->week->entities[entity];

	return e->shown != NULL ? e->shown : e->value;
}

const struct week_rule *customer_rule(const struct customer *c, uint32_t episode)
{
	return &c->week->rules[c->rq->an->episodes[episode].rule];
}

const char *customer_product(const struct customer *c, const struct week_rule *r)
{
	return product_written(r->rule.product, c->arena);
}

struct cell customer_cell(const struct customer *c, const char *s, enum run_style style)
{
	return customer_cell_runs(flow_run(c->flow, s, style), 1);
}

struct cell customer_cell_runs(const struct run *runs, size_t n)
{
	struct cell cell = { .height = 0 };

	cell.text[0] = (struct cell_text){ .runs = runs, .run_count = n, .style = PARA_SMALL };
	return cell;
}

void customer_heading(const struct customer *c, const char *key)
{
	const char *aside = arena_printf(c->arena, "customer.%s.aside", key);

	flow_heading(c->flow, composer_heading(c->co, customer_word(c, key)),
	             phrase_find(c->rq->phrases, aside) != NULL ? word(c->rq->phrases, c->lang, aside) : NULL);
}

static const struct sentence *sentences(const struct customer *c, const struct narrative *n, enum part part,
                                        size_t *count)
{
	return story_sentences(c->rq->phrases, c->lang, REGISTER_CUSTOMER, n, part, c->rq->zone, c->arena, count);
}

/* ---- page one ---- */

static bool is_step(const struct beat *b)
{
	return b->part == PART_STORY && b->at != INSTANT_NONE;
}

/* How often a defender's product acted, when that is more than the story tells; else 0. */
static uint32_t untold_responses(const struct customer *c)
{
	uint32_t n = 0, told = 0;

	for (size_t i = 0; i < c->story->beat_count; i++)
		told += is_step(&c->story->beats[i]) && c->story->beats[i].response;
	for (uint32_t i = 0; i < c->incident->episode_count; i++)
		n += customer_rule(c, c->incident->episodes[i])->behaviour->response;
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
		out.list = sentences(c, c->story, PART_STORY, &out.count);
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

/* The first recorded act of a defender: of all episodes, told or not. */
static instant first_response(const struct customer *c)
{
	for (uint32_t i = 0; i < c->incident->episode_count; i++)
		if (customer_rule(c, c->incident->episodes[i])->behaviour->response)
			return c->rq->an->episodes[c->incident->episodes[i]].first;
	return INSTANT_NONE;
}

/* Where the report says more; where its template leaves that out, nothing. */
static void fill_section(const struct customer *c, struct filler *facts, const char *section)
{
	unsigned number = composer_number(c->co, section);

	if (number > 0)
		fill_number(facts, "section", number);
}

/* One sentence for all responses when the story has no room for them. */
static void add_answer(const struct customer *c)
{
	struct filler facts = { .count = 0 };
	struct sentence s;
	uint32_t n;

	if ((n = untold_responses(c)) == 0)
		return;
	fill_number(&facts, "count", n);
	fill_value(&facts, "time", FACT_TIME, first_response(c));
	fill_value(&facts, "after", FACT_SPAN, first_response(c) - c->incident->first);
	fill_section(c, &facts, "response");
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
	flow_custom(c->flow, 11, draw_byline, by);
	s = summary->list;
	n = summary->count;
	flow_sentences(c->flow, PARA_BODY, s, (n + 1) / 2);
	if (n > 1)
		flow_sentences(c->flow, PARA_BODY, s + (n + 1) / 2, n - (n + 1) / 2);
	add_answer(c);
	s = sentences(c, c->story, PART_MEANING, &n);
	if (n > 0)
		flow_sentences(c->flow, PARA_BODY, s, 1);
	s = sentences(c, c->story, PART_UNKNOWN, &n);
	if (n > 0)
		flow_sentences(c->flow, PARA_BODY, s, 1);
}

struct rows {                        /* label and value, for flow_facts */
	struct fact_row list[24];
	size_t count;
};

static void add_row(const struct customer *c, struct rows *r, const char *key, const char *value, enum run_style style)
{
	if (r->count < sizeof(r->list) / sizeof(r->list[0]))
		r->list[r->count++] = (struct fact_row){ customer_word(c, key), flow_run(c->flow, value, style), 1 };
}

/* A field that only people can fill in; what is missing stands out. */
static void add_open(const struct customer *c, struct rows *r, const char *key, const char *field)
{
	bool there = noted(c->rq, c->incident, field, c->arena) != NULL;

	add_row(c, r, key, customer_open(c, field), there ? RUN_PLAIN : RUN_STRONG);
}

static const char *response_text(const struct customer *c)
{
	instant at = first_response(c);
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
	struct rows r = { .count = 0 };
	size_t asked;

	fill_text(&score, "priority", FACT_TEXT,
	          customer_word(c, arena_printf(c->arena, "priority.%s", priorities_[in->priority])));
	fill_text(&score, "score", FACT_TEXT, arena_printf(c->arena, "%.0f", in->score));
	fill_number(&hosts, "hosts", in->host_count);
	sentences(c, c->story, PART_ACTION, &asked);
	add_row(c, &r, "box.severity", customer_fill(c, "box.severity.value", &score), RUN_STRONG);
	add_row(c, &r, "box.first", customer_when(c, in->first, WHEN_FULL), RUN_PLAIN);
	add_row(c, &r, "box.last", customer_when(c, in->last, WHEN_FULL), RUN_PLAIN);
	add_row(c, &r, "box.response", response_text(c), RUN_PLAIN);
	add_row(c, &r, "box.hosts", customer_fill(c, "box.hosts.value", &hosts), RUN_PLAIN);
	add_row(c, &r, "box.data", data_text(c), RUN_PLAIN);
	add_row(c, &r, "box.confidence", confidence_text(c), RUN_PLAIN);
	add_open(c, &r, "box.state", "state");
	if (asked > 0) {
		struct filler n = { .count = 0 };

		fill_number(&n, "actions", (int64_t)asked);
		fill_section(c, &n, "actions");
		add_row(c, &r, "box.actions", customer_fill(c, "box.actions.value", &n), RUN_STRONG);
	}
	flow_box_begin(c->flow, TINT, NO_COLOUR);
	flow_facts(c->flow, r.list, r.count);
	flow_box_end(c->flow);
}

static struct chart_input timeline_input(const struct customer *c)
{
	struct chart_input in = figures_input(&c->figures, c->rq->an, c->rq->narratives, flow_width(c->flow));

	figures_tell(&c->figures, &in, c->incident, c->rq->narratives);
	return in;
}

/* The numbered marks of the figure as words. */
static void add_legend(const struct customer *c, const struct chart_finding *found)
{
	static const colour inks[] = { ATTACKER, RESPONSE, HUMAN };
	struct item *items = ARENA_ARRAY(c->arena, struct item, found->event_count + 1);

	for (size_t i = 0; i < found->event_count; i++) {
		const struct chart_event *e = &found->events[i];
		struct sentence s = { flow_run(c->flow, e->label != NULL ? e->label : "", RUN_PLAIN), 1, NULL };

		if (e->beat != NO_BEAT)
			s = story_label(c->rq->phrases, c->lang, &c->story->beats[e->beat], c->rq->zone, c->arena);
		items[i] = (struct item){ .runs = s.runs, .run_count = s.count, .ink = inks[e->side],
		                          .lead = customer_when(c, e->at, WHEN_TIME) };
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
	const char *kicker = arena_printf(c->arena, "%s   %s", customer_word(c, "kicker"), c->incident->id);
	struct pill pill = { customer_word(c, arena_printf(c->arena, "pill.%s", names[p])), fills[p], WHITE };

	flow_title(c->flow, kicker, title, &pill, 1);
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
static int add_page_one(void *customer, struct fault *f)
{
	struct customer *c = customer, trial = *c;
	struct chart_input in = timeline_input(c);
	struct scene *figure = figures_draw(&c->figures, &chart_attack_timeline, &in, &c->found);
	struct summary summary = { .count = 0 };
	const char *lead = c->co->lead;

	(void)f;
	for (size_t steps = SUMMARY_STEPS; steps >= SUMMARY_LEAST; steps--) {
		summary = summary_of(c, steps);
		c->whole = summary.whole;            /* whether a section of its own follows, and numbers with it */
		trial.flow = flow_trial(c->flow);
		lay_page_one(&trial, &summary, figure);
		c->co->lead = lead;
		if (flow_height(trial.flow) <= flow_page_height())
			break;
	}
	lay_page_one(c, &summary, figure);
	if (c->whole)
		add_legend(c, &c->found);
	return 0;
}

static bool story_is_longer(const void *customer)
{
	return !((const struct customer *)customer)->whole;
}

/* ---- sections between the pages ---- */

static int add_story(void *customer, struct fault *f)
{
	const struct customer *c = customer;
	size_t n;
	const struct sentence *s = sentences(c, c->story, PART_STORY, &n);

	(void)f;
	customer_heading(c, "section.events");
	add_legend(c, &c->found);
	flow_gap(c->flow, 6);
	for (size_t i = 0; i < n;) {
		size_t take = n - i < PARAGRAPH + 2 ? n - i : PARAGRAPH;

		flow_sentences(c->flow, PARA_BODY, s + i, take);
		i += take;
	}
	return 0;
}

/* Sentences one by one; they are judgements, each to be weighed by itself. */
static void add_points(const struct customer *c, const char *heading, enum part part, enum bullet bullet)
{
	size_t n;
	const struct sentence *s = sentences(c, c->story, part, &n);
	struct item *items = ARENA_ARRAY(c->arena, struct item, n + 1);

	if (n == 0)
		return;
	for (size_t i = 0; i < n; i++)
		items[i] = (struct item){ .runs = s[i].runs, .run_count = s[i].count };
	flow_keep_begin(c->flow);
	flow_subheading(c->flow, customer_word(c, heading), NULL);
	flow_list(c->flow, bullet, items, n, 1);
	flow_keep_end(c->flow);
}

static int add_cause(void *customer, struct fault *f)
{
	const struct customer *c = customer;
	struct rows r = { .count = 0 };

	(void)f;
	customer_heading(c, "section.cause");
	add_points(c, "cause.meaning", PART_MEANING, BULLET_DOT);
	add_points(c, "cause.benign", PART_BENIGN, BULLET_DOT);
	add_points(c, "cause.unknown", PART_UNKNOWN, BULLET_RING);
	flow_gap(c->flow, 5);
	add_open(c, &r, "cause.root", "cause");
	flow_facts(c->flow, r.list, r.count);
	return 0;
}

/* A chart where it has something to show. */
static void add_chart(const struct customer *c, const struct chart *chart)
{
	struct chart_input in = timeline_input(c);
	struct chart_finding found;
	struct scene *sc;

	if (chart->applies != NULL && !chart->applies(&in))
		return;
	sc = figures_draw(&c->figures, chart, &in, &found);
	flow_figure(c->flow, scene_claim(sc), scene_description(sc), sc);
}

static int add_response(void *customer, struct fault *f)
{
	const struct customer *c = customer;
	struct rows r = { .count = 0 };

	(void)f;
	customer_heading(c, "section.response");
	add_chart(c, &chart_response_timeline);
	if (!customer_acted(c))
		flow_text(c->flow, PARA_SMALL, customer_word(c, "response.none"));
	flow_gap(c->flow, 5);
	add_open(c, &r, "response.underway", "underway");
	add_open(c, &r, "response.planned", "planned");
	flow_facts(c->flow, r.list, r.count);
	return 0;
}

static int add_actions(void *customer, struct fault *f)
{
	const struct customer *c = customer;
	const struct column columns[] = {
		{ "#", 0.05, ALIGN_LEFT, NULL }, { customer_word(c, "actions.what"), 0.6, ALIGN_LEFT, NULL },
		{ customer_word(c, "actions.owner"), 0.19, ALIGN_LEFT, NULL }, { customer_word(c, "actions.due"), 0.16, ALIGN_LEFT, NULL },
	};
	struct rows r = { .count = 0 };
	size_t n;
	const struct sentence *s = sentences(c, c->story, PART_ACTION, &n);

	(void)f;
	customer_heading(c, "section.actions");
	flow_table_begin(c->flow, columns, 4);
	for (size_t i = 0; i < n; i++) {
		const struct cell cells[] = {
			customer_cell(c, arena_printf(c->arena, "%zu", i + 1), RUN_STRONG),
			customer_cell_runs(s[i].runs, s[i].count),
			customer_cell(c, customer_open(c, arena_printf(c->arena, "owner.%zu", i + 1)), RUN_PLAIN),
			customer_cell(c, customer_open(c, arena_printf(c->arena, "due.%zu", i + 1)), RUN_PLAIN),
		};

		flow_row(c->flow, cells, NO_COLOUR, NULL);
	}
	flow_table_end(c->flow);
	flow_gap(c->flow, 5);
	add_open(c, &r, "actions.permanent", "permanent");
	flow_facts(c->flow, r.list, r.count);
	return 0;
}

static int add_next(void *customer, struct fault *f)
{
	const struct customer *c = customer;
	struct rows r = { .count = 0 };

	(void)f;
	flow_keep_begin(c->flow);
	customer_heading(c, "section.next");
	add_open(c, &r, "next.report", "next-report");
	add_open(c, &r, "next.contact", "contact");
	add_open(c, &r, "next.publication", "publication");
	flow_facts(c->flow, r.list, r.count);
	flow_keep_end(c->flow);
	return 0;
}

/* ---- the appendix ---- */

/* What the ids in the figure stand for: "T1190 Exploit Public-Facing Application; ...". English in both languages. */
static void add_techniques(const struct customer *c, const struct chart_finding *found)
{
	struct filler list = { .count = 0 };
	struct text t = { 0 };

	for (size_t i = 0; i < found->techniques_named; i++) {
		const char *name = c->rq->attack != NULL ? attack_name(c->rq->attack, found->techniques[i]) : NULL;

		if (name != NULL)
			text_printf(&t, "%s%s %s", t.used > 0 ? "; " : "", found->techniques[i], name);
	}
	if (t.used > 0) {
		fill_text(&list, "techniques", FACT_TEXT, arena_dup(c->arena, text_str(&t)));
		flow_text(c->flow, PARA_SMALL, customer_fill(c, "attack.techniques", &list));
	}
	text_free(&t);
}

static int add_strip(void *customer, struct fault *f)
{
	const struct customer *c = customer;
	struct chart_input in = timeline_input(c);
	struct chart_finding found;
	struct scene *sc = figures_draw(&c->figures, &chart_attack_strip, &in, &found);
	struct filler release = { .count = 0 };

	(void)f;
	customer_heading(c, "section.attack");
	flow_figure(c->flow, scene_claim(sc), scene_description(sc), sc);
	add_techniques(c, &found);
	if (c->rq->attack != NULL)
		fill_text(&release, "release", FACT_TEXT, attack_release(c->rq->attack));
	flow_text(c->flow, PARA_LIMITS, customer_fill(c, "attack.notice", &release));
	return 0;
}

static int add_control(void *customer, struct fault *f)
{
	const struct customer *c = customer;
	const struct report_request *rq = c->rq;
	struct rows r = { .count = 0 };
	struct filler records = { .count = 0 };

	(void)f;
	fill_number(&records, "alerts", c->week->mark_count);
	if (rq->source_count > 0)
		fill_number(&records, "files", (int64_t)rq->source_count);
	flow_keep_begin(c->flow);
	customer_heading(c, "section.control");
	add_row(c, &r, "control.id", c->incident->id, RUN_PLAIN);
	add_row(c, &r, "control.draft", report_dated(rq, c->arena), RUN_PLAIN);
	add_row(c, &r, "control.records", customer_fill(c, "control.records.value", &records), RUN_PLAIN);
	add_row(c, &r, "control.period", customer_period(c, c->week->first, c->week->last), RUN_PLAIN);
	add_open(c, &r, "control.number", "number");
	add_open(c, &r, "control.review", "review");
	add_open(c, &r, "control.approval", "approval");
	add_open(c, &r, "control.readers", "readers");
	flow_facts(c->flow, r.list, r.count);
	flow_keep_end(c->flow);
	return 0;
}

/* Products whose records the incident rests on, for the limits. */
static size_t products_of(const struct customer *c, const char **out, size_t most)
{
	size_t n = 0;

	for (uint32_t i = 0; i < c->incident->episode_count; i++) {
		const char *product = customer_product(c, customer_rule(c, c->incident->episodes[i]));
		size_t at = 0;

		while (at < n && strcmp(out[at], product) < 0)
			at++;
		if (n == most || (at < n && strcmp(out[at], product) == 0))
			continue;
		memmove(out + at + 1, out + at, (n - at) * sizeof(*out));
		out[at] = product;
		n++;
	}
	return n;
}

static int add_limits(void *customer, struct fault *f)
{
	const struct customer *c = customer;
	struct filler facts = { .count = 0 };
	const char *products[8];
	size_t n = products_of(c, products, 8);
	int64_t rejected = 0;
	struct civil civil = civil_from(c->incident->first, c->rq->zone);

	(void)f;
	for (size_t i = 0; i < c->rq->source_count; i++)
		rejected += c->rq->sources[i].tally.rejected;
	fill_value(&facts, "start", FACT_TIME, c->week->first);
	fill_text(&facts, "zone", FACT_TEXT, arena_dup(c->arena, civil.abbreviation));
	if (rejected > 0)
		fill_number(&facts, "rejected", rejected);
	facts.list[facts.count++] = (struct fact){ .name = "products", .kind = FACT_LIST, .item_kind = FACT_TEXT,
	                                           .items = products, .item_count = n, .value = (int64_t)n };
	customer_heading(c, "section.limits");
	flow_text(c->flow, PARA_LIMITS, customer_fill(c, "limits", &facts));
	flow_text(c->flow, PARA_LIMITS, customer_word(c, "limits.certainty"));
	return 0;
}

/* The fields that IPA's notification form asks for, as far as the records hold them. */
static int add_notification(void *customer, struct fault *f)
{
	const struct customer *c = customer;
	struct rows r = { .count = 0 };
	struct civil civil = civil_from(c->incident->first, c->rq->zone);

	(void)f;
	flow_keep_begin(c->flow);
	customer_heading(c, "section.notification");
	add_open(c, &r, "notification.found", "found");
	add_row(c, &r, "notification.period", customer_period(c, c->incident->first, c->incident->last), RUN_PLAIN);
	add_row(c, &r, "notification.zone", civil.abbreviation, RUN_PLAIN);
	add_open(c, &r, "notification.clock", "clock");
	add_row(c, &r, "notification.targets", c->incident->host_count > 0 ?
	        customer_entity(c, c->incident->hosts[0]) : customer_word(c, "blank"), RUN_PLAIN);
	add_open(c, &r, "notification.system", "system");
	add_row(c, &r, "notification.trigger", customer_word(c, "notification.trigger.value"), RUN_PLAIN);
	add_open(c, &r, "notification.damage", "damage");
	add_open(c, &r, "notification.contact", "contact");
	flow_facts(c->flow, r.list, r.count);
	flow_keep_end(c->flow);
	return 0;
}

static int add_appendix(void *customer, struct fault *f)
{
	const struct customer *c = customer;

	(void)f;
	flow_section(c->flow, composer_heading(c->co, customer_word(c, "section.appendix")));
	return 0;
}

/* Where calls have a pace, the picture proves it better than the number. */
static int add_pace(void *customer, struct fault *f)
{
	const struct customer *c = customer;
	struct chart_input in = timeline_input(c);
	struct chart_finding found;
	struct scene *sc;

	(void)f;
	memset(&found, 0, sizeof found);
	sc = figures_draw(&c->figures, &chart_beacon_intervals, &in, &found);
	if (found.calls > 0)
		flow_figure(c->flow, scene_claim(sc), scene_description(sc), sc);
	return 0;
}

/* The volume of the incident's machines; a period too short to say what is usual has no such picture. */
static int add_volume(void *customer, struct fault *f)
{
	const struct customer *c = customer;
	struct chart_input in = timeline_input(c);
	struct chart_finding found;
	struct scene *sc = figures_draw(&c->figures, &chart_volume_anomalies, &in, &found);

	(void)f;
	if (found.banded)
		flow_figure(c->flow, scene_claim(sc), scene_description(sc), sc);
	return 0;
}

static int add_graph(void *customer, struct fault *f)
{
	(void)f;
	add_chart(customer, &chart_entity_graph);
	return 0;
}

static int add_factors(void *customer, struct fault *f)
{
	const struct customer *c = customer;

	(void)f;
	if (c->incident->factor_count == 0)
		return 0;
	customer_heading(c, "section.factors");
	add_chart(c, &chart_priority_factors);
	return 0;
}

/* It is the Japanese form. */
static bool is_japanese(const void *customer)
{
	return ((const struct customer *)customer)->lang == LANGUAGE_JA;
}

static const struct section report_sections[] = {
	{ .name = "summary", .add = add_page_one, .required = true, .first = true },
	{ .name = "events", .add = add_story, .applies = story_is_longer, .required = true },
	{ .name = "cards", .add = customer_cards },
	{ .name = "pace", .add = add_pace },
	{ .name = "volume", .add = add_volume },
	{ .name = "scope", .add = customer_scope },
	{ .name = "graph", .add = add_graph },
	{ .name = "cause", .add = add_cause },
	{ .name = "response", .add = add_response },
	{ .name = "actions", .add = add_actions },
	{ .name = "next", .add = add_next },
	{ .name = "appendix", .add = add_appendix },
	{ .name = "indicators", .add = customer_indicators },
	{ .name = "attack", .add = add_strip },
	{ .name = "factors", .add = add_factors, .on_request = true },
	{ .name = "acts", .add = customer_acts, .applies = customer_acted },
	{ .name = "evidence", .add = customer_evidence, .required = true },
	{ .name = "detections", .add = customer_detections },
	{ .name = "control", .add = add_control },
	{ .name = "notification", .add = add_notification, .applies = is_japanese },
	{ .name = "limits", .add = add_limits, .required = true },
	{ .name = NULL },
};

static const char *const own_facts[] = { "customer", "organisation", "incident", "title", "host", "hosts", "first", "last",
                                         "alerts", "date", NULL };

const struct section_set customer_set = {
	.kind = "customer", .list = report_sections, .facts = own_facts, .reg = REGISTER_CUSTOMER,
};

/* ---- the whole ---- */

/* Parts of a line set apart by three spaces, as page heads are; empty parts are left out. */
static const char *apart(const struct customer *c, const char *const *parts, size_t n)
{
	const char *out = "";

	for (size_t i = 0; i < n; i++)
		if (parts[i] != NULL && parts[i][0] != '\0')
			out = out[0] == '\0' ? parts[i] : arena_printf(c->arena, "%s   %s", out, parts[i]);
	return out;
}

static const char *header_text(const struct customer *c)
{
	struct filler facts = { .count = 0 };
	const char *parts[2] = { c->rq->organisation };

	fill_text(&facts, "customer", FACT_TEXT, c->rq->customer);
	parts[1] = customer_fill(c, "header", &facts);
	return apart(c, parts, 2);
}

static const char *footer_text(const struct customer *c)
{
	const char *parts[2] = { c->incident->id, report_dated(c->rq, c->arena) };

	return apart(c, parts, 2);
}

static int choose_incident(struct customer *c, struct fault *f)
{
	const struct analysis *an = c->rq->an;

	c->incident = c->rq->incident;
	if (c->incident == NULL && an->queue_count > 0)
		c->incident = &an->incidents[0];
	if (c->incident == NULL)
		return fault_set(f, FAULT_DATA, "the queue holds no incident to report on");
	c->story = &c->rq->narratives[c->incident - an->incidents];
	return 0;
}

const uint64_t *customer_count_rules(const struct customer *c)
{
	uint64_t *n = ARENA_ARRAY(c->arena, uint64_t, c->week->rule_count + 1);

	for (uint32_t i = 0; i < c->week->mark_count; i++)
		n[c->week->marks[i].rule]++;
	return n;
}

static int write_all(struct text *out, struct customer *c, struct pdf *pdf, struct fault *f)
{
	const char *tlp = tlp_named(c->rq->tlp);
	const struct flow_frame frame = {
		.header = header_text(c), .footer = footer_text(c),
		.tlp = tlp != NULL ? tlp : "TLP:AMBER+STRICT",
		.figure = c->lang == LANGUAGE_JA ? customer_word(c, "figure") :
		          arena_printf(c->arena, "%s ", customer_word(c, "figure")), .continued = customer_word(c, "continued"),
		.record = report_records(c->rq),
	};

	struct report_request own = *c->rq;
	struct composer co = { .set = &customer_set, .report = c, .rq = &own, .flow = &c->flow, .arena = c->arena };

	own.incident = c->incident;
	c->co = &co;
	c->flow = flow_new(c->arena, c->ts, pdf, &frame);
	flow_scope(c->flow, "incident");
	return composer_open(&co, f) < 0 || compose(&co, f) < 0 ? -1 : report_finish(out, c->flow, pdf, c->rq, c->incident, f);
}

int report_customer(struct text *out, const struct report_request *rq, struct fault *f)
{
	struct customer c = { .rq = rq, .week = rq->an->week, .lang = rq->lang };
	struct typesetter ts = { NULL, rq->lang };
	struct pdf *pdf = NULL;
	struct pdf_info info;
	bool of_records;
	int rc = -1;

	c.arena = arena_new();
	c.ts = &ts;
	if (choose_incident(&c, f) < 0 || fonts_load(&ts.fonts, f) < 0)
		goto out;
	c.fired = customer_count_rules(&c);
	figures_init(&c.figures, rq->phrases, rq->lang, &ts, rq->zone, c.arena);
	info = (struct pdf_info){
		.title = story_title(rq->phrases, rq->lang, REGISTER_CUSTOMER, c.story, rq->zone, c.arena),
		.author = rq->organisation, .subject = customer_word(&c, "subject"), .lang = rq->lang,
		.made = report_date(rq, &of_records), .seed = c.incident->id,
	};
	if (pdf_new(&pdf, ts.fonts, &info, f) < 0 || write_all(out, &c, pdf, f) < 0)
		goto out;
	rc = 0;
out:
	if (rc < 0)
		fault_wrap(f, "customer report");
	pdf_free(pdf);
	fonts_free(ts.fonts);
	arena_free(c.arena);
	return rc;
}
