/* Files into the case file: what is counted, what is refused, and that a second import
 * changes nothing. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "analyst/import/import.h"

struct room {                  /* a folder and a case file for one test */
	char folder[64];
	struct store *st;
	struct import_file last;
	char refused[1200];
	int stop_after;
};

static const char *in_room(const struct room *r, const char *name)
{
	static char path[4][256];
	static int turn;

	turn = (turn + 1) % 4;
	snprintf(path[turn], sizeof(path[turn]), "%s/%s", r->folder, name);
	return path[turn];
}

static void write_file(const struct room *r, const char *name, const char *bytes, size_t n)
{
	FILE *out = fopen(in_room(r, name), "wb");

	assert_non_null(out);
	assert_int_equal(fwrite(bytes, 1, n, out), n);
	fclose(out);
}

static void write_text(const struct room *r, const char *name, const char *s)
{
	write_file(r, name, s, strlen(s));
}

static int set_up(void **state)
{
	struct room *r = calloc(1, sizeof(*r));
	struct fault f = { FAULT_NONE, "" };

	snprintf(r->folder, sizeof(r->folder), "/tmp/tsumugi-import-XXXXXX");
	if (mkdtemp(r->folder) == NULL || store_open(&r->st, in_room(r, ".case.db"), STORE_WRITE, &f) < 0)
		return -1;
	*state = r;
	return 0;
}

static int tear_down(void **state)
{
	struct room *r = *state;
	char command[128];

	store_close(r->st);
	snprintf(command, sizeof(command), "rm -rf '%s'", r->folder);
	free(r);
	return system(command);
}

static void keep_last(void *ctx, const struct import_file *file)
{
	struct room *r = ctx;

	r->last = *file;
	if (file->refused != NULL)
		snprintf(r->refused, sizeof(r->refused), "%s", file->refused);
}

static bool stop_soon(void *ctx)
{
	struct room *r = ctx;

	return r->stop_after > 0 && --r->stop_after == 0;
}

static int import(struct room *r, const char *name, struct import_result *sum, struct fault *f)
{
	struct import_options options = { .share = "templates", .stopped = stop_soon };
	struct import_watch watch = { .ctx = r, .file = keep_last };

	memset(sum, 0, sizeof(*sum));
	memset(f, 0, sizeof(*f));
	return import_path(r->st, in_room(r, name), &options, &watch, sum, f);
}

static const char csv[] = "time,name,ip,host\n1643156730,A: b,10.0.0.1,h1\n1643156731,A: c,10.0.0.2,h2\n\n1,2\n";

static void adds_up(const struct tally *t)
{
	assert_int_equal(t->read, t->imported + t->repeated + t->rejected + t->blank);
}

static void everything_is_counted(void **state)
{
	struct room *r = *state;
	struct import_result sum;
	struct fault f;

	write_text(r, "a.csv", csv);
	assert_int_equal(import(r, "a.csv", &sum, &f), 0);
	assert_int_equal(sum.tally.imported, 2);
	assert_int_equal(sum.tally.rejected, 1);
	assert_int_equal(sum.tally.blank, 1);
	assert_string_equal(r->last.format, "csv");
	adds_up(&sum.tally);
}

static void telemetry_is_told_apart(void **state)
{
	struct room *r = *state;
	struct import_result sum;
	struct fault f;

	write_text(r, "eve.json",
		"{\"timestamp\":\"2021-03-11T00:00:00Z\",\"event_type\":\"flow\",\"src_ip\":\"10.0.0.1\",\"flow_id\":1}\n"
		"{\"timestamp\":\"2021-03-11T00:00:00Z\",\"event_type\":\"alert\",\"src_ip\":\"10.0.0.1\",\"flow_id\":1,"
		"\"alert\":{\"signature\":\"S\",\"signature_id\":1,\"severity\":1}}\n");
	assert_int_equal(import(r, "eve.json", &sum, &f), 0);
	assert_int_equal(sum.tally.imported, 1);
	assert_int_equal(sum.tally.blank, 1);
	assert_int_equal(sum.telemetry, 1);
}

static void the_same_file_again_changes_nothing(void **state)
{
	struct room *r = *state;
	struct import_result sum;
	struct fault f;

	write_text(r, "a.csv", csv);
	write_text(r, "b.csv", csv);
	assert_int_equal(import(r, "a.csv", &sum, &f), 0);
	assert_int_equal(import(r, "b.csv", &sum, &f), 0);
	assert_true(r->last.known);
	assert_int_equal(sum.known, 1);
	assert_int_equal(sum.tally.imported, 0);
	assert_int_equal(sum.tally.repeated, 2);
	adds_up(&sum.tally);
}

static void folders_go_on_past_what_they_cannot_read(void **state)
{
	struct room *r = *state;
	struct import_result sum;
	struct fault f;

	assert_int_equal(mkdir(in_room(r, "in"), 0700), 0);
	assert_int_equal(mkdir(in_room(r, "in/sub"), 0700), 0);
	write_text(r, "in/a.bin", "\x01\x02\x03");
	write_text(r, "in/b.csv", csv);
	write_text(r, "in/.hidden.csv", "time,name\n1,2\n");
	write_text(r, "in/sub/c.txt", "evil[.]com C2\n");
	write_text(r, "in/z.json", "");
	assert_int_equal(symlink("/etc/passwd", in_room(r, "in/link.csv")), 0);
	assert_int_equal(import(r, "in", &sum, &f), 0);
	assert_int_equal(sum.files, 4);
	assert_int_equal(sum.refused, 3);      /* the link, too */
	assert_int_equal(sum.tally.alerts, 2);
	assert_int_equal(sum.tally.indicators, 1);
	assert_string_equal(r->refused, "is empty");
}

/* As Excel and Event Viewer save it; 😀 takes two units, and a lone half is told as U+FFFD. */
static void utf16_is_read_in_either_order(void **state)
{
	struct room *r = *state;
	struct import_result sum;
	struct fault f;
	const char *text = "time,name,ip,host\n1643156730,A: b,10.0.0.1,h1\n";

	for (int big = 0; big < 2; big++) {
		char bytes[400];
		size_t n = 0;

		if (!big) {
			bytes[n++] = '\xFF';
			bytes[n++] = '\xFE';
		}
		for (const char *c = text; *c != '\0'; c++) {
			bytes[n++] = big ? '\0' : *c;
			bytes[n++] = big ? *c : '\0';
		}
		memcpy(bytes + n, big ? "\0""1\xD8\x3D\xDE\x00" : "1\0\x3D\xD8\x00\xDE", 6);
		n += 6;
		write_file(r, "wide.csv", bytes, n);
		assert_int_equal(import(r, "wide.csv", &sum, &f), 0);
		assert_int_equal(sum.tally.read, 2);
		assert_int_equal(sum.tally.alerts, big ? 0 : 1);
		assert_int_equal(sum.tally.repeated, big ? 1 : 0);
		assert_int_equal(sum.tally.rejected, 1);
	}
}

static void a_bad_file_is_one_sentence(void **state)
{
	static const struct { const char *name, *bytes; size_t n; const char *says; } bad[] = {
		{ "x.bin", "\0\1\2\3\4\5", 6, "is binary" },
		{ "x.zip", "PK\3\4....", 8, "is a zip archive" },
		{ "x.evtx", "ElfFile\0", 8, "is a Windows event log" },
		{ "x.csv", "\xFF\xFEt\0i\0", 6, "no format that is known" },
		{ "x.gz", "\x1f\x8b\x08\x00garbage", 11, "gzip data is" },
		{ "x.xz", "\xfd" "7zXZ\0\0\0garbage.....", 20, "xz data is" },
		{ "x.zst", "\x28\xb5\x2f\xfd garbage", 12, "zstd data is" },
	};
	struct room *r = *state;
	struct import_result sum;
	struct fault f;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		write_file(r, bad[i].name, bad[i].bytes, bad[i].n);
		assert_int_equal(import(r, bad[i].name, &sum, &f), -1);
		if (strstr(f.text, bad[i].says) == NULL || strstr(f.text, bad[i].name) == NULL)
			fail_msg("%s: '%s'", bad[i].name, f.text);
	}
	assert_int_equal(import(r, "missing.json", &sum, &f), -1);
	assert_non_null(strstr(f.text, "no such file"));
	assert_int_equal(sum.refused, 1);
}

static void a_file_that_holds_nothing_is_left_out_and_fails_nothing(void **state)
{
	struct room *r = *state;
	struct import_result sum;
	struct fault f;

	write_file(r, "empty.json", "", 0);
	assert_int_equal(import(r, "empty.json", &sum, &f), 0);
	assert_int_equal(sum.files, 1);
	assert_int_equal(sum.refused, 1);
}

/* 40,000 rows and what the tools pack of them. */
static size_t write_rows(const struct room *r, const char *name)
{
	FILE *out = fopen(in_room(r, name), "wb");
	size_t n = 40000;

	fputs("time,name,ip,host\n", out);
	for (size_t i = 0; i < n; i++)
		fprintf(out, "%zu,A: rule %zu,10.0.%zu.%zu,h%zu\n", 1643156730 + i, i % 7, i % 250, i % 199, i % 97);
	fclose(out);
	return n;
}

static void packed_files_are_unpacked(void **state)
{
	static const char *const packers[] = { "gzip -9", "xz -0", "zstd -q" };
	struct room *r = *state;
	struct import_result sum;
	struct fault f;
	char command[400];

	write_rows(r, "rows.csv");
	for (size_t i = 0; i < 3; i++) {
		snprintf(command, sizeof(command), "%s -c '%s' > '%s' 2>/dev/null", packers[i], in_room(r, "rows.csv"), in_room(r, "packed"));
		if (system(command) != 0) {
			printf("    skipped: no %s\n", packers[i]);
			continue;
		}
		assert_int_equal(import(r, "packed", &sum, &f), 0);
		assert_int_equal(sum.tally.read, 40000);
		adds_up(&sum.tally);
	}
}

static void members_of_a_gzip_file_follow_each_other(void **state)
{
	struct room *r = *state;
	struct import_result sum;
	struct fault f;
	char command[600];
	FILE *file;

	write_rows(r, "rows.csv");
	snprintf(command, sizeof(command), "head -n 20000 '%s' | gzip -1 > '%s'; tail -n +20001 '%s' | gzip >> '%s'",
	         in_room(r, "rows.csv"), in_room(r, "rows.gz"), in_room(r, "rows.csv"), in_room(r, "rows.gz"));
	assert_int_equal(system(command), 0);
	assert_int_equal(import(r, "rows.gz", &sum, &f), 0);
	assert_int_equal(sum.tally.read, 40000);
	/* The last eight bytes are a checksum and a length. */
	assert_non_null(file = fopen(in_room(r, "rows.gz"), "r+b"));
	fseek(file, -7, SEEK_END);
	fputc('!', file);
	fclose(file);
	assert_int_equal(import(r, "rows.gz", &sum, &f), -1);
	assert_non_null(strstr(f.text, "checksum does not match"));
}

static void cut_off_gzip_is_said_and_what_came_before_is_kept(void **state)
{
	struct room *r = *state;
	struct import_result sum;
	struct fault f;
	char command[400];
	struct stat st;

	write_rows(r, "rows.csv");
	snprintf(command, sizeof(command), "gzip -1 '%s'", in_room(r, "rows.csv"));
	assert_int_equal(system(command), 0);
	assert_int_equal(stat(in_room(r, "rows.csv.gz"), &st), 0);
	assert_int_equal(truncate(in_room(r, "rows.csv.gz"), st.st_size / 2), 0);
	assert_int_equal(import(r, "rows.csv.gz", &sum, &f), -1);
	assert_non_null(strstr(f.text, "gzip data is cut off"));
}

static void a_bomb_is_refused(void **state)
{
	struct room *r = *state;
	struct import_result sum;
	struct fault f;
	char command[400];

	snprintf(command, sizeof(command), "(echo time,name,ip,host; head -c 24000000 /dev/zero | tr '\\0' '\\n') | gzip -9 > '%s'",
	         in_room(r, "bomb.gz"));
	assert_int_equal(system(command), 0);
	assert_int_equal(import(r, "bomb.gz", &sum, &f), -1);
	assert_non_null(strstr(f.text, "200 times"));
}

static void an_interrupted_import_goes_on(void **state)
{
	struct room *r = *state;
	struct import_result sum;
	struct fault f;
	size_t rows = write_rows(r, "rows.csv");

	r->stop_after = 25000;
	assert_int_equal(import(r, "rows.csv", &sum, &f), -1);
	assert_int_equal(f.kind, FAULT_STOPPED);
	r->stop_after = 0;
	assert_int_equal(import(r, "rows.csv", &sum, &f), 0);
	assert_true(r->last.resumed);
	assert_int_equal(sum.tally.imported, rows);
	adds_up(&sum.tally);
}

/* Somebody writes while the file is read: once, at the first record. */
struct writer {
	struct room *room;
	const char *bytes;
	long at;                       /* -1: at the end */
};

static bool write_on(void *ctx)
{
	struct writer *w = ctx;
	FILE *out;

	if (w->bytes == NULL)
		return false;
	out = fopen(in_room(w->room, "live.csv"), "r+b");
	assert_non_null(out);
	assert_int_equal(fseek(out, w->at < 0 ? 0 : w->at, w->at < 0 ? SEEK_END : SEEK_SET), 0);
	assert_int_equal(fputs(w->bytes, out) >= 0, 1);
	fclose(out);
	w->bytes = NULL;
	return false;
}

static int import_live(struct writer *w, struct import_result *sum, struct fault *f)
{
	struct import_options options = { .share = "templates", .stopped = write_on };
	struct import_watch watch = { .ctx = w };

	memset(sum, 0, sizeof(*sum));
	memset(f, 0, sizeof(*f));
	return import_path(w->room->st, in_room(w->room, "live.csv"), &options, &watch, sum, f);
}

static void a_log_that_grows_is_read_as_far_as_it_was(void **state)
{
	struct room *r = *state;
	struct writer grows = { r, "1643156732,A: d,10.0.0.3,h3\n", -1 }, rests = { r, NULL, 0 };
	struct import_result sum;
	struct fault f;

	write_text(r, "live.csv", csv);
	assert_int_equal(import_live(&grows, &sum, &f), 0);
	assert_null(grows.bytes);
	assert_int_equal(sum.tally.imported, 2);
	assert_int_equal(import_live(&rests, &sum, &f), 0);
	assert_int_equal(sum.tally.imported, 1);
	assert_int_equal(sum.tally.repeated, 2);
}

static void a_file_that_is_another_by_then_is_refused(void **state)
{
	struct room *r = *state;
	struct writer changes = { r, "1643156799", 18 };
	struct import_result sum;
	struct fault f;

	write_text(r, "live.csv", csv);
	assert_int_equal(import_live(&changes, &sum, &f), -1);
	assert_null(changes.bytes);
	assert_non_null(strstr(f.text, "changed while it was read"));
}

static void sniffing_says_why(void **state)
{
	struct room *r = *state;
	struct import_options options = { .share = "templates" };
	struct sniffed s;
	struct fault f = { FAULT_NONE, "" };

	write_text(r, "a.csv", csv);
	assert_int_equal(import_sniff(&s, in_room(r, "a.csv"), &options, &f), 0);
	assert_string_equal(s.reader->name, "csv");
	write_text(r, "b", "?");
	assert_int_equal(import_sniff(&s, in_room(r, "b"), &options, &f), 0);
	assert_null(s.reader);
	assert_non_null(strstr(s.why, "no format"));
	assert_int_equal(import_sniff(&s, in_room(r, "missing"), &options, &f), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(everything_is_counted, set_up, tear_down),
		cmocka_unit_test_setup_teardown(telemetry_is_told_apart, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_same_file_again_changes_nothing, set_up, tear_down),
		cmocka_unit_test_setup_teardown(folders_go_on_past_what_they_cannot_read, set_up, tear_down),
		cmocka_unit_test_setup_teardown(utf16_is_read_in_either_order, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_bad_file_is_one_sentence, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_file_that_holds_nothing_is_left_out_and_fails_nothing, set_up, tear_down),
		cmocka_unit_test_setup_teardown(packed_files_are_unpacked, set_up, tear_down),
		cmocka_unit_test_setup_teardown(members_of_a_gzip_file_follow_each_other, set_up, tear_down),
		cmocka_unit_test_setup_teardown(cut_off_gzip_is_said_and_what_came_before_is_kept, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_bomb_is_refused, set_up, tear_down),
		cmocka_unit_test_setup_teardown(an_interrupted_import_goes_on, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_log_that_grows_is_read_as_far_as_it_was, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_file_that_is_another_by_then_is_refused, set_up, tear_down),
		cmocka_unit_test_setup_teardown(sniffing_says_why, set_up, tear_down),
	};

	return cmocka_run_group_tests_name("import", tests, NULL, NULL);
}
