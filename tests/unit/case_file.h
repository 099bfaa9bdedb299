/* A case file in a folder of its own, and records made up to fill it: for the tests of analyst/store. */
#ifndef TSUMUGI_TEST_CASE_FILE_H
#define TSUMUGI_TEST_CASE_FILE_H

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>
#include <sqlite3.h>

#include "analyst/store/sql.h"
#include "analyst/store/store.h"

static const struct behaviour dull = { .key = "unknown", .family = "unknown", .tactic = -1 };

static inline const struct behaviour *no_behaviour(void *ctx, const struct rule *r, enum record_kind kind)
{
	(void)ctx;
	(void)r;
	(void)kind;
	return &dull;
}

/* ---- a folder for each test ---- */

struct place_for_tests {
	char folder[64], path[96];
};

static inline int set_up(void **state)
{
	struct place_for_tests *p = calloc(1, sizeof(*p));

	snprintf(p->folder, sizeof(p->folder), "/tmp/tsumugi-store-XXXXXX");
	if (mkdtemp(p->folder) == NULL)
		return -1;
	snprintf(p->path, sizeof(p->path), "%s/case.db", p->folder);
	*state = p;
	return 0;
}

static inline int tear_down(void **state)
{
	struct place_for_tests *p = *state;
	static const char *const endings[] = { "", "-wal", "-shm", "-journal" };
	char name[128];

	for (size_t i = 0; i < 4; i++) {
		snprintf(name, sizeof(name), "%s%s", p->path, endings[i]);
		unlink(name);
	}
	rmdir(p->folder);
	free(p);
	return 0;
}

static inline const char *path_of(void **state)
{
	return ((struct place_for_tests *)*state)->path;
}

static inline struct store *must_open(const char *path, enum store_mode mode)
{
	struct fault f = {0};
	struct store *st = NULL;

	if (store_open(&st, path, mode, &f) < 0)
		fail_msg("%s", f.text);
	return st;
}

static inline void must_refuse(const char *path, enum store_mode mode, const char *words)
{
	struct fault f = {0};
	struct store *st = NULL;

	assert_int_equal(store_open(&st, path, mode, &f), -1);
	if (strstr(f.text, words) == NULL)
		fail_msg("expected '%s' in: %s", words, f.text);
}

static inline void write_file(const char *path, const void *bytes, size_t n)
{
	FILE *out = fopen(path, "wb");

	assert_non_null(out);
	assert_int_equal(fwrite(bytes, 1, n, out), n);
	fclose(out);
}

/* What a query says that gives one number. */
static inline int64_t number_in(const char *path, const char *sql)
{
	sqlite3_stmt *q = NULL;
	sqlite3 *db = NULL;
	int64_t n;

	assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &q, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(q), SQLITE_ROW);
	n = sqlite3_column_int64(q, 0);
	sqlite3_finalize(q);
	sqlite3_close(db);
	return n;
}

/* ---- records made up for the tests: "SECOND HOST RULE TARGET" ---- */

struct file {
	const char *name, *sha256;
	const char *const *lines;
	int64_t stop_after;           /* give up without a word behind so many lines; 0: never */
	const char *tenant;
	const char *said;             /* option=value, which the user insists on */
};

static inline void make_alert(struct alert *a, const char *line, char parts[4][64])
{
	int seconds;

	alert_clear(a);
	assert_int_equal(sscanf(line, "%d %63s %63s %63s", &seconds, parts[0], parts[1], parts[2]), 4);
	a->at = instant_from_seconds(1615000000 + seconds);
	a->until = a->at;
	a->rule.product = "test";
	a->rule.name = parts[1];
	a->severity = SEVERITY_HIGH;
	for (char *p = strcpy(parts[3], parts[0]); *p != '\0'; p++)
		*p |= 0x20;
	alert_add(a, ENTITY_HOST, ROLE_VICTIM, parts[3], parts[0]);
	alert_add(a, ENTITY_DOMAIN, ROLE_DESTINATION, parts[2], parts[2]);
}

static inline int import(struct store *st, const struct file *file, struct tally *tally, int64_t *resumed)
{
	struct source_file sf = { .name = file->name, .format = "test", .reading = file->said, .insisted = file->said };
	struct intake *in = NULL;
	struct tally old;
	struct fault f = {0};
	int64_t offset = 0, line = 0;
	int rc;

	snprintf(sf.sha256, sizeof(sf.sha256), "%s", file->sha256 != NULL ? file->sha256 : "");
	if ((rc = intake_begin(&in, st, &sf, &old, &offset, &line, &f)) < 0)
		fail_msg("%s", f.text);
	if (resumed != NULL)
		*resumed = line;
	if (rc == 1) {
		*tally = old;
		return 1;
	}
	for (int64_t i = line, at = offset; file->lines[i] != NULL; i++) {
		struct place place = { i + 1, at, (int64_t)strlen(file->lines[i]) + 1 };
		char parts[4][64];
		struct alert a;

		if (file->stop_after > 0 && i >= file->stop_after) {
			intake_abandon(in);
			return 2;
		}
		at += place.length;
		if (file->lines[i][0] == '\0') {
			intake_blank(in);
			continue;
		}
		if (file->lines[i][0] == '!') {
			assert_int_equal(intake_reject(in, &place, "starts with a bang", &f), 0);
			continue;
		}
		make_alert(&a, file->lines[i], parts);
		a.tenant = file->tenant;
		if (intake_alert(in, &a, &place, file->lines[i], strlen(file->lines[i]), &f) < 0)
			fail_msg("%s", f.text);
	}
	if (intake_finish(in, tally, &f) < 0)
		fail_msg("%s", f.text);
	return 0;
}

static inline struct tally import_into(const char *path, const struct file *file)
{
	struct store *st = must_open(path, STORE_WRITE);
	struct tally t = {0};

	import(st, file, &t, NULL);
	store_close(st);
	return t;
}

static inline struct week *load(struct store *st, struct arena *arena)
{
	struct week *w = NULL;
	struct fault f = {0};

	if (store_load_week(&w, st, arena, &(struct lore){ .behaviour = no_behaviour }, &f) < 0)
		fail_msg("%s", f.text);
	return w;
}

static inline const struct week_entity *entity_of(const struct week *w, const char *value)
{
	for (uint32_t i = 0; i < w->entity_count; i++)
		if (strcmp(w->entities[i].value, value) == 0)
			return &w->entities[i];
	fail_msg("no entity %s", value);
	return NULL;
}

static const char *const monday[] = {
	"10 EXCH01 webshell evil.example", "11 EXCH01 beacon evil.example", "", "! broken",
	"11 EXCH01 beacon evil.example", "12 ws7 beacon other.example", NULL
};
static const char *const tuesday[] = {
	"11 EXCH01 beacon evil.example", "11 EXCH01 beacon evil.example", "11 EXCH01 beacon evil.example",
	"5 exch01 login mail.example", NULL
};
#define MONDAY { "monday.log", "aa", monday, 0, NULL, NULL }
#define TUESDAY { "tuesday.log", "bb", tuesday, 0, NULL, NULL }

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

#endif
