/* tsumugi explain: why two alerts are, or are not, in one incident; and what would have joined them. */
#include "analyst/cluster/explain.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "render/cli/casefile.h"
#include "render/cli/commands.h"

static const struct option options[] = {
	{ "--tz", "ZONE", "shows times in this zone: Asia/Tokyo, +09:00 (default: UTC)" },
	{ "--lang", "LANG", "en or ja" },
	{ NULL, NULL, NULL },
};

struct explaining {
	struct casefile cf;
	struct zone zone;
	enum language lang;
	uint32_t mark[2];
	uint32_t episode[2];
	struct explanation ex;
	struct text out;
};

/* ---- words ---- */

#define FACTS(list) list, sizeof(list) / sizeof(*(list))

static const char *filled(struct explaining *e, const char *key, const struct fact *facts, size_t count)
{
	return word_with(e->cf.phrases, e->lang, key, facts, count, &e->zone, e->cf.arena);
}

/* One line, so far in. */
static void say(struct explaining *e, int indent, const char *key, const struct fact *facts, size_t count)
{
	const char *line = filled(e, key, facts, count);

	for (int i = 0; i < indent; i++)
		text_addc(&e->out, ' ');
	text_add_shown(&e->out, line, strlen(line));
	text_addc(&e->out, '\n');
}

static struct fact given(const char *name, const char *text)
{
	return (struct fact){ .name = name, .kind = FACT_TEXT, .text = text };
}

static struct fact number(const char *name, int64_t value)
{
	return (struct fact){ .name = name, .kind = FACT_NUMBER, .value = value };
}

static struct fact weight(struct explaining *e, const char *name, double value)
{
	return given(name, arena_printf(e->cf.arena, "%.2f", value));
}

static struct fact of_entity(struct explaining *e, const char *name, uint32_t entity)
{
	const struct week_entity *en = &e->cf.week->entities[entity];
	struct fact facts[] = {
		given("kind", word(e->cf.phrases, e->lang, arena_printf(e->cf.arena, "explain.kind.%s", table_name(entity_kinds, (int)en->kind)))),
		{ .name = "name", .kind = en->internal ? FACT_HOST : FACT_NAME, .text = en->shown },
	};

	return given(name, filled(e, "explain.entity", FACTS(facts)));
}

static struct fact of_reason(struct explaining *e, enum link_reason reason)
{
	const char *key = arena_printf(e->cf.arena, "explain.reason.%s", table_name(link_reasons, (int)reason));

	return given("reason", word(e->cf.phrases, e->lang, key));
}

static struct fact episode_number(struct explaining *e, const char *name, uint32_t episode)
{
	return given(name, arena_printf(e->cf.arena, "EP-%06u", episode + 1));
}

/* ---- the two alerts ---- */

static int find_alert(uint32_t *out, const struct week *w, const char *id, struct fault *f)
{
	char *end, written[ALERT_ID_ROOM];
	uint64_t key = strtoull(id, &end, 16);

	for (uint32_t i = 0; *end == '\0' && i < w->mark_count; i++) {
		if (w->marks[i].key != key)
			continue;
		alert_id(written, key);
		if (strcasecmp(written, id) == 0) {
			*out = i;
			return 0;
		}
	}
	return fault_set(f, FAULT_USAGE, "there is no alert '%.40s'; 'tsumugi export assignments' and 'show --json' list "
	                 "the ids", id);
}

static uint32_t episode_of(const struct analysis *an, uint32_t mark)
{
	for (uint32_t i = 0; i < an->episode_count; i++)
		for (uint32_t k = 0; k < an->episodes[i].count; k++)
			if (an->episodes[i].alerts[k] == mark)
				return i;
	return 0;
}

static void say_episode(struct explaining *e, uint32_t episode)
{
	const struct episode *ep = &e->cf.an->episodes[episode];
	struct fact facts[] = {
		episode_number(e, "id", episode),
		{ .name = "rule", .kind = FACT_NAME, .text = e->cf.week->rules[ep->rule].rule.name },
		{ .name = "when", .kind = FACT_TIME, .value = ep->first },
		{ .name = "host", .kind = FACT_HOST },
	};

	if (ep->host != NO_ENTITY)
		facts[3].text = e->cf.week->entities[ep->host].shown;
	say(e, 3, "explain.episode", facts, ep->host != NO_ENTITY ? 4 : 3);
}

static void say_alert(struct explaining *e, int side)
{
	const struct mark *m = &e->cf.week->marks[e->mark[side]];
	const struct rule *r = &e->cf.week->rules[m->rule].rule;
	const struct episode *ep = &e->cf.an->episodes[e->episode[side]];
	const struct incident *in = ep->incident != NO_INCIDENT ? &e->cf.an->incidents[ep->incident] : NULL;
	char id[ALERT_ID_ROOM];
	struct fact facts[] = {
		given("side", side == 0 ? "A" : "B"), given("id", id),
		{ .name = "when", .kind = FACT_TIME, .value = m->at }, given("product", r->product),
		{ .name = "rule", .kind = FACT_NAME, .text = r->name },
	};
	struct fact place[4] = { number("alerts", ep->count), episode_number(e, "episode", e->episode[side]) };
	size_t known = 2;

	alert_id(id, m->key);
	say(e, 0, "explain.alert", FACTS(facts));
	if (in != NULL)
		place[known++] = given("incident", in->id);
	if (in != NULL && in->rank > 0)
		place[known++] = number("rank", in->rank);
	say(e, 3, "explain.place", place, known);
}

/* ---- together ---- */

static void say_one_episode(struct explaining *e)
{
	const struct episode *ep = &e->cf.an->episodes[e->episode[0]];
	struct fact facts[] = {
		number("alerts", ep->count), { .name = "span", .kind = FACT_SPAN, .value = ep->last - ep->first },
	};

	say(e, 0, "explain.one-episode", FACTS(facts));
}

/* Links from one episode to the next on one machine are told as one step: how many, in *weakest the least weight. */
static uint32_t run_of(const struct link *path, uint32_t n, double *weakest)
{
	uint32_t i = 1;

	*weakest = path[0].weight;
	for (; i < n && path[0].reason == LINK_SAME_HOST && path[i].reason == LINK_SAME_HOST &&
	       path[i].entity == path[0].entity; i++)
		*weakest = path[i].weight < *weakest ? path[i].weight : *weakest;
	return i;
}

static void say_step(struct explaining *e, const struct link *l, uint32_t links, double weakest)
{
	struct fact facts[4] = { of_reason(e, l->reason), weight(e, "weight", weakest) };
	size_t known = 2;

	if (l->entity != NO_ENTITY)
		facts[known++] = of_entity(e, "what", l->entity);
	if (links > 1)
		facts[known++] = number("between", links - 1);
	say(e, 5, "explain.step", facts, known);
	say_episode(e, l[links - 1].b);
}

static void say_path(struct explaining *e)
{
	const struct incident *in = &e->cf.an->incidents[e->cf.an->episodes[e->episode[0]].incident];
	const struct link *path = NULL;
	uint32_t n = link_path(&path, in, e->episode[0], e->episode[1], e->cf.arena);
	struct fact facts[] = { given("incident", in->id), number("links", n) };
	double weakest;

	say(e, 0, n > 0 ? "explain.path" : "explain.no-path", FACTS(facts));
	if (n > 0)
		say_episode(e, path[0].a);
	for (uint32_t i = 0, links; i < n; i += links) {
		links = run_of(path + i, n - i, &weakest);
		say_step(e, path + i, links, weakest);
	}
}

/* ---- apart ---- */

static void say_tenants(struct explaining *e)
{
	const struct episode *episodes = e->cf.an->episodes;
	struct fact facts[] = {
		{ .name = "a", .kind = FACT_NAME, .text = e->cf.week->tenants[episodes[e->episode[0]].tenant] },
		{ .name = "b", .kind = FACT_NAME, .text = e->cf.week->tenants[episodes[e->episode[1]].tenant] },
	};

	say(e, 0, "explain.tenants", FACTS(facts));
}

static void say_routine(struct explaining *e, int side)
{
	const struct explained *s = &e->ex.side[side];
	struct fact facts[] = {
		given("side", side == 0 ? "A" : "B"), weight(e, "rarity", s->rarity), weight(e, "alarm", s->alarm),
	};

	if (!s->kept)
		say(e, 0, "explain.routine", FACTS(facts));
}

static void say_fact(struct explaining *e, const struct shared_fact *f)
{
	static const char *const verdicts[] = {
		[OBSTACLE_NONE] = "explain.counts", [OBSTACLE_KIND] = "explain.obstacle.kind",
		[OBSTACLE_MACHINE] = "explain.obstacle.machine",
		[OBSTACLE_EVERYWHERE] = "explain.obstacle.everywhere", [OBSTACLE_REUSED] = "explain.obstacle.reused",
		[OBSTACLE_COMMON] = "explain.obstacle.common", [OBSTACLE_EVERYDAY] = "explain.obstacle.everyday",
		[OBSTACLE_FAR] = "explain.obstacle.far",
	};
	struct fact known[] = {
		of_reason(e, f->reason), weight(e, "weight", f->weight), weight(e, "full", f->kind),
		number("machines", f->machines), number("everyday", f->everyday),
	};
	struct fact facts[] = {
		of_entity(e, "what", f->entity), given("verdict", filled(e, verdicts[f->obstacle], FACTS(known))),
	};

	say(e, 3, "explain.fact", FACTS(facts));
}

static void say_facts(struct explaining *e)
{
	say(e, 0, e->ex.fact_count == 0 ? "explain.no-facts" : "explain.facts", NULL, 0);
	for (uint32_t i = 0; i < e->ex.fact_count; i++)
		say_fact(e, &e->ex.facts[i]);
}

static void say_tie(struct explaining *e, const struct group_tie *t)
{
	struct fact facts[5] = {
		of_reason(e, t->reason), weight(e, "weight", t->weight), episode_number(e, "from", t->from),
		episode_number(e, "to", t->to),
	};

	if (t->entity != NO_ENTITY)
		facts[4] = of_entity(e, "what", t->entity);
	say(e, 3, "explain.tie", facts, t->entity != NO_ENTITY ? 5 : 4);
}

static void say_ties(struct explaining *e)
{
	struct fact sum[] = { weight(e, "together", e->ex.together), weight(e, "asked", e->ex.asked) };

	if (!e->ex.side[0].kept || !e->ex.side[1].kept)
		return;
	say(e, 0, e->ex.tie_count == 0 ? "explain.no-ties" : "explain.ties", NULL, 0);
	for (uint32_t i = 0; i < e->ex.tie_count; i++)
		say_tie(e, &e->ex.ties[i]);
	if (e->ex.tie_count > 0)
		say(e, 0, "explain.together", FACTS(sum));
}

static void say_remedy(struct explaining *e)
{
	struct fact facts[] = {
		weight(e, "hash", sharing_says(ENTITY_HASH)), weight(e, "site", sharing_says(ENTITY_DOMAIN)),
		weight(e, "address", sharing_says(ENTITY_IP)), weight(e, "account", sharing_says(ENTITY_USER)),
	};

	if (!e->ex.other_tenant && !e->ex.twins)
		say(e, 0, "explain.remedy", FACTS(facts));
}

static void say_apart(struct explaining *e)
{
	struct fact span = { .name = "span", .kind = FACT_SPAN, .value = e->ex.apart };

	say(e, 0, "explain.apart", NULL, 0);
	if (e->ex.other_tenant)
		say_tenants(e);
	if (e->ex.twins)
		say(e, 0, "explain.twins", NULL, 0);
	say_routine(e, 0);
	say_routine(e, 1);
	if (e->ex.same_machine)
		say(e, 0, "explain.same-machine", NULL, 0);
	if (e->ex.apart > 0)
		say(e, 0, "explain.pause", &span, 1);
	say_facts(e);
	say_ties(e);
	say_remedy(e);
}

static void explain(struct explaining *e)
{
	const struct episode *a = &e->cf.an->episodes[e->episode[0]], *b = &e->cf.an->episodes[e->episode[1]];

	say_alert(e, 0);
	say_alert(e, 1);
	if (e->mark[0] == e->mark[1]) {
		say(e, 0, "explain.one-alert", NULL, 0);
	} else if (e->episode[0] == e->episode[1]) {
		say_one_episode(e);
	} else if (a->incident != NO_INCIDENT && a->incident == b->incident) {
		say_path(e);
	} else {
		cluster_explain(&e->ex, e->cf.week, e->mark[0], e->mark[1], e->cf.arena);
		say_apart(e);
	}
}

/* Each line within the page, what is left of it as far in as it began. Names hold no line ends. */
static void wrap(struct text *out, const struct text *told, int page)
{
	struct text lead = {0}, line = {0};

	for (const char *s = text_str(told), *end; *s != '\0'; s = *end != '\0' ? end + 1 : end) {
		size_t blanks = strspn(s, " ");

		end = s + strcspn(s, "\n");
		text_clear(&lead);
		text_clear(&line);
		text_addn(&lead, s, blanks);
		text_addn(&line, s + blanks, (size_t)(end - s) - blanks);
		text_add_item(out, text_str(&lead), (int)blanks, text_str(&line), page);
	}
	text_free(&lead);
	text_free(&line);
}

static int run(struct cli *c, struct fault *f)
{
	struct explaining e = {0};
	struct terminal term;
	struct text page = {0};
	int rc = -1;

	if (terminal_ask(&term, c, f) < 0 || cli_language(&e.lang, c, f) < 0 || cli_zone(&e.zone, c, f) < 0)
		return -1;
	if (casefile_open(&e.cf, c, f) < 0) {
		zone_free(&e.zone);
		return -1;
	}
	if (find_alert(&e.mark[0], e.cf.week, c->arguments[0], f) == 0 &&
	    find_alert(&e.mark[1], e.cf.week, c->arguments[1], f) == 0) {
		for (int i = 0; i < 2; i++)
			e.episode[i] = episode_of(e.cf.an, e.mark[i]);
		explain(&e);
		wrap(&page, &e.out, terminal_page(&term));
		rc = print_text(&page, f);
	}
	text_free(&page);
	text_free(&e.out);
	casefile_close(&e.cf);
	zone_free(&e.zone);
	return rc;
}

const struct command command_explain = {
	.name = "explain", .arguments = "ALERT ALERT",
	.summary = "says why two alerts are, or are not, in one incident, and what would have joined them",
	.more = "An ALERT is an id as 'tsumugi export assignments', 'show --json' and 'report --to json' print it.",
	.least = 2, .most = 2, .options = options, .run = run,
};
