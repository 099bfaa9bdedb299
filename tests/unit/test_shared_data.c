/* Every file of ../shared/data gives what tests/unit/shared_data.tsv says of it:
 *
 *     path <tab> format <tab> records <tab> alerts <tab> indicators <tab> rejects
 *     path <tab> refused <tab> words of the sentence
 *
 * A file without a row fails, and so does a row without a file. A changed reader has its new
 * rows written by SHARED_DATA_WRITE=rows.tsv build/unit/test_shared_data: to be read, each,
 * before they replace the old ones. The suite of JSON tests is test_json.c's. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <sys/stat.h>

#include "analyst/import/import.h"
#include "analyst/import/utf16.h"
#include "tests/unit/collect.h"
#include "tests/unit/shared.h"

#define TABLE "tests/unit/shared_data.tsv"
#define ELSEWHERE "edge/json-test-suite"

struct counts {
	size_t records, alerts, indicators, rejects;
};

static int count_alert(void *ctx, const struct alert *a, const struct place *at, const char *bytes, size_t n,
                       struct fault *f)
{
	struct counts *c = ctx;

	(void)a, (void)at, (void)bytes, (void)n, (void)f;
	c->alerts++;
	return 0;
}

static int count_indicator(void *ctx, const struct indicator *i, const struct place *at, struct fault *f)
{
	struct counts *c = ctx;

	(void)i, (void)at, (void)f;
	c->indicators++;
	return 0;
}

static int count_reject(void *ctx, const struct place *at, const char *reason, struct fault *f)
{
	struct counts *c = ctx;

	(void)at, (void)reason, (void)f;
	c->rejects++;
	return 0;
}

static int count_blank(void *ctx, const struct place *at, enum blank why, struct fault *f)
{
	struct counts *c = ctx;

	(void)at, (void)why, (void)f;
	c->records++;
	return 0;
}

/* ---- one file ---- */

/* The first bytes are looked at for UTF-16 and then read again. */
struct file {
	struct stream *stream;
	struct utf16 *wide;
	char head[PROBE_SIZE];
	size_t size, at;
};

static int file_read(void *ctx, char *into, size_t room, size_t *got, struct fault *f)
{
	struct file *file = ctx;

	if (file->wide != NULL)
		return utf16_read(file->wide, into, room, got, f);
	if (file->at == file->size)
		return stream_read(file->stream, into, room, got, f);
	*got = file->size - file->at < room ? file->size - file->at : room;
	memcpy(into, file->head + file->at, *got);
	file->at += *got;
	return 0;
}

static int file_open(struct file *file, const char *path, struct fault *f)
{
	size_t got = 1;

	memset(file, 0, sizeof(*file));
	if (stream_open(&file->stream, path, 0, NULL, NULL, f) < 0)
		return -1;
	while (file->size < PROBE_SIZE && got > 0) {
		if (stream_read(file->stream, file->head + file->size, PROBE_SIZE - file->size, &got, f) < 0)
			return -1;
		file->size += got;
	}
	if (looks_like_utf16(file->head, file->size))
		file->wide = utf16_open((struct byte_source){ stream_read, file->stream }, file->head, file->size);
	return 0;
}

static int count_file(struct counts *c, const struct reader *reader, const char *path, struct fault *f)
{
	const struct sink sink = { c, count_alert, count_indicator, count_reject, count_blank, collect_judge, collect_asset,
	                           NULL };
	struct arena *arena = arena_new();
	struct file *file = malloc(sizeof(*file));
	struct reader_options options = { .written = INT64_C(1577836800) * SECOND, .found = INT64_C(1577836800) * SECOND };
	struct reading *rg = NULL;
	int rc = -1;

	memset(c, 0, sizeof(*c));
	if (file_open(file, path, f) == 0 && maps_load(&options, "templates", NULL, arena, f) == 0) {
		options.head = file->head;
		options.head_size = file->size;
		if (reading_new(&rg, reader, &options, &sink, f) == 0)
			rc = reading_run(rg, (struct byte_source){ file_read, file }, f);
	}
	c->records += c->alerts + c->indicators + c->rejects;
	reading_free(rg);
	utf16_close(file->wide);
	stream_close(file->stream);
	free(file);
	arena_free(arena);
	return rc;
}

/* The file's row as it is today. */
static void describe(struct text *out, const char *path, const char *name)
{
	static const struct import_options options = { .share = "templates" };
	static struct sniffed sniffed;
	struct fault f = { FAULT_NONE, "" };
	struct counts c;

	text_clear(out);
	text_printf(out, "%s\t", name);
	if (import_sniff(&sniffed, path, &options, &f) < 0)
		text_printf(out, "refused\t%s", f.text);
	else if (sniffed.reader == NULL)
		text_printf(out, "refused\t%s", sniffed.why);
	else if (count_file(&c, sniffed.reader, path, &f) < 0)
		text_printf(out, "refused\t%s", f.text);
	else
		text_printf(out, "%s\t%zu\t%zu\t%zu\t%zu", sniffed.reader->name, c.records, c.alerts, c.indicators, c.rejects);
}

/* ---- the table ---- */

static char **rows;
static size_t row_count, rows_met, files_met, wrong;
static FILE *written;

static void load_rows(void)
{
	FILE *in = fopen(TABLE, "r");
	char line[2048];

	if (in == NULL)
		return;
	while (fgets(line, sizeof(line), in) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		if (line[0] == '#' || line[0] == '\0')
			continue;
		rows = realloc(rows, (row_count + 1) * sizeof(*rows));
		rows[row_count++] = strdup(line);
	}
	fclose(in);
}

static const char *row_of(const char *name)
{
	size_t n = strlen(name);

	for (size_t i = 0; i < row_count; i++)
		if (strncmp(rows[i], name, n) == 0 && rows[i][n] == '\t')
			return rows[i];
	return NULL;
}

/* Equal, or refused with the words the row has. */
static bool holds(const char *row, const char *today)
{
	const char *end = strchr(row, '\t');
	size_t n = (size_t)(end - row);

	if (strncmp(end, "\trefused\t", 9) != 0)
		return strcmp(row, today) == 0;
	return strncmp(today + n, "\trefused\t", 9) == 0 && strstr(today + n + 9, end + 9) != NULL;
}

static void check(const char *path, const char *name)
{
	struct text today = { 0 };
	const char *row = row_of(name);

	files_met++;
	describe(&today, path, name);
	if (written != NULL)
		fprintf(written, "%s\n", text_str(&today));
	rows_met += row != NULL;
	if (row == NULL || !holds(row, text_str(&today))) {
		wrong++;
		printf("    should be: %s\n    is:        %s\n", row != NULL ? row : "(no row)", text_str(&today));
	}
	text_free(&today);
}

static int is_visible(const struct dirent *d)
{
	return d->d_name[0] != '.';
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static void walk(const char *folder, const char *name)
{
	struct dirent **entries = NULL;
	int n = scandir(folder, &entries, is_visible, by_name);

	for (int i = 0; i < n; i++) {
		char path[2048], below[1024];
		struct stat st;

		snprintf(path, sizeof(path), "%s/%s", folder, entries[i]->d_name);
		snprintf(below, sizeof(below), "%s%s%s", name, name[0] != '\0' ? "/" : "", entries[i]->d_name);
		if (strcmp(below, ELSEWHERE) != 0 && stat(path, &st) == 0) {
			if (S_ISDIR(st.st_mode))
				walk(path, below);
			else
				check(path, below);
		}
		free(entries[i]);
	}
	free(entries);
}

static void every_shared_file_gives_what_the_table_says(void **state)
{
	const char *into = getenv("SHARED_DATA_WRITE");
	char folder[1024];

	(void)state;
	if (!shared_has("data"))
		return;
	snprintf(folder, sizeof(folder), "%s", shared_path("data"));
	if (into != NULL && into[0] != '\0')
		written = fopen(into, "w");
	load_rows();
	walk(folder, "");
	if (written != NULL)
		fclose(written);
	for (size_t i = 0; i < row_count; i++)
		free(rows[i]);
	free(rows);
	if (wrong > 0 || rows_met != row_count)
		fail_msg("%zu of %zu files are not as %s says; %zu of its %zu rows have no file", wrong, files_met, TABLE,
		         row_count - rows_met, row_count);
	printf("    %zu files are as %s says\n", files_met, TABLE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_shared_file_gives_what_the_table_says),
	};

	return cmocka_run_group_tests_name("shared data", tests, NULL, NULL);
}
