/* The drawings of the executive briefing: large numerals, the story on one line, the scales of business
 * impact, the box of decisions. */
#include "render/document/executive.h"

#include <math.h>
#include <string.h>

#include "timeline/palette.h"

/* ---- numerals ---- */

#define NUMERALS_HEIGHT 76.0
#define NUMERAL_SIZE 35.0
#define NUMERAL_PAD 13.0

struct numerals {
	struct report *r;
	struct numeral list[NUMERALS];
	const struct setting *label[NUMERALS];
};

static void draw_numerals(void *ctx, struct canvas *cv, double x, double y, double w, double h)
{
	const struct numerals *nu = ctx;
	const struct typesetter *ts = &nu->r->ts;
	double step = w / NUMERALS;

	canvas_rule(cv, x, y, x + w, y, 0.8, NAVY);
	canvas_rule(cv, x, y + h, x + w, y + h, 0.5, HAIRLINE);
	for (size_t i = 0; i < NUMERALS; i++) {
		const struct numeral *n = &nu->list[i];
		double left = x + step * (double)i + (i > 0 ? NUMERAL_PAD : 0), used;

		if (i > 0)
			canvas_rule(cv, left - NUMERAL_PAD, y + 10, left - NUMERAL_PAD, y + h - 10, 0.5, HAIRLINE);
		used = canvas_text(cv, ts, left, y + 38, NUMERAL_SIZE, FACE_LIGHT, ALIGN_LEFT, n->ink, n->number);
		canvas_text(cv, ts, left + used + 4, y + 38, 10.5, FACE_SEMIBOLD, ALIGN_LEFT, n->ink,
		            measure_fit(&nu->r->measure, nu->r->arena, n->unit, 10.5, FACE_SEMIBOLD, step - used - 24));
		flow_draw_setting(nu->r->flow, cv, nu->label[i], left, y + 53, PARA_CAPTION);
	}
}

void executive_numerals(struct report *r, const struct numeral list[NUMERALS])
{
	struct numerals *nu = arena_alloc(r->arena, sizeof *nu);
	struct fact_row told[NUMERALS];

	nu->r = r;
	memcpy(nu->list, list, sizeof nu->list);
	for (size_t i = 0; i < NUMERALS; i++) {
		struct run run = { list[i].label, RUN_PLAIN };

		nu->label[i] = flow_setting(r->flow, PARA_CAPTION, INK_2, &run, 1, flow_width(r->flow) / NUMERALS - NUMERAL_PAD - 8);
		told[i] = (struct fact_row){ report_capital(r, list[i].label), report_run(r, list[i].whole, RUN_STRONG), 1 };
	}
	flow_drawn(r->flow, true);
	flow_block(r->flow, NUMERALS_HEIGHT, 14, draw_numerals, nu);
	flow_told(r->flow);
	flow_facts(r->flow, told, NUMERALS);
	flow_both(r->flow);
}

/* ---- the story line ---- */

#define LINE_Y 20.0
#define ELBOW 24.0
#define DISC 5.2
#define LEADER_INDENT 4.0
#define LEADER_STEP 2.6
#define TIME_SIZE 9.6
#define TIME_LEAST 7.0
#define DISC_APART 14.0
#define BREAK_ROOM 34.0
#define BREAK_LEAST (6 * HOUR)
#define LABEL_LINES 3
#define LINE_HEIGHT 98.0

struct line {
	struct report *r;
	struct point point[POINTS_MOST];
	const struct setting *text[POINTS_MOST];
	double at[POINTS_MOST];
	size_t n, cut;                           /* the line is broken before this point; n: nowhere */
	const char *span;
};

/* One stretch in true time; discs that would touch are set beside each other. */
static void place_stretch(struct line *ln, size_t from, size_t to, double left, double right)
{
	int64_t span = ln->point[to - 1].at - ln->point[from].at;

	for (size_t i = from; i < to; i++)
		ln->at[i] = span > 0 ? left + (right - left) * (double)(ln->point[i].at - ln->point[from].at) / (double)span
		                     : (left + right) / 2;
	for (size_t i = from + 1; i < to; i++)
		ln->at[i] = fmax(ln->at[i], ln->at[i - 1] + DISC_APART);
	for (size_t i = to; i-- > from;)
		ln->at[i] = fmin(ln->at[i], (i + 1 < to ? ln->at[i + 1] - DISC_APART : right + DISC_APART));
}

/* Before which point the line is broken: a silence of hours that is more than half of the whole is left out. n: nowhere. */
static size_t broken_before(const struct point *points, size_t n)
{
	int64_t longest = 0;
	size_t cut = n;

	for (size_t i = 1; i < n; i++)
		if (points[i].at - points[i - 1].at > longest) {
			longest = points[i].at - points[i - 1].at;
			cut = i;
		}
	return n > 2 && longest >= BREAK_LEAST && longest * 2 > points[n - 1].at - points[0].at ? cut : n;
}

static void place(struct line *ln, double w)
{
	double step = w / (double)ln->n, half = step / 2 < 30 ? step / 2 : 30;

	ln->cut = broken_before(ln->point, ln->n);
	if (ln->n == 1) {
		ln->at[0] = half;
		return;
	}
	if (ln->cut == ln->n) {
		place_stretch(ln, 0, ln->n, half, w - half);
		return;
	}
	place_stretch(ln, 0, ln->cut, half, step * (double)ln->cut - BREAK_ROOM / 2 - 10);
	place_stretch(ln, ln->cut, ln->n, step * (double)ln->cut + BREAK_ROOM / 2 + 10, w - half);
}

static void draw_bar(struct canvas *cv, double x1, double x2, double y, colour ink)
{
	canvas_move(cv, x1, y);
	canvas_line(cv, x2, y);
	canvas_paint(cv, NO_COLOUR, ink, 3, DASH_NONE, 1);
}

static void draw_track(const struct line *ln, struct canvas *cv, double x, double y, double w)
{
	double mid = ln->cut < ln->n ? (ln->at[ln->cut - 1] + ln->at[ln->cut]) / 2 : 0;
	size_t first = ln->n, last = 0;

	for (size_t i = 0; i < ln->n; i++)
		if (ln->point[i].ink == ATTACKER) {
			first = first == ln->n ? i : first;
			last = i;
		}
	draw_bar(cv, x + 5, x + w - 5, y, BAR);
	if (first < last) {
		draw_bar(cv, x + ln->at[first], x + ln->at[last], y, ATTACKER);
		if (ln->span != NULL)
			canvas_text(cv, &ln->r->ts, x + (ln->at[first] + ln->at[last]) / 2, y - 10, 8.4, FACE_BOLD, ALIGN_CENTRE,
			            ATTACKER, ln->span);
	}
	if (mid > 0) {
		canvas_fill_rect(cv, x + mid - 5, y - 4, 10, 8, WHITE);
		canvas_rule(cv, x + mid - 7, y + 5, x + mid - 3, y - 5, 0.9, INK_2);
		canvas_rule(cv, x + mid + 3, y + 5, x + mid + 7, y - 5, 0.9, INK_2);
	}
}

/* Of those that lead to the left the first runs highest, of those to the right the last. */
double executive_leader(const double *marks, const double *labels, size_t n, size_t i)
{
	bool left = labels[i] < marks[i];
	size_t rank = 0;

	for (size_t j = 0; j < n; j++)
		if ((labels[j] < marks[j]) == left)
			rank += left ? j < i : j > i;
	return DISC + 3 + LEADER_STEP * (double)rank;
}

/* As large as its column has room for. */
static double time_size(const struct line *ln, size_t i, double room)
{
	double size = TIME_SIZE;

	while (size > TIME_LEAST && ln->r->measure.width(ln->r->measure.ctx, ln->point[i].time, size, FACE_BOLD) > room)
		size -= 0.2;
	return size;
}

static void draw_line(void *ctx, struct canvas *cv, double x, double y, double w, double h)
{
	const struct line *ln = ctx;
	double step = w / (double)ln->n, base = y + LINE_Y, labels[POINTS_MOST];

	(void)h;
	draw_track(ln, cv, x, base, w);
	for (size_t i = 0; i < ln->n; i++)
		labels[i] = step * (double)i + LEADER_INDENT;
	for (size_t i = 0; i < ln->n; i++) {
		double at = x + ln->at[i], label = x + step * (double)i, level = base + executive_leader(ln->at, labels, ln->n, i);

		canvas_move(cv, at, base + DISC);
		canvas_line(cv, at, level);
		canvas_line(cv, label + LEADER_INDENT, level);
		canvas_line(cv, label + LEADER_INDENT, base + ELBOW);
		canvas_paint(cv, NO_COLOUR, ln->point[i].ink, 0.7, DASH_NONE, 0);
		canvas_disc(cv, at, base, DISC);
		canvas_paint(cv, ln->point[i].ink, WHITE, 1.4, DASH_NONE, 0);
		canvas_text(cv, &ln->r->ts, label, base + ELBOW + 10, time_size(ln, i, step - 6), FACE_BOLD, ALIGN_LEFT, ln->point[i].ink,
		            ln->point[i].time);
		flow_draw_setting(ln->r->flow, cv, ln->text[i], label, base + ELBOW + 21, PARA_SMALL);
	}
}

static void tell_line(struct report *r, const char *head, const struct point *points, size_t n)
{
	struct item items[POINTS_MOST];

	for (size_t i = 0; i < n; i++)
		items[i] = (struct item){ .lead = points[i].time, .runs = report_run(r, points[i].text, RUN_PLAIN), .run_count = 1,
		                          .ink = points[i].ink };
	flow_heading(r->flow, head, NULL);
	flow_list(r->flow, BULLET_DOT, items, n, 1);
}

void executive_line(struct report *r, const char *head, const struct point *points, size_t n, const char *span)
{
	struct line *ln = arena_alloc(r->arena, sizeof *ln);
	double w = flow_width(r->flow);

	if (n == 0) {
		flow_heading(r->flow, head, NULL);
		return;
	}
	ln->r = r;
	ln->n = n < POINTS_MOST ? n : POINTS_MOST;
	ln->span = span;
	memcpy(ln->point, points, ln->n * sizeof *points);
	for (size_t i = 0; i < ln->n; i++) {
		struct run run = { points[i].text, RUN_PLAIN };
		struct setting *s = (struct setting *)(uintptr_t)flow_setting(r->flow, PARA_SMALL, INK, &run, 1, w / (double)ln->n - 10);

		setting_cut(&r->ts, s, LABEL_LINES, w / (double)ln->n - 10);
		ln->text[i] = s;
	}
	place(ln, w);
	flow_drawn(r->flow, true);
	flow_heading(r->flow, head, ln->cut < ln->n ? report_word(r, "exec.happened.aside") : NULL);
	flow_block(r->flow, LINE_HEIGHT, 4, draw_line, ln);
	flow_told(r->flow);
	tell_line(r, head, points, ln->n);
	flow_both(r->flow);
}

/* ---- business impact ---- */

#define SCALE_STEPS 4
#define IMPACT_ROW 20.0

struct scale {
	const struct report *r;
	struct impact is;
};

static void draw_impact(void *ctx, struct canvas *cv, double x, double y, double w, double h)
{
	const struct report *r = ((const struct scale *)ctx)->r;
	const struct impact *im = &((const struct scale *)ctx)->is;
	const struct typesetter *ts = &r->ts;
	double base = y + 13;

	canvas_rule(cv, x, y, x + w, y, 0.5, HAIRLINE);
	canvas_rule(cv, x, y + h, x + w, y + h, 0.5, HAIRLINE);
	canvas_text(cv, ts, x, base, 8.6, FACE_BOLD, ALIGN_LEFT, INK, im->label);
	for (int i = 0; i < SCALE_STEPS; i++) {
		canvas_rect(cv, x + 84 + 11.0 * i, y + 6.5, 9.6, 7.2);
		canvas_paint(cv, WHITE, BAR, 0.6, DASH_NONE, 0);
	}
	if (im->blank == NULL) {
		canvas_text(cv, ts, x + 136, base, 8.4, FACE_REGULAR, ALIGN_LEFT, INK,
		            measure_fit(&r->measure, r->arena, im->ask, 8.4, FACE_REGULAR, w - 136));
		return;
	}
	canvas_text(cv, ts, x + 136, base, 8.2, FACE_BOLD, ALIGN_LEFT, ATTACKER, im->blank);
	canvas_text(cv, ts, x + 214, base, 8.4, FACE_REGULAR, ALIGN_LEFT, INK_2,
	            measure_fit(&r->measure, r->arena, im->ask, 8.4, FACE_REGULAR, w - 214));
}

void executive_impacts(struct report *r, const struct impact *list, size_t n)
{
	struct fact_row *told = ARENA_ARRAY(r->arena, struct fact_row, n + 1);

	flow_drawn(r->flow, true);
	for (size_t i = 0; i < n; i++) {
		struct scale *sc = arena_alloc(r->arena, sizeof *sc);

		*sc = (struct scale){ r, list[i] };
		flow_block(r->flow, IMPACT_ROW, 0, draw_impact, sc);
	}
	flow_told(r->flow);
	for (size_t i = 0; i < n; i++) {
		bool open = list[i].blank != NULL;
		struct run *words = ARENA_ARRAY(r->arena, struct run, 2);

		words[0] = (struct run){ open ? list[i].blank : list[i].ask, open ? RUN_STRONG : RUN_PLAIN };
		words[1] = (struct run){ arena_printf(r->arena, " \xC2\xB7 %s", list[i].ask), RUN_PLAIN };
		told[i] = (struct fact_row){ list[i].label, words, open ? 2 : 1 };
	}
	flow_facts(r->flow, told, n);
	flow_both(r->flow);
}

/* ---- decisions ---- */

#define BOX_PAD 14.0
#define BOX_HEAD 30.0
#define DECISION_GAP 6.0
#define DUE_ROOM 96.0
#define GOLD MEDIUM_FILL

struct decisions {
	struct report *r;
	const char *head;
	const struct setting **text, **due;  /* due, right of each: until when, or what was decided */
	size_t n;
};

static double leading(const struct report *r)
{
	return r->rq->lang == LANGUAGE_JA ? 12 : 11.2;
}

static size_t lines(const struct decisions *de, size_t i)
{
	return de->text[i]->line_count > de->due[i]->line_count ? de->text[i]->line_count : de->due[i]->line_count;
}

static void draw_decisions(void *ctx, struct canvas *cv, double x, double y, double w, double h)
{
	const struct decisions *de = ctx;
	const struct typesetter *ts = &de->r->ts;
	double top = y + BOX_HEAD + 9;

	canvas_fill_rect(cv, x, y, w, h, NAVY);
	canvas_text(cv, ts, x + BOX_PAD, y + 20, 11.5, FACE_BOLD, ALIGN_LEFT, WHITE, de->head);
	for (size_t i = 0; i < de->n; i++) {
		canvas_text(cv, ts, x + BOX_PAD, top, 8.6, FACE_BOLD, ALIGN_LEFT, GOLD,
		            arena_printf(de->r->arena, "%zu", i + 1));
		flow_draw_setting(de->r->flow, cv, de->text[i], x + BOX_PAD + 15, top, PARA_SMALL);
		flow_draw_setting(de->r->flow, cv, de->due[i], x + w - BOX_PAD - DUE_ROOM + 8, top, PARA_SMALL);
		top += (double)lines(de, i) * leading(de->r) + DECISION_GAP;
	}
}

static void tell_decisions(struct report *r, const char *head, const struct sentence *list, size_t n, const char *const *due)
{
	struct item *items = ARENA_ARRAY(r->arena, struct item, n + 1);

	for (size_t i = 0; i < n; i++)
		items[i] = (struct item){ .runs = list[i].runs, .run_count = list[i].count, .aside = due[i] };
	flow_box_begin(r->flow, TINT, NAVY);
	flow_heading(r->flow, head, NULL);
	flow_list(r->flow, BULLET_NUMBER, items, n, 1);
	flow_box_end(r->flow);
}

void executive_decisions(struct report *r, const char *head, const struct sentence *list, size_t n,
                         const char *const *due)
{
	struct decisions *de = arena_alloc(r->arena, sizeof *de);
	double w = flow_width(r->flow) - 2 * BOX_PAD - 15 - DUE_ROOM, h = BOX_HEAD + 4;

	*de = (struct decisions){ r, head, ARENA_ARRAY(r->arena, const struct setting *, n + 1),
	                          ARENA_ARRAY(r->arena, const struct setting *, n + 1), n };
	for (size_t i = 0; i < n; i++) {
		struct run run = { due[i], RUN_STRONG };

		de->due[i] = flow_setting(r->flow, PARA_SMALL, GOLD, &run, 1, DUE_ROOM - 8);
		de->text[i] = flow_setting(r->flow, PARA_SMALL, WHITE, list[i].runs, list[i].count, w);
		h += (double)lines(de, i) * leading(r) + DECISION_GAP;
	}
	flow_drawn(r->flow, true);
	flow_bookmark(r->flow, head);
	flow_block(r->flow, h + 4, 14, draw_decisions, de);
	flow_told(r->flow);
	tell_decisions(r, head, list, n, due);
	flow_both(r->flow);
}
