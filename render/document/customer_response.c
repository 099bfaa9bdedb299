/* What we make of it, what was done against it, what is to be done and when more is said. */
#include "render/document/customer.h"

/* ---- assessment ---- */

/* Sentences one by one; they are judgements, each to be weighed by itself. */
static void add_points(const struct customer *c, const char *heading, enum part part, enum bullet bullet)
{
	size_t n;
	const struct sentence *s = customer_sentences(c, c->story, part, &n);
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

int customer_cause(void *customer, struct fault *f)
{
	const struct customer *c = customer;
	struct customer_rows r = { .count = 0 };

	(void)f;
	customer_heading(c, "section.cause");
	add_points(c, "cause.meaning", PART_MEANING, BULLET_DOT);
	add_points(c, "cause.benign", PART_BENIGN, BULLET_DOT);
	add_points(c, "cause.unknown", PART_UNKNOWN, BULLET_RING);
	flow_gap(c->flow, 5);
	customer_open_row(c, &r, "cause.root", "cause");
	flow_facts(c->flow, r.list, r.count);
	return 0;
}

/* ---- what was done ---- */

instant customer_first_response(const struct customer *c)
{
	instant first;

	incident_answers(c->rq->an, c->incident, &first);
	return first;
}

static const char *target_of(const struct customer *c, const struct episode *e)
{
	const char *address = NULL;

	for (uint32_t i = 0; i < e->member_count; i++) {
		const struct week_entity *en = &c->week->entities[e->members[i].entity];

		if (en->internal || (en->kind != ENTITY_DOMAIN && en->kind != ENTITY_IP))
			continue;
		if (en->kind == ENTITY_DOMAIN)
			return customer_printed(c, e->members[i].entity);
		address = customer_printed(c, e->members[i].entity);
	}
	return address;
}

/* Every recorded act of a defender, whether the story and the figure had room for it or not. */
int customer_acts(void *customer, struct fault *f)
{
	const struct customer *c = customer;
	const struct column columns[] = {
		{ customer_word(c, "response.time"), 0.16, ALIGN_LEFT, NULL }, { customer_word(c, "response.act"), 0.56, ALIGN_LEFT, NULL },
		{ customer_word(c, "response.target"), 0.28, ALIGN_LEFT, NULL },
	};

	(void)f;
	customer_heading(c, "section.acts");
	flow_table_begin(c->flow, columns, 3);
	for (uint32_t i = 0; i < c->incident->episode_count; i++) {
		uint32_t index = c->incident->episodes[i];
		const struct episode *e = &c->rq->an->episodes[index];
		const struct rule *r = &customer_rule(c, index)->rule;
		const char *target = target_of(c, e);
		struct cell cells[] = {
			customer_cell(c, customer_when(c, e->first, WHEN_DAY_TIME), RUN_PLAIN),
			customer_cell(c, arena_printf(c->arena, "%s: %s", customer_product(c, customer_rule(c, index)), r->name), RUN_PLAIN),
			customer_cell(c, target != NULL ? target : e->host != NO_ENTITY ? customer_entity(c, e->host) :
			              "\xE2\x80\x93", RUN_CODE),
		};

		for (size_t k = 0; k < 3; k++)
			cells[k].text[0].style = PARA_CAPTION;
		if (episode_answers(c->week, e))
			flow_row(c->flow, cells, NO_COLOUR, NULL);
	}
	flow_table_end(c->flow);
	return 0;
}

bool customer_acted(const void *customer)
{
	return customer_first_response(customer) != INSTANT_NONE;
}

int customer_response(void *customer, struct fault *f)
{
	const struct customer *c = customer;
	struct customer_rows r = { .count = 0 };

	(void)f;
	customer_heading(c, "section.response");
	customer_chart(c, &chart_response_timeline);
	if (!customer_acted(c))
		flow_text(c->flow, PARA_SMALL, customer_word(c, "response.none"));
	flow_gap(c->flow, 5);
	customer_open_row(c, &r, "response.underway", "underway");
	customer_open_row(c, &r, "response.planned", "planned");
	flow_facts(c->flow, r.list, r.count);
	return 0;
}

/* ---- what is to be done ---- */

int customer_actions(void *customer, struct fault *f)
{
	const struct customer *c = customer;
	const struct column columns[] = {
		{ "#", 0.05, ALIGN_LEFT, NULL }, { customer_word(c, "actions.what"), 0.6, ALIGN_LEFT, NULL },
		{ customer_word(c, "actions.owner"), 0.19, ALIGN_LEFT, NULL }, { customer_word(c, "actions.due"), 0.16, ALIGN_LEFT, NULL },
	};
	struct customer_rows r = { .count = 0 };
	size_t n;
	const struct sentence *s = customer_sentences(c, c->story, PART_ACTION, &n);

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
	customer_open_row(c, &r, "actions.permanent", "permanent");
	flow_facts(c->flow, r.list, r.count);
	return 0;
}

int customer_next(void *customer, struct fault *f)
{
	const struct customer *c = customer;
	struct customer_rows r = { .count = 0 };

	(void)f;
	flow_keep_begin(c->flow);
	customer_heading(c, "section.next");
	customer_open_row(c, &r, "next.report", "next-report");
	customer_open_row(c, &r, "next.contact", "contact");
	customer_open_row(c, &r, "next.publication", "publication");
	flow_facts(c->flow, r.list, r.count);
	flow_keep_end(c->flow);
	return 0;
}
