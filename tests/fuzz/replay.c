/* Runs a fuzz target over the files of corpus folders, without libFuzzer:
 *
 *     build/fuzz/replay_reader tests/fuzz/corpus/reader-cef tests/fuzz/corpus/reader-csv
 *
 * Prints the file it is at when a check fails, and how many it ran. */
#include <dirent.h>
#include <signal.h>

#include "tests/fuzz/fuzz.h"

#define INPUT_LIMIT ((size_t)4 << 20)

static const char *now;      /* what runs, for the words after an abort */

static int run_file(const char *path)
{
	FILE *in = fopen(path, "rb");
	uint8_t *bytes = must_alloc(INPUT_LIMIT);
	uint8_t *exact;
	size_t n;
	int rc = -1;

	if (in != NULL) {
		n = fread(bytes, 1, INPUT_LIMIT, in);
		rc = ferror(in) ? -1 : 0;
		fclose(in);
	}
	if (rc == 0) {
		exact = must_alloc(n + (n == 0));      /* so that a byte too far is seen */
		memcpy(exact, bytes, n);
		LLVMFuzzerTestOneInput(exact, n);
		free(exact);
	}
	free(bytes);
	return rc;
}

static int is_input(const struct dirent *d)
{
	return d->d_name[0] != '.';
}

static int run_folder(char *folder, size_t *count)
{
	struct dirent **names = NULL;
	int n = scandir(folder, &names, is_input, alphasort), argc = 1, rc = n < 0 ? -1 : 0;
	char *argv[] = { folder, NULL }, **arguments = argv;

	if (n >= 0)
		LLVMFuzzerInitialize(&argc, &arguments);
	for (int i = 0; i < n; i++) {
		char path[4096];

		snprintf(path, sizeof(path), "%s/%s", folder, names[i]->d_name);
		now = path;
		if (rc == 0 && (rc = run_file(path)) == 0)
			++*count;
		free(names[i]);
	}
	free(names);
	now = NULL;
	return rc;
}

static void tell(int signal_)
{
	if (now != NULL)
		fprintf(stderr, "replay: at '%s'\n", now);
	signal(signal_, SIG_DFL);
	raise(signal_);
}

int main(int argc, char **argv)
{
	size_t count = 0;

	signal(SIGABRT, tell);
	for (int i = 1; i < argc; i++)
		if (run_folder(argv[i], &count) < 0) {
			fprintf(stderr, "replay: cannot read '%s'\n", argv[i]);
			return 1;
		}
	printf("%s: %zu inputs in %d folders\n", fuzz_name(argv), count, argc - 1);
	return count > 0 ? 0 : 1;
}
