/* A small analysis made by hand, for the tests of the charts: the story of EXCH01 as the sample week has
 * it, or whatever a test appends. */
#ifndef TSUMUGI_CHART_FIXTURE_H
#define TSUMUGI_CHART_FIXTURE_H

#include <stdio.h>
#include <string.h>

#include "analyst/base/columns.h"
#include "analyst/base/text.h"
#include "timeline/charts.h"

#define FIXTURE_MOST 700
#define FIXTURE_MARKS 12000

struct fixture {
	struct arena *arena;
	struct zone zone;
	struct measure measure;
	struct chart_words words;
	struct week week;
	struct analysis analysis;
	struct narrative story;
	struct chart_input in;
	struct week_rule rules[FIXTURE_MOST];
	struct behaviour behaviours[FIXTURE_MOST];
	struct week_entity entities[FIXTURE_MOST];
	struct mark marks[FIXTURE_MARKS];
	struct episode episodes[FIXTURE_MOST];
	uint32_t alerts[FIXTURE_MARKS];
	struct incident incidents[64];
	uint32_t own_episodes[FIXTURE_MOST];
	uint32_t hosts[FIXTURE_MOST];
	struct beat beats[FIXTURE_MOST];
	const char *labels[64];
};

/* Monospaced: a Latin character is half the size wide, a Japanese one the size. */
static double fixture_width(void *ctx, const char *s, double size, enum face face)
{
	size_t n = strlen(s), used = 0, taken;
	int columns = 0;

	(void)ctx;
	while (used < n) {
		columns += rune_columns(utf8_next(s + used, n - used, &taken));
		used += taken;
	}
	return columns * size * (face == FACE_MONO || face == FACE_BOLD ? 0.58 : 0.52);
}

static const char *fixture_word(void *ctx, const char *key)
{
	static const char *const words[][2] = {
		{ "chart.day", "{weekday} {day}" }, { "chart.date", "{day} {month}" },
		{ "chart.moment", "{weekday} {day} {month} {time}" }, { "chart.truetime", "True time ({zone})" },
		{ "chart.alerts.one", "{count} alert" }, { "chart.alerts.many", "{count} alerts" },
		{ "chart.perhours", "alerts / {n} h" }, { "chart.norecords", "no records" },
		{ "chart.noalerts", "No alerts" }, { "chart.noevents", "No events" },
		{ "chart.moreincidents.many", "+{count} more incidents" },
		{ "chart.others.hosts", "{count} other machines" },
		{ "chart.others.outside", "{count} other outside parties" },
		{ "chart.others.attackers", "{count} other outside addresses" },
		{ "lane.attacker", "External attacker" }, { "lane.outside", "Outside party" },
		{ "lane.response", "Automatic response" }, { "lane.analyst", "Analyst" }, { "lane.unknown", "Not named" },
		{ "lane.role.story.download", "Download site" }, { "lane.role.story.beacon", "C2 channel" },
		{ "lane.role.story.mining", "Mining pool" }, { "lane.role.story.upload", "Cloud storage" },
		{ "tactic.2", "Initial access" }, { "tactic.3", "Execution" }, { "tactic.11", "Command and control" },
		{ "tactic.12", "Exfiltration" }, { "tactic.13", "Impact" }, { "tactic.short.2", "Access" },
		{ "tactic.short.3", "Execution" }, { "tactic.short.11", "C2" }, { "tactic.short.13", "Impact" },
		{ "chart.weekday.0", "Sun" }, { "chart.weekday.1", "Mon" }, { "chart.weekday.2", "Tue" },
		{ "chart.weekday.3", "Wed" }, { "chart.weekday.4", "Thu" }, { "chart.weekday.5", "Fri" },
		{ "chart.weekday.6", "Sat" }, { "chart.month.3", "Mar" },
	};

	(void)ctx;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(words[i][0], key) == 0)
			return words[i][1];
	return strncmp(key, "chart.month.", 12) == 0 ? "Mon" : key;
}

static instant fixture_at(struct fixture *fx, int day, int hour, int minute, int second)
{
	return civil_to_instant(2021, 3, day, hour, minute, second, &fx->zone);
}

static struct fixture *fixture_new(void)
{
	struct arena *a = arena_new();
	struct fixture *fx = arena_alloc(a, sizeof(*fx));

	fx->arena = a;
	zone_load(&fx->zone, "JST", NULL);
	fx->measure.width = fixture_width;
	fx->words.word = fixture_word;
	fx->week.rules = fx->rules;
	fx->week.entities = fx->entities;
	fx->week.marks = fx->marks;
	fx->analysis.week = &fx->week;
	fx->analysis.episodes = fx->episodes;
	fx->analysis.incidents = fx->incidents;
	fx->story.beats = fx->beats;
	fx->incidents[0].episodes = fx->own_episodes;
	fx->incidents[0].hosts = fx->hosts;
	fx->in = (struct chart_input){ .analysis = &fx->analysis, .incident = &fx->incidents[0], .story = &fx->story,
	                               .zone = &fx->zone, .measure = &fx->measure, .words = &fx->words,
	                               .arena = a, .width = 499.28 };
	return fx;
}

static void fixture_free(struct fixture *fx)
{
	arena_free(fx->arena);
}

static uint32_t fixture_entity(struct fixture *fx, enum entity_kind kind, const char *name, bool internal)
{
	for (uint32_t i = 0; i < fx->week.entity_count; i++)
		if (strcmp(fx->entities[i].value, name) == 0)
			return i;
	fx->entities[fx->week.entity_count] =
		(struct week_entity){ .kind = kind, .value = name, .shown = name, .internal = internal };
	return fx->week.entity_count++;
}

/* n alerts of one new rule, a minute apart, as one episode of the incident. Call in time order. */
static uint32_t fixture_episode(struct fixture *fx, const char *rule, int tactic, const char *technique,
                                uint32_t host, instant at, uint32_t n, enum severity severity)
{
	uint32_t r = fx->week.rule_count++, e = fx->analysis.episode_count++;
	struct episode *ep = &fx->episodes[e];

	fx->behaviours[r] = (struct behaviour){ .key = "x", .tactic = tactic, .technique = technique };
	fx->rules[r].rule.product = "test";
	fx->rules[r].rule.name = rule;
	fx->rules[r].behaviour = &fx->behaviours[r];
	*ep = (struct episode){ .rule = r, .host = host, .first = at, .last = at + (instant)(n - 1) * MINUTE, .count = n,
	                        .alerts = &fx->alerts[fx->week.mark_count], .severity = (uint8_t)severity };
	for (uint32_t i = 0; i < n; i++) {
		uint32_t m = fx->week.mark_count++;

		fx->alerts[m] = m;
		fx->marks[m] = (struct mark){ .at = at + (instant)i * MINUTE, .until = at + (instant)i * MINUTE,
		                              .key = 1000 + m, .rule = r, .severity = (uint8_t)severity };
		if (m == 0 || fx->marks[m].at < fx->week.first)
			fx->week.first = fx->marks[m].at;
		if (fx->marks[m].at > fx->week.last)
			fx->week.last = fx->marks[m].at;
	}
	fx->own_episodes[fx->incidents[0].episode_count++] = e;
	fx->incidents[0].alert_count += n;
	return e;
}

static struct beat *fixture_beat(struct fixture *fx, const char *key, instant at, int tactic, const char *actor,
                                 const char *object)
{
	struct beat *b = &fx->beats[fx->story.beat_count++];

	*b = (struct beat){ .part = PART_STORY, .key = key, .at = at, .until = at, .tactic = tactic,
	                    .actor_lane = actor, .object_lane = object,
	                    .facts = ARENA_ARRAY(fx->arena, struct fact, BEAT_FACTS) };
	return b;
}

/* The break-in of the sample week: attacker, one server, four outside parties, three blocks. */
static inline void fixture_story(struct fixture *fx)
{
	static const struct {
		const char *key, *actor, *object, *rule, *technique;
		int day, hour, minute, second, hold, tactic, response;
	} rows[] = {
		{ "story.exploit", "203.0.113.45", "EXCH01", "Exploit", "T1190", 11, 9, 12, 4, 0, 2, 0 },
		{ "story.download", "EXCH01", "microsoftsoftwaredownload.com", "PowerShell", "T1059.001", 11, 9, 14, 31, 0, 3, 0 },
		{ "story.download", "microsoftsoftwaredownload.com", "EXCH01", "Masquerade", "T1204", 11, 9, 14, 38, 0, 3, 0 },
		{ "story.block", NULL, "microsoftsoftwaredownload.com", "Block", NULL, 11, 9, 14, 46, 120, -1, 1 },
		{ "story.beacon", "EXCH01", "telegra.ph", "Beacon", "T1071.001", 11, 9, 17, 5, 0, 11, 0 },
		{ "story.block", NULL, "telegra.ph", "Block C2", NULL, 11, 9, 26, 12, 240, -1, 1 },
		{ "story.mining", "EXCH01", "198.98.61.152", "Mining", "T1496", 11, 9, 31, 20, 0, 13, 0 },
		{ "story.block", NULL, "198.98.61.152", "Block pool", NULL, 11, 9, 31, 31, 240, -1, 1 },
		{ "story.upload", "EXCH01", "od.lk", "Upload", "T1567.002", 11, 9, 40, 8, 0, 12, 0 },
		{ "story.block", NULL, "EXCH01", "Pattern of life", NULL, 11, 9, 52, 5, 120, -1, 1 },
		{ "story.analyst", NULL, "EXCH01", "Note", NULL, 11, 10, 6, 0, 0, -1, 0 },
	};
	uint32_t host = fixture_entity(fx, ENTITY_HOST, "EXCH01", true);

	fx->hosts[0] = host;
	fx->incidents[0].host_count = 1;
	snprintf(fx->incidents[0].id, sizeof(fx->incidents[0].id), "INC-2021W10-01");
	fx->incidents[0].rank = 1;
	fx->incidents[0].priority = PRIORITY_CRITICAL;
	fx->analysis.incident_count = fx->analysis.queue_count = 1;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		instant at = fixture_at(fx, rows[i].day, rows[i].hour, rows[i].minute, rows[i].second);
		uint32_t e = fixture_episode(fx, rows[i].rule, rows[i].tactic, rows[i].technique, host, at, 1 + (i % 3),
		                             i % 2 == 0 ? SEVERITY_CRITICAL : SEVERITY_HIGH);
		struct beat *b = fixture_beat(fx, rows[i].key, at, rows[i].tactic, rows[i].actor, rows[i].object);

		if (rows[i].hold > 0)
			b->until = at + rows[i].hold * MINUTE;
		b->response = rows[i].response;
		b->episodes = &fx->own_episodes[e];
		b->episode_count = 1;
		fx->behaviours[fx->episodes[e].rule].response = rows[i].response != 0;
	}
	fx->incidents[0].first = fx->beats[0].at;
	fx->incidents[0].last = fixture_at(fx, 11, 9, 52, 5);
}

#endif
