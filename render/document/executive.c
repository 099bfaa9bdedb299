/* The executive briefing: one page for people who decide, in plain language. What happened and how sure we are
 * comes from the records; state, impact, deadlines and contacts are for a person to fill in and say so. When the
 * page is too short, the lead loses a sentence, the line a point, the lists their third entries; never a
 * second page. */
#include "render/document/comparison.h"
#include "render/document/executive.h"
#include "render/document/noted.h"
#include "render/document/sections.h"

#include <stdlib.h>
#include <string.h>

#include "timeline/palette.h"

#define LIST_MOST 3
#define LEAD_MOST 3
#define TIGHT_MOST 3
#define IMPACTS 4

struct executive {
	struct report r;
	struct composer co;
	const struct incident *in;
	const struct narrative *n;
	const struct beat *title;
	struct fact facts[BEAT_FACTS];           /* of the incident, for every pattern */
	size_t fact_count;
	instant answered;                        /* first automatic block, or INSTANT_NONE */
	uint32_t answers;
	int tight;
};

/* ---- facts ---- */

static void add(struct executive *ex, const char *name, enum fact_kind kind, int64_t value, const char *text)
{
	ex->facts[ex->fact_count++] = (struct fact){ .name = name, .kind = kind, .value = value, .text = text };
}

static void borrow(struct executive *ex, const char *name)
{
	const struct fact *fa = beat_fact(ex->title, name);

	if (fa != NULL)
		ex->facts[ex->fact_count++] = *fa;
}

/* Told apart from the story's own beats, as in the customer report: what all of it came to. */
static const struct fact *bytes_of(const struct narrative *n)
{
	for (size_t i = 0; i < n->beat_count; i++)
		if (n->beats[i].part != PART_STORY && beat_fact(&n->beats[i], "bytes") != NULL)
			return beat_fact(&n->beats[i], "bytes");
	return NULL;
}

static void gather(struct executive *ex)
{
	static const char *const open[] = { "contact", "next-report", "review" };
	static const char *const lent[] = { "host", "when", "until", "span", "again", "ransom", "targets", "user", "attacked", "hit", "origin" };
	const struct fact *bytes = bytes_of(ex->n);

	for (size_t i = 0; i < ex->n->beat_count && ex->title == NULL; i++)
		if (ex->n->beats[i].part == PART_TITLE)
			ex->title = &ex->n->beats[i];
	ex->answers = incident_answers(ex->r.rq->an, ex->in, &ex->answered);
	for (size_t i = 0; i < sizeof lent / sizeof lent[0]; i++)
		borrow(ex, lent[i]);
	if (beat_fact(ex->title, "host") == NULL && ex->in->host_count > 0)
		add(ex, "host", FACT_HOST, 0, report_subject(&ex->r, ex->in));
	if (bytes != NULL)
		ex->facts[ex->fact_count++] = *bytes;
	add(ex, "first", FACT_TIME, ex->in->first, NULL);
	add(ex, "last", FACT_TIME, ex->in->last, NULL);
	if (ex->in->last - ex->in->first >= SECOND)
		add(ex, "lasted", FACT_SPAN, ex->in->last - ex->in->first, NULL);
	add(ex, "id", FACT_TEXT, 0, ex->in->id);
	if (ex->in->host_count > 0)
		add(ex, "hosts", FACT_NUMBER, ex->in->host_count, NULL);
	if (ex->answers > 0) {
		add(ex, "responses", FACT_NUMBER, ex->answers, NULL);
		if (ex->answered > ex->in->first)
			add(ex, "after", FACT_SPAN, ex->answered - ex->in->first, NULL);
	}
	if (ex->r.rq->customer != NULL)
		add(ex, "customer", FACT_TEXT, 0, ex->r.rq->customer);
	for (size_t i = 0; i < sizeof open / sizeof open[0]; i++) {
		const char *said = noted(ex->r.rq, ex->in, open[i], ex->r.arena);

		if (said != NULL)
			add(ex, open[i], FACT_TEXT, 0, said);
	}
}

static bool has(const struct executive *ex, const char *name)
{
	for (size_t i = 0; i < ex->fact_count; i++)
		if (strcmp(ex->facts[i].name, name) == 0)
			return true;
	return false;
}

/* ---- words ---- */

static const char *key_for(const struct executive *ex, const char *kind, const char *key)
{
	const char *dot = strchr(key, '.'), *own = arena_printf(ex->r.arena, "exec.%s%s", kind, dot != NULL ? dot : ".");

	return strcmp(report_word(&ex->r, own), own) != 0 ? own : NULL;
}

/* With the facts of a beat, which may be NULL, before `count` more. */
static struct sentence say_with(const struct executive *ex, const char *key, const struct beat *b, const struct fact *more, size_t count)
{
	struct beat *own = arena_alloc(ex->r.arena, sizeof *own);
	struct narrative n = { ex->in->id, own, 1 };
	const struct sentence *s;
	size_t said;

	*own = (struct beat){ .part = PART_MEANING, .key = key, .at = INSTANT_NONE, .until = INSTANT_NONE, .tactic = -1,
	                      .facts = ARENA_ARRAY(ex->r.arena, struct fact, BEAT_FACTS) };
	if (b != NULL && b->at != INSTANT_NONE)
		own->facts[own->fact_count++] = (struct fact){ .name = "time", .kind = FACT_TIME, .value = b->at };
	for (size_t i = 0; b != NULL && i < b->fact_count && own->fact_count < BEAT_FACTS; i++)
		own->facts[own->fact_count++] = b->facts[i];
	for (size_t i = 0; i < count && own->fact_count < BEAT_FACTS; i++)
		own->facts[own->fact_count++] = more[i];
	s = story_sentences(ex->r.rq->phrases, ex->r.rq->lang, REGISTER_CUSTOMER, &n, PART_MEANING, ex->r.rq->zone,
	                    ex->r.arena, &said);
	return said > 0 ? s[0] : (struct sentence){ NULL, 0, NULL };
}

static struct sentence say(const struct executive *ex, const char *key, const struct beat *b)
{
	return say_with(ex, key, b, ex->facts, ex->fact_count);
}

static const char *plain(const struct executive *ex, const char *key, const struct beat *b)
{
	struct sentence s = say(ex, key, b);

	return sentence_plain(&s, ex->r.arena);
}

/* ---- title and lead ---- */

static const struct beat *story_beat(const struct executive *ex, const char *key)
{
	for (size_t i = 0; i < ex->n->beat_count; i++)
		if (strcmp(ex->n->beats[i].key, key) == 0)
			return &ex->n->beats[i];
	return NULL;
}

static bool taken_over(const struct executive *ex)
{
	return ex->title != NULL && strncmp(ex->title->key, "title.takeover", 14) == 0;
}

static int add_title(void *report, struct fault *f)
{
	struct executive *ex = report;
	struct report *r = &ex->r;
	const char *key = ex->title != NULL ? key_for(ex, "title", ex->title->key) : NULL;
	bool of_records;
	instant date = report_date(r->rq, &of_records);
	const char *state = noted(r->rq, ex->in, "state", r->arena);
	const struct pill pill = { state != NULL ? REPORT_SAY(r, "exec.pill.state", F_TEXT("state", state)) : report_word(r, "exec.pill"),
	                           INK_2, WHITE };
	const char *kicker = date == INSTANT_NONE ? report_word(r, "exec.kind")
		: arena_printf(r->arena, "%s   %s", report_word(r, "exec.kind"), report_when(r, date, WHEN_DATE));

	(void)f;
	flow_title(r->flow, kicker, plain(ex, key != NULL ? key : "exec.title.other", ex->title), &pill, 1);
	return 0;
}

static int add_lead(void *report, struct fault *f)
{
	struct executive *ex = report;
	const char *keys[5];
	struct sentence list[5];
	size_t n = 0, most = (size_t)(LEAD_MOST - (ex->tight > 0));

	(void)f;
	if (taken_over(ex) && story_beat(ex, "story.exploit") != NULL)
		keys[n++] = "exec.lead.exploit";
	if (has(ex, "bytes"))
		keys[n++] = "exec.lead.bytes";
	if (story_beat(ex, "unknown.lateral") != NULL)
		keys[n++] = "exec.lead.contained";
	else if (ex->in->host_count > 1)
		keys[n++] = "exec.lead.many";
	keys[n++] = "exec.lead.open";
	n = n < most ? n : most;
	for (size_t i = 0; i < n; i++)
		list[i] = say(ex, keys[i], NULL);
	flow_sentences(ex->r.flow, PARA_LEAD, list, n);
	return 0;
}

/* ---- numerals ---- */

/* "2.3 MB": the figure large, what follows small. */
static struct numeral numeral(const struct executive *ex, const char *s, const char *label, colour ink)
{
	size_t n = strspn(s, "0123456789.,");
	const char *unit = s + n;

	while (*unit == ' ')
		unit++;
	return (struct numeral){ arena_dupn(ex->r.arena, s, n), unit, report_word(&ex->r, label), s, ink };
}

static int add_numerals(void *report, struct fault *f)
{
	struct executive *ex = report;
	struct report *r = &ex->r;
	struct numeral list[NUMERALS];
	const struct fact *span = taken_over(ex) ? beat_fact(ex->title, "span") : NULL, *bytes = bytes_of(ex->n);
	enum language lang = r->rq->lang;
	int64_t steps = 0;

	(void)f;
	for (size_t i = 0; i < ex->n->beat_count; i++)
		steps += ex->n->beats[i].part == PART_STORY && ex->n->beats[i].at != INSTANT_NONE && !ex->n->beats[i].response;
	list[0] = numeral(ex, story_span(lang, span != NULL ? span->value : ex->in->last - ex->in->first, r->arena),
	                  span != NULL ? "exec.number.control" : "exec.number.activity", NAVY);
	if (ex->answers > 0)
		list[1] = numeral(ex, story_span(lang, ex->answered - ex->in->first, r->arena), "exec.number.response", RESPONSE);
	else
		list[1] = numeral(ex, REPORT_SAY(r, "exec.unit.blocks", F_NUMBER("n", 0)), "exec.number.noresponse", INK_2);
	if (ex->in->host_count == 0 && report_user_count(r, ex->in) > 0)
		list[2] = numeral(ex, REPORT_SAY(r, "exec.unit.accounts", F_NUMBER("accounts", report_user_count(r, ex->in))),
		                  "exec.number.accounts", NAVY);
	else
		list[2] = numeral(ex, REPORT_SAY(r, "exec.unit.hosts", F_NUMBER("hosts", ex->in->host_count)), "exec.number.hosts", NAVY);
	if (bytes != NULL)
		list[3] = numeral(ex, story_bytes(lang, bytes->value, r->arena), "exec.number.bytes", ATTACKER);
	else
		list[3] = numeral(ex, REPORT_SAY(r, "exec.unit.steps", F_NUMBER("n", steps)), "exec.number.steps", ATTACKER);
	executive_numerals(r, list);
	return 0;
}

/* ---- the story line ---- */

/* The first step and the last, the one that the title speaks of, the most telling ones and the first answer; a story without an order
 * of telling from its beginning. */
static size_t choose_points(const struct executive *ex, const struct beat *out[POINTS_MOST])
{
	size_t most = (size_t)(POINTS_MOST - (ex->tight > 1)), n = 0, attack = most;
	const struct beat *answer = NULL, *opening = NULL, *named = NULL, *closing = NULL;
	const struct fact *when = beat_fact(ex->title, "when");
	bool ranked = false;

	for (size_t i = 0; i < ex->n->beat_count; i++) {
		const struct beat *b = &ex->n->beats[i];

		ranked |= beat_telling(b) > 0;
		if (answer == NULL && b->part == PART_STORY && b->at != INSTANT_NONE && b->response)
			answer = b;
		if (opening == NULL && b->part == PART_STORY && b->at != INSTANT_NONE && !b->response)
			opening = b;
		if (named == NULL && when != NULL && b->part == PART_STORY && !b->response && b->at == when->value)
			named = b;
		if (b->part == PART_STORY && b->at != INSTANT_NONE && !b->response && (closing == NULL || b->at >= closing->at))
			closing = b;
	}
	attack -= answer != NULL;
	if (ranked && opening != NULL)
		out[n++] = opening;
	if (ranked && named != NULL && named != opening)
		out[n++] = named;
	if (ranked && closing != NULL && closing != opening && closing != named)
		out[n++] = closing;
	for (size_t limit = 1; ranked && limit <= ex->n->beat_count && n < attack; limit++)
		for (size_t i = 0; i < ex->n->beat_count; i++) {
			const struct beat *b = &ex->n->beats[i];

			if (b->part == PART_STORY && b->at != INSTANT_NONE && !b->response && beat_telling(b) == limit && b != opening && b != named && b != closing)
				out[n++] = b;
			if (n == attack)
				break;
		}
	for (size_t i = 0; !ranked && i < ex->n->beat_count && n < attack; i++)
		if (ex->n->beats[i].part == PART_STORY && ex->n->beats[i].at != INSTANT_NONE && !ex->n->beats[i].response)
			out[n++] = &ex->n->beats[i];
	if (answer != NULL)
		out[n++] = answer;
	return n;
}

static int by_time(const void *pa, const void *pb)
{
	const struct beat *const *a = pa, *const *b = pb;

	if ((*a)->at != (*b)->at)
		return (*a)->at < (*b)->at ? -1 : 1;
	return (*a)->evidence < (*b)->evidence ? -1 : (*a)->evidence > (*b)->evidence;
}

static bool same_day(const struct report *r, instant a, instant b)
{
	return strcmp(report_when(r, a, WHEN_DATE), report_when(r, b, WHEN_DATE)) == 0;
}

static int add_line(void *report, struct fault *f)
{
	struct executive *ex = report;
	struct report *r = &ex->r;
	const struct beat *chosen[POINTS_MOST];
	struct point points[POINTS_MOST];
	size_t n = choose_points(ex, chosen);

	(void)f;
	qsort(chosen, n, sizeof chosen[0], by_time);
	for (size_t i = 0; i < n; i++) {
		const char *key = key_for(ex, "step", chosen[i]->key), *time = report_when(r, chosen[i]->at, WHEN_TIME_SHORT);
		struct sentence step = say_with(ex, key != NULL ? key : "exec.step.other", chosen[i], NULL, 0);
		bool new_day = i > 0 ? !same_day(r, chosen[i]->at, chosen[i - 1]->at) : !same_day(r, chosen[0]->at, chosen[n - 1]->at);

		if (new_day)
			time = arena_printf(r->arena, "%s %s", report_when(r, chosen[i]->at, WHEN_DAY), time);
		points[i] = (struct point){ chosen[i]->at, time, sentence_plain(&step, r->arena),
		                            chosen[i]->response ? RESPONSE : ATTACKER };
	}
	executive_line(r, plain(ex, same_day(r, ex->in->first, ex->in->last) ? "exec.happened" : "exec.happened.days", NULL),
	               points, n, n > 1 ? story_span(r->rq->lang, points[n - 1].at - points[0].at, r->arena) : NULL);
	return 0;
}

/* ---- known and unknown ---- */

struct bullets {
	struct item items[LIST_MOST];
	size_t n, most;
};

static void bullet(const struct executive *ex, struct bullets *bu, const char *key, const struct beat *b, colour ink)
{
	struct sentence s;

	if (bu->n >= bu->most || (s = say(ex, key, b)).count == 0)
		return;
	bu->items[bu->n++] = (struct item){ .runs = s.runs, .run_count = s.count, .ink = ink };
}

static int add_known(void *report, struct fault *f)
{
	struct executive *ex = report;
	static const struct { const char *story, *key; } acts[] = {
		{ "story.ransomware", "exec.know.ransomware" }, { "story.credential-dump", "exec.know.credentials" },
		{ "story.sign-in", "exec.know.account" }, { "story.share-sweep", "exec.know.sweep" }, { "story.scan", "exec.know.scan" },
		{ "story.mining", "exec.know.mining" },
	};
	struct bullets bu = { .most = (size_t)(LIST_MOST - (ex->tight > 2)) };

	(void)f;
	if (taken_over(ex) && has(ex, "span"))
		bullet(ex, &bu, "exec.know.control", NULL, RESPONSE);
	for (size_t i = 0; i < sizeof acts / sizeof acts[0] && bu.n + 1 < bu.most; i++)
		if (story_beat(ex, acts[i].story) != NULL)
			bullet(ex, &bu, acts[i].key, story_beat(ex, acts[i].story), RESPONSE);
	if (has(ex, "bytes") && bu.n + 1 < bu.most)
		bullet(ex, &bu, "exec.know.bytes", NULL, RESPONSE);
	bullet(ex, &bu, has(ex, "after") ? "exec.know.response" : "exec.know.noresponse", NULL, RESPONSE);
	if (has(ex, "hosts"))
		bullet(ex, &bu, "exec.know.hosts", NULL, RESPONSE);
	bullet(ex, &bu, "exec.know.activity", NULL, RESPONSE);
	flow_heading(ex->r.flow, report_word(&ex->r, "exec.known"), NULL);
	flow_list(ex->r.flow, BULLET_DOT, bu.items, bu.n, 1);
	return 0;
}

static int add_unknown(void *report, struct fault *f)
{
	struct executive *ex = report;
	struct bullets bu = { .most = (size_t)(LIST_MOST - (ex->tight > 2)) };

	(void)f;
	for (size_t i = 0; i < ex->n->beat_count; i++) {
		const struct beat *b = &ex->n->beats[i];
		const char *key = b->part == PART_UNKNOWN ? key_for(ex, "unknown", b->key) : NULL;

		if (key != NULL)
			bullet(ex, &bu, key, b, ATTACKER);
	}
	bullet(ex, &bu, "exec.unknown.who", NULL, ATTACKER);
	flow_heading(ex->r.flow, report_word(&ex->r, "exec.unknown"), NULL);
	flow_list(ex->r.flow, BULLET_RING, bu.items, bu.n, 1);
	return 0;
}

/* ---- impact, decisions ---- */

static int add_impact(void *report, struct fault *f)
{
	struct executive *ex = report;
	static const char *const keys[IMPACTS] = { "exec.impact.operations", "exec.impact.data", "exec.impact.regulatory", "exec.impact.cost" };
	struct impact list[IMPACTS];
	struct report *r = &ex->r;

	(void)f;
	for (size_t i = 0; i < IMPACTS; i++) {
		const char *said = noted(r->rq, ex->in, arena_printf(r->arena, "impact-%s", keys[i] + strlen("exec.impact.")), r->arena);

		list[i] = (struct impact){ report_word(r, keys[i]), said != NULL ? NULL : report_word(r, "exec.blank"),
		                           said != NULL ? said : plain(ex, arena_printf(r->arena, "%s.ask", keys[i]), NULL) };
	}
	flow_heading(r->flow, report_word(r, "exec.impact"), report_word(r, "exec.impact.aside"));
	executive_impacts(r, list, IMPACTS);
	return 0;
}

/* Where the incident reaches beyond the period asked for, and how that period stands beside the one before. */
static void add_period(const struct executive *ex)
{
	const struct report *r = &ex->r;
	bool before = view_from_before(r->rq->an, ex->in), after = view_goes_on(r->rq->an, ex->in);
	struct comparison compared;
	const char *reach = "", *beside = "";

	comparison_make(&compared, r->rq, r->arena);
	if (before || after)
		reach = REPORT_SAY(r, !after ? "exec.reach.before" : !before ? "exec.reach.after" : "exec.reach.both",
		                   F_TIME("first", ex->in->first), F_TEXT("days", r->period));
	if (compared.how != COMPARED_NOT)
		beside = comparison_short(&compared, r->rq, r->arena);
	if (*reach != '\0' || *beside != '\0')
		flow_text(r->flow, PARA_CAPTION, arena_printf(r->arena, "%s%s%s", reach,
		          *reach != '\0' && *beside != '\0' && r->rq->lang != LANGUAGE_JA ? " " : "", beside));
}

static int add_decisions(void *report, struct fault *f)
{
	struct executive *ex = report;
	struct report *r = &ex->r;
	struct sentence list[LIST_MOST];
	const char *due[LIST_MOST];
	size_t n = 0, most = (size_t)(LIST_MOST - (ex->tight > 2));

	(void)f;
	for (size_t i = 0; i < ex->n->beat_count && n + 1 < most; i++) {
		const struct beat *b = &ex->n->beats[i];
		const char *key = b->part == PART_ACTION ? key_for(ex, "decide", b->key) : NULL;

		if (key != NULL && (list[n] = say(ex, key, b)).count > 0)
			n++;
	}
	list[n++] = say(ex, "exec.decide.notify", NULL);
	for (size_t i = 0; i < n; i++)
		if ((due[i] = noted(r->rq, ex->in, arena_printf(r->arena, "decision.%zu", i + 1), r->arena)) == NULL)
			due[i] = report_word(r, "exec.blank");
	executive_decisions(r, report_word(r, "exec.decisions"), list, n, due);
	add_period(ex);
	flow_text(r->flow, PARA_CAPTION, plain(ex, "exec.contact", NULL));
	return 0;
}

/* ---- the page ---- */

static const struct section sections[] = {
	{ .name = "title", .add = add_title, .required = true, .first = true },
	{ .name = "lead", .add = add_lead },
	{ .name = "numerals", .add = add_numerals },
	{ .name = "line", .add = add_line },
	{ .name = "known", .add = add_known },
	{ .name = "unknown", .add = add_unknown, .required = true },
	{ .name = "impact", .add = add_impact },
	{ .name = "decisions", .add = add_decisions },
	{ .name = NULL },
};

static const char *const facts[] = { "customer", "organisation", "incident", "title", "host", "hosts", "first", "last",
                                     "alerts", "date", NULL };

const struct section_set executive_set = {
	.kind = "executive", .list = sections, .facts = facts, .reg = REGISTER_CUSTOMER,
};

static int fit(struct executive *ex, struct fault *f)
{
	struct flow *real = ex->r.flow;
	bool fits = false;

	for (ex->tight = 0; ex->tight <= TIGHT_MOST; ex->tight++) {
		ex->r.flow = flow_trial(real, ex->r.arena);
		if (compose(&ex->co, f) < 0)
			break;
		fits = flow_height(ex->r.flow) <= flow_page_height();
		if (fits)
			break;
	}
	ex->r.flow = real;
	if (ex->tight <= TIGHT_MOST && !fits)
		return -1;
	return fits ? 0 : fault_set(f, FAULT_DATA, "executive briefing: the page cannot hold it");
}

int report_executive(struct text *pdf, const struct report_request *asked, struct fault *f)
{
	struct report_request rq = *asked;
	struct executive ex;
	struct report_plan plan = { .reg = REGISTER_CUSTOMER, .kind = "exec.kind" };

	memset(&ex, 0, sizeof ex);
	ex.in = rq.incident != NULL ? rq.incident : rq.an->queue_count > 0 ? &rq.an->incidents[0] : NULL;
	if (ex.in == NULL)
		return fault_set(f, FAULT_DATA, "executive briefing: the queue holds no incident to report on");
	if (rq.tlp == NULL)
		rq.tlp = "TLP:AMBER+STRICT";
	plan.id = ex.in->id;
	if (report_open(&ex.r, &rq, &plan, f) < 0)
		return -1;
	ex.n = report_story(&ex.r, ex.in);
	gather(&ex);
	rq.incident = ex.in;
	ex.co = (struct composer){ .set = &executive_set, .report = &ex, .rq = &rq, .flow = &ex.r.flow, .arena = ex.r.arena };
	if (composer_open(&ex.co, f) < 0 || fit(&ex, f) < 0 || compose(&ex.co, f) < 0) {
		report_close(&ex.r, NULL, NULL);
		return -1;
	}
	return report_close(&ex.r, pdf, f);
}
