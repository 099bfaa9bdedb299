/* tsumugi show: one incident, its story, why it ranks there, who takes part. */
#include <inttypes.h>
#include <string.h>

#include "analyst/readers/refang.h"
#include "render/cli/commands.h"
#include "render/cli/casefile.h"
#include "render/cli/making.h"
#include "render/export/sentences.h"

static const struct option options[] = {
	{ "--evidence", NULL, "prints the records behind each sentence" },
	{ "--limit", "N", "at most so many records for a sentence (default 10, 0: all)" },
	{ "--tz", "ZONE", "shows times in this zone: Asia/Tokyo, +09:00 (default: UTC)" },
	{ "--lang", "LANG", "en or ja" },
	{ "--json", NULL, "one object, for scripts" },
	PERIOD_OPTIONS,
	{ NULL, NULL, NULL },
};

struct showing {
	struct casefile cf;
	struct told told;
	struct terminal term;
	struct zone zone;
	enum language lang;
	uint32_t number;
	struct description d;
	bool evidence;
	int limit;                   /* records for a sentence; 0: all */
	struct text out;
	struct fault *f;
};

struct part_heading {
	enum part part;
	const char *key;
};

static const struct part_heading parts[] = {
	{ PART_STORY, "cli.story" },
	{ PART_MEANING, "cli.meaning" },
	{ PART_BENIGN, "cli.benign" },
	{ PART_UNKNOWN, "cli.unknown" },
	{ PART_ACTION, "cli.action" },
};
#define PARTS (sizeof(parts) / sizeof(parts[0]))

/* ---- the alerts behind a beat ---- */

static int add_record(struct showing *s, const struct mark *m)
{
	const struct rule *r = &s->cf.week->rules[m->rule].rule;
	const char *what;
	struct evidence e;
	char id[ALERT_ID_ROOM];
	struct text line = {0};

	if (store_evidence(&e, s->cf.store, m->row, s->cf.arena, s->f) < 0)
		return -1;
	alert_id(id, m->key);
	text_printf(&line, "%s  %s  ", story_when(s->lang, m->at, &s->zone, WHEN_DAY_TIME, s->cf.arena), id);
	text_add_shown(&line, e.source, strlen(e.source));
	text_printf(&line, ":%" PRId64 "  %s: ", e.line, r->product);
	what = e.title != NULL ? e.title : r->name;
	text_add_name(&line, what);
	text_printf(&s->out, "      %s", paint(&s->term, PAINT_DIM));
	text_add_cell(&s->out, text_str(&line), s->term.columns - 7, false);
	text_printf(&s->out, "%s\n", paint(&s->term, PAINT_OFF));
	for (uint32_t i = 0; i < e.also_count; i++) {
		text_clear(&line);
		text_printf(&line, "%s ", word(s->cf.phrases, s->lang, "cli.also"));
		text_add_shown(&line, e.also[i].source, strlen(e.also[i].source));
		text_printf(&line, ":%" PRId64, e.also[i].line);
		text_printf(&s->out, "        %s", paint(&s->term, PAINT_DIM));
		text_add_cell(&s->out, text_str(&line), s->term.columns - 9, false);
		text_printf(&s->out, "%s\n", paint(&s->term, PAINT_OFF));
	}
	if (e.raw != NULL) {
		text_clear(&line);
		text_add_shown(&line, e.raw, e.raw_size);
		text_add(&s->out, "        ");
		text_add(&s->out, prose_defanged(s->cf.arena, text_str(&line)));
		text_addc(&s->out, '\n');
	}
	text_free(&line);
	return 0;
}

static int add_evidence(struct showing *s, const struct beat *b)
{
	size_t n, most;
	const uint32_t *alerts = beat_alerts(&s->told, b, &n);

	most = s->limit > 0 && (size_t)s->limit < n ? (size_t)s->limit : n;
	for (size_t i = 0; i < most; i++)
		if (add_record(s, &s->cf.week->marks[alerts[i]]) < 0)
			return -1;
	if (most < n)
		text_printf(&s->out, "      + %s %s\n", story_count(s->lang, (int64_t)(n - most), s->cf.arena),
		            word(s->cf.phrases, s->lang, "cli.more"));
	return 0;
}

/* ---- pages ---- */

static void add_heading(struct showing *s, const char *key)
{
	text_printf(&s->out, "\n%s%s%s\n", paint(&s->term, PAINT_BOLD), word(s->cf.phrases, s->lang, key),
	            paint(&s->term, PAINT_OFF));
}

static void add_paragraph(struct showing *s, const char *lead, const char *text)
{
	struct text shown = {0}, indent = {0};

	text_add_shown(&shown, text, strlen(text));
	text_add(&s->out, lead);
	for (int i = text_columns(lead); i > 0; i--)
		text_addc(&indent, ' ');
	text_add_wrapped(&s->out, text_str(&shown), s->term.columns - text_columns(lead) - 1, text_str(&indent));
	text_addc(&s->out, '\n');
	text_free(&shown);
	text_free(&indent);
}

static void add_head(struct showing *s)
{
	const struct incident *in = s->d.incident;
	struct arena *a = s->cf.arena;
	const struct fact counts[] = {
		{ .name = "alerts", .kind = FACT_NUMBER, .value = in->alert_count },
		{ .name = "episodes", .kind = FACT_NUMBER, .value = in->episode_count },
	};

	const char *priority = table_name(priorities, (int)in->priority);

	if (s->lang == LANGUAGE_JA)
		priority = word(s->cf.phrases, s->lang, arena_printf(a, "priority.%s", priority));
	text_printf(&s->out, "%s%s%s  %s%s%s  %s %.1f  ", paint(&s->term, PAINT_BOLD), in->id,
	            paint(&s->term, PAINT_OFF), paint_priority(&s->term, (int)in->priority),
	            priority, paint(&s->term, PAINT_OFF),
	            word(s->cf.phrases, s->lang, "cli.score"), in->score);
	if (in->rank > 0)
		text_printf(&s->out, "%u / %u\n", in->rank, s->cf.an->queue_count);
	else
		text_printf(&s->out, "%s\n", word(s->cf.phrases, s->lang, "cli.below"));
	text_add(&s->out, paint(&s->term, PAINT_BOLD));
	add_paragraph(s, "", s->d.title);
	text_add(&s->out, paint(&s->term, PAINT_OFF));
	add_paragraph(s, "", arena_printf(a, s->lang == LANGUAGE_JA ? "%s、%s" : "%s; %s",
	                                  story_range(s->lang, in->first, in->last, &s->zone, WHEN_FULL, a),
	                                  word_with(s->cf.phrases, s->lang, "cli.counts", counts, 2, &s->zone, a)));
}

static int add_part(struct showing *s, const struct part_heading *p)
{
	size_t n;
	const struct sentence *told = story_sentences(s->cf.phrases, s->lang, REGISTER_WEEKLY, s->d.story, p->part,
	                                              &s->zone, s->cf.arena, &n);

	if (n == 0)
		return 0;
	add_heading(s, p->key);
	for (size_t i = 0; i < n; i++) {
		add_paragraph(s, "  ", sentence_plain(&told[i], s->cf.arena));
		if (s->evidence && told[i].beat != NULL && add_evidence(s, told[i].beat) < 0)
			return -1;
	}
	return 0;
}

static void add_factors(struct showing *s)
{
	add_heading(s, "cli.factors");
	for (uint32_t i = 0; i < s->d.incident->factor_count; i++) {
		const struct factor *fa = &s->d.incident->factors[i];
		char points[32];

		snprintf(points, sizeof(points), "  %+6.1f  ", fa->points);
		add_paragraph(s, points, story_factor(s->cf.phrases, s->lang, fa, s->cf.arena));
	}
}

/* Factors of a few points are not worth the work of lowering them. */
#define WORTH_LOWERING 5.0

static void add_lowering(struct showing *s)
{
	add_heading(s, "cli.lower");
	for (uint32_t i = 0; i < s->d.incident->factor_count; i++) {
		const struct factor *fa = &s->d.incident->factors[i];
		const char *lower = story_factor_lower(s->cf.phrases, s->lang, fa, s->cf.arena);

		if (lower != NULL && fa->points >= WORTH_LOWERING)
			add_paragraph(s, "  ", lower);
	}
}

static void add_timeline(struct showing *s)
{
	bool any = false;

	for (size_t i = 0; i < s->d.story->beat_count; i++) {
		const struct beat *b = &s->d.story->beats[i];
		struct sentence label;
		struct text lead = {0};

		if (b->part != PART_STORY || b->at == INSTANT_NONE)
			continue;
		if (!any)
			add_heading(s, "cli.timeline");
		any = true;
		label = story_label(s->cf.phrases, s->lang, b, &s->zone, s->cf.arena);
		text_printf(&lead, "  %-17s ", story_when(s->lang, b->at, &s->zone, WHEN_DAY_TIME, s->cf.arena));
		if (b->technique != NULL)
			text_printf(&lead, "%-10s", b->technique);
		else
			text_printf(&lead, "%-10s", "");
		add_paragraph(s, text_str(&lead), sentence_plain(&label, s->cf.arena));
		text_free(&lead);
	}
}

/* "T1190 Exploit Public-Facing Application; T1505.003 Web Shell". */
static void add_techniques(struct showing *s)
{
	struct text list = {0};

	for (size_t i = 0; i < s->d.techniques.count; i++) {
		const char *id = s->d.techniques.items[i], *name = attack_name(knowledge_attack(s->cf.knowledge), id);

		text_printf(&list, "%s%s%s%s", i > 0 ? "; " : "", id, name != NULL ? " " : "", name != NULL ? name : "");
	}
	if (s->d.techniques.count > 0) {
		add_heading(s, "cli.techniques");
		add_paragraph(s, "  ", text_str(&list));
	}
	text_free(&list);
}

static bool is_on_disk(const struct week_entity *e)
{
	if (e->kind == ENTITY_COMMAND)
		return strstr(e->shown, "://") == NULL;
	return e->kind == ENTITY_PROCESS || e->kind == ENTITY_PATH || e->kind == ENTITY_FILE;
}

/* One line a kind: "domain   a[.]example, b[.]example + 12". */
static void add_entities(struct showing *s)
{
	add_heading(s, "cli.entities");
	for (int kind = 0; kind < ENTITY_KINDS; kind++) {
		struct text list = {0};
		char lead[32];
		size_t n = 0;

		for (size_t i = 0; i < s->d.entity_count; i++) {
			const struct week_entity *e = &s->cf.week->entities[s->d.entities[i]];

			if ((int)e->kind != kind || n++ >= 12)
				continue;
			text_add(&list, n > 1 ? ", " : "");
			/* A program's name is no host's, and reads better whole. */
			if ((e->internal || is_on_disk(e)) && strstr(e->shown, "://") == NULL)
				text_add_shown(&list, e->shown, strlen(e->shown));
			else
				text_add_name(&list, e->shown);
		}
		if (n > 12)
			text_printf(&list, " + %zu", n - 12);
		snprintf(lead, sizeof(lead), "  %-12s ", table_name(entity_kinds, kind));
		if (n > 0)
			add_paragraph(s, lead, text_str(&list));
		text_free(&list);
	}
}

/* Why it does not count. */
static void add_lapse(struct showing *s, struct text *line, const struct indicator *in)
{
	instant at = in->withdrawn ? in->stated : in->valid_until;
	char day[INSTANT_ROOM] = "";
	struct fact when = { .name = "when", .kind = FACT_TEXT, .text = day };

	if (at != INSTANT_NONE)
		instant_utc(day, at);
	day[strcspn(day, "T")] = '\0';      /* the year matters here, and the hour does not */
	text_printf(line, "  %s", word_with(s->cf.phrases, s->lang, in->withdrawn ? "cli.withdrawn" : "cli.lapsed", &when,
	                                    at != INSTANT_NONE, &s->zone, s->cf.arena));
}

static void add_indicator(struct showing *s, const struct indicator *in, bool lapsed)
{
	struct text line = {0};
	char lead[32];

	text_add_name(&line, in->value);
	if (in->context != NULL) {
		text_add(&line, "  ");
		text_add_name(&line, in->context);
	}
	if (in->list != NULL) {
		text_add(&line, "  (");
		text_add_name(&line, in->list);
		text_addc(&line, ')');
	}
	if (lapsed)
		add_lapse(s, &line, in);
	snprintf(lead, sizeof(lead), "  %-12s ", table_name(indicator_kinds, (int)in->kind));
	add_paragraph(s, lead, text_str(&line));
	text_free(&line);
}

/* What had expired before it was seen counts for nothing, but whoever looks wants to know of it. */
static void add_indicators(struct showing *s)
{
	bool headed = s->d.indicator_count > 0;

	if (headed)
		add_heading(s, "cli.indicators");
	for (size_t i = 0; i < s->d.indicator_count; i++)
		add_indicator(s, s->d.indicators[i], false);
	for (size_t i = 0; i < s->d.entity_count; i++) {
		const struct indicator *lapsed = s->cf.week->entities[s->d.entities[i]].lapsed;

		if (lapsed == NULL)
			continue;
		if (!headed)
			add_heading(s, "cli.indicators");
		headed = true;
		add_indicator(s, lapsed, true);
	}
}

/* Those of the incident that a list of assets names, as it lists them. */
static void add_assets(struct showing *s)
{
	bool any = false;

	for (size_t i = 0; i < s->d.entity_count; i++) {
		const struct week_entity *e = &s->cf.week->entities[s->d.entities[i]];
		struct text line = {0};
		char lead[40];

		if (e->asset == NULL)
			continue;
		if (!any)
			add_heading(s, "cli.assets");
		any = true;
		text_add_shown(&line, e->shown, strlen(e->shown));
		text_printf(&line, "  (%s", story_criticality(s->cf.phrases, s->lang, e->asset->criticality, s->cf.arena));
		if (e->asset->role != NULL) {
			text_add(&line, "; ");
			text_add_shown(&line, e->asset->role, strlen(e->asset->role));
		}
		if (e->asset->owner != NULL) {
			text_add(&line, "; ");
			text_add_shown(&line, e->asset->owner, strlen(e->asset->owner));
		}
		text_addc(&line, ')');
		snprintf(lead, sizeof(lead), "  %-12s ", table_name(asset_kinds, (int)e->asset->kind));
		add_paragraph(s, lead, text_str(&line));
		text_free(&line);
	}
}

static int show_page(struct showing *s)
{
	add_head(s);
	for (size_t i = 0; i < PARTS; i++)
		if (add_part(s, &parts[i]) < 0)
			return -1;
	add_factors(s);
	add_lowering(s);
	add_timeline(s);
	add_techniques(s);
	add_entities(s);
	add_assets(s);
	add_indicators(s);
	return 0;
}

/* ---- JSON ---- */

static void json_links(struct showing *s)
{
	const struct incident *in = s->d.incident;

	text_add(&s->out, ",\n\"links\":[");
	for (uint32_t i = 0; i < in->link_count; i++) {
		const struct link *l = &in->links[i];

		text_printf(&s->out, "%s{\"a\":\"EP-%06" PRIu32 "\",\"b\":\"EP-%06" PRIu32 "\",\"reason\":\"%s\",\"weight\":%.3f",
		            i > 0 ? ",\n" : "\n", l->a + 1, l->b + 1, table_name(link_reasons, (int)l->reason), l->weight);
		if (l->entity != NO_ENTITY) {
			text_add(&s->out, ",\"shared\":");
			text_add_json(&s->out, s->cf.week->entities[l->entity].value);
		}
		text_addc(&s->out, '}');
	}
	text_addc(&s->out, ']');
}

static void json_asset(struct showing *s, const struct asset *a)
{
	if (a == NULL)
		return;
	text_printf(&s->out, ",\"asset\":{\"criticality\":\"%s\"", table_name(criticalities, (int)a->criticality));
	if (a->role != NULL) {
		text_add(&s->out, ",\"role\":");
		text_add_json(&s->out, a->role);
	}
	if (a->owner != NULL) {
		text_add(&s->out, ",\"owner\":");
		text_add_json(&s->out, a->owner);
	}
	text_addc(&s->out, '}');
}

static void json_entities(struct showing *s)
{
	text_add(&s->out, ",\n\"entities\":[");
	for (size_t i = 0; i < s->d.entity_count; i++) {
		const struct week_entity *e = &s->cf.week->entities[s->d.entities[i]];

		text_printf(&s->out, "%s{\"kind\":\"%s\",\"value\":", i > 0 ? ",\n" : "\n",
		            table_name(entity_kinds, (int)e->kind));
		text_add_json(&s->out, e->value);
		text_printf(&s->out, ",\"internal\":%s", e->internal ? "true" : "false");
		if (e->indicator != NULL) {
			text_add(&s->out, ",\"indicator\":");
			text_add_json(&s->out, e->indicator->value);
		}
		json_asset(s, e->asset);
		if (e->lapsed != NULL) {
			const bool withdrawn = e->lapsed->withdrawn;

			text_add(&s->out, withdrawn ? ",\"withdrawn_indicator\":" : ",\"expired_indicator\":");
			text_add_json(&s->out, e->lapsed->value);
			json_instant(&s->out, withdrawn ? "withdrawn" : "expired", withdrawn ? e->lapsed->stated : e->lapsed->valid_until);
		}
		text_addc(&s->out, '}');
	}
	text_addc(&s->out, ']');
}

static void json_techniques(struct showing *s)
{
	text_printf(&s->out, ",\n\"attack\":{\"release\":\"%s\",\"techniques\":[",
	            attack_release(knowledge_attack(s->cf.knowledge)));
	for (size_t i = 0; i < s->d.techniques.count; i++) {
		const char *name = attack_name(knowledge_attack(s->cf.knowledge), s->d.techniques.items[i]);

		text_add(&s->out, i > 0 ? ",{\"id\":" : "{\"id\":");
		text_add_json(&s->out, s->d.techniques.items[i]);
		text_add(&s->out, ",\"name\":");
		if (name != NULL)
			text_add_json(&s->out, name);
		else
			text_add(&s->out, "null");
		text_addc(&s->out, '}');
	}
	text_add(&s->out, "]}");
}

static void show_json(struct showing *s)
{
	describe_json(&s->out, &s->d, &s->told, s->lang);
	text_add(&s->out, ",\"sentences\":");
	json_sentences(&s->out, &s->told, s->d.story, REGISTER_WEEKLY, &s->zone);
	json_techniques(s);
	json_links(s);
	json_entities(s);
	text_add(&s->out, "}\n");
}

static int show(struct showing *s, const struct cli *c)
{
	if (casefile_incident(&s->number, &s->cf, c->arguments[0], s->f) < 0)
		return -1;
	casefile_tell(&s->cf, s->number);
	s->told = casefile_told(&s->cf);
	describe(&s->d, &s->told, s->number, s->lang, &s->zone);
	if (cli_has(c, "--json"))
		show_json(s);
	else if (show_page(s) < 0)
		return -1;
	return print_text(&s->out, s->f);
}

static int run(struct cli *c, struct fault *f)
{
	struct showing s = { .evidence = cli_has(c, "--evidence"), .f = f };
	instant since, until;
	int rc = -1;

	if (cli_language(&s.lang, c, f) < 0 || cli_zone(&s.zone, c, f) < 0)
		return -1;
	if (cli_period(&since, &until, c, &s.zone, f) == 0 && terminal_ask(&s.term, c, f) == 0 &&
	    cli_number(&s.limit, c, "--limit", 0, 1000000, 10, f) == 0 && casefile_open(&s.cf, c, f) == 0) {
		casefile_view(&s.cf, since, until);
		rc = show(&s, c);
		text_free(&s.out);
		casefile_close(&s.cf);
	}
	zone_free(&s.zone);
	return rc < 0 ? -1 : STATUS_DONE;
}

const struct command command_show = {
	.name = "show", .arguments = "INCIDENT",
	.summary = "tells one incident: story, why it ranks there, timeline, entities, indicators",
	.more = "INCIDENT is a rank in the queue (1) or an id (INC-2021W10-01).", .least = 1, .most = 1,
	.options = options, .run = run,
};
