/* tsumugi explain: why two alerts are, or are not, in one incident; and what would have joined them. */
#include "analyst/cluster/explain.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "render/cli/casefile.h"
#include "render/cli/commands.h"

static const struct option options[] = {
	{ "--tz", "ZONE", "shows times in this zone: Asia/Tokyo, +09:00 (default: UTC)" },
	{ NULL, NULL, NULL },
};

struct explaining {
	struct casefile cf;
	struct zone zone;
	uint32_t mark[2];
	uint32_t episode[2];
	struct explanation ex;
	struct text out;
};

static const struct named reason_words[] = {
	{ "the same machine", LINK_SAME_HOST }, { "the same account", LINK_SAME_USER },
	{ "the same file name or path", LINK_SAME_FILE }, { "the same file by its hash", LINK_SAME_HASH },
	{ "the same site", LINK_SAME_DOMAIN }, { "the same address", LINK_SAME_ADDRESS },
	{ "the same program or command", LINK_SAME_PROCESS }, { "the same known indicator", LINK_SAME_INDICATOR },
	{ "one rule over several machines", LINK_SAME_RULE_BURST }, { "a step further in the attack", LINK_PROGRESS },
	{ "the machine attacked acts itself", LINK_TARGET_ACTS },
	{ "a call to the machine that acted", LINK_CALLS_ACTOR }, { "the same time", LINK_SAME_TIME }, { NULL, 0 }
};

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

static void add_entity(struct explaining *e, uint32_t entity)
{
	const struct week_entity *en = &e->cf.week->entities[entity];

	text_printf(&e->out, "%s ", table_name(entity_kinds, (int)en->kind));
	if (en->internal)
		text_add_shown(&e->out, en->shown, strlen(en->shown));
	else
		text_add_name(&e->out, en->shown);
}

static void add_episode(struct explaining *e, uint32_t number)
{
	const struct episode *ep = &e->cf.an->episodes[number];

	text_printf(&e->out, "EP-%06u ", number + 1);
	text_add_name(&e->out, e->cf.week->rules[ep->rule].rule.name);
	if (ep->host != NO_ENTITY) {
		text_add(&e->out, " on ");
		text_add_shown(&e->out, e->cf.week->entities[ep->host].shown, strlen(e->cf.week->entities[ep->host].shown));
	}
	text_printf(&e->out, ", %s", story_when(LANGUAGE_EN, ep->first, &e->zone, WHEN_DAY_TIME, e->cf.arena));
}

static void add_alert(struct explaining *e, int side)
{
	const struct mark *m = &e->cf.week->marks[e->mark[side]];
	const struct episode *ep = &e->cf.an->episodes[e->episode[side]];
	char id[ALERT_ID_ROOM];

	alert_id(id, m->key);
	text_printf(&e->out, "%c  %s  %s  %s: ", 'A' + side, id,
	            story_when(LANGUAGE_EN, m->at, &e->zone, WHEN_DAY_TIME, e->cf.arena),
	            e->cf.week->rules[m->rule].rule.product);
	text_add_name(&e->out, e->cf.week->rules[m->rule].rule.name);
	text_printf(&e->out, "\n   one of %u in EP-%06u, ", ep->count, e->episode[side] + 1);
	if (ep->incident == NO_INCIDENT)
		text_add(&e->out, "in no incident\n");
	else if (e->cf.an->incidents[ep->incident].rank > 0)
		text_printf(&e->out, "in %s, rank %u\n", e->cf.an->incidents[ep->incident].id,
		            e->cf.an->incidents[ep->incident].rank);
	else
		text_printf(&e->out, "in %s, below the line\n", e->cf.an->incidents[ep->incident].id);
}

/* ---- together ---- */

static void say_one_episode(struct explaining *e)
{
	const struct episode *ep = &e->cf.an->episodes[e->episode[0]];

	text_printf(&e->out, "One episode: %u alerts of one rule, on one machine, without a long pause, in %s.\n", ep->count,
	            story_span(LANGUAGE_EN, ep->last - ep->first, e->cf.arena));
}

/* Links from one episode to the next on one machine are told as one step: how many, in *weight the weakest. */
static uint32_t run_of(const struct link *path, uint32_t n, double *weight)
{
	uint32_t i = 1;

	*weight = path[0].weight;
	for (; i < n && path[0].reason == LINK_SAME_HOST && path[i].reason == LINK_SAME_HOST &&
	       path[i].entity == path[0].entity; i++)
		*weight = path[i].weight < *weight ? path[i].weight : *weight;
	return i;
}

static void say_step(struct explaining *e, const struct link *l, uint32_t links, double weight)
{
	text_printf(&e->out, "     %s", table_name(reason_words, (int)l->reason));
	if (l->entity != NO_ENTITY) {
		text_add(&e->out, ": ");
		add_entity(e, l->entity);
	}
	if (links > 1)
		text_printf(&e->out, ", over %u episodes, weight %.2f at least\n   ", links - 1, weight);
	else
		text_printf(&e->out, ", weight %.2f\n   ", weight);
	add_episode(e, l[links - 1].b);
	text_addc(&e->out, '\n');
}

static void say_path(struct explaining *e)
{
	const struct incident *in = &e->cf.an->incidents[e->cf.an->episodes[e->episode[0]].incident];
	const struct link *path = NULL;
	uint32_t n = link_path(&path, in, e->episode[0], e->episode[1], e->cf.arena);
	double weight;

	if (n == 0) {
		text_printf(&e->out, "One incident, %s, though no link leads from one to the other.\n", in->id);
		return;
	}
	text_printf(&e->out, "One incident, %s: %u link%s from A to B.\n   ", in->id, n, n == 1 ? " leads" : "s lead");
	add_episode(e, path[0].a);
	text_addc(&e->out, '\n');
	for (uint32_t i = 0, links; i < n; i += links) {
		links = run_of(path + i, n - i, &weight);
		say_step(e, path + i, links, weight);
	}
}

/* ---- apart ---- */

static void say_routine(struct explaining *e, int side)
{
	const struct explained *s = &e->ex.side[side];

	if (!s->kept)
		text_printf(&e->out, "%c is routine: alerts like it come at other hours too (rarity %.2f, alarm %.2f of 1), so it "
		            "takes part in no incident.\n", 'A' + side, s->rarity, s->alarm);
}

static void say_obstacle(struct explaining *e, const struct shared_fact *f)
{
	switch (f->obstacle) {
	case OBSTACLE_NONE:
		text_printf(&e->out, "%s, weight %.2f", table_name(reason_words, (int)f->reason), f->weight);
		break;
	case OBSTACLE_KIND:
		text_add(&e->out, "does not count: strangers share values of this kind");
		break;
	case OBSTACLE_MACHINE:
		text_add(&e->out, "does not count as a shared fact: it is the machine itself, where rarity and time decide");
		break;
	case OBSTACLE_REUSED:
		text_add(&e->out, "does not count: several machines go by this name at once");
		break;
	case OBSTACLE_COMMON:
		text_printf(&e->out, "too common: %u machine%s and %u everyday episode%s name it; %.2f of %.2f is left",
		            f->machines, f->machines == 1 ? "" : "s", f->everyday, f->everyday == 1 ? "" : "s", f->weight,
		            f->kind);
		break;
	case OBSTACLE_EVERYDAY:
		text_printf(&e->out, "shared by everyday alerts, which says little; %.2f of %.2f is left", f->weight, f->kind);
		break;
	case OBSTACLE_FAR:
		text_printf(&e->out, "too far apart; %.2f of %.2f is left", f->weight, f->kind);
		break;
	}
}

static void say_facts(struct explaining *e)
{
	if (e->ex.fact_count == 0)
		text_add(&e->out, "They share no machine, account, address, site, file or program.\n");
	else
		text_add(&e->out, "What they share:\n");
	for (uint32_t i = 0; i < e->ex.fact_count; i++) {
		text_add(&e->out, "   ");
		add_entity(e, e->ex.facts[i].entity);
		text_add(&e->out, ": ");
		say_obstacle(e, &e->ex.facts[i]);
		text_addc(&e->out, '\n');
	}
}

static void say_ties(struct explaining *e)
{
	if (!e->ex.side[0].kept || !e->ex.side[1].kept)
		return;
	if (e->ex.tie_count == 0) {
		text_add(&e->out, "Nothing ties the alerts around A to those around B.\n");
		return;
	}
	text_add(&e->out, "What ties the alerts around A to those around B:\n");
	for (uint32_t i = 0; i < e->ex.tie_count; i++) {
		const struct group_tie *t = &e->ex.ties[i];

		text_printf(&e->out, "   %s", table_name(reason_words, (int)t->reason));
		if (t->entity != NO_ENTITY) {
			text_add(&e->out, ": ");
			add_entity(e, t->entity);
		}
		text_printf(&e->out, ", weight %.2f, by EP-%06u and EP-%06u\n", t->weight, t->from + 1, t->to + 1);
	}
	text_printf(&e->out, "Together %.2f, less with each step to the middle of its group; joining takes %.2f.\n",
	            e->ex.together, e->ex.asked);
}

static void say_remedy(struct explaining *e)
{
	static const struct { enum entity_kind kind; const char *name; } kinds[] = {
		{ ENTITY_HASH, "a file's hash" }, { ENTITY_DOMAIN, "a site" }, { ENTITY_IP, "an outside address" },
		{ ENTITY_USER, "an account" },
	};

	if (e->ex.other_tenant || e->ex.twins)
		return;
	text_add(&e->out, "What would have joined them: something that both name and few others do");
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		text_printf(&e->out, "%s %s (up to %.2f)", i == 0 ? ":" : i + 1 == sizeof(kinds) / sizeof(kinds[0]) ? " or" : ",",
		            kinds[i].name, sharing_says(kinds[i].kind));
	text_add(&e->out, ", within a few hours of each other.\n");
}

static void say_apart(struct explaining *e)
{
	const struct week *w = e->cf.week;
	const struct episode *a = &e->cf.an->episodes[e->episode[0]], *b = &e->cf.an->episodes[e->episode[1]];

	text_add(&e->out, "Not in one incident.\n");
	if (e->ex.other_tenant) {
		text_add(&e->out, "They are of two tenants, '");
		text_add_name(&e->out, w->tenants[a->tenant]);
		text_add(&e->out, "' and '");
		text_add_name(&e->out, w->tenants[b->tenant]);
		text_add(&e->out, "', which are never joined.\n");
	}
	if (e->ex.twins)
		text_add(&e->out, "One name stands for two machines at once here; these are never joined.\n");
	say_routine(e, 0);
	say_routine(e, 1);
	if (e->ex.same_machine)
		text_add(&e->out, "Both are about the same machine.\n");
	if (e->ex.apart > 0)
		text_printf(&e->out, "They lie %s apart.\n", story_span(LANGUAGE_EN, e->ex.apart, e->cf.arena));
	say_facts(e);
	say_ties(e);
	say_remedy(e);
}

static void explain(struct explaining *e)
{
	const struct episode *a = &e->cf.an->episodes[e->episode[0]], *b = &e->cf.an->episodes[e->episode[1]];

	add_alert(e, 0);
	add_alert(e, 1);
	if (e->mark[0] == e->mark[1]) {
		text_add(&e->out, "One alert.\n");
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

	if (terminal_ask(&term, c, f) < 0 || cli_zone(&e.zone, c, f) < 0)
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
