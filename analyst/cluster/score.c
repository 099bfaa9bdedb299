/* The score of an incident. It is a sum of parts that each can be told: a row
 * of the table below measures one thing, says how many points it may give at most, and
 * how. The maxima of what was done are 100 together; how much the machines matter and
 * what was already done against it move the sum within 0 and 100. Nothing grows with the
 * mere number of alerts except a part of two points, and that by the logarithm: a flood
 * buries nothing. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyst/base/search.h"
#include "analyst/cluster/stages.h"

/* Bands, with MEDIUM_FROM. */
#define CRITICAL_FROM 75.0
#define HIGH_FROM 50.0

#define TACTIC_COUNT 14
#define TACTIC_WHOLE 0.4        /* an act as alarming as a web attack proves its tactic */

/* What the factors measure of one group. */
struct measure {
	double peak, peak_alarm;    /* worst single act, by how sure it is; as it is called */
	double unusual;             /* sum over rules, each at its best */
	double tactic[TACTIC_COUNT];    /* worst act of each, as peak */
	uint32_t machines /* affected, and ours that were reached for */, rules, products, indicators;
	uint64_t alerts;
	bool finding;               /* a product calls it an incident, too */
	const char *peak_rule, *indicator;
	struct freight freight;
	double weight;              /* of what matters most */
	const char *weighty;
	const struct asset *asset;  /* what a list says of it, or NULL */
	double answered;            /* share of the alarm that a response put an end to */
	uint32_t responses;
};

struct result {
	double share;               /* 0-1 of the row's points */
	double number;
	const char *subject;
};

static struct result by_severity(const struct measure *m)
{
	return (struct result){m->peak, round(m->peak * 100), m->peak_rule};
}

/* Three rules at their best give half, eight give four fifths. */
static struct result by_rarity(const struct measure *m)
{
	return (struct result){1 - exp(-m->unusual / 5), m->rules, NULL};
}

/* One tactic is an event, two are a lead, four are an intrusion. An act that is hardly
 * alarming stands for only part of its tactic. */
static struct result by_progress(const struct measure *m)
{
	double sum = 0;
	int n = 0;

	for (int i = 0; i < TACTIC_COUNT; i++) {
		sum += fmin(1, m->tactic[i] / TACTIC_WHOLE);
		n += m->tactic[i] > 0;
	}
	return (struct result){sum > 1 ? 1 - exp(-(sum - 1) / 2) : 0, n, NULL};
}

static struct result by_breadth(const struct measure *m)
{
	return (struct result){m->machines > 0 ? 1 - 1.0 / m->machines : 0, m->machines, NULL};
}

static struct result by_indicators(const struct measure *m)
{
	return (struct result){1 - exp(-(double)m->indicators / 2), m->indicators, m->indicator};
}

/* Products that do not know of each other agree; one that joined alerts to a finding of its
 * own agrees with us. */
static struct result by_products(const struct measure *m)
{
	return (struct result){fmin(1, (m->products - 1.0 + m->finding) / 3), m->products, NULL};
}

static struct result by_volume(const struct measure *m)
{
	return (struct result){fmin(1, log10(fmax(1, (double)m->alerts)) / 5), (double)m->alerts, NULL};
}

/* A megabyte is a page or two with pictures; ten gigabytes are all that somebody had. Only
 * what goes beyond the usual counts, and each factor of ten for as much as the one before. */
static struct result by_freight(const struct measure *m)
{
	double beyond = m->freight.bytes - m->freight.usual;

	return (struct result){fmin(1, log10(fmax(1, beyond / 1e6)) / 4), m->freight.bytes, m->freight.shown};
}

/* An asset twice as important as usual gives half of the points, four times all; one half as
 * important takes them away again. */
static struct result by_asset(const struct measure *m)
{
	return (struct result){fmax(-1, log2(m->weight) / 2), m->weight, m->weighty};
}

/* What was stopped is less urgent, not less grave: a block lasts hours, and somebody has yet
 * to see whether it held. */
static struct result by_response(const struct measure *m)
{
	return (struct result){-m->answered, m->responses, NULL};
}

static const struct rank_factor {
	const char *key;
	double points;
	struct result (*measure)(const struct measure *m);
} rank_factors[] = {
	{"severity",   30, by_severity},
	{"rarity",     20, by_rarity},
	{"progress",   20, by_progress},
	{"sent",        8, by_freight},
	{"breadth",     7, by_breadth},
	{"indicators",  6, by_indicators},
	{"products",    7, by_products},
	{"volume",      2, by_volume},
	{"asset",       8, by_asset},
	{"response",    4, by_response},
};

/* ---- measuring ---- */

struct rule_best {
	uint32_t rule;
	double value, peak, alarm;
};

static int by_rule(const void *x, const void *y)
{
	const struct rule_best *a = x, *b = y;

	if (a->rule != b->rule)
		return a->rule < b->rule ? -1 : 1;
	return (a->value < b->value) - (a->value > b->value);
}

static uint32_t unique_numbers(uint32_t *list, uint32_t n)
{
	uint32_t kept = 0;

	if (n > 0)
		qsort(list, n, sizeof(*list), order_u32);
	for (uint32_t i = 0; i < n; i++)
		if (i == 0 || list[i] != list[kept - 1])
			list[kept++] = list[i];
	return kept;
}

/* Rules are numbered by product first, so products are runs. */
static uint32_t count_products(const struct week *w, const struct rule_best *r, uint32_t n)
{
	uint32_t count = 0;
	const char *before = NULL;

	for (uint32_t i = 0; i < n; i++) {
		const char *product = w->rules[r[i].rule].rule.product;

		if (product == NULL)
			continue;
		count += before == NULL || strcmp(product, before) != 0;
		before = product;
	}
	return count;
}

/* How sure an act is: unusual for its rule, and half of the doubt that a short history
 * leaves. What products say about severity holds from the first hour on. */
static double sureness(const struct trait *t)
{
	return pow(t->rarity, fmax(0.5, 1 - t->alarm)) * (0.4 + 0.6 * fmax(t->known, t->said));
}

/* A tactic counts when its act is at least faintly alarming or fairly unusual. */
#define TACTIC_VALUE 0.20

static void measure_rules(const struct clustering *c, const struct incident *in, struct measure *m)
{
	struct rule_best *r = must_alloc((in->episode_count + 1) * sizeof(*r));
	uint32_t kept = 0;

	for (uint32_t i = 0; i < in->episode_count; i++) {
		const struct trait *t = &c->traits[in->episodes[i]];
		uint32_t rule = c->episodes[in->episodes[i]].rule;
		double value = t->seed ? t->value : ROUTINE_SHARE * t->value;
		const struct behaviour *b = episode_behaviour(c->week, &c->episodes[in->episodes[i]]);

		r[i] = (struct rule_best){c->kin[rule], value, t->alarm * sureness(t), t->alarm};
		if (r[i].peak > m->peak) {
			m->peak = r[i].peak;
			m->peak_alarm = t->alarm;
			m->peak_rule = c->week->rules[rule].rule.name;
		}
		if (b->tactic >= 0 && b->tactic < TACTIC_COUNT && !b->response && !b->routine && t->value >= TACTIC_VALUE)
			m->tactic[b->tactic] = fmax(m->tactic[b->tactic], r[i].peak);
		m->alerts += c->episodes[in->episodes[i]].count;
		m->finding |= c->week->marks[c->episodes[in->episodes[i]].alerts[0]].kind == RECORD_FINDING;
	}
	qsort(r, in->episode_count, sizeof(*r), by_rule);
	for (uint32_t i = 0; i < in->episode_count; i++)
		if (i == 0 || r[i].rule != r[kept - 1].rule) {
			/* The power keeps many faintly new rules from adding up to one that is, and
			 * what is new but harmless counts for less than half. */
			m->unusual += pow(r[i].value, 1.5) * fmin(1, 0.4 + r[i].alarm);
			r[kept++] = r[i];
		}
	m->rules = kept;
	if (kept == 1)        /* nothing else bears it out */
		m->peak *= m->peak_alarm;
	m->products = count_products(c->week, r, kept);
	free(r);
}

/* Ours at the other end: reached for, though nothing unusual was seen on them. */
static bool reached(const struct clustering *c, uint32_t episode, const struct member *m)
{
	const struct week_entity *e = &c->week->entities[m->entity];

	return (m->role == ROLE_DESTINATION || m->role == ROLE_TARGET) && e->internal &&
	       (e->kind == ENTITY_IP || e->kind == ENTITY_HOST) &&
	       machine_of(c, c->episodes[episode].tenant, m->entity) == NO_MACHINE;
}

static void measure_members(const struct clustering *c, const struct incident *in, struct measure *m)
{
	size_t room = in->host_count + 1;
	uint32_t n = 0, targets = 0, *list, *target;

	for (uint32_t i = 0; i < in->episode_count; i++)
		room += c->episodes[in->episodes[i]].member_count;
	list = must_alloc(room * sizeof(*list));
	target = must_alloc(room * sizeof(*target));
	for (uint32_t i = 0; i < in->episode_count; i++) {
		const struct episode *e = &c->episodes[in->episodes[i]];

		for (uint32_t k = 0; k < e->member_count; k++) {
			if (c->week->indicator_count > 0 && c->week->entities[e->members[k].entity].indicator != NULL)
				list[n++] = e->members[k].entity;
			if (reached(c, in->episodes[i], &e->members[k]))
				target[targets++] = e->members[k].entity;
		}
	}
	for (uint32_t i = 0; i < in->host_count; i++)
		target[targets++] = in->hosts[i];
	m->machines = unique_numbers(target, targets);
	m->indicators = unique_numbers(list, n);
	m->indicator = n > 0 ? c->week->entities[list[0]].shown : NULL;
	free(list);
	free(target);
}

/* What matters most of the machines and of the accounts that act. */
static void measure_assets(const struct clustering *c, const struct incident *in, struct measure *m)
{
	const struct week_entity *entities = c->week->entities;
	uint32_t most = NO_ENTITY;

	m->weight = 0;
	for (uint32_t i = 0; i < in->host_count; i++)
		if (entities[in->hosts[i]].weight > m->weight) {
			most = in->hosts[i];
			m->weight = entities[most].weight;
		}
	if (m->weight <= 0)
		m->weight = 1;
	for (uint32_t i = 0; i < in->episode_count; i++) {
		const struct episode *e = &c->episodes[in->episodes[i]];

		for (uint32_t k = 0; k < e->member_count; k++)
			if (e->members[k].role == ROLE_ACTOR && entities[e->members[k].entity].weight > m->weight) {
				most = e->members[k].entity;
				m->weight = entities[most].weight;
			}
	}
	if (most != NO_ENTITY) {
		m->weighty = entities[most].shown;
		m->asset = entities[most].asset;
	}
}

struct answer {
	uint32_t machine, episode;
};

static int by_answer(const void *x, const void *y)
{
	const struct answer *a = x, *b = y;

	if (a->machine != b->machine)
		return a->machine < b->machine ? -1 : 1;
	return (a->episode > b->episode) - (a->episode < b->episode);
}

/* An act after the last response that is as alarming as this shows that it did not hold. */
#define GOES_ON 0.4

/* The machine's part of the incident, in time order: its alarm, and whether it ended with a
 * response. */
static void measure_answers(const struct clustering *c, const struct answer *a, uint32_t n, double *all,
                            double *ended, uint32_t *responses)
{
	double sum = 0;
	bool quiet = false;

	for (uint32_t i = 0; i < n; i++) {
		const struct trait *t = &c->traits[a[i].episode];

		if (c->week->rules[c->episodes[a[i].episode].rule].behaviour->response) {
			quiet = true;
			++*responses;
			continue;
		}
		sum += t->value * t->alarm;
		if (t->alarm >= GOES_ON)
			quiet = false;
	}
	*all += sum;
	*ended += quiet ? sum : 0;
}

static void measure_response(const struct clustering *c, const struct incident *in, struct measure *m)
{
	struct answer *a = must_alloc((in->episode_count + 1) * sizeof(*a));
	double all = 0, ended = 0;

	for (uint32_t i = 0; i < in->episode_count; i++)
		a[i] = (struct answer){c->traits[in->episodes[i]].machine, in->episodes[i]};
	qsort(a, in->episode_count, sizeof(*a), by_answer);
	for (uint32_t from = 0, to; from < in->episode_count; from = to) {
		for (to = from; to < in->episode_count && a[to].machine == a[from].machine; to++)
			;
		measure_answers(c, a + from, to - from, &all, &ended, &m->responses);
	}
	m->answered = all > 0 ? ended / all : 0;
	free(a);
}

/* ---- the sum ---- */

void score_incident(struct clustering *c, struct incident *in)
{
	struct measure m = {.machines = 0};
	struct factor factors[FACTORS_MAX];
	double sum = 0;

	_Static_assert(sizeof(rank_factors) / sizeof(rank_factors[0]) <= FACTORS_MAX, "an incident has room for all factors");

	measure_rules(c, in, &m);
	measure_members(c, in, &m);
	measure_assets(c, in, &m);
	measure_response(c, in, &m);
	m.freight = weigh_freight(c, in);
	for (size_t i = 0; i < sizeof(rank_factors) / sizeof(rank_factors[0]); i++) {
		struct result r = rank_factors[i].measure(&m);
		double points = round(rank_factors[i].points * fmin(1, r.share) * 10) / 10;

		points = fmax(-sum, fmin(100 - sum, points));
		if (fabs(points) < 0.05)
			continue;
		factors[in->factor_count++] =
			(struct factor){rank_factors[i].key, points, r.number, r.subject,
			                rank_factors[i].measure == by_asset ? m.asset : NULL};
		sum += points;
	}
	in->factors = arena_copy(c->out, factors, in->factor_count, sizeof(*factors));
	in->score = round(fmin(100, sum) * 10) / 10;
	in->alert_count = (uint32_t)m.alerts;
	in->priority = in->score >= CRITICAL_FROM ? PRIORITY_CRITICAL :
	               in->score >= HIGH_FROM     ? PRIORITY_HIGH :
	               in->score >= MEDIUM_FROM   ? PRIORITY_MEDIUM : PRIORITY_LOW;
}
