/* A sink that keeps what a reader gives, as lines of text, and helpers to run a reader
 * over bytes in memory or a file. */
#ifndef TSUMUGI_TEST_COLLECT_H
#define TSUMUGI_TEST_COLLECT_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyst/base/text.h"
#include "analyst/detect/detect.h"
#include "analyst/import/maps.h"
#include "analyst/import/stream.h"
#include "analyst/readers/reader.h"

struct collected {
	struct text lines;             /* one a record, see below */
	size_t alerts, indicators, assets, detected, rejects, blanks, telemetry;
	char refused[1100];            /* the fault, when there was one */
	char recorded[400];            /* the telemetry read last */
	char indicated[600];           /* more of the indicator read last: see collect_indicator */
	const char *format;
};

static inline int collect_alert(void *ctx, const struct alert *a, const struct place *at, const char *bytes,
                                size_t n, struct fault *f)
{
	struct collected *c = ctx;
	char when[INSTANT_ROOM];

	(void)bytes, (void)n, (void)f;
	c->alerts++;
	instant_utc(when, a->at);
	text_printf(&c->lines, "%lld alert %s %s|%s|%s|%s|%s sev=%d act=%d kind=%d", (long long)at->line, when,
	            a->rule.product, a->rule.id != NULL ? a->rule.id : "", a->rule.name,
	            a->rule.techniques != NULL ? a->rule.techniques : "", a->rule.tactics != NULL ? a->rule.tactics : "",
	            (int)a->severity, (int)a->action, (int)a->kind);
	for (size_t i = 0; i < a->entity_count; i++)
		text_printf(&c->lines, " %s/%s=%s", table_name(entity_kinds, a->entities[i].kind),
		            table_name(entity_roles, a->entities[i].role), a->entities[i].value);
	text_add(&c->lines, "\n");
	return 0;
}

/* "2021-03-11 - - 2021-03-12": the day of each. */
static inline void collect_times(char *out, const instant *times, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		char when[INSTANT_ROOM] = "-";

		if (times[i] != INSTANT_NONE)
			instant_utc(when, times[i]);
		when[strcspn(when, "T")] = '\0';
		out += sprintf(out, "%s%s", i > 0 ? " " : "", when);
	}
}

/* indicated: "list|TLP|confidence|first last until stated|techniques|producer|withdrawn|why". */
static inline int collect_indicator(void *ctx, const struct indicator *i, const struct place *at, struct fault *f)
{
	struct collected *c = ctx;
	char when[4 * INSTANT_ROOM];

	(void)f;
	c->indicators++;
	c->detected += i->detect;
	text_printf(&c->lines, "%lld %s %s%s [%s]\n", (long long)at->line, table_name(indicator_kinds, i->kind), i->value,
	            i->detect ? "" : " (context)", i->context != NULL ? i->context : "");
	collect_times(when, (const instant[]){ i->first_seen, i->last_seen, i->valid_until, i->stated }, 4);
	snprintf(c->indicated, sizeof(c->indicated), "%s|%s|%d|%s|%s|%s|%s|%s", i->list != NULL ? i->list : "", i->tlp != NULL ? i->tlp : "",
	         i->confidence, when, i->techniques != NULL ? i->techniques : "", i->producer != NULL ? i->producer : "",
	         i->withdrawn ? "withdrawn" : "", i->why != NULL ? i->why : "");
	return 0;
}

static inline int collect_asset(void *ctx, const struct asset *a, const struct place *at, struct fault *f)
{
	struct collected *c = ctx;

	(void)f;
	c->assets++;
	text_printf(&c->lines, "%lld %s %s %s [%s] [%s]\n", (long long)at->line, table_name(asset_kinds, a->kind), a->value,
	            table_name(criticalities, a->criticality), a->role != NULL ? a->role : "", a->owner != NULL ? a->owner : "");
	return 0;
}

static inline int collect_reject(void *ctx, const struct place *at, const char *reason, struct fault *f)
{
	struct collected *c = ctx;

	(void)f;
	c->rejects++;
	text_printf(&c->lines, "%lld reject %s\n", (long long)at->line, reason);
	return 0;
}

static inline int collect_blank(void *ctx, const struct place *at, enum blank why, struct fault *f)
{
	struct collected *c = ctx;

	(void)at, (void)f;
	c->blanks++;
	c->telemetry += why == BLANK_TELEMETRY;
	return 0;
}

/* "connection 2021-03-11T00:14:38Z 10.0.0.1 > 192.0.2.1 name 12 34" */
static inline int collect_telemetry(void *ctx, const struct telemetry *t, const struct place *at, const char *bytes,
                                    size_t n, struct fault *f)
{
	struct collected *c = ctx;
	char when[INSTANT_ROOM];

	(void)at, (void)bytes, (void)n, (void)f;
	c->blanks++;
	c->telemetry++;
	instant_utc(when, t->at);
	snprintf(c->recorded, sizeof(c->recorded), "%s %s %s > %s %s %lld %lld", table_name(telemetry_kinds, t->kind), when,
	         t->from != NULL ? t->from : "-", t->to != NULL ? t->to : "-", t->name != NULL ? t->name : "-",
	         (long long)t->bytes_out, (long long)t->bytes_in);
	return 0;
}

static instant collect_written;      /* what readers are told of the file; 0 unknown */
static const char *collect_name;     /* the same; NULL unknown */

/* The rules that ship, loaded once. */
static inline const struct judgement *collect_judge(void *ctx, const struct event *e)
{
	static struct detections *rules;

	(void)ctx;
	if (rules == NULL && detections_load(&rules, "templates/knowledge/detections.xml", NULL) < 0)
		abort();
	return detections_judge(rules, e);
}

/* format NULL: told from the content. */
static inline void collect_bytes(struct collected *c, const char *format, const char *bytes, size_t n)
{
	const struct sink sink = { c, collect_alert, collect_indicator, collect_reject, collect_blank, collect_judge,
	                           collect_asset, collect_telemetry };
	struct memory_bytes memory = { bytes, n };
	struct reader_options options = { .head = bytes, .head_size = n < PROBE_SIZE ? n : PROBE_SIZE,
	                                  .written = collect_written,
	                                  .found = collect_written, .list = collect_name };
	struct probe probe = { bytes, options.head_size, n < PROBE_SIZE, &options };
	struct arena *arena = arena_new();
	struct fault f = { FAULT_NONE, "" };
	const struct reader *reader = format != NULL ? reader_named(format) : NULL;
	struct reading *rg = NULL;

	memset(c, 0, sizeof(*c));
	if (maps_load(&options, "templates", NULL, arena, &f) == 0 &&
	    (reader != NULL || reader_choose(&reader, &probe, &f) == 0)) {
		c->format = reader->name;
		if (reading_new(&rg, reader, &options, &sink, &f) == 0)
			reading_run(rg, memory_source(&memory), &f);
	}
	reading_free(rg);
	arena_free(arena);
	snprintf(c->refused, sizeof(c->refused), "%s", f.text);
}

/* The whole file, unpacked; NULL when it cannot be read. */
static inline char *whole_file(const char *path, size_t *n)
{
	struct stream *s = NULL;
	struct fault f;
	size_t room = 1 << 20, got = 1;
	char *bytes = malloc(room);

	*n = 0;
	f.kind = FAULT_NONE;
	if (stream_open(&s, path, 0, NULL, NULL, &f) < 0) {
		free(bytes);
		return NULL;
	}
	while (got > 0 && stream_read(s, bytes + *n, room - *n, &got, &f) == 0) {
		*n += got;
		if (*n == room)
			bytes = realloc(bytes, room *= 2);
	}
	stream_close(s);
	return bytes;
}

/* Whatever a file is cut or bent to, at so many places of it, something is said and nothing breaks. */
static inline void collect_cut_and_bent(const char *path, size_t places)
{
	size_t n;
	char *bytes = whole_file(path, &n);

	assert_non_null(bytes);
	for (size_t cut = 0; cut < n; cut += 1 + n / places) {
		struct collected c;
		char kept = bytes[cut];

		collect_bytes(&c, NULL, bytes, cut);
		assert_true(c.format != NULL || c.refused[0] != '\0');
		text_free(&c.lines);
		/* A NUL is one of them. */
		for (const char *bend = "\"{[\\,0|\xFF", *end = bend + strlen(bend); bend <= end; bend++) {
			bytes[cut] = *bend;
			collect_bytes(&c, NULL, bytes, n);
			assert_true(c.format != NULL || c.refused[0] != '\0');
			text_free(&c.lines);
		}
		bytes[cut] = kept;
	}
	free(bytes);
}

/* What came out against what the file says; UPDATE=1 writes it there. */
static inline void collect_expect(const char *path, const char *came)
{
	char *expected;
	size_t n;

	if (getenv("UPDATE") != NULL) {
		FILE *out = fopen(path, "w");

		assert_non_null(out);
		fputs(came, out);
		fclose(out);
	}
	expected = whole_file(path, &n);
	assert_non_null(expected);
	expected[n] = '\0';
	assert_string_equal(came, expected);
	free(expected);
}

static inline void collect_file(struct collected *c, const char *format, const char *path)
{
	size_t n;
	char *bytes = whole_file(path, &n);

	collect_bytes(c, format, bytes != NULL ? bytes : "", n);
	free(bytes);
}

#endif
