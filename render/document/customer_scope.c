/* What the incident touches: machines and accounts. */
#include "render/document/customer.h"
#include "render/document/noted.h"

#define MACHINES_SHOWN 20
#define MACHINES_FEW 5               /* each has its row, whether alerts were raised on it or not */
#define ACCOUNTS_SHOWN 10

bool customer_counts(const struct customer *c, uint32_t episode)
{
	const struct behaviour *b = customer_rule(c, episode)->behaviour;

	return !b->routine && !b->response;
}

/* ---- machines ---- */

struct machine {
	uint64_t alerts;
	instant first, last;
};

static struct machine machine_of(const struct customer *c, uint32_t host)
{
	struct machine m = { 0, INSTANT_NONE, INSTANT_NONE };

	for (uint32_t i = 0; i < c->incident->episode_count; i++) {
		const struct episode *e = &c->rq->an->episodes[c->incident->episodes[i]];

		if (e->host != host)
			continue;
		m.alerts += e->count;
		if (m.first == INSTANT_NONE || e->first < m.first)
			m.first = e->first;
		if (m.last == INSTANT_NONE || e->last > m.last)
			m.last = e->last;
	}
	return m;
}

/* What the list of assets says of a machine: "critical; mail server; owner Messaging". */
static const char *asset_words(const struct customer *c, uint32_t host)
{
	const struct asset *a = c->week->entities[host].asset;
	struct filler facts = { .count = 0 };

	if (a == NULL)
		return "\xE2\x80\x93";
	if (a->role != NULL)
		fill_text(&facts, "role", FACT_TEXT, a->role);
	if (a->owner != NULL)
		fill_text(&facts, "owner", FACT_TEXT, a->owner);
	fill_text(&facts, "criticality", FACT_TEXT, story_criticality(c->rq->phrases, c->lang, a->criticality, c->arena));
	return customer_fill(c, "scope.asset.value", &facts);
}

static bool any_listed(const struct customer *c)
{
	for (uint32_t i = 0; i < c->incident->host_count; i++)
		if (c->week->entities[c->incident->hosts[i]].asset != NULL)
			return true;
	return false;
}

/* The machine of the first episode that names one: where the story begins. */
static uint32_t first_machine(const struct customer *c)
{
	uint32_t host = NO_ENTITY;
	instant first = INSTANT_NONE;

	for (uint32_t i = 0; i < c->incident->episode_count; i++) {
		const struct episode *e = &c->rq->an->episodes[c->incident->episodes[i]];

		if (e->host != NO_ENTITY && (host == NO_ENTITY || e->first < first)) {
			host = e->host;
			first = e->first;
		}
	}
	return host;
}

/* The most affected ones, and where it began, which may be a machine that little befell. */
static void add_machines(const struct customer *c)
{
	bool listed = any_listed(c);
	const struct column plain[] = {
		{ customer_word(c, "scope.machine"), 0.4, ALIGN_LEFT, NULL }, { customer_word(c, "scope.alerts"), 0.12, ALIGN_LEFT, NULL },
		{ customer_word(c, "scope.first"), 0.24, ALIGN_LEFT, NULL }, { customer_word(c, "scope.last"), 0.24, ALIGN_LEFT, NULL },
	};
	const struct column with_assets[] = {
		{ customer_word(c, "scope.machine"), 0.2, ALIGN_LEFT, NULL }, { customer_word(c, "scope.alerts"), 0.1, ALIGN_LEFT, NULL },
		{ customer_word(c, "scope.first"), 0.19, ALIGN_LEFT, NULL }, { customer_word(c, "scope.last"), 0.19, ALIGN_LEFT, NULL },
		{ customer_word(c, "scope.asset"), 0.32, ALIGN_LEFT, NULL },
	};
	uint32_t n = c->incident->host_count, shown = 0, first = first_machine(c);

	if (n == 0)
		return;
	flow_table_begin(c->flow, listed ? with_assets : plain, listed ? 5 : 4);
	for (uint32_t i = 0; i < n && shown < MACHINES_SHOWN; i++) {
		uint32_t host = shown == MACHINES_SHOWN - 1 && first != NO_ENTITY ? first : c->incident->hosts[i];
		struct machine m = machine_of(c, host);
		/* One that only others' alerts name has nothing to say for itself; it is counted below. */
		const struct cell cells[] = {
			customer_cell(c, customer_entity(c, host), RUN_STRONG),
			customer_cell(c, story_count(c->lang, (int64_t)m.alerts, c->arena), RUN_PLAIN),
			customer_cell(c, customer_when(c, m.first, WHEN_DAY_TIME), RUN_PLAIN),
			customer_cell(c, customer_when(c, m.last, WHEN_DAY_TIME), RUN_PLAIN),
			customer_cell(c, listed ? asset_words(c, host) : "", RUN_PLAIN),
		};

		if (m.alerts == 0 && n > MACHINES_FEW)
			continue;
		if (host == first)
			first = NO_ENTITY;
		flow_row(c->flow, cells, NO_COLOUR, NULL);
		shown++;
	}
	flow_table_end(c->flow);
	if (shown < n) {
		struct filler more = { .count = 0 };

		fill_number(&more, "more", n - shown);
		flow_text(c->flow, PARA_CAPTION, customer_fill(c, "more.machines", &more));
	}
}

/* ---- accounts ---- */

/* Accounts that the records of the incident name; whether they were misused only people can say. */
const char *const *customer_accounts(const struct customer *c, size_t *count, size_t *all)
{
	const char **out = ARENA_ARRAY(c->arena, const char *, ACCOUNTS_SHOWN + 1);
	bool *seen = ARENA_ARRAY(c->arena, bool, c->week->entity_count + 1);

	*count = *all = 0;
	for (uint32_t i = 0; i < c->incident->episode_count; i++) {
		const struct episode *e = &c->rq->an->episodes[c->incident->episodes[i]];

		for (uint32_t j = 0; j < e->member_count && customer_counts(c, c->incident->episodes[i]); j++) {
			uint32_t entity = e->members[j].entity;

			if (c->week->entities[entity].kind != ENTITY_USER || seen[entity])
				continue;
			seen[entity] = true;
			if (++*all <= ACCOUNTS_SHOWN)
				out[(*count)++] = customer_entity(c, entity);
		}
	}
	return out;
}

static struct fact_row open_row(const struct customer *c, const char *field)
{
	return (struct fact_row){ customer_word(c, arena_printf(c->arena, "scope.%s", field)),
	                          flow_run(c->flow, customer_open(c, field),
	                                   noted(c->rq, c->incident, field, c->arena) != NULL ? RUN_PLAIN : RUN_STRONG), 1 };
}

int customer_scope(void *customer, struct fault *f)
{
	const struct customer *c = customer;
	size_t n, all;
	const char *const *accounts = customer_accounts(c, &n, &all);
	struct filler facts = { .count = 0 };
	struct sentence named;
	struct fact_row rows[4];

	(void)f;
	if (n > 0)
		facts.list[facts.count++] = (struct fact){ .name = "accounts", .kind = FACT_LIST, .item_kind = FACT_CODE,
		                                           .items = accounts, .item_count = n, .value = (int64_t)n };
	if (all > n)
		fill_number(&facts, "more", (int64_t)(all - n));
	named = customer_sentence(c, "scope.accounts.value", &facts);
	rows[0] = (struct fact_row){ customer_word(c, "scope.accounts"), named.runs, named.count };
	rows[1] = open_row(c, "business");
	rows[2] = open_row(c, "information");
	rows[3] = open_row(c, "personal");
	customer_heading(c, "section.scope");
	add_machines(c);
	flow_gap(c->flow, 5);
	flow_facts(c->flow, rows, 4);
	return 0;
}
