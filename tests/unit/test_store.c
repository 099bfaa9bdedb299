/* The case file: what it refuses, what an import leaves in it, and that nothing depends
 * on the order of import. */
#include <fcntl.h>
#include <malloc.h>
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

#include "analyst/store/known.h"
#include "analyst/store/met.h"
#include "analyst/store/pack.h"
#include "analyst/store/sql.h"
#include "analyst/store/store.h"

static const struct behaviour dull = { .key = "unknown", .family = "unknown", .tactic = -1 };

static const struct behaviour *no_behaviour(void *ctx, const struct rule *r, enum record_kind kind)
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

static int set_up(void **state)
{
	struct place_for_tests *p = calloc(1, sizeof(*p));

	snprintf(p->folder, sizeof(p->folder), "/tmp/tsumugi-store-XXXXXX");
	if (mkdtemp(p->folder) == NULL)
		return -1;
	snprintf(p->path, sizeof(p->path), "%s/case.db", p->folder);
	*state = p;
	return 0;
}

static int tear_down(void **state)
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

static const char *path_of(void **state)
{
	return ((struct place_for_tests *)*state)->path;
}

static struct store *must_open(const char *path, enum store_mode mode)
{
	struct fault f = {0};
	struct store *st = NULL;

	if (store_open(&st, path, mode, &f) < 0)
		fail_msg("%s", f.text);
	return st;
}

static void must_refuse(const char *path, enum store_mode mode, const char *words)
{
	struct fault f = {0};
	struct store *st = NULL;

	assert_int_equal(store_open(&st, path, mode, &f), -1);
	if (strstr(f.text, words) == NULL)
		fail_msg("expected '%s' in: %s", words, f.text);
}

static void write_file(const char *path, const void *bytes, size_t n)
{
	FILE *out = fopen(path, "wb");

	assert_non_null(out);
	assert_int_equal(fwrite(bytes, 1, n, out), n);
	fclose(out);
}

/* What a query says that gives one number. */
static int64_t number_in(const char *path, const char *sql)
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

static void make_alert(struct alert *a, const char *line, char parts[4][64])
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

static int import(struct store *st, const struct file *file, struct tally *tally, int64_t *resumed)
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

static struct tally import_into(const char *path, const struct file *file)
{
	struct store *st = must_open(path, STORE_WRITE);
	struct tally t = {0};

	import(st, file, &t, NULL);
	store_close(st);
	return t;
}

static struct week *load(struct store *st, struct arena *arena)
{
	struct week *w = NULL;
	struct fault f = {0};

	if (store_load_week(&w, st, arena, &(struct lore){ .behaviour = no_behaviour }, &f) < 0)
		fail_msg("%s", f.text);
	return w;
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

/* ---- opening ---- */

static void a_missing_file_is_not_read(void **state)
{
	must_refuse(path_of(state), STORE_READ, "import something first");
	assert_int_equal(access(path_of(state), F_OK), -1);
}

static void an_empty_file_becomes_a_case_file(void **state)
{
	write_file(path_of(state), "", 0);
	must_refuse(path_of(state), STORE_READ, "import something first");
	store_close(must_open(path_of(state), STORE_WRITE));
	store_close(must_open(path_of(state), STORE_READ));
}

/* As one who may only read: root, who may always write, becomes nobody in a process of its own. */
static int open_as_reader(const char *path)
{
	pid_t child = fork();
	struct fault f = {0};
	struct store *st;
	int status = -1;

	if (child == 0) {
		if (getuid() == 0 && (setgid(65534) < 0 || setuid(65534) < 0))
			_exit(2);
		_exit(store_open(&st, path, STORE_READ, &f) < 0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	return status;
}

/* WAL needs a file beside the case file, even to read. */
static void a_case_file_in_a_folder_that_may_not_be_written_is_read(void **state)
{
	const struct place_for_tests *p = *state;
	struct file m = MONDAY;

	import_into(p->path, &m);
	chmod(p->path, 0444);
	chmod(p->folder, 0555);
	assert_int_equal(open_as_reader(p->path), 0);
	chmod(p->folder, 0755);
}

static void a_pipe_is_no_case_file(void **state)
{
	assert_int_equal(mkfifo(path_of(state), 0600), 0);
	must_refuse(path_of(state), STORE_READ, "is not a case file");
	must_refuse(path_of(state), STORE_WRITE, "is not a case file");
}

static void text_is_refused_unchanged(void **state)
{
	char back[64] = "";
	FILE *in;

	write_file(path_of(state), "time,name\n1,x\n", 14);
	must_refuse(path_of(state), STORE_WRITE, "is not a case file");
	in = fopen(path_of(state), "rb");
	assert_int_equal(fread(back, 1, sizeof(back), in), 14);
	fclose(in);
	assert_string_equal(back, "time,name\n1,x\n");
}

static void change_bytes(const char *path, long offset, const char *bytes, size_t n)
{
	int fd = open(path, O_WRONLY);

	assert_int_equal(pwrite(fd, bytes, n, offset), n);
	close(fd);
}

/* With nothing in it; a new one would go again. */
static void make_blank(const char *path)
{
	write_file(path, "", 0);
	store_close(must_open(path, STORE_WRITE));
}

static void a_new_file_that_got_nothing_goes_again(void **state)
{
	struct file m = MONDAY;
	struct store *st = must_open(path_of(state), STORE_WRITE), *other;

	assert_int_equal(access(path_of(state), F_OK), 0);
	other = must_open(path_of(state), STORE_WRITE);
	store_close(st);
	assert_int_equal(access(path_of(state), F_OK), 0);      /* somebody else has it open */
	store_close(other);
	store_close(must_open(path_of(state), STORE_WRITE));
	assert_int_equal(access(path_of(state), F_OK), 0);      /* nor is it of this one's making */
	unlink(path_of(state));
	store_close(must_open(path_of(state), STORE_WRITE));
	assert_int_equal(access(path_of(state), F_OK), -1);
	import_into(path_of(state), &m);
	assert_int_equal(access(path_of(state), F_OK), 0);
}

static void a_file_taken_away_while_open_is_told(void **state)
{
	struct store *st = must_open(path_of(state), STORE_WRITE);
	struct override rule = { .severity = SEVERITY_LOW };
	struct fault f = { FAULT_NONE, "" };

	unlink(path_of(state));
	assert_int_equal(store_set_overrides(st, &rule, 0, &f), -1);
	assert_non_null(strstr(f.text, "was removed or replaced"));
	store_close(st);
}

static void a_database_of_another_program_is_refused(void **state)
{
	make_blank(path_of(state));
	change_bytes(path_of(state), 68, "\0\0\0\1", 4);
	must_refuse(path_of(state), STORE_WRITE, "of another program");
}

static void a_newer_file_is_refused(void **state)
{
	make_blank(path_of(state));
	change_bytes(path_of(state), 60, "\0\0\0\7", 4);
	must_refuse(path_of(state), STORE_READ, "newer tsumugi (format 7");
}

static void an_older_file_is_refused_with_what_to_do(void **state)
{
	char words[96];

	make_blank(path_of(state));
	change_bytes(path_of(state), 60, "\0\0\0\1", 4);
	snprintf(words, sizeof(words), "older tsumugi (format 1, this program knows %d): move it away", STORE_VERSION);
	must_refuse(path_of(state), STORE_READ, words);
	must_refuse(path_of(state), STORE_WRITE, words);
}

/* What the tables of each version hash to: a row is added, none is changed. */
static const struct { int version; uint64_t tables; } known_tables[] = {
	{ 2, 0x338781990a2e6b75 },
	{ 3, 0x22abacbeef33dcac },
	{ 4, 0x34e78648b34f3650 },
	{ 5, 0x19e633c4224f84c8 },
	{ 6, 0xd9edc8ceae8ce573 },
};

static uint64_t hash_of_tables(const char *path)
{
	struct hasher *h = hasher_new();
	sqlite3_stmt *q = NULL;
	sqlite3 *db = NULL;
	uint64_t hash;

	assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, "SELECT group_concat(sql, ';') FROM (SELECT sql FROM sqlite_schema ORDER BY type, name)",
	                                    -1, &q, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(q), SQLITE_ROW);
	hash = hasher_content(h, "tables", NULL, (const char *)sqlite3_column_text(q, 0), (size_t)sqlite3_column_bytes(q, 0)).key;
	sqlite3_finalize(q);
	sqlite3_close(db);
	hasher_free(h);
	return hash;
}

static void other_tables_have_another_version(void **state)
{
	size_t last = sizeof(known_tables) / sizeof(known_tables[0]) - 1;
	uint64_t now;

	make_blank(path_of(state));
	now = hash_of_tables(path_of(state));
	if (now != known_tables[last].tables && STORE_VERSION == known_tables[last].version)
		fail_msg("the tables of the case file changed: count STORE_VERSION (analyst/store/sql.h) up to %d and add the row "
		         "{ %d, 0x%016llx } to known_tables here", STORE_VERSION + 1, STORE_VERSION + 1, (unsigned long long)now);
	if (now != known_tables[last].tables || STORE_VERSION != known_tables[last].version)
		fail_msg("the last row of known_tables must be { %d, 0x%016llx }", STORE_VERSION, (unsigned long long)now);
}

static void a_truncated_file_is_refused(void **state)
{
	make_blank(path_of(state));
	assert_int_equal(truncate(path_of(state), 20000), 0);
	must_refuse(path_of(state), STORE_WRITE, "cut off");
	assert_int_equal(truncate(path_of(state), 50), 0);
	must_refuse(path_of(state), STORE_WRITE, "cut off");
}

static void damage_inside_is_told(void **state)
{
	struct file m = MONDAY;
	char junk[4096];

	import_into(path_of(state), &m);
	memset(junk, 0x5a, sizeof(junk));
	change_bytes(path_of(state), 3 * 16384, junk, sizeof(junk));
	must_refuse(path_of(state), STORE_READ, "is damaged");
}

/* ---- importing ---- */

static void a_tally_adds_up(void **state)
{
	struct file m = MONDAY;
	struct tally t = import_into(path_of(state), &m);

	assert_int_equal(t.read, 6);
	assert_int_equal(t.imported, 4);
	assert_int_equal(t.rejected, 1);
	assert_int_equal(t.blank, 1);
	assert_int_equal(t.alerts, 4);
}

static void the_same_file_again_changes_nothing(void **state)
{
	struct file m = MONDAY, copy = { "a-copy.log", "aa", monday, 0, NULL, NULL };
	struct tally first = import_into(path_of(state), &m), again;
	struct store *st = must_open(path_of(state), STORE_WRITE);
	struct arena *arena = arena_new();
	const struct source_row *sources;
	size_t n;

	assert_int_equal(import(st, &copy, &again, NULL), 1);
	assert_memory_equal(&first, &again, sizeof(first));
	assert_int_equal(load(st, arena)->mark_count, 4);
	assert_int_equal(store_sources(&sources, &n, st, arena, NULL), 0);
	assert_int_equal(n, 1);
	assert_string_equal(sources[0].name, "a-copy.log");
	arena_free(arena);
	store_close(st);
}

static void a_stream_of_a_known_file_leaves_no_trace(void **state)
{
	struct file m = MONDAY;
	struct store *st = must_open(path_of(state), STORE_WRITE);
	struct source_file sf = { .name = "-", .format = "test" };
	struct arena *arena = arena_new();
	const struct source_row *sources;
	struct tally t, old;
	struct intake *in;
	int64_t o, l;
	size_t n;

	import(st, &m, &t, NULL);
	assert_int_equal(intake_begin(&in, st, &sf, &old, &o, &l, NULL), 0);
	for (int64_t i = 0, at = 0; monday[i] != NULL; i++) {
		struct place place = { i + 1, at, (int64_t)strlen(monday[i]) + 1 };
		char parts[4][64];
		struct alert a;

		at += place.length;
		if (monday[i][0] == '\0' || monday[i][0] == '!')
			continue;
		make_alert(&a, monday[i], parts);
		assert_int_equal(intake_alert(in, &a, &place, monday[i], strlen(monday[i]), NULL), 0);
	}
	strcpy(sf.sha256, "aa");
	assert_int_equal(intake_finish(in, &t, NULL), 0);
	assert_int_equal(t.repeated, 4);
	assert_int_equal(store_sources(&sources, &n, st, arena, NULL), 0);
	assert_int_equal(n, 1);
	arena_free(arena);
	store_close(st);
}

static void equal_lines_of_one_file_are_all_alerts(void **state)
{
	struct file t = TUESDAY;

	assert_int_equal(import_into(path_of(state), &t).imported, 4);
}

static void equal_lines_of_two_files_are_one_alert_cited_twice(void **state)
{
	struct file m = MONDAY, t = TUESDAY;
	struct arena *arena = arena_new();
	struct evidence e = {0};
	struct store *st;
	struct tally tally;
	uint32_t cited_twice = 0;
	struct week *w;

	import_into(path_of(state), &t);
	tally = import_into(path_of(state), &m);
	assert_int_equal(tally.imported, 2);
	assert_int_equal(tally.repeated, 2);
	st = must_open(path_of(state), STORE_READ);
	w = load(st, arena);
	assert_int_equal(w->mark_count, 6);
	for (uint32_t i = 0; i < w->mark_count; i++) {
		assert_int_equal(store_evidence(&e, st, w->marks[i].row, arena, NULL), 0);
		if (e.mentions == 1) {
			cited_twice++;
			assert_string_equal(e.source, "monday.log");
		}
	}
	assert_int_equal(cited_twice, 2);
	arena_free(arena);
	store_close(st);
}

static void the_same_line_of_two_tenants_is_two_alerts(void **state)
{
	struct file a = { "a.log", "aa", tuesday, 0, "north", NULL }, b = { "b.log", "bb", tuesday, 0, "south", NULL };

	import_into(path_of(state), &a);
	assert_int_equal(import_into(path_of(state), &b).imported, 4);
}

/* ---- numbering by content ---- */

static void print_week(FILE *out, const struct week *w)
{
	for (uint32_t i = 0; i < w->rule_count; i++)
		fprintf(out, "rule %s\n", w->rules[i].rule.name);
	for (uint32_t i = 0; i < w->entity_count; i++)
		fprintf(out, "entity %d %s %s %d\n", (int)w->entities[i].kind, w->entities[i].value,
		        w->entities[i].shown, w->entities[i].internal);
	for (uint32_t i = 0; i < w->cast_count; i++) {
		fprintf(out, "cast %u %u", w->casts[i].tenant, w->casts[i].host);
		for (uint32_t k = 0; k < w->casts[i].count; k++)
			fprintf(out, " %d:%u", (int)w->members[w->casts[i].first + k].role,
			        w->members[w->casts[i].first + k].entity);
		fprintf(out, "\n");
	}
	for (uint32_t i = 0; i < w->mark_count; i++)
		fprintf(out, "mark %lld %016llx %u %u\n", (long long)w->marks[i].at,
		        (unsigned long long)w->marks[i].key, w->marks[i].rule, w->marks[i].cast);
}

static int print_assignment(void *ctx, const char *source, int64_t line, const char *alert,
                            const char *episode, const char *incident, uint32_t rank)
{
	fprintf(ctx, "%s,%lld,%s,%s,%s,%u\n", source, (long long)line, alert, episode != NULL ? episode : "",
	        incident != NULL ? incident : "", rank);
	return 0;
}

static char *printed(const char *path)
{
	struct store *st = must_open(path, STORE_READ);
	struct arena *arena = arena_new();
	char *text = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);
	struct analysis none = { .week = load(st, arena) };

	print_week(out, none.week);
	assert_int_equal(store_assignments(st, &none, print_assignment, out, NULL), 0);
	fclose(out);
	arena_free(arena);
	store_close(st);
	return text;
}

static void the_order_of_import_does_not_matter(void **state)
{
	struct file m = MONDAY, t = TUESDAY;
	char *one, *other;

	import_into(path_of(state), &m);
	import_into(path_of(state), &t);
	one = printed(path_of(state));
	unlink(path_of(state));
	import_into(path_of(state), &t);
	import_into(path_of(state), &m);
	other = printed(path_of(state));
	assert_string_equal(one, other);
	assert_non_null(strstr(one, "entity 0 exch01 EXCH01 1"));
	free(one);
	free(other);
}

/* Also where they begin alike for long, are in part of one another, or hold bytes beyond ASCII. */
static void entities_are_in_order(void **state)
{
	static const char more[] =
		"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300) "
		"INSERT INTO entity SELECT (SELECT max(id) FROM entity) + 301 - i, CASE WHEN i % 3 = 0 THEN 'url' ELSE 'file' END, "
		"substr('https://example.test/of/which/many/names/begin/alike/', 1, i % 53) || char(0x80 + i % 5) || (i % 7), 'x' FROM n";
	struct file m = MONDAY;
	struct arena *arena = arena_new();
	struct store *st;
	sqlite3 *db;

	import_into(path_of(state), &m);
	assert_int_equal(sqlite3_open(path_of(state), &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, more, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
	st = must_open(path_of(state), STORE_READ);
	struct week *w = load(st, arena);
	assert_true(w->entity_count > 250);
	for (uint32_t i = 1; i < w->entity_count; i++) {
		const struct week_entity *a = &w->entities[i - 1], *b = &w->entities[i];

		assert_true(a->kind < b->kind || (a->kind == b->kind && strcmp(a->value, b->value) < 0));
	}
	arena_free(arena);
	store_close(st);
}

/* As a stranger's case file may say. */
static void an_entity_of_no_kind_is_damage(void **state)
{
	struct arena *arena = arena_new();
	struct file m = MONDAY;
	struct fault f = {0};
	struct week *w;
	struct store *st;
	sqlite3 *db;

	import_into(path_of(state), &m);
	assert_int_equal(sqlite3_open(path_of(state), &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "UPDATE entity SET kind = -5 WHERE id = 1", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
	st = must_open(path_of(state), STORE_READ);
	assert_int_equal(store_load_week(&w, st, arena, &(struct lore){ .behaviour = no_behaviour }, &f), -1);
	assert_non_null(strstr(f.text, "is damaged: an entity is of no kind"));
	store_close(st);
	arena_free(arena);
}

/* Import forgets names when there are very many, and writes them again. */
static void names_written_twice_are_one(void **state)
{
	static const char twice[] =
		"INSERT INTO entity SELECT (SELECT max(id) + 1 FROM entity), kind, value, 'a' || shown FROM entity WHERE value = 'exch01';"
		"INSERT INTO rule SELECT (SELECT max(id) + 1 FROM rule), product, native, name, category, techniques, tactics "
		"  FROM rule WHERE name = 'beacon';"
		"INSERT INTO cast_list SELECT (SELECT max(id) + 1 FROM cast_list), tenant, (SELECT json_group_array(value % 10 + 10 * "
		"  CASE value / 10 WHEN 1 THEN (SELECT max(id) FROM entity) ELSE value / 10 END) FROM json_each(members)) FROM cast_list WHERE id = 1;"
		"UPDATE alert SET rule = (SELECT max(id) FROM rule), cast_list = (SELECT max(id) FROM cast_list) WHERE id = 2;";
	struct file m = MONDAY;
	char *once, *again;
	sqlite3 *db;

	import_into(path_of(state), &m);
	once = printed(path_of(state));
	assert_non_null(strstr(once, "entity 0 exch01 EXCH01 1"));
	assert_int_equal(sqlite3_open(path_of(state), &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, twice, NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_total_changes(db), 4);
	sqlite3_close(db);
	again = printed(path_of(state));
	assert_string_equal(once, again);
	free(once);
	free(again);
}

static void of_very_many_names_the_last_met_are_known(void **state)
{
	struct known *k = known_new(100);
	struct known_row *row;

	(void)state;
	for (int i = 0; i < 1000; i++) {
		char name[16];

		row = known_put(k, "often", 5);
		if (i == 0) {
			row->id = 1000;
			known_note(k, row, "Often");
		}
		assert_int_equal(row->id, 1000);
		assert_string_equal(row->note, "Often");
		snprintf(name, sizeof(name), "n%d", i);
		row = known_put(k, name, strlen(name));
		assert_int_equal(row->id, 0);
		row->id = i + 1;
	}
	assert_int_equal(known_put(k, "n950", 4)->id, 951);
	assert_int_equal(known_put(k, "n7", 2)->id, 0);
	known_free(k);
}

static void of_very_many_casts_the_last_met_are_known(void **state)
{
	static const uint64_t often[] = { 0, 172, 933 }, turned[] = { 0, 933, 172 }, shorter[] = { 0, 172 };
	struct met *m = met_new();
	int64_t *row;

	(void)state;
	for (int64_t i = 1; i <= 1000000; i++) {
		uint64_t words[] = { 0, (uint64_t)i, (uint64_t)i * 3 };

		row = met_row(m, met_key(m, words, 3));
		assert_int_equal(*row, 0);
		*row = i;
		/* Met again and again it stays, whatever else comes. */
		row = met_row(m, met_key(m, often, 3));
		assert_int_equal(*row, i == 1 ? 0 : 5000000);
		*row = 5000000;
	}
	assert_int_equal(*met_row(m, met_key(m, turned, 3)), 0);
	assert_int_equal(*met_row(m, met_key(m, shorter, 2)), 0);
	for (int64_t i = 999900; i <= 1000000; i++) {
		uint64_t words[] = { 0, (uint64_t)i, (uint64_t)i * 3 };

		assert_int_equal(*met_row(m, met_key(m, words, 3)), i);
	}
	met_free(m);
}

/* The same members of two tenants are two casts, also when an import goes on with a case file. */
static void casts_are_known_by_tenant_and_members(void **state)
{
	static const char *const one[] = { "0 EXCH01 probe evil.example", NULL }, *const two[] = { "5 EXCH01 probe evil.example", NULL };
	struct file files[] = { { "a", "aa", one, 0, "north", NULL }, { "b", "bb", two, 0, "north", NULL },
	                        { "c", "cc", one, 0, "south", NULL }, { "d", "dd", one, 0, NULL, NULL }, { "e", "ee", two, 0, NULL, NULL } };

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		import_into(path_of(state), &files[i]);
	assert_int_equal(number_in(path_of(state), "SELECT count(*) FROM cast_list"), 3);
	assert_int_equal(number_in(path_of(state), "SELECT count(*) FROM alert"), 5);
}

static void people_read_who_takes_part(void **state)
{
	struct file m = MONDAY;

	import_into(path_of(state), &m);
	/* role 3 is the victim, 2 the destination; one is shown as it was written, the other as it is compared. */
	assert_int_equal(number_in(path_of(state), "SELECT count(*) FROM alert_member WHERE alert = 1"), 2);
	assert_int_equal(number_in(path_of(state), "SELECT count(*) FROM alert_member WHERE alert = 1 AND role = 3 AND kind = 'host' "
	                           "AND value = 'exch01' AND shown = 'EXCH01'"), 1);
	assert_int_equal(number_in(path_of(state), "SELECT count(*) FROM alert_member WHERE alert = 1 AND role = 2 AND kind = 'domain' "
	                           "AND value = shown"), 1);
	assert_int_equal(number_in(path_of(state), "SELECT count(*) FROM entity WHERE shown = value"), 0);
}

/* Native ids that are numbers are kept as such, and told as they were written. */
static void native_ids_come_back_as_written(void **state)
{
	static const struct { const char *id; bool number; } rows[] = {
		{ "2022569817938158", true }, { "0", true }, { "999999999999999999", true }, { "1000000000000000000", false },
		{ "18446744073709551615", false }, { "007", false }, { "-5", false }, { "+5", false }, { "12.5", false }, { "1e3", false },
		{ " 7", false }, { "7 ", false }, { "0x10", false }, { "", false }, { "a1", false },
	};
	struct source_file sf = { .name = "ids.log", .format = "test", .sha256 = "ab" };
	struct store *st = must_open(path_of(state), STORE_WRITE);
	struct arena *arena = arena_new();
	struct intake *in;
	struct tally t, old;
	int64_t offset, line;
	size_t n = sizeof(rows) / sizeof(rows[0]);

	assert_int_equal(intake_begin(&in, st, &sf, &old, &offset, &line, NULL), 0);
	for (size_t i = 0; i < n; i++) {
		char words[64], parts[4][64];
		struct place place = { (int64_t)i + 1, (int64_t)i * 64, 64 };
		struct alert a;

		snprintf(words, sizeof(words), "%zu EXCH01 probe evil.example", i);
		make_alert(&a, words, parts);
		a.native_id = rows[i].id;
		assert_int_equal(intake_alert(in, &a, &place, words, strlen(words), NULL), 0);
	}
	assert_int_equal(intake_finish(in, &t, NULL), 0);
	for (size_t i = 0; i < n; i++) {
		struct evidence e = {0};
		char sql[96];

		assert_int_equal(store_evidence(&e, st, (int64_t)i + 1, arena, NULL), 0);
		assert_string_equal(e.native_id, rows[i].id);
		snprintf(sql, sizeof(sql), "SELECT typeof(native_id) = 'integer' FROM alert WHERE id = %zu", i + 1);
		assert_int_equal(number_in(path_of(state), sql), rows[i].number);
	}
	arena_free(arena);
	store_close(st);
}

/* ---- rows by the thousand ---- */

static int statement_journals;
static const sqlite3_vfs *plain_vfs;

static int open_counted(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out)
{
	statement_journals += (flags & SQLITE_OPEN_SUBJOURNAL) != 0;
	return plain_vfs->xOpen(vfs, name, file, flags, out);
}

/* SQLite would write each page that a run of alerts changes into a temporary file first, to undo the run alone. */
static void a_run_of_alerts_is_undone_with_its_batch_only(void **state)
{
	enum { RUNS = 8, RUN = 1000 };
	static char parts[RUN][4][64];
	struct alert *alerts = calloc(RUN, sizeof(*alerts));
	sqlite3_vfs *plain = sqlite3_vfs_find(NULL), counting = *plain;
	struct source_file sf = { .name = "many.log", .format = "test" };
	struct intake *in = NULL;
	struct tally tally, old;
	struct fault f = {0};
	struct store *st;
	int64_t offset, line;

	plain_vfs = plain;
	counting.zName = "counting";
	counting.xOpen = open_counted;
	statement_journals = 0;
	sqlite3_vfs_register(&counting, 1);
	st = must_open(path_of(state), STORE_WRITE);
	snprintf(sf.sha256, sizeof(sf.sha256), "ee");
	assert_int_equal(intake_begin(&in, st, &sf, &old, &offset, &line, &f), 0);
	for (int run = 0; run < RUNS; run++) {
		for (int i = 0; i < RUN; i++) {
			int64_t number = run * RUN + i;
			struct content content = { (uint64_t)number + 1, 1 };
			char text[64];

			/* Each run comes between the alerts of those before it, so that it changes many pages. */
			snprintf(text, sizeof(text), "%d H%d rule%d d%d.example", i * RUNS + run, i % 50, i % 11, i % 300);
			make_alert(&alerts[i], text, parts[i]);
			assert_int_equal(intake_hashed_alert(in, &alerts[i], &(struct place){ number + 1, number * 64, 64 }, &content, &f), 0);
		}
		assert_int_equal(intake_flush(in, &f), 0);
	}
	assert_int_equal(intake_finish(in, &tally, &f), 0);
	store_close(st);
	sqlite3_vfs_register(plain, 1);
	sqlite3_vfs_unregister(&counting);
	assert_int_equal(tally.alerts, RUNS * RUN);
	assert_int_equal(statement_journals, 0);
	free(alerts);
}

/* ---- interruption ---- */

#define MANY 5000

static const char **many_lines(char (*room)[64])
{
	const char **lines = calloc(MANY + 1, sizeof(*lines));

	/* Every seventh line is like the one seven before it. */
	for (int i = 0; i < MANY; i++) {
		snprintf(room[i], sizeof(room[i]), "%d H%d rule%d d%d.example", i % 7 == 0 ? 0 : i, i % 7 == 0 ? 0 : i % 50,
		         i % 7 == 0 ? 0 : i % 11, i % 7 == 0 ? 0 : i % 300);
		lines[i] = room[i];
	}
	return lines;
}

static void an_abandoned_import_goes_on_where_it_was_durable(void **state)
{
	static char room[MANY][64], other_room[MANY][64];
	const char **lines = many_lines(room), **unlike = many_lines(other_room);
	struct file whole = { "many.log", "cc", lines, 0, NULL, NULL }, part = whole;
	struct file before = { "unlike.log", "dd", unlike, 0, NULL, NULL };
	char *expected;
	struct store *st;
	struct tally t, plain;
	int64_t resumed;

	/* Another file holds the first 3,000 lines, so that repeats cross the break too. */
	unlike[3000] = NULL;
	import_into(path_of(state), &before);
	plain = import_into(path_of(state), &whole);
	expected = printed(path_of(state));
	unlink(path_of(state));

	import_into(path_of(state), &before);
	part.stop_after = 4321;
	st = must_open(path_of(state), STORE_WRITE);
	assert_int_equal(import(st, &part, &t, NULL), 2);
	store_close(st);
	st = must_open(path_of(state), STORE_WRITE);
	assert_int_equal(import(st, &whole, &t, &resumed), 0);
	store_close(st);
	assert_true(resumed >= 1000 && resumed <= 4321);
	assert_memory_equal(&t, &plain, sizeof(t));
	char *actual = printed(path_of(state));
	assert_string_equal(actual, expected);
	free(actual);
	free(expected);
	free(lines);
	free(unlike);
}

static void a_killed_import_leaves_whole_batches(void **state)
{
	static char room[MANY][64];
	const char **lines = many_lines(room);
	struct file whole = { "many.log", "cc", lines, 0, NULL, NULL };
	struct tally plain = import_into(path_of(state), &whole), t;
	char *expected = printed(path_of(state)), *actual;
	struct store *st;

	unlink(path_of(state));
	pid_t child = fork();
	if (child == 0) {
		struct file part = whole;

		part.stop_after = 2500;
		st = must_open(path_of(state), STORE_WRITE);
		import(st, &part, &t, NULL);
		_exit(0);      /* nothing closed: as after kill -9 */
	}
	waitpid(child, NULL, 0);
	t = import_into(path_of(state), &whole);
	assert_memory_equal(&t, &plain, sizeof(t));
	actual = printed(path_of(state));
	assert_string_equal(actual, expected);
	free(actual);
	free(expected);
	free(lines);
}

static int64_t alerts_in(const char *path)
{
	return number_in(path, "SELECT count(*) FROM alert");
}

static void what_was_read_stays_until_another_reading_is_durable(void **state)
{
	struct file m = MONDAY;
	struct tally t;
	struct store *st;
	int64_t before, resumed;

	m.said = "zone=1\n";
	import_into(path_of(state), &m);
	before = alerts_in(path_of(state));
	assert_true(before > 1);
	m.said = "zone=2\n";
	m.stop_after = 1;
	st = must_open(path_of(state), STORE_WRITE);
	assert_int_equal(import(st, &m, &t, &resumed), 2);
	assert_int_equal(resumed, 0);
	store_close(st);
	assert_int_equal(alerts_in(path_of(state)), before);
	/* It is still what it was: who says nothing, or the same, finds it known. */
	m.stop_after = 0;
	m.said = NULL;
	st = must_open(path_of(state), STORE_WRITE);
	assert_int_equal(import(st, &m, &t, NULL), 1);
	m.said = "zone=1\n";
	assert_int_equal(import(st, &m, &t, NULL), 1);
	m.said = "zone=2\n";
	assert_int_equal(import(st, &m, &t, NULL), 0);
	assert_int_equal(import(st, &m, &t, NULL), 1);
	store_close(st);
	assert_int_equal(alerts_in(path_of(state)), before);
}

static void from_start_counts_anew(void **state)
{
	static char room[MANY][64];
	const char **lines = many_lines(room);
	struct file part = { "many.log", "cc", lines, 2000, NULL, NULL };
	struct source_file sf = { .name = "many.log", .format = "test", .sha256 = "cc" };
	struct store *st = must_open(path_of(state), STORE_WRITE);
	struct tally t, old;
	struct intake *in;
	int64_t offset, line;

	import(st, &part, &t, NULL);
	assert_int_equal(intake_begin(&in, st, &sf, &old, &offset, &line, NULL), 0);
	assert_true(line > 0);
	assert_int_equal(intake_from_start(in, NULL), 0);
	for (int64_t i = 0, at = 0; i < MANY; i++) {
		struct place place = { i + 1, at, (int64_t)strlen(lines[i]) + 1 };
		char parts[4][64];
		struct alert a;

		at += place.length;
		make_alert(&a, lines[i], parts);
		assert_int_equal(intake_alert(in, &a, &place, lines[i], strlen(lines[i]), NULL), 0);
	}
	assert_int_equal(intake_finish(in, &t, NULL), 0);
	assert_int_equal(t.imported, MANY);
	assert_int_equal(t.repeated, 0);
	store_close(st);
	free(lines);
}

/* Every length around the blocks of the hash, and those that are too long to go along. */
/* What needs memory can fail, and a hash that failed would be another one. */
static void a_hash_needs_no_memory(void **state)
{
	struct hasher *h = hasher_new();
	size_t before = mallinfo2().uordblks;
	struct content first, second;

	(void)state;
	first = hasher_content(h, "format", "tenant", "bytes", 5);
	assert_int_equal(mallinfo2().uordblks, before);
	second = hasher_content(h, "format", "tenant", "bytes", 5);
	assert_memory_equal(&first, &second, sizeof(first));
	hasher_free(h);
}

static void hashes_made_together_are_those_made_alone(void **state)
{
	enum { MOST = 600 };
	static const char *const tenants[] = { NULL, "", "a tenant" };
	static struct content together[MOST], alone[MOST];
	static struct to_hash all[MOST];
	size_t room = 200000;
	char *bytes = malloc(room), *copies[MOST];
	struct hasher *h = hasher_new();
	struct many_hasher *m = many_hasher_new();

	(void)state;
	for (size_t i = 0; i < room; i++)
		bytes[i] = (char)(i * 7 + i / 251);
	for (size_t i = 0; i < MOST; i++) {
		size_t n = i < 400 ? i : i < 500 ? 16000 + i : i * 300, head = content_head(NULL, "format", tenants[i % 3]);

		copies[i] = malloc(head + n);
		assert_int_equal(content_head(copies[i], "format", tenants[i % 3]), head);
		memcpy(copies[i] + head, bytes + i, n);
		all[i] = (struct to_hash){ copies[i], head + n, &together[i] };
		alone[i] = hasher_content(h, "format", tenants[i % 3], bytes + i, n);
	}
	hash_many(m, NULL, 0);
	for (size_t count = MOST; count > 0; count /= 7) {
		hash_many(m, all, count);
		assert_memory_equal(together, alone, count * sizeof(together[0]));
		memset(together, 0, sizeof(together));
	}
	for (size_t i = 0; i < MOST; i++)
		free(copies[i]);
	many_hasher_free(m);
	hasher_free(h);
	free(bytes);
}

/* Numbers of entities mean the same until what was handed over is flushed, and then nothing. */
static void numbered_entities_are_told_apart(void **state)
{
	static const char *const values[] = { "a.example", "b.example", "a.example", "c.example", "b.example", "c.example" };
	static const uint32_t numbers[] = { 1, 2, 1, 0, 1, 2 };
	struct store *st = must_open(path_of(state), STORE_WRITE);
	struct source_file sf = { .name = "x", .format = "test", .sha256 = "ee" };
	struct arena *arena = arena_new();
	struct alert alerts[6];
	struct tally old, t;
	struct intake *in;
	int64_t offset, line;
	struct week *w;

	assert_int_equal(intake_begin(&in, st, &sf, &old, &offset, &line, NULL), 0);
	for (int i = 0; i < 6; i++) {
		struct alert *a = &alerts[i];

		alert_clear(a);
		a->at = (i + 1) * SECOND;
		a->rule = (struct rule){ .product = "test", .name = i < 4 ? "Beacon" : "Login" };
		a->rule_number = 1;
		alert_add(a, ENTITY_DOMAIN, ROLE_DESTINATION, values[i], NULL);
		a->entities[0].number = numbers[i];
		assert_int_equal(intake_hashed_alert(in, a, &(struct place){ i + 1, i, 1 }, &(struct content){ (uint64_t)i, 1 }, NULL), 0);
		if (i == 3)
			assert_int_equal(intake_flush(in, NULL), 0);
	}
	assert_int_equal(intake_finish(in, &t, NULL), 0);
	assert_int_equal(t.imported, 6);
	w = load(st, arena);
	assert_int_equal(w->mark_count, 6);
	for (uint32_t i = 0; i < 6; i++) {
		const struct cast *cast = &w->casts[w->marks[i].cast];

		assert_int_equal(cast->count, 1);
		assert_string_equal(w->entities[w->members[cast->first].entity].value, values[i]);
		assert_string_equal(w->rules[w->marks[i].rule].rule.name, i < 4 ? "Beacon" : "Login");
	}
	arena_free(arena);
	store_close(st);
}

/* ---- indicators ---- */

static void claim(struct store *st, const char *sha256, enum indicator_kind kind, const char *value,
                  const char *context, struct tally *tally)
{
	struct source_file sf = { .name = "list", .format = "list" };
	struct indicator i = { .kind = kind, .value = value, .written = value, .context = context,
	                       .confidence = -1, .first_seen = INSTANT_NONE, .last_seen = INSTANT_NONE,
	                       .valid_until = INSTANT_NONE, .detect = true };
	struct place at = { 1, 0, 10 };
	struct tally old;
	struct intake *in;
	int64_t offset, line;

	strcpy(sf.sha256, sha256);
	assert_int_equal(intake_begin(&in, st, &sf, &old, &offset, &line, NULL), 0);
	assert_int_equal(intake_indicator(in, &i, &at, NULL), 0);
	assert_int_equal(intake_finish(in, tally, NULL), 0);
}

static void an_indicator_of_two_lists_is_one(void **state)
{
	struct store *st = must_open(path_of(state), STORE_WRITE);
	struct arena *arena = arena_new();
	struct tally t;
	struct week *w;

	claim(st, "l1", INDICATOR_DOMAIN, "evil.example", "second by content", &t);
	assert_int_equal(t.imported, 1);
	claim(st, "l2", INDICATOR_DOMAIN, "evil.example", "by content first", &t);
	assert_int_equal(t.imported, 0);
	assert_int_equal(t.repeated, 1);
	w = load(st, arena);
	assert_int_equal(w->indicator_count, 1);
	assert_string_equal(w->indicators[0].context, "by content first");
	arena_free(arena);
	store_close(st);
}

static const struct week_entity *entity_of(const struct week *w, const char *value)
{
	for (uint32_t i = 0; i < w->entity_count; i++)
		if (strcmp(w->entities[i].value, value) == 0)
			return &w->entities[i];
	fail_msg("no entity %s", value);
	return NULL;
}

static const char *to_today(void *ctx, const char *ids, struct arena *a)
{
	(void)ctx;
	return ids != NULL ? arena_printf(a, "today's of %s", ids) : NULL;
}

static void techniques_are_kept_as_received_and_loaded_as_of_today(void **state)
{
	struct store *st = must_open(path_of(state), STORE_WRITE);
	struct source_file sf = { .name = "x", .format = "test", .sha256 = "ee" };
	const struct lore lore = { .behaviour = no_behaviour, .techniques = to_today };
	struct arena *arena = arena_new();
	struct place at = { 1, 0, 1 };
	struct tally old, t;
	struct alert a;
	struct intake *in;
	int64_t offset, line;
	struct week *w;

	alert_clear(&a);
	a.rule.product = a.rule.name = "r";
	a.rule.techniques = "T1086";
	a.at = SECOND;
	assert_int_equal(intake_begin(&in, st, &sf, &old, &offset, &line, NULL), 0);
	assert_int_equal(intake_alert(in, &a, &at, "x", 1, NULL), 0);
	assert_int_equal(intake_finish(in, &t, NULL), 0);
	assert_int_equal(store_load_week(&w, st, arena, &lore, NULL), 0);
	assert_string_equal(w->rules[0].rule.techniques, "today's of T1086");
	assert_string_equal(load(st, arena)->rules[0].rule.techniques, "T1086");
	arena_free(arena);
	store_close(st);
}

static void patterns_of_a_table_fit_whole_names(void **state)
{
	static const struct { const char *pattern, *s; bool fits; } rows[] = {
		{ NULL, NULL, true }, { "*", NULL, true }, { "10", NULL, false }, { "10", "10", true }, { "1", "10", false },
		{ "et policy *", "ET POLICY Curl", true }, { "*scan*", "Port Scan", true }, { "*a*b", "aab", true },
		{ "*a*b", "aba", false }, { "Scan::*", "Scan", false }, { "[x]?", "[x]?", true }, { "[x]?", "xy", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (override_matches(rows[i].pattern, rows[i].s) != rows[i].fits)
			fail_msg("row %zu", i);
}

/* The first row that fits and states a severity decides, be it of all alerts of a rule or of some. */
static void a_users_severity_goes_by_the_alerts_own(void **state)
{
	static const struct override rows[] = {
		{ "p", "7", "10", SEVERITY_CRITICAL, NULL }, { "p", NULL, NULL, SEVERITY_KEPT, "T1046" },
		{ "P", "seven*", NULL, SEVERITY_INFO, NULL }, { "p", "7", "5", SEVERITY_HIGH, NULL },
		{ "other", NULL, NULL, SEVERITY_LOW, NULL },
	};
	static const struct { const char *native; int severity; } alerts[] = {
		{ "10", SEVERITY_CRITICAL }, { "5", SEVERITY_INFO }, { NULL, SEVERITY_INFO },
	};
	struct source_file sf = { .name = "x", .format = "test", .sha256 = "ee" };
	struct store *st = must_open(path_of(state), STORE_WRITE);
	struct arena *arena = arena_new();
	struct place at = { 1, 0, 1 };
	struct tally old, t;
	struct alert a;
	struct intake *in;
	int64_t offset, line;
	struct week *w;

	assert_int_equal(intake_begin(&in, st, &sf, &old, &offset, &line, NULL), 0);
	for (size_t i = 0; i < 3; i++) {
		alert_clear(&a);
		a.rule.product = "p";
		a.rule.id = "7";
		a.rule.name = "Seven it is";
		a.severity = SEVERITY_MEDIUM;
		a.severity_native = alerts[i].native;
		a.at = (int64_t)(i + 1) * SECOND;
		at.line = at.offset = (int64_t)i + 1;
		assert_int_equal(intake_alert(in, &a, &at, "abc" + i, 1, NULL), 0);
	}
	assert_int_equal(intake_finish(in, &t, NULL), 0);
	assert_int_equal(store_set_overrides(st, rows, sizeof(rows) / sizeof(rows[0]), NULL), 0);
	w = load(st, arena);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(w->marks[i].severity, alerts[i].severity);
	assert_string_equal(w->rules[0].rule.techniques, "T1046");
	assert_int_equal(store_set_overrides(st, NULL, 0, NULL), 0);
	w = load(st, arena);
	assert_int_equal(w->marks[0].severity, SEVERITY_MEDIUM);
	assert_null(w->rules[0].rule.techniques);
	arena_free(arena);
	store_close(st);
}

static void claim_until(struct store *st, const char *sha256, enum indicator_kind kind, const char *value, instant until,
                        bool detect)
{
	struct source_file sf = { .name = "list", .format = "list" };
	struct indicator i = { .kind = kind, .value = value, .written = value, .confidence = -1,
	                       .first_seen = INSTANT_NONE, .last_seen = INSTANT_NONE, .valid_until = until,
	                       .detect = detect };
	struct place at = { 1, 0, 10 };
	struct tally old, t;
	struct intake *in;
	int64_t offset, line;

	strcpy(sf.sha256, sha256);
	assert_int_equal(intake_begin(&in, st, &sf, &old, &offset, &line, NULL), 0);
	assert_int_equal(intake_indicator(in, &i, &at, NULL), 0);
	assert_int_equal(intake_finish(in, &t, NULL), 0);
}

static void an_indicator_that_had_expired_before_it_was_seen_does_not_match(void **state)
{
	static const char *const seen[] = { "expired.example", "ends.later.example", "kept.example", "withdrawn.example",
	                                    "still.valid.example" };
	struct source_file sf = { .name = "x", .format = "test", .sha256 = "ee" };
	struct store *st = must_open(path_of(state), STORE_WRITE);
	struct arena *arena = arena_new();
	struct place at = { 1, 0, 1 };
	struct tally t, old;
	struct intake *in;
	struct alert a;
	int64_t offset, line;
	struct week *w;

	claim_until(st, "l1", INDICATOR_DOMAIN, "expired.example", 9 * SECOND, true);
	claim_until(st, "l1b", INDICATOR_IP, "203.0.113.7", 9 * SECOND, true);
	claim_until(st, "l1c", INDICATOR_CIDR, "203.0.113.0/24", 11 * SECOND, true);
	claim_until(st, "l2", INDICATOR_DOMAIN, "ends.later.example", 10 * SECOND, true);
	claim_until(st, "l3", INDICATOR_DOMAIN, "kept.example", 9 * SECOND, true);
	claim_until(st, "l4", INDICATOR_DOMAIN, "kept.example", INSTANT_NONE, true);
	claim_until(st, "l5", INDICATOR_DOMAIN, "withdrawn.example", 9 * SECOND, true);
	claim_until(st, "l6", INDICATOR_DOMAIN, "withdrawn.example", INSTANT_NONE, false);
	claim_until(st, "l7", INDICATOR_DOMAIN, "still.valid.example", 9 * SECOND, true);
	assert_int_equal(intake_begin(&in, st, &sf, &old, &offset, &line, NULL), 0);
	alert_clear(&a);
	a.rule.product = a.rule.name = "r";
	a.at = 10 * SECOND;
	for (size_t i = 0; i < 5; i++)
		alert_add(&a, ENTITY_DOMAIN, ROLE_OBSERVED, seen[i], NULL);
	alert_add(&a, ENTITY_IP, ROLE_OBSERVED, "203.0.113.7", NULL);
	assert_int_equal(intake_alert(in, &a, &at, "x", 1, NULL), 0);
	/* Once seen while it was valid, it stays what it was. */
	alert_clear(&a);
	a.rule.product = a.rule.name = "r";
	a.at = 8 * SECOND;
	alert_add(&a, ENTITY_DOMAIN, ROLE_OBSERVED, "still.valid.example", NULL);
	at.line = at.offset = 2;
	assert_int_equal(intake_alert(in, &a, &at, "y", 1, NULL), 0);
	assert_int_equal(intake_finish(in, &t, NULL), 0);
	w = load(st, arena);
	assert_null(entity_of(w, "expired.example")->indicator);
	assert_string_equal(entity_of(w, "expired.example")->lapsed->value, "expired.example");
	assert_string_equal(entity_of(w, "203.0.113.7")->indicator->value, "203.0.113.0/24");
	assert_null(entity_of(w, "203.0.113.7")->lapsed);
	assert_non_null(entity_of(w, "ends.later.example")->indicator);
	assert_non_null(entity_of(w, "kept.example")->indicator);
	assert_null(entity_of(w, "kept.example")->lapsed);
	assert_null(entity_of(w, "withdrawn.example")->indicator);
	assert_non_null(entity_of(w, "still.valid.example")->indicator);
	arena_free(arena);
	store_close(st);
}

static void entities_match_indicators(void **state)
{
	static const struct { enum entity_kind kind; const char *value; const char *indicator; } rows[] = {
		{ ENTITY_DOMAIN, "a.b.evil.example", "evil.example" },
		{ ENTITY_DOMAIN, "notevil.example", NULL },
		{ ENTITY_IP, "198.51.100.77", "198.51.100.64/26" },
		{ ENTITY_IP, "198.51.100.1", NULL },
		{ ENTITY_URL, "https://files.test/x.zip?id=1", "http://files.test/x.zip" },
		{ ENTITY_URL, "http://files.test/y.zip", NULL },
		{ ENTITY_URL, "http://cdn.evil.example/y", "evil.example" },
		{ ENTITY_PATH, "C:\\Windows\\Temp\\C103W-a.zip", "c103w-a.zip" },
		{ ENTITY_FILE, "index.php", NULL },
		{ ENTITY_PATH, "c:\\users\\bob\\appdata\\local\\temp\\xx.bat", "%temp%\\xx.bat" },
		{ ENTITY_PROCESS, "c:\\windows\\temp\\xx.bat", "%temp%\\xx.bat" },
		{ ENTITY_PROCESS, "d:\\tools\\x.exe", "d:\\tools\\x.exe" },
		{ ENTITY_PATH, "c:\\temp\\xx.bat", NULL },
		{ ENTITY_REGISTRY, "hkey_users\\s-1-5-21-1-2-3-1001\\software\\evil\\start", "hkey_current_user\\software\\evil" },
		{ ENTITY_REGISTRY, "hkey_current_user\\software\\evil2", NULL },
		{ ENTITY_REGISTRY, "hkey_local_machine\\software\\microsoft\\windows\\currentversion\\run\\onedrive", NULL },
		{ ENTITY_EMAIL, "boss@mail.evil.example", "evil.example" },
		{ ENTITY_HOST, "srv.evil.example", "evil.example" },
		{ ENTITY_CERTIFICATE, "00112233445566778899aabbccddeeff00112233", "00112233445566778899aabbccddeeff00112233" },
	};
	struct source_file sf = { .name = "x", .format = "test", .sha256 = "ee" };
	struct store *st = must_open(path_of(state), STORE_WRITE);
	struct arena *arena = arena_new();
	struct place at = { 1, 0, 1 };
	struct tally t, old;
	struct alert a;
	struct intake *in;
	int64_t offset, line;
	struct week *w;

	claim(st, "l1", INDICATOR_DOMAIN, "evil.example", NULL, &t);
	claim(st, "l2", INDICATOR_CIDR, "198.51.100.64/26", NULL, &t);
	claim(st, "l3", INDICATOR_URL, "http://files.test/x.zip", NULL, &t);
	claim(st, "l4", INDICATOR_FILENAME, "c103w-a.zip", NULL, &t);
	claim(st, "l5", INDICATOR_FILENAME, "index.php", NULL, &t);
	claim(st, "l6", INDICATOR_PATH, "%temp%\\xx.bat", NULL, &t);
	claim(st, "l7", INDICATOR_PATH, "d:\\tools\\x.exe", NULL, &t);
	claim(st, "l8", INDICATOR_REGISTRY, "hkey_current_user\\software\\evil", NULL, &t);
	claim(st, "l9", INDICATOR_REGISTRY, "hkey_local_machine\\software\\microsoft\\windows\\currentversion\\run", NULL, &t);
	claim(st, "m1", INDICATOR_CERTIFICATE, "00112233445566778899aabbccddeeff00112233", NULL, &t);
	alert_clear(&a);
	a.at = SECOND;
	a.rule.product = a.rule.name = "r";
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		alert_add(&a, rows[i].kind, ROLE_OBSERVED, rows[i].value, NULL);
	assert_int_equal(intake_begin(&in, st, &sf, &old, &offset, &line, NULL), 0);
	assert_int_equal(intake_alert(in, &a, &at, "x", 1, NULL), 0);
	assert_int_equal(intake_finish(in, &t, NULL), 0);
	w = load(st, arena);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct indicator *found = entity_of(w, rows[i].value)->indicator;

		if (rows[i].indicator == NULL && found != NULL)
			fail_msg("%s matched %s", rows[i].value, found->value);
		if (rows[i].indicator != NULL && (found == NULL || strcmp(found->value, rows[i].indicator) != 0))
			fail_msg("%s did not match %s", rows[i].value, rows[i].indicator);
	}
	arena_free(arena);
	store_close(st);
}

/* ---- what was concluded ---- */

static void an_analysis_comes_back_as_it_was_saved(void **state)
{
	struct file m = MONDAY, t = TUESDAY;
	struct store *st = must_open(path_of(state), STORE_WRITE);
	struct arena *arena = arena_new();
	uint32_t all[] = { 0, 1, 2, 3 }, episodes[] = { 0 }, below[] = { 1 }, hosts[] = { 0 };
	const char *const items[] = { "a.example", "b \"quoted\"" };
	const struct narrative *told;
	struct analysis *back;
	struct member members[2];
	struct tally tally;
	bool done;

	import(st, &m, &tally, NULL);
	struct week *w = load(st, arena);
	memcpy(members, w->members, sizeof(members));
	struct episode first = { .rule = 1, .host = w->casts[0].host, .cast = 0, .first = w->first, .last = w->last,
	                     .alerts = all, .count = 4, .members = members, .member_count = 2, .severity = 4,
	                     .unusual = 1.0 / 3, .incident = 0 };
	struct link links[] = { { 0, 0, LINK_SAME_DOMAIN, 1, 0.1 }, { 0, 0, LINK_PROGRESS, NO_ENTITY, 2.5 } };
	const struct factor factors[] = { { "severity", 12.5, 4, NULL, NULL }, { "rarity", 0.1, 1, "x", NULL } };
	struct incident in[] = {
		{ .id = "INC-2021W10-01", .rank = 1, .priority = PRIORITY_HIGH, .score = 71.3,
		  .factors = factors, .factor_count = 2, .episodes = episodes, .episode_count = 1, .links = links,
		  .link_count = 2, .first = w->first, .last = w->last, .alert_count = 4, .hosts = hosts, .host_count = 1 },
		{ .id = "INC-2021W10-02", .episodes = below, .episode_count = 1 },
	};
	struct episode e[] = { first, { .rule = 1, .host = NO_ENTITY, .first = w->last, .last = w->last, .incident = 1, .act = 0,
	                                .members = w->members + w->casts[0].first, .member_count = (uint16_t)w->casts[0].count } };
	struct analysis an = { .week = w, .episodes = e, .episode_count = 2, .incidents = in, .incident_count = 2,
	                       .queue_count = 1 };
	struct fact facts[] = { { .name = "n", .kind = FACT_NUMBER, .value = 7 },
	                        { .name = "l", .kind = FACT_LIST, .item_kind = FACT_NAME, .items = items, .item_count = 2 } };
	struct beat beat = { .part = PART_STORY, .key = "story.test", .certainty = CERTAINTY_LIKELY,
	                     .at = w->first, .until = INSTANT_NONE, .tactic = -1, .fact_count = 2,
	                     .facts = facts,
	                     .episodes = episodes, .episode_count = 1, .evidence = 1, .alert_count = 4 };
	struct narrative n[] = { { in[0].id, &beat, 1 }, { in[1].id, &beat, 1 } };

	assert_int_equal(store_is_analysed(&done, NULL, st, "me", NULL), 0);
	assert_false(done);
	assert_int_equal(store_save_analysis(st, &an, n, "me", NULL), 0);
	assert_int_equal(store_is_analysed(&done, NULL, st, "me", NULL), 0);
	assert_true(done);
	store_close(st);

	st = must_open(path_of(state), STORE_READ);
	w = load(st, arena);
	assert_int_equal(store_load_analysis(&back, &told, st, w, arena, NULL), 0);
	assert_int_equal(back->episode_count, 2);
	assert_int_equal(back->incident_count, 2);
	assert_int_equal(back->queue_count, 1);
	assert_memory_equal(back->episodes[0].alerts, all, sizeof(all));
	assert_memory_equal(back->episodes[0].members, members, sizeof(members));
	assert_true(back->episodes[0].unusual == first.unusual);
	assert_int_equal(back->episodes[0].host, first.host);
	assert_int_equal(back->episodes[1].host, NO_ENTITY);
	assert_int_equal(back->episodes[1].act, 0);
	assert_ptr_equal(back->episodes[1].members, w->members + w->casts[0].first);
	assert_true(back->incidents[0].score == in[0].score);
	assert_true(back->incidents[0].links[0].weight == links[0].weight);
	assert_int_equal(back->incidents[0].links[0].entity, links[0].entity);
	assert_int_equal(back->incidents[1].episode_count, 1);
	assert_int_equal(back->incidents[1].episodes[0], 1);
	assert_int_equal(back->incidents[0].links[1].entity, NO_ENTITY);
	assert_string_equal(back->incidents[0].factors[1].subject, "x");
	assert_int_equal(told[0].beat_count, 1);
	assert_string_equal(told[1].incident, in[1].id);
	assert_int_equal(told[1].beat_count, 0);         /* below the line: told when it is asked for */
	assert_true(told[0].beats[0].until == INSTANT_NONE);
	assert_string_equal(told[0].beats[0].facts[1].items[1], "b \"quoted\"");
	store_close(st);

	import_into(path_of(state), &t);
	st = must_open(path_of(state), STORE_READ);
	assert_int_equal(store_is_analysed(&done, NULL, st, "me", NULL), 0);
	assert_false(done);
	store_close(st);
	arena_free(arena);
}

/* More than a row of the case file holds. */
static void many_episodes_come_back(void **state)
{
	struct file m = MONDAY;
	struct store *st = must_open(path_of(state), STORE_WRITE);
	struct arena *arena = arena_new();
	const uint32_t count = 40000;
	struct episode *all = must_grow(NULL, count, sizeof(*all));
	const struct narrative *told;
	struct analysis *back;
	struct tally tally;

	import(st, &m, &tally, NULL);
	struct week *w = load(st, arena);
	struct member members[2] = { w->members[0], { w->members[1].entity, (enum entity_role)(ROLES - 1) } };
	struct analysis an = { .week = w, .episodes = all, .episode_count = count };

	for (uint32_t i = 0; i < count; i++)
		all[i] = (struct episode){ .rule = i % w->rule_count, .host = i % 3 == 0 ? NO_ENTITY : i % w->entity_count,
		                           .cast = i % w->cast_count, .first = INT64_C(-7000000) * i, .last = i, .act = i / 2,
		                           .members = members, .member_count = (uint16_t)(1 + i % 2), .incident = NO_INCIDENT,
		                           .severity = i % 5, .paced = i % 7 == 0, .unusual = 1.0 / (i + 1) };
	assert_int_equal(store_save_analysis(st, &an, NULL, "me", NULL), 0);
	assert_int_equal(store_load_analysis(&back, &told, st, w, arena, NULL), 0);
	assert_int_equal(back->episode_count, count);
	for (uint32_t i = 0; i < count; i++) {
		const struct episode *a = &all[i], *b = &back->episodes[i];

		assert_true(a->rule == b->rule && a->host == b->host && a->cast == b->cast && a->first == b->first &&
		            a->last == b->last && a->act == b->act && a->incident == b->incident && a->unusual == b->unusual &&
		            a->severity == b->severity && a->paced == b->paced && a->member_count == b->member_count);
		assert_memory_equal(a->members, b->members, a->member_count * sizeof(*a->members));
	}
	free(all);
	arena_free(arena);
	store_close(st);
}

static void packed_rows_come_back(void **state)
{
	struct row { double real; int32_t four; char one, none; } rows[100], back[100];
	static const struct packed_column columns[] = {
		{ offsetof(struct row, one), 1 }, { offsetof(struct row, real), 8 }, { offsetof(struct row, four), 4 },
	};

	(void)state;
	memset(rows, 0, sizeof(rows));
	memset(back, 0, sizeof(back));
	for (int i = 0; i < 100; i++)
		rows[i] = (struct row){ 1.0 / (i - 50.5), i * (i % 2 ? -90000 : 7), (char)(i * 3), 0 };
	for (uint32_t n = 0; n <= 100; n += n < 2 ? 1 : 49) {
		struct text packed = {0};
		const char *from, *end;

		pack_rows(&packed, rows, sizeof(*rows), n, columns, 3);
		from = packed.bytes;
		end = from + packed.used;
		assert_true(unpack_rows(back, sizeof(*back), n, columns, 3, &from, end));
		assert_ptr_equal(from, end);
		for (uint32_t i = 0; i < n; i++)
			assert_true(rows[i].real == back[i].real && rows[i].four == back[i].four && rows[i].one == back[i].one);
		from = packed.bytes;
		assert_false(unpack_rows(back, sizeof(*back), n, columns, 3, &from, end - 1));
		text_free(&packed);
	}
}

static void packed_numbers_come_back(void **state)
{
	static const uint64_t rows[][4] = {
		{ 7, 7, 7, 7 }, { 1, 2, 3, 4 }, { 0, UINT64_MAX, 0, UINT64_MAX }, { 1u << 31, 5, INT64_MAX, (uint64_t)INT64_MIN },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		for (uint32_t n = 0; n <= 4; n++) {
			struct text packed = {0};
			uint64_t values[4];
			const char *from, *end;

			memcpy(values, rows[i], sizeof(values));
			pack_numbers(&packed, values, n);
			from = packed.bytes;
			end = from + packed.used;
			assert_true(unpack_numbers(values, n, &from, end));
			assert_ptr_equal(from, end);
			assert_memory_equal(values, rows[i], n * sizeof(*values));
			/* Cut off anywhere, or of more numbers than there are bytes for. */
			for (const char *cut = packed.bytes; cut < end; cut++) {
				from = packed.bytes;
				assert_false(unpack_numbers(values, n, &from, cut));
			}
			text_free(&packed);
		}
}

static void columns_that_stay_take_nine_bytes(void **state)
{
	uint64_t values[1000];
	struct text packed = {0};

	(void)state;
	for (size_t i = 0; i < 1000; i++)
		values[i] = UINT64_MAX;
	pack_numbers(&packed, values, 1000);
	assert_int_equal(packed.used, PACK_HEAD);
	text_free(&packed);
}

static void an_alert_is_about_the_host_else_our_address(void **state)
{
	struct source_file sf = { .name = "x", .format = "test", .sha256 = "ee" };
	struct store *st = must_open(path_of(state), STORE_WRITE);
	struct arena *arena = arena_new();
	struct tally t, old;
	struct intake *in;
	int64_t offset, line;
	struct week *w;
	struct alert a;

	assert_int_equal(intake_begin(&in, st, &sf, &old, &offset, &line, NULL), 0);
	for (int i = 0; i < 2; i++) {
		struct place at = { i + 1, i * 2, 2 };

		alert_clear(&a);
		a.at = SECOND + i;
		a.rule.product = a.rule.name = "r";
		alert_add(&a, ENTITY_IP, i == 0 ? ROLE_VICTIM : ROLE_SOURCE, "203.0.113.9", NULL);
		if (i == 0)
			alert_add(&a, ENTITY_HOST, ROLE_VICTIM, "exch01", "EXCH01");
		else
			alert_add(&a, ENTITY_IP, ROLE_DESTINATION, "198.51.100.1", NULL);
		assert_int_equal(intake_alert(in, &a, &at, i == 0 ? "a" : "b", 1, NULL), 0);
	}
	assert_int_equal(intake_finish(in, &t, NULL), 0);
	w = load(st, arena);
	assert_int_equal(w->cast_count, 2);
	assert_string_equal(w->entities[w->casts[w->marks[0].cast].host].value, "exch01");
	assert_string_equal(w->entities[w->casts[w->marks[1].cast].host].value, "203.0.113.9");
	assert_true(entity_of(w, "203.0.113.9")->internal);
	assert_false(entity_of(w, "198.51.100.1")->internal);
	arena_free(arena);
	store_close(st);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(a_case_file_in_a_folder_that_may_not_be_written_is_read), TEST(a_pipe_is_no_case_file),
		TEST(a_missing_file_is_not_read), TEST(an_empty_file_becomes_a_case_file),
		TEST(text_is_refused_unchanged), TEST(a_new_file_that_got_nothing_goes_again),
		TEST(a_file_taken_away_while_open_is_told), TEST(a_database_of_another_program_is_refused),
		TEST(a_newer_file_is_refused), TEST(an_older_file_is_refused_with_what_to_do),
		TEST(other_tables_have_another_version), TEST(a_truncated_file_is_refused), TEST(damage_inside_is_told),
		TEST(a_tally_adds_up), TEST(the_same_file_again_changes_nothing),
		TEST(a_stream_of_a_known_file_leaves_no_trace), TEST(equal_lines_of_one_file_are_all_alerts),
		TEST(equal_lines_of_two_files_are_one_alert_cited_twice),
		TEST(the_same_line_of_two_tenants_is_two_alerts), TEST(the_order_of_import_does_not_matter),
		TEST(names_written_twice_are_one), TEST(a_run_of_alerts_is_undone_with_its_batch_only),
		TEST(of_very_many_names_the_last_met_are_known),
		TEST(of_very_many_casts_the_last_met_are_known),
		TEST(casts_are_known_by_tenant_and_members),
		TEST(people_read_who_takes_part),
		TEST(native_ids_come_back_as_written),
		TEST(an_abandoned_import_goes_on_where_it_was_durable), TEST(a_killed_import_leaves_whole_batches),
		TEST(from_start_counts_anew), TEST(what_was_read_stays_until_another_reading_is_durable),
		TEST(an_entity_of_no_kind_is_damage), TEST(a_hash_needs_no_memory), TEST(hashes_made_together_are_those_made_alone), TEST(numbered_entities_are_told_apart), TEST(an_indicator_of_two_lists_is_one),
		TEST(techniques_are_kept_as_received_and_loaded_as_of_today),
		TEST(patterns_of_a_table_fit_whole_names), TEST(a_users_severity_goes_by_the_alerts_own),
		TEST(an_indicator_that_had_expired_before_it_was_seen_does_not_match),
		TEST(entities_match_indicators), TEST(an_analysis_comes_back_as_it_was_saved),
		TEST(entities_are_in_order), TEST(many_episodes_come_back), TEST(packed_numbers_come_back), TEST(packed_rows_come_back),
		TEST(columns_that_stay_take_nine_bytes),
		TEST(an_alert_is_about_the_host_else_our_address),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
