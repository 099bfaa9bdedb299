/* The case file itself: what it refuses to be, and that damage is told. */
#include "tests/unit/case_file.h"

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

static void others_may_not_read_a_case_file(void **state)
{
	struct store *st = must_open(path_of(state), STORE_WRITE);
	struct stat there;

	assert_int_equal(stat(path_of(state), &there), 0);
	assert_int_equal(there.st_mode & 0007, 0);
	store_close(st);
}

static void a_newer_file_is_refused(void **state)
{
	const char version[4] = { 0, 0, 0, STORE_VERSION + 1 };
	char words[40];

	make_blank(path_of(state));
	change_bytes(path_of(state), 60, version, 4);
	snprintf(words, sizeof(words), "newer tsumugi (format %d", STORE_VERSION + 1);
	must_refuse(path_of(state), STORE_READ, words);
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
	{ 7, 0xec730322d339ce9e },
	{ 8, 0x65f0495dfacd72dc },
	{ 9, 0x95edfdd8a185ae0a },
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_case_file_in_a_folder_that_may_not_be_written_is_read), TEST(a_pipe_is_no_case_file),
		TEST(a_missing_file_is_not_read), TEST(an_empty_file_becomes_a_case_file), TEST(text_is_refused_unchanged),
		TEST(a_new_file_that_got_nothing_goes_again), TEST(a_file_taken_away_while_open_is_told),
		TEST(a_database_of_another_program_is_refused), TEST(others_may_not_read_a_case_file), TEST(a_newer_file_is_refused),
		TEST(an_older_file_is_refused_with_what_to_do), TEST(other_tables_have_another_version),
		TEST(a_truncated_file_is_refused), TEST(damage_inside_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
