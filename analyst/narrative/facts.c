#include "analyst/narrative/facts.h"

#include <stdlib.h>
#include <string.h>

#define COMMAND_SHOWN 90         /* bytes of a command line that fit a sentence */

/* ---- facts as such ---- */

static struct fact *fact_room(struct facts *fs, const char *name)
{
	struct fact *fa;

	if (fs->count == BEAT_FACTS || fact_named(fs, name) != NULL)
		return NULL;
	fa = &fs->list[fs->count++];
	memset(fa, 0, sizeof(*fa));
	fa->name = name;
	return fa;
}

void fact_text(struct facts *fs, const char *name, enum fact_kind kind, const char *text)
{
	struct fact *fa = text != NULL && text[0] != '\0' ? fact_room(fs, name) : NULL;

	if (fa != NULL) {
		fa->kind = kind;
		fa->text = text;
	}
}

void fact_number(struct facts *fs, const char *name, enum fact_kind kind, int64_t value)
{
	struct fact *fa = fact_room(fs, name);

	if (fa != NULL) {
		fa->kind = kind;
		fa->value = value;
	}
}

void fact_list(struct facts *fs, const char *name, enum fact_kind item_kind, const char *const *items, size_t n)
{
	struct fact *fa = n > 0 ? fact_room(fs, name) : NULL;

	if (fa != NULL) {
		fa->kind = FACT_LIST;
		fa->item_kind = item_kind;
		fa->items = items;
		fa->item_count = n;
		fa->value = (int64_t)n;
	}
}

const struct fact *fact_named(const struct facts *fs, const char *name)
{
	for (size_t i = 0; i < fs->count; i++)
		if (strcmp(fs->list[i].name, name) == 0)
			return &fs->list[i];
	return NULL;
}

void fact_drop(struct facts *fs, const char *name)
{
	size_t kept = 0;

	for (size_t i = 0; i < fs->count; i++)
		if (strcmp(fs->list[i].name, name) != 0)
			fs->list[kept++] = fs->list[i];
	fs->count = kept;
}

/* ---- picking entities ---- */

const char *entity_shown(const struct week *w, uint32_t entity)
{
	return entity == NO_ENTITY ? NULL : w->entities[entity].shown;
}

typedef bool (*wanted_fn)(const struct week_entity *e, const struct member *m);

/* The wanted entity of the act: of its heaviest rule's episodes before those of the others. */
static uint32_t pick(const struct teller *t, const struct act *act, wanted_fn wanted)
{
	const struct week *w = t->an->week;

	for (int heaviest = 1; heaviest >= 0; heaviest--)
		for (uint32_t i = 0; i < act->episode_count; i++) {
			const struct episode *e = &t->an->episodes[act->episodes[i]];

			if ((episode_behaviour(w, e) == act->behaviour) != heaviest)
				continue;
			for (uint32_t j = 0; j < e->member_count; j++)
				if (wanted(&w->entities[e->members[j].entity], &e->members[j]))
					return e->members[j].entity;
		}
	return NO_ENTITY;
}

#define WANTED(name, condition) \
	static bool name(const struct week_entity *e, const struct member *m) { (void)m; return condition; }

WANTED(is_attacker, e->kind == ENTITY_IP && !e->internal && m->role == ROLE_SOURCE)
WANTED(is_inside_source, (e->kind == ENTITY_IP || e->kind == ENTITY_HOST) && e->internal && m->role == ROLE_SOURCE)
/* Cloud products say from where an account was used without saying which end that is. */
WANTED(is_place, e->kind == ENTITY_IP && !e->internal && m->role == ROLE_OBSERVED)
WANTED(is_any_source, (e->kind == ENTITY_IP || e->kind == ENTITY_HOST) && m->role == ROLE_SOURCE)
WANTED(is_file, e->kind == ENTITY_FILE)
WANTED(is_task, e->kind == ENTITY_PATH && m->role != ROLE_PARENT && e->shown[0] == '\\' && e->shown[1] != '\\')
WANTED(is_path, e->kind == ENTITY_PATH && m->role != ROLE_PARENT)
WANTED(is_url, e->kind == ENTITY_URL)
WANTED(is_user, e->kind == ENTITY_USER)
WANTED(is_process, e->kind == ENTITY_PROCESS && m->role != ROLE_PARENT)
WANTED(is_command, e->kind == ENTITY_COMMAND)
WANTED(is_agent, e->kind == ENTITY_AGENT)
WANTED(is_magic, e->kind == ENTITY_MAGIC)
WANTED(is_port, e->kind == ENTITY_PORT && m->role == ROLE_DESTINATION)
WANTED(is_outside_address, e->kind == ENTITY_IP && !e->internal && m->role == ROLE_DESTINATION)
WANTED(is_program, e->kind == ENTITY_MAGIC && (strncasecmp(e->value, "pe32", 4) == 0 || strncasecmp(e->value, "elf", 3) == 0 || strstr(e->value, "executable") != NULL))

/* The last component of a path or URL without its query: what people call the file. */
static const char *base_name(const struct teller *t, const char *path)
{
	const char *end = path + strcspn(path, "?#"), *at = end;

	while (at > path && at[-1] != '/' && at[-1] != '\\')
		at--;
	return end > at ? arena_dupn(t->arena, at, (size_t)(end - at)) : NULL;
}

static const char *shorten(const struct teller *t, const char *s)
{
	size_t n = COMMAND_SHOWN;

	if (s == NULL || strlen(s) <= n)
		return s;
	while (n > 0 && ((unsigned char)s[n] & 0xC0) == 0x80)
		n--;
	return arena_printf(t->arena, "%.*s...", (int)n, s);
}

/* What a sensor calls a file may be the last part of a URL, "p", which tells nobody anything. */
static bool is_file_name(const char *name)
{
	return strlen(name) > 3 || strchr(name, '.') != NULL;
}

static const char *file_of(const struct teller *t, const struct act *act)
{
	const struct week *w = t->an->week;
	uint32_t file = pick(t, act, is_file), path, url;
	const char *name;

	if (file != NO_ENTITY && (name = base_name(t, w->entities[file].shown)) != NULL && is_file_name(name))
		return name;
	if ((path = pick(t, act, is_path)) != NO_ENTITY)
		return base_name(t, w->entities[path].shown);
	if ((url = pick(t, act, is_url)) == NO_ENTITY)
		return NULL;
	name = base_name(t, w->entities[url].shown);
	return name != NULL && strchr(name, '.') != NULL && strcmp(act->behaviour->family, "download") == 0 ? name : NULL;
}

/* ---- counts ---- */

static int by_number(const void *pa, const void *pb)
{
	int64_t a = *(const int64_t *)pa, b = *(const int64_t *)pb;

	return a < b ? -1 : a > b;
}

/* How many different entities of the kind and role take part; the act's own machine does not count. */
static int64_t distinct(const struct teller *t, const struct act *act, wanted_fn wanted)
{
	int64_t *seen, n = 0, different = 0;
	size_t room = 0;

	for (uint32_t i = 0; i < act->episode_count; i++)
		room += t->an->episodes[act->episodes[i]].member_count;
	seen = ARENA_ARRAY(t->arena, int64_t, room + 1);
	for (uint32_t i = 0; i < act->episode_count; i++) {
		const struct episode *e = &t->an->episodes[act->episodes[i]];

		for (uint32_t j = 0; j < e->member_count; j++)
			if (wanted(&t->an->week->entities[e->members[j].entity], &e->members[j]))
				seen[n++] = t->an->machine[e->members[j].entity];
	}
	qsort(seen, (size_t)n, sizeof(*seen), by_number);
	for (int64_t i = 0; i < n; i++)
		different += (i == 0 || seen[i] != seen[i - 1]) && seen[i] != act->host;
	return different;
}

WANTED(is_target, (e->kind == ENTITY_IP || e->kind == ENTITY_HOST) && (m->role == ROLE_DESTINATION || m->role == ROLE_TARGET || m->role == ROLE_VICTIM))

int64_t act_targets(const struct teller *t, const struct act *act)
{
	return distinct(t, act, is_target);
}

/* The calls as the rule of the act has them that fired most: one sensor that saw each. */
static void steady_alerts(struct steady *out, const struct teller *t, const struct act *act)
{
	const struct week *w = t->an->week;
	size_t n = 0;
	instant *times = ARENA_ARRAY(t->arena, instant, act->alert_count + 1);
	uint32_t rule = episodes_rule(t->an, act->episodes, act->episode_count);

	for (uint32_t i = 0; i < act->episode_count; i++) {
		const struct episode *e = &t->an->episodes[act->episodes[i]];

		for (uint32_t j = 0; e->rule == rule && j < e->count; j++)
			times[n++] = w->marks[e->alerts[j]].at;
	}
	qsort(times, n, sizeof(*times), by_number);
	steady_of(out, times, n, t->arena);
}

/* A product may report once what went on for hours: telemetry knows each call. */
static void pace_facts(struct facts *fs, const struct teller *t, const struct act *act)
{
	struct steady steady;

	steady_alerts(&steady, t, act);
	/* A steady pace within the house is a job that runs; calls go outside. */
	if (act->site == NO_ENTITY && act->behaviour != t->an->week->pace)
		return;
	if (steady.calls == 0 && act->site != NO_ENTITY && act->host != NO_ENTITY && act->behaviour->calls) {
		week_steady(&steady, t->an->week, t->an->machine, act->host, act->site, t->arena);
		if (steady.calls > 0)
			fact_number(fs, "contacts", FACT_NUMBER, (int64_t)steady.calls);
	}
	if (steady.calls > 0) {
		fact_number(fs, "interval", FACT_SPAN, steady.pause);
		fact_number(fs, "calls", FACT_NUMBER, (int64_t)steady.calls);
	}
}

/* The same bytes are counted by several rules: the largest total of one of them stands. */
int64_t act_bytes_out(const struct teller *t, const struct act *act)
{
	const struct week *w = t->an->week;
	struct { uint32_t rule; int64_t bytes; } *sums = arena_alloc_array(t->arena, act->episode_count, sizeof(*sums));
	uint32_t rules = 0;
	int64_t best = 0;

	for (uint32_t i = 0; i < act->episode_count; i++) {
		const struct episode *e = &t->an->episodes[act->episodes[i]];
		uint32_t at = 0;

		while (at < rules && sums[at].rule != e->rule)
			at++;
		if (at == rules)
			sums[rules++].rule = e->rule;
		for (uint32_t j = 0; j < e->count; j++)
			if (w->marks[e->alerts[j]].bytes_out > 0)
				sums[at].bytes += w->marks[e->alerts[j]].bytes_out;
		if (sums[at].bytes > best)
			best = sums[at].bytes;
	}
	return best;
}

static bool was_blocked(const struct teller *t, const struct act *act)
{
	for (uint32_t i = 0; i < act->episode_count; i++) {
		const struct episode *e = &t->an->episodes[act->episodes[i]];

		for (uint32_t j = 0; j < e->count; j++) {
			uint8_t action = t->an->week->marks[e->alerts[j]].action;

			if (action == ACTION_BLOCKED || action == ACTION_QUARANTINED)
				return true;
		}
	}
	return false;
}

static size_t products_of(const struct teller *t, const struct act *act, const char **out)
{
	size_t n = 0;

	for (uint32_t i = 0; i < act->episode_count && n < LIST_MAX; i++) {
		const char *product = t->an->week->rules[t->an->episodes[act->episodes[i]].rule].rule.product;
		size_t at = 0;

		while (at < n && strcmp(out[at], product) < 0)
			at++;
		if (at < n && strcmp(out[at], product) == 0)
			continue;
		memmove(out + at + 1, out + at, (n - at) * sizeof(*out));
		out[at] = product;
		n++;
	}
	for (size_t i = 0; i < n; i++)
		out[i] = product_written(out[i], t->arena);
	return n;
}

/* Two products that report one machine so close together saw the same thing: clocks differ by as much. */
#define WITNESSED (2 * MINUTE)

/* Alerts of one product about one machine, or about one account where no machine is named, none further from the next than that:
 * an episode may go on for hours with pauses, in which it bears nobody out. */
struct sight {
	uint32_t about;
	instant first, last;
	size_t product;
};

static int by_subject_and_time(const void *pa, const void *pb)
{
	const struct sight *a = pa, *b = pb;

	if (a->about != b->about)
		return a->about < b->about ? -1 : 1;
	return a->first < b->first ? -1 : a->first > b->first;
}

/* The products that did not only report parts of the act, but the same part as another: marks them in `seen`. */
static void find_witnesses(bool seen[LIST_MAX], struct sight *list, size_t n)
{
	instant last[LIST_MAX];

	qsort(list, n, sizeof(*list), by_subject_and_time);
	for (size_t i = 0; i < n; i++) {
		const struct sight *s = &list[i];

		for (size_t k = 0; k < LIST_MAX && (i == 0 || s->about != s[-1].about); k++)
			last[k] = INSTANT_NONE;
		for (size_t k = 0; k < LIST_MAX; k++)
			if (k != s->product && last[k] != INSTANT_NONE && s->first - last[k] <= WITNESSED)
				seen[k] = seen[s->product] = true;
		if (last[s->product] == INSTANT_NONE || s->last > last[s->product])
			last[s->product] = s->last;
	}
}

static uint32_t seen_of(const struct teller *t, const struct episode *e)
{
	if (e->host != NO_ENTITY)
		return t->an->machine[e->host];
	for (uint32_t i = 0; i < e->member_count; i++)
		if (t->an->week->entities[e->members[i].entity].kind == ENTITY_USER)
			return e->members[i].entity;
	return NO_ENTITY;
}

/* The episode's sights; with list NULL they are only counted. */
static size_t add_sights(struct sight *list, const struct teller *t, const struct episode *e, size_t product)
{
	const struct mark *marks = t->an->week->marks;
	uint32_t about = seen_of(t, e);
	size_t n = 0;

	for (uint32_t i = 0; about != NO_ENTITY && i < e->count; i++) {
		instant at = marks[e->alerts[i]].at;
		bool begins = i == 0 || at - marks[e->alerts[i - 1]].at > WITNESSED;

		n += begins;
		if (list != NULL && begins)
			list[n - 1] = (struct sight){ about, at, at, product };
		else if (list != NULL)
			list[n - 1].last = at;
	}
	return n;
}

static void witness_facts(struct facts *fs, const struct teller *t, const struct act *act, const char *const *products, size_t n)
{
	const char **witnesses = ARENA_ARRAY(t->arena, const char *, LIST_MAX + 1);
	bool seen[LIST_MAX] = { false };
	struct sight *list;
	size_t room = 0, sights = 0, count = 0;

	for (uint32_t i = 0; i < act->episode_count; i++)
		room += add_sights(NULL, t, &t->an->episodes[act->episodes[i]], 0);
	list = ARENA_ARRAY(t->arena, struct sight, room + 1);
	for (uint32_t i = 0; i < act->episode_count; i++) {
		const struct episode *e = &t->an->episodes[act->episodes[i]];
		const char *product = product_written(t->an->week->rules[e->rule].rule.product, t->arena);

		for (size_t k = 0; k < n; k++)
			if (strcmp(products[k], product) == 0)
				sights += add_sights(list + sights, t, e, k);
	}
	find_witnesses(seen, list, sights);
	for (size_t i = 0; i < n; i++)
		if (seen[i])
			witnesses[count++] = products[i];
	fact_list(fs, "witnesses", FACT_TEXT, witnesses, count);
}

int64_t whole_days(const struct week *w)
{
	int64_t days = (w->last - w->first + DAY - 1) / DAY;

	return days > 0 ? days : 1;
}

/* ---- an act ---- */

static void fact_entity(struct facts *fs, const struct teller *t, const char *name, enum fact_kind kind, uint32_t entity)
{
	const char *shown = entity_shown(t->an->week, entity);

	/* Names stay whole, so that two are not taken for one: sentences leave out their middle (templates/story.c). */
	fact_text(fs, name, kind, kind == FACT_CODE && strcmp(name, "user") != 0 ? shorten(t, shown) : shown);
}

/* The rule's name when one rule is all that the act rests on. */
static const char *only_rule(const struct teller *t, const struct act *act)
{
	const struct week *w = t->an->week;
	const char *name = w->rules[t->an->episodes[act->episodes[0]].rule].rule.name;

	for (uint32_t i = 1; i < act->episode_count; i++)
		if (strcmp(w->rules[t->an->episodes[act->episodes[i]].rule].rule.name, name) != 0)
			return NULL;
	return name;
}

static void act_counts(struct facts *fs, const struct teller *t, const struct act *act)
{
	int64_t bytes = act_bytes_out(t, act), targets = act_targets(t, act), users = distinct(t, act, is_user);
	const char **products = ARENA_ARRAY(t->arena, const char *, LIST_MAX + 1);
	size_t product_count = products_of(t, act, products);

	fact_number(fs, "count", FACT_NUMBER, (int64_t)act->alert_count);
	pace_facts(fs, t, act);
	if (act->last - act->first >= MINUTE)
		fact_number(fs, "span", FACT_SPAN, act->last - act->first);
	if (bytes > 0)
		fact_number(fs, "bytes", FACT_BYTES, bytes);
	if (was_blocked(t, act))
		fact_number(fs, "blocked", FACT_NUMBER, 1);
	if (act->from_source && targets > 0)
		fact_number(fs, "targets", FACT_NUMBER, targets);
	if (users > 1)
		fact_number(fs, "users", FACT_NUMBER, users);
	if (only_rule(t, act) != NULL) {
		fact_text(fs, "rule", FACT_NAME, shorten(t, only_rule(t, act)));
		if (act->alert_count > 1)
			fact_number(fs, "repeated", FACT_NUMBER, 1);
	}
	fact_list(fs, product_count > 1 ? "products" : "product", FACT_TEXT, products, product_count);
	if (product_count > 1)
		witness_facts(fs, t, act, products, product_count);
}

static void gather_facts(struct facts *out, const struct teller *t, const struct act *act)
{
	const struct week *w = t->an->week;
	const struct threat *th = act_threat(t, act);
	uint32_t attacker = pick(t, act, is_attacker), inside = pick(t, act, is_inside_source);

	uint32_t reporter = t->an->episodes[act->episodes[0]].host;  /* who tries passwords elsewhere sees them fail */

	if (attacker == NO_ENTITY && act->host == NO_ENTITY && pick(t, act, is_user) != NO_ENTITY)
		attacker = pick(t, act, is_place);
	if (inside != NO_ENTITY)
		inside = t->an->machine[inside];
	if (reporter != NO_ENTITY)
		reporter = t->an->machine[reporter];
	memset(out, 0, sizeof(*out));
	if (act->machines > 1) {
		fact_text(out, "host", FACT_PHRASE, "ref.machines");
		fact_number(out, "machines", FACT_NUMBER, act->machines);
		fact_entity(out, t, "lead", FACT_HOST, act->host);
	} else {
		fact_entity(out, t, "host", FACT_HOST, act->host);
	}
	if (act->machines > 1 && distinct(t, act, is_any_source) > 1)
		fact_number(out, "several", FACT_NUMBER, 1);
	if (attacker != NO_ENTITY)
		fact_entity(out, t, "attacker", FACT_NAME, attacker);
	else if (inside != NO_ENTITY && inside != act->host)
		fact_entity(out, t, "attacker", FACT_HOST, inside);
	else if (act->machines == 1 && strcmp(act->behaviour->family, "brute-force") == 0 && reporter != act->host)
		fact_entity(out, t, "attacker", FACT_HOST, reporter);
	if (act->site != attacker)
		fact_entity(out, t, "site", FACT_NAME, act->site);
	if (act->site != NO_ENTITY && w->entities[act->site].kind == ENTITY_DOMAIN)
		fact_entity(out, t, "address", FACT_NAME, pick(t, act, is_outside_address));
	if (act->site != NO_ENTITY && act->site != attacker && acquaintance_only(t->known, act->site) == act->host) {
		fact_number(out, "alone", FACT_NUMBER, 1);
		fact_number(out, "days", FACT_NUMBER, whole_days(w));
	}
	if (th != NULL) {
		fact_text(out, "threat", FACT_TEXT, th->name);
		fact_text(out, "id", FACT_TEXT, th->id);
	}
	fact_text(out, "file", FACT_CODE, file_of(t, act));
	fact_entity(out, t, "task", FACT_CODE, pick(t, act, is_task));
	fact_entity(out, t, "user", FACT_CODE, pick(t, act, is_user));
	if (pick(t, act, is_process) != NO_ENTITY)
		fact_text(out, "process", FACT_CODE, base_name(t, entity_shown(w, pick(t, act, is_process))));
	fact_entity(out, t, "command", FACT_CODE, pick(t, act, is_command));
	fact_entity(out, t, "agent", FACT_CODE, pick(t, act, is_agent));
	fact_entity(out, t, pick(t, act, is_program) != NO_ENTITY ? "real" : "magic", FACT_CODE, pick(t, act, is_magic));
	fact_entity(out, t, "port", FACT_CODE, pick(t, act, is_port));
	act_counts(out, t, act);
}

const struct facts *facts_of_act(const struct teller *t, struct act *act)
{
	struct facts *gathered;

	if (act->facts == NULL) {
		gathered = arena_alloc(t->arena, sizeof(*gathered));
		gather_facts(gathered, t, act);
		act->facts = gathered;
	}
	return act->facts;
}
