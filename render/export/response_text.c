/* A containment plan for people: one block a measure, or what several machines have in common. */
#include <stdio.h>
#include <string.h>

#include "analyst/base/columns.h"
#include "render/export/response.h"

/* ---- lines ---- */

static void add_line(struct text *out, const struct response *rs, const char *lead, const char *s)
{
	struct text shown = {0};

	text_add_shown(&shown, s, strlen(s));
	text_add_item(out, lead, text_columns(lead), text_str(&shown), rs->columns);
	text_free(&shown);
}

static const char *say(const struct response *rs, const char *key, const struct fact *facts, size_t n)
{
	return word_with(rs->phrases, rs->lang, key, facts, n, rs->zone, rs->arena);
}

#define NUMBER(n, v) { .name = n, .kind = FACT_NUMBER, .value = (int64_t)(v) }

static void add_said(struct text *out, const struct response *rs, const char *key, const struct fact *facts, size_t n)
{
	add_line(out, rs, "     ", say(rs, key, facts, n));
}

/* ---- one measure ---- */

static const char *confidence_key(int confidence)       /* STIX's scale (FORMATS 4.14) */
{
	return confidence >= 70 ? "respond.confidence.high" : confidence >= 30 ? "respond.confidence.medium" : "respond.confidence.low";
}

/* Measures that ask the same of several machines are one for a reader: the first, and what all of them come to. */
struct batch {
	struct plan_measure sum;
	const struct plan_measure *list[PLAN_MEASURES];
	uint32_t count;
};

#define FEW 2                    /* as many are told one by one */

static bool is_alike(const struct plan_measure *a, const struct plan_measure *b)
{
	return a->block == b->block && a->block != BLOCK_ACCOUNT && a->remote == b->remote && a->confidence == b->confidence &&
	       a->hours == b->hours && a->shared == b->shared && a->wide == b->wide && a->products == b->products &&
	       a->port_count == b->port_count && memcmp(a->ports, b->ports, a->port_count * sizeof(*a->ports)) == 0 &&
	       a->everyday == 0 && b->everyday == 0 && a->done_count == 0 && b->done_count == 0;
}

static void add_beats(struct plan_measure *sum, const struct plan_measure *m)
{
	for (uint32_t i = 0; i < m->beat_count; i++) {
		uint32_t at = 0;

		while (at < sum->beat_count && sum->beats[at]->evidence < m->beats[i]->evidence)
			at++;
		if (sum->beat_count == MEASURE_BEATS || (at < sum->beat_count && sum->beats[at] == m->beats[i]))
			continue;
		memmove(sum->beats + at + 1, sum->beats + at, (sum->beat_count - at) * sizeof(*sum->beats));
		sum->beats[at] = m->beats[i];
		sum->beat_count++;
	}
}

/* Measures come by time, so the first alert is the first one's. */
static void add_up(struct batch *b, const struct plan_measure *m)
{
	struct measure_replay *r = &b->sum.replay;

	b->list[b->count++] = m;
	if (b->count == 1) {
		b->sum = *m;
		return;
	}
	add_beats(&b->sum, m);
	b->sum.alert_count += m->alert_count;
	r->stopped += m->replay.stopped;
	r->refused += m->replay.refused;
	r->benign += m->replay.benign;
	r->bytes += m->replay.bytes;
	r->connections = m->replay.connections < 0 ? r->connections : m->replay.connections + (r->connections > 0 ? r->connections : 0);
}

/* Those from `first` on that ask the same; too few are left to be told for themselves. */
static void batch_make(struct batch *b, const struct plan *p, uint32_t first, bool told[PLAN_MEASURES])
{
	uint32_t alike = 0;

	b->count = 0;
	for (uint32_t i = first; i < p->measure_count; i++)
		alike += !told[i] && is_alike(&p->measures[first], &p->measures[i]);
	for (uint32_t i = first; i < p->measure_count; i++)
		if (i == first || (alike > FEW && !told[i] && is_alike(&p->measures[first], &p->measures[i]))) {
			add_up(b, &p->measures[i]);
			told[i] = true;
		}
	/* Who else meets the other end is counted for each of them; the others of the batch are not else. */
	if (b->sum.remote != NO_ENTITY)
		b->sum.other_machines -= b->sum.other_machines < b->count - 1 ? b->sum.other_machines : b->count - 1;
}

#define NAMED 16                 /* the rest is counted; programs get all of them */

/* With more to come: no "and" before the last. */
static const char *enumerated(const struct response *rs, const char *const *list, uint32_t n)
{
	struct text t = {0};
	const char *kept;

	for (uint32_t i = 0; i < n; i++)
		text_printf(&t, "%s%s", i == 0 ? "" : rs->lang == LANGUAGE_JA ? "、" : ", ", list[i]);
	kept = arena_dup(rs->arena, text_str(&t));
	text_free(&t);
	return kept;
}

static const char *batch_title(const struct response *rs, const struct batch *b)
{
	static const char *const keys[] = { "respond.outbound.many", "respond.inbound.many", "respond.inside.many", "respond.account",
	                                    "respond.isolate.many" };
	uint32_t named = b->count < NAMED ? b->count : NAMED;
	const char **hosts = ARENA_ARRAY(rs->arena, const char *, named + 1);
	struct measure_words words;
	struct fact *facts;

	if (b->count == 1)
		return measure_title(rs, b->list[0]);
	measure_words(&words, rs, b->list[0]);
	facts = words.facts;
	for (uint32_t i = 0; i < named; i++)
		hosts[i] = entity_label(rs, b->list[i]->host);
	facts[words.count++] = (struct fact)NUMBER("machines", b->count);
	if (named < b->count) {
		facts[words.count++] = (struct fact){ .name = "hosts", .kind = FACT_TEXT, .text = enumerated(rs, hosts, named) };
		facts[words.count++] = (struct fact)NUMBER("more", b->count - named);
	} else {
		facts[words.count++] = (struct fact){ .name = "hosts", .kind = FACT_LIST, .item_kind = FACT_HOST, .items = hosts,
		                                      .item_count = named, .value = named };
	}
	return say(rs, keys[b->sum.block], facts, words.count);
}

/* "Calls to x [E3, E6]; A program downloaded [E4]" */
static void add_reasons(struct text *out, const struct response *rs, const struct plan_measure *m)
{
	const char *labels[MEASURE_BEATS];

	for (uint32_t i = 0; i < m->beat_count; i++) {
		struct sentence label = story_label(rs->phrases, rs->lang, m->beats[i], rs->zone, rs->arena);
		bool before = false;

		labels[i] = sentence_plain(&label, rs->arena);
		for (uint32_t k = 0; k < i; k++)
			before |= strcmp(labels[k], labels[i]) == 0;
		if (before)
			continue;
		text_printf(out, "%s%s [E%u", i == 0 ? "" : rs->lang == LANGUAGE_JA ? "；" : "; ", labels[i], m->beats[i]->evidence);
		for (uint32_t k = i + 1; k < m->beat_count; k++) {
			struct sentence other = story_label(rs->phrases, rs->lang, m->beats[k], rs->zone, rs->arena);

			if (strcmp(sentence_plain(&other, rs->arena), labels[i]) == 0)
				text_printf(out, "%sE%u", rs->lang == LANGUAGE_JA ? "、" : ", ", m->beats[k]->evidence);
		}
		text_addc(out, ']');
	}
}

static void add_why(struct text *out, const struct response *rs, const struct plan_measure *m)
{
	struct text why = {0};
	char id[17];

	add_reasons(&why, rs, m);
	if (m->beat_count == 0)
		text_add_defanged(&why, rs->an->week->rules[rs->an->week->marks[m->alerts[0]].rule].rule.name);
	snprintf(id, sizeof(id), "%016llx", (unsigned long long)rs->an->week->marks[m->alerts[0]].key);
	const struct fact facts[] = {
		{ .name = "why", .kind = FACT_TEXT, .text = text_str(&why) },
		{ .name = "first", .kind = FACT_TIME, .value = m->justified },
		{ .name = "id", .kind = FACT_TEXT, .text = id },
		NUMBER("alerts", m->alert_count),
	};
	add_said(out, rs, "respond.why", facts, 4);
	text_free(&why);
}

static void add_confidence(struct text *out, const struct response *rs, const struct plan_measure *m)
{
	struct fact facts[4] = {
		NUMBER("confidence", m->confidence),
		{ .name = "word", .kind = FACT_TEXT, .text = word(rs->phrases, rs->lang, confidence_key(m->confidence)) },
		NUMBER("products", m->products),
	};
	size_t n = 3;

	if (m->known)
		facts[n++] = (struct fact)NUMBER("known", 1);
	add_said(out, rs, "respond.confidence", facts, n);
}

static void add_breaks(struct text *out, const struct response *rs, const struct plan_measure *m, bool many)
{
	struct fact facts[6] = {
		{ .name = "host", .kind = m->block == BLOCK_ACCOUNT ? FACT_CODE : FACT_HOST, .text = entity_label(rs, m->host) },
		{ .name = "remote", .kind = FACT_NAME, .text = m->remote != NO_ENTITY ? entity_label(rs, m->remote) : NULL },
		NUMBER("peers", m->port_peers),
	};
	size_t n = 3;

	if (m->everyday > 0)
		facts[n++] = (struct fact)NUMBER("everyday", m->everyday);
	if (m->other_machines > 0)
		facts[n++] = (struct fact)NUMBER("others", m->other_machines);
	if (m->block == BLOCK_ISOLATE && measure_connects(&rs->plan->measures[0]))
		facts[n++] = (struct fact)NUMBER("blocks", 1);
	if (m->remote == NO_ENTITY) {
		add_said(out, rs, m->block == BLOCK_INSIDE ? "respond.breaks.inside" : m->block == BLOCK_ACCOUNT ? "respond.breaks.account" :
		         many ? "respond.breaks.isolate.many" : "respond.breaks.isolate", facts, n);
		return;
	}
	add_said(out, rs, m->everyday > 0 ? "respond.breaks.everyday" : many ? "respond.breaks.many" : "respond.breaks.none", facts, n);
	if (m->other_machines > 0)
		add_said(out, rs, "respond.breaks.others", facts, n);
	if (m->block == BLOCK_INBOUND && m->port_peers > 0)
		add_said(out, rs, many ? "respond.stays.many" : "respond.stays", facts, n);
	if (m->shared)
		add_said(out, rs, "respond.shared", facts, n);
}

static void add_done(struct text *out, const struct response *rs, const struct plan_measure *m)
{
	for (uint32_t i = 0; i < m->done_count; i++) {
		const struct fact facts[] = {
			{ .name = "product", .kind = FACT_TEXT, .text = product_written(m->done[i].product, rs->arena) },
			{ .name = "at", .kind = FACT_TIME, .value = m->done[i].at },
			NUMBER("alerts", m->done[i].alerts),
		};

		add_said(out, rs, "respond.done", facts, 3);
	}
	if (m->done_count == 0)
		add_said(out, rs, "respond.done.none", NULL, 0);
}

static void add_replay(struct text *out, const struct response *rs, const struct plan_measure *m)
{
	const struct measure_replay *r = &m->replay;
	struct fact facts[7] = {
		{ .name = "from", .kind = FACT_TIME, .value = r->from },
		NUMBER("benign", r->benign),
	};
	size_t n = 2;

	if (!measure_connects(m))
		return;
	if (r->stopped > 0)
		facts[n++] = (struct fact)NUMBER("stopped", r->stopped);
	if (r->refused > 0)
		facts[n++] = (struct fact)NUMBER("refused", r->refused);
	if (r->bytes > 0)
		facts[n++] = (struct fact){ .name = "bytes", .kind = FACT_BYTES, .value = r->bytes };
	if (r->connections >= 0)
		facts[n++] = (struct fact)NUMBER("connections", r->connections);
	add_said(out, rs, "respond.replay", facts, n);
}

static void add_batch(struct text *out, const struct response *rs, const struct batch *b, uint32_t number)
{
	const struct plan_measure *m = &b->sum;
	const struct fact hours[] = { NUMBER("hours", m->hours) };
	char lead[16];

	snprintf(lead, sizeof(lead), "\n%3u. ", number);
	text_add(out, "\n");
	add_line(out, rs, lead + 1, batch_title(rs, b));
	add_why(out, rs, m);
	add_confidence(out, rs, m);
	add_breaks(out, rs, m, b->count > 1);
	add_done(out, rs, m);
	add_said(out, rs, measure_until(m), hours, 1);
	if (rs->replay)
		add_replay(out, rs, m);
}

static void add_measures(struct text *out, const struct response *rs)
{
	bool told[PLAN_MEASURES] = { false };
	struct batch *b = arena_alloc(rs->arena, sizeof(*b));
	uint32_t number = 0;

	for (uint32_t i = 0; i < rs->plan->measure_count; i++) {
		if (told[i])
			continue;
		batch_make(b, rs->plan, i, told);
		add_batch(out, rs, b, ++number);
	}
}

/* ---- the page ---- */

static void add_spared(struct text *out, const struct response *rs)
{
	for (uint32_t i = 0; i < rs->plan->spared_count; i++) {
		const struct spared_end *s = &rs->plan->spared[i];
		const struct fact facts[] = {
			{ .name = "host", .kind = FACT_HOST, .text = entity_label(rs, s->host) },
			{ .name = "remote", .kind = FACT_NAME, .text = entity_label(rs, s->remote) },
			NUMBER("others", s->other_machines), NUMBER("alerts", s->alerts),
		};

		if (i == 0)
			text_printf(out, "\n%s\n", word(rs->phrases, rs->lang, "respond.spared"));
		add_line(out, rs, "  ", say(rs, s->why == SPARED_LISTED ? "respond.spared.listed" : "respond.spared.used", facts, 4));
	}
}

static void add_totals(struct text *out, const struct response *rs)
{
	const struct fact facts[] = {
		NUMBER("delay", rs->plan->delay), NUMBER("stopped", rs->plan->stopped), NUMBER("refused", rs->plan->refused),
		NUMBER("later", rs->plan->later), NUMBER("benign", rs->plan->benign),
	};

	text_printf(out, "\n%s\n", word(rs->phrases, rs->lang, "respond.replayed"));
	add_line(out, rs, "  ", say(rs, "respond.replay.total", facts, 5));
	add_line(out, rs, "  ", word(rs->phrases, rs->lang, "respond.replay.limits"));
}

void response_text(struct text *out, const struct response *rs)
{
	const struct fact id = { .name = "id", .kind = FACT_TEXT, .text = rs->plan->incident->id };
	const struct fact left = NUMBER("count", rs->plan->left_off);

	if (rs->tlp != NULL)
		text_printf(out, "TLP:%s\n", rs->tlp);
	text_printf(out, "%s\n", say(rs, "respond.title", &id, 1));
	add_line(out, rs, "", rs->title);
	add_line(out, rs, "", word(rs->phrases, rs->lang, "respond.caution"));
	if (rs->plan->measure_count == 0) {
		text_addc(out, '\n');
		add_line(out, rs, "", word(rs->phrases, rs->lang, "respond.none"));
	}
	add_measures(out, rs);
	if (rs->plan->left_off > 0)
		add_line(out, rs, "", say(rs, "respond.left", &left, 1));
	add_spared(out, rs);
	if (rs->replay && rs->plan->measure_count > 0 && measure_connects(&rs->plan->measures[0]))
		add_totals(out, rs);
}
