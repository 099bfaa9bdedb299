/* A containment plan for people: one block a measure. */
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

static void add_why(struct text *out, const struct response *rs, const struct plan_measure *m)
{
	struct text why = {0};
	char id[17];

	for (uint32_t i = 0; i < m->beat_count; i++) {
		struct sentence label = story_label(rs->phrases, rs->lang, m->beats[i], rs->zone, rs->arena);

		text_printf(&why, "%s%s [E%u]", i > 0 ? "; " : "", sentence_plain(&label, rs->arena), m->beats[i]->evidence);
	}
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

static void add_breaks(struct text *out, const struct response *rs, const struct plan_measure *m)
{
	struct fact facts[6] = {
		{ .name = "host", .kind = FACT_HOST, .text = entity_label(rs, m->host) },
		{ .name = "remote", .kind = FACT_NAME, .text = m->remote != NO_ENTITY ? entity_label(rs, m->remote) : NULL },
		NUMBER("everyday", m->everyday), NUMBER("peers", m->port_peers),
	};
	size_t n = 4;

	if (m->other_machines > 0)
		facts[n++] = (struct fact)NUMBER("others", m->other_machines);
	if (m->block == BLOCK_ISOLATE) {
		if (rs->plan->measures[0].block != BLOCK_ISOLATE)
			facts[n++] = (struct fact)NUMBER("blocks", 1);
		add_said(out, rs, "respond.breaks.isolate", facts, n);
		return;
	}
	add_said(out, rs, m->everyday > 0 ? "respond.breaks.everyday" : "respond.breaks.none", facts, n);
	if (m->other_machines > 0)
		add_said(out, rs, "respond.breaks.others", facts, n);
	if (m->block == BLOCK_INBOUND && m->port_peers > 0)
		add_said(out, rs, "respond.stays", facts, n);
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

	if (m->block == BLOCK_ISOLATE)
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

static void add_measure(struct text *out, const struct response *rs, const struct plan_measure *m, uint32_t number)
{
	const struct fact hours[] = { NUMBER("hours", m->hours) };
	char lead[16];

	snprintf(lead, sizeof(lead), "\n%3u. ", number);
	text_add(out, "\n");
	add_line(out, rs, lead + 1, measure_title(rs, m));
	add_why(out, rs, m);
	add_confidence(out, rs, m);
	add_breaks(out, rs, m);
	add_done(out, rs, m);
	add_said(out, rs, m->hours > 0 ? "respond.until" : "respond.until.decided", hours, 1);
	if (rs->replay)
		add_replay(out, rs, m);
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
	for (uint32_t i = 0; i < rs->plan->measure_count; i++)
		add_measure(out, rs, &rs->plan->measures[i], i + 1);
	if (rs->plan->left_off > 0)
		add_line(out, rs, "", say(rs, "respond.left", &left, 1));
	add_spared(out, rs);
	if (rs->replay && rs->plan->measure_count > 0 && rs->plan->measures[0].block != BLOCK_ISOLATE)
		add_totals(out, rs);
}
