/* Sections that are a chart. */
#include "render/document/customer.h"

#include <string.h>

struct chart_input customer_chart_input(const struct customer *c)
{
	struct chart_input in = figures_input(&c->figures, c->rq->an, c->rq->narratives, flow_width(c->flow));

	figures_tell(&c->figures, &in, c->incident, c->rq->narratives);
	return in;
}

void customer_chart(const struct customer *c, const struct chart *chart)
{
	struct chart_input in = customer_chart_input(c);
	struct chart_finding found;
	struct scene *sc;

	if (chart->applies != NULL && !chart->applies(&in))
		return;
	sc = figures_draw(&c->figures, chart, &in, &found);
	flow_figure(c->flow, scene_claim(sc), scene_description(sc), sc);
}

/* Where calls have a pace, the picture proves it better than the number. */
int customer_pace(void *customer, struct fault *f)
{
	const struct customer *c = customer;
	struct chart_input in = customer_chart_input(c);
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
int customer_volume(void *customer, struct fault *f)
{
	const struct customer *c = customer;
	struct chart_input in = customer_chart_input(c);
	struct chart_finding found;
	struct scene *sc = figures_draw(&c->figures, &chart_volume_anomalies, &in, &found);

	(void)f;
	if (found.banded)
		flow_figure(c->flow, scene_claim(sc), scene_description(sc), sc);
	return 0;
}

int customer_graph(void *customer, struct fault *f)
{
	(void)f;
	customer_chart(customer, &chart_entity_graph);
	return 0;
}

int customer_factors(void *customer, struct fault *f)
{
	const struct customer *c = customer;

	(void)f;
	if (c->incident->factor_count == 0)
		return 0;
	customer_heading(c, "section.factors");
	customer_chart(c, &chart_priority_factors);
	return 0;
}

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

int customer_strip(void *customer, struct fault *f)
{
	const struct customer *c = customer;
	struct chart_input in = customer_chart_input(c);
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
