/* The formats, and what all readers share: running over a file's records, and choosing a
 * reader by the first bytes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyst/readers/header.h"
#include "analyst/readers/nested.h"
#include "analyst/readers/reader.h"
#include "analyst/readers/refang.h"

extern const struct reader reader_eve, reader_wazuh, reader_darktrace_breach, reader_darktrace_analyst, reader_darktrace_antigena, reader_proxylogon_age,
	reader_csv, reader_json_map, reader_indicators_text, reader_indicators_csv, reader_stix2, reader_openioc,
	reader_zeek_tsv, reader_zeek_json, reader_cef, reader_leef, reader_splunk,
	reader_sentinel, reader_commonsecuritylog, reader_graph, reader_defender, reader_defender_stream, reader_elastic, reader_guardduty, reader_security_hub, reader_crowdstrike,
	reader_hayabusa, reader_misp, reader_ocsf, reader_chainsaw, reader_cybereason, reader_darktrace_sentinel,
	reader_clamav, reader_yara, reader_yara_text, reader_proxylogon,
	reader_windows_json, reader_windows_xml, reader_stix1, reader_iodef, reader_idmef, reader_idea,
	reader_ecs, reader_wrapped, reader_wrapped_lines, reader_fast, reader_snort_full, reader_snort_csv, reader_snort_json,
	reader_ossec_text, reader_ossec_syslog, reader_ossec_json, reader_wazuh5, reader_iis, reader_exchange, reader_indicators_json, reader_assets_csv, reader_otx;

const struct reader *const readers[] = {
	&reader_eve, &reader_wazuh, &reader_darktrace_breach, &reader_darktrace_analyst, &reader_darktrace_antigena, &reader_stix2,
	&reader_zeek_tsv, &reader_zeek_json, &reader_cef, &reader_leef, &reader_splunk,
	&reader_sentinel, &reader_commonsecuritylog, &reader_graph, &reader_defender, &reader_defender_stream, &reader_elastic, &reader_guardduty, &reader_security_hub, &reader_crowdstrike,
	&reader_hayabusa, &reader_misp, &reader_ocsf, &reader_chainsaw, &reader_cybereason, &reader_darktrace_sentinel,
	&reader_clamav, &reader_yara, &reader_yara_text, &reader_proxylogon, &reader_proxylogon_age,
	&reader_windows_json, &reader_windows_xml, &reader_ecs, &reader_wrapped, &reader_wrapped_lines, &reader_fast, &reader_snort_full, &reader_snort_csv, &reader_snort_json,
	&reader_ossec_text, &reader_ossec_syslog, &reader_ossec_json, &reader_wazuh5, &reader_iis, &reader_exchange, &reader_idmef, &reader_idea,
	&reader_openioc, &reader_otx, &reader_stix1, &reader_iodef, &reader_csv, &reader_json_map, &reader_assets_csv, &reader_indicators_csv, &reader_indicators_json,
	&reader_indicators_text, NULL
};

const struct reader *reader_named(const char *name)
{
	for (const struct reader *const *r = readers; *r != NULL; r++)
		if (strcmp((*r)->name, name) == 0)
			return *r;
	return NULL;
}

/* ---- running ---- */

static size_t count_fields(const struct field *fields)
{
	size_t n = 0;

	while (fields != NULL && fields[n].path != NULL)
		n++;
	return n;
}

static struct json_paths *compile(const struct field *fields)
{
	size_t n = count_fields(fields);
	const char **paths = must_alloc((n + 1) * sizeof(*paths));
	struct json_paths *compiled;

	for (size_t i = 0; i < n; i++)
		paths[i] = fields[i].path;
	compiled = json_paths_new(paths, n);
	free(paths);
	return compiled;
}

/* A bit each field that fills something without the reader's own code. */
static uint64_t *taken_of(const struct field *fields, struct arena *arena)
{
	size_t n = count_fields(fields);
	uint64_t *taken = ARENA_ARRAY(arena, uint64_t, n / 64 + 1);

	for (size_t i = 0; i < n; i++)
		taken[i / 64] |= (uint64_t)(fields[i].take != TAKE_NOTHING) << i % 64;
	return taken;
}

int reading_new(struct reading **out, const struct reader *reader, const struct reader_options *options,
                const struct sink *sink, struct fault *f)
{
	struct reading *rg = must_alloc(sizeof(*rg));

	rg->reader = reader;
	rg->options = *options;
	rg->sink = *sink;
	rg->arena = arena_new();
	rg->kept = arena_new();
	rg->framing = (struct framing_rules){ .kind = reader->framing, .wrappers = reader->wrappers, .mark = reader->mark,
	                                      .limit = options->limits.record, .head = options->head_size };
	rg->filling.date_order = options->date_order;
	rg->filling.assumes_zone = options->assumes_zone;
	for (size_t i = 0; reader->inner != NULL && reader->inner[i] != NULL; i++)
		rg->inner[i] = nested_new(reader->inner[i]);
	if (reader->or_csv && options->head != NULL && !probe_is_json(options->head, options->head_size)) {
		rg->framing.kind = FRAME_CSV;
		rg->header = header_new(rg->kept);
	} else if (reader->framing == FRAME_JSON) {
		rg->json = json_new();
		json_limits(rg->json, options->limits.depth, options->limits.keys, options->limits.string);
		rg->paths = compile(reader->fields);
		rg->taken = taken_of(reader->fields, rg->kept);
		if (reader->below != NULL)
			json_paths_below(rg->paths, reader->below);
	}
	if (reader->open != NULL && reader->open(rg, f) < 0) {
		reading_free(rg);
		return -1;
	}
	*out = rg;
	return 0;
}

void reading_free(struct reading *rg)
{
	if (rg == NULL)
		return;
	if (rg->reader->close != NULL)
		rg->reader->close(rg);
	for (size_t i = 0; i < READER_INNER; i++)
		nested_free(rg->inner[i]);
	json_free(rg->json);
	json_paths_free(rg->paths);
	arena_free(rg->arena);
	arena_free(rg->kept);
	free(rg);
}

int reading_reject(struct reading *rg, const struct record *rec, const char *reason, struct fault *f)
{
	return rg->sink.reject(rg->sink.ctx, &rec->at, reason, f);
}

int reading_blank(struct reading *rg, const struct record *rec, enum blank why, struct fault *f)
{
	return rg->sink.blank(rg->sink.ctx, &rec->at, why, f);
}

void indicator_of(struct indicator *out, const struct found *found, const char *list)
{
	memset(out, 0, sizeof(*out));
	out->kind = found->kind;
	out->value = found->value;
	out->written = found->written;
	out->list = list;
	out->confidence = -1;
	out->first_seen = out->last_seen = out->valid_until = out->stated = INSTANT_NONE;
	out->why = found->why;
	out->detect = found->why == NULL && found->kind != INDICATOR_TEXT;
}

instant indicator_time(const struct reading *rg, const char *s)
{
	instant t;

	if (s == NULL)
		return INSTANT_NONE;
	if (instant_parse(&t, NULL, s, strlen(s), rg->options.assumed_offset) || instant_parse_epoch(&t, s, strlen(s)))
		return t;
	return INSTANT_NONE;
}

/* A record of many lines is looked through by people only when they know where. */
static int reject_broken(struct reading *rg, const struct record *rec, const char *why, struct fault *f)
{
	size_t at = json_broken_at(rg->json);
	int64_t lines = at < rec->n ? count_lines(rec->bytes, at) : 0;

	if (lines > 0)
		why = arena_printf(rg->arena, "%s, on line %lld", why, (long long)(rec->at.line + lines));
	return reading_reject(rg, rec, why, f);
}

int reading_record(struct reading *rg, const struct record *rec, struct fault *f)
{
	int rc;

	if (rec->broken != NULL)
		return reading_reject(rg, rec, rec->broken, f);
	if (rec->n == 0)
		return reading_blank(rg, rec, BLANK_EMPTY, f);
	if (rg->json != NULL) {
		const char *why;

		if (json_read(rg->json, rg->paths, rec->bytes, rec->n, rec->room, &why) < 0)
			return reject_broken(rg, rec, why, f);
		if (json_root(rg->json) != JSON_OBJECT)
			return reading_reject(rg, rec, "not a JSON object", f);
	}
	if (rg->header != NULL && (rc = header_row(rg->header, rg, rec, f)) <= 0)
		return rc;
	return rg->reader->record(rg, rec, f);
}

int reading_run(struct reading *rg, struct byte_source source, struct fault *f)
{
	struct framing *fr = framing_new(&rg->framing, source);
	struct record rec;
	int rc;

	while ((rc = framing_next(fr, &rec, f)) > 0) {
		if ((rc = reading_record(rg, &rec, f)) < 0)
			break;
		arena_reset(rg->arena);
	}
	if (rc == 0 && rg->reader->finish != NULL)
		rc = rg->reader->finish(rg, f);
	framing_free(fr);
	return rc;
}

const char *reading_text(const struct reading *rg, size_t row)
{
	return rg->json != NULL ? json_text(rg->json, row) : header_text(rg->header, row);
}

static void take_value(void *ctx, size_t row, const struct json_value *v)
{
	struct reading *rg = ctx;

	if (v->type == JSON_STRING_TEXT || v->type == JSON_NUMBER || v->type == JSON_BOOL)
		filling_take_n(&rg->filling, &rg->reader->fields[row], v->text, v->length);
}

void reading_fill(struct reading *rg)
{
	const struct field *fields = rg->reader->fields;

	for (size_t i = 0; rg->header != NULL && fields[i].path != NULL; i++)
		if (fields[i].take != TAKE_NOTHING)
			filling_take(&rg->filling, &fields[i], header_text(rg->header, i));
	if (rg->json != NULL)
		json_each(rg->json, rg->taken, take_value, rg);
}

void reading_judged(struct reading *rg, const struct judgement *j)
{
	ids_add_techniques(&rg->filling.techniques, j->rule.techniques != NULL ? j->rule.techniques : "");
	ids_add_tactics(&rg->filling.tactics, j->rule.tactics != NULL ? j->rule.tactics : "");
	rg->alert.rule = j->rule;
	rg->alert.severity = j->severity;
	rg->alert.severity_native = j->level;
}

int reading_alert(struct reading *rg, const struct record *rec, struct fault *f)
{
	const char *why = filling_end(&rg->filling);

	if (why != NULL)
		return reading_reject(rg, rec, why, f);
	if (rg->alert.tenant == NULL)
		rg->alert.tenant = rg->options.tenant;
	return rg->sink.alert(rg->sink.ctx, &rg->alert, &rec->at, rec->bytes, rec->n, f);
}

/* ---- telemetry ---- */

static const struct named telemetry_logs[] = {
	{ "conn", TELEMETRY_CONNECTION }, { "flow", TELEMETRY_CONNECTION },
	{ "dns", TELEMETRY_LOOKUP }, { "mdns", TELEMETRY_LOOKUP }, { "http", TELEMETRY_WEB }, { "http2", TELEMETRY_WEB },
	{ "ssl", TELEMETRY_TLS }, { "tls", TELEMETRY_TLS }, { "quic", TELEMETRY_TLS }, { "x509", TELEMETRY_TLS },
	{ "files", TELEMETRY_FILE }, { "fileinfo", TELEMETRY_FILE }, { "weird", TELEMETRY_ODDITY },
	{ "anomaly", TELEMETRY_ODDITY }, { "drop", TELEMETRY_ODDITY }, { NULL, 0 }
};

/* "conn.2021-03-11-00-00-00.log" is a conn log. */
enum telemetry_kind telemetry_kind_of(const char *log)
{
	char name[16];

	snprintf(name, sizeof(name), "%.*s", (int)strcspn(log, ".-_ "), log);
	return (enum telemetry_kind)table_value(telemetry_logs, name, TELEMETRY_OTHER);
}

void reading_fill_ends(struct reading *rg)
{
	const struct field *fields = rg->reader->fields;

	for (size_t i = 0; fields[i].path != NULL; i++) {
		enum take take = fields[i].take;
		enum entity_kind kind = fields[i].kind;
		const struct json_value *v;

		if (take != TAKE_AT && take != TAKE_AT_UTC && take != TAKE_BYTES_OUT && take != TAKE_BYTES_IN &&
		    (take != TAKE_ENTITY || (kind != ENTITY_IP && kind != ENTITY_HOST && kind != ENTITY_DOMAIN)))
			continue;
		if ((v = json_first(rg->json, i)) != NULL && (v->type == JSON_STRING_TEXT || v->type == JSON_NUMBER))
			filling_take(&rg->filling, &fields[i], v->text);
	}
}

static const char *end_of(const struct alert *a, enum entity_role role)
{
	const struct entity *e = alert_entity(a, ENTITY_IP, role);

	e = e != NULL ? e : alert_entity(a, ENTITY_HOST, role);
	return e != NULL ? e->value : NULL;
}

int reading_telemetry(struct reading *rg, const struct record *rec, enum telemetry_kind kind, struct fault *f)
{
	const struct alert *a = &rg->alert;
	const struct entity *name = alert_entity(a, ENTITY_DOMAIN, ROLE_DESTINATION);
	const struct telemetry t = {
		.kind = kind, .at = a->at, .tenant = a->tenant != NULL ? a->tenant : rg->options.tenant,
		.from = end_of(a, ROLE_SOURCE), .to = end_of(a, ROLE_DESTINATION), .name = name != NULL ? name->value : NULL,
		.bytes_out = a->bytes_out, .bytes_in = a->bytes_in
	};

	if (rg->sink.telemetry == NULL || t.at == INSTANT_NONE)
		return reading_blank(rg, rec, BLANK_TELEMETRY, f);
	return rg->sink.telemetry(rg->sink.ctx, &t, &rec->at, rec->bytes, rec->n, f);
}

/* ---- choosing ---- */

static int sum_clues(const struct clue *clues, const struct json *j)
{
	int points = 0;

	for (size_t i = 0; clues[i].path != NULL; i++)
		if (json_has(j, i))
			points += clues[i].points;
	return points > 100 ? 100 : points;
}

static bool has_key(const char *s, size_t n, const char *path)
{
	char key[80];
	int length = snprintf(key, sizeof(key), "\"%.*s\"", (int)strcspn(path, ".["), path);

	return length > 2 && (size_t)length < sizeof(key) && memmem(s, n, key, (size_t)length) != NULL;
}

/* A first record longer than the head cannot be parsed; its keys can be seen: the first
 * and the last of a path. */
static int see_clues(const struct clue *clues, const char *s, size_t n)
{
	int points = 0;

	for (size_t i = 0; clues[i].path != NULL; i++) {
		const char *dot = strrchr(clues[i].path, '.');

		if (has_key(s, n, clues[i].path) && (dot == NULL || has_key(s, n, dot + 1)))
			points += clues[i].points;
	}
	return points > 90 ? 90 : points;
}

/* The best of the first records: a file may begin with one of another kind. */
#define PROBE_RECORDS 8

static int score_json(const struct reader *reader, const struct probe *p)
{
	struct memory_bytes head = { p->bytes, p->n };
	struct framing *fr = framing_new(&(struct framing_rules){ .kind = FRAME_JSON, .wrappers = reader->wrappers },
	                                 memory_source(&head));
	struct json *j = json_new();
	const char *paths[32];
	struct json_paths *compiled;
	struct record rec;
	size_t n = 0;
	int best = 0, seen = 0;

	for (; reader->clues[n].path != NULL && n < 32; n++)
		paths[n] = reader->clues[n].path;
	compiled = json_paths_new(paths, n);
	if (reader->below != NULL)
		json_paths_below(compiled, reader->below);
	while (seen < PROBE_RECORDS && framing_next(fr, &rec, NULL) > 0) {
		int score = 0;

		if (rec.broken == NULL && rec.n == 0)
			continue;
		seen++;
		if (rec.broken == NULL && json_read(j, compiled, rec.bytes, rec.n, rec.room, NULL) == 0)
			score = sum_clues(reader->clues, j);
		else if (seen == 1 && !p->whole)
			score = see_clues(reader->clues, p->bytes, p->n);
		if (score > best)
			best = score;
	}
	json_paths_free(compiled);
	json_free(j);
	framing_free(fr);
	return best;
}

int reader_score_json(const struct reader *reader, const struct probe *p)
{
	size_t i = 0;

	while (i < p->n && strchr(" \t\r\n", p->bytes[i]) != NULL && p->bytes[i] != '\0')
		i++;
	if (reader->framing != FRAME_JSON || i == p->n || (p->bytes[i] != '{' && p->bytes[i] != '['))
		return 0;
	return score_json(reader, p);
}

int reader_score(const struct reader *reader, const struct probe *p)
{
	if (reader->probe != NULL)
		return reader->probe(p);
	return reader->or_csv && !probe_is_json(p->bytes, p->n) ? header_score(reader->clues, p) : reader_score_json(reader, p);
}

#define CANDIDATE_SCORE 20
#define CANDIDATES 3

/* The best first. */
struct candidates {
	const struct reader *readers[CANDIDATES];
	int scores[CANDIDATES];
	size_t count;
};

static void add_candidate(struct candidates *c, const struct reader *reader, int score)
{
	size_t at = c->count < CANDIDATES ? c->count++ : CANDIDATES;

	for (; at > 0 && c->scores[at - 1] < score; at--)
		if (at < CANDIDATES) {
			c->readers[at] = c->readers[at - 1];
			c->scores[at] = c->scores[at - 1];
		}
	if (at < CANDIDATES) {
		c->readers[at] = reader;
		c->scores[at] = score;
	}
}

/* What a person can do about it: the columns of a table can be named. */
static const char *advice(const struct probe *p)
{
	const char *feed = memchr(p->bytes, '\n', p->n);
	size_t n = feed != NULL ? (size_t)(feed - p->bytes) : p->n, i = 0;

	while (i < p->n && strchr(" \t\r\n", p->bytes[i]) != NULL && p->bytes[i] != '\0')
		i++;
	if (i < p->n && (p->bytes[i] == '{' || p->bytes[i] == '['))
		return "choose with --format, or name its keys in a map (lines as column.time = \"created\", column.rule = "
		       "\"alert.name\", column.host.victim = \"device\") and give it with --map";
	if (i == p->n || p->bytes[i] == '<' ||
	    (memchr(p->bytes, ',', n) == NULL && memchr(p->bytes, ';', n) == NULL && memchr(p->bytes, '\t', n) == NULL))
		return "choose with --format";
	return "choose with --format, or name its columns in a map (lines as column.time = \"When\", column.rule = \"Alert\", "
	       "column.ip.source = \"Client\") and give it with --map";
}

/* Text in any encoding hardly holds control characters; of random bytes every tenth is one. */
static bool is_binary(const struct probe *p)
{
	size_t n = p->n < 4096 ? p->n : 4096, controls = 0;

	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)p->bytes[i];

		controls += (c < 0x20 && strchr("\t\n\r\f\x1b", c) == NULL) || c == 0x7F || c == 0;
	}
	return controls * 50 > n;
}

int reader_choose(const struct reader **out, const struct probe *p, struct fault *f)
{
	struct candidates c = { .count = 0 };
	char names[300] = "";
	size_t used = 0;

	*out = NULL;
	for (const struct reader *const *r = readers; *r != NULL; r++) {
		int score = reader_score(*r, p);

		if (score >= CANDIDATE_SCORE)
			add_candidate(&c, *r, score);
	}
	/* Who knows the whole record goes before who would unwrap it. */
	if (c.count > 0 && c.scores[0] >= PROBE_ENOUGH &&
	    (c.count == 1 || c.scores[0] > c.scores[1] || c.readers[1]->wraps)) {
		*out = c.readers[0];
		return 0;
	}
	if ((c.count == 0 || c.scores[0] < PROBE_ENOUGH) && is_binary(p))
		return fault_set(f, FAULT_DATA, "is binary and of no kind that is known: only text is read, as it is or packed with gzip, xz or zstd");
	for (size_t i = 0; i < c.count && used < sizeof(names) - 80; i++)
		used += (size_t)snprintf(names + used, sizeof(names) - used, "%s%.60s (%d)", i > 0 ? ", " : "", c.readers[i]->name,
		                         c.scores[i]);
	if (c.count > 0 && c.scores[0] >= PROBE_ENOUGH)
		return fault_set(f, FAULT_DATA, "looks equally like more than one format: %s; choose with --format", names);
	if (c.count > 0)
		return fault_set(f, FAULT_DATA, "no format that is known; nearest: %s ('tsumugi formats NAME' tells what it looks for); %s",
		                 names, advice(p));
	return fault_set(f, FAULT_DATA, "no format that is known ('tsumugi formats' lists them); %s", advice(p));
}
