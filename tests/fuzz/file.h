/* For targets whose input is a file that a loader opens by its path: the bytes are written into a folder of their own,
 * beside copies of what the loader reads along with it. The target's .c holds `targets`, a row a corpus folder. */
#ifndef TSUMUGI_FUZZ_FILE_H
#define TSUMUGI_FUZZ_FILE_H

#include <errno.h>
#include <unistd.h>

#include "analyst/base/fault.h"
#include "tests/fuzz/fuzz.h"

struct input {
	const char *bytes;
	size_t n;
	const char *folder, *path;        /* where they lie as a file */
	struct arena *arena;
};

struct target {
	const char *name, *file;          /* file: the name that the loader looks for */
	int (*use)(const struct input *in, struct fault *f);
	const char *const *beside;        /* files that must lie there, too; NULL after the last */
};

extern const struct target targets[];      /* ends at a row without a name */

static const struct target *chosen;
static char folder[1024], path[1200];

static void give_up(const char *what)
{
	fprintf(stderr, "%s: %s\n", what, strerror(errno));
	exit(1);
}

static void each_beside(void (*act)(const char *from, const char *to))
{
	for (const char *const *b = chosen->beside; b != NULL && *b != NULL; b++) {
		const char *name = strrchr(*b, '/') + 1;
		char to[1200];

		snprintf(to, sizeof(to), "%s/%s", folder, name);
		if (strcmp(name, chosen->file) != 0)
			act(*b, to);
	}
}

static void link_beside(const char *from, const char *to)
{
	char *whole = realpath(from, NULL);

	if (whole == NULL || symlink(whole, to) < 0)
		give_up(from);
	free(whole);
}

static void unlink_beside(const char *from, const char *to)
{
	(void)from;
	unlink(to);
}

static void leave(void)
{
	if (chosen == NULL)
		return;
	each_beside(unlink_beside);
	unlink(path);
	rmdir(folder);
	chosen = NULL;
}

static void settle_in(const struct target *t)
{
	const char *where = getenv("TMPDIR");

	if (chosen == NULL)
		atexit(leave);
	leave();
	snprintf(folder, sizeof(folder), "%.1000s/tsumugi-fuzz-XXXXXX", where != NULL ? where : "/tmp");
	if (mkdtemp(folder) == NULL)
		give_up(folder);
	chosen = t;
	snprintf(path, sizeof(path), "%s/%s", folder, t->file);
	each_beside(link_beside);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	const char *name = fuzz_name(*argv);

	(void)argc;
	for (const struct target *t = targets; t->name != NULL; t++)
		if (strcmp(name, t->name) == 0) {
			settle_in(t);
			return 0;
		}
	fprintf(stderr, "'%s' is no target of this program\n", name);
	exit(1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { (const char *)data, size, folder, path, arena_new() };
	struct fault f = { FAULT_NONE, "" };
	FILE *out = fopen(path, "wb");

	if (out == NULL || fwrite(data, 1, size, out) != size || fclose(out) != 0)
		give_up(path);
	if (chosen->use(&in, &f) < 0)
		HOLDS(f.kind != FAULT_NONE && f.text[0] != '\0');
	arena_free(in.arena);
	return 0;
}

#endif
