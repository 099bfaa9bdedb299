/* Groups to ranked incidents. The score is a sum of parts that each can be told: a row
 * of the table below measures one thing, says how many points it may give at most, and
 * how. The maxima of what was done are 100 together; how much the machines matter and
 * what was already done against it move the sum within 0 and 100. Nothing grows with the
 * mere number of alerts except a part of two points, and that by the logarithm: a flood
 * buries nothing. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyst/base/instant.h"
#include "analyst/base/keyed.h"
#include "analyst/cluster/stages.h"

/* Bands: what scores less than MEDIUM_FROM has neither a clearly alarming rule nor
 * several unusual ones, and stays below the line. */
#define CRITICAL_FROM 75.0
#define HIGH_FROM 50.0
#define MEDIUM_FROM 30.0
/* Next to one big incident a small one is noise of the same day. */
#define SHARE_OF_FIRST 0.30
/* Where nothing reaches the line the first alone is shown, if there is anything to it. */
#define FIRST_FROM 10.0
#define QUEUE_LONGEST 25

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

static int by_number(const void *x, const void *y)
{
	uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;

	return (a > b) - (a < b);
}

static uint32_t unique_numbers(uint32_t *list, uint32_t n)
{
	uint32_t kept = 0;

	if (n > 0)
		qsort(list, n, sizeof(*list), by_number);
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

	return e->internal && (e->kind == ENTITY_IP || e->kind == ENTITY_HOST) &&
	       (m->role == ROLE_DESTINATION || m->role == ROLE_TARGET) &&
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
			if (c->week->entities[e->members[k].entity].indicator != NULL)
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

/* ---- building ---- */

struct host_value {
	uint32_t entity;
	bool entered;               /* somebody tried to break into it */
	double value;
	instant first;
};

static int by_entity(const void *x, const void *y)
{
	const struct host_value *a = x, *b = y;

	if (a->entity != b->entity)
		return a->entity < b->entity ? -1 : 1;
	return (a->first > b->first) - (a->first < b->first);
}

static int most_affected(const void *x, const void *y)
{
	const struct host_value *a = x, *b = y;

	if (a->entered != b->entered)
		return a->entered ? -1 : 1;
	if (a->value != b->value)
		return a->value > b->value ? -1 : 1;
	if (a->first != b->first)
		return a->first < b->first ? -1 : 1;
	return (a->entity > b->entity) - (a->entity < b->entity);
}

static uint32_t name_of(const struct machine *m)
{
	return m->host != NO_ENTITY ? m->host : m->address;
}

/* The machine of ours that the episode is aimed at, or NO_ENTITY. It need not have alerts of its
 * own. */
static uint32_t attacked(const struct clustering *c, uint32_t episode)
{
	const struct episode *e = &c->episodes[episode];

	for (uint32_t i = 0; c->week->rules[e->rule].behaviour->on_target && i < e->member_count; i++) {
		const struct week_entity *end = &c->week->entities[e->members[i].entity];
		uint32_t machine;

		if ((e->members[i].role != ROLE_DESTINATION && e->members[i].role != ROLE_TARGET) || !end->internal ||
		    (end->kind != ENTITY_IP && end->kind != ENTITY_HOST))
			continue;
		machine = machine_of(c, e->tenant, e->members[i].entity);
		return machine != NO_MACHINE ? name_of(&c->machines[machine]) : e->members[i].entity;
	}
	return NO_ENTITY;
}

#define INITIAL_ACCESS 2        /* TA0001 in the order of the kill chain */

/* An attack from one machine of ours on another affects the one it is aimed at. Where somebody
 * tried to break in, the machines he tried come before those he came from. */
static void list_hosts(struct clustering *c, struct incident *in)
{
	struct host_value *v = must_alloc((2 * in->episode_count + 1) * sizeof(*v));
	uint32_t n = 0, kept = 0, *hosts;

	for (uint32_t i = 0; i < in->episode_count; i++) {
		const struct trait *t = &c->traits[in->episodes[i]];
		uint32_t target = attacked(c, in->episodes[i]);
		double value = t->value * (0.2 + t->alarm);
		const struct episode *e = &c->episodes[in->episodes[i]];
		uint32_t host = t->machine != NO_MACHINE ? name_of(&c->machines[t->machine]) : NO_ENTITY;
		bool entered = c->week->rules[e->rule].behaviour->tactic == INITIAL_ACCESS;

		if (host != NO_ENTITY && host != target)
			v[n++] = (struct host_value){host, false, target == NO_ENTITY ? value : 0, e->first};
		if (target != NO_ENTITY)
			v[n++] = (struct host_value){target, entered, value, e->first};
	}
	if (n > 0)
		qsort(v, n, sizeof(*v), by_entity);
	for (uint32_t i = 0; i < n; i++)
		if (i > 0 && v[i].entity == v[kept - 1].entity) {
			v[kept - 1].value += v[i].value;
			v[kept - 1].entered |= v[i].entered;
		} else {
			v[kept++] = v[i];
		}
	qsort(v, kept, sizeof(*v), most_affected);
	hosts = ARENA_ARRAY(c->out, uint32_t, kept + 1);
	for (uint32_t i = 0; i < kept; i++)
		hosts[i] = v[i].entity;
	in->hosts = hosts;
	in->host_count = kept;
	free(v);
}

static void score(struct clustering *c, struct incident *in)
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

/* ---- from groups ---- */

static int by_link(const void *x, const void *y)
{
	const struct link *a = x, *b = y;

	if (a->reason != b->reason)
		return a->reason < b->reason ? -1 : 1;
	if (a->entity != b->entity)
		return a->entity < b->entity ? -1 : 1;
	return (a->weight < b->weight) - (a->weight > b->weight);
}

/* What belongs to a group, gathered by sorting: the group is the key, an episode or a link the item. */

static uint32_t group_of(const struct clustering *c, uint32_t episode)
{
	return c->flurries[c->traits[episode].flurry].group;
}

static bool holds(const struct clustering *c, const struct tie *t)
{
	return c->flurries[t->a].group == c->flurries[t->b].group;
}

/* All links with both ends in one group, by group, then in their own order; *slots tells whose each is. */
static struct link *gather_links(struct clustering *c, struct keyed **slots, uint32_t *count)
{
	uint32_t n = c->inner_count, at = 0;
	struct link *list, *sorted;
	struct keyed *s;

	for (uint32_t i = 0; i < c->tie_count; i++)
		n += holds(c, &c->ties[i]);
	list = must_grow(NULL, n, sizeof(*list));
	for (; at < c->inner_count; at++)
		list[at] = c->inner[at];
	for (uint32_t i = 0; i < c->tie_count; i++) {
		const struct tie *t = &c->ties[i];

		if (holds(c, t))
			list[at++] = (struct link){t->from, t->to, t->reason, t->weight,
			                           t->reason == LINK_SAME_RULE_BURST ? NO_ENTITY : t->fact};
	}
	s = ARENA_ARRAY(c->stage, struct keyed, n + 1);
	for (uint32_t i = 0; i < n; i++)
		s[i] = (struct keyed){key_pair(list[i].a, list[i].b), i};
	keyed_sort(s, n);
	for (uint32_t i = 0; i < n; i++)
		s[i].key = group_of(c, list[s[i].item].a);
	keyed_sort(s, n);
	sorted = ARENA_ARRAY(c->out, struct link, n + 1);
	for (uint32_t i = 0; i < n; i++)
		sorted[i] = list[s[i].item];
	for (uint32_t from = 0, to; from < n; from = to) {
		for (to = from + 1; to < n && sorted[to].a == sorted[from].a && sorted[to].b == sorted[from].b; to++)
			;
		if (to - from > 1)
			qsort(sorted + from, to - from, sizeof(*sorted), by_link);
	}
	free(list);
	*slots = s;
	*count = n;
	return sorted;
}

static struct keyed *gather_episodes(const struct clustering *c, uint32_t *count)
{
	struct keyed *slots = ARENA_ARRAY(c->stage, struct keyed, c->episode_count + 1);
	uint32_t n = 0;

	for (uint32_t i = 0; i < c->episode_count; i++)
		if (c->traits[i].flurry != NO_FLURRY)
			slots[n++] = (struct keyed){group_of(c, i), i};
	keyed_sort(slots, n);
	*count = n;
	return slots;
}

static void take_episodes(struct clustering *c, struct incident *in, const struct keyed *s, uint32_t n)
{
	uint32_t *episodes = ARENA_ARRAY(c->out, uint32_t, n + 1);

	in->first = c->episodes[s[0].item].first;
	in->last = in->first;
	for (uint32_t i = 0; i < n; i++) {
		episodes[i] = s[i].item;
		if (c->episodes[s[i].item].last > in->last)
			in->last = c->episodes[s[i].item].last;
	}
	in->episodes = episodes;
	in->episode_count = n;
}

static int by_score(const void *x, const void *y)
{
	const struct incident *a = x, *b = y;

	if (a->score != b->score)
		return a->score > b->score ? -1 : 1;
	return (a->episodes[0] > b->episodes[0]) - (a->episodes[0] < b->episodes[0]);
}

static uint32_t choose_queue(struct incident *list, uint32_t n)
{
	uint32_t count = 0;
	double line = n > 0 ? fmax(MEDIUM_FROM, SHARE_OF_FIRST * list[0].score) : 0;

	while (count < n && count < QUEUE_LONGEST && list[count].score >= line)
		count++;
	if (count == 0 && n > 0 && list[0].score >= FIRST_FROM)
		count = 1;
	for (uint32_t i = 0; i < count; i++)
		list[i].rank = i + 1;
	return count;
}

/* Named by the ISO week in which the period ends, then by place in the list. */
static void name_incidents(const struct week *w, struct incident *list, uint32_t n)
{
	static const struct zone utc = {.name = "UTC"};
	struct civil day;
	int year, number;

	if (n == 0)          /* a case file of rejects only has no last alert */
		return;
	day = civil_from(w->last, &utc);
	year = day.year;
	number = civil_week(&day, &year);
	for (uint32_t i = 0; i < n; i++)
		snprintf(list[i].id, sizeof(list[i].id), "INC-%04dW%02d-%02u", year, number, i + 1);
}

/* Where the group ends that begins at `from`, and whether it has what makes an incident of it. */
static uint32_t group_end(const struct clustering *c, const struct keyed *slots, uint32_t n, uint32_t from, bool *seed)
{
	uint32_t to;

	*seed = false;
	for (to = from; to < n && slots[to].key == slots[from].key; to++)
		*seed |= c->traits[slots[to].item].seed;
	return to;
}

static uint32_t count_incidents(const struct clustering *c, const struct keyed *slots, uint32_t n)
{
	uint32_t count = 0;
	bool seed;

	for (uint32_t from = 0; from < n; count += seed)
		from = group_end(c, slots, n, from, &seed);
	return count;
}

void rank_groups(struct clustering *c, struct analysis *out)
{
	uint32_t n, links, count = 0, at = 0;
	struct keyed *slots = gather_episodes(c, &n), *link_slots;
	struct link *sorted = gather_links(c, &link_slots, &links);
	struct incident *incidents = ARENA_ARRAY(c->out, struct incident, count_incidents(c, slots, n));

	for (uint32_t from = 0, to; from < n; from = to) {
		struct incident *in = &incidents[count];
		bool seed;

		to = group_end(c, slots, n, from, &seed);
		if (!seed) {
			for (; at < links && link_slots[at].key == slots[from].key; at++)
				;
			continue;
		}
		count++;
		take_episodes(c, in, slots + from, to - from);
		in->links = sorted + at;
		for (; at < links && link_slots[at].key == slots[from].key; at++)
			in->link_count++;
		list_hosts(c, in);
		score(c, in);
	}
	if (count > 0)
		qsort(incidents, count, sizeof(*incidents), by_score);
	out->queue_count = choose_queue(incidents, count);
	name_incidents(c->week, incidents, count);
	for (uint32_t i = 0; i < count; i++)
		for (uint32_t k = 0; k < incidents[i].episode_count; k++)
			c->episodes[incidents[i].episodes[k]].incident = i;
	out->incidents = incidents;
	out->incident_count = count;
}
