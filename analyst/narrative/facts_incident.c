/* What is known of a whole incident. */
#include <string.h>

#include "analyst/narrative/facts.h"

static bool add_name(const char **list, size_t *n, const char *name)
{
	for (size_t i = 0; i < *n; i++)
		if (strcmp(list[i], name) == 0)
			return false;
	if (*n < LIST_MAX)
		list[(*n)++] = name;
	return true;
}

/* What the title speaks of: facts of the first act of a family (NULL: of any) that has them. */
static const struct borrowed {
	const char *from, *as, *family;
} borrowed[] = {
	{ "threat", "threat", "exploit" },
	{ "threat", "ransom", "ransomware" },
	{ "attacker", "attacker", "exploit" },
	{ "attacker", "attacker", NULL },
	{ "user", "user", NULL },
	{ "file", "file", "download" },
	{ "host", "guessed", "brute-force" },
	{ "machines", "guesses", "brute-force" },
	{ "attacker", "guesser", "brute-force" },
	{ "port", "port", "scan" },
};
#define BORROWED (sizeof(borrowed) / sizeof(borrowed[0]))
#define PORT (BORROWED - 1)

static bool lends(const struct act *act, const struct borrowed *b)
{
	return b->family == NULL || strcmp(act->behaviour->family, b->family) == 0 ||
	       strcmp(act->behaviour->key, b->family) == 0;
}

/* Facts without a name are borrowed from nobody. */
static void borrow(struct fact lent[BORROWED], const struct teller *t, const struct acts *acts)
{
	memset(lent, 0, BORROWED * sizeof(*lent));
	for (size_t i = 0; i < acts->count; i++) {
		struct act *act = &acts->list[i];

		for (size_t k = 0; k < BORROWED; k++) {
			const struct fact *fa;

			if (lent[k].name != NULL || !lends(act, &borrowed[k]))
				continue;
			if ((fa = fact_named(facts_of_act(t, act), borrowed[k].from)) != NULL) {
				lent[k] = *fa;
				lent[k].name = borrowed[k].as;
			}
		}
	}
}

static void add_borrowed(struct facts *out, const struct fact *lent)
{
	if (lent->name != NULL && out->count < BEAT_FACTS && fact_named(out, lent->name) == NULL)
		out->list[out->count++] = *lent;
}

static void sites_of(struct facts *out, const struct teller *t, const struct acts *acts, const char *name,
                     const char *const *families)
{
	const char **list = ARENA_ARRAY(t->arena, const char *, LIST_MAX + 1);
	size_t n = 0;

	for (size_t i = 0; i < acts->count; i++) {
		const struct act *act = &acts->list[i];
		bool wanted = false;

		for (const char *const *f = families; *f != NULL && !wanted; f++)
			wanted = strcmp(act->behaviour->family, *f) == 0;
		if (wanted && act->site != NO_ENTITY && !act->folded)
			add_name(list, &n, t->an->week->entities[act->site].shown);
	}
	fact_list(out, name, FACT_NAME, list, n);
}

static void hosts_of(struct facts *out, const struct teller *t, const struct incident *in)
{
	const char **list = ARENA_ARRAY(t->arena, const char *, LIST_MAX + 1);
	size_t n = 0;

	for (uint32_t i = 0; i < in->host_count && n < LIST_MAX; i++)
		list[n++] = t->an->week->entities[in->hosts[i]].shown;
	fact_list(out, "hosts", FACT_HOST, list, n);
	if (in->host_count > 1)
		fact_number(out, "machines", FACT_NUMBER, in->host_count);
	if (n > 0)
		fact_text(out, "host", FACT_HOST, list[0]);
}

static const struct act *first_told(const struct acts *acts, const char *key, instant from)
{
	for (size_t i = 0; i < acts->count; i++)
		if (!acts->list[i].folded && acts->list[i].first >= from && strcmp(acts->list[i].behaviour->key, key) == 0)
			return &acts->list[i];
	return NULL;
}

/* Half a day or more between two acts: a second visit. `again` is when it began, or when the ransomware of that
 * visit came; `span` is how long the first one lasted. */
static void gap_of(struct facts *out, const struct acts *acts)
{
	int64_t longest = 0;
	instant end = acts->count > 0 ? acts->list[0].last : 0, again = INSTANT_NONE, ended = end;
	const struct act *ransomware;

	for (size_t i = 1; i < acts->count; i++) {
		if (acts->list[i].folded || acts->list[i].behaviour->response)
			continue;
		if (acts->list[i].first - end > longest) {
			longest = acts->list[i].first - end;
			again = acts->list[i].first;
			ended = end;
		}
		if (acts->list[i].last > end)
			end = acts->list[i].last;
	}
	if (longest < 12 * HOUR)
		return;
	if ((ransomware = first_told(acts, "ransomware", again)) != NULL)
		again = ransomware->first;
	fact_number(out, "gap", FACT_SPAN, again - ended);
	fact_number(out, "again", FACT_TIME, again);
	if (ended - acts->list[0].first >= MINUTE)
		fact_number(out, "span", FACT_SPAN, ended - acts->list[0].first);
}

/* The widest reach of an act stands for the incident. */
static void targets_of(struct facts *out, const struct teller *t, const struct acts *acts)
{
	int64_t most = 0;

	for (size_t i = 0; i < acts->count; i++) {
		int64_t targets = acts->list[i].from_source ? act_targets(t, &acts->list[i]) : 0;

		if (targets > most)
			most = targets;
	}
	if (most > 1)
		fact_number(out, "targets", FACT_NUMBER, most);
}

/* On how many machines exploits were tried: not all that appear in an incident were aimed at. */
static void attacked_of(struct facts *out, const struct acts *acts)
{
	int64_t machines = 0;

	for (size_t i = 0; i < acts->count; i++) {
		const struct act *act = &acts->list[i];
		bool counted = strcmp(act->behaviour->family, "exploit") != 0 || act->host == NO_ENTITY;

		for (size_t k = 0; k < i && !counted; k++)
			counted = acts->list[k].host == act->host && strcmp(acts->list[k].behaviour->family, "exploit") == 0;
		machines += counted ? 0 : act->machines;
	}
	if (machines > 1)
		fact_number(out, "attacked", FACT_NUMBER, machines);
}

static bool is_listed(const struct fact *list, const char *name)
{
	for (size_t i = 0; list != NULL && i < list->item_count; i++)
		if (strcmp(list->items[i], name) == 0)
			return true;
	return false;
}

/* From where machines were attacked, unless it is a site that they called, too. */
static void outsiders_of(struct facts *out, const struct teller *t, const struct acts *acts)
{
	static const char *const families[] = { "exploit", "web-attack", "brute-force" };
	const char **list = ARENA_ARRAY(t->arena, const char *, LIST_MAX + 1);
	size_t n = 0;

	for (size_t i = 0; i < acts->count; i++) {
		struct act *act = &acts->list[i];
		const struct fact *from;
		bool attack = false;

		for (size_t k = 0; k < sizeof(families) / sizeof(families[0]); k++)
			attack |= strcmp(act->behaviour->family, families[k]) == 0;
		from = attack && act->host != NO_ENTITY && !act->folded ? fact_named(facts_of_act(t, act), "attacker") : NULL;
		/* A machine of ours is a FACT_HOST. */
		if (from != NULL && from->kind == FACT_NAME && !is_listed(fact_named(out, "sites"), from->text))
			add_name(list, &n, from->text);
	}
	fact_list(out, "outsiders", FACT_NAME, list, n);
}

/* From where accounts were used: what acts without a machine came from. */
static void places_of(struct facts *out, const struct teller *t, const struct acts *acts)
{
	const char **list = ARENA_ARRAY(t->arena, const char *, LIST_MAX + 1);
	size_t n = 0;

	for (size_t i = 0; i < acts->count; i++) {
		struct act *act = &acts->list[i];
		const struct fact *from = act->host == NO_ENTITY && !act->folded ? fact_named(facts_of_act(t, act), "attacker") : NULL;

		if (from != NULL && fact_named(facts_of_act(t, act), "user") != NULL)
			add_name(list, &n, from->text);
	}
	fact_list(out, "places", FACT_NAME, list, n);
}

/* On how many machines ransomware was found, in however many acts. */
static void hit_of(struct facts *out, const struct teller *t, const struct acts *acts)
{
	bool *seen = ARENA_ARRAY(t->arena, bool, t->an->week->entity_count + 1);
	int64_t hit = 0;

	for (size_t i = 0; i < acts->count; i++)
		for (uint32_t k = 0; k < acts->list[i].episode_count && strcmp(acts->list[i].behaviour->key, "ransomware") == 0; k++) {
			uint32_t host = t->an->episodes[acts->list[i].episodes[k]].host;

			if (host == NO_ENTITY || seen[t->an->machine[host]])
				continue;
			seen[t->an->machine[host]] = true;
			hit++;
		}
	if (hit > 1)
		fact_number(out, "hit", FACT_NUMBER, hit);
}

/* What left, and where to: all acts of that kind together. */
static void sent_outside(struct facts *out, const struct teller *t, const struct acts *acts)
{
	const char **sites = ARENA_ARRAY(t->arena, const char *, LIST_MAX + 1);
	size_t n = 0, sent = 0, alone = 0;
	int64_t bytes = 0;

	for (size_t i = 0; i < acts->count; i++) {
		if (strcmp(acts->list[i].behaviour->key, "exfiltration") != 0)
			continue;
		sent++;
		alone += fact_named(facts_of_act(t, &acts->list[i]), "alone") != NULL;
		bytes += act_bytes_out(t, &acts->list[i]);
		if (acts->list[i].site != NO_ENTITY)
			add_name(sites, &n, entity_shown(t->an->week, acts->list[i].site));
	}
	if (bytes > 0)
		fact_number(out, "bytes", FACT_BYTES, bytes);
	if (sent > 0 && alone == sent)
		fact_number(out, "alone", FACT_NUMBER, 1);
	fact_list(out, "site", FACT_NAME, sites, n);
}

/* Whether higher rights were taken on the machine that was attacked over the web before. */
static bool was_rooted(const struct acts *acts)
{
	for (size_t i = 0; i < acts->count; i++) {
		const struct act *act = &acts->list[i];

		if (strcmp(act->behaviour->family, "web-attack") != 0)
			continue;
		for (size_t k = i; k < acts->count; k++)
			if (acts->list[k].host == act->host && strcmp(acts->list[k].behaviour->family, "privilege") == 0)
				return true;
	}
	return false;
}

/* An exploit is an attempt; that something was done on the machine afterwards says that it was used. */
#define DONE_WEIGHT 0.5
#define FIRST_DONE 3             /* TA0002, execution, in the order of the kill chain */

/* Was the act aimed at the machine? One act may be of many. */
static bool is_aimed_at(const struct teller *t, const struct act *act, uint32_t host)
{
	const uint32_t *machine = t->an->machine;

	for (uint32_t i = 0; i < act->episode_count; i++) {
		const struct episode *e = &t->an->episodes[act->episodes[i]];

		for (uint32_t k = 0; k < e->member_count; k++)
			if (e->members[k].role != ROLE_SOURCE && machine[e->members[k].entity] == machine[host])
				return true;
	}
	return false;
}

/* Something done on the machine itself, later and no attempt. */
static bool is_done_after(const struct act *act, const struct act *tried)
{
	const struct behaviour *b = act->behaviour;

	return act->host != NO_ENTITY && act->first >= tried->first && b->tactic >= FIRST_DONE && b->weight >= DONE_WEIGHT &&
	       !b->on_target && !b->from_source;
}

static bool was_used(const struct teller *t, const struct acts *acts)
{
	for (size_t i = 0; i < acts->count; i++)
		for (size_t k = 0; k < acts->count && strcmp(acts->list[i].behaviour->family, "exploit") == 0; k++)
			if (is_done_after(&acts->list[k], &acts->list[i]) && is_aimed_at(t, &acts->list[i], acts->list[k].host))
				return true;
	return false;
}

/* The machine of ours that first sent an exploit to another, or NO_ENTITY. */
static uint32_t first_inside(const struct teller *t, const struct acts *acts)
{
	uint32_t found = NO_ENTITY;
	instant when = 0;

	for (size_t i = 0; i < acts->count; i++)
		for (uint32_t k = 0; k < acts->list[i].episode_count && strcmp(acts->list[i].behaviour->family, "exploit") == 0; k++) {
			const struct episode *e = &t->an->episodes[acts->list[i].episodes[k]];

			for (uint32_t m = 0; m < e->member_count; m++) {
				const struct week_entity *end = &t->an->week->entities[e->members[m].entity];

				if (e->members[m].role == ROLE_SOURCE && end->internal && (end->kind == ENTITY_IP || end->kind == ENTITY_HOST) &&
				    (found == NO_ENTITY || e->first < when)) {
					found = t->an->machine[e->members[m].entity];
					when = e->first;
				}
			}
		}
	return found;
}

/* The outside party that the incident's first machine had not met for the longest time, by a day or more of its
 * records: they have to reach back a whole round of its habits. */
static void newcomer_of(struct facts *out, const struct teller *t, const struct incident *in, const struct acts *acts)
{
	const uint32_t *machine = t->an->machine;
	uint32_t newcomer = NO_ENTITY;
	int64_t longest = DAY - 1;

	for (size_t i = 0; in->host_count > 0 && i < acts->count; i++) {
		const struct act *act = &acts->list[i];
		int64_t unmet;

		if (act->folded || act->site == NO_ENTITY || act->host == NO_ENTITY || act->behaviour->response ||
		    machine[act->host] != machine[in->hosts[0]])
			continue;
		if ((unmet = week_unmet(t->an->week, machine, act->host, act->site)) > longest) {
			longest = unmet;
			newcomer = act->site;
		}
	}
	if (newcomer == NO_ENTITY)
		return;
	fact_text(out, "newcomer", FACT_NAME, entity_shown(t->an->week, newcomer));
	fact_number(out, "unmet", FACT_SPAN, longest);
}

/* Products whose own analysis reported the incident. */
static void analysts_of(struct facts *out, const struct teller *t, const struct acts *acts)
{
	const char **list = ARENA_ARRAY(t->arena, const char *, LIST_MAX + 1);
	size_t n = 0;

	for (size_t i = 0; i < acts->count; i++)
		for (uint32_t k = 0; acts->list[i].behaviour->aside && k < acts->list[i].episode_count; k++) {
			const struct episode *e = &t->an->episodes[acts->list[i].episodes[k]];

			add_name(list, &n, product_written(t->an->week->rules[e->rule].rule.product, t->arena));
		}
	fact_list(out, "analysts", FACT_TEXT, list, n);
}

void facts_of_incident(struct facts *out, const struct teller *t, const struct incident *in, const struct acts *acts)
{
	static const char *const channels[] = { "channel", NULL };
	static const char *const outside[] = { "channel", "download", "callout", "mining", NULL };
	const struct week *w = t->an->week;
	struct fact lent[BORROWED];

	memset(out, 0, sizeof(*out));
	hosts_of(out, t, in);
	gap_of(out, acts);
	fact_number(out, "first", FACT_TIME, in->first);
	if (in->last - in->first >= MINUTE)
		fact_number(out, "span", FACT_SPAN, in->last - in->first);
	fact_number(out, "count", FACT_NUMBER, in->alert_count);
	fact_number(out, "days", FACT_NUMBER, whole_days(w));
	fact_number(out, "records", FACT_NUMBER, w->mark_count);
	fact_number(out, "start", FACT_TIME, w->first);
	if (in->host_count > 0 && week_reach(w, t->an->machine, in->hosts[0]) != INSTANT_NONE)
		fact_number(out, "reach", FACT_TIME, week_reach(w, t->an->machine, in->hosts[0]));
	sites_of(out, t, acts, "channels", channels);
	sites_of(out, t, acts, "sites", outside);
	borrow(lent, t, acts);
	for (size_t i = 0; i < PORT; i++)
		add_borrowed(out, &lent[i]);
	sent_outside(out, t, acts);
	hit_of(out, t, acts);
	places_of(out, t, acts);
	outsiders_of(out, t, acts);
	targets_of(out, t, acts);
	attacked_of(out, acts);
	analysts_of(out, t, acts);
	if (was_rooted(acts))
		fact_number(out, "rooted", FACT_NUMBER, 1);
	if (was_used(t, acts))
		fact_number(out, "used", FACT_NUMBER, 1);
	if (first_inside(t, acts) != NO_ENTITY) {
		fact_number(out, "inside", FACT_NUMBER, 1);
		fact_text(out, "origin", FACT_HOST, entity_shown(w, first_inside(t, acts)));
	}
	add_borrowed(out, &lent[PORT]);
	newcomer_of(out, t, in, acts);
}
