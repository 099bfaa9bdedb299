/* The volume hour by hour - of alerts, or of an incident's machines the connections they began, where telemetry
 * counts them (requests where it has no connections) -, the range that the other days make one expect, and where the queue's
 * incidents lie on it. What leaves the range is odd by number alone; what lies inside and is still an incident
 * would have been missed by counting.
 *
 * The expected range of an hour is robust: the median of the same and the neighbouring hours of the other days,
 * plus and minus three deviations. A deviation is 1.4826 times the median absolute deviation, which is the standard
 * deviation of a normal distribution (Rousseeuw and Croux 1993), and not less than the square root of the median,
 * which is what counts of independent events vary by (Poisson). The hour's own day is left out, so that a burst
 * does not lift its own range. A period too short to have other days is held against all its other bins. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "timeline/charts.h"
#include "timeline/marks.h"
#include "timeline/palette.h"
#include "timeline/period.h"

#include "analyst/readers/refang.h"

#define LEFT 27.0
#define HEIGHT 158.0
#define HEIGHT_LEAST 96.0            /* where the page asks for one */
#define HEAD 34.0                    /* stacks of marks and the words beside them */
#define FOOT 17.0
#define DEVIATIONS 3
#define MAD_TO_SIGMA 1.4826
#define SAMPLES_LEAST 6              /* of the same hours: two other days */
#define OTHERS_LEAST 8               /* bins, where there are no other days */
#define HOURS_MOST 744               /* a month by the hour; a longer period has wider bins */
#define CLIP_FACTOR 24.0             /* a burst is what the chart is about: cut later than elsewhere */
#define MARK 2.7
#define PITCH 7.0                    /* of marks in a stack */
#define STACK_ROWS 3
#define STACK_MOST (2 * STACK_ROWS)
#define STACK_HALF 6.5               /* of its width */
#define AROUND (14 * DAY)            /* the most of telemetry before and after an incident */
#define STACK_APART 16.0             /* points between two stacks */
#define BESIDE 17.0                  /* words keep clear of a stack */

struct seen {                        /* the first time a rule speaks for an incident: one mark */
	uint32_t episode;
	size_t bin;
};

struct plan {
	const struct chart_input *in;
	struct week_volume volume;       /* of the incident's machines; counts NULL: alerts are drawn */
	struct scene *sc;
	struct chart_finding *found;
	struct period t;
	double *usual, *low, *high;      /* one a bin */
	bool *odd;
	struct seen *seen;               /* by bin, the severest first */
	size_t seen_count;
};

/* ---- numbers ---- */

/* The alerts about the incident's machines; NULL when all are drawn, as where it names none. */
static const bool *wanted(const struct chart_input *in)
{
	const struct analysis *an = in->analysis;
	const bool *own;
	bool *out;

	if (in->incident == NULL || in->incident->host_count == 0 || an->week == NULL)
		return NULL;
	own = chart_own(in);
	out = ARENA_ARRAY(in->arena, bool, an->week->mark_count + 1);
	for (uint32_t i = 0; i < an->episode_count; i++)
		for (uint32_t j = 0; an->episodes[i].host != NO_ENTITY && own[an->episodes[i].host] && j < an->episodes[i].count; j++)
			out[an->episodes[i].alerts[j]] = true;
	return out;
}

static int64_t step_of(const struct chart_input *in)
{
	struct period p;

	period_choose(&p, in, 0);
	if (p.until - p.since <= 2 * DAY)
		return p.step;
	return p.until - p.since <= HOURS_MOST * HOUR ? HOUR : p.step > HOUR ? p.step : HOUR;
}

/* Without a period asked for: also the days around the incident that telemetry knows. */
static void widen(struct chart_input *in, const struct week_volume *v)
{
	const struct week *w = in->analysis->week;
	instant begin = v->begin * HOUR, end = (v->begin + v->count) * HOUR;

	if (in->until > in->since || w->mark_count == 0)
		return;
	begin = begin > in->incident->first - AROUND ? begin : in->incident->first - AROUND;
	end = end < in->incident->last + AROUND ? end : in->incident->last + AROUND;
	in->since = axis_midnight(begin < w->first ? begin : w->first, in->zone);
	in->until = axis_next_midnight(end > w->last ? end - 1 : w->last, in->zone);
}

/* The period, and what of it the bins count: telemetry where it covers the period and the incident. */
static void choose(struct plan *p, struct chart_input *own)
{
	const struct chart_input *in = p->in;

	if (in->incident != NULL && in->analysis->week != NULL)
		week_volume_of(&p->volume, in->analysis->week, chart_ends(in), in->arena);
	if (p->volume.counts != NULL) {
		int64_t step;

		widen(own, &p->volume);
		step = step_of(own);
		period_choose(&p->t, own, step > HOUR ? (step + HOUR - 1) / HOUR * HOUR : HOUR);
		period_to_hours(&p->t);
		if (in->incident->first >= p->volume.begin * HOUR && period_covered(&p->t, p->volume.kind)) {
			period_fill(&p->t, wanted(in));
			period_count(&p->t, &p->volume);
			return;
		}
	}
	p->volume.counts = NULL;
	*own = *in;
	period_choose(&p->t, own, step_of(own));
	period_fill(&p->t, wanted(in));
}

static int by_number(const void *pa, const void *pb)
{
	double a = *(const double *)pa, b = *(const double *)pb;

	return (a > b) - (a < b);
}

static double median(double *list, size_t n)
{
	qsort(list, n, sizeof(*list), by_number);
	return n % 2 == 1 ? list[n / 2] : (list[n / 2 - 1] + list[n / 2]) / 2;
}

struct slot {                       /* of a bin among the days */
	int64_t day, hour;
};

/* Which bins tell what to expect of bin i. */
static size_t samples_of(const struct plan *p, const struct slot *at, size_t i, bool days, double *out)
{
	size_t n = 0;

	for (size_t j = 0; j < p->t.bin_count; j++) {
		int64_t apart = llabs(at[j].hour - at[i].hour);
		bool near = apart <= 1 || apart == 23;

		if (p->t.gap[j] || (days ? at[j].day == at[i].day || !near : j + 1 >= i && j <= i + 1))
			continue;
		out[n++] = (double)p->t.bins[j].total;
	}
	return n;
}

static void expect(struct plan *p)
{
	size_t n = p->t.bin_count, count;
	struct slot *at = ARENA_ARRAY(p->in->arena, struct slot, n);
	double *samples = ARENA_ARRAY(p->in->arena, double, n + 1);
	bool days = p->t.step <= HOUR && p->t.until - p->t.since > 2 * DAY;

	p->usual = ARENA_ARRAY(p->in->arena, double, n);
	p->low = ARENA_ARRAY(p->in->arena, double, n);
	p->high = ARENA_ARRAY(p->in->arena, double, n);
	p->odd = ARENA_ARRAY(p->in->arena, bool, n + 1);
	for (size_t i = 0; i < n; i++) {
		struct civil c = civil_from(p->t.since + (int64_t)i * p->t.step, p->in->zone);

		at[i] = (struct slot){ (int64_t)c.year * 512 + c.month * 32 + c.day, c.hour };
	}
	p->found->by_days = days;
	p->found->banded = p->t.alerts > 0;
	for (size_t i = 0; i < n && p->found->banded; i++) {
		double spread;

		count = samples_of(p, at, i, days, samples);
		if (count < (days ? SAMPLES_LEAST : OTHERS_LEAST)) {
			p->found->banded = false;
			break;
		}
		p->usual[i] = median(samples, count);
		for (size_t j = 0; j < count; j++)
			samples[j] = fabs(samples[j] - p->usual[i]);
		spread = fmax(MAD_TO_SIGMA * median(samples, count), sqrt(fmax(p->usual[i], 1)));
		p->low[i] = fmax(0, p->usual[i] - DEVIATIONS * spread);
		p->high[i] = p->usual[i] + DEVIATIONS * spread;
		p->odd[i] = (double)p->t.bins[i].total > p->high[i];
	}
}

/* How many alerts above the range. */
static double excess(const struct plan *p, size_t i)
{
	return (double)p->t.bins[i].total - p->high[i];
}

static size_t bin_of(const struct plan *p, instant t)
{
	return t < p->t.since || t >= p->t.until ? p->t.bin_count : (size_t)((t - p->t.since) / p->t.step);
}

static void report(struct plan *p)
{
	struct chart_finding *found = p->found;
	const struct analysis *an = p->in->analysis;
	size_t best = p->t.bin_count;

	found->alerts = p->t.alerts;
	found->counted = p->t.counted;
	found->machines = p->in->incident != NULL ? p->in->incident->host_count : 0;
	found->outside = p->t.outside;
	found->bin = p->t.step;
	found->gaps = p->t.gaps;
	found->peak_at = INSTANT_NONE;
	for (size_t i = 0; i < p->t.bin_count && found->banded; i++) {
		found->bursts += p->odd[i];
		if (p->odd[i] && (best == p->t.bin_count || excess(p, i) > excess(p, best)))
			best = i;
	}
	if (best < p->t.bin_count) {
		found->peak = p->t.bins[best].total;
		found->peak_at = p->t.since + (int64_t)best * p->t.step;
		found->usual = (uint64_t)llround(p->usual[best]);
		found->expected = (uint64_t)floor(p->high[best]);
	}
	for (uint32_t i = 0; i < an->queue_count; i++) {
		const struct incident *in = &an->incidents[i];
		size_t bin = bin_of(p, in->first);

		if (bin == p->t.bin_count || (p->in->incident != NULL && p->in->incident != in))
			continue;
		found->incidents++;
		found->ordinary += found->banded && !p->odd[bin];
	}
}

/* ---- marks of incidents ---- */

static void find_seen(struct plan *p)
{
	const struct analysis *an = p->in->analysis;
	/* by rule: the number of the incident, from 1, that it last spoke for */
	uint32_t *spoke = ARENA_ARRAY(p->in->arena, uint32_t, (an->week != NULL ? an->week->rule_count : 0) + 1);
	size_t room = 0;

	for (uint32_t i = 0; i < an->queue_count; i++)
		room += an->incidents[i].episode_count;
	p->seen = ARENA_ARRAY(p->in->arena, struct seen, room + 1);
	for (uint32_t i = 0; i < an->queue_count; i++) {
		const struct incident *in = &an->incidents[i];

		for (uint32_t j = 0; j < in->episode_count && (p->in->incident == NULL || p->in->incident == in); j++) {
			const struct episode *e = &an->episodes[in->episodes[j]];
			size_t bin = bin_of(p, e->first), at = p->seen_count;

			if (bin == p->t.bin_count || an->week->rules[e->rule].behaviour->response || spoke[e->rule] == i + 1)
				continue;
			spoke[e->rule] = i + 1;
			for (; at > 0 && (p->seen[at - 1].bin > bin ||
			                  (p->seen[at - 1].bin == bin && an->episodes[p->seen[at - 1].episode].severity < e->severity)); at--)
				p->seen[at] = p->seen[at - 1];
			p->seen[at] = (struct seen){ in->episodes[j], bin };
			p->seen_count++;
		}
	}
	p->found->marks = p->seen_count;
}

/* ---- what is drawn ---- */

static double x_of(const struct plan *p, size_t bin)
{
	return period_x(&p->t, p->t.since + (int64_t)bin * p->t.step + p->t.step / 2);
}

static double height_of(const struct plan *p, double value)
{
	return p->t.base - (p->t.base - p->t.top) * fmin(1, value / (double)p->t.values.top);
}

/* Stretches without a gap, each one polygon there and back. */
static void draw_band(const struct plan *p)
{
	double *xy = ARENA_ARRAY(p->in->arena, double, 4 * p->t.bin_count + 4);

	for (size_t i = 0, end; i < p->t.bin_count; i = end + 1) {
		size_t n = 0;

		for (end = i; end < p->t.bin_count && !p->t.gap[end]; end++)
			;
		for (size_t j = i; j < end; j++) {
			xy[n++] = x_of(p, j);
			xy[n++] = height_of(p, p->high[j]);
		}
		for (size_t j = end; j > i; j--) {
			xy[n++] = x_of(p, j - 1);
			xy[n++] = height_of(p, p->low[j - 1]);
		}
		if (end > i + 1)
			scene_polygon(p->sc, xy, n / 2, EXPECTED, NO_COLOUR, 0);
	}
}

static void draw_line(const struct plan *p)
{
	double *xy = ARENA_ARRAY(p->in->arena, double, 2 * p->t.bin_count + 2);

	for (size_t i = 0, end; i < p->t.bin_count; i = end + 1) {
		size_t n = 0;

		for (end = i; end < p->t.bin_count && !p->t.gap[end]; end++) {
			xy[n++] = x_of(p, end);
			xy[n++] = height_of(p, (double)p->t.bins[end].total);
		}
		if (n > 2)
			scene_polyline(p->sc, xy, n / 2, 0.9, VOLUME, DASH_NONE);
		else if (n == 2)
			scene_disc(p->sc, xy[0], xy[1], 2, VOLUME, NO_COLOUR, 0);
	}
}

/* Hours outside the range carry a ring, and their alerts are what the mark rests on; telemetry has no alerts. */
static void draw_odd(struct plan *p)
{
	double label_end = period_unit_width(&p->t);

	for (size_t i = 0; i < p->t.bin_count; i++) {
		const struct bin *b = &p->t.bins[i];
		double x = x_of(p, i);

		if (!p->odd[i])
			continue;
		scene_note(p->sc, words_fill(p->in->words, p->in->arena, "chart.volume.odd", "when",
		                             words_moment(p->in->words, p->in->arena, p->t.since + (int64_t)i * p->t.step, p->in->zone),
		                             "count", words_number(p->in->arena, b->total), "most",
		                             words_number(p->in->arena, (uint64_t)floor(p->high[i])), (char *)NULL),
		           p->t.keys + b->first, p->volume.counts == NULL ? b->count : 0);
		if (b->total > p->t.values.top) {
			p->found->clipped++;
			period_draw_clip(&p->t, p->sc, b->total, x - 2, 4, &label_end);
		} else {
			scene_disc(p->sc, x, period_y(&p->t, b->total), 2, WHITE, VOLUME, 1.1);
		}
	}
}

static void sort_stack(const struct plan *p, size_t from, size_t n)
{
	const struct episode *eps = p->in->analysis->episodes;

	for (size_t i = from + 1; i < from + n; i++) {
		struct seen s = p->seen[i];
		size_t at = i;

		for (; at > from && eps[p->seen[at - 1].episode].severity < eps[s.episode].severity; at--)
			p->seen[at] = p->seen[at - 1];
		p->seen[at] = s;
	}
}

/* The number on a cut peak, which may be wider than its hour, reaches below a stack at x. */
static bool below_is_number(const struct plan *p, size_t bin, double x)
{
	uint64_t total = p->t.bins[bin].total;
	double half = p->in->measure->width(p->in->measure->ctx, words_number(p->in->arena, total), AXIS_TYPE, FACE_BOLD) / 2;

	return total > p->t.values.top && p->odd[bin] && fabs(x_of(p, bin) - x) < half + STACK_HALF;
}

/* Where a stack over these bins stands: above the line there and its numbers, inside the picture. */
static double stack_y(const struct plan *p, size_t from, size_t to, size_t rows)
{
	double y = p->t.base, x = (x_of(p, from) + x_of(p, to)) / 2;

	for (size_t i = from > 0 ? from - 1 : 0; i <= to + 1 && i < p->t.bin_count; i++)
		y = fmin(y, height_of(p, (double)p->t.bins[i].total));
	y -= 8;
	for (size_t i = 0; i < p->t.bin_count; i++)
		if (below_is_number(p, i, x))
			y = fmin(y, p->t.top - CLIP_NUMBER - MARK - 0.5);
	return fmax(y, 4 + PITCH * (double)(rows - 1));
}

/* Where high stacks begin: behind the unit's label. */
static double clear_of_unit(const struct plan *p)
{
	return period_unit_width(&p->t) + 9;
}

/* One stack for bins that lie close, in two columns when there is more than one mark; the severest stand lowest. */
static void draw_stack(const struct plan *p, size_t from, size_t n)
{
	const struct analysis *an = p->in->analysis;
	const struct seen *s = p->seen + from;
	size_t shown = n <= STACK_MOST ? n : STACK_MOST - 1, rows = (shown + 2) / 2;
	double x = (x_of(p, s->bin) + x_of(p, s[n - 1].bin)) / 2, y = stack_y(p, s->bin, s[n - 1].bin, rows);

	sort_stack(p, from, n);
	x = fmin(fmax(x, y - PITCH * (double)rows < p->t.top - 4 ? clear_of_unit(p) : LEFT + 5), p->t.right - 9);
	for (size_t i = 0; i < n; i++) {
		const struct episode *e = &an->episodes[s[i].episode];
		size_t keys, at = i < shown ? i : shown;
		const uint64_t *proof = chart_proof(p->in, &s[i].episode, 1, &keys);

		scene_note(p->sc, arena_printf(p->in->arena, "%s %s", words_moment(p->in->words, p->in->arena, e->first, p->in->zone),
		                               prose_defanged(p->in->arena, an->week->rules[e->rule].rule.name)), proof, keys);
		if (i < shown)
			mark_severity(p->sc, n == 1 ? x : x - 3.6 + 7.2 * (double)(at % 2), y - PITCH * (double)(at / 2), MARK,
			              (enum severity)e->severity);
	}
	if (shown < n)
		scene_text(p->sc, x + 0.9, y - PITCH * (double)(shown / 2) + 2.2, 5.8, FACE_SEMIBOLD, ALIGN_LEFT, INK_2,
		           arena_printf(p->in->arena, "+%zu", n - shown));
}

static void draw_stacks(const struct plan *p)
{
	for (size_t i = 0, end; i < p->seen_count; i = end) {
		double begin = fmax(x_of(p, p->seen[i].bin), clear_of_unit(p));

		for (end = i; end < p->seen_count && x_of(p, p->seen[end].bin) - begin < STACK_APART; end++)
			;
		draw_stack(p, i, end - i);
	}
}

/* What the oddest hour held, on the side that has room. */
static void draw_callout(const struct plan *p)
{
	const struct chart_finding *found = p->found;
	const struct measure *m = p->in->measure;
	static const char *const counted[] = { "", ".connections", ".requests" };
	double x, w, w2;
	const char *head, *text;
	bool right;

	if (found->bursts == 0)
		return;
	x = x_of(p, bin_of(p, found->peak_at));
	head = words_moment(p->in->words, p->in->arena, found->peak_at, p->in->zone);
	text = words_fill(p->in->words, p->in->arena,
	                  arena_printf(p->in->arena, "chart.volume.callout%s%s", counted[found->counted], found->usual > 0 ? "" : ".none"),
	                  "count", words_number(p->in->arena, found->peak), "usual", words_number(p->in->arena, found->usual),
	                  (char *)NULL);
	w = m->width(m->ctx, head, 7.6, FACE_BOLD);
	w2 = m->width(m->ctx, text, 7.2, FACE_REGULAR);
	w = fmax(w, w2) + 4;
	right = fmax(x, clear_of_unit(p)) + BESIDE + w < p->t.right;
	scene_line(p->sc, x, x < clear_of_unit(p) ? p->t.top - 5 : 0.5, x, height_of(p, (double)found->peak), 0.5, BAR_DARK, DASH_NONE);
	/* A stack over the peak may have moved. */
	x = right ? fmax(x, clear_of_unit(p)) + BESIDE : x - BESIDE;
	scene_rect(p->sc, right ? x - 2 : x - w + 2, 0, w, 19.5, 0, WHITE, NO_COLOUR, 0);
	scene_text(p->sc, x, 7.6, 7.6, FACE_BOLD, right ? ALIGN_LEFT : ALIGN_RIGHT, INK, head);
	scene_text(p->sc, x, 17, 7.2, FACE_REGULAR, right ? ALIGN_LEFT : ALIGN_RIGHT, INK_2, text);
}

static struct scene *draw(const struct chart_input *in, struct chart_finding *found)
{
	struct plan p = { .in = in, .found = found };
	struct chart_input own = *in;
	double width = fmax(in->width, LEFT + 60);

	memset(found, 0, sizeof(*found));
	choose(&p, &own);
	expect(&p);
	find_seen(&p);
	report(&p);
	period_scale(&p.t, period_scale_to(&p.t, CLIP_FACTOR));
	p.sc = scene_new(in->arena, width, in->height > 0 ? fmax(in->height, HEIGHT_LEAST) : HEIGHT);
	p.t.left = LEFT;
	p.t.right = width;
	p.t.top = HEAD;
	p.t.base = scene_height(p.sc) - FOOT;
	period_ruler(&p.t, p.sc);
	if (found->alerts == 0) {
		scene_text(p.sc, (LEFT + width) / 2, (p.t.top + p.t.base) / 2, 8, FACE_REGULAR, ALIGN_CENTRE, INK_2,
		           words_get(in->words, "chart.noalerts"));
		return p.sc;
	}
	if (found->banded)
		draw_band(&p);
	period_draw_values(&p.t, p.sc);
	period_draw_gaps(&p.t, p.sc);
	draw_line(&p);
	draw_callout(&p);
	draw_odd(&p);
	draw_stacks(&p);
	return p.sc;
}

const struct chart chart_volume_anomalies = {
	.name = "volume-anomalies",
	.summary = "alerts an hour against what the other days make one expect, with marks of incidents; of an incident: the connections of its machines, where telemetry counts them",
	.of_incident = CHART_OF_EITHER,
	.draw = draw,
};
