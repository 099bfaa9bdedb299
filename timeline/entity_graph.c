/* Who and what an incident is made of, and why each part belongs to it: on the left who acts (outside addresses,
 * accounts), in the middle machines of ours, on the right what they reached (outside parties, machines, files).
 * An edge is a reason: a step of the story that names both ends, or what joins two machines' alerts. The layout
 * follows from the records alone: columns by part, rows by the machines that things hang on and by time; nothing
 * is left to chance. What finds no room shares the last node of its column. */
#include <math.h>
#include <string.h>

#include "timeline/graph.h"
#include "timeline/palette.h"

#define ESTATE_DOTS 60
#define LABEL 6.3
#define SWING 0.3                    /* of the way between two columns */

static const struct graph_node *end_of(const struct graph *p, uint32_t i)
{
	return &p->nodes[p->nodes[i].node];
}

/* Edges of one side of a machine in the middle leave it side by side, in the order of their other ends; at an outer
 * node they meet. */
static double port(const struct graph *p, const struct graph_node *n, const struct graph_node *other)
{
	double above = 0, all = 0;

	if (n->column != COLUMN_MIDDLE)
		return n->y;
	for (size_t i = 0; i < p->rows[COLUMN_LEFT] + p->rows[COLUMN_RIGHT]; i++) {
		bool left = i < p->rows[COLUMN_LEFT];
		const struct graph_node *o = &p->nodes[left ? p->order[COLUMN_LEFT][i] : p->order[COLUMN_RIGHT][i - p->rows[COLUMN_LEFT]]];
		bool joined = false;

		if ((o->x > n->x) != (other->x > n->x))
			continue;
		for (size_t j = 0; j < p->edge_count && !joined; j++) {
			const struct graph_node *a = end_of(p, p->edges[j].from), *b = end_of(p, p->edges[j].to);

			joined = (a == n && b == o) || (a == o && b == n);
		}
		all += joined;
		above += joined && (o->y < other->y || (o->y == other->y && o->x < other->x));
	}
	return all > 1 ? n->y + ((above + 0.5) / all - 0.5) * (NODE_HEIGHT - 7) : n->y;
}

/* A cubic as short lines: a path of a scene is filled or closed, a polyline is neither. */
static void curve(const struct graph *p, double x1, double y1, double cx1, double cx2, double x2, double y2, double width, colour ink,
                  enum dash dash)
{
	double xy[2 * 25];

	for (int i = 0; i < 25; i++) {
		double t = i / 24.0, u = 1 - t;

		xy[2 * i] = u * u * u * x1 + 3 * u * u * t * cx1 + 3 * u * t * t * cx2 + t * t * t * x2;
		xy[2 * i + 1] = (u * u * u + 3 * u * u * t) * y1 + (3 * u * t * t + t * t * t) * y2;
	}
	scene_polyline(p->sc, xy, 25, width, ink, dash);
}

static void arrow_head(const struct graph *p, double x, double y, double dir, double size, colour ink)
{
	const double xy[] = { x, y, x - dir * 2 * size, y - size, x - dir * 2 * size, y + size };

	scene_polygon(p->sc, xy, 3, ink, NO_COLOUR, 0);
}

/* A reason in one line or two beside the outer end of its edge; above it in the upper half, below it in the lower. */
static void draw_reason(const struct graph *p, const char *s, double x, double y, double room, enum align align, bool above)
{
	const char *lines[2];
	size_t n = measure_lines(p->in->measure, p->arena, s, LABEL, FACE_REGULAR, room, lines, 2);

	for (size_t i = 0; i < n; i++)
		scene_text(p->sc, x, above ? y - 3.2 - 7 * (double)(n - 1 - i) : y + 7.8 + 7 * (double)i, LABEL, FACE_REGULAR, align, INK_2, lines[i]);
}

static size_t reasons_between(const struct graph *p, const struct graph_node *a, const struct graph_node *b)
{
	size_t n = 0;

	for (size_t i = 0; i < p->edge_count; i++)
		if ((end_of(p, p->edges[i].from) == a && end_of(p, p->edges[i].to) == b) ||
		    (end_of(p, p->edges[i].from) == b && end_of(p, p->edges[i].to) == a))
			n += p->edges[i].reasons;
	return n;
}

/* The swing is near the middle column, so that the way to the outer node is level and has room for words. */
static void draw_swing(const struct graph *p, double x1, double y1, double x2, double y2, bool from_outer, double width, colour ink,
                       enum dash dash)
{
	double swing = (x2 - x1) * SWING, bend = from_outer ? x2 - swing : x1 + swing;

	if (from_outer) {
		scene_line(p->sc, x1, y1, bend, y1, width, ink, dash);
		curve(p, bend, y1, bend + swing / 2, bend + swing / 2, x2, y2, width, ink, dash);
	} else {
		curve(p, x1, y1, x1 + swing / 2, x1 + swing / 2, bend, y2, width, ink, dash);
		scene_line(p->sc, bend, y2, x2, y2, width, ink, dash);
	}
}

/* Of edges whose ends share nodes the first is drawn, the others are only told. */
static bool was_drawn(const struct graph *p, const struct graph_edge *e)
{
	for (const struct graph_edge *o = p->edges; o < e; o++)
		if (end_of(p, o->from) == end_of(p, e->from) && end_of(p, o->to) == end_of(p, e->to))
			return true;
	return false;
}

static void draw_edge(struct graph *p, const struct graph_edge *e)
{
	struct graph_node *a = &p->nodes[p->nodes[e->from].node], *b = &p->nodes[p->nodes[e->to].node], *outer;
	double width = fmin(3, 0.8 + 0.45 * log10((double)(e->alerts > 0 ? e->alerts : 1))), gap, y;
	bool account = a->kind == KIND_ACCOUNT || b->kind == KIND_ACCOUNT || e->link != NULL;
	colour ink = account ? BAR_DARK : ATTACKER;
	size_t keys, reasons;
	const uint64_t *proof = chart_proof(p->in, e->episodes, e->episode_count, &keys);

	scene_note(p->sc, arena_printf(p->arena, "%s > %s: %s%s", graph_shown(p, &p->nodes[e->from]), graph_shown(p, &p->nodes[e->to]),
	                               e->reason, e->reasons > 1 ? arena_printf(p->arena, " +%zu", e->reasons - 1) : ""), proof, keys);
	if (a == b || was_drawn(p, e))
		return;
	if (a->column == b->column) {
		bool right = a->column == COLUMN_RIGHT;
		double x = right ? a->x + NODE_WIDTH : a->x, out = right ? RETURN : -RETURN;

		curve(p, x, a->y + 4, x + out * 1.2, x + out * 1.2, x, b->y - 4, width, ink, DASH_NONE);
		arrow_head(p, x, b->y - 4, right ? -1 : 1, 2 + width * 0.4, ink);
		return;
	}
	outer = a->column == COLUMN_MIDDLE ? b : b->column == COLUMN_MIDDLE ? a : a->column < b->column ? b : a;
	{
		double dir = b->x > a->x ? 1 : -1, head = account && e->link == NULL ? 0 : 2 * (2 + width * 0.4);
		double x1 = dir > 0 ? a->x + NODE_WIDTH : a->x, x2 = dir > 0 ? b->x : b->x + NODE_WIDTH;
		double y1 = port(p, a, b), y2 = port(p, b, a);

		gap = fabs(x2 - x1);
		draw_swing(p, x1, y1, x2 - dir * head * 0.8, y2, outer == a, width, ink, e->link != NULL ? DASH_SHORT : DASH_NONE);
		if (head > 0)
			arrow_head(p, x2, y2, dir, head / 2, ink);
		y = outer == a ? y1 : y2;
	}
	if (outer->labelled)
		return;
	outer->labelled = true;
	reasons = reasons_between(p, a, b);
	draw_reason(p, account && e->link == NULL ? words_counted(p->in->words, p->arena, "graph.steps", reasons) : reasons > 1 ? arena_printf(p->arena, "%s +%zu", e->reason, reasons - 1) : e->reason,
	            outer->column == COLUMN_RIGHT ? outer->x - 9 : outer->x + NODE_WIDTH + 4, y, fmin(gap * (1 - SWING), 120) - 6,
	            outer->column == COLUMN_RIGHT ? ALIGN_RIGHT : ALIGN_LEFT, y <= p->height / 2);
}

static void draw_node(const struct graph *p, const struct graph_node *n)
{
	static const colour lines[] = { ATTACKER, BAR_DARK, NAVY, ATTACKER, BAR_DARK };
	const struct measure *m = p->in->measure;
	bool dark = n->kind == KIND_MACHINE && n->members == 1, two = n->under[0] != '\0';
	double top = n->y - NODE_HEIGHT / 2, room = NODE_WIDTH - 12;

	scene_note(p->sc, arena_printf(p->arena, "node: %s %s", n->title, n->under), NULL, 0);
	scene_rect(p->sc, n->x, top, NODE_WIDTH, NODE_HEIGHT, n->kind == KIND_FILE ? 0 : 2.5, dark ? NAVY : WHITE, lines[n->kind],
	           n->members > 1 ? 0.6 : 1);
	if (n->stopped != INSTANT_NONE && n->members == 1)
		scene_text(p->sc, n->x + NODE_WIDTH, top + NODE_HEIGHT + 6.4, 6, FACE_SEMIBOLD, ALIGN_RIGHT, RESPONSE,
		           words_fill(p->in->words, p->arena, "chart.graph.stopped", "time", words_clock(p->arena, n->stopped, p->in->zone, false), (char *)NULL));
	scene_text(p->sc, n->x + 6, two ? top + 9.6 : n->y + 2.7, 7.4, FACE_SEMIBOLD, ALIGN_LEFT, dark ? WHITE : INK,
	           measure_fit(m, p->arena, n->title, 7.4, FACE_SEMIBOLD, room));
	if (n->under[0] != '\0')
		scene_text(p->sc, n->x + 6, top + 18.2, 6, dark ? FACE_REGULAR : FACE_MONO, ALIGN_LEFT, dark ? WHITE : INK_2,
		           measure_fit(m, p->arena, n->under, 6, dark ? FACE_REGULAR : FACE_MONO, room));
}

/* The machines that took no part, as dots. */
static void draw_estate(const struct graph *p)
{
	size_t dots = p->found->untouched < ESTATE_DOTS ? p->found->untouched : ESTATE_DOTS, across = 20;
	double x = p->x[COLUMN_MIDDLE], y = p->height / 2 + ((double)p->rows[COLUMN_MIDDLE] * PITCH + ESTATE) / 2 - ESTATE + 4;
	double step = NODE_WIDTH / (double)across;

	if (dots == 0)
		return;
	scene_note(p->sc, "other machines", NULL, 0);
	for (size_t i = 0; i < dots; i++)
		scene_disc(p->sc, x + step * ((double)(i % across) + 0.5 + (dots < across ? (double)(across - dots) / 2 : 0)), y + 5.5 * (double)(i / across), 1.3, BAR, NO_COLOUR, 0);
	y += 5.5 * (double)((dots - 1) / across) + 10;
	scene_text(p->sc, x + NODE_WIDTH / 2, y, 6.6, FACE_REGULAR, ALIGN_CENTRE, INK_2, words_counted(p->in->words, p->arena, "graph.others", p->found->untouched));
	scene_text(p->sc, x + NODE_WIDTH / 2, y + 8.4, 6.6, FACE_SEMIBOLD, ALIGN_CENTRE, RESPONSE, words_get(p->in->words, "chart.graph.nopart"));
}

static struct scene *draw(const struct chart_input *in, struct chart_finding *found)
{
	struct graph p = { .in = in, .arena = in->arena, .found = found };

	memset(found, 0, sizeof(*found));
	graph_collect(&p);
	if (p.node_count == 0) {
		p.sc = scene_new(in->arena, in->width, 24);
		scene_text(p.sc, 0, 14, 7.6, FACE_REGULAR, ALIGN_LEFT, INK_2, words_get(in->words, "chart.graph.none"));
		return p.sc;
	}
	graph_place(&p);
	p.sc = scene_new(in->arena, in->width, p.height);
	for (size_t i = 0; i < p.edge_count; i++)
		draw_edge(&p, &p.edges[i]);
	for (uint32_t i = 0; i < p.node_count; i++)
		if (p.nodes[i].node == i)
			draw_node(&p, &p.nodes[i]);
	draw_estate(&p);
	return p.sc;
}

/* Where no machine is named, as when a cloud account is misused, nothing leads from one side to the other. */
static int applies(const struct chart_input *in)
{
	if (in->incident == NULL || in->incident->host_count == 0)
		return 0;
	for (size_t i = 0; in->story != NULL && i < in->story->beat_count; i++)
		if (in->story->beats[i].part == PART_STORY && in->story->beats[i].at != INSTANT_NONE)
			return 1;
	return 0;
}

const struct chart chart_entity_graph = {
	.name = "entity-graph",
	.summary = "machines, accounts, files and outside parties of an incident, and why each belongs to it",
	.of_incident = CHART_OF_INCIDENT,
	.applies = applies, .draw = draw,
};
