#include "render/document/customer.h"

#include <ctype.h>
#include <string.h>

#define FACTS 24

/* Captions say what is missing only of these: a reader asks for them first. */
static const int asked_for[] = { 7, 9, 12, 13 };   /* credentials, lateral movement, exfiltration, impact */

struct sheet {                       /* facts for one caption */
	struct fact list[FACTS];
	size_t count;
};

static const char *chart_word(void *ctx, const char *key)
{
	const struct figures *fg = ctx;

	return word(fg->phrases, fg->lang, key);
}

void figures_init(struct figures *fg, const struct phrases *p, enum language lang, const struct typesetter *ts,
                  const struct zone *z, struct arena *a)
{
	*fg = (struct figures){ .phrases = p, .lang = lang, .zone = z, .arena = a, .measure = typeset_measure(ts) };
	fg->words = (struct chart_words){ chart_word, fg };
}

static const char *plain_label(const struct figures *fg, const struct beat *b)
{
	struct sentence s = story_label(fg->phrases, fg->lang, b, fg->zone, fg->arena);

	return s.count > 0 ? sentence_plain(&s, fg->arena) : NULL;
}

/* The title in a few words, chart.title.KEY; else the title itself. */
static const char *incident_label(const struct figures *fg, const struct narrative *n)
{
	for (size_t i = 0; i < n->beat_count; i++) {
		const struct beat *b = &n->beats[i];
		const char *key = arena_printf(fg->arena, "chart.%s", b->key);

		if (b->part != PART_TITLE)
			continue;
		if (strcmp(word(fg->phrases, fg->lang, key), key) == 0)
			break;
		return word_with(fg->phrases, fg->lang, key, b->facts, b->fact_count, fg->zone, fg->arena);
	}
	return story_title(fg->phrases, fg->lang, REGISTER_WEEKLY, n, fg->zone, fg->arena);
}

struct chart_input figures_input(const struct figures *fg, const struct analysis *an,
                                 const struct narrative *narratives, double width)
{
	const char **labels = ARENA_ARRAY(fg->arena, const char *, an->queue_count + 1);

	for (uint32_t i = 0; narratives != NULL && i < an->queue_count; i++)
		labels[i] = incident_label(fg, &narratives[i]);
	return (struct chart_input){ .analysis = an, .zone = fg->zone, .measure = &fg->measure, .words = &fg->words,
	                             .arena = fg->arena, .width = width, .incident_labels = labels };
}

static const char *capital(const struct figures *fg, const char *s)
{
	char *copy = arena_dup(fg->arena, s);

	if (fg->lang == LANGUAGE_EN && copy[0] != '\0')
		copy[0] = (char)toupper((unsigned char)copy[0]);
	return copy;
}

static const char *const *factor_labels(const struct figures *fg, const struct incident *in)
{
	const char **labels = ARENA_ARRAY(fg->arena, const char *, in->factor_count + 1);

	for (uint32_t i = 0; i < in->factor_count; i++)
		labels[i] = capital(fg, story_factor(fg->phrases, fg->lang, &in->factors[i], fg->arena));
	return labels;
}

void figures_tell(const struct figures *fg, struct chart_input *in, const struct incident *incident,
                  const struct narrative *narratives)
{
	const struct narrative *n = &narratives[incident - in->analysis->incidents];
	const char **labels = ARENA_ARRAY(fg->arena, const char *, n->beat_count + 1);

	for (size_t i = 0; i < n->beat_count; i++)
		if (n->beats[i].part == PART_STORY)
			labels[i] = plain_label(fg, &n->beats[i]);
	in->incident = incident;
	in->story = n;
	in->beat_labels = labels;
	in->factor_labels = factor_labels(fg, incident);
}

/* ---- captions ---- */

/* A number of nothing is left out, so that the phrase can say it another way. */
static void add_count(struct sheet *s, const char *name, uint64_t n)
{
	if (n > 0 && s->count < FACTS)
		s->list[s->count++] = (struct fact){ .name = name, .kind = FACT_NUMBER, .value = (int64_t)n };
}

static void add_span(struct sheet *s, const char *name, int64_t ns)
{
	if (ns >= SECOND && s->count < FACTS)
		s->list[s->count++] = (struct fact){ .name = name, .kind = FACT_SPAN, .value = ns };
}

static void timeline_facts(const struct figures *fg, struct sheet *s, const struct chart_finding *found)
{
	(void)fg;
	add_count(s, "steps", found->steps[SIDE_ATTACK]);
	/* With acts taken from the records there is one a target; the story may tell several on one. */
	add_count(s, found->unsaid > 0 ? "targets" : "blocks", found->steps[SIDE_RESPONSE]);
	add_count(s, "analyst", found->steps[SIDE_ANALYST]);
	add_count(s, "bars", found->bars);
	add_count(s, "green", found->steps[SIDE_RESPONSE]);
	add_count(s, "hidden", found->hidden);
	if (found->steps[SIDE_ATTACK] > 0)
		add_span(s, "span", found->end - found->first);
}

static void week_facts(const struct figures *fg, struct sheet *s, const struct chart_finding *found)
{
	(void)fg;
	add_count(s, "alerts", found->alerts);
	add_count(s, "incidents", found->incidents);
	add_count(s, "critical", found->by_severity[SEVERITY_CRITICAL]);
	add_count(s, "high", found->by_severity[SEVERITY_HIGH]);
	add_count(s, "clipped", found->clipped);
	add_count(s, "gaps", found->gaps);
	add_count(s, "outside", found->outside);
	add_count(s, "peak", found->peak);
	add_span(s, "bin", found->bin);
	if (found->peak > 0)
		s->list[s->count++] = (struct fact){ .name = "when", .kind = FACT_TIME, .value = found->peak_at };
}

/* In English a name inside a sentence loses its capital. */
static const char *inside_sentence(const struct figures *fg, const char *s)
{
	char *copy = arena_dup(fg->arena, s);

	if (fg->lang == LANGUAGE_EN && copy[0] != '\0')
		copy[0] = (char)tolower((unsigned char)copy[0]);
	return copy;
}

static void strip_facts(const struct figures *fg, struct sheet *s, const struct chart_finding *found)
{
	size_t asked = sizeof(asked_for) / sizeof(asked_for[0]), n = 0;
	const char **unseen = ARENA_ARRAY(fg->arena, const char *, asked);

	add_count(s, "tactics", found->tactic_count);
	add_count(s, "techniques", found->technique_count);
	add_count(s, "detections", found->observations);
	for (size_t i = 0; i < asked; i++)
		if ((found->tactics & (1u << asked_for[i])) == 0)
			unseen[n++] = inside_sentence(fg, word(fg->phrases, fg->lang,
			                                       arena_printf(fg->arena, "tactic.%d", asked_for[i])));
	if (n > 0)
		s->list[s->count++] = (struct fact){ .name = "unseen", .kind = FACT_LIST, .item_kind = FACT_TEXT,
		                                     .items = unseen, .item_count = n, .value = (int64_t)n };
}

static void add_counted(struct sheet *s, const struct chart_finding *found)
{
	add_count(s, "connections", found->counted == COUNTS_CONNECTIONS);
	add_count(s, "requests", found->counted == COUNTS_REQUESTS);
	add_count(s, "plain", found->counted == COUNTS_ALERTS);
}

static void pause_facts(const struct figures *fg, struct sheet *s, const struct chart_finding *found)
{
	(void)fg;
	add_count(s, "calls", found->calls);
	add_counted(s, found);
	/* Whole seconds, as the story says it. */
	add_span(s, "pause", (found->pause + SECOND / 2) / SECOND * SECOND);
	if (found->called != NULL)
		s->list[s->count++] = (struct fact){ .name = "site", .kind = FACT_NAME, .text = found->called };
}

static void add_time(struct sheet *s, const char *name, instant t)
{
	if (t != INSTANT_NONE && s->count < FACTS)
		s->list[s->count++] = (struct fact){ .name = name, .kind = FACT_TIME, .value = t };
}

static void volume_facts(const struct figures *fg, struct sheet *s, const struct chart_finding *found)
{
	(void)fg;
	add_counted(s, found);
	add_count(s, "alerts", found->alerts);
	add_count(s, "hourly", found->bin == HOUR);
	add_count(s, "own", found->machines);
	add_count(s, "single", found->machines > 0 || found->incidents == 1);
	add_count(s, "banded", found->banded);
	add_count(s, "days", found->by_days);
	add_count(s, "bursts", found->bursts);
	add_count(s, "peak", found->peak);
	add_count(s, "usual", found->usual);
	add_count(s, "expected", found->expected);
	add_time(s, "when", found->peak_at);
	add_count(s, "incidents", found->incidents);
	add_count(s, "ordinary", found->ordinary);
	add_count(s, "marks", found->marks);
	add_count(s, "clipped", found->clipped);
	add_count(s, "gaps", found->gaps);
	add_count(s, "outside", found->outside);
	add_span(s, "bin", found->bin);
}

static void response_facts(const struct figures *fg, struct sheet *s, const struct chart_finding *found)
{
	(void)fg;
	add_count(s, "acts", found->acts);
	add_count(s, "records", found->records);
	add_count(s, "hidden", found->hidden);
	add_count(s, "kept", found->kept);
	add_counted(s, found);
	add_count(s, "bars", found->bars);
	if (found->acts == 0)
		return;
	add_span(s, "answered", found->answered);
	add_span(s, "slowest", found->slowest);
	if (found->end > found->last)
		add_time(s, "after", found->end);
}

static void graph_facts(const struct figures *fg, struct sheet *s, const struct chart_finding *found)
{
	(void)fg;
	add_count(s, "machines", found->machines);
	add_count(s, "several", found->machines > 1);
	add_count(s, "outside", found->outside_parties);
	add_count(s, "accounts", found->accounts);
	add_count(s, "files", found->files);
	add_count(s, "between", found->between);
	add_count(s, "folded", found->folded);
	add_count(s, "many", found->edges_cut);
	add_count(s, "untouched", found->untouched);
}

static void factor_facts(const struct figures *fg, struct sheet *s, const struct chart_finding *found)
{
	double three = found->points[0] + found->points[1] + found->points[2];

	if (found->factors == 0)
		return;
	add_count(s, "factors", found->factors);
	add_count(s, "lowering", found->lowering);
	s->list[s->count++] = (struct fact){ .name = "score", .kind = FACT_TEXT, .text = arena_printf(fg->arena, "%.1f", found->score) };
	s->list[s->count++] = (struct fact){ .name = "three", .kind = FACT_TEXT, .text = arena_printf(fg->arena, "%.1f", three) };
	add_count(s, "more", found->factors > 3);
}

static void card_facts(const struct figures *fg, struct sheet *s, const struct chart_finding *found)
{
	(void)fg;
	add_count(s, "cards", found->cards);
	add_count(s, "proofs", found->proofs);
	add_count(s, "hidden", found->cards_hidden);
}

static const struct {
	const struct chart *chart;
	void (*facts)(const struct figures *fg, struct sheet *s, const struct chart_finding *found);
} captions[] = {
	{ &chart_attack_timeline, timeline_facts }, { &chart_week_overview, week_facts }, { &chart_attack_strip, strip_facts },
	{ &chart_beacon_intervals, pause_facts }, { &chart_volume_anomalies, volume_facts },
	{ &chart_response_timeline, response_facts }, { &chart_entity_graph, graph_facts },
	{ &chart_priority_factors, factor_facts }, { &chart_evidence_cards, card_facts },
};

void figures_caption(const struct figures *fg, const struct chart *c, const struct chart_finding *found,
                     const char **claim, const char **caption)
{
	struct sheet s = { .count = 0 };

	for (size_t i = 0; i < sizeof(captions) / sizeof(captions[0]); i++)
		if (captions[i].chart == c)
			captions[i].facts(fg, &s, found);
	*claim = word_with(fg->phrases, fg->lang, arena_printf(fg->arena, "claim.%s", c->name), s.list, s.count, fg->zone,
	                   fg->arena);
	*caption = word_with(fg->phrases, fg->lang, arena_printf(fg->arena, "caption.%s", c->name), s.list, s.count,
	                     fg->zone, fg->arena);
}

struct scene *figures_draw(const struct figures *fg, const struct chart *c, const struct chart_input *in,
                           struct chart_finding *found)
{
	struct chart_input own = *in;
	struct scene *sc;
	const char *claim, *caption;

	if (c == &chart_evidence_cards && own.cards == NULL && own.story != NULL)
		customer_chart_cards(fg, &own);
	sc = c->draw(&own, found);
	figures_caption(fg, c, found, &claim, &caption);
	scene_title(sc, claim, caption);
	return sc;
}
