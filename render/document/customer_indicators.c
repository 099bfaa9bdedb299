/* The indicators of compromise others should look for: which they are, what part each plays, on which list it stands. */
#include "render/document/customer.h"

#include <stdlib.h>
#include <string.h>

#include "analyst/base/columns.h"
#include "analyst/base/text.h"

#define INDICATORS_SHOWN 500
#define LISTS_MOST 20                /* that get a number */

/* ---- which ---- */

struct sighting {
	uint32_t entity;
	instant first;
	bool seen;
	const struct behaviour *behaviour;   /* the most alarming it takes part in */
	enum entity_role role;
};

/* In the order they are printed. An indicator list's match is always printed; of the rest only what
 * others can look for, and nothing of the customer's own. */
static const struct ioc_kind {
	enum entity_kind kind;
	const char *key;
	bool unlisted;                   /* also without a match */
	enum run_style style;
} ioc_kinds[] = {
	{ ENTITY_IP, "ioc.ip", true, RUN_CODE },
	{ ENTITY_DOMAIN, "ioc.domain", true, RUN_CODE },
	{ ENTITY_URL, "ioc.url", true, RUN_CODE },
	{ ENTITY_EMAIL, "ioc.email", false, RUN_CODE },
	{ ENTITY_HASH, "ioc.hash", true, RUN_CODE },
	{ ENTITY_FILE, "ioc.file", false, RUN_CODE },
	{ ENTITY_PATH, "ioc.path", false, RUN_CODE },
	{ ENTITY_AGENT, "ioc.agent", false, RUN_CODE },
	{ ENTITY_JA3, "ioc.ja3", false, RUN_CODE },
	{ ENTITY_CERTIFICATE, "ioc.certificate", false, RUN_CODE },
	{ ENTITY_COMMAND, "ioc.command", false, RUN_CODE },
	{ ENTITY_REGISTRY, "ioc.registry", false, RUN_CODE },
};
#define IOC_KINDS (sizeof(ioc_kinds) / sizeof(ioc_kinds[0]))

static size_t kind_index(enum entity_kind kind)
{
	size_t i = 0;

	while (i < IOC_KINDS && ioc_kinds[i].kind != kind)
		i++;
	return i;
}

/* A URL that names no outside host tells others nothing: "/owa/auth/x.aspx", "https://10.0.0.4/". */
static bool url_is_ours(const char *url)
{
	const char *host = strstr(url, "://");
	char name[64];
	size_t n;

	host = host != NULL ? host + 3 : url;
	n = strcspn(host, "/:?#");
	if (n == 0)
		return true;
	if (n >= sizeof(name))
		return false;
	memcpy(name, host, n);
	name[n] = '\0';
	return ip_is_internal(name) || strchr(name, '.') == NULL;
}

/* The outsider's end. Where an account was used and no machine is named, products do not say which end an address is. */
static bool is_outsider(const struct customer *c, const struct episode *e, const struct member *m)
{
	const struct week_entity *en = &c->week->entities[m->entity];
	bool of_account = false;

	for (uint32_t i = 0; i < e->member_count && e->host == NO_ENTITY; i++)
		of_account |= c->week->entities[e->members[i].entity].kind == ENTITY_USER;
	return en->kind == ENTITY_IP && !en->internal && (m->role == ROLE_SOURCE || (m->role == ROLE_OBSERVED && of_account));
}

/* What an outsider asked for is ours: of such an episode only the outsider tells others something. */
static bool comes_in(const struct customer *c, const struct episode *e)
{
	for (uint32_t i = 0; i < e->member_count; i++)
		if (is_outsider(c, e, &e->members[i]))
			return true;
	return false;
}

/* Whether what an act is directed at belongs to the attacker: a program is fetched from, commands come from,
 * data goes to his places; what is scanned, tried or entered is a victim. */
static bool reaches_out(const struct customer *c, uint32_t episode)
{
	static const bool out[TACTICS] = { [3] = true, [4] = true, [6] = true, [10] = true, [11] = true, [12] = true,
	                                   [13] = true };
	int tactic = customer_rule(c, episode)->behaviour->tactic;

	return tactic >= 0 && tactic < TACTICS && out[tactic];
}

static bool has_process(const struct customer *c, const struct episode *e)
{
	for (uint32_t i = 0; i < e->member_count; i++)
		if (c->week->entities[e->members[i].entity].kind == ENTITY_PROCESS)
			return true;
	return false;
}

static bool is_indicator(const struct customer *c, const struct episode *in, const struct member *m, bool telling, bool inbound,
                         bool names_process)
{
	const struct week_entity *e = &c->week->entities[m->entity];
	size_t k = kind_index(e->kind);

	if (k == IOC_KINDS)
		return false;
	if (e->indicator != NULL)
		return true;
	if (!telling || e->internal || !ioc_kinds[k].unlisted || m->role == ROLE_VICTIM)
		return false;
	if (inbound)
		return is_outsider(c, in, m);
	/* A process's hash is mostly that of a system tool; a transferred file's is not. */
	if (e->kind == ENTITY_HASH)
		return !names_process;
	return e->kind != ENTITY_URL || !url_is_ours(e->value);
}

static void see(const struct customer *c, struct sighting *s, const struct member *m, uint32_t episode)
{
	const struct episode *e = &c->rq->an->episodes[episode];
	const struct behaviour *b = customer_rule(c, episode)->behaviour;

	if (!s->seen || e->first < s->first) {
		s->first = e->first;
		s->role = is_outsider(c, e, m) ? ROLE_SOURCE : m->role;
	}
	if (s->behaviour == NULL || b->weight > s->behaviour->weight)
		s->behaviour = b;
	s->entity = m->entity;
	s->seen = true;
}

static int by_kind_and_time(const void *pa, const void *pb, void *ctx)
{
	const struct sighting *a = pa, *b = pb;
	const struct week_entity *list = ((const struct week *)ctx)->entities;
	size_t ka = kind_index(list[a->entity].kind), kb = kind_index(list[b->entity].kind);

	if (ka != kb)
		return ka < kb ? -1 : 1;
	if (a->first != b->first)
		return a->first < b->first ? -1 : 1;
	return a->entity < b->entity ? -1 : a->entity > b->entity;
}

static struct sighting *sightings(const struct customer *c, size_t *count)
{
	struct sighting *all = ARENA_ARRAY(c->arena, struct sighting, c->week->entity_count + 1);
	size_t n = 0;

	for (uint32_t i = 0; i < c->incident->episode_count; i++) {
		uint32_t index = c->incident->episodes[i];
		const struct episode *e = &c->rq->an->episodes[index];
		bool inbound = comes_in(c, e) || !reaches_out(c, index), telling = customer_counts(c, index), process = has_process(c, e);

		for (uint32_t j = 0; j < e->member_count; j++)
			if (is_indicator(c, e, &e->members[j], telling, inbound, process))
				see(c, &all[e->members[j].entity], &e->members[j], index);
	}
	/* First seen is first seen here, also by what does not make it an indicator. */
	for (uint32_t i = 0; i < c->incident->episode_count; i++) {
		const struct episode *e = &c->rq->an->episodes[c->incident->episodes[i]];

		for (uint32_t j = 0; j < e->member_count; j++)
			if (all[e->members[j].entity].seen && e->first < all[e->members[j].entity].first)
				all[e->members[j].entity].first = e->first;
	}
	for (uint32_t i = 0; i < c->week->entity_count; i++)
		if (all[i].seen)
			all[n++] = all[i];
	qsort_r(all, n, sizeof(*all), by_kind_and_time, (void *)(uintptr_t)c->week);
	*count = n;
	return all;
}

/* ---- what is said of them ---- */

/* A list's comment may name hosts: word by word, each is defanged. */
static const char *harmless(const struct customer *c, const char *s)
{
	struct text t = { 0 };
	const char *out;

	while (*s != '\0') {
		size_t n = strcspn(s, " \t\n,;()"), gap = strspn(s + n, " \t\n,;()");

		if (n > 0)
			text_add_defanged(&t, arena_dupn(c->arena, s, n));
		text_addn(&t, s + n, gap);
		s += n + gap;
	}
	out = arena_dup(c->arena, text_str(&t));
	text_free(&t);
	return out;
}

static bool has_japanese(const char *s)
{
	size_t n = strlen(s), used = 0, taken;

	for (; used < n; used += taken)
		if (rune_columns(utf8_next(s + used, n - used, &taken)) == 2)
			return true;
	return false;
}

/* The part it plays here, in the reader's language; NULL when no word is known. */
static const char *part_played(const struct customer *c, const struct sighting *s)
{
	const struct week_entity *e = &c->week->entities[s->entity];
	const char *key = arena_printf(c->arena, "lane.role.story.%s", s->behaviour->key);
	const char *found = word(c->rq->phrases, c->lang, key);

	if (s->role == ROLE_SOURCE)
		return word(c->rq->phrases, c->lang, "lane.attacker");
	if (e->kind == ENTITY_HASH)
		return customer_word(c, "ioc.seen-file");
	return strcmp(found, key) == 0 ? NULL : found;
}

/* What the list says of it, unless it says so in the other language; else the part it plays here. */
static const char *meaning(const struct customer *c, const struct sighting *s)
{
	const struct indicator *in = c->week->entities[s->entity].indicator;
	const char *context = in != NULL && in->context != NULL && in->context[0] != '\0' ? in->context : NULL;
	const char *part = part_played(c, s);

	if (context != NULL && (part == NULL || has_japanese(context) == (c->lang == LANGUAGE_JA)))
		return harmless(c, context);
	return part != NULL ? part : "\xE2\x80\x93";
}

static const char *type_key(const struct customer *c, uint32_t entity)
{
	const struct week_entity *e = &c->week->entities[entity];
	size_t n = strlen(e->value);

	if (e->kind == ENTITY_HASH && (n == 40 || n == 64))
		return n == 40 ? "ioc.sha1" : "ioc.sha256";
	return ioc_kinds[kind_index(e->kind)].key;
}

/* Names of lists are long and repeat, so a row has the number of its list and the names stand below the table. */
struct lists {
	const char *names[LISTS_MOST];
	size_t count;
};

/* From 1; 0: on no list. */
static size_t list_number(const struct lists *lists, const struct indicator *in)
{
	const char *name = in == NULL ? NULL : in->list != NULL ? in->list : "";

	for (size_t i = 0; name != NULL && i < lists->count; i++)
		if (strcmp(lists->names[i], name) == 0)
			return i + 1;
	return 0;
}

static void number_lists(const struct customer *c, const struct sighting *s, size_t n, struct lists *out)
{
	for (size_t i = 0; i < n; i++) {
		const struct indicator *in = c->week->entities[s[i].entity].indicator;

		if (in != NULL && list_number(out, in) == 0 && out->count < LISTS_MOST)
			out->names[out->count++] = in->list != NULL ? in->list : "";
	}
}

static void name_lists(const struct customer *c, const struct lists *lists)
{
	struct filler facts = { .count = 0 };
	struct text t = { 0 };

	for (size_t i = 0; i < lists->count; i++)
		text_printf(&t, "%s%zu %s", i > 0 ? "; " : "", i + 1,
		            lists->names[i][0] != '\0' ? harmless(c, lists->names[i]) : customer_word(c, "ioc.unnamed"));
	if (lists->count > 0) {
		fill_text(&facts, "lists", FACT_TEXT, arena_dup(c->arena, text_str(&t)));
		flow_text(c->flow, PARA_CAPTION, customer_fill(c, "ioc.lists", &facts));
	}
	text_free(&t);
}

/* ---- the table ---- */

static void indicator_row(const struct customer *c, const struct sighting *s, const struct lists *lists)
{
	const struct week_entity *e = &c->week->entities[s->entity];
	const struct ioc_kind *k = &ioc_kinds[kind_index(e->kind)];
	size_t list = list_number(lists, e->indicator);
	struct cell cells[] = {
		customer_cell(c, customer_word(c, type_key(c, s->entity)), RUN_PLAIN), customer_cell(c, customer_printed(c, s->entity), k->style),
		customer_cell(c, meaning(c, s), RUN_PLAIN),
		customer_cell(c, list > 0 ? arena_printf(c->arena, "%zu", list) : "\xE2\x80\x93", RUN_PLAIN),
		customer_cell(c, customer_when(c, s->first, WHEN_DAY_TIME), RUN_PLAIN),
	};

	/* A hostile name must not take a page. */
	for (size_t i = 0; i < 4; i++)
		cells[i].text[0].limit = 6;
	flow_row(c->flow, cells, NO_COLOUR, NULL);
}

int customer_indicators(void *customer, struct fault *f)
{
	const struct customer *c = customer;
	const struct column columns[] = {
		{ customer_word(c, "ioc.type"), 0.11, ALIGN_LEFT, NULL }, { customer_word(c, "ioc.value"), 0.43, ALIGN_LEFT, NULL },
		{ customer_word(c, "ioc.meaning"), 0.24, ALIGN_LEFT, NULL }, { customer_word(c, "ioc.list"), 0.06, ALIGN_LEFT, NULL },
		{ customer_word(c, "ioc.first"), 0.16, ALIGN_LEFT, NULL },
	};
	size_t n;
	const struct sighting *list = sightings(c, &n);
	struct lists lists = { .count = 0 };

	(void)f;
	number_lists(c, list, n, &lists);
	customer_heading(c, "section.indicators");
	if (n == 0) {
		flow_text(c->flow, PARA_SMALL, customer_word(c, "ioc.none"));
		return 0;
	}
	flow_table_begin(c->flow, columns, 5);
	for (size_t i = 0; i < n && i < INDICATORS_SHOWN; i++)
		indicator_row(c, &list[i], &lists);
	flow_table_end(c->flow);
	if (n > INDICATORS_SHOWN) {
		struct filler more = { .count = 0 };

		fill_number(&more, "more", (int64_t)(n - INDICATORS_SHOWN));
		flow_text(c->flow, PARA_CAPTION, customer_fill(c, "more.indicators", &more));
	}
	name_lists(c, &lists);
	flow_text(c->flow, PARA_CAPTION, customer_word(c, "ioc.undo"));
	return 0;
}
