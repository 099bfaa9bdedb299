/* A made-up week for report tests: four incidents of the sample's shape and a week's noise, built
 * without any reader or clustering. made_up(&m, incidents, noise) gives 0 to 4 incidents and `noise` alerts. */
#ifndef TSUMUGI_TESTS_MADE_UP_H
#define TSUMUGI_TESTS_MADE_UP_H

#include <stdio.h>
#include <string.h>

#include "analyst/base/arena.h"
#include "render/document/report.h"

struct made_up {
	struct arena *arena;
	struct week week;
	struct analysis an;
	struct narrative stories[5];
	struct phrases *phrases;
	struct zone zone;
	struct source_row source;
	struct report_request request;
};

enum { R_EXPLOIT, R_CALLOUT, R_FILE, R_BEACON, R_MINING, R_BLOCK, R_UPLOAD, R_SWEEP, R_SCAN, R_NOISE, RULES = R_NOISE + 5 };

static const struct { const char *product, *name, *behaviour; int tactic; const char *technique; } made_rules[RULES] = {
	[R_EXPLOIT] = { "suricata", "ET EXPLOIT Microsoft Exchange Server SSRF (CVE-2021-26855)", "exploit", 2, "T1190" },
	[R_CALLOUT] = { "darktrace", "Anomalous Connection / Powershell to Rare External", "powershell-callout", 3, "T1059.001" },
	[R_FILE] = { "darktrace", "Anomalous File / Masqueraded File Transfer", "disguised-file", 6, "T1036.008" },
	[R_BEACON] = { "darktrace", "Compromise / Beaconing Activity To Rare External", "beacon", 11, "T1071.001" },
	[R_MINING] = { "suricata", "ET COINMINER Stratum Login", "mining", 13, "T1496" },
	[R_BLOCK] = { "darktrace", "Antigena / Network / External Threat Block", "response", -1, NULL },
	[R_UPLOAD] = { "darktrace", "Anomalous Connection / Data Sent to Rare Domain", "exfiltration", 12, "T1567.002" },
	[R_SWEEP] = { "wazuh", "Network share object was accessed", "share-sweep", 8, "T1135" },
	[R_SCAN] = { "suricata", "ET SCAN Telnet probe", "scan", 8, "T1046" },
	[R_NOISE] = { "darktrace", "SMB / Unusual Share Listing", "unknown", -1, NULL },
	[R_NOISE + 1] = { "darktrace", "Compliance / Remote Admin Tool", "unknown", -1, NULL },
	[R_NOISE + 2] = { "wazuh", "Windows logon success", "unknown", -1, NULL },
	[R_NOISE + 3] = { "suricata", "ET POLICY Dropbox.com Offsite File Backup in Use", "unknown", -1, NULL },
	[R_NOISE + 4] = { "suricata", "ET DNS Query for a Suspicious .top Domain", "unknown", -1, NULL },
};

struct made_incident {
	const char *host, *title;
	enum priority priority;
	double score;
	int64_t first;               /* seconds after the week's start */
	struct { int rule; int64_t at; uint32_t alerts; } bursts[10];
};

#define AT(d, h, m, s) (((d) * 24 + (h)) * 3600 + (m) * 60 + (s))

static const struct made_incident made_incidents[4] = {
	{ "EXCH01", "title.takeover", PRIORITY_CRITICAL, 97.6, 0, {
	    { R_EXPLOIT, AT(3, 9, 12, 4), 4 }, { R_CALLOUT, AT(3, 9, 14, 31), 2 }, { R_FILE, AT(3, 9, 14, 38), 3 },
	    { R_BLOCK, AT(3, 9, 14, 46), 1 }, { R_BEACON, AT(3, 9, 17, 5), 10 }, { R_BLOCK, AT(3, 9, 26, 12), 1 },
	    { R_MINING, AT(3, 9, 31, 20), 14 }, { R_BLOCK, AT(3, 9, 31, 31), 1 }, { R_UPLOAD, AT(3, 9, 40, 8), 2 }, { 0, 0, 0 } } },
	{ "WKS-0417", "title.upload", PRIORITY_HIGH, 71.2, 0, { { R_UPLOAD, AT(1, 14, 47, 30), 5 }, { R_FILE, AT(1, 14, 18, 7), 4 } } },
	{ "SRV-BKP-2", "title.sweep", PRIORITY_MEDIUM, 54.0, 0, { { R_SWEEP, AT(4, 14, 10, 0), 61 } } },
	{ "CAM-22", "title.scan-ports", PRIORITY_MEDIUM, 41.3, 0, { { R_SCAN, AT(5, 14, 2, 0), 49 } } },
};

static instant made_start(const struct made_up *m)
{
	return civil_to_instant(2021, 3, 8, 0, 0, 0, &m->zone);
}

static void made_rules_fill(struct made_up *m)
{
	struct week_rule *rules = ARENA_ARRAY(m->arena, struct week_rule, RULES);
	struct behaviour *acts = ARENA_ARRAY(m->arena, struct behaviour, RULES);

	for (int i = 0; i < RULES; i++) {
		acts[i] = (struct behaviour){ .key = made_rules[i].behaviour, .tactic = made_rules[i].tactic,
		                              .technique = made_rules[i].technique, .weight = 0.5, .stage = 50,
		                              .routine = i >= R_NOISE, .response = i == R_BLOCK };
		rules[i].rule = (struct rule){ .product = made_rules[i].product, .name = made_rules[i].name,
		                               .techniques = made_rules[i].technique };
		rules[i].behaviour = &acts[i];
	}
	m->week.rules = rules;
	m->week.rule_count = RULES;
}

static void made_entities(struct made_up *m)
{
	static const char *const names[] = { "EXCH01", "WKS-0417", "SRV-BKP-2", "CAM-22", "DC01", "t.kern" };
	struct week_entity *e = ARENA_ARRAY(m->arena, struct week_entity, 6);
	struct member *members = ARENA_ARRAY(m->arena, struct member, 6);
	struct cast *casts = ARENA_ARRAY(m->arena, struct cast, 6);
	static const char *const tenants[] = { "" };

	for (uint32_t i = 0; i < 6; i++) {
		e[i] = (struct week_entity){ .kind = i == 5 ? ENTITY_USER : ENTITY_HOST, .value = names[i],
		                              .shown = names[i], .internal = true, .weight = 1.0 };
		members[i] = (struct member){ i, ROLE_VICTIM };
		casts[i] = (struct cast){ i, 1, 0, i };
	}
	m->week.entities = e;
	m->week.entity_count = 6;
	m->week.members = members;
	m->week.casts = casts;
	m->week.cast_count = 6;
	m->week.tenants = tenants;
	m->week.tenant_count = 1;
}

struct made_store {
	struct mark *marks;
	uint32_t *order;
	struct episode *episodes;
	uint32_t marks_used, episodes_used;
};

static void made_burst(struct made_up *m, struct made_store *st, int rule, instant at, uint32_t alerts, uint32_t cast,
                       uint32_t incident, uint8_t severity)
{
	struct episode *e = &st->episodes[st->episodes_used++];

	memset(e, 0, sizeof *e);
	e->rule = (uint32_t)rule;
	e->cast = e->host = cast;
	e->first = at;
	e->alerts = st->order + st->marks_used;
	e->count = alerts;
	e->members = m->week.members + cast;
	e->member_count = 1;
	e->severity = severity;
	e->incident = incident;
	for (uint32_t i = 0; i < alerts; i++) {
		struct mark *k = &st->marks[st->marks_used];
		*k = (struct mark){ .at = at + i * 20 * SECOND, .rule = (uint32_t)rule, .cast = cast, .severity = severity };
		k->until = k->at;
		k->key = UINT64_C(0x9E3779B97F4A7C15) * (st->marks_used + 1);
		k->row = st->marks_used + 1;
		k->confidence = -1;
		k->bytes_out = -1;
		st->order[st->marks_used] = st->marks_used;
		st->marks_used++;
		e->last = k->at;
	}
}

static struct fact *made_fact(struct beat *b, const char *name, enum fact_kind kind, const char *text, int64_t value)
{
	struct fact *fa = &b->facts[b->fact_count++];

	*fa = (struct fact){ .name = name, .kind = kind, .text = text, .value = value };
	return fa;
}

static void made_facts(struct beat *b, const struct incident *in, const char *host)
{
	made_fact(b, "host", FACT_HOST, host, 0);
	made_fact(b, "subject", FACT_HOST, host, 0);
	made_fact(b, "first", FACT_TIME, NULL, in->first);
	made_fact(b, "time", FACT_TIME, NULL, b->at != INSTANT_NONE ? b->at : in->first);
	made_fact(b, "attacker", FACT_NAME, "203.0.113.45", 0);
	made_fact(b, "site", FACT_NAME, "microsoftsoftwaredownload.com", 0);
	made_fact(b, "file", FACT_CODE, "c103w-a.zip", 0);
	made_fact(b, "threat", FACT_TEXT, "ProxyLogon", 0);
	made_fact(b, "targets", FACT_NUMBER, NULL, 9);
	made_fact(b, "span", FACT_SPAN, NULL, in->last - in->first);
	made_fact(b, "start", FACT_TIME, NULL, in->first - 3 * DAY);
}

static void made_beat(struct made_up *m, struct beat *b, const struct incident *in, const char *host, enum part part,
                      const char *key)
{
	memset(b, 0, sizeof *b);
	b->facts = ARENA_ARRAY(m->arena, struct fact, BEAT_FACTS);
	b->part = part;
	b->key = key;
	b->at = b->until = INSTANT_NONE;
	b->tactic = -1;
	made_facts(b, in, host);
	b->episodes = in->episodes;
	b->episode_count = in->episode_count;
	b->alert_count = in->alert_count;
}

static void made_story(struct made_up *m, uint32_t index)
{
	static const struct { enum part part; const char *key; } rest[] = {
		{ PART_MEANING, "meaning.exploit" }, { PART_BENIGN, "benign.disguised" }, { PART_UNKNOWN, "unknown.lateral" },
		{ PART_UNKNOWN, "unknown.before" }, { PART_ACTION, "action.rebuild" }, { PART_ACTION, "action.patch" },
		{ PART_ACTION, "action.webshells" },
	};
	const struct incident *in = &m->an.incidents[index];
	struct beat *beats = ARENA_ARRAY(m->arena, struct beat, 24);
	const char *host = made_incidents[index].host;
	size_t n = 0;

	made_beat(m, &beats[n++], in, host, PART_TITLE, made_incidents[index].title);
	for (uint32_t i = 0; i < in->episode_count; i++) {
		const struct episode *e = &m->an.episodes[in->episodes[i]];
		const struct behaviour *act = m->week.rules[e->rule].behaviour;
		struct beat *b = &beats[n++];
		made_beat(m, b, in, host, PART_STORY, arena_printf(m->arena, "story.%s", act->key));
		b->at = e->first;
		b->until = e->last;
		b->facts[3].value = b->at;
		b->tactic = act->tactic;
		b->technique = act->technique;
		b->response = act->response;
		b->actor_lane = i == 0 ? "203.0.113.45" : host;
		b->object_lane = i == 0 ? host : "microsoftsoftwaredownload.com";
		b->evidence = i + 1;
		b->episodes = &in->episodes[i];
		b->episode_count = 1;
		b->alert_count = e->count;
		made_fact(b, "opening", FACT_PHRASE, i == 0 ? "opening.first" : "opening.at", 0);
		made_fact(b, "telling", FACT_NUMBER, NULL, i + 1);
	}
	for (size_t i = 0; i < sizeof rest / sizeof rest[0]; i++)
		made_beat(m, &beats[n++], in, host, rest[i].part, rest[i].key);
	m->stories[index] = (struct narrative){ in->id, beats, n };
}

static int by_time(const void *a, const void *b)
{
	const struct mark *x = a, *y = b;

	return x->at < y->at ? -1 : x->at > y->at;
}

static void made_incident_fill(struct made_up *m, struct incident *in, const struct made_incident *from, uint32_t index,
                               struct made_store *st)
{
	static const struct factor factors[] = {
		{ .key = "severity", .points = 38.5, .number = 0 }, { .key = "progress", .points = 22, .number = 6 },
		{ .key = "products", .points = 9.1, .number = 3 }, { .key = "response", .points = -2.5, .number = 0 },
	};
	uint32_t *list = ARENA_ARRAY(m->arena, uint32_t, 10), *hosts = ARENA_ARRAY(m->arena, uint32_t, 1);

	snprintf(in->id, sizeof in->id, "INC-2021W10-%02u", (unsigned)index + 1);
	in->rank = index + 1;
	in->priority = from->priority;
	in->score = from->score;
	in->first = INT64_MAX;
	in->episodes = list;
	in->hosts = hosts;
	in->host_count = 1;
	hosts[0] = index;
	for (size_t i = 0; i < 10 && from->bursts[i].alerts > 0; i++) {
		instant at = made_start(m) + from->bursts[i].at * SECOND;
		list[in->episode_count++] = st->episodes_used;
		made_burst(m, st, from->bursts[i].rule, at, from->bursts[i].alerts, index, index,
		           (uint8_t)(SEVERITY_LOW + (int)from->priority));
		in->alert_count += from->bursts[i].alerts;
		in->first = at < in->first ? at : in->first;
		in->last = st->episodes[st->episodes_used - 1].last > in->last ? st->episodes[st->episodes_used - 1].last : in->last;
	}
	in->factors = factors;
	in->factor_count = 4;
}

static void made_request(struct made_up *m, enum language lang)
{
	m->source = (struct source_row){ .id = 1, .name = "suricata-eve.json", .format = "suricata-eve", .sha256 = "00",
	                                 .size = 1 };
	m->source.tally = (struct tally){ m->week.mark_count + 3, m->week.mark_count, 1, 2, 0, m->week.mark_count, 0 };
	m->request = (struct report_request){
		.an = &m->an, .narratives = m->stories, .phrases = m->phrases, .lang = lang, .tlp = "AMBER",
		.organisation = "Example SOC", .zone = &m->zone, .sources = &m->source, .source_count = 1,
		.generated = civil_to_instant(2021, 3, 15, 9, 0, 0, &m->zone), .since = INSTANT_NONE, .until = INSTANT_NONE,
	};
}

static int made_up(struct made_up *m, enum language lang, uint32_t incidents, uint32_t noise)
{
	struct made_store st = { 0 };
	struct incident *list;
	struct fault f = { 0 };

	memset(m, 0, sizeof *m);
	m->arena = arena_new();
	if (zone_load(&m->zone, "JST", &f) < 0 || phrases_load(&m->phrases, "templates", &f) < 0) {
		fprintf(stderr, "%s\n", f.text);
		return -1;
	}
	st.marks = ARENA_ARRAY(m->arena, struct mark, noise + 1000);
	st.order = ARENA_ARRAY(m->arena, uint32_t, noise + 1000);
	st.episodes = ARENA_ARRAY(m->arena, struct episode, noise + 100);
	list = ARENA_ARRAY(m->arena, struct incident, 5);
	made_rules_fill(m);
	made_entities(m);
	m->an.week = &m->week;
	m->an.episodes = st.episodes;
	m->an.incidents = list;
	m->an.incident_count = m->an.queue_count = incidents;
	for (uint32_t i = 0; i < incidents; i++)
		made_incident_fill(m, &list[i], &made_incidents[i], i, &st);
	for (uint32_t i = 0; i < noise; i++) {
		uint64_t r = (i + 1) * UINT64_C(6364136223846793005) >> 20;
		int64_t hour = (int64_t)(r % 168), day = hour % 24;
		/* Offices are quieter at night. */
		int64_t at = (day < 7 || day > 19) && r % 3 != 0 ? hour / 24 * 24 + 9 + (int64_t)(r >> 9) % 9 : hour;
		made_burst(m, &st, R_NOISE + (int)((r >> 12) % 5), made_start(m) + at * HOUR + (int64_t)(r % 3600) * SECOND, 1,
		           4, NO_INCIDENT, r % 11 == 0 ? SEVERITY_MEDIUM : SEVERITY_LOW);
	}
	m->an.episode_count = st.episodes_used;
	for (uint32_t i = 0; i < incidents; i++)
		made_story(m, i);
	/* Marks are in time order; the episodes' lists follow them by key. */
	{
		struct mark *before = ARENA_ARRAY(m->arena, struct mark, st.marks_used + 1);
		uint32_t *now = ARENA_ARRAY(m->arena, uint32_t, st.marks_used + 2);
		memcpy(before, st.marks, st.marks_used * sizeof *before);
		qsort(st.marks, st.marks_used, sizeof *st.marks, by_time);
		for (uint32_t i = 0; i < st.marks_used; i++)
			now[st.marks[i].row] = i;
		for (uint32_t i = 0; i < st.marks_used; i++)
			st.order[i] = now[before[i].row];
	}
	m->week.marks = st.marks;
	m->week.mark_count = st.marks_used;
	if (st.marks_used > 0) {
		m->week.first = st.marks[0].at;
		m->week.last = st.marks[st.marks_used - 1].at;
	}
	made_request(m, lang);
	return 0;
}

static void made_up_free(struct made_up *m)
{
	phrases_free(m->phrases);
	arena_free(m->arena);
}

#endif
