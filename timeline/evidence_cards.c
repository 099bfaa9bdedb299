/* Cards of evidence: what a connection, a file or a detection was, and beside it the two numbers that make it stand
 * out. The words are those of the customer report's cards, lent by whoever draws the chart. One card of each kind is
 * drawn, the one with the stronger numbers, of equals the more telling one; a story that has no such three gives the
 * next ones. */
#include <math.h>
#include <string.h>

#include "timeline/axis.h"
#include "timeline/charts.h"
#include "timeline/palette.h"

#define CARDS 3
#define GAP 10.0                     /* between cards */
#define PAD 9.0
#define BAR_WIDTH 2.4
#define SHARE 0.58                   /* of the left part */
#define LABELS 66.0
#define LINE 10.4
#define NUMBER_SIZE 17.0
#define VALUE_LINES 3
#define REASON_LINES 3

enum kind { KIND_CONNECTION, KIND_FILE, KIND_DETECTION };

struct line {                        /* of a card, placed from its top */
	double x, y, size;
	enum face face;
	colour ink;
	const char *text;
};

struct plan {
	const struct chart_input *in;
	struct scene *sc;
	struct chart_finding *found;
	const struct chart_card *chosen[CARDS];
	size_t count;
	struct line *lines;
	size_t line_count, line_room;
};

/* ---- which cards ---- */

static enum kind kind_of(const struct beat *b)
{
	if (beat_fact(b, "file") != NULL || beat_fact(b, "real") != NULL)
		return KIND_FILE;
	return beat_fact(b, "site") != NULL || beat_fact(b, "attacker") != NULL ? KIND_CONNECTION : KIND_DETECTION;
}

static int64_t telling_of(const struct beat *b)
{
	const struct fact *fa = beat_fact(b, "telling");

	return fa != NULL && fa->value > 0 ? fa->value : 1000;
}

static bool is_chosen(const struct plan *p, const struct chart_card *card)
{
	for (size_t i = 0; i < p->count; i++)
		if (p->chosen[i] == card)
			return true;
	return false;
}

/* Of those left, of a kind or of any: the one that proves more in numbers, of equals the most telling. */
static void take(struct plan *p, int kind)
{
	const struct chart_card *best = NULL;

	for (size_t i = 0; i < p->in->card_count && p->count < CARDS; i++) {
		const struct chart_card *card = &p->in->cards[i];
		const struct beat *b = &p->in->story->beats[card->beat];

		if (is_chosen(p, card) || (kind >= 0 && (b->response || (int)kind_of(b) != kind)))
			continue;
		if (best == NULL || card->strong > best->strong ||
		    (card->strong == best->strong && telling_of(b) < telling_of(&p->in->story->beats[best->beat])))
			best = card;
	}
	if (best != NULL)
		p->chosen[p->count++] = best;
}

static void choose(struct plan *p)
{
	for (int kind = KIND_CONNECTION; kind <= KIND_DETECTION; kind++)
		take(p, kind);
	for (size_t n = 0; n != p->count && p->count < CARDS;) {
		n = p->count;
		take(p, -1);
	}
	/* In the order of the story. */
	for (size_t i = 1; i < p->count; i++)
		for (size_t j = i; j > 0 && p->chosen[j]->beat < p->chosen[j - 1]->beat; j--) {
			const struct chart_card *swap = p->chosen[j];

			p->chosen[j] = p->chosen[j - 1];
			p->chosen[j - 1] = swap;
		}
}

/* ---- laying out ---- */

static void add(struct plan *p, double x, double y, double size, enum face face, colour ink, const char *text)
{
	if (p->line_count == p->line_room) {
		struct line *old = p->lines;

		p->line_room = p->line_room > 0 ? p->line_room * 2 : 64;
		p->lines = ARENA_ARRAY(p->in->arena, struct line, p->line_room);
		if (p->line_count > 0)
			memcpy(p->lines, old, p->line_count * sizeof(*old));
	}
	p->lines[p->line_count++] = (struct line){ x, y, size, face, ink, text };
}

/* A text in lines; returns where the next one begins. */
static double add_lines(struct plan *p, double x, double y, double size, enum face face, colour ink, const char *text, double room,
                        size_t most)
{
	const char *lines[8];
	size_t n = measure_lines(p->in->measure, p->in->arena, text, size, face, room, lines, most);

	for (size_t i = 0; i < n; i++)
		add(p, x, y + LINE * (double)i, size, face, ink, lines[i]);
	return y + LINE * (double)n;
}

static double lay_rows(struct plan *p, const struct chart_card *card, double y, double room)
{
	for (size_t i = 0; i < card->row_count; i++) {
		const struct card_row *r = &card->rows[i];

		if (r->label[0] != '\0')
			add(p, PAD + BAR_WIDTH, y, 7.2, FACE_REGULAR, MUTE, measure_fit(p->in->measure, p->in->arena, r->label, 7.2, FACE_REGULAR, LABELS - 4));
		y = add_lines(p, PAD + BAR_WIDTH + LABELS, y, r->code ? 6.8 : 7.6, r->code ? FACE_MONO : FACE_REGULAR, INK, r->value,
		              room - LABELS - PAD, VALUE_LINES) + 1.6;
	}
	return y;
}

static double lay_numbers(struct plan *p, const struct chart_card *card, double x, double y, double room)
{
	double each = room / 2, below = y;

	for (size_t i = 0; i < card->number_count; i++) {
		const struct card_number *n = &card->numbers[i];
		double left = x + each * (double)i, size = NUMBER_SIZE, end;

		while (size > 9 && p->in->measure->width(p->in->measure->ctx, n->value, size, FACE_SEMIBOLD) > each - 6)
			size -= 1;
		add(p, left, y + 6, size, FACE_SEMIBOLD, i == 0 ? ATTACKER : INK,
		    measure_fit(p->in->measure, p->in->arena, n->value, size, FACE_SEMIBOLD, each - 6));
		end = add_lines(p, left, y + 16, 6.8, FACE_REGULAR, INK_2, n->what, each - 8, 3);
		below = end > below ? end : below;
		p->found->proofs++;
	}
	return card->number_count > 0 ? below + 3 : y;
}

/* Lines are placed from 0; the card's height is returned. */
static double lay_card(struct plan *p, const struct chart_card *card)
{
	double width = p->in->width, left = width * SHARE, x = left + 14, room = width - x - PAD, y = PAD + 22, low;

	add(p, PAD + BAR_WIDTH, PAD + 6, 8.6, FACE_BOLD, BLUE, card->number);
	add(p, PAD + BAR_WIDTH + 20, PAD + 6, 9.4, FACE_BOLD, INK,
	    measure_fit(p->in->measure, p->in->arena, card->title, 9.4, FACE_BOLD, width - 2 * PAD - 24 -
	                p->in->measure->width(p->in->measure->ctx, card->time, 7.2, FACE_REGULAR) - 12));
	low = lay_rows(p, card, y, left);
	add(p, x, y, 7.8, FACE_BOLD, INK, card->heading);
	y = lay_numbers(p, card, x, y + 15, room);
	for (size_t i = 0; i < card->reason_count; i++)
		y = add_lines(p, x, y, 7.4, FACE_REGULAR, INK_2, card->reasons[i], room, REASON_LINES);
	return fmax(low, y) - LINE / 2 + PAD;
}

static void draw_card(const struct plan *p, const struct chart_card *card, size_t first, size_t end, double top, double height)
{
	const struct beat *b = &p->in->story->beats[card->beat];
	size_t keys;
	const uint64_t *proof = chart_proof(p->in, b->episodes, b->episode_count, &keys);
	double split = p->in->width * SHARE;

	scene_note(p->sc, arena_printf(p->in->arena, "%s %s", card->number, card->title), proof, keys);
	scene_rect(p->sc, 0, top, p->in->width, height, 0, TINT, NO_COLOUR, 0);
	scene_rect(p->sc, 0, top, BAR_WIDTH, height, 0, b->response ? RESPONSE : ATTACKER, NO_COLOUR, 0);
	scene_line(p->sc, split + 4, top + PAD + 14, split + 4, top + height - PAD, 0.5, HAIRLINE, DASH_NONE);
	scene_text(p->sc, p->in->width - PAD, top + PAD + 6, 7.2, FACE_REGULAR, ALIGN_RIGHT, MUTE, card->time);
	for (size_t i = first; i < end; i++)
		scene_text(p->sc, p->lines[i].x, top + p->lines[i].y, p->lines[i].size, p->lines[i].face, ALIGN_LEFT, p->lines[i].ink,
		           p->lines[i].text);
}

static struct scene *draw(const struct chart_input *in, struct chart_finding *found)
{
	struct plan p = { .in = in, .found = found };
	double heights[CARDS], height = 0;
	size_t first[CARDS + 1] = { 0 };

	memset(found, 0, sizeof(*found));
	choose(&p);
	if (p.count == 0) {
		p.sc = scene_new(in->arena, in->width, 24);
		scene_text(p.sc, 0, 14, 7.6, FACE_REGULAR, ALIGN_LEFT, INK_2, words_get(in->words, "chart.cards.none"));
		return p.sc;
	}
	found->cards = p.count;
	found->cards_hidden = in->card_count - p.count;
	for (size_t i = 0; i < p.count; i++) {
		heights[i] = lay_card(&p, p.chosen[i]);
		first[i + 1] = p.line_count;
		height += heights[i] + (i > 0 ? GAP : 0);
	}
	p.sc = scene_new(in->arena, in->width, height);
	height = 0;
	for (size_t i = 0; i < p.count; i++) {
		draw_card(&p, p.chosen[i], first[i], first[i + 1], height, heights[i]);
		height += heights[i] + GAP;
	}
	return p.sc;
}

static int applies(const struct chart_input *in)
{
	for (size_t i = 0; in->story != NULL && i < in->story->beat_count; i++)
		if (in->story->beats[i].part == PART_STORY && in->story->beats[i].evidence > 0 && in->story->beats[i].at != INSTANT_NONE)
			return 1;
	return 0;
}

const struct chart chart_evidence_cards = {
	.name = "evidence-cards",
	.summary = "a connection, a file and a detection of an incident, each with the two numbers that prove it",
	.of_incident = CHART_OF_INCIDENT,
	.applies = applies, .draw = draw,
};
