#include "render/document/figures.h"

#include <ctype.h>
#include <string.h>

#define FACTS 16

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

static void timeline_facts(struct sheet *s, const struct chart_finding *found)
{
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

static void week_facts(struct sheet *s, const struct chart_finding *found)
{
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

static void pause_facts(struct sheet *s, const struct chart_finding *found)
{
	add_count(s, "calls", found->calls);
	/* Whole seconds, as the story says it. */
	add_span(s, "pause", (found->pause + SECOND / 2) / SECOND * SECOND);
	if (found->called != NULL)
		s->list[s->count++] = (struct fact){ .name = "site", .kind = FACT_NAME, .text = found->called };
}

void figures_caption(const struct figures *fg, const struct chart *c, const struct chart_finding *found,
                     const char **claim, const char **caption)
{
	struct sheet s = { .count = 0 };

	if (c == &chart_attack_timeline)
		timeline_facts(&s, found);
	else if (c == &chart_week_overview)
		week_facts(&s, found);
	else if (c == &chart_beacon_intervals)
		pause_facts(&s, found);
	else
		strip_facts(fg, &s, found);
	*claim = word_with(fg->phrases, fg->lang, arena_printf(fg->arena, "claim.%s", c->name), s.list, s.count, fg->zone,
	                   fg->arena);
	*caption = word_with(fg->phrases, fg->lang, arena_printf(fg->arena, "caption.%s", c->name), s.list, s.count,
	                     fg->zone, fg->arena);
}

struct scene *figures_draw(const struct figures *fg, const struct chart *c, const struct chart_input *in,
                           struct chart_finding *found)
{
	struct scene *sc = c->draw(in, found);
	const char *claim, *caption;

	figures_caption(fg, c, found, &claim, &caption);
	scene_title(sc, claim, caption);
	return sc;
}
