/* What the report says of itself: what its words mean, where it stands, what it rests on, what it cannot say; and the form of a notification. */
#include "render/document/customer.h"
#include "render/document/report_parts.h"

#include <string.h>

#include "templates/phrases.h"

/* A term of the words file, once. */
static void add_term(const struct customer *c, struct customer_rows *r, const char *name)
{
	const char *key = arena_printf(c->arena, "term.%s", name);

	if (phrase_find(c->rq->phrases, arena_printf(c->arena, "customer.%s", key)) == NULL)
		return;
	for (size_t i = 0; i < r->count; i++)
		if (strcmp(r->list[i].label, customer_word(c, key)) == 0)
			return;
	customer_row(c, r, key, customer_word(c, arena_printf(c->arena, "%s.means", key)), RUN_PLAIN);
}

/* For readers who do not meet such words every day: those of the appendix, and of the story's steps. */
int customer_terms(void *customer, struct fault *f)
{
	const struct customer *c = customer;
	struct customer_rows r = { .count = 0 };

	(void)f;
	add_term(c, &r, "ioc");
	add_term(c, &r, "attack");
	for (size_t i = 0; i < c->story->beat_count; i++)
		if (strncmp(c->story->beats[i].key, "story.", 6) == 0)
			add_term(c, &r, c->story->beats[i].key + 6);
	if (r.count == 0)
		return 0;
	flow_keep_begin(c->flow);
	customer_heading(c, "section.terms");
	flow_facts(c->flow, r.list, r.count);
	flow_keep_end(c->flow);
	return 0;
}

int customer_control(void *customer, struct fault *f)
{
	const struct customer *c = customer;
	const struct report_request *rq = c->rq;
	struct customer_rows r = { .count = 0 };
	struct filler records = { .count = 0 };

	(void)f;
	fill_number(&records, "alerts", c->week->mark_count);
	if (rq->source_count > 0)
		fill_number(&records, "files", (int64_t)rq->source_count);
	flow_keep_begin(c->flow);
	customer_heading(c, "section.control");
	customer_row(c, &r, "control.id", c->incident->id, RUN_PLAIN);
	customer_row(c, &r, "control.draft", report_dated(rq, c->arena), RUN_PLAIN);
	customer_row(c, &r, "control.records", customer_fill(c, "control.records.value", &records), RUN_PLAIN);
	customer_row(c, &r, "control.period", customer_period(c, c->week->first, c->week->last), RUN_PLAIN);
	customer_open_row(c, &r, "control.number", "number");
	customer_open_row(c, &r, "control.review", "review");
	customer_open_row(c, &r, "control.approval", "approval");
	customer_open_row(c, &r, "control.readers", "readers");
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

int customer_limits(void *customer, struct fault *f)
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
int customer_notification(void *customer, struct fault *f)
{
	const struct customer *c = customer;
	struct customer_rows r = { .count = 0 };
	struct civil civil = civil_from(c->incident->first, c->rq->zone);

	(void)f;
	flow_keep_begin(c->flow);
	customer_heading(c, "section.notification");
	customer_open_row(c, &r, "notification.found", "found");
	customer_row(c, &r, "notification.period", customer_period(c, c->incident->first, c->incident->last), RUN_PLAIN);
	customer_row(c, &r, "notification.zone", civil.abbreviation, RUN_PLAIN);
	customer_open_row(c, &r, "notification.clock", "clock");
	customer_row(c, &r, "notification.targets", c->incident->host_count > 0 ?
	        customer_entity(c, c->incident->hosts[0]) : customer_word(c, "blank"), RUN_PLAIN);
	customer_open_row(c, &r, "notification.system", "system");
	customer_row(c, &r, "notification.trigger", customer_word(c, "notification.trigger.value"), RUN_PLAIN);
	customer_open_row(c, &r, "notification.damage", "damage");
	customer_open_row(c, &r, "notification.contact", "contact");
	flow_facts(c->flow, r.list, r.count);
	flow_keep_end(c->flow);
	return 0;
}
