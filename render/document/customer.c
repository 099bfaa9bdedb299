/* The report a customer gets about one incident: what happened, how we know, what it may mean, what it
 * touches, what was done, what to do next, and everything needed to check it. Headings follow Japanese
 * practice (CONVENTIONS 2.3) in both languages. What only people know is marked as missing. */
#include "render/document/customer.h"
#include "render/document/noted.h"
#include "render/document/report_parts.h"

#include "analyst/model/tlp.h"

/* ---- the sections in their order ---- */

static int add_appendix(void *customer, struct fault *f)
{
	const struct customer *c = customer;

	(void)f;
	flow_section(c->flow, composer_heading(c->co, customer_word(c, "section.appendix")));
	return 0;
}

/* It is the Japanese form. */
static bool is_japanese(const void *customer)
{
	return ((const struct customer *)customer)->lang == LANGUAGE_JA;
}

static const struct section report_sections[] = {
	{ .name = "summary", .add = customer_page_one, .required = true, .first = true },
	{ .name = "events", .add = customer_story, .applies = customer_story_is_longer, .required = true },
	{ .name = "cards", .add = customer_cards },
	{ .name = "pace", .add = customer_pace },
	{ .name = "volume", .add = customer_volume },
	{ .name = "scope", .add = customer_scope },
	{ .name = "graph", .add = customer_graph },
	{ .name = "cause", .add = customer_cause },
	{ .name = "response", .add = customer_response },
	{ .name = "actions", .add = customer_actions },
	{ .name = "next", .add = customer_next },
	{ .name = "appendix", .add = add_appendix },
	{ .name = "indicators", .add = customer_indicators },
	{ .name = "attack", .add = customer_strip },
	{ .name = "factors", .add = customer_factors, .on_request = true },
	{ .name = "acts", .add = customer_acts, .applies = customer_acted },
	{ .name = "evidence", .add = customer_evidence, .required = true },
	{ .name = "detections", .add = customer_detections },
	{ .name = "terms", .add = customer_terms },
	{ .name = "control", .add = customer_control },
	{ .name = "notification", .add = customer_notification, .applies = is_japanese },
	{ .name = "limits", .add = customer_limits, .required = true },
	{ .name = NULL },
};

static const char *const own_facts[] = { "customer", "organisation", "incident", "title", "host", "hosts", "first", "last",
                                         "alerts", "date", NULL };

const struct section_set customer_set = {
	.kind = "customer", .list = report_sections, .facts = own_facts, .reg = REGISTER_CUSTOMER,
};

/* ---- the whole ---- */

const char *customer_apart(const struct customer *c, const char *const *parts, size_t n)
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
	const char *parts[3] = { c->rq->organisation };

	fill_text(&facts, "customer", FACT_TEXT, c->rq->customer);
	parts[1] = customer_fill(c, "header", &facts);
	parts[2] = noted(c->rq, c->incident, "number", c->arena);
	return customer_apart(c, parts, 3);
}

static const char *footer_text(const struct customer *c)
{
	const char *parts[2] = { c->incident->id, report_dated(c->rq, c->arena) };

	return customer_apart(c, parts, 2);
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
		.logo = report_logo(c->rq, c->arena), .record = report_records(c->rq),
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
