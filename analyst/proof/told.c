/* Each statement against its own alerts. What the alerts cannot say (the name of a threat, the choice of
 * words) is left to same.c, which tells everything again. */
#include "analyst/proof/proof.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* ---- findings ---- */

void finding_add(struct findings *out, const char *format, ...)
{
	char line[2048];
	va_list ap;

	va_start(ap, format);
	vsnprintf(line, sizeof(line), format, ap);
	va_end(ap);
	text_add_shown(&out->lines, line, strlen(line));
	text_addc(&out->lines, '\n');
	out->count++;
}

void findings_free(struct findings *found)
{
	text_free(&found->lines);
}

/* ---- what the cited alerts say ---- */

struct evidence_of {             /* of the beat at hand */
	const uint32_t *episodes;
	size_t episode_count;
	uint64_t count;
	instant first, last;
	int64_t bytes_most;          /* the largest total of one rule */
	bool blocked;
	uint32_t *entities;          /* that occur, each once */
	size_t entity_count;
};

struct proving {
	struct findings *out;
	const struct analysis *an;
	const struct week *w;
	const uint32_t *machine;
	struct arena *arena;
	uint32_t *entity_seen, *cast_seen;      /* the beat that met it last */
	uint32_t beat_number;
	int64_t *rule_bytes;                    /* by rule, of the beat at hand */
	const struct incident *in;
	const struct beat *b, *before;          /* before: the story's beat before */
	struct evidence_of ev;
	said_fn said;
	void *ctx;
};

static void see(struct proving *p, uint32_t entity)
{
	if (entity == NO_ENTITY || p->entity_seen[entity] == p->beat_number)
		return;
	p->entity_seen[entity] = p->beat_number;
	p->ev.entities[p->ev.entity_count++] = entity;
}

static void see_alert(struct proving *p, const struct mark *m)
{
	const struct cast *c = &p->w->casts[m->cast];
	instant end = m->until > m->at ? m->until : m->at;

	if (p->ev.count++ == 0 || m->at < p->ev.first)
		p->ev.first = m->at;
	if (p->ev.count == 1 || end > p->ev.last)
		p->ev.last = end;
	if (m->bytes_out > 0)
		p->rule_bytes[m->rule] += m->bytes_out;
	p->ev.blocked |= m->action == ACTION_BLOCKED || m->action == ACTION_QUARANTINED;
	if (p->cast_seen[m->cast] == p->beat_number)
		return;
	p->cast_seen[m->cast] = p->beat_number;
	for (uint32_t i = 0; i < c->count; i++) {
		see(p, p->w->members[c->first + i].entity);
		see(p, p->machine[p->w->members[c->first + i].entity]);
	}
}

static void read_evidence(struct proving *p, const uint32_t *episodes, size_t count)
{
	uint32_t *room = p->ev.entities;

	memset(&p->ev, 0, sizeof(p->ev));
	p->ev.entities = room;
	p->ev.first = p->ev.last = INSTANT_NONE;
	p->beat_number++;
	memset(p->rule_bytes, 0, p->w->rule_count * sizeof(*p->rule_bytes));
	p->ev.episodes = episodes;
	p->ev.episode_count = count;
	for (size_t i = 0; i < count; i++) {
		const struct episode *e = &p->an->episodes[episodes[i]];

		for (uint32_t k = 0; k < e->count; k++)
			see_alert(p, &p->w->marks[e->alerts[k]]);
	}
	for (uint32_t i = 0; i < p->w->rule_count; i++)
		if (p->rule_bytes[i] > p->ev.bytes_most)
			p->ev.bytes_most = p->rule_bytes[i];
}

/* ---- facts ---- */

static bool is_story(const struct proving *p)
{
	return p->b->part == PART_STORY;
}

static bool count_holds(struct proving *p, const struct fact *fa)
{
	return fa->value >= 0 && (uint64_t)fa->value == p->ev.count;
}

static bool begins_holds(struct proving *p, const struct fact *fa)
{
	return fa->value == p->ev.first;
}

/* A sentence about the whole incident may speak of a part of it. */
static bool span_holds(struct proving *p, const struct fact *fa)
{
	return is_story(p) ? fa->value == p->ev.last - p->ev.first : fa->value <= p->ev.last - p->ev.first;
}

static bool bytes_hold(struct proving *p, const struct fact *fa)
{
	for (uint32_t i = 0; i < p->w->rule_count; i++)
		if (p->rule_bytes[i] == fa->value && fa->value > 0)
			return true;
	return !is_story(p) && fa->value > 0 && fa->value <= p->ev.bytes_most;
}

static bool records_hold(struct proving *p, const struct fact *fa)
{
	return fa->value == p->w->mark_count;
}

static bool start_holds(struct proving *p, const struct fact *fa)
{
	return p->w->mark_count > 0 && fa->value == p->w->marks[0].at;
}

/* Of a machine that is cited. */
static bool reach_holds(struct proving *p, const struct fact *fa)
{
	for (uint32_t i = 0; i < p->w->reach_count; i++) {
		uint32_t host = p->machine[p->w->reaches[i].host];

		if (p->entity_seen[host] == p->beat_number && week_reach(p->w, p->machine, host) == fa->value)
			return true;
	}
	return false;
}

static bool days_hold(struct proving *p, const struct fact *fa)
{
	int64_t days = (p->w->last - p->w->first + DAY - 1) / DAY;

	return fa->value == (days > 0 ? days : 1);
}

/* A machine that goes by a name and an address is one. */
static int64_t distinct(const struct proving *p, unsigned kinds)
{
	int64_t n = 0;

	for (size_t i = 0; i < p->ev.entity_count; i++)
		n += (kinds >> p->w->entities[p->ev.entities[i]].kind & 1) != 0 &&
		     p->machine[p->ev.entities[i]] == p->ev.entities[i];
	return n;
}

static bool machines_hold(struct proving *p, const struct fact *fa)
{
	if (is_story(p))
		return fa->value > 1 && fa->value <= distinct(p, 1u << ENTITY_HOST | 1u << ENTITY_IP);
	return fa->value == p->in->host_count;
}

/* What an episode keeps of its members is bounded, so the story may say fewer. */
static bool targets_hold(struct proving *p, const struct fact *fa)
{
	return fa->value > 0 && fa->value <= distinct(p, 1u << ENTITY_HOST | 1u << ENTITY_IP);
}

static bool users_hold(struct proving *p, const struct fact *fa)
{
	return fa->value > 1 && fa->value <= distinct(p, 1u << ENTITY_USER);
}

static bool at_most_alerts(struct proving *p, const struct fact *fa)
{
	return fa->value > 0 && (uint64_t)fa->value <= p->ev.count;
}

static bool matched_holds(struct proving *p, const struct fact *fa)
{
	bool any = false;

	for (size_t i = 0; i < p->ev.entity_count && !any; i++)
		any = p->w->entities[p->ev.entities[i]].indicator != NULL;
	return any && fa->value > 0;
}

static bool blocked_holds(struct proving *p, const struct fact *fa)
{
	return fa->value == 0 || p->ev.blocked;
}

static bool after_holds(struct proving *p, const struct fact *fa)
{
	return p->before != NULL && fa->value == p->b->at - p->before->at;
}

static bool again_holds(struct proving *p, const struct fact *fa)
{
	for (size_t i = 0; i < p->ev.episode_count; i++)
		if (p->an->episodes[p->ev.episodes[i]].first == fa->value)
			return true;
	return false;
}

static bool within_holds(struct proving *p, const struct fact *fa)
{
	return fa->value >= 0 && fa->value <= p->ev.last - p->ev.first;
}

static bool product_cited(const struct proving *p, const char *name)
{
	for (size_t i = 0; i < p->ev.episode_count; i++) {
		const struct episode *e = &p->an->episodes[p->ev.episodes[i]];

		if (strcmp(product_written(p->w->rules[e->rule].rule.product, p->arena), name) == 0)
			return true;
	}
	return false;
}

static bool products_hold(struct proving *p, const struct fact *fa)
{
	for (size_t i = 0; i < fa->item_count; i++)
		if (!product_cited(p, fa->items[i]))
			return false;
	return fa->item_count > 0;
}

/* ---- names ---- */

/* Long values are cut with "..." at the end; of paths and URLs the last part may be told. */
static bool shows(const char *shown, enum fact_kind kind, const char *told)
{
	size_t n = strlen(told);

	if (strcmp(shown, told) == 0)
		return true;
	if (n > 3 && strcmp(told + n - 3, "...") == 0 && strncmp(shown, told, n - 3) == 0)
		return true;
	return kind == FACT_CODE && strstr(shown, told) != NULL;
}

static bool name_occurs(const struct proving *p, enum fact_kind kind, const char *told)
{
	for (size_t i = 0; i < p->ev.entity_count; i++)
		if (shows(p->w->entities[p->ev.entities[i]].shown, kind, told))
			return true;
	return false;
}

static bool is_name(enum fact_kind kind)
{
	return kind == FACT_HOST || kind == FACT_NAME || kind == FACT_CODE;
}

/* The one rule behind all that is cited. */
static bool rule_holds(struct proving *p, const struct fact *fa)
{
	for (size_t i = 0; i < p->ev.episode_count; i++)
		if (!shows(p->w->rules[p->an->episodes[p->ev.episodes[i]].rule].rule.name, FACT_NAME, fa->text))
			return false;
	return p->ev.episode_count > 0;
}

static bool names_hold(const struct proving *p, const struct fact *fa)
{
	if (strcmp(fa->name, "rule") == 0)
		return fa->text != NULL;
	if (is_name(fa->kind))
		return fa->text != NULL && name_occurs(p, fa->kind, fa->text);
	for (size_t i = 0; fa->kind == FACT_LIST && is_name(fa->item_kind) && i < fa->item_count; i++)
		if (!name_occurs(p, fa->item_kind, fa->items[i]))
			return false;
	return true;
}

/* Two of those cited met for the first time after so long, as telemetry has it. */
static bool unmet_holds(struct proving *p, const struct fact *fa)
{
	for (uint32_t i = 0; i < p->w->contact_count; i++) {
		uint32_t from = p->w->contacts[i].from, with = p->w->contacts[i].with;

		if (p->entity_seen[p->machine[from]] == p->beat_number && p->entity_seen[p->machine[with]] == p->beat_number &&
		    week_unmet(p->w, p->machine, from, with) == fa->value)
			return true;
	}
	return false;
}

/* Telemetry has two of those cited meet at this pace, or so often. */
static bool steady_holds(struct proving *p, int64_t pause, int64_t calls)
{
	for (uint32_t i = 0; i < p->w->contact_count; i++) {
		uint32_t from = p->w->contacts[i].from, with = p->w->contacts[i].with;
		struct steady s = { 0 };

		if (p->entity_seen[p->machine[from]] == p->beat_number && p->entity_seen[p->machine[with]] == p->beat_number)
			week_steady(&s, p->w, p->machine, from, with, p->arena);
		if (s.calls > 0 && (s.pause == pause || (int64_t)s.calls == calls))
			return true;
	}
	return false;
}

static bool interval_holds(struct proving *p, const struct fact *fa)
{
	return within_holds(p, fa) || steady_holds(p, fa->value, -1);
}

static bool calls_hold(struct proving *p, const struct fact *fa)
{
	return at_most_alerts(p, fa) || steady_holds(p, -1, fa->value);
}

static bool contacts_hold(struct proving *p, const struct fact *fa)
{
	return steady_holds(p, -1, fa->value);
}

/* What each fact is held against. One that is not here must at least name what occurs in the alerts. */
static const struct rule_of_proof {
	const char *fact;
	bool (*holds)(struct proving *p, const struct fact *fa);
	const char *what;            /* the cited alerts do not say it: why */
} proofs[] = {
	{ "count", count_holds, "is not how many alerts are cited" },
	{ "time", begins_holds, "is not when the first of the cited alerts came" },
	{ "first", begins_holds, "is not when the first of the cited alerts came" },
	{ "span", span_holds, "is not how long the cited alerts went on" },
	{ "bytes", bytes_hold, "is not the sum of bytes in the cited alerts" },
	{ "records", records_hold, "is not how many alerts the case holds" },
	{ "start", start_holds, "is not when the first alert of the case came" },
	{ "reach", reach_holds, "is not since when the logs of a cited machine could be searched" },
	{ "days", days_hold, "is not how many days the case covers" },
	{ "machines", machines_hold, "is not how many machines are in the cited alerts" },
	{ "targets", targets_hold, "is more than the machines in the cited alerts" },
	{ "users", users_hold, "is more than the accounts in the cited alerts" },
	{ "calls", calls_hold, "is more than the cited alerts, and not what telemetry counts" },
	{ "matched", matched_holds, "has no known indicator in the cited alerts" },
	{ "blocked", blocked_holds, "is said, but none of the cited alerts tells of a block" },
	{ "after", after_holds, "is not the time since the sentence before" },
	{ "when", again_holds, "is not when anything cited began" },
	{ "until", again_holds, "is not when anything cited began" },
	{ "again", again_holds, "is not when anything cited began" },
	{ "gap", within_holds, "is longer than the incident" },
	{ "unmet", unmet_holds, "is not how long any of those cited had not met" },
	{ "interval", interval_holds, "is longer than the cited alerts went on, and no pace of telemetry" },
	{ "contacts", contacts_hold, "is not how often telemetry has those cited meet" },
	{ "hit", targets_hold, "is more than the machines in the cited alerts" },
	{ "attacked", targets_hold, "is more than the machines in the cited alerts" },
	{ "rule", rule_holds, "is not the rule of all cited alerts" },
	{ "product", products_hold, "reported none of the cited alerts" },
	{ "products", products_hold, "did not all report cited alerts" },
	{ "witnesses", products_hold, "did not all report cited alerts" },
	{ "analysts", products_hold, "did not all report cited alerts" },
};

static const char *value_of(const struct proving *p, const struct fact *fa)
{
	char when[INSTANT_ROOM];

	switch (fa->kind) {
	case FACT_NUMBER:
	case FACT_BYTES:
		return arena_printf(p->arena, "%" PRId64, fa->value);
	case FACT_TIME:
		instant_utc(when, fa->value);
		return arena_printf(p->arena, "%s", when);
	case FACT_SPAN:
		return arena_printf(p->arena, "%.3f s", (double)fa->value / (double)SECOND);
	case FACT_LIST:
		return fa->item_count > 0 ? fa->items[0] : "nothing";
	default:
		return fa->text != NULL ? fa->text : "nothing";
	}
}

static void prove_fact(struct proving *p, const struct fact *fa)
{
	const char *what = names_hold(p, fa) ? NULL : "does not occur in the cited alerts";

	p->out->facts++;
	for (size_t i = 0; what == NULL && i < sizeof(proofs) / sizeof(proofs[0]); i++)
		if (strcmp(proofs[i].fact, fa->name) == 0 && !proofs[i].holds(p, fa))
			what = proofs[i].what;
	if (what != NULL)
		finding_add(p->out, "%s, %s: fact '%s' (%s) %s", p->in->id, p->b->key, fa->name, value_of(p, fa), what);
}

/* ---- beats, episodes, incidents ---- */

static bool is_said(const struct proving *p, const struct fact *fa)
{
	return is_story(p) || p->said == NULL || p->said(p->ctx, p->b, fa->name);
}

/* What is said against what is cited; the rest of a saying's facts is of the incident as a whole. */
static void prove_facts(struct proving *p)
{
	const struct beat *b = p->b;
	size_t rest = 0;

	for (size_t i = 0; i < b->fact_count; i++)
		if (is_said(p, &b->facts[i]))
			prove_fact(p, &b->facts[i]);
		else
			rest++;
	if (rest == 0)
		return;
	read_evidence(p, p->in->episodes, p->in->episode_count);
	for (size_t i = 0; i < b->fact_count; i++)
		if (!is_said(p, &b->facts[i]))
			prove_fact(p, &b->facts[i]);
}

static void prove_beat(struct proving *p)
{
	const struct beat *b = p->b;

	p->out->statements++;
	for (size_t i = 0; i < b->episode_count; i++)
		if (b->episodes[i] >= p->an->episode_count ||
		    p->an->episodes[b->episodes[i]].incident != (uint32_t)(p->in - p->an->incidents)) {
			finding_add(p->out, "%s, %s: cites EP-%06u, which is not of this incident", p->in->id, b->key,
			            b->episodes[i] + 1);
			return;
		}
	read_evidence(p, b->episodes, b->episode_count);
	if (p->ev.count == 0)
		finding_add(p->out, "%s, %s: cites no alert", p->in->id, b->key);
	if (b->alert_count != p->ev.count)
		finding_add(p->out, "%s, %s: says it rests on %" PRIu64 " alerts, but cites %" PRIu64, p->in->id, b->key,
		            b->alert_count, p->ev.count);
	if (b->at != INSTANT_NONE && (b->at != p->ev.first || b->until != p->ev.last))
		finding_add(p->out, "%s, %s: its time is not that of the cited alerts", p->in->id, b->key);
	prove_facts(p);
}

static void prove_episode(struct proving *p, uint32_t number, bool *cited)
{
	const struct episode *e = &p->an->episodes[number];
	instant first = INSTANT_NONE, last = INSTANT_NONE;
	uint8_t severity = 0;

	for (uint32_t i = 0; i < e->count; i++) {
		const struct mark *m = &p->w->marks[e->alerts[i]];
		instant end = m->until > m->at ? m->until : m->at;

		if (cited[e->alerts[i]])
			finding_add(p->out, "EP-%06u: an alert of it is counted in another episode too", number + 1);
		cited[e->alerts[i]] = true;
		first = i == 0 || m->at < first ? m->at : first;
		last = i == 0 || end > last ? end : last;
		severity = m->severity > severity ? m->severity : severity;
	}
	if (e->count == 0 || e->first != first || e->last != last || e->severity != severity)
		finding_add(p->out, "EP-%06u: its first or last time or its severity is not that of its %u alerts", number + 1,
		            e->count);
}

static void prove_incident(struct proving *p, const struct narrative *told)
{
	const struct incident *in = p->in;

	read_evidence(p, in->episodes, in->episode_count);
	if (in->alert_count != p->ev.count || in->first != p->ev.first || in->last != p->ev.last)
		finding_add(p->out, "%s: its number of alerts (%u) or its first or last time is not that of its episodes",
		            in->id, in->alert_count);
	for (uint32_t i = 0; i < in->host_count; i++)
		if (p->entity_seen[in->hosts[i]] != p->beat_number)
			finding_add(p->out, "%s: machine '%s' occurs in none of its alerts", in->id,
			            p->w->entities[in->hosts[i]].shown);
	p->before = NULL;
	for (size_t i = 0; i < told->beat_count; i++) {
		p->b = &told->beats[i];
		prove_beat(p);
		if (p->b->part == PART_STORY && p->b->at != INSTANT_NONE)
			p->before = p->b;
	}
}

void prove_told(struct findings *out, const struct analysis *an, const uint32_t *machine,
                const struct narrative *narratives, said_fn said, void *ctx, struct arena *a)
{
	const struct week *w = an->week;
	struct proving p = { .out = out, .an = an, .w = w, .machine = machine, .arena = a, .said = said, .ctx = ctx };
	bool *cited = ARENA_ARRAY(a, bool, w->mark_count + 1);
	uint32_t missing = 0;

	p.entity_seen = ARENA_ARRAY(a, uint32_t, w->entity_count + 1);
	p.cast_seen = ARENA_ARRAY(a, uint32_t, w->cast_count + 1);
	p.rule_bytes = ARENA_ARRAY(a, int64_t, w->rule_count + 1);
	p.ev.entities = ARENA_ARRAY(a, uint32_t, w->entity_count + 1);
	for (uint32_t i = 0; i < an->episode_count; i++)
		prove_episode(&p, i, cited);
	for (uint32_t i = 0; i < w->mark_count; i++)
		missing += !cited[i];
	if (missing > 0)
		finding_add(out, "%u alerts are counted nowhere", missing);
	for (uint32_t i = 0; i < an->incident_count; i++) {
		p.in = &an->incidents[i];
		prove_incident(&p, &narratives[i]);
	}
}
