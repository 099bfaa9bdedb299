/* tsumugi incidents: the ranked queue. */
#include <string.h>

#include "render/cli/commands.h"
#include "analyst/model/view.h"
#include "render/cli/making.h"

static const struct option options[] = {
	{ "--all", NULL, "also what stayed below the line" },
	PERIOD_OPTIONS,
	{ "--tz", "ZONE", "shows times in this zone: Asia/Tokyo, +09:00 (default: UTC)" },
	{ "--lang", "LANG", "en or ja" },
	{ "--json", NULL, "one array, for scripts" },
	{ NULL, NULL, NULL },
};

struct listing {
	const struct casefile *cf;
	struct told told;
	struct terminal term;
	struct zone zone;
	enum language lang;
	bool all;
	struct text out;
	unsigned shown;
};

static bool listed(const struct listing *l, const struct incident *in)
{
	return in->rank > 0 || l->all;
}

/* ---- JSON ---- */

static void list_json(struct listing *l)
{
	text_addc(&l->out, '[');
	for (uint32_t i = 0; i < l->cf->an->incident_count; i++) {
		struct description d;

		if (!listed(l, &l->cf->an->incidents[i]))
			continue;
		describe(&d, &l->told, i, l->lang, &l->zone);
		text_add(&l->out, l->shown++ > 0 ? ",\n" : "");
		describe_json(&l->out, &d, &l->told, l->lang);
		text_addc(&l->out, '}');
	}
	text_add(&l->out, "]\n");
}

/* ---- table ---- */

/* Fixed columns; what the title and the hosts get is left over. On a narrow terminal
 * first the hosts give way, whom the title names, then the length. */
enum { RANK = 4, PRIORITY = 9, SCORE = 6, FIRST = 17, LENGTH = 13, ALERTS = 8, HOSTS = 28, TITLE_GOOD = 44 };

struct widths {
	int length, hosts, title;    /* 0: left out */
};

static struct widths choose_widths(const struct terminal *t)
{
	int left = t->columns - (RANK + PRIORITY + SCORE + FIRST + ALERTS);
	struct widths w = { LENGTH, HOSTS, 1000 };

	if (!t->bounded)
		return w;
	w.hosts = left - LENGTH - TITLE_GOOD;
	if (w.hosts > HOSTS)
		w.hosts = HOSTS;
	if (w.hosts < 12)
		w.hosts = 0;
	if (left - LENGTH < TITLE_GOOD)
		w.length = 0;
	w.title = left - w.length - w.hosts;
	if (w.title < 12)
		w.title = 12;
	return w;
}

static void hosts_cell(struct text *t, const struct description *d)
{
	text_clear(t);
	for (size_t i = 0; i < d->hosts.count && i < 4; i++) {
		text_add(t, i > 0 ? ", " : "");
		text_add_shown(t, d->hosts.items[i], strlen(d->hosts.items[i]));
	}
	if (d->hosts.count > 4)
		text_printf(t, " +%zu", d->hosts.count - 4);
}

static void right_cell(struct text *t, const char *s, int columns)
{
	for (int i = text_columns(s); i < columns - 1; i++)
		text_addc(t, ' ');
	text_add(t, s);
	text_addc(t, ' ');
}

/* The title is what people read: it is broken to lines rather than cut. */
static void add_title(struct listing *l, const char *title, const struct widths *w)
{
	struct text indent = {0};

	for (int i = RANK + PRIORITY + SCORE + FIRST + ALERTS + w->length + w->hosts; i > 0; i--)
		text_addc(&indent, ' ');
	text_add_wrapped(&l->out, title, w->title, text_str(&indent));
	text_free(&indent);
}

static const char *list_word(const struct listing *l, const char *group, const char *name)
{
	return word(l->cf->phrases, l->lang, arena_printf(l->cf->arena, "%s.%s", group, name));
}

static void list_row(struct listing *l, uint32_t number, const struct widths *w)
{
	const struct incident *in = &l->cf->an->incidents[number];
	struct arena *a = l->cf->arena;
	struct civil c = civil_from(in->first, &l->zone);
	const char *priority = table_name(priorities, (int)in->priority);
	struct description d;
	struct text cell = {0};

	describe(&d, &l->told, number, l->lang, &l->zone);
	right_cell(&l->out, in->rank > 0 ? arena_printf(a, "%u", in->rank) : "-", RANK);
	text_add(&l->out, paint_priority(&l->term, (int)in->priority));
	text_add_cell(&l->out, l->lang == LANGUAGE_JA ? list_word(l, "priority", priority) : priority, PRIORITY, true);
	text_add(&l->out, paint(&l->term, PAINT_OFF));
	right_cell(&l->out, arena_printf(a, "%.1f", in->score), SCORE);
	text_add_cell(&l->out, arena_printf(a, "%04d-%02d-%02d %02d:%02d", c.year, c.month, c.day, c.hour, c.minute),
	              FIRST, true);
	if (w->length > 0) {
		text_add_cell(&l->out, story_span(l->lang, in->last - in->first, a), w->length - 1, true);
		text_addc(&l->out, ' ');
	}
	right_cell(&l->out, story_count(LANGUAGE_EN, view_alerts_of(l->cf->an, in), a), ALERTS);
	if (w->hosts > 0) {
		hosts_cell(&cell, &d);
		text_add_cell(&l->out, text_str(&cell), w->hosts - 1, true);
		text_addc(&l->out, ' ');
		text_clear(&cell);
	}
	text_add_shown(&cell, d.title, strlen(d.title));
	add_title(l, text_str(&cell), w);
	text_addc(&l->out, '\n');
	text_free(&cell);
}

static void list_heading(struct listing *l, const struct widths *w)
{
	text_add(&l->out, paint(&l->term, PAINT_BOLD));
	right_cell(&l->out, "#", RANK);
	text_add_cell(&l->out, list_word(l, "list", "priority"), PRIORITY, true);
	right_cell(&l->out, list_word(l, "list", "score"), SCORE);
	text_add_cell(&l->out, list_word(l, "list", "first"), FIRST, true);
	if (w->length > 0)
		text_add_cell(&l->out, list_word(l, "list", "lasted"), w->length, true);
	right_cell(&l->out, list_word(l, "list", "alerts"), ALERTS);
	if (w->hosts > 0)
		text_add_cell(&l->out, list_word(l, "list", "hosts"), w->hosts, true);
	text_add(&l->out, list_word(l, "list", "what"));
	text_add(&l->out, paint(&l->term, PAINT_OFF));
	text_addc(&l->out, '\n');
}

#define F_COUNT(n, v) { .name = (n), .kind = FACT_NUMBER, .value = (int64_t)(v) }
/* With every digit, also where the language would round. */
#define F_EXACT(n, v) { .name = (n), .kind = FACT_TEXT, .text = story_count(LANGUAGE_EN, (int64_t)(v), a) }

/* Every alert is accounted for. */
static void list_totals(struct listing *l)
{
	const struct analysis *an = l->cf->an;
	struct arena *a = l->cf->arena;
	uint64_t alerts = view_alerts(an), queued = 0, minor = 0, lone;

	for (uint32_t i = 0; i < an->incident_count; i++) {
		if (an->incidents[i].rank > 0)
			queued += view_alerts_of(an, &an->incidents[i]);
		else
			minor += view_alerts_of(an, &an->incidents[i]);
	}
	lone = alerts - queued - minor;

	struct fact facts[13] = {
		F_COUNT("alerts", alerts), F_EXACT("alerts-exact", alerts), F_COUNT("told", queued), F_EXACT("told-exact", queued),
		F_COUNT("queue", an->queue_count), F_COUNT("minor", minor), F_EXACT("minor-exact", minor),
		F_COUNT("below", an->incident_count - an->queue_count), F_COUNT("lone", lone), F_EXACT("lone-exact", lone),
		{ .name = "zone", .kind = FACT_TEXT, .text = l->zone.name },
	};
	size_t n = 11;

	if (an->view != NULL)
		facts[n++] = (struct fact)F_COUNT("within", 1);
	if (!l->all)
		facts[n++] = (struct fact)F_COUNT("hidden", 1);
	text_add(&l->out, paint(&l->term, PAINT_DIM));
	text_add_wrapped(&l->out, word_with(l->cf->phrases, l->lang, "list.totals", facts, n, &l->zone, a),
	                 l->term.bounded ? l->term.columns : 1000, "");
	text_add(&l->out, paint(&l->term, PAINT_OFF));
	text_addc(&l->out, '\n');
}

static void list_table(struct listing *l)
{
	struct widths w = choose_widths(&l->term);

	for (uint32_t i = 0; i < l->cf->an->incident_count; i++) {
		if (!listed(l, &l->cf->an->incidents[i]))
			continue;
		if (l->shown++ == 0)
			list_heading(l, &w);
		list_row(l, i, &w);
	}
	if (l->shown == 0)
		text_printf(&l->out, "%s\n", list_word(l, "list", "none"));
	list_totals(l);
}

static int run(struct cli *c, struct fault *f)
{
	struct listing l = { .all = cli_has(c, "--all") };
	instant since, until;
	struct casefile cf;
	int rc = -1;

	if (cli_language(&l.lang, c, f) < 0 || cli_zone(&l.zone, c, f) < 0)
		return -1;
	if (cli_period(&since, &until, c, &l.zone, f) == 0 && terminal_ask(&l.term, c, f) == 0 &&
	    casefile_open(&cf, c, f) == 0) {
		casefile_view(&cf, since, until);
		if (l.all)
			casefile_tell_all(&cf);
		l.cf = &cf;
		l.told = casefile_told(&cf);
		if (cli_has(c, "--json"))
			list_json(&l);
		else
			list_table(&l);
		rc = print_text(&l.out, f);
		text_free(&l.out);
		casefile_close(&cf);
	}
	zone_free(&l.zone);
	return rc < 0 ? -1 : l.shown > 0 ? STATUS_DONE : STATUS_PARTIAL;
}

const struct command command_incidents = {
	.name = "incidents", .summary = "prints the ranked queue: what a SOC should look at this week",
	.options = options, .run = run,
};
