/* Fourteen cells, one a tactic of ATT&CK in the order of an intrusion: how many different detections of
 * the incident speak of it, and the techniques they name. */
#include <string.h>

#include "timeline/axis.h"
#include "timeline/charts.h"
#include "timeline/palette.h"

#define TECHNIQUES_MOST 4            /* lines under a cell; more: the last says +n */
#define CELL_HEIGHT 22.0
#define GAP 1.6

struct cell {
	unsigned count;              /* different detection rules */
	const char **techniques;
	size_t technique_count;
	uint32_t *episodes;
	size_t episode_count;
};

/* The tactics' ids in the order of the kill chain, for products that name them. */
static const char *const tactic_ids[TACTICS] = {
	"TA0043", "TA0042", "TA0001", "TA0002", "TA0003", "TA0004", "TA0005",
	"TA0006", "TA0007", "TA0008", "TA0009", "TA0011", "TA0010", "TA0040"
};

static int tactic_of(const struct week_rule *r)
{
	const char *named = r->rule.tactics;

	if (r->behaviour->tactic >= 0 && r->behaviour->tactic < TACTICS)
		return r->behaviour->tactic;
	/* A product that names one tactic has decided; one that names several has not. */
	for (int t = 0; named != NULL && strchr(named, ' ') == NULL && t < TACTICS; t++)
		if (strcmp(named, tactic_ids[t]) == 0)
			return t;
	return -1;
}

static void add_technique(struct cell *c, struct arena *a, const char *s, size_t n)
{
	const char *copy = arena_dupn(a, s, n < 12 ? n : 12);
	size_t at = c->technique_count;
	const char **more;

	if (copy[0] != 'T')
		return;
	for (size_t i = 0; i < c->technique_count; i++)
		if (strcmp(c->techniques[i], copy) == 0)
			return;
	more = ARENA_ARRAY(a, const char *, c->technique_count + 1);
	for (; at > 0 && strcmp(c->techniques[at - 1], copy) > 0; at--)
		more[at] = c->techniques[at - 1];
	more[at] = copy;
	if (at > 0)
		memcpy(more, c->techniques, at * sizeof(*more));
	c->techniques = more;
	c->technique_count++;
}

static void add_rule(struct cell *c, struct arena *a, const struct week_rule *r)
{
	const char *s = r->rule.techniques;

	if (r->behaviour->technique != NULL)
		add_technique(c, a, r->behaviour->technique, strlen(r->behaviour->technique));
	/* The product's own ids belong to the cell when nothing better is known of the rule. */
	while (r->behaviour->technique == NULL && s != NULL && *s != '\0') {
		size_t n = strcspn(s, " ");

		add_technique(c, a, s, n);
		s += n + strspn(s + n, " ");
	}
	c->count++;
}

static void count(const struct chart_input *in, struct cell cells[TACTICS], struct chart_finding *found)
{
	const struct incident *inc = in->incident;
	bool *seen = ARENA_ARRAY(in->arena, bool, inc != NULL ? in->analysis->week->rule_count : 1);     /* by rule */
	struct cell all = { .count = 0 };

	memset(found, 0, sizeof(*found));
	for (uint32_t i = 0; inc != NULL && i < inc->episode_count; i++) {
		uint32_t rule = in->analysis->episodes[inc->episodes[i]].rule;
		const struct week_rule *r = &in->analysis->week->rules[rule];
		int t = r->behaviour->response ? -1 : tactic_of(r);
		struct cell *c;

		if (t < 0)
			continue;
		c = &cells[t];
		if (c->episodes == NULL)
			c->episodes = ARENA_ARRAY(in->arena, uint32_t, inc->episode_count);
		c->episodes[c->episode_count++] = inc->episodes[i];
		if (!seen[rule])
			add_rule(c, in->arena, r);
		seen[rule] = true;
	}
	for (int t = 0; t < TACTICS; t++) {
		found->per_tactic[t] = cells[t].count;
		found->observations += cells[t].count;
		found->technique_count += cells[t].technique_count;
		if (cells[t].count > 0) {
			found->tactics |= 1u << t;
			found->tactic_count++;
		}
		for (size_t i = 0; i < cells[t].technique_count; i++)
			add_technique(&all, in->arena, cells[t].techniques[i], strlen(cells[t].techniques[i]));
	}
	found->techniques = all.techniques;
	found->techniques_named = all.technique_count;
}

static colour heat(unsigned n)
{
	static const colour steps[] = { HEAT_0, HEAT_1, HEAT_2, HEAT_3, HEAT_4 };

	return steps[n < 4 ? n : 4];
}

static const char *tactic_word(const struct chart_input *in, const char *form, int t)
{
	return words_get(in->words, arena_printf(in->arena, "tactic.%s%d", form, t));
}

static void draw_cell(struct scene *sc, const struct chart_input *in, const struct cell *c, int t, double x,
                      double w, double h)
{
	size_t keys;
	const uint64_t *proof = chart_proof(in, c->episodes, c->episode_count, &keys);

	scene_note(sc, arena_printf(in->arena, "%s: %u", tactic_word(in, "", t), c->count), proof, keys);
	scene_rect(sc, x, 0, w, h, 0, heat(c->count), NO_COLOUR, 0);
	if (in->form == CHART_FULL && c->count > 0)
		scene_text(sc, x + w / 2, h / 2 + 3.2, 8.6, FACE_BOLD, ALIGN_CENTRE, c->count > 3 ? WHITE : INK,
		           words_number(in->arena, c->count));
}

static void draw_labels(struct scene *sc, const struct chart_input *in, const struct cell *c, int t, double x,
                        double w)
{
	bool seen = c->count > 0;
	enum face face = seen ? FACE_BOLD : FACE_REGULAR;
	size_t lines = c->technique_count <= TECHNIQUES_MOST ? c->technique_count : TECHNIQUES_MOST - 1;
	double y = CELL_HEIGHT + 9;

	scene_text(sc, x, y, 6.4, face, ALIGN_LEFT, seen ? INK : MUTE,
	           measure_fit(in->measure, in->arena, tactic_word(in, "short.", t), 6.4, face, w + GAP / 2));
	for (size_t i = 0; i < lines; i++)
		scene_text(sc, x, y + 8.4 + 7.2 * (double)i, 5.8, FACE_MONO, ALIGN_LEFT, INK_2,
		           measure_fit(in->measure, in->arena, c->techniques[i], 5.8, FACE_MONO, w + GAP / 2));
	if (lines < c->technique_count)
		scene_text(sc, x, y + 8.4 + 7.2 * (double)lines, 5.8, FACE_MONO, ALIGN_LEFT, INK_2,
		           arena_printf(in->arena, "+%zu", c->technique_count - lines));
}

static double labels_height(const struct cell cells[TACTICS])
{
	size_t most = 0;

	for (int t = 0; t < TACTICS; t++)
		if (cells[t].technique_count > most)
			most = cells[t].technique_count;
	return 12 + 7.2 * (double)(most < TECHNIQUES_MOST ? most : TECHNIQUES_MOST);
}

static struct scene *draw(const struct chart_input *in, struct chart_finding *found)
{
	struct cell cells[TACTICS] = {{0}};
	double pitch = in->width / TACTICS, gap = in->form == CHART_FULL ? GAP : 0.8, height;
	struct scene *sc;

	count(in, cells, found);
	height = in->form == CHART_FULL ? CELL_HEIGHT + labels_height(cells) : in->height > 0 ? in->height : 15;
	sc = scene_new(in->arena, in->width, height);
	for (int t = 0; t < TACTICS; t++) {
		double x = pitch * t;

		if (in->form == CHART_HEADING) {
			scene_text(sc, x + (pitch - gap) / 2, height - 2, 5.8, FACE_REGULAR, ALIGN_CENTRE, MUTE,
			           tactic_word(in, "code.", t));
			continue;
		}
		draw_cell(sc, in, &cells[t], t, x, pitch - gap, in->form == CHART_FULL ? CELL_HEIGHT : height);
		if (in->form == CHART_FULL)
			draw_labels(sc, in, &cells[t], t, x, pitch - gap);
	}
	return sc;
}

const struct chart chart_attack_strip = {
	.name = "attack-strip",
	.summary = "ATT&CK tactics of one incident, with the techniques its detections name",
	.of_incident = CHART_OF_INCIDENT,
	.draw = draw,
};
